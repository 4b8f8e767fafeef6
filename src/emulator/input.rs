//! Reads what a client sends, as JSON or as a form, and checks it against the rules of the provider's fields.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::catalog::{ErrorKind, FieldKind, FieldRule};
use crate::http::{AllowedHosts, Destination};
use crate::payload::Path;

/// What is wrong with a request, for the provider's own words about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub kind: ErrorKind,
    /// The field, as the client writes it.
    pub field: String,
    pub message: String,
    /// What was given, as text.
    pub value: Option<String>,
}

impl Fault {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            field: String::new(),
            message: message.into(),
            value: None,
        }
    }

    fn of(kind: ErrorKind, field: &FieldRule, message: String, value: Option<&Value>) -> Self {
        let steps = field.at.steps().iter();
        Self {
            kind,
            field: steps.cloned().collect::<Vec<_>>().join("."),
            message,
            value: value.map(plain),
        }
    }
}

/// A value as text.
pub fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What a body says. An empty one says nothing.
///
/// # Errors
/// It is neither JSON nor a form, or not an object.
pub fn read_body(is_form: bool, body: &[u8]) -> Result<Value, Fault> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    if is_form {
        return Ok(read_form(body));
    }
    let malformed = |why: String| Fault::new(ErrorKind::Malformed, why);
    let value: Value =
        serde_json::from_slice(body).map_err(|error| malformed(error.to_string()))?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(malformed("the body is not a JSON object".to_owned())),
    }
}

/// No value of a field is longer, in bytes, whatever the provider would take.
const LONGEST_VALUE: usize = 16 << 10;

/// How deep a form's brackets may go.
const DEEPEST: usize = 16;

/// A form with brackets: `a[b]=1&c[]=2&d[0]=3`.
pub fn read_form(body: &[u8]) -> Value {
    let mut root = Value::Object(Map::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        let (first, rest) = name.split_once('[').unwrap_or((&name, ""));
        let steps = rest.split('[').map(|step| step.trim_end_matches(']'));
        let steps: Vec<&str> = match rest.is_empty() && !name.contains('[') {
            true => vec![first],
            false => std::iter::once(first).chain(steps).take(DEEPEST).collect(),
        };
        put(&mut root, &steps, Value::from(value.into_owned()));
    }
    lists(root)
}

fn put(into: &mut Value, steps: &[&str], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *into = value;
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Some(fields) = into.as_object_mut() else {
        return;
    };
    let name = match *step {
        "" => fields.len().to_string(),
        step => step.to_owned(),
    };
    put(fields.entry(name).or_insert(Value::Null), rest, value);
}

/// What has the keys 0, 1, 2 is a list.
fn lists(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let is_list = !fields.is_empty()
        && fields
            .keys()
            .enumerate()
            .all(|(index, key)| *key == index.to_string());
    match is_list {
        true => Value::Array(fields.into_iter().map(|(_, value)| lists(value)).collect()),
        false => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, lists(value)))
                .collect(),
        ),
    }
}

/// The value at a path; none where there is none, or null.
pub fn at<'v>(value: &'v Value, path: &Path) -> Option<&'v Value> {
    let found = path
        .steps()
        .iter()
        .try_fold(value, |value, step| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(step),
        });
    found.filter(|value| !value.is_null())
}

/// The fields that a request gives, by their names: all of a new thing, or those that change one.
///
/// # Errors
/// The first field that cannot be used.
pub fn fields_of(
    rules: &IndexMap<String, FieldRule>,
    body: &Value,
    is_change: bool,
    allowed: &AllowedHosts,
) -> Result<Map<String, Value>, Fault> {
    let mut given = Map::new();
    for (name, rule) in rules {
        let Some(value) = at(body, &rule.at) else {
            if is_change {
                let with = rule.removed_with.as_ref();
                if with.is_some_and(|with| at(body, with).is_some()) {
                    given.insert(name.clone(), Value::Null);
                }
                continue;
            }
            if rule.required {
                let text = rule.missing.clone();
                let place = rule.at.steps().join(".");
                let text = text.unwrap_or_else(|| format!("{place} is required"));
                return Err(Fault::of(ErrorKind::Missing, rule, text, None));
            }
            if let Some(default) = &rule.default {
                given.insert(name.clone(), default.clone());
            }
            continue;
        };
        if is_change && rule.fixed {
            continue;
        }
        given.insert(name.clone(), checked(name, rule, value, allowed)?);
    }
    Ok(given)
}

fn checked(
    name: &str,
    rule: &FieldRule,
    value: &Value,
    allowed: &AllowedHosts,
) -> Result<Value, Fault> {
    let refuse = |why: String| {
        let text = rule.invalid.clone().unwrap_or(why);
        Fault::of(ErrorKind::Invalid, rule, text, Some(value))
    };
    let is_wrong = || refuse(format!("{name} is not a valid {}", rule.kind));
    let text = value.as_str();
    let checked = match rule.kind {
        FieldKind::Url => return url(name, rule, value, allowed),
        FieldKind::String => match value {
            Value::String(_) => value.clone(),
            Value::Number(number) => number.to_string().into(),
            _ => return Err(is_wrong()),
        },
        // A form has texts alone.
        FieldKind::Boolean => match (value, text) {
            (Value::Bool(_), _) => value.clone(),
            (_, Some("true")) => true.into(),
            (_, Some("false")) => false.into(),
            _ => return Err(is_wrong()),
        },
        FieldKind::Integer => match (value.as_i64(), text.and_then(|text| text.parse().ok())) {
            (Some(number), _) | (None, Some(number)) => number.into(),
            _ => return Err(is_wrong()),
        },
        FieldKind::Events | FieldKind::List => match value {
            Value::Array(items)
                if rule.kind == FieldKind::List || items.iter().all(Value::is_string) =>
            {
                value.clone()
            }
            _ => return Err(is_wrong()),
        },
        FieldKind::Object => match value {
            Value::Object(_) => value.clone(),
            // An empty one in a form.
            Value::String(text) if text.is_empty() => Value::Object(Map::new()),
            _ => return Err(is_wrong()),
        },
        FieldKind::Any => value.clone(),
    };
    let length = checked
        .as_str()
        .map_or_else(|| checked.to_string().len(), str::len);
    if length > LONGEST_VALUE {
        return Err(refuse(format!(
            "{name} is longer than {LONGEST_VALUE} bytes"
        )));
    }
    if let Some(text) = checked.as_str() {
        if rule.kind == FieldKind::String && text.contains('\0') {
            return Err(is_wrong());
        }
        if !rule.one_of.is_empty() && !rule.one_of.iter().any(|one| one == text) {
            return Err(refuse(format!(
                "{name} must be one of {}",
                rule.one_of.join(", ")
            )));
        }
        if rule
            .longest
            .is_some_and(|longest| text.chars().count() > longest)
        {
            return Err(refuse(format!("{name} is too long")));
        }
    }
    Ok(checked)
}

fn url(
    name: &str,
    rule: &FieldRule,
    value: &Value,
    allowed: &AllowedHosts,
) -> Result<Value, Fault> {
    let refuse = |why: String| Fault::of(ErrorKind::Invalid, rule, why, Some(value));
    let invalid = |why: &str| {
        refuse(
            rule.invalid
                .clone()
                .unwrap_or_else(|| format!("{name} is not a valid URL: {why}")),
        )
    };
    let text = value.as_str().ok_or_else(|| invalid("it is not a text"))?;
    if text.contains(|character: char| character.is_control() || character == ' ') {
        return Err(invalid("it has blanks or control characters"));
    }
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Err(invalid(
            match rule.https_only && !allowed.http_on_loopback {
                true => "it does not begin with https://",
                false => "it does not begin with http:// or https://",
            },
        ));
    }
    let destination: Destination = text
        .parse()
        .map_err(|error: crate::http::DestinationError| invalid(&error.to_string()))?;
    if let Some(longest) = rule.longest
        && text.len() > longest
    {
        return Err(invalid("it is too long"));
    }
    if !allowed.allow(destination.host()) {
        return Err(refuse(format!(
            "hookcli delivers to this machine alone: start it with --allow-host {} to deliver there",
            destination.host()
        )));
    }
    let is_excused = allowed.excuse(destination.host());
    if rule.https_only && !destination.is_https() && !is_excused {
        return Err(invalid("it does not begin with https://"));
    }
    Ok(value.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_with_brackets_is_what_json_would_be() {
        let form = "url=http%3A%2F%2Fh%2F&enabled_events[0]=a&enabled_events[1]=b.*&metadata[k]=v&l[]=1&l[]=2&deep[a][b][0]=x";
        assert_eq!(
            read_body(true, form.as_bytes()).unwrap(),
            json!({
                "url": "http://h/",
                "enabled_events": ["a", "b.*"],
                "metadata": {"k": "v"},
                "l": ["1", "2"],
                "deep": {"a": {"b": ["x"]}},
            })
        );
        // However it is nested and repeated, it is read to its end.
        let nested = format!("a{}=1&a=2&a[=3&[]=4&]=5&=6", "[x]".repeat(1000));
        assert!(read_form(nested.as_bytes()).is_object());
    }

    #[test]
    fn this_machine_may_be_delivered_to_and_others_once_they_are_named() {
        let allowed = AllowedHosts {
            http_on_loopback: true,
            hosts: vec!["app.test".to_owned()],
        };
        for host in [
            "localhost",
            "127.0.0.1",
            "127.8.8.8",
            "[::1]",
            "app.test",
            "APP.test",
        ] {
            assert!(allowed.allow(host), "{host}");
        }
        for host in [
            "example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "[::2]",
            "0.0.0.0",
        ] {
            assert!(!allowed.allow(host), "{host}");
        }
    }
}
