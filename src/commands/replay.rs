//! `replay`: captures sent again, as they were or signed afresh.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;

use crate::cli::{ReplayArgs, SchemeArgs};
use crate::compose::{ReplayOptions, Replayer};
use crate::context::Context;
use crate::context::sending;
use crate::context::source;
use crate::context::target;
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::http::Place;
use crate::model::{Capture, Id, Verdict, normal_url, suggest};
use crate::payload::read_edits;
use crate::report::{Discarded, Note, Report};
use crate::store::{PendingAt, Query};

/// What the flags ask for; `owed_to` is the destination that is owed what is replayed, where one is.
fn options(args: &ReplayArgs, owed_to: Option<String>) -> Result<ReplayOptions, Failure> {
    Ok(ReplayOptions {
        keep_path: args.keep_path,
        resign: args.resign,
        resign_unverified: args.resign_unverified,
        keep_credentials: args.keep_credentials,
        edits: read_edits(&args.set, &args.set_string, &args.unset).map_err(Failure::usage)?,
        seed: args.seed,
        now: args.now,
        headers: target::own_headers(&args.delivery.way)?,
        method: args.delivery.method.clone(),
        allow_http: args.delivery.way.allow_http,
        owed_to,
    })
}

pub async fn run(context: &Context, args: &ReplayArgs) -> Result<Exit, Failure> {
    if let Some(url) = &args.discard {
        return discard(context, url, args.dry_run).await;
    }
    // What the flags say is looked at before the store is.
    options(args, None)?;
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
    let resolved = target.place.resolve().await;
    // A store may be somebody else's.
    if !is_chosen && !resolved.is_loopback() {
        return Err(Failure::usage(format!(
            "what is pending is for {}, which is not this machine",
            target.place
        ))
        .hint("name it with --url, if it is to go there"));
    }
    target::tell_of_foreign_place(context, &target, &resolved);
    let options = options(args, owed_to)?;
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
        return target::print_all(context, &requests, args.curl, &args.delivery.way);
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
    let pending = store.pending().await?;
    let own = pending
        .iter()
        .find(|at| at.url.is_empty() || normal_url(&at.url) == normal_url(&url));
    let captures = match own {
        None if pending.is_empty() => {
            context
                .ui
                .note(Note::hint("nothing is waiting to be forwarded"));
            0
        }
        None => return Err(not_pending_at(&url, &pending, None)),
        Some(at) if is_dry => at.captures,
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
fn place_named(context: &Context, text: &str) -> Result<Place, Failure> {
    Ok(target::target(context, None, Some(text), &SchemeArgs::default())?.place)
}

/// What is still to be forwarded to one destination, oldest first, and which that is: the one that is named, or
/// the only one. None where nothing is pending, which is said.
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
    let chosen = match (&args.destination, &args.url, &args.to) {
        (Some(_), None, None) => {
            return Err(Failure::usage("--destination needs --url or --to")
                .hint("say where what is pending there is to go"));
        }
        (Some(old), ..) => Some(place_named(context, old)?),
        (None, None, None) => None,
        (None, url, to) => {
            let target = target::target(
                context,
                url.as_deref(),
                to.as_deref(),
                &SchemeArgs::default(),
            )?;
            Some(target.place)
        }
    };
    let query = source::query(&args.filter, args.verdict, None);
    let owed_to = match chosen {
        Some(place) => place.to_string(),
        None => match all.as_slice() {
            [one] if !one.url.is_empty() => one.url.clone(),
            _ => {
                return Err(Failure::usage(format!(
                    "several destinations are waiting for requests: {}",
                    listed(&all)
                ))
                .hint("name one of them with --url, or --discard one that no longer exists"));
            }
        },
    };
    let pending = query.clone().and(Query::Pending);
    let waiting = source::captures(&*store, &[], &pending).try_filter(|capture| {
        let is_pending = capture.destinations.is_pending_at(&owed_to);
        std::future::ready(is_pending)
    });
    let mut waiting: Vec<Capture> = waiting.try_collect().await?;
    let found = waiting.len();
    if !(args.dry_run || args.curl) {
        // Nobody else sends these meanwhile, and what somebody else sends is left to them.
        let claimed = store.claim_pending(&owed_to, &query, usize::MAX).await?;
        let claimed: HashSet<Id> = claimed.into_iter().collect();
        waiting.retain(|capture| claimed.contains(&capture.id));
    }
    let left = found - waiting.len();
    if left > 0 {
        context.ui.note(Note::hint(format!(
            "{left} of {found} are being forwarded by another process, and left to it"
        )));
        if waiting.is_empty() {
            return Ok(None);
        }
    }
    if waiting.is_empty() {
        let is_one = all
            .iter()
            .any(|at| at.url.is_empty() || normal_url(&at.url) == normal_url(&owed_to));
        if is_one {
            return Err(Failure::usage(format!(
                "no request that the filters leave is waiting to be forwarded to {owed_to}"
            )));
        }
        return Err(not_pending_at(&owed_to, &all, args.url.as_deref()));
    }
    let captures = waiting.into_iter().map(Recorded::from).collect();
    Ok(Some((captures, owed_to)))
}

fn not_pending_at(url: &str, all: &[PendingAt], typed: Option<&str>) -> Failure {
    let failure = Failure::usage(format!(
        "nothing is waiting to be forwarded to {url}; there is for {}",
        listed(all)
    ));
    // A destination without a path takes all paths: one of them is no destination.
    let origin = |url: &str| url::Url::parse(&normal_url(url)).map(|url| url.origin());
    let same_place = all
        .iter()
        .find(|at| matches!((origin(&at.url), origin(url)), (Ok(one), Ok(other)) if one == other));
    if let Some(at) = same_place {
        return failure.hint(format!(
            "did you mean {}?",
            suggest(["replay", "--unforwarded", "--url", &at.url])
        ));
    }
    match (all, typed) {
        ([one], Some(typed)) if !one.url.is_empty() => failure.hint(format!(
            "if that one has moved there: {}",
            suggest([
                "replay",
                "--unforwarded",
                "--destination",
                &one.url,
                "--url",
                typed
            ])
        )),
        _ => failure.hint("name one of these; one that has moved with --destination OLD --url NEW, one that no longer exists with --discard"),
    }
}

/// Destinations, and how much is pending at each.
fn listed(all: &[PendingAt]) -> String {
    let each: Vec<String> = all
        .iter()
        .map(|at| {
            let url = match at.url.as_str() {
                "" => "an unknown destination",
                url => url,
            };
            format!("{url} ({})", at.captures)
        })
        .collect();
    each.join(", ")
}

/// What to replay, in the order in which it came.
async fn subjects(context: &Context, args: &ReplayArgs) -> Result<Vec<Recorded>, Failure> {
    if !args.captures.is_empty() {
        let mut all = Vec::new();
        for word in &args.captures {
            all.extend(source::named(context, word, &args.reading).await?);
        }
        return Ok(all);
    }
    let mut query = source::query(&args.filter, args.verdict, None);
    if query.fits_all() {
        return Err(Failure::usage("there is nothing to replay").hint("name captures (last, an id, a file), or filter them: --provider, --event, --since, --verdict, --unforwarded"));
    }
    if args.resign {
        // Signing what did not verify would make a forgery genuine.
        match args.verdict {
            None => query = query.and(Query::Verdict(Verdict::Valid)),
            Some(Verdict::Valid) => {}
            Some(other) => {
                return Err(Failure::usage(format!(
                    "--resign over a filter takes valid captures, not {other} ones"
                ))
                .hint("name the captures by id and add --resign-unverified, if you mean it"));
            }
        }
    }
    let store = context.needed_store()?;
    let found = source::captures(&*store, &[], &query).map_ok(Recorded::from);
    let found: Vec<Recorded> = found.try_collect().await?;
    if found.is_empty() {
        return Err(Failure::usage("no capture fits the filter")
            .hint("`hookcli captures list` shows what there is"));
    }
    Ok(found)
}
