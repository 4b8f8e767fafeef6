//! Faults of senders, sent to a receiver that does right: what it makes of each is what is said of it.

use crate::support::{Place, Server};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn each_fault_is_met_as_it_is_announced() {
    let place = Place::new().with("HOOKCLI_SECRET", SECRET);
    let mut listener = place.listen(&["--provider", "svix", "--max-body", "1000000"]);
    let cases: [(&str, &[u64], &str); 20] = [
        ("duplicate", &[200, 200], "acts on one"),
        ("reorder", &[200], "accepts it"),
        ("tampered_body", &[401], "refuses it"),
        ("tampered_signature", &[401], "refuses it"),
        ("missing_signature", &[401], "refuses it"),
        ("empty_signature", &[401], "refuses it"),
        ("wrong_secret", &[401], "refuses it"),
        ("stale_timestamp", &[401], "refuses it"),
        ("stale-timestamp=1m", &[200], "refuses it"),
        ("future_timestamp", &[401], "refuses it"),
        ("unknown_event", &[200], "whatever the answer"),
        ("missing_field", &[200], "whatever the answer"),
        ("wrong_content_type", &[200], "whatever the answer"),
        ("not_json", &[200], "whatever the answer"),
        ("truncated_body", &[401], "refuses it"),
        ("huge_body=2000000", &[413], "whatever the answer"),
        ("deep_nesting", &[200], "whatever the answer"),
        ("compressed_body", &[200], "whatever the answer"),
        ("spacing", &[200], "accepts it"),
        ("escapes", &[200], "accepts it"),
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
            .map(|delivery| delivery["attempts"][0]["status"].as_u64().unwrap())
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
            .contains("[\"x-convo-event\",\"hookcli.unknown_event\"]")
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
