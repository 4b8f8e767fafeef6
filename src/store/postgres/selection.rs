//! A query in SQL. What asks for something in a request's headers or body is looked at here, row by row; all else by the
//! database.

use std::ops::Bound;

use tokio_postgres::types::{ToSql, Type};

use super::text::{like, text_in};
use crate::model::{IdKind, SentBy, bounded_name};
use crate::search::{NumberRange, Pattern, Query, RequestTerm, TextFinder};
use crate::store::encoding::{PENDING, read_headers};

/// Values that a statement names, with their types.
#[derive(Default)]
pub(super) struct Parameters(Vec<(Box<dyn ToSql + Sync + Send>, Type)>);

impl Parameters {
    /// Adds a value, and returns how the statement names it.
    pub(super) fn bind(&mut self, value: impl ToSql + Sync + Send + 'static, of: Type) -> String {
        self.0.push((Box::new(value), of));
        format!("${}", self.0.len())
    }

    pub(super) fn text(&mut self, value: impl Into<String>) -> String {
        self.bind(value.into(), Type::TEXT)
    }

    pub(super) fn number(&mut self, value: i64) -> String {
        self.bind(value, Type::INT8)
    }

    pub(super) fn types(&self) -> Vec<Type> {
        self.0.iter().map(|(_, of)| of.clone()).collect()
    }

    /// As a client takes them.
    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
        self.0
            .iter()
            .map(|(value, _)| &**value as &(dyn ToSql + Sync))
    }
}

/// A table, its column with the time in microseconds, and that with the verdict or outcome.
pub(super) fn table_of(kind: IdKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        IdKind::Capture => ("hookcli.capture", "received_us", "verdict"),
        IdKind::Delivery => ("hookcli.delivery", "started_us", "outcome"),
    }
}

/// Which rows fit a query.
pub(super) struct Plan {
    pub parameters: Parameters,
    /// What is true of each row `t` that may fit.
    pub conditions: Vec<String>,
    /// What has to be known of a row to find out whether it does, where the conditions do not say.
    pub asked: Vec<String>,
    rest: Vec<Rest>,
}

/// What the database cannot say.
enum Rest {
    All(Vec<Rest>),
    Any(Vec<Rest>),
    Not(Box<Rest>),
    /// What the database said of it, by its place in `asked`.
    Asked(usize),
    Term(RequestTerm),
    Text(TextFinder),
}

/// The parts of a request that are looked at.
pub(super) struct Looked<'r> {
    pub asked: &'r [bool],
    pub target: &'r str,
    pub headers: &'r [u8],
    pub body: &'r [u8],
}

impl Plan {
    pub(super) fn of(kind: IdKind, workspace: &str, query: &Query) -> Self {
        let mut plan = Self {
            parameters: Parameters::default(),
            conditions: Vec::new(),
            asked: Vec::new(),
            rest: Vec::new(),
        };
        let own = plan.parameters.text(workspace);
        plan.conditions.push(format!("t.workspace = {own}"));
        for part in query.conjuncts() {
            if part.reads_requests() {
                let rest = plan.rest_of(kind, part);
                plan.rest.push(rest);
            } else {
                let condition = plan.condition(kind, part);
                plan.conditions.push(condition);
            }
        }
        plan
    }

    /// Whether rows have to be looked at here.
    pub(super) fn is_partial(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Whether a row fits that meets the conditions.
    pub(super) fn fits(&self, row: &Looked<'_>) -> bool {
        self.rest.iter().all(|rest| rest.fits(row))
    }

    fn rest_of(&mut self, kind: IdKind, query: &Query) -> Rest {
        match query {
            Query::All(parts) => Rest::All(self.rests_of(kind, parts)),
            Query::Any(parts) => Rest::Any(self.rests_of(kind, parts)),
            Query::Not(one) => Rest::Not(Box::new(self.rest_of(kind, one))),
            Query::Request(RequestTerm::Text(text)) => Rest::Text(TextFinder::new(text)),
            Query::Request(term) => Rest::Term(term.clone()),
            leaf => {
                let condition = self.condition(kind, leaf);
                self.asked.push(condition);
                Rest::Asked(self.asked.len() - 1)
            }
        }
    }

    fn rests_of(&mut self, kind: IdKind, parts: &[Query]) -> Vec<Rest> {
        parts.iter().map(|part| self.rest_of(kind, part)).collect()
    }

    /// A condition that is true or false, and never unknown.
    fn condition(&mut self, kind: IdKind, query: &Query) -> String {
        let (_, time, word) = table_of(kind);
        let values = &mut self.parameters;
        match query {
            Query::All(all) => self.joined(kind, all, "AND", "true"),
            Query::Any(any) => self.joined(kind, any, "OR", "false"),
            Query::Not(one) => format!("NOT ({})", self.condition(kind, one)),
            Query::Provider(provider) => pattern(values, "t.provider", provider),
            Query::Event(event) if event.is_exact() => {
                let event = bounded_name(event.as_str());
                format!("t.event = {}", values.text(text_in(&event)))
            }
            Query::Event(event) => pattern(values, "t.event", event),
            Query::Endpoint(endpoint) => pattern(values, "t.endpoint", endpoint),
            Query::Verdict(verdict) if kind == IdKind::Capture => {
                format!("t.{word} = {}", values.text(verdict.name()))
            }
            Query::Outcome(outcome) if kind == IdKind::Delivery => {
                format!("t.{word} = {}", values.text(outcome.name()))
            }
            // A ULID has letters and digits alone.
            Query::Id(id) if id.kind == kind => format!("t.id = '{}'", id.ulid),
            Query::Since(since) => format!(
                "(t.at_ms >= {} AND t.{time} >= {})",
                since.as_millisecond(),
                since.as_microsecond()
            ),
            Query::Until(until) => format!(
                "(t.at_ms <= {} AND t.{time} < {})",
                until.as_millisecond(),
                until.as_microsecond()
            ),
            Query::Pending if kind == IdKind::Capture => {
                format!("coalesce(t.forward = {PENDING}, false)")
            }
            Query::Pending => "t.open".to_owned(),
            Query::Method(method) => pattern(values, "t.method", method),
            Query::Path(path) => pattern(values, "t.target", path),
            Query::Size(range) => match kind {
                IdKind::Capture => between("t.body_length", range),
                IdKind::Delivery => between("octet_length(t.body)", range),
            },
            Query::Status(range) => match kind {
                IdKind::Capture => between("t.status", range),
                IdKind::Delivery => between(LAST_STATUS, range),
            },
            other => match kind {
                IdKind::Capture => self.of_capture(other),
                IdKind::Delivery => self.of_delivery(other),
            },
        }
    }

    /// What only captures have.
    fn of_capture(&mut self, query: &Query) -> String {
        match query {
            Query::Duplicate => "t.duplicate_of IS NOT NULL".to_owned(),
            Query::SameIdChanged => "t.same_id_changed".to_owned(),
            Query::FromWebPage => {
                let mark = self.parameters.text(SentBy::WebPage.name());
                format!("coalesce(t.mark = {mark}, false)")
            }
            Query::OverTls => "t.over_tls".to_owned(),
            Query::NotReceived => "t.response_end IS NOT NULL".to_owned(),
            _ => "false".to_owned(),
        }
    }

    /// What only deliveries have.
    fn of_delivery(&mut self, query: &Query) -> String {
        let values = &mut self.parameters;
        match query {
            Query::DueAt(at) => format!(
                "(t.open AND coalesce(t.next_attempt_us <= {}, false))",
                at.as_microsecond()
            ),
            Query::Url(url) => pattern(values, "t.url", url),
            Query::OfSubscription(number) => {
                format!("coalesce(t.subscription = {number}, false)")
            }
            Query::OfEmulatedEvent(number) => {
                format!("coalesce(t.emulated_event = {number}, false)")
            }
            Query::ReplayOf(id) => format!("coalesce(t.replay_of = '{}', false)", id.ulid),
            Query::Attempts(range) => between(ATTEMPTS, range),
            Query::Retried => format!("{ATTEMPTS} > 1"),
            Query::Faulted => "t.faults IS NOT NULL".to_owned(),
            _ => "false".to_owned(),
        }
    }

    fn joined(&mut self, kind: IdKind, parts: &[Query], operator: &str, none: &str) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| self.condition(kind, part))
            .collect();
        match parts.is_empty() {
            true => none.to_owned(),
            false => format!("({})", parts.join(&format!(" {operator} "))),
        }
    }
}

impl Rest {
    fn fits(&self, row: &Looked<'_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.fits(row)),
            Self::Any(any) => any.iter().any(|one| one.fits(row)),
            Self::Not(one) => !one.fits(row),
            Self::Asked(index) => row.asked.get(*index).copied().unwrap_or_default(),
            Self::Term(term @ RequestTerm::Header { .. }) => {
                term.fits_headers(read_headers(row.headers).iter())
            }
            Self::Term(term) => term.fits_body(row.body),
            Self::Text(finder) => {
                finder.is_in(row.target.as_bytes())
                    || finder.is_in(row.headers)
                    || finder.is_in(row.body)
            }
        }
    }
}

fn pattern(values: &mut Parameters, column: &str, pattern: &Pattern) -> String {
    match pattern.is_exact() {
        true => format!("{column} = {}", values.text(text_in(pattern.as_str()))),
        false => format!("{column} LIKE {}", values.text(like(pattern.as_str()))),
    }
}

/// The status of the response to a delivery's last attempt, 0 without one.
const LAST_STATUS: &str = "coalesce((SELECT a.status FROM hookcli.attempt a WHERE a.delivery = t.seq ORDER BY a.number DESC LIMIT 1), 0)";
/// How many attempts a delivery has.
const ATTEMPTS: &str = "(SELECT count(*) FROM hookcli.attempt a WHERE a.delivery = t.seq)";

/// A number in a range.
fn between(number: &str, range: &NumberRange) -> String {
    let bound = |bound: Bound<f64>, inclusive: &str, exclusive: &str| match bound {
        Bound::Included(at) => Some(format!("{number} {inclusive} '{at}'::float8")),
        Bound::Excluded(at) => Some(format!("{number} {exclusive} '{at}'::float8")),
        Bound::Unbounded => None,
    };
    let bounds = [bound(range.least, ">=", ">"), bound(range.most, "<=", "<")];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    match bounds.is_empty() {
        true => "true".to_owned(),
        false => format!("({})", bounds.join(" AND ")),
    }
}
