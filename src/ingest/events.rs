//! What happens while requests are taken in, on its way to whoever shows it: bounded, paced for people, counted. It may
//! lose events, and says how many; what must not be lost is a stage of its own.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

use crate::catalog::Provider;
use crate::forward::ForwardEvent;
use crate::model::{Capture, RemoteText, Verdict};
use crate::store::StoreError;

/// Requests that may wait to be shown, and the bytes of their bodies; more are skipped and counted.
pub const EVENT_QUEUE: usize = 1024;
const WAITING_BYTES: usize = 64 << 20;
/// Kinds of requests that are counted apart.
const COUNTED_KINDS: usize = 1000;
/// Requests of one event type, with one verdict, that were answered the same.
#[derive(Clone, Debug, Serialize)]
pub struct KindCount {
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub verdict: Verdict,
    /// 0 where there was no answer.
    pub status: u16,
    pub count: u64,
}

/// What is counted of the requests.
#[derive(Default)]
pub struct IngestCounts {
    received: AtomicU64,
    stored: AtomicU64,
    /// Answered by a bound of the receiver; never seen by anything else.
    refused: AtomicU64,
    /// Skipped since the printer last said so, and in all.
    skipped: AtomicU64,
    skipped_in_all: AtomicU64,
    /// Bytes of bodies that wait to be shown.
    waiting_bytes: AtomicUsize,
    kinds: Mutex<HashMap<u64, KindCount>>,
    kind_hasher: RandomState,
}

impl IngestCounts {
    /// One more that came, once it is settled whether it is stored.
    pub fn receive(&self, is_stored: bool) {
        self.received.fetch_add(1, Ordering::Relaxed);
        self.stored
            .fetch_add(u64::from(is_stored), Ordering::Relaxed);
    }

    pub fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// One more that a bound answered.
    pub fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// A request was answered: what its kind is counted by.
    pub fn answered(&self, capture: &Capture, status: u16) {
        let key = self.kind_hasher.hash_one((
            capture.provider.as_deref(),
            capture.event.as_ref().map(RemoteText::unescaped),
            capture.verdict,
            status,
        ));
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = kinds.get_mut(&key) {
            kind.count += 1;
            return;
        }
        // Senders choose events' names: beyond so many, they are counted together.
        let (key, provider, event) = if kinds.len() < COUNTED_KINDS {
            (key, capture.provider.clone(), capture.event.clone())
        } else {
            (0, None, Some("others".into()))
        };
        let kind = kinds.entry(key).or_insert_with(|| KindCount {
            provider,
            event,
            verdict: capture.verdict,
            status,
            count: 0,
        });
        kind.count += 1;
    }

    /// How often each kind came, the most frequent first.
    pub fn kinds(&self) -> Vec<KindCount> {
        let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kinds: Vec<KindCount> = kinds.values().cloned().collect();
        kinds.sort_by(|one, other| {
            let name = |kind: &KindCount| {
                let event = (kind.provider.clone(), kind.event.clone());
                (event, kind.status, kind.verdict.name())
            };
            other
                .count
                .cmp(&one.count)
                .then_with(|| name(one).cmp(&name(other)))
        });
        kinds
    }

    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// One more that is kept and not shown.
    pub fn skip(&self) {
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

/// What happened.
pub enum IngestEvent {
    /// A request was taken in and answered.
    Ingested(Box<Ingested>),
    /// A bound was met: the status that was answered, 0 where the connection was closed, and why.
    Refused {
        status: u16,
        why: &'static str,
    },
    Forward(ForwardEvent),
}

impl IngestEvent {
    pub fn body_bytes(&self) -> usize {
        match self {
            Self::Ingested(ingested) => ingested.capture.request.body.len(),
            Self::Refused { .. } | Self::Forward(_) => 0,
        }
    }
}

/// A request, and what was made of it.
pub struct Ingested {
    /// As it was, or was to be, stored.
    pub capture: Arc<Capture>,
    pub provider: Option<Arc<Provider>>,
    /// The status that was answered.
    pub status: u16,
    /// It would have been forwarded, had not a web page sent it.
    pub is_held_back: bool,
    /// It is a handshake that was answered here, and not by the application.
    pub is_answered_here: bool,
    /// Why the store did not take it, where that is news.
    pub trouble: Option<StoreError>,
}

/// Where events are published.
pub struct EventSender {
    counts: Arc<IngestCounts>,
    events: SyncSender<IngestEvent>,
    /// How much of it is shown; none: all.
    pace: Option<Mutex<Pace>>,
}

impl EventSender {
    pub fn new(
        counts: Arc<IngestCounts>,
        events: SyncSender<IngestEvent>,
        pace: Option<Pace>,
    ) -> Self {
        Self {
            counts,
            events,
            pace: pace.map(Mutex::new),
        }
    }

    /// Hands an event on, or counts it where there is no time to show or to read it.
    pub fn publish(&self, event: IngestEvent) {
        let counts = &self.counts;
        let allowed = self.pace.as_ref().is_none_or(|pace| {
            let mut pace = pace.lock().unwrap_or_else(PoisonError::into_inner);
            pace.allows(Instant::now())
        });
        if !allowed {
            return counts.skip();
        }
        let bytes = event.body_bytes();
        let waiting = counts.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = waiting + bytes <= WAITING_BYTES.max(bytes);
        if !fits || self.events.try_send(event).is_err() {
            counts.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            counts.skip();
        }
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
}
