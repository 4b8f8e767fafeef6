//! The newest ids, read beside whoever uses the store: it is not opened as one, and neither made nor migrated.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::migrate::STEPS;
use super::reading::id;
use super::selection::table_of;
use crate::model::{Id, IdKind};

/// How long another process's commit is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_millis(20);

/// A capture or a delivery by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredName {
    pub id: Id,
    /// `provider/event`, as far as they are known.
    pub event: String,
}

/// The newest of a store, newest first; none where there is no store of this version.
pub fn newest_names(path: &Path, kind: IdKind, limit: usize) -> Option<Vec<StoredName>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).ok()?;
    connection.busy_timeout(BUSY_TIMEOUT).ok()?;
    let version: usize = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .ok()?;
    if version != STEPS.len() {
        return None;
    }
    let (table, _) = table_of(kind);
    let text = format!(
        "SELECT t.id, k.provider, k.event FROM {table} t JOIN kind k ON k.id = t.kind ORDER BY t.seq DESC LIMIT ?1"
    );
    let mut select = connection.prepare(&text).ok()?;
    let rows = select.query_map([limit], |row| {
        let (provider, event): (String, String) = (row.get(1)?, row.get(2)?);
        Ok(StoredName {
            id: id(kind, row, 0)?,
            event: match provider.is_empty() {
                true => event,
                false => format!("{provider}/{event}"),
            },
        })
    });
    rows.ok()?.collect::<rusqlite::Result<Vec<_>>>().ok()
}
