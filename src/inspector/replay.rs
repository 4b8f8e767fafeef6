//! A capture sent again: as it was, signed again, or with another body.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};

use super::answers::ApiError;
use super::outgoing::Outgoing;
use super::state::{DestinationFacts, Shared};
use crate::compose::{ReplayOptions, Replayer};
use crate::exchange::Recorded;
use crate::model::suggest;
use crate::view::DeliveryReport;

/// Where the settings can send to.
pub(super) async fn destinations(State(inspector): Shared) -> Json<Vec<DestinationFacts>> {
    Json(inspector.options.workbench.destinations())
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ReplayAnswer {
    /// What became of it.
    delivery: DeliveryReport,
    /// The command that does the same; with another body, the one that opens an editor for it.
    command: String,
}

pub(super) async fn replay(
    State(inspector): Shared,
    Path(id): Path<String>,
    asked: Result<Json<ReplayRequest>, JsonRejection>,
) -> Result<Json<ReplayAnswer>, ApiError> {
    let Json(asked) = asked?;
    let (capture, provider) = inspector.capture(&id).await?;
    let outgoing = Outgoing::to(&inspector, &asked.to, asked.confirmed, false).await?;
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
        let recipient = outgoing.recipient();
        let (catalog, keyring) = (&outgoing.target.catalog, &*outgoing.target.keyring);
        Replayer::new(catalog, keyring, &replay, &recipient).compose(recorded)?
    };
    let sent = outgoing
        .send(&inspector, vec![prepared], Vec::new())
        .await?;
    let delivery = sent.into_iter().next();
    let delivery = delivery.ok_or_else(|| ApiError::not_found("nothing was sent"))?;
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
        delivery,
        command: suggest(words),
    }))
}
