//! Limits the attempts that run at the same time, and those that start per period.

use crate::model::InvalidText;
use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// So many in any span of that length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    pub per: Duration,
}

impl FromStr for Rate {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            format!(
                "invalid rate `{text}`: use a count and a unit, for example 10/s, 100/min or 5000/h"
            )
        };
        // A number alone is one a second.
        let (count, unit) = text.split_once('/').unwrap_or((text, "s"));
        let count = count
            .trim()
            .parse()
            .ok()
            .filter(|count| *count > 0)
            .ok_or_else(refused)?;
        let seconds = match unit.trim() {
            "s" | "sec" | "second" => 1,
            "m" | "min" | "minute" => 60,
            "h" | "hour" => 3600,
            _ => return Err(refused().into()),
        };
        Ok(Self {
            count,
            per: Duration::from_secs(seconds),
        })
    }
}

/// Where attempts wait until they may begin.
pub struct Gate {
    in_flight: Semaphore,
    rate: Option<Rate>,
    slots: Mutex<Slots>,
}

/// A rate's slots. One that is used is free again a whole span after its attempt has ended: whenever the
/// receiver saw that attempt, and whenever it sees the next, they are a span apart.
#[derive(Default)]
struct Slots {
    /// How many were never used.
    fresh: usize,
    /// When the attempts of the others ended; the oldest first.
    ended: VecDeque<Instant>,
}

impl Slots {
    /// Takes a slot: when its attempt may begin. None where all are in use.
    fn take(&mut self, per: Duration, now: Instant) -> Option<Instant> {
        if self.fresh > 0 {
            self.fresh -= 1;
            return Some(now);
        }
        let ended = self.ended.pop_front()?;
        Some(now.max(ended + per))
    }

    /// Its attempt has ended.
    fn give_back(&mut self, now: Instant) {
        self.ended.push_back(now);
    }
}

/// An attempt that may be under way, until this is dropped.
pub struct Pass<'g> {
    gate: &'g Gate,
    _permit: Option<SemaphorePermit<'g>>,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.gate.rate.is_some() {
            self.gate.slots().give_back(Instant::now());
        }
    }
}

impl Gate {
    /// The rate's time is real time: a compressed clock divides it first.
    pub fn new(in_flight: usize, rate: Option<Rate>) -> Self {
        let count = rate.map_or(usize::MAX, |rate| rate.count as usize);
        Self {
            // No more than have a slot, so that whoever is let in finds one.
            in_flight: Semaphore::new(in_flight.clamp(1, Semaphore::MAX_PERMITS).min(count)),
            rate,
            slots: Mutex::new(Slots {
                fresh: count,
                ended: VecDeque::new(),
            }),
        }
    }

    /// Waits until another attempt may begin.
    pub async fn pass(&self) -> Pass<'_> {
        // The semaphore is never closed.
        let permit = self.in_flight.acquire().await.ok();
        let begins = self
            .rate
            .and_then(|rate| self.slots().take(rate.per, Instant::now()));
        let pass = Pass {
            gate: self,
            _permit: permit,
        };
        if let Some(begins) = begins {
            tokio::time::sleep_until(begins).await;
        }
        pass
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rate_has_a_count_and_a_time() {
        assert_eq!(
            "100/min".parse(),
            Ok(Rate {
                count: 100,
                per: Duration::from_secs(60)
            })
        );
        assert_eq!("100".parse::<Rate>(), "100/s".parse());
        for text in ["", "0", "0/s", "x/s", "1/day", "-1/s"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_span_holds_more_than_the_rate(count in 1_u32..20, gaps in prop::collection::vec(0_u64..5_000, 1..100)) {
            let rate = Rate { count, per: Duration::from_secs(10) };
            let mut slots = Slots { fresh: count as usize, ended: VecDeque::new() };
            let mut now = Instant::now();
            let mut began = Vec::new();
            for gap in gaps {
                now += Duration::from_millis(gap);
                let at = slots.take(rate.per, now).unwrap();
                prop_assert!(at >= now);
                began.push(at);
                now = at;
                slots.give_back(now);
            }
            for window in began.windows(count as usize + 1) {
                prop_assert!(window[count as usize] - window[0] >= rate.per);
            }
        }
    }
}
