//! Making signatures.

use std::borrow::Cow;

use jiff::Timestamp;

use super::Envelope;
use super::content::{Lacking, Piece, Reading, encode};
use super::key::{KeyError, SigningKey, sha256};
use super::scheme::Scheme;
use super::verify::{hash_of, message};
use crate::model::{Headers, Secret};
use crate::payload::{Document, Edit, Kind, Path, TimestampFormat, apply};

/// The headers of a signed request, in order, and its body and URL where the scheme changes them.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed {
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    pub url: Option<String>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SignError {
    #[error("no secret to sign with is set")]
    NoSecret,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the scheme signs the URL: pass it with --url")]
    NoUrl,
    #[error("`{0}` is not a valid URL")]
    BadUrl(String),
    #[error("the request cannot be signed: {0}")]
    Lacking(&'static str),
    #[error("the body cannot hold `{path}`: {why}")]
    NoPlace { path: String, why: String },
    #[error("the scheme puts the secret into the request as text, but the secret is not UTF-8")]
    SecretNotText,
}

/// Signs `body`. With several secrets (rotation), a request that can hold several signatures gets one of
/// each; elsewhere the first secret signs. `id` is the message's id, for schemes that sign one; a header of
/// the envelope that holds one already counts more.
pub fn sign(
    scheme: &Scheme,
    secrets: &[Secret],
    envelope: Envelope<'_>,
    body: &[u8],
    now: Timestamp,
    id: &str,
) -> Result<Signed, SignError> {
    if secrets.is_empty() {
        return Err(SignError::NoSecret);
    }
    let mut signing = Signing {
        scheme,
        given: Cow::Borrowed(envelope.headers),
        own: Vec::new(),
        body: None,
        url: None,
    };
    for (name, value) in &scheme.scheme_headers {
        signing.set_header(name, value.clone());
    }
    if let Some(name) = scheme.id_header.first()
        && !id.is_empty()
    {
        let id = match envelope.headers.get(name) {
            Some(given) => String::from_utf8_lossy(given).into_owned(),
            None => id.to_owned(),
        };
        signing.set_header(name, id);
    }
    let timestamp = scheme.timestamp.as_ref().map(|rule| match rule.format {
        TimestampFormat::UnixS => now.as_second().to_string(),
        TimestampFormat::UnixMs => now.as_millisecond().to_string(),
        TimestampFormat::Iso8601 => now.to_string(),
    });
    if let (Some(rule), Some(text)) = (&scheme.timestamp, &timestamp) {
        if let Some(path) = &rule.body {
            signing.set_in_body(body, path, text, rule.format != TimestampFormat::Iso8601)?;
        } else if let Some(name) = rule.header.first() {
            signing.set_header(name, text.clone());
        }
    }
    if let Some(parameter) = &scheme.body_digest {
        let digest = hex::encode(sha256(signing.body.as_deref().unwrap_or(body)));
        signing.url = Some(with_parameter(envelope.url, parameter, &digest)?);
    }
    let values = if scheme.sends_secret() {
        vec![secrets[0].expose().to_vec()]
    } else {
        let reading = Reading::new(
            scheme,
            Envelope {
                method: envelope.method,
                url: signing.url.as_deref().or(envelope.url),
                headers: &signing.given,
            },
            Some(signing.body.as_deref().unwrap_or(body)),
        );
        let contents = reading.contents(timestamp.as_deref().map(str::as_bytes));
        let contents = contents.map_err(|lacking| match lacking {
            Lacking::Url => SignError::NoUrl,
            Lacking::Part(_, why) => SignError::Lacking(why),
        })?;
        let pieces = contents.first().map(Vec::as_slice).unwrap_or_default();
        let body = signing.body.as_deref().unwrap_or(body);
        signing
            .secrets_used(secrets)
            .iter()
            .map(|secret| signature(scheme, secret, pieces, body))
            .collect::<Result<_, _>>()?
    };
    let texts = values
        .iter()
        .map(|value| {
            String::from_utf8(encode(scheme.encoding(), value))
                .map(|text| format!("{}{text}", scheme.prefix))
                .map_err(|_| SignError::SecretNotText)
        })
        .collect::<Result<Vec<_>, _>>()?;
    signing.place(texts, timestamp.as_deref(), body, envelope.url)?;
    Ok(Signed {
        headers: signing.own,
        body: signing.body,
        url: signing.url,
    })
}

/// The signature of one secret, not encoded.
fn signature(
    scheme: &Scheme,
    secret: &Secret,
    pieces: &[Piece],
    body: &[u8],
) -> Result<Vec<u8>, KeyError> {
    if scheme.is_asymmetric() {
        SigningKey::new(scheme, secret)?.sign(&message(pieces, body))
    } else {
        hash_of(scheme, secret, pieces, body)
    }
}

/// A request that is being signed.
struct Signing<'a> {
    scheme: &'a Scheme,
    /// The envelope's headers and those of `own`.
    given: Cow<'a, Headers>,
    own: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    url: Option<String>,
}

impl Signing<'_> {
    fn set_header(&mut self, name: &str, value: String) {
        self.given.to_mut().set(name, value.as_bytes());
        self.own.push((name.to_owned(), value));
    }

    /// All of them, where the request can hold as many signatures.
    fn secrets_used<'s>(&self, secrets: &'s [Secret]) -> &'s [Secret] {
        if self.scheme.carries_several() {
            secrets
        } else {
            &secrets[..1]
        }
    }

    /// Writes a value into the JSON body: as a number where one is wanted and no string is there.
    fn set_in_body(
        &mut self,
        body: &[u8],
        path: &Path,
        value: &str,
        number: bool,
    ) -> Result<(), SignError> {
        let body = self.body.as_deref().unwrap_or(body);
        let refused = |why: String| SignError::NoPlace {
            path: path.to_string(),
            why,
        };
        let text = std::str::from_utf8(body).map_err(|_| refused("it is not UTF-8".to_owned()))?;
        let document = Document::parse(body).map_err(|error| refused(error.to_string()))?;
        if document.root().kind() != Kind::Object {
            return Err(refused("it is not a JSON object".to_owned()));
        }
        let stands = document.get(path).map(|value| value.kind());
        let value = if number && stands != Some(Kind::String) {
            value.to_owned()
        } else {
            serde_json::Value::from(value).to_string()
        };
        let edit = Edit::Set {
            path: path.clone(),
            value,
        };
        self.body = Some(
            apply(text, &[edit])
                .map_err(|error| refused(error.to_string()))?
                .into_bytes(),
        );
        Ok(())
    }

    /// Puts signatures or the token where the scheme has them.
    fn place(
        &mut self,
        mut texts: Vec<String>,
        timestamp: Option<&str>,
        body: &[u8],
        url: Option<&str>,
    ) -> Result<(), SignError> {
        let scheme = self.scheme;
        if let Some(path) = &scheme.body {
            return self.set_in_body(body, path, &texts.swap_remove(0), false);
        }
        if let Some(field) = &scheme.form {
            let form = self.body.as_deref().unwrap_or(body);
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            pairs.extend_pairs(url::form_urlencoded::parse(form).filter(|(name, _)| name != field));
            pairs.append_pair(field, &texts[0]);
            self.body = Some(pairs.finish().into_bytes());
            return Ok(());
        }
        if let Some(parameter) = &scheme.query {
            let url = self.url.as_deref().or(url);
            self.url = Some(with_parameter(url, parameter, &texts[0])?);
            return Ok(());
        }
        let name = scheme.header.first().unwrap_or_default();
        if name.contains("{n}") {
            for (index, text) in texts.into_iter().enumerate() {
                self.set_header(&name.replace("{n}", &(index + 1).to_string()), text);
            }
            return Ok(());
        }
        let value = match &scheme.grammar {
            None => texts.swap_remove(0),
            Some(grammar) => grammar.write(timestamp, &texts),
        };
        // No one reads it there any more.
        self.own.push((name.to_owned(), value));
        Ok(())
    }
}

/// The URL with that parameter in its query, once.
fn with_parameter(url: Option<&str>, name: &str, value: &str) -> Result<String, SignError> {
    let url = url.ok_or(SignError::NoUrl)?;
    let mut parsed = url::Url::parse(url).map_err(|_| SignError::BadUrl(url.to_owned()))?;
    let others: Vec<(String, String)> = parsed
        .query_pairs()
        .filter(|(known, _)| known != name)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    parsed
        .query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair(name, value);
    Ok(parsed.into())
}
