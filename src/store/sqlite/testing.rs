//! Stores of which a test knows the file.

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{Order, Query, SqliteStore, Store as _, StoreOptions};
use crate::model::{
    Capture, CaptureSummary, Destinations, Headers, Id, IdKind, Reference, Request, Verdict,
};
use crate::store::rows;

pub struct TestStore {
    dir: TempDir,
    pub store: SqliteStore,
}

impl TestStore {
    pub fn new(options: StoreOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("store.db"), options).unwrap();
        Self { dir, store }
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("store.db")
    }

    /// The same store, opened once more.
    pub fn other(&self) -> SqliteStore {
        SqliteStore::open(&self.path(), StoreOptions::default()).unwrap()
    }

    pub fn connection(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    pub fn import(&self, captures: &[Capture]) {
        wait(self.store.import(captures.to_owned())).unwrap();
    }

    pub fn captures(&self, query: &Query) -> Vec<CaptureSummary> {
        all(&self.store, query)
    }

    /// The id of the capture that those characters name.
    pub fn find(&self, part: &str) -> Id {
        let reference = Reference::Part(part.to_owned());
        wait(self.store.find(IdKind::Capture, &reference)).unwrap()
    }
}

/// Newest first.
pub fn all(store: &SqliteStore, query: &Query) -> Vec<CaptureSummary> {
    use futures_util::TryStreamExt as _;
    let read = async |page| store.captures(query, page).await;
    wait(rows(Order::NewestFirst, None, read).try_collect()).unwrap()
}

pub fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

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
        same_id_changed: false,
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
        sent_by: None,
        destinations: Destinations::default(),
        over_tls: false,
        endpoint: None,
        response_end: None,
        peer: None,
    }
}
