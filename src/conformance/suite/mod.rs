//! The cases of a provider, made from what its folder says. A case that rests on an assumed fact is never a
//! must.

mod authenticity;
mod content;
mod robustness;

use std::time::Duration;

use super::case::{Area, CANARY, Case, EXTRA, KillAt, Logged, Recipe, Severity, Want};
use crate::catalog::{CatalogError, EventFacts, EventName, Provenance, Provider};
use crate::delivery::Fault;
use crate::payload::{Document, Kind};
use crate::signature::Scheme;

/// Markup that would do harm if a page showed it unescaped.
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
    #[error("{0} has no event type to check a receiver with")]
    NoEvents(String),
}

/// The cases of a provider, in the order in which they are run.
pub fn suite(provider: &Provider) -> Result<Suite, SuiteError> {
    let base = base_event(provider).ok_or_else(|| SuiteError::NoEvents(provider.name.clone()))?;
    let sample = provider.sample(&base.event, None)?.unwrap_or_default();
    let mut made = SuiteBuilder {
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
    made.forms_of_each_event()?;
    made.robustness();
    made.idempotency();
    made.hygiene();
    made.logs(&sample);
    made.failures();
    made.cases.sort_by_key(|case| case.area);
    Ok(Suite {
        base,
        cases: made.cases,
        always_acknowledges: provider.always_acknowledges(),
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

struct SuiteBuilder<'p> {
    provider: &'p Provider,
    scheme: Option<&'p Scheme>,
    base: EventName,
    cases: Vec<Case>,
}

impl SuiteBuilder<'_> {
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
                    Want::Accepted | Want::AliveAfter | Want::SameInAnyOrder
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
            rests_on: None,
        });
        let last = self.cases.len() - 1;
        &mut self.cases[last]
    }

    /// A case in which every delivery is to be accepted.
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

    /// The ordinary event is JSON, of which there are other forms.
    fn base_is_json(&self) -> bool {
        let sample = self.provider.sample(&self.base.event, None);
        let sample = sample.ok().flatten().unwrap_or_default();
        Document::parse(sample.as_bytes()).is_ok_and(|json| json.root().kind() == Kind::Object)
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
            "the provider must reach the endpoint: the host resolves, the certificate is trusted, and the route exists",
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
        let within = crate::model::duration::short(delivery.timeout);
        let reason = format!(
            "a delivery counts only if the response is {} within {within}",
            success.join(" or ")
        );
        for (event, facts) in &self.provider.events {
            let severity = match &facts.documented {
                Some(_) => by_rule,
                None => Severity::Should,
            };
            let why = if tests.contains(&event.as_str()) {
                "the provider sends this event to test the endpoint"
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
            "responses should take at most a tenth of the provider's {within}: acknowledge first, do the work afterwards"
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
            "a response that contains the payload as HTML lets senders inject scripts",
            recipe,
        );
    }

    /// What a log must not hold, where it is shown (`--log-file`, `--restart`).
    fn logs(&mut self, sample: &str) {
        let prose = Document::parse(sample.as_bytes())
            .ok()
            .filter(|document| document.root().kind() == Kind::Object)
            .map(|document| self.prose(&document.root()).unwrap_or(EXTRA.to_owned()));
        if self.scheme.is_some() {
            let recipe = self.ordinary();
            self.add(
                Area::Hygiene,
                "log_secrets",
                Severity::Must,
                Want::NotLogged(Logged::Secrets),
                "anyone who reads a secret or a signature in the log can send events",
                recipe,
            );
        }
        if let Some(prose) = prose {
            let recipe = Recipe {
                set_string: vec![format!("{prose}={CANARY}")],
                ..self.ordinary()
            };
            self.add(
                Area::Hygiene,
                "log_payload",
                Severity::Should,
                Want::NotLogged(Logged::Payload),
                "the log should not contain people's messages",
                recipe,
            );
        }
    }

    /// The receiver is killed in the middle (`--restart`), and the event comes again.
    fn failures(&mut self) {
        let after = [0, 2, 10, 50].map(|ms| {
            (
                format!("killed_after_answer:{ms}ms"),
                KillAt::AfterAnswer(Duration::from_millis(ms)),
                "an acknowledged event is never sent again, so it must be stored before the response",
            )
        });
        let within = [0, 25, 50, 75, 100].map(|part| {
            (
                format!("killed_in_answer:{part}"),
                KillAt::InAnswer(part),
                "an event whose response was lost is sent again, and must be processed once",
            )
        });
        for (name, at, reason) in after.into_iter().chain(within) {
            let recipe = self.ordinary();
            let case = self.add(
                Area::Failures,
                &name,
                Severity::Must,
                Want::OnceAfterKill(at),
                reason,
                recipe,
            );
            case.one_effect = true;
            case.rests_on_acceptance = true;
        }
    }

    fn hygiene(&mut self) {
        let recipe = self.with_fault_in_body(Fault::NotJson);
        self.add(
            Area::Hygiene,
            "stack_trace",
            Severity::Should,
            Want::NoTrace,
            "a stack trace shows outsiders how the receiver works",
            recipe,
        );
        if self.scheme.is_some() {
            let recipe = self.with_fault(Fault::WrongSecret);
            self.add(
                Area::Hygiene,
                "secret",
                Severity::Must,
                Want::NoSecret,
                "a response must not contain the secret",
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
                "an error response must not contain the correct signature",
                recipe,
            );
        }
    }
}
