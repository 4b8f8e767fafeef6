//! Forwarding: which part of a received request is forwarded, and who sends it there.

mod browser;
mod passing;
mod pending;
mod router;
mod worker;

pub use browser::{OwnHosts, is_from_web_page};
pub use passing::onward;
use passing::{Health, answer_headers};
pub use pending::{PendingDestinations, PendingError, Waiting, waiting};
pub use router::{ForwardEvent, ForwardEvents, InProgress, OnReply, Route, Router, RouterOptions};
pub use worker::{ForwardWorker, ForwardWorkerOptions, WorkerEvent};
