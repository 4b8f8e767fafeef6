//! A recorded delivery sent again, as `deliveries retry` does, and what all of them come to.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::captures::ListQuery;
use super::outgoing::Outgoing;
use super::state::Shared;
use crate::delivery::Figures;
use crate::dispatch::{ResumeError, Resumption, owed_to};
use crate::model::IdKind;
use crate::search::{self, Scope};
use crate::store::{Order, PageRequest};
use crate::view::{DeliveryReport, DeliveryStats, expectation};

/// How many of the newest deliveries are counted.
const COUNTED: u64 = 20_000;
const PAGE_ROWS: usize = 500;

#[derive(Debug, Deserialize)]
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

/// Figures of the newest deliveries that a query selects.
#[derive(Serialize)]
pub(super) struct StatsAnswer {
    #[serde(flatten)]
    stats: DeliveryStats,
    /// There are more deliveries, older than those that were counted.
    is_cut: bool,
}

pub(super) async fn stats(
    State(inspector): Shared,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<StatsAnswer>, ApiError> {
    let Query(asked) = query?;
    let options = &inspector.options;
    let query = search::parse(&asked.q, Scope::Deliveries, options.time.now())?;
    let mut figures = Figures::default();
    let mut after = None;
    let is_cut = loop {
        let page = PageRequest {
            order: Order::NewestFirst,
            after,
            limit: PAGE_ROWS,
        };
        let page = options.store.outlines(&query, page).await?;
        for outline in &page.rows {
            let attempts = outline.attempts.iter();
            let status = outline.attempts.last().and_then(|attempt| attempt.status);
            let expected = expectation(outline.outcome, outline.wanted.as_deref(), status);
            figures.add(
                outline.outcome,
                expected.is_some_and(|expected| expected.met),
                attempts.map(|attempt| (attempt.duration, attempt.status, attempt.error)),
            );
        }
        after = page.next;
        if after.is_none() || figures.deliveries() >= COUNTED {
            break after.is_some();
        }
    };
    Ok(Json(StatsAnswer {
        stats: DeliveryStats::new(&figures, &[]),
        is_cut,
    }))
}
