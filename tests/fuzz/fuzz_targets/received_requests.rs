//! Whatever reaches a listener: it is recognised or not, named, keyed and judged, and nothing of it fails.
#![no_main]

use std::sync::{Arc, LazyLock};

use hookcli::catalog::{Catalog, Provider, Recogniser};
use hookcli::view::redact::{self, TokenNames};
use hookcli::forward::{OwnHosts, is_from_web_page, onward};
use hookcli::http::Destination;
use hookcli::model::{Headers, KeyHasher, Request, Secret, decode_body};
use hookcli::payload::Document;
use hookcli::signature::{Envelope, PlainScheme, test_keys, verify};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

static PROVIDERS: LazyLock<Vec<Arc<Provider>>> = LazyLock::new(|| Catalog::embedded().all().0);
static RECOGNISER: LazyLock<Recogniser> = LazyLock::new(|| Recogniser::new(PROVIDERS.clone()));
static NAMES: LazyLock<TokenNames> = LazyLock::new(|| {
    TokenNames::of(PROVIDERS.iter().map(|provider| &**provider), std::iter::empty())
});

fuzz_target!(|data: (u8, u8, Vec<u8>, Vec<u8>, String, Vec<u8>)| {
    let (which, other, value, name, target, body) = data;
    let provider = &PROVIDERS[usize::from(which) % PROVIDERS.len()];
    let mut headers = Headers::new();
    for header in &provider.recognise.headers {
        headers.push(header.name.as_str(), value.clone());
    }
    headers.push(String::from_utf8_lossy(&name).into_owned(), value.clone());
    headers.push("content-encoding", if other & 1 == 0 { "gzip" } else { "deflate" });
    headers.push("origin", value);
    let request = Request { method: "POST".to_owned(), target, headers, body: body.into() };
    let document = Document::parse(&request.body).ok();
    for found in RECOGNISER.recognise(&request.headers, document.as_ref()) {
        let event = found.event_of(&request.headers, document.as_ref());
        let key = found.idempotency_key(event.as_ref().map(|event| event.unescaped()));
        key.of(&KeyHasher::new([7; 16]), (&found.name, None), &request.headers, &request.body, document.as_ref());
        if let Some(scheme) = &found.signature
            && let Ok(keys) = test_keys(scheme)
        {
            let envelope = Envelope::of(&request, Some("http://localhost/"));
            let _ = verify(scheme, &[keys.verifying], envelope, &request.body, Timestamp::UNIX_EPOCH);
        }
    }
    let _ = PlainScheme::of(&request, &[&Secret::new("secret")], Timestamp::UNIX_EPOCH);
    decode_body(&request.headers, &request.body, 1 << 16);
    let own = OwnHosts::new([127, 0, 0, 1].into(), ["https://own.example"]);
    is_from_web_page(&request.headers, &own);
    let (redacted, _) = redact::request(None, &request, &[], &NAMES);
    let (again, names) = redact::request(None, &redacted, &[], &NAMES);
    assert!(names.is_empty() || again.headers == redacted.headers, "once is enough");
    let to: Destination = "3000".parse().unwrap();
    let destination = to.for_request(&request.target);
    assert_eq!(destination.url().host_str(), Some("localhost"));
    onward(&request, &destination, to.target_for_request(&request.target), true);
});
