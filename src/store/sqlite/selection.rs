//! A query in SQL. Every one is served in one way: the few kinds (provider, event, verdict) whose rows may fit are looked
//! up first, then the rows of each, in the milliseconds in which there are some. Times and ids are ranges of places (see
//! `order`).

use rusqlite::Connection;
use rusqlite::types::Value;

use super::order::{COUNTER_BITS, LAST_COUNT, first_at, last_at, ms_of, places_of};
use super::{Order, Query};
use crate::model::{IdKind, bounded_name};

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
        let kind_table = match conjuncts
            .iter()
            .any(|part| !is_of_kinds(part) && asks_kind(part))
        {
            true => "CROSS JOIN kind k ON k.id = t.kind",
            false => "",
        };
        let sql_text = match &kinds {
            Some(kinds) if kinds.is_empty() => return Ok(None),
            Some(kinds) if kinds.len() <= MAX_KINDS => {
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
        bounds.chain(after).collect()
    }
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

/// Whether it hangs on the kind alone.
fn is_of_kinds(query: &Query) -> bool {
    asks_kind(query) && !asks_row(query)
}

/// Whether it hangs on the kind, and maybe on more.
fn asks_kind(query: &Query) -> bool {
    match query {
        Query::All(all) | Query::Any(all) => all.iter().any(asks_kind),
        Query::Not(one) => asks_kind(one),
        Query::Provider(_) | Query::Event(_) | Query::Verdict(_) | Query::Outcome(_) => true,
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
            Query::Provider(provider) => format!("k.provider = {}", self.bind(provider.clone())),
            Query::Event(event) => {
                let event = bounded_name(event).into_owned();
                format!("k.event = {}", self.bind(event))
            }
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
            Query::Pending if self.kind == IdKind::Capture => "t.forward IS 1".to_owned(),
            Query::DueAt(at) if self.kind == IdKind::Delivery => format!(
                "(t.open IS 1 AND coalesce(t.next_attempt_us <= {}, 0))",
                at.as_microsecond()
            ),
            Query::Id(_) | Query::Pending | Query::DueAt(_) => "0".to_owned(),
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
