//! Making signatures.

use jiff::Timestamp;

use super::Envelope;
use super::scheme::{Algorithm, Encoding, Mechanism, Place, Scheme, SecretForm};
use crate::message::{base64_bytes, base64_text};
use crate::payload::{Document, Edit, Kind, TimestampFormat, apply};
use crate::secret::Secret;

use hmac::{Hmac, KeyInit as _, Mac as _};

/// The headers of a signed request, in order, and its body where the scheme changes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed {
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SignError {
    #[error("there is no secret to sign with")]
    NoSecret,
    #[error("the secret is no {0}: this scheme decodes it")]
    BadSecret(&'static str),
    #[error("the scheme signs the URL: give it with --url")]
    NoUrl,
    #[error("the scheme signs the header `{0}`, which the request does not have")]
    NoHeader(String),
    #[error("the secret goes into the body at `{path}`, and the body has no such place: {why}")]
    NoPlace { path: String, why: String },
    #[error("the secret is not UTF-8, and the scheme puts it into a {0}")]
    SecretNotText(&'static str),
}

/// Signs `body`. With several secrets (rotation), a header that can hold several signatures gets one of
/// each; elsewhere the first secret signs. `id` is the message's id, for schemes that sign one.
pub fn sign(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
    body: &[u8],
    now: Timestamp,
    id: &str,
) -> Result<Signed, SignError> {
    let first = secrets.first().ok_or(SignError::NoSecret)?;
    match scheme.mechanism {
        Mechanism::Token => sign_with_token(scheme, first, body),
        Mechanism::Hmac => sign_with_hmac(scheme, secrets, envelope, body, now, id),
    }
}

fn sign_with_token(scheme: &Scheme, secret: &Secret, body: &[u8]) -> Result<Signed, SignError> {
    if let Some(header) = &scheme.header {
        let token =
            std::str::from_utf8(secret.expose()).map_err(|_| SignError::SecretNotText("header"))?;
        return Ok(Signed {
            headers: vec![(header.clone(), format!("{}{token}", scheme.prefix))],
            body: None,
        });
    }
    let path = scheme.body.clone().unwrap_or_default();
    let token =
        std::str::from_utf8(secret.expose()).map_err(|_| SignError::SecretNotText("JSON body"))?;
    let refused = |why: String| SignError::NoPlace {
        path: path.to_string(),
        why,
    };
    let text = std::str::from_utf8(body).map_err(|_| refused("it is not UTF-8".to_owned()))?;
    if Document::parse(body).is_ok_and(|document| document.root().kind() != Kind::Object) {
        return Err(refused("it is no JSON object".to_owned()));
    }
    let value = serde_json::Value::from(token).to_string();
    let body = apply(
        text,
        &[Edit::Set {
            path: path.clone(),
            value,
        }],
    )
    .map_err(|error| refused(error.to_string()))?;
    Ok(Signed {
        headers: Vec::new(),
        body: Some(body.into_bytes()),
    })
}

fn sign_with_hmac(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
    body: &[u8],
    now: Timestamp,
    id: &str,
) -> Result<Signed, SignError> {
    let timestamp = scheme.timestamp.as_ref().map(|rule| match rule.format {
        TimestampFormat::UnixS => now.as_second().to_string(),
        TimestampFormat::UnixMs => now.as_millisecond().to_string(),
        TimestampFormat::Iso8601 => now.to_string(),
    });
    let mut headers = Vec::new();
    let repeats = scheme.grammar.is_some();
    let mut signatures = Vec::new();
    for secret in secrets.iter().take(if repeats { secrets.len() } else { 1 }) {
        let mut mac = KeyedHash::new(scheme, secret)?;
        for place in scheme.content.places() {
            match place {
                Place::Body => mac.update(body),
                Place::Literal(text) => mac.update(text.as_bytes()),
                Place::Timestamp => mac.update(timestamp.as_deref().unwrap_or_default().as_bytes()),
                Place::Id => mac.update(id.as_bytes()),
                Place::Method => mac.update(envelope.method.as_bytes()),
                Place::Url => mac.update(envelope.url.ok_or(SignError::NoUrl)?.as_bytes()),
                Place::Header(name) => {
                    mac.update(
                        envelope
                            .headers
                            .get(name)
                            .ok_or_else(|| SignError::NoHeader(name.clone()))?,
                    );
                }
            }
        }
        let encoded = match scheme.encoding {
            Encoding::Hex => hex::encode(mac.finish()),
            Encoding::Base64 => base64_text(&mac.finish()),
        };
        signatures.push(format!("{}{encoded}", scheme.prefix));
    }
    if let (Some(header), false) = (&scheme.id_header, id.is_empty()) {
        headers.push((header.clone(), id.to_owned()));
    }
    let timestamp_header = scheme
        .timestamp
        .as_ref()
        .and_then(|rule| rule.header.clone());
    if let (Some(header), Some(text)) = (timestamp_header, &timestamp) {
        headers.push((header, text.clone()));
    }
    let value = match &scheme.grammar {
        None => signatures.swap_remove(0),
        Some(grammar) => {
            let mut items = Vec::new();
            if let (Some(name), Some(text)) = (&grammar.timestamp, &timestamp) {
                items.push(format!("{name}{}{text}", grammar.pair));
            }
            items.extend(
                signatures
                    .iter()
                    .map(|signature| format!("{}{}{signature}", grammar.signature, grammar.pair)),
            );
            items.join(&grammar.items.to_string())
        }
    };
    headers.push((scheme.header.clone().unwrap_or_default(), value));
    Ok(Signed {
        headers,
        body: None,
    })
}

/// Says whether the scheme can use these secrets.
pub fn check_secrets(scheme: &Scheme, secrets: &[Secret]) -> Result<(), SignError> {
    secrets
        .iter()
        .try_for_each(|secret| key_of(scheme, secret).map(|_| ()))
}

/// The key that a secret's text stands for.
pub(super) fn key_of(scheme: &Scheme, secret: &Secret) -> Result<Secret, SignError> {
    let text = secret.expose();
    let text = match &scheme.secret_prefix {
        Some(prefix) => text.strip_prefix(prefix.as_bytes()).unwrap_or(text),
        None => text,
    };
    let decode = |text: &[u8]| {
        std::str::from_utf8(text)
            .ok()
            .map(str::trim)
            .map(str::to_owned)
    };
    match scheme.secret {
        SecretForm::Utf8 => Ok(Secret::new(text)),
        SecretForm::Base64 => {
            let bytes = decode(text).and_then(|text| base64_bytes(&text));
            bytes.map(Secret::new).ok_or(SignError::BadSecret("base64"))
        }
        SecretForm::Hex => {
            let bytes = decode(text).and_then(|text| hex::decode(text).ok());
            bytes.map(Secret::new).ok_or(SignError::BadSecret("hex"))
        }
    }
}

/// An HMAC under way; the algorithm is the scheme's.
#[derive(Clone)]
pub(super) enum KeyedHash {
    Sha1(Hmac<sha1::Sha1>),
    Sha256(Hmac<sha2::Sha256>),
    Sha512(Hmac<sha2::Sha512>),
}

impl KeyedHash {
    pub(super) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, SignError> {
        let key = key_of(scheme, secret)?;
        // HMAC takes keys of any length (RFC 2104, section 2), so the error cannot happen.
        let refused = |_| SignError::BadSecret("HMAC key");
        Ok(match scheme.algorithm {
            Algorithm::Sha1 => Self::Sha1(Hmac::new_from_slice(key.expose()).map_err(refused)?),
            Algorithm::Sha256 => Self::Sha256(Hmac::new_from_slice(key.expose()).map_err(refused)?),
            Algorithm::Sha512 => Self::Sha512(Hmac::new_from_slice(key.expose()).map_err(refused)?),
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(mac) => mac.update(bytes),
            Self::Sha256(mac) => mac.update(bytes),
            Self::Sha512(mac) => mac.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Sha256(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Sha512(mac) => mac.finalize().into_bytes().to_vec(),
        }
    }

    /// Compares in constant time.
    pub(super) fn matches(self, signature: &[u8]) -> bool {
        match self {
            Self::Sha1(mac) => mac.verify_slice(signature).is_ok(),
            Self::Sha256(mac) => mac.verify_slice(signature).is_ok(),
            Self::Sha512(mac) => mac.verify_slice(signature).is_ok(),
        }
    }
}
