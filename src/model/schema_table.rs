//! JSON schemas of documents as rows of a table, for the pages that describe them.

use serde_json::{Map, Value};

/// A key of a document.
pub(crate) struct Row {
    pub path: String,
    pub kind: String,
    pub meaning: String,
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

/// The keys of an object, each with what it holds.
pub(crate) fn rows(
    definitions: &Map<String, Value>,
    schema: &Value,
    prefix: &str,
    out: &mut Vec<Row>,
) {
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
