//! Secrets: keys and tokens that must never be printed, logged or stored.

use zeroize::Zeroizing;

/// What is in a view, a document or the store where a secret was.
pub const REDACTED: &str = "[redacted]";

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

/// Replaces every occurrence of any of `secrets` in `bytes` by [`REDACTED`]: a server may echo what it was
/// sent, as it is or as hex, base64, percent-encoded or JSON text. Secrets shorter than four bytes are
/// left alone, for they would hide half of the text.
pub fn redact_occurrences(bytes: &[u8], secrets: &[Secret]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for secret in secrets.iter().filter(|secret| secret.expose().len() >= 4) {
        for form in forms(secret.expose()) {
            out = replace(out, &form, REDACTED.as_bytes());
        }
    }
    out
}

/// The ways in which a secret may be written, longest first.
fn forms(secret: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let percent: String = url::form_urlencoded::byte_serialize(secret).collect();
    let mut forms = vec![
        secret.to_vec(),
        hex::encode(secret).into_bytes(),
        hex::encode_upper(secret).into_bytes(),
        // The last character may hold bits of what follows.
        without_last(STANDARD_NO_PAD.encode(secret)),
        without_last(URL_SAFE_NO_PAD.encode(secret)),
        percent.into_bytes(),
    ];
    if let Ok(text) = std::str::from_utf8(secret) {
        let json = serde_json::Value::from(text).to_string();
        forms.push(json.trim_matches('"').as_bytes().to_vec());
    }
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms.into_iter().map(Zeroizing::new).collect()
}

fn without_last(mut text: String) -> Vec<u8> {
    text.pop();
    text.into_bytes()
}

fn replace(bytes: Vec<u8>, needle: &[u8], with: &[u8]) -> Vec<u8> {
    if needle.len() < 4 || needle.len() > bytes.len() {
        return bytes;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Some(at) = rest
        .windows(needle.len())
        .position(|window| window == needle)
    {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with);
        rest = &rest[at + needle.len()..];
    }
    out.extend_from_slice(rest);
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
    fn every_echo_of_a_secret_is_redacted() {
        let secrets = [Secret::new("hunter2")];
        let out = redact_occurrences(b"a hunter2 b hunter2", &secrets);
        assert_eq!(out, b"a [redacted] b [redacted]");
    }

    #[test]
    fn an_echo_in_another_form_is_redacted_too() {
        let secret = "hunter2 \"&é\"";
        let secrets = [Secret::new(secret)];
        use base64::Engine as _;
        let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for form in [
            hex::encode(secret),
            hex::encode_upper(secret),
            base64::engine::general_purpose::STANDARD.encode(secret),
            percent,
            serde_json::Value::from(secret).to_string(),
        ] {
            let out = redact_occurrences(format!("x{form}y").as_bytes(), &secrets);
            let shown = String::from_utf8(out).unwrap();
            assert!(
                shown.contains(REDACTED) && shown.len() < REDACTED.len() + 8,
                "{form}: {shown}"
            );
        }
    }
}
