//! What the inspector is, whether it works, and which fields a query has.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::answers::ApiError;
use super::state::Shared;
use crate::search::{FIELDS, Scope};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Status {
    /// The version of hookcli.
    version: &'static str,
    /// Where the listener in the same process listens.
    listener_url: Option<String>,
    /// Providers are emulated in the same process.
    emulates: bool,
    /// How many captures wait to be forwarded, by destination.
    pending: Vec<PendingFacts>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PendingFacts {
    /// The destination.
    url: String,
    /// How many wait.
    captures: u64,
}

pub(super) async fn status(State(inspector): Shared) -> Result<Json<Status>, ApiError> {
    let pending = inspector.options.store.pending().await?;
    Ok(Json(Status {
        version: env!("CARGO_PKG_VERSION"),
        emulates: inspector.options.emulator.is_some(),
        listener_url: inspector.options.live.as_ref().map(|live| live.url.clone()),
        pending: pending
            .into_iter()
            .map(|at| PendingFacts {
                url: crate::view::redact::target(&at.url, &inspector.options.tokens),
                captures: at.captures,
            })
            .collect(),
    }))
}

/// A field of the query language.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FieldFacts {
    /// As it is typed before the colon.
    name: &'static str,
    /// A value.
    example: &'static str,
    /// What it selects.
    meaning: &'static str,
    /// It can be used for captures.
    of_captures: bool,
    /// It can be used for deliveries.
    of_deliveries: bool,
}

pub(super) async fn fields() -> Json<Vec<FieldFacts>> {
    let fields = FIELDS.iter().map(|field| FieldFacts {
        name: field.name,
        example: field.example,
        meaning: field.meaning,
        of_captures: field.scope.is_none_or(|scope| scope == Scope::Captures),
        of_deliveries: field.scope.is_none_or(|scope| scope == Scope::Deliveries),
    });
    Json(fields.collect())
}

/// The process answers.
pub(super) async fn is_alive() -> &'static str {
    "ok\n"
}

/// The store answers, too.
pub(super) async fn is_ready(State(inspector): Shared) -> (StatusCode, &'static str) {
    match inspector.options.store.newest_event().await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be read\n",
        ),
    }
}
