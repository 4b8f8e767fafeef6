//! Around every answer: whether it is given at all, and what the browser must not do with it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::answers::ApiError;
use super::state::Inspector;

/// Answers what may be asked, and tells the browser in each answer what it must not do with it.
pub(super) async fn check(
    State(inspector): State<Arc<Inspector>>,
    request: Request,
    next: Next,
) -> Response {
    let rules = &inspector.options.access;
    let (head, body) = request.into_parts();
    let checked = rules.check(&head.method, &head.uri, &head.headers).await;
    let mut request = Request::from_parts(head, body);
    let mut response = match checked {
        Ok(token) => {
            if let Some(token) = token {
                request.extensions_mut().insert(token);
            }
            answer(&inspector, request, next).await
        }
        Err(refusal) => ApiError::from(refusal).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HARDENING {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    // What is shown of requests stays out of the browser's cache; what the page is made of says so itself.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What the application answers, once all of the body is here.
async fn answer(inspector: &Inspector, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match inspector.bodies.read(body).await {
        Ok((body, share)) => {
            let response = next.run(Request::from_parts(head, Body::from(body))).await;
            // Its room is free once it is answered.
            drop(share);
            response
        }
        Err(refusal) => {
            let mut response = ApiError::from(refusal).into_response();
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
            response
        }
    }
}

/// Nothing runs but what is embedded, nothing is framed, nothing is sent elsewhere.
const HARDENING: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
