//! Judging signatures. The body may come in pieces; for an HMAC it is never held.

use std::time::Duration;

use jiff::Timestamp;

use super::Envelope;
use super::scheme::{Encoding, Mechanism, Place, Scheme};
use super::sign::{KeyedHash, SignError};
use crate::message::base64_bytes;
use crate::payload::{Document, Path, read_timestamp};
use crate::secret::Secret;

/// What a signature is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    Invalid(Reason),
    /// There is no signature.
    Missing,
    /// There was nothing to judge with: no scheme or no secret.
    Unchecked,
}

/// Why a signature is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What stands there is no signature of this scheme.
    Malformed(&'static str),
    /// It is one, of something else or by another key.
    Mismatch,
    /// It matches, but was made too long ago: by so much more than the tolerance.
    TooOld { by: Duration, tolerance: Duration },
    /// It matches, but comes from the future.
    TooNew { by: Duration, tolerance: Duration },
}

impl Verdict {
    /// The stable word for documents and filters.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid(_) => "invalid",
            Self::Missing => "missing",
            Self::Unchecked => "unchecked",
        }
    }

    /// The stable code of the reason; none where there is nothing to explain.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Valid | Self::Unchecked => None,
            Self::Missing => Some("no_signature"),
            Self::Invalid(Reason::Malformed(_)) => Some("malformed"),
            Self::Invalid(Reason::Mismatch) => Some("mismatch"),
            Self::Invalid(Reason::TooOld { .. }) => Some("timestamp_too_old"),
            Self::Invalid(Reason::TooNew { .. }) => Some("timestamp_too_new"),
        }
    }
}

/// What keeps a verification from starting; no verdict on the request.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifyError {
    #[error(transparent)]
    Secret(#[from] SignError),
}

/// A verification under way: made from the request's head, fed with its body, then asked for the verdict.
pub struct Verifier<'a> {
    scheme: &'a Scheme,
    secrets: &'a [Secret],
    now: Timestamp,
    tolerance: Option<Duration>,
    state: State,
}

enum State {
    Decided(Verdict),
    /// The body is needed as a whole: the token stands in it.
    Token {
        path: Path,
        body: Vec<u8>,
    },
    Hmac {
        macs: Vec<KeyedHash>,
        signatures: Vec<Vec<u8>>,
        suffix: Vec<u8>,
        timestamp: Option<Timestamp>,
    },
}

/// Verifies a request whose body is at hand.
pub fn verify(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<Verdict, VerifyError> {
    let mut verifier = Verifier::new(scheme, secrets, envelope, now)?;
    verifier.update(body);
    Ok(verifier.finish())
}

impl<'a> Verifier<'a> {
    pub fn new(
        scheme: &'a Scheme,
        secrets: &'a [Secret],
        envelope: Envelope<'_>,
        now: Timestamp,
    ) -> Result<Self, VerifyError> {
        let tolerance = scheme.timestamp.as_ref().and_then(|rule| rule.tolerance);
        let state = match scheme.mechanism {
            Mechanism::Token => token_state(scheme, secrets, envelope),
            Mechanism::Hmac => hmac_state(scheme, secrets, envelope)?,
        };
        Ok(Self {
            scheme,
            secrets,
            now,
            tolerance,
            state,
        })
    }

    /// How far a signed timestamp may be off, instead of the scheme's own figure.
    pub fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// The next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        match &mut self.state {
            State::Decided(_) => {}
            State::Token { body, .. } => body.extend_from_slice(piece),
            // A body that the content does not name is not signed.
            State::Hmac { .. } if !self.scheme.content.covers_body() => {}
            State::Hmac { macs, .. } => macs.iter_mut().for_each(|mac| mac.update(piece)),
        }
    }

    pub fn finish(self) -> Verdict {
        match self.state {
            State::Decided(verdict) => verdict,
            State::Token { path, body } => {
                let Ok(document) = Document::parse(&body) else {
                    return Verdict::Invalid(Reason::Malformed(
                        "the body is not JSON, and the token stands in it",
                    ));
                };
                match document.get(&path) {
                    None => Verdict::Missing,
                    Some(value) => match value.as_str() {
                        Some(token) if token.is_empty() => Verdict::Missing,
                        Some(token) => judge_token(self.secrets, token.as_bytes()),
                        None => Verdict::Invalid(Reason::Malformed(
                            "the token in the body is no string",
                        )),
                    },
                }
            }
            State::Hmac {
                mut macs,
                signatures,
                suffix,
                timestamp,
            } => {
                macs.iter_mut().for_each(|mac| mac.update(&suffix));
                let matches = macs.iter().any(|mac| {
                    signatures
                        .iter()
                        .any(|signature| mac.clone().matches(signature))
                });
                if !matches {
                    return Verdict::Invalid(Reason::Mismatch);
                }
                match (timestamp, self.tolerance) {
                    (Some(signed_at), Some(tolerance)) => {
                        judge_time(self.scheme, signed_at, self.now, tolerance)
                    }
                    _ => Verdict::Valid,
                }
            }
        }
    }
}

fn token_state(scheme: &Scheme, secrets: &[Secret], envelope: Envelope<'_>) -> State {
    if let Some(path) = &scheme.body {
        return State::Token {
            path: path.clone(),
            body: Vec::new(),
        };
    }
    let header = scheme.header.as_deref().unwrap_or_default();
    State::Decided(match envelope.headers.get(header) {
        None => Verdict::Missing,
        Some([]) => Verdict::Missing,
        Some(value) => match value.strip_prefix(scheme.prefix.as_bytes()) {
            Some(token) => judge_token(secrets, token),
            None => Verdict::Invalid(Reason::Malformed("the token lacks the scheme's prefix")),
        },
    })
}

/// Equality in constant time, whatever the lengths: both sides are hashed under the secret, and the
/// hashes are compared.
fn judge_token(secrets: &[Secret], token: &[u8]) -> Verdict {
    let scheme = Scheme::hmac_sha256_hex("");
    let equal = |secret: &Secret| {
        let (Ok(mut ours), Ok(mut theirs)) = (
            KeyedHash::new(&scheme, secret),
            KeyedHash::new(&scheme, secret),
        ) else {
            return false;
        };
        ours.update(secret.expose());
        theirs.update(token);
        ours.matches(&theirs.finish())
    };
    // Every secret is tried, so that the time does not tell which one fitted.
    let fits = secrets
        .iter()
        .fold(false, |fits, secret| fits | equal(secret));
    if fits {
        Verdict::Valid
    } else {
        Verdict::Invalid(Reason::Mismatch)
    }
}

fn hmac_state(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
) -> Result<State, VerifyError> {
    let header = scheme.header.as_deref().unwrap_or_default();
    let decided = |verdict| Ok(State::Decided(verdict));
    let mut values = envelope
        .headers
        .all(header)
        .filter(|value| !value.is_empty())
        .peekable();
    if values.peek().is_none() {
        return decided(Verdict::Missing);
    }
    let mut found = Found::default();
    for value in values {
        found.read(scheme, value);
    }
    if found.signatures.is_empty() {
        return decided(Verdict::Invalid(Reason::Malformed(
            found.complaint.unwrap_or("no signature could be read"),
        )));
    }
    let timestamp_text: Option<Vec<u8>> = match scheme.timestamp.as_ref() {
        None => None,
        Some(rule) => match &rule.header {
            Some(name) => envelope.headers.get(name).map(<[u8]>::to_vec),
            None => found.timestamp.clone(),
        },
    };
    let mut timestamp = None;
    if let Some(rule) = &scheme.timestamp {
        let text = timestamp_text
            .as_deref()
            .and_then(|text| std::str::from_utf8(text).ok());
        timestamp = text.and_then(|text| read_timestamp(rule.format, text));
        if timestamp.is_none() {
            return decided(Verdict::Invalid(Reason::Malformed(
                "the timestamp is missing or cannot be read",
            )));
        }
    }
    let mut before = Vec::new();
    let mut suffix = Vec::new();
    let mut behind_body = false;
    for place in scheme.content.places() {
        let out = if behind_body {
            &mut suffix
        } else {
            &mut before
        };
        match place {
            Place::Body => behind_body = true,
            Place::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Place::Timestamp => {
                out.extend_from_slice(timestamp_text.as_deref().unwrap_or_default());
            }
            Place::Id => match scheme
                .id_header
                .as_deref()
                .and_then(|name| envelope.headers.get(name))
            {
                Some(id) => out.extend_from_slice(id),
                None => {
                    return decided(Verdict::Invalid(Reason::Malformed(
                        "the message's id is missing",
                    )));
                }
            },
            Place::Method => out.extend_from_slice(envelope.method.as_bytes()),
            Place::Url => out.extend_from_slice(envelope.url.ok_or(SignError::NoUrl)?.as_bytes()),
            Place::Header(name) => match envelope.headers.get(name) {
                Some(value) => out.extend_from_slice(value),
                None => {
                    return decided(Verdict::Invalid(Reason::Malformed(
                        "a signed header is missing",
                    )));
                }
            },
        }
    }
    let mut macs = Vec::with_capacity(secrets.len());
    for secret in secrets {
        let mut mac = KeyedHash::new(scheme, secret)?;
        mac.update(&before);
        macs.push(mac);
    }
    Ok(State::Hmac {
        macs,
        signatures: found.signatures,
        suffix,
        timestamp,
    })
}

#[derive(Default)]
struct Found {
    signatures: Vec<Vec<u8>>,
    timestamp: Option<Vec<u8>>,
    complaint: Option<&'static str>,
}

impl Found {
    fn read(&mut self, scheme: &Scheme, value: &[u8]) {
        let Ok(value) = std::str::from_utf8(value) else {
            self.complaint = Some("the header is not text");
            return;
        };
        match &scheme.grammar {
            None => self.signature(scheme, value.trim()),
            Some(grammar) => {
                for item in value.split(grammar.items) {
                    let Some((name, value)) = item.trim().split_once(grammar.pair) else {
                        self.complaint
                            .get_or_insert("the header does not hold named values");
                        continue;
                    };
                    if name == grammar.signature {
                        self.signature(scheme, value);
                    } else if Some(name) == grammar.timestamp.as_deref() && self.timestamp.is_none()
                    {
                        self.timestamp = Some(value.as_bytes().to_vec());
                    }
                }
            }
        }
    }

    fn signature(&mut self, scheme: &Scheme, text: &str) {
        let Some(encoded) = text.strip_prefix(&scheme.prefix) else {
            self.complaint = Some("the signature lacks the scheme's prefix");
            return;
        };
        let bytes = match scheme.encoding {
            Encoding::Hex => hex::decode(encoded).ok(),
            Encoding::Base64 => base64_bytes(encoded),
        };
        match bytes {
            Some(bytes) if !bytes.is_empty() => self.signatures.push(bytes),
            _ => {
                self.complaint = Some(match scheme.encoding {
                    Encoding::Hex => "the signature is not hex",
                    Encoding::Base64 => "the signature is not base64",
                });
            }
        }
    }
}

fn judge_time(
    scheme: &Scheme,
    signed_at: Timestamp,
    now: Timestamp,
    tolerance: Duration,
) -> Verdict {
    let age = now.duration_since(signed_at);
    let distance = age.unsigned_abs();
    let Some(by) = distance.checked_sub(tolerance).filter(|by| !by.is_zero()) else {
        return Verdict::Valid;
    };
    let past_only = scheme.timestamp.as_ref().is_some_and(|rule| rule.past_only);
    if age.is_positive() {
        Verdict::Invalid(Reason::TooOld { by, tolerance })
    } else if past_only {
        Verdict::Valid
    } else {
        Verdict::Invalid(Reason::TooNew { by, tolerance })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign::sign;
    use super::*;
    use crate::message::Headers;
    use proptest::prelude::*;

    fn stripe_like() -> Scheme {
        toml::from_str(
            r#"
            mechanism = "hmac"
            header = "X-Sig"
            content = "{timestamp}.{body}"
            grammar = { items = ",", pair = "=", signature = "v1", timestamp = "t" }
            timestamp = { format = "unix_s", tolerance = "5m" }
            "#,
        )
        .unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn signed(scheme: &Scheme, secrets: &[Secret], body: &[u8], now: Timestamp) -> Headers {
        let none = Headers::new();
        let envelope = Envelope {
            method: "POST",
            url: None,
            headers: &none,
        };
        let signed = sign(scheme, secrets, envelope, body, now, "msg_1").unwrap();
        signed
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes()))
            .collect()
    }

    fn judged(
        scheme: &Scheme,
        secret: &str,
        headers: &Headers,
        body: &[u8],
        now: Timestamp,
    ) -> Verdict {
        let envelope = Envelope {
            method: "POST",
            url: None,
            headers,
        };
        verify(scheme, &[Secret::new(secret)], envelope, body, now).unwrap()
    }

    #[test]
    fn a_published_hmac_sha256_value_is_reproduced() {
        // RFC 4231, test case 2.
        let headers = signed(
            &Scheme::hmac_sha256_hex("X-Sig"),
            &[Secret::new("Jefe")],
            b"what do ya want for nothing?",
            at(0),
        );
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(headers.get("x-sig"), Some(expected.as_bytes()));
    }

    #[test]
    fn a_matching_signature_with_an_old_timestamp_says_by_how_much() {
        let scheme = stripe_like();
        let headers = signed(&scheme, &[Secret::new("k")], b"{}", at(1000));
        let tolerance = Duration::from_secs(300);
        assert_eq!(
            judged(&scheme, "k", &headers, b"{}", at(1300)),
            Verdict::Valid
        );
        let by = Duration::from_secs(7);
        assert_eq!(
            judged(&scheme, "k", &headers, b"{}", at(1307)),
            Verdict::Invalid(Reason::TooOld { by, tolerance })
        );
        assert_eq!(
            judged(&scheme, "k", &headers, b"{}", at(693)),
            Verdict::Invalid(Reason::TooNew { by, tolerance })
        );
        assert_eq!(
            judged(&scheme, "other", &headers, b"{}", at(1307)),
            Verdict::Invalid(Reason::Mismatch),
            "a wrong secret is never explained by the clock"
        );
    }

    #[test]
    fn a_timestamp_counts_even_where_the_body_is_not_signed() {
        let mut scheme = stripe_like();
        scheme.content = "{timestamp}.token".parse().unwrap();
        let headers = signed(&scheme, &[Secret::new("k")], b"one", at(1000));
        assert_eq!(
            judged(&scheme, "k", &headers, b"another", at(1000)),
            Verdict::Valid
        );
        let late = judged(&scheme, "k", &headers, b"one", at(2000));
        assert_eq!(late.reason(), Some("timestamp_too_old"));
        let wrong = judged(&scheme, "other", &headers, b"one", at(1000));
        assert_eq!(wrong, Verdict::Invalid(Reason::Mismatch));
    }

    #[test]
    fn during_rotation_either_secret_is_enough() {
        let scheme = stripe_like();
        let headers = signed(
            &scheme,
            &[Secret::new("old"), Secret::new("new")],
            b"{}",
            at(1000),
        );
        for secret in ["old", "new"] {
            assert_eq!(
                judged(&scheme, secret, &headers, b"{}", at(1000)),
                Verdict::Valid
            );
        }
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_verdict() {
        let scheme = Scheme::hmac_sha256_hex("X-Sig");
        let with = |value: &str| {
            [("x-sig".to_owned(), value.as_bytes().to_vec())]
                .into_iter()
                .collect::<Headers>()
        };
        assert_eq!(
            judged(&scheme, "k", &Headers::new(), b"", at(0)).reason(),
            Some("no_signature")
        );
        assert_eq!(
            judged(&scheme, "k", &with(""), b"", at(0)).reason(),
            Some("no_signature")
        );
        assert_eq!(
            judged(&scheme, "k", &with("xyz"), b"", at(0)).reason(),
            Some("malformed")
        );
        assert_eq!(
            judged(&scheme, "k", &with("abcd"), b"", at(0)).reason(),
            Some("mismatch")
        );
    }

    #[test]
    fn a_token_in_the_body_is_set_and_found_again() {
        let scheme: Scheme =
            toml::from_str("mechanism = \"token\"\nbody = \"/payload/secret\"").unwrap();
        let none = Headers::new();
        let envelope = Envelope {
            method: "POST",
            url: None,
            headers: &none,
        };
        let body = br#"{"payload":{"a":1,"secret":"x"}}"#;
        let signed = sign(&scheme, &[Secret::new("s\"1")], envelope, body, at(0), "").unwrap();
        assert_eq!(
            signed.body.as_deref(),
            Some(br#"{"payload":{"a":1,"secret":"s\"1"}}"#.as_slice())
        );
        let judge = |body: &[u8]| judged(&scheme, "s\"1", &none, body, at(0));
        assert_eq!(judge(&signed.body.unwrap()), Verdict::Valid);
        assert_eq!(judge(body).reason(), Some("mismatch"));
        assert_eq!(judge(b"{}").reason(), Some("no_signature"));
        assert_eq!(judge(b"no json").reason(), Some("malformed"));
        assert_eq!(
            judge(br#"{"payload":{"secret":1}}"#).reason(),
            Some("malformed")
        );
    }

    proptest! {
        #[test]
        fn what_is_signed_verifies_and_one_flipped_bit_does_not(
            body in prop::collection::vec(any::<u8>(), 1..200), secret in ".{1,40}", bit in any::<prop::sample::Index>(),
            cut in any::<prop::sample::Index>(), second in 0_i64..4_000_000_000,
        ) {
            for scheme in [Scheme::hmac_sha256_hex("X-Sig"), stripe_like()] {
                let secrets = [Secret::new(secret.as_str())];
                let headers = signed(&scheme, &secrets, &body, at(second));
                let envelope = Envelope { method: "POST", url: None, headers: &headers };
                let mut verifier = Verifier::new(&scheme, &secrets, envelope, at(second)).unwrap();
                let (head, tail) = body.split_at(cut.index(body.len()));
                verifier.update(head);
                verifier.update(tail);
                prop_assert_eq!(verifier.finish(), Verdict::Valid);
                let mut flipped = body.clone();
                let bit = bit.index(body.len() * 8);
                flipped[bit / 8] ^= 1 << (bit % 8);
                prop_assert_eq!(judged(&scheme, &secret, &headers, &flipped, at(second)), Verdict::Invalid(Reason::Mismatch));
            }
        }
    }
}
