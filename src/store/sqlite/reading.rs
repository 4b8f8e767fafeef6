//! Rows as values: one by its id or its name.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::StoreError;
use super::lease::live_process;
use super::order::{places_of, places_of_prefix};
use super::selection::table_of;
use crate::model::{
    Attempt, AttemptError, AttemptErrorKind, Capture, CaptureSummary, Delivery, DeliverySummary,
    Destinations, Emulated, Id, IdKind, Outcome, Phases, Reference, RemoteText, Request, Response,
    Verdict, ulid_part,
};
use crate::store::encoding::{PENDING, read_headers};
use crate::store::finding::{newest_of, no_such, only_of};

/// What [`capture_summary`] reads.
pub(super) const CAPTURE_COLUMNS: &str = "t.seq, t.id, t.received_us, k.provider, k.event, k.verdict, t.reason, t.method, t.target, t.body_length, t.status, t.duplicate_of, k.endpoint,
    (SELECT e.response_end FROM capture e INDEXED BY capture_response_end WHERE e.seq = t.seq AND e.response_end IS NOT NULL),
    t.duplicate_of IS NOT NULL AND EXISTS (SELECT 1 FROM capture e INDEXED BY capture_same_id_changed WHERE e.seq = t.seq AND e.same_id_changed = 1)";

pub(super) fn capture_summary(row: &Row<'_>) -> rusqlite::Result<CaptureSummary> {
    Ok(CaptureSummary {
        id: id(IdKind::Capture, row, 1)?,
        received_at: time(row, 2)?,
        provider: non_empty(row.get(3)?),
        event: non_empty(row.get(4)?).map(RemoteText::from),
        verdict: verdict(row, 5)?,
        reason: word(row, 6)?,
        method: RemoteText::from(row.get::<_, String>(7)?),
        target: RemoteText::from(row.get::<_, String>(8)?),
        body_bytes: row.get(9)?,
        status: row.get(10)?,
        duplicate_of: capture_id(row, 11)?,
        endpoint: non_empty(row.get(12)?),
        response_end: word(row, 13)?,
        same_id_changed: row.get(14)?,
    })
}

/// What [`delivery_summary`] reads.
pub(super) const DELIVERY_COLUMNS: &str =
    "t.seq, t.id, t.started_us, k.provider, k.event, k.verdict, t.url,
    (SELECT count(*) FROM attempt a WHERE a.delivery = t.seq),
    (SELECT status FROM attempt a WHERE a.delivery = t.seq ORDER BY number DESC LIMIT 1),
    t.next_attempt_us, l.process, l.until_us, t.faults, t.wanted, t.replay_of";

pub(super) fn delivery_summary(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<DeliverySummary> {
    let worker = worker(row, 10, now)?;
    Ok(DeliverySummary {
        id: id(IdKind::Delivery, row, 1)?,
        started_at: time(row, 2)?,
        provider: non_empty(row.get(3)?),
        event: non_empty(row.get(4)?).map(RemoteText::from),
        outcome: outcome(row, 5)?,
        url: row.get(6)?,
        attempts: row.get(7)?,
        status: row.get(8)?,
        next_attempt_at: optional_time(row, 9)?,
        worker,
        faults: faults(row, 12)?,
        wanted: row.get(13)?,
        replay_of: capture_id(row, 14)?,
    })
}

fn faults(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.map_or_else(Vec::new, |text| {
        text.split(' ').map(str::to_owned).collect()
    }))
}

/// The process that works at a delivery, by its lease's row.
fn worker(row: &Row<'_>, column: usize, now: Timestamp) -> rusqlite::Result<Option<u32>> {
    let mark: Option<String> = row.get(column)?;
    let until_us: Option<i64> = row.get(column + 1)?;
    Ok(mark
        .zip(until_us)
        .and_then(|(mark, until_us)| live_process(&mark, until_us, now)))
}

/// A word that a later version may have written is one of which nothing is known.
pub(super) fn outcome(row: &Row<'_>, column: usize) -> rusqlite::Result<Outcome> {
    Ok(word(row, column)?.unwrap_or(Outcome::Unknown))
}

fn verdict(row: &Row<'_>, column: usize) -> rusqlite::Result<Verdict> {
    Ok(word(row, column)?.unwrap_or(Verdict::Unchecked))
}

/// One of a fixed set of words; none where there is none, or one that is not known here.
pub(super) fn word<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Where the row of that id stands.
pub(super) fn place_of(connection: &Connection, id: Id) -> rusqlite::Result<Option<i64>> {
    let places = places_of(id.ulid);
    let (table, _) = table_of(id.kind);
    connection
        .prepare_cached(&format!(
            "SELECT seq FROM {table} WHERE seq >= ?1 AND seq < ?2 AND id = ?3"
        ))?
        .query_row(
            params![places.start, places.end, id.ulid.to_string()],
            |row| row.get(0),
        )
        .optional()
}

/// The id of what `which` names in a workspace.
pub(super) fn find(
    connection: &Connection,
    kind: IdKind,
    workspace: &str,
    which: &Reference,
) -> Result<Id, StoreError> {
    let (table, _) = table_of(kind);
    match which {
        Reference::Last(back) => {
            let back = i64::try_from(*back).unwrap_or(i64::MAX);
            let found: Option<String> = connection
                .query_row(
                    &format!(
                        "SELECT t.id FROM {table} t CROSS JOIN kind k ON k.id = t.kind WHERE k.workspace = ?1
                         ORDER BY t.seq DESC LIMIT 1 OFFSET ?2"
                    ),
                    params![workspace, back],
                    |row| row.get(0),
                )
                .optional()
                .map_err(StoreError::read)?;
            newest_of(kind, which, back, found)
        }
        Reference::Part(typed) => {
            let part = &ulid_part(typed);
            let fitting = |range: [i64; 2], pattern: String| -> Result<Vec<String>, StoreError> {
                let values: [Value; 4] = [
                    range[0].into(),
                    range[1].into(),
                    pattern.into(),
                    workspace.to_owned().into(),
                ];
                connection
                    .prepare(&format!(
                        "SELECT t.id FROM {table} t CROSS JOIN kind k ON k.id = t.kind
                         WHERE t.seq >= ?1 AND t.seq < ?2 AND t.id GLOB ?3 AND k.workspace = ?4 ORDER BY t.seq LIMIT 5"
                    ))
                    .and_then(|mut statement| {
                        statement
                            .query_map(values, |row| row.get(0))?
                            .collect::<rusqlite::Result<Vec<String>>>()
                    })
                    .map_err(StoreError::read)
            };
            let by_prefix = match places_of_prefix(part) {
                Some(places) => fitting([places.start, places.end], format!("{part}*"))?,
                None => Vec::new(),
            };
            let found = if by_prefix.is_empty() && part.len() == 6 {
                // This one reads every id.
                fitting([0, i64::MAX], format!("*{part}"))?
            } else {
                by_prefix
            };
            only_of(kind, which, part, &found)
        }
    }
}

/// What of that id is in a workspace.
pub(super) fn by_id<T>(
    connection: &Connection,
    id: Id,
    workspace: &str,
    read: impl FnOnce(&Connection, i64) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    let missing = || no_such(id);
    let (table, _) = table_of(id.kind);
    let seq = place_of(connection, id).map_err(StoreError::read)?;
    let seq = seq.ok_or_else(missing)?;
    let own: String = connection
        .prepare_cached(&format!(
            "SELECT k.workspace FROM {table} t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1"
        ))
        .and_then(|mut statement| statement.query_row([seq], |row| row.get(0)))
        .map_err(StoreError::read)?;
    if workspace != own {
        return Err(missing());
    }
    read(connection, seq).map_err(StoreError::read)
}

pub(super) fn capture(connection: &Connection, seq: i64) -> rusqlite::Result<Capture> {
    let mut select = connection.prepare_cached(
        "SELECT t.id, t.received_us, k.provider, k.event, k.verdict, t.reason, t.duplicate_of, t.candidates,
                t.method, t.target, t.headers, t.body, t.status, t.response_body,
                t.response_headers, t.response_fault, t.mark, t.destinations, t.forward, t.over_tls, t.peer, k.endpoint, t.response_end, t.same_id_changed IS 1
         FROM capture t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1",
    )?;
    select.query_row([seq], |row| {
        Ok(Capture {
            id: id(IdKind::Capture, row, 0)?,
            received_at: time(row, 1)?,
            provider: non_empty(row.get(2)?),
            event: non_empty(row.get(3)?).map(RemoteText::from),
            verdict: verdict(row, 4)?,
            reason: word(row, 5)?,
            duplicate_of: capture_id(row, 6)?,
            candidates: row
                .get::<_, Option<String>>(7)?
                .map(|list| list.split(',').map(str::to_owned).collect())
                .unwrap_or_default(),
            request: Request {
                method: row.get(8)?,
                target: row.get(9)?,
                headers: read_headers(&row.get::<_, Vec<u8>>(10)?),
                body: row.get::<_, Vec<u8>>(11)?.into(),
            },
            response_status: row.get(12)?,
            response_body: row.get::<_, Option<Vec<u8>>>(13)?.unwrap_or_default(),
            response_headers: read_headers(&row.get::<_, Option<Vec<u8>>>(14)?.unwrap_or_default()),
            response_fault: word(row, 15)?,
            sent_by: word(row, 16)?,
            destinations: read_destinations(row, 17, 18)?,
            over_tls: row.get::<_, Option<i64>>(19)? == Some(1),
            peer: word(row, 20)?,
            endpoint: non_empty(row.get(21)?),
            response_end: word(row, 22)?,
            same_id_changed: row.get(23)?,
        })
    })
}

pub(super) fn delivery(
    connection: &Connection,
    seq: i64,
    now: Timestamp,
) -> rusqlite::Result<Delivery> {
    let attempts = connection
        .prepare(
            "SELECT number, started_us, duration_us, status, error_code, error, response_headers, response_body, response_truncated, dns_us, connect_us, tls_us, first_byte_us
             FROM attempt WHERE delivery = ?1 ORDER BY number",
        )?
        .query_map([seq], |row| {
            let error: Option<String> = row.get(5)?;
            let result = match row.get(3)? {
                Some(status) => Ok(Response {
                    status,
                    headers: read_headers(&row.get::<_, Vec<u8>>(6)?),
                    body: row.get::<_, Vec<u8>>(7)?.into(),
                    truncated: row.get(8)?,
                }),
                None => Err(AttemptError {
                    kind: word(row, 4)?.unwrap_or(AttemptErrorKind::Unknown),
                    message: error.unwrap_or_default().into(),
                }),
            };
            Ok(Attempt {
                number: row.get(0)?,
                started_at: time(row, 1)?,
                duration: Duration::from_micros(row.get(2)?),
                result,
                phases: Phases {
                    dns: span(row, 9)?,
                    connect: span(row, 10)?,
                    tls: span(row, 11)?,
                    first_byte: span(row, 12)?,
                },
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut select = connection.prepare_cached(
        "SELECT t.id, k.provider, k.event, k.verdict, t.url, t.failure, t.replay_of, t.method, t.target, t.headers, t.body, t.started_us, k.endpoint, t.signs_afresh, t.next_attempt_us, l.process, l.until_us, t.faults, t.wanted, t.speed, t.subscription, t.emulated_event
         FROM delivery t JOIN kind k ON k.id = t.kind LEFT JOIN lease l ON l.claim = t.claim WHERE t.seq = ?1",
    )?;
    select.query_row([seq], |row| {
        let worker = worker(row, 15, now)?;
        Ok(Delivery {
            id: id(IdKind::Delivery, row, 0)?,
            started_at: time(row, 11)?,
            provider: non_empty(row.get(1)?),
            event: non_empty(row.get(2)?).map(RemoteText::from),
            outcome: outcome(row, 3)?,
            next_attempt_at: optional_time(row, 14)?,
            worker,
            url: row.get(4)?,
            failure: row.get::<_, Option<String>>(5)?.map(RemoteText::from),
            replay_of: capture_id(row, 6)?,
            endpoint: non_empty(row.get(12)?),
            signed: row.get(13)?,
            faults: faults(row, 17)?,
            wanted: row.get(18)?,
            speed: row.get::<_, Option<f64>>(19)?.unwrap_or(1.0),
            emulated: emulated(row, 20)?,
            request: Request {
                method: row.get(7)?,
                target: row.get(8)?,
                headers: read_headers(&row.get::<_, Vec<u8>>(9)?),
                body: row.get::<_, Vec<u8>>(10)?.into(),
            },
            attempts: attempts.clone(),
        })
    })
}

/// The records that a delivery is of, where it is an emulated provider's.
fn emulated(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Emulated>> {
    let subscription: Option<i64> = row.get(column)?;
    let event: Option<i64> = row.get(column + 1)?;
    Ok(subscription
        .zip(event)
        .map(|(subscription, event)| Emulated {
            subscription,
            event,
        }))
}

fn span(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Duration>> {
    Ok(row
        .get::<_, Option<u64>>(column)?
        .map(Duration::from_micros))
}

pub(super) fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

pub(super) fn id(kind: IdKind, row: &Row<'_>, index: usize) -> rusqlite::Result<Id> {
    let text: String = row.get(index)?;
    Id::from_ulid_text(kind, &text).ok_or_else(|| unreadable(index, "an id"))
}

/// The id of a capture, where there is one.
fn capture_id(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Id>> {
    let text: Option<String> = row.get(index)?;
    Ok(text.and_then(|text| Id::from_ulid_text(IdKind::Capture, &text)))
}

pub(super) fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(index)?).map_err(|_| unreadable(index, "a time"))
}

fn optional_time(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    let us: Option<i64> = row.get(index)?;
    us.map(|us| Timestamp::from_microsecond(us).map_err(|_| unreadable(index, "a time")))
        .transpose()
}

/// Where a capture is to be forwarded to: two columns, `destinations` and `forward`.
pub(super) fn read_destinations(
    row: &Row<'_>,
    destinations: usize,
    forward: usize,
) -> rusqlite::Result<Destinations> {
    let text: Option<String> = row.get(destinations)?;
    let forward: Option<i64> = row.get(forward)?;
    Ok(Destinations::from_text(
        text.as_deref(),
        forward == Some(PENDING),
    ))
}

fn unreadable(index: usize, what: &str) -> rusqlite::Error {
    let message = format!("{what} of the store cannot be read");
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, message.into())
}
