//! A request's way: examined, stored, handed to the stages, answered, told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{EventSender, Ingest, IngestEvent};
use crate::model::{Capture, RemoteText};
use crate::receiver::{Handler, Received, Reply};
use crate::store::StoreError;

/// Takes in what a server receives. The response goes out after the capture is committed.
pub struct IngestHandler {
    ingest: Arc<Ingest>,
    events: Arc<EventSender>,
    /// The store's last write failed, and that was told.
    store_failed: AtomicBool,
}

impl Handler for IngestHandler {
    async fn handle(&self, received: Received) -> Reply {
        let ingest = &self.ingest;
        let (mut ingested, reply) = ingest.examine(received.request);
        let router = ingest.options.router.as_ref();
        let router = router.filter(|_| ingested.capture.destinations.are_pending());
        let stored = self.store(&ingested.capture).await;
        let is_stored = stored.is_ok();
        let has_store = ingest.options.store.is_some();
        ingest.counts.receive(is_stored && has_store);
        let capture = ingested.capture.clone();
        let reply = match (stored, router) {
            (Ok(()), Some(router)) if !router.answers_first => {
                let (events, provider) = (self.events.clone(), ingested.provider.clone());
                // It is told as soon as the answer is known, also where the sender has gone meanwhile.
                let told = move |reply: &Reply| {
                    ingested.status = reply.status;
                    events.publish(IngestEvent::Ingested(Box::new(ingested)));
                };
                router
                    .forward(capture.clone(), provider, Box::new(told))
                    .await
            }
            (Ok(()), router) => {
                let provider = ingested.provider.clone();
                self.events
                    .publish(IngestEvent::Ingested(Box::new(ingested)));
                if let Some(router) = router {
                    router.forward_later(capture.clone(), provider);
                }
                reply
            }
            (Err(error), _) => {
                // Said once when it begins, not for each request.
                let is_news = !self.store_failed.swap(true, Ordering::Relaxed);
                ingested.trouble = is_news.then_some(error);
                ingested.status = 503;
                self.events
                    .publish(IngestEvent::Ingested(Box::new(ingested)));
                Reply::text(503, "the request could not be kept; send it again later\n")
            }
        };
        ingest.counts.answered(&capture, reply.status);
        if let (Some(expectations), true) = (&ingest.options.expectations, is_stored) {
            let event = capture.event.as_ref().map(RemoteText::unescaped);
            expectations.see(capture.provider.as_deref(), event, capture.verdict);
        }
        reply
    }

    fn refused(&self, status: u16, why: &'static str) {
        self.ingest.counts.refuse();
        self.events.publish(IngestEvent::Refused { status, why });
    }
}

impl IngestHandler {
    pub fn new(ingest: Arc<Ingest>, events: Arc<EventSender>) -> Self {
        Self {
            ingest,
            events,
            store_failed: AtomicBool::new(false),
        }
    }

    async fn store(&self, capture: &Arc<Capture>) -> Result<(), StoreError> {
        let Some(store) = &self.ingest.options.store else {
            return Ok(());
        };
        let stopped = || StoreError::Write("the writer has stopped".to_owned());
        let committed = match store.keep(capture.clone()) {
            Ok(ack) => ack.await.unwrap_or_else(|_| Err(stopped())),
            Err(error) => Err(error),
        };
        if committed.is_ok() {
            self.store_failed.store(false, Ordering::Relaxed);
        } else {
            // What was not stored is nobody's original.
            self.ingest.seen().forget(capture.id);
        }
        committed
    }
}
