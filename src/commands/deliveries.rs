//! `deliveries`: what went out.

use std::time::Duration;

use super::outgoing::{self, Outgoing, Target};
use super::send::secrets_for_sending;
use super::{Context, source, time_text, transmit};
use crate::cli::{
    ExportDeliveriesArgs, ListDeliveriesArgs, RetryArgs, ShowDeliveryArgs, StatsArgs,
};
use crate::delivery::Figures;
use crate::exit::{Exit, Failure};
use crate::http::{Place, Resolved};
use crate::message::{RemoteText, Request};
use crate::report::{
    BodyReport, Bytes, DeliveryItem, DeliveryReport, DeliveryStats, HistogramBar, Note, Report,
    RequestReport, ResponseTimes,
};
use crate::secret::MASK;
use crate::store::{DeliveryRecord, Filter, Reference, Store};

pub fn list(context: &Context, args: &ListDeliveriesArgs) -> Result<Exit, Failure> {
    let filter = source::filter(&args.filter, args.outcome.as_ref(), Some(args.limit));
    for row in context.needed_store()?.deliveries(&filter)? {
        context.emit(&Report::DeliveryRow(DeliveryItem {
            id: row.id.to_string(),
            started_at: time_text(row.started_at),
            provider: row.provider,
            event: row.event,
            url: row.url,
            outcome: row.outcome,
            attempts: row.attempts,
            status: row.status,
        }))?;
    }
    Ok(Exit::Done)
}

pub fn show(context: &Context, args: &ShowDeliveryArgs) -> Result<Exit, Failure> {
    let reference: Reference = args.delivery.parse().map_err(Failure::usage)?;
    let record = context.needed_store()?.delivery(&reference)?;
    context.emit(&Report::DeliveryDetail(Box::new(detail(record))))?;
    Ok(Exit::Done)
}

/// A delivery with its request.
fn detail(record: DeliveryRecord) -> DeliveryReport {
    let mut report = outgoing::report(&record);
    report.request = Some(RequestReport {
        provider: record.provider,
        event: record.event,
        method: record.request.method,
        url: record.url,
        target: record.request.target,
        headers: record.request.headers,
        body: BodyReport::of(&record.request.body),
        schema: None,
    });
    report
}

/// What the deliveries come to, and whether that is an alarm.
pub fn stats(context: &Context, args: &StatsArgs) -> Result<Exit, Failure> {
    let filter = source::filter(&args.filter, None, None);
    let mut figures = Figures::default();
    for course in context.needed_store()?.courses(&filter)? {
        let attempts = course.attempts.iter().map(|attempt| {
            (
                attempt.duration,
                attempt.status,
                attempt.error_code.as_deref(),
            )
        });
        figures.add(&course.outcome, attempts);
    }
    let alarms: Vec<String> = args
        .fail_if
        .iter()
        .filter(|alarm| alarm.is_met(&figures))
        .map(ToString::to_string)
        .collect();
    let exit = if alarms.is_empty() {
        Exit::Done
    } else {
        Exit::Negative
    };
    let ms = |time: Duration| time.as_micros() as f64 / 1000.0;
    let at = |percent| figures.percentile(percent).map(ms).unwrap_or_default();
    context.emit(&Report::DeliveryStats(DeliveryStats {
        deliveries: figures.deliveries(),
        delivered: figures.delivered,
        failed: figures.failed,
        pending: figures.pending,
        success_rate: figures.success_rate(),
        attempts: figures.attempts,
        retries: figures.retries,
        failures_in_a_row: figures.failures_in_a_row,
        response_ms: figures.average().map(|average| ResponseTimes {
            average: ms(average),
            p50: at(50.0),
            p95: at(95.0),
            p99: at(99.0),
            max: at(100.0),
        }),
        errors: figures.errors.clone().into_iter().collect(),
        histogram: figures
            .histogram()
            .into_iter()
            .map(|(bound, count)| HistogramBar {
                up_to_ms: bound.map(ms),
                count,
            })
            .collect(),
        alarms,
    }))?;
    Ok(exit)
}

/// Deliveries as documents, or as what a provider's support asks for. They are recorded without secrets.
pub fn export(context: &Context, args: &ExportDeliveriesArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let mut records: Vec<DeliveryRecord> = Vec::new();
    if args.deliveries.is_empty() {
        let filter = source::filter(&args.filter, args.outcome.as_ref(), None);
        for row in store.deliveries(&filter)?.into_iter().rev() {
            records.push(store.delivery(&Reference::Part(row.id.ulid.to_string()))?);
        }
    } else {
        for word in &args.deliveries {
            let reference: Reference = word.parse().map_err(Failure::usage)?;
            records.push(store.delivery(&reference)?);
        }
    }
    let text = if args.format == "report" {
        super::support_report::write(&records)
    } else {
        let mut text = String::new();
        for record in &records {
            let document = Report::DeliveryDetail(Box::new(detail(record.clone())));
            text += &serde_json::to_string(&document)
                .map_err(|error| Failure::machine(error.to_string()))?;
            text.push('\n');
        }
        text
    };
    match &args.output {
        None => context.emit(&Report::Bytes(Bytes {
            bytes: text.into_bytes(),
            safe: false,
        }))?,
        Some(file) => super::captures::write_private(file, text.as_bytes())
            .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))?,
    }
    Ok(Exit::Done)
}

/// Goes on with what failed, endpoint by endpoint.
pub async fn retry(context: &Context, args: &RetryArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let records = wanted(&*store, args)?;
    // The writer of what follows opens the store itself.
    drop(store);
    if records.is_empty() {
        context.ui.note(Note::hint("there is nothing that failed"));
        return Ok(Exit::Done);
    }
    let mut urls: Vec<String> = Vec::new();
    for record in &records {
        if !urls.contains(&record.url) {
            urls.push(record.url.clone());
        }
    }
    let mut exits = Vec::new();
    let mut told = false;
    for url in urls {
        let place: Place = url.parse().map_err(Failure::usage)?;
        let target = Target {
            place,
            endpoint: None,
            chosen_by_user: true,
        };
        let resolved = target.place.resolve().await;
        let same = records.iter().filter(|record| record.url == url);
        let requests: Vec<Outgoing> = same
            .map(|record| again(context, args, &target, &resolved, record, &mut told))
            .collect::<Result<_, _>>()?;
        exits.push(
            transmit::transmit_all(
                context,
                &target,
                resolved,
                &requests,
                &args.delivery,
                "retrying",
            )
            .await?,
        );
    }
    Ok(Exit::worst(exits))
}

/// The deliveries that are meant, oldest first.
fn wanted(store: &dyn Store, args: &RetryArgs) -> Result<Vec<DeliveryRecord>, Failure> {
    if !args.failed {
        let named = args.deliveries.iter().map(|word| {
            let reference: Reference = word.parse().map_err(Failure::usage)?;
            Ok(store.delivery(&reference)?)
        });
        return named.collect();
    }
    let mut rows = Vec::new();
    for outcome in ["failed", "pending"] {
        let filter = Filter {
            verdict: Some(outcome.to_owned()),
            ..source::filter(&args.filter, None, None)
        };
        rows.extend(store.deliveries(&filter)?);
    }
    rows.sort_by_key(|row| row.id);
    rows.iter()
        .map(|row| Ok(store.delivery(&Reference::Part(row.id.ulid.to_string()))?))
        .collect()
}

/// A recorded delivery as it goes out again. Its record is without its secrets: signing puts them back.
fn again(
    context: &Context,
    args: &RetryArgs,
    target: &Target<'_>,
    resolved: &Resolved,
    record: &DeliveryRecord,
    told: &mut bool,
) -> Result<Outgoing, Failure> {
    let provider = record
        .provider
        .as_deref()
        .map(|name| context.provider(name))
        .transpose()?;
    let event = record.event.as_ref().map(RemoteText::unescaped);
    let unsigned = |provider: &crate::catalog::Provider| {
        let facts = event.and_then(|event| provider.events.get(event));
        facts.is_some_and(|facts| facts.unsigned)
    };
    let scheme = provider
        .as_ref()
        .filter(|provider| !unsigned(provider))
        .and_then(|provider| provider.signature.as_ref());
    let mut secrets = Vec::new();
    if let (Some(provider), Some(_)) = (&provider, scheme) {
        let flags = args.secrets.flags();
        secrets = secrets_for_sending(context, &flags, provider, target, resolved, told)?;
    }
    let lost = lost_secrets(&record.request, |name| {
        scheme.is_some_and(|scheme| scheme.is_set_by_signing(name))
    });
    if let Some(name) = lost {
        return Err(Failure::usage(format!(
            "{} was recorded without its header {name}: it cannot be sent again as it was",
            record.id
        ))
        .hint("send the event anew"));
    }
    Ok(Outgoing {
        event: record.event.clone(),
        variant: None,
        place: target.place.clone(),
        request: record.request.clone(),
        secrets,
        replay_of: record.replay_of,
        schema: None,
        signed: scheme.is_some(),
        goes_on: Some(record.clone()),
        provider,
    })
}

/// A header that was masked, and that signing does not set.
fn lost_secrets(request: &Request, set_again: impl Fn(&str) -> bool) -> Option<String> {
    let masked = |value: &[u8]| {
        value
            .windows(MASK.len())
            .any(|part| part == MASK.as_bytes())
    };
    request
        .headers
        .iter()
        .find(|(name, value)| masked(value) && !set_again(name))
        .map(|(name, _)| name.to_owned())
}
