//! What happened to a body on its way: it was wrapped, a form was read and written again, JSON was. Pure: each gives
//! the bytes that may have been signed, and what it would mean.

use super::super::verify::Verifier;
use super::{Finding, RAW_BODY, Subject, finding};
use crate::model::{Decoded, Headers, MAX_DECODED_BYTES, base64_bytes, decode_body};
use crate::payload::{Document, Kind, Restyler, Serializer, Style, Value};

/// How many bytes are written and hashed in all to find out in which style a body was written: counted, not timed,
/// so that the same request always gets the same answer.
const RESTYLED_BYTES: usize = 10 << 20;
/// What may have ended the body in front of a parser.
const ENDS: [&str; 3] = ["", "\n", "\r\n"];
/// Parameters of a form whose order is tried.
const MOST_PAIRS: usize = 64;

impl Subject<'_> {
    /// The body was received inside something else: base64, a JSON string, a list of bytes, an event of a cloud function.
    pub(super) fn wrapped(&self) -> Option<Finding> {
        let (what, _) = layers(self.body)
            .into_iter()
            .find(|(_, original)| self.with_body(original).matches())?;
        finding(
            "body_wrapped",
            format!(
                "the body is {what}, but the bytes inside were signed: unwrap them, then verify"
            ),
        )
    }

    /// The body was received inside something else, and had been parsed and serialised again before.
    pub(super) fn wrapped_and_rewritten(&self) -> Option<Finding> {
        let mut layers = layers(self.body);
        if let Some(behind) = self.body.strip_prefix(b"\xef\xbb\xbf") {
            layers.push(("preceded by a byte order mark", behind.to_vec()));
        }
        layers.iter().find_map(|(what, inside)| {
            let inside = self.with_body(inside);
            let found = inside
                .other_style_of_json()
                .or_else(|| inside.other_form())?;
            finding(
                "body_wrapped",
                format!("the body is {what}, and {}", found.message),
            )
        })
    }

    /// A form was parsed, and written again or handed on as JSON.
    pub(super) fn other_form(&self) -> Option<Finding> {
        let (pairs, how) = self.pairs()?;
        for unit in FORMS {
            for upper in [true, false] {
                let write = |pairs: &[(String, String)]| -> String {
                    let pair = |(name, value): &(String, String)| {
                        format!("{}={}", unit.encode(name, upper), unit.encode(value, upper))
                    };
                    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
                };
                let mut sorted = pairs.clone();
                sorted.sort();
                for pairs in [&pairs, &sorted] {
                    let original = write(pairs);
                    if original.as_bytes() != self.body
                        && self.with_body(original.as_bytes()).matches()
                    {
                        return finding(
                            "body_reserialised",
                            format!(
                                "the form was signed as it was sent ({}), but {how}: {RAW_BODY}",
                                unit.name
                            ),
                        );
                    }
                }
            }
        }
        None
    }

    /// The parameters of the form that the body is, or was.
    fn pairs(&self) -> Option<(Vec<(String, String)>, &'static str)> {
        let text = std::str::from_utf8(self.body).ok()?;
        let document = Document::parse(self.body).ok();
        if let Some(document) = &document {
            let root = document.root();
            let names_form = self
                .envelope
                .headers
                .get("content-type")
                .is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"));
            let pairs: Option<Vec<(String, String)>> = (root.kind() == Kind::Object)
                .then(|| root.children().map(pair_of).collect())
                .flatten();
            return match pairs {
                Some(pairs) if names_form && !pairs.is_empty() && pairs.len() <= MOST_PAIRS => {
                    // The one parameter that holds it all, or each of them.
                    if self.payload_alone(text).is_some() {
                        Some((vec![("payload".to_owned(), text.to_owned())], PAYLOAD))
                    } else {
                        Some((pairs, "this is its content parsed and written as JSON"))
                    }
                }
                _ => self.payload_alone(text).map(|pair| (vec![pair], PAYLOAD)),
            };
        }
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(self.body)
            .into_owned()
            .take(MOST_PAIRS)
            .collect();
        text.contains('=')
            .then_some((pairs, "this was parsed and serialised again"))
    }

    /// The JSON of `payload=` alone, where a form of that is what was signed.
    fn payload_alone(&self, text: &str) -> Option<(String, String)> {
        let pair = ("payload".to_owned(), text.to_owned());
        let signed = FORMS.iter().any(|unit| {
            [true, false].into_iter().any(|upper| {
                let original = format!("payload={}", unit.encode(&pair.1, upper));
                self.with_body(original.as_bytes()).matches()
            })
        });
        signed.then_some(pair)
    }

    /// What has to stand behind that body for the signature to match. The body goes through the hash once.
    fn end_that_matches(&self, body: &[u8]) -> Option<&'static str> {
        let mut verifier =
            Verifier::new(self.scheme, self.secrets, self.envelope, self.now).ok()?;
        verifier.update(body);
        ENDS.into_iter().find(|end| {
            let mut verifier = verifier.clone();
            verifier.update(end.as_bytes());
            verifier.finish().is_ok_and(|verdict| verdict.is_match())
        })
    }

    /// How many styles of JSON are tried, and how many are not because the body is too long; `None` if it is not JSON.
    pub(super) fn tried_styles(&self) -> (usize, usize) {
        Document::parse(self.body).map_or((0, 0), |document| {
            let (styles, total) = self.styles(&Restyler::new(&document));
            (styles.len(), total - styles.len())
        })
    }

    /// The styles that can be tried, the likeliest first, and how many there are in all.
    fn styles(&self, restyler: &Restyler<'_>) -> (Vec<Style>, usize) {
        let most = RESTYLED_BYTES / self.body.len().max(1);
        let (mut styles, total) = restyler.styles(most);
        if let Some(serializer) = self.serializer {
            let own = serializer.style();
            styles.retain(|style| *style != own);
            styles.insert(0, own);
            styles.truncate(most.max(1));
        }
        let total = total.max(styles.len());
        (styles, total)
    }

    /// Whether the body stands as the provider's own serializer writes it; none where that is not known, or it is no
    /// JSON.
    pub(super) fn is_as_the_provider_writes(&self) -> Option<(Serializer, bool)> {
        let serializer = self.serializer?;
        let document = Document::parse(self.body).ok()?;
        let written = Restyler::new(&document).write(serializer.style());
        let received = self.body.trim_ascii_end();
        Some((serializer, written.as_bytes() == received))
    }

    /// JSON was parsed and written again.
    pub(super) fn other_style_of_json(&self) -> Option<Finding> {
        let body = self.body;
        let document = Document::parse(body).ok()?;
        let received = std::str::from_utf8(body).ok()?;
        let restyler = Restyler::new(&document);
        for style in self.styles(&restyler).0 {
            let original = restyler.write(style);
            if let Some(end) = self.end_that_matches(original.as_bytes()) {
                let ways = ways(&restyler, style, received, end);
                return finding(
                    "body_reserialised",
                    format!(
                        "the body was parsed and serialised again (differences: {ways}), but the original bytes were signed: {RAW_BODY}"
                    ),
                );
            }
        }
        None
    }
}

const PAYLOAD: &str = "this is only the JSON of its `payload` parameter";

/// A member as a parameter: a string's content, else its text.
fn pair_of(value: Value<'_>) -> Option<(String, String)> {
    let content = match value.kind() {
        Kind::Object | Kind::Array => return None,
        _ => value
            .as_str()
            .map_or_else(|| value.raw().to_owned(), std::borrow::Cow::into_owned),
    };
    Some((value.key()?.into_owned(), content))
}

/// What a body holds, and what that holds, such as base64 in a Lambda event.
fn layers(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut layers = wrappings(body);
    let inner: Vec<_> = layers
        .iter()
        .flat_map(|(what, bytes)| {
            let inner = wrappings(bytes).into_iter();
            inner.map(move |(_, bytes)| (*what, bytes))
        })
        .collect();
    layers.extend(inner);
    layers
}

/// What a body holds, where it is a wrapping of something, and what that wrapping is.
fn wrappings(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let text = std::str::from_utf8(body).map(str::trim).unwrap_or_default();
    let unquoted = text.trim_matches('"');
    if !unquoted.is_empty()
        && unquoted.len() % 4 != 1
        && let Some(bytes) = base64_bytes(unquoted)
    {
        all.push((
            "base64 (API Gateway and Lambda pass it on like this, with isBase64Encoded)",
            bytes,
        ));
    }
    for quote in ['\'', '"'] {
        let python = text
            .strip_prefix('b')
            .and_then(|text| text.strip_prefix(quote)?.strip_suffix(quote));
        if let Some(text) = python {
            all.push(("Python's text form of bytes (b'…')", unescaped(text)));
        }
    }
    let mut gzip = Headers::new();
    gzip.push("content-encoding", "gzip");
    if body.starts_with(&[0x1f, 0x8b])
        && let Decoded::Plain {
            body,
            truncated: false,
        } = decode_body(&gzip, body, MAX_DECODED_BYTES)
    {
        all.push(("compressed with gzip although no header says so", body));
    }
    let Ok(document) = Document::parse(body) else {
        return all;
    };
    let root = document.root();
    if let Some(text) = root.as_str() {
        all.push(("a JSON string", text.as_bytes().to_vec()));
    }
    let field = |name: &str| root.child(name);
    let list = match root.kind() {
        Kind::Array => Some(root),
        _ => field("data")
            .filter(|_| field("type").and_then(|kind| kind.as_str()).as_deref() == Some("Buffer")),
    };
    let bytes: Option<Vec<u8>> = list
        .filter(|list| list.kind() == Kind::Array)
        .and_then(|list| {
            list.children()
                .map(|item| item.raw().parse().ok())
                .collect()
        });
    if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
        all.push(("the JSON of a Node.js Buffer", bytes));
    }
    let inner = field("body").and_then(|body| body.as_str());
    if let Some(inner) = inner {
        let is_base64 = field("isBase64Encoded").is_some_and(|flag| flag.raw() == "true");
        if is_base64 && let Some(bytes) = base64_bytes(&inner) {
            all.push((
                "a whole event of AWS Lambda, with the body in base64",
                bytes,
            ));
        }
        all.push(("a whole event of AWS Lambda", inner.as_bytes().to_vec()));
    }
    all
}

/// The bytes of Python's literal.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b't') => out.push(b'\t'),
            Some(b'x') => {
                let digits: String = bytes.by_ref().take(2).map(char::from).collect();
                out.extend(u8::from_str_radix(&digits, 16).ok());
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// How a form is written: what is not encoded, besides letters and digits.
struct FormStyle {
    name: &'static str,
    plain: &'static [u8],
    plus_for_blank: bool,
}

impl FormStyle {
    fn encode(&self, text: &str, upper: bool) -> String {
        let mut out = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || self.plain.contains(&byte) {
                out.push(char::from(byte));
            } else if byte == b' ' && self.plus_for_blank {
                out.push('+');
            } else if upper {
                out.push_str(&format!("%{byte:02X}"));
            } else {
                out.push_str(&format!("%{byte:02x}"));
            }
        }
        out
    }
}

const FORMS: [FormStyle; 8] = [
    FormStyle {
        name: "WHATWG's form",
        plain: b"*-._",
        plus_for_blank: true,
    },
    FormStyle {
        name: "RFC 1738's, PHP's urlencode",
        plain: b"-._",
        plus_for_blank: true,
    },
    FormStyle {
        name: "RFC 3986's",
        plain: b"-._~",
        plus_for_blank: false,
    },
    FormStyle {
        name: "Python's quote_plus",
        plain: b"-._~",
        plus_for_blank: true,
    },
    FormStyle {
        name: "Node's querystring",
        plain: b"!'()*-._~",
        plus_for_blank: false,
    },
    FormStyle {
        name: "encodeURIComponent, with + for spaces",
        plain: b"!'()*-._~",
        plus_for_blank: true,
    },
    FormStyle {
        name: "RFC 1738's, with %20 for spaces",
        plain: b"-._",
        plus_for_blank: false,
    },
    FormStyle {
        name: "Java's, with : and / left as they are",
        plain: b"*-._:/@,",
        plus_for_blank: true,
    },
];

/// In which ways the received text differs from the style in which it was signed.
fn ways(restyler: &Restyler<'_>, signed: Style, received: &str, end: &str) -> String {
    let base = restyler.write(Style::PLAIN);
    let differs = |style: Style| restyler.write(style) != base;
    let received_compact = base.len() == received.trim_end().len();
    let mut ways = Vec::new();
    let order = Style {
        order: signed.order,
        ..Style::PLAIN
    };
    if differs(order) {
        ways.push("key order".to_owned());
    }
    let is_compact = signed.layout == Style::PLAIN.layout;
    if is_compact != received_compact || !is_compact {
        ways.push("spacing".to_owned());
    }
    let escapes = Style {
        escapes: signed.escapes,
        ..Style::PLAIN
    };
    if differs(escapes) || received.contains("\\u") || received.contains("\\/") {
        let who = signed.escapes.name().filter(|_| differs(escapes));
        ways.push(match who {
            Some(who) => format!("escapes (the sender writes them {who})"),
            None => "escapes".to_owned(),
        });
    }
    let numbers = Style {
        numbers: signed.numbers,
        ..Style::PLAIN
    };
    if differs(numbers) {
        ways.push("number form".to_owned());
    }
    let empties = Style {
        empties: signed.empties,
        ..Style::PLAIN
    };
    if differs(empties) {
        ways.push("{} and []".to_owned());
    }
    if end.is_empty() == received.ends_with('\n') {
        ways.push("line break at the end".to_owned());
    }
    ways.join(", ")
}
