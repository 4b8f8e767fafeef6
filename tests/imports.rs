//! Requests as other tools wrote them down, read whole or refused in words: nothing is lost in silence.

use serde_json::{Value, json};

use crate::support::{Place, Server, hmac_hex};

/// What `captures import` makes of a file: the captures oldest first, and what it says.
fn import(
    place: &Place,
    name: &str,
    content: impl AsRef<[u8]>,
    flags: &[&str],
) -> (Vec<Value>, String) {
    place.write(name, content);
    let done = place
        .run(&[&["captures", "import", name, "--json"], flags].concat())
        .expect(0);
    let ids = done.document()["ids"].clone();
    let captures = ids.as_array().unwrap().iter().map(|id| {
        let shown = place.run(&[
            "captures",
            "show",
            id.as_str().unwrap(),
            "--json",
            "--reveal",
        ]);
        shown.expect(0).document()
    });
    (captures.collect(), done.stderr)
}

fn refused(place: &Place, name: &str, content: impl AsRef<[u8]>) -> String {
    place.write(name, content);
    place.run(&["captures", "import", name]).expect(2).stderr
}

fn har(request: Value) -> String {
    let mut whole = json!({"method": "POST", "url": "https://hooks.example.com/h?x=1", "httpVersion": "HTTP/2.0",
        "headers": [{"name": ":authority", "value": "hooks.example.com"}], "queryString": [], "cookies": [],
        "headersSize": -1, "bodySize": -1});
    for (name, value) in request.as_object().unwrap() {
        whole[name] = value.clone();
    }
    json!({"log": {"version": "1.2", "entries": [{"startedDateTime": "2024-01-01T00:00:00Z", "request": whole}]}})
        .to_string()
}

fn curl(place: &Place) -> String {
    let exported = place.run(&["captures", "export", "last", "--format", "curl", "-q"]);
    exported.expect(0).stdout
}

#[test]
fn a_har_file_keeps_its_host_its_form_and_its_bytes() {
    let place = Place::new();
    let body = json!({"postData": {"mimeType": "application/json", "text": "{\"a\":1}"}});
    let (read, _) = import(&place, "a.har", format!("\u{feff}{}", har(body)), &[]);
    assert_eq!(read[0]["body"], "{\"a\":1}");
    assert!(curl(&place).contains("'https://hooks.example.com/h?x=1'"));

    let form = json!({"postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1 2"}]}});
    let (read, said) = import(&place, "b.har", har(form), &[]);
    assert_eq!(read[0]["body"], "a=1+2");
    assert!(
        said.contains("its form was rebuilt from postData.params, so its escapes may differ"),
        "{said}"
    );

    let bytes = json!({"postData": {"mimeType": "x/y", "text": "//4=", "encoding": "base64"}});
    let (read, _) = import(&place, "c.har", har(bytes), &[]);
    assert_eq!(read[0]["body_base64"], "//4=");

    let (_, said) = import(&place, "d.har", har(json!({"bodySize": 7})), &[]);
    assert!(said.contains("bodySize is 7 bytes"), "{said}");
    let (_, said) = import(
        &place,
        "e.har",
        har(json!({"postData": {"text": "a", "fileName": "b"}})),
        &[],
    );
    assert!(said.contains("`postData.fileName` was left out"), "{said}");

    let parts = json!({"postData": {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "a", "fileName": "b"}]}});
    assert!(refused(&place, "f.har", har(parts)).contains("multipart"));
    assert!(refused(&place, "g.har", r#"{"log":{}}"#).contains("log.entries is missing"));
    assert!(refused(&place, "h.har", r#"{"log":{"entries":[]}}"#).contains("no request"));
}

#[test]
fn a_raw_request_is_read_as_people_paste_it() {
    let place = Place::new();
    for (name, text, host) in [
        (
            "a.http",
            "POST /h HTTP/2\nHost: hooks.example.com\n\n{}",
            "http://hooks.example.com/h",
        ),
        (
            "b.http",
            "POST https://hooks.example.com/h HTTP/1.1\nContent-Type: application/json\n\n{}",
            "https://hooks.example.com/h",
        ),
        (
            "c.http",
            "\u{feff}POST /h HTTP/1.0\r\nHost: hooks.example.com\r\ncontent-length: 2\r\n\r\n{}\r\n",
            "http://hooks.example.com/h",
        ),
    ] {
        let (read, _) = import(&place, name, text, &[]);
        assert_eq!((read.len(), &read[0]["body"]), (1, &json!("{}")), "{name}");
        assert!(
            curl(&place).contains(&format!(" {host} ")),
            "{name}: {}",
            curl(&place)
        );
    }
    // A body whose own lines look like separators is as long as its head says.
    let (read, _) = import(
        &place,
        "d.http",
        "POST /h HTTP/1.1\nHost: a\nContent-Length: 9\n\n### {{a}}POST /i HTTP/1.1\nHost: a\nContent-Length: 0\n\n",
        &[],
    );
    assert_eq!((read.len(), &read[0]["body"]), (2, &json!("### {{a}}")));
}

#[test]
fn a_line_break_that_pasting_lost_is_told_and_named_by_verify() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let sent = "{\r\n\"a\":1}";
    let signed = place.run_with_input(
        &["sign", "--provider", "github", "--body", "-", "--json"],
        sent.as_bytes(),
    );
    let header = signed.expect(0).document()["headers"][0].clone();
    assert_eq!(
        header[1],
        format!("sha256={}", hmac_hex(b"s3cret", sent.as_bytes()))
    );
    let request = format!(
        "POST /h HTTP/1.1\nHost: a\n{}: {}\nX-GitHub-Event: push\nContent-Length: {}\n\n{}",
        header[0].as_str().unwrap(),
        header[1].as_str().unwrap(),
        sent.len(),
        sent.replace('\r', "")
    );
    let (read, said) = import(&place, "f.http", &request, &[]);
    assert_eq!(read[0]["verdict"], "invalid");
    assert!(
        said.contains("Content-Length is 9 bytes, but 8 follow"),
        "{said}"
    );
    let verified = place
        .run(&["verify", "f.http", "--json"])
        .expect(1)
        .document();
    assert_eq!(
        verified["findings"][0]["code"], "body_line_ends",
        "{verified}"
    );
}

#[test]
fn an_http_file_has_separators_variables_and_bodies_of_its_own() {
    let place = Place::new();
    place.write("body.json", "{\"from\":\"{{who}}\"}\n");
    let file = "@host = hooks.example.com\n\n### one\n# a comment\nPOST https://{{host}}/a\nContent-Type: application/json\n\n{\"a\": 1}\n\n### two\nPOST https://{{host}}/b HTTP/1.1\nX-Token: {{$processEnv TOKEN}}\n\n<@ ./body.json\n\n> {% client.log(1) %}\n";
    let no_file = refused(&place, "a.http", file.replace("{{$processEnv TOKEN}}", "t"));
    assert!(
        no_file.contains("body.json") && no_file.contains("--allow-files"),
        "{no_file}"
    );
    let no_variable = refused(&place, "a.http", file);
    assert!(
        no_variable.contains("line 12") && no_variable.contains("add --var TOKEN=VALUE"),
        "{no_variable}"
    );
    let flags = ["--allow-files", "--var", "TOKEN=t1", "--var", "who=me"];
    let (read, said) = import(&place, "a.http", file, &flags);
    assert_eq!(read.len(), 2);
    assert_eq!(
        (&read[0]["path"], &read[0]["body"]),
        (&json!("/a"), &json!("{\"a\": 1}"))
    );
    assert_eq!(read[1]["body"], "{\"from\":\"me\"}\n");
    assert!(read[1]["headers"].to_string().contains("t1"));
    assert!(
        said.contains("script") && said.contains("not run"),
        "{said}"
    );
    // The environment of the command is not the file's to read.
    let place = place.with("TOKEN", "from-the-environment");
    assert!(refused(&place, "b.http", file).contains("--var"));
}

#[test]
fn curl_postman_and_gateway_forms_are_read() {
    let place = Place::new();
    let (read, _) = import(
        &place,
        "a.sh",
        "curl 'https://hooks.example.com/h' \\\n  -H 'content-type: application/json' \\\n  --data-raw $'{\"a\":\"it\\'s\"}' --compressed\n",
        &[],
    );
    assert_eq!(
        (&read[0]["method"], &read[0]["body"]),
        (&json!("POST"), &json!("{\"a\":\"it's\"}"))
    );
    let collection = json!({"info": {"name": "c", "schema": "…/v2.1.0/collection.json"}, "item": [{"name": "f", "item": [
        {"name": "a", "request": {"method": "POST", "url": {"raw": "{{base}}/h"}, "header": [], "body": {"mode": "raw", "raw": "{ }"}}}]}]});
    let (read, _) = import(
        &place,
        "c.json",
        format!("{collection:#}"),
        &["--var", "base=https://hooks.example.com"],
    );
    assert_eq!(
        (&read[0]["path"], &read[0]["body"]),
        (&json!("/h"), &json!("{ }"))
    );
    let event = json!({"version": "2.0", "rawPath": "/h", "rawQueryString": "a=1", "headers": {"host": "hooks.example.com"},
        "requestContext": {"http": {"method": "POST"}}, "body": "e30=", "isBase64Encoded": true});
    let (read, _) = import(&place, "e.json", format!("[{event}]"), &[]);
    assert_eq!(
        (&read[0]["path"], &read[0]["body"], &read[0]["over_tls"]),
        (&json!("/h?a=1"), &json!("{}"), &json!(true))
    );
    let document = json!({"method": "POST", "url": "https://hooks.example.com/h", "headers": {"X-A": ["1", "2"]}, "body": "{}", "note": "mine"});
    let (read, said) = import(&place, "d.json", format!("{document:#}"), &[]);
    assert_eq!(
        read[0]["headers"],
        json!([["Host", "hooks.example.com"], ["X-A", "1"], ["X-A", "2"]])
    );
    assert!(said.contains("the field `note` is not read"), "{said}");
    let parsed = json!({"method": "POST", "path": "/", "headers": [], "body": {"a": 1}});
    assert!(refused(&place, "p.json", parsed.to_string()).contains("give the body as a string"));
}

#[test]
fn line_breaks_and_controls_stand_in_no_line_of_a_request() {
    let place = Place::new();
    for (method, path, headers) in [
        ("POST", "/x HTTP/1.1\r\nX-Evil: 1", json!([])),
        ("POST", "/x\u{7f}", json!([])),
        ("POST", "", json!([])),
        ("PO ST", "/x", json!([])),
        ("POST\r\n", "/x", json!([])),
        ("POST", "/x", json!([["a\r\nb", "c"]])),
        ("POST", "/x", json!({"a": "b\nc"})),
        ("POST", "/x", json!([["a", {"base64": "AA=="}]])),
    ] {
        let document = json!({"type": "capture", "method": method, "path": path, "headers": headers, "body": ""});
        let said = refused(&place, "i.json", document.to_string());
        assert!(said.contains("is not a valid"), "{document}: {said}");
    }
    for text in [
        "POST /a\u{1}b HTTP/1.1\nHost: x\n\n",
        "curl $'http://x/a\\nb' -H 'A: b'",
        "curl http://x -X $'A\\r\\nB'",
    ] {
        // A URL is cleaned as browsers clean it, or refused: never sent with a line break in it.
        place.write("i.txt", text);
        let read = place.run(&["captures", "import", "i.txt"]);
        if read.code == 0 {
            let shown = place.run(&["captures", "export", "last"]).document();
            assert!(!shown["path"].as_str().unwrap().contains(char::is_control));
        } else {
            read.expect(2);
        }
    }
}

#[test]
fn what_is_imported_is_verified_anew_with_an_id_of_its_own_and_pending_nowhere() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    for event in ["convo/transcript.ready", "convo/transcript.failed"] {
        place
            .run(&["send", event, "--url", &listener.url])
            .expect(0);
        listener.next();
    }
    listener.stop();
    place
        .run(&[
            "captures",
            "export",
            "--provider",
            "convo",
            "-o",
            "two.json",
        ])
        .expect(0);
    let text = std::fs::read_to_string(place.path("two.json")).unwrap();
    assert_eq!(text.lines().count(), 2);
    let text = text.replacen("transcript.ready\\\"", "transcript.steady\\\"", 1);
    let text = text.replacen(
        "\"type\":",
        "\"pending_forward\":true,\"pending_destinations\":[\"http://localhost:1/\"],\"type\":",
        1,
    );
    let (read, _) = import(&place, "two.json", &text, &[]);
    let verdicts: Vec<_> = read
        .iter()
        .map(|one| one["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["invalid", "valid"]);
    assert!(
        read.iter()
            .all(|one| !text.contains(one["id"].as_str().unwrap()))
    );
    assert!(read.iter().all(|one| one.get("pending_forward").is_none()));
    // Without a secret there is nothing to verify with.
    let other = Place::new();
    let (read, _) = import(&other, "two.json", &text, &[]);
    assert_eq!(
        (&read[0]["verdict"], &read[0]["reason"]),
        (&json!("unchecked"), &json!("imported"))
    );
}

#[test]
fn a_url_is_fetched_with_its_redirects_and_its_bounds() {
    let place = Place::new();
    let body = "POST /h HTTP/1.1\r\nHost: a\r\ncontent-length: 2\r\n\r\n{}";
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let file = Server::answering(&[answer.as_bytes()]);
    let moved = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        file.url()
    );
    let moving = Server::answering(&[moved.as_bytes()]);
    let read = place
        .run(&["captures", "import", &moving.url(), "--json"])
        .expect(0);
    assert_eq!(read.document()["ids"].as_array().unwrap().len(), 1);
    let data = Server::answering(&[
        b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{\"a\":1}",
    ]);
    let shown = place.run(&[
        "send",
        "github/push",
        "--data",
        &data.url(),
        "--secret",
        "s",
        "--url",
        "3000",
        "--dry-run",
    ]);
    assert!(shown.expect(0).stdout.contains("{\"a\":1}"));
    for (answer, why) in [
        (&b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"[..], "it answered 404"),
        (b"HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", ""),
    ] {
        let server = Server::answering(&[answer]);
        let refused = place.run(&["captures", "import", &format!("{}?key=s3cret", server.url())]).expect(2);
        assert!(refused.stderr.contains(why), "{}", refused.stderr);
        assert!(!refused.stderr.contains("s3cret"), "{}", refused.stderr);
    }
}
