//! The state of an emulated provider as a document: taken, put back, and cleared.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{EmulatorError, bounded, refused};
use super::events::AGAIN;
use super::state::{Emulated, Emulator};
use super::subscription::Subscription;
use crate::catalog::ErrorKind;
use crate::model::{
    EmulatedRecord, KeptSecret, REDACTED, RecordKey, RecordKind, RecordQuery, Secret, base64_bytes,
    base64_text,
};
use crate::view::redact;

/// How many bytes of documents a snapshot has at most.
const MOST_BYTES: usize = 32 << 20;
/// No request that puts a snapshot back is longer.
pub(super) const LONGEST_SNAPSHOT: usize = MOST_BYTES + (8 << 20);
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
        room: &mut usize,
    ) -> Result<Vec<EmulatedRecord>, EmulatorError> {
        let mut all = Vec::new();
        let mut query = RecordQuery::all(emulated.name(), kind);
        loop {
            let some = self.store.records(&query).await?;
            let Some(last) = some.last() else {
                return Ok(all);
            };
            query.after = Some(last.number);
            for record in some {
                let left = room.checked_sub(record.document.len());
                *room = left.ok_or_else(|| {
                    let most = MOST_BYTES >> 20;
                    refused(
                        ErrorKind::Refused,
                        format!("there is more than the {most} MiB that a snapshot holds"),
                    )
                })?;
                all.push(record);
            }
        }
    }

    pub(super) async fn snapshot(
        &self,
        emulated: &Emulated,
        reveals: bool,
    ) -> Result<Snapshot, EmulatorError> {
        let mut records = Vec::new();
        let mut room = MOST_BYTES;
        for kind in KINDS {
            for record in self.all_records(emulated, kind, &mut room).await? {
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
                    document: self.shown(kind, &record.document, reveals),
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
        self.refresh().await?;
        let here = self.subscriptions_of(emulated.name(), None).into_iter();
        let mut here: HashMap<RecordKey, Arc<Subscription>> =
            here.map(|one| (one.key.clone(), one)).collect();
        let mut records = Vec::with_capacity(snapshot.records.len());
        for one in snapshot.records {
            let kind: RecordKind = one
                .kind
                .parse()
                .map_err(|_| wrong(format!("unknown kind {}", one.kind)))?;
            // An event that shares its id with others has one of hookcli's own behind it.
            let id = match kind {
                RecordKind::Event => one.id.split(AGAIN).next().unwrap_or_default(),
                _ => &one.id,
            };
            bounded("id", id)?;
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
            let mut document = one.document;
            let known = here.remove(&key);
            if kind == RecordKind::Subscription {
                self.restore_url(&mut document, known.as_deref())
                    .map_err(|()| {
                        wrong(format!(
                            "the URL of {} has a secret that is not in the snapshot: take it with reveal=true",
                            key.id
                        ))
                    })?;
            }
            if secrets.is_empty() && kind == RecordKind::Subscription {
                secrets = known.map(|one| one.secrets.clone()).unwrap_or_default();
                let makes_secrets = emulated.management.secret.as_ref();
                if secrets.is_empty() && makes_secrets.is_some_and(|rules| !rules.from_client) {
                    return Err(wrong(format!(
                        "the secret of {} is not in the snapshot: take it with reveal=true",
                        key.id
                    )));
                }
            }
            let record = EmulatedRecord {
                number: 0,
                key,
                created_at: one.created_at,
                failing_since: one.failing_since,
                document: document.to_string(),
                secrets,
                changed: 0,
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
        self.replace(emulated, records).await
    }

    /// Removes all that a provider has: subscriptions, events, deliveries.
    pub(super) async fn reset(&self, emulated: &Emulated) -> Result<(), EmulatorError> {
        self.playing.stop(emulated.name());
        self.replace(emulated, Vec::new()).await
    }

    /// A record's document; the URL of a subscription may have a secret in it.
    fn shown(&self, kind: RecordKind, document: &str, reveals: bool) -> Value {
        let mut document: Value = serde_json::from_str(document).unwrap_or_default();
        let url = document.get_mut("url");
        if let Some(Value::String(url)) = url.filter(|_| kind == RecordKind::Subscription)
            && !reveals
        {
            *url = redact::target(url, &self.options.tokens);
        }
        document
    }

    /// Puts the URL that a subscription has here into a document whose own one was redacted.
    fn restore_url(&self, document: &mut Value, here: Option<&Subscription>) -> Result<(), ()> {
        let Some(Value::String(url)) = document.get_mut("url") else {
            return Ok(());
        };
        if !url.contains(REDACTED) {
            return Ok(());
        }
        let known = here.map(|one| one.document.url.as_str());
        let known = known.filter(|known| redact::target(known, &self.options.tokens) == *url);
        *url = known.ok_or(())?.to_owned();
        Ok(())
    }

    async fn replace(
        &self,
        emulated: &Emulated,
        records: Vec<EmulatedRecord>,
    ) -> Result<(), EmulatorError> {
        if !self.store.replace_records(emulated.name(), records).await? {
            let why = "two of its records have the same id";
            return Err(refused(ErrorKind::Invalid, why));
        }
        self.refresh().await?;
        self.queue.reload().await;
        Ok(())
    }
}
