//! The cases of a provider, made from what its folder says. A case that rests on an assumed fact is never a
//! must.

use std::time::Duration;

use super::case::{Area, Case, EXTRA, Recipe, Severity, Want};
use crate::catalog::{CatalogError, EventFacts, EventName, Provenance, Provider};
use crate::delivery::{Fault, Spot};
use crate::payload::{Document, Edit, Kind, Path, Value, apply};
use crate::signature::{Encoding, Scheme};

/// Deliveries at once where the provider names no limit.
const BURST: usize = 16;
/// More than that would be a load, no check.
const MOST_AT_ONCE: usize = 64;
/// What stands where markup would do harm.
const MARKUP: &str = "<script>hookcli</script>";

/// All that a provider's receiver is asked.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The event type that ordinary deliveries are of.
    pub base: EventName,
    pub cases: Vec<Case>,
    /// The provider tells receivers to answer 2xx to whatever comes.
    pub always_acknowledges: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("{0} has no event type that its receivers could be checked with")]
    NoEvents(String),
}

/// The profile of receivers that acknowledge everything.
const ALWAYS_ACK: &str = "always-ack";

/// The cases of a provider, in the order in which they are run.
pub fn suite(provider: &Provider) -> Result<Suite, SuiteError> {
    let base = base_event(provider).ok_or_else(|| SuiteError::NoEvents(provider.name.clone()))?;
    let sample = provider.sample(&base.event, None)?.unwrap_or_default();
    let mut made = Making {
        provider,
        scheme: provider.signature.as_ref().map(|facts| &facts.facts),
        base: base.clone(),
        cases: Vec::new(),
    };
    made.reachable();
    made.events();
    made.authenticity();
    if let Ok(document) = Document::parse(sample.as_bytes()) {
        made.forms();
        if document.root().kind() == Kind::Object {
            made.content(&document, &sample)?;
            made.reflection(&document);
        }
    }
    made.robustness();
    made.idempotency();
    made.hygiene();
    made.cases.sort_by_key(|case| case.area);
    let profile = provider.receiver.as_ref();
    Ok(Suite {
        base,
        cases: made.cases,
        always_acknowledges: profile.is_some_and(|receiver| receiver.profile == ALWAYS_ACK),
    })
}

/// The first event that is signed, documented where there is such a one, and no test.
fn base_event(provider: &Provider) -> Option<EventName> {
    let tests = [&provider.on_subscribe, &provider.on_demand];
    let is_test = |name: &str| {
        let mut tests = tests.iter().filter_map(|test| test.as_ref());
        tests.any(|test| test.event == name)
    };
    let ordinary = |(name, facts): &(&String, &EventFacts)| {
        !facts.unsigned && facts.method.is_none() && !is_test(name)
    };
    let mut events: Vec<_> = provider.events.iter().filter(ordinary).collect();
    events.sort_by_key(|(_, facts)| facts.documented.is_none());
    let (name, _) = events.first()?;
    Some(event_name(provider, name, None))
}

fn event_name(provider: &Provider, event: &str, variant: Option<String>) -> EventName {
    EventName {
        provider: Some(provider.name.clone()),
        event: event.to_owned(),
        variant,
    }
}

/// Must, where none of `facts` is assumed.
fn must_if_documented(provenance: &Provenance, facts: &[&str]) -> Severity {
    let assumed = |fact: &&str| provenance.assumed_facts.contains_key(*fact);
    if provenance.assumed.is_some() || facts.iter().any(assumed) {
        Severity::Should
    } else {
        Severity::Must
    }
}

struct Making<'p> {
    provider: &'p Provider,
    scheme: Option<&'p Scheme>,
    base: EventName,
    cases: Vec<Case>,
}

impl Making<'_> {
    fn add(
        &mut self,
        area: Area,
        name: &str,
        severity: Severity,
        want: Want,
        reason: &str,
        recipe: Recipe,
    ) -> &mut Case {
        let signature = self.provider.signature.as_ref();
        let is_about_signatures = matches!(area, Area::Authenticity | Area::RawBytes);
        let is_assumed = signature.is_some_and(|facts| facts.provenance.assumed.is_some());
        let severity = if is_about_signatures && is_assumed {
            severity.min(Severity::Should)
        } else {
            severity
        };
        let source = match area {
            Area::Authenticity | Area::RawBytes => signature.map(|facts| &facts.provenance),
            Area::Events | Area::Idempotency => Some(&self.provider.delivery.provenance),
            _ => None,
        };
        let source = source.and_then(|source| source.documented.clone());
        let source = source.map(|name| self.title_of(&name));
        // Which form of a body is accepted says something even where the ordinary one is not.
        let is_form = matches!(
            recipe.faults.first(),
            Some(Fault::Spacing | Fault::Escapes | Fault::KeyOrder)
        );
        let rests_on_acceptance = !is_form
            && matches!(
                (area, &want),
                (
                    Area::RawBytes | Area::Robustness | Area::Idempotency,
                    Want::Accepted | Want::AliveAfter
                )
            );
        self.cases.push(Case {
            name: name.to_owned(),
            area,
            severity,
            reason: reason.to_owned(),
            source,
            recipe,
            want,
            one_effect: false,
            rests_on_acceptance,
        });
        let last = self.cases.len() - 1;
        &mut self.cases[last]
    }

    /// The title of the document that facts refer to by that name.
    fn title_of(&self, source: &str) -> String {
        let known = self.provider.sources.get(source);
        known.map_or_else(
            || source.to_owned(),
            |source| match &source.url {
                Some(url) => format!("{}, {url}", source.title),
                None => source.title.clone(),
            },
        )
    }

    fn ordinary(&self) -> Recipe {
        Recipe {
            events: vec![self.base.clone()],
            ..Recipe::default()
        }
    }

    fn with_fault(&self, fault: Fault) -> Recipe {
        Recipe {
            faults: vec![fault],
            ..self.ordinary()
        }
    }

    /// For bodies that have no room for what signing writes into them.
    fn with_fault_in_body(&self, fault: Fault) -> Recipe {
        Recipe {
            unsigned: self.signing_writes_body(),
            ..self.with_fault(fault)
        }
    }

    fn signing_writes_body(&self) -> bool {
        self.scheme.is_some_and(Scheme::writes_body)
    }

    fn with_set(&self, edit: String) -> Recipe {
        Recipe {
            set: vec![edit],
            ..self.ordinary()
        }
    }

    fn reachable(&mut self) {
        let recipe = self.ordinary();
        self.add(
            Area::Reachable,
            "endpoint",
            Severity::Must,
            Want::Reached,
            "the provider finds the endpoint, over a connection that it trusts, at the URL that it was given",
            recipe,
        );
    }

    fn events(&mut self) {
        let delivery = &self.provider.delivery;
        let by_rule = must_if_documented(&delivery.provenance, &["success"]);
        let tests: Vec<&str> = [&self.provider.on_subscribe, &self.provider.on_demand]
            .into_iter()
            .flatten()
            .map(|test| test.event.as_str())
            .collect();
        let success: Vec<String> = delivery.success.iter().map(ToString::to_string).collect();
        let within = crate::duration::short(delivery.timeout);
        let reason = format!(
            "what is not answered {} within {within} counts as not delivered",
            success.join(" or ")
        );
        for (event, facts) in &self.provider.events {
            let severity = match &facts.documented {
                Some(_) => by_rule,
                None => Severity::Should,
            };
            let why = if tests.contains(&event.as_str()) {
                "the provider sends it to see whether the endpoint works"
            } else {
                &reason
            };
            let variants = self.provider.variants(event);
            let names = std::iter::once(None).chain(variants.into_iter().map(Some));
            for variant in names {
                let mut name = event.clone();
                if let Some(variant) = &variant {
                    name = format!("{event}:{variant}");
                }
                let recipe = Recipe {
                    events: vec![event_name(self.provider, event, variant)],
                    ..Recipe::default()
                };
                let title = facts
                    .documented
                    .as_ref()
                    .map(|source| self.title_of(source));
                let case = self.add(Area::Events, &name, severity, Want::Accepted, why, recipe);
                case.source = title;
            }
        }
        let tenth = delivery.timeout / 10;
        let reason = format!(
            "a tenth of the provider's {within} leaves room for a bad day: acknowledge first, work afterwards"
        );
        let recipe = self.ordinary();
        self.add(
            Area::Events,
            "answered_quickly",
            Severity::Should,
            Want::Within(tenth),
            &reason,
            recipe,
        );
    }

    fn authenticity(&mut self) {
        let Some(facts) = &self.provider.signature else {
            return;
        };
        let scheme = &facts.facts;
        let provenance = &facts.provenance;
        let mechanism = must_if_documented(provenance, &["mechanism", "header", "body"]);
        let anywhere = !scheme.header.is_empty() || scheme.body.is_some();
        let what = if scheme.sends_secret() {
            "secret"
        } else {
            "signature"
        };
        if anywhere {
            for (fault, reason) in [
                (
                    Fault::MissingSignature,
                    format!("without a {what} anybody may have sent it"),
                ),
                (
                    Fault::EmptySignature,
                    format!("an empty {what} proves nothing"),
                ),
                (
                    Fault::MalformedSignature,
                    format!("what is no {what} proves nothing, and must not crash the receiver"),
                ),
                (
                    Fault::TruncatedSignature,
                    format!("half of a {what} is no {what}: the whole is to be compared"),
                ),
            ] {
                let recipe = self.with_fault(fault);
                self.add(
                    Area::Authenticity,
                    fault.name(),
                    mechanism,
                    Want::Refused,
                    &reason,
                    recipe,
                );
            }
        }
        if anywhere {
            for spot in Spot::ALL {
                let recipe = self.with_fault(Fault::TamperedSignature(spot));
                let name = spot.name();
                self.add(
                    Area::Authenticity,
                    &format!("tampered_signature:{name}"),
                    mechanism,
                    Want::Refused,
                    &format!("one character of the {what}, in its {name} place, is another"),
                    recipe,
                );
            }
        }
        let recipe = self.with_fault(Fault::WrongSecret);
        self.add(
            Area::Authenticity,
            Fault::WrongSecret.name(),
            mechanism,
            Want::Refused,
            "somebody who does not know the secret has sent it",
            recipe,
        );
        if scheme.covers_body() {
            let writes_body = scheme.writes_body();
            for (fault, reason) in [
                (
                    Fault::TamperedBody,
                    "the body was changed after it was signed",
                ),
                (
                    Fault::OtherBodySignature,
                    "the signature is a right one, of another body",
                ),
            ] {
                if fault == Fault::OtherBodySignature && writes_body {
                    continue;
                }
                let recipe = self.with_fault(fault);
                self.add(
                    Area::Authenticity,
                    fault.name(),
                    mechanism,
                    Want::Refused,
                    reason,
                    recipe,
                );
            }
        }
        if !scheme.sends_secret() && !scheme.header.is_empty() {
            self.encodings(scheme, provenance);
        }
        let tolerance = scheme.timestamp.as_ref().and_then(|rule| {
            let tolerance = rule.tolerance?;
            Some((rule, tolerance))
        });
        if let Some((rule, tolerance)) = tolerance {
            let severity = must_if_documented(provenance, &["timestamp", "timestamp.tolerance"]);
            let far = tolerance.max(Duration::from_secs(60)) * 2;
            let recipe = self.with_fault(Fault::StaleTimestamp(far));
            self.add(
                Area::Authenticity,
                "stale_timestamp",
                severity,
                Want::Refused,
                "an old request that somebody has recorded is sent again",
                recipe,
            );
            if !rule.past_only {
                let recipe = self.with_fault(Fault::FutureTimestamp(far));
                self.add(
                    Area::Authenticity,
                    "future_timestamp",
                    severity,
                    Want::Refused,
                    "a request from the future could be sent again until then",
                    recipe,
                );
            }
        }
        self.forged_events(mechanism);
        if scheme.carries_several() {
            let recipe = self.with_fault(Fault::SecondSecret);
            let case = self.add(
                Area::Authenticity,
                Fault::SecondSecret.name(),
                mechanism.min(Severity::Should),
                Want::Accepted,
                "while the sender rotates its secrets there are two signatures, and one is right",
                recipe,
            );
            case.rests_on_acceptance = true;
        }
    }

    /// Each of the other event types with a wrong secret: a route of its own may forget to verify.
    fn forged_events(&mut self, severity: Severity) {
        for (event, facts) in &self.provider.events {
            if facts.unsigned || *event == self.base.event {
                continue;
            }
            let recipe = Recipe {
                events: vec![event_name(self.provider, event, None)],
                faults: vec![Fault::WrongSecret],
                ..Recipe::default()
            };
            self.add(
                Area::Authenticity,
                &format!("wrong_secret:{event}"),
                severity,
                Want::Refused,
                "every event type is to be verified, not only the first",
                recipe,
            );
        }
    }

    fn encodings(&mut self, scheme: &Scheme, provenance: &Provenance) {
        let documented = must_if_documented(provenance, &["encoding"]);
        let recipe = self.with_fault(Fault::SignatureEncoding);
        self.add(
            Area::Authenticity,
            Fault::SignatureEncoding.name(),
            documented,
            Want::Refused,
            "the provider never writes it so: two readings of one header are one too many",
            recipe,
        );
        let (severity, want, reason) = match scheme.encoding() {
            Encoding::HexLower => (
                documented,
                Want::Refused,
                "the provider writes lower case, and says that nothing else is right",
            ),
            Encoding::Hex => (
                Severity::Info,
                Want::NoServerError,
                "who decodes hex reads both cases, and who compares text reads one: both prove as much",
            ),
            Encoding::Base64 | Encoding::Plain => return,
        };
        let recipe = self.with_fault(Fault::SignatureCase);
        self.add(
            Area::Authenticity,
            Fault::SignatureCase.name(),
            severity,
            want,
            reason,
            recipe,
        );
    }

    /// The ordinary event in other forms of the same JSON.
    fn forms(&mut self) {
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
    fn content(&mut self, document: &Document<'_>, sample: &str) -> Result<(), CatalogError> {
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

    fn accepted(
        &mut self,
        area: Area,
        name: &str,
        severity: Severity,
        reason: &str,
        recipe: Recipe,
    ) -> &mut Case {
        self.add(area, name, severity, Want::Accepted, reason, recipe)
    }

    fn severity_of_base(&self) -> Severity {
        let facts = self.provider.events.get(&self.base.event);
        match facts.and_then(|facts| facts.documented.as_ref()) {
            Some(_) => Severity::Must,
            None => Severity::Should,
        }
    }

    /// A text for people in the body: one with a space, at no place that means something to receivers.
    fn prose(&self, value: &Value<'_>) -> Option<String> {
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

    fn reflection(&mut self, document: &Document<'_>) {
        let prose = self.prose(&document.root()).unwrap_or(EXTRA.to_owned());
        let recipe = Recipe {
            set_string: vec![format!("{prose}={MARKUP}")],
            ..self.ordinary()
        };
        self.add(
            Area::Hygiene,
            "reflection",
            Severity::Should,
            Want::NoReflection(MARKUP),
            "an answer that shows the payload as a page lets senders write that page",
            recipe,
        );
    }

    fn robustness(&mut self) {
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
            data: Some("/dev/null"),
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
                self.with_fault(Fault::WrongContentType),
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

    fn idempotency(&mut self) {
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

    fn hygiene(&mut self) {
        let recipe = self.with_fault_in_body(Fault::NotJson);
        self.add(
            Area::Hygiene,
            "stack_trace",
            Severity::Should,
            Want::NoTrace,
            "a stack trace tells strangers what runs here",
            recipe,
        );
        if self.scheme.is_some() {
            let recipe = self.with_fault(Fault::WrongSecret);
            self.add(
                Area::Hygiene,
                "secret",
                Severity::Must,
                Want::NoSecret,
                "an answer that holds the secret gives it to whoever asks",
                recipe,
            );
        }
        if self.scheme.is_some_and(|scheme| !scheme.sends_secret()) {
            let recipe = self.with_fault(Fault::WrongSecret);
            self.add(
                Area::Hygiene,
                "signature",
                Severity::Must,
                Want::NoSignature,
                "a refusal that says what the signature should have been signs whatever one sends",
                recipe,
            );
        }
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
