//! The whole path in one process: an event is sent over a real socket, received, verified, stored and replayed, by the
//! same code that sends, listens and replays.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::catalog::{Catalog, EventName, Provider};
use crate::compose::{
    ComposeError, ComposeOptions, Composer, FixedKeys, PreparedRequest, Recipient, ReplayOptions,
    Replayer, SchemaRule,
};
use crate::delivery::Progress;
use crate::dispatch::{DeliveryOptions, DispatchError, dispatch_quietly};
use crate::http::{Client, ClientError, ClientOptions, DestinationError, Resolved};
use crate::ingest::{
    EventSender, InboundEndpoint, InboundEndpoints, Ingest, IngestCounts, IngestEvent,
    IngestHandler, IngestOptions, SignatureCheck, Subscription,
};
use crate::model::{Capture, Outcome, Verdict};
use crate::receiver::{Limits, serve};
use crate::signature::{KeyError, Keys, test_keys};
use crate::store::{SqliteStore, Store, StoreError, StoreOptions};

/// How long a request that was answered may take to reach us by the other way.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of an event on its way.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RoundTrip {
    /// The event.
    pub event: String,
    /// It was sent.
    pub sent: bool,
    /// The status of the response.
    pub status: Option<u16>,
    /// The verdict on its signature.
    pub verdict: String,
    /// It was stored byte for byte.
    pub stored: bool,
    /// It was replayed byte for byte.
    pub replayed: bool,
    /// All of it worked.
    pub ok: bool,
}

/// What keeps events from being sent round.
#[derive(Debug, thiserror::Error)]
pub enum RoundTripError {
    #[error("a temporary folder: {0}")]
    Folder(#[source] std::io::Error),
    #[error("{0}")]
    Port(#[source] std::io::Error),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Destination(#[from] DestinationError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Compose(#[from] ComposeError),
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
}

/// A receiver with its own store, and a sender that sends to it.
pub struct RoundTrips<'c> {
    catalog: &'c Catalog,
    recipient: Recipient,
    client: Client,
    store: Arc<dyn Store>,
    arrivals: Subscription,
    /// The test keys of each provider: no one's own, whatever the environment holds.
    keys: HashMap<String, Keys>,
    serving: JoinHandle<()>,
    /// The receiver stops once this is dropped.
    stop: oneshot::Sender<()>,
    /// The store's.
    _folder: Option<TempDir>,
}

/// Every event of a provider, and every variant that has its own sample. A handshake that brings a secret
/// is left out: a listener takes it only when asked to.
pub fn names(provider: &Provider) -> Vec<EventName> {
    let mut names = Vec::new();
    let brings_secret = |event: &&String| {
        let mut handshakes = provider.handshakes.iter();
        handshakes.any(|handshake| handshake.delivers_secret && handshake.event == **event)
    };
    for event in provider.events.keys().filter(|event| !brings_secret(event)) {
        let name = EventName {
            provider: Some(provider.name.clone()),
            event: event.clone(),
            variant: None,
        };
        let variants = provider.variants(event);
        names.push(name.clone());
        names.extend(variants.into_iter().map(|variant| EventName {
            variant: Some(variant),
            ..name.clone()
        }));
    }
    names
}

impl<'c> RoundTrips<'c> {
    /// Starts the receiver, for events of these providers.
    pub async fn start(
        catalog: &'c Catalog,
        providers: &[Arc<Provider>],
        store: Option<Arc<dyn Store>>,
    ) -> Result<Self, RoundTripError> {
        let (store, folder) = match store {
            Some(store) => (store, None),
            None => {
                let folder = tempfile::Builder::new().prefix("hookcli-demo-").tempdir();
                let folder = folder.map_err(RoundTripError::Folder)?;
                let file = folder.path().join("store.db");
                let store = SqliteStore::open(&file, StoreOptions::default())?;
                (Arc::new(store) as Arc<dyn Store>, Some(folder))
            }
        };
        let mut keys = HashMap::new();
        for provider in providers {
            if let Some(scheme) = &provider.signature {
                keys.insert(provider.name.clone(), test_keys(scheme)?);
            }
        }
        let verifying =
            |(name, keys): (&String, &Keys)| (name.clone(), vec![keys.verifying.clone()]);
        let counts = Arc::new(IngestCounts::default());
        let signatures = Arc::new(SignatureCheck {
            secrets: keys.iter().map(verifying).collect(),
            endpoints: endpoints(providers, &keys),
            ..SignatureCheck::default()
        });
        let options = IngestOptions {
            store: Some(store.clone()),
            ..IngestOptions::default()
        };
        let ingest = Ingest::new(catalog.all().0, signatures, counts, options);
        let sender = Arc::new(EventSender::default());
        let arrivals = sender.subscribe(None);
        let handler = Arc::new(IngestHandler::new(Arc::new(ingest), sender));
        let bound = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = bound.map_err(RoundTripError::Port)?;
        let port = listener.local_addr().map_err(RoundTripError::Port)?.port();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = serve(vec![listener], Limits::default(), None, handler, async {
            let _ = stopped.await;
        });
        let recipient = Recipient {
            destination: port.to_string().parse()?,
            endpoint: None,
            chosen_by_user: true,
            has_own_scheme: false,
            is_loopback: true,
        };
        let address = ([127, 0, 0, 1], port).into();
        let resolved = Resolved::known(recipient.destination.clone(), address);
        Ok(Self {
            catalog,
            client: Client::new(resolved, &ClientOptions::default())?,
            recipient,
            store,
            arrivals,
            keys,
            serving: tokio::spawn(serving),
            stop,
            _folder: folder,
        })
    }

    /// Stops the receiver.
    pub async fn stop(self) {
        drop(self.stop);
        // A server that panicked has failed every event already.
        let _ = self.serving.await;
    }

    fn keys_of(&self, name: &EventName) -> FixedKeys {
        let keys = name.provider.as_ref().and_then(|name| self.keys.get(name));
        FixedKeys {
            secrets: keys.map(|keys| keys.signing.clone()).into_iter().collect(),
            verify_token: None,
        }
    }

    /// Where an event goes: one that nothing shows whose it is has an endpoint of its own.
    fn recipient_of(&self, name: &EventName) -> Result<Recipient, RoundTripError> {
        let provider = name.provider.as_deref();
        let provider = provider.and_then(|name| self.catalog.provider(name).ok());
        let mut recipient = self.recipient.clone();
        if let Some(provider) = provider.filter(|provider| is_unrecognisable(provider)) {
            let place = format!("{}{}", recipient.destination, provider.name);
            recipient.destination = place.parse()?;
        }
        Ok(recipient)
    }

    /// One event all the way, and what became of it.
    pub async fn walk(&self, name: &EventName) -> Result<RoundTrip, RoundTripError> {
        let options = ComposeOptions {
            schema: SchemaRule::Report,
            ..ComposeOptions::default()
        };
        let (catalog, keys) = (self.catalog, self.keys_of(name));
        let recipient = self.recipient_of(name)?;
        let sent = Composer::new(catalog, &keys, &options, &recipient).compose(name)?;
        let is_signed = sent.provider.as_ref().is_some_and(|provider| {
            let unsigned = provider
                .events
                .get(&name.event)
                .is_some_and(|event| event.unsigned);
            provider.signature.is_some() && !unsigned
        });
        let mut row = RoundTrip {
            event: name.to_string(),
            sent: true,
            status: None,
            verdict: "-".to_owned(),
            stored: false,
            replayed: false,
            ok: false,
        };
        let (delivery, Some(kept)) = self.send(&sent).await? else {
            return Ok(row);
        };
        row.status = status(&delivery);
        row.verdict = kept.verdict.name().to_owned();
        row.stored = is_same(&sent, &kept);
        let wanted = if is_signed {
            Verdict::Valid
        } else {
            Verdict::Unchecked
        };
        if kept.verdict != wanted {
            return Ok(row);
        }
        let options = ReplayOptions {
            resign: is_signed,
            ..ReplayOptions::default()
        };
        let again = Replayer::new(catalog, &keys, &options, &recipient).compose(kept.into())?;
        let (second, came_again) = self.send(&again).await?;
        row.replayed = second.outcome == Outcome::Delivered
            && came_again
                .is_some_and(|capture| capture.verdict == wanted && is_same(&again, &capture));
        row.ok = delivery.outcome == Outcome::Delivered && row.stored && row.replayed;
        Ok(row)
    }

    /// Sends, and fetches from the store what the receiver made of it.
    async fn send(
        &self,
        outgoing: &PreparedRequest,
    ) -> Result<(Progress, Option<Capture>), RoundTripError> {
        let options = DeliveryOptions::default();
        let sent = dispatch_quietly(&self.client, Some(&*self.store), outgoing, &options).await?;
        let delivery = sent.progress;
        if !delivery.was_answered() {
            return Ok((delivery, None));
        }
        let arrived = tokio::task::block_in_place(|| self.arrivals.next_within(PATIENCE)).ok();
        let capture = match arrived {
            Some(IngestEvent::Ingested(shown)) => Some(self.store.capture(shown.capture.id).await?),
            _ => None,
        };
        Ok((delivery, capture))
    }
}

/// Nothing in a request shows that it is this provider's.
fn is_unrecognisable(provider: &Provider) -> bool {
    provider.recognise.headers.is_empty() && provider.recognise.body.is_empty()
}

fn endpoints(providers: &[Arc<Provider>], keys: &HashMap<String, Keys>) -> InboundEndpoints {
    let mut endpoints = InboundEndpoints::default();
    for provider in providers.iter().filter(|one| is_unrecognisable(one)) {
        let keys = keys.get(&provider.name);
        let endpoint = InboundEndpoint {
            name: provider.name.clone(),
            provider: provider.clone(),
            secrets: keys
                .map(|keys| keys.verifying.clone())
                .into_iter()
                .collect(),
            is_test: true,
        };
        // No two providers have the same name.
        let _ = endpoints.add(&format!("/{}", provider.name), endpoint);
    }
    endpoints
}

fn status(delivery: &Progress) -> Option<u16> {
    delivery
        .attempts
        .last()?
        .result
        .as_ref()
        .ok()
        .map(|response| response.status)
}

/// The same body, byte for byte, and every header that was sent.
fn is_same(sent: &PreparedRequest, kept: &Capture) -> bool {
    let headers_kept = sent
        .request
        .headers
        .iter()
        .all(|(name, value)| kept.request.headers.all(name).any(|kept| kept == value));
    sent.request.body == kept.request.body
        && sent.request.method == kept.request.method
        && headers_kept
}
