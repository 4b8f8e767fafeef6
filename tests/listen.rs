use crate::support::{Place, Signal, send_signal, settings};

#[test]
fn what_arrives_is_recognised_verified_validated_kept_and_answered() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    place
        .run(&[
            "send",
            "gaife/message:guide",
            "convo/transcript.ready",
            "lead_captured",
            "--url",
            &listener.url,
        ])
        .expect(0);
    let first = listener.next();
    assert_eq!(first["provider"], "gaife");
    assert_eq!(first["event"], "message");
    assert_eq!(first["signature"]["verdict"], "unchecked");
    assert_eq!(first["schema"]["valid"], false);
    assert_eq!(
        first["response"]["status"], 200,
        "a schema's violation is told, never refused"
    );
    for event in ["transcript.ready", "lead_captured"] {
        let request = listener.next();
        assert_eq!(request["event"], event);
        assert_eq!(request["signature"]["verdict"], "valid");
        assert_eq!(request["schema"]["valid"], true);
        assert_eq!(request["method"], "POST");
        assert!(request["id"].as_str().unwrap().starts_with("cap_"));
    }
    let (code, documents, _) = listener.stop();
    assert_eq!(code, 0);
    assert_eq!(
        documents,
        [serde_json::json!({
            "type": "stopped", "received": 3, "stored": 3, "refused": 0, "skipped": 0,
            "groups": [
                {"provider": "convo", "event": "transcript.ready", "verdict": "valid", "status": 200, "count": 1},
                {"provider": "convocore", "event": "lead_captured", "verdict": "valid", "status": 200, "count": 1},
                {"provider": "gaife", "event": "message", "verdict": "unchecked", "status": 200, "count": 1},
            ],
        })]
    );
    assert_eq!(
        place
            .run(&["captures", "list", "--json"])
            .expect(0)
            .documents()
            .len(),
        3
    );
}

#[test]
fn with_a_secret_everything_but_valid_is_refused() {
    let place = Place::new();
    let mut listener = place.listen(&["--secret", "s3cret"]);
    for (flags, verdict) in [
        (vec!["--secret", "wrong"], "invalid"),
        (vec!["--unsigned"], "missing"),
    ] {
        for event in ["convosphere/message.created", "lead_captured"] {
            let sent = [
                &["send", event, "--url", &listener.url, "-q"],
                flags.as_slice(),
            ]
            .concat();
            place.run(&sent).expect(1);
        }
        let request = listener.next();
        assert_eq!(
            (
                request["response"]["status"].as_u64(),
                request["signature"]["verdict"].as_str()
            ),
            (Some(401), Some(verdict))
        );
        assert_eq!(listener.next()["signature"]["verdict"], verdict);
    }
}

#[test]
fn the_test_secret_is_trusted_only_when_it_is_given() {
    let place = Place::new();
    let mut listener = place.listen(&["--secret", "mine"]);
    place
        .run(&["send", "convo/transcript.ready", "--url", &listener.url])
        .expect(1);
    assert_eq!(listener.next()["signature"]["reason"], "mismatch");
    drop(listener);
    let mut listener = place.listen(&[]);
    place
        .run(&["send", "convo/transcript.ready", "--url", &listener.url])
        .expect(0);
    assert_eq!(listener.next()["signature"]["verdict"], "unchecked");
}

#[test]
fn accept_unverified_answers_200_and_still_tells() {
    let place = Place::new();
    let mut listener = place.listen(&["--secret", "s3cret", "--accept-unverified"]);
    place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "--secret",
            "wrong",
        ])
        .expect(0);
    assert_eq!(listener.next()["signature"]["verdict"], "invalid");
}

#[test]
fn a_given_provider_leaves_nothing_unrecognised() {
    let place = Place::new();
    let listener = place.listen(&["--provider", "convo", "--secret", "s3cret"]);
    assert_eq!(listener.post(&[], b"hello"), 401);
    drop(listener);
    let listener = place.listen(&["--secret", "s3cret"]);
    assert_eq!(listener.post(&[], b"hello"), 200);
}

#[test]
fn a_tie_goes_to_the_secret_that_verifies_and_else_to_nobody() {
    let place = Place::new();
    for name in ["one", "two"] {
        let text = format!(
            "name = \"{name}\"\nextends = \"agentclara\"\n[recognise]\nheaders = [\"X-Both\", \"X-AgentClara-Signature\"]\n"
        );
        place.write(&format!("providers/{name}/provider.toml"), text);
    }
    let place = place
        .with("HOOKCLI_SECRET_ONE", "first")
        .with("HOOKCLI_SECRET_TWO", "second");
    let mut listener = place.listen(&["--provider-dir", "providers"]);
    let send = |secret: &str| {
        place.run(&[
            "send",
            "two/message.received",
            "--data",
            "{}",
            "--provider-dir",
            "providers",
            "-H",
            "X-Both: 1",
            "--url",
            &listener.url,
            "--secret",
            secret,
        ])
    };
    send("second").expect(0);
    send("third").expect(0);
    let decided = listener.next();
    assert_eq!(
        (
            decided["provider"].as_str(),
            decided["candidates"].as_array().map(Vec::len)
        ),
        (Some("two"), Some(0))
    );
    let undecided = listener.next();
    assert_eq!(undecided["provider"], serde_json::Value::Null);
    assert_eq!(undecided["candidates"], serde_json::json!(["one", "two"]));
    assert_eq!(undecided["signature"]["verdict"], "unchecked");
}

#[test]
fn a_second_delivery_of_one_event_is_named_a_duplicate() {
    let place = Place::new();
    let mut listener = place.listen(&["--secret", "s3cret"]);
    let send = |event: &str, seed: &str, secret: &str| {
        place.run(&[
            "send",
            event,
            "--url",
            &listener.url,
            "--seed",
            seed,
            "--now",
            "1767225600",
            "--secret",
            secret,
        ])
    };
    for event in [
        "convosphere/message.created",
        "lead_captured",
        "gaife/message",
        "convo/transcript.ready",
        "agentclara/message.received",
    ] {
        send(event, "1", "s3cret").expect(0);
        send(event, "1", "s3cret").expect(0);
        send(event, "2", "wrong");
    }
    for _ in 0..5 {
        let first = listener.next();
        assert!(first["duplicate_of"].is_null());
        assert_eq!(listener.next()["duplicate_of"], first["id"]);
        assert!(
            listener.next()["duplicate_of"].is_null(),
            "what does not verify is no delivery of anything"
        );
    }
}

/// GAIFE reports a message when it arrives and when it was processed, under one id.
#[test]
fn other_content_under_an_id_that_was_seen_is_no_repetition() {
    let place = Place::new();
    let mut listener = place.listen(&["--secret", "s3cret"]);
    for status in ["RECEIVED", "PROCESSED", "PROCESSED"] {
        let status = format!("status={status}");
        let event = ["send", "gaife/message", "--url", &listener.url];
        let same = ["--seed", "1", "--now", "1767225600", "--secret", "s3cret"];
        place
            .run(&[&event[..], &same, &["--set", &status]].concat())
            .expect(0);
    }
    let [received, processed, again] = [listener.next(), listener.next(), listener.next()];
    assert!(received["duplicate_of"].is_null());
    assert_eq!(processed["duplicate_of"], received["id"]);
    assert_eq!(processed["same_id_changed"], true);
    assert_eq!(again["duplicate_of"], processed["id"]);
    assert!(again["same_id_changed"].is_null());
    let listed = place.run(&["captures", "list", "is:same_id_changed"]);
    let listed = listed.expect(0).stdout;
    assert_eq!(listed.matches("with another body").count(), 1, "{listed}");
}

#[test]
fn an_unknown_event_is_kept_and_named_as_it_names_itself() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    place
        .run(&[
            "send",
            "convo/made.up",
            "--data",
            r#"{"event":"made.up","data":{},"timestamp":""}"#,
            "--url",
            &listener.url,
        ])
        .expect(0);
    let request = listener.next();
    assert_eq!(
        (request["provider"].as_str(), request["event"].as_str()),
        (Some("convo"), Some("made.up"))
    );
    assert!(request["schema"].is_null());
}

#[test]
fn every_method_and_path_is_taken() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "PURGE"] {
        let answer = listener.raw(
            format!("{method} /any/path?x=%20 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        let request = listener.next();
        assert_eq!(
            (request["method"].as_str(), request["path"].as_str()),
            (Some(method), Some("/any/path?x=%20"))
        );
    }
}

#[test]
fn a_block_for_people_has_what_matters_and_v_has_all() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let run = |arguments: &[&str]| {
        let port = crate::support::free_port().to_string();
        let mut child = place
            .command(&[&["listen", "--port", &port], arguments].concat())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let file = place.write("file.json", r#"{"event":"transcript.ready","data":{"conversationId":"s","segmentCount":1},"timestamp":"2026-01-01T00:00:00.000Z"}"#);
        place
            .run(&[
                "send",
                "convo/transcript.ready",
                "--data",
                file.to_str().unwrap(),
                "--url",
                &port,
                "--wait",
                "60s",
            ])
            .expect(0);
        place
            .run(&[
                "send",
                "convo/transcript.ready",
                "--data",
                file.to_str().unwrap(),
                "--url",
                &port,
                "--secret",
                "wrong",
            ])
            .expect(1);
        send_signal(&child, Signal::INT);
        let mut shown = String::new();
        std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut shown).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        shown
    };
    settings().bind(|| {
        insta::assert_snapshot!(run(&[]), @"
        listening on http://127.0.0.1:[PORT]
        [TIME] ✓ POST /       convo/transcript.ready        200 [MS] ms   114 B [ID]
        [TIME] ✗ POST /       convo/transcript.ready        401 [MS] ms   114 B [ID]
                   invalid: the signature does not match
                   unexplained: no known transformation of this request matches: the secret is a different one, or the content was changed after it was signed. Compare the secret on both sides first. Tried: the secret in other forms, the signature in other headers and encodings, line ends, encodings and wrappings of the body, 78 ways to serialise its JSON
                   secret_form: this provider's signing secrets start with `whsec_` but the given one does not: it could be something else
        stopped after 2 requests (2 stored)
              1  convo/transcript.ready  valid  200
              1  convo/transcript.ready  invalid  401
        ");
    });
    for (flag, shows_body) in [("-v", false), ("-vv", true)] {
        let verbose = run(&[flag]);
        assert!(
            verbose.contains("  X-Convo-Event: transcript.ready\n"),
            "{verbose}"
        );
        let has_body = verbose.contains("    \"segmentCount\": 1\n");
        assert_eq!(has_body, shows_body, "{verbose}");
    }
}

#[test]
fn a_port_in_use_is_exit_4_and_a_hint() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let shown = Place::new().run(&["listen", "--port", &port]).expect(4);
    assert!(shown.stdout.is_empty());
    assert!(
        shown
            .stderr
            .contains(&format!("port {port} is already in use"))
            && shown.stderr.contains("--port"),
        "{}",
        shown.stderr
    );
}

#[test]
fn requests_under_way_finish_and_a_second_signal_cuts_them_short() {
    use std::io::Write as _;
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let mut stream = listener.connect();
    stream
        .write_all(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
        )
        .unwrap();
    let mut answer = [0; 25];
    std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
    assert_eq!(
        &answer, b"HTTP/1.1 100 Continue\r\n\r\n",
        "the request is under way"
    );
    listener.signal(Signal::TERM);
    stream.write_all(b"hi").unwrap();
    assert!(crate::support::read_all(&mut stream).starts_with("HTTP/1.1 200 OK"));
    let (code, documents, _) = listener.wait();
    assert_eq!(
        (code, documents.last().unwrap()["received"].as_u64()),
        (0, Some(1))
    );

    let mut listener = place.listen(&[]);
    let mut stream = listener.connect();
    stream
        .write_all(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
        )
        .unwrap();
    std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
    listener.signal(Signal::INT);
    // Its port is closed once the first signal has arrived.
    while std::net::TcpStream::connect(listener.address()).is_ok() {
        std::thread::yield_now();
    }
    listener.signal(Signal::INT);
    assert_eq!(listener.wait().0, 130);
}

#[test]
fn a_reader_that_goes_ends_the_listener_without_an_error() {
    let place = Place::new();
    let mut child = place
        .command(&["listen", "--port", "0", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    drop(stdout);
    place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            ready["url"].as_str().unwrap(),
        ])
        .expect(0);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_plain_json_or_form_post_is_nobodys() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    for kind in ["application/json", "application/x-www-form-urlencoded"] {
        assert_eq!(listener.post(&[("Content-Type", kind)], b"{\"a\":1}"), 200);
        let request = listener.next();
        assert_eq!(request["candidates"], serde_json::json!([]), "{kind}");
        assert_eq!(request["signature"]["verdict"], "unchecked");
    }
}
