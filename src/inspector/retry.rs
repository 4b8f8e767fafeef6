//! A recorded delivery sent again, as `deliveries retry` does.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::answers::ApiError;
use super::outgoing::Outgoing;
use super::state::Shared;
use crate::dispatch::{ResumeError, Resumption, owed_to};
use crate::model::IdKind;
use crate::search;
use crate::view::DeliveryReport;

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RetryRequest {
    /// The user has been asked whether it may go to another machine.
    #[serde(default)]
    confirmed: bool,
}

pub(super) async fn retry(
    State(inspector): Shared,
    Path(id): Path<String>,
    asked: Result<Json<RetryRequest>, JsonRejection>,
) -> Result<Json<DeliveryReport>, ApiError> {
    let Json(asked) = asked?;
    let store = inspector.options.store.clone();
    let id = inspector.id(IdKind::Delivery, &id).await?;
    let recorded = store.delivery(id).await?;
    let endpoint = recorded.endpoint.as_deref();
    let mut outgoing =
        Outgoing::of_record(&inspector, &recorded.url, endpoint, asked.confirmed).await?;
    if store.claim(&search::Query::Id(id), 1).await?.is_empty() {
        let message = "it is being delivered by another process: wait until that has finished";
        return Err(ApiError::new(StatusCode::CONFLICT, "taken", message));
    }
    // From here on no one else writes to it.
    let record = store.delivery(id).await?;
    let owed_to = owed_to(&*store, &record).await;
    // No one chose the place now: a secret that travels stays on this machine.
    outgoing.target.chosen_by_user = false;
    let prepared = {
        let resumption = Resumption {
            catalog: &outgoing.target.catalog,
            keyring: &*outgoing.target.keyring,
            recipient: &outgoing.recipient(),
        };
        resumption.prepare(&record, owed_to)
    };
    match prepared {
        Ok((prepared, _)) => {
            let sent = outgoing
                .send(&inspector, vec![prepared], Vec::new())
                .await?;
            let sent = sent.into_iter().next();
            sent.map(Json)
                .ok_or_else(|| ApiError::not_found("nothing was sent"))
        }
        Err(error) => {
            store.release(&[id]).await?;
            Err(error.into())
        }
    }
}

impl From<ResumeError> for ApiError {
    fn from(error: ResumeError) -> Self {
        match error {
            ResumeError::Compose(error) => error.into(),
            other => Self::new(StatusCode::CONFLICT, "not_retried", other.to_string()),
        }
    }
}
