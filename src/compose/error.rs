//! Why a request cannot be made, and notices about one that was made.

use crate::catalog::{BuildError, CatalogError, LookupError};
use crate::model::Verdict;
use crate::payload::{EditError, NotJson};
use crate::signature::{KeyError, SignError};

/// Why a request cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Whoever knows the secrets could not say them.
    #[error(transparent)]
    Secrets(Box<dyn std::error::Error + Send + Sync>),
    #[error("{provider} delivers only to https URLs, and {destination} is not one")]
    HttpsOnly {
        provider: String,
        destination: String,
    },
    #[error("{provider} never sends {event} on the platform {platform}, only on {senders}")]
    OtherPlatform {
        provider: String,
        event: String,
        platform: String,
        senders: String,
    },
    #[error("{event} does not match its schema: {violations}")]
    AgainstSchema { event: String, violations: String },
    #[error("{0}")]
    UnknownPath(String),
    #[error(
        "{provider} puts the secret itself into the request, and {destination} was chosen by the hookcli.toml of the working tree, so nothing was sent"
    )]
    SecretToFoundPlace {
        provider: String,
        destination: String,
    },
    #[error(
        "the hookcli.toml of the working tree chose both the signature scheme and {destination}, so nothing was signed"
    )]
    SchemeAndPlaceFound { destination: String },
    #[error("no secret to sign {title} events with is set, and {destination} is not this machine")]
    NoSecret {
        destination: String,
        /// The provider's name.
        provider: String,
        /// And its title.
        title: String,
    },
    #[error("the payload is not an object, so a field cannot be added")]
    NotAnObject,
    #[error("the payload cannot be written in another form: it is {0}")]
    NoOtherForm(#[from] NotJson),
    #[error("the payload cannot be compressed")]
    Compression(#[source] std::io::Error),
    #[error("the signature is inside the body, so it cannot be taken from another body")]
    SigningWritesBody,
    #[error("the scheme carries only one signature, so a second secret has no effect")]
    OneSignatureOnly,
    #[error(
        "{request} was exported without its token; it contains {} instead",
        crate::model::REDACTED
    )]
    Redacted { request: String },
    #[error("{request}: the body is not UTF-8 and cannot be edited")]
    NotText { request: String },
    #[error("{request} was {verdict} when it was received, and signing it would make it valid")]
    Unverified { request: String, verdict: Verdict },
    #[error("the provider of {request} is unknown, so there is no scheme to sign it with")]
    NoScheme { request: String },
}

/// What is worth saying of a request that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComposeNotice {
    /// It is signed with the secret that everyone knows.
    TestSecret {
        /// The provider's name.
        provider: String,
        /// What verifies it.
        secret: String,
    },
    /// The payload does not follow its event's schema.
    AgainstSchema { event: String, violations: String },
    /// What is to be set has no place in its event's schema.
    UnknownPath(String),
    /// It is to follow its schema, and has none.
    NoSchema { event: String },
    /// The payload that was given is not JSON.
    NotJson { why: String },
    /// The body is changed, and not signed again.
    SignatureKept,
    /// The provider does not list it.
    NotListed { provider: String, event: String },
    /// Its events are left out.
    ProviderBroken(CatalogError),
    /// Credentials are left out because the destination is another machine.
    CredentialsDropped {
        names: Vec<String>,
        destination: String,
    },
}
