//! The shared store: tables in a PostgreSQL database, for many nodes at one time.

mod connection;
mod emulated;
mod error;
mod group;
mod lease;
mod listing;
mod location;
mod migrate;
mod queue;
mod reading;
mod retention;
mod sealing;
mod selection;
mod shared;
mod text;
mod upkeep;
mod wake;
mod writing;

pub use location::{Location, pass_file};

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio_postgres::types::ToSql;

use super::finding::{newest_of, no_such, only_of};
use super::pending::{PendingAt, sort_pending};
use super::work::Work;
use super::{
    Ack, ChangeWatch, Changing, Cursor, EventPage, Excess, Incoming, Keep, Page, PageRequest,
    SharedStore, Store, StoreError, StoreNotice, StoreOptions, StoreStatus, WantedForwards,
};
use crate::model::{
    Capture, CaptureSummary, Delivery, DeliveryOutline, DeliverySummary, Id, IdKind, Reference,
    ResponseEnd, TimeSource, ulid_part,
};
use crate::search::Query;
use connection::Database;
use error::PostgresError;
use group::{GroupCommit, Inserting};
use lease::{Lease, destination_key};
use listing::{LOCKED_AT_ONCE, behind_id, id_of, locked};
use location::not_opened;
use queue::claim_forwards;
use reading::{
    CAPTURE_COLUMNS, Columns, DELIVERY_COLUMNS, OUTLINE_COLUMNS, capture_summary, delivery_outline,
    delivery_summary, lease_join,
};
use retention::{EVICTED_AT_ONCE, choose, excess_of, read_bound, write_bound};
use sealing::Sealing;
use selection::table_of;
use shared::{Shared, read_seed};
use upkeep::{Upkeep, remove_candidates};
use wake::Wake;
use writing::{Writing, insert_captures};

/// What one commit of an import holds at most.
const GROUP: usize = 256;

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
            .ok_or_else(|| not_opened(location, "it was interrupted", "try again"))?
            .map_err(|error| {
                let advice = error.advice();
                not_opened(location, error, advice)
            })?;
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
            // What a worker is just forwarding there is its own.
            let also = match destination {
                Some(url) => format!(
                    "{also} AND NOT EXISTS (SELECT 1 FROM hookcli.forwarding f JOIN hookcli.lease l ON l.claim = f.claim
                       WHERE f.capture = t.seq AND f.destination = {} AND l.claim <> '{}' AND l.until_us > {})",
                    destination_key(url),
                    self.lease.claim,
                    self.now().as_microsecond()
                ),
                None => also,
            };
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
}

#[async_trait]
impl Store for PostgresStore {
    fn keep(&self, incoming: Incoming) -> Result<Ack, StoreError> {
        let is_full = self.upkeep.is_full.load(Ordering::Relaxed);
        let ack = match is_full {
            true => Err(StoreError::Full),
            false => self.group.keep(incoming),
        };
        self.upkeep
            .keep_within_bound(&self.database, (&self.lease, &self.workspace), self.now());
        ack
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
        wanted: WantedForwards,
    ) -> Result<Vec<Id>, StoreError> {
        self.write(|writing, _| Box::pin(claim_forwards(writing, destination, wanted)))
            .await
    }

    async fn give_back(
        &self,
        capture: Id,
        destination: &str,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let given = async {
            let client = self.database.client().await?;
            let update = client
                .prepare_cached(
                    "UPDATE hookcli.forwarding f SET claim = NULL, after_us = $4 FROM hookcli.capture t
                     WHERE t.id = $1 AND f.capture = t.seq AND f.destination = $2 AND f.claim = $3",
                )
                .await?;
            let values: [&(dyn ToSql + Sync); 4] = [
                &capture.ulid.to_string(),
                &destination_key(destination),
                &self.lease.claim,
                &until.map(Timestamp::as_microsecond),
            ];
            client.execute(&update, &values).await?;
            Ok(())
        };
        given.await.map_err(PostgresError::writing)
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

    async fn give_back_all_but(&self, under_way: &[(Id, String)]) -> Result<(), StoreError> {
        let given = async {
            let client = self.database.client().await?;
            let names = under_way.iter().map(|(id, _)| id.ulid.to_string());
            let names: Vec<String> = names.collect();
            let keys = under_way.iter().map(|(_, url)| destination_key(url));
            let keys: Vec<i64> = keys.collect();
            client
                .execute(
                    "UPDATE hookcli.forwarding f SET claim = NULL WHERE f.claim = $1 AND NOT EXISTS (
                       SELECT 1 FROM unnest($2::text[], $3::bigint[]) u (id, destination)
                       JOIN hookcli.capture t ON t.id = u.id WHERE t.seq = f.capture AND u.destination = f.destination)",
                    &[&self.lease.claim, &names, &keys],
                )
                .await?;
            client
                .execute(
                    "UPDATE hookcli.delivery SET claim = NULL
                     WHERE open AND claim = $1 AND subscription IS NULL AND replay_of IS NOT NULL AND NOT (replay_of = ANY($2))",
                    &[&self.lease.claim, &names],
                )
                .await?;
            Ok(())
        };
        given.await.map_err(PostgresError::writing)
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
