//! Which events are expected, and whether they arrived: a stage that sees every request that is stored.

mod ending;
mod expectation;
mod follow;

pub use ending::{EXPECTED_WITHIN, Ending, FINISHED_WITHIN};
pub use expectation::Expectation;
pub use follow::see_captures;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::search::{EventSelector, Subject};
use serde::Serialize;

use crate::model::Verdict;

/// What is expected.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    pub events: Vec<Expectation>,
    /// Everything is to verify.
    pub valid: bool,
    /// It ends after so many requests.
    pub max: Option<u64>,
    /// It ends with such an event.
    pub until: Option<EventSelector>,
}

/// What was expected, and what was received.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExpectationsReport {
    /// Whether all expectations are met.
    pub met: bool,
    /// Requests received.
    pub received: u64,
    /// The expectations.
    pub expectations: Vec<ExpectationItem>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExpectationItem {
    /// The event pattern.
    pub event: String,
    /// How many are expected, in words.
    pub expected: String,
    /// How many arrived.
    pub received: u64,
    /// Whether it is met.
    pub met: bool,
}

/// What was received so far, compared with what is expected.
pub struct ExpectationTracker {
    state: Mutex<TrackerState>,
    /// There is nothing more to wait for.
    settled: Notify,
}

struct TrackerState {
    expectations: Vec<(Expectation, u64)>,
    /// Everything is to verify.
    valid: bool,
    not_valid: u64,
    seen: u64,
    /// It ends after so many.
    max: Option<u64>,
    /// It ends with such an event; whether one came.
    until: Option<(EventSelector, bool)>,
}

impl ExpectationTracker {
    pub fn new(expected: &Expectations) -> Self {
        let events = expected.events.iter();
        Self {
            state: Mutex::new(TrackerState {
                expectations: events.map(|event| (event.clone(), 0)).collect(),
                valid: expected.valid,
                not_valid: 0,
                seen: 0,
                max: expected.max,
                until: expected.until.clone().map(|pattern| (pattern, false)),
            }),
            settled: Notify::new(),
        }
    }

    /// A request came.
    pub fn see(&self, subject: &Subject<'_>) {
        let mut state = self.state();
        state.seen += 1;
        if subject.verdict != Verdict::Valid {
            state.not_valid += 1;
        }
        for (expectation, seen) in &mut state.expectations {
            if expectation.fits(subject) {
                *seen += 1;
            }
        }
        if let Some((pattern, came)) = &mut state.until
            && pattern.fits(subject)
        {
            *came = true;
        }
        if state.ends() {
            self.settled.notify_one();
        }
    }

    /// Whether a summary of a capture does not tell whether it is one that is expected.
    pub fn needs_whole_captures(&self) -> bool {
        let state = self.state();
        let expected = state.expectations.iter();
        expected
            .map(|(expectation, _)| expectation.events())
            .chain(state.until.as_ref().map(|(until, _)| until))
            .any(EventSelector::needs_whole_capture)
    }

    /// Whether there is nothing more to wait for.
    pub fn is_settled(&self) -> bool {
        self.state().ends()
    }

    /// Resolves when there is nothing more to wait for.
    pub async fn settled(&self) {
        while !self.is_settled() {
            self.settled.notified().await;
        }
    }

    /// Whether there is something to wait for.
    pub fn awaits_something(&self) -> bool {
        let state = self.state();
        let mut expectations = state.expectations.iter();
        expectations.any(|(expectation, _)| expectation.awaits())
            || state.max.is_some()
            || state.until.is_some()
    }

    /// Everything came that was to come, and nothing that was not.
    pub fn is_satisfied(&self) -> bool {
        let enough = {
            let state = self.state();
            state.max.is_none_or(|max| state.seen >= max)
        };
        enough && self.report().met
    }

    /// How many requests came of those that are to come, where there are too few.
    pub fn lacking(&self) -> Option<(u64, u64)> {
        let state = self.state();
        let max = state.max.filter(|max| state.seen < *max)?;
        Some((state.seen, max))
    }

    /// How many requests are to come, where that was asked for, and how many came.
    pub fn count(&self) -> Option<(u64, u64)> {
        let state = self.state();
        state.max.map(|max| (state.seen, max))
    }

    /// Whether anything was expected at all.
    pub fn expects_something(&self) -> bool {
        let state = self.state();
        !state.expectations.is_empty() || state.valid || state.until.is_some()
    }

    /// What was and was not seen.
    pub fn report(&self) -> ExpectationsReport {
        let state = self.state();
        let mut expectations: Vec<ExpectationItem> = state
            .expectations
            .iter()
            .map(|(expectation, seen)| ExpectationItem {
                event: expectation.events().to_string(),
                expected: expectation.in_words(),
                received: *seen,
                met: expectation.is_met(*seen),
            })
            .collect();
        if let Some((pattern, came)) = &state.until {
            expectations.push(ExpectationItem {
                event: pattern.to_string(),
                expected: "at least 1".to_owned(),
                received: u64::from(*came),
                met: *came,
            });
        }
        if state.valid {
            expectations.push(ExpectationItem {
                event: "requests that are not valid".to_owned(),
                expected: "none".to_owned(),
                received: state.not_valid,
                met: state.not_valid == 0,
            });
        }
        ExpectationsReport {
            met: expectations.iter().all(|item| item.met),
            received: state.seen,
            expectations,
        }
    }

    fn state(&self) -> MutexGuard<'_, TrackerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TrackerState {
    fn ends(&self) -> bool {
        let broken = self.valid && self.not_valid > 0
            || self
                .expectations
                .iter()
                .any(|(expectation, seen)| expectation.is_broken(*seen));
        let met = self
            .expectations
            .iter()
            .all(|(expectation, seen)| expectation.is_met(*seen));
        let until = self.until.as_ref().is_none_or(|(_, came)| *came);
        // What must not come may come still.
        let mut expectations = self.expectations.iter();
        let awaited =
            expectations.any(|(expectation, _)| expectation.awaits()) || self.until.is_some();
        let all = met && until && awaited;
        broken || all || self.max.is_some_and(|max| self.seen >= max)
    }
}
