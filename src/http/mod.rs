//! The client side of the wire.

mod client;
mod place;
mod tls;
mod wire;

pub use client::{Client, ClientOptions, SendError, SendErrorKind};
pub use place::{Place, PlaceError, Resolved};
pub use wire::{Answer, Wire};
