//! `captures prune`: what exceeds a bound is removed.

use crate::cli::PruneArgs;
use crate::context::Context;
use crate::context::working::Working;
use crate::exit::{Exit, Failure};
use crate::report::{Pruned, Report, amount};
use crate::store::Excess;

/// Removes what exceeds a bound, once; the store's own stays as it is.
pub async fn prune(context: &Context, args: &PruneArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let keep = match args.keep {
        Some(keep) => keep,
        None => store.bound().await?,
    };
    let excess = store.excess(keep).await?;
    let report = |excess: &Excess, removed: bool| {
        context.emit(&Report::Pruned(Pruned {
            keep: keep.to_string(),
            captures: excess.captures,
            deliveries: excess.deliveries,
            pending: excess.pending,
            bytes: excess.bytes,
            removed,
        }))
    };
    if args.dry_run || excess == Excess::default() {
        report(&excess, false)?;
        return Ok(Exit::Done);
    }
    let question = format!("This removes {}. Continue?", amount(&excess));
    if !args.yes && context.ui.confirm(&question) != Some(true) {
        return Err(
            Failure::usage(format!("keeping {keep} would remove {}", amount(&excess)))
                .hint("add --yes to remove them"),
        );
    }
    let removing = Working::new(&context.ui, "removing what exceeds the limit");
    let removed = store.prune(keep).await?;
    drop(removing);
    report(&removed, true)?;
    Ok(Exit::Done)
}
