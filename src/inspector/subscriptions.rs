//! The subscriptions of the emulator in the same process.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::state::{Inspector, Shared};
use crate::emulator::{Emulator, EmulatorError, Subscription, SubscriptionState};
use crate::model::IdKind;
use crate::view::redact::{self, TokenNames};

/// How many subscriptions are shown at most, and where nothing is said.
const MOST_ROWS: usize = 500;
const USUAL_ROWS: usize = 200;

/// Which part of the list is wanted.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionsQuery {
    /// How many at most, up to 500; 200 if it is left out.
    limit: Option<usize>,
}

/// The newest subscriptions of all emulated providers.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SubscriptionList {
    /// The subscriptions, the newest first.
    subscriptions: Vec<SubscriptionItem>,
    /// How many there are.
    total: usize,
}

/// A subscription, without its secrets.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SubscriptionItem {
    /// Its number in the store.
    number: i64,
    /// The provider.
    provider: String,
    /// Its id, as the provider gives it.
    id: String,
    /// What it belongs to, such as a repository.
    scope: String,
    /// Where its events go.
    url: String,
    /// The event types that it wants, or patterns; all where there are none.
    events: Vec<String>,
    /// Whether events go to it: `active`, `paused` by its owner, `disabled` by the provider.
    state: SubscriptionState,
    /// Its deliveries are signed.
    has_secret: bool,
    /// When it was created.
    created_at: String,
    /// Since when its deliveries fail.
    failing_since: Option<String>,
    /// How many deliveries have failed for good since the last one that did not.
    failures_in_a_row: u32,
    /// The status of the last response, or why there was none.
    last_response: Option<String>,
}

impl SubscriptionItem {
    fn of(one: &Subscription, tokens: &TokenNames) -> Self {
        let document = &one.document;
        Self {
            number: one.number,
            provider: one.key.provider.clone(),
            id: one.key.id.clone(),
            scope: one.key.scope.clone(),
            url: redact::target(&document.url, tokens),
            events: document.events.clone(),
            state: document.state,
            has_secret: !one.secrets.is_empty(),
            created_at: one.created_at.to_string(),
            failing_since: one.failing_since.map(|at| at.to_string()),
            failures_in_a_row: document.failures_in_a_row,
            last_response: document.last_response.clone(),
        }
    }
}

impl Inspector {
    fn emulator(&self) -> Result<&Arc<Emulator>, ApiError> {
        let emulator = self.options.emulator.as_ref();
        emulator.ok_or_else(|| {
            let message =
                "no provider is emulated in this process: use `hookcli emulate PROVIDER --ui`";
            ApiError::new(StatusCode::NOT_FOUND, "no_emulator", message)
        })
    }
}

pub(super) async fn list(
    State(inspector): Shared,
    query: Result<Query<SubscriptionsQuery>, QueryRejection>,
) -> Result<Json<SubscriptionList>, ApiError> {
    let Query(asked) = query?;
    let limit = asked.limit.unwrap_or(USUAL_ROWS).clamp(1, MOST_ROWS);
    let emulator = inspector.emulator()?;
    emulator.refresh().await?;
    let all = emulator.all_subscriptions();
    let newest = all.iter().rev().take(limit);
    Ok(Json(SubscriptionList {
        subscriptions: newest
            .map(|one| SubscriptionItem::of(one, &inspector.options.tokens))
            .collect(),
        total: all.len(),
    }))
}

/// Whether a subscription is to get events.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct StateRequest {
    /// It gets events.
    active: bool,
}

pub(super) async fn set_state(
    State(inspector): Shared,
    path: Result<Path<i64>, PathRejection>,
    asked: Result<Json<StateRequest>, JsonRejection>,
) -> Result<Json<SubscriptionItem>, ApiError> {
    let (Path(number), Json(asked)) = (path?, asked?);
    let changed = inspector.emulator()?.switch(number, asked.active).await?;
    Ok(Json(SubscriptionItem::of(
        &changed,
        &inspector.options.tokens,
    )))
}

/// Nothing has to be said.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RotateRequest {}

pub(super) async fn rotate(
    State(inspector): Shared,
    path: Result<Path<i64>, PathRejection>,
    asked: Result<Json<RotateRequest>, JsonRejection>,
) -> Result<Json<SubscriptionItem>, ApiError> {
    let (Path(number), Json(RotateRequest {})) = (path?, asked?);
    let changed = inspector.emulator()?.rotate_secret(number, None).await?;
    Ok(Json(SubscriptionItem::of(
        &changed,
        &inspector.options.tokens,
    )))
}

/// Which delivery is to be made again.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ResendRequest {
    /// The id of a delivery to that subscription.
    delivery: String,
}

/// The delivery that was added.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ResendAnswer {
    /// Its id.
    delivery: Option<String>,
}

pub(super) async fn resend(
    State(inspector): Shared,
    path: Result<Path<i64>, PathRejection>,
    asked: Result<Json<ResendRequest>, JsonRejection>,
) -> Result<Json<ResendAnswer>, ApiError> {
    let (Path(number), Json(asked)) = (path?, asked?);
    let emulator = inspector.emulator()?;
    let id = inspector.id(IdKind::Delivery, &asked.delivery).await?;
    let added = emulator.resend_delivery(number, id).await?;
    Ok(Json(ResendAnswer {
        delivery: added.map(|id| id.to_string()),
    }))
}

impl From<EmulatorError> for ApiError {
    fn from(error: EmulatorError) -> Self {
        match error {
            EmulatorError::Store(error) => error.into(),
            EmulatorError::Fault(fault) => {
                Self::new(StatusCode::CONFLICT, "refused", fault.message)
            }
        }
    }
}
