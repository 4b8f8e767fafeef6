//! Why a signature does not verify: what goes wrong in practice is undone, one thing at a time, and what
//! makes the signature match is named. Nothing is guessed: a finding is proven by the signature itself, or
//! read off the request. So a wrong secret is never explained by anything cleverer.

mod body;
mod url;

use jiff::Timestamp;

use super::Envelope;
use super::content::{Reading, Signatures, encode};
use super::keys::test_keys;
use super::scheme::{Algorithm, Encoding, Mechanism, Scheme, SecretEncoding};
use super::template::{Part, Template};
use super::verify::{SignatureFault, Verification, hash_of, verify};
use crate::model::{Decoded, MAX_DECODED_BYTES, Secret, decode_body};
use crate::payload::{IdFormat, IdPart, Serializer, TimestampFormat, read_timestamp};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable word for it.
    pub code: &'static str,
    /// One sentence: what is wrong, and how to fix it.
    pub message: String,
}

/// A request that did not verify, and all that is known about it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub scheme: &'a Scheme,
    pub secrets: &'a [Secret],
    pub envelope: Envelope<'a>,
    pub body: &'a [u8],
    pub now: Timestamp,
    /// Secrets of others, each with the name of where it is from.
    pub others: &'a [(String, Secret)],
    /// How the sender writes JSON, where it is known.
    pub serializer: Option<Serializer>,
}

/// How to get the bytes that were signed, in the frameworks that hand out something else.
const RAW_BODY: &str = "verify the raw bytes before they are parsed (Express: express.raw({ type: '*/*' }), Flask: request.get_data(), FastAPI: await request.body(), Django: request.body, Next.js: await request.text(), Rails: request.raw_post, Spring: @RequestBody byte[], Laravel: $request->getContent(), Go: io.ReadAll(r.Body))";

/// A signature that differs in more characters is a different signature.
const MOST_CHARACTERS_OFF: usize = 3;

/// What is wrong with a request with that verdict; the likeliest first. Empty where there is nothing to say.
pub fn diagnose(subject: &Subject<'_>, verdict: &Verification) -> Vec<Finding> {
    match verdict {
        Verification::Valid | Verification::Unchecked => Vec::new(),
        Verification::Missing => subject.similar_header().into_iter().collect(),
        Verification::Invalid(SignatureFault::TooOld { .. }) => {
            vec![subject.off_by("timestamp_too_old")]
        }
        Verification::Invalid(SignatureFault::TooNew { .. }) => {
            vec![subject.off_by("timestamp_too_new")]
        }
        Verification::Invalid(SignatureFault::Malformed { .. }) => {
            let found = subject
                .other_unit()
                .or_else(|| subject.written_otherwise())
                .or_else(|| subject.damaged_signature())
                .or_else(|| subject.similar_header());
            found.into_iter().collect()
        }
        Verification::Invalid(SignatureFault::Mismatch) => {
            let trials: [&dyn Fn() -> Option<Finding>; 14] = [
                &|| subject.other_form_of_the_secret(),
                &|| subject.public_test_secret(),
                &|| subject.somebody_elses_secret(),
                &|| subject.written_otherwise(),
                &|| subject.other_algorithm(),
                &|| subject.changed_body(),
                &|| subject.other_url(),
                &|| subject.other_method(),
                &|| subject.other_content(),
                &|| subject.wrapped(),
                &|| subject.other_form(),
                &|| subject.other_style_of_json(),
                &|| subject.wrapped_and_rewritten(),
                &|| subject.damaged_signature(),
            ];
            let found = trials.iter().find_map(|trial| trial());
            found.map_or_else(|| subject.unexplained(), |found| vec![found])
        }
    }
}

/// What the signature should have been, as its header or field would hold it; none where only the sender
/// can make it, or where something that is signed is missing. It is as good as a key for this request.
pub fn expected_signature(subject: &Subject<'_>) -> Option<String> {
    let scheme = subject.scheme;
    if scheme.sends_secret() || scheme.is_asymmetric() {
        return None;
    }
    let reading = Reading::new(scheme, subject.envelope, Some(subject.body));
    let texts = reading.signature_texts();
    let timestamp = Signatures::read(scheme, &texts)
        .timestamp
        .or_else(|| reading.timestamp_text());
    let contents = reading.contents(timestamp.as_deref()).ok()?;
    let hash = hash_of(
        scheme,
        subject.secrets.first()?,
        contents.first()?,
        subject.body,
    )
    .ok()?;
    let encoded = String::from_utf8(encode(scheme.encoding(), &hash)).ok()?;
    let text = format!("{}{encoded}", scheme.prefix);
    Some(match &scheme.grammar {
        None => text,
        Some(grammar) => {
            let stamp = timestamp.and_then(|text| String::from_utf8(text).ok());
            grammar.write(stamp.as_deref(), &[text])
        }
    })
}

/// Whether the signature itself matches, where a header is missing that every delivery has beside it.
pub fn matches_without_required_headers(subject: &Subject<'_>) -> bool {
    let scheme = Scheme {
        required_headers: Vec::new(),
        ..subject.scheme.clone()
    };
    subject.with_scheme(&scheme).matches()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "each trial hands it on as its own result"
)]
fn finding(code: &'static str, message: impl Into<String>) -> Option<Finding> {
    Some(Finding {
        code,
        message: message.into(),
    })
}

impl<'a> Subject<'a> {
    /// Whether the request would be genuine if it were this one. The clock is left out of it: a signature
    /// that matches and is old matches.
    fn matches(&self) -> bool {
        verify(
            self.scheme,
            self.secrets,
            self.envelope,
            self.body,
            self.now,
        )
        .is_ok_and(|verdict| verdict.is_match())
    }

    fn with_body<'b>(&self, body: &'b [u8]) -> Subject<'b>
    where
        'a: 'b,
    {
        Subject { body, ..*self }
    }

    fn with_scheme<'b>(&self, scheme: &'b Scheme) -> Subject<'b>
    where
        'a: 'b,
    {
        Subject { scheme, ..*self }
    }

    fn with_secrets<'b>(&self, secrets: &'b [Secret]) -> Subject<'b>
    where
        'a: 'b,
    {
        Subject { secrets, ..*self }
    }

    /// A scheme's header is missing, and another is there that may be meant.
    fn similar_header(&self) -> Option<Finding> {
        let wanted = self.scheme.header.first()?;
        if self
            .scheme
            .header
            .iter()
            .any(|name| self.envelope.headers.contains(name))
        {
            return None;
        }
        let plain = |name: &str| -> String {
            let name = name.to_ascii_lowercase().replace('_', "-");
            name.strip_prefix("http-").unwrap_or(&name).to_owned()
        };
        let distance = |name: &str| strsim::levenshtein(&plain(name), &plain(wanted));
        let mut near: Vec<&str> = self
            .envelope
            .headers
            .iter()
            .map(|(name, _)| name)
            .filter(|name| {
                let lower = name.to_ascii_lowercase();
                let says_so = ["signature", "hmac"]
                    .iter()
                    .any(|word| lower.contains(word));
                distance(name) <= 2 || (says_so && !self.scheme.is_set_by_signing(name))
            })
            .collect();
        near.sort_by_key(|name| distance(name));
        let name = near.first()?;
        finding(
            "similar_header",
            format!(
                "the header {wanted} is missing, but {name} is present: the request was signed by a different scheme or version, or a proxy renamed the header"
            ),
        )
    }

    /// The timestamp is one of now, read in another unit than the scheme's.
    fn other_unit(&self) -> Option<Finding> {
        let rule = self.scheme.timestamp.as_ref()?;
        let tolerance = rule.tolerance?;
        let reading = Reading::new(self.scheme, self.envelope, Some(self.body));
        let text = Signatures::read(self.scheme, &reading.signature_texts())
            .timestamp
            .or_else(|| reading.timestamp_text())?;
        let text = String::from_utf8(text).ok()?;
        let formats = [
            (TimestampFormat::UnixS, "seconds since 1970"),
            (TimestampFormat::UnixMs, "milliseconds since 1970"),
            (TimestampFormat::Iso8601, "ISO 8601"),
        ];
        let name = |wanted| {
            formats
                .iter()
                .find(|(format, _)| *format == wanted)
                .map_or("", |(_, name)| name)
        };
        let (format, _) = formats.into_iter().find(|(format, _)| {
            let time = read_timestamp(*format, &text);
            *format != rule.format
                && time
                    .is_some_and(|time| self.now.duration_since(time).unsigned_abs() <= tolerance)
        })?;
        finding(
            "timestamp_unit",
            format!(
                "the timestamp is in {}, but this scheme uses {}: change the sender",
                name(format),
                name(rule.format)
            ),
        )
    }

    /// The signature matches, and the clock says no.
    fn off_by(&self, code: &'static str) -> Finding {
        self.other_unit().unwrap_or_else(|| Finding {
            code,
            message: "the request is a replay, or the clocks of the two sides differ. To verify it anyway, use --tolerance or --now".to_owned(),
        })
    }

    fn other_form_of_the_secret(&self) -> Option<Finding> {
        for secret in self.secrets {
            let text = secret.expose();
            let trimmed = text.trim_ascii();
            let unquoted = trimmed
                .strip_prefix(b"\"")
                .and_then(|text| text.strip_suffix(b"\""))
                .or_else(|| {
                    trimmed
                        .strip_prefix(b"'")
                        .and_then(|text| text.strip_suffix(b"'"))
                });
            let with_line_end = [text, b"\n"].concat();
            // As some consoles list secrets: with the version of the scheme in front.
            let versioned = trimmed.iter().position(|byte| *byte == b',');
            let versioned = versioned
                .filter(|at| *at <= 4 && trimmed.first() == Some(&b'v'))
                .map(|at| &trimmed[at + 1..]);
            let written = [
                versioned.map(|text| {
                    (
                        text,
                        "the given secret starts with the scheme's version (`v1,…`): remove it",
                    )
                }),
                (trimmed != text).then_some((
                    trimmed,
                    "the given secret has white space around it: remove it",
                )),
                unquoted.map(|text| (text, "the given secret has quotes around it: remove them")),
                Some((
                    with_line_end.as_slice(),
                    "the sender's secret ends with a line break: remove it in the sender's configuration",
                )),
            ];
            for (text, message) in written.into_iter().flatten() {
                if self.with_secrets(&[Secret::new(text)]).matches() {
                    return finding("secret_white_space", message);
                }
            }
        }
        for form in [
            SecretEncoding::Utf8,
            SecretEncoding::Base64,
            SecretEncoding::Hex,
        ] {
            for prefix in [
                self.scheme.secret_prefix.clone(),
                None,
                self.word_of_the_secret(),
            ] {
                let scheme = Scheme {
                    secret_encoding: form,
                    secret_prefix: prefix,
                    ..self.scheme.clone()
                };
                if !self.with_scheme(&scheme).matches() {
                    continue;
                }
                let used = match form {
                    SecretEncoding::Utf8 => "as it is, as text",
                    SecretEncoding::Base64 => "base64-decoded",
                    SecretEncoding::Hex => "hex-decoded",
                };
                let right = match (self.scheme.secret_encoding, &self.scheme.secret_prefix) {
                    (SecretEncoding::Utf8, _) => "as it is, as text, with any prefix".to_owned(),
                    (SecretEncoding::Base64, Some(prefix)) => {
                        format!("base64-decoded, without {prefix}")
                    }
                    (SecretEncoding::Base64, None) => "base64-decoded".to_owned(),
                    (SecretEncoding::Hex, _) => "hex-decoded".to_owned(),
                };
                return finding(
                    "secret_encoding",
                    format!("the sender used the secret {used}, but this scheme uses it {right}"),
                );
            }
        }
        None
    }

    /// What is in front of the first secret's first underscore, with it: secrets often say so what they
    /// are.
    fn word_of_the_secret(&self) -> Option<String> {
        let text = std::str::from_utf8(self.secrets.first()?.expose()).ok()?;
        let end = text.find('_').filter(|end| *end < 16)?;
        Some(text[..=end].to_owned())
    }

    fn public_test_secret(&self) -> Option<Finding> {
        let public = test_keys(self.scheme).ok()?.verifying;
        if !self.with_secrets(&[public]).matches() {
            return None;
        }
        finding(
            "test_secret",
            "it was signed with the public test secret, which `hookcli send` uses where no secret is set: give the sender this secret".to_owned(),
        )
    }

    /// Those of the others that are not among the ones it was verified with.
    fn other_secrets(&self) -> impl Iterator<Item = &(String, Secret)> {
        let others = self.others.iter();
        others.filter(|(_, secret)| !self.secrets.contains(secret))
    }

    fn somebody_elses_secret(&self) -> Option<Finding> {
        let (name, _) = self
            .other_secrets()
            .find(|(_, secret)| self.with_secrets(std::slice::from_ref(secret)).matches())?;
        finding(
            "secret_of_other",
            format!(
                "it was signed with a different secret that is set here, the one of {name}: use the secret of this endpoint"
            ),
        )
    }

    /// The right signature, written in another way.
    fn written_otherwise(&self) -> Option<Finding> {
        self.beside_the_right_hash(Self::as_written)
    }

    /// The right hash, cut off, damaged, or wrapped in another writing.
    fn damaged_signature(&self) -> Option<Finding> {
        self.beside_the_right_hash(Self::as_damaged)
    }

    /// What `compare` finds between a text that is there and the hash that it should hold, of each secret.
    fn beside_the_right_hash(
        &self,
        compare: fn(&Self, &str, &[u8]) -> Option<Finding>,
    ) -> Option<Finding> {
        let scheme = self.scheme;
        if scheme.is_asymmetric() || scheme.sends_secret() {
            return None;
        }
        let reading = Reading::new(scheme, self.envelope, Some(self.body));
        let texts = reading.signature_texts();
        let timestamp = Signatures::read(scheme, &texts)
            .timestamp
            .or_else(|| reading.timestamp_text());
        let contents = reading.contents(timestamp.as_deref()).ok()?;
        for secret in self.secrets {
            for pieces in &contents {
                let hash = hash_of(scheme, secret, pieces, self.body).ok()?;
                let found = texts
                    .iter()
                    .find_map(|text| compare(self, &String::from_utf8_lossy(text), &hash));
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    fn as_damaged(&self, text: &str, hash: &[u8]) -> Option<Finding> {
        let scheme = self.scheme;
        let right = String::from_utf8(encode(scheme.encoding(), hash)).ok()?;
        let base64 = crate::model::base64_text;
        let plain = base64(hash);
        let url_safe = plain.replace('+', "-").replace('/', "_");
        let hex = hex::encode(hash);
        let written = [
            (
                base64(hex.as_bytes()),
                "base64 of its hex (PHP's base64_encode(hash_hmac(…)) does this: pass `true` to hash_hmac for raw bytes)",
            ),
            (
                base64(hex.to_uppercase().as_bytes()),
                "base64 of its upper-case hex",
            ),
            (hex::encode(plain.as_bytes()), "hex of its base64"),
            (url_safe.clone(), "base64url (RFC 4648, section 5)"),
            (
                url_safe.trim_end_matches('=').to_owned(),
                "base64url without padding (RFC 4648, section 5)",
            ),
            (
                plain.replace('+', " "),
                "base64 in which `+` became a space, because it was decoded as a form",
            ),
            (
                plain
                    .replace('+', "%2B")
                    .replace('/', "%2F")
                    .replace('=', "%3D"),
                "percent-encoded base64",
            ),
        ];
        for (form, name) in written {
            if form != right && form != plain && form.len() > 8 && text.contains(&form) {
                return finding(
                    "encoding",
                    format!("the signature is correct but encoded as {name}"),
                );
            }
        }
        let prefix = &scheme.prefix;
        if text.matches(&right).count() > 1 && scheme.grammar.is_none() {
            return finding(
                "signature_repeated",
                "the signature is correct, but its header was sent more than once and joined into one: use one of the values",
            );
        }
        let given = text
            .trim()
            .strip_prefix(prefix.as_str())
            .unwrap_or(text)
            .trim();
        let shortest = right.len() / 4;
        if given.len() < right.len() && given.len() >= shortest.max(8) {
            if right.starts_with(given) {
                return finding(
                    "signature_cut_off",
                    format!(
                        "the signature is correct but cut off after {} of {} characters",
                        given.len(),
                        right.len()
                    ),
                );
            }
            if right.ends_with(given) {
                return finding(
                    "signature_cut_off",
                    format!(
                        "the signature is correct, but its first {} characters are missing",
                        right.len() - given.len()
                    ),
                );
            }
        }
        if given.len() == right.len() {
            let pairs = given.bytes().zip(right.bytes());
            let off = pairs.filter(|(one, other)| one != other).count();
            if (1..=MOST_CHARACTERS_OFF).contains(&off) {
                return finding(
                    "signature_altered",
                    format!(
                        "{off} characters of an otherwise correct signature were changed. Some providers send such a request on purpose to test that it is refused: refuse it like any other invalid request"
                    ),
                );
            }
        }
        None
    }

    /// In which way `text` holds the right hash, where it does.
    fn as_written(&self, text: &str, hash: &[u8]) -> Option<Finding> {
        let scheme = self.scheme;
        let forms = [
            (Encoding::HexLower, hex::encode(hash), "lower-case hex"),
            (Encoding::Hex, hex::encode_upper(hash), "upper-case hex"),
            (Encoding::Base64, crate::model::base64_text(hash), "base64"),
        ];
        let wanted = match scheme.encoding() {
            Encoding::Base64 => "base64",
            Encoding::HexLower => "lower-case hex",
            _ => "hex",
        };
        for (encoding, encoded, name) in forms {
            let Some(at) = text.find(&encoded) else {
                continue;
            };
            let prefix = &scheme.prefix;
            let front = &text[..at];
            let same = encoding == scheme.encoding()
                || (scheme.encoding() == Encoding::Hex && encoding != Encoding::Base64);
            if !same {
                return finding(
                    if encoding == Encoding::Hex {
                        "hex_case"
                    } else {
                        "encoding"
                    },
                    format!(
                        "the signature is correct but written in {name}: this scheme uses {wanted}"
                    ),
                );
            }
            if scheme.grammar.is_none() && front == prefix {
                // It is written as it should be: what is wrong is something else.
                return None;
            }
            let quoted = |quote: &char| text.trim() == format!("{quote}{prefix}{encoded}{quote}");
            if scheme.grammar.is_none() && ['"', '\''].iter().any(quoted) {
                return finding(
                    "signature_quoted",
                    "the signature is correct but has quotes around it: remove them",
                );
            }
            if let Some(grammar) = &scheme.grammar {
                let field = front
                    .rsplit(grammar.item_separator)
                    .next()
                    .unwrap_or(front)
                    .trim();
                if field == format!("{}{}", grammar.signature, grammar.pair_separator) {
                    let behind = text[at + encoded.len()..].chars().next();
                    return behind.filter(|other| *other != grammar.item_separator).and_then(|other| {
                        finding(
                            "separator",
                            format!(
                                "the signature is correct, but it is followed by `{other}` instead of this scheme's `{}`",
                                grammar.item_separator
                            ),
                        )
                    });
                }
                return finding(
                    "wrong_field",
                    format!(
                        "the signature is correct, but it is in the field `{field}` instead of this scheme's `{}{}`",
                        grammar.signature, grammar.pair_separator
                    ),
                );
            }
            if !prefix.is_empty() && front.trim().is_empty() {
                return finding(
                    "prefix_missing",
                    format!("the signature is correct, but the prefix `{prefix}` is missing"),
                );
            }
            if !prefix.is_empty() && front.trim() == prefix.repeat(2) {
                return finding(
                    "prefix_doubled",
                    format!("the signature is correct, but the prefix `{prefix}` appears twice"),
                );
            }
            return finding(
                "prefix_wrong",
                format!(
                    "the signature is correct, but it starts with `{front}` instead of `{prefix}`"
                ),
            );
        }
        None
    }

    fn other_algorithm(&self) -> Option<Finding> {
        if !matches!(self.scheme.mechanism, Mechanism::Hmac | Mechanism::Hash) {
            return None;
        }
        for mechanism in [Mechanism::Hmac, Mechanism::Hash] {
            for algorithm in Algorithm::ALL {
                let mut scheme = Scheme {
                    mechanism,
                    algorithm,
                    ..self.scheme.clone()
                };
                if mechanism == Mechanism::Hash && self.scheme.mechanism == Mechanism::Hmac {
                    let Ok(content) =
                        format!("{{secret}}{}", self.scheme.content).parse::<Template>()
                    else {
                        continue;
                    };
                    scheme.content = content;
                }
                if self.with_scheme(&scheme).matches() {
                    let kind = |scheme: &Scheme| match scheme.mechanism {
                        Mechanism::Hash => {
                            format!(
                                "a plain {} hash of secret and content",
                                scheme.algorithm.name()
                            )
                        }
                        _ => format!("HMAC-{}", scheme.algorithm.name()),
                    };
                    return finding(
                        "algorithm",
                        format!(
                            "it was signed with {}, but this scheme uses {}",
                            kind(&scheme),
                            kind(self.scheme)
                        ),
                    );
                }
            }
        }
        None
    }

    /// The body lost or got something at its ends, in its line ends, or in its characters.
    fn changed_body(&self) -> Option<Finding> {
        const BOM: &[u8] = b"\xef\xbb\xbf";
        let body = self.body;
        let mut trials: Vec<(&'static str, String, Vec<u8>)> = Vec::new();
        let mut add = |code, what: &str, original: Vec<u8>| {
            trials.push((code, format!("{what}: {RAW_BODY}"), original));
        };
        add(
            "body_trailing_newline",
            "a line feed at the end of the body was removed",
            [body, b"\n"].concat(),
        );
        add(
            "body_trailing_newline",
            "a CRLF at the end of the body was removed",
            [body, b"\r\n"].concat(),
        );
        if let Some(original) = body.strip_suffix(b"\r\n") {
            add(
                "body_trailing_newline",
                "a CRLF was added at the end of the body",
                original.to_vec(),
            );
        }
        if let Some(original) = body.strip_suffix(b"\n") {
            add(
                "body_trailing_newline",
                "a line feed was added at the end of the body",
                original.to_vec(),
            );
        }
        let trimmed = body.trim_ascii();
        if trimmed.len() != body.len() {
            add(
                "body_white_space",
                "white space was added around the body",
                trimmed.to_vec(),
            );
        }
        if body.contains(&b'\n') {
            let with_lf = replaced(body, b"\r\n", b"\n");
            let with_crlf = replaced(&with_lf, b"\n", b"\r\n");
            add(
                "body_line_ends",
                "the body's line ends were changed from CRLF to line feeds",
                with_crlf,
            );
            add(
                "body_line_ends",
                "the body's line ends were changed from line feeds to CRLF",
                with_lf,
            );
        }
        match body.strip_prefix(BOM) {
            Some(original) => add(
                "body_bom",
                "a byte order mark was added to the body",
                original.to_vec(),
            ),
            None => add(
                "body_bom",
                "the body's byte order mark was removed",
                [BOM, body].concat(),
            ),
        }
        if let Ok(text) = std::str::from_utf8(body)
            && !text.is_ascii()
        {
            if let Some(original) = latin1_bytes(text) {
                add(
                    "body_charset",
                    "the body was decoded as Latin-1 and encoded as UTF-8",
                    original,
                );
            }
        } else if !body.is_ascii() {
            let original: String = body.iter().map(|byte| char::from(*byte)).collect();
            add(
                "body_charset",
                "the body was changed from UTF-8 to Latin-1",
                original.into_bytes(),
            );
        }
        if let Decoded::Plain {
            body: plain,
            truncated: false,
        } = decode_body(self.envelope.headers, body, MAX_DECODED_BYTES)
        {
            trials.push((
                "body_compressed",
                "the body was signed before it was compressed: decompress it, then verify"
                    .to_owned(),
                plain,
            ));
        }
        for (code, message, original) in trials {
            if self.with_body(&original).matches() {
                return finding(code, message);
            }
        }
        None
    }

    /// Other things were signed than the scheme says.
    fn other_content(&self) -> Option<Finding> {
        if !matches!(
            self.scheme.mechanism,
            Mechanism::Hmac | Mechanism::Ed25519 | Mechanism::EcdsaP256
        ) {
            return None;
        }
        let contents = [
            "{body}",
            "{timestamp}.{body}",
            "{timestamp}{body}",
            "{timestamp}:{body}",
            "v0:{timestamp}:{body}",
            "{body}{timestamp}",
            "{id}.{timestamp}.{body}",
            "{id}{timestamp}{body}",
            "{url}{body}",
            "{method}{url}{body}{timestamp}",
        ];
        for text in contents {
            let Ok(content) = text.parse::<Template>() else {
                continue;
            };
            let scheme = Scheme {
                content,
                ..self.scheme.clone()
            };
            if scheme.content != self.scheme.content && self.with_scheme(&scheme).matches() {
                return finding(
                    "signed_content",
                    format!(
                        "the signed content is `{text}`, but this scheme signs `{}`",
                        self.scheme.content
                    ),
                );
            }
        }
        None
    }

    /// Nothing that was tried explains it. A token is the secret or it is not; a signature may differ for the body as
    /// well. What the request itself hints at comes after that, for it cannot be proven.
    /// The secret looks like something else of the same provider's console: an API key, or the id of the endpoint. Its
    /// first letters are what everyone's begins with, and no secret.
    fn looks_like_another_secret(&self) -> Option<Finding> {
        const OTHERS: [(&str, &str); 8] = [
            ("sk_live_", "a live-mode API key"),
            ("sk_test_", "a test-mode API key"),
            ("rk_", "a restricted API key"),
            ("pk_", "a public API key"),
            ("we_", "the id of a webhook endpoint"),
            ("wh_", "the id of a webhook"),
            ("ep_", "the id of an endpoint"),
            ("evt_", "the id of an event"),
        ];
        let of_new_ones = match &self.scheme.new_secret {
            Some(IdFormat::Template(parts)) => match parts.first() {
                Some(IdPart::Literal(begin)) => Some(begin.as_str()),
                _ => None,
            },
            _ => None,
        };
        let wanted = of_new_ones.or(self.scheme.secret_prefix.as_deref());
        self.secrets.iter().find_map(|secret| {
            let text = secret.expose();
            let other = OTHERS
                .iter()
                .find(|(begin, _)| text.starts_with(begin.as_bytes()));
            match (other, wanted) {
                (Some((begin, what)), _) if Some(*begin) != wanted => finding(
                    "secret_form",
                    format!("the given secret starts with `{begin}`, like {what}: use the endpoint's signing secret"),
                ),
                (None, Some(wanted)) if !text.starts_with(wanted.as_bytes()) => finding(
                    "secret_form",
                    format!("this provider's signing secrets start with `{wanted}` but the given one does not: it could be something else"),
                ),
                _ => None,
            }
        })
    }

    /// What was tried before nothing was found, for the person who looks further.
    fn tried(&self, styles: usize) -> String {
        let mut tried = vec!["the secret in other forms".to_owned()];
        match &self.other_secrets().collect::<Vec<_>>()[..] {
            [] => {}
            [(name, _)] => tried.push(format!("the secret of {name}")),
            others => tried.push(format!("{} other secrets that are set", others.len())),
        }
        tried.push("the signature in other headers and encodings".to_owned());
        tried.push("line ends, encodings and wrappings of the body".to_owned());
        if styles > 0 {
            tried.push(format!("{styles} ways to serialise its JSON"));
        }
        format!("Tried: {}", tried.join(", "))
    }

    fn unexplained(&self) -> Vec<Finding> {
        let (code, what) = if self.scheme.sends_secret() {
            (
                "wrong_secret",
                "the token is not the secret: compare the values configured on both sides",
            )
        } else {
            (
                "unexplained",
                "no known transformation of this request matches: the secret is a different one, or the content was changed after it was signed. Compare the secret on both sides first",
            )
        };
        let mut findings = vec![Finding {
            code,
            message: what.to_owned(),
        }];
        if !self.scheme.covers_body() {
            return findings;
        }
        match self.is_as_the_provider_writes() {
            Some((serializer, true)) => {
                findings[0].message += &format!(
                    ". The body is formatted as {} writes JSON, which this provider uses, so it was probably not serialised again in transit",
                    serializer.title()
                );
            }
            Some((serializer, false)) => {
                findings[0].message += &format!(
                    ". The body may have been serialised again: this provider uses {} and the body is not formatted like that (one that `hookcli send` made never is)",
                    serializer.title()
                );
            }
            None => {}
        }
        let (styles, untried) = self.tried_styles();
        findings[0].message += &format!(". {}", self.tried(styles));
        if untried > 0 {
            findings[0].message += &format!(
                ". The body is too long to try every way to serialise its JSON: {untried} were not tried"
            );
        }
        findings.extend(self.looks_like_another_secret());
        if self
            .body
            .windows(3)
            .any(|bytes| bytes == "\u{fffd}".as_bytes())
        {
            findings.push(Finding {
                code: "body_lossy",
                message: format!("another possible cause: the body was decoded as text and lost bytes, because it contains replacement characters (U+FFFD): {RAW_BODY}"),
            });
        }
        let text = String::from_utf8_lossy(self.body);
        if has_rounded_number(&text) {
            findings.push(Finding {
                code: "body_lossy",
                message: format!("another possible cause: a parser rounded a number, because one is too long for a double and ends in zeros. The original cannot be restored; {RAW_BODY}"),
            });
        }
        if text.contains("??") {
            findings.push(Finding {
                code: "body_lossy",
                message: format!("another possible cause: emoji were replaced by `??`, for example in a database column without full Unicode. The original cannot be restored; {RAW_BODY}"),
            });
        }
        if self.envelope.headers.contains("content-encoding")
            && decode_body(self.envelope.headers, self.body, MAX_DECODED_BYTES)
                == Decoded::Unreadable
        {
            findings.push(Finding {
                code: "body_decompressed",
                message: format!("another possible cause: the body was decompressed in transit, because the headers say it is compressed and it is not: {RAW_BODY}"),
            });
        }
        findings
    }

    /// The method is signed, and another one was.
    fn other_method(&self) -> Option<Finding> {
        if !self.scheme.content.names(&Part::Method) {
            return None;
        }
        let found = ["GET", "POST", "PUT", "PATCH", "DELETE"]
            .into_iter()
            .find(|method| {
                let envelope = Envelope {
                    method,
                    ..self.envelope
                };
                Subject { envelope, ..*self }.matches()
            })?;
        finding(
            "method_differs",
            format!(
                "the signed method is {found}, but {} was verified",
                self.envelope.method
            ),
        )
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(from) {
            out.extend_from_slice(to);
            at += from.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

/// The bytes of a text whose characters are all of Latin-1.
fn latin1_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}

/// A whole number of more digits than a double holds, whose last ones are zeros: as JavaScript writes what it has
/// rounded.
fn has_rounded_number(text: &str) -> bool {
    let mut numbers = text.split(|character: char| !character.is_ascii_digit());
    numbers.any(|digits| digits.len() >= 17 && digits.len() <= 21 && digits.ends_with("00"))
}

#[cfg(test)]
mod tests;
