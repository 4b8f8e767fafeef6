//! Event types, as documents.

use serde::Serialize;

use super::provider::FactProvenance;
use crate::catalog::{CatalogError, EventFacts, EventName, Field, Provider};

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EventItem {
    /// `provider/event`
    pub id: String,
    /// The provider.
    pub provider: String,
    /// The event type.
    pub event: String,
    /// The category.
    pub category: String,
    /// What happened.
    pub description: String,
    /// The platforms that send it, if not all do.
    pub platforms: Vec<String>,
    /// The names of the variants.
    pub variants: Vec<String>,
    #[serde(flatten)]
    pub provenance: FactProvenance,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EventDetail {
    #[serde(flatten)]
    pub item: EventItem,
    /// The variant shown.
    pub variant: Option<String>,
    /// Each variant with its description.
    pub variant_descriptions: Vec<(String, String)>,
    /// What identifies a repeated event.
    pub idempotency_key: String,
    /// The fields of the payload.
    pub fields: Vec<Field>,
    /// A sample payload.
    pub sample: String,
}

/// An event type in full, with a sample of it; none where the provider does not describe it.
pub fn event_detail(
    provider: &Provider,
    name: &EventName,
    sample: String,
) -> Result<Option<EventDetail>, CatalogError> {
    let Some(facts) = provider.events.get(&name.event) else {
        return Ok(None);
    };
    let described = facts
        .variant
        .iter()
        .map(|(variant, about)| (variant.clone(), about.description.clone()));
    let default = facts
        .default_variant
        .iter()
        .map(|variant| (variant.clone(), "The sample without a variant.".to_owned()));
    Ok(Some(EventDetail {
        item: event_item(provider, &name.event, facts),
        variant: name.variant.clone(),
        variant_descriptions: default.chain(described).collect(),
        idempotency_key: provider.idempotency_key(Some(&name.event)).to_string(),
        fields: provider.fields(&name.event)?,
        sample,
    }))
}

pub fn event_item(provider: &Provider, event: &str, facts: &EventFacts) -> EventItem {
    let all = || {
        provider
            .platforms
            .iter()
            .flat_map(|platforms| platforms.platform.keys().cloned())
            .collect()
    };
    EventItem {
        id: format!("{}/{event}", provider.name),
        provider: provider.name.clone(),
        event: event.to_owned(),
        category: facts.category.clone(),
        description: facts.description.clone(),
        platforms: if facts.platforms.is_empty() {
            all()
        } else {
            facts.platforms.clone()
        },
        variants: provider.variants(event),
        provenance: FactProvenance {
            documented: facts.documented.clone(),
            assumed: facts.assumed.clone(),
        },
    }
}
