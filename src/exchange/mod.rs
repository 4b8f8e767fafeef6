//! Captures in the forms of other tools: what `captures export` writes and `captures import` reads.

mod curl;
mod har;
mod json;
mod raw;

pub use curl::{CurlOptions, curl_command};
pub use har::{read_har, write_har};
pub use json::{read_json, write_json};
pub use raw::{read_raw, write_raw};

use jiff::Timestamp;

use crate::message::{RemoteText, Request};

/// A request and what is known of it, whatever form it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub id: Option<String>,
    pub received_at: Option<Timestamp>,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub verdict: Option<String>,
    pub reason: Option<String>,
    pub request: Request,
    /// The status that was answered.
    pub status: Option<u16>,
    /// It came over TLS: its URL is https.
    pub over_tls: bool,
    /// What is masked: header names and JSON pointers into the body.
    pub masked: Vec<String>,
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
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    #[error("line {line}: {why}")]
    Json { line: usize, why: String },
    #[error("not a HAR file: {0}")]
    Har(String),
    #[error("not an HTTP request: {0}")]
    Raw(String),
    #[error(
        "it is neither an exported capture (one JSON document a line), a HAR file, nor a raw HTTP request"
    )]
    Unknown,
}

/// Reads any of the forms; which one it is shows in its first bytes.
pub fn read_any(bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let start = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    if bytes[start..].first() == Some(&b'{') {
        let is_har = serde_json::from_slice::<serde_json::Value>(bytes)
            .is_ok_and(|value| value.get("log").is_some());
        return if is_har {
            read_har(bytes)
        } else {
            read_json(bytes)
        };
    }
    let first_line = bytes[start..]
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let first_line = first_line.strip_suffix(b"\r").unwrap_or(first_line);
    if first_line.ends_with(b"HTTP/1.1") || first_line.ends_with(b"HTTP/1.0") {
        return read_raw(&bytes[start..]);
    }
    Err(ReadError::Unknown)
}
