//! Who may import whom (the map in lib.rs), read off the source itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What each room may use besides the nouns of `model`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("payload", &[]),
    ("signature", &["payload"]),
    ("http", &[]),
    ("delivery", &["http"]),
    ("receiver", &[]),
    ("expect", &["catalog", "process", "search", "store"]),
    (
        "forward",
        &[
            "catalog", "compose", "delivery", "dispatch", "http", "receiver", "search", "store",
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
            "search",
            "signature",
            "store",
            "view",
        ],
    ),
    ("search", &["payload"]),
    ("store", &["http", "search"]),
    ("exchange", &["payload"]),
    ("catalog", &["payload", "search", "signature", "delivery"]),
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
    (
        "emulator",
        &[
            "catalog",
            "compose",
            "delivery",
            "dispatch",
            "http",
            "payload",
            "receiver",
            "search",
            "signature",
            "store",
            "view",
        ],
    ),
    (
        "inspector",
        &[
            "catalog",
            "compose",
            "delivery",
            "dispatch",
            "emulator",
            "exchange",
            "http",
            "ingest",
            "payload",
            "receiver",
            "search",
            "signature",
            "store",
            "view",
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
        &[
            "catalog",
            "http",
            "ingest",
            "payload",
            "search",
            "signature",
            "store",
        ],
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
            "search",
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
            "delivery",
            "exchange",
            "http",
            "payload",
            "search",
            "signature",
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
    (
        "view",
        &["catalog", "delivery", "payload", "search", "signature"],
    ),
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
            "catalog",
            "conformance",
            "exit",
            "expect",
            "forward",
            "http",
            "ingest",
            "payload",
            "report",
            "roundtrip",
            "search",
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
            "emulator",
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
        assert!(text.contains(&format!("//! | [`{room}`]")), "{room}");
    }
}

/// The map in lib.rs lists, for every room of the application and below, what the test allows.
#[test]
fn the_map_says_who_may_use_whom() {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut rows = 0;
    for (room, allowed) in MAY_USE.iter().filter(|(room, _)| !SHELL.contains(room)) {
        let start = format!("//! | [`{room}`] |");
        let row = text.lines().find(|line| line.starts_with(&start)).unwrap();
        let said = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let said: BTreeSet<&str> = said
            .split([',', ' '])
            .filter(|word| MAY_USE.iter().any(|(name, _)| name == word))
            .collect();
        assert_eq!(said, allowed.iter().copied().collect(), "{room}");
        rows += 1;
    }
    assert!(rows > 15);
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

/// What a file of a room uses of its other files leads down, too. A `mod.rs` that says no more than what its room is and
/// offers uses nothing.
#[test]
fn the_files_of_a_room_form_no_circle() {
    let modules: BTreeMap<String, String> = sources()
        .into_iter()
        .map(|(file, text)| (module_of(&file), text))
        .collect();
    let mut left: BTreeMap<&str, BTreeSet<String>> = modules
        .iter()
        .map(|(module, text)| (module.as_str(), used_files(module, text, &modules)))
        .collect();
    assert!(left.values().map(BTreeSet::len).sum::<usize>() > 200);
    loop {
        let before = left.len();
        let waiting: BTreeSet<String> = left.keys().map(ToString::to_string).collect();
        left.retain(|_, used| !used.is_disjoint(&waiting));
        if left.len() == before {
            break;
        }
    }
    // What is left uses a circle, or is one.
    assert!(left.is_empty(), "{left:#?}");
}

/// `store::sqlite` of `…/src/store/sqlite/mod.rs`.
fn module_of(file: &str) -> String {
    let inside = file.rsplit("/src/").next().unwrap();
    let path = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    path.replace('/', "::")
}

/// The files of its own room that a file uses.
fn used_files(module: &str, text: &str, modules: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let room = module.split("::").next().unwrap();
    let mut used = BTreeSet::new();
    for (at, _) in code
        .match_indices("super::")
        .chain(code.match_indices("crate::"))
    {
        // Behind another `super::` it was read already.
        if code[..at].ends_with("::") {
            continue;
        }
        let path = code[at..].split([';', '(', ')', '<', ' ']).next().unwrap();
        let path = if code[..at].ends_with("use ") {
            code[at..].split(';').next().unwrap()
        } else {
            path
        };
        for path in paths(path) {
            used.extend(file_of(module, &path, modules));
        }
    }
    // Its children, where it does more than offer them.
    let defines = ["fn ", "struct ", "enum ", "impl ", "trait "];
    let does_more = code.lines().any(|line| {
        defines
            .iter()
            .any(|word| line.trim_start_matches("pub ").starts_with(word))
    });
    if does_more {
        for line in code
            .split(';')
            .map(str::trim)
            .filter(|line| line.starts_with("use "))
        {
            for path in paths(&line["use ".len()..]) {
                let first = path.split("::").next().unwrap();
                let child = format!("{module}::{first}");
                used.extend(modules.contains_key(&child).then_some(child));
            }
        }
    }
    used.retain(|file| file != module && file.split("::").next() == Some(room));
    used
}

/// `a::b` and `a::c` of `a::{b, c}`.
fn paths(tree: &str) -> Vec<String> {
    let tree: String = tree.split_whitespace().collect();
    let Some((start, group)) = tree.split_once('{') else {
        return vec![tree];
    };
    let mut all = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                all.extend(
                    paths(&group[from..at])
                        .iter()
                        .map(|path| format!("{start}{path}")),
                );
                from = at + 1;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    all
}

/// The file that a path leads to: through what its `mod.rs` offers, to where that is.
fn file_of(module: &str, path: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let mut parts: Vec<&str> = path.split("::").collect();
    let mut at: Vec<String> = match parts.first()? {
        &"crate" => Vec::new(),
        _ => module.split("::").map(str::to_owned).collect(),
    };
    while parts
        .first()
        .is_some_and(|part| ["super", "crate"].contains(part))
    {
        if parts.remove(0) == "super" {
            at.pop();
        }
    }
    while let Some(part) = parts.first() {
        let next = format!("{}::{part}", at.join("::"));
        let next = next.trim_start_matches("::");
        if modules.contains_key(next) {
            at.push((*part).to_owned());
        } else {
            let here = at.join("::");
            let text = modules.get(&here)?;
            let uses = text.split(';').filter_map(|line| line.split_once("use "));
            let offered = uses
                .flat_map(|(_, tree)| paths(tree))
                .find(|path| path.split("::").last() == Some(part));
            let child = offered.map(|path| path.split("::").next().unwrap().to_owned());
            let child = child.map(|child| format!("{here}::{child}"));
            return child
                .filter(|child| modules.contains_key(child))
                .or(Some(here));
        }
        parts.remove(0);
    }
    Some(at.join("::"))
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
    assert!(lines <= 3600, "{lines}");
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
