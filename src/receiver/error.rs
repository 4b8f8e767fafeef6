//! What keeps a receiver from speaking TLS.

use rustls::pki_types::pem;

/// Why a certificate cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Making one failed: the random source, or the authority's own key.
    #[error(transparent)]
    NotMade(#[from] rcgen::Error),
    #[error("the certificate cannot be read: {0}")]
    Certificate(#[source] pem::Error),
    #[error("there is no certificate in PEM form")]
    NoCertificate,
    #[error("the key cannot be read: {0}")]
    Key(#[source] pem::Error),
    #[error(
        "there is no private key in PEM form, or it is encrypted (`openssl pkey -in KEY -out PLAIN` decrypts it)"
    )]
    NoKey,
    #[error("the key is not that of the certificate")]
    OtherKey,
    #[error("the certificate and the key cannot be used: {0}")]
    Unusable(#[source] rustls::Error),
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] rustls::Error),
}
