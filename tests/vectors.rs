//! Signature vectors, most of them made or checked with the official libraries: `vectors/signatures.json`,
//! whose fields its project documents. Each must pass with the provider of its name.

use base64::Engine as _;
use hookcli::catalog::Catalog;
use hookcli::model::{Headers, Request, Secret};
use hookcli::payload::Document;
use hookcli::signature::{Challenged, Envelope, Verification, sign, verify};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    provider: String,
    name: String,
    secret: String,
    signing_secret: Option<String>,
    headers: indexmap::IndexMap<String, String>,
    body_utf8: Option<String>,
    body_base64: Option<String>,
    url: Option<String>,
    method: Option<String>,
    now_unix: i64,
    valid: bool,
    expect_response: Option<Expected>,
    #[serde(default)]
    libraries_disagree: bool,
}

#[derive(Deserialize)]
struct Expected {
    status: u16,
    json: serde_json::Value,
}

impl Vector {
    fn request(&self) -> Request {
        let body = match (&self.body_utf8, &self.body_base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(text)) => base64::engine::general_purpose::STANDARD
                .decode(text)
                .unwrap(),
            (None, None) => Vec::new(),
        };
        let target = self.url.as_deref().map_or("/".to_owned(), |url| {
            let url = url::Url::parse(url).unwrap();
            url[url::Position::BeforePath..].to_owned()
        });
        Request {
            method: self.method.clone().unwrap_or_else(|| "POST".to_owned()),
            target,
            headers: self
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
                .collect(),
            body: body.into(),
        }
    }
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors/signatures.json")).unwrap()
}

fn verdict(vector: &Vector, request: &Request) -> Verification {
    let provider = Catalog::embedded().provider(&vector.provider).unwrap();
    let scheme = provider.signature.as_ref().unwrap();
    let envelope = Envelope::of(request, vector.url.as_deref());
    let now = Timestamp::from_second(vector.now_unix).unwrap();
    let secrets = [Secret::new(vector.secret.as_str())];
    verify(scheme, &secrets, envelope, &request.body, now).unwrap()
}

#[test]
fn every_vector_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        // A challenge that is not signed is judged by its answer, below.
        if vector.expect_response.is_some() && vector.secret.is_empty() {
            continue;
        }
        let verdict = verdict(&vector, &vector.request());
        if (verdict == Verification::Valid) != vector.valid {
            wrong.push(format!("{}/{}: {verdict:?}", vector.provider, vector.name));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_challenge_is_answered_as_its_vector_says() {
    let mut count = 0;
    for vector in vectors() {
        let Some(expected) = &vector.expect_response else {
            continue;
        };
        count += 1;
        let provider = Catalog::embedded().provider(&vector.provider).unwrap();
        let request = vector.request();
        let document = Document::parse(&request.body).ok();
        let handshake = provider
            .handshakes
            .iter()
            .find(|handshake| handshake.is(&request, document.as_ref()))
            .unwrap();
        let verdict = if handshake.requires_signature {
            verdict(&vector, &request)
        } else {
            Verification::Unchecked
        };
        let secrets = [Secret::new(vector.secret.as_str())];
        let answer = handshake.answer(&request, document.as_ref(), &verdict, &secrets, None);
        let Challenged::Answer(answer) = answer else {
            panic!("{}/{}: {answer:?}", vector.provider, vector.name);
        };
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((json, 200), (expected.json.clone(), expected.status));
    }
    assert_eq!(count, 2);
}

/// Where the provider's own libraries disagree, this is what is chosen; each provider's file says why.
#[test]
fn where_libraries_disagree_the_choice_is_known() {
    let chosen: Vec<(String, bool)> = vectors()
        .into_iter()
        .filter(|vector| vector.libraries_disagree)
        .map(|vector| (format!("{}/{}", vector.provider, vector.name), vector.valid))
        .collect();
    let expected = [
        // Upper-case digits: refused, as the library that compares texts does.
        ("github/uppercase-hex", false),
        // A timestamp of the future: accepted, as the library that refuses old ones alone does.
        ("slack/future-beyond-tolerance", true),
        // Each h1 counts, as documented, not only the last.
        ("paddle/two-h1-first-matches", true),
    ];
    assert_eq!(
        chosen,
        expected.map(|(name, valid)| (name.to_owned(), valid))
    );
}

/// What a vector's sender signed comes out of `sign`, too: the same headers, byte for byte, where the
/// scheme leaves no choice.
#[test]
fn signing_a_valid_vector_again_gives_what_verifies() {
    for vector in vectors().iter().filter(|vector| vector.valid) {
        if vector.expect_response.is_some() {
            continue;
        }
        let provider = Catalog::embedded().provider(&vector.provider).unwrap();
        let scheme = provider.signature.as_ref().unwrap();
        let request = vector.request();
        let Some(signing) = vector
            .signing_secret
            .as_ref()
            .or_else(|| (!scheme.is_asymmetric()).then_some(&vector.secret))
        else {
            continue;
        };
        let mut unsigned = Headers::new();
        for (name, value) in request.headers.iter() {
            if !scheme.is_set_by_signing(name) {
                unsigned.push(name, value);
            }
        }
        let now = Timestamp::from_second(vector.now_unix).unwrap();
        let envelope = Envelope {
            headers: &unsigned,
            ..Envelope::of(&request, vector.url.as_deref())
        };
        let secrets = [Secret::new(signing.as_str())];
        let signed = sign(scheme, &secrets, envelope, &request.body, now, "msg_1").unwrap();
        let mut again = request.clone();
        for (name, value) in signed.headers {
            unsigned.set(&name, value);
        }
        again.headers = unsigned;
        if let Some(body) = signed.body {
            again.body = body.into();
        }
        let url = signed.url.or_else(|| vector.url.clone());
        let secrets = [Secret::new(vector.secret.as_str())];
        let envelope = Envelope::of(&again, url.as_deref());
        assert_eq!(
            verify(scheme, &secrets, envelope, &again.body, now),
            Ok(Verification::Valid),
            "{}/{}",
            vector.provider,
            vector.name
        );
    }
}
