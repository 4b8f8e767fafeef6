//! One connection's socket, watched: how long a head takes, and how long nothing comes at all.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::RecvFlags;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use super::limits::Limits;
use crate::model::{Id, ResponseEnd, ResponseFault};

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
    /// The connection is to end without an answer, by this fault.
    cut: OnceLock<ResponseFault>,
    /// An answer was not read in time.
    is_unread: AtomicBool,
    /// An answer waits to be read.
    is_writing: AtomicBool,
    /// What became of the response that is, or was last, written.
    response: Mutex<LastResponse>,
    /// How many requests have begun.
    requests: AtomicU32,
    /// The head that is being read, as received.
    head: Mutex<Vec<u8>>,
}

/// The last response of a connection, as far as it is known whether it reached the client.
#[derive(Default)]
struct LastResponse {
    /// Which one it is, where its handler wants to know; None where it did reach the client.
    id: Option<Id>,
    /// The request took long enough for its client to give up meanwhile.
    may_be_late: bool,
    /// The first bytes of it were written.
    is_begun: bool,
    /// The client had ended its side of the connection before that.
    was_half_closed: bool,
    /// Some of it was written.
    is_partly_written: bool,
    end: Option<ResponseEnd>,
}

/// Whose request takes less is not asked whether it has gone meanwhile: a system call for each would be slow.
const LATE: Duration = Duration::from_millis(10);

/// How long a reset is waited for, in all about a quarter of a second: the connection counts as open as long.
const RESET_WAITS_MS: [u64; 4] = [0, 10, 50, 200];

const IDLE: u8 = 0;
const HEAD: u8 = 1;
const REQUEST: u8 = 2;
const HEAD_TIMED_OUT: u8 = 3;

impl Phase {
    /// The head is complete: from here the service watches the time. It gets the bytes of the head, where they came
    /// by themselves.
    pub(super) fn request_began(&self) -> Vec<u8> {
        // Who asks again has read what was answered before.
        *self.response() = LastResponse::default();
        self.0.phase.store(REQUEST, Ordering::Relaxed);
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        std::mem::take(&mut self.0.head.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Bytes of a head, and perhaps what follows it.
    fn head_came(&self, bytes: &[u8], limit: usize) {
        let mut head = self.0.head.lock().unwrap_or_else(PoisonError::into_inner);
        let end = memchr::memmem::find(bytes, b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
        let room = limit.saturating_sub(head.len());
        head.extend_from_slice(&bytes[..end.min(room)]);
    }

    /// How many requests have begun, where none is under way.
    pub(super) fn idle_after(&self) -> Option<u32> {
        let is_idle = self.get() == IDLE && !self.0.is_writing.load(Ordering::Relaxed);
        is_idle.then(|| self.0.requests.load(Ordering::Relaxed))
    }

    fn response(&self) -> MutexGuard<'_, LastResponse> {
        let response = self.0.response.lock();
        response.unwrap_or_else(PoisonError::into_inner)
    }

    /// A response is to be written, to a request that took so long.
    pub(super) fn answers(&self, id: Option<Id>, took: Duration) {
        *self.response() = LastResponse {
            id,
            may_be_late: took >= LATE,
            ..LastResponse::default()
        };
    }

    /// The first bytes of a response, or more of it: before they are written.
    fn writes(&self, stream: &Socket) {
        let mut response = self.response();
        if response.id.is_some() && !response.is_begun {
            response.is_begun = true;
            response.was_half_closed = response.may_be_late && is_half_closed(stream);
        }
    }

    /// Something was written, or nothing can be any more: the connection is broken, or what was written is not read.
    fn wrote(&self, result: &io::Result<usize>) {
        let mut response = self.response();
        let Err(error) = result else {
            response.is_partly_written = true;
            return;
        };
        let is_first = !response.is_partly_written;
        response.end.get_or_insert(match error.kind() {
            io::ErrorKind::TimedOut => ResponseEnd::NotRead,
            _ if is_first => ResponseEnd::ClientLeft,
            _ => ResponseEnd::Broken,
        });
    }

    /// Which response did not reach the client, and why, once the connection is over.
    pub(super) async fn not_received(&self, socket: &Watched) -> Option<(Id, ResponseEnd)> {
        let (id, end, was_half_closed) = {
            let response = self.response();
            (response.id?, response.end, response.was_half_closed)
        };
        if end.is_some() || !was_half_closed {
            return Some((id, end?));
        }
        // Who has ended one side alone reads the response; who has closed both answers it with a reset, in its time.
        for wait_ms in RESET_WAITS_MS {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            if !matches!(tcp_of(&socket.written.stream).take_error(), Ok(None)) {
                return Some((id, ResponseEnd::ClientLeft));
            }
        }
        None
    }

    /// The response was written: another head follows, or nothing.
    pub(super) fn request_ended(&self) {
        self.0.phase.store(IDLE, Ordering::Relaxed);
    }

    pub(super) fn head_timed_out(&self) -> bool {
        self.get() == HEAD_TIMED_OUT
    }

    /// Whether an answer was not read in time.
    pub(super) fn is_unread(&self) -> bool {
        self.0.is_unread.load(Ordering::Relaxed)
    }

    /// There will be no answer.
    pub(super) fn cut(&self, fault: ResponseFault) {
        // Whoever comes first decides: there is one request at a time.
        let _ = self.0.cut.set(fault);
    }

    /// By which fault it ends where there will be none.
    pub(super) fn is_cut(&self) -> Option<ResponseFault> {
        self.0.cut.get().copied()
    }

    fn get(&self) -> u8 {
        self.0.phase.load(Ordering::Relaxed)
    }
}

/// TCP, or TLS over it.
pub(super) type Socket = Either<TcpStream, Box<TlsStream<TcpStream>>>;

fn tcp_of(socket: &Socket) -> &TcpStream {
    match socket {
        Either::Left(tcp) => tcp,
        Either::Right(tls) => tls.get_ref().0,
    }
}

/// Whether the other side has ended its own, or the connection is broken, as far as is known by now.
fn is_half_closed(socket: &Socket) -> bool {
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    match rustix::net::recv(tcp_of(socket), &mut [0_u8; 1][..], flags) {
        Ok((read, _)) => read == 0,
        Err(error) => error != Errno::AGAIN && error != Errno::INTR,
    }
}

/// A deadline for what is written: it begins when the other side does not take it, and ends when it has taken
/// all of it, however slowly.
struct WriteDeadline {
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    phase: Phase,
}

impl WriteDeadline {
    fn new(limit: Duration, phase: Phase) -> Self {
        Self {
            limit,
            timer: None,
            phase,
        }
    }

    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if result.is_ready() {
            return result;
        }
        let limit = self.limit;
        let phase = &self.phase.0;
        let timer = self.timer.get_or_insert_with(|| {
            phase.is_writing.store(true, Ordering::Relaxed);
            Box::pin(tokio::time::sleep(limit))
        });
        if timer.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.phase.0.is_unread.store(true, Ordering::Relaxed);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn watch_write(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let result = self.watch(context, result);
        if let Poll::Ready(result) = &result {
            self.phase.wrote(result);
        }
        result
    }

    fn watch_flush(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        if result.is_ready() && self.timer.take().is_some() {
            self.phase.0.is_writing.store(false, Ordering::Relaxed);
        }
        self.watch(context, result)
    }
}

/// A socket that ends by itself when what is written is not read.
pub(super) struct Written {
    stream: Socket,
    deadline: WriteDeadline,
}

impl Written {
    pub(super) fn new(stream: Socket, phase: Phase, write_time: Duration) -> Self {
        Self {
            stream,
            deadline: WriteDeadline::new(write_time, phase),
        }
    }
}

impl AsyncRead for Written {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Written {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.deadline.phase.writes(&self.stream);
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.deadline.watch_write(context, result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(context);
        self.deadline.watch_flush(context, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(context);
        self.deadline.watch(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.deadline.phase.writes(&self.stream);
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.deadline.watch_write(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// A socket that ends by itself when a head takes too long, nothing comes, or what is written is not read.
pub(super) struct Watched {
    written: Written,
    phase: Phase,
    head_bytes: usize,
    head_time: Duration,
    idle_time: Duration,
    /// Goes off too early at times, never too late: moving it with every request costs more.
    timer: Pin<Box<Sleep>>,
    /// The phase that is timed, and when it ends.
    timed: u8,
    until: Instant,
}

impl Watched {
    pub(super) fn new(stream: Socket, phase: Phase, limits: &Limits) -> Self {
        let (head_time, idle_time) = (limits.head_time, limits.idle_time);
        let until = Instant::now() + head_time.min(idle_time);
        let timer = Box::pin(tokio::time::sleep_until(until));
        Self {
            written: Written::new(stream, phase.clone(), limits.write_time),
            phase,
            // With what frames its lines.
            head_bytes: 2 * limits.head_bytes,
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
        // The sender may be gone already, or read nothing.
        let _ = tokio::time::timeout(LINGER_TIME, self.written.stream.write_all(answer)).await;
    }

    /// Says nothing until the sender has gone.
    pub(super) async fn hang(mut self) {
        let mut piece = vec![0; 4096];
        while self
            .written
            .stream
            .read(&mut piece)
            .await
            .is_ok_and(|read| read > 0)
        {}
    }

    /// Ends the connection at once: what was not read is lost.
    pub(super) fn reset(self) {
        // Where it cannot be set, the connection is closed the ordinary way.
        let _ = tcp_of(&self.written.stream).set_zero_linger();
    }

    /// Closes so that what was answered can still be read.
    pub(super) async fn linger(&mut self) {
        let drain = async {
            self.written.stream.shutdown().await?;
            let mut piece = vec![0; 64 << 10];
            let mut left = LINGER_BYTES;
            while left > 0 {
                match self.written.stream.read(&mut piece).await? {
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
        match Pin::new(&mut self.written).poll_read(context, buffer) {
            Poll::Ready(result) => {
                let came = &buffer.filled()[before..];
                let phase = self.phase.get();
                if !came.is_empty() && phase == IDLE {
                    self.phase.0.phase.store(HEAD, Ordering::Relaxed);
                    self.timed = REQUEST; // The head's own time starts at the next wait.
                }
                if !came.is_empty() && (phase == IDLE || phase == HEAD) {
                    self.phase.head_came(came, self.head_bytes);
                }
                return Poll::Ready(result);
            }
            Poll::Pending => {}
        }
        let phase = self.phase.get();
        let limit = match phase {
            // Who connects means to ask something.
            IDLE if self.phase.idle_after() == Some(0) => self.head_time,
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
        Pin::new(&mut self.written).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.written).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.written).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.written).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.written.is_write_vectored()
    }
}
