//! `demo`: the whole way in one process. Every event goes out over a real socket, comes in, is verified,
//! kept and replayed, by the same code that `send`, `listen` and `replay` run.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use crate::catalog::{EventName, Provider};
use crate::cli::DemoArgs;
use crate::compose::{
    ComposeOptions, Composer, FixedKeys, PreparedRequest, Recipient, ReplayOptions, Replayer,
    SchemaRule,
};
use crate::context::Context;
use crate::delivery::Progress;
use crate::dispatch::{DeliveryOptions, dispatch_quietly};
use crate::exit::{Exit, Failure};
use crate::http::{Client, ClientOptions, Resolved};
use crate::ingest::{
    EventSender, Ingest, IngestCounts, IngestEvent, IngestHandler, IngestOptions, SignatureCheck,
};
use crate::model::{Capture, Outcome, Verdict};
use crate::receiver::{Limits, serve};
use crate::report::{DemoRow, DemoTotals, Note, Report};
use crate::signature::{Keys, test_keys};
use crate::store::{SqliteStore, Store, StoreOptions};

/// How long a request that was answered may take to reach us by the other way.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn run(context: &Context, args: &DemoArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    let folder = tempfile::Builder::new()
        .prefix("hookcli-demo-")
        .tempdir()
        .map_err(|error| Failure::machine(format!("a temporary folder: {error}")))?;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(
        &folder.path().join("store.db"),
        StoreOptions::default(),
    )?);
    let providers = match &args.provider {
        Some(name) => vec![context.provider(name)?],
        None => context.catalog()?.all().0,
    };
    let mut keys = HashMap::new();
    for provider in &providers {
        if let Some(scheme) = &provider.signature {
            let keys_of = test_keys(scheme).map_err(Failure::usage)?;
            keys.insert(provider.name.clone(), keys_of);
        }
    }
    let verifying = |(name, keys): (&String, &Keys)| (name.clone(), vec![keys.verifying.clone()]);
    let counts = Arc::new(IngestCounts::default());
    let ingest = Ingest::new(
        context.catalog()?.all().0,
        Arc::new(SignatureCheck {
            secrets: keys.iter().map(verifying).collect(),
            ..SignatureCheck::default()
        }),
        counts.clone(),
        IngestOptions {
            store: Some(store.clone()),
            ..IngestOptions::default()
        },
    );
    let (shown, arrivals) = sync_channel(16);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(serve(
        vec![listener],
        Limits::default(),
        None,
        Arc::new(IngestHandler::new(
            Arc::new(ingest),
            Arc::new(EventSender::new(counts, shown, None)),
        )),
        async {
            // A sender that is dropped means stop, too.
            let _ = stopped.await;
        },
    ));
    let recipient = Recipient {
        place: port.to_string().parse().map_err(Failure::usage)?,
        endpoint: None,
        chosen_by_user: true,
        has_own_scheme: false,
        is_loopback: true,
    };
    let resolved = Resolved::known(recipient.place.clone(), ([127, 0, 0, 1], port).into());
    let client =
        Client::new(resolved.clone(), &ClientOptions::default()).map_err(Failure::machine)?;
    let demo = Demo {
        context,
        recipient: &recipient,
        client: &client,
        store: &*store,
        arrivals,
        keys,
    };
    let names: Vec<EventName> = providers
        .iter()
        .flat_map(|provider| names(provider))
        .collect();
    let mut rows = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        context
            .ui
            .progress(index as u64, names.len() as u64, &name.to_string());
        let row = demo.walk(name).await?;
        context.emit(&Report::DemoRow(row.clone()))?;
        rows.push(row);
    }
    drop(stop);
    // A server that panicked has failed every row already.
    let _ = serving.await;
    let ok = rows.iter().filter(|row| row.ok).count();
    let exit = if ok == rows.len() && !rows.is_empty() {
        Exit::Done
    } else {
        Exit::Negative
    };
    context.emit(&Report::DemoTotals(DemoTotals {
        events: rows.len(),
        ok,
        providers: providers.len(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        rows,
    }))?;
    if exit == Exit::Done {
        context.ui.note(Note::hint("next: `hookcli listen --port 3000` in one terminal, `hookcli send lead_captured --url 3000` in another"));
    }
    Ok(exit)
}

/// Every event of a provider, and every variant with a sample of its own. A handshake that brings a secret
/// is left out: a listener takes it only when asked to.
fn names(provider: &Provider) -> Vec<EventName> {
    let mut names = Vec::new();
    let brings_secret = |event: &&String| {
        let mut handshakes = provider.handshakes.iter();
        handshakes.any(|handshake| handshake.keeps_secret && handshake.event == **event)
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

struct Demo<'c> {
    context: &'c Context,
    recipient: &'c Recipient,
    client: &'c Client,
    store: &'c dyn Store,
    arrivals: Receiver<IngestEvent>,
    /// The test keys of each provider: nobody's own, whatever the environment holds.
    keys: HashMap<String, Keys>,
}

impl Demo<'_> {
    fn keys_of(&self, name: &EventName) -> FixedKeys {
        let keys = name.provider.as_ref().and_then(|name| self.keys.get(name));
        FixedKeys {
            secrets: keys.map(|keys| keys.signing.clone()).into_iter().collect(),
            verify_token: None,
        }
    }

    /// One event all the way, and its line of the table.
    async fn walk(&self, name: &EventName) -> Result<DemoRow, Failure> {
        let options = ComposeOptions {
            schema: SchemaRule::Report,
            ..ComposeOptions::default()
        };
        let (catalog, keys) = (self.context.catalog()?, self.keys_of(name));
        let sent = Composer::new(catalog, &keys, &options, self.recipient).compose(name)?;
        let is_signed = sent.provider.as_ref().is_some_and(|provider| {
            let unsigned = provider
                .events
                .get(&name.event)
                .is_some_and(|event| event.unsigned);
            provider.signature.is_some() && !unsigned
        });
        let mut row = DemoRow {
            event: name.to_string(),
            sent: true,
            status: None,
            verdict: "-".to_owned(),
            kept: false,
            replayed: false,
            ok: false,
        };
        let (delivery, Some(kept)) = self.send(&sent).await? else {
            return Ok(row);
        };
        row.status = status(&delivery);
        row.verdict = kept.verdict.name().to_owned();
        row.kept = is_same(&sent, &kept);
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
        let again = Replayer::new(catalog, &keys, &options, self.recipient).compose(kept.into())?;
        let (second, came_again) = self.send(&again).await?;
        row.replayed = second.outcome == Outcome::Delivered
            && came_again
                .is_some_and(|capture| capture.verdict == wanted && is_same(&again, &capture));
        row.ok = delivery.outcome == Outcome::Delivered && row.kept && row.replayed;
        Ok(row)
    }

    /// Sends, and fetches from the store what the receiver made of it.
    async fn send(
        &self,
        outgoing: &PreparedRequest,
    ) -> Result<(Progress, Option<Capture>), Failure> {
        let options = DeliveryOptions::default();
        let sent = dispatch_quietly(self.client, Some(self.store), outgoing, &options).await?;
        let delivery = sent.progress;
        if !delivery.was_answered() {
            return Ok((delivery, None));
        }
        let arrived = tokio::task::block_in_place(|| self.arrivals.recv_timeout(PATIENCE)).ok();
        let capture = match arrived {
            Some(IngestEvent::Ingested(shown)) => Some(self.store.capture(shown.capture.id).await?),
            _ => None,
        };
        Ok((delivery, capture))
    }
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
