//! The same event in other forms, and with what JSON may hold.

use super::Making;
use crate::catalog::CatalogError;
use crate::check::case::{Area, EXTRA, Recipe, Severity, Want};
use crate::delivery::Fault;
use crate::payload::{Document, Edit, Kind, Path, Value, apply};

impl Making<'_> {
    /// The ordinary event in other forms of the same JSON.
    pub(super) fn forms(&mut self) {
        for (fault, reason) in [
            (
                Fault::Spacing,
                "the same JSON with spaces between its parts is the same event",
            ),
            (
                Fault::Escapes,
                "the same JSON with its characters escaped is the same event",
            ),
            (
                Fault::KeyOrder,
                "the same JSON with its keys in another order is the same event",
            ),
        ] {
            let recipe = self.with_fault(fault);
            self.accepted(Area::RawBytes, fault.name(), Severity::Must, reason, recipe);
        }
    }

    /// What JSON may hold.
    pub(super) fn content(
        &mut self,
        document: &Document<'_>,
        sample: &str,
    ) -> Result<(), CatalogError> {
        let numbers = self.with_set(format!("{EXTRA}=[1.0,1E2,-0,0.10]"));
        self.accepted(
            Area::RawBytes,
            "number_forms",
            Severity::Must,
            "1.0 and 1E2 are numbers, too; who parses and writes them anew signs other bytes",
            numbers,
        );
        let prose = self.prose(&document.root()).unwrap_or(EXTRA.to_owned());
        for (name, severity, text, reason) in [
            (
                "non_ascii",
                Severity::Must,
                "\"Grüße, 東京, العربية\"",
                "people write in every language",
            ),
            (
                "emoji",
                Severity::Must,
                // The joiners are escaped: a command line shows them, and they stay what they are.
                "\"👩\\u200d👩\\u200d👧 👍🏽\"",
                "people write emoji, outside the 16-bit plane and joined",
            ),
            (
                "lone_surrogate",
                Severity::Should,
                "\"\\ud83d\"",
                "JavaScript writes half an emoji like that where a text was cut; some parsers refuse it",
            ),
        ] {
            let recipe = self.with_set(format!("{prose}={text}"));
            self.accepted(Area::RawBytes, name, severity, reason, recipe);
        }
        for (name, severity, json, reason) in [
            (
                "big_integers",
                Severity::Should,
                "[9223372036854775807,-9223372036854775808,18446744073709551615]".to_owned(),
                "ids of 64 bits lose their last digits in a float, and must not lose the event",
            ),
            (
                "huge_number",
                Severity::Should,
                "1e400".to_owned(),
                "it is JSON, and larger than any float",
            ),
            (
                "nesting",
                Severity::Should,
                format!("{}{}", "[".repeat(32), "]".repeat(32)),
                "32 levels are nothing for a parser",
            ),
            (
                "unknown_fields",
                Severity::Must,
                "{\"added\":\"later\"}".to_owned(),
                "providers add fields without asking: what is not known is to be ignored",
            ),
        ] {
            let recipe = self.with_set(format!("{EXTRA}={json}"));
            self.accepted(Area::RawBytes, name, severity, reason, recipe);
        }
        let optional = self.optional(document, sample)?;
        if !optional.is_empty() {
            let recipe = Recipe {
                unset: optional.iter().map(ToString::to_string).collect(),
                ..self.ordinary()
            };
            let severity = self.severity_of_base();
            self.accepted(
                Area::RawBytes,
                "optional_absent",
                severity,
                "what the provider calls optional is not always there",
                recipe,
            );
        }
        let nullable = self.nullable(document, sample)?;
        let recipe = Recipe {
            set: match nullable.is_empty() {
                true => vec![format!("{EXTRA}=null")],
                false => nullable.iter().map(|path| format!("{path}=null")).collect(),
            },
            ..self.ordinary()
        };
        self.accepted(
            Area::RawBytes,
            "null",
            Severity::Should,
            "a field without a value may come as null",
            recipe,
        );
        let recipe = Recipe {
            data: Some("{}"),
            unsigned: self.signing_writes_body(),
            ..self.ordinary()
        };
        self.add(
            Area::RawBytes,
            "empty_object",
            Severity::Should,
            Want::NoServerError,
            "an object without a field is JSON: it is refused or ignored, and no reason to crash",
            recipe,
        );
        Ok(())
    }

    fn severity_of_base(&self) -> Severity {
        let facts = self.provider.events.get(&self.base.event);
        match facts.and_then(|facts| facts.documented.as_ref()) {
            Some(_) => Severity::Must,
            None => Severity::Should,
        }
    }

    /// A text for people in the body: one with a space, at no place that means something to receivers.
    pub(super) fn prose(&self, value: &Value<'_>) -> Option<String> {
        let mut found = Vec::new();
        leaves(value, &mut String::new(), &mut found);
        found
            .into_iter()
            .find(|(path, text)| text.contains(' ') && !self.has_a_meaning(path))
            .map(|(path, _)| path)
    }

    /// Whether receivers or the scheme read what stands there.
    fn has_a_meaning(&self, path: &str) -> bool {
        let body = &self.provider.body;
        let facts = self.provider.events.get(&self.base.event);
        let ids = body
            .ids
            .iter()
            .chain(facts.into_iter().flat_map(|facts| &facts.ids))
            .map(|id| &id.at);
        let times = body.timestamps.iter().map(|time| &time.at);
        let scheme = self.scheme.into_iter();
        let signed = scheme.flat_map(|scheme| {
            let stamped = scheme
                .timestamp
                .iter()
                .filter_map(|rule| rule.body.as_ref());
            scheme.body.iter().chain(stamped)
        });
        let recognised = self.provider.recognise.body.iter();
        let recognised = recognised.map(|condition| &condition.at);
        body.event
            .at
            .0
            .iter()
            .chain(ids)
            .chain(times)
            .chain(signed)
            .chain(recognised)
            .any(|known| {
                let known = known.to_string();
                known == path || known.starts_with(&format!("{path}/"))
            })
    }

    /// The members that the schema can do without, together; none where there is no schema, or the sample
    /// does not follow it.
    fn optional(&self, document: &Document<'_>, sample: &str) -> Result<Vec<Path>, CatalogError> {
        let event = &self.base.event;
        let valid = |text: &str| -> Result<bool, CatalogError> {
            Ok(self.provider.validate(event, text.as_bytes())?.is_empty())
        };
        let mut absent: Vec<Path> = Vec::new();
        if self.provider.schema_text(event)?.is_none() || !valid(sample)? {
            return Ok(absent);
        }
        let mut members = Vec::new();
        paths(&document.root(), &mut String::new(), &mut members);
        for path in members {
            let inside = |outer: &Path| path.starts_with(&format!("{outer}/"));
            if absent.iter().any(inside) || self.has_a_meaning(&path) {
                continue;
            }
            let Ok(path) = path.parse::<Path>() else {
                continue;
            };
            let edits: Vec<Edit> = absent
                .iter()
                .chain([&path])
                .map(|path| Edit::Unset { path: path.clone() })
                .collect();
            if let Ok(without) = apply(sample, &edits)
                && valid(&without)?
            {
                absent.push(path);
            }
        }
        Ok(absent)
    }

    /// The members that may be null, by the schema.
    fn nullable(&self, document: &Document<'_>, sample: &str) -> Result<Vec<Path>, CatalogError> {
        let event = &self.base.event;
        let mut found = Vec::new();
        if self.provider.schema_text(event)?.is_none() {
            return Ok(found);
        }
        let mut members = Vec::new();
        paths(&document.root(), &mut String::new(), &mut members);
        for path in members {
            if self.has_a_meaning(&path) {
                continue;
            }
            let Ok(path) = path.parse::<Path>() else {
                continue;
            };
            let value = "null".to_owned();
            let edit = Edit::Set {
                path: path.clone(),
                value,
            };
            let inside = |outer: &Path| path.to_string().starts_with(&format!("{outer}/"));
            if !found.iter().any(inside)
                && let Ok(text) = apply(sample, &[edit])
                && self.provider.validate(event, text.as_bytes())?.is_empty()
            {
                found.push(path);
            }
        }
        Ok(found)
    }
}

/// The texts in a JSON value, with their places.
fn leaves(value: &Value<'_>, at: &mut String, found: &mut Vec<(String, String)>) {
    if let Some(text) = value.as_str() {
        found.push((at.clone(), text.into_owned()));
    }
    each_member(value, at, &mut |member, at| leaves(member, at, found));
}

/// The places of all members of objects, outer ones first.
fn paths(value: &Value<'_>, at: &mut String, found: &mut Vec<String>) {
    if value.kind() == Kind::Object {
        each_member(value, at, &mut |member, at| {
            found.push(at.clone());
            paths(member, at, found);
        });
    }
}

fn each_member(value: &Value<'_>, at: &mut String, visit: &mut dyn FnMut(&Value<'_>, &mut String)) {
    for (index, child) in value.children().enumerate() {
        let length = at.len();
        let step = match child.key() {
            Some(key) => key.replace('~', "~0").replace('/', "~1"),
            None => index.to_string(),
        };
        at.push('/');
        at.push_str(&step);
        visit(&child, at);
        at.truncate(length);
    }
}
