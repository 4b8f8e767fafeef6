//! The shape in which a request's bytes go out: slowly, in odd pieces, not to their end. It lies between the
//! HTTP client and the connection, and changes nothing of what is said but the case of header names.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::stream::{Stream, reset_when_dropped};

/// What bytes a second are given out in: a tenth of a second's worth at a time.
const TICK: Duration = Duration::from_millis(100);
/// A head longer than this is looked through no further.
const MAX_HEAD: usize = 64 << 10;

/// How the bytes of a request go out, where that is not as fast and as tidy as can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Bytes a second.
    pub head_rate: Option<u32>,
    /// Bytes a second.
    pub body_rate: Option<u32>,
    /// The body in chunks of odd sizes, without a length (RFC 9112, section 7.1).
    pub odd_chunks: bool,
    /// Header names in alternating case; they mean the same (RFC 9110, section 5.1).
    pub odd_case: bool,
    pub ending: Ending,
}

/// How far a request gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    #[default]
    Whole,
    /// The connection is reset when half of the body is sent.
    ResetInBody,
    /// The connection is closed once the request is sent; no one waits for a response.
    CloseAfterRequest,
}

impl Shape {
    /// Nothing is different from an ordinary request.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a shaped connection ended: because it was meant to.
#[derive(Debug)]
pub struct Cut(Ending);

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Ending::ResetInBody => {
                "the connection was reset in the middle of the body, as the fault asks"
            }
            _ => "the connection was closed after the request, as the fault asks",
        })
    }
}

impl std::error::Error for Cut {}

/// A connection that carries one request in a shape.
pub struct Shaped {
    stream: Stream,
    shape: Shape,
    progress: Progress,
    paused: Option<Pin<Box<Sleep>>>,
}

/// Which part of the request the next byte belongs to.
#[derive(Default)]
struct Progress {
    head: Vec<u8>,
    in_body: bool,
    /// The Content-Length; `None` if the body is chunked.
    length: Option<u64>,
    body: u64,
    last: [u8; 5],
    line: Line,
}

/// Which part of a header line the next byte belongs to.
#[derive(Clone, Copy, Default)]
enum Line {
    #[default]
    Request,
    /// In a header's name, behind so many letters of it.
    Name(usize),
    Value,
}

impl Line {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (_, b'\n') => Self::Name(0),
            (Self::Name(_), b':') => Self::Value,
            (Self::Name(before), _) => Self::Name(before + 1),
            (other, _) => other,
        }
    }
}

impl Progress {
    /// How many of these bytes belong to the same part as the next byte.
    fn part<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        if self.in_body {
            return bytes;
        }
        let mut last = self.last;
        for (index, byte) in bytes.iter().enumerate() {
            shift(&mut last, *byte);
            if last.ends_with(b"\r\n\r\n") {
                return &bytes[..=index];
            }
        }
        bytes
    }

    /// These bytes are sent.
    fn advance(&mut self, bytes: &[u8]) {
        for byte in bytes {
            shift(&mut self.last, *byte);
            if self.in_body {
                self.body += 1;
                continue;
            }
            self.line = self.line.after(*byte);
            if self.head.len() < MAX_HEAD {
                self.head.push(*byte);
            }
            if self.last.ends_with(b"\r\n\r\n") {
                self.in_body = true;
                self.length = length(&self.head);
                // The end of the head is no part of the end of the body.
                self.last = [0; 5];
            }
        }
    }

    /// The whole request is sent.
    fn is_done(&self) -> bool {
        self.in_body
            && match self.length {
                Some(length) => self.body >= length,
                None => self.last == *b"0\r\n\r\n",
            }
    }
}

fn shift(last: &mut [u8; 5], byte: u8) {
    last.rotate_left(1);
    last[4] = byte;
}

/// What a request's head says of the body's length.
fn length(head: &[u8]) -> Option<u64> {
    let mut headers = [httparse::EMPTY_HEADER; 256];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(head).ok()?;
    let value = |wanted: &str| {
        let mut headers = request.headers.iter();
        headers.find(|header| header.name.eq_ignore_ascii_case(wanted))
    };
    if value("transfer-encoding").is_some() {
        return None;
    }
    let Some(length) = value("content-length") else {
        return Some(0);
    };
    std::str::from_utf8(length.value).ok()?.parse().ok()
}

impl Shaped {
    pub fn new(stream: Stream, shape: Shape) -> Self {
        Self {
            stream,
            shape,
            progress: Progress::default(),
            paused: None,
        }
    }

    fn cut(&self) -> io::Error {
        io::Error::other(Cut(self.shape.ending))
    }

    /// What of these bytes goes out next, as it goes out.
    fn next(&self, bytes: &[u8]) -> Vec<u8> {
        let rate = if self.progress.in_body {
            self.shape.body_rate
        } else {
            self.shape.head_rate
        };
        let mut part = self.progress.part(bytes);
        if let Some(rate) = rate {
            let most = (rate / 10).max(1) as usize;
            part = &part[..part.len().min(most)];
        }
        if self.progress.in_body && self.shape.ending == Ending::ResetInBody {
            let left = self.half().saturating_sub(self.progress.body);
            part = &part[..part.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
        }
        if self.progress.in_body || !self.shape.odd_case {
            return part.to_vec();
        }
        let mut line = self.progress.line;
        let cased = part.iter().map(|byte| {
            let place = line;
            line = line.after(*byte);
            match place {
                Line::Name(before) if before % 2 == 0 => byte.to_ascii_uppercase(),
                Line::Name(_) => byte.to_ascii_lowercase(),
                Line::Request | Line::Value => *byte,
            }
        });
        cased.collect()
    }

    /// Where a body is reset: in its middle, or where its length is not known behind its first bytes.
    fn half(&self) -> u64 {
        self.progress.length.unwrap_or(10) / 2
    }
}

impl AsyncWrite for Shaped {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(pause) = &mut this.paused {
            ready!(pause.as_mut().poll(context));
            this.paused = None;
        }
        if this.shape.ending == Ending::ResetInBody
            && this.progress.in_body
            && this.progress.body >= this.half()
        {
            reset_when_dropped(&this.stream);
            return Poll::Ready(Err(this.cut()));
        }
        let slow = if this.progress.in_body {
            this.shape.body_rate
        } else {
            this.shape.head_rate
        };
        let out = this.next(bytes);
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, &out))?;
        this.progress.advance(&out[..written]);
        if this.shape.ending == Ending::CloseAfterRequest && this.progress.is_done() {
            // No one else asks for a read that is to find the end.
            context.waker().wake_by_ref();
        }
        if let Some(rate) = slow {
            let pause = TICK.max(Duration::from_secs(1) / rate.max(1));
            this.paused = Some(Box::pin(sleep_until(Instant::now() + pause)));
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl AsyncRead for Shaped {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.shape.ending == Ending::CloseAfterRequest && this.progress.is_done() {
            return Poll::Ready(Err(this.cut()));
        }
        Pin::new(&mut this.stream).poll_read(context, buffer)
    }
}

/// A request's body: whole, or in pieces of odd sizes.
pub struct Pieces {
    left: Bytes,
    odd: bool,
    next: usize,
}

/// The sizes of odd chunks, one after the other; no power of two, and the first of one byte.
const ODD_SIZES: [usize; 6] = [1, 3, 7, 2, 13, 61];

impl Pieces {
    pub fn new(body: Bytes, odd: bool) -> Self {
        Self {
            left: body,
            odd,
            next: 0,
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        if this.left.is_empty() {
            return Poll::Ready(None);
        }
        let size = if this.odd {
            let size = ODD_SIZES[this.next % ODD_SIZES.len()];
            this.next += 1;
            size.min(this.left.len())
        } else {
            this.left.len()
        };
        Poll::Ready(Some(Ok(Frame::data(this.left.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.odd {
            SizeHint::default()
        } else {
            SizeHint::with_exact(self.left.len() as u64)
        }
    }
}
