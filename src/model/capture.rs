//! A received request as it is stored.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr};

use super::{Destinations, Headers, Id, RemoteText, Request, Verdict, VerdictReason};

/// What a list shows of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureSummary {
    pub id: Id,
    pub received_at: Timestamp,
    /// The provider, where one was recognised or given.
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    pub verdict: Verdict,
    pub reason: Option<VerdictReason>,
    pub method: RemoteText,
    pub target: RemoteText,
    pub body_bytes: u64,
    /// The status that was answered.
    pub status: u16,
    /// The latest capture before it with the same idempotency key.
    pub duplicate_of: Option<Id>,
    /// It has the idempotency key of `duplicate_of`, and another body.
    pub same_id_changed: bool,
    /// The endpoint of the settings that it came to.
    pub endpoint: Option<String>,
    pub response_end: Option<ResponseEnd>,
}

/// A request as received, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    pub id: Id,
    pub received_at: Timestamp,
    pub provider: Option<String>,
    /// The providers it may be from, where that is undecided.
    pub candidates: Vec<String>,
    pub event: Option<RemoteText>,
    pub verdict: Verdict,
    pub reason: Option<VerdictReason>,
    /// The latest capture before it with the same idempotency key; of those with the same body, the first.
    pub duplicate_of: Option<Id>,
    /// It has the idempotency key of `duplicate_of`, and another body.
    pub same_id_changed: bool,
    pub request: Request,
    /// 0 where it is not known, or there was none.
    pub response_status: u16,
    /// Those that were chosen.
    pub response_headers: Headers,
    pub response_body: Vec<u8>,
    /// How the response was spoilt on purpose, where it was.
    pub response_fault: Option<ResponseFault>,
    pub sent_by: Option<SentBy>,
    /// Where it is to be forwarded to.
    pub destinations: Destinations,
    /// It came over TLS: its URL is https.
    pub over_tls: bool,
    /// Who sent it, where it was received here.
    pub peer: Option<SocketAddr>,
    /// The endpoint of the settings that it came to, by its path.
    pub endpoint: Option<String>,
    /// How the response ended, where it did not reach the client.
    pub response_end: Option<ResponseEnd>,
}

/// Why a response did not reach the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ResponseEnd {
    /// It had closed the connection.
    ClientLeft,
    /// The connection broke while the response was sent.
    Broken,
    /// It did not read the response in time.
    NotRead,
}

impl ResponseEnd {
    /// The word for it in documents and in the store.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What happened, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ClientLeft => "client left before the answer",
            Self::Broken => "connection broke while the answer was sent",
            Self::NotRead => "client did not read the answer in time",
        }
    }
}

/// Who sent a request, where that is remarkable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum SentBy {
    /// A browser, for a page of another origin.
    #[strum(serialize = "from a web page")]
    #[serde(rename = "web_page")]
    WebPage,
}

impl SentBy {
    /// The words for it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// How a response is spoilt on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde_with::SerializeDisplay)]
pub enum ResponseFault {
    /// Its body comes at so many bytes a second.
    SlowBody(u32),
    /// There is none, and the connection stays open.
    Hang,
    /// There is none, and the connection is reset.
    Reset,
    /// The head and half of the body, then the end.
    CloseEarly,
}

impl ResponseFault {
    /// Whether the sender gets a status at all.
    pub fn has_status(self) -> bool {
        !matches!(self, Self::Hang | Self::Reset)
    }
}

/// As `--respond` writes it.
impl fmt::Display for ResponseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SlowBody(rate) => write!(f, "slow-body={rate}"),
            Self::Hang => f.write_str("hang"),
            Self::Reset => f.write_str("reset"),
            Self::CloseEarly => f.write_str("close-early"),
        }
    }
}

/// As `--respond` reads it.
impl FromStr for ResponseFault {
    type Err = UnknownResponseFault;

    fn from_str(text: &str) -> Result<Self, UnknownResponseFault> {
        let (name, argument) = match text.split_once('=') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        // Faults of senders are written with an underscore.
        match (name.replace('_', "-").as_str(), argument) {
            ("slow-body", Some(rate)) => match rate.parse() {
                Ok(rate) if rate > 0 => Ok(Self::SlowBody(rate)),
                _ => Err(UnknownResponseFault),
            },
            ("hang", None) => Ok(Self::Hang),
            ("reset", None) => Ok(Self::Reset),
            ("close-early", None) => Ok(Self::CloseEarly),
            _ => Err(UnknownResponseFault),
        }
    }
}

/// A text that names no fault of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown response fault: use hang, reset, close-early or slow-body=BYTES_PER_SECOND")]
pub struct UnknownResponseFault;
