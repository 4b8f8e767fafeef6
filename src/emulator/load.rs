//! How much waits for each subscription, and how much of its rate is used up: for back-pressure, and for the headers that
//! tell of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::dispatch::LaneLimits;

/// The load of subscriptions whose provider limits it.
#[derive(Default)]
pub(super) struct Load(Mutex<HashMap<i64, Of>>);

#[derive(Default)]
struct Of {
    waiting: usize,
    /// When its latest attempts were made, as many as its rate allows.
    made: VecDeque<Instant>,
}

/// The state of a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RateState {
    pub limit: u32,
    pub remaining: u32,
    pub reset: Duration,
}

impl Load {
    pub(super) fn set_waiting(&self, subscription: i64, count: usize) {
        self.all().entry(subscription).or_default().waiting = count;
    }

    pub(super) fn waiting(&self, subscription: i64) -> usize {
        self.all().get(&subscription).map_or(0, |of| of.waiting)
    }

    pub(super) fn added(&self, subscription: i64) {
        self.all().entry(subscription).or_default().waiting += 1;
    }

    /// An attempt was made; it may have been the last one.
    pub(super) fn attempted(&self, subscription: i64, is_last: bool, limits: &LaneLimits) {
        let mut all = self.all();
        let of = all.entry(subscription).or_default();
        if is_last {
            of.waiting = of.waiting.saturating_sub(1);
        }
        if let Some((count, _)) = limits.rate {
            of.made.push_back(Instant::now());
            while of.made.len() > count as usize {
                of.made.pop_front();
            }
        }
    }

    /// Real time goes by at once.
    pub(super) fn advance(&self, by: Duration) {
        for of in self.all().values_mut() {
            for made in &mut of.made {
                *made = made.checked_sub(by).unwrap_or(*made);
            }
        }
    }

    pub(super) fn forget(&self, subscription: i64) {
        self.all().remove(&subscription);
    }

    /// None where there is no limit.
    pub(super) fn rate(&self, subscription: i64, limits: &LaneLimits) -> Option<RateState> {
        let (limit, per) = limits.rate?;
        let all = self.all();
        let made = all.get(&subscription).map(|of| &of.made);
        let elapsed = made.into_iter().flatten().map(Instant::elapsed);
        let recent: Vec<Duration> = elapsed.filter(|elapsed| *elapsed < per).collect();
        let used = u32::try_from(recent.len()).unwrap_or(limit);
        let oldest = recent.into_iter().max();
        Some(RateState {
            limit,
            remaining: limit.saturating_sub(used),
            reset: oldest.map_or(Duration::ZERO, |elapsed| per.saturating_sub(elapsed)),
        })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<i64, Of>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
