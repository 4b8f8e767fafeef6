//! Notices of the application, in words.

use super::Note;
use crate::compose::ComposeNotice;
use crate::model::{counted, duration::short, suggest};
use crate::settings::variable_of;
use crate::store::{Excess, PendingAt, StoreNotice};
use crate::view::LoadReport;

impl From<ComposeNotice> for Note {
    fn from(notice: ComposeNotice) -> Self {
        match notice {
            ComposeNotice::TestSecret { provider, secret } => Self::hint(format!(
                "signed with the public test secret `{secret}`; set {} to use your own",
                variable_of(&provider)
            )),
            ComposeNotice::AgainstSchema { event, violations } => {
                Self::warning(format!("{event} does not match its schema: {violations}"))
            }
            ComposeNotice::UnknownPath(why) => Self::warning(why),
            ComposeNotice::NoSchema { event } => {
                Self::warning(format!("{event} has no schema, so --strict checks nothing"))
            }
            ComposeNotice::NotJson { why } => Self::warning(format!(
                "the payload is not JSON, and is sent as it is: {why}"
            )),
            ComposeNotice::SignatureKept => Self::warning(
                "the body is changed but keeps its signature, so a receiver that verifies refuses it; add --resign to sign it again",
            ),
            ComposeNotice::NotListed { provider, event } => {
                Self::warning(format!("`{event}` is not a documented event of {provider}"))
            }
            ComposeNotice::ProviderBroken(error) => Self::warning(error.to_string()),
            ComposeNotice::CredentialsDropped { names, destination } => Self::warning(format!(
                "{} was not sent to {destination}, which is on another machine; add --keep-credentials to send it",
                names.join(" and ")
            )),
        }
    }
}

/// What eviction did, and what to do about it.
impl From<StoreNotice> for Note {
    fn from(notice: StoreNotice) -> Self {
        Self::warning(match notice {
            StoreNotice::EvictedPending {
                captures,
                deliveries,
            } => {
                let gone = Excess {
                    captures,
                    deliveries,
                    ..Excess::default()
                };
                format!(
                    "the store was full, so {} not yet delivered had to be removed; raise the limit with `{} SIZE`",
                    amount(&gone),
                    suggest(["listen", "--keep"])
                )
            }
            StoreNotice::AgeWaits { last_seen, until } => {
                let ahead = until.duration_since(last_seen).unsigned_abs();
                format!(
                    "the clock is {} ahead of the store's last use. In case the clock is wrong, nothing is removed because of its age until {until}; run `{}` to remove it now",
                    short(ahead.saturating_sub(std::time::Duration::from_secs(86_400))),
                    suggest(["captures", "prune"])
                )
            }
        })
    }
}

/// So many captures and deliveries, for people.
pub fn amount(excess: &Excess) -> String {
    let captures = counted(excess.captures, "capture");
    let deliveries = counted(excess.deliveries, "delivery");
    let mut text = match (excess.captures, excess.deliveries) {
        (_, 0) => captures,
        (0, _) => deliveries,
        _ => format!("{captures} and {deliveries}"),
    };
    if excess.pending > 0 {
        text += &format!(", {} of them not yet delivered", excess.pending);
    }
    text
}

/// What a load did not reach, and what to change.
pub fn load_notes(load: &LoadReport) -> Vec<Note> {
    let mut notes = Vec::new();
    if let (Some(rate), Some(false)) = (load.rate, load.rate_reached) {
        notes.push(Note::warning(format!(
            "the rate was not reached: {:.1} requests a second were sent, not {rate:.1}; if the receiver can answer more at once, raise --concurrency (now {}), else ask for a lower --rate",
            load.sent_per_second, load.connections
        )));
    }
    if load.responses == 0 {
        notes.push(Note::hint(match load.in_progress {
            0 => format!("no response from {}: check that your server is running", load.url),
            waiting => format!(
                "no response from {} to {waiting} requests in this time: use a longer --duration, or check that your server answers",
                load.url
            ),
        }));
    }
    notes
}

/// Destinations that are named at most where something is pending.
const MOST_NAMED: usize = 5;

/// How many requests are waiting to be forwarded, of earlier runs too, and what sends them.
pub fn pending_notes(pending: &[PendingAt]) -> Vec<Note> {
    let mut notes: Vec<Note> = pending.iter().take(MOST_NAMED).map(pending_note).collect();
    if pending.len() > MOST_NAMED {
        let others = pending.len() - MOST_NAMED;
        notes.push(Note::hint(format!(
            "requests are waiting for {others} more destinations"
        )));
    }
    notes
}

fn pending_note(at: &PendingAt) -> Note {
    let (requests, them) = match at.captures {
        1 => ("1 request is".to_owned(), "it"),
        count => (format!("{count} requests are"), "them"),
    };
    let (to, url) = match at.url.as_str() {
        "" => (String::new(), "URL"),
        url => (format!(" to {url}"), url),
    };
    Note::hint(format!(
        "{requests} waiting to be forwarded{to}. Run `{}` to send {them}",
        suggest(["replay", "--unforwarded", "--url", url])
    ))
}
