//! `events`: which event types there are, and one of them in full.

use crate::catalog::EventName;
use crate::cli::EventsArgs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::report::{Bytes, Note, Report};
use crate::view::{event_detail, event_item};

pub fn run(context: &Context, args: &EventsArgs) -> Result<Exit, Failure> {
    match &args.event {
        Some(name) => show(context, args, name),
        None => list(context, args),
    }
}

fn list(context: &Context, args: &EventsArgs) -> Result<Exit, Failure> {
    let catalog = context.catalog()?;
    let (providers, errors) = match &args.provider {
        Some(name) => (vec![context.provider(name)?], Vec::new()),
        None => catalog.all(),
    };
    for error in &errors {
        context.ui.note(Note::error(error.to_string()));
    }
    let mut count = 0;
    for provider in providers {
        for (event, facts) in provider
            .events
            .iter()
            .filter(|(event, facts)| args.fits(&provider, event, facts))
        {
            count += 1;
            context.emit(&Report::Event(event_item(&provider, event, facts)))?;
        }
    }
    if count == 0 {
        context.ui.note(Note::hint(
            "no event matches; run `hookcli events` to see all of them",
        ));
    }
    Ok(if errors.is_empty() {
        Exit::Done
    } else {
        Exit::Usage
    })
}

fn show(context: &Context, args: &EventsArgs, name: &EventName) -> Result<Exit, Failure> {
    let mut name = name.clone();
    if name.provider.is_none() {
        name.provider = args.provider.clone();
    }
    let name = context
        .catalog()?
        .find(&name, context.settings.default_provider.as_deref())?;
    let provider = context.provider(name.provider.as_deref().unwrap_or_default())?;
    let own_text = |text: String| {
        Report::Bytes(Bytes {
            bytes: text.into_bytes(),
            safe: false,
        })
    };
    if args.schema {
        let text = provider.schema_text(&name.event)?.ok_or_else(|| {
            Failure::usage(format!("{name} has no schema: use --sample for its sample"))
        })?;
        context.emit(&own_text(text.to_owned()))?;
        return Ok(Exit::Done);
    }
    let sample = provider
        .sample(&name.event, name.variant.as_deref())?
        .unwrap_or_default();
    if args.sample {
        context.emit(&own_text(sample))?;
        return Ok(Exit::Done);
    }
    let detail = event_detail(&provider, &name, sample)?.ok_or_else(|| {
        Failure::usage(format!(
            "{name} is not in provider.toml: add [event.\"{}\"] there",
            name.event
        ))
    })?;
    context.emit(&Report::EventDetail(Box::new(detail)))?;
    Ok(Exit::Done)
}
