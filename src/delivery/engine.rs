//! Follows a schedule: attempt after attempt, with their results.

use std::time::Duration;

use jiff::Timestamp;

use super::policy::Policy;
use super::schedule::{Next, Schedule};
use crate::model::{Attempt, Outcome, RemoteText};

/// The attempts of a delivery so far, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub outcome: Outcome,
    pub attempts: Vec<Attempt>,
}

impl Progress {
    /// Whether any attempt got an answer, good or bad.
    pub fn was_answered(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.result.is_ok())
    }

    /// Why the delivery failed, in one sentence.
    pub fn failure(&self, policy: &Policy) -> Option<RemoteText> {
        let last = self
            .attempts
            .last()
            .filter(|_| self.outcome != Outcome::Delivered)?;
        Some(match &last.result {
            Err(error) => error.message.clone(),
            Ok(response) => match response.status {
                status @ 300..=399 => {
                    let location = response.headers.get("location").map(RemoteText::from);
                    let to = location.map_or(String::new(), |to| format!(" to {}", to.unescaped()));
                    format!("answered {status}, a redirect{to}; redirects are not followed").into()
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

/// What the engine knows of time: the tests' clock jumps, a compressed one runs faster.
pub trait Clock {
    fn now(&self) -> Timestamp;
    /// When it will be that much later by this clock, in the time of day of [`Clock::now`].
    fn after(&self, time: Duration) -> Timestamp {
        self.now().saturating_add(time).unwrap_or(Timestamp::MAX)
    }
    /// Waits that long by this clock.
    fn wait(&self, time: Duration) -> impl Future<Output = ()>;
}

/// Makes attempts until the schedule says that it is enough. They are counted on from `before`, those that
/// were made at another time. `send` makes the attempt of that number; `each` hears of every one and of what
/// follows, before it follows: what it cannot keep ends the delivery.
pub async fn deliver<C: Clock, E>(
    schedule: &Schedule,
    clock: &C,
    random: &mut fastrand::Rng,
    before: u32,
    mut send: impl AsyncFnMut(u32) -> Result<Attempt, E>,
    mut each: impl AsyncFnMut(&Progress, Next) -> Result<(), E>,
) -> Result<Progress, E> {
    let mut made = Vec::new();
    let mut number = before;
    let mut is_late = false;
    loop {
        number = number.saturating_add(1);
        let attempt = send(number).await?;
        let next = match schedule.next(number - before, &attempt.result, clock.now(), random) {
            Next::Delivered => match schedule.late().filter(|_| !is_late) {
                Some(after) => Next::Late { after },
                None => Next::Delivered,
            },
            Next::Retry { .. } if is_late => Next::NotRetried,
            next => next,
        };
        made.push(attempt);
        let outcome = match next {
            Next::Delivered | Next::Late { .. } => Outcome::Delivered,
            Next::Retry { .. } => Outcome::Pending,
            Next::NotRetried | Next::Exhausted => Outcome::Failed,
        };
        let delivery = Progress {
            outcome,
            attempts: made,
        };
        each(&delivery, next).await?;
        match next {
            Next::Retry { after, .. } => clock.wait(after).await,
            Next::Late { after } => {
                is_late = true;
                clock.wait(after).await;
            }
            _ => return Ok(delivery),
        }
        made = delivery.attempts;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::model::{AttemptError, AttemptErrorKind, Headers, Phases, Response};

    /// A clock that jumps to the requested time at once.
    struct Jumping(Cell<Timestamp>);

    impl Clock for Jumping {
        fn now(&self) -> Timestamp {
            self.0.get()
        }

        async fn wait(&self, time: Duration) {
            self.0.set(self.0.get() + time);
        }
    }

    /// The seconds at which a provider's attempts begin when these answers come; 0: none comes.
    fn attempts_at(provider: &str, answers: &[u16]) -> (Vec<i64>, Outcome) {
        let policy: Policy = toml::from_str(provider).unwrap();
        attempts_of(&Schedule::of(&policy), answers)
    }

    fn attempts_of(schedule: &Schedule, answers: &[u16]) -> (Vec<i64>, Outcome) {
        let clock = Jumping(Cell::new(Timestamp::UNIX_EPOCH));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let delivery: Result<Progress, ()> = runtime.block_on(deliver(
            schedule,
            &clock,
            &mut fastrand::Rng::with_seed(1),
            0,
            async |number| {
                let status = answers[number as usize - 1];
                let result = if status == 0 {
                    Err(AttemptError {
                        kind: AttemptErrorKind::Refused,
                        message: "".into(),
                    })
                } else {
                    Ok(Response {
                        status,
                        headers: Headers::new(),
                        body: Default::default(),
                        truncated: false,
                    })
                };
                Ok(Attempt {
                    number,
                    started_at: clock.now(),
                    duration: Duration::ZERO,
                    phases: Phases::default(),
                    result,
                })
            },
            async |_, _| Ok(()),
        ));
        let delivery = delivery.unwrap();
        let at = delivery
            .attempts
            .iter()
            .map(|attempt| attempt.started_at.as_second());
        (at.collect(), delivery.outcome)
    }

    #[test]
    fn a_day_of_retries_takes_no_time_and_stands_where_it_should() {
        let policy = "timeout = \"10s\"\nsuccess = [\"200\"]\nretry_waits = [\"5s\", \"5m\", \"30m\", \"24h\"]\nretry_on = [\"network\", \"not_success\"]";
        assert_eq!(
            attempts_at(policy, &[500, 0, 201, 404, 200]),
            (vec![0, 5, 305, 2105, 88_505], Outcome::Delivered)
        );
        assert_eq!(attempts_at(policy, &[500; 5]).1, Outcome::Failed);
        assert_eq!(attempts_at(policy, &[200]), (vec![0], Outcome::Delivered));
    }

    #[test]
    fn a_late_retry_follows_the_success_once() {
        let waits = vec![Duration::from_secs(1)];
        let schedule =
            Schedule::custom(&Policy::default(), waits).with_late(Some(Duration::from_secs(30)));
        assert_eq!(
            attempts_of(&schedule, &[500, 200, 200]),
            (vec![0, 1, 31], Outcome::Delivered)
        );
        assert_eq!(
            attempts_of(&schedule, &[200, 500]),
            (vec![0, 30], Outcome::Failed)
        );
        assert_eq!(attempts_of(&schedule, &[404]), (vec![0], Outcome::Failed));
    }

    #[test]
    fn what_cannot_be_recorded_ends_the_delivery() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let policy = Policy::default();
        let ended: Result<Progress, &str> = runtime.block_on(deliver(
            &Schedule::custom(&policy, vec![Duration::ZERO; 9]),
            &Jumping(Cell::new(Timestamp::UNIX_EPOCH)),
            &mut fastrand::Rng::with_seed(1),
            0,
            async |number| {
                let result = Err(AttemptError {
                    kind: AttemptErrorKind::Refused,
                    message: "".into(),
                });
                Ok(Attempt {
                    number,
                    started_at: Timestamp::UNIX_EPOCH,
                    duration: Duration::ZERO,
                    phases: Phases::default(),
                    result,
                })
            },
            async |_, _| Err("the store is gone"),
        ));
        assert_eq!(ended, Err("the store is gone"));
    }
}
