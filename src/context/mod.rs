//! What commands share: the settings, the catalog, the store and the `Ui`; and what flags and settings come to
//! together.

pub mod candidates;
pub mod certificates;
pub mod completion_place;
pub mod delivering;
pub mod editing;
pub mod emulating;
pub mod ending;
pub mod endpoints_seen;
pub mod expecting;
pub mod handshake;
pub mod inspecting;
pub mod judging;
pub mod output;
pub mod pending;
pub mod publishing;
pub mod recording;
pub mod rules;
pub mod runtime;
pub mod selecting;
pub mod senders;
pub mod sending;
pub mod signals;
pub mod source;
pub mod target;
pub mod tokens;
pub mod verifying;
pub mod working;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, GENERIC, Provider};
use crate::cli::{SchemeArgs, Shared};
use crate::exit::Failure;
use crate::model::Secret;
use crate::report::{Note, Report, Ui, amount};
use crate::settings::{Endpoint, Environment, Settings, StorePlace};
use crate::store::{Excess, Keep, PostgresStore, SqliteStore, Store, StoreOptions};
use crate::view::redact::TokenNames;

/// What every command is handed. A clone has the same settings, catalog and store.
#[derive(Clone)]
pub struct Context {
    pub settings: Arc<Settings>,
    pub ui: Arc<dyn Ui>,
    pub verbose: u8,
    pub json: bool,
    /// As they were typed, for commands that print a command.
    pub provider_dirs: Vec<PathBuf>,
    pub config_file: Option<PathBuf>,
    catalog: OnceLock<Arc<Catalog>>,
    /// The store, once it is open: what a command has leased is its own wherever it asks for the store.
    store: OnceLock<Arc<dyn Store>>,
}

/// The variable with the key that encrypts secrets in a shared store.
pub const STORE_KEY: &str = "HOOKCLI_STORE_KEY";

impl Context {
    /// Resolves the settings; what they warn of is said.
    pub fn new(
        shared: &Shared,
        environment: Environment,
        ui: Arc<dyn Ui>,
    ) -> Result<Self, Failure> {
        let settings = Settings::resolve(&shared.flags(), environment).map_err(Failure::usage)?;
        for note in &settings.notes {
            ui.note(Note::warning(note.as_str()));
        }
        Ok(Self {
            settings: Arc::new(settings),
            ui,
            verbose: shared.verbose,
            json: shared.json,
            provider_dirs: shared.provider_dir.clone(),
            config_file: shared.config.clone(),
            catalog: OnceLock::new(),
            store: OnceLock::new(),
        })
    }

    /// The providers: embedded ones and the user's.
    pub fn catalog(&self) -> Result<&Arc<Catalog>, Failure> {
        if let Some(catalog) = self.catalog.get() {
            return Ok(catalog);
        }
        let mut catalog = Catalog::embedded();
        for (dir, trust) in &self.settings.provider_dirs {
            catalog.add_dir(dir, *trust)?;
        }
        Ok(self.catalog.get_or_init(|| Arc::new(catalog)))
    }

    /// The providers as one endpoint has them: the generic one with the scheme that flags and the endpoint say, flags
    /// first.
    pub fn catalog_for(
        &self,
        flags: &SchemeArgs,
        endpoint: Option<&Endpoint>,
    ) -> Result<Arc<Catalog>, Failure> {
        let own = endpoint.and_then(|endpoint| endpoint.signature.as_ref());
        let catalog = self.catalog()?;
        Ok(match flags.over(own).map_err(Failure::usage)? {
            Some(scheme) => Arc::new(catalog.with_scheme(GENERIC, scheme)),
            None => catalog.clone(),
        })
    }

    pub fn provider(&self, name: &str) -> Result<Arc<Provider>, Failure> {
        Ok(self.catalog()?.provider(name)?)
    }

    /// The provider of something stored, where it is (still) known.
    pub fn provider_of(&self, name: Option<&str>) -> Option<Arc<Provider>> {
        self.provider(name?).ok()
    }

    /// The endpoint of that name, where one is named.
    pub fn endpoint(&self, name: Option<&str>) -> Result<Option<&Endpoint>, Failure> {
        name.map(|name| self.settings.endpoint(name).map_err(Failure::usage))
            .transpose()
    }

    /// Where providers' schemes put their secrets: redacted wherever they occur.
    pub fn token_names(&self) -> Result<TokenNames, Failure> {
        Ok(self.token_names_of(self.catalog()?))
    }

    /// The same with the schemes of this catalog.
    pub fn token_names_of(&self, catalog: &Catalog) -> TokenNames {
        let (providers, _) = catalog.all();
        let endpoints = self.settings.endpoints.values();
        let own = endpoints.filter_map(|endpoint| endpoint.signature.as_ref());
        let names = TokenNames::of(providers.iter().map(|provider| &**provider), own);
        let secrets = self.settings.all_secrets().into_iter();
        names.with_secrets(secrets.map(|(_, secret)| secret))
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
        let Some(place) = &self.settings.store else {
            return Ok(None);
        };
        // One of an older version is brought to this one first, and a copy put aside.
        let opening = working::Working::new(&self.ui, "opening the store");
        let options = StoreOptions {
            workspace: self.settings.workspace.clone(),
            ..options
        };
        let store = self.open(place, options)?;
        drop(opening);
        Ok(Some(self.store.get_or_init(|| store).clone()))
    }

    /// The store that a demo was given, in a workspace of its own; none where it was given none: it makes one then.
    pub fn demo_store(&self) -> Result<Option<Arc<dyn Store>>, Failure> {
        let place = self.settings.store.as_ref();
        let Some(place) = place.filter(|_| self.settings.is_store_named) else {
            return Ok(None);
        };
        let workspace = match self.settings.workspace.as_str() {
            "default" => "demo",
            named => named,
        };
        let options = StoreOptions {
            workspace: workspace.to_owned(),
            ..StoreOptions::default()
        };
        self.open(place, options).map(Some)
    }

    /// The stores that arguments name, the first of which is there already.
    pub fn stores_at(&self, from: &str, to: &str) -> Result<[Arc<dyn Store>; 2], Failure> {
        let mut notes = Vec::new();
        let mut place = |text| {
            self.settings
                .place(text, &mut notes)
                .map_err(Failure::usage)
        };
        let (from, to) = (place(from)?, place(to)?);
        for note in notes {
            self.ui.note(Note::warning(note));
        }
        // One that is mistyped must not be made.
        if let Some(path) = from.file().filter(|path| !path.is_file()) {
            let why = format!("there is no store {}", path.display());
            return Err(Failure::usage(why).hint("`hookcli store status` shows where yours is"));
        }
        if from.to_string() == to.to_string() {
            let why = format!("{from} is copied to itself");
            return Err(Failure::usage(why).hint("name another store to copy to"));
        }
        let usual = || StoreOptions {
            workspace: self.settings.workspace.clone(),
            ..StoreOptions::default()
        };
        Ok([self.open(&from, usual())?, self.open(&to, usual())?])
    }

    fn open(&self, place: &StorePlace, options: StoreOptions) -> Result<Arc<dyn Store>, Failure> {
        let key = self.settings.environment.text(STORE_KEY);
        let options = StoreOptions {
            key: key.filter(|key| !key.is_empty()).map(Secret::new),
            ..options
        };
        Ok(match place {
            StorePlace::File(path) => Arc::new(SqliteStore::open(path, options)?),
            StorePlace::Shared(location) => Arc::new(PostgresStore::open(location, options)?),
        })
    }

    /// The store, for commands that are about it.
    pub fn needed_store(&self) -> Result<Arc<dyn Store>, Failure> {
        self.store()?.ok_or_else(|| {
            Failure::usage("this command needs the store: run it without --no-store")
        })
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

    /// Gives the store another bound for good. What a lower one would remove is said first, and goes only where the
    /// user agrees.
    pub async fn change_bound(
        &self,
        store: &dyn Store,
        keep: Keep,
        prune: bool,
    ) -> Result<(), Failure> {
        let bound = store.bound().await?;
        if bound == keep {
            return Ok(());
        }
        let excess = store.excess(keep).await?;
        if excess != Excess::default() {
            let lowers = format!("--keep {keep} would remove {}", amount(&excess));
            if !prune && self.ui.confirm(&format!("{lowers}. Remove them?")) != Some(true) {
                return Err(Failure::usage(lowers).hint(format!(
                    "add --prune to remove them, or leave out --keep: the store then keeps {bound}"
                )));
            }
            let removing = working::Working::new(&self.ui, "removing what exceeds the limit");
            store.prune(keep).await?;
            drop(removing);
            let removed = format!("removed {}", amount(&excess));
            self.ui.note(Note::Status(removed.into()));
        }
        store.set_bound(keep).await?;
        Ok(())
    }

    pub fn emit(&self, report: &Report) -> Result<(), Failure> {
        self.ui
            .emit(report)
            .map_err(|error| Failure::machine(format!("standard output: {error}")))
    }

    /// Emits without holding up the thread: a reader that does not read must not keep a command from being stopped.
    pub async fn emit_beside(&self, report: Report) -> Result<(), Failure> {
        let ui = self.ui.clone();
        let emitting = tokio::task::spawn_blocking(move || ui.emit(&report));
        let emitted = emitting
            .await
            .map_err(|error| Failure::machine(error.to_string()))?;
        emitted.map_err(|error| Failure::machine(format!("standard output: {error}")))
    }

    /// Says what was noticed.
    pub fn tell(&self, notices: impl IntoIterator<Item = impl Into<Note>>) {
        let notes = notices.into_iter().map(Into::into);
        notes.for_each(|note| self.ui.note(note));
    }

    /// Says what the store has removed, and why.
    pub fn tell_store_notices(&self) {
        if let Some(store) = self.store.get() {
            self.tell(store.take_notices());
        }
    }
}
