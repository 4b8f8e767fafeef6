//! A worker: the deliveries of emulated providers, and what listeners have left to be forwarded.

use std::sync::Arc;

use futures_util::FutureExt as _;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::LocalSet;

use super::Context;
use super::emulating::EmulatorServers;
use crate::catalog::Catalog;
use crate::cli::WorkerArgs;
use crate::dispatch::DeliveryOptions;
use crate::exit::Failure;
use crate::forward::{ForwardWorker, ForwardWorkerOptions, WorkerEvent};
use crate::http::AllowedHosts;
use crate::model::{TimeSource, suggest};
use crate::report::{Note, Report};
use crate::view::delivery_report;

/// What may wait to be shown; more is not shown.
const SHOWN_AT_ONCE: usize = 1024;

/// Makes what is pending in a store.
pub struct Delivering {
    /// None where their secrets cannot be read.
    emulated: Option<EmulatorServers>,
    forwards: ForwardWorker,
    catalog: Arc<Catalog>,
}

impl Delivering {
    /// # Errors
    /// A provider cannot be emulated, or the store cannot be used.
    pub async fn new(context: &Context, args: &WorkerArgs) -> Result<Self, Failure> {
        let catalog = context.catalog()?.clone();
        let store = context.needed_store()?;
        let emulated = EmulatorServers::worker(context, args, store.clone()).await?;
        let forwarding = &args.forwarding;
        let options = ForwardWorkerOptions {
            delivery: DeliveryOptions {
                timeout: forwarding.forward_timeout.map(|timeout| timeout.0),
                tokens: context.token_names()?,
                ..DeliveryOptions::default()
            },
            allowed: AllowedHosts {
                http_on_loopback: args.allow_http,
                hosts: args.allow_host.clone(),
            },
            insecure: forwarding.forward_insecure,
            at_once: forwarding.forward_concurrency as usize,
            ordered: forwarding.ordered,
            time: TimeSource::default(),
        };
        context.ui.note(Note::hint(
            "delivers what emulated providers and `listen --no-worker` leave in the store; Ctrl-C stops it",
        ));
        Ok(Self {
            emulated,
            forwards: ForwardWorker::new(store, catalog.clone(), options),
            catalog,
        })
    }

    /// Works until `stop` resolves, and shows what is done meanwhile.
    pub async fn serve(
        self,
        context: &Context,
        stop: impl Future<Output = ()>,
    ) -> Result<(), Failure> {
        let stop = stop.shared();
        let (told, events) = channel(SHOWN_AT_ONCE);
        let (emulated, stopped) = (self.emulated, stop.clone());
        let delivering = async {
            match emulated {
                Some(emulated) => emulated.serve(context, None, stopped).await,
                None => Ok(()),
            }
        };
        let forwards = self.forwards;
        let forwarding = async move {
            let tell = tell_into(told);
            LocalSet::new().run_until(forwards.run(stop, &tell)).await;
        };
        let showing = show(context, &self.catalog, events);
        let (delivered, (), shown) = tokio::join!(delivering, forwarding, showing);
        delivered.and(shown)
    }
}

/// What is told while too much waits to be shown is left out: the store has it.
fn tell_into(told: Sender<WorkerEvent>) -> impl Fn(WorkerEvent) {
    move |event| drop(told.try_send(event))
}

async fn show(
    context: &Context,
    catalog: &Catalog,
    mut events: Receiver<WorkerEvent>,
) -> Result<(), Failure> {
    while let Some(event) = events.recv().await {
        let note = match event {
            WorkerEvent::Forwarded(dispatched) => {
                let record = &dispatched.record;
                let provider = record.provider.as_deref();
                let provider = provider.and_then(|name| catalog.provider(name).ok());
                let report = delivery_report(record, provider.as_deref());
                context
                    .emit_beside(Report::Forwarded(Box::new(report)))
                    .await?;
                continue;
            }
            WorkerEvent::Failed(error) => {
                context.tell(Failure::from(error).notes());
                continue;
            }
            WorkerEvent::WentAway { destination, kind } => Note::warning(format!(
                "{destination} does not respond ({kind}); requests for it stay in the store and are sent when it responds"
            )),
            WorkerEvent::CameBack(destination) => {
                Note::Status(format!("{destination} responds again").into())
            }
            WorkerEvent::NotAllowed(destination) => Note::warning(format!(
                "requests for {destination} are left to other workers: this one delivers to its own machine; run `{}` to change that",
                suggest(["worker", "--allow-host", destination.host()])
            )),
            WorkerEvent::Unusable { url, why } => {
                Note::warning(format!("nothing can be forwarded to {url}: {why}"))
            }
            WorkerEvent::Store(Some(error)) => Note::warning(format!(
                "{error}; nothing is forwarded until the store responds again"
            )),
            WorkerEvent::Store(None) => Note::Status("the store responds again".into()),
        };
        context.ui.note(note);
    }
    Ok(())
}
