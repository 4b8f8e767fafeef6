//! Ordinary requests: one connection pool for one place, no redirects, bounded responses.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::header::{HeaderName, HeaderValue};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{Connected, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tower_service::Service;

use super::ClientError;
use super::connect::{Connection, Connector};
use super::destination::Resolved;
use super::shape::{Pieces, Shape, Shaped};
use super::spelling;
use super::stream::Stream;
use super::tls::TlsOptions;
use crate::model::{
    AttemptError, AttemptErrorKind, Headers, InvalidText, Phases, Request, Response,
    without_os_codes,
};

/// How much of a response body is kept.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

/// How many header fields an answer may have.
pub(super) const MOST_FIELDS: usize = 1000;

#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    pub tls: TlsOptions,
    /// How each request's bytes go out.
    pub shape: Shape,
}

/// Sends requests to one place.
pub struct Client {
    inner: legacy::Client<Opening, Pieces>,
    to: Resolved,
    odd_chunks: bool,
    proxy_authorization: Option<HeaderValue>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub result: Result<Response, AttemptError>,
    pub phases: Phases,
}

impl Client {
    /// # Errors
    /// Options that cannot be used.
    pub fn new(to: Resolved, options: &ClientOptions) -> Result<Self, ClientError> {
        let connector = Connector::new(to.clone(), &options.tls)?;
        let proxy_authorization = connector.proxy_authorization().cloned();
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        builder
            .set_host(false)
            .pool_timer(TokioTimer::new())
            .http1_preserve_header_case(true)
            // What curl takes of a server is taken.
            .http1_max_headers(MOST_FIELDS)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true);
        if !options.shape.is_plain() {
            // A request in a shape has a connection of its own, and is sent once.
            builder
                .pool_max_idle_per_host(0)
                .retry_canceled_requests(false);
        }
        Ok(Self {
            inner: builder.build(Opening {
                connector,
                shape: options.shape,
            }),
            to,
            odd_chunks: options.shape.odd_chunks,
            proxy_authorization,
        })
    }

    pub fn to(&self) -> &Resolved {
        &self.to
    }

    /// Sends a request and reads its response. `timeout` bounds both together; none: no bound.
    pub async fn send(&self, request: &Request, timeout: Option<Duration>) -> Sent {
        let mut request = match self.outgoing(request) {
            Ok(request) => request,
            Err(message) => {
                let kind = AttemptErrorKind::Request;
                let message = message.to_string().into();
                return Sent {
                    result: Err(AttemptError { kind, message }),
                    phases: Phases::default(),
                };
            }
        };
        let connection = capture_connection(&mut request);
        let first_byte = OnceLock::new();
        let exchange = self.exchange(request, &first_byte);
        let result = match timeout {
            None => exchange.await,
            Some(limit) => match tokio::time::timeout(limit, exchange).await {
                Ok(result) => result,
                Err(_) => Err(AttemptError {
                    kind: AttemptErrorKind::Timeout,
                    message: format!(
                        "no complete response within {}",
                        crate::model::duration::short(limit)
                    )
                    .into(),
                }),
            },
        };
        let mut extensions = hyper::http::Extensions::new();
        if let Some(connected) = &*connection.connection_metadata() {
            connected.get_extras(&mut extensions);
        }
        let opened = extensions.remove::<Opened>().unwrap_or_default();
        let mut phases = opened.take();
        // The time to the first byte begins where the connection is there.
        let before: Duration = [phases.connect, phases.tls].into_iter().flatten().sum();
        phases.first_byte = first_byte
            .get()
            .map(|time: &Duration| time.saturating_sub(before));
        Sent { result, phases }
    }

    /// The request as hyper wants it; its target as it is.
    fn outgoing(&self, request: &Request) -> Result<hyper::Request<Pieces>, InvalidText> {
        let method = hyper::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| format!("`{}` is not a valid HTTP method", request.method))?;
        let url = self.to.destination.url();
        let uri = hyper::Uri::builder()
            .scheme(url.scheme())
            .authority(self.to.destination.authority())
            .path_and_query(request.target.as_str())
            .build()
            .map_err(|error| {
                format!(
                    "`{}` is not a valid URL to request: {error}",
                    request.target
                )
            })?;
        let mut outgoing = hyper::Request::new(Pieces::new(request.body.clone(), self.odd_chunks));
        *outgoing.method_mut() = method;
        *outgoing.uri_mut() = uri;
        *outgoing.extensions_mut() = spelling::of(&request.headers);
        let headers = outgoing.headers_mut();
        for (name, value) in request.headers.iter() {
            if self.odd_chunks && name.eq_ignore_ascii_case("content-length") {
                continue;
            }
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("`{name}` is not a valid header name"))?;
            let value = HeaderValue::from_bytes(value)
                .map_err(|_| format!("the value of `{name}` is not valid in a header"))?;
            headers.append(name, value);
        }
        if let Some(authorization) = &self.proxy_authorization {
            headers.insert(hyper::header::PROXY_AUTHORIZATION, authorization.clone());
        }
        Ok(outgoing)
    }

    async fn exchange(
        &self,
        request: hyper::Request<Pieces>,
        first_byte: &OnceLock<Duration>,
    ) -> Result<Response, AttemptError> {
        let begun = Instant::now();
        let (head, mut incoming) = self
            .inner
            .request(request)
            .await
            .map_err(|error| explain(&error))?
            .into_parts();
        // It is set here alone, and once.
        let _ = first_byte.set(begun.elapsed());
        let headers = Headers::from(&head.headers);
        let mut body = BytesMut::new();
        let mut truncated = false;
        while let Some(frame) = incoming.frame().await {
            let frame = frame.map_err(|error| explain(&error))?;
            let Ok(chunk) = frame.into_data() else {
                continue;
            };
            let room = MAX_RESPONSE_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                truncated = true;
                break;
            }
        }
        Ok(Response {
            status: head.status.as_u16(),
            headers,
            body: Bytes::from(body),
            truncated,
        })
    }
}

/// Opens connections for the client's pool.
#[derive(Clone)]
struct Opening {
    connector: Connector,
    shape: Shape,
}

/// What opening a connection took, for the first request on it to tell.
#[derive(Clone, Default)]
struct Opened(Arc<Mutex<Phases>>);

impl Opened {
    fn take(&self) -> Phases {
        self.0
            .lock()
            .map(|mut phases| std::mem::take(&mut *phases))
            .unwrap_or_default()
    }
}

/// A connection of the pool.
struct Pooled {
    stream: ClientStream,
    opened: Opened,
    to_proxy: bool,
}

/// The way of a request's bytes.
enum ClientStream {
    Plain(TokioIo<Stream>),
    Shaped(TokioIo<Shaped>),
}

impl Service<hyper::Uri> for Opening {
    type Response = Pooled;
    type Error = AttemptError;
    type Future = Pin<Box<dyn Future<Output = Result<Pooled, AttemptError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), AttemptError>> {
        Poll::Ready(Ok(()))
    }

    /// The place is the connector's, whatever the URI.
    fn call(&mut self, _: hyper::Uri) -> Self::Future {
        let (connector, shape) = (self.connector.clone(), self.shape);
        Box::pin(async move {
            let Connection {
                stream,
                phases,
                to_proxy,
            } = connector.open().await?;
            Ok(Pooled {
                stream: if shape.is_plain() {
                    ClientStream::Plain(TokioIo::new(stream))
                } else {
                    ClientStream::Shaped(TokioIo::new(Shaped::new(stream, shape)))
                },
                opened: Opened(Arc::new(Mutex::new(phases))),
                to_proxy,
            })
        })
    }
}

impl legacy::connect::Connection for Pooled {
    fn connected(&self) -> Connected {
        Connected::new()
            .proxy(self.to_proxy)
            .extra(self.opened.clone())
    }
}

impl hyper::rt::Read for Pooled {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            ClientStream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            ClientStream::Shaped(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl hyper::rt::Write for Pooled {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().stream {
            ClientStream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            ClientStream::Shaped(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            ClientStream::Plain(stream) => Pin::new(stream).poll_flush(context),
            ClientStream::Shaped(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            ClientStream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            ClientStream::Shaped(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

/// What a TLS server says to a plain request, in words.
pub(super) const NOT_HTTP: &str =
    "the response is not HTTP; if the server speaks TLS, use an https:// URL";

/// Finds what went wrong behind the layers of errors.
fn explain(error: &(dyn std::error::Error + 'static)) -> AttemptError {
    let mut innermost = error;
    loop {
        if let Some(known) = innermost.downcast_ref::<AttemptError>() {
            return known.clone();
        }
        if let Some(error) = innermost.downcast_ref::<hyper::Error>()
            && error.is_incomplete_message()
        {
            return broken("the connection was closed before a complete response arrived");
        }
        if let Some(error) = innermost
            .downcast_ref::<hyper::Error>()
            .filter(|error| error.is_parse())
        {
            let what = error.to_string();
            return match what.contains("version") {
                true => broken(NOT_HTTP),
                false => broken(&format!("the head of the response cannot be read: {what}")),
            };
        }
        let inner = innermost
            .downcast_ref::<io::Error>()
            .and_then(|io| io.get_ref())
            .map(|inner| inner as &(dyn std::error::Error + 'static))
            .or_else(|| innermost.source());
        match inner {
            Some(inner) => innermost = inner,
            None => break,
        }
    }
    let kind = innermost.downcast_ref::<io::Error>().map(io::Error::kind);
    match kind {
        Some(io::ErrorKind::ConnectionReset) => {
            broken("the connection was reset before a complete response arrived")
        }
        Some(io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof) => {
            broken("the connection was closed before a complete response arrived")
        }
        _ => broken(&format!(
            "the connection failed: {}",
            without_os_codes(&innermost.to_string())
        )),
    }
}

fn broken(message: &str) -> AttemptError {
    AttemptError {
        kind: AttemptErrorKind::Broken,
        message: message.to_owned().into(),
    }
}
