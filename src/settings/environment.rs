//! The environment of the process as plain data, so that a test can pass its own.

use std::collections::HashMap;
use std::path::PathBuf;

/// Environment variables and the working directory. `Debug` shows no values: some are secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: HashMap<String, String>,
    pub working_dir: PathBuf,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.len())
            .field("working_dir", &self.working_dir)
            .finish()
    }
}

impl Environment {
    /// The process's own. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self {
            variables: variables.collect(),
            working_dir: std::env::current_dir().unwrap_or_default(),
        }
    }

    pub fn new(
        variables: impl IntoIterator<Item = (String, String)>,
        working_dir: PathBuf,
    ) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            working_dir,
        }
    }

    /// A variable that is set and not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.variables
            .get(name)
            .filter(|value| !value.is_empty())
            .cloned()
    }

    /// The names of all variables, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.variables.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// Several paths, separated as in `PATH`.
    pub(super) fn paths(&self, name: &str) -> Vec<PathBuf> {
        self.text(name)
            .map(|list| {
                std::env::split_paths(&list)
                    .filter(|path| !path.as_os_str().is_empty())
                    .collect()
            })
            .unwrap_or_default()
    }

    pub fn home(&self) -> Option<PathBuf> {
        self.path("HOME")
    }

    pub(super) fn user_config_dir(&self) -> Option<PathBuf> {
        let own = self
            .path("XDG_CONFIG_HOME")
            .filter(|path| path.is_absolute());
        own.or_else(|| Some(self.home()?.join(".config")))
            .map(|dir| dir.join("hookcli"))
    }

    pub(super) fn default_store(&self) -> Option<PathBuf> {
        Some(self.data_dir()?.join("store.db"))
    }

    /// The folder of the user's own data (XDG Base Directory Specification).
    pub fn data_dir(&self) -> Option<PathBuf> {
        let data = match self.path("XDG_DATA_HOME").filter(|path| path.is_absolute()) {
            Some(data) => data,
            None if cfg!(target_os = "macos") => self.home()?.join("Library/Application Support"),
            None => self.home()?.join(".local/share"),
        };
        Some(data.join("hookcli"))
    }
}
