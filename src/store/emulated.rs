//! What emulated providers keep, and their queue of deliveries.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{Delivery, DueAt, EmulatedRecord, RecordKey, RecordKind, RecordQuery};

/// What was begun, and when what is left of the same subscriptions is due.
#[derive(Debug, Default)]
pub struct Begun {
    /// Their attempts so far; the one that has begun is not among them.
    pub deliveries: Vec<Delivery>,
    pub next: Vec<DueAt>,
}

/// The part of a store that emulated providers work with.
#[async_trait]
pub trait EmulatedState: Send + Sync {
    /// Adds records, all or none, and says their numbers; those that they have are not looked at. None where one of their
    /// keys is taken.
    async fn add_records(
        &self,
        records: Vec<EmulatedRecord>,
    ) -> Result<Option<Vec<i64>>, StoreError>;

    /// Writes a record anew: its document, its secrets and since when it fails. Nothing happens where there is none of that
    /// number.
    async fn change_record(&self, record: &EmulatedRecord) -> Result<(), StoreError>;

    async fn record_by_key(&self, key: &RecordKey) -> Result<Option<EmulatedRecord>, StoreError>;

    async fn record_by_number(&self, number: i64) -> Result<Option<EmulatedRecord>, StoreError>;

    async fn records(&self, query: &RecordQuery) -> Result<Vec<EmulatedRecord>, StoreError>;

    /// Removes records, and with subscriptions what is still to be delivered to them.
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

    /// Deliveries of these providers of which an attempt was begun by someone who is gone: it may have been made. The
    /// caller has their leases, and records what follows.
    async fn take_up(
        &self,
        providers: &[String],
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Begins deliveries that are due by then, so many at most of each subscription and the longest due first: their
    /// leases are taken and their attempts put down as begun, and it is committed when this returns.
    async fn begin_due(&self, wanted: &[(i64, usize)], now: Timestamp)
    -> Result<Begun, StoreError>;

    /// Records what came of deliveries that were begun or taken up, and gives their leases back. The attempts of each are
    /// new from that index on. What someone else has taken over meanwhile is left alone.
    async fn record_attempts(&self, deliveries: &[(Delivery, usize)]) -> Result<(), StoreError>;

    /// Brings all of these providers that waits for a time nearer by so much: deliveries' next attempts, and secrets that
    /// run out.
    async fn bring_nearer(&self, providers: &[String], by: Duration) -> Result<(), StoreError>;
}
