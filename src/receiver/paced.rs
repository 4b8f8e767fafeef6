//! The body of an answer: at once, slowly, or not to its end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::model::ResponseFault;

/// What bytes a second are given out in: a tenth of a second's worth at a time.
const TICK: Duration = Duration::from_millis(100);

/// A body that may be spoilt on its way.
pub(super) struct Paced {
    left: Bytes,
    fault: Option<ResponseFault>,
    /// How long it is said to be.
    length: u64,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    pub(super) fn new(body: Bytes, fault: Option<ResponseFault>) -> Self {
        let length = body.len() as u64;
        let left = match fault {
            Some(ResponseFault::CloseEarly) => body.slice(..body.len() / 2),
            _ => body,
        };
        Self {
            left,
            fault,
            length,
            pause: None,
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        if let Some(pause) = &mut this.pause {
            ready!(pause.as_mut().poll(context));
            this.pause = None;
        }
        if this.left.is_empty() {
            // The connection ends where the rest of the body was to come.
            return Poll::Ready(
                (this.fault == Some(ResponseFault::CloseEarly))
                    .then(|| Err(io::ErrorKind::BrokenPipe.into())),
            );
        }
        let size = match this.fault {
            Some(ResponseFault::SlowBody(rate)) => {
                let pause = TICK.max(Duration::from_secs(1) / rate.max(1));
                this.pause = Some(Box::pin(sleep_until(Instant::now() + pause)));
                ((rate / 10).max(1) as usize).min(this.left.len())
            }
            Some(ResponseFault::CloseEarly) => {
                // A moment in which it goes out: an error takes back what has not.
                this.pause = Some(Box::pin(sleep_until(Instant::now() + TICK)));
                this.left.len()
            }
            _ => this.left.len(),
        };
        Poll::Ready(Some(Ok(Frame::data(this.left.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.fault != Some(ResponseFault::CloseEarly)
    }

    fn size_hint(&self) -> SizeHint {
        match self.fault {
            Some(ResponseFault::CloseEarly) => SizeHint::with_exact(self.length),
            _ => SizeHint::with_exact(self.left.len() as u64),
        }
    }
}
