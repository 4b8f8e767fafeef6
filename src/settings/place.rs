//! Where captures and deliveries are kept: a file, or a database that is shared.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use crate::model::{InvalidText, Secret};
use crate::store::{Location, pass_file};

/// The variable with the password of a shared store, as libpq has it.
pub(super) const PASSWORD: &str = "PGPASSWORD";
/// The variable with the path of a file of passwords, as libpq has it.
const PASSWORD_FILE: &str = "PGPASSFILE";

/// Why it is not said where the store is.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error(transparent)]
    Invalid(#[from] InvalidText),
    #[error(
        "the URL of the store has the password in it, where others can see it: use PGPASSWORD or ~/.pgpass"
    )]
    PasswordInUrl,
    #[error(
        "the store cannot be at a URL with {0}://: use a file, or postgres://USER@HOST/DATABASE"
    )]
    Scheme(String),
    #[error("the URL of the store lacks a slash: use postgres://USER@HOST/DATABASE")]
    Slashes,
}

/// Where the store is.
#[derive(Clone, Debug)]
pub enum StorePlace {
    File(PathBuf),
    Shared(Box<Location>),
}

/// Who says where the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaidBy {
    /// Others on this machine see it in the list of processes.
    CommandLine,
    /// It is kept, and may be handed on.
    File,
    Environment,
}

/// Without a password.
impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Shared(location) => location.fmt(f),
        }
    }
}

impl StorePlace {
    /// Reads a path or a URL; a path is relative to that folder.
    pub(super) fn read(
        text: &str,
        folder: &Path,
        said_by: SaidBy,
        environment: &Environment,
        notes: &mut Vec<String>,
    ) -> Result<Self, PlaceError> {
        if !Location::is_one(text) {
            return match text.trim().split_once("://") {
                Some((scheme, _)) => Err(PlaceError::Scheme(scheme.to_owned())),
                // A path can be written as ./postgres:… where it is meant.
                None if text.trim().starts_with("postgres") && text.contains(":/") => {
                    Err(PlaceError::Slashes)
                }
                None => Ok(Self::File(folder.join(text))),
            };
        }
        let location = Location::parse(text)?;
        if location.has_password() && said_by != SaidBy::Environment {
            return Err(PlaceError::PasswordInUrl);
        }
        let password = password(&location, environment, notes);
        Ok(Self::Shared(Box::new(match password {
            Some(password) => location.with_password(&password),
            None => location,
        })))
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Shared(_) => None,
        }
    }
}

/// The password from the environment, or else from the file that libpq would read.
fn password(
    location: &Location,
    environment: &Environment,
    notes: &mut Vec<String>,
) -> Option<Secret> {
    if let Some(password) = environment.text(PASSWORD) {
        return Some(Secret::new(password));
    }
    let own = environment.path(PASSWORD_FILE);
    let file = own.or_else(|| Some(pass_file(&environment.home()?)))?;
    let metadata = std::fs::metadata(&file).ok()?;
    // As libpq does.
    if metadata.permissions().mode() & 0o077 != 0 {
        notes.push(format!(
            "{} is not read, because others may read it: chmod 600 it",
            file.display()
        ));
        return None;
    }
    let lines = std::fs::read_to_string(&file).ok()?;
    location.password_in(&lines)
}
