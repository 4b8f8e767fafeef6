//! Writing: one transaction at a time, and what is too much or too old goes with it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{
    CachedStatement, Connection, OptionalExtension as _, Transaction, TransactionBehavior, params,
};

use super::connection::connect;
use super::eviction::{
    CAPTURES, DELIVERIES, Eviction, add_refused, capture_bytes, owe, read_keep, remove_places,
    write_setting,
};
use super::order::{Places, others_version, places_of};
use super::query;
use super::worker::{live_other, own_mark};
use super::{Excess, Keep, StoreError, StoreNotice};
use crate::model::{
    Attempt, Capture, Delivery, Destinations, Headers, Id, IdKind, Mark, Outcome, Reference,
    RemoteText, Verdict, VerdictReason, bounded_name, normal_url,
};

/// What one commit of an import holds at most.
const GROUP: usize = 256;
/// How far a request's own time may be from the time at which it is written, to count as that.
const ARRIVES_WITHIN_MS: i64 = 60_000;
/// How often a full store is looked at again.
const FULL_LOOKED_EVERY: Duration = Duration::from_millis(250);
/// Distinct (provider, event, verdict) that are remembered; senders choose events' names.
const KNOWN_KINDS: usize = 4096;

pub(super) struct Writer {
    state: Mutex<State>,
    /// Reads beside the writing.
    reader: Mutex<Connection>,
    /// Makes checkpoints beside the writing. Opened when it is needed first: most commands never do.
    checkpointer: Mutex<Option<Connection>>,
}

impl Writer {
    pub(super) fn new(
        writing: Connection,
        reading: Connection,
        path: PathBuf,
        full_sync: bool,
    ) -> Self {
        let beside = |end: &str| {
            let mut path = path.as_os_str().to_owned();
            path.push(end);
            PathBuf::from(path)
        };
        let log_paths = [beside("-wal"), beside("-shm")];
        Self {
            reader: Mutex::new(reading),
            checkpointer: Mutex::default(),
            state: Mutex::new(State {
                identity: identity(&path),
                log_identity: None,
                log_paths,
                path,
                full_sync,
                connection: writing,
                known: Known {
                    kinds: Kinds::default(),
                    captures: Places::new("capture"),
                    unsaved: Vec::new(),
                },
                bound: None,
                eviction: Eviction::default(),
                looked_at: None,
            }),
        }
    }

    /// Reads, while others may write.
    pub(super) fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits captures together, unless what is owed leaves no room for them.
    pub(super) fn keep<'c>(
        &self,
        captures: impl Iterator<Item = &'c Capture>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.is_full() {
            return Err(StoreError::Full);
        }
        state.write(self, CAPTURES, |transaction, known| {
            insert_captures(transaction, known, captures)
        })?;
        Ok(())
    }

    pub(super) fn import(&self, captures: &[Capture]) -> Result<(), StoreError> {
        for group in captures.chunks(GROUP) {
            self.state().write(self, CAPTURES, |transaction, known| {
                insert_captures(transaction, known, group.iter())
            })?;
        }
        Ok(())
    }

    pub(super) fn record(
        &self,
        delivery: &Delivery,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError> {
        let settled = settles_at.zip(delivery.replay_of);
        let mut state = self.state();
        state.write(self, DELIVERIES, |transaction, known| {
            write_delivery(transaction, &mut known.kinds, delivery, new_from, None)?;
            // At once: between the two, another process would find it pending, and nobody at work.
            if let Some((url, capture)) = settled {
                settle(transaction, capture, None, &[url.to_owned()])?;
            }
            Ok(1)
        })?;
        if settled.is_some() {
            state.eviction.reconsider();
        }
        Ok(())
    }

    pub(super) fn begin(
        &self,
        delivery: &Delivery,
        started_at: Timestamp,
        owed_to: Option<&str>,
    ) -> Result<u32, StoreError> {
        let mut number = 0;
        let mut taken = None;
        self.state().write(self, DELIVERIES, |transaction, known| {
            taken = taken_by(transaction, delivery, owed_to)?;
            if taken.is_some() {
                return Ok(0);
            }
            let kinds = &mut known.kinds;
            let before = delivery.attempts.len();
            number = write_delivery(transaction, kinds, delivery, before, Some(started_at))?;
            Ok(1)
        })?;
        match taken {
            Some(why) => Err(StoreError::Taken(why)),
            None => Ok(number),
        }
    }

    pub(super) fn settle_forward(
        &self,
        capture: Id,
        status: Option<u16>,
        delivered_to: &[String],
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        state.write(self, CAPTURES, |transaction, _| {
            settle(transaction, capture, status, delivered_to)?;
            Ok(0)
        })?;
        // What is settled may go as any other.
        state.eviction.reconsider();
        Ok(())
    }

    /// Clears what is owed to a destination, and says how many captures were pending there.
    pub(super) fn discard_pending(&self, url: &str) -> Result<u64, StoreError> {
        let mut discarded = 0;
        let mut state = self.state();
        state.write(self, CAPTURES, |transaction, _| {
            let rows: Vec<(i64, Option<String>)> = transaction
                .prepare("SELECT seq, destinations FROM capture WHERE forward = 1")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            for (seq, text) in rows {
                let mut targets = Destinations::from_text(text.as_deref(), true);
                if !targets.is_pending_at(url) {
                    continue;
                }
                targets.discard(url);
                discarded += 1;
                transaction
                    .prepare_cached(
                        "UPDATE capture SET destinations = ?2, forward = ?3 WHERE seq = ?1",
                    )?
                    .execute(params![seq, targets.to_text(), forward_of(&targets)])?;
            }
            Ok(0)
        })?;
        state.eviction.reconsider();
        Ok(discarded)
    }

    pub(super) fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        let mut removed = 0;
        let mut state = self.state();
        state.write(self, CAPTURES, |transaction, known| {
            known.captures.forget();
            known.kinds.forget();
            for (table, kind) in [(CAPTURES, IdKind::Capture), (DELIVERIES, IdKind::Delivery)] {
                let mut places = Vec::new();
                for id in ids.iter().filter(|id| id.kind == kind) {
                    places.extend(place_of(transaction, *id)?);
                }
                removed += remove_places(transaction, table, &places)?;
            }
            Ok(0)
        })?;
        state.eviction.forget();
        Ok(removed)
    }

    pub(super) fn set_bound(&self, keep: Keep) -> Result<(), StoreError> {
        let mut state = self.state();
        state.write(self, CAPTURES, |transaction, _| {
            write_setting(transaction, "keep", keep.to_string())?;
            Ok(0)
        })?;
        state.bound = Some(keep);
        Ok(())
    }

    /// Removes what is beyond a bound, once.
    pub(super) fn prune(&self, keep: Keep) -> Result<Excess, StoreError> {
        let mut guard = self.state();
        let state = &mut *guard;
        state.ensure_files(self)?;
        let pruned = state
            .eviction
            .prune(&mut state.connection, keep, Timestamp::now());
        state.known.captures.forget();
        state.known.kinds.forget();
        pruned.map_err(|error| StoreError::Write(error.to_string()))
    }

    /// These destinations' captures are not given up while this process runs.
    pub(super) fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |transaction, _| {
            owe(transaction, destinations)?;
            Ok(0)
        })
    }

    pub(super) fn take_notices(&self) -> Vec<StoreNotice> {
        self.state().eviction.take_notices()
    }

    /// The connection for checkpoints; none where the store's file is gone.
    pub(super) fn checkpointer(&self) -> MutexGuard<'_, Option<Connection>> {
        let lock = || self.checkpointer.lock();
        let mut connection = lock().unwrap_or_else(PoisonError::into_inner);
        if connection.is_none() {
            let state = self.state();
            if state.has_its_file() {
                *connection = connect(&state.path, state.full_sync).ok();
            }
        }
        connection
    }

    /// Whether a checkpoint is under way.
    pub(super) fn is_checkpointing(&self) -> bool {
        matches!(self.checkpointer.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// Makes a checkpoint between two transactions. True in `work`'s answer means that the log holds nothing more
    /// that the database does not.
    pub(super) fn checkpoint_while_nobody_writes(&self, work: impl FnOnce(&Connection) -> bool) {
        let mut state = self.state();
        if work(&state.connection) {
            state.known.unsaved.clear();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State {
    connection: Connection,
    path: PathBuf,
    /// The log's, and its index's.
    log_paths: [PathBuf; 2],
    full_sync: bool,
    /// The file that was opened: one that was removed or replaced keeps nothing.
    identity: Option<(u64, u64)>,
    /// The log that was written last and its index: what goes to one that was removed is lost with this process.
    log_identity: Option<LogIdentity>,
    known: Known,
    /// The store's bound, as it was last seen.
    bound: Option<Keep>,
    eviction: Eviction,
    /// When a full store was last looked at.
    looked_at: Option<Instant>,
}

/// What is remembered from one transaction to the next.
struct Known {
    kinds: Kinds,
    captures: Places,
    /// Captures that stand in the log alone, as far as is known.
    unsaved: Vec<Id>,
}

impl State {
    fn has_its_file(&self) -> bool {
        identity(&self.path) == self.identity
    }

    fn read_log_identity(&self) -> LogIdentity {
        LogIdentity {
            log: identity(&self.log_paths[0]),
            index: identity(&self.log_paths[1]),
        }
    }

    /// The database, its log and the log's index are those that were opened. Where they were removed, what this
    /// process has committed is saved, and all begins anew.
    fn ensure_files(&mut self, writer: &Writer) -> Result<(), StoreError> {
        if !self.has_its_file() {
            return Err(StoreError::Write(
                "its file was removed or replaced".to_owned(),
            ));
        }
        let Some(known) = self.log_identity else {
            return Ok(());
        };
        let now = self.read_log_identity();
        if now == known {
            return Ok(());
        }
        let saved = if now.log == known.log {
            // The log holds all of it; its index is made anew, or another process has made it.
            self.reopen(writer)
        } else if now.log.is_none() || now.index == known.index {
            self.save_log(writer)
        } else {
            self.salvage(writer)
        };
        saved.map_err(|why| {
            StoreError::Write(format!("its log (-wal) was removed or replaced: {why}"))
        })
    }

    /// Puts the log that was removed, and that this process still has open, into the database.
    fn save_log(&mut self, writer: &Writer) -> Result<(), String> {
        let (is_busy, left): (bool, i64) = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .map_err(|error| error.to_string())?;
        if is_busy || left > 0 {
            return Err("it is in use; try again".to_owned());
        }
        self.reopen(writer)
    }

    /// Another process has begun a log of its own without seeing this one: what it may lack of this process's
    /// captures is written to it, row by row. Pages must not be mixed.
    fn salvage(&mut self, writer: &Writer) -> Result<(), String> {
        let told = |error: rusqlite::Error| error.to_string();
        let mut captures = Vec::new();
        for id in &self.known.unsaved {
            let reference = Reference::Part(id.ulid.to_string());
            // One that was removed meanwhile is not missed.
            if let Ok(seq) = query::find(&self.connection, IdKind::Capture, &reference) {
                captures.push(query::capture(&self.connection, seq).map_err(told)?);
            }
        }
        self.reopen(writer)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(told)?;
        self.known.go_on(&transaction).map_err(told)?;
        let mut lacking = Vec::new();
        for capture in captures {
            if place_of(&transaction, capture.id).map_err(told)?.is_none() {
                lacking.push(capture);
            }
        }
        self.known.unsaved.clear();
        insert_captures(&transaction, &mut self.known, lacking.iter()).map_err(told)?;
        transaction.commit().map_err(told)?;
        self.eviction.forget();
        Ok(())
    }

    /// Closes all connections before one takes up the log: what they share in memory goes with the last of them.
    fn reopen(&mut self, writer: &Writer) -> Result<(), String> {
        let told = |error: rusqlite::Error| error.to_string();
        let mut reader = writer.reader();
        // Whoever makes a checkpoint now may wait for this one.
        let mut checkpointer = match writer.checkpointer.try_lock() {
            Ok(connection) => connection,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return Err("it is in use; try again".to_owned()),
        };
        *checkpointer = None;
        *reader = Connection::open_in_memory().map_err(told)?;
        self.connection = Connection::open_in_memory().map_err(told)?;
        self.connection = connect(&self.path, self.full_sync).map_err(told)?;
        *reader = connect(&self.path, self.full_sync).map_err(told)?;
        self.log_identity = None;
        self.known.kinds.forget();
        self.known.captures.forget();
        Ok(())
    }

    /// Whether what is owed leaves no room; looked at anew every now and then.
    fn is_full(&mut self) -> bool {
        if !self.eviction.is_full() {
            return false;
        }
        let is_recent = self
            .looked_at
            .is_some_and(|at| at.elapsed() < FULL_LOOKED_EVERY);
        if !is_recent {
            self.looked_at = Some(Instant::now());
            self.evict();
        }
        self.eviction.is_full()
    }

    fn evict(&mut self) {
        self.bound = read_keep(&self.connection).unwrap_or(self.bound);
        // What could not be evicted now is tried again; writing goes on meanwhile.
        let evicted = self.eviction.evict(&mut self.connection, Timestamp::now());
        if !matches!(evicted, Ok(0)) {
            self.known.captures.forget();
            self.known.kinds.forget();
        }
    }

    /// Does `work` in one transaction: all of it is committed or none. It says how many rows it wrote to the
    /// table.
    fn write(
        &mut self,
        writer: &Writer,
        table: usize,
        work: impl FnOnce(&Transaction<'_>, &mut Known) -> rusqlite::Result<u64>,
    ) -> Result<(), StoreError> {
        self.ensure_files(writer)?;
        let unsaved = self.known.unsaved.len();
        let outcome = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                self.known.go_on(&transaction)?;
                let written = work(&transaction, &mut self.known)?;
                transaction.commit()?;
                Ok(written)
            });
        match &outcome {
            Ok(written) => {
                self.eviction.written(table, *written);
                if self.log_identity.is_none() {
                    self.log_identity = Some(self.read_log_identity());
                }
            }
            Err(_) => {
                // What was added in this transaction is gone with it.
                self.known.kinds.forget();
                self.known.captures.forget();
                self.known.unsaved.truncate(unsaved);
            }
        }
        if outcome.is_ok() && self.eviction.is_due(self.bound) {
            self.evict();
        }
        outcome
            .map(|_| ())
            .map_err(|error| StoreError::Write(error.to_string()))
    }
}

impl Known {
    /// Begins with a transaction: what was known before it holds on unless somebody else has written since.
    fn go_on(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let version = others_version(transaction)?;
        self.captures.go_on(version);
        self.kinds.go_on(version);
        Ok(())
    }
}

/// The log and its index, each by device and inode.
#[derive(Clone, Copy, PartialEq, Eq)]
struct LogIdentity {
    log: Option<(u64, u64)>,
    index: Option<(u64, u64)>,
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
        unsaved,
    } = known;
    let now_ms = Timestamp::now().as_millisecond();
    let mut refused = (0, 0);
    let mut insert = transaction.prepare_cached(
        "INSERT INTO capture (seq, id, kind, received_us, method, target, body_length, status, reason, duplicate_of, candidates, headers, response_body, body, response_headers, response_manner, mark, forward, over_tls, destinations, refused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
    )?;
    let mut written = 0;
    for capture in captures {
        written += 1;
        unsaved.push(capture.id);
        let seq = places.next(transaction, capture.id.ulid)?;
        let kind = kinds.of(
            transaction,
            capture.provider.as_deref(),
            capture.event.as_ref(),
            capture.verdict.name(),
        )?;
        places.note(transaction, kind, seq)?;
        let headers = write_headers(&capture.request.headers);
        if is_refused(capture) {
            refused.0 += 1;
            refused.1 += i64::try_from(capture_bytes(capture, headers.len())).unwrap_or(i64::MAX);
        }
        insert_capture(&mut insert, seq, kind, capture, &headers)?;
        if (capture.received_at.as_millisecond() - now_ms).abs() > ARRIVES_WITHIN_MS {
            transaction
                .prepare_cached("INSERT INTO capture_arrival (seq, at_ms) VALUES (?1, ?2)")?
                .execute([seq, now_ms])?;
        }
    }
    if refused.0 > 0 {
        add_refused(transaction, refused.0, refused.1)?;
    }
    Ok(written)
}

/// Whether its sender was refused: it did not verify, and was answered so.
fn is_refused(capture: &Capture) -> bool {
    capture.response_status >= 400 && matches!(capture.verdict, Verdict::Invalid | Verdict::Missing)
}

fn insert_capture(
    insert: &mut CachedStatement<'_>,
    seq: i64,
    kind: i64,
    capture: &Capture,
    headers: &[u8],
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
        capture.reason.map(VerdictReason::name),
        capture.duplicate_of.map(|id| id.ulid.to_string()),
        candidates,
        headers,
        (!capture.response_body.is_empty()).then_some(&capture.response_body),
        &capture.request.body[..],
        (!capture.response_headers.is_empty()).then(|| write_headers(&capture.response_headers)),
        capture.response_fault.map(|fault| fault.to_string()),
        capture.mark.map(Mark::name),
        forward_of(&capture.destinations),
        capture.over_tls.then_some(1),
        capture.destinations.to_text(),
        is_refused(capture).then_some(1),
    ])?;
    Ok(())
}

pub(super) const DUE: i64 = 1;
const FORWARDED: i64 = 2;

/// What the index of what is due goes by; nothing where a capture is not forwarded.
fn forward_of(targets: &Destinations) -> Option<i64> {
    let state = if targets.are_pending() {
        DUE
    } else {
        FORWARDED
    };
    (*targets != Destinations::default()).then_some(state)
}

pub(super) fn read_destinations(text: Option<String>, forward: Option<i64>) -> Destinations {
    Destinations::from_text(text.as_deref(), forward == Some(DUE))
}

/// Writes a delivery, or what is new of one that is kept already: its outcome and its later attempts. With
/// `begins_at` an attempt begins, of which nothing is known until it is recorded. Returns its number.
fn write_delivery(
    transaction: &Transaction<'_>,
    kinds: &mut Kinds,
    delivery: &Delivery,
    new_from: usize,
    begins_at: Option<Timestamp>,
) -> rusqlite::Result<u32> {
    let outcome = match begins_at {
        Some(_) => Outcome::Unknown,
        None => delivery.outcome,
    };
    let kind = kinds.of(
        transaction,
        delivery.provider.as_deref(),
        delivery.event.as_ref(),
        outcome.name(),
    )?;
    let is_open = matches!(outcome, Outcome::Unknown | Outcome::Pending).then_some(1);
    let worker = is_open.map(|_| own_mark());
    let id = delivery.id.ulid.to_string();
    let kept = place_of(transaction, delivery.id)?;
    let failure = delivery.failure.as_ref().map(RemoteText::unescaped);
    let mut given = Places::new("delivery");
    let seq = if let Some(seq) = kept {
        transaction
            .prepare_cached(
                "UPDATE delivery SET kind = ?2, failure = ?3, open = ?4, worker = ?5 WHERE seq = ?1",
            )?
            .execute(params![seq, kind, failure, is_open, worker])?;
        seq
    } else {
        let seq = given.next(transaction, delivery.id.ulid)?;
        transaction
            .prepare_cached(
                "INSERT INTO delivery (seq, id, kind, started_us, url, failure, replay_of, method, target, headers, body, endpoint, signs_afresh, open, worker)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
                is_open,
                worker,
            ])?;
        seq
    };
    given.note(transaction, kind, seq)?;
    for attempt in delivery.attempts.iter().skip(new_from) {
        write_attempt(transaction, seq, attempt)?;
    }
    match begins_at {
        Some(at) => write_attempt(transaction, seq, &Attempt::begun(0, at)),
        None => Ok(0),
    }
}

/// Puts down what became of a capture that was to be forwarded.
fn settle(
    transaction: &Transaction<'_>,
    capture: Id,
    status: Option<u16>,
    delivered_to: &[String],
) -> rusqlite::Result<()> {
    let places = places_of(capture.ulid);
    let id = capture.ulid.to_string();
    let kept = transaction
        .prepare_cached(
            "SELECT seq, destinations, forward FROM capture WHERE seq >= ?1 AND seq < ?2 AND id = ?3",
        )?
        .query_row(params![places.start, places.end, id], |row| {
            let targets = read_destinations(row.get(1)?, row.get(2)?);
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
            "UPDATE capture SET status = coalesce(?2, status), destinations = ?3, forward = ?4 WHERE seq = ?1",
        )?
        .execute(params![seq, status, targets.to_text(), forward_of(&targets)])?;
    Ok(())
}

/// Why a delivery is not to be attempted now, if it is not: another process works at it or has delivered it, or
/// its capture is no longer owed to that destination, or another process delivers it there.
fn taken_by(
    transaction: &Transaction<'_>,
    delivery: &Delivery,
    owed_to: Option<&str>,
) -> rusqlite::Result<Option<String>> {
    if let Some(seq) = place_of(transaction, delivery.id)? {
        let (worker, outcome): (Option<String>, String) = transaction
            .prepare_cached(
                "SELECT t.worker, k.verdict FROM delivery t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1",
            )?
            .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let Some(process) = worker.as_deref().and_then(live_other) {
            return Ok(Some(format!("process {process} works at it")));
        }
        if outcome == Outcome::Delivered.name() && delivery.outcome != Outcome::Delivered {
            return Ok(Some("another process has delivered it".to_owned()));
        }
    }
    let (Some(url), Some(capture)) = (owed_to, delivery.replay_of) else {
        return Ok(None);
    };
    let Some(seq) = place_of(transaction, capture)? else {
        return Ok(None);
    };
    let targets = transaction
        .prepare_cached("SELECT destinations, forward FROM capture WHERE seq = ?1")?
        .query_row([seq], |row| Ok(read_destinations(row.get(0)?, row.get(1)?)))?;
    if !targets.is_pending_at(url) {
        return Ok(Some(format!("it was delivered to {url} meanwhile")));
    }
    let mut others = transaction.prepare_cached(
        "SELECT url, worker FROM delivery WHERE open = 1 AND replay_of = ?1 AND worker IS NOT NULL",
    )?;
    let others = others.query_map([capture.ulid.to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    for other in others {
        let (other_url, worker) = other?;
        if let Some(process) = live_other(&worker)
            && normal_url(&other_url) == normal_url(&delivery.url)
        {
            return Ok(Some(format!("process {process} delivers it to {url}")));
        }
    }
    Ok(None)
}

/// Writes an attempt: in the place of the one that was put down when it began, else behind all others.
fn write_attempt(
    transaction: &Transaction<'_>,
    delivery: i64,
    attempt: &Attempt,
) -> rusqlite::Result<u32> {
    let begun = transaction
        .prepare_cached(
            "DELETE FROM attempt WHERE delivery = ?1 AND number = ?2 AND error_code = 'unknown'",
        )?
        .execute(params![delivery, attempt.number])?;
    let number: u32 = if begun > 0 {
        attempt.number
    } else {
        transaction
            .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE delivery = ?1")?
            .query_row([delivery], |row| row.get(0))?
    };
    let (response, error) = match &attempt.result {
        Ok(response) => (Some(response), None),
        Err(error) => (None, Some(error)),
    };
    transaction
        .prepare_cached(
            "INSERT INTO attempt (delivery, number, started_us, duration_us, status, error_code, error, response_headers, response_truncated, response_body, dns_us, connect_us, tls_us, first_byte_us)
             VALUES (?1, ?14, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            delivery,
            attempt.started_at.as_microsecond(),
            micros(attempt.duration),
            attempt.status(),
            error.map(|error| error.kind.name()),
            error.map(|error| error.message.unescaped()),
            write_headers(response.map_or(&Headers::new(), |response| &response.headers)),
            response.is_some_and(|response| response.truncated),
            response.map_or(&[][..], |response| &response.body),
            attempt.phases.dns.map(micros),
            attempt.phases.connect.map(micros),
            attempt.phases.tls.map(micros),
            attempt.phases.first_byte.map(micros),
            number,
        ])?;
    Ok(number)
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

/// Where the row of that id stands.
fn place_of(transaction: &Transaction<'_>, id: Id) -> rusqlite::Result<Option<i64>> {
    let places = places_of(id.ulid);
    transaction
        .prepare_cached(&format!(
            "SELECT seq FROM {} WHERE seq >= ?1 AND seq < ?2 AND id = ?3",
            table_of(id.kind)
        ))?
        .query_row(
            params![places.start, places.end, id.ulid.to_string()],
            |row| row.get(0),
        )
        .optional()
}

/// The rows of `kind` that are known, by provider, event and verdict with a line break between.
#[derive(Default)]
struct Kinds {
    known: HashMap<String, i64>,
    /// The key that is looked for; kept for its memory.
    key: String,
    /// What [`others_version`] was: another process may have removed a kind with its last row.
    others_version: Option<i64>,
}

impl Kinds {
    fn forget(&mut self) {
        self.known.clear();
    }

    fn go_on(&mut self, others_version: i64) {
        if self.others_version != Some(others_version) {
            self.forget();
            self.others_version = Some(others_version);
        }
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
        let event = &*bounded_name(event);
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
    use crate::model::Request;
    use std::time::Duration;

    pub fn capture(number: u64, received_at: Timestamp) -> Capture {
        Capture {
            id: Id::capture(received_at, &mut fastrand::Rng::with_seed(number)),
            received_at,
            provider: None,
            candidates: Vec::new(),
            event: None,
            verdict: Verdict::Unchecked,
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
            response_fault: None,
            mark: None,
            destinations: Destinations::default(),
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
            verdict: Some(Verdict::Unchecked),
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
