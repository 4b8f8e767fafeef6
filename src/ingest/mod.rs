//! Received requests: recognised, verified, compared with earlier requests, answered, stored, passed to the stages that
//! must see all of it, and told to the displays.

mod attribution;
mod counts;
mod events;
mod examine;
mod explain;
mod handler;
mod import;
mod respond;
mod seen;
mod signatures;

pub use attribution::{Attribution, SecretsOf, Unattributed};
pub use counts::{IngestCounts, KindCount};
pub use events::{EventBacklog, EventSender, IngestEvent, Ingested, Pace, Subscription};
pub use examine::{Ingest, IngestOptions};
pub use explain::{Explained, Explainer};
pub use handler::IngestHandler;
pub use import::imported;
pub use respond::{Responder, ResponseOptions, ResponseRule};
pub use signatures::{SecretKeeper, SignatureCheck};
