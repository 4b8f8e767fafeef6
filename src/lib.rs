//! hookcli: test and develop webhooks on one machine.
//!
//! # The house
//!
//! Data flows one way:
//!
//! ```text
//! send:    cli → settings → commands → compose → dispatch → view → render
//! listen:  receiver → ingest (verify, commit, answer) → forward, expect; its events → view → render
//! ```
//!
//! | room | what it holds | may use |
//! |---|---|---|
//! | **shell** | | |
//! | [`cli`] | the command line, and its flags as options of the other rooms | plain values of the rooms below |
//! | [`settings`] | flags, environment and files, resolved | plain values of the rooms below |
//! | [`commands`] | one file or folder per command | all |
//! | [`context`] | what commands share: settings, catalog, store, destinations and sources | all but commands |
//! | [`report`] | what commands report, and the `Ui` that they report to | plain types of the rooms below |
//! | [`render`] | how reports look; the only code that prints | report, exit, and what they show |
//! | [`exit`] | how an error becomes a message, a hint and an exit code | the errors of all rooms |
//! | **application** | | |
//! | [`ingest`] | received requests: recognise, verify, answer, store, publish | catalog, exchange, expect, forward, payload, receiver, search, signature, store, view |
//! | [`forward`] | sending received requests on to destinations | catalog, compose, delivery, dispatch, http, receiver, search, store |
//! | [`expect`] | which events are expected, and whether they arrived | catalog, process, search, store |
//! | [`dispatch`] | deliveries: attempts, recorded, by a schedule and within limits; loads | catalog, compose, delivery, exchange, http, signature, store, view |
//! | [`compose`] | an event or a capture → a signed request | catalog, delivery, exchange, http, payload, search, signature, view |
//! | [`conformance`] | the cases of `check`, their runner, and the conclusion from the responses | catalog, compose, delivery, http, payload, process, signature |
//! | [`roundtrip`] | events sent through a receiver in the same process | catalog, compose, delivery, dispatch, http, ingest, receiver, signature, store |
//! | [`emulator`] | the providers' own APIs as data, their subscriptions and events | catalog, compose, delivery, dispatch, http, payload, receiver, search, signature, store, view |
//! | [`inspector`] | the page in the browser, and its API | catalog, compose, delivery, dispatch, emulator, exchange, http, ingest, payload, receiver, search, signature, store, view |
//! | [`view`] | stored things as documents, redacted; nothing else shows a capture or a delivery | catalog, delivery, payload, search, signature |
//! | **knowledge and mechanisms** | | |
//! | [`catalog`] | providers as data; events, samples, schemas | payload, search, the data of signature and delivery |
//! | [`signature`] | schemes, signing, verifying, diagnosis; pure | payload |
//! | [`delivery`] | policies, schedules, faults and limits | http |
//! | [`payload`] | editing JSON and forms as text | – |
//! | [`receiver`] | the HTTP server, with limits for everything | – |
//! | [`http`] | the HTTP client | – |
//! | [`process`] | commands that run beside hookcli | – |
//! | [`search`] | the query language, and patterns | payload |
//! | [`store`] | captures and deliveries, stored: in a file, or in a database for many nodes | http, search |
//! | [`exchange`] | the formats of other tools | payload |
//! | **nouns** | | |
//! | [`model`] | captures, deliveries, attempts, verdicts, headers, secrets, text from elsewhere | – |
//!
//! Everyone may use [`model`], the nouns. `tests/house.rs` keeps this true.

// A test says what must hold by unwrapping it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod catalog;
pub mod cli;
pub mod commands;
pub mod compose;
pub mod conformance;
pub mod context;
pub mod delivery;
pub mod dispatch;
pub mod emulator;
pub mod exchange;
pub mod exit;
pub mod expect;
pub mod forward;
pub mod http;
pub mod ingest;
pub mod inspector;
pub mod model;
pub mod payload;
pub mod process;
pub mod receiver;
pub mod render;
pub mod report;
pub mod roundtrip;
pub mod search;
pub mod settings;
pub mod signature;
pub mod store;
pub mod view;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

pub use settings::Environment;

use cli::{Cli, ColorFlag, LogFormatFlag, NoCommand};
use exit::Failure;
use report::Ui;

/// "File size limit exceeded" (setrlimit(2)); its number on Linux and macOS alike.
const SIGXFSZ: i32 = 25;

/// Runs the command line and returns the process's exit code (see [`exit::Exit`]).
pub fn run(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> ExitCode {
    // A file that may not grow is an error of whoever writes it, not the end of the process.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
    if environment.text(cli::COMPLETE_VARIABLE).is_some() {
        return complete(arguments, environment);
    }
    let in_actions = environment.text("GITHUB_ACTIONS").as_deref() == Some("true");
    let cli = match Cli::read(arguments) {
        Ok(cli) => cli,
        Err(NoCommand::Page(page)) => return ExitCode::from(render::help_page(&page).code()),
        Err(NoCommand::Usage(error)) => {
            let ui = render::Terminal::new(render::TerminalOptions {
                no_color: environment.text("NO_COLOR").is_some(),
                in_actions,
                ..render::TerminalOptions::default()
            });
            let failure = Failure::usage(error.message).hint(error.hint);
            failure.notes().into_iter().for_each(|note| ui.note(note));
            return ExitCode::from(failure.exit.code());
        }
    };
    let color = match cli.shared.color {
        ColorFlag::Auto => render::ColorChoice::Auto,
        ColorFlag::Always => render::ColorChoice::Always,
        ColorFlag::Never => render::ColorChoice::Never,
    };
    let ui: Arc<dyn Ui> = Arc::new(render::Terminal::new(render::TerminalOptions {
        json: cli.shared.json,
        quiet: cli.shared.quiet,
        verbose: cli.shared.verbose,
        color,
        no_color: environment.text("NO_COLOR").is_some(),
        in_actions,
        pager: environment.text("PAGER"),
        dumb: environment.text("TERM").as_deref() == Some("dumb"),
    }));
    if let Some(level) = cli.shared.log {
        let format = match cli.shared.log_format {
            LogFormatFlag::Text => render::LogFormat::Text,
            LogFormatFlag::Json => render::LogFormat::Json,
        };
        render::start_log(level.into(), format);
    }
    let exit = commands::run(cli, environment, ui.clone()).unwrap_or_else(|failure| {
        failure.notes().into_iter().for_each(|note| ui.note(note));
        failure.exit
    });
    ExitCode::from(exit.code())
}

/// Prints what a shell asks for while a command line is typed. Nothing is ever wrong with that: where nothing is known,
/// nothing is offered.
fn complete(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> ExitCode {
    let folder = environment.working_dir.clone();
    let find = context::candidates::finder(environment);
    let completed = clap_complete::CompleteEnv::with_factory(|| cli::completing_command(&find))
        .var(cli::COMPLETE_VARIABLE)
        .bin("hookcli")
        .try_complete(arguments, Some(&folder));
    match completed {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
