//! What scripts rely on: the keys and types of every JSON document. What changes here changes for users, and is named
//! in the CHANGELOG. The flags are in the manual pages (`man/`), which `tests/shell.rs` holds equal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::support::{Place, Server};

#[test]
fn every_json_document_has_its_keys_and_types() {
    let mut shapes: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (command, document) in documents() {
        let kind = document["type"].as_str().unwrap();
        let shape = shapes.entry(format!("{kind} ({command})")).or_default();
        collect(&document, "", shape);
    }
    let mut page = String::new();
    for (name, shape) in shapes {
        let _ = writeln!(page, "{name}");
        for (path, types) in shape {
            let _ = writeln!(page, "    {path}: {types}");
        }
    }
    insta::assert_snapshot!(page);
}

/// Every path of a document with the types that were seen there, in the order of the document.
fn collect(value: &Value, path: &str, shape: &mut Vec<(String, String)>) {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !path.is_empty() {
        match shape.iter_mut().find(|(known, _)| known == path) {
            Some((_, types)) if types.split('|').any(|known| known == name) => {}
            Some((_, types)) => {
                // The order of what came first says nothing.
                let mut all: Vec<&str> = types.split('|').chain([name]).collect();
                all.sort_unstable();
                *types = all.join("|");
            }
            None => shape.push((path.to_owned(), name.to_owned())),
        }
    }
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                let key = if is_data(path) { "*" } else { key };
                let inner_path = if path.is_empty() {
                    key.to_owned()
                } else {
                    format!("{path}.{key}")
                };
                collect(inner, &inner_path, shape);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect(item, &format!("{path}[]"), shape)),
        _ => {}
    }
}

/// Where keys are not ours: names of headers, of events, of fields.
fn is_data(path: &str) -> bool {
    ["headers", "assumed_facts", "sources"]
        .iter()
        .any(|name| path.ends_with(name))
}

/// Documents of every command, of a provider's delivery that succeeds, one that fails, and one that is forged.
fn documents() -> Vec<(String, Value)> {
    let place = Place::new().with("HOOKCLI_SECRET", "a secret of ordinary length");
    let mut all: Vec<(String, Value)> = Vec::new();
    let mut listener = place.listen(&["--provider", "convo", "-v", "--body", "--max", "3"]);
    let url = format!("http://{}/hook", listener.address());
    let failing = Server::answering(&[b"HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\nno"]);
    let closed = "http://127.0.0.1:1/hook";
    place.write("body.json", r#"{"event":"transcript.ready"}"#);
    place.write(
        "bad.http",
        "POST /hook HTTP/1.1\r\nHost: x\r\nX-Convo-Signature: 00\r\nContent-Length: 2\r\n\r\n{}",
    );
    let runs: Vec<(&str, Vec<&str>)> = vec![
        (
            "send",
            vec!["send", "convo/transcript.ready", "--url", &url],
        ),
        (
            "send",
            vec![
                "send",
                "convo/transcript.ready",
                "--url",
                &url,
                "--fault",
                "wrong_secret",
            ],
        ),
        (
            "send",
            vec![
                "send",
                "convo/transcript.ready",
                "--url",
                failing_url(&failing),
            ],
        ),
        (
            "send",
            vec!["send", "convo/transcript.ready", "--url", closed],
        ),
        (
            "send --dry-run",
            vec!["send", "convo/transcript.ready", "--url", &url, "--dry-run"],
        ),
        (
            "send --curl",
            vec!["send", "convo/transcript.ready", "--url", &url, "--curl"],
        ),
        (
            "sign",
            vec!["sign", "--provider", "convo", "--body", "body.json"],
        ),
        ("verify", vec!["verify", "last"]),
        ("verify", vec!["verify", "last~1"]),
        (
            "verify",
            vec![
                "verify",
                "--request",
                "bad.http",
                "--provider",
                "convo",
                "--reveal",
            ],
        ),
        ("captures list", vec!["captures", "list"]),
        ("captures show", vec!["captures", "show", "last"]),
        (
            "captures wait",
            vec![
                "captures",
                "wait",
                "--expect",
                "transcript.ready",
                "--timeout",
                "100ms",
            ],
        ),
        ("deliveries list", vec!["deliveries", "list"]),
        ("deliveries show", vec!["deliveries", "show", "last"]),
        ("deliveries stats", vec!["deliveries", "stats"]),
        ("replay", vec!["replay", "last", "--url", &url]),
        (
            "load",
            vec![
                "load",
                "convo/transcript.ready",
                "--url",
                closed,
                "--count",
                "2",
            ],
        ),
        (
            "check --list",
            vec![
                "check",
                "--list",
                "--provider",
                "convo",
                "--only",
                "reachable",
            ],
        ),
        (
            "check",
            vec![
                "check",
                "--provider",
                "convo",
                "--url",
                closed,
                "--only",
                "reachable",
            ],
        ),
        ("keys new", vec!["keys", "new", "--provider", "convo"]),
        ("providers", vec!["providers"]),
        ("providers NAME", vec!["providers", "convo"]),
        ("events", vec!["events", "--provider", "convo"]),
        ("events NAME", vec!["events", "convo/transcript.ready"]),
        (
            "providers new",
            vec!["providers", "new", "acme", "--from", "last"],
        ),
        (
            "init",
            vec![
                "init",
                "--provider",
                "convo",
                "--url",
                "http://localhost:3000/hook",
            ],
        ),
        (
            "captures prune",
            vec!["captures", "prune", "--keep", "1000"],
        ),
        (
            "replay --discard",
            vec![
                "replay",
                "--unforwarded",
                "--discard",
                "http://127.0.0.1:9/x",
            ],
        ),
        ("captures import", vec!["captures", "import", "bad.http"]),
        ("captures rm", vec!["captures", "rm", "last"]),
        ("demo", vec!["demo"]),
    ];
    for (name, mut arguments) in runs {
        arguments.push("--json");
        let outcome = place.run(&arguments);
        let found = outcome.documents();
        assert!(!found.is_empty(), "{arguments:?}: {}", outcome.page());
        all.extend(
            found
                .into_iter()
                .map(|document| (name.to_owned(), document)),
        );
    }
    let (_, rest, _) = listener.wait();
    all.extend(
        rest.into_iter()
            .map(|document| ("listen".to_owned(), document)),
    );
    all
}

fn failing_url(server: &Server) -> &'static str {
    // It lives as long as the test.
    Box::leak(server.url().into_boxed_str())
}
