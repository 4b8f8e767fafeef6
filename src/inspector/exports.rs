//! A capture in the formats of other tools, and what differs between two.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use super::answers::ApiError;
use super::state::{Inspector, Shared};
use crate::catalog::Provider;
use crate::compose::fixture;
use crate::exchange::{ExportForm, Exporter, Recorded};
use crate::model::{Capture, RemoteText};
use crate::search::{self, Pattern, Scope};
use crate::store::{Order, PageRequest};
use crate::view::{CaptureDiff, capture_detail, capture_diff, redact};

/// How many rows are read at once.
const PAGE_ROWS: usize = 200;
/// What is exported is held in memory, and no longer.
const LONGEST_EXPORT: usize = 64 << 20;

/// In which format a request is wanted.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// The format.
    format: ExportForm,
    /// Signed with the public test secret, as a fixture for tests.
    #[serde(default)]
    test_secret: bool,
}

/// The request without its secrets.
pub(super) async fn export(
    State(inspector): Shared,
    Path(id): Path<String>,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(asked) = query?;
    let (capture, provider) = inspector.capture(&id).await?;
    let mut recorded = inspector.redacted(capture);
    if asked.test_secret {
        recorded = fixture(recorded, provider.as_deref())
            .map_err(|error| ApiError::bad_request(error.to_string()))?;
    }
    let mut exporter = Exporter::new(asked.format);
    let written = exporter.add(&recorded);
    let mut text = written.map_err(|error| ApiError::bad_request(error.to_string()))?;
    text.extend(exporter.finish());
    downloaded(text)
}

/// Which requests are wanted, in which format.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ExportAllQuery {
    /// In the query language; all captures if it is left out.
    #[serde(default)]
    q: String,
    /// The format.
    format: ExportForm,
}

/// All requests that a query selects, the oldest first, without their secrets.
pub(super) async fn export_all(
    State(inspector): Shared,
    query: Result<Query<ExportAllQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(asked) = query?;
    let options = &inspector.options;
    let selected = search::parse(&asked.q, Scope::Captures, options.time.now())?;
    let mut exporter = Exporter::new(asked.format);
    let (mut text, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest {
            order: Order::OldestFirst,
            after,
            limit: PAGE_ROWS,
        };
        let page = options.store.captures(&selected, page).await?;
        for row in page.rows {
            let capture = options.store.capture(row.id).await?;
            let written = exporter.add(&inspector.redacted(capture));
            text.extend(written.map_err(|error| ApiError::bad_request(error.to_string()))?);
            if text.len() > LONGEST_EXPORT {
                let message = format!(
                    "this is longer than {} MiB: narrow the query, or use `hookcli captures export`",
                    LONGEST_EXPORT >> 20
                );
                return Err(ApiError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_long",
                    message,
                ));
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    text.extend(exporter.finish());
    downloaded(text)
}

fn downloaded(text: Vec<u8>) -> Result<Response, ApiError> {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment")
        .body(Body::from(text))
        .map_err(|error| ApiError::bad_request(error.to_string()))
}

/// With which a capture is compared.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct DiffQuery {
    /// An id; the capture of the same event that came before it where none is given.
    with: Option<String>,
}

pub(super) async fn diff(
    State(inspector): Shared,
    Path(id): Path<String>,
    query: Result<Query<DiffQuery>, QueryRejection>,
) -> Result<Json<CaptureDiff>, ApiError> {
    let Query(asked) = query?;
    let (other, provider) = inspector.capture(&id).await?;
    let (one, provider_of_one) = match &asked.with {
        Some(with) => inspector.capture(with).await?,
        None => (inspector.previous(&other).await?, provider.clone()),
    };
    let detail = |capture: &Capture, provider: &Option<Arc<Provider>>| {
        let tokens = &inspector.options.tokens;
        capture_detail(capture, provider.as_deref(), Some(tokens))
    };
    Ok(Json(capture_diff(
        &detail(&one, &provider_of_one),
        &detail(&other, &provider),
    )))
}

impl Inspector {
    /// The request without its secrets.
    fn redacted(&self, capture: Capture) -> Recorded {
        let provider = self.provider_of(capture.provider.as_deref());
        let mut recorded = Recorded::from(capture);
        (recorded.request, recorded.redacted) = redact::request(
            provider.as_deref(),
            &recorded.request,
            &[],
            &self.options.tokens,
        );
        recorded
    }

    /// The capture of the same provider and event that came before that one.
    async fn previous(&self, capture: &Capture) -> Result<Capture, ApiError> {
        let provider = capture.provider.clone().unwrap_or_default();
        let event = capture.event.as_ref().map(RemoteText::unescaped);
        let query = search::Query::All(vec![
            search::Query::Provider(Pattern::new(provider)),
            search::Query::Event(Pattern::new(event.unwrap_or_default())),
            search::Query::Until(capture.received_at),
        ]);
        let store = &self.options.store;
        let page = store.captures(&query, PageRequest::newest(1)).await?;
        let found = page.rows.first();
        let found = found
            .ok_or_else(|| ApiError::not_found("no request of the same event came before it"))?;
        Ok(store.capture(found.id).await?)
    }
}
