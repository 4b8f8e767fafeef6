//! The client side of the wire.

mod client;
mod connect;
mod place;
mod shape;
mod tls;
mod wire;

pub use client::{Client, ClientOptions, SendError, SendErrorKind, Sent};
pub use connect::{Connection, Connector, Stream};
pub use place::{Place, PlaceError, Resolved};
pub use shape::{Ending, Shape};
pub use wire::{Answer, Wire};
