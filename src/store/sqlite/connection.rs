//! A connection to the store's database, set up as all of them are.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::functions;

/// Fewer writes a commit than with smaller pages, and fewer bytes than with larger ones: measured.
pub(super) const PAGE_BYTES: usize = 8192;
/// How long a process waits for another one's commit.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn connect(path: &Path, full_sync: bool) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A store that someone else prepared must not run their SQL or corrupt itself.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(
        None,
        "synchronous",
        if full_sync { "full" } else { "normal" },
    )?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // SQLite's own come after those beside the writing (see `checkpoints`), if at all.
    connection.pragma_update(None, "wal_autocheckpoint", 8000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    functions::add_to(&connection)?;
    Ok(connection)
}
