//! Delivering: the policy as data, the schedule that follows from it, and the engine that keeps to it.

mod engine;
mod faults;
mod figures;
mod gate;
mod load;
mod policy;
mod rate_limit;
mod schedule;
mod wanted;

pub use engine::{Clock, Progress, deliver};
pub use faults::{
    At, ContentKind, Expected, Fault, Form, SignatureRules, TamperPosition, extended_signature,
    huge, nested, padded, tampered, tampered_signature, truncated_signature, upper_case_hex,
};
pub use figures::{Alarm, Figures};
pub use gate::{Gate, Rate};
pub use load::{Bar, Point, Tally};
pub use policy::{Policy, RetryOn, StatusSet};
pub use rate_limit::RateLimit;
pub use schedule::{Backoff, MOST_RETRIES, Next, Schedule, retry_after};
pub use wanted::WantedStatus;
