//! The state of an emulated provider as a document: taken, put back, and cleared.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::{EmulatorError, refused};
use super::state::{Emulated, Emulator};
use super::subscription::Subscription;
use crate::catalog::ErrorKind;
use crate::model::{
    EmulatedRecord, KeptSecret, RecordKey, RecordKind, RecordQuery, Secret, base64_bytes,
    base64_text,
};
use crate::search::Query;
use crate::store::{PageRequest, StoreError};

/// How many records are read or removed at once.
const AT_ONCE: usize = 1000;
/// The version of the document.
const VERSION: u32 = 1;

const KINDS: [RecordKind; 4] = [
    RecordKind::Container,
    RecordKind::Subscription,
    RecordKind::Event,
    RecordKind::Object,
];

/// Subscriptions, events and what belongs to them. Deliveries are not part of it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Snapshot {
    version: u32,
    provider: String,
    records: Vec<SnapshotRecord>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SnapshotRecord {
    kind: String,
    scope: String,
    id: String,
    created_at: Timestamp,
    failing_since: Option<Timestamp>,
    document: Value,
    /// In base64; left out unless they are asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<SnapshotSecret>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SnapshotSecret {
    secret: String,
    until: Option<Timestamp>,
}

impl Emulator {
    async fn all_records(
        &self,
        emulated: &Emulated,
        kind: RecordKind,
    ) -> Result<Vec<EmulatedRecord>, StoreError> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let query = RecordQuery {
                provider: emulated.name().to_owned(),
                kind,
                scope: None,
                after,
                newest_first: false,
                limit: AT_ONCE,
            };
            let some = self.store.records(&query).await?;
            let Some(last) = some.last() else {
                return Ok(all);
            };
            after = Some(last.number);
            all.extend(some);
        }
    }

    pub(super) async fn snapshot(
        &self,
        emulated: &Emulated,
        reveals: bool,
    ) -> Result<Snapshot, StoreError> {
        let mut records = Vec::new();
        for kind in KINDS {
            for record in self.all_records(emulated, kind).await? {
                let secrets = record.secrets.iter().filter(|_| reveals);
                let secrets = secrets.map(|kept| SnapshotSecret {
                    secret: base64_text(kept.secret.expose()),
                    until: kept.until,
                });
                records.push(SnapshotRecord {
                    kind: kind.name().to_owned(),
                    scope: record.key.scope,
                    id: record.key.id,
                    created_at: record.created_at,
                    failing_since: record.failing_since,
                    document: serde_json::from_str(&record.document).unwrap_or_default(),
                    secrets: secrets.collect(),
                });
            }
        }
        Ok(Snapshot {
            version: VERSION,
            provider: emulated.name().to_owned(),
            records,
        })
    }

    /// Puts a snapshot in the place of what is there. A subscription whose secret is not in it keeps the one that it has
    /// here; one that has none here cannot be put back.
    pub(super) async fn restore(
        &self,
        emulated: &Emulated,
        snapshot: Snapshot,
    ) -> Result<(), EmulatorError> {
        let wrong = |why: String| refused(ErrorKind::Invalid, why);
        if snapshot.version != VERSION || snapshot.provider != emulated.name() {
            return Err(wrong(format!(
                "this is not a snapshot of {} in version {VERSION}",
                emulated.name()
            )));
        }
        let mut here = HashMap::new();
        for record in self.all_records(emulated, RecordKind::Subscription).await? {
            here.insert(record.key, record.secrets);
        }
        let mut records = Vec::with_capacity(snapshot.records.len());
        let mut keys = HashSet::new();
        for one in snapshot.records {
            let kind: RecordKind = one
                .kind
                .parse()
                .map_err(|_| wrong(format!("unknown kind {}", one.kind)))?;
            let key = RecordKey {
                provider: emulated.name().to_owned(),
                kind,
                scope: one.scope,
                id: one.id,
            };
            let mut secrets = Vec::with_capacity(one.secrets.len());
            for secret in one.secrets {
                let bytes = base64_bytes(&secret.secret)
                    .ok_or_else(|| wrong("a secret is not in base64".to_owned()))?;
                secrets.push(KeptSecret {
                    secret: Secret::new(bytes),
                    until: secret.until,
                });
            }
            if secrets.is_empty() && kind == RecordKind::Subscription {
                secrets = here.remove(&key).unwrap_or_default();
                let makes_secrets = emulated.management.secret.as_ref();
                if secrets.is_empty() && makes_secrets.is_some_and(|rules| !rules.from_client) {
                    return Err(wrong(format!(
                        "the secret of {} is not in the snapshot: take it with reveal=true",
                        key.id
                    )));
                }
            }
            // Before anything is cleared.
            if !keys.insert(key.clone()) {
                return Err(wrong(format!("{} is in it twice", key.id)));
            }
            let record = EmulatedRecord {
                number: 0,
                key,
                created_at: one.created_at,
                failing_since: one.failing_since,
                document: one.document.to_string(),
                secrets,
            };
            if kind == RecordKind::Subscription {
                let read = Subscription::read(record.clone());
                let read = read.map_err(|error| wrong(error.to_string()))?;
                let host = read.document.url.parse::<crate::http::Destination>();
                let host = host.map_err(|error| wrong(error.to_string()))?;
                if !self.options.allowed.allow(host.host()) {
                    return Err(wrong(format!(
                        "{} may not be delivered to: add --allow-host",
                        host.host()
                    )));
                }
            }
            records.push(record);
        }
        let editing = self.editing.lock().await;
        self.clear(emulated).await?;
        // Whatever becomes of it, what is at hand is what the store has.
        let added = self.store.add_records(records).await;
        self.load().await?;
        // The queue's worker may wait for this.
        drop(editing);
        self.queue.reload().await;
        match added? {
            Some(_) => Ok(()),
            None => Err(refused(
                ErrorKind::Conflict,
                "two of its records have the same id",
            )),
        }
    }

    /// Removes all that a provider has: subscriptions, events, deliveries.
    pub(super) async fn reset(&self, emulated: &Emulated) -> Result<(), EmulatorError> {
        let editing = self.editing.lock().await;
        self.clear(emulated).await?;
        self.load().await?;
        // The queue's worker may wait for this.
        drop(editing);
        self.queue.reload().await;
        Ok(())
    }

    async fn clear(&self, emulated: &Emulated) -> Result<(), StoreError> {
        let subscriptions = self.all_records(emulated, RecordKind::Subscription).await?;
        for subscription in &subscriptions {
            loop {
                let own = Query::OfSubscription(subscription.number);
                let page = self
                    .store
                    .deliveries(&own, PageRequest::newest(AT_ONCE))
                    .await?;
                if page.rows.is_empty() {
                    break;
                }
                let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
                self.store.remove(&ids).await?;
            }
        }
        for kind in KINDS {
            let records = self.all_records(emulated, kind).await?;
            let numbers: Vec<i64> = records.iter().map(|record| record.number).collect();
            for some in numbers.chunks(AT_ONCE) {
                self.store.remove_records(some).await?;
            }
        }
        Ok(())
    }
}
