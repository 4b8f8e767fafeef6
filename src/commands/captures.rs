//! `captures`: what came in.

use std::collections::HashSet;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Context;
use super::expecting::{EXPECTED_WITHIN, expectations, junit_cases, tell_unknown};
use super::junit::{write_junit, write_unfinished};
use super::source;
use crate::catalog::Provider;
use crate::cli::{ExportArgs, ExportFormat, ImportArgs, ListArgs, RemoveArgs, ShowArgs, WaitArgs};
use crate::exchange::{
    CurlOptions, Recorded, curl_command, fetch_script, go_program, httpie_command, python_script,
    write_har, write_http_file, write_json, write_raw,
};
use crate::exit::{Exit, Failure};
use crate::expect::ExpectationTracker;
use crate::model::{
    Capture, Destinations, Headers, Id, MASK, Reference, RemoteText, VerdictReason,
};
use crate::report::{Bytes, Imported, Note, Removed, Report};
use crate::store::{Filter, Store};
use crate::view;
use crate::view::redact;

/// How often a waiting command looks into the store.
const STORE_READ_EVERY: Duration = Duration::from_millis(100);

pub fn list(context: &Context, args: &ListArgs) -> Result<Exit, Failure> {
    let filter = source::filter(&args.filter, args.verdict, None, Some(args.limit));
    let rows = context.needed_store()?.captures(&filter)?;
    if rows.is_empty() {
        context.ui.note(Note::hint(
            "there are no such captures; `hookcli listen` makes some",
        ));
    }
    let tokens = context.token_names()?;
    for row in rows {
        let item = view::capture_item(row, &tokens);
        context.emit(&Report::Capture(item))?;
        if context.ui.is_closed() {
            break;
        }
    }
    Ok(Exit::Done)
}

pub fn show(context: &Context, args: &ShowArgs) -> Result<Exit, Failure> {
    let reference: Reference = args.capture.parse().map_err(Failure::usage)?;
    let capture = context.needed_store()?.capture(&reference)?;
    if args.raw {
        context.emit(&Report::Bytes(Bytes {
            bytes: capture.request.body.to_vec(),
            safe: args.force,
        }))?;
        return Ok(Exit::Done);
    }
    let provider = provider_of(context, capture.provider.as_deref());
    let tokens = match args.reveal {
        true => None,
        false => Some(context.token_names()?),
    };
    let detail = view::capture_detail(&capture, provider.as_deref(), tokens.as_ref());
    context.emit(&Report::CaptureDetail(Box::new(detail)))?;
    Ok(Exit::Done)
}

/// The provider of a capture, where it is (still) known.
pub fn provider_of(context: &Context, name: Option<&str>) -> Option<Arc<Provider>> {
    context.provider(name?).ok()
}

pub fn export(context: &Context, args: &ExportArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let ids = selected(
        &*store,
        &args.captures,
        &source::filter(&args.filter, args.verdict, None, None),
    )?;
    let ids = if args.captures.is_empty() && ids.is_empty() {
        context.ui.note(Note::hint("there are no such captures"));
        Vec::new()
    } else {
        ids
    };
    let keys = context.token_names()?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let capture = source::by_id(&*store, id)?;
        let provider = provider_of(context, capture.provider.as_deref());
        let mut recorded = Recorded::from(capture);
        if !args.reveal {
            (recorded.request, recorded.masked) =
                redact::request(provider.as_deref(), &recorded.request, &[], &keys);
        }
        all.push(recorded);
    }
    if all.iter().any(|recorded| !recorded.masked.is_empty()) {
        context.ui.note(Note::hint(
            "secrets and credentials are masked; --reveal writes them",
        ));
    }
    let bytes = match args.format {
        ExportFormat::Json => all.iter().flat_map(write_json).collect(),
        ExportFormat::Http => all
            .iter()
            .flat_map(|recorded| write_raw(&recorded.request))
            .collect(),
        ExportFormat::Har => write_har(&all),
        ExportFormat::Curl => lines(&all, |recorded| {
            curl_command(&recorded.request, &recorded.url(), &CurlOptions::default())
        }),
        ExportFormat::Httpie => lines(&all, httpie_command),
        ExportFormat::Fetch => lines(&all, fetch_script),
        ExportFormat::Python => lines(one(&all)?, python_script),
        ExportFormat::Go => lines(one(&all)?, go_program),
        ExportFormat::HttpFile => http_file(&all)?,
    };
    match &args.output {
        // JSON and curl's command escape what they hold by themselves.
        None => context.emit(&Report::Bytes(Bytes {
            bytes,
            safe: args.force,
        }))?,
        Some(path) => write_private(path, &bytes, !args.reveal)
            .map_err(|error| Failure::machine(format!("{}: {error}", path.display())))?,
    }
    Ok(Exit::Done)
}

fn lines(all: &[Recorded], write: impl Fn(&Recorded) -> String) -> Vec<u8> {
    all.iter()
        .flat_map(|recorded| format!("{}\n", write(recorded).trim_end()).into_bytes())
        .collect()
}

/// A program is of one request.
fn one(all: &[Recorded]) -> Result<&[Recorded], Failure> {
    match all.len() {
        0 | 1 => Ok(all),
        count => Err(Failure::usage(format!(
            "a program sends one request, and {count} are selected"
        ))
        .hint("name one by its id, such as last")),
    }
}

fn http_file(all: &[Recorded]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    for recorded in all {
        let text = write_http_file(recorded).ok_or_else(|| {
            let name = recorded.id.as_deref().unwrap_or("a request");
            Failure::usage(format!(
                "{name}: its bytes cannot stand in a .http file, which takes them for something else"
            ))
            .hint("--format http writes the raw request, --format curl a command")
        })?;
        out.extend_from_slice(text.as_bytes());
    }
    Ok(out)
}

/// Writes a file that nobody else can read, as a whole or not at all: captures are other people's data. What was
/// there is replaced, and no mode is widened. What is no regular file, such as `/dev/stdout`, is written to; a
/// link is followed only where it `may_follow`: somebody else may have laid it.
pub fn write_private(path: &FilePath, bytes: &[u8], may_follow: bool) -> std::io::Result<()> {
    let there = std::fs::symlink_metadata(path).ok();
    let is_link = there.as_ref().is_some_and(std::fs::Metadata::is_symlink);
    if is_link && !may_follow {
        return Err(std::io::Error::other(
            "it is a symbolic link, and secrets are not written through one: name the file itself",
        ));
    }
    let path = if is_link {
        // One that leads nowhere yet is written to where it leads.
        std::fs::canonicalize(path).or_else(|_| std::fs::read_link(path))?
    } else {
        path.to_owned()
    };
    let mode = match std::fs::metadata(&path) {
        Ok(metadata) if !metadata.is_file() => {
            return std::fs::OpenOptions::new()
                .write(true)
                .open(&path)?
                .write_all(bytes);
        }
        Ok(metadata) => metadata.permissions().mode() & 0o600,
        Err(_) => 0o600,
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => FilePath::new("."),
    };
    // Made with mode 0600.
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(bytes)?;
    let permissions = std::fs::Permissions::from_mode(mode);
    temporary.as_file().set_permissions(permissions)?;
    temporary.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

pub fn import(context: &Context, args: &ImportArgs) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for file in &args.files {
        all.extend(source::read(context, file, &args.reading)?);
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
    store.import(&captures)?;
    let ids = captures
        .iter()
        .map(|capture| capture.id.to_string())
        .collect();
    context.emit(&Report::Imported(Imported { ids }))?;
    Ok(Exit::Done)
}

/// An imported request as a capture: with an id of its own, verified here and now with the secrets that are set, and
/// pending nowhere, whatever the file says.
fn imported(context: &Context, recorded: Recorded, random: &mut fastrand::Rng) -> Capture {
    let received_at = recorded.received_at.unwrap_or_else(Timestamp::now);
    let provider = provider_of(context, recorded.provider.as_deref());
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
    }
}

/// Waits until what is expected is kept.
pub async fn wait(context: &Context, args: &WaitArgs) -> Result<Exit, Failure> {
    tell_unknown(context, &args.expect, [])?;
    let expecting = ExpectationTracker::new(&expectations(&args.expect));
    if !expecting.awaits_something() && !expecting.expects_something() {
        return Err(Failure::usage("there is nothing to wait for")
            .hint("say what with --expect, --until or --max"));
    }
    if let Some(file) = &args.expect.junit {
        write_unfinished(file, "hookcli.expect");
    }
    let store = context.needed_store()?;
    let begun = Timestamp::now();
    let filter = Filter {
        since: Some(args.since.map_or(begun, |when| when.resolve(begun))),
        ..Filter::default()
    };
    let limit = args.expect.timeout.unwrap_or(EXPECTED_WITHIN);
    let waiting = async {
        let mut known = HashSet::new();
        while !expecting.is_settled() {
            for row in store.captures(&filter)?.into_iter().rev() {
                if known.insert(row.id) {
                    let event = row.event.as_ref().map(RemoteText::unescaped);
                    expecting.see(row.provider.as_deref(), event, row.verdict);
                }
            }
            tokio::time::sleep(STORE_READ_EVERY).await;
        }
        Ok::<_, Failure>(())
    };
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

pub fn remove(context: &Context, args: &RemoveArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let ids = selected(
        &*store,
        &args.captures,
        &source::filter(&args.filter, args.verdict, None, None),
    )?;
    let unforwarded = Filter {
        unforwarded: true,
        ..Filter::default()
    };
    let pending: HashSet<Id> = store
        .captures(&unforwarded)?
        .iter()
        .map(|row| row.id)
        .collect();
    let owed = ids.iter().filter(|id| pending.contains(*id)).count();
    let removed = store.remove(&ids)?;
    if owed > 0 {
        context.ui.note(Note::warning(format!(
            "{owed} of them were still to be forwarded, and will not be"
        )));
    }
    context.emit(&Report::Removed(Removed { removed }))?;
    Ok(Exit::Done)
}

/// The captures that are named, or else those that the filter leaves.
fn selected(store: &dyn Store, names: &[String], filter: &Filter) -> Result<Vec<Id>, Failure> {
    if names.is_empty() {
        return source::filtered(store, filter);
    }
    let named = |name: &String| {
        let reference: Reference = name.parse().map_err(Failure::usage)?;
        Ok(store.capture(&reference)?.id)
    };
    names.iter().map(named).collect()
}
