//! Deliveries and their attempts, as documents.

use std::time::Duration;

use serde::Serialize;

use super::body::{BodyReport, SchemaReport};
use super::redact::{self, TokenNames};
use super::time_text;
use crate::catalog::Provider;
use crate::delivery::{RateLimit, WantedStatus};
use crate::model::{
    Attempt, Decoded, Delivery, DeliverySummary, Headers, MAX_DECODED_BYTES, Outcome, Phases,
    RemoteText, decode_body,
};

/// A request as it is, or would be, sent.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RequestReport {
    /// The provider.
    pub provider: Option<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// The HTTP method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The path and query.
    pub target: String,
    /// The headers.
    pub headers: Headers,
    #[serde(flatten)]
    pub body: BodyReport,
    /// How the payload matches the schema of its event; null if it has no schema.
    pub schema: Option<SchemaReport>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeliveryReport {
    /// The id.
    pub id: String,
    /// The provider.
    pub provider: Option<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// The variant of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The emulated webhook that it went to, as `hookcli emulate` shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// The destination.
    pub url: String,
    /// The outcome; `unknown` is an attempt that may have arrived.
    pub outcome: Outcome,
    /// When the next attempt is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
    /// Why it failed, in one sentence.
    pub failure: Option<RemoteText>,
    /// Which response was wanted, with `--expect-status` or `--fault`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expectation: Option<DeliveryExpectation>,
    /// The faults that it was sent with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// The capture that was sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay_of: Option<String>,
    /// How many seconds of the provider's time went by in one second between the attempts (`--speed`), if not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// The attempts, or their number in a list.
    pub attempts: Vec<AttemptReport>,
    /// The request, with secrets redacted; in `deliveries show`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestReport>,
}

/// Which response was wanted of a receiver.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeliveryExpectation {
    /// The statuses, in words.
    pub wanted: String,
    /// Whether the response has one of them.
    pub met: bool,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AttemptReport {
    /// Counted from 1.
    pub number: u32,
    /// The status of the response, null if there was none.
    pub status: Option<u16>,
    /// Why there was no response.
    pub error: Option<ErrorReport>,
    /// When it started.
    pub started_at: String,
    /// How long it took.
    pub duration_ms: f64,
    /// How long each phase took; null if it did not happen.
    pub phases_ms: Phases,
    /// The receiver's rate limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimitReport>,
    /// The headers of the response.
    pub response_headers: Headers,
    /// The body of the response, decoded, if it is text.
    pub response_body: Option<RemoteText>,
    /// The body of the response in base64, if it is not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_body_base64: Option<String>,
    /// The body was longer than 1 MiB and cut.
    pub response_truncated: bool,
}

/// What the receiver said of its rate limit.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RateLimitReport {
    /// Requests allowed.
    pub limit: Option<u64>,
    /// Requests left.
    pub remaining: Option<u64>,
    /// When the limit resets.
    pub reset_ms: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ErrorReport {
    /// A stable name: `dns`, `connection_refused`, `connect`, `tls`, `timeout`, `connection_broken`, `request` or
    /// `unknown`.
    pub code: String,
    /// What happened.
    pub message: RemoteText,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DeliveryItem {
    /// The id.
    pub id: String,
    /// When the delivery started.
    pub started_at: String,
    /// The provider.
    pub provider: Option<String>,
    /// The event type.
    pub event: Option<RemoteText>,
    /// The destination.
    pub url: String,
    /// The outcome.
    pub outcome: Outcome,
    /// When its next attempt starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
    /// Which response was wanted, with `--expect-status` or `--fault`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expectation: Option<DeliveryExpectation>,
    /// The faults that it was sent with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// The capture that was sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay_of: Option<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// The status of the last response.
    pub status: Option<u16>,
}

/// Which response was wanted, and whether that of the last attempt is one of those; none while more attempts come.
pub(super) fn expectation(
    outcome: Outcome,
    wanted: Option<&str>,
    status: Option<u16>,
) -> Option<DeliveryExpectation> {
    let wanted = wanted.filter(|_| outcome != Outcome::Pending)?;
    let wanted: WantedStatus = wanted.parse().ok()?;
    Some(DeliveryExpectation {
        wanted: wanted.in_words(),
        met: status.is_some_and(|status| wanted.contains(status)),
    })
}

/// A row of a list.
pub fn delivery_item(row: DeliverySummary, tokens: &TokenNames) -> DeliveryItem {
    DeliveryItem {
        id: row.id.to_string(),
        started_at: time_text(row.started_at),
        provider: row.provider,
        event: row.event,
        url: redact::target(&row.url, tokens),
        outcome: row.outcome.with_worker(row.worker),
        next_attempt_at: row.next_attempt_at.map(time_text),
        expectation: expectation(row.outcome, row.wanted.as_deref(), row.status),
        faults: row.faults,
        replay_of: row.replay_of.map(|id| id.to_string()),
        attempts: row.attempts,
        status: row.status,
    }
}

/// A delivery's record for people and files. It was recorded without the secrets that were known then.
pub fn redacted_delivery(
    mut record: Delivery,
    provider: Option<&Provider>,
    tokens: &TokenNames,
) -> Delivery {
    (record.request, _) = redact::request(provider, &record.request, &[], tokens);
    record.url = redact::target(&record.url, tokens);
    let text = |text: RemoteText| redact::remote_text(&text, tokens);
    record.failure = record.failure.map(text);
    for attempt in &mut record.attempts {
        match &mut attempt.result {
            Ok(response) => {
                let (headers, body) = redact::response(&response.headers, &response.body, tokens);
                response.headers = headers;
                response.body = body.into();
            }
            Err(error) => error.message = redact::remote_text(&error.message, tokens),
        }
    }
    record
}

/// A delivery with its request.
pub fn delivery_detail(record: Delivery, provider: Option<&Provider>) -> DeliveryReport {
    let mut report = delivery_report(&record, provider);
    report.request = Some(RequestReport {
        provider: record.provider,
        event: record.event,
        method: record.request.method,
        url: record.url,
        target: record.request.target,
        headers: record.request.headers,
        body: BodyReport::of(&record.request.body),
        schema: None,
    });
    report
}

/// A recorded delivery as it is shown. The provider's policy names the headers of its rate limit.
pub fn delivery_report(record: &Delivery, provider: Option<&Provider>) -> DeliveryReport {
    let names = provider.map_or(&[][..], |provider| &provider.delivery.rate_limit_headers);
    DeliveryReport {
        id: record.id.to_string(),
        provider: record.provider.clone(),
        event: record.event.clone(),
        variant: None,
        subscription: None,
        url: record.url.clone(),
        outcome: record.outcome.with_worker(record.worker),
        next_attempt_at: record.next_attempt_at.map(time_text),
        failure: record.failure.clone(),
        expectation: expectation(
            record.outcome,
            record.wanted.as_deref(),
            record.attempts.last().and_then(Attempt::status),
        ),
        faults: record.faults.clone(),
        replay_of: record.replay_of.map(|id| id.to_string()),
        speed: ((record.speed - 1.0).abs() > f64::EPSILON).then_some(record.speed),
        attempts: record
            .attempts
            .iter()
            .map(|attempt| attempt_report(attempt, names))
            .collect(),
        request: None,
    }
}

fn attempt_report(attempt: &Attempt, names: &[String]) -> AttemptReport {
    let ms = |time: Duration| time.as_micros() as f64 / 1000.0;
    let ended_at = attempt
        .started_at
        .checked_add(attempt.duration)
        .unwrap_or(attempt.started_at);
    let response = attempt.result.as_ref().ok();
    let headers = response.map_or_else(Headers::new, |response| response.headers.clone());
    let rate_limit = RateLimit::read(&headers, names, ended_at);
    let bytes = response.map_or(&[][..], |response| &response.body);
    let (body, cut) = match decode_body(&headers, bytes, MAX_DECODED_BYTES) {
        Decoded::Plain { body, truncated } => (body, truncated),
        Decoded::Identity | Decoded::Unreadable => (bytes.to_vec(), false),
    };
    let BodyReport { body, body_base64 } = BodyReport::of(&body);
    AttemptReport {
        number: attempt.number,
        status: attempt.status(),
        error: attempt.result.as_ref().err().map(|error| ErrorReport {
            code: error.kind.name().to_owned(),
            message: error.message.clone(),
        }),
        started_at: time_text(attempt.started_at),
        duration_ms: ms(attempt.duration),
        phases_ms: attempt.phases,
        rate_limit: rate_limit.map(|limit| RateLimitReport {
            limit: limit.limit,
            remaining: limit.remaining,
            reset_ms: limit
                .reset
                .map(|reset| u64::try_from(reset.as_millis()).unwrap_or(u64::MAX)),
        }),
        response_headers: headers,
        response_body: body,
        response_body_base64: body_base64,
        response_truncated: cut || response.is_some_and(|response| response.truncated),
    }
}
