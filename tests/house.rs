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
    ("expect", &["catalog", "process", "store"]),
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
            "exchange",
            "expect",
            "forward",
            "payload",
            "receiver",
            "signature",
            "store",
            "view",
        ],
    ),
    ("store", &[]),
    ("exchange", &["payload"]),
    ("catalog", &["payload", "signature", "delivery"]),
    (
        "conformance",
        &[
            "catalog",
            "compose",
            "delivery",
            "http",
            "payload",
            "process",
            "signature",
        ],
    ),
    ("process", &[]),
    (
        "roundtrip",
        &[
            "catalog",
            "compose",
            "delivery",
            "dispatch",
            "http",
            "ingest",
            "receiver",
            "signature",
            "store",
        ],
    ),
    ("model", &[]),
    // Value types alone, as `cli` does.
    (
        "settings",
        &["http", "signature", "catalog", "payload", "ingest"],
    ),
    (
        "cli",
        &[
            "catalog",
            "compose",
            "conformance",
            "delivery",
            "dispatch",
            "exchange",
            "expect",
            "forward",
            "http",
            "ingest",
            "payload",
            "process",
            "receiver",
            "settings",
            "signature",
            "store",
            "view",
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
        &[
            "catalog",
            "compose",
            "delivery",
            "exchange",
            "http",
            "signature",
            "store",
            "view",
        ],
    ),
    ("view", &["catalog", "payload", "signature", "delivery"]),
    (
        "report",
        &[
            "compose",
            "conformance",
            "expect",
            "ingest",
            "roundtrip",
            "settings",
            "store",
            "view",
        ],
    ),
    (
        "render",
        &[
            "report",
            "exit",
            "catalog",
            "payload",
            "conformance",
            "expect",
            "forward",
            "http",
            "ingest",
            "roundtrip",
            "signature",
            "store",
            "view",
        ],
    ),
    (
        "exit",
        &[
            "report",
            "store",
            "catalog",
            "compose",
            "conformance",
            "dispatch",
            "exchange",
            "forward",
            "process",
            "receiver",
            "roundtrip",
            "settings",
            "signature",
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

/// The rooms that know a terminal, a flag, an exit code or the environment. The others are a library.
const SHELL: &[&str] = &[
    "cli", "commands", "context", "exit", "lib", "main", "render", "report", "settings",
];

#[test]
fn every_room_is_on_the_map() {
    let on_the_map = |room: &str| {
        ["commands", "context"].contains(&room) || MAY_USE.iter().any(|(name, _)| *name == room)
    };
    for (file, _) in sources() {
        let room = room_of(&file);
        assert!(
            ["lib", "main"].contains(&room) || on_the_map(room),
            "{file}"
        );
    }
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for (room, _) in MAY_USE {
        assert!(
            text.contains(&format!("//! | [`{room}`]")) || *room == "exit",
            "{room}"
        );
    }
}

#[test]
fn the_rooms_form_no_circle() {
    let mut left: Vec<(&str, BTreeSet<String>)> = MAY_USE
        .iter()
        .map(|(room, _)| {
            let used = imports(room).into_iter().flat_map(|(_, used)| used);
            (*room, used.filter(|name| name != room).collect())
        })
        .collect();
    while !left.is_empty() {
        let waiting: BTreeSet<String> = left.iter().map(|(room, _)| (*room).to_owned()).collect();
        let before = left.len();
        left.retain(|(_, used)| !used.is_disjoint(&waiting));
        assert!(left.len() < before, "these use each other: {left:?}");
    }
}

/// A command joins rooms. What two of them need is in `context`, or in a room of its own.
#[test]
fn no_command_uses_another() {
    for (file, text) in sources() {
        let inside = file.rsplit("/src/").next().unwrap();
        let Some(path) = inside.strip_prefix("commands/") else {
            continue;
        };
        let own = path.split(['/', '.']).next().unwrap();
        // As many `super::` as there are folders between a file and the others.
        let folders = path.matches('/').count();
        let depth = folders + usize::from(!path.ends_with("/mod.rs"));
        let others = ["crate::commands::".to_owned(), "super::".repeat(depth)];
        for start in others.iter().filter(|_| path != "mod.rs") {
            for (at, _) in text.match_indices(start.as_str()) {
                let names = first_names(&text[at + start.len()..]);
                let uses = names.iter().find(|name| *name != own && *name != "super");
                assert_eq!(uses, None, "{file}");
            }
        }
    }
}

#[test]
fn commands_are_short() {
    let mut lines = 0;
    for (file, text) in sources() {
        if room_of(&file) != "commands" {
            continue;
        }
        lines += text.lines().count();
        for (name, length) in functions(&text) {
            assert!(length <= 60, "{file}: {name} has {length} lines");
        }
    }
    assert!(lines <= 3500, "{lines}");
}

/// The functions of a file and how many lines they take, as rustfmt writes them.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let words = ["fn ", "pub fn ", "async fn ", "pub async fn "];
        let line = line.trim_start();
        words.iter().any(|word| line.starts_with(word))
    };
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| begins(line)) {
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", &line[..indent]);
        let length = lines[at..].iter().position(|line| *line == end);
        let name = line.trim_start().split('(').next().unwrap();
        found.push((name.to_owned(), length.map_or(1, |length| length + 1)));
    }
    found
}

#[test]
fn nothing_outside_the_shell_knows_a_flag_a_terminal_or_the_environment() {
    for (file, text) in sources() {
        if SHELL.contains(&room_of(&file)) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in [
            "clap",
            "dyn Ui",
            "ExitCode",
            "exit::",
            "std::env",
            "env::var",
            "process::exit",
        ] {
            let known = code
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(word));
            assert!(!known, "{file} knows {word}");
        }
    }
}

#[test]
fn clap_is_known_where_flags_are() {
    for (file, text) in sources() {
        let known = text.contains("clap::");
        // `lib` runs it, `shell` writes completions, the terminal colours its help.
        let places = [
            "/src/cli/",
            "/src/lib.rs",
            "/src/commands/shell.rs",
            "/src/render/terminal.rs",
        ];
        assert!(
            !known || places.iter().any(|place| file.contains(place)),
            "{file}"
        );
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
    walk(&root().join("src"), &mut out);
    assert!(out.len() > 40);
    out
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `store` of `…/src/store/writer.rs` and of `…/src/store.rs`.
fn room_of(file: &str) -> &str {
    let inside = file.rsplit("/src/").next().unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// The rooms that each file of a room names, in a `use` of any form or in a path.
fn imports(room: &str) -> Vec<(String, BTreeSet<String>)> {
    sources()
        .into_iter()
        .filter(|(file, _)| room_of(file) == room)
        .map(|(file, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap();
            // As many `super::` as there are modules around a file lead out of its room.
            let inside = file.rsplit("/src/").next().unwrap();
            let depth = inside.matches('/').count() + usize::from(!inside.ends_with("/mod.rs"));
            let out = "super::".repeat(depth);
            let used = ["crate::", out.as_str()]
                .into_iter()
                .flat_map(|start| {
                    code.match_indices(start)
                        .map(move |(at, _)| at + start.len())
                })
                .flat_map(|at| first_names(&code[at..]))
                .collect();
            (file, used)
        })
        .collect()
}

/// `a` of `a::b`, `a` and `b` of `{a::{x, y}, b}`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let is_name = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_';
        text.trim_start().chars().take_while(is_name).collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return Some(name(path))
            .filter(|name| !name.is_empty())
            .into_iter()
            .collect();
    };
    let mut names = vec![name(group)];
    let mut depth = 1;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name(&group[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn every_form_of_use_is_seen() {
    assert_eq!(first_names("store::Sqlite;"), ["store"]);
    assert_eq!(
        first_names("{\n    model::{Capture, Delivery},\n    store,\n};"),
        ["model", "store"]
    );
    assert!(first_names("VERSION").is_empty());
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
            let is_file = file.ends_with("/repository.rs");
            assert!(!suggests || is_file, "{file}: {line}");
        }
    }
}

/// The guide names files and functions, and each is where it says.
#[test]
fn the_guide_names_what_is_there() {
    let guide = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mut named = 0;
    for part in guide.split("[`").skip(1) {
        let (name, rest) = part.split_once("`](").unwrap();
        let (path, _) = rest.split_once(')').unwrap();
        let file = root().join("docs").join(path);
        let text = std::fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let is_there = ["fn ", "struct ", "enum ", "trait "]
            .iter()
            .any(|kind| text.contains(&format!("{kind}{name}")));
        let is_file = file.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            part.trim_end_matches(".rs") == name
        });
        assert!(
            is_there || is_file || path.ends_with("lib.rs"),
            "{name} is not in {path}"
        );
        named += 1;
    }
    assert!(named > 40, "{named}");
    for (room, _) in MAY_USE {
        assert!(
            guide.contains(&format!("- [`{room}`]")) || guide.contains(&format!(" [`{room}`]")),
            "{room}"
        );
    }
}
