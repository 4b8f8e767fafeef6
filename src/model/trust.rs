//! What a settings file or a provider's folder may decide, by how far it is trusted. This is the one place that says
//! so; every check asks [`Trust::allows`].

/// How far a file or a folder is trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// No one: it was found upward from the working directory, or a file that was names it. Whoever wrote the
    /// repository wrote it.
    #[default]
    FoundUpward,
    /// The user's own config file and folder, and what is embedded.
    Own,
    /// Named with a flag or a variable.
    Given,
}

/// What a file or a folder may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Where the store is.
    Store,
    /// How much a new store keeps.
    Retention,
    /// Which address a listener has.
    BindAddress,
    /// Secrets from files.
    SecretFiles,
    /// Taking any certificate.
    SkipTlsVerification,
    /// Replacing an embedded provider.
    ReplaceProvider,
    /// Being recognised although an embedded provider's signature is there.
    OutrankProvider,
    /// The secrets and tokens of all providers (`HOOKCLI_SECRET`, `HOOKCLI_VERIFY_TOKEN`, `--secret` of a
    /// listener), and those of others (`HOOKCLI_SECRET_<OTHER>`).
    SharedSecrets,
    /// Answering a handshake with an HMAC.
    SignHandshakes,
    /// Headers of an answer that do something in a browser.
    PageHeaders,
    /// Sending a secret, or a signature made with its own scheme, to another machine that it chose.
    SignElsewhere,
    /// Forwarding to other machines.
    ForwardElsewhere,
}

impl Trust {
    /// Whether that trust may decide that.
    pub fn allows(self, right: Right) -> bool {
        match right {
            Right::Store
            | Right::Retention
            | Right::BindAddress
            | Right::SecretFiles
            | Right::SkipTlsVerification
            | Right::ReplaceProvider
            | Right::OutrankProvider
            | Right::SharedSecrets
            | Right::SignHandshakes
            | Right::PageHeaders
            | Right::SignElsewhere
            | Right::ForwardElsewhere => self != Self::FoundUpward,
        }
    }
}

/// Whether a header of an answer does nothing in a browser: lets no page read it, sets no cookie, and makes no page
/// of the answer. What is not known to be harmless is not.
pub fn is_harmless_header(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if name == "content-type" {
        let kind = value.split(';').next().unwrap_or_default();
        return matches!(
            kind.trim().to_ascii_lowercase().as_str(),
            "text/plain" | "application/json" | "application/problem+json"
        );
    }
    let is_own =
        name.starts_with("x-") && !name.starts_with("x-frame-") && !name.starts_with("x-content-");
    is_own || name == "retry-after" || name.starts_with("ratelimit")
}
