//! Sends what was taken in on to its destinations, and says what the first one answered. A stage that loses nothing:
//! what could not be forwarded stays pending.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinSet, LocalSet};

use super::{Health, answer_headers, onward};
use tracing::{error, info, warn};

use crate::catalog::Provider;
use crate::compose::PreparedRequest;
use crate::delivery::Progress;
use crate::dispatch::{DeliveryOptions, DispatchError, Dispatched, dispatch_quietly};
use crate::http::{Client, Destination};
use crate::model::{AttemptErrorKind, Capture, Destinations, Id, Outcome, RemoteText};
use crate::receiver::Reply;
use crate::search::EventPattern;
use crate::store::{Store, StoreError};

/// How many requests may be on their way at once; more of them wait, or stays pending.
const ON_THEIR_WAY: usize = 1024;

/// A destination, which events go there, and the way to it.
pub struct Route {
    /// All, where there is none.
    pub events: Option<EventPattern>,
    pub destination: Destination,
    pub client: Client,
    health: Health,
}

impl Route {
    pub fn new(events: Option<EventPattern>, destination: Destination, client: Client) -> Self {
        Self {
            events,
            destination,
            client,
            health: Health::default(),
        }
    }

    fn wants(&self, provider: Option<&str>, event: Option<&RemoteText>) -> bool {
        let event = event.map(RemoteText::unescaped);
        self.events
            .as_ref()
            .is_none_or(|pattern| pattern.fits(provider, event))
    }
}

/// How captures are forwarded.
#[derive(Clone, Debug, Default)]
pub struct RouterOptions {
    pub delivery: DeliveryOptions,
    /// One after the other, in the order in which they came.
    pub ordered: bool,
    /// The sender is answered before the request is forwarded.
    pub answers_first: bool,
    /// Nothing is forwarded here: workers do it, which find it in the store.
    pub leaves_to_workers: bool,
    /// What a browser sends for a page of another origin is forwarded, too.
    pub allow_browser: bool,
}

/// What becomes of forwards.
pub enum ForwardEvent {
    /// A delivery to a destination is settled.
    Delivered {
        dispatched: Box<Dispatched>,
        provider: Option<Arc<Provider>>,
    },
    /// A delivery could not go on.
    Failed(DispatchError),
    /// What became of a capture could not be put down.
    NotRecorded(StoreError),
    /// Too many are on their way: the capture stays pending.
    LeftPending,
    /// A destination does not respond any more.
    WentAway {
        destination: Destination,
        kind: AttemptErrorKind,
        /// Requests are stored meanwhile, and can be sent on.
        is_stored: bool,
    },
    /// It answers again.
    CameBack {
        destination: Destination,
        is_stored: bool,
    },
    /// An answer did not come in time, for the first time.
    TimedOut,
}

/// Who hears of them.
pub type ForwardEvents = dyn Fn(ForwardEvent) + Send + Sync;

/// Hands captures to their destinations.
pub struct Router {
    routes: Arc<Routes>,
    jobs: UnboundedSender<Job>,
    /// The sender is answered before the request is forwarded.
    pub answers_first: bool,
    /// Nothing is forwarded here: workers do it.
    pub leaves_to_workers: bool,
    pub allow_browser: bool,
    places: Arc<Semaphore>,
}

/// The destinations, and how requests go there.
struct Routes {
    all: Vec<Route>,
    delivery: DeliveryOptions,
    store: Option<Arc<dyn Store>>,
    events: Box<ForwardEvents>,
    /// What may help at a timeout is said once.
    told_of_timeout: AtomicBool,
}

/// Hears what a sender is answered, as soon as that is known.
pub type OnReply = Box<dyn FnOnce(&Reply) + Send>;

/// What is handed to the thread that sends.
enum Job {
    Forward(Forward),
    /// This capture is not sent on now: anybody may do it.
    Leave(Id),
}

/// A capture that is to go on, and what is held until it has.
struct Forward {
    capture: Arc<Capture>,
    provider: Option<Arc<Provider>>,
    /// Where the sender's answer goes, if it waits for one, and who hears of it.
    answer: Option<(oneshot::Sender<Reply>, OnReply)>,
    _place: OwnedSemaphorePermit,
}

/// How many requests are being forwarded. It keeps no router open.
#[derive(Clone)]
pub struct InProgress(Arc<Semaphore>);

impl InProgress {
    pub fn count(&self) -> usize {
        ON_THEIR_WAY.saturating_sub(self.0.available_permits())
    }
}

impl Router {
    pub fn in_progress(&self) -> InProgress {
        InProgress(self.places.clone())
    }

    /// # Errors
    /// The thread that sends cannot be started.
    pub fn new(
        routes: Vec<Route>,
        options: RouterOptions,
        store: Option<Arc<dyn Store>>,
        events: Box<ForwardEvents>,
    ) -> std::io::Result<Self> {
        let routes = Arc::new(Routes {
            all: routes,
            delivery: options.delivery,
            store,
            events,
            told_of_timeout: AtomicBool::new(false),
        });
        Ok(Self {
            jobs: start(routes.clone(), options.ordered)?,
            routes,
            answers_first: options.answers_first,
            leaves_to_workers: options.leaves_to_workers,
            allow_browser: options.allow_browser,
            places: Arc::new(Semaphore::new(ON_THEIR_WAY)),
        })
    }

    /// A destination that is the listener itself.
    pub fn loops_to(&self, own: SocketAddr) -> Option<&Destination> {
        let is_own = |address: &SocketAddr| {
            let ip = address.ip().to_canonical();
            let same = ip == own.ip() || own.ip().is_unspecified() && ip.is_loopback();
            address.port() == own.port() && same
        };
        let mut routes = self.routes.all.iter();
        let found = routes.find(|route| route.client.to().addresses.iter().any(is_own));
        found.map(|route| &route.destination)
    }

    /// The URLs that requests go to.
    pub fn urls(&self) -> Vec<String> {
        let routes = self.routes.all.iter();
        routes.map(|route| route.destination.to_string()).collect()
    }

    /// Where such an event is to go.
    pub fn destinations_of(
        &self,
        provider: Option<&str>,
        event: Option<&RemoteText>,
    ) -> Destinations {
        let routes = self.routes.all.iter();
        let wanting = routes.filter(|route| route.wants(provider, event));
        Destinations::pending(wanting.map(|route| route.destination.to_string()))
    }

    /// Sends a capture on, and returns what its sender is answered. `on_reply` hears of it as soon as it is known, also
    /// where no one waits for it any more.
    pub async fn forward(
        &self,
        capture: Arc<Capture>,
        provider: Option<Arc<Provider>>,
        on_reply: OnReply,
    ) -> Reply {
        let gone = || Reply::text(502, "the request was not forwarded\n");
        let mut waiting = WaitingForward {
            router: self,
            capture: capture.id,
            on_reply: Some(on_reply),
        };
        let destination = self.places.clone().acquire_owned().await;
        let (Ok(destination), Some(on_reply)) = (destination, waiting.on_reply.take()) else {
            return gone();
        };
        let (answer, answered) = oneshot::channel();
        // A sender that goes away does not stop what is on its way. The other end is there as long as this.
        let _ = self.jobs.send(Job::Forward(Forward {
            capture,
            provider,
            answer: Some((answer, on_reply)),
            _place: destination,
        }));
        answered.await.unwrap_or_else(|_| gone())
    }

    /// Sends a capture on after its sender was answered. Where too many are on their way it stays pending.
    pub fn forward_later(&self, capture: Arc<Capture>, provider: Option<Arc<Provider>>) {
        let Ok(destination) = self.places.clone().try_acquire_owned() else {
            self.leave_pending(capture.id);
            return;
        };
        // The other end is there as long as this.
        let _ = self.jobs.send(Job::Forward(Forward {
            capture,
            provider,
            answer: None,
            _place: destination,
        }));
    }

    fn leave_pending(&self, capture: Id) {
        let _ = self.jobs.send(Job::Leave(capture));
        self.routes.publish(ForwardEvent::LeftPending);
    }
}

/// A capture that waits for its turn to go on. Where its sender goes away first, it stays pending.
struct WaitingForward<'r> {
    router: &'r Router,
    capture: Id,
    /// `None` once it continues.
    on_reply: Option<OnReply>,
}

impl Drop for WaitingForward<'_> {
    fn drop(&mut self) {
        if let Some(on_reply) = self.on_reply.take() {
            self.router.leave_pending(self.capture);
            on_reply(&Reply::empty(0));
        }
    }
}

/// Starts the thread that sends: a destination's slowness, and the connections to it, are its own business.
fn start(routes: Arc<Routes>, ordered: bool) -> std::io::Result<UnboundedSender<Job>> {
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
                    let forward = match job {
                        Job::Forward(forward) => forward,
                        Job::Leave(capture) => {
                            routes.release(capture).await;
                            continue;
                        }
                    };
                    if ordered {
                        routes.send(forward).await;
                        continue;
                    }
                    let routes = routes.clone();
                    sending.spawn_local(async move { routes.send(forward).await });
                    while sending.try_join_next().is_some() {}
                }
                while sending.join_next().await.is_some() {}
            };
            LocalSet::new().block_on(&runtime, sending);
        })?;
    Ok(jobs)
}

impl Routes {
    async fn send(&self, mut job: Forward) {
        let answer = job.answer.take();
        let answers = answer.is_some();
        let answer = Mutex::new(answer);
        let capture = &*job.capture;
        let event = capture.event.as_ref();
        let name = capture.provider.as_deref();
        let wanting = self.all.iter().filter(|route| route.wants(name, event));
        let sendings = wanting.enumerate().map(|(index, route)| {
            let (provider, answer) = (job.provider.clone(), &answer);
            async move {
                let sent = self.send_to(route, capture, provider.clone()).await;
                let reply = reply_of(&sent);
                if let Some(store) = self.store.as_ref().filter(|_| index == 0 && answers)
                    && let Err(error) = store.answered(capture.id, reply.status).await
                {
                    self.publish(ForwardEvent::NotRecorded(error));
                }
                if index == 0 {
                    let waiting = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
                    if let Some((answer, on_reply)) = waiting {
                        on_reply(&reply);
                        // A sender that has gone hears nothing.
                        let _ = answer.send(reply);
                    }
                }
                let is_delivered = sent
                    .as_ref()
                    .is_ok_and(|sent| sent.progress.outcome == Outcome::Delivered);
                self.tell(route, sent, provider);
                is_delivered
            }
        });
        let delivered = join_all(sendings).await;
        if delivered.contains(&false) {
            self.release(capture.id).await;
        }
    }

    fn publish(&self, event: ForwardEvent) {
        match &event {
            ForwardEvent::Delivered { .. } | ForwardEvent::TimedOut => {}
            // What cannot be signed may name a URL with its query.
            ForwardEvent::Failed(DispatchError::Compose(_)) => {
                error!("request not forwarded: it cannot be signed");
            }
            ForwardEvent::Failed(DispatchError::Store(error)) => {
                error!(%error, "request not forwarded");
            }
            ForwardEvent::NotRecorded(error) => error!(%error, "forward not recorded"),
            ForwardEvent::LeftPending => warn!("request left pending"),
            ForwardEvent::CameBack { destination, .. } => {
                info!(
                    destination = destination.authority(),
                    "destination responds again"
                );
            }
            ForwardEvent::WentAway {
                destination, kind, ..
            } => {
                let destination = destination.authority();
                warn!(
                    destination,
                    error = kind.name(),
                    "destination does not respond"
                );
            }
        }
        (self.events)(event);
    }

    /// What is pending still is anybody's to send on.
    async fn release(&self, capture: Id) {
        if let Some(store) = &self.store
            && let Err(error) = store.release(&[capture]).await
        {
            self.publish(ForwardEvent::NotRecorded(error));
        }
    }

    async fn send_to(
        &self,
        route: &Route,
        capture: &Capture,
        provider: Option<Arc<Provider>>,
    ) -> Result<Dispatched, DispatchError> {
        let prepared = prepare(capture, provider, &route.destination, &route.client);
        let store = self.store.as_deref();
        dispatch_quietly(&route.client, store, &prepared, &self.delivery).await
    }

    /// Says what became of it at a destination, and when one goes and when it is back, once each.
    fn tell(
        &self,
        route: &Route,
        sent: Result<Dispatched, DispatchError>,
        provider: Option<Arc<Provider>>,
    ) {
        match sent {
            Ok(dispatched) => {
                let change = self.change_of(route, &dispatched.progress);
                self.publish(ForwardEvent::Delivered {
                    dispatched: Box::new(dispatched),
                    provider,
                });
                change.into_iter().for_each(|event| self.publish(event));
            }
            Err(error) => self.publish(ForwardEvent::Failed(error)),
        }
    }

    /// What is news of a destination.
    fn change_of(&self, route: &Route, progress: &Progress) -> Vec<ForwardEvent> {
        let is_stored = self.store.is_some();
        let destination = route.destination.clone();
        let last = progress.attempts.last();
        let Some(error) = last.and_then(|attempt| attempt.result.as_ref().err()) else {
            let is_back = route.health.answered();
            return is_back
                .then_some(ForwardEvent::CameBack {
                    destination,
                    is_stored,
                })
                .into_iter()
                .collect();
        };
        let kind = error.kind;
        if kind == AttemptErrorKind::Timeout {
            let is_first = !self.told_of_timeout.swap(true, Ordering::Relaxed);
            return is_first
                .then_some(ForwardEvent::TimedOut)
                .into_iter()
                .collect();
        }
        let is_gone = route.health.did_not_answer();
        is_gone
            .then_some(ForwardEvent::WentAway {
                destination,
                kind,
                is_stored,
            })
            .into_iter()
            .collect()
    }
}

/// A capture as it is forwarded to a destination, which is settled by itself with its delivery: another may take for ever.
pub(super) fn prepare(
    capture: &Capture,
    provider: Option<Arc<Provider>>,
    to: &Destination,
    client: &Client,
) -> PreparedRequest {
    let destination = to.for_request(&capture.request.target);
    let target = to.target_for_request(&capture.request.target);
    let is_loopback = client.to().is_loopback();
    PreparedRequest {
        provider,
        event: capture.event.clone(),
        variant: None,
        request: onward(&capture.request, &destination, target, is_loopback),
        destination,
        secrets: Arc::default(),
        settles_forward_at: Some(to.to_string()),
        wanted: None,
        faults: Vec::new(),
        replay_of: Some(capture.id),
        schema: None,
        endpoint: None,
        signed: false,
        resumed_from: None,
    }
}

/// What the sender is answered.
fn reply_of(sent: &Result<Dispatched, DispatchError>) -> Reply {
    let sent = sent.as_ref().ok();
    let last = sent.and_then(|sent| sent.progress.attempts.last());
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
            Reply::text(status, format!("the destination did not respond ({why})\n"))
        }
        None => Reply::text(502, "the request was not forwarded\n"),
    }
}
