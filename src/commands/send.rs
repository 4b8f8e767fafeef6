//! `send`: every request is built and signed before the first one goes out, so that a mistake in the third
//! is no half-done work.

use std::sync::Arc;

use crate::catalog::{EventName, EventPattern, Provider};
use crate::cli::SendArgs;
use crate::compose::{
    ComposeOptions, Composer, PreparedRequest, SchemaRule, faults, sent_by_platform,
};
use crate::context::source::bytes_of;
use crate::context::{Context, sending, target};
use crate::delivery::Fault;
use crate::exit::{Exit, Failure};
use crate::payload::read_edits;
use crate::report::Note;
use crate::settings::Endpoint;

/// What the flags ask for.
async fn options(args: &SendArgs) -> Result<ComposeOptions, Failure> {
    let content = &args.content;
    Ok(ComposeOptions {
        data: match &content.data_raw {
            Some(text) => Some(text.clone().into_bytes()),
            None => match content.data.as_deref() {
                Some(source) => Some(read_data(source).await?),
                None => None,
            },
        },
        edits: read_edits(&content.set, &content.set_string, &content.unset)
            .map_err(Failure::usage)?,
        platform: content.platform.clone(),
        any_platform: content.any_platform,
        verbatim: content.verbatim,
        form: content.form,
        seed: content.seed,
        now: content.now,
        schema: match (content.strict, args.fault.is_empty()) {
            (true, _) => SchemaRule::Refuse,
            (false, true) => SchemaRule::Warn,
            // A fault is no surprise.
            (false, false) => SchemaRule::Report,
        },
        unsigned: args.unsigned,
        headers: target::own_headers(&args.delivery.way)?,
        method: args.delivery.method.clone(),
        allow_http: args.delivery.way.allow_http,
        faults: args.fault.clone(),
    })
}

pub async fn run(context: &Context, args: &SendArgs) -> Result<Exit, Failure> {
    // Standard input is read once, and before anything is half-done.
    let options = options(args).await?;
    let target = target::target(
        context,
        args.url.as_deref(),
        args.to.as_deref(),
        &args.scheme,
    )?;
    let provider = args.provider.as_deref().or_else(|| {
        target
            .endpoint
            .and_then(|endpoint| endpoint.provider.as_deref())
    });
    let names = names(context, args, provider, target.endpoint)?;
    let resolved = target.place.resolve().await;
    target::tell_of_foreign_place(context, &target, &resolved);
    let keyring = target.keyring(context, args.secrets.flags());
    let recipient = target.recipient(&resolved);
    let mut composer = Composer::new(&target.catalog, &keyring, &options, &recipient);
    let mut requests = Vec::with_capacity(names.len());
    for name in &names {
        let composed = composer.compose(name);
        context.tell(composer.take_notices());
        requests.push(composed?);
    }
    if !args.fault.is_empty() {
        if !resolved.is_loopback() && !args.yes {
            return Err(Failure::usage(format!(
                "{} is not this machine: a fault may harm it",
                target.place
            ))
            .hint("add --yes, if it is yours"));
        }
        faults::order(&args.fault, &mut requests);
        announce(context, &args.fault, &requests);
    }
    if args.dry_run || args.curl {
        return target::print_all(context, &requests, args.curl, &args.delivery.way);
    }
    sending::send_all(
        context,
        &target,
        resolved,
        &requests,
        &args.delivery,
        &args.fault,
        "sending",
    )
    .await
}

/// The events that the arguments mean.
fn names(
    context: &Context,
    args: &SendArgs,
    provider: Option<&str>,
    endpoint: Option<&Endpoint>,
) -> Result<Vec<EventName>, Failure> {
    let catalog = context.catalog()?;
    let preferred = provider.or(context.settings.default_provider.as_deref());
    let mut names = Vec::new();
    let find = |text: &str| -> Result<EventName, Failure> {
        let mut name: EventName = text.parse().map_err(Failure::usage)?;
        let own = endpoint.and_then(|endpoint| endpoint.provider.as_ref());
        if let (Some(named), Some(own)) = (&name.provider, own)
            && named != own
        {
            return Err(Failure::usage(format!(
                "the endpoint is {own}'s, and `{name}` is not one of its events"
            )));
        }
        if name.provider.is_none() {
            name.provider = args.provider.clone().or_else(|| own.cloned());
        }
        match catalog.find(&name, preferred) {
            Ok(found) => Ok(found),
            // With the user's own payload, an event that nobody lists is the user's own too.
            Err(crate::catalog::LookupError::UnknownEvent { .. })
                if args.content.data.is_some()
                    && (name.provider.is_some() || preferred.is_some()) =>
            {
                let provider = name
                    .provider
                    .clone()
                    .or(preferred.map(str::to_owned))
                    .unwrap_or_default();
                catalog.provider(&provider)?;
                context.ui.note(Note::warning(format!(
                    "{provider} does not list the event `{}`",
                    name.event
                )));
                Ok(EventName {
                    provider: Some(provider),
                    ..name
                })
            }
            Err(error) => Err(error.into()),
        }
    };
    let subscription = endpoint
        .map(|endpoint| endpoint.events.as_slice())
        .unwrap_or_default();
    let mut wanted: Vec<String> = args.events.clone();
    if args.all {
        wanted = match (subscription, provider) {
            ([], Some(provider)) => vec![format!("{provider}/*")],
            ([], None) => vec!["*".to_owned()],
            (subscription, _) => subscription.to_vec(),
        };
    } else if wanted.is_empty() {
        wanted.push(choose(context, provider)?);
    }
    for text in &wanted {
        if EventPattern::is_wild(text) {
            let before = names.len();
            let pattern: EventPattern = text.parse().map_err(Failure::usage)?;
            for provider in readable_providers(context, provider)? {
                for event in provider
                    .events
                    .keys()
                    .filter(|event| pattern.fits(Some(&provider.name), Some(event)))
                {
                    if args.all
                        && !sent_by_platform(&provider, event, args.content.platform.as_deref())
                        && !args.content.any_platform
                    {
                        continue;
                    }
                    names.push(EventName {
                        provider: Some(provider.name.clone()),
                        event: event.clone(),
                        variant: None,
                    });
                }
            }
            if names.len() == before {
                return Err(Failure::usage(format!("no event fits `{text}`"))
                    .hint("`hookcli events` lists them"));
            }
        } else {
            names.push(find(text)?);
        }
    }
    if args.variants {
        let mut all = Vec::new();
        for name in names {
            let provider = context.provider(name.provider.as_deref().unwrap_or_default())?;
            let variants = provider.variants(&name.event);
            all.push(name.clone());
            all.extend(variants.into_iter().map(|variant| EventName {
                variant: Some(variant),
                ..name.clone()
            }));
        }
        names = all;
    }
    Ok(names)
}

/// The providers that can be read; one that cannot is told and left out, unless it was asked for.
fn readable_providers(
    context: &Context,
    only: Option<&str>,
) -> Result<Vec<Arc<Provider>>, Failure> {
    if let Some(name) = only {
        return Ok(vec![context.provider(name)?]);
    }
    let (providers, errors) = context.catalog()?.all();
    for error in errors {
        context.ui.note(Note::warning(error.to_string()));
    }
    Ok(providers)
}

/// Asks which event to send, where somebody can be asked.
fn choose(context: &Context, provider: Option<&str>) -> Result<String, Failure> {
    let mut items = Vec::new();
    for provider in readable_providers(context, provider)? {
        items.extend(
            provider
                .events
                .keys()
                .map(|event| format!("{}/{event}", provider.name)),
        );
    }
    let chosen = context.ui.choose("event", &items);
    chosen.map(|index| items[index].clone()).ok_or_else(|| {
        Failure::usage("there is no event to send")
            .hint("name one (`hookcli events` lists them), or send --all")
    })
}

/// A payload from a file, standard input, or the argument itself.
async fn read_data(source: &str) -> Result<Vec<u8>, Failure> {
    if source.starts_with(['{', '[']) {
        return Ok(source.as_bytes().to_vec());
    }
    bytes_of(source).await
}

/// Says of each fault what a right receiver does with it.
fn announce(context: &Context, faults: &[Fault], requests: &[PreparedRequest]) {
    let provider = requests
        .first()
        .and_then(|request| request.provider.as_deref());
    let scheme = provider.and_then(|provider| provider.signature.as_ref());
    let timed = scheme
        .and_then(|scheme| scheme.timestamp.as_ref())
        .is_some_and(|rule| rule.tolerance.is_some());
    let covered = scheme.is_some_and(|scheme| scheme.covers_body());
    for fault in faults {
        let expected = fault.expected(scheme.is_some(), timed, covered);
        context
            .ui
            .note(Note::hint(format!("{fault}: {}", expected.sentence())));
    }
}
