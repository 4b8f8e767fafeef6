//! Examines a request: its provider, its signature, whether it is a duplicate, and its response.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::respond::{Asked, Responder};
use super::seen::Seen;
use super::{IngestCounts, Ingested, PathsSeen, SignatureCheck};
use crate::catalog::{Provider, Recogniser};
use crate::expect::ExpectationTracker;
use crate::forward::{OwnHosts, Router, is_from_web_page};
use crate::model::{
    Capture, Destinations, EventKey, Id, KeyHasher, RandomSource, RemoteText, Request, Secret,
    SentBy, TimeSource, VerdictReason,
};
use crate::payload::Document;
use crate::receiver::Reply;
use crate::signature::{Challenged, SignatureFault, Verification};
use crate::store::{SharedStore, Store};

/// What is wanted of it.
#[derive(Default)]
pub struct IngestOptions {
    /// The provider of every request, where one was given.
    pub given: Option<Arc<Provider>>,
    /// The endpoint of every request, where one was given.
    pub endpoint: Option<String>,
    /// Answer 200 to what does not verify, too.
    pub accept_unverified: bool,
    /// It is spoken to in TLS.
    pub is_https: bool,
    /// The hosts under which web pages may reach it.
    pub own_hosts: OwnHosts,
    /// The tokens that handshakes must bring, by their provider's name.
    pub verify_tokens: HashMap<String, Secret>,
    /// Handshakes go on to the application, and are not answered here.
    pub app_answers_handshakes: bool,
    /// Hears at which paths whose requests are accepted.
    pub paths: Option<Arc<PathsSeen>>,
    /// What is answered on purpose.
    pub responder: Option<Arc<Responder>>,
    pub router: Option<Arc<Router>>,
    /// Hears of everything that is stored.
    pub expectations: Option<Arc<ExpectationTracker>>,
    pub store: Option<Arc<dyn Store>>,
    pub time: TimeSource,
    pub random: RandomSource,
}

/// Takes requests in.
pub struct Ingest {
    recogniser: Recogniser,
    /// Providers with a handshake that is not signed: such a request may be recognisable by nothing else.
    open_handshakes: Vec<Arc<Provider>>,
    signatures: Arc<SignatureCheck>,
    pub(super) options: IngestOptions,
    seen: Mutex<Seen>,
    key_hasher: KeyHasher,
    pub(super) counts: Arc<IngestCounts>,
}

/// A handshake's request, and what became of it.
struct AnsweredChallenge {
    provider: Arc<Provider>,
    event: RemoteText,
    verdict: Verification,
    /// None where the application is to answer.
    reply: Option<Reply>,
}

impl Ingest {
    pub fn new(
        providers: Vec<Arc<Provider>>,
        signatures: Arc<SignatureCheck>,
        counts: Arc<IngestCounts>,
        options: IngestOptions,
    ) -> Self {
        let open = |provider: &&Arc<Provider>| {
            provider
                .handshakes
                .iter()
                .any(|handshake| !handshake.requires_signature)
        };
        let shared = options.store.as_deref().and_then(Store::shared);
        let key_hasher =
            shared.map_or_else(KeyHasher::random, |shared| KeyHasher::new(shared.seed()));
        Self {
            open_handshakes: providers.iter().filter(open).cloned().collect(),
            recogniser: Recogniser::new(providers),
            signatures,
            options,
            seen: Mutex::default(),
            key_hasher,
            counts,
        }
    }

    /// Whether there is anything to verify signatures with.
    pub fn can_verify(&self) -> bool {
        match &self.options.given {
            Some(provider) => {
                provider.signature.is_none() || self.signatures.has_secret_of(&provider.name)
            }
            None => self.signatures.has_any_secret(),
        }
    }

    /// Decides everything about a request but what the store says.
    pub(super) async fn examine(
        &self,
        request: Request,
        peer: Option<SocketAddr>,
    ) -> (Ingested, Reply) {
        let received_at = self.options.time.now();
        let id = Id::capture(received_at, &mut self.options.random.fork());
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
            is_answered_here = challenged.reply.is_some() && self.options.router.is_some();
            reply = challenged.reply;
        }
        let believed = matches!(verdict, Verification::Valid | Verification::Unchecked);
        let endpoint = match &self.options.endpoint {
            Some(given) => Some(given.clone()),
            None => {
                let found = self.signatures.endpoint_of(&request);
                found.map(|endpoint| endpoint.name.clone())
            }
        };
        let key = provider.as_ref().filter(|_| believed).and_then(|provider| {
            let key = provider.idempotency_key(event.as_ref().map(RemoteText::unescaped));
            key.of(
                &self.key_hasher,
                (&provider.name, endpoint.as_deref()),
                &request.headers,
                &request.body,
                document.as_ref(),
            )
        });
        let key = key.map(|key| EventKey {
            key,
            content: self.key_hasher.hash_one(&request.body),
        });
        let shared = self.shared();
        let repetition = key
            .filter(|_| shared.is_none())
            .and_then(|key| self.seen().check(key, id));
        if let (None, Some(responder)) = (&reply, &self.options.responder) {
            let asked = Asked {
                provider: provider.as_ref().map(|provider| provider.name.as_str()),
                event: event.as_ref(),
                headers: &request.headers,
                target: &request.target,
                document: document.as_ref(),
                key: key.map(|key| key.key),
                believed: believed || self.options.accept_unverified,
            };
            reply = responder.reply(&asked, shared).await;
        }
        let is_from_page = is_from_web_page(&request.headers, &self.options.own_hosts);
        let forwarding = self
            .options
            .router
            .as_ref()
            .filter(|_| reply.is_none() && (believed || self.options.accept_unverified));
        let mut destinations = forwarding.map_or_else(Destinations::default, |forwarding| {
            let name = provider.as_ref().map(|provider| provider.name.as_str());
            forwarding.destinations_of(name, event.as_ref())
        });
        let is_held_back = is_from_page
            && destinations.are_pending()
            && forwarding.is_some_and(|forwarding| !forwarding.allow_browser);
        if is_held_back {
            destinations = Destinations::default();
        }
        let reply = reply.unwrap_or_else(|| self.reply_to(&verdict));
        drop(document);
        if let (true, Some(paths), Some(provider)) = (believed, &self.options.paths, &provider) {
            paths.see(&request.target, &provider.name);
        }
        let by_test_secret = verdict == Verification::Valid
            && provider
                .as_ref()
                .is_some_and(|provider| self.signatures.is_test_secret(&provider.name, &request));
        let capture = Capture {
            id,
            received_at,
            provider: provider.as_ref().map(|provider| provider.name.clone()),
            candidates,
            event,
            verdict: verdict.verdict(),
            reason: match by_test_secret {
                true => Some(VerdictReason::TestSecret),
                false => verdict.reason(),
            },
            duplicate_of: repetition.map(|found| found.of),
            same_id_changed: repetition.is_some_and(|found| found.is_changed),
            request,
            // Of what is handed on, the target decides.
            response_status: if destinations.are_pending() && !self.answers_first() {
                0
            } else {
                reply.status
            },
            response_headers: reply.headers.iter().cloned().collect(),
            response_body: reply.body.clone(),
            sent_by: is_from_page.then_some(SentBy::WebPage),
            destinations,
            over_tls: self.options.is_https,
            endpoint,
            response_end: None,
            peer,
            response_fault: reply.fault,
        };
        let ingested = Ingested {
            capture: Arc::new(capture),
            key,
            provider,
            status: reply.status,
            took: Duration::ZERO,
            is_held_back,
            is_answered_here,
            trouble: None,
        };
        (ingested, reply)
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
            .filter(|(_, handshake)| !handshake.delivers_secret || self.signatures.takes_secrets())
            .find(|(_, handshake)| handshake.is(request, document))?;
        if self.options.app_answers_handshakes {
            return Some(AnsweredChallenge {
                provider: provider.clone(),
                event: handshake.event.as_str().into(),
                // Not signed by design, and no reason to keep it from the application.
                verdict: match handshake.requires_signature {
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
            self.signatures.secrets_of(&provider.name, request),
            self.options.verify_tokens.get(&provider.name),
        );
        let kept = match &challenged {
            Challenged::Answer(_) if handshake.delivers_secret => handshake
                .challenge(request, document)
                .and_then(|secret| self.signatures.take_secret(&provider.name, &secret)),
            _ => Ok(()),
        };
        let (verdict, reply) = match (challenged, kept) {
            (Challenged::Unproven, _) => return None,
            (Challenged::Refuse(why), _) | (Challenged::Answer(_), Err(why)) => (
                Verification::Invalid(SignatureFault::Malformed { why, at: None }),
                Reply::text(403, format!("{why}\n")),
            ),
            (Challenged::Answer(answer), Ok(())) => (
                if handshake.requires_signature {
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
            .router
            .as_ref()
            .is_some_and(|router| router.answers_first)
    }

    /// The other nodes that receive for the same workspace, where there may be any.
    fn shared(&self) -> Option<&dyn SharedStore> {
        self.options.store.as_deref()?.shared()
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
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
                self.signatures.verify(provider, request, now),
            );
        }
        if let Some(endpoint) = self.signatures.endpoint_of(request) {
            let provider = endpoint.provider.clone();
            let verdict = self.signatures.verify(&provider, request, now);
            return (Some(provider), Vec::new(), verdict);
        }
        let mut found = self.recogniser.recognise(&request.headers, document);
        if found.len() == 1 {
            let provider = found.swap_remove(0);
            let verdict = self.signatures.verify(&provider, request, now);
            return (Some(provider), Vec::new(), verdict);
        }
        // A tie goes to the one whose secret verifies.
        let mut verifying = found.iter().filter(|provider| {
            self.signatures.verify(provider, request, now) == Verification::Valid
        });
        if let (Some(one), None) = (verifying.next(), verifying.next()) {
            return (Some(one.clone()), Vec::new(), Verification::Valid);
        }
        (
            None,
            found.iter().map(|provider| provider.name.clone()).collect(),
            Verification::Unchecked,
        )
    }
}
