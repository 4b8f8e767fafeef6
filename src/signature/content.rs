//! What is in a request, as its scheme reads it: signatures, timestamp, and the signed content.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Envelope;
use super::scheme::{Encoding, Scheme, UrlForm};
use super::template::Part;
use crate::model::{Secret, base64_bytes};
use crate::payload::{Document, Path};

/// How many headers of a counted family are read.
const MAX_FAMILY: usize = 16;
/// How many signatures of one request are tried.
const MAX_SIGNATURES: usize = 64;

/// A piece of the signed content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Bytes(Vec<u8>),
    /// The raw body.
    Body,
    /// The secret's text.
    Secret,
}

/// Why the content cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lacking {
    /// No one said which URL was signed.
    Url,
    /// The request does not have this part of what the scheme signs.
    Part(Part, &'static str),
}

/// A request with its body, where a scheme reads something out of that.
pub(super) struct Reading<'a> {
    scheme: &'a Scheme,
    envelope: Envelope<'a>,
    body: Option<&'a [u8]>,
    document: Option<Document<'a>>,
}

impl<'a> Reading<'a> {
    /// `body` where it is at hand as a whole.
    pub(super) fn new(scheme: &'a Scheme, envelope: Envelope<'a>, body: Option<&'a [u8]>) -> Self {
        let reads_json = scheme.body.is_some()
            || scheme
                .timestamp
                .as_ref()
                .is_some_and(|rule| rule.body.is_some())
            || scheme
                .content
                .parts()
                .iter()
                .any(|part| matches!(part, Part::BodyAt(_)));
        Self {
            scheme,
            envelope,
            body,
            document: body
                .filter(|_| reads_json)
                .and_then(|body| Document::parse(body).ok()),
        }
    }

    pub(super) fn is_json(&self) -> bool {
        self.document.is_some()
    }

    /// The values at the place of the scheme's signature or token, without empty ones.
    pub(super) fn signature_texts(&self) -> Vec<Vec<u8>> {
        let scheme = self.scheme;
        let mut texts: Vec<Vec<u8>> = if let Some(path) = &scheme.body {
            let value = self
                .document
                .as_ref()
                .and_then(|document| document.get(path));
            match value.and_then(|value| value.as_str()) {
                Some(text) => vec![text.as_bytes().to_vec()],
                None => self.in_form(path),
            }
        } else if let Some(field) = &scheme.form {
            values_of(self.body.unwrap_or_default(), field)
        } else if let Some(parameter) = &scheme.query {
            values_of(self.query().as_bytes(), parameter)
        } else {
            self.header_values()
        };
        texts.retain(|text| !text.is_empty());
        texts.truncate(MAX_SIGNATURES);
        texts
    }

    /// Whether the value at the place of the signature or token is not a string.
    pub(super) fn is_no_string(&self) -> bool {
        let document = self.document.as_ref();
        let value = self
            .scheme
            .body
            .as_ref()
            .and_then(|path| document?.get(path));
        value.is_some_and(|value| value.as_str().is_none())
    }

    fn header_values(&self) -> Vec<Vec<u8>> {
        let headers = self.envelope.headers;
        for name in self.scheme.header.iter() {
            let values: Vec<Vec<u8>> = if name.contains("{n}") {
                (1..=MAX_FAMILY)
                    .filter_map(|number| headers.get(&name.replace("{n}", &number.to_string())))
                    .map(<[u8]>::to_vec)
                    .collect()
            } else {
                headers.all(name).map(<[u8]>::to_vec).collect()
            };
            if !values.is_empty() {
                return values;
            }
        }
        Vec::new()
    }

    fn query(&self) -> &'a str {
        self.envelope
            .url
            .and_then(|url| url.split_once('?'))
            .map_or("", |(_, query)| query.split('#').next().unwrap_or_default())
    }

    /// A value of the JSON body: a string's content, else its text; of a form that came instead, the field,
    /// unless it came more than once: no one knows which of them the application reads.
    fn at(&self, path: &Path) -> Option<Cow<'_, str>> {
        let Some(document) = &self.document else {
            let [one] = <[Vec<u8>; 1]>::try_from(self.in_form(path)).ok()?;
            return String::from_utf8(one).ok().map(Cow::Owned);
        };
        let value = document.get(path)?;
        value.as_str().or(Some(Cow::Borrowed(value.raw())))
    }

    /// What the form that came instead of a JSON body has of this place.
    fn in_form(&self, path: &Path) -> Vec<Vec<u8>> {
        let body = self.body.unwrap_or_default();
        let object = self.scheme.form_path.as_ref().map(Path::steps);
        match (path.steps().split_last(), object, &self.document) {
            (Some((field, above)), Some(object), None) if above == object => values_of(body, field),
            _ => Vec::new(),
        }
    }

    /// The timestamp's own text, where it is not an item of the signature's header.
    pub(super) fn timestamp_text(&self) -> Option<Vec<u8>> {
        let rule = self.scheme.timestamp.as_ref()?;
        match &rule.body {
            Some(path) => self.at(path).map(|text| text.as_bytes().to_vec()),
            None => self.first_header(rule.header.iter()).map(<[u8]>::to_vec),
        }
    }

    fn first_header<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> Option<&'a [u8]> {
        names.find_map(|name| self.envelope.headers.get(name))
    }

    /// Each way in which the URL may be written; one entry where no URL is signed.
    fn urls(&self) -> Vec<Option<String>> {
        let Some(url) = self.envelope.url.filter(|_| self.scheme.signs_url()) else {
            return vec![None];
        };
        let mut urls = vec![Some(url.to_owned())];
        match self.scheme.url_form {
            UrlForm::AsGiven => {}
            UrlForm::WithAndWithoutPort => {
                urls.extend(other_port_form(url).map(Some));
            }
            UrlForm::AlsoDecoded => {
                // What decodes to no text is no other form of it.
                if let Ok(decoded) = percent_decode_str(url).decode_utf8()
                    && decoded != url
                {
                    urls.push(Some(decoded.into_owned()));
                }
            }
        }
        urls
    }

    /// The signed content, once for each way to write the URL.
    pub(super) fn contents(&self, timestamp: Option<&[u8]>) -> Result<Vec<Vec<Piece>>, Lacking> {
        self.urls()
            .into_iter()
            .map(|url| self.content(timestamp, url.as_deref()))
            .collect()
    }

    fn content(&self, timestamp: Option<&[u8]>, url: Option<&str>) -> Result<Vec<Piece>, Lacking> {
        let mut pieces = Vec::new();
        let mut bytes: Vec<u8> = Vec::new();
        for part in self.scheme.content.parts() {
            match part {
                Part::Body | Part::Secret => {
                    if !bytes.is_empty() {
                        pieces.push(Piece::Bytes(std::mem::take(&mut bytes)));
                    }
                    pieces.push(if *part == Part::Body {
                        Piece::Body
                    } else {
                        Piece::Secret
                    });
                }
                Part::Literal(text) => bytes.extend_from_slice(text.as_bytes()),
                Part::Timestamp => bytes.extend_from_slice(
                    timestamp.ok_or(Lacking::Part(part.clone(), "the timestamp is missing"))?,
                ),
                Part::Id => bytes.extend_from_slice(
                    self.first_header(self.scheme.id_header.iter())
                        .ok_or(Lacking::Part(part.clone(), "the message id is missing"))?,
                ),
                Part::Method => bytes.extend_from_slice(self.envelope.method.as_bytes()),
                Part::Url => bytes.extend_from_slice(url.ok_or(Lacking::Url)?.as_bytes()),
                Part::Header(name) => bytes.extend_from_slice(
                    self.envelope
                        .headers
                        .get(name)
                        .ok_or(Lacking::Part(part.clone(), "a signed header is missing"))?,
                ),
                Part::BodyAt(path) => bytes.extend_from_slice(
                    self.at(path)
                        .ok_or(Lacking::Part(
                            part.clone(),
                            "a signed field of the body is missing",
                        ))?
                        .as_bytes(),
                ),
                Part::SortedForm => bytes.extend(self.sorted_form()),
            }
        }
        if !bytes.is_empty() {
            pieces.push(Piece::Bytes(bytes));
        }
        Ok(pieces)
    }

    fn sorted_form(&self) -> Vec<u8> {
        let pairs: BTreeSet<(String, String)> =
            url::form_urlencoded::parse(self.body.unwrap_or_default())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
        pairs
            .into_iter()
            .flat_map(|(name, value)| (name + &value).into_bytes())
            .collect()
    }

    /// Why this request is not one of this scheme, though it may carry its header; and the header that says so.
    pub(super) fn foreign(&self) -> Option<(&'static str, &'a str)> {
        let (scheme, headers) = (self.scheme, self.envelope.headers);
        let unmarked = scheme
            .scheme_headers
            .iter()
            .find(|(name, value)| headers.get(name) != Some(value.as_bytes()))
            .map(|(name, _)| {
                let why = "the header that names the scheme is missing or names a different scheme";
                (why, name)
            });
        let other = || {
            let name = scheme
                .other_scheme_headers
                .iter()
                .find(|name| headers.contains(name))?;
            Some(("a header shows that a different scheme was used", name))
        };
        let missing = || {
            let name = scheme
                .required_headers
                .iter()
                .find(|name| !headers.contains(name))?;
            let why = "a header that every delivery of this provider has is missing";
            Some((why, name))
        };
        let (why, name) = unmarked.or_else(other).or_else(missing)?;
        Some((why, name))
    }

    /// Whether the digest of the body in the URL, where the scheme has one, is that of the body.
    pub(super) fn body_digest_fits(&self) -> bool {
        let Some(parameter) = &self.scheme.body_digest else {
            return true;
        };
        let ours = hex::encode(super::key::sha256(self.body.unwrap_or_default()));
        values_of(self.query().as_bytes(), parameter)
            .iter()
            .any(|theirs| super::key::equal(ours.as_bytes(), theirs))
    }
}

/// The values of one name in a form or query.
fn values_of(text: &[u8], wanted: &str) -> Vec<Vec<u8>> {
    url::form_urlencoded::parse(text)
        .filter(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned().into_bytes())
        .collect()
}

/// The URL with its default port where it names none, or without its port where it does.
pub(super) fn other_port_form(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url).ok()?;
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host_start = authority.rfind('@').map_or(0, |at| at + 1);
    let (credentials, host) = authority.split_at(host_start);
    let port_at = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    Some(match port_at {
        Some(at) => format!("{scheme}://{credentials}{}{tail}", &host[..at]),
        None => format!(
            "{scheme}://{credentials}{host}:{}{tail}",
            parsed.port_or_known_default()?
        ),
    })
}

/// The signatures in the texts where the scheme puts them, decoded; the timestamp among them; and what
/// kept a text from being read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Signatures {
    pub(super) decoded: Vec<Vec<u8>>,
    pub(super) timestamp: Option<Vec<u8>>,
    pub(super) complaint: Option<&'static str>,
}

impl Signatures {
    pub(super) fn read(scheme: &Scheme, texts: &[Vec<u8>]) -> Self {
        let mut found = Self::default();
        for text in texts {
            found.add(scheme, text);
        }
        found.decoded.truncate(MAX_SIGNATURES);
        found
    }

    fn add(&mut self, scheme: &Scheme, text: &[u8]) {
        let Ok(text) = std::str::from_utf8(text) else {
            self.complaint = Some("the signature is not text");
            return;
        };
        let Some(grammar) = &scheme.grammar else {
            return self.signature(scheme, text.trim());
        };
        for item in text.split(grammar.item_separator) {
            let item = item.trim();
            if item.is_empty() {
                continue;
            }
            let Some((name, value)) = item.split_once(grammar.pair_separator) else {
                self.complaint
                    .get_or_insert("the header does not contain name=value pairs");
                continue;
            };
            if name == grammar.signature {
                self.signature(scheme, value);
            } else if Some(name) == grammar.timestamp.as_deref() && self.timestamp.is_none() {
                self.timestamp = Some(value.as_bytes().to_vec());
            }
        }
        if self.decoded.is_empty() {
            self.complaint
                .get_or_insert("the header contains no signature of this scheme's version");
        }
    }

    fn signature(&mut self, scheme: &Scheme, text: &str) {
        let Some(encoded) = text.strip_prefix(&scheme.prefix) else {
            self.complaint = Some("the scheme's prefix is missing from the signature");
            return;
        };
        match decode(scheme.encoding(), encoded) {
            Some(bytes) if !bytes.is_empty() => self.decoded.push(bytes),
            _ => {
                self.complaint = Some(match scheme.encoding() {
                    Encoding::Plain => "the token is empty",
                    Encoding::Hex => "the signature is not hex",
                    Encoding::HexLower => "the signature is not lower-case hex",
                    Encoding::Base64 => "the signature is not base64",
                });
            }
        }
    }
}

pub(super) fn decode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Plain => Some(text.as_bytes().to_vec()),
        Encoding::Hex => from_hex(text),
        Encoding::HexLower => {
            (!text.bytes().any(|byte| byte.is_ascii_uppercase())).then(|| from_hex(text))?
        }
        Encoding::Base64 => base64_bytes(text),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

pub(super) fn encode(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
    match encoding {
        Encoding::Plain => bytes.to_vec(),
        Encoding::Hex | Encoding::HexLower => {
            let mut out = vec![0; bytes.len() * 2];
            // The room is what is asked for.
            let _ = hex::encode_to_slice(bytes, &mut out);
            out
        }
        Encoding::Base64 => crate::model::base64_text(bytes).into_bytes(),
    }
}

/// The secret that is in a request itself, where the scheme puts it there.
pub fn carried(scheme: &Scheme, envelope: Envelope<'_>, body: &[u8]) -> Option<Secret> {
    if !scheme.sends_secret() {
        return None;
    }
    let texts = Reading::new(scheme, envelope, Some(body)).signature_texts();
    let read = Signatures::read(scheme, &texts).decoded.into_iter().next();
    // What cannot be read is what is there, for example a redaction.
    read.or_else(|| texts.into_iter().next()).map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_form_of_a_url_has_or_lacks_the_default_port() {
        for (url, other) in [
            ("https://a.example/x?y=1", "https://a.example:443/x?y=1"),
            ("https://a.example:443/x", "https://a.example/x"),
            ("http://a.example", "http://a.example:80"),
            ("http://u:p@a.example:8080/x:1", "http://u:p@a.example/x:1"),
            ("http://[::1]/x", "http://[::1]:80/x"),
        ] {
            assert_eq!(other_port_form(url).as_deref(), Some(other));
        }
    }
}
