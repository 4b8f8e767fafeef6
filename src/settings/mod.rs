//! What the user set, wherever: flags over the environment over hookcli.toml over the user's config file
//! over the defaults. Below this room no one sees a flag or a variable.

mod environment;
mod file;
mod place;
pub mod repository;
mod secrets;

pub use environment::Environment;
pub use file::{Endpoint, FileError, ListenRoute};
pub use place::{PlaceError, StorePlace};
pub use secrets::{SecretError, SecretFlags, variable_of};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::http::{Destination, DestinationError};
use crate::ingest::ResponseRule;
use crate::model::Trust;
use crate::store::Location;
use file::{FileSettings, Layer};
use place::SaidBy;

/// Whose rows are seen where no workspace is named.
const DEFAULT_WORKSPACE: &str = "default";

/// Flags that every verb has.
#[derive(Clone, Debug, Default)]
pub struct SharedFlags {
    /// A path, or the URL of a shared store.
    pub store: Option<String>,
    pub workspace: Option<String>,
    pub no_store: bool,
    pub config: Option<PathBuf>,
    pub provider_dirs: Vec<PathBuf>,
}

/// Everything resolved.
#[derive(Debug)]
pub struct Settings {
    /// Where captures and deliveries are kept; none: nowhere.
    pub store: Option<StorePlace>,
    /// The command line names it.
    pub is_store_named: bool,
    /// Whose captures and deliveries those are.
    pub workspace: String,
    /// How much a store keeps that is made now.
    pub keep: Option<String>,
    /// Folders of providers, later ones first in rank; and how far each is trusted.
    pub provider_dirs: Vec<(PathBuf, Trust)>,
    pub default_provider: Option<String>,
    /// And how far it is trusted.
    pub default_url: Option<(String, Trust)>,
    pub endpoints: BTreeMap<String, Endpoint>,
    pub listen_port: Option<u16>,
    pub listen_bind: Option<String>,
    /// Those of later files first.
    pub listen_rules: Vec<ResponseRule>,
    /// And how far each is trusted.
    pub listen_routes: Vec<(ListenRoute, Trust)>,
    /// The files that were read, and how far each is trusted.
    files: Vec<(PathBuf, Trust)>,
    /// What the user should know about how the settings came about.
    pub notes: Vec<String>,
    pub environment: Environment,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Destination(#[from] DestinationError),
    #[error(
        "the store has no path, because {0} is not set: use --store FILE, HOOKCLI_STORE or --no-store"
    )]
    NoHome(&'static str),
    #[error(transparent)]
    Store(#[from] PlaceError),
    #[error("invalid workspace `{0}`: use up to 64 letters, digits, dots, dashes and underscores")]
    Workspace(String),
    #[error("unknown endpoint `{name}`{}", if .known.is_empty() { format!(": add [endpoint.{name}] to hookcli.toml") } else { format!(": use one of {}", .known.join(", ")) })]
    UnknownEndpoint { name: String, known: Vec<String> },
}

impl Settings {
    pub fn resolve(flags: &SharedFlags, environment: Environment) -> Result<Self, SettingsError> {
        let mut notes = Vec::new();
        let mut layers: Vec<Layer> = Vec::new();
        if let Some(path) = environment
            .user_config_dir()
            .map(|dir| dir.join("config.toml"))
            && path.is_file()
        {
            layers.push(FileSettings::read(&path, Trust::Own)?);
        }
        let given = flags
            .config
            .clone()
            .or_else(|| environment.path("HOOKCLI_CONFIG"));
        match given {
            Some(path) => layers.push(FileSettings::read(&path, Trust::Given)?),
            None => layers.extend(file::find_upward(&environment, &mut notes)?),
        }
        let mut settings = Self {
            store: None,
            is_store_named: false,
            workspace: DEFAULT_WORKSPACE.to_owned(),
            keep: None,
            provider_dirs: Vec::new(),
            default_provider: None,
            default_url: None,
            endpoints: BTreeMap::new(),
            listen_port: None,
            listen_bind: None,
            listen_rules: Vec::new(),
            listen_routes: Vec::new(),
            files: Vec::new(),
            notes,
            environment,
        };
        if let Some(dir) = settings
            .environment
            .user_config_dir()
            .map(|dir| dir.join("providers"))
            && dir.is_dir()
            && std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some())
        {
            settings.provider_dirs.push((dir, Trust::Own));
        }
        for layer in layers {
            settings.apply(layer)?;
        }
        settings.apply_environment_and_flags(flags)?;
        Ok(settings)
    }

    fn apply(&mut self, layer: Layer) -> Result<(), SettingsError> {
        let file = layer.settings;
        if let Some(text) = &file.store {
            let (environment, notes) = (&self.environment, &mut self.notes);
            let place = StorePlace::read(text, &layer.dir, SaidBy::File, environment, notes);
            self.store = Some(place?);
        }
        self.keep = file.keep.or(self.keep.take());
        self.default_provider = file.defaults.provider.or(self.default_provider.take());
        self.default_url = file
            .defaults
            .url
            .map(|url| (url, layer.trust))
            .or(self.default_url.take());
        self.listen_port = file.listen.port.or(self.listen_port);
        self.listen_bind = file.listen.bind.or(self.listen_bind.take());
        self.listen_rules.splice(0..0, file.listen.rule);
        let routes = file.listen.route.into_iter();
        self.listen_routes
            .extend(routes.map(|route| (route, layer.trust)));
        self.files.push((layer.path, layer.trust));
        self.provider_dirs.extend(
            file.provider_dir
                .into_iter()
                .map(|dir| (layer.dir.join(dir), layer.trust)),
        );
        for (name, mut endpoint) in file.endpoint {
            endpoint.trust = layer.trust;
            endpoint.secret_file = endpoint.secret_file.map(|path| layer.dir.join(path));
            self.endpoints.insert(name, endpoint);
        }
        Ok(())
    }

    fn apply_environment_and_flags(&mut self, flags: &SharedFlags) -> Result<(), SettingsError> {
        let environment = &self.environment;
        self.default_provider = environment
            .text("HOOKCLI_PROVIDER")
            .or(self.default_provider.take());
        self.default_url = environment
            .text("HOOKCLI_URL")
            .map(|url| (url, Trust::Given))
            .or(self.default_url.take());
        self.keep = environment.text("HOOKCLI_KEEP").or(self.keep.take());
        self.provider_dirs.extend(
            environment
                .paths("HOOKCLI_PROVIDER_DIR")
                .into_iter()
                .map(|dir| (dir, Trust::Given)),
        );
        self.provider_dirs.extend(
            flags
                .provider_dirs
                .iter()
                .map(|dir| (dir.clone(), Trust::Given)),
        );
        self.is_store_named = flags.store.is_some();
        let chosen = match &flags.store {
            Some(text) => Some((text.clone(), SaidBy::CommandLine)),
            None => environment
                .text("HOOKCLI_STORE")
                .filter(|text| !text.is_empty())
                .map(|text| (text, SaidBy::Environment)),
        };
        let named = flags.workspace.clone();
        let named = named.or_else(|| environment.text("HOOKCLI_WORKSPACE"));
        if let Some(name) = named.filter(|name| !name.is_empty()) {
            self.workspace = checked_workspace(name)?;
        }
        self.store = match (flags.no_store, chosen, self.store.take()) {
            (true, ..) => None,
            (false, Some((text, said_by)), _) => {
                let (here, notes) = (Path::new(""), &mut self.notes);
                Some(StorePlace::read(&text, here, said_by, environment, notes)?)
            }
            (false, None, Some(place)) => Some(place),
            (false, None, None) => {
                let usual = environment.default_store();
                Some(StorePlace::File(
                    usual.ok_or(SettingsError::NoHome("HOME"))?,
                ))
            }
        };
        Ok(())
    }

    /// The store that an argument of a command names.
    ///
    /// # Errors
    /// It is no path and no URL, or has a password in it.
    pub fn place(&self, text: &str, notes: &mut Vec<String>) -> Result<StorePlace, PlaceError> {
        let said_by = SaidBy::CommandLine;
        StorePlace::read(text, Path::new(""), said_by, &self.environment, notes)
    }

    /// The variables that hold secrets, set or not: of this program, those that endpoints name, and those of
    /// `--secret-env`.
    pub fn secret_variables<'s>(&'s self, flags: &'s SecretFlags) -> impl Iterator<Item = &'s str> {
        let own = self.environment.names().filter(|name| {
            // A URL can hold a password.
            name.starts_with("HOOKCLI_SECRET")
                || name.starts_with("HOOKCLI_VERIFY_TOKEN")
                || *name == "HOOKCLI_URL"
                || (*name == "HOOKCLI_STORE" && self.environment.text(name).is_some_and(is_shared))
                || *name == "HOOKCLI_STORE_KEY"
                || *name == place::PASSWORD
        });
        let endpoints = self.endpoints.values();
        own.chain(endpoints.filter_map(|endpoint| endpoint.secret_env.as_deref()))
            .chain(flags.variables.iter().map(String::as_str))
    }

    /// The file that is the project's: the one that was given or found, else the one that would be found here.
    pub fn project_file(&self) -> PathBuf {
        let mut files = self.files.iter();
        let found = files.find(|(_, trust)| *trust != Trust::Own);
        found.map_or_else(|| PathBuf::from("hookcli.toml"), |(path, _)| path.clone())
    }

    /// The files that were read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// The rules of the same files, as they stand there now; and whether the routes are what they were.
    pub fn reread_rules(&self) -> Result<(Vec<ResponseRule>, bool), SettingsError> {
        let (mut rules, mut routes) = (Vec::new(), Vec::new());
        for (path, trust) in &self.files {
            let listen = FileSettings::read(path, *trust)?.settings.listen;
            rules.splice(0..0, listen.rule);
            routes.extend(listen.route);
        }
        let known = self.listen_routes.iter().map(|(route, _)| route);
        let same_routes = known.eq(&routes);
        Ok((rules, same_routes))
    }

    pub fn endpoint(&self, name: &str) -> Result<&Endpoint, SettingsError> {
        self.endpoints
            .get(name)
            .ok_or_else(|| SettingsError::UnknownEndpoint {
                name: name.to_owned(),
                known: self.endpoints.keys().cloned().collect(),
            })
    }

    /// What `--to` means: an endpoint's name, else a URL.
    pub fn destination(&self, text: &str) -> Result<NamedDestination<'_>, SettingsError> {
        if let Some(endpoint) = self.endpoints.get(text) {
            return Ok(NamedDestination::Endpoint(endpoint));
        }
        let url_like = text.contains([':', '/', '.'])
            || text.bytes().all(|byte| byte.is_ascii_digit())
            || text == "localhost";
        if !url_like {
            return Err(SettingsError::UnknownEndpoint {
                name: text.to_owned(),
                known: self.endpoints.keys().cloned().collect(),
            });
        }
        Ok(NamedDestination::Url(text.parse()?))
    }
}

/// Where `--to` leads.
pub enum NamedDestination<'s> {
    Endpoint(&'s Endpoint),
    Url(Destination),
}

fn is_shared(text: String) -> bool {
    Location::is_one(&text)
}

/// No name of a workspace is longer.
const LONGEST_WORKSPACE: usize = 64;

fn checked_workspace(name: String) -> Result<String, SettingsError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    match name.len() <= LONGEST_WORKSPACE && name.bytes().all(is_plain) {
        true => Ok(name),
        false => Err(SettingsError::Workspace(name)),
    }
}
