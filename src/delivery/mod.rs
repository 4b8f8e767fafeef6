//! Delivering: the policy as data, and the engine that follows it.

mod engine;
mod policy;

pub use engine::{Attempt, AttemptError, Delivery, Outcome, deliver};
pub use policy::{Policy, RetryOn, StatusSet};
