//! Files that no one else can read, written as a whole or not at all: captures are other people's data.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that takes its place once all of it is written.
pub struct PrivateFile {
    target: FileTarget,
}

enum FileTarget {
    /// Something that is not a regular file, such as `/dev/stdout`, is written to directly.
    Open(File),
    New {
        temporary: NamedTempFile,
        path: PathBuf,
        mode: u32,
    },
}

impl PrivateFile {
    /// What is there is replaced at the end, and no mode is widened. A link is followed only where it `may_follow`:
    /// someone else may have laid it.
    pub fn create(path: &Path, may_follow: bool) -> io::Result<Self> {
        let there = std::fs::symlink_metadata(path).ok();
        let is_link = there.as_ref().is_some_and(std::fs::Metadata::is_symlink);
        if is_link && !may_follow {
            return Err(io::Error::other(
                "it is a symbolic link, and secrets are not written through one; use the path of the file itself",
            ));
        }
        let path = if is_link {
            // One that leads nowhere yet is written to where it leads.
            std::fs::canonicalize(path).or_else(|_| std::fs::read_link(path))?
        } else {
            path.to_owned()
        };
        let mode = match std::fs::metadata(&path) {
            Ok(metadata) if !metadata.is_file() => {
                let target = FileTarget::Open(OpenOptions::new().write(true).open(&path)?);
                return Ok(Self { target });
            }
            Ok(metadata) => metadata.permissions().mode() & 0o600,
            Err(_) => 0o600,
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // Made with mode 0600.
        let temporary = NamedTempFile::new_in(folder)?;
        Ok(Self {
            target: FileTarget::New {
                temporary,
                path,
                mode,
            },
        })
    }

    /// Puts the file in its place.
    pub fn finish(self) -> io::Result<()> {
        match self.target {
            FileTarget::Open(mut file) => file.flush(),
            FileTarget::New {
                temporary,
                path,
                mode,
            } => {
                let permissions = Permissions::from_mode(mode);
                temporary.as_file().set_permissions(permissions)?;
                temporary.persist(&path).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            FileTarget::Open(file) => file.write(bytes),
            FileTarget::New { temporary, .. } => temporary.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            FileTarget::Open(file) => file.flush(),
            FileTarget::New { temporary, .. } => temporary.flush(),
        }
    }
}

/// Writes a whole file at once.
pub fn write_private(path: &Path, bytes: &[u8], may_follow: bool) -> io::Result<()> {
    let mut file = PrivateFile::create(path, may_follow)?;
    file.write_all(bytes)?;
    file.finish()
}

/// Writes a file as a whole or not at all.
pub fn write_atomically(file: &Path, text: &str) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let temporary = NamedTempFile::new_in(folder);
    // Its own message names the folder twice.
    let mut temporary = temporary.map_err(|error| io::Error::from(error.kind()))?;
    temporary.write_all(text.as_bytes())?;
    temporary.persist(file)?;
    Ok(())
}
