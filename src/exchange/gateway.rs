//! Events with which API Gateway, function URLs and load balancers of AWS hand a request to a function (AWS Lambda
//! Developer Guide, "Working with AWS Lambda proxy integrations for HTTP APIs" and "Using AWS Lambda with an
//! Application Load Balancer"). Platforms that run on it have the same form.

use serde_json::Value;

use super::form::urlencoded;
use super::json::read_headers;
use super::{ReadError, Reader, Recorded};
use crate::model::{Headers, InvalidText, Request, base64_bytes};

const FORM: &str = "event of API Gateway or Lambda";

/// Whether a document is such an event: version 1.0 has `httpMethod`, version 2.0 `requestContext.http`.
pub fn is_event(value: &Value) -> bool {
    let context = &value["requestContext"];
    value["httpMethod"].is_string() || context["http"]["method"].is_string()
}

/// The request of an event, with the path that the sender called.
pub fn read(reader: &mut Reader<'_>, event: &Value) -> Result<Recorded, ReadError> {
    read_event(reader, event).map_err(|why| ReadError::Form { form: FORM, why })
}

fn read_event(reader: &mut Reader<'_>, event: &Value) -> Result<Recorded, InvalidText> {
    let context = &event["requestContext"];
    let is_second = context["http"].is_object();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let method = text(&event["httpMethod"])
        .or_else(|| text(&context["http"]["method"]))
        .ok_or("its method is missing")?;
    // `requestContext.path` has the stage that the sender's URL has, and `path` leaves out.
    let path = text(&event["rawPath"])
        .or_else(|| text(&context["path"]))
        .or_else(|| text(&event["path"]))
        .or_else(|| text(&context["http"]["path"]))
        .ok_or("its path is missing")?;
    let mut target = path;
    let query = match text(&event["rawQueryString"]) {
        Some(query) => query,
        None => decoded_query(reader, event),
    };
    if !query.is_empty() {
        target.push('?');
        target.push_str(&query);
    }
    let several = &event["multiValueHeaders"];
    let mut headers = read_headers(if several.is_object() {
        several
    } else {
        &event["headers"]
    })?;
    if is_second {
        let cookies: Vec<&str> = event["cookies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !cookies.is_empty() && !headers.contains("cookie") {
            headers.push("cookie", cookies.join("; "));
        }
        if headers.iter().any(|(_, value)| value.contains(&b',')) {
            reader.tell("a header that was sent several times is joined by commas");
        }
    }
    if !headers.contains("host")
        && let Some(host) = text(&context["domainName"])
    {
        headers = std::iter::once(("host", host.as_bytes()))
            .chain(headers.iter())
            .collect::<Headers>();
    }
    let body = match (&event["body"], &event["isBase64Encoded"]) {
        (Value::Null, _) => Vec::new(),
        (Value::String(body), Value::Bool(true)) => {
            base64_bytes(body).ok_or("its body is not base64, although isBase64Encoded is true")?
        }
        (Value::String(body), _) => body.as_bytes().to_vec(),
        _ => {
            return Err(
                "its body is not a string: it was parsed before, so the original bytes are lost"
                    .into(),
            );
        }
    };
    let proto = headers.get("x-forwarded-proto").map(<[u8]>::to_vec);
    Ok(Recorded {
        // Gateways and function URLs take https alone; a load balancer says which it was.
        over_tls: proto.is_none_or(|proto| proto == b"https"),
        ..Recorded::bare(Request {
            method,
            target,
            headers,
            body: body.into(),
        })
    })
}

/// Version 1.0 has the query's parameters, decoded; load balancers have them as received.
fn decoded_query(reader: &mut Reader<'_>, event: &Value) -> String {
    let mut pairs = Vec::new();
    let several = &event["multiValueQueryStringParameters"];
    let single = &event["queryStringParameters"];
    let fields = if several.is_object() { several } else { single };
    for (name, value) in fields.as_object().into_iter().flatten() {
        match value {
            Value::String(value) => pairs.push((name.as_str(), value.as_str())),
            Value::Array(values) => {
                pairs.extend(
                    values
                        .iter()
                        .filter_map(Value::as_str)
                        .map(|value| (name.as_str(), value)),
                );
            }
            _ => {}
        }
    }
    if pairs.is_empty() {
        return String::new();
    }
    if event["requestContext"]["elb"].is_object() {
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        return pairs.join("&");
    }
    reader.tell("its query was rebuilt from parameters, so its escapes and order may differ");
    String::from_utf8_lossy(&urlencoded(pairs)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::read_any;
    use serde_json::json;

    #[test]
    fn both_versions_are_read() {
        let second = json!({"version": "2.0", "rawPath": "/prod/h", "rawQueryString": "a=1%202", "cookies": ["a=1", "b=2"],
            "headers": {"content-type": "application/json"}, "requestContext": {"domainName": "x.example", "http": {"method": "POST", "path": "/prod/h"}},
            "body": "eyJhIjoxfQ==", "isBase64Encoded": true});
        let first = json!({"httpMethod": "POST", "path": "/h", "headers": {"Host": "x.example"}, "multiValueHeaders": {"Host": ["x.example"], "X-A": ["1", "2"]},
            "multiValueQueryStringParameters": {"a": ["1 2", "3"]}, "requestContext": {"path": "/prod/h"}, "body": "{\"a\":1}", "isBase64Encoded": false});
        let read = read_any(json!([first, second]).to_string().as_bytes()).unwrap();
        assert_eq!(read[0].url(), "https://x.example/prod/h?a=1+2&a=3");
        assert_eq!(read[0].request.headers.all("x-a").count(), 2);
        assert_eq!(read[1].url(), "https://x.example/prod/h?a=1%202");
        assert_eq!(
            read[1].request.headers.get("cookie"),
            Some(&b"a=1; b=2"[..])
        );
        assert_eq!(read[0].request.body, read[1].request.body);
    }
}
