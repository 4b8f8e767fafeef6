//! `--log`: what a listener and a sender do, for whoever runs them as servers.

use serde_json::Value;

use crate::support::{Place, Server};

/// What must not be logged: it stands in a header, a body, a query, user info and the secret.
const NOWHERE: &[&str] = &[
    "s3cret",
    "in-a-header",
    "in-a-body",
    "in-a-query",
    "in-user-info",
];

fn lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_log_says_what_happens_and_no_word_of_what_was_said() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let app = Server::ok(1);
    let target = app.url().replace("http://", "http://in-user-info@");
    let to = format!("{target}?token=in-a-query");
    let log = ["--log", "trace", "--log-format", "json"];
    let listener = place.listen(&[&log[..], &["--forward-to", &to]].concat());
    let url = format!("{}/hooks?token=in-a-query", listener.url);
    let sent = place.run(
        &[
            &["send", "convo/transcript.ready", "--url", &url][..],
            &[
                "-H",
                "X-Token: in-a-header",
                "--set",
                "transcript=in-a-body",
            ],
            &log,
        ]
        .concat(),
    );
    app.request();
    let sent = sent.expect(0);
    let (code, _, listened) = listener.stop();
    assert_eq!(code, 0);

    for log in [&listened, &sent.stderr] {
        // What hookcli says to people is no log.
        let log: String = log.lines().filter(|line| line.starts_with('{')).collect();
        for word in NOWHERE {
            assert!(!log.contains(word), "{word} is in {log}");
        }
        assert!(!log.contains("hyper"), "a library logs: {log}");
    }
    let listened = lines(&listened);
    let said = |message: &str| -> &Value {
        let mut all = listened.iter();
        let found = all.find(|line| line["message"] == message);
        found.unwrap_or_else(|| panic!("{message} is not in {listened:#?}"))
    };
    assert!(
        said("receiver listens")["address"]
            .as_str()
            .unwrap()
            .starts_with("127.0.0.1:")
    );
    let answered = said("request answered");
    assert_eq!(answered["event"], "transcript.ready");
    assert_eq!(answered["verdict"], "valid");
    assert_eq!(answered["status"], 200);
    assert_eq!(answered["level"], "INFO");
    let made = said("attempt made");
    let destination = format!("http://{}/hook", made["destination"].as_str().unwrap());
    assert_eq!(destination, app.url());
    assert_eq!(made["status"], 200);
    assert_eq!(made["is_last"], true);
    let sent = lines(&sent.stderr);
    assert!(sent.iter().any(|line| line["message"] == "attempt made"));
}

#[test]
fn a_level_leaves_out_what_is_below_it_and_text_is_for_people() {
    let place = Place::new();
    let mut listener = place.listen(&["--log", "info"]);
    assert_eq!(listener.post(&[], b"{}"), 200);
    listener.next();
    let (_, _, log) = listener.stop();
    let answered = log
        .lines()
        .find(|line| line.contains("request answered"))
        .unwrap();
    assert!(answered.contains(" INFO hookcli::ingest"), "{answered}");
    assert!(
        answered.contains("verdict=\"unchecked\" status=200 body_bytes=2"),
        "{answered}"
    );
    assert!(!log.contains("DEBUG"), "{log}");

    let mut listener = place.listen(&["--log", "error"]);
    assert_eq!(listener.post(&[], b"{}"), 200);
    listener.next();
    let (_, _, log) = listener.stop();
    assert!(!log.contains("request answered"), "{log}");
}

#[test]
fn a_format_without_a_level_is_a_mistake() {
    let refused = Place::new()
        .run(&["listen", "--log-format", "json"])
        .expect(2);
    assert!(
        refused.stderr.contains("--log is required"),
        "{}",
        refused.stderr
    );
}
