//! What an emulated provider keeps.

use jiff::Timestamp;

use super::Secret;

/// A thing that an emulated provider keeps: a subscription, an event, and what belongs to them. The store knows nothing
/// of what is in its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmulatedRecord {
    /// Its number in the store: things that were made later have a higher one.
    pub number: i64,
    pub key: RecordKey,
    pub created_at: Timestamp,
    /// Since when its deliveries fail, where they do.
    pub failing_since: Option<Timestamp>,
    /// JSON.
    pub document: String,
    /// The newest first.
    pub secrets: Vec<KeptSecret>,
    /// The number of its last change.
    pub changed: i64,
}

/// What a record is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordKey {
    pub provider: String,
    pub kind: RecordKind,
    /// What it belongs to: an account, a repository, an application.
    pub scope: String,
    /// As the provider gives it.
    pub id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum RecordKind {
    /// What subscriptions belong to, where that is created, too.
    Container,
    Subscription,
    Event,
    /// What an event told of.
    Object,
}

impl RecordKind {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A secret that hookcli made for an emulated subscription, or that the client brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSecret {
    pub secret: Secret,
    /// Until when it signs; for good where nothing is said.
    pub until: Option<Timestamp>,
}

/// Which records are wanted.
#[derive(Clone, Debug)]
pub struct RecordQuery {
    pub provider: String,
    pub kind: RecordKind,
    /// Those of one scope; of all where none is named.
    pub scope: Option<String>,
    /// Behind the record with that number, in the order that is asked for.
    pub after: Option<i64>,
    pub newest_first: bool,
    pub limit: usize,
    /// Of their documents.
    pub most_bytes: u64,
}

impl RecordQuery {
    /// All of a provider's of a kind, the oldest first and as many at once as are well held in memory.
    pub fn all(provider: &str, kind: RecordKind) -> Self {
        Self {
            provider: provider.to_owned(),
            kind,
            scope: None,
            after: None,
            newest_first: false,
            limit: 1000,
            most_bytes: 16 << 20,
        }
    }
}

/// The records that a delivery is of, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Emulated {
    pub subscription: i64,
    pub event: i64,
}

/// When a subscription's next delivery is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueAt {
    pub subscription: i64,
    pub at: Timestamp,
}
