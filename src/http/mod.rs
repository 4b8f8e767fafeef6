//! The client side of the wire.

mod client;
mod place;
mod tls;

pub use client::{Client, ClientOptions, SendError, SendErrorKind};
pub use place::{Place, PlaceError, Resolved};
