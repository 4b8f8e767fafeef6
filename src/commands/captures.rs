//! `captures`: received requests.

use std::collections::HashSet;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;

use crate::cli::{DiffArgs, ExportArgs, ImportArgs, ListArgs, RemoveArgs, ShowArgs, WaitArgs};
use crate::compose::fixture;
use crate::context::expecting::{junit_cases, tell_unknown};
use crate::context::output::ExportOutput;
use crate::context::selecting::Selected;
use crate::context::working::Working;
use crate::context::{Context, selecting, source};
use crate::exchange::{Exporter, Recorded};
use crate::exit::{Exit, Failure};
use crate::expect::{EXPECTED_WITHIN, ExpectationTracker, see_captures};
use crate::ingest::imported;
use crate::model::{Capture, Id, IdKind, REDACTED, Reference};
use crate::render::{write_junit, write_unfinished};
use crate::report::{Bytes, Imported, Note, Removed, Report};
use crate::search::Query;
use crate::settings::SecretFlags;
use crate::view::{self, redact};

pub async fn list(context: &Context, args: &ListArgs) -> Result<Exit, Failure> {
    let query = selecting::query(&args.query, &args.filter)?;
    let store = context.needed_store()?;
    let tokens = context.token_names()?;
    let read = async |page| store.captures(&query, page).await;
    let report = |row| Report::Capture(view::capture_item(row, &tokens));
    selecting::list(context, &query, args.limit, read, report).await?;
    Ok(Exit::Done)
}

/// The capture that a word names.
async fn named(context: &Context, word: &str) -> Result<Capture, Failure> {
    let store = context.needed_store()?;
    let reference: Reference = word.parse().map_err(Failure::usage)?;
    let id = store.find(IdKind::Capture, &reference).await?;
    Ok(store.capture(id).await?)
}

pub async fn diff(context: &Context, args: &DiffArgs) -> Result<Exit, Failure> {
    let one = named(context, &args.one).await?;
    let other = named(context, &args.other).await?;
    let tokens = match args.reveal {
        true => None,
        false => Some(context.token_names()?),
    };
    let detail = |capture: &Capture| {
        let provider = context.provider_of(capture.provider.as_deref());
        view::capture_detail(capture, provider.as_deref(), tokens.as_ref())
    };
    let diff = view::capture_diff(&detail(&one), &detail(&other));
    context.emit(&Report::CaptureDiff(diff))?;
    Ok(Exit::Done)
}

pub async fn show(context: &Context, args: &ShowArgs) -> Result<Exit, Failure> {
    let capture = named(context, &args.capture).await?;
    if args.raw {
        context.emit(&Report::Bytes(Bytes {
            bytes: capture.request.body.to_vec(),
            safe: args.force,
        }))?;
        return Ok(Exit::Done);
    }
    let provider = context.provider_of(capture.provider.as_deref());
    let tokens = match args.reveal {
        true => None,
        false => Some(context.token_names()?),
    };
    let detail = view::capture_detail(&capture, provider.as_deref(), tokens.as_ref());
    context.emit(&Report::CaptureDetail(Box::new(detail)))?;
    Ok(Exit::Done)
}

pub async fn export(context: &Context, args: &ExportArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let selected = selecting::selected(&args.captures, &args.filter)?;
    let tokens = context.token_names()?;
    let mut exporter = Exporter::new(args.format.into());
    let output = args.output.as_deref();
    let mut output = ExportOutput::open(context, output, !args.reveal, args.force)?;
    let (mut is_empty, mut is_redacted) = (true, false);
    let exporting = output.working("exporting");
    let mut captures = pin!(selecting::captures(context, &*store, &selected));
    while let Some(capture) = captures.try_next().await? {
        is_empty = false;
        let provider = context.provider_of(capture.provider.as_deref());
        let mut recorded = Recorded::from(capture);
        if !args.reveal {
            (recorded.request, recorded.redacted) =
                redact::request(provider.as_deref(), &recorded.request, &[], &tokens);
        }
        if args.test_secret {
            recorded = fixture(recorded, provider.as_deref())?;
        }
        is_redacted |= !recorded.redacted.is_empty();
        output.write(exporter.add(&recorded)?)?;
        exporting.iter().for_each(Working::step);
        if context.ui.is_closed() {
            break;
        }
    }
    drop(exporting);
    output.write(exporter.finish())?;
    output.finish()?;
    if is_empty {
        context
            .ui
            .note(selecting::nothing_fits(context, &selected.query));
    }
    if is_redacted {
        context.ui.note(Note::hint(
            "secrets and credentials are redacted; add --reveal to write them",
        ));
    }
    Ok(Exit::Done)
}

pub async fn import(context: &Context, args: &ImportArgs) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for file in &args.files {
        all.extend(source::read(context, file, &args.reading).await?);
    }
    let store = context.needed_store()?;
    let mut random = fastrand::Rng::new();
    let mut captures = Vec::with_capacity(all.len());
    for recorded in all {
        if !recorded.redacted.is_empty() {
            context.ui.note(Note::warning(format!(
                "{} was exported without {}: it contains {REDACTED} instead",
                recorded.id.as_deref().unwrap_or("a request"),
                recorded.redacted.join(" and ")
            )));
        }
        let provider = context.provider_of(recorded.provider.as_deref());
        let secrets = provider.as_deref().map(|provider| {
            let flags = SecretFlags::default();
            let secrets = context
                .settings
                .secrets_for_listening(&flags, provider, false);
            secrets.unwrap_or_default()
        });
        captures.push(imported(
            recorded,
            provider.as_deref(),
            secrets.unwrap_or_default(),
            Timestamp::now(),
            &mut random,
        ));
    }
    let ids = captures
        .iter()
        .map(|capture| capture.id.to_string())
        .collect();
    let importing = Working::new(&context.ui, "importing");
    store.import(captures).await?;
    drop(importing);
    context.emit(&Report::Imported(Imported { ids }))?;
    Ok(Exit::Done)
}

/// Waits until what is expected is kept.
pub async fn wait(context: &Context, args: &WaitArgs) -> Result<Exit, Failure> {
    tell_unknown(context, &args.expect, [])?;
    let expecting = ExpectationTracker::new(&args.expect.expectations());
    if !expecting.awaits_something() && !expecting.expects_something() {
        return Err(Failure::usage("nothing to wait for was given")
            .hint("add --expect EVENT, --until EVENT or --max N"));
    }
    if let Some(file) = &args.expect.junit {
        write_unfinished(file, "hookcli.expect");
    }
    let store = context.needed_store()?;
    let limit = args.expect.timeout.unwrap_or(EXPECTED_WITHIN);
    let since = args.since.map(|when| when.resolve(Timestamp::now()));
    let waiting = see_captures(&*store, since, &expecting);
    if let Ok(settled) = tokio::time::timeout(limit, waiting).await {
        settled?;
    }
    let report = expecting.report();
    let cases = junit_cases(&expecting);
    let exit = if expecting.is_satisfied() {
        Exit::Done
    } else {
        Exit::Negative
    };
    context.emit(&Report::Expectations(report))?;
    if let Some(file) = &args.expect.junit {
        write_junit(file, &cases)?;
    }
    Ok(exit)
}

pub async fn remove(context: &Context, args: &RemoveArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let selected = selecting::selected(&args.captures, &args.filter)?;
    if args.all && !selected.names.is_empty() {
        return Err(Failure::usage("captures were named together with --all")
            .hint("remove --all to remove only those"));
    }
    let ids: Vec<Id> = selecting::each(context, &*store, IdKind::Capture, &selected)
        .try_collect()
        .await?;
    if selected.names.is_empty()
        && !(args.yes || ids.is_empty() || selecting::confirm_removal(context, ids.len())?)
    {
        return Ok(Exit::Done);
    }
    let pending = Selected::by(Query::Pending);
    let pending: HashSet<Id> = selecting::each(context, &*store, IdKind::Capture, &pending)
        .try_collect()
        .await?;
    let owed = ids.iter().filter(|id| pending.contains(*id)).count();
    let removing = Working::new(&context.ui, "removing captures");
    let removed = store.remove(&ids).await?;
    drop(removing);
    if owed > 0 {
        context.ui.note(Note::warning(format!(
            "{owed} of them were waiting to be forwarded and will not be"
        )));
    }
    context.emit(&Report::Removed(Removed { removed }))?;
    Ok(Exit::Done)
}
