//! Keys: how a secret's text becomes a key, and the hashes and signatures that are made with it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::signature::KeyPair as _;
use ring::{rand, signature};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use super::scheme::{Algorithm, Mechanism, Scheme, SecretEncoding, UnprefixedSecret};
use crate::model::Secret;
use crate::model::base64_bytes;

/// Why a secret cannot be used with a scheme. Nothing of the secret is said.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    #[error("the secret is not {0}, which this scheme requires")]
    NotDecodable(&'static str),
    #[error("the secret does not start with {0}, as this scheme's secrets do")]
    NoPrefix(String),
    #[error("the secret is not a valid {0}")]
    NotAKey(&'static str),
    #[error("the system provides no random numbers to create a key")]
    NoRandomness,
}

/// The text of a secret without the scheme's prefix, decoded.
fn decoded(scheme: &Scheme, secret: &Secret, prefix: Option<&str>) -> Result<Secret, KeyError> {
    let text = secret.expose();
    if scheme.is_asymmetric()
        && let Some(key) = pem_key(text)
    {
        return Ok(key);
    }
    let without = prefix.and_then(|prefix| text.strip_prefix(prefix.as_bytes()));
    let (text, form) = match (prefix, without) {
        (_, Some(rest)) => (rest, scheme.secret_encoding),
        (None, None) => (text, scheme.secret_encoding),
        (Some(prefix), None) => match scheme.unprefixed_secret {
            UnprefixedSecret::Same => (text, scheme.secret_encoding),
            UnprefixedSecret::Utf8 => (text, SecretEncoding::Utf8),
            UnprefixedSecret::Refused => return Err(KeyError::NoPrefix(prefix.to_owned())),
        },
    };
    let trimmed = || std::str::from_utf8(text).ok().map(str::trim);
    match form {
        SecretEncoding::Utf8 => Ok(Secret::new(text)),
        SecretEncoding::Base64 => trimmed()
            .and_then(base64_bytes)
            .map(Secret::new)
            .ok_or(KeyError::NotDecodable("base64")),
        SecretEncoding::Hex => trimmed()
            .and_then(|text| hex::decode(text).ok())
            .map(Secret::new)
            .ok_or(KeyError::NotDecodable("hex")),
    }
}

/// The key in a PEM (RFC 7468): of Ed25519 the bytes of seed or public key, of P-256 the whole document, as
/// providers give them.
fn pem_key(text: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let (_, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (content, _) = rest.split_once("-----END ")?;
    let content: String = content.split_whitespace().collect();
    let document = Secret::new(base64_bytes(&content)?);
    let bytes = document.expose();
    let inner = bytes
        .strip_prefix(&ED25519_PKCS8_HEAD)
        .or_else(|| bytes.strip_prefix(&ED25519_SPKI_HEAD))
        .and_then(|key| key.get(..ED25519_BYTES));
    // PKCS #8 of version 2, which has the public key, too (RFC 8410, section 7).
    let inner = inner.or_else(|| {
        let at = bytes
            .windows(4)
            .position(|window| window == [0x04, 0x22, 0x04, 0x20])?;
        bytes
            .get(..at)?
            .ends_with(&ED25519_OID)
            .then(|| bytes.get(at + 4..at + 36))?
    });
    Some(inner.map_or_else(|| document.clone(), Secret::new))
}

/// The key that a shared secret's text encodes.
pub(super) fn shared_key(scheme: &Scheme, secret: &Secret) -> Result<Secret, KeyError> {
    decoded(scheme, secret, scheme.secret_prefix.as_deref())
}

/// A hash under way that no one without the secret can make. `HmacSha…` is keyed with it (RFC 2104); of the others the
/// secret is part of what is hashed.
#[derive(Clone)]
pub(super) enum KeyedHash {
    HmacSha1(Hmac<Sha1>),
    HmacSha256(Hmac<Sha256>),
    HmacSha512(Box<Hmac<Sha512>>),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl KeyedHash {
    pub(super) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, KeyError> {
        if scheme.mechanism == Mechanism::Hash {
            return Ok(match scheme.algorithm {
                Algorithm::Sha1 => Self::Sha1(Sha1::new()),
                Algorithm::Sha256 => Self::Sha256(Sha256::new()),
                Algorithm::Sha512 => Self::Sha512(Box::default()),
            });
        }
        let secret = shared_key(scheme, secret)?;
        let key = secret.expose();
        Ok(match scheme.algorithm {
            Algorithm::Sha1 => Self::HmacSha1(keyed(Hmac::new_from_slice(key))?),
            Algorithm::Sha256 => Self::HmacSha256(keyed(Hmac::new_from_slice(key))?),
            Algorithm::Sha512 => Self::HmacSha512(Box::new(keyed(Hmac::new_from_slice(key))?)),
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::HmacSha1(mac) => mac.update(bytes),
            Self::HmacSha256(mac) => mac.update(bytes),
            Self::HmacSha512(mac) => mac.update(bytes),
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::HmacSha1(mac) => mac.finalize().into_bytes().to_vec(),
            Self::HmacSha256(mac) => mac.finalize().into_bytes().to_vec(),
            Self::HmacSha512(mac) => mac.finalize().into_bytes().to_vec(),
            Self::Sha1(hash) => hash.finalize().to_vec(),
            Self::Sha256(hash) => hash.finalize().to_vec(),
            Self::Sha512(hash) => hash.finalize().to_vec(),
        }
    }
}

/// HMAC takes keys of any length; its interface allows for others.
fn keyed<M>(mac: Result<M, hmac::digest::InvalidLength>) -> Result<M, KeyError> {
    mac.map_err(|_| KeyError::NotAKey("key of this hash"))
}

/// Equality in a time that tells the lengths at most.
pub(super) fn equal(ours: &[u8], theirs: &[u8]) -> bool {
    use subtle::ConstantTimeEq as _;
    ours.ct_eq(theirs).into()
}

/// SHA-256 (FIPS 180-4).
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// HMAC-SHA256 keyed with the secret's text.
pub(super) fn hmac_sha256(secret: &Secret, bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut mac: Hmac<Sha256> = keyed(Hmac::new_from_slice(secret.expose()))?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().to_vec())
}

const ED25519_BYTES: usize = 32;
/// What is in front of the seed in a PKCS #8, and of the key in a SubjectPublicKeyInfo (RFC 8410).
const ED25519_PKCS8_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
const ED25519_SPKI_HEAD: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const ED25519_OID: [u8; 5] = [0x06, 0x03, 0x2b, 0x65, 0x70];
const NOT_ED25519_PRIVATE: KeyError =
    KeyError::NotAKey("Ed25519 private key (a 32-byte seed, or seed and public key)");
const NOT_ED25519_PUBLIC: KeyError = KeyError::NotAKey("Ed25519 public key (32 bytes)");
const NOT_P256_PRIVATE: KeyError = KeyError::NotAKey("P-256 private key (PKCS #8)");
const NOT_P256_PUBLIC: KeyError = KeyError::NotAKey("P-256 public key (SubjectPublicKeyInfo)");

/// What is in front of an uncompressed P-256 point in a SubjectPublicKeyInfo (RFC 5480, section 2).
const P256_SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A private key of an asymmetric scheme.
pub(super) enum SigningKey {
    Ed25519(signature::Ed25519KeyPair),
    P256(signature::EcdsaKeyPair),
}

impl SigningKey {
    pub(super) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, KeyError> {
        let key = decoded(scheme, secret, scheme.signing_key_prefix.as_deref())?;
        match scheme.mechanism {
            Mechanism::EcdsaP256 => {
                let algorithm = &signature::ECDSA_P256_SHA256_ASN1_SIGNING;
                let random = rand::SystemRandom::new();
                signature::EcdsaKeyPair::from_pkcs8(algorithm, key.expose(), &random)
                    .map(Self::P256)
                    .map_err(|_| NOT_P256_PRIVATE)
            }
            _ => {
                let (seed, public) = key
                    .expose()
                    .split_at_checked(ED25519_BYTES)
                    .ok_or(NOT_ED25519_PRIVATE)?;
                let pair = if public.is_empty() {
                    signature::Ed25519KeyPair::from_seed_unchecked(seed)
                } else {
                    signature::Ed25519KeyPair::from_seed_and_public_key(seed, public)
                };
                pair.map(Self::Ed25519).map_err(|_| NOT_ED25519_PRIVATE)
            }
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Self::P256(pair) => pair
                .sign(&rand::SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| NOT_P256_PRIVATE),
        }
    }

    /// The public key as bytes: Ed25519's 32, or a SubjectPublicKeyInfo.
    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
            Self::P256(pair) => [&P256_SPKI_HEAD, pair.public_key().as_ref()].concat(),
        }
    }
}

/// A public key of an asymmetric scheme.
pub(super) struct VerifyingKey(signature::UnparsedPublicKey<Vec<u8>>);

impl VerifyingKey {
    /// Also takes the private key, where it cannot be mistaken for a public one.
    pub(super) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, KeyError> {
        let key = decoded(scheme, secret, scheme.secret_prefix.as_deref());
        match scheme.mechanism {
            Mechanism::EcdsaP256 => {
                let key = key?;
                let point = match key.expose().strip_prefix(&P256_SPKI_HEAD) {
                    Some(point) if point.len() == 65 => point.to_vec(),
                    _ => match SigningKey::new(scheme, secret) {
                        Ok(SigningKey::P256(pair)) => pair.public_key().as_ref().to_vec(),
                        _ => return Err(NOT_P256_PUBLIC),
                    },
                };
                Ok(Self(signature::UnparsedPublicKey::new(
                    &signature::ECDSA_P256_SHA256_ASN1,
                    point,
                )))
            }
            _ => {
                let public = match key {
                    Ok(key) if key.expose().len() == ED25519_BYTES => key.expose().to_vec(),
                    _ => SigningKey::new(scheme, secret)
                        .map_err(|_| NOT_ED25519_PUBLIC)?
                        .public(),
                };
                Ok(Self(signature::UnparsedPublicKey::new(
                    &signature::ED25519,
                    public,
                )))
            }
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify(message, signature).is_ok()
    }
}

/// Says whether the scheme can verify with these secrets.
pub fn check_secrets(scheme: &Scheme, secrets: &[Secret]) -> Result<(), KeyError> {
    secrets.iter().try_for_each(|secret| {
        if scheme.is_asymmetric() {
            VerifyingKey::new(scheme, secret).map(|_| ())
        } else {
            shared_key(scheme, secret).map(|_| ())
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use ring::{digest, hmac};

    use super::*;

    fn algorithms() -> impl Strategy<Value = Algorithm> {
        prop_oneof![
            Just(Algorithm::Sha1),
            Just(Algorithm::Sha256),
            Just(Algorithm::Sha512)
        ]
    }

    proptest! {
        #[test]
        fn hashes_are_those_of_another_implementation(
            algorithm in algorithms(),
            is_keyed: bool,
            // Beyond a block, a key is hashed first.
            secret in vec(any::<u8>(), 0..200),
            pieces in vec(vec(any::<u8>(), 0..300), 0..4),
        ) {
            let scheme = Scheme {
                algorithm,
                mechanism: if is_keyed { Mechanism::Hmac } else { Mechanism::Hash },
                ..Scheme::hmac_sha256_hex("x-sig")
            };
            let mut hash = KeyedHash::new(&scheme, &Secret::new(secret.clone())).unwrap();
            pieces.iter().for_each(|piece| hash.update(piece));
            let whole = pieces.concat();
            let (keyed, plain) = match algorithm {
                Algorithm::Sha1 => (hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &digest::SHA1_FOR_LEGACY_USE_ONLY),
                Algorithm::Sha256 => (hmac::HMAC_SHA256, &digest::SHA256),
                Algorithm::Sha512 => (hmac::HMAC_SHA512, &digest::SHA512),
            };
            let theirs = if is_keyed {
                hmac::sign(&hmac::Key::new(keyed, &secret), &whole).as_ref().to_vec()
            } else {
                digest::digest(plain, &whole).as_ref().to_vec()
            };
            prop_assert_eq!(hash.finish(), theirs);
        }
    }
}
