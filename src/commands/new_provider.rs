//! `providers new`: a folder for a provider of the user's own, started from a request that was captured.

use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{Draft, Provider, check_name};
use crate::cli::{NewProviderArgs, ReadArgs};
use crate::context::{Context, source};
use crate::exchange::Recorded;
use crate::exit::{Exit, Failure};
use crate::ingest::Unattributed;
use crate::model::suggest;
use crate::report::{Note, Report, Scaffold};
use crate::signature::signed_url;
use crate::view::redact;

pub async fn run(context: &Context, args: &NewProviderArgs) -> Result<Exit, Failure> {
    let name = &args.name;
    check_name(name)?;
    if context.catalog()?.names().any(|known| known == name) {
        return Err(Failure::usage(format!(
            "a provider named {name} already exists: choose another name"
        )));
    }
    let mut recorded = source::named(context, &args.from, &ReadArgs::default()).await?;
    if recorded.len() != 1 {
        return Err(Failure::usage(format!(
            "{} contains {} requests; pass a file with one request",
            args.from,
            recorded.len()
        )));
    }
    let recorded = recorded.remove(0);
    let model = model(context, args, &recorded)?;
    let draft = Draft::new(name, &recorded.request, model.as_deref())?;
    let tokens = context.token_names()?;
    let (sample, redacted) = redact::request(model.as_deref(), &recorded.request, &[], &tokens);
    let folder = draft.write(&args.dir, &sample.body)?;
    if !redacted.is_empty() {
        context.ui.note(Note::warning(format!(
            "the sample does not contain {}",
            redacted.join(" and ")
        )));
    }
    context.emit(&Report::Scaffold(Scaffold {
        provider: name.clone(),
        folder: folder.display().to_string(),
        event: draft.event().to_owned(),
        signature: model.as_ref().map(|provider| provider.name.clone()),
    }))?;
    context.ui.note(Note::hint(format!(
        "review the assumed values, then run: {}",
        suggest([
            "send",
            &format!("{name}/{}", draft.event()),
            "--url",
            "3000",
            "--provider-dir",
            &args.dir.display().to_string()
        ])
    )));
    Ok(Exit::Done)
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
        at: recorded.received_at.unwrap_or_else(Timestamp::now),
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
