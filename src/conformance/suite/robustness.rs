//! Requests that are not ordinary events, and ordinary events that arrive in an unusual form.

use std::time::Duration;

use super::{SuiteBuilder, event_name, must_if_documented};
use crate::catalog::{EventName, IdempotencyKey};
use crate::conformance::case::{Area, ObjectId, Recipe, Severity, Want};
use crate::delivery::{ContentKind, Fault};
use crate::payload::{Document, Kind, Value};

/// Deliveries at once where the provider names no limit.
const BURST: usize = 16;
/// More than that would be a load, no check.
const MOST_AT_ONCE: usize = 64;

impl SuiteBuilder<'_> {
    pub(super) fn robustness(&mut self) {
        let names_events = !self.provider.body.event.path.0.is_empty()
            || self.provider.body.event.header.is_some();
        if names_events {
            let recipe = self.with_fault(Fault::UnknownEvent);
            self.accepted(
                Area::Robustness,
                Fault::UnknownEvent.name(),
                Severity::Must,
                "an unknown event type should be acknowledged, or the provider keeps sending it again",
                recipe,
            );
        }
        let recipe = self.with_fault_in_body(Fault::NotJson);
        self.add(
            Area::Robustness,
            Fault::NotJson.name(),
            Severity::Must,
            Want::NoServerError,
            "a body that is not JSON must not crash the receiver",
            recipe,
        );
        let limit = self.provider.delivery.max_concurrency;
        let at_once = limit.map_or(BURST, |limit| (limit as usize).clamp(2, MOST_AT_ONCE));
        let recipe = Recipe {
            events: vec![self.base.clone(); at_once],
            together: true,
            ..Recipe::default()
        };
        self.add(
            Area::Robustness,
            "burst",
            Severity::Must,
            Want::AliveAfter,
            "the provider sends several events at the same time",
            recipe,
        );
        let recipe = self.with_fault(Fault::Reset);
        self.add(
            Area::Robustness,
            Fault::Reset.name(),
            Severity::Must,
            Want::AliveAfter,
            "a connection can break in the middle of a body",
            recipe,
        );
        self.oddities();
    }

    /// What is for information.
    fn oddities(&mut self) {
        let charset = Recipe {
            headers: vec!["content-type: application/json; charset=utf-8"],
            ..self.ordinary()
        };
        self.accepted(
            Area::Robustness,
            "charset",
            Severity::Info,
            "the content type can have a charset parameter",
            charset,
        );
        let chunked = self.with_fault(Fault::OddChunks);
        self.accepted(
            Area::Robustness,
            "chunked",
            Severity::Info,
            "some proxies send the body in chunks, without a length",
            chunked,
        );
        let empty = Recipe {
            data: Some("/dev/null".to_owned()),
            unsigned: self.signing_writes_body(),
            ..self.ordinary()
        };
        let method = |method| Recipe {
            method: Some(method),
            ..self.ordinary()
        };
        let cases = [
            (
                "wrong_content_type",
                "JSON sent with the content type text/plain",
                self.with_fault(Fault::WrongContentType(ContentKind::Text)),
            ),
            ("empty", "an empty body", empty),
            (
                "large",
                "a body of 1 MiB",
                self.with_fault_in_body(Fault::HugeBody(1 << 20)),
            ),
            (
                "compressed",
                "a body compressed with gzip",
                self.with_fault_in_body(Fault::CompressedBody),
            ),
            ("get", "a browser opens the URL (GET)", method("GET")),
            ("head", "a monitor checks the URL (HEAD)", method("HEAD")),
            ("put", "another method (PUT)", method("PUT")),
        ];
        for (name, reason, recipe) in cases {
            self.add(
                Area::Robustness,
                name,
                Severity::Info,
                Want::NoServerError,
                reason,
                recipe,
            );
        }
    }

    pub(super) fn idempotency(&mut self) {
        let delivery = &self.provider.delivery;
        let retried = !delivery.retry_waits.is_empty();
        let severity = if retried {
            must_if_documented(&delivery.provenance, &["retry_waits", "retry_on"])
        } else {
            Severity::Should
        };
        let hour = Duration::from_secs(3600);
        let at_once = Recipe {
            together: true,
            ..self.with_fault(Fault::Duplicate)
        };
        for (name, reason, recipe) in [
            (
                "twice",
                "an event is sent twice because a response was lost: both are acknowledged, and it is processed once",
                self.with_fault(Fault::Duplicate),
            ),
            (
                "at_once",
                "the retry arrives while the first request is still being processed",
                at_once,
            ),
            (
                "an_hour_later",
                "the retry arrives an hour after the first request",
                self.with_fault(Fault::Late(hour)),
            ),
        ] {
            let case = self.accepted(Area::Idempotency, name, severity, reason, recipe);
            case.one_effect = true;
        }
        self.out_of_order();
    }

    /// Two events in another order than usual: of one object, where the samples show two that are.
    fn out_of_order(&mut self) {
        if let Some((earlier, later, objects)) = self.events_of_one_object() {
            let recipe = Recipe {
                events: vec![earlier, later],
                faults: vec![Fault::Reorder],
                objects,
                ..Recipe::default()
            };
            let case = self.add(
                Area::Idempotency,
                "out_of_order",
                Severity::Should,
                Want::SameInAnyOrder,
                "events of one object can arrive in any order",
                recipe,
            );
            case.rests_on_acceptance = true;
            return;
        }
        let second = self.ordinary_events().find(|name| *name != self.base.event);
        if let Some(second) = second {
            let recipe = Recipe {
                events: vec![self.base.clone(), event_name(self.provider, second, None)],
                faults: vec![Fault::Reorder],
                ..Recipe::default()
            };
            self.accepted(
                Area::Idempotency,
                "out_of_order",
                Severity::Should,
                "a later event can arrive before an earlier one",
                recipe,
            );
        }
    }

    fn ordinary_events(&self) -> impl Iterator<Item = &str> {
        let events = self.provider.events.iter();
        events
            .filter(|(_, facts)| !facts.unsigned && facts.method.is_none())
            .map(|(name, _)| name.as_str())
    }

    /// Two event types in whose samples ids of one form stand at the same places, and those: the likeliest to be of one
    /// object are those whose names begin alike, then those whose samples have the same id, then those with the ordinary
    /// event among them.
    fn events_of_one_object(&self) -> Option<(EventName, EventName, Vec<ObjectId>)> {
        let samples: Vec<(&str, Vec<ObjectId>)> = self
            .ordinary_events()
            .filter_map(|event| {
                let sample = self.provider.sample(event, None).ok()??;
                Some((event, self.object_ids(&sample)))
            })
            .collect();
        let mut pairs = Vec::new();
        for (place, (first, ids)) in samples.iter().enumerate() {
            for (second, others) in &samples[place + 1..] {
                let of_one_form = |id: &&ObjectId| others.iter().any(|other| id.looks_like(other));
                let shared: Vec<ObjectId> = ids.iter().filter(of_one_form).cloned().collect();
                if !shared.is_empty() {
                    let is_same = shared.iter().any(|id| others.contains(id));
                    let has_base = [first, second].contains(&&self.base.event.as_str());
                    let rank = (same_words(first, second), is_same, has_base);
                    pairs.push((std::cmp::Reverse(rank), *first, *second, shared));
                }
            }
        }
        // Of equals the first one in the provider's list.
        let (_, first, second, shared) = pairs.into_iter().min_by_key(|(rank, ..)| *rank)?;
        let name = |event: &str| event_name(self.provider, event, None);
        Some((name(first), name(second), shared))
    }

    /// The ids of a sample, but for those of the event itself.
    fn object_ids(&self, sample: &str) -> Vec<ObjectId> {
        let Ok(document) = Document::parse(sample.as_bytes()) else {
            return Vec::new();
        };
        let body = &self.provider.body;
        let own = body.ids.iter().map(|id| id.path.to_string());
        let mut own: Vec<String> = own.chain(body.idempotency_key.paths()).collect();
        for facts in self.provider.events.values() {
            own.extend(facts.idempotency_key.iter().flat_map(IdempotencyKey::paths));
        }
        let mut found = Vec::new();
        collect_ids(document.root(), "", &mut found);
        found.retain(|id| !own.contains(&id.path));
        found
    }
}

/// How many words the names of two event types have in common, from the first one on.
fn same_words(one: &str, other: &str) -> usize {
    let words = |name: &str| -> Vec<String> {
        let is_between = |character: char| !character.is_ascii_alphanumeric();
        name.split(is_between).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    one.iter()
        .zip(&other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// The members whose names say that they are ids, in objects alone: what is in a list is one of several.
fn collect_ids(value: Value<'_>, path: &str, found: &mut Vec<ObjectId>) {
    if value.kind() != Kind::Object {
        return;
    }
    for member in value.children() {
        let Some(key) = member.key() else { continue };
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        let names_id =
            key == "id" || key.ends_with("Id") || key.ends_with("ID") || key.ends_with("_id");
        let is_text = member.kind() == Kind::String && member.raw().len() > 3;
        if names_id && (is_text || member.kind() == Kind::Number) {
            found.push(ObjectId {
                path: path.clone(),
                example: member.raw().to_owned(),
            });
        }
        collect_ids(member, &path, found);
    }
}
