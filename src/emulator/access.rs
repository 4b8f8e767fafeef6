//! What keys have to end with, where others than this machine can ask.

use subtle::ConstantTimeEq as _;

use crate::model::Secret;
use crate::store::WorkspaceTokens;

/// Any of these tokens.
pub struct ApiAccess {
    /// Of this process.
    pub token: Option<Secret>,
    pub workspace: Option<WorkspaceTokens>,
}

impl ApiAccess {
    /// Whether a key ends with one of them.
    pub(super) async fn opens(&self, key: &str) -> bool {
        if self
            .token
            .as_ref()
            .is_some_and(|token| ends_with(key, token))
        {
            return true;
        }
        match &self.workspace {
            Some(tokens) => tokens.end(key).await,
            None => false,
        }
    }
}

/// How much of it is right takes no longer to find out.
fn ends_with(key: &str, token: &Secret) -> bool {
    let (key, token) = (key.as_bytes(), token.expose());
    let start = key.len().checked_sub(token.len());
    start.is_some_and(|start| bool::from(key[start..].ct_eq(token)))
}
