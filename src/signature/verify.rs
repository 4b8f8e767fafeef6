//! Judging signatures. The body may come in pieces; where the scheme reads nothing out of it, it is never
//! held.

use std::io::{self, Read};
use std::time::Duration;

use jiff::Timestamp;

use super::Envelope;
use super::content::{Lacking, Piece, Reading, Signatures};
use super::key::{KeyError, KeyedHash, VerifyingKey, equal, sha256, shared_key};
use super::scheme::Scheme;
use super::template::Part;
use crate::model::{Secret, Verdict, VerdictReason};
use crate::payload::read_timestamp;

/// How much of a body is read at once.
const PIECE_BYTES: usize = 256 << 10;

/// What verifying a signature came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    Valid,
    Invalid(SignatureFault),
    /// The request has no signature.
    Missing,
    /// There was nothing to verify with: no scheme or no secret.
    Unchecked,
}

/// Why a signature is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureFault {
    /// The value is not a signature of this scheme; `at` where it is another part of the request that
    /// is at fault.
    Malformed { why: &'static str, at: Option<Part> },
    /// It is one, of something else or by another key.
    Mismatch,
    /// It matches, but was made too long ago: by so much more than the tolerance.
    TooOld { by: Duration, tolerance: Duration },
    /// It matches, but comes from the future.
    TooNew { by: Duration, tolerance: Duration },
}

impl Verification {
    /// The verdict alone.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Valid => Verdict::Valid,
            Self::Invalid(_) => Verdict::Invalid,
            Self::Missing => Verdict::Missing,
            Self::Unchecked => Verdict::Unchecked,
        }
    }

    /// Whether the signature itself fits, whatever the clock says.
    pub(super) fn is_match(&self) -> bool {
        matches!(
            self,
            Self::Valid
                | Self::Invalid(SignatureFault::TooOld { .. } | SignatureFault::TooNew { .. })
        )
    }

    /// The stable code of the reason; none where there is nothing to explain.
    pub fn reason(&self) -> Option<VerdictReason> {
        match self {
            Self::Valid | Self::Unchecked => None,
            Self::Missing => Some(VerdictReason::NoSignature),
            Self::Invalid(SignatureFault::Malformed { .. }) => Some(VerdictReason::Malformed),
            Self::Invalid(SignatureFault::Mismatch) => Some(VerdictReason::Mismatch),
            Self::Invalid(SignatureFault::TooOld { .. }) => Some(VerdictReason::TimestampTooOld),
            Self::Invalid(SignatureFault::TooNew { .. }) => Some(VerdictReason::TimestampTooNew),
        }
    }
}

/// What keeps a verification from starting; no verdict on the request.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifyError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the scheme signs the URL, and the signed URL is unknown")]
    NoUrl,
}

/// A verification in progress (a copy is independent): made from the request's head, fed with its body, then asked for the verdict.
#[derive(Clone)]
pub struct Verifier<'a> {
    scheme: &'a Scheme,
    secrets: &'a [Secret],
    envelope: Envelope<'a>,
    now: Timestamp,
    tolerance: Option<Duration>,
    state: VerifierState,
}

#[derive(Clone)]
enum VerifierState {
    /// The head alone decides.
    Decided(Verification),
    /// The scheme reads something out of the body, or signs it in one go.
    Whole(Vec<u8>),
    /// The body goes through a hash for each secret and each way to write the content.
    Hashing {
        hashes: Vec<Hashing>,
        timestamp: Option<Timestamp>,
        signatures: Vec<Vec<u8>>,
    },
}

/// A hash that has taken in what is in front of the body.
#[derive(Clone)]
struct Hashing {
    hash: KeyedHash,
    after_body: Vec<u8>,
    takes_body: bool,
}

/// Verifies a request whose body is at hand.
pub fn verify(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<Verification, VerifyError> {
    if scheme.needs_whole_body() {
        let tolerance = scheme.timestamp.as_ref().and_then(|rule| rule.tolerance);
        return judge_whole(scheme, secrets, envelope, body, now, tolerance);
    }
    let mut verifier = Verifier::new(scheme, secrets, envelope, now)?;
    verifier.update(body);
    verifier.finish()
}

impl<'a> Verifier<'a> {
    pub fn new(
        scheme: &'a Scheme,
        secrets: &'a [Secret],
        envelope: Envelope<'a>,
        now: Timestamp,
    ) -> Result<Self, VerifyError> {
        let state = if scheme.needs_whole_body() {
            VerifierState::Whole(Vec::new())
        } else {
            match prepare(&Reading::new(scheme, envelope, None), scheme, envelope)? {
                Err(verdict) => VerifierState::Decided(verdict),
                Ok(prepared) if scheme.sends_secret() => {
                    VerifierState::Decided(judge_token(secrets, &prepared.signatures))
                }
                Ok(prepared) => VerifierState::Hashing {
                    hashes: hashes(scheme, secrets, &prepared.contents)?,
                    timestamp: prepared.timestamp,
                    signatures: prepared.signatures,
                },
            }
        };
        Ok(Self {
            scheme,
            secrets,
            envelope,
            now,
            tolerance: scheme.timestamp.as_ref().and_then(|rule| rule.tolerance),
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
            VerifierState::Decided(_) => {}
            VerifierState::Whole(body) => body.extend_from_slice(piece),
            VerifierState::Hashing { hashes, .. } => hashes
                .iter_mut()
                .filter(|hashing| hashing.takes_body)
                .for_each(|hashing| hashing.hash.update(piece)),
        }
    }

    /// All of the body that is left, piece by piece, so that its length does not matter. Returns it where it has at most
    /// so many bytes.
    pub fn read(&mut self, mut input: impl Read, most_held: usize) -> io::Result<Option<Vec<u8>>> {
        let mut piece = vec![0; PIECE_BYTES];
        let mut held = Some(Vec::new());
        loop {
            let read = match input.read(&mut piece) {
                Ok(0) => return Ok(held),
                Ok(read) => &piece[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.update(read);
            held = held.filter(|held| held.len() + read.len() <= most_held);
            if let Some(held) = &mut held {
                held.extend_from_slice(read);
            }
        }
    }

    pub fn finish(self) -> Result<Verification, VerifyError> {
        match self.state {
            VerifierState::Decided(verdict) => Ok(verdict),
            VerifierState::Whole(body) => judge_whole(
                self.scheme,
                self.secrets,
                self.envelope,
                &body,
                self.now,
                self.tolerance,
            ),
            VerifierState::Hashing {
                hashes,
                timestamp,
                signatures,
            } => {
                // Every hash is compared, so that the time does not tell which secret fitted.
                let matches = hashes.into_iter().fold(false, |matches, mut hashing| {
                    hashing.hash.update(&hashing.after_body);
                    let ours = hashing.hash.finish();
                    signatures
                        .iter()
                        .fold(matches, |matches, theirs| matches | equal(&ours, theirs))
                });
                Ok(judge(
                    matches,
                    self.scheme,
                    timestamp,
                    self.now,
                    self.tolerance,
                ))
            }
        }
    }
}

/// What the head says, and the body where the scheme reads it.
struct Prepared {
    signatures: Vec<Vec<u8>>,
    timestamp: Option<Timestamp>,
    contents: Vec<Vec<Piece>>,
}

/// Reads a request; the inner error is a verdict that needs no key.
fn prepare(
    reading: &Reading<'_>,
    scheme: &Scheme,
    envelope: Envelope<'_>,
) -> Result<Result<Prepared, Verification>, VerifyError> {
    let malformed_at = |why, at| {
        Ok(Err(Verification::Invalid(SignatureFault::Malformed {
            why,
            at,
        })))
    };
    let malformed = |why| malformed_at(why, None);
    let texts = reading.signature_texts();
    if texts.is_empty() {
        if scheme.body.is_some() && !reading.is_json() {
            return malformed(if scheme.form_path.is_some() {
                "the body is neither JSON nor a form with the signature or token"
            } else {
                "the body is not JSON, so the signature or token cannot be read from it"
            });
        }
        if reading.is_no_string() {
            return malformed("the signature or token in the body is not a string");
        }
        if scheme.query.is_some() && envelope.url.is_none() {
            return Err(VerifyError::NoUrl);
        }
        return Ok(Err(Verification::Missing));
    }
    let found = Signatures::read(scheme, &texts);
    if found.decoded.is_empty() {
        return malformed(found.complaint.unwrap_or("no signature could be read"));
    }
    if let Some((why, name)) = reading.foreign() {
        return malformed_at(why, Some(Part::Header(name.to_owned())));
    }
    let text = found.timestamp.or_else(|| reading.timestamp_text());
    let mut timestamp = None;
    if let Some(rule) = &scheme.timestamp {
        timestamp = text
            .as_deref()
            .and_then(|text| std::str::from_utf8(text).ok())
            .and_then(|text| read_timestamp(rule.format, text));
        if timestamp.is_none() && rule.tolerance.is_some() {
            let why = "the timestamp is missing or cannot be read";
            return malformed_at(why, Some(Part::Timestamp));
        }
    }
    if scheme.sends_secret() {
        return Ok(Ok(Prepared {
            signatures: found.decoded,
            timestamp,
            contents: Vec::new(),
        }));
    }
    match reading.contents(text.as_deref()) {
        Ok(contents) => Ok(Ok(Prepared {
            signatures: found.decoded,
            timestamp,
            contents,
        })),
        Err(Lacking::Url) => Err(VerifyError::NoUrl),
        Err(Lacking::Part(part, why)) => malformed_at(why, Some(part)),
    }
}

fn judge_whole(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
    body: &[u8],
    now: Timestamp,
    tolerance: Option<Duration>,
) -> Result<Verification, VerifyError> {
    let reading = Reading::new(scheme, envelope, Some(body));
    let prepared = match prepare(&reading, scheme, envelope)? {
        Ok(prepared) => prepared,
        Err(verdict) => return Ok(verdict),
    };
    let signatures = &prepared.signatures;
    let mut matches = false;
    if scheme.sends_secret() {
        return Ok(judge_token(secrets, signatures));
    } else if scheme.is_asymmetric() {
        for secret in secrets {
            let key = VerifyingKey::new(scheme, secret)?;
            for pieces in &prepared.contents {
                let message = message(pieces, body);
                matches |= signatures
                    .iter()
                    .any(|theirs| key.verifies(&message, theirs));
            }
        }
    } else {
        for mut hashing in hashes(scheme, secrets, &prepared.contents)? {
            if hashing.takes_body {
                hashing.hash.update(body);
            }
            hashing.hash.update(&hashing.after_body);
            let ours = hashing.hash.finish();
            matches = signatures
                .iter()
                .fold(matches, |matches, theirs| matches | equal(&ours, theirs));
        }
    }
    matches &= reading.body_digest_fits();
    Ok(judge(matches, scheme, prepared.timestamp, now, tolerance))
}

/// The content as one piece.
pub(super) fn message(pieces: &[Piece], body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(body.len() + 64);
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => message.extend_from_slice(bytes),
            Piece::Body => message.extend_from_slice(body),
            // `Scheme::check` keeps it out of all but hashes.
            Piece::Secret => {}
        }
    }
    message
}

/// A hash for each secret and each way to write the content, up to the body.
fn hashes(
    scheme: &Scheme,
    secrets: &[Secret],
    contents: &[Vec<Piece>],
) -> Result<Vec<Hashing>, KeyError> {
    let mut hashes = Vec::with_capacity(secrets.len() * contents.len());
    for secret in secrets {
        for pieces in contents {
            hashes.push(hashing(scheme, secret, pieces)?);
        }
    }
    Ok(hashes)
}

fn hashing(scheme: &Scheme, secret: &Secret, pieces: &[Piece]) -> Result<Hashing, KeyError> {
    let mut hashing = Hashing {
        hash: KeyedHash::new(scheme, secret)?,
        after_body: Vec::new(),
        takes_body: false,
    };
    for piece in pieces {
        let key;
        let bytes = match piece {
            Piece::Body => {
                hashing.takes_body = true;
                continue;
            }
            Piece::Bytes(bytes) => bytes.as_slice(),
            Piece::Secret => {
                key = shared_key(scheme, secret)?;
                key.expose()
            }
        };
        if hashing.takes_body {
            hashing.after_body.extend_from_slice(bytes);
        } else {
            hashing.hash.update(bytes);
        }
    }
    Ok(hashing)
}

/// The hash of a content whose body is at hand.
pub(super) fn hash_of(
    scheme: &Scheme,
    secret: &Secret,
    pieces: &[Piece],
    body: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let mut hashing = hashing(scheme, secret, pieces)?;
    if hashing.takes_body {
        hashing.hash.update(body);
    }
    hashing.hash.update(&hashing.after_body);
    Ok(hashing.hash.finish())
}

/// Equality in constant time, whatever the lengths: hashes are compared. Every pair is tried, so that the
/// time does not tell which secret fitted.
fn judge_token(secrets: &[Secret], tokens: &[Vec<u8>]) -> Verification {
    let mut fits = false;
    for secret in secrets {
        let ours = sha256(secret.expose());
        for token in tokens {
            fits |= equal(&ours, &sha256(token));
        }
    }
    if fits {
        Verification::Valid
    } else {
        Verification::Invalid(SignatureFault::Mismatch)
    }
}

/// The time counts only once the signature matches: a wrong secret is not explained by the clock.
fn judge(
    matches: bool,
    scheme: &Scheme,
    timestamp: Option<Timestamp>,
    now: Timestamp,
    tolerance: Option<Duration>,
) -> Verification {
    match (matches, timestamp, tolerance) {
        (false, ..) => Verification::Invalid(SignatureFault::Mismatch),
        (true, Some(signed_at), Some(tolerance)) => judge_time(scheme, signed_at, now, tolerance),
        (true, ..) => Verification::Valid,
    }
}

fn judge_time(
    scheme: &Scheme,
    signed_at: Timestamp,
    now: Timestamp,
    tolerance: Duration,
) -> Verification {
    let age = now.duration_since(signed_at);
    let distance = age.unsigned_abs();
    let Some(by) = distance.checked_sub(tolerance).filter(|by| !by.is_zero()) else {
        return Verification::Valid;
    };
    let past_only = scheme.timestamp.as_ref().is_some_and(|rule| rule.past_only);
    if age.is_positive() {
        Verification::Invalid(SignatureFault::TooOld { by, tolerance })
    } else if past_only {
        Verification::Valid
    } else {
        Verification::Invalid(SignatureFault::TooNew { by, tolerance })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sign::sign;
    use super::*;
    use crate::model::Headers;
    use proptest::prelude::*;

    fn stripe_like() -> Scheme {
        toml::from_str(
            r#"
            mechanism = "hmac"
            header = "X-Sig"
            content = "{timestamp}.{body}"
            grammar = { item_separator = ",", pair_separator = "=", signature = "v1", timestamp = "t" }
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
    ) -> Verification {
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
            Verification::Valid
        );
        let by = Duration::from_secs(7);
        assert_eq!(
            judged(&scheme, "k", &headers, b"{}", at(1307)),
            Verification::Invalid(SignatureFault::TooOld { by, tolerance })
        );
        assert_eq!(
            judged(&scheme, "k", &headers, b"{}", at(693)),
            Verification::Invalid(SignatureFault::TooNew { by, tolerance })
        );
        assert_eq!(
            judged(&scheme, "other", &headers, b"{}", at(1307)),
            Verification::Invalid(SignatureFault::Mismatch),
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
            Verification::Valid
        );
        let late = judged(&scheme, "k", &headers, b"one", at(2000));
        assert_eq!(late.reason(), Some(VerdictReason::TimestampTooOld));
        let wrong = judged(&scheme, "other", &headers, b"one", at(1000));
        assert_eq!(wrong, Verification::Invalid(SignatureFault::Mismatch));
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
                Verification::Valid
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
            Some(VerdictReason::NoSignature)
        );
        assert_eq!(
            judged(&scheme, "k", &with(""), b"", at(0)).reason(),
            Some(VerdictReason::NoSignature)
        );
        assert_eq!(
            judged(&scheme, "k", &with("xyz"), b"", at(0)).reason(),
            Some(VerdictReason::Malformed)
        );
        assert_eq!(
            judged(&scheme, "k", &with("abcd"), b"", at(0)).reason(),
            Some(VerdictReason::Mismatch)
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
        assert_eq!(judge(&signed.body.unwrap()), Verification::Valid);
        assert_eq!(judge(body).reason(), Some(VerdictReason::Mismatch));
        assert_eq!(judge(b"{}").reason(), Some(VerdictReason::NoSignature));
        assert_eq!(judge(b"no json").reason(), Some(VerdictReason::Malformed));
        assert_eq!(
            judge(br#"{"payload":{"secret":1}}"#).reason(),
            Some(VerdictReason::Malformed)
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
                prop_assert_eq!(verifier.finish().unwrap(), Verification::Valid);
                let mut flipped = body.clone();
                let bit = bit.index(body.len() * 8);
                flipped[bit / 8] ^= 1 << (bit % 8);
                prop_assert_eq!(judged(&scheme, &secret, &headers, &flipped, at(second)), Verification::Invalid(SignatureFault::Mismatch));
            }
        }
    }
}
