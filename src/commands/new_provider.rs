//! `providers new`: a folder for a provider of the user's own, started from requests that were captured.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{Timestamp, Zoned};

use crate::catalog::{Draft, DraftScheme, Provider, check_name};
use crate::cli::NewProviderArgs;
use crate::context::{Context, source};
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::ingest::Unattributed;
use crate::model::{Request, Secret, suggest};
use crate::report::{Note, Report, Scaffold};
use crate::signature::{PlainScheme, signed_url};
use crate::view::redact;

pub async fn run(context: &Context, args: &NewProviderArgs) -> Result<Exit, Failure> {
    let name = &args.name;
    check_name(name)?;
    if context.catalog()?.names().any(|known| known == name) {
        return Err(Failure::usage(format!(
            "a provider named {name} already exists: choose another name"
        )));
    }
    let mut recorded = source::of_one_sender(context, &args.from).await?;
    let Some(first) = recorded.first() else {
        return Err(Failure::usage("--from names no request")
            .hint("run `hookcli captures list` to see what is stored"));
    };
    let secrets = args.secrets.flags();
    let secrets = context.settings.secrets(&secrets, None, None);
    let secrets = secrets.map_err(Failure::usage)?;
    let model = model(context, args, first)?;
    let plain = match model {
        Some(_) => None,
        None => plain_scheme(first, &secrets),
    };
    if let Some(plain) = &plain {
        // What someone else signed, or no one, tells nothing of this sender.
        recorded.retain(|one| plain_scheme(one, &secrets).as_ref() == Some(plain));
    }
    let signature = match (&model, &plain) {
        (Some(model), _) => Some(model.name.clone()),
        (None, plain) => plain.as_ref().map(ToString::to_string),
    };
    let scheme = match (&model, plain) {
        (Some(model), _) => Some(DraftScheme::Of(model)),
        (None, plain) => plain.map(DraftScheme::Plain),
    };
    let seen = recorded.iter().map(|one| (&one.request, one.received_at));
    let seen: Vec<_> = seen.collect();
    let draft = Draft::new(name, &seen, scheme, Zoned::now().date())?;
    let folder = write(context, args, &draft, &seen, model.as_deref())?;
    let events = draft.events().iter().map(|event| event.name.clone());
    let events: Vec<String> = events.collect();
    let event = events.first().cloned().unwrap_or_default();
    let next = format!("{name}/{event}");
    context.emit(&Report::Scaffold(Scaffold {
        provider: name.clone(),
        folder: folder.display().to_string(),
        event,
        events,
        requests: seen.len(),
        signature,
    }))?;
    advise(context, args, &next, secrets.is_empty() && model.is_none());
    Ok(Exit::Done)
}

/// Says what to do next with the folder, whose first event that is.
fn advise(context: &Context, args: &NewProviderArgs, event: &str, lacks_secret: bool) {
    if lacks_secret {
        let text = "no secret was given, so the signature was not looked for: remove the folder, and run the command again with --secret-env NAME";
        context.ui.note(Note::hint(text));
    }
    let dir = args.dir.display().to_string();
    let next = suggest(["send", event, "--url", "3000", "--provider-dir", &dir]);
    let hint = format!("review the assumed values, then run: {next}");
    context.ui.note(Note::hint(hint));
}

/// Writes the draft, with samples that hold no secrets, and says what they lack.
fn write(
    context: &Context,
    args: &NewProviderArgs,
    draft: &Draft<'_>,
    seen: &[(&Request, Option<Timestamp>)],
    model: Option<&Provider>,
) -> Result<PathBuf, Failure> {
    let tokens = context.token_names()?;
    let mut hidden = Vec::new();
    let samples = draft.events().iter().map(|event| {
        let (request, _) = seen[event.request];
        let (sample, redacted) = redact::request(model, request, &[], &tokens);
        hidden.extend(redacted);
        sample.body.to_vec()
    });
    let samples: Vec<Vec<u8>> = samples.collect();
    let folder = draft.write(&args.dir, &samples)?;
    hidden.sort();
    hidden.dedup();
    if !hidden.is_empty() {
        context.ui.note(Note::warning(format!(
            "the samples do not contain {}",
            hidden.join(" and ")
        )));
    }
    Ok(folder)
}

/// The provider whose scheme the request follows under the secrets that are set; none where none does.
fn model(
    context: &Context,
    args: &NewProviderArgs,
    recorded: &Recorded,
) -> Result<Option<Arc<Provider>>, Failure> {
    let url = signed_url(None, recorded.over_tls, &recorded.request);
    let request = Unattributed {
        request: &recorded.request,
        url: url.as_deref(),
        at: at(recorded),
    };
    let flags = args.secrets.flags();
    for provider in context.catalog()?.all().0 {
        let secrets = context.settings.secrets(&flags, Some(&provider), None);
        if request.follows(&provider, &secrets.map_err(Failure::usage)?) {
            return Ok(Some(provider));
        }
    }
    Ok(None)
}

/// The plain scheme that a request follows under one of the secrets.
fn plain_scheme(recorded: &Recorded, secrets: &[Secret]) -> Option<PlainScheme> {
    let secrets: Vec<&Secret> = secrets.iter().collect();
    let found = PlainScheme::of(&recorded.request, &secrets, at(recorded));
    found.map(|(plain, _)| plain)
}

fn at(recorded: &Recorded) -> Timestamp {
    recorded.received_at.unwrap_or_else(Timestamp::now)
}
