//! The certificates that servers of a command speak TLS with.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tokio_rustls::TlsAcceptor;

use super::Context;
use crate::exit::Failure;
use crate::receiver::{Pem, Protocol, acceptor, local_ca};

/// The local CA, and where its certificate is.
///
/// # Errors
/// HOME is not set, or it cannot be made or read.
pub fn authority(context: &Context) -> Result<(Pem, PathBuf), Failure> {
    let folder = context.settings.environment.data_dir().ok_or_else(|| {
        Failure::usage("HOME is not set, so the local CA cannot be stored")
            .hint("pass your own certificate with --cert and --key")
    })?;
    Ok(local_ca(&folder, Timestamp::now())?)
}

/// TLS with a certificate chain and a key in files.
///
/// # Errors
/// A file cannot be read, or the two do not belong together.
pub fn acceptor_of_files(
    certificate: &Path,
    key: &Path,
    protocols: &[Protocol],
) -> Result<TlsAcceptor, Failure> {
    let read = |file: &Path| {
        std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
    };
    let pem = Pem {
        certificates: read(certificate)?,
        key: read(key)?,
    };
    acceptor(&pem, protocols).map_err(|why| {
        let (certificate, key) = (certificate.display(), key.display());
        Failure::usage(format!("{certificate} and {key}: {why}"))
    })
}
