//! `captures`: what came in.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;

use crate::cli::{ExportArgs, ExportFormat, ImportArgs, ListArgs, RemoveArgs, ShowArgs, WaitArgs};
use crate::context::Context;
use crate::context::expecting::{EXPECTED_WITHIN, junit_cases, tell_unknown};
use crate::context::output::ExportOutput;
use crate::context::source;
use crate::exchange::{ExportError, ExportForm, Exporter, Recorded};
use crate::exit::{Exit, Failure};
use crate::expect::ExpectationTracker;
use crate::model::{
    Capture, CaptureSummary, Destinations, Headers, Id, IdKind, MASK, Reference, RemoteText,
    VerdictReason,
};
use crate::render::{write_junit, write_unfinished};
use crate::report::{Bytes, Imported, Note, Removed, Report};
use crate::store::{Order, Query, Store, StoreEvent, rows};
use crate::view;
use crate::view::redact;

/// How often a waiting command looks into the store.
const STORE_READ_EVERY: Duration = Duration::from_millis(100);
/// How much it reads of what happened at once.
const EVENTS_AT_ONCE: usize = 500;

pub async fn list(context: &Context, args: &ListArgs) -> Result<Exit, Failure> {
    let query = source::query(&args.filter, args.verdict, None);
    let store = context.needed_store()?;
    let tokens = context.token_names()?;
    let found = rows(Order::NewestFirst, Some(args.limit), async |page| {
        store.captures(&query, page).await
    });
    let mut found = pin!(found);
    let mut is_empty = true;
    while let Some(row) = found.try_next().await? {
        is_empty = false;
        context.emit(&Report::Capture(view::capture_item(row, &tokens)))?;
        if context.ui.is_closed() {
            break;
        }
    }
    if is_empty {
        context.ui.note(Note::hint(
            "there are no such captures; `hookcli listen` makes some",
        ));
    }
    Ok(Exit::Done)
}

pub async fn show(context: &Context, args: &ShowArgs) -> Result<Exit, Failure> {
    let reference: Reference = args.capture.parse().map_err(Failure::usage)?;
    let store = context.needed_store()?;
    let id = store.find(IdKind::Capture, &reference).await?;
    let capture = store.capture(id).await?;
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
    let query = source::query(&args.filter, args.verdict, None);
    let tokens = context.token_names()?;
    let mut exporter = Exporter::new(args.format.into());
    let output = args.output.as_deref();
    let mut output = ExportOutput::open(context, output, !args.reveal, args.force)?;
    let (mut is_empty, mut is_masked) = (true, false);
    let mut captures = pin!(source::captures(&*store, &args.captures, &query));
    while let Some(capture) = captures.try_next().await? {
        is_empty = false;
        let provider = context.provider_of(capture.provider.as_deref());
        let mut recorded = Recorded::from(capture);
        if !args.reveal {
            (recorded.request, recorded.masked) =
                redact::request(provider.as_deref(), &recorded.request, &[], &tokens);
            is_masked |= !recorded.masked.is_empty();
        }
        output.write(exporter.add(&recorded).map_err(not_exported)?)?;
        if context.ui.is_closed() {
            break;
        }
    }
    output.write(exporter.finish())?;
    output.finish()?;
    if is_empty {
        context.ui.note(Note::hint("there are no such captures"));
    }
    if is_masked {
        context.ui.note(Note::hint(
            "secrets and credentials are masked; --reveal writes them",
        ));
    }
    Ok(Exit::Done)
}

fn not_exported(error: ExportError) -> Failure {
    let hint = match error {
        ExportError::OneForProgram => "name one by its id, such as last",
        ExportError::NotForHttpFile(_) => {
            "--format http writes the raw request, --format curl a command"
        }
    };
    Failure::usage(error).hint(hint)
}

impl From<ExportFormat> for ExportForm {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Json => Self::Json,
            ExportFormat::Http => Self::Http,
            ExportFormat::Har => Self::Har,
            ExportFormat::Curl => Self::Curl,
            ExportFormat::Httpie => Self::Httpie,
            ExportFormat::Fetch => Self::Fetch,
            ExportFormat::Python => Self::Python,
            ExportFormat::Go => Self::Go,
            ExportFormat::HttpFile => Self::HttpFile,
        }
    }
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
        if !recorded.masked.is_empty() {
            context.ui.note(Note::warning(format!(
                "{} was exported without {}: {MASK} stands there",
                recorded.id.as_deref().unwrap_or("a request"),
                recorded.masked.join(" and ")
            )));
        }
        captures.push(imported(context, recorded, &mut random));
    }
    let ids = captures
        .iter()
        .map(|capture| capture.id.to_string())
        .collect();
    store.import(captures).await?;
    context.emit(&Report::Imported(Imported { ids }))?;
    Ok(Exit::Done)
}

/// An imported request as a capture: with an id of its own, verified here and now with the secrets that are set, and
/// pending nowhere, whatever the file says.
fn imported(context: &Context, recorded: Recorded, random: &mut fastrand::Rng) -> Capture {
    let received_at = recorded.received_at.unwrap_or_else(Timestamp::now);
    let provider = context.provider_of(recorded.provider.as_deref());
    let verdict = source::verdict_of(context, provider.as_deref(), &recorded, received_at);
    Capture {
        id: Id::capture(received_at, random),
        received_at,
        provider: recorded.provider,
        candidates: Vec::new(),
        event: recorded.event,
        verdict: verdict.verdict(),
        reason: Some(verdict.reason().unwrap_or(VerdictReason::Imported)),
        duplicate_of: None,
        request: recorded.request,
        response_status: recorded.status.unwrap_or(0),
        response_headers: Headers::new(),
        response_body: Vec::new(),
        response_fault: None,
        mark: None,
        destinations: Destinations::default(),
        over_tls: recorded.over_tls,
        peer: None,
    }
}

/// Waits until what is expected is kept.
pub async fn wait(context: &Context, args: &WaitArgs) -> Result<Exit, Failure> {
    tell_unknown(context, &args.expect, [])?;
    let expecting = ExpectationTracker::new(&args.expect.expectations());
    if !expecting.awaits_something() && !expecting.expects_something() {
        return Err(Failure::usage("there is nothing to wait for")
            .hint("say what with --expect, --until or --max"));
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

/// Shows the tracker what is kept from now on, or what came since then, until that settles it.
async fn see_captures(
    store: &dyn Store,
    since: Option<Timestamp>,
    expecting: &ExpectationTracker,
) -> Result<(), Failure> {
    let mut cursor = match since {
        Some(since) => store.cursor_before(&Query::Since(since)).await?,
        None => store.newest_event().await?,
    };
    let is_late = |capture: &CaptureSummary| since.is_none_or(|since| capture.received_at >= since);
    while !expecting.is_settled() {
        let page = store.events_after(Some(&cursor), EVENTS_AT_ONCE).await?;
        if page.next == cursor {
            tokio::time::sleep(STORE_READ_EVERY).await;
        }
        cursor = page.next;
        for event in page.events {
            if let StoreEvent::Capture {
                capture,
                is_new: true,
            } = event
                && is_late(&capture)
            {
                let event = capture.event.as_ref().map(RemoteText::unescaped);
                expecting.see(capture.provider.as_deref(), event, capture.verdict);
            }
        }
    }
    Ok(())
}

pub async fn remove(context: &Context, args: &RemoveArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let query = source::query(&args.filter, args.verdict, None);
    let selected = source::each(&*store, IdKind::Capture, &args.captures, &query);
    let ids: Vec<Id> = selected.try_collect().await?;
    let pending = source::each(&*store, IdKind::Capture, &[], &Query::Pending);
    let pending: HashSet<Id> = pending.try_collect().await?;
    let owed = ids.iter().filter(|id| pending.contains(*id)).count();
    let removed = store.remove(&ids).await?;
    if owed > 0 {
        context.ui.note(Note::warning(format!(
            "{owed} of them were still to be forwarded, and will not be"
        )));
    }
    context.emit(&Report::Removed(Removed { removed }))?;
    Ok(Exit::Done)
}
