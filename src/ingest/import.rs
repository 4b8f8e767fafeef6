//! Requests that were received elsewhere.

use std::collections::HashMap;

use jiff::Timestamp;

use super::SignatureCheck;
use crate::catalog::Provider;
use crate::exchange::Recorded;
use crate::model::{Capture, Destinations, Headers, Id, Secret, VerdictReason};
use crate::signature::Verification;
use crate::view::redact;

/// An imported request as a capture: with a new id, verified now with the provider's secrets, at the
/// time at which it came, and pending nowhere, whatever the file says. `now` is when it came, where the file does not
/// say it.
pub fn imported(
    recorded: Recorded,
    provider: Option<&Provider>,
    secrets: Vec<Secret>,
    now: Timestamp,
    random: &mut fastrand::Rng,
) -> Capture {
    let received_at = recorded.received_at.unwrap_or(now);
    let verdict = match provider {
        // A token that an export redacted was never sent.
        Some(provider) if !redact::is_redacted(Some(provider), &recorded.request) => {
            let signatures = SignatureCheck {
                secrets: HashMap::from([(provider.name.clone(), secrets)]),
                is_https: recorded.over_tls,
                ..SignatureCheck::default()
            };
            signatures.verify(provider, &recorded.request, received_at)
        }
        _ => Verification::Unchecked,
    };
    Capture {
        id: Id::capture(received_at, random),
        received_at,
        provider: recorded.provider,
        candidates: Vec::new(),
        event: recorded.event,
        verdict: verdict.verdict(),
        reason: Some(verdict.reason().unwrap_or(VerdictReason::Imported)),
        duplicate_of: None,
        same_id_changed: false,
        request: recorded.request,
        response_status: recorded.status.unwrap_or(0),
        response_headers: Headers::new(),
        response_body: Vec::new(),
        response_fault: None,
        sent_by: None,
        destinations: Destinations::default(),
        over_tls: recorded.over_tls,
        endpoint: None,
        response_end: None,
        peer: None,
    }
}
