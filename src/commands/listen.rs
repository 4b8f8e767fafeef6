//! `listen`: the receiver people keep running. What is answered is decided first, then kept, then said:
//! a 2xx means that the capture is committed.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;

use super::captures::{readable_body, schema_report};
use super::{Context, mask, time_text};
use crate::catalog::{Provider, Recogniser};
use crate::cli::ListenArgs;
use crate::exit::{Exit, Failure};
use crate::message::{RemoteText, Request};
use crate::payload::Document;
use crate::receiver::{Handler, Limits, Received, Reply, serve};
use crate::report::{
    Answered, BodyReport, Note, Ready, ReceivedReport, Report, SignatureVerdict, Stopped, Ui,
};
use crate::secret::Secret;
use crate::settings::SecretFlags;
use crate::signature::{Envelope, Reason, Scheme, Verdict, check_secrets, verify};
use crate::store::{Capture, Id, Store, StoreError, StoreOptions};

const DEFAULT_PORT: u16 = 8787;
/// Requests that may wait to be shown, and the bytes of their bodies; more are skipped and counted.
const SHOWN_QUEUE: usize = 1024;
const SHOWN_BYTES: usize = 64 << 20;
/// Keys that are remembered to find duplicates by.
const REMEMBERED_KEYS: usize = 65_536;

pub async fn run(context: &Context, args: &ListenArgs) -> Result<Exit, Failure> {
    let keep = context.keep(args.keep)?;
    let store = context.store(StoreOptions {
        keep,
        full_sync: args.sync == "full",
    })?;
    let given = args
        .provider
        .as_deref()
        .map(|name| context.provider(name))
        .transpose()?;
    let receiving = Receiving::new(
        context,
        given,
        &args.secrets.flags(),
        args.accept_unverified,
        store.clone(),
    )?;
    let listener = bind(context, args).await?;
    let url = format!("http://{}", listener.local_addr()?);
    if !receiving.can_verify() {
        context.ui.note(Note::hint(
            "no secret is set, so signatures are not checked; set HOOKCLI_SECRET_<PROVIDER>, or give --secret-env NAME",
        ));
    }
    let counts = receiving.counts.clone();
    let (shown, to_show) = sync_channel(SHOWN_QUEUE);
    let handling = Arc::new(Handling { receiving, shown });
    context.emit(&Report::Ready(Ready {
        url,
        pid: std::process::id(),
    }))?;
    let reader_gone = Arc::new(Notify::new());
    let printer = Printer {
        ui: context.ui.clone(),
        body: args.body,
        reveal: args.reveal,
        pretty: context.verbose > 0 && !context.json,
        counts: counts.clone(),
        reader_gone: reader_gone.clone(),
    };
    let printing = tokio::task::spawn_blocking(move || printer.run(&to_show));
    let mut signals = Signals::new()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = serve(listener, limits(args), handling, async {
        // A sender that is dropped means stop, too.
        let _ = stopped.await;
    });
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        () = signals.next() => {}
        () = reader_gone.notified() => {}
    }
    drop(stop);
    // With the server its handler goes, and with that the printer's channel: it ends with what it has.
    let drained = async {
        serving.await;
        // A printer that panicked has nothing more to say.
        let _ = printing.await;
    };
    tokio::select! {
        () = drained => {}
        () = signals.next() => return Ok(Exit::Interrupted),
    }
    context.emit(&Report::Stopped(Stopped {
        received: counts.received.load(Ordering::Relaxed),
        skipped: counts.skipped_in_all.load(Ordering::Relaxed),
        stored: store.is_some(),
    }))?;
    Ok(Exit::Done)
}

/// Ctrl-C and SIGTERM.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
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
        connections: args.max_connections as usize,
        buffered_bytes: bytes(args.max_buffered),
        ..Limits::default()
    }
}

async fn bind(context: &Context, args: &ListenArgs) -> Result<TcpListener, Failure> {
    let ip = match (args.bind, &context.settings.listen_bind) {
        (Some(ip), _) => ip,
        (None, Some(text)) => text
            .parse()
            .map_err(|_| Failure::usage(format!("listen.bind: `{text}` is no address")))?,
        (None, None) => IpAddr::V4(Ipv4Addr::LOCALHOST),
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
    let address = SocketAddr::new(ip, port);
    if !ip.is_loopback() {
        context.ui.note(Note::warning(format!(
            "{ip} can be reached from other machines"
        )));
    }
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::machine(format!(
                "port {port} is in use, by your own server perhaps"
            ))
            .hint(format!(
                "listen on another with --port, such as {}, or on any free one with --port 0",
                port.wrapping_add(1).max(1024)
            )),
            std::io::ErrorKind::PermissionDenied => {
                Failure::machine(format!("port {port} may not be listened on: {error}"))
                    .hint("ports from 1024 upward need no privilege")
            }
            _ => Failure::machine(format!("{address} cannot be listened on: {error}")),
        })
}

/// What the handler and the printer both count.
#[derive(Default)]
pub struct Counts {
    received: AtomicU64,
    /// Skipped since the printer last said so, and in all.
    skipped: AtomicU64,
    skipped_in_all: AtomicU64,
    /// Bytes of bodies that wait to be shown.
    waiting_bytes: AtomicUsize,
}

/// What the listener knows.
pub struct Receiving {
    recogniser: Recogniser,
    /// The provider of every request, where one was given.
    given: Option<Arc<Provider>>,
    secrets: HashMap<String, Vec<Secret>>,
    accept_unverified: bool,
    store: Option<Arc<dyn Store>>,
    seen: Mutex<Seen>,
    counts: Arc<Counts>,
    /// The store's last write failed, and that was told.
    store_failed: AtomicBool,
}

/// A request as it is handed to the printer.
pub struct Shown {
    pub id: Id,
    received_at: Timestamp,
    provider: Option<Arc<Provider>>,
    candidates: Vec<String>,
    event: Option<RemoteText>,
    pub verdict: Verdict,
    duplicate_of: Option<Id>,
    request: Request,
    status: u16,
    /// Why the store did not take it, where that is to be told.
    trouble: Option<String>,
}

impl Receiving {
    pub fn new(
        context: &Context,
        given: Option<Arc<Provider>>,
        flags: &SecretFlags,
        accept_unverified: bool,
        store: Option<Arc<dyn Store>>,
    ) -> Result<Self, Failure> {
        let (providers, errors) = context.catalog()?.all();
        for error in errors {
            context.ui.note(Note::warning(error.to_string()));
        }
        let mut secrets = HashMap::new();
        for provider in &providers {
            let Some(scheme) = &provider.signature else {
                continue;
            };
            let found = context
                .settings
                .secrets_for_listening(flags, &provider.name)
                .map_err(Failure::usage)?;
            if found.is_empty() {
                continue;
            }
            if given
                .as_ref()
                .is_some_and(|given| given.name == provider.name)
            {
                // A secret that the scheme cannot use would make every verdict a riddle.
                check_secrets(scheme, &found).map_err(Failure::usage)?;
            }
            secrets.insert(provider.name.clone(), found);
        }
        Ok(Self {
            recogniser: Recogniser::new(providers),
            given,
            secrets,
            accept_unverified,
            store,
            seen: Mutex::default(),
            counts: Arc::default(),
            store_failed: AtomicBool::new(false),
        })
    }

    fn can_verify(&self) -> bool {
        match &self.given {
            Some(provider) => {
                provider.signature.is_none() || self.secrets.contains_key(&provider.name)
            }
            None => !self.secrets.is_empty(),
        }
    }

    /// Decides everything about a request but what the store says.
    fn judge(&self, request: Request) -> Shown {
        let received_at = Timestamp::now();
        let id = Id::capture(received_at, &mut fastrand::Rng::new());
        let document = Document::parse(&request.body).ok();
        let (provider, candidates, verdict) =
            self.recognise(&request, document.as_ref(), received_at);
        let event = match &provider {
            Some(provider) => provider.event_of(&request.headers, document.as_ref()),
            None => None,
        };
        let believed = matches!(verdict, Verdict::Valid | Verdict::Unchecked);
        let key = provider.as_ref().filter(|_| believed).and_then(|provider| {
            let key = provider.duplicate_key(event.as_ref().map(RemoteText::unescaped));
            Some((
                provider.name.clone(),
                key.of(&request.headers, &request.body, document.as_ref())?,
            ))
        });
        let duplicate_of = key.and_then(|key| {
            self.seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .check(key, id)
        });
        let status = if believed || self.accept_unverified {
            200
        } else {
            401
        };
        drop(document);
        Shown {
            id,
            received_at,
            provider,
            candidates,
            event,
            verdict,
            duplicate_of,
            request,
            status,
            trouble: None,
        }
    }

    /// The provider, or the candidates where several fit; and what the signature is worth.
    fn recognise(
        &self,
        request: &Request,
        document: Option<&Document<'_>>,
        now: Timestamp,
    ) -> (Option<Arc<Provider>>, Vec<String>, Verdict) {
        if let Some(provider) = &self.given {
            return (
                Some(provider.clone()),
                Vec::new(),
                self.verdict(provider, request, now),
            );
        }
        let mut found = self.recogniser.recognise(&request.headers, document);
        if found.len() == 1 {
            let provider = found.swap_remove(0);
            let verdict = self.verdict(&provider, request, now);
            return (Some(provider), Vec::new(), verdict);
        }
        // A tie goes to the one whose secret verifies.
        let mut verifying = found
            .iter()
            .filter(|provider| self.verdict(provider, request, now) == Verdict::Valid);
        if let (Some(one), None) = (verifying.next(), verifying.next()) {
            return (Some(one.clone()), Vec::new(), Verdict::Valid);
        }
        (
            None,
            found.iter().map(|provider| provider.name.clone()).collect(),
            Verdict::Unchecked,
        )
    }

    fn verdict(&self, provider: &Provider, request: &Request, now: Timestamp) -> Verdict {
        let scheme: Option<&Scheme> = provider.signature.as_ref().map(|facts| &facts.facts);
        let (Some(scheme), Some(secrets)) = (scheme, self.secrets.get(&provider.name)) else {
            return Verdict::Unchecked;
        };
        let envelope = Envelope {
            method: &request.method,
            url: None,
            headers: &request.headers,
        };
        // Without a key of the scheme's form, or the URL that it signs, nothing can be said to match.
        verify(scheme, secrets, envelope, &request.body, now)
            .unwrap_or(Verdict::Invalid(Reason::Mismatch))
    }
}

/// Handles requests for the server.
pub struct Handling {
    pub receiving: Receiving,
    pub shown: SyncSender<Box<Shown>>,
}

impl Handler for Handling {
    async fn handle(&self, received: Received) -> Reply {
        let receiving = &self.receiving;
        let mut shown = receiving.judge(received.request.clone());
        let reply = reply_to(&shown);
        let reply = match self.keep(&shown, &reply).await {
            Ok(()) => reply,
            Err(error) => {
                // Said once when it begins, not for each request.
                if !receiving.store_failed.swap(true, Ordering::Relaxed)
                    || !matches!(error, StoreError::Busy)
                {
                    shown.trouble = Some(error.to_string());
                }
                shown.status = 503;
                Reply::text(503, "the request could not be kept; send it again later\n")
            }
        };
        receiving.counts.received.fetch_add(1, Ordering::Relaxed);
        self.show(shown);
        reply
    }
}

impl Handling {
    async fn keep(&self, shown: &Shown, reply: &Reply) -> Result<(), StoreError> {
        let Some(store) = &self.receiving.store else {
            return Ok(());
        };
        let capture = Capture {
            id: shown.id,
            received_at: shown.received_at,
            provider: shown
                .provider
                .as_ref()
                .map(|provider| provider.name.clone()),
            candidates: shown.candidates.clone(),
            event: shown.event.clone(),
            verdict: shown.verdict.name().to_owned(),
            reason: shown.verdict.reason().map(str::to_owned),
            duplicate_of: shown.duplicate_of,
            request: shown.request.clone(),
            response_status: reply.status,
            response_body: reply.body.clone(),
        };
        let ack = store.keep(Box::new(capture))?;
        let committed = ack
            .await
            .unwrap_or_else(|_| Err(StoreError::Write("the writer has stopped".to_owned())));
        if committed.is_ok() {
            self.receiving.store_failed.store(false, Ordering::Relaxed);
        } else {
            // What was not kept is nobody's original.
            self.receiving
                .seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .forget(shown.id);
        }
        committed
    }

    /// Hands a request to the printer, or counts it where the printer has no time.
    fn show(&self, shown: Shown) {
        let counts = &self.receiving.counts;
        let bytes = shown.request.body.len();
        let waiting = counts.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        if waiting + bytes > SHOWN_BYTES.max(bytes) || self.shown.try_send(Box::new(shown)).is_err()
        {
            counts.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            counts.skipped.fetch_add(1, Ordering::Relaxed);
            counts.skipped_in_all.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn reply_to(shown: &Shown) -> Reply {
    if shown.status == 200 {
        return Reply::empty(200);
    }
    let why = match &shown.verdict {
        Verdict::Missing => "the signature is missing",
        _ => "the signature is not valid",
    };
    Reply::text(shown.status, format!("{why}\n"))
}

/// The keys of what came, oldest first out.
#[derive(Default)]
struct Seen {
    first: HashMap<(String, [u8; 16]), Id>,
    order: VecDeque<((String, [u8; 16]), Id)>,
}

impl Seen {
    /// The capture that had this key before; else the key is this one's.
    fn check(&mut self, key: (String, [u8; 16]), id: Id) -> Option<Id> {
        if let Some(first) = self.first.get(&key) {
            return Some(*first);
        }
        if self.order.len() >= REMEMBERED_KEYS
            && let Some((oldest, _)) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.first.insert(key.clone(), id);
        self.order.push_back((key, id));
        None
    }

    fn forget(&mut self, id: Id) {
        if let Some(at) = self.order.iter().rposition(|(_, known)| *known == id)
            && let Some((key, _)) = self.order.remove(at)
        {
            self.first.remove(&key);
        }
    }
}

/// Shows what came, on a thread of its own: neither a slow terminal nor a slow schema holds up an answer.
struct Printer {
    ui: Arc<dyn Ui>,
    body: bool,
    reveal: bool,
    pretty: bool,
    counts: Arc<Counts>,
    reader_gone: Arc<Notify>,
}

impl Printer {
    fn run(&self, shown: &Receiver<Box<Shown>>) {
        while let Ok(shown) = shown.recv() {
            let bytes = shown.request.body.len();
            if let Some(trouble) = &shown.trouble {
                self.ui
                    .note(Note::error(format!("not kept, answered 503: {trouble}")));
            }
            let report = self.report(*shown);
            // A stdout that cannot be written is treated as one whose reader has gone.
            let written = self.ui.emit(&Report::Request(Box::new(report)));
            self.counts
                .waiting_bytes
                .fetch_sub(bytes, Ordering::Relaxed);
            if written.is_err() || self.ui.is_closed() {
                self.reader_gone.notify_one();
                // What comes during the draining is kept, and not shown.
                return;
            }
            let missed = self.counts.skipped.swap(0, Ordering::Relaxed);
            if missed > 0 {
                self.ui.note(Note::warning(format!("{missed} requests were not shown: the terminal was too slow; the store has them")));
            }
        }
    }

    fn report(&self, shown: Shown) -> ReceivedReport {
        let schema = schema_report(
            shown.provider.as_deref(),
            shown.event.as_ref(),
            &shown.request.body,
        );
        let masked = if self.reveal {
            shown.request.clone()
        } else {
            mask::request(shown.provider.as_deref(), &shown.request, &[]).0
        };
        ReceivedReport {
            id: shown.id.to_string(),
            provider: shown
                .provider
                .as_ref()
                .map(|provider| provider.name.clone()),
            candidates: shown.candidates,
            event: shown.event,
            signature: SignatureVerdict {
                verdict: shown.verdict.name().to_owned(),
                reason: shown.verdict.reason().map(str::to_owned),
            },
            schema,
            duplicate_of: shown.duplicate_of.map(|id| id.to_string()),
            method: masked.method.as_str().into(),
            path: masked.target.as_str().into(),
            body_bytes: shown.request.body.len(),
            response: Answered {
                status: shown.status,
            },
            received_at: time_text(shown.received_at),
            body: if self.body {
                BodyReport::of(&masked.body)
            } else {
                BodyReport::default()
            },
            pretty: self.pretty.then(|| readable_body(&masked)),
            headers: masked.headers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_seen_names_its_first_capture_until_that_is_forgotten() {
        let id = |number| Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number));
        let key = ("convo".to_owned(), [7; 16]);
        let mut seen = Seen::default();
        assert_eq!(seen.check(key.clone(), id(1)), None);
        assert_eq!(seen.check(key.clone(), id(2)), Some(id(1)));
        seen.forget(id(1));
        assert_eq!(seen.check(key, id(3)), None);
    }

    #[test]
    fn the_memory_for_duplicates_is_bounded() {
        let mut seen = Seen::default();
        for number in 0..REMEMBERED_KEYS as u64 + 10 {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&number.to_be_bytes());
            seen.check(
                (String::new(), key),
                Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number)),
            );
        }
        assert_eq!(
            (seen.first.len(), seen.order.len()),
            (REMEMBERED_KEYS, REMEMBERED_KEYS)
        );
    }
}
