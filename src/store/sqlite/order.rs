//! The store's order: a row's `seq` contains its time. The upper bits of `seq` are the
//! milliseconds of its id and its time, the lower ones count within the millisecond. So a prefix of an id
//! and a span of time are ranges of rows, and neither needs an index.

use std::ops::Range;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use ulid::Ulid;

/// The numbers of the tables whose rows have an order.
pub(super) const CAPTURES: usize = 0;
pub(super) const DELIVERIES: usize = 1;
pub(super) const TABLES: [&str; 2] = ["capture", "delivery"];

/// Two million rows a millisecond, until the year 2109.
pub(super) const COUNTER_BITS: u32 = 21;
pub(super) const LAST_COUNT: i64 = (1 << COUNTER_BITS) - 1;
const MAX_MS: u64 = (1 << (63 - COUNTER_BITS)) - 1;

/// The first place of a millisecond since 1970.
fn first_of(ms: u64) -> i64 {
    i64::try_from(ms.min(MAX_MS) << COUNTER_BITS).unwrap_or(i64::MAX)
}

/// The first place of the millisecond of `time`.
pub(super) fn first_at(time: Timestamp) -> i64 {
    first_of(u64::try_from(time.as_millisecond()).unwrap_or(0))
}

/// The last place of the millisecond of `time`.
pub(super) fn last_at(time: Timestamp) -> i64 {
    first_at(time).saturating_add(LAST_COUNT)
}

/// The places where the row of `ulid` may stand.
pub(super) fn places_of(ulid: Ulid) -> Range<i64> {
    let first = first_of(ulid.timestamp_ms());
    first..first.saturating_add(1 << COUNTER_BITS)
}

/// The places of the ids that begin with `prefix`; none where no id does.
pub(super) fn places_of_prefix(prefix: &str) -> Option<Range<i64>> {
    // 26 characters of five bits are two more than an id has.
    if prefix.starts_with(|first| first > '7') {
        return None;
    }
    let first = Ulid::from_string(&format!("{prefix:0<26}")).ok()?;
    let last = Ulid::from_string(&format!("{prefix:Z<26}")).ok()?;
    Some(places_of(first).start..places_of(last).end)
}

/// SQLite's count of what other connections committed.
pub(super) fn others_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))
}

/// The millisecond since 1970 of a place.
pub(super) fn ms_of(place: i64) -> i64 {
    place >> COUNTER_BITS
}

/// Gives out places of one table. What it knows of them holds for as long as no one else writes.
pub(super) struct RowIdAllocator {
    table: &'static str,
    last: Option<i64>,
    /// The millisecond of the last place, and the kinds that are put down for it.
    ms: i64,
    kinds: Vec<i64>,
    /// What [`others_version`] was.
    others_version: Option<i64>,
}

impl RowIdAllocator {
    pub(super) fn new(table: &'static str) -> Self {
        Self {
            table,
            last: None,
            ms: 0,
            kinds: Vec::new(),
            others_version: None,
        }
    }

    /// Begins with a transaction: what was known before it holds on unless someone else has written since.
    pub(super) fn go_on(&mut self, others_version: i64) {
        if self.others_version != Some(others_version) {
            self.forget();
            self.others_version = Some(others_version);
        }
    }

    /// Rows were removed, or a transaction that had written some came to nothing.
    pub(super) fn forget(&mut self) {
        self.last = None;
        self.kinds.clear();
    }

    /// The next free place for `ulid`.
    pub(super) fn next(
        &mut self,
        transaction: &Transaction<'_>,
        ulid: Ulid,
    ) -> rusqlite::Result<i64> {
        let places = places_of(ulid);
        let taken = match self.last {
            Some(last) if places.contains(&last) => Some(last),
            _ => transaction
                .prepare_cached(&format!(
                    "SELECT max(seq) FROM {} WHERE seq >= ?1 AND seq < ?2",
                    self.table
                ))?
                .query_row([places.start, places.end], |row| row.get(0))?,
        };
        let place = taken.map_or(places.start, |taken: i64| taken + 1);
        self.last = Some(place);
        Ok(place)
    }

    /// Puts down that a row of that kind is there, by which it is found.
    pub(super) fn note(
        &mut self,
        transaction: &Transaction<'_>,
        kind: i64,
        place: i64,
    ) -> rusqlite::Result<()> {
        let ms = ms_of(place);
        if self.ms != ms {
            self.ms = ms;
            self.kinds.clear();
        }
        if !self.kinds.contains(&kind) {
            transaction
                .prepare_cached(&format!(
                    "INSERT OR IGNORE INTO {}_time (kind, at_ms) VALUES (?1, ?2)",
                    self.table
                ))?
                .execute([kind, ms])?;
            self.kinds.push(kind);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_stands_where_each_prefix_of_its_id_says(ms in 0..=MAX_MS, random: u128, length in 1..=26_usize) {
            let ulid = Ulid::from_parts(ms, random);
            let own = places_of(ulid);
            let found = places_of_prefix(&ulid.to_string()[..length]).unwrap();
            prop_assert!(found.start <= own.start && own.end <= found.end);
        }
    }

    #[test]
    fn what_no_id_begins_with_has_no_place() {
        assert_eq!(places_of_prefix("8"), None);
        assert!(places_of_prefix("7").is_some());
    }
}
