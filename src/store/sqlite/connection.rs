//! A connection to the store's database, set up as all of them are.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};

use super::functions;

/// Fewer writes a commit than with smaller pages, and fewer bytes than with larger ones: measured.
pub(super) const PAGE_BYTES: usize = 8192;
/// How long a process waits for another one's commit.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it waits between two tries where SQLite itself does not wait.
const ASKED_AGAIN: Duration = Duration::from_millis(5);

pub(super) fn connect(path: &Path, full_sync: bool) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A store that someone else prepared must not run their SQL or corrupt itself.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    write_ahead(&connection)?;
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

/// Turns write-ahead logging on. On a new store another process may be doing that, too, for which SQLite does not wait
/// however long it may wait for a commit.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY_TIMEOUT;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < until =>
            {
                std::thread::sleep(ASKED_AGAIN);
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_open_a_new_store_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("store");
            let together = std::sync::Barrier::new(8);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        together.wait();
                        connect(&path, false).unwrap();
                    });
                }
            });
        }
    }
}
