//! `ui`: the inspector over a store.

use crate::cli::UiArgs;
use crate::context::Context;
use crate::context::inspecting::{Beside, InspectorServer};
use crate::context::signals::{LastResort, Signals};
use crate::exit::{Exit, Failure};
use crate::report::{Ready, Report};

pub async fn run(context: &Context, args: &UiArgs) -> Result<Exit, Failure> {
    let store = context.needed_store()?;
    let server = InspectorServer::bind(
        context,
        &args.page,
        args.secrets.flags(),
        None,
        Beside::default(),
        store,
    )
    .await?;
    let mut signals = Signals::new()?;
    let _last_resort = LastResort::new()?;
    let ready = Report::Ready(Ready {
        ui_url: Some(server.shown_url(context)),
        ..Ready::default()
    });
    context.emit_beside(ready).await?;
    // It is there as long as the page is served.
    let _redirect = match args.page.open {
        true => Some(server.open(context)?),
        false => None,
    };
    server.serve(async move { signals.next().await }).await;
    Ok(Exit::Done)
}
