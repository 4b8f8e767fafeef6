//! Statistics of deliveries, as documents.

use std::time::Duration;

use serde::Serialize;

use super::delivery::expectation;
use crate::delivery::{Alarm, Figures, Tally};
use crate::model::DeliveryOutline;

/// What a load came to. Times are milliseconds.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LoadReport {
    /// The events sent.
    pub events: Vec<String>,
    /// The destination.
    pub url: String,
    /// The number of connections.
    pub connections: u32,
    /// The requested rate per second.
    pub rate: Option<f64>,
    /// Whether requests were sent at the requested rate.
    pub rate_reached: Option<bool>,
    /// How long it was measured.
    pub duration_ms: f64,
    /// Requests sent.
    pub sent: u64,
    /// Requests sent per second.
    pub sent_per_second: f64,
    /// Requests without a response when the time was over.
    pub in_progress: u64,
    /// Responses received.
    pub responses: u64,
    /// How many the provider counts as delivered.
    pub delivered: u64,
    /// Responses per second.
    pub per_second: f64,
    /// The response times.
    pub response_ms: Option<ResponseTimes>,
    /// Each status and its count.
    pub statuses: Vec<(u16, u64)>,
    /// Each error code and its count.
    pub errors: Vec<(String, u64)>,
    /// The distribution of the response times.
    pub histogram: Vec<HistogramBar>,
    /// The time between two points of the timeline.
    pub timeline_step_ms: f64,
    /// The response times over time.
    pub timeline: Vec<LoadPoint>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LoadPoint {
    /// Responses in this step.
    pub responses: u64,
    /// The median response time.
    pub p50_ms: f64,
    /// The 99th percentile.
    pub p99_ms: f64,
}

/// What deliveries come to. Times are milliseconds.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeliveryStats {
    /// All deliveries.
    pub deliveries: u64,
    /// Delivered.
    pub delivered: u64,
    /// Failed.
    pub failed: u64,
    /// Of those that failed, how many had the response that was wanted, with `--expect-status` or `--fault`.
    pub as_wanted: u64,
    /// Not finished.
    pub pending: u64,
    /// With an attempt that may have arrived.
    pub unknown: u64,
    /// From 0 to 1, of those that are finished, without those as wanted.
    pub success_rate: Option<f64>,
    /// All attempts.
    pub attempts: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// The longest run of failures.
    pub failures_in_a_row: u64,
    /// The response times.
    pub response_ms: Option<ResponseTimes>,
    /// Each status or error code and its count.
    pub errors: Vec<(String, u64)>,
    /// The distribution of the response times.
    pub histogram: Vec<HistogramBar>,
    /// The conditions of `--fail-if` that hold.
    pub alarms: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ResponseTimes {
    /// The average.
    pub average: f64,
    /// The median.
    pub p50: f64,
    /// The 95th percentile.
    pub p95: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HistogramBar {
    /// The upper bound, null for the last bar.
    pub up_to_ms: Option<f64>,
    /// Responses up to that bound.
    pub count: u64,
}

/// Counts a delivery: one that was to be refused, and was, is no failure of the receiver.
pub fn count_delivery(figures: &mut Figures, outline: &DeliveryOutline) {
    let status = outline.attempts.last().and_then(|attempt| attempt.status);
    let expected = expectation(outline.outcome, outline.wanted.as_deref(), status);
    let attempts = outline.attempts.iter();
    figures.add(
        outline.outcome,
        expected.is_some_and(|expected| expected.met),
        attempts.map(|attempt| (attempt.duration, attempt.status, attempt.error)),
    );
}

impl DeliveryStats {
    /// What the figures say, and which of the alarms they raise.
    pub fn new(figures: &Figures, alarms: &[Alarm]) -> Self {
        let at = |percent| figures.percentile(percent).map(ms).unwrap_or_default();
        let raised = alarms.iter().filter(|alarm| alarm.is_met(figures));
        Self {
            deliveries: figures.deliveries(),
            delivered: figures.delivered,
            failed: figures.failed,
            as_wanted: figures.as_wanted,
            pending: figures.pending,
            unknown: figures.unknown,
            success_rate: figures.success_rate(),
            attempts: figures.attempts,
            retries: figures.retries,
            failures_in_a_row: figures.failures_in_a_row,
            response_ms: figures.average().map(|average| ResponseTimes {
                average: ms(average),
                p50: at(50.0),
                p95: at(95.0),
                p99: at(99.0),
                max: at(100.0),
            }),
            errors: figures.errors.clone().into_iter().collect(),
            histogram: figures
                .histogram()
                .into_iter()
                .map(|(bound, count)| HistogramBar {
                    up_to_ms: bound.map(ms),
                    count,
                })
                .collect(),
            alarms: raised.map(ToString::to_string).collect(),
        }
    }
}

/// What was asked of a load.
pub struct LoadFacts {
    pub events: Vec<String>,
    pub url: String,
    pub connections: u32,
    /// Requests a second, where a rate was wanted.
    pub rate: Option<f64>,
    /// How long it counted.
    pub counted: Duration,
    pub sent: u64,
    pub sent_per_second: f64,
    pub in_progress: u64,
    pub rate_reached: Option<bool>,
}

impl LoadReport {
    /// What was counted; `is_success` says of a status whether the events' providers count it as delivered.
    pub fn new(facts: LoadFacts, tally: &Tally, is_success: impl Fn(u16) -> bool) -> Self {
        let LoadFacts {
            events,
            url,
            connections,
            rate,
            counted,
            sent,
            sent_per_second,
            in_progress,
            rate_reached,
        } = facts;
        let successes = tally.statuses().iter();
        let successes = successes.filter(|(status, _)| is_success(**status));
        let delivered = successes.map(|(_, count)| count).sum();
        Self {
            events,
            url,
            connections,
            rate,
            rate_reached,
            sent,
            sent_per_second,
            in_progress,
            duration_ms: ms(counted),
            responses: tally.answers(),
            delivered,
            per_second: tally.answers() as f64 / counted.as_secs_f64().max(0.001),
            response_ms: (tally.answers() > 0).then(|| ResponseTimes {
                average: ms(tally.average()),
                p50: ms(tally.percentile(50.0)),
                p95: ms(tally.percentile(95.0)),
                p99: ms(tally.percentile(99.0)),
                max: ms(tally.longest()),
            }),
            statuses: tally
                .statuses()
                .iter()
                .map(|(status, count)| (*status, *count))
                .collect(),
            errors: tally
                .errors()
                .iter()
                .map(|(code, count)| ((*code).to_owned(), *count))
                .collect(),
            histogram: tally
                .histogram()
                .into_iter()
                .map(|bar| HistogramBar {
                    up_to_ms: Some(ms(bar.to)),
                    count: bar.count,
                })
                .collect(),
            timeline_step_ms: ms(tally.step()),
            timeline: tally
                .timeline()
                .into_iter()
                .map(|point| LoadPoint {
                    responses: point.answered,
                    p50_ms: ms(point.p50),
                    p99_ms: ms(point.p99),
                })
                .collect(),
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
