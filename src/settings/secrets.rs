//! Which secret signs or verifies: flags over the environment over the endpoint's own.

use std::path::{Path, PathBuf};

use super::file::{Endpoint, Trust};
use super::{Environment, Settings};
use crate::secret::Secret;

/// The fixed, public secret that signs what goes to this machine where none is set. Nobody may trust it
/// without being told to.
pub const TEST_SECRET: &str = "hookcli-test-secret";

/// `--secret`, `--secret-file` and `--secret-env`, each of them any number of times.
#[derive(Clone, Debug, Default)]
pub struct SecretFlags {
    pub literal: Vec<Secret>,
    pub files: Vec<PathBuf>,
    pub variables: Vec<String>,
}

/// The secrets found, and who chose them.
#[derive(Clone, Debug)]
pub struct FoundSecrets {
    pub secrets: Vec<Secret>,
    pub origin: SecretOrigin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretOrigin {
    /// The command line, `HOOKCLI_SECRET…`, or a file that the user vouches for.
    User,
    /// A hookcli.toml that was found in the working tree named the variable.
    FoundFile,
    /// There is none.
    None,
}

impl SecretFlags {
    pub fn is_empty(&self) -> bool {
        self.literal.is_empty() && self.files.is_empty() && self.variables.is_empty()
    }

    fn read(&self, environment: &Environment) -> Result<Vec<Secret>, String> {
        let mut secrets = self.literal.clone();
        for file in &self.files {
            secrets.push(from_file(file)?);
        }
        for name in &self.variables {
            secrets.push(from_variable(environment, name)?);
        }
        if secrets.iter().any(Secret::is_empty) {
            return Err("the secret is empty".to_owned());
        }
        Ok(secrets)
    }
}

impl Settings {
    /// The secrets for a provider and, where one is used, an endpoint.
    pub fn secrets(
        &self,
        flags: &SecretFlags,
        provider: Option<&str>,
        endpoint: Option<&Endpoint>,
    ) -> Result<FoundSecrets, String> {
        let by_user = |secrets| FoundSecrets {
            secrets,
            origin: SecretOrigin::User,
        };
        if !flags.is_empty() {
            return flags.read(&self.environment).map(by_user);
        }
        let own = provider.and_then(|provider| self.environment.text(&variable_of(provider)));
        if let Some(text) = own.or_else(|| self.environment.text("HOOKCLI_SECRET")) {
            return Ok(by_user(vec![Secret::new(text)]));
        }
        if let Some(endpoint) = endpoint {
            let secret = match (&endpoint.secret_env, &endpoint.secret_file) {
                (Some(name), _) => Some(from_variable(&self.environment, name)?),
                (None, Some(file)) => Some(from_file(file)?),
                (None, None) => None,
            };
            if let Some(secret) = secret {
                let origin = match endpoint.trust {
                    Trust::FoundUpward => SecretOrigin::FoundFile,
                    Trust::Own | Trust::Given => SecretOrigin::User,
                };
                return Ok(FoundSecrets {
                    secrets: vec![secret],
                    origin,
                });
            }
        }
        Ok(FoundSecrets {
            secrets: Vec::new(),
            origin: SecretOrigin::None,
        })
    }

    /// What a listener may verify with, whoever sends: any provider's own variable counts for it alone.
    pub fn secrets_for_listening(
        &self,
        flags: &SecretFlags,
        provider: &str,
    ) -> Result<Vec<Secret>, String> {
        let mut found = self.secrets(flags, Some(provider), None)?.secrets;
        if found.is_empty() {
            for endpoint in self
                .endpoints
                .values()
                .filter(|endpoint| endpoint.provider.as_deref() == Some(provider))
            {
                // An endpoint whose variable is not set has nothing to say here.
                if let Ok(more) = self.secrets(flags, Some(provider), Some(endpoint)) {
                    found.extend(more.secrets);
                }
            }
        }
        Ok(found)
    }
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

fn from_variable(environment: &Environment, name: &str) -> Result<Secret, String> {
    environment.text(name).map(Secret::new).ok_or_else(|| {
        format!("the environment variable {name} is not set, and the secret is to come from it")
    })
}

/// A file's content without the line break at its end, which editors add.
fn from_file(path: &Path) -> Result<Secret, String> {
    let text = std::fs::read(path)
        .map_err(|error| format!("the secret file {}: {error}", path.display()))?;
    let text = text.strip_suffix(b"\n").unwrap_or(&text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.is_empty() {
        return Err(format!("the secret file {} is empty", path.display()));
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
