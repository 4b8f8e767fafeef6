//! Ten thousand deliveries that wait for their retries at once: how far each attempt is off the time that
//! its schedule says. `cargo bench --bench retries`

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hookcli::delivery::{Clock, Gate, Next, Policy, Schedule, deliver};
use hookcli::model::{Attempt, Headers, Response};
use jiff::Timestamp;

const DELIVERIES: usize = 10_000;
const RETRIES: usize = 3;

struct Real;

impl Clock for Real {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn wait(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut off = runtime.block_on(all());
    off.sort();
    let at = |part: f64| off[((off.len() - 1) as f64 * part) as usize];
    println!(
        "{} waits of {DELIVERIES} deliveries at once: late by p50 {:?}, p99 {:?}, at most {:?}",
        off.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// How late each retry began.
async fn all() -> Vec<Duration> {
    let gate = Gate::new(DELIVERIES, None);
    let mut random = fastrand::Rng::with_seed(1);
    let mut under_way: FuturesUnordered<_> = (0..DELIVERIES)
        .map(|_| {
            let waits = (0..RETRIES)
                .map(|_| Duration::from_millis(random.u64(500..2500)))
                .collect();
            one(&gate, Schedule::custom(&Policy::default(), waits))
        })
        .collect();
    let mut off = Vec::with_capacity(DELIVERIES * RETRIES);
    while let Some(late) = under_way.next().await {
        off.extend(late);
    }
    off
}

async fn one(gate: &Gate, schedule: Schedule) -> Vec<Duration> {
    let due = std::cell::Cell::new(None);
    let mut off = Vec::new();
    let refused = || Response {
        status: 503,
        headers: Headers::new(),
        body: bytes::Bytes::new(),
        truncated: false,
    };
    let ended: Result<_, ()> = deliver(
        &schedule,
        &Real,
        &mut fastrand::Rng::with_seed(2),
        0,
        async |number| {
            let _pass = gate.pass().await;
            if let Some(due) = due.take() {
                off.push(Instant::now().saturating_duration_since(due));
            }
            Ok(Attempt {
                number,
                started_at: Timestamp::now(),
                duration: Duration::ZERO,
                phases: hookcli::model::Phases::default(),
                result: Ok(refused()),
            })
        },
        async |_, next| {
            if let Next::Retry { after, .. } = next {
                due.set(Some(Instant::now() + after));
            }
            Ok(())
        },
    )
    .await;
    ended.unwrap();
    off
}
