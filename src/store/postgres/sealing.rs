//! Secrets of emulated subscriptions, encrypted: whoever reads the database alone cannot sign with them.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::error::PostgresError;
use crate::model::{RecordKey, Secret};

/// Encrypts secrets with a key that is made of the one in the environment (RFC 5869, RFC 8439).
pub(super) struct Sealing(LessSafeKey);

impl Sealing {
    /// # Errors
    /// The key cannot be made, which does not happen.
    pub(super) fn new(key: &Secret) -> Result<Self, PostgresError> {
        let salt = Salt::new(HKDF_SHA256, b"hookcli store");
        let made = salt.extract(key.expose());
        let made = made
            .expand(&[b"secrets of emulated subscriptions"], &CHACHA20_POLY1305)
            .map_err(|_| PostgresError::Sealed)?;
        Ok(Self(LessSafeKey::new(UnboundKey::from(made))))
    }

    /// A secret of that record, and of no other.
    pub(super) fn seal(
        &self,
        workspace: &str,
        of: &RecordKey,
        secret: &Secret,
    ) -> Result<Vec<u8>, PostgresError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| PostgresError::Sealed)?;
        let mut text = secret.expose().to_vec();
        let place = Aad::from(place_of(workspace, of));
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), place, &mut text)
            .map_err(|_| PostgresError::Sealed)?;
        Ok([&nonce[..], &text].concat())
    }

    /// The secret of that record.
    ///
    /// # Errors
    /// It was encrypted with another key, or for another record.
    pub(super) fn open(
        &self,
        workspace: &str,
        of: &RecordKey,
        sealed: &[u8],
    ) -> Result<Secret, PostgresError> {
        let (nonce, text) = sealed
            .split_at_checked(NONCE_LEN)
            .ok_or(PostgresError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| PostgresError::Sealed)?;
        let mut text = text.to_vec();
        let place = Aad::from(place_of(workspace, of));
        let opened = self.0.open_in_place(nonce, place, &mut text);
        Ok(Secret::new(&*opened.map_err(|_| PostgresError::Sealed)?))
    }
}

/// What tells a record from all others.
fn place_of(workspace: &str, of: &RecordKey) -> Vec<u8> {
    [workspace, &of.provider, of.kind.name(), &of.scope, &of.id]
        .join("\0")
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecordKind;

    #[test]
    fn a_secret_is_opened_with_its_key_and_for_its_record_alone() {
        let key = |id: &str| RecordKey {
            provider: "acme".to_owned(),
            kind: RecordKind::Subscription,
            scope: String::new(),
            id: id.to_owned(),
        };
        let sealing = Sealing::new(&Secret::new("a key of the team")).unwrap();
        let other = Sealing::new(&Secret::new("a key of others")).unwrap();
        let secret = Secret::new("whsec_1");
        let sealed = sealing.seal("w", &key("a"), &secret).unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"whsec_1"));
        assert_ne!(sealed, sealing.seal("w", &key("a"), &secret).unwrap());
        assert_eq!(sealing.open("w", &key("a"), &sealed).unwrap(), secret);
        assert!(other.open("w", &key("a"), &sealed).is_err());
        assert!(sealing.open("w", &key("b"), &sealed).is_err());
        assert!(sealing.open("v", &key("a"), &sealed).is_err());
        for broken in [&sealed[..5], &sealed[..sealed.len() - 1], &[]] {
            assert!(sealing.open("w", &key("a"), broken).is_err());
        }
    }
}
