//! Requests in the forms of other tools: what `captures export` writes and `captures import` reads.

mod code;
mod curl;
mod export;
mod form;
mod gateway;
mod har;
mod http_file;
mod json;
mod postman;
mod raw;

use code::{fetch_script, go_program, httpie_command, python_script};
pub use curl::{CurlOptions, curl_command};
pub use export::{ExportError, ExportForm, Exporter};
pub use http_file::write_http_file;
pub use json::write_json;
pub use raw::write_raw;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::model::{Capture, Headers, RemoteText, Request, Verdict, VerdictReason};

/// A request and what is known of it, whatever form it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub id: Option<String>,
    pub received_at: Option<Timestamp>,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub verdict: Option<Verdict>,
    pub reason: Option<VerdictReason>,
    pub request: Request,
    /// The status that was answered.
    pub status: Option<u16>,
    /// It came over TLS: its URL is https.
    pub over_tls: bool,
    /// What is masked: header names and JSON pointers into the body.
    pub masked: Vec<String>,
}

/// A capture in the form that export and replay share.
impl From<Capture> for Recorded {
    fn from(capture: Capture) -> Self {
        Self {
            id: Some(capture.id.to_string()),
            received_at: Some(capture.received_at),
            provider: capture.provider,
            event: capture.event,
            verdict: Some(capture.verdict),
            reason: capture.reason,
            request: capture.request,
            status: Some(capture.response_status),
            over_tls: capture.over_tls,
            masked: Vec::new(),
        }
    }
}

impl Recorded {
    pub fn bare(request: Request) -> Self {
        Self {
            id: None,
            received_at: None,
            provider: None,
            event: None,
            verdict: None,
            reason: None,
            request,
            status: None,
            over_tls: false,
            masked: Vec::new(),
        }
    }

    /// The URL that the sender called, as far as the request says it; `localhost` where it names no host.
    pub fn url(&self) -> String {
        self.request
            .url(self.over_tls)
            .unwrap_or_else(|| format!("http://localhost{}", self.request.target))
    }
}

/// Reads a file by the name that a text gives it.
pub type ReadFile<'a> = dyn Fn(&str) -> std::io::Result<Vec<u8>> + 'a;

/// Reads requests in any of the forms. It opens no file and asks no variable of the environment by itself: what a
/// text from elsewhere may have is what its caller gives.
pub struct Reader<'a> {
    /// Values of `{{name}}` in .http files and Postman collections.
    pub variables: &'a BTreeMap<String, String>,
    /// Reads a file that the text names; none where files are not allowed.
    pub files: Option<&'a ReadFile<'a>>,
    /// What was read otherwise than it stands there, or not read at all: a sentence each.
    pub notices: Vec<String>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    #[error("line {line}: {why}")]
    Json { line: usize, why: String },
    #[error("not a HAR file: {0}")]
    Har(String),
    #[error("not an HTTP request: {0}")]
    Raw(String),
    #[error("{form}: {why}")]
    Form {
        /// What it was read as, such as `curl command`.
        form: &'static str,
        why: String,
    },
    #[error("request {number}: {why}")]
    Request { number: usize, why: String },
    #[error("it holds no request")]
    Empty,
    #[error(
        "it is in none of the forms that are read: JSON of a capture, HAR, a raw HTTP request, a .http file, a curl command, a Postman collection, or an event of API Gateway or Lambda"
    )]
    Unknown,
}

/// Reads requests that need nothing beside themselves, and tells nothing.
pub fn read_any(bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    Reader {
        variables: &BTreeMap::new(),
        files: None,
        notices: Vec::new(),
    }
    .read(bytes)
}

impl Reader<'_> {
    /// All requests of a text, whose form shows in its first bytes. Each can stand in a request line and a
    /// header section (RFC 9112, sections 3 and 5).
    pub fn read(&mut self, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
        let all = self.read_form(bytes)?;
        if all.is_empty() {
            return Err(ReadError::Empty);
        }
        for (index, recorded) in all.iter().enumerate() {
            check(&recorded.request).map_err(|why| ReadError::Request {
                number: index + 1,
                why,
            })?;
        }
        Ok(all)
    }

    fn read_form(&mut self, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let start = bytes
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .ok_or(ReadError::Empty)?;
        let text = &bytes[start..];
        if matches!(text[0], b'{' | b'[') {
            return match serde_json::from_slice::<Value>(text) {
                Ok(value) => self.read_value(value),
                Err(_) => json::read_lines(self, bytes),
            };
        }
        if let Some(read) = curl::read(self, text) {
            return read;
        }
        let line = text.split(|&byte| byte == b'\n').next().unwrap_or(text);
        if raw::is_request_line(line) {
            return raw::read(self, text);
        }
        http_file::read(self, text)
    }

    /// One JSON document: what it is shows in its members.
    fn read_value(&mut self, value: Value) -> Result<Vec<Recorded>, ReadError> {
        if let Value::Array(all) = value {
            let mut read = Vec::new();
            for value in all {
                read.extend(self.read_value(value)?);
            }
            return Ok(read);
        }
        if value.get("method").is_none() && value.get("log").is_some_and(Value::is_object) {
            return har::read(self, &value);
        }
        if value.get("info").is_some() && value.get("item").is_some() {
            return postman::read(self, &value);
        }
        if gateway::is_event(&value) {
            return gateway::read(self, &value).map(|one| vec![one]);
        }
        json::read_document(self, value, 1).map(|one| vec![one])
    }

    fn tell(&mut self, notice: impl Into<String>) {
        /// More are not listed: they fill a screen.
        const MOST: usize = 50;
        let notice = notice.into();
        if self.notices.len() > MOST || self.notices.contains(&notice) {
            return;
        }
        self.notices.push(match self.notices.len() {
            MOST => "there is more of that kind; it is not listed".to_owned(),
            _ => notice,
        });
    }

    /// The bytes of a file that the text names.
    fn file(&self, name: &str) -> Result<Vec<u8>, String> {
        let Some(read) = self.files else {
            return Err(format!(
                "it names the file `{name}`, and files are read with --allow-files alone"
            ));
        };
        read(name).map_err(|error| format!("{name}: {error}"))
    }

    /// Puts values in the place of `{{name}}`: those that were given, else those that the text itself defines.
    fn fill(&self, text: &str, own: &BTreeMap<String, String>) -> Result<String, String> {
        self.fill_within(text, own, 0)
    }

    fn fill_within(
        &self,
        text: &str,
        own: &BTreeMap<String, String>,
        depth: usize,
    ) -> Result<String, String> {
        /// Variables that stand in one another; more is a circle.
        const DEEPEST: usize = 10;
        /// What variables may make of a text.
        const LONGEST: usize = 16 << 20;
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            let Some((inside, after)) = behind.split_once("}}") else {
                break;
            };
            out.push_str(before);
            // `{{$processEnv NAME}}`, `{{$dotenv NAME}}`: a variable of that name.
            let name = match inside.trim().split_once(char::is_whitespace) {
                Some(("$processEnv" | "$dotenv" | "$env", name)) => name.trim(),
                _ => inside.trim(),
            };
            let name = name.strip_prefix("$env.").unwrap_or(name);
            if let Some(value) = self.variables.get(name) {
                out.push_str(value);
            } else if let Some(value) = own.get(name) {
                if depth == DEEPEST {
                    return Err(format!("the variable `{name}` is defined by itself"));
                }
                out.push_str(&self.fill_within(value, own, depth + 1)?);
            } else {
                return Err(format!(
                    "`{{{{{inside}}}}}` has no value; give it one with --var '{name}=…'"
                ));
            }
            if out.len() > LONGEST {
                return Err(format!(
                    "its variables make more than {LONGEST} bytes of it"
                ));
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The headers that are the request's own, and not its client's to say: neither its host nor how it is framed.
fn own_headers(request: &Request) -> impl Iterator<Item = (&str, &[u8])> {
    request.headers.iter().filter(|(name, _)| {
        !["host", "content-length", "transfer-encoding", "connection"]
            .iter()
            .any(|client| name.eq_ignore_ascii_case(client))
    })
}

/// The same, a repeated one joined by commas (RFC 9110, section 5.3): for clients that take a name once.
fn joined_headers(request: &Request) -> Vec<(&str, Vec<u8>)> {
    let mut all: Vec<(&str, Vec<u8>)> = Vec::new();
    for (name, value) in own_headers(request) {
        match all
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            Some((_, joined)) => {
                joined.extend_from_slice(b", ");
                joined.extend_from_slice(value);
            }
            None => all.push((name, value.to_vec())),
        }
    }
    all
}

/// What clients that follow WHATWG's URL standard call instead, where that is another URL.
fn url_note(recorded: &Recorded) -> Option<String> {
    let url = recorded.url();
    let parsed = Url::parse(&url).ok()?;
    (parsed.as_str() != url).then(|| format!("This client calls {parsed}"))
}

/// Whether a request can be written as one: a method that is a token, and no line break or other control where none
/// can stand (RFC 9110, sections 5.1, 5.5 and 9.1).
pub fn check(request: &Request) -> Result<(), String> {
    if !is_token(&request.method) {
        return Err(format!(
            "`{}` cannot be a method",
            request.method.escape_debug()
        ));
    }
    let target = &request.target;
    if target.is_empty() || target.contains(|c: char| c.is_control() || c == ' ') {
        return Err(format!("`{}` cannot be a path", target.escape_debug()));
    }
    for (name, value) in request.headers.iter() {
        if !is_token(name) || value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return Err(format!("`{}` cannot be a header", name.escape_debug()));
        }
    }
    Ok(())
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A request to a URL as clients write it: its path and query are the request line's, and `Host` says the rest where
/// no header of that name is there.
fn to_url(
    method: String,
    url: &str,
    mut headers: Headers,
    body: Vec<u8>,
) -> Result<Recorded, String> {
    let scheme_less = !url.contains("://");
    let whole = if scheme_less {
        format!("http://{url}")
    } else {
        url.to_owned()
    };
    let parsed =
        Url::parse(&whole).map_err(|error| format!("`{}`: {error}", url.escape_debug()))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(format!(
            "`{}` is not an http or https URL",
            url.escape_debug()
        ));
    }
    let host = parsed.host_str().unwrap_or_default();
    let host = match parsed.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    if !headers.contains("host") {
        headers = std::iter::once(("Host", host.as_bytes()))
            .chain(headers.iter())
            .collect();
    }
    Ok(Recorded {
        over_tls: parsed.scheme() == "https",
        ..Recorded::bare(Request {
            method,
            target: target_as_written(&whole, &parsed),
            headers,
            body: body.into(),
        })
    })
}

/// Path and query of a URL with the letters that stand there, for a signature may cover them; what cannot stand in a
/// request line is escaped.
fn target_as_written(url: &str, parsed: &Url) -> String {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let at = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let target = behind[at..].split('#').next().unwrap_or_default();
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
    match target {
        "" => "/".to_owned(),
        target if is_plain && target.starts_with('/') => target.to_owned(),
        target if is_plain => format!("/{target}"),
        _ => parsed.query().map_or_else(
            || parsed.path().to_owned(),
            |query| format!("{}?{query}", parsed.path()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_variables_ends_with_an_error() {
        let none = BTreeMap::new();
        let reader = Reader {
            variables: &none,
            files: None,
            notices: Vec::new(),
        };
        let own = BTreeMap::from([
            ("a".to_owned(), "{{b}}".to_owned()),
            ("b".to_owned(), "{{a}}".to_owned()),
        ]);
        assert!(reader.fill("{{a}}", &own).unwrap_err().contains("itself"));
        assert!(
            reader
                .fill("{{c}}", &own)
                .unwrap_err()
                .contains("--var 'c=…'")
        );
        assert_eq!(reader.fill("a {{ b", &own).unwrap(), "a {{ b");
    }

    #[test]
    fn a_url_is_called_as_it_was_written() {
        let read = to_url(
            "POST".into(),
            "HTTPS://Hooks.Example.com:443/a%2fb/../c?x='1'#f",
            Headers::new(),
            Vec::new(),
        )
        .unwrap();
        assert_eq!(read.request.target, "/a%2fb/../c?x='1'");
        assert_eq!(
            read.request.headers.get("host"),
            Some(&b"hooks.example.com"[..])
        );
        assert!(read.over_tls);
    }
}
