//! The flags of a filter, as what they are short forms of: terms of a query.

use jiff::Timestamp;

use super::captures::{CaptureFilterArgs, FilterArgs};
use super::deliveries::DeliveryFilterArgs;
use crate::search::{Pattern, Query, Scope, event_query};

/// Flags that select captures or deliveries.
pub trait Filter {
    const SCOPE: Scope;

    /// The conditions that the flags stand for; ages are counted from `now`.
    fn conditions(&self, now: Timestamp) -> Vec<Query>;
}

impl Filter for CaptureFilterArgs {
    const SCOPE: Scope = Scope::Captures;

    fn conditions(&self, now: Timestamp) -> Vec<Query> {
        let mut all = self.common.conditions(now);
        all.extend(self.verdict.map(Query::Verdict));
        all
    }
}

impl Filter for DeliveryFilterArgs {
    const SCOPE: Scope = Scope::Deliveries;

    fn conditions(&self, now: Timestamp) -> Vec<Query> {
        let mut all = self.common.conditions(now);
        all.extend(self.outcome.map(Query::Outcome));
        all
    }
}

impl FilterArgs {
    fn conditions(&self, now: Timestamp) -> Vec<Query> {
        let provider = self.provider.as_deref().map(Pattern::new);
        let since = self.since.map(|when| when.resolve(now));
        let until = self.until.map(|when| when.resolve(now));
        [
            provider.map(Query::Provider),
            self.event.as_deref().map(event_query),
            since.map(Query::Since),
            until.map(Query::Until),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
