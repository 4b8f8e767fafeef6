//! Copies a store into another one.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;

use super::{Added, Order, PageRequest, Store, StoreError, rows};
use crate::model::{Emulated, RecordKind, RecordQuery};
use crate::search::Query;

/// How many captures, or records, are written at once.
const AT_ONCE: usize = 256;
/// No more than so many bytes of bodies.
const BYTES_AT_ONCE: usize = 32 << 20;

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub captures: u64,
    pub deliveries: u64,
    /// Subscriptions, events and what belongs to them, of emulated providers.
    pub records: u64,
}

/// Copies all that a workspace has into a store that has nothing in its own: captures and deliveries with their ids and
/// byte for byte, what emulated providers keep, and the bound. `each` hears of each thing.
///
/// # Errors
/// The other store is not empty, or one of the two fails: what was copied by then stays.
pub async fn copy(
    from: &dyn Store,
    to: &dyn Store,
    mut each: impl FnMut(),
) -> Result<Copied, StoreError> {
    let there = to.status().await?;
    if there.captures + there.deliveries > 0 {
        let why = "there are captures or deliveries in the other one already";
        return Err(StoreError::NotEmpty(why.to_owned()));
    }
    to.set_bound(from.bound().await?).await?;
    let mut copied = Copied::default();
    let everything = Query::default();
    let listed = async |page| from.captures(&everything, page).await;
    let mut all = std::pin::pin!(rows(Order::OldestFirst, None, listed));
    let (mut some, mut bytes) = (Vec::new(), 0);
    while let Some(row) = all.try_next().await? {
        match from.capture(row.id).await {
            Ok(capture) => {
                bytes += capture.request.body.len();
                some.push(capture);
            }
            // It was removed meanwhile.
            Err(StoreError::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        }
        copied.captures += 1;
        each();
        if some.len() == AT_ONCE || bytes > BYTES_AT_ONCE {
            to.import(std::mem::take(&mut some)).await?;
            bytes = 0;
        }
    }
    to.import(some).await?;
    let mut numbers = HashMap::new();
    for provider in from.emulated_providers().await? {
        copied.records += copy_records(from, to, &provider, &mut numbers, &mut each).await?;
    }
    let listed = async |page: PageRequest| from.deliveries(&everything, page).await;
    let mut all = std::pin::pin!(rows(Order::OldestFirst, None, listed));
    while let Some(row) = all.try_next().await? {
        let mut delivery = match from.delivery(row.id).await {
            Ok(delivery) => delivery,
            Err(StoreError::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        };
        // One whose subscription was removed is still of one.
        delivery.emulated = delivery.emulated.map(|of| Emulated {
            subscription: numbers.get(&of.subscription).copied().unwrap_or(-1),
            event: numbers.get(&of.event).copied().unwrap_or(-1),
        });
        to.record(&delivery, 0, None).await?;
        to.release(&[delivery.id]).await?;
        copied.deliveries += 1;
        each();
    }
    Ok(copied)
}

/// Copies what an emulated provider keeps, and puts down which numbers it has there.
async fn copy_records(
    from: &dyn Store,
    to: &dyn Store,
    provider: &str,
    numbers: &mut HashMap<i64, i64>,
    each: &mut impl FnMut(),
) -> Result<u64, StoreError> {
    let mut count = 0;
    for kind in [
        RecordKind::Container,
        RecordKind::Subscription,
        RecordKind::Event,
        RecordKind::Object,
    ] {
        let mut query = RecordQuery {
            limit: AT_ONCE,
            ..RecordQuery::all(provider, kind)
        };
        loop {
            let some = from.records(&query).await?;
            let Some(last) = some.last() else { break };
            query.after = Some(last.number);
            let old: Vec<i64> = some.iter().map(|record| record.number).collect();
            let Added::Numbers(new) = to.add_records(some, None).await? else {
                let why = format!("{provider} is emulated in the other one already");
                return Err(StoreError::NotEmpty(why));
            };
            count += old.len() as u64;
            old.iter().for_each(|_| each());
            numbers.extend(old.into_iter().zip(new));
        }
    }
    Ok(count)
}
