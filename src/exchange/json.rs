//! One JSON document a line: what `captures show --json` prints, and all of a request's bytes.

use serde::Serialize;
use serde_json::Value;

use super::{ReadError, Reader, Recorded, to_url};
use crate::model::{
    Headers, InvalidText, RemoteText, Request, Verdict, VerdictReason, base64_bytes, base64_text,
    to_json,
};

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a Option<String>,
    received_at: Option<String>,
    provider: &'a Option<String>,
    event: &'a Option<RemoteText>,
    verdict: Option<Verdict>,
    reason: Option<VerdictReason>,
    method: &'a str,
    path: &'a str,
    headers: &'a Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    status: Option<u16>,
    over_tls: bool,
    redacted: &'a [String],
}

pub fn write_json(recorded: &Recorded) -> Vec<u8> {
    let text = std::str::from_utf8(&recorded.request.body);
    let document = Document {
        kind: "capture",
        id: &recorded.id,
        received_at: recorded.received_at.map(|at| at.to_string()),
        provider: &recorded.provider,
        event: &recorded.event,
        verdict: recorded.verdict,
        reason: recorded.reason,
        method: &recorded.request.method,
        path: &recorded.request.target,
        headers: &recorded.request.headers,
        body: text.ok(),
        body_base64: text.is_err().then(|| base64_text(&recorded.request.body)),
        status: recorded.status,
        over_tls: recorded.over_tls,
        redacted: &recorded.redacted,
    };
    // Strings, numbers and lists cannot fail to serialise.
    let mut out = to_json(&document).unwrap_or_default();
    out.push(b'\n');
    out
}

/// What `captures show`, `captures export` and `listen` write beside the request, and says nothing more of it.
const KNOWN: &[&str] = &[
    "type",
    "id",
    "received_at",
    "provider",
    "event",
    "verdict",
    "reason",
    "method",
    "path",
    "url",
    "headers",
    "body",
    "body_base64",
    "body_bytes",
    "status",
    "over_tls",
    "peer",
    "redacted",
    "duplicate_of",
    "same_id_changed",
    "candidates",
    "response",
    "sent_by",
    "pending_forward",
    "pending_destinations",
    "schema",
    "signature",
    "out_of_order_by_ms",
];

/// One document per line.
pub fn read_lines(reader: &mut Reader<'_>, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let mut all = Vec::new();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let refused = |why: InvalidText| ReadError::Json {
            line: index + 1,
            why,
        };
        let value: Value =
            serde_json::from_slice(line).map_err(|error| refused(error.to_string().into()))?;
        all.push(read_document(reader, value, index + 1)?);
    }
    Ok(all)
}

/// A request as an object: `method`, `path` or `url`, `headers` as pairs, as objects, or as one, and `body` or
/// `body_base64`.
pub fn read_document(
    reader: &mut Reader<'_>,
    value: Value,
    line: usize,
) -> Result<Recorded, ReadError> {
    let refused = |why: &str| ReadError::Json {
        line,
        why: why.into(),
    };
    let Value::Object(document) = value else {
        return Err(refused("it is not an object"));
    };
    for (name, value) in &document {
        if !KNOWN.contains(&name.as_str()) && has_content(value) {
            reader.tell(format!("the field `{}` is not read", name.escape_debug()));
        }
    }
    let text = |name: &str| match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(refused(&format!("`{name}` is not a string"))),
    };
    let method = text("method")?.ok_or_else(|| refused("`method` is missing"))?;
    let headers = read_headers(document.get("headers").unwrap_or(&Value::Null))
        .map_err(|why| ReadError::Json { line, why })?;
    let body = match (document.get("body"), text("body_base64")?) {
        (Some(Value::String(text)), _) => text.clone().into_bytes(),
        (Some(Value::Object(_) | Value::Array(_)), None) => {
            return Err(refused(
                "`body` is parsed JSON, but a signature covers the original bytes: give the body as a string",
            ));
        }
        (_, Some(base64)) => {
            base64_bytes(&base64).ok_or_else(|| refused("`body_base64` is not base64"))?
        }
        (Some(Value::Null), None) => Vec::new(),
        (Some(_), None) => return Err(refused("`body` is not a string")),
        (None, None) => {
            return Err(refused("`body` or `body_base64` is missing"));
        }
    };
    let mut recorded = match (text("path")?, text("url")?) {
        (Some(path), _) => Recorded::bare(Request {
            method,
            target: path,
            headers,
            body: body.into(),
        }),
        (None, Some(url)) => {
            to_url(method, &url, headers, body).map_err(|why| ReadError::Json { line, why })?
        }
        (None, None) => return Err(refused("`path` or `url` is missing")),
    };
    recorded.id = text("id")?;
    recorded.received_at = text("received_at")?
        .map(|at| {
            at.parse()
                .map_err(|_| refused("`received_at` is not an RFC 3339 time"))
        })
        .transpose()?;
    recorded.provider = text("provider")?;
    recorded.event = text("event")?.map(RemoteText::from);
    recorded.verdict = text("verdict")?.and_then(|word| word.parse().ok());
    recorded.reason = text("reason")?.and_then(|word| word.parse().ok());
    recorded.status = document
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok());
    recorded.over_tls |= document.get("over_tls") == Some(&Value::Bool(true));
    recorded.redacted = document
        .get("redacted")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    Ok(recorded)
}

fn has_content(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(all) => !all.is_empty(),
        Value::Object(all) => !all.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// `[[name, value], …]`, `[{"name": …, "value": …}, …]` (or `key`), `{name: value}` or `{name: [value, …]}`. A value
/// that is not text is `{"base64": …}`.
pub fn read_headers(value: &Value) -> Result<Headers, InvalidText> {
    let mut headers = Headers::new();
    let mut push = |name: &str, value: &Value| -> Result<(), InvalidText> {
        match value {
            Value::String(text) => headers.push(name, text),
            Value::Number(number) => headers.push(name, number.to_string()),
            Value::Bool(is) => headers.push(name, is.to_string()),
            Value::Object(value) if value.get("base64").is_some_and(Value::is_string) => {
                let bytes = value["base64"].as_str().and_then(base64_bytes);
                headers.push(
                    name,
                    bytes.ok_or_else(|| {
                        format!("the value of `{}` is not base64", name.escape_debug())
                    })?,
                );
            }
            _ => {
                return Err(format!("the value of `{}` is not text", name.escape_debug()).into());
            }
        }
        Ok(())
    };
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Array(values) => {
                        for value in values {
                            push(name, value)?;
                        }
                    }
                    Value::Null => {}
                    value => push(name, value)?,
                }
            }
        }
        Value::Array(fields) => {
            for field in fields {
                match field {
                    Value::Array(pair) if pair.len() == 2 => {
                        let name = pair[0].as_str().ok_or("a header's name is not a string")?;
                        push(name, &pair[1])?;
                    }
                    Value::Object(field) => {
                        if field.get("disabled") == Some(&Value::Bool(true)) {
                            continue;
                        }
                        let name = field.get("name").or_else(|| field.get("key"));
                        let name = name.and_then(Value::as_str).ok_or("a header has no name")?;
                        push(
                            name,
                            field.get("value").unwrap_or(&Value::String(String::new())),
                        )?;
                    }
                    _ => return Err("a header is neither a pair nor an object".into()),
                }
            }
        }
        _ => {
            return Err("`headers` is neither a list nor an object".into());
        }
    }
    Ok(headers)
}
