//! Captures: lists, one of them, its body, and what its signature is worth.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::state::{Inspector, Shared};
use crate::catalog::Provider;
use crate::model::{Capture, Id, IdKind, Reference, Secret};
use crate::payload::Document;
use crate::search::{self, Scope};
use crate::signature::{Envelope, Subject, signed_url, verify};
use crate::store::{Cursor, Order, PageRequest};
use crate::view::{
    BodyReport, CaptureDetail, CaptureItem, Explanation, VerificationReport, capture_detail,
    capture_item, redact,
};

/// How many rows a list has at most, and where nothing is said.
const MOST_ROWS: usize = 500;
const USUAL_ROWS: usize = 100;
/// How much of a body is shown with a capture; all of it is got by ranges.
const SHOWN_BODY_BYTES: usize = 256 << 10;

/// Which part of a list is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// In the query language.
    #[serde(default)]
    pub(super) q: String,
    /// `next` of the page before.
    cursor: Option<String>,
    limit: Option<usize>,
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
pub(super) struct CaptureList {
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
) -> Result<Json<CaptureAnswer>, ApiError> {
    let (capture, provider) = inspector.capture(&id).await?;
    let tokens = &inspector.options.tokens;
    let mut detail = capture_detail(&capture, provider.as_deref(), Some(tokens));
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

/// How a body is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BodyQuery {
    /// With the secrets in it.
    #[serde(default)]
    reveal: bool,
}

/// The body, or a range of its bytes: never as something that a browser would show.
pub(super) async fn body(
    State(inspector): Shared,
    Path(id): Path<String>,
    query: Result<Query<BodyQuery>, QueryRejection>,
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

/// What its signature is worth with the secrets that are set now, and why it fails: judged on the whole body.
pub(super) async fn verification(
    State(inspector): Shared,
    Path(id): Path<String>,
) -> Result<Json<VerificationReport>, ApiError> {
    verified_with(inspector, &id, None).await
}

/// A secret that is tried, and kept nowhere.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRequest {
    secret: String,
}

pub(super) async fn verify_with(
    State(inspector): Shared,
    Path(id): Path<String>,
    asked: Result<Json<VerifyRequest>, JsonRejection>,
) -> Result<Json<VerificationReport>, ApiError> {
    let Json(asked) = asked?;
    verified_with(inspector, &id, Some(Secret::new(asked.secret))).await
}

async fn verified_with(
    inspector: Arc<Inspector>,
    id: &str,
    secret: Option<Secret>,
) -> Result<Json<VerificationReport>, ApiError> {
    let (capture, provider) = inspector.capture(id).await?;
    let event = capture.event.clone();
    let Some(provider) = provider else {
        return Ok(Json(VerificationReport::of_nobody(event, None)));
    };
    // A diagnosis tries much: it must not hold up what others ask.
    let report =
        tokio::task::spawn_blocking(move || inspector.verified(&capture, &provider, secret));
    let report = report.await.map_err(|error| {
        ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "diagnosis",
            error.to_string(),
        )
    })?;
    report.map(Json)
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

    fn verified(
        &self,
        capture: &Capture,
        provider: &Provider,
        secret: Option<Secret>,
    ) -> Result<VerificationReport, ApiError> {
        let (name, event) = (provider.name.clone(), capture.event.clone());
        let Some(scheme) = &provider.signature else {
            return Ok(VerificationReport::without_scheme(name, event));
        };
        let workbench = &self.options.workbench;
        let secrets = match secret {
            Some(secret) => vec![secret],
            None => workbench.verifying_secrets(provider, capture.endpoint.as_deref()),
        };
        if secrets.is_empty() {
            return Ok(VerificationReport::without_secret(name, event));
        }
        let public_url = workbench.public_url();
        let url = signed_url(public_url.as_deref(), capture.over_tls, &capture.request);
        let envelope = Envelope::of(&capture.request, url.as_deref());
        let body = &capture.request.body;
        let verdict = verify(scheme, &secrets, envelope, body, capture.received_at)
            .map_err(|error| ApiError::new(StatusCode::CONFLICT, "secret", error.to_string()))?;
        let others = workbench.known_secrets();
        let subject = Subject {
            scheme,
            secrets: &secrets,
            envelope,
            body,
            now: capture.received_at,
            others: &others,
            serializer: provider.body.serializer,
        };
        let explanation = Explanation {
            has_body: true,
            reveals: false,
        };
        Ok(VerificationReport::new(
            name,
            event,
            &subject,
            &verdict,
            explanation,
        ))
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
