//! Signatures: what a scheme is (data), making them and judging them. Pure: the clock is passed in, and
//! nothing here knows a provider, a socket or a file.

mod scheme;
mod sign;
mod verify;

pub use scheme::{
    Algorithm, Encoding, Grammar, Mechanism, Place, Scheme, SecretForm, Template, TimestampRule,
};
pub use sign::{SignError, Signed, check_secrets, sign};
pub use verify::{Reason, Verdict, Verifier, VerifyError, verify};

use crate::message::Headers;

/// What a signature may cover besides the body.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    pub method: &'a str,
    /// The URL as the sender knows it, where it is known.
    pub url: Option<&'a str>,
    pub headers: &'a Headers,
}
