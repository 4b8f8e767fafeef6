//! All providers that can be found.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::error::unknown_provider;
use super::folder::EMBEDDED;
use super::{CatalogError, Folder, LookupError, Provider};
use crate::model::{Right, Trust};
use crate::signature::Scheme;

/// The provider whose signature scheme comes from flags or an endpoint.
pub const GENERIC: &str = "generic";

/// All providers that can be found. A provider is parsed when it is first asked for; copies share what is parsed.
#[derive(Clone)]
pub struct Catalog {
    pub(super) entries: Vec<Arc<Entry>>,
}

pub(super) struct Entry {
    pub(super) folder: Folder,
    /// Instead of the folder's own.
    scheme: Option<Scheme>,
    parsed: OnceLock<Result<Arc<Provider>, CatalogError>>,
}

impl Catalog {
    /// The embedded providers alone.
    pub fn embedded() -> Self {
        let mut entries: Vec<Arc<Entry>> = EMBEDDED
            .dirs()
            .filter_map(Folder::embedded)
            .map(Entry::new)
            .collect();
        entries.sort_by(|a, b| a.folder.name().cmp(b.folder.name()));
        Self { entries }
    }

    /// Adds the providers of a folder of folders (or one provider's own folder). A name that is known
    /// already is replaced, except an embedded one where `may_replace` is false: then it is an error.
    pub fn add_dir(&mut self, dir: &Path, trust: Trust) -> Result<(), CatalogError> {
        for folder in Folder::all_in(dir, trust)? {
            let named = |entry: &Arc<Entry>| entry.folder.name() == folder.name();
            let is_close = |entry: &Arc<Entry>| {
                !named(entry) && variable_part(entry.folder.name()) == variable_part(folder.name())
            };
            let may_share = |entry: &Arc<Entry>| entry.folder.trust().allows(Right::SharedSecrets);
            if !trust.allows(Right::SharedSecrets)
                && let Some(other) = self
                    .entries
                    .iter()
                    .find(|entry| is_close(entry) && may_share(entry))
            {
                return Err(folder.lacks_trust(format!(
                    "a provider from the hookcli.toml of the working tree may not use another provider's secret: `{}` and `{}` use the same environment variable",
                    folder.name(),
                    other.folder.name()
                )));
            }
            if trust.allows(Right::SharedSecrets) {
                self.entries
                    .retain(|entry| !is_close(entry) || may_share(entry));
            }
            match self.entries.iter().position(named) {
                None => self.entries.push(Entry::new(folder)),
                Some(at)
                    if trust.allows(Right::ReplaceProvider)
                        || !self.entries[at]
                            .folder
                            .trust()
                            .allows(Right::ReplaceProvider) =>
                {
                    self.entries[at] = Entry::new(folder);
                }
                Some(_) => {
                    return Err(folder.lacks_trust(
                        format!(
                            "the hookcli.toml of the working tree may not replace the built-in provider `{}`",
                            folder.name()
                        ),
                    ));
                }
            }
        }
        self.entries
            .sort_by(|a, b| a.folder.name().cmp(b.folder.name()));
        Ok(())
    }

    /// The same providers, of which the one of that name has another scheme than its folder says.
    #[must_use]
    pub fn with_scheme(&self, name: &str, scheme: Scheme) -> Self {
        let mut catalog = self.clone();
        let mut entries = catalog.entries.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.folder.name() == name) {
            *entry = Arc::new(Entry {
                folder: entry.folder.clone(),
                scheme: Some(scheme),
                parsed: OnceLock::new(),
            });
        }
        catalog
    }

    /// Every provider's name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.folder.name())
    }

    /// The provider of that name.
    pub fn provider(&self, name: &str) -> Result<Arc<Provider>, LookupError> {
        self.parse(self.entry(name)?).map_err(LookupError::Broken)
    }

    fn entry(&self, name: &str) -> Result<&Entry, LookupError> {
        self.entries
            .iter()
            .find(|entry| entry.folder.name() == name)
            .map(|entry| &**entry)
            .ok_or_else(|| unknown_provider(name, self.names()))
    }

    /// Every provider that can be read, and the errors of those that cannot.
    pub fn all(&self) -> (Vec<Arc<Provider>>, Vec<CatalogError>) {
        let mut providers = Vec::new();
        let mut errors = Vec::new();
        for entry in &self.entries {
            match self.parse(entry) {
                Ok(provider) => providers.push(provider),
                Err(error) => errors.push(error),
            }
        }
        (providers, errors)
    }

    pub(super) fn parse(&self, entry: &Entry) -> Result<Arc<Provider>, CatalogError> {
        entry
            .parsed
            .get_or_init(|| {
                let mut provider = self.read(entry)?;
                if let Some(scheme) = &entry.scheme {
                    provider.set_scheme(scheme.clone());
                }
                Ok(Arc::new(provider))
            })
            .clone()
    }

    fn read(&self, entry: &Entry) -> Result<Provider, CatalogError> {
        let base = |name: &str| {
            self.entries
                .iter()
                .find(|other| other.folder.name() == name && name != entry.folder.name())
                .map(|other| other.folder.clone())
        };
        Provider::read(entry.folder.clone(), base)
    }
}

/// What a provider's name has in common with others that have the same variable for their secret.
fn variable_part(name: &str) -> String {
    let plain = |character: char| match character.to_ascii_uppercase() {
        character if character.is_ascii_alphanumeric() => character,
        _ => '_',
    };
    name.chars().map(plain).collect()
}

impl Entry {
    fn new(folder: Folder) -> Arc<Self> {
        Arc::new(Self {
            folder,
            scheme: None,
            parsed: OnceLock::new(),
        })
    }
}
