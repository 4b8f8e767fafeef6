//! Which captures or deliveries are selected: a tree of conditions that each backend translates.

use jiff::Timestamp;

use crate::model::{Id, Outcome, Verdict};

/// A condition on captures or deliveries. One that is about the others (a verdict of deliveries, an outcome of
/// captures) is met by none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// All of these are met; where there are none, everything fits.
    All(Vec<Query>),
    /// One of these is met; where there are none, nothing fits.
    Any(Vec<Query>),
    Not(Box<Query>),
    Id(Id),
    Provider(String),
    /// The event's type.
    Event(String),
    /// Of captures.
    Verdict(Verdict),
    /// Of deliveries, as it is recorded.
    Outcome(Outcome),
    /// At that time or later.
    Since(Timestamp),
    /// Before that time.
    Until(Timestamp),
    /// Captures that are still to be forwarded.
    Pending,
    /// Deliveries whose next attempt starts at or before that time.
    DueAt(Timestamp),
}

/// Everything fits.
impl Default for Query {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Query {
    /// What fits both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut all) => {
                all.push(other);
                Self::All(all)
            }
            one => Self::All(vec![one, other]),
        }
    }

    /// Whether everything fits, whatever it is.
    pub fn fits_all(&self) -> bool {
        matches!(self, Self::All(all) if all.iter().all(Self::fits_all))
    }

    /// The conditions that must all be met, without those that hold more of them.
    pub(super) fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::All(all) => all.iter().flat_map(Self::conjuncts).collect(),
            other => vec![other],
        }
    }
}
