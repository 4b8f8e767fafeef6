//! Captures, as documents.

use serde::Serialize;

use super::body::{BodyReport, SchemaReport, readable_body, schema_report};
use super::redact::{self, TokenNames};
use super::time_text;
use crate::catalog::Provider;
use crate::model::{
    Capture, CaptureSummary, Headers, RemoteText, ResponseEnd, ResponseFault, SentBy, Verdict,
    VerdictReason,
};
use crate::signature::Finding;

/// One thing that is wrong with a signature.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingReport {
    /// A stable name, see [all findings](signatures.md#all-findings).
    pub code: &'static str,
    /// The cause and its fix.
    pub message: RemoteText,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SignatureVerdict {
    /// The verdict on the signature.
    pub verdict: Verdict,
    /// Why it is not valid.
    pub reason: Option<VerdictReason>,
    /// The causes, with `-v`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingReport>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answered {
    /// The status, 0 if there was no response.
    pub status: u16,
    /// A fault of the response: `hang`, `reset`, `close-early` or `slow-body=N`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<ResponseFault>,
    /// How long it took from the request to the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReceivedReport {
    /// The id of the capture.
    pub id: String,
    /// The provider, null if it is unknown.
    pub provider: Option<String>,
    /// Providers that the request could be from, if it is ambiguous.
    pub candidates: Vec<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// The endpoint of hookcli.toml that it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The verdict on the signature.
    pub signature: SignatureVerdict,
    /// It was verified with the public test secret, which proves nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test_secret: bool,
    /// How the payload matches the schema of its event; null if it has no schema.
    pub schema: Option<SchemaReport>,
    /// The earlier capture with the same idempotency key.
    pub duplicate_of: Option<String>,
    /// It has the idempotency key of `duplicate_of`, and another body.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub same_id_changed: bool,
    /// The HTTP method.
    pub method: RemoteText,
    /// The path and query.
    pub path: RemoteText,
    /// The headers.
    pub headers: Headers,
    /// The length of the body.
    pub body_bytes: usize,
    /// The response.
    pub response: Answered,
    /// When it was received.
    pub received_at: String,
    #[serde(flatten)]
    pub body: BodyReport,
    /// How much older it is than an event received before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_of_order_by_ms: Option<f64>,
    /// Who sent it, if that is unusual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<SentBy>,
    /// Its mark keeps it from being forwarded, for people.
    #[serde(skip)]
    pub is_held_back: bool,
    #[serde(skip)]
    pub is_answered_here: bool,
    /// Why the signature was not checked, for people.
    #[serde(skip)]
    pub unchecked_because: Option<String>,
    #[serde(skip)]
    pub shows_headers: bool,
    /// The body for people, decoded and redacted, where it is to be shown.
    #[serde(skip)]
    pub pretty: Option<RemoteText>,
    /// What differs from the last body of its type, for people.
    #[serde(skip)]
    pub diff: Option<RemoteText>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CaptureItem {
    /// The id.
    pub id: String,
    /// When it was received.
    pub received_at: String,
    /// The provider, null if it is unknown.
    pub provider: Option<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// The endpoint of hookcli.toml that it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The verdict on the signature.
    pub verdict: Verdict,
    /// Why it is not valid, or what its validity rests on.
    pub reason: Option<VerdictReason>,
    /// It was verified with the public test secret, which proves nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test_secret: bool,
    /// The HTTP method.
    pub method: RemoteText,
    /// The path and query.
    pub path: RemoteText,
    /// The length of the body.
    pub body_bytes: u64,
    /// The status of the response, 0 if there was none.
    pub status: u16,
    /// Why the response did not reach the client: `client_left`, `broken` or `not_read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_end: Option<ResponseEnd>,
    /// The earlier capture with the same idempotency key.
    pub duplicate_of: Option<String>,
    /// It has the idempotency key of `duplicate_of`, and another body.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub same_id_changed: bool,
}

/// A response of a listener that did not reach its client.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NotReceivedReport {
    /// The id of the capture.
    pub id: String,
    /// Why: `client_left`, `broken` or `not_read`.
    pub response_end: ResponseEnd,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CaptureDetail {
    #[serde(flatten)]
    pub item: CaptureItem,
    /// Providers that the request could be from, if it is ambiguous.
    pub candidates: Vec<String>,
    /// The headers.
    pub headers: Headers,
    #[serde(flatten)]
    pub body: BodyReport,
    /// The response.
    pub response: CaptureResponse,
    /// Who sent it, if that is unusual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<SentBy>,
    /// It is waiting to be forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending_forward: bool,
    /// The destinations that it is waiting for, as far as they are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pending_destinations: Vec<String>,
    /// It was received over TLS.
    pub over_tls: bool,
    /// The address and port of the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// What is redacted in this document.
    pub redacted: Vec<String>,
    /// How the payload matches the schema of its event; null if it has no schema.
    pub schema: Option<SchemaReport>,
    /// The body for people: decoded, redacted, laid out.
    #[serde(skip)]
    pub pretty: RemoteText,
}

/// What a capture was answered, besides its status.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CaptureResponse {
    /// The headers.
    pub headers: Headers,
    #[serde(flatten)]
    pub body: BodyReport,
    /// A fault of the response: `hang`, `reset`, `close-early` or `slow-body=N`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<ResponseFault>,
}

/// What is wrong with a signature.
pub fn finding_reports(findings: &[Finding]) -> Vec<FindingReport> {
    findings
        .iter()
        .map(|finding| FindingReport {
            code: finding.code,
            message: finding.message.as_str().into(),
        })
        .collect()
}

/// A row of a list.
pub fn capture_item(row: CaptureSummary, tokens: &TokenNames) -> CaptureItem {
    CaptureItem {
        id: row.id.to_string(),
        received_at: time_text(row.received_at),
        provider: row.provider,
        event: row.event,
        verdict: row.verdict,
        reason: row.reason,
        test_secret: row.reason == Some(VerdictReason::TestSecret),
        method: row.method,
        path: redact::target(row.target.unescaped(), tokens).into(),
        body_bytes: row.body_bytes,
        status: row.status,
        endpoint: row.endpoint,
        response_end: row.response_end,
        duplicate_of: row.duplicate_of.map(|id| id.to_string()),
        same_id_changed: row.same_id_changed,
    }
}

/// A capture with its request and response; without `tokens` nothing is redacted.
pub fn capture_detail(
    capture: &Capture,
    provider: Option<&Provider>,
    tokens: Option<&TokenNames>,
) -> CaptureDetail {
    let (request, redacted, response) = match tokens {
        None => {
            let response = (
                capture.response_headers.clone(),
                capture.response_body.clone(),
            );
            (capture.request.clone(), Vec::new(), response)
        }
        Some(tokens) => {
            let (request, redacted) = redact::request(provider, &capture.request, &[], tokens);
            let response =
                redact::response(&capture.response_headers, &capture.response_body, tokens);
            (request, redacted, response)
        }
    };
    CaptureDetail {
        item: CaptureItem {
            path: request.target.as_str().into(),
            ..item(capture)
        },
        candidates: capture.candidates.clone(),
        body: BodyReport::of(&request.body),
        pretty: readable_body(&request),
        headers: request.headers,
        response: CaptureResponse {
            headers: response.0,
            body: BodyReport::of(&response.1),
            fault: capture.response_fault,
        },
        sent_by: capture.sent_by,
        pending_forward: capture.destinations.are_pending(),
        pending_destinations: capture
            .destinations
            .pending_urls()
            .map(str::to_owned)
            .collect(),
        over_tls: capture.over_tls,
        peer: capture.peer.map(|peer| peer.to_string()),
        redacted,
        schema: schema_report(provider, capture.event.as_ref(), &capture.request.body),
    }
}

fn item(capture: &Capture) -> CaptureItem {
    CaptureItem {
        id: capture.id.to_string(),
        received_at: time_text(capture.received_at),
        provider: capture.provider.clone(),
        event: capture.event.clone(),
        verdict: capture.verdict,
        reason: capture.reason,
        test_secret: capture.reason == Some(VerdictReason::TestSecret),
        method: capture.request.method.as_str().into(),
        path: capture.request.target.as_str().into(),
        body_bytes: capture.request.body.len() as u64,
        status: capture.response_status,
        endpoint: capture.endpoint.clone(),
        response_end: capture.response_end,
        duplicate_of: capture.duplicate_of.map(|id| id.to_string()),
        same_id_changed: capture.same_id_changed,
    }
}
