//! A request in memory, held against a query: what a listener shows, and what it waits for.

use jiff::Timestamp;

use super::{Query, RequestTerm, TextFinder};
use crate::model::{Capture, CaptureSummary, Headers, Id, RemoteText, SentBy, Verdict};

/// What a query asks of a capture.
#[derive(Clone, Debug)]
pub struct Subject<'s> {
    pub id: Id,
    pub received_at: Timestamp,
    pub provider: Option<&'s str>,
    pub event: Option<&'s str>,
    pub verdict: Verdict,
    pub status: u16,
    pub method: &'s str,
    pub path: &'s str,
    pub body_bytes: u64,
    pub is_duplicate: bool,
    pub is_same_id_changed: bool,
    pub is_pending: bool,
    pub is_from_web_page: bool,
    pub over_tls: bool,
    pub is_not_received: bool,
    pub endpoint: Option<&'s str>,
    /// The headers and the body, where they are at hand.
    pub request: Option<(&'s Headers, &'s [u8])>,
}

impl<'s> From<&'s Capture> for Subject<'s> {
    fn from(capture: &'s Capture) -> Self {
        Self {
            id: capture.id,
            received_at: capture.received_at,
            provider: capture.provider.as_deref(),
            event: capture.event.as_ref().map(RemoteText::unescaped),
            verdict: capture.verdict,
            status: capture.response_status,
            method: &capture.request.method,
            path: &capture.request.target,
            body_bytes: capture.request.body.len() as u64,
            is_duplicate: capture.duplicate_of.is_some(),
            is_same_id_changed: capture.same_id_changed,
            is_pending: capture.destinations.are_pending(),
            is_from_web_page: capture.sent_by == Some(SentBy::WebPage),
            over_tls: capture.over_tls,
            is_not_received: capture.response_end.is_some(),
            endpoint: capture.endpoint.as_deref(),
            request: Some((&capture.request.headers, &capture.request.body)),
        }
    }
}

impl<'s> From<&'s CaptureSummary> for Subject<'s> {
    fn from(capture: &'s CaptureSummary) -> Self {
        Self {
            id: capture.id,
            received_at: capture.received_at,
            provider: capture.provider.as_deref(),
            event: capture.event.as_ref().map(RemoteText::unescaped),
            verdict: capture.verdict,
            status: capture.status,
            method: capture.method.unescaped(),
            path: capture.target.unescaped(),
            body_bytes: capture.body_bytes,
            is_duplicate: capture.duplicate_of.is_some(),
            is_same_id_changed: capture.same_id_changed,
            is_pending: false,
            is_from_web_page: false,
            over_tls: false,
            is_not_received: capture.response_end.is_some(),
            endpoint: capture.endpoint.as_deref(),
            request: None,
        }
    }
}

impl Query {
    /// Whether a capture fits.
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a size below 2⁵² bytes")]
        let size = subject.body_bytes as f64;
        match self {
            Self::All(all) => all.iter().all(|one| one.fits(subject)),
            Self::Any(any) => any.iter().any(|one| one.fits(subject)),
            Self::Not(one) => !one.fits(subject),
            Self::Id(id) => subject.id == *id,
            Self::Provider(pattern) => pattern.fits(subject.provider.unwrap_or_default()),
            Self::Event(pattern) => pattern.fits(subject.event.unwrap_or_default()),
            Self::Verdict(verdict) => subject.verdict == *verdict,
            Self::Since(since) => subject.received_at >= *since,
            Self::Until(until) => subject.received_at < *until,
            Self::Pending => subject.is_pending,
            Self::Duplicate => subject.is_duplicate,
            Self::SameIdChanged => subject.is_same_id_changed,
            Self::FromWebPage => subject.is_from_web_page,
            Self::OverTls => subject.over_tls,
            Self::NotReceived => subject.is_not_received,
            Self::Endpoint(pattern) => pattern.fits(subject.endpoint.unwrap_or_default()),
            Self::Status(range) => range.contains(f64::from(subject.status)),
            Self::Size(range) => range.contains(size),
            Self::Method(pattern) => pattern.fits(subject.method),
            Self::Path(pattern) => pattern.fits(subject.path),
            Self::Request(term) => fits_request(term, subject),
            Self::Outcome(_)
            | Self::DueAt(_)
            | Self::Retried
            | Self::Faulted
            | Self::Attempts(_)
            | Self::Url(_)
            | Self::ReplayOf(_)
            | Self::OfSubscription(_)
            | Self::OfEmulatedEvent(_) => false,
        }
    }
}

fn fits_request(term: &RequestTerm, subject: &Subject<'_>) -> bool {
    let Some((headers, body)) = subject.request else {
        return false;
    };
    match term {
        RequestTerm::Header { .. } => term.fits_headers(headers.iter()),
        RequestTerm::Body { .. } => term.fits_body(body),
        RequestTerm::Text(text) => {
            let finder = TextFinder::new(text);
            finder.is_in(subject.path.as_bytes())
                || headers
                    .iter()
                    .any(|(name, value)| finder.is_in(name.as_bytes()) || finder.is_in(value))
                || finder.is_in(body)
        }
    }
}
