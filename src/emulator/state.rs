//! What is emulated: the providers, their subscriptions, and the queue of deliveries.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use tokio::sync::broadcast;

use super::access::ApiAccess;
use super::clock::Clock;
use super::error::{EmulatorError, not_found, refused};
use super::load::Load;
use super::metrics::Metrics;
use super::running::Playing;
use super::subscription::Subscription;
use super::template::{Facts, render};
use crate::catalog::{Catalog, ErrorKind, Management, Provider};
use crate::dispatch::Queue;
use crate::http::AllowedHosts;
use crate::model::{
    Delivery, EmulatedRecord, RandomSource, RecordKey, RecordKind, RecordQuery, TimeSource,
};
use crate::search::{Pattern, Query};
use crate::store::{Added, PageRequest, Store, StoreError};
use crate::view::redact::TokenNames;

/// How many attempts wait to be shown.
const SHOWN_AT_ONCE: usize = 1024;
/// How many changes are read at once.
const READ_AT_ONCE: usize = 1000;
/// How often it is looked whether workers that are elsewhere are done.
const LOOKED_EVERY: Duration = Duration::from_millis(20);
/// How often a change is tried, while others change the same.
const MOST_TRIES: usize = 100;

/// How a provider is emulated.
pub struct EmulatorOptions {
    /// What all keys have to end with, where others than this machine can ask.
    pub access: Option<ApiAccess>,
    pub allowed: AllowedHosts,
    /// So many seconds of the provider's time go by in one second.
    pub speed: f64,
    /// What is redacted wherever it occurs.
    pub tokens: TokenNames,
    /// Deliveries at one time.
    pub most_under_way: usize,
    pub time: TimeSource,
    pub random: RandomSource,
}

/// The emulated providers.
pub struct Emulator {
    pub(super) store: Arc<dyn Store>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) options: EmulatorOptions,
    pub(super) providers: IndexMap<String, Emulated>,
    subscriptions: RwLock<Subscriptions>,
    /// Held while a subscription is changed or read again, and never while the queue is waited for: what an attempt came
    /// to is put down, too.
    editing: tokio::sync::Mutex<()>,
    pub(super) queue: Queue,
    pub(super) metrics: Metrics,
    pub(super) waiting: Load,
    pub(super) clock: Clock,
    pub(super) playing: Playing,
    /// How many bytes of events came since the oldest were last removed.
    pub(super) grown_bytes: AtomicU64,
    /// Each delivery after an attempt, for display.
    attempts: broadcast::Sender<Arc<Delivery>>,
}

/// A provider that is emulated.
#[derive(Clone)]
pub struct Emulated {
    pub(super) provider: Arc<Provider>,
    pub(super) management: Arc<Management>,
}

impl Emulated {
    /// None where its API is not known.
    pub(super) fn of(provider: Arc<Provider>) -> Option<Self> {
        let management = Arc::new(provider.management.as_ref()?.facts.clone());
        Some(Self {
            provider,
            management,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.provider.name
    }

    /// A thing as the provider writes it.
    pub(super) fn shaped(&self, shape: &str, facts: &Facts) -> String {
        let template = self.management.shapes.get(shape);
        template.map_or_else(|| "{}".to_owned(), |template| render(template, facts))
    }
}

/// All subscriptions, as the store had them: to find out who gets an event takes no query. Others may work with the same
/// store, so it is asked what they changed before anything is said of them.
#[derive(Default)]
struct Subscriptions {
    /// The number of the last change that is in it.
    seen: i64,
    by_number: HashMap<i64, Arc<Subscription>>,
    by_key: HashMap<RecordKey, i64>,
    /// Who wants an event of a provider; forgotten with every change.
    wanting: HashMap<(String, String), Arc<[Arc<Subscription>]>>,
}

impl Subscriptions {
    fn keep(&mut self, subscription: Arc<Subscription>) {
        self.wanting.clear();
        let number = subscription.number;
        let known = self.by_number.get(&number);
        if known.is_some_and(|known| known.changed > subscription.changed) {
            return;
        }
        if self.seen + 1 == subscription.changed {
            self.seen = subscription.changed;
        }
        self.by_key.insert(subscription.key.clone(), number);
        self.by_number.insert(number, subscription);
    }
}

/// How many kinds of events are remembered.
const MOST_REMEMBERED: usize = 1000;

impl Emulator {
    pub(super) fn new(
        store: Arc<dyn Store>,
        catalog: Arc<Catalog>,
        providers: Vec<Emulated>,
        options: EmulatorOptions,
        queue: Queue,
    ) -> Self {
        let providers = providers.into_iter();
        let providers = providers.map(|one| (one.name().to_owned(), one));
        Self {
            store,
            catalog,
            clock: Clock::new(options.speed),
            playing: Playing::default(),
            options,
            providers: providers.collect(),
            subscriptions: RwLock::default(),
            editing: tokio::sync::Mutex::default(),
            queue,
            metrics: Metrics::default(),
            waiting: Load::default(),
            grown_bytes: AtomicU64::new(0),
            attempts: broadcast::Sender::new(SHOWN_AT_ONCE),
        }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Hears of each delivery after an attempt; of one that follows too slowly some are lost.
    pub fn attempts(&self) -> broadcast::Receiver<Arc<Delivery>> {
        self.attempts.subscribe()
    }

    pub(super) fn show_attempt(&self, delivery: &Delivery) {
        if self.attempts.receiver_count() > 0 {
            // Who is gone by now hears nothing.
            let _ = self.attempts.send(Arc::new(delivery.clone()));
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.options.time.now()
    }

    /// Learns what became of the subscriptions in the store, by whoever it was.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let _editing = self.editing.lock().await;
        self.read_changes().await
    }

    /// See [`Emulator::refresh`]; `editing` is held.
    async fn read_changes(&self) -> Result<(), StoreError> {
        loop {
            let seen = self.read().seen;
            let changes = self.store.changes_after(seen, READ_AT_ONCE).await?;
            if changes.is_whole {
                self.read_all(changes.number).await?;
                continue;
            }
            if changes.number == seen {
                return Ok(());
            }
            let mut all = self.write();
            for record in changes.records {
                let is_own = self.providers.contains_key(&record.key.provider);
                // One that a later version wrote is left alone.
                if is_own && let Ok(subscription) = Subscription::read(record) {
                    all.keep(Arc::new(subscription));
                }
            }
            all.seen = changes.number;
        }
    }

    /// Reads all subscriptions, up to the change of that number at least.
    async fn read_all(&self, seen: i64) -> Result<(), StoreError> {
        let mut found = Subscriptions::default();
        for provider in self.providers.keys() {
            let mut query = RecordQuery::all(provider, RecordKind::Subscription);
            loop {
                let records = self.store.records(&query).await?;
                let Some(last) = records.last() else { break };
                query.after = Some(last.number);
                for record in records {
                    if let Ok(subscription) = Subscription::read(record) {
                        found.keep(Arc::new(subscription));
                    }
                }
            }
        }
        found.seen = seen;
        let gone: Vec<i64> = {
            let mut all = self.write();
            let gone = all.by_number.keys();
            let gone = gone.filter(|number| !found.by_number.contains_key(number));
            let gone = gone.copied().collect();
            *all = found;
            gone
        };
        for number in gone {
            self.waiting.forget(number);
        }
        Ok(())
    }

    /// Counts what waits for subscriptions whose provider bounds that.
    pub(super) async fn count_waiting(&self) -> Result<(), StoreError> {
        let all = self.all_subscriptions();
        let limited: Vec<(i64, usize)> = all
            .iter()
            .filter_map(|one| {
                let emulated = self.providers.get(&one.key.provider)?;
                Some((one.number, emulated.management.most_pending?))
            })
            .collect();
        for (number, most) in limited {
            let waiting = Query::OfSubscription(number).and(Query::Pending);
            let page = PageRequest::newest(most);
            let found = self.store.deliveries(&waiting, page).await?;
            self.waiting.set_waiting(number, found.rows.len());
        }
        Ok(())
    }

    /// Lets the provider's time go by at once: what becomes due within it is delivered, and scenarios go on, one after the
    /// other as it would have been. Returns how many attempts that were.
    ///
    /// # Errors
    /// What became of the subscriptions cannot be read.
    pub(super) async fn advance(&self, by: Duration) -> Result<u64, StoreError> {
        self.clock.idle().await;
        let (mut left, before) = (by, self.queue.made());
        loop {
            let step = self.clock.until_next(left).unwrap_or(left);
            if !self.queue.advance(step).await {
                // The workers that are elsewhere find what has become due.
                let providers: Vec<String> = self.providers.keys().cloned().collect();
                let step = step.div_f64(self.options.speed);
                self.store.bring_nearer(&providers, step).await?;
            }
            self.waiting.advance(step.div_f64(self.options.speed));
            left -= step;
            if !self.clock.advance(step).await && left.is_zero() {
                break;
            }
        }
        self.refresh().await?;
        Ok(self.queue.made() - before)
    }

    /// Returns once nothing is due and nothing under way, here or at the workers that are elsewhere.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        while !self.queue.settle().await {
            let own = self.providers.keys();
            let own = own.map(|name| Query::Provider(Pattern::new(name)));
            let open = Query::Any(own.collect()).and(Query::Pending);
            let page = PageRequest::newest(READ_AT_ONCE);
            let found = self.store.deliveries(&open, page).await?;
            let now = self.now();
            let mut rows = found.rows.iter();
            // One that waits for its time has one; what is under way has none, and a worker.
            if rows.all(|row| match row.next_attempt_at {
                Some(at) => at > now,
                None => row.worker.is_none(),
            }) {
                return Ok(());
            }
            tokio::time::sleep(LOOKED_EVERY).await;
        }
        Ok(())
    }

    /// The provider's id of a subscription.
    pub fn id_of_subscription(&self, number: i64) -> Option<String> {
        self.subscription(number).map(|one| one.key.id.clone())
    }

    pub(super) fn subscription(&self, number: i64) -> Option<Arc<Subscription>> {
        self.read().by_number.get(&number).cloned()
    }

    /// Adds a subscription that `make` makes of what is there then: it is asked again where others were faster. None is
    /// added where it refuses.
    pub(super) async fn add(
        &self,
        make: impl Fn() -> Result<Subscription, EmulatorError>,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let _editing = self.editing.lock().await;
        for _ in 0..MOST_TRIES {
            self.read_changes().await?;
            let made = make()?;
            let seen = self.read().seen;
            let records = vec![made.record()];
            match self.store.add_records(records, Some(seen)).await? {
                Added::Numbers(_) => {}
                // With a seed, ids come again after a new start.
                Added::Changed | Added::Taken => continue,
            }
            self.read_changes().await?;
            let added = self.subscription_by_key(&made.key);
            return added.ok_or_else(|| not_found("webhook", &made.key.id));
        }
        Err(others_are_faster())
    }

    /// Changes a subscription, as it is then: `edit` is asked again where others were faster. Nothing is changed where it
    /// refuses.
    pub(super) async fn change(
        &self,
        number: i64,
        edit: impl Fn(&mut Subscription) -> Result<(), EmulatorError>,
    ) -> Result<Arc<Subscription>, EmulatorError> {
        let _editing = self.editing.lock().await;
        for _ in 0..MOST_TRIES {
            self.read_changes().await?;
            let found = self.subscription(number);
            let found = found.ok_or_else(|| not_found("webhook", &number.to_string()))?;
            let mut changed = (*found).clone();
            edit(&mut changed)?;
            if changed == *found {
                return Ok(found);
            }
            if let Some(change) = self.store.change_record(&changed.record()).await? {
                changed.changed = change;
                let changed = Arc::new(changed);
                self.write().keep(changed.clone());
                return Ok(changed);
            }
        }
        Err(others_are_faster())
    }

    /// Adds a record that is no subscription, and says its number; none where its key is taken.
    pub(super) async fn add_record(
        &self,
        record: EmulatedRecord,
    ) -> Result<Option<i64>, StoreError> {
        let added = self.store.add_records(vec![record], None).await?;
        Ok(match added {
            Added::Numbers(numbers) => numbers.first().copied(),
            Added::Taken | Added::Changed => None,
        })
    }

    /// Removes records, subscriptions among them.
    pub(super) async fn remove_records(&self, numbers: &[i64]) -> Result<(), StoreError> {
        let _editing = self.editing.lock().await;
        self.store.remove_records(numbers).await?;
        self.read_changes().await
    }

    /// The one that a provider gave that id.
    pub(super) fn subscription_by_key(&self, key: &RecordKey) -> Option<Arc<Subscription>> {
        let all = self.read();
        let number = all.by_key.get(key)?;
        all.by_number.get(number).cloned()
    }

    pub(super) fn count_subscriptions(&self) -> usize {
        self.read().by_number.len()
    }

    /// All subscriptions, those that were made first before the others.
    pub fn all_subscriptions(&self) -> Vec<Arc<Subscription>> {
        let mut all: Vec<_> = self.read().by_number.values().cloned().collect();
        all.sort_by_key(|one| one.number);
        all
    }

    /// All subscriptions of a provider, those that were made first before the others.
    pub(super) fn subscriptions_of(
        &self,
        provider: &str,
        scope: Option<&str>,
    ) -> Vec<Arc<Subscription>> {
        let all = self.read();
        let own = all.by_number.values().filter(|one| {
            one.key.provider == provider && scope.is_none_or(|scope| one.key.scope == scope)
        });
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by_key(|one| one.number);
        own
    }

    /// Who wants an event.
    pub(super) fn wanting(&self, emulated: &Emulated, event: &str) -> Arc<[Arc<Subscription>]> {
        let key = (emulated.name().to_owned(), event.to_owned());
        if let Some(known) = self.read().wanting.get(&key) {
            return known.clone();
        }
        let filter = &emulated.management.filter;
        let wanting = self.subscriptions_of(emulated.name(), None).into_iter();
        let wanting: Arc<[_]> = wanting.filter(|one| one.wants(event, filter)).collect();
        let mut all = self.write();
        if all.wanting.len() >= MOST_REMEMBERED {
            all.wanting.clear();
        }
        all.wanting.insert(key, wanting.clone());
        wanting
    }

    fn read(&self) -> RwLockReadGuard<'_, Subscriptions> {
        self.subscriptions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Subscriptions> {
        self.subscriptions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn others_are_faster() -> EmulatorError {
    refused(
        ErrorKind::Conflict,
        "others change it all the time: try again",
    )
}
