//! The shared store: tables in a PostgreSQL database, for many nodes at one time.

mod connection;
mod emulated;
mod error;
mod group;
mod lease;
mod listing;
mod location;
mod migrate;
mod reading;
mod retention;
mod sealing;
mod selection;
mod shared;
mod text;
mod wake;
mod writing;

pub use location::{Location, pass_file};

use std::hash::BuildHasher as _;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio_postgres::types::ToSql;

use super::finding::{newest_of, no_such, only_of};
use super::pending::{PendingAt, sort_pending};
use super::work::Work;
use super::{
    Ack, ChangeWatch, Changing, Cursor, EventPage, Excess, Incoming, Keep, Page, PageRequest,
    SharedStore, Store, StoreError, StoreNotice, StoreOptions, StoreStatus,
};
use crate::model::{
    Capture, CaptureSummary, Delivery, DeliveryOutline, DeliverySummary, Id, IdKind, KeyHasher,
    Reference, ResponseEnd, TimeSource, normal_url, ulid_part,
};
use crate::search::Query;
use connection::Database;
use error::PostgresError;
use group::{GroupCommit, Inserting};
use lease::Lease;
use listing::{behind_id, id_of, locked};
use location::not_opened;
use reading::{
    CAPTURE_COLUMNS, Columns, DELIVERY_COLUMNS, OUTLINE_COLUMNS, capture_summary, delivery_outline,
    delivery_summary, lease_join,
};
use retention::{EVICTED_AT_ONCE, choose, excess_of, read_bound, write_bound};
use sealing::Sealing;
use selection::table_of;
use shared::{Shared, forget_keys, read_seed};
use wake::Wake;
use writing::{Writing, insert_captures};

/// What one commit of an import holds at most.
const GROUP: usize = 256;
/// How many rows are looked at and locked at once.
const LOCKED_AT_ONCE: usize = 1000;
/// How often keys of events that are too old are removed.
const FORGET_EVERY_SECONDS: i64 = 60;
/// After so many captures it is looked whether there are too many.
const LOOKED_EVERY: u64 = 1000;

/// A workspace of a shared store.
pub struct PostgresStore {
    database: Arc<Database>,
    group: GroupCommit,
    lease: Arc<Lease>,
    workspace: String,
    time: TimeSource,
    upkeep: Arc<Upkeep>,
    /// None where there is no key.
    sealing: Option<Sealing>,
    location: Location,
    wake: Arc<Wake>,
    shared: Shared,
}

/// What is done beside, so that the store stays within its bound.
#[derive(Default)]
struct Upkeep {
    kept: AtomicU64,
    is_evicting: AtomicBool,
    is_full: AtomicBool,
    /// When keys of events were last removed, in seconds.
    forgot_at: AtomicI64,
    notices: Mutex<Vec<StoreNotice>>,
}

/// What is under way continues; the lease ends now.
impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.lease.end(&self.database);
    }
}

/// Says that what a transaction works with is there for longer than the transaction.
type Within<'w, 's> = PhantomData<&'w &'s ()>;

impl PostgresStore {
    /// Opens the store, and makes its tables where there are none.
    ///
    /// # Errors
    /// The database cannot be reached or used, or its tables are of another version.
    pub fn open(location: &Location, options: StoreOptions) -> Result<Self, StoreError> {
        let database = Arc::new(Database::new(location)?);
        let (opening, keep, migrates) = (database.clone(), options.keep, options.migrates);
        let prepared = database.wait(
            async move {
                let mut client = opening.client().await?;
                migrate::prepare(&mut client, migrates).await?;
                if read_bound(&client).await?.is_none() {
                    write_bound(&client, keep).await?;
                }
                Ok::<_, migrate::SchemaError>(read_seed(&client).await?)
            },
            None,
        );
        let seed = prepared
            .ok_or_else(|| not_opened(location, "it was interrupted"))?
            .map_err(|error| not_opened(location, error))?;
        let sealing = options.key.as_ref().map(Sealing::new);
        let sealing = sealing.transpose().map_err(PostgresError::reading)?;
        let lease = Arc::new(Lease::new(options.time.clone()));
        let wake = Arc::new(Wake::default());
        let group = GroupCommit::new(Inserting {
            wake: wake.clone(),
            database: database.clone(),
            lease: lease.clone(),
            workspace: options.workspace.clone(),
            time: options.time.clone(),
        });
        let shared = Shared {
            database: database.clone(),
            lease: lease.clone(),
            workspace: options.workspace.clone(),
            time: options.time.clone(),
            seed,
            is_counting: AtomicBool::new(false),
        };
        Ok(Self {
            database,
            group,
            lease,
            workspace: options.workspace,
            time: options.time,
            upkeep: Arc::default(),
            sealing,
            location: location.clone(),
            wake,
            shared,
        })
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Does something in one transaction that writes: all of it is committed or none.
    async fn write<'s, T>(
        &'s self,
        work: impl for<'w> FnOnce(
            &'w Writing<'w>,
            Within<'w, 's>,
        ) -> BoxFuture<'w, Result<T, PostgresError>>
        + Send,
    ) -> Result<T, StoreError> {
        let written = async {
            self.lease.hold(&self.database).await?;
            let mut client = self.database.client().await?;
            let transaction = client.transaction().await?;
            let writing =
                Writing::begin(transaction, &self.workspace, &self.lease, self.now()).await?;
            let outcome = work(&writing, Within::default()).await?;
            writing.commit().await?;
            Ok(outcome)
        };
        let written = written.await.map_err(PostgresError::writing)?;
        self.wake.tell(&self.database, Changing::Events);
        Ok(written)
    }

    async fn page<T>(
        &self,
        what: (IdKind, &str, &str),
        query: &Query,
        page: &PageRequest,
        read: impl FnMut(&mut Columns<'_>) -> Result<T, PostgresError>,
    ) -> Result<Page<T>, StoreError> {
        let client = self
            .database
            .client()
            .await
            .map_err(PostgresError::reading)?;
        let found = listing::page(&client, &self.workspace, what, query, page, read).await;
        found.map_err(PostgresError::reading)
    }

    /// Locks rows that fit and that no one else has, piece by piece, and takes the lease of those that are meant.
    async fn claim_rows(
        &self,
        kind: IdKind,
        query: &Query,
        limit: usize,
        destination: Option<&str>,
    ) -> Result<Vec<Id>, StoreError> {
        let mut claimed = Vec::new();
        let mut after = None;
        loop {
            let left = limit - claimed.len();
            if left == 0 {
                return Ok(claimed);
            }
            let also = format!(
                "NOT EXISTS (SELECT 1 FROM hookcli.lease l WHERE l.claim = t.claim AND l.claim <> '{}' AND l.until_us > {})",
                self.lease.claim,
                self.now().as_microsecond()
            );
            let columns = match kind {
                IdKind::Capture => "t.id, t.destinations, t.forward",
                IdKind::Delivery => "t.id",
            };
            let at_once = match destination {
                Some(_) => LOCKED_AT_ONCE,
                None => left.min(LOCKED_AT_ONCE),
            };
            let (workspace, claim) = (self.workspace.as_str(), self.lease.claim.as_str());
            let (ids, last) = self
                .write(|writing, _| {
                    Box::pin(async move {
                        let client = &writing.transaction;
                        let wanted = (kind, query);
                        let found =
                            locked(client, workspace, wanted, (columns, &also), after, at_once)
                                .await?;
                        let mut ids = Vec::new();
                        for row in &found.rows {
                            let is_meant = match destination {
                                None => true,
                                Some(url) => behind_id(row).destinations()?.is_pending_at(url),
                            };
                            if is_meant && ids.len() < left {
                                ids.push(id_of(row, kind)?);
                            }
                        }
                        let (table, ..) = table_of(kind);
                        let names: Vec<String> =
                            ids.iter().map(|id: &Id| id.ulid.to_string()).collect();
                        let sql = format!("UPDATE {table} SET claim = $2 WHERE id = ANY($1)");
                        client.execute(&sql, &[&names, &claim]).await?;
                        Ok((ids, found.last.filter(|_| found.is_part)))
                    })
                })
                .await?;
            claimed.extend(ids);
            match last {
                Some(place) => after = Some(place),
                None => return Ok(claimed),
            }
        }
    }

    /// Removes what exceeds the bound, once in a while and beside what else is done.
    fn keep_within_bound(&self) {
        let kept = self.upkeep.kept.fetch_add(1, Ordering::Relaxed);
        let is_full = self.upkeep.is_full.load(Ordering::Relaxed);
        if !(kept.is_multiple_of(LOOKED_EVERY) || is_full)
            || self.upkeep.is_evicting.swap(true, Ordering::Relaxed)
        {
            return;
        }
        let (database, upkeep) = (self.database.clone(), self.upkeep.clone());
        let (now, lease, workspace) = (self.now(), self.lease.clone(), self.workspace.clone());
        self.database.handle().spawn(async move {
            // What could not be removed now is tried again.
            let _ = evict(&database, &upkeep, &lease, &workspace, now).await;
            upkeep.is_evicting.store(false, Ordering::Relaxed);
        });
    }
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

    fn tell_pending(&self, gone: &[retention::Candidate]) {
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

async fn remove_candidates(
    client: &mut deadpool_postgres::Object,
    lease: &Lease,
    workspace: &str,
    gone: &[retention::Candidate],
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

/// How many rows are looked at first for captures that can be forwarded: mostly, these are enough.
const LOOKED_AT_FIRST: usize = 64;

async fn claim_forwards(
    writing: &Writing<'_>,
    destination: &str,
    lock: i64,
    limit: usize,
    at_once: usize,
) -> Result<Vec<Id>, PostgresError> {
    let client = &writing.transaction;
    // Whoever else claims for it at this moment has it alone.
    let mine = client
        .prepare_cached("SELECT pg_try_advisory_xact_lock($1)")
        .await?;
    if !client
        .query_one(&mine, &[&lock])
        .await?
        .try_get::<_, bool>(0)?
    {
        return Ok(Vec::new());
    }
    let now_us = writing.now.as_microsecond();
    let select = client
        .prepare_cached(
            "SELECT t.destinations, t.forward FROM hookcli.capture t JOIN hookcli.lease l ON l.claim = t.claim
             WHERE t.claim IS NOT NULL AND t.forward = 1 AND t.workspace = $1 AND l.until_us > $2",
        )
        .await?;
    let mut under_way = 0;
    for row in client
        .query(&select, &[&writing.workspace, &now_us])
        .await?
    {
        let is_there = Columns::of(&row).destinations()?.is_pending_at(destination);
        under_way += usize::from(is_there);
    }
    let room = limit.min(at_once.saturating_sub(under_way));
    let free = format!(
        "(t.forward_after_us IS NULL OR t.forward_after_us <= {now_us})
         AND NOT EXISTS (SELECT 1 FROM hookcli.lease l WHERE l.claim = t.claim AND l.until_us > {now_us})"
    );
    let what = ("t.id, t.destinations, t.forward", free.as_str());
    let wanted = (IdKind::Capture, &Query::Pending);
    let (mut claimed, mut after, mut count) = (Vec::new(), None, LOOKED_AT_FIRST);
    while claimed.len() < room {
        let found = locked(client, writing.workspace, wanted, what, after, count).await?;
        for row in &found.rows {
            if claimed.len() < room && behind_id(row).destinations()?.is_pending_at(destination) {
                claimed.push(id_of(row, IdKind::Capture)?);
            }
        }
        (after, count) = (found.last.filter(|_| found.is_part), LOCKED_AT_ONCE);
        if after.is_none() {
            break;
        }
    }
    if !claimed.is_empty() {
        let names: Vec<String> = claimed.iter().map(|id: &Id| id.ulid.to_string()).collect();
        client
            .execute(
                "UPDATE hookcli.capture SET claim = $2 WHERE id = ANY($1)",
                &[&names, &writing.lease.claim],
            )
            .await?;
    }
    Ok(claimed)
}

#[async_trait]
impl Store for PostgresStore {
    fn keep(&self, incoming: Incoming) -> Result<Ack, StoreError> {
        if self.upkeep.is_full.load(Ordering::Relaxed) {
            self.keep_within_bound();
            return Err(StoreError::Full);
        }
        let ack = self.group.keep(incoming)?;
        self.keep_within_bound();
        Ok(ack)
    }

    fn shared(&self) -> Option<&dyn SharedStore> {
        Some(&self.shared)
    }

    async fn import(&self, captures: Vec<Capture>) -> Result<(), StoreError> {
        let inserted = async {
            let client = self.database.client().await?;
            let mut captures = captures.into_iter().map(Arc::new).map(Incoming::from);
            loop {
                let group: Vec<Incoming> = captures.by_ref().take(GROUP).collect();
                if group.is_empty() {
                    break;
                }
                let (workspace, now) = (self.workspace.as_str(), self.now());
                insert_captures(&client, workspace, &group, None, now).await?;
            }
            Ok(())
        };
        inserted.await.map_err(PostgresError::writing)
    }

    async fn find(&self, kind: IdKind, which: &Reference) -> Result<Id, StoreError> {
        let read = PostgresError::reading;
        let client = self.database.client().await.map_err(read)?;
        let workspace = self.workspace.as_str();
        match which {
            Reference::Last(back) => {
                let back = i64::try_from(*back).unwrap_or(i64::MAX);
                let found = reading::newest(&client, kind, workspace, back).await;
                newest_of(kind, which, back, found.map_err(read)?)
            }
            Reference::Part(typed) => {
                let part = ulid_part(typed);
                let by_prefix = "starts_with(t.id, $2)";
                let mut found = reading::ids(&client, kind, workspace, by_prefix, &part)
                    .await
                    .map_err(read)?;
                if found.is_empty() && part.len() == 6 {
                    let by_end = "right(t.id, 6) = $2";
                    found = reading::ids(&client, kind, workspace, by_end, &part)
                        .await
                        .map_err(read)?;
                }
                only_of(kind, which, &part, &found)
            }
        }
    }

    async fn capture(&self, id: Id) -> Result<Capture, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            reading::capture(&client, &self.workspace, id).await
        };
        let found = found.await.map_err(PostgresError::reading)?;
        found.ok_or_else(|| no_such(id))
    }

    async fn captures(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<CaptureSummary>, StoreError> {
        let what = (IdKind::Capture, CAPTURE_COLUMNS, "");
        self.page(what, query, &page, capture_summary).await
    }

    async fn delivery(&self, id: Id) -> Result<Delivery, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            reading::delivery(&client, &self.workspace, id, self.now()).await
        };
        let found = found.await.map_err(PostgresError::reading)?;
        found.ok_or_else(|| no_such(id))
    }

    async fn deliveries(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<DeliverySummary>, StoreError> {
        let join = lease_join(self.now());
        let what = (IdKind::Delivery, DELIVERY_COLUMNS, join.as_str());
        self.page(what, query, &page, delivery_summary).await
    }

    async fn outlines(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<DeliveryOutline>, StoreError> {
        let what = (IdKind::Delivery, OUTLINE_COLUMNS, "");
        self.page(what, query, &page, delivery_outline).await
    }

    async fn events_after(
        &self,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<EventPage, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            listing::events_after(&client, &self.workspace, cursor, limit, self.now()).await
        };
        found.await.map_err(PostgresError::reading)
    }

    fn watch(&self, what: Changing) -> ChangeWatch {
        self.wake.watch(&self.database, &self.location, what)
    }

    async fn newest_event(&self) -> Result<Cursor, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            listing::newest_event(&client, &self.workspace).await
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn cursor_before(&self, captures: &Query) -> Result<Cursor, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            listing::cursor_before(&client, &self.workspace, captures).await
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn claim(&self, deliveries: &Query, limit: usize) -> Result<Vec<Id>, StoreError> {
        self.claim_rows(IdKind::Delivery, deliveries, limit, None)
            .await
    }

    async fn claim_pending(
        &self,
        destination: &str,
        captures: &Query,
        limit: usize,
    ) -> Result<Vec<Id>, StoreError> {
        let pending = captures.clone().and(Query::Pending);
        self.claim_rows(IdKind::Capture, &pending, limit, Some(destination))
            .await
    }

    async fn claim_forwards(
        &self,
        destination: &str,
        limit: usize,
        at_once: usize,
    ) -> Result<Vec<Id>, StoreError> {
        let lock =
            KeyHasher::new(self.shared.seed).hash_one((&self.workspace, normal_url(destination)));
        self.write(|writing, _| {
            let lock = lock.cast_signed();
            Box::pin(claim_forwards(writing, destination, lock, limit, at_once))
        })
        .await
    }

    async fn put_off(&self, captures: &[Id], until: Timestamp) -> Result<(), StoreError> {
        let put_off = async {
            let client = self.database.client().await?;
            let names: Vec<String> = captures.iter().map(|id| id.ulid.to_string()).collect();
            let sql = "UPDATE hookcli.capture SET forward_after_us = $3, claim = NULL WHERE id = ANY($1) AND claim = $2";
            let values: [&(dyn ToSql + Sync); 3] =
                [&names, &self.lease.claim, &until.as_microsecond()];
            client.execute(sql, &values).await?;
            Ok(())
        };
        put_off.await.map_err(PostgresError::writing)
    }

    async fn release(&self, ids: &[Id]) -> Result<(), StoreError> {
        let released = async {
            let client = self.database.client().await?;
            for kind in [IdKind::Capture, IdKind::Delivery] {
                let of = ids.iter().filter(|id| id.kind == kind);
                let names: Vec<String> = of.map(|id| id.ulid.to_string()).collect();
                let (table, ..) = table_of(kind);
                let sql =
                    format!("UPDATE {table} SET claim = NULL WHERE id = ANY($1) AND claim = $2");
                client.execute(&sql, &[&names, &self.lease.claim]).await?;
            }
            Ok(())
        };
        released.await.map_err(PostgresError::writing)
    }

    async fn release_all_but(&self, captures: &[Id]) -> Result<(), StoreError> {
        let released = async {
            let client = self.database.client().await?;
            let names: Vec<String> = captures.iter().map(|id| id.ulid.to_string()).collect();
            for sql in [
                "UPDATE hookcli.capture SET claim = NULL WHERE claim = $1 AND forward = 1 AND NOT (id = ANY($2))",
                "UPDATE hookcli.delivery SET claim = NULL
                 WHERE open AND claim = $1 AND subscription IS NULL AND replay_of IS NOT NULL AND NOT (replay_of = ANY($2))",
            ] {
                client.execute(sql, &[&self.lease.claim, &names]).await?;
            }
            Ok(())
        };
        released.await.map_err(PostgresError::writing)
    }

    async fn begin(
        &self,
        delivery: &Delivery,
        started_at: Timestamp,
        owed_to: Option<&str>,
    ) -> Result<u32, StoreError> {
        self.write(|writing, _| {
            Box::pin(async move {
                if let Some(why) = writing.taken_by(delivery, owed_to).await? {
                    return Err(PostgresError::Taken(why));
                }
                let before = delivery.attempts.len();
                let work = Work::Begins(started_at);
                writing.write_delivery(delivery, before, work).await
            })
        })
        .await
    }

    async fn record(
        &self,
        delivery: &Delivery,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(|writing, _| {
            Box::pin(async move {
                if writing.was_taken_over(delivery.id).await? == Some(true) {
                    let why = "another process has taken it over, and its result was kept";
                    return Err(PostgresError::Taken(why.to_owned()));
                }
                if let Some((url, capture)) = settles_at.zip(delivery.replay_of)
                    && writing.has_another(delivery.id, capture, url).await?
                {
                    let why = format!("another process has delivered it to {url}");
                    return Err(PostgresError::Taken(why));
                }
                writing
                    .write_delivery(delivery, new_from, Work::GoesOn)
                    .await?;
                // At once: between the two, another node would find it pending, and no one at work.
                if let Some((url, capture)) = settles_at.zip(delivery.replay_of) {
                    writing.settle(capture, url).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn answered(&self, capture: Id, status: u16) -> Result<(), StoreError> {
        self.write(|writing, _| Box::pin(writing.write_status(capture, status)))
            .await
    }

    async fn response_ended(&self, capture: Id, end: ResponseEnd) -> Result<(), StoreError> {
        self.write(|writing, _| Box::pin(writing.write_response_end(capture, end)))
            .await
    }

    async fn pending(&self) -> Result<Vec<PendingAt>, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            listing::pending(&client, &self.workspace).await
        };
        let mut all = found.await.map_err(PostgresError::reading)?;
        sort_pending(&mut all);
        Ok(all)
    }

    async fn discard_pending(&self, url: &str) -> Result<u64, StoreError> {
        let mut discarded = 0;
        let mut after = None;
        loop {
            let workspace = self.workspace.as_str();
            let (count, last) = self
                .write(|writing, _| {
                    Box::pin(async move {
                        let client = &writing.transaction;
                        let wanted = (IdKind::Capture, &Query::Pending);
                        let what = ("t.id, t.seq, t.destinations, t.forward", "true");
                        let found =
                            locked(client, workspace, wanted, what, after, LOCKED_AT_ONCE).await?;
                        let mut count = 0;
                        for row in &found.rows {
                            let mut columns = behind_id(row);
                            let seq = columns.next()?;
                            let mut destinations = columns.destinations()?;
                            if destinations.is_pending_at(url) {
                                destinations.discard(url);
                                writing.write_destinations(seq, &destinations).await?;
                                count += 1;
                            }
                        }
                        Ok((count, found.last.filter(|_| found.is_part)))
                    })
                })
                .await?;
            discarded += count;
            match last {
                Some(place) => after = Some(place),
                None => return Ok(discarded),
            }
        }
    }

    async fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError> {
        let kept = async {
            self.lease.hold(&self.database).await?;
            let client = self.database.client().await?;
            let values: [&(dyn ToSql + Sync); 2] = [&self.lease.claim, &destinations];
            client
                .execute(
                    "INSERT INTO hookcli.owed (claim, destination) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
                    &values,
                )
                .await?;
            Ok(())
        };
        kept.await.map_err(PostgresError::writing)
    }

    async fn bound(&self) -> Result<Keep, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            read_bound(&client).await
        };
        let found = found.await.map_err(PostgresError::reading)?;
        Ok(found.unwrap_or_default())
    }

    async fn set_bound(&self, keep: Keep) -> Result<(), StoreError> {
        let written = async {
            let client = self.database.client().await?;
            write_bound(&client, keep).await
        };
        written.await.map_err(PostgresError::writing)
    }

    async fn excess(&self, keep: Keep) -> Result<Excess, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            choose(&client, keep, self.now(), usize::MAX).await
        };
        let (rows, _) = found.await.map_err(PostgresError::reading)?;
        Ok(excess_of(&rows))
    }

    async fn prune(&self, keep: Keep) -> Result<Excess, StoreError> {
        let pruned = async {
            let mut client = self.database.client().await?;
            let mut excess = Excess::default();
            loop {
                let (gone, _) = choose(&client, keep, self.now(), EVICTED_AT_ONCE).await?;
                if gone.is_empty() {
                    return Ok(excess);
                }
                let some = excess_of(&gone);
                excess.captures += some.captures;
                excess.deliveries += some.deliveries;
                excess.pending += some.pending;
                excess.bytes += some.bytes;
                let (lease, workspace) = (&self.lease, &self.workspace);
                remove_candidates(&mut client, lease, workspace, &gone, self.now()).await?;
            }
        };
        let excess = pruned.await.map_err(PostgresError::writing)?;
        if excess.captures + excess.deliveries > 0 {
            self.write(|writing, _| Box::pin(writing.count_removal()))
                .await?;
        }
        Ok(excess)
    }

    async fn remove(&self, ids: &[Id]) -> Result<usize, StoreError> {
        let workspace = self.workspace.as_str();
        self.write(|writing, _| {
            Box::pin(async move {
                let mut removed = 0;
                for kind in [IdKind::Capture, IdKind::Delivery] {
                    let of = ids.iter().filter(|id| id.kind == kind);
                    let names: Vec<String> = of.map(|id| id.ulid.to_string()).collect();
                    let (table, ..) = table_of(kind);
                    let sql =
                        format!("SELECT seq FROM {table} WHERE id = ANY($1) AND workspace = $2");
                    let rows = writing
                        .transaction
                        .query(&sql, &[&names, &workspace])
                        .await?;
                    let mut places: Vec<i64> = Vec::with_capacity(rows.len());
                    for row in rows {
                        places.push(row.try_get(0)?);
                    }
                    removed += writing.remove(kind, &places).await?;
                }
                if removed > 0 {
                    writing.count_removal().await?;
                }
                Ok(removed)
            })
        })
        .await
    }

    fn take_notices(&self) -> Vec<StoreNotice> {
        let mut notices = self
            .upkeep
            .notices
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut notices)
    }

    async fn status(&self) -> Result<StoreStatus, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            let sql =
                "SELECT (SELECT value::bigint FROM hookcli.setting WHERE name = 'schema_version'),
                (SELECT count(*) FROM hookcli.capture WHERE workspace = $1),
                (SELECT count(*) FROM hookcli.delivery WHERE workspace = $1),
                (SELECT count(*) FROM hookcli.capture WHERE workspace = $1 AND forward = 1)
                  + (SELECT count(*) FROM hookcli.delivery WHERE workspace = $1 AND open),
                (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
                 WHERE c.relnamespace = 'hookcli'::regnamespace AND c.relkind = 'r')";
            let row = client.query_one(sql, &[&self.workspace]).await?;
            let number = |index| -> Result<u64, PostgresError> {
                let number: i64 = row.try_get(index)?;
                Ok(u64::try_from(number).unwrap_or_default())
            };
            Ok(StoreStatus {
                version: number(0)?,
                captures: number(1)?,
                deliveries: number(2)?,
                pending: number(3)?,
                bytes: number(4)?,
            })
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn vacuum(&self) -> Result<(), StoreError> {
        let done = async {
            let client = self.database.client().await?;
            for table in ["capture", "delivery", "attempt", "emulated"] {
                client
                    .batch_execute(&format!("VACUUM (ANALYZE) hookcli.{table}"))
                    .await?;
            }
            Ok(())
        };
        done.await.map_err(PostgresError::writing)
    }
}
