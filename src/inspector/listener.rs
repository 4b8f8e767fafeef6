//! A listener beside the inspector, as far as that knows it.

use std::sync::{Arc, Mutex};

use crate::ingest::{IngestCounts, Responder, ResponseRule};

/// A listener in the same process.
pub struct LiveListener {
    pub responder: Arc<Responder>,
    pub counts: Arc<IngestCounts>,
    /// The rules of the settings, to which it returns.
    pub usual_rules: Vec<ResponseRule>,
    /// The rules that the page has set, as they were written; none: those of the settings.
    pub(super) written: Mutex<Option<serde_json::Value>>,
}

impl LiveListener {
    pub fn new(
        responder: Arc<Responder>,
        counts: Arc<IngestCounts>,
        usual_rules: Vec<ResponseRule>,
    ) -> Self {
        Self {
            responder,
            counts,
            usual_rules,
            written: Mutex::default(),
        }
    }
}
