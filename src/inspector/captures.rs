//! Captures: lists, one of them, and its body.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::state::{Inspector, Shared};
use crate::catalog::Provider;
use crate::model::{Capture, Id, IdKind, Reference};
use crate::payload::Document;
use crate::search::{self, Scope};
use crate::store::{Cursor, Order, PageRequest};
use crate::view::{BodyReport, CaptureDetail, CaptureItem, capture_detail, capture_item, redact};

/// How many rows a list has at most, and where nothing is said.
const MOST_ROWS: usize = 500;
const USUAL_ROWS: usize = 100;
/// How much of a body is shown with a capture; all of it is got by ranges.
const SHOWN_BODY_BYTES: usize = 256 << 10;

/// Which part of a list is wanted.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// In the query language.
    #[serde(default)]
    pub(super) q: String,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
    /// How many rows at most, up to 500; 100 if it is left out.
    pub(super) limit: Option<usize>,
}

impl ListQuery {
    pub(super) fn page(&self) -> Result<PageRequest, ApiError> {
        Ok(PageRequest {
            order: Order::NewestFirst,
            after: cursor_of(self.cursor.as_deref())?,
            limit: self.limit.unwrap_or(USUAL_ROWS).clamp(1, MOST_ROWS),
        })
    }
}

pub(super) fn cursor_of(text: Option<&str>) -> Result<Option<Cursor>, ApiError> {
    let cursor = text.map(|text| {
        Cursor::from_text(text).ok_or_else(|| ApiError::bad_request("the cursor is not one"))
    });
    cursor.transpose()
}

/// A part of the list of captures, the newest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CaptureList {
    /// The captures.
    captures: Vec<CaptureItem>,
    /// The cursor of the next part; null at the end. A part of a search in headers or bodies may be empty before it.
    next: Option<String>,
    /// How many captures were searched for it, where headers or bodies had to be read.
    searched: usize,
}

pub(super) async fn list(
    State(inspector): Shared,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<CaptureList>, ApiError> {
    let Query(asked) = query?;
    let options = &inspector.options;
    let query = search::parse(&asked.q, Scope::Captures, options.time.now())?;
    let page = options.store.captures(&query, asked.page()?).await?;
    let rows = page.rows.into_iter();
    Ok(Json(CaptureList {
        captures: rows.map(|row| capture_item(row, &options.tokens)).collect(),
        next: page.next.map(|next| next.as_text().to_owned()),
        searched: page.searched,
    }))
}

/// A capture as a document.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CaptureAnswer {
    #[serde(flatten)]
    detail: CaptureDetail,
    /// The body is longer than what is shown here.
    body_truncated: bool,
    /// The body is JSON.
    body_is_json: bool,
}

pub(super) async fn show(
    State(inspector): Shared,
    Path(id): Path<String>,
    query: Result<Query<RevealQuery>, QueryRejection>,
) -> Result<Json<CaptureAnswer>, ApiError> {
    let Query(asked) = query?;
    let (capture, provider) = inspector.capture(&id).await?;
    let tokens = (!asked.reveal).then_some(&inspector.options.tokens);
    let mut detail = capture_detail(&capture, provider.as_deref(), tokens);
    let body_truncated = match detail.body.body.as_ref() {
        Some(text) => text.unescaped().len() > SHOWN_BODY_BYTES,
        None => capture.request.body.len() > SHOWN_BODY_BYTES,
    };
    if body_truncated {
        detail.body = match detail.body.body.take() {
            Some(text) => {
                let text = text.unescaped();
                let mut end = SHOWN_BODY_BYTES;
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                BodyReport::of(&text.as_bytes()[..end])
            }
            None => BodyReport::of(&capture.request.body[..SHOWN_BODY_BYTES]),
        };
    }
    Ok(Json(CaptureAnswer {
        body_is_json: Document::parse(&capture.request.body).is_ok(),
        detail,
        body_truncated,
    }))
}

/// How a request is wanted.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RevealQuery {
    /// With its secrets.
    #[serde(default)]
    reveal: bool,
}

/// The body, or a range of its bytes: never as something that a browser would show.
pub(super) async fn body(
    State(inspector): Shared,
    Path(id): Path<String>,
    query: Result<Query<RevealQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Query(asked) = query?;
    let (capture, provider) = inspector.capture(&id).await?;
    let bytes = match asked.reveal {
        true => capture.request.body.clone(),
        false => {
            let tokens = &inspector.options.tokens;
            let (request, _) = redact::request(provider.as_deref(), &capture.request, &[], tokens);
            request.body
        }
    };
    let range = match headers.get(header::RANGE) {
        Some(text) => Some(range_of(text.as_bytes(), bytes.len())?),
        None => None,
    };
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::CONTENT_DISPOSITION, "attachment")
        .header(header::ACCEPT_RANGES, "bytes");
    let shown = match range {
        Some((first, last)) => {
            let of = bytes.len();
            response = response
                .status(StatusCode::PARTIAL_CONTENT)
                .header(header::CONTENT_RANGE, format!("bytes {first}-{last}/{of}"));
            bytes.slice(first..=last)
        }
        None => bytes,
    };
    response
        .body(Body::from(shown))
        .map_err(|error| ApiError::bad_request(error.to_string()))
}

/// The first and last byte of `bytes=1-5`, `bytes=1-` or `bytes=-5` (RFC 9110, section 14.1.2).
fn range_of(text: &[u8], length: usize) -> Result<(usize, usize), ApiError> {
    let unsatisfied = || {
        ApiError::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "range",
            format!("the range is not one of the body's {length} bytes"),
        )
    };
    let text = std::str::from_utf8(text).ok();
    let (first, last) = text
        .and_then(|text| text.strip_prefix("bytes=")?.split_once('-'))
        .ok_or_else(unsatisfied)?;
    let number = |text: &str| text.parse::<usize>().map_err(|_| unsatisfied());
    let end = length.checked_sub(1).ok_or_else(unsatisfied)?;
    let (first, last) = match (first, last) {
        ("", last) => (length.saturating_sub(number(last)?), end),
        (first, "") => (number(first)?, end),
        (first, last) => (number(first)?, number(last)?.min(end)),
    };
    match first <= last {
        true => Ok((first, last)),
        false => Err(unsatisfied()),
    }
}

impl Inspector {
    /// The capture that an id, or part of one, names, and its provider where that is known.
    pub(super) async fn capture(
        &self,
        id: &str,
    ) -> Result<(Capture, Option<Arc<Provider>>), ApiError> {
        let store = &self.options.store;
        let id = self.id(IdKind::Capture, id).await?;
        let capture = store.capture(id).await?;
        let provider = self.provider_of(capture.provider.as_deref());
        Ok((capture, provider))
    }

    pub(super) async fn id(&self, kind: IdKind, text: &str) -> Result<Id, ApiError> {
        let reference: Reference = text.parse()?;
        Ok(self.options.store.find(kind, &reference).await?)
    }

    pub(super) fn provider_of(&self, name: Option<&str>) -> Option<Arc<Provider>> {
        self.options.catalog.provider(name?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_within_the_body() {
        let range = |text: &str| range_of(text.as_bytes(), 10).ok();
        assert_eq!(range("bytes=0-3"), Some((0, 3)));
        assert_eq!(range("bytes=4-"), Some((4, 9)));
        assert_eq!(range("bytes=-3"), Some((7, 9)));
        assert_eq!(range("bytes=5-100"), Some((5, 9)));
        for text in [
            "bytes=10-",
            "bytes=5-4",
            "bytes=x-",
            "0-3",
            "bytes=-",
            "bytes=0-1,3-4",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
        assert!(range_of(b"bytes=0-", 0).is_err());
    }
}
