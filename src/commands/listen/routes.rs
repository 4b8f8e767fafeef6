//! `listen --forward-to` and the routes of hookcli.toml: where accepted requests are forwarded to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::{ForwardArgs, SchemeArgs};
use crate::context::Context;
use crate::context::target::{self, Target};
use crate::exit::Failure;
use crate::forward::{Route, Router};
use crate::http::{Client, ClientOptions, TlsOptions};
use crate::ingest::{EventSender, IngestEvent};
use crate::model::{Right, duration::short};
use crate::report::Note;
use crate::search::EventPattern;
use crate::store::Store;

/// A destination that is there within this time is not said to be waited for.
const SOON: Duration = Duration::from_millis(300);

/// Where accepted requests are forwarded to, if anywhere.
pub async fn router(
    context: &Context,
    args: &ForwardArgs,
    store: Option<Arc<dyn Store>>,
    sender: Arc<EventSender>,
) -> Result<Option<Arc<Router>>, Failure> {
    let routes = routes(context, args).await?;
    if routes.is_empty() {
        return match args.no_worker {
            true => Err(Failure::usage(
                "--no-worker leaves forwarding to workers, but there is no destination",
            )
            .hint("add --forward-to URL")),
            false => Ok(None),
        };
    }
    if args.no_worker && store.is_none() {
        let why = "--no-worker leaves requests in the store, and there is none";
        return Err(Failure::usage(why).hint("leave out --no-store or --no-worker"));
    }
    let options = args.router_options(context.token_names()?);
    let told = move |event| sender.publish(IngestEvent::Forward(Arc::new(event)));
    let router = Router::new(routes, options, store, Box::new(told))?;
    Ok(Some(Arc::new(router)))
}

/// Requests must not be forwarded in a loop.
pub fn check_circle(router: Option<&Router>, own: SocketAddr) -> Result<(), Failure> {
    match router.and_then(|router| router.loops_to(own)) {
        Some(place) => Err(Failure::usage(format!(
            "{place} is this listener itself, so requests would be forwarded in a loop"
        ))
        .hint("forward to the port of your own server")),
        None => Ok(()),
    }
}

/// Where requests go on to; empty where nothing is forwarded.
async fn routes(context: &Context, args: &ForwardArgs) -> Result<Vec<Route>, Failure> {
    let mut routes = Vec::new();
    for text in &args.forward_to {
        let target = target::target(context, None, Some(text), &SchemeArgs::default())?;
        routes.push(route(context, args, None, &target).await?);
    }
    for (listed, trust) in &context.settings.listen_routes {
        let mut target = target::target(context, None, Some(&listed.to), &SchemeArgs::default())?;
        target.chosen_by_user &= trust.allows(Right::ForwardElsewhere);
        routes.push(route(context, args, Some(listed.event.clone()), &target).await?);
    }
    if let Some(limit) = args.wait_for_destination {
        for route in &routes {
            wait_for(context, route, limit).await?;
        }
    }
    Ok(routes)
}

async fn wait_for(context: &Context, route: &Route, limit: Duration) -> Result<(), Failure> {
    let soon = limit.min(SOON);
    if route.client.to().wait_until_listening(soon).await {
        return Ok(());
    }
    if limit > soon {
        let told = format!("waiting for {}", route.destination);
        context.ui.note(Note::Status(told.into()));
    }
    if route.client.to().wait_until_listening(limit - soon).await {
        return Ok(());
    }
    Err(Failure::no_answer(format!(
        "nothing listens at {} after {}",
        route.destination,
        short(limit)
    ))
    .hint("start your server, or allow more time with --wait-for-destination TIME"))
}

async fn route(
    context: &Context,
    args: &ForwardArgs,
    events: Option<EventPattern>,
    target: &Target<'_>,
) -> Result<Route, Failure> {
    let resolved = target.destination.resolve().await;
    if !resolved.is_loopback() && !target.chosen_by_user {
        if !args.allow_routes {
            return Err(Failure::usage(format!(
                "the hookcli.toml of the working tree would forward requests to {}",
                target.destination
            ))
            .hint("add --allow-routes to allow it"));
        }
        target::report_foreign_destination(context, target, &resolved);
    }
    let insecure =
        args.forward_insecure || target.endpoint.is_some_and(|endpoint| endpoint.insecure);
    let options = ClientOptions {
        tls: TlsOptions {
            insecure,
            ca_file: None,
            ..TlsOptions::default()
        },
        ..ClientOptions::default()
    };
    let client = Client::new(resolved, &options).map_err(Failure::usage)?;
    Ok(Route::new(events, target.destination.clone(), client))
}
