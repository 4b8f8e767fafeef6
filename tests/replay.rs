use crate::support::{Place, Server, hmac_hex};

fn captured(arguments: &[&str]) -> Place {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    let url = format!("{}/path?q=1", listener.url);
    place.run(&[&["send", "--url", &url, "-q", "--verbatim"], arguments].concat());
    listener.next();
    listener.stop();
    place
}

#[test]
fn the_same_bytes_and_headers_go_to_the_url_as_it_is_given() {
    let place = captured(&[
        "convo/transcript.ready",
        "-H",
        "X-Tag: 1",
        "-H",
        "Connection: close, X-Hop",
        "-H",
        "X-Hop: 1",
    ]);
    let raw = place.run(&["captures", "show", "--raw"]).raw;
    let server = Server::ok(2);
    let shown = place
        .run(&["replay", "last", "--url", &server.url(), "--json"])
        .expect(0)
        .document();
    assert_eq!(shown["event"], "transcript.ready");
    assert!(shown["replay_of"].as_str().unwrap().starts_with("cap_"));
    let sent = server.request();
    assert_eq!(sent.line(), "POST /hook HTTP/1.1");
    assert_eq!(sent.body, raw);
    assert_eq!(sent.header("x-tag").unwrap(), "1");
    assert_eq!(
        sent.header("x-convo-signature").unwrap(),
        hmac_hex(b"s3cret", &raw)
    );
    assert!(
        sent.header("connection").is_none() && sent.header("x-hop").is_none(),
        "{}",
        sent.head
    );
    assert!(
        sent.header("host")
            .unwrap()
            .ends_with(&server.port.to_string())
    );
    place
        .run(&["replay", "last", "--url", &server.url(), "--keep-path"])
        .expect(0);
    assert_eq!(server.request().line(), "POST /hook/path?q=1 HTTP/1.1");
    assert_eq!(
        place
            .run(&["deliveries", "list", "--json"])
            .documents()
            .len(),
        3
    );
}

#[test]
fn resigning_changes_declared_timestamps_ids_tokens_and_signatures_alone() {
    let place = captured(&[
        "convosphere/message.created",
        "--set",
        "data.extra=1.0",
        "-H",
        "X-Keep: me",
    ]);
    let raw = String::from_utf8(place.run(&["captures", "show", "--raw"]).raw).unwrap();
    let server = Server::ok(2);
    place
        .run(&[
            "replay",
            "last",
            "--url",
            &server.url(),
            "--resign",
            "--secret",
            "other",
            "--now",
            "1767225600",
        ])
        .expect(0);
    let sent = server.request();
    let body = String::from_utf8(sent.body.clone()).unwrap();
    assert_eq!(
        sent.header("x-convosphere-signature").unwrap(),
        hmac_hex(b"other", &sent.body)
    );
    assert_eq!(sent.header("x-keep").unwrap(), "me");
    assert!(
        body.contains("\"timestamp\":1767225600")
            && body.contains("\"createdAt\":\"2026-01-01T00:00:00Z\""),
        "{body}"
    );
    let normal = |text: &str| {
        let value = |key: &str| {
            text.split(&format!("\"{key}\":"))
                .nth(1)
                .unwrap()
                .split([',', '}'])
                .next()
                .unwrap()
                .to_owned()
        };
        ["id", "timestamp", "messageId", "createdAt"]
            .iter()
            .fold(text.to_owned(), |text, key| text.replace(&value(key), "_"))
    };
    assert_eq!(normal(&body), normal(&raw), "all other bytes stay");

    let token = captured(&["lead_captured"]);
    token
        .run(&[
            "replay",
            "last",
            "--url",
            &server.url(),
            "--resign",
            "--secret",
            "other",
        ])
        .expect(0);
    assert_eq!(
        server.request().json()["payload"]["workspaceSecret"],
        "other"
    );
}

#[test]
fn signing_what_did_not_verify_takes_two_flags() {
    let place = captured(&["convo/transcript.ready", "--secret", "forged"]);
    let server = Server::ok(1);
    let url = server.url();
    let run = |arguments: &[&str]| place.run(&[&["replay", "--url", &url], arguments].concat());
    assert!(
        run(&["last", "--resign"])
            .expect(2)
            .stderr
            .contains("was invalid when it was received")
    );
    assert!(
        run(&["--provider", "convo", "--resign"])
            .expect(2)
            .stderr
            .contains("no capture matches the filter")
    );
    assert!(
        run(&["--verdict", "invalid", "--resign", "--resign-unverified"])
            .expect(2)
            .stderr
            .contains("--resign with a filter takes only valid captures, not")
    );
    run(&["last", "--resign", "--resign-unverified"]).expect(0);
    assert_eq!(
        server.request().header("x-convo-event").unwrap(),
        "transcript.ready"
    );
}

#[test]
fn a_filter_replays_in_the_order_of_arrival_and_none_is_no_filter() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    for event in [
        "transcript.ready",
        "transcript.failed",
        "conversation.shared",
    ] {
        place
            .run(&["send", &format!("convo/{event}"), "--url", &listener.url])
            .expect(0);
        listener.next();
    }
    listener.stop();
    let server = Server::ok(3);
    place
        .run(&[
            "replay",
            "--provider",
            "convo",
            "--since",
            "1h",
            "--url",
            &server.url(),
        ])
        .expect(0);
    let order: Vec<_> = (0..3)
        .map(|_| server.request().header("x-convo-event").unwrap())
        .collect();
    assert_eq!(
        order,
        [
            "transcript.ready",
            "transcript.failed",
            "conversation.shared"
        ]
    );
    assert!(
        place
            .run(&["replay", "--url", "3000"])
            .expect(2)
            .stderr
            .contains("no capture to replay was given")
    );
}

#[test]
fn a_file_is_replayed_without_a_store() {
    let place = captured(&["gaife/message"]);
    let raw = place.run(&["captures", "show", "--raw"]).raw;
    for (format, file) in [("json", "c.json"), ("http", "c.http"), ("har", "c.har")] {
        place
            .run(&["captures", "export", "last", "--format", format, "-o", file])
            .expect(0);
        let server = Server::ok(1);
        place
            .run(&["replay", file, "--url", &server.url(), "--no-store"])
            .expect(0);
        assert_eq!(server.request().body, raw);
    }
}

#[test]
fn an_edited_copy_keeps_every_other_byte() {
    let place = captured(&["gaife/message"]);
    let raw = String::from_utf8(place.run(&["captures", "show", "--raw"]).raw).unwrap();
    let server = Server::ok(1);
    place
        .run(&[
            "replay",
            "last",
            "--url",
            &server.url(),
            "--set",
            "data.content=\"edited\"",
        ])
        .expect(0);
    assert_eq!(
        String::from_utf8(server.request().body).unwrap(),
        raw.replace("\"Message content\"", "\"edited\"")
    );
}

#[test]
fn away_from_this_machine_credentials_stay_behind() {
    let place = captured(&[
        "lead_captured",
        "-H",
        "Authorization: Bearer abc",
        "-H",
        "Cookie: a=b",
    ]);
    let dry = |arguments: &[&str]| {
        place
            .run(
                &[
                    &["replay", "last", "--dry-run", "--url", "http://192.0.2.1/"],
                    arguments,
                ]
                .concat(),
            )
            .expect(0)
    };
    let shown = dry(&[]);
    assert!(
        !shown.stdout.contains("Bearer")
            && !shown.stdout.contains("a=b")
            && !shown.stdout.contains("s3cret"),
        "{}",
        shown.stdout
    );
    assert!(
        shown
            .stderr
            .contains("authorization and cookie and /payload/workspaceSecret was not sent"),
        "{}",
        shown.stderr
    );
    let kept = dry(&["--keep-credentials"]);
    assert!(kept.stdout.contains("Bearer abc") && kept.stdout.contains("s3cret"));
    let home = place
        .run(&["replay", "last", "--dry-run", "--url", "3000"])
        .expect(0);
    assert!(home.stdout.contains("Bearer abc") && home.stdout.contains("s3cret"));
}

#[test]
fn a_verdict_that_a_file_claims_is_not_believed() {
    let place = captured(&["convo/transcript.ready"]);
    place
        .run(&["captures", "export", "last", "-o", "c.json"])
        .expect(0);
    assert!(
        std::fs::read_to_string(place.path("c.json"))
            .unwrap()
            .contains("\"verdict\":\"valid\"")
    );
    let refused = place
        .run(&["replay", "c.json", "--url", "3000", "--resign", "--dry-run"])
        .expect(2);
    assert!(
        refused
            .stderr
            .contains("was unchecked when it was received"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_redacted_export_is_not_sent_as_if_it_were_whole() {
    let place = captured(&["lead_captured"]);
    place
        .run(&[
            "captures", "export", "last", "--format", "http", "-o", "c.http",
        ])
        .expect(0);
    let refused = place
        .run(&["replay", "c.http", "--url", "3000", "--dry-run"])
        .expect(2);
    assert!(
        refused.stderr.contains("exported without its token")
            && refused.stderr.contains("--reveal"),
        "{}",
        refused.stderr
    );
    assert!(
        place
            .run(&["verify", "c.http"])
            .expect(2)
            .stderr
            .contains("is redacted")
    );
    let signed = place
        .run(&[
            "replay",
            "c.http",
            "--url",
            "3000",
            "--dry-run",
            "--resign",
            "--resign-unverified",
        ])
        .expect(0);
    assert!(
        signed.stdout.contains("\"workspaceSecret\":\"s3cret\""),
        "{}",
        signed.stdout
    );
}

#[test]
fn a_changed_body_that_keeps_its_signature_is_explained() {
    let place = Place::new();
    let listener = place.listen(&["--secret", "s"]);
    let url = listener.url.clone();
    for event in ["convocore/lead_captured", "agentclara/message.received"] {
        place
            .run(&["send", event, "--secret", "s", "--url", &url])
            .expect(0);
    }
    let listener = place.listen(&["--secret", "s", "--no-store"]);
    let url = listener.url.clone();
    let set = ["replay", "last", "--url", &url, "--set", "data.content=Joe"];
    let kept = place.run(&set).expect(1);
    assert!(
        kept.stderr.contains("add --resign to sign it again"),
        "{}",
        kept.stderr
    );
    let resigned = place
        .run(&[&set[..], &["--resign", "--secret", "s"]].concat())
        .expect(0);
    assert!(!resigned.stderr.contains("--resign"), "{}", resigned.stderr);
    // A secret in the request protects no byte of it.
    let set = [
        "replay",
        "last~1",
        "--url",
        &url,
        "--set",
        "payload.leadName=Joe",
    ];
    let unprotected = place.run(&set).expect(0);
    assert!(
        !unprotected.stderr.contains("--resign"),
        "{}",
        unprotected.stderr
    );
}
