//! Where the current time comes from.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// Where the time of day comes from: the system, or the clock of a test.
#[derive(Clone)]
pub struct TimeSource(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl TimeSource {
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

/// The system's.
impl Default for TimeSource {
    fn default() -> Self {
        Self::new(Timestamp::now)
    }
}

impl fmt::Debug for TimeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TimeSource")
    }
}
