//! Ordinary requests: one connection pool for one place, no redirects, bounded responses.

use std::error::Error as _;
use std::path::PathBuf;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::place::Resolved;
use crate::message::{Headers, RemoteText, Request, Response};

/// How much of a response body is kept.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    /// Takes any certificate.
    pub insecure: bool,
    /// More root certificates, as a PEM file.
    pub ca_file: Option<PathBuf>,
}

/// Sends requests to one place.
#[derive(Debug)]
pub struct Client {
    inner: reqwest::Client,
    to: Resolved,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    pub kind: SendErrorKind,
    pub message: RemoteText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendErrorKind {
    Dns,
    /// Nothing listens at the port.
    Refused,
    Connect,
    Tls,
    Timeout,
    /// The connection broke before the response was complete.
    Broken,
    /// The request cannot be sent at all.
    Request,
}

impl SendErrorKind {
    /// The stable code for documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "connection_refused",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Broken => "connection_broken",
            Self::Request => "request",
        }
    }
}

impl Client {
    pub fn new(to: Resolved, options: &ClientOptions) -> Result<Self, String> {
        let https = to.place.is_https();
        let tls = super::tls::config(https, options.insecure, options.ca_file.as_deref())?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .http1_only()
            .referer(false);
        if to.is_loopback() {
            // A proxy is no way to this machine itself.
            builder = builder.no_proxy();
        }
        if let (Some(url::Host::Domain(domain)), false) =
            (to.place.url().host(), to.addresses.is_empty())
        {
            builder = builder.resolve_to_addrs(domain, &to.addresses);
        }
        let inner = builder
            .build()
            .map_err(|error| format!("the HTTP client cannot be set up: {error}"))?;
        Ok(Self { inner, to })
    }

    pub fn to(&self) -> &Resolved {
        &self.to
    }

    /// Sends a request and reads its response. `timeout` bounds both together; none: no bound.
    pub async fn send(
        &self,
        request: &Request,
        timeout: Option<Duration>,
    ) -> Result<Response, SendError> {
        match timeout {
            None => self.send_unbounded(request).await,
            Some(limit) => match tokio::time::timeout(limit, self.send_unbounded(request)).await {
                Ok(result) => result,
                Err(_) => Err(SendError {
                    kind: SendErrorKind::Timeout,
                    message: format!(
                        "no complete response within {}",
                        crate::duration::short(limit)
                    )
                    .into(),
                }),
            },
        }
    }

    async fn send_unbounded(&self, request: &Request) -> Result<Response, SendError> {
        let refused = |message: String| SendError {
            kind: SendErrorKind::Request,
            message: message.into(),
        };
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| refused(format!("`{}` is no HTTP method", request.method)))?;
        let mut outgoing =
            reqwest::Request::new(method, self.to.place.with_target(&request.target));
        for (name, value) in request.headers.iter() {
            let name = reqwest::header::HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| refused(format!("`{name}` is no header name")))?;
            let value = reqwest::header::HeaderValue::from_bytes(value)
                .map_err(|_| refused(format!("the value of `{name}` cannot stand in a header")))?;
            outgoing.headers_mut().append(name, value);
        }
        *outgoing.body_mut() = Some(request.body.clone().into());
        let mut response = self.inner.execute(outgoing).await.map_err(explain)?;
        let status = response.status().as_u16();
        let headers: Headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let mut body = BytesMut::new();
        let mut truncated = false;
        while let Some(chunk) = response.chunk().await.map_err(explain)? {
            let room = MAX_RESPONSE_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                truncated = true;
                break;
            }
        }
        Ok(Response {
            status,
            headers,
            body: Bytes::from(body),
            truncated,
        })
    }
}

/// Finds what went wrong behind the client's layers of errors.
fn explain(error: reqwest::Error) -> SendError {
    let mut kind = if error.is_timeout() {
        SendErrorKind::Timeout
    } else if error.is_connect() {
        SendErrorKind::Connect
    } else if error.is_builder() {
        SendErrorKind::Request
    } else {
        SendErrorKind::Broken
    };
    let mut message = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        message = cause.to_string();
        if cause.downcast_ref::<rustls::Error>().is_some()
            || message.contains("invalid peer certificate")
        {
            kind = SendErrorKind::Tls;
            break;
        }
        if message.contains("dns error") {
            kind = SendErrorKind::Dns;
        }
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            if io.kind() == std::io::ErrorKind::ConnectionRefused {
                kind = SendErrorKind::Refused;
            }
            if let Some(inner) = io
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            {
                kind = SendErrorKind::Tls;
                message = inner.to_string();
                break;
            }
        }
        source = cause.source();
    }
    if message.is_empty() {
        message = error.without_url().to_string();
    }
    SendError {
        kind,
        message: message.into(),
    }
}
