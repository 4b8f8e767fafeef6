//! Where a request comes from that is to be verified, replayed or shown: the store, or an exported file.

use std::io::Read as _;
use std::path::Path;

use jiff::Timestamp;

use super::Context;
use crate::catalog::Recogniser;
use crate::exchange::{Recorded, read_any};
use crate::exit::Failure;
use crate::payload::Document;
use crate::store::{Capture, Filter, Id, Reference, Store};

/// What a word on the command line means: the capture of that name, or the requests of that file.
pub fn named(context: &Context, word: &str) -> Result<Vec<Recorded>, Failure> {
    if word == "-" || is_file(word) {
        return from_file(context, word);
    }
    let reference: Reference = word.parse().map_err(|error: String| {
        Failure::usage(error).hint("a file that `captures export` wrote will do, too")
    })?;
    let store = context.needed_store()?;
    Ok(vec![recorded(store.capture(&reference)?)])
}

/// Looks like a path, and is one; ids have neither slash nor dot.
fn is_file(word: &str) -> bool {
    Path::new(word).is_file() && (word.contains(['/', '.']) || word.parse::<Reference>().is_err())
}

/// The requests of an exported file. A verdict that a file claims is nobody's here: it counts as unchecked.
pub fn from_file(context: &Context, path: &str) -> Result<Vec<Recorded>, Failure> {
    let bytes = read_file_or_stdin(path)?;
    let mut all = read_any(&bytes).map_err(|error| Failure::usage(format!("{path}: {error}")))?;
    let recogniser = Recogniser::new(context.catalog()?.all().0);
    for recorded in &mut all {
        recorded.verdict = None;
        recorded.reason = None;
        if recorded.provider.is_none() {
            recognise(&recogniser, recorded);
        }
    }
    Ok(all)
}

/// A form that does not say who a request is from leaves that to the request itself.
fn recognise(recogniser: &Recogniser, recorded: &mut Recorded) {
    let request = &recorded.request;
    let document = Document::parse(&request.body).ok();
    if let [provider] = recogniser
        .recognise(&request.headers, document.as_ref())
        .as_slice()
    {
        recorded.event = provider.event_of(&request.headers, document.as_ref());
        recorded.provider = Some(provider.name.clone());
    }
}

/// A capture of the store in the form that export and replay share.
pub fn recorded(capture: Capture) -> Recorded {
    Recorded {
        id: Some(capture.id.to_string()),
        received_at: Some(capture.received_at),
        provider: capture.provider,
        event: capture.event,
        verdict: Some(capture.verdict),
        reason: capture.reason,
        request: capture.request,
        status: Some(capture.response_status),
        over_tls: capture.over_tls,
        masked: Vec::new(),
    }
}

/// The captures that a filter leaves, oldest first.
pub fn filtered(store: &dyn Store, filter: &Filter) -> Result<Vec<Id>, Failure> {
    let mut ids: Vec<Id> = store
        .captures(filter)?
        .into_iter()
        .map(|row| row.id)
        .collect();
    ids.reverse();
    Ok(ids)
}

/// The capture of that very id.
pub fn by_id(store: &dyn Store, id: Id) -> Result<Capture, Failure> {
    Ok(store.capture(&Reference::Part(id.ulid.to_string()))?)
}

pub fn filter(
    args: &crate::cli::FilterArgs,
    verdict: Option<&String>,
    limit: Option<usize>,
) -> Filter {
    let now = Timestamp::now();
    // `provider/event`, as lists write it, will do too.
    let (provider, event) = match args
        .event
        .as_deref()
        .and_then(|event| event.split_once('/'))
    {
        Some((provider, event)) if args.provider.is_none() => {
            (Some(provider.to_owned()), Some(event.to_owned()))
        }
        _ => (args.provider.clone(), args.event.clone()),
    };
    Filter {
        provider,
        event,
        verdict: verdict.cloned(),
        since: args.since.map(|when| when.resolve(now)),
        until: args.until.map(|when| when.resolve(now)),
        limit,
        unforwarded: false,
    }
}

/// The bytes of a file, or of standard input for `-`.
pub fn read_file_or_stdin(source: &str) -> Result<Vec<u8>, Failure> {
    if source == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::machine(format!("standard input: {error}")))?;
        return Ok(bytes);
    }
    std::fs::read(source).map_err(|error| Failure::machine(format!("{source}: {error}")))
}
