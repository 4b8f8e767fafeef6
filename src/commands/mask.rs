//! Hiding what a request carries and nobody should see: credentials, and the secret where a scheme puts it
//! into the request itself.

use bytes::Bytes;

use crate::catalog::Provider;
use crate::message::{Decoded, Headers, MAX_DECODED_BYTES, Request, decode_body};
use crate::payload::{Document, Path, splice};
use crate::secret::{MASK, Secret, mask_occurrences};
use crate::signature::{Envelope, carried};

/// Headers that hold credentials whoever sends them.
const CREDENTIALS: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

fn is_credential(name: &str) -> bool {
    CREDENTIALS
        .iter()
        .any(|credential| name.eq_ignore_ascii_case(credential))
}

/// Where providers' secrets stand in requests, whoever they are from: a body's keys, and headers.
#[derive(Clone, Debug, Default)]
pub struct TokenNames {
    pub keys: Vec<String>,
    pub headers: Vec<String>,
}

impl TokenNames {
    pub fn of<'p>(providers: impl Iterator<Item = &'p Provider>) -> Self {
        let mut names = Self::default();
        for provider in providers {
            let scheme = provider
                .signature
                .as_ref()
                .filter(|scheme| scheme.sends_secret());
            if let Some(scheme) = scheme {
                names
                    .headers
                    .extend(scheme.header.iter().map(str::to_owned));
                names.keys.extend(
                    scheme
                        .body
                        .iter()
                        .filter_map(|path| path.steps().last().cloned()),
                );
            }
            let handshakes = provider.handshakes.iter();
            let brought = handshakes.filter_map(|handshake| handshake.secret_header());
            names.headers.extend(brought.map(str::to_owned));
        }
        names
    }
}

/// A copy of the request without its secrets, and the names of what was masked. `known` are secrets that
/// are masked wherever they occur.
pub fn request(
    provider: Option<&Provider>,
    request: &Request,
    known: &[Secret],
    tokens: &TokenNames,
) -> (Request, Vec<String>) {
    let token_keys = tokens.keys.as_slice();
    let mut masked = Vec::new();
    let scheme = provider
        .and_then(|provider| provider.signature.as_ref())
        .filter(|scheme| scheme.sends_secret());
    let mut headers = Headers::new();
    for (name, value) in request.headers.iter() {
        let token = scheme.is_some_and(|scheme| scheme.is_carried_by(name))
            || tokens
                .headers
                .iter()
                .any(|header| header.eq_ignore_ascii_case(name));
        if token || is_credential(name) {
            masked.push(name.to_owned());
            headers.push(name, MASK);
        } else {
            headers.push(name, mask_occurrences(value, known));
        }
    }
    let mut body = request.body.clone();
    let path = scheme.and_then(|scheme| scheme.body.as_ref());
    // A content coding would hide a token from the mask, and not from the reader.
    if let Decoded::Plain { body: plain, .. } =
        decode_body(&request.headers, &body, MAX_DECODED_BYTES)
        && (path.is_some() || mask_keys(&plain, token_keys).is_some())
    {
        headers.remove("content-encoding");
        body = plain.into();
    }
    if let Some(path) = path
        && let Some(without) = without_token(&body, path)
    {
        masked.push(path.to_string());
        body = without.into();
    }
    // Whoever it is from, and whether it is JSON or not: a token's name is enough.
    if let Some((without, key)) = mask_keys(&body, token_keys) {
        if masked.is_empty() || path.is_none() {
            masked.push(key);
        }
        body = without.into();
    }
    if !known.is_empty() {
        body = Bytes::from(mask_occurrences(&body, known));
    }
    let mut target = mask_text(&request.target, known);
    if let Some(parameter) = scheme.and_then(|scheme| scheme.query.clone())
        && let Some((without, key)) = mask_keys(target.as_bytes(), &[parameter])
    {
        masked.push(key);
        target = String::from_utf8_lossy(&without).into_owned();
    }
    (
        Request {
            method: request.method.clone(),
            target,
            headers,
            body,
        },
        masked,
    )
}

/// A JSON body with its token masked, however its key is written; none where it has no token.
fn without_token(body: &[u8], path: &Path) -> Option<Vec<u8>> {
    let document = Document::parse(body).ok()?;
    let found = document.get_all(path);
    if found.is_empty() {
        return None;
    }
    let replacement = format!("\"{MASK}\"");
    let text = String::from_utf8_lossy(body);
    let replacements = found
        .iter()
        .map(|value| (value.range(), replacement.clone()));
    Some(splice(&text, replacements.collect()).into_bytes())
}

/// Masks what stands behind any of `keys` in whatever text: JSON that is torn, nested or quoted, a form.
/// Also says which key it was; none where there is nothing left to mask.
fn mask_keys(body: &[u8], keys: &[String]) -> Option<(Vec<u8>, String)> {
    let mut text = body.to_vec();
    let mut hit = None;
    for key in keys {
        let mut out = Vec::with_capacity(text.len());
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = find(&text[at..], key.as_bytes()) {
            at += found + key.len();
            let Some((range, bare_json)) = value_behind(&text, at) else {
                continue;
            };
            at = range.end;
            if &text[range.clone()] == MASK.as_bytes() {
                continue;
            }
            out.extend_from_slice(&text[copied..range.start]);
            // A number behind a JSON key becomes a text: what is shown stays JSON.
            let quote: &[u8] = if bare_json { b"\"" } else { b"" };
            out.extend([quote, MASK.as_bytes(), quote].concat());
            copied = range.end;
            hit = Some(key.clone());
        }
        out.extend_from_slice(&text[copied..]);
        text = out;
    }
    hit.map(|key| (text, key))
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle))
}

/// The bytes of the value behind a key that ends at `at`: `": "…"`, `\\": \\"…\\"`, `=…&`; and whether it stands
/// bare behind a key in quotes.
fn value_behind(bytes: &[u8], at: usize) -> Option<(std::ops::Range<usize>, bool)> {
    let skip = |mut at: usize, set: &[u8]| {
        while bytes.get(at).is_some_and(|byte| set.contains(byte)) {
            at += 1;
        }
        at
    };
    let sign = skip(at, b"\\\"' \t\r\n");
    if !matches!(bytes.get(sign), Some(b':' | b'=')) {
        return None;
    }
    let start = skip(sign + 1, b" \t\r\n");
    let inner = skip(start, b"\\\"'");
    // Up to the same closing quote as the opening one, or to the end of a bare word.
    let quote = &bytes[start..inner];
    if quote.is_empty() && matches!(bytes.get(inner), Some(b'{' | b'[')) {
        return None;
    }
    let rest = &bytes[inner..];
    let length = match quote {
        [] => rest.iter().position(|byte| b"&,}] \t\r\n;".contains(byte)),
        [b'"'] | [b'\''] => (0..rest.len()).find(|&i| rest[i] == quote[0] && !is_escaped(rest, i)),
        several => rest
            .windows(several.len())
            .position(|window| window == several),
    };
    let end = inner + length.unwrap_or(rest.len());
    let bare_json = quote.is_empty() && bytes[sign] == b':' && bytes.get(at) == Some(&b'"');
    (end > inner).then_some((inner..end, bare_json))
}

/// Whether an odd number of backslashes stands in front of it.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at]
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count()
        % 2
        == 1
}

/// Credentials of a response's headers, and echoes of `known` in them.
pub fn headers(headers: &Headers, known: &[Secret]) -> Headers {
    headers
        .iter()
        .map(|(name, value)| {
            let masked = if is_credential(name) {
                MASK.into()
            } else {
                mask_occurrences(value, known)
            };
            (name, masked)
        })
        .collect()
}

pub fn mask_text(text: &str, known: &[Secret]) -> String {
    if known.is_empty() {
        text.to_owned()
    } else {
        String::from_utf8_lossy(&mask_occurrences(text.as_bytes(), known)).into_owned()
    }
}

/// Whether the token of a request is the mask of an export.
pub fn is_masked(provider: Option<&Provider>, request: &Request) -> bool {
    carried_secret(provider, request).is_some_and(|token| token.expose() == MASK.as_bytes())
}

/// The secret that stands in a request itself, where the provider's scheme puts it there.
pub fn carried_secret(provider: Option<&Provider>, request: &Request) -> Option<Secret> {
    let scheme = provider?
        .signature
        .as_ref()
        .filter(|scheme| scheme.sends_secret())?;
    carried(scheme, Envelope::of(request, None), &request.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_masked_however_its_key_is_written() {
        let path = "/payload/secret".parse().unwrap();
        let masked =
            |body: &str| String::from_utf8(without_token(body.as_bytes(), &path).unwrap()).unwrap();
        assert_eq!(
            masked(r#"{"payload":{"secret":["s3cret"]}}"#),
            r#"{"payload":{"secret":"[masked]"}}"#
        );
        assert_eq!(
            masked(r#"{"payload":{"\u0073ecret":"s3cret"},"payload":{"secret":1}}"#),
            r#"{"payload":{"\u0073ecret":"[masked]"},"payload":{"secret":"[masked]"}}"#
        );
    }

    #[test]
    fn a_token_is_masked_in_whatever_is_no_clean_json() {
        let keys = ["secret".to_owned()];
        for body in [
            &br#"{"payload":{"secret":"s3c\"tail","a":"#[..],
            br#"{"payload":{"secret" : "s3c\"tail"#,
            b"\xef\xbb\xbf{\"secret\":\"s3c tail\"} trailing",
            b"{\"secret\":\"s3c\xff tail\"}",
            br#"[{"deep":{"secret":"s3cret"}}]"#,
            br#"{"text":"{\"secret\":\"s3c tail\"}"}"#,
            b"a=1&secret=s3ctail&b=2",
            b"{'Secret':'s3c tail'}",
            b"secret: s3cret\n",
            br#"{"secret":12345}"#,
        ] {
            let (masked, _) = mask_keys(body, &keys).unwrap();
            let shown = String::from_utf8_lossy(&masked).into_owned();
            assert!(shown.contains(MASK), "{shown}");
            assert!(
                !shown.contains("s3c") && !shown.contains("tail") && !shown.contains("12345"),
                "{shown}"
            );
            assert_eq!(mask_keys(&masked, &keys), None, "once is enough: {shown}");
        }
        assert_eq!(mask_keys(b"the secret of success", &keys), None);
    }
}
