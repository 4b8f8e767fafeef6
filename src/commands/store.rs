//! `store`: status, migration, copies.

use crate::cli::CopyArgs;
use crate::context::Context;
use crate::context::working::Working;
use crate::exit::{Exit, Failure};
use crate::report::{CopiedReport, Report, StoreReport};
use crate::store::{StoreOptions, copy};

pub async fn status(context: &Context) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let (status, keep) = (store.status().await?, store.bound().await?);
    let settings = &context.settings;
    let place = settings.store.as_ref().map(ToString::to_string);
    let workspace = settings.workspace.clone();
    let report = StoreReport::new(place.unwrap_or_default(), workspace, &status, keep);
    context.emit(&Report::Store(report))?;
    Ok(Exit::Done)
}

/// Opening it is what migrates it.
pub async fn migrate(context: &Context) -> Result<Exit, Failure> {
    context.store_with(StoreOptions {
        keep: context.keep_of_new_stores()?,
        migrates: true,
        ..StoreOptions::default()
    })?;
    status(context).await
}

pub async fn copy_all(context: &Context, args: &CopyArgs) -> Result<Exit, Failure> {
    let [from, to] = context.stores_at(&args.from, &args.to)?;
    let copying = Working::new(&context.ui, "copying");
    let copied = copy(&*from, &*to, || copying.step()).await?;
    drop(copying);
    context.emit(&Report::Copied(CopiedReport {
        captures: copied.captures,
        deliveries: copied.deliveries,
        records: copied.records,
    }))?;
    Ok(Exit::Done)
}

pub async fn vacuum(context: &Context) -> Result<Exit, Failure> {
    let _vacuuming = Working::new(&context.ui, "giving room back");
    context.needed_store()?.vacuum().await?;
    status(context).await
}
