//! Writes an answer from a template of the provider's data and what is known.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::catalog::Template;

/// What a template's places are filled with.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    values: Map<String, Value>,
    /// JSON that is put in as it is written: payloads, and what was made from other templates.
    texts: Vec<(String, String)>,
}

impl Facts {
    /// A value, under a name without dots.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// JSON as it is written.
    pub fn set_text(&mut self, name: &str, json: impl Into<String>) {
        self.texts.retain(|(known, _)| known != name);
        self.texts.push((name.to_owned(), json.into()));
    }

    /// A time.
    pub fn set_time(&mut self, name: &str, time: Timestamp) {
        self.set(name, time.to_string());
    }

    /// With those of another, which count where both have one.
    pub fn with(mut self, other: Facts) -> Self {
        self.values.extend(other.values);
        for (name, json) in other.texts {
            self.set_text(&name, json);
        }
        self
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let mut steps = name.split('.');
        let first = self.values.get(steps.next()?)?;
        steps
            .try_fold(first, |value, step| value.get(step))
            .filter(|value| !value.is_null())
    }

    /// What a place gets, as JSON; none where nothing is known.
    fn json(&self, name: &str, form: Option<&str>) -> Option<String> {
        if let Some((_, json)) = self.texts.iter().find(|(known, _)| known == name) {
            return Some(match form {
                Some("text") => json_text(json),
                _ => json.clone(),
            });
        }
        let value = self.value(name)?;
        Some(match form {
            None => value.to_string(),
            Some(form) => written(value, form)?,
        })
    }

    /// The same within a text.
    fn text(&self, name: &str) -> String {
        let (name, form) = split_form(name);
        match (self.value(name), form) {
            (Some(Value::String(text)), None) => text.clone(),
            (Some(value), Some(form)) => written(value, form)
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned(),
            (Some(value), None) => value.to_string(),
            (None, _) => String::new(),
        }
    }
}

/// A value as a form writes it, as JSON.
fn written(value: &Value, form: &str) -> Option<String> {
    let time = || value.as_str()?.parse::<Timestamp>().ok();
    Some(match form {
        "unix_s" => time()?.as_second().to_string(),
        "unix_ms" => time()?.as_millisecond().to_string(),
        "iso" => json_text(&time()?.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
        "iso_s" => json_text(&time()?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        "number" => value.as_str()?.parse::<u64>().ok()?.to_string(),
        "redacted" => "\"********\"".to_owned(),
        "text" => json_text(&value.to_string()),
        "bit" => u8::from(value.as_bool()?).to_string(),
        "seconds" => (value.as_f64()? / 1000.0).to_string(),
        _ => return None,
    })
}

fn split_form(place: &str) -> (&str, Option<&str>) {
    match place.split_once('|') {
        Some((name, form)) => (name, Some(form)),
        None => (place, None),
    }
}

/// A text as JSON writes it.
pub fn json_text(text: &str) -> String {
    Value::from(text).to_string()
}

/// Writes a template as JSON.
pub fn render(template: &Template, facts: &Facts) -> String {
    written_value(&template.0, facts).unwrap_or_else(|| "null".to_owned())
}

/// A value as JSON, where all that it names is known.
pub fn render_known(template: &Template, facts: &Facts) -> Option<String> {
    let Value::String(text) = &template.0 else {
        return written_value(&template.0, facts);
    };
    if let Some(place) = text.strip_prefix('$').filter(|rest| !rest.starts_with('{')) {
        let (name, form) = split_form(place);
        return facts.json(name, form);
    }
    fill_known(text, facts).map(|text| json_text(&text))
}

/// Text with `${name}` replaced, where all that it names is known.
pub fn fill_known(text: &str, facts: &Facts) -> Option<String> {
    let mut named = text.split("${").skip(1);
    let is_known = named.all(|rest| {
        let place = rest.split('}').next().unwrap_or_default();
        facts.value(split_form(place).0).is_some()
    });
    is_known.then(|| fill(text, facts))
}

/// Text with `${name}` replaced.
pub fn fill(text: &str, facts: &Facts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                out.push_str(&facts.text(name));
                rest = after;
            }
            None => {
                out.push_str("${");
                rest = after;
            }
        }
    }
    out + rest
}

/// None: its key is left out.
fn written_value(value: &Value, facts: &Facts) -> Option<String> {
    match value {
        Value::String(text) => match text.strip_prefix('$').filter(|rest| !rest.starts_with('{')) {
            Some(place) => written_place(place, facts),
            None => Some(json_text(&fill(text, facts))),
        },
        Value::Array(items) => {
            let items = items.iter().filter_map(|item| written_value(item, facts));
            Some(format!("[{}]", items.collect::<Vec<_>>().join(",")))
        }
        Value::Object(fields) => {
            let fields = fields.iter().filter_map(|(name, value)| {
                let value = written_value(value, facts)?;
                Some(format!("{}:{value}", json_text(name)))
            });
            Some(format!("{{{}}}", fields.collect::<Vec<_>>().join(",")))
        }
        value => Some(value.to_string()),
    }
}

fn written_place(place: &str, facts: &Facts) -> Option<String> {
    let (place, instead) = match place.split_once(':') {
        Some((place, instead)) => (place, Some(instead.to_owned())),
        None => match place.strip_suffix('?') {
            Some(place) => (place, None),
            None => (place, Some("null".to_owned())),
        },
    };
    let (name, form) = split_form(place);
    facts.json(name, form).or(instead)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_filled_left_out_or_given_another_value() {
        let mut facts = Facts::default();
        facts.set("id", "we_1");
        facts.set("created", "2026-11-27T10:00:00.5Z");
        facts.set("fields", json!({"metadata": {"a": 1}, "nothing": null}));
        facts.set_text("payload", r#"{"total": 1.0}"#);
        let template = Template(json!({
            "id": "$id",
            "created": "$created|unix_s",
            "at": "$created|iso",
            "metadata": "$fields.metadata:{}",
            "other": "$fields.other:{}",
            "nothing": "$fields.nothing",
            "secret": "$secret?",
            "url": "https://api.test/hooks/${id}/x",
            "payload": "$payload",
            "text": "$payload|text",
            "list": ["$id", 1, true],
        }));
        assert_eq!(
            render(&template, &facts),
            r#"{"id":"we_1","created":1795773600,"at":"2026-11-27T10:00:00.500Z","metadata":{"a":1},"other":{},"nothing":null,"url":"https://api.test/hooks/we_1/x","payload":{"total": 1.0},"text":"{\"total\": 1.0}","list":["we_1",1,true]}"#
        );
    }
}
