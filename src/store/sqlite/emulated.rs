//! What emulated providers keep, and their queue of deliveries.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params, params_from_iter};

use super::SqliteStore;
use super::reading::{self, place_of};
use super::rows::{Work, Writing};
use crate::model::{
    Delivery, DueAt, EmulatedRecord, IdKind, KeptSecret, Outcome, RecordKey, RecordKind,
    RecordQuery, Secret,
};
use crate::store::{Begun, EmulatedState, StoreError};

const COLUMNS: &str = "number, provider, kind, scope, id, created_us, failing_since_us, document";

#[async_trait]
impl EmulatedState for SqliteStore {
    async fn add_records(
        &self,
        records: Vec<EmulatedRecord>,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let mut numbers = None;
        self.writer.write_emulated(|writing| {
            let (transaction, workspace) = (writing.transaction, writing.workspace());
            for record in &records {
                if number_of(transaction, &workspace, &record.key)?.is_some() {
                    return Ok(0);
                }
            }
            let inserted = records
                .iter()
                .map(|record| insert(transaction, &workspace, record));
            numbers = Some(inserted.collect::<rusqlite::Result<_>>()?);
            Ok(0)
        })?;
        Ok(numbers)
    }

    async fn change_record(&self, record: &EmulatedRecord) -> Result<(), StoreError> {
        self.writer.write_emulated(|writing| {
            let changed = writing
                .transaction
                .prepare_cached(
                    "UPDATE emulated SET document = ?2, failing_since_us = ?3 WHERE number = ?1",
                )?
                .execute(params![
                    record.number,
                    record.document,
                    record.failing_since.map(Timestamp::as_microsecond),
                ])?;
            if changed > 0 {
                write_secrets(writing.transaction, record.number, &record.secrets)?;
            }
            Ok(0)
        })
    }

    async fn record_by_key(&self, key: &RecordKey) -> Result<Option<EmulatedRecord>, StoreError> {
        let key = key.clone();
        self.read(
            move |reader, connection| match number_of(connection, &reader.workspace, &key)? {
                Some(number) => record(connection, number),
                None => Ok(None),
            },
        )
        .await
    }

    async fn record_by_number(&self, number: i64) -> Result<Option<EmulatedRecord>, StoreError> {
        self.read(move |_, connection| record(connection, number))
            .await
    }

    async fn records(&self, query: &RecordQuery) -> Result<Vec<EmulatedRecord>, StoreError> {
        let query = query.clone();
        self.read(move |reader, connection| records(connection, &reader.workspace, &query))
            .await
    }

    async fn remove_records(&self, numbers: &[i64]) -> Result<(), StoreError> {
        self.writer.write_emulated(|writing| {
            for number in numbers {
                give_up(writing, *number)?;
                writing
                    .transaction
                    .prepare_cached("DELETE FROM emulated WHERE number = ?1")?
                    .execute([number])?;
            }
            Ok(0)
        })
    }

    async fn trim_records(
        &self,
        provider: &str,
        kind: RecordKind,
        most: usize,
        most_bytes: u64,
    ) -> Result<(), StoreError> {
        let provider = provider.to_owned();
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let most_bytes = i64::try_from(most_bytes).unwrap_or(i64::MAX);
        self.write_long(move |writer| {
            writer.write_emulated(|writing| {
                writing
                    .transaction
                    .prepare_cached(
                        "DELETE FROM emulated WHERE number IN (
                             SELECT number FROM (
                                 SELECT number, row_number() OVER newest AS place, sum(octet_length(document)) OVER newest AS bytes
                                 FROM emulated WHERE workspace = ?1 AND provider = ?2 AND kind = ?3
                                 WINDOW newest AS (ORDER BY number DESC))
                             WHERE place > ?4 OR (bytes > ?5 AND place > 1))",
                    )?
                    .execute(params![writing.workspace(), provider, kind.name(), most, most_bytes])?;
                Ok(0)
            })
        })
        .await
    }

    async fn enqueue(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        self.writer.write_emulated(|writing| {
            for delivery in deliveries {
                writing.write_delivery(delivery, 0, Work::Waits)?;
            }
            Ok(deliveries.len() as u64)
        })
    }

    async fn due(&self, providers: &[String]) -> Result<Vec<DueAt>, StoreError> {
        let providers = list_of(providers);
        self.read(move |reader, connection| {
            let mut select = connection.prepare_cached(&format!(
                "SELECT t.subscription, min(t.next_attempt_us) FROM delivery t INDEXED BY delivery_due
                 WHERE t.open = 1 AND t.subscription IN {OWN} AND t.next_attempt_us IS NOT NULL
                 GROUP BY t.subscription"
            ))?;
            let rows = select.query_map([&reader.workspace, &providers], |row| {
                Ok(DueAt {
                    subscription: row.get(0)?,
                    at: time(row.get(1)?),
                })
            })?;
            rows.collect()
        })
        .await
    }

    async fn take_up(
        &self,
        providers: &[String],
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut taken = Vec::new();
        let providers = list_of(providers);
        self.writer.write_emulated(|writing| {
            let begun: Vec<(i64, Option<String>)> = writing
                .transaction
                .prepare_cached(&format!(
                    "SELECT t.seq, t.claim FROM delivery t INDEXED BY delivery_due
                     WHERE t.open = 1 AND t.subscription IN {OWN} AND t.next_attempt_us IS NULL"
                ))?
                .query_map([&writing.workspace(), &providers], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            for (seq, claim) in begun {
                if taken.len() == limit {
                    break;
                }
                if !writing.is_worked_at(claim.as_deref())?
                    && writing.claim(IdKind::Delivery, seq)?
                {
                    taken.push(reading::delivery(writing.transaction, seq, writing.now)?);
                }
            }
            Ok(0)
        })?;
        Ok(taken)
    }

    async fn begin_due(
        &self,
        wanted: &[(i64, usize)],
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let mut begun = Begun::default();
        self.writer.write_emulated(|writing| {
            for (subscription, most) in wanted {
                for seq in due_of(writing, *subscription, *most, now)? {
                    let delivery = reading::delivery(writing.transaction, seq, now)?;
                    let before = delivery.attempts.len();
                    writing.write_delivery(&delivery, before, Work::Begins(now))?;
                    begun.deliveries.push(delivery);
                }
                let next = next_of(writing.transaction, *subscription)?;
                begun.next.extend(next);
            }
            Ok(0)
        })?;
        Ok(begun)
    }

    async fn record_attempts(&self, deliveries: &[(Delivery, usize)]) -> Result<(), StoreError> {
        self.writer.write_emulated(|writing| {
            for (delivery, new_from) in deliveries {
                // Removed meanwhile, or taken over after a lease that ran out.
                let is_ours = place_of(writing.transaction, delivery.id)?.is_some()
                    && !writing.was_taken_over(delivery.id)?;
                if is_ours {
                    writing.write_delivery(delivery, *new_from, Work::Waits)?;
                }
            }
            Ok(deliveries.len() as u64)
        })
    }

    async fn bring_nearer(&self, providers: &[String], by: Duration) -> Result<(), StoreError> {
        let by_us = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        let providers = list_of(providers);
        self.write_long(move |writer| {
            writer.write_emulated(|writing| {
                let workspace = writing.workspace();
                for (table, column, number) in [
                    ("delivery", "next_attempt_us", "open = 1 AND subscription"),
                    ("emulated_secret", "until_us", "record"),
                    ("emulated", "failing_since_us", "number"),
                ] {
                    writing.transaction.execute(
                        &format!(
                            "UPDATE {table} SET {column} = {column} - ?3 WHERE {number} IN {OWN} AND {column} IS NOT NULL"
                        ),
                        params![workspace, providers, by_us],
                    )?;
                }
                Ok(0)
            })
        })
        .await
    }
}

/// The subscriptions of a workspace and of providers, which come as a list in JSON.
const OWN: &str = "(SELECT number FROM emulated WHERE workspace = ?1 AND kind = 'subscription'
    AND provider IN (SELECT value FROM json_each(?2)))";

fn list_of(providers: &[String]) -> String {
    serde_json::Value::from(providers).to_string()
}

/// The deliveries of a subscription that are due, and that no one works at.
fn due_of(
    writing: &mut Writing<'_>,
    subscription: i64,
    most: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<i64>> {
    let mut due = Vec::new();
    let mut select = writing.transaction.prepare_cached(
        "SELECT seq, claim FROM delivery INDEXED BY delivery_due
         WHERE open = 1 AND subscription = ?1 AND next_attempt_us <= ?2 ORDER BY next_attempt_us",
    )?;
    let mut rows = select.query(params![subscription, now.as_microsecond()])?;
    while let Some(row) = rows.next()?
        && due.len() < most
    {
        let claim: Option<String> = row.get(1)?;
        if !writing.is_worked_at(claim.as_deref())? {
            due.push(row.get(0)?);
        }
    }
    Ok(due)
}

/// When a subscription's next delivery is due, where one waits.
fn next_of(connection: &Connection, subscription: i64) -> rusqlite::Result<Option<DueAt>> {
    let at: Option<i64> = connection
        .prepare_cached(
            "SELECT min(next_attempt_us) FROM delivery INDEXED BY delivery_due
             WHERE open = 1 AND subscription = ?1 AND next_attempt_us IS NOT NULL",
        )?
        .query_row([subscription], |row| row.get(0))?;
    Ok(at.map(|at| DueAt {
        subscription,
        at: time(at),
    }))
}

/// What is still to be delivered to a subscription fails: it is there no more.
fn give_up(writing: &mut Writing<'_>, subscription: i64) -> rusqlite::Result<()> {
    let open: Vec<i64> = writing
        .transaction
        .prepare_cached("SELECT seq FROM delivery WHERE open = 1 AND subscription = ?1")?
        .query_map([subscription], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for seq in open {
        let mut delivery = reading::delivery(writing.transaction, seq, writing.now)?;
        delivery.outcome = Outcome::Failed;
        delivery.next_attempt_at = None;
        delivery.failure = Some("its subscription was removed".into());
        writing.write_delivery(&delivery, delivery.attempts.len(), Work::Waits)?;
    }
    Ok(())
}

fn number_of(
    connection: &Connection,
    workspace: &str,
    key: &RecordKey,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT number FROM emulated WHERE workspace = ?1 AND provider = ?2 AND kind = ?3 AND id = ?4 AND scope = ?5",
        )?
        .query_row(
            params![workspace, key.provider, key.kind.name(), key.id, key.scope],
            |row| row.get(0),
        )
        .optional()
}

fn insert(
    transaction: &Transaction<'_>,
    workspace: &str,
    record: &EmulatedRecord,
) -> rusqlite::Result<i64> {
    let key = &record.key;
    transaction
        .prepare_cached(
            "INSERT INTO emulated (workspace, provider, kind, scope, id, created_us, failing_since_us, document)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            workspace,
            key.provider,
            key.kind.name(),
            key.scope,
            key.id,
            record.created_at.as_microsecond(),
            record.failing_since.map(Timestamp::as_microsecond),
            record.document,
        ])?;
    let number = transaction.last_insert_rowid();
    write_secrets(transaction, number, &record.secrets)?;
    Ok(number)
}

fn write_secrets(
    transaction: &Transaction<'_>,
    record: i64,
    secrets: &[KeptSecret],
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("DELETE FROM emulated_secret WHERE record = ?1")?
        .execute([record])?;
    for (position, kept) in secrets.iter().enumerate() {
        transaction
            .prepare_cached(
                "INSERT INTO emulated_secret (record, position, secret, until_us) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                record,
                i64::try_from(position).unwrap_or(i64::MAX),
                kept.secret.expose(),
                kept.until.map(Timestamp::as_microsecond),
            ])?;
    }
    Ok(())
}

fn record(connection: &Connection, number: i64) -> rusqlite::Result<Option<EmulatedRecord>> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM emulated WHERE number = ?1"))?
        .query_row([number], without_secrets)
        .optional()?;
    found
        .map(|record| with_secrets(connection, record))
        .transpose()
}

fn records(
    connection: &Connection,
    workspace: &str,
    query: &RecordQuery,
) -> rusqlite::Result<Vec<EmulatedRecord>> {
    let mut values: Vec<Value> = vec![
        workspace.to_owned().into(),
        query.provider.clone().into(),
        query.kind.name().to_owned().into(),
    ];
    let mut sql = format!(
        "SELECT {COLUMNS} FROM emulated WHERE workspace = ?1 AND provider = ?2 AND kind = ?3"
    );
    if let Some(scope) = &query.scope {
        values.push(scope.clone().into());
        sql += &format!(" AND scope = ?{}", values.len());
    }
    if let Some(after) = query.after {
        values.push(after.into());
        let side = if query.newest_first { "<" } else { ">" };
        sql += &format!(" AND number {side} ?{}", values.len());
    }
    values.push(i64::try_from(query.limit).unwrap_or(i64::MAX).into());
    let order = if query.newest_first { "DESC" } else { "ASC" };
    sql += &format!(" ORDER BY number {order} LIMIT ?{}", values.len());
    let found: Vec<EmulatedRecord> = connection
        .prepare_cached(&sql)?
        .query_map(params_from_iter(values), without_secrets)?
        .collect::<rusqlite::Result<_>>()?;
    let found = found.into_iter();
    found
        .map(|record| with_secrets(connection, record))
        .collect()
}

fn without_secrets(row: &Row<'_>) -> rusqlite::Result<EmulatedRecord> {
    let kind: String = row.get(2)?;
    Ok(EmulatedRecord {
        number: row.get(0)?,
        key: RecordKey {
            provider: row.get(1)?,
            // It was asked for by its kind.
            kind: kind.parse().unwrap_or(RecordKind::Object),
            scope: row.get(3)?,
            id: row.get(4)?,
        },
        created_at: time(row.get(5)?),
        failing_since: row.get::<_, Option<i64>>(6)?.map(time),
        document: row.get(7)?,
        secrets: Vec::new(),
    })
}

fn with_secrets(
    connection: &Connection,
    mut record: EmulatedRecord,
) -> rusqlite::Result<EmulatedRecord> {
    let mut select = connection.prepare_cached(
        "SELECT secret, until_us FROM emulated_secret WHERE record = ?1 ORDER BY position",
    )?;
    let secrets = select.query_map([record.number], |row| {
        Ok(KeptSecret {
            secret: Secret::new(row.get::<_, Vec<u8>>(0)?),
            until: row.get::<_, Option<i64>>(1)?.map(time),
        })
    })?;
    record.secrets = secrets.collect::<rusqlite::Result<_>>()?;
    Ok(record)
}

fn time(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}
