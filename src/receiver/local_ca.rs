//! The local CA: made once, kept in a folder of the user's, installed nowhere.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{CertificateError, Pem, new_authority};

/// Why the local CA cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LocalCaError {
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("{}: {source}", .path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "{} can be read by other users, who could then impersonate this machine's local servers",
        .0.display()
    )]
    KeyIsOpen(PathBuf),
}

/// The CA of a folder, made at `now` where there is none yet; and where its certificate is.
pub fn local_ca(folder: &Path, now: Timestamp) -> Result<(Pem, PathBuf), LocalCaError> {
    let (certificate, key) = (folder.join("ca.pem"), folder.join("ca.key"));
    if !key.exists() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|source| refused(folder, source))?;
        let made = new_authority(now)?;
        // The key comes last: whoever finds it finds the certificate, too.
        write(&certificate, &made.certificates, 0o644)?;
        write(&key, &made.key, 0o600)?;
    }
    let metadata = std::fs::metadata(&key).map_err(|source| refused(&key, source))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(LocalCaError::KeyIsOpen(key));
    }
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|source| refused(path, source));
    let pem = Pem {
        certificates: read(&certificate)?,
        key: read(&key)?,
    };
    Ok((pem, certificate))
}

/// Writes a file completely or not at all; a file that exists belongs to another process and is kept.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), LocalCaError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = folder.join(format!(".{}.{}", std::process::id(), fastrand::u64(..)));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)
        .map_err(|source| refused(&temporary, source))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|source| refused(path, source))
}

fn refused(path: &Path, source: std::io::Error) -> LocalCaError {
    LocalCaError::File {
        path: path.to_owned(),
        source,
    }
}
