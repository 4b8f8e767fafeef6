//! What emulated providers keep, and their queue of deliveries.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params, params_from_iter};

use super::SqliteStore;
use super::eviction::remove_places;
use super::lists::count_removal;
use super::order::DELIVERIES;
use super::reading::{self, place_of};
use super::rows::Writing;
use crate::model::{
    Delivery, DueAt, EmulatedRecord, Id, IdKind, KeptSecret, Outcome, RecordKey, RecordKind,
    RecordQuery, Secret,
};
use crate::store::work::Work;
use crate::store::{Added, Begun, Changes, EmulatedState, StoreError, WantedLane};

const COLUMNS: &str =
    "number, provider, kind, scope, id, created_us, failing_since_us, document, changed";

#[async_trait]
impl EmulatedState for SqliteStore {
    async fn add_records(
        &self,
        records: Vec<EmulatedRecord>,
        seen: Option<i64>,
    ) -> Result<Added, StoreError> {
        let mut added = Added::Taken;
        self.writer.write_emulated(|writing| {
            let (transaction, workspace) = (writing.transaction, writing.workspace());
            if let Some(seen) = seen
                && last_change(transaction, &workspace)?.0 != seen
            {
                added = Added::Changed;
                return Ok(0);
            }
            for record in &records {
                if number_of(transaction, &workspace, &record.key)?.is_some() {
                    return Ok(0);
                }
            }
            let inserted = records.iter().map(|record| insert(writing, record));
            added = Added::Numbers(inserted.collect::<rusqlite::Result<_>>()?);
            Ok(0)
        })?;
        Ok(added)
    }

    async fn change_record(&self, record: &EmulatedRecord) -> Result<Option<i64>, StoreError> {
        let mut change = None;
        self.writer.write_emulated(|writing| {
            let transaction = writing.transaction;
            let next = match record.key.kind {
                RecordKind::Subscription => next_change(writing, false)?,
                _ => record.changed + 1,
            };
            let changed = transaction
                .prepare_cached(
                    "UPDATE emulated SET document = ?2, failing_since_us = ?3, changed = ?5
                     WHERE number = ?1 AND changed = ?4",
                )?
                .execute(params![
                    record.number,
                    record.document,
                    record.failing_since.map(Timestamp::as_microsecond),
                    record.changed,
                    next,
                ])?;
            if changed > 0 {
                write_secrets(transaction, record.number, &record.secrets)?;
                change = Some(next);
            }
            Ok(0)
        })?;
        Ok(change)
    }

    async fn put_record(&self, record: EmulatedRecord) -> Result<(), StoreError> {
        self.writer.write_emulated(|writing| {
            let (transaction, workspace) = (writing.transaction, writing.workspace());
            if let Some(number) = number_of(transaction, &workspace, &record.key)? {
                transaction
                    .prepare_cached("DELETE FROM emulated WHERE number = ?1")?
                    .execute([number])?;
            }
            insert(writing, &record)?;
            Ok(0)
        })
    }

    async fn replace_records(
        &self,
        provider: &str,
        records: Vec<EmulatedRecord>,
    ) -> Result<bool, StoreError> {
        let mut keys = HashSet::new();
        if !records.iter().all(|record| keys.insert(&record.key)) {
            return Ok(false);
        }
        drop(keys);
        let provider = provider.to_owned();
        self.write_long(move |writer| {
            writer.replace_emulated(|writing| {
                let (transaction, workspace) = (writing.transaction, writing.workspace());
                remove_deliveries(transaction, &workspace, &provider)?;
                transaction
                    .prepare_cached("DELETE FROM emulated WHERE workspace = ?1 AND provider = ?2")?
                    .execute([&workspace, &provider])?;
                next_change(writing, true)?;
                for record in &records {
                    insert(writing, record)?;
                }
                Ok(0)
            })
        })
        .await?;
        Ok(true)
    }

    async fn changes_after(&self, number: i64, limit: usize) -> Result<Changes, StoreError> {
        self.read(move |reader, connection| {
            let connection = connection.unchecked_transaction()?;
            let (last, whole) = last_change(&connection, &reader.workspace)?;
            if last == number {
                return Ok(Changes {
                    number,
                    ..Changes::default()
                });
            }
            // One that is below was of a store that is no longer there.
            if whole > number || last < number {
                return Ok(Changes {
                    number: last,
                    is_whole: true,
                    records: Vec::new(),
                });
            }
            let sql = format!(
                "SELECT {COLUMNS} FROM emulated INDEXED BY emulated_changed
                 WHERE workspace = ?1 AND kind = 'subscription' AND changed > ?2 ORDER BY changed LIMIT ?3"
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found: Vec<EmulatedRecord> = connection
                .prepare_cached(&sql)?
                .query_map(params![reader.workspace, number, limit], without_secrets)?
                .collect::<rusqlite::Result<_>>()?;
            let is_all = i64::try_from(found.len()).is_ok_and(|count| count < limit);
            let told = found.last().map(|record| record.changed);
            let records = found.into_iter();
            let records = records.map(|record| with_secrets(&connection, record));
            Ok(Changes {
                number: told.filter(|_| !is_all).unwrap_or(last),
                is_whole: false,
                records: records.collect::<rusqlite::Result<_>>()?,
            })
        })
        .await
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

    async fn emulated_providers(&self) -> Result<Vec<String>, StoreError> {
        self.read(|reader, connection| {
            let mut select = connection.prepare_cached(
                "SELECT DISTINCT provider FROM emulated WHERE workspace = ?1 ORDER BY provider",
            )?;
            let rows = select.query_map([&reader.workspace], |row| row.get(0))?;
            rows.collect()
        })
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
            next_change(writing, true)?;
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
        under_way: &[Id],
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
                let is_own = claim.as_deref() == Some(writing.own_claim());
                if !is_own && writing.is_worked_at(claim.as_deref())? {
                    continue;
                }
                let delivery = reading::delivery(writing.transaction, seq, writing.now)?;
                if !(is_own && under_way.contains(&delivery.id))
                    && writing.claim(IdKind::Delivery, seq)?
                {
                    taken.push(delivery);
                }
            }
            Ok(0)
        })?;
        Ok(taken)
    }

    async fn begin_due(
        &self,
        wanted: &[WantedLane],
        most_bytes: u64,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let mut begun = Begun::default();
        self.writer.write_emulated(|writing| {
            let mut bytes = 0;
            for lane in wanted {
                let under_way = count_under_way(writing, lane.subscription)?;
                let mut began_us = read_began(writing.transaction, lane)?;
                let room = lane.room(under_way, &mut began_us, now);
                for seq in due_of(writing, lane.subscription, room, now)? {
                    bytes += body_length(writing.transaction, seq)?;
                    if bytes > most_bytes && !begun.deliveries.is_empty() {
                        break;
                    }
                    let delivery = reading::delivery(writing.transaction, seq, now)?;
                    let before = delivery.attempts.len();
                    writing.write_delivery(&delivery, before, Work::Begins(now))?;
                    begun.deliveries.push(delivery);
                    began_us.push(now.as_microsecond());
                }
                write_began(writing.transaction, lane, &began_us)?;
                let due = next_due(writing.transaction, lane.subscription)?;
                begun.next.extend(due.map(|due| lane.next(due, &began_us)));
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
                    if let Some(of) = delivery.emulated
                        && delivery.next_attempt_at.is_some()
                        && record(writing.transaction, of.subscription)?.is_none()
                    {
                        give_up(writing, of.subscription)?;
                    }
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
                let change = next_change(writing, true)?;
                writing.transaction.execute(
                    &format!("UPDATE emulated SET changed = ?3 WHERE number IN {OWN}"),
                    params![workspace, providers, change],
                )?;
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
                writing.transaction.execute(
                    &format!(
                        "UPDATE lane SET began_us = (SELECT json_group_array(value - ?3) FROM json_each(began_us)) WHERE subscription IN {OWN}"
                    ),
                    params![workspace, providers, by_us],
                )?;
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

/// How many attempts of a subscription are under way.
fn count_under_way(writing: &Writing<'_>, subscription: i64) -> rusqlite::Result<usize> {
    let mut select = writing.transaction.prepare_cached(
        "SELECT claim FROM delivery INDEXED BY delivery_due
         WHERE open = 1 AND subscription = ?1 AND next_attempt_us IS NULL",
    )?;
    let mut rows = select.query([subscription])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let claim: Option<String> = row.get(0)?;
        count += usize::from(writing.is_worked_at(claim.as_deref())?);
    }
    Ok(count)
}

/// When the latest attempts of a subscription began, the oldest first, where its provider limits them by time.
fn read_began(connection: &Connection, lane: &WantedLane) -> rusqlite::Result<Vec<i64>> {
    if lane.rate.is_none() {
        return Ok(Vec::new());
    }
    let mut select = connection.prepare_cached(
        "SELECT j.value FROM lane l, json_each(l.began_us) j WHERE l.subscription = ?1",
    )?;
    let began = select.query_map([lane.subscription], |row| row.get(0))?;
    began.collect()
}

fn write_began(
    connection: &Connection,
    lane: &WantedLane,
    began_us: &[i64],
) -> rusqlite::Result<()> {
    if lane.rate.is_some() && !began_us.is_empty() {
        let list = serde_json::Value::from(began_us).to_string();
        connection
            .prepare_cached("INSERT OR REPLACE INTO lane (subscription, began_us) VALUES (?1, ?2)")?
            .execute(params![lane.subscription, list])?;
    }
    Ok(())
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
fn next_due(connection: &Connection, subscription: i64) -> rusqlite::Result<Option<Timestamp>> {
    let at: Option<i64> = connection
        .prepare_cached(
            "SELECT min(next_attempt_us) FROM delivery INDEXED BY delivery_due
             WHERE open = 1 AND subscription = ?1 AND next_attempt_us IS NOT NULL",
        )?
        .query_row([subscription], |row| row.get(0))?;
    Ok(at.map(time))
}

/// What is still to be delivered to a subscription fails: it is there no more. What someone works at just now ends as it
/// ends.
fn give_up(writing: &mut Writing<'_>, subscription: i64) -> rusqlite::Result<()> {
    let open: Vec<(i64, Option<String>)> = writing
        .transaction
        .prepare_cached("SELECT seq, claim FROM delivery WHERE open = 1 AND subscription = ?1")?
        .query_map([subscription], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (seq, claim) in open {
        if writing.is_worked_at(claim.as_deref())? {
            continue;
        }
        let mut delivery = reading::delivery(writing.transaction, seq, writing.now)?;
        delivery.outcome = Outcome::Failed;
        delivery.next_attempt_at = None;
        delivery.failure = Some("its subscription was removed".into());
        writing.write_delivery(&delivery, delivery.attempts.len(), Work::Waits)?;
    }
    Ok(())
}

/// The length of what a delivery sends, in bytes.
fn body_length(connection: &Connection, seq: i64) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT octet_length(body) FROM delivery WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
}

/// All deliveries of an emulated provider.
fn remove_deliveries(
    transaction: &Transaction<'_>,
    workspace: &str,
    provider: &str,
) -> rusqlite::Result<()> {
    let places: Vec<i64> = transaction
        .prepare_cached(
            "SELECT t.seq FROM delivery t JOIN kind k ON k.id = t.kind
             WHERE t.subscription IS NOT NULL AND k.workspace = ?1 AND k.provider = ?2",
        )?
        .query_map([workspace, provider], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if remove_places(transaction, DELIVERIES, &places)? > 0 {
        count_removal(transaction)?;
    }
    Ok(())
}

/// The numbers of the last change, and of the last one after which all has to be read again.
fn last_change(connection: &Connection, workspace: &str) -> rusqlite::Result<(i64, i64)> {
    let found = connection
        .prepare_cached("SELECT last, whole FROM emulated_change WHERE workspace = ?1")?
        .query_row([workspace], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Counts a change of subscriptions, and says its number.
fn next_change(writing: &Writing<'_>, is_whole: bool) -> rusqlite::Result<i64> {
    writing
        .transaction
        .prepare_cached(
            "INSERT INTO emulated_change (workspace, last, whole) VALUES (?1, 1, ?2)
             ON CONFLICT DO UPDATE SET last = last + 1, whole = CASE ?2 WHEN 1 THEN last + 1 ELSE whole END
             RETURNING last",
        )?
        .query_row(params![writing.workspace(), is_whole], |row| row.get(0))
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

/// Adds a record, and says its number.
fn insert(writing: &Writing<'_>, record: &EmulatedRecord) -> rusqlite::Result<i64> {
    let (transaction, key) = (writing.transaction, &record.key);
    // Each has a number of its own, so that they can be read few at a time.
    let change = match key.kind {
        RecordKind::Subscription => next_change(writing, false)?,
        _ => 0,
    };
    transaction
        .prepare_cached(
            "INSERT INTO emulated (workspace, provider, kind, scope, id, created_us, failing_since_us, document, changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            writing.workspace(),
            key.provider,
            key.kind.name(),
            key.scope,
            key.id,
            record.created_at.as_microsecond(),
            record.failing_since.map(Timestamp::as_microsecond),
            record.document,
            change,
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
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(values))?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let record = without_secrets(row)?;
        bytes += record.document.len() as u64;
        if bytes > query.most_bytes && !found.is_empty() {
            break;
        }
        found.push(record);
    }
    drop(rows);
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
        changed: row.get(8)?,
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
