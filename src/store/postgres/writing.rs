//! What is written within one transaction.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{GenericClient, Transaction};
use futures_util::future::try_join_all;
use jiff::Timestamp;
use tokio_postgres::types::ToSql;

use super::error::PostgresError;
use super::lease::{Lease, destination_key};
use super::reading::Columns;
use super::selection::table_of;
use super::text::text_in;
use crate::model::{
    Attempt, Delivery, Destinations, EventKey, Headers, Id, IdKind, Outcome, RemoteText,
    Repetition, ResponseEnd, SentBy, VerdictReason, normal_url,
};
use crate::store::Incoming;
use crate::store::encoding::{capture_bytes, forward_of, is_refused, write_headers};
use crate::store::work::Work;

/// A transaction that writes, and whose rows.
pub(super) struct Writing<'w> {
    pub transaction: Transaction<'w>,
    pub workspace: &'w str,
    pub lease: &'w Lease,
    pub now: Timestamp,
    /// The number of its commit.
    pub commit: i64,
    /// What came and went, by its kind. It is added to the usage at the end, whose rows others wait for.
    counted: Mutex<BTreeMap<&'static str, Counted>>,
}

impl<'w> Writing<'w> {
    /// Begins, with a number of its own.
    pub(super) async fn begin(
        transaction: Transaction<'w>,
        workspace: &'w str,
        lease: &'w Lease,
        now: Timestamp,
    ) -> Result<Self, PostgresError> {
        let number = transaction
            .prepare_cached("SELECT hookcli.begin_commit()")
            .await?;
        let commit = transaction.query_one(&number, &[]).await?.try_get(0)?;
        Ok(Self {
            transaction,
            workspace,
            lease,
            now,
            commit,
            counted: Mutex::default(),
        })
    }

    /// Commits all of it.
    pub(super) async fn commit(self) -> Result<(), PostgresError> {
        let counted = self.counted.into_inner();
        let counted = counted.unwrap_or_else(PoisonError::into_inner);
        let part = any_part();
        for (kind, counted) in &counted {
            count(&self.transaction, part, kind, counted).await?;
        }
        self.transaction.commit().await?;
        Ok(())
    }

    /// Writes a delivery, or what is new of one that is kept already: its outcome and its later attempts. Returns the
    /// number of the attempt that begins, where one does: nothing is known of it until it is recorded.
    pub(super) async fn write_delivery(
        &self,
        delivery: &Delivery,
        new_from: usize,
        work: Work,
    ) -> Result<u32, PostgresError> {
        let outcome = match work {
            Work::Begins(_) => Outcome::Unknown,
            Work::GoesOn | Work::Waits => delivery.outcome,
        };
        let is_open = matches!(outcome, Outcome::Unknown | Outcome::Pending);
        let claim = (is_open && work != Work::Waits).then_some(&self.lease.claim);
        let next_attempt_us = delivery
            .next_attempt_at
            .filter(|_| outcome == Outcome::Pending)
            .map(Timestamp::as_microsecond);
        let failure = delivery.failure.as_ref().map(RemoteText::unescaped);
        let failure = failure.map(text_in);
        let provider = delivery.provider.as_deref().unwrap_or_default();
        let event = delivery.event.as_ref().map(RemoteText::unescaped);
        let event = text_in(event.unwrap_or_default());
        let id = delivery.id.ulid.to_string();
        let update = self
            .transaction
            .prepare_cached(
                "UPDATE hookcli.delivery SET provider = $2, event = $3, outcome = $4, failure = $5, open = $6, claim = $7,
                   next_attempt_us = $8, changed_in = $9, wanted = $10, speed = $11, url = $12 WHERE id = $1 RETURNING seq",
            )
            .await?;
        let updated = self
            .transaction
            .query_opt(
                &update,
                &[
                    &id,
                    &provider,
                    &event.as_ref(),
                    &outcome.name(),
                    &failure.as_deref(),
                    &is_open,
                    &claim,
                    &next_attempt_us,
                    &self.commit,
                    &delivery.wanted,
                    &delivery.speed,
                    &text_in(&delivery.url).as_ref(),
                ],
            )
            .await?;
        let seq: i64 = match updated {
            Some(row) => row.try_get(0)?,
            None => {
                let row = DeliveryRow {
                    outcome,
                    is_open,
                    claim: claim.map(String::as_str),
                    next_attempt_us,
                };
                self.insert_delivery(delivery, &row).await?
            }
        };
        let mut attempts = 0;
        for attempt in delivery.attempts.iter().skip(new_from) {
            self.write_attempt(seq, attempt).await?;
            attempts += attempt_bytes(attempt);
        }
        self.count("delivery", 0, attempts);
        match work {
            Work::Begins(at) => self.write_attempt(seq, &Attempt::begun(0, at)).await,
            Work::GoesOn | Work::Waits => Ok(0),
        }
    }

    async fn insert_delivery(
        &self,
        delivery: &Delivery,
        row: &DeliveryRow<'_>,
    ) -> Result<i64, PostgresError> {
        let insert = self.transaction.prepare_cached(INSERT_DELIVERY).await?;
        let request = &delivery.request;
        let headers = write_headers(&request.headers);
        let bytes = delivery_bytes(delivery, headers.len());
        let event = delivery.event.as_ref().map(RemoteText::unescaped);
        let failure = delivery.failure.as_ref().map(RemoteText::unescaped);
        let faults = (!delivery.faults.is_empty()).then(|| delivery.faults.join(" "));
        let inserted = self
            .transaction
            .query_one(
                &insert,
                &[
                    &self.workspace,
                    &delivery.id.ulid.to_string(),
                    &ms_of(delivery.id),
                    &delivery.started_at.as_microsecond(),
                    &self.now.as_millisecond(),
                    &delivery.provider.as_deref().unwrap_or_default(),
                    &text_in(event.unwrap_or_default()).as_ref(),
                    &row.outcome.name(),
                    &delivery.endpoint.as_deref().unwrap_or_default(),
                    &text_in(&delivery.url).as_ref(),
                    &failure.map(text_in).as_deref(),
                    &delivery.replay_of.map(|id| id.ulid.to_string()),
                    &text_in(&request.method).as_ref(),
                    &text_in(&request.target).as_ref(),
                    &delivery.signed,
                    &row.is_open,
                    &row.claim,
                    &row.next_attempt_us,
                    &faults,
                    &delivery.wanted,
                    &delivery.speed,
                    &delivery.emulated.map(|of| of.subscription),
                    &delivery.emulated.map(|of| of.event),
                    &bytes,
                    &self.commit,
                    &headers,
                    &&request.body[..],
                ],
            )
            .await?;
        self.count("delivery", 1, bytes);
        Ok(inserted.try_get(0)?)
    }

    /// Adds new deliveries that no one works at.
    pub(super) async fn enqueue(&self, deliveries: &[Delivery]) -> Result<(), PostgresError> {
        let rows: Vec<DeliveryRow<'_>> = deliveries
            .iter()
            .map(|delivery| DeliveryRow {
                outcome: delivery.outcome,
                is_open: matches!(delivery.outcome, Outcome::Unknown | Outcome::Pending),
                claim: None,
                next_attempt_us: delivery.next_attempt_at.map(Timestamp::as_microsecond),
            })
            .collect();
        let writing = deliveries.iter().zip(&rows);
        try_join_all(writing.map(|(delivery, row)| self.insert_delivery(delivery, row))).await?;
        Ok(())
    }

    /// Writes an attempt: in the place of the one that was put down when it began, else behind all others.
    async fn write_attempt(&self, delivery: i64, attempt: &Attempt) -> Result<u32, PostgresError> {
        let (response, error) = match &attempt.result {
            Ok(response) => (Some(response), None),
            Err(error) => (None, Some(error)),
        };
        let insert = self
            .transaction
            .prepare_cached(
                "WITH begun AS (
                     DELETE FROM hookcli.attempt WHERE delivery = $1 AND number = $2 AND error_code = 'unknown' RETURNING number),
                 place AS (
                     SELECT coalesce((SELECT number FROM begun),
                         (SELECT max(number) + 1 FROM hookcli.attempt WHERE delivery = $1), 1) AS number)
                 INSERT INTO hookcli.attempt (delivery, number, started_us, duration_us, status, error_code, error, response_headers,
                     response_truncated, response_body, dns_us, connect_us, tls_us, first_byte_us)
                 SELECT $1, place.number, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM place
                 ON CONFLICT (delivery, number) DO UPDATE SET started_us = excluded.started_us, duration_us = excluded.duration_us,
                     status = excluded.status, error_code = excluded.error_code, error = excluded.error,
                     response_headers = excluded.response_headers, response_truncated = excluded.response_truncated,
                     response_body = excluded.response_body, dns_us = excluded.dns_us, connect_us = excluded.connect_us,
                     tls_us = excluded.tls_us, first_byte_us = excluded.first_byte_us
                 RETURNING number",
            )
            .await?;
        let empty = Headers::new();
        let message = error.map(|error| text_in(error.message.unescaped()));
        let number: i64 = self
            .transaction
            .query_one(
                &insert,
                &[
                    &delivery,
                    &i64::from(attempt.number),
                    &attempt.started_at.as_microsecond(),
                    &micros(attempt.duration),
                    &attempt.status().map(i64::from),
                    &error.map(|error| error.kind.name()),
                    &message.as_deref(),
                    &write_headers(response.map_or(&empty, |response| &response.headers)),
                    &response.is_some_and(|response| response.truncated),
                    &response.map_or(&[][..], |response| &response.body),
                    &attempt.phases.dns.map(micros),
                    &attempt.phases.connect.map(micros),
                    &attempt.phases.tls.map(micros),
                    &attempt.phases.first_byte.map(micros),
                ],
            )
            .await?
            .try_get(0)?;
        u32::try_from(number).map_err(|_| PostgresError::Unreadable("a number"))
    }

    /// Why a delivery is not to be attempted now, if it is not: someone else works at it or has delivered it, or its
    /// capture is no longer owed to that destination, or someone else sends it there.
    pub(super) async fn taken_by(
        &self,
        delivery: &Delivery,
        owed_to: Option<&str>,
    ) -> Result<Option<String>, PostgresError> {
        let select = self
            .transaction
            .prepare_cached(
                "SELECT t.outcome, (SELECT l.process FROM hookcli.lease l WHERE l.claim = t.claim AND l.claim <> $2 AND l.until_us > $3)
                 FROM hookcli.delivery t WHERE t.id = $1 FOR UPDATE OF t",
            )
            .await?;
        let now_us = self.now.as_microsecond();
        let (own, id) = (&self.lease.claim, delivery.id.ulid.to_string());
        let row = self
            .transaction
            .query_opt(&select, &[&id, own, &now_us])
            .await?;
        if let Some(row) = row {
            let outcome: &str = row.try_get(0)?;
            if let Some(process) = row.try_get::<_, Option<i64>>(1)? {
                return Ok(Some(format!("process {process} is working on it")));
            }
            if outcome == Outcome::Delivered.name() && delivery.outcome != Outcome::Delivered {
                return Ok(Some("another process has delivered it".to_owned()));
            }
        }
        let (Some(url), Some(capture)) = (owed_to, delivery.replay_of) else {
            return Ok(None);
        };
        let select = self
            .transaction
            .prepare_cached(
                "SELECT t.destinations, t.forward, (SELECT l.process FROM hookcli.lease l WHERE l.claim <> $2 AND l.until_us > $3
                   AND (l.claim = t.claim OR EXISTS (SELECT 1 FROM hookcli.forwarding f
                     WHERE f.capture = t.seq AND f.destination = $4 AND f.claim = l.claim)) LIMIT 1)
                 FROM hookcli.capture t WHERE t.id = $1 FOR UPDATE OF t",
            )
            .await?;
        let capture = capture.ulid.to_string();
        let row = self
            .transaction
            .query_opt(&select, &[&capture, own, &now_us, &destination_key(url)])
            .await?;
        let Some(row) = row else { return Ok(None) };
        let columns = &mut Columns::of(&row);
        if !columns.destinations()?.is_pending_at(url) {
            return Ok(Some(format!("it is no longer pending for {url}")));
        }
        if let Some(process) = columns.next::<Option<i64>>()? {
            return Ok(Some(format!("process {process} is forwarding it")));
        }
        let select = self
            .transaction
            .prepare_cached(
                "SELECT t.url, l.process FROM hookcli.delivery t JOIN hookcli.lease l ON l.claim = t.claim
                 WHERE t.open AND t.replay_of = $1 AND l.claim <> $2 AND l.until_us > $3",
            )
            .await?;
        let others = self
            .transaction
            .query(&select, &[&capture, own, &now_us])
            .await?;
        for row in others {
            let columns = &mut Columns::of(&row);
            let (other, process): (String, i64) = (columns.text()?, columns.next()?);
            if normal_url(&other) == normal_url(&delivery.url) {
                return Ok(Some(format!("process {process} is delivering it to {url}")));
            }
        }
        Ok(None)
    }

    /// Whether a delivery that is kept already has been taken over by someone else: then what is known here of it is
    /// old. None where it is not there. Its row is locked.
    pub(super) async fn was_taken_over(&self, id: Id) -> Result<Option<bool>, PostgresError> {
        let select = self
            .transaction
            .prepare_cached("SELECT claim FROM hookcli.delivery WHERE id = $1 FOR UPDATE")
            .await?;
        let row = self
            .transaction
            .query_opt(&select, &[&id.ulid.to_string()])
            .await?;
        let claim = row.map(|row| row.try_get::<_, Option<String>>(0));
        let claim = claim.transpose()?;
        Ok(claim.map(|claim| claim.as_deref() != Some(&*self.lease.claim)))
    }

    /// Whether a destination has a capture by another delivery than this.
    pub(super) async fn has_another(
        &self,
        delivery: Id,
        capture: Id,
        url: &str,
    ) -> Result<bool, PostgresError> {
        let select = self
            .transaction
            .prepare_cached(
                "SELECT t.destinations, t.forward FROM hookcli.capture t WHERE t.id = $1
                 AND NOT EXISTS (SELECT 1 FROM hookcli.delivery d WHERE d.id = $2 AND d.outcome = 'delivered') FOR UPDATE OF t",
            )
            .await?;
        let (delivery, capture) = (delivery.ulid.to_string(), capture.ulid.to_string());
        let row = self
            .transaction
            .query_opt(&select, &[&capture, &delivery])
            .await?;
        Ok(match row {
            Some(row) => Columns::of(&row).destinations()?.is_delivered_at(url),
            None => false,
        })
    }

    /// Puts down that a destination has a capture that was to be forwarded there.
    pub(super) async fn settle(&self, capture: Id, url: &str) -> Result<(), PostgresError> {
        let select = self
            .transaction
            .prepare_cached(
                "SELECT seq, destinations, forward FROM hookcli.capture WHERE id = $1 FOR UPDATE",
            )
            .await?;
        let row = self
            .transaction
            .query_opt(&select, &[&capture.ulid.to_string()])
            .await?;
        // It may have been removed meanwhile.
        let Some(row) = row else { return Ok(()) };
        let columns = &mut Columns::of(&row);
        let seq: i64 = columns.next()?;
        let mut destinations = columns.destinations()?;
        destinations.delivered(url);
        let gone = self
            .transaction
            .prepare_cached(
                "DELETE FROM hookcli.forwarding WHERE capture = $1 AND destination = $2",
            )
            .await?;
        self.transaction
            .execute(&gone, &[&seq, &destination_key(url)])
            .await?;
        self.write_destinations(seq, &destinations).await
    }

    /// Writes the destinations at which a capture is pending. If there are none, no process forwards it.
    pub(super) async fn write_destinations(
        &self,
        seq: i64,
        destinations: &Destinations,
    ) -> Result<(), PostgresError> {
        let update = self
            .transaction
            .prepare_cached(
                "UPDATE hookcli.capture SET destinations = $2, forward = $3::bigint, claim = CASE WHEN $3::bigint = 1 THEN claim END,
                   changed_in = $4 WHERE seq = $1",
            )
            .await?;
        let values: [&(dyn ToSql + Sync); 4] = [
            &seq,
            &destinations.to_text(),
            &forward_of(destinations),
            &self.commit,
        ];
        self.transaction.execute(&update, &values).await?;
        Ok(())
    }

    /// Puts down what a capture's sender was answered.
    pub(super) async fn write_status(&self, capture: Id, status: u16) -> Result<(), PostgresError> {
        self.transaction
            .execute(
                "UPDATE hookcli.capture SET status = $2, changed_in = $3 WHERE id = $1",
                &[&capture.ulid.to_string(), &i64::from(status), &self.commit],
            )
            .await?;
        Ok(())
    }

    /// Puts down why a capture's response did not reach its client.
    pub(super) async fn write_response_end(
        &self,
        capture: Id,
        end: ResponseEnd,
    ) -> Result<(), PostgresError> {
        self.transaction
            .execute(
                "UPDATE hookcli.capture SET response_end = $2, changed_in = $3 WHERE id = $1",
                &[&capture.ulid.to_string(), &end.name(), &self.commit],
            )
            .await?;
        Ok(())
    }

    /// Removes rows, and says how many there were.
    pub(super) async fn remove(
        &self,
        kind: IdKind,
        places: &[i64],
    ) -> Result<usize, PostgresError> {
        let (table, ..) = table_of(kind);
        let refused = match kind {
            IdKind::Capture => "refused",
            IdKind::Delivery => "false",
        };
        let gone = self
            .transaction
            .query(
                &format!("DELETE FROM {table} WHERE seq = ANY($1) RETURNING bytes, {refused}"),
                &[&places],
            )
            .await?;
        let mut all = Counted::default();
        for row in &gone {
            all.add(row.try_get(0)?, row.try_get(1)?);
        }
        let name = match kind {
            IdKind::Capture => "capture",
            IdKind::Delivery => "delivery",
        };
        self.add(name, &all.negative());
        Ok(gone.len())
    }

    /// Who follows is told of it.
    pub(super) async fn count_removal(&self) -> Result<(), PostgresError> {
        self.transaction
            .execute(
                "INSERT INTO hookcli.removal (workspace, count) VALUES ($1, 1)
                 ON CONFLICT (workspace) DO UPDATE SET count = hookcli.removal.count + 1",
                &[&self.workspace],
            )
            .await?;
        Ok(())
    }

    fn count(&self, kind: &'static str, rows: i64, bytes: i64) {
        let counted = Counted {
            count: rows,
            bytes,
            ..Counted::default()
        };
        self.add(kind, &counted);
    }

    fn add(&self, kind: &'static str, counted: &Counted) {
        let mut all = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(kind).or_default().extend(counted);
    }
}

/// The part of the counts that one commit adds to: any, so that commits do not wait for one another.
fn any_part() -> i64 {
    fastrand::i64(0..16)
}

/// Rows that came or went.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub count: i64,
    pub bytes: i64,
    pub refused_count: i64,
    pub refused_bytes: i64,
}

impl Counted {
    pub(super) fn add(&mut self, bytes: i64, is_refused: bool) {
        self.count += 1;
        self.bytes += bytes;
        if is_refused {
            self.refused_count += 1;
            self.refused_bytes += bytes;
        }
    }

    fn extend(&mut self, other: &Self) {
        self.count += other.count;
        self.bytes += other.bytes;
        self.refused_count += other.refused_count;
        self.refused_bytes += other.refused_bytes;
    }

    fn negative(self) -> Self {
        Self {
            count: -self.count,
            bytes: -self.bytes,
            refused_count: -self.refused_count,
            refused_bytes: -self.refused_bytes,
        }
    }
}

/// Adds to how much there is.
async fn count(
    client: &impl GenericClient,
    part: i64,
    kind: &str,
    counted: &Counted,
) -> Result<(), PostgresError> {
    if counted.count == 0 && counted.bytes == 0 {
        return Ok(());
    }
    let update = client
        .prepare_cached(
            "UPDATE hookcli.usage SET count = count + $3, bytes = bytes + $4, refused_count = refused_count + $5,
               refused_bytes = refused_bytes + $6 WHERE kind = $1 AND part = $2",
        )
        .await?;
    let Counted {
        count,
        bytes,
        refused_count,
        refused_bytes,
    } = counted;
    client
        .execute(
            &update,
            &[&kind, &part, count, bytes, refused_count, refused_bytes],
        )
        .await?;
    Ok(())
}

/// What a delivery's row holds besides the delivery.
struct DeliveryRow<'r> {
    outcome: Outcome,
    is_open: bool,
    claim: Option<&'r str>,
    next_attempt_us: Option<i64>,
}

const INSERT_DELIVERY: &str =
    "INSERT INTO hookcli.delivery (workspace, id, at_ms, started_us, arrived_ms, provider, event, outcome, endpoint, url, failure,
         replay_of, method, target, signs_afresh, open, claim, next_attempt_us, faults, wanted, speed, subscription, emulated_event,
         bytes, made_in, changed_in, headers, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $25, $26, $27)
     RETURNING seq";

fn delivery_bytes(delivery: &Delivery, headers: usize) -> i64 {
    number(delivery.request.body.len() + headers + 500)
}

fn attempt_bytes(attempt: &Attempt) -> i64 {
    let response = attempt.result.as_ref().map_or(0, |response| {
        response.body.len() + write_headers(&response.headers).len()
    });
    number(response + 100)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The time of an id, in milliseconds.
pub(super) fn ms_of(id: Id) -> i64 {
    i64::try_from(id.ulid.timestamp_ms()).unwrap_or(i64::MAX)
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// Inserts captures, each at most once however often it is tried, and says which of them repeat others. `claim` is that
/// of who forwards them. Each statement is committed by itself unless it is within a transaction.
pub(super) async fn insert_captures(
    client: &impl GenericClient,
    workspace: &str,
    incoming: &[Incoming],
    claim: Option<&str>,
    now: Timestamp,
) -> Result<HashMap<Id, Repetition>, PostgresError> {
    let mut found = HashMap::new();
    let mut left: Vec<&Incoming> = incoming.iter().collect();
    while !left.is_empty() {
        let (group, later) = told_apart(left);
        insert_group(client, workspace, &group, claim, now, &mut found).await?;
        left = later;
    }
    Ok(found)
}

/// Those that one statement can insert, each with whether it is the first with its key, and the others: a key comes with
/// other content there.
fn told_apart(incoming: Vec<&Incoming>) -> (Vec<(&Incoming, bool)>, Vec<&Incoming>) {
    let mut contents = HashMap::new();
    let (mut group, mut later) = (Vec::with_capacity(incoming.len()), Vec::new());
    for one in incoming {
        let Some(EventKey { key, content }) = one.key else {
            group.push((one, false));
            continue;
        };
        match contents.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(Some(content));
                group.push((one, true));
            }
            Entry::Occupied(entry) if *entry.get() == Some(content) => group.push((one, false)),
            Entry::Occupied(mut entry) => {
                // What comes behind it waits, too: the order decides who repeats whom.
                entry.insert(None);
                later.push(one);
            }
        }
    }
    (group, later)
}

async fn insert_group(
    client: &impl GenericClient,
    workspace: &str,
    incoming: &[(&Incoming, bool)],
    claim: Option<&str>,
    now: Timestamp,
    found: &mut HashMap<Id, Repetition>,
) -> Result<(), PostgresError> {
    let part = any_part();
    let mut rows = CaptureRows::default();
    let mut counted = Counted::default();
    for (one, leads) in incoming {
        let (bytes, is_refused) = rows.push(one, *leads, claim);
        counted.add(bytes, is_refused);
    }
    let insert = client.prepare_cached(INSERT_CAPTURES).await?;
    let repeating = client
        .query(
            &insert,
            &[
                &workspace,
                &now.as_millisecond(),
                &part,
                &counted.count,
                &counted.bytes,
                &counted.refused_count,
                &counted.refused_bytes,
                &rows.id,
                &rows.at_ms,
                &rows.received_us,
                &rows.provider,
                &rows.event,
                &rows.verdict,
                &rows.endpoint,
                &rows.reason,
                &rows.method,
                &rows.target,
                &rows.body_length,
                &rows.status,
                &rows.duplicate_of,
                &rows.same_id_changed,
                &rows.candidates,
                &rows.response_fault,
                &rows.response_end,
                &rows.mark,
                &rows.destinations,
                &rows.forward,
                &rows.over_tls,
                &rows.refused,
                &rows.peer,
                &rows.claim,
                &rows.bytes,
                &rows.headers,
                &rows.body,
                &rows.response_headers,
                &rows.response_body,
                &rows.key,
                &rows.content,
                &rows.leads,
            ],
        )
        .await?;
    for row in repeating {
        let columns = &mut Columns::of(&row);
        let (id, of) = (columns.id(IdKind::Capture)?, columns.id(IdKind::Capture)?);
        let is_changed = columns.next()?;
        found.insert(id, Repetition { of, is_changed });
    }
    Ok(())
}

/// A key's row is locked before the usage's, and in the keys' order, so that no two statements wait for one another. The
/// usage is counted for all that are handed in: one that was there already is very rare.
const INSERT_CAPTURES: &str = "WITH numbered AS MATERIALIZED (SELECT hookcli.begin_commit() AS number),
     given AS (SELECT * FROM unnest($8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
         $16::text[], $17::text[], $18::bigint[], $19::bigint[], $20::text[], $21::boolean[], $22::text[], $23::text[], $24::text[],
         $25::text[], $26::text[], $27::bigint[], $28::boolean[], $29::boolean[], $30::text[], $31::text[], $32::bigint[], $33::bytea[],
         $34::bytea[], $35::bytea[], $36::bytea[], $37::bigint[], $38::bigint[], $39::boolean[])
         WITH ORDINALITY AS g (id, at_ms, received_us, provider, event, verdict, endpoint, reason, method, target, body_length, status,
             duplicate_of, same_id_changed, candidates, response_fault, response_end, mark, destinations, forward, over_tls, refused, peer,
             claim, bytes, headers, body, response_headers, response_body, key, content, leads, place)),
     known AS (INSERT INTO hookcli.event_key AS k (workspace, key, holder, content, at_ms)
         SELECT $1, g.key, g.id, g.content, $2 FROM given g WHERE g.leads ORDER BY g.key
         ON CONFLICT (workspace, key) DO UPDATE SET
             previous = CASE WHEN k.content <> excluded.content THEN k.holder ELSE k.previous END,
             holder = CASE WHEN k.content <> excluded.content THEN excluded.holder ELSE k.holder END,
             content = excluded.content, at_ms = excluded.at_ms
         RETURNING key, holder, previous),
     counted AS (UPDATE hookcli.usage SET count = count + $4, bytes = bytes + $5, refused_count = refused_count + $6,
         refused_bytes = refused_bytes + $7 WHERE kind = 'capture' AND part = $3),
     inserted AS (INSERT INTO hookcli.capture (workspace, arrived_ms, made_in, changed_in, id, at_ms, received_us, provider, event, verdict, endpoint,
         reason, method, target, body_length, status, duplicate_of, same_id_changed, candidates, response_fault, response_end, mark,
         destinations, forward, over_tls, refused, peer, claim, bytes, headers, body, response_headers, response_body)
     SELECT $1, $2, n.number, n.number, g.id, g.at_ms, g.received_us, g.provider, g.event, g.verdict, g.endpoint, g.reason, g.method,
         g.target, g.body_length, g.status,
         coalesce(g.duplicate_of, CASE WHEN k.holder <> g.id THEN k.holder ELSE k.previous END),
         g.same_id_changed OR (k.holder = g.id AND k.previous IS NOT NULL), g.candidates, g.response_fault, g.response_end, g.mark,
         g.destinations, g.forward, g.over_tls, g.refused, g.peer, g.claim, g.bytes, g.headers, g.body, g.response_headers, g.response_body
     FROM given g CROSS JOIN numbered n LEFT JOIN known k ON k.key = g.key ORDER BY g.place
     ON CONFLICT (id) DO NOTHING RETURNING id, duplicate_of, same_id_changed)
     SELECT id, duplicate_of, same_id_changed FROM inserted WHERE duplicate_of IS NOT NULL";

/// Captures as columns.
#[derive(Default)]
struct CaptureRows {
    id: Vec<String>,
    at_ms: Vec<i64>,
    received_us: Vec<i64>,
    provider: Vec<String>,
    event: Vec<String>,
    verdict: Vec<&'static str>,
    endpoint: Vec<String>,
    reason: Vec<Option<&'static str>>,
    method: Vec<String>,
    target: Vec<String>,
    body_length: Vec<i64>,
    status: Vec<i64>,
    duplicate_of: Vec<Option<String>>,
    same_id_changed: Vec<bool>,
    candidates: Vec<Option<String>>,
    response_fault: Vec<Option<String>>,
    response_end: Vec<Option<&'static str>>,
    mark: Vec<Option<&'static str>>,
    destinations: Vec<Option<String>>,
    forward: Vec<Option<i64>>,
    over_tls: Vec<bool>,
    refused: Vec<bool>,
    peer: Vec<Option<String>>,
    claim: Vec<Option<String>>,
    bytes: Vec<i64>,
    headers: Vec<Vec<u8>>,
    body: Vec<Vec<u8>>,
    response_headers: Vec<Vec<u8>>,
    response_body: Vec<Vec<u8>>,
    key: Vec<Option<i64>>,
    content: Vec<Option<i64>>,
    leads: Vec<bool>,
}

impl CaptureRows {
    /// Adds one, and says how much it takes, and whether it was refused.
    fn push(&mut self, incoming: &Incoming, leads: bool, claim: Option<&str>) -> (i64, bool) {
        let capture = &*incoming.capture;
        let key = incoming.key;
        self.key.push(key.map(|key| key.key.cast_signed()));
        self.content.push(key.map(|key| key.content.cast_signed()));
        self.leads.push(leads);
        let request = &capture.request;
        let headers = write_headers(&request.headers);
        let bytes = i64::try_from(capture_bytes(capture, headers.len())).unwrap_or(i64::MAX);
        let event = capture.event.as_ref().map(RemoteText::unescaped);
        let owned = |text: &str| text_in(text).into_owned();
        let candidates = (!capture.candidates.is_empty()).then(|| capture.candidates.join(","));
        let is_forwarded = capture.destinations.are_pending();
        self.id.push(capture.id.ulid.to_string());
        self.at_ms.push(ms_of(capture.id));
        self.received_us.push(capture.received_at.as_microsecond());
        self.provider
            .push(capture.provider.clone().unwrap_or_default());
        self.event.push(owned(event.unwrap_or_default()));
        self.verdict.push(capture.verdict.name());
        self.endpoint
            .push(capture.endpoint.clone().unwrap_or_default());
        self.reason.push(capture.reason.map(VerdictReason::name));
        self.method.push(owned(&request.method));
        self.target.push(owned(&request.target));
        self.body_length.push(number(request.body.len()));
        self.status.push(i64::from(capture.response_status));
        self.duplicate_of
            .push(capture.duplicate_of.map(|id| id.ulid.to_string()));
        self.same_id_changed.push(capture.same_id_changed);
        self.candidates.push(candidates);
        self.response_fault
            .push(capture.response_fault.map(|fault| fault.to_string()));
        self.response_end
            .push(capture.response_end.map(ResponseEnd::name));
        self.mark.push(capture.sent_by.map(SentBy::name));
        self.destinations.push(capture.destinations.to_text());
        self.forward.push(forward_of(&capture.destinations));
        self.over_tls.push(capture.over_tls);
        self.refused.push(is_refused(capture));
        self.peer.push(capture.peer.map(|peer| peer.to_string()));
        self.claim.push(
            claim
                .filter(|_| is_forwarded && !incoming.is_left)
                .map(str::to_owned),
        );
        self.bytes.push(bytes);
        self.headers.push(headers);
        self.body.push(request.body.to_vec());
        self.response_headers
            .push(write_headers(&capture.response_headers));
        self.response_body.push(capture.response_body.clone());
        (bytes, is_refused(capture))
    }
}
