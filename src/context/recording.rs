//! `check --record`: each request that is sent, stored as a delivery.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Context;
use crate::compose::PreparedRequest;
use crate::delivery::{Next, Progress, Schedule};
use crate::dispatch::{recorded, settle};
use crate::exit::Failure;
use crate::model::{Attempt, Delivery, Outcome, RandomSource, RemoteText};
use crate::store::Store;
use crate::view::redact::TokenNames;

/// Takes down what was sent. Its other end stores it, one after the other: a run sends a few hundred requests.
pub struct Recording {
    tokens: TokenNames,
    random: Mutex<fastrand::Rng>,
    /// None where nothing is stored.
    told: Mutex<Option<UnboundedSender<Delivery>>>,
}

/// What is still to be stored.
pub struct ToRecord {
    store: Option<Arc<dyn Store>>,
    sent: UnboundedReceiver<Delivery>,
}

impl Recording {
    /// # Errors
    /// There is no store, or it cannot be used.
    pub fn new(context: &Context, is_wanted: bool) -> Result<(Self, ToRecord), Failure> {
        let store = is_wanted.then(|| context.needed_store()).transpose()?;
        let (told, sent) = unbounded_channel();
        let recording = Self {
            tokens: context.token_names()?,
            random: Mutex::new(RandomSource::default().fork()),
            told: Mutex::new(Some(told).filter(|_| is_wanted)),
        };
        Ok((recording, ToRecord { store, sent }))
    }

    pub fn take_down(&self, outgoing: &PreparedRequest, attempt: &Attempt) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(told) = &*told else { return };
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let event = outgoing.event.as_ref().map(RemoteText::unescaped);
        let policy = outgoing
            .provider
            .as_ref()
            .map(|provider| provider.policy_of(event));
        let policy = policy.unwrap_or_default();
        let schedule = Schedule::once(&policy);
        let next = schedule.next(1, &attempt.result, attempt.started_at, &mut random);
        let mut delivery = recorded(outgoing, &self.tokens, 1.0, attempt.started_at, &mut random);
        let progress = Progress {
            outcome: match next {
                Next::Delivered | Next::Late { .. } => Outcome::Delivered,
                _ => Outcome::Failed,
            },
            attempts: vec![attempt.clone()],
        };
        settle(&mut delivery, 0, outgoing, &progress, &policy, &self.tokens);
        // The other end is there as long as this.
        let _ = told.send(delivery);
    }

    /// No more comes.
    pub fn end(&self) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ToRecord {
    /// Stores it, until no more comes.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn store(mut self) -> Result<(), Failure> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        while let Some(delivery) = self.sent.recv().await {
            store.record(&delivery, 0, None).await?;
        }
        Ok(())
    }
}
