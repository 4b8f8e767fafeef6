//! Following a policy: an attempt, its judgement, its record.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::policy::Policy;
use crate::http::{Client, SendError};
use crate::message::{RemoteText, Request, Response};

/// What became of one event's way to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub outcome: Outcome,
    pub attempts: Vec<Attempt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    Failed,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// One request and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from one.
    pub number: u32,
    pub started_at: Timestamp,
    /// Until the response was complete, or the error.
    pub duration: Duration,
    pub result: Result<Response, AttemptError>,
}

pub type AttemptError = SendError;

impl Delivery {
    /// Whether any attempt got an answer, good or bad.
    pub fn was_answered(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.result.is_ok())
    }

    /// Why the delivery failed, in one sentence.
    pub fn failure(&self, policy: &Policy) -> Option<RemoteText> {
        let last = self
            .attempts
            .last()
            .filter(|_| self.outcome == Outcome::Failed)?;
        Some(match &last.result {
            Err(error) => error.message.clone(),
            Ok(response) => match response.status {
                status @ 300..=399 => {
                    let location = response.headers.get("location").map(RemoteText::from);
                    let to = location.map_or(String::new(), |to| format!(" to {}", to.unescaped()));
                    format!("answered {status}, a redirect{to}: redirects are not followed").into()
                }
                status => {
                    let accepted: Vec<String> =
                        policy.success.iter().map(ToString::to_string).collect();
                    format!(
                        "answered {status}; only {} counts as delivered",
                        accepted.join(" or ")
                    )
                    .into()
                }
            },
        })
    }
}

/// Delivers once. `timeout` replaces the policy's; `Some(None)` waits without end.
pub async fn deliver(
    client: &Client,
    request: &Request,
    policy: &Policy,
    timeout: Option<Option<Duration>>,
    now: impl Fn() -> Timestamp,
) -> Delivery {
    let started_at = now();
    let started = Instant::now();
    let limit = timeout.unwrap_or(Some(policy.timeout));
    let result = client.send(request, limit).await;
    let outcome = match &result {
        Ok(response) if policy.is_success(response.status) => Outcome::Delivered,
        _ => Outcome::Failed,
    };
    Delivery {
        outcome,
        attempts: vec![Attempt {
            number: 1,
            started_at,
            duration: started.elapsed(),
            result,
        }],
    }
}
