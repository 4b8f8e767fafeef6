//! `replay`: captures sent again, as they were or signed again.

use futures_util::TryStreamExt as _;

use crate::cli::{ReplayArgs, SchemeArgs};
use crate::compose::Replayer;
use crate::context::editing::{self, Edit};
use crate::context::target::{self, Target};
use crate::context::{Context, pending, selecting, sending, source};
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::forward::{PendingDestinations, PendingError};
use crate::model::Verdict;
use crate::report::{Discarded, Note, Report};
use crate::search::Query;

pub async fn run(context: &Context, args: &ReplayArgs) -> Result<Exit, Failure> {
    if let Some(url) = &args.discard {
        return discard(context, url, args.dry_run).await;
    }
    // What the flags say is looked at before the store is.
    args.replay_options(None).map_err(Failure::usage)?;
    if args.unforwarded {
        return forward(context, args).await;
    }
    let mut captures = subjects(context, args).await?;
    if args.edit {
        let one = only_one(captures)?;
        match editing::edit(context, one).await? {
            Edit::Changed(edited) => captures = vec![*edited],
            Edit::Unchanged => {
                context
                    .ui
                    .note(Note::hint("the body is unchanged, so nothing was sent"));
                return Ok(Exit::Done);
            }
            Edit::Interrupted => return Ok(Exit::Interrupted),
        }
    }
    let target = target::target(
        context,
        args.url.as_deref(),
        args.to.as_deref(),
        &SchemeArgs::default(),
    )?;
    replay(context, args, &target, captures, None).await
}

/// Sends captures to one destination: where they are `owed_to` one, they count as forwarded there.
async fn replay(
    context: &Context,
    args: &ReplayArgs,
    target: &Target<'_>,
    captures: Vec<Recorded>,
    owed_to: Option<String>,
) -> Result<Exit, Failure> {
    let resolved = target.destination.resolve().await;
    target::report_foreign_destination(context, target, &resolved);
    let mut options = args.replay_options(owed_to).map_err(Failure::usage)?;
    if args.edit {
        // The user has read what is signed, and changed it; what no scheme is known of is sent as it is.
        let names = captures.iter().filter_map(|one| one.provider.as_deref());
        let mut providers = names.filter_map(|name| target.catalog.provider(name).ok());
        let is_signed = providers.any(|provider| provider.signature.is_some());
        if is_signed && !args.resign {
            let text = "the edited request is signed again, with new timestamps and ids";
            context.ui.note(Note::hint(text));
        }
        options.resign |= is_signed;
        options.resign_unverified = true;
    }
    let keyring = target.keyring(context, args.secrets.flags());
    let recipient = target.recipient(&resolved);
    let mut replayer = Replayer::new(&target.catalog, &keyring, &options, &recipient);
    let requests: Result<Vec<_>, _> = captures
        .into_iter()
        .map(|recorded| replayer.compose(recorded))
        .collect();
    context.tell(replayer.notices());
    let mut requests = requests?;
    if args.dry_run || args.curl {
        return target::print_all(context, &requests, args.curl, &args.delivery.transport);
    }
    sending::send_all(
        context,
        target,
        resolved,
        &mut requests,
        &args.delivery,
        &[],
        sending::Command::new("replaying", &args.secrets),
    )
    .await
}

/// Sends what is pending: to the destination that is named, or to each its own.
async fn forward(context: &Context, args: &ReplayArgs) -> Result<Exit, Failure> {
    let Some(due) = pending::due(context, args).await? else {
        return Ok(Exit::Done);
    };
    let mut exits = Vec::new();
    for destination in &due.destinations {
        let (url, to) = match due.is_chosen {
            true => (args.url.as_deref(), args.to.as_deref()),
            false => (Some(destination.as_str()), None),
        };
        let target = target::target(context, url, to, &SchemeArgs::default())?;
        let captures = due.claim(context, args, destination).await?;
        if captures.is_empty() {
            continue;
        }
        let captures = captures.into_iter().map(Recorded::from).collect();
        let exit = replay(context, args, &target, captures, Some(destination.clone())).await?;
        exits.push(exit);
        if exit == Exit::Interrupted {
            break;
        }
    }
    if exits.is_empty() && due.are_several {
        return Err(PendingError::NoneFits(due.destinations.join(", ")).into());
    }
    exits.push(due.exit);
    Ok(Exit::worst(exits))
}

fn only_one(mut captures: Vec<Recorded>) -> Result<Recorded, Failure> {
    match captures.len() {
        1 => Ok(captures.remove(0)),
        count => Err(
            Failure::usage(format!("--edit takes one capture, and {count} were given"))
                .hint("name one by its id, or use last"),
        ),
    }
}

/// Clears what a destination that no longer exists is owed.
async fn discard(context: &Context, url: &str, is_dry: bool) -> Result<Exit, Failure> {
    let url = pending::place_named(context, url)?.to_string();
    let store = context.needed_store()?;
    let all = PendingDestinations(store.pending().await?);
    let captures = match all.at(&url) {
        None if all.0.is_empty() => {
            pending::tell_nothing(context);
            0
        }
        None => {
            let error = PendingError::NotPending {
                destination: url,
                others: all,
            };
            return Err(pending::failure(error, None));
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
