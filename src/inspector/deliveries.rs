//! Deliveries: lists, one with its attempts, and what all of them come to.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Serialize;

use super::answers::ApiError;
use super::captures::ListQuery;
use super::state::Shared;
use crate::delivery::Figures;
use crate::model::IdKind;
use crate::search::{self, Scope};
use crate::store::{Order, PageRequest};
use crate::view::{
    DeliveryItem, DeliveryReport, DeliveryStats, count_delivery, delivery_detail, delivery_item,
    redacted_delivery,
};

/// How many of the newest deliveries are counted.
const COUNTED: u64 = 20_000;
/// How many are read at once for that.
const PAGE_ROWS: usize = 500;

/// A part of the list of deliveries, the newest first.
#[derive(Serialize)]
pub(super) struct DeliveryList {
    deliveries: Vec<DeliveryItem>,
    /// The cursor of the next part; null at the end.
    next: Option<String>,
    /// How many deliveries were searched for it, where headers or bodies had to be read.
    searched: usize,
}

pub(super) async fn list(
    State(inspector): Shared,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<DeliveryList>, ApiError> {
    let Query(asked) = query?;
    let options = &inspector.options;
    let query = search::parse(&asked.q, Scope::Deliveries, options.time.now())?;
    let page = options.store.deliveries(&query, asked.page()?).await?;
    let rows = page.rows.into_iter();
    Ok(Json(DeliveryList {
        deliveries: rows
            .map(|row| delivery_item(row, &options.tokens))
            .collect(),
        next: page.next.map(|next| next.as_text().to_owned()),
        searched: page.searched,
    }))
}

pub(super) async fn show(
    State(inspector): Shared,
    Path(id): Path<String>,
) -> Result<Json<DeliveryReport>, ApiError> {
    let id = inspector.id(IdKind::Delivery, &id).await?;
    let record = inspector.options.store.delivery(id).await?;
    let provider = inspector.provider_of(record.provider.as_deref());
    let record = redacted_delivery(record, provider.as_deref(), &inspector.options.tokens);
    Ok(Json(delivery_detail(record, provider.as_deref())))
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
            count_delivery(&mut figures, outline);
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
