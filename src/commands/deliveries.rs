//! `deliveries`: what went out.

use super::{Context, outgoing, source, time_text};
use crate::cli::{ListDeliveriesArgs, ShowDeliveryArgs};
use crate::exit::{Exit, Failure};
use crate::report::{BodyReport, DeliveryItem, Report, RequestReport};
use crate::store::Reference;

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
    context.emit(&Report::DeliveryDetail(Box::new(report)))?;
    Ok(Exit::Done)
}
