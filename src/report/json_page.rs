//! Generates `docs/json.md` from the types of the documents.
//!
//! `UPDATE_DOCS=1 cargo test --lib json_page` writes the page.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use schemars::generate::SchemaSettings;

use super::Report;
use crate::model::schema_table::{Row, rows};

const INTRODUCTION: &str = "# JSON documents

With `--json`, every command prints one document per line on standard output. Everything else is on standard error. Each
document has a `type`. This page is generated from the source code; a test keeps it equal.

- Headers are lists of `[name, value]`, in the order received. A value that is not UTF-8 is `{\"base64\": …}`.
- A body is in `body` if it is UTF-8, else in `body_base64`.
- Times are RFC 3339. Durations end with `_ms` and are milliseconds.
- A key marked *optional* is left out when it does not apply.

```console
$ hookcli send convo/transcript.ready --url 3000 --dry-run --json --quiet --seed 1 --now 1767225600 | cut -c1-60
```
";

fn page() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<Report>();
    let schema = schema.as_value();
    let definitions = schema["$defs"].as_object().unwrap();
    let mut types: BTreeMap<String, (String, Vec<Row>)> = BTreeMap::new();
    for variant in schema["oneOf"].as_array().unwrap() {
        let name = variant["properties"]["type"]["const"].as_str().unwrap();
        let (about, keys) = types.entry(name.to_owned()).or_default();
        if let Some(text) = variant["description"].as_str() {
            if !about.is_empty() {
                *about += " ";
            }
            *about += &text.replace('\n', " ");
        }
        rows(definitions, variant, "", keys);
    }
    let mut page = INTRODUCTION.to_owned();
    for (name, (about, keys)) in types {
        let _ = write!(
            page,
            "\n## `{name}`\n\n{about}\n\n| key | type | meaning |\n|---|---|---|\n"
        );
        for Row {
            path,
            kind,
            meaning,
        } in keys
        {
            let _ = writeln!(page, "| `{path}` | {kind} | {meaning} |");
        }
    }
    page
}

#[test]
fn the_json_page_is_what_the_types_say() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md");
    let shown = fs::read_to_string(file).unwrap_or_default();
    // What a console block prints is `tests/readme.rs`'s to hold.
    let without_output = |text: &str| {
        let mut is_output = false;
        let kept = text.lines().filter(|line| {
            let is_fence = line.starts_with("```");
            let keeps = is_fence || !is_output || line.starts_with("$ ");
            if is_fence {
                is_output = *line == "```console";
            }
            keeps
        });
        kept.collect::<Vec<_>>().join("\n")
    };
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(file, page).unwrap();
        return;
    }
    assert!(
        without_output(&shown) == without_output(&page),
        "docs/json.md is out of date: run UPDATE_DOCS=1 cargo test --lib json_page, then UPDATE_DOCS=1 cargo test readme"
    );
}
