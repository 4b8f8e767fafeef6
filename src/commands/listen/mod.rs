//! `listen`: the receiver people keep running: its port, its signals, and the printer that shows what is made of each
//! request.

pub mod local_ca;
pub mod printing;
mod routes;
pub mod tunnel;

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, SystemTime};

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use crate::catalog::Provider;
use crate::cli::{BindFlag, HeaderFlag, ListenArgs, RepliesArgs, SchemeArgs, TunnelFlag};
use crate::commands::retention::change_bound;
use crate::context::Context;
use crate::context::expecting::{EXPECTED_WITHIN, expectations, junit_cases, tell_unknown};
use crate::context::signals::{LastResort, Signals};
use crate::exit::{Exit, Failure};
use crate::expect::ExpectationTracker;
use crate::forward::{OwnHosts, Router};
use crate::ingest::{
    EVENT_QUEUE, EventSender, Ingest, IngestCounts, IngestEvent, IngestHandler, IngestOptions,
    Pace, Responder, ResponseOptions, ResponseRule, SecretKeeper, SignatureCheck,
};
use crate::model::{Secret, TimeSource, suggest};
use crate::process::ProcessGroup;
use crate::receiver::{Limits, Pem, acceptor, loopback_certificate, serve};
use crate::render::{JunitCase, JunitOutcome, write_junit, write_unfinished};
use crate::report::{Bytes, Note, Ready, Report, Stopped};
use crate::settings::SecretFlags;
use crate::signature::check_secrets;
use crate::store::{Store, StoreOptions};
use local_ca::local_ca;
use printing::{Printer, Seeing};
use tunnel::Tunnel;

const DEFAULT_PORT: u16 = 8787;
/// Destinations that are named at most where something is pending.
const MOST_NAMED: usize = 5;
/// How long what is on its way to a target may take when the listener is told to stop.
const DRAIN_TIME: Duration = Duration::from_secs(2);
/// How long the command may take to finish once everything came.
const FINISH_TIME: Duration = Duration::from_secs(5);
/// Descriptors for what is no connection of a sender: the store, targets, a command.
const DESCRIPTORS_BESIDES: u64 = 1200;
/// How often it is looked whether the rules have changed.
const RULES_READ_EVERY: Duration = Duration::from_millis(500);

pub async fn run(context: &Context, args: &ListenArgs) -> Result<Exit, Failure> {
    if args.print_ca {
        let (ca, _) = local_ca(context)?;
        context.emit(&Report::Bytes(Bytes {
            bytes: ca.certificates.into_bytes(),
            safe: true,
        }))?;
        return Ok(Exit::Done);
    }
    let framing = |header: &&HeaderFlag| {
        ["content-length", "transfer-encoding"]
            .iter()
            .any(|name| header.name.eq_ignore_ascii_case(name))
    };
    if let Some(header) = args.replies.respond_header.iter().find(framing) {
        return Err(Failure::usage(format!(
            "--respond-header {}: hookcli says itself how long the body is",
            header.name
        )));
    }
    if let Some(file) = &args.expect.junit {
        write_unfinished(file, "hookcli.listen");
    }
    raise_descriptor_limit(args.max_connections);
    let tls = tls(context, args)?;
    let keep = match args.keep {
        Some(keep) => keep,
        None => context.keep_of_new_stores()?,
    };
    let store = context.store_with(StoreOptions {
        keep,
        full_sync: args.sync == "full",
        ..StoreOptions::default()
    })?;
    if let (Some(store), Some(keep)) = (&store, args.keep) {
        change_bound(context, &**store, keep, args.prune).await?;
    }
    let endpoint = context.endpoint(args.to.as_deref())?;
    let catalog = context.catalog_for(&args.scheme, endpoint)?;
    let given = args
        .provider
        .as_deref()
        .or_else(|| endpoint?.provider.as_deref())
        .map(|name| catalog.provider(name))
        .transpose()?;
    let (providers, errors) = catalog.all();
    for error in errors {
        context.ui.note(Note::warning(error.to_string()));
    }
    tell_unknown(context, &args.expect, &args.seeing.show_only)?;
    let handshake = secret_keeper(context, args, &providers)?;
    if args.handshake.as_deref() == Some(APP) && args.forward.forward_to.is_empty() {
        return Err(Failure::usage(
            "--handshake app leaves handshakes to an application, and none is forwarded to",
        )
        .hint("say where it is with --forward-to"));
    }
    let tokens = providers.iter().filter_map(|provider| {
        let token = context.settings.verify_token(provider)?;
        Some((provider.name.clone(), token))
    });
    let verify_tokens = tokens.collect();
    let rules = context.settings.listen_rules.clone();
    let watched = context.settings.files().next().is_some();
    let responder = responder(rules, watched, &args.replies);
    let counts = Arc::new(IngestCounts::default());
    let (sender, events) = sync_channel(EVENT_QUEUE);
    // Documents are for programs, which read them all; lines are for people, who cannot.
    let pace = (!context.json).then(Pace::default);
    let sender = Arc::new(EventSender::new(counts.clone(), sender, pace));
    let router = router(context, args, store.clone(), sender.clone()).await?;
    let expecting = Arc::new(ExpectationTracker::new(&expectations(&args.expect)));
    let flags = args.secrets.flags();
    let secrets = secrets_for_listening(context, &providers, given.as_deref(), &flags)?;
    let listeners = bind(context, args).await?;
    let address = match listeners.first() {
        Some(listener) => listener.local_addr()?,
        None => return Err(Failure::machine("there is no address to listen at")),
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = match listeners.len() {
        1 => format!("{scheme}://{address}"),
        _ => format!("{scheme}://localhost:{}", address.port()),
    };
    let tunnel = match &args.tunnel {
        Some(tool) => Some(open_tunnel(context, args, tool, &url).await?),
        None => None,
    };
    let public_url = tunnel.as_ref().map(|tunnel| tunnel.url.clone());
    let signatures = Arc::new(SignatureCheck {
        secrets,
        keeper: handshake,
        public_url: args.public_url.clone().or(public_url.clone()),
        is_https: tls.is_some(),
    });
    let ingest = Ingest::new(
        providers,
        signatures.clone(),
        counts.clone(),
        IngestOptions {
            given,
            accept_unverified: args.accept_unverified,
            is_https: tls.is_some(),
            own_hosts: OwnHosts::new(
                address.ip(),
                [&args.public_url, &public_url]
                    .into_iter()
                    .filter_map(Option::as_deref),
            ),
            verify_tokens,
            app_answers_handshakes: args.handshake.as_deref() == Some(APP),
            responder: responder.clone(),
            router: router.clone(),
            expectations: Some(expecting.clone()),
            store: store.clone(),
            time: TimeSource::default(),
        },
    );
    if let Some(place) = router.as_ref().and_then(|router| router.loops_to(address)) {
        return Err(Failure::usage(format!(
            "{place} is this listener itself: what comes would go round in a circle"
        ))
        .hint("forward to the port of your own server"));
    }
    if let Some(router) = &router {
        let what = format!(
            "what is accepted is forwarded to {}",
            router.urls().join(", ")
        );
        context.ui.note(Note::hint(what));
    }
    let forwards = router.is_some();
    if let (Some(router), Some(store), false) = (&router, &store, args.no_keep_pending) {
        store.keep_pending(&router.urls()).await?;
    }
    drop(router);
    if forwards {
        tell_what_is_due(context, store.as_deref()).await?;
    }
    let watching = responder.map(|responder| watch_rules(context, responder));
    if !ingest.can_verify() && tunnel.is_some() {
        context.ui.note(Note::warning(
            "no secret is set, and anybody can send to the public URL: set HOOKCLI_SECRET_<PROVIDER>, or give --secret-env NAME",
        ));
    } else if !ingest.can_verify() {
        context.ui.note(Note::hint(
            "no secret is set, so signatures are not checked; set HOOKCLI_SECRET_<PROVIDER>, or give --secret-env NAME",
        ));
    }
    let handler = Arc::new(IngestHandler::new(Arc::new(ingest), sender));
    // Whoever is told that it listens may tell it to stop.
    let mut signals = Signals::new()?;
    let _last_resort = LastResort::new()?;
    let ready = Report::Ready(Ready {
        url: url.clone(),
        public_url,
        pid: std::process::id(),
    });
    // A reader that does not read must not keep it from being stopped.
    tokio::select! {
        emitted = emit(context, ready) => emitted?,
        () = signals.next() => {
            if let Some(tunnel) = tunnel {
                tunnel.close().await;
            }
            return Ok(Exit::Done);
        }
    }
    if let Some(file) = &args.ready_file {
        write_atomically(file, &format!("{url}\n"))?;
    }
    if let Some(file) = &args.port_file {
        write_atomically(file, &format!("{}\n", address.port()))?;
    }
    let reader_gone = Arc::new(Notify::new());
    let printer = Printer {
        ui: context.ui.clone(),
        body: args.body,
        reveal: args.reveal,
        signatures,
        verbose: context.verbose > 0,
        seeing: Seeing::new(&args.seeing, context.verbose > 0),
        before: RefCell::default(),
        known_secrets: context.settings.all_secrets(),
        token_names: context.token_names_of(&catalog),
        counts: counts.clone(),
        reader_gone: reader_gone.clone(),
        store: store.clone(),
    };
    let printing = tokio::task::spawn_blocking(move || printer.run(&events));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = serve(listeners, limits(args), tls, handler, async {
        // A sender that is dropped means stop, too.
        let _ = stopped.await;
    });
    let mut serving = std::pin::pin!(serving);
    let watching = async {
        match watching {
            Some(watching) => watching.await,
            None => std::future::pending().await,
        }
    };
    let mut running = match args.command.as_slice() {
        [] => None,
        command => Some(ProcessGroup::start(command, &url, context.json)?),
    };
    let mut tunnel = tunnel;
    let tunnel_ended = async {
        match &mut tunnel {
            Some(tunnel) => tunnel.end().await,
            None => std::future::pending().await,
        }
    };
    let course = course(context, args, &expecting, &mut running);
    let failed = tokio::select! {
        () = &mut serving => None,
        () = signals.next() => None,
        () = reader_gone.notified() => None,
        () = watching => None,
        failed = course => failed,
        ended = tunnel_ended => {
            let why = ended
                .err()
                .map_or_else(|| "the tunnel has ended".to_owned(), |error| error.to_string());
            context.ui.note(Note::error(why.as_str()));
            Some(Failed::Broken(why))
        }
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
        () = drained => {}
        () = signals.next() => return Ok(Exit::Interrupted),
    }
    let stopped = Report::Stopped(Stopped {
        received: counts.received(),
        stored: counts.stored(),
        refused: counts.refused(),
        skipped: counts.skipped_in_all(),
        kinds: counts.kinds(),
        has_store: store.is_some(),
    });
    let report = expecting.report();
    let met = report.met;
    let mut cases = junit_cases(&expecting);
    cases.push(run_case(failed.as_ref()));
    let last = async {
        emit(context, stopped).await?;
        if forwards {
            tell_what_is_due(context, store.as_deref()).await?;
        }
        if expecting.expects_something() {
            emit(context, Report::Expectations(report)).await?;
        }
        Ok::<_, Failure>(())
    };
    // The file for CI is there whoever reads the output; one that cannot be written takes no verdict away.
    let written = match &args.expect.junit {
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
    Ok(if met && failed.is_none() {
        Exit::Done
    } else {
        Exit::Negative
    })
}

/// What is answered on purpose; none where nothing but the ordinary is. Rules of files that are watched may come later.
fn responder(
    rules: Vec<ResponseRule>,
    watched: bool,
    args: &RepliesArgs,
) -> Option<Arc<Responder>> {
    let fallback = rule(args);
    let wanted = watched || !rules.is_empty() || fallback.is_some() || args.status_paths;
    wanted.then(|| {
        Arc::new(Responder::new(ResponseOptions {
            rules,
            fallback,
            always: args.respond_always,
            status_paths: args.status_paths,
        }))
    })
}

/// The flags as a rule that fits everything; none where none is given.
fn rule(args: &RepliesArgs) -> Option<ResponseRule> {
    let given = args.respond.is_some()
        || args.respond_body.is_some()
        || !args.respond_header.is_empty()
        || args.delay.is_some();
    given.then(|| ResponseRule {
        respond: args.respond.clone(),
        per: args.respond_per,
        body: args.respond_body.clone(),
        headers: args
            .respond_header
            .iter()
            .map(|header| (header.name.clone(), header.value.clone()))
            .collect(),
        delay: args.delay,
        ..ResponseRule::default()
    })
}

/// Where what is accepted goes on to, if anywhere.
async fn router(
    context: &Context,
    args: &ListenArgs,
    store: Option<Arc<dyn Store>>,
    sender: Arc<EventSender>,
) -> Result<Option<Arc<Router>>, Failure> {
    let routes = routes::routes(context, &args.forward).await?;
    if routes.is_empty() {
        return Ok(None);
    }
    let options = routes::options(context, &args.forward)?;
    let told = move |event| sender.publish(IngestEvent::Forward(event));
    let router = Router::new(routes, options, store, Box::new(told))?;
    Ok(Some(Arc::new(router)))
}

/// The secrets to listen with: those of every provider that has a scheme and a secret.
pub fn secrets_for_listening(
    context: &Context,
    providers: &[Arc<Provider>],
    given: Option<&Provider>,
    flags: &SecretFlags,
) -> Result<HashMap<String, Vec<Secret>>, Failure> {
    let mut secrets = HashMap::new();
    for provider in providers {
        let Some(scheme) = &provider.signature else {
            continue;
        };
        let is_given = given.is_some_and(|given| given.name == provider.name);
        let found = context
            .settings
            .secrets_for_listening(flags, provider, is_given)
            .map_err(Failure::usage)?;
        if found.is_empty() {
            continue;
        }
        if is_given {
            // A secret that the scheme cannot use would make every verdict a riddle.
            check_secrets(scheme, &found).map_err(Failure::usage)?;
        }
        secrets.insert(provider.name.clone(), found);
    }
    Ok(secrets)
}

/// Says how many requests are waiting to be forwarded, of earlier runs too, and what sends them.
async fn tell_what_is_due(context: &Context, store: Option<&dyn Store>) -> Result<(), Failure> {
    let Some(store) = store else {
        return Ok(());
    };
    let pending = store.pending().await?;
    for at in pending.iter().take(MOST_NAMED) {
        let (requests, them) = match at.captures {
            1 => ("1 request is".to_owned(), "it"),
            count => (format!("{count} requests are"), "them"),
        };
        let (to, words) = match at.url.as_str() {
            "" => (
                String::new(),
                vec!["replay", "--unforwarded", "--url", "URL"],
            ),
            url => (
                format!(" to {url}"),
                vec!["replay", "--unforwarded", "--url", url],
            ),
        };
        context.ui.note(Note::hint(format!(
            "{requests} waiting to be forwarded{to}. Run `{}` to send {them}",
            suggest(words)
        )));
    }
    if pending.len() > MOST_NAMED {
        let others = pending.len() - MOST_NAMED;
        context.ui.note(Note::hint(format!(
            "requests are waiting for {others} more destinations"
        )));
    }
    Ok(())
}

/// Emits without holding up the thread that stops the listener.
async fn emit(context: &Context, report: Report) -> Result<(), Failure> {
    let ui = context.ui.clone();
    let emitting = tokio::task::spawn_blocking(move || ui.emit(&report));
    let emitted = emitting
        .await
        .map_err(|error| Failure::machine(error.to_string()))?;
    emitted.map_err(|error| Failure::machine(format!("standard output: {error}")))
}

/// Why a listener ends with a failure.
enum Failed {
    /// What was expected did not come: a case of its own says so.
    Unmet(String),
    Broken(String),
}

/// The case of the run itself, for JUnit: what fails it is no expectation's.
fn run_case(failed: Option<&Failed>) -> JunitCase {
    JunitCase {
        class: "hookcli.listen".to_owned(),
        name: "run".to_owned(),
        outcome: match failed {
            None => JunitOutcome::Passed,
            Some(Failed::Unmet(why)) => JunitOutcome::Skipped(why.clone()),
            Some(Failed::Broken(why)) => JunitOutcome::Failed(why.clone()),
        },
    }
}

/// Resolves when there is nothing more to listen for: what was expected came or cannot come any more, the
/// time is up, or the command has ended. Says why, where that is a failure.
async fn course(
    context: &Context,
    args: &ListenArgs,
    expecting: &ExpectationTracker,
    running: &mut Option<ProcessGroup>,
) -> Option<Failed> {
    let awaits = expecting.awaits_something();
    let limit = args
        .expect
        .timeout
        .or_else(|| (awaits || expecting.expects_something()).then_some(EXPECTED_WITHIN));
    let time_is_up = async {
        match limit {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    let told = |failure: String| {
        context.ui.note(Note::error(failure.as_str()));
        Some(Failed::Broken(failure))
    };
    let unmet = || {
        let why = "the expectations were not met".to_owned();
        (!expecting.is_satisfied()).then_some(Failed::Unmet(why))
    };
    let mut time_is_up = std::pin::pin!(time_is_up);
    let mut settled = std::pin::pin!(expecting.settled());
    if let Some(command) = running {
        tokio::select! {
            ended = command.end() => match ended {
                Err(failure) => return told(failure.to_string()),
                // What it sent last may still be under way.
                Ok(()) if awaits => {}
                Ok(()) => return unmet(),
            },
            () = &mut settled => {
                if let Some(unmet) = unmet() {
                    return Some(unmet);
                }
                // All is there: the command gets a moment to finish.
                return match tokio::time::timeout(FINISH_TIME, command.end()).await {
                    Ok(Err(failure)) => told(failure.to_string()),
                    Ok(Ok(())) => None,
                    Err(_) => {
                        context.ui.note(Note::warning(format!(
                            "everything came; the command did not finish within {} and is ended",
                            crate::model::duration::short(FINISH_TIME)
                        )));
                        None
                    }
                };
            }
            () = &mut time_is_up => {
                return told("the time is up, and the command has not finished".to_owned());
            }
        }
    }
    tokio::select! {
        () = settled => unmet(),
        () = time_is_up => match expecting.lacking() {
            Some((came, wanted)) => {
                let why = format!("the time is up: {came} of {wanted} requests came");
                context.ui.note(Note::error(why.as_str()));
                Some(Failed::Unmet(why))
            }
            None => unmet(),
        },
    }
}

/// Writes a file as a whole or not at all.
fn write_atomically(file: &Path, text: &str) -> Result<(), Failure> {
    let refused =
        |error: &dyn std::fmt::Display| Failure::machine(format!("{}: {error}", file.display()));
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut temporary =
        tempfile::NamedTempFile::new_in(folder).map_err(|error| refused(&error.kind()))?;
    std::io::Write::write_all(&mut temporary, text.as_bytes()).map_err(|error| refused(&error))?;
    temporary.persist(file).map_err(|error| refused(&error))?;
    Ok(())
}

/// Takes up what changes in the rules; a file that cannot be read leaves them as they are.
async fn watch_rules(context: &Context, responder: Arc<Responder>) {
    let settings = &context.settings;
    let written = || -> Vec<Option<(SystemTime, u64)>> {
        let seen = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        settings.files().map(seen).collect()
    };
    let mut known = written();
    if known.is_empty() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(RULES_READ_EVERY).await;
        let now = written();
        if now == known {
            continue;
        }
        known = now;
        match settings.reread_rules() {
            Ok((rules, same_routes)) => {
                let count = rules.len();
                responder.replace(rules);
                context.ui.note(Note::Status(
                    format!("the rules were read again: {count} of them").into(),
                ));
                if !same_routes {
                    context.ui.note(Note::warning(
                        "the routes stay as they were until the listener is started again",
                    ));
                }
            }
            Err(error) => context
                .ui
                .note(Note::error(format!("{error}; the rules stay as they were"))),
        }
    }
}

fn limits(args: &ListenArgs) -> Limits {
    let bytes = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Limits {
        body_bytes: bytes(args.max_body),
        head_bytes: bytes(args.max_head),
        head_time: args.head_timeout,
        body_time: args.body_timeout,
        write_time: args.write_timeout,
        connections: args.max_connections as usize,
        buffered_bytes: bytes(args.max_buffered),
        ..Limits::default()
    }
}

/// Makes the listener public. What comes from anywhere may not go everywhere.
async fn open_tunnel(
    context: &Context,
    args: &ListenArgs,
    tool: &TunnelFlag,
    url: &str,
) -> Result<Tunnel, Failure> {
    let routes = context.settings.listen_routes.iter();
    let routes = routes.map(|(route, _)| &route.to);
    for target in args.forward.forward_to.iter().chain(routes) {
        let destination =
            crate::context::target::target(context, None, Some(target), &SchemeArgs::default())?;
        if destination.place.target() == "/" {
            return Err(Failure::usage(format!(
                "with a tunnel anybody could ask for any path of {}",
                destination.place
            ))
            .hint("give --forward-to a URL with a path"));
        }
    }
    Tunnel::open(context, &args.secrets.flags(), tool, url).await
}

/// Asks for as many descriptors as the connections may need. Where there are fewer, what cannot be accepted
/// waits in the system's queue.
fn raise_descriptor_limit(connections: u32) {
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = u64::from(connections) + DESCRIPTORS_BESIDES;
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
        // A system that does not allow it has said so with its limit.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

/// What TLS is spoken with, if it is.
fn tls(context: &Context, args: &ListenArgs) -> Result<Option<TlsAcceptor>, Failure> {
    let mut files = String::new();
    let pem = if let (Some(certificate), Some(key)) = (&args.cert, &args.key) {
        files = format!("{} and {}: ", certificate.display(), key.display());
        let read = |file: &Path| {
            std::fs::read_to_string(file)
                .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
        };
        Pem {
            certificates: read(certificate)?,
            key: read(key)?,
        }
    } else if args.tls {
        let (ca, file) = local_ca(context)?;
        context.ui.note(Note::hint(format!(
            "senders trust it with {}: hookcli send --cacert FILE, curl --cacert FILE",
            file.display()
        )));
        loopback_certificate(&ca, jiff::Timestamp::now()).map_err(Failure::usage)?
    } else {
        return Ok(None);
    };
    acceptor(&pem)
        .map(Some)
        .map_err(|why| Failure::usage(format!("{files}{why}")))
}

/// `--handshake app`.
const APP: &str = "app";

/// Where the secret of a handshake goes, if one was asked for.
fn secret_keeper(
    context: &Context,
    args: &ListenArgs,
    providers: &[Arc<Provider>],
) -> Result<Option<SecretKeeper>, Failure> {
    let Some(name) = args.handshake.as_ref().filter(|name| *name != APP) else {
        return Ok(None);
    };
    let bringing = |provider: &&Arc<Provider>| {
        provider
            .handshakes
            .iter()
            .any(|handshake| handshake.keeps_secret)
    };
    let able: Vec<&str> = providers
        .iter()
        .filter(bringing)
        .map(|provider| provider.name.as_str())
        .collect();
    if !able.contains(&name.as_str()) {
        return Err(Failure::usage(format!(
            "{name} has no handshake that brings a secret; there are {}",
            able.join(", ")
        )));
    }
    let beside_store = || {
        Some(
            context
                .settings
                .store
                .as_ref()?
                .with_file_name(format!("{name}.secret")),
        )
    };
    let file = args
        .handshake_file
        .clone()
        .or_else(beside_store)
        .ok_or_else(|| {
            Failure::usage("there is no store to keep the secret beside")
                .hint("say where with --handshake-file FILE")
        })?;
    if !file
        .parent()
        .is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
    {
        return Err(Failure::usage(format!(
            "{} cannot be made: its folder is not there",
            file.display()
        )));
    }
    if file.exists() {
        return Err(Failure::usage(format!(
            "{} holds the secret of an earlier handshake",
            file.display()
        ))
        .hint("listen with --secret-file and that file, or remove it for a new handshake"));
    }
    context.ui.note(Note::hint(format!(
        "the secret of {name}'s handshake will be kept in {}; later: {}",
        file.display(),
        suggest(["listen", "--secret-file", &file.display().to_string()])
    )));
    Ok(Some(SecretKeeper::new(name.clone(), file)))
}

async fn bind(context: &Context, args: &ListenArgs) -> Result<Vec<TcpListener>, Failure> {
    let bind = match (args.bind, &context.settings.listen_bind) {
        (Some(bind), _) => bind,
        (None, Some(text)) => text
            .parse()
            .map_err(|error| Failure::usage(format!("listen.bind: {error}")))?,
        (None, None) => BindFlag::Address(Ipv4Addr::LOCALHOST.into()),
    };
    let from_environment = context
        .settings
        .environment
        .text("HOOKCLI_PORT")
        .map(|text| {
            text.parse::<u16>()
                .map_err(|_| Failure::usage(format!("HOOKCLI_PORT: `{text}` is no port")))
        })
        .transpose()?;
    let port = args
        .port
        .or(from_environment)
        .or(context.settings.listen_port)
        .unwrap_or(DEFAULT_PORT);
    let (ip, other) = match bind {
        BindFlag::Address(ip) => (ip, None),
        BindFlag::Localhost => (
            IpAddr::from(Ipv4Addr::LOCALHOST),
            Some(IpAddr::from(Ipv6Addr::LOCALHOST)),
        ),
    };
    if !ip.is_loopback() {
        context.ui.note(Note::warning(format!(
            "{ip} can be reached from other machines"
        )));
    }
    let first = TcpListener::bind((ip, port))
        .await
        .map_err(|error| cannot_listen(SocketAddr::new(ip, port), &error))?;
    let Some(other) = other else {
        return Ok(vec![first]);
    };
    let address = SocketAddr::new(other, first.local_addr()?.port());
    match TcpListener::bind(address).await {
        Ok(second) => Ok(vec![first, second]),
        // A machine without IPv6 has one loopback address.
        Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable => Ok(vec![first]),
        Err(error)
            if error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error()) =>
        {
            Ok(vec![first])
        }
        Err(error) => Err(cannot_listen(address, &error)),
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> Failure {
    let port = address.port();
    match error.kind() {
        std::io::ErrorKind::AddrInUse => Failure::machine(format!(
            "port {port} is in use, by your own server perhaps"
        ))
        .hint(format!(
            "`{}` listens beside it and hands on what comes; --port 0 takes any free port",
            suggest([
                "listen",
                "--port",
                &port.wrapping_add(1).max(1024).to_string(),
                "--forward-to",
                &port.to_string()
            ])
        )),
        std::io::ErrorKind::PermissionDenied => {
            Failure::machine(format!("port {port} may not be listened on: {error}"))
                .hint("ports from 1024 upward need no privilege")
        }
        _ => Failure::machine(format!("{address} cannot be listened on: {error}")),
    }
}
