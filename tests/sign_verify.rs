use crate::support::{Place, hmac_hex};

#[test]
fn sign_prints_the_headers_that_the_provider_would_send() {
    let place = Place::new();
    let file = place.write("body.json", "{\"a\":1}");
    let body = file.to_str().unwrap();
    let expected = hmac_hex(b"s3cret", b"{\"a\":1}");
    let shown = place
        .run(&[
            "sign",
            "--provider",
            "convo",
            "--secret",
            "s3cret",
            "--body",
            body,
        ])
        .expect(0);
    assert_eq!(shown.stdout, format!("X-Convo-Signature: {expected}\n"));
    let shown = place
        .run_with_input(
            &[
                "sign",
                "--provider",
                "generic",
                "--secret",
                "s3cret",
                "--json",
            ],
            b"{\"a\":1}",
        )
        .expect(0);
    assert_eq!(
        shown.document()["headers"],
        serde_json::json!([["X-Signature", expected]])
    );
    let token = place
        .run_with_input(
            &[
                "sign",
                "--provider",
                "convocore",
                "--secret",
                "s3cret",
                "--json",
            ],
            b"{\"payload\":{}}",
        )
        .expect(0)
        .document();
    assert_eq!(token["body"], r#"{"payload":{"workspaceSecret":"s3cret"}}"#);
    assert_eq!(token["headers"], serde_json::json!([]));
}

#[test]
fn a_secret_comes_from_a_flag_a_file_or_a_variable() {
    let place = Place::new()
        .with("MINE", "s3cret")
        .with("HOOKCLI_SECRET", "general")
        .with("HOOKCLI_SECRET_CONVO", "special");
    place.write("key", "s3cret\n");
    let sign = |arguments: &[&str]| {
        place.run_with_input(
            &[&["sign", "--provider", "convo"], arguments].concat(),
            b"x",
        )
    };
    let with = |secret: &str| format!("X-Convo-Signature: {}\n", hmac_hex(secret.as_bytes(), b"x"));
    for flags in [
        ["--secret", "s3cret"],
        ["--secret-file", "key"],
        ["--secret-env", "MINE"],
    ] {
        assert_eq!(sign(&flags).expect(0).stdout, with("s3cret"), "{flags:?}");
    }
    assert_eq!(sign(&[]).expect(0).stdout, with("special"));
    let other = place
        .run_with_input(&["sign", "--provider", "agentclara"], b"x")
        .expect(0)
        .stdout;
    assert!(other.ends_with(&format!("{}\n", hmac_hex(b"general", b"x"))));
    assert!(
        sign(&["--secret-env", "UNSET"])
            .expect(2)
            .stderr
            .contains("UNSET is not set")
    );
    assert!(
        sign(&["--secret-file", "nope"])
            .expect(2)
            .stderr
            .contains("nope")
    );
    assert!(
        sign(&["--secret", ""])
            .expect(2)
            .stderr
            .contains("the secret is empty")
    );
}

#[test]
fn without_a_secret_or_a_scheme_there_is_nothing_to_judge_with() {
    let place = Place::new();
    place.write("body", "{}");
    let verify =
        |arguments: &[&str]| place.run(&[&["verify", "--body", "body"], arguments].concat());
    assert!(
        verify(&["--provider", "convo"])
            .expect(2)
            .stderr
            .contains("no secret to verify")
    );
    assert!(
        verify(&["--secret", "x"])
            .expect(1)
            .stdout
            .contains("the signature cannot be checked: no provider was recognised in this request, and no known scheme verifies it with the given secrets")
    );
    assert!(
        verify(&["--provider", "nobody", "--secret", "x"])
            .expect(2)
            .stderr
            .contains("unknown provider `nobody`")
    );
    let unchecked = verify(&["--provider", "gaife", "--json"])
        .expect(1)
        .document();
    assert_eq!(
        (&unchecked["verdict"], &unchecked["valid"]),
        (&"unchecked".into(), &serde_json::Value::Null)
    );
    assert!(
        place
            .run_with_input(&["sign", "--provider", "gaife", "--secret", "x"], b"")
            .expect(2)
            .stderr
            .contains("no signature scheme")
    );
}

#[test]
fn each_reason_is_its_own() {
    let place = Place::new();
    place.write("body", "{}");
    let good = hmac_hex(b"s3cret", b"{}");
    for (header, code, verdict, reason) in [
        (Some(good.clone()), 0, "valid", None),
        (Some(good.to_uppercase()), 0, "valid", None),
        (None, 1, "missing", Some("no_signature")),
        (Some(String::new()), 1, "missing", Some("no_signature")),
        (
            Some("sha256=zz".to_owned()),
            1,
            "invalid",
            Some("malformed"),
        ),
        (
            Some(hmac_hex(b"s3cret", b"{} ")),
            1,
            "invalid",
            Some("mismatch"),
        ),
        (Some(good[..62].to_owned()), 1, "invalid", Some("mismatch")),
    ] {
        let mut arguments = vec![
            "verify",
            "--body",
            "body",
            "--provider",
            "convo",
            "--secret",
            "s3cret",
            "--json",
        ];
        let header = header.map(|value| format!("X-Convo-Signature: {value}"));
        if let Some(header) = &header {
            arguments.extend(["-H", header]);
        }
        let document = place.run(&arguments).expect(code).document();
        assert_eq!(document["verdict"], verdict, "{header:?}");
        assert_eq!(document["reason"].as_str(), reason, "{header:?}");
    }
}

#[test]
fn a_timestamp_too_old_or_too_new_says_by_how_much() {
    let place = crate::catalog::with_acme();
    let dir = [
        "--provider-dir",
        "providers",
        "--provider",
        "acme",
        "--secret",
        "k",
    ];
    place.write("body", "{}");
    let signed = place
        .run(&[&["sign", "--body", "body", "--now", "1767225600"], &dir[..]].concat())
        .expect(0)
        .stdout;
    let verify = |arguments: &[&str]| {
        place.run(
            &[
                &["verify", "--body", "body", "-H", signed.trim(), "--json"],
                arguments,
                &dir[..],
            ]
            .concat(),
        )
    };
    assert_eq!(
        verify(&["--now", "1767225900"]).expect(0).document()["verdict"],
        "valid"
    );
    let old = verify(&["--now", "1767226000"]).expect(1).document();
    assert_eq!(old["reason"], "timestamp_too_old");
    assert!(
        old["message"]
            .as_str()
            .unwrap()
            .contains("1m 40s older than the tolerance of 5m allows"),
        "{old}"
    );
    assert_eq!(
        verify(&["--now", "2025-12-31T23:50:00Z"])
            .expect(1)
            .document()["reason"],
        "timestamp_too_new"
    );
    assert_eq!(
        verify(&["--now", "1767226000", "--tolerance", "10m"])
            .expect(0)
            .document()["verdict"],
        "valid"
    );
    let wrong = place.run(&[
        "verify",
        "--body",
        "body",
        "-H",
        signed.trim(),
        "--json",
        "--provider-dir",
        "providers",
        "--provider",
        "acme",
        "--secret",
        "wrong",
    ]);
    assert_eq!(
        wrong.expect(1).document()["reason"],
        "mismatch",
        "a wrong secret is never explained by the clock"
    );
}

#[test]
fn a_capture_is_judged_at_the_time_at_which_it_came() {
    let place = crate::catalog::with_acme();
    let listener = place.listen(&["--provider-dir", "providers", "--secret", "k"]);
    let status = listener.post(
        &[("X-Acme-Signature", &acme_signature(1_767_225_600))],
        b"{}",
    );
    assert_eq!(status, 401, "it is long ago");
    listener.stop();
    let verify = |arguments: &[&str]| {
        place.run(
            &[
                &[
                    "verify",
                    "last",
                    "--provider-dir",
                    "providers",
                    "--secret",
                    "k",
                    "--json",
                ],
                arguments,
            ]
            .concat(),
        )
    };
    assert_eq!(
        verify(&[]).expect(1).document()["reason"],
        "timestamp_too_old"
    );
    assert_eq!(
        verify(&["--now", "1767225600"]).expect(0).document()["valid"],
        true
    );
    let exported = place
        .run(&["captures", "export", "last", "--provider-dir", "providers"])
        .expect(0)
        .stdout;
    place.write(
        "old.json",
        exported.replace(
            "\"received_at\":\"2",
            "\"received_at\":\"2026-01-01T00:00:10Z\",\"was\":\"2",
        ),
    );
    let from_file = place.run(&[
        "verify",
        "old.json",
        "--provider-dir",
        "providers",
        "--secret",
        "k",
        "--json",
    ]);
    assert_eq!(
        from_file.expect(0).document()["valid"],
        true,
        "a file's own time counts, too"
    );
}

fn acme_signature(second: i64) -> String {
    format!(
        "t={second},v1={}",
        hmac_hex(b"k", format!("{second}.{{}}").as_bytes())
    )
}

#[test]
fn a_raw_request_and_every_exported_form_can_be_verified() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let listener = place.listen(&[]);
    place
        .run(&["send", "convo/transcript.ready", "--url", &listener.url])
        .expect(0);
    listener.stop();
    for (format, file) in [("json", "c.json"), ("http", "c.http"), ("har", "c.har")] {
        place
            .run(&["captures", "export", "last", "--format", format, "-o", file])
            .expect(0);
        let shown = place.run(&["verify", file, "--json"]).expect(0).document();
        assert_eq!(
            (shown["provider"].as_str(), shown["valid"].as_bool()),
            (Some("convo"), Some(true)),
            "{format}"
        );
    }
    place.run(&["verify", "--request", "c.http"]).expect(0);
    let id = place.run(&["captures", "list", "--json"]).document()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for name in [
        "last",
        "last~0",
        &id,
        &id[..20],
        &id[id.len() - 6..],
        &id.to_lowercase(),
    ] {
        place.run(&["verify", name]).expect(0);
    }
    assert!(
        place
            .run(&["verify", "last~1"])
            .expect(2)
            .stderr
            .contains("no capture matches `last~1`")
    );
    assert!(
        place
            .run(&["verify", "nope"])
            .expect(2)
            .stderr
            .contains("use an id, its last six characters, last or last~2")
    );
    place.write("broken.http", "POST / HTTP/1.1\r\nContent-Length: 99");
    let broken = place.run(&["verify", "--request", "broken.http"]).expect(2);
    assert!(
        broken
            .stderr
            .contains("the empty line after the headers is missing")
    );
}

#[test]
fn a_redacted_token_is_nothing_to_verify() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let listener = place.listen(&[]);
    place
        .run(&["send", "lead_captured", "--url", &listener.url])
        .expect(0);
    listener.stop();
    place.run(&["verify", "last"]).expect(0);
    place
        .run(&["captures", "export", "last", "-o", "redacted.json"])
        .expect(0);
    assert!(
        place
            .run(&["verify", "redacted.json"])
            .expect(2)
            .stderr
            .contains("--reveal")
    );
    place
        .run(&["captures", "export", "last", "-o", "whole.json", "--reveal"])
        .expect(0);
    place.run(&["verify", "whole.json"]).expect(0);
}

#[test]
fn a_provider_that_sends_forms_too_is_verified_in_both_forms() {
    let place = Place::new();
    let verify = |body: &str, code| {
        place.write("body", body);
        let arguments = [
            "verify",
            "--body",
            "body",
            "--provider",
            "mailgun",
            "--secret",
            "k",
            "--json",
        ];
        place.run(&arguments).expect(code).document()
    };
    let signature = hmac_hex(b"k", b"1700000000tok");
    let json = format!(
        r#"{{"signature":{{"timestamp":"1700000000","token":"tok","signature":"{signature}"}}}}"#
    );
    let form = format!("timestamp=1700000000&token=tok&signature={signature}&sender=a%40b");
    assert_eq!(verify(&json, 0)["verdict"], "valid");
    assert_eq!(verify(&form, 0)["verdict"], "valid");
    // Another token, and a second one, which the application may be the one to read.
    let forged = form.replace("token=tok", "token=other");
    assert_eq!(verify(&forged, 1)["reason"], "mismatch");
    assert_eq!(
        verify(&format!("{form}&token=other"), 1)["reason"],
        "malformed"
    );
    assert_eq!(verify("sender=a%40b", 1)["reason"], "malformed");
}

#[test]
fn a_header_that_is_missing_is_named_and_what_the_signature_is_worth() {
    let place = Place::new();
    place.write("body", "{}");
    let message = |signature: &str| {
        let signature = format!("X-Shopify-Hmac-Sha256: {signature}");
        let arguments = [
            "verify",
            "--body",
            "body",
            "--provider",
            "shopify",
            "--secret",
            "k",
            "-H",
            &signature,
            "-H",
            "X-Shopify-Topic: orders/create",
            "--json",
        ];
        let document = place.run(&arguments).expect(1).document();
        document["message"].as_str().unwrap().to_owned()
    };
    // printf {} | openssl dgst -sha256 -hmac k -binary | base64
    let right = message("rdhTsQP7zJNqGU+esV4pxP8Ir25H1dG8pPICGOMeT/8=");
    assert!(right.contains("the signature itself matches"), "{right}");
    assert!(right.contains("X-Shopify-Shop-Domain"), "{right}");
    assert!(!right.contains("X-Shopify-Topic"), "{right}");
    let wrong = message("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert!(!wrong.contains("matches"), "{wrong}");
    // What is wrong with the signature itself is not hidden by what else is missing.
    let unreadable = message("not base64!");
    assert!(unreadable.contains("is not base64"), "{unreadable}");
}
