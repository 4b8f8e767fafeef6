//! What the servers of an emulator share.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::state::Emulator;
use crate::receiver::{BodyReader, SiteRules};

/// One provider's port.
pub(super) struct Port {
    pub emulator: Arc<Emulator>,
    pub provider: String,
    pub sites: SiteRules,
    pub bodies: BodyReader,
}

/// An error as a document.
pub(super) fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": { "message": why } }))).into_response()
}
