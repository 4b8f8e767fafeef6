//! `check`: sends the cases of a provider's suite one after the other, and judges the answers.

mod baseline;
mod verdict;

use std::sync::Arc;

use crate::catalog::Provider;
use crate::cli::CheckArgs;
use crate::commands::Context;
use crate::commands::junit::write_unfinished;
use crate::commands::sending;
use crate::commands::signals::Signals;
use crate::commands::target::{self, Target};
use crate::compose::signing_secrets;
use crate::conformance::{
    Area, Case, Effects, Log, Probe, Restarted, RunEvent, RunPlan, Runner, Selection, Status,
    Suite, Want, suite,
};
use crate::exit::{Exit, Failure};
use crate::model::{Secret, TimeSource, suggest};
use crate::report::{CheckCaseReport, Note, Report};
use crate::settings::SecretFlags;
use baseline::read_baseline;
use verdict::Conclusion;

pub async fn run(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    if args.list {
        return list(context, args);
    }
    let target = target::target(context, args.url.as_deref(), args.to.as_deref())?;
    context.settle_generic(&args.scheme, target.endpoint)?;
    let provider = provider(context, args, Some(&target))?;
    let mut suite = suite(&provider).map_err(Failure::usage)?;
    if args.old_secret_env.is_none() && args.old_secret_file.is_none() {
        suite.cases.retain(|case| !case.recipe.old_secret);
    }
    if args.restart.is_none() {
        suite.cases.retain(|case| case.area != Area::Failures);
        if args.log_file.is_none() {
            suite
                .cases
                .retain(|case| !matches!(case.want, Want::NotLogged(_)));
        }
    }
    check_selections(args, &suite)?;
    if let Some(file) = &args.junit {
        write_unfinished(file, "hookcli.check");
    }
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let resolved = target.place.resolve().await;
    target::tell_of_foreign_place(context, &target, &resolved);
    if !resolved.addresses.is_empty() && !resolved.is_loopback() && !args.yes {
        return Err(Failure::usage(format!(
            "{} is not this machine: a check sends it forged and broken requests",
            target.place
        ))
        .hint("add --yes, if it is yours"));
    }
    let log = args.log_file.clone().map(Log::since_now);
    let mut restarted = match &args.restart {
        Some(command) if !resolved.is_loopback() => {
            return Err(Failure::usage(format!(
                "--restart `{command}` starts a receiver on this machine, and {} is another",
                target.place
            )));
        }
        Some(command) => Some(Restarted::start(command, &resolved, args.wait).await?),
        None => None,
    };
    let log = log.or_else(|| restarted.as_ref().map(Restarted::log));
    if let Some(limit) = args.wait
        && !resolved.wait_until_listening(limit).await
    {
        context.ui.note(Note::warning(format!(
            "nothing listens at {} after {}",
            target.place,
            crate::model::duration::short(limit)
        )));
    }
    let secrets = if resolved.addresses.is_empty() {
        // Nothing will be sent, so nothing is to be signed.
        Vec::new()
    } else {
        let keyring = target.keyring(context, args.secrets.flags());
        let recipient = target.recipient(&resolved);
        let (secrets, notice) = signing_secrets(&keyring, &provider, &recipient)?;
        target::tell(context, notice);
        secrets
    };
    let effects = effects(context, args)?;
    if let Some(effects) = &effects {
        // A probe that does not count is better known before anything is sent.
        effects.count(&["hookcli-no-such-event".to_owned()]).await?;
    }
    // Whether anything is reached decides what the others are worth.
    let is_asked = |case: &&Case| case.area == Area::Reachable || is_wanted(args, case);
    let cases: Vec<Case> = suite.cases.iter().filter(is_asked).cloned().collect();
    let recipient = target.recipient(&resolved);
    let events = |event: RunEvent<'_>| tell(context, &event);
    let plan = RunPlan {
        catalog: context.catalog()?,
        provider: &provider,
        suite: &suite,
        cases: &cases,
        recipient: &recipient,
        resolved: &resolved,
        tls: sending::tls(&args.way, target.endpoint),
        headers: target::own_headers(&args.way)?,
        allow_http: args.way.allow_http,
        secrets: secrets.clone(),
        old_secrets: old_secrets(context, args)?,
        verify_token: context.settings.verify_token(&provider),
        time: TimeSource::default(),
        events: &events,
    };
    let runner = Runner::new(plan, effects, restarted.take(), log);
    if !resolved.addresses.is_empty() {
        runner.check()?;
    }
    let mut signals = Signals::new()?;
    let outcome = runner.run(signals.next()).await?;
    Conclusion {
        context,
        args,
        target: &target,
        resolved: &resolved,
        provider: &provider,
        suite: &suite,
        secrets: &secrets,
        outcome,
        tokens: context.token_names()?,
    }
    .conclude(baseline.as_ref())
}

fn tell(context: &Context, event: &RunEvent<'_>) {
    match event {
        RunEvent::CaseStarted { done, total, case } => {
            let name = case.full_name();
            context.ui.progress(*done as u64, *total as u64, &name);
        }
        // What the answers say is worth having all the same.
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
    let fits = |selections: &[Selection]| selections.iter().any(|selection| selection.fits(case));
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
        Failure::usage("--provider is required").hint("`hookcli providers` lists the providers")
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
    let words = arguments.iter().chain(more).map(String::as_str);
    suggest(std::iter::once("send").chain(words))
}
