//! Which secrets sign a request: those that are set, or on this machine the public test secret.

use crate::catalog::Provider;
use crate::model::{Right, Secret};
use crate::signature::test_keys;

use super::{ComposeError, ComposeNotice, Recipient};

/// Who knows the secrets: the settings of a command, or a server's own store.
pub trait Keyring {
    /// The secrets that sign a provider's requests to the recipient; none where none is set.
    ///
    /// # Errors
    /// A secret that is named and cannot be had.
    fn secrets(&self, provider: &Provider) -> Result<Vec<Secret>, ComposeError>;

    /// The verify token that was agreed on with a provider, where one is set.
    fn verify_token(&self, provider: &Provider) -> Option<Secret>;
}

/// Secrets that are at hand, for any provider.
#[derive(Clone, Debug, Default)]
pub struct FixedKeys {
    pub secrets: Vec<Secret>,
    pub verify_token: Option<Secret>,
}

impl Keyring for FixedKeys {
    fn secrets(&self, _: &Provider) -> Result<Vec<Secret>, ComposeError> {
        Ok(self.secrets.clone())
    }

    fn verify_token(&self, _: &Provider) -> Option<Secret> {
        self.verify_token.clone()
    }
}

/// The secrets that sign for a provider: what the keyring has, or on this machine the public test secret, which is
/// worth a notice.
///
/// # Errors
/// There is none for another machine; or a file that is not trusted chose where the secret would go.
pub fn signing_secrets(
    keyring: &dyn Keyring,
    provider: &Provider,
    recipient: &Recipient,
) -> Result<(Vec<Secret>, Option<ComposeNotice>), ComposeError> {
    let secrets = keyring.secrets(provider)?;
    let is_elsewhere = !recipient.is_loopback && !recipient.chosen_by_user;
    if is_elsewhere && provider.exposes_secret() {
        return Err(ComposeError::SecretToFoundPlace {
            provider: provider.title.clone(),
            destination: recipient.destination.to_string(),
        });
    }
    if is_elsewhere && (recipient.has_own_scheme || !provider.allows(Right::SignElsewhere)) {
        return Err(ComposeError::SchemeAndPlaceFound {
            destination: recipient.destination.to_string(),
        });
    }
    if !secrets.is_empty() {
        return Ok((secrets, None));
    }
    if !recipient.is_loopback {
        return Err(ComposeError::NoSecret {
            destination: recipient.destination.to_string(),
            provider: provider.name.clone(),
            title: provider.title.clone(),
        });
    }
    let scheme = provider.signature.as_ref().map(|facts| &facts.facts);
    let Some(keys) = scheme.map(test_keys).transpose()? else {
        return Ok((Vec::new(), None));
    };
    let notice = ComposeNotice::TestSecret {
        provider: provider.name.clone(),
        secret: String::from_utf8_lossy(keys.verifying.expose()).into_owned(),
    };
    Ok((vec![keys.signing], Some(notice)))
}
