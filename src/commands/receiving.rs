//! What `listen` and `demo` make of a request: who it is from, what its signature is worth, whether it came
//! before, what it is answered. The answer goes out after the capture is committed.

use std::collections::{HashMap, VecDeque};
use std::hash::RandomState;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

use super::Context;
use crate::catalog::{Provider, Recogniser};
use crate::exit::Failure;
use crate::message::{RemoteText, Request};
use crate::payload::Document;
use crate::receiver::{Handler, Received, Reply};
use crate::report::Note;
use crate::secret::Secret;
use crate::settings::SecretFlags;
use crate::signature::{Envelope, Reason, Scheme, Verdict, check_secrets, verify};
use crate::store::{Capture, Id, Store, StoreError};

/// Requests that may wait to be shown, and the bytes of their bodies; more are skipped and counted.
pub const SHOWN_QUEUE: usize = 1024;
const SHOWN_BYTES: usize = 64 << 20;
/// Keys that are remembered to find duplicates by.
const REMEMBERED_KEYS: usize = 65_536;

/// What the handler and the printer both count.
#[derive(Default)]
pub struct Counts {
    received: AtomicU64,
    /// Answered by a bound of the receiver; never seen by anything else.
    refused: AtomicU64,
    /// Skipped since the printer last said so, and in all.
    skipped: AtomicU64,
    skipped_in_all: AtomicU64,
    /// Bytes of bodies that wait to be shown.
    waiting_bytes: AtomicUsize,
}

impl Counts {
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// One more that is kept and not shown.
    pub fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
        self.skipped_in_all.fetch_add(1, Ordering::Relaxed);
    }

    pub fn skipped_in_all(&self) -> u64 {
        self.skipped_in_all.load(Ordering::Relaxed)
    }

    /// How many were skipped since this was last asked.
    pub fn take_skipped(&self) -> u64 {
        self.skipped.swap(0, Ordering::Relaxed)
    }

    /// A request was shown; its body waits no longer.
    pub fn shown(&self, body_bytes: usize) {
        self.waiting_bytes.fetch_sub(body_bytes, Ordering::Relaxed);
    }
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
    key_hasher: RandomState,
    pub counts: Arc<Counts>,
    /// The store's last write failed, and that was told.
    store_failed: AtomicBool,
}

/// What the printer is told of.
pub enum Arrival {
    Request(Box<Shown>),
    /// A bound was met: the status that was answered, and why.
    Refused {
        status: u16,
        why: &'static str,
    },
}

impl Arrival {
    pub fn body_bytes(&self) -> usize {
        match self {
            Self::Request(shown) => shown.capture.request.body.len(),
            Self::Refused { .. } => 0,
        }
    }
}

/// A request as it is handed to the printer.
pub struct Shown {
    /// As it was, or was to be, kept.
    pub capture: Arc<Capture>,
    pub provider: Option<Arc<Provider>>,
    /// The status that was answered.
    pub status: u16,
    /// Why the store did not take it, where that is to be told.
    pub trouble: Option<String>,
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
            key_hasher: RandomState::new(),
            counts: Arc::default(),
            store_failed: AtomicBool::new(false),
        })
    }

    /// Whether there is anything to judge signatures by.
    pub fn can_verify(&self) -> bool {
        match &self.given {
            Some(provider) => {
                provider.signature.is_none() || self.secrets.contains_key(&provider.name)
            }
            None => !self.secrets.is_empty(),
        }
    }

    /// Decides everything about a request but what the store says.
    fn judge(&self, request: Request) -> (Shown, Reply) {
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
            key.of(
                &self.key_hasher,
                &provider.name,
                &request.headers,
                &request.body,
                document.as_ref(),
            )
        });
        let duplicate_of = key.and_then(|key| self.seen().check(key, id));
        drop(document);
        let reply = self.reply_to(&verdict);
        let capture = Capture {
            id,
            received_at,
            provider: provider.as_ref().map(|provider| provider.name.clone()),
            candidates,
            event,
            verdict: verdict.name().to_owned(),
            reason: verdict.reason().map(str::to_owned),
            duplicate_of,
            request,
            response_status: reply.status,
            response_body: reply.body.clone(),
        };
        let shown = Shown {
            capture: Arc::new(capture),
            provider,
            status: reply.status,
            trouble: None,
        };
        (shown, reply)
    }

    fn reply_to(&self, verdict: &Verdict) -> Reply {
        match verdict {
            Verdict::Valid | Verdict::Unchecked => Reply::empty(200),
            _ if self.accept_unverified => Reply::empty(200),
            Verdict::Missing => Reply::text(401, "the signature is missing\n"),
            Verdict::Invalid(_) => Reply::text(401, "the signature is not valid\n"),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
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
    receiving: Receiving,
    shown: SyncSender<Arrival>,
    /// How much of it is shown; none: all.
    pace: Option<Mutex<Pace>>,
}

impl Handler for Handling {
    async fn handle(&self, received: Received) -> Reply {
        let receiving = &self.receiving;
        let (mut shown, reply) = receiving.judge(received.request);
        let reply = match self.keep(&shown.capture).await {
            Ok(()) => reply,
            Err(error) => {
                // Said once when it begins, not for each request.
                if !receiving.store_failed.swap(true, Ordering::Relaxed) {
                    shown.trouble = Some(error.to_string());
                }
                shown.status = 503;
                Reply::text(503, "the request could not be kept; send it again later\n")
            }
        };
        receiving.counts.received.fetch_add(1, Ordering::Relaxed);
        self.show(Arrival::Request(Box::new(shown)));
        reply
    }

    fn refused(&self, status: u16, why: &'static str) {
        self.receiving
            .counts
            .refused
            .fetch_add(1, Ordering::Relaxed);
        self.show(Arrival::Refused { status, why });
    }
}

impl Handling {
    pub fn new(receiving: Receiving, shown: SyncSender<Arrival>, pace: Option<Pace>) -> Self {
        let pace = pace.map(Mutex::new);
        Self {
            receiving,
            shown,
            pace,
        }
    }

    async fn keep(&self, capture: &Arc<Capture>) -> Result<(), StoreError> {
        let Some(store) = &self.receiving.store else {
            return Ok(());
        };
        let ack = store.keep(capture.clone())?;
        let stopped = || StoreError::Write("the writer has stopped".to_owned());
        let committed = ack.await.unwrap_or_else(|_| Err(stopped()));
        if committed.is_ok() {
            self.receiving.store_failed.store(false, Ordering::Relaxed);
        } else {
            // What was not kept is nobody's original.
            self.receiving.seen().forget(capture.id);
        }
        committed
    }

    /// Hands an arrival to the printer, or counts it where there is no time to show or to read it.
    fn show(&self, arrival: Arrival) {
        let counts = &self.receiving.counts;
        let allowed = self.pace.as_ref().is_none_or(|pace| {
            let mut pace = pace.lock().unwrap_or_else(PoisonError::into_inner);
            pace.allows(Instant::now())
        });
        if !allowed {
            return counts.skip();
        }
        let bytes = arrival.body_bytes();
        let waiting = counts.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = waiting + bytes <= SHOWN_BYTES.max(bytes);
        if !fits || self.shown.try_send(arrival).is_err() {
            counts.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            counts.skip();
        }
    }
}

/// How many lines a person is shown: a burst, then so many a second.
pub struct Pace {
    left: f64,
    refilled: Instant,
}

const BURST: f64 = 1000.0;
const LINES_A_SECOND: f64 = 200.0;

impl Default for Pace {
    fn default() -> Self {
        Self {
            left: BURST,
            refilled: Instant::now(),
        }
    }
}

impl Pace {
    fn allows(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.refilled);
        self.refilled = now;
        self.left = (self.left + passed.as_secs_f64() * LINES_A_SECOND).min(BURST);
        let allowed = self.left >= 1.0;
        if allowed {
            self.left -= 1.0;
        }
        allowed
    }
}

/// The keys of what came, oldest first out.
#[derive(Default)]
struct Seen {
    first: HashMap<u64, Id>,
    order: VecDeque<(u64, Id)>,
}

impl Seen {
    /// The capture that had this key before; else the key is this one's.
    fn check(&mut self, key: u64, id: Id) -> Option<Id> {
        if let Some(first) = self.first.get(&key) {
            return Some(*first);
        }
        if self.order.len() >= REMEMBERED_KEYS
            && let Some((oldest, _)) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.first.insert(key, id);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_shown_and_then_so_many_lines_a_second() {
        let mut pace = Pace::default();
        let start = pace.refilled;
        let shown = |pace: &mut Pace, at: Instant| (0..5000).filter(|_| pace.allows(at)).count();
        assert_eq!(shown(&mut pace, start), 1000);
        assert_eq!(shown(&mut pace, start + Duration::from_secs(2)), 400);
        assert_eq!(shown(&mut pace, start + Duration::from_secs(60)), 1000);
    }

    #[test]
    fn a_key_that_was_seen_names_its_first_capture_until_that_is_forgotten() {
        let id = |number| Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number));
        let key = 7;
        let mut seen = Seen::default();
        assert_eq!(seen.check(key, id(1)), None);
        assert_eq!(seen.check(key, id(2)), Some(id(1)));
        seen.forget(id(1));
        assert_eq!(seen.check(key, id(3)), None);
    }

    #[test]
    fn the_memory_for_duplicates_is_bounded() {
        let mut seen = Seen::default();
        for number in 0..REMEMBERED_KEYS as u64 + 10 {
            seen.check(
                number,
                Id::capture(Timestamp::UNIX_EPOCH, &mut fastrand::Rng::with_seed(number)),
            );
        }
        assert_eq!(
            (seen.first.len(), seen.order.len()),
            (REMEMBERED_KEYS, REMEMBERED_KEYS)
        );
    }
}
