//! Which secret signs or verifies: flags first, then the environment, then the endpoint.

use std::path::{Path, PathBuf};

use super::file::Endpoint;
use super::{Environment, Settings};
use crate::catalog::Provider;
use crate::model::{Right, Secret};

/// `--secret`, `--secret-file` and `--secret-env`, each of them any number of times.
#[derive(Clone, Debug, Default)]
pub struct SecretFlags {
    pub literal: Vec<Secret>,
    pub files: Vec<PathBuf>,
    pub variables: Vec<String>,
}

/// Why a named secret could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the secret is empty: set a secret that is not empty")]
    Empty,
    /// Without the name, where that may be the secret itself.
    #[error(
        "the environment variable {} is not set: set it to the secret",
        .0.as_deref().unwrap_or("that was named")
    )]
    NotSet(Option<String>),
    #[error("the secret file {}: {source}", .path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the secret file {} is empty: add the secret to it", .0.display())]
    EmptyFile(PathBuf),
    #[error(
        "an endpoint of the hookcli.toml of the working tree may not use {0}, which belongs to another provider; pass the secret with --secret-env, or trust the file with --config"
    )]
    AnothersVariable(String),
    #[error(
        "{provider} signs with one secret, but {given} are given, the first with {first}: give the one to sign with"
    )]
    OneSignature {
        provider: String,
        given: usize,
        /// The flag that gave the first.
        first: String,
    },
}

impl SecretFlags {
    pub fn is_empty(&self) -> bool {
        self.literal.is_empty() && self.files.is_empty() && self.variables.is_empty()
    }

    /// The flag that gives the first secret, without the secret itself.
    fn first(&self) -> String {
        match (
            self.literal.first(),
            self.files.first(),
            self.variables.first(),
        ) {
            (Some(_), ..) => "--secret".to_owned(),
            (None, Some(file), _) => format!("--secret-file {}", file.display()),
            (None, None, Some(name)) => format!("--secret-env {name}"),
            (None, None, None) => "the settings".to_owned(),
        }
    }

    /// # Errors
    /// A file or a variable that is not there, or is empty.
    pub fn read(&self, environment: &Environment) -> Result<Vec<Secret>, SecretError> {
        let mut secrets = self.literal.clone();
        for file in &self.files {
            secrets.push(from_file(file)?);
        }
        for name in &self.variables {
            secrets.push(from_variable(environment, name)?);
        }
        if secrets.iter().any(Secret::is_empty) {
            return Err(SecretError::Empty);
        }
        Ok(secrets)
    }
}

impl Settings {
    /// The secrets for a provider and, where one is used, an endpoint.
    pub fn secrets(
        &self,
        flags: &SecretFlags,
        provider: Option<&Provider>,
        endpoint: Option<&Endpoint>,
    ) -> Result<Vec<Secret>, SecretError> {
        if !flags.is_empty() {
            return flags.read(&self.environment);
        }
        if let Some(endpoint) = endpoint {
            // What is meant for one endpoint comes before what is meant for all.
            match self.own_secret(provider, endpoint) {
                Some(Ok(secret)) => return Ok(vec![secret]),
                Some(Err(error @ (SecretError::NotSet(_) | SecretError::AnothersVariable(_)))) => {
                    let shared = self.shared_secret(provider, Some(endpoint));
                    return shared.map(|secret| vec![secret]).ok_or(error);
                }
                Some(Err(error)) => return Err(error),
                None => {}
            }
        }
        Ok(self.shared_secret(provider, endpoint).into_iter().collect())
    }

    /// The secret that an endpoint names, if it names one.
    fn own_secret(
        &self,
        provider: Option<&Provider>,
        endpoint: &Endpoint,
    ) -> Option<Result<Secret, SecretError>> {
        match (&endpoint.secret_env, &endpoint.secret_file) {
            (Some(name), _) => {
                let is_ours =
                    name.starts_with("HOOKCLI_SECRET") || name.starts_with("HOOKCLI_VERIFY_TOKEN");
                // A scheme that someone else wrote has the secrets that are meant for it.
                let variable = provider
                    .filter(|_| !is_scheme_found(endpoint))
                    .map(|provider| variable_of(&provider.name));
                if is_ours
                    && variable.as_ref() != Some(name)
                    && !endpoint.trust.allows(Right::SharedSecrets)
                {
                    return Some(Err(SecretError::AnothersVariable(name.clone())));
                }
                Some(from_variable(&self.environment, name))
            }
            (None, Some(file)) => Some(from_file(file)),
            (None, None) => None,
        }
    }

    /// The secret of a provider's own variable, else of the one for all.
    fn shared_secret(
        &self,
        provider: Option<&Provider>,
        endpoint: Option<&Endpoint>,
    ) -> Option<Secret> {
        // A scheme that someone else wrote could have anything signed: it has the secrets that are meant for it.
        let is_scheme_found = endpoint.is_some_and(is_scheme_found);
        let may_share = !is_scheme_found
            && provider.is_none_or(|provider| provider.allows(Right::SharedSecrets));
        let own = provider.filter(|_| !is_scheme_found).and_then(|provider| {
            let variable = variable_of(&provider.name);
            self.environment.text(&variable)
        });
        let shared = || {
            let shared = self.environment.text("HOOKCLI_SECRET");
            shared.filter(|_| may_share)
        };
        own.or_else(shared).map(Secret::new)
    }

    /// The secrets that sign for a provider: several only where a request can hold several signatures.
    ///
    /// # Errors
    /// Those of [`Settings::secrets`], and several where one signs.
    pub fn signing_secrets(
        &self,
        flags: &SecretFlags,
        provider: &Provider,
        endpoint: Option<&Endpoint>,
    ) -> Result<Vec<Secret>, SecretError> {
        let secrets = self.secrets(flags, Some(provider), endpoint)?;
        let scheme = provider.signature.as_ref();
        match secrets.len() {
            given @ 2.. if scheme.is_some_and(|scheme| !scheme.carries_several()) => {
                Err(SecretError::OneSignature {
                    provider: provider.name.clone(),
                    given,
                    first: flags.first(),
                })
            }
            _ => Ok(secrets),
        }
    }

    /// Every secret that is set here, each with where it is from: to say whose it is that signed.
    pub fn all_secrets(&self) -> Vec<(String, Secret)> {
        let mut all: Vec<(String, Secret)> = self
            .environment
            .names()
            .filter(|name| name.starts_with("HOOKCLI_SECRET"))
            .filter_map(|name| Some((name.to_owned(), Secret::new(self.environment.text(name)?))))
            .collect();
        for (name, endpoint) in &self.endpoints {
            let secret = match (&endpoint.secret_env, &endpoint.secret_file) {
                (Some(variable), _) => from_variable(&self.environment, variable),
                (None, Some(file)) => from_file(file),
                (None, None) => continue,
            };
            // What is not set or not there explains nothing.
            all.extend(
                secret
                    .ok()
                    .map(|secret| (format!("the endpoint {name}"), secret)),
            );
        }
        all
    }

    /// Those of [`Settings::all_secrets`], after those of the flags.
    pub fn known_secrets(&self, flags: &SecretFlags) -> Vec<(String, Secret)> {
        // What cannot be read was said where it was needed.
        let given = flags.read(&self.environment).unwrap_or_default();
        let given = given.into_iter().map(|secret| (flags.first(), secret));
        given.chain(self.all_secrets()).collect()
    }

    /// The verify token that was agreed on with a provider for its handshake, where one is set:
    /// `HOOKCLI_VERIFY_TOKEN_<PROVIDER>` or `HOOKCLI_VERIFY_TOKEN`.
    pub fn verify_token(&self, provider: &Provider) -> Option<Secret> {
        let own = variable_of(&provider.name).replacen("SECRET", "VERIFY_TOKEN", 1);
        let shared = || {
            let token = self.environment.text("HOOKCLI_VERIFY_TOKEN");
            token.filter(|_| provider.allows(Right::SharedSecrets))
        };
        let token = self.environment.text(&own);
        token.or_else(shared).map(Secret::new)
    }

    /// What a listener may verify with, from any sender: any provider's own variable counts for it alone. Secrets
    /// that are given with flags are for all providers, but for one that is not trusted and no one named.
    pub fn secrets_for_listening(
        &self,
        flags: &SecretFlags,
        provider: &Provider,
        is_given: bool,
    ) -> Result<Vec<Secret>, SecretError> {
        let nothing = SecretFlags::default();
        let flags = if is_given || provider.allows(Right::SharedSecrets) {
            flags
        } else {
            &nothing
        };
        let mut found = self.secrets(flags, Some(provider), None)?;
        if found.is_empty() {
            // One with a path has its secret for what comes there.
            for endpoint in self.endpoints.values().filter(|endpoint| {
                endpoint.path.is_none() && endpoint.provider.as_ref() == Some(&provider.name)
            }) {
                // An endpoint whose variable is not set has nothing to say here.
                if let Ok(more) = self.secrets(flags, Some(provider), Some(endpoint)) {
                    found.extend(more);
                }
            }
        }
        Ok(found)
    }
}

/// The endpoint has a scheme of its own, in a file that was merely found.
fn is_scheme_found(endpoint: &Endpoint) -> bool {
    endpoint.signature.is_some() && !endpoint.trust.allows(Right::SharedSecrets)
}

/// `HOOKCLI_SECRET_<PROVIDER>`: upper case, anything but letters and digits as `_`.
pub fn variable_of(provider: &str) -> String {
    let name: String = provider
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("HOOKCLI_SECRET_{name}")
}

fn from_variable(environment: &Environment, name: &str) -> Result<Secret, SecretError> {
    let text = environment.text(name);
    text.map(Secret::new).ok_or_else(|| {
        // What does not look like a variable's name may be the key itself, given by mistake.
        let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_name = name.bytes().all(plain);
        SecretError::NotSet(is_name.then(|| name.to_owned()))
    })
}

/// A file's content without the line break at its end, which editors add.
fn from_file(path: &Path) -> Result<Secret, SecretError> {
    let text = std::fs::read(path).map_err(|source| SecretError::File {
        path: path.to_owned(),
        source,
    })?;
    let text = text.strip_suffix(b"\n").unwrap_or(&text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.is_empty() {
        return Err(SecretError::EmptyFile(path.to_owned()));
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_variable_is_its_name_in_capitals() {
        assert_eq!(
            variable_of("standard-webhooks.v1"),
            "HOOKCLI_SECRET_STANDARD_WEBHOOKS_V1"
        );
    }
}
