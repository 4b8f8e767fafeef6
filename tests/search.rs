//! The query language, from the command line.

use crate::support::{Listener, Place};

/// A store with three requests, a valid and an invalid one of agentclara and one of convocore, and the listener that
/// received them.
fn some() -> (Place, Listener) {
    let place = Place::new();
    let listener = place.listen(&["--secret", "s"]);
    for (event, secret) in [
        ("agentclara/message.received", "s"),
        ("agentclara/message.received", "another"),
        ("convocore/lead_captured", "s"),
    ] {
        place.run(&["send", event, "--url", &listener.url, "--secret", secret]);
    }
    (place, listener)
}

fn listed(place: &Place, words: &[&str]) -> Vec<String> {
    let outcome = place
        .run(&[&["captures", "list", "--json"], words].concat())
        .expect(0);
    let lines = outcome.stdout.lines();
    lines
        .map(|line| {
            let document: serde_json::Value = serde_json::from_str(line).unwrap();
            format!(
                "{} {}",
                document["event"].as_str().unwrap(),
                document["verdict"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn a_query_selects_what_is_listed() {
    let (place, _listener) = some();
    let lead = "lead_captured valid";
    let (good, bad) = ("message.received valid", "message.received invalid");
    for (words, expected) in [
        (&["provider:agentclara"][..], &[bad, good][..]),
        (&["event:lead*", "verdict:valid"], &[lead]),
        (&["status:400.."], &[bad]),
        (&["not:status:4xx", "not:event:lead_captured"], &[good]),
        (&["body.data.channel:sms"], &[bad, good]),
        (&["JANE"], &[lead]),
        (&["has:header:x-agentclara-signature"], &[bad, good]),
        (&["--event", "message.*", "verdict:valid"], &[good]),
        (&["after:-1h", "size:>240"], &[lead]),
        (&["before:-1h"], &[]),
        (&["provider:agentclara verdict:invalid"], &[bad]),
    ] {
        assert_eq!(listed(&place, words), expected, "{words:?}");
    }
}

#[test]
fn what_does_not_exist_is_said() {
    let (place, _listener) = some();
    let hint = |words: &[&str]| {
        let outcome = place
            .run(&[&["captures", "list"], words].concat())
            .expect(0);
        outcome.stderr
    };
    assert!(hint(&["provider:agentclra"]).contains("did you mean agentclara"));
    assert!(hint(&["--event", "lead_capture"]).contains("did you mean convocore/lead_captured"));
    assert!(hint(&["event:message.read", "nothing like this"]).contains("nothing matches"));
    // A word without a field is a text, though another thing may be meant.
    for (word, meant) in [
        ("missing", "`verdict:missing`"),
        ("github", "`provider:github`"),
        ("github/push", "`event:github/push`"),
        ("lead_captured", "`event:lead_captured`"),
        ("503", "`status:503`"),
        ("cap_0000000000", "`hookcli captures show cap_0000000000`"),
    ] {
        let hint = hint(&["verdict:missing", word]);
        assert!(
            hint.contains(&format!("did you mean {meant}?")),
            "{word}: {hint}"
        );
    }
}

#[test]
fn a_mistake_is_pointed_at_and_matches_nothing() {
    let (place, _listener) = some();
    let outcome = place
        .run(&[
            "captures",
            "rm",
            "provider:agentclara",
            "stauts:4xx",
            "--yes",
        ])
        .expect(2);
    assert_eq!(
        outcome.stderr,
        "error: unknown field `stauts`; did you mean `status`?\n\
         \x20 provider:agentclara stauts:4xx\n\
         \x20                     ^^^^^^\n\
         hint: the fields are provider, event, verdict, status, size, method, path, after, before, id, is, has, header.NAME, body.PATH, text, endpoint\n"
    );
    let renamed = place
        .run(&["captures", "list", "signature:invalid"])
        .expect(2);
    assert!(
        renamed.stderr.contains("did you mean `verdict`?"),
        "{}",
        renamed.stderr
    );
    for (words, meant) in [
        (
            &["provider:stripe", "or", "provider:github"][..],
            "for one of several values use commas",
        ),
        (&["NOT", "event:push"], "write not: in front of it"),
        (&["provider=stripe"], "write it as provider:stripe"),
        (
            &["body.data.amount>5000"],
            "write it as body.data.amount:>5000",
        ),
        (&["status!=200"], "write it as not:status:200"),
    ] {
        let outcome = place
            .run(&[&["captures", "list"], words].concat())
            .expect(2);
        assert!(
            outcome.stderr.contains(meant),
            "{words:?}: {}",
            outcome.stderr
        );
        assert!(
            !outcome.stderr.contains("the fields are"),
            "{}",
            outcome.stderr
        );
    }
    // In quotes it is a text.
    place.run(&["captures", "list", "\"or\""]).expect(0);
    place
        .run(&["captures", "rm", "provider:", "--yes"])
        .expect(2);
    place.run(&["captures", "rm", "event:x", "last"]).expect(2);
    assert_eq!(listed(&place, &[]).len(), 3);
    let outcome = place
        .run(&["captures", "list", "-event:message.received"])
        .expect(2);
    assert!(outcome.stderr.contains("not:event:message.received"));
}

#[test]
fn what_a_query_removes_is_counted_and_confirmed() {
    let (place, _listener) = some();
    let outcome = place.run(&["captures", "rm", "verdict:invalid"]).expect(2);
    assert!(outcome.stderr.contains("1 capture,"), "{}", outcome.stderr);
    assert_eq!(listed(&place, &[]).len(), 3);
    place
        .run(&["captures", "rm", "verdict:invalid", "--yes"])
        .expect(0);
    assert_eq!(listed(&place, &["verdict:invalid"]).len(), 0);
    assert_eq!(listed(&place, &[]).len(), 2);
}

#[test]
fn a_query_selects_what_is_replayed_exported_and_retried() {
    let (place, _listener) = some();
    let other = place.listen(&["--secret", "s", "--no-store"]);
    let url = &other.url;
    let outcome = place
        .run(&[
            "replay",
            "verdict:valid",
            "event:message.*",
            "--url",
            url,
            "--json",
        ])
        .expect(0);
    assert_eq!(outcome.stdout.lines().count(), 1);
    let exported = place
        .run(&["captures", "export", "text:jane", "--format", "http"])
        .expect(0);
    assert!(exported.stdout.contains("jane.smith@example.com"));
    let count = |words: &[&str]| {
        let outcome = place
            .run(&[&["deliveries", "list", "--json"], words].concat())
            .expect(0);
        outcome.stdout.lines().count()
    };
    assert_eq!(count(&["outcome:failed"]), 1);
    assert_eq!(count(&["status:401", "attempts:1"]), 1);
    assert_eq!(count(&["is:retried"]), 0);
    assert_eq!(count(&["body.data.channel:sms"]), 3);
    place
        .run(&["deliveries", "retry", "--failed", "event:lead*"])
        .expect(0);
    assert_eq!(count(&["outcome:failed"]), 1);
    place
        .run(&[
            "deliveries",
            "retry",
            "--failed",
            "status:401",
            "--secret",
            "s",
        ])
        .expect(0);
    assert_eq!(count(&["outcome:failed"]), 0);
}

#[test]
fn a_listener_shows_and_awaits_what_a_query_selects() {
    let place = Place::new();
    let mut listener = place.listen(&[
        "--secret",
        "s",
        "--show-only",
        "status:4xx",
        "--expect",
        "provider:agentclara verdict:valid body.data.channel:sms >=2",
    ]);
    for secret in ["s", "another", "s"] {
        place.run(&[
            "send",
            "agentclara/message.received",
            "--url",
            &listener.url,
            "--secret",
            secret,
        ]);
    }
    let (code, documents, _) = listener.wait();
    assert_eq!(code, 0);
    let shown = documents
        .iter()
        .filter(|document| document["type"] == "request");
    let statuses: Vec<&serde_json::Value> =
        shown.map(|shown| &shown["response"]["status"]).collect();
    assert_eq!(statuses, [401]);
}
