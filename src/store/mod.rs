//! What came in and what went out, kept. Commands see the trait; SQLite is what stands behind it.

mod checkpoints;
mod connection;
mod eviction;
mod files;
mod group;
mod migrate;
mod order;
mod query;
mod sqlite;
mod worker;
mod writer;

pub use sqlite::{SqliteStore, StoreOptions};

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::{
    Capture, CaptureSummary, Delivery, DeliveryOutline, DeliverySummary, Id, Outcome, Reference,
    Verdict,
};

/// The place where captures and deliveries are kept.
pub trait Store: Send + Sync {
    /// Hands in a capture, to be committed with others that arrive now. The receiver resolves once it is;
    /// `Busy` comes at once. Called within a Tokio runtime.
    fn keep(&self, capture: Arc<Capture>) -> Result<Ack, StoreError>;
    /// Keeps captures that came from elsewhere; they are committed when this returns.
    fn import(&self, captures: &[Capture]) -> Result<(), StoreError>;
    /// Records a delivery, or what is new of one that is kept already: its outcome, and its attempts from
    /// the index `new_from` on, which are counted on from those that are kept. With `settles_at`, the capture that it
    /// replays is no longer owed to that destination. It is committed when this returns, all of it at once.
    fn record(
        &self,
        delivery: &Delivery,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError>;
    /// Newest first.
    fn captures(&self, filter: &Filter) -> Result<Vec<CaptureSummary>, StoreError>;
    fn capture(&self, which: &Reference) -> Result<Capture, StoreError>;
    /// Newest first.
    fn deliveries(&self, filter: &Filter) -> Result<Vec<DeliverySummary>, StoreError>;
    fn delivery(&self, which: &Reference) -> Result<Delivery, StoreError>;
    /// Oldest first.
    fn courses(&self, filter: &Filter) -> Result<Vec<DeliveryOutline>, StoreError>;
    /// Puts down what became of a capture that was to be forwarded: the status that its sender got, where that
    /// became known, and the targets that have it now.
    fn settle_forward(
        &self,
        capture: Id,
        status: Option<u16>,
        delivered_to: &[String],
    ) -> Result<(), StoreError>;
    /// Records that an attempt of a delivery begins now, before its first byte goes out, and returns the
    /// attempt's number. Until it is recorded, the delivery is `unknown`: the attempt may have been made. It is
    /// committed when this returns. `Taken` where another process works at it; and, for a capture that is to be
    /// `owed_to` a destination, where that has it meanwhile.
    fn begin(
        &self,
        delivery: &Delivery,
        started_at: Timestamp,
        owed_to: Option<&str>,
    ) -> Result<u32, StoreError>;
    /// How many captures are to be forwarded still, by destination.
    fn pending(&self) -> Result<Vec<PendingAt>, StoreError>;
    /// Clears what is owed to a destination, and says how many captures were pending there.
    fn discard_pending(&self, url: &str) -> Result<u64, StoreError>;
    /// This process owes these destinations (their URLs) what is pending there: nobody evicts it while this process
    /// runs, and `keep` fails with `Full` where that leaves no room.
    fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError>;
    /// How much the store keeps, whoever writes to it.
    fn bound(&self) -> Result<Keep, StoreError>;
    /// Changes that for good.
    fn set_bound(&self, keep: Keep) -> Result<(), StoreError>;
    /// What such a bound would remove.
    fn excess(&self, keep: Keep) -> Result<Excess, StoreError>;
    /// Removes what is beyond that bound, once, and says what it was.
    fn prune(&self, keep: Keep) -> Result<Excess, StoreError>;
    /// What eviction did that the user should know of, since this was last asked.
    fn take_notices(&self) -> Vec<StoreNotice>;
    /// Removes captures by id and says how many there were.
    fn remove(&self, ids: &[Id]) -> Result<usize, StoreError>;
}

/// What is pending at one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAt {
    /// As it was first written; empty where it is not known.
    pub url: String,
    pub captures: u64,
}

/// What is beyond a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excess {
    pub captures: u64,
    pub deliveries: u64,
    /// How many of both are still to be delivered.
    pub pending: u64,
    /// What the rows take, about.
    pub bytes: u64,
}

/// What eviction did, or left undone, that the user should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreNotice {
    /// Nothing else was left to evict: these were still to be delivered.
    EvictedPending { captures: u64, deliveries: u64 },
    /// The clock is far ahead of where it was: eviction by age waits, for the clock may be wrong.
    AgeWaits {
        last_seen: Timestamp,
        until: Timestamp,
    },
}

/// Resolves once what was handed in is committed, or could not be.
pub type Ack = tokio::sync::oneshot::Receiver<Result<(), StoreError>>;

/// Which of them to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub provider: Option<String>,
    pub event: Option<String>,
    /// Of captures.
    pub verdict: Option<Verdict>,
    /// Of deliveries.
    pub outcome: Option<Outcome>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub limit: Option<usize>,
    /// Captures that were to be forwarded, and were not.
    pub unforwarded: bool,
}

impl Filter {
    /// The verdict or outcome, as the store has it: what is a capture has no outcome, and what is a delivery no verdict.
    fn word(&self) -> Option<&'static str> {
        let verdict = self.verdict.map(Verdict::name);
        verdict.or_else(|| self.outcome.map(Outcome::name))
    }
}

/// How much is kept; the oldest go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Age(Duration),
    Count(u64),
    Bytes(u64),
}

/// 2 GiB.
impl Default for Keep {
    fn default() -> Self {
        Self::Bytes(2 << 30)
    }
}

/// As it is read.
impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Bytes(bytes) => {
                let units = [("GiB", 30), ("MiB", 20)];
                let whole = units
                    .iter()
                    .find(|(_, shift)| bytes > 0 && bytes % (1 << shift) == 0);
                let (unit, shift) = whole.unwrap_or(&("KiB", 10));
                write!(f, "{}{unit}", bytes >> shift)
            }
            Self::Age(age) => {
                let seconds = age.as_secs();
                match seconds {
                    0 => write!(f, "{}ms", age.as_millis()),
                    _ if seconds % 86_400 == 0 => write!(f, "{}d", seconds / 86_400),
                    _ if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
                    _ if seconds % 60 == 0 => write!(f, "{}m", seconds / 60),
                    _ => write!(f, "{seconds}s"),
                }
            }
        }
    }
}

impl FromStr for Keep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}`: write an age (7d), a count (100000) or a size (2GiB)");
        if let Ok(count) = text.parse() {
            return Ok(Self::Count(count));
        }
        for (unit, shift) in [("KiB", 10), ("MiB", 20), ("GiB", 30)] {
            if let Some(number) = text.strip_suffix(unit) {
                let number: u64 = number.trim().parse().map_err(|_| refused())?;
                return number
                    .checked_shl(shift)
                    .filter(|bytes| bytes >> shift == number)
                    .map(Self::Bytes)
                    .ok_or_else(refused);
            }
        }
        crate::model::duration::parse(text)
            .map(Self::Age)
            .map_err(|_| refused())
    }
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store {path} cannot be opened: {why}")]
    Open { path: String, why: String },
    #[error("the store could not be written: {0}")]
    Write(String),
    #[error("the store could not be read: {0}")]
    Read(String),
    #[error("the store's queue is full")]
    Busy,
    #[error("the store is full of requests that are still to be forwarded")]
    Full,
    #[error("left alone: {0}")]
    Taken(String),
    #[error("there is no {0} yet: the store holds none")]
    Empty(&'static str),
    #[error("there is no {what} {which}{hint}")]
    NotFound {
        what: &'static str,
        which: String,
        hint: &'static str,
    },
    #[error("`{which}` fits several: {}", .candidates.join(", "))]
    Ambiguous {
        which: String,
        candidates: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_keep_is_an_age_a_count_or_a_size() {
        assert_eq!("7d".parse(), Ok(Keep::Age(Duration::from_secs(604_800))));
        assert_eq!("100000".parse(), Ok(Keep::Count(100_000)));
        assert_eq!("2GiB".parse(), Ok(Keep::Bytes(2 << 30)));
        assert!("2GB".parse::<Keep>().is_err());
        for text in [
            "7d", "90m", "36h", "1s", "100000", "0", "2GiB", "1536MiB", "10KiB", "0KiB",
        ] {
            assert_eq!(text.parse::<Keep>().unwrap().to_string(), text);
        }
    }
}
