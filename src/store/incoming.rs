//! What is handed in to be kept.

use std::sync::Arc;

use super::StoreError;
use crate::model::{Capture, EventKey, Repetition};

/// A capture that is to be kept.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub capture: Arc<Capture>,
    /// By which the event is known again, where it has a key.
    pub key: Option<EventKey>,
    /// Whoever claims it forwards it, where it is to be forwarded.
    pub is_left: bool,
}

/// What is alone, and is no one's repetition.
impl From<Arc<Capture>> for Incoming {
    fn from(capture: Arc<Capture>) -> Self {
        Self {
            capture,
            key: None,
            is_left: false,
        }
    }
}

/// What became of a capture that was handed in: it is committed. In a store that nodes share, it may repeat one that some
/// node has received before.
pub type Kept = Result<Option<Repetition>, StoreError>;

/// Resolves once what was handed in is committed, or could not be.
pub type Ack = tokio::sync::oneshot::Receiver<Kept>;
