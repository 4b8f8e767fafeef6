//! Runs the cases of a suite one after the other and checks the responses.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::effects::Effects;
use super::plan::{RunEvent, RunPlan};
use super::restart::{Log, Restarted};
use super::unfounded::skip_unfounded;
use super::{
    Area, CANARY, Case, ConformanceError, Judged, KillAt, Logged, NoResponse, Observation,
    ReceiverResponse, Recipe, Rules, Seen, Status, Want, judge,
};
use crate::compose::{PreparedRequest, faults};
use crate::delivery::Fault;
use crate::http::Shape;
use crate::model::{Response, Secret, redact_occurrences};
use crate::signature::{Envelope, Subject, expected_signature, test_keys};

/// How long a receiver that broke a connection has to be there again, as under a supervisor.
const BACK_WITHIN: Duration = Duration::from_secs(2);
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// So many requests one after the other without an answer in time: it hangs.
const MOST_TIMEOUTS: u32 = 3;
/// How much of an answer is kept for the judgement on all of them.
const KEPT_OF_ANSWER: usize = 64 * 1024;
/// How often an event is sent again to a receiver that was started again.
const SENT_AGAIN: u32 = 10;
/// How long after the answer a line of the log may come.
const LOGGED_WITHIN: Duration = Duration::from_millis(300);

/// What a run came to.
pub struct RunOutcome {
    pub seen: Vec<Seen>,
    /// The answer to the first ordinary delivery.
    pub ordinary: Option<ReceiverResponse>,
    /// The case after which there was no response any more.
    pub gone_since: Option<String>,
    /// The probe failed in the middle of the run.
    pub probe_failed: bool,
    pub is_interrupted: bool,
    pub counts_effects: bool,
    pub took: Duration,
}

/// A run under way.
pub struct Runner<'r> {
    plan: RunPlan<'r>,
    effects: Option<Effects>,
    started: Instant,
    ordinary: Option<ReceiverResponse>,
    gone_since: Option<String>,
    /// The event types that were asked, and whether they are accepted as they are.
    events_accepted: HashMap<String, bool>,
    /// The answers to the events' deliveries.
    of_events: Vec<ReceiverResponse>,
    /// All answers, cut, and what asked for them.
    all: Vec<(Recipe, ReceiverResponse)>,
    /// What would have been right where a forged signature was sent.
    signatures: Vec<Secret>,
    probe_failed: bool,
    /// How many answers in a row did not come in time.
    timeouts: u32,
    is_interrupted: bool,
    /// Effects of the cases that are not counted have had time to come.
    is_quiet: bool,
    /// The cases by their places whose requests were refused, with the ids of their events: what is done for them later
    /// is seen at the end.
    refused: Vec<(usize, Vec<String>)>,
    /// The receiver, where we start it.
    restarted: Option<Restarted>,
    /// What the receiver logs, where that is known.
    log: Option<Log>,
}

impl<'r> Runner<'r> {
    /// `effects` counts what the receiver does, `restarted` is the receiver where we start it, and `log` what it logs.
    pub fn new(
        plan: RunPlan<'r>,
        effects: Option<Effects>,
        restarted: Option<Restarted>,
        log: Option<Log>,
    ) -> Self {
        Self {
            plan,
            effects,
            started: Instant::now(),
            ordinary: None,
            gone_since: None,
            events_accepted: HashMap::new(),
            of_events: Vec::new(),
            all: Vec::new(),
            signatures: Vec::new(),
            probe_failed: false,
            timeouts: 0,
            is_interrupted: false,
            is_quiet: false,
            refused: Vec::new(),
            restarted,
            log,
        }
    }

    /// Whether the requests can be made at all.
    ///
    /// # Errors
    /// A secret that cannot sign, or a URL that may not be sent to: no fault of the receiver's.
    pub fn check(&self) -> Result<(), ConformanceError> {
        self.plan.compose(&self.plan.ordinary_recipe()).map(|_| ())
    }
}

impl Runner<'_> {
    /// Asks all cases, until `stop` resolves: what is known by then is the outcome.
    ///
    /// # Errors
    /// The receiver that is started here does not start again, or its log cannot be read.
    pub async fn run(
        mut self,
        stop: impl Future<Output = ()>,
    ) -> Result<RunOutcome, ConformanceError> {
        let seen = self.ask_all(stop).await;
        if let Some(restarted) = &mut self.restarted {
            restarted.stop().await;
        }
        Ok(RunOutcome {
            seen: seen?,
            ordinary: self.ordinary,
            gone_since: self.gone_since,
            probe_failed: self.probe_failed,
            is_interrupted: self.is_interrupted,
            counts_effects: self.effects.is_some(),
            took: self.started.elapsed(),
        })
    }

    async fn ask_all(
        &mut self,
        stop: impl Future<Output = ()>,
    ) -> Result<Vec<Seen>, ConformanceError> {
        let mut stop = std::pin::pin!(stop);
        let cases = self.plan.cases;
        let mut seen = Vec::with_capacity(cases.len());
        for (done, case) in cases.iter().enumerate() {
            (self.plan.events)(RunEvent::CaseStarted {
                done,
                total: cases.len(),
                case,
            });
            tokio::select! {
                one = self.run_case(case.clone(), seen.len()) => seen.push(one?),
                () = &mut stop => {
                    // What is known by now is told.
                    self.is_interrupted = true;
                    break;
                }
            }
        }
        self.look_again(&mut seen).await;
        skip_unfounded(&mut seen);
        Ok(seen)
    }

    /// Counts once more what was done for events that were refused: who answers first and works later does it then.
    async fn look_again(&self, seen: &mut [Seen]) {
        let Some(effects) = self.effects.as_ref() else {
            return;
        };
        if self.refused.is_empty() || self.probe_failed || self.is_interrupted {
            return;
        }
        tokio::time::sleep(effects.within()).await;
        for (place, ids) in &self.refused {
            let (Some(one), Ok(counted)) = (seen.get_mut(*place), effects.count(ids).await) else {
                continue;
            };
            if let Some((_, wanted)) = one.observation.effects
                && counted > wanted
            {
                one.observation.effects = Some((counted, wanted));
                one.judged = judge(&one.case, &one.observation, self.rules());
            }
        }
    }

    async fn run_case(&mut self, mut case: Case, place: usize) -> Result<Seen, ConformanceError> {
        let mut observation = Observation::default();
        let judged = match self.why_not(&case) {
            Some(why) => Judged::skip(why),
            None if self.plan.resolved.addresses.is_empty() => {
                observation.answers.push(self.plan.unknown_host());
                self.note_answers(&case, &observation).await;
                judge(&case, &observation, self.rules())
            }
            None if case.want == Want::SameInAnyOrder => {
                self.in_both_orders(&mut case, &mut observation).await?
            }
            None => match self.plan.compose(&case.recipe) {
                Err(error) => Judged::skip(format!("the request cannot be sent: {error}")),
                Ok(requests) => {
                    if case.area == Area::Authenticity {
                        self.note_signatures(&requests);
                    }
                    observation = match case.want {
                        Want::OnceAfterKill(at) => self.killed(&requests, at).await?,
                        _ => self.observation(&case, requests.clone(), place).await?,
                    };
                    if let Want::NotLogged(what) = case.want {
                        observation.logged = self.logged(&requests, what).await?;
                    }
                    self.note_answers(&case, &observation).await;
                    match case.want {
                        Want::Within(_) if !self.of_events.is_empty() => {
                            observation.answers.clone_from(&self.of_events);
                        }
                        Want::NoTrace | Want::NoSecret | Want::NoSignature => {
                            self.look_at_all(&mut case, &mut observation);
                        }
                        _ => {}
                    }
                    judge(&case, &observation, self.rules())
                }
            },
        };
        Ok(Seen {
            case,
            judged,
            observation,
        })
    }

    fn rules(&self) -> Rules<'_> {
        let delivery = &self.plan.provider.delivery;
        let provenance = &delivery.provenance;
        Rules {
            policy: delivery,
            timeout_is_assumed: provenance.assumed.is_some()
                || provenance.assumed_facts.contains_key("timeout"),
            secrets: &self.plan.secrets,
            signatures: &self.signatures,
        }
    }

    /// Sends two events of one new object in one order, and those of another in the other; shows the order that is not
    /// handled, where one is not.
    async fn in_both_orders(
        &mut self,
        case: &mut Case,
        observation: &mut Observation,
    ) -> Result<Judged, ConformanceError> {
        let mut random = self.plan.random.fork();
        let straight = Recipe {
            faults: Vec::new(),
            ..case.recipe.clone()
        };
        let mut rounds = Vec::with_capacity(2);
        for recipe in [&straight, &case.recipe] {
            let recipe = recipe.about_new_objects(&mut random);
            let requests = match self.plan.compose(&recipe) {
                Ok(requests) => requests,
                Err(error) => {
                    return Ok(Judged::skip(format!("the request cannot be sent: {error}")));
                }
            };
            let round = self.sent_one_by_one(&requests).await?;
            rounds.push((recipe, round));
        }
        let is_refused = |(_, round): &(Recipe, Vec<(ReceiverResponse, Option<i64>)>)| {
            round
                .iter()
                .any(|(answer, _)| !self.plan.is_accepted(answer))
        };
        let shown = match (is_refused(&rounds[0]), is_refused(&rounds[1])) {
            (true, true) => {
                return Ok(Judged::skip(
                    "events of a new object are accepted in neither order",
                ));
            }
            (true, false) => 0,
            (false, true) => 1,
            // An event that comes second in one round comes first in the other.
            (false, false) => usize::from(!has_no_effect_first(&rounds[0].1, &rounds[1].1)),
        };
        let alone = |place: usize, at: usize| rounds[place].1.get(at).and_then(|(_, done)| *done);
        observation.effects = alone(shown, 0).zip(alone(1 - shown, 1));
        let (recipe, round) = rounds.swap_remove(shown);
        case.recipe = recipe;
        observation.answers = round.into_iter().map(|(answer, _)| answer).collect();
        self.note_answers(case, observation).await;
        Ok(judge(case, observation, self.rules()))
    }

    /// Sends these one after the other, and counts what is done for each.
    async fn sent_one_by_one(
        &self,
        requests: &[PreparedRequest],
    ) -> Result<Vec<(ReceiverResponse, Option<i64>)>, ConformanceError> {
        let client = self.plan.client(Shape::default())?;
        let effects = self.effects.as_ref().filter(|_| !self.probe_failed);
        let mut round = Vec::with_capacity(requests.len());
        if let Some(effects) = effects {
            effects.quiet().await?;
        }
        for outgoing in requests {
            let ids = self.plan.ids_of(std::slice::from_ref(outgoing));
            let effects = effects.filter(|effects| !effects.by_event() || !ids.is_empty());
            let before = match effects {
                Some(effects) => effects.count(&ids).await?,
                None => 0,
            };
            let answer = self.plan.answer(&client, outgoing).await;
            let done = match effects {
                Some(effects) => Some(effects.settled(&ids, before, 1).await?),
                None => None,
            };
            round.push((answer, done));
        }
        Ok(round)
    }

    /// Sends an event, kills the receiver then, starts it again, and sends the event again until it is accepted.
    async fn killed(
        &mut self,
        requests: &[PreparedRequest],
        at: KillAt,
    ) -> Result<Observation, ConformanceError> {
        let mut observation = Observation::default();
        let (Some(outgoing), Some(mut restarted)) = (requests.first(), self.restarted.take())
        else {
            return Ok(observation);
        };
        let ids = self.plan.ids_of(requests);
        let client = self.plan.client(Shape::default())?;
        let sending = self.plan.answer(&client, outgoing);
        let answer = match at {
            KillAt::AfterAnswer(after) => {
                let answer = sending.await;
                tokio::time::sleep(after).await;
                restarted.kill().await;
                answer
            }
            KillAt::InAnswer(part) => {
                let after = self.usual_answer_time() * part / 100;
                let killing = async {
                    tokio::time::sleep(after).await;
                    restarted.kill().await;
                };
                tokio::join!(sending, killing).0
            }
        };
        let was_acknowledged = self.plan.is_accepted(&answer);
        observation.answers.push(answer);
        let up = restarted.start_again(self.plan.resolved).await;
        self.restarted = Some(restarted);
        up?;
        let Some(effects) = &self.effects else {
            return Ok(observation);
        };
        // What was acknowledged has to be done without coming again.
        let alone = match was_acknowledged {
            true => Some(effects.settled(&ids, 0, 1).await?),
            false => None,
        };
        let client = self.plan.client(Shape::default())?;
        for _ in 0..SENT_AGAIN {
            let again = self.plan.answer(&client, outgoing).await;
            let is_accepted = self.plan.is_accepted(&again);
            observation.answers.push(again);
            if is_accepted {
                break;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        let counted = effects.settled(&ids, 0, 1).await?;
        observation.effects = Some((if alone == Some(0) { 0 } else { counted }, 1));
        Ok(observation)
    }

    /// How long an ordinary answer takes: the middle of those that came.
    fn usual_answer_time(&self) -> Duration {
        let answers = self.of_events.iter().chain(&self.ordinary);
        let mut times: Vec<Duration> = answers.map(|answer| answer.duration).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    /// What of these requests, or of the secrets, is in the receiver's log.
    async fn logged(
        &self,
        requests: &[PreparedRequest],
        what: Logged,
    ) -> Result<Vec<&'static str>, ConformanceError> {
        let Some(log) = &self.log else {
            return Ok(Vec::new());
        };
        // A logger may write a little later.
        tokio::time::sleep(LOGGED_WITHIN).await;
        let text = log.read()?;
        let mut found = Vec::new();
        if what == Logged::Payload {
            if memchr::memmem::find(&text, CANARY.as_bytes()).is_some() {
                found.push("the payload");
            }
            return Ok(found);
        }
        if redact_occurrences(&text, &self.plan.secrets) != text {
            found.push("the secret");
        }
        let scheme = self.plan.provider.signature.as_ref();
        let signatures = requests.iter().flat_map(|outgoing| {
            let headers = outgoing.request.headers.iter();
            headers.filter(|(name, _)| scheme.is_some_and(|scheme| scheme.is_carried_by(name)))
        });
        let mut signatures = signatures
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .filter_map(|value| bare(&value).map(str::to_owned));
        if signatures.any(|one| memchr::memmem::find(&text, one.as_bytes()).is_some()) {
            found.push("a signature");
        }
        Ok(found)
    }

    /// Why a case would say nothing now.
    fn why_not(&self, case: &Case) -> Option<String> {
        if case.area == Area::Failures && !self.effects.as_ref().is_some_and(Effects::by_event) {
            return Some(
                "use a probe that counts by event (--probe-url '…{id}') to see whether it is processed once".to_owned(),
            );
        }
        if let Some(since) = &self.gone_since {
            return Some(format!("the receiver stopped responding at {since}"));
        }
        let ordinary = self.ordinary.as_ref()?;
        if ordinary.result.is_err() {
            return Some("no response".to_owned());
        }
        if matches!(ordinary.status(), Some(300..=399 | 404 | 405 | 410)) {
            return Some("the endpoint was not reached".to_owned());
        }
        let accepted = self.plan.is_accepted(ordinary);
        // Which form is accepted says something only where it was the signature that was refused.
        let is_refusal = matches!(ordinary.status(), Some(400..=499));
        if case.recipe.faults.contains(&Fault::PublicSecret) && self.uses_public_secret() {
            return Some("the given secret is the test secret".to_owned());
        }
        let is_form = case.area == Area::RawBytes && !case.rests_on_acceptance;
        let says_nothing =
            case.rests_on_acceptance || (is_form && case.want == Want::Accepted && !is_refusal);
        let unfit = case.rests_on.as_ref();
        let unfit = unfit.filter(|event| self.events_accepted.get(*event) == Some(&false));
        if (says_nothing || unfit.is_some()) && !accepted {
            return Some(format!(
                "cannot be tested: ordinary deliveries are not accepted ({})",
                ordinary.in_words()
            ));
        }
        if let Some(event) = unfit {
            return Some(format!("cannot be tested: {event} is not accepted"));
        }
        if self.plan.suite.always_acknowledges
            && case.want == Want::Refused
            && self.effects.is_none()
        {
            return Some(
                "the provider requires a 2xx for every request, so only a probe shows whether it was refused".to_owned(),
            );
        }
        None
    }

    /// Whether what was given is the secret that everyone knows.
    fn uses_public_secret(&self) -> bool {
        let scheme = self.plan.provider.signature.as_ref();
        let keys = scheme.and_then(|scheme| test_keys(scheme).ok());
        keys.is_some_and(|keys| {
            let mut secrets = self.plan.secrets.iter();
            secrets.any(|secret| secret.expose() == keys.signing.expose())
        })
    }

    /// Keeps the signatures that these requests should have had.
    fn note_signatures(&mut self, requests: &[PreparedRequest]) {
        let Some(scheme) = self.plan.provider.signature.as_ref() else {
            return;
        };
        for outgoing in requests {
            let url = outgoing.destination.url_without_credentials();
            let subject = Subject {
                scheme,
                secrets: &self.plan.secrets,
                envelope: Envelope::of(&outgoing.request, Some(url.as_str())),
                body: &outgoing.request.body,
                now: self.plan.time.now(),
                others: &[],
                serializer: None,
            };
            let expected = expected_signature(&subject);
            self.signatures
                .extend(expected.as_deref().and_then(bare).map(Secret::new));
        }
    }

    /// How many effects a case is to have, where they are counted.
    fn wanted_effects(&self, case: &Case, ids: &[String]) -> Option<i64> {
        let effects = self.effects.as_ref().filter(|_| !self.probe_failed)?;
        // What no id tells from others cannot be counted by one.
        if effects.by_event() && ids.is_empty() {
            return None;
        }
        match case.want {
            Want::Accepted if case.one_effect => Some(1),
            Want::Refused => Some(0),
            Want::RefusedThenAccepted => Some(1),
            _ => None,
        }
    }

    /// A lost answer is settled by what was done, also where that is not counted elsewhere.
    fn wanted_of_lost(
        &self,
        case: &Case,
        answers: &[ReceiverResponse],
        ids: &[String],
    ) -> Option<i64> {
        let effects = self.effects.as_ref().filter(|_| !self.probe_failed)?;
        let is_lost = case.want == Want::Accepted && answers.iter().any(ReceiverResponse::is_lost);
        (is_lost && effects.by_event() && !ids.is_empty())
            .then(|| i64::try_from(ids.len()).unwrap_or(i64::MAX))
    }

    /// What earlier cases did may still be on its way, where none of them was counted.
    async fn rest_before(&mut self, is_counted: bool) {
        if let Some(effects) = &self.effects
            && is_counted
            && !self.is_quiet
        {
            // A probe that fails is told where it counts.
            let _ = effects.quiet().await;
        }
        self.is_quiet = is_counted;
    }

    /// Sends these over a connection of their own.
    async fn send(
        &self,
        case: &Case,
        requests: &[PreparedRequest],
    ) -> Result<Vec<ReceiverResponse>, ConformanceError> {
        let client = self.plan.client(faults::shape(&case.recipe.faults))?;
        let send = |outgoing| self.plan.answer(&client, outgoing);
        if case.recipe.together {
            return Ok(join_all(requests.iter().map(send)).await);
        }
        let mut answers = Vec::with_capacity(requests.len());
        for outgoing in requests {
            answers.push(send(outgoing).await);
        }
        Ok(answers)
    }

    /// Sends what a case is made of, and counts what is done for it.
    async fn observation(
        &mut self,
        case: &Case,
        requests: Vec<PreparedRequest>,
        place: usize,
    ) -> Result<Observation, ConformanceError> {
        let ids = self.plan.ids_of(&requests);
        let wanted = self.wanted_effects(case, &ids);
        self.rest_before(wanted.is_some()).await;
        let before = match (&self.effects, wanted) {
            (Some(effects), Some(_)) => effects.count(&ids).await,
            _ => Ok(0),
        };
        let answers = self.send(case, &requests).await?;
        let wanted = wanted.or_else(|| self.wanted_of_lost(case, &answers, &ids));
        let counted = match (&self.effects, wanted, before) {
            (Some(effects), Some(wanted), Ok(before)) => {
                let counted = effects.settled(&ids, before, wanted).await;
                if wanted == 0 && counted.is_ok() && effects.by_event() {
                    self.refused.push((place, ids));
                }
                counted.map(|counted| Some((counted, wanted)))
            }
            (Some(_), Some(_), Err(failure)) => Err(failure),
            _ => Ok(None),
        };
        let effects = match counted {
            Ok(effects) => effects,
            Err(failure) => {
                // What the answers say is worth having anyway.
                self.probe_failed = true;
                (self.plan.events)(RunEvent::ProbeFailed {
                    error: &failure,
                    case,
                });
                None
            }
        };
        let afterwards = match case.want {
            Want::AliveAfter => self.plan.ask_ordinary().await?,
            _ => None,
        };
        Ok(Observation {
            answers,
            effects,
            afterwards,
            logged: Vec::new(),
        })
    }

    /// Keeps what later cases go by.
    async fn note_answers(&mut self, case: &Case, observation: &Observation) {
        if case.area == Area::Reachable {
            self.ordinary = observation.answers.first().cloned();
        } else if case.area == Area::Events && case.want == Want::Accepted {
            if let [name] = case.recipe.events.as_slice()
                && name.variant.is_none()
            {
                let is_accepted = observation
                    .answers
                    .iter()
                    .all(|answer| self.plan.is_accepted(answer));
                self.events_accepted
                    .entry(name.event.clone())
                    .or_insert(is_accepted);
            }
            let answered = observation
                .answers
                .iter()
                .filter(|answer| answer.result.is_ok());
            self.of_events.extend(answered.cloned());
        }
        for answer in &observation.answers {
            self.all.push((case.recipe.clone(), cut(answer)));
        }
        for answer in &observation.answers {
            let is_late = matches!(&answer.result, Err(error) if error.code == NoResponse::TIMEOUT);
            self.timeouts = if is_late { self.timeouts + 1 } else { 0 };
        }
        if self.timeouts >= MOST_TIMEOUTS {
            self.gone_since = Some(case.full_name());
        }
        let last = observation
            .afterwards
            .as_ref()
            .or(observation.answers.last());
        // Where nothing ever answered, there is nothing to wait for.
        let is_lost = case.area != Area::Reachable
            && matches!(
                last.map(|answer| &answer.result),
                Some(Err(error)) if error.code != NoResponse::TIMEOUT
            );
        if is_lost && !self.answers_again().await {
            self.gone_since = Some(case.full_name());
        }
    }

    /// Whether ordinary deliveries are answered, if need be after a while. A process that is about to end
    /// may still take a connection, so the first look comes late.
    async fn answers_again(&self) -> bool {
        let until = Instant::now() + BACK_WITHIN;
        while Instant::now() < until {
            tokio::time::sleep(BETWEEN_TRIES).await;
            match self.plan.ask_ordinary().await {
                Ok(Some(answer)) if answer.result.is_ok() => return true,
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return false,
            }
        }
        false
    }

    /// The answers of the whole run, and the recipe of the one that gives itself away.
    fn look_at_all(&self, case: &mut Case, observation: &mut Observation) {
        let alone = |answer: &ReceiverResponse| Observation {
            answers: vec![answer.clone()],
            ..Observation::default()
        };
        let guilty = self
            .all
            .iter()
            .find(|(_, answer)| judge(case, &alone(answer), self.rules()).status != Status::Pass);
        if let Some((recipe, _)) = guilty {
            case.recipe = recipe.clone();
        }
        observation.answers = self.all.iter().map(|(_, answer)| answer.clone()).collect();
    }
}

/// The event that comes first in a round has no effect there, and has one where it comes second.
fn has_no_effect_first(
    round: &[(ReceiverResponse, Option<i64>)],
    other: &[(ReceiverResponse, Option<i64>)],
) -> bool {
    let first = round.first().and_then(|(_, done)| *done);
    let second = other.get(1).and_then(|(_, done)| *done);
    first == Some(0) && second.is_some_and(|done| done > 0)
}

/// A signature without its prefix and what is beside it; none where it is too short to be told from
/// other text.
fn bare(signature: &str) -> Option<&str> {
    let pieces = signature.split([',', ' ', '=']);
    pieces
        .max_by_key(|piece| piece.len())
        .filter(|piece| piece.len() >= 16)
}

/// An answer without what no one will look at.
fn cut(answer: &ReceiverResponse) -> ReceiverResponse {
    let mut answer = answer.clone();
    if let Ok(Response { body, .. }) = &mut answer.result {
        body.truncate(KEPT_OF_ANSWER);
    }
    answer
}
