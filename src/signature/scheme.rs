//! A signature scheme as data: how a secret and a request become a signature, and where it is put.

use crate::model::InvalidText;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};

use super::template::{Part, Template};
use crate::payload::{IdFormat, Path, TimestampFormat};

/// One scheme. `Scheme::check` says what does not fit together.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    pub mechanism: Mechanism,
    #[serde(default)]
    pub algorithm: Algorithm,
    /// The header that carries the signature or token; of several the first is written, and the first
    /// that is there is read. With `{n}` in its name it is a family, counted from 1, one for each secret.
    #[serde(default)]
    pub header: Names,
    /// The place in a JSON body that carries it.
    pub body: Option<Path>,
    /// The object of the JSON body whose members are the fields of the same name where the body is a form
    /// instead; what the scheme reads at other places is not in the form.
    pub form_path: Option<Path>,
    /// The field of a form (`application/x-www-form-urlencoded`) that carries it.
    pub form: Option<String>,
    /// The parameter of the URL's query that carries it.
    pub query: Option<String>,
    /// Hex by default; a token is plain.
    pub(super) encoding: Option<Encoding>,
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
    pub secret_encoding: SecretEncoding,
    /// Text before the secret that is not part of the key.
    pub secret_prefix: Option<String>,
    /// What a secret without that text is.
    #[serde(default)]
    pub unprefixed_secret: UnprefixedSecret,
    /// The same for the private key of an asymmetric scheme.
    pub signing_key_prefix: Option<String>,
    /// How new secrets look, if the provider makes them in its own format.
    pub new_secret: Option<IdFormat>,
    pub timestamp: Option<TimestampRule>,
    /// The header with the message's id, where the content names `{id}`.
    #[serde(default)]
    pub id_header: Names,
    /// Headers with a value that says that the request is signed by this scheme and no other: signing
    /// writes them, verifying demands them, so that no one can choose a weaker scheme.
    #[serde(default)]
    pub scheme_headers: IndexMap<String, String>,
    /// Headers that say that another scheme was used.
    #[serde(default)]
    pub other_scheme_headers: Vec<String>,
    /// Headers that must be there besides, though they are not signed.
    #[serde(default)]
    pub required_headers: Vec<String>,
    /// Which ways to write the URL are tried.
    #[serde(default)]
    pub url_form: UrlForm,
    /// The query parameter that holds the SHA-256 of the body in hex, where the URL is signed for it.
    pub body_digest: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// A keyed hash of the content (RFC 2104).
    Hmac,
    /// A plain hash of a content that names the secret.
    Hash,
    /// A signature of the content by Ed25519 (RFC 8032); the receiver has the public key alone.
    Ed25519,
    /// A signature by ECDSA over P-256 with SHA-256, DER (FIPS 186-5).
    EcdsaP256,
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

impl Algorithm {
    pub const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::Sha512];

    /// `SHA256`
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// As it is: for tokens.
    Plain,
    /// Lower case is written, both cases are read.
    Hex,
    /// Lower case is written, and nothing else is read.
    HexLower,
    /// Standard base64 with padding (RFC 4648, section 4).
    Base64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SecretEncoding {
    /// The bytes of its text are the key.
    #[default]
    Utf8,
    Base64,
    Hex,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum UnprefixedSecret {
    /// Read in the same form.
    #[default]
    Same,
    /// The bytes of its text are the key.
    Utf8,
    /// No secret of this scheme.
    Refused,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum UrlForm {
    #[default]
    AsGiven,
    /// With and without the port that its scheme has by default.
    WithAndWithoutPort,
    /// As it is, and percent-decoded.
    AlsoDecoded,
}

/// Header names in the order of preference: one, or a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Vec<String>);

impl Names {
    /// The one that is written.
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = Names;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a header's name, or a list of them")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Names, E> {
                Ok(Names::from(name))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A header of named values, such as `t=1712345678,v1=5257a8…,v1=…`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Grammar {
    /// Between the items: `,` or `;`.
    pub item_separator: char,
    /// Between name and value; split at the first only, for base64 holds `=`.
    pub pair_separator: char,
    /// The name of the signature's items; it may be repeated.
    pub signature: String,
    /// The name of the timestamp's item.
    pub timestamp: Option<String>,
}

impl Grammar {
    /// The header's value: the timestamp where it is an item, then each signature.
    pub(super) fn write(&self, timestamp: Option<&str>, signatures: &[String]) -> String {
        let stamp = self.timestamp.as_ref().zip(timestamp);
        let items: Vec<String> = stamp
            .into_iter()
            .map(|(name, text)| format!("{name}{}{text}", self.pair_separator))
            .chain(
                signatures
                    .iter()
                    .map(|text| format!("{}{}{text}", self.signature, self.pair_separator)),
            )
            .collect();
        items.join(&self.item_separator.to_string())
    }
}

/// Where a scheme's timestamp is and how far it may be off.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TimestampRule {
    /// Its header; without one, and without `body`, it is an item of the signature's header.
    #[serde(default)]
    pub header: Names,
    /// Its place in a JSON body.
    pub body: Option<Path>,
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
    crate::model::duration::deserialize(deserializer).map(Some)
}

impl Scheme {
    /// HMAC-SHA256 of the raw body in lower-case hex, in the header of that name: what most providers do.
    pub fn hmac_sha256_hex(header: &str) -> Self {
        Self {
            mechanism: Mechanism::Hmac,
            algorithm: Algorithm::Sha256,
            header: header.into(),
            body: None,
            form_path: None,
            form: None,
            query: None,
            encoding: None,
            prefix: String::new(),
            grammar: None,
            content: Template::default(),
            secret_encoding: SecretEncoding::Utf8,
            secret_prefix: None,
            unprefixed_secret: UnprefixedSecret::Same,
            signing_key_prefix: None,
            new_secret: None,
            timestamp: None,
            id_header: Names::default(),
            scheme_headers: IndexMap::new(),
            other_scheme_headers: Vec::new(),
            required_headers: Vec::new(),
            url_form: UrlForm::AsGiven,
            body_digest: None,
        }
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
            .unwrap_or(if self.mechanism == Mechanism::Token {
                Encoding::Plain
            } else {
                Encoding::Hex
            })
    }

    pub fn with_encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }

    /// With its timestamp in that header; how far it may be off is not said.
    pub fn with_timestamp_header(mut self, name: &str, format: TimestampFormat) -> Self {
        self.timestamp = Some(TimestampRule {
            header: name.into(),
            body: None,
            format,
            tolerance: None,
            past_only: false,
        });
        self
    }

    /// Says what in the description does not fit together.
    pub fn check(&self) -> Result<(), InvalidText> {
        let places = usize::from(!self.header.is_empty())
            + usize::from(self.body.is_some())
            + usize::from(self.form.is_some())
            + usize::from(self.query.is_some());
        if places != 1 {
            return Err(format!(
                "exactly one of `header`, `body`, `form` and `query` must say where the {} is; here {places} do",
                if self.sends_secret() {
                    "token"
                } else {
                    "signature"
                }
            ).into());
        }
        if self.grammar.is_some() && self.header.is_empty() {
            return Err("`grammar` describes a header, but `header` is missing".into());
        }
        if self.encoding() == Encoding::Plain && self.mechanism != Mechanism::Token {
            return Err(
                "`encoding = \"plain\"` is for tokens only: use \"hex\" or \"base64\" for a signature".into(),
            );
        }
        let names_secret = self.content.names(&Part::Secret);
        match self.mechanism {
            Mechanism::Hash if !names_secret => {
                return Err(
                    "`mechanism = \"hash\"` needs {secret} in `content`, or the signature would not depend on it"
                        .into(),
                );
            }
            Mechanism::Hash => {}
            _ if names_secret => {
                return Err("{secret} in `content` is only for `mechanism = \"hash\"`".into());
            }
            Mechanism::Token if self.content != Template::default() => {
                return Err("a token signs nothing: remove `content`".into());
            }
            Mechanism::EcdsaP256 if self.secret_encoding != SecretEncoding::Base64 => {
                return Err(
                    "the keys of `ecdsa_p256` are base64 (SPKI and PKCS #8): `secret_encoding = \"base64\"`"
                        .into(),
                );
            }
            Mechanism::Ed25519 if self.secret_encoding == SecretEncoding::Utf8 => {
                return Err(
                    "the keys of `ed25519` are 32 bytes: `secret_encoding` must be \"hex\" or \"base64\"".into(),
                );
            }
            _ => {}
        }
        let in_header = self
            .grammar
            .as_ref()
            .is_some_and(|grammar| grammar.timestamp.is_some());
        match &self.timestamp {
            None if self.content.names(&Part::Timestamp) => {
                return Err(
                    "`content` uses {timestamp}: add a table `timestamp` that says where it is"
                        .into(),
                );
            }
            Some(rule) if rule.header.is_empty() && rule.body.is_none() && !in_header => {
                return Err("`timestamp` needs `header`, `body` or `grammar.timestamp` (its item in the signature header)".into());
            }
            _ => {}
        }
        if self.content.names(&Part::Id) && self.id_header.is_empty() {
            return Err("`content` uses {id}: add `id_header`".into());
        }
        if self.form_path.is_some() && self.body.is_none() {
            return Err(
                "`form_path` needs `body`, which says where in the JSON object the signature is"
                    .into(),
            );
        }
        if self.body_digest.is_some() && !self.content.names(&Part::Url) {
            return Err(
                "`body_digest` is a parameter of the URL, so `content` must use {url}".into(),
            );
        }
        if self.url_form != UrlForm::AsGiven && !self.signs_url() {
            return Err(
                "`url_form` says how the URL is written, but `content` does not use {url}".into(),
            );
        }
        Ok(())
    }

    /// Whether the secret itself is in every request.
    pub fn sends_secret(&self) -> bool {
        self.mechanism == Mechanism::Token
    }

    /// Whether signing writes into a JSON body.
    pub fn writes_body(&self) -> bool {
        let stamped = self.timestamp.as_ref().and_then(|rule| rule.body.as_ref());
        self.body.is_some() || stamped.is_some()
    }

    /// Whether a request has room for the signatures of several secrets.
    pub fn carries_several(&self) -> bool {
        let family = self.header.first().is_some_and(|name| name.contains("{n}"));
        self.grammar.is_some() || family
    }

    /// Whether a verdict needs the URL that the sender called.
    pub fn needs_url(&self) -> bool {
        self.signs_url() || self.query.is_some()
    }

    /// Whether signing and verifying take different keys.
    pub fn is_asymmetric(&self) -> bool {
        matches!(self.mechanism, Mechanism::Ed25519 | Mechanism::EcdsaP256)
    }

    /// Whether a changed body would be noticed.
    pub fn covers_body(&self) -> bool {
        !self.sends_secret() && (self.content.covers_body() || self.body_digest.is_some())
    }

    pub fn signs_url(&self) -> bool {
        !self.sends_secret() && self.content.names(&Part::Url)
    }

    /// Whether a verdict needs the body as a whole, not piece by piece.
    pub(super) fn needs_whole_body(&self) -> bool {
        self.is_asymmetric()
            || self.body.is_some()
            || self.form.is_some()
            || self.body_digest.is_some()
            || (!self.sends_secret() && self.content.reads_body())
            || self
                .timestamp
                .as_ref()
                .is_some_and(|rule| rule.body.is_some())
    }

    /// Whether signing sets the header: replaying with a fresh signature replaces these and no others.
    pub fn is_set_by_signing(&self, name: &str) -> bool {
        let others = self
            .timestamp
            .iter()
            .flat_map(|rule| rule.header.iter())
            .chain(self.id_header.iter())
            .chain(self.scheme_headers.keys().map(String::as_str));
        self.is_carried_by(name)
            || others
                .into_iter()
                .any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether `name` is a header that carries the signature or token.
    pub fn is_carried_by(&self, name: &str) -> bool {
        self.header
            .iter()
            .any(|known| match known.split_once("{n}") {
                None => known.eq_ignore_ascii_case(name),
                Some((before, after)) => {
                    name.get(..before.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(before))
                        && name[before.len()..]
                            .strip_suffix(after)
                            .is_some_and(|number| number.parse::<u8>().is_ok())
                }
            })
    }

    /// Where the signature or token is, for people.
    pub fn place(&self) -> String {
        match (self.header.first(), &self.body, &self.form, &self.query) {
            (Some(header), ..) => format!("the header {header}"),
            (_, Some(path), ..) => format!("the body at {path}"),
            (.., Some(field), _) => format!("the form field {field}"),
            (.., Some(parameter)) => format!("the query parameter {parameter}"),
            _ => "the request".to_owned(),
        }
    }

    /// Where a part of the signed content is, for people; `None` if it is not separate (a timestamp
    /// beside the signature, the URL).
    pub fn place_of(&self, part: &Part) -> Option<String> {
        let header = |name: &str| format!("the header {name}");
        let body = |path: &Path| format!("the body at {path}");
        match part {
            Part::Timestamp => {
                let rule = self.timestamp.as_ref()?;
                let in_body = rule.body.as_ref().map(body);
                in_body.or_else(|| rule.header.first().map(header))
            }
            Part::Id => self.id_header.first().map(header),
            Part::Header(name) => Some(header(name)),
            Part::BodyAt(path) => Some(body(path)),
            Part::Body
            | Part::Secret
            | Part::Literal(_)
            | Part::Method
            | Part::Url
            | Part::SortedForm => None,
        }
    }

    /// One line for people: `HMAC-SHA256 of the body, hex, in X-Signature`.
    pub fn describe(&self) -> String {
        let encoding = match self.encoding() {
            Encoding::Plain => "",
            Encoding::Hex | Encoding::HexLower => ", hex",
            Encoding::Base64 => ", base64",
        };
        let content = if self.content == Template::default() {
            "the raw body".to_owned()
        } else {
            format!("`{}`", self.content)
        };
        let algorithm = self.algorithm.name();
        let what = match self.mechanism {
            Mechanism::Token => {
                return format!(
                    "the secret itself in {}; the body is not covered",
                    self.place()
                );
            }
            Mechanism::Hmac => format!("HMAC-{algorithm}"),
            Mechanism::Hash => format!("{algorithm} (a plain hash)"),
            Mechanism::Ed25519 => "Ed25519".to_owned(),
            Mechanism::EcdsaP256 => "ECDSA P-256".to_owned(),
        };
        let place = self
            .header
            .first()
            .map_or_else(|| self.place(), str::to_owned);
        let uncovered = if self.covers_body() {
            ""
        } else {
            "; the body is not covered"
        };
        format!("{what} of {content}{encoding}, in {place}{uncovered}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        let scheme: Scheme = toml::from_str(text).unwrap();
        scheme.check().unwrap_err().to_string()
    }

    #[test]
    fn a_description_that_does_not_fit_together_is_refused_by_name() {
        assert_eq!(Scheme::hmac_sha256_hex("X-Signature").check(), Ok(()));
        for (text, word) in [
            ("mechanism = \"hmac\"", "`header`"),
            (
                "mechanism = \"token\"\nheader = \"X\"\nbody = \"/a\"",
                "token",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\ncontent = \"{timestamp}\"",
                "{timestamp}",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\ncontent = \"{id}\"",
                "id_header",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\ncontent = \"{secret}\"",
                "hash",
            ),
            ("mechanism = \"hash\"\nheader = \"X\"", "{secret}"),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\nencoding = \"plain\"",
                "plain",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\nform_path = \"/s\"",
                "`body`",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\nbody_digest = \"d\"",
                "{url}",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\nurl_form = \"also_decoded\"",
                "{url}",
            ),
            ("mechanism = \"ed25519\"\nheader = \"X\"", "32 bytes"),
            ("mechanism = \"ecdsa_p256\"\nheader = \"X\"", "SPKI"),
            (
                "mechanism = \"token\"\nheader = \"X\"\ncontent = \"{url}\"",
                "`content`",
            ),
            (
                "mechanism = \"hmac\"\nheader = \"X\"\n[timestamp]\nformat = \"unix_s\"",
                "`timestamp`",
            ),
        ] {
            let told = refusal(text);
            assert!(told.contains(word), "{text}: {told}");
        }
    }

    #[test]
    fn a_family_of_headers_is_counted() {
        let scheme = Scheme::hmac_sha256_hex("X-DocuSign-Signature-{n}");
        assert!(scheme.is_carried_by("x-docusign-signature-12"));
        assert!(!scheme.is_carried_by("x-docusign-signature-"));
        assert!(!scheme.is_carried_by("x-docusign"));
    }
}
