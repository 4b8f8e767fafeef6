//! `check`: sends the cases of a provider's suite one after the other, and judges the answers.

pub mod effects;

use std::collections::HashSet;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::catalog::Provider;
use crate::check::{
    Answer, Area, Case, Course, Judged, NoAnswer, Recipe, Rules, Severity, Status, Suite, Want,
    findings, judge, suite,
};
use crate::cli::{CheckArgs, FailOn};
use crate::commands::Context;
use crate::commands::junit::{JunitCase, JunitOutcome, write_junit};
use crate::commands::send::faults;
use crate::commands::send::outgoing::{self, Outgoing, Target};
use crate::commands::send::transmit::{self, wait_for};
use crate::commands::send::{Composer, SchemaRule, SendOptions, secrets_for_sending};
use crate::exchange::quote;
use crate::exit::{Exit, Failure};
use crate::http::{Client, Resolved, SendErrorKind, Shape};
use crate::message::{Request, Response};
use crate::report::{
    Annotation, CheckAnswer, CheckCaseReport, CheckFinding, CheckReport, Note, Report,
};
use crate::secret::{Secret, mask_occurrences};
use crate::settings::SecretFlags;
use crate::signature::{Envelope, Subject, expected_signature};
use effects::Effects;

/// How long a receiver that broke a connection has to be there again, as under a supervisor.
const BACK_WITHIN: Duration = Duration::from_secs(2);
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// So many requests one after the other without an answer in time: it hangs.
const MOST_TIMEOUTS: u32 = 3;
/// No answer is waited for longer, whatever the provider does.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How much of an answer is kept for the judgement on all of them.
const KEPT_OF_ANSWER: usize = 64 * 1024;

pub async fn run(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    if args.list {
        return list(context, args);
    }
    let target = outgoing::target(context, args.url.as_deref(), args.to.as_deref())?;
    context.settle_generic(&args.scheme, target.endpoint)?;
    let provider = provider(context, args, Some(&target))?;
    let suite = suite(&provider).map_err(Failure::usage)?;
    check_selections(args, &suite)?;
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let resolved = target.place.resolve().await;
    outgoing::tell_of_foreign_place(context, &target, &resolved);
    if !resolved.addresses.is_empty() && !resolved.is_loopback() && !args.yes {
        return Err(Failure::usage(format!(
            "{} is not this machine: a check sends it forged and broken requests",
            target.place
        ))
        .hint("add --yes, if it is yours"));
    }
    if let Some(limit) = args.wait
        && !wait_for(&resolved, limit).await
    {
        context.ui.note(Note::warning(format!(
            "nothing listens at {} after {}",
            target.place,
            crate::duration::short(limit)
        )));
    }
    let secrets = if resolved.addresses.is_empty() {
        // Nothing will be sent, so nothing is to be signed.
        Vec::new()
    } else {
        secrets_for_sending(
            context,
            &args.secrets.flags(),
            &provider,
            &target,
            &resolved,
            &mut false,
        )?
    };
    let effects = Effects::new(args)?;
    if let Some(effects) = &effects {
        // A probe that does not count is better known before anything is sent.
        effects.count().await?;
    }
    let mut running = Running {
        context,
        args,
        provider: &provider,
        target: &target,
        resolved: &resolved,
        secrets: &secrets,
        effects,
        suite: &suite,
        started: Instant::now(),
        ordinary: None,
        gone_since: None,
        of_events: Vec::new(),
        all: Vec::new(),
        signatures: Vec::new(),
        probe_failed: false,
        timeouts: 0,
        is_interrupted: false,
        is_quiet: false,
    };
    if !resolved.addresses.is_empty() {
        // A secret that cannot sign, or a URL that may not be sent to, is no fault of the receiver's.
        running.compose(&running.ordinary_recipe())?;
    }
    let seen = running.run().await?;
    running.conclude(&seen, baseline.as_ref())
}

/// A selection that fits nothing is a typing error, and would make an empty run look good.
fn check_selections(args: &CheckArgs, suite: &Suite) -> Result<(), Failure> {
    let listed = "`hookcli check --list` prints the cases";
    for selection in args.only.iter().chain(&args.skip) {
        if !suite.cases.iter().any(|case| selection.fits(case)) {
            return Err(Failure::usage(format!("`{selection}` fits no case")).hint(listed));
        }
    }
    if suite.cases.iter().any(|case| is_wanted(args, case)) {
        Ok(())
    } else {
        Err(Failure::usage("--only and --skip leave no case").hint(listed))
    }
}

/// The cases that were asked for.
fn is_wanted(args: &CheckArgs, case: &Case) -> bool {
    let fits = |selections: &[crate::check::Selection]| {
        selections.iter().any(|selection| selection.fits(case))
    };
    (args.only.is_empty() || fits(&args.only)) && !fits(&args.skip)
}

/// Whose receiver it is.
fn provider(
    context: &Context,
    args: &CheckArgs,
    target: Option<&Target<'_>>,
) -> Result<Arc<Provider>, Failure> {
    let own = target
        .and_then(|target| target.endpoint)
        .and_then(|endpoint| endpoint.provider.as_deref());
    let named = args
        .provider
        .as_deref()
        .or(own)
        .or(context.settings.default_provider.as_deref());
    let name = named.ok_or_else(|| {
        Failure::usage("whose events does the receiver take?")
            .hint("name the provider with --provider; `hookcli providers` lists them")
    })?;
    context.provider(name)
}

fn list(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    context.settle_generic(&args.scheme, None)?;
    let provider = provider(context, args, None)?;
    let suite = suite(&provider).map_err(Failure::usage)?;
    check_selections(args, &suite)?;
    for case in suite.cases.iter().filter(|case| is_wanted(args, case)) {
        context.emit(&Report::CheckListed(Box::new(CheckCaseReport {
            command: command_line(&case.recipe.arguments(), &[]),
            ..case_report(case, Status::Skip)
        })))?;
    }
    Ok(Exit::Done)
}

fn case_report(case: &Case, status: Status) -> CheckCaseReport {
    CheckCaseReport {
        name: case.full_name(),
        area: case.area,
        severity: case.severity,
        status,
        known: false,
        reason: case.reason.clone(),
        source: case.source.clone(),
        why: String::new().into(),
        command: String::new(),
        answers: Vec::new(),
    }
}

/// `hookcli send …`, as a shell takes it.
fn command_line(arguments: &[String], more: &[String]) -> String {
    let words = arguments.iter().chain(more).map(|word| quote(word));
    let words: Vec<String> = words.collect();
    format!("hookcli send {}", words.join(" "))
}

/// A case, what became of it, and what was seen.
struct Seen {
    case: Case,
    judged: Judged,
    course: Course,
}

/// A run under way.
struct Running<'r> {
    context: &'r Context,
    args: &'r CheckArgs,
    provider: &'r Provider,
    target: &'r Target<'r>,
    resolved: &'r Resolved,
    secrets: &'r [Secret],
    effects: Option<Effects>,
    suite: &'r Suite,
    started: Instant,
    /// The answer to the first ordinary delivery.
    ordinary: Option<Answer>,
    /// The case after which nothing answered any more.
    gone_since: Option<String>,
    /// The answers to the events' deliveries.
    of_events: Vec<Answer>,
    /// All answers, cut, and what asked for them.
    all: Vec<(Recipe, Answer)>,
    /// What would have been right where a forged signature was sent.
    signatures: Vec<Secret>,
    /// The probe failed in the middle of the run.
    probe_failed: bool,
    /// How many answers in a row did not come in time.
    timeouts: u32,
    is_interrupted: bool,
    /// Effects of the cases that are not counted have had time to come.
    is_quiet: bool,
}

impl Running<'_> {
    async fn run(&mut self) -> Result<Vec<Seen>, Failure> {
        let cases = self.suite.cases.iter();
        // Whether anything is reached decides what the others are worth.
        let wanted: Vec<&Case> = cases
            .filter(|case| case.area == Area::Reachable || is_wanted(self.args, case))
            .collect();
        let mut seen = Vec::with_capacity(wanted.len());
        let mut interrupted = pin!(tokio::signal::ctrl_c());
        for (done, case) in wanted.iter().enumerate() {
            let ui = &self.context.ui;
            ui.progress(done as u64, wanted.len() as u64, &case.full_name());
            tokio::select! {
                one = self.one((*case).clone()) => seen.push(one?),
                _ = &mut interrupted => {
                    // What is known by now is told.
                    self.is_interrupted = true;
                    break;
                }
            }
        }
        Ok(seen)
    }

    async fn one(&mut self, mut case: Case) -> Result<Seen, Failure> {
        let mut course = Course::default();
        let judged = match self.why_not(&case) {
            Some(why) => Judged::skip(why),
            None if self.resolved.addresses.is_empty() => {
                course.answers.push(self.unknown_host());
                self.note_answers(&case, &course).await;
                judge(&case, &course, self.rules())
            }
            None => match self.compose(&case.recipe) {
                Err(failure) => Judged::skip(format!("it cannot be sent: {}", failure.message)),
                Ok(requests) => {
                    if case.area == Area::Authenticity {
                        self.note_signatures(&requests);
                    }
                    course = self.course(&case, requests).await?;
                    self.note_answers(&case, &course).await;
                    match case.want {
                        Want::Within(_) if !self.of_events.is_empty() => {
                            course.answers.clone_from(&self.of_events);
                        }
                        Want::NoTrace | Want::NoSecret | Want::NoSignature => {
                            self.look_at_all(&mut case, &mut course);
                        }
                        _ => {}
                    }
                    judge(&case, &course, self.rules())
                }
            },
        };
        Ok(Seen {
            case,
            judged,
            course,
        })
    }

    /// The answer of a host that has no address.
    fn unknown_host(&self) -> Answer {
        let why = self.resolved.unknown.clone();
        Answer {
            result: Err(NoAnswer {
                code: SendErrorKind::Dns.name(),
                message: why.unwrap_or_else(|| "the host has no address".into()),
            }),
            duration: Duration::ZERO,
        }
    }

    fn rules(&self) -> Rules<'_> {
        let delivery = &self.provider.delivery;
        let provenance = &delivery.provenance;
        Rules {
            policy: delivery,
            timeout_is_assumed: provenance.assumed.is_some()
                || provenance.assumed_facts.contains_key("timeout"),
            secrets: self.secrets,
            signatures: &self.signatures,
        }
    }

    /// Why a case would say nothing now.
    fn why_not(&self, case: &Case) -> Option<String> {
        if let Some(since) = &self.gone_since {
            return Some(format!("nothing answers any more since {since}"));
        }
        let ordinary = self.ordinary.as_ref()?;
        if ordinary.result.is_err() {
            return Some("nothing answers".to_owned());
        }
        if matches!(ordinary.status(), Some(300..=399 | 404 | 405 | 410)) {
            return Some("the endpoint was not reached".to_owned());
        }
        let accepted = ordinary
            .status()
            .is_some_and(|status| self.provider.delivery.is_success(status));
        // Which form is accepted says something only where it was the signature that was refused.
        let is_refusal = matches!(ordinary.status(), Some(400..=499));
        let is_form = case.area == Area::RawBytes && !case.rests_on_acceptance;
        let says_nothing =
            case.rests_on_acceptance || (is_form && case.want == Want::Accepted && !is_refusal);
        if says_nothing && !accepted {
            return Some(format!(
                "it says nothing while ordinary deliveries are not accepted ({})",
                ordinary.told()
            ));
        }
        if self.suite.always_acknowledges && case.want == Want::Refused && self.effects.is_none() {
            return Some(
                "the provider asks for 2xx whatever comes: only effects would tell".to_owned(),
            );
        }
        None
    }

    /// Keeps the signatures that these requests should have had.
    fn note_signatures(&mut self, requests: &[Outgoing]) {
        let Some(scheme) = self.provider.signature.as_ref() else {
            return;
        };
        for outgoing in requests {
            let url = outgoing.place.url_without_credentials();
            let subject = Subject {
                scheme,
                secrets: self.secrets,
                envelope: Envelope::of(&outgoing.request, Some(url.as_str())),
                body: &outgoing.request.body,
                now: Timestamp::now(),
                others: &[],
            };
            let expected = expected_signature(&subject);
            self.signatures
                .extend(expected.as_deref().and_then(bare).map(Secret::new));
        }
    }

    /// The requests of a recipe, built and signed.
    fn compose(&self, recipe: &Recipe) -> Result<Vec<Outgoing>, Failure> {
        let data = recipe.data.map(|data| match data.starts_with('{') {
            true => data.as_bytes().to_vec(),
            false => Vec::new(),
        });
        let mut headers = outgoing::own_headers(&self.args.way)?;
        for header in &recipe.headers {
            headers.push(header.parse().map_err(Failure::usage)?);
        }
        let options = SendOptions {
            data,
            edits: outgoing::edits(&recipe.set, &recipe.set_string, &recipe.unset)?,
            schema: SchemaRule::Skip,
            unsigned: recipe.unsigned,
            secrets: SecretFlags {
                literal: self.secrets.to_vec(),
                ..SecretFlags::default()
            },
            headers,
            method: recipe.method.map(str::to_owned),
            allow_http: self.args.way.allow_http,
            faults: recipe.faults.clone(),
            ..SendOptions::default()
        };
        let mut composer = Composer::new(self.context, &options, self.target, self.resolved);
        let names = recipe.events.iter();
        let mut requests = names
            .map(|name| composer.compose(name))
            .collect::<Result<Vec<_>, _>>()?;
        faults::order(&recipe.faults, &mut requests);
        if faults::late(&recipe.faults).is_some() {
            // The hour between the two goes by at once: nobody but the receiver's memory could tell.
            requests.extend(requests.clone());
        }
        Ok(requests)
    }

    fn client(&self, shape: Shape) -> Result<Client, Failure> {
        let endpoint = self.target.endpoint;
        transmit::client(self.resolved.clone(), &self.args.way, endpoint, shape)
    }

    async fn answer(&self, client: &Client, request: &Request) -> Answer {
        let begun = Instant::now();
        let sent = client
            .send(
                request,
                Some(self.provider.delivery.timeout.min(LONGEST_WAIT)),
            )
            .await;
        Answer {
            result: sent.result.map_err(|error| NoAnswer {
                code: error.kind.name(),
                message: error.message,
            }),
            duration: begun.elapsed(),
        }
    }

    /// Sends what a case is made of, over a connection of its own.
    async fn course(&mut self, case: &Case, requests: Vec<Outgoing>) -> Result<Course, Failure> {
        let wanted = match case.want {
            Want::Accepted if case.one_effect => Some(1),
            Want::Refused => Some(0),
            _ => None,
        };
        let counting = self.effects.as_ref().zip(wanted);
        let counting = counting.filter(|_| !self.probe_failed);
        if let Some((effects, _)) = counting
            && case.area == Area::Idempotency
            && !std::mem::replace(&mut self.is_quiet, true)
        {
            // What earlier cases did may still be on its way. A probe that fails is told below.
            let _ = effects.quiet().await;
        }
        let before = match counting {
            Some((effects, _)) => effects.count().await,
            None => Ok(0),
        };
        let client = self.client(faults::shape(&case.recipe.faults))?;
        let this = &*self;
        let send = |outgoing: &Outgoing| {
            let request = outgoing.request.clone();
            let client = &client;
            async move { this.answer(client, &request).await }
        };
        let answers = if case.recipe.together {
            join_all(requests.iter().map(send)).await
        } else {
            let mut answers = Vec::with_capacity(requests.len());
            for outgoing in &requests {
                answers.push(send(outgoing).await);
            }
            answers
        };
        let counted = match (counting, before) {
            (None, _) => None,
            (Some((effects, wanted)), Ok(before)) => Some(
                effects
                    .settled(before, wanted)
                    .await
                    .map(|counted| (counted, wanted)),
            ),
            (Some(_), Err(failure)) => Some(Err(failure)),
        };
        let effects = match counted.transpose() {
            Ok(effects) => effects,
            Err(failure) => {
                // What the answers say is worth having all the same.
                self.probe_failed = true;
                self.context.ui.note(Note::warning(format!(
                    "{}; effects are not counted from {} on",
                    failure.message,
                    case.full_name()
                )));
                None
            }
        };
        let afterwards = match case.want {
            Want::AliveAfter => {
                let ordinary = self.ordinary_recipe();
                let requests = self.compose(&ordinary)?;
                let client = self.client(Shape::default())?;
                match requests.first() {
                    Some(outgoing) => Some(self.answer(&client, &outgoing.request).await),
                    None => None,
                }
            }
            _ => None,
        };
        Ok(Course {
            answers,
            effects,
            afterwards,
        })
    }

    fn ordinary_recipe(&self) -> Recipe {
        Recipe {
            events: vec![self.suite.base.clone()],
            ..Recipe::default()
        }
    }

    /// Keeps what later cases go by.
    async fn note_answers(&mut self, case: &Case, course: &Course) {
        if case.area == Area::Reachable {
            self.ordinary = course.answers.first().cloned();
        } else if case.area == Area::Events && case.want == Want::Accepted {
            let answered = course.answers.iter().filter(|answer| answer.result.is_ok());
            self.of_events.extend(answered.cloned());
        }
        for answer in &course.answers {
            self.all.push((case.recipe.clone(), cut(answer)));
        }
        for answer in &course.answers {
            let is_late = matches!(&answer.result, Err(error) if error.code == NoAnswer::TIMEOUT);
            self.timeouts = if is_late { self.timeouts + 1 } else { 0 };
        }
        if self.timeouts >= MOST_TIMEOUTS {
            self.gone_since = Some(case.full_name());
        }
        let last = course.afterwards.as_ref().or(course.answers.last());
        // Where nothing ever answered, there is nothing to wait for.
        let is_lost = case.area != Area::Reachable
            && matches!(
                last.map(|answer| &answer.result),
                Some(Err(error)) if error.code != NoAnswer::TIMEOUT
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
            let Ok(requests) = self.compose(&self.ordinary_recipe()) else {
                return false;
            };
            let (Some(outgoing), Ok(client)) = (requests.first(), self.client(Shape::default()))
            else {
                return false;
            };
            if self.answer(&client, &outgoing.request).await.result.is_ok() {
                return true;
            }
        }
        false
    }

    /// The answers of the whole run, and the recipe of the one that gives itself away.
    fn look_at_all(&self, case: &mut Case, course: &mut Course) {
        let alone = |answer: &Answer| Course {
            answers: vec![answer.clone()],
            ..Course::default()
        };
        let guilty = self
            .all
            .iter()
            .find(|(_, answer)| judge(case, &alone(answer), self.rules()).status != Status::Pass);
        if let Some((recipe, _)) = guilty {
            case.recipe = recipe.clone();
        }
        course.answers = self.all.iter().map(|(_, answer)| answer.clone()).collect();
    }

    /// A receiver's text without the secrets that it may echo.
    fn masked(&self, text: &str) -> String {
        let masked = mask_occurrences(text.as_bytes(), self.secrets);
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// The flags that each case's command ends with.
    fn place_and_secret(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut flag = |name: &str, value: &str| {
            words.push(name.to_owned());
            words.push(value.to_owned());
        };
        match &self.target.endpoint_name {
            Some(name) => flag("--to", name),
            None => flag(
                "--url",
                self.target.place.url_without_credentials().as_str(),
            ),
        }
        let secrets = &self.args.secrets;
        for name in &secrets.secret_env {
            flag("--secret-env", name);
        }
        for file in &secrets.secret_file {
            flag("--secret-file", &file.display().to_string());
        }
        if !secrets.secret.is_empty() {
            // A command line is no place for it.
            flag("--secret-env", "HOOKCLI_SECRET");
        }
        for dir in &self.context.provider_dirs {
            flag("--provider-dir", &dir.display().to_string());
        }
        if let Some(file) = &self.context.config_file {
            flag("--config", &file.display().to_string());
        }
        let way = &self.args.way;
        for header in &way.headers {
            // What proves who one is has no place in a log.
            let is_secret = ["authorization", "cookie", "proxy-authorization"]
                .iter()
                .any(|name| header.name.eq_ignore_ascii_case(name));
            let value = if is_secret { "***" } else { &header.value };
            flag("-H", &format!("{}: {value}", header.name));
        }
        if let Some(file) = &way.cacert {
            flag("--cacert", &file.display().to_string());
        }
        words.extend(self.args.scheme.arguments());
        if way.insecure {
            words.push("--insecure".to_owned());
        }
        if way.allow_http {
            words.push("--allow-http".to_owned());
        }
        words
    }

    fn reports(&self, seen: &[Seen], baseline: Option<&HashSet<String>>) -> Vec<CheckCaseReport> {
        let place = self.place_and_secret();
        let is_far = !self.resolved.is_loopback();
        let one = |seen: &Seen| {
            let case = &seen.case;
            let mut more = place.clone();
            if is_far && !case.recipe.faults.is_empty() {
                more.push("--yes".to_owned());
            }
            let unmet = matches!(seen.judged.status, Status::Fail | Status::Warn);
            let shown = seen.course.answers.iter().take(case.recipe.deliveries());
            CheckCaseReport {
                known: unmet
                    && baseline.is_some_and(|baseline| baseline.contains(&case.full_name())),
                why: self.masked(&seen.judged.why).into(),
                command: command_line(&case.recipe.arguments(), &more),
                answers: shown
                    .map(|answer| CheckAnswer {
                        status: answer.status(),
                        error: answer
                            .result
                            .as_ref()
                            .err()
                            .map(|error| error.code.to_owned()),
                        duration_ms: answer.duration.as_micros() as f64 / 1000.0,
                    })
                    .collect(),
                ..case_report(case, seen.judged.status)
            }
        };
        seen.iter().map(one).collect()
    }

    /// Says what the run comes to.
    fn conclude(&self, seen: &[Seen], baseline: Option<&HashSet<String>>) -> Result<Exit, Failure> {
        let cases = self.reports(seen, baseline);
        let fails = |case: &CheckCaseReport| match (case.status, self.args.fail_on) {
            (Status::Fail, _) => !case.known,
            (Status::Warn, FailOn::Should) => case.severity >= Severity::Should && !case.known,
            _ => false,
        };
        let facts: Vec<_> = seen
            .iter()
            .map(|seen| (&seen.case, &seen.judged, &seen.course))
            .collect();
        let count = |status: Status| cases.iter().filter(|case| case.status == status).count();
        let unanswered = self
            .ordinary
            .as_ref()
            .is_none_or(|answer| answer.result.is_err());
        let is_incomplete = self.is_incomplete(&cases);
        let report = CheckReport {
            provider: self.provider.name.clone(),
            url: self.target.place.to_string(),
            ok: !cases.iter().any(fails) && !unanswered && !is_incomplete,
            passed: count(Status::Pass),
            failed: count(Status::Fail),
            warned: count(Status::Warn),
            skipped: count(Status::Skip),
            known: cases.iter().filter(|case| case.known).count(),
            findings: findings(&facts, self.provider, self.gone_since.as_deref())
                .into_iter()
                .map(|finding| CheckFinding {
                    name: finding.name,
                    sentence: self.masked(&finding.sentence).into(),
                    advice: finding.advice,
                    cases: finding.cases,
                })
                .collect(),
            duration_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            cases,
        };
        for case in &report.cases {
            self.context
                .emit(&Report::CheckCase(Box::new(case.clone())))?;
        }
        self.annotate(&report);
        self.tell(&report, baseline);
        let ok = report.ok;
        self.context
            .emit(&Report::Check(Box::new(report.clone())))?;
        self.write_files(&report, fails)?;
        Ok(match (self.is_interrupted, unanswered, ok) {
            (true, ..) => Exit::Interrupted,
            (_, true, _) => Exit::NoAnswer,
            (_, _, true) => Exit::Done,
            _ => Exit::Negative,
        })
    }

    /// The files for CI, once the verdict is told: one that cannot be written takes nothing away.
    fn write_files(
        &self,
        report: &CheckReport,
        fails: impl Fn(&CheckCaseReport) -> bool,
    ) -> Result<(), Failure> {
        if let Some(file) = &self.args.junit {
            write_junit(file, &junit_cases(report, fails))?;
        }
        let Some(file) = &self.args.write_baseline else {
            return Ok(());
        };
        let is_whole = report
            .cases
            .iter()
            .any(|case| case.area != Area::Reachable && case.status != Status::Skip)
            && self.gone_since.is_none()
            && !self.is_interrupted;
        if is_whole {
            write_baseline(file, report)
        } else {
            self.context.ui.note(Note::warning(
                "no baseline was written: most cases were not asked",
            ));
            Ok(())
        }
    }

    /// What keeps a run from proving anything, whatever its cases say: no ordinary delivery is accepted and
    /// no baseline knows it, the receiver died on the way, the probe failed.
    fn is_incomplete(&self, cases: &[CheckCaseReport]) -> bool {
        let base = format!("{}.{}", Area::Events.name(), self.suite.base.event);
        let is_known = cases.iter().any(|case| case.name == base && case.known);
        let ordinary = self.ordinary.as_ref().and_then(Answer::status);
        let accepted = ordinary.is_some_and(|status| self.provider.delivery.is_success(status));
        self.is_interrupted
            || self.gone_since.is_some()
            || self.probe_failed
            || !(accepted || is_known)
    }

    fn tell(&self, report: &CheckReport, baseline: Option<&HashSet<String>>) {
        let ui = &self.context.ui;
        if let Some(baseline) = baseline {
            let cases = &self.suite.cases;
            let strange: Vec<&str> = baseline
                .iter()
                .filter(|name| !cases.iter().any(|case| case.full_name() == **name))
                .map(String::as_str)
                .collect();
            if !strange.is_empty() {
                ui.note(Note::warning(format!(
                    "the baseline names what is no case: {}",
                    strange.join(", ")
                )));
            }
            let mended = report
                .cases
                .iter()
                .filter(|case| case.status == Status::Pass && baseline.contains(&case.name));
            let mended: Vec<&str> = mended.map(|case| case.name.as_str()).collect();
            if !mended.is_empty() {
                ui.note(Note::hint(format!(
                    "these pass now, and can go from the baseline: {}",
                    mended.join(", ")
                )));
            }
        }
        if let Some(since) = &self.gone_since {
            ui.note(Note::warning(format!(
                "nothing answered any more since {since}: what follows was not asked"
            )));
        }
        if !self.args.secrets.secret.is_empty() && report.failed + report.warned > 0 {
            ui.note(Note::hint(
                "the commands take the secret from HOOKCLI_SECRET: set it to the one of --secret",
            ));
        }
        let counts = report
            .cases
            .iter()
            .any(|case| case.area == Area::Idempotency);
        if self.effects.is_none() && counts && report.ok {
            ui.note(Note::hint(
                "whether an event that comes again is done once shows with --probe -- COMMAND or --probe-url URL",
            ));
        }
    }

    /// Lines for the page of a run of GitHub Actions.
    fn annotate(&self, report: &CheckReport) {
        let environment = &self.context.settings.environment;
        if environment.text("GITHUB_ACTIONS").as_deref() != Some("true") {
            return;
        }
        for case in &report.cases {
            let unmet = matches!(case.status, Status::Fail | Status::Warn);
            if unmet && !case.known && case.severity > Severity::Info {
                self.context.ui.annotate(&Annotation {
                    is_error: case.status == Status::Fail,
                    title: format!("hookcli check: {}", case.name),
                    message: format!(
                        "{} ({}). Again: {}",
                        case.why.unescaped(),
                        case.reason,
                        case.command
                    )
                    .into(),
                });
            }
        }
    }
}

/// A signature without its prefix and what stands beside it; none where it is too short to be told from
/// other text.
fn bare(signature: &str) -> Option<&str> {
    let pieces = signature.split([',', ' ', '=']);
    pieces
        .max_by_key(|piece| piece.len())
        .filter(|piece| piece.len() >= 16)
}

/// An answer without what nobody will look at.
fn cut(answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    if let Ok(Response { body, .. }) = &mut answer.result {
        body.truncate(KEPT_OF_ANSWER);
    }
    answer
}

fn junit_cases(report: &CheckReport, fails: impl Fn(&CheckCaseReport) -> bool) -> Vec<JunitCase> {
    let cases = report.cases.iter();
    cases
        .map(|case| JunitCase {
            class: format!("hookcli.check.{}", case.area.name()),
            name: case.name.clone(),
            outcome: match case.status {
                Status::Fail | Status::Warn if fails(case) => JunitOutcome::Failed(format!(
                    "{}; {}. Again: {}",
                    case.why.unescaped(),
                    case.reason,
                    case.command
                )),
                Status::Fail => JunitOutcome::Skipped(format!(
                    "known in the baseline: {}",
                    case.why.unescaped()
                )),
                Status::Skip => JunitOutcome::Skipped(case.why.unescaped().to_owned()),
                Status::Pass | Status::Warn => JunitOutcome::Passed,
            },
        })
        .collect()
}

const LARGEST_BASELINE: u64 = 1 << 20;

/// The cases' full names, one a line; `#` begins a comment.
fn read_baseline(file: &Path) -> Result<HashSet<String>, Failure> {
    use std::io::Read as _;
    let told = |why: String| {
        Failure::usage(format!("{}: {why}", file.display()))
            .hint("--write-baseline FILE writes one")
    };
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|opened| opened.take(LARGEST_BASELINE + 1).read_to_string(&mut text))
        .map_err(|error| told(error.to_string()))?;
    if text.len() as u64 > LARGEST_BASELINE {
        return Err(told("it is no baseline: it is too large".to_owned()));
    }
    let lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

fn write_baseline(file: &Path, report: &CheckReport) -> Result<(), Failure> {
    let mut text = format!(
        "# What {}'s receiver is known to fail, for `hookcli check --baseline`.\n",
        report.provider
    );
    for case in &report.cases {
        if matches!(case.status, Status::Fail | Status::Warn) && case.severity > Severity::Info {
            text.push_str(&case.name);
            text.push('\n');
        }
    }
    std::fs::write(file, text)
        .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))
}
