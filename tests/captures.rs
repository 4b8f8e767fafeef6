use crate::support::{Place, settings};

fn filled() -> Place {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    let url = listener.url.clone();
    let send = |arguments: &[&str]| {
        place.run(&[&["send", "--url", &url, "-q", "--verbatim"], arguments].concat())
    };
    send(&["convo/transcript.ready"]).expect(0);
    send(&["convo/transcript.failed", "--secret", "wrong"]).expect(1);
    send(&["lead_captured", "-H", "Authorization: Bearer abc"]).expect(0);
    send(&["gaife/message"]).expect(0);
    for _ in 0..4 {
        listener.next();
    }
    listener.stop();
    place
}

#[test]
fn an_empty_store_says_what_fills_it() {
    let place = Place::new();
    for (arguments, filled_by) in [
        (&["captures", "show", "last"][..], "`hookcli listen`"),
        (&["replay", "last", "--url", "3000"], "`hookcli listen`"),
        (&["deliveries", "show", "last"], "`hookcli send "),
    ] {
        let shown = place.run(arguments).expect(2);
        assert!(shown.stderr.contains(filled_by), "{}", shown.stderr);
    }
}

#[test]
fn a_list_is_newest_first_filtered_and_limited() {
    let place = filled();
    settings().bind(|| {
        insta::assert_snapshot!(place.run(&["captures", "list"]).expect(0).page(), @"
        exit 0
        --- stdout
        [TIME] ? POST /       gaife/message              200   388 B [ID]
        [TIME] ✓ POST /       convocore/lead_captured    200   269 B [ID]
        [TIME] ✗ POST /       convo/transcript.failed    401   145 B [ID]
        [TIME] ✓ POST /       convo/transcript.ready     200   126 B [ID]
        --- stderr
        ");
    });
    let events = |arguments: &[&str]| -> Vec<String> {
        let all = place
            .run(&[&["captures", "list", "--json"], arguments].concat())
            .expect(0)
            .documents();
        all.iter()
            .map(|capture| capture["event"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(events(&["--limit", "1"]), ["message"]);
    assert_eq!(
        events(&["--provider", "convo"]),
        ["transcript.failed", "transcript.ready"]
    );
    assert_eq!(events(&["--event", "lead_captured"]), ["lead_captured"]);
    assert_eq!(events(&["--verdict", "invalid"]), ["transcript.failed"]);
    assert_eq!(
        events(&["--provider", "convo", "--verdict", "valid"]),
        ["transcript.ready"]
    );
    assert_eq!(events(&["--provider", "nobody"]), [""; 0]);
    assert_eq!(events(&["--since", "1h"]).len(), 4);
    assert_eq!(events(&["--until", "1h"]).len(), 0);
    assert_eq!(events(&["--since", "2100-01-01T00:00:00Z"]).len(), 0);
}

#[test]
fn secrets_and_credentials_are_redacted_unless_revealed() {
    let place = filled();
    let shown = place
        .run(&["captures", "show", "last~1", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        shown["redacted"],
        serde_json::json!(["authorization", "/payload/workspaceSecret"])
    );
    assert!(
        shown["body"]
            .as_str()
            .unwrap()
            .contains(r#""workspaceSecret":"[redacted]""#)
    );
    for arguments in [
        vec!["captures", "show", "last~1"],
        vec!["captures", "show", "last~1", "--json"],
        vec!["captures", "export", "last~1"],
        vec!["captures", "export", "last~1", "--format", "curl"],
        vec![
            "captures",
            "export",
            "--provider",
            "convocore",
            "--format",
            "http",
        ],
        vec![
            "captures",
            "export",
            "--provider",
            "convocore",
            "--format",
            "har",
        ],
    ] {
        let redacted = place.run(&arguments).expect(0).stdout;
        assert!(
            !redacted.contains("s3cret")
                && !redacted.contains("Bearer abc")
                && redacted.contains("[redacted]"),
            "{arguments:?}: {redacted}"
        );
        let revealed = place
            .run(&[arguments.as_slice(), &["--reveal"]].concat())
            .expect(0)
            .stdout;
        assert!(
            revealed.contains("s3cret") && revealed.contains("Bearer abc"),
            "{arguments:?}: {revealed}"
        );
    }
    assert!(
        place
            .run(&["captures", "show", "last~1", "--raw"])
            .expect(0)
            .stdout
            .contains("s3cret")
    );
}

#[test]
fn a_secret_does_not_hide_behind_a_repeated_key() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&["--body"]);
    let body = br#"{"type":"lead_captured","payload":{"workspaceSecret":"s3cret-old","createdAt":1,"workspaceSecret":"s3cret"}}"#;
    assert_eq!(listener.post(&[], body), 200);
    assert!(!listener.next().to_string().contains("s3cret"));
    listener.stop();
    assert!(
        !place
            .run(&["captures", "show"])
            .expect(0)
            .stdout
            .contains("s3cret")
    );
}

#[test]
fn a_file_that_is_no_export_says_where_it_is_wrong() {
    let place = Place::new();
    for (content, expected) in [
        (
            "{\"method\":\"POST\",\"body\":\"\"}",
            "line 1: `path` or `url` is missing",
        ),
        (
            "{\"method\":\"POST\",\"path\":\"/\",\"headers\":[]}",
            "`body` or `body_base64` is missing",
        ),
        (
            "{\"method\":\"POST\",\"path\":\"/\",\"headers\":[[\"a\",\"b\\nc: d\"]],\"body\":\"\"}",
            "is not a valid header",
        ),
        ("{\"log\":{}}", "log.entries is missing"),
        (
            "what is this",
            "the format was not recognised: use the JSON of a capture, HAR, a raw HTTP request, a .http file, a curl command, a Postman collection, or an event of API Gateway or Lambda",
        ),
    ] {
        place.write("file", content);
        let refused = place.run(&["captures", "import", "file"]).expect(2);
        assert!(
            refused.stderr.contains(expected),
            "{content}: {}",
            refused.stderr
        );
    }
    assert!(
        place
            .run(&["captures", "import", "nope.json"])
            .expect(4)
            .stderr
            .contains("nope.json")
    );
}

#[test]
fn captures_are_removed_by_name_or_by_filter() {
    let place = filled();
    assert_eq!(
        place
            .run(&["captures", "rm", "last", "--json"])
            .expect(0)
            .document()["removed"],
        1
    );
    assert_eq!(
        place
            .run(&[
                "captures",
                "rm",
                "--all",
                "--yes",
                "--verdict",
                "invalid",
                "--json"
            ])
            .expect(0)
            .document()["removed"],
        1
    );
    assert_eq!(
        place.run(&["captures", "list", "--json"]).documents().len(),
        2
    );
    place.run(&["captures", "rm"]).expect(2);
    assert!(
        place
            .run(&["captures", "rm", "zzzzzz"])
            .expect(2)
            .stderr
            .contains("no capture matches `zzzzzz`")
    );
}

#[test]
fn an_ambiguous_prefix_lists_its_candidates() {
    let place = filled();
    let refused = place.run(&["captures", "show", "cap_0"]).expect(2);
    assert_eq!(
        refused.stderr.matches("cap_").count(),
        4,
        "{}",
        refused.stderr
    );
}

#[test]
fn exports_are_private_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = filled();
    place
        .run(&["captures", "export", "last", "-o", "out.json"])
        .expect(0);
    let mode =
        |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.path("out.json")), 0o600);
    assert_eq!(mode(place.store()), 0o600);
    assert_eq!(mode(place.store().parent().unwrap().to_owned()), 0o700);
}

#[test]
fn what_differs_between_two_captures_is_shown_without_secrets() {
    let place = Place::new();
    let listener = place.listen(&[]);
    let post = |kind: &str, token: &str, body: &str| {
        let headers = [("X-Kind", kind), ("Authorization", token)];
        assert_eq!(listener.post(&headers, body.as_bytes()), 200);
    };
    post("a", "Bearer one-token", r#"{"id":1,"state":"open"}"#);
    post("b", "Bearer another-token", r#"{"id":1,"state":"shut"}"#);
    listener.stop();
    let shown = place.run(&["captures", "diff"]).expect(0).stdout;
    for line in [
        "-X-Kind: a",
        "+X-Kind: b",
        "-  \"state\": \"open\"",
        "+  \"state\": \"shut\"",
    ] {
        assert!(
            shown.to_lowercase().contains(&line.to_lowercase()),
            "{line}: {shown}"
        );
    }
    assert!(!shown.contains("token"), "{shown}");
    let same = place
        .run(&["captures", "diff", "last", "last", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (&same["type"], &same["same"]),
        (&"capture_diff".into(), &true.into())
    );
    let missing = place.run(&["captures", "diff", "last~9"]).expect(2);
    assert!(missing.stderr.contains("last~9"), "{}", missing.stderr);
}

/// Lines are for people, and have the time of their clock; documents have UTC.
#[test]
fn lines_have_the_time_of_the_machines_clock() {
    let place = Place::new();
    let listener = place.listen(&[]);
    listener.post(&[], b"{\"a\":1, \"b\":2}");
    listener.stop();
    let utc = place.run(&["captures", "list"]).stdout;
    let tokyo = place.and("TZ", "JST-9").run(&["captures", "list"]).stdout;
    let hour = |line: &str| line[11..13].parse::<u32>().unwrap();
    assert_eq!((hour(&utc) + 9) % 24, hour(&tokyo), "{utc}{tokyo}");
    let document = place
        .and("TZ", "JST-9")
        .run(&["captures", "list", "--json"]);
    let received_at = document.document()["received_at"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(received_at[11..13].parse::<u32>().unwrap(), hour(&utc));
}

/// White space is what breaks signatures, so it is a difference, though the values are the same.
#[test]
fn a_diff_shows_white_space_where_nothing_else_differs() {
    let place = Place::new();
    let listener = place.listen(&[]);
    listener.post(&[], b"{\"a\":1, \"b\":2}");
    listener.post(&[], b"{\"a\": 1,\"b\":2}");
    listener.stop();
    let diff = place
        .run(&["captures", "diff", "last~1", "last", "--json"])
        .expect(0)
        .document();
    assert_eq!(diff["same"], false);
    let text = diff["diff"].as_str().unwrap();
    assert!(
        text.contains("-{\"a\":1, \"b\":2}\n+{\"a\": 1,\"b\":2}"),
        "{text}"
    );
}
