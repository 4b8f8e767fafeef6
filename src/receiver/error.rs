//! Why a receiver cannot use TLS.

use rustls::pki_types::pem;

/// Why a certificate cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Making one failed: the random source, or the authority's own key.
    #[error(transparent)]
    NotMade(#[from] rcgen::Error),
    #[error("the certificate cannot be read: {0}")]
    Certificate(#[source] pem::Error),
    #[error(
        "the file contains no certificate in PEM format: use a file that starts with -----BEGIN CERTIFICATE-----"
    )]
    NoCertificate,
    #[error("the key cannot be read: {0}")]
    Key(#[source] pem::Error),
    #[error(
        "the file contains no private key in PEM format, or it is encrypted (decrypt it with `openssl pkey -in KEY -out PLAIN`)"
    )]
    NoKey,
    #[error(
        "the key does not belong to the certificate: use the key that the certificate was made for"
    )]
    OtherKey,
    #[error("the certificate and the key cannot be used: {0}")]
    Unusable(#[source] rustls::Error),
    #[error("TLS could not be set up: {0}")]
    Tls(#[source] rustls::Error),
}
