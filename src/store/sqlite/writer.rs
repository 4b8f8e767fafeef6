//! Writing: one transaction at a time, and what is too much or too old goes with it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use tracing::error;

use super::connection::connect;
use super::eviction::{Eviction, read_keep, remove_places, write_setting};
use super::known::Known;
use super::lease::{Lease, RENEWED_AFTER};
use super::lists::count_removal;
use super::lists::each_place;
use super::order::{CAPTURES, DELIVERIES};
use super::readers::Readers;
use super::reading::{self, place_of};
use super::rows::Writing;
use super::{Excess, Keep, Query, StoreError, StoreNotice};
use crate::model::{Capture, Delivery, Id, IdKind, ResponseEnd, TimeSource};
use crate::store::WantedForwards;
use crate::store::work::Work;

/// What one commit of an import holds at most.
const GROUP: usize = 256;
/// How often a full store is looked at again.
const FULL_LOOKED_EVERY: Duration = Duration::from_millis(250);

pub(super) struct Writer {
    state: Mutex<WriterState>,
    readers: Arc<Readers>,
    /// Makes checkpoints beside the writing. Opened when it is needed first: most commands never do.
    checkpointer: Mutex<Option<Connection>>,
    own: Weak<Writer>,
}

impl Writer {
    pub(super) fn new(
        writing: Connection,
        readers: Arc<Readers>,
        file: StoreFile,
        time: TimeSource,
        workspace: String,
    ) -> Arc<Self> {
        Arc::new_cyclic(|own| Self {
            readers,
            checkpointer: Mutex::default(),
            state: Mutex::new(WriterState {
                file,
                log_identity: None,
                connection: writing,
                time,
                known: Known::new(workspace),
                lease: Lease::new(),
                heartbeat: None,
                bound: None,
                eviction: Eviction::default(),
                looked_at: None,
            }),
            own: own.clone(),
        })
    }

    /// Commits captures together, unless what is owed leaves no room for them. Each comes with whether others forward it.
    pub(super) fn keep<'c>(
        &self,
        captures: impl Iterator<Item = (&'c Capture, bool)>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.is_full() {
            return Err(StoreError::Full);
        }
        state.write(self, CAPTURES, |writing| writing.insert_captures(captures))?;
        Ok(())
    }

    pub(super) fn import(&self, captures: &[Capture]) -> Result<(), StoreError> {
        for group in captures.chunks(GROUP) {
            self.state().write(self, CAPTURES, |writing| {
                writing.insert_captures(group.iter().map(|capture| (capture, true)))
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
        let mut taken = None;
        let mut state = self.state();
        state.write(self, DELIVERIES, |writing| {
            if writing.was_taken_over(delivery.id)? {
                taken =
                    Some("another process has taken it over, and its result was kept".to_owned());
            } else if let Some((url, capture)) = settled
                && writing.has_another(delivery.id, capture, url)?
            {
                taken = Some(format!("another process has delivered it to {url}"));
            }
            if taken.is_some() {
                return Ok(0);
            }
            writing.write_delivery(delivery, new_from, Work::GoesOn)?;
            // At once: between the two, another process would find it pending, and no one at work.
            if let Some((url, capture)) = settled {
                writing.settle(capture, url)?;
            }
            Ok(1)
        })?;
        if let Some(why) = taken {
            return Err(StoreError::Taken(why));
        }
        if settled.is_some() {
            // What is settled may go as any other.
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
        self.state().write(self, DELIVERIES, |writing| {
            taken = writing.taken_by(delivery, owed_to)?;
            if taken.is_some() {
                return Ok(0);
            }
            let before = delivery.attempts.len();
            number = writing.write_delivery(delivery, before, Work::Begins(started_at))?;
            Ok(1)
        })?;
        match taken {
            Some(why) => Err(StoreError::Taken(why)),
            None => Ok(number),
        }
    }

    /// Takes the lease of deliveries, the oldest first, and says of which.
    pub(super) fn claim(&self, deliveries: &Query, limit: usize) -> Result<Vec<Id>, StoreError> {
        self.claim_rows(IdKind::Delivery, deliveries, limit, |_, _| Ok(true))
    }

    /// Takes the lease of captures that are pending at a destination, the oldest first, and says of which.
    pub(super) fn claim_pending(
        &self,
        destination: &str,
        captures: Query,
        limit: usize,
    ) -> Result<Vec<Id>, StoreError> {
        let captures = captures.and(Query::Pending);
        self.claim_rows(IdKind::Capture, &captures, limit, |writing, seq| {
            let is_pending = writing.destinations_at(seq)?.is_pending_at(destination);
            // What a worker is just forwarding there is its own.
            Ok(is_pending && writing.forwarder_of(seq, destination)?.is_none())
        })
    }

    fn claim_rows(
        &self,
        kind: IdKind,
        query: &Query,
        limit: usize,
        is_meant: impl Fn(&Writing<'_>, i64) -> rusqlite::Result<bool>,
    ) -> Result<Vec<Id>, StoreError> {
        let mut claimed = Vec::new();
        let table = match kind {
            IdKind::Capture => CAPTURES,
            IdKind::Delivery => DELIVERIES,
        };
        self.state().write(self, table, |writing| {
            let (transaction, workspace) = (writing.transaction, writing.workspace());
            each_place(transaction, kind, &workspace, query, |seq, id| {
                if claimed.len() < limit && is_meant(writing, seq)? && writing.claim(kind, seq)? {
                    claimed.push(id);
                }
                Ok(claimed.len() < limit)
            })?;
            Ok(0)
        })?;
        Ok(claimed)
    }

    /// Takes captures for a destination, the oldest first.
    pub(super) fn claim_forwards(
        &self,
        destination: &str,
        wanted: WantedForwards,
    ) -> Result<Vec<Id>, StoreError> {
        let mut claimed = Vec::new();
        self.state().write(self, CAPTURES, |writing| {
            let under_way = writing.count_forwarding(destination)?;
            let room = wanted.most.min(wanted.at_once.saturating_sub(under_way));
            if room == 0 {
                return Ok(0);
            }
            let (transaction, workspace) = (writing.transaction, writing.workspace());
            each_place(
                transaction,
                IdKind::Capture,
                &workspace,
                &Query::Pending,
                |seq, id| {
                    if !writing.destinations_at(seq)?.is_pending_at(destination) {
                        return Ok(true);
                    }
                    if !writing.may_be_forwarded(seq, destination)? {
                        return Ok(!wanted.is_ordered);
                    }
                    writing.take_forward(seq, destination)?;
                    claimed.push(id);
                    Ok(claimed.len() < room)
                },
            )?;
            Ok(0)
        })?;
        Ok(claimed)
    }

    pub(super) fn give_back(
        &self,
        capture: Id,
        destination: &str,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |writing| {
            writing.give_back(capture, destination, until)?;
            Ok(0)
        })
    }

    pub(super) fn release(&self, ids: &[Id]) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |writing| {
            for id in ids {
                writing.release(*id)?;
            }
            Ok(0)
        })
    }

    pub(super) fn give_back_all_but(&self, under_way: &[(Id, String)]) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |writing| {
            writing.give_back_all_but(under_way)
        })
    }

    pub(super) fn answered(&self, capture: Id, status: u16) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |writing| {
            writing.write_status(capture, status)?;
            Ok(0)
        })
    }

    pub(super) fn response_ended(&self, capture: Id, end: ResponseEnd) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |writing| {
            writing.write_response_end(capture, end)?;
            Ok(0)
        })
    }

    /// Clears what is owed to a destination, and says how many captures were pending there.
    pub(super) fn discard_pending(&self, url: &str) -> Result<u64, StoreError> {
        let mut discarded = 0;
        let mut state = self.state();
        state.write(self, CAPTURES, |writing| {
            let (transaction, workspace) = (writing.transaction, writing.workspace());
            each_place(
                transaction,
                IdKind::Capture,
                &workspace,
                &Query::Pending,
                |seq, _| {
                    let mut destinations = writing.destinations_at(seq)?;
                    if destinations.is_pending_at(url) {
                        destinations.discard(url);
                        discarded += 1;
                        writing.write_destinations(seq, &destinations)?;
                    }
                    Ok(true)
                },
            )?;
            Ok(0)
        })?;
        state.eviction.reconsider();
        Ok(discarded)
    }

    pub(super) fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        let mut removed = 0;
        let mut state = self.state();
        state.write(self, CAPTURES, |writing| {
            writing.known.forget();
            for (table, kind) in [(CAPTURES, IdKind::Capture), (DELIVERIES, IdKind::Delivery)] {
                let mut places = Vec::new();
                for id in ids.iter().filter(|id| id.kind == kind) {
                    places.extend(place_of(writing.transaction, *id)?);
                }
                removed += remove_places(writing.transaction, table, &places)?;
            }
            if removed > 0 {
                count_removal(writing.transaction)?;
            }
            Ok(0)
        })?;
        state.eviction.forget();
        Ok(removed)
    }

    pub(super) fn set_bound(&self, keep: Keep) -> Result<(), StoreError> {
        let mut state = self.state();
        state.write(self, CAPTURES, |writing| {
            write_setting(writing.transaction, "keep", keep.to_string())?;
            Ok(0)
        })?;
        state.bound = Some(keep);
        Ok(())
    }

    /// Removes what exceeds a bound, once.
    pub(super) fn prune(&self, keep: Keep) -> Result<Excess, StoreError> {
        let mut guard = self.state();
        let state = &mut *guard;
        state.ensure_files(self)?;
        let now = state.time.now();
        let pruned = state.eviction.prune(&mut state.connection, keep, now);
        state.known.forget();
        let pruned = pruned.map_err(StoreError::write)?;
        if pruned.captures + pruned.deliveries > 0 {
            count_removal(&state.connection).map_err(StoreError::write)?;
        }
        Ok(pruned)
    }

    /// These destinations' captures are not given up while this store is open.
    pub(super) fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError> {
        self.state().write(self, CAPTURES, |writing| {
            writing.owe(destinations)?;
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
                *connection = connect(&state.file.path, state.file.full_sync).ok();
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

    /// What is written for emulated providers; the number is that of deliveries.
    pub(super) fn write_emulated(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> rusqlite::Result<u64>,
    ) -> Result<(), StoreError> {
        self.state().write(self, DELIVERIES, work)
    }

    /// As [`Writer::write_emulated`], where deliveries are removed, too.
    pub(super) fn replace_emulated(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> rusqlite::Result<u64>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        state.write(self, DELIVERIES, |writing| {
            writing.known.forget();
            work(writing)
        })?;
        state.eviction.forget();
        Ok(())
    }

    /// Writes the database anew, without the pages that nothing is in.
    pub(super) fn vacuum(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        state.ensure_files(self)?;
        let vacuumed = state.connection.execute_batch("VACUUM");
        state.known.forget();
        vacuumed.map_err(StoreError::write)
    }

    fn renew_lease(&self) {
        // What fails now is tried again, and a lease holds for several of these.
        let _ = self.state().write(self, CAPTURES, |writing| {
            writing.lease.hold(writing.transaction, writing.now)?;
            Ok(0)
        });
    }

    /// What it worked at is anybody's from here on.
    pub(super) fn end_lease(&self) {
        let state = &mut *self.state();
        // Where that fails, the lease runs out by itself.
        let _ = state.lease.end(&state.connection);
    }

    fn state(&self) -> MutexGuard<'_, WriterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is still under way when the store is closed may have taken the lease again.
impl Drop for Writer {
    fn drop(&mut self) {
        self.end_lease();
    }
}

/// Renews a store's lease until the store is closed.
fn keep_lease(writer: &Weak<Writer>, closed: &Receiver<()>) {
    while closed.recv_timeout(RENEWED_AFTER) == Err(RecvTimeoutError::Timeout) {
        match writer.upgrade() {
            Some(writer) => writer.renew_lease(),
            None => return,
        }
    }
}

/// Where a store's database is.
pub(super) struct StoreFile {
    pub path: PathBuf,
    /// The log's, and its index's.
    log_paths: [PathBuf; 2],
    pub full_sync: bool,
    /// The file that was opened: one that was removed or replaced keeps nothing.
    identity: Option<FileIdentity>,
}

impl StoreFile {
    pub(super) fn new(path: PathBuf, full_sync: bool) -> Self {
        let beside = |end: &str| {
            let mut path = path.as_os_str().to_owned();
            path.push(end);
            PathBuf::from(path)
        };
        Self {
            identity: identity(&path),
            log_paths: [beside("-wal"), beside("-shm")],
            path,
            full_sync,
        }
    }
}

struct WriterState {
    connection: Connection,
    file: StoreFile,
    time: TimeSource,
    /// The log that was written last and its index: what goes to one that was removed is lost with this process.
    log_identity: Option<LogIdentity>,
    known: Known,
    lease: Lease,
    /// The thread that renews the lease runs until this is dropped.
    heartbeat: Option<Sender<()>>,
    /// The store's bound, as it was last seen.
    bound: Option<Keep>,
    eviction: Eviction,
    /// When a full store was last looked at.
    looked_at: Option<Instant>,
}

impl WriterState {
    fn has_its_file(&self) -> bool {
        identity(&self.file.path) == self.file.identity
    }

    fn read_log_identity(&self) -> LogIdentity {
        LogIdentity {
            log: identity(&self.file.log_paths[0]),
            index: identity(&self.file.log_paths[1]),
        }
    }

    /// The database, its log and the log's index are those that were opened. Where they were removed, what this
    /// process has committed is saved, and all starts again.
    fn ensure_files(&mut self, writer: &Writer) -> Result<(), StoreError> {
        if !self.has_its_file() {
            return Err(StoreError::write("its file was removed or replaced"));
        }
        let Some(known) = self.log_identity else {
            return Ok(());
        };
        let now = self.read_log_identity();
        if now == known {
            return Ok(());
        }
        let saved = if now.log == known.log {
            // The log holds all of it; its index is made again, or another process has made it.
            self.reopen(writer)
        } else if now.log.is_none() || now.index == known.index {
            self.save_log(writer)
        } else {
            self.salvage(writer)
        };
        saved.map_err(StoreError::write)
    }

    /// Puts the log that was removed, and that this process still has open, into the database.
    fn save_log(&mut self, writer: &Writer) -> Result<(), LogError> {
        let (is_busy, left): (bool, i64) =
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
        if is_busy || left > 0 {
            return Err(LogError::InUse);
        }
        self.reopen(writer)
    }

    /// Another process has started its own log without seeing this one: what it may lack of this process's
    /// captures is written to it, row by row. Pages must not be mixed.
    fn salvage(&mut self, writer: &Writer) -> Result<(), LogError> {
        let mut captures = Vec::new();
        for id in &self.known.unsaved {
            // One that was removed meanwhile is not missed.
            if let Some(seq) = place_of(&self.connection, *id)? {
                captures.push(reading::capture(&self.connection, seq)?);
            }
        }
        self.reopen(writer)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.known.go_on(&transaction)?;
        let mut lacking = Vec::new();
        for capture in captures {
            if place_of(&transaction, capture.id)?.is_none() {
                lacking.push(capture);
            }
        }
        self.known.unsaved.clear();
        let mut writing = Writing {
            transaction: &transaction,
            known: &mut self.known,
            lease: &mut self.lease,
            now: self.time.now(),
        };
        writing.insert_captures(lacking.iter().map(|capture| (capture, false)))?;
        transaction.commit()?;
        self.eviction.forget();
        Ok(())
    }

    /// Closes all connections before one takes up the log: what they share in memory goes with the last of them.
    fn reopen(&mut self, writer: &Writer) -> Result<(), LogError> {
        let _nobody_reads = writer.readers.close();
        // Whoever makes a checkpoint now may wait for this one.
        let mut checkpointer = match writer.checkpointer.try_lock() {
            Ok(connection) => connection,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(LogError::InUse),
        };
        *checkpointer = None;
        self.connection = Connection::open_in_memory()?;
        self.connection = connect(&self.file.path, self.file.full_sync)?;
        self.log_identity = None;
        self.known.forget();
        self.lease.forget();
        Ok(())
    }

    /// Whether what is owed leaves no room; checked again now and then.
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
        let evicted = self.eviction.evict(&mut self.connection, self.time.now());
        if !matches!(evicted, Ok(0)) {
            self.known.forget();
        }
    }

    /// Does `work` in one transaction: all of it is committed or none. It says how many rows it wrote to the
    /// table.
    fn write(
        &mut self,
        writer: &Writer,
        table: usize,
        work: impl FnOnce(&mut Writing<'_>) -> rusqlite::Result<u64>,
    ) -> Result<(), StoreError> {
        self.ensure_files(writer)?;
        let unsaved = self.known.unsaved.len();
        let outcome = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|transaction| {
                self.known.go_on(&transaction)?;
                let written = work(&mut Writing {
                    transaction: &transaction,
                    known: &mut self.known,
                    lease: &mut self.lease,
                    now: self.time.now(),
                })?;
                transaction.commit()?;
                Ok(written)
            });
        match &outcome {
            Ok(written) => {
                self.eviction.written(table, *written);
                if self.log_identity.is_none() {
                    self.log_identity = Some(self.read_log_identity());
                }
                self.ensure_heartbeat(writer);
            }
            Err(error) => {
                error!(%error, "store did not commit");
                // What was added in this transaction is gone with it.
                self.known.forget();
                self.known.unsaved.truncate(unsaved);
                self.lease.forget();
            }
        }
        if outcome.is_ok() && self.eviction.is_due(self.bound) {
            self.evict();
        }
        outcome.map(|_| ()).map_err(StoreError::write)
    }

    /// Someone renews the lease from when it is taken first.
    fn ensure_heartbeat(&mut self, writer: &Writer) {
        if self.heartbeat.is_some() || !self.lease.is_taken() {
            return;
        }
        let (open, closed) = channel();
        let writer = writer.own.clone();
        let started = std::thread::Builder::new()
            .name("lease".to_owned())
            .spawn(move || keep_lease(&writer, &closed));
        // Without it the lease is renewed by what is written, if anything is.
        self.heartbeat = started.is_ok().then_some(open);
    }
}

/// Why a log that was removed or replaced cannot be made up for now.
#[derive(Debug, thiserror::Error)]
enum LogError {
    #[error("its log (-wal) was removed or replaced while it was in use; try again")]
    InUse,
    #[error("its log (-wal) was removed or replaced: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// The log and its index, each by device and inode.
#[derive(Clone, Copy, PartialEq, Eq)]
struct LogIdentity {
    log: Option<FileIdentity>,
    index: Option<FileIdentity>,
}

/// Device and inode of a file.
type FileIdentity = (u64, u64);

fn identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::super::testing::{TestStore, all, capture, wait};
    use super::super::{Query, Store as _, StoreOptions};
    use crate::model::{Id, Verdict};

    #[test]
    fn a_clock_that_jumps_loses_nothing() {
        let own = TestStore::new(StoreOptions::default());
        let now = Timestamp::now();
        let hour = Duration::from_secs(3600);
        let times = [now, now - hour, now + 24 * hour, now, Timestamp::UNIX_EPOCH];
        let captures: Vec<_> = (0..100)
            .map(|number| capture(number, times[number as usize % times.len()]))
            .collect();
        for capture in &captures {
            own.import(std::slice::from_ref(capture));
        }
        let listed = own.captures(&Query::default());
        assert_eq!(listed.len(), 100);
        assert!(listed.is_sorted_by(|newer, older| newer.received_at >= older.received_at));
        for capture in &captures {
            assert_eq!(own.find(&capture.id.ulid.to_string()), capture.id);
        }
    }

    #[test]
    fn what_another_process_removed_does_not_hide_what_comes_after() {
        let own = TestStore::new(StoreOptions::default());
        let other = own.other();
        let now = Timestamp::now();
        let unchecked = Query::Verdict(Verdict::Unchecked);
        for number in 0..4 {
            let capture = capture(number, now);
            own.import(std::slice::from_ref(&capture));
            assert_eq!(own.captures(&unchecked).len(), 1);
            let remover = if number % 2 == 0 { &other } else { &own.store };
            assert_eq!(wait(remover.remove(&[capture.id])).unwrap(), 1);
        }
    }

    #[test]
    fn captures_of_one_millisecond_stay_in_their_order_and_are_found_by_their_ids() {
        let own = TestStore::new(StoreOptions::default());
        let now = Timestamp::now();
        let captures: Vec<_> = (0..600).map(|number| capture(number, now)).collect();
        // Another connection has written in the same millisecond.
        let other = own.other();
        own.import(&captures[..200]);
        wait(other.import(captures[200..400].to_owned())).unwrap();
        own.import(&captures[400..]);
        let listed = all(&other, &Query::default());
        assert!(
            listed
                .iter()
                .rev()
                .map(|row| row.id)
                .eq(captures.iter().map(|capture| capture.id))
        );
        for capture in &captures {
            assert_eq!(own.find(&capture.id.ulid.to_string()), capture.id);
        }
        assert_eq!(wait(own.store.remove(&[captures[7].id])).unwrap(), 1);
        let times = || -> i64 {
            own.connection()
                .query_row("SELECT count(*) FROM capture_time", [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(times(), 1);
        let ids: Vec<Id> = captures.iter().map(|capture| capture.id).collect();
        assert_eq!(wait(own.store.remove(&ids)).unwrap(), 599);
        assert_eq!(times(), 0);
    }
}
