//! The embedded store: one SQLite database, one writing connection in each process, a reading one beside it.

use crate::model::{
    Capture, CaptureSummary, Delivery, DeliveryOutline, DeliverySummary, Id, IdKind, Reference,
};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;

use super::checkpoints::Checkpoints;
use super::connection::connect;
use super::eviction::{Eviction, read_keep, used_bytes, write_setting};
use super::group::GroupCommit;
use super::writer::Writer;
use super::{
    Ack, Excess, Filter, Keep, PendingAt, Store, StoreError, StoreNotice, files, migrate, query,
};

#[derive(Clone, Copy, Debug, Default)]
pub struct StoreOptions {
    /// How much a store keeps that is made now. One that is there has its own bound.
    pub keep: Keep,
    /// A commit survives power loss too (`synchronous=FULL`), not only the end of the process.
    pub full_sync: bool,
}

pub struct SqliteStore {
    writer: Arc<Writer>,
    group: Arc<GroupCommit>,
}

impl SqliteStore {
    /// Opens the store at `path`, and makes it where there is none.
    pub fn open(path: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        let refused = |why: String| StoreError::Open {
            path: path.display().to_string(),
            why,
        };
        files::prepare(path).map_err(|error| refused(error.to_string()))?;
        let mut connection =
            connect(path, options.full_sync).map_err(|error| refused(error.to_string()))?;
        migrate::migrate(&mut connection, path, migrate::STEPS).map_err(&refused)?;
        settle_bound(&connection, options.keep).map_err(|error| refused(error.to_string()))?;
        let writing =
            connect(path, options.full_sync).map_err(|error| refused(error.to_string()))?;
        let writer = Writer::new(writing, connection, path.to_owned(), options.full_sync);
        let writer = Arc::new(writer);
        Ok(Self {
            group: Arc::new(GroupCommit::new(writer.clone(), Checkpoints::new())),
            writer,
        })
    }
}

/// Gives a store its bound where it has none: a new one, and one of an earlier version. What that one holds
/// already stays, whatever its bound was: each process had its own.
fn settle_bound(connection: &Connection, keep: Keep) -> rusqlite::Result<()> {
    if read_keep(connection)?.is_some() {
        return Ok(());
    }
    let would_go = Eviction::excess(connection, keep, Timestamp::now())?;
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

impl Store for SqliteStore {
    fn keep(&self, capture: Arc<Capture>) -> Result<Ack, StoreError> {
        self.group.keep(capture)
    }

    fn import(&self, captures: &[Capture]) -> Result<(), StoreError> {
        self.writer.import(captures)
    }

    fn record(
        &self,
        delivery: &Delivery,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError> {
        self.writer.record(delivery, new_from, settles_at)
    }

    fn captures(&self, filter: &Filter) -> Result<Vec<CaptureSummary>, StoreError> {
        query::captures(&self.writer.reader(), filter).map_err(query::read_error)
    }

    fn capture(&self, which: &Reference) -> Result<Capture, StoreError> {
        let connection = self.writer.reader();
        let seq = query::find(&connection, IdKind::Capture, which)?;
        query::capture(&connection, seq).map_err(query::read_error)
    }

    fn deliveries(&self, filter: &Filter) -> Result<Vec<DeliverySummary>, StoreError> {
        query::deliveries(&self.writer.reader(), filter).map_err(query::read_error)
    }

    fn delivery(&self, which: &Reference) -> Result<Delivery, StoreError> {
        let connection = self.writer.reader();
        let seq = query::find(&connection, IdKind::Delivery, which)?;
        query::delivery(&connection, seq).map_err(query::read_error)
    }

    fn courses(&self, filter: &Filter) -> Result<Vec<DeliveryOutline>, StoreError> {
        query::courses(&self.writer.reader(), filter).map_err(query::read_error)
    }

    fn settle_forward(
        &self,
        capture: Id,
        status: Option<u16>,
        delivered_to: &[String],
    ) -> Result<(), StoreError> {
        self.writer.settle_forward(capture, status, delivered_to)
    }

    fn begin(
        &self,
        delivery: &Delivery,
        started_at: Timestamp,
        owed_to: Option<&str>,
    ) -> Result<u32, StoreError> {
        self.writer.begin(delivery, started_at, owed_to)
    }

    fn pending(&self) -> Result<Vec<PendingAt>, StoreError> {
        query::pending(&self.writer.reader()).map_err(query::read_error)
    }

    fn discard_pending(&self, url: &str) -> Result<u64, StoreError> {
        self.writer.discard_pending(url)
    }

    fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError> {
        self.writer.keep_pending(destinations)
    }

    fn bound(&self) -> Result<Keep, StoreError> {
        let keep = read_keep(&self.writer.reader()).map_err(query::read_error)?;
        Ok(keep.unwrap_or_default())
    }

    fn set_bound(&self, keep: Keep) -> Result<(), StoreError> {
        self.writer.set_bound(keep)
    }

    fn excess(&self, keep: Keep) -> Result<Excess, StoreError> {
        Eviction::excess(&self.writer.reader(), keep, Timestamp::now()).map_err(query::read_error)
    }

    fn prune(&self, keep: Keep) -> Result<Excess, StoreError> {
        self.writer.prune(keep)
    }

    fn take_notices(&self) -> Vec<StoreNotice> {
        self.writer.take_notices()
    }

    fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        self.writer.remove(ids)
    }
}
