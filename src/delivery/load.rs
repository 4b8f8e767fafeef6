//! Statistics of many simultaneous deliveries: latencies, statuses, errors, and their course over time.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};

/// Latencies are kept to three digits, up to ten minutes; a longer one counts as that.
const LONGEST_US: u64 = 600_000_000;

/// How many points a course has at most; beyond that each comes to stand for twice the time.
const MOST_POINTS: usize = 256;

/// What one worker counts; those of all workers are added up at the end. Its size does not grow with what
/// it counts, nor with the time that goes by.
pub struct Tally {
    latencies: Histogram<u64>,
    statuses: BTreeMap<u16, u64>,
    errors: BTreeMap<&'static str, u64>,
    /// So many seconds in each span.
    step_s: u64,
    spans: Vec<Span>,
}

#[derive(Clone)]
struct Span {
    answered: u64,
    latencies: Histogram<u64>,
}

impl Span {
    fn new() -> Result<Self, CreationError> {
        Ok(Self {
            answered: 0,
            latencies: Histogram::new_with_bounds(1, LONGEST_US, 2)?,
        })
    }
}

impl Span {
    fn add(&mut self, other: &Self) {
        self.answered += other.answered;
        // Both have the same bounds, so that nothing can be out of them.
        let _ = self.latencies.add(&other.latencies);
    }
}

/// A bar of the histogram: how many answers took from one bound to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub from: Duration,
    pub to: Duration,
    pub count: u64,
}

/// What one step of the course came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub answered: u64,
    pub p50: Duration,
    pub p99: Duration,
}

impl Tally {
    /// # Errors
    /// None, as the bounds are constants that fit; the crate's constructor has one.
    pub fn new() -> Result<Self, CreationError> {
        Ok(Self {
            latencies: Histogram::new_with_bounds(1, LONGEST_US, 3)?,
            statuses: BTreeMap::new(),
            errors: BTreeMap::new(),
            step_s: 1,
            spans: Vec::new(),
        })
    }

    /// An answer, `since` the start.
    pub fn answered(&mut self, status: u16, latency: Duration, since: Duration) {
        *self.statuses.entry(status).or_default() += 1;
        let latency = u64::try_from(latency.as_micros())
            .unwrap_or(LONGEST_US)
            .max(1);
        self.latencies.saturating_record(latency);
        while since.as_secs() / self.step_s >= MOST_POINTS as u64 {
            self.coarsen();
        }
        let index = usize::try_from(since.as_secs() / self.step_s).unwrap_or(MOST_POINTS);
        while self.spans.len() <= index {
            match Span::new() {
                Ok(span) => self.spans.push(span),
                Err(_) => return,
            }
        }
        let span = &mut self.spans[index];
        span.answered += 1;
        span.latencies.saturating_record(latency);
    }

    /// Two spans become one.
    fn coarsen(&mut self) {
        self.step_s *= 2;
        let mut merged: Vec<Span> = Vec::with_capacity(MOST_POINTS);
        for (index, span) in std::mem::take(&mut self.spans).into_iter().enumerate() {
            match merged.last_mut().filter(|_| index % 2 == 1) {
                Some(last) => last.add(&span),
                None => merged.push(span),
            }
        }
        self.spans = merged;
    }

    /// No answer.
    pub fn failed(&mut self, code: &'static str) {
        *self.errors.entry(code).or_default() += 1;
    }

    /// Adds what another worker counted.
    pub fn add(&mut self, other: &Self) {
        // Both have the same bounds, so that nothing can be out of them.
        let _ = self.latencies.add(&other.latencies);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        for (code, count) in &other.errors {
            *self.errors.entry(code).or_default() += count;
        }
        while self.step_s < other.step_s {
            self.coarsen();
        }
        let times = self.step_s / other.step_s;
        for (index, span) in other.spans.iter().enumerate() {
            let index = index / usize::try_from(times).unwrap_or(1);
            match self.spans.get_mut(index) {
                None => self.spans.push(span.clone()),
                Some(own) => own.add(span),
            }
        }
    }

    pub fn answers(&self) -> u64 {
        self.statuses.values().sum()
    }

    pub fn statuses(&self) -> &BTreeMap<u16, u64> {
        &self.statuses
    }

    pub fn errors(&self) -> &BTreeMap<&'static str, u64> {
        &self.errors
    }

    pub fn percentile(&self, percent: f64) -> Duration {
        Duration::from_micros(self.latencies.value_at_percentile(percent))
    }

    pub fn average(&self) -> Duration {
        Duration::from_secs_f64(self.latencies.mean() / 1e6)
    }

    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.latencies.max())
    }

    /// Bars that double in width, from the shortest to the longest answer.
    pub fn histogram(&self) -> Vec<Bar> {
        let bar = |from: u64, to: u64| Bar {
            from: Duration::from_micros(from),
            to: Duration::from_micros(to),
            count: self.latencies.count_between(from, to - 1),
        };
        let bounds: Vec<u64> = std::iter::successors(Some(1_u64), |bound| Some(bound * 2))
            .take_while(|bound| *bound <= LONGEST_US * 2)
            .collect();
        let mut bars: Vec<Bar> = bounds
            .windows(2)
            .map(|pair| bar(pair[0], pair[1]))
            .collect();
        while bars.last().is_some_and(|bar| bar.count == 0) {
            bars.pop();
        }
        let first = bars
            .iter()
            .position(|bar| bar.count > 0)
            .unwrap_or(bars.len());
        bars.split_off(first)
    }

    /// How much time each point of the course is of.
    pub fn step(&self) -> Duration {
        Duration::from_secs(self.step_s)
    }

    pub fn timeline(&self) -> Vec<Point> {
        let at = |span: &Span, percent| {
            Duration::from_micros(span.latencies.value_at_percentile(percent))
        };
        self.spans
            .iter()
            .map(|span| Point {
                answered: span.answered,
                p50: at(span, 50.0),
                p99: at(span, 99.0),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_workers_count_adds_up() {
        let ms = Duration::from_millis;
        let (mut one, mut other) = (Tally::new().unwrap(), Tally::new().unwrap());
        for number in 1..=50 {
            one.answered(200, ms(number), ms(100));
            other.answered(
                if number == 50 { 500 } else { 200 },
                ms(50 + number),
                ms(2500),
            );
        }
        other.failed("timeout");
        one.add(&other);
        assert_eq!(
            (one.answers(), one.errors().values().sum::<u64>()),
            (100, 1)
        );
        assert_eq!(one.statuses(), &BTreeMap::from([(200, 99), (500, 1)]));
        let p50 = one.percentile(50.0).as_secs_f64();
        assert!((0.0499..0.0511).contains(&p50), "{p50}");
        assert!((0.0998..0.1002).contains(&one.longest().as_secs_f64()));
        let timeline = one.timeline();
        assert_eq!(
            timeline
                .iter()
                .map(|point| point.answered)
                .collect::<Vec<_>>(),
            [50, 0, 50]
        );
        // An hour later each point stands for sixteen seconds, and nothing is lost.
        other.answered(200, ms(1), Duration::from_secs(3600));
        assert_eq!(other.step(), Duration::from_secs(16));
        let mut sum = Tally::new().unwrap();
        sum.answered(200, ms(1), ms(1500));
        sum.add(&other);
        assert_eq!((sum.step(), sum.answers()), (Duration::from_secs(16), 52));
        let timeline = sum.timeline();
        assert_eq!((timeline.len(), timeline[0].answered), (226, 51));
        assert_eq!(
            one.histogram().iter().map(|bar| bar.count).sum::<u64>(),
            100
        );
    }
}
