//! Verifies signatures with the secrets that are set.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use jiff::Timestamp;

use crate::catalog::Provider;
use crate::model::{Request, Secret};
use crate::signature::{
    Envelope, Finding, Scheme, SignatureFault, Subject, Verification, diagnose, signed_url, verify,
};

/// Takes the secret of one provider's handshake: once, into a file that no one else can read.
pub struct SecretKeeper {
    provider: String,
    file: PathBuf,
    kept: OnceLock<Vec<Secret>>,
}

impl SecretKeeper {
    pub fn new(provider: String, file: PathBuf) -> Self {
        Self {
            provider,
            file,
            kept: OnceLock::new(),
        }
    }

    fn take(&self, provider: &str, secret: &str) -> Result<(), &'static str> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        if provider != self.provider {
            return Err("--handshake was not given for this provider");
        }
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.file);
        // A file that is there holds an earlier handshake's secret: this one would replace it.
        let mut file =
            file.map_err(|_| "a secret was already stored, or its file could not be created")?;
        file.write_all(secret.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|_| "the secret's file could not be written")?;
        self.kept
            .set(vec![Secret::new(secret)])
            .map_err(|_| "a secret was already stored")
    }
}

/// What signatures are verified with.
#[derive(Default)]
pub struct SignatureCheck {
    /// The secrets of each provider, by its name.
    pub secrets: HashMap<String, Vec<Secret>>,
    /// Where a secret that a handshake brings is kept; none: it is not taken.
    pub keeper: Option<SecretKeeper>,
    /// The URL under which senders know this server.
    pub public_url: Option<String>,
    /// It is spoken to in TLS.
    pub is_https: bool,
}

impl SignatureCheck {
    pub(super) fn has_secret_of(&self, provider: &str) -> bool {
        self.secrets.contains_key(provider)
    }

    pub(super) fn has_any_secret(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Whether secrets that handshakes bring are taken.
    pub(super) fn takes_secrets(&self) -> bool {
        self.keeper.is_some()
    }

    /// Keeps a secret that a handshake brought.
    pub(super) fn take_secret(&self, provider: &str, secret: &str) -> Result<(), &'static str> {
        match &self.keeper {
            Some(keeper) => keeper.take(provider, secret),
            None => Ok(()),
        }
    }

    /// What a provider's requests are verified with.
    pub fn secrets_of(&self, provider: &str) -> &[Secret] {
        let kept = self
            .keeper
            .as_ref()
            .filter(|keeper| keeper.provider == provider)
            .and_then(|keeper| keeper.kept.get());
        kept.or_else(|| self.secrets.get(provider))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// What the signature of a request of that provider is worth.
    pub fn verify(&self, provider: &Provider, request: &Request, now: Timestamp) -> Verification {
        let scheme: Option<&Scheme> = provider.signature.as_ref().map(|facts| &facts.facts);
        let secrets = self.secrets_of(&provider.name);
        let Some(scheme) = scheme.filter(|_| !secrets.is_empty()) else {
            return Verification::Unchecked;
        };
        let url = scheme
            .needs_url()
            .then(|| signed_url(self.public_url.as_deref(), self.is_https, request))
            .flatten();
        let envelope = Envelope::of(request, url.as_deref());
        // Without a key of the scheme's form, or the URL that it signs, nothing can be said to match.
        verify(scheme, secrets, envelope, &request.body, now)
            .unwrap_or(Verification::Invalid(SignatureFault::Mismatch))
    }

    /// Why a request of that provider does not verify.
    pub fn diagnose(
        &self,
        provider: &Provider,
        request: &Request,
        at: Timestamp,
        others: &[(String, Secret)],
    ) -> Vec<Finding> {
        let Some(scheme) = provider.signature.as_ref() else {
            return Vec::new();
        };
        let url = signed_url(self.public_url.as_deref(), self.is_https, request);
        let subject = Subject {
            scheme,
            secrets: self.secrets_of(&provider.name),
            envelope: Envelope::of(request, url.as_deref()),
            body: &request.body,
            now: at,
            others,
            serializer: provider.body.serializer,
        };
        diagnose(&subject, &self.verify(provider, request, at))
    }
}
