//! What the API answers where it does not answer what was asked.

use std::ops::Range;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::guard;
use crate::model::InvalidText;
use crate::receiver;
use crate::search::QueryError;
use crate::store::StoreError;

/// An error as a document.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ApiError {
    #[serde(skip)]
    status: StatusCode,
    /// What is wrong.
    error: ErrorFacts,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ErrorFacts {
    /// A stable name.
    code: &'static str,
    /// What is wrong, in a sentence.
    message: String,
    /// In a query: the bytes that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Range<usize>>,
    /// How many things it would concern.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            error: ErrorFacts {
                code,
                message: message.into(),
                at: None,
                count: None,
            },
        }
    }

    pub(super) fn of_count(mut self, count: usize) -> Self {
        self.error.count = Some(count);
        self
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

impl From<guard::Refusal> for ApiError {
    fn from(refusal: guard::Refusal) -> Self {
        let (status, code) = match refusal {
            guard::Refusal::Host => (StatusCode::FORBIDDEN, "foreign_host"),
            guard::Refusal::Origin => (StatusCode::FORBIDDEN, "foreign_origin"),
            guard::Refusal::CrossSite => (StatusCode::FORBIDDEN, "cross_site"),
            guard::Refusal::NoToken => (StatusCode::UNAUTHORIZED, "no_token"),
            guard::Refusal::WrongToken => (StatusCode::UNAUTHORIZED, "wrong_token"),
        };
        Self::new(status, code, refusal.to_string())
    }
}

impl From<receiver::Refusal> for ApiError {
    fn from(refusal: receiver::Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, "body", refusal.why)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let (status, code) = match &error {
            StoreError::NotFound { .. } | StoreError::Empty(_) => {
                (StatusCode::NOT_FOUND, "not_found")
            }
            StoreError::Ambiguous { .. } => (StatusCode::CONFLICT, "ambiguous"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "store"),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        let mut answer = Self::new(StatusCode::BAD_REQUEST, "invalid_query", error.message);
        answer.error.at = Some(error.at);
        answer
    }
}

impl From<InvalidText> for ApiError {
    fn from(error: InvalidText) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(error: QueryRejection) -> Self {
        Self::bad_request(error.body_text())
    }
}

impl From<JsonRejection> for ApiError {
    fn from(error: JsonRejection) -> Self {
        Self::new(error.status(), "bad_request", error.body_text())
    }
}

impl From<PathRejection> for ApiError {
    fn from(error: PathRejection) -> Self {
        Self::bad_request(error.body_text())
    }
}
