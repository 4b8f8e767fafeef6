//! Receiving: a bounded HTTP server that hands whole requests to a handler and sends its replies.

mod connection;
mod limits;
mod paced;
mod replies;
mod server;

pub use limits::Limits;
pub use replies::{Answer, Delay, Manner, Per, Sequence, status_of_path};
pub use server::{Handler, Received, Reply, serve};
