//! `listen --forward-to`: what is kept goes on, and the target's answer comes back.

use std::io::BufRead as _;

use crate::support::{Listener, OK, Place, Server, free_port, status};

fn forward<'a>(to: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--forward-to", to], more].concat()
}

fn post(listener: &Listener, path: &str, headers: &str, body: &str) -> String {
    listener.raw(
        format!(
            "POST {path} HTTP/1.1\r\nHost: sender.example\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .as_bytes(),
    )
}

/// Sends what is pending at a destination to another place.
fn moved(place: &Place, from: &str, to: &str) -> crate::support::Outcome {
    let arguments = [
        "replay",
        "--unforwarded",
        "--destination",
        from,
        "--url",
        to,
    ];
    place.run(&[&arguments[..], &["--json"]].concat())
}

fn unforwarded(place: &Place, url: &str) -> crate::support::Outcome {
    place.run(&["replay", "--unforwarded", "--url", url, "--json"])
}

#[test]
fn bytes_and_headers_go_on_as_they_came_and_the_answer_comes_back() {
    let place = Place::new();
    let target = Server::answering(&[
        b"HTTP/1.1 418 X\r\nX-Kind: tea\r\ncontent-length: 3\r\nconnection: close\r\n\r\npot",
    ]);
    let listener = place.listen(&forward(&format!("http://127.0.0.1:{}", target.port), &[]));
    let body = "{ \"a\" : 1.0,\r\n\"b\":\"\\u00e9\" }";
    let answer = post(
        &listener,
        "/hook?x=%20y",
        "X-A: 1\r\nX-B: 2\r\nX-A: 3\r\n",
        body,
    );
    assert_eq!(status(&answer), 418);
    assert!(answer.contains("x-kind: tea\r\n") && answer.ends_with("\r\n\r\npot"));
    let sent = target.request();
    assert_eq!(sent.body, body.as_bytes());
    assert_eq!(sent.line(), "POST /hook?x=%20y HTTP/1.1");
    let values: Vec<&str> = sent
        .head
        .lines()
        .filter(|line| line.starts_with("X-A: "))
        .collect();
    assert_eq!(values, ["X-A: 1", "X-A: 3"]);
    assert_eq!(sent.header("host").unwrap(), "sender.example");
    let (_, documents, _) = listener.stop();
    assert_eq!(documents[0]["response"]["status"], 418);
    assert_eq!(documents[1]["type"], "delivery");
    assert_eq!(documents[1]["replay_of"], documents[0]["id"]);
    let shown = place
        .run(&["captures", "show", "last", "--json"])
        .document();
    assert_eq!(shown["status"], 418, "what the sender got is kept");
    assert_eq!(shown["pending_forward"], true, "and it was not accepted");
    let kept = place.run(&["deliveries", "show", "last", "--json"]);
    assert_eq!(kept.document()["attempts"][0]["response_body"], "pot");
}

#[test]
fn a_url_with_a_path_is_exact_and_the_sender_never_chooses_the_host() {
    let place = Place::new();
    let target = Server::ok(2);
    let listener = place.listen(&forward(&target.url(), &[]));
    post(&listener, "/other?x=1", "", "1");
    assert_eq!(target.request().line(), "POST /hook HTTP/1.1");
    post(&listener, "http://evil.example/steal", "", "2");
    assert_eq!(target.request().line(), "POST /hook HTTP/1.1");
}

#[test]
fn what_does_not_verify_or_comes_from_a_web_page_is_kept_and_not_forwarded() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let target = Server::ok(1);
    let listener = place.listen(&forward(&target.url(), &["--provider", "convo"]));
    assert_eq!(listener.post(&[("X-Convo-Signature", "0")], b"{}"), 401);
    let listener = place.listen(&forward(&target.url(), &[]));
    let page = post(&listener, "/", "Origin: https://evil.example\r\n", "p");
    assert_eq!(status(&page), 200);
    let (_, documents, _) = listener.stop();
    assert_eq!(documents[0]["sent_by"], "web_page");
    let shown = place
        .run(&["captures", "show", "last", "--json"])
        .document();
    assert_eq!(shown["sent_by"], "web_page");
    let listener = place.listen(&forward(&target.url(), &["--allow-browser"]));
    post(&listener, "/", "Origin: https://own.example\r\n", "own");
    assert_eq!(target.request().body, b"own", "the only one that came");
}

#[test]
fn nothing_is_lost_while_a_target_is_down() {
    let place = Place::new();
    let port = free_port().to_string();
    let mut listener = place.listen(&forward(&port, &[]));
    for body in ["1", "2", "3"] {
        let answer = post(&listener, "/hook?n=1", "", body);
        assert_eq!(status(&answer), 502);
        assert!(answer.contains("connection_refused"), "{answer}");
    }
    let mut told = String::new();
    while !told.contains("does not respond") {
        told = listener.next_note();
    }
    assert!(told.contains("replay --unforwarded"), "{told}");
    let (_, _, rest) = listener.stop();
    assert!(!rest.contains("does not respond"), "told once: {rest}");
    // Nothing listens there yet: all stay due.
    unforwarded(&place, &port).expect(3);
    let target = Server::answering(&[
        OK,
        b"HTTP/1.1 500 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        OK,
    ]);
    let sent = moved(&place, &port, &target.port.to_string()).expect(1);
    assert_eq!(sent.documents().len(), 3);
    for body in ["1", "2", "3"] {
        let request = target.request();
        assert_eq!(request.body, body.as_bytes(), "in the order of arrival");
        assert_eq!(request.line(), "POST /hook?n=1 HTTP/1.1");
    }
    // The one that was refused is due still, and no other.
    let target = Server::ok(1);
    moved(&place, &port, &target.port.to_string()).expect(0);
    assert_eq!(target.request().body, b"2");
    let nothing = unforwarded(&place, &port).expect(0);
    assert!(nothing.stderr.contains("nothing is waiting"));
}

#[test]
fn a_replay_beside_a_live_forward_leaves_it_to_the_listener() {
    let place = Place::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let mut listener = place.listen(&forward(&port, &["--forward-async", "--ordered"]));
    // One is on its way, the other waits for its turn.
    for body in ["1", "2"] {
        assert_eq!(status(&post(&listener, "/hook", "", body)), 200);
    }
    let (first, _) = silent.accept().unwrap();
    let mut line = String::new();
    std::io::BufReader::new(&first)
        .read_line(&mut line)
        .unwrap();
    let left = unforwarded(&place, &port).expect(0);
    assert!(
        left.stderr
            .contains("2 of 2 are being forwarded by another process"),
        "{}",
        left.stderr
    );
    // Whoever ends the listener frees them, and each is sent on once.
    listener.child.kill().unwrap();
    listener.child.wait().unwrap();
    drop(first);
    let target = Server::over(silent, &[OK, OK]);
    let sent = unforwarded(&place, &port).expect(0);
    assert_eq!(sent.documents().len(), 2);
    let mut bodies = [target.request().body, target.request().body];
    bodies.sort();
    assert_eq!(bodies, [b"1", b"2"]);
}

#[test]
fn each_target_gets_what_it_lacks_and_no_more() {
    let place = Place::new();
    let there = Server::ok(1);
    let missing = free_port().to_string();
    let flags = [
        "--forward-to",
        &there.port.to_string(),
        "--forward-to",
        &missing,
    ];
    let listener = place.listen(&flags);
    assert_eq!(listener.post(&[], b"kept"), 200);
    there.request();
    let (_, _, told) = listener.stop();
    let again = format!("replay --unforwarded --url http://localhost:{missing}/");
    assert!(told.contains("1 request is waiting"), "{told}");
    assert!(told.contains(&again), "{told}");
    let shown = place.run(&["captures", "show", "last"]).expect(0);
    assert!(shown.stdout.contains(&again), "{}", shown.stdout);
    // Where it is due is known.
    let refused = place.run(&["replay", "--unforwarded"]).expect(3);
    assert!(
        refused.stdout.contains("connection_refused"),
        "{}",
        refused.page()
    );
    // What one target has already does not go there again, and stays due at the other.
    let nothing = unforwarded(&place, &there.port.to_string()).expect(2);
    assert!(nothing.documents().is_empty() && nothing.stderr.contains(&missing));
    // An unknown URL is nobody's: what is pending goes there only where that is said.
    let elsewhere = Server::ok(1);
    let elsewhere_url = elsewhere.port.to_string();
    let refused = unforwarded(&place, &elsewhere_url).expect(2);
    assert!(
        refused.stderr.contains(&format!(
            "--destination http://localhost:{missing}/ --url {elsewhere_url}"
        )),
        "{}",
        refused.stderr
    );
    moved(&place, &missing, &elsewhere_url).expect(0);
    assert_eq!(elsewhere.request().body, b"kept");
    let nothing = unforwarded(&place, &missing).expect(0);
    assert!(nothing.stderr.contains("nothing is waiting"));
}

#[test]
fn what_is_due_on_another_machine_goes_there_only_where_it_is_named() {
    let place = Place::new();
    let far = "http://192.0.2.1/";
    let flags = [
        "--forward-to",
        far,
        "--forward-async",
        "--forward-timeout",
        "50ms",
    ];
    let listener = place.listen(&flags);
    assert_eq!(listener.post(&[], b"kept"), 200);
    listener.stop();
    let refused = place.run(&["replay", "--unforwarded"]).expect(2);
    assert!(
        refused.stderr.contains(far) && refused.stderr.contains("--url"),
        "{}",
        refused.page()
    );
}

#[test]
fn a_killed_listener_leaves_what_was_on_its_way_due() {
    let place = Place::new();
    // It accepts, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let mut listener = place.listen(&forward(&port, &["--forward-async"]));
    assert_eq!(listener.post(&[], b"kept"), 200);
    // It stays open until the listener is gone: closed, the attempt would have failed.
    let _open = silent.accept().unwrap();
    listener.child.kill().unwrap();
    listener.child.wait().unwrap();
    let target = Server::ok(1);
    let listener = place.listen(&forward(&port, &[]));
    let (_, _, told) = listener.stop();
    assert!(told.contains("1 request is waiting"), "{told}");
    // The attempt that was under way may have arrived: that is what it says.
    let attempt = place
        .run(&["deliveries", "show", "last", "--json"])
        .document();
    assert_eq!(attempt["outcome"], "unknown");
    assert_eq!(attempt["attempts"][0]["error"]["code"], "unknown");
    moved(&place, &port, &target.port.to_string()).expect(0);
    assert_eq!(target.request().body, b"kept");
}

#[test]
fn routes_choose_targets_by_event_and_the_first_one_answers() {
    let place = Place::new();
    let (first, second) = (
        Server::answering(&[b"HTTP/1.1 202 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"]),
        Server::ok(2),
    );
    place.write(
        "hookcli.toml",
        format!(
            "[[listen.route]]\nevent = \"convosphere/message.*\"\nto = \"{}\"\n[[listen.route]]\nevent = \"*\"\nto = \"orders\"\n[endpoint.orders]\nurl = \"{}\"\n",
            first.port,
            second.url()
        ),
    );
    let listener = place.listen(&[]);
    let own = "X-Convosphere-Signature: 0\r\n";
    let message = post(
        &listener,
        "/",
        own,
        r#"{"id":"1","type":"message.created"}"#,
    );
    assert_eq!(status(&message), 202);
    let other = post(&listener, "/", own, r#"{"id":"2","type":"user.feedback"}"#);
    assert_eq!(status(&other), 200);
    first.request();
    second.request();
    assert!(second.request().body.ends_with(b"user.feedback\"}"));
    // A file that was merely found sends nothing to another machine.
    place.write(
        "hookcli.toml",
        "[[listen.route]]\nevent = \"*\"\nto = \"http://192.0.2.1/\"\n",
    );
    let refused = place.run(&["listen", "--port", "0"]).expect(2);
    assert!(
        refused.stderr.contains("--allow-routes"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_timeout_is_504_and_says_what_helps_and_retries_go_on() {
    let place = Place::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let mut listener = place.listen(&forward(&port, &["--forward-timeout", "100ms"]));
    assert_eq!(status(&post(&listener, "/", "", "x")), 504);
    let mut told = String::new();
    while !told.contains("--forward-timeout none") {
        told = listener.next_note();
    }
    assert!(told.contains("--forward-async"), "{told}");
    let target = Server::answering(&[
        b"HTTP/1.1 503 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        OK,
    ]);
    let listener = place.listen(&forward(&target.url(), &["--forward-retries", "1"]));
    assert_eq!(status(&post(&listener, "/", "", "y")), 200);
}

#[test]
fn in_order_one_goes_on_after_the_other() {
    let place = Place::new();
    let target = Server::ok(20);
    let flags = forward(&target.port.to_string(), &["--ordered", "--forward-async"])
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let listener = place.listen(&flags);
    for number in 0..20 {
        assert_eq!(listener.post(&[], number.to_string().as_bytes()), 200);
    }
    for number in 0..20 {
        assert_eq!(target.request().body, number.to_string().as_bytes());
    }
}

#[test]
fn a_target_that_is_not_there_yet_can_be_waited_for() {
    let place = Place::new();
    let port = free_port().to_string();
    let nobody = place
        .run(&[
            "listen",
            "--port",
            "0",
            "--forward-to",
            &port,
            "--wait-for-destination",
            "400ms",
        ])
        .expect(3);
    assert!(
        nobody.stderr.contains("waiting for") && nobody.stderr.contains("nothing listens"),
        "{}",
        nobody.stderr
    );
}

#[test]
fn in_order_too_everything_is_kept_before_it_waits_and_answered_at_once_where_asked() {
    let place = Place::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let listener = place.listen(&forward(
        &port,
        &["--ordered", "--forward-async", "--forward-timeout", "none"],
    ));
    for body in ["1", "2", "3"] {
        assert_eq!(listener.post(&[], body.as_bytes()), 200);
    }
    let begun = std::time::Instant::now();
    listener.stop();
    assert!(begun.elapsed() < std::time::Duration::from_secs(9));
    let target = Server::ok(3);
    moved(&place, &port, &target.port.to_string()).expect(0);
    for body in ["1", "2", "3"] {
        assert_eq!(target.request().body, body.as_bytes());
    }
}

#[test]
fn what_belongs_to_a_connection_stays_there_and_paths_go_on_byte_for_byte() {
    let place = Place::new();
    let target = Server::answering(&[
        b"HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Name: caf\xc3\xa9\r\ncontent-length: 0\r\n\r\n",
    ]);
    let listener = place.listen(&forward(&target.port.to_string(), &[]));
    let mut stream = listener.connect();
    std::io::Write::write_all(
        &mut stream,
        b"POST /a/..%2f..//b HTTP/1.1\r\nHost: x\r\nConnection: close, X-Own\r\nX-Own: 1\r\nContent-Length: 1\r\n\r\nx",
    )
    .unwrap();
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).unwrap();
    assert!(crate::support::find(&answer, "x-name: caf\u{e9}\r\n".as_bytes()).is_some());
    assert!(crate::support::find(&answer, b"x-hop").is_none());
    assert!(crate::support::find(&answer, b"content-type").is_none());
    let sent = target.request();
    assert_eq!(sent.line(), "POST /a/..%2f..//b HTTP/1.1");
    assert!(sent.header("x-own").is_none());
}

#[test]
fn an_answer_on_purpose_and_forwarding_do_not_go_together() {
    let place = Place::new();
    let both = [
        "listen",
        "--port",
        "0",
        "--forward-to",
        "3000",
        "--delay",
        "1s",
    ];
    place.run(&both).expect(2);
}

#[test]
fn a_listener_does_not_forward_to_itself() {
    let place = Place::new();
    let port = free_port().to_string();
    let circle = place
        .run(&["listen", "--port", &port, "--forward-to", &port])
        .expect(2);
    assert!(circle.stderr.contains("loop"), "{}", circle.stderr);
}

#[test]
fn each_destinations_debt_is_its_own() {
    let place = Place::new();
    let (a, b) = (free_port().to_string(), free_port().to_string());
    let listener = place.listen(&["--forward-to", &a, "--forward-to", &b]);
    for body in ["1", "2"] {
        assert_eq!(listener.post(&[], body.as_bytes()), 502);
    }
    listener.stop();
    // Another name of this machine is the same destination.
    let target = on_port(&a, 2);
    unforwarded(&place, &format!("http://127.0.0.1:{a}")).expect(0);
    assert_eq!(
        (target.request().body, target.request().body),
        (b"1".to_vec(), b"2".to_vec())
    );
    // What is pending at B is pending there still, and goes nowhere else.
    let left = place
        .run(&["replay", "--unforwarded", "--url", &a])
        .expect(2);
    assert!(
        left.stderr.contains(&format!("localhost:{b}/ (2)")),
        "{}",
        left.stderr
    );
    let only = place.run(&["replay", "--unforwarded", "--json"]).expect(3);
    assert_eq!(only.documents().len(), 2);
    assert!(
        only.documents()
            .iter()
            .all(|sent| sent["url"] == format!("http://localhost:{b}/hook"))
    );
    // A destination that is no more is owed nothing.
    let cleared = place
        .run(&["replay", "--unforwarded", "--discard", &b, "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (&cleared["type"], &cleared["captures"]),
        (&"discarded".into(), &2.into())
    );
    place.run(&["replay", "--unforwarded"]).expect(0);
    assert_eq!(
        place.run(&["captures", "list"]).stdout.lines().count(),
        2,
        "they stay"
    );
}

/// Where none is named, each destination is sent what it is owed, and nothing else.
#[test]
fn what_is_pending_goes_to_each_its_own_destination() {
    let place = Place::new();
    let (a, b) = (free_port().to_string(), free_port().to_string());
    let one = ["--forward-to", &a];
    let both = ["--forward-to", &a, "--forward-to", &b];
    for (flags, body) in [(&one[..], "for a"), (&both[..], "for both")] {
        let listener = place.listen(flags);
        assert_eq!(listener.post(&[], body.as_bytes()), 502);
        listener.stop();
    }
    let none = place
        .run(&["replay", "--unforwarded", "event:nothing.like.it"])
        .expect(2);
    assert!(
        none.stderr.contains("matches the filters")
            && none.stderr.contains(&a)
            && none.stderr.contains(&b),
        "{}",
        none.stderr
    );
    let (at_a, at_b) = (on_port(&a, 2), on_port(&b, 2));
    let sent = place.run(&["replay", "--unforwarded", "--json"]).expect(0);
    assert_eq!(sent.documents().len(), 3);
    assert_eq!(
        [at_a.request().body, at_a.request().body],
        [&b"for a"[..], b"for both"]
    );
    assert_eq!(at_b.request().body, b"for both");
    assert!(at_a.nothing_more() && at_b.nothing_more());
    let nothing = place.run(&["replay", "--unforwarded"]).expect(0);
    assert!(nothing.stderr.contains("nothing is waiting"));
}

/// One that is not on this machine is named before anything goes there; the others need not wait for that.
#[test]
fn of_several_destinations_those_elsewhere_are_left() {
    let place = Place::new();
    let here = free_port().to_string();
    let flags = ["--forward-to", &here, "--forward-to", "http://192.0.2.1/"];
    let fast = ["--forward-async", "--forward-timeout", "50ms"];
    let listener = place.listen(&[&flags[..], &fast].concat());
    assert_eq!(listener.post(&[], b"kept"), 200);
    listener.stop();
    let server = on_port(&here, 1);
    let sent = place.run(&["replay", "--unforwarded"]).expect(2);
    assert_eq!(server.request().body, b"kept");
    assert!(
        sent.stderr
            .contains("http://192.0.2.1/, which is not on this machine"),
        "{}",
        sent.stderr
    );
    let left = place.run(&["replay", "--unforwarded"]).expect(2);
    assert!(left.stderr.contains("http://192.0.2.1/"));
}

/// A forward that `deliveries retry` delivers is settled with it.
#[test]
fn a_retried_forward_settles_its_destination() {
    let place = Place::new();
    let port = free_port().to_string();
    let listener = place.listen(&["--forward-to", &port]);
    assert_eq!(listener.post(&[], b"kept"), 502);
    listener.stop();
    let target = on_port(&port, 1);
    place.run(&["deliveries", "retry", "--failed"]).expect(0);
    assert_eq!(target.request().body, b"kept");
    let nothing = place.run(&["replay", "--unforwarded"]).expect(0);
    assert!(
        nothing.stderr.contains("nothing is waiting"),
        "{}",
        nothing.stderr
    );
}

/// A server of that port, which nobody had.
fn on_port(port: &str, answers: usize) -> Server {
    Server::on(port.parse().unwrap(), &vec![OK; answers])
}

/// What is suggested can be pasted into a shell, whatever a URL holds.
#[test]
fn a_suggested_command_survives_a_shell() {
    let place = Place::new();
    let port = free_port();
    let url = format!("http://localhost:{port}/hook'$(touch pwned)'?a=1;touch%20x&b=$HOME");
    let listener = place.listen(&["--forward-to", &url]);
    assert_eq!(listener.post(&[], b"kept"), 502);
    let (_, _, told) = listener.stop();
    let shown = place.run(&["captures", "show", "last"]).expect(0);
    let suggestions: Vec<&str> = told
        .split('`')
        .chain(shown.stdout.split('`'))
        .filter(|text| text.starts_with("hookcli "))
        .collect();
    assert!(suggestions.len() >= 3, "{told}{}", shown.stdout);
    for suggestion in suggestions {
        let words = std::process::Command::new("sh")
            .args(["-c", &suggestion.replacen("hookcli", "printf '%s\\n'", 1)])
            .current_dir(place.path(""))
            .output()
            .unwrap();
        let words = String::from_utf8(words.stdout).unwrap();
        let named = words.lines().last().unwrap();
        assert!(
            named.starts_with("http://localhost:")
                && named.contains("/hook'$(touch%20pwned)'?a=1;touch%20x&b=$HOME"),
            "{words}"
        );
    }
    assert!(!place.path("pwned").exists() && !place.path("x").exists());
}

#[test]
fn what_a_listener_leaves_is_forwarded_by_a_worker_beside_it() {
    let place = Place::new();
    let target = Server::ok(3);
    let url = target.url();
    let listener = place.listen(&["--forward-to", &url, "--forward-async", "--no-worker"]);
    for body in ["0", "1", "2"] {
        assert_eq!(listener.post(&[("x-a", "b")], body.as_bytes()), 200);
    }
    let worker = Listener::start(place.command(&["worker", "--ordered", "--json"]));
    for body in ["0", "1", "2"] {
        let sent = target.request();
        assert_eq!(
            (sent.body.as_slice(), sent.header("x-a")),
            (body.as_bytes(), Some("b".to_owned()))
        );
    }
    let pending = ["captures", "list", "is:pending", "--json"];
    while !place.run(&pending).expect(0).documents().is_empty() {}
    let (code, shown, _) = worker.stop();
    assert_eq!((code, shown.len()), (0, 3));
    assert!(shown.iter().all(|delivery| delivery["type"] == "delivery"));
}
