//! A delivery, and what became of it.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantNames};

use super::{Emulated, Id, Phases, RemoteText, Request, Response};

/// What a list shows of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliverySummary {
    pub id: Id,
    pub started_at: Timestamp,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub url: String,
    pub outcome: Outcome,
    pub attempts: u32,
    pub status: Option<u16>,
    /// When its next attempt starts, if there will be one.
    pub next_attempt_at: Option<Timestamp>,
    /// The process that works at it now, where one does.
    pub worker: Option<u32>,
    /// As in [`Delivery`].
    pub faults: Vec<String>,
    /// As in [`Delivery`].
    pub wanted: Option<String>,
    /// The capture that it sends.
    pub replay_of: Option<Id>,
}

/// A delivery as it is kept: secrets are redacted.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub id: Id,
    /// When its first attempt began; its id is of that time.
    pub started_at: Timestamp,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    /// The capture that was replayed.
    pub replay_of: Option<Id>,
    /// The endpoint of the settings that it went to, where one was named.
    pub endpoint: Option<String>,
    /// Each attempt is signed again; else its bytes stay.
    pub signed: bool,
    pub url: String,
    pub outcome: Outcome,
    /// Why it failed.
    pub failure: Option<RemoteText>,
    pub request: Request,
    pub attempts: Vec<Attempt>,
    /// When its next attempt starts, if there will be one.
    pub next_attempt_at: Option<Timestamp>,
    /// The faults that it was sent with, as they are typed: it is not retried with others that failed.
    pub faults: Vec<String>,
    /// Which statuses were wanted, where that is not only that it is delivered, as they are typed.
    pub wanted: Option<String>,
    /// How many seconds of the provider's time went by in one second while it waited for its next attempts.
    pub speed: f64,
    /// What an emulated provider sends with it.
    pub emulated: Option<Emulated>,
    /// The process that works at it now, where one does. Not written.
    pub worker: Option<u32>,
}

/// What became of a delivery, without what was sent and answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryOutline {
    pub id: Id,
    pub started_at: Timestamp,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub outcome: Outcome,
    /// As in [`Delivery`].
    pub wanted: Option<String>,
    pub attempts: Vec<AttemptOutline>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptOutline {
    pub duration: Duration,
    pub status: Option<u16>,
    pub error: Option<AttemptErrorKind>,
}

/// One request of a delivery, and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from one.
    pub number: u32,
    pub started_at: Timestamp,
    /// Until the response was complete, or the error.
    pub duration: Duration,
    pub phases: Phases,
    pub result: Result<Response, AttemptError>,
}

impl Attempt {
    /// One that has begun, and of which nothing else is known.
    pub fn begun(number: u32, at: Timestamp) -> Self {
        Self {
            number,
            started_at: at,
            duration: Duration::ZERO,
            phases: Phases::default(),
            result: Err(AttemptError {
                kind: AttemptErrorKind::Unknown,
                message: "the attempt was started but its result was not recorded, so it may have been delivered"
                    .into(),
            }),
        }
    }

    /// The status of the response, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.result.as_ref().ok().map(|response| response.status)
    }
}

/// Why an attempt got no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptError {
    pub kind: AttemptErrorKind,
    pub message: RemoteText,
}

/// Says the kind alone: the message is someone else's text.
impl fmt::Display for AttemptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for AttemptError {}

/// The kinds of why an attempt got no response; their names are the codes in documents.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, Serialize,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AttemptErrorKind {
    /// The host's name has no address.
    Dns,
    /// Nothing listens at the port.
    #[strum(serialize = "connection_refused")]
    #[serde(rename = "connection_refused")]
    Refused,
    Connect,
    Tls,
    Timeout,
    /// The connection broke before the response was complete.
    #[strum(serialize = "connection_broken")]
    #[serde(rename = "connection_broken")]
    Broken,
    /// The request cannot be sent at all.
    Request,
    /// The attempt began, and its end was not recorded: it may have been made.
    Unknown,
}

impl AttemptErrorKind {
    /// The stable code for documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What became of a delivery.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumString,
    IntoStaticStr,
    VariantNames,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Outcome {
    Delivered,
    Failed,
    /// There are attempts to come, or were when it was last heard of.
    Pending,
    /// An attempt may have been made, of which nothing is known.
    Unknown,
}

impl Outcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The outcome to report while a process works on the delivery: an attempt in progress is not `unknown`.
    pub fn with_worker(self, worker: Option<u32>) -> Self {
        match self {
            Self::Unknown if worker.is_some() => Self::Pending,
            outcome => outcome,
        }
    }
}
