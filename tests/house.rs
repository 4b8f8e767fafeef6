//! Who may import whom (the map in lib.rs), read off the source itself.

use std::collections::BTreeSet;
use std::path::Path;

/// What each room may use besides the nouns of `model`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("payload", &[]),
    ("signature", &["payload"]),
    ("http", &[]),
    ("delivery", &["http"]),
    ("receiver", &[]),
    ("expect", &["catalog"]),
    (
        "forward",
        &[
            "catalog", "compose", "delivery", "dispatch", "http", "receiver", "store",
        ],
    ),
    (
        "ingest",
        &[
            "catalog",
            "expect",
            "forward",
            "payload",
            "receiver",
            "signature",
            "store",
        ],
    ),
    ("store", &[]),
    ("exchange", &["payload"]),
    ("catalog", &["payload", "signature", "delivery"]),
    ("check", &["catalog", "payload", "signature", "delivery"]),
    // Value types alone, as `cli` does.
    (
        "settings",
        &["http", "signature", "catalog", "payload", "ingest"],
    ),
    (
        "cli",
        &[
            "catalog",
            "settings",
            "store",
            "http",
            "delivery",
            "payload",
            "signature",
            "receiver",
            "check",
            "dispatch",
        ],
    ),
    (
        "compose",
        &[
            "catalog",
            "payload",
            "signature",
            "delivery",
            "http",
            "exchange",
            "view",
        ],
    ),
    (
        "dispatch",
        &["compose", "delivery", "http", "store", "view"],
    ),
    ("view", &["catalog", "payload", "signature", "delivery"]),
    ("report", &["catalog", "check", "expect", "ingest", "view"]),
    (
        "render",
        &[
            "report", "exit", "payload", "check", "expect", "ingest", "view",
        ],
    ),
    (
        "exit",
        &[
            "report", "store", "catalog", "compose", "dispatch", "settings",
        ],
    ),
];

#[test]
fn the_rooms_import_only_what_the_map_allows() {
    for (room, allowed) in MAY_USE {
        for (file, used) in imports(room) {
            for name in used {
                let fine = name == *room || name == "model" || allowed.contains(&name.as_str());
                assert!(fine, "{file} uses crate::{name}, which {room} may not");
            }
        }
    }
}

#[test]
fn nothing_prints_but_render() {
    for (file, text) in sources() {
        // Handing a command our stderr is no printing.
        let text = text.replace("rustix::stdio::", "");
        let prints = ["println!", "print!(", "io::stdout", "io::stderr"]
            .iter()
            .any(|word| text.contains(word));
        assert!(!prints || file.contains("/render/"), "{file} prints");
    }
}

#[test]
fn no_provider_is_named_in_the_code() {
    for (file, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for provider in [
            "convosphere",
            "convocore",
            "gaife",
            "agentclara",
            "\"convo\"",
        ] {
            let named = code.lines().any(|line| {
                // Help texts and documentation may give examples.
                let example = line.trim_start().starts_with("//")
                    || line.contains("Examples:")
                    || file.contains("/cli/");
                !example && line.to_lowercase().contains(provider)
            });
            assert!(!named, "{file} names {provider}");
        }
    }
}

fn sources() -> Vec<(String, String)> {
    fn walk(dir: &Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    assert!(out.len() > 40);
    out
}

fn imports(room: &str) -> Vec<(String, BTreeSet<String>)> {
    let here = [format!("/src/{room}/"), format!("/src/{room}.rs")];
    sources()
        .into_iter()
        .filter(|(file, _)| here.iter().any(|place| file.contains(place)))
        .map(|(file, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            let used = code
                .match_indices("crate::")
                .map(|(at, word)| {
                    code[at + word.len()..]
                        .chars()
                        .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                        .collect()
                })
                .filter(|name: &String| !name.is_empty());
            (file, used.collect())
        })
        .collect()
}

/// A command that the user is told to run is quoted for a shell: one function makes it, and no other formats one.
#[test]
fn no_suggestion_is_formatted_by_hand() {
    for (file, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            let suggests = line.split("hookcli ").skip(1).any(|rest| {
                let rest = rest.split('`').next().unwrap();
                let verb = rest.split(' ').next().unwrap();
                let is_verb = [
                    "listen",
                    "send",
                    "replay",
                    "captures",
                    "deliveries",
                    "verify",
                    "check",
                    "keys",
                    "sign",
                ]
                .contains(&verb);
                is_verb && rest.contains('{')
            });
            // What goes into a file that hookcli writes is no suggestion.
            let is_file = file.ends_with("/init.rs");
            assert!(!suggests || is_file, "{file}: {line}");
        }
    }
}
