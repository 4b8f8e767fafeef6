//! `/_hookcli/`: what a test suite needs beside the provider's API. No web page can use it: it asks for a header that a page
//! of another origin cannot send without being asked whether it may.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::EmulatorError;
use super::events::{EmulatedEvent, Publication, Published};
use super::input::Fault;
use super::port::{Port, refused};
use super::snapshot::Snapshot;
use super::state::Emulated;
use super::subscription::SubscriptionState;
use crate::catalog::{ErrorKind, Scenario, ScenarioStep};
use crate::model::{RecordKind, RecordQuery, duration};
use crate::search;
use crate::store::{PageRequest, StoreError};
use crate::view::{DeliveryItem, delivery_item, redact};

/// How many rows a list has at most, and where nothing is said.
const MOST_ROWS: usize = 1000;
const USUAL_ROWS: usize = 100;
/// The header that all of it asks for.
const CONTROL: &str = "x-hookcli-control";

type Shared = State<Arc<Port>>;

pub(super) fn router() -> Router<Arc<Port>> {
    let asked = Router::new()
        .route("/reset", post(reset))
        .route("/snapshot", get(snapshot).put(restore))
        .route("/clock", post(advance))
        .route("/settle", post(settle))
        .route("/events", get(events).post(publish))
        .route("/scenario", post(play))
        .route("/subscriptions", get(subscriptions))
        .route("/deliveries", get(deliveries))
        .layer(middleware::from_fn(check));
    // What a monitor reads says nothing of what is kept.
    asked
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .fallback(|| async { refused(StatusCode::NOT_FOUND, "hookcli has no such route") })
        .method_not_allowed_fallback(|| async {
            let why = "this route has other methods: docs/emulator.md lists them";
            refused(StatusCode::METHOD_NOT_ALLOWED, why)
        })
}

async fn check(request: Request, next: Next) -> Response {
    match request.headers().contains_key(CONTROL) {
        true => next.run(request).await,
        false => refused(
            StatusCode::FORBIDDEN,
            "the header X-Hookcli-Control is missing: send it with any value, so that no web page can do this",
        ),
    }
}

/// What keeps something from being done.
struct ControlError(StatusCode, String);

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        refused(self.0, &self.1)
    }
}

impl From<EmulatorError> for ControlError {
    fn from(error: EmulatorError) -> Self {
        match error {
            EmulatorError::Store(error) => error.into(),
            EmulatorError::Fault(Fault { kind, message, .. }) => {
                let status = match kind {
                    ErrorKind::NotFound | ErrorKind::NoRoute => StatusCode::NOT_FOUND,
                    ErrorKind::Conflict => StatusCode::CONFLICT,
                    ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Self(status, message)
            }
        }
    }
}

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl From<BytesRejection> for ControlError {
    fn from(error: BytesRejection) -> Self {
        Self(error.status(), error.body_text())
    }
}

/// A document in a request's body, whatever the request says of its type: the control header keeps web pages away.
struct Document<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Document<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ControlError> {
        let body = Bytes::from_request(request, state).await?;
        // A list would be read as the fields in their order.
        if body
            .trim_ascii_start()
            .first()
            .is_some_and(|first| *first != b'{')
        {
            let why = "the body is not a JSON object".to_owned();
            return Err(ControlError(StatusCode::UNPROCESSABLE_ENTITY, why));
        }
        let read = serde_json::from_slice(&body);
        read.map(Self).map_err(|error| {
            let status = match error.is_data() {
                true => StatusCode::UNPROCESSABLE_ENTITY,
                false => StatusCode::BAD_REQUEST,
            };
            ControlError(status, format!("the body cannot be used: {error}"))
        })
    }
}

impl From<QueryRejection> for ControlError {
    fn from(error: QueryRejection) -> Self {
        Self(error.status(), error.body_text())
    }
}

impl Port {
    fn emulated(&self) -> Result<&Emulated, ControlError> {
        let found = self.emulator.emulated_of(&self.provider);
        found.ok_or_else(|| ControlError(StatusCode::NOT_FOUND, "no such provider".to_owned()))
    }

    /// The provider that a text names in front of a slash; else the port's own.
    fn named<'t>(&self, event: &'t str) -> Result<(&Emulated, &'t str), ControlError> {
        match event.split_once('/') {
            None => Ok((self.emulated()?, event)),
            Some((provider, event)) => {
                let found = self.emulator.emulated_of(provider);
                let why = || format!("{provider} is not emulated here");
                let found = found.ok_or_else(|| ControlError(StatusCode::NOT_FOUND, why()))?;
                Ok((found, event))
            }
        }
    }
}

async fn health(State(port): Shared) -> Result<Json<Value>, ControlError> {
    port.emulator.store.newest_event().await?;
    let providers: Vec<&String> = port.emulator.providers.keys().collect();
    Ok(Json(
        json!({ "status": "ok", "provider": port.provider, "providers": providers }),
    ))
}

async fn metrics(State(port): Shared) -> impl IntoResponse {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        port.emulator.metrics.write(),
    )
}

/// Removes the provider's subscriptions, events and deliveries.
async fn reset(State(port): Shared) -> Result<StatusCode, ControlError> {
    port.emulator.reset(port.emulated()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevealQuery {
    /// With its secrets.
    #[serde(default)]
    reveal: bool,
}

async fn snapshot(
    State(port): Shared,
    query: Result<Query<RevealQuery>, QueryRejection>,
) -> Result<Json<Snapshot>, ControlError> {
    let Query(asked) = query?;
    let taken = port.emulator.snapshot(port.emulated()?, asked.reveal);
    Ok(Json(taken.await?))
}

async fn restore(
    State(port): Shared,
    Document(snapshot): Document<Snapshot>,
) -> Result<StatusCode, ControlError> {
    port.emulator.restore(port.emulated()?, snapshot).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    /// So much of the provider's time goes by at once: `30m`.
    advance: Value,
}

/// No clock is set further ahead at once.
const FURTHEST: Duration = Duration::from_secs(366 * 24 * 3600);

async fn advance(
    State(port): Shared,
    Document(asked): Document<ClockRequest>,
) -> Result<Json<Value>, ControlError> {
    let wrong = |why: String| ControlError(StatusCode::UNPROCESSABLE_ENTITY, why);
    let text = asked.advance.as_str();
    let text = text
        .ok_or_else(|| wrong("advance is a text with a unit: {\"advance\": \"30m\"}".to_owned()))?;
    let by = duration::parse(text).map_err(|error| wrong(error.to_string()))?;
    if by > FURTHEST {
        return Err(wrong("the clock is advanced by a year at most".to_owned()));
    }
    let attempts = port.emulator.advance(by).await?;
    Ok(Json(json!({ "attempts": attempts })))
}

async fn settle(State(port): Shared) -> Result<StatusCode, ControlError> {
    port.emulator.settle().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventRequest {
    /// `EVENT`, or `PROVIDER/EVENT` where several are emulated.
    event: String,
    /// The payload; the event's sample with new timestamps and ids where there is none.
    payload: Option<Value>,
    /// The payload as it is to be sent, byte for byte.
    payload_text: Option<String>,
    /// Where the payload differs from the event's sample, for example `/data/amount`: whom a sample is for is another at
    /// each subscription. All of the payload is the client's own where nothing is said.
    edited: Option<Vec<String>>,
    /// The event's id, where it is not in the payload.
    id: Option<String>,
    /// As [`Publication`] has it: `owner=octo,repo=app`.
    scope: Option<String>,
    platform: Option<String>,
}

#[derive(Serialize)]
struct EventAnswer {
    id: String,
    event: String,
    created_at: String,
    payload: Value,
    /// The deliveries of it.
    deliveries: Vec<String>,
}

async fn publish(
    State(port): Shared,
    Document(asked): Document<EventRequest>,
) -> Result<(StatusCode, Json<EventAnswer>), ControlError> {
    let (emulated, event) = port.named(&asked.event)?;
    let payload = asked
        .payload_text
        .or_else(|| asked.payload.map(|payload| payload.to_string()));
    let scope = match asked.scope {
        Some(scope) => Some(port.emulator.scope_named(emulated, scope).await?),
        None => None,
    };
    let publication = Publication {
        event: event.to_owned(),
        payload,
        edited: asked.edited,
        id: asked.id,
        scope,
        platform: asked.platform,
        ..Publication::default()
    };
    let published = port.emulator.publish(emulated, publication).await?;
    Ok((StatusCode::ACCEPTED, Json(with_deliveries(&published))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioRequest {
    /// A scenario of the provider.
    name: Option<String>,
    /// Or its steps, as in a file.
    steps: Option<Vec<ScenarioStep>>,
    /// The same one makes the same ids.
    seed: Option<u64>,
}

async fn play(
    State(port): Shared,
    Document(asked): Document<ScenarioRequest>,
) -> Result<Json<Value>, ControlError> {
    let wrong = |why: String| ControlError(StatusCode::UNPROCESSABLE_ENTITY, why);
    let mut emulated = port.emulated()?;
    let scenario = match (&asked.name, asked.steps) {
        (Some(name), None) => {
            let (of, name) = port.named(name)?;
            emulated = of;
            port.emulator.scenario(emulated, name)?.clone()
        }
        (None, Some(steps)) => Scenario {
            title: "as asked".to_owned(),
            provider: None,
            steps,
        },
        _ => {
            return Err(wrong(
                "give the name of a scenario, or its steps: {\"name\": …} or {\"steps\": [{\"event\": …}]}".to_owned(),
            ));
        }
    };
    port.emulator
        .check_scenario(emulated.name(), &scenario)
        .map_err(|why| wrong(format!("the scenario cannot be played: {why}")))?;
    let (published, is_over) = port
        .emulator
        .begin_scenario(emulated, &scenario, asked.seed)
        .await?;
    let events: Vec<EventAnswer> = published.iter().map(with_deliveries).collect();
    Ok(Json(json!({ "events": events, "is_over": is_over })))
}

fn with_deliveries(published: &Published) -> EventAnswer {
    let deliveries = published.deliveries.iter();
    EventAnswer {
        deliveries: deliveries.map(ToString::to_string).collect(),
        ..shown(&published.event)
    }
}

fn shown(event: &EmulatedEvent) -> EventAnswer {
    let payload = &event.document.payload;
    EventAnswer {
        id: event.id().to_owned(),
        event: event.document.event.clone(),
        created_at: event.created_at.to_string(),
        payload: serde_json::from_str(payload).unwrap_or_else(|_| payload.clone().into()),
        deliveries: Vec::new(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Deliveries that fit, in the query language.
    #[serde(default)]
    q: String,
    limit: Option<usize>,
}

impl ListQuery {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL_ROWS).clamp(1, MOST_ROWS)
    }
}

async fn events(
    State(port): Shared,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Value>, ControlError> {
    let Query(asked) = query?;
    let wanted = RecordQuery {
        newest_first: true,
        limit: asked.limit(),
        ..RecordQuery::all(port.emulated()?.name(), RecordKind::Event)
    };
    let records = port.emulator.store.records(&wanted).await?;
    // The list ends before its time where the payloads are large.
    let rest = RecordQuery {
        after: records.last().map(|record| record.number),
        limit: 1,
        ..wanted
    };
    let has_more = match rest.after {
        Some(_) => !port.emulator.store.records(&rest).await?.is_empty(),
        None => false,
    };
    let mut events = Vec::with_capacity(records.len());
    for record in records {
        let Ok(event) = EmulatedEvent::read(record) else {
            continue;
        };
        let of = search::Query::OfEmulatedEvent(event.number);
        let page = PageRequest::newest(MOST_ROWS);
        let found = port.emulator.store.deliveries(&of, page).await?;
        let deliveries = found.rows.iter().map(|row| row.id.to_string());
        events.push(EventAnswer {
            deliveries: deliveries.collect(),
            ..shown(&event)
        });
    }
    Ok(Json(json!({ "events": events, "has_more": has_more })))
}

/// A subscription without its secrets.
#[derive(Serialize)]
struct SubscriptionAnswer {
    id: String,
    scope: String,
    url: String,
    events: Vec<String>,
    state: SubscriptionState,
    created_at: String,
    failing_since: Option<String>,
    failures_in_a_row: u32,
    last_response: Option<String>,
}

async fn subscriptions(State(port): Shared) -> Result<Json<Value>, ControlError> {
    port.emulator.refresh().await?;
    let all = port
        .emulator
        .subscriptions_of(port.emulated()?.name(), None);
    let all: Vec<SubscriptionAnswer> = all
        .iter()
        .map(|one| SubscriptionAnswer {
            id: one.key.id.clone(),
            scope: one.key.scope.clone(),
            url: redact::target(&one.document.url, &port.emulator.options.tokens),
            events: one.document.events.clone(),
            state: one.document.state,
            created_at: one.created_at.to_string(),
            failing_since: one.failing_since.map(|at| at.to_string()),
            failures_in_a_row: one.document.failures_in_a_row,
            last_response: one.document.last_response.clone(),
        })
        .collect();
    Ok(Json(json!({ "subscriptions": all })))
}

async fn deliveries(
    State(port): Shared,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Value>, ControlError> {
    let Query(asked) = query?;
    let emulator = &port.emulator;
    let wanted = search::parse(&asked.q, search::Scope::Deliveries, emulator.now())
        .map_err(|error| ControlError(StatusCode::UNPROCESSABLE_ENTITY, error.message))?;
    let provider = search::Query::Provider(search::Pattern::new(port.emulated()?.name()));
    let page = PageRequest::newest(asked.limit());
    let found = emulator
        .store
        .deliveries(&wanted.and(provider), page)
        .await?;
    let tokens = &emulator.options.tokens;
    let has_more = found.next.is_some();
    let rows = found.rows.into_iter();
    let rows: Vec<DeliveryItem> = rows.map(|row| delivery_item(row, tokens)).collect();
    Ok(Json(json!({ "deliveries": rows, "has_more": has_more })))
}
