//! The same event in other forms, and with what JSON may hold.

use super::{SuiteBuilder, event_name};
use crate::catalog::{CatalogError, EventName};
use crate::conformance::case::{Area, EXTRA, Recipe, Severity, Want};
use crate::delivery::Fault;
use crate::payload::{Document, Edit, Kind, Path, Value, apply, is_form};

/// The same JSON in other forms.
const FORMS: [(Fault, &str); 3] = [
    (
        Fault::Spacing,
        "the same JSON with different spacing is a valid event",
    ),
    (
        Fault::Escapes,
        "the same JSON with escaped characters is a valid event",
    ),
    (
        Fault::KeyOrder,
        "the same JSON with its keys in another order is a valid event",
    ),
];

impl SuiteBuilder<'_> {
    /// The ordinary event in other forms of the same JSON.
    pub(super) fn forms(&mut self) {
        for (fault, reason) in FORMS {
            let recipe = self.with_fault(fault);
            self.accepted(Area::RawBytes, fault.name(), Severity::Must, reason, recipe);
        }
    }

    /// Each of the other events in other forms: its route may parse the body before it is verified.
    pub(super) fn forms_of_each_event(&mut self) -> Result<(), CatalogError> {
        for (event, facts) in &self.provider.events {
            if facts.unsigned || facts.method.is_some() {
                continue;
            }
            let sample = self.provider.sample(event, None)?.unwrap_or_default();
            let events = vec![event_name(self.provider, event, None)];
            if is_form(self.provider.content_type(event).as_bytes()) {
                self.form_bodies(event, &sample, &events);
            } else if *event != self.base.event && Document::parse(sample.as_bytes()).is_ok() {
                for (fault, reason) in FORMS {
                    let recipe = Recipe {
                        events: events.clone(),
                        faults: vec![fault],
                        ..Recipe::default()
                    };
                    let name = format!("{}:{event}", fault.name());
                    self.accepted(Area::RawBytes, &name, Severity::Must, reason, recipe)
                        .rests_on = Some(event.clone());
                }
            }
        }
        Ok(())
    }

    /// A form as other serialisers write it: who reads it and writes it again for the signature writes other bytes.
    fn form_bodies(&mut self, event: &str, sample: &str, events: &[EventName]) {
        for (name, field, reason) in [
            (
                "unknown_field",
                "1",
                "providers add fields without notice: unknown fields must be ignored",
            ),
            (
                "star",
                "%2Abold%2A",
                "some senders escape an asterisk and others do not",
            ),
            (
                "plus",
                "a+b",
                "a space in a form can be sent as a plus sign",
            ),
            ("percent20", "a%20b", "a space in a form can be sent as %20"),
            (
                "tilde",
                "%7E~",
                "some senders escape a tilde and others do not",
            ),
            ("blank", "", "a form field can be empty"),
            (
                "outer_spaces",
                "+a+",
                "spaces around a value are part of the value",
            ),
            (
                "repeated",
                "1&hookcli_check=2",
                "a form can contain a field twice",
            ),
            (
                "emoji",
                "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7",
                "text contains emoji",
            ),
            ("lower_case_hex", "%c3%a9", "escapes can be in lower case"),
        ] {
            let recipe = Recipe {
                events: events.to_vec(),
                data: Some(format!("{sample}&hookcli_check={field}")),
                ..Recipe::default()
            };
            let name = format!("form_{name}:{event}");
            self.accepted(Area::RawBytes, &name, Severity::Must, reason, recipe)
                .rests_on = Some(event.to_owned());
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
            "numbers such as 1.0 and 1E2 change when the JSON is parsed and serialised again",
            numbers,
        );
        let recipe = self.with_fault(Fault::PaddedBody(80_000));
        self.accepted(
            Area::RawBytes,
            "long",
            Severity::Must,
            "a long body arrives in several pieces, and all of them are signed",
            recipe,
        );
        let prose = self.prose(&document.root()).unwrap_or(EXTRA.to_owned());
        for (name, severity, text, reason) in [
            (
                "non_ascii",
                Severity::Must,
                "\"Grüße, 東京, العربية\"",
                "text contains letters of every script",
            ),
            (
                "emoji",
                Severity::Must,
                // The joiners are escaped: a command line shows them, and they stay what they are.
                "\"👩\\u200d👩\\u200d👧 👍🏽\"",
                "text contains emoji, including joined ones",
            ),
            (
                "lone_surrogate",
                Severity::Should,
                "\"\\ud83d\"",
                "JavaScript sends a lone surrogate when it cuts a text inside an emoji; some parsers refuse it",
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
                "a 64-bit id does not fit a float, and the event must still be accepted",
            ),
            (
                "huge_number",
                Severity::Should,
                "1e400".to_owned(),
                "the JSON contains a number larger than any float",
            ),
            (
                "nesting",
                Severity::Should,
                format!("{}{}", "[".repeat(32), "]".repeat(32)),
                "JSON can be nested 32 levels deep",
            ),
            (
                "unknown_fields",
                Severity::Must,
                "{\"added\":\"later\"}".to_owned(),
                "providers add fields without notice: unknown fields must be ignored",
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
                "an optional field can be missing",
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
            "a field without a value can be null",
            recipe,
        );
        let recipe = Recipe {
            data: Some("{}".to_owned()),
            unsigned: self.signing_writes_body(),
            ..self.ordinary()
        };
        self.add(
            Area::RawBytes,
            "empty_object",
            Severity::Should,
            Want::NoServerError,
            "an empty object can be refused or ignored, but must not crash the receiver",
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

    /// Whether receivers or the scheme read what is there.
    fn has_a_meaning(&self, path: &str) -> bool {
        let body = &self.provider.body;
        let facts = self.provider.events.get(&self.base.event);
        let ids = body
            .ids
            .iter()
            .chain(facts.into_iter().flat_map(|facts| &facts.ids))
            .map(|id| &id.path);
        let times = body.timestamps.iter().map(|time| &time.path);
        let scheme = self.scheme.into_iter();
        let signed = scheme.flat_map(|scheme| {
            let stamped = scheme
                .timestamp
                .iter()
                .filter_map(|rule| rule.body.as_ref());
            scheme.body.iter().chain(stamped)
        });
        let recognised = self.provider.recognise.body.iter();
        let recognised = recognised.map(|condition| &condition.path);
        body.event
            .path
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

    /// All members that the schema does not require; `None` if there is no schema, or the sample
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
