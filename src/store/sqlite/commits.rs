//! The numbers of commits, by which the store is followed.

use rusqlite::Connection;

/// The number of the last commit that anything is left of, or that is put down.
pub(super) fn last_commit(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT made_in FROM capture ORDER BY seq DESC LIMIT 1), 0),
                        coalesce((SELECT max(changed_in) FROM capture WHERE changed_in IS NOT NULL), 0),
                        coalesce((SELECT max(changed_in) FROM delivery), 0),
                        coalesce((SELECT value FROM setting WHERE name = 'last_commit'), 0))",
        )?
        .query_row([], |row| row.get(0))
}

/// The highest place that a capture ever had, as far as anything is left of it, or is put down.
pub(super) fn highest_capture(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "SELECT max(coalesce((SELECT max(seq) FROM capture), -1),
                        coalesce((SELECT value FROM setting WHERE name = 'highest_capture'), -1))",
        )?
        .query_row([], |row| row.get(0))
}

/// What a writer knows of the numbers, as long as no one else writes.
#[derive(Default)]
pub(super) struct Commits {
    /// That of the last one.
    last: Option<i64>,
    /// That of the one under way.
    current: Option<i64>,
    /// See [`highest_capture`].
    highest: Option<i64>,
    /// What [`super::order::others_version`] was.
    others_version: Option<i64>,
}

impl Commits {
    /// A transaction begins.
    pub(super) fn go_on(&mut self, others_version: i64) {
        if self.others_version != Some(others_version) {
            self.forget();
            self.others_version = Some(others_version);
        }
        self.current = None;
    }

    pub(super) fn forget(&mut self) {
        self.last = None;
        self.current = None;
        self.highest = None;
    }

    /// The number of the transaction's commit: above those of all that came before, by any process.
    pub(super) fn current(&mut self, connection: &Connection) -> rusqlite::Result<i64> {
        if let Some(current) = self.current {
            return Ok(current);
        }
        let last = match self.last {
            Some(last) => last,
            None => last_commit(connection)?,
        };
        self.last = Some(last + 1);
        self.current = self.last;
        Ok(last + 1)
    }

    /// What a capture that is made at that place counts as changed in: nothing where its place is above all others.
    pub(super) fn changed_in(
        &mut self,
        connection: &Connection,
        seq: i64,
    ) -> rusqlite::Result<Option<i64>> {
        let highest = match self.highest {
            Some(highest) => highest,
            None => highest_capture(connection)?,
        };
        self.highest = Some(highest.max(seq));
        match seq > highest {
            true => Ok(None),
            false => self.current(connection).map(Some),
        }
    }
}
