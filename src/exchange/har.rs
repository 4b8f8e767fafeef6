//! HTTP Archive 1.2. It knows text alone; a body that is no text is base64 (`encoding`, as the format has
//! it for responses), and so is a header's value (`_base64`).

use serde_json::{Value, json};

use super::form::urlencoded;
use super::{ReadError, Reader, Recorded, to_url};
use crate::model::{Headers, InvalidText, Request, base64_bytes, base64_text, to_json};

/// The archive up to this entry, where it is the first, and the entry.
pub fn write_entry(recorded: &Recorded, is_first: bool) -> Vec<u8> {
    let mut out = match is_first {
        true => head(),
        false => vec![b','],
    };
    out.extend(to_json(&entry(recorded)).unwrap_or_default());
    out
}

/// The rest of the archive; the whole archive if it has no entries.
pub fn write_end(is_empty: bool) -> Vec<u8> {
    let mut out = match is_empty {
        true => head(),
        false => Vec::new(),
    };
    out.extend_from_slice(b"]}}\n");
    out
}

fn head() -> Vec<u8> {
    let creator = json!({"name": "hookcli", "version": env!("CARGO_PKG_VERSION")});
    format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[").into_bytes()
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
    let url = recorded.url();
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
            "redacted": recorded.redacted,
        },
    })
}

/// The requests of a HAR file, which is parsed already.
pub fn read(reader: &mut Reader<'_>, har: &Value) -> Result<Vec<Recorded>, ReadError> {
    let entries = har["log"]["entries"]
        .as_array()
        .ok_or_else(|| ReadError::Har("log.entries is missing".into()))?;
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            read_entry(reader, entry, index + 1)
                .map_err(|why| ReadError::Har(format!("entry {index}: {why}").into()))
        })
        .collect()
}

fn read_entry(
    reader: &mut Reader<'_>,
    entry: &Value,
    number: usize,
) -> Result<Recorded, InvalidText> {
    let request = &entry["request"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let own = &entry["_hookcli"];
    let method = text(&request["method"]).ok_or("request.method is missing")?;
    let mut headers = Headers::new();
    let mut authority = None;
    for header in request["headers"].as_array().into_iter().flatten() {
        let name = text(&header["name"]).ok_or("a header has no name")?;
        let value = match text(&header["_base64"]) {
            Some(base64) => base64_bytes(&base64).ok_or("a header's _base64 is not base64")?,
            None => text(&header["value"]).unwrap_or_default().into_bytes(),
        };
        // HTTP/2's pseudo-headers (RFC 9113, section 8.3.1) stand in the request line here, and in Host.
        match name.strip_prefix(':') {
            Some("authority") => authority = Some(value),
            Some(_) => {}
            None => headers.push(name, value),
        }
    }
    if let Some(authority) = authority
        && !headers.contains("host")
    {
        headers = std::iter::once(("host", authority.as_slice()))
            .chain(headers.iter())
            .collect();
    }
    if !headers.contains("cookie")
        && request["cookies"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    {
        reader.tell(format!(
            "entry {number}: its cookies are not in a header and were left out"
        ));
    }
    let body = read_body(reader, request, number)?;
    let is_written_again = request["postData"]["text"]
        .as_str()
        .is_none_or(str::is_empty);
    if !body.is_empty()
        && is_written_again
        && !headers.contains("content-type")
        && let Some(kind) = text(&request["postData"]["mimeType"])
    {
        headers.push("content-type", kind);
    }
    let mut recorded = match text(&own["target"]) {
        Some(target) => Recorded::bare(Request {
            method,
            target,
            headers,
            body: body.into(),
        }),
        None => {
            let mut url = text(&request["url"]).ok_or("request.url is missing")?;
            let query: Vec<(&str, &str)> = pairs(&request["queryString"]);
            if !url.contains('?') && !query.is_empty() {
                url.push('?');
                url.push_str(&String::from_utf8_lossy(&urlencoded(query)));
            }
            if !url.contains("://") {
                return Err("request.url is not a URL".into());
            }
            to_url(method, &url, headers, body)?
        }
    };
    let status = entry["response"]["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| *status > 0);
    recorded.received_at = text(&entry["startedDateTime"]).and_then(|at| at.parse().ok());
    recorded.provider = text(&own["provider"]);
    recorded.event = text(&own["event"]).map(Into::into);
    recorded.status = status;
    recorded.over_tls = request["url"].as_str().is_some_and(|url| {
        url.get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    });
    recorded.redacted = own["redacted"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(text)
        .collect();
    Ok(recorded)
}

/// `postData`: its text, which may be base64, else the form that its fields come to.
fn read_body(
    reader: &mut Reader<'_>,
    request: &Value,
    number: usize,
) -> Result<Vec<u8>, InvalidText> {
    let post_data = &request["postData"];
    if !post_data.is_null() && !post_data.is_object() {
        return Err("request.postData is not an object".into());
    }
    for (name, value) in post_data.as_object().into_iter().flatten() {
        let is_known =
            ["mimeType", "text", "params", "encoding", "comment"].contains(&name.as_str());
        if !is_known && !is_blank(value) {
            reader.tell(format!(
                "entry {number}: `postData.{}` was left out",
                name.escape_debug()
            ));
        }
    }
    let written = match post_data["text"].as_str() {
        Some(text) if !text.is_empty() => {
            // As HAR has it for answers, and several recorders for requests.
            let encoding = [&post_data["encoding"], &post_data["comment"]];
            return match encoding.iter().any(|encoding| **encoding == "base64") {
                true => base64_bytes(text)
                    .ok_or_else(|| "postData is not base64".to_owned())
                    .map_err(InvalidText::from),
                false => Ok(text.as_bytes().to_vec()),
            };
        }
        _ => post_data["params"].as_array().filter(|all| !all.is_empty()),
    };
    let Some(params) = written else {
        if request["bodySize"].as_i64().is_some_and(|size| size > 0) {
            reader.tell(format!(
                "entry {number}: bodySize is {} bytes, but the file does not contain the body",
                request["bodySize"]
            ));
        }
        return Ok(Vec::new());
    };
    let kind = post_data["mimeType"].as_str().unwrap_or_default();
    let is_file = |param: &Value| !is_blank(&param["fileName"]) || !is_blank(&param["contentType"]);
    if kind.to_ascii_lowercase().starts_with("multipart/") || params.iter().any(is_file) {
        return Err(
            "postData has only the parts of a multipart body, so the original bytes are lost"
                .into(),
        );
    }
    reader.tell(format!(
        "entry {number}: its form was rebuilt from postData.params, so its escapes may differ"
    ));
    Ok(urlencoded(pairs(&post_data["params"])))
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
}

/// `[{"name": …, "value": …}]`
fn pairs(list: &Value) -> Vec<(&str, &str)> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|pair| {
            Some((
                pair["name"].as_str()?,
                pair["value"].as_str().unwrap_or_default(),
            ))
        })
        .collect()
}
