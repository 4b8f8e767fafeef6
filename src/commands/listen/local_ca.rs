//! The local CA of `listen --tls`: made once, kept in the user's data folder, installed nowhere.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::context::Context;
use crate::exit::Failure;
use crate::receiver::{Pem, new_authority};

/// The CA, made where there is none yet; and where its certificate is.
pub fn local_ca(context: &Context) -> Result<(Pem, PathBuf), Failure> {
    let folder = context.settings.environment.data_dir().ok_or_else(|| {
        Failure::usage("HOME is not set, so the local CA cannot be stored")
            .hint("give a certificate of your own with --cert and --key")
    })?;
    let (certificate, key) = (folder.join("ca.pem"), folder.join("ca.key"));
    if !key.exists() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| refused(&folder, &error))?;
        let made = new_authority(Timestamp::now()).map_err(Failure::machine)?;
        // The key comes last: whoever finds it finds the certificate, too.
        write(&certificate, &made.certificates, 0o644)?;
        write(&key, &made.key, 0o600)?;
    }
    let metadata = std::fs::metadata(&key).map_err(|error| refused(&key, &error))?;
    if metadata.mode() & 0o077 != 0 {
        return Err(Failure::usage(format!(
            "{} can be read by others: whoever has it can pretend to be this machine's local servers",
            key.display()
        ))
        .hint("remove ca.pem and ca.key beside it for a new CA"));
    }
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| refused(path, &error));
    let pem = Pem {
        certificates: read(&certificate)?,
        key: read(&key)?,
    };
    Ok((pem, certificate))
}

/// Writes a file that is there as a whole or not at all; one that is there is another process's.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = folder.join(format!(".{}.{}", std::process::id(), fastrand::u64(..)));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)
        .map_err(|error| refused(&temporary, &error))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::machine(format!("{}: {error}", path.display()))
}
