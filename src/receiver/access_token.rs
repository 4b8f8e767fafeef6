//! The token that lets the page and scripts use the API: one for each store, so that a restart finds them again.

use std::fmt;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::ConstantTimeEq as _;

use crate::model::Secret;

/// How many bytes of the system's randomness it is; it is written in hex.
const BYTES: usize = 32;

/// A random text that is as good as a password for what is stored.
#[derive(Clone)]
pub struct AccessToken(Secret);

/// Why a token's file is not used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("{}: {source}", .file.display())]
    File {
        file: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: other users can read it; remove it, or run chmod 600 on it", .0.display())]
    Readable(PathBuf),
    #[error("{}: it does not hold a token; remove it", .0.display())]
    NoToken(PathBuf),
    #[error("the system has no randomness for a token")]
    NoRandomness,
}

impl AccessToken {
    /// A new one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new() -> Result<Self, TokenError> {
        let mut bytes = [0; BYTES];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| TokenError::NoRandomness)?;
        Ok(Self(Secret::new(hex::encode(bytes))))
    }

    /// The one of the file, which is made where there is none, or where a new one is wanted.
    ///
    /// # Errors
    /// The file cannot be read or written, is not one, or is there for others to read.
    pub fn of_file(file: &Path, is_new: bool) -> Result<Self, TokenError> {
        let failed = |source| TokenError::File {
            file: file.to_owned(),
            source,
        };
        if is_new {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
        match std::fs::File::open(file) {
            Ok(opened) => Self::read(opened, file),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let token = Self::new()?;
                let written = std::fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(file)
                    .and_then(|mut file| file.write_all(token.0.expose()));
                match written {
                    Ok(()) => Ok(token),
                    // Another process was faster.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                        Self::read(std::fs::File::open(file).map_err(failed)?, file)
                    }
                    Err(error) => Err(failed(error)),
                }
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn read(opened: std::fs::File, file: &Path) -> Result<Self, TokenError> {
        let failed = |source| TokenError::File {
            file: file.to_owned(),
            source,
        };
        let metadata = opened.metadata().map_err(failed)?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(TokenError::Readable(file.to_owned()));
        }
        let mut text = String::new();
        let most = 4 * BYTES as u64;
        opened
            .take(most)
            .read_to_string(&mut text)
            .map_err(failed)?;
        let text = text.trim();
        let is_token = text.len() == 2 * BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_token {
            true => Ok(Self(Secret::new(text))),
            false => Err(TokenError::NoToken(file.to_owned())),
        }
    }

    /// Whether someone has it; takes as long whatever is wrong with another.
    pub fn is(&self, given: &str) -> bool {
        self.0.expose().ct_eq(given.as_bytes()).into()
    }

    /// The text itself, for the URL that the user opens.
    pub fn expose(&self) -> String {
        String::from_utf8_lossy(self.0.expose()).into_owned()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_the_token_and_no_one_else_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let of_file = |is_new| AccessToken::of_file(&file, is_new);
        let first = of_file(false).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(of_file(false).unwrap().is(&first.expose()));
        assert!(!first.is("") && !first.is(&"a".repeat(2 * BYTES)));
        let second = of_file(true).unwrap();
        assert!(!second.is(&first.expose()));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(of_file(false), Err(TokenError::Readable(_))));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&file, "short").unwrap();
        assert!(matches!(of_file(false), Err(TokenError::NoToken(_))));
        assert!(format!("{second:?}") == "AccessToken", "it is not printed");
    }
}
