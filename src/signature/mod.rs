//! Signatures: what a scheme is (data), making them and judging them. Pure: the clock is passed in, and
//! nothing here knows a provider, a socket or a file.

mod content;
mod diagnose;
mod handshake;
mod key;
mod keys;
mod scheme;
mod sign;
mod template;
mod verify;

pub use diagnose::{
    Finding, Subject, diagnose, expected_signature, matches_without_required_headers,
};
pub use handshake::{Challenged, Handshake, HandshakeReply};
pub use key::{KeyError, check_secrets};
pub use keys::{Keys, TEST_SECRET, new_keys, test_keys};
pub use scheme::{
    Algorithm, Encoding, Grammar, Mechanism, Names, Scheme, SecretForm, TimestampRule, UrlForms,
    WithoutPrefix,
};
pub use sign::{SignError, Signed, sign};
pub use template::{Part, Template};
pub use verify::{SignatureFault, Verification, Verifier, VerifyError, verify};

use crate::model::{Headers, Request, Secret};

/// What a signature may cover besides the body.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    pub method: &'a str,
    /// The URL as the sender knows it, where it is known.
    pub url: Option<&'a str>,
    pub headers: &'a Headers,
}

impl<'a> Envelope<'a> {
    /// A request's own; `url` is what the sender called it by.
    pub fn of(request: &'a Request, url: Option<&'a str>) -> Self {
        Self {
            method: &request.method,
            url,
            headers: &request.headers,
        }
    }
}

/// The secret that stands in a request itself, where the scheme puts it there.
pub fn carried(scheme: &Scheme, envelope: Envelope<'_>, body: &[u8]) -> Option<Secret> {
    if !scheme.sends_secret() {
        return None;
    }
    let texts = content::Reading::new(scheme, envelope, Some(body)).signature_texts();
    let read = content::Signatures::read(scheme, &texts)
        .decoded
        .into_iter()
        .next();
    // What cannot be read is what stands there: a mask, say.
    read.or_else(|| texts.into_iter().next()).map(Secret::new)
}

/// The URL that the sender called, for schemes that sign it: what `public` says, else what the request
/// says of itself. A `public` URL with no path of its own is that of the server, else that of the request.
pub fn signed_url(public: Option<&str>, is_https: bool, request: &Request) -> Option<String> {
    let Some(public) = public else {
        return request.url(is_https);
    };
    let behind_scheme = public.split_once("://").map_or(public, |(_, rest)| rest);
    Some(match behind_scheme.trim_end_matches('/').contains('/') {
        false => format!("{}{}", public.trim_end_matches('/'), request.target),
        true if public.contains('?') => public.to_owned(),
        true => match request.target.split_once('?') {
            Some((_, query)) => format!("{public}?{query}"),
            None => public.to_owned(),
        },
    })
}
