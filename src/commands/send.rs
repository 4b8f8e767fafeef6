//! `send`: every request is built and signed before the first one goes out, so that a mistake in the third
//! is no half-done work.

use crate::catalog::{Catalog, EventName};
use crate::cli::SendArgs;
use crate::compose::{ComposeNotice, Composer, EventSelection, PreparedRequest, faults};
use crate::context::source::bytes_of;
use crate::context::{Context, publishing, sending, target};
use crate::delivery::Fault;
use crate::exit::{Exit, Failure};
use crate::report::Note;
use crate::settings::Endpoint;

pub async fn run(context: &Context, args: &SendArgs) -> Result<Exit, Failure> {
    // Standard input is read once, and before anything is half-done.
    let data = match (&args.content.data_raw, &args.content.data) {
        (Some(text), _) => Some(text.clone().into_bytes()),
        (None, Some(source)) => Some(read_data(source).await?),
        (None, None) => None,
    };
    let options = args.compose_options(data).map_err(Failure::usage)?;
    if let Some(via) = &args.via {
        let names = names(context, args, context.catalog()?, None)?;
        return publishing::publish(context, via, &names, &options).await;
    }
    let target = target::target(
        context,
        args.url.as_deref(),
        args.to.as_deref(),
        &args.scheme,
    )?;
    let names = names(context, args, &target.catalog, target.endpoint)?;
    let resolved = target.destination.resolve().await;
    target::report_foreign_destination(context, &target, &resolved);
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
        let harm = "a fault may harm it";
        target::check_place(&target.destination, &resolved, args.yes, harm)?;
        faults::expect(&args.fault, &mut requests);
        faults::order(&args.fault, &mut requests);
        announce(context, &args.fault, &requests);
    }
    if args.dry_run || args.curl {
        return target::print_all(context, &requests, args.curl, &args.delivery.transport);
    }
    sending::send_all(
        context,
        &target,
        resolved,
        &mut requests,
        &args.delivery,
        &args.fault,
        sending::Command::new("sending", &args.secrets),
    )
    .await
}

/// The events that the arguments mean.
fn names(
    context: &Context,
    args: &SendArgs,
    catalog: &Catalog,
    endpoint: Option<&Endpoint>,
) -> Result<Vec<EventName>, Failure> {
    let selection = EventSelection {
        catalog,
        provider: args.provider.as_deref(),
        own: endpoint.and_then(|endpoint| endpoint.provider.as_deref()),
        usual: context.settings.default_provider.as_deref(),
        has_payload: args.content.data.is_some(),
    };
    let subscription = endpoint.map(|endpoint| endpoint.events.as_slice());
    let wanted = match (args.all, args.events.is_empty()) {
        (true, _) => selection.all(subscription.unwrap_or_default()),
        (false, false) => args.events.clone(),
        (false, true) => vec![choose(context, &selection)?],
    };
    let platform = args.content.platform.as_deref();
    let platform = platform.filter(|_| args.all && !args.content.any_platform);
    let (names, notices) = selection.find(&wanted, platform)?;
    context.tell(notices);
    match args.variants {
        true => Ok(selection.with_variants(names)?),
        false => Ok(names),
    }
}

/// Asks which event to send, where someone can be asked.
fn choose(context: &Context, selection: &EventSelection<'_>) -> Result<String, Failure> {
    let (providers, errors) = selection.providers()?;
    context.tell(errors.into_iter().map(ComposeNotice::ProviderBroken));
    let mut items = Vec::new();
    for provider in providers {
        let events = provider.events.keys();
        items.extend(events.map(|event| format!("{}/{event}", provider.name)));
    }
    let chosen = context.ui.choose("event", &items);
    chosen.map(|index| items[index].clone()).ok_or_else(|| {
        Failure::usage("no event to send was given")
            .hint("name one (run `hookcli events` to see them), or add --all")
    })
}

/// A payload from a file, standard input, or the argument itself.
async fn read_data(source: &str) -> Result<Vec<u8>, Failure> {
    if source.starts_with(['{', '[']) {
        return Ok(source.as_bytes().to_vec());
    }
    bytes_of(source).await
}

/// Says of each fault what a correct receiver does with it.
fn announce(context: &Context, sent: &[Fault], requests: &[PreparedRequest]) {
    let rules = requests.first().map(faults::signature_rules);
    let rules = rules.unwrap_or_default();
    for fault in sent {
        let expected = fault.expected(rules);
        context
            .ui
            .note(Note::hint(format!("{fault}: {}", expected.sentence())));
    }
}
