//! Many deliveries at once, and what is said of them.

use std::process::Stdio;

use crate::support::{Place, Server, Signal, free_port, outcome, send_signal};

#[test]
fn each_of_many_is_built_signed_and_counted() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let listener = place.listen(&[]);
    let page = place.path("load.html");
    let shown = place
        .run(&[
            "load",
            "agentclara/message.received",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "--count",
            "200",
            "--concurrency",
            "8",
            "--json",
            "--report",
            page.to_str().unwrap(),
        ])
        .expect(0);
    let load = shown.document();
    assert_eq!(
        (load["responses"].as_u64(), load["delivered"].as_u64()),
        (Some(200), Some(200))
    );
    assert_eq!(load["statuses"], serde_json::json!([[200, 200]]));
    let bars: u64 = load["histogram"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bar| bar["count"].as_u64().unwrap())
        .sum();
    assert_eq!(bars, 200);
    let (_, mut documents, _) = listener.stop();
    let stopped = documents.pop().unwrap();
    assert_eq!(stopped["received"], 200);
    for request in &documents {
        assert_eq!(request["signature"]["verdict"], "valid");
        assert!(request["duplicate_of"].is_null(), "each is fresh");
    }
    let page = std::fs::read_to_string(page).unwrap();
    assert!(
        page.contains("<svg")
            && page.contains("agentclara/message.received")
            && !page.contains("src=")
            && !page.contains("s3cret")
    );
}

#[test]
fn a_rate_is_kept_and_a_refusal_is_exit_1() {
    let place = Place::new();
    let listener = place.listen(&["--secret", "right"]);
    let shown = place
        .run(&[
            "load",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "--rate",
            "200/s",
            "--count",
            "50",
            "--secret",
            "wrong",
            "--json",
        ])
        .expect(1);
    let load = shown.document();
    assert_eq!(load["statuses"], serde_json::json!([[401, 50]]));
    // The last of 50 is due after 245 ms, and not before.
    assert!(load["duration_ms"].as_f64().unwrap() >= 245.0, "{load}");
    assert_eq!(load["sent"], 50);
}

#[test]
fn an_interrupted_load_says_what_it_measured() {
    let place = Place::new();
    // Nobody answers the third.
    let mut listener = place.listen(&["--respond", "200x2,hang", "--respond-always"]);
    let child = place
        .command(&[
            "load",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "--concurrency",
            "1",
            "--duration",
            "1h",
            "--timeout",
            "1h",
            "--json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..3 {
        listener.next();
    }
    send_signal(&child, Signal::INT);
    let shown = outcome(child.wait_with_output().unwrap()).expect(130);
    assert_eq!(shown.document()["responses"], 2);
    assert!(shown.stderr.contains("interrupted"), "{}", shown.stderr);
}

/// A receiver that takes ten times as long as the time there is.
#[test]
fn a_load_ends_on_time_and_says_that_its_rate_was_not_reached() {
    let place = Place::new();
    let listener = place.listen(&["--respond", "200x3,hang", "--respond-always"]);
    let begun = std::time::Instant::now();
    let shown = place
        .run(&[
            "load",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "--rate",
            "100/s",
            "--duration",
            "1s",
            "--concurrency",
            "2",
            "--timeout",
            "10m",
            "--json",
        ])
        .expect(0);
    // Not until its requests time out.
    assert!(begun.elapsed() < std::time::Duration::from_secs(300));
    let load = shown.document();
    assert_eq!(
        (&load["responses"], &load["sent"], &load["in_progress"]),
        (&3.into(), &5.into(), &2.into())
    );
    assert_eq!(load["rate_reached"], false);
    assert!(
        shown.stderr.contains("the rate was not reached: 5.0")
            && shown.stderr.contains("--concurrency (now 2)"),
        "{}",
        shown.stderr
    );
    let silent = place.listen(&["--respond", "hang", "--respond-always"]);
    let shown = place
        .run(&[
            "load",
            "convo/transcript.ready",
            "--url",
            &silent.url,
            "--duration",
            "200ms",
            "--concurrency",
            "2",
        ])
        .expect(3);
    assert!(
        shown.stderr.contains("to 2 requests in this time"),
        "{}",
        shown.stderr
    );
}

#[test]
fn what_cannot_be_loaded_says_so() {
    let place = Place::new();
    let port = free_port().to_string();
    let nobody = place
        .run(&[
            "load",
            "convo/transcript.ready",
            "--url",
            &port,
            "--count",
            "3",
        ])
        .expect(3);
    assert!(
        nobody.stdout.contains("connection_refused")
            && nobody.stderr.contains("check that your server is running"),
        "{}",
        nobody.page()
    );
    let far = place
        .run(&[
            "load",
            "gaife/message",
            "--url",
            "http://192.0.2.1/",
            "--count",
            "1",
        ])
        .expect(2);
    assert!(far.stderr.contains("--yes"), "{}", far.stderr);
    place
        .run(&["load", "led_captured", "--url", &port])
        .expect(2);
}

#[test]
fn what_is_recorded_is_in_the_store_and_the_summary_alone_is_not() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let listener = place.listen(&[]);
    let load = |flags: &[&str]| {
        let common = ["load", "convo/transcript.ready", "--url", &listener.url];
        let load = place
            .run(&[&common[..], &["--count", "20", "--json"], flags].concat())
            .expect(0)
            .document();
        assert_eq!(load["delivered"], 20);
        place.run(&["deliveries", "list", "--json"]).documents()
    };
    assert_eq!(load(&[]).len(), 0);
    let kept = load(&["--record"]);
    assert_eq!(kept.len(), 20);
    assert_eq!(kept[0]["outcome"], "delivered");
    let kept = place.all_bytes();
    assert!(crate::support::find(&kept, b"s3cret").is_none());
}

/// What is recorded is measured without the time that the store takes.
#[test]
fn a_recorded_load_reports_the_receivers_latency_alone() {
    let place = Place::new();
    place.run(&["deliveries", "list"]).expect(0);
    let server = Server::ok(1);
    let url = server.url();
    let lock = rusqlite::Connection::open(place.store()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let loading = place
        .command(&[
            "load",
            "lead_captured",
            "--url",
            &url,
            "-n",
            "1",
            "-c",
            "1",
            "--record",
            "--json",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    server.request();
    // It was answered; recording it waits for the lock that another process has.
    let answered = std::time::Instant::now();
    while answered.elapsed() < std::time::Duration::from_secs(2) {
        std::thread::yield_now();
    }
    lock.execute_batch("COMMIT").unwrap();
    let output = outcome(loading.wait_with_output().unwrap()).expect(0);
    let longest = output.document()["response_ms"]["max"].as_f64().unwrap();
    assert!(longest < 1900.0, "{longest}");
    assert_eq!(
        place
            .run(&["deliveries", "list", "--json"])
            .documents()
            .len(),
        1
    );
}
