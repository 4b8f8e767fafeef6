//! A request and what is known of it.

use jiff::Timestamp;

use crate::model::{Capture, RemoteText, Request, Verdict, VerdictReason};

/// A request and what is known of it, whatever form it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub id: Option<String>,
    pub received_at: Option<Timestamp>,
    pub provider: Option<String>,
    pub event: Option<RemoteText>,
    /// The endpoint of the settings that it came to.
    pub endpoint: Option<String>,
    pub verdict: Option<Verdict>,
    pub reason: Option<VerdictReason>,
    pub request: Request,
    /// The status that was answered.
    pub status: Option<u16>,
    /// It came over TLS: its URL is https.
    pub over_tls: bool,
    /// What is redacted: header names and JSON pointers into the body.
    pub redacted: Vec<String>,
}

/// A capture in the form that export and replay share.
impl From<Capture> for Recorded {
    fn from(capture: Capture) -> Self {
        Self {
            id: Some(capture.id.to_string()),
            received_at: Some(capture.received_at),
            provider: capture.provider,
            event: capture.event,
            endpoint: capture.endpoint,
            verdict: Some(capture.verdict),
            reason: capture.reason,
            request: capture.request,
            status: Some(capture.response_status),
            over_tls: capture.over_tls,
            redacted: Vec::new(),
        }
    }
}

impl Recorded {
    pub fn bare(request: Request) -> Self {
        Self {
            id: None,
            received_at: None,
            provider: None,
            event: None,
            endpoint: None,
            verdict: None,
            reason: None,
            request,
            status: None,
            over_tls: false,
            redacted: Vec::new(),
        }
    }

    /// The URL that the sender called, as far as the request says it; `localhost` where it names no host.
    pub fn url(&self) -> String {
        self.request
            .url(self.over_tls)
            .unwrap_or_else(|| format!("http://localhost{}", self.request.target))
    }
}
