//! What is sent: an event with edits, a secret and faults → a signed request; and a capture → the same again. Pure but
//! for randomness and the time, which are passed in or seeded.

mod composer;
mod error;
pub mod faults;
mod fixture;
mod keys;
mod replay;
mod request;
mod selection;

pub use composer::{ComposeOptions, Composer, SchemaRule, sent_by_platform};
pub use error::{ComposeError, ComposeNotice};
pub use fixture::fixture;
pub use keys::{FixedKeys, Keyring, signing_secrets};
pub use replay::{ReplayOptions, Replayer};
pub use request::{PreparedRequest, Recipient, Signing, check_https, complete};
pub use selection::{EventSelection, SelectionError};
