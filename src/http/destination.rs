//! Where a request goes: a URL, or the short forms of one on this machine.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::time::{Duration, Instant};

use url::Url;

use crate::model::{RemoteText, without_os_codes};

/// A URL as it was given. `3000`, `:3000/path` and `localhost:3000/path` are on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination(Url);

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DestinationError {
    #[error(
        "invalid URL `{0}`: use a URL or a local port, for example http://localhost:3000/path or 3000"
    )]
    NotAUrl(String),
    #[error("unsupported URL `{0}`: use an http or https URL")]
    Scheme(String),
}

impl FromStr for Destination {
    type Err = DestinationError;

    fn from_str(text: &str) -> Result<Self, DestinationError> {
        let refused = || DestinationError::NotAUrl(text.to_owned());
        let local = text.strip_prefix(':').unwrap_or(text);
        let port_digits = local.bytes().take_while(u8::is_ascii_digit).count();
        let port_then_path = port_digits > 0
            && matches!(local.as_bytes().get(port_digits), None | Some(b'/' | b'?'));
        let full = if port_then_path {
            format!("http://localhost:{local}")
        } else if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&full).map_err(|_| refused())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(DestinationError::Scheme(url.scheme().to_owned()));
        }
        if url.host_str().is_none_or(str::is_empty) || url.port() == Some(0) {
            return Err(refused());
        }
        Ok(Self(url))
    }
}

/// Without the user and the password that a URL can hold: either may be a key.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.password().is_none() && self.0.username().is_empty() {
            return f.write_str(self.0.as_str());
        }
        let mut shown = self.0.clone();
        // A URL with a host can always have these replaced.
        let _ = shown.set_password(None);
        let _ = shown.set_username("***");
        f.write_str(shown.as_str())
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Destination {
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Without user and password: they travel in a header, and are signed by no one.
    pub fn url_without_credentials(&self) -> Url {
        let mut url = self.0.clone();
        // A URL with a host can always have these replaced.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(80)
    }

    /// Path and query: what the request line says.
    pub fn target(&self) -> String {
        match self.0.query() {
            Some(query) => format!("{}?{query}", self.0.path()),
            None => self.0.path().to_owned(),
        }
    }

    /// What the `Host` header says.
    pub fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The same place with one more parameter in its query.
    pub fn with_parameter(&self, name: &str, value: &str) -> Self {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair(name, value);
        Self(url)
    }

    /// The same place with the query of `url`, which a signature has added to.
    pub fn with_query_of(&self, url: &str) -> Self {
        let mut own = self.0.clone();
        own.set_query(url.split_once('?').map(|(_, query)| query));
        Self(own)
    }

    /// The same place with another path and query behind its own path.
    pub fn with_path_of(&self, target: &str) -> Self {
        let mut url = self.0.clone();
        let (path, query) = split_target(target);
        let joined = format!(
            "{}/{}",
            url.path().trim_end_matches('/'),
            path.trim_start_matches('/')
        );
        url.set_path(&joined);
        url.set_query(query);
        Self(url)
    }

    /// Where a received request is forwarded to. A URL with a path or a query is exact; one without keeps the path and query
    /// that the sender asked for. The host is never the sender's to choose.
    pub fn for_request(&self, asked: &str) -> Self {
        if self.target() == "/" {
            self.with_path_of(path_of(asked))
        } else {
            self.clone()
        }
    }

    /// What the request line says there: the sender's own path and query, byte for byte, or those of an exact URL.
    pub fn target_for_request(&self, asked: &str) -> String {
        if self.target() != "/" {
            return self.target();
        }
        match path_of(asked) {
            path if path.starts_with('/') => path.to_owned(),
            other => format!("/{other}"),
        }
    }

    /// The name or the address, without the brackets of the latter.
    pub fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Looks up the host. A name that does not resolve is not an error here; connecting reports it.
    pub async fn resolve(&self) -> Resolved {
        let begun = Instant::now();
        let found = tokio::net::lookup_host((self.host(), self.port())).await;
        let is_name = matches!(self.0.host(), Some(url::Host::Domain(_)));
        let (addresses, unknown) = match found {
            found if is_localhost(self.host()) => {
                (loopbacks(found.into_iter().flatten(), self.port()), None)
            }
            Ok(found) => (found.collect(), None),
            Err(error) => {
                let why = without_os_codes(&error.to_string());
                let why = why.trim_start_matches("failed to lookup address information: ");
                let message = format!("could not resolve the host `{}`: {why}", self.host());
                (Vec::new(), Some(message.into()))
            }
        };
        Resolved {
            destination: self.clone(),
            addresses,
            unknown,
            lookup: is_name.then(|| begun.elapsed()),
        }
    }
}

/// Whether a name is one of this machine wherever it is looked up: `localhost`, and what ends with `.localhost`
/// (RFC 6761, section 6.3).
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Both addresses of `localhost`, those that the system knows first: a server may have either alone.
fn loopbacks(found: impl Iterator<Item = SocketAddr>, port: u16) -> Vec<SocketAddr> {
    let mut all: Vec<SocketAddr> = found.filter(|address| address.ip().is_loopback()).collect();
    for ip in [
        IpAddr::from(Ipv4Addr::LOCALHOST),
        IpAddr::from(Ipv6Addr::LOCALHOST),
    ] {
        let address = SocketAddr::new(ip, port);
        if !all.contains(&address) {
            all.push(address);
        }
    }
    all
}

/// Path and query of a request's target.
fn split_target(target: &str) -> (&str, Option<&str>) {
    target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)))
}

/// A place and the addresses that its host has now; deliveries go to these and no others.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub destination: Destination,
    pub addresses: Vec<SocketAddr>,
    /// Why there are none.
    pub unknown: Option<RemoteText>,
    /// How long that took, where there was a name to look up.
    pub lookup: Option<Duration>,
}

impl Resolved {
    /// Waits until something accepts connections at the place. False: nothing did in time.
    pub async fn wait_until_listening(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        loop {
            let fresh = self.destination.resolve().await;
            for address in &fresh.addresses {
                let connecting = tokio::net::TcpStream::connect(address);
                if matches!(
                    tokio::time::timeout(Duration::from_secs(1), connecting).await,
                    Ok(Ok(_))
                ) {
                    return true;
                }
            }
            if Instant::now() >= until {
                return false;
            }
            tokio::time::sleep(
                Duration::from_millis(50).min(until.saturating_duration_since(Instant::now())),
            )
            .await;
        }
    }

    /// What needs no looking up.
    pub fn known(destination: Destination, address: SocketAddr) -> Self {
        Self {
            destination,
            addresses: vec![address],
            unknown: None,
            lookup: None,
        }
    }

    /// Every address is one of this machine's own.
    pub fn is_loopback(&self) -> bool {
        let loopback = |address: &SocketAddr| address.ip().to_canonical().is_loopback();
        !self.addresses.is_empty() && self.addresses.iter().all(loopback)
    }
}

/// Path and query of a request target; of an absolute URL, the part after its host
/// (RFC 9112, section 3.2.2).
fn path_of(asked: &str) -> &str {
    match asked.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            rest.find('/').map_or("/", |at| &rest[at..])
        }
        _ => asked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> String {
        text.parse::<Destination>().unwrap().to_string()
    }

    #[test]
    fn the_short_forms_are_on_this_machine() {
        assert_eq!(url("3000"), "http://localhost:3000/");
        assert_eq!(url(":3000/hook?a=1"), "http://localhost:3000/hook?a=1");
        assert_eq!(url("localhost:3000/hook"), "http://localhost:3000/hook");
        assert_eq!(url("127.0.0.1:3000"), "http://127.0.0.1:3000/");
        assert_eq!(url("https://example.com"), "https://example.com/");
    }

    #[test]
    fn what_cannot_be_delivered_to_is_refused() {
        for text in [
            "",
            "http://",
            "ftp://x/",
            "99999",
            "http://:80",
            "file:///etc/passwd",
        ] {
            assert!(text.parse::<Destination>().is_err(), "{text}");
        }
    }

    #[test]
    fn who_a_url_says_one_is_is_not_shown() {
        for text in [
            "http://user:hunter2@localhost/x",
            "http://sk_live_1@localhost/x",
        ] {
            assert_eq!(url(text), "http://***@localhost/x");
        }
    }

    #[test]
    fn a_kept_path_goes_behind_the_own_one() {
        let destination: Destination = "http://localhost:3000/base".parse().unwrap();
        assert_eq!(
            destination.with_path_of("/hook?x=1").to_string(),
            "http://localhost:3000/base/hook?x=1"
        );
    }

    #[test]
    fn a_url_with_a_path_is_exact_and_the_host_is_never_the_senders() {
        let destination = |url: &str, asked: &str| {
            let destination: Destination = url.parse().unwrap();
            destination.for_request(asked).to_string()
        };
        assert_eq!(destination("3000", "/a?b=1"), "http://localhost:3000/a?b=1");
        assert_eq!(
            destination("3000/hook", "/a?b=1"),
            "http://localhost:3000/hook"
        );
        assert_eq!(destination("3000/?x=1", "/a"), "http://localhost:3000/?x=1");
        for asked in ["http://evil.example/a", "https://evil.example:1/a"] {
            assert_eq!(destination("3000", asked), "http://localhost:3000/a");
        }
        assert_eq!(
            destination("3000", "http://evil.example"),
            "http://localhost:3000/"
        );
        assert_eq!(
            destination("3000", "//evil.example/a"),
            "http://localhost:3000/evil.example/a"
        );
        assert_eq!(destination("3000", "*"), "http://localhost:3000/*");
        let aimed = |url: &str, asked: &str| {
            let destination: Destination = url.parse().unwrap();
            destination.target_for_request(asked)
        };
        for path in [
            "/a/../..%2f..//b?x",
            "/a\\..\\b",
            "//evil.example/x",
            "/{d}",
        ] {
            assert_eq!(aimed("3000", path), path, "byte for byte");
        }
        assert_eq!(aimed("3000/hook?x=1", "/a"), "/hook?x=1");
        assert_eq!(aimed("3000", "http://evil.example/a"), "/a");
    }
}
