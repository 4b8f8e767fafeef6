//! `load`: many events, each freshly built and signed, over kept-alive connections.

use std::cell::RefCell;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::Context;
use super::sending::dispatch_quietly;
use super::signals::Signals;
use super::target::{self, Target};
use crate::catalog::EventName;
use crate::cli::LoadArgs;
use crate::compose::{ComposeOptions, Composer, Keyring, PreparedRequest, Recipient, SchemaRule};
use crate::delivery::Tally;
use crate::dispatch::DeliveryOptions;
use crate::exchange::write_raw;
use crate::exit::{Exit, Failure};
use crate::http::{Client, ClientOptions, Connector, Resolved, TlsOptions, Wire};
use crate::report::{HistogramBar, LoadPoint, LoadReport, Note, Report, ResponseTimes};
use crate::store::Store;
use crate::view::redact::{self, TokenNames};

/// How often the work that goes on is shown.
const SHOWN_EVERY: Duration = Duration::from_millis(200);

pub fn run(context: &Context, args: &LoadArgs) -> Result<Exit, Failure> {
    let target = target::target(context, args.url.as_deref(), args.to.as_deref())?;
    context.settle_generic(&args.scheme, target.endpoint)?;
    let own = target
        .endpoint
        .and_then(|endpoint| endpoint.provider.as_deref());
    let preferred = own.or(context.settings.default_provider.as_deref());
    let mut names = Vec::new();
    for text in &args.events {
        let name: EventName = text.parse().map_err(Failure::usage)?;
        names.push(context.catalog()?.find(&name, preferred)?);
    }
    let runtime = super::runtime()?;
    let resolved = runtime.block_on(target.place.resolve());
    if !resolved.is_loopback() && !args.yes {
        return Err(Failure::usage(format!(
            "{} is not this machine: a load may harm it, or look like an attack",
            target.place
        ))
        .hint("add --yes, if it is yours"));
    }
    if resolved.addresses.is_empty() {
        return Err(Failure::usage(format!("{} has no address", target.place)));
    }
    let way = ClientOptions {
        tls: TlsOptions {
            insecure: args.insecure || target.endpoint.is_some_and(|endpoint| endpoint.insecure),
            ca_file: args.cacert.clone(),
        },
        ..ClientOptions::default()
    };
    let connector = Connector::new(resolved.clone(), &way.tls)
        .map_err(Failure::usage)?
        .direct();
    let store = if args.record { context.store()? } else { None };
    let options = ComposeOptions {
        schema: SchemaRule::Skip,
        allow_http: true,
        ..ComposeOptions::default()
    };
    let keyring = target.keyring(context, args.secrets.flags());
    let recipient = target.recipient(&resolved);
    // What cannot be built or signed is said before anything is sent; so are the hints.
    let mut first = Composer::new(context.catalog()?, &keyring, &options, &recipient);
    for name in &names {
        first.compose(name)?;
    }
    target::tell(context, first.take_notices());
    let plan = Plan {
        context,
        options: &options,
        keyring: &keyring,
        recipient: &recipient,
        target: &target,
        resolved: &resolved,
        names: &names,
        connector,
        way: &way,
        store: store.as_deref(),
        started: Instant::now(),
        warmup: args.warmup.unwrap_or_default(),
        end: args.count.is_none().then(|| {
            args.duration.unwrap_or(Duration::from_secs(10)) + args.warmup.unwrap_or_default()
        }),
        count: args.count.unwrap_or(u64::MAX),
        interval: args
            .rate
            .map(|rate| rate.per.div_f64(f64::from(rate.count))),
        timeout: args.timeout,
        delivery: DeliveryOptions {
            timeout: Some(Some(args.timeout)),
            is_measured: true,
            ..DeliveryOptions::default()
        },
        begun: AtomicU64::new(0),
        ended: AtomicU64::new(0),
        stop: watch::Sender::new(false),
        tokens: context.token_names()?,
    };
    let (tally, took) = plan.carry_out(args.concurrency, &runtime)?;
    let is_interrupted = *plan.stop.borrow();
    if is_interrupted {
        context.ui.note(Note::error(
            "interrupted; what was measured until then is said, and what was under way is left out",
        ));
    }
    let report = plan.report(args, &tally, took);
    if let Some(file) = &args.report {
        super::captures::write_private(file, super::load_page::write(&report).as_bytes(), true)
            .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))?;
    }
    let exit = if is_interrupted {
        Exit::Interrupted
    } else if tally.answers() == 0 {
        Exit::NoAnswer
    } else if report.delivered < report.answers || tally.without_answer() > 0 {
        Exit::Negative
    } else {
        Exit::Done
    };
    if exit == Exit::NoAnswer {
        context.ui.note(Note::hint(format!(
            "nothing answered at {}: is your server running?",
            target.place
        )));
    }
    context.emit(&Report::Load(Box::new(report)))?;
    Ok(exit)
}

/// What is to be done, shared by all workers.
struct Plan<'p> {
    context: &'p Context,
    options: &'p ComposeOptions,
    keyring: &'p (dyn Keyring + Sync),
    recipient: &'p Recipient,
    target: &'p Target<'p>,
    resolved: &'p Resolved,
    names: &'p [EventName],
    connector: Connector,
    way: &'p ClientOptions,
    /// Where each delivery is kept, if it is.
    store: Option<&'p dyn Store>,
    started: Instant,
    warmup: Duration,
    /// When no more requests begin, since the start.
    end: Option<Duration>,
    count: u64,
    /// Between two requests, where there is a rate.
    interval: Option<Duration>,
    timeout: Duration,
    delivery: DeliveryOptions,
    begun: AtomicU64,
    ended: AtomicU64,
    /// Turns true where the user interrupts.
    stop: watch::Sender<bool>,
    /// What is masked in the URL that is shown.
    tokens: TokenNames,
}

impl Plan<'_> {
    /// One thread a core, each with its share of the connections; this one shows how far they are.
    fn carry_out(
        &self,
        connections: u32,
        runtime: &tokio::runtime::Runtime,
    ) -> Result<(Tally, Duration), Failure> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let connections = connections as usize;
        let threads = cores.min(connections);
        let mut all = new_tally()?.into_inner();
        let mut last = Duration::ZERO;
        let mut signals = runtime.block_on(async { Signals::new() })?;
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|index| {
                    let share = connections / threads + usize::from(index < connections % threads);
                    scope.spawn(move || self.work(share))
                })
                .collect();
            while !workers
                .iter()
                .all(std::thread::ScopedJoinHandle::is_finished)
            {
                runtime.block_on(async {
                    let interrupted = tokio::time::timeout(SHOWN_EVERY, signals.next());
                    if interrupted.await.is_ok() {
                        self.stop.send_replace(true);
                    }
                });
                self.show();
            }
            for worker in workers {
                let tally = worker
                    .join()
                    .map_err(|_| Failure::machine("a worker of the load stopped"))??;
                all.add(&tally.0);
                last = last.max(tally.1);
            }
            Ok::<_, Failure>(())
        })?;
        Ok((all, last))
    }

    fn show(&self) {
        let ended = self.ended.load(Ordering::Relaxed);
        let passed = self.started.elapsed();
        let rate = ended as f64 / passed.as_secs_f64().max(0.001);
        let (done, total) = match self.end {
            Some(end) => (passed.min(end).as_millis(), end.as_millis()),
            None => (u128::from(ended), u128::from(self.count)),
        };
        let what = format!("{ended} answered, {rate:.0}/s");
        let number = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
        self.context.ui.progress(number(done), number(total), &what);
    }

    /// What this thread's connections come to, and when the last of them was done.
    fn work(&self, connections: usize) -> Result<(Tally, Duration), Failure> {
        let tally = new_tally()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::machine(error.to_string()))?;
        let client = match self.store {
            Some(_) => {
                let client = Client::new(self.resolved.clone(), self.way);
                Some(client.map_err(Failure::usage)?)
            }
            None => None,
        };
        let mut stop = self.stop.subscribe();
        runtime.block_on(async {
            let mut all: FuturesUnordered<_> = (0..connections)
                .map(|_| self.connection(&tally, client.as_ref()))
                .collect();
            loop {
                let ended = tokio::select! {
                    biased;
                    // The plan, which sends it, is there as long as this is.
                    _ = stop.wait_for(|stop| *stop) => None,
                    ended = all.next() => ended,
                };
                match ended {
                    Some(ended) => ended?,
                    None => return Ok::<_, Failure>(()),
                }
            }
        })?;
        Ok((tally.into_inner(), self.started.elapsed()))
    }

    /// The number of the next request and when it is due; none where there are no more.
    fn next(&self) -> Option<(u64, Instant)> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        if number >= self.count {
            return None;
        }
        let due = match self.interval {
            Some(interval) => self.started + interval.mul_f64(number as f64),
            None => Instant::now(),
        };
        let over = self
            .end
            .is_some_and(|end| due.saturating_duration_since(self.started) >= end);
        (!over).then_some((number, due))
    }

    /// One connection's requests, one after the other. What is recorded goes through the client, which reads
    /// all that comes back.
    async fn connection(
        &self,
        tally: &RefCell<Tally>,
        client: Option<&Client>,
    ) -> Result<(), Failure> {
        let catalog = self.context.catalog()?;
        let mut composer = Composer::new(catalog, self.keyring, self.options, self.recipient);
        let mut wire: Option<Wire> = None;
        let mut alarm = pin!(tokio::time::sleep(self.timeout));
        while let Some((number, due)) = self.next() {
            if self.interval.is_some() {
                tokio::time::sleep_until(due.into()).await;
            }
            let index = usize::try_from(number).unwrap_or_default() % self.names.len();
            composer.set_now(jiff::Timestamp::now());
            let outgoing = composer.compose(&self.names[index])?;
            let request = write_raw(&outgoing.request);
            let sent = Instant::now();
            let begun = self.interval.map_or(sent, |_| due);
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
            let counts = since >= self.warmup;
            match result {
                Ok(Ok(status)) if counts => {
                    let since = since.saturating_sub(self.warmup);
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
    /// what it guards: the one of the connection is set anew when it rings too early.
    async fn in_time<T>(
        &self,
        mut alarm: Pin<&mut tokio::time::Sleep>,
        sent: Instant,
        exchange: impl Future<Output = T>,
    ) -> Result<T, ()> {
        let due = tokio::time::Instant::from(sent + self.timeout);
        let mut exchange = pin!(exchange);
        loop {
            tokio::select! {
                biased;
                done = &mut exchange => return Ok(done),
                () = alarm.as_mut() => {
                    let late = tokio::time::Instant::now() >= due;
                    let next = if late { tokio::time::Instant::now() + self.timeout } else { due };
                    alarm.as_mut().reset(next);
                    if late {
                        return Err(());
                    }
                }
            }
        }
    }

    /// What came back, and how long that took without the store.
    async fn exchange_recorded(
        &self,
        client: &Client,
        outgoing: &PreparedRequest,
    ) -> Result<(Result<u16, &'static str>, Duration), Failure> {
        let sent = dispatch_quietly(client, self.store, outgoing, &self.delivery).await?;
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

    fn report(&self, args: &LoadArgs, tally: &Tally, took: Duration) -> LoadReport {
        let counted = took.saturating_sub(self.warmup);
        let ms = |time: Duration| time.as_micros() as f64 / 1000.0;
        let policies: Vec<_> = self
            .names
            .iter()
            .filter_map(|name| self.context.provider(name.provider.as_deref()?).ok())
            .collect();
        let delivered = tally.statuses().iter().filter(|(status, _)| {
            policies
                .iter()
                .all(|provider| provider.delivery.is_success(**status))
        });
        LoadReport {
            events: self.names.iter().map(ToString::to_string).collect(),
            url: redact::target(&self.target.place.to_string(), &self.tokens),
            connections: args.concurrency,
            rate: self.interval.map(|interval| 1.0 / interval.as_secs_f64()),
            duration_ms: ms(counted),
            answers: tally.answers(),
            delivered: delivered.map(|(_, count)| count).sum(),
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
            course_step_ms: ms(tally.step()),
            course: tally
                .course()
                .into_iter()
                .map(|point| LoadPoint {
                    answers: point.answered,
                    p50_ms: ms(point.p50),
                    p99_ms: ms(point.p99),
                })
                .collect(),
        }
    }
}

fn new_tally() -> Result<RefCell<Tally>, Failure> {
    let tally = Tally::new().map_err(|error| Failure::machine(error.to_string()))?;
    Ok(RefCell::new(tally))
}

fn code(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::InvalidData => "not_http",
        _ => "connection_broken",
    }
}
