//! What emulated providers keep, and their queue of deliveries.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use futures_util::TryStreamExt as _;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::PostgresStore;
use super::error::PostgresError;
use super::queue::{begin_due, give_up, record_attempt};
use super::reading::{self, Columns, time};
use super::sealing::Sealing;
use super::selection::Parameters;
use super::text::text_in;
use super::writing::Writing;
use crate::model::{
    Delivery, DueAt, EmulatedRecord, Id, IdKind, KeptSecret, RecordKey, RecordKind, RecordQuery,
};
use crate::store::{Added, Begun, Changes, Changing, EmulatedState, StoreError, WantedLane};

/// Whose records are read and written, and how their secrets are encrypted.
#[derive(Clone, Copy)]
struct Own<'o> {
    workspace: &'o str,
    sealing: Option<&'o Sealing>,
}

impl PostgresStore {
    fn own(&self) -> Own<'_> {
        Own {
            workspace: &self.workspace,
            sealing: self.sealing.as_ref(),
        }
    }
}

/// What [`read_record`] reads.
const COLUMNS: &str =
    "r.number, r.provider, r.kind, r.scope, r.id, r.created_us, r.failing_since_us, r.document, r.changed,
    (SELECT array_agg(s.secret ORDER BY s.position) FROM hookcli.emulated_secret s WHERE s.record = r.number),
    (SELECT array_agg(s.until_us ORDER BY s.position) FROM hookcli.emulated_secret s WHERE s.record = r.number)";

fn read_record(row: &Row, own: &Own<'_>) -> Result<EmulatedRecord, PostgresError> {
    let columns = &mut Columns::of(row);
    let number = columns.next()?;
    let key = RecordKey {
        provider: columns.text()?,
        // It was asked for by its kind.
        kind: columns
            .text()?
            .parse()
            .map_err(|_| PostgresError::Unreadable("a kind"))?,
        scope: columns.text()?,
        id: columns.text()?,
    };
    let created_at = columns.time()?;
    let failing_since: Option<i64> = columns.next()?;
    let (document, changed) = (columns.text()?, columns.next()?);
    let secrets: Option<Vec<Vec<u8>>> = columns.next()?;
    let untils: Option<Vec<Option<i64>>> = columns.next()?;
    let pairs = secrets
        .unwrap_or_default()
        .into_iter()
        .zip(untils.unwrap_or_default());
    let mut kept = Vec::new();
    for (secret, until) in pairs {
        let sealing = own.sealing.ok_or(PostgresError::NoKey)?;
        kept.push(KeptSecret {
            secret: sealing.open(own.workspace, &key, &secret)?,
            until: until.map(time).transpose()?,
        });
    }
    Ok(EmulatedRecord {
        number,
        key,
        created_at,
        failing_since: failing_since.map(time).transpose()?,
        document,
        secrets: kept,
        changed,
    })
}

/// The numbers of the last change, and of the last one after which all has to be read again.
async fn last_change(
    client: &impl GenericClient,
    workspace: &str,
) -> Result<(i64, i64), PostgresError> {
    let select = client
        .prepare_cached("SELECT last, whole FROM hookcli.emulated_change WHERE workspace = $1")
        .await?;
    let row = client.query_opt(&select, &[&workspace]).await?;
    Ok(match row {
        Some(row) => (row.try_get(0)?, row.try_get(1)?),
        None => (0, 0),
    })
}

/// Locks the count of changes, so that no one else changes subscriptions before this transaction ends.
async fn lock_changes(writing: &Writing<'_>) -> Result<i64, PostgresError> {
    let client = &writing.transaction;
    client
        .execute(
            "INSERT INTO hookcli.emulated_change (workspace, last, whole) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING",
            &[&writing.workspace],
        )
        .await?;
    let select = client
        .prepare_cached("SELECT last FROM hookcli.emulated_change WHERE workspace = $1 FOR UPDATE")
        .await?;
    Ok(client
        .query_one(&select, &[&writing.workspace])
        .await?
        .try_get(0)?)
}

/// Counts a change of subscriptions, and says its number.
async fn next_change(writing: &Writing<'_>, is_whole: bool) -> Result<i64, PostgresError> {
    let client = &writing.transaction;
    let count = client
        .prepare_cached(
            "INSERT INTO hookcli.emulated_change (workspace, last, whole) VALUES ($1, 1, CASE WHEN $2 THEN 1 ELSE 0 END)
             ON CONFLICT (workspace) DO UPDATE SET last = hookcli.emulated_change.last + 1,
               whole = CASE WHEN $2 THEN hookcli.emulated_change.last + 1 ELSE hookcli.emulated_change.whole END
             RETURNING last",
        )
        .await?;
    let row = client
        .query_one(&count, &[&writing.workspace, &is_whole])
        .await?;
    Ok(row.try_get(0)?)
}

/// Adds a record, and says its number; none where its key is taken.
async fn insert(
    writing: &Writing<'_>,
    record: &EmulatedRecord,
    own: &Own<'_>,
) -> Result<Option<i64>, PostgresError> {
    let (client, key) = (&writing.transaction, &record.key);
    // Each has a number of its own, so that they can be read few at a time.
    let change = match key.kind {
        RecordKind::Subscription => next_change(writing, false).await?,
        _ => 0,
    };
    let insert = client
        .prepare_cached(
            "INSERT INTO hookcli.emulated (workspace, provider, kind, scope, id, created_us, failing_since_us, document, changed)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING number",
        )
        .await?;
    let inserted = client
        .query_opt(
            &insert,
            &[
                &writing.workspace,
                &key.provider,
                &key.kind.name(),
                &text_in(&key.scope).as_ref(),
                &text_in(&key.id).as_ref(),
                &record.created_at.as_microsecond(),
                &record.failing_since.map(Timestamp::as_microsecond),
                &text_in(&record.document).as_ref(),
                &change,
            ],
        )
        .await?;
    let Some(row) = inserted else {
        return Ok(None);
    };
    let number = row.try_get(0)?;
    write_secrets(client, number, record, own).await?;
    Ok(Some(number))
}

async fn write_secrets(
    client: &impl GenericClient,
    number: i64,
    record: &EmulatedRecord,
    own: &Own<'_>,
) -> Result<(), PostgresError> {
    let gone = "DELETE FROM hookcli.emulated_secret WHERE record = $1";
    client.execute(gone, &[&number]).await?;
    for (position, kept) in record.secrets.iter().enumerate() {
        let sealing = own.sealing.ok_or(PostgresError::NoKey)?;
        let sealed = sealing.seal(own.workspace, &record.key, &kept.secret)?;
        client
            .execute(
                "INSERT INTO hookcli.emulated_secret (record, position, secret, until_us) VALUES ($1, $2, $3, $4)",
                &[
                    &number,
                    &i64::try_from(position).unwrap_or(i64::MAX),
                    &sealed,
                    &kept.until.map(Timestamp::as_microsecond),
                ],
            )
            .await?;
    }
    Ok(())
}

async fn record(
    client: &impl GenericClient,
    number: i64,
    own: &Own<'_>,
) -> Result<Option<EmulatedRecord>, PostgresError> {
    let select = client
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM hookcli.emulated r WHERE r.number = $1"
        ))
        .await?;
    let row = client.query_opt(&select, &[&number]).await?;
    row.as_ref().map(|row| read_record(row, own)).transpose()
}

/// The subscriptions of a workspace and of providers.
const OWN: &str = "(SELECT number FROM hookcli.emulated WHERE workspace = $1 AND kind = 'subscription' AND provider = ANY($2))";

#[async_trait]
impl EmulatedState for PostgresStore {
    async fn add_records(
        &self,
        records: Vec<EmulatedRecord>,
        seen: Option<i64>,
    ) -> Result<Added, StoreError> {
        let own = &self.own();
        let records = &records;
        let added = self
            .write(|writing, _| {
                Box::pin(async move {
                    if let Some(seen) = seen
                        && lock_changes(writing).await? != seen
                    {
                        return Ok(Err(Added::Changed));
                    }
                    let mut numbers = Vec::with_capacity(records.len());
                    for record in records {
                        match insert(writing, record, own).await? {
                            Some(number) => numbers.push(number),
                            // What was added before it is undone.
                            None => return Err(PostgresError::KeyTaken),
                        }
                    }
                    Ok(Ok(numbers))
                })
            })
            .await;
        match added {
            Ok(Ok(numbers)) => Ok(Added::Numbers(numbers)),
            Ok(Err(refused)) => Ok(refused),
            Err(error) if is_key_taken(&error) => Ok(Added::Taken),
            Err(error) => Err(error),
        }
    }

    async fn change_record(&self, record: &EmulatedRecord) -> Result<Option<i64>, StoreError> {
        let own = &self.own();
        self.write(|writing, _| {
            Box::pin(async move {
                let client = &writing.transaction;
                let next = match record.key.kind {
                    RecordKind::Subscription => next_change(writing, false).await?,
                    _ => record.changed + 1,
                };
                let changed = client
                    .execute(
                        "UPDATE hookcli.emulated SET document = $2, failing_since_us = $3, changed = $5
                         WHERE number = $1 AND changed = $4",
                        &[
                            &record.number,
                            &text_in(&record.document).as_ref(),
                            &record.failing_since.map(Timestamp::as_microsecond),
                            &record.changed,
                            &next,
                        ],
                    )
                    .await?;
                if changed == 0 {
                    return Ok(None);
                }
                write_secrets(client, record.number, record, own).await?;
                Ok(Some(next))
            })
        })
        .await
    }

    async fn put_record(&self, record: EmulatedRecord) -> Result<(), StoreError> {
        let own = &self.own();
        let record = &record;
        self.write(|writing, _| {
            Box::pin(async move {
                let key = &record.key;
                let values: [&(dyn ToSql + Sync); 5] = [
                    &writing.workspace,
                    &key.provider,
                    &key.kind.name(),
                    &text_in(&key.scope).into_owned(),
                    &text_in(&key.id).into_owned(),
                ];
                writing
                    .transaction
                    .execute(
                        "DELETE FROM hookcli.emulated WHERE workspace = $1 AND provider = $2 AND kind = $3 AND scope = $4 AND id = $5",
                        &values,
                    )
                    .await?;
                // Where another was faster, its record stands.
                insert(writing, record, own).await?;
                Ok(())
            })
        })
        .await
    }

    async fn replace_records(
        &self,
        provider: &str,
        records: Vec<EmulatedRecord>,
    ) -> Result<bool, StoreError> {
        let own = &self.own();
        let mut keys = HashSet::new();
        if !records.iter().all(|record| keys.insert(&record.key)) {
            return Ok(false);
        }
        drop(keys);
        let records = &records;
        self.write(|writing, _| {
            Box::pin(async move {
                let client = &writing.transaction;
                next_change(writing, true).await?;
                let rows = client
                    .query(
                        "SELECT seq FROM hookcli.delivery WHERE subscription IS NOT NULL AND workspace = $1 AND provider = $2",
                        &[&writing.workspace, &provider],
                    )
                    .await?;
                let mut places: Vec<i64> = Vec::with_capacity(rows.len());
                for row in rows {
                    places.push(row.try_get(0)?);
                }
                if writing.remove(IdKind::Delivery, &places).await? > 0 {
                    writing.count_removal().await?;
                }
                client
                    .execute(
                        "DELETE FROM hookcli.emulated WHERE workspace = $1 AND provider = $2",
                        &[&writing.workspace, &provider],
                    )
                    .await?;
                for record in records {
                    insert(writing, record, own).await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(true)
    }

    async fn changes_after(&self, number: i64, limit: usize) -> Result<Changes, StoreError> {
        let own = &self.own();
        let found = async {
            let client = self.database.client().await?;
            let (last, whole) = last_change(&client, &self.workspace).await?;
            if last == number {
                return Ok(Changes {
                    number,
                    ..Changes::default()
                });
            }
            if whole > number || last < number {
                return Ok(Changes {
                    number: last,
                    is_whole: true,
                    records: Vec::new(),
                });
            }
            let select = client
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM hookcli.emulated r
                     WHERE r.workspace = $1 AND r.kind = 'subscription' AND r.changed > $2 AND r.changed <= $3 ORDER BY r.changed LIMIT $4"
                ))
                .await?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = client
                .query(&select, &[&self.workspace, &number, &last, &limit])
                .await?;
            let is_all = i64::try_from(rows.len()).is_ok_and(|count| count < limit);
            let mut records = Vec::with_capacity(rows.len());
            for row in &rows {
                records.push(read_record(row, own)?);
            }
            let told = records.last().map(|record| record.changed);
            Ok(Changes {
                number: told.filter(|_| !is_all).unwrap_or(last),
                is_whole: false,
                records,
            })
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn record_by_key(&self, key: &RecordKey) -> Result<Option<EmulatedRecord>, StoreError> {
        let own = &self.own();
        let found = async {
            let client = self.database.client().await?;
            let select = client
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM hookcli.emulated r
                     WHERE r.workspace = $1 AND r.provider = $2 AND r.kind = $3 AND r.scope = $4 AND r.id = $5"
                ))
                .await?;
            let row = client
                .query_opt(
                    &select,
                    &[
                        &self.workspace,
                        &key.provider,
                        &key.kind.name(),
                        &text_in(&key.scope).as_ref(),
                        &text_in(&key.id).as_ref(),
                    ],
                )
                .await?;
            row.as_ref().map(|row| read_record(row, own)).transpose()
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn record_by_number(&self, number: i64) -> Result<Option<EmulatedRecord>, StoreError> {
        let own = &self.own();
        let found = async {
            let client = self.database.client().await?;
            record(&client, number, own).await
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn emulated_providers(&self) -> Result<Vec<String>, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            let sql = "SELECT DISTINCT provider FROM hookcli.emulated WHERE workspace = $1 ORDER BY provider";
            let mut found = Vec::new();
            for row in client.query(sql, &[&self.workspace]).await? {
                found.push(row.try_get(0)?);
            }
            Ok(found)
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn records(&self, query: &RecordQuery) -> Result<Vec<EmulatedRecord>, StoreError> {
        let own = &self.own();
        let mut values = Parameters::default();
        let mut conditions = vec![
            format!("r.workspace = {}", values.text(self.workspace.as_str())),
            format!("r.provider = {}", values.text(query.provider.as_str())),
            format!("r.kind = {}", values.text(query.kind.name())),
        ];
        if let Some(scope) = &query.scope {
            conditions.push(format!("r.scope = {}", values.text(text_in(scope))));
        }
        let (direction, side) = match query.newest_first {
            true => ("DESC", "<"),
            false => ("ASC", ">"),
        };
        if let Some(after) = query.after {
            conditions.push(format!("r.number {side} {after}"));
        }
        let limit = values.bind(i64::try_from(query.limit).unwrap_or(i64::MAX), Type::INT8);
        let sql = format!(
            "SELECT {COLUMNS} FROM hookcli.emulated r WHERE {} ORDER BY r.number {direction} LIMIT {limit}",
            conditions.join(" AND ")
        );
        let found = async {
            let client = self.database.client().await?;
            let statement = client.prepare_typed(&sql, &values.types()).await?;
            let rows = client.query_raw(&statement, values.values()).await?;
            let mut rows = std::pin::pin!(rows);
            let (mut found, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.try_next().await? {
                let record = read_record(&row, own)?;
                bytes += record.document.len() as u64;
                if bytes > query.most_bytes && !found.is_empty() {
                    break;
                }
                found.push(record);
            }
            Ok(found)
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn remove_records(&self, numbers: &[i64]) -> Result<(), StoreError> {
        self.write(|writing, _| {
            Box::pin(async move {
                next_change(writing, true).await?;
                for number in numbers {
                    give_up(writing, *number).await?;
                }
                writing
                    .transaction
                    .execute(
                        "DELETE FROM hookcli.emulated WHERE number = ANY($1)",
                        &[&numbers],
                    )
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn trim_records(
        &self,
        provider: &str,
        kind: RecordKind,
        most: usize,
        most_bytes: u64,
    ) -> Result<(), StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let most_bytes = i64::try_from(most_bytes).unwrap_or(i64::MAX);
        let trimmed = async {
            let client = self.database.client().await?;
            client
                .execute(
                    "DELETE FROM hookcli.emulated WHERE number IN (
                         SELECT number FROM (
                             SELECT number, row_number() OVER newest AS place, sum(octet_length(document)) OVER newest AS bytes
                             FROM hookcli.emulated WHERE workspace = $1 AND provider = $2 AND kind = $3
                             WINDOW newest AS (ORDER BY number DESC)) numbered
                         WHERE place > $4 OR (bytes > $5 AND place > 1))",
                    &[&self.workspace, &provider, &kind.name(), &most, &most_bytes],
                )
                .await?;
            Ok(())
        };
        trimmed.await.map_err(PostgresError::writing)
    }

    async fn enqueue(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        self.write(|writing, _| Box::pin(writing.enqueue(deliveries)))
            .await?;
        self.wake.tell(&self.database, Changing::Work);
        Ok(())
    }

    async fn due(&self, providers: &[String]) -> Result<Vec<DueAt>, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            let select = client
                .prepare_cached(&format!(
                    "SELECT s.number, (SELECT min(t.next_attempt_us) FROM hookcli.delivery t
                       WHERE t.open AND t.subscription = s.number AND t.next_attempt_us IS NOT NULL)
                     FROM {OWN} s ORDER BY s.number"
                ))
                .await?;
            let rows = client
                .query(&select, &[&self.workspace, &providers])
                .await?;
            let mut due = Vec::new();
            for row in rows {
                let at: Option<i64> = row.try_get(1)?;
                if let Some(at) = at {
                    due.push(DueAt {
                        subscription: row.try_get(0)?,
                        at: time(at)?,
                    });
                }
            }
            Ok(due)
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn take_up(
        &self,
        providers: &[String],
        under_way: &[Id],
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let under_way: Vec<String> = under_way.iter().map(|id| id.ulid.to_string()).collect();
        let under_way = &under_way;
        self.write(|writing, _| {
            Box::pin(async move {
                let client = &writing.transaction;
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let rows = client
                    .query(
                        &format!(
                            "SELECT t.seq FROM hookcli.delivery t
                             WHERE t.open AND t.subscription IN {OWN} AND t.next_attempt_us IS NULL
                               AND NOT EXISTS (SELECT 1 FROM hookcli.lease l WHERE l.claim = t.claim AND l.claim <> $5 AND l.until_us > $3)
                               AND NOT (coalesce(t.claim, '') = $5 AND t.id = ANY($6))
                             ORDER BY t.seq LIMIT $4 FOR UPDATE OF t SKIP LOCKED"
                        ),
                        &[
                            &writing.workspace,
                            &providers,
                            &writing.now.as_microsecond(),
                            &limit,
                            &writing.lease.claim,
                            under_way,
                        ],
                    )
                    .await?;
                let mut places: Vec<i64> = Vec::with_capacity(rows.len());
                for row in rows {
                    places.push(row.try_get(0)?);
                }
                client
                    .execute(
                        "UPDATE hookcli.delivery SET claim = $2 WHERE seq = ANY($1)",
                        &[&places, &writing.lease.claim],
                    )
                    .await?;
                reading::deliveries(client, &places, writing.now).await
            })
        })
        .await
    }

    async fn begin_due(
        &self,
        wanted: &[WantedLane],
        most_bytes: u64,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        self.write(|writing, _| Box::pin(begin_due(writing, wanted, most_bytes, now)))
            .await
    }

    async fn record_attempts(&self, deliveries: &[(Delivery, usize)]) -> Result<(), StoreError> {
        self.write(|writing, _| {
            Box::pin(async move {
                let recorded = deliveries
                    .iter()
                    .map(|(delivery, new_from)| record_attempt(writing, delivery, *new_from));
                try_join_all(recorded).await?;
                Ok(())
            })
        })
        .await
    }

    async fn bring_nearer(&self, providers: &[String], by: Duration) -> Result<(), StoreError> {
        let by_us = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.write(|writing, _| {
            Box::pin(async move {
                let client = &writing.transaction;
                let change = next_change(writing, true).await?;
                client
                    .execute(
                        &format!("UPDATE hookcli.emulated SET changed = $3 WHERE number IN {OWN}"),
                        &[&writing.workspace, &providers, &change],
                    )
                    .await?;
                for (table, column, number) in [
                    ("delivery", "next_attempt_us", "open AND subscription"),
                    ("emulated_secret", "until_us", "record"),
                    ("emulated", "failing_since_us", "number"),
                ] {
                    let sql = format!(
                        "UPDATE hookcli.{table} SET {column} = {column} - $3 WHERE {number} IN {OWN} AND {column} IS NOT NULL"
                    );
                    client
                        .execute(&sql, &[&writing.workspace, &providers, &by_us])
                        .await?;
                }
                let sql = format!(
                    "UPDATE hookcli.lane SET began_us = ARRAY(SELECT at - $3 FROM unnest(began_us) at) WHERE subscription IN {OWN}"
                );
                client
                    .execute(&sql, &[&writing.workspace, &providers, &by_us])
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

/// Whether a key was there already.
fn is_key_taken(error: &StoreError) -> bool {
    match error {
        StoreError::Write(cause) => cause
            .downcast_ref::<PostgresError>()
            .is_some_and(|cause| matches!(cause, PostgresError::KeyTaken)),
        _ => false,
    }
}
