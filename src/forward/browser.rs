//! Requests that a web page made: a site that a developer happens to visit must not reach their server.

use std::net::IpAddr;

use crate::message::Headers;

/// The hosts under which a listener is known: what it is bound to, and the names that the user gave it. A page
/// that reaches it under any other name was let in by that name's owner (DNS rebinding).
#[derive(Clone, Debug, Default)]
pub struct OwnHosts {
    bound: Option<IpAddr>,
    names: Vec<String>,
}

impl OwnHosts {
    /// `urls` are those under which senders know it, such as a tunnel's.
    pub fn new<'u>(bound: IpAddr, urls: impl IntoIterator<Item = &'u str>) -> Self {
        let names = urls.into_iter().filter_map(|url| {
            let url = url::Url::parse(url).ok()?;
            Some(url.host_str()?.to_ascii_lowercase())
        });
        Self {
            bound: Some(bound),
            names: names.collect(),
        }
    }

    /// Whether a `Host` is one of them, whatever the port: people forward ports.
    fn have(&self, host: &str) -> bool {
        let host = host.trim();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if self.names.contains(&name) {
            return true;
        }
        let Some(bound) = self.bound else {
            return false;
        };
        let on_loopback = bound.to_canonical().is_loopback() || bound.is_unspecified();
        match name.parse::<IpAddr>() {
            // An address is no name that somebody else could point here.
            Ok(ip) if ip.to_canonical().is_loopback() => on_loopback,
            Ok(ip) => ip == bound || bound.is_unspecified(),
            Err(_) => name == "localhost" && on_loopback,
        }
    }
}

/// Whether a web page of another origin made the request: a browser then says so itself (`Sec-Fetch-Site`,
/// W3C Fetch Metadata; `Origin`, RFC 6454), or it reached us under a name that is not ours.
pub fn is_from_web_page(headers: &Headers, own: &OwnHosts) -> bool {
    let (mut host, mut site, mut origin, mut is_browser) = (None, None, None, false);
    // Every request is looked at: once, and by the lengths of the names first.
    for (name, value) in headers.iter() {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        match name.len() {
            4 if is("host") => host = host.or(Some(value)),
            6 if is("origin") => origin = origin.or(Some(value)),
            14 if is("sec-fetch-site") => site = site.or(Some(value)),
            14 if is("sec-fetch-mode") => is_browser = true,
            _ => {}
        }
    }
    if site.is_none() && origin.is_none() && !is_browser {
        return false;
    }
    let text = |value: &[u8]| String::from_utf8_lossy(value).trim().to_ascii_lowercase();
    let host = host.map(text).unwrap_or_default();
    let site = site.map(text);
    if !own.have(&host) || site.is_some_and(|site| site == "cross-site" || site == "same-site") {
        return true;
    }
    origin.map(text).is_some_and(|origin| {
        origin.split_once("://").map(|(_, place)| place) != Some(host.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(own: &OwnHosts, fields: &[(&str, &str)]) -> bool {
        let headers = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect();
        is_from_web_page(&headers, own)
    }

    #[test]
    fn a_foreign_page_is_told_from_a_tool_and_from_our_own_page() {
        let own = OwnHosts::new("127.0.0.1".parse().unwrap(), []);
        let host = ("host", "localhost:3000");
        let from = |fields: &[(&str, &str)]| from(&own, fields);
        assert!(!from(&[host]));
        assert!(
            !from(&[("host", "tunnel.example")]),
            "a sender is no browser"
        );
        assert!(!from(&[host, ("origin", "http://localhost:3000")]));
        assert!(!from(&[host, ("sec-fetch-site", "none")]));
        assert!(from(&[host, ("origin", "https://evil.example")]));
        assert!(from(&[host, ("origin", "null")]));
        assert!(from(&[host, ("origin", "http://localhost:3001")]));
        assert!(from(&[host, ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn a_name_that_was_pointed_here_is_not_ours() {
        let own = OwnHosts::new("127.0.0.1".parse().unwrap(), ["https://my.example/hook"]);
        for (host, foreign) in [
            ("evil.example", true),
            ("evil.example:3000", true),
            ("localhost.evil.example", true),
            ("127.0.0.1.evil.example", true),
            ("192.0.2.1:3000", true),
            ("", true),
            ("localhost:1", false),
            ("LOCALHOST.:3000", false),
            ("127.0.0.1:3000", false),
            ("[::1]:3000", false),
            ("my.example", false),
        ] {
            let origin = format!("http://{host}");
            let same_origin = [("host", host), ("origin", origin.as_str())];
            let same_site = [("host", host), ("sec-fetch-site", "same-origin")];
            assert_eq!(from(&own, &same_origin), foreign, "{host}");
            assert_eq!(from(&own, &same_site), foreign, "{host}");
        }
        let all = OwnHosts::new("0.0.0.0".parse().unwrap(), []);
        assert!(!from(
            &all,
            &[("host", "192.0.2.1:3000"), ("sec-fetch-mode", "cors")]
        ));
        assert!(from(
            &all,
            &[("host", "evil.example"), ("sec-fetch-mode", "cors")]
        ));
    }
}
