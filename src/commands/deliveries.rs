//! `deliveries`: what went out.

use std::collections::BTreeSet;
use std::pin::pin;

use futures_util::TryStreamExt as _;

use crate::cli::{
    ExportDeliveriesArgs, ListDeliveriesArgs, RetryArgs, ShowDeliveryArgs, StatsArgs,
};
use crate::compose::{PreparedRequest, signing_secrets};
use crate::context::Context;
use crate::context::output::ExportOutput;
use crate::context::sending;
use crate::context::source;
use crate::context::target::Target;
use crate::delivery::Figures;
use crate::exit::{Exit, Failure};
use crate::http::{Place, Resolved};
use crate::model::{Delivery, Id, IdKind, MASK, Outcome, Reference, normal_url};
use crate::report::{Note, Report};
use crate::settings::Endpoint;
use crate::signature::Scheme;
use crate::store::{Order, Query, Store, rows};
use crate::view::redact::TokenNames;
use crate::view::{self, DeliveryReport, DeliveryStats};

pub async fn list(context: &Context, args: &ListDeliveriesArgs) -> Result<Exit, Failure> {
    let query = source::query(&args.filter, None, args.outcome);
    let store = context.needed_store()?;
    let tokens = context.token_names()?;
    let found = rows(Order::NewestFirst, Some(args.limit), async |page| {
        store.deliveries(&query, page).await
    });
    let mut found = pin!(found);
    while let Some(row) = found.try_next().await? {
        context.emit(&Report::DeliveryRow(view::delivery_item(row, &tokens)))?;
        if context.ui.is_closed() {
            break;
        }
    }
    Ok(Exit::Done)
}

pub async fn show(context: &Context, args: &ShowDeliveryArgs) -> Result<Exit, Failure> {
    let reference: Reference = args.delivery.parse().map_err(Failure::usage)?;
    let store = context.needed_store()?;
    let id = store.find(IdKind::Delivery, &reference).await?;
    let record = store.delivery(id).await?;
    let tokens = context.token_names()?;
    let report = detail(context, record, &tokens);
    context.emit(&Report::DeliveryDetail(Box::new(report)))?;
    Ok(Exit::Done)
}

/// A recorded delivery with its request. A provider that is there no more has nothing to say of it.
fn detail(context: &Context, record: Delivery, tokens: &TokenNames) -> DeliveryReport {
    let provider = context.provider_of(record.provider.as_deref());
    let record = view::redacted_delivery(record, provider.as_deref(), tokens);
    view::delivery_detail(record, provider.as_deref())
}

/// What the deliveries come to, and whether that is an alarm.
pub async fn stats(context: &Context, args: &StatsArgs) -> Result<Exit, Failure> {
    let query = source::query(&args.filter, None, None);
    let store = context.needed_store()?;
    let mut figures = Figures::default();
    let found = rows(Order::OldestFirst, None, async |page| {
        store.outlines(&query, page).await
    });
    let mut found = pin!(found);
    while let Some(outline) = found.try_next().await? {
        let attempts = outline
            .attempts
            .iter()
            .map(|attempt| (attempt.duration, attempt.status, attempt.error));
        figures.add(outline.outcome, attempts);
    }
    let stats = DeliveryStats::new(&figures, &args.fail_if);
    let exit = match stats.alarms.is_empty() {
        true => Exit::Done,
        false => Exit::Negative,
    };
    context.emit(&Report::DeliveryStats(stats))?;
    Ok(exit)
}

/// Deliveries as documents, or as what a provider's support asks for. They are recorded without secrets.
pub async fn export(context: &Context, args: &ExportDeliveriesArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let query = source::query(&args.filter, None, args.outcome);
    let tokens = context.token_names()?;
    let is_report = args.format == "report";
    let mut output = ExportOutput::open(context, args.output.as_deref(), true, false)?;
    if is_report {
        output.write(view::support_report_head().into_bytes())?;
    }
    let mut ids = pin!(source::each(
        &*store,
        IdKind::Delivery,
        &args.deliveries,
        &query
    ));
    while let Some(id) = ids.try_next().await? {
        let record = store.delivery(id).await?;
        let text = if is_report {
            let provider = context.provider_of(record.provider.as_deref());
            let record = view::redacted_delivery(record, provider.as_deref(), &tokens);
            view::support_report(&record)
        } else {
            let document = Report::DeliveryDetail(Box::new(detail(context, record, &tokens)));
            let line = serde_json::to_string(&document);
            line.map_err(|error| Failure::machine(error.to_string()))? + "\n"
        };
        output.write(text.into_bytes())?;
        if context.ui.is_closed() {
            break;
        }
    }
    output.finish()?;
    Ok(Exit::Done)
}

/// Goes on with what failed, endpoint by endpoint. What cannot go out again is told and left out; that is
/// found out for all of them before the first one goes.
pub async fn retry(context: &Context, args: &RetryArgs) -> Result<Exit, Failure> {
    if !args.delivery.way.headers.is_empty() || args.delivery.method.is_some() {
        return Err(Failure::usage(
            "what was recorded goes out again: -H and --method have no place here",
        )
        .hint("send the event anew with them"));
    }
    let store = context.needed_store()?;
    let records = claimed(context, &*store, args).await?;
    if records.is_empty() {
        if !args.failed {
            return Ok(Exit::Usage);
        }
        context.ui.note(Note::hint("there is nothing that failed"));
        return Ok(Exit::Done);
    }
    let endpoint = |record: &Delivery| -> Option<&Endpoint> {
        context.settings.endpoints.get(record.endpoint.as_ref()?)
    };
    tell_of_unknown(context, &records);
    let mut groups: Vec<(Target<'_>, Resolved, Vec<PreparedRequest>)> = Vec::new();
    let mut exits = Vec::new();
    let mut told = false;
    for record in &records {
        let at = groups.iter().position(|(target, ..)| {
            target.endpoint_name == record.endpoint && target.place.to_string() == record.url
        });
        let (target, resolved, requests) = match at {
            Some(at) => &mut groups[at],
            None => {
                let place: Place = record.url.parse().map_err(Failure::usage)?;
                let resolved = place.resolve().await;
                let target = Target {
                    place,
                    endpoint: endpoint(record),
                    endpoint_name: record.endpoint.clone(),
                    // Nobody says so now; a secret that travels stays on this machine.
                    chosen_by_user: false,
                    catalog: context.catalog_for(&args.scheme, endpoint(record))?,
                };
                groups.push((target, resolved, Vec::new()));
                let last = groups.len() - 1;
                &mut groups[last]
            }
        };
        let owed_to = owed_to(&*store, record).await;
        let outgoing = again(context, args, target, resolved, record, &mut told);
        match outgoing {
            Ok(outgoing) => requests.push(PreparedRequest {
                settles_forward_at: owed_to,
                ..outgoing
            }),
            Err(failure) => {
                store.release(&[record.id]).await?;
                failure
                    .notes()
                    .into_iter()
                    .for_each(|note| context.ui.note(note));
                exits.push(Exit::Negative);
            }
        }
    }
    if groups.iter().all(|(.., requests)| requests.is_empty()) {
        return Ok(Exit::Usage);
    }
    for (target, resolved, requests) in groups {
        exits.push(
            sending::send_all(
                context,
                &target,
                resolved,
                &requests,
                &args.delivery,
                &[],
                "retrying",
            )
            .await?,
        );
    }
    Ok(Exit::worst(exits))
}

/// The deliveries that are meant, oldest first, each once, and leased: nobody else sends them meanwhile. What
/// somebody else works at is left to them, and told where it was named.
async fn claimed(
    context: &Context,
    store: &dyn Store,
    args: &RetryArgs,
) -> Result<Vec<Delivery>, Failure> {
    let mut ids = if args.failed {
        let unsettled = [Outcome::Failed, Outcome::Pending, Outcome::Unknown];
        let unsettled = Query::Any(unsettled.map(Query::Outcome).into());
        let query = source::query(&args.filter, None, None).and(unsettled);
        store.claim(&query, usize::MAX).await?
    } else {
        let query = Query::default();
        let named = source::each(store, IdKind::Delivery, &args.deliveries, &query);
        let named: BTreeSet<Id> = named.try_collect().await?;
        let mut claimed = Vec::new();
        for id in named {
            let own = store.claim(&Query::Id(id), 1).await?;
            if own.is_empty() {
                tell_of_worker(context, &store.delivery(id).await?);
            }
            claimed.extend(own);
        }
        claimed
    };
    ids.sort();
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        // From here on nobody else writes to it.
        records.push(store.delivery(id).await?);
    }
    Ok(records)
}

fn tell_of_worker(context: &Context, record: &Delivery) {
    let id = record.id;
    let failure = match record.worker {
        Some(worker) => Failure::usage(format!("{id} is being delivered by process {worker}")),
        None => Failure::usage(format!("{id} was being delivered by another process")),
    };
    let failure = failure.hint("wait for it, or end it first");
    let notes = failure.notes().into_iter();
    notes.for_each(|note| context.ui.note(note));
}

/// A recorded delivery as it goes out again. Its record is without its secrets: signing puts them back.
fn again(
    context: &Context,
    args: &RetryArgs,
    target: &Target<'_>,
    resolved: &Resolved,
    record: &Delivery,
    told: &mut bool,
) -> Result<PreparedRequest, Failure> {
    let refused =
        |why: &str| Failure::usage(format!("{} {why}", record.id)).hint("send the event anew");
    if record.outcome == Outcome::Delivered {
        return Err(refused("was delivered: there is nothing to go on with"));
    }
    let provider = match record.provider.as_deref() {
        None => None,
        Some(name) => Some(target.catalog.provider(name)?),
    };
    let scheme = provider
        .as_ref()
        .filter(|_| record.signed)
        .and_then(|provider| provider.signature.as_ref());
    let mut secrets = Vec::new();
    if let (Some(provider), Some(_)) = (&provider, scheme) {
        if provider.gives_secret_away() && !resolved.is_loopback() {
            return Err(refused(
                "would carry the secret itself to another machine, and nobody says now that it may",
            ));
        }
        let keyring = target.keyring(context, args.secrets.flags());
        let recipient = target.recipient(resolved);
        let (found, notice) = signing_secrets(&keyring, provider, &recipient)?;
        secrets = found;
        if !*told {
            *told = notice.is_some();
            context.tell(notice);
        }
    }
    if let Some(what) = lost(record, scheme.map(|facts| &facts.facts)) {
        return Err(refused(&format!(
            "was recorded without {what}: it cannot go out as it was"
        )));
    }
    Ok(PreparedRequest {
        event: record.event.clone(),
        variant: None,
        place: target.place.clone(),
        request: record.request.clone(),
        secrets: secrets.into(),
        replay_of: record.replay_of,
        schema: None,
        endpoint: record.endpoint.clone(),
        signed: scheme.is_some(),
        resumed_from: Some(record.clone()),
        settles_forward_at: None,
        provider,
    })
}

/// The destination that a forward was for, where it is still pending there: it is settled with the delivery.
async fn owed_to(store: &dyn Store, record: &Delivery) -> Option<String> {
    let capture = store.capture(record.replay_of?).await.ok()?;
    let mut pending = capture.destinations.pending_urls();
    let owed = pending.find(|url| {
        let Ok(place) = url.parse::<Place>() else {
            return false;
        };
        let place = place.for_request(&capture.request.target);
        normal_url(&place.to_string()) == normal_url(&record.url)
    });
    owed.map(str::to_owned)
}

/// What may have been delivered already is delivered once more: receivers expect that, and the user is told.
fn tell_of_unknown(context: &Context, records: &[Delivery]) {
    let unknown = records
        .iter()
        .filter(|record| record.outcome == Outcome::Unknown);
    let count = unknown.count();
    if count > 0 {
        context.ui.note(Note::warning(format!(
            "{count} of {} may have been delivered already: an attempt began, and its end was not recorded",
            records.len()
        )));
    }
}

/// What was masked in the record and signing does not put back.
fn lost(record: &Delivery, scheme: Option<&Scheme>) -> Option<String> {
    let masks = |bytes: &[u8]| {
        bytes
            .windows(MASK.len())
            .filter(|part| *part == MASK.as_bytes())
            .count()
    };
    let request = &record.request;
    for (name, value) in request.headers.iter() {
        let set_again = scheme.is_some_and(|scheme| scheme.is_set_by_signing(name));
        if masks(value) > 0 && !set_again {
            return Some(format!("its header {name}"));
        }
    }
    if masks(record.url.as_bytes()) > 0 || masks(request.target.as_bytes()) > 0 {
        return Some("a part of its URL".to_owned());
    }
    // The token's own place is the one that signing fills.
    let filled = scheme.is_some_and(|scheme| scheme.sends_secret() && scheme.body.is_some());
    (masks(&request.body) > usize::from(filled)).then(|| "a part of its body".to_owned())
}
