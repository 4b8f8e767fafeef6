//! Making keys: new ones in a provider's own form, and the public test key.

use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

use super::key::{KeyError, SigningKey, sha256};
use super::scheme::{Mechanism, Scheme, SecretEncoding};
use crate::model::{Secret, base64_bytes, base64_text};
use crate::payload::{IdFormat, IdPart};

/// The fixed, public secret that signs what goes to this machine where none is set. No one may trust it
/// without being told to.
pub const TEST_SECRET: &str = "hookcli-test-secret";

/// The same for ECDSA, whose keys cannot be made of a text: PKCS #8, base64.
const TEST_P256_KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKUxht+Y17DnURbaG05NAfUnjdYwStAFwYuwfpEqigkyhRANCAARMzpggGvgu3iKZxWfyYLg/gpNj9to7YSYpNIjfAKOfgBi/ty+cKwB02bloqTURJKtGAkec8sNdEnTUiJmVZ58w";

/// What a sender signs with and what a receiver verifies with; one and the same but for asymmetric schemes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    pub signing: Secret,
    pub verifying: Secret,
}

/// The public test secret in the scheme's form.
pub fn test_keys(scheme: &Scheme) -> Result<Keys, KeyError> {
    match scheme.mechanism {
        Mechanism::Ed25519 => pair(scheme, &sha256(TEST_SECRET.as_bytes())),
        Mechanism::EcdsaP256 => pair(scheme, &base64_bytes(TEST_P256_KEY).unwrap_or_default()),
        _ if scheme.secret_encoding == SecretEncoding::Utf8 && scheme.secret_prefix.is_none() => {
            Ok(shared(Secret::new(TEST_SECRET)))
        }
        _ => Ok(shared(text_of(
            scheme.secret_encoding,
            scheme.secret_prefix.as_deref(),
            TEST_SECRET.as_bytes(),
        ))),
    }
}

/// New keys, from the system's randomness.
pub fn new_keys(scheme: &Scheme) -> Result<Keys, KeyError> {
    let random = SystemRandom::new();
    let failed = |_| KeyError::NoRandomness;
    if scheme.mechanism == Mechanism::EcdsaP256 {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        return pair(scheme, key.map_err(failed)?.as_ref());
    }
    if let Some(format) = &scheme.new_secret {
        return Ok(shared(Secret::new(from_format(format, &random)?)));
    }
    let mut bytes = [0; 32];
    random.fill(&mut bytes).map_err(failed)?;
    if scheme.is_asymmetric() {
        return pair(scheme, &bytes);
    }
    // A secret that is used as text is easiest to carry as hex.
    let form = match scheme.secret_encoding {
        SecretEncoding::Utf8 => SecretEncoding::Hex,
        form => form,
    };
    Ok(shared(text_of(
        form,
        scheme.secret_prefix.as_deref(),
        &bytes,
    )))
}

fn shared(secret: Secret) -> Keys {
    Keys {
        signing: secret.clone(),
        verifying: secret,
    }
}

/// A private key in the form of its text, with its public one.
fn pair(scheme: &Scheme, private: &[u8]) -> Result<Keys, KeyError> {
    let signing_key_prefix = scheme.signing_key_prefix.as_deref();
    let signing = text_of(scheme.secret_encoding, signing_key_prefix, private);
    let public = SigningKey::new(scheme, &signing)?.public();
    // Behind a prefix of its own stands seed and public key; else the seed alone.
    let signing = if signing_key_prefix.is_some() && scheme.mechanism == Mechanism::Ed25519 {
        text_of(
            scheme.secret_encoding,
            signing_key_prefix,
            &[private, &public].concat(),
        )
    } else {
        signing
    };
    Ok(Keys {
        signing,
        verifying: text_of(
            scheme.secret_encoding,
            scheme.secret_prefix.as_deref(),
            &public,
        ),
    })
}

fn text_of(form: SecretEncoding, prefix: Option<&str>, bytes: &[u8]) -> Secret {
    let prefix = prefix.unwrap_or_default();
    Secret::new(match form {
        SecretEncoding::Utf8 => [prefix.as_bytes(), bytes].concat(),
        SecretEncoding::Base64 => format!("{prefix}{}", base64_text(bytes)).into_bytes(),
        SecretEncoding::Hex => format!("{prefix}{}", hex::encode(bytes)).into_bytes(),
    })
}

fn from_format(format: &IdFormat, random: &SystemRandom) -> Result<String, KeyError> {
    let mut out = String::new();
    let parts = match format {
        IdFormat::Template(parts) => parts.as_slice(),
        IdFormat::Uuid => {
            return Err(KeyError::NotAKey(
                "`new_secret` must be a text format, not uuid",
            ));
        }
    };
    for part in parts {
        match part {
            IdPart::Literal(text) => out.push_str(text),
            IdPart::Random { alphabet, length } => {
                let wanted = out.len() + length;
                while out.len() < wanted {
                    let mut byte = [0];
                    random.fill(&mut byte).map_err(|_| KeyError::NoRandomness)?;
                    // What exceeds the last whole alphabet would make its first letters likelier.
                    let limit = 256 - 256 % alphabet.len();
                    if usize::from(byte[0]) < limit {
                        out.push(
                            alphabet.as_bytes()[usize::from(byte[0]) % alphabet.len()] as char,
                        );
                    }
                }
            }
        }
    }
    Ok(out)
}
