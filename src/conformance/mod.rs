//! What a receiver is asked to prove: the cases of a provider, the runner that asks them, what the answers come to, and
//! which one fault explains several of them.

mod case;
mod effects;
mod error;
mod findings;
mod framework;
mod judge;
mod plan;
mod restart;
mod runner;
mod suite;

pub use case::{Area, CANARY, Case, KillAt, Logged, ObjectId, Recipe, Selection, Severity, Want};
pub use effects::{Effects, ID_PLACE, ID_VARIABLE, Probe};
pub use error::ConformanceError;
pub use findings::{Finding, findings};
pub use judge::{Answer, Course, Judged, NoAnswer, Rules, Status, judge};
pub use plan::{RunEvent, RunPlan};
pub use restart::{Log, Restarted};
pub use runner::{RunOutcome, Runner, Seen};
pub use suite::{Suite, SuiteError, suite};
