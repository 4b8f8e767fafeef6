//! A signature scheme as data: how a secret and a request become a signature, and where it is put.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::payload::{Path, TimestampFormat};

/// One scheme. `Scheme::check` says what does not fit together.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    pub mechanism: Mechanism,
    #[serde(default)]
    pub algorithm: Algorithm,
    /// The header that carries the signature or token.
    pub header: Option<String>,
    /// The place in the body that carries the token.
    pub body: Option<Path>,
    #[serde(default)]
    pub encoding: Encoding,
    /// Literal text in front of the encoded signature (`sha256=`).
    #[serde(default)]
    pub prefix: String,
    /// How the header holds several named values, where it does.
    pub grammar: Option<Grammar>,
    /// What is signed.
    #[serde(default)]
    pub content: Template,
    /// How the secret's text becomes the key.
    #[serde(default)]
    pub secret: SecretForm,
    /// Text in front of the secret that is no part of the key.
    pub secret_prefix: Option<String>,
    pub timestamp: Option<TimestampRule>,
    /// The header with the message's id, where the content names `{id}`.
    pub id_header: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// A keyed hash of the content (RFC 2104).
    Hmac,
    /// The secret itself travels, and equality is the proof. The body is not covered.
    Token,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    Sha1,
    #[default]
    Sha256,
    Sha512,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Lower case is written, both cases are read.
    #[default]
    Hex,
    Base64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SecretForm {
    /// The bytes of its text are the key.
    #[default]
    Utf8,
    Base64,
    Hex,
}

/// A header of named values, such as `t=1712345678,v1=5257a8…,v1=…`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Grammar {
    /// Between the items: `,` or `;`.
    pub items: char,
    /// Between name and value; split at the first only, for base64 holds `=`.
    pub pair: char,
    /// The name of the signature's items; it may be repeated.
    pub signature: String,
    /// The name of the timestamp's item.
    pub timestamp: Option<String>,
}

/// Where a scheme's timestamp is and how far it may be off.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TimestampRule {
    /// Its header; without one it is an item of the signature's header.
    pub header: Option<String>,
    pub format: TimestampFormat,
    #[serde(default, deserialize_with = "optional_duration")]
    pub tolerance: Option<Duration>,
    /// A timestamp in the future is never too new.
    #[serde(default)]
    pub past_only: bool,
}

fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    crate::duration::deserialize(deserializer).map(Some)
}

/// The signed content: literals and places such as `{body}` and `{timestamp}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Place>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Literal(String),
    Body,
    /// The timestamp's text as it stands in the request, never a number written again.
    Timestamp,
    Id,
    Method,
    Url,
    Header(String),
}

impl Template {
    pub fn places(&self) -> &[Place] {
        &self.0
    }

    /// Whether the signature covers the body.
    pub fn covers_body(&self) -> bool {
        self.0.contains(&Place::Body)
    }

    fn names(&self, place: &Place) -> bool {
        self.0.contains(place)
    }
}

/// The raw body alone.
impl Default for Template {
    fn default() -> Self {
        Self(vec![Place::Body])
    }
}

impl FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut places = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (name, after) = tail
                .split_once('}')
                .ok_or_else(|| format!("`{text}`: a `{{` is not closed"))?;
            if !literal.is_empty() {
                places.push(Place::Literal(literal.to_owned()));
            }
            places.push(match name {
                "body" => Place::Body,
                "timestamp" => Place::Timestamp,
                "id" => Place::Id,
                "method" => Place::Method,
                "url" => Place::Url,
                _ => match name.strip_prefix("header.") {
                    Some(header) if !header.is_empty() => Place::Header(header.to_owned()),
                    _ => {
                        return Err(format!(
                            "`{{{name}}}` is no place: there are {{body}}, {{timestamp}}, {{id}}, {{method}}, {{url}} and {{header.NAME}}"
                        ));
                    }
                },
            });
            rest = after;
        }
        if !rest.is_empty() {
            places.push(Place::Literal(rest.to_owned()));
        }
        if places.iter().filter(|place| **place == Place::Body).count() > 1 {
            return Err(format!("`{text}`: {{body}} can stand once"));
        }
        Ok(Self(places))
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Scheme {
    /// HMAC-SHA256 of the raw body in lower-case hex, in the header of that name: what most providers do.
    pub fn hmac_sha256_hex(header: &str) -> Self {
        Self {
            mechanism: Mechanism::Hmac,
            algorithm: Algorithm::Sha256,
            header: Some(header.to_owned()),
            body: None,
            encoding: Encoding::Hex,
            prefix: String::new(),
            grammar: None,
            content: Template::default(),
            secret: SecretForm::Utf8,
            secret_prefix: None,
            timestamp: None,
            id_header: None,
        }
    }

    /// Says what in the description does not fit together.
    pub fn check(&self) -> Result<(), String> {
        match self.mechanism {
            Mechanism::Hmac => {
                if self.header.is_none() {
                    return Err(
                        "an hmac scheme needs `header`, the header that carries the signature"
                            .to_owned(),
                    );
                }
                if self.body.is_some() {
                    return Err(
                        "`body` is for tokens: an hmac signature stands in `header`".to_owned()
                    );
                }
            }
            Mechanism::Token => {
                if self.header.is_some() == self.body.is_some() {
                    return Err(
                        "a token scheme needs either `header` or `body`, the place of the token"
                            .to_owned(),
                    );
                }
            }
        }
        let in_header = self
            .grammar
            .as_ref()
            .is_some_and(|grammar| grammar.timestamp.is_some());
        match &self.timestamp {
            None if self.content.names(&Place::Timestamp) => {
                return Err(
                    "`content` names {timestamp}: a table `timestamp` must say where it is"
                        .to_owned(),
                );
            }
            Some(rule) if rule.header.is_none() && !in_header => {
                return Err("`timestamp` needs `header`, or `grammar.timestamp` its item in the signature's header".to_owned());
            }
            _ => {}
        }
        if self.content.names(&Place::Id) && self.id_header.is_none() {
            return Err("`content` names {id}: `id_header` must say where it is".to_owned());
        }
        Ok(())
    }

    /// Whether the secret itself stands in every request.
    pub fn sends_secret(&self) -> bool {
        self.mechanism == Mechanism::Token
    }

    /// Whether a changed body would be noticed.
    pub fn covers_body(&self) -> bool {
        self.mechanism == Mechanism::Hmac && self.content.covers_body()
    }

    /// Each header that signing sets: replaying with a fresh signature replaces these and no others.
    pub fn signing_headers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.header.as_deref().into_iter().collect();
        names.extend(
            self.timestamp
                .as_ref()
                .and_then(|rule| rule.header.as_deref()),
        );
        names.extend(self.id_header.as_deref());
        names
    }

    /// One line for people: `HMAC-SHA256 of the body, hex, in X-Convo-Signature`.
    pub fn describe(&self) -> String {
        match self.mechanism {
            Mechanism::Token => match (&self.header, &self.body) {
                (Some(header), _) => {
                    format!("the secret itself in the header {header}; the body is not covered")
                }
                (_, Some(path)) => {
                    format!("the secret itself in the body at {path}; the body is not covered")
                }
                _ => "the secret itself".to_owned(),
            },
            Mechanism::Hmac => {
                let algorithm = match self.algorithm {
                    Algorithm::Sha1 => "SHA1",
                    Algorithm::Sha256 => "SHA256",
                    Algorithm::Sha512 => "SHA512",
                };
                let encoding = match self.encoding {
                    Encoding::Hex => "hex",
                    Encoding::Base64 => "base64",
                };
                let content = if self.content == Template::default() {
                    "the raw body"
                } else {
                    "body and more"
                };
                format!(
                    "HMAC-{algorithm} of {content}, {encoding}, in {}",
                    self.header.as_deref().unwrap_or("-")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_names_its_places_and_refuses_others() {
        let template: Template = "v0:{timestamp}:{body}".parse().unwrap();
        assert_eq!(
            template.places(),
            [
                Place::Literal("v0:".into()),
                Place::Timestamp,
                Place::Literal(":".into()),
                Place::Body
            ]
        );
        assert!(
            "{nobody}"
                .parse::<Template>()
                .unwrap_err()
                .contains("{body}")
        );
        assert!("{body".parse::<Template>().is_err());
        assert!("{body}{body}".parse::<Template>().is_err());
    }

    #[test]
    fn a_description_that_does_not_fit_together_is_refused_by_name() {
        let mut scheme = Scheme::hmac_sha256_hex("X-Signature");
        assert_eq!(scheme.check(), Ok(()));
        scheme.content = "{timestamp}.{body}".parse().unwrap();
        assert!(scheme.check().unwrap_err().contains("{timestamp}"));
        scheme.mechanism = Mechanism::Token;
        scheme.header = None;
        assert!(scheme.check().unwrap_err().contains("token"));
    }
}
