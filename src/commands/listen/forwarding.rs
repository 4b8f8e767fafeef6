//! `listen --forward-to`: a request that is kept goes on to its targets, and the first one's answer goes back
//! to the sender. What could not be forwarded stays due; `replay --unforwarded` sends it on.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinSet, LocalSet};

use super::arrivals::{Arrival, Showing, Shown};
use crate::catalog::{EventPattern, Provider};
use crate::cli::ForwardArgs;
use crate::commands::Context;
use crate::commands::sending::dispatch_quietly;
use crate::commands::target;
use crate::commands::target::Target;
use crate::compose::PreparedRequest;
use crate::delivery::Progress;
use crate::dispatch::{DeliveryOptions, Retries};
use crate::exit::Failure;
use crate::forward::{Health, answer_headers, onward};
use crate::http::{Client, ClientOptions, Place, TlsOptions};
use crate::model::{
    AttemptErrorKind, Capture, Destinations, Outcome, RemoteText, Right, duration::short, suggest,
};
use crate::receiver::Reply;
use crate::report::Note;
use crate::store::Store;
use crate::view::{DeliveryReport, delivery_report};

/// How many requests may be on their way at once; what comes beyond that waits, or stays due.
const ON_THEIR_WAY: usize = 1024;
/// A target that is there within this time is not said to be waited for.
const SOON: Duration = Duration::from_millis(300);

/// What `listen` hands captures to.
pub struct Forwarding {
    ways: Arc<Ways>,
    jobs: UnboundedSender<Job>,
    /// The sender is answered before the request goes on.
    pub answers_first: bool,
    pub allow_browser: bool,
    places: Arc<Semaphore>,
}

/// The targets, and how requests go there.
struct Ways {
    targets: Vec<Way>,
    delivery: DeliveryOptions,
    store: Option<Arc<dyn Store>>,
    /// What may help at a timeout is said once.
    told_of_timeout: AtomicBool,
}

/// A target, which events go there, and how it is.
struct Way {
    /// All, where there is none.
    events: Option<EventPattern>,
    place: Place,
    client: Client,
    health: Health,
}

/// A capture that is to go on, and what is held until it has.
struct Job {
    capture: Arc<Capture>,
    provider: Option<Arc<Provider>>,
    showing: Arc<Showing>,
    /// Where the sender's answer goes, if it waits for one, and what is shown once it is known.
    answer: Option<(oneshot::Sender<Reply>, Box<Shown>)>,
    _place: OwnedSemaphorePermit,
}

/// What became of a request at one target.
type Sending = Result<(Progress, DeliveryReport), Failure>;

impl Forwarding {
    /// None where nothing is forwarded.
    pub async fn new(
        context: &Context,
        args: &ForwardArgs,
        store: Option<Arc<dyn Store>>,
    ) -> Result<Option<Self>, Failure> {
        let mut targets = Vec::new();
        for text in &args.forward_to {
            let destination = target::target(context, None, Some(text))?;
            targets.push(way(context, args, None, &destination).await?);
        }
        for (route, trust) in &context.settings.listen_routes {
            let mut destination = target::target(context, None, Some(&route.to))?;
            destination.chosen_by_user &= trust.allows(Right::ForwardElsewhere);
            targets.push(way(context, args, Some(route.event.clone()), &destination).await?);
        }
        if targets.is_empty() {
            return Ok(None);
        }
        if let Some(limit) = args.wait_for_target {
            for way in &targets {
                let soon = limit.min(SOON);
                if way.client.to().wait_until_listening(soon).await {
                    continue;
                }
                if limit > soon {
                    let told = format!("waiting for {}", way.place);
                    context.ui.note(Note::Status(told.into()));
                }
                if !way.client.to().wait_until_listening(limit - soon).await {
                    return Err(Failure::no_answer(format!(
                        "nothing listens at {} after {}",
                        way.place,
                        short(limit)
                    )));
                }
            }
        }
        let timeout = args.forward_timeout.map(|timeout| timeout.0);
        let ways = Arc::new(Ways {
            targets,
            delivery: DeliveryOptions {
                retries: (args.forward_retries > 0).then_some(Retries::Count(args.forward_retries)),
                timeout,
                tokens: context.token_names()?,
                ..DeliveryOptions::default()
            },
            store,
            told_of_timeout: AtomicBool::new(false),
        });
        Ok(Some(Self {
            jobs: start(ways.clone(), args.ordered)?,
            ways,
            answers_first: args.forward_async,
            allow_browser: args.allow_browser,
            places: Arc::new(Semaphore::new(ON_THEIR_WAY)),
        }))
    }

    /// A target that is the listener itself.
    pub fn loops_to(&self, own: SocketAddr) -> Option<&Place> {
        let is_own = |address: &SocketAddr| {
            let ip = address.ip().to_canonical();
            let same = ip == own.ip() || own.ip().is_unspecified() && ip.is_loopback();
            address.port() == own.port() && same
        };
        let mut targets = self.ways.targets.iter();
        let found = targets.find(|way| way.client.to().addresses.iter().any(is_own));
        found.map(|way| &way.place)
    }

    /// The places that requests go to, for people.
    pub fn places(&self) -> String {
        let places: Vec<String> = self
            .ways
            .targets
            .iter()
            .map(|way| way.place.to_string())
            .collect();
        places.join(", ")
    }

    /// The same, each by itself.
    pub fn destinations(&self) -> Vec<String> {
        let targets = self.ways.targets.iter();
        targets.map(|way| way.place.to_string()).collect()
    }

    /// Where such an event is to go.
    pub fn targets_of(&self, provider: Option<&str>, event: Option<&RemoteText>) -> Destinations {
        let ways = self.ways.targets.iter();
        let wanting = ways.filter(|way| way.wants(provider, event));
        Destinations::pending(wanting.map(|way| way.place.to_string()))
    }

    /// Sends a capture on, and returns what its sender is answered. It is shown as soon as that is known.
    pub async fn forward(&self, shown: Box<Shown>, showing: Arc<Showing>) -> Reply {
        let gone = || Reply::text(502, "the request was not forwarded\n");
        let Ok(place) = self.places.clone().acquire_owned().await else {
            return gone();
        };
        let (answer, answered) = oneshot::channel();
        // A sender that goes away does not stop what is on its way. The other end is there as long as this.
        let _ = self.jobs.send(Job {
            capture: shown.capture.clone(),
            provider: shown.provider.clone(),
            showing,
            answer: Some((answer, shown)),
            _place: place,
        });
        answered.await.unwrap_or_else(|_| gone())
    }

    /// Sends a capture on after its sender was answered. Where too many are on their way it stays due.
    pub fn forward_later(
        &self,
        capture: Arc<Capture>,
        provider: Option<Arc<Provider>>,
        showing: Arc<Showing>,
    ) {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            showing.show(Arrival::Told(Note::warning(
                "a request was not forwarded, for too many are on their way; `hookcli replay --unforwarded` sends it on",
            )));
            return;
        };
        // The other end is there as long as this.
        let _ = self.jobs.send(Job {
            capture,
            provider,
            showing,
            answer: None,
            _place: place,
        });
    }
}

/// Starts the thread that sends: a target's slowness, and the connections to it, are its own business.
fn start(ways: Arc<Ways>, ordered: bool) -> Result<UnboundedSender<Job>, Failure> {
    let (jobs, mut waiting) = unbounded_channel::<Job>();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new()
        .name("forwarding".to_owned())
        .spawn(move || {
            let sending = async {
                let mut sending = JoinSet::new();
                while let Some(job) = waiting.recv().await {
                    if ordered {
                        ways.send(job).await;
                        continue;
                    }
                    let ways = ways.clone();
                    sending.spawn_local(async move { ways.send(job).await });
                    while sending.try_join_next().is_some() {}
                }
                while sending.join_next().await.is_some() {}
            };
            LocalSet::new().block_on(&runtime, sending);
        })?;
    Ok(jobs)
}

impl Ways {
    async fn send(&self, mut job: Job) {
        let answer = job.answer.take();
        let answers = answer.is_some();
        let answer = RefCell::new(answer);
        let (capture, showing) = (&*job.capture, &*job.showing);
        let event = capture.event.as_ref();
        let name = capture.provider.as_deref();
        let wanting = self.targets.iter().filter(|way| way.wants(name, event));
        let sendings = wanting.enumerate().map(|(index, way)| {
            let (provider, answer) = (job.provider.clone(), &answer);
            async move {
                let sent = self.send_to(way, capture, provider).await;
                let reply = reply_of(&sent);
                let status = reply.status;
                // Each is settled by itself: another may take for ever.
                let delivered = sent
                    .as_ref()
                    .is_ok_and(|(delivery, _)| delivery.outcome == Outcome::Delivered);
                let url = delivered.then(|| way.place.to_string());
                let own_status = (index == 0 && answers).then_some(status);
                if let Some(store) = &self.store
                    && (url.is_some() || own_status.is_some())
                    && let Err(error) = store.settle_forward(capture.id, own_status, url.as_slice())
                {
                    showing.show(Arrival::Told(Note::error(error.to_string())));
                }
                if index == 0
                    && let Some((answer, mut shown)) = answer.take()
                {
                    shown.status = status;
                    showing.show(Arrival::Request(shown));
                    // A sender that has gone hears nothing.
                    let _ = answer.send(reply);
                }
                self.tell(way, sent, showing);
            }
        });
        join_all(sendings).await;
    }

    async fn send_to(
        &self,
        way: &Way,
        capture: &Capture,
        provider: Option<Arc<Provider>>,
    ) -> Sending {
        let place = way.place.for_request(&capture.request.target);
        let target = way.place.target_for_request(&capture.request.target);
        let outgoing = PreparedRequest {
            provider,
            event: capture.event.clone(),
            variant: None,
            request: onward(
                &capture.request,
                &place,
                target,
                way.client.to().is_loopback(),
            ),
            place,
            secrets: Arc::default(),
            replay_of: Some(capture.id),
            schema: None,
            endpoint: None,
            signed: false,
            resumed_from: None,
            settles_forward_at: None,
        };
        let sent = dispatch_quietly(
            &way.client,
            self.store.as_deref(),
            &outgoing,
            &self.delivery,
        )
        .await?;
        let report = delivery_report(&sent.record, outgoing.provider.as_deref());
        Ok((sent.progress, report))
    }

    /// Shows what became of it at a target, and says when one goes and when it is back, once each.
    fn tell(&self, way: &Way, sent: Sending, showing: &Showing) {
        match sent {
            Ok((delivery, report)) => {
                showing.show(Arrival::Forwarded(Box::new(report)));
                self.tell_of_health(way, &delivery, showing);
            }
            Err(failure) => {
                let notes = failure.notes().into_iter();
                notes.for_each(|note| showing.show(Arrival::Told(note)));
            }
        }
    }

    fn tell_of_health(&self, way: &Way, delivery: &Progress, showing: &Showing) {
        let place = &way.place;
        let error = delivery
            .attempts
            .last()
            .and_then(|attempt| attempt.result.as_ref().err());
        let Some(error) = error else {
            if way.health.answered() {
                let missed = match self.store {
                    Some(_) => format!("; `{}` sends on what it missed", sends_on(place)),
                    None => String::new(),
                };
                showing.show(Arrival::Told(Note::Status(
                    format!("{place} answers again{missed}").into(),
                )));
            }
            return;
        };
        if error.kind == AttemptErrorKind::Timeout
            && !self.told_of_timeout.swap(true, Ordering::Relaxed)
        {
            showing.show(Arrival::Told(Note::hint(
                "--forward-timeout none waits as long as it takes, for example at a breakpoint; --forward-async answers the sender at once",
            )));
        }
        if error.kind != AttemptErrorKind::Timeout && way.health.did_not_answer() {
            let mut told = format!("{place} does not answer ({})", error.kind.name());
            told += &match self.store {
                Some(_) => format!(
                    "; what comes is kept, and `{}` sends it on",
                    sends_on(place)
                ),
                None => "; what comes is lost (--no-store)".to_owned(),
            };
            showing.show(Arrival::Told(Note::warning(told)));
        }
    }
}

impl Way {
    fn wants(&self, provider: Option<&str>, event: Option<&RemoteText>) -> bool {
        let event = event.map(RemoteText::unescaped);
        self.events
            .as_ref()
            .is_none_or(|pattern| pattern.fits(provider, event))
    }
}

/// The command that sends what is pending at a place.
fn sends_on(place: &Place) -> String {
    suggest(["replay", "--unforwarded", "--url", &place.to_string()])
}

async fn way(
    context: &Context,
    args: &ForwardArgs,
    events: Option<EventPattern>,
    destination: &Target<'_>,
) -> Result<Way, Failure> {
    let resolved = destination.place.resolve().await;
    if !resolved.is_loopback() && !destination.chosen_by_user {
        if !args.allow_routes {
            return Err(Failure::usage(format!(
                "the hookcli.toml of the working tree would forward what comes to {}",
                destination.place
            ))
            .hint("--allow-routes lets it"));
        }
        target::tell_of_foreign_place(context, destination, &resolved);
    }
    let options = ClientOptions {
        tls: TlsOptions {
            insecure: args.forward_insecure
                || destination
                    .endpoint
                    .is_some_and(|endpoint| endpoint.insecure),
            ca_file: None,
        },
        ..ClientOptions::default()
    };
    Ok(Way {
        events,
        place: destination.place.clone(),
        client: Client::new(resolved, &options).map_err(Failure::usage)?,
        health: Health::default(),
    })
}

/// What the sender is answered.
fn reply_of(sent: &Sending) -> Reply {
    let sent = sent.as_ref().ok();
    let last = sent.and_then(|(delivery, _)| delivery.attempts.last());
    match last.map(|attempt| &attempt.result) {
        Some(Ok(response)) => Reply {
            content_type: None,
            headers: answer_headers(&response.headers),
            // A part of it would pass for the whole.
            body: if response.truncated {
                Vec::new()
            } else {
                response.body.to_vec()
            },
            ..Reply::empty(response.status)
        },
        Some(Err(error)) => {
            let status = match error.kind {
                AttemptErrorKind::Timeout => 504,
                _ => 502,
            };
            let why = error.kind.name();
            Reply::text(status, format!("the target did not answer ({why})\n"))
        }
        None => Reply::text(502, "the request was not forwarded\n"),
    }
}
