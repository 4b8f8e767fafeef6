//! Requests that a web page made: a site that a developer happens to visit must not reach their server.

use std::net::IpAddr;

use crate::http::is_localhost;
use crate::model::Headers;

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
        let name = host_name(host);
        if self.names.contains(&name) {
            return true;
        }
        let Some(bound) = self.bound else {
            return false;
        };
        let on_loopback = bound.to_canonical().is_loopback() || bound.is_unspecified();
        match name.parse::<IpAddr>() {
            // An address is no name that someone else could point here.
            Ok(ip) if ip.to_canonical().is_loopback() => on_loopback,
            Ok(ip) => ip == bound || bound.is_unspecified(),
            Err(_) => is_localhost(&name) && on_loopback,
        }
    }
}

/// Whether a web page of another origin made the request, or may have. A browser says so itself (`Sec-Fetch-Site`,
/// W3C Fetch Metadata; `Origin`, RFC 6454; `Referer`), but not everything to every host: to a name that is not
/// ours, and to an address that is not this machine's loopback, whatever looks like a browser counts as one.
pub fn is_from_web_page(headers: &Headers, own: &OwnHosts) -> bool {
    let (mut host, mut site, mut origin, mut referer) = (None, None, None, None);
    let mut is_browser = false;
    // Every request is looked at: once, and by the lengths of the names first.
    for (name, value) in headers.iter() {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        match name.len() {
            4 if is("host") => host = host.or(Some(value)),
            6 if is("origin") => origin = origin.or(Some(value)),
            7 if is("referer") => referer = referer.or(Some(value)),
            10 if is("user-agent") => {
                // Robots that call themselves one say `compatible`.
                is_browser |= value.starts_with(b"Mozilla/5.0 (")
                    && !value.windows(11).any(|window| window == b"compatible;");
            }
            14 if is("sec-fetch-site") => site = site.or(Some(value)),
            15 if is("accept-language") => is_browser = true,
            25 if is("upgrade-insecure-requests") => is_browser = true,
            4.. if name.as_bytes()[..4].eq_ignore_ascii_case(b"sec-") => is_browser = true,
            _ => {}
        }
    }
    if site.is_none() && origin.is_none() && referer.is_none() && !is_browser {
        return false;
    }
    let text = |value: &[u8]| String::from_utf8_lossy(value).trim().to_ascii_lowercase();
    let host = host.map(text).unwrap_or_default();
    if !own.have(&host) {
        return true;
    }
    let is_own = |url: &str| {
        let place = url.split_once("://").map(|(_, place)| place);
        place.and_then(|place| place.split('/').next()) == Some(host.as_str())
    };
    let (site, origin, referer) = (site.map(text), origin.map(text), referer.map(text));
    let has_own_origin = match origin {
        Some(origin) if !is_own(&origin) => return true,
        origin => origin.is_some(),
    };
    match site.as_deref() {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        // To this machine's loopback a browser says where a request is from.
        None if has_own_origin => false,
        None => !is_loopback(&host) || referer.is_some_and(|referer| !is_own(&referer)),
    }
}

/// Whether a `Host` is this machine's loopback: a browser trusts it as it does https.
fn is_loopback(host: &str) -> bool {
    let name = host_name(host);
    name == "localhost"
        || name
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// The name of a `Host`, without its port.
fn host_name(host: &str) -> String {
    let host = host.trim();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.trim_end_matches('.').to_ascii_lowercase()
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
        assert!(from(&[host, ("sec-fetch-site", "cross-site, none")]));
        assert!(from(&[host, ("referer", "https://evil.example/x")]));
        assert!(!from(&[
            host,
            ("referer", "http://localhost:3000/x"),
            ("accept-language", "en")
        ]));
        for browser in [
            ("referer", "http://evil.example/x"),
            ("sec-fetch-dest", "image"),
            ("accept-language", "en"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/1"),
        ] {
            assert!(from(&[("host", "evil.example"), browser]), "{browser:?}");
        }
        let robot = ("user-agent", "Mozilla/5.0 (compatible; Sender/1.0)");
        assert!(!from(&[("host", "tunnel.example"), robot]));
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
        let lan = ("host", "192.0.2.1:3000");
        assert!(!from(&all, &[lan]), "a sender is no browser");
        // A browser says no more than this to such a host.
        assert!(from(&all, &[lan, ("accept-language", "en")]));
        let own_page = [
            ("origin", "http://192.0.2.1:3000"),
            ("accept-language", "en"),
        ];
        assert!(!from(&all, &[&[lan], &own_page[..]].concat()));
        assert!(from(
            &all,
            &[("host", "evil.example"), ("sec-fetch-mode", "cors")]
        ));
    }
}
