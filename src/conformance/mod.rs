//! What a receiver is asked to prove: the cases of a provider, the runner that asks them, what the answers come to, and
//! which one fault explains several of them.

mod baseline;
mod case;
mod conclusion;
mod effects;
mod error;
mod findings;
mod framework;
mod judge;
mod plan;
mod report;
mod restart;
mod runner;
mod suite;
mod unfounded;

pub use baseline::{Baseline, BaselineError};
pub use case::{Area, CANARY, Case, KillAt, Logged, ObjectId, Recipe, Selection, Severity, Want};
pub use conclusion::{Conclusion, ConclusionRules};
pub use effects::{Effects, ID_PLACE, ID_VARIABLE, Probe};
pub use error::ConformanceError;
pub use judge::{Judged, NoResponse, Observation, ReceiverResponse, Rules, Seen, Status, judge};
pub use plan::{RunEvent, RunPlan};
pub use report::{CheckCaseReport, CheckFinding, CheckReport, CheckResponse};
pub use restart::{Log, Restarted};
pub use runner::{RunOutcome, Runner};
pub use suite::{Suite, SuiteError, suite};
