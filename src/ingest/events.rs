//! What happens while requests are taken in, on its way to all who show it: for each bounded, paced for people, and
//! counted where it is skipped. A subscriber that must not miss anything is its own stage; one that fell behind reads the store.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use crate::catalog::Provider;
use crate::forward::ForwardEvent;
use crate::model::{Capture, EventKey, Id, Repetition, ResponseEnd};
use crate::store::{Incoming, StoreError};

/// Events that may wait for a subscriber, and the bytes of their bodies; more are skipped and counted.
const EVENT_QUEUE: usize = 1024;
const WAITING_BYTES: usize = 64 << 20;

/// What happened. Each subscriber has the same.
#[derive(Clone)]
pub enum IngestEvent {
    /// A request was taken in and answered.
    Ingested(Arc<Ingested>),
    /// The store takes requests again, after it did not.
    StoredAgain,
    /// A bound was met: the status that was answered, 0 where the connection was closed, and why.
    Refused {
        status: u16,
        why: &'static str,
    },
    Forward(Arc<ForwardEvent>),
    /// The response to a capture did not reach its client.
    NotReceived {
        capture: Id,
        end: ResponseEnd,
    },
}

impl IngestEvent {
    pub fn body_bytes(&self) -> usize {
        match self {
            Self::Ingested(ingested) => ingested.capture.request.body.len(),
            Self::StoredAgain
            | Self::Refused { .. }
            | Self::Forward(_)
            | Self::NotReceived { .. } => 0,
        }
    }
}

/// A request, and what was made of it.
pub struct Ingested {
    /// As it was, or was to be, stored.
    pub capture: Arc<Capture>,
    /// The event's key, where it has one and its sender is believed.
    pub key: Option<EventKey>,
    pub provider: Option<Arc<Provider>>,
    /// The status that was answered.
    pub status: u16,
    /// From when it was received until its response was known.
    pub took: Duration,
    /// It would have been forwarded, had not a web page sent it.
    pub is_held_back: bool,
    /// It is a handshake that was answered here, and not by the application.
    pub is_answered_here: bool,
    /// Why the store did not take it, where that is news.
    pub trouble: Option<StoreError>,
}

impl Ingested {
    /// As it is handed to the store; whether others forward it.
    pub(super) fn incoming(&self, is_left: bool) -> Incoming {
        Incoming {
            capture: self.capture.clone(),
            key: self.key,
            is_left,
        }
    }

    /// As it is where the store knows an earlier one with its key.
    pub(super) fn repeating(self, repetition: Option<Repetition>) -> Self {
        let Some(Repetition { of, is_changed }) = repetition else {
            return self;
        };
        Self {
            capture: Arc::new(Capture {
                duplicate_of: Some(of),
                same_id_changed: is_changed,
                ..Capture::clone(&self.capture)
            }),
            ..self
        }
    }
}

/// Tells events to all who are subscribed.
#[derive(Default)]
pub struct EventSender {
    subscribers: RwLock<Vec<Subscriber>>,
}

struct Subscriber {
    events: SyncSender<IngestEvent>,
    backlog: Arc<EventBacklog>,
    /// How much of it is shown; none: all.
    pace: Option<Mutex<Pace>>,
    /// As long as there is someone to tell.
    is_there: Weak<()>,
}

/// How far a subscriber is behind.
#[derive(Default)]
pub struct EventBacklog {
    /// Bytes of bodies that wait to be shown.
    waiting_bytes: AtomicUsize,
    /// Skipped since this was last asked, and in all.
    skipped: AtomicU64,
    skipped_in_all: AtomicU64,
}

impl EventBacklog {
    fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
        self.skipped_in_all.fetch_add(1, Ordering::Relaxed);
    }

    pub fn skipped_in_all(&self) -> u64 {
        self.skipped_in_all.load(Ordering::Relaxed)
    }

    /// How many were skipped since this was last asked.
    pub fn take_skipped(&self) -> u64 {
        self.skipped.swap(0, Ordering::Relaxed)
    }

    /// A request was shown; its body waits no longer.
    pub fn shown(&self, body_bytes: usize) {
        self.waiting_bytes.fetch_sub(body_bytes, Ordering::Relaxed);
    }
}

impl EventSender {
    /// From now on the subscriber receives events, until it or the sender is dropped.
    pub fn subscribe(&self, pace: Option<Pace>) -> Subscription {
        let (sender, events) = sync_channel(EVENT_QUEUE);
        let backlog = Arc::new(EventBacklog::default());
        let is_there = Arc::new(());
        let subscriber = Subscriber {
            events: sender,
            backlog: backlog.clone(),
            pace: pace.map(Mutex::new),
            is_there: Arc::downgrade(&is_there),
        };
        let subscribers = self.subscribers.write();
        let mut subscribers = subscribers.unwrap_or_else(PoisonError::into_inner);
        // Whoever comes after others that have gone takes their place.
        subscribers.retain(|subscriber| subscriber.is_there.strong_count() > 0);
        subscribers.push(subscriber);
        Subscription {
            events,
            backlog,
            _is_there: is_there,
        }
    }

    /// Holds no one up.
    pub fn publish(&self, event: IngestEvent) {
        let subscribers = self.subscribers.read();
        let subscribers = subscribers.unwrap_or_else(PoisonError::into_inner);
        for subscriber in subscribers.iter() {
            subscriber.tell(event.clone());
        }
    }
}

impl Subscriber {
    fn tell(&self, event: IngestEvent) {
        let backlog = &self.backlog;
        let allowed = self.pace.as_ref().is_none_or(|pace| {
            let mut pace = pace.lock().unwrap_or_else(PoisonError::into_inner);
            pace.allows(Instant::now())
        });
        if !allowed {
            return backlog.skip();
        }
        let bytes = event.body_bytes();
        let waiting = backlog.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = waiting + bytes <= WAITING_BYTES.max(bytes);
        if !fits || self.events.try_send(event).is_err() {
            backlog.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            backlog.skip();
        }
    }
}

/// What a subscriber is told. Of each event it says, once that is shown, that its body waits no longer
/// ([`EventBacklog::shown`]).
pub struct Subscription {
    events: Receiver<IngestEvent>,
    backlog: Arc<EventBacklog>,
    _is_there: Arc<()>,
}

impl Subscription {
    /// The next event.
    ///
    /// # Errors
    /// No event came in time, or none will come.
    pub fn next_within(&self, time: Duration) -> Result<IngestEvent, RecvTimeoutError> {
        self.events.recv_timeout(time)
    }

    pub fn backlog(&self) -> &Arc<EventBacklog> {
        &self.backlog
    }
}

/// How many lines a person is shown: a burst, then so many a second.
pub struct Pace {
    left: f64,
    refilled: Instant,
}

const BURST: f64 = 1000.0;
const LINES_A_SECOND: f64 = 200.0;

impl Default for Pace {
    fn default() -> Self {
        Self {
            left: BURST,
            refilled: Instant::now(),
        }
    }
}

impl Pace {
    fn allows(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.refilled);
        self.refilled = now;
        self.left = (self.left + passed.as_secs_f64() * LINES_A_SECOND).min(BURST);
        let allowed = self.left >= 1.0;
        if allowed {
            self.left -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_shown_and_then_so_many_lines_a_second() {
        let mut pace = Pace::default();
        let start = pace.refilled;
        let shown = |pace: &mut Pace, at: Instant| (0..5000).filter(|_| pace.allows(at)).count();
        assert_eq!(shown(&mut pace, start), 1000);
        assert_eq!(shown(&mut pace, start + Duration::from_secs(2)), 400);
        assert_eq!(shown(&mut pace, start + Duration::from_secs(60)), 1000);
    }

    #[test]
    fn each_subscriber_is_told_and_those_that_went_are_forgotten() {
        let sender = EventSender::default();
        let refused = || IngestEvent::Refused {
            status: 413,
            why: "too long",
        };
        let (first, second) = (sender.subscribe(None), sender.subscribe(None));
        sender.publish(refused());
        for subscription in [&first, &second] {
            assert!(subscription.next_within(Duration::ZERO).is_ok());
            assert!(subscription.next_within(Duration::ZERO).is_err(), "once");
        }
        drop(first);
        let third = sender.subscribe(None);
        assert_eq!(sender.subscribers.read().unwrap().len(), 2);
        // One that does not listen loses what it has no room for, is told how much, and takes nothing from others.
        for _ in 0..=EVENT_QUEUE {
            sender.publish(refused());
            assert!(second.next_within(Duration::ZERO).is_ok());
        }
        assert_eq!(third.backlog().take_skipped(), 1);
        assert_eq!(second.backlog().skipped_in_all(), 0);
    }
}
