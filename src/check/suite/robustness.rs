//! What is no ordinary event, and ordinary events that come otherwise than expected.

use std::time::Duration;

use super::{Making, event_name, must_if_documented};
use crate::check::case::{Area, Recipe, Severity, Want};
use crate::delivery::{ContentKind, Fault};

/// Deliveries at once where the provider names no limit.
const BURST: usize = 16;
/// More than that would be a load, no check.
const MOST_AT_ONCE: usize = 64;

impl Making<'_> {
    pub(super) fn robustness(&mut self) {
        let names_events =
            !self.provider.body.event.at.0.is_empty() || self.provider.body.event.header.is_some();
        if names_events {
            let recipe = self.with_fault(Fault::UnknownEvent);
            self.accepted(
                Area::Robustness,
                Fault::UnknownEvent.name(),
                Severity::Must,
                "a new event type is none of your business: who refuses it is sent it again, in vain",
                recipe,
            );
        }
        let recipe = self.with_fault_in_body(Fault::NotJson);
        self.add(
            Area::Robustness,
            Fault::NotJson.name(),
            Severity::Must,
            Want::NoServerError,
            "a body that cannot be read is the sender's mistake: a crash is yours",
            recipe,
        );
        let limit = self.provider.delivery.max_in_flight;
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
            "events come at once, as many as the provider has under way at a time",
            recipe,
        );
        let recipe = self.with_fault(Fault::Reset);
        self.add(
            Area::Robustness,
            Fault::Reset.name(),
            Severity::Must,
            Want::AliveAfter,
            "connections break in the middle of a body",
            recipe,
        );
        self.oddities();
    }

    /// What is worth knowing.
    fn oddities(&mut self) {
        let charset = Recipe {
            headers: vec!["content-type: application/json; charset=utf-8"],
            ..self.ordinary()
        };
        self.accepted(
            Area::Robustness,
            "charset",
            Severity::Info,
            "a parameter behind the content type changes nothing",
            charset,
        );
        let chunked = self.with_fault(Fault::OddChunks);
        self.accepted(
            Area::Robustness,
            "chunked",
            Severity::Info,
            "a body without a length is HTTP/1.1, and comes so through some proxies",
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
                "JSON that calls itself text",
                self.with_fault(Fault::WrongContentType(ContentKind::Text)),
            ),
            ("empty", "a body of no bytes", empty),
            (
                "large",
                "a body of a mebibyte",
                self.with_fault_in_body(Fault::HugeBody(1 << 20)),
            ),
            (
                "compressed",
                "a body in gzip, which providers do not send",
                self.with_fault_in_body(Fault::CompressedBody),
            ),
            ("get", "a browser looks at the URL", method("GET")),
            ("head", "a monitor looks at the URL", method("HEAD")),
            ("put", "another method", method("PUT")),
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
                "an answer gets lost, and the event comes again: it is acknowledged, and done once",
                self.with_fault(Fault::Duplicate),
            ),
            (
                "at_once",
                "the retry comes while the first is still worked on",
                at_once,
            ),
            (
                "an_hour_later",
                "the retry comes when the first is long forgotten",
                self.with_fault(Fault::Late(hour)),
            ),
        ] {
            let case = self.accepted(Area::Idempotency, name, severity, reason, recipe);
            case.one_effect = true;
        }
        let mut names = self.provider.events.iter().filter(|(name, facts)| {
            !facts.unsigned && facts.method.is_none() && **name != self.base.event
        });
        if let Some((second, _)) = names.next() {
            let second = event_name(self.provider, second, None);
            let recipe = Recipe {
                events: vec![self.base.clone(), second],
                faults: vec![Fault::Reorder],
                ..Recipe::default()
            };
            self.accepted(
                Area::Idempotency,
                "out_of_order",
                Severity::Should,
                "the later event arrives first",
                recipe,
            );
        }
    }
}
