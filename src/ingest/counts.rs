//! Counts requests.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use crate::model::{Capture, RemoteText, Verdict};

/// Kinds of requests that are counted apart.
const COUNTED_KINDS: usize = 1000;

/// Requests of one event type, with one verdict, that were answered the same.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KindCount {
    /// The provider.
    pub provider: Option<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// The verdict.
    pub verdict: Verdict,
    /// The status of the response.
    pub status: u16,
    /// How many.
    pub count: u64,
}

/// The bounds up to which response times are counted together, in milliseconds; the last count is of longer ones.
const TIME_BOUNDS_MS: [u64; 11] = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000, 10_000];

/// How long responses took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseTimeCounts {
    /// Each bound, with how many responses took no longer than it; the last without a bound, with all.
    pub up_to: Vec<(Option<Duration>, u64)>,
    pub total: Duration,
}

/// What is counted of the requests.
#[derive(Default)]
pub struct IngestCounts {
    received: AtomicU64,
    stored: AtomicU64,
    /// Answered by a bound of the receiver; never seen by anything else.
    refused: AtomicU64,
    /// How many responses took so long, by the bounds, and all their microseconds.
    times: [AtomicU64; TIME_BOUNDS_MS.len() + 1],
    total_us: AtomicU64,
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
    pub fn answered(&self, capture: &Capture, status: u16, took: Duration) {
        let within = |bound: &u64| took <= Duration::from_millis(*bound);
        let place = TIME_BOUNDS_MS.iter().position(within);
        self.times[place.unwrap_or(TIME_BOUNDS_MS.len())].fetch_add(1, Ordering::Relaxed);
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.total_us.fetch_add(us, Ordering::Relaxed);
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

    /// How many requests have each verdict.
    pub fn with_verdict(&self, verdict: Verdict) -> u64 {
        let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let of_verdict = kinds.values().filter(|kind| kind.verdict == verdict);
        of_verdict.map(|kind| kind.count).sum()
    }

    /// How long the responses took.
    pub fn response_times(&self) -> ResponseTimeCounts {
        let bounds = TIME_BOUNDS_MS.map(|bound| Some(Duration::from_millis(bound)));
        let mut count = 0;
        let counts = self.times.iter().map(|times| {
            count += times.load(Ordering::Relaxed);
            count
        });
        ResponseTimeCounts {
            up_to: bounds.into_iter().chain([None]).zip(counts).collect(),
            total: Duration::from_micros(self.total_us.load(Ordering::Relaxed)),
        }
    }

    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}
