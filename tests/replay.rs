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
    let server = Server::ok(3);
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

    let id_header = captured(&["github/push", "-H", "X-GitHub-Delivery: first"]);
    id_header
        .run(&["replay", "last", "--url", &server.url(), "--resign"])
        .expect(0);
    let again = server.request();
    assert_ne!(again.header("x-github-delivery").unwrap(), "first");
    assert_eq!(again.header("x-github-hook-id").unwrap(), "292430182");

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

/// An editor that is a shell command on the file.
fn editing(place: &Place, url: &str, command: &str) -> crate::support::Outcome {
    let script = place.write("editor.sh", format!("#!/bin/sh\n{command}\n"));
    let editor = format!("sh {}", script.display());
    let words = ["replay", "last", "--edit", "--url", url, "--json"];
    place.and("EDITOR", &editor).run(&words)
}

#[test]
fn a_capture_is_edited_signed_again_and_sent() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    let url = listener.url.clone();
    place
        .run(&["send", "convo/transcript.ready", "--url", &url])
        .expect(0);
    let first = listener.next();
    // The file is its user's alone, and gone afterwards; the line break that editors add is not sent.
    let look = "stat -c '%a' \"$1\" \"$(dirname \"$1\")\" > modes; echo \"$1\" > where; printf '%s\\n' \"$(sed 's/transcript.ready/transcript.failed/' \"$1\")\" > \"$1.new\"; cat \"$1.new\" > \"$1\"";
    let sent = editing(&place, &url, look).expect(0).document();
    assert_eq!(sent["outcome"], "delivered");
    let second = listener.next();
    assert_eq!(second["signature"]["verdict"], "valid");
    let added = second["body_bytes"].as_u64().unwrap() - first["body_bytes"].as_u64().unwrap();
    assert_eq!(added, 1, "failed is one longer than ready");
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    assert_eq!(read("modes"), "600\n700\n");
    let file = read("where");
    assert!(!std::path::Path::new(file.trim()).parent().unwrap().exists());
    // What is unchanged, or what an editor failed at, goes nowhere.
    let unchanged = editing(&place, &url, "echo >> \"$1\"").expect(0);
    assert!(
        unchanged.stderr.contains("unchanged"),
        "{}",
        unchanged.stderr
    );
    let failed = editing(&place, &url, "echo x >> \"$1\"; exit 3").expect(4);
    assert!(
        failed.stderr.contains("nothing was sent"),
        "{}",
        failed.stderr
    );
    let odd = editing(&place, &url, "printf '{\"event\":1}' > \"$1\"").expect(0);
    assert!(odd.stderr.contains("schema"), "{}", odd.stderr);
    listener.next();
    let several = place
        .run(&["replay", "last", "last~1", "--edit", "--url", &url])
        .expect(2);
    assert!(several.stderr.contains("--edit takes one capture"));
}

/// Whoever stops hookcli while the editor is open leaves no file behind.
#[test]
fn an_edit_that_is_stopped_leaves_nothing() {
    use std::io::{BufRead as _, BufReader};
    let place = Place::new();
    let listener = place.listen(&[]);
    assert_eq!(listener.post(&[], b"{\"a\":1}"), 200);
    let script = place.write("editor.sh", "#!/bin/sh\necho \"$1\"\nexec sleep 600\n");
    let mut command = place.command(&["replay", "last", "--edit", "--url", &listener.url]);
    command
        .env("EDITOR", format!("sh {}", script.display()))
        .stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut file = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut file).unwrap();
    let folder = std::path::Path::new(file.trim()).parent().unwrap();
    assert!(folder.exists());
    crate::support::send_signal(&child, crate::support::Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!folder.exists());
}
