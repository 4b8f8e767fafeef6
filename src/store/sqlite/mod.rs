//! The embedded store: one SQLite database, one writing connection in each process, some reading ones beside it.

mod checkpoints;
mod commits;
mod connection;
mod emulated;
mod eviction;
mod files;
mod functions;
mod group;
mod known;
mod lease;
mod lists;
mod migrate;
mod names;
mod order;
mod readers;
mod reading;
mod rows;
mod selection;
#[cfg(test)]
mod testing;
mod writer;

pub use lease::LEASE;
pub use names::{StoredName, newest_names};

use std::path::Path;
use std::sync::Arc;
use tracing::debug;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Ack, Cursor, EventPage, Excess, Incoming, Keep, Order, Page, PageRequest, PendingAt, Query,
    Store, StoreError, StoreEvent, StoreNotice, StoreStatus, WantedForwards,
};
use crate::model::{
    Capture, CaptureSummary, Delivery, DeliveryOutline, DeliverySummary, Id, IdKind, Reference,
    ResponseEnd, Secret, TimeSource,
};
use checkpoints::Checkpoints;
use connection::connect;
use eviction::{Eviction, read_keep, used_bytes, write_setting};
use group::GroupCommit;
use lists::Reader;
use readers::Readers;
use writer::{StoreFile, Writer};

#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// How much a store keeps that is made now. One that is there has its own bound.
    pub keep: Keep,
    /// A commit survives power loss too (`synchronous=FULL`), not only the end of the process.
    pub full_sync: bool,
    /// Whose rows are seen and written.
    pub workspace: String,
    /// By which leases run out and old rows go.
    pub time: TimeSource,
    /// With which a shared store encrypts the secrets of emulated subscriptions.
    pub key: Option<Secret>,
    /// The tables of a shared store may be brought to this version. One in a file always is, and a copy put aside.
    pub migrates: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            keep: Keep::default(),
            full_sync: false,
            workspace: "default".to_owned(),
            time: TimeSource::default(),
            key: None,
            migrates: false,
        }
    }
}

pub struct SqliteStore {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    group: Arc<GroupCommit>,
    workspace: String,
    time: TimeSource,
}

/// A commit in progress continues; the lease ends now.
impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.writer.end_lease();
    }
}

impl SqliteStore {
    /// Opens the store at `path`, and makes it where there is none.
    pub fn open(path: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        let refused = |cause: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
            path: path.display().to_string(),
            cause: cause.into(),
            advice: "use another file with --store FILE, or store nothing with --no-store",
        };
        let sqlite = |error: rusqlite::Error| refused(error.into());
        files::prepare(path).map_err(|error| refused(error.into()))?;
        let mut connection = connect(path, options.full_sync).map_err(sqlite)?;
        migrate::migrate(&mut connection, path, migrate::STEPS)
            .map_err(|error| refused(error.into()))?;
        debug!(path = %path.display(), "store opened");
        settle_bound(&connection, options.keep, options.time.now()).map_err(sqlite)?;
        let writing = connect(path, options.full_sync).map_err(sqlite)?;
        let readers = Arc::new(Readers::new(path.to_owned(), connection));
        let writer = Writer::new(
            writing,
            readers.clone(),
            StoreFile::new(path.to_owned(), options.full_sync),
            options.time.clone(),
            options.workspace.clone(),
        );
        Ok(Self {
            group: Arc::new(GroupCommit::new(writer.clone(), Checkpoints::new())),
            writer,
            readers,
            workspace: options.workspace,
            time: options.time,
        })
    }

    /// Reads as of now, beside the writing.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reader, &Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = Reader {
            workspace: self.workspace.clone(),
            now: self.time.now(),
        };
        self.readers
            .read(move |connection| work(&reader, connection).map_err(StoreError::read))
            .await
    }

    /// One capture or delivery by its id.
    async fn read_one<T: Send + 'static>(
        &self,
        id: Id,
        work: impl FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let workspace = self.workspace.clone();
        self.readers
            .read(move |connection| reading::by_id(connection, id, &workspace, work))
            .await
    }

    /// What takes long is written on a thread where nothing else waits.
    async fn write_long<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = self.writer.clone();
        let written = tokio::task::spawn_blocking(move || work(&writer)).await;
        written.map_err(|_| StoreError::write("the write was interrupted"))?
    }
}

/// Gives a store its bound where it has none: a new one, and one of an earlier version. What that one holds
/// already stays, whatever its bound was: each process had its own.
fn settle_bound(connection: &Connection, keep: Keep, now: Timestamp) -> rusqlite::Result<()> {
    if read_keep(connection)?.is_some() {
        return Ok(());
    }
    let would_go = Eviction::excess(connection, keep, now)?;
    let keep = if would_go == Excess::default() {
        keep
    } else {
        let (Keep::Bytes(usual), used) = (Keep::default(), used_bytes(connection)?) else {
            return Ok(());
        };
        // Whole GiB above what there is.
        Keep::Bytes(usual.max((used >> 30).saturating_add(1) << 30))
    };
    // Of two processes that come at once, the first decides.
    if read_keep(connection)?.is_none() {
        write_setting(connection, "keep", keep.to_string())?;
    }
    Ok(())
}

#[async_trait]
impl Store for SqliteStore {
    fn keep(&self, incoming: Incoming) -> Result<Ack, StoreError> {
        self.group.keep(incoming)
    }

    async fn import(&self, captures: Vec<Capture>) -> Result<(), StoreError> {
        self.write_long(move |writer| writer.import(&captures))
            .await
    }

    async fn find(&self, kind: IdKind, which: &Reference) -> Result<Id, StoreError> {
        let (workspace, which) = (self.workspace.clone(), which.clone());
        self.readers
            .read(move |connection| reading::find(connection, kind, &workspace, &which))
            .await
    }

    async fn capture(&self, id: Id) -> Result<Capture, StoreError> {
        self.read_one(id, reading::capture).await
    }

    async fn captures(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<CaptureSummary>, StoreError> {
        let query = query.clone();
        self.read(move |reader, connection| reader.captures(connection, &query, &page))
            .await
    }

    async fn delivery(&self, id: Id) -> Result<Delivery, StoreError> {
        let now = self.time.now();
        self.read_one(id, move |connection, seq| {
            reading::delivery(connection, seq, now)
        })
        .await
    }

    async fn deliveries(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<DeliverySummary>, StoreError> {
        let query = query.clone();
        self.read(move |reader, connection| reader.deliveries(connection, &query, &page))
            .await
    }

    async fn outlines(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<DeliveryOutline>, StoreError> {
        let query = query.clone();
        self.read(move |reader, connection| reader.outlines(connection, &query, &page))
            .await
    }

    async fn events_after(
        &self,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<EventPage, StoreError> {
        let cursor = cursor.cloned();
        self.read(move |reader, connection| reader.events_after(connection, cursor.as_ref(), limit))
            .await
    }

    async fn newest_event(&self) -> Result<Cursor, StoreError> {
        self.read(Reader::newest_event).await
    }

    async fn cursor_before(&self, captures: &Query) -> Result<Cursor, StoreError> {
        let query = captures.clone();
        self.read(move |reader, connection| reader.cursor_before(connection, &query))
            .await
    }

    async fn claim(&self, deliveries: &Query, limit: usize) -> Result<Vec<Id>, StoreError> {
        let query = deliveries.clone();
        self.write_long(move |writer| writer.claim(&query, limit))
            .await
    }

    async fn claim_pending(
        &self,
        destination: &str,
        captures: &Query,
        limit: usize,
    ) -> Result<Vec<Id>, StoreError> {
        let (url, query) = (destination.to_owned(), captures.clone());
        self.write_long(move |writer| writer.claim_pending(&url, query, limit))
            .await
    }

    async fn claim_forwards(
        &self,
        destination: &str,
        wanted: WantedForwards,
    ) -> Result<Vec<Id>, StoreError> {
        let url = destination.to_owned();
        self.write_long(move |writer| writer.claim_forwards(&url, wanted))
            .await
    }

    async fn give_back(
        &self,
        capture: Id,
        destination: &str,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.writer.give_back(capture, destination, until)
    }

    async fn release(&self, ids: &[Id]) -> Result<(), StoreError> {
        self.writer.release(ids)
    }

    async fn give_back_all_but(&self, under_way: &[(Id, String)]) -> Result<(), StoreError> {
        self.writer.give_back_all_but(under_way)
    }

    async fn begin(
        &self,
        delivery: &Delivery,
        started_at: Timestamp,
        owed_to: Option<&str>,
    ) -> Result<u32, StoreError> {
        self.writer.begin(delivery, started_at, owed_to)
    }

    async fn record(
        &self,
        delivery: &Delivery,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError> {
        self.writer.record(delivery, new_from, settles_at)
    }

    async fn answered(&self, capture: Id, status: u16) -> Result<(), StoreError> {
        self.writer.answered(capture, status)
    }

    async fn response_ended(&self, capture: Id, end: ResponseEnd) -> Result<(), StoreError> {
        self.writer.response_ended(capture, end)
    }

    async fn pending(&self) -> Result<Vec<PendingAt>, StoreError> {
        self.read(Reader::pending).await
    }

    async fn discard_pending(&self, url: &str) -> Result<u64, StoreError> {
        let url = url.to_owned();
        self.write_long(move |writer| writer.discard_pending(&url))
            .await
    }

    async fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError> {
        self.writer.keep_pending(destinations)
    }

    async fn bound(&self) -> Result<Keep, StoreError> {
        let keep = self.read(|_, connection| read_keep(connection)).await?;
        Ok(keep.unwrap_or_default())
    }

    async fn set_bound(&self, keep: Keep) -> Result<(), StoreError> {
        self.writer.set_bound(keep)
    }

    async fn excess(&self, keep: Keep) -> Result<Excess, StoreError> {
        self.read(move |reader, connection| Eviction::excess(connection, keep, reader.now))
            .await
    }

    async fn prune(&self, keep: Keep) -> Result<Excess, StoreError> {
        self.write_long(move |writer| writer.prune(keep)).await
    }

    async fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        let ids = ids.to_owned();
        self.write_long(move |writer| writer.remove(&ids)).await
    }

    fn take_notices(&self) -> Vec<StoreNotice> {
        self.writer.take_notices()
    }

    async fn status(&self) -> Result<StoreStatus, StoreError> {
        self.read(|reader, connection| {
            let connection = connection.unchecked_transaction()?;
            let count = |table: &str, condition: &str| -> rusqlite::Result<u64> {
                connection.query_row(
                    &format!(
                        "SELECT count(*) FROM {table} t JOIN kind k ON k.id = t.kind WHERE k.workspace = ?1 AND {condition}"
                    ),
                    [&reader.workspace],
                    |row| row.get(0),
                )
            };
            let number = |sql: &str| -> rusqlite::Result<u64> {
                connection.query_row(sql, [], |row| row.get(0))
            };
            Ok(StoreStatus {
                version: number("PRAGMA user_version")?,
                captures: count("capture", "1")?,
                deliveries: count("delivery", "1")?,
                pending: count("capture", "t.forward = 1")? + count("delivery", "t.open = 1")?,
                bytes: number("PRAGMA page_count")? * number("PRAGMA page_size")?,
            })
        })
        .await
    }

    async fn vacuum(&self) -> Result<(), StoreError> {
        self.write_long(Writer::vacuum).await
    }
}
