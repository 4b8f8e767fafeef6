//! The store's tables: made where there are none, brought to the newest version on request, and refused where they are of
//! another one.

use deadpool_postgres::{GenericClient, Object};

use super::error::PostgresError;

/// Each step brings the tables from its index to the next version.
const STEPS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// The version of the tables that this hookcli works with.
const VERSION: usize = STEPS.len();

/// Why the tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum SchemaError {
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    #[error("it has version {0}, but this hookcli supports version {VERSION}: use a newer hookcli")]
    Newer(i64),
    #[error(
        "it has version {0}, and this hookcli needs version {VERSION}: stop what works with it, and run `hookcli store migrate`"
    )]
    Older(i64),
}

impl SchemaError {
    /// What to do about it.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Newer(_) => "install the hookcli that the other nodes have",
            Self::Older(_) => "what is stored stays as it is until then",
            Self::Postgres(error) => error.advice(),
        }
    }
}

impl From<tokio_postgres::Error> for SchemaError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error.into())
    }
}

/// The version of the tables; none where there are none.
async fn version(client: &impl GenericClient) -> Result<Option<i64>, SchemaError> {
    let sql = "SELECT to_regclass('hookcli.setting') IS NOT NULL";
    if !client.query_one(sql, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    let sql = "SELECT value::bigint FROM hookcli.setting WHERE name = 'schema_version'";
    let row = client.query_opt(sql, &[]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Sees to it that the tables can be used. Those of an older version are brought to this one where that `migrates`: an
/// older hookcli that is still at work would be lost then.
pub(super) async fn prepare(client: &mut Object, migrates: bool) -> Result<(), SchemaError> {
    let newest = i64::try_from(VERSION).unwrap_or(i64::MAX);
    match version(client).await? {
        Some(found) if found > newest => Err(SchemaError::Newer(found)),
        Some(found) if found < newest && !migrates => Err(SchemaError::Older(found)),
        Some(found) if found == newest => Ok(()),
        _ => migrate(client).await,
    }
}

async fn migrate(client: &mut Object) -> Result<(), SchemaError> {
    let transaction = client.transaction().await?;
    // Of two nodes that come at once, one makes them and the other finds them.
    transaction
        .execute("SELECT pg_advisory_xact_lock(1751870316)", &[])
        .await?;
    let found = version(&transaction).await?;
    if found.is_none() {
        transaction
            .batch_execute("CREATE SCHEMA IF NOT EXISTS hookcli")
            .await?;
    }
    let found = usize::try_from(found.unwrap_or(0)).unwrap_or(0);
    for step in STEPS.iter().skip(found) {
        transaction.batch_execute(step).await?;
    }
    transaction
        .execute(
            "INSERT INTO hookcli.setting (name, value) VALUES ('schema_version', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[&VERSION.to_string()],
        )
        .await?;
    transaction.commit().await?;
    Ok(())
}
