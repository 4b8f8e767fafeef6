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
mod targets;
mod worker;
mod writer;

pub use sqlite::{SqliteStore, StoreOptions};
pub use targets::Targets;
pub use writer::UNKNOWN;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use ulid::Ulid;

use crate::model::{Headers, Phases, RemoteText, Request};

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
        delivery: &DeliveryRecord,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError>;
    /// Newest first.
    fn captures(&self, filter: &Filter) -> Result<Vec<CaptureRow>, StoreError>;
    fn capture(&self, which: &Reference) -> Result<Capture, StoreError>;
    /// Newest first.
    fn deliveries(&self, filter: &Filter) -> Result<Vec<DeliveryRow>, StoreError>;
    fn delivery(&self, which: &Reference) -> Result<DeliveryRecord, StoreError>;
    /// Oldest first.
    fn courses(&self, filter: &Filter) -> Result<Vec<DeliveryCourse>, StoreError>;
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
        delivery: &DeliveryRecord,
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

/// A capture's or a delivery's id: `cap_` or `dlv_` and a ULID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id {
    pub kind: IdKind,
    pub ulid: Ulid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdKind {
    Capture,
    Delivery,
}

impl IdKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Capture => "cap_",
            Self::Delivery => "dlv_",
        }
    }
}

impl Id {
    pub fn capture(now: Timestamp, random: &mut fastrand::Rng) -> Self {
        Self::new(IdKind::Capture, now, random)
    }

    pub fn delivery(now: Timestamp, random: &mut fastrand::Rng) -> Self {
        Self::new(IdKind::Delivery, now, random)
    }

    /// Whether a capture that was received then can have this id.
    pub fn is_capture_of(&self, received_at: Timestamp) -> bool {
        self.kind == IdKind::Capture
            && self.ulid == Ulid::from_parts(milliseconds(received_at), self.ulid.0)
    }

    fn new(kind: IdKind, now: Timestamp, random: &mut fastrand::Rng) -> Self {
        Self {
            kind,
            ulid: Ulid::from_parts(milliseconds(now), random.u128(..)),
        }
    }

    fn from_stored(kind: IdKind, text: &str) -> Option<Self> {
        Ulid::from_string(text).ok().map(|ulid| Self { kind, ulid })
    }
}

fn milliseconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond()).unwrap_or(0)
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.prefix(), self.ulid)
    }
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [IdKind::Capture, IdKind::Delivery]
            .into_iter()
            .find_map(|kind| Self::from_stored(kind, text.strip_prefix(kind.prefix())?))
            .ok_or_else(|| format!("`{text}` is no id: cap_ or dlv_ and 26 characters expected"))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How somebody names a request that is kept: `last`, `last~2`, a unique prefix of the id, or its last six
/// characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The N-th before the newest.
    Last(u64),
    /// Prefix or last characters of an id, without `cap_` or `dlv_`, in upper case.
    Part(String),
}

impl FromStr for Reference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "`{text}` names no request: write an id, its last six characters, last or last~2"
            )
        };
        if text == "last" {
            return Ok(Self::Last(0));
        }
        if let Some(count) = text.strip_prefix("last~") {
            return count.parse().map(Self::Last).map_err(|_| refused());
        }
        let part = text
            .strip_prefix("cap_")
            .or_else(|| text.strip_prefix("dlv_"))
            .unwrap_or(text)
            .to_ascii_uppercase();
        // Crockford's base32 (the ULID specification): digits and letters but I, L, O and U.
        let plain = |byte: u8| {
            byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !b"ILOU".contains(&byte))
        };
        if part.is_empty() || part.len() > 26 || !part.bytes().all(plain) {
            Err(refused())
        } else {
            Ok(Self::Part(part))
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last(0) => f.write_str("last"),
            Self::Last(count) => write!(f, "last~{count}"),
            Self::Part(part) => f.write_str(part),
        }
    }
}

/// What a list shows of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureRow {
    pub id: Id,
    pub received_at: Timestamp,
    /// The provider, where one was recognised or given.
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    /// `valid`, `invalid`, `missing` or `unchecked`.
    pub verdict: String,
    pub reason: Option<String>,
    pub method: RemoteText,
    pub target: RemoteText,
    pub body_bytes: u64,
    /// The status that was answered.
    pub status: u16,
    /// The capture that had the same key before.
    pub duplicate_of: Option<Id>,
}

/// A request as it came, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    pub id: Id,
    pub received_at: Timestamp,
    pub provider: Option<String>,
    /// The providers it may be from, where that is undecided.
    pub candidates: Vec<String>,
    pub event: Option<RemoteText>,
    pub verdict: String,
    pub reason: Option<String>,
    pub duplicate_of: Option<Id>,
    pub request: Request,
    /// 0 where it is not known, or there was none.
    pub response_status: u16,
    /// Those that were chosen.
    pub response_headers: Headers,
    pub response_body: Vec<u8>,
    /// How the answer travelled, where that was not the ordinary way.
    pub response_manner: Option<String>,
    /// What sets it apart, such as that a web page sent it.
    pub mark: Option<String>,
    /// Where it is to be forwarded to.
    pub targets: Targets,
    /// It came over TLS: its URL is https.
    pub over_tls: bool,
}

/// What a list shows of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    pub id: Id,
    pub started_at: Timestamp,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub url: String,
    pub outcome: String,
    pub attempts: u32,
    pub status: Option<u16>,
    /// The process that works at it now, where another one does.
    pub worker: Option<u32>,
}

/// A delivery as it is kept: secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    pub id: Id,
    /// When its first attempt began; its id is of that time.
    pub started_at: Timestamp,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    /// The capture that was replayed.
    pub replay_of: Option<Id>,
    /// The endpoint of the settings that it went to, where one was named.
    pub endpoint: Option<String>,
    /// Each attempt is signed afresh; else its bytes stay.
    pub signed: bool,
    pub url: String,
    pub outcome: String,
    /// Why it failed.
    pub failure: Option<RemoteText>,
    pub request: Request,
    pub attempts: Vec<AttemptRecord>,
    /// The process that works at it now, where another one does. Not written.
    pub worker: Option<u32>,
}

/// What became of a delivery, without what was sent and answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryCourse {
    pub id: Id,
    pub outcome: String,
    pub attempts: Vec<AttemptCourse>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptCourse {
    pub duration: Duration,
    pub status: Option<u16>,
    pub error_code: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRecord {
    pub number: u32,
    pub started_at: Timestamp,
    pub duration: Duration,
    pub phases: Phases,
    pub status: Option<u16>,
    pub error_code: Option<String>,
    pub error: Option<RemoteText>,
    pub response_headers: Headers,
    pub response_body: Vec<u8>,
    pub response_truncated: bool,
}

impl AttemptRecord {
    /// An attempt that has begun, and of which nothing else is known.
    fn begun(at: Timestamp) -> Self {
        Self {
            number: 0,
            started_at: at,
            duration: Duration::ZERO,
            phases: Phases::default(),
            status: None,
            error_code: Some(UNKNOWN.to_owned()),
            error: Some(
                "the attempt began, and its end was not recorded: it may have been made".into(),
            ),
            response_headers: Headers::new(),
            response_body: Vec::new(),
            response_truncated: false,
        }
    }
}

/// Which of them to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub provider: Option<String>,
    pub event: Option<String>,
    /// A verdict (captures) or an outcome (deliveries).
    pub verdict: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub limit: Option<usize>,
    /// Captures that were to be forwarded, and were not.
    pub unforwarded: bool,
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
    fn a_reference_is_an_id_a_part_of_one_or_last() {
        assert_eq!("last~2".parse(), Ok(Reference::Last(2)));
        assert_eq!("cap_01hz".parse(), Ok(Reference::Part("01HZ".to_owned())));
        for text in ["", "last~x", "cap_", "no/file.json", "0U"] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }

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
