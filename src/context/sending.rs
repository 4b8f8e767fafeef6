//! Deliveries that a command makes: the flags as options, a line for each attempt, and what it all comes to.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use jiff::Timestamp;
use tokio::time::MissedTickBehavior;

use super::Context;
use super::signals::Signals;
use super::target::Target;
use crate::catalog::Catalog;
use crate::cli::{DeliveryArgs, SecretArgs};
use crate::compose::{PreparedRequest, faults};
use crate::delivery::{Fault, Next, Progress};
use crate::dispatch::{
    CompressedClock, DeliveryOptions, DispatchError, DispatchEvent, Dispatched, Dispatcher, Retries,
};
use crate::exit::{Exit, Failure};
use crate::http::{Client, ClientOptions, Destination, NO_TLS, Resolved};
use crate::model::duration::short;
use crate::model::{Attempt, AttemptErrorKind, Id, Outcome, RemoteText, suggest};
use crate::render::Live;
use crate::report::{Note, Report};
use crate::view::{delivery_detail, delivery_report};

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
            Failure::usage("--backoff cannot be combined with --retries policy")
                .hint("use a number of retries, for example --retries 5, or leave out --backoff"),
        );
    }
    let policy = match &args.policy {
        Some(name) => Some(context.provider(name)?.delivery.facts.clone()),
        None => None,
    };
    Ok(args.delivery_options(policy, faults, context.token_names_of(catalog)))
}

/// The command that sends.
#[derive(Clone, Copy)]
pub struct Command<'c> {
    /// What it is doing, in one word.
    pub verb: &'c str,
    /// Its flags for secrets, for the command that goes on.
    pub secrets: &'c SecretArgs,
}

impl<'c> Command<'c> {
    pub fn new(verb: &'c str, secrets: &'c SecretArgs) -> Self {
        Self { verb, secrets }
    }
}

/// Sends requests, and says of each what became of it.
pub async fn send_all(
    context: &Context,
    target: &Target<'_>,
    resolved: Resolved,
    requests: &mut [PreparedRequest],
    args: &DeliveryArgs,
    faults: &[Fault],
    command: Command<'_>,
) -> Result<Exit, Failure> {
    if let Some(wanted) = &args.expect_status {
        for request in requests.iter_mut() {
            request.wanted = Some(wanted.clone());
        }
    }
    let requests = &*requests;
    let options = options(context, &target.catalog, args, faults)?;
    // The store is opened before anything is sent: what cannot be recorded does not go out.
    let store = context.store()?;
    if let Some(limit) = args.wait
        && !resolved.wait_until_listening(limit).await
    {
        context.ui.note(Note::error(format!(
            "nothing listens at {} after {}: start the server, or allow more time with --wait",
            target.destination,
            short(limit)
        )));
        return Ok(Exit::NoResponse);
    }
    report_unknown_policy(context, requests, args);
    let client = ClientOptions {
        tls: args.transport.tls(target.trusts_any_certificate()),
        shape: faults::shape(faults),
    };
    let client = Client::new(resolved, &client).map_err(Failure::usage)?;
    let gate = options.gate(args.concurrency, args.rate, requests);
    let live = Live::default();
    let speed = options.speed;
    let events = |event: DispatchEvent<'_>| attempt_line(context, &live, args, speed, event);
    let dispatcher = Dispatcher::new(
        &client,
        store.as_deref(),
        &gate,
        &options,
        CompressedClock { speed },
        options.random.fork(),
        &events,
    );
    let at_once = if args.ordered { 1 } else { requests.len() };
    let is_retried = args.retries.is_some() || options.late.is_some();
    let telling = Telling {
        context,
        requests,
        destination: &target.destination,
        live: &live,
        is_live: is_retried && context.ui.is_live(),
        verb: command.verb,
    };
    // From before the first request on: whoever interrupts then is told what is left.
    let mut signals = Signals::new()?;
    let begun_before = requests.iter().filter_map(|one| one.resumed_from.as_ref());
    let begun_before = begun_before.map(|record| record.started_at).min();
    let since = begun_before.unwrap_or_else(Timestamp::now);
    let told = telling.tell_all(dispatcher.dispatch_all(requests, at_once), &mut signals);
    match told.await? {
        Told::All(exit) => Ok(exit),
        Told::Interrupted { settled } => {
            let counts = (requests.len(), settled, dispatcher.begun());
            let left = match store {
                Some(_) => dispatcher.unsettled(),
                None => Vec::new(),
            };
            tell_interrupted(context, counts, (&left, since), args, command.secrets);
            Ok(Exit::Interrupted)
        }
    }
}

/// Says of providers without known retries that `--retries policy` makes one attempt.
fn report_unknown_policy(context: &Context, requests: &[PreparedRequest], args: &DeliveryArgs) {
    if args.retries != Some(Retries::Policy) || args.policy.is_some() {
        return;
    }
    let providers = requests
        .iter()
        .filter_map(|request| request.provider.as_ref());
    let without: BTreeSet<&str> = providers
        .filter(|provider| provider.delivery.facts.retry_waits.is_empty())
        .map(|provider| provider.name.as_str())
        .collect();
    if !without.is_empty() {
        let names: Vec<&str> = without.into_iter().collect();
        context.ui.note(Note::warning(format!(
            "no retries of {} are known, so there is one attempt; use --retries N, or --policy PROVIDER",
            names.join(", ")
        )));
    }
}

/// What is said of deliveries while they go on.
struct Telling<'t> {
    context: &'t Context,
    requests: &'t [PreparedRequest],
    /// Of all of them, where that is said.
    destination: &'t Destination,
    live: &'t Live,
    is_live: bool,
    verb: &'t str,
}

enum Told {
    All(Exit),
    /// So many were settled until then.
    Interrupted {
        settled: usize,
    },
}

impl Telling<'_> {
    /// Says of each what became of it, until all are settled or the user interrupts.
    async fn tell_all(
        &self,
        deliveries: impl Stream<Item = Result<Dispatched, DispatchError>>,
        signals: &mut Signals,
    ) -> Result<Told, Failure> {
        let mut deliveries = pin!(deliveries);
        let mut drawn = tokio::time::interval(DRAWN_EVERY);
        drawn.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (ui, total) = (&self.context.ui, self.requests.len());
        let mut exits = Vec::new();
        loop {
            if total > exits.len().max(1) && !self.is_live {
                let done = exits.len();
                let words = format!("{done}/{total} {}", self.verb);
                ui.progress(done as u64, total as u64, &words);
            }
            let one = tokio::select! {
                biased;
                one = deliveries.next() => one,
                _ = drawn.tick(), if self.is_live => {
                    ui.live(&self.live.lines(exits.len(), total));
                    continue;
                }
                () = signals.next() => {
                    return Ok(Told::Interrupted { settled: exits.len() });
                }
            };
            match one {
                None => return Ok(Told::All(Exit::worst(exits))),
                Some(Ok(dispatched)) => {
                    let exit = self.tell_settled(&dispatched, exits.is_empty())?;
                    exits.push(exit);
                }
                Some(Err(error)) if error.is_left_alone() => {
                    ui.note(Note::warning(error.to_string()));
                    exits.push(Exit::Done);
                }
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    /// Says what became of one, and what that is for the exit code.
    fn tell_settled(&self, dispatched: &Dispatched, is_first: bool) -> Result<Exit, Failure> {
        let prepared = self.requests.get(dispatched.index);
        let provider = prepared.and_then(|prepared| prepared.provider.as_deref());
        let mut report = match self.context.verbose {
            0 => delivery_report(&dispatched.record, provider),
            _ => delivery_detail(dispatched.record.clone(), provider),
        };
        report.variant = prepared.and_then(|prepared| prepared.variant.clone());
        let met = report
            .expectation
            .as_ref()
            .map(|expectation| expectation.met);
        self.context.emit(&Report::Delivery(Box::new(report)))?;
        // The same hint after each of many would drown what they say.
        let hint = hint_for(&dispatched.progress, self.destination).filter(|_| is_first);
        self.context.tell(hint);
        Ok(exit_of(&dispatched.progress, met))
    }
}

/// So many deliveries are named in the command that goes on with them.
const MOST_NAMED: usize = 20;

/// Says what is left, and what goes on with the deliveries that had begun and are recorded.
fn tell_interrupted(
    context: &Context,
    (total, settled, begun): (usize, usize, usize),
    (left, since): (&[Id], Timestamp),
    args: &DeliveryArgs,
    secrets: &SecretArgs,
) {
    let unfinished = total - settled;
    let not_begun = total - begun;
    let mut told = format!("interrupted: {unfinished} of {total} deliveries not finished");
    if not_begun > 0 {
        told += &format!(", {not_begun} of them not started");
    }
    context.ui.note(Note::error(told));
    if left.is_empty() {
        return;
    }
    let mut words: Vec<String> = vec!["deliveries".to_owned(), "retry".to_owned()];
    match left.len() {
        ..=MOST_NAMED => words.extend(left.iter().map(Id::short)),
        _ => words.extend(["--failed".to_owned(), format!("after:{since}")]),
    }
    words.extend(args.retry_arguments());
    words.extend(secrets.arguments());
    let command = suggest(words.iter().map(String::as_str));
    context.ui.note(Note::hint(format!(
        "started deliveries are recorded; to continue with them, run: {command}"
    )));
    context.tell(secrets.to_be_set().map(Note::hint));
}

/// Keeps the live view, and says a line for each attempt that is followed by another.
fn attempt_line(
    context: &Context,
    live: &Live,
    args: &DeliveryArgs,
    speed: f64,
    event: DispatchEvent<'_>,
) {
    let name = |prepared: &PreparedRequest| -> RemoteText {
        let event = prepared.event.as_ref().map_or("-", RemoteText::unescaped);
        match &prepared.provider {
            Some(provider) => format!("{}/{event}", provider.name).into(),
            None => event.into(),
        }
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
                Next::Retry { after, asked: true } => {
                    (after, ", as the receiver's Retry-After asks")
                }
                Next::Retry { after, .. } => (after, ""),
                Next::Late { after } => (after, ", as if the response had been lost"),
                Next::NotRetried if (attempt.number as usize) < most && attempt.result.is_ok() => {
                    let why = match args.retries {
                        Some(Retries::Count(_)) => {
                            "--retries N repeats network errors, timeouts, 5xx, 408 and 429"
                        }
                        _ => "the policy does not repeat it",
                    };
                    let (name, result) = (name(prepared), result_text(attempt));
                    context.ui.note(Note::Status(
                        format!("{}  {result}; not retried: {why}", name.unescaped()).into(),
                    ));
                    return;
                }
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
                    "{}  attempt {} of {most}: {result}; next attempt in {}{why}{real}",
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
        Err(error) => error.message.unescaped().to_owned(),
    }
}

/// What a delivery's outcome, or whether the response was the wanted one, means for the exit code.
fn exit_of(delivery: &Progress, met: Option<bool>) -> Exit {
    match met {
        Some(true) => Exit::Done,
        None if delivery.outcome == Outcome::Delivered => Exit::Done,
        _ if delivery.was_answered() => Exit::Negative,
        _ => Exit::NoResponse,
    }
}

/// What to do when there was no response, or none of the receiver.
fn hint_for(delivery: &Progress, destination: &Destination) -> Option<Note> {
    let error = match &delivery.attempts.last()?.result {
        Err(error) => error,
        Ok(response) if response.status == 404 && destination.target() == "/" => {
            return Some(Note::hint(
                "the server has nothing at /: add the path of the receiver to the URL, for example --url 3000/webhooks",
            ));
        }
        Ok(_) => return None,
    };
    let text = match error.kind {
        AttemptErrorKind::Refused => format!(
            "nothing listens on port {}: start your server, or add --wait 30s to wait for it",
            destination.port()
        ),
        // Without TLS there is no certificate to trust.
        AttemptErrorKind::Tls if error.message.unescaped() == NO_TLS => return None,
        AttemptErrorKind::Tls => {
            "add --cacert FILE to trust your own CA, or --insecure to accept any certificate"
                .to_owned()
        }
        AttemptErrorKind::Timeout => {
            "add --timeout none to wait without a limit, for example at a breakpoint".to_owned()
        }
        AttemptErrorKind::Dns => format!(
            "check the host name `{}`",
            destination.url().host_str().unwrap_or_default()
        ),
        _ => return None,
    };
    Some(Note::hint(text))
}
