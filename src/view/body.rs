//! Bodies for documents and for people.

use serde::Serialize;

use crate::catalog::{Provider, Violation};
use crate::model::{Decoded, MAX_DECODED_BYTES, RemoteText, Request, base64_text, decode_body};

/// How many bytes are shown in hex.
const DUMPED_BYTES: usize = 512;

/// A body: text where it is UTF-8, base64 where it is not.
#[derive(Clone, Debug, Serialize, Default)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BodyReport {
    /// The body, if it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<RemoteText>,
    /// The body in base64, if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

impl BodyReport {
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self {
                body: Some(text.into()),
                body_base64: None,
            },
            Err(_) => Self {
                body: None,
                body_base64: Some(base64_text(bytes)),
            },
        }
    }
}

#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SchemaReport {
    /// Whether the payload matches the event's schema.
    pub valid: bool,
    /// What does not match.
    pub errors: Vec<Violation>,
}

/// How a body conforms to the schema of its event; `None` if the event has no schema.
pub fn schema_report(
    provider: Option<&Provider>,
    event: Option<&RemoteText>,
    body: &[u8],
) -> Option<SchemaReport> {
    let provider = provider?;
    let event = event?.unescaped();
    if !provider.events.contains_key(event) {
        return None;
    }
    let errors = provider.validate(event, body).ok()?;
    Some(SchemaReport {
        valid: errors.is_empty(),
        errors,
    })
}

/// The body as text for people: one content coding undone, bounded.
pub fn readable_body(request: &Request) -> RemoteText {
    let bytes = match decode_body(&request.headers, &request.body, MAX_DECODED_BYTES) {
        Decoded::Plain { body, truncated } => {
            let mut text = String::from_utf8_lossy(&body).into_owned();
            if truncated {
                text.push_str("\n(cut: the decoded body is longer)");
            }
            return text.into();
        }
        Decoded::Identity | Decoded::Unreadable => &request.body,
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => hex_dump(bytes).into(),
    }
}

/// Bytes that are not text, as hex and ASCII; only the first ones if there are many.
fn hex_dump(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for (index, line) in bytes[..bytes.len().min(DUMPED_BYTES)]
        .chunks(16)
        .enumerate()
    {
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = line
            .iter()
            .map(|byte| match byte {
                b' '..=b'~' => char::from(*byte),
                _ => '.',
            })
            .collect();
        let _ = writeln!(out, "{:08x}  {:<47}  {text}", index * 16, hex.join(" "));
    }
    if bytes.len() > DUMPED_BYTES {
        let _ = writeln!(
            out,
            "({} bytes in total; use --raw to get them)",
            bytes.len()
        );
    }
    out
}
