//! `check`: a receiver is judged, its faults are named, and every failure can be sent again.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Listener, Outcome, Place, Signal, free_port, outcome, send_signal};

const SECRET: &str = "a secret of ordinary length";
const SEEDS: [&str; 5] = ["convosphere", "convocore", "gaife", "convo", "agentclara"];

fn place() -> Place {
    Place::new().with("HOOKCLI_SECRET", SECRET)
}

/// Checks a listener as that provider's receiver, with more flags.
fn check(place: &Place, listener: &Listener, provider: &str, flags: &[&str]) -> Outcome {
    let url = format!("http://{}/hook", listener.address());
    let fixed = ["check", "--url", &url, "--provider", provider, "--json"];
    place.run(&[&fixed[..], flags].concat())
}

/// The cases' documents, and the one of the whole.
fn parts(outcome: &Outcome) -> (Vec<Value>, Value) {
    let mut documents = outcome.documents();
    let total = documents.pop().unwrap();
    assert_eq!(total["type"], "check", "{}", outcome.page());
    (documents, total)
}

fn names<'c>(cases: &'c [Value], status: &str) -> Vec<&'c str> {
    cases
        .iter()
        .filter(|case| case["status"] == status)
        .map(|case| case["name"].as_str().unwrap())
        .collect()
}

fn findings(total: &Value) -> Vec<&str> {
    let findings = total["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["name"].as_str().unwrap())
        .collect()
}

#[test]
fn hookclis_own_receiver_meets_every_case_of_every_seed_provider() {
    for provider in SEEDS {
        let place = place();
        let listener = place.listen(&["--provider", provider]);
        let checked = check(&place, &listener, provider, &[]).expect(0);
        let (cases, total) = parts(&checked);
        assert_eq!(total["failed"], 0, "{provider}");
        assert_eq!(total["warned"], 0, "{provider}: {cases:?}");
        assert_eq!(total["skipped"], 0, "{provider}");
        assert_eq!(total["passed"], cases.len(), "{provider}");
        assert!(cases.len() > 40, "{provider}");
        assert_eq!(findings(&total), Vec::<&str>::new());
    }
}

#[test]
fn a_receiver_that_checks_nothing_is_told_so_once_and_not_thirty_times() {
    let place = place();
    let listener = place.listen(&["--provider", "agentclara", "--accept-unverified"]);
    let checked = check(&place, &listener, "agentclara", &[]).expect(1);
    let (cases, total) = parts(&checked);
    assert_eq!(findings(&total), ["always_accepts"]);
    let failed = names(&cases, "fail");
    assert!(failed.contains(&"authenticity.wrong_secret"), "{failed:?}");
    assert!(failed.iter().all(|name| name.starts_with("authenticity.")));
    // The guide only shows in its examples how the signature is written: that is assumed, and no must.
    let warned = [
        "authenticity.signature_elsewhere",
        "authenticity.signature_encoding",
    ];
    assert_eq!(names(&cases, "warn"), warned);
}

#[test]
fn the_command_of_a_case_that_fails_fails_again_by_hand() {
    let place = place();
    for (provider, flags) in [
        (
            "agentclara",
            ["--provider", "agentclara", "--accept-unverified"].as_slice(),
        ),
        (
            "convocore",
            &[
                "--provider",
                "convocore",
                "--respond",
                "500",
                "--respond-always",
            ],
        ),
    ] {
        let listener = place.listen(flags);
        let (cases, _) = parts(&check(&place, &listener, provider, &[]));
        let unmet = cases
            .iter()
            .filter(|case| case["status"] == "fail" || case["status"] == "warn")
            .filter(|case| !case["responses"].as_array().unwrap().is_empty());
        let mut tried = 0;
        for case in unmet {
            let line = case["command"].as_str().unwrap();
            let again = line.strip_prefix("hookcli ").unwrap();
            let script = format!("\"$BINARY\" {again} --json --no-store -q");
            let mut shell = Command::new("sh");
            let home = place.command(&[]);
            for (name, value) in home.get_envs() {
                if let Some(value) = value {
                    shell.env(name, value);
                }
            }
            let done = shell
                .args(["-c", &script])
                .env("BINARY", env!("CARGO_BIN_EXE_hookcli"))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&done.stdout);
            let deliveries: Vec<Value> = said
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            let statuses: Vec<&Value> = deliveries
                .iter()
                .flat_map(|delivery| delivery["attempts"].as_array().unwrap())
                .map(|attempt| &attempt["status"])
                .collect();
            let seen: Vec<&Value> = case["responses"]
                .as_array()
                .unwrap()
                .iter()
                .map(|answer| &answer["status"])
                .collect();
            assert_eq!(
                statuses,
                seen,
                "{line}: {}",
                String::from_utf8_lossy(&done.stderr)
            );
            tried += 1;
        }
        assert!(tried > 5, "{tried}");
    }
}

#[test]
fn what_is_wrong_before_the_first_answer_is_told_apart() {
    let place = place();
    let checked = |url: &str, flags: &[&str]| {
        let fixed = ["check", "--url", url, "--provider", "agentclara", "--json"];
        place.run(&[&fixed[..], flags].concat())
    };
    let why = |outcome: &Outcome| {
        let (cases, total) = parts(outcome);
        assert_eq!(findings(&total), ["not_reached"]);
        assert_eq!(cases[0]["name"], "reachable.endpoint");
        assert_eq!(names(&cases, "skip").len(), cases.len() - 1);
        cases[0]["observed"].as_str().unwrap().to_owned()
    };
    let nobody = checked(&format!("http://127.0.0.1:{}", free_port()), &[]).expect(3);
    assert!(why(&nobody).contains("refused"));
    let unknown = checked("https://receiver.invalid", &[]).expect(3);
    assert!(why(&unknown).starts_with("no response: "));
    let elsewhere = place.listen(&["--respond", "404", "--respond-always"]);
    let url = format!("http://{}/", elsewhere.address());
    assert!(why(&checked(&url, &[]).expect(1)).starts_with("404"));
    let moved = place.listen(&[
        "--respond",
        "308",
        "--respond-always",
        "--respond-header",
        "location: https://app.example/hook",
    ]);
    let url = format!("http://{}/", moved.address());
    assert!(why(&checked(&url, &[]).expect(1)).contains("`https://app.example/hook`"));
}

#[test]
fn a_certificate_is_from_nobody_for_another_host_or_too_old() {
    let place = place();
    let of = |names: &[&str], old: bool| {
        let key = rcgen::KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        if old {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        }
        let certificate = params.self_signed(&key).unwrap();
        let cert = place.write("cert.pem", certificate.pem());
        let key = place.write("key.pem", key.serialize_pem());
        (cert, key)
    };
    for (names, old, trusted, wanted) in [
        (
            ["localhost"],
            false,
            false,
            "the certificate's issuer is not trusted",
        ),
        (["app.example"], false, true, "for another host name"),
        (["localhost"], true, true, "has expired"),
    ] {
        let (cert, key) = of(&names, old);
        let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());
        let listener = place.listen(&["--cert", cert, "--key", key]);
        let ready = listener.ready["url"].as_str().unwrap();
        let port = ready.trim_end_matches('/').rsplit(':').next().unwrap();
        let url = format!("https://localhost:{port}/");
        let mut flags = vec!["check", "--url", &url, "--provider", "convo", "--json"];
        if trusted {
            flags.extend(["--cacert", cert]);
        }
        let (cases, _) = parts(&place.run(&flags).expect(3));
        let why = cases[0]["observed"].as_str().unwrap();
        assert!(why.contains(wanted), "{why}");
    }
}

#[test]
fn effects_are_counted_where_a_probe_counts_them() {
    let place = place();
    // It keeps every request that comes, so whatever comes twice has two effects.
    let listener = place.listen(&["--provider", "agentclara"]);
    let binary = env!("CARGO_BIN_EXE_hookcli");
    let count = "\"$0\" captures list --json -n 100000 | wc -l";
    let probe = [
        "--only",
        "idempotency",
        "--probe",
        "--",
        "sh",
        "-c",
        count,
        binary,
    ];
    let checked = check(&place, &listener, "agentclara", &probe).expect(1);
    let (cases, total) = parts(&checked);
    assert_eq!(findings(&total), ["not_idempotent"]);
    assert_eq!(
        names(&cases, "fail"),
        [
            "idempotency.twice",
            "idempotency.at_once",
            "idempotency.an_hour_later"
        ]
    );
    assert!(
        cases[1]["observed"]
            .as_str()
            .unwrap()
            .ends_with("2 effects counted, expected 1"),
        "{}",
        cases[1]
    );
    let mute = ["--probe", "--", "echo", "none"];
    let refused = check(&place, &listener, "agentclara", &mute).expect(2);
    assert!(
        refused.stderr.contains("which is not a number"),
        "{}",
        refused.stderr
    );
}

#[test]
fn known_failures_break_nothing_and_new_ones_do() {
    let place = place();
    let listener = place.listen(&["--provider", "convo", "--accept-unverified"]);
    let known = place.path("known.txt");
    let known = known.to_str().unwrap();
    let only = ["--only", "authenticity"];
    check(
        &place,
        &listener,
        "convo",
        &[&only[..], &["--write-baseline", known]].concat(),
    )
    .expect(1);
    let lines = std::fs::read_to_string(known).unwrap();
    assert!(lines.contains("\nauthenticity.wrong_secret\n"), "{lines}");
    let with = [&only[..], &["--baseline", known]].concat();
    let (_, total) = parts(&check(&place, &listener, "convo", &with).expect(0));
    let unmet = total["failed"].as_u64().unwrap() + total["warned"].as_u64().unwrap();
    assert_eq!(total["known"], unmet);
    std::fs::write(known, lines.replace("authenticity.wrong_secret\n", "")).unwrap();
    check(&place, &listener, "convo", &with).expect(1);
    // What passes by now is named.
    let strict = place.listen(&["--provider", "convo"]);
    let mended = check(&place, &strict, "convo", &with).expect(0);
    assert!(
        mended
            .stderr
            .contains("these cases pass now and can be removed from the baseline:"),
        "{}",
        mended.stderr
    );
}

#[test]
fn ci_reads_junit_and_github_reads_annotations() {
    let place = place().with("GITHUB_ACTIONS", "true");
    let listener = place.listen(&[
        "--provider",
        "gaife",
        "--respond",
        "500",
        "--respond-always",
    ]);
    let file = place.path("check.xml");
    let flags = [
        "--only",
        "robustness.not_json",
        "--junit",
        file.to_str().unwrap(),
    ];
    let checked = check(&place, &listener, "gaife", &flags).expect(1);
    let xml = std::fs::read_to_string(file).unwrap();
    assert!(
        xml.contains("<testsuite name=\"hookcli\" tests=\"3\" failures=\"1\""),
        "{xml}"
    );
    assert!(
        xml.contains(
            "classname=\"hookcli.check.robustness\" name=\"robustness.not_json\"><failure"
        ),
        "{xml}"
    );
    let mut annotations = checked.stderr.lines().filter(|line| line.starts_with("::"));
    let line = annotations.next().unwrap();
    assert!(
        line.starts_with("::error title=hookcli check%3A robustness.not_json::failed with 500 ("),
        "{line}"
    );
    assert_eq!(annotations.next(), None);
}

#[test]
fn a_should_fails_only_where_that_is_wanted() {
    let place = place();
    // 100 ms is less than a tenth of what the provider waits, and 1.1 s is more.
    let listener = place.listen(&["--provider", "agentclara", "--delay", "1100ms"]);
    let only = ["--only", "events.answered_quickly"];
    let (cases, total) = parts(&check(&place, &listener, "agentclara", &only).expect(0));
    assert_eq!(names(&cases, "warn"), ["events.answered_quickly"]);
    assert_eq!(findings(&total), ["slow"]);
    let strict = [&only[..], &["--fail-on", "should"]].concat();
    check(&place, &listener, "agentclara", &strict).expect(1);
}

/// However little is sure of a provider, a receiver that takes nothing of it fails, and that is counted.
#[test]
fn a_receiver_that_refuses_the_ordinary_event_fails_that_case() {
    let place = place();
    let listener = place.listen(&["--provider", "agentclara"]);
    let file = place.path("check.xml");
    let file = file.to_str().unwrap();
    place.write("own/provider.toml", OWN);
    place.write("own/samples/made.json", "{}");
    let flags = ["--provider-dir", "own", "--junit", file];
    let checked = check(&place, &listener, "own", &flags).expect(1);
    let (cases, total) = parts(&checked);
    assert_eq!(names(&cases, "fail"), ["events.made"]);
    assert_eq!(total["failed"], 1);
    let xml = std::fs::read_to_string(file).unwrap();
    assert!(xml.contains("name=\"events.made\"><failure"), "{xml}");
    assert!(xml.contains("failures=\"1\""), "{xml}");
}

const OWN: &str = r#"name = "own"
title = "Own"
summary = "One of which nothing is sure."

[request]
assumed = "a guess"
content_type = "application/json"

[body]
assumed = "a guess"
event = { default = "made" }
idempotency_key = ["digest"]

[signature]
assumed = "a guess"
mechanism = "hmac"
header = "X-Own"
algorithm = "sha256"
encoding = "hex"

[delivery]
assumed = "a guess"
timeout = "10s"
success = ["2xx"]

[event.made]
category = "Events"
assumed = "a guess"
description = "Made."
"#;

#[test]
fn no_secret_comes_out_and_none_is_on_a_command_line() {
    let place = Place::new();
    let listener = place.listen(&["--provider", "convocore", "--accept-unverified"]);
    let url = format!("http://{}/", listener.address());
    let checked = place.run(&[
        "check",
        "--url",
        &url,
        "--provider",
        "convocore",
        "--secret",
        SECRET,
        "-v",
    ]);
    for text in [&checked.stdout, &checked.stderr] {
        assert!(!text.contains(SECRET), "{text}");
    }
    assert!(
        checked.stdout.contains("--secret-env HOOKCLI_SECRET"),
        "{}",
        checked.stdout
    );
}

#[test]
fn every_provider_has_its_cases_and_each_a_name_of_its_own() {
    let place = Place::new();
    let listed = place.run(&["providers", "--json"]).expect(0);
    for provider in listed.documents() {
        let id = provider["id"].as_str().unwrap();
        let cases = place
            .run(&["check", "--list", "--provider", id, "--json"])
            .expect(0)
            .documents();
        let mut names: Vec<&str> = cases
            .iter()
            .map(|case| case["name"].as_str().unwrap())
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{id}");
        assert!(count > 20, "{id}: {count}");
        for case in &cases {
            assert!(!case["reason"].as_str().unwrap().is_empty());
        }
    }
}

#[test]
fn what_rests_on_an_assumed_fact_is_no_must() {
    let place = Place::new();
    let cases = |provider: &str| {
        let listed = place.run(&["check", "--list", "--provider", provider, "--json"]);
        listed.expect(0).documents()
    };
    let severity = |provider: &str, name: &str| {
        let cases = cases(provider);
        let case = cases.iter().find(|case| case["name"] == name);
        case.map(|case| case["severity"].as_str().unwrap().to_owned())
    };
    // AgentClara documents what success is, and not what its test event looks like.
    let is = |provider, name, wanted: &str| {
        assert_eq!(
            severity(provider, name).as_deref(),
            Some(wanted),
            "{provider} {name}"
        );
    };
    is("agentclara", "events.message.received", "must");
    is("agentclara", "events.webhook.test", "should");
    is("agentclara", "idempotency.twice", "must");
    // Its retries are documented, and that they come at timeouts is assumed.
    is("convosphere", "idempotency.twice", "should");
    // Nothing is ever retried.
    is("convo", "idempotency.twice", "should");
    // Nothing of Stripe's delivery was found documented.
    is("stripe", "events.charge.succeeded", "should");
    assert_eq!(severity("gaife", "authenticity.wrong_secret"), None);
}

#[test]
fn what_a_receiver_echoes_is_redacted_wherever_it_is_told() {
    let place = place().with("GITHUB_ACTIONS", "true");
    let location = format!("location: https://app.example/{SECRET}");
    let moved = place.listen(&[
        "--respond",
        "302",
        "--respond-always",
        "--respond-header",
        &location,
    ]);
    let file = place.path("check.xml");
    let flags = ["--junit", file.to_str().unwrap()];
    let checked = check(&place, &moved, "agentclara", &flags).expect(1);
    let xml = std::fs::read_to_string(&file).unwrap();
    for text in [&checked.stdout, &checked.stderr, &xml] {
        assert!(text.contains("redirected with 302"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn ok_means_that_something_was_proven() {
    let place = place();
    // It refuses whatever comes, so it refuses forgeries, too.
    let listener = place.listen(&["--respond", "401", "--respond-always"]);
    let only = ["--only", "authenticity"];
    let (_, total) = parts(&check(&place, &listener, "agentclara", &only).expect(1));
    assert_eq!((&total["failed"], &total["ok"]), (&0.into(), &false.into()));
    for only in ["events.nosuch", "idempotency.twic"] {
        let refused = check(&place, &listener, "agentclara", &["--only", only]).expect(2);
        assert!(
            refused.stderr.contains("no case matches"),
            "{}",
            refused.stderr
        );
    }
    let nothing = ["--only", "events", "--skip", "events"];
    check(&place, &listener, "agentclara", &nothing).expect(2);
}

#[test]
fn a_file_that_cannot_be_written_takes_no_verdict_away() {
    let place = place();
    let listener = place.listen(&["--provider", "agentclara"]);
    let flags = ["--only", "robustness", "--junit", "/nowhere/check.xml"];
    let (_, total) = parts(&check(&place, &listener, "agentclara", &flags).expect(4));
    assert_eq!(total["ok"], true);
}

#[test]
fn a_receiver_that_stops_answering_is_not_asked_for_ever() {
    let place = place();
    place.write(
        "acme/provider.toml",
        r#"name = "acme"
[sources]
guide = { title = "Guide", date = "2026-01-01" }
[request]
documented = "guide"
content_type = "application/json"
[body]
documented = "guide"
event = { path = "/kind" }
idempotency_key = ["digest"]
[signature]
documented = "guide"
mechanism = "hmac"
header = "X-Acme-Signature"
[delivery]
documented = "guide"
timeout = "300ms"
success = ["2xx"]
[event.made]
category = "Things"
documented = "guide"
description = "A thing was made."
"#,
    );
    place.write("acme/samples/made.json", r#"{"kind":"made"}"#);
    let dir = place.path("");
    let dir = dir.to_str().unwrap();
    let listener = place.listen(&["--respond", "200x3,hang", "--respond-always"]);
    let flags = ["--provider-dir", dir];
    let (cases, total) = parts(&check(&place, &listener, "acme", &flags).expect(1));
    assert_eq!(total["ok"], false);
    let unanswered = cases
        .iter()
        .flat_map(|case| case["responses"].as_array().unwrap())
        .filter(|answer| answer["error"] == "timeout");
    assert_eq!(unanswered.count(), 3);
    assert!(names(&cases, "skip").len() > 20);
    // What is printed finds the folder again.
    let command = cases[0]["command"].as_str().unwrap();
    assert!(command.contains("--provider-dir "), "{command}");
}

#[test]
fn an_interrupted_check_says_what_it_knows() {
    let place = place();
    let mut listener = place.listen(&["--respond", "200,hang", "--respond-always"]);
    let url = format!("http://{}/hook", listener.address());
    let child = place
        .command(&["check", "--url", &url, "--provider", "convo", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // One answer, and a second that does not come.
    listener.next();
    listener.next();
    send_signal(&child, Signal::TERM);
    let (cases, total) = parts(&outcome(child.wait_with_output().unwrap()).expect(130));
    assert_eq!((cases.len(), &total["ok"]), (1, &Value::Bool(false)));
}

#[test]
fn a_probe_that_fails_on_the_way_leaves_the_answers_verdicts() {
    let place = place();
    let listener = place.listen(&["--provider", "agentclara"]);
    let count = place.path("count");
    let script = format!(
        "echo x >> '{0}'; n=$(wc -l < '{0}'); [ $n -lt 4 ] && echo 7",
        count.display()
    );
    let flags = [
        "--only",
        "idempotency",
        "--probe",
        "--",
        "sh",
        "-c",
        &script,
    ];
    let checked = check(&place, &listener, "agentclara", &flags).expect(1);
    let (_, total) = parts(&checked);
    assert_eq!((&total["ok"], &total["failed"]), (&false.into(), &0.into()));
    assert!(
        checked.stderr.contains("effects are not counted from"),
        "{}",
        checked.stderr
    );
}

#[test]
fn another_machine_is_checked_only_if_the_user_says_that_it_is_theirs() {
    let place = place();
    let far = [
        "check",
        "--url",
        "https://192.0.2.1/hook",
        "--provider",
        "convo",
    ];
    let refused = place.run(&far).expect(2);
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
}

/// Whatever makes the exit code 1 is a failure in the file, too.
#[test]
fn junit_and_the_exit_code_agree() {
    let failures = |file: &std::path::Path| {
        let xml = std::fs::read_to_string(file).unwrap();
        let (_, rest) = xml.split_once("failures=\"").unwrap();
        let count: u32 = rest.split('"').next().unwrap().parse().unwrap();
        (count, xml)
    };
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    // A receiver that refuses everything is no proof of authenticity.
    let listener = place.listen(&[
        "--provider",
        "convo",
        "--respond",
        "401",
        "--respond-always",
    ]);
    let file = place.path("check.xml");
    let flags = ["--only", "authenticity", "--junit", file.to_str().unwrap()];
    let checked = check(&place, &listener, "convo", &flags);
    let (count, xml) = failures(&file);
    assert_eq!((checked.code, count), (1, 1), "{xml}");
    assert!(
        xml.contains("name=\"run\"><failure message=\"ordinary deliveries are not accepted"),
        "{xml}"
    );
    let file = place.path("listen.xml");
    let junit = ["--junit", file.to_str().unwrap()];
    for (flags, code) in [
        (&["--max", "2", "--timeout", "100ms"][..], 1),
        (&["--", "false"], 1),
        (&["--expect", "x", "--timeout", "100ms"], 1),
        (&["--expect", "!x", "--timeout", "100ms"], 0),
        (&["--", "true"], 0),
    ] {
        let ended = place.run(&[&["listen", "--port", "0"], &junit[..], flags].concat());
        let (count, xml) = failures(&file);
        assert_eq!(
            (ended.code, count),
            (code, u32::from(code == 1)),
            "{flags:?}: {xml}"
        );
    }
    let waited = place.run(
        &[
            &["captures", "wait", "--max", "3", "--timeout", "100ms"],
            &junit[..],
        ]
        .concat(),
    );
    assert_eq!((waited.code, failures(&file).0), (1, 1));
}

#[test]
fn a_lost_answer_proves_nothing_either_way() {
    let place = place();
    // It commits what comes, and breaks the connection on which the event comes again.
    let listener = place.listen(&[
        "--provider",
        "agentclara",
        "--respond",
        "200,200,close-early,200",
    ]);
    let file = place.path("check.xml");
    let flags = [
        "--only",
        "idempotency.twice",
        "--junit",
        file.to_str().unwrap(),
    ];
    let checked = check(&place, &listener, "agentclara", &flags).expect(1);
    let (cases, total) = parts(&checked);
    assert_eq!(names(&cases, "ambiguous"), ["idempotency.twice"]);
    assert_eq!(findings(&total), ["loses_answers"]);
    assert_eq!(
        (&total["ambiguous"], &total["failed"]),
        (&1.into(), &0.into())
    );
    let xml = std::fs::read_to_string(&file).unwrap();
    assert!(xml.contains("failures=\"0\" errors=\"1\""), "{xml}");
    assert!(
        xml.contains("name=\"idempotency.twice\"><error message="),
        "{xml}"
    );
    assert!(xml.contains("name=\"run\"/>"), "{xml}");
}

#[test]
fn a_receiver_that_does_not_start_or_is_there_already_is_told() {
    let place = place();
    let port = free_port().to_string();
    let check = |url: &str, command: &str| {
        let arguments = [
            "check",
            "--url",
            url,
            "--provider",
            "convo",
            "--wait",
            "100ms",
            "--restart",
            command,
        ];
        place.run(&arguments).expect(2).stderr
    };
    let said = check(&port, "exit 1");
    assert!(
        said.contains("nothing listens at")
            && said.contains(
                "run the command on its own to see its output, or give it more time with --wait"
            ),
        "{said}"
    );
    let listener = place.listen(&[]);
    let said = check(&listener.url, "exit 1");
    assert!(
        said.contains("already") && said.contains("stop it first"),
        "{said}"
    );
}

#[test]
fn a_receiver_of_nobody_known_cannot_be_checked() {
    let place = Place::new();
    let refused = place
        .run(&["check", "--url", "http://127.0.0.1:1"])
        .expect(2);
    assert_eq!(
        refused.stderr,
        "error: --provider is required\nhint: run `hookcli providers` to see the providers\n"
    );
}

/// A receiver that refuses everything refuses every forgery, too: that proves nothing, and one cause explains it all.
#[test]
fn what_a_receiver_that_refuses_everything_passes_is_skipped() {
    let place = Place::new().with("HOOKCLI_SECRET", "the-secret-of-the-sender");
    let listener = place.listen(&["--provider", "convo", "--secret", "the-one-of-the-receiver"]);
    let file = place.path("check.xml");
    let junit = ["--junit", file.to_str().unwrap()];
    let checked = check(&place, &listener, "convo", &junit);
    assert_eq!(checked.code, 1, "{}", checked.page());
    let (cases, total) = parts(&checked);
    let mut areas: std::collections::BTreeMap<&str, Vec<&str>> = std::collections::BTreeMap::new();
    for case in &cases {
        let status = case["status"].as_str().unwrap();
        areas
            .entry(case["area"].as_str().unwrap())
            .or_default()
            .push(status);
    }
    for area in ["authenticity", "raw_bytes", "robustness", "idempotency"] {
        assert!(
            areas[area].iter().all(|status| *status == "skip"),
            "{area}: {:?}",
            areas[area]
        );
    }
    assert_eq!(total["findings"][0]["name"], "refuses_everything");
    let explained = |case: &&Value| case["explained_by"] == "refuses_everything";
    assert_eq!(cases.iter().filter(explained).count(), 11);
    // Its diagnosis comes first, and stands for the cases that it explains.
    let url = format!("http://{}/hook", listener.address());
    let fixed = ["check", "--url", &url, "--provider", "convo"];
    let page = place.run(&fixed).stdout;
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(
        at("refuses_everything  no correctly") < at("reachable"),
        "{page}"
    );
    assert_eq!(page.matches("refused with 401").count(), 0, "{page}");
    at("    11 cases: explained by refuses_everything");
    let xml = std::fs::read_to_string(file).unwrap();
    assert!(xml.contains("failures=\"1\""), "{xml}");
    let (_, rest) = xml.split_once("<failure").unwrap();
    let (before, _) = xml.split_once("<failure").unwrap();
    assert!(before.ends_with("name=\"refuses_everything\">"), "{before}");
    assert!(rest.contains("explained by refuses_everything: refused with 401"));
    let annotated = place.with("GITHUB_ACTIONS", "true");
    let lines = annotated.run(&fixed).page();
    assert_eq!(lines.matches("::error").count(), 1, "{lines}");
}
