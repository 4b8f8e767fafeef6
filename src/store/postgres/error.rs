//! What goes wrong between here and the database.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub(super) enum PostgresError {
    #[error("{}", in_words(.0))]
    Database(#[from] tokio_postgres::Error),
    #[error("{0}")]
    Pool(String),
    #[error("{0} of the store cannot be read")]
    Unreadable(&'static str),
    /// Someone else has it.
    #[error("{0}")]
    Taken(String),
    #[error("a record has that key already")]
    KeyTaken,
    #[error(
        "the secrets of emulated webhooks are encrypted with another key than the one in HOOKCLI_STORE_KEY"
    )]
    Sealed,
    #[error("the secrets of emulated webhooks are encrypted: HOOKCLI_STORE_KEY is not set")]
    NoKey,
}

impl From<PoolError> for PostgresError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::Database(error),
            other => Self::Pool(other.to_string()),
        }
    }
}

impl PostgresError {
    /// What to do about it, where it keeps a store from being opened.
    pub(super) fn advice(&self) -> &'static str {
        let Self::Database(error) = self else {
            return "try again when the database has less to do";
        };
        match error.code() {
            Some(code) if *code == SqlState::INVALID_CATALOG_NAME => {
                "create the database, or name another one in the URL"
            }
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
                "the first use needs GRANT CREATE ON DATABASE for this user, later ones the rights of the schema's owner"
            }
            None if in_words(error).contains("TLS") => {
                "sslrootcert=FILE in the URL names the certificate of the CA, and sslmode=verify-ca does not check the name"
            }
            _ => {
                "check that the database runs and lets this user in; its password comes from PGPASSWORD or ~/.pgpass"
            }
        }
    }

    /// While something was read.
    pub(super) fn reading(self) -> StoreError {
        match self {
            Self::Taken(why) => StoreError::Taken(why),
            Self::Sealed | Self::NoKey => StoreError::Key(self.to_string()),
            other => StoreError::read(other),
        }
    }

    /// While something was written.
    pub(super) fn writing(self) -> StoreError {
        match self {
            Self::Taken(why) => StoreError::Taken(why),
            Self::Sealed | Self::NoKey => StoreError::Key(self.to_string()),
            other => StoreError::write(other),
        }
    }

    /// Whether the same may be tried again: the connection is broken, and another may not be.
    pub(super) fn is_of_connection(&self) -> bool {
        match self {
            Self::Database(error) => {
                error.is_closed() || error.code().is_none() || is_shutting_down(error.code())
            }
            Self::Pool(_)
            | Self::Unreadable(_)
            | Self::Taken(_)
            | Self::KeyTaken
            | Self::Sealed
            | Self::NoKey => false,
        }
    }
}

fn is_shutting_down(code: Option<&SqlState>) -> bool {
    matches!(
        code,
        Some(&SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW)
    )
}

/// What the database said, or why it could not be asked.
pub(super) fn in_words(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("the database says: {}", said.message());
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        let more = deeper.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = deeper.source();
    }
    text
}
