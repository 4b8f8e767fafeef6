//! Fetching a document that the user names by its URL, as opposed to delivering: redirects are followed, a proxy of
//! the environment is used, content codings are undone, and size and time are bounded.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use url::{Host, Url};

use super::FetchError;
use super::destination::Destination;
use super::tls::TlsOptions;

/// Redirects that are followed.
const MOST_REDIRECTS: usize = 10;

/// What a fetched document may cost.
#[derive(Clone, Copy, Debug)]
pub struct FetchLimits {
    /// The body's bytes, its content coding undone.
    pub bytes: usize,
    /// From the first look-up to the last byte.
    pub time: Duration,
}

/// The document at a URL. A URL of a public name or address leads to public addresses alone, redirects included: what
/// a stranger's server names must not be read from the user's own network.
///
/// # Errors
/// The look-up, the connection, a status other than 200, a bound.
pub async fn fetch(destination: &Destination, limits: FetchLimits) -> Result<Vec<u8>, FetchError> {
    let is_public = !is_own(destination.url());
    let tls = super::tls::client_config(&TlsOptions::default())?;
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("hookcli/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::custom(move |attempt| follow(attempt, is_public)))
        .timeout(limits.time);
    if is_public {
        builder = builder.dns_resolver(PublicOnly {
            proxy: proxy_of(destination.url()),
        });
    } else {
        // A proxy is no way to this machine itself.
        builder = builder.no_proxy();
    }
    let client = builder.build().map_err(|error| told(&error))?;
    let refused = |error: reqwest::Error| match error.is_timeout() {
        true => FetchError::Late(limits.time),
        false => told(&error),
    };
    let request = client
        .get(destination.url().clone())
        .header("accept", "*/*");
    let mut response = request.send().await.map_err(refused)?;
    if response.status() != 200 {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(refused)? {
        if bytes.len() + piece.len() > limits.bytes {
            return Err(FetchError::TooLong(limits.bytes));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn told(error: &reqwest::Error) -> FetchError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    FetchError::Failed(match cause.downcast_ref::<reqwest::Error>() {
        Some(_) => "it could not be fetched".to_owned(),
        None => cause.to_string(),
    })
}

fn follow(attempt: Attempt<'_>, is_public: bool) -> reqwest::redirect::Action {
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.error(format!("it redirects more than {MOST_REDIRECTS} times"));
    }
    if !matches!(attempt.url().scheme(), "http" | "https") {
        return attempt.error("it redirects to a URL that is neither http nor https");
    }
    if is_public && is_own(attempt.url()) {
        return attempt
            .error("it redirects from a public host to a private address, which is not followed");
    }
    attempt.follow()
}

/// Whether a URL says by itself that it is of this machine or its network.
fn is_own(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
        Some(Host::Domain(name)) => super::destination::is_localhost(name),
        None => false,
    }
}

/// The host of the proxy on the way to a URL: the user chose it, wherever it is.
fn proxy_of(url: &Url) -> Option<String> {
    let uri: Uri = url.as_str().parse().ok()?;
    let proxy = Matcher::from_env().intercept(&uri)?;
    proxy.uri().host().map(str::to_owned)
}

/// Looks names up, and knows public addresses alone.
struct PublicOnly {
    proxy: Option<String>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let is_proxy = self.proxy.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found
                .iter()
                .filter(|address| is_proxy || is_public(address.ip()))
                .copied()
                .collect();
            if let (true, Some(private)) = (public.is_empty(), found.first()) {
                return Err(format!(
                    "`{}` resolves to {}, a private address; to fetch from it, use that address in the URL",
                    name.as_str(),
                    private.ip()
                )
                .into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public Internet (IANA's special-purpose registries, RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, third, _] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_documentation()
                || first == 0
                || first >= 240
                || (first == 100 && second & 0xc0 == 64)
                || (first, second, third) == (192, 0, 0)
                || (first == 198 && second & 0xfe == 18))
        }
        IpAddr::V6(ip) => {
            let segments = ip.segments();
            let embedded = |high: u16, low: u16| {
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                is_public(IpAddr::from([a, b, c, d]))
            };
            match segments {
                // RFC 6052: an IPv4 address behind a translator.
                [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
                // RFC 3056: one behind a tunnel.
                [0x2002, high, low, ..] => embedded(high, low),
                [first, ..] => first & 0xe000 == 0x2000 && segments[..2] != [0x2001, 0xdb8],
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_special_networks_are_not_public() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "2606:4700::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn a_name_of_this_machine_is_its_own() {
        let own = |url: &str| is_own(&url.parse().unwrap());
        assert!(
            own("http://localhost:1/")
                && own("http://a.localhost/")
                && own("http://[::1]/")
                && own("http://2130706433/")
        );
        assert!(!own("http://localhost.example/") && !own("http://8.8.8.8/"));
    }
}
