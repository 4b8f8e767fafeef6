//! Receiving: a bounded HTTP server that hands whole requests to a handler and sends its replies.

mod connection;
mod limits;
mod server;

pub use limits::Limits;
pub use server::{Handler, Received, Reply, serve};
