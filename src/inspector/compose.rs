//! Any event of any provider, edited, signed and sent.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::outgoing::Outgoing;
use super::state::{Inspector, Shared};
use crate::catalog::{CatalogError, EventName, LookupError};
use crate::compose::{ComposeOptions, Composer, SchemaRule, faults};
use crate::delivery::Fault;
use crate::model::{RemoteText, suggest};
use crate::payload::Document;
use crate::view::{DeliveryReport, EventDetail, SchemaReport, event_detail, schema_report};

/// The longest payload that the printed command holds; a longer one is named as a file.
const PRINTED_BYTES: usize = 2000;

/// An event type, as it is chosen.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct EventChoice {
    /// `provider/event`
    name: String,
    /// What it is, in a sentence.
    description: String,
}

pub(super) async fn event_types(State(inspector): Shared) -> Json<Vec<EventChoice>> {
    let (providers, _) = inspector.options.catalog.all();
    let choices = providers.iter().flat_map(|provider| {
        let events = provider.events.iter();
        events.map(|(event, facts)| EventChoice {
            name: format!("{}/{event}", provider.name),
            description: facts.description.clone(),
        })
    });
    Json(choices.collect())
}

/// Which event type is meant.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct EventQuery {
    /// `provider/event`, or as much of it as is unambiguous.
    name: String,
}

pub(super) async fn event_type(
    State(inspector): Shared,
    query: Result<Query<EventQuery>, QueryRejection>,
) -> Result<Json<EventDetail>, ApiError> {
    let Query(asked) = query?;
    let name = inspector.event_name(&asked.name)?;
    let catalog = &inspector.options.catalog;
    let provider = catalog.provider(name.provider.as_deref().unwrap_or_default())?;
    let sample = provider.sample(&name.event, name.variant.as_deref())?;
    let detail = event_detail(&provider, &name, sample.unwrap_or_default())?;
    let detail = detail.ok_or_else(|| ApiError::not_found("the provider does not describe it"))?;
    Ok(Json(detail))
}

/// A fault that an event can be sent with.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FaultChoice {
    /// As `fault` takes it.
    name: &'static str,
    /// What is sent then.
    sends: &'static str,
}

pub(super) async fn fault_choices() -> Json<Vec<FaultChoice>> {
    let all = Fault::all().zip(Fault::descriptions());
    let choices = all.map(|(fault, (_, sends))| FaultChoice {
        name: fault.name(),
        sends,
    });
    Json(choices.collect())
}

/// A payload that is being edited.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ValidateRequest {
    /// `provider/event`
    event: String,
    /// The payload.
    body: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ValidateAnswer {
    /// Why it is not JSON; null where it is.
    json_error: Option<String>,
    /// How it matches the event's schema; null if there is none.
    schema: Option<SchemaReport>,
}

pub(super) async fn validate(
    State(inspector): Shared,
    asked: Result<Json<ValidateRequest>, JsonRejection>,
) -> Result<Json<ValidateAnswer>, ApiError> {
    let Json(asked) = asked?;
    let name = inspector.event_name(&asked.event)?;
    let body = asked.body.as_bytes();
    if let Err(error) = Document::parse(body) {
        return Ok(Json(ValidateAnswer {
            json_error: Some(error.to_string()),
            schema: None,
        }));
    }
    let provider = inspector.provider_of(name.provider.as_deref());
    let event = RemoteText::from(name.event);
    Ok(Json(ValidateAnswer {
        json_error: None,
        schema: schema_report(provider.as_deref(), Some(&event), body),
    }))
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct SendRequest {
    /// `provider/event` or `provider/event:variant`
    event: String,
    /// A URL, a port of this machine, or the name of an endpoint.
    to: String,
    /// The payload, where it is not the sample with new timestamps and ids.
    body: Option<String>,
    /// As `--fault` takes it.
    fault: Option<String>,
    /// The user has been asked whether it may go to another machine.
    #[serde(default)]
    confirmed: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SendAnswer {
    /// One, or two where the fault makes it so.
    deliveries: Vec<DeliveryReport>,
    /// The command that does the same.
    command: String,
}

pub(super) async fn send(
    State(inspector): Shared,
    asked: Result<Json<SendRequest>, JsonRejection>,
) -> Result<Json<SendAnswer>, ApiError> {
    let Json(asked) = asked?;
    let name = inspector.event_name(&asked.event)?;
    let fault: Option<Fault> = asked.fault.as_deref().map(str::parse).transpose()?;
    let command = command(&asked, &name);
    let (is_confirmed, may_harm) = (asked.confirmed, fault.is_some());
    let outgoing = Outgoing::to(&inspector, &asked.to, is_confirmed, may_harm).await?;
    let sent_with: Vec<Fault> = fault.into_iter().collect();
    let options = ComposeOptions {
        data: asked.body.map(String::into_bytes),
        schema: SchemaRule::Report,
        faults: sent_with.clone(),
        ..ComposeOptions::default()
    };
    let mut requests = {
        let recipient = outgoing.recipient();
        let (catalog, keyring) = (&outgoing.target.catalog, &*outgoing.target.keyring);
        let composed = Composer::new(catalog, keyring, &options, &recipient).compose(&name);
        vec![composed?]
    };
    if !sent_with.is_empty() {
        faults::expect(&sent_with, &mut requests);
        faults::order(&sent_with, &mut requests);
    }
    Ok(Json(SendAnswer {
        deliveries: outgoing.send(&inspector, requests, sent_with).await?,
        command,
    }))
}

fn command(asked: &SendRequest, name: &EventName) -> String {
    let name = name.to_string();
    let mut words = vec!["send", &name, "--url", &asked.to];
    match &asked.body {
        Some(body) if body.len() <= PRINTED_BYTES => words.extend(["--data-raw", body]),
        Some(_) => words.extend(["--data", "payload.json"]),
        None => {}
    }
    if let Some(fault) = &asked.fault {
        words.extend(["--fault", fault]);
    }
    suggest(words)
}

impl Inspector {
    /// The event that a text names, with its provider.
    fn event_name(&self, text: &str) -> Result<EventName, ApiError> {
        let name: EventName = text.parse()?;
        Ok(self.options.catalog.find(&name, None)?)
    }
}

impl From<LookupError> for ApiError {
    fn from(error: LookupError) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<CatalogError> for ApiError {
    fn from(error: CatalogError) -> Self {
        Self::bad_request(error.to_string())
    }
}
