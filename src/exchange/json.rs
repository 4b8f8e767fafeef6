//! One JSON document a line: what `captures show --json` prints, and all of a request's bytes.

use serde::{Deserialize, Serialize};

use super::{ReadError, Recorded};
use crate::escape::to_json;
use crate::message::{Headers, RemoteText, Request, base64_bytes, base64_text};

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a Option<String>,
    received_at: Option<String>,
    provider: &'a Option<String>,
    event: &'a Option<RemoteText>,
    verdict: &'a Option<String>,
    reason: &'a Option<String>,
    method: &'a str,
    path: &'a str,
    headers: &'a Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    status: Option<u16>,
    over_tls: bool,
    masked: &'a [String],
}

pub fn write_json(recorded: &Recorded) -> Vec<u8> {
    let text = std::str::from_utf8(&recorded.request.body);
    let document = Document {
        kind: "capture",
        id: &recorded.id,
        received_at: recorded.received_at.map(|at| at.to_string()),
        provider: &recorded.provider,
        event: &recorded.event,
        verdict: &recorded.verdict,
        reason: &recorded.reason,
        method: &recorded.request.method,
        path: &recorded.request.target,
        headers: &recorded.request.headers,
        body: text.ok(),
        body_base64: text.is_err().then(|| base64_text(&recorded.request.body)),
        status: recorded.status,
        over_tls: recorded.over_tls,
        masked: &recorded.masked,
    };
    // Strings, numbers and lists cannot fail to serialise.
    let mut out = to_json(&document).unwrap_or_default();
    out.push(b'\n');
    out
}

/// What is needed to have the request again; more keys may stand beside these.
#[derive(Deserialize)]
struct Incoming {
    id: Option<String>,
    received_at: Option<String>,
    provider: Option<String>,
    event: Option<String>,
    verdict: Option<String>,
    reason: Option<String>,
    method: String,
    path: String,
    headers: Vec<(String, HeaderValue)>,
    body: Option<String>,
    body_base64: Option<String>,
    status: Option<u16>,
    #[serde(default)]
    over_tls: bool,
    #[serde(default)]
    masked: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderValue {
    Text(String),
    Bytes { base64: String },
}

pub fn read_json(bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let mut all = Vec::new();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let refused = |why: String| ReadError::Json {
            line: index + 1,
            why,
        };
        let incoming: Incoming =
            serde_json::from_slice(line).map_err(|error| refused(error.to_string()))?;
        let mut headers = Headers::new();
        for (name, value) in incoming.headers {
            let value = match value {
                HeaderValue::Text(text) => text.into_bytes(),
                HeaderValue::Bytes { base64 } => base64_bytes(&base64)
                    .ok_or_else(|| refused(format!("the value of `{name}` is not base64")))?,
            };
            if name.contains(['\r', '\n', ':'])
                || value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
            {
                return Err(refused(format!(
                    "`{}` cannot be a header",
                    name.escape_debug()
                )));
            }
            headers.push(name, value);
        }
        let body =
            match (incoming.body, incoming.body_base64) {
                (Some(text), _) => text.into_bytes(),
                (None, Some(base64)) => base64_bytes(&base64)
                    .ok_or_else(|| refused("body_base64 is not base64".to_owned()))?,
                (None, None) => return Err(refused(
                    "neither `body` nor `body_base64` is there (listen --json adds it with --body)"
                        .to_owned(),
                )),
            };
        let received_at = incoming
            .received_at
            .map(|at| {
                at.parse()
                    .map_err(|_| refused("`received_at` is no RFC 3339 time".to_owned()))
            })
            .transpose()?;
        all.push(Recorded {
            id: incoming.id,
            received_at,
            provider: incoming.provider,
            event: incoming.event.map(RemoteText::from),
            verdict: incoming.verdict,
            reason: incoming.reason,
            request: Request {
                method: incoming.method,
                target: incoming.path,
                headers,
                body: body.into(),
            },
            status: incoming.status,
            over_tls: incoming.over_tls,
            masked: incoming.masked,
        });
    }
    Ok(all)
}
