//! What `listen` answers on purpose, to test a sender with.

use std::io::{Read as _, Write as _};

use crate::support::{Listener, Place, read_all, status};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

fn statuses(listener: &Listener, bodies: &[&str]) -> Vec<u16> {
    bodies
        .iter()
        .map(|body| listener.post(&[("X-Convo-Event", "x")], body.as_bytes()))
        .collect()
}

#[test]
fn answers_come_in_turn_and_the_last_one_stays() {
    let place = Place::new();
    let listener = place.listen(&[
        "--respond",
        "503x2,410,200",
        "--respond-body",
        "later",
        "--respond-header",
        "Retry-After: 7",
    ]);
    assert_eq!(
        statuses(&listener, &["1", "2", "3", "4", "5"]),
        [503, 503, 410, 200, 200]
    );
    let answer = listener.raw(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(answer.contains("retry-after: 7") && answer.ends_with("\r\n\r\nlater"));
    listener.stop();
    let capture = place
        .run(&["captures", "show", "last~5", "--json"])
        .document();
    assert_eq!(capture["status"], 503);
    assert_eq!(capture["response"]["body"], "later");
    assert_eq!(
        capture["response"]["headers"],
        serde_json::json!([["retry-after", "7"]])
    );
}

#[test]
fn they_are_counted_over_all_for_each_event_or_for_each_id() {
    let place = Place::new();
    let body = |id: &str, kind: &str| format!(r#"{{"id":"{id}","type":"{kind}"}}"#);
    let bodies = [
        body("1", "message.created"),
        body("1", "message.created"),
        body("2", "message.created"),
        body("3", "user.feedback"),
        body("1", "message.created"),
    ];
    for (per, expected) in [
        ("all", [503, 503, 200, 200, 200]),
        ("event", [503, 503, 200, 503, 200]),
        ("id", [503, 503, 503, 503, 200]),
    ] {
        let listener = place.listen(&[
            "--provider",
            "convosphere",
            "--respond",
            "503x2,200",
            "--respond-per",
            per,
        ]);
        let found: Vec<u16> = bodies
            .iter()
            .map(|body| listener.post(&[], body.as_bytes()))
            .collect();
        assert_eq!(found, expected, "{per}");
    }
}

#[test]
fn a_sender_is_accepted_on_its_fourth_attempt() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let listener = place.listen(&["--respond", "503x3,200", "--respond-per", "id"]);
    let sent = place
        .run(&[
            "send",
            "agentclara/message.received",
            "--url",
            &listener.url,
            "--retries",
            "policy",
            "--speed",
            "100000x",
            "--json",
        ])
        .expect(0)
        .document();
    assert_eq!(sent["attempts"].as_array().unwrap().len(), 4);
}

#[test]
fn what_does_not_verify_stays_401_unless_said_otherwise() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let send = |listener: &Listener| {
        let url = listener.url.clone();
        let sent = place.run(&[
            "send",
            "convo/transcript.ready",
            "--url",
            &url,
            "--secret",
            "other",
            "--json",
        ]);
        sent.document()["attempts"][0]["status"].as_u64().unwrap()
    };
    let listener = place.listen(&["--respond", "503"]);
    assert_eq!(send(&listener), 401);
    let listener = place.listen(&["--respond", "503", "--respond-always"]);
    assert_eq!(send(&listener), 503);
}

#[test]
fn a_path_can_ask_for_its_status_and_an_answer_can_be_held_back() {
    let place = Place::new();
    place.write(
        "hookcli.toml",
        "[[listen.rule]]\npath = \"/own/503\"\nrespond = \"409\"\n",
    );
    let flags = [
        "--status-paths",
        "--delay",
        "300ms",
        "--respond-body",
        "late",
    ];
    let listener = place.listen(&flags);
    let get = |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        listener.raw(request.as_bytes())
    };
    assert_eq!(status(&get("/hooks/418")), 418);
    assert_eq!(status(&get("/own/503")), 409, "a rule comes first");
    for (path, expected) in [("/503?x=1", 503), ("/other", 200)] {
        let begun = std::time::Instant::now();
        let answer = get(path);
        assert_eq!(status(&answer), expected);
        assert!(answer.ends_with("\r\n\r\nlate"), "{answer}");
        assert!(begun.elapsed() >= std::time::Duration::from_millis(300));
    }
}

#[test]
fn the_network_can_fail_instead() {
    let place = Place::new();
    let listener = place.listen(&["--respond", "reset,close-early,slow-body=40,hang"]);
    let request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
    let open = || {
        let mut stream = listener.connect();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request).unwrap();
        stream
    };
    let reset = open().read(&mut [0; 10]);
    assert_eq!(
        reset.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
    let cut = read_all(&mut open());
    assert!(
        cut.contains("content-length: 9") && cut.ends_with("\r\n\r\nthe "),
        "{cut:?}"
    );
    let begun = std::time::Instant::now();
    let slow = listener.raw(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(slow.ends_with("the body\n"));
    assert!(begun.elapsed() >= std::time::Duration::from_millis(200));
    let mut hanging = open();
    hanging
        .set_read_timeout(Some(std::time::Duration::from_millis(300)))
        .unwrap();
    let waited = hanging.read(&mut [0; 10]);
    assert_eq!(waited.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    // It stops at once all the same.
    let (code, documents, _) = listener.stop();
    assert_eq!(code, 0);
    assert_eq!(documents.last().unwrap()["received"], 4);
    let kept = place.run(&["captures", "list", "--json"]).documents();
    assert_eq!(kept.len(), 4, "whatever was answered, all are kept");
    let shown = place.run(&["captures", "show", "last"]).expect(0);
    assert!(shown.stdout.contains("answered   hang"), "{}", shown.stdout);
}

#[test]
fn rules_choose_by_provider_event_header_path_and_body_and_change_with_their_file() {
    let place = Place::new();
    let rules = |first: &str| {
        format!(
            "[[listen.rule]]\nprovider = \"convosphere\"\nevent = \"message.*\"\nwhere = \"data.kind!=quiet\"\nrespond = \"{first}\"\n\
             [[listen.rule]]\npath = \"/slow/*\"\nheader = \"X-Kind: b\"\nrespond = \"418\"\nbody = \"tea\"\nheaders = {{ X-Pot = \"1\" }}\n"
        )
    };
    let file = place.write("hookcli.toml", rules("503,200"));
    let mut listener = place.listen(&["--respond", "202"]);
    let post = |listener: &Listener, headers: &[(&str, &str)], body: &str| {
        listener.post(headers, body.as_bytes())
    };
    let own = [("X-Convosphere-Signature", "0")];
    let loud = r#"{"id":"1","type":"message.created","data":{"kind":"loud"}}"#;
    let quiet = r#"{"id":"2","type":"message.created","data":{"kind":"quiet"}}"#;
    assert_eq!(post(&listener, &own, loud), 503);
    assert_eq!(post(&listener, &own, quiet), 202, "no rule fits");
    assert_eq!(post(&listener, &own, loud), 200);
    assert_eq!(post(&listener, &[], loud), 202, "nobody's");
    let tea = listener.raw(
        b"POST /slow/x HTTP/1.1\r\nHost: x\r\nX-Kind: b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    assert!(tea.starts_with("HTTP/1.1 418") && tea.contains("x-pot: 1") && tea.ends_with("tea"));
    std::fs::write(
        &file,
        rules("410") + "[[listen.route]]\nevent = \"*\"\nto = \"9\"\n",
    )
    .unwrap();
    let mut told = String::new();
    while !told.contains("reloaded the rules from hookcli.toml") {
        told = listener.next_note();
    }
    assert!(
        listener
            .next_note()
            .contains("changed routes take effect when the listener is restarted")
    );
    let until = std::time::Instant::now() + PATIENCE;
    while post(&listener, &own, loud) != 410 {
        assert!(std::time::Instant::now() < until, "the change is taken up");
    }
    std::fs::write(&file, "[[listen.rule]]\nrespond = \"teapot\"\n").unwrap();
    let mut told = String::new();
    while !told.contains("teapot") {
        told += &listener.next_note();
    }
    assert!(told.contains("the previous rules stay in effect"), "{told}");
    assert_eq!(post(&listener, &own, loud), 410);
}

#[test]
fn an_answer_that_is_none_says_what_there_is() {
    let place = Place::new();
    for flags in [
        ["--respond", "teapot"],
        ["--respond", "100"],
        ["--delay", "3s..1s"],
        ["--respond-per", "moon"],
    ] {
        let refused = place.run(&[&["listen", "--port", "0"], &flags[..]].concat());
        assert_eq!(refused.code, 2, "{flags:?}");
    }
}

/// The response was decided and stored; its client did not wait for it.
#[test]
fn a_client_that_leaves_before_the_answer_is_told_listed_and_found() {
    let place = Place::new();
    let mut listener = place.listen(&["--delay", "300ms"]);
    let send = |path: &str| {
        let mut client = std::net::TcpStream::connect(listener.address()).unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
        client.write_all((head + "{}").as_bytes()).unwrap();
        client
    };
    // Who has said all it has to say may close that side, and wait.
    let mut patient = send("/patient");
    patient.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    patient.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(send("/hasty"));
    let patient = listener.next();
    let hasty = listener.next();
    let told = listener.next();
    assert_eq!(hasty["path"], "/hasty");
    assert_eq!(
        (&told["type"], &told["id"], &told["response_end"]),
        (&"not_received".into(), &hasty["id"], &"client_left".into())
    );
    listener.stop();
    let listed = place.run(&["captures", "list", "--json"]).documents();
    assert_eq!(listed[0]["response_end"], "client_left");
    assert_eq!(
        (&listed[1]["id"], &listed[1]["response_end"]),
        (&patient["id"], &serde_json::Value::Null)
    );
    let found = place.run(&["captures", "list", "is:not_received"]).stdout;
    assert!(
        found.contains("/hasty")
            && found.contains("client left before the answer")
            && !found.contains("/patient"),
        "{found}"
    );
    let shown = place.run(&["captures", "show", "last"]).stdout;
    assert!(
        shown.contains("answered   200; client left before the answer"),
        "{shown}"
    );
}
