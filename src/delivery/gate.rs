//! How many attempts may be under way at once, and how many may begin within a time.

use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
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
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is no rate: write 100/min, 10/s or 5000/h");
        let (count, unit) = text.split_once('/').ok_or_else(refused)?;
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
            _ => return Err(refused()),
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
    /// When the last ones began, as many as the rate counts; the oldest first.
    began: Mutex<VecDeque<Instant>>,
}

impl Gate {
    /// The rate's time is real time: a compressed clock divides it first.
    pub fn new(in_flight: usize, rate: Option<Rate>) -> Self {
        Self {
            in_flight: Semaphore::new(in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            rate,
            began: Mutex::default(),
        }
    }

    /// Waits until another attempt may begin; it is under way until the pass is dropped.
    pub async fn pass(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        let permit = self.in_flight.acquire().await.ok();
        if let Some(rate) = self.rate {
            let at = self.place(rate, Instant::now());
            tokio::time::sleep_until(at).await;
        }
        permit
    }

    /// When the next attempt may begin. Its place is taken with that.
    fn place(&self, rate: Rate, now: Instant) -> Instant {
        let mut began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        let full = began.len() >= rate.count as usize;
        let oldest = if full { began.pop_front() } else { None };
        let at = oldest.map_or(now, |oldest| now.max(oldest + rate.per));
        began.push_back(at);
        at
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
        for text in ["100", "0/s", "x/s", "1/day", "-1/s"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_span_holds_more_than_the_rate(count in 1_u32..20, gaps in prop::collection::vec(0_u64..5_000, 1..100)) {
            let rate = Rate { count, per: Duration::from_secs(10) };
            let gate = Gate::new(1, Some(rate));
            let mut now = Instant::now();
            let mut began = Vec::new();
            for gap in gaps {
                now += Duration::from_millis(gap);
                let at = gate.place(rate, now);
                prop_assert!(at >= now);
                began.push(at);
                now = at;
            }
            for window in began.windows(count as usize + 1) {
                prop_assert!(window[count as usize] - window[0] >= rate.per);
            }
        }
    }
}
