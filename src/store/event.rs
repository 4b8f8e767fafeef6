//! Events of a store, for followers.

use crate::model::{CaptureSummary, DeliverySummary};

use super::Cursor;

/// A capture or a delivery that was committed, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEvent {
    Capture {
        capture: CaptureSummary,
        /// It was not told before; else it has changed since.
        is_new: bool,
    },
    Delivery {
        delivery: DeliverySummary,
        /// It was not told before; else it has changed since.
        is_new: bool,
    },
}

/// What was committed behind a cursor, in the order of the commits. A row that changed several times is reported once, at its
/// last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    pub events: Vec<StoreEvent>,
    /// Something was removed on request meanwhile: who shows a list reads it anew. Eviction, which only shortens a list
    /// at its old end, is not told.
    pub has_removals: bool,
    /// The cursor from which to continue, also if there were no changes.
    pub next: Cursor,
}
