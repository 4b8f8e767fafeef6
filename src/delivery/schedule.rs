//! What follows an attempt. Pure: it gets the results of the attempts so far, and decides whether and when
//! there is another.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

use super::policy::{Policy, RetryOn, StatusSet};
use crate::model::duration::short;
use crate::model::{AttemptError, AttemptErrorKind, InvalidText, Response};

/// No `Retry-After` is believed beyond this.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// What `--retries` takes at most.
pub const MOST_RETRIES: u32 = 1000;

/// When attempts follow one another, and which of them are followed at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    success: Vec<StatusSet>,
    /// From the end of each attempt to the next.
    waits: Vec<Duration>,
    retry_on: Vec<RetryOn>,
    stop_on: Vec<StatusSet>,
    respects_retry_after: bool,
    /// How far a wait may be off, as a part of it: 0.2 is a fifth longer or shorter.
    jitter: f64,
    /// So long after a success there is one more attempt.
    late: Option<Duration>,
}

/// What follows an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Delivered,
    /// It is delivered, and goes out once more anyway.
    Late {
        after: Duration,
    },
    Retry {
        after: Duration,
        /// The receiver asked for that wait (`Retry-After`, RFC 9110, section 10.2.3).
        asked: bool,
    },
    /// Such an outcome is not retried.
    NotRetried,
    /// It would be retried, but no attempts are left.
    Exhausted,
}

/// How long to wait before each retry, as `--backoff` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backoff {
    /// `1s,2s,4s`; the last one holds for all that follow.
    List(Vec<Duration>),
    /// `exponential:1s..1m`: twice as long each time, up to the longest.
    Exponential { first: Duration, longest: Duration },
}

/// As `--backoff` takes it.
impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(waits) => {
                let waits: Vec<String> = waits.iter().copied().map(short).collect();
                f.write_str(&waits.join(","))
            }
            Self::Exponential { first, longest } => {
                write!(f, "exponential:{}..{}", short(*first), short(*longest))
            }
        }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::Exponential {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(60),
        }
    }
}

impl FromStr for Backoff {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused =
            || format!("invalid waits `{text}`: use for example 1s,2s,4s or exponential:1s..1m");
        if let Some(range) = text.strip_prefix("exponential:") {
            let (first, longest) = range.split_once("..").ok_or_else(refused)?;
            let (first, longest) = (
                crate::model::duration::parse(first)?,
                crate::model::duration::parse(longest)?,
            );
            return if first.is_zero() || first > longest {
                Err(refused().into())
            } else {
                Ok(Self::Exponential { first, longest })
            };
        }
        let waits: Result<Vec<Duration>, InvalidText> =
            text.split(',').map(crate::model::duration::parse).collect();
        Ok(Self::List(waits?))
    }
}

impl Backoff {
    /// The waits before each of that many retries.
    pub fn waits(&self, retries: u32) -> Vec<Duration> {
        (0..retries.min(MOST_RETRIES) as usize)
            .map(|index| match self {
                Self::List(waits) => waits
                    .get(index)
                    .or(waits.last())
                    .copied()
                    .unwrap_or_default(),
                Self::Exponential { first, longest } => {
                    let doubled = u32::try_from(index)
                        .ok()
                        .and_then(|index| 2_u32.checked_pow(index))
                        .and_then(|factor| first.checked_mul(factor));
                    doubled.unwrap_or(*longest).min(*longest)
                }
            })
            .collect()
    }
}

impl Schedule {
    /// One attempt, whatever comes of it.
    pub fn once(policy: &Policy) -> Self {
        Self {
            waits: Vec::new(),
            ..Self::of(policy)
        }
    }

    /// As the provider does it.
    pub fn of(policy: &Policy) -> Self {
        Self {
            success: policy.success.clone(),
            waits: policy.retry_waits.clone(),
            retry_on: policy.retry_on.clone(),
            stop_on: policy.stop_on.clone(),
            respects_retry_after: policy.respects_retry_after,
            jitter: 0.0,
            late: None,
        }
    }

    /// As the user wants it: what may pass is retried (network errors, timeouts, 5xx, 408 and 429), and
    /// `Retry-After` counts; what counts as delivered is the provider's to say.
    pub fn custom(policy: &Policy, waits: Vec<Duration>) -> Self {
        let statuses = [
            StatusSet::class(5),
            StatusSet::one(408),
            StatusSet::one(429),
        ];
        let mut retry_on = vec![RetryOn::Network, RetryOn::Timeout];
        retry_on.extend(statuses.map(RetryOn::Status));
        Self {
            waits,
            retry_on,
            stop_on: Vec::new(),
            respects_retry_after: true,
            ..Self::of(policy)
        }
    }

    /// `jitter` is a part of each wait: 0.2 is a fifth longer or shorter.
    pub fn with_jitter(mut self, jitter: f64) -> Self {
        self.jitter = jitter.clamp(0.0, 1.0);
        self
    }

    /// After a success there is one more attempt, as of a sender that has not heard the answer.
    pub fn with_late(mut self, after: Option<Duration>) -> Self {
        self.late = after;
        self
    }

    /// How long after a success there is one more attempt.
    pub fn late(&self) -> Option<Duration> {
        self.late
    }

    /// The waits between attempts, where nothing asks for others.
    pub fn waits(&self) -> &[Duration] {
        &self.waits
    }

    /// What is left of it after so many attempts. One that was made to its end begins anew.
    #[must_use]
    pub fn after(mut self, attempts: u32) -> Self {
        let made = usize::try_from(attempts).unwrap_or(usize::MAX);
        if made <= self.waits.len() {
            self.waits.drain(..made);
        }
        self
    }

    /// What follows the attempt of that number (counted from one).
    pub fn next(
        &self,
        number: u32,
        result: &Result<Response, AttemptError>,
        now: Timestamp,
        random: &mut fastrand::Rng,
    ) -> Next {
        if let Ok(response) = result
            && self.success.iter().any(|set| set.contains(response.status))
        {
            return Next::Delivered;
        }
        if !self.is_retried(result) {
            return Next::NotRetried;
        }
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(wait) = self.waits.get(index) else {
            return Next::Exhausted;
        };
        let asked = result
            .as_ref()
            .ok()
            .filter(|_| self.respects_retry_after)
            .and_then(|response| retry_after(response, now));
        match asked {
            Some(after) if after > *wait => Next::Retry { after, asked: true },
            _ => {
                let factor = 1.0 + self.jitter * (2.0 * random.f64() - 1.0);
                Next::Retry {
                    after: wait.mul_f64(factor),
                    asked: false,
                }
            }
        }
    }

    fn is_retried(&self, result: &Result<Response, AttemptError>) -> bool {
        match result {
            Ok(response) => {
                let status = response.status;
                !self.stop_on.iter().any(|set| set.contains(status))
                    && self.retry_on.iter().any(|rule| match rule {
                        RetryOn::Status(set) => set.contains(status),
                        RetryOn::NotSuccess => true,
                        RetryOn::Network | RetryOn::Timeout => false,
                    })
            }
            Err(error) => {
                let wanted = match error.kind {
                    AttemptErrorKind::Timeout => RetryOn::Timeout,
                    // It cannot be sent later either.
                    AttemptErrorKind::Request => return false,
                    _ => RetryOn::Network,
                };
                self.retry_on.contains(&wanted)
            }
        }
    }
}

/// How long the receiver asks to be left alone: seconds, or a date.
pub fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let text = std::str::from_utf8(response.headers.get("retry-after")?)
        .ok()?
        .trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Headers;
    use proptest::prelude::*;

    #[expect(clippy::unnecessary_wraps, reason = "it stands beside its opposite")]
    fn answered(status: u16) -> Result<Response, AttemptError> {
        Ok(Response {
            status,
            headers: Headers::new(),
            body: Default::default(),
            truncated: false,
        })
    }

    fn failed(kind: AttemptErrorKind) -> Result<Response, AttemptError> {
        Err(AttemptError {
            kind,
            message: "".into(),
        })
    }

    fn policy(text: &str) -> Policy {
        toml::from_str(&format!("timeout = \"10s\"\n{text}")).unwrap()
    }

    fn after(schedule: &Schedule, number: u32, result: &Result<Response, AttemptError>) -> Next {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        schedule.next(number, result, now, &mut fastrand::Rng::with_seed(1))
    }

    fn retry(seconds: u64) -> Next {
        Next::Retry {
            after: Duration::from_secs(seconds),
            asked: false,
        }
    }

    #[test]
    fn a_policy_says_what_is_retried_when_and_how_often() {
        let policy = policy(
            "success = [\"2xx\"]\nretry_waits = [\"1m\", \"2m\"]\nretry_on = [\"5xx\", \"429\", \"network\", \"timeout\"]",
        );
        let schedule = Schedule::of(&policy);
        assert_eq!(after(&schedule, 1, &answered(204)), Next::Delivered);
        assert_eq!(after(&schedule, 1, &answered(503)), retry(60));
        assert_eq!(after(&schedule, 2, &answered(429)), retry(120));
        assert_eq!(after(&schedule, 3, &answered(503)), Next::Exhausted);
        assert_eq!(after(&schedule, 1, &answered(404)), Next::NotRetried);
        assert_eq!(after(&schedule, 1, &answered(302)), Next::NotRetried);
        assert_eq!(
            after(&schedule, 1, &failed(AttemptErrorKind::Refused)),
            retry(60)
        );
        assert_eq!(
            after(&schedule, 1, &failed(AttemptErrorKind::Timeout)),
            retry(60)
        );
        assert_eq!(
            after(&schedule, 1, &failed(AttemptErrorKind::Request)),
            Next::NotRetried
        );
        assert_eq!(
            after(&Schedule::once(&policy), 1, &answered(503)),
            Next::Exhausted
        );
    }

    #[test]
    fn what_stops_stops_though_all_else_is_retried() {
        let policy = policy(
            "success = [\"200\"]\nretry_waits = [\"5s\"]\nretry_on = [\"not_success\"]\nstop_on = [\"410\"]",
        );
        let schedule = Schedule::of(&policy);
        assert_eq!(after(&schedule, 1, &answered(201)), retry(5));
        assert_eq!(after(&schedule, 1, &answered(410)), Next::NotRetried);
        assert_eq!(
            after(&schedule, 1, &failed(AttemptErrorKind::Dns)),
            Next::NotRetried
        );
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_and_not_for_less() {
        let custom = Schedule::custom(
            &policy("success = [\"2xx\"]"),
            vec![Duration::from_secs(10)],
        );
        let asking = |value: &str| {
            let Ok(mut response) = answered(503) else {
                unreachable!()
            };
            response.headers.push("Retry-After", value);
            Ok(response)
        };
        let asked = |seconds| Next::Retry {
            after: Duration::from_secs(seconds),
            asked: true,
        };
        assert_eq!(after(&custom, 1, &asking("30")), asked(30));
        assert_eq!(after(&custom, 1, &asking("3")), retry(10));
        assert_eq!(
            after(&custom, 1, &asking("Thu, 01 Jan 2026 00:01:00 GMT")),
            asked(60)
        );
        assert_eq!(after(&custom, 1, &asking("soon")), retry(10));
        assert_eq!(after(&custom, 1, &asking("99999999")), asked(86_400));
        let deaf = Schedule {
            respects_retry_after: false,
            ..custom
        };
        assert_eq!(after(&deaf, 1, &asking("30")), retry(10));
    }

    #[test]
    fn a_backoff_is_a_list_or_doubles() {
        let waits = |text: &str, retries| -> Vec<u64> {
            let backoff: Backoff = text.parse().unwrap();
            backoff
                .waits(retries)
                .iter()
                .map(Duration::as_secs)
                .collect()
        };
        assert_eq!(waits("1s,2s,4s", 5), [1, 2, 4, 4, 4]);
        assert_eq!(waits("exponential:1s..1m", 8), [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(waits("exponential:1s..1h", 40).last(), Some(&3600));
        for text in [
            "",
            "1",
            "exponential:1s",
            "exponential:2m..1m",
            "exponential:0s..1s",
        ] {
            assert!(text.parse::<Backoff>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn jitter_stays_within_its_part(seed: u64, jitter in 0.0..1.0, wait in 1_u64..100_000) {
            let wait = Duration::from_millis(wait);
            let schedule = Schedule::custom(&policy("success = [\"2xx\"]"), vec![wait]).with_jitter(jitter);
            let next = schedule.next(1, &answered(500), Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(seed));
            let Next::Retry { after, .. } = next else { panic!("{next:?}") };
            let off = after.as_secs_f64() / wait.as_secs_f64() - 1.0;
            prop_assert!(off.abs() <= jitter + 1e-6, "{off} of {jitter}");
        }
    }
}
