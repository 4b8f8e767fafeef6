//! Delivers what a store's queue holds: each subscription within its own limits, so that a slow or dead one holds up no
//! other. What is due is read from the store as there is room for it, so that memory does not grow with the queue; and each
//! attempt is put down before it is made, so that whoever is killed loses none.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::{error, info};

use super::record;
use crate::compose::PreparedRequest;
use crate::delivery::{Next, Policy, Progress, Schedule};
use crate::http::{Client, Sent};
use crate::model::{
    Attempt, AttemptError, AttemptErrorKind, Delivery, Emulated, Id, Outcome, Phases, RandomSource,
};
use crate::store::{Changing, Store, StoreError, WantedLane};
use crate::view::redact::TokenNames;

/// How many subscriptions' deliveries are begun in one commit.
const BEGUN_AT_ONCE: usize = 256;
/// How many bytes of bodies are begun in one commit, and may be under way in all.
const MOST_BYTES: u64 = 128 << 20;
/// How many results are recorded in one commit.
const RECORDED_AT_ONCE: usize = 256;
/// How many attempts that were cut off are looked at, after a start.
const TAKEN_UP_AT_ONCE: usize = 256;
/// A store that fails is asked again after this time.
const ASKED_AGAIN: Duration = Duration::from_secs(1);
/// How often it is looked what others have left or put into the store; more seldom where that takes long.
const LOOKED_EVERY: Duration = Duration::from_secs(2);
const LOOKED_SHARE: u32 = 20;
const LOOKED_AT_LEAST_EVERY: Duration = Duration::from_secs(20);
/// What others put into the queue within this time is looked for at once.
const LOOKED_TOGETHER: Duration = Duration::from_millis(20);
/// When it stops, attempts under way are waited for so long.
const STOPPED_AFTER: Duration = Duration::from_secs(3);
/// A subscription that others are just working at is looked at again after this time.
const LANE_PAUSE: Duration = Duration::from_millis(50);
/// Odd, with bits all over (2⁶⁴ divided by the golden ratio).
const MIXING: u64 = 0x9e37_79b9_7f4a_7c15;
/// Commands that wait.
const COMMANDS: usize = 64;

/// What a subscription's deliveries may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneLimits {
    /// Attempts at one time.
    pub concurrency: usize,
    /// So many attempts begun in so much time, in real time.
    pub rate: Option<(u32, Duration)>,
}

/// Knows what the deliveries of a queue are made of.
#[async_trait]
pub trait QueueSource: Send + Sync {
    /// Hears that deliveries have begun, before they are prepared: what it knows of them may be old.
    async fn begun(&self);

    /// The request of a delivery, signed for now, and who sends it.
    ///
    /// # Errors
    /// It cannot be sent.
    async fn prepare(&self, delivery: &Delivery) -> Result<Outgoing, Unsendable>;

    /// What a subscription's deliveries may take.
    fn limits(&self, subscription: i64) -> LaneLimits;

    /// How a delivery goes on after its attempts.
    fn policy(&self, delivery: &Delivery) -> Policy;

    /// Hears of each attempt, once it is recorded.
    async fn attempted(&self, delivery: &Delivery);
}

/// Why a delivery cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsendable {
    /// It never will: why, in a sentence.
    Never(String),
    /// It may later.
    Now(String),
}

/// A request that goes out.
pub struct Outgoing {
    pub prepared: PreparedRequest,
    pub client: Arc<Client>,
}

/// How a queue is worked at.
pub struct QueueOptions {
    /// Whose deliveries are made.
    pub providers: Vec<String>,
    /// So many seconds of waiting go by in one second.
    pub speed: f64,
    /// Attempts at one time.
    pub most_under_way: usize,
    pub tokens: TokenNames,
    pub random: RandomSource,
}

/// What is asked of a queue's worker.
enum Command {
    /// Deliveries were added for these subscriptions, due now.
    Added(Vec<i64>),
    /// Time goes by at once: what becomes due within it is delivered.
    Advance {
        by: Duration,
        done: oneshot::Sender<()>,
    },
    /// Waits until nothing is due and nothing under way.
    Settle(oneshot::Sender<()>),
    /// The store was changed by others: look again.
    Reload(oneshot::Sender<()>),
}

/// Talks to a queue's worker.
#[derive(Clone)]
pub struct Queue {
    commands: mpsc::Sender<Command>,
    made: Arc<AtomicU64>,
}

impl Queue {
    /// Deliveries were added for these subscriptions.
    pub async fn added(&self, subscriptions: Vec<i64>) {
        // One that has stopped finds them in the store when it starts again.
        let _ = self.commands.send(Command::Added(subscriptions)).await;
    }

    /// Lets time go by at once: what becomes due within it is delivered, one after the other as it would have been.
    /// False where no worker is there.
    pub async fn advance(&self, by: Duration) -> bool {
        let (done, advanced) = oneshot::channel();
        let _ = self.commands.send(Command::Advance { by, done }).await;
        advanced.await.is_ok()
    }

    /// How many attempts were made and recorded since the worker began.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Returns once nothing is due and nothing under way; false where no worker is there.
    pub async fn settle(&self) -> bool {
        let (done, settled) = oneshot::channel();
        let _ = self.commands.send(Command::Settle(done)).await;
        settled.await.is_ok()
    }

    /// The store's queue is not what it was: it is read again.
    pub async fn reload(&self) {
        let (done, reloaded) = oneshot::channel();
        let _ = self.commands.send(Command::Reload(done)).await;
        let _ = reloaded.await;
    }
}

/// Works at a queue until it is dropped.
pub struct QueueWorker {
    store: Arc<dyn Store>,
    source: Arc<dyn QueueSource>,
    options: Arc<QueueOptions>,
    random: fastrand::Rng,
    lanes: HashMap<i64, Lane>,
    /// When the next delivery of each subscription may begin that has one and room for it. Those that may begin go
    /// round; of the same time, each worker has its own order, so that several do not want the same ones.
    order: BTreeSet<Turn>,
    own_order: u64,
    in_flight: JoinSet<Made>,
    under_way: HashSet<Id>,
    /// Of their bodies.
    bytes_in_flight: u64,
    /// What came of attempts and could not be recorded yet, with where each delivery's new attempts begin.
    unrecorded: Vec<(Delivery, usize)>,
    commands: mpsc::Receiver<Command>,
    /// How many attempts were made and recorded.
    made: Arc<AtomicU64>,
    advancing: VecDeque<Advancing>,
    settling: Vec<oneshot::Sender<()>>,
}

/// Time that is to go by.
struct Advancing {
    left: Duration,
    done: oneshot::Sender<()>,
}

/// A subscription's deliveries.
#[derive(Default)]
struct Lane {
    in_flight: usize,
    /// When the next one is due, where one waits.
    due: Option<Timestamp>,
    /// It is due already, and others are just working at this subscription.
    is_others: bool,
    /// Where it is in the order.
    ordered_at: Option<Turn>,
}

/// When a subscription is looked at, how that comes before others of the same time, and which.
type Turn = (Timestamp, u64, i64);

/// An attempt that was made.
struct Made {
    delivery: Delivery,
    /// How long its body was when it began.
    begun_bytes: u64,
    attempt: Attempt,
    /// None where there was nothing to send.
    prepared: Option<PreparedRequest>,
    /// Why there never will be.
    why_not: Option<String>,
}

impl QueueWorker {
    /// A worker, and what talks to it.
    pub fn new(
        store: Arc<dyn Store>,
        source: Arc<dyn QueueSource>,
        options: QueueOptions,
    ) -> (Self, Queue) {
        let (sender, commands) = mpsc::channel(COMMANDS);
        let made = Arc::new(AtomicU64::new(0));
        let own_order = options.random.fork().u64(..);
        let worker = Self {
            store,
            source,
            random: options.random.fork(),
            options: Arc::new(options),
            lanes: HashMap::new(),
            order: BTreeSet::new(),
            own_order,
            in_flight: JoinSet::new(),
            under_way: HashSet::new(),
            bytes_in_flight: 0,
            unrecorded: Vec::new(),
            commands,
            made: made.clone(),
            advancing: VecDeque::new(),
            settling: Vec::new(),
        };
        let queue = Queue {
            commands: sender,
            made,
        };
        (worker, queue)
    }

    /// Works until `stop` resolves. Attempts under way are waited for a moment then, and recorded; what takes longer is
    /// unknown, and goes on with the next start, as all that waits in the store.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut others = self.store.watch(Changing::Work);
        let mut look_at = self.look().await;
        loop {
            self.begin().await;
            if !self.unrecorded.is_empty() {
                self.finish(None).await;
            }
            if self.is_idle() {
                self.idle().await;
            }
            let next = self.next_begin();
            let is_full = self.in_flight.len() >= self.options.most_under_way
                || self.bytes_in_flight >= MOST_BYTES;
            tokio::select! {
                () = &mut stop => break,
                Some(made) = self.in_flight.join_next(), if !self.in_flight.is_empty() => {
                    self.finish(made.ok()).await;
                }
                command = self.commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break,
                },
                () = wait_until(next), if next.is_some() && !is_full => {}
                () = tokio::time::sleep_until(look_at) => look_at = self.look().await,
                () = others.changed() => {
                    look_at = look_at.min(Instant::now() + LOOKED_TOGETHER);
                }
                () = tokio::time::sleep(ASKED_AGAIN), if !self.unrecorded.is_empty() => {}
            }
        }
        let grace = tokio::time::sleep(STOPPED_AFTER);
        let mut grace = std::pin::pin!(grace);
        while !self.in_flight.is_empty() {
            tokio::select! {
                Some(made) = self.in_flight.join_next() => self.finish(made.ok()).await,
                // Whoever takes them up finds that they may have been made.
                () = &mut grace => break,
            }
        }
        self.in_flight.abort_all();
        // What still cannot be recorded is unknown, and taken up at the next start.
        if !self.unrecorded.is_empty() {
            self.finish(None).await;
        }
    }

    /// Looks at what the store holds, and says when to look again.
    async fn look(&mut self) -> Instant {
        let begun = Instant::now();
        self.reload().await;
        let share = begun.elapsed().saturating_mul(LOOKED_SHARE);
        Instant::now() + share.clamp(LOOKED_EVERY, LOOKED_AT_LEAST_EVERY)
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Added(subscriptions) => {
                let now = Timestamp::now();
                for subscription in subscriptions {
                    self.set_due(subscription, Some(now), true, now);
                }
            }
            Command::Advance { by, done } => {
                // Time goes by for what others have put there, too.
                self.reload().await;
                self.advancing.push_back(Advancing { left: by, done });
            }
            Command::Settle(done) => self.settling.push(done),
            Command::Reload(done) => {
                self.reload().await;
                let _ = done.send(());
            }
        }
    }

    /// Reads what the store holds, first what was under way when a process ended.
    async fn reload(&mut self) {
        let unrecorded = self.unrecorded.iter().map(|(one, _)| one.id);
        let under_way: Vec<Id> = self.under_way.iter().copied().chain(unrecorded).collect();
        loop {
            let taken = match self
                .store
                .take_up(&self.options.providers, &under_way, TAKEN_UP_AT_ONCE)
                .await
            {
                Ok(taken) => taken,
                Err(error) => return failed(&error).await,
            };
            let is_last = taken.len() < TAKEN_UP_AT_ONCE;
            let mut recorded = Vec::with_capacity(taken.len());
            for mut delivery in taken {
                let kept = delivery.attempts.len();
                if let Some(attempt) = delivery.attempts.last().cloned() {
                    self.follow(&mut delivery, &attempt);
                }
                recorded.push((delivery, kept));
            }
            // Those that go on wait from here on; the others stay unknown.
            let going_on = recorded
                .iter()
                .any(|(one, _)| one.next_attempt_at.is_some());
            if let Err(error) = self.store.record_attempts(&recorded).await {
                return failed(&error).await;
            }
            if is_last || !going_on {
                break;
            }
        }
        match self.store.due(&self.options.providers).await {
            Ok(due) => {
                self.order.clear();
                for lane in self.lanes.values_mut() {
                    lane.due = None;
                    lane.is_others = false;
                    lane.ordered_at = None;
                }
                let now = Timestamp::now();
                for at in due {
                    self.set_due(at.subscription, Some(at.at), false, now);
                }
                self.forget_idle();
            }
            Err(error) => failed(&error).await,
        }
    }

    /// Puts down when a subscription's next delivery is due; the earlier of two times where `or_before`.
    fn set_due(
        &mut self,
        subscription: i64,
        due: Option<Timestamp>,
        or_before: bool,
        now: Timestamp,
    ) {
        let lane = self.lanes.entry(subscription).or_default();
        if or_before && lane.due.zip(due).is_some_and(|(before, due)| before <= due) {
            return;
        }
        lane.due = due;
        self.put_in_order(subscription, now);
    }

    /// Puts a subscription where it belongs: it has something due and room, or something has changed.
    fn put_in_order(&mut self, subscription: i64, now: Timestamp) {
        let limits = self.source.limits(subscription);
        let Some(lane) = self.lanes.get_mut(&subscription) else {
            return;
        };
        if let Some(before) = lane.ordered_at.take() {
            self.order.remove(&before);
        }
        let has_room = lane.in_flight < limits.concurrency;
        if let Some(due) = lane.due.filter(|_| has_room) {
            let mixed = self.own_order ^ subscription.cast_unsigned().wrapping_mul(MIXING);
            let turn = (due.max(now), mixed, subscription);
            lane.ordered_at = Some(turn);
            self.order.insert(turn);
        }
    }

    fn forget_idle(&mut self) {
        self.lanes
            .retain(|_, lane| lane.in_flight > 0 || lane.due.is_some());
    }

    fn is_idle(&self) -> bool {
        let now = Timestamp::now();
        let is_due = self.order.first().is_some_and(|(at, ..)| *at <= now);
        let have_others = self.lanes.values().any(|lane| lane.is_others);
        self.in_flight.is_empty() && self.unrecorded.is_empty() && !is_due && !have_others
    }

    /// Nothing is due, and nothing under way.
    async fn idle(&mut self) {
        for settled in self.settling.drain(..) {
            let _ = settled.send(());
        }
        let Some(advancing) = self.advancing.front_mut() else {
            return;
        };
        let now = Timestamp::now();
        let until = self.order.first().map(|(at, ..)| {
            let wait = at.duration_since(now);
            Duration::try_from(wait).unwrap_or_default()
        });
        // The waits are real time; what goes by is the provider's.
        let left = advancing.left.div_f64(self.options.speed);
        let step = until.map_or(left, |until| until.min(left));
        advancing.left = advancing
            .left
            .saturating_sub(step.mul_f64(self.options.speed));
        let is_over = until.is_none_or(|until| until > left) || advancing.left.is_zero();
        if !step.is_zero()
            && let Err(error) = self.store.bring_nearer(&self.options.providers, step).await
        {
            failed(&error).await;
        }
        for lane in self.lanes.values_mut() {
            lane.due = lane.due.map(|at| at.checked_sub(step).unwrap_or(at));
        }
        let all: Vec<i64> = self.lanes.keys().copied().collect();
        let now = Timestamp::now();
        for subscription in all {
            self.put_in_order(subscription, now);
        }
        let is_due = self
            .order
            .first()
            .is_some_and(|(at, ..)| *at <= Timestamp::now());
        if is_over
            && !is_due
            && let Some(advancing) = self.advancing.pop_front()
        {
            let _ = advancing.done.send(());
        }
    }

    /// When something can begin that cannot now.
    fn next_begin(&self) -> Option<Timestamp> {
        if !self.advancing.is_empty() && self.in_flight.is_empty() {
            // There is more to go by.
            return Some(Timestamp::now());
        }
        self.order.first().map(|(at, ..)| *at)
    }

    /// Begins what can begin now and has room.
    async fn begin(&mut self) {
        let now = Timestamp::now();
        let busy = self.in_flight.len() + self.unrecorded.len();
        let mut room = match self.bytes_in_flight < MOST_BYTES {
            true => self.options.most_under_way.saturating_sub(busy),
            false => 0,
        };
        let mut wanted = Vec::new();
        // As many as there is room for, from all that may begin.
        let ready = self.order.iter().take_while(|(at, ..)| *at <= now);
        let share = (room / ready.take(room).count().max(1)).max(1);
        for (at, _, subscription) in &self.order {
            if *at > now || room == 0 || wanted.len() == BEGUN_AT_ONCE {
                break;
            }
            let limits = self.source.limits(*subscription);
            let Some(lane) = self.lanes.get(subscription) else {
                continue;
            };
            let free = limits
                .concurrency
                .saturating_sub(lane.in_flight)
                .min(room)
                .min(share);
            if free > 0 {
                room -= free;
                wanted.push(WantedLane {
                    subscription: *subscription,
                    most: free,
                    at_once: limits.concurrency,
                    rate: limits.rate,
                });
            }
        }
        if wanted.is_empty() {
            return;
        }
        let most_bytes = MOST_BYTES.saturating_sub(self.bytes_in_flight);
        let begun = match self.store.begin_due(&wanted, most_bytes, now).await {
            Ok(begun) => begun,
            Err(error) => return failed(&error).await,
        };
        self.source.begun().await;
        let has_begun: HashSet<i64> = begun
            .deliveries
            .iter()
            .filter_map(|one| Some(one.emulated?.subscription))
            .collect();
        let others_have_it = now.saturating_add(LANE_PAUSE).unwrap_or(now);
        for WantedLane { subscription, .. } in &wanted {
            let mut next = begun.next.iter();
            let next = next.find(|next| next.subscription == *subscription);
            let next = next.map(|next| next.at);
            let is_others = !has_begun.contains(subscription) && next.is_some_and(|at| at <= now);
            let next = match is_others {
                true => Some(others_have_it),
                false => next,
            };
            self.set_due(*subscription, next, false, now);
            if let Some(lane) = self.lanes.get_mut(subscription) {
                lane.is_others = is_others;
            }
        }
        for delivery in begun.deliveries {
            self.bytes_in_flight += delivery.request.body.len() as u64;
            let Some(Emulated { subscription, .. }) = delivery.emulated else {
                continue;
            };
            let lane = self.lanes.entry(subscription).or_default();
            lane.in_flight += 1;
            self.under_way.insert(delivery.id);
            let source = self.source.clone();
            self.in_flight.spawn(make(source, delivery));
            self.put_in_order(subscription, now);
        }
    }

    /// Records what was made, with all else that is there by now.
    async fn finish(&mut self, first: Option<Made>) {
        let mut made: Vec<Made> = first.into_iter().collect();
        while made.len() < RECORDED_AT_ONCE
            && let Some(more) = self.in_flight.try_join_next()
        {
            made.extend(more.ok());
        }
        let mut recorded = std::mem::take(&mut self.unrecorded);
        for one in made {
            let Made {
                mut delivery,
                begun_bytes,
                attempt,
                prepared,
                why_not,
            } = one;
            self.bytes_in_flight = self.bytes_in_flight.saturating_sub(begun_bytes);
            self.under_way.remove(&delivery.id);
            let kept = delivery.attempts.len();
            let policy = self.source.policy(&delivery);
            self.follow(&mut delivery, &attempt);
            match (&prepared, why_not) {
                (Some(prepared), _) => {
                    let progress = Progress {
                        outcome: delivery.outcome,
                        attempts: vec![attempt],
                    };
                    let before = u32::try_from(kept).unwrap_or(u32::MAX);
                    let tokens = &self.options.tokens;
                    record::settle(&mut delivery, before, prepared, &progress, &policy, tokens);
                }
                (None, why_not) => {
                    if let Some(why) = why_not {
                        delivery.outcome = Outcome::Failed;
                        delivery.next_attempt_at = None;
                        delivery.failure = Some(why.into());
                    }
                    delivery.attempts.push(attempt);
                }
            }
            recorded.push((delivery, kept));
        }
        if let Err(error) = self.store.record_attempts(&recorded).await {
            // It is tried again; nothing else of these lanes begins until then.
            self.unrecorded = recorded;
            return failed(&error).await;
        }
        self.made
            .fetch_add(recorded.len() as u64, Ordering::Relaxed);
        let now = Timestamp::now();
        for (delivery, _) in &recorded {
            let Some(Emulated { subscription, .. }) = delivery.emulated else {
                continue;
            };
            if let Some(lane) = self.lanes.get_mut(&subscription) {
                lane.in_flight = lane.in_flight.saturating_sub(1);
            }
            if let Some(at) = delivery.next_attempt_at {
                self.set_due(subscription, Some(at), true, now);
            }
            self.put_in_order(subscription, now);
            self.source.attempted(delivery).await;
        }
        self.forget_idle();
    }

    /// What follows an attempt: the delivery's outcome, and when its next attempt is due.
    fn follow(&mut self, delivery: &mut Delivery, attempt: &Attempt) {
        let policy = self.source.policy(delivery);
        let schedule = Schedule::of(&policy);
        let now = Timestamp::now();
        let is_unknown =
            matches!(&attempt.result, Err(error) if error.kind == AttemptErrorKind::Unknown);
        let next = schedule.next(attempt.number, &attempt.result, now, &mut self.random);
        (delivery.outcome, delivery.next_attempt_at) = match next {
            Next::Delivered | Next::Late { .. } => (Outcome::Delivered, None),
            Next::Retry { after, .. } => {
                let wait = after.div_f64(self.options.speed);
                (Outcome::Pending, now.checked_add(wait).ok())
            }
            // It may have been delivered.
            Next::NotRetried | Next::Exhausted if is_unknown => (Outcome::Unknown, None),
            Next::NotRetried | Next::Exhausted => (Outcome::Failed, None),
        };
        delivery.speed = self.options.speed;
    }
}

async fn make(source: Arc<dyn QueueSource>, delivery: Delivery) -> Made {
    let number = delivery.attempts.last().map_or(0, |last| last.number) + 1;
    let started_at = Timestamp::now();
    let begun = Instant::now();
    let begun_bytes = delivery.request.body.len() as u64;
    match source.prepare(&delivery).await {
        Ok(Outgoing { prepared, client }) => {
            let limit = source.policy(&delivery).timeout;
            let Sent { result, phases } = client.send(&prepared.request, Some(limit)).await;
            let attempt = Attempt {
                number,
                started_at,
                duration: begun.elapsed(),
                phases,
                result,
            };
            info!(
                destination = prepared.destination.authority(),
                attempt = number,
                status = attempt.status(),
                "attempt made"
            );
            Made {
                delivery,
                begun_bytes,
                attempt,
                prepared: Some(prepared),
                why_not: None,
            }
        }
        Err(unsendable) => {
            let (kind, why, is_final) = match unsendable {
                Unsendable::Never(why) => (AttemptErrorKind::Request, why, true),
                Unsendable::Now(why) => (AttemptErrorKind::Connect, why, false),
            };
            Made {
                delivery,
                begun_bytes,
                attempt: Attempt {
                    number,
                    started_at,
                    duration: begun.elapsed(),
                    phases: Phases::default(),
                    result: Err(AttemptError {
                        kind,
                        message: why.clone().into(),
                    }),
                },
                prepared: None,
                why_not: is_final.then_some(why),
            }
        }
    }
}

async fn wait_until(at: Option<Timestamp>) {
    let Some(at) = at else {
        return std::future::pending().await;
    };
    let wait = at.duration_since(Timestamp::now());
    tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
}

/// The store cannot be used now: others may have it.
async fn failed(error: &StoreError) {
    error!(%error, "the queue cannot be worked at");
    tokio::time::sleep(ASKED_AGAIN).await;
}
