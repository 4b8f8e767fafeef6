//! HTTP Archive 1.2. It knows text alone; a body that is no text is base64 (`encoding`, as the format has
//! it for responses), and so is a header's value (`_base64`).

use serde_json::{Value, json};

use super::{ReadError, Recorded};
use crate::escape::to_json;
use crate::message::{Headers, Request, base64_bytes, base64_text};

pub fn write_har(all: &[Recorded]) -> Vec<u8> {
    let entries: Vec<Value> = all.iter().map(entry).collect();
    let har = json!({"log": {
        "version": "1.2",
        "creator": {"name": "hookcli", "version": env!("CARGO_PKG_VERSION")},
        "entries": entries,
    }});
    let mut out = to_json(&har).unwrap_or_default();
    out.push(b'\n');
    out
}

fn entry(recorded: &Recorded) -> Value {
    let request = &recorded.request;
    let headers: Vec<Value> = request
        .headers
        .iter()
        .map(|(name, value)| match std::str::from_utf8(value) {
            Ok(text) => json!({"name": name, "value": text}),
            Err(_) => json!({"name": name, "value": String::from_utf8_lossy(value), "_base64": base64_text(value)}),
        })
        .collect();
    let header = |name: &str| {
        request
            .headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value).into_owned())
    };
    let host = header("host").unwrap_or_else(|| "localhost".to_owned());
    let scheme = if recorded.over_tls { "https" } else { "http" };
    let url = format!("{scheme}://{host}{}", request.target);
    let query: Vec<Value> = url::Url::parse(&url)
        .map(|url| {
            url.query_pairs()
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect()
        })
        .unwrap_or_default();
    let mime = header("content-type").unwrap_or_default();
    let post_data = match std::str::from_utf8(&request.body) {
        Ok(text) => json!({"mimeType": mime, "text": text}),
        Err(_) => {
            json!({"mimeType": mime, "text": base64_text(&request.body), "encoding": "base64"})
        }
    };
    json!({
        "startedDateTime": recorded.received_at.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |at| at.to_string()),
        "time": 0,
        "request": {
            "method": request.method,
            "url": url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers,
            "queryString": query,
            "postData": post_data,
            "headersSize": -1,
            "bodySize": request.body.len(),
        },
        "response": {
            "status": recorded.status.unwrap_or(0),
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_hookcli": {
            "id": recorded.id,
            "provider": recorded.provider,
            "event": recorded.event,
            "verdict": recorded.verdict,
            "reason": recorded.reason,
            "target": request.target,
            "masked": recorded.masked,
        },
    })
}

pub fn read_har(bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let har: Value =
        serde_json::from_slice(bytes).map_err(|error| ReadError::Har(error.to_string()))?;
    let entries = har["log"]["entries"]
        .as_array()
        .ok_or_else(|| ReadError::Har("log.entries is missing".to_owned()))?;
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            read_entry(entry).map_err(|why| ReadError::Har(format!("entry {index}: {why}")))
        })
        .collect()
}

fn read_entry(entry: &Value) -> Result<Recorded, String> {
    let request = &entry["request"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let own = &entry["_hookcli"];
    let method = text(&request["method"]).ok_or("request.method is missing")?;
    let target = match text(&own["target"]) {
        Some(target) => target,
        None => {
            let url = text(&request["url"]).ok_or("request.url is missing")?;
            let url = url::Url::parse(&url).map_err(|_| "request.url is no URL")?;
            url.query().map_or_else(
                || url.path().to_owned(),
                |query| format!("{}?{query}", url.path()),
            )
        }
    };
    let mut headers = Headers::new();
    for header in request["headers"].as_array().into_iter().flatten() {
        let name = text(&header["name"]).ok_or("a header has no name")?;
        let value = match text(&header["_base64"]) {
            Some(base64) => base64_bytes(&base64).ok_or("a header's _base64 is not base64")?,
            None => text(&header["value"]).unwrap_or_default().into_bytes(),
        };
        if name.starts_with(':') {
            continue; // HTTP/2's pseudo headers stand in the request line here.
        }
        if name.contains(['\r', '\n', ':'])
            || value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
        {
            return Err("a header holds a line break".to_owned());
        }
        headers.push(name, value);
    }
    let post_data = &request["postData"];
    let body_text = text(&post_data["text"]).unwrap_or_default();
    let body = if post_data["encoding"] == "base64" {
        base64_bytes(&body_text).ok_or("postData is not base64")?
    } else {
        body_text.into_bytes()
    };
    let status = entry["response"]["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| *status > 0);
    Ok(Recorded {
        id: text(&own["id"]),
        received_at: text(&entry["startedDateTime"]).and_then(|at| at.parse().ok()),
        provider: text(&own["provider"]),
        event: text(&own["event"]).map(Into::into),
        verdict: text(&own["verdict"]),
        reason: text(&own["reason"]),
        request: Request {
            method,
            target,
            headers,
            body: body.into(),
        },
        status,
        over_tls: request["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https:")),
        masked: own["masked"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(text)
            .collect(),
    })
}
