//! Finds the provider of a request.

use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{Provider, Recogniser};
use crate::model::{Request, Secret};
use crate::payload::Document;
use crate::signature::{Envelope, SignatureFault, Verification, verify};

/// The secrets that are set for a provider.
pub type SecretsOf<'s> = &'s dyn Fn(&Provider) -> Vec<Secret>;

/// What a request's provider was found by.
pub enum Attribution {
    /// Its headers or its body name one provider.
    Recognised(Arc<Provider>),
    /// The signature follows the schemes of these under the secrets that are set; there is one at least.
    Followed(Vec<Arc<Provider>>),
    /// It may be from any of these.
    Ambiguous(Vec<Arc<Provider>>),
    Unknown,
}

/// A request, and what its signature is verified by.
#[derive(Clone, Copy)]
pub struct Unattributed<'r> {
    pub request: &'r Request,
    /// The URL as a signature may cover it.
    pub url: Option<&'r str>,
    /// When it came.
    pub at: Timestamp,
}

impl Unattributed<'_> {
    /// Finds the provider: the recognised one, else those whose scheme the signature follows.
    pub fn attribute(&self, providers: &[Arc<Provider>], secrets: SecretsOf<'_>) -> Attribution {
        let document = Document::parse(&self.request.body).ok();
        let recogniser = Recogniser::new(providers.to_vec());
        let mut found = recogniser.recognise(&self.request.headers, document.as_ref());
        if found.len() == 1 {
            return Attribution::Recognised(found.remove(0));
        }
        let among = if found.is_empty() { providers } else { &found };
        let following: Vec<Arc<Provider>> = among
            .iter()
            .filter(|provider| self.follows(provider, &secrets(provider)))
            .cloned()
            .collect();
        match (following.is_empty(), found.is_empty()) {
            (false, _) => Attribution::Followed(following),
            (true, true) => Attribution::Unknown,
            (true, false) => Attribution::Ambiguous(found),
        }
    }

    /// Whether the signature follows the provider's scheme under one of the secrets, whatever its age.
    pub fn follows(&self, provider: &Provider, secrets: &[Secret]) -> bool {
        let Some(scheme) = &provider.signature else {
            return false;
        };
        let envelope = Envelope::of(self.request, self.url);
        let verdict = verify(scheme, secrets, envelope, &self.request.body, self.at);
        matches!(
            verdict,
            Ok(Verification::Valid
                | Verification::Invalid(
                    SignatureFault::TooOld { .. } | SignatureFault::TooNew { .. }
                ))
        )
    }
}
