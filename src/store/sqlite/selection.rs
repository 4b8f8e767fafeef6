//! A query in SQL. Every one is served in one way: the few kinds (provider, event, verdict) whose rows may fit are looked
//! up first, then the rows of each, in the milliseconds in which there are some. Times and ids are ranges of places (see
//! `order`).

use std::ops::Bound;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _};

use super::Order;
use super::order::{COUNTER_BITS, LAST_COUNT, first_at, last_at, ms_of, places_of};
use crate::model::{IdKind, SentBy, bounded_name};
use crate::search::{NumberRange, Pattern, Query, RequestTerm};
use crate::store::encoding::PENDING;

/// How many rows a page searches at most, where it has to read headers and bodies.
pub(super) const SLICE_ROWS: usize = 20_000;
/// Kinds beyond this many are filtered row by row instead of kind by kind.
const MAX_KINDS: usize = 400;

/// Which rows are wanted.
pub(super) struct Selection<'s> {
    pub kind: IdKind,
    pub workspace: &'s str,
    pub query: &'s Query,
    pub order: Order,
    /// Rows behind that place.
    pub after: Option<i64>,
    /// Rows up to that place, with it.
    pub until: Option<i64>,
    pub limit: usize,
}

/// The places (`seq`) of rows, as a statement.
pub(super) struct SelectedPlaces {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Selection<'_> {
    /// None where no row can fit.
    pub(super) fn places(
        &self,
        connection: &Connection,
    ) -> rusqlite::Result<Option<SelectedPlaces>> {
        let (table, _) = table_of(self.kind);
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let direction = match self.order {
            Order::NewestFirst => "DESC",
            Order::OldestFirst => "ASC",
        };
        let conjuncts = self.query.conjuncts();
        let kinds = self.kinds(connection, &conjuncts)?;
        let mut sql = Conditions::new(self.kind);
        let mut conditions: Vec<String> = conjuncts
            .iter()
            .filter(|part| !is_of_kinds(part))
            .map(|part| sql.of(part))
            .collect();
        if let Some(after) = self.after {
            conditions.push(match self.order {
                Order::NewestFirst => format!("t.seq < {after}"),
                Order::OldestFirst => format!("t.seq > {after}"),
            });
        }
        if let Some(until) = self.until {
            conditions.push(match self.order {
                Order::NewestFirst => format!("t.seq >= {until}"),
                Order::OldestFirst => format!("t.seq <= {until}"),
            });
        }
        let kind_table = match conjuncts
            .iter()
            .any(|part| !is_of_kinds(part) && asks_kind(part))
        {
            true => "CROSS JOIN kind k ON k.id = t.kind",
            false => "",
        };
        let sql_text = match &kinds {
            Some(kinds) if kinds.is_empty() => return Ok(None),
            Some(kinds) if kinds.len() <= MAX_KINDS && !has_own_index(&conjuncts) => {
                conditions.extend(self.times(&conjuncts));
                let each = kinds.iter().map(|kind| {
                    let own = format!("s.kind = {kind} AND t.kind = {kind}");
                    let all = std::iter::once(own).chain(conditions.iter().cloned());
                    let all: Vec<String> = all.collect();
                    // Time by time, each one's rows: the order in which they are wanted.
                    format!(
                        "SELECT * FROM (SELECT t.seq AS seq FROM {table}_time s CROSS JOIN {table} t
                           ON t.seq BETWEEN at_ms << {COUNTER_BITS} AND (at_ms << {COUNTER_BITS}) + {LAST_COUNT} {kind_table}
                         WHERE {} ORDER BY at_ms {direction}, t.seq {direction} LIMIT {limit})",
                        all.join(" AND ")
                    )
                });
                let each: Vec<String> = each.collect();
                format!(
                    "SELECT seq FROM ({}) ORDER BY seq {direction} LIMIT {limit}",
                    each.join(" UNION ALL ")
                )
            }
            _ => {
                if let Some(kinds) = &kinds {
                    let list: Vec<String> = kinds.iter().map(ToString::to_string).collect();
                    let list = sql.bind(format!("[{}]", list.join(",")));
                    conditions.push(format!("t.kind IN (SELECT value FROM json_each({list}))"));
                }
                conditions.push("1".to_owned());
                format!(
                    "SELECT t.seq AS seq FROM {table} t {kind_table} WHERE {} ORDER BY t.seq {direction} LIMIT {limit}",
                    conditions.join(" AND ")
                )
            }
        };
        Ok(Some(SelectedPlaces {
            sql: sql_text,
            values: sql.values,
        }))
    }

    /// The kinds whose rows may fit; none where all may.
    fn kinds(
        &self,
        connection: &Connection,
        conjuncts: &[&Query],
    ) -> rusqlite::Result<Option<Vec<i64>>> {
        let is_shared = has_other_workspace(connection, self.workspace)?;
        if !is_shared && !conjuncts.iter().any(|part| asks_kind(part)) {
            return Ok(None);
        }
        let mut sql = Conditions {
            of_kinds: true,
            ..Conditions::new(self.kind)
        };
        let mut all = Vec::new();
        if is_shared {
            let workspace = sql.bind(self.workspace.to_owned());
            all.push(format!("k.workspace = {workspace}"));
        }
        for part in conjuncts.iter().filter(|part| asks_kind(part)) {
            let condition = sql.of(part);
            all.push(match is_of_kinds(part) {
                true => condition,
                // Where it hangs on the row, it is neither true nor false of a kind.
                false => format!("({condition}) IS NOT 0"),
            });
        }
        let text = format!("SELECT k.id FROM kind k WHERE {}", all.join(" AND "));
        connection
            .prepare(&text)?
            .query_map(rusqlite::params_from_iter(sql.values), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()
            .map(Some)
    }

    /// The milliseconds in which rows may be that fit.
    fn times(&self, conjuncts: &[&Query]) -> Vec<String> {
        let bounds = conjuncts.iter().filter_map(|part| match part {
            Query::Since(since) => Some(format!("at_ms >= {}", since.as_millisecond())),
            Query::Until(until) => Some(format!("at_ms <= {}", until.as_millisecond())),
            _ => None,
        });
        let after = self.after.map(|after| match self.order {
            Order::NewestFirst => format!("at_ms <= {}", ms_of(after)),
            Order::OldestFirst => format!("at_ms >= {}", ms_of(after)),
        });
        let until = self.until.map(|until| match self.order {
            Order::NewestFirst => format!("at_ms >= {}", ms_of(until)),
            Order::OldestFirst => format!("at_ms <= {}", ms_of(until)),
        });
        bounds.chain(after).chain(until).collect()
    }
}

/// The last of the rows that a page of a query searches at most, where it has to read headers and bodies; `None` where
/// fewer are left.
pub(super) fn slice_end(
    connection: &Connection,
    kind: IdKind,
    order: Order,
    after: Option<i64>,
) -> rusqlite::Result<Option<i64>> {
    let (table, _) = table_of(kind);
    let (direction, comparison) = match order {
        Order::NewestFirst => ("DESC", "<"),
        Order::OldestFirst => ("ASC", ">"),
    };
    let rest = match after {
        Some(after) => format!("WHERE seq {comparison} {after}"),
        None => String::new(),
    };
    let offset = SLICE_ROWS - 1;
    connection
        .prepare(&format!(
            "SELECT seq FROM {table} {rest} ORDER BY seq {direction} LIMIT 1 OFFSET {offset}"
        ))?
        .query_row([], |row| row.get(0))
        .optional()
}

/// A table, and its column with the time in microseconds.
pub(super) fn table_of(kind: IdKind) -> (&'static str, &'static str) {
    match kind {
        IdKind::Capture => ("capture", "received_us"),
        IdKind::Delivery => ("delivery", "started_us"),
    }
}

/// Whether the store holds more than this workspace.
fn has_other_workspace(connection: &Connection, workspace: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM kind WHERE workspace < ?1) OR EXISTS (SELECT 1 FROM kind WHERE workspace > ?1)",
        )?
        .query_row([workspace], |row| row.get(0))
}

/// Whether the few rows that fit are found by an index of their own.
fn has_own_index(conjuncts: &[&Query]) -> bool {
    conjuncts.iter().any(|part| {
        matches!(
            part,
            Query::ReplayOf(_) | Query::OfSubscription(_) | Query::OfEmulatedEvent(_)
        )
    })
}

/// Whether it hangs on the kind alone.
fn is_of_kinds(query: &Query) -> bool {
    asks_kind(query) && !asks_row(query)
}

/// Whether it hangs on the kind, and maybe on more.
fn asks_kind(query: &Query) -> bool {
    match query {
        Query::All(all) | Query::Any(all) => all.iter().any(asks_kind),
        Query::Not(one) => asks_kind(one),
        Query::Provider(_)
        | Query::Event(_)
        | Query::Verdict(_)
        | Query::Outcome(_)
        | Query::Endpoint(_) => true,
        _ => false,
    }
}

/// Whether it hangs on the row, and maybe on more.
fn asks_row(query: &Query) -> bool {
    match query {
        Query::All(all) | Query::Any(all) => all.iter().any(asks_row),
        Query::Not(one) => asks_row(one),
        leaf => !asks_kind(leaf),
    }
}

/// Conditions on a row `t` and its kind `k`, and the values that they name.
struct Conditions {
    kind: IdKind,
    /// Of kinds alone: what hangs on the row is unknown (NULL).
    of_kinds: bool,
    values: Vec<Value>,
}

impl Conditions {
    fn new(kind: IdKind) -> Self {
        Self {
            kind,
            of_kinds: false,
            values: Vec::new(),
        }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn of(&mut self, query: &Query) -> String {
        let (_, time) = table_of(self.kind);
        match query {
            Query::All(all) => self.joined(all, "AND", "1"),
            Query::Any(any) => self.joined(any, "OR", "0"),
            Query::Not(one) => format!("NOT ({})", self.of(one)),
            Query::Provider(provider) => self.pattern("k.provider", provider),
            Query::Event(event) if event.is_exact() => {
                let event = bounded_name(event.as_str()).into_owned();
                format!("k.event = {}", self.bind(event))
            }
            Query::Event(event) => self.pattern("k.event", event),
            Query::Endpoint(endpoint) => self.pattern("k.endpoint", endpoint),
            Query::Verdict(verdict) => self.word(IdKind::Capture, verdict.name()),
            Query::Outcome(outcome) => self.word(IdKind::Delivery, outcome.name()),
            _ if self.of_kinds => "NULL".to_owned(),
            Query::Id(id) if id.kind == self.kind => {
                let places = places_of(id.ulid);
                let text = self.bind(id.ulid.to_string());
                format!(
                    "(t.seq >= {} AND t.seq < {} AND t.id = {text})",
                    places.start, places.end
                )
            }
            // The place narrows it to the millisecond, the column to the microsecond.
            Query::Since(since) => format!(
                "(t.seq >= {} AND t.{time} >= {})",
                first_at(*since),
                since.as_microsecond()
            ),
            Query::Until(until) => format!(
                "(t.seq <= {} AND t.{time} < {})",
                last_at(*until),
                until.as_microsecond()
            ),
            Query::Pending if self.kind == IdKind::Capture => format!("t.forward IS {PENDING}"),
            Query::Pending => "t.open IS 1".to_owned(),
            Query::Method(method) => self.pattern("t.method", method),
            Query::Path(path) => self.pattern("t.target", path),
            Query::Size(range) => match self.kind {
                IdKind::Capture => between("t.body_length", range),
                IdKind::Delivery => between("length(t.body)", range),
            },
            Query::Status(range) => match self.kind {
                IdKind::Capture => between("t.status", range),
                IdKind::Delivery => between(LAST_STATUS, range),
            },
            Query::Request(term) => self.request(term),
            other => match self.kind {
                IdKind::Capture => self.of_capture(other),
                IdKind::Delivery => self.of_delivery(other),
            },
        }
    }

    /// What only captures have.
    fn of_capture(&mut self, query: &Query) -> String {
        match query {
            Query::Duplicate => "t.duplicate_of IS NOT NULL".to_owned(),
            Query::SameIdChanged => "t.seq IN (SELECT seq FROM capture INDEXED BY capture_same_id_changed WHERE same_id_changed = 1)".to_owned(),
            Query::FromWebPage => {
                let mark = self.bind(SentBy::WebPage.name().to_owned());
                format!("t.mark IS {mark}")
            }
            Query::OverTls => "t.over_tls IS 1".to_owned(),
            Query::NotReceived => "t.response_end IS NOT NULL".to_owned(),
            _ => "0".to_owned(),
        }
    }

    /// What only deliveries have.
    fn of_delivery(&mut self, query: &Query) -> String {
        match query {
            Query::DueAt(at) => format!(
                "(t.open IS 1 AND coalesce(t.next_attempt_us <= {}, 0))",
                at.as_microsecond()
            ),
            Query::Url(url) => self.pattern("t.url", url),
            Query::OfSubscription(number) => format!("t.subscription IS {}", self.bind(*number)),
            Query::OfEmulatedEvent(number) => format!("t.emulated_event IS {}", self.bind(*number)),
            Query::ReplayOf(id) => format!("t.replay_of IS {}", self.bind(id.ulid.to_string())),
            Query::Attempts(range) => between(ATTEMPTS, range),
            Query::Retried => format!("{ATTEMPTS} > 1"),
            Query::Faulted => "t.faults IS NOT NULL".to_owned(),
            _ => "0".to_owned(),
        }
    }

    fn pattern(&mut self, column: &str, pattern: &Pattern) -> String {
        match pattern.is_exact() {
            true => format!("{column} = {}", self.bind(pattern.as_str().to_owned())),
            false => format!("{column} GLOB {}", self.bind(pattern.glob())),
        }
    }

    /// By the functions of `functions`.
    fn request(&mut self, term: &RequestTerm) -> String {
        match term {
            RequestTerm::Header { .. } => {
                format!("header_fits({}, t.headers)", self.bind(term.to_string()))
            }
            RequestTerm::Body { .. } => {
                format!("body_fits({}, t.body)", self.bind(term.to_string()))
            }
            RequestTerm::Text(text) => {
                let text = self.bind(text.clone());
                format!("text_in({text}, t.target, t.headers, t.body)")
            }
        }
    }

    fn word(&mut self, of: IdKind, word: &'static str) -> String {
        match self.kind == of {
            true => format!("k.verdict = {}", self.bind(word.to_owned())),
            false => "0".to_owned(),
        }
    }

    /// In halves: SQLite bounds how deep an expression is.
    fn joined(&mut self, parts: &[Query], operator: &str, none: &str) -> String {
        match parts {
            [] => none.to_owned(),
            [one] => self.of(one),
            several => {
                let (first, second) = several.split_at(several.len() / 2);
                let first = self.joined(first, operator, none);
                let second = self.joined(second, operator, none);
                format!("({first} {operator} {second})")
            }
        }
    }
}

/// The status of the response to a delivery's last attempt, 0 without one.
const LAST_STATUS: &str = "coalesce((SELECT a.status FROM attempt a WHERE a.delivery = t.seq ORDER BY a.number DESC LIMIT 1), 0)";
/// How many attempts a delivery has.
const ATTEMPTS: &str = "(SELECT count(*) FROM attempt a WHERE a.delivery = t.seq)";

/// A number in a range.
fn between(number: &str, range: &NumberRange) -> String {
    let bound = |bound: Bound<f64>, inclusive: &str, exclusive: &str| match bound {
        Bound::Included(at) => Some(format!("{number} {inclusive} {at}")),
        Bound::Excluded(at) => Some(format!("{number} {exclusive} {at}")),
        Bound::Unbounded => None,
    };
    let bounds = [bound(range.least, ">=", ">"), bound(range.most, "<=", "<")];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    match bounds.is_empty() {
        true => "1".to_owned(),
        false => format!("({})", bounds.join(" AND ")),
    }
}
