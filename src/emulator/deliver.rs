//! What the queue's deliveries are made of, and what they come to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;

use super::events::EmulatedEvent;
use super::state::{Emulated, Emulator};
use super::subscription::{Subscription, SubscriptionState};
use crate::delivery::Policy;
use crate::dispatch::{LaneLimits, Outgoing, QueueSource, Unsendable};
use crate::http::{Client, ClientOptions, Destination, DestinationError, Resolved};
use crate::model::{Delivery, RemoteText};

/// Attempts to one subscription at one time, where the provider says nothing.
const USUAL_CONCURRENCY: usize = 8;
/// How many events are at hand without asking the store, and how many bytes of them.
const MOST_EVENTS: usize = 1000;
const MOST_EVENT_BYTES: usize = 16 << 20;
/// How many places connections are kept to.
const MOST_CLIENTS: usize = 1000;

/// Makes the deliveries of an emulator. The queue has it before the emulator is there.
#[derive(Default)]
pub(super) struct Source {
    emulator: OnceLock<Weak<Emulator>>,
    events: Mutex<AtHand>,
    clients: Mutex<HashMap<String, Arc<Client>>>,
}

/// Events that are delivered just now.
#[derive(Default)]
struct AtHand {
    events: HashMap<i64, Arc<EmulatedEvent>>,
    bytes: usize,
}

impl AtHand {
    fn keep(&mut self, event: &Arc<EmulatedEvent>) {
        let length = event.document.payload.len();
        if self.events.len() >= MOST_EVENTS || self.bytes + length > MOST_EVENT_BYTES {
            *self = Self::default();
        }
        if length <= MOST_EVENT_BYTES && self.events.insert(event.number, event.clone()).is_none() {
            self.bytes += length;
        }
    }
}

impl Source {
    /// Who it works for, once and for all.
    pub(super) fn serve(&self, emulator: &Arc<Emulator>) {
        // It is set here alone.
        let _ = self.emulator.set(Arc::downgrade(emulator));
    }

    fn emulator(&self) -> Option<Arc<Emulator>> {
        self.emulator.get()?.upgrade()
    }

    async fn event(
        &self,
        emulator: &Emulator,
        number: i64,
    ) -> Result<Arc<EmulatedEvent>, Unsendable> {
        let known = lock(&self.events).events.get(&number).cloned();
        if let Some(event) = known {
            return Ok(event);
        }
        let found = emulator.event(number).await;
        let found = found.map_err(|error| Unsendable::Now(error.to_string()))?;
        let event = found.ok_or_else(|| never("its event is no longer kept"))?;
        let event = Arc::new(event);
        lock(&self.events).keep(&event);
        Ok(event)
    }

    /// Connections to a place, as its name resolves now: who answers for it may have changed since it was allowed.
    async fn client(
        &self,
        emulator: &Emulator,
        destination: Destination,
    ) -> Result<(Arc<Client>, bool), String> {
        let resolved = destination.resolve().await;
        let is_loopback = resolved.is_loopback();
        if !is_loopback && !emulator.options.allowed.names(destination.host()) {
            return Err(format!(
                "hookcli delivers to this machine alone, and {} is not: start it with --allow-host {}",
                destination.authority(),
                destination.host()
            ));
        }
        let place = place_of(&resolved);
        if let Some(client) = lock(&self.clients).get(&place) {
            return Ok((client.clone(), is_loopback));
        }
        let client = Client::new(resolved, &ClientOptions::default());
        let client = Arc::new(client.map_err(|error| error.to_string())?);
        let mut clients = lock(&self.clients);
        if clients.len() >= MOST_CLIENTS {
            clients.clear();
        }
        clients.insert(place, client.clone());
        Ok((client, is_loopback))
    }
}

/// Scheme, name and addresses.
fn place_of(resolved: &Resolved) -> String {
    let destination = &resolved.destination;
    let scheme = destination.url().scheme();
    format!(
        "{scheme}://{} {:?}",
        destination.authority(),
        resolved.addresses
    )
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl QueueSource for Source {
    async fn begun(&self) {
        if let Some(emulator) = self.emulator() {
            // Where the store fails now, what was known a moment ago counts.
            let _ = emulator.refresh().await;
        }
    }

    async fn prepare(&self, delivery: &Delivery) -> Result<Outgoing, Unsendable> {
        let stopped = || Unsendable::Now("the emulator has stopped".to_owned());
        let emulator = self.emulator().ok_or_else(stopped)?;
        let of = delivery
            .emulated
            .ok_or_else(|| never("it is not of a subscription"))?;
        let subscription = emulator.subscription(of.subscription);
        let subscription = subscription.ok_or_else(|| never("its subscription was removed"))?;
        if subscription.document.state != SubscriptionState::Active {
            return Err(never("its subscription gets no events now"));
        }
        let emulated = emulator.emulated_of(&subscription.key.provider);
        let emulated = emulated.ok_or_else(stopped)?;
        let event = self.event(&emulator, of.event).await?;
        let destination = subscription.document.url.parse();
        let destination: Destination =
            destination.map_err(|error: DestinationError| Unsendable::Never(error.to_string()))?;
        let to = self.client(&emulator, destination).await;
        let (client, is_loopback) = to.map_err(Unsendable::Never)?;
        let prepared = emulator.compose(emulated, &event, &subscription, is_loopback);
        Ok(Outgoing {
            prepared: prepared.map_err(Unsendable::Never)?,
            client,
        })
    }

    fn limits(&self, subscription: i64) -> LaneLimits {
        let usual = LaneLimits {
            concurrency: USUAL_CONCURRENCY,
            rate: None,
        };
        let Some(emulator) = self.emulator() else {
            return usual;
        };
        let Some(subscription) = emulator.subscription(subscription) else {
            return usual;
        };
        let url = subscription.document.url.parse();
        if url.is_ok_and(|url: Destination| !emulator.options.allowed.allow(url.host())) {
            // Another worker may go there.
            return LaneLimits {
                concurrency: 0,
                rate: None,
            };
        }
        let emulated = emulator.emulated_of(&subscription.key.provider);
        emulated.map_or(usual, |emulated| {
            limits_of(emulated, emulator.options.speed)
        })
    }

    fn policy(&self, delivery: &Delivery) -> Policy {
        let emulator = self.emulator();
        let provider = delivery.provider.as_deref();
        let emulated = emulator
            .as_ref()
            .zip(provider)
            .and_then(|(emulator, name)| emulator.emulated_of(name));
        let event = delivery.event.as_ref().map(RemoteText::unescaped);
        emulated.map_or_else(Policy::default, |one| one.provider.policy_of(event))
    }

    async fn attempted(&self, delivery: &Delivery) {
        if let Some(emulator) = self.emulator() {
            emulator.note_attempt(delivery).await;
        }
    }
}

fn never(why: &str) -> Unsendable {
    Unsendable::Never(why.to_owned())
}

/// What a provider's deliveries to one subscription may take.
pub(super) fn limits_of(emulated: &Emulated, speed: f64) -> LaneLimits {
    let policy = &emulated.provider.delivery;
    let minute = Duration::from_secs(60).div_f64(speed);
    LaneLimits {
        concurrency: policy
            .max_concurrency
            .map_or(USUAL_CONCURRENCY, |most| most as usize),
        rate: policy.max_per_minute.map(|count| (count, minute)),
    }
}

impl Emulator {
    pub(super) fn emulated_of(&self, provider: &str) -> Option<&Emulated> {
        self.providers.get(provider)
    }

    /// Puts down what an attempt came to: its subscription may be disabled by it.
    async fn note_attempt(&self, delivery: &Delivery) {
        let (Some(of), Some(attempt)) = (delivery.emulated, delivery.attempts.last()) else {
            return;
        };
        let Some(provider) = delivery.provider.as_deref() else {
            return;
        };
        self.show_attempt(delivery);
        self.metrics.attempted(provider, delivery, attempt);
        let Some(emulated) = self.emulated_of(provider) else {
            return;
        };
        let limits = limits_of(emulated, self.options.speed);
        let is_last = delivery.next_attempt_at.is_none();
        self.waiting.attempted(of.subscription, is_last, &limits);
        let last_response = match &attempt.result {
            Ok(response) => response.status.to_string(),
            Err(error) => error.kind.name().to_owned(),
        };
        let (status, outcome) = (attempt.status(), delivery.outcome);
        let (now, speed) = (self.now(), self.options.speed);
        let edit = |changed: &mut Subscription| {
            changed.document.last_response = Some(last_response.clone());
            changed.note_outcome(status, outcome, &emulated.management, now, speed);
            Ok(())
        };
        let Some(mut noted) = self.subscription(of.subscription).as_deref().cloned() else {
            return;
        };
        let before = noted.clone();
        // Most attempts are like the one before, and nothing is to be put down.
        if edit(&mut noted).is_ok() && noted != before {
            // Where it cannot be, the next attempt says the same.
            let _ = self.change(of.subscription, edit).await;
        }
    }
}
