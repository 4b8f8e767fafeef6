//! What is waiting to be forwarded: to whom `replay --unforwarded` sends, and what it says where that is not clear.

use super::{Context, selecting, target};
use crate::cli::{ReplayArgs, SchemeArgs};
use crate::exit::{Exit, Failure};
use crate::forward::{PendingDestinations, PendingError, waiting};
use crate::http::Destination;
use crate::model::{Capture, suggest};
use crate::report::Note;

/// To whom pending requests are sent.
pub struct Due {
    pub destinations: Vec<String>,
    /// The user named the destination.
    pub is_chosen: bool,
    /// There are other destinations, too.
    pub are_several: bool,
    /// What it already comes to: others can be sent to only where the user names them, which is said.
    pub exit: Exit,
}

/// The destination that is named, or all that something is pending for. None where there is none, which is said.
///
/// # Errors
/// None of them can be sent to.
pub async fn due(context: &Context, args: &ReplayArgs) -> Result<Option<Due>, Failure> {
    let all = context.needed_store()?.pending().await?;
    if all.is_empty() {
        tell_nothing(context);
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
    if let Some(named) = named {
        return Ok(Some(Due {
            destinations: vec![named.to_string()],
            is_chosen: true,
            are_several: false,
            exit: Exit::Done,
        }));
    }
    each_its_own(context, PendingDestinations(all))
        .await
        .map(Some)
}

/// All that are known and on this machine: a store may be someone else's.
async fn each_its_own(context: &Context, all: PendingDestinations) -> Result<Due, Failure> {
    let mut destinations = Vec::new();
    let mut refused = Vec::new();
    for url in all.known() {
        let destination: Destination = url.parse().map_err(Failure::usage)?;
        match destination.resolve().await.is_loopback() {
            true => destinations.push(url.to_owned()),
            false => refused.push(format!(
                "the pending requests are for {destination}, which is not on this machine"
            )),
        }
    }
    if all.known().count() < all.0.len() {
        refused.push(PendingError::Unknown(all).to_string());
    }
    let hint = "add --url with that URL to send them there";
    match (destinations.is_empty(), refused.first()) {
        (true, Some(why)) => return Err(Failure::usage(why).hint(hint)),
        _ => refused.iter().for_each(|why| {
            let text = format!("{why}; {hint}");
            context.ui.note(Note::error(text));
        }),
    }
    let exit = match refused.is_empty() {
        true => Exit::Done,
        false => Exit::Usage,
    };
    Ok(Due {
        are_several: destinations.len() > 1,
        destinations,
        is_chosen: false,
        exit,
    })
}

impl Due {
    /// What is pending for one of them, oldest first; what another process forwards meanwhile is left to it, which is
    /// said. Where it is to be sent, no one else sends it.
    ///
    /// # Errors
    /// Nothing that fits is pending for the only one.
    pub async fn claim(
        &self,
        context: &Context,
        args: &ReplayArgs,
        destination: &str,
    ) -> Result<Vec<Capture>, Failure> {
        let store = context.needed_store()?;
        let selected = selecting::selected(&args.captures, &args.filter)?;
        let query = selected.only_query("--unforwarded")?;
        let claims = !(args.dry_run || args.curl);
        let waiting = match waiting(&*store, destination.to_owned(), &query, claims).await {
            Err(PendingError::NoneFits(_)) if self.are_several => return Ok(Vec::new()),
            waiting => waiting.map_err(|error| failure(error, args.url.as_deref()))?,
        };
        if waiting.left > 0 {
            context.ui.note(Note::hint(format!(
                "{} of {} are being forwarded by another process and were skipped",
                waiting.left,
                waiting.left + waiting.captures.len()
            )));
        }
        Ok(waiting.captures)
    }
}

/// `typed` is the URL that was given.
pub fn failure(error: PendingError, typed: Option<&str>) -> Failure {
    let PendingError::NotPending {
        destination,
        others,
    } = &error
    else {
        return error.into();
    };
    let hint = match (others.same_origin(destination), others.sole(), typed) {
        (Some(url), ..) => format!(
            "did you mean {}?",
            suggest(["replay", "--unforwarded", "--url", url])
        ),
        (None, Some(old), Some(typed)) => {
            let moved = ["replay", "--unforwarded", "--destination", old, "--url", typed];
            format!("if it has moved to this URL, run: {}", suggest(moved))
        }
        _ => "choose one of these with --url; use --destination OLD --url NEW if it has moved, or --discard URL if it no longer exists".to_owned(),
    };
    Failure::usage(error).hint(hint)
}

pub fn tell_nothing(context: &Context) {
    let nothing = "nothing is waiting to be forwarded";
    context.ui.note(Note::hint(nothing));
}

/// What a flag that names a destination means: an endpoint of the settings, or a URL.
pub fn place_named(context: &Context, text: &str) -> Result<Destination, Failure> {
    Ok(target::target(context, None, Some(text), &SchemeArgs::default())?.destination)
}
