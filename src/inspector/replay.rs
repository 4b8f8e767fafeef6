//! A capture sent again: as it was, signed again, or with another body.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::state::{DestinationFacts, SendTarget, Shared};
use crate::compose::{ComposeError, Recipient, ReplayOptions, Replayer};
use crate::dispatch::{DeliveryOptions, dispatch_quietly};
use crate::exchange::Recorded;
use crate::http::{Client, ClientOptions, TlsOptions};
use crate::model::suggest;
use crate::view::{DeliveryReport, delivery_report};

/// Where the settings can send to.
pub(super) async fn destinations(State(inspector): Shared) -> Json<Vec<DestinationFacts>> {
    Json(inspector.options.workbench.destinations())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayRequest {
    /// A URL, a port of this machine, or the name of an endpoint.
    to: String,
    /// Signed again, with new timestamps and ids.
    #[serde(default)]
    resign: bool,
    /// Also where its signature was not valid.
    #[serde(default)]
    resign_unverified: bool,
    /// Another body. What is signed is signed again then.
    body: Option<String>,
    /// The user has been asked whether it may go to another machine.
    #[serde(default)]
    confirmed: bool,
}

#[derive(Serialize)]
pub(super) struct ReplayAnswer {
    delivery: DeliveryReport,
    /// The command that does the same; with another body, the one that lets it be edited.
    command: String,
}

pub(super) async fn replay(
    State(inspector): Shared,
    Path(id): Path<String>,
    asked: Result<Json<ReplayRequest>, JsonRejection>,
) -> Result<Json<ReplayAnswer>, ApiError> {
    let Json(asked) = asked?;
    let (capture, provider) = inspector.capture(&id).await?;
    let options = &inspector.options;
    let target = options.workbench.target(&asked.to);
    let target = target.map_err(ApiError::bad_request)?;
    let resolved = target.destination.resolve().await;
    if !resolved.is_loopback() && !target.is_known && !asked.confirmed {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "elsewhere",
            format!(
                "{} is not this machine, and not in your settings",
                target.destination
            ),
        ));
    }
    let id = capture.id;
    let mut recorded = Recorded::from(capture);
    let is_edited = asked.body.is_some();
    if let Some(body) = asked.body {
        recorded.request.body = body.into();
    }
    let is_signed = provider.is_some_and(|provider| provider.signature.is_some());
    let replay = ReplayOptions {
        resign: asked.resign || (is_edited && is_signed),
        // Who edits a body has read what is signed.
        resign_unverified: asked.resign_unverified || is_edited,
        ..ReplayOptions::default()
    };
    let prepared = {
        let recipient = recipient(&target, resolved.is_loopback());
        let keyring = &*target.keyring;
        Replayer::new(&target.catalog, keyring, &replay, &recipient).compose(recorded)
    };
    let prepared = prepared.map_err(refused)?;
    let client = Client::new(
        resolved,
        &ClientOptions {
            tls: TlsOptions {
                insecure: target.accepts_any_certificate,
                ca_file: None,
            },
            ..ClientOptions::default()
        },
    );
    let client = client.map_err(|error| ApiError::bad_request(error.to_string()))?;
    let delivery = DeliveryOptions {
        tokens: options.tokens.clone(),
        ..DeliveryOptions::default()
    };
    let (store, request) = (options.store.clone(), prepared.clone());
    // What waits for a response is not moved between threads.
    let runtime = tokio::runtime::Handle::current();
    let sending = tokio::task::spawn_blocking(move || {
        let sending = dispatch_quietly(&client, Some(&*store), &request, &delivery);
        runtime.block_on(sending).map_err(|error| error.to_string())
    });
    let sent = sending.await.map_err(|error| error.to_string()).flatten();
    let sent =
        sent.map_err(|why| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_sent", why))?;
    let id = id.to_string();
    let mut words = vec!["replay", &id, "--url", &asked.to];
    if is_edited {
        words.push("--edit");
    } else if asked.resign {
        words.push("--resign");
        if asked.resign_unverified {
            words.push("--resign-unverified");
        }
    }
    Ok(Json(ReplayAnswer {
        delivery: delivery_report(&sent.record, prepared.provider.as_deref()),
        command: suggest(words),
    }))
}

fn recipient(target: &SendTarget, is_loopback: bool) -> Recipient {
    Recipient {
        destination: target.destination.clone(),
        endpoint: target.endpoint.clone(),
        chosen_by_user: target.chosen_by_user,
        has_own_scheme: target.has_own_scheme,
        is_loopback,
    }
}

/// Nothing was sent.
fn refused(error: ComposeError) -> ApiError {
    let code = match &error {
        ComposeError::Unverified { .. } => "unverified",
        ComposeError::NoSecret { .. } => "no_secret",
        _ => "not_composed",
    };
    ApiError::new(StatusCode::CONFLICT, code, error.to_string())
}
