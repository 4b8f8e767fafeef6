//! What keeps a run from going on.

use std::path::PathBuf;
use std::time::Duration;

use crate::compose::ComposeError;
use crate::http::{ClientError, DestinationError, FetchError};
use crate::model::duration::short;
use crate::payload::EditTextError;
use crate::process::ProcessError;

/// Why a run cannot begin, or not go on.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    #[error(transparent)]
    Compose(#[from] ComposeError),
    #[error(transparent)]
    Edit(#[from] EditTextError),
    #[error(transparent)]
    Destination(#[from] DestinationError),
    #[error(transparent)]
    Process(#[from] ProcessError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The client for the receiver cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("--probe needs a command that counts effects")]
    NoProbe,
    #[error("the probe printed `{said}`, which is not a number")]
    NoNumber { said: String },
    #[error("the probe did not finish within {} s", .0.as_secs())]
    ProbeTooSlow(Duration),
    #[error("the probe: {0}")]
    Probe(String),
    #[error("the probe {url}: {why}")]
    ProbeUrl {
        url: String,
        #[source]
        why: FetchError,
    },
    #[error("something already listens at {destination}")]
    ListensAlready { destination: String },
    #[error("`{command}` was started, but nothing listens at {destination} after {}", short(*.within))]
    DoesNotListen {
        command: String,
        destination: String,
        within: Duration,
    },
    #[error("{}: {source}", .path.display())]
    Log {
        path: PathBuf,
        source: std::io::Error,
    },
}
