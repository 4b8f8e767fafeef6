//! What `listen` and `demo` make of a request: who it is from, what its signature is worth, whether it came
//! before, what it is answered. The answer goes out after the capture is committed.

use std::collections::{HashMap, VecDeque};
use std::hash::RandomState;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;
use ulid::Ulid;

use super::arrivals::{Arrival, Counts, Pace, Showing, Shown};
use super::expecting::Expecting;
use super::forwarding::Forwarding;
use super::replying::{Asked, Replying};
use crate::catalog::{Provider, Recogniser};
use crate::commands::Context;
use crate::commands::signed_url;
use crate::exit::Failure;
use crate::forward::{OwnHosts, is_from_web_page};
use crate::model::{Capture, Destinations, Id, IdKind, RemoteText, Request, Secret, suggest};
use crate::payload::Document;
use crate::receiver::{Handler, Received, Reply};
use crate::settings::SecretFlags;
use crate::signature::{
    Challenged, Envelope, Finding, Scheme, SignatureFault, Subject, Verification, check_secrets,
    diagnose, verify,
};
use crate::store::{Store, StoreError};

/// Keys that are remembered to find duplicates by. A map of 2^17 places, which is what so many need, empties
/// the places of removed keys in place as long as no more than 57,344 are taken; with more it doubles.
const REMEMBERED_KEYS: usize = 50_000;
/// The mark of a capture that a browser sent for a page of another origin.
const FROM_A_PAGE: &str = "from a web page";

/// What the user wants of the listener.
#[derive(Default)]
pub struct ReceivingOptions {
    /// The provider of every request, where one was given.
    pub given: Option<Arc<Provider>>,
    /// Answer 200 to what does not verify, too.
    pub accept_unverified: bool,
    /// The URL under which senders know this server.
    pub public_url: Option<String>,
    /// It is spoken to in TLS.
    pub is_https: bool,
    /// The hosts under which web pages may reach it.
    pub own_hosts: OwnHosts,
    /// The tokens that handshakes must bring, by their provider's name.
    pub verify_tokens: HashMap<String, Secret>,
    /// Where a secret that a handshake brings is kept; none: it is not taken.
    pub handshake: Option<SecretKeeper>,
    /// Handshakes go on to the application, and are not answered here.
    pub app_answers_handshakes: bool,
    /// What is answered on purpose.
    pub replying: Option<Arc<Replying>>,
    pub forwarding: Option<Arc<Forwarding>>,
    /// Hears of everything that is kept.
    pub expecting: Option<Arc<Expecting>>,
    pub store: Option<Arc<dyn Store>>,
}

/// Takes the secret of one provider's handshake: once, into a file that nobody else can read.
pub struct SecretKeeper {
    provider: String,
    file: PathBuf,
    kept: OnceLock<Vec<Secret>>,
}

impl SecretKeeper {
    pub fn new(provider: String, file: PathBuf) -> Self {
        Self {
            provider,
            file,
            kept: OnceLock::new(),
        }
    }

    fn take(&self, provider: &str, secret: &str) -> Result<(), &'static str> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        if provider != self.provider {
            return Err("no handshake of this provider was asked for");
        }
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.file);
        // A file that is there holds an earlier handshake's secret: this one would replace it.
        let mut file = file.map_err(|_| "a secret was kept already, or its file cannot be made")?;
        file.write_all(secret.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|_| "the secret's file cannot be written")?;
        self.kept
            .set(vec![Secret::new(secret)])
            .map_err(|_| "a secret was kept already")
    }
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

/// What the listener knows.
pub struct Receiving {
    recogniser: Recogniser,
    /// Providers with a handshake that is not signed: such a request may be recognisable by nothing else.
    open_handshakes: Vec<Arc<Provider>>,
    secrets: HashMap<String, Vec<Secret>>,
    options: ReceivingOptions,
    seen: Mutex<Seen>,
    key_hasher: RandomState,
    pub counts: Arc<Counts>,
    /// The store's last write failed, and that was told.
    store_failed: AtomicBool,
}

/// A handshake's request, and what became of it.
struct AnsweredChallenge {
    provider: Arc<Provider>,
    event: RemoteText,
    verdict: Verification,
    /// None where the application is to answer.
    reply: Option<Reply>,
}

impl Receiving {
    /// `secrets` are those of each provider, by its name.
    pub fn new(
        providers: Vec<Arc<Provider>>,
        secrets: HashMap<String, Vec<Secret>>,
        options: ReceivingOptions,
    ) -> Self {
        let open = |provider: &&Arc<Provider>| {
            provider
                .handshakes
                .iter()
                .any(|handshake| !handshake.verified)
        };
        Self {
            open_handshakes: providers.iter().filter(open).cloned().collect(),
            recogniser: Recogniser::new(providers),
            secrets,
            options,
            seen: Mutex::default(),
            key_hasher: RandomState::new(),
            counts: Arc::default(),
            store_failed: AtomicBool::new(false),
        }
    }

    /// Whether there is anything to judge signatures by.
    pub fn can_verify(&self) -> bool {
        match &self.options.given {
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
        let (mut provider, candidates, mut verdict) =
            self.recognise(&request, document.as_ref(), received_at);
        let challenged = self.challenged(&request, document.as_ref(), provider.as_ref(), &verdict);
        let mut event = match &provider {
            Some(provider) => provider.event_of(&request.headers, document.as_ref()),
            None => None,
        };
        let mut reply = None;
        let mut is_answered_here = false;
        if let Some(challenged) = challenged {
            event = Some(challenged.event);
            provider = Some(challenged.provider);
            verdict = challenged.verdict;
            is_answered_here = challenged.reply.is_some() && self.options.forwarding.is_some();
            reply = challenged.reply;
        }
        let believed = matches!(verdict, Verification::Valid | Verification::Unchecked);
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
        let on_purpose = || {
            self.options.replying.as_ref()?.reply(&Asked {
                provider: provider.as_ref().map(|provider| provider.name.as_str()),
                event: event.as_ref(),
                headers: &request.headers,
                target: &request.target,
                document: document.as_ref(),
                key,
                believed: believed || self.options.accept_unverified,
            })
        };
        let reply = reply.or_else(on_purpose);
        let is_from_page = is_from_web_page(&request.headers, &self.options.own_hosts);
        let forwarding = self
            .options
            .forwarding
            .as_ref()
            .filter(|_| reply.is_none() && (believed || self.options.accept_unverified));
        let mut destinations = forwarding.map_or_else(Destinations::default, |forwarding| {
            let name = provider.as_ref().map(|provider| provider.name.as_str());
            forwarding.targets_of(name, event.as_ref())
        });
        let is_held_back = is_from_page
            && destinations.are_pending()
            && forwarding.is_some_and(|forwarding| !forwarding.allow_browser);
        if is_held_back {
            destinations = Destinations::default();
        }
        let reply = reply.unwrap_or_else(|| self.reply_to(&verdict));
        drop(document);
        let capture = Capture {
            id,
            received_at,
            provider: provider.as_ref().map(|provider| provider.name.clone()),
            candidates,
            event,
            verdict: verdict.verdict(),
            reason: verdict.reason(),
            duplicate_of,
            request,
            // Of what is handed on, the target decides.
            response_status: if destinations.are_pending() && !self.answers_first() {
                0
            } else {
                reply.status
            },
            response_headers: reply.headers.iter().cloned().collect(),
            response_body: reply.body.clone(),
            mark: is_from_page.then(|| FROM_A_PAGE.to_owned()),
            destinations,
            over_tls: self.options.is_https,
            response_fault: reply.fault,
        };
        let shown = Shown {
            capture: Arc::new(capture),
            provider,
            status: reply.status,
            is_held_back,
            is_answered_here,
            trouble: None,
        };
        (shown, reply)
    }

    /// The answer to a handshake, where the request is one that is to be answered.
    fn challenged(
        &self,
        request: &Request,
        document: Option<&Document<'_>>,
        provider: Option<&Arc<Provider>>,
        verdict: &Verification,
    ) -> Option<AnsweredChallenge> {
        let providers = match provider {
            Some(provider) => std::slice::from_ref(provider),
            None => self.open_handshakes.as_slice(),
        };
        let handshakes = providers.iter().flat_map(|provider| {
            let handshakes = provider.handshakes.iter();
            handshakes.map(move |handshake| (provider, handshake))
        });
        let (provider, handshake) = handshakes
            .filter(|(_, handshake)| !handshake.keeps_secret || self.options.handshake.is_some())
            .find(|(_, handshake)| handshake.is(request, document))?;
        if self.options.app_answers_handshakes {
            return Some(AnsweredChallenge {
                provider: provider.clone(),
                event: handshake.event.as_str().into(),
                // Not signed by design, and no reason to keep it from the application.
                verdict: match handshake.verified {
                    true => verdict.clone(),
                    false => Verification::Unchecked,
                },
                reply: None,
            });
        }
        let challenged = handshake.answer(
            request,
            document,
            verdict,
            self.secrets_of(&provider.name),
            self.options.verify_tokens.get(&provider.name),
        );
        let kept = match (&challenged, &self.options.handshake) {
            (Challenged::Answer(_), Some(keeper)) if handshake.keeps_secret => handshake
                .challenge(request, document)
                .and_then(|secret| keeper.take(&provider.name, &secret)),
            _ => Ok(()),
        };
        let (verdict, reply) = match (challenged, kept) {
            (Challenged::Unproven, _) => return None,
            (Challenged::Refuse(why), _) | (Challenged::Answer(_), Err(why)) => (
                Verification::Invalid(SignatureFault::Malformed { why, at: None }),
                Reply::text(403, format!("{why}\n")),
            ),
            (Challenged::Answer(answer), Ok(())) => (
                if handshake.verified {
                    verdict.clone()
                } else {
                    Verification::Unchecked
                },
                Reply {
                    content_type: Some(answer.content_type),
                    headers: answer
                        .headers
                        .into_iter()
                        .map(|(name, value)| (name, value.into_bytes()))
                        .collect(),
                    body: answer.body,
                    ..Reply::empty(answer.status)
                },
            ),
        };
        Some(AnsweredChallenge {
            provider: provider.clone(),
            event: handshake.event.as_str().into(),
            verdict,
            reply: Some(reply),
        })
    }

    /// Why a request of that provider does not verify.
    pub fn diagnose(
        &self,
        provider: &Provider,
        request: &Request,
        at: Timestamp,
        others: &[(String, Secret)],
    ) -> Vec<Finding> {
        let Some(scheme) = provider.signature.as_ref() else {
            return Vec::new();
        };
        let url = signed_url(
            self.options.public_url.as_deref(),
            self.options.is_https,
            request,
        );
        let subject = Subject {
            scheme,
            secrets: self.secrets_of(&provider.name),
            envelope: Envelope::of(request, url.as_deref()),
            body: &request.body,
            now: at,
            others,
            serializer: provider.body.serializer,
        };
        diagnose(&subject, &self.verdict(provider, request, at))
    }

    /// What a provider's requests are verified with.
    fn secrets_of(&self, provider: &str) -> &[Secret] {
        let kept = self
            .options
            .handshake
            .as_ref()
            .filter(|keeper| keeper.provider == provider)
            .and_then(|keeper| keeper.kept.get());
        kept.or_else(|| self.secrets.get(provider))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn reply_to(&self, verdict: &Verification) -> Reply {
        match verdict {
            Verification::Valid | Verification::Unchecked => Reply::empty(200),
            _ if self.options.accept_unverified => Reply::empty(200),
            Verification::Missing => Reply::text(401, "the signature is missing\n"),
            Verification::Invalid(_) => Reply::text(401, "the signature is not valid\n"),
        }
    }

    fn answers_first(&self) -> bool {
        self.options
            .forwarding
            .as_ref()
            .is_some_and(|forwarding| forwarding.answers_first)
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
    ) -> (Option<Arc<Provider>>, Vec<String>, Verification) {
        if let Some(provider) = &self.options.given {
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
            .filter(|provider| self.verdict(provider, request, now) == Verification::Valid);
        if let (Some(one), None) = (verifying.next(), verifying.next()) {
            return (Some(one.clone()), Vec::new(), Verification::Valid);
        }
        (
            None,
            found.iter().map(|provider| provider.name.clone()).collect(),
            Verification::Unchecked,
        )
    }

    fn verdict(&self, provider: &Provider, request: &Request, now: Timestamp) -> Verification {
        let scheme: Option<&Scheme> = provider.signature.as_ref().map(|facts| &facts.facts);
        let secrets = self.secrets_of(&provider.name);
        let Some(scheme) = scheme.filter(|_| !secrets.is_empty()) else {
            return Verification::Unchecked;
        };
        let url = scheme
            .needs_url()
            .then(|| {
                signed_url(
                    self.options.public_url.as_deref(),
                    self.options.is_https,
                    request,
                )
            })
            .flatten();
        let envelope = Envelope::of(request, url.as_deref());
        // Without a key of the scheme's form, or the URL that it signs, nothing can be said to match.
        verify(scheme, secrets, envelope, &request.body, now)
            .unwrap_or(Verification::Invalid(SignatureFault::Mismatch))
    }
}

/// Handles requests for the server.
pub struct Handling {
    receiving: Arc<Receiving>,
    showing: Arc<Showing>,
}

impl Handler for Handling {
    async fn handle(&self, received: Received) -> Reply {
        let receiving = &self.receiving;
        let (mut shown, reply) = receiving.judge(received.request);
        let forwarding = receiving.options.forwarding.as_ref();
        let forwarding = forwarding.filter(|_| shown.capture.destinations.are_pending());
        let kept = self.keep(&shown.capture).await;
        let is_kept = kept.is_ok();
        let has_store = receiving.options.store.is_some();
        receiving.counts.receive(is_kept && has_store);
        let capture = shown.capture.clone();
        let reply = match (kept, forwarding) {
            (Ok(()), Some(forwarding)) if !forwarding.answers_first => {
                let showing = self.showing.clone();
                forwarding.forward(Box::new(shown), showing).await
            }
            (Ok(()), forwarding) => {
                let provider = shown.provider.clone();
                self.showing.show(Arrival::Request(Box::new(shown)));
                if let Some(forwarding) = forwarding {
                    let showing = self.showing.clone();
                    forwarding.forward_later(capture.clone(), provider, showing);
                }
                reply
            }
            (Err(error), _) => {
                // Said once when it begins, not for each request.
                if !receiving.store_failed.swap(true, Ordering::Relaxed) {
                    shown.trouble = Some(trouble(&error, shown.provider.as_deref()));
                }
                shown.status = 503;
                self.showing.show(Arrival::Request(Box::new(shown)));
                Reply::text(503, "the request could not be kept; send it again later\n")
            }
        };
        receiving.counts.answered(&capture, reply.status);
        if let (Some(expecting), true) = (&receiving.options.expecting, is_kept) {
            let event = capture.event.as_ref().map(RemoteText::unescaped);
            expecting.see(capture.provider.as_deref(), event, capture.verdict);
        }
        reply
    }

    fn refused(&self, status: u16, why: &'static str) {
        self.receiving.counts.refuse();
        self.showing.show(Arrival::Refused { status, why });
    }
}

impl Handling {
    pub fn new(receiving: Arc<Receiving>, shown: SyncSender<Arrival>, pace: Option<Pace>) -> Self {
        let showing = Arc::new(Showing::new(receiving.counts.clone(), shown, pace));
        Self { receiving, showing }
    }

    async fn keep(&self, capture: &Arc<Capture>) -> Result<(), StoreError> {
        let Some(store) = &self.receiving.options.store else {
            return Ok(());
        };
        let stopped = || StoreError::Write("the writer has stopped".to_owned());
        let committed = match store.keep(capture.clone()) {
            Ok(ack) => ack.await.unwrap_or_else(|_| Err(stopped())),
            Err(error) => Err(error),
        };
        if committed.is_ok() {
            self.receiving.store_failed.store(false, Ordering::Relaxed);
        } else {
            // What was not kept is nobody's original.
            self.receiving.seen().forget(capture.id);
        }
        committed
    }
}

/// Why a request was not stored, and what becomes of it: whoever sends it may send it again.
fn trouble(error: &StoreError, provider: Option<&Provider>) -> String {
    let StoreError::Full = error else {
        return error.to_string();
    };
    let again = match provider {
        Some(provider) if provider.delivery.retries(503) => {
            format!("{} sends them again", provider.title)
        }
        Some(provider) => format!("{} does not send them again", provider.title),
        None => "whether they are sent again is up to their sender".to_owned(),
    };
    format!(
        "{error}; {again}. Send on what is pending (`{}`), or raise the bound with --keep",
        suggest(["replay", "--unforwarded"])
    )
}

/// The keys of what came, oldest first out. There are many: an id is its bytes here, for those need not
/// stand at a multiple of sixteen.
#[derive(Default)]
struct Seen {
    first: HashMap<u64, [u8; 16]>,
    order: VecDeque<u64>,
}

impl Seen {
    /// The capture that had this key before; else the key is this one's.
    fn check(&mut self, key: u64, id: Id) -> Option<Id> {
        if let Some(first) = self.first.get(&key) {
            return Some(Id {
                kind: IdKind::Capture,
                ulid: Ulid::from_bytes(*first),
            });
        }
        if self.order.len() >= REMEMBERED_KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.first.insert(key, id.ulid.to_bytes());
        self.order.push_back(key);
        None
    }

    fn forget(&mut self, id: Id) {
        let bytes = id.ulid.to_bytes();
        let is_its = |key: &u64| self.first.get(key) == Some(&bytes);
        if let Some(at) = self.order.iter().rposition(is_its)
            && let Some(key) = self.order.remove(at)
        {
            self.first.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
