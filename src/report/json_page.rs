//! Generates `docs/json.md` from the types of the documents.
//!
//! `UPDATE_DOCS=1 cargo test --lib json_page` writes the page.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::Report;

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

/// A key of a document.
struct Row {
    path: String,
    kind: String,
    meaning: String,
}

/// Properties of an object: its own, and those of what it is made of.
struct Properties<'v> {
    all: &'v Map<String, Value>,
    found: Vec<(String, &'v Value, bool)>,
}

impl<'v> Properties<'v> {
    fn of(
        definitions: &'v Map<String, Value>,
        schema: &'v Value,
    ) -> Vec<(String, &'v Value, bool)> {
        let mut properties = Self {
            all: definitions,
            found: Vec::new(),
        };
        properties.collect(schema);
        properties.found
    }

    fn collect(&mut self, schema: &'v Value) {
        let schema = resolved(self.all, schema);
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, value) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.contains(&name.as_str());
            self.found.push((name.clone(), value, is_required));
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.collect(part);
        }
    }
}

fn resolved<'v>(definitions: &'v Map<String, Value>, schema: &'v Value) -> &'v Value {
    match schema["$ref"].as_str() {
        Some(reference) => &definitions[reference.rsplit('/').next().unwrap()],
        None => schema,
    }
}

/// What a value is, in words, and whether it has keys of its own.
fn kind(definitions: &Map<String, Value>, schema: &Value) -> String {
    let schema = resolved(definitions, schema);
    let words = |schemas: &Vec<Value>| {
        let mut words: Vec<String> = schemas.iter().map(|one| kind(definitions, one)).collect();
        words.dedup();
        let separator = match words.iter().all(|word| word.starts_with('`')) {
            true => ", ",
            false => " or ",
        };
        words.join(separator)
    };
    if let Some(choices) = schema["enum"].as_array() {
        let choices: Vec<String> = choices
            .iter()
            .filter_map(Value::as_str)
            .map(|choice| format!("`{choice}`"))
            .collect();
        return choices.join(", ");
    }
    if let Some(choice) = schema["const"].as_str() {
        return format!("`{choice}`");
    }
    if let Some(any) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return words(any);
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => match &schema["prefixItems"] {
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| kind(definitions, item)).collect();
                format!("pair of {}", items.join(" and "))
            }
            _ => format!("list of {}", kind(definitions, &schema["items"])),
        },
        Value::String(name) => name.clone(),
        Value::Array(names) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            names.join(" or ")
        }
        _ => "object".to_owned(),
    }
}

/// The object that a value is, or holds: in a list, or where it is not null.
fn inner<'v>(
    definitions: &'v Map<String, Value>,
    schema: &'v Value,
) -> Option<(&'v Value, &'static str)> {
    let schema = resolved(definitions, schema);
    if schema.get("properties").is_some() || schema.get("allOf").is_some() {
        return Some((schema, ""));
    }
    if schema["items"].is_object() {
        return inner(definitions, &schema["items"]).map(|(found, _)| (found, "[]"));
    }
    let any = schema["anyOf"].as_array()?;
    any.iter().find_map(|one| inner(definitions, one))
}

fn rows(definitions: &Map<String, Value>, schema: &Value, prefix: &str, out: &mut Vec<Row>) {
    for (name, value, is_required) in Properties::of(definitions, schema) {
        if prefix.is_empty() && name == "type" {
            continue;
        }
        let path = format!("{prefix}{name}");
        let about = resolved(definitions, value);
        let description = value["description"]
            .as_str()
            .or(about["description"].as_str());
        let mut meaning = description.unwrap_or_default().replace('\n', " ");
        let mut kind = kind(definitions, value);
        if !is_required {
            // What is left out is never null.
            kind = kind.trim_end_matches(" or null").to_owned();
            meaning = format!("*optional* {meaning}");
        }
        let row = Row {
            path: path.clone(),
            kind,
            meaning: meaning.trim().to_owned(),
        };
        if !out.iter().any(|known| known.path == path) {
            out.push(row);
        }
        if let Some((object, list)) = inner(definitions, value) {
            rows(definitions, object, &format!("{path}{list}."), out);
        }
    }
}

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
