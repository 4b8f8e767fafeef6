//! What is emulated: the providers, their subscriptions, and the queue of deliveries.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use indexmap::IndexMap;
use jiff::Timestamp;
use tokio::sync::broadcast;

use super::input::AllowedHosts;
use super::load::Load;
use super::metrics::Metrics;
use super::subscription::Subscription;
use crate::catalog::{Catalog, Management, Provider};
use crate::dispatch::Queue;
use crate::model::{
    Delivery, RandomSource, RecordKey, RecordKind, RecordQuery, Secret, TimeSource,
};
use crate::search::Query;
use crate::store::{PageRequest, Store, StoreError};
use crate::view::redact::TokenNames;

/// How many attempts wait to be shown.
const SHOWN_AT_ONCE: usize = 1024;
/// How many records are read at once.
const READ_AT_ONCE: usize = 1000;

/// How a provider is emulated.
pub struct EmulatorOptions {
    /// What all keys have to end with, where others than this machine can ask.
    pub token: Option<Secret>,
    pub allowed: AllowedHosts,
    /// So many seconds of the provider's time go by in one second.
    pub speed: f64,
    /// What is redacted wherever it occurs.
    pub tokens: TokenNames,
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
    /// Held while a subscription is changed: what an attempt came to is put down, too.
    pub(super) editing: tokio::sync::Mutex<()>,
    pub(super) queue: Queue,
    pub(super) metrics: Metrics,
    pub(super) waiting: Load,
    /// How many bytes of events came since the oldest were last removed.
    pub(super) grown_bytes: AtomicU64,
    /// Each delivery after an attempt, for display.
    attempts: broadcast::Sender<Arc<Delivery>>,
}

/// A provider that is emulated.
#[derive(Clone)]
pub(super) struct Emulated {
    pub provider: Arc<Provider>,
    pub management: Arc<Management>,
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
}

/// All subscriptions, as the store has them: to find out who gets an event takes no query.
#[derive(Default)]
struct Subscriptions {
    by_number: HashMap<i64, Arc<Subscription>>,
    by_key: HashMap<RecordKey, i64>,
    /// Who wants an event of a provider; forgotten with every change.
    wanting: HashMap<(String, String), Arc<[Arc<Subscription>]>>,
}

impl Subscriptions {
    fn keep(&mut self, subscription: Arc<Subscription>) {
        self.wanting.clear();
        let number = subscription.number;
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

    /// Reads all subscriptions from the store.
    pub(super) async fn load(&self) -> Result<(), StoreError> {
        let mut found = Subscriptions::default();
        for provider in self.providers.keys() {
            let mut after = None;
            loop {
                let query = RecordQuery {
                    provider: provider.clone(),
                    kind: RecordKind::Subscription,
                    scope: None,
                    after,
                    newest_first: false,
                    limit: READ_AT_ONCE,
                };
                let records = self.store.records(&query).await?;
                let Some(last) = records.last() else { break };
                after = Some(last.number);
                for record in records {
                    // One that a later version wrote is left alone.
                    if let Ok(subscription) = Subscription::read(record) {
                        found.keep(Arc::new(subscription));
                    }
                }
            }
        }
        let limited: Vec<(i64, usize)> = found
            .by_number
            .values()
            .filter_map(|one| {
                let emulated = self.providers.get(&one.key.provider)?;
                Some((one.number, emulated.management.most_pending?))
            })
            .collect();
        *self.write() = found;
        for (number, most) in limited {
            let waiting = Query::OfSubscription(number).and(Query::Pending);
            let page = PageRequest::newest(most);
            let found = self.store.deliveries(&waiting, page).await?;
            self.waiting.set_waiting(number, found.rows.len());
        }
        Ok(())
    }

    pub(super) fn subscription(&self, number: i64) -> Option<Arc<Subscription>> {
        self.read().by_number.get(&number).cloned()
    }

    pub(super) fn keep(&self, subscription: Subscription) -> Arc<Subscription> {
        let subscription = Arc::new(subscription);
        let mut all = self.write();
        all.keep(subscription.clone());
        subscription
    }

    pub(super) fn forget(&self, number: i64) {
        let mut all = self.write();
        all.wanting.clear();
        if let Some(gone) = all.by_number.remove(&number) {
            all.by_key.remove(&gone.key);
        }
        self.waiting.forget(number);
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
