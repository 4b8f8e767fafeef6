//! Errors of a store.

use std::error::Error;
use std::sync::Arc;

/// Why something failed beneath the store.
pub type Cause = Arc<dyn Error + Send + Sync>;

#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store {path} cannot be opened: {cause}")]
    Open {
        path: String,
        #[source]
        cause: Cause,
        /// What to do about it.
        advice: &'static str,
    },
    #[error("the store could not be written: {0}")]
    Write(#[source] Cause),
    #[error("the store could not be read: {0}")]
    Read(#[source] Cause),
    #[error("the store's queue is full")]
    Busy,
    #[error("the store is full of requests that are waiting to be forwarded")]
    Full,
    /// Secrets of a shared store cannot be read or written with the key that is there.
    #[error("{0}")]
    Key(String),
    /// What is to be copied has no room of its own.
    #[error("the store cannot be copied: {0}")]
    NotEmpty(String),
    /// Someone else has it: what is to be done with it is not done.
    #[error("left alone: {0}")]
    Taken(String),
    #[error("the store contains no {0} yet")]
    Empty(&'static str),
    #[error("no {what} matches `{which}`{hint}")]
    NotFound {
        what: &'static str,
        which: String,
        hint: &'static str,
    },
    #[error("`{which}` matches several: {}", .candidates.join(", "))]
    Ambiguous {
        which: String,
        candidates: Vec<String>,
    },
}

impl StoreError {
    pub(crate) fn write(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Write(cause.into().into())
    }

    pub(super) fn read(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Read(cause.into().into())
    }
}
