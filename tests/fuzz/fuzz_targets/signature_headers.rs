//! Whatever a sender writes into its headers, URL and body: every scheme judges it, none calls it valid,
//! and finding out why not does not fail either.
#![no_main]

use std::sync::LazyLock;

use hookcli::catalog::Catalog;
use hookcli::model::{Headers, Secret};
use hookcli::signature::{Envelope, Scheme, Subject, Verification, diagnose, test_keys, verify};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

static SCHEMES: LazyLock<Vec<(Scheme, Secret)>> = LazyLock::new(|| {
    let (providers, _) = Catalog::embedded().all();
    let schemes = providers.iter().filter_map(|provider| {
        let scheme = provider.signature.as_ref()?.facts.clone();
        let keys = test_keys(&scheme).ok()?;
        Some((scheme, keys.verifying))
    });
    schemes.collect()
});

fuzz_target!(|data: (u8, Vec<u8>, Vec<u8>, String, Vec<u8>)| {
    let (which, value, time, url, body) = data;
    let (scheme, secret) = &SCHEMES[usize::from(which) % SCHEMES.len()];
    let mut headers = Headers::new();
    for name in scheme.header.iter() {
        headers.push(name.replace("{n}", "1"), value.clone());
    }
    for name in scheme.id_header.iter().chain(scheme.required_headers.iter().map(String::as_str)) {
        headers.push(name, "id");
    }
    for (name, value) in &scheme.scheme_headers {
        headers.push(name.as_str(), value.as_str());
    }
    for name in scheme.timestamp.iter().flat_map(|rule| rule.header.iter()) {
        headers.push(name, time.clone());
    }
    let subject = Subject {
        scheme,
        secrets: std::slice::from_ref(secret),
        envelope: Envelope { method: "POST", url: Some(&url), headers: &headers },
        body: &body,
        now: Timestamp::UNIX_EPOCH,
        others: &[],
        serializer: None,
    };
    let Ok(verdict) = verify(scheme, subject.secrets, subject.envelope, &body, subject.now) else {
        return;
    };
    // A token is a public word here; a signature is not to be guessed.
    assert!(scheme.sends_secret() || verdict != Verification::Valid);
    diagnose(&subject, &verdict);
});
