//! `providers`: who is known, and what of them.

use super::Context;
use crate::catalog::{Origin, Provider};
use crate::cli::{ProvidersArgs, ProvidersCommand};
use crate::exit::{Exit, Failure};
use crate::model::duration::short;
use crate::report::{Fact, FactProvenance, Note, ProviderDetail, ProviderItem, Report};

pub async fn run(context: &Context, args: &ProvidersArgs) -> Result<Exit, Failure> {
    if let Some(ProvidersCommand::New(args)) = &args.command {
        return super::scaffold::run(context, args).await;
    }
    if let Some(name) = &args.name {
        let provider = context.provider(name)?;
        context.emit(&Report::ProviderDetail(Box::new(detail(&provider))))?;
        return Ok(Exit::Done);
    }
    let (providers, errors) = context.catalog()?.all();
    for error in &errors {
        context.ui.note(Note::error(error.to_string()));
    }
    for provider in providers {
        context.emit(&Report::Provider(item(&provider)))?;
    }
    Ok(if errors.is_empty() {
        Exit::Done
    } else {
        Exit::Usage
    })
}

fn item(provider: &Provider) -> ProviderItem {
    ProviderItem {
        id: provider.name.clone(),
        title: provider.title.clone(),
        summary: provider.summary.clone(),
        events: provider.events.len(),
        signature: provider.signature.as_ref().map(|scheme| scheme.describe()),
        origin: match provider.origin() {
            Origin::Embedded => "embedded".to_owned(),
            Origin::Dir(dir) => dir.display().to_string(),
        },
    }
}

fn detail(provider: &Provider) -> ProviderDetail {
    ProviderDetail {
        item: item(provider),
        home: provider.home.clone(),
        sources: provider.sources.values().cloned().collect(),
        facts: facts(provider),
        event_types: provider.events.keys().cloned().collect(),
    }
}

fn facts(provider: &Provider) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String, provenance: FactProvenance| {
        facts.push(Fact {
            name: name.to_owned(),
            value,
            provenance,
        });
    };
    let request = &provider.request;
    add(
        "request",
        format!("{} with {}", request.method, request.content_type),
        FactProvenance::of(&request.provenance, "content_type"),
    );
    for (name, value) in &request.headers {
        add(
            "header",
            format!("{name}: {value}"),
            FactProvenance::of(&request.provenance, "headers"),
        );
    }
    if request.https_only {
        add(
            "https only",
            "yes".to_owned(),
            FactProvenance::of(&request.provenance, "https_only"),
        );
    }
    match &provider.signature {
        Some(scheme) => add(
            "signature",
            scheme.describe(),
            FactProvenance::of(&scheme.provenance, "encoding"),
        ),
        None => add(
            "signature",
            "none documented".to_owned(),
            FactProvenance::default(),
        ),
    }
    let policy = &provider.delivery;
    let of = |key: &str| FactProvenance::of(&policy.provenance, key);
    let join = |texts: Vec<String>| texts.join(", ");
    add("timeout", short(policy.timeout), of("timeout"));
    add(
        "delivered",
        join(policy.success.iter().map(ToString::to_string).collect()),
        of("success"),
    );
    if policy.retry_waits.is_empty() {
        add("retries", "none".to_owned(), of("retry_waits"));
    } else {
        add(
            "retries",
            format!(
                "after {}",
                join(policy.retry_waits.iter().map(|wait| short(*wait)).collect())
            ),
            of("retry_waits"),
        );
        add(
            "retried when",
            join(policy.retry_on.iter().map(ToString::to_string).collect()),
            of("retry_on"),
        );
    }
    if let Some(most) = policy.max_in_flight {
        add("in flight", format!("at most {most}"), of("max_in_flight"));
    }
    if let Some(most) = policy.max_per_minute {
        add(
            "rate",
            format!("at most {most} a minute to one endpoint"),
            of("max_per_minute"),
        );
    }
    if !policy.rate_limit_headers.is_empty() {
        add(
            "rate headers",
            join(policy.rate_limit_headers.clone()),
            of("rate_limit_headers"),
        );
    }
    let body = &provider.body;
    add(
        "duplicate key",
        body.duplicate_key.to_string(),
        FactProvenance::of(&body.provenance, "duplicate_key"),
    );
    if let Some(serializer) = body.serializer {
        add(
            "serializer",
            serializer.title().to_owned(),
            FactProvenance::of(&body.provenance, "serializer"),
        );
    }
    if let Some(platforms) = &provider.platforms {
        for (name, platform) in &platforms.platform {
            add(
                "platform",
                format!("{name} ({}, written {:?})", platform.title, platform.value),
                FactProvenance::of(&platforms.provenance, "platform"),
            );
        }
    }
    if let Some(sent) = &provider.on_subscribe {
        add(
            "on subscribing",
            format!("sends {}", sent.event),
            FactProvenance::of(&sent.provenance, "event"),
        );
    }
    if let Some(sent) = &provider.on_demand {
        add(
            "on demand",
            format!("sends {}", sent.event),
            FactProvenance::of(&sent.provenance, "event"),
        );
    }
    if let Some(api) = &provider.management {
        add(
            "creating",
            format!(
                "{} with {} ({})",
                api.create,
                api.fields.join(", "),
                api.authorization
            ),
            FactProvenance::of(&api.provenance, "create"),
        );
        add(
            "answer",
            api.answer.clone(),
            FactProvenance::of(&api.provenance, "answer"),
        );
        add(
            "notes",
            api.notes.clone(),
            FactProvenance::of(&api.provenance, "notes"),
        );
    }
    if let Some(receiver) = &provider.receiver {
        add(
            "receivers",
            receiver.profile.clone(),
            FactProvenance::of(&receiver.provenance, "profile"),
        );
    }
    facts
}
