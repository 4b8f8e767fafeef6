//! What goes so that the store stays within its bound, some at a time, so that no lock is held for long. The bound is the
//! store's, for all workspaces and nodes; what goes first is as in the embedded store:
//!
//! 1. requests that were refused, as long as they take more than a tenth of the bound;
//! 2. accepted requests and settled deliveries, those that arrived first before the others;
//! 3. what is still to be delivered, counted and told; and not at all where a running process owes it.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;

use super::error::PostgresError;
use super::reading::Columns;
use crate::model::IdKind;
use crate::store::{Excess, Keep};

/// So many rows are looked at in one statement, at least, and in so many statements.
const LOOKED_AT: usize = 1000;
const MOST_PAGES: usize = 100;
/// Rows that one eviction removes at most.
pub(super) const EVICTED_AT_ONCE: usize = 1_000;

/// A row that may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub kind: IdKind,
    pub seq: i64,
    arrived_ms: i64,
    bytes: u64,
    pub is_pending: bool,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default)]
struct Usage {
    count: u64,
    bytes: u64,
    refused_count: u64,
    refused_bytes: u64,
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

impl Amount {
    fn is_nothing(self) -> bool {
        matches!(self, Self::Rows(0) | Self::Bytes(0))
    }
}

pub(super) async fn read_bound(client: &impl GenericClient) -> Result<Option<Keep>, PostgresError> {
    let sql = "SELECT value FROM hookcli.setting WHERE name = 'keep'";
    let row = client.query_opt(sql, &[]).await?;
    let text: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(text.and_then(|text| text.parse().ok()))
}

pub(super) async fn write_bound(
    client: &impl GenericClient,
    keep: Keep,
) -> Result<(), PostgresError> {
    client
        .execute(
            "INSERT INTO hookcli.setting (name, value) VALUES ('keep', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[&keep.to_string()],
        )
        .await?;
    Ok(())
}

async fn usage(client: &impl GenericClient, kind: &str) -> Result<Usage, PostgresError> {
    let row = client
        .query_one(
            "SELECT sum(count)::bigint, sum(bytes)::bigint, sum(refused_count)::bigint, sum(refused_bytes)::bigint
             FROM hookcli.usage WHERE kind = $1",
            &[&kind],
        )
        .await?;
    let columns = &mut Columns::of(&row);
    let mut next = || -> Result<u64, PostgresError> {
        let number: i64 = columns.next()?;
        Ok(u64::try_from(number).unwrap_or_default())
    };
    Ok(Usage {
        count: next()?,
        bytes: next()?,
        refused_count: next()?,
        refused_bytes: next()?,
    })
}

/// How many rows are pending, and how many bytes of them.
async fn pending(client: &impl GenericClient, kind: IdKind) -> Result<(u64, u64), PostgresError> {
    let sql = match kind {
        IdKind::Capture => {
            "SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM hookcli.capture WHERE forward = 1"
        }
        IdKind::Delivery => {
            "SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM hookcli.delivery WHERE open"
        }
    };
    let row = client.query_one(sql, &[]).await?;
    let columns = &mut Columns::of(&row);
    let (count, bytes): (i64, i64) = (columns.next()?, columns.next()?);
    Ok((
        u64::try_from(count).unwrap_or_default(),
        u64::try_from(bytes).unwrap_or_default(),
    ))
}

/// The rows that go, `limit` at most; and whether the bound is not met for what is owed.
pub(super) async fn choose(
    client: &impl GenericClient,
    keep: Keep,
    now: Timestamp,
    limit: usize,
) -> Result<(Vec<Candidate>, bool), PostgresError> {
    let owed = client
        .query(
            "SELECT o.destination FROM hookcli.owed o JOIN hookcli.lease l ON l.claim = o.claim WHERE l.until_us > $1",
            &[&now.as_microsecond()],
        )
        .await?;
    let mut chosen = Chosen {
        rows: Vec::new(),
        limit,
        owed_to: Vec::with_capacity(owed.len()),
    };
    for row in owed {
        chosen.owed_to.push(row.try_get(0)?);
    }
    let both = [IdKind::Capture, IdKind::Delivery];
    let captures = [IdKind::Capture];
    match keep {
        Keep::Age(age) => {
            let before = now
                .checked_sub(age)
                .map_or(i64::MIN, Timestamp::as_millisecond);
            let amount = Amount::Before(before);
            for (class, kinds) in [
                (Class::Refused, &captures[..]),
                (Class::Ordinary, &both),
                (Class::Pending, &both),
            ] {
                chosen.gather(client, class, kinds, amount).await?;
            }
            Ok((chosen.rows, false))
        }
        Keep::Count(most) => {
            let used = usage(client, "capture").await?;
            let accepted = used.count.saturating_sub(used.refused_count);
            let room = most.saturating_sub(accepted).max(most / 10);
            let amount = Amount::Rows(used.refused_count.saturating_sub(room));
            chosen
                .gather(client, Class::Refused, &captures, amount)
                .await?;
            let excess = accepted.saturating_sub(most);
            let mut unmet = false;
            if excess > 0 {
                let ordinary = accepted.saturating_sub(pending(client, IdKind::Capture).await?.0);
                let spared = ordinary.saturating_sub(most / 10);
                let first = Amount::Rows(excess.min(spared));
                let got = chosen
                    .gather(client, Class::Ordinary, &captures, first)
                    .await?;
                let rest = excess.saturating_sub(got);
                let got = chosen
                    .gather(client, Class::Pending, &captures, Amount::Rows(rest))
                    .await?;
                unmet = got < rest;
            }
            let used = usage(client, "delivery").await?;
            let excess = used.count.saturating_sub(most);
            let deliveries = [IdKind::Delivery];
            let got = chosen
                .gather(client, Class::Ordinary, &deliveries, Amount::Rows(excess))
                .await?;
            let rest = Amount::Rows(excess.saturating_sub(got));
            chosen
                .gather(client, Class::Pending, &deliveries, rest)
                .await?;
            Ok((chosen.rows, unmet))
        }
        Keep::Bytes(most) => {
            let (captured, delivered) = (
                usage(client, "capture").await?,
                usage(client, "delivery").await?,
            );
            let used = captured.bytes + delivered.bytes;
            let excess = used.saturating_sub(most);
            if excess == 0 {
                return Ok((chosen.rows, false));
            }
            let tenth = most / 10;
            let refused = captured.refused_bytes;
            let amount = Amount::Bytes(excess.min(refused.saturating_sub(tenth)));
            let freed = chosen
                .gather(client, Class::Refused, &captures, amount)
                .await?;
            let on_top = refused.saturating_sub(freed).min(tenth);
            let excess = excess.saturating_sub(freed + on_top);
            let waiting = pending(client, IdKind::Capture).await?.1
                + pending(client, IdKind::Delivery).await?.1;
            let ordinary = used.saturating_sub(refused + waiting);
            let spared = ordinary.saturating_sub(tenth);
            let got = chosen
                .gather(
                    client,
                    Class::Ordinary,
                    &both,
                    Amount::Bytes(excess.min(spared)),
                )
                .await?;
            let rest = excess.saturating_sub(got);
            let got = chosen
                .gather(client, Class::Pending, &both, Amount::Bytes(rest))
                .await?;
            Ok((chosen.rows, got < rest))
        }
    }
}

struct Chosen {
    rows: Vec<Candidate>,
    limit: usize,
    /// Destinations that running processes owe what is pending there.
    owed_to: Vec<String>,
}

impl Chosen {
    /// Takes rows of a class, those that arrived first before the others, and returns how much that is.
    async fn gather(
        &mut self,
        client: &impl GenericClient,
        class: Class,
        kinds: &[IdKind],
        amount: Amount,
    ) -> Result<u64, PostgresError> {
        if amount.is_nothing() {
            return Ok(0);
        }
        let mut candidates = Vec::new();
        for kind in kinds {
            candidates.extend(self.candidates(client, class, *kind, amount).await?);
        }
        candidates.sort_by_key(|one| (one.arrived_ms, one.seq));
        let (mut rows, mut bytes) = (0, 0);
        for one in candidates {
            let enough = match amount {
                Amount::Rows(wanted) => rows >= wanted,
                Amount::Bytes(wanted) => bytes >= wanted,
                Amount::Before(_) => false,
            };
            if enough || self.rows.len() >= self.limit {
                break;
            }
            rows += 1;
            bytes += one.bytes;
            self.rows.push(one);
        }
        Ok(match amount {
            Amount::Rows(_) => rows,
            Amount::Bytes(_) | Amount::Before(_) => bytes,
        })
    }

    async fn candidates(
        &self,
        client: &impl GenericClient,
        class: Class,
        kind: IdKind,
        amount: Amount,
    ) -> Result<Vec<Candidate>, PostgresError> {
        let (table, condition, destinations) = match (kind, class) {
            (IdKind::Capture, Class::Refused) => (
                "hookcli.capture",
                "refused AND forward IS DISTINCT FROM 1",
                "NULL::text",
            ),
            (IdKind::Capture, Class::Ordinary) => (
                "hookcli.capture",
                "NOT refused AND forward IS DISTINCT FROM 1",
                "NULL::text",
            ),
            (IdKind::Capture, Class::Pending) => ("hookcli.capture", "forward = 1", "destinations"),
            (IdKind::Delivery, Class::Pending) => ("hookcli.delivery", "open", "NULL::text"),
            (IdKind::Delivery, _) => ("hookcli.delivery", "NOT open", "NULL::text"),
        };
        let wanted = match amount {
            Amount::Rows(rows) => usize::try_from(rows).unwrap_or(usize::MAX),
            Amount::Bytes(_) | Amount::Before(_) => usize::MAX,
        };
        let wanted = wanted.min(self.limit.saturating_add(1));
        let limit = wanted.max(LOOKED_AT);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let before = match amount {
            Amount::Before(before) => before,
            Amount::Rows(_) | Amount::Bytes(_) => i64::MAX,
        };
        // In the order of their places, which is that of their arrival.
        let sql = format!(
            "SELECT seq, arrived_ms, bytes, {destinations} FROM {table} WHERE {condition} AND arrived_ms < $1 AND seq > $3
             ORDER BY seq LIMIT $2"
        );
        let mut found = Vec::new();
        let mut after = i64::MIN;
        // What is owed may stand before what may go.
        for _ in 0..MOST_PAGES {
            let rows = client.query(&sql, &[&before, &limit, &after]).await?;
            let is_last = rows.len() < usize::try_from(limit).unwrap_or(usize::MAX);
            self.add_free(&rows, (kind, class), &mut after, &mut found)?;
            if is_last || found.len() >= wanted {
                break;
            }
        }
        found.truncate(wanted);
        Ok(found)
    }

    /// Adds those rows that are owed to no one, and puts down the last place.
    fn add_free(
        &self,
        rows: &[Row],
        (kind, class): (IdKind, Class),
        after: &mut i64,
        found: &mut Vec<Candidate>,
    ) -> Result<(), PostgresError> {
        for row in rows {
            let columns = &mut Columns::of(row);
            let (seq, arrived_ms, bytes): (i64, i64, i64) =
                (columns.next()?, columns.next()?, columns.next()?);
            let destinations: Option<&str> = columns.next()?;
            *after = seq;
            let is_owed = destinations.is_some_and(|text| {
                let destinations = crate::model::Destinations::from_text(Some(text), true);
                let mut owed = self.owed_to.iter();
                owed.any(|owed| destinations.is_pending_at(owed))
            });
            if !is_owed {
                found.push(Candidate {
                    kind,
                    seq,
                    arrived_ms,
                    bytes: u64::try_from(bytes).unwrap_or_default(),
                    is_pending: class == Class::Pending,
                });
            }
        }
        Ok(())
    }
}

/// What these are, added up.
pub(super) fn excess_of(rows: &[Candidate]) -> Excess {
    let mut excess = Excess::default();
    for row in rows {
        match row.kind {
            IdKind::Capture => excess.captures += 1,
            IdKind::Delivery => excess.deliveries += 1,
        }
        excess.pending += u64::from(row.is_pending);
        excess.bytes += row.bytes;
    }
    excess
}
