//! Which captures or deliveries are selected: a tree of conditions that each backend of the store translates.

use jiff::Timestamp;

use super::{NumberRange, Pattern, RequestTerm};
use crate::model::{Id, Outcome, Verdict};

/// A condition on captures or deliveries. One that is about the others (a verdict of deliveries, an outcome of
/// captures) is met by none.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// All of these are met; where there are none, everything fits.
    All(Vec<Query>),
    /// One of these is met; where there are none, nothing fits.
    Any(Vec<Query>),
    Not(Box<Query>),
    Id(Id),
    Provider(Pattern),
    /// The event's type.
    Event(Pattern),
    /// Of captures.
    Verdict(Verdict),
    /// Of deliveries, as it is recorded.
    Outcome(Outcome),
    /// At that time or later.
    Since(Timestamp),
    /// Before that time.
    Until(Timestamp),
    /// Captures that are still to be forwarded; deliveries that are not settled.
    Pending,
    /// Deliveries whose next attempt starts at or before that time.
    DueAt(Timestamp),
    /// Captures with the idempotency key of an earlier one.
    Duplicate,
    /// Captures with the idempotency key of an earlier one, and another body.
    SameIdChanged,
    /// Deliveries that sent this capture.
    ReplayOf(Id),
    /// Deliveries to an emulated subscription, by its number.
    OfSubscription(i64),
    /// Deliveries of an emulated provider's event, by its number.
    OfEmulatedEvent(i64),
    /// Captures that a web page sent.
    FromWebPage,
    /// Captures that were received with TLS.
    OverTls,
    /// Deliveries with more than one attempt.
    Retried,
    /// Deliveries that were sent with a fault.
    Faulted,
    /// The status of a capture's response, or of the response to a delivery's last attempt; 0 without one.
    Status(NumberRange),
    /// The size of the body in bytes.
    Size(NumberRange),
    /// How many attempts a delivery has.
    Attempts(NumberRange),
    Method(Pattern),
    /// The path and query of the request.
    Path(Pattern),
    /// The URL that a delivery goes to.
    Url(Pattern),
    /// Captures whose response did not reach the client.
    NotReceived,
    /// The endpoint that a capture came to, or a delivery goes to.
    Endpoint(Pattern),
    /// Something in the request itself: a header, a value of the body, a text.
    Request(RequestTerm),
}

/// Everything fits.
impl Default for Query {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Query {
    /// Fits both this and the other.
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

    /// Whether headers or bodies have to be read to tell what fits.
    pub fn reads_requests(&self) -> bool {
        self.any(&|leaf| matches!(leaf, Self::Request(_)))
    }

    /// Whether a summary of a capture does not tell whether it fits.
    pub fn needs_whole_capture(&self) -> bool {
        self.any(&|leaf| {
            matches!(
                leaf,
                Self::Request(_) | Self::Pending | Self::OverTls | Self::FromWebPage
            )
        })
    }

    /// Whether any of its leaves has that property.
    pub fn any(&self, has: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().any(|one| one.any(has)),
            Self::Not(one) => one.any(has),
            leaf => has(leaf),
        }
    }

    /// The conditions that must all be met, without those that hold more of them.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::All(all) => all.iter().flat_map(Self::conjuncts).collect(),
            other => vec![other],
        }
    }
}
