//! The store's tables: made where there are none, and refused where they are of another version.

use deadpool_postgres::Object;

use super::error::PostgresError;

/// The version of the tables that this hookcli works with.
pub(super) const VERSION: i64 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// Why the tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum SchemaError {
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    #[error("it has version {0}, but this hookcli supports version {VERSION}: use a newer hookcli")]
    Newer(i64),
    #[error(
        "it has version {0}, and this hookcli needs version {VERSION}: run `hookcli store migrate`"
    )]
    Older(i64),
}

impl From<tokio_postgres::Error> for SchemaError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error.into())
    }
}

/// The version of the tables; none where there are none.
async fn version(client: &Object) -> Result<Option<i64>, SchemaError> {
    let sql = "SELECT to_regclass('hookcli.setting') IS NOT NULL";
    if !client.query_one(sql, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    let sql = "SELECT value::bigint FROM hookcli.setting WHERE name = 'schema_version'";
    let row = client.query_opt(sql, &[]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Sees to it that the tables can be used.
pub(super) async fn prepare(client: &mut Object) -> Result<(), SchemaError> {
    match version(client).await? {
        None => create(client).await,
        Some(version) if version > VERSION => Err(SchemaError::Newer(version)),
        Some(version) if version < VERSION => Err(SchemaError::Older(version)),
        Some(_) => Ok(()),
    }
}

async fn create(client: &mut Object) -> Result<(), SchemaError> {
    let transaction = client.transaction().await?;
    // Of two nodes that come at once, one makes them and the other finds them.
    transaction
        .execute("SELECT pg_advisory_xact_lock(1751870316)", &[])
        .await?;
    let sql = "SELECT to_regclass('hookcli.setting') IS NOT NULL";
    if !transaction
        .query_one(sql, &[])
        .await?
        .try_get::<_, bool>(0)?
    {
        transaction
            .batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS hookcli; {SCHEMA}"))
            .await?;
        transaction
            .execute(
                "INSERT INTO hookcli.setting (name, value) VALUES ('schema_version', $1)",
                &[&VERSION.to_string()],
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}
