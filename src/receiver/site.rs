//! Which requests to a local server come from where they may. Web pages can reach a server on this machine, by a name that
//! leads to it or from another origin: so each request is checked for the name by which it called and the page that it is
//! from.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, Uri, header};

/// The names by which a server may be called.
#[derive(Clone, Debug, Default)]
pub struct SiteRules {
    /// Host names besides `localhost` and the loopback addresses, in lower case.
    pub hosts: Vec<String>,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteRefusal {
    /// The name is none of the server's.
    Host,
    /// It is from a page of another origin.
    Origin,
    /// It is from another site.
    CrossSite,
}

impl SiteRules {
    /// Checks the head of a request. What is `guarded` is not even opened by following a link.
    ///
    /// # Errors
    /// It is not answered.
    pub fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        is_guarded: bool,
    ) -> Result<(), SiteRefusal> {
        let host = only(headers, &header::HOST).ok_or(SiteRefusal::Host)?;
        // A whole URL in the request line counts as much as the header (RFC 9112, section 3.2.2).
        let named = uri.authority().map(Authority::as_str);
        if !self.is_own_host(host) || named.is_some_and(|named| !self.is_own_host(named)) {
            return Err(SiteRefusal::Host);
        }
        if headers.contains_key(header::ORIGIN) {
            let origin = only(headers, &header::ORIGIN).ok_or(SiteRefusal::Origin)?;
            let authority = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            if authority.is_none_or(|authority| !authority.eq_ignore_ascii_case(host)) {
                return Err(SiteRefusal::Origin);
            }
        }
        if headers.contains_key("sec-fetch-site") {
            // Another port of this machine is the same site, and still someone else.
            let reads = *method == Method::GET || *method == Method::HEAD;
            let site = only(headers, &HeaderName::from_static("sec-fetch-site"));
            let is_fine = match site {
                Some("same-origin") => true,
                Some("none") => reads,
                Some("same-site") => reads && !is_guarded,
                _ => reads && !is_guarded && is_navigation(headers),
            };
            if !is_fine {
                return Err(SiteRefusal::CrossSite);
            }
        }
        Ok(())
    }

    /// Whether a Host header names this server: a page whose own name leads here has another one.
    fn is_own_host(&self, host: &str) -> bool {
        // What is no name with a port, and nothing else, names no one.
        let (name, port) = match host.strip_prefix('[') {
            Some(rest) => match rest.split_once(']') {
                Some((name, port)) if name.parse::<Ipv6Addr>().is_ok() => (name, port),
                _ => return false,
            },
            None => host.split_at(host.find(':').unwrap_or(host.len())),
        };
        let is_port = |text: &str| !text.is_empty() && text.parse::<u16>().is_ok();
        let has_port = port.strip_prefix(':').is_some_and(is_port);
        if name.is_empty() || !(port.is_empty() || has_port) {
            return false;
        }
        let is_loopback = name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        is_loopback || name == "localhost" || self.hosts.contains(&name)
    }
}

/// A link that a user follows to the page.
fn is_navigation(headers: &HeaderMap) -> bool {
    let is = |name: &'static str, value: &str| {
        only(headers, &HeaderName::from_static(name)) == Some(value)
    };
    is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document")
}

/// The value of a header that is there once, as text.
pub fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    match values.next() {
        None => value.to_str().ok(),
        Some(_) => None,
    }
}
