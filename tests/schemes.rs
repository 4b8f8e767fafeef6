//! Every scheme that is known: what it signs it accepts, and one bit that changes is seen.

use std::sync::Arc;

use hookcli::catalog::{Catalog, Provider};
use hookcli::model::{Headers, Request, Secret};
use hookcli::signature::{Envelope, Scheme, Verification, new_keys, sign, test_keys, verify};
use jiff::Timestamp;
use proptest::prelude::*;

fn providers() -> Vec<(Arc<Provider>, Scheme)> {
    let (providers, _) = Catalog::embedded().all();
    providers
        .into_iter()
        .filter_map(|provider| {
            let scheme = provider.signature.as_ref()?.facts.clone();
            Some((provider, scheme))
        })
        .collect()
}

/// A body that the scheme can be used with, made of arbitrary text.
fn body_for(scheme: &Scheme, text: &str, bytes: &[u8]) -> Vec<u8> {
    let in_json = scheme.body.is_some()
        || scheme
            .timestamp
            .as_ref()
            .is_some_and(|rule| rule.body.is_some());
    if in_json {
        let value = serde_json::json!({"text": text, "payload": {}, "signature": {"token": text}});
        value.to_string().into_bytes()
    } else if scheme.content.to_string().contains("form") {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("Body", text);
        form.append_pair("From", "+1555");
        form.finish().into_bytes()
    } else {
        bytes.to_vec()
    }
}

const URL: &str = "https://app.example/hook?a=1";

fn signed(scheme: &Scheme, secret: &Secret, body: &[u8], now: Timestamp) -> (Request, String) {
    let mut headers = Headers::new();
    for name in &scheme.required_headers {
        headers.push(name.as_str(), "x");
    }
    let envelope = Envelope {
        method: "POST",
        url: Some(URL),
        headers: &headers,
    };
    let signed = sign(
        scheme,
        std::slice::from_ref(secret),
        envelope,
        body,
        now,
        "msg_1",
    )
    .unwrap();
    for (name, value) in signed.headers {
        headers.set(&name, value);
    }
    let request = Request {
        method: "POST".to_owned(),
        target: "/hook?a=1".to_owned(),
        headers,
        body: signed.body.unwrap_or_else(|| body.to_vec()).into(),
    };
    (request, signed.url.unwrap_or_else(|| URL.to_owned()))
}

fn judged(
    scheme: &Scheme,
    secret: &Secret,
    request: &Request,
    url: &str,
    now: Timestamp,
) -> Verification {
    let envelope = Envelope::of(request, Some(url));
    verify(
        scheme,
        std::slice::from_ref(secret),
        envelope,
        &request.body,
        now,
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_signed_verifies_and_no_changed_bit_does(
        text in "\\PC{0,40}", bytes in prop::collection::vec(any::<u8>(), 1..300),
        second in 1_000_000_000_i64..4_000_000_000, bit in any::<prop::sample::Index>(),
    ) {
        let now = Timestamp::from_second(second).unwrap();
        for (provider, scheme) in providers() {
            let keys = test_keys(&scheme).unwrap();
            let body = body_for(&scheme, &text, &bytes);
            let (request, url) = signed(&scheme, &keys.signing, &body, now);
            let name = &provider.name;
            prop_assert_eq!(judged(&scheme, &keys.verifying, &request, &url, now), Verification::Valid, "{}", name);
            if scheme.covers_body() && !request.body.is_empty() {
                let mut flipped = request.clone();
                let mut bytes = request.body.to_vec();
                let bit = bit.index(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
                flipped.body = bytes.into();
                // Twilio's form is sorted and decoded before it is signed: other bytes can be the same form.
                let same_form = scheme.content.to_string().contains("form")
                    && form(&flipped.body) == form(&request.body);
                let verdict = judged(&scheme, &keys.verifying, &flipped, &url, now);
                prop_assert!(same_form || verdict != Verification::Valid, "{}: {:?}", name, verdict);
            }
            if scheme.content.to_string().contains("{url}") {
                let elsewhere = judged(&scheme, &keys.verifying, &request, "https://app.example/hoax?a=1", now);
                prop_assert_ne!(elsewhere, Verification::Valid, "{}", name);
            }
        }
    }

    #[test]
    fn a_secret_in_any_form_works_and_another_does_not(secret in "[!-~]([ -~]{0,58}[!-~])?", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        use hookcli::signature::SecretEncoding;
        let now = Timestamp::from_second(1_767_225_600).unwrap();
        for (provider, scheme) in providers() {
            if scheme.is_asymmetric() || scheme.secret_encoding != SecretEncoding::Utf8 {
                continue;
            }
            let body = body_for(&scheme, "text", &bytes);
            let secret = Secret::new(secret.as_str());
            let (request, url) = signed(&scheme, &secret, &body, now);
            prop_assert_eq!(judged(&scheme, &secret, &request, &url, now), Verification::Valid, "{}", provider.name);
            let mut other = secret.expose().to_vec();
            other[0] ^= 1;
            let other = Secret::new(other);
            prop_assert_ne!(judged(&scheme, &other, &request, &url, now), Verification::Valid, "{}", provider.name);
        }
    }
}

fn form(body: &[u8]) -> std::collections::BTreeSet<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

#[test]
fn new_keys_are_of_the_providers_form_and_no_two_are_the_same() {
    let now = Timestamp::from_second(1_767_225_600).unwrap();
    for (provider, scheme) in providers() {
        let (one, other) = (new_keys(&scheme).unwrap(), new_keys(&scheme).unwrap());
        let body = body_for(&scheme, "text", b"{}");
        let (request, url) = signed(&scheme, &one.signing, &body, now);
        let name = &provider.name;
        assert_eq!(
            judged(&scheme, &one.verifying, &request, &url, now),
            Verification::Valid,
            "{name}"
        );
        assert_ne!(
            judged(&scheme, &other.verifying, &request, &url, now),
            Verification::Valid,
            "{name}"
        );
        if scheme.is_asymmetric() {
            assert_ne!(one.signing, one.verifying, "{name}");
        }
    }
}

#[test]
fn each_secret_of_a_rotation_verifies_where_the_request_has_room_for_all() {
    let now = Timestamp::from_second(1_767_225_600).unwrap();
    let mut rotating = Vec::new();
    for (provider, scheme) in providers() {
        let (old, new) = (new_keys(&scheme).unwrap(), new_keys(&scheme).unwrap());
        let body = body_for(&scheme, "text", b"{}");
        let mut headers = Headers::new();
        for name in &scheme.required_headers {
            headers.push(name.as_str(), "x");
        }
        let envelope = Envelope {
            method: "POST",
            url: Some(URL),
            headers: &headers,
        };
        let secrets = [old.signing.clone(), new.signing.clone()];
        let signed = sign(&scheme, &secrets, envelope, &body, now, "msg_1").unwrap();
        for (name, value) in signed.headers {
            headers.set(&name, value);
        }
        let request = Request {
            method: "POST".to_owned(),
            target: "/hook?a=1".to_owned(),
            headers,
            body: signed.body.unwrap_or(body).into(),
        };
        let url = signed.url.unwrap_or_else(|| URL.to_owned());
        let by_old = judged(&scheme, &old.verifying, &request, &url, now);
        let by_new = judged(&scheme, &new.verifying, &request, &url, now);
        assert_eq!(by_old, Verification::Valid, "{}", provider.name);
        if by_new == Verification::Valid {
            rotating.push(provider.name.clone());
        }
        // Whoever knows both accepts either.
        let both = [new.verifying, old.verifying];
        let either = verify(
            &scheme,
            &both,
            Envelope::of(&request, Some(&url)),
            &request.body,
            now,
        );
        assert_eq!(either, Ok(Verification::Valid), "{}", provider.name);
    }
    for name in ["stripe", "paddle", "svix", "docusign", "pagerduty"] {
        assert!(
            rotating.iter().any(|known| known == name),
            "{name}: {rotating:?}"
        );
    }
}
