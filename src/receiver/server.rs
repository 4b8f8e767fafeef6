//! The server: accepts, bounds, reads whole requests, asks the handler, answers, drains at the end.
//!
//! | bound | answer |
//! |---|---|
//! | body too long | 413 |
//! | head too long, or with too many fields | 431 |
//! | head that is not HTTP | 400 |
//! | an answer that is not read | the connection is reset |
//! | head or body too slow | 408 |
//! | too much buffered in all | 503 |
//! | too many connections | closed; those on which nothing happens make room |
//! | nothing comes | closed |
//! | the TLS handshake fails, or is too slow | closed |

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::either::Either;
use tracing::info;

use super::body::{BodyReader, BodyShare, Refusal};
use super::connection::{Phase, Socket, Watched, Written};
use super::crowd::Crowd;
use super::limits::Limits;
use super::paced::Paced;
use super::workers::WorkerPool;
use crate::model::{Headers, Id, Request, ResponseEnd, ResponseFault};

/// How long requests in progress may take to finish after the receiver is asked to stop.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// How many requests one HTTP/2 connection may have under way.
const MOST_STREAMS: u32 = 256;

/// How often an HTTP/2 sender is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(30);

/// How often it is looked whether an HTTP/2 connection is idle.
const IDLE_LOOKED_EVERY: Duration = Duration::from_secs(1);

/// How long a sender is left without an answer on purpose, at most.
const HANG_TIME: Duration = Duration::from_secs(3600);

/// The fields of a head that hyper has room for without asking for memory. It is its own bound, too, and faster
/// where it is not set.
const HYPERS_FIELDS: usize = 100;

/// Why a connection was closed on which an answer waited.
const NOT_READ: &str = "the response was not read in time";

/// A whole request, as received.
#[derive(Debug)]
pub struct Received {
    pub request: Request,
    pub from: SocketAddr,
    /// Held until the handler is done with the body.
    _share: BodyShare,
}

/// What is answered: a status and a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// That of our own text; none where the headers say it.
    pub content_type: Option<&'static str>,
    /// Besides the content type, or in its place.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    /// How long it is held back.
    pub delay: Duration,
    pub fault: Option<ResponseFault>,
    /// What the handler calls the request, where it wants to know of a response that the client does not get
    /// ([`Handler::not_received`]).
    pub id: Option<Id>,
}

impl Reply {
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            content_type: Some("text/plain; charset=utf-8"),
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            fault: None,
            id: None,
        }
    }

    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            body: text.into().into_bytes(),
            ..Self::empty(status)
        }
    }
}

/// Decides what a request is answered.
pub trait Handler: Send + Sync + 'static {
    fn handle(&self, received: Received) -> impl Future<Output = Reply> + Send;

    /// Hears of a request that a bound answered instead; status 0 is a connection that was closed.
    fn refused(&self, _status: u16, _why: &'static str) {}

    /// Hears that a response did not reach the client, as far as that can be known. Called within a Tokio runtime.
    fn not_received(&self, _id: Id, _end: ResponseEnd) {}
}

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve<H: Handler>(
    listeners: Vec<TcpListener>,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    handler: Arc<H>,
    stop: impl Future<Output = ()>,
) {
    let shared = Arc::new(Shared {
        limits,
        tls,
        bodies: BodyReader::new(&limits),
        crowd: Crowd::new(),
    });
    for address in listeners.iter().filter_map(|at| at.local_addr().ok()) {
        info!(%address, is_https = shared.tls.is_some(), "receiver listens");
    }
    let places = Arc::new(Semaphore::new(limits.connections));
    let (told_to_stop, stopping) = watch::channel(());
    let workers = WorkerPool::start();
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listeners) => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let Ok((stream, from)) = accepted else {
            // Out of descriptors, or a connection that was gone before it was accepted: others go on.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            handler.refused(0, "too many open connections");
            shared.crowd.wants_room();
            continue;
        };
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        // Its lane watches it from here on.
        let Ok(stream) = stream.into_std() else {
            continue;
        };
        let (shared, handler, stopping) = (shared.clone(), handler.clone(), stopping.clone());
        let work = async move {
            if let Ok(stream) = TcpStream::from_std(stream) {
                connection(stream, from, shared, handler, stopping).await;
            }
            drop(place);
        };
        match workers.next() {
            Some(worker) => connections.spawn_on(work, worker),
            None => connections.spawn(work),
        };
    }
    drop(listeners);
    drop(told_to_stop);
    let drained = async { while connections.join_next().await.is_some() {} };
    // Who has not finished by now is cut off with the runtime.
    let _ = tokio::time::timeout(DRAIN_TIME, drained).await;
}

/// The next connection of any of them.
async fn accept(listeners: &[TcpListener]) -> std::io::Result<(TcpStream, SocketAddr)> {
    poll_fn(|context| {
        let mut accepted = listeners
            .iter()
            .map(|listener| listener.poll_accept(context));
        accepted.find(Poll::is_ready).unwrap_or(Poll::Pending)
    })
    .await
}

struct Shared {
    limits: Limits,
    tls: Option<TlsAcceptor>,
    bodies: BodyReader,
    crowd: Crowd,
}

/// One connection to its end: TLS first, where it is wanted, and the protocol that was agreed on.
async fn connection<H: Handler>(
    stream: TcpStream,
    from: SocketAddr,
    shared: Arc<Shared>,
    handler: Arc<H>,
    stopping: watch::Receiver<()>,
) {
    let Some(tls) = &shared.tls else {
        return http1(Either::Left(stream), from, shared, handler, stopping).await;
    };
    // Who does not finish the handshake in time, or speaks no TLS, is not answered.
    let limit = shared.limits.head_time;
    let stream = match tokio::time::timeout(limit, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return handler.refused(0, why_no_tls(&error)),
        Err(_) => return handler.refused(0, "the TLS handshake took too long"),
    };
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let stream = Either::Right(Box::new(stream));
    if is_http2 {
        http2(stream, from, shared, handler, stopping).await;
    } else {
        http1(stream, from, shared, handler, stopping).await;
    }
}

async fn http1<H: Handler>(
    stream: Socket,
    from: SocketAddr,
    shared: Arc<Shared>,
    handler: Arc<H>,
    mut stopping: watch::Receiver<()>,
) {
    let (phase, stop_told) = (Phase::default(), stopping.clone());
    let (shared, handler, phase, stop_told) = (&*shared, &*handler, &phase, &stop_told);
    let limits = shared.limits;
    let io = TokioIo::new(Watched::new(stream, phase.clone(), &limits));
    let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
        let written = phase.request_began();
        let began = Instant::now();
        Box::pin(async move {
            let answered = respond(request, &written, from, shared, handler).await;
            hold_back(answered.delay, stop_told).await;
            phase.answers(answered.id, began.elapsed());
            if let Some(fault) = answered.fault.filter(|fault| !fault.has_status()) {
                phase.cut(fault);
                // The connection ends before this does.
                return std::future::pending().await;
            }
            phase.request_ended();
            Ok::<_, Infallible>(answered.response)
        })
    });
    let mut http1 = hyper::server::conn::http1::Builder::new();
    http1
        .timer(TokioTimer::new())
        // `Watched` watches the head, for it can tell a slow one from none.
        .header_read_timeout(None)
        .max_buf_size(limits.head_bytes.max(8192))
        .half_close(true);
    if limits.head_fields != HYPERS_FIELDS {
        http1.max_headers(limits.head_fields);
    }
    let mut connection = http1.serve_connection(io, service);
    let is_over = poll_fn(|context| {
        // The sender may be gone, or have sent what is no HTTP: hyper has answered what can be answered. A
        // request that is cut says so while its connection is polled.
        let polled = connection.poll_without_shutdown(context);
        let is_over = polled.is_ready();
        if let Poll::Ready(Err(error)) = polled {
            refused_by_protocol(&error, handler);
        }
        if is_over || phase.is_cut().is_some() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    let stopped = tokio::select! {
        biased;
        () = is_over => false,
        _ = stopping.changed() => true,
        () = shared.crowd.crowds_out(phase) => return,
    };
    if let Some(fault) = phase.is_cut() {
        let socket = connection.into_parts().io.into_inner();
        if fault == ResponseFault::Hang {
            // However long a sender waits, it is not waited for for ever.
            tokio::select! {
                () = socket.hang() => {}
                () = tokio::time::sleep(HANG_TIME) => {}
                _ = stopping.changed() => {}
            }
        } else {
            socket.reset();
        }
        return;
    }
    if stopped {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    }
    let mut socket = connection.into_parts().io.into_inner();
    if phase.is_unread() {
        handler.refused(0, NOT_READ);
    } else {
        if phase.head_timed_out() {
            socket.answer_timeout().await;
        }
        if !stopped {
            socket.linger().await;
        }
    }
    if let Some((id, end)) = phase.not_received(&socket).await {
        handler.not_received(id, end);
    }
    if phase.is_unread() {
        socket.reset();
    }
}

/// Tells of a request that hyper answered itself, for it is none.
fn refused_by_protocol<H: Handler>(error: &hyper::Error, handler: &H) {
    if error.is_parse_too_large() {
        handler.refused(431, "the head is too long or has too many headers");
    } else if error.is_parse() {
        handler.refused(
            400,
            "it is not an HTTP request (if the sender uses https, add --tls)",
        );
    }
}

/// Why a handshake failed: the two most frequent causes are distinguished.
fn why_no_tls(error: &std::io::Error) -> &'static str {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidMessage(_)) => {
            "the sender does not use TLS, but this listener's URL starts with https://"
        }
        Some(rustls::Error::AlertReceived(_)) => {
            "the sender does not trust the certificate (save it with `hookcli listen --print-ca`, then pass it to the sender as --cacert)"
        }
        _ => "the TLS handshake failed",
    }
}

/// Waits on purpose before responding; stopping ends the wait.
async fn hold_back(delay: Duration, stopping: &watch::Receiver<()>) {
    if !delay.is_zero() {
        let mut stopping = stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(delay) => {}
            _ = stopping.changed() => {}
        }
    }
}

/// HTTP/2 (RFC 9113): many requests at once on one connection, each within the same bounds.
async fn http2<H: Handler>(
    stream: Socket,
    from: SocketAddr,
    shared: Arc<Shared>,
    handler: Arc<H>,
    mut stopping: watch::Receiver<()>,
) {
    let limits = shared.limits;
    let stop_told = stopping.clone();
    let phase = Phase::default();
    let stream = Written::new(stream, phase.clone(), limits.write_time);
    let activity = Arc::new(Activity {
        active: AtomicUsize::new(0),
        ended: Mutex::new(Instant::now()),
    });
    let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
        let (shared, handler) = (shared.clone(), handler.clone());
        let active = Activity::begin(&activity);
        let stopping = stop_told.clone();
        Box::pin(async move {
            let answered = respond(request, &[], from, &shared, &*handler).await;
            let waiting = Waiting {
                handler: &*handler,
                id: answered.id.filter(|_| answered.fault.is_none()),
            };
            hold_back(answered.delay, &stopping).await;
            if answered.fault == Some(ResponseFault::Hang) {
                hold_back(HANG_TIME, &stopping).await;
            }
            waiting.finish();
            drop(active);
            if answered.fault.is_none_or(ResponseFault::has_status) {
                Ok(answered.response)
            } else {
                // The stream is reset, and the connection goes on.
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
            }
        })
    });
    let mut crowded = shared.crowd.follow();
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(Some(PING_EVERY))
        .keep_alive_timeout(limits.head_time)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    loop {
        tokio::select! {
            // The sender may be gone, or have sent what is no HTTP/2.
            _ = connection.as_mut() => {
                if phase.is_unread() {
                    handler.refused(0, NOT_READ);
                }
                return;
            }
            _ = stopping.changed() => break,
            _ = crowded.changed() => {
                if activity.is_idle_since(IDLE_LOOKED_EVERY) {
                    break;
                }
            }
            () = tokio::time::sleep(IDLE_LOOKED_EVERY) => {
                if activity.is_idle_since(limits.idle_time) {
                    break;
                }
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    // What its sender does not read, it does not get.
    if tokio::time::timeout(limits.write_time, connection)
        .await
        .is_err()
    {
        handler.refused(0, NOT_READ);
    }
}

/// How many requests of one connection are under way, and when the last one ended.
struct Activity {
    active: AtomicUsize,
    ended: Mutex<Instant>,
}

/// A request under way.
struct Active(Arc<Activity>);

impl Activity {
    fn begin(this: &Arc<Self>) -> Active {
        this.active.fetch_add(1, Ordering::Relaxed);
        Active(this.clone())
    }

    fn is_idle_since(&self, limit: Duration) -> bool {
        let ended = *self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        self.active.load(Ordering::Relaxed) == 0 && ended.elapsed() >= limit
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        let mut ended = self.0.ended.lock().unwrap_or_else(PoisonError::into_inner);
        *ended = Instant::now();
        self.0.active.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A response that waits to be sent on a connection that others use, too: its client may give it up meanwhile, and then
/// this is dropped.
struct Waiting<'h, H: Handler> {
    handler: &'h H,
    id: Option<Id>,
}

impl<H: Handler> Waiting<'_, H> {
    fn finish(mut self) {
        self.id = None;
    }
}

impl<H: Handler> Drop for Waiting<'_, H> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.handler.not_received(id, ResponseEnd::ClientLeft);
        }
    }
}

/// A response, and how it is sent.
struct Answered {
    response: hyper::Response<Paced>,
    delay: Duration,
    fault: Option<ResponseFault>,
    id: Option<Id>,
}

async fn respond<H: Handler>(
    request: hyper::Request<Incoming>,
    written: &[u8],
    from: SocketAddr,
    shared: &Shared,
    handler: &H,
) -> Answered {
    let (head, body) = request.into_parts();
    let refuse = |refusal: Refusal| {
        handler.refused(refusal.status, refusal.why);
        Answered {
            response: closing(refusal),
            delay: Duration::ZERO,
            fault: None,
            id: None,
        }
    };
    // hyper bounds its buffer, which holds more than one head.
    let fields = head
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    let target = head
        .uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if fields.sum::<usize>() + target + head.method.as_str().len() > shared.limits.head_bytes {
        return refuse(Refusal {
            status: 431,
            why: "the head is too long",
        });
    }
    let (body, share) = match shared.bodies.read(body).await {
        Ok(read) => read,
        Err(refusal) => return refuse(refusal),
    };
    let mut headers =
        Headers::as_written(written, &head.headers).unwrap_or_else(|| Headers::from(&head.headers));
    // In HTTP/2 the host is beside the path (RFC 9113, section 8.3.1).
    let target = match (
        head.version,
        head.uri.path_and_query(),
        head.uri.authority(),
    ) {
        (_, Some(target), None) => target.as_str().to_owned(),
        (hyper::Version::HTTP_2, Some(target), Some(authority)) => {
            if !headers.contains("host") {
                headers.push("host", authority.as_str());
            }
            target.as_str().to_owned()
        }
        _ => head.uri.to_string(),
    };
    let request = Request {
        method: head.method.as_str().to_owned(),
        target,
        headers,
        body,
    };
    // It refers to the connection's buffer.
    drop(head);
    let is_head = request.method == "HEAD";
    let received = Received {
        request,
        from,
        _share: share,
    };
    let mut reply = handler.handle(received).await;
    // Such an answer has no body (RFC 9110, section 6.4.1).
    if is_head || matches!(reply.status, 204 | 304) {
        reply.body.clear();
    }
    Answered {
        delay: reply.delay,
        fault: reply.fault,
        id: reply.id,
        response: answer(reply),
    }
}

fn answer(reply: Reply) -> hyper::Response<Paced> {
    let has_body = !reply.body.is_empty();
    let mut response = hyper::Response::new(Paced::new(Bytes::from(reply.body), reply.fault));
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status)
        .unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    if let (true, Some(kind)) = (has_body, reply.content_type) {
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        response
            .headers_mut()
            .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    for (name, value) in &reply.headers {
        // What is no header is left out: the handler chose it.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value))
        {
            if name == CONTENT_TYPE {
                response.headers_mut().insert(name, value);
            } else {
                response.headers_mut().append(name, value);
            }
        }
    }
    response
}

/// What is left of the request is not read: the connection ends with the answer.
fn closing(refusal: Refusal) -> hyper::Response<Paced> {
    let mut response = answer(Reply::text(refusal.status, format!("{}\n", refusal.why)));
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
