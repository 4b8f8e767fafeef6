//! The HTTP client.

mod allowed;
mod client;
mod connect;
mod destination;
mod error;
mod fetch;
mod shape;
mod spelling;
mod stream;
mod tls;
mod wire;

pub use allowed::AllowedHosts;
pub use client::{Client, ClientOptions, Sent};
pub use connect::{Connection, Connector, NO_TLS};
pub use destination::{Destination, DestinationError, Resolved, is_localhost};
pub use error::{ClientError, FetchError, TrustError};
pub use fetch::{FetchLimits, fetch};
pub use shape::{Ending, Shape};
pub use stream::Stream;
pub use tls::{Names, TlsOptions, client_config};
pub use wire::{Wire, WireResponse};
