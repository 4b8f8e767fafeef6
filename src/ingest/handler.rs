//! Handles a request: examine, store, pass to the stages, answer, publish.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tracing::{error, info, warn};

use super::{EventSender, Ingest, IngestEvent, Ingested};
use crate::forward::Router;
use crate::model::{Id, RemoteText, Request, ResponseEnd, escape};
use crate::receiver::{Handler, Received, Reply};
use crate::search::Subject;
use crate::store::{Ack, Kept, StoreError};

/// Takes in what a server receives. The response goes out after the capture is committed. What is on its way to the
/// store goes on to its end also where its sender has gone meanwhile: it is counted, forwarded and told.
#[derive(Clone)]
pub struct IngestHandler {
    ingest: Arc<Ingest>,
    events: Arc<EventSender>,
    /// The store's last write failed, and that was told.
    store_failed: Arc<AtomicBool>,
}

impl Handler for IngestHandler {
    async fn handle(&self, received: Received) -> Reply {
        self.take_in(received.request, Some(received.from)).await
    }

    fn refused(&self, status: u16, why: &'static str) {
        warn!(status, why, "request refused");
        self.ingest.counts.refuse();
        self.events.publish(IngestEvent::Refused { status, why });
    }

    fn not_received(&self, capture: Id, end: ResponseEnd) {
        info!(id = %capture, why = end.name(), "response not received");
        // A runtime that ends takes no tasks.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let handler = self.clone();
        // As many at most as there are requests in progress.
        runtime.spawn(async move {
            if let Some(store) = &handler.ingest.options.store
                && let Err(error) = store.response_ended(capture, end).await
            {
                warn!(id = %capture, %error, "the end of a response was not stored");
            }
            let event = IngestEvent::NotReceived { capture, end };
            handler.events.publish(event);
        });
    }
}

impl IngestHandler {
    pub fn new(ingest: Arc<Ingest>, events: Arc<EventSender>) -> Self {
        Self {
            ingest,
            events,
            store_failed: Arc::default(),
        }
    }

    /// Takes a request in that came from that peer, and returns its response. Called within a Tokio runtime.
    pub async fn take_in(&self, request: Request, peer: Option<SocketAddr>) -> Reply {
        let (ingested, reply) = self.ingest.examine(request, peer).await;
        let Some(store) = &self.ingest.options.store else {
            return self.go_on(ingested, reply).await;
        };
        let router = self.ingest.options.router.as_ref();
        let is_left = router.is_some_and(|router| router.leaves_to_workers);
        let (ingested, reply, committed) = match store.keep(ingested.incoming(is_left)) {
            Ok(ack) => {
                let committing = Committing {
                    handler: self,
                    rest: Some((ingested, reply, ack)),
                };
                let Some(committed) = committing.end().await else {
                    return not_stored();
                };
                committed
            }
            Err(error) => (ingested, reply, Err(error)),
        };
        match committed {
            Ok(repetition) => {
                self.note_commit();
                self.go_on(ingested.repeating(repetition), reply).await
            }
            Err(error) => self.refuse(ingested, error),
        }
    }

    fn note_commit(&self) {
        // Read alone, as long as nothing fails: all workers share it.
        if self.store_failed.load(Ordering::Relaxed)
            && self.store_failed.swap(false, Ordering::Relaxed)
        {
            info!("requests are stored again");
            self.events.publish(IngestEvent::StoredAgain);
        }
    }

    /// Of what is committed, or needs not be: forwards, answers and tells it.
    async fn go_on(&self, ingested: Ingested, reply: Reply) -> Reply {
        let id = ingested.capture.id;
        let answering = Answering {
            handler: self,
            id: Some(id),
        };
        let reply = self.reply_of(ingested, reply).await;
        answering.finish();
        Reply {
            id: Some(id),
            ..reply
        }
    }

    async fn reply_of(&self, mut ingested: Ingested, reply: Reply) -> Reply {
        self.ingest
            .counts
            .receive(self.ingest.options.store.is_some());
        match self.router_of(&ingested) {
            Some(router) if !router.answers_first => {
                let (capture, provider) = (ingested.capture.clone(), ingested.provider.clone());
                let handler = self.clone();
                // It is told as soon as the answer is known, also where the sender has gone meanwhile.
                let told = move |reply: &Reply| {
                    ingested.status = reply.status;
                    handler.tell(ingested, true);
                };
                router.forward(capture, provider, Box::new(told)).await
            }
            router => {
                self.tell_and_forward(ingested, router);
                reply
            }
        }
    }

    /// Of what is committed, and whose sender has gone before it was.
    fn go_on_alone(&self, mut ingested: Ingested) {
        self.ingest.counts.receive(true);
        ingested.status = 0;
        let id = ingested.capture.id;
        let router = self.router_of(&ingested);
        self.tell_and_forward(ingested, router);
        self.not_received(id, ResponseEnd::ClientLeft);
    }

    /// Who forwards it, where it is to be forwarded and not left to workers.
    fn router_of(&self, ingested: &Ingested) -> Option<&Router> {
        let is_pending = ingested.capture.destinations.are_pending();
        let router = self.ingest.options.router.as_deref();
        router.filter(|router| is_pending && !router.leaves_to_workers)
    }

    fn tell_and_forward(&self, ingested: Ingested, router: Option<&Router>) {
        let (capture, provider) = (ingested.capture.clone(), ingested.provider.clone());
        self.tell(ingested, true);
        if let Some(router) = router {
            router.forward_later(capture, provider);
        }
    }

    /// Of what the store did not take.
    fn refuse(&self, mut ingested: Ingested, error: StoreError) -> Reply {
        // What was not stored is no one's original.
        self.ingest.seen().forget(ingested.capture.id);
        self.ingest.counts.receive(false);
        // Said once when it begins, not for each request.
        error!(id = %ingested.capture.id, %error, "request not stored");
        let is_news = !self.store_failed.swap(true, Ordering::Relaxed);
        ingested.trouble = is_news.then_some(error);
        ingested.status = 503;
        self.tell(ingested, false);
        not_stored()
    }

    /// Tells what was taken in and how it was answered: who shows it, who counts it, who expects it.
    fn tell(&self, mut ingested: Ingested, is_taken: bool) {
        let now = self.ingest.options.time.now();
        let took = now.duration_since(ingested.capture.received_at);
        ingested.took = Duration::try_from(took).unwrap_or_default();
        let (capture, status) = (ingested.capture.clone(), ingested.status);
        let took = ingested.took;
        let event = capture.event.as_ref().map(RemoteText::unescaped);
        info!(
            id = %capture.id,
            provider = capture.provider.as_deref(),
            event = event.map(escape),
            verdict = capture.verdict.name(),
            status,
            body_bytes = capture.request.body.len(),
            "request answered"
        );
        self.events
            .publish(IngestEvent::Ingested(Arc::new(ingested)));
        self.ingest.counts.answered(&capture, status, took);
        if let (Some(expectations), true) = (&self.ingest.options.expectations, is_taken) {
            let subject = Subject::from(&*capture);
            expectations.see(&Subject { status, ..subject });
        }
    }
}

/// A request whose response is being found. If its sender disconnects first, this is dropped.
struct Answering<'h> {
    handler: &'h IngestHandler,
    /// None once it is over.
    id: Option<Id>,
}

impl Answering<'_> {
    fn finish(mut self) {
        self.id = None;
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.handler.not_received(id, ResponseEnd::ClientLeft);
        }
    }
}

/// A request that waits for its commit. If its sender disconnects first, processing continues.
struct Committing<'h> {
    handler: &'h IngestHandler,
    /// None once it is over.
    rest: Option<(Ingested, Reply, Ack)>,
}

impl Committing<'_> {
    /// Waits for the commit, and gives back what waited.
    async fn end(mut self) -> Option<(Ingested, Reply, Kept)> {
        let (_, _, ack) = self.rest.as_mut()?;
        let committed = ack.await.unwrap_or_else(|_| Err(stopped()));
        let (ingested, reply, _) = self.rest.take()?;
        Some((ingested, reply, committed))
    }
}

impl Drop for Committing<'_> {
    fn drop(&mut self) {
        let Some((ingested, _, ack)) = self.rest.take() else {
            return;
        };
        // A runtime that ends takes no tasks; what it was told is in the store.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let handler = self.handler.clone();
        // As many at most as the store lets wait.
        runtime.spawn(async move {
            match ack.await.unwrap_or_else(|_| Err(stopped())) {
                Ok(repetition) => {
                    handler.note_commit();
                    handler.go_on_alone(ingested.repeating(repetition));
                }
                Err(error) => {
                    handler.refuse(ingested, error);
                }
            }
        });
    }
}

fn stopped() -> StoreError {
    StoreError::write("the writer has stopped")
}

fn not_stored() -> Reply {
    Reply::text(
        503,
        "the request could not be stored; send it again later\n",
    )
}
