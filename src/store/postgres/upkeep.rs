//! What is done beside, so that the store stays within its bound.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::connection::Database;
use super::error::PostgresError;
use super::lease::Lease;
use super::retention::{Candidate, EVICTED_AT_ONCE, choose, excess_of, read_bound};
use super::shared::forget_keys;
use super::writing::Writing;
use crate::model::IdKind;
use crate::store::StoreNotice;

/// How often keys of events that are too old are removed.
const FORGET_EVERY_SECONDS: i64 = 60;
/// After so many captures it is looked whether there are too many.
const LOOKED_EVERY: u64 = 1000;

/// What is done beside, so that the store stays within its bound.
#[derive(Default)]
pub(super) struct Upkeep {
    kept: AtomicU64,
    is_evicting: AtomicBool,
    pub is_full: AtomicBool,
    /// When keys of events were last removed, in seconds.
    forgot_at: AtomicI64,
    pub notices: Mutex<Vec<StoreNotice>>,
}

async fn evict(
    database: &Database,
    upkeep: &Upkeep,
    lease: &Lease,
    workspace: &str,
    now: Timestamp,
) -> Result<(), PostgresError> {
    let mut client = database.client().await?;
    // One node at a time.
    let mine = "SELECT pg_try_advisory_lock(1751870317)";
    if !client.query_one(mine, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(());
    }
    let evicted = evict_locked(&mut client, upkeep, lease, workspace, now).await;
    let forgotten = match upkeep.is_time_to_forget(now) {
        true => forget_keys(&client, now.as_millisecond()).await,
        false => Ok(()),
    };
    client
        .execute("SELECT pg_advisory_unlock(1751870317)", &[])
        .await?;
    evicted.and(forgotten)
}

async fn evict_locked(
    client: &mut deadpool_postgres::Object,
    upkeep: &Upkeep,
    lease: &Lease,
    workspace: &str,
    now: Timestamp,
) -> Result<(), PostgresError> {
    loop {
        let keep = read_bound(&*client).await?.unwrap_or_default();
        let (gone, unmet) = choose(&*client, keep, now, EVICTED_AT_ONCE).await?;
        let is_last = gone.len() < EVICTED_AT_ONCE;
        upkeep.is_full.store(unmet && is_last, Ordering::Relaxed);
        if !gone.is_empty() {
            remove_candidates(client, lease, workspace, &gone, now).await?;
            let excess = excess_of(&gone);
            if excess.pending > 0 {
                upkeep.tell_pending(&gone);
            }
        }
        if is_last {
            return Ok(());
        }
    }
}

impl Upkeep {
    /// Removes what exceeds the bound, once in a while and beside what else is done.
    pub(super) fn keep_within_bound(
        self: &Arc<Self>,
        database: &Arc<Database>,
        (lease, workspace): (&Arc<Lease>, &str),
        now: Timestamp,
    ) {
        let kept = self.kept.fetch_add(1, Ordering::Relaxed);
        let is_full = self.is_full.load(Ordering::Relaxed);
        if !(kept.is_multiple_of(LOOKED_EVERY) || is_full)
            || self.is_evicting.swap(true, Ordering::Relaxed)
        {
            return;
        }
        let (of, upkeep, lease) = (database.clone(), self.clone(), lease.clone());
        let workspace = workspace.to_owned();
        database.handle().spawn(async move {
            // What could not be removed now is tried again.
            let _ = evict(&of, &upkeep, &lease, &workspace, now).await;
            upkeep.is_evicting.store(false, Ordering::Relaxed);
        });
    }

    /// Once in a while, and not at the first look: by then there is nothing yet.
    fn is_time_to_forget(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        let last = self.forgot_at.load(Ordering::Relaxed);
        let is_time = last > 0 && now - last >= FORGET_EVERY_SECONDS;
        if last == 0 || is_time {
            self.forgot_at.store(now, Ordering::Relaxed);
        }
        is_time
    }

    fn tell_pending(&self, gone: &[Candidate]) {
        let count = |kind| {
            let pending = gone.iter().filter(|one| one.is_pending && one.kind == kind);
            pending.count() as u64
        };
        let (captures, deliveries) = (count(IdKind::Capture), count(IdKind::Delivery));
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(StoreNotice::EvictedPending {
            captures: told,
            deliveries: others,
        }) = notices.last_mut()
        {
            *told += captures;
            *others += deliveries;
            return;
        }
        notices.push(StoreNotice::EvictedPending {
            captures,
            deliveries,
        });
    }
}

pub(super) async fn remove_candidates(
    client: &mut deadpool_postgres::Object,
    lease: &Lease,
    workspace: &str,
    gone: &[Candidate],
    now: Timestamp,
) -> Result<(), PostgresError> {
    let transaction = client.transaction().await?;
    let writing = Writing::begin(transaction, workspace, lease, now).await?;
    for kind in [IdKind::Capture, IdKind::Delivery] {
        let places = gone.iter().filter(|one| one.kind == kind);
        let places: Vec<i64> = places.map(|one| one.seq).collect();
        if !places.is_empty() {
            writing.remove(kind, &places).await?;
        }
    }
    writing.commit().await
}
