//! What emulated providers keep, and their queue of deliveries.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{Delivery, DueAt, EmulatedRecord, Id, RecordKey, RecordKind, RecordQuery};

/// What became of records that were to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// Their numbers, in their order.
    Numbers(Vec<i64>),
    /// One of their keys is taken: none was added.
    Taken,
    /// Subscriptions were changed meanwhile: none was added.
    Changed,
}

/// What became of subscriptions since they were last looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The number of the last change, as far as it is told here; changes that come later have a higher one.
    pub number: i64,
    /// Some were removed, or all of them changed: they have to be read again, and are not in `records`.
    pub is_whole: bool,
    /// Those that were added or changed, in the order of that.
    pub records: Vec<EmulatedRecord>,
}

/// What was begun, and when what is left of the same subscriptions is due.
#[derive(Debug, Default)]
pub struct Begun {
    /// Their attempts so far; the one that has begun is not among them.
    pub deliveries: Vec<Delivery>,
    pub next: Vec<DueAt>,
}

/// What is wanted of one subscription's queue, and what its deliveries may take over all who work at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedLane {
    pub subscription: i64,
    /// So many deliveries at most.
    pub most: usize,
    /// Attempts under way at one time.
    pub at_once: usize,
    /// So many attempts begun in so much time.
    pub rate: Option<(u32, Duration)>,
}

impl WantedLane {
    /// How many may begin at that time, where so many are under way and others began then, the oldest first; and when
    /// its rate lets the next one begin after these, where that holds it up.
    pub(super) fn room(&self, under_way: usize, began_us: &mut Vec<i64>, now: Timestamp) -> usize {
        let free = self.most.min(self.at_once.saturating_sub(under_way));
        let Some((count, per)) = self.rate else {
            return free;
        };
        let since = now.as_microsecond().saturating_sub(micros(per));
        began_us.retain(|began| *began > since);
        free.min((count as usize).saturating_sub(began_us.len()))
    }

    /// When the next delivery may begin that is due at that time.
    pub(super) fn next(&self, due: Timestamp, began_us: &[i64]) -> DueAt {
        let free = self.rate.and_then(|(count, per)| {
            let first = began_us.len().checked_sub(count as usize)?;
            let free_us = began_us.get(first)?.saturating_add(micros(per));
            Timestamp::from_microsecond(free_us).ok()
        });
        DueAt {
            subscription: self.subscription,
            at: free.map_or(due, |free| free.max(due)),
        }
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// The part of a store that emulated providers work with.
#[async_trait]
pub trait EmulatedState: Send + Sync {
    /// Adds records, all or none; the numbers that they have are not looked at. With `seen`, only where no subscription
    /// was changed after the change of that number.
    async fn add_records(
        &self,
        records: Vec<EmulatedRecord>,
        seen: Option<i64>,
    ) -> Result<Added, StoreError>;

    /// Writes a record's document, its secrets and since when it fails, where it is as it was when it was read, and says
    /// the number of the change. None where someone else has changed or removed it meanwhile: nothing is written then.
    async fn change_record(&self, record: &EmulatedRecord) -> Result<Option<i64>, StoreError>;

    /// Adds a record, or puts it in the place of the one with the same key.
    async fn put_record(&self, record: EmulatedRecord) -> Result<(), StoreError>;

    /// Puts records in the place of all that a provider has, its deliveries among them, at once. False where two of them
    /// have the same key: nothing is changed then.
    async fn replace_records(
        &self,
        provider: &str,
        records: Vec<EmulatedRecord>,
    ) -> Result<bool, StoreError>;

    /// What became of subscriptions after the change of that number, by whoever did it: so many records at most. Nothing
    /// did where the answer's number is the same.
    async fn changes_after(&self, number: i64, limit: usize) -> Result<Changes, StoreError>;

    async fn record_by_key(&self, key: &RecordKey) -> Result<Option<EmulatedRecord>, StoreError>;

    async fn record_by_number(&self, number: i64) -> Result<Option<EmulatedRecord>, StoreError>;

    /// The providers of which there are records.
    async fn emulated_providers(&self) -> Result<Vec<String>, StoreError>;

    /// Records, until there are so many of them, or so many bytes of documents; at least one where there is one.
    async fn records(&self, query: &RecordQuery) -> Result<Vec<EmulatedRecord>, StoreError>;

    /// Removes records, and with subscriptions what is still to be delivered to them; what is being delivered just now is
    /// recorded as it ends, and not repeated.
    async fn remove_records(&self, numbers: &[i64]) -> Result<(), StoreError>;

    /// Removes the oldest records of a kind but so many, and but so many bytes of documents.
    async fn trim_records(
        &self,
        provider: &str,
        kind: RecordKind,
        most: usize,
        most_bytes: u64,
    ) -> Result<(), StoreError>;

    /// Keeps deliveries that no one works at yet.
    async fn enqueue(&self, deliveries: &[Delivery]) -> Result<(), StoreError>;

    /// When the next delivery of each subscription of these providers is due that has any waiting.
    async fn due(&self, providers: &[String]) -> Result<Vec<DueAt>, StoreError>;

    /// Deliveries of these providers of which an attempt was begun by someone who is gone, or by this store, which does not
    /// have it `under_way`: it may have been made. The caller has their leases, and records what follows.
    async fn take_up(
        &self,
        providers: &[String],
        under_way: &[Id],
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Begins deliveries that are due by then, of each subscription the longest due first and as many as are wanted and
    /// its limits allow, until there are so many bytes of bodies, but at least one: their leases are taken and their
    /// attempts put down as begun, and it is committed when this returns. Whoever else begins some of a subscription at
    /// this moment has it alone: there are none then.
    async fn begin_due(
        &self,
        wanted: &[WantedLane],
        most_bytes: u64,
        now: Timestamp,
    ) -> Result<Begun, StoreError>;

    /// Records what came of deliveries that were begun or taken up, and gives their leases back. The attempts of each are
    /// new from that index on. What someone else has taken over meanwhile is left alone.
    async fn record_attempts(&self, deliveries: &[(Delivery, usize)]) -> Result<(), StoreError>;

    /// Brings all of these providers that waits for a time nearer by so much: deliveries' next attempts, and secrets that
    /// run out.
    async fn bring_nearer(&self, providers: &[String], by: Duration) -> Result<(), StoreError>;
}
