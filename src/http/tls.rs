//! TLS for the client. Root certificates are loaded when an https URL is there to need them.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::TrustError;

/// Whom a client trusts, besides the system's roots.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// Takes any certificate.
    pub insecure: bool,
    /// More root certificates, as a PEM file.
    pub ca_file: Option<PathBuf>,
    pub names: Names,
}

/// Whether a certificate has to be that of the name that was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    #[default]
    Checked,
    /// Who signed it counts alone.
    Any,
}

/// The configuration for one client: the system's roots and those of the file, or no verification.
pub fn client_config(options: &TlsOptions) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(TrustError::Tls)?;
    if options.insecure {
        let roots = None;
        let verifier = Arc::new(AnyName { provider, roots });
        return Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // A root that rustls cannot read is one that nothing will be trusted by.
        let _ = roots.add(certificate);
    }
    if let Some(file) = &options.ca_file {
        let file = || file.clone();
        let unreadable = |source| TrustError::Unreadable {
            file: file(),
            source,
        };
        let certificates = CertificateDer::pem_file_iter(file())
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        if certificates.is_empty() {
            return Err(TrustError::Empty { file: file() });
        }
        for certificate in certificates {
            roots
                .add(certificate)
                .map_err(|source| TrustError::NoRoot {
                    file: file(),
                    source,
                })?;
        }
    }
    Ok(match options.names {
        Names::Checked => builder.with_root_certificates(roots).with_no_client_auth(),
        Names::Any => {
            let roots = Some(roots);
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyName { provider, roots }))
                .with_no_client_auth()
        }
    })
}

/// Takes a certificate of any name: one that these roots have signed, or any at all. Signatures of the handshake are still
/// checked.
#[derive(Debug)]
struct AnyName {
    provider: Arc<CryptoProvider>,
    roots: Option<RootCertStore>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(roots) = &self.roots {
            let algorithms = self.provider.signature_verification_algorithms.all;
            let own = ParsedCertificate::try_from(own)?;
            verify_server_cert_signed_by_trust_anchor(&own, roots, intermediates, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
