//! The client side of the wire.

mod client;
mod connect;
mod error;
mod fetch;
mod place;
mod shape;
mod spelling;
mod stream;
mod tls;
mod wire;

pub use client::{Client, ClientOptions, Sent};
pub use connect::{Connection, Connector};
pub use error::{ClientError, FetchError, TrustError};
pub use fetch::{FetchLimits, fetch};
pub use place::{Place, PlaceError, Resolved, is_localhost};
pub use shape::{Ending, Shape};
pub use stream::Stream;
pub use tls::TlsOptions;
pub use wire::{Answer, Wire};
