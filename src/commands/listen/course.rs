//! When a listener ends by itself, and why.

use std::time::Duration;

use crate::cli::ListenArgs;
use crate::context::Context;
use crate::context::expecting::EXPECTED_WITHIN;
use crate::expect::ExpectationTracker;
use crate::model::duration::short;
use crate::process::ProcessGroup;
use crate::render::{JunitCase, JunitOutcome};
use crate::report::Note;

/// How long the command may take to finish once everything came.
const FINISH_TIME: Duration = Duration::from_secs(5);

/// Why a listener ends with a failure.
pub enum Failed {
    /// What was expected did not come: a case of its own says so.
    Unmet(String),
    Broken(String),
}

/// The case of the run itself, for JUnit: what fails it is no expectation's.
pub fn run_case(failed: Option<&Failed>) -> JunitCase {
    JunitCase {
        class: "hookcli.listen".to_owned(),
        name: "run".to_owned(),
        outcome: match failed {
            None => JunitOutcome::Passed,
            Some(Failed::Unmet(why)) => JunitOutcome::Skipped(why.clone()),
            Some(Failed::Broken(why)) => JunitOutcome::Failed(why.clone()),
        },
    }
}

/// What a listener that ends by itself has to say of it.
struct Course<'c> {
    context: &'c Context,
    expecting: &'c ExpectationTracker,
}

/// Resolves when there is nothing more to listen for: what was expected came or cannot come any more, the
/// time is up, or the command has ended. Says why, where that is a failure.
pub async fn course(
    context: &Context,
    args: &ListenArgs,
    expecting: &ExpectationTracker,
    running: &mut Option<ProcessGroup>,
) -> Option<Failed> {
    let awaits = expecting.awaits_something();
    let limit = args
        .expect
        .timeout
        .or_else(|| (awaits || expecting.expects_something()).then_some(EXPECTED_WITHIN));
    let time_is_up = async {
        match limit {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    let course = Course { context, expecting };
    let mut time_is_up = std::pin::pin!(time_is_up);
    let mut settled = std::pin::pin!(expecting.settled());
    if let Some(command) = running {
        tokio::select! {
            ended = command.end() => match ended {
                Err(failure) => return Some(course.broken(failure.to_string())),
                // What it sent last may still be under way.
                Ok(()) if awaits => {}
                Ok(()) => return course.unmet(),
            },
            () = &mut settled => return match course.unmet() {
                Some(unmet) => Some(unmet),
                None => course.finish(command).await,
            },
            () = &mut time_is_up => {
                let why = "the time is up, and the command has not finished";
                return Some(course.broken(why.to_owned()));
            }
        }
    }
    tokio::select! {
        () = settled => course.unmet(),
        () = time_is_up => course.timed_out(),
    }
}

impl Course<'_> {
    fn broken(&self, failure: String) -> Failed {
        self.context.ui.note(Note::error(failure.as_str()));
        Failed::Broken(failure)
    }

    fn unmet(&self) -> Option<Failed> {
        let why = "the expectations were not met".to_owned();
        (!self.expecting.is_satisfied()).then_some(Failed::Unmet(why))
    }

    /// All is there: the command gets a moment to finish.
    async fn finish(&self, command: &mut ProcessGroup) -> Option<Failed> {
        match tokio::time::timeout(FINISH_TIME, command.end()).await {
            Ok(Err(failure)) => Some(self.broken(failure.to_string())),
            Ok(Ok(())) => None,
            Err(_) => {
                self.context.ui.note(Note::warning(format!(
                    "everything came; the command did not finish within {} and is ended",
                    short(FINISH_TIME)
                )));
                None
            }
        }
    }

    fn timed_out(&self) -> Option<Failed> {
        let Some((came, wanted)) = self.expecting.lacking() else {
            return self.unmet();
        };
        let why = format!("the time is up: {came} of {wanted} requests came");
        self.context.ui.note(Note::error(why.as_str()));
        Some(Failed::Unmet(why))
    }
}
