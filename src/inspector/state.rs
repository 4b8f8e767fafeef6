//! What the inspector works with.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use tokio::sync::{Semaphore, watch};

use super::guard::AccessRules;
use super::listener::LiveListener;
use crate::catalog::{Catalog, Provider};
use crate::compose::Keyring;
use crate::emulator::Emulator;
use crate::http::Destination;
use crate::model::{Secret, TimeSource};
use crate::receiver::BodyReader;
use crate::store::Store;
use crate::view::redact::TokenNames;

/// What the inspector knows of the user's settings: whose secrets verify, and where requests may be sent.
pub trait Workbench: Send + Sync {
    /// The secrets that verify the requests of a provider, at an endpoint where one is named; none where none is set.
    fn verifying_secrets(&self, provider: &Provider, endpoint: Option<&str>) -> Vec<Secret>;

    /// The variable that a provider's secret is read from.
    fn secret_variable(&self, provider: &Provider) -> String;

    /// Every secret that is known, each with where it is from: a diagnosis names the one that signed.
    fn known_secrets(&self) -> Vec<(String, Secret)>;

    /// Where requests can be sent by name.
    fn destinations(&self) -> Vec<DestinationFacts>;

    /// Where a text leads: a URL, a port of this machine, or the name of an endpoint.
    ///
    /// # Errors
    /// It leads nowhere, in a sentence.
    fn target(&self, to: &str) -> Result<SendTarget, String>;

    /// The URL that senders call, where it is not that of the listener.
    fn public_url(&self) -> Option<String>;
}

/// An endpoint of the settings that has a URL.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DestinationFacts {
    /// The name of the endpoint.
    pub name: String,
    /// Its URL.
    pub url: String,
    /// Its provider.
    pub provider: Option<String>,
}

/// Where a request is to be sent, and what is known of it.
pub struct SendTarget {
    pub destination: Destination,
    /// The name of the endpoint, where one was meant.
    pub endpoint: Option<String>,
    /// The user chose it, or trusts the file that did.
    pub chosen_by_user: bool,
    /// The settings give it its own scheme.
    pub has_own_scheme: bool,
    pub accepts_any_certificate: bool,
    /// The user's own settings name its host.
    pub is_known: bool,
    /// The providers, with the scheme of the endpoint.
    pub catalog: Arc<Catalog>,
    pub keyring: Box<dyn Keyring + Send + Sync>,
}

/// What the inspector works with.
pub struct InspectorOptions {
    pub store: Arc<dyn Store>,
    pub catalog: Arc<Catalog>,
    /// What is redacted wherever it occurs.
    pub tokens: TokenNames,
    pub workbench: Box<dyn Workbench>,
    pub access: AccessRules,
    /// The emulator in the same process, where there is one.
    pub emulator: Option<Arc<Emulator>>,
    /// The listener in the same process, where there is one.
    pub live: Option<LiveListener>,
    pub time: TimeSource,
}

/// What all answers are made from.
pub(super) struct Inspector {
    pub(super) options: InspectorOptions,
    /// One permit a verification that may be under way.
    pub(super) verifications: Arc<Semaphore>,
    /// One permit a stream of changes that may be open.
    pub(super) streams: Arc<Semaphore>,
    pub(super) bodies: BodyReader,
    /// True once the server is to stop: streams end then.
    pub(super) stopping: watch::Receiver<bool>,
}

pub(super) type Shared = State<Arc<Inspector>>;
