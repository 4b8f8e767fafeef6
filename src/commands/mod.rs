//! One file a verb, a folder where it takes several: each joins the rooms below and hands reports to the `Ui`.

mod captures;
mod check;
mod deliveries;
mod demo;
mod events;
mod expecting;
mod init;
mod junit;
mod keys;
mod listen;
mod load;
mod load_page;
mod output;
mod providers;
mod replay;
mod retention;
mod scaffold;
mod send;
mod sending;
mod shell;
mod sign;
mod signals;
mod source;
mod support_report;
mod target;
mod verify;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, Provider};
use crate::cli::{CapturesCommand, Cli, Command, DeliveriesCommand, KeysCommand, SchemeArgs};
use crate::exit::{Exit, Failure};
use crate::report::{Note, Report, Ui};
use crate::settings::{Endpoint, Environment, Settings};
use crate::signature::{Scheme, VerifyError};
use crate::store::{Keep, SqliteStore, Store, StoreOptions};
use crate::view::redact::TokenNames;

/// What every command is handed.
pub struct Context {
    pub settings: Settings,
    pub ui: Arc<dyn Ui>,
    pub verbose: u8,
    pub json: bool,
    /// As they were typed, for commands that print a command.
    pub provider_dirs: Vec<PathBuf>,
    pub config_file: Option<PathBuf>,
    catalog: OnceLock<Catalog>,
    /// What the user says the generic scheme is.
    generic: OnceLock<Scheme>,
    /// The store, once it is open: what a command has leased is its own wherever it asks for the store.
    store: OnceLock<Arc<dyn Store>>,
}

/// Runs one command to its end.
pub fn run(cli: Cli, environment: Environment, ui: Arc<dyn Ui>) -> Result<Exit, Failure> {
    // These two need no settings, and must work where those are broken.
    match cli.command {
        Command::Completions(args) => return shell::completions(&args, &*ui),
        Command::Man => return shell::man(&*ui),
        _ => {}
    }
    let settings = Settings::resolve(&cli.shared.flags(), environment).map_err(Failure::usage)?;
    for note in &settings.notes {
        ui.note(Note::warning(note.as_str()));
    }
    let context = Context {
        settings,
        ui,
        verbose: cli.shared.verbose,
        json: cli.shared.json,
        provider_dirs: cli.shared.provider_dir.clone(),
        config_file: cli.shared.config.clone(),
        catalog: OnceLock::new(),
        generic: OnceLock::new(),
        store: OnceLock::new(),
    };
    let exit = dispatch(&context, cli.command);
    let store = context.store.get();
    for notice in store.iter().flat_map(|store| store.take_notices()) {
        context.ui.note(Note::warning(retention::sentence(&notice)));
    }
    exit
}

fn dispatch(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => runtime()?.block_on(demo::run(context, &args)),
        Command::Providers(args) => block_on(providers::run(context, &args)),
        Command::Events(args) => events::run(context, &args),
        Command::Send(args) => runtime()?.block_on(send::run(context, &args)),
        Command::Sign(args) => block_on(sign::run(context, &args)),
        Command::Verify(args) => block_on(verify::run(context, &args)),
        Command::Listen(args) => {
            let runtime = runtime()?;
            let exit = runtime.block_on(listen::run(context, &args));
            // After a second signal nobody waits for what is still under way.
            runtime.shutdown_background();
            exit
        }
        Command::Captures(command) => match command {
            CapturesCommand::List(args) => block_on(captures::list(context, &args)),
            CapturesCommand::Show(args) => block_on(captures::show(context, &args)),
            CapturesCommand::Export(args) => block_on(captures::export(context, &args)),
            CapturesCommand::Import(args) => block_on(captures::import(context, &args)),
            CapturesCommand::Prune(args) => block_on(retention::prune(context, &args)),
            CapturesCommand::Rm(args) => block_on(captures::remove(context, &args)),
            CapturesCommand::Wait(args) => block_on(captures::wait(context, &args)),
        },
        Command::Deliveries(command) => match command {
            DeliveriesCommand::List(args) => block_on(deliveries::list(context, &args)),
            DeliveriesCommand::Show(args) => block_on(deliveries::show(context, &args)),
            DeliveriesCommand::Stats(args) => block_on(deliveries::stats(context, &args)),
            DeliveriesCommand::Export(args) => block_on(deliveries::export(context, &args)),
            DeliveriesCommand::Retry(args) => {
                runtime()?.block_on(deliveries::retry(context, &args))
            }
        },
        Command::Load(args) => load::run(context, &args),
        Command::Check(args) => runtime()?.block_on(check::run(context, &args)),
        Command::Init(args) => init::run(context, &args),
        Command::Keys(KeysCommand::New(args)) => keys::new(context, &args),
        Command::Replay(args) => runtime()?.block_on(replay::run(context, &args)),
        Command::Completions(_) | Command::Man => Ok(Exit::Done),
    }
}

/// A command that does one thing after the other.
fn block_on(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(no_runtime)?
        .block_on(command)
}

fn no_runtime(error: std::io::Error) -> Failure {
    Failure::machine(format!("the runtime cannot be started: {error}"))
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // Two at least: the store's commits block one.
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(no_runtime)
}

impl Context {
    /// The providers: embedded ones and the user's.
    pub fn catalog(&self) -> Result<&Catalog, Failure> {
        if let Some(catalog) = self.catalog.get() {
            return Ok(catalog);
        }
        let mut catalog = Catalog::embedded();
        for (dir, trust) in &self.settings.provider_dirs {
            catalog.add_dir(dir, *trust)?;
        }
        if let Some(scheme) = self.generic.get() {
            catalog.set_scheme(GENERIC, scheme.clone());
        }
        Ok(self.catalog.get_or_init(|| catalog))
    }

    pub fn provider(&self, name: &str) -> Result<Arc<Provider>, Failure> {
        Ok(self.catalog()?.provider(name)?)
    }

    /// The endpoint of that name, where one is named; what the generic scheme is, is settled with it.
    pub fn endpoint(
        &self,
        name: Option<&str>,
        flags: &SchemeArgs,
    ) -> Result<Option<&Endpoint>, Failure> {
        let endpoint = match name {
            Some(name) => Some(self.settings.endpoint(name).map_err(Failure::usage)?),
            None => None,
        };
        self.settle_generic(flags, endpoint)?;
        Ok(endpoint)
    }

    /// Settles what the generic scheme is, before anything asks for it: flags over the endpoint's own.
    pub fn settle_generic(
        &self,
        flags: &SchemeArgs,
        endpoint: Option<&Endpoint>,
    ) -> Result<(), Failure> {
        let own = endpoint.and_then(|endpoint| endpoint.signature.as_ref());
        if let Some(scheme) = flags.over(own).map_err(Failure::usage)? {
            // Whoever asks first decides; nobody asks twice.
            let _ = self.generic.set(scheme);
        }
        Ok(())
    }

    /// Where providers' schemes put their secrets: masked wherever they occur.
    pub fn token_names(&self) -> Result<TokenNames, Failure> {
        let (providers, _) = self.catalog()?.all();
        let endpoints = self.settings.endpoints.values();
        let own = endpoints.filter_map(|endpoint| endpoint.signature.as_ref());
        let names = TokenNames::of(
            providers.iter().map(|provider| &**provider),
            own.chain(self.generic.get()),
        );
        let secrets = self.settings.all_secrets().into_iter();
        Ok(names.with_secrets(secrets.map(|(_, secret)| secret)))
    }

    /// The store; none with `--no-store`.
    pub fn store(&self) -> Result<Option<Arc<dyn Store>>, Failure> {
        let keep = self.keep_of_new_stores()?;
        self.store_with(StoreOptions {
            keep,
            ..StoreOptions::default()
        })
    }

    /// The store, opened with these options where it is not open yet.
    pub fn store_with(&self, options: StoreOptions) -> Result<Option<Arc<dyn Store>>, Failure> {
        if let Some(store) = self.store.get() {
            return Ok(Some(store.clone()));
        }
        let Some(path) = &self.settings.store else {
            return Ok(None);
        };
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path, options)?);
        Ok(Some(self.store.get_or_init(|| store).clone()))
    }

    /// The store, for commands that are about it.
    pub fn needed_store(&self) -> Result<Arc<dyn Store>, Failure> {
        self.store()?
            .ok_or_else(|| Failure::usage("this needs the store, and --no-store was given"))
    }

    /// How much a store keeps that is made now: what the settings say, else the default. One that is there has
    /// its own bound.
    pub fn keep_of_new_stores(&self) -> Result<Keep, Failure> {
        match &self.settings.keep {
            Some(text) => text
                .parse()
                .map_err(|error| Failure::usage(format!("keep: {error}"))),
            None => Ok(Keep::default()),
        }
    }

    pub fn emit(&self, report: &Report) -> Result<(), Failure> {
        self.ui
            .emit(report)
            .map_err(|error| Failure::machine(format!("standard output: {error}")))
    }
}

/// What keeps a verification from starting is a mistake in what was given.
pub fn no_verdict(error: VerifyError) -> Failure {
    let hint = (error == VerifyError::NoUrl)
        .then_some("give it with --url, or the server's with --public-url");
    let failure = Failure::usage(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The provider that is nobody: its scheme is what flags and endpoints say.
pub const GENERIC: &str = "generic";
