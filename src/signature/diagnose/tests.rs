use std::time::Duration;

use super::super::key::KeyedHash;
use super::super::sign::sign;
use super::*;
use crate::model::Headers;

const SECRET: &str = "dGhlIHNlY3JldCBvZiB0aGUgdGVzdHM=";
const BODY: &str = "{\"id\": \"evt_1\", \"b\": 1.0, \"a\": \"h\\u00e9llo/<x>\"}";

fn plain() -> Scheme {
    Scheme {
        prefix: "sha256=".to_owned(),
        ..Scheme::hmac_sha256_hex("X-Sig")
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// The codes of what is found when the sender does one thing and the receiver knows another.
struct Case {
    signed_by: Scheme,
    signed_with: &'static str,
    signed: Vec<u8>,
    verified_by: Scheme,
    verified_with: &'static str,
    received: Vec<u8>,
    sent_url: &'static str,
    url: &'static str,
    others: Vec<(String, Secret)>,
    serializer: Option<Serializer>,
    headers: Box<dyn Fn(&mut Headers)>,
    now: i64,
}

impl Case {
    fn new(scheme: Scheme) -> Self {
        Self {
            signed_by: scheme.clone(),
            signed_with: SECRET,
            signed: BODY.as_bytes().to_vec(),
            verified_by: scheme,
            verified_with: SECRET,
            received: BODY.as_bytes().to_vec(),
            sent_url: "https://app.example/hook",
            url: "https://app.example/hook",
            others: Vec::new(),
            serializer: None,
            headers: Box::new(|_| {}),
            now: 1_767_225_600,
        }
    }

    fn found(&self) -> Vec<Finding> {
        let none = Headers::new();
        let envelope = Envelope {
            method: "POST",
            url: Some(self.sent_url),
            headers: &none,
        };
        let secrets = [Secret::new(self.signed_with)];
        let now = at(1_767_225_600);
        let signed = sign(&self.signed_by, &secrets, envelope, &self.signed, now, "m1").unwrap();
        let mut headers: Headers = signed
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes()))
            .collect();
        (self.headers)(&mut headers);
        let secrets = [Secret::new(self.verified_with)];
        let subject = Subject {
            scheme: &self.verified_by,
            secrets: &secrets,
            envelope: Envelope {
                method: "POST",
                url: Some(self.url),
                headers: &headers,
            },
            body: &self.received,
            now: at(self.now),
            others: &self.others,
            serializer: self.serializer,
        };
        let verdict = verify(
            subject.scheme,
            subject.secrets,
            subject.envelope,
            subject.body,
            subject.now,
        );
        let verdict = verdict.unwrap();
        assert_ne!(
            verdict,
            Verification::Valid,
            "there is something to be found"
        );
        diagnose(&subject, &verdict)
    }

    fn code(&self) -> &'static str {
        match self.found().as_slice() {
            [one] => one.code,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn each_way_to_change_a_body_is_named() {
    let crlf = "{\r\n\"a\": 1}";
    let cases: [(&[u8], &[u8], &str); 8] = [
        (b"{\"a\":1}\n", b"{\"a\":1}", "body_trailing_newline"),
        (b"{\"a\":1}\r\n", b"{\"a\":1}", "body_trailing_newline"),
        (b"{\"a\":1}", b"{\"a\":1}\n", "body_trailing_newline"),
        (b"{\"a\":1}", b"  {\"a\":1}", "body_white_space"),
        (crlf.as_bytes(), b"{\n\"a\": 1}", "body_line_ends"),
        (b"\xef\xbb\xbf{\"a\":1}", b"{\"a\":1}", "body_bom"),
        (
            b"{\"a\":\"h\xe9\"}",
            "{\"a\":\"hé\"}".as_bytes(),
            "body_charset",
        ),
        (
            "{\"a\":\"hé\"}".as_bytes(),
            b"{\"a\":\"h\xe9\"}",
            "body_charset",
        ),
    ];
    for (signed, received, code) in cases {
        let case = Case {
            signed: signed.to_vec(),
            received: received.to_vec(),
            ..Case::new(plain())
        };
        assert_eq!(case.code(), code, "{}", String::from_utf8_lossy(received));
    }
}

#[test]
fn what_cannot_be_proven_stands_behind_the_secret() {
    let lossy = Case {
        signed: b"{\"a\":\"\xff\"}".to_vec(),
        received: "{\"a\":\"\u{fffd}\"}".as_bytes().to_vec(),
        ..Case::new(plain())
    };
    let codes: Vec<&str> = lossy.found().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unexplained", "body_lossy"]);
}

#[test]
fn a_body_that_was_parsed_and_written_again_says_in_which_way() {
    let cases = [
        (
            "{\"id\":\"evt_1\",\"b\":1.0,\"a\":\"h\\u00e9llo/<x>\"}",
            "spacing",
        ),
        (
            "{\"id\": \"evt_1\", \"b\": 1.0, \"a\": \"héllo/<x>\"}",
            "escapes",
        ),
        (
            "{\"id\":\"evt_1\",\"b\":1.0,\"a\":\"héllo/<x>\"}",
            "spacing, escapes",
        ),
    ];
    for (received, transport) in cases {
        let case = Case {
            received: received.as_bytes().to_vec(),
            ..Case::new(plain())
        };
        let found = case.found();
        assert_eq!(found[0].code, "body_reserialised");
        assert!(found[0].message.contains(transport), "{}", found[0].message);
        assert!(found[0].message.contains("express.raw"));
    }
    let sorted = Case {
        signed: b"{\"a\":1.0,\"b\":2}".to_vec(),
        received: b"{\"b\":2,\"a\":1.0}".to_vec(),
        ..Case::new(plain())
    };
    assert!(sorted.found()[0].message.contains("key order"));
    for (signed, received) in [
        ("{\"a\":1.0}", "{\"a\":1}"),
        (
            "{\"id\": 7, \"price\": 1.50, \"sum\": 3.0}",
            "{\"id\":7,\"price\":1.5,\"sum\":3}",
        ),
    ] {
        let numbers = Case {
            signed: signed.as_bytes().to_vec(),
            received: received.as_bytes().to_vec(),
            ..Case::new(plain())
        };
        assert!(
            numbers.found()[0].message.contains("number form"),
            "{received}"
        );
    }
}

#[test]
fn what_serialisers_write_is_recognised_in_any_combination() {
    let cases = [
        // Rails, and PHP's slash, at once; read and written compactly.
        (
            r#"{"a":"x\u003cb\u003e\u0026 c\/d"}"#,
            r#"{"a":"x<b>& c/d"}"#,
        ),
        // Astral characters alone, in upper case.
        (
            "{\"a\":\"caf\u{e9} \\uD83D\\uDE00\"}",
            "{\"a\":\"caf\u{e9} \u{1f600}\"}",
        ),
        // An empty object that PHP turned into a list.
        (r#"{"a":{},"b":1}"#, r#"{"a":[],"b":1}"#),
        // Numbers with exponents, read and written by JavaScript, and by Python.
        (r#"{"a":1e3,"b":2}"#, r#"{"a":1000,"b":2}"#),
        (
            r#"{"a": 1e3, "b": 1.0E-7}"#,
            r#"{"a": 1000.0, "b": 1.0E-7}"#,
        ),
        (r#"{"a":1.5E21}"#, r#"{"a":1.5e+21}"#),
        // Indented by three.
        (
            "{\n   \"a\": 1,\n   \"b\": [\n      2\n   ]\n}",
            r#"{"a":1,"b":[2]}"#,
        ),
    ];
    for (signed, received) in cases {
        let case = Case {
            signed: signed.as_bytes().to_vec(),
            received: received.as_bytes().to_vec(),
            ..Case::new(plain())
        };
        assert_eq!(case.code(), "body_reserialised", "{signed}");
    }
}

#[test]
fn a_body_as_its_provider_writes_it_speaks_for_another_secret() {
    let said = |received: &str| {
        let case = Case {
            signed_with: "one",
            verified_with: "another",
            signed: received.as_bytes().to_vec(),
            received: received.as_bytes().to_vec(),
            serializer: Some(Serializer::Rails),
            ..Case::new(plain())
        };
        case.found().remove(0).message
    };
    let own = said(r#"{"a":"x\u003cb"}"#);
    assert!(own.contains("formatted as Rails writes JSON"), "{own}");
    let other = said(r#"{"a":"x<b"}"#);
    assert!(
        other.contains("The body may have been serialised again"),
        "{other}"
    );
    let text = said("plain text");
    assert!(!text.contains("Rails"), "{text}");
}

#[test]
fn a_body_that_is_not_as_its_provider_writes_it_is_found_by_that_first() {
    // The budget leaves room for one style of a body that long: the provider's.
    let text = format!(r#"{{"a":"x<b","b":"{}"}}"#, "y".repeat(4 << 20));
    let case = Case {
        signed: text.replace('<', "\\u003c").into_bytes(),
        received: text.into_bytes(),
        serializer: Some(Serializer::Rails),
        ..Case::new(plain())
    };
    assert_eq!(case.code(), "body_reserialised");
}

#[test]
fn a_form_that_was_parsed_is_named() {
    let cases = [
        ("text=a*b+c&user=x", "text=a%2Ab+c&user=x"),
        ("text=a%2Ab+c&user=x", r#"{"text":"a*b c","user":"x"}"#),
        ("payload=%7B%22a%22%3A1%7D", r#"{"a":1}"#),
    ];
    for (signed, received) in cases {
        let case = Case {
            signed: signed.as_bytes().to_vec(),
            received: received.as_bytes().to_vec(),
            headers: Box::new(|headers| {
                headers.set("content-type", "application/x-www-form-urlencoded");
            }),
            ..Case::new(plain())
        };
        assert_eq!(case.code(), "body_reserialised", "{received}");
    }
}

#[test]
fn a_body_in_a_wrapping_is_named() {
    let base64 = crate::model::base64_text(BODY.as_bytes());
    let string = serde_json::to_string(BODY).unwrap();
    let buffer = serde_json::json!({"type": "Buffer", "data": BODY.as_bytes()}).to_string();
    let python = format!("b'{}'", BODY.replace('\\', "\\\\"));
    let lambda = serde_json::json!({"httpMethod": "POST", "headers": {"X-Sig": "0"}, "isBase64Encoded": false, "body": BODY})
        .to_string();
    let lambda_base64 =
        serde_json::json!({"version": "2.0", "isBase64Encoded": true, "body": base64}).to_string();
    for received in [base64, string, buffer, python, lambda, lambda_base64] {
        let case = Case {
            received: received.clone().into_bytes(),
            ..Case::new(plain())
        };
        assert_eq!(case.code(), "body_wrapped", "{received}");
    }
}

#[test]
fn compression_is_named_whichever_side_of_it_was_signed() {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(BODY.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    let told = Case {
        received: packed.clone(),
        headers: Box::new(|headers| headers.set("content-encoding", "gzip")),
        ..Case::new(plain())
    };
    assert_eq!(told.code(), "body_compressed");
    let untold = Case {
        received: packed.clone(),
        ..Case::new(plain())
    };
    assert_eq!(untold.code(), "body_wrapped");
    let unpacked = Case {
        signed: packed,
        headers: Box::new(|headers| headers.set("content-encoding", "gzip")),
        ..Case::new(plain())
    };
    let codes: Vec<&str> = unpacked
        .found()
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, ["unexplained", "body_decompressed"]);
}

#[test]
fn a_damaged_signature_is_told_from_a_wrong_one() {
    let changed = |change: fn(&str) -> String| {
        Case {
            headers: Box::new(move |headers| {
                let value = String::from_utf8(headers.get("x-sig").unwrap().to_vec()).unwrap();
                headers.set("x-sig", change(&value));
            }),
            ..Case::new(plain())
        }
        .code()
    };
    let cut = |text: &str| text[..text.len() - 10].to_owned();
    assert_eq!(changed(cut), "signature_cut_off");
    let altered = |text: &str| {
        let last = if text.ends_with('0') { "1" } else { "0" };
        format!("{}{last}", &text[..text.len() - 1])
    };
    assert_eq!(changed(altered), "signature_altered");
    assert_eq!(
        changed(|text| format!("{text}, {text}")),
        "signature_repeated"
    );
    assert_eq!(changed(|text| format!("\"{text}\"")), "signature_quoted");
}

#[test]
fn a_signature_that_something_decoded_or_encoded_is_named() {
    type Change = fn(&str) -> String;
    // Of these bodies one has `+` and `/` in the base64 of its signature.
    let body = (0..200)
        .map(|number| format!("{{\"a\":{number}}}"))
        .find(|body| {
            let mut hash = KeyedHash::new(&plain(), &Secret::new(SECRET)).unwrap();
            hash.update(body.as_bytes());
            let text = crate::model::base64_text(&hash.finish());
            text.contains('+') && text.contains('/')
        })
        .unwrap();
    let changed = |change: Change| {
        let scheme = plain().with_encoding(Encoding::Base64);
        Case {
            signed: body.clone().into_bytes(),
            received: body.clone().into_bytes(),
            headers: Box::new(move |headers| {
                let value = String::from_utf8(headers.get("x-sig").unwrap().to_vec()).unwrap();
                headers.set("x-sig", change(&value));
            }),
            ..Case::new(scheme)
        }
        .found()
        .remove(0)
    };
    let cases: [(Change, &str); 4] = [
        (
            |text| text.replace('+', " "),
            "base64 in which `+` became a space, because it was decoded as a form",
        ),
        (
            |text| {
                text.replace('+', "%2B")
                    .replace('/', "%2F")
                    .replacen('=', "\0", 1)
                    .replace('=', "%3D")
                    .replace('\0', "=")
            },
            "percent-encoded",
        ),
        (|text| text.replace('+', "-").replace('/', "_"), "base64url"),
        (
            |text| {
                let (prefix, base64) = text.split_once('=').unwrap();
                let hex = hex::encode(crate::model::base64_bytes(base64).unwrap());
                format!("{prefix}={}", crate::model::base64_text(hex.as_bytes()))
            },
            "base64 of its hex",
        ),
    ];
    for (change, words) in cases {
        let found = changed(change);
        assert_eq!(found.code, "encoding", "{words}");
        assert!(found.message.contains(words), "{}", found.message);
    }
}

#[test]
fn what_a_proxy_says_of_the_url_is_a_candidate() {
    let scheme = Scheme {
        content: "{url}{body}".parse().unwrap(),
        ..plain()
    };
    let cases: [(&str, &[(&str, &str)]); 7] = [
        (
            "https://app.example/hook",
            &[(
                "Forwarded",
                "for=1.2.3.4;host=app.example;proto=https, for=10.0.0.1",
            )],
        ),
        (
            "https://app.example:8443/hook",
            &[
                ("X-Forwarded-Host", "app.example"),
                ("X-Forwarded-Port", "8443"),
            ],
        ),
        (
            "https://app.example/api/hook",
            &[
                ("X-Forwarded-Host", "app.example"),
                ("X-Forwarded-Prefix", "/api"),
            ],
        ),
        (
            "https://app.example/v1/in?x=1",
            &[
                ("X-Forwarded-Host", "app.example"),
                ("X-Original-URI", "/v1/in?x=1"),
            ],
        ),
        (
            "https://app.example/v1/in",
            &[
                ("Host", "app.example"),
                ("X-Original-URL", "https://app.example/v1/in"),
            ],
        ),
        (
            "https://app.example/hook/",
            &[("X-Forwarded-Host", "app.example")],
        ),
        (
            "https://app.example/h%C3%B6ok",
            &[
                ("X-Forwarded-Host", "app.example"),
                ("X-Rewrite-Url", "/h\u{f6}ok"),
            ],
        ),
    ];
    for (sent_url, headers) in cases {
        let headers: Vec<(&'static str, &'static str)> = headers.to_vec();
        let case = Case {
            sent_url,
            url: "http://127.0.0.1:3000/hook",
            headers: Box::new(move |all| {
                for (name, value) in &headers {
                    all.push(*name, *value);
                }
            }),
            ..Case::new(scheme.clone())
        };
        assert_eq!(case.code(), "url_differs", "{sent_url}");
    }
}

#[test]
fn another_spelling_of_the_query_is_named() {
    let signs_url = Scheme {
        content: "{url}{body}".parse().unwrap(),
        ..plain()
    };
    for (sent_url, url) in [
        (
            "https://app.example/hook?b=2&a=1",
            "https://app.example/hook?a=1&b=2",
        ),
        (
            "https://app.example/hook?a=x%20y",
            "https://app.example/hook?a=x+y",
        ),
    ] {
        let case = Case {
            sent_url,
            url,
            ..Case::new(signs_url.clone())
        };
        assert_eq!(case.code(), "url_differs", "{url}");
    }
}

#[test]
fn each_wrong_use_of_the_secret_is_named() {
    let with = |signed_with, verified_with| {
        Case {
            signed_with,
            verified_with,
            ..Case::new(plain())
        }
        .code()
    };
    assert_eq!(with("key", "key\n"), "secret_white_space");
    assert_eq!(with("key\n", "key"), "secret_white_space");
    assert_eq!(with("key", "\"key\""), "secret_white_space");
    let decoded = Scheme {
        secret_encoding: SecretEncoding::Base64,
        ..plain()
    };
    let raw_for_decoded = Case {
        verified_by: decoded.clone(),
        ..Case::new(plain())
    };
    let decoded_for_raw = Case {
        signed_by: decoded,
        ..Case::new(plain())
    };
    assert_eq!(raw_for_decoded.code(), "secret_encoding");
    assert_eq!(decoded_for_raw.code(), "secret_encoding");
    let other = Case {
        signed_with: "another",
        others: vec![("the endpoint orders".to_owned(), Secret::new("another"))],
        ..Case::new(plain())
    };
    assert_eq!(other.code(), "secret_of_other");
    assert!(other.found()[0].message.contains("the endpoint orders"));
    let own = Case {
        signed_with: "one",
        verified_with: "another",
        others: vec![("the endpoint orders".to_owned(), Secret::new("another"))],
        ..Case::new(plain())
    };
    assert!(!own.found()[0].message.contains("the endpoint orders"));
}

#[test]
fn a_wrong_secret_is_explained_by_nothing() {
    let schemes = [
        plain(),
        Scheme::hmac_sha256_hex("X-Sig").with_timestamp_header("X-Time", TimestampFormat::UnixS),
    ];
    for scheme in schemes {
        for body in [BODY, "{\"a\":1}\n", "plain text", ""] {
            let case = Case {
                signed_with: "one",
                verified_with: "another",
                signed: body.as_bytes().to_vec(),
                received: body.as_bytes().to_vec(),
                ..Case::new(scheme.clone())
            };
            assert_eq!(case.code(), "unexplained", "{body}");
        }
    }
}

#[test]
fn what_was_not_tried_is_said() {
    let long = |bytes: usize| {
        let case = Case {
            signed_with: "one",
            verified_with: "another",
            received: format!("{{\"a\":\"{}\"}}", "x".repeat(bytes)).into_bytes(),
            ..Case::new(plain())
        };
        case.found().remove(0).message
    };
    assert!(!long(10).contains("not tried"));
    assert!(long(1 << 20).contains("were not tried"));
}

#[test]
fn the_right_signature_written_wrongly_is_named() {
    let written = |scheme: Scheme, change: fn(&str) -> String| {
        Case {
            headers: Box::new(move |headers| {
                let value = String::from_utf8(headers.get("x-sig").unwrap().to_vec()).unwrap();
                headers.set("x-sig", change(&value));
            }),
            ..Case::new(scheme)
        }
        .code()
    };
    let base64 = |text: &str| {
        let hex = text.rsplit('=').next().unwrap();
        format!(
            "sha256={}",
            crate::model::base64_text(&hex::decode(hex).unwrap())
        )
    };
    assert_eq!(written(plain(), base64), "encoding");
    assert_eq!(
        written(plain().with_encoding(Encoding::HexLower), |text| {
            text.replace("sha256=", "")
                .to_uppercase()
                .replacen("", "sha256=", 1)
        }),
        "hex_case"
    );
    assert_eq!(
        written(plain(), |text| text.replace("sha256=", "")),
        "prefix_missing"
    );
    assert_eq!(
        written(plain(), |text| format!("sha256={text}")),
        "prefix_doubled"
    );
    assert_eq!(
        written(plain(), |text| text.replace("sha256", "sha1")),
        "prefix_wrong"
    );
    let fields: Scheme = toml::from_str(
        "mechanism = \"hmac\"\nheader = \"X-Sig\"\ngrammar = { item_separator = \",\", pair_separator = \"=\", signature = \"v1\" }",
    )
    .unwrap();
    assert_eq!(
        written(fields, |text| text.replace("v1=", "v0=")),
        "wrong_field"
    );
}

#[test]
fn another_algorithm_content_url_or_unit_is_named() {
    for algorithm in [Algorithm::Sha1, Algorithm::Sha512] {
        let case = Case {
            signed_by: Scheme {
                algorithm,
                ..plain()
            },
            ..Case::new(plain())
        };
        assert_eq!(case.code(), "algorithm");
    }
    let timed = plain().with_timestamp_header("X-Time", TimestampFormat::UnixS);
    let content = Case {
        signed_by: Scheme {
            content: "{timestamp}.{body}".parse().unwrap(),
            ..timed.clone()
        },
        ..Case::new(timed.clone())
    };
    assert_eq!(content.code(), "signed_content");
    let url = Scheme {
        content: "{url}{body}".parse().unwrap(),
        ..plain()
    };
    for seen in [
        "http://app.example/hook",
        "https://app.example/hook/",
        "http://127.0.0.1:3000/hook",
    ] {
        let case = Case {
            url: seen,
            headers: Box::new(|headers| headers.push("x-forwarded-host", "app.example")),
            ..Case::new(url.clone())
        };
        assert_eq!(case.code(), "url_differs", "{seen}");
    }
    let tolerant = |format| {
        let mut scheme = timed.clone();
        let rule = scheme.timestamp.as_mut().unwrap();
        rule.format = format;
        rule.tolerance = Some(Duration::from_secs(300));
        scheme
    };
    let unit = Case {
        signed_by: tolerant(TimestampFormat::UnixMs),
        ..Case::new(tolerant(TimestampFormat::UnixS))
    };
    assert_eq!(unit.code(), "timestamp_unit");
    let late = Case {
        now: 1_767_225_600 + 400,
        ..Case::new(tolerant(TimestampFormat::UnixS))
    };
    assert_eq!(late.code(), "timestamp_too_old");
}

#[test]
fn a_header_that_is_nearly_there_is_named_and_else_nothing_is_said() {
    let renamed = |name: &'static str| Case {
        headers: Box::new(move |headers| {
            let value = headers.get("x-sig").unwrap().to_vec();
            headers.remove("x-sig");
            headers.push(name, value);
        }),
        ..Case::new(plain())
    };
    assert_eq!(renamed("HTTP_X_SIG").code(), "similar_header");
    assert_eq!(renamed("X-Other-Signature").code(), "similar_header");
    assert_eq!(renamed("Content-Digest").found(), []);
}
