//! Reading: lists, one by its name, filters. Every filter is served in one way: the few kinds (provider,
//! event, verdict) that fit are looked up first, then the newest rows of each, in the milliseconds in which
//! there are some. Times and ids are ranges of places (see `order`).

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::order::{COUNTER_BITS, LAST_COUNT, first_at, last_at, places_of_prefix};
use super::worker::live_other;
use super::writer::{DUE, read_destinations};
use super::{Filter, PendingAt, StoreError};
use crate::model::{
    Attempt, AttemptError, AttemptErrorKind, AttemptOutline, Capture, CaptureSummary, Delivery,
    DeliveryOutline, DeliverySummary, Headers, Id, IdKind, Outcome, Phases, Reference, RemoteText,
    Request, Response, Verdict, normal_url,
};

/// Kinds beyond this many are filtered row by row instead of kind by kind.
const MAX_KINDS: usize = 400;

pub(super) fn captures(
    connection: &Connection,
    filter: &Filter,
) -> rusqlite::Result<Vec<CaptureSummary>> {
    let columns = "t.id, t.received_us, k.provider, k.event, k.verdict, t.reason, t.method, t.target, t.body_length, t.status, t.duplicate_of";
    list(
        connection,
        "capture",
        "received_us",
        columns,
        filter,
        |row| {
            Ok(CaptureSummary {
                id: id(IdKind::Capture, row, 0)?,
                received_at: time(row, 1)?,
                provider: non_empty(row.get(2)?),
                event: non_empty(row.get(3)?).map(RemoteText::from),
                verdict: verdict(row, 4)?,
                reason: word(row, 5)?,
                method: RemoteText::from(row.get::<_, String>(6)?),
                target: RemoteText::from(row.get::<_, String>(7)?),
                body_bytes: row.get(8)?,
                status: row.get(9)?,
                duplicate_of: row
                    .get::<_, Option<String>>(10)?
                    .and_then(|text| Id::from_ulid_text(IdKind::Capture, &text)),
            })
        },
    )
}

pub(super) fn deliveries(
    connection: &Connection,
    filter: &Filter,
) -> rusqlite::Result<Vec<DeliverySummary>> {
    let columns = "t.id, t.started_us, k.provider, k.event, k.verdict, t.url,
        (SELECT count(*) FROM attempt a WHERE a.delivery = t.seq),
        (SELECT status FROM attempt a WHERE a.delivery = t.seq ORDER BY number DESC LIMIT 1), t.worker";
    list(
        connection,
        "delivery",
        "started_us",
        columns,
        filter,
        |row| {
            Ok(DeliverySummary {
                id: id(IdKind::Delivery, row, 0)?,
                started_at: time(row, 1)?,
                provider: non_empty(row.get(2)?),
                event: non_empty(row.get(3)?).map(RemoteText::from),
                outcome: outcome(row, 4, 8)?,
                url: row.get(5)?,
                attempts: row.get(6)?,
                status: row.get(7)?,
                worker: worker(row, 8)?,
            })
        },
    )
}

/// How many captures are pending at each destination; the one that lacks most first.
pub(super) fn pending(connection: &Connection) -> rusqlite::Result<Vec<PendingAt>> {
    let mut all: Vec<PendingAt> = Vec::new();
    let mut statement = connection.prepare(
        "SELECT destinations, count(*) FROM capture WHERE forward = 1 GROUP BY destinations",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, Option<String>>(0)?, row.get::<_, u64>(1)?))
    })?;
    let mut add = |url: &str, captures: u64| {
        let normal = normal_url(url);
        match all
            .iter_mut()
            .find(|known| normal_url(&known.url) == normal)
        {
            Some(known) => known.captures += captures,
            None => all.push(PendingAt {
                url: url.to_owned(),
                captures,
            }),
        }
    };
    for row in rows {
        let (text, captures) = row?;
        let destinations = read_destinations(text, Some(DUE));
        let mut urls = destinations.pending_urls().peekable();
        if urls.peek().is_none() {
            add("", captures);
        }
        urls.for_each(|url| add(url, captures));
    }
    all.sort_by(|one, other| {
        other
            .captures
            .cmp(&one.captures)
            .then_with(|| one.url.cmp(&other.url))
    });
    Ok(all)
}

/// The process that works at a delivery, where it is another one and runs.
fn worker(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u32>> {
    let mark: Option<String> = row.get(column)?;
    Ok(mark.as_deref().and_then(live_other))
}

/// What is under way is not unknown.
fn outcome(row: &Row<'_>, column: usize, worker_column: usize) -> rusqlite::Result<Outcome> {
    Ok(match stored_outcome(row, column)? {
        Outcome::Unknown if worker(row, worker_column)?.is_some() => Outcome::Pending,
        outcome => outcome,
    })
}

/// A word that a later version may have written is one of which nothing is known.
fn stored_outcome(row: &Row<'_>, column: usize) -> rusqlite::Result<Outcome> {
    Ok(word(row, column)?.unwrap_or(Outcome::Unknown))
}

fn verdict(row: &Row<'_>, column: usize) -> rusqlite::Result<Verdict> {
    Ok(word(row, column)?.unwrap_or(Verdict::Unchecked))
}

/// One of a fixed set of words; none where there is none, or one that is not known here.
fn word<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Oldest first.
pub(super) fn courses(
    connection: &Connection,
    filter: &Filter,
) -> rusqlite::Result<Vec<DeliveryOutline>> {
    let columns = "t.id, k.verdict, t.seq";
    let rows = list(
        connection,
        "delivery",
        "started_us",
        columns,
        filter,
        |row| {
            Ok((
                id(IdKind::Delivery, row, 0)?,
                stored_outcome(row, 1)?,
                row.get(2)?,
            ))
        },
    )?;
    let mut attempts = connection.prepare(
        "SELECT duration_us, status, error_code FROM attempt WHERE delivery = ?1 ORDER BY number",
    )?;
    rows.into_iter()
        .rev()
        .map(|(id, outcome, seq): (Id, Outcome, i64)| {
            let course = |row: &Row<'_>| {
                Ok(AttemptOutline {
                    duration: Duration::from_micros(row.get(0)?),
                    status: row.get(1)?,
                    error: word(row, 2)?,
                })
            };
            Ok(DeliveryOutline {
                id,
                outcome,
                attempts: attempts
                    .query_map([seq], course)?
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

fn list<T>(
    connection: &Connection,
    table: &str,
    time_column: &str,
    columns: &str,
    filter: &Filter,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let limit = filter
        .limit
        .map_or(i64::MAX, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    let mut conditions = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    if let Some(since) = filter.since {
        // The place narrows it to the millisecond, the column to the microsecond.
        conditions.push(format!(
            "seq >= {} AND {time_column} >= {}",
            first_at(since),
            since.as_microsecond()
        ));
    }
    if let Some(until) = filter.until {
        conditions.push(format!(
            "seq <= {} AND {time_column} < {}",
            last_at(until),
            until.as_microsecond()
        ));
    }
    if filter.unforwarded {
        conditions.push("forward = 1".to_owned());
    }
    let by_kind = filter.provider.is_some() || filter.event.is_some() || filter.word().is_some();
    let kinds = if by_kind {
        Some(kinds(connection, filter)?)
    } else {
        None
    };
    let seqs = match &kinds {
        Some(kinds) if kinds.is_empty() => return Ok(Vec::new()),
        Some(kinds) if kinds.len() <= MAX_KINDS => {
            let each: Vec<String> = kinds
                .iter()
                .map(|kind| {
                    let mut all = vec![format!("s.kind = {kind} AND t.kind = {kind}")];
                    all.extend(
                        filter
                            .since
                            .map(|since| format!("at_ms >= {}", since.as_millisecond())),
                    );
                    all.extend(
                        filter
                            .until
                            .map(|until| format!("at_ms <= {}", until.as_millisecond())),
                    );
                    all.extend(conditions.iter().cloned());
                    // Time by time, each one's rows: the order in which they are wanted.
                    format!(
                        "SELECT * FROM (SELECT seq FROM {table}_time s CROSS JOIN {table} t
                           ON seq BETWEEN at_ms << {COUNTER_BITS} AND (at_ms << {COUNTER_BITS}) + {LAST_COUNT}
                         WHERE {} ORDER BY at_ms DESC, seq DESC LIMIT {limit})",
                        all.join(" AND ")
                    )
                })
                .collect();
            format!(
                "SELECT seq FROM ({}) ORDER BY seq DESC LIMIT {limit}",
                each.join(" UNION ALL ")
            )
        }
        _ => {
            if let Some(kinds) = &kinds {
                let list: Vec<String> = kinds.iter().map(ToString::to_string).collect();
                values.push(Value::from(format!("[{}]", list.join(","))));
                conditions.push("kind IN (SELECT value FROM json_each(?1))".to_owned());
            }
            let condition = if conditions.is_empty() {
                "1".to_owned()
            } else {
                conditions.join(" AND ")
            };
            format!("SELECT seq FROM {table} WHERE {condition} ORDER BY seq DESC LIMIT {limit}")
        }
    };
    let sql = format!(
        "SELECT {columns} FROM ({seqs}) s JOIN {table} t ON t.seq = s.seq JOIN kind k ON k.id = t.kind ORDER BY t.seq DESC"
    );
    connection
        .prepare(&sql)?
        .query_map(rusqlite::params_from_iter(values), read)?
        .collect()
}

fn kinds(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare(
            "SELECT id FROM kind WHERE (?1 IS NULL OR provider = ?1) AND (?2 IS NULL OR event = ?2) AND (?3 IS NULL OR verdict = ?3)",
        )?
        .query_map(params![filter.provider, filter.event, filter.word()], |row| row.get(0))?
        .collect()
}

/// The place in the store's order of what `which` names.
pub(super) fn find(
    connection: &Connection,
    kind: IdKind,
    which: &Reference,
) -> Result<i64, StoreError> {
    let (table, what) = match kind {
        IdKind::Capture => ("capture", "capture"),
        IdKind::Delivery => ("delivery", "delivery"),
    };
    let missing = |hint| StoreError::NotFound {
        what,
        which: which.to_string(),
        hint,
    };
    match which {
        Reference::Last(back) => {
            let back = i64::try_from(*back).unwrap_or(i64::MAX);
            connection
                .query_row(
                    &format!("SELECT seq FROM {table} ORDER BY seq DESC LIMIT 1 OFFSET ?1"),
                    [back],
                    |row| row.get(0),
                )
                .optional()
                .map_err(read_error)?
                .ok_or_else(|| match back {
                    0 => StoreError::Empty(what),
                    _ => missing(": the store does not hold that many"),
                })
        }
        Reference::Part(part) => {
            let fitting = |condition: &str, values: [Value; 3]| {
                connection
                    .prepare(&format!(
                        "SELECT seq, id FROM {table} WHERE {condition} ORDER BY seq LIMIT 5"
                    ))
                    .and_then(|mut statement| {
                        statement
                            .query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?
                            .collect::<rusqlite::Result<Vec<(i64, String)>>>()
                    })
                    .map_err(read_error)
            };
            let by_prefix = match places_of_prefix(part) {
                Some(places) => fitting(
                    "seq >= ?1 AND seq < ?2 AND id GLOB ?3",
                    [
                        places.start.into(),
                        places.end.into(),
                        format!("{part}*").into(),
                    ],
                )?,
                None => Vec::new(),
            };
            let found = if by_prefix.is_empty() && part.len() == 6 {
                // This one reads every id.
                fitting(
                    "seq >= ?1 AND seq <= ?2 AND id GLOB ?3",
                    [0.into(), i64::MAX.into(), format!("*{part}").into()],
                )?
            } else {
                by_prefix
            };
            match found.as_slice() {
                [(seq, _)] => Ok(*seq),
                [] => Err(missing("")),
                several => Err(StoreError::Ambiguous {
                    which: part.clone(),
                    candidates: several
                        .iter()
                        .map(|(_, id)| format!("{}{id}", kind.prefix()))
                        .collect(),
                }),
            }
        }
    }
}

pub(super) fn capture(connection: &Connection, seq: i64) -> rusqlite::Result<Capture> {
    connection.query_row(
        "SELECT t.id, t.received_us, k.provider, k.event, k.verdict, t.reason, t.duplicate_of, t.candidates,
                t.method, t.target, t.headers, t.body, t.status, t.response_body,
                t.response_headers, t.response_manner, t.mark, t.forward, t.over_tls, t.destinations
         FROM capture t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1",
        [seq],
        |row| {
            Ok(Capture {
                id: id(IdKind::Capture, row, 0)?,
                received_at: time(row, 1)?,
                provider: non_empty(row.get(2)?),
                event: non_empty(row.get(3)?).map(RemoteText::from),
                verdict: verdict(row, 4)?,
                reason: word(row, 5)?,
                duplicate_of: row.get::<_, Option<String>>(6)?.and_then(|text| Id::from_ulid_text(IdKind::Capture, &text)),
                candidates: row
                    .get::<_, Option<String>>(7)?
                    .map(|list| list.split(',').map(str::to_owned).collect())
                    .unwrap_or_default(),
                request: Request {
                    method: row.get(8)?,
                    target: row.get(9)?,
                    headers: read_headers(&row.get::<_, Vec<u8>>(10)?),
                    body: row.get::<_, Vec<u8>>(11)?.into(),
                },
                response_status: row.get(12)?,
                response_body: row.get::<_, Option<Vec<u8>>>(13)?.unwrap_or_default(),
                response_headers: read_headers(&row.get::<_, Option<Vec<u8>>>(14)?.unwrap_or_default()),
                response_fault: word(row, 15)?,
                mark: word(row, 16)?,
                destinations: read_destinations(row.get(19)?, row.get(17)?),
                over_tls: row.get::<_, Option<i64>>(18)? == Some(1),
            })
        },
    )
}

pub(super) fn delivery(connection: &Connection, seq: i64) -> rusqlite::Result<Delivery> {
    let attempts = connection
        .prepare(
            "SELECT number, started_us, duration_us, status, error_code, error, response_headers, response_body, response_truncated, dns_us, connect_us, tls_us, first_byte_us
             FROM attempt WHERE delivery = ?1 ORDER BY number",
        )?
        .query_map([seq], |row| {
            let error: Option<String> = row.get(5)?;
            let result = match row.get(3)? {
                Some(status) => Ok(Response {
                    status,
                    headers: read_headers(&row.get::<_, Vec<u8>>(6)?),
                    body: row.get::<_, Vec<u8>>(7)?.into(),
                    truncated: row.get(8)?,
                }),
                None => Err(AttemptError {
                    kind: word(row, 4)?.unwrap_or(AttemptErrorKind::Unknown),
                    message: error.unwrap_or_default().into(),
                }),
            };
            Ok(Attempt {
                number: row.get(0)?,
                started_at: time(row, 1)?,
                duration: Duration::from_micros(row.get(2)?),
                result,
                phases: Phases {
                    dns: span(row, 9)?,
                    connect: span(row, 10)?,
                    tls: span(row, 11)?,
                    first_byte: span(row, 12)?,
                },
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    connection.query_row(
        "SELECT t.id, k.provider, k.event, k.verdict, t.url, t.failure, t.replay_of, t.method, t.target, t.headers, t.body, t.started_us, t.endpoint, t.signs_afresh, t.worker
         FROM delivery t JOIN kind k ON k.id = t.kind WHERE t.seq = ?1",
        [seq],
        |row| {
            Ok(Delivery {
                id: id(IdKind::Delivery, row, 0)?,
                started_at: time(row, 11)?,
                provider: non_empty(row.get(1)?),
                event: non_empty(row.get(2)?).map(RemoteText::from),
                outcome: outcome(row, 3, 14)?,
                worker: worker(row, 14)?,
                url: row.get(4)?,
                failure: row.get::<_, Option<String>>(5)?.map(RemoteText::from),
                replay_of: row.get::<_, Option<String>>(6)?.and_then(|text| Id::from_ulid_text(IdKind::Capture, &text)),
                endpoint: row.get(12)?,
                signed: row.get(13)?,
                request: Request {
                    method: row.get(7)?,
                    target: row.get(8)?,
                    headers: read_headers(&row.get::<_, Vec<u8>>(9)?),
                    body: row.get::<_, Vec<u8>>(10)?.into(),
                },
                attempts: attempts.clone(),
            })
        },
    )
}

fn span(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Duration>> {
    Ok(row
        .get::<_, Option<u64>>(column)?
        .map(Duration::from_micros))
}

fn read_headers(lines: &[u8]) -> Headers {
    lines
        .split(|&byte| byte == b'\n')
        .filter_map(|line| {
            let at = line.windows(2).position(|pair| pair == b": ")?;
            Some((
                String::from_utf8_lossy(&line[..at]).into_owned(),
                line[at + 2..].to_vec(),
            ))
        })
        .collect()
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn id(kind: IdKind, row: &Row<'_>, index: usize) -> rusqlite::Result<Id> {
    let text: String = row.get(index)?;
    Id::from_ulid_text(kind, &text).ok_or_else(|| unreadable(index, "an id"))
}

fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(index)?).map_err(|_| unreadable(index, "a time"))
}

fn unreadable(index: usize, what: &str) -> rusqlite::Error {
    let message = format!("{what} of the store cannot be read");
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, message.into())
}

pub(super) fn read_error(error: rusqlite::Error) -> StoreError {
    StoreError::Read(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::{SqliteStore, Store as _, StoreOptions};
    use super::*;
    use crate::store::writer::tests::capture as kept_capture;
    use proptest::prelude::*;

    const START_US: i64 = 1_700_000_000_000_000;

    /// A capture some microseconds after the start.
    fn capture(number: usize, at_us: i64, kind: (&str, &str, &str)) -> Capture {
        let received_at = Timestamp::from_microsecond(START_US + at_us).unwrap();
        let (provider, event, verdict) = kind;
        Capture {
            provider: non_empty(provider.to_owned()),
            event: Some(event.into()),
            verdict: verdict.parse().unwrap(),
            ..kept_capture(number as u64, received_at)
        }
    }

    fn kinds() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
        (
            prop::sample::select(vec!["", "acme", "other"]),
            prop::sample::select(vec!["made", "gone"]),
            prop::sample::select(vec!["valid", "invalid"]),
        )
    }

    fn times() -> impl Strategy<Value = Option<Timestamp>> {
        let time = |us| Timestamp::from_microsecond(START_US + us).unwrap();
        prop::option::of((-2_000_i64..22_000).prop_map(time))
    }

    fn filters() -> impl Strategy<Value = Filter> {
        (
            prop::option::of(prop::sample::select(vec!["acme", "other"])),
            prop::option::of(prop::sample::select(vec!["made", "gone"])),
            prop::option::of(prop::sample::select(vec!["valid", "invalid"])),
            times(),
            times(),
            prop::option::of(0..40_usize),
        )
            .prop_map(|(provider, event, verdict, since, until, limit)| Filter {
                provider: provider.map(str::to_owned),
                event: event.map(str::to_owned),
                verdict: verdict.map(|word| word.parse().unwrap()),
                outcome: None,
                since,
                until,
                limit,
                unforwarded: false,
            })
    }

    fn fits(filter: &Filter, capture: &Capture) -> bool {
        let event = capture.event.as_ref().map(RemoteText::unescaped);
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        is(&filter.provider, capture.provider.as_deref())
            && is(&filter.event, event)
            && filter
                .verdict
                .is_none_or(|wanted| wanted == capture.verdict)
            && filter
                .since
                .is_none_or(|since| capture.received_at >= since)
            && filter.until.is_none_or(|until| capture.received_at < until)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_filter_finds_what_looking_at_each_would_find(
            kept in prop::collection::vec((0..20_000_i64, kinds()), 0..150),
            removed in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
            filters in prop::collection::vec(filters(), 20),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(&dir.path().join("store.db"), StoreOptions::default()).unwrap();
            let mut kept: Vec<_> = kept
                .into_iter()
                .enumerate()
                .map(|(number, (at_us, kind))| capture(number, at_us, kind))
                .collect();
            for some in kept.chunks(20) {
                store.import(some).unwrap();
            }
            for index in removed {
                if !kept.is_empty() {
                    let gone = kept.remove(index.index(kept.len()));
                    prop_assert_eq!(store.remove(&[gone.id]).unwrap(), 1);
                }
            }
            // Newest first; those of a millisecond in the order in which they were kept.
            kept.reverse();
            kept.sort_by_key(|capture| std::cmp::Reverse(capture.received_at.as_millisecond()));
            for filter in filters {
                let expected: Vec<Id> = kept
                    .iter()
                    .filter(|capture| fits(&filter, capture))
                    .map(|capture| capture.id)
                    .take(filter.limit.unwrap_or(usize::MAX))
                    .collect();
                let found = store.captures(&filter).unwrap();
                let found: Vec<Id> = found.iter().map(|row| row.id).collect();
                prop_assert_eq!(found, expected, "{:?}", filter);
            }
        }
    }
}
