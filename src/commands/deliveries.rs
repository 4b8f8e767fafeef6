//! `deliveries`: what went out.

use std::pin::pin;

use futures_util::TryStreamExt as _;

use crate::cli::{ExportDeliveriesArgs, ListDeliveriesArgs, ShowDeliveryArgs, StatsArgs};
use crate::context::Context;
use crate::context::output::ExportOutput;
use crate::context::selecting;
use crate::context::working::Working;
use crate::delivery::Figures;
use crate::exit::{Exit, Failure};
use crate::model::{Delivery, IdKind, Reference};
use crate::report::Report;
use crate::store::{Order, rows};
use crate::view::redact::TokenNames;
use crate::view::{self, DeliveryReport, DeliveryStats};

pub async fn list(context: &Context, args: &ListDeliveriesArgs) -> Result<Exit, Failure> {
    let query = selecting::query(&args.query, &args.filter)?;
    let store = context.needed_store()?;
    let tokens = context.token_names()?;
    let read = async |page| store.deliveries(&query, page).await;
    let report = |row| Report::DeliveryRow(view::delivery_item(row, &tokens));
    selecting::list(context, &query, args.limit, read, report).await?;
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
    let query = selecting::query(&args.query, &args.filter)?;
    let store = context.needed_store()?;
    let mut figures = Figures::default();
    let counting = Working::new(&context.ui, "counting deliveries");
    let found = rows(Order::OldestFirst, None, async |page| {
        store.outlines(&query, page).await
    });
    let mut found = pin!(found);
    while let Some(outline) = found.try_next().await? {
        view::count_delivery(&mut figures, &outline);
        counting.step();
    }
    drop(counting);
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
    let selected = selecting::selected(&args.deliveries, &args.filter)?;
    let tokens = context.token_names()?;
    let is_report = args.format == "report";
    let mut output = ExportOutput::open(context, args.output.as_deref(), true, false)?;
    if is_report {
        output.write(view::support_report_head().into_bytes())?;
    }
    let exporting = output.working("exporting");
    let mut ids = pin!(selecting::each(
        context,
        &*store,
        IdKind::Delivery,
        &selected
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
        exporting.iter().for_each(Working::step);
        if context.ui.is_closed() {
            break;
        }
    }
    drop(exporting);
    output.finish()?;
    Ok(Exit::Done)
}
