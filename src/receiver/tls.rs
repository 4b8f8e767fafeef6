//! TLS for servers.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::CertificateError;
use super::authority::Pem;

/// A protocol that is agreed on with TLS (ALPN, RFC 7301).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Http1,
    Http2,
}

/// What a connection begins with when it is to be TLS; of the protocols the first that the client knows is spoken.
///
/// # Errors
/// A certificate or key that cannot be read, or that do not belong together.
pub fn acceptor(identity: &Pem, protocols: &[Protocol]) -> Result<TlsAcceptor, CertificateError> {
    let certificates = CertificateDer::pem_slice_iter(identity.certificates.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(CertificateError::Certificate)?;
    if certificates.is_empty() {
        return Err(CertificateError::NoCertificate);
    }
    let key =
        PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(|error| match error {
            pem::Error::NoItemsFound => CertificateError::NoKey,
            error => CertificateError::Key(error),
        })?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(CertificateError::Tls)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => CertificateError::OtherKey,
            error => CertificateError::Unusable(error),
        })?;
    let names = protocols.iter().map(|protocol| match protocol {
        Protocol::Http1 => b"http/1.1".to_vec(),
        Protocol::Http2 => b"h2".to_vec(),
    });
    config.alpn_protocols = names.collect();
    Ok(TlsAcceptor::from(Arc::new(config)))
}
