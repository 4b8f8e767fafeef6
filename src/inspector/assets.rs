//! The page: files that are in the binary.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use include_dir::{Dir, include_dir};

use super::answers::ApiError;

static PAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/inspector/page");

/// The version is the page's: a newer one is asked for by the browser at once.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The API as an OpenAPI document, which `openapi` makes of the types.
const OPENAPI: &str = include_str!("openapi.json");

pub(super) async fn openapi() -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (content_type, OPENAPI).into_response()
}

pub(super) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        let message = "this method is not one of that path";
        return ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method", message).into_response();
    }
    let path = match uri.path() {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    let Some((file, content_type)) = PAGE.get_file(path).zip(content_type(path)) else {
        return ApiError::not_found("there is nothing at this path").into_response();
    };
    let tag = format!("\"{:x}\"", crc(file.contents()));
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, REVALIDATE),
        (
            header::ETAG,
            HeaderValue::from_str(&tag).unwrap_or(REVALIDATE),
        ),
    ];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, file.contents()).into_response(),
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit('.').next()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}
