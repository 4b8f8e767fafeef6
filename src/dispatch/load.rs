//! A load: many events, each freshly built and signed, over connections that are kept alive, as fast as they are
//! answered or at a rate.

use std::cell::RefCell;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::{DeliveryOptions, DispatchError, dispatch_quietly};
use crate::catalog::{Catalog, EventName};
use crate::compose::{ComposeError, ComposeOptions, Composer, Keyring, PreparedRequest, Recipient};
use crate::delivery::Tally;
use crate::exchange::write_raw;
use crate::http::{Client, ClientError, ClientOptions, Connector, Resolved, Wire};
use crate::store::Store;

/// What is to be sent, and how.
pub struct LoadPlan<'p> {
    pub catalog: &'p Catalog,
    pub options: &'p ComposeOptions,
    pub keyring: &'p (dyn Keyring + Sync),
    pub recipient: &'p Recipient,
    pub resolved: &'p Resolved,
    /// Sent in turns.
    pub names: &'p [EventName],
    pub client: &'p ClientOptions,
    /// Where each delivery is kept, if it is.
    pub store: Option<&'p dyn Store>,
    pub connections: usize,
    /// What is answered in the beginning is not counted.
    pub warmup: Duration,
    /// For how long requests begin, the warm-up included; none: until there are `count`.
    pub time: Option<Duration>,
    pub count: u64,
    /// Between two requests, where there is a rate.
    pub interval: Option<Duration>,
    /// For one exchange.
    pub timeout: Duration,
}

/// What keeps a load from going on.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Compose(#[from] ComposeError),
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Tally(#[from] hdrhistogram::CreationError),
    #[error("a worker of the load stopped unexpectedly")]
    WorkerStopped,
}

/// How far a load is.
#[derive(Clone, Copy, Debug)]
pub struct LoadProgress {
    pub answered: u64,
    pub per_second: f64,
    /// Milliseconds where it goes by time, else requests.
    pub done: u64,
    pub total: u64,
    pub is_by_time: bool,
}

/// What a load came to.
pub struct LoadMeasured {
    pub tally: Tally,
    /// How long it took, the warm-up included.
    pub took: Duration,
    /// Requests that began after the warm-up, and how many that is a second.
    pub sent: u64,
    pub sent_per_second: f64,
    /// Requests that had no response when it ended.
    pub in_progress: u64,
    /// Where there is a rate: whether requests began as often as it says.
    pub rate_reached: Option<bool>,
}

/// How late the last requests of a load may begin: a share of its time, and at least this.
const LATE_SHARE: f64 = 0.05;
const LATE_AT_LEAST: Duration = Duration::from_millis(100);

/// A load, shared by all that work at it.
pub struct LoadRunner<'p> {
    plan: LoadPlan<'p>,
    connector: Connector,
    delivery: DeliveryOptions,
    started: Instant,
    /// Numbers given out, some of them for requests that are due too late.
    numbers: AtomicU64,
    /// Requests that began: all, those after the warm-up, and when the last one did, in microseconds.
    begun: AtomicU64,
    counted: AtomicU64,
    last_begun_us: AtomicU64,
    ended: AtomicU64,
    /// Turns true where it is interrupted.
    stop: watch::Sender<bool>,
}

impl<'p> LoadRunner<'p> {
    /// # Errors
    /// Options that no client can be made with.
    pub fn new(plan: LoadPlan<'p>) -> Result<Self, LoadError> {
        let connector = Connector::new(plan.resolved.clone(), &plan.client.tls)?.direct();
        Ok(Self {
            connector,
            delivery: DeliveryOptions {
                timeout: Some(Some(plan.timeout)),
                is_measured: true,
                ..DeliveryOptions::default()
            },
            plan,
            started: Instant::now(),
            numbers: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            counted: AtomicU64::new(0),
            last_begun_us: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            stop: watch::Sender::new(false),
        })
    }

    /// Carries it out, one thread a core, each with its share of the connections, and says what it came to. Until it is over, `meanwhile` is called again and again: it rests for a moment itself, and may look at
    /// [`Self::progress`] and [`Self::stop`].
    ///
    /// # Errors
    /// A request that cannot be built or recorded.
    pub fn run(&self, mut meanwhile: impl FnMut()) -> Result<LoadMeasured, LoadError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let connections = self.plan.connections;
        let threads = cores.min(connections);
        let mut all = Tally::new()?;
        let mut last = Duration::ZERO;
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|index| {
                    let share = connections / threads + usize::from(index < connections % threads);
                    scope.spawn(move || self.work(share))
                })
                .collect();
            while !workers.iter().all(ScopedJoinHandle::is_finished) {
                meanwhile();
            }
            for worker in workers {
                let (tally, took) = worker.join().map_err(|_| LoadError::WorkerStopped)??;
                all.add(&tally);
                last = last.max(took);
            }
            Ok(self.measured(all, last))
        })
    }

    fn measured(&self, tally: Tally, took: Duration) -> LoadMeasured {
        let plan = &self.plan;
        let (begun, sent) = (count(&self.begun), count(&self.counted));
        // Of a number of requests the end is not waited for: the last response may take long.
        let sending = match plan.time {
            Some(time) => time.min(took),
            None => Duration::from_micros(count(&self.last_begun_us)),
        };
        let rate_reached = plan.interval.map(|interval| {
            let due = sending.div_duration_f64(interval).floor();
            let late = interval.mul_f64((due - begun as f64).max(0.0));
            late <= LATE_AT_LEAST.max(sending.mul_f64(LATE_SHARE))
        });
        let counted = sending.saturating_sub(plan.warmup);
        LoadMeasured {
            tally,
            took,
            sent,
            sent_per_second: sent as f64 / counted.as_secs_f64().max(0.001),
            in_progress: begun.saturating_sub(count(&self.ended)),
            rate_reached,
        }
    }

    fn note_begin(&self, at: Instant) {
        let since = at.saturating_duration_since(self.started);
        self.begun.fetch_add(1, Ordering::Relaxed);
        if since >= self.plan.warmup {
            self.counted.fetch_add(1, Ordering::Relaxed);
        }
        let us = u64::try_from(since.as_micros()).unwrap_or(u64::MAX);
        self.last_begun_us.fetch_max(us, Ordering::Relaxed);
    }

    /// When it ends by its time, whatever is in progress then.
    async fn end(&self) {
        match self.plan.time {
            Some(time) => tokio::time::sleep_until((self.started + time).into()).await,
            None => std::future::pending().await,
        }
    }

    /// No more requests begin, and what is under way is left out.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    pub fn progress(&self) -> LoadProgress {
        let answered = self.ended.load(Ordering::Relaxed);
        let passed = self.started.elapsed();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (done, total) = match self.plan.time {
            Some(time) => (ms(passed.min(time)), ms(time)),
            None => (answered, self.plan.count),
        };
        LoadProgress {
            answered,
            per_second: answered as f64 / passed.as_secs_f64().max(0.001),
            done,
            total,
            is_by_time: self.plan.time.is_some(),
        }
    }

    /// What this thread's connections come to, and when the last of them was done.
    fn work(&self, connections: usize) -> Result<(Tally, Duration), LoadError> {
        let tally = RefCell::new(Tally::new()?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let plan = &self.plan;
        let recording = plan.store.is_some();
        let client = recording.then(|| Client::new(plan.resolved.clone(), plan.client));
        let client = client.transpose()?;
        let mut stop = self.stop.subscribe();
        runtime.block_on(async {
            let mut end = pin!(self.end());
            let mut all: FuturesUnordered<_> = (0..connections)
                .map(|_| self.connection(&tally, client.as_ref()))
                .collect();
            loop {
                let ended = tokio::select! {
                    biased;
                    // The plan, which sends it, is there as long as this is.
                    _ = stop.wait_for(|stop| *stop) => None,
                    () = end.as_mut() => None,
                    ended = all.next() => ended,
                };
                match ended {
                    Some(ended) => ended?,
                    None => return Ok::<_, LoadError>(()),
                }
            }
        })?;
        Ok((tally.into_inner(), self.started.elapsed()))
    }

    /// The number of the next request and the time when it starts; `None` after the last one.
    fn next(&self) -> Option<(u64, Instant)> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        if number >= self.plan.count {
            return None;
        }
        let due = match self.plan.interval {
            Some(interval) => self.started + interval.mul_f64(number as f64),
            None => Instant::now(),
        };
        let over = self
            .plan
            .time
            .is_some_and(|end| due.saturating_duration_since(self.started) >= end);
        (!over).then_some((number, due))
    }

    /// One connection's requests, one after the other. What is recorded goes through the client, which reads
    /// all that comes back.
    async fn connection(
        &self,
        tally: &RefCell<Tally>,
        client: Option<&Client>,
    ) -> Result<(), LoadError> {
        let plan = &self.plan;
        let mut composer = Composer::new(plan.catalog, plan.keyring, plan.options, plan.recipient);
        let mut wire: Option<Wire> = None;
        let mut alarm = pin!(tokio::time::sleep(self.plan.timeout));
        while let Some((number, due)) = self.next() {
            if self.plan.interval.is_some() {
                tokio::time::sleep_until(due.into()).await;
            }
            let index = usize::try_from(number).unwrap_or_default() % self.plan.names.len();
            composer.set_now(jiff::Timestamp::now());
            let outgoing = composer.compose(&self.plan.names[index])?;
            let request = write_raw(&outgoing.request);
            let sent = Instant::now();
            self.note_begin(sent);
            let begun = self.plan.interval.map_or(sent, |_| due);
            let (result, now) = match client {
                Some(client) => {
                    let (result, took) = self.exchange_recorded(client, &outgoing).await?;
                    (Ok(result), sent + took)
                }
                None => {
                    let exchange = self.exchange(&mut wire, &request);
                    let result = self.in_time(alarm.as_mut(), sent, exchange).await;
                    (result, Instant::now())
                }
            };
            let since = now.saturating_duration_since(self.started);
            self.ended.fetch_add(1, Ordering::Relaxed);
            let counts = since >= self.plan.warmup;
            match result {
                Ok(Ok(status)) if counts => {
                    let since = since.saturating_sub(self.plan.warmup);
                    let latency = now.saturating_duration_since(begun);
                    tally.borrow_mut().answered(status, latency, since);
                }
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    wire = None;
                    if counts {
                        tally.borrow_mut().failed(error);
                    }
                    // A receiver that is not there is not asked a million times a second.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(()) => {
                    wire = None;
                    if counts {
                        tally.borrow_mut().failed("timeout");
                    }
                }
            }
        }
        Ok(())
    }

    /// An exchange, if it ends in time. A timer for each of a hundred thousand a second would cost more than
    /// what it guards: the one of the connection is set again when it rings too early.
    async fn in_time<T>(
        &self,
        mut alarm: Pin<&mut tokio::time::Sleep>,
        sent: Instant,
        exchange: impl Future<Output = T>,
    ) -> Result<T, ()> {
        let due = tokio::time::Instant::from(sent + self.plan.timeout);
        let mut exchange = pin!(exchange);
        loop {
            tokio::select! {
                biased;
                done = &mut exchange => return Ok(done),
                () = alarm.as_mut() => {
                    let late = tokio::time::Instant::now() >= due;
                    let next = if late { tokio::time::Instant::now() + self.plan.timeout } else { due };
                    alarm.as_mut().reset(next);
                    if late {
                        return Err(());
                    }
                }
            }
        }
    }

    /// The response, and how long that took without the store.
    async fn exchange_recorded(
        &self,
        client: &Client,
        outgoing: &PreparedRequest,
    ) -> Result<(Result<u16, &'static str>, Duration), LoadError> {
        let sent = dispatch_quietly(client, self.plan.store, outgoing, &self.delivery).await?;
        let last = sent.progress.attempts.into_iter().last();
        let took = last.as_ref().map_or(Duration::ZERO, |last| last.duration);
        let result = match last.map(|attempt| attempt.result) {
            Some(Ok(response)) => Ok(response.status),
            Some(Err(error)) => Err(error.kind.name()),
            None => Err("request"),
        };
        Ok((result, took))
    }

    async fn exchange(&self, kept: &mut Option<Wire>, request: &[u8]) -> Result<u16, &'static str> {
        let mut wire = match kept.take() {
            Some(wire) => wire,
            None => {
                let opened = self.connector.open().await;
                Wire::over(opened.map_err(|error| error.kind.name())?.stream)
            }
        };
        let answer = wire.exchange(request).await.map_err(|error| code(&error))?;
        if answer.keeps_alive {
            *kept = Some(wire);
        }
        Ok(answer.status)
    }
}

fn count(of: &AtomicU64) -> u64 {
    of.load(Ordering::Relaxed)
}

fn code(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::InvalidData => "not_http",
        _ => "connection_broken",
    }
}
