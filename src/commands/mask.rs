//! Hiding what a request carries and nobody should see: credentials, and the secret where a scheme puts it
//! into the request itself.

use bytes::Bytes;

use crate::catalog::Provider;
use crate::message::{Decoded, Headers, MAX_DECODED_BYTES, Request, decode_body};
use crate::payload::{Document, Path, splice};
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
    if let Some(path) = scheme.and_then(|scheme| scheme.body.as_ref()) {
        // A content coding would hide the token from the mask, and not from the reader.
        if let Decoded::Plain { body: plain, .. } =
            decode_body(&request.headers, &body, MAX_DECODED_BYTES)
        {
            headers.remove("content-encoding");
            body = plain.into();
        }
        if let Some(without) = without_token(&body, path) {
            masked.push(path.to_string());
            body = without.into();
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

/// The body with its token masked; none where it has no token.
fn without_token(body: &[u8], path: &Path) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    let replacement = format!("\"{MASK}\"");
    let Ok(document) = Document::parse(body) else {
        return without_token_in_a_torso(&text, path, &replacement);
    };
    let found = document.get_all(path);
    if found.is_empty() {
        return None;
    }
    let replacements = found
        .iter()
        .map(|value| (value.range(), replacement.clone()))
        .collect();
    Some(splice(&text, replacements).into_bytes())
}

/// What is no JSON, cut short perhaps: whatever stands behind the token's key is masked up to the end of
/// the string, or of the text.
fn without_token_in_a_torso(text: &str, path: &Path, replacement: &str) -> Option<Vec<u8>> {
    let key = format!("\"{}\"", path.steps().last()?);
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(&key) {
        let (before, behind) = rest.split_at(at + key.len());
        out.push_str(before);
        rest = behind;
        let value = behind.trim_start().strip_prefix(':').map(str::trim_start);
        if let Some(inner) = value.and_then(|value| value.strip_prefix('"')) {
            found = true;
            out.push(':');
            out.push_str(replacement);
            rest = inner.find('"').map_or("", |end| &inner[end + 1..]);
        }
    }
    out.push_str(rest);
    found.then(|| out.into_bytes())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(body: &str) -> Option<String> {
        let path = "/payload/secret".parse().unwrap();
        without_token(body.as_bytes(), &path).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_token_is_masked_however_it_is_written() {
        let expected = r#"{"payload":{"secret":"[masked]"}}"#;
        for body in [
            r#"{"payload":{"secret":"s3cret"}}"#,
            r#"{"payload":{"secret":["s3cret"]}}"#,
        ] {
            assert_eq!(masked(body).unwrap(), expected);
        }
        assert_eq!(
            masked(r#"{"payload":{"\u0073ecret":"s3cret"}}"#).unwrap(),
            r#"{"payload":{"\u0073ecret":"[masked]"}}"#
        );
        assert_eq!(
            masked(r#"{"payload":{"secret":"s3cret","a":"#).unwrap(),
            r#"{"payload":{"secret":"[masked]","a":"#
        );
        assert_eq!(
            masked(r#"{"payload":{"secret" : "s3cr"#).unwrap(),
            r#"{"payload":{"secret":"[masked]""#
        );
        assert_eq!(masked("{}"), None);
    }
}
