//! `load`: many events, each freshly built and signed, over kept-alive connections.

use std::time::Duration;

use crate::catalog::EventName;
use crate::cli::LoadArgs;
use crate::compose::{ComposeOptions, Composer, SchemaRule};
use crate::context::Context;
use crate::context::runtime::runtime;
use crate::context::signals::Signals;
use crate::context::target::{self, Target};
use crate::dispatch::{LoadMeasured, LoadPlan, LoadRunner};
use crate::exit::{Exit, Failure};
use crate::http::{ClientOptions, TlsOptions};
use crate::model::counted;
use crate::render::{load_page, write_private};
use crate::report::{Note, Report, load_notes};
use crate::view::{LoadFacts, LoadReport, redact};

/// How often progress is shown.
const SHOWN_EVERY: Duration = Duration::from_millis(200);
/// The default duration.
const USUAL_TIME: Duration = Duration::from_secs(10);

pub fn run(context: &Context, args: &LoadArgs) -> Result<Exit, Failure> {
    let (url, to) = (args.url.as_deref(), args.to.as_deref());
    let target = target::target(context, url, to, &args.scheme)?;
    let names = names(context, args, &target)?;
    let runtime = runtime()?;
    let resolved = runtime.block_on(target.destination.resolve());
    let harm = "a load may harm it or look like an attack";
    target::check_place(&target.destination, &resolved, args.yes, harm)?;
    if resolved.addresses.is_empty() {
        return Err(Failure::usage(format!(
            "the host of {} has no address: check the name",
            target.destination
        )));
    }
    let client = ClientOptions {
        tls: TlsOptions {
            insecure: args.insecure || target.trusts_any_certificate(),
            ca_file: args.cacert.clone(),
            ..TlsOptions::default()
        },
        ..ClientOptions::default()
    };
    let store = if args.record { context.store()? } else { None };
    let options = ComposeOptions {
        schema: SchemaRule::Skip,
        allow_http: true,
        ..ComposeOptions::default()
    };
    let keyring = target.keyring(context, args.secrets.flags());
    let recipient = target.recipient(&resolved);
    // What cannot be built or signed is said before anything is sent; so are the hints.
    let mut first = Composer::new(&target.catalog, &keyring, &options, &recipient);
    for name in &names {
        first.compose(name)?;
    }
    context.tell(first.take_notices());
    let warmup = args.warmup.unwrap_or_default();
    let time = args.duration.unwrap_or(USUAL_TIME) + warmup;
    let runner = LoadRunner::new(LoadPlan {
        catalog: &target.catalog,
        options: &options,
        keyring: &keyring,
        recipient: &recipient,
        resolved: &resolved,
        names: &names,
        client: &client,
        store: store.as_deref(),
        connections: args.concurrency as usize,
        warmup,
        time: args.count.is_none().then_some(time),
        count: args.count.unwrap_or(u64::MAX),
        interval: args
            .rate
            .map(|rate| rate.per.div_f64(f64::from(rate.count))),
        timeout: args.timeout,
    })?;
    let measured = carry_out(context, &runtime, &runner)?;
    let report = report(context, args, &target, &names, &measured);
    conclude(context, args, report, runner.is_stopped())
}

fn names(
    context: &Context,
    args: &LoadArgs,
    target: &Target<'_>,
) -> Result<Vec<EventName>, Failure> {
    let endpoint = target.endpoint;
    let own = endpoint.and_then(|endpoint| endpoint.provider.as_deref());
    let preferred = own.or(context.settings.default_provider.as_deref());
    let names = args.events.iter().map(|text| {
        let name: EventName = text.parse().map_err(Failure::usage)?;
        Ok(target.catalog.find(&name, preferred)?)
    });
    names.collect()
}

fn report(
    context: &Context,
    args: &LoadArgs,
    target: &Target<'_>,
    names: &[EventName],
    measured: &LoadMeasured,
) -> LoadReport {
    let tokens = context.token_names_of(&target.catalog);
    let facts = LoadFacts {
        events: names.iter().map(ToString::to_string).collect(),
        url: redact::target(&target.destination.to_string(), &tokens),
        connections: args.concurrency,
        rate: args
            .rate
            .map(|rate| f64::from(rate.count) / rate.per.as_secs_f64()),
        counted: measured
            .took
            .saturating_sub(args.warmup.unwrap_or_default()),
        sent: measured.sent,
        sent_per_second: measured.sent_per_second,
        in_progress: measured.in_progress,
        rate_reached: measured.rate_reached,
    };
    let policies: Vec<_> = names
        .iter()
        .filter_map(|name| target.catalog.provider(name.provider.as_deref()?).ok())
        .collect();
    LoadReport::new(facts, &measured.tally, |status| {
        let mut policies = policies.iter();
        policies.all(|provider| provider.delivery.is_success(status))
    })
}

/// Says what it came to.
fn conclude(
    context: &Context,
    args: &LoadArgs,
    report: LoadReport,
    is_interrupted: bool,
) -> Result<Exit, Failure> {
    if is_interrupted {
        context.ui.note(Note::error(
            "interrupted; the results cover the time until then, without the requests in progress",
        ));
    }
    if let Some(file) = &args.report {
        write_private(file, load_page(&report).as_bytes(), true)
            .map_err(|error| Failure::machine(format!("{}: {error}", file.display())))?;
    }
    let exit = exit_of(is_interrupted, &report);
    context.tell(load_notes(&report));
    context.emit(&Report::Load(Box::new(report)))?;
    Ok(exit)
}

/// Runs it, shows how far it is, and stops it where the user interrupts.
fn carry_out(
    context: &Context,
    runtime: &tokio::runtime::Runtime,
    runner: &LoadRunner<'_>,
) -> Result<LoadMeasured, Failure> {
    let mut signals = runtime.block_on(async { Signals::new() })?;
    let measured = runner.run(|| {
        runtime.block_on(async {
            let interrupted = tokio::time::timeout(SHOWN_EVERY, signals.next());
            if interrupted.await.is_ok() {
                runner.stop();
            }
        });
        let far = runner.progress();
        let what = format!("{} answered, {:.0}/s", far.answered, far.per_second);
        let what = match far.is_by_time {
            true => format!("{} of {} s, {what}", far.done / 1000, far.total / 1000),
            false => format!(
                "{} of {}, {:.0}/s",
                far.answered,
                counted(far.total, "request"),
                far.per_second
            ),
        };
        context.ui.progress(far.done, far.total, &what);
    });
    Ok(measured?)
}

fn exit_of(is_interrupted: bool, report: &LoadReport) -> Exit {
    if is_interrupted {
        Exit::Interrupted
    } else if report.responses == 0 {
        Exit::NoResponse
    } else if report.delivered < report.responses || !report.errors.is_empty() {
        Exit::Negative
    } else {
        Exit::Done
    }
}
