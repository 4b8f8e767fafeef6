//! Forwards what listeners have left in the store, together with other workers: to each destination within one limit and,
//! where that is wanted, one after the other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::error;

use super::router::prepare;
use crate::catalog::Catalog;
use crate::dispatch::{DeliveryOptions, DispatchError, Dispatched, dispatch_quietly};
use crate::http::{AllowedHosts, Client, ClientOptions, Destination, TlsOptions};
use crate::model::{AttemptErrorKind, Capture, Id, Outcome, TimeSource};
use crate::store::{Changing, PendingAt, Store, StoreError, WantedForwards};

/// How often it is looked for destinations, and for what became due; more seldom where that takes long.
const LOOKED_EVERY: Duration = Duration::from_secs(1);
const LOOKED_SHARE: u32 = 20;
const LOOKED_AT_LEAST_EVERY: Duration = Duration::from_secs(20);
/// What is refused waits for as long as it has waited already, but not less and not more than this.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(10);
/// A destination that does not respond is tried again after this time, and after twice that, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A destination's name is resolved again after this time.
const RESOLVED_FOR: Duration = Duration::from_secs(30);
/// When it stops, what is under way is waited for so long.
const STOPPED_AFTER: Duration = Duration::from_secs(3);

/// How a worker forwards.
#[derive(Clone, Debug)]
pub struct ForwardWorkerOptions {
    pub delivery: DeliveryOptions,
    /// Besides this machine.
    pub allowed: AllowedHosts,
    /// Any certificate of a destination is accepted.
    pub insecure: bool,
    /// Requests to one destination at one time, over all workers.
    pub at_once: usize,
    /// One at a time and in the order in which they came; what is refused is tried until it is accepted.
    pub ordered: bool,
    pub time: TimeSource,
}

/// What is news of a worker.
pub enum WorkerEvent {
    Forwarded(Box<Dispatched>),
    Failed(DispatchError),
    /// A destination does not respond; it is tried again.
    WentAway {
        destination: Destination,
        kind: AttemptErrorKind,
    },
    CameBack(Destination),
    /// Requests are pending at a destination to which this worker does not go.
    NotAllowed(Destination),
    /// A destination's URL, or why it cannot be used.
    Unusable {
        url: String,
        why: String,
    },
    /// The store cannot be used, or can again.
    Store(Option<StoreError>),
}

/// Forwards what is left.
pub struct ForwardWorker {
    store: Arc<dyn Store>,
    catalog: Arc<Catalog>,
    options: ForwardWorkerOptions,
    places: HashMap<String, Place>,
    under_way: HashSet<(Id, String)>,
    /// Something may have been committed of which this worker does not know.
    store_failed: bool,
}

/// A destination.
struct Place {
    to: Destination,
    /// None where this worker does not go there.
    client: Option<Arc<Client>>,
    resolved_at: Instant,
    under_way: usize,
    /// How long it was waited for before it was tried last, while it does not respond.
    pause: Option<Duration>,
    /// Nothing goes there before.
    not_before: Option<Instant>,
    /// There may be more for it.
    has_more: bool,
}

/// A forward that is over.
struct Ended {
    url: String,
    id: Id,
    received_at: Timestamp,
    sent: Result<Dispatched, DispatchError>,
}

impl ForwardWorker {
    pub fn new(
        store: Arc<dyn Store>,
        catalog: Arc<Catalog>,
        options: ForwardWorkerOptions,
    ) -> Self {
        Self {
            store,
            catalog,
            options,
            places: HashMap::new(),
            under_way: HashSet::new(),
            store_failed: false,
        }
    }

    /// Works until `stop` resolves, within a `LocalSet`. What is under way is waited for a moment then; what takes longer
    /// is unknown, and goes on elsewhere.
    pub async fn run(mut self, stop: impl Future<Output = ()>, tell: &dyn Fn(WorkerEvent)) {
        let mut stop = std::pin::pin!(stop);
        let mut others = self.store.watch(Changing::Work);
        let mut under_way = JoinSet::new();
        let mut look_at = Instant::now();
        loop {
            if Instant::now() >= look_at {
                look_at = self.look(tell).await;
            }
            for (capture, url) in self.claim(tell).await {
                under_way.spawn_local(self.send(capture, url));
            }
            let next = self.next_try().map_or(look_at, |at| at.min(look_at));
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = under_way.join_next(), if !under_way.is_empty() => {
                    if let Ok(ended) = ended {
                        self.finish(ended, tell).await;
                    }
                }
                () = others.changed() => self.places.values_mut().for_each(|place| place.has_more = true),
                () = tokio::time::sleep_until(next) => {}
            }
        }
        let grace = tokio::time::sleep(STOPPED_AFTER);
        let mut grace = std::pin::pin!(grace);
        while !under_way.is_empty() {
            tokio::select! {
                Some(ended) = under_way.join_next() => {
                    if let Ok(ended) = ended {
                        self.finish(ended, tell).await;
                    }
                }
                () = &mut grace => break,
            }
        }
    }

    /// Looks where anything is pending, and says when to look again.
    async fn look(&mut self, tell: &dyn Fn(WorkerEvent)) -> Instant {
        let begun = Instant::now();
        match self.read_pending().await {
            Ok(pending) => {
                self.note_store(None, tell);
                let urls = pending.into_iter().map(|at| at.url);
                for url in urls.filter(|url| !url.is_empty()) {
                    self.visit(url, tell).await;
                }
            }
            Err(error) => self.note_store(Some(error), tell),
        }
        let share = begun.elapsed().saturating_mul(LOOKED_SHARE);
        Instant::now() + share.clamp(LOOKED_EVERY, LOOKED_AT_LEAST_EVERY)
    }

    async fn read_pending(&self) -> Result<Vec<PendingAt>, StoreError> {
        if self.store_failed {
            let under_way: Vec<(Id, String)> = self.under_way.iter().cloned().collect();
            self.store.give_back_all_but(&under_way).await?;
        }
        self.store.pending().await
    }

    /// Sees to it that a destination is known.
    async fn visit(&mut self, url: String, tell: &dyn Fn(WorkerEvent)) {
        if let Some(place) = self.places.get_mut(&url) {
            place.has_more = true;
            if place.pause.is_none() && place.resolved_at.elapsed() < RESOLVED_FOR {
                return;
            }
        }
        let Ok(to) = url.parse::<Destination>() else {
            return;
        };
        let resolved = to.resolve().await;
        let is_allowed = resolved.is_loopback() || self.options.allowed.names(to.host());
        let options = ClientOptions {
            tls: TlsOptions {
                insecure: self.options.insecure,
                ca_file: None,
                ..TlsOptions::default()
            },
            ..ClientOptions::default()
        };
        let client = match is_allowed
            .then(|| Client::new(resolved, &options))
            .transpose()
        {
            Ok(client) => client.map(Arc::new),
            Err(error) => {
                let why = error.to_string();
                if !self.places.contains_key(&url) {
                    let url = url.clone();
                    tell(WorkerEvent::Unusable { url, why });
                }
                None
            }
        };
        let was_allowed = self
            .places
            .get(&url)
            .is_none_or(|place| place.client.is_some());
        if !is_allowed && was_allowed {
            tell(WorkerEvent::NotAllowed(to.clone()));
        }
        if let Some(place) = self.places.get_mut(&url) {
            place.client = client;
            place.resolved_at = Instant::now();
            return;
        }
        let place = Place {
            to,
            client,
            resolved_at: Instant::now(),
            under_way: 0,
            pause: None,
            not_before: None,
            has_more: true,
        };
        self.places.insert(url, place);
    }

    /// Takes what can go now and has room.
    async fn claim(&mut self, tell: &dyn Fn(WorkerEvent)) -> Vec<(Capture, String)> {
        let now = Instant::now();
        let at_once = match self.options.ordered {
            true => 1,
            false => self.options.at_once,
        };
        let mut claimed = Vec::new();
        let mut failed = None;
        for (url, place) in &mut self.places {
            let is_open = place.client.is_some() && place.not_before.is_none_or(|at| at <= now);
            // One finds out whether it is back.
            let most = if place.pause.is_some() { 1 } else { at_once };
            let room = most.saturating_sub(place.under_way);
            // A few are claimed in one commit.
            let is_worth_it = room > 0 && (room >= at_once / 2 || place.under_way == 0);
            if !is_open || !place.has_more || !is_worth_it {
                continue;
            }
            let wanted = WantedForwards {
                most: room,
                at_once,
                is_ordered: self.options.ordered,
            };
            let found = match self.store.claim_forwards(url, wanted).await {
                Ok(found) => found,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            };
            place.has_more = found.len() == room;
            let read = found.into_iter().map(|id| self.store.capture(id));
            for capture in join_all(read).await {
                match capture {
                    Ok(capture) => {
                        place.under_way += 1;
                        self.under_way.insert((capture.id, url.clone()));
                        claimed.push((capture, url.clone()));
                    }
                    // It was removed meanwhile.
                    Err(StoreError::NotFound { .. }) => {}
                    Err(error) => failed = Some(error),
                }
            }
        }
        if let Some(error) = failed {
            self.places
                .values_mut()
                .for_each(|place| place.has_more = false);
            self.note_store(Some(error), tell);
        }
        claimed
    }

    /// When a destination that was paused is tried again.
    fn next_try(&self) -> Option<Instant> {
        let waiting = self.places.values().filter(|place| place.has_more);
        waiting
            .filter_map(|place| place.not_before)
            .filter(|at| *at > Instant::now())
            .min()
    }

    fn send(&self, capture: Capture, url: String) -> impl Future<Output = Ended> + use<> {
        let place = &self.places[&url];
        let (to, client) = (place.to.clone(), place.client.clone());
        let provider = capture.provider.as_deref();
        let provider = provider.and_then(|name| self.catalog.provider(name).ok());
        let (store, options) = (self.store.clone(), self.options.delivery.clone());
        async move {
            let sent = match &client {
                Some(client) => {
                    let prepared = prepare(&capture, provider, &to, client);
                    dispatch_quietly(client, Some(&*store), &prepared, &options).await
                }
                None => Err(DispatchError::Store(StoreError::Busy)),
            };
            Ended {
                url,
                id: capture.id,
                received_at: capture.received_at,
                sent,
            }
        }
    }

    /// Puts down what became of a capture, and of its destination.
    async fn finish(&mut self, ended: Ended, tell: &dyn Fn(WorkerEvent)) {
        let Ended {
            url,
            id,
            received_at,
            sent,
        } = ended;
        let Some(place) = self.places.get_mut(&url) else {
            return;
        };
        self.under_way.remove(&(id, url.clone()));
        place.under_way = place.under_way.saturating_sub(1);
        place.has_more = true;
        let outcome = sent.as_ref().map(|sent| sent.progress.outcome).ok();
        let last = sent
            .as_ref()
            .ok()
            .and_then(|sent| sent.progress.attempts.last());
        let error = last
            .and_then(|attempt| attempt.result.as_ref().err())
            .map(|error| error.kind);
        let is_away = error.is_some_and(|kind| kind != AttemptErrorKind::Timeout);
        if last.is_some() && !is_away && place.pause.take().is_some() {
            place.not_before = None;
            tell(WorkerEvent::CameBack(place.to.clone()));
        }
        let now = self.options.time.now();
        let mut until = None;
        // Several that were under way together say the same once.
        let is_paused = place.not_before.is_some_and(|at| at > Instant::now());
        if is_away && !is_paused {
            let pause = place
                .pause
                .map_or(FIRST_PAUSE, |pause| (pause * 2).min(LONGEST_PAUSE));
            if let (Some(kind), None) = (error, place.pause) {
                let destination = place.to.clone();
                tell(WorkerEvent::WentAway { destination, kind });
            }
            place.pause = Some(pause);
            place.not_before = Some(Instant::now() + pause);
        } else if is_away {
            // It waits with its destination.
        } else if last.is_none() {
            // Someone else is at it, or the store is away.
            until = now.checked_add(SHORTEST_WAIT).ok();
            place.not_before = Some(Instant::now() + FIRST_PAUSE);
        } else if outcome != Some(Outcome::Delivered) {
            let age = now.duration_since(received_at);
            until = now.checked_add(age.clamp(SHORTEST_WAIT, LONGEST_WAIT)).ok();
        }
        // What is delivered is settled with its delivery.
        let given_back = match outcome {
            Some(Outcome::Delivered) => Ok(()),
            _ => self.store.give_back(id, &url, until).await,
        };
        match sent {
            Ok(sent) => tell(WorkerEvent::Forwarded(Box::new(sent))),
            // Another has it, or has delivered it.
            Err(error) if error.is_left_alone() => {}
            Err(DispatchError::Store(error)) => self.note_store(Some(error), tell),
            Err(error) => tell(WorkerEvent::Failed(error)),
        }
        if let Err(error) = given_back {
            self.note_store(Some(error), tell);
        }
    }

    /// Says once that the store cannot be used, and once that it can again.
    fn note_store(&mut self, failure: Option<StoreError>, tell: &dyn Fn(WorkerEvent)) {
        if let Some(error) = &failure {
            error!(%error, "nothing can be forwarded");
        }
        let failed = failure.is_some();
        if std::mem::replace(&mut self.store_failed, failed) != failed {
            tell(WorkerEvent::Store(failure));
        }
    }
}
