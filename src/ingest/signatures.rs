//! Verifies signatures with the secrets that are set.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use jiff::Timestamp;

use super::{InboundEndpoint, InboundEndpoints};
use crate::catalog::Provider;
use crate::model::{Request, Secret, suggest};
use crate::signature::{
    Envelope, Finding, PlainScheme, Scheme, SignatureFault, Subject, Verification, diagnose,
    signed_url, test_keys, verify,
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
    /// Providers whose secret is the public one, by their names.
    pub with_test_secret: HashSet<String>,
    /// Those that come to endpoints with a path have the secrets of these.
    pub endpoints: InboundEndpoints,
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
        !self.secrets.is_empty() || self.endpoints.have_secrets()
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

    /// What a request of that provider is verified with: the secrets of the endpoint that it came to, else those of
    /// the provider.
    pub fn secrets_of(&self, provider: &str, request: &Request) -> &[Secret] {
        if let Some(endpoint) = self.endpoint_of(request)
            && endpoint.provider.name == provider
        {
            return &endpoint.secrets;
        }
        let kept = self
            .keeper
            .as_ref()
            .filter(|keeper| keeper.provider == provider)
            .and_then(|keeper| keeper.kept.get());
        kept.or_else(|| self.secrets.get(provider))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether what verifies a request of that provider is the public secret, which proves nothing.
    pub(super) fn is_test_secret(&self, provider: &str, request: &Request) -> bool {
        match self.endpoint_of(request) {
            Some(endpoint) if endpoint.provider.name == provider => endpoint.is_test,
            _ => self.with_test_secret.contains(provider),
        }
    }

    /// The endpoint that a request came to, by its path.
    pub fn endpoint_of(&self, request: &Request) -> Option<&InboundEndpoint> {
        self.endpoints.of(&request.target)
    }

    /// What the signature of a request of that provider is worth.
    pub fn verify(&self, provider: &Provider, request: &Request, now: Timestamp) -> Verification {
        let scheme: Option<&Scheme> = provider.signature.as_ref().map(|facts| &facts.facts);
        let secrets = self.secrets_of(&provider.name, request);
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

    /// What is found of a request whose signature is not checked: that it is signed with the public test secret, or
    /// with a secret that is at hand and a plain scheme.
    pub fn recognise(
        &self,
        provider: Option<&Provider>,
        request: &Request,
        at: Timestamp,
        known: &[(String, Secret)],
    ) -> Option<Finding> {
        let scheme = provider.and_then(|provider| provider.signature.as_ref());
        if let Some(scheme) = scheme {
            let keys = test_keys(scheme).ok()?;
            let url = signed_url(self.public_url.as_deref(), self.is_https, request);
            let envelope = Envelope::of(request, url.as_deref());
            let verdict = verify(scheme, &[keys.verifying], envelope, &request.body, at);
            let is_test = matches!(verdict, Ok(Verification::Valid));
            return is_test.then(|| Finding {
                code: "test_secret",
                message: "it is signed with the public test secret of `hookcli send`: add --test-secret to verify it".to_owned(),
            });
        }
        plain_finding(request, at, known)
    }

    /// Whether [`Self::recognise`] may find something, by a look at the headers.
    pub(super) fn may_recognise(&self, provider: Option<&Provider>, request: &Request) -> bool {
        match provider {
            Some(provider) => provider.signature.is_some(),
            None => PlainScheme::may_be_in(request),
        }
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
        let secrets = self.secrets_of(&provider.name, request);
        let is_own = |one: &Secret| secrets.iter().any(|own| own.expose() == one.expose());
        let others = others.iter().filter(|(_, one)| !is_own(one));
        let others: Vec<(String, Secret)> = others.cloned().collect();
        let subject = Subject {
            scheme,
            secrets,
            envelope: Envelope::of(request, url.as_deref()),
            body: &request.body,
            now: at,
            others: &others,
            serializer: provider.body.serializer,
        };
        diagnose(&subject, &self.verify(provider, request, at))
    }
}

/// The plain scheme that a request follows under one of the known secrets.
pub fn plain_finding(
    request: &Request,
    at: Timestamp,
    known: &[(String, Secret)],
) -> Option<Finding> {
    let secrets: Vec<&Secret> = known.iter().map(|(_, secret)| secret).collect();
    let (plain, index) = PlainScheme::of(request, &secrets, at)?;
    let from = &known[index].0;
    let next = match plain.options() {
        Some(options) => format!("add {}", options.join(" ")),
        None => {
            let mut words = vec!["providers", "new", "acme", "--from", "last"];
            match from.strip_prefix("--secret-env ") {
                Some(name) => words.extend(["--secret-env", name]),
                None if from.starts_with("HOOKCLI_SECRET") => words.extend(["--secret-env", from]),
                None => {}
            }
            format!("make a provider of it with `{}`", suggest(words))
        }
    };
    Some(Finding {
        code: "plain_scheme",
        message: format!("it is signed with {plain}, by the secret of {from}: {next}"),
    })
}
