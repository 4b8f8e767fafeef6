//! Deliveries that do not succeed at once: when they are tried again, what is sent then, what is recorded.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{Place, Server};

/// A server that answers these statuses, one after the other.
fn server(statuses: &[u16]) -> Server {
    let answers: Vec<Vec<u8>> = statuses
        .iter()
        .map(|status| {
            format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .into_bytes()
        })
        .collect();
    let answers: Vec<&[u8]> = answers.iter().map(Vec::as_slice).collect();
    Server::answering(&answers)
}

fn statuses(delivery: &Value) -> Vec<u64> {
    let attempts = delivery["attempts"].as_array().unwrap();
    attempts
        .iter()
        .map(|attempt| attempt["status"].as_u64().unwrap_or(0))
        .collect()
}

/// Sends an event as its provider's policy has it, a million times faster.
fn sent(place: &Place, event: &str, statuses_given: &[u16], flags: &[&str]) -> (i32, Value) {
    let server = server(statuses_given);
    let fixed = [
        "send",
        event,
        "--url",
        &server.url(),
        "--json",
        "-q",
        "--speed",
        "1000000x",
    ];
    let shown = place.run(&[&fixed[..], flags].concat());
    (shown.code, shown.document())
}

#[test]
fn each_provider_is_as_patient_as_it_says() {
    let place = Place::new();
    let policy = ["--retries", "policy"];
    let cases: [(&str, &[u16], &[u64], i32); 6] = [
        // 201 is no success there, and each failure is tried again.
        (
            "agentclara/message.received",
            &[500, 201, 404, 200],
            &[500, 201, 404, 200],
            0,
        ),
        (
            "agentclara/message.received",
            &[500, 500, 500, 500],
            &[500, 500, 500, 500],
            1,
        ),
        // A 429 and a 503 pass; a 404 does not.
        (
            "convosphere/message.created",
            &[429, 503, 404],
            &[429, 503, 404],
            1,
        ),
        ("convocore/lead_captured", &[500], &[500], 1),
        ("convo/transcript.ready", &[500], &[500], 1),
        (
            "gaife/message",
            &[400, 500, 302, 204],
            &[400, 500, 302, 204],
            0,
        ),
    ];
    for (event, given, expected, code) in cases {
        let (found, delivery) = sent(&place, event, given, &policy);
        assert_eq!(
            (found, statuses(&delivery).as_slice()),
            (code, expected),
            "{event}"
        );
    }
    // Without a word there is one attempt.
    let (_, once) = sent(&place, "agentclara/message.received", &[500], &[]);
    assert_eq!(statuses(&once), [500]);
}

#[test]
fn own_retries_follow_their_waits_and_what_the_receiver_asks() {
    let place = Place::new();
    let (code, delivery) = sent(
        &place,
        "convo/transcript.ready",
        &[503, 429, 408, 200],
        &["--retries", "3", "--backoff", "1s,2s"],
    );
    assert_eq!((code, statuses(&delivery)), (0, vec![503, 429, 408, 200]));
    let (_, stopped) = sent(
        &place,
        "convo/transcript.ready",
        &[400],
        &["--retries", "3"],
    );
    assert_eq!(
        statuses(&stopped),
        [400],
        "what will not pass is not tried again"
    );
    let asking = Server::answering(&[
        b"HTTP/1.1 503 X\r\nretry-after: 120\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        b"HTTP/1.1 200 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ]);
    let shown = place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &asking.url(),
            "--retries",
            "1",
            "--speed",
            "100000x",
        ])
        .expect(0);
    assert!(
        shown
            .stderr
            .contains("next attempt in 2m, as the receiver's Retry-After asks"),
        "{}",
        shown.stderr
    );
    for wrong in ["policies", "-1", "1001"] {
        place
            .run(&[
                "send",
                "convo/transcript.ready",
                "--url",
                "9",
                "--retries",
                wrong,
            ])
            .expect(2);
    }
}

#[test]
fn each_attempt_is_signed_afresh_and_its_body_and_id_stay() {
    let place = Place::new().with("HOOKCLI_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let server = server(&[500, 500, 200]);
    // A second of real time between the attempts, so that their timestamps differ.
    let flags = ["--retries", "2", "--backoff", "1100ms"];
    let fixed = ["send", "svix/invoice.paid", "--url", &server.url()];
    place.run(&[&fixed[..], &flags].concat()).expect(0);
    let all = [server.request(), server.request(), server.request()];
    let header = |name: &str| -> Vec<String> {
        all.iter()
            .map(|request| request.header(name).unwrap())
            .collect()
    };
    let ids = header("svix-id");
    assert!(ids[0] == ids[1] && ids[1] == ids[2], "{ids:?}");
    let times = header("svix-timestamp");
    assert!(times[0] < times[1] && times[1] < times[2], "{times:?}");
    for request in &all {
        assert_eq!(request.body, all[0].body);
        let mut verify = vec![
            "verify".to_owned(),
            "--provider".into(),
            "svix".into(),
            "--body".into(),
            "-".into(),
        ];
        for name in ["svix-id", "svix-timestamp", "svix-signature"] {
            verify.extend([
                "-H".to_owned(),
                format!("{name}: {}", request.header(name).unwrap()),
            ]);
        }
        let verify: Vec<&str> = verify.iter().map(String::as_str).collect();
        place.run_with_input(&verify, &request.body).expect(0);
    }
}

#[test]
fn a_killed_send_leaves_what_deliveries_retry_goes_on_with() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let server = server(&[500, 503, 200]);
    let url = server.url();
    let mut child = place
        .command(&[
            "send",
            "convocore/lead_captured",
            "--url",
            &url,
            "--retries",
            "5",
            "--backoff",
            "1h",
        ])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // It says so once the attempt is recorded.
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.contains("attempt 1 of 6: answered 500"), "{line}");
    child.kill().unwrap();
    child.wait().unwrap();
    let pending = place
        .run(&["deliveries", "list", "--outcome", "pending", "--json"])
        .expect(0)
        .document();
    assert_eq!(pending["attempts"], 1);
    let again = place
        .run(&["deliveries", "retry", "last", "--json"])
        .expect(1)
        .document();
    assert_eq!(
        (again["id"].clone(), statuses(&again)),
        (pending["id"].clone(), vec![500, 503])
    );
    let at_last = place
        .run(&["deliveries", "retry", "--failed", "--since", "1h", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (at_last["outcome"].as_str(), statuses(&at_last)),
        (Some("delivered"), vec![500, 503, 200])
    );
    let numbers: Vec<u64> = at_last["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    // The store is without the secret, and each attempt had it.
    for _ in 0..3 {
        assert_eq!(
            server.request().json()["payload"]["workspaceSecret"],
            "s3cret"
        );
    }
    assert!(!String::from_utf8_lossy(&place.all_bytes()).contains("s3cret"));
    let none = place.run(&["deliveries", "retry", "--failed"]).expect(0);
    assert!(
        none.stderr.contains("there are no failed deliveries"),
        "{}",
        none.stderr
    );
}

/// A server that takes its time, and notes how many are with it and when they came.
struct Counting {
    port: u16,
    most: Arc<AtomicUsize>,
    came: Arc<Mutex<Vec<Instant>>>,
}

impl Counting {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (most, now) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let came: Arc<Mutex<Vec<Instant>>> = Arc::default();
        let (top, times) = (most.clone(), came.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (top, now, times) = (top.clone(), now.clone(), times.clone());
                std::thread::spawn(move || {
                    let mut writing = stream.try_clone().unwrap();
                    let mut reading = BufReader::new(stream);
                    loop {
                        let mut length = 0;
                        let mut line = String::new();
                        while reading.read_line(&mut line).is_ok_and(|read| read > 0)
                            && line != "\r\n"
                        {
                            if let Some(value) =
                                line.to_ascii_lowercase().strip_prefix("content-length: ")
                            {
                                length = value.trim().parse().unwrap();
                            }
                            line.clear();
                        }
                        if line.is_empty() {
                            return;
                        }
                        times.lock().unwrap().push(Instant::now());
                        top.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::io::copy(
                            &mut std::io::Read::take(&mut reading, length),
                            &mut std::io::sink(),
                        )
                        .unwrap();
                        std::thread::sleep(Duration::from_millis(2));
                        now.fetch_sub(1, Ordering::SeqCst);
                        writing
                            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                            .unwrap();
                    }
                });
            }
        });
        Self { port, most, came }
    }
}

#[test]
fn a_providers_limits_hold_as_the_receiver_sees_them() {
    let place = Place::new();
    let server = Counting::start();
    let port = server.port.to_string();
    let events = vec!["gaife/message"; 1000];
    let fixed = [
        "--url",
        &port,
        "--retries",
        "policy",
        "--speed",
        "600x",
        "-q",
    ];
    place
        .run(&[&["send"], &events[..], &fixed].concat())
        .expect(0);
    let most = server.most.load(Ordering::SeqCst);
    assert!((2..=10).contains(&most), "{most} at once");
    let mut came = server.came.lock().unwrap().clone();
    came.sort();
    assert_eq!(came.len(), 1000);
    // 100 a minute are 100 in a tenth of a second here.
    for window in came.windows(101) {
        let span = window[100] - window[0];
        assert!(span >= Duration::from_millis(100), "{span:?}");
    }
}

#[test]
fn ordered_sends_wait_for_one_another_and_others_do_not() {
    let place = Place::new();
    let order = |flags: &[&str], statuses: &[u16]| -> Vec<String> {
        let server = server(statuses);
        let url = server.url();
        let fixed = [
            "send",
            "convo/transcript.ready",
            "convo/transcript.failed",
            "--url",
            &url,
            "-q",
            "--retries",
            "1",
            "--backoff",
            "300ms",
        ];
        place.run(&[&fixed[..], flags].concat()).expect(0);
        statuses
            .iter()
            .map(|_| server.request().header("x-convo-event").unwrap())
            .collect()
    };
    assert_eq!(
        order(&["--ordered"], &[500, 200, 200]),
        ["transcript.ready", "transcript.ready", "transcript.failed"]
    );
    assert_eq!(
        order(&[], &[500, 200, 200]),
        ["transcript.ready", "transcript.failed", "transcript.ready"]
    );
}

#[test]
fn an_interrupted_send_says_what_is_left_and_keeps_what_happened() {
    let place = Place::new();
    let server = server(&[500]);
    let mut child = place
        .command(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &server.url(),
            "--retries",
            "1",
            "--backoff",
            "1h",
            "--secret",
            "k",
        ])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    crate::support::send_signal(&child, crate::support::Signal::INT);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    line.clear();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("1 of 1 deliveries not finished"), "{line}");
    line.clear();
    stderr.read_line(&mut line).unwrap();
    let kept = place
        .run(&["deliveries", "show", "last", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (kept["outcome"].as_str(), statuses(&kept)),
        (Some("pending"), vec![500])
    );
    let id = kept["id"].as_str().unwrap();
    let id = &id[id.len() - 6..];
    let goes_on = format!("run: hookcli deliveries retry {id} --retries 1");
    assert!(
        line.contains(&goes_on)
            && line.contains("--secret-env HOOKCLI_SECRET")
            && !line.contains(" k"),
        "{line}"
    );
    assert!(
        kept["attempts"][0]["started_at"]
            .as_str()
            .unwrap()
            .parse::<Timestamp>()
            .is_ok()
    );
}

#[test]
fn deliveries_come_to_figures_and_an_alarm_is_exit_1() {
    let place = Place::new();
    sent(
        &place,
        "convo/transcript.ready",
        &[500, 200],
        &["--retries", "1"],
    );
    sent(&place, "convo/transcript.ready", &[404], &[]);
    sent(&place, "gaife/message", &[200], &[]);
    let stats = place
        .run(&["deliveries", "stats", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (
            stats["delivered"].as_u64(),
            stats["failed"].as_u64(),
            stats["retries"].as_u64()
        ),
        (Some(2), Some(1), Some(1))
    );
    assert_eq!(stats["errors"], serde_json::json!([["404", 1], ["500", 1]]));
    assert!(stats["response_ms"]["p95"].as_f64().unwrap() > 0.0);
    let alarm = place
        .run(&[
            "deliveries",
            "stats",
            "--fail-if",
            "success_rate<99%",
            "--fail-if",
            "retries>5",
        ])
        .expect(1);
    assert!(
        alarm.stdout.contains("✗ success_rate<99%") && !alarm.stdout.contains("retries>5"),
        "{}",
        alarm.stdout
    );
    place
        .run(&[
            "deliveries",
            "stats",
            "--provider",
            "gaife",
            "--fail-if",
            "success_rate<99%",
        ])
        .expect(0);
    let wrong = place
        .run(&["deliveries", "stats", "--fail-if", "speed>1"])
        .expect(2);
    assert!(
        wrong.stderr.contains("failures_in_a_row"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_report_for_support_has_what_it_asks_for_and_no_secret() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let server = Server::answering(&[
        b"HTTP/1.1 500 X\r\ncontent-length: 17\r\nconnection: close\r\n\r\n```\x1b[2J| oh dear\n",
    ]);
    place
        .run(&["send", "lead_captured", "--url", &server.url()])
        .expect(1);
    let report = place
        .run(&["deliveries", "export", "last", "--format", "report"])
        .expect(0)
        .stdout;
    for part in [
        "## dlv_",
        "lead_captured",
        "| 1 | ",
        "POST /hook",
        "[redacted]",
        "\\u{1b}[2J",
        "````",
    ] {
        assert!(report.contains(part), "{part} in\n{report}");
    }
    assert!(!report.contains("s3cret") && !report.contains('\x1b'));
    place
        .run(&["deliveries", "export", "--output", "all.jsonl"])
        .expect(0);
    let line = std::fs::read_to_string(place.path("all.jsonl")).unwrap();
    let document: Value = serde_json::from_str(line.trim_end()).unwrap();
    assert_eq!(
        (document["event"].as_str(), statuses(&document)),
        (Some("lead_captured"), vec![500])
    );
}

#[test]
fn a_retry_sends_what_was_sent_or_says_why_it_cannot() {
    let place = Place::new();
    // What went out unsigned stays so, whatever is set now.
    let plain = server(&[500, 200]);
    place
        .run(&["send", "lead_captured", "--url", &plain.url(), "--unsigned"])
        .expect(1);
    place
        .run(&["deliveries", "retry", "last", "--secret", "s3cret"])
        .expect(0);
    assert_eq!(plain.request().body, plain.request().body);
    // What was redacted in the record is not sent as a redact.
    let redacted = server(&[500]);
    place
        .run(&[
            "send",
            "github/push",
            "--url",
            &redacted.url(),
            "--secret",
            "refs/heads",
            "-H",
            "X-Other: 1",
        ])
        .expect(1);
    let refused = place
        .run(&["deliveries", "retry", "last", "--secret", "refs/heads"])
        .expect(2);
    assert!(
        refused.stderr.contains("recorded without part of its body"),
        "{}",
        refused.stderr
    );
    // What was delivered is not sent again, and the rest of a batch goes on.
    let done = place.run(&["deliveries", "retry", "last~1"]).expect(2);
    assert!(
        done.stderr.contains("was already delivered"),
        "{}",
        done.stderr
    );
    let rest = server(&[500, 200]);
    place
        .run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &rest.url(),
            "--secret",
            "k1234",
        ])
        .expect(1);
    let batch = place
        .run(&[
            "deliveries",
            "retry",
            "--failed",
            "--secret",
            "k1234",
            "--json",
        ])
        .expect(1);
    assert_eq!(statuses(&batch.document()), [500, 200]);
    assert!(
        batch.stderr.contains("recorded without"),
        "{}",
        batch.stderr
    );
    place
        .run(&["deliveries", "retry", "last", "-H", "X: y"])
        .expect(2);
}

#[test]
fn a_retry_knows_the_endpoint_that_it_was_sent_to() {
    let place = Place::new().with("ORDERS_SECRET", "orders-secret");
    let server = server(&[500, 200]);
    place.write("hookcli.toml", format!("[endpoint.orders]\nurl = \"{}\"\nprovider = \"github\"\nsecret_env = \"ORDERS_SECRET\"\n", server.url()));
    place.run(&["send", "push", "--to", "orders"]).expect(1);
    place.run(&["deliveries", "retry", "last"]).expect(0);
    let signature = |sent: crate::support::Sent| sent.header("x-hub-signature-256").unwrap();
    assert_eq!(signature(server.request()), signature(server.request()));
}

#[test]
fn an_attempt_begins_when_its_turn_has_come() {
    let place = Place::new();
    let server = server(&[200, 200]);
    let url = server.url();
    let shown = place.run(&[
        "send",
        "github/push",
        "github/ping",
        "--url",
        &url,
        "--rate",
        "1/s",
        "--json",
        "-q",
    ]);
    let began: Vec<Timestamp> = shown
        .expect(0)
        .documents()
        .iter()
        .map(|delivery| {
            delivery["attempts"][0]["started_at"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    let apart = began[1].duration_since(began[0]);
    assert!(apart.as_millis() >= 990, "{apart}");
}

#[test]
fn a_receivers_rate_limit_is_read_and_shown() {
    let place = Place::new();
    let server = Server::answering(&[
        b"HTTP/1.1 429 X\r\nX-RateLimit-Limit: 100\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 12\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ]);
    let shown = place
        .run(&["send", "gaife/message", "--url", &server.url()])
        .expect(1);
    assert!(
        shown
            .stdout
            .contains("rate limit: 0 of 100 left, resets in 12s"),
        "{}",
        shown.stdout
    );
    let kept = place.run(&["deliveries", "show", "last", "--json"]);
    assert_eq!(
        kept.document()["attempts"][0]["rate_limit"],
        serde_json::json!({"limit": 100, "remaining": 0, "reset_ms": 12_000})
    );
}

/// What was interrupted has the waits that are left of its provider's, and not all of them again.
#[test]
fn a_continued_delivery_has_the_rest_of_its_policy() {
    let place = Place::new().with("HOOKCLI_SECRET", "k");
    let refused = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".as_bytes();
    let server = Server::answering(&[refused; 8]);
    let url = server.url();
    let first = ["send", "agentclara/message.received", "--url", &url];
    place.run(&first).expect(1);
    let again = ["deliveries", "retry", "last", "--retries", "policy"];
    let fast = ["--speed", "1000000x"];
    let told = place.run(&[&again[..], &fast].concat()).expect(1).stderr;
    // Agent Clara makes four attempts: one was made, three are left.
    assert!(
        told.contains("attempt 2 of 4") && told.contains("attempt 3 of 4"),
        "{told}"
    );
    let kept = place
        .run(&["deliveries", "show", "last", "--json"])
        .document();
    assert_eq!(statuses(&kept), [503; 4]);
}
