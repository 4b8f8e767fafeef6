//! `check`: sends the cases of a provider's suite one after the other, and says what the answers come to.

mod command;
mod verdict;

use std::sync::Arc;

use crate::catalog::{Catalog, Provider};
use crate::cli::{CheckArgs, FailOn};
use crate::compose::signing_secrets;
use crate::conformance::{
    Area, Baseline, Case, CheckCaseReport, Conclusion, ConclusionRules, Effects, Log, Probe,
    Restarted, RunEvent, RunOutcome, RunPlan, Runner, Selection, Status, Suite, Want, suite,
};
use crate::context::Context;
use crate::context::recording::Recording;
use crate::context::signals::Signals;
use crate::context::target::{self, Target};
use crate::exit::{Exit, Failure};
use crate::http::Resolved;
use crate::model::{RandomSource, Secret, TimeSource, duration::short};
use crate::render::write_unfinished;
use crate::report::{Note, Report};
use crate::settings::{Endpoint, SecretFlags};
use crate::view::redact;
use command::{CaseCommand, command_line};

pub async fn run(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    if args.list {
        return list(context, args);
    }
    let target = target::target(
        context,
        args.url.as_deref(),
        args.to.as_deref(),
        &args.scheme,
    )?;
    let provider = provider(context, args, &target.catalog, target.endpoint)?;
    let suite = fitting_suite(args, &provider)?;
    if let Some(file) = &args.junit {
        write_unfinished(file, "hookcli.check");
    }
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose()?;
    let resolved = target.destination.resolve().await;
    target::report_foreign_destination(context, &target, &resolved);
    may_check(args, &target, &resolved)?;
    let check = Check {
        context,
        args,
        target: &target,
        provider: &provider,
        suite: &suite,
        resolved: &resolved,
    };
    let (outcome, secrets) = check.run().await?;
    let conclusion = check.conclude(&outcome, &secrets, baseline.as_ref());
    verdict::tell(context, args, &outcome, &conclusion)
}

/// What a run is made of.
struct Check<'c> {
    context: &'c Context,
    args: &'c CheckArgs,
    target: &'c Target<'c>,
    provider: &'c Provider,
    suite: &'c Suite,
    resolved: &'c Resolved,
}

impl Check<'_> {
    /// Asks the cases; the secrets that signed come with what was seen.
    async fn run(&self) -> Result<(RunOutcome, Vec<Secret>), Failure> {
        let (context, args, target) = (self.context, self.args, self.target);
        let log = args.log_file.clone().map(Log::since_now);
        let restarted = match &args.restart {
            Some(command) => Some(Restarted::start(command, self.resolved, args.wait).await?),
            None => None,
        };
        let log = log.or_else(|| restarted.as_ref().map(Restarted::log));
        self.wait_for_receiver().await;
        let secrets = self.secrets()?;
        let effects = effects(context, args)?;
        if let Some(effects) = &effects {
            // A probe that does not count is better known before anything is sent.
            effects.count(&["hookcli-no-such-event".to_owned()]).await?;
        }
        // Whether anything is reached decides what the others are worth.
        let is_asked = |case: &&Case| case.area == Area::Reachable || is_wanted(args, case);
        let cases: Vec<Case> = self.suite.cases.iter().filter(is_asked).cloned().collect();
        let recipient = target.recipient(self.resolved);
        let (recording, to_record) = Recording::new(context, args.record)?;
        let events = |event: RunEvent<'_>| tell(context, &recording, &event);
        let plan = RunPlan {
            catalog: &target.catalog,
            provider: self.provider,
            suite: self.suite,
            cases: &cases,
            recipient: &recipient,
            resolved: self.resolved,
            tls: args.transport.tls(target.trusts_any_certificate()),
            headers: args.transport.own_headers().map_err(Failure::usage)?,
            allow_http: args.transport.allow_http,
            secrets: secrets.clone(),
            old_secrets: old_secrets(context, args)?,
            verify_token: context.settings.verify_token(self.provider),
            time: TimeSource::default(),
            random: RandomSource::default(),
            events: &events,
        };
        let runner = Runner::new(plan, effects, restarted, log);
        if !self.resolved.addresses.is_empty() {
            runner.check()?;
        }
        let mut signals = Signals::new()?;
        let run = async {
            let outcome = runner.run(signals.next()).await;
            recording.end();
            outcome
        };
        let (outcome, stored) = tokio::join!(run, to_record.store());
        stored?;
        Ok((outcome?, secrets))
    }

    async fn wait_for_receiver(&self) {
        if let Some(limit) = self.args.wait
            && !self.resolved.wait_until_listening(limit).await
        {
            self.context.ui.note(Note::warning(format!(
                "nothing listens at {} after {}: start the receiver, or allow more time with --wait",
                self.target.destination,
                short(limit)
            )));
        }
    }

    fn secrets(&self) -> Result<Vec<Secret>, Failure> {
        if self.resolved.addresses.is_empty() {
            // Nothing will be sent, so nothing is to be signed.
            return Ok(Vec::new());
        }
        let keyring = self.target.keyring(self.context, self.args.secrets.flags());
        let recipient = self.target.recipient(self.resolved);
        let (secrets, notice) = signing_secrets(&keyring, self.provider, &recipient)?;
        self.context.tell(notice);
        Ok(secrets)
    }

    fn conclude(
        &self,
        outcome: &RunOutcome,
        secrets: &[Secret],
        baseline: Option<&Baseline>,
    ) -> Conclusion {
        let tokens = self.context.token_names_of(&self.target.catalog);
        let command = CaseCommand {
            context: self.context,
            args: self.args,
            target: self.target,
            resolved: self.resolved,
            tokens: &tokens,
        };
        let rules = ConclusionRules {
            provider: self.provider,
            suite: self.suite,
            secrets,
            url: redact::target(&self.target.destination.to_string(), &tokens),
            baseline,
            fails_on_should: self.args.fail_on == FailOn::Should,
            command: &|case| command.of(case),
        };
        Conclusion::new(outcome, &rules)
    }
}

/// The provider's cases, without those for which something is not given.
fn fitting_suite(args: &CheckArgs, provider: &Provider) -> Result<Suite, Failure> {
    let mut suite = suite(provider).map_err(Failure::usage)?;
    let has_old_secret = args.old_secret_env.is_some() || args.old_secret_file.is_some();
    let has_log = args.restart.is_some() || args.log_file.is_some();
    suite.cases.retain(|case| {
        (has_old_secret || !case.recipe.old_secret)
            && (args.restart.is_some() || case.area != Area::Failures)
            && (has_log || !matches!(case.want, Want::NotLogged(_)))
    });
    check_selections(args, &suite)?;
    Ok(suite)
}

/// A check is for this machine, or for one that the user says is theirs.
fn may_check(args: &CheckArgs, target: &Target<'_>, resolved: &Resolved) -> Result<(), Failure> {
    if !resolved.addresses.is_empty() {
        let harm = "a check sends forged and broken requests";
        target::check_place(&target.destination, resolved, args.yes, harm)?;
    }
    match &args.restart {
        Some(command) if !resolved.is_loopback() => Err(Failure::usage(format!(
            "--restart `{command}` starts a receiver on this machine, but {} is on another",
            target.destination
        ))),
        _ => Ok(()),
    }
}

fn tell(context: &Context, recording: &Recording, event: &RunEvent<'_>) {
    match event {
        RunEvent::Sent { outgoing, attempt } => recording.take_down(outgoing, attempt),
        RunEvent::CaseStarted { done, total, case } => {
            let words = format!("{done}/{total} {}", case.full_name());
            context.ui.progress(*done as u64, *total as u64, &words);
        }
        // What the answers say is worth having anyway.
        RunEvent::ProbeFailed { error, case } => context.ui.note(Note::warning(format!(
            "{error}; effects are not counted from {} on",
            case.full_name()
        ))),
    }
}

/// What counts effects, if the flags name something.
fn effects(context: &Context, args: &CheckArgs) -> Result<Option<Effects>, Failure> {
    let probe = match (&args.probe_url, args.probe) {
        (Some(url), _) => Probe::Url(url.clone()),
        (None, true) => {
            let secrets = args.secrets.flags();
            let withheld = context.settings.secret_variables(&secrets);
            Probe::Command {
                words: args.command.clone(),
                withheld: withheld
                    .map(str::to_owned)
                    .chain(args.old_secret_env.clone())
                    .collect(),
            }
        }
        (None, false) => return Ok(None),
    };
    let by_event = args.probe_by_event && args.probe_url.is_none();
    Ok(Some(Effects::new(probe, by_event, args.effects_within)?))
}

fn old_secrets(context: &Context, args: &CheckArgs) -> Result<Vec<Secret>, Failure> {
    let flags = SecretFlags {
        variables: args.old_secret_env.iter().cloned().collect(),
        files: args.old_secret_file.iter().cloned().collect(),
        ..SecretFlags::default()
    };
    if flags.is_empty() {
        return Ok(Vec::new());
    }
    flags
        .read(&context.settings.environment)
        .map_err(Failure::usage)
}

/// A selection that fits nothing is a typing error, and would make an empty run look good.
fn check_selections(args: &CheckArgs, suite: &Suite) -> Result<(), Failure> {
    let listed = "run `hookcli check --list` to see the cases";
    for selection in args.only.iter().chain(&args.skip) {
        if !suite.cases.iter().any(|case| selection.fits(case)) {
            return Err(Failure::usage(format!("no case matches `{selection}`")).hint(listed));
        }
    }
    if suite.cases.iter().any(|case| is_wanted(args, case)) {
        Ok(())
    } else {
        Err(Failure::usage("--only and --skip exclude every case").hint(listed))
    }
}

/// The cases that were asked for.
fn is_wanted(args: &CheckArgs, case: &Case) -> bool {
    let fits = |selections: &[Selection]| selections.iter().any(|selection| selection.fits(case));
    (args.only.is_empty() || fits(&args.only)) && !fits(&args.skip)
}

/// Whose receiver it is.
fn provider(
    context: &Context,
    args: &CheckArgs,
    catalog: &Catalog,
    endpoint: Option<&Endpoint>,
) -> Result<Arc<Provider>, Failure> {
    let own = endpoint.and_then(|endpoint| endpoint.provider.as_deref());
    let named = args
        .provider
        .as_deref()
        .or(own)
        .or(context.settings.default_provider.as_deref());
    let name = named.ok_or_else(|| {
        Failure::usage("--provider is required")
            .hint("run `hookcli providers` to see the providers")
    })?;
    Ok(catalog.provider(name)?)
}

fn list(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    let catalog = context.catalog_for(&args.scheme, None)?;
    let provider = provider(context, args, &catalog, None)?;
    let suite = suite(&provider).map_err(Failure::usage)?;
    check_selections(args, &suite)?;
    for case in suite.cases.iter().filter(|case| is_wanted(args, case)) {
        let listed = CheckCaseReport::of(case, Status::Skip, command_line(case, &[]));
        context.emit(&Report::CheckListed(Box::new(listed)))?;
    }
    Ok(Exit::Done)
}
