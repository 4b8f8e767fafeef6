//! A provider's own API, played from its data: subscriptions are made, changed and removed as there, and what happens is
//! delivered to them as there.

mod access;
mod actions;
mod api;
mod clock;
mod containers;
mod control;
mod deliver;
mod error;
mod events;
mod happenings;
mod history;
mod input;
mod lists;
mod load;
mod metrics;
mod playing;
mod port;
mod running;
mod server;
mod snapshot;
mod state;
mod subscribing;
mod subscription;
mod template;

pub use access::ApiAccess;
pub use error::EmulatorError;
pub use events::{EmulatedEvent, Publication, Published};
pub use input::{Fault, fields_of, read_body};
pub use server::{Emulation, EmulationError, Served, emulated, start};
pub use state::{Emulated, Emulator, EmulatorOptions};
pub use subscription::{Subscription, SubscriptionState};
