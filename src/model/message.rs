//! Requests and responses with their exact bytes, and text from elsewhere.

use std::time::Duration;

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// Header fields in order; a name that is repeated keeps each of its values (RFC 9110, section 5.2).
/// Names compare without case; values are bytes, for HTTP does not promise text.
///
/// All names stand in one piece of memory, and all values in another: a receiver makes many of these.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers {
    names: String,
    values: Vec<u8>,
    /// Where each field's name ends, and its value.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        self.names.push_str(name.as_ref());
        self.values.extend_from_slice(value.as_ref());
        self.ends.push((self.names.len(), self.values.len()));
    }

    /// The fields of an HTTP/1 head in the letters and the order in which it has them: what `fields` was parsed from,
    /// which has neither. None where the bytes are another head's.
    pub fn as_written(head: &[u8], fields: &hyper::HeaderMap) -> Option<Self> {
        let mut headers = Self {
            names: String::with_capacity(head.len() / 2),
            values: Vec::with_capacity(head.len()),
            ends: Vec::with_capacity(fields.len()),
        };
        let mut lines = head.split(|&byte| byte == b'\n');
        // An empty line may stand before a request (RFC 9112, section 2.2).
        lines.find(|line| !line.trim_ascii().is_empty())?;
        for line in lines {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            let colon = memchr::memchr(b':', line)?;
            let name = std::str::from_utf8(&line[..colon]).ok()?;
            headers.push(name, line[colon + 1..].trim_ascii());
        }
        let length = |name: &hyper::header::HeaderName, value: &hyper::header::HeaderValue| {
            (name.as_str().len(), value.len())
        };
        let (names, values) = fields
            .iter()
            .map(|(name, value)| length(name, value))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let is_same = headers.len() == fields.len()
            && (headers.names.len(), headers.values.len()) == (names, values);
        is_same.then_some(headers)
    }

    /// Replaces every value of `name` by this one, in the place of the first, or appends it.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let mut changed = Self::new();
        let mut is_set = false;
        for (known, kept) in self.iter() {
            if !known.eq_ignore_ascii_case(name) {
                changed.push(known, kept);
            } else if !is_set {
                changed.push(known, value.as_ref());
                is_set = true;
            }
        }
        if !is_set {
            changed.push(name, value);
        }
        *self = changed;
    }

    pub fn remove(&mut self, name: &str) {
        *self = self
            .iter()
            .filter(|(known, _)| !known.eq_ignore_ascii_case(name))
            .collect();
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Each value of `name`, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let mut begins = (0, 0);
        self.ends.iter().map(move |&ends| {
            let (name, value) = std::mem::replace(&mut begins, ends);
            (&self.names[name..ends.0], &self.values[value..ends.1])
        })
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl std::fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fields = self
            .iter()
            .map(|(name, value)| (name, value.escape_ascii()));
        formatter.debug_map().entries(fields).finish()
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(fields: T) -> Self {
        let mut headers = Self::new();
        for (name, value) in fields {
            headers.push(name, value);
        }
        headers
    }
}

impl From<&hyper::HeaderMap> for Headers {
    fn from(fields: &hyper::HeaderMap) -> Self {
        let mut headers = Self {
            names: String::with_capacity(fields.keys().map(|name| name.as_str().len()).sum()),
            values: Vec::with_capacity(fields.values().map(hyper::header::HeaderValue::len).sum()),
            ends: Vec::with_capacity(fields.len()),
        };
        for (name, value) in fields {
            headers.push(name, value);
        }
        headers
    }
}

/// `[[name, value], …]`; a value that is not UTF-8 becomes `{"base64": …}`, so that nothing is lost.
impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Value<'a>(&'a [u8]);
        impl Serialize for Value<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match std::str::from_utf8(self.0) {
                    Ok(text) => serializer.serialize_str(text),
                    Err(_) => {
                        let mut map = serializer.serialize_map(Some(1))?;
                        map.serialize_entry("base64", &base64_text(self.0))?;
                        map.end()
                    }
                }
            }
        }
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for (name, value) in self.iter() {
            list.serialize_element(&(name, Value(value)))?;
        }
        list.end()
    }
}

/// Standard base64 with padding (RFC 4648, section 4).
pub fn base64_text(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The bytes of standard base64 text; padding may be missing.
pub fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT
        .decode(text)
        .ok()
}

/// A request as it is sent or as received: nothing parsed, nothing re-serialised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Path and query, as they stand in the request line.
    pub target: String,
    pub headers: Headers,
    pub body: Bytes,
}

impl Request {
    /// The URL that was called, as far as the request says it: an absolute request line does (RFC 9112, section
    /// 3.2.2), else `Host` and how it came. None without either.
    pub fn url(&self, over_tls: bool) -> Option<String> {
        let target = &self.target;
        if target.starts_with("http://") || target.starts_with("https://") {
            return Some(target.clone());
        }
        let host = String::from_utf8_lossy(self.headers.get("host")?);
        let scheme = if over_tls { "https" } else { "http" };
        Some(format!("{scheme}://{host}{target}"))
    }
}

/// How long the parts of an exchange took. What is not there did not happen: a kept-alive connection is not
/// opened again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// The host's name was looked up.
    pub dns: Option<Duration>,
    /// TCP, and the way through a proxy.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the first byte of the request to the response's head.
    pub first_byte: Option<Duration>,
}

impl Phases {
    /// Each that happened, in order, with its name for people.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let all = [
            ("DNS", self.dns),
            ("connect", self.connect),
            ("TLS", self.tls),
            ("first byte", self.first_byte),
        ];
        all.into_iter()
            .filter_map(|(name, time)| Some((name, time?)))
    }
}

/// Milliseconds; what did not happen is null.
impl Serialize for Phases {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ms = |time: Option<Duration>| time.map(|time| time.as_micros() as f64 / 1000.0);
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("dns", &ms(self.dns))?;
        map.serialize_entry("connect", &ms(self.connect))?;
        map.serialize_entry("tls", &ms(self.tls))?;
        map.serialize_entry("first_byte", &ms(self.first_byte))?;
        map.end()
    }
}

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Headers,
    pub body: Bytes,
    /// The body was longer than what is kept.
    pub truncated: bool,
}

/// Text that someone else chose: a header, a path, a body, an error of a server. It has no `Display`, so
/// that it cannot reach a terminal or a page unescaped: `render` alone turns it into output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RemoteText(String);

impl RemoteText {
    /// The text as received. Comparing is fine; for printing there is `render`.
    pub fn unescaped(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RemoteText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for RemoteText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Bytes that are not UTF-8 show the replacement character.
impl From<&[u8]> for RemoteText {
    fn from(bytes: &[u8]) -> Self {
        Self(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// The longest name of an event or the like that is remembered, in bytes of UTF-8. Senders choose it.
pub const LONGEST_NAME: usize = 200;

/// A name that someone else chose, cut to [`LONGEST_NAME`] bytes; what was cut ends with `…`.
pub fn bounded_name(name: &str) -> std::borrow::Cow<'_, str> {
    if name.len() <= LONGEST_NAME {
        return name.into();
    }
    let mut end = LONGEST_NAME - '…'.len_utf8();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &name[..end]).into()
}

/// A URL in the form in which URLs are compared (RFC 3986, section 6): scheme and host in lower case, no default
/// port, `/` for an empty path; without user, password and fragment. `localhost` and 127.0.0.1 are one; other
/// addresses of this machine can be other servers. Text that is not a URL is kept unchanged.
pub fn normal_url(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else {
        return text.to_owned();
    };
    url.set_fragment(None);
    let is_localhost = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip == std::net::Ipv4Addr::LOCALHOST,
        Some(url::Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        Some(url::Host::Ipv6(_)) | None => false,
    };
    // A URL with a host can always have these replaced.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if is_localhost {
        let _ = url.set_host(Some("localhost"));
    }
    url.into()
}

/// What a body says once its content coding is undone, for looking at; the original stays as received.
#[derive(Debug, PartialEq, Eq)]
pub enum Decoded {
    /// There was no content coding.
    Identity,
    /// One layer of it was undone; `truncated` where more than `limit` bytes came out.
    Plain { body: Vec<u8>, truncated: bool },
    /// The coding is unknown, nested, or the bytes do not follow it.
    Unreadable,
}

/// How much of a compressed body is decoded for looking at it.
pub const MAX_DECODED_BYTES: usize = 16 << 20;

/// Undoes one layer of `Content-Encoding` (gzip or deflate; RFC 9110, section 8.4.1), up to `limit` bytes.
pub fn decode_body(headers: &Headers, body: &[u8], limit: usize) -> Decoded {
    use std::io::Read as _;
    let Some(coding) = headers.get("content-encoding") else {
        return Decoded::Identity;
    };
    let coding = String::from_utf8_lossy(coding).trim().to_ascii_lowercase();
    let mut out = Vec::new();
    let most = limit as u64 + 1;
    let read = match coding.as_str() {
        "" | "identity" => return Decoded::Identity,
        "gzip" | "x-gzip" => flate2::read::MultiGzDecoder::new(body)
            .take(most)
            .read_to_end(&mut out),
        "deflate" => flate2::read::ZlibDecoder::new(body)
            .take(most)
            .read_to_end(&mut out),
        _ => return Decoded::Unreadable,
    };
    if read.is_err() && out.is_empty() {
        return Decoded::Unreadable;
    }
    let truncated = out.len() > limit || read.is_err();
    out.truncate(limit);
    Decoded::Plain {
        body: out,
        truncated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_a_repeated_header_leaves_one_value_in_the_first_place() {
        let mut headers = Headers::new();
        headers.push("X-A", "1");
        headers.push("X-B", "2");
        headers.push("x-a", "3");
        headers.set("X-a", "9");
        let all: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect();
        assert_eq!(
            all,
            [
                ("X-A".to_owned(), b"9".to_vec()),
                ("X-B".to_owned(), b"2".to_vec())
            ]
        );
    }

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        assert_eq!(bounded_name("made"), "made");
        let long = format!("x{}", "é".repeat(LONGEST_NAME));
        let cut = bounded_name(&long);
        assert!(cut.len() <= LONGEST_NAME && cut.len() > LONGEST_NAME - 4);
        assert!(cut.ends_with("é…"));
    }

    #[test]
    fn a_compressed_bomb_is_cut_at_the_limit() {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b'a'; 1 << 20]).unwrap();
        let mut headers = Headers::new();
        headers.push("content-encoding", "gzip");
        let body = encoder.finish().unwrap();
        let decoded = decode_body(&headers, &body, 1000);
        assert_eq!(
            decoded,
            Decoded::Plain {
                body: vec![b'a'; 1000],
                truncated: true
            }
        );
    }
}
