//! What nodes share besides what all stores have: the counts of responses that are given in turn, and tokens. Repeated
//! events are told as captures are inserted.

use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use tokio_postgres::types::ToSql;

use super::connection::Database;
use super::error::PostgresError;
use super::lease::Lease;
use super::reading::Columns;
use crate::model::{KeyHasher, TimeSource};
use crate::store::{KeptToken, SharedStore, StoreError, TokenDigest};

/// How many names a workspace counts; when there are more, counting starts again.
const COUNTED: i64 = 65_536;
/// For one in so many new names it is looked whether there are too many.
const LOOKED_EVERY: u32 = 256;
/// How many keys of events all workspaces remember, and for how long: longer than providers try again.
const MOST_KEYS: i64 = 2_000_000;
const KEYS_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How many of them go in one statement.
const KEYS_AT_ONCE: i64 = 5_000;

/// This node, among those that receive for a workspace.
pub(super) struct Shared {
    pub database: Arc<Database>,
    pub lease: Arc<Lease>,
    pub workspace: String,
    pub time: TimeSource,
    /// Of the database.
    pub seed: [u8; 16],
    /// It is put down among those that count.
    pub is_counting: AtomicBool,
}

/// The seed of this database.
pub(super) async fn read_seed(client: &impl GenericClient) -> Result<[u8; 16], PostgresError> {
    let sql = "SELECT value FROM hookcli.setting WHERE name = 'event_key_seed'";
    let text: String = client.query_one(sql, &[]).await?.try_get(0)?;
    let seed = u128::from_str_radix(&text, 16);
    let seed = seed.map_err(|_| PostgresError::Unreadable("the seed of event keys"))?;
    Ok(seed.to_be_bytes())
}

/// Removes keys that are too old or too many.
pub(super) async fn forget_keys(
    client: &impl GenericClient,
    now_ms: i64,
) -> Result<(), PostgresError> {
    // As of the tables' statistics, which is near enough.
    let sql = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'hookcli.event_key'::regclass";
    let known: i64 = client.query_one(sql, &[]).await?.try_get(0)?;
    let mut excess = (known - MOST_KEYS).max(0);
    loop {
        let limit = KEYS_AT_ONCE;
        let before = match excess {
            0 => now_ms - KEYS_KEPT_MS,
            _ => i64::MAX,
        };
        let gone = client
            .execute(
                "DELETE FROM hookcli.event_key WHERE (workspace, key) IN (
                   SELECT workspace, key FROM hookcli.event_key WHERE at_ms < $1 ORDER BY at_ms LIMIT $2)",
                &[&before, &limit],
            )
            .await?;
        let was_excess = excess > 0;
        excess = (excess - limit).max(0);
        if gone < KEYS_AT_ONCE.unsigned_abs() && !was_excess {
            return Ok(());
        }
    }
}

#[async_trait]
impl SharedStore for Shared {
    fn seed(&self) -> [u8; 16] {
        self.seed
    }

    async fn count_response(&self, name: &str) -> Result<u64, StoreError> {
        let name = KeyHasher::new(self.seed).hash_one(name);
        let count = async {
            if !self.is_counting.load(Ordering::Acquire) {
                self.begin_counting().await?;
                self.is_counting.store(true, Ordering::Release);
            }
            let client = self.database.client().await?;
            let add = client
                .prepare_cached(
                    "INSERT INTO hookcli.response_count AS c (workspace, name, count) VALUES ($1, $2, 1)
                     ON CONFLICT (workspace, name) DO UPDATE SET count = c.count + 1 RETURNING count",
                )
                .await?;
            let name = name.cast_signed();
            let counted = client.query_one(&add, &[&self.workspace, &name]).await?;
            let count: i64 = counted.try_get(0)?;
            if count == 1 && fastrand::u32(..LOOKED_EVERY) == 0 {
                self.bound_counts(&client).await?;
            }
            Ok(u64::try_from(count - 1).unwrap_or_default())
        };
        count.await.map_err(PostgresError::writing)
    }

    async fn add_token(&self, digest: TokenDigest) -> Result<KeptToken, StoreError> {
        let token = KeptToken {
            id: hex::encode(&digest[..4]),
            created_at: self.time.now(),
        };
        let added = async {
            let client = self.database.client().await?;
            let sql = "INSERT INTO hookcli.token (id, workspace, digest, created_us) VALUES ($1, $2, $3, $4)";
            let created_us = token.created_at.as_microsecond();
            let values: [&(dyn ToSql + Sync); 4] =
                [&token.id, &self.workspace, &&digest[..], &created_us];
            client.execute(sql, &values).await?;
            Ok(())
        };
        added.await.map_err(PostgresError::writing)?;
        Ok(token)
    }

    async fn tokens(&self) -> Result<Vec<(KeptToken, TokenDigest)>, StoreError> {
        let found = async {
            let client = self.database.client().await?;
            let sql = "SELECT id, created_us, digest FROM hookcli.token WHERE workspace = $1 ORDER BY created_us, id";
            let mut tokens = Vec::new();
            for row in client.query(sql, &[&self.workspace]).await? {
                let columns = &mut Columns::of(&row);
                let (id, created_at) = (columns.text()?, columns.time()?);
                let digest = TokenDigest::try_from(columns.next::<&[u8]>()?);
                let digest = digest.map_err(|_| PostgresError::Unreadable("a token"))?;
                tokens.push((KeptToken { id, created_at }, digest));
            }
            Ok(tokens)
        };
        found.await.map_err(PostgresError::reading)
    }

    async fn remove_token(&self, id: &str) -> Result<bool, StoreError> {
        let removed = async {
            let client = self.database.client().await?;
            let sql = "DELETE FROM hookcli.token WHERE workspace = $1 AND id = $2";
            Ok(client.execute(sql, &[&self.workspace, &id]).await? > 0)
        };
        removed.await.map_err(PostgresError::writing)
    }
}

impl Shared {
    /// Counting starts again where there is too much.
    async fn bound_counts(&self, client: &impl GenericClient) -> Result<(), PostgresError> {
        client
            .execute(
                "DELETE FROM hookcli.response_count WHERE workspace = $1
                 AND (SELECT count(*) FROM hookcli.response_count WHERE workspace = $1) > $2",
                &[&self.workspace, &COUNTED],
            )
            .await?;
        Ok(())
    }

    /// Puts this node down among those that count. Where it is the only one, counting starts again.
    async fn begin_counting(&self) -> Result<(), PostgresError> {
        self.lease.hold(&self.database).await?;
        let mut client = self.database.client().await?;
        let transaction = client.transaction().await?;
        transaction
            .execute("LOCK TABLE hookcli.counting IN EXCLUSIVE MODE", &[])
            .await?;
        let (workspace, own) = (&self.workspace, &self.lease.claim);
        transaction
            .execute(
                "DELETE FROM hookcli.response_count WHERE workspace = $1
                 AND NOT EXISTS (SELECT 1 FROM hookcli.counting c JOIN hookcli.lease l ON l.claim = c.claim
                   WHERE c.workspace = $1 AND c.claim <> $2 AND l.until_us > $3)",
                &[workspace, own, &self.time.now().as_microsecond()],
            )
            .await?;
        transaction
            .execute(
                "INSERT INTO hookcli.counting (claim, workspace) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                &[own, workspace],
            )
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
