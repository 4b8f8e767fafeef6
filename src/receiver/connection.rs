//! One connection's socket, watched: how long a head takes, and how long nothing comes at all.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use super::replies::Manner;

/// How long, and how much, is read off a connection that was answered before its request had ended: so
/// that the sender gets to read the answer instead of a reset.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 32 << 20;

/// What a connection is doing; shared by the socket and the service.
#[derive(Clone, Default)]
pub(super) struct Phase(Arc<Shared>);

#[derive(Default)]
struct Shared {
    phase: AtomicU8,
    /// The connection is to end without an answer, in this manner.
    cut: OnceLock<Manner>,
}

const IDLE: u8 = 0;
const HEAD: u8 = 1;
const REQUEST: u8 = 2;
const HEAD_TIMED_OUT: u8 = 3;

impl Phase {
    /// The head is complete: from here the service watches the time.
    pub(super) fn request_began(&self) {
        self.0.phase.store(REQUEST, Ordering::Relaxed);
    }

    /// The answer is made: what comes next is another head, or nothing.
    pub(super) fn request_ended(&self) {
        self.0.phase.store(IDLE, Ordering::Relaxed);
    }

    pub(super) fn head_timed_out(&self) -> bool {
        self.get() == HEAD_TIMED_OUT
    }

    /// There will be no answer.
    pub(super) fn cut(&self, manner: Manner) {
        // Whoever comes first decides: there is one request at a time.
        let _ = self.0.cut.set(manner);
    }

    /// In which manner it ends where there will be none.
    pub(super) fn is_cut(&self) -> Option<Manner> {
        self.0.cut.get().copied()
    }

    fn get(&self) -> u8 {
        self.0.phase.load(Ordering::Relaxed)
    }
}

/// TCP, or TLS over it.
pub(super) type Socket = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// A socket that ends by itself when a head takes too long or nothing comes.
pub(super) struct Watched {
    stream: Socket,
    phase: Phase,
    head_time: Duration,
    idle_time: Duration,
    /// Goes off too early at times, never too late: moving it with every request costs more.
    timer: Pin<Box<Sleep>>,
    /// The phase that is timed, and when it ends.
    timed: u8,
    until: Instant,
}

impl Watched {
    pub(super) fn new(
        stream: Socket,
        phase: Phase,
        head_time: Duration,
        idle_time: Duration,
    ) -> Self {
        let until = Instant::now() + idle_time;
        let timer = Box::pin(tokio::time::sleep_until(until));
        Self {
            stream,
            phase,
            head_time,
            idle_time,
            timer,
            timed: IDLE,
            until,
        }
    }

    /// Says `408` where a head had begun.
    pub(super) async fn answer_timeout(&mut self) {
        let answer =
            b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        // The sender may be gone already.
        let _ = self.stream.write_all(answer).await;
    }

    /// Says nothing until the sender has gone.
    pub(super) async fn hang(mut self) {
        let mut piece = vec![0; 4096];
        while self
            .stream
            .read(&mut piece)
            .await
            .is_ok_and(|read| read > 0)
        {}
    }

    /// Ends the connection at once: what was not read is lost.
    pub(super) fn reset(self) {
        // Where it cannot be set, the connection is closed the ordinary way.
        let tcp = match &self.stream {
            Either::Left(tcp) => tcp,
            Either::Right(tls) => tls.get_ref().0,
        };
        let _ = tcp.set_zero_linger();
    }

    /// Closes so that what was answered can still be read.
    pub(super) async fn linger(mut self) {
        let drain = async {
            self.stream.shutdown().await?;
            let mut piece = vec![0; 64 << 10];
            let mut left = LINGER_BYTES;
            while left > 0 {
                match self.stream.read(&mut piece).await? {
                    0 => break,
                    read => left = left.saturating_sub(read),
                }
            }
            io::Result::Ok(())
        };
        // Whatever happens here, the connection is over.
        let _ = tokio::time::timeout(LINGER_TIME, drain).await;
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(result) => {
                if buffer.filled().len() > before && self.phase.get() == IDLE {
                    self.phase.0.phase.store(HEAD, Ordering::Relaxed);
                    self.timed = REQUEST; // The head's own time starts at the next wait.
                }
                return Poll::Ready(result);
            }
            Poll::Pending => {}
        }
        let phase = self.phase.get();
        let limit = match phase {
            IDLE => self.idle_time,
            HEAD => self.head_time,
            _ => return Poll::Pending,
        };
        if self.timed != phase {
            self.timed = phase;
            self.until = Instant::now() + limit;
            if self.timer.deadline() > self.until {
                let until = self.until;
                self.timer.as_mut().reset(until);
            }
        }
        while self.timer.as_mut().poll(context).is_ready() {
            if self.timer.deadline() >= self.until {
                if phase == IDLE {
                    return Poll::Ready(Ok(()));
                }
                self.phase.0.phase.store(HEAD_TIMED_OUT, Ordering::Relaxed);
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            let until = self.until;
            self.timer.as_mut().reset(until);
        }
        Poll::Pending
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
