//! TLS for the receiver, with HTTP/2 where the sender wants it (ALPN, RFC 7301).

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::authority::Pem;

/// What a connection begins with when it is to be TLS.
///
/// # Errors
/// A certificate or key that cannot be read, or that do not belong together, as a sentence.
pub fn acceptor(pem: &Pem) -> Result<TlsAcceptor, String> {
    let certificates = CertificateDer::pem_slice_iter(pem.certificates.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("the certificate cannot be read: {error}"))?;
    if certificates.is_empty() {
        return Err("there is no certificate in PEM form".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(pem.key.as_bytes()).map_err(|error| match error {
        rustls::pki_types::pem::Error::NoItemsFound => {
            "there is no private key in PEM form, or it is encrypted (`openssl pkey -in KEY -out PLAIN` decrypts it)"
                .to_owned()
        }
        error => format!("the key cannot be read: {error}"),
    })?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                "the key is not that of the certificate".to_owned()
            }
            error => format!("the certificate and the key cannot be used: {error}"),
        })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
