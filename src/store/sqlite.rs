//! The embedded store: one SQLite database, one writing connection in each process, a reading one beside it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::checkpoints::Checkpoints;
use super::connection::connect;
use super::group::GroupCommit;
use super::writer::Writer;
use super::{
    Ack, Capture, CaptureRow, DeliveryCourse, DeliveryRecord, DeliveryRow, Filter, Id, IdKind,
    Keep, Reference, Store, StoreError, files, migrate, query,
};

#[derive(Clone, Copy, Debug, Default)]
pub struct StoreOptions {
    pub keep: Keep,
    /// A commit survives power loss too (`synchronous=FULL`), not only the end of the process.
    pub full_sync: bool,
}

pub struct SqliteStore {
    reader: Mutex<Connection>,
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
        let writing =
            connect(path, options.full_sync).map_err(|error| refused(error.to_string()))?;
        let writer = Arc::new(Writer::new(writing, path.to_owned(), options.keep));
        let checkpoints = Checkpoints::new(path.to_owned(), options.full_sync);
        Ok(Self {
            reader: Mutex::new(connection),
            group: Arc::new(GroupCommit::new(writer.clone(), checkpoints)),
            writer,
        })
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for SqliteStore {
    fn keep(&self, capture: Arc<Capture>) -> Result<Ack, StoreError> {
        self.group.keep(capture)
    }

    fn import(&self, captures: &[Capture]) -> Result<(), StoreError> {
        self.writer.import(captures)
    }

    fn record(&self, delivery: &DeliveryRecord, new_from: usize) -> Result<(), StoreError> {
        self.writer.record(delivery, new_from)
    }

    fn captures(&self, filter: &Filter) -> Result<Vec<CaptureRow>, StoreError> {
        query::captures(&self.reader(), filter).map_err(query::read_error)
    }

    fn capture(&self, which: &Reference) -> Result<Capture, StoreError> {
        let connection = self.reader();
        let seq = query::find(&connection, IdKind::Capture, which)?;
        query::capture(&connection, seq).map_err(query::read_error)
    }

    fn deliveries(&self, filter: &Filter) -> Result<Vec<DeliveryRow>, StoreError> {
        query::deliveries(&self.reader(), filter).map_err(query::read_error)
    }

    fn delivery(&self, which: &Reference) -> Result<DeliveryRecord, StoreError> {
        let connection = self.reader();
        let seq = query::find(&connection, IdKind::Delivery, which)?;
        query::delivery(&connection, seq).map_err(query::read_error)
    }

    fn courses(&self, filter: &Filter) -> Result<Vec<DeliveryCourse>, StoreError> {
        query::courses(&self.reader(), filter).map_err(query::read_error)
    }

    fn settle_forward(
        &self,
        capture: Id,
        status: Option<u16>,
        delivered_to: &[String],
    ) -> Result<(), StoreError> {
        self.writer.settle_forward(capture, status, delivered_to)
    }

    fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        self.writer.remove(ids)
    }
}
