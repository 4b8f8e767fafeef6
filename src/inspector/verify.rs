//! What a signature is worth: of a capture with the secrets that are set, or with one that is tried; or of a request
//! that is pasted. What is tried or pasted is kept nowhere.

use std::sync::Arc;

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
    let secret = Secret::new(asked.secret);
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
    let secret = secret.map(Secret::new);
    on_own_thread(move || inspector.verified(recorded, named.as_deref(), secret)).await
}

/// A diagnosis tries much: it must not hold up what others ask.
async fn on_own_thread(
    work: impl FnOnce() -> Result<VerificationReport, ApiError> + Send + 'static,
) -> Result<Json<VerificationReport>, ApiError> {
    let report = tokio::task::spawn_blocking(work).await;
    let report = report.map_err(|error| {
        let failed = StatusCode::INTERNAL_SERVER_ERROR;
        ApiError::new(failed, "diagnosis", error.to_string())
    })?;
    report.map(Json)
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
        on_own_thread(move || self.verified(recorded, None, secret)).await
    }

    fn verified(
        &self,
        mut recorded: Recorded,
        named: Option<&str>,
        secret: Option<Secret>,
    ) -> Result<VerificationReport, ApiError> {
        let workbench = &self.options.workbench;
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
                    let found = plain_finding(&recorded.request, at, &known);
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
            has_body: true,
            reveals: false,
        };
        Ok(VerificationReport::new(
            name,
            event,
            &subject,
            &verdict,
            explanation,
        ))
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
