//! Serves an application of `axum`, such as the inspector: over TCP or TLS, HTTP/1.1 alone, within bounds.
//!
//! | bound | answer |
//! |---|---|
//! | too many connections | those after them wait to be accepted; those on which nothing happens make room |
//! | the TLS handshake or a head is too slow, or nothing comes | closed |
//! | an answer that is not read | the connection is reset |
//! | not done in time after the end | cut off |
//!
//! The application reads bodies with a [`BodyReader`](super::BodyReader), once it knows that they are wanted.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use hyper::Response;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::either::Either;
use tower_service::Service as _;

use super::connection::{Phase, Socket, Watched};
use super::crowd::{ASKED_EVERY, Crowd};
use super::limits::Limits;

/// How long requests under way may take after the end.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// Serves until `stop` resolves; then what is under way is answered.
pub async fn serve_application(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    app: Router,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let served = Arc::new(Served {
        tls,
        limits,
        app,
        crowd: Crowd::new(),
    });
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places, &served.crowd) => accepted,
        };
        let Ok((stream, place)) = accepted else {
            // Out of descriptors, or a connection that was gone before it was accepted: others go on.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        let (served, watcher) = (served.clone(), graceful.watcher());
        tokio::spawn(async move {
            served.connection(stream, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await;
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    crowd: &Crowd,
) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let (stream, _) = listener.accept().await?;
    loop {
        let place = tokio::time::timeout(ASKED_EVERY, places.clone().acquire_owned()).await;
        match place {
            Ok(place) => return Ok((stream, place.map_err(std::io::Error::other)?)),
            Err(_) => crowd.wants_room(),
        }
    }
}

/// What all connections share.
struct Served {
    tls: Option<TlsAcceptor>,
    limits: Limits,
    app: Router,
    crowd: Crowd,
}

impl Served {
    /// One connection to its end. Who does not finish the handshake in time, or speaks no TLS, is not answered.
    async fn connection(&self, stream: TcpStream, watcher: Watcher) {
        let Some(tls) = &self.tls else {
            return self.requests(Either::Left(stream), watcher).await;
        };
        let handshake = tokio::time::timeout(self.limits.head_time, tls.accept(stream)).await;
        if let Ok(Ok(stream)) = handshake {
            self.requests(Either::Right(Box::new(stream)), watcher)
                .await;
        }
    }

    async fn requests(&self, stream: Socket, watcher: Watcher) {
        let phase = Phase::default();
        let io = TokioIo::new(Watched::new(stream, phase.clone(), &self.limits));
        let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
            phase.request_began();
            let under_way = UnderWay(phase.clone());
            let answer = self.app.clone().call(request);
            async move {
                let (head, body) = answer.await?.into_parts();
                let body = Answer {
                    body,
                    _under_way: under_way,
                };
                Ok::<_, Infallible>(Response::from_parts(head, body))
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            // `Watched` watches the head.
            .header_read_timeout(None)
            .max_buf_size(self.limits.head_bytes.max(8192))
            .serve_connection(io, service);
        tokio::select! {
            // A connection that breaks is its client's matter.
            _ = watcher.watch(connection) => {}
            () = self.crowd.crowds_out(&phase) => {}
        }
    }
}

/// The body of an answer: its request is under way as long as it is, which matters for a stream.
struct Answer {
    body: axum::body::Body,
    _under_way: UnderWay,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A request that is under way until this is dropped.
struct UnderWay(Phase);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.request_ended();
    }
}
