//! Received requests, as documents: which of them are shown, and what is shown of each.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use similar::TextDiff;

use super::body::{BodyReport, readable_body, schema_report};
use super::capture::{Answered, ReceivedReport, SignatureVerdict, finding_reports};
use super::redact::{self, TokenNames};
use super::time_text;
use crate::catalog::Provider;
use crate::model::{Capture, RemoteText, Verdict, VerdictReason};
use crate::payload::{Condition, Document, pretty, read_timestamp};
use crate::search::{EventSelector, Subject};
use crate::signature::Finding;

/// How many event types' last bodies are kept for a diff; when there are more, remembering starts again.
const REMEMBERED: usize = 1024;
/// A longer text is not compared.
const COMPARED_BYTES: usize = 1 << 20;
/// The last bodies take so many bytes in all; when there are more, remembering starts again.
const REMEMBERED_BYTES: usize = 32 << 20;

/// Which requests are shown: those that fit all of it.
#[derive(Default)]
pub struct ReceivedFilter {
    /// One of these; all where there is none.
    pub events: Vec<EventSelector>,
    pub verdict: Option<Verdict>,
    /// What the body must say.
    pub condition: Option<Condition>,
}

impl ReceivedFilter {
    /// `status` is what its sender was answered.
    pub fn fits(&self, capture: &Capture, status: u16) -> bool {
        let subject = Subject {
            status,
            ..Subject::from(capture)
        };
        let fits = |events: &EventSelector| events.fits(&subject);
        (self.events.is_empty() || self.events.iter().any(fits))
            && self
                .verdict
                .is_none_or(|verdict| verdict == capture.verdict)
            && self.condition.as_ref().is_none_or(|condition| {
                condition.holds(Document::parse(&capture.request.body).ok().as_ref())
            })
    }
}

/// How much is shown of a request.
#[derive(Clone, Copy, Default)]
pub struct ReceivedDetail {
    pub headers: bool,
    /// The body, laid out for people.
    pub body: bool,
    /// What differs from the last body of its event type.
    pub diff: bool,
    /// The body's bytes, in the document.
    pub bytes: bool,
    /// Nothing is redacted.
    pub reveal: bool,
}

/// How a request was handled, besides what is stored of it.
#[derive(Clone, Copy, Default)]
pub struct HandlingFacts {
    /// What its sender was answered; 0 where that is not known.
    pub status: u16,
    /// From when it was received until its response was known.
    pub took: Duration,
    /// Its response waits.
    pub is_held_back: bool,
    /// Its response came from here, though it is forwarded.
    pub is_answered_here: bool,
}

/// Makes documents of received requests, in the order in which they came.
pub struct ReceivedView {
    detail: ReceivedDetail,
    tokens: TokenNames,
    before: Before,
}

impl ReceivedView {
    pub fn new(detail: ReceivedDetail, tokens: TokenNames) -> Self {
        Self {
            detail,
            tokens,
            before: Before::default(),
        }
    }

    pub fn report(
        &mut self,
        capture: &Capture,
        provider: Option<&Provider>,
        findings: &[Finding],
        handling: HandlingFacts,
    ) -> ReceivedReport {
        let detail = self.detail;
        let request = &capture.request;
        let redacted = if detail.reveal {
            request.clone()
        } else {
            redact::request(provider, request, &[], &self.tokens).0
        };
        let believed = capture.verdict.is_accepted();
        let out_of_order = provider
            .filter(|_| believed && (capture.duplicate_of.is_none() || capture.same_id_changed))
            .and_then(|provider| self.before.out_of_order(provider, &request.body));
        let readable = (detail.body || detail.diff).then(|| readable_body(&redacted));
        let diff = readable.as_ref().filter(|_| detail.diff).and_then(|body| {
            let text =
                pretty(body.unescaped().as_bytes()).unwrap_or_else(|| body.unescaped().to_owned());
            let event = capture.event.as_ref().map_or("", |event| event.unescaped());
            let provider = capture.provider.as_deref().unwrap_or_default();
            self.before.diff(format!("{provider}/{event}"), text + "\n")
        });
        ReceivedReport {
            id: capture.id.to_string(),
            provider: capture.provider.clone(),
            candidates: capture.candidates.clone(),
            event: capture.event.clone(),
            endpoint: capture.endpoint.clone(),
            unchecked_because: (capture.verdict == Verdict::Unchecked && findings.is_empty())
                .then(|| unchecked_because(capture, provider)),
            signature: SignatureVerdict {
                verdict: capture.verdict,
                reason: capture.reason,
                findings: finding_reports(findings),
            },
            test_secret: capture.reason == Some(VerdictReason::TestSecret),
            schema: schema_report(provider, capture.event.as_ref(), &request.body),
            duplicate_of: capture.duplicate_of.map(|id| id.to_string()),
            same_id_changed: capture.same_id_changed,
            method: redacted.method.as_str().into(),
            path: redacted.target.as_str().into(),
            body_bytes: request.body.len(),
            response: Answered {
                status: handling.status,
                fault: capture.response_fault,
                duration_ms: Some(handling.took.as_secs_f64() * 1000.0),
            },
            received_at: time_text(capture.received_at),
            body: if detail.bytes {
                BodyReport::of(&redacted.body)
            } else {
                BodyReport::default()
            },
            out_of_order_by_ms: out_of_order.map(|by| by.as_secs_f64() * 1000.0),
            sent_by: capture.sent_by,
            is_held_back: handling.is_held_back,
            is_answered_here: handling.is_answered_here,
            shows_headers: detail.headers,
            pretty: readable.filter(|_| detail.body),
            diff,
            headers: redacted.headers,
        }
    }
}

/// Why the signature of a request was not checked, and what to do.
fn unchecked_because(capture: &Capture, provider: Option<&Provider>) -> String {
    let Some(provider) = provider else {
        return match capture.candidates.as_slice() {
            [] if Document::parse(&capture.request.body).is_ok() => format!(
                "the provider is not recognised: add --provider NAME, or describe it with `hookcli providers new NAME --from {}`",
                capture.id.short()
            ),
            [] => "the provider is not recognised: add --provider NAME".to_owned(),
            several => format!(
                "the request could be from {}: add --provider NAME",
                several.join(" or ")
            ),
        };
    };
    match (&provider.signature, &capture.endpoint) {
        (Some(_), Some(endpoint)) => format!(
            "no secret for the endpoint {endpoint} is set: give it secret_env = \"NAME\" in hookcli.toml, and set that variable"
        ),
        (Some(_), None) => format!(
            "no secret for {} is set: add --secret-env NAME",
            provider.name
        ),
        (None, _) => format!("no signature scheme of {} is known", provider.title),
    }
}

/// Earlier requests, as far as later ones are shown in relation to them.
#[derive(Default)]
struct Before {
    /// The last body of each event type, laid out.
    bodies: HashMap<String, String>,
    bodies_bytes: usize,
    /// The newest time that each provider's events name.
    newest: HashMap<String, Timestamp>,
}

impl Before {
    /// What differs from the last body of the same type; none where there was none.
    fn diff(&mut self, name: String, body: String) -> Option<RemoteText> {
        if body.len() > COMPARED_BYTES {
            self.bodies.remove(&name);
            return None;
        }
        self.bodies_bytes += body.len();
        if self.bodies.len() >= REMEMBERED || self.bodies_bytes > REMEMBERED_BYTES {
            self.bodies.clear();
            self.bodies_bytes = body.len();
        }
        let before = self.bodies.insert(name, body.clone())?;
        self.bodies_bytes -= before.len();
        let diff = TextDiff::from_lines(&before, &body);
        let text = diff.unified_diff().context_radius(1).to_string();
        Some(text.into())
    }

    /// By how much an event is older than one that came before it.
    fn out_of_order(&mut self, provider: &Provider, body: &[u8]) -> Option<Duration> {
        let document = Document::parse(body).ok()?;
        let at = provider.body.timestamps.iter().find_map(|timestamp| {
            let value = document.get(&timestamp.path)?;
            read_timestamp(timestamp.format, value.raw().trim_matches('"'))
        })?;
        match self.newest.get_mut(&provider.name) {
            Some(newest) if at < *newest => Duration::try_from(newest.duration_since(at)).ok(),
            Some(newest) => {
                *newest = at;
                None
            }
            None => {
                self.newest.insert(provider.name.clone(), at);
                None
            }
        }
    }
}
