//! Who works at what, over all nodes. Each open store has one lease: a row says how long it holds, and the deliveries and
//! captures that it works at carry its claim. So it is renewed by writing one row, however many they are.
//!
//! Another node's processes cannot be looked at, so a lease is what its row says: who is killed leaves its claims until
//! they run out, and who closes its store gives them up.

use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::GenericClient;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::connection::Database;
use super::error::PostgresError;
use crate::model::{KeyHasher, TimeSource, normal_url};
use crate::store::LEASE;

/// How much of it may be gone before it is renewed.
const RENEWED_AFTER: Duration = Duration::from_secs(15);

/// How long one is kept after it ran out.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The lease of an open store.
pub(super) struct Lease {
    /// What its deliveries and captures carry.
    pub claim: String,
    time: TimeSource,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When it was last written.
    renewed_at: Option<Timestamp>,
    is_kept: bool,
}

impl Lease {
    pub(super) fn new(time: TimeSource) -> Self {
        let random = fastrand::Rng::new().u128(..);
        Self {
            claim: Ulid::from_parts(0, random).to_string(),
            time,
            state: Mutex::default(),
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sees to it that the lease holds for a while, and that it is renewed from then on. It is written before anything
    /// carries its claim.
    pub(super) async fn hold(
        self: &Arc<Self>,
        database: &Arc<Database>,
    ) -> Result<(), PostgresError> {
        let now = self.time.now();
        let renewed_at = self.with(|state| state.renewed_at);
        let fresh = SignedDuration::try_from(RENEWED_AFTER).unwrap_or(SignedDuration::MAX);
        let is_fresh = renewed_at.is_some_and(|renewed| {
            // A clock that went back says nothing of how long ago that was.
            renewed <= now && now.duration_since(renewed) < fresh
        });
        if is_fresh {
            return Ok(());
        }
        let client = database.client().await?;
        if renewed_at.is_none() {
            // One that ran out may be renewed: its holder was stopped, or the database was away.
            let gone = "DELETE FROM hookcli.lease WHERE until_us <= $1";
            let long_ago = now.saturating_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
            client.execute(gone, &[&long_ago.as_microsecond()]).await?;
        }
        self.write(&client, now).await?;
        let was_kept = self.with(|state| std::mem::replace(&mut state.is_kept, true));
        if !was_kept {
            let own = Arc::downgrade(self);
            let database_of = Arc::downgrade(database);
            database.handle().spawn(async move {
                loop {
                    tokio::time::sleep(RENEWED_AFTER).await;
                    let (Some(own), Some(database)) = (own.upgrade(), database_of.upgrade()) else {
                        return;
                    };
                    // What fails now is tried again, and a lease holds for several of these.
                    if let Ok(client) = database.client().await {
                        let _ = own.write(&client, own.time.now()).await;
                    }
                }
            });
        }
        Ok(())
    }

    async fn write(
        &self,
        client: &impl GenericClient,
        now: Timestamp,
    ) -> Result<(), PostgresError> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let process = i64::from(std::process::id());
        client
            .execute(
                "INSERT INTO hookcli.lease (claim, node, process, until_us) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (claim) DO UPDATE SET until_us = excluded.until_us",
                &[&self.claim, &node(), &process, &until.as_microsecond()],
            )
            .await?;
        self.with(|state| state.renewed_at = Some(now));
        Ok(())
    }

    /// Gives all of it up.
    pub(super) fn end(self: &Arc<Self>, database: &Arc<Database>) {
        if self.with(|state| state.renewed_at.is_none()) {
            return;
        }
        let (own, of) = (self.clone(), database.clone());
        // Where that fails, the lease runs out by itself.
        database.finish(async move {
            if let Ok(client) = of.client().await {
                let gone = "DELETE FROM hookcli.lease WHERE claim = $1";
                let _ = client.execute(gone, &[&own.claim]).await;
            }
        });
    }
}

/// What stands for a destination, whatever the spelling of its URL.
pub(super) fn destination_key(url: &str) -> i64 {
    // It has to tell the destinations of a workspace apart, which its owner chooses.
    KeyHasher::new([0; 16])
        .hash_one(normal_url(url))
        .cast_signed()
}

/// What this machine is called, for people.
fn node() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}
