//! What `listen` shows people of what it receives.

use std::process::Stdio;

use crate::support::{Place, Signal, free_port, send_signal};

const OWN: &str = "X-Convo-Event";

/// Listens as a person would, posts these bodies, and returns what was shown.
fn shown(place: &Place, flags: &[&str], bodies: &[(&str, Vec<u8>)]) -> String {
    let port = free_port();
    let number = port.to_string();
    let fixed = ["listen", "--port", &number, "--color", "never"];
    let mut child = place
        .command(&[&fixed[..], flags].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(std::time::Instant::now() < until);
    }
    for (event, body) in bodies {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nX-Kind: k\r\n{OWN}: {event}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        std::io::Write::write_all(&mut stream, &[head.as_bytes(), body].concat()).unwrap();
        crate::support::read_all(&mut stream);
    }
    send_signal(&child, Signal::TERM);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut text).unwrap();
    child.wait().unwrap();
    text
}

fn event(name: &str, id: u32, at: &str, value: &str) -> (&'static str, Vec<u8>) {
    let body = format!(
        r#"{{"event":"{name}","timestamp":"{at}","data":{{"id":{id},"value":"{value}"}}}}"#
    );
    ("transcript.ready", body.into_bytes())
}

#[test]
fn an_event_is_shown_against_the_last_one_of_its_type() {
    let place = Place::new();
    let bodies = [
        event("transcript.ready", 1, "2026-01-01T00:00:00Z", "open"),
        event("transcript.ready", 2, "2026-01-01T00:00:05Z", "closed"),
    ];
    let text = shown(&place, &["--show", "diff,headers"], &bodies);
    assert!(text.contains("-    \"value\": \"open\""), "{text}");
    assert!(text.contains("+    \"value\": \"closed\""), "{text}");
    assert!(text.contains("X-Kind: k"), "{text}");
    let text = shown(&place, &["--show", "body"], &bodies[..1]);
    assert!(
        text.contains("\"value\": \"open\"") && !text.contains("X-Kind"),
        "{text}"
    );
}

#[test]
fn what_a_web_page_sent_is_said_to_be_held_back() {
    let from_page = "transcript.ready\r\nOrigin: https://page.example";
    let held_back = "not forwarded: from a web page; add --allow-browser";
    let shown = |flags: &[&str]| {
        let bodies = [(from_page, b"{}".to_vec())];
        shown(&Place::new(), flags, &bodies)
    };
    let target = free_port().to_string();
    let text = shown(&["--forward-to", &target]);
    assert!(text.contains(held_back), "{text}");
    for flags in [&[][..], &["--forward-to", &target, "--allow-browser"]] {
        let text = shown(flags);
        assert!(!text.contains("web page"), "{text}");
    }
}

#[test]
fn what_is_older_than_what_came_is_named_and_all_is_summed_up() {
    let place = Place::new();
    let bodies = [
        event("transcript.ready", 1, "2026-01-01T00:01:00Z", "a"),
        event("transcript.ready", 2, "2026-01-01T00:00:00Z", "b"),
        event("transcript.ready", 3, "2026-01-01T00:02:00Z", "c"),
    ];
    let text = shown(&place, &[], &bodies);
    assert_eq!(text.matches("out of order").count(), 1, "{text}");
    assert!(text.contains("this event is 1m older"), "{text}");
    assert!(
        text.ends_with(
            "stopped after 3 requests (3 stored)\n      3  convo/transcript.ready  unchecked  200\n"
        ),
        "{text}"
    );
}

#[test]
fn one_can_look_at_some_and_all_are_kept() {
    let place = Place::new();
    let bodies = [
        event("transcript.ready", 1, "2026-01-01T00:00:00Z", "a"),
        event("transcript.failed", 2, "2026-01-01T00:00:01Z", "b"),
        event("transcript.ready", 3, "2026-01-01T00:00:02Z", "b"),
    ];
    for (flags, expected) in [
        (["--show-only", "*.failed"], 1),
        (["--show-where", "data.value=b"], 2),
        (["--show-verdict", "valid"], 0),
    ] {
        let text = shown(&place, &flags, &bodies);
        assert_eq!(
            text.matches(" POST /").count(),
            expected,
            "{flags:?}: {text}"
        );
        assert!(text.contains("stopped after 3 requests"));
    }
    let kept = place.run(&["captures", "list", "--json"]).documents();
    assert_eq!(kept.len(), 9);
}

#[test]
fn bytes_that_are_no_text_are_shown_in_hex() {
    let place = Place::new();
    let bytes: Vec<u8> = (0..=255).chain(0..=255).chain(0..=255).collect();
    let text = shown(&place, &["--show", "body"], &[("x", bytes)]);
    assert!(
        text.contains("00000040  40 41 42 43") && text.contains("@ABCDEFGHIJKLMNO"),
        "{text}"
    );
    assert!(text.contains("(768 bytes in total"), "{text}");
}
