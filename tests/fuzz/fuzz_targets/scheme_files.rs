//! Whatever a provider's folder says of schemes and handshakes is refused or can be used.
#![no_main]

use hookcli::model::{Headers, Secret};
use hookcli::signature::{Envelope, Handshake, Scheme, new_keys, sign, test_keys, verify};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(handshake) = toml::from_str::<Handshake>(text) {
        let _ = handshake.check();
    }
    let Ok(scheme) = toml::from_str::<Scheme>(text) else {
        return;
    };
    scheme.describe();
    if scheme.check().is_err() {
        return;
    }
    let Ok(keys) = test_keys(&scheme) else { return };
    let _ = new_keys(&scheme);
    let mut headers = Headers::new();
    for name in &scheme.required_headers {
        headers.push(name.as_str(), "x");
    }
    let envelope = Envelope { method: "POST", url: Some("https://a.example/x?y=1"), headers: &headers };
    let secrets: [Secret; 1] = [keys.signing];
    if let Ok(signed) = sign(&scheme, &secrets, envelope, b"{}", Timestamp::UNIX_EPOCH, "id") {
        let body = signed.body.unwrap_or_else(|| b"{}".to_vec());
        for (name, value) in signed.headers {
            headers.set(&name, value);
        }
        let envelope = Envelope { method: "POST", url: signed.url.as_deref(), headers: &headers };
        let _ = verify(&scheme, &[keys.verifying], envelope, &body, Timestamp::UNIX_EPOCH);
    }
});
