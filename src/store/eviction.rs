//! What goes so that the store stays within its bound: the oldest, some at a time, so that no commit waits
//! long for it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::Keep;
use super::order::{COUNTER_BITS, first_at};

/// Rows that one eviction removes at most.
const EVICTED_AT_ONCE: u64 = 2_000;

/// The tables' numbers.
pub(super) const CAPTURES: usize = 0;
pub(super) const DELIVERIES: usize = 1;

pub(super) struct Eviction {
    keep: Keep,
    tables: [Counted; 2],
}

/// What is remembered of a table, for counting all rows reads the whole of it.
#[derive(Default)]
struct Counted {
    /// Rows written since they were counted.
    written: u64,
    /// The place of the first row that stays. A place and no number: another process may remove, too.
    first_kept: Option<i64>,
}

impl Eviction {
    pub(super) fn new(keep: Keep) -> Self {
        Self {
            keep,
            tables: Default::default(),
        }
    }

    /// So many rows were written to a table.
    pub(super) fn written(&mut self, table: usize, rows: u64) {
        self.tables[table].written += rows;
    }

    /// Removes the oldest captures and deliveries until the store is within its bound, some at a time.
    pub(super) fn evict(
        &mut self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> rusqlite::Result<usize> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut removed = 0;
        for (number, table) in [(CAPTURES, "capture"), (DELIVERIES, "delivery")] {
            let gone = match self.keep {
                Keep::Age(age) => {
                    let first_kept = now.checked_sub(age).map_or(0, first_at);
                    let old = rows_up_to(&transaction, table, first_kept)?;
                    remove_oldest(&transaction, table, old)?
                }
                Keep::Count(most) => {
                    let first_kept = self.tables[number].first_kept(&transaction, table, most)?;
                    let old = rows_up_to(&transaction, table, first_kept)?;
                    remove_oldest(&transaction, table, old)?
                }
                Keep::Bytes(most) => {
                    let mut gone = 0;
                    if used_bytes(&transaction)? > most {
                        // A tenth of the rows at a time: few may be large.
                        let some = rows_up_to(&transaction, table, i64::MAX)?.div_ceil(10);
                        for _ in 0..10 {
                            gone += remove_oldest(&transaction, table, some)?;
                            if used_bytes(&transaction)? <= most {
                                break;
                            }
                        }
                    }
                    gone
                }
            };
            if gone > 0 {
                transaction.execute(
                    &format!("DELETE FROM {table}_time WHERE kind IN (SELECT id FROM kind) AND ms < (SELECT coalesce(min(seq), {}) >> {COUNTER_BITS} FROM {table})", i64::MAX),
                    [],
                )?;
            }
            removed += gone;
        }
        transaction.commit()?;
        Ok(removed)
    }
}

impl Counted {
    /// Where the rows begin that stay where at most so many do: counted anew once a tenth as many were written.
    fn first_kept(
        &mut self,
        transaction: &Transaction<'_>,
        table: &str,
        most: u64,
    ) -> rusqlite::Result<i64> {
        if let Some(first_kept) = self.first_kept
            && self.written < most / 10
        {
            return Ok(first_kept);
        }
        let rows: u64 =
            transaction.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })?;
        let first_kept = if rows <= most {
            i64::MIN
        } else {
            let place = transaction.query_row(
                &format!("SELECT seq FROM {table} ORDER BY seq LIMIT 1 OFFSET ?1"),
                [rows - most],
                |row| row.get(0),
            );
            // There is none where none is to stay.
            place.optional()?.unwrap_or(i64::MAX)
        };
        self.written = 0;
        self.first_kept = Some(first_kept);
        Ok(first_kept)
    }
}

/// How many rows stand in front of `place`, as far as one eviction removes them.
fn rows_up_to(transaction: &Transaction<'_>, table: &str, place: i64) -> rusqlite::Result<u64> {
    transaction.query_row(
        &format!("SELECT count(*) FROM (SELECT 1 FROM {table} WHERE seq < ?1 LIMIT ?2)"),
        params![place, EVICTED_AT_ONCE],
        |row| row.get(0),
    )
}

fn used_bytes(transaction: &Transaction<'_>) -> rusqlite::Result<u64> {
    let pragma = |name: &str| -> rusqlite::Result<u64> {
        transaction.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
    };
    Ok((pragma("page_count")? - pragma("freelist_count")?) * pragma("page_size")?)
}

fn remove_oldest(
    transaction: &Transaction<'_>,
    table: &str,
    count: u64,
) -> rusqlite::Result<usize> {
    if count == 0 {
        return Ok(0);
    }
    transaction.execute(
        &format!(
            "DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table} ORDER BY seq LIMIT ?1)"
        ),
        [count],
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, SqliteStore, Store as _, StoreOptions};
    use super::*;
    use crate::store::writer::tests::capture;
    use std::time::Duration;

    const DAY: Duration = Duration::from_secs(86_400);

    fn filled(keep: Keep, age: Duration) -> usize {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let captures: Vec<_> = (0..300)
            .map(|number| capture(number, Timestamp::now() - age))
            .collect();
        store.import(&captures).unwrap();
        let mut connection = Connection::open(&path).unwrap();
        let mut eviction = Eviction::new(keep);
        while eviction.evict(&mut connection, Timestamp::now()).unwrap() > 0 {}
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

    #[test]
    fn two_processes_that_count_remove_no_more_than_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let mut connection = Connection::open(&path).unwrap();
        let mut processes = [(); 2].map(|()| Eviction::new(Keep::Count(100)));
        let now = Timestamp::now();
        for round in 0..40 {
            for process in &mut processes {
                process.evict(&mut connection, now).unwrap();
            }
            let kept = store.captures(&Filter::default()).unwrap().len() as u64;
            let written = round * 9;
            assert!(kept >= written.min(100), "{kept} of {written}");
            assert!(kept <= 120, "{kept}");
            let captures: Vec<_> = (0..9)
                .map(|number| capture(written + number, now))
                .collect();
            store.import(&captures).unwrap();
            processes[round as usize % 2].written(CAPTURES, 9);
        }
    }
}
