//! A listener for CI: it runs a command, waits for what is expected, and says what came.

use serde_json::Value;

use crate::support::{Outcome, Place};

/// Listens with these flags while a shell runs.
fn listen(place: &Place, flags: &[&str], script: &str) -> Outcome {
    let fixed = ["listen", "--port", "0", "--json"];
    place.run(&[&fixed[..], flags, &["--", "sh", "-c", script]].concat())
}

fn expectations(outcome: &Outcome) -> Value {
    let documents = outcome.documents();
    let last = documents.last().unwrap();
    assert_eq!(last["type"], "expectations", "{}", outcome.page());
    last.clone()
}

fn send(event: &str) -> String {
    let binary = env!("CARGO_BIN_EXE_hookcli");
    format!("'{binary}' send {event} --no-store -q > /dev/null; ")
}

#[test]
fn it_ends_as_soon_as_everything_came() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let script = send("lead_captured") + &send("agentclara/message.received") + "sleep 0.1";
    let ended = listen(
        &place,
        &[
            "--expect",
            "lead_captured",
            "--expect",
            "agentclara/*>=1",
            "--expect-valid",
        ],
        &script,
    )
    .expect(0);
    let report = expectations(&ended);
    assert_eq!(
        (&report["met"], &report["received"]),
        (&true.into(), &2.into())
    );
    assert_eq!(report["expectations"][0]["event"], "lead_captured");
}

#[test]
fn what_does_not_come_in_time_is_exit_1_and_named() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let junit = place.path("out.xml");
    let ended = listen(
        &place,
        &[
            "--expect",
            "lead_captured>=2",
            "--expect",
            "gaife/message",
            "--timeout",
            "1s",
            "--junit",
            junit.to_str().unwrap(),
        ],
        &send("gaife/message"),
    )
    .expect(1);
    let report = expectations(&ended);
    assert_eq!(report["met"], false);
    assert_eq!(report["expectations"][0]["expected"], "at least 2");
    assert_eq!(report["expectations"][1]["met"], true);
    let junit = std::fs::read_to_string(junit).unwrap();
    assert!(
        junit.contains("tests=\"3\" failures=\"1\" skipped=\"1\"") && junit.contains("received 0"),
        "{junit}"
    );
}

#[test]
fn what_is_forbidden_ends_it_at_once() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let begun = std::time::Instant::now();
    let script = send("gaife/message --secret other") + "sleep 60";
    for flags in [
        ["--expect-valid", "--expect", "gaife/message>=2"],
        ["--expect", "!gaife/*", "--expect=convo/*"],
    ] {
        listen(&place, &flags, &script).expect(1);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(30));
}

#[test]
fn the_commands_failure_is_exit_1_and_its_arguments_are_its_own() {
    let place = Place::new();
    let failed = listen(&place, &["--expect", "x"], "exit 3").expect(1);
    assert!(failed.stderr.contains("`sh` failed"), "{}", failed.stderr);
    let missing = place
        .run(&["listen", "--port", "0", "--", "no-such-command"])
        .expect(2);
    assert!(
        missing
            .stderr
            .contains("`no-such-command` could not be started")
    );
    // No shell reads them: the dollar sign arrives.
    let file = place.path("arguments");
    let script = format!("printf '%s' \"$1 $HOOKCLI_URL\" > '{}'", file.display());
    place
        .run(&[
            "listen", "--port", "0", "--", "sh", "-c", &script, "name", "$HOME",
        ])
        .expect(0);
    let arguments = std::fs::read_to_string(file).unwrap();
    assert!(
        arguments.starts_with("$HOME http://127.0.0.1:"),
        "{arguments}"
    );
}

#[test]
fn the_commands_whole_group_ends_with_the_listener() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let file = place.path("pid");
    // A grandchild in the background, which nobody waits for.
    let script = format!(
        "sleep 600 & echo $! > '{}'; {}",
        file.display(),
        send("lead_captured")
    );
    listen(&place, &["--expect", "lead_captured"], &script).expect(0);
    let pid = std::fs::read_to_string(file).unwrap();
    let lives = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while cfg!(target_os = "linux") && lives() {
        assert!(std::time::Instant::now() < until, "it lives on");
    }
}

#[test]
fn max_and_until_end_it_too() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let three = send("gaife/message").repeat(2) + "true";
    let ended = listen(&place, &["--max", "2"], &three).expect(0);
    assert!(ended.stdout.contains("\"received\":2"));
    let then = send("gaife/message") + &send("lead_captured") + "true";
    listen(&place, &["--until", "lead_*"], &then).expect(0);
    listen(&place, &["--until", "lead_*", "--timeout", "1s"], "true").expect(1);
    let ended = listen(&place, &["--max", "1", "--timeout", "200ms"], "true").expect(1);
    assert!(
        ended.stderr.contains("timed out: received 0 of 1 requests"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_misspelt_event_is_told_at_once() {
    let place = Place::new();
    for (pattern, told) in [
        ("led_captured", "did you mean convocore/lead_captured?"),
        (
            "!convocore/led_captured",
            "did you mean one of convocore/lead_captured,",
        ),
        ("lead_capturd*", "unknown event"),
    ] {
        let listener = [
            "listen",
            "--port",
            "0",
            "--expect",
            pattern,
            "--timeout",
            "50ms",
        ];
        let ended = place.run(&listener);
        assert!(ended.stderr.contains(told), "{}", ended.page());
    }
    let listener = [
        "listen",
        "--port",
        "0",
        "--expect",
        "lead_*",
        "--timeout",
        "50ms",
    ];
    let ended = place.run(&listener).expect(1);
    assert!(!ended.stderr.contains("unknown"), "{}", ended.page());
}

#[test]
fn a_junit_file_that_cannot_be_written_takes_no_verdict_away() {
    let place = Place::new();
    let file = "/nonexistent/out.xml";
    let fixed = ["--junit", file, "--expect", "lead_captured", "--timeout"];
    let listener = [&["listen", "--port", "0"], &fixed[..], &["100ms"]].concat();
    let store = [&["captures", "wait"], &fixed[..], &["100ms"]].concat();
    for arguments in [listener, store] {
        let ended = place.run(&arguments).expect(4);
        assert!(ended.stdout.contains("lead_captured"), "{}", ended.page());
        assert!(ended.stderr.contains(file), "{}", ended.page());
    }
}

#[test]
fn files_say_when_it_is_ready() {
    let place = Place::new();
    let (ready, port) = (place.path("ready"), place.path("port"));
    let listener = place.listen(&[
        "--ready-file",
        ready.to_str().unwrap(),
        "--port-file",
        port.to_str().unwrap(),
    ]);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !port.exists() {
        assert!(std::time::Instant::now() < until);
    }
    let text = std::fs::read_to_string(ready).unwrap();
    assert_eq!(text.trim(), listener.url);
    let text = std::fs::read_to_string(port).unwrap();
    assert!(listener.url.ends_with(text.trim()));
}

#[test]
fn a_store_can_be_waited_for_while_another_process_listens() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let listener = place.listen(&[]);
    let wait = place
        .command(&[
            "captures",
            "wait",
            "--expect",
            "gaife/message>=2",
            "--since",
            "1h",
            "--json",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..2 {
        place
            .run(&["send", "gaife/message", "--url", &listener.url])
            .expect(0);
    }
    let output = wait.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report["expectations"][0]["received"], 2);
    place
        .run(&[
            "captures",
            "wait",
            "--expect",
            "convo/*",
            "--timeout",
            "200ms",
        ])
        .expect(1);
    place.run(&["captures", "wait"]).expect(2);
}

#[test]
fn what_must_not_come_is_watched_for_to_the_end() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    // It comes last, and alone would be met from the start.
    let late = "sleep 0.3; ".to_owned() + &send("gaife/message");
    let broken = listen(&place, &["--expect", "!gaife/*"], &late).expect(1);
    assert_eq!(expectations(&broken)["expectations"][0]["received"], 1);
    listen(&place, &["--expect", "!gaife/*"], "sleep 0.2").expect(0);
    let alone = [
        "listen",
        "--port",
        "0",
        "--expect",
        "!x",
        "--timeout",
        "200ms",
    ];
    place.run(&alone).expect(0);
    let invalid = send("gaife/message --secret other") + "sleep 60";
    listen(&place, &["--expect-valid"], &invalid).expect(1);
}

#[test]
fn a_command_that_is_not_done_in_time_is_a_failure() {
    let place = Place::new();
    let ended = listen(&place, &["--timeout", "300ms"], "sleep 60").expect(1);
    assert!(ended.stderr.contains("not finished"), "{}", ended.stderr);
    place
        .run(&["captures", "wait", "--max", "1", "--timeout", "100ms"])
        .expect(1);
}
