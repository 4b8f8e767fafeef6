//! Requests that a web page made: a site that a developer happens to visit must not reach their server.

use crate::message::Headers;

/// Whether a web page of another origin made the request: a browser then says so itself (`Sec-Fetch-Site`,
/// W3C Fetch Metadata; `Origin`, RFC 6454).
pub fn is_from_web_page(headers: &Headers) -> bool {
    let text = |name: &str| {
        let value = headers.get(name).map(String::from_utf8_lossy);
        value.map(|value| value.trim().to_ascii_lowercase())
    };
    if text("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site") {
        return true;
    }
    let Some(origin) = text("origin") else {
        return false;
    };
    let host = text("host").unwrap_or_default();
    origin.split_once("://").map(|(_, place)| place) != Some(host.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_page_is_told_from_a_tool_and_from_our_own_page() {
        let from = |fields: &[(&str, &str)]| {
            let headers = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect();
            is_from_web_page(&headers)
        };
        let host = ("host", "localhost:3000");
        assert!(!from(&[host]));
        assert!(!from(&[host, ("origin", "http://localhost:3000")]));
        assert!(!from(&[host, ("sec-fetch-site", "none")]));
        assert!(from(&[host, ("origin", "https://evil.example")]));
        assert!(from(&[host, ("origin", "null")]));
        assert!(from(&[host, ("origin", "http://localhost:3001")]));
        assert!(from(&[host, ("sec-fetch-site", "cross-site")]));
    }
}
