//! Signatures: what a scheme is (data), making them and judging them. Pure: the clock is passed in, and
//! nothing here knows a provider, a socket or a file.

mod content;
mod diagnose;
mod envelope;
mod handshake;
mod key;
mod keys;
mod plain;
mod scheme;
mod sign;
mod template;
mod verify;

pub use content::carried;
pub use diagnose::{
    Finding, Subject, diagnose, expected_signature, matches_without_required_headers,
};
pub use envelope::{Envelope, signed_url};
pub use handshake::{Challenged, Handshake, HandshakeReply};
pub use key::{KeyError, check_secrets};
pub use keys::{Keys, TEST_SECRET, new_keys, test_keys};
pub use plain::PlainScheme;
pub use scheme::{
    Algorithm, Encoding, Grammar, Mechanism, Names, Scheme, SecretEncoding, TimestampRule,
    UnprefixedSecret, UrlForm,
};
pub use sign::{SignError, Signed, sign};
pub use template::{Part, Template};
pub use verify::{SignatureFault, Verification, Verifier, VerifyError, verify};
