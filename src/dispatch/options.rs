//! How deliveries are made.

use std::str::FromStr;
use std::time::Duration;

use crate::compose::PreparedRequest;
use crate::delivery::{Backoff, Gate, MOST_RETRIES, Policy, Rate, Schedule};
use crate::model::{InvalidText, RandomSource, RemoteText};
use crate::view::redact::TokenNames;

/// How often a delivery is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retries {
    /// As the provider does.
    Policy,
    /// So many times.
    Count(u32),
}

/// `policy`, or a number.
impl FromStr for Retries {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text == "policy" {
            return Ok(Self::Policy);
        }
        let count = text.parse().ok().filter(|count| *count <= MOST_RETRIES);
        count.map(Self::Count).ok_or_else(|| {
            format!(
                "invalid number of retries `{text}`: use policy, or a number up to {MOST_RETRIES}"
            )
            .into()
        })
    }
}

/// How deliveries are made, for any caller.
#[derive(Clone, Debug)]
pub struct DeliveryOptions {
    /// None: one attempt.
    pub retries: Option<Retries>,
    /// The waits before so many retries.
    pub backoff: Backoff,
    /// How far a wait may be off, as a part of it.
    pub jitter: f64,
    /// Waits go by so much faster than real time.
    pub speed: f64,
    /// Whose policy is followed, instead of that of each event's provider.
    pub policy: Option<Policy>,
    /// How long an attempt may take: `None` is the provider's timeout, `Some(None)` is no limit.
    pub timeout: Option<Option<Duration>>,
    /// So long after a success there is one more attempt.
    pub late: Option<Duration>,
    /// Nothing is put down before an attempt: it would be part of what is measured.
    pub is_measured: bool,
    /// What is redacted in the record of a request that is of no known provider.
    pub tokens: TokenNames,
    /// Of ids and jitter.
    pub random: RandomSource,
}

/// One attempt, within the provider's timeout.
impl Default for DeliveryOptions {
    fn default() -> Self {
        Self {
            retries: None,
            backoff: Backoff::default(),
            jitter: 0.0,
            speed: 1.0,
            policy: None,
            timeout: None,
            late: None,
            is_measured: false,
            tokens: TokenNames::default(),
            random: RandomSource::default(),
        }
    }
}

impl DeliveryOptions {
    pub(super) fn policy(&self, prepared: &PreparedRequest) -> Policy {
        let event = prepared.event.as_ref().map(RemoteText::unescaped);
        let own = || Some(prepared.provider.as_ref()?.policy_of(event));
        self.policy.clone().or_else(own).unwrap_or_default()
    }

    pub(super) fn schedule(&self, policy: &Policy, made: u32) -> Schedule {
        let schedule = match self.retries {
            None => Schedule::once(policy),
            Some(Retries::Policy) => Schedule::of(policy).after(made).with_jitter(self.jitter),
            Some(Retries::Count(count)) => {
                Schedule::custom(policy, self.backoff.waits(count)).with_jitter(self.jitter)
            }
        };
        schedule.with_late(self.late)
    }

    /// What may be under way at once, and begin within a time: what is asked for, else the provider's word where its
    /// policy is followed. Real time: the rate's is divided as waits are.
    pub fn gate(
        &self,
        concurrency: Option<u32>,
        rate: Option<Rate>,
        requests: &[PreparedRequest],
    ) -> Gate {
        let followed = requests
            .first()
            .filter(|_| self.retries == Some(Retries::Policy))
            .map(|request| self.policy(request));
        let in_flight = concurrency
            .or_else(|| followed.as_ref()?.max_concurrency)
            .unwrap_or(1);
        let per_minute = || {
            Some(Rate {
                count: followed.as_ref()?.max_per_minute?,
                per: Duration::from_secs(60),
            })
        };
        let rate = rate.or_else(per_minute).map(|rate| Rate {
            per: rate.per.div_f64(self.speed),
            ..rate
        });
        Gate::new(in_flight as usize, rate)
    }
}
