//! Deliveries: lists, and one with its attempts.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::captures::ListQuery;
use super::state::Shared;
use crate::model::IdKind;
use crate::search::{self, Scope};
use crate::view::{
    DeliveryItem, DeliveryReport, delivery_detail, delivery_item, redacted_delivery,
};

/// A part of the list of deliveries, the newest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct DeliveryList {
    /// The deliveries.
    deliveries: Vec<DeliveryItem>,
    /// The cursor of the next part; null at the end.
    next: Option<String>,
    /// How many deliveries were searched for it, where headers or bodies had to be read.
    searched: usize,
}

/// Which part of the list is wanted.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveriesQuery {
    /// In the query language.
    #[serde(default)]
    q: String,
    /// Those to an emulated subscription, by its number.
    subscription: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many rows at most, up to 500; 100 if it is left out.
    limit: Option<usize>,
}

pub(super) async fn list(
    State(inspector): Shared,
    query: Result<Query<DeliveriesQuery>, QueryRejection>,
) -> Result<Json<DeliveryList>, ApiError> {
    let Query(asked) = query?;
    let options = &inspector.options;
    let mut query = search::parse(&asked.q, Scope::Deliveries, options.time.now())?;
    if let Some(number) = asked.subscription {
        query = query.and(search::Query::OfSubscription(number));
    }
    let asked = ListQuery {
        q: asked.q,
        cursor: asked.cursor,
        limit: asked.limit,
    };
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
