//! How much the store keeps: changing its bound, removing what is beyond one, and saying what eviction did.

use crate::cli::PruneArgs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::report::{Note, Pruned, Report, amount};
use crate::store::{Excess, Keep, Store};

/// Gives the store another bound for good. What a lower one would remove is said first, and goes only where the
/// user agrees.
pub async fn change_bound(
    context: &Context,
    store: &dyn Store,
    keep: Keep,
    prune: bool,
) -> Result<(), Failure> {
    let bound = store.bound().await?;
    if bound == keep {
        return Ok(());
    }
    let excess = store.excess(keep).await?;
    if excess != Excess::default() {
        let lowers = format!("--keep {keep} would remove {}", amount(&excess));
        if !prune && context.ui.confirm(&format!("{lowers}. Remove them?")) != Some(true) {
            return Err(Failure::usage(lowers).hint(format!(
                "add --prune to remove them, or leave --keep out: the store keeps {bound}"
            )));
        }
        store.prune(keep).await?;
        let removed = format!("removed {}", amount(&excess));
        context.ui.note(Note::Status(removed.into()));
    }
    store.set_bound(keep).await?;
    Ok(())
}

/// `captures prune`: removes what is beyond a bound, once; the store's own stays as it is.
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
    let question = format!("This removes {}. Remove them?", amount(&excess));
    if !args.yes && context.ui.confirm(&question) != Some(true) {
        return Err(
            Failure::usage(format!("keeping {keep} would remove {}", amount(&excess)))
                .hint("add --yes to remove them"),
        );
    }
    let removed = store.prune(keep).await?;
    report(&removed, true)?;
    Ok(Exit::Done)
}
