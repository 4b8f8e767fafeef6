//! Hiding what a request carries and nobody should see: credentials, and the secret where a scheme puts it
//! into the request itself.

use bytes::Bytes;

use crate::catalog::Provider;
use crate::message::{Headers, Request};
use crate::payload::{Document, splice};
use crate::secret::{MASK, Secret, mask_occurrences};

/// Headers that hold credentials whoever sends them.
const CREDENTIALS: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// A copy of the request without its secrets, and the names of what was masked. `known` are secrets that
/// are masked wherever they occur.
pub fn request(
    provider: Option<&Provider>,
    request: &Request,
    known: &[Secret],
) -> (Request, Vec<String>) {
    let mut masked = Vec::new();
    let scheme = provider
        .and_then(|provider| provider.signature.as_ref())
        .filter(|scheme| scheme.sends_secret());
    let mut headers = request.headers.clone();
    for (name, value) in headers.values_mut() {
        let token = scheme
            .and_then(|scheme| scheme.header.as_deref())
            .is_some_and(|header| header.eq_ignore_ascii_case(name));
        if token
            || CREDENTIALS
                .iter()
                .any(|credential| name.eq_ignore_ascii_case(credential))
        {
            masked.push(name.to_owned());
            *value = MASK.as_bytes().to_vec();
        } else {
            *value = mask_occurrences(value, known);
        }
    }
    let mut body = request.body.clone();
    if let Some(path) = scheme.and_then(|scheme| scheme.body.as_ref())
        && let Ok(document) = Document::parse(&request.body)
    {
        let found = document.get_all(path);
        if !found.is_empty() {
            masked.push(path.to_string());
            let replacement = format!("\"{MASK}\"");
            let text = String::from_utf8_lossy(&request.body);
            body = splice(
                &text,
                found
                    .iter()
                    .map(|value| (value.range(), replacement.clone()))
                    .collect(),
            )
            .into();
        }
    }
    if !known.is_empty() {
        body = Bytes::from(mask_occurrences(&body, known));
    }
    (
        Request {
            method: request.method.clone(),
            target: mask_text(&request.target, known),
            headers,
            body,
        },
        masked,
    )
}

/// Credentials of a response's headers, and echoes of `known` in them.
pub fn headers(headers: &Headers, known: &[Secret]) -> Headers {
    let mut headers = headers.clone();
    for (name, value) in headers.values_mut() {
        if CREDENTIALS
            .iter()
            .any(|credential| name.eq_ignore_ascii_case(credential))
        {
            *value = MASK.as_bytes().to_vec();
        } else {
            *value = mask_occurrences(value, known);
        }
    }
    headers
}

pub fn mask_text(text: &str, known: &[Secret]) -> String {
    if known.is_empty() {
        text.to_owned()
    } else {
        String::from_utf8_lossy(&mask_occurrences(text.as_bytes(), known)).into_owned()
    }
}

/// The secret that stands in a request itself, where the provider's scheme puts it there.
pub fn carried_secret(provider: Option<&Provider>, request: &Request) -> Option<Secret> {
    let scheme = provider?
        .signature
        .as_ref()
        .filter(|scheme| scheme.sends_secret())?;
    if let Some(header) = &scheme.header {
        return request.headers.get(header).map(Secret::new);
    }
    let document = Document::parse(&request.body).ok()?;
    let token = document.get(scheme.body.as_ref()?)?.as_str()?.into_owned();
    Some(Secret::new(token))
}
