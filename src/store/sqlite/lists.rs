//! Lists, a page at a time; what is pending; what happened.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::commits::{highest_capture, last_commit};
use super::eviction::{read_number, write_setting};
use super::reading::{
    CAPTURE_COLUMNS, DELIVERY_COLUMNS, capture_summary, delivery_summary, id, non_empty, outcome,
    time, word,
};
use super::selection::{SLICE_ROWS, Selection, slice_end, table_of};
use super::{Cursor, EventPage, Order, Page, PageRequest, PendingAt, Query, StoreEvent};
use crate::model::{
    AttemptOutline, CaptureSummary, DeliveryOutline, DeliverySummary, Destinations, Id, IdKind,
    RemoteText,
};
use crate::store::pending::{add_pending, sort_pending};

/// How many places are read at once where a list is looked through.
const PLACES_AT_ONCE: usize = 1000;
/// The tables' numbers in the order of what happens: of one commit, captures come first.
const CAPTURES: u8 = 0;
const DELIVERIES: u8 = 1;

/// Whose rows are read, and when.
#[derive(Clone)]
pub(super) struct Reader {
    pub workspace: String,
    pub now: Timestamp,
}

impl Reader {
    pub(super) fn captures(
        &self,
        connection: &Connection,
        query: &Query,
        page: &PageRequest,
    ) -> rusqlite::Result<Page<CaptureSummary>> {
        self.page(
            connection,
            IdKind::Capture,
            query,
            page,
            CAPTURE_COLUMNS,
            capture_summary,
        )
    }

    pub(super) fn deliveries(
        &self,
        connection: &Connection,
        query: &Query,
        page: &PageRequest,
    ) -> rusqlite::Result<Page<DeliverySummary>> {
        self.page(
            connection,
            IdKind::Delivery,
            query,
            page,
            DELIVERY_COLUMNS,
            |row| delivery_summary(row, self.now),
        )
    }

    pub(super) fn outlines(
        &self,
        connection: &Connection,
        query: &Query,
        page: &PageRequest,
    ) -> rusqlite::Result<Page<DeliveryOutline>> {
        let mut attempts = connection.prepare_cached(
            "SELECT duration_us, status, error_code FROM attempt WHERE delivery = ?1 ORDER BY number",
        )?;
        let columns = "t.seq, t.id, k.verdict, t.wanted, t.started_us, k.provider, k.event";
        self.page(connection, IdKind::Delivery, query, page, columns, |row| {
            let outline = |row: &Row<'_>| {
                Ok(AttemptOutline {
                    duration: Duration::from_micros(row.get(0)?),
                    status: row.get(1)?,
                    error: word(row, 2)?,
                })
            };
            Ok(DeliveryOutline {
                id: id(IdKind::Delivery, row, 1)?,
                outcome: outcome(row, 2)?,
                wanted: row.get(3)?,
                started_at: time(row, 4)?,
                provider: non_empty(row.get(5)?),
                event: non_empty(row.get(6)?).map(RemoteText::from),
                attempts: attempts
                    .query_map([row.get::<_, i64>(0)?], outline)?
                    .collect::<Result<_, _>>()?,
            })
        })
    }

    /// A page of a list. The first column is the row's `seq`, from which the next page continues.
    fn page<T>(
        &self,
        connection: &Connection,
        kind: IdKind,
        query: &Query,
        page: &PageRequest,
        columns: &str,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Page<T>> {
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse().ok());
        let until = match query.reads_requests() {
            true => slice_end(connection, kind, page.order, after)?,
            false => None,
        };
        let selection = Selection {
            kind,
            workspace: &self.workspace,
            query,
            order: page.order,
            after,
            until,
            limit: page.limit,
        };
        let mut rows = Vec::new();
        let mut last: Option<i64> = None;
        if let Some(places) = selection.places(connection)? {
            let (table, _) = table_of(kind);
            let direction = match page.order {
                Order::NewestFirst => "DESC",
                Order::OldestFirst => "ASC",
            };
            let lease = match kind {
                IdKind::Capture => "",
                IdKind::Delivery => "LEFT JOIN lease l ON l.claim = t.claim",
            };
            let sql = format!(
                "SELECT {columns} FROM ({}) s JOIN {table} t ON t.seq = s.seq JOIN kind k ON k.id = t.kind {lease} ORDER BY t.seq {direction}",
                places.sql
            );
            let mut statement = connection.prepare(&sql)?;
            let mut found = statement.query(rusqlite::params_from_iter(places.values))?;
            while let Some(row) = found.next()? {
                last = Some(row.get(0)?);
                rows.push(read(row)?);
            }
        }
        let is_full = rows.len() >= page.limit && page.limit > 0;
        let next = last.filter(|_| is_full).or(until);
        Ok(Page {
            next: next.map(|seq| Cursor(seq.to_string())),
            rows,
            searched: until.map_or(0, |_| SLICE_ROWS),
        })
    }

    /// How many captures are pending at each destination; the one that lacks most first.
    pub(super) fn pending(&self, connection: &Connection) -> rusqlite::Result<Vec<PendingAt>> {
        let mut all: Vec<PendingAt> = Vec::new();
        let mut statement = connection.prepare(
            "SELECT destinations, count(*) FROM capture t JOIN kind k ON k.id = t.kind
             WHERE forward = 1 AND k.workspace = ?1 GROUP BY destinations",
        )?;
        let rows = statement.query_map([&self.workspace], |row| {
            let destinations =
                Destinations::from_text(row.get::<_, Option<String>>(0)?.as_deref(), true);
            Ok((destinations, row.get::<_, u64>(1)?))
        })?;
        for row in rows {
            let (destinations, captures) = row?;
            add_pending(&mut all, &destinations, captures);
        }
        sort_pending(&mut all);
        Ok(all)
    }

    /// What was committed behind a cursor. All of it is read as it was at one time: no commit comes between.
    pub(super) fn events_after(
        &self,
        connection: &Connection,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> rusqlite::Result<EventPage> {
        let transaction = connection.unchecked_transaction()?;
        let from = cursor.map_or(Followed::NOTHING, Followed::of);
        let mut places = made_after(&transaction, from, limit)?;
        for table in [CAPTURES, DELIVERIES] {
            places.extend(changed_after(&transaction, table, from, limit)?);
        }
        places.sort_by_key(|event| event.place);
        places.truncate(limit);
        let removals = removals(&transaction)?;
        let mut next = Followed { removals, ..from };
        let mut events = Vec::new();
        for event in places {
            next.place = event.place;
            if event.is_unchanged {
                next.highest_told = event.place.seq;
            }
            events.extend(self.event(&transaction, event.place, event.made_at > from.place)?);
        }
        Ok(EventPage {
            events,
            has_removals: from.removals >= 0 && from.removals != removals,
            next: next.cursor(),
        })
    }

    fn event(
        &self,
        connection: &Connection,
        place: EventPlace,
        is_new: bool,
    ) -> rusqlite::Result<Option<StoreEvent>> {
        let own = params![place.seq, self.workspace];
        match place.table {
            CAPTURES => connection
                .prepare_cached(&format!(
                    "SELECT {CAPTURE_COLUMNS} FROM capture t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1 AND k.workspace = ?2"
                ))?
                .query_row(own, |row| {
                    let capture = capture_summary(row)?;
                    Ok(StoreEvent::Capture { capture, is_new })
                })
                .optional(),
            _ => connection
                .prepare_cached(&format!(
                    "SELECT {DELIVERY_COLUMNS} FROM delivery t JOIN kind k ON k.id = t.kind LEFT JOIN lease l ON l.claim = t.claim
                     WHERE t.seq = ?1 AND k.workspace = ?2"
                ))?
                .query_row(own, |row| {
                    let delivery = delivery_summary(row, self.now)?;
                    Ok(StoreEvent::Delivery { delivery, is_new })
                })
                .optional(),
        }
    }

    /// Where what is committed from now on begins.
    pub(super) fn newest_event(&self, connection: &Connection) -> rusqlite::Result<Cursor> {
        let transaction = connection.unchecked_transaction()?;
        newest(&transaction)
    }

    /// Where the first commit begins that made a capture that fits, else the next one.
    pub(super) fn cursor_before(
        &self,
        connection: &Connection,
        query: &Query,
    ) -> rusqlite::Result<Cursor> {
        let transaction = connection.unchecked_transaction()?;
        let selection = Selection {
            kind: IdKind::Capture,
            workspace: &self.workspace,
            query,
            order: Order::OldestFirst,
            after: None,
            until: None,
            limit: usize::MAX,
        };
        let first: Option<(i64, i64)> = match selection.places(&transaction)? {
            None => None,
            Some(places) => {
                let sql = format!(
                    "SELECT min(t.made_in), min(t.seq) FROM ({}) s JOIN capture t ON t.seq = s.seq",
                    places.sql
                );
                let values = rusqlite::params_from_iter(places.values);
                transaction.query_row(&sql, values, |row| {
                    Ok(row.get::<_, Option<_>>(0)?.zip(row.get(1)?))
                })?
            }
        };
        let Some((commit, seq)) = first else {
            return newest(&transaction);
        };
        let before = Followed {
            place: EventPlace::behind(commit - 1),
            highest_told: seq - 1,
            removals: removals(&transaction)?,
        };
        Ok(before.cursor())
    }
}

fn newest(connection: &Connection) -> rusqlite::Result<Cursor> {
    let all = Followed {
        place: EventPlace::behind(last_commit(connection)?),
        highest_told: highest_capture(connection)?,
        removals: removals(connection)?,
    };
    Ok(all.cursor())
}

/// The setting with the number of removals on request.
const REMOVALS: &str = "removals";

fn removals(connection: &Connection) -> rusqlite::Result<i64> {
    Ok(read_number(connection, REMOVALS)?.unwrap_or(0))
}

/// Who follows is told of it.
pub(super) fn count_removal(connection: &Connection) -> rusqlite::Result<()> {
    write_setting(connection, REMOVALS, removals(connection)? + 1)
}

/// The places and ids of the rows that fit, the oldest first, until `each` has enough of them. It may write to them.
pub(super) fn each_place(
    connection: &Connection,
    kind: IdKind,
    workspace: &str,
    query: &Query,
    mut each: impl FnMut(i64, Id) -> rusqlite::Result<bool>,
) -> rusqlite::Result<()> {
    let (table, _) = table_of(kind);
    let mut after = None;
    loop {
        let selection = Selection {
            kind,
            workspace,
            query,
            order: Order::OldestFirst,
            after,
            until: None,
            limit: PLACES_AT_ONCE,
        };
        let Some(places) = selection.places(connection)? else {
            return Ok(());
        };
        let sql = format!(
            "SELECT t.seq, t.id FROM ({}) s JOIN {table} t ON t.seq = s.seq ORDER BY t.seq",
            places.sql
        );
        let found: Vec<(i64, Id)> = connection
            .prepare(&sql)?
            .query_map(rusqlite::params_from_iter(places.values), |row| {
                Ok((row.get(0)?, id(kind, row, 1)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (seq, id) in &found {
            if !each(*seq, *id)? {
                return Ok(());
            }
        }
        match found.last() {
            Some((seq, _)) if found.len() == PLACES_AT_ONCE => after = Some(*seq),
            _ => return Ok(()),
        }
    }
}

/// Where something is in the order of what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct EventPlace {
    commit: i64,
    table: u8,
    seq: i64,
}

impl EventPlace {
    /// Behind all of a commit.
    fn behind(commit: i64) -> Self {
        Self {
            commit,
            table: DELIVERIES,
            seq: i64::MAX,
        }
    }
}

/// How far someone has followed the store.
#[derive(Clone, Copy, Debug)]
struct Followed {
    place: EventPlace,
    /// Of captures that no one changed, those up to this place are told.
    highest_told: i64,
    /// How many removals there had been; negative where that is not known.
    removals: i64,
}

impl Followed {
    const NOTHING: Self = Self {
        place: EventPlace {
            commit: -1,
            table: CAPTURES,
            seq: 0,
        },
        highest_told: -1,
        removals: -1,
    };

    /// An unknown cursor starts at the beginning: events are repeated, and none is skipped.
    fn of(cursor: &Cursor) -> Self {
        let mut numbers = cursor.0.split('.').map(str::parse::<i64>);
        let mut next = || numbers.next().and_then(Result::ok);
        match (next(), next(), next(), next()) {
            (Some(commit), Some(table), Some(seq), Some(highest_told)) => Self {
                place: EventPlace {
                    commit,
                    table: u8::try_from(table).unwrap_or(CAPTURES),
                    seq,
                },
                highest_told,
                removals: next().unwrap_or(-1),
            },
            _ => Self::NOTHING,
        }
    }

    fn cursor(self) -> Cursor {
        let EventPlace { commit, table, seq } = self.place;
        let (told, removals) = (self.highest_told, self.removals);
        Cursor(format!("{commit}.{table}.{seq}.{told}.{removals}"))
    }

    /// The place in its own commit behind which a table's rows are to be told.
    fn behind(self, table: u8) -> i64 {
        match table.cmp(&self.place.table) {
            std::cmp::Ordering::Less => i64::MAX,
            std::cmp::Ordering::Equal => self.place.seq,
            std::cmp::Ordering::Greater => i64::MIN,
        }
    }
}

/// A row that was made or changed.
struct RowEvent {
    place: EventPlace,
    made_at: EventPlace,
    /// It is as it was made, and at a place above all that were made before it.
    is_unchanged: bool,
}

/// The captures that were made after that, and that no one changed, by their places.
fn made_after(
    connection: &Connection,
    from: Followed,
    limit: usize,
) -> rusqlite::Result<Vec<RowEvent>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [
        from.highest_told,
        from.place.commit,
        from.behind(CAPTURES),
        limit,
    ];
    connection
        .prepare_cached(
            "SELECT made_in, seq FROM capture WHERE seq > ?1 AND changed_in IS NULL
             AND made_in >= ?2 AND (made_in > ?2 OR seq > ?3) ORDER BY seq LIMIT ?4",
        )?
        .query_map(values, |row| {
            let place = EventPlace {
                commit: row.get(0)?,
                table: CAPTURES,
                seq: row.get(1)?,
            };
            Ok(RowEvent {
                place,
                made_at: place,
                is_unchanged: true,
            })
        })?
        .collect()
}

/// What changed after that, in order. The index alone is read.
fn changed_after(
    connection: &Connection,
    table: u8,
    from: Followed,
    limit: usize,
) -> rusqlite::Result<Vec<RowEvent>> {
    let (name, changed) = match table {
        CAPTURES => ("capture", "changed_in IS NOT NULL AND"),
        _ => ("delivery", ""),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(&format!(
            "SELECT changed_in, seq, made_in FROM {name} WHERE {changed}
             changed_in >= ?1 AND (changed_in > ?1 OR seq > ?2) ORDER BY changed_in, seq LIMIT ?3"
        ))?
        .query_map([from.place.commit, from.behind(table), limit], |row| {
            let place = EventPlace {
                commit: row.get(0)?,
                table,
                seq: row.get(1)?,
            };
            Ok(RowEvent {
                place,
                made_at: EventPlace {
                    commit: row.get(2)?,
                    ..place
                },
                is_unchanged: false,
            })
        })?
        .collect()
}
