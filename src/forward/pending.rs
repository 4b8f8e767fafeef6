//! What is still to be forwarded, for one destination at a time.

use std::collections::HashSet;
use std::fmt;

use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::model::{Capture, Id, normal_url};
use crate::search::Query;
use crate::store::{Order, PendingAt, Store, StoreError, rows};

/// Requests that wait for one destination, the oldest first.
pub struct Waiting {
    pub destination: String,
    /// Those that no one else sends meanwhile.
    pub captures: Vec<Capture>,
    /// How many another process forwards.
    pub left: usize,
}

/// Why nothing waits for the destination that was meant.
#[derive(Debug, thiserror::Error)]
pub enum PendingError {
    /// None was named, and none of them is known.
    #[error("requests are waiting for a destination that is not known: {0}")]
    Unknown(PendingDestinations),
    #[error("no request that matches the filters is waiting to be forwarded to {0}")]
    NoneFits(String),
    #[error(
        "nothing is waiting to be forwarded to {destination}; requests are waiting for {others}"
    )]
    NotPending {
        destination: String,
        others: PendingDestinations,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// PendingDestinations, and how much is pending at each.
#[derive(Debug)]
pub struct PendingDestinations(pub Vec<PendingAt>);

impl PendingDestinations {
    /// How much is pending at that one; none where it is not among them. What is pending at an unknown destination may
    /// be for any.
    pub fn at(&self, destination: &str) -> Option<u64> {
        let url = normal_url(destination);
        let mut all = self.0.iter();
        let own = all.find(|at| at.url.is_empty() || normal_url(&at.url) == url);
        own.map(|at| at.captures)
    }

    /// Those that are known.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        let urls = self.0.iter().map(|at| at.url.as_str());
        urls.filter(|url| !url.is_empty())
    }

    /// The one that is known and the only one.
    pub fn sole(&self) -> Option<&str> {
        self.known().next().filter(|_| self.0.len() == 1)
    }

    /// One at the same host and port. A destination without a path takes all paths: a single path of it is not a destination.
    pub fn same_origin(&self, destination: &str) -> Option<&str> {
        let origin = |url: &str| url::Url::parse(&normal_url(url)).map(|url| url.origin());
        let origin_of = |at: &&PendingAt| matches!((origin(&at.url), origin(destination)), (Ok(one), Ok(other)) if one == other);
        self.0.iter().find(origin_of).map(|at| at.url.as_str())
    }
}

impl fmt::Display for PendingDestinations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, at) in self.0.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            let url = match at.url.as_str() {
                "" => "an unknown destination",
                url => url,
            };
            write!(f, "{separator}{url} ({})", at.captures)?;
        }
        Ok(())
    }
}

/// Finds what waits for a destination. Where it `claims` them, no one else sends these meanwhile, and what someone else
/// sends is left to them.
pub async fn waiting(
    store: &dyn Store,
    destination: String,
    query: &Query,
    claims: bool,
) -> Result<Waiting, PendingError> {
    let pending = query.clone().and(Query::Pending);
    let read = async |page| store.captures(&pending, page).await;
    let found = rows(Order::OldestFirst, None, read)
        .and_then(|row| store.capture(row.id))
        .try_filter(|capture| {
            let is_pending = capture.destinations.is_pending_at(&destination);
            std::future::ready(is_pending)
        });
    let mut captures: Vec<Capture> = found.boxed_local().try_collect().await?;
    let found = captures.len();
    if claims {
        let claimed = store.claim_pending(&destination, query, usize::MAX).await?;
        let claimed: HashSet<Id> = claimed.into_iter().collect();
        captures.retain(|capture| claimed.contains(&capture.id));
    }
    let all = PendingDestinations(store.pending().await?);
    // Someone else may have sent all of it meanwhile.
    if found > 0 || all.0.is_empty() {
        return Ok(Waiting {
            left: found - captures.len(),
            captures,
            destination,
        });
    }
    Err(match all.at(&destination) {
        Some(_) => PendingError::NoneFits(destination),
        None => PendingError::NotPending {
            destination,
            others: all,
        },
    })
}
