//! Lists, a page at a time; what is pending; what happened.

use deadpool_postgres::GenericClient;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use tokio_postgres::Row;

use super::error::PostgresError;
use super::reading::{
    CAPTURE_COLUMNS, Columns, DELIVERY_COLUMNS, capture_summary, delivery_summary, lease_join,
};
use super::selection::{Looked, Plan, table_of};
use crate::model::{Destinations, Id, IdKind};
use crate::search::Query;
use crate::store::pending::{PendingAt, add_pending};
use crate::store::{Cursor, EventPage, Order, Page, PageRequest, StoreEvent};

/// How many rows a page looks at, where headers and bodies have to be read.
const LOOKED_AT: usize = 2_000;

/// The place of a row in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub at_ms: i64,
    pub seq: i64,
}

impl Place {
    fn of(cursor: &Cursor) -> Option<Self> {
        let (at_ms, seq) = cursor.0.split_once('.')?;
        Some(Self {
            at_ms: at_ms.parse().ok()?,
            seq: seq.parse().ok()?,
        })
    }

    fn cursor(self) -> Cursor {
        Cursor(format!("{}.{}", self.at_ms, self.seq))
    }
}

/// Which rows are wanted, and what of them.
pub(super) struct Wanted<'w> {
    pub kind: IdKind,
    pub query: &'w Query,
    pub order: Order,
    pub after: Option<Place>,
    pub limit: usize,
    pub columns: &'w str,
    /// Joins and locks, where they are needed.
    pub join: &'w str,
    pub lock: &'w str,
    /// A condition besides the query.
    pub also: Option<&'w str>,
}

/// Rows that fit, how far was looked, and how many rows had to be looked at.
pub(super) struct Found {
    pub rows: Vec<Row>,
    pub last: Option<Place>,
    /// There may be more.
    pub is_part: bool,
    pub looked_at: usize,
}

/// The first two columns of a row, which all statements have here.
const PLACE_COLUMNS: usize = 2;

/// Finds rows.
pub(super) async fn find(
    client: &impl GenericClient,
    workspace: &str,
    wanted: &Wanted<'_>,
) -> Result<Found, PostgresError> {
    let mut plan = Plan::of(wanted.kind, workspace, wanted.query);
    let (table, ..) = table_of(wanted.kind);
    let (direction, beyond) = match wanted.order {
        Order::NewestFirst => ("DESC", "<"),
        Order::OldestFirst => ("ASC", ">"),
    };
    if let Some(Place { at_ms, seq }) = wanted.after {
        plan.conditions
            .push(format!("(t.at_ms, t.seq) {beyond} ({at_ms}, {seq})"));
    }
    plan.conditions.extend(wanted.also.map(str::to_owned));
    let is_partial = plan.is_partial();
    let limit = match is_partial {
        true => LOOKED_AT,
        false => wanted.limit,
    };
    let mut columns = format!("t.at_ms, t.seq, {}", wanted.columns);
    let asked_from = PLACE_COLUMNS + count_columns(wanted.columns);
    for asked in &plan.asked {
        columns += &format!(", ({asked})");
    }
    if is_partial {
        columns += ", t.target, t.headers, t.body";
    }
    let limit_value = plan
        .parameters
        .number(i64::try_from(limit).unwrap_or(i64::MAX));
    let sql = format!(
        "SELECT {columns} FROM {table} t {} WHERE {} ORDER BY t.at_ms {direction}, t.seq {direction} LIMIT {limit_value} {}",
        wanted.join,
        plan.conditions.join(" AND "),
        wanted.lock
    );
    let mut found = Found {
        rows: Vec::new(),
        last: None,
        is_part: false,
        looked_at: 0,
    };
    if wanted.limit == 0 {
        return Ok(found);
    }
    let statement = client.prepare_typed(&sql, &plan.parameters.types()).await?;
    let stream = client
        .query_raw(&statement, plan.parameters.values())
        .await?;
    let mut stream = std::pin::pin!(stream);
    let mut seen = 0;
    while let Some(row) = stream.try_next().await? {
        seen += 1;
        let place = Place {
            at_ms: row.try_get(0)?,
            seq: row.try_get(1)?,
        };
        found.last = Some(place);
        if is_partial {
            found.looked_at += 1;
            let count = plan.asked.len();
            let mut asked = Vec::with_capacity(count);
            for index in 0..count {
                asked.push(row.try_get(asked_from + index)?);
            }
            let looked = Looked {
                asked: &asked,
                target: row.try_get(asked_from + count)?,
                headers: row.try_get(asked_from + count + 1)?,
                body: row.try_get(asked_from + count + 2)?,
            };
            if !plan.fits(&looked) {
                continue;
            }
        }
        found.rows.push(row);
        if found.rows.len() == wanted.limit {
            found.is_part = true;
            return Ok(found);
        }
    }
    found.is_part = seen == limit;
    Ok(found)
}

/// How many columns a list of them has; commas within parentheses are none of it.
fn count_columns(columns: &str) -> usize {
    let mut depth = 0_usize;
    let mut count = 1;
    for byte in columns.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => count += 1,
            _ => {}
        }
    }
    count
}

/// A page of a list.
pub(super) async fn page<T>(
    client: &impl GenericClient,
    workspace: &str,
    (kind, columns, join): (IdKind, &str, &str),
    query: &Query,
    page: &PageRequest,
    mut read: impl FnMut(&mut Columns<'_>) -> Result<T, PostgresError>,
) -> Result<Page<T>, PostgresError> {
    let wanted = Wanted {
        kind,
        query,
        order: page.order,
        after: page.after.as_ref().and_then(Place::of),
        limit: page.limit,
        columns,
        join,
        lock: "",
        also: None,
    };
    let found = find(client, workspace, &wanted).await?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        rows.push(read(&mut Columns::behind(row, PLACE_COLUMNS))?);
    }
    Ok(Page {
        rows,
        next: found.last.filter(|_| found.is_part).map(Place::cursor),
        searched: found.looked_at,
    })
}

/// How many captures are pending at each destination; the one that lacks most first.
pub(super) async fn pending(
    client: &impl GenericClient,
    workspace: &str,
) -> Result<Vec<PendingAt>, PostgresError> {
    let rows = client
        .query(
            "SELECT destinations, count(*) FROM hookcli.capture WHERE forward = 1 AND workspace = $1 GROUP BY destinations",
            &[&workspace],
        )
        .await?;
    let mut all = Vec::new();
    for row in rows {
        let text: Option<&str> = row.try_get(0)?;
        let count: i64 = row.try_get(1)?;
        let destinations = Destinations::from_text(text, true);
        add_pending(&mut all, &destinations, u64::try_from(count).unwrap_or(0));
    }
    Ok(all)
}

/// How far someone has followed the store: the row that was told last, and how many removals there had been.
#[derive(Clone, Copy, Debug)]
struct Followed {
    commit: i64,
    table: i64,
    seq: i64,
    /// Negative where that is not known.
    removals: i64,
}

/// The tables' numbers in the order of what happens: of one commit, captures come first.
const CAPTURES: i64 = 0;
const DELIVERIES: i64 = 1;

impl Followed {
    const NOTHING: Self = Self {
        commit: 0,
        table: CAPTURES,
        seq: 0,
        removals: -1,
    };

    /// Behind all of a commit.
    fn behind(commit: i64, removals: i64) -> Self {
        Self {
            commit,
            table: DELIVERIES,
            seq: i64::MAX,
            removals,
        }
    }

    /// An unknown cursor starts at the beginning: events are repeated, and none is skipped.
    fn of(cursor: &Cursor) -> Self {
        let numbers: Vec<i64> = cursor
            .0
            .split('.')
            .filter_map(|number| number.parse().ok())
            .collect();
        match numbers.as_slice() {
            [commit, table, seq, removals] => Self {
                commit: *commit,
                table: *table,
                seq: *seq,
                removals: *removals,
            },
            _ => Self::NOTHING,
        }
    }

    fn cursor(self) -> Cursor {
        let Self {
            commit,
            table,
            seq,
            removals,
        } = self;
        Cursor(format!("{commit}.{table}.{seq}.{removals}"))
    }

    /// Whether a row was made after what was told.
    fn is_before(self, commit: i64, table: i64, seq: i64) -> bool {
        (self.commit, self.table, self.seq) < (commit, table, seq)
    }
}

/// The number below which all commits are there. First the last number is read, then what is being used: see
/// `begin_commit` in the schema.
async fn horizon(client: &impl GenericClient) -> Result<i64, PostgresError> {
    let last = client
        .prepare_cached("SELECT last_value FROM hookcli.commit_number")
        .await?;
    let last: i64 = client.query_one(&last, &[]).await?.try_get(0)?;
    let used = client
        .prepare_cached(
            "SELECT min(((classid::bigint << 32) | objid::bigint) & 4611686018427387903) FROM pg_locks
             WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >= 1073741824
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .await?;
    let used: Option<i64> = client.query_one(&used, &[]).await?.try_get(0)?;
    // A transaction that said "above this number" has one above it.
    Ok(used.map_or(last + 1, |used| (used + 1).min(last + 1)))
}

async fn removals(client: &impl GenericClient, workspace: &str) -> Result<i64, PostgresError> {
    let select = client
        .prepare_cached("SELECT count FROM hookcli.removal WHERE workspace = $1")
        .await?;
    let row = client.query_opt(&select, &[&workspace]).await?;
    Ok(match row {
        Some(row) => row.try_get(0)?,
        None => 0,
    })
}

/// What was committed behind a cursor.
pub(super) async fn events_after(
    client: &impl GenericClient,
    workspace: &str,
    cursor: Option<&Cursor>,
    limit: usize,
    now: Timestamp,
) -> Result<EventPage, PostgresError> {
    let from = cursor.map_or(Followed::NOTHING, Followed::of);
    let horizon = horizon(client).await?;
    let removals = removals(client, workspace).await?;
    let mut found: Vec<(i64, i64, i64, StoreEvent)> = Vec::new();
    for table in [CAPTURES, DELIVERIES] {
        // Behind the row that was told last: of its own commit, what comes after it.
        let behind = match table.cmp(&from.table) {
            std::cmp::Ordering::Less => i64::MAX,
            std::cmp::Ordering::Equal => from.seq,
            std::cmp::Ordering::Greater => -1,
        };
        let sql = match table {
            CAPTURES => format!(
                "SELECT t.changed_in, t.seq, t.made_in, {CAPTURE_COLUMNS} FROM hookcli.capture t
                 WHERE t.workspace = $1 AND (t.changed_in, t.seq) > ($2, $3) AND t.changed_in < $4 ORDER BY t.changed_in, t.seq LIMIT $5"
            ),
            _ => format!(
                "SELECT t.changed_in, t.seq, t.made_in, {DELIVERY_COLUMNS} FROM hookcli.delivery t {}
                 WHERE t.workspace = $1 AND (t.changed_in, t.seq) > ($2, $3) AND t.changed_in < $4 ORDER BY t.changed_in, t.seq LIMIT $5",
                lease_join(now)
            ),
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = client
            .query(&sql, &[&workspace, &from.commit, &behind, &horizon, &limit])
            .await?;
        for row in &rows {
            let columns = &mut Columns::of(row);
            let (commit, seq, made_in) = (columns.next()?, columns.next()?, columns.next()?);
            let is_new = from.is_before(made_in, table, seq);
            let event = match table {
                CAPTURES => StoreEvent::Capture {
                    capture: capture_summary(columns)?,
                    is_new,
                },
                _ => StoreEvent::Delivery {
                    delivery: delivery_summary(columns)?,
                    is_new,
                },
            };
            found.push((commit, table, seq, event));
        }
    }
    found.sort_by_key(|(commit, table, seq, _)| (*commit, *table, *seq));
    found.truncate(limit);
    let mut next = Followed { removals, ..from };
    if let Some((commit, table, seq, _)) = found.last() {
        (next.commit, next.table, next.seq) = (*commit, *table, *seq);
    }
    Ok(EventPage {
        events: found.into_iter().map(|(.., event)| event).collect(),
        has_removals: from.removals >= 0 && from.removals != removals,
        next: next.cursor(),
    })
}

/// Where what is committed from now on begins.
pub(super) async fn newest_event(
    client: &impl GenericClient,
    workspace: &str,
) -> Result<Cursor, PostgresError> {
    let horizon = horizon(client).await?;
    let removals = removals(client, workspace).await?;
    Ok(Followed::behind(horizon - 1, removals).cursor())
}

/// Where the first commit begins that made a capture that fits, else the next one.
pub(super) async fn cursor_before(
    client: &impl GenericClient,
    workspace: &str,
    query: &Query,
) -> Result<Cursor, PostgresError> {
    let mut first: Option<i64> = None;
    let mut after = None;
    loop {
        let wanted = Wanted {
            kind: IdKind::Capture,
            query,
            order: Order::OldestFirst,
            after,
            limit: LOOKED_AT,
            columns: "t.made_in",
            join: "",
            lock: "",
            also: None,
        };
        let found = find(client, workspace, &wanted).await?;
        for row in &found.rows {
            let made_in: i64 = row.try_get(PLACE_COLUMNS)?;
            first = Some(first.map_or(made_in, |first| first.min(made_in)));
        }
        after = found.last;
        if !found.is_part {
            break;
        }
    }
    match first {
        None => newest_event(client, workspace).await,
        Some(commit) => {
            let removals = removals(client, workspace).await?;
            Ok(Followed::behind(commit - 1, removals).cursor())
        }
    }
}

/// How many rows are looked at and locked at once.
pub(super) const LOCKED_AT_ONCE: usize = 1000;

/// The rows that fit, the oldest first and locked, as far as no one else has them: place, id and what else was asked for.
pub(super) async fn locked(
    client: &impl GenericClient,
    workspace: &str,
    (kind, query): (IdKind, &Query),
    (columns, also): (&str, &str),
    after: Option<Place>,
    limit: usize,
) -> Result<Found, PostgresError> {
    let wanted = Wanted {
        kind,
        query,
        order: Order::OldestFirst,
        after,
        limit,
        columns,
        join: "",
        lock: "FOR UPDATE OF t SKIP LOCKED",
        also: Some(also),
    };
    find(client, workspace, &wanted).await
}

/// The id behind a row's place.
pub(super) fn id_of(row: &Row, kind: IdKind) -> Result<Id, PostgresError> {
    Columns::behind(row, PLACE_COLUMNS).id(kind)
}

/// The columns behind a row's place and id.
pub(super) fn behind_id(row: &Row) -> Columns<'_> {
    Columns::behind(row, PLACE_COLUMNS + 1)
}
