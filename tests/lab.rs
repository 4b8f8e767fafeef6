//! The signature lab: keys, schemes by flag and by endpoint, why a signature fails, whose it is, and a
//! provider of one's own out of a capture.

use std::io::Write as _;

use crate::support::{Place, hmac_hex};

#[test]
fn new_keys_are_printed_so_that_a_shell_can_take_them() {
    let place = Place::new();
    let secret = place
        .run(&["keys", "new", "--provider", "stripe"])
        .expect(0)
        .stdout;
    assert!(
        secret.starts_with("whsec_") && secret.len() == 6 + 32 + 1,
        "{secret}"
    );
    let plain = place.run(&["keys", "new"]).expect(0).stdout;
    assert_eq!(plain.trim_end().len(), 64, "{plain}");
    let pair = place
        .run(&[
            "keys",
            "new",
            "--provider",
            "standard-webhooks-v1a",
            "--json",
        ])
        .expect(0)
        .document();
    assert!(pair["signing"].as_str().unwrap().starts_with("whsk_"));
    assert!(pair["verifying"].as_str().unwrap().starts_with("whpk_"));
    place.run(&["keys", "new", "--provider", "gaife"]).expect(2);
}

#[test]
fn the_generic_scheme_is_made_of_flags() {
    let place = Place::new();
    let scheme = [
        "--provider",
        "generic",
        "--secret",
        "c2VjcmV0",
        "--signature-header",
        "X-My-Sig",
        "--algorithm",
        "sha512",
        "--encoding",
        "base64",
        "--prefix",
        "v1=",
        "--template",
        "{timestamp}.{body}",
        "--timestamp-header",
        "X-My-Time",
        "--secret-encoding",
        "base64",
    ];
    let signed = place
        .run_with_input(&[&["sign", "--json"], &scheme[..]].concat(), b"body")
        .expect(0)
        .document();
    let headers: Vec<String> = signed["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| {
            format!(
                "{}: {}",
                pair[0].as_str().unwrap(),
                pair[1].as_str().unwrap()
            )
        })
        .collect();
    assert!(headers[1].starts_with("X-My-Sig: v1="), "{headers:?}");
    let verify = [
        &[
            "verify",
            "--body",
            "-",
            "-H",
            &headers[0],
            "-H",
            &headers[1],
        ],
        &scheme[..],
    ]
    .concat();
    place.run_with_input(&verify, b"body").expect(0);
    place.run_with_input(&verify, b"bode").expect(1);
    let wrong = place
        .run_with_input(&["sign", "--secret", "k", "--template", "{bodi}"], b"")
        .expect(2);
    assert!(wrong.stderr.contains("{body}"), "{}", wrong.stderr);
}

#[test]
fn an_endpoint_keeps_a_scheme_of_its_own() {
    let place = Place::new().with("SHOP_SECRET", "s3cret");
    let toml = |port: &str| {
        format!(
            "[endpoint.shop]\nurl = \"http://127.0.0.1:{port}/\"\nprovider = \"generic\"\nsecret_env = \"SHOP_SECRET\"\n\n[endpoint.shop.signature]\nmechanism = \"hmac\"\nheader = \"X-Shop\"\nprefix = \"sha256=\"\n"
        )
    };
    place.write("hookcli.toml", toml("9"));
    let mut listener = place.listen(&["--to", "shop"]);
    let port = listener.url.rsplit(':').next().unwrap().to_owned();
    place.write("hookcli.toml", toml(&port));
    place
        .run(&["send", "generic/event", "--to", "shop"])
        .expect(0);
    let request = listener.next();
    assert_eq!(request["signature"]["verdict"], "valid");
    let signature = format!("X-Shop: sha256={}", hmac_hex(b"s3cret", b"{}"));
    place
        .run_with_input(
            &["verify", "--to", "shop", "--body", "-", "-H", &signature],
            b"{}",
        )
        .expect(0);
}

#[test]
fn a_finding_has_a_code_and_names_the_mending() {
    let place = Place::new();
    let original = br#"{"id": "evt_1", "amount": 1.0}"#;
    let signature = format!(
        "X-Hub-Signature-256: sha256={}",
        hmac_hex(b"s3cret", original)
    );
    let verify = |body: &[u8], more: &[&str]| {
        let fixed = [
            "verify",
            "--provider",
            "github",
            "--body",
            "-",
            "-H",
            &signature,
            "--json",
        ];
        place
            .run_with_input(&[&fixed[..], more].concat(), body)
            .document()
    };
    let parsed = verify(br#"{"id":"evt_1","amount":1}"#, &["--secret", "s3cret"]);
    assert_eq!(parsed["findings"][0]["code"], "body_reserialised");
    let told = parsed["findings"][0]["message"].as_str().unwrap();
    assert!(
        told.contains("spacing") && told.contains("number form") && told.contains("express.raw"),
        "{told}"
    );
    let wrong = verify(original, &["--secret", "another"]);
    assert_eq!(wrong["findings"][0]["code"], "unexplained");
    assert!(
        wrong.get("expected").is_none(),
        "a key is not printed unasked"
    );
    let revealed = verify(original, &["--secret", "another", "--reveal"]);
    let expected = format!("sha256={}", hmac_hex(b"another", original));
    assert_eq!(revealed["expected"], expected);
    let header = "Stripe-Signature: t=1767225600,v1=00";
    let fixed = [
        "verify",
        "--provider",
        "stripe",
        "--body",
        "-",
        "-H",
        header,
        "--secret",
        "k",
        "--reveal",
        "--json",
    ];
    let whole = place.run_with_input(&fixed, b"{}").expect(1).document();
    let expected = format!("t=1767225600,v1={}", hmac_hex(b"k", b"1767225600.{}"));
    assert_eq!(whole["expected"], expected);
}

#[test]
fn a_listener_says_why_with_v() {
    let place = Place::new().with("HOOKCLI_SECRET_CONVO", "s3cret");
    let mut listener = place.listen(&["-v"]);
    place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "--secret",
            "s3cret\n",
        ])
        .expect(1);
    assert_eq!(
        listener.next()["signature"]["findings"][0]["code"],
        "secret_white_space"
    );
}

#[test]
fn whose_signature_it_is_is_found_out_by_the_secret() {
    let place = Place::new();
    let signature = hmac_hex(b"s3cret", b"{}");
    let header = format!("X-Dropbox-Signature: {signature}");
    let known = place
        .run_with_input(
            &[
                "verify", "--body", "-", "-H", &header, "--secret", "s3cret", "--json",
            ],
            b"{}",
        )
        .expect(0);
    assert_eq!(known.document()["provider"], "dropbox");
    let header = format!("X-Hub-Signature: sha256={signature}");
    let shared = place
        .run_with_input(
            &[
                "verify", "--body", "-", "-H", &header, "--secret", "s3cret", "--json",
            ],
            b"{}",
        )
        .expect(0);
    assert!(
        shared.stderr.contains("bitbucket, jira"),
        "{}",
        shared.stderr
    );
    let none = place
        .run_with_input(
            &[
                "verify", "--body", "-", "-H", "X-Odd: 1", "--secret", "s3cret",
            ],
            b"{}",
        )
        .expect(1);
    assert!(none.stdout.contains("no known scheme"), "{}", none.stdout);
}

#[test]
fn the_url_behind_a_proxy_is_given_or_found() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut behind = place.listen(&["--public-url", "https://app.example"]);
    let body = br#"{"type":"payment.created"}"#;
    let file = place.write("body.json", body);
    let sign = place.run(&[
        "sign",
        "--provider",
        "square",
        "--url",
        "https://app.example/hook?x=1",
        "--body",
        file.to_str().unwrap(),
        "--json",
    ]);
    let signature = sign.expect(0).document()["headers"][0][1]
        .as_str()
        .unwrap()
        .to_owned();
    let request = format!(
        "POST /hook?x=1 HTTP/1.1\r\nHost: inner:3000\r\nX-Square-HmacSha256-Signature: {signature}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        body.len(),
        String::from_utf8_lossy(body)
    );
    assert!(behind.raw(request.as_bytes()).starts_with("HTTP/1.1 200"));
    assert_eq!(behind.next()["signature"]["verdict"], "valid");
    let mut unaware = place.listen(&["-v"]);
    let forwarded = request.replace(
        "Host: inner:3000",
        "Host: inner:3000\r\nX-Forwarded-Host: app.example",
    );
    assert!(
        unaware
            .raw(forwarded.as_bytes())
            .starts_with("HTTP/1.1 401")
    );
    let told = unaware.next();
    assert_eq!(told["signature"]["findings"][0]["code"], "url_differs");
    assert!(told.to_string().contains("https://app.example/hook?x=1"));
}

#[test]
fn a_long_body_is_verified_in_constant_memory() {
    let place = Place::new();
    let path = place.write("long", b"");
    let mut file = std::fs::File::create(&path).unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..256 {
        file.write_all(&piece).unwrap();
    }
    let body = path.to_str().unwrap();
    let signed = place
        .command(&["sign", "--secret", "k", "--body", body])
        .output()
        .unwrap();
    let header = String::from_utf8(signed.stdout).unwrap();
    // 64 MiB of address space would not hold a quarter of it; the program itself needs some.
    let line = format!(
        "ulimit -v 400000; exec '{}' verify --provider generic --secret k --body '{body}' -H '{}'",
        place.command(&[]).get_program().to_str().unwrap(),
        header.trim_end()
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &line])
        .env("HOME", place.home(""))
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_name_that_no_folder_can_have_is_refused_before_anything_is_looked_for() {
    let refused = Place::new().run(&["providers", "new", "../acme", "--from", "last"]);
    let refused = refused.expect(2);
    assert!(
        refused.stderr.contains("invalid provider name `../acme`"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_provider_of_ones_own_starts_from_a_capture() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let body = br#"{"id":"evt_9","type":"order:paid","created":1767225600,"data":{"updated_at":"2026-01-01T00:00:00Z"}}"#;
    let signature = hmac_hex(b"s3cret", body);
    let listener = place.listen(&[]);
    let status = listener.post(
        &[
            ("X-Signature", &signature),
            ("X-Acme-Event", "order:paid"),
            ("Content-Type", "application/json"),
        ],
        body,
    );
    assert_eq!(status, 200);
    drop(listener);
    let made = place
        .run(&["providers", "new", "acme", "--from", "last", "--json"])
        .expect(0)
        .document();
    assert_eq!(made["event"], "order.paid");
    let text = std::fs::read_to_string(place.path("acme/provider.toml")).unwrap();
    for line in [
        "headers = [\"x-signature\", \"x-acme-event\"]",
        "event = { path = \"/type\" }",
        "{ path = \"/created\", format = \"unix_s\" }",
        "{ path = \"/data/updated_at\", format = \"iso8601\" }",
        "idempotency_key = [\"body:/id\"]",
        "wire_name = \"order:paid\"",
        "mechanism = \"hmac\"",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let mut listener = place.listen(&["--provider-dir", "acme"]);
    place
        .run(&[
            "send",
            "acme/order.paid",
            "--provider-dir",
            "acme",
            "--url",
            &listener.url,
        ])
        .expect(0);
    let request = listener.next();
    assert_eq!(
        (request["provider"].as_str(), request["event"].as_str()),
        (Some("acme"), Some("order.paid"))
    );
    assert_eq!(request["signature"]["verdict"], "valid");
    let again = place
        .run(&["providers", "new", "acme", "--from", "last"])
        .expect(2);
    assert!(again.stderr.contains("already exists"), "{}", again.stderr);
}

#[test]
fn who_floods_a_listener_with_what_does_not_verify_is_answered_and_not_explained_at_any_price() {
    let place = Place::new();
    let listener = place.listen(&["--secret", "s3cret", "-v"]);
    let body = format!(
        "{{\"a\":[{}1]}}",
        "{\"b\":1.0,\"c\":\"\u{e9}/<\"},".repeat(200)
    );
    let header = ("X-Hub-Signature-256", format!("sha256={}", "0".repeat(64)));
    for _ in 0..60 {
        let headers = [(header.0, header.1.as_str()), ("X-GitHub-Event", "push")];
        assert_eq!(listener.post(&headers, body.as_bytes()), 401);
    }
    let (code, documents, told) = listener.stop();
    assert_eq!(code, 0);
    let shown = documents.iter().filter(|one| one["type"] == "request");
    assert_eq!(shown.count(), 60);
    assert!(
        told.contains(
            "invalid requests were shown without a diagnosis because they arrived too fast"
        ),
        "{told}"
    );
}

#[test]
fn a_secret_that_is_something_else_of_the_console_is_named() {
    let place = Place::new();
    let signed = |secret: &str| {
        let arguments = [
            "sign",
            "--provider",
            "stripe",
            "--body",
            "-",
            "--json",
            "--secret",
            secret,
        ];
        let signed = place.run_with_input(&arguments, b"{}").expect(0).document();
        format!(
            "Stripe-Signature: {}",
            signed["headers"][0][1].as_str().unwrap()
        )
    };
    let header = signed("whsec_0123456789abcdef0123456789abcdef");
    let found = |secret: &str| {
        let arguments = [
            "verify",
            "--provider",
            "stripe",
            "--body",
            "-",
            "-H",
            &header,
            "--json",
            "--secret",
            secret,
        ];
        let verified = place
            .run_with_input(&arguments, b"{}")
            .expect(1)
            .clean("4eC39HqLyjWDarjt");
        let findings = verified.document()["findings"].clone();
        let all = findings.as_array().unwrap().iter();
        all.map(|one| {
            format!(
                "{}: {}",
                one["code"].as_str().unwrap(),
                one["message"].as_str().unwrap()
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
    };
    assert!(found("v1,whsec_0123456789abcdef0123456789abcdef").starts_with("secret_white_space"));
    for (secret, said) in [
        ("sk_live_4eC39HqLyjWDarjt", "a live-mode API key"),
        ("we_1Nv0FGQ9RKHgCVdK", "the id of a webhook endpoint"),
        ("0123456789abcdef", "start with `whsec_`"),
    ] {
        let found = found(secret);
        assert!(
            found.starts_with("unexplained") && found.contains(said),
            "{found}"
        );
    }
    // Another endpoint's secret has the right form: nothing more can be said of it.
    assert!(!found("whsec_ffffffffffffffffffffffffffffffff").contains("secret_form"));
}
