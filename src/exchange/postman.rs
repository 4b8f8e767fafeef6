//! Postman collections (format v2.1, and v2.0 as far as it is the same).

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::{Part, multipart, urlencoded};
use super::json::read_headers;
use super::{ReadError, Reader, Recorded, to_url};
use crate::model::{Headers, InvalidText, base64_text};

/// Folders in one another; the program shows some.
const DEEPEST: usize = 50;

/// The requests of a collection, in order, folders included.
pub fn read(reader: &mut Reader<'_>, collection: &Value) -> Result<Vec<Recorded>, ReadError> {
    let mut all = Vec::new();
    let mut own = BTreeMap::new();
    for variable in list(&collection["variable"]) {
        let name = variable.get("key").or_else(|| variable.get("id"));
        if let (Some(name), Some(value)) = (name.and_then(Value::as_str), value_text(variable)) {
            own.insert(name.to_owned(), value);
        }
    }
    tell_scripts(reader, collection, "the collection");
    read_items(reader, collection, &own, &collection["auth"], &mut all, 0)?;
    Ok(all)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["disabled"] != Value::Bool(true))
}

fn value_text(field: &Value) -> Option<String> {
    match &field["value"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

fn tell_scripts(reader: &mut Reader<'_>, item: &Value, name: &str) {
    let script = |event: &Value| !list(&event["script"]["exec"]).all(|line| line == "");
    if list(&item["event"]).any(|event| event["listen"] == "prerequest" && script(event)) {
        reader.tell(format!(
            "{}: its script before a request is not run",
            name.escape_debug()
        ));
    }
}

fn read_items(
    reader: &mut Reader<'_>,
    folder: &Value,
    own: &BTreeMap<String, String>,
    auth: &Value,
    all: &mut Vec<Recorded>,
    depth: usize,
) -> Result<(), ReadError> {
    for item in list(&folder["item"]) {
        let name = item["name"].as_str().unwrap_or("a request");
        let refused = |why: InvalidText| ReadError::Form {
            form: "Postman collection",
            why: format!("{}: {why}", name.escape_debug()).into(),
        };
        tell_scripts(reader, item, name);
        // The innermost login counts.
        let auth = match &item["auth"] {
            Value::Null => auth,
            own => own,
        };
        if item.get("item").is_some() {
            if depth == DEEPEST {
                return Err(refused("its folders are nested too deeply".into()));
            }
            read_items(reader, item, own, auth, all, depth + 1)?;
        } else if let Some(request) = item.get("request") {
            all.push(read_request(reader, request, name, own, auth).map_err(refused)?);
        }
    }
    Ok(())
}

fn read_request(
    reader: &mut Reader<'_>,
    request: &Value,
    name: &str,
    own: &BTreeMap<String, String>,
    auth: &Value,
) -> Result<Recorded, InvalidText> {
    if let Some(url) = request.as_str() {
        let url = reader.fill(url, own)?;
        return to_url("GET".to_owned(), &url, Headers::new(), Vec::new());
    }
    let method = request["method"].as_str().unwrap_or("GET").to_owned();
    let mut url = reader.fill(&url_text(&request["url"])?, own)?;
    let mut headers = Headers::new();
    if let Some(lines) = request["header"].as_str() {
        for (name, value) in lines.lines().filter_map(|line| line.split_once(':')) {
            headers.push(name.trim(), reader.fill(value.trim(), own)?);
        }
    } else {
        for (name, value) in read_headers(&request["header"])?.iter() {
            let filled = reader.fill(&String::from_utf8_lossy(value), own)?;
            headers.push(reader.fill(name, own)?, filled);
        }
    }
    let auth = match &request["auth"] {
        Value::Null => auth,
        own => own,
    };
    log_in(reader, auth, own, name, &mut headers, &mut url)?;
    let body = read_body(reader, &request["body"], own, &mut headers)?;
    to_url(method, &url, headers, body)
}

/// `raw`, else the parts.
fn url_text(url: &Value) -> Result<String, InvalidText> {
    if let Some(text) = url.as_str() {
        return Ok(text.to_owned());
    }
    let raw = url["raw"].as_str().filter(|raw| !raw.is_empty());
    let mut text = match raw {
        Some(raw) => raw.to_owned(),
        None => {
            let joined = |part: &Value, by: &str| match part {
                Value::String(text) => text.clone(),
                part => {
                    let all: Vec<&str> = list(part).filter_map(Value::as_str).collect();
                    all.join(by)
                }
            };
            let host = joined(&url["host"], ".");
            if host.is_empty() {
                return Err("its URL is missing".into());
            }
            let protocol = url["protocol"].as_str().unwrap_or("http");
            let mut text = format!("{protocol}://{host}");
            if let Some(port) = url["port"].as_str() {
                text.push_str(&format!(":{port}"));
            }
            text.push_str(&format!("/{}", joined(&url["path"], "/")));
            let query: Vec<String> = list(&url["query"])
                .filter_map(|pair| {
                    let name = pair["key"].as_str()?;
                    let value = value_text(pair).map(|value| format!("={value}"));
                    Some(format!("{name}{}", value.unwrap_or_default()))
                })
                .collect();
            if !query.is_empty() {
                text.push_str(&format!("?{}", query.join("&")));
            }
            text
        }
    };
    // `/users/:id`, with the value of `id` beside it.
    for variable in list(&url["variable"]) {
        if let (Some(name), Some(value)) = (variable["key"].as_str(), value_text(variable)) {
            let segments: Vec<String> = text
                .split('/')
                .map(|part| match part.strip_prefix(':') {
                    Some(part) if part.split(['?', '#']).next() == Some(name) => {
                        format!("{value}{}", &part[name.len()..])
                    }
                    _ => part.to_owned(),
                })
                .collect();
            text = segments.join("/");
        }
    }
    Ok(text)
}

/// The headers that Postman adds for authentication; those that it computes when sending are reported as missing.
fn log_in(
    reader: &mut Reader<'_>,
    auth: &Value,
    own: &BTreeMap<String, String>,
    name: &str,
    headers: &mut Headers,
    url: &mut String,
) -> Result<(), InvalidText> {
    let kind = auth["type"].as_str().unwrap_or("noauth");
    let field = |name: &str| match &auth[kind] {
        Value::Array(all) => all
            .iter()
            .find(|one| one["key"] == name)
            .and_then(value_text),
        all => all[name].as_str().map(str::to_owned),
    };
    let filled = |field: Option<String>| reader.fill(&field.unwrap_or_default(), own);
    match kind {
        "noauth" => {}
        "bearer" => {
            headers.push(
                "Authorization",
                format!("Bearer {}", filled(field("token"))?),
            );
        }
        "basic" => {
            let login = format!(
                "{}:{}",
                filled(field("username"))?,
                filled(field("password"))?
            );
            headers.push(
                "Authorization",
                format!("Basic {}", base64_text(login.as_bytes())),
            );
        }
        "apikey" => {
            let (key, value) = (filled(field("key"))?, filled(field("value"))?);
            if field("in").as_deref() == Some("query") {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str(&String::from_utf8_lossy(&urlencoded([(
                    key.as_str(),
                    value.as_str(),
                )])));
            } else {
                headers.push(key, value);
            }
        }
        other => reader.tell(format!(
            "{}: its `{}` login is not supported and was left out",
            name.escape_debug(),
            other.escape_debug()
        )),
    }
    Ok(())
}

fn read_body(
    reader: &mut Reader<'_>,
    body: &Value,
    own: &BTreeMap<String, String>,
    headers: &mut Headers,
) -> Result<Vec<u8>, InvalidText> {
    if body.is_null() || body["disabled"] == Value::Bool(true) {
        return Ok(Vec::new());
    }
    let mut kind = |value: &str| {
        if !headers.contains("content-type") {
            headers.push("Content-Type", value);
        }
    };
    match body["mode"].as_str().unwrap_or_default() {
        "" => Ok(Vec::new()),
        "raw" => {
            let text = body["raw"].as_str().unwrap_or_default();
            match body["options"]["raw"]["language"].as_str() {
                Some("json") => kind("application/json"),
                Some("xml") => kind("application/xml"),
                Some("html") => kind("text/html"),
                Some("javascript") => kind("application/javascript"),
                _ if !text.is_empty() => kind("text/plain"),
                _ => {}
            }
            Ok(reader.fill(text, own)?.into_bytes())
        }
        "urlencoded" => {
            kind("application/x-www-form-urlencoded");
            let mut fields = Vec::new();
            for field in list(&body["urlencoded"]) {
                let name = field["key"].as_str().unwrap_or_default();
                let value = value_text(field).unwrap_or_default();
                fields.push((reader.fill(name, own)?, reader.fill(&value, own)?));
            }
            Ok(urlencoded(
                fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            ))
        }
        "formdata" => {
            let mut parts = Vec::new();
            for field in list(&body["formdata"]) {
                parts.extend(read_parts(reader, field, own)?);
            }
            let (value, bytes) = multipart(&parts);
            kind(&value);
            Ok(bytes)
        }
        "graphql" => {
            kind("application/json");
            let query = reader.fill(body["graphql"]["query"].as_str().unwrap_or_default(), own)?;
            let variables =
                reader.fill(body["graphql"]["variables"].as_str().unwrap_or("{}"), own)?;
            let variables: Value = match variables.trim() {
                "" => Value::Object(serde_json::Map::new()),
                text => serde_json::from_str(text)
                    .map_err(|error| format!("its GraphQL variables: {error}"))?,
            };
            Ok(serde_json::json!({"query": query, "variables": variables})
                .to_string()
                .into_bytes())
        }
        "file" => match (
            body["file"]["content"].as_str(),
            body["file"]["src"].as_str(),
        ) {
            (Some(content), _) => Ok(content.as_bytes().to_vec()),
            (None, Some(name)) => reader.file(name),
            (None, None) => Ok(Vec::new()),
        },
        other => Err(format!(
            "a body of the mode `{}` is not supported",
            other.escape_debug()
        )
        .into()),
    }
}

/// A field of a multipart form: its text, or each of its files.
fn read_parts(
    reader: &Reader<'_>,
    field: &Value,
    own: &BTreeMap<String, String>,
) -> Result<Vec<Part>, InvalidText> {
    let name = reader.fill(field["key"].as_str().unwrap_or_default(), own)?;
    let content_type = field["contentType"].as_str().map(str::to_owned);
    if field["type"] != "file" {
        let value = value_text(field).unwrap_or_default();
        return Ok(vec![Part {
            name,
            file_name: None,
            content_type,
            content: reader.fill(&value, own)?.into_bytes(),
        }]);
    }
    let names: Vec<&str> = match &field["src"] {
        Value::String(name) => vec![name],
        names => list(names).filter_map(Value::as_str).collect(),
    };
    let mut parts = Vec::new();
    for file in names {
        let base = file.rsplit(['/', '\\']).next().unwrap_or_default();
        parts.push(Part {
            name: name.clone(),
            file_name: Some(base.to_owned()),
            content_type: Some(
                content_type
                    .clone()
                    .unwrap_or_else(|| "application/octet-stream".to_owned()),
            ),
            content: reader.file(file)?,
        });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::super::{ReadError, read_any};
    use serde_json::json;

    fn collection(items: serde_json::Value) -> Vec<u8> {
        let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
        json!({"info": {"name": "c", "schema": schema}, "item": items,
            "variable": [{"key": "base", "value": "https://hooks.example.com"}],
            "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "t1"}]}})
        .to_string()
        .into_bytes()
    }

    #[test]
    fn requests_of_a_collection_are_read_with_folders_variables_and_logins() {
        let read = read_any(&collection(json!([
            {"name": "f", "item": [{"name": "a", "request": {"method": "POST",
                "header": [{"key": "X-A", "value": "1"}, {"key": "X-B", "value": "2", "disabled": true}],
                "url": {"raw": "{{base}}/h/:id?x=1", "variable": [{"key": "id", "value": "7"}]},
                "body": {"mode": "raw", "raw": "{ \"a\": 1 }\n", "options": {"raw": {"language": "json"}}}}}]},
            {"name": "b", "request": {"method": "POST", "auth": {"type": "noauth"},
                "url": {"protocol": "http", "host": ["localhost"], "port": "3000", "path": ["b"], "query": [{"key": "q", "value": "1"}]},
                "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1 2"}]}}},
            {"name": "c", "request": "{{base}}/c"},
        ]))).unwrap();
        assert_eq!(read[0].url(), "https://hooks.example.com/h/7?x=1");
        assert_eq!(&read[0].request.body[..], b"{ \"a\": 1 }\n");
        let header =
            |index: usize, name: &str| read[index].request.headers.get(name).map(<[u8]>::to_vec);
        assert_eq!(header(0, "authorization"), Some(b"Bearer t1".to_vec()));
        assert_eq!(
            header(0, "content-type"),
            Some(b"application/json".to_vec())
        );
        assert_eq!((header(0, "x-b"), header(1, "authorization")), (None, None));
        assert_eq!(read[1].url(), "http://localhost:3000/b?q=1");
        assert_eq!(&read[1].request.body[..], b"a=1+2");
        assert_eq!(read[2].request.method, "GET");
    }

    #[test]
    fn what_a_collection_cannot_say_is_refused() {
        let form = json!([{"name": "a", "request": {"method": "POST", "url": "http://x/",
            "body": {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": "/etc/passwd"}]}}}]);
        for (items, why) in [
            (form, "files are not read"),
            (
                json!([{"name": "a", "request": {"url": "{{other}}/x"}}]),
                "`{{other}}` has no value",
            ),
            (
                json!([{"name": "a", "request": {"method": "POST"}}]),
                "URL is missing",
            ),
        ] {
            let refused = read_any(&collection(items)).unwrap_err();
            assert!(
                matches!(&refused, ReadError::Form { .. }) && refused.to_string().contains(why),
                "{refused}"
            );
        }
    }
}
