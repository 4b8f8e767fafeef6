//! What becomes of a delivery's lease when it is written.

use jiff::Timestamp;

/// Who works at a delivery once it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// This store, which begins an attempt at that time.
    Begins(Timestamp),
    /// This store, for as long as it is open.
    GoesOn,
    /// No one: it waits for whoever takes it up.
    Waits,
}
