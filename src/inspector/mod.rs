//! The inspector: what is stored, as a page in the browser and as an API that the page and scripts use. A library, as
//! all rooms of the application: what it shows, with whose secrets, and where it listens, it is told.

mod answers;
mod assets;
mod captures;
mod changes;
mod compose;
mod deliveries;
mod exports;
mod guard;
mod hardening;
mod known;
mod listener;
mod live;
#[cfg(test)]
mod openapi;
mod outgoing;
mod removal;
mod replay;
mod retry;
mod server;
mod state;
mod stats;
mod subscriptions;
mod verify;

pub use guard::{AccessRules, Refusal};
pub use listener::LiveListener;
pub use server::serve;
pub use state::{DestinationFacts, InspectorOptions, SendTarget, Workbench};
