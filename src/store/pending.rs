//! What is pending, added up.

use crate::model::{Destinations, normal_url};

/// What is pending at one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAt {
    /// As it was first written; empty where it is not known.
    pub url: String,
    pub captures: u64,
}

/// Adds so many captures that are pending at the same destinations.
pub(super) fn add_pending(all: &mut Vec<PendingAt>, destinations: &Destinations, captures: u64) {
    let mut urls = destinations.pending_urls().peekable();
    if urls.peek().is_none() {
        add(all, "", captures);
    }
    urls.for_each(|url| add(all, url, captures));
}

fn add(all: &mut Vec<PendingAt>, url: &str, captures: u64) {
    let normal = normal_url(url);
    let known = all
        .iter_mut()
        .find(|known| normal_url(&known.url) == normal);
    match known {
        Some(known) => known.captures += captures,
        None => all.push(PendingAt {
            url: url.to_owned(),
            captures,
        }),
    }
}

/// Those of which most is pending come first.
pub(super) fn sort_pending(all: &mut [PendingAt]) {
    all.sort_by(|one, other| {
        other
            .captures
            .cmp(&one.captures)
            .then_with(|| one.url.cmp(&other.url))
    });
}
