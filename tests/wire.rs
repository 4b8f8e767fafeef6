//! What goes over the wire as it should: answers that other clients take, names in their letters, both loopbacks.

use std::io::Write as _;
use std::net::{Ipv6Addr, TcpListener, TcpStream};

use crate::support::{Place, Server, read_all};

fn ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

#[test]
fn what_curl_takes_of_a_server_is_taken() {
    let place = Place::new();
    let many: String = (0..110)
        .map(|number| format!("X-{number}: v\r\n"))
        .collect();
    for odd in [
        "X-A: a\r\n b\r\n",
        &many,
        "X-A : a\r\n",
        "no header at all\r\n",
        "X-Latin: \u{e9}\r\n",
    ] {
        let answer =
            format!("HTTP/1.1 200 OK\r\n{odd}Content-Length: 2\r\nconnection: close\r\n\r\nok");
        for command in [&["send"][..], &["load", "--count", "1", "--yes"]] {
            let server = Server::answering(&[answer.as_bytes()]);
            let url = server.url();
            let sent = place.run(
                &[
                    command,
                    &["github/push", "--secret", "s", "--url", &url, "--json"],
                ]
                .concat(),
            );
            assert_eq!(sent.code, 0, "{odd:?}: {}", sent.page());
        }
    }
    let server = Server::answering(&[b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]);
    let refused = place
        .run(&[
            "send",
            "github/push",
            "--secret",
            "s",
            "--url",
            &server.url(),
        ])
        .expect(3);
    assert!(
        refused.stdout.contains("content-length") && !refused.stdout.contains("https://"),
        "{}",
        refused.stdout
    );
    let server = Server::answering(&[b"\x15\x03\x01\x00\x02\x02\x16"]);
    let refused = place
        .run(&[
            "send",
            "github/push",
            "--secret",
            "s",
            "--url",
            &server.url(),
        ])
        .expect(3);
    assert!(
        refused.stdout.contains("use an https:// URL"),
        "{}",
        refused.stdout
    );
}

#[test]
fn header_names_go_on_in_the_letters_in_which_they_came() {
    let place = Place::new();
    let target = Server::ok(1);
    let listener = place.listen(&["--forward-to", &target.url()]);
    listener.raw(b"POST / HTTP/1.1\r\nHost: a\r\nX-Hub-Signature: s\r\nx-lower: l\r\nX-GitHub-Event: e\r\nContent-Length: 1\r\nConnection: close\r\n\r\na");
    listener.stop();
    let sent = target.request();
    for line in ["X-Hub-Signature: s", "x-lower: l", "X-GitHub-Event: e"] {
        assert!(
            sent.head.lines().any(|known| known == line),
            "{line}: {}",
            sent.head
        );
    }
    // They are stored so, in their order, and replayed so.
    let shown = place
        .run(&["captures", "show", "--json"])
        .expect(0)
        .document();
    let names: Vec<_> = shown["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| pair[0].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Host",
            "X-Hub-Signature",
            "x-lower",
            "X-GitHub-Event",
            "Content-Length",
            "Connection"
        ]
    );
    let target = Server::ok(1);
    place
        .run(&["replay", "last", "--url", &target.url()])
        .expect(0);
    assert!(target.request().head.contains("X-GitHub-Event: e"));
}

#[test]
fn pipelined_and_split_heads_have_their_names_too() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let mut stream = listener.connect();
    for piece in [
        "POST /1 HTTP/1.1\r\nHo",
        "st: a\r\nX-On",
        "E: 1\r\nContent-Length: 1\r\n\r\na",
    ] {
        stream.write_all(piece.as_bytes()).unwrap();
        stream.flush().unwrap();
    }
    assert!(listener.next()["headers"].to_string().contains("X-OnE"));
    stream.write_all(b"POST /2 HTTP/1.1\r\nHost: a\r\nX-TwO: 2\r\nContent-Length: 1\r\nConnection: close\r\n\r\na").unwrap();
    assert!(listener.next()["headers"].to_string().contains("X-TwO"));
    read_all(&mut stream);
    let mut stream = listener.connect();
    let one = "POST /3 HTTP/1.1\r\nHost: a\r\nX-TwO: 3\r\nContent-Length: 1\r\n\r\na";
    stream
        .write_all(
            format!(
                "{one}{}",
                one.replace("Content-Length", "Connection: close\r\nContent-Length")
            )
            .as_bytes(),
        )
        .unwrap();
    for _ in 0..2 {
        let headers = listener.next()["headers"].to_string().to_ascii_lowercase();
        assert!(headers.contains(r#"["x-two","3"]"#), "{headers}");
    }
}

#[test]
fn localhost_is_both_loopback_addresses() {
    if !ipv6() {
        return;
    }
    let place = Place::new();
    let server = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let port = server.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        for stream in server.incoming().take(2) {
            let mut stream = stream.unwrap();
            let _ = crate::support::read_request(&mut stream);
            stream.write_all(crate::support::OK).unwrap();
        }
    });
    for url in [port.to_string(), format!("http://app.localhost:{port}/")] {
        place
            .run(&["send", "github/push", "--secret", "s", "--url", &url])
            .expect(0);
    }
    answering.join().unwrap();
    let mut listener = place.listen(&["--bind", "localhost"]);
    let port: u16 = listener.url.rsplit(':').next().unwrap().parse().unwrap();
    assert!(listener.url.starts_with("http://localhost:"));
    for address in ["127.0.0.1", "::1"] {
        let mut stream = TcpStream::connect((address, port)).unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nHost: a.localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        assert!(
            read_all(&mut stream).starts_with("HTTP/1.1 200"),
            "{address}"
        );
        listener.next();
    }
    listener.stop();
    place.run(&["listen", "--bind", "local"]).expect(2);
}

#[test]
fn a_handshake_is_answered_here_and_said_to_be_or_goes_to_the_application() {
    let challenge = b"GET /w?hub.mode=subscribe&hub.verify_token=t&hub.challenge=abc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let place = Place::new();
    let target = Server::answering(&[
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc",
    ]);
    let mut command = place.command(&[
        "listen",
        "--port",
        "0",
        "--forward-to",
        &target.url(),
        "--max",
        "1",
        "--ready-file",
        "ready",
    ]);
    let child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !place.path("ready").exists() {
        std::thread::yield_now();
    }
    let ready = std::fs::read_to_string(place.path("ready")).unwrap();
    let mut stream = TcpStream::connect(ready.trim().trim_start_matches("http://")).unwrap();
    stream.write_all(challenge).unwrap();
    assert!(read_all(&mut stream).ends_with("\r\n\r\nabc"));
    let shown = crate::support::outcome(child.wait_with_output().unwrap()).expect(0);
    assert!(
        shown.stdout.contains(
            "this handshake was answered here; add --handshake app to leave it to your application"
        ),
        "{}",
        shown.stdout
    );
    assert!(target.nothing_more());

    let target = Server::answering(&[
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc",
    ]);
    let listener = place.listen(&["--handshake", "app", "--forward-to", &target.url()]);
    assert!(listener.raw(challenge).ends_with("\r\n\r\nabc"));
    let line = target.request().line().to_owned();
    assert!(line.starts_with("GET /hook"), "{line}");
    let refused = place.run(&["listen", "--handshake", "app"]).expect(2);
    assert!(
        refused.stderr.contains("--forward-to"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_hub_of_websub_is_not_taken_for_whatsapp() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    for mode in ["subscribe", "unsubscribe"] {
        let answer = listener.raw(format!("GET /w?hub.mode={mode}&hub.topic=https%3A%2F%2Fa.example%2Ff&hub.challenge=abc&hub.verify_token=t HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes());
        assert!(answer.ends_with("\r\n\r\nabc"), "{answer}");
        assert_eq!(listener.next()["provider"], "websub");
    }
    let answer = listener.raw(b"GET /w?hub.mode=subscribe&hub.challenge=1&hub.verify_token=t HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(answer.ends_with("\r\n\r\n1"));
    assert_eq!(listener.next()["provider"], "whatsapp");
}

#[test]
fn a_field_of_a_form_is_set_and_json_goes_out_in_one() {
    let place = Place::new();
    let dry = |arguments: &[&str]| {
        let sent = place.run(
            &[
                &[
                    "send",
                    "--secret",
                    "s",
                    "--url",
                    "3000",
                    "--dry-run",
                    "--json",
                ],
                arguments,
            ]
            .concat(),
        );
        sent.expect(0).document()["body"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let body = dry(&[
        "slack/slash_command",
        "--set",
        "text=*bold* é",
        "--set",
        "new=5",
        "--unset",
        "api_app_id",
    ]);
    assert!(
        body.contains("&text=%2Abold%2A+%C3%A9&")
            && body.ends_with("&new=5")
            && !body.contains("api_app_id"),
        "{body}"
    );
    assert!(body.contains("command=%2Fweather"), "{body}");
    let body = dry(&["github/push", "--form", "--set", "ref=\"a b\""]);
    assert!(
        body.starts_with("payload=%7B%22ref%22%3A%22a+b%22"),
        "{body}"
    );
    let refused = place.run(&[
        "send",
        "convo/transcript.ready",
        "--form",
        "--secret",
        "s",
        "--url",
        "3000",
        "--dry-run",
    ]);
    assert!(
        refused
            .expect(2)
            .stderr
            .contains("its provider.toml has no `form_field`")
    );
    // Received, it is GitHub's, verifies, and is replayed with a field set.
    let mut listener = place.listen(&["--secret", "s"]);
    place
        .run(&[
            "send",
            "github/push",
            "--form",
            "--secret",
            "s",
            "--url",
            &listener.url,
        ])
        .expect(0);
    let request = listener.next();
    assert_eq!(
        (&request["event"], &request["signature"]["verdict"]),
        (&"push".into(), &"valid".into())
    );
    listener.stop();
    let server = Server::ok(1);
    place
        .run(&[
            "replay",
            "last",
            "--set",
            "payload.ref=\"c\"",
            "--url",
            &server.url(),
        ])
        .expect(0);
    let sent = server.request();
    assert!(String::from_utf8_lossy(&sent.body).starts_with("payload=%7B%22ref%22%3A%22c%22"));
}
