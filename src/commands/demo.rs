//! `demo`: every event of every provider through a receiver of our own, and back.

use std::time::Instant;

use crate::catalog::EventName;
use crate::cli::DemoArgs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::report::{DemoTotals, Note, Report};
use crate::roundtrip::{RoundTrips, names};

pub async fn run(context: &Context, args: &DemoArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    let catalog = context.catalog()?;
    let providers = match &args.provider {
        Some(name) => vec![context.provider(name)?],
        None => catalog.all().0,
    };
    let all: Vec<EventName> = providers.iter().flat_map(|all| names(all)).collect();
    let trips = RoundTrips::start(catalog, &providers, context.demo_store()?).await?;
    let mut rows = Vec::with_capacity(all.len());
    for (index, name) in all.iter().enumerate() {
        let (done, total) = (index as u64, all.len() as u64);
        context
            .ui
            .progress(done, total, &format!("{done}/{total} {name}"));
        let row = trips.walk(name).await?;
        context.emit(&Report::DemoRow(row.clone()))?;
        rows.push(row);
    }
    trips.stop().await;
    let ok = rows.iter().filter(|row| row.ok).count();
    let is_ok = ok == rows.len() && !rows.is_empty();
    context.emit(&Report::DemoTotals(DemoTotals {
        events: rows.len(),
        ok,
        providers: providers.len(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        rows,
    }))?;
    if !is_ok {
        return Ok(Exit::Negative);
    }
    context.ui.note(Note::hint("next, run `hookcli listen --port 3000` in one terminal and `hookcli send lead_captured --url 3000` in another"));
    Ok(Exit::Done)
}
