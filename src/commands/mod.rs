//! One file a verb, a folder where it takes several: each joins the rooms below and hands reports to the `Ui`. None
//! uses another; what they share is in `context`.

mod captures;
mod check;
mod deliveries;
mod demo;
mod emulate;
mod events;
mod init;
mod keys;
mod listen;
mod load;
mod new_provider;
mod providers;
mod replay;
mod retention;
mod retry;
mod send;
mod shell;
mod sign;
mod store;
mod ui;
mod verify;
mod worker;

use std::sync::Arc;

use crate::cli::{
    CapturesCommand, Cli, Command, DeliveriesCommand, KeysCommand, ProvidersCommand, StoreCommand,
};
use crate::context::runtime::{block_on, runtime};
use crate::context::{Context, tokens};
use crate::exit::{Exit, Failure};
use crate::report::Ui;
use crate::settings::Environment;

/// Runs one command to its end.
pub fn run(cli: Cli, environment: Environment, ui: Arc<dyn Ui>) -> Result<Exit, Failure> {
    // These two need no settings, and must work where those are broken.
    match cli.command {
        Command::Completions(args) => return shell::completions(&args, &environment, &*ui),
        Command::Man(args) => return shell::man(&args, &*ui),
        _ => {}
    }
    let context = Context::new(&cli.shared, environment, ui)?;
    let exit = dispatch(&context, cli.command);
    context.tell_store_notices();
    exit
}

fn dispatch(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => runtime()?.block_on(demo::run(context, &args)),
        Command::Providers(args) => match args.command {
            Some(ProvidersCommand::New(args)) => block_on(new_provider::run(context, &args)),
            None => providers::run(context, &args),
        },
        Command::Events(args) => events::run(context, &args),
        Command::Send(args) => runtime()?.block_on(send::run(context, &args)),
        Command::Sign(args) => block_on(sign::run(context, &args)),
        Command::Verify(args) => block_on(verify::run(context, &args)),
        Command::Listen(args) => {
            let runtime = runtime()?;
            let exit = runtime.block_on(listen::run(context, &args));
            // After a second signal no one waits for what is still under way.
            runtime.shutdown_background();
            exit
        }
        Command::Captures(command) => match command {
            CapturesCommand::List(args) => block_on(captures::list(context, &args)),
            CapturesCommand::Show(args) => block_on(captures::show(context, &args)),
            CapturesCommand::Diff(args) => block_on(captures::diff(context, &args)),
            CapturesCommand::Export(args) => block_on(captures::export(context, &args)),
            CapturesCommand::Import(args) => block_on(captures::import(context, &args)),
            CapturesCommand::Prune(args) => block_on(retention::prune(context, &args)),
            CapturesCommand::Rm(args) => block_on(captures::remove(context, &args)),
            CapturesCommand::Wait(args) => block_on(captures::wait(context, &args)),
        },
        Command::Worker(args) => runtime()?.block_on(worker::run(context, &args)),
        Command::Store(command) => match command {
            StoreCommand::Status => block_on(store::status(context)),
            StoreCommand::Migrate => block_on(store::migrate(context)),
            StoreCommand::Copy(args) => block_on(store::copy_all(context, &args)),
            StoreCommand::Vacuum => block_on(store::vacuum(context)),
            StoreCommand::Token(command) => block_on(tokens::token(context, &command)),
        },
        Command::Deliveries(command) => match command {
            DeliveriesCommand::List(args) => block_on(deliveries::list(context, &args)),
            DeliveriesCommand::Show(args) => block_on(deliveries::show(context, &args)),
            DeliveriesCommand::Stats(args) => block_on(deliveries::stats(context, &args)),
            DeliveriesCommand::Export(args) => block_on(deliveries::export(context, &args)),
            DeliveriesCommand::Retry(args) => runtime()?.block_on(retry::run(context, &args)),
        },
        Command::Ui(args) => runtime()?.block_on(ui::run(context, &args)),
        Command::Emulate(args) => runtime()?.block_on(emulate::run(context, &args)),
        Command::Load(args) => load::run(context, &args),
        Command::Check(args) => runtime()?.block_on(check::run(context, &args)),
        Command::Init(args) => init::run(context, &args),
        Command::Keys(KeysCommand::New(args)) => keys::new(context, &args),
        Command::Replay(args) => runtime()?.block_on(replay::run(context, &args)),
        Command::Completions(_) | Command::Man(_) => Ok(Exit::Done),
    }
}
