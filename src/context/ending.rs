//! What a listener that ends by itself has to say of it.

use super::Context;
use crate::expect::{Ending, FINISHED_WITHIN};
use crate::model::duration::short;
use crate::render::{JunitCase, JunitOutcome};
use crate::report::Note;

/// Why a listener ends with a failure.
pub enum Failed {
    /// Something expected was not received: a separate case says so.
    Unmet(String),
    Broken(String),
}

impl Failed {
    /// Says it.
    pub fn broken(context: &Context, why: String) -> Self {
        context.ui.note(Note::error(why.as_str()));
        Self::Broken(why)
    }

    /// How the waiting ended, where that is a failure; says what its case does not.
    pub fn of(context: &Context, ending: Ending) -> Option<Self> {
        match ending {
            Ending::Satisfied => None,
            Ending::StillRunning => {
                context.ui.note(Note::warning(format!(
                    "all expectations are met, but the command did not finish within {} and was stopped",
                    short(FINISHED_WITHIN)
                )));
                None
            }
            Ending::Unmet => Some(Self::Unmet("the expectations were not met".to_owned())),
            Ending::TooFew { seen, wanted } => {
                let why = format!("timed out: received {seen} of {wanted} requests");
                context.ui.note(Note::error(why.as_str()));
                Some(Self::Unmet(why))
            }
            Ending::Overdue => {
                let why = "timed out: the command has not finished";
                Some(Self::broken(context, why.to_owned()))
            }
            Ending::CommandFailed(error) => Some(Self::broken(context, error.to_string())),
        }
    }
}

/// The JUnit case of the run itself: its failures are not those of an expectation.
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
