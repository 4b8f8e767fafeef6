//! `worker`: makes the deliveries and forwards that others have left in the store.

use crate::cli::WorkerArgs;
use crate::context::Context;
use crate::context::delivering::Delivering;
use crate::context::signals::{LastResort, Signals};
use crate::exit::{Exit, Failure};
use crate::report::{Ready, Report};

pub async fn run(context: &Context, args: &WorkerArgs) -> Result<Exit, Failure> {
    let worker = Delivering::new(context, args).await?;
    let mut signals = Signals::new()?;
    let _last_resort = LastResort::new()?;
    context.emit_beside(Report::Ready(Ready::default())).await?;
    let stop = async move { signals.next().await };
    worker.serve(context, stop).await?;
    Ok(Exit::Done)
}
