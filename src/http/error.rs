//! Why a client cannot be created, or a document cannot be fetched.

use std::path::PathBuf;
use std::time::Duration;

use rustls::pki_types::pem;

/// Why no one can be trusted as the options say.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("TLS could not be set up: {0}")]
    Tls(#[source] rustls::Error),
    #[error("the CA file {}: {source}", .file.display())]
    Unreadable {
        file: PathBuf,
        #[source]
        source: pem::Error,
    },
    #[error("the CA file {} contains no certificate in PEM format: use a file that starts with -----BEGIN CERTIFICATE-----", .file.display())]
    Empty { file: PathBuf },
    #[error("the CA file {}: {source}", .file.display())]
    NoRoot {
        file: PathBuf,
        #[source]
        source: rustls::Error,
    },
}

/// Options that a client cannot be made with.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// `destination` is shown without its credentials.
    #[error(
        "the proxy that the environment sets for {destination} is not an http:// proxy, and other kinds are not supported"
    )]
    Proxy { destination: String },
}

/// Why a document was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("there was no complete response within {} s", .0.as_secs())]
    Late(Duration),
    #[error("it answered {0}")]
    Status(u16),
    /// More bytes than are allowed, its content coding undone.
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// The look-up, the connection, a redirect: its innermost cause, for the outer ones repeat the URL, which may
    /// hold a key.
    #[error("{0}")]
    Failed(String),
}
