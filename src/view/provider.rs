//! Providers, as documents.

use serde::Serialize;

use crate::catalog::{Origin, Provenance, Provider, Source};
use crate::model::duration::short;

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProviderItem {
    /// The name.
    pub id: String,
    /// The title.
    pub title: String,
    /// What its events are about.
    pub summary: String,
    /// The number of event types.
    pub events: usize,
    /// The signature scheme.
    pub signature: Option<String>,
    /// Where it is defined.
    pub origin: String,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProviderDetail {
    #[serde(flatten)]
    pub item: ProviderItem,
    /// The home page of its documentation.
    pub home: Option<String>,
    /// The documents that the facts are from.
    pub sources: Vec<Source>,
    /// The facts, each with its source or the reason for a guess.
    pub facts: Vec<Fact>,
    /// The names of the event types.
    pub event_types: Vec<String>,
}

/// One fact for people: what, its value, where it is known from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fact {
    /// What the fact is about.
    pub name: String,
    /// Its value.
    pub value: String,
    #[serde(flatten)]
    pub provenance: FactProvenance,
}

#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FactProvenance {
    /// The source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documented: Option<String>,
    /// Why it is assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed: Option<String>,
}

impl FactProvenance {
    /// The provenance of the fact called `key` in a section: its own, or the section's.
    pub fn of(section: &Provenance, key: &str) -> Self {
        match section.assumed_facts.get(key).or(section.assumed.as_ref()) {
            Some(reason) => Self {
                documented: None,
                assumed: Some(reason.clone()),
            },
            None => Self {
                documented: section.documented.clone(),
                assumed: None,
            },
        }
    }
}

pub fn provider_item(provider: &Provider) -> ProviderItem {
    ProviderItem {
        id: provider.name.clone(),
        title: provider.title.clone(),
        summary: provider.summary.clone(),
        events: provider.events.len(),
        signature: provider.signature.as_ref().map(|scheme| scheme.describe()),
        origin: match provider.origin() {
            Origin::Embedded => "embedded".to_owned(),
            Origin::Dir(dir) => dir.display().to_string(),
        },
    }
}

pub fn provider_detail(provider: &Provider) -> ProviderDetail {
    ProviderDetail {
        item: provider_item(provider),
        home: provider.home.clone(),
        sources: provider.sources.values().cloned().collect(),
        facts: facts(provider),
        event_types: provider.events.keys().cloned().collect(),
    }
}

fn facts(provider: &Provider) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String, provenance: FactProvenance| {
        facts.push(Fact {
            name: name.to_owned(),
            value,
            provenance,
        });
    };
    let request = &provider.request;
    add(
        "request",
        format!("{} with {}", request.method, request.content_type),
        FactProvenance::of(&request.provenance, "content_type"),
    );
    for (name, value) in &request.headers {
        add(
            "header",
            format!("{name}: {value}"),
            FactProvenance::of(&request.provenance, "headers"),
        );
    }
    if request.https_only {
        add(
            "https only",
            "yes".to_owned(),
            FactProvenance::of(&request.provenance, "https_only"),
        );
    }
    match &provider.signature {
        Some(scheme) => add(
            "signature",
            scheme.describe(),
            FactProvenance::of(&scheme.provenance, "encoding"),
        ),
        None => add(
            "signature",
            "none documented".to_owned(),
            FactProvenance::default(),
        ),
    }
    let policy = &provider.delivery;
    let of = |key: &str| FactProvenance::of(&policy.provenance, key);
    let join = |texts: Vec<String>| texts.join(", ");
    add("timeout", short(policy.timeout), of("timeout"));
    add(
        "delivered",
        join(policy.success.iter().map(ToString::to_string).collect()),
        of("success"),
    );
    if policy.retry_waits.is_empty() {
        add("retries", "none".to_owned(), of("retry_waits"));
    } else {
        add(
            "retries",
            format!(
                "after {}",
                join(policy.retry_waits.iter().map(|wait| short(*wait)).collect())
            ),
            of("retry_waits"),
        );
        add(
            "retried when",
            join(policy.retry_on.iter().map(ToString::to_string).collect()),
            of("retry_on"),
        );
    }
    if let Some(most) = policy.max_concurrency {
        add(
            "in flight",
            format!("at most {most}"),
            of("max_concurrency"),
        );
    }
    if let Some(most) = policy.max_per_minute {
        add(
            "rate",
            format!("at most {most} per minute to one endpoint"),
            of("max_per_minute"),
        );
    }
    if !policy.rate_limit_headers.is_empty() {
        add(
            "rate headers",
            join(policy.rate_limit_headers.clone()),
            of("rate_limit_headers"),
        );
    }
    let body = &provider.body;
    add(
        "idempotency key",
        body.idempotency_key.to_string(),
        FactProvenance::of(&body.provenance, "idempotency_key"),
    );
    if let Some(serializer) = body.serializer {
        add(
            "serializer",
            serializer.title().to_owned(),
            FactProvenance::of(&body.provenance, "serializer"),
        );
    }
    if let Some(platforms) = &provider.platforms {
        for (name, platform) in &platforms.platform {
            add(
                "platform",
                format!("{name} ({}, written {:?})", platform.title, platform.value),
                FactProvenance::of(&platforms.provenance, "platform"),
            );
        }
    }
    if let Some(sent) = &provider.on_subscribe {
        add(
            "on subscribing",
            format!("sends {}", sent.event),
            FactProvenance::of(&sent.provenance, "event"),
        );
    }
    if let Some(sent) = &provider.on_demand {
        add(
            "on demand",
            format!("sends {}", sent.event),
            FactProvenance::of(&sent.provenance, "event"),
        );
    }
    if let Some(api) = &provider.management {
        add(
            "API key",
            api.authentication.in_words(),
            FactProvenance::of(&api.provenance, "authentication"),
        );
        for (route, action) in &api.routes {
            add(
                "API",
                format!(
                    "{} ({})",
                    route.as_str(),
                    action.to_string().replace('_', " ")
                ),
                FactProvenance::of(&api.provenance, "routes"),
            );
        }
        if let Some(notes) = &api.notes {
            add(
                "notes",
                notes.clone(),
                FactProvenance::of(&api.provenance, "notes"),
            );
        }
    }
    for (name, scenario) in &provider.scenarios {
        add(
            "scenario",
            format!("{name}: {}", scenario.title),
            FactProvenance::default(),
        );
    }
    if let Some(receiver) = &provider.receiver {
        add(
            "receivers",
            receiver.acknowledge.in_words().to_owned(),
            FactProvenance::of(&receiver.provenance, "profile"),
        );
    }
    facts
}
