//! Writing: one transaction at a time, and what is too much or too old goes with it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{
    CachedStatement, Connection, OptionalExtension as _, Transaction, TransactionBehavior, params,
};

use super::eviction::{CAPTURES, DELIVERIES, Eviction};
use super::order::{COUNTER_BITS, LAST_COUNT, Places, places_of};
use super::{Capture, DeliveryRecord, Id, IdKind, Keep, StoreError, Targets};
use crate::message::{Headers, RemoteText};

/// What one commit of an import holds at most.
const GROUP: usize = 256;
/// Commits between two looks at how much is kept.
const COMMITS_BETWEEN_EVICTIONS: u32 = 64;
/// Distinct (provider, event, verdict) that are remembered; senders choose events' names.
const KNOWN_KINDS: usize = 4096;

pub(super) struct Writer {
    state: Mutex<State>,
}

impl Writer {
    pub(super) fn new(connection: Connection, path: PathBuf, keep: Keep) -> Self {
        Self {
            state: Mutex::new(State {
                identity: identity(&path),
                path,
                connection,
                known: Known {
                    kinds: Kinds::default(),
                    captures: Places::new("capture"),
                },
                commits: 0,
                eviction: Eviction::new(keep),
            }),
        }
    }

    /// Commits captures together.
    pub(super) fn keep<'c>(
        &self,
        captures: impl Iterator<Item = &'c Capture>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let written =
            state.write(|transaction, known| insert_captures(transaction, known, captures))?;
        state.eviction.written(CAPTURES, written);
        Ok(())
    }

    pub(super) fn import(&self, captures: &[Capture]) -> Result<(), StoreError> {
        captures
            .chunks(GROUP)
            .try_for_each(|group| self.keep(group.iter()))
    }

    pub(super) fn record(
        &self,
        delivery: &DeliveryRecord,
        new_from: usize,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        state.eviction.written(DELIVERIES, 1);
        state.write(|transaction, known| {
            write_delivery(transaction, &mut known.kinds, delivery, new_from)
        })
    }

    pub(super) fn settle_forward(
        &self,
        capture: Id,
        status: Option<u16>,
        delivered_to: &[String],
    ) -> Result<(), StoreError> {
        let places = places_of(capture.ulid);
        let id = capture.ulid.to_string();
        self.state().write(|transaction, _| {
            let kept = transaction
                .prepare_cached(
                    "SELECT seq, targets, forward FROM capture WHERE seq >= ?1 AND seq < ?2 AND id = ?3",
                )?
                .query_row(params![places.start, places.end, id], |row| {
                    let targets = read_targets(row.get(1)?, row.get(2)?);
                    Ok((row.get::<_, i64>(0)?, targets))
                })
                .optional()?;
            // It may have been removed meanwhile.
            let Some((seq, mut targets)) = kept else {
                return Ok(());
            };
            for url in delivered_to {
                targets.delivered(url);
            }
            transaction
                .prepare_cached(
                    "UPDATE capture SET status = coalesce(?2, status), targets = ?3, forward = ?4 WHERE seq = ?1",
                )?
                .execute(params![seq, status, targets.written(), forward_of(&targets)])?;
            Ok(())
        })
    }

    pub(super) fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        self.state().write(|transaction, known| {
            known.captures.forget();
            let removed = ids.iter().map(|id| remove(transaction, *id)).sum();
            for kind in [IdKind::Capture, IdKind::Delivery] {
                let times = ids.iter().filter(|id| id.kind == kind);
                let times = || times.clone().map(|id| id.ulid.timestamp_ms());
                if let (Some(first), Some(last)) = (times().min(), times().max()) {
                    forget_times(transaction, table_of(kind), first, last)?;
                }
            }
            removed
        })
    }

    /// Does something with the connection between two transactions.
    pub(super) fn while_nobody_writes<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&self.state().connection)
    }

    /// Whether the store's file is the one that was opened.
    pub(super) fn has_its_file(&self) -> bool {
        self.state().has_its_file()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State {
    connection: Connection,
    path: PathBuf,
    /// The file that was opened: one that was removed or replaced keeps nothing.
    identity: Option<(u64, u64)>,
    known: Known,
    commits: u32,
    eviction: Eviction,
}

/// What is remembered from one transaction to the next.
struct Known {
    kinds: Kinds,
    captures: Places,
}

impl State {
    fn has_its_file(&self) -> bool {
        identity(&self.path) == self.identity
    }

    /// Does `work` in one transaction: all of it is committed or none.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Known) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if !self.has_its_file() {
            return Err(StoreError::Write(
                "its file was removed or replaced".to_owned(),
            ));
        }
        let outcome = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                let result = work(&transaction, &mut self.known)?;
                transaction.commit()?;
                Ok(result)
            });
        if outcome.is_err() {
            // What was added in this transaction is gone with it.
            self.known.kinds.forget();
            self.known.captures.forget();
        }
        self.commits = self.commits.wrapping_add(1);
        if self.commits % COMMITS_BETWEEN_EVICTIONS == 1 {
            // What could not be evicted now is tried again; writing goes on meanwhile.
            let evicted = self.eviction.evict(&mut self.connection, Timestamp::now());
            if !matches!(evicted, Ok(0)) {
                self.known.captures.forget();
            }
        }
        outcome.map_err(|error| StoreError::Write(error.to_string()))
    }
}

/// Device and inode of a file.
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

fn insert_captures<'c>(
    transaction: &Transaction<'_>,
    known: &mut Known,
    captures: impl Iterator<Item = &'c Capture>,
) -> rusqlite::Result<u64> {
    let Known {
        kinds,
        captures: places,
    } = known;
    places.go_on(transaction)?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO capture (seq, id, kind, received_us, method, target, body_length, status, reason, duplicate_of, candidates, headers, response_body, body, response_headers, response_manner, mark, forward, over_tls, targets)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?;
    let mut written = 0;
    for capture in captures {
        written += 1;
        let seq = places.next(transaction, capture.id.ulid)?;
        let kind = kinds.of(
            transaction,
            capture.provider.as_deref(),
            capture.event.as_ref(),
            &capture.verdict,
        )?;
        places.note(transaction, kind, seq)?;
        insert_capture(&mut insert, seq, kind, capture)?;
    }
    Ok(written)
}

fn insert_capture(
    insert: &mut CachedStatement<'_>,
    seq: i64,
    kind: i64,
    capture: &Capture,
) -> rusqlite::Result<()> {
    let candidates = (!capture.candidates.is_empty()).then(|| capture.candidates.join(","));
    insert.execute(params![
        seq,
        capture.id.ulid.to_string(),
        kind,
        capture.received_at.as_microsecond(),
        capture.request.method,
        capture.request.target,
        capture.request.body.len() as i64,
        capture.response_status,
        capture.reason,
        capture.duplicate_of.map(|id| id.ulid.to_string()),
        candidates,
        write_headers(&capture.request.headers),
        (!capture.response_body.is_empty()).then_some(&capture.response_body),
        &capture.request.body[..],
        (!capture.response_headers.is_empty()).then(|| write_headers(&capture.response_headers)),
        capture.response_manner,
        capture.mark,
        forward_of(&capture.targets),
        capture.over_tls.then_some(1),
        capture.targets.written(),
    ])?;
    Ok(())
}

const DUE: i64 = 1;
const FORWARDED: i64 = 2;

/// What the index of what is due goes by; nothing where a capture is not forwarded.
fn forward_of(targets: &Targets) -> Option<i64> {
    let state = if targets.are_due() { DUE } else { FORWARDED };
    (*targets != Targets::default()).then_some(state)
}

pub(super) fn read_targets(text: Option<String>, forward: Option<i64>) -> Targets {
    Targets::read(text.as_deref(), forward == Some(DUE))
}

/// Writes a delivery, or what is new of one that is kept already: its outcome and its later attempts.
fn write_delivery(
    transaction: &Transaction<'_>,
    kinds: &mut Kinds,
    delivery: &DeliveryRecord,
    new_from: usize,
) -> rusqlite::Result<()> {
    let kind = kinds.of(
        transaction,
        delivery.provider.as_deref(),
        delivery.event.as_ref(),
        &delivery.outcome,
    )?;
    let id = delivery.id.ulid.to_string();
    let places = places_of(delivery.id.ulid);
    let kept: Option<i64> = transaction
        .prepare_cached("SELECT seq FROM delivery WHERE seq >= ?1 AND seq < ?2 AND id = ?3")?
        .query_row(params![places.start, places.end, id], |row| row.get(0))
        .optional()?;
    let failure = delivery.failure.as_ref().map(RemoteText::unescaped);
    let mut given = Places::new("delivery");
    let seq = if let Some(seq) = kept {
        transaction
            .prepare_cached("UPDATE delivery SET kind = ?2, failure = ?3 WHERE seq = ?1")?
            .execute(params![seq, kind, failure])?;
        seq
    } else {
        let seq = given.next(transaction, delivery.id.ulid)?;
        transaction
            .prepare_cached(
                "INSERT INTO delivery (seq, id, kind, started_us, url, failure, replay_of, method, target, headers, body, endpoint, is_signed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                seq,
                id,
                kind,
                delivery.started_at.as_microsecond(),
                delivery.url,
                failure,
                delivery.replay_of.map(|id| id.ulid.to_string()),
                delivery.request.method,
                delivery.request.target,
                write_headers(&delivery.request.headers),
                &delivery.request.body[..],
                delivery.endpoint,
                delivery.signed,
            ])?;
        seq
    };
    given.note(transaction, kind, seq)?;
    for attempt in delivery.attempts.iter().skip(new_from) {
        transaction
            .prepare_cached(
                "INSERT INTO attempt (delivery, number, started_us, duration_us, status, error_code, error, response_headers, response_truncated, response_body, dns_us, connect_us, tls_us, first_byte_us)
                 VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE delivery = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                seq,
                attempt.started_at.as_microsecond(),
                micros(attempt.duration),
                attempt.status,
                attempt.error_code,
                attempt.error.as_ref().map(RemoteText::unescaped),
                write_headers(&attempt.response_headers),
                attempt.response_truncated,
                attempt.response_body,
                attempt.phases.dns.map(micros),
                attempt.phases.connect.map(micros),
                attempt.phases.tls.map(micros),
                attempt.phases.first_byte.map(micros),
            ])?;
    }
    Ok(())
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn table_of(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Capture => "capture",
        IdKind::Delivery => "delivery",
    }
}

fn remove(transaction: &Transaction<'_>, id: Id) -> rusqlite::Result<usize> {
    let places = places_of(id.ulid);
    transaction
        .prepare_cached(&format!(
            "DELETE FROM {} WHERE seq >= ?1 AND seq < ?2 AND id = ?3",
            table_of(id.kind)
        ))?
        .execute(params![places.start, places.end, id.ulid.to_string()])
}

/// Removes the milliseconds from `first` to `last` in which there are no rows of a kind any longer.
fn forget_times(
    transaction: &Transaction<'_>,
    table: &str,
    first: u64,
    last: u64,
) -> rusqlite::Result<usize> {
    transaction.execute(
        &format!(
            "DELETE FROM {table}_time WHERE kind IN (SELECT id FROM kind) AND ms BETWEEN ?1 AND ?2
             AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.kind = {table}_time.kind
               AND t.seq BETWEEN ms << {COUNTER_BITS} AND (ms << {COUNTER_BITS}) + {LAST_COUNT})"
        ),
        params![first, last],
    )
}

/// The rows of `kind` that are known, by provider, event and verdict with a line break between.
#[derive(Default)]
struct Kinds {
    known: HashMap<String, i64>,
    /// The key that is looked for; kept for its memory.
    key: String,
}

impl Kinds {
    fn forget(&mut self) {
        self.known.clear();
    }

    /// The row of `kind` for these, made where there is none yet.
    fn of(
        &mut self,
        transaction: &Transaction<'_>,
        provider: Option<&str>,
        event: Option<&RemoteText>,
        verdict: &str,
    ) -> rusqlite::Result<i64> {
        let provider = provider.unwrap_or_default();
        let event = event.map_or("", RemoteText::unescaped);
        self.key.clear();
        for part in [provider, "\n", verdict, "\n", event] {
            self.key.push_str(part);
        }
        if let Some(id) = self.known.get(&self.key) {
            return Ok(*id);
        }
        let row = params![provider, event, verdict];
        transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO kind (provider, event, verdict) VALUES (?1, ?2, ?3)",
            )?
            .execute(row)?;
        let id = transaction
            .prepare_cached(
                "SELECT id FROM kind WHERE provider = ?1 AND event = ?2 AND verdict = ?3",
            )?
            .query_row(row, |row| row.get(0))?;
        if self.known.len() >= KNOWN_KINDS {
            self.known.clear();
        }
        self.known.insert(self.key.clone(), id);
        Ok(id)
    }
}

/// `name: value` lines; HTTP allows no line break in either.
pub(super) fn write_headers(headers: &Headers) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for (name, value) in headers.iter() {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{Filter, Reference, SqliteStore, Store as _, StoreOptions};
    use super::*;
    use crate::message::Request;
    use std::time::Duration;

    pub fn capture(number: u64, received_at: Timestamp) -> Capture {
        Capture {
            id: Id::capture(received_at, &mut fastrand::Rng::with_seed(number)),
            received_at,
            provider: None,
            candidates: Vec::new(),
            event: None,
            verdict: "unchecked".to_owned(),
            reason: None,
            duplicate_of: None,
            request: Request {
                method: "POST".to_owned(),
                target: "/".to_owned(),
                headers: Headers::new(),
                body: vec![b'x'; 1000].into(),
            },
            response_status: 200,
            response_headers: Headers::new(),
            response_body: Vec::new(),
            response_manner: None,
            mark: None,
            targets: Targets::default(),
            over_tls: false,
        }
    }

    #[test]
    fn a_clock_that_jumps_loses_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let now = Timestamp::now();
        let hour = Duration::from_secs(3600);
        let times = [now, now - hour, now + 24 * hour, now, Timestamp::UNIX_EPOCH];
        let captures: Vec<_> = (0..100)
            .map(|number| capture(number, times[number as usize % times.len()]))
            .collect();
        for capture in &captures {
            store.import(std::slice::from_ref(capture)).unwrap();
        }
        let listed = store.captures(&Filter::default()).unwrap();
        assert_eq!(listed.len(), 100);
        assert!(listed.is_sorted_by(|newer, older| newer.received_at >= older.received_at));
        for capture in &captures {
            let id = Reference::Part(capture.id.ulid.to_string());
            assert_eq!(store.capture(&id).unwrap().id, capture.id);
        }
    }

    #[test]
    fn what_another_process_removed_does_not_hide_what_comes_after() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let other = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let now = Timestamp::now();
        let unchecked = Filter {
            verdict: Some("unchecked".to_owned()),
            ..Filter::default()
        };
        for number in 0..4 {
            let capture = capture(number, now);
            store.import(std::slice::from_ref(&capture)).unwrap();
            assert_eq!(store.captures(&unchecked).unwrap().len(), 1);
            let remover = if number % 2 == 0 { &other } else { &store };
            assert_eq!(remover.remove(&[capture.id]).unwrap(), 1);
        }
    }

    #[test]
    fn captures_of_one_millisecond_stay_in_their_order_and_are_found_by_their_ids() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let now = Timestamp::now();
        let captures: Vec<_> = (0..600).map(|number| capture(number, now)).collect();
        // Another connection has written in the same millisecond.
        let other = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        store.import(&captures[..200]).unwrap();
        other.import(&captures[200..400]).unwrap();
        store.import(&captures[400..]).unwrap();
        let listed = store.captures(&Filter::default()).unwrap();
        assert!(
            listed
                .iter()
                .rev()
                .map(|row| row.id)
                .eq(captures.iter().map(|capture| capture.id))
        );
        for capture in &captures {
            let id = Reference::Part(capture.id.ulid.to_string());
            assert_eq!(store.capture(&id).unwrap().id, capture.id);
        }
        assert_eq!(store.remove(&[captures[7].id]).unwrap(), 1);
        let times = || -> i64 {
            let connection = Connection::open(&path).unwrap();
            connection
                .query_row("SELECT count(*) FROM capture_time", [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(times(), 1);
        let ids: Vec<Id> = captures.iter().map(|capture| capture.id).collect();
        assert_eq!(store.remove(&ids).unwrap(), 599);
        assert_eq!(times(), 0);
    }
}
