//! Received requests: recognised, verified, compared with earlier requests, answered, stored, passed to the stages that
//! must see all of it, and told to the displays.

mod attribution;
mod counts;
mod endpoints;
mod events;
mod examine;
mod explain;
mod handler;
mod import;
mod paths;
mod respond;
mod seen;
mod signatures;

pub use attribution::{Attribution, SecretsOf, Unattributed};
pub use counts::{IngestCounts, KindCount, ResponseTimeCounts};
pub use endpoints::{InboundEndpoint, InboundEndpoints};
pub use events::{EventBacklog, EventSender, IngestEvent, Ingested, Pace, Subscription};
pub use examine::{Ingest, IngestOptions};
pub use explain::{Explained, Explainer};
pub use handler::IngestHandler;
pub use import::imported;
pub use paths::PathsSeen;
pub use respond::{Responder, ResponseOptions, ResponseRule};
pub use signatures::{SecretKeeper, SignatureCheck, plain_finding};
