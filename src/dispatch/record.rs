//! What is recorded of a delivery, redacted because others may read the store.

use jiff::Timestamp;

use crate::compose::PreparedRequest;
use crate::delivery::{Policy, Progress};
use crate::model::{
    Attempt, AttemptError, Decoded, Delivery, Id, MAX_DECODED_BYTES, Outcome, RemoteText, Response,
    Secret, decode_body, redact_occurrences,
};
use crate::view::redact::{self, TokenNames};

/// A delivery as it is recorded before anything came of it: redacted, because others may read the store.
pub fn recorded(
    prepared: &PreparedRequest,
    tokens: &TokenNames,
    speed: f64,
    now: Timestamp,
    random: &mut fastrand::Rng,
) -> Delivery {
    // A name that another provider has for its token means nothing where it is known whose request this is:
    // what is redacted here cannot be sent again.
    let own = TokenNames::of(prepared.provider.as_deref().into_iter(), std::iter::empty());
    let own = own.with_secrets(tokens.secrets());
    let tokens = if prepared.provider.is_some() {
        &own
    } else {
        tokens
    };
    let (request, _) = redact::request(
        prepared.provider.as_deref(),
        &prepared.request,
        &prepared.secrets,
        tokens,
    );
    Delivery {
        id: Id::delivery(now, random),
        started_at: now,
        provider: prepared
            .provider
            .as_ref()
            .map(|provider| provider.name.clone()),
        event: prepared.event.clone(),
        replay_of: prepared.replay_of,
        faults: prepared.faults.iter().map(|fault| fault.flag()).collect(),
        wanted: prepared.wanted.as_ref().map(ToString::to_string),
        endpoint: prepared.endpoint.clone(),
        signed: prepared.signed,
        url: redact::target(
            &redact::redact_text(&prepared.destination.to_string(), &prepared.secrets),
            tokens,
        ),
        outcome: Outcome::Pending,
        failure: None,
        request,
        attempts: Vec::new(),
        next_attempt_at: None,
        speed,
        emulated: None,
        worker: None,
    }
}

/// Puts down its results so far.
pub fn settle(
    record: &mut Delivery,
    before: u32,
    prepared: &PreparedRequest,
    progress: &Progress,
    policy: &Policy,
    tokens: &TokenNames,
) {
    let redacted = |text: RemoteText| {
        let text = redact::redact_text(text.unescaped(), &prepared.secrets);
        redact::remote_text(&text.into(), tokens)
    };
    record.outcome = progress.outcome;
    record.failure = progress.failure(policy).map(redacted);
    let known = record.attempts.len() - before as usize;
    record.attempts.extend(
        progress.attempts[known..]
            .iter()
            .map(|attempt| attempt_record(attempt, &prepared.secrets, tokens)),
    );
}

/// An attempt without the secrets that its response may echo.
fn attempt_record(attempt: &Attempt, secrets: &[Secret], tokens: &TokenNames) -> Attempt {
    let result = match &attempt.result {
        Ok(response) => Ok(response_record(response, secrets, tokens)),
        // Its text may quote the response.
        Err(error) => Err(AttemptError {
            kind: error.kind,
            message: redact::remote_text(&error.message, tokens),
        }),
    };
    Attempt {
        result,
        ..attempt.clone()
    }
}

fn response_record(response: &Response, secrets: &[Secret], tokens: &TokenNames) -> Response {
    let mut headers = redact::headers(&response.headers, secrets);
    let mut truncated = response.truncated;
    let mut body = redact_occurrences(&response.body, secrets);
    // What was compressed is kept as received, unless it hides a secret.
    if let Decoded::Plain {
        body: plain,
        truncated: cut,
    } = decode_body(&response.headers, &response.body, MAX_DECODED_BYTES)
    {
        let redacted = redact_occurrences(&plain, secrets);
        if redacted != plain {
            body = redacted;
            truncated |= cut;
            headers.remove("content-encoding");
        }
    }
    // Nor those of others that are set here, which a target may echo.
    let (headers, body) = redact::response(&headers, &body, tokens);
    Response {
        status: response.status,
        headers,
        body: body.into(),
        truncated,
    }
}
