//! Secrets: keys and tokens that must never be printed, logged or stored.

use zeroize::Zeroizing;

/// What stands in a view, a document or the store where a secret was.
pub const MASK: &str = "[masked]";

/// A key or token. It has no `Display`, its `Debug` is redacted, and its memory is wiped when it is
/// dropped: the only way to the bytes is [`Secret::expose`], so that every use can be found.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes themselves, for signing, comparing and sending where a scheme demands it.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// Replaces every occurrence of any of `secrets` in `bytes` by [`MASK`]: a server may echo what it was
/// sent. Secrets shorter than four bytes are left alone, for they would hide half of the text.
pub fn mask_occurrences(bytes: &[u8], secrets: &[Secret]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for secret in secrets {
        let needle = secret.expose();
        if needle.len() < 4 || needle.len() > out.len() {
            continue;
        }
        let mut masked = Vec::with_capacity(out.len());
        let mut rest = out.as_slice();
        while let Some(at) = rest
            .windows(needle.len())
            .position(|window| window == needle)
        {
            masked.extend_from_slice(&rest[..at]);
            masked.extend_from_slice(MASK.as_bytes());
            rest = &rest[at + needle.len()..];
        }
        masked.extend_from_slice(rest);
        out = masked;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_bytes() {
        let text = format!("{:?}", Some(Secret::new("whsec_hunter2")));
        assert_eq!(text, "Some(Secret(redacted))");
    }

    #[test]
    fn every_echo_of_a_secret_is_masked() {
        let secrets = [Secret::new("hunter2")];
        let out = mask_occurrences(b"a hunter2 b hunter2", &secrets);
        assert_eq!(out, b"a [masked] b [masked]");
    }
}
