use crate::support::{Place, Server, free_port, hmac_hex, settings};

#[test]
fn a_delivery_is_signed_sent_judged_recorded_and_shown() {
    let place = Place::new().with("HOOKCLI_SECRET_CONVO", "whsec_abc");
    let server = Server::answering(&[
        b"HTTP/1.1 202 Accepted\r\nX-Trace: 7\r\ncontent-length: 9\r\n\r\nthank you",
    ]);
    let shown = place
        .run(&["send", "transcript.ready", "--url", &server.url()])
        .expect(0);
    settings().bind(|| {
        insta::assert_snapshot!(shown.page(), @"
        exit 0
        --- stdout
        ✓ convo/transcript.ready                                  202 [MS] ms [ID]
          thank you
        --- stderr
        ");
    });
    let sent = server.request();
    assert_eq!(sent.line(), "POST /hook HTTP/1.1");
    assert_eq!(sent.header("x-convo-event").unwrap(), "transcript.ready");
    assert_eq!(
        sent.header("x-convo-signature").unwrap(),
        hmac_hex(b"whsec_abc", &sent.body),
        "the secret is literal"
    );
    let recorded = place
        .run(&["deliveries", "show", "--json"])
        .expect(0)
        .document();
    assert_eq!(recorded["outcome"], "delivered");
    assert_eq!(
        recorded["attempts"][0]["response_headers"][0],
        serde_json::json!(["x-trace", "7"])
    );
    assert_eq!(recorded["attempts"][0]["response_body"], "thank you");
    assert_eq!(
        recorded["request"]["body"].as_str().unwrap().as_bytes(),
        sent.body
    );
}

#[test]
fn what_counts_as_delivered_is_the_providers_own_rule() {
    let place = Place::new();
    for (event, status, code) in [
        ("agentclara/message.received", "201 Created", 1),
        ("agentclara/message.received", "200 OK", 0),
        ("convosphere/message.created", "204 No Content", 0),
        ("convosphere/message.created", "500 Oops", 1),
        ("lead_captured", "201 Created", 1),
    ] {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        let server = Server::answering(&[answer.as_bytes()]);
        let shown = place
            .run(&["send", event, "--url", &server.url(), "--json"])
            .expect(code);
        assert_eq!(
            shown.document()["outcome"],
            if code == 0 { "delivered" } else { "failed" }
        );
    }
    let only_200 = place.run(&[
        "deliveries",
        "list",
        "--outcome",
        "failed",
        "--provider",
        "agentclara",
        "--json",
    ]);
    assert_eq!(only_200.expect(0).documents().len(), 1);
}

#[test]
fn a_redirect_is_a_failed_delivery_that_says_so() {
    let server = Server::answering(&[
        b"HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\ncontent-length: 0\r\n\r\n",
    ]);
    let shown = Place::new()
        .run(&["send", "lead_captured", "--url", &server.url(), "-q"])
        .expect(1);
    assert!(
        shown
            .stdout
            .contains("answered 302, a redirect to http://elsewhere/; redirects are not followed"),
        "{}",
        shown.stdout
    );
}

#[test]
fn nothing_that_listens_is_exit_3_and_a_question() {
    let url = format!("http://localhost:{}/webhooks", free_port());
    let shown = Place::new()
        .run(&["send", "lead_captured", "--url", &url])
        .expect(3);
    settings().bind(|| {
        insta::assert_snapshot!(shown.page(), @"
        exit 3
        --- stdout
        ✗ convocore/lead_captured                  connection_refused [MS] ms [ID]
          could not connect to localhost:[PORT]: connection refused
        --- stderr
        hint: signed with the public test secret `hookcli-test-secret`; set HOOKCLI_SECRET_CONVOCORE to use your own
        hint: nothing listens on port [PORT]: start your server, or add --wait 30s to wait for it
        ");
    });
}

#[test]
fn no_answer_in_time_is_exit_3_and_names_the_way_to_wait() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let shown = Place::new()
        .run(&["send", "lead_captured", "--url", &port, "--timeout", "50ms"])
        .expect(3);
    assert!(
        shown.stdout.contains("no complete response within 50ms"),
        "{}",
        shown.stdout
    );
    assert!(shown.stderr.contains("--timeout none"), "{}", shown.stderr);
}

#[test]
fn mistakes_are_usage_errors_and_send_nothing() {
    let place = Place::new();
    let server = Server::ok(1);
    let url = server.url();
    for (arguments, expected) in [
        (
            vec!["send", "conversation.created"],
            "agentclara/conversation.created, convo/conversation.created",
        ),
        (
            vec!["send", "led_captured"],
            "did you mean convocore/lead_captured?",
        ),
        (vec!["send", "gaife/message:imag"], "it has audio, bot"),
        (
            vec!["send", "lead_captured", "--platform", "vf"],
            "never sends lead_captured on the platform vf",
        ),
        (
            vec!["send", "lead_captured", "--platform", "mac"],
            "the platform mac",
        ),
        (
            vec!["send", "agent_created", "--platform", "mac"],
            "has no platform `mac`; its platforms are convocore, vf",
        ),
        (
            vec!["send", "lead_captured", "--set", "payload"],
            "use PATH=VALUE, for example data.status=\"open\"",
        ),
        (
            vec![
                "send",
                "lead_captured",
                "--set",
                "a=1",
                "--set-string",
                "/a=2",
            ],
            "`/a` is changed more than once",
        ),
        (
            vec!["send", "lead_captured", "--unset", "payload.nope"],
            "the payload has no such value",
        ),
        (
            vec!["send", "lead_captured", "-H", "no colon"],
            "Name: value",
        ),
        (
            vec![
                "send",
                "lead_captured",
                "--unset",
                "payload.agentId",
                "--strict",
            ],
            "\"agentId\" is a required property",
        ),
        (
            vec!["send", "nothing-like-it", "--data", "{}"],
            "unknown event",
        ),
        (
            vec!["send", "'convo/nothing*'"],
            "no event matches `'convo/nothing*'`",
        ),
        (vec!["send"], "no event to send was given"),
        (
            vec!["send", "lead_captured", "-H", "Content-Length: 5"],
            "Content-Length is set automatically and cannot be overridden",
        ),
        (
            vec!["send", "lead_captured", "--method", "G T"],
            "invalid method: use a word, for example POST or PUT",
        ),
    ] {
        let shown = place
            .run(&[arguments.as_slice(), &["--url", &url]].concat())
            .expect(2);
        assert!(
            shown.stderr.contains(expected),
            "{arguments:?}: {}",
            shown.stderr
        );
    }
    assert!(
        place
            .run(&["send", "lead_captured"])
            .expect(2)
            .stderr
            .contains("a URL to send to is required")
    );
    for bad in ["ftp://x/", "http://", "99999"] {
        place
            .run(&["send", "lead_captured", "--url", bad])
            .expect(2);
    }
    assert!(
        place
            .run(&["deliveries", "list", "--json"])
            .expect(0)
            .stdout
            .is_empty()
    );
}

#[test]
fn content_comes_in_a_fixed_order_and_leaves_the_rest_alone() {
    let server = Server::ok(3);
    let place = Place::new();
    place
        .run(&[
            "send",
            "agentclara/message.received",
            "--url",
            &server.url(),
            "--verbatim",
            "--set",
            "data.content=\"hé\"",
            "--set",
            "data.count=1.0",
            "--set-string",
            "data.code=007",
            "--set",
            "data.plain=text",
            "--unset",
            "data.sender",
        ])
        .expect(0);
    let expected = r#"{"event":"message.received","timestamp":"2024-03-15T10:32:00Z","data":{"conversation_id":"conv_abc123","message_id":"msg_123","content":"hé","channel":"sms","count":1.0,"plain":"text","code":"007"}}"#;
    assert_eq!(String::from_utf8(server.request().body).unwrap(), expected);

    let file = place.write("own.json", "{ \"b\": 1e3,\n \"a\":\"\\u00e9\" }\n");
    place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &server.url(),
            "--data",
            file.to_str().unwrap(),
        ])
        .expect(0);
    assert_eq!(
        server.request().body,
        b"{ \"b\": 1e3,\n \"a\":\"\\u00e9\" }\n",
        "one's own bytes stay as they are"
    );

    let shown = place
        .run_with_input(
            &[
                "send",
                "convo/made.up",
                "--url",
                &server.url(),
                "--data",
                "-",
            ],
            b"not json\xff",
        )
        .expect(0);
    assert!(
        shown
            .stderr
            .contains("`made.up` is not a documented event of convo"),
        "{}",
        shown.stderr
    );
    assert_eq!(server.request().body, b"not json\xff");
}

#[test]
fn seed_and_now_make_the_bytes_reproducible() {
    let place = Place::new();
    let bytes = |seed: &str| {
        place
            .run(&[
                "send",
                "gaife/message",
                "--url",
                "3000",
                "--dry-run",
                "--json",
                "--seed",
                seed,
                "--now",
                "1767225600",
            ])
            .expect(0)
            .stdout
    };
    assert_eq!(bytes("7"), bytes("7"));
    assert_ne!(bytes("7"), bytes("8"));
    assert!(bytes("7").contains("2026-01-01T00:00:00.000Z"));
}

#[test]
fn a_platform_is_checked_and_written_as_the_provider_writes_it() {
    let place = Place::new();
    let body = |arguments: &[&str]| {
        let all = [
            &["send", "--url", "3000", "--dry-run", "--json", "-q"],
            arguments,
        ]
        .concat();
        place.run(&all).expect(0).document()["body"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(
        body(&["agent_created", "--platform", "convocore"]).contains(r#""agentPlatform":"vg""#)
    );
    assert!(body(&["agent_created", "--platform", "vf"]).contains(r#""agentPlatform":"vf""#));
    body(&["lead_captured", "--platform", "vf", "--any-platform"]);
    let all = place.run(&[
        "send",
        "--all",
        "--provider",
        "convocore",
        "--platform",
        "vf",
        "--url",
        "3000",
        "--dry-run",
        "--json",
        "-q",
    ]);
    assert_eq!(all.expect(0).documents().len(), 13);
}

#[test]
fn several_events_patterns_and_all_of_them() {
    let place = Place::new();
    let count = |arguments: &[&str]| {
        place
            .run(
                &[
                    &["send", "--url", "3000", "--dry-run", "--json", "-q"],
                    arguments,
                ]
                .concat(),
            )
            .expect(0)
            .documents()
            .len()
    };
    assert_eq!(count(&["lead_captured", "bug_reported"]), 2);
    assert_eq!(count(&["convo/conversation.*"]), 8);
    let all = crate::catalog::events_in_all();
    assert_eq!(count(&["--all"]), all);
    assert_eq!(count(&["--all", "--variants"]), all + 18);
    assert_eq!(count(&["--all", "--provider", "gaife", "--variants"]), 12);
    let server = Server::ok(6);
    let shown = place
        .run(&[
            "send",
            "--all",
            "--provider",
            "agentclara",
            "--url",
            &server.url(),
            "--json",
        ])
        .expect(0);
    assert_eq!(
        shown
            .documents()
            .iter()
            .filter(|delivery| delivery["outcome"] == "delivered")
            .count(),
        6
    );
}

#[test]
fn several_outcomes_have_one_exit_code() {
    let server = Server::answering(&[
        b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ]);
    let shown = Place::new().run(&[
        "send",
        "convo/transcript.ready",
        "convo/transcript.failed",
        "--url",
        &server.url(),
        "--timeout",
        "200ms",
        "--json",
    ]);
    let outcomes: Vec<_> = shown
        .documents()
        .iter()
        .map(|delivery| delivery["attempts"][0]["status"].clone())
        .collect();
    assert_eq!(outcomes[0], 500);
    assert!(outcomes[1].is_null());
    shown.expect(1);
}

#[test]
fn https_alone_means_https_alone_but_on_this_machine() {
    let place = Place::new();
    let refused = place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            "http://192.0.2.1/",
            "--dry-run",
        ])
        .expect(2);
    assert!(
        refused.stderr.contains("delivers only to https URLs, and")
            && refused.stderr.contains("--allow-http"),
        "{}",
        refused.stderr
    );
    place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            "http://192.0.2.1/",
            "--dry-run",
            "--allow-http",
        ])
        .expect(0);
    place
        .run(&["send", "gaife/message", "--url", "3000", "--dry-run"])
        .expect(0);
}

#[test]
fn away_from_this_machine_a_secret_is_needed() {
    let place = Place::new();
    let refused = place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            "https://192.0.2.1/",
        ])
        .expect(2);
    assert!(
        refused.stderr.contains("HOOKCLI_SECRET_CONVO"),
        "{}",
        refused.stderr
    );
    let unsigned = place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            "https://192.0.2.1/",
            "--unsigned",
            "--dry-run",
        ])
        .expect(0);
    assert!(!unsigned.stdout.to_lowercase().contains("x-convo-signature"));
    let unsigned = place
        .run(&[
            "send",
            "lead_captured",
            "--url",
            "3000",
            "--unsigned",
            "--dry-run",
            "-q",
        ])
        .expect(0);
    assert!(!unsigned.stdout.contains("workspaceSecret"));
}

#[test]
fn wait_waits_until_something_listens() {
    let port = free_port();
    let place = Place::new();
    let url = port.to_string();
    let mut sending = place
        .command(&[
            "send",
            "lead_captured",
            "--url",
            &url,
            "--wait",
            "60s",
            "-q",
        ])
        .spawn()
        .unwrap();
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            use std::io::{Read as _, Write as _};
            // The connection that only looks sends nothing.
            if stream.read(&mut [0; 4096]).unwrap_or(0) > 0 {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            }
        }
    });
    assert!(sending.wait().unwrap().success());
    let nobody = free_port().to_string();
    place
        .run(&["send", "lead_captured", "--url", &nobody, "--wait", "100ms"])
        .expect(3);
}

#[test]
fn a_header_can_be_added_replaced_and_repeated() {
    let server = Server::ok(1);
    let place = Place::new();
    place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &server.url(),
            "-H",
            "X-Tag: a,b",
            "-H",
            "x-tag: c",
            "-H",
            "User-Agent: me",
            "--method",
            "PUT",
        ])
        .expect(0);
    let sent = server.request();
    assert_eq!(sent.line(), "PUT /hook HTTP/1.1");
    assert_eq!(sent.header("user-agent").unwrap(), "me");
    let tags: Vec<_> = sent
        .head
        .lines()
        .filter(|line| line.to_ascii_lowercase().starts_with("x-tag"))
        .collect();
    assert_eq!(tags, ["X-Tag: a,b", "x-tag: c"]);
}

#[test]
fn a_dry_run_is_the_exact_request() {
    let server = Server::ok(1);
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let fixed = [
        "send",
        "convosphere/message.created",
        "--seed",
        "1",
        "--now",
        "1767225600",
    ];
    let shown = place
        .run(&[&fixed[..], &["--url", &server.url(), "--dry-run"]].concat())
        .expect(0);
    place
        .run(&[&fixed[..], &["--url", &server.url()]].concat())
        .expect(0);
    let sent = server.request();
    let (head, body) = shown
        .stdout
        .trim_end_matches('\n')
        .split_once("\n\n")
        .unwrap();
    assert_eq!(head.replace('\n', "\r\n"), sent.head);
    assert_eq!(body.as_bytes(), sent.body);
}

#[test]
fn a_compressed_answer_is_shown_decoded_and_a_long_one_is_bounded() {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"plain after all").unwrap();
    let packed = encoder.finish().unwrap();
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        packed.len()
    )
    .into_bytes();
    answer.extend(packed);
    let server = Server::answering(&[&answer]);
    let place = Place::new();
    assert!(
        place
            .run(&[
                "send",
                "lead_captured",
                "--url",
                &server.url(),
                "-q",
                "--json"
            ])
            .expect(0)
            .stdout
            .contains("plain after all")
    );

    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n".to_vec();
    answer.extend(vec![b'x'; 3_000_000]);
    let server = Server::answering(&[&answer]);
    let delivery = place
        .run(&["send", "lead_captured", "--url", &server.url(), "--json"])
        .expect(0)
        .document();
    assert_eq!(delivery["attempts"][0]["response_truncated"], true);
    assert_eq!(
        delivery["attempts"][0]["response_body"]
            .as_str()
            .unwrap()
            .len(),
        1 << 20
    );
}

#[test]
fn a_variant_is_named_and_a_curl_command_is_a_document_too() {
    let server = Server::ok(1);
    let place = Place::new();
    let shown = place
        .run(&["send", "gaife/message:image", "--url", &server.url()])
        .expect(0);
    assert!(
        shown.stdout.starts_with("✓ gaife/message:image "),
        "{}",
        shown.stdout
    );
    let curl = place
        .run(&["send", "gaife/message", "--url", "3000", "--curl", "--json"])
        .expect(0)
        .document();
    assert!(curl["command"].as_str().unwrap().starts_with("curl -g "));
}

#[test]
fn a_value_without_a_place_in_the_schema_is_said_or_refused() {
    let place = Place::new();
    let server = Server::ok(3);
    let url = server.url();
    let send = |words: &[&str]| {
        let all = [
            &[
                "send",
                "agentclara/message.received",
                "--secret",
                "s",
                "--url",
                &url,
            ],
            words,
        ];
        place.run(&all.concat())
    };
    let misspelt = send(&["--set", "data.chanel=sms"]).expect(0);
    let said = "`chanel` in `/data/chanel` is not a field of agentclara/message.received; did you mean `channel`?";
    assert!(misspelt.stderr.contains(said), "{}", misspelt.stderr);
    let refused = send(&["--set", "data.chanel=sms", "--strict"]).expect(2);
    assert!(refused.stderr.contains(said), "{}", refused.stderr);
    let known = send(&["--set", "data.channel=sms"]).expect(0);
    assert!(!known.stderr.contains("not a field"), "{}", known.stderr);
}

/// What was sent, as it is recorded: without the secret.
#[test]
fn v_shows_the_request_that_was_sent() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret-s3cret");
    let server = Server::ok(2);
    let url = server.url();
    let send = ["send", "convocore/lead_captured", "--url", &url];
    let shown = place.run(&[&send[..], &["-v"]].concat()).expect(0).stdout;
    assert!(
        shown.contains("  > POST /") && shown.contains("  > content-type: application/json"),
        "{shown}"
    );
    assert!(
        !shown.contains("leadName") && !shown.contains("s3cret"),
        "{shown}"
    );
    let shown = place.run(&[&send[..], &["-vv"]].concat()).expect(0).stdout;
    assert!(
        shown.contains("leadName") && !shown.contains("s3cret"),
        "{shown}"
    );
}
