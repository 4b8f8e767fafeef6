//! Handshakes: the challenges by which a provider finds out whether an endpoint is one. They are data: what
//! a challenge looks like, and what it is answered. They are no oracle: where the challenge itself is
//! signed, it is answered only once that verifies, and what goes through the key is a short plain word.

use std::str::FromStr;

use indexmap::IndexMap;
use serde::Deserialize;

use super::key::{equal, hmac_sha256, sha256};
use super::verify::Verification;
use crate::model::{InvalidText, Request, Secret};
use crate::payload::{Document, Path};

/// One challenge and its answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Handshake {
    /// The event type that it counts as.
    pub event: String,
    pub method: Option<String>,
    /// Parameters of the query; `*` is any value.
    #[serde(default)]
    pub query: IndexMap<String, String>,
    /// Query parameters that must be absent: with them, it is another provider's handshake.
    #[serde(default)]
    pub absent_query: Vec<String>,
    /// `Name`, or `Name: value`.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Places of a JSON body, and the text that is there.
    #[serde(default)]
    pub body: IndexMap<Path, String>,
    /// Where the verify token is.
    pub token: Option<Source>,
    pub challenge: Option<Challenge>,
    /// It is signed as any request of the provider is, and answered only if that verifies.
    #[serde(default)]
    pub requires_signature: bool,
    /// The challenge is the secret that later requests are signed with: taken once, and only when asked for.
    #[serde(default)]
    pub delivers_secret: bool,
    #[serde(default)]
    pub response: HandshakeResponse,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    pub from: Source,
    /// The most characters that it may have.
    #[serde(default = "most_characters")]
    pub max_length: usize,
}

fn most_characters() -> usize {
    1024
}

/// The response: a text, a JSON object, headers. `{challenge}` is replaced by the challenge,
/// `{hmac_sha256_hex}` for its HMAC-SHA256 by the secret.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct HandshakeResponse {
    /// 200 by default.
    pub status: Option<u16>,
    pub text: Option<String>,
    pub json: Option<IndexMap<String, ResponseValue>>,
    #[serde(default)]
    pub headers: IndexMap<String, String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub enum ResponseValue {
    Number(i64),
    Text(String),
}

/// A place in a request: `query:NAME`, `header:NAME` or `body:/POINTER`.
#[derive(Clone, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub enum Source {
    Query(String),
    Header(String),
    Body(Path),
}

impl FromStr for Source {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        match text.split_once(':') {
            Some(("query", name)) if !name.is_empty() => Ok(Self::Query(name.to_owned())),
            Some(("header", name)) if !name.is_empty() => Ok(Self::Header(name.to_owned())),
            Some(("body", path)) => path
                .parse()
                .map(Self::Body)
                .map_err(|error: crate::payload::PathError| error.to_string())
                .map_err(InvalidText::from),
            _ => Err(format!(
                "invalid place `{text}`: use query:NAME, header:NAME or body:/POINTER"
            )
            .into()),
        }
    }
}

impl Source {
    fn of(&self, request: &Request, document: Option<&Document<'_>>) -> Option<String> {
        match self {
            Self::Query(name) => query_value(&request.target, name),
            Self::Header(name) => {
                let value = request.headers.get(name)?;
                std::str::from_utf8(value).ok().map(str::to_owned)
            }
            Self::Body(path) => text_at(document?, path),
        }
    }
}

fn query_value(target: &str, name: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// A string's content, else the value's own text.
fn text_at(document: &Document<'_>, path: &Path) -> Option<String> {
    let value = document.get(path)?;
    Some(
        value
            .as_str()
            .map_or_else(|| value.raw().to_owned(), std::borrow::Cow::into_owned),
    )
}

/// What a challenge is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandshakeReply {
    pub status: u16,
    pub content_type: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What is to be done with a request that is a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenged {
    Answer(HandshakeReply),
    /// It is not answered, for that reason.
    Refuse(&'static str),
    /// It would be, but it must verify first, and it did not: it is a request like any other.
    Unproven,
}

impl Handshake {
    /// Whether the request is this challenge.
    pub fn is(&self, request: &Request, document: Option<&Document<'_>>) -> bool {
        self.method
            .as_deref()
            .is_none_or(|method| method == request.method)
            && self.query.iter().all(|(name, wanted)| {
                query_value(&request.target, name)
                    .is_some_and(|value| wanted == "*" || *wanted == value)
            })
            && !self
                .absent_query
                .iter()
                .any(|name| query_value(&request.target, name).is_some())
            && self
                .headers
                .iter()
                .all(|condition| match condition.split_once(':') {
                    None => request.headers.contains(condition),
                    Some((name, wanted)) => request
                        .headers
                        .get(name)
                        .is_some_and(|value| value == wanted.trim().as_bytes()),
                })
            && self.body.iter().all(|(path, wanted)| {
                document
                    .and_then(|document| text_at(document, path))
                    .is_some_and(|value| value == *wanted)
            })
    }

    /// Decides about a request that is this challenge. `token` is the one that was agreed on, where one
    /// was; `secrets` are those that verified it.
    pub fn answer(
        &self,
        request: &Request,
        document: Option<&Document<'_>>,
        verdict: &Verification,
        secrets: &[Secret],
        token: Option<&Secret>,
    ) -> Challenged {
        if self.requires_signature && *verdict != Verification::Valid {
            return Challenged::Unproven;
        }
        if let (Some(at), Some(token)) = (&self.token, token) {
            let theirs = at.of(request, document).unwrap_or_default();
            if !equal(&sha256(token.expose()), &sha256(theirs.as_bytes())) {
                return Challenged::Refuse("the verify token is not the configured one");
            }
        }
        let challenge = match self.challenge(request, document) {
            Ok(challenge) => challenge,
            Err(why) => return Challenged::Refuse(why),
        };
        let fill = |text: &str| {
            let mut text = text.replace("{challenge}", &challenge);
            let secret = secrets
                .first()
                .filter(|_| text.contains("{hmac_sha256_hex}"));
            let mac = secret.and_then(|secret| hmac_sha256(secret, challenge.as_bytes()).ok());
            if let Some(mac) = mac {
                text = text.replace("{hmac_sha256_hex}", &hex::encode(mac));
            }
            text
        };
        let (content_type, body) = match (&self.response.text, &self.response.json) {
            (Some(text), _) => ("text/plain; charset=utf-8", fill(text)),
            (None, Some(object)) => {
                let members = object.iter().map(|(name, value)| {
                    let value = match value {
                        ResponseValue::Number(number) => serde_json::Value::from(*number),
                        ResponseValue::Text(text) => serde_json::Value::from(fill(text)),
                    };
                    (name.clone(), value)
                });
                let object: serde_json::Map<_, _> = members.collect();
                (
                    "application/json",
                    serde_json::Value::Object(object).to_string(),
                )
            }
            (None, None) => ("text/plain; charset=utf-8", String::new()),
        };
        Challenged::Answer(HandshakeReply {
            status: self.response.status.unwrap_or(200),
            content_type,
            headers: self
                .response
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), fill(value)))
                .collect(),
            body: body.into_bytes(),
        })
    }

    /// The challenge, if it is one that may be echoed; through a key goes a plain word alone.
    pub fn challenge(
        &self,
        request: &Request,
        document: Option<&Document<'_>>,
    ) -> Result<String, &'static str> {
        let Some(rule) = &self.challenge else {
            return Ok(String::new());
        };
        let challenge = rule
            .from
            .of(request, document)
            .ok_or("the challenge is missing")?;
        if challenge.is_empty() || challenge.len() > rule.max_length {
            return Err("the challenge is empty or too long");
        }
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let plain = if self.is_signed() {
            challenge.bytes().all(word)
        } else {
            challenge
                .bytes()
                .all(|byte| byte.is_ascii_graphic() || byte == b' ')
        };
        if plain {
            Ok(challenge)
        } else {
            Err("the challenge contains characters that are not allowed")
        }
    }

    /// Whether any part of the answer is made with the secret.
    pub fn is_signed(&self) -> bool {
        let answer = &self.response;
        let json = answer.json.iter().flatten();
        let texts = json.filter_map(|(_, value)| match value {
            ResponseValue::Text(text) => Some(text),
            ResponseValue::Number(_) => None,
        });
        let mut all = texts.chain(&answer.text).chain(answer.headers.values());
        all.any(|text| text.contains("{hmac_sha256_hex}"))
    }

    /// The header that brings a secret to be kept.
    pub fn secret_header(&self) -> Option<&str> {
        match &self
            .challenge
            .as_ref()
            .filter(|_| self.delivers_secret)?
            .from
        {
            Source::Header(name) => Some(name),
            _ => None,
        }
    }

    /// Where the verify token is: the name of a header, parameter or key.
    pub fn token_place(&self) -> (Option<String>, Option<String>) {
        match &self.token {
            Some(Source::Header(name)) => (Some(name.clone()), None),
            Some(Source::Query(name)) => (None, Some(name.clone())),
            Some(Source::Body(path)) => (None, path.steps().last().cloned()),
            None => (None, None),
        }
    }

    /// Says what in the description does not fit together.
    pub fn check(&self) -> Result<(), InvalidText> {
        if self.query.is_empty() && self.headers.is_empty() && self.body.is_empty() {
            return Err(format!(
                "the handshake `{}` matches every request: describe it with `query`, `headers` or `body`",
                self.event
            ).into());
        }
        if self.is_signed() && !self.requires_signature {
            return Err(format!(
                "the handshake `{}` answers with an HMAC but requires no signature, so anyone could have data signed: add `requires_signature = true`",
                self.event
            ).into());
        }
        if self.delivers_secret && self.secret_header().is_none() {
            return Err(format!(
                "the handshake `{}` delivers a secret, so its `challenge` must be a header",
                self.event
            )
            .into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Headers;

    fn request(method: &str, target: &str, body: &'static str) -> Request {
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Headers::new(),
            body: body.as_bytes().into(),
        }
    }

    const SIGNED: &str = r#"
        event = "validation"
        body = { "/event" = "validation" }
        challenge = { from = "body:/token", max_length = 8 }
        requires_signature = true
        response = { json = { token = "{challenge}", mac = "{hmac_sha256_hex}" } }
    "#;

    #[test]
    fn a_signed_challenge_is_answered_once_it_verified_and_only_if_it_is_a_plain_word() {
        let handshake: Handshake = toml::from_str(SIGNED).unwrap();
        assert_eq!(handshake.check(), Ok(()));
        let answer = |body: &'static str, verdict| {
            let request = request("POST", "/", body);
            let document = Document::parse(&request.body).unwrap();
            assert!(handshake.is(&request, Some(&document)));
            handshake.answer(
                &request,
                Some(&document),
                &verdict,
                &[Secret::new("k")],
                None,
            )
        };
        let good = r#"{"event":"validation","token":"abc-_123"}"#;
        assert!(matches!(
            answer(good, Verification::Valid),
            Challenged::Answer(_)
        ));
        assert_eq!(answer(good, Verification::Unchecked), Challenged::Unproven);
        assert_eq!(answer(good, Verification::Missing), Challenged::Unproven);
        for bad in [
            r#"{"event":"validation","token":"v0:1:{}"}"#,
            r#"{"event":"validation","token":"abcdefghi"}"#,
            r#"{"event":"validation","token":""}"#,
            r#"{"event":"validation"}"#,
        ] {
            assert!(
                matches!(answer(bad, Verification::Valid), Challenged::Refuse(_)),
                "{bad}"
            );
        }
    }

    #[test]
    fn an_oracle_and_a_catch_all_are_refused_as_descriptions() {
        let oracle: Handshake =
            toml::from_str(&SIGNED.replace("requires_signature = true", "")).unwrap();
        assert!(
            oracle
                .check()
                .unwrap_err()
                .to_string()
                .contains("requires_signature")
        );
        for answer in [
            r#"{ text = "{hmac_sha256_hex}" }"#,
            r#"{ headers = { "X-Mac" = "v={hmac_sha256_hex}" } }"#,
        ] {
            let text = SIGNED.replace("requires_signature = true", "").replace(
                r#"{ json = { token = "{challenge}", mac = "{hmac_sha256_hex}" } }"#,
                answer,
            );
            let oracle: Handshake = toml::from_str(&text).unwrap();
            assert!(oracle.check().is_err(), "{answer}");
        }
        let all: Handshake = toml::from_str("event = \"x\"").unwrap();
        assert!(
            all.check()
                .unwrap_err()
                .to_string()
                .contains("every request")
        );
    }

    #[test]
    fn a_wrong_token_is_refused_and_a_challenge_cannot_break_lines() {
        let handshake: Handshake = toml::from_str(
            r#"
            event = "verification"
            method = "GET"
            query = { mode = "subscribe", challenge = "*" }
            token = "query:token"
            challenge = { from = "query:challenge" }
            response = { text = "{challenge}" }
            "#,
        )
        .unwrap();
        let answer = |target: &str| {
            let request = request("GET", target, "");
            assert!(handshake.is(&request, None), "{target}");
            handshake.answer(
                &request,
                None,
                &Verification::Unchecked,
                &[],
                Some(&Secret::new("agreed")),
            )
        };
        let answered = answer("/hook?mode=subscribe&token=agreed&challenge=115");
        assert!(matches!(answered, Challenged::Answer(reply) if reply.body == b"115"));
        assert!(matches!(
            answer("/hook?mode=subscribe&token=other&challenge=115"),
            Challenged::Refuse(_)
        ));
        assert!(matches!(
            answer("/hook?mode=subscribe&challenge=115"),
            Challenged::Refuse(_)
        ));
        assert!(matches!(
            answer("/hook?mode=subscribe&token=agreed&challenge=1%0d%0a5"),
            Challenged::Refuse(_)
        ));
    }
}
