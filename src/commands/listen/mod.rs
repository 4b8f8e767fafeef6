//! `listen`: the receiver people keep running: its port, its signals, and what it says at its beginning and end.

mod routes;
mod setup;

use std::collections::HashSet;
use std::future::pending;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::cli::ListenArgs;
use crate::context::ending::{Failed, run_case};
use crate::context::expecting::{junit_cases, tell_unknown};
use crate::context::handshake::{APP, secret_keeper};
use crate::context::inspecting::{Beside, InspectorServer};
use crate::context::senders::{Senders, endpoint_reports};
use crate::context::signals::{LastResort, Signals};
use crate::context::{Context, endpoints_seen, rules};
use crate::exit::{Exit, Failure};
use crate::expect::ExpectationTracker;
use crate::forward::{InProgress, OwnHosts, Router};
use crate::ingest::{
    EventBacklog, EventSender, Ingest, IngestCounts, IngestHandler, IngestOptions, Pace, PathsSeen,
    Responder, SignatureCheck, Subscription,
};
use crate::inspector::LiveListener;
use crate::model::{RandomSource, TimeSource};
use crate::process::{ProcessGroup, Tunnel};
use crate::receiver::{raise_descriptor_limit, serve};
use crate::render::{Printer, write_atomically, write_junit, write_unfinished};
use crate::report::{Note, Ready, Report, Stopped, pending_notes};
use crate::store::Store;
use crate::view::ReceivedView;
use crate::view::redact::TokenNames;
use setup::Bound;

/// How long forwards in progress may take after the listener is asked to stop.
const DRAIN_TIME: Duration = Duration::from_secs(2);

pub async fn run(context: &Context, args: &ListenArgs) -> Result<Exit, Failure> {
    if args.print_ca {
        return setup::print_ca(context);
    }
    setup::check(args)?;
    if let Some(file) = &args.expect.junit {
        write_unfinished(file, "hookcli.listen");
    }
    raise_descriptor_limit(args.max_connections);
    let (listener, mut inbox) = Listener::new(context, args).await?;
    listener.announce(&inbox).await?;
    let page = listener.page().await?;
    // Whoever is told that it listens may tell it to stop.
    let mut signals = Signals::new()?;
    let _last_resort = LastResort::new()?;
    tokio::select! {
        said = listener.say_ready(&inbox, page.as_ref()) => said?,
        () = signals.next() => {
            if let Some(tunnel) = inbox.tunnel {
                tunnel.close().await;
            }
            return Ok(Exit::Done);
        }
    }
    let _redirect = match (&page, args.page.open) {
        (Some(page), true) => Some(page.open(context)?),
        _ => None,
    };
    let _page = page.map(InspectorServer::serve_beside);
    let tunnel = inbox.tunnel.take();
    let failed = match listener.serve(inbox, tunnel, &mut signals).await? {
        Served::Ended(failed) => failed,
        Served::Interrupted => return Ok(Exit::Interrupted),
    };
    listener.conclude(failed.as_ref(), &mut signals).await
}

/// A receiver, and what is known of it from its beginning to its end.
struct Listener<'c> {
    context: &'c Context,
    args: &'c ListenArgs,
    store: Option<Arc<dyn Store>>,
    counts: Arc<IngestCounts>,
    /// What its printer is behind by.
    backlog: Arc<EventBacklog>,
    expecting: Arc<ExpectationTracker>,
    responder: Option<Arc<Responder>>,
    signatures: Arc<SignatureCheck>,
    tokens: TokenNames,
    url: String,
    public_url: Option<String>,
    /// Where whose requests came, for `--init`.
    paths: Option<Arc<PathsSeen>>,
    /// How many are being forwarded, where accepted requests are.
    forwarding: Option<InProgress>,
}

/// What is received, and where.
struct Inbox {
    bound: Bound,
    tls: Option<tokio_rustls::TlsAcceptor>,
    handler: IngestHandler,
    can_verify: bool,
    events: Subscription,
    /// Where accepted requests are forwarded to.
    destinations: Vec<String>,
    tunnel: Option<Tunnel>,
}

/// How serving ended.
enum Served {
    Ended(Option<Failed>),
    /// Told to stop a second time.
    Interrupted,
}

impl<'c> Listener<'c> {
    async fn new(context: &'c Context, args: &'c ListenArgs) -> Result<(Self, Inbox), Failure> {
        let tls = setup::tls(context, args)?;
        let is_https = tls.is_some();
        let store = setup::store(context, args).await?;
        let mut senders = Senders::find(context, args)?;
        let keeper = secret_keeper(context, args, &senders.providers)?;
        tell_unknown(context, &args.expect, &args.display.show_only)?;
        let counts = Arc::new(IngestCounts::default());
        let sender = Arc::new(EventSender::default());
        // Documents are for programs, which read them all; lines are for people, who cannot.
        let events = sender.subscribe((!context.json).then(Pace::default));
        let router = routes::router(context, &args.forward, store.clone(), sender.clone()).await?;
        let bound = setup::listen(context, args, is_https).await?;
        routes::check_circle(router.as_deref(), bound.address)?;
        let tunnel = setup::open_tunnel(context, args, &bound.url).await?;
        let public_url = tunnel.as_ref().map(|tunnel| tunnel.url.clone());
        let rules = context.settings.listen_rules.clone();
        // What may get rules later has a responder from the beginning.
        let is_watched = args.ui || context.settings.files().next().is_some();
        let listener = Self {
            context,
            args,
            store,
            counts,
            backlog: events.backlog().clone(),
            expecting: Arc::new(ExpectationTracker::new(&args.expect.expectations())),
            responder: args.responses.responder(rules, is_watched),
            signatures: Arc::new(SignatureCheck {
                secrets: std::mem::take(&mut senders.secrets),
                with_test_secret: std::mem::take(&mut senders.with_test_secret),
                endpoints: std::mem::take(&mut senders.endpoints),
                keeper,
                public_url: args.public_url.clone().or(public_url.clone()),
                is_https,
            }),
            tokens: context.token_names_of(&senders.catalog),
            url: bound.url.clone(),
            public_url,
            paths: args.init.then(Arc::default),
            forwarding: router.as_deref().map(Router::in_progress),
        };
        let destinations = router.as_deref().map(Router::urls).unwrap_or_default();
        let ingest = listener.ingest(senders, router, bound.address.ip(), is_https);
        let inbox = Inbox {
            bound,
            tls,
            can_verify: ingest.can_verify(),
            handler: IngestHandler::new(Arc::new(ingest), sender),
            events,
            destinations,
            tunnel,
        };
        Ok((listener, inbox))
    }

    fn ingest(
        &self,
        senders: Senders,
        router: Option<Arc<Router>>,
        ip: IpAddr,
        is_https: bool,
    ) -> Ingest {
        let own_urls = [&self.args.public_url, &self.public_url];
        let own_urls = own_urls.into_iter().filter_map(Option::as_deref);
        let options = IngestOptions {
            given: senders.given,
            endpoint: self.args.to.clone(),
            accept_unverified: self.args.accept_unverified,
            is_https,
            own_hosts: OwnHosts::new(ip, own_urls),
            verify_tokens: senders.verify_tokens,
            app_answers_handshakes: self.args.handshake.as_deref() == Some(APP),
            responder: self.responder.clone(),
            paths: self.paths.clone(),
            router,
            expectations: Some(self.expecting.clone()),
            store: self.store.clone(),
            time: TimeSource::default(),
            random: RandomSource::default(),
        };
        let (signatures, counts) = (self.signatures.clone(), self.counts.clone());
        Ingest::new(senders.providers, signatures, counts, options)
    }

    /// Says what will be done with received requests.
    async fn announce(&self, inbox: &Inbox) -> Result<(), Failure> {
        let ui = &self.context.ui;
        if self.forwarding.is_some() {
            let to = inbox.destinations.join(", ");
            ui.note(Note::hint(match self.args.forward.no_worker {
                true => format!("accepted requests for {to} are left to `hookcli worker`"),
                false => format!("forwarding accepted requests to {to}"),
            }));
            if let (Some(store), false) = (&self.store, self.args.no_keep_pending) {
                store.keep_pending(&inbox.destinations).await?;
            }
            self.tell_pending().await?;
        }
        match (inbox.can_verify, &inbox.tunnel) {
            (true, _) => {}
            (false, Some(_)) => ui.note(Note::warning(
                "no secret is set, so anyone can send requests to the public URL; set HOOKCLI_SECRET_<PROVIDER> or add --secret-env NAME",
            )),
            // Of each endpoint is said what it lacks.
            (false, None) if !self.signatures.endpoints.is_empty() => {}
            (false, None) => ui.note(Note::hint(
                "no secret is set, so signatures are not checked; set HOOKCLI_SECRET_<PROVIDER> or add --secret-env NAME",
            )),
        }
        Ok(())
    }

    async fn tell_pending(&self) -> Result<(), Failure> {
        // What is left to workers is theirs to tell of.
        if let (Some(store), false) = (&self.store, self.args.forward.no_worker) {
            self.context.tell(pending_notes(&store.pending().await?));
        }
        Ok(())
    }

    /// The inspector, where it is to be served beside.
    async fn page(&self) -> Result<Option<InspectorServer>, Failure> {
        if !self.args.ui {
            return Ok(None);
        }
        let store = self.store.clone().ok_or_else(|| {
            Failure::usage("--ui shows what is stored: run it without --no-store")
        })?;
        let public_url = self.signatures.public_url.clone();
        let (flags, page) = (self.args.secrets.flags(), &self.args.page);
        let live = self.responder.clone();
        let live = live
            .map(|responder| LiveListener::new(self.url.clone(), responder, self.counts.clone()));
        let beside = Beside {
            live,
            ..Beside::default()
        };
        let page = InspectorServer::bind(self.context, page, flags, public_url, beside, store);
        page.await.map(Some)
    }

    async fn say_ready(
        &self,
        inbox: &Inbox,
        page: Option<&InspectorServer>,
    ) -> Result<(), Failure> {
        let ready = Report::Ready(Ready {
            url: Some(self.url.clone()),
            ui_url: page.map(|page| page.shown_url(self.context)),
            public_url: self.public_url.clone(),
            endpoints: endpoint_reports(
                &self.signatures.endpoints,
                self.public_url.as_ref().unwrap_or(&self.url),
            ),
            ..Ready::default()
        });
        self.context.emit_beside(ready).await?;
        let port = inbox.bound.address.port();
        let files = [
            (&self.args.ready_file, format!("{}\n", self.url)),
            (&self.args.port_file, format!("{port}\n")),
        ];
        for (file, text) in files {
            if let Some(file) = file {
                write_atomically(file, &text)
                    .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))?;
            }
        }
        Ok(())
    }

    /// Serves until something ends it, and then what is on its way to its end.
    async fn serve(
        &self,
        inbox: Inbox,
        mut tunnel: Option<Tunnel>,
        signals: &mut Signals,
    ) -> Result<Served, Failure> {
        let (context, args) = (self.context, self.args);
        let reader_gone = Arc::new(Notify::new());
        let (printer, events) = (self.printer(reader_gone.clone()), inbox.events);
        let printing = tokio::task::spawn_blocking(move || printer.run(&events));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let handler = Arc::new(inbox.handler);
        let listeners = inbox.bound.listeners;
        let serving = serve(listeners, args.limits(), inbox.tls, handler, async {
            // A sender that is dropped means stop, too.
            let _ = stopped.await;
        });
        let mut serving = std::pin::pin!(serving);
        let mut running = match args.command.as_slice() {
            [] => None,
            command => Some(ProcessGroup::start(command, &self.url, context.json)?),
        };
        let failed = tokio::select! {
            () = &mut serving => None,
            () = signals.next() => None,
            () = reader_gone.notified() => None,
            () = self.watch_rules() => None,
            ending = self.expecting.end(args.expect.timeout, running.as_mut()) => {
                Failed::of(context, ending)
            }
            failed = self.tunnel_ended(&mut tunnel) => Some(failed),
        };
        if let Some(tunnel) = tunnel {
            tunnel.close().await;
        }
        if let Some(running) = running {
            running.stop().await;
        }
        drop(stop);
        // With the server its handler goes, and with that the printer's channel: it ends with what it has.
        let drained = async {
            serving.await;
            // A printer that panicked has nothing more to say; what is still on its way stays due.
            let _ = tokio::time::timeout(DRAIN_TIME, printing).await;
        };
        tokio::select! {
            () = drained => Ok(Served::Ended(failed)),
            () = signals.next() => Ok(Served::Interrupted),
        }
    }

    fn printer(&self, reader_gone: Arc<Notify>) -> Printer {
        let (context, args) = (self.context, self.args);
        Printer {
            ui: context.ui.clone(),
            filter: args.display.filter(),
            view: ReceivedView::new(args.detail(context.verbose), self.tokens.clone()),
            signatures: self.signatures.clone(),
            explains: !context.json || context.verbose > 0,
            tells_unexplained: context.verbose > 0,
            known_secrets: context.settings.known_secrets(&args.secrets.flags()),
            hidden: HashSet::new(),
            backlog: self.backlog.clone(),
            reader_gone,
            counts: self.counts.clone(),
            forwarding: self.forwarding.clone(),
            store: self.store.clone(),
        }
    }

    async fn watch_rules(&self) {
        match &self.responder {
            Some(responder) => rules::watch_rules(self.context, responder.clone()).await,
            None => pending().await,
        }
    }

    async fn tunnel_ended(&self, tunnel: &mut Option<Tunnel>) -> Failed {
        let ended = match tunnel {
            Some(tunnel) => tunnel.end().await,
            None => pending().await,
        };
        let why = ended.err();
        let why = why.map_or_else(
            || "the tunnel has ended".to_owned(),
            |error| error.to_string(),
        );
        Failed::broken(self.context, why)
    }

    /// Reports what was received, and whether it is what was expected.
    async fn conclude(
        &self,
        failed: Option<&Failed>,
        signals: &mut Signals,
    ) -> Result<Exit, Failure> {
        let report = self.expecting.report();
        let is_met = report.met;
        let mut cases = junit_cases(&self.expecting);
        cases.push(run_case(failed));
        let last = async {
            self.context.emit_beside(self.stopped()).await?;
            if self.forwarding.is_some() {
                self.tell_pending().await?;
            }
            if self.expecting.expects_something() {
                let report = Report::Expectations(report);
                self.context.emit_beside(report).await?;
            }
            Ok::<_, Failure>(())
        };
        // The file for CI is there whoever reads the output; one that cannot be written takes no verdict away.
        let written = match &self.args.expect.junit {
            Some(file) => write_junit(file, &cases),
            None => Ok(()),
        };
        tokio::select! {
            said = tokio::time::timeout(DRAIN_TIME, last) => {
                if let Ok(said) = said {
                    said?;
                }
            }
            () = signals.next() => return Ok(Exit::Interrupted),
        }
        written?;
        if let Some(paths) = &self.paths {
            endpoints_seen::write(self.context, &self.args.secrets.flags(), paths)?;
        }
        Ok(match is_met && failed.is_none() {
            true => Exit::Done,
            false => Exit::Negative,
        })
    }

    fn stopped(&self) -> Report {
        let counts = &self.counts;
        Report::Stopped(Stopped {
            received: counts.received(),
            stored: counts.stored(),
            refused: counts.refused(),
            skipped: self.backlog.skipped_in_all(),
            groups: counts.kinds(),
            has_store: self.store.is_some(),
        })
    }
}
