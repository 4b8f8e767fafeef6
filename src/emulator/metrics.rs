//! What a provider's deliveries came to, as GAIFE's guide and others ask to have watched.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::model::{Attempt, Delivery, Outcome};

/// The bounds of the histogram of response times, in seconds.
const BOUNDS_S: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Counts since the start.
#[derive(Default)]
pub struct Metrics(Mutex<BTreeMap<String, Counts>>);

#[derive(Default)]
struct Counts {
    events: u64,
    enqueued: u64,
    delivered: u64,
    failed: u64,
    unknown: u64,
    attempts: u64,
    retries: u64,
    /// By status class or kind of error.
    errors: BTreeMap<String, u64>,
    response: Histogram,
    /// From the event to its delivery.
    processing: Histogram,
}

type CountOf = fn(&Counts) -> u64;
type HistogramOf = fn(&Counts) -> &Histogram;

#[derive(Default)]
struct Histogram {
    buckets: [u64; BOUNDS_S.len()],
    count: u64,
    sum_s: f64,
}

impl Histogram {
    fn add(&mut self, time: Duration) {
        let seconds = time.as_secs_f64();
        for (bucket, bound) in self.buckets.iter_mut().zip(BOUNDS_S) {
            *bucket += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.sum_s += seconds;
    }

    fn write(&self, out: &mut String, name: &str, provider: &str) {
        let label = format!("provider=\"{provider}\"");
        for (count, bound) in self.buckets.iter().zip(BOUNDS_S) {
            *out += &format!("{name}_bucket{{{label},le=\"{bound}\"}} {count}\n");
        }
        *out += &format!("{name}_bucket{{{label},le=\"+Inf\"}} {}\n", self.count);
        *out += &format!("{name}_sum{{{label}}} {}\n", self.sum_s);
        *out += &format!("{name}_count{{{label}}} {}\n", self.count);
    }
}

impl Metrics {
    pub(super) fn published(&self, provider: &str) {
        self.with(provider, |counts| counts.events += 1);
    }

    pub(super) fn enqueued(&self, provider: &str, deliveries: usize) {
        self.with(provider, |counts| counts.enqueued += deliveries as u64);
    }

    pub(super) fn attempted(&self, provider: &str, delivery: &Delivery, attempt: &Attempt) {
        self.with(provider, |counts| {
            counts.attempts += 1;
            counts.retries += u64::from(attempt.number > 1);
            match &attempt.result {
                Ok(_) => counts.response.add(attempt.duration),
                Err(error) => {
                    *counts
                        .errors
                        .entry(error.kind.name().to_owned())
                        .or_default() += 1;
                }
            }
            if let Some(status) = attempt.status()
                && delivery.outcome != Outcome::Delivered
            {
                let class = format!("status_{}xx", status / 100);
                *counts.errors.entry(class).or_default() += 1;
            }
            match delivery.outcome {
                Outcome::Delivered => {
                    counts.delivered += 1;
                    let since = attempt.started_at.duration_since(delivery.started_at);
                    let since = Duration::try_from(since).unwrap_or_default();
                    counts.processing.add(since + attempt.duration);
                }
                Outcome::Failed => counts.failed += 1,
                Outcome::Unknown => counts.unknown += 1,
                Outcome::Pending => {}
            }
        });
    }

    fn with(&self, provider: &str, change: impl FnOnce(&mut Counts)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(provider.to_owned()).or_default());
    }

    /// In the text format of Prometheus.
    pub(super) fn write(&self) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        let counters: [(&str, &str, CountOf); 7] = [
            ("events", "Events that were published.", |one| one.events),
            ("deliveries", "Deliveries that were begun.", |one| {
                one.enqueued
            }),
            ("delivered", "Deliveries that were delivered.", |one| {
                one.delivered
            }),
            ("failed", "Deliveries that failed for good.", |one| {
                one.failed
            }),
            (
                "unknown",
                "Deliveries of which it is not known whether they were delivered.",
                |one| one.unknown,
            ),
            ("attempts", "Attempts that were made.", |one| one.attempts),
            ("retries", "Attempts after the first.", |one| one.retries),
        ];
        for (name, help, of) in counters {
            let name = format!("hookcli_emulator_{name}_total");
            out += &format!("# HELP {name} {help}\n# TYPE {name} counter\n");
            for (provider, counts) in &*all {
                out += &format!("{name}{{provider=\"{provider}\"}} {}\n", of(counts));
            }
        }
        let name = "hookcli_emulator_success_ratio";
        out += &format!("# HELP {name} Delivered of all that were settled.\n# TYPE {name} gauge\n");
        for (provider, counts) in &*all {
            let settled = counts.delivered + counts.failed;
            if settled > 0 {
                let ratio = counts.delivered as f64 / settled as f64;
                out += &format!("{name}{{provider=\"{provider}\"}} {ratio}\n");
            }
        }
        let name = "hookcli_emulator_errors_total";
        out += &format!(
            "# HELP {name} Attempts that did not deliver, by kind.\n# TYPE {name} counter\n"
        );
        for (provider, counts) in &*all {
            for (kind, count) in &counts.errors {
                out += &format!("{name}{{provider=\"{provider}\",kind=\"{kind}\"}} {count}\n");
            }
        }
        let histograms: [(&str, &str, HistogramOf); 2] = [
            (
                "hookcli_emulator_response_seconds",
                "How long receivers take to answer.",
                |one| &one.response,
            ),
            (
                "hookcli_emulator_processing_seconds",
                "From an event to its delivery.",
                |one| &one.processing,
            ),
        ];
        for (name, help, of) in histograms {
            out += &format!("# HELP {name} {help}\n# TYPE {name} histogram\n");
            for (provider, counts) in &*all {
                of(counts).write(&mut out, name, provider);
            }
        }
        out
    }
}
