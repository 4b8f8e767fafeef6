//! What goes so that the store stays within its bound, some at a time, so that no commit waits long for it.
//!
//! The bound is the store's own (`setting`), for every process that writes to it. What goes first:
//!
//! 1. requests that were refused, as long as they take more than a tenth of the bound. That tenth comes on
//!    top: a refused request never displaces an accepted one;
//! 2. accepted requests and settled deliveries, those that arrived first before the others;
//! 3. what is still to be delivered, counted and told; and not at all where a running process owes it. But a
//!    tenth of the bound stays for what is not pending: where debts leave less, nothing more is taken.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{
    Connection, OptionalExtension as _, Rows, Statement, Transaction, TransactionBehavior, params,
};
use tracing::info;

use super::commits::{highest_capture, last_commit};
use super::lease::live_process;
use super::order::{
    CAPTURES, COUNTER_BITS, DELIVERIES, LAST_COUNT, TABLES, first_at, ms_of, others_version,
};
use super::{Excess, Keep, StoreNotice};
use crate::model::Destinations;

/// Rows that one eviction removes at most.
const EVICTED_AT_ONCE: usize = 2_000;
/// Commits between two looks at how much is kept.
const COMMITS_BETWEEN: u64 = 64;
/// A jump of the clock beyond this makes eviction by age wait, and for how long.
const CLOCK_JUMP_MS: i64 = 86_400_000;
/// A clock that goes back by less is only being adjusted.
const CLOCK_ADJUSTED_MS: i64 = 60_000;
/// How often the latest time is put down.
const SEEN_EVERY_MS: i64 = 60_000;

/// What one row takes, about: in SQL, and for a capture that is written in Rust the same (`encoding::capture_bytes`).
const BYTES: [&str; 2] = [
    "t.body_length + length(t.headers) + coalesce(length(t.response_body), 0) + octet_length(t.target) + 300",
    "length(t.body) + length(t.headers) + 500 + (SELECT coalesce(sum(length(a.response_body) + length(a.response_headers) + 100), 0) FROM attempt a WHERE a.delivery = t.seq)",
];

#[derive(Default)]
pub(super) struct Eviction {
    counted: [Counted; 2],
    /// Where rows begin that may go as ordinary ones.
    ordinary_from: [Option<i64>; 2],
    others_version: Option<i64>,
    commits: u64,
    written_since: u64,
    /// What is owed fills the store: nothing more can be taken.
    is_full: bool,
    /// What the user is to be told of.
    notices: Vec<StoreNotice>,
    age_wait_was_told: bool,
}

/// What is remembered of a table, for counting all rows reads the whole of it.
#[derive(Default)]
struct Counted {
    /// How many rows there are, as long as no one else writes.
    rows: Option<u64>,
    /// Rows written since they were counted.
    written: u64,
    was_counted: bool,
}

/// A row that may go.
struct Candidate {
    table: usize,
    seq: i64,
    kind: i64,
    /// When it arrived, in milliseconds since 1970.
    at_ms: i64,
    bytes: u64,
    is_refused: bool,
    is_pending: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Refused,
    Ordinary,
    Pending,
}

/// How much is to go.
#[derive(Clone, Copy)]
enum Amount {
    Rows(u64),
    Bytes(u64),
    /// What arrived before that millisecond.
    Before(i64),
}

impl Eviction {
    /// So many rows were written to a table, in one commit.
    pub(super) fn written(&mut self, table: usize, rows: u64) {
        let counted = &mut self.counted[table];
        counted.written = counted.written.saturating_add(rows);
        counted.rows = counted.rows.map(|known| known + rows);
        self.written_since += rows;
    }

    /// Rows were removed or written in another way: what is remembered of them no longer holds.
    pub(super) fn forget(&mut self) {
        for counted in &mut self.counted {
            counted.rows = None;
        }
        self.reconsider();
    }

    /// Rows that could not go may go now.
    pub(super) fn reconsider(&mut self) {
        self.ordinary_from = [None; 2];
    }

    /// A commit was made. True where it is time to look how much is kept.
    pub(super) fn is_due(&mut self, bound: Option<Keep>) -> bool {
        self.commits += 1;
        let few_allowed =
            matches!(bound, Some(Keep::Count(most)) if self.written_since > most / 10);
        self.commits % COMMITS_BETWEEN == 1 || few_allowed
    }

    /// Whether nothing more can be taken: what is owed leaves no room.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    pub(super) fn take_notices(&mut self) -> Vec<StoreNotice> {
        std::mem::take(&mut self.notices)
    }

    /// Removes what exceeds the bound, some at a time, and says how many rows went.
    pub(super) fn evict(
        &mut self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> rusqlite::Result<usize> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let keep = read_keep(&transaction)?.unwrap_or_default();
        self.written_since = 0;
        let waits = self.watch_the_clock(&transaction, keep, now)?;
        let (gone, unmet) = if waits {
            (Vec::new(), false)
        } else {
            self.choose(&transaction, keep, now, EVICTED_AT_ONCE)?
        };
        // The next look says whether it fits then.
        self.is_full = unmet && gone.len() < EVICTED_AT_ONCE;
        remove(&transaction, &gone)?;
        transaction.commit()?;
        if !gone.is_empty() {
            info!(rows = gone.len(), keep = %keep, "store evicted rows");
        }
        self.tell_what_was_pending(&gone);
        self.count_removed(&gone);
        Ok(gone.len())
    }

    /// Removes all that is beyond `keep`, once.
    pub(super) fn prune(
        &mut self,
        connection: &mut Connection,
        keep: Keep,
        now: Timestamp,
    ) -> rusqlite::Result<Excess> {
        self.forget();
        let mut excess = Excess::default();
        loop {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let (gone, _) = self.choose(&transaction, keep, now, EVICTED_AT_ONCE)?;
            remove(&transaction, &gone)?;
            transaction.commit()?;
            self.count_removed(&gone);
            gone.iter().for_each(|row| excess.add(row));
            if gone.is_empty() {
                self.forget();
                return Ok(excess);
            }
        }
    }

    /// What a bound would remove.
    pub(super) fn excess(
        connection: &Connection,
        keep: Keep,
        now: Timestamp,
    ) -> rusqlite::Result<Excess> {
        let mut excess = Excess::default();
        let (gone, _) = Self::default().choose(connection, keep, now, usize::MAX)?;
        gone.iter().for_each(|row| excess.add(row));
        Ok(excess)
    }

    fn count_removed(&mut self, gone: &[Candidate]) {
        for (table, counted) in self.counted.iter_mut().enumerate() {
            let removed = gone.iter().filter(|row| row.table == table).count() as u64;
            counted.rows = counted.rows.map(|rows| rows.saturating_sub(removed));
        }
    }

    fn tell_what_was_pending(&mut self, gone: &[Candidate]) {
        let pending = |table| {
            let rows = gone.iter().filter(|row| row.is_pending);
            rows.filter(|row| row.table == table).count() as u64
        };
        let (captures, deliveries) = (pending(CAPTURES), pending(DELIVERIES));
        if captures + deliveries == 0 {
            return;
        }
        if let Some(StoreNotice::EvictedPending {
            captures: told,
            deliveries: others,
        }) = self.notices.last_mut()
        {
            *told += captures;
            *others += deliveries;
            return;
        }
        self.notices.push(StoreNotice::EvictedPending {
            captures,
            deliveries,
        });
    }

    /// Puts down the time, and says whether eviction by age waits: a clock that is far ahead of where it was may
    /// be wrong, and everything would be too old at once. Where it went back, what seems to be from the future
    /// counts as arrived now.
    fn watch_the_clock(
        &mut self,
        transaction: &Transaction<'_>,
        keep: Keep,
        now: Timestamp,
    ) -> rusqlite::Result<bool> {
        let now_ms = now.as_millisecond();
        let seen = read_number(transaction, "seen_us")?.map(|us| us / 1000);
        let waits_until = read_number(transaction, "age_waits_until_us")?.map(|us| us / 1000);
        let put = |name: &str, ms: i64| write_setting(transaction, name, ms.saturating_mul(1000));
        match seen {
            Some(seen) if now_ms < seen - CLOCK_ADJUSTED_MS => {
                for table in TABLES {
                    transaction.execute(
                        &format!("INSERT OR IGNORE INTO {table}_arrival SELECT seq, ?1 FROM {table} WHERE seq > ?2"),
                        params![now_ms, first_at(now).saturating_add(CLOCK_ADJUSTED_MS << COUNTER_BITS)],
                    )?;
                }
                self.ordinary_from = [None; 2];
                put("seen_us", now_ms)?;
                transaction.execute("DELETE FROM setting WHERE name = 'age_waits_until_us'", [])?;
                return Ok(false);
            }
            Some(seen) if now_ms > seen + CLOCK_JUMP_MS => {
                put("seen_us", now_ms)?;
                let until = now_ms + CLOCK_JUMP_MS;
                put("age_waits_until_us", until)?;
                return self.waits(transaction, keep, now, seen, until);
            }
            Some(seen) if now_ms < seen + SEEN_EVERY_MS => {}
            _ => put("seen_us", now_ms)?,
        }
        match waits_until {
            Some(until) if now_ms < until => {
                let before = until - CLOCK_JUMP_MS;
                self.waits(transaction, keep, now, before.min(now_ms), until)
            }
            _ => Ok(false),
        }
    }

    fn waits(
        &mut self,
        transaction: &Transaction<'_>,
        keep: Keep,
        now: Timestamp,
        seen_ms: i64,
        until_ms: i64,
    ) -> rusqlite::Result<bool> {
        if !matches!(keep, Keep::Age(_)) {
            return Ok(false);
        }
        if !self.age_wait_was_told {
            let (some, _) = self.choose(transaction, keep, now, 1)?;
            if !some.is_empty() {
                self.age_wait_was_told = true;
                let at = |ms| Timestamp::from_millisecond(ms).unwrap_or(now);
                self.notices.push(StoreNotice::AgeWaits {
                    last_seen: at(seen_ms),
                    until: at(until_ms),
                });
            }
        }
        Ok(true)
    }

    /// The rows that go, `limit` at most; and whether the bound is not met for what is owed.
    fn choose(
        &mut self,
        connection: &Connection,
        keep: Keep,
        now: Timestamp,
        limit: usize,
    ) -> rusqlite::Result<(Vec<Candidate>, bool)> {
        let version = others_version(connection)?;
        if self.others_version != Some(version) {
            self.forget();
            self.others_version = Some(version);
        }
        let mut chosen = Chosen {
            rows: Vec::new(),
            limit,
            owed_to: owed(connection, now)?,
        };
        let both = [CAPTURES, DELIVERIES];
        let mut unmet = false;
        match keep {
            Keep::Age(age) => {
                let before = now
                    .checked_sub(age)
                    .map_or(i64::MIN, Timestamp::as_millisecond);
                let amount = Amount::Before(before);
                self.gather(connection, Class::Refused, &[CAPTURES], amount, &mut chosen)?;
                self.gather(connection, Class::Ordinary, &both, amount, &mut chosen)?;
                self.gather(connection, Class::Pending, &both, amount, &mut chosen)?;
            }
            Keep::Count(most) => {
                if self.is_full {
                    self.counted[CAPTURES].written = u64::MAX;
                }
                if let Some(rows) = self.counted[CAPTURES].count(connection, CAPTURES, most)? {
                    let (refused, _) = refused_total(connection)?;
                    let accepted = rows.saturating_sub(refused);
                    let room = most.saturating_sub(accepted).max(most / 10);
                    let amount = Amount::Rows(refused.saturating_sub(room));
                    self.gather(connection, Class::Refused, &[CAPTURES], amount, &mut chosen)?;
                    let excess = accepted.saturating_sub(most);
                    let ordinary = accepted.saturating_sub(pending_rows(connection)?);
                    let spared = Amount::Rows(ordinary.saturating_sub(most / 10));
                    unmet = self.oldest(
                        connection,
                        &[CAPTURES],
                        Amount::Rows(excess),
                        spared,
                        &mut chosen,
                    )?;
                }
                if let Some(rows) = self.counted[DELIVERIES].count(connection, DELIVERIES, most)? {
                    let amount = Amount::Rows(rows.saturating_sub(most));
                    self.oldest(connection, &[DELIVERIES], amount, amount, &mut chosen)?;
                }
            }
            Keep::Bytes(most) => {
                let used = used_bytes(connection)?;
                let excess = used.saturating_sub(most);
                if excess > 0 {
                    let (_, refused) = refused_total(connection)?;
                    let tenth = most / 10;
                    let amount = Amount::Bytes(excess.min(refused.saturating_sub(tenth)));
                    let freed =
                        self.gather(connection, Class::Refused, &[CAPTURES], amount, &mut chosen)?;
                    let on_top = refused.saturating_sub(freed).min(tenth);
                    let amount = Amount::Bytes(excess.saturating_sub(freed + on_top));
                    let ordinary = used.saturating_sub(refused + pending_bytes(connection)?);
                    let spared = Amount::Bytes(ordinary.saturating_sub(tenth));
                    unmet = self.oldest(connection, &both, amount, spared, &mut chosen)?;
                }
            }
        }
        Ok((chosen.rows, unmet))
    }

    /// The oldest accepted ones, `most_ordinary` of those that are not pending: a tenth of the bound stays theirs,
    /// or what was acknowledged a moment ago would go for old debts. Then what is pending. True where that is
    /// not enough.
    fn oldest(
        &mut self,
        connection: &Connection,
        tables: &[usize],
        amount: Amount,
        most_ordinary: Amount,
        chosen: &mut Chosen,
    ) -> rusqlite::Result<bool> {
        let mut left = amount;
        for class in [Class::Ordinary, Class::Pending] {
            let wanted = match (class, left, most_ordinary) {
                (Class::Ordinary, Amount::Rows(rows), Amount::Rows(most)) => {
                    Amount::Rows(rows.min(most))
                }
                (Class::Ordinary, Amount::Bytes(bytes), Amount::Bytes(most)) => {
                    Amount::Bytes(bytes.min(most))
                }
                _ => left,
            };
            let got = self.gather(connection, class, tables, wanted, chosen)?;
            left = match left {
                Amount::Rows(rows) => Amount::Rows(rows.saturating_sub(got)),
                Amount::Bytes(bytes) => Amount::Bytes(bytes.saturating_sub(got)),
                Amount::Before(before) => Amount::Before(before),
            };
        }
        Ok(matches!(left, Amount::Rows(1..) | Amount::Bytes(1..)))
    }

    /// Takes rows of a class, those that arrived first before the others, and returns how much that is.
    fn gather(
        &mut self,
        connection: &Connection,
        class: Class,
        tables: &[usize],
        amount: Amount,
        chosen: &mut Chosen,
    ) -> rusqlite::Result<u64> {
        if matches!(amount, Amount::Rows(0) | Amount::Bytes(0)) {
            return Ok(0);
        }
        let mut statements = Vec::new();
        for &table in tables {
            let from = match class {
                Class::Ordinary => self.ordinary_from[table].unwrap_or(i64::MIN),
                Class::Refused | Class::Pending => i64::MIN,
            };
            for moved in [false, true] {
                statements.push((
                    table,
                    from,
                    moved,
                    connection.prepare(&select(table, class, moved))?,
                ));
            }
        }
        let mut sources = Vec::new();
        for (table, from, moved, statement) in &mut statements {
            sources.push(Source::new(*table, class, *moved, *from, statement)?);
        }
        let (mut rows, mut bytes) = (0, 0);
        loop {
            let oldest = sources
                .iter_mut()
                .filter(|source| source.next.is_some())
                .min_by_key(|source| source.next.as_ref().map(|(row, _)| row.at_ms));
            let Some(source) = oldest else { break };
            let Some((row, destinations)) = source.next.take() else {
                break;
            };
            let enough = match amount {
                Amount::Rows(wanted) => rows >= wanted,
                Amount::Bytes(wanted) => bytes >= wanted,
                Amount::Before(before) => row.at_ms >= before,
            };
            if enough || chosen.rows.len() >= chosen.limit {
                break;
            }
            if class == Class::Ordinary && !source.is_moved {
                self.ordinary_from[source.table] = Some(row.seq);
            }
            let is_owed = destinations.is_some_and(|destinations| {
                let destinations = Destinations::from_text(Some(&destinations), true);
                chosen
                    .owed_to
                    .iter()
                    .any(|owed| destinations.is_pending_at(owed))
            });
            if !is_owed {
                rows += 1;
                bytes += row.bytes;
                chosen.rows.push(row);
            }
            source.step()?;
        }
        Ok(match amount {
            Amount::Rows(_) => rows,
            Amount::Bytes(_) | Amount::Before(_) => bytes,
        })
    }
}

struct Chosen {
    rows: Vec<Candidate>,
    limit: usize,
    /// Destinations that running processes owe what is pending there.
    owed_to: Vec<String>,
}

/// What open stores owe, of every process.
fn owed(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT o.destination, l.process, l.until_us FROM owed o JOIN lease l ON l.claim = o.claim",
    )?;
    let rows = statement.query_map([], |row| {
        let is_live = live_process(&row.get::<_, String>(1)?, row.get(2)?, now).is_some();
        Ok(is_live.then_some(row.get::<_, String>(0)?))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// Writes down what the holder of a claim owes.
pub(super) fn owe(
    transaction: &Transaction<'_>,
    claim: &str,
    destinations: &[String],
) -> rusqlite::Result<()> {
    for destination in destinations {
        transaction.execute(
            "INSERT OR IGNORE INTO owed (claim, destination) VALUES (?1, ?2)",
            params![claim, destination],
        )?;
    }
    Ok(())
}

fn pending_rows(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM capture WHERE forward = 1")?
        .query_row([], |row| row.get(0))
}

/// What pending captures take. There are few, or the store is full of them.
fn pending_bytes(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = format!(
        "SELECT coalesce(sum({}), 0) FROM capture t WHERE forward = 1",
        BYTES[CAPTURES]
    );
    connection
        .prepare_cached(&sql)?
        .query_row([], |row| row.get(0))
}

/// Rows of one class, one after the other: those whose place says when they arrived, or those that are
/// `moved`, for which that is written beside them.
struct Source<'s> {
    table: usize,
    class: Class,
    is_moved: bool,
    rows: Rows<'s>,
    next: Option<(Candidate, Option<String>)>,
}

impl<'s> Source<'s> {
    fn new(
        table: usize,
        class: Class,
        is_moved: bool,
        from: i64,
        statement: &'s mut Statement<'_>,
    ) -> rusqlite::Result<Self> {
        let rows = if is_moved {
            statement.query([])?
        } else {
            statement.query([from])?
        };
        let mut source = Self {
            table,
            class,
            is_moved,
            rows,
            next: None,
        };
        source.step()?;
        Ok(source)
    }

    fn step(&mut self) -> rusqlite::Result<()> {
        self.next = match self.rows.next()? {
            None => None,
            Some(row) => Some((
                Candidate {
                    table: self.table,
                    seq: row.get(0)?,
                    kind: row.get(1)?,
                    at_ms: row.get(2)?,
                    bytes: row.get(3)?,
                    is_refused: self.class == Class::Refused,
                    is_pending: self.class == Class::Pending,
                },
                row.get(4)?,
            )),
        };
        Ok(())
    }
}

fn select(table: usize, class: Class, moved: bool) -> String {
    let (name, bytes) = (TABLES[table], BYTES[table]);
    let of_class = match (table, class) {
        (CAPTURES, Class::Refused) => "t.refused = 1",
        (CAPTURES, Class::Ordinary) => "t.refused IS NULL AND t.forward IS NOT 1",
        (CAPTURES, Class::Pending) => "t.forward = 1 AND t.refused IS NULL",
        (_, Class::Pending) => "t.open = 1",
        (_, Class::Refused | Class::Ordinary) => "t.open IS NULL",
    };
    let destinations = match (table, class) {
        (CAPTURES, Class::Pending) => "t.destinations",
        _ => "NULL",
    };
    if moved {
        format!(
            "SELECT t.seq, t.kind, m.at_ms, {bytes}, {destinations} FROM {name}_arrival m JOIN {name} t ON t.seq = m.seq
             WHERE {of_class} ORDER BY m.at_ms"
        )
    } else {
        format!(
            "SELECT t.seq, t.kind, t.seq >> {COUNTER_BITS}, {bytes}, {destinations} FROM {name} t
             WHERE t.seq >= ?1 AND {of_class} AND NOT EXISTS (SELECT 1 FROM {name}_arrival m WHERE m.seq = t.seq)
             ORDER BY t.seq"
        )
    }
}

impl Counted {
    /// How many rows there are; none where others write too and it is not worth counting yet.
    fn count(
        &mut self,
        connection: &Connection,
        table: usize,
        most: u64,
    ) -> rusqlite::Result<Option<u64>> {
        if self.rows.is_none() && (!self.was_counted || self.written >= most / 10) {
            let sql = format!("SELECT count(*) FROM {}", TABLES[table]);
            self.rows = Some(connection.query_row(&sql, [], |row| row.get(0))?);
            self.written = 0;
            self.was_counted = true;
        }
        Ok(self.rows)
    }
}

impl Excess {
    fn add(&mut self, row: &Candidate) {
        match row.table {
            CAPTURES => self.captures += 1,
            _ => self.deliveries += 1,
        }
        self.pending += u64::from(row.is_pending);
        self.bytes += row.bytes;
    }
}

/// The store's bound; none where none was put down yet.
pub(super) fn read_keep(connection: &Connection) -> rusqlite::Result<Option<Keep>> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM setting WHERE name = 'keep'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    // What this version cannot read is no reason to remove anything.
    Ok(text.map(|text| text.parse().unwrap_or(Keep::Bytes(u64::MAX))))
}

/// A number that the store puts down; none where it did not yet.
pub(super) fn read_number(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

pub(super) fn write_setting(
    connection: &Connection,
    name: &str,
    value: impl rusqlite::ToSql,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)")?
        .execute(params![name, value])?;
    Ok(())
}

/// Rows that were refused, and their bytes.
fn refused_total(connection: &Connection) -> rusqlite::Result<(u64, u64)> {
    connection
        .prepare_cached("SELECT max(rows, 0), max(bytes, 0) FROM refused_total")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(super) fn add_refused(connection: &Connection, rows: i64, bytes: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE refused_total SET rows = rows + ?1, bytes = bytes + ?2")?
        .execute([rows, bytes])?;
    Ok(())
}

/// What the rows take: every page in use but the one that each table and index has even where it is empty.
pub(super) fn used_bytes(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |sql: &str| -> rusqlite::Result<u64> {
        connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))
    };
    let trees = number("SELECT count(*) + 1 FROM sqlite_schema WHERE rootpage > 0")?;
    let free = number("PRAGMA freelist_count")?;
    let pages = number("PRAGMA page_count")?.saturating_sub(free + trees);
    Ok(pages * number("PRAGMA page_size")?)
}

/// Removes rows by their places, as [`remove`] does, and says how many there were.
pub(super) fn remove_places(
    transaction: &Transaction<'_>,
    table: usize,
    places: &[i64],
) -> rusqlite::Result<usize> {
    let name = TABLES[table];
    let (bytes, refused) = match table {
        CAPTURES => (BYTES[table], "refused IS NOT NULL"),
        _ => ("0", "0"),
    };
    let mut rows = Vec::with_capacity(places.len());
    {
        let mut select = transaction.prepare_cached(&format!(
            "SELECT seq, kind, {bytes}, {refused} FROM {name} t WHERE seq = ?1"
        ))?;
        for place in places {
            let row = select.query_row([place], |row| {
                Ok(Candidate {
                    table,
                    seq: row.get(0)?,
                    kind: row.get(1)?,
                    at_ms: 0,
                    bytes: row.get(2)?,
                    is_refused: row.get(3)?,
                    is_pending: false,
                })
            });
            rows.extend(row.optional()?);
        }
    }
    remove(transaction, &rows)?;
    Ok(rows.len())
}

/// Removes rows, and what is kept for their sake alone: their milliseconds, and their kinds.
fn remove(transaction: &Transaction<'_>, rows: &[Candidate]) -> rusqlite::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    // No later commit gets the number of one of which nothing is left, and no capture a place that counts as told.
    let highest = highest_capture(transaction)?;
    write_setting(transaction, "highest_capture", highest)?;
    write_setting(transaction, "last_commit", last_commit(transaction)?)?;
    let mut kinds = HashSet::new();
    for (table, name) in TABLES.iter().enumerate() {
        let mut milliseconds = HashSet::new();
        let mut delete =
            transaction.prepare_cached(&format!("DELETE FROM {name} WHERE seq = ?1"))?;
        let mut forget_arrival =
            transaction.prepare_cached(&format!("DELETE FROM {name}_arrival WHERE seq = ?1"))?;
        for row in rows.iter().filter(|row| row.table == table) {
            delete.execute([row.seq])?;
            forget_arrival.execute([row.seq])?;
            milliseconds.insert((row.kind, ms_of(row.seq)));
            kinds.insert(row.kind);
        }
        let mut forget_time = transaction.prepare_cached(&format!(
            "DELETE FROM {name}_time WHERE kind = ?1 AND at_ms = ?2 AND NOT EXISTS (
               SELECT 1 FROM {name} t WHERE t.kind = ?1 AND t.seq BETWEEN ?2 << {COUNTER_BITS} AND (?2 << {COUNTER_BITS}) + {LAST_COUNT})"
        ))?;
        for (kind, ms) in milliseconds {
            forget_time.execute([kind, ms])?;
        }
    }
    let mut forget_kind = transaction.prepare_cached(
        "DELETE FROM kind WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM capture_time WHERE kind = ?1)
           AND NOT EXISTS (SELECT 1 FROM delivery_time WHERE kind = ?1)",
    )?;
    for kind in kinds {
        forget_kind.execute([kind])?;
    }
    let refused = || rows.iter().filter(|row| row.is_refused);
    let bytes: u64 = refused().map(|row| row.bytes).sum();
    if bytes > 0 {
        let number = |count: u64| -i64::try_from(count).unwrap_or(i64::MAX);
        add_refused(transaction, number(refused().count() as u64), number(bytes))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
