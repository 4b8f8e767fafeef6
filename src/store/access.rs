//! Who has a token of a workspace.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use ring::digest::{SHA256, digest};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Store, StoreError, TokenDigest};

/// How long a token is: 32 bytes in hex.
const LENGTH: usize = 64;
/// A token that was removed lets in for so long.
const KNOWN_FOR: Duration = Duration::from_secs(5);
/// For a token that is not known, the store is asked so often at most.
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// The digest of a token, as it is kept.
pub fn token_digest(token: &str) -> TokenDigest {
    let found = digest(&SHA256, token.as_bytes());
    let mut bytes = TokenDigest::default();
    bytes.copy_from_slice(found.as_ref());
    bytes
}

/// The tokens of a workspace, as they were a moment ago.
pub struct WorkspaceTokens {
    store: Arc<dyn Store>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    digests: HashSet<TokenDigest>,
    read_at: Option<Instant>,
}

impl WorkspaceTokens {
    /// None where the store is not one that nodes share.
    pub fn of(store: &Arc<dyn Store>) -> Option<Self> {
        store.shared()?;
        Some(Self {
            store: store.clone(),
            known: Mutex::default(),
        })
    }

    /// Whether this is one of them. While the store is away, those that were known last are.
    pub async fn has(&self, token: &str) -> bool {
        if token.len() != LENGTH {
            return false;
        }
        let digest = token_digest(token);
        let mut known = self.known.lock().await;
        let age = known.read_at.map(|at| at.elapsed());
        let is_known = known.digests.contains(&digest);
        let enough = if is_known { KNOWN_FOR } else { ASKED_EVERY };
        if age.is_some_and(|age| age < enough) {
            return is_known;
        }
        if let Ok(digests) = self.read().await {
            known.digests = digests;
        }
        known.read_at = Some(Instant::now());
        known.digests.contains(&digest)
    }

    /// Whether a key ends with one of them.
    pub async fn end(&self, key: &str) -> bool {
        let start = key.len().checked_sub(LENGTH);
        match start.and_then(|start| key.get(start..)) {
            Some(token) => self.has(token).await,
            None => false,
        }
    }

    async fn read(&self) -> Result<HashSet<TokenDigest>, StoreError> {
        let Some(shared) = self.store.shared() else {
            return Ok(HashSet::new());
        };
        let tokens = shared.tokens().await?;
        Ok(tokens.into_iter().map(|(_, digest)| digest).collect())
    }
}
