//! What the inspector works with.

use std::sync::Arc;

use axum::extract::State;
use tokio::sync::watch;

use super::guard::AccessRules;
use crate::catalog::{Catalog, Provider};
use crate::model::{Secret, TimeSource};
use crate::store::Store;
use crate::view::redact::TokenNames;

/// What the inspector knows of the user's settings: whose secrets verify, and where requests may be sent.
pub trait Workbench: Send + Sync {
    /// The secrets that verify the requests of a provider, at an endpoint where one is named; none where none is set.
    fn verifying_secrets(&self, provider: &Provider, endpoint: Option<&str>) -> Vec<Secret>;

    /// Every secret that is known, each with where it is from: a diagnosis names the one that signed.
    fn known_secrets(&self) -> Vec<(String, Secret)>;

    /// The URL that senders call, where it is not that of the listener.
    fn public_url(&self) -> Option<String>;
}

/// What the inspector works with.
pub struct InspectorOptions {
    pub store: Arc<dyn Store>,
    pub catalog: Arc<Catalog>,
    /// What is redacted wherever it occurs.
    pub tokens: TokenNames,
    pub workbench: Box<dyn Workbench>,
    pub access: AccessRules,
    pub time: TimeSource,
}

/// What all answers are made from.
pub(super) struct Inspector {
    pub(super) options: InspectorOptions,
    /// True once the server is to stop: streams end then.
    pub(super) stopping: watch::Receiver<bool>,
}

pub(super) type Shared = State<Arc<Inspector>>;
