//! The OpenAPI document of the inspector, against which every answer of these tests is held.

use std::sync::LazyLock;

use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document: Value =
        serde_json::from_str(include_str!("../../src/inspector/openapi.json")).unwrap();
    // A key that is not described is a mistake here, though not for a client.
    forbid_others(&mut document["components"]["schemas"]);
    document
});

fn forbid_others(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            keys.values_mut().for_each(forbid_others);
            if keys
                .get("properties")
                .is_some_and(|own| own["type"].get("const").is_none())
                && keys.get("type") == Some(&json!("object"))
            {
                keys.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_others),
        _ => {}
    }
}

/// The description of a request, and its path as that names it.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let method = method.to_lowercase();
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (wanted, given) = (template.split('/'), path.split('/'));
        wanted.clone().count() == given.clone().count()
            && wanted
                .zip(given)
                .all(|(wanted, given)| wanted == "{id}" || wanted == given)
    };
    let found = paths.get(path).or_else(|| {
        let found = paths.iter().find(|(template, _)| fits(template));
        found.map(|(_, operations)| operations)
    });
    found?.get(&method)
}

/// Checks a JSON answer.
pub fn check(method: &str, path: &str, status: u16, answer: &Value) {
    let key = match status {
        200 => "200",
        _ => "default",
    };
    let schema = match operation(method, path) {
        Some(operation) => &operation["responses"][key]["content"]["application/json"]["schema"],
        None => &json!({"$ref": "#/components/schemas/ApiError"}),
    };
    assert!(!schema.is_null(), "{method} {path} is not described");
    let mut whole = schema.clone();
    whole["components"] = DOCUMENT["components"].clone();
    let validator = jsonschema::draft202012::new(&whole).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "{method} {path} {status}: {errors:#?}\n{answer:#}"
    );
}

/// Checks an event of the stream.
pub fn check_changes(changes: &Value) {
    let mut whole = json!({"$ref": "#/components/schemas/Changes"});
    whole["components"] = DOCUMENT["components"].clone();
    let validator = jsonschema::draft202012::new(&whole).unwrap();
    assert!(validator.is_valid(changes), "{changes:#}");
}
