//! `emulate`: the management APIs of providers, and what they deliver.

use crate::cli::EmulateArgs;
use crate::context::Context;
use crate::context::emulating::{EmulatorServers, tell_rules};
use crate::context::signals::{LastResort, Signals};
use crate::exit::{Exit, Failure};
use crate::report::{Ready, Report};

pub async fn run(context: &Context, args: &EmulateArgs) -> Result<Exit, Failure> {
    let servers = EmulatorServers::bind(context, args).await?;
    let mut signals = Signals::new()?;
    let _last_resort = LastResort::new()?;
    let page = servers.page(context, args).await?;
    let urls = servers.urls.clone();
    let ready = Report::Ready(Ready {
        url: urls.values().next().cloned(),
        urls,
        ui_url: page.as_ref().map(|page| page.shown_url(context)),
        ..Ready::default()
    });
    context.emit_beside(ready).await?;
    tell_rules(context, args);
    // It is there as long as the page is served.
    let _redirect = match page.as_ref().filter(|_| args.page.open) {
        Some(page) => Some(page.open(context)?),
        None => None,
    };
    servers
        .serve(context, page, async move { signals.next().await })
        .await?;
    Ok(Exit::Done)
}
