//! What a receiver is asked to prove: the cases of a provider, what their answers come to, and which one
//! fault explains several of them. Pure: who sends, waits and counts is a command.

mod case;
mod findings;
mod framework;
mod judge;
mod suite;

pub use case::{Area, CANARY, Case, KillAt, Logged, ObjectId, Recipe, Selection, Severity, Want};
pub use findings::{Finding, findings};
pub use judge::{Answer, Course, Judged, NoAnswer, Rules, Status, judge};
pub use suite::{Suite, SuiteError, suite};
