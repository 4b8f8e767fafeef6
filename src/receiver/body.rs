//! Bodies, read whole: each within its length and time, and all together within a number of bytes.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::Limits;

/// Bodies up to this many bytes are copied out of their connection's buffer.
const COPIED: usize = 4096;

/// A bound that was met, and what it is answered with.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// The status of HTTP.
    pub status: u16,
    /// Why, in a few words.
    pub why: &'static str,
}

/// Reads bodies, as many at one time as there is room for.
#[derive(Debug)]
pub struct BodyReader {
    longest: usize,
    time: Duration,
    /// One permit a byte of body that may be held.
    buffer: Arc<Semaphore>,
}

/// A body's share of the room, until it is dropped.
#[derive(Debug)]
pub struct BodyShare {
    _permits: OwnedSemaphorePermit,
}

impl BodyReader {
    /// Within the limits for bodies.
    pub fn new(limits: &Limits) -> Self {
        let room = limits.buffered_bytes.min(Semaphore::MAX_PERMITS);
        Self {
            longest: limits.body_bytes,
            time: limits.body_time,
            buffer: Arc::new(Semaphore::new(room)),
        }
    }

    /// All of a body.
    ///
    /// # Errors
    /// It is too long, takes too long, is broken off, or there is no room for it now.
    pub async fn read<B>(&self, body: B) -> Result<(Bytes, BodyShare), Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let read = tokio::time::timeout(self.time, self.read_all(body)).await;
        read.unwrap_or(Err(Refusal {
            status: 408,
            why: "the body took too long",
        }))
    }

    async fn read_all<B>(&self, mut body: B) -> Result<(Bytes, BodyShare), Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let too_long = || Refusal {
            status: 413,
            why: "the body is too long",
        };
        if body.size_hint().lower() > self.longest as u64 {
            return Err(too_long());
        }
        let mut held = self.reserve(0)?;
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let broken = |_| Refusal {
                status: 400,
                why: "the body is incomplete or malformed",
            };
            let Ok(piece) = frame.map_err(broken)?.into_data() else {
                continue;
            };
            if first.len() + all.len() + piece.len() > self.longest {
                return Err(too_long());
            }
            held.merge(self.reserve(piece.len())?);
            // A large body that comes in one piece is not copied. A small one is: it shares its memory with the
            // connection's buffer, which is larger and is used again once nothing refers to it.
            if first.is_empty() && all.is_empty() {
                first = if piece.len() <= COPIED {
                    Bytes::copy_from_slice(&piece)
                } else {
                    piece
                };
            } else {
                if all.is_empty() {
                    all.extend_from_slice(&first);
                    first = Bytes::new();
                }
                all.extend_from_slice(&piece);
            }
        }
        let body = if all.is_empty() { first } else { all.freeze() };
        Ok((body, BodyShare { _permits: held }))
    }

    fn reserve(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let full = || Refusal {
            status: 503,
            why: "too much data is being received at once",
        };
        let bytes = u32::try_from(bytes).map_err(|_| full())?;
        let buffer = self.buffer.clone();
        buffer.try_acquire_many_owned(bytes).map_err(|_| full())
    }
}
