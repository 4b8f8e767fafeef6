//! The nouns: what is sent, received, stored and shown, as plain data. Everyone may use them, and they use no one.

mod capture;
mod clock;
mod counted;
mod delivery;
mod destinations;
pub mod duration;
mod emulated;
mod escape;
mod event_key;
mod id;
mod invalid;
#[cfg(test)]
mod json_schema;
mod message;
mod os_error;
mod random;
#[cfg(test)]
pub(crate) mod schema_table;
mod secret;
pub mod size;
mod trust;
mod verdict;
mod when;

pub use capture::{
    Capture, CaptureSummary, ResponseEnd, ResponseFault, SentBy, UnknownResponseFault,
};
pub use clock::TimeSource;
pub use counted::counted;
pub use delivery::{
    Attempt, AttemptError, AttemptErrorKind, AttemptOutline, Delivery, DeliveryOutline,
    DeliverySummary, Outcome,
};
pub use destinations::Destinations;
pub use emulated::{
    DueAt, Emulated, EmulatedRecord, KeptSecret, RecordKey, RecordKind, RecordQuery,
};
pub use escape::{
    disarm, escape, escape_lines, escape_markup, is_armed, is_control, quote, suggest, to_json,
};
pub use event_key::{EventKey, KeyHasher, Repetition};
pub use id::{Id, IdKind, Reference, ulid_part};
pub use invalid::InvalidText;
pub use message::{
    Decoded, Headers, LONGEST_NAME, MAX_DECODED_BYTES, Phases, RemoteText, Request, Response,
    base64_bytes, base64_text, bounded_name, decode_body, normal_url,
};
pub use os_error::without_os_codes;
pub use random::RandomSource;
pub use secret::{REDACTED, Secret, redact_occurrences};
pub use trust::{Right, Trust, is_harmless_header};
pub use verdict::{Verdict, VerdictReason};
pub use when::When;
