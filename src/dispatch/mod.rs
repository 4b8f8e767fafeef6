//! Deliveries: attempts by a schedule, within limits, each recorded before it is made and once it is over.

mod dispatcher;
mod load;
mod options;
mod queue;
mod record;
mod resume;

pub use dispatcher::{CompressedClock, DispatchEvent, Dispatched, Dispatcher, dispatch_quietly};
pub use load::{LoadError, LoadMeasured, LoadPlan, LoadProgress, LoadRunner};
pub use options::{DeliveryOptions, Retries};
pub use queue::{LaneLimits, Outgoing, Queue, QueueOptions, QueueSource, QueueWorker, Unsendable};
pub use record::{recorded, settle};
pub use resume::{ResumeError, Resumption, owed_to};

use crate::compose::ComposeError;
use crate::store::StoreError;

/// What keeps a delivery from going on.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// It could not be signed again.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// It could not be recorded, or another process makes it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DispatchError {
    /// Whether nothing is lost: another process makes the delivery, or has made it.
    pub fn is_left_alone(&self) -> bool {
        matches!(self, Self::Store(StoreError::Taken(_)))
    }
}
