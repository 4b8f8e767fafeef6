//! `send --via`: events that an emulated provider publishes.

use std::time::Duration;

use serde::Deserialize;

use super::Context;
use crate::catalog::EventName;
use crate::compose::{ComposeOptions, Composer, FixedKeys, Recipient};
use crate::exit::{Exit, Failure};
use crate::http::{Client, ClientOptions, Destination, DestinationError, Resolved};
use crate::model::{Headers, RemoteText, Request, suggest};
use crate::report::{PublishedReport, Report};

/// How long an emulator may take to take an event.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The variable with the token of an emulator on another machine.
pub const TOKEN: &str = "HOOKCLI_EMULATOR_TOKEN";

/// What the emulator answers.
#[derive(Deserialize)]
struct Answer {
    id: String,
    deliveries: Vec<String>,
}

/// Publishes events in an emulator, one after the other.
pub async fn publish(
    context: &Context,
    via: &str,
    names: &[EventName],
    options: &ComposeOptions,
) -> Result<Exit, Failure> {
    let destination: Destination = via
        .parse()
        .map_err(|error: DestinationError| Failure::usage(error.to_string()))?;
    let resolved = destination.resolve().await;
    let token = token(context, &resolved)?;
    let recipient = Recipient {
        destination: destination.clone(),
        endpoint: None,
        chosen_by_user: true,
        has_own_scheme: false,
        is_loopback: resolved.is_loopback(),
    };
    let (catalog, keys) = (context.catalog()?, FixedKeys::default());
    let mut composer = Composer::new(catalog, &keys, options, &recipient);
    let mut documents = Vec::with_capacity(names.len());
    // Of a sample, each subscription gets its own values, but where the user gave others.
    let edited = options.data.is_none().then(|| -> Vec<String> {
        let edits = options.edits.iter();
        edits.map(|edit| edit.path().to_string()).collect()
    });
    for name in names {
        let payload = composer.payload(name);
        context.tell(composer.take_notices());
        let payload = String::from_utf8(payload?)
            .map_err(|_| Failure::usage("the payload is not UTF-8, which an event has to be"))?;
        documents.push(serde_json::json!({
            "event": name.to_string(),
            "payload_text": payload,
            "edited": edited,
            "platform": options.platform,
        }));
    }
    let client = Client::new(resolved, &ClientOptions::default()).map_err(Failure::usage)?;
    for (name, document) in names.iter().zip(documents) {
        let request = request(&destination, token.as_deref(), document.to_string());
        let sent = client.send(&request, Some(TIMEOUT)).await;
        let response = sent.result.map_err(|error| {
            Failure::no_answer(error.message.unescaped().to_owned()).hint(format!(
                "start it with `{}`",
                suggest(["emulate", name.provider.as_deref().unwrap_or_default()])
            ))
        })?;
        let body = String::from_utf8_lossy(&response.body);
        let answer: Answer = match response.status {
            202 => serde_json::from_str(&body).map_err(|_| not_an_emulator(via))?,
            _ => return Err(refused(&body, via)),
        };
        let texts = answer.deliveries.into_iter();
        context
            .emit_beside(Report::Published(PublishedReport {
                provider: name.provider.clone().unwrap_or_default(),
                event: name.event.as_str().into(),
                id: answer.id.into(),
                deliveries: texts.map(RemoteText::from).collect(),
            }))
            .await?;
    }
    Ok(Exit::Done)
}

/// Another machine's emulator wants its token.
fn token(context: &Context, resolved: &Resolved) -> Result<Option<String>, Failure> {
    let token = context.settings.environment.text(TOKEN);
    match (resolved.is_loopback(), token) {
        (true, token) => Ok(token),
        (false, Some(token)) => Ok(Some(token)),
        (false, None) => Err(Failure::usage(format!(
            "{} is not this machine, and its emulator wants a token",
            resolved.destination
        ))
        .hint(format!(
            "set {TOKEN} to the token that the emulator was started with"
        ))),
    }
}

fn request(destination: &Destination, token: Option<&str>, body: String) -> Request {
    let mut headers = Headers::new();
    headers.push("host", destination.authority());
    headers.push("content-type", "application/json");
    headers.push("x-hookcli-control", "send");
    headers.push("content-length", body.len().to_string());
    if let Some(token) = token {
        headers.push("authorization", format!("Bearer {token}"));
    }
    Request {
        method: "POST".to_owned(),
        target: "/_hookcli/events".to_owned(),
        headers,
        body: body.into_bytes().into(),
    }
}

/// What the emulator says is wrong.
fn refused(body: &str, via: &str) -> Failure {
    let document: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let message = document
        .as_ref()
        .and_then(|document| document["error"]["message"].as_str());
    match message {
        Some(message) => Failure::usage(message.to_owned()).hint(format!(
            "this is the answer of the emulator at {via}: `hookcli providers NAME` and `hookcli events` show what it can publish"
        )),
        None => not_an_emulator(via),
    }
}

fn not_an_emulator(via: &str) -> Failure {
    Failure::usage(format!("{via} is not an emulator of hookcli"))
        .hint("use the URL that `hookcli emulate` printed")
}
