//! Limits for one sender, and for all of them together.

use std::time::Duration;

/// Each bound has its answer; see `server`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A longer body is answered 413.
    pub body_bytes: usize,
    /// A longer head is answered 431.
    pub head_bytes: usize,
    /// A head with more fields is answered 431 (HTTP/1.1).
    pub head_fields: usize,
    /// A head that takes longer is answered 408.
    pub head_time: Duration,
    /// A body that takes longer is answered 408.
    pub body_time: Duration,
    /// How long an answer may wait for its sender to read it; then the connection is reset.
    pub write_time: Duration,
    /// How long a connection may wait between two requests; then it is closed without a word.
    pub idle_time: Duration,
    /// A connection beyond these is closed.
    pub connections: usize,
    /// Bodies held at one time; what would go beyond is answered 503.
    pub buffered_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 10 << 20,
            head_bytes: 64 << 10,
            // As many as hyper has room for without asking for memory.
            head_fields: 100,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            write_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(75),
            connections: 1024,
            buffered_bytes: 256 << 20,
        }
    }
}
