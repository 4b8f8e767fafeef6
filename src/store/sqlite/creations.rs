//! What each commit made: a row a commit, by which the store is followed.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::order::TABLES;

/// The number of the last commit that anything is left of, or that is put down.
pub(super) fn last_commit(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT max(number) FROM creation), 0),
                        coalesce((SELECT max(changed_in) FROM capture WHERE changed_in IS NOT NULL), 0),
                        coalesce((SELECT max(changed_in) FROM delivery WHERE changed_in IS NOT NULL), 0),
                        coalesce((SELECT value FROM setting WHERE name = 'last_commit'), 0))",
        )?
        .query_row([], |row| row.get(0))
}

/// Places as a commit's row has them.
pub(super) fn places_bytes(places: &[i64]) -> Vec<u8> {
    places
        .iter()
        .flat_map(|place| place.to_be_bytes())
        .collect()
}

/// The places of [`places_bytes`].
pub(super) fn read_places(bytes: &[u8]) -> impl Iterator<Item = i64> {
    let (places, _) = bytes.as_chunks();
    places.iter().map(|place| i64::from_be_bytes(*place))
}

/// Takes places out of what a commit made; its row goes with the last of them.
pub(super) fn forget_creation(
    transaction: &Transaction<'_>,
    table: usize,
    commit: i64,
    places: &HashSet<i64>,
) -> rusqlite::Result<()> {
    let mut made: [Vec<i64>; TABLES.len()] = Default::default();
    let is_there = transaction
        .prepare_cached("SELECT captures, deliveries FROM creation WHERE number = ?1")?
        .query_row([commit], |row| {
            for (column, made) in made.iter_mut().enumerate() {
                made.extend(read_places(row.get_ref(column)?.as_blob()?));
            }
            Ok(())
        })
        .optional()?;
    if is_there.is_none() {
        return Ok(());
    }
    made[table].retain(|place| !places.contains(place));
    if made.iter().all(Vec::is_empty) {
        let mut delete = transaction.prepare_cached("DELETE FROM creation WHERE number = ?1")?;
        delete.execute([commit])?;
    } else {
        let mut update = transaction.prepare_cached(
            "UPDATE creation SET captures = ?2, deliveries = ?3 WHERE number = ?1",
        )?;
        let [captures, deliveries] = made.map(|places| places_bytes(&places));
        update.execute(params![commit, captures, deliveries])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestStore, capture, wait};
    use super::super::{Store as _, StoreOptions};
    use jiff::Timestamp;

    #[test]
    fn the_row_of_a_commit_goes_with_the_last_of_what_it_made() {
        let test = TestStore::new(StoreOptions::default());
        let all: Vec<_> = (0..3)
            .map(|number| capture(number, Timestamp::from_second(number as i64).unwrap()))
            .collect();
        test.import(&all);
        let left = || -> (i64, i64) {
            let sum = "SELECT count(*), coalesce(sum(length(captures)), 0) FROM creation";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            test.connection().query_row(sum, [], row).unwrap()
        };
        assert_eq!(left(), (1, 24));
        wait(test.store.remove(&[all[0].id, all[2].id])).unwrap();
        assert_eq!(left(), (1, 8));
        wait(test.store.remove(&[all[1].id])).unwrap();
        assert_eq!(left(), (0, 0));
    }
}
