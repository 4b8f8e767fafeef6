//! The one thread that writes. It takes what waits in the queue, commits it as one group, and only then
//! tells each sender: acknowledged means committed.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use tokio::sync::oneshot;

use super::{Ack, Capture, DeliveryRecord, Id, IdKind, Keep, StoreError};
use crate::message::{Headers, RemoteText};

/// What may wait for the writer. The receiver's own bound on buffered bytes holds for these too.
const QUEUE: usize = 1024;
/// What one commit holds at most.
const GROUP: usize = 256;
/// Commits between two looks at how much is kept.
const COMMITS_BETWEEN_EVICTIONS: u32 = 64;
/// Rows that one eviction removes at most, so that no commit waits long for it.
const EVICTED_AT_ONCE: usize = 2_000;
/// Distinct (provider, event, verdict) that are remembered; senders choose events' names.
const KNOWN_KINDS: usize = 4096;

enum Job {
    Keep(Arc<Capture>, oneshot::Sender<Result<(), StoreError>>),
    Record(Box<DeliveryRecord>, oneshot::Sender<Result<(), StoreError>>),
    Remove(Vec<Id>, oneshot::Sender<Result<usize, StoreError>>),
}

pub(super) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, path: PathBuf, keep: Keep) -> Self {
        let (queue, jobs) = sync_channel(QUEUE);
        let state = State {
            identity: identity(&path),
            path,
            connection,
            keep,
            kinds: HashMap::new(),
            commits: 0,
        };
        let thread = std::thread::spawn(move || state.run(&jobs));
        Self {
            queue: Some(queue),
            thread: Some(thread),
        }
    }

    pub(super) fn keep(&self, capture: Arc<Capture>) -> Result<Ack, StoreError> {
        let (done, ack) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(StoreError::Busy)?;
        match queue.try_send(Job::Keep(capture, done)) {
            Ok(()) => Ok(ack),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(stopped()),
        }
    }

    pub(super) fn record(&self, delivery: Box<DeliveryRecord>) -> Result<(), StoreError> {
        let (done, ack) = oneshot::channel();
        self.submit(Job::Record(delivery, done))?;
        wait(ack)?
    }

    pub(super) fn remove(&self, ids: Vec<Id>) -> Result<usize, StoreError> {
        let (done, ack) = oneshot::channel();
        self.submit(Job::Remove(ids, done))?;
        wait(ack)?
    }

    fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.queue
            .as_ref()
            .ok_or_else(stopped)?
            .send(job)
            .map_err(|_| stopped())
    }
}

/// Waits on a plain thread or inside a runtime's worker alike.
fn wait<T>(ack: oneshot::Receiver<T>) -> Result<T, StoreError> {
    let blocking = || ack.blocking_recv().map_err(|_| stopped());
    match tokio::runtime::Handle::try_current() {
        Ok(_) => tokio::task::block_in_place(blocking),
        Err(_) => blocking(),
    }
}

fn stopped() -> StoreError {
    StoreError::Write("the writer has stopped".to_owned())
}

/// Closing the queue lets the thread commit what waits, then end.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has told its senders by dropping their channels.
            let _ = thread.join();
        }
    }
}

struct State {
    connection: Connection,
    path: PathBuf,
    /// The file that was opened: one that was removed or replaced keeps nothing.
    identity: Option<(u64, u64)>,
    keep: Keep,
    kinds: HashMap<(String, String, String), i64>,
    commits: u32,
}

impl State {
    fn run(mut self, jobs: &Receiver<Job>) {
        let mut group = Vec::with_capacity(GROUP);
        while let Ok(first) = jobs.recv() {
            group.push(first);
            // Whoever is about to hand something in gets the chance to: a commit of many costs what one of
            // few does.
            loop {
                let before = group.len();
                std::thread::yield_now();
                group.extend(jobs.try_iter().take(GROUP - group.len()));
                if group.len() == before || group.len() == GROUP {
                    break;
                }
            }
            let written = self.write(&group);
            for (job, result) in group.drain(..).zip(written) {
                // A sender that no longer listens has its capture all the same.
                match (job, result) {
                    (Job::Keep(_, done) | Job::Record(_, done), result) => {
                        let _ = done.send(result.map(|_| ()));
                    }
                    (Job::Remove(_, done), result) => {
                        let _ = done.send(result);
                    }
                }
            }
            self.commits = self.commits.wrapping_add(1);
            if self.commits % COMMITS_BETWEEN_EVICTIONS == 1 {
                // What could not be evicted now is tried again; writing goes on meanwhile.
                let _ = evict(&mut self.connection, self.keep, Timestamp::now());
            }
        }
    }

    /// Writes a group in one transaction; all of it is committed or none.
    fn write(&mut self, group: &[Job]) -> Vec<Result<usize, StoreError>> {
        if identity(&self.path) != self.identity {
            let gone = || StoreError::Write("its file was removed or replaced".to_owned());
            return group.iter().map(|_| Err(gone())).collect();
        }
        let refused = |error: &rusqlite::Error| StoreError::Write(error.to_string());
        let outcome = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                let results: Result<Vec<usize>, rusqlite::Error> = group
                    .iter()
                    .map(|job| apply(&transaction, &mut self.kinds, job))
                    .collect();
                let results = results?;
                transaction.commit()?;
                Ok(results)
            });
        match outcome {
            Ok(counts) => counts.into_iter().map(Ok).collect(),
            Err(error) => {
                // Kinds that were added in this transaction are gone with it.
                self.kinds.clear();
                group.iter().map(|_| Err(refused(&error))).collect()
            }
        }
    }
}

/// Device and inode of a file.
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

type Kinds = HashMap<(String, String, String), i64>;

fn apply(transaction: &Transaction<'_>, kinds: &mut Kinds, job: &Job) -> rusqlite::Result<usize> {
    match job {
        Job::Keep(capture, _) => insert_capture(transaction, kinds, capture),
        Job::Record(delivery, _) => insert_delivery(transaction, kinds, delivery),
        Job::Remove(ids, _) => {
            let mut count = 0;
            for id in ids {
                let table = match id.kind {
                    IdKind::Capture => "DELETE FROM capture WHERE id = ?1",
                    IdKind::Delivery => "DELETE FROM delivery WHERE id = ?1",
                };
                count += transaction
                    .prepare_cached(table)?
                    .execute([id.ulid.to_string()])?;
            }
            Ok(count)
        }
    }
}

fn insert_capture(
    transaction: &Transaction<'_>,
    kinds: &mut Kinds,
    capture: &Capture,
) -> rusqlite::Result<usize> {
    let event = capture.event.as_ref().map_or("", |event| event.unescaped());
    let kind = kind(
        transaction,
        kinds,
        capture.provider.as_deref(),
        event,
        &capture.verdict,
    )?;
    let candidates = (!capture.candidates.is_empty()).then(|| capture.candidates.join(","));
    transaction
        .prepare_cached(
            "INSERT INTO capture (id, kind, received_us, method, target, body_bytes, status, reason, duplicate_of, candidates, headers, response_body, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
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
        ])
}

fn insert_delivery(
    transaction: &Transaction<'_>,
    kinds: &mut Kinds,
    delivery: &DeliveryRecord,
) -> rusqlite::Result<usize> {
    let event = delivery
        .event
        .as_ref()
        .map_or("", |event| event.unescaped());
    let kind = kind(
        transaction,
        kinds,
        delivery.provider.as_deref(),
        event,
        &delivery.outcome,
    )?;
    let started = delivery
        .attempts
        .first()
        .map_or(0, |attempt| attempt.started_at.as_microsecond());
    let count = transaction
        .prepare_cached(
            "INSERT INTO delivery (id, kind, started_us, url, failure, replay_of, method, target, headers, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            delivery.id.ulid.to_string(),
            kind,
            started,
            delivery.url,
            delivery.failure.as_ref().map(RemoteText::unescaped),
            delivery.replay_of.map(|id| id.ulid.to_string()),
            delivery.request.method,
            delivery.request.target,
            write_headers(&delivery.request.headers),
            &delivery.request.body[..],
        ])?;
    let seq = transaction.last_insert_rowid();
    for attempt in &delivery.attempts {
        transaction
            .prepare_cached(
                "INSERT INTO attempt (delivery, number, started_us, duration_us, status, error_code, error, response_headers, response_truncated, response_body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                seq,
                attempt.number,
                attempt.started_at.as_microsecond(),
                i64::try_from(attempt.duration.as_micros()).unwrap_or(i64::MAX),
                attempt.status,
                attempt.error_code,
                attempt.error.as_ref().map(RemoteText::unescaped),
                write_headers(&attempt.response_headers),
                attempt.response_truncated,
                attempt.response_body,
            ])?;
    }
    Ok(count)
}

fn kind(
    transaction: &Transaction<'_>,
    kinds: &mut Kinds,
    provider: Option<&str>,
    event: &str,
    verdict: &str,
) -> rusqlite::Result<i64> {
    let key = (
        provider.unwrap_or_default().to_owned(),
        event.to_owned(),
        verdict.to_owned(),
    );
    if let Some(id) = kinds.get(&key) {
        return Ok(*id);
    }
    transaction
        .prepare_cached(
            "INSERT OR IGNORE INTO kind (provider, event, verdict) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![key.0, key.1, key.2])?;
    let id = transaction
        .prepare_cached("SELECT id FROM kind WHERE provider = ?1 AND event = ?2 AND verdict = ?3")?
        .query_row(params![key.0, key.1, key.2], |row| row.get(0))?;
    if kinds.len() >= KNOWN_KINDS {
        kinds.clear();
    }
    kinds.insert(key, id);
    Ok(id)
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

/// Removes the oldest captures and deliveries until the store is within `keep`, some at a time.
fn evict(connection: &mut Connection, keep: Keep, now: Timestamp) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut removed = 0;
    for (table, time) in [("capture", "received_us"), ("delivery", "started_us")] {
        let count: u64 = match keep {
            Keep::Age(age) => {
                let cutoff =
                    now.as_microsecond() - i64::try_from(age.as_micros()).unwrap_or(i64::MAX / 2);
                transaction.query_row(
                    &format!("SELECT count(*) FROM {table} WHERE {time} < ?1"),
                    [cutoff],
                    |row| row.get(0),
                )?
            }
            Keep::Count(most) => {
                let count: u64 =
                    transaction.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                        row.get(0)
                    })?;
                count.saturating_sub(most)
            }
            Keep::Bytes(most) => {
                let pragma = |name: &str| -> rusqlite::Result<u64> {
                    transaction.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
                };
                let used =
                    (pragma("page_count")? - pragma("freelist_count")?) * pragma("page_size")?;
                if used > most {
                    // A tenth of the rows at a time, until it fits.
                    let count: u64 = transaction.query_row(
                        &format!("SELECT count(*) FROM {table}"),
                        [],
                        |row| row.get(0),
                    )?;
                    count.div_ceil(10)
                } else {
                    0
                }
            }
        };
        if count > 0 {
            let count = count.min(EVICTED_AT_ONCE as u64);
            removed += transaction.execute(
                &format!("DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table} ORDER BY seq LIMIT ?1)"),
                [count],
            )?;
        }
    }
    transaction.commit()?;
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, SqliteStore, Store as _, StoreOptions};
    use super::*;
    use crate::message::Request;
    use std::time::Duration;

    const DAY: Duration = Duration::from_secs(86_400);

    fn capture(number: u64, received_at: Timestamp) -> Arc<Capture> {
        Arc::new(Capture {
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
            response_body: Vec::new(),
        })
    }

    fn filled(keep: Keep, age: Duration) -> usize {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        for number in 0..300 {
            let ack = store.keep(capture(number, Timestamp::now() - age)).unwrap();
            ack.blocking_recv().unwrap().unwrap();
        }
        let mut connection = Connection::open(&path).unwrap();
        while evict(&mut connection, keep, Timestamp::now()).unwrap() > 0 {}
        store.captures(&Filter::default()).unwrap().len()
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many_too_old_or_too_large_ones() {
        assert_eq!(filled(Keep::Count(100), Duration::ZERO), 100);
        assert_eq!(filled(Keep::Age(DAY), 2 * DAY), 0);
        assert_eq!(filled(Keep::Age(DAY), Duration::ZERO), 300);
        let left = filled(Keep::Bytes(200 << 10), Duration::ZERO);
        assert!((50..200).contains(&left), "{left}");
    }
}
