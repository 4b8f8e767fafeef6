//! What only a store has that nodes share.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;

/// The part of a store that nodes share: what those that receive for one workspace find together, and who may come in over
/// HTTP.
#[async_trait]
pub trait SharedStore: Send + Sync {
    /// The seed of the digests of events' keys: the same on all nodes, and known to no sender.
    fn seed(&self) -> [u8; 16];

    /// Counts a response of that name, and says how many there were before. Counting starts again where no other node
    /// counts.
    async fn count_response(&self, name: &str) -> Result<u64, StoreError>;

    /// Keeps the digest of a token of the workspace.
    async fn add_token(&self, digest: TokenDigest) -> Result<KeptToken, StoreError>;

    /// The workspace's tokens, the oldest first.
    async fn tokens(&self) -> Result<Vec<(KeptToken, TokenDigest)>, StoreError>;

    /// Removes a token of the workspace; false where there is none of that id.
    async fn remove_token(&self, id: &str) -> Result<bool, StoreError>;
}

/// SHA-256.
pub type TokenDigest = [u8; 32];

/// A token that lets someone in, of which its digest alone is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    pub id: String,
    pub created_at: Timestamp,
}
