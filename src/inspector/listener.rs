//! A listener beside the inspector, as far as that knows it.

use std::sync::{Arc, Mutex};

use crate::ingest::{IngestCounts, Responder};

/// A listener in the same process.
pub struct LiveListener {
    /// Where it listens.
    pub url: String,
    pub responder: Arc<Responder>,
    pub counts: Arc<IngestCounts>,
    /// The rules that the page has set, as they were written; none: those of the settings.
    pub(super) written: Mutex<Option<serde_json::Value>>,
}

impl LiveListener {
    pub fn new(url: String, responder: Arc<Responder>, counts: Arc<IngestCounts>) -> Self {
        Self {
            url,
            responder,
            counts,
            written: Mutex::default(),
        }
    }
}
