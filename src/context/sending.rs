//! Deliveries that a command makes: the flags as options, a line for each attempt, and what it all comes to.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::MissedTickBehavior;

use super::Context;
use super::signals::Signals;
use super::target::Target;
use crate::catalog::Catalog;
use crate::cli::{DeliveryArgs, WayArgs};
use crate::compose::{PreparedRequest, faults};
use crate::delivery::{Fault, Next, Progress};
use crate::dispatch::{
    CompressedClock, DeliveryOptions, DispatchEvent, Dispatched, Dispatcher, Retries,
};
use crate::exit::{Exit, Failure};
use crate::http::{Client, ClientOptions, Place, Resolved, Shape, TlsOptions};
use crate::model::duration::short;
use crate::model::{Attempt, AttemptErrorKind, Outcome, RemoteText};
use crate::render::Live;
use crate::report::{Note, Report};
use crate::settings::Endpoint;
use crate::view::delivery_report;

/// How often the live view is drawn.
const DRAWN_EVERY: Duration = Duration::from_millis(100);

/// What the flags ask for.
fn options(
    context: &Context,
    catalog: &Catalog,
    args: &DeliveryArgs,
    faults: &[Fault],
) -> Result<DeliveryOptions, Failure> {
    if args.backoff.is_some() && args.retries == Some(Retries::Policy) {
        return Err(
            Failure::usage("--backoff says other waits than --retries policy")
                .hint("give a number of retries, such as --retries 5, or leave --backoff out"),
        );
    }
    let policy = match &args.policy {
        Some(name) => Some(context.provider(name)?.delivery.facts.clone()),
        None => None,
    };
    Ok(DeliveryOptions {
        retries: args.retries,
        backoff: args.backoff.clone().unwrap_or_default(),
        jitter: args.jitter.unwrap_or_default(),
        speed: args.speed.unwrap_or(1.0),
        policy,
        timeout: args.timeout.map(|timeout| timeout.0),
        late: faults::late(faults),
        is_measured: false,
        tokens: context.token_names_of(catalog),
    })
}

/// Sends requests, and says of each what became of it.
pub async fn send_all(
    context: &Context,
    target: &Target<'_>,
    resolved: Resolved,
    requests: &[PreparedRequest],
    args: &DeliveryArgs,
    faults: &[Fault],
    verb: &str,
) -> Result<Exit, Failure> {
    let options = options(context, &target.catalog, args, faults)?;
    // The store is opened before anything is sent: what cannot be recorded does not go out.
    let store = context.store()?;
    if let Some(limit) = args.wait
        && !resolved.wait_until_listening(limit).await
    {
        context.ui.note(Note::error(format!(
            "nothing listens at {} after {}",
            target.place,
            short(limit)
        )));
        return Ok(Exit::NoAnswer);
    }
    let client = client(resolved, &args.way, target.endpoint, faults::shape(faults))?;
    let gate = options.gate(args.concurrency, args.rate, requests);
    let live = Live::default();
    let speed = options.speed;
    let events = |event: DispatchEvent<'_>| attempt_line(context, &live, speed, event);
    let dispatcher = Dispatcher::new(
        &client,
        store.as_deref(),
        &gate,
        &options,
        CompressedClock { speed },
        fastrand::Rng::new(),
        &events,
    );
    let at_once = if args.ordered { 1 } else { requests.len() };
    // From before the first request on: whoever interrupts then is told what is left.
    let mut signals = Signals::new()?;
    let mut settled = Box::pin(dispatcher.dispatch_all(requests, at_once));
    let is_retried = args.retries.is_some() || options.late.is_some();
    let is_live = is_retried && context.ui.is_live();
    let mut drawn = tokio::time::interval(DRAWN_EVERY);
    drawn.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let total = requests.len();
    let mut exits = Vec::new();
    loop {
        if total > 1 && !is_live {
            context.ui.progress(exits.len() as u64, total as u64, verb);
        }
        let one = tokio::select! {
            biased;
            one = settled.next() => one,
            _ = drawn.tick(), if is_live => {
                context.ui.live(&live.lines(exits.len(), total));
                continue;
            }
            () = signals.next() => {
                tell_interrupted(context, total, exits.len(), dispatcher.begun(), store.is_some());
                return Ok(Exit::Interrupted);
            }
        };
        match one {
            None => return Ok(Exit::worst(exits)),
            Some(Ok(dispatched)) => {
                let is_first = exits.is_empty();
                exits.push(tell_settled(
                    context,
                    requests,
                    &dispatched,
                    &target.place,
                    is_first,
                )?);
            }
            Some(Err(error)) if error.is_left_alone() => {
                context.ui.note(Note::warning(error.to_string()));
                exits.push(Exit::Done);
            }
            Some(Err(error)) => return Err(error.into()),
        }
    }
}

/// Says what became of one, and what that is for the exit code.
fn tell_settled(
    context: &Context,
    requests: &[PreparedRequest],
    dispatched: &Dispatched,
    place: &Place,
    is_first: bool,
) -> Result<Exit, Failure> {
    let Dispatched {
        record,
        progress,
        index,
    } = dispatched;
    let prepared = requests.get(*index);
    let provider = prepared.and_then(|prepared| prepared.provider.as_deref());
    let mut report = delivery_report(record, provider);
    report.variant = prepared.and_then(|prepared| prepared.variant.clone());
    context.emit(&Report::Delivery(Box::new(report)))?;
    // The same hint after each of many would drown what they say.
    if let Some(note) = hint_for(progress, place).filter(|_| is_first) {
        context.ui.note(note);
    }
    Ok(exit_of(progress))
}

fn tell_interrupted(
    context: &Context,
    total: usize,
    settled: usize,
    begun: usize,
    is_recorded: bool,
) {
    let left = total - settled;
    let not_begun = total - begun;
    let mut told = format!("interrupted; {left} of {total} not settled");
    if not_begun > 0 {
        told += &format!(", {not_begun} of them not begun");
    }
    context.ui.note(Note::error(told));
    if is_recorded && begun > settled {
        context.ui.note(Note::hint(
            "what was begun is recorded: `hookcli deliveries retry --failed` goes on with it",
        ));
    }
}

/// Keeps the live view, and says a line for each attempt that is followed by another.
fn attempt_line(context: &Context, live: &Live, speed: f64, event: DispatchEvent<'_>) {
    let name = |prepared: &PreparedRequest| -> RemoteText {
        prepared.event.clone().unwrap_or_else(|| "-".into())
    };
    match event {
        DispatchEvent::AttemptStarted {
            index,
            prepared,
            number,
            most,
        } => live.under_way(index, name(prepared), number, most),
        DispatchEvent::Settled { index } => live.settled(index),
        DispatchEvent::AttemptFinished {
            index,
            prepared,
            attempt,
            most,
            next,
            ahead,
        } => {
            let (after, why) = match next {
                Next::Retry { after, asked: true } => (after, ", as the receiver asks"),
                Next::Retry { after, .. } => (after, ""),
                Next::Late { after } => (after, ", as if the answer had been lost"),
                Next::Delivered | Next::NotRetried | Next::Exhausted => return,
            };
            let result = result_text(attempt);
            let real = if (speed - 1.0).abs() > f64::EPSILON {
                format!(" ({} at {speed}x)", short(after.div_f64(speed)))
            } else {
                String::new()
            };
            live.waiting(index, result.as_str().into(), after, speed, ahead);
            context.ui.note(Note::Status(
                format!(
                    "{}  attempt {} of {most}: {result}; the next in {}{why}{real}",
                    name(prepared).unescaped(),
                    attempt.number,
                    short(after)
                )
                .into(),
            ));
        }
    }
}

fn result_text(attempt: &Attempt) -> String {
    match &attempt.result {
        Ok(response) => format!("answered {}", response.status),
        Err(error) => format!("{}: {}", error.kind, error.message.unescaped()),
    }
}

/// The client for a place; options that cannot be used are usage errors.
fn client(
    resolved: Resolved,
    way: &WayArgs,
    endpoint: Option<&Endpoint>,
    shape: Shape,
) -> Result<Client, Failure> {
    let tls = tls(way, endpoint);
    Client::new(resolved, &ClientOptions { tls, shape }).map_err(Failure::usage)
}

/// What TLS certificates are held against.
pub fn tls(way: &WayArgs, endpoint: Option<&Endpoint>) -> TlsOptions {
    TlsOptions {
        insecure: way.insecure || endpoint.is_some_and(|endpoint| endpoint.insecure),
        ca_file: way.cacert.clone(),
    }
}

/// What a delivery's outcome means for the exit code.
fn exit_of(delivery: &Progress) -> Exit {
    match delivery.outcome {
        Outcome::Delivered => Exit::Done,
        _ if delivery.was_answered() => Exit::Negative,
        _ => Exit::NoAnswer,
    }
}

/// What to try when nothing answered.
fn hint_for(delivery: &Progress, place: &Place) -> Option<Note> {
    let error = delivery.attempts.last()?.result.as_ref().err()?;
    let text = match error.kind {
        AttemptErrorKind::Refused => format!(
            "nothing listens on port {}: is your server running? --wait 30s waits for it",
            place.port()
        ),
        AttemptErrorKind::Tls => {
            "--cacert FILE trusts your own CA, --insecure any certificate".to_owned()
        }
        AttemptErrorKind::Timeout => {
            "--timeout none waits as long as it takes, for example at a breakpoint".to_owned()
        }
        AttemptErrorKind::Dns => format!(
            "`{}` has no address: check the name",
            place.url().host_str().unwrap_or_default()
        ),
        _ => return None,
    };
    Some(Note::hint(text))
}
