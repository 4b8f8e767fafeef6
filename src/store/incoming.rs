//! What is handed in to be kept, and what nodes that receive for one workspace find together.

use std::sync::Arc;

use async_trait::async_trait;

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

/// What became of a capture that was handed in: it is committed. With [`SharedReceivers`], it may repeat one that some
/// node has received before.
pub type Kept = Result<Option<Repetition>, StoreError>;

/// Resolves once what was handed in is committed, or could not be.
pub type Ack = tokio::sync::oneshot::Receiver<Kept>;

/// What nodes that receive for one workspace find together.
#[async_trait]
pub trait SharedReceivers: Send + Sync {
    /// The seed of the digests of events' keys: the same on all nodes, and known to no sender.
    fn seed(&self) -> [u8; 16];

    /// Counts a response of that name, and says how many there were before. Counting starts again where no other node
    /// counts.
    async fn count_response(&self, name: &str) -> Result<u64, StoreError>;
}
