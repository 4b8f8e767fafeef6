//! What is asked of which receiver, and the requests that this comes to.

use std::time::{Duration, Instant};

use super::{Case, ConformanceError, NoResponse, ReceiverResponse, Recipe, Suite};
use crate::catalog::{Catalog, Provider};
use crate::compose::{
    ComposeOptions, Composer, FixedKeys, PreparedRequest, Recipient, SchemaRule, faults,
};
use crate::http::{Client, ClientOptions, Resolved, Shape, TlsOptions};
use crate::model::{
    Attempt, AttemptErrorKind, Headers, RandomSource, RemoteText, Secret, TimeSource,
};
use crate::payload::{Document, read_edits};

/// No answer is waited for longer, whatever the provider does.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What is asked of which receiver.
pub struct RunPlan<'r> {
    pub catalog: &'r Catalog,
    pub provider: &'r Provider,
    pub suite: &'r Suite,
    /// Those of the suite that are asked, in their order.
    pub cases: &'r [Case],
    pub recipient: &'r Recipient,
    pub resolved: &'r Resolved,
    pub tls: TlsOptions,
    /// On top of the provider's own.
    pub headers: Headers,
    pub allow_http: bool,
    pub secrets: Vec<Secret>,
    /// Secrets that were rotated out.
    pub old_secrets: Vec<Secret>,
    pub verify_token: Option<Secret>,
    pub time: TimeSource,
    pub random: RandomSource,
    /// Hears of each case.
    pub events: &'r dyn Fn(RunEvent<'_>),
}

/// What happens in a run.
pub enum RunEvent<'e> {
    CaseStarted {
        done: usize,
        total: usize,
        case: &'e Case,
    },
    /// A request was sent, and answered or not.
    Sent {
        outgoing: &'e PreparedRequest,
        attempt: Attempt,
    },
    /// Effects are not counted from here on.
    ProbeFailed {
        error: &'e ConformanceError,
        case: &'e Case,
    },
}

impl RunPlan<'_> {
    /// The ids by which the receiver knows the events of these requests, each once; none where it is known by nothing
    /// else than its bytes.
    pub(super) fn ids_of(&self, requests: &[PreparedRequest]) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for outgoing in requests {
            let event = outgoing.event.as_ref().map(RemoteText::unescaped);
            let document = Document::parse(&outgoing.request.body).ok();
            let key = self.provider.idempotency_key(event);
            if let Some(id) = key.id_of(&outgoing.request.headers, document.as_ref())
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
        ids
    }

    /// The answer of a host that has no address.
    pub(super) fn unknown_host(&self) -> ReceiverResponse {
        let why = self.resolved.unknown.clone();
        ReceiverResponse {
            result: Err(NoResponse {
                code: AttemptErrorKind::Dns.name(),
                message: why.unwrap_or_else(|| "the host name has no address".into()),
            }),
            duration: Duration::ZERO,
        }
    }

    /// Whether the provider would count that answer as success.
    pub(super) fn is_accepted(&self, answer: &ReceiverResponse) -> bool {
        let status = answer.status();
        status.is_some_and(|status| self.provider.delivery.is_success(status))
    }

    /// The requests of a recipe, built and signed.
    pub(super) fn compose(
        &self,
        recipe: &Recipe,
    ) -> Result<Vec<PreparedRequest>, ConformanceError> {
        let data = recipe.data.as_ref().map(|data| match data.as_str() {
            "/dev/null" => Vec::new(),
            data => data.as_bytes().to_vec(),
        });
        let mut headers = self.headers.clone();
        for header in &recipe.headers {
            let (name, value) = header.split_once(": ").unwrap_or((header, ""));
            headers.push(name, value);
        }
        let options = ComposeOptions {
            data,
            edits: read_edits(&recipe.set, &recipe.set_string, &recipe.unset)?,
            schema: SchemaRule::Skip,
            unsigned: recipe.unsigned,
            headers,
            method: recipe.method.map(str::to_owned),
            allow_http: self.allow_http,
            faults: recipe.faults.clone(),
            now: Some(self.time.now()),
            ..ComposeOptions::default()
        };
        let keys = FixedKeys {
            secrets: match recipe.old_secret {
                true => self.old_secrets.clone(),
                false => self.secrets.clone(),
            },
            verify_token: self.verify_token.clone(),
        };
        let mut composer = Composer::new(self.catalog, &keys, &options, self.recipient);
        let names = recipe.events.iter();
        let mut requests = names
            .map(|name| composer.compose(name))
            .collect::<Result<Vec<_>, _>>()?;
        faults::order(&recipe.faults, &mut requests);
        if faults::late(&recipe.faults).is_some() {
            // The hour between the two goes by at once: no one but the receiver's memory could tell.
            requests.extend(requests.clone());
        }
        Ok(requests)
    }

    pub(super) fn client(&self, shape: Shape) -> Result<Client, ConformanceError> {
        let options = ClientOptions {
            tls: self.tls.clone(),
            shape,
        };
        Ok(Client::new(self.resolved.clone(), &options)?)
    }

    pub(super) async fn answer(
        &self,
        client: &Client,
        outgoing: &PreparedRequest,
    ) -> ReceiverResponse {
        let (started_at, begun) = (self.time.now(), Instant::now());
        let limit = self.provider.delivery.timeout.min(LONGEST_WAIT);
        let sent = client.send(&outgoing.request, Some(limit)).await;
        let duration = begun.elapsed();
        let attempt = Attempt {
            number: 1,
            started_at,
            duration,
            phases: sent.phases,
            result: sent.result.clone(),
        };
        (self.events)(RunEvent::Sent { outgoing, attempt });
        ReceiverResponse {
            result: sent.result.map_err(|error| NoResponse {
                code: error.kind.name(),
                message: error.message,
            }),
            duration,
        }
    }

    pub(super) fn ordinary_recipe(&self) -> Recipe {
        Recipe {
            events: vec![self.suite.base.clone()],
            ..Recipe::default()
        }
    }

    /// Sends an ordinary delivery, and returns its answer.
    pub(super) async fn ask_ordinary(&self) -> Result<Option<ReceiverResponse>, ConformanceError> {
        let requests = self.compose(&self.ordinary_recipe())?;
        let client = self.client(Shape::default())?;
        Ok(match requests.first() {
            Some(outgoing) => Some(self.answer(&client, outgoing).await),
            None => None,
        })
    }
}
