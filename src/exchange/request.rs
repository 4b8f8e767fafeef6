//! A request as clients write it.

use url::Url;

use super::Recorded;
use crate::model::{Headers, InvalidText, Request};

/// The headers that are the request's own, and not its client's to say: neither its host nor how it is framed.
pub(super) fn own_headers(request: &Request) -> impl Iterator<Item = (&str, &[u8])> {
    request.headers.iter().filter(|(name, _)| {
        !["host", "content-length", "transfer-encoding", "connection"]
            .iter()
            .any(|client| name.eq_ignore_ascii_case(client))
    })
}

/// The same, a repeated one joined by commas (RFC 9110, section 5.3): for clients that take a name once.
pub(super) fn joined_headers(request: &Request) -> Vec<(&str, Vec<u8>)> {
    let mut all: Vec<(&str, Vec<u8>)> = Vec::new();
    for (name, value) in own_headers(request) {
        match all
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            Some((_, joined)) => {
                joined.extend_from_slice(b", ");
                joined.extend_from_slice(value);
            }
            None => all.push((name, value.to_vec())),
        }
    }
    all
}

/// What clients that follow WHATWG's URL standard call instead, where that is another URL.
pub(super) fn url_note(recorded: &Recorded) -> Option<String> {
    let url = recorded.url();
    let parsed = Url::parse(&url).ok()?;
    (parsed.as_str() != url).then(|| format!("This client calls {parsed}"))
}

/// Whether a request can be written as one: a method that is a token, and no line break or other control where none
/// can stand (RFC 9110, sections 5.1, 5.5 and 9.1).
pub fn check(request: &Request) -> Result<(), InvalidText> {
    if !is_token(&request.method) {
        return Err(format!("`{}` is not a valid method", request.method.escape_debug()).into());
    }
    let target = &request.target;
    if target.is_empty() || target.contains(|c: char| c.is_control() || c == ' ') {
        return Err(format!("`{}` is not a valid path", target.escape_debug()).into());
    }
    for (name, value) in request.headers.iter() {
        if !is_token(name) || value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return Err(format!("`{}` is not a valid header", name.escape_debug()).into());
        }
    }
    Ok(())
}

/// RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A request to a URL as clients write it: its path and query are the request line's, and `Host` says the rest where
/// no header of that name is there.
pub(super) fn to_url(
    method: String,
    url: &str,
    mut headers: Headers,
    body: Vec<u8>,
) -> Result<Recorded, InvalidText> {
    let scheme_less = !url.contains("://");
    let whole = if scheme_less {
        format!("http://{url}")
    } else {
        url.to_owned()
    };
    let parsed =
        Url::parse(&whole).map_err(|error| format!("`{}`: {error}", url.escape_debug()))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(format!("`{}` is not an http or https URL", url.escape_debug()).into());
    }
    let host = parsed.host_str().unwrap_or_default();
    let host = match parsed.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    if !headers.contains("host") {
        headers = std::iter::once(("Host", host.as_bytes()))
            .chain(headers.iter())
            .collect();
    }
    Ok(Recorded {
        over_tls: parsed.scheme() == "https",
        ..Recorded::bare(Request {
            method,
            target: target_as_written(&whole, &parsed),
            headers,
            body: body.into(),
        })
    })
}

/// Path and query of a URL with the letters that stand there, for a signature may cover them; what cannot stand in a
/// request line is escaped.
fn target_as_written(url: &str, parsed: &Url) -> String {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let at = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let target = behind[at..].split('#').next().unwrap_or_default();
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
    match target {
        "" => "/".to_owned(),
        target if is_plain && target.starts_with('/') => target.to_owned(),
        target if is_plain => format!("/{target}"),
        _ => parsed.query().map_or_else(
            || parsed.path().to_owned(),
            |query| format!("{}?{query}", parsed.path()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_called_as_it_was_written() {
        let read = to_url(
            "POST".into(),
            "HTTPS://Hooks.Example.com:443/a%2fb/../c?x='1'#f",
            Headers::new(),
            Vec::new(),
        )
        .unwrap();
        assert_eq!(read.request.target, "/a%2fb/../c?x='1'");
        assert_eq!(
            read.request.headers.get("host"),
            Some(&b"hooks.example.com"[..])
        );
        assert!(read.over_tls);
    }
}
