//! `replay`: captures sent again, as they were or signed again.

use futures_util::TryStreamExt as _;

use crate::cli::{ReplayArgs, SchemeArgs};
use crate::compose::Replayer;
use crate::context::Context;
use crate::context::selecting;
use crate::context::sending;
use crate::context::source;
use crate::context::target;
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::forward::{PendingDestinations, PendingError, waiting};
use crate::http::Destination;
use crate::model::{Verdict, suggest};
use crate::report::{Discarded, Note, Report};
use crate::search::Query;

pub async fn run(context: &Context, args: &ReplayArgs) -> Result<Exit, Failure> {
    if let Some(url) = &args.discard {
        return discard(context, url, args.dry_run).await;
    }
    // What the flags say is looked at before the store is.
    args.replay_options(None).map_err(Failure::usage)?;
    let (captures, owed_to) = if args.unforwarded {
        match pending(context, args).await? {
            Some((captures, owed_to)) => (captures, Some(owed_to)),
            None => return Ok(Exit::Done),
        }
    } else {
        (subjects(context, args).await?, None)
    };
    let is_chosen = args.url.is_some() || args.to.is_some() || owed_to.is_none();
    let url = match &owed_to {
        Some(owed_to) if !is_chosen => Some(owed_to),
        _ => args.url.as_ref(),
    };
    let target = target::target(
        context,
        url.map(String::as_str),
        args.to.as_deref(),
        &SchemeArgs::default(),
    )?;
    let resolved = target.destination.resolve().await;
    // A store may be someone else's.
    if !is_chosen && !resolved.is_loopback() {
        return Err(Failure::usage(format!(
            "the pending requests are for {}, which is not on this machine",
            target.destination
        ))
        .hint("add --url with that URL to send them there"));
    }
    target::report_foreign_destination(context, &target, &resolved);
    let options = args.replay_options(owed_to).map_err(Failure::usage)?;
    let keyring = target.keyring(context, args.secrets.flags());
    let recipient = target.recipient(&resolved);
    let mut replayer = Replayer::new(&target.catalog, &keyring, &options, &recipient);
    let requests: Result<Vec<_>, _> = captures
        .into_iter()
        .map(|recorded| replayer.compose(recorded))
        .collect();
    context.tell(replayer.notices());
    let requests = requests?;
    if args.dry_run || args.curl {
        return target::print_all(context, &requests, args.curl, &args.delivery.transport);
    }
    sending::send_all(
        context,
        &target,
        resolved,
        &requests,
        &args.delivery,
        &[],
        "replaying",
    )
    .await
}

/// Clears what a destination that no longer exists is owed.
async fn discard(context: &Context, url: &str, is_dry: bool) -> Result<Exit, Failure> {
    let url = place_named(context, url)?.to_string();
    let store = context.needed_store()?;
    let all = PendingDestinations(store.pending().await?);
    let captures = match all.at(&url) {
        None if all.0.is_empty() => {
            let nothing = "nothing is waiting to be forwarded";
            context.ui.note(Note::hint(nothing));
            0
        }
        None => {
            let error = PendingError::NotPending {
                destination: url,
                others: all,
            };
            return Err(not_pending(error, None));
        }
        Some(captures) if is_dry => captures,
        Some(_) => store.discard_pending(&url).await?,
    };
    context.emit(&Report::Discarded(Discarded {
        url,
        captures,
        removed: captures > 0 && !is_dry,
    }))?;
    Ok(Exit::Done)
}

/// What a flag that names a destination means: an endpoint of the settings, or a URL.
fn place_named(context: &Context, text: &str) -> Result<Destination, Failure> {
    Ok(target::target(context, None, Some(text), &SchemeArgs::default())?.destination)
}

/// What is still to be forwarded to one destination, oldest first, and which that is: the one that is named, or
/// the only one. None where nothing is pending, or all of it is left to others, which is said.
async fn pending(
    context: &Context,
    args: &ReplayArgs,
) -> Result<Option<(Vec<Recorded>, String)>, Failure> {
    let store = context.needed_store()?;
    let all = store.pending().await?;
    if all.is_empty() {
        let nothing = "nothing is waiting to be forwarded";
        context.ui.note(Note::hint(nothing));
        return Ok(None);
    }
    let named = match (&args.destination, &args.url, &args.to) {
        (Some(_), None, None) => {
            return Err(Failure::usage("--destination needs --url or --to")
                .hint("add --url with the new URL"));
        }
        (Some(old), ..) => Some(place_named(context, old)?),
        (None, None, None) => None,
        (None, url, to) => {
            let (url, to) = (url.as_deref(), to.as_deref());
            Some(target::target(context, url, to, &SchemeArgs::default())?.destination)
        }
    };
    let named = named.map(|destination| destination.to_string());
    let selected = selecting::selected(&args.captures, &args.filter)?;
    let query = selected.only_query("--unforwarded")?;
    let claims = !(args.dry_run || args.curl);
    let waiting = waiting(&*store, all, named, &query, claims).await;
    let waiting = waiting.map_err(|error| not_pending(error, args.url.as_deref()))?;
    if waiting.left > 0 {
        context.ui.note(Note::hint(format!(
            "{} of {} are being forwarded by another process and were skipped",
            waiting.left,
            waiting.left + waiting.captures.len()
        )));
    }
    let captures: Vec<Recorded> = waiting.captures.into_iter().map(Recorded::from).collect();
    Ok((!captures.is_empty()).then_some((captures, waiting.destination)))
}

/// `typed` is the URL that was given.
fn not_pending(error: PendingError, typed: Option<&str>) -> Failure {
    let hint = match &error {
        PendingError::Store(_) | PendingError::NoneFits(_) => return error.into(),
        PendingError::Several(_) => {
            "choose one with --url, or use --discard URL for one that no longer exists".to_owned()
        }
        PendingError::NotPending {
            destination,
            others,
        } => match (others.same_origin(destination), others.sole(), typed) {
            (Some(url), ..) => format!(
                "did you mean {}?",
                suggest(["replay", "--unforwarded", "--url", url])
            ),
            (None, Some(old), Some(typed)) => format!(
                "if it has moved to this URL, run: {}",
                suggest([
                    "replay",
                    "--unforwarded",
                    "--destination",
                    old,
                    "--url",
                    typed
                ])
            ),
            _ => "choose one of these with --url; use --destination OLD --url NEW if it has moved, or --discard URL if it no longer exists".to_owned(),
        },
    };
    Failure::usage(error).hint(hint)
}

/// What to replay, in the order in which it came.
async fn subjects(context: &Context, args: &ReplayArgs) -> Result<Vec<Recorded>, Failure> {
    let mut selected = selecting::selected(&args.captures, &args.filter)?;
    if !selected.names.is_empty() {
        let mut all = Vec::new();
        for word in &selected.names {
            all.extend(source::named(context, word, &args.reading).await?);
        }
        return Ok(all);
    }
    let query = &mut selected.query;
    if query.fits_all() {
        return Err(Failure::usage("no capture to replay was given").hint("name captures (last, an id, a file), or give a query such as event:invoice.* after:1h, or --unforwarded"));
    }
    if args.resign {
        // Signing what did not verify would make a forgery genuine.
        match args.filter.verdict {
            None => *query = query.clone().and(Query::Verdict(Verdict::Valid)),
            Some(Verdict::Valid) => {}
            Some(other) => {
                return Err(Failure::usage(format!(
                    "--resign with a filter takes only valid captures, not {other} ones"
                ))
                .hint("to sign them anyway, name the captures by id and add --resign-unverified"));
            }
        }
    }
    let store = context.needed_store()?;
    let found = selecting::captures(context, &*store, &selected).map_ok(Recorded::from);
    let found: Vec<Recorded> = found.try_collect().await?;
    if found.is_empty() {
        context
            .ui
            .note(selecting::nothing_fits(context, &selected.query));
        return Err(Failure::usage("no capture matches the filter")
            .hint("run `hookcli captures list` to see what is stored"));
    }
    Ok(found)
}
