//! The plainest schemes, recognised by the proof itself: an HMAC of the body, or of `{timestamp}.{body}` in a header
//! such as `t=…,v1=…`, in hex or base64, in whatever header. What matches under a secret that is at hand is one;
//! nothing is guessed.

use std::fmt;

use jiff::Timestamp;

use super::scheme::{Algorithm, Encoding, Grammar, Scheme, TimestampRule};
use super::template::Template;
use super::verify::{Verification, verify};
use super::{Envelope, Names};
use crate::model::{Request, Secret};
use crate::payload::TimestampFormat;

/// How many values of headers are tried at most, and with how many secrets: senders choose headers.
const MOST_VALUES: usize = 32;
const MOST_SECRETS: usize = 64;
/// How long a body is at most that is tried: each try computes a hash of it.
const LONGEST_BODY: usize = 1 << 20;

/// A scheme that a request follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainScheme {
    pub header: String,
    pub algorithm: Algorithm,
    /// Hex or base64.
    pub encoding: Encoding,
    /// The text before the signature.
    pub prefix: String,
    /// The names of the signature's and the timestamp's items, in a header that has both.
    pub items: Option<(String, String)>,
    /// How the timestamp is written.
    pub timestamp: TimestampFormat,
}

impl PlainScheme {
    /// The scheme that a request follows under one of these secrets, and which of them that is.
    pub fn of(request: &Request, secrets: &[&Secret], now: Timestamp) -> Option<(Self, usize)> {
        if request.body.len() > LONGEST_BODY {
            return None;
        }
        let candidates = request.headers.iter().flat_map(|(name, value)| {
            let value = std::str::from_utf8(value).unwrap_or_default().trim();
            Self::candidates(name, value)
        });
        let envelope = Envelope::of(request, None);
        for candidate in candidates.take(MOST_VALUES) {
            let scheme = candidate.scheme();
            for (index, secret) in secrets.iter().enumerate().take(MOST_SECRETS) {
                let one = std::slice::from_ref(*secret);
                let verdict = verify(&scheme, one, envelope, &request.body, now);
                if matches!(verdict, Ok(Verification::Valid)) {
                    return Some((candidate, index));
                }
            }
        }
        None
    }

    /// Whether a header could hold such a signature.
    pub fn may_be_in(request: &Request) -> bool {
        request.headers.iter().any(|(name, value)| {
            std::str::from_utf8(value)
                .is_ok_and(|value| !Self::candidates(name, value.trim()).is_empty())
        })
    }

    /// The ways in which a header's value can hold a signature.
    fn candidates(header: &str, value: &str) -> Vec<Self> {
        let new = |algorithm, encoding, prefix: &str, items| Self {
            header: header.to_owned(),
            algorithm,
            encoding,
            prefix: prefix.to_owned(),
            items,
            timestamp: TimestampFormat::UnixS,
        };
        if let Some(found) = form_of(value) {
            return vec![new(found.0, found.1, "", None)];
        }
        // `sha256=…`
        let (before, after) = value.split_once('=').unwrap_or_default();
        let is_word = |text: &str| {
            (1..=16).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if let (true, Some(found)) = (is_word(before), form_of(after)) {
            return vec![new(found.0, found.1, &format!("{before}="), None)];
        }
        let pairs: Vec<(&str, &str)> = value
            .split(',')
            .filter_map(|item| item.trim().split_once('='))
            .filter(|(name, _)| is_word(name))
            .collect();
        let stamp = pairs.iter().find_map(|(name, text)| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let format = match text.len() {
                10 => TimestampFormat::UnixS,
                13 => TimestampFormat::UnixMs,
                _ => return None,
            };
            digits.then_some((*name, format))
        });
        let Some((stamp, format)) = stamp else {
            return Vec::new();
        };
        let signatures = pairs
            .iter()
            .filter_map(|(name, text)| Some((*name, form_of(text)?)));
        let all = signatures.map(|(name, found)| Self {
            timestamp: format,
            ..new(
                found.0,
                found.1,
                "",
                Some((name.to_owned(), stamp.to_owned())),
            )
        });
        all.collect()
    }

    pub fn scheme(&self) -> Scheme {
        let mut scheme = Scheme::hmac_sha256_hex(&self.header).with_encoding(self.encoding);
        scheme.header = Names::from(self.header.as_str());
        scheme.algorithm = self.algorithm;
        scheme.prefix.clone_from(&self.prefix);
        if let Some((signature, timestamp)) = &self.items {
            scheme.grammar = Some(Grammar {
                item_separator: ',',
                pair_separator: '=',
                signature: signature.clone(),
                timestamp: Some(timestamp.clone()),
            });
            scheme.content = Template::timestamp_and_body();
            scheme.timestamp = Some(TimestampRule {
                header: Names::default(),
                body: None,
                format: self.timestamp,
                tolerance: None,
                past_only: false,
            });
        }
        scheme
    }

    /// The keys of a `[signature]` in TOML, one a line.
    pub fn text(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut lines = vec![
            "mechanism = \"hmac\"".to_owned(),
            format!("header = {}", quoted(&self.header)),
            format!("algorithm = \"{}\"", self.algorithm.name().to_lowercase()),
            format!("encoding = \"{}\"", self.encoding_name()),
        ];
        if !self.prefix.is_empty() {
            lines.push(format!("prefix = {}", quoted(&self.prefix)));
        }
        if let Some((signature, timestamp)) = &self.items {
            lines.push(format!(
                "grammar = {{ item_separator = \",\", pair_separator = \"=\", signature = {}, timestamp = {} }}",
                quoted(signature),
                quoted(timestamp)
            ));
            lines.push("content = \"{timestamp}.{body}\"".to_owned());
            let format = match self.timestamp {
                TimestampFormat::UnixMs => "unix_ms",
                _ => "unix_s",
            };
            lines.push(format!(
                "timestamp = {{ format = \"{format}\", tolerance = \"5m\" }}"
            ));
        }
        lines.join("\n") + "\n"
    }

    /// The options that say it of the generic provider; none where options cannot.
    pub fn options(&self) -> Option<Vec<String>> {
        if self.items.is_some() {
            return None;
        }
        let mut words = vec!["--provider".to_owned(), "generic".to_owned()];
        let mut option = |name: &str, value: &str, usual: &str| {
            if value != usual {
                words.extend([name.to_owned(), value.to_owned()]);
            }
        };
        option(
            "--signature-header",
            &self.header.to_lowercase(),
            "x-signature",
        );
        option(
            "--algorithm",
            &self.algorithm.name().to_lowercase(),
            "sha256",
        );
        option("--encoding", self.encoding_name(), "hex");
        option("--prefix", &self.prefix, "");
        Some(words)
    }

    fn encoding_name(&self) -> &'static str {
        match self.encoding {
            Encoding::Base64 => "base64",
            _ => "hex",
        }
    }
}

/// In words: `HMAC-SHA256 of the body, in hex, in X-Signature`.
impl fmt::Display for PlainScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match self.items {
            Some(_) => "{timestamp}.{body}",
            None => "the body",
        };
        write!(
            f,
            "HMAC-{} of {content}, in {}, in {}",
            self.algorithm.name(),
            self.encoding_name(),
            self.header
        )?;
        match (&self.items, self.prefix.as_str()) {
            (Some((signature, timestamp)), _) => {
                write!(f, " ({timestamp}=TIMESTAMP,{signature}=SIGNATURE)")
            }
            (None, "") => Ok(()),
            (None, prefix) => write!(f, " (with {prefix} before it)"),
        }
    }
}

/// What a text of that length and those characters can be.
fn form_of(text: &str) -> Option<(Algorithm, Encoding)> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_base64 = || {
        let body = text.trim_end_matches('=').bytes();
        body.into_iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
    };
    match text.len() {
        40 if is_hex => Some((Algorithm::Sha1, Encoding::Hex)),
        64 if is_hex => Some((Algorithm::Sha256, Encoding::Hex)),
        128 if is_hex => Some((Algorithm::Sha512, Encoding::Hex)),
        28 if is_base64() && text.ends_with('=') => Some((Algorithm::Sha1, Encoding::Base64)),
        44 if is_base64() && text.ends_with('=') => Some((Algorithm::Sha256, Encoding::Base64)),
        88 if is_base64() && text.ends_with("==") => Some((Algorithm::Sha512, Encoding::Base64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "4d9ffeb08661a558de926d65a83f186637434f47fef8d47c45e376c749c1c651";
    const SHA1_BASE64: &str = "oEWJIQFFfPaIMlMshTmJA82e1f0=";
    const STAMPED: &str = "8e6f5c9e12ccd802130a0cf337c2d90395d59605481627c32bb6c530172adf23";

    fn request(header: &str, value: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: [("Host", "x"), (header, value)].into_iter().collect(),
            body: r#"{"id":"evt_1"}"#.into(),
        }
    }

    /// The values come from Python's hmac.
    #[test]
    fn what_matches_is_recognised_in_any_header_and_nothing_else() {
        let secrets = [Secret::new("another"), Secret::new("s3cret")];
        let secrets: Vec<&Secret> = secrets.iter().collect();
        let now = Timestamp::UNIX_EPOCH;
        for (header, value, said) in [
            (
                "X-Signature",
                "c9c2d46ff4bf8c5d9d6b0c8d0c0b1cd9fb3e2b4a8b8e8d3a1c1e1f1a1b1c1d1e",
                None,
            ),
            (
                "X-Acme-Sig",
                HEX,
                Some("HMAC-SHA256 of the body, in hex, in X-Acme-Sig"),
            ),
            (
                "Signature",
                SHA1_BASE64,
                Some("HMAC-SHA1 of the body, in base64, in Signature"),
            ),
            (
                "Acme",
                &format!("sha256={HEX}"),
                Some("HMAC-SHA256 of the body, in hex, in Acme (with sha256= before it)"),
            ),
            (
                "Acme",
                &format!("t=1700000000,v1={STAMPED}"),
                Some(
                    "HMAC-SHA256 of {timestamp}.{body}, in hex, in Acme (t=TIMESTAMP,v1=SIGNATURE)",
                ),
            ),
            ("Acme", &format!("t=1700000001,v1={STAMPED}"), None),
            ("Acme", &format!("v1={STAMPED}"), None),
            ("Acme", "", None),
        ] {
            let found = PlainScheme::of(&request(header, value), &secrets, now);
            let text = found.as_ref().map(|(scheme, _)| scheme.to_string());
            assert_eq!(text.as_deref(), said, "{header}: {value}");
            if let Some((plain, index)) = found {
                assert_eq!(index, 1);
                // What is written of it is read as the same scheme.
                let read: Scheme = toml::from_str(&plain.text()).unwrap();
                assert_eq!(
                    (
                        read.header,
                        read.algorithm,
                        read.prefix,
                        read.grammar,
                        read.content
                    ),
                    {
                        let own = plain.scheme();
                        (
                            own.header,
                            own.algorithm,
                            own.prefix,
                            own.grammar,
                            own.content,
                        )
                    }
                );
            }
        }
    }
}
