//! The JSON Schemas (2020-12) of events: compiled when first used, without network and in linear time.

use serde::Serialize;
use serde_json::Value;

use super::error::CatalogError;
use super::folder::Folder;
use super::schema_cost::too_expensive;
use crate::model::RemoteText;
use crate::payload::Path;

/// A compiled schema and its text.
#[derive(Debug)]
pub(super) struct Schema {
    text: String,
    value: Value,
    validator: jsonschema::Validator,
}

/// One way in which a payload does not follow its schema. Values of the payload are not repeated: they
/// may be secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Violation {
    /// Where in the payload.
    pub path: RemoteText,
    /// What does not match.
    pub message: RemoteText,
}

/// One documented field of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Field {
    /// The path of the field.
    pub path: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it is always there.
    pub required: bool,
    /// The allowed values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Its format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What it means.
    pub description: String,
    /// Why the field is assumed, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed: Option<String>,
}

impl Schema {
    /// Reads and compiles the schema of an event; none where the folder has none.
    pub(super) fn read(folder: &Folder, event: &str) -> Result<Option<Self>, CatalogError> {
        let file = format!("schemas/{event}.json");
        let Some(text) = folder.read(&file)? else {
            return Ok(None);
        };
        let path = folder.path_of(&file);
        let value: Value = serde_json::from_str(&text).map_err(|error| CatalogError {
            file: path.clone(),
            line: Some(error.line()),
            message: error.to_string(),
            lacks_trust: false,
        })?;
        let refused = |message: String| CatalogError {
            file: path.clone(),
            line: None,
            message,
            lacks_trust: false,
        };
        if let Some(reference) = foreign_reference(&value) {
            return Err(refused(format!(
                "`$ref: {reference}` leads outside the file; a reference must start with #"
            )));
        }
        if let Some(why) = too_expensive(&value) {
            return Err(refused(why));
        }
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(1 << 20))
            .offline()
            .build(&value)
            .map_err(|error| refused(format!("is not a valid JSON Schema: {error}")))?;
        Ok(Some(Self {
            text: text.into_owned(),
            value,
            validator,
        }))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The documented fields, in the schema's order.
    pub(super) fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        walk(&self.value, "", None, &mut fields);
        fields
    }

    /// The first name of a path that the schema has no place for, with the names that it has there. `None` where it has
    /// a place, or does not say.
    pub(super) fn unknown_name<'p>(&self, path: &'p Path) -> Option<(&'p str, Vec<String>)> {
        let mut node = &self.value;
        for step in path.steps() {
            let combines = ["oneOf", "anyOf", "allOf", "$ref", "if", "patternProperties"];
            if combines.iter().any(|word| node.get(word).is_some()) {
                return None;
            }
            let properties = node.get("properties").and_then(Value::as_object);
            let more = node
                .get("additionalProperties")
                .filter(|more| more.is_object());
            let items = node.get("items").filter(|_| step.parse::<usize>().is_ok());
            let named = properties.and_then(|properties| properties.get(step));
            match (named.or(items).or(more), properties) {
                (Some(next), _) => node = next,
                (None, Some(properties)) => {
                    return Some((step, properties.keys().cloned().collect()));
                }
                (None, None) => return None,
            }
        }
        None
    }

    /// How a body departs from the schema; the first fifty ways.
    pub(super) fn violations(&self, body: &[u8]) -> Vec<Violation> {
        let Ok(instance) = serde_json::from_slice::<Value>(body) else {
            return vec![Violation {
                path: "".into(),
                message: "the body is not JSON".into(),
            }];
        };
        let violation = |error: jsonschema::ValidationError<'_>| Violation {
            path: error.instance_path().to_string().into(),
            message: error.masked_with("the value").to_string().into(),
        };
        let errors = self.validator.iter_errors(&instance);
        errors.take(50).map(violation).collect()
    }
}

fn foreign_reference(value: &Value) -> Option<&str> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| match value {
            Value::String(target) if key == "$ref" || key == "$dynamicRef" => {
                (!target.starts_with('#')).then_some(target.as_str())
            }
            other => foreign_reference(other),
        }),
        Value::Array(items) => items.iter().find_map(foreign_reference),
        _ => None,
    }
}

fn walk(schema: &Value, path: &str, assumed: Option<&str>, fields: &mut Vec<Field>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, property) in properties {
        let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
        let text = |key: &str| property.get(key).and_then(Value::as_str);
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let mut values: Vec<String> = property
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(plain)
            .collect();
        values.extend(property.get("const").map(plain));
        let assumed = text("x-assumed").or(assumed);
        fields.push(Field {
            path: path.clone(),
            kind: text("type").unwrap_or("any").to_owned(),
            required: required.contains(&name.as_str()),
            values,
            format: text("format").map(str::to_owned),
            description: text("description").unwrap_or_default().to_owned(),
            assumed: assumed.map(str::to_owned),
        });
        walk(property, &path, assumed, fields);
    }
}
