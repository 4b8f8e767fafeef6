//! Faults of senders, sent to a receiver that does right: what it makes of each is what is said of it.

use serde_json::json;

use crate::support::{OK, Place, Server};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn each_fault_is_met_as_it_is_announced() {
    let place = Place::new().with("HOOKCLI_SECRET", SECRET);
    let mut listener = place.listen(&["--provider", "svix", "--max-body", "1000000"]);
    let cases: [(&str, &[u64], &str); 26] = [
        ("duplicate", &[200, 200], "accepts both and processes one"),
        ("reorder", &[200], "accepts it"),
        ("tampered_body", &[401], "refuses it"),
        ("tampered_signature", &[401], "refuses it"),
        ("missing_signature", &[401], "refuses it"),
        ("empty_signature", &[401], "refuses it"),
        ("wrong_secret", &[401], "refuses it"),
        ("stale_timestamp", &[401], "refuses it"),
        ("stale-timestamp=1m", &[200], "accepts it"),
        ("future_timestamp", &[401], "refuses it"),
        ("unknown_event", &[200], "responds without a server error"),
        ("missing_field", &[200], "responds without a server error"),
        (
            "wrong_content_type",
            &[200],
            "responds without a server error",
        ),
        ("not_json", &[200], "responds without a server error"),
        ("truncated_body", &[401], "refuses it"),
        (
            "huge_body=2000000",
            &[413],
            "responds without a server error",
        ),
        ("deep_nesting", &[200], "responds without a server error"),
        ("compressed_body", &[200], "responds without a server error"),
        ("spacing", &[200], "accepts it"),
        ("escapes", &[200], "accepts it"),
        ("slow_body=4000", &[200], "responds without a server error"),
        ("slow_head=9000", &[200], "responds without a server error"),
        ("reset", &[0], "ignores it and keeps running"),
        (
            "close",
            &[0],
            "processes the event once although it is sent again",
        ),
        ("odd_chunks", &[200], "accepts it"),
        ("header_case", &[200], "accepts it"),
    ];
    for (fault, statuses, announced) in cases {
        let shown = place.run(&[
            "send",
            "svix/invoice.paid",
            "--url",
            &listener.url,
            "--fault",
            fault,
            "--json",
        ]);
        let found: Vec<u64> = shown
            .documents()
            .iter()
            .map(|delivery| delivery["attempts"][0]["status"].as_u64().unwrap_or(0))
            .collect();
        assert_eq!(found, statuses, "{fault}: {}", shown.stderr);
        assert!(
            shown.stderr.contains(announced),
            "{fault}: {}",
            shown.stderr
        );
    }
    // It has lived through all of them, and found the one that came twice.
    let (first, second) = (listener.next(), listener.next());
    assert_eq!(second["duplicate_of"], first["id"]);
    place
        .run(&["send", "svix/invoice.paid", "--url", &listener.url])
        .expect(0);
}

#[test]
fn a_fault_changes_what_it_says_and_nothing_else() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let sent = |event: &str, fault: &str| {
        let shown = place.run(&[
            "send",
            event,
            "--url",
            "3000",
            "--dry-run",
            "--json",
            "-q",
            "--seed",
            "1",
            "--now",
            "1767225600",
            "--fault",
            fault,
        ]);
        shown.expect(0).document()
    };
    let plain = |event: &str| {
        let shown = place.run(&[
            "send",
            event,
            "--url",
            "3000",
            "--dry-run",
            "--json",
            "-q",
            "--seed",
            "1",
            "--now",
            "1767225600",
        ]);
        shown.expect(0).document()
    };
    let unknown = sent("convo/transcript.ready", "unknown_event");
    assert!(
        unknown["body"]
            .as_str()
            .unwrap()
            .contains("\"event\":\"hookcli.unknown_event\"")
    );
    assert!(
        unknown["headers"]
            .to_string()
            .contains("[\"X-Convo-Event\",\"hookcli.unknown_event\"]")
    );
    let missing = sent("convo/transcript.ready", "missing_field");
    assert!(
        !missing["body"].as_str().unwrap().contains("\"event\":"),
        "{missing}"
    );
    let spaced = sent("convo/transcript.ready", "spacing");
    assert!(
        spaced["body"]
            .as_str()
            .unwrap()
            .starts_with("{\"event\": \"transcript.ready\", ")
    );
    let sorted = sent("convo/transcript.ready", "key_order");
    assert!(sorted["body"].as_str().unwrap().starts_with("{\"data\":"));
    let token = sent("convocore/lead_captured", "missing_signature");
    assert!(!token["body"].as_str().unwrap().contains("workspaceSecret"));
    let kind = sent("convo/transcript.ready", "wrong_content_type");
    assert_eq!(kind["body"], plain("convo/transcript.ready")["body"]);
    assert!(kind["headers"].to_string().contains("text/plain"));
}

#[test]
fn faults_are_for_this_machine_unless_said_otherwise() {
    let place = Place::new();
    let far = place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            "https://192.0.2.1/",
            "--fault",
            "huge_body",
        ])
        .expect(2);
    assert!(far.stderr.contains("--yes"), "{}", far.stderr);
    let unknown = place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            "3000",
            "--fault",
            "sabotage",
        ])
        .expect(2);
    assert!(
        unknown.stderr.contains("tampered_body"),
        "{}",
        unknown.stderr
    );
    let server = Server::ok(2);
    place
        .run(&[
            "send",
            "convo/transcript.ready",
            "convo/transcript.failed",
            "--url",
            &server.url(),
            "--fault",
            "reorder",
            "-q",
        ])
        .expect(0);
    let order = [server.request(), server.request()]
        .map(|request| request.header("x-convo-event").unwrap());
    assert_eq!(order, ["transcript.failed", "transcript.ready"]);
}

/// What reaches a server that answers, on one connection.
fn on_the_wire(fault: &str) -> (String, Vec<u8>, crate::support::Outcome) {
    let place = Place::new();
    let server = Server::ok(1);
    let url = server.url();
    let flags = ["send", "convo/transcript.ready", "--url", &url, "--json"];
    let shown = place.run(&[&flags[..], &["--fault", fault]].concat());
    let sent = server.request();
    (sent.head, sent.body, shown)
}

#[test]
fn the_bytes_of_a_request_go_out_as_the_fault_says() {
    let (head, body, _) = on_the_wire("header_case");
    assert!(head.contains("CoNtEnT-TyPe: application/json"), "{head}");
    assert!(head.contains(&format!("CoNtEnT-LeNgTh: {}", body.len())));
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");

    let (head, body, _) = on_the_wire("odd_chunks");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    assert!(body.starts_with(b"1\r\n{\r\n3\r\n\"ev\r\n7\r\n"));

    let (head, body, shown) = on_the_wire("reset");
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(body.len(), length / 2, "half of it came");
    let delivery = shown.expect(3).document();
    let error = &delivery["attempts"][0]["error"];
    assert_eq!(error["code"], "connection_broken");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("in the middle of the body")
    );

    let (_, body, shown) = on_the_wire("close");
    assert!(body.ends_with(b"}"), "all of it came");
    let delivery = shown.expect(3).document();
    let error = delivery["attempts"][0]["error"]["message"].as_str();
    assert!(error.unwrap().contains("closed after the request"));
}

#[test]
fn slow_bytes_take_their_time_and_a_late_retry_comes_after_the_success() {
    // 40 bytes a second: at least the tenth of a second between two pieces of 4 bytes.
    let place = Place::new();
    let server = Server::ok(3);
    let url = server.url();
    let send = |flags: &[&str]| {
        let common = ["send", "generic/event", "--data", "{\"id\":12345678}"];
        place
            .run(&[&common[..], &["--url", &url, "--json"], flags].concat())
            .expect(0)
            .document()
    };
    let slow = send(&["--fault", "slow_body=40"]);
    let took = slow["attempts"][0]["duration_ms"].as_f64().unwrap();
    assert!(took >= 300.0, "{took} ms for 15 bytes");
    let late = send(&["--fault", "late=30s", "--speed", "1000"]);
    let attempts = late["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2);
    assert_eq!(late["outcome"], "delivered");
    server.request();
    let (first, second) = (server.request(), server.request());
    assert_eq!(first.body, second.body, "the same event");
}

/// What the marks and the exit codes of negative tests say: the response that is wanted decides, not delivery.
#[test]
fn a_fault_that_is_refused_is_what_is_wanted() {
    let refuses =
        |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").into_bytes();
    let sent = |status: &str, words: &[&str]| {
        let response = refuses(status);
        let server = Server::answering(&[&response]);
        let url = server.url();
        let all = [
            &[
                "send",
                "stripe/invoice.paid",
                "--secret",
                "s",
                "--json",
                "--url",
                &url,
            ],
            words,
        ];
        let outcome = Place::new().run(&all.concat());
        let document = outcome.document();
        (
            outcome.code,
            document["outcome"].clone(),
            document["expectation"].clone(),
        )
    };
    let fault = ["--fault", "missing_signature"];
    for status in ["400 x", "401 x", "403 x", "422 x"] {
        let (code, outcome, expectation) = sent(status, &fault);
        assert_eq!((code, outcome), (0, json!("failed")), "{status}");
        assert_eq!(
            expectation,
            json!({"wanted": "400, 401, 403 or 422", "met": true})
        );
    }
    for status in [
        "200 OK", "302 x", "404 x", "405 x", "429 x", "500 x", "503 x",
    ] {
        let (code, _, expectation) = sent(status, &fault);
        assert_eq!((code, &expectation["met"]), (1, &json!(false)), "{status}");
    }
    // One that a correct receiver may take or refuse.
    for (status, expected) in [
        ("200 OK", 0),
        ("400 x", 0),
        ("413 x", 0),
        ("404 x", 1),
        ("500 x", 1),
    ] {
        assert_eq!(
            sent(status, &["--fault", "deep_nesting"]).0,
            expected,
            "{status}"
        );
    }
    // Stripe's library accepts what is from the future: its rule is about the past.
    let (code, outcome, expectation) = sent("200 OK", &["--fault", "future_timestamp"]);
    assert_eq!(
        (code, outcome, expectation),
        (0, json!("delivered"), json!(null))
    );
    // What is said decides over the fault.
    for (wanted, status, expected) in [
        ("401", "401 x", 0),
        ("4xx", "404 x", 0),
        ("2xx,429", "429 x", 0),
        ("2xx,429", "401 x", 1),
    ] {
        let words = ["--fault", "missing_signature", "--expect-status", wanted];
        assert_eq!(sent(status, &words).0, expected, "{wanted} {status}");
        assert_eq!(
            sent(status, &["--expect-status", wanted]).0,
            expected,
            "{wanted} {status}"
        );
    }
}

#[test]
fn no_answer_is_never_what_is_wanted_and_retry_leaves_faults_out() {
    let place = Place::new();
    let url = format!("http://127.0.0.1:{}", crate::support::free_port());
    place
        .run(&[
            "send",
            "stripe/invoice.paid",
            "--secret",
            "s",
            "--url",
            &url,
            "--fault",
            "missing_signature",
        ])
        .expect(3);
    let listed = |words: &[&str]| {
        let outcome = place
            .run(&[&["deliveries", "list", "--json"], words].concat())
            .expect(0);
        outcome.stdout.lines().count()
    };
    assert_eq!(
        (listed(&["outcome:failed"]), listed(&["is:faulted"])),
        (1, 1)
    );
    let retried = place
        .run(&["deliveries", "retry", "--failed", "--secret", "s"])
        .expect(0);
    assert!(retried.stdout.is_empty(), "{}", retried.page());
    let shown = place
        .run(&["deliveries", "show", "last", "--json"])
        .expect(0)
        .document();
    assert_eq!(shown["faults"], json!(["missing_signature"]));
}

/// A list, a page and figures say what `send` said of it: what was to be refused is no failure of the receiver.
#[test]
fn what_was_wanted_is_kept_with_the_delivery() {
    let place = Place::new();
    let refused: &[u8] = b"HTTP/1.1 401 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let server = Server::answering(&[refused, refused, OK]);
    let url = server.url();
    let send = |words: &[&str]| {
        let all = [
            "send",
            "stripe/invoice.paid",
            "--secret",
            "s",
            "--url",
            &url,
        ];
        place.run(&[&all[..], words].concat()).code
    };
    assert_eq!(send(&["--fault", "missing_signature"]), 0);
    assert_eq!(send(&["--expect-status", "4xx,-404"]), 0);
    assert_eq!(send(&["--fault", "wrong_secret"]), 1);
    let listed = place.run(&["deliveries", "list", "--json"]).documents();
    let of = |key: &str| {
        listed
            .iter()
            .rev()
            .map(|one| one[key].clone())
            .collect::<Vec<_>>()
    };
    let wanted = |wanted: &str, met: bool| json!({"wanted": wanted, "met": met});
    assert_eq!(
        of("expectation"),
        [
            wanted("400, 401, 403 or 422", true),
            wanted("4xx, except 404", true),
            wanted("400, 401, 403 or 422", false),
        ]
    );
    assert_eq!(
        of("faults"),
        [
            json!(["missing_signature"]),
            json!(null),
            json!(["wrong_secret"])
        ]
    );
    let page = place.run(&["deliveries", "list"]).stdout;
    let marks: Vec<char> = page
        .lines()
        .filter_map(|line| line.chars().nth(20))
        .collect();
    assert_eq!(marks, ['✗', '✓', '✓']);
    let page = place.run(&["deliveries", "show", "last"]).stdout;
    assert!(
        page.contains(
            "\nresponse   not as wanted: 400, 401, 403 or 422\nfaults     wrong_secret\n"
        ),
        "{page}"
    );
    let stats = place.run(&["deliveries", "stats", "--json"]).document();
    let figures =
        ["delivered", "failed", "as_wanted", "failures_in_a_row"].map(|name| stats[name].clone());
    assert_eq!(figures, [json!(1), json!(2), json!(2), json!(0)]);
    assert_eq!(stats["success_rate"], 1.0);
}

#[test]
fn a_receiver_that_acknowledges_everything_refuses_nothing() {
    let server = Server::answering(&[b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"]);
    let outcome = Place::new().run(&[
        "send",
        "gaife/message",
        "--url",
        &server.url(),
        "--fault",
        "not_json",
        "--json",
    ]);
    assert_eq!(
        (outcome.code, &outcome.document()["expectation"]),
        (0, &json!(null))
    );
}
