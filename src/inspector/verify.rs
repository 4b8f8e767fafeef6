//! What a signature is worth: of a capture with the secrets that are set, or with one that is tried; or of a request
//! that is pasted. What is tried or pasted is kept nowhere.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use super::answers::ApiError;
use super::state::{Inspector, Shared};
use crate::catalog::Provider;
use crate::exchange::{Recorded, read_any};
use crate::ingest::{Attribution, Unattributed, plain_finding};
use crate::model::Secret;
use crate::payload::Document;
use crate::signature::{Envelope, Subject, Verification, signed_url, test_keys, verify};
use crate::view::{Explanation, VerificationReport, redact};

/// Requests up to this size, head and body, are explained: finding out why takes many tries on all of it. Longer ones are
/// verified, not explained.
const EXPLAINED_BYTES: usize = 1 << 20;
/// No scheme has a secret, or a key, that is longer.
const LONGEST_SECRET: usize = 64 << 10;
/// How many verifications are made at once; who asks for another waits so long at most.
pub(super) const MOST_AT_ONCE: usize = 2;
const WAITS: Duration = Duration::from_secs(30);

/// What its signature is worth with the secrets that are set now, and why it fails: judged on the whole body.
pub(super) async fn of_capture(
    State(inspector): Shared,
    Path(id): Path<String>,
) -> Result<Json<VerificationReport>, ApiError> {
    inspector.verified_capture(&id, None).await
}

/// A secret that is tried.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct SecretRequest {
    /// The secret, which is kept nowhere.
    secret: String,
}

/// The same with a secret that is tried.
pub(super) async fn of_capture_with(
    State(inspector): Shared,
    Path(id): Path<String>,
    asked: Result<Json<SecretRequest>, JsonRejection>,
) -> Result<Json<VerificationReport>, ApiError> {
    let Json(asked) = asked?;
    let secret = tried(asked.secret)?;
    inspector.verified_capture(&id, Some(secret)).await
}

/// A request from elsewhere.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PastedRequest {
    /// The request as text, in any format that `captures import` reads.
    request: String,
    /// The provider's name, where the request does not show it.
    provider: Option<String>,
    /// Its secret; without it the secrets that are set are used.
    secret: Option<String>,
}

/// What the signature of a request from elsewhere is worth.
pub(super) async fn of_pasted(
    State(inspector): Shared,
    asked: Result<Json<PastedRequest>, JsonRejection>,
) -> Result<Json<VerificationReport>, ApiError> {
    let Json(asked) = asked?;
    let unreadable = |text: String| ApiError::new(StatusCode::BAD_REQUEST, "not_a_request", text);
    let mut read =
        read_any(asked.request.as_bytes()).map_err(|error| unreadable(error.to_string()))?;
    if read.len() > 1 {
        let count = read.len();
        return Err(unreadable(format!(
            "these are {count} requests: paste one of them"
        )));
    }
    let recorded = read.remove(0);
    let secret = asked.secret.filter(|secret| !secret.is_empty());
    let named = asked.provider.filter(|name| !name.is_empty());
    let secret = secret.map(tried).transpose()?;
    inspector.judged(recorded, named, secret).await
}

/// A secret that is tried.
fn tried(secret: String) -> Result<Secret, ApiError> {
    match secret.len() <= LONGEST_SECRET {
        true => Ok(Secret::new(secret)),
        false => Err(ApiError::bad_request(
            "the secret is longer than 64 KiB: no provider has such a secret",
        )),
    }
}

/// How much there is to look through.
fn size_of(recorded: &Recorded) -> usize {
    let request = &recorded.request;
    let headers = request.headers.iter();
    let head: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
    head + request.target.len() + request.body.len()
}

impl Inspector {
    async fn verified_capture(
        self: Arc<Self>,
        id: &str,
        secret: Option<Secret>,
    ) -> Result<Json<VerificationReport>, ApiError> {
        let (capture, provider) = self.capture(id).await?;
        let mut recorded = Recorded::from(capture);
        if provider.is_none() {
            // One that is there no more is as good as none.
            recorded.provider = None;
        }
        self.judged(recorded, None, secret).await
    }

    /// A diagnosis tries much: it must not hold up what others ask, and few are made at once.
    async fn judged(
        self: Arc<Self>,
        recorded: Recorded,
        named: Option<String>,
        secret: Option<Secret>,
    ) -> Result<Json<VerificationReport>, ApiError> {
        let place = tokio::time::timeout(WAITS, self.verifications.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            let message = "other requests are being verified: try again in a moment";
            let busy = StatusCode::SERVICE_UNAVAILABLE;
            return Err(ApiError::new(busy, "busy", message));
        };
        let report = tokio::task::spawn_blocking(move || {
            // It is held to the end of the work, though who asked may have left.
            let _place = place;
            self.verified(recorded, named.as_deref(), secret)
        });
        let report = report.await.map_err(|error| {
            let failed = StatusCode::INTERNAL_SERVER_ERROR;
            ApiError::new(failed, "diagnosis", error.to_string())
        })?;
        report.map(Json)
    }

    fn verified(
        &self,
        mut recorded: Recorded,
        named: Option<&str>,
        secret: Option<Secret>,
    ) -> Result<VerificationReport, ApiError> {
        let workbench = &self.options.workbench;
        let is_explained = size_of(&recorded) <= EXPLAINED_BYTES;
        let public_url = workbench.public_url();
        let url = signed_url(public_url.as_deref(), recorded.over_tls, &recorded.request);
        let at = recorded.received_at;
        let at = at.unwrap_or_else(|| self.options.time.now());
        let endpoint = recorded.endpoint.as_deref();
        let secrets_of = |provider: &Provider| match &secret {
            Some(secret) => vec![secret.clone()],
            None => workbench.verifying_secrets(provider, endpoint),
        };
        let provider = match named.or(recorded.provider.as_deref()) {
            Some(name) => self.options.catalog.provider(name)?,
            None => match self.sender_of(&recorded, url.as_deref(), at, &secrets_of)? {
                Some(provider) => provider,
                None => {
                    let known = workbench.known_secrets();
                    let found = is_explained.then(|| plain_finding(&recorded.request, at, &known));
                    let found = found.flatten();
                    return Ok(VerificationReport::of_nobody(recorded.event, found));
                }
            },
        };
        if recorded.event.is_none() {
            let document = Document::parse(&recorded.request.body).ok();
            recorded.event = provider.event_of(&recorded.request.headers, document.as_ref());
        }
        let (name, event) = (provider.name.clone(), recorded.event.clone());
        let Some(scheme) = &provider.signature else {
            return Ok(VerificationReport::without_scheme(name, event));
        };
        let is_tried = secret.is_some();
        let secrets = secrets_of(&provider);
        if secrets.is_empty() {
            let envelope = Envelope::of(&recorded.request, url.as_deref());
            let by_test_secret = test_keys(scheme).ok().map(|keys| {
                let secrets = [keys.verifying];
                verify(scheme, &secrets, envelope, &recorded.request.body, at)
            });
            let hint = match by_test_secret {
                Some(Ok(Verification::Valid)) => "it is signed with the public test secret of `hookcli send`: start `hookcli listen` with --test-secret to verify such requests".to_owned(),
                _ => format!("set {} and start hookcli again, or try a secret here", workbench.secret_variable(&provider)),
            };
            let report = VerificationReport::without_secret(name, scheme, event);
            return Ok(VerificationReport {
                hints: vec![hint],
                ..report
            });
        }
        if redact::is_redacted(Some(&provider), &recorded.request) {
            let message = "the token of this request is redacted, so it cannot be verified";
            return Err(ApiError::new(StatusCode::CONFLICT, "redacted", message));
        }
        let envelope = Envelope::of(&recorded.request, url.as_deref());
        let body = &recorded.request.body;
        let verdict = verify(scheme, &secrets, envelope, body, at)
            .map_err(|error| ApiError::new(StatusCode::CONFLICT, "secret", error.to_string()))?;
        let others = workbench.known_secrets();
        let subject = Subject {
            scheme,
            secrets: &secrets,
            envelope,
            body,
            now: at,
            others: &others,
            serializer: provider.body.serializer,
        };
        let explanation = Explanation {
            has_body: is_explained,
            reveals: false,
        };
        let mut report = VerificationReport::new(name, event, &subject, &verdict, explanation);
        if is_tried && verdict == Verification::Valid {
            let variable = workbench.secret_variable(&provider);
            report.hints.push(format!(
                "to use this secret, set {variable} to it and start hookcli again"
            ));
        }
        if !is_explained && verdict != Verification::Valid {
            report.hints.push("a request of more than 1 MiB is verified here, but not explained: use `hookcli verify`".to_owned());
        }
        Ok(report)
    }

    /// The provider of a request that does not say it; none where no one knows.
    fn sender_of(
        &self,
        recorded: &Recorded,
        url: Option<&str>,
        at: Timestamp,
        secrets_of: &dyn Fn(&Provider) -> Vec<Secret>,
    ) -> Result<Option<Arc<Provider>>, ApiError> {
        let request = Unattributed {
            request: &recorded.request,
            url,
            at,
        };
        let (providers, _) = self.options.catalog.all();
        match request.attribute(&providers, secrets_of) {
            Attribution::Recognised(provider) => Ok(Some(provider)),
            Attribution::Followed(mut providers) => Ok(Some(providers.remove(0))),
            Attribution::Unknown => Ok(None),
            Attribution::Ambiguous(providers) => {
                let names = providers.iter().map(|provider| provider.name.as_str());
                let names = names.collect::<Vec<_>>().join(" or ");
                let message = format!("the request could be from {names}: choose the provider");
                Err(ApiError::new(StatusCode::CONFLICT, "ambiguous", message))
            }
        }
    }
}
