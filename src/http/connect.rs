//! Opening a connection: the way to a place, through a proxy where there is one, and TLS. Every step is timed.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_util::either::Either;
use tower_service::Service;

use super::ClientError;
use super::destination::{Resolved, is_localhost};
use super::stream::Stream;
use super::tls::TlsOptions;
use crate::model::{AttemptError, AttemptErrorKind, Phases, without_os_codes};

/// After so long without an answer of an address the next one is tried as well (RFC 8305, section 8).
const NEXT_ADDRESS_AFTER: Duration = Duration::from_millis(300);

/// How connections to one place are opened.
#[derive(Clone)]
pub struct Connector {
    to: Arc<Resolved>,
    tls: Option<TlsConnector>,
    proxy: Option<Arc<Intercept>>,
}

/// A connection that is open.
pub struct Connection {
    pub stream: Stream,
    pub phases: Phases,
    /// Requests name the whole URL, for it is a proxy that reads them.
    pub to_proxy: bool,
}

impl Connector {
    /// # Errors
    /// Options that cannot be used.
    pub fn new(to: Resolved, options: &TlsOptions) -> Result<Self, ClientError> {
        let tls = to.destination.is_https().then(|| {
            super::tls::client_config(options).map(|config| TlsConnector::from(Arc::new(config)))
        });
        // A proxy is no way to this machine itself.
        let proxy = if to.is_loopback() {
            None
        } else {
            let uri = to.destination.url_without_credentials().as_str().parse();
            uri.ok()
                .and_then(|uri: Uri| Matcher::from_env().intercept(&uri))
        };
        if let Some(proxy) = &proxy
            && proxy.uri().scheme_str() != Some("http")
        {
            return Err(ClientError::Proxy {
                destination: to.destination.to_string(),
            });
        }
        Ok(Self {
            to: Arc::new(to),
            tls: tls.transpose()?,
            proxy: proxy.map(Arc::new),
        })
    }

    /// The same, past any proxy.
    pub fn direct(mut self) -> Self {
        self.proxy = None;
        self
    }

    /// What a proxy wants to be told of its user with a plain request.
    pub fn proxy_authorization(&self) -> Option<&hyper::header::HeaderValue> {
        let proxy = self.proxy.as_ref().filter(|_| self.tls.is_none())?;
        proxy.basic_auth()
    }

    /// # Errors
    /// What stood in the way, told apart: the name, the port, the certificate.
    pub async fn open(&self) -> Result<Connection, AttemptError> {
        let started = Instant::now();
        let (tcp, to_proxy) = match &self.proxy {
            None => (self.reach().await?, false),
            Some(proxy) => (self.reach_through(proxy).await?, self.tls.is_none()),
        };
        let mut phases = Phases {
            dns: self.to.lookup.filter(|_| self.proxy.is_none()),
            connect: Some(started.elapsed()),
            ..Phases::default()
        };
        // Whatever is sent, is sent at once.
        tcp.set_nodelay(true).map_err(|error| self.failed(&error))?;
        let Some(tls) = &self.tls else {
            return Ok(Connection {
                stream: Either::Left(tcp),
                phases,
                to_proxy,
            });
        };
        let begun = Instant::now();
        let host = self.to.destination.host();
        let name = ServerName::try_from(host.to_owned()).map_err(|_| AttemptError {
            kind: AttemptErrorKind::Tls,
            message: format!("`{host}` is not a host name that a certificate can contain").into(),
        })?;
        let stream = tls.connect(name, tcp).await.map_err(tls_failed)?;
        phases.tls = Some(begun.elapsed());
        Ok(Connection {
            stream: Either::Right(Box::new(stream)),
            phases,
            to_proxy,
        })
    }

    /// The addresses that the name had when it was looked up, and no others.
    async fn reach(&self) -> Result<TcpStream, AttemptError> {
        if let Some(error) = &self.to.unknown {
            return Err(AttemptError {
                kind: AttemptErrorKind::Dns,
                message: error.clone(),
            });
        }
        let addresses = &self.to.addresses;
        if !is_localhost(self.to.destination.host()) {
            return self.reach_one_of(addresses.clone()).await;
        }
        // One of the loopback addresses can be without a server, or not exist at all: what the first one says counts
        // where none answers.
        let mut first = None;
        for &address in addresses {
            match self.reach_one_of(vec![address]).await {
                Ok(stream) => return Ok(stream),
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        Err(first.unwrap_or_else(|| self.failed(&io::ErrorKind::AddrNotAvailable.into())))
    }

    /// No connection came about.
    fn failed(&self, error: &io::Error) -> AttemptError {
        let why = match error.kind() {
            io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            io::ErrorKind::TimedOut => "the connection attempt timed out".to_owned(),
            io::ErrorKind::HostUnreachable => "the host is unreachable".to_owned(),
            io::ErrorKind::NetworkUnreachable => "the network is unreachable".to_owned(),
            _ => without_os_codes(&error.to_string()),
        };
        AttemptError {
            kind: match error.kind() {
                io::ErrorKind::ConnectionRefused => AttemptErrorKind::Refused,
                _ => AttemptErrorKind::Connect,
            },
            message: format!(
                "could not connect to {}: {why}",
                self.to.destination.authority()
            )
            .into(),
        }
    }

    async fn reach_one_of(&self, addresses: Vec<SocketAddr>) -> Result<TcpStream, AttemptError> {
        let mut connector = HttpConnector::new_with_resolver(Known(addresses));
        connector.enforce_http(false);
        connector.set_happy_eyeballs_timeout(Some(NEXT_ADDRESS_AFTER));
        let place = Uri::builder()
            .scheme("http")
            .authority(format!("known:{}", self.to.destination.port()))
            .path_and_query("/")
            .build()
            .map_err(|error| self.failed(&io::Error::other(error)))?;
        let stream = connector.call(place).await.map_err(|error| {
            // The crate's error is a step of the way; its source is what the system said.
            let cause = std::error::Error::source(&error)
                .and_then(|cause| cause.downcast_ref::<io::Error>());
            match cause {
                Some(cause) => self.failed(cause),
                None => self.failed(&io::Error::other(error.to_string())),
            }
        })?;
        Ok(stream.into_inner())
    }

    async fn reach_through(&self, proxy: &Intercept) -> Result<TcpStream, AttemptError> {
        let refused = |error: &dyn std::error::Error| AttemptError {
            kind: AttemptErrorKind::Connect,
            message: format!(
                "the proxy {}: {}",
                proxy.uri(),
                error
                    .source()
                    .map_or_else(|| error.to_string(), ToString::to_string)
            )
            .into(),
        };
        let mut connector = HttpConnector::new();
        let stream = if self.tls.is_none() {
            let reached = connector.call(proxy.uri().clone()).await;
            reached.map_err(|error| refused(&error))?
        } else {
            let place = self.to.destination.url_without_credentials();
            let place: Uri = place
                .as_str()
                .parse()
                .map_err(|error: hyper::http::uri::InvalidUri| refused(&error))?;
            let mut tunnel = Tunnel::new(proxy.uri().clone(), connector);
            if let Some(authorization) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(authorization.clone());
            }
            tunnel.call(place).await.map_err(|error| refused(&error))?
        };
        Ok(stream.into_inner())
    }
}

/// Answers with what is known, whatever the name.
#[derive(Clone)]
struct Known(Vec<SocketAddr>);

impl Service<Name> for Known {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = std::future::Ready<Result<Self::Response, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        std::future::ready(Ok(self.0.clone().into_iter()))
    }
}

/// What is said of a server that answers a TLS handshake with something else.
pub const NO_TLS: &str = "the server does not speak TLS; use an http:// URL";

fn tls_failed(error: io::Error) -> AttemptError {
    let inner = error.get_ref();
    let message = match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidMessage(_)) => NO_TLS.to_owned(),
        _ => inner.map_or_else(|| error.to_string(), ToString::to_string),
    };
    AttemptError {
        kind: AttemptErrorKind::Tls,
        message: message.into(),
    }
}
