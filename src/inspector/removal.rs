//! Captures removed: those that are named, or all that a query selects, once the user has seen how many that are.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::state::Shared;
use crate::model::{Id, IdKind, counted};
use crate::search::{self, Scope};
use crate::store::{Cursor, Order, PageRequest};

/// How many rows are read at once.
const PAGE_ROWS: usize = 500;

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveRequest {
    /// Captures by their ids.
    #[serde(default)]
    ids: Vec<String>,
    /// Else all that this selects.
    q: Option<String>,
    /// How many the user has agreed to: if it is another number, nothing is removed.
    count: Option<usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RemoveAnswer {
    /// How many were removed.
    removed: usize,
}

pub(super) async fn remove(
    State(inspector): Shared,
    asked: Result<Json<RemoveRequest>, JsonRejection>,
) -> Result<Json<RemoveAnswer>, ApiError> {
    let Json(asked) = asked?;
    let options = &inspector.options;
    let store = &options.store;
    let mut ids: Vec<Id> = Vec::new();
    match &asked.q {
        Some(_) if !asked.ids.is_empty() => {
            return Err(ApiError::bad_request(
                "name captures by ids or by q, not by both",
            ));
        }
        Some(q) => {
            let query = search::parse(q, Scope::Captures, options.time.now())?;
            let mut after = None;
            loop {
                let page = store.captures(&query, all_after(after)).await?;
                ids.extend(page.rows.into_iter().map(|row| row.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        None => {
            for id in &asked.ids {
                ids.push(inspector.id(IdKind::Capture, id).await?);
            }
        }
    }
    if asked.count != Some(ids.len()) {
        let (what, count) = (counted(ids.len() as u64, "capture"), ids.len());
        let message = format!("{what} would be removed: send count = {count} to remove them");
        return Err(ApiError::new(StatusCode::CONFLICT, "confirm", message).of_count(count));
    }
    let removed = store.remove(&ids).await?;
    Ok(Json(RemoveAnswer { removed }))
}

/// The next of all pages.
fn all_after(after: Option<Cursor>) -> PageRequest {
    PageRequest {
        order: Order::OldestFirst,
        after,
        limit: PAGE_ROWS,
    }
}
