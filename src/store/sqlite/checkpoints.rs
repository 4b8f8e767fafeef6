//! Checkpoints: what is committed moves from the log into the database, beside the writing. Writing waits for
//! the end of it alone, when little is left.

use crate::model::Capture;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::connection::PAGE_BYTES;
use super::writer::Writer;

/// The log's length, about, from which on it is worth a checkpoint: each costs two flushes to the disk.
const LOG_BYTES: usize = 32 << 20;
/// The length at which writing waits for a checkpoint: the disk does not follow.
pub(super) const MOST_LOG_BYTES: usize = 4 * LOG_BYTES;
/// What a commit writes besides the rows: pages that it fills in part, of the table, its index and its tree.
const COMMIT_BYTES: usize = 4 * PAGE_BYTES;
/// What a row takes besides its body.
const ROW_BYTES: usize = 500;
/// Pages that are moved while writing waits, about, and how often the others are tried.
const FEW_PAGES: i64 = 256;
const PASSES: usize = 4;
/// How long one commit waits for a checkpoint at most, and how often it looks.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

pub(super) struct Checkpoints {
    /// Written since the last checkpoint, about.
    logged_bytes: AtomicUsize,
    is_under_way: AtomicBool,
}

impl Checkpoints {
    pub(super) fn new() -> Self {
        Self {
            logged_bytes: AtomicUsize::new(0),
            is_under_way: AtomicBool::new(false),
        }
    }

    /// Counts one commit of these, and says whether a checkpoint is to be made now.
    pub(super) fn count<'c>(&self, captures: impl Iterator<Item = &'c Arc<Capture>>) -> bool {
        let rows = captures.map(|capture| capture.request.body.len() + ROW_BYTES);
        let bytes = COMMIT_BYTES + rows.sum::<usize>();
        let logged = self.logged_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        logged >= LOG_BYTES && !self.is_under_way.swap(true, Ordering::Relaxed)
    }

    /// Waits for the checkpoint under way where the log has become far too long, but not for ever: what a long
    /// reading left behind takes longer to move than senders wait for an answer.
    pub(super) fn wait_if_behind(&self, writer: &Writer) {
        if self.logged_bytes.load(Ordering::Relaxed) < MOST_LOG_BYTES {
            return;
        }
        let begun = Instant::now();
        while writer.is_checkpointing() && begun.elapsed() < LONGEST_WAIT {
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    /// Makes a checkpoint. What fails here is made up for by the next one, or by SQLite's own, which comes
    /// with a commit when the log is longer still.
    pub(super) fn run(&self, writer: &Writer) {
        let connection = writer.checkpointer();
        if let Some(connection) = &*connection {
            let mut moved = 0;
            for _ in 0..PASSES {
                // What is committed meanwhile is left for the next pass.
                let Ok((log, _)) = checkpoint(connection) else {
                    break;
                };
                if log - moved < FEW_PAGES {
                    break;
                }
                moved = log;
            }
        }
        drop(connection);
        // The log starts again with the next commit if all of it was moved.
        writer.checkpoint_while_nobody_writes(|connection| {
            checkpoint(connection).is_ok_and(|(log, moved)| log == moved)
        });
        self.logged_bytes.store(0, Ordering::Relaxed);
        self.is_under_way.store(false, Ordering::Relaxed);
    }
}

/// Moves what no one reads or writes now, and says how many pages the log had, and how many of them the database
/// has now.
fn checkpoint(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok((row.get(1)?, row.get(2)?))
    })
}
