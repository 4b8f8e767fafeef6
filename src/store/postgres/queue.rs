//! Work that nodes share out: deliveries of emulated subscriptions, and captures that are to be forwarded. What one destination
//! takes holds over all of them: whoever begins something for it has its advisory lock, and counts what is under way.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use deadpool_postgres::GenericClient;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::error::PostgresError;
use super::lease::destination_key;
use super::listing::{LOCKED_AT_ONCE, Wanted, behind_id, find, id_of};
use super::reading::{self, time};
use super::writing::Writing;
use crate::model::{Delivery, Id, IdKind, KeyHasher, Outcome};
use crate::search::Query;
use crate::store::work::Work;
use crate::store::{Begun, Order, WantedForwards, WantedLane};

/// How many rows are looked at first for captures that can be forwarded: mostly, these are enough.
const LOOKED_AT_FIRST: usize = 64;

/// Takes captures that are to be forwarded to a destination.
pub(super) async fn claim_forwards(
    writing: &Writing<'_>,
    url: &str,
    wanted: WantedForwards,
) -> Result<Vec<Id>, PostgresError> {
    let client = &writing.transaction;
    let destination = destination_key(url);
    let lock = KeyHasher::new([1; 16]).hash_one((writing.workspace, destination));
    // Whoever else claims for it at this moment has it alone.
    let mine = client
        .prepare_cached("SELECT pg_try_advisory_xact_lock($1)")
        .await?;
    let is_mine = client.query_one(&mine, &[&lock.cast_signed()]).await?;
    if !is_mine.try_get::<_, bool>(0)? {
        return Ok(Vec::new());
    }
    let now_us = writing.now.as_microsecond();
    let count = client
        .prepare_cached(
            "SELECT count(*) FROM hookcli.forwarding f JOIN hookcli.lease l ON l.claim = f.claim
             JOIN hookcli.capture t ON t.seq = f.capture
             WHERE f.claim IS NOT NULL AND f.destination = $1 AND t.workspace = $2 AND l.until_us > $3",
        )
        .await?;
    let under_way = client
        .query_one(&count, &[&destination, &writing.workspace, &now_us])
        .await?;
    let under_way = usize::try_from(under_way.try_get::<_, i64>(0)?).unwrap_or(usize::MAX);
    let room = wanted.most.min(wanted.at_once.saturating_sub(under_way));
    let join = format!(
        "LEFT JOIN hookcli.forwarding f ON f.capture = t.seq AND f.destination = {destination}
         LEFT JOIN hookcli.lease fl ON fl.claim = f.claim AND fl.until_us > {now_us}
         LEFT JOIN hookcli.lease tl ON tl.claim = t.claim AND tl.until_us > {now_us}"
    );
    let is_free =
        format!("(fl.claim IS NULL AND tl.claim IS NULL AND coalesce(f.after_us, 0) <= {now_us})");
    let columns = format!("t.id, t.seq, t.destinations, t.forward, {is_free}");
    let (mut ids, mut places, mut after) = (Vec::new(), Vec::new(), None);
    let mut limit = LOOKED_AT_FIRST;
    'pages: while ids.len() < room {
        let found = find(
            client,
            writing.workspace,
            &Wanted {
                kind: IdKind::Capture,
                query: &Query::Pending,
                order: Order::OldestFirst,
                after,
                limit,
                columns: &columns,
                join: &join,
                lock: "",
                also: (!wanted.is_ordered).then_some(is_free.as_str()),
            },
        )
        .await?;
        for row in &found.rows {
            let columns = &mut behind_id(row);
            let seq: i64 = columns.next()?;
            if !columns.destinations()?.is_pending_at(url) {
                continue;
            }
            // Only one that is put off can be in the way of those behind it.
            if ids.len() == room || !columns.next::<bool>()? {
                break 'pages;
            }
            ids.push(id_of(row, IdKind::Capture)?);
            places.push(seq);
        }
        (after, limit) = (found.last.filter(|_| found.is_part), LOCKED_AT_ONCE);
        if after.is_none() {
            break;
        }
    }
    if !places.is_empty() {
        let take = client
            .prepare_cached(
                "INSERT INTO hookcli.forwarding (capture, destination, claim) SELECT unnest($1::bigint[]), $2, $3
                 ON CONFLICT (capture, destination) DO UPDATE SET claim = excluded.claim, after_us = NULL",
            )
            .await?;
        client
            .execute(&take, &[&places, &destination, &writing.lease.claim])
            .await?;
    }
    Ok(ids)
}

async fn is_there(client: &impl GenericClient, number: i64) -> Result<bool, PostgresError> {
    let select = client
        .prepare_cached("SELECT 1 FROM hookcli.emulated WHERE number = $1")
        .await?;
    Ok(client.query_opt(&select, &[&number]).await?.is_some())
}

/// What is still to be delivered to a subscription fails: it is there no more. What someone works at just now ends as it
/// ends.
pub(super) async fn give_up(writing: &Writing<'_>, subscription: i64) -> Result<(), PostgresError> {
    let client = &writing.transaction;
    let rows = client
        .query(
            "SELECT t.seq FROM hookcli.delivery t WHERE t.open AND t.subscription = $1
               AND NOT EXISTS (SELECT 1 FROM hookcli.lease l WHERE l.claim = t.claim AND l.until_us > $2)
             FOR UPDATE OF t",
            &[&subscription, &writing.now.as_microsecond()],
        )
        .await?;
    let mut places: Vec<i64> = Vec::with_capacity(rows.len());
    for row in rows {
        places.push(row.try_get(0)?);
    }
    for mut delivery in reading::deliveries(client, &places, writing.now).await? {
        delivery.outcome = Outcome::Failed;
        delivery.next_attempt_at = None;
        delivery.failure = Some("its subscription was removed".into());
        let known = delivery.attempts.len();
        writing
            .write_delivery(&delivery, known, Work::Waits)
            .await?;
    }
    Ok(())
}

/// Records what came of a delivery that was begun or taken up.
pub(super) async fn record_attempt(
    writing: &Writing<'_>,
    delivery: &Delivery,
    new_from: usize,
) -> Result<(), PostgresError> {
    // Removed meanwhile, or taken over after a lease that ran out.
    if writing.was_taken_over(delivery.id).await? != Some(false) {
        return Ok(());
    }
    writing
        .write_delivery(delivery, new_from, Work::Waits)
        .await?;
    if let Some(of) = delivery.emulated
        && delivery.next_attempt_at.is_some()
        && !is_there(&writing.transaction, of.subscription).await?
    {
        give_up(writing, of.subscription).await?;
    }
    Ok(())
}

/// Begins deliveries whose time has come and for which there is room.
pub(super) async fn begin_due(
    writing: &Writing<'_>,
    wanted: &[WantedLane],
    most_bytes: u64,
    now: Timestamp,
) -> Result<Begun, PostgresError> {
    let client = &writing.transaction;
    let lanes = take_lanes(writing, wanted, now).await?;
    let open: Vec<&Lane<'_>> = lanes.iter().filter(|lane| lane.room > 0).collect();
    let subscriptions: Vec<i64> = open.iter().map(|lane| lane.wanted.subscription).collect();
    let most: Vec<i64> = open
        .iter()
        .map(|lane| i64::try_from(lane.room).unwrap_or(i64::MAX))
        .collect();
    let select = client
        .prepare_cached(
            "SELECT d.seq, d.length FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY w (subscription, most, place)
             CROSS JOIN LATERAL (
                 SELECT t.seq, octet_length(t.body)::bigint AS length, t.next_attempt_us FROM hookcli.delivery t
                 WHERE t.open AND t.subscription = w.subscription AND t.next_attempt_us <= $3
                   AND NOT EXISTS (SELECT 1 FROM hookcli.lease l WHERE l.claim = t.claim AND l.until_us > $4)
                 ORDER BY t.next_attempt_us, t.seq LIMIT w.most FOR UPDATE OF t SKIP LOCKED) d
             ORDER BY w.place, d.next_attempt_us, d.seq",
        )
        .await?;
    let rows = client
        .query(
            &select,
            &[
                &subscriptions,
                &most,
                &now.as_microsecond(),
                &writing.now.as_microsecond(),
            ],
        )
        .await?;
    let (mut places, mut bytes) = (Vec::with_capacity(rows.len()), 0);
    for row in rows {
        let length: i64 = row.try_get(1)?;
        bytes += u64::try_from(length).unwrap_or_default();
        if bytes > most_bytes && !places.is_empty() {
            break;
        }
        places.push(row.try_get::<_, i64>(0)?);
    }
    let deliveries = reading::deliveries(client, &places, now).await?;
    let written = deliveries.iter().map(|delivery| {
        writing.write_delivery(delivery, delivery.attempts.len(), Work::Begins(now))
    });
    try_join_all(written).await?;
    let subscriptions: Vec<i64> = wanted.iter().map(|lane| lane.subscription).collect();
    let began_us = note_begun(client, lanes, &deliveries, now).await?;
    let next = client
        .prepare_cached(
            "SELECT w.subscription, (SELECT min(t.next_attempt_us) FROM hookcli.delivery t
               WHERE t.open AND t.subscription = w.subscription AND t.next_attempt_us IS NOT NULL)
             FROM unnest($1::bigint[]) w (subscription)",
        )
        .await?;
    let mut begun = Begun {
        deliveries,
        next: Vec::new(),
    };
    for row in client.query(&next, &[&subscriptions]).await? {
        let (subscription, at): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        let mut lanes = wanted.iter();
        let lane = lanes.find(|lane| lane.subscription == subscription);
        if let (Some(lane), Some(at)) = (lane, at) {
            let began_us = began_us.get(&subscription).map_or(&[][..], Vec::as_slice);
            begun.next.push(lane.next(time(at)?, began_us));
        }
    }
    Ok(begun)
}

/// A subscription that this transaction alone begins deliveries of.
struct Lane<'w> {
    wanted: &'w WantedLane,
    room: usize,
    /// When its latest attempts began, where its rate is limited.
    began_us: Vec<i64>,
}

/// What keeps the locks of subscriptions apart from others.
const LANE_LOCKS: i64 = 3 << 60;

/// Those of which no one else begins deliveries at this moment, and how much room each has.
async fn take_lanes<'w>(
    writing: &Writing<'_>,
    wanted: &'w [WantedLane],
    now: Timestamp,
) -> Result<Vec<Lane<'w>>, PostgresError> {
    let client = &writing.transaction;
    let subscriptions: Vec<i64> = wanted.iter().map(|lane| lane.subscription).collect();
    let lock = client
        .prepare_cached(
            "SELECT pg_try_advisory_xact_lock($2 | w.subscription) FROM unnest($1::bigint[]) WITH ORDINALITY w (subscription, place)
             ORDER BY w.place",
        )
        .await?;
    let mut is_ours = Vec::with_capacity(wanted.len());
    for row in client.query(&lock, &[&subscriptions, &LANE_LOCKS]).await? {
        is_ours.push(row.try_get::<_, bool>(0)?);
    }
    // In a statement of its own: it sees what the last one who had a lock has committed.
    let look = client
        .prepare_cached(
            "SELECT (SELECT count(*) FROM hookcli.delivery t JOIN hookcli.lease l ON l.claim = t.claim
                 WHERE t.open AND t.subscription = w.subscription AND t.next_attempt_us IS NULL AND l.until_us > $2),
               (SELECT n.began_us FROM hookcli.lane n WHERE n.subscription = w.subscription)
             FROM unnest($1::bigint[]) WITH ORDINALITY w (subscription, place) ORDER BY w.place",
        )
        .await?;
    let rows = client
        .query(&look, &[&subscriptions, &writing.now.as_microsecond()])
        .await?;
    let mut lanes = Vec::with_capacity(wanted.len());
    for ((lane, row), is_ours) in wanted.iter().zip(rows).zip(is_ours) {
        let under_way: i64 = row.try_get(0)?;
        let mut began_us = row.try_get::<_, Option<Vec<i64>>>(1)?.unwrap_or_default();
        let under_way = usize::try_from(under_way).unwrap_or(usize::MAX);
        let room = lane.room(under_way, &mut began_us, now);
        lanes.push(Lane {
            wanted: lane,
            room: if is_ours { room } else { 0 },
            began_us,
        });
    }
    Ok(lanes)
}

/// Puts down what has begun where the rate is limited, and says when the latest attempts of each subscription began.
async fn note_begun(
    client: &impl GenericClient,
    lanes: Vec<Lane<'_>>,
    deliveries: &[Delivery],
    now: Timestamp,
) -> Result<HashMap<i64, Vec<i64>>, PostgresError> {
    let mut began_us = HashMap::new();
    for mut lane in lanes {
        let subscription = lane.wanted.subscription;
        let of_it = |one: &&Delivery| {
            one.emulated
                .is_some_and(|of| of.subscription == subscription)
        };
        let count = deliveries.iter().filter(of_it).count();
        if lane.wanted.rate.is_some() && count > 0 {
            lane.began_us
                .extend(std::iter::repeat_n(now.as_microsecond(), count));
            client
                .execute(
                    "INSERT INTO hookcli.lane (subscription, began_us) VALUES ($1, $2)
                     ON CONFLICT (subscription) DO UPDATE SET began_us = excluded.began_us",
                    &[&subscription, &lane.began_us],
                )
                .await?;
        }
        began_us.insert(subscription, lane.began_us);
    }
    Ok(began_us)
}
