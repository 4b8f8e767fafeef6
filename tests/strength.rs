//! What a receiver must live through.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::support::{Listener, Place, Signal, find, free_port, read_all, send_signal};

const PATIENCE: Duration = Duration::from_secs(30);

fn lives(listener: &Listener) {
    assert_eq!(listener.post(&[], b"still here"), 200);
}

/// As many descriptors as this process may have.
fn raise_limit() -> u64 {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    limit.maximum.unwrap_or(1 << 20)
}

#[test]
fn no_request_hides_in_another_and_none_that_is_malformed_is_taken() {
    let place = Place::new();
    let listener = place.listen(&[]);
    let many = format!(
        "GET /many HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "X-Header: 1\r\n".repeat(5_000)
    );
    let long = format!(
        "GET /long HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "a".repeat(1 << 20)
    );
    let cases: Vec<Vec<u8>> = [
        // Two lengths, or a length that is none.
        "POST /cl2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /cl-list HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 30\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /cl-plus HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /cl-hex HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        // A coding that is none, is not the last, or hides behind white space.
        "POST /te HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /te2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /te-space HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        // Chunks that are none.
        "POST /chunk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        "POST /chunk-big HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc",
        "POST /chunk-end HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        // Lines and names that are none.
        "GET /fold HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        "GET /name HTTP/1.1\r\nHost: x\r\nBad\u{0}Name: y\r\n\r\n",
        "GET /value HTTP/1.1\r\nHost: x\r\nName: a\u{0}b\r\n\r\n",
        "GET /nul\u{0} HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /version HTTP/1.2.3\r\nHost: x\r\n\r\n",
        "GET /old\r\n",
        "\r\n\r\n\r\n\u{16}\u{3}\u{1}",
        &many,
        &long,
    ]
    .into_iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    for case in &cases {
        let mut stream = listener.connect();
        // It may be closed before all of it is sent.
        let _ = stream.write_all(case);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let told = String::from_utf8_lossy(&case[..case.len().min(60)]).into_owned();
        assert!(
            answer.is_empty()
                || answer.starts_with("HTTP/1.1 400")
                || answer.starts_with("HTTP/1.1 431"),
            "{told:?}: {answer}"
        );
    }
    lives(&listener);
    listener.stop();
    let kept = place.run(&["captures", "list", "--json"]).documents();
    assert_eq!(kept.len(), 1, "nothing but the last one: {kept:?}");
}

#[test]
fn a_length_and_a_coding_at_once_end_the_connection() {
    let place = Place::new();
    let listener = place.listen(&[]);
    let answer = listener.raw(
        b"POST /both HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    listener.stop();
    let kept = place.run(&["captures", "list", "--json"]).stdout;
    assert!(!kept.contains("smuggled"), "{kept}");
}

#[test]
fn a_thousand_slow_senders_hold_up_nobody() {
    raise_limit();
    let place = Place::new();
    let listener = place.listen(&["--max-connections", "3000", "--head-timeout", "60s"]);
    let slow: Vec<TcpStream> = (0..1000)
        .map(|number| {
            let mut stream = listener.connect();
            let part = match number % 3 {
                0 => "POST / HTTP/1.1\r\nHo",
                1 => "P",
                _ => "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
            };
            stream.write_all(part.as_bytes()).unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    for _ in 0..200 {
        lives(&listener);
    }
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    drop(slow);
    lives(&listener);
}

#[test]
fn ten_thousand_idle_senders_are_borne() {
    if std::env::var_os("HOOKCLI_LONG_TESTS").is_none() || raise_limit() < 21_000 {
        return;
    }
    let place = Place::new();
    let listener = place.listen(&["--max-connections", "11000"]);
    let idle: Vec<TcpStream> = (0..10_000).map(|_| listener.connect()).collect();
    lives(&listener);
    // Each of them is there still, and is served.
    for mut stream in idle.into_iter().step_by(1000) {
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        assert!(read_all(&mut stream).starts_with("HTTP/1.1 200"));
    }
}

#[test]
fn an_upload_of_two_gigabytes_is_refused_early() {
    let place = Place::new();
    let listener = place.listen(&[]);
    let mut stream = listener.connect();
    stream
        .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2147483648\r\n\r\n")
        .unwrap();
    let piece = vec![b'x'; 1 << 20];
    let sent = (0..2048)
        .take_while(|_| stream.write_all(&piece).is_ok())
        .count();
    assert!(sent < 100, "{sent} MiB were taken");
    lives(&listener);
}

#[test]
fn a_compressed_bomb_is_kept_as_it_came_and_shown_within_bounds() {
    let place = Place::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..200 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let mut listener = place.listen(&["-v", "--body"]);
    assert_eq!(listener.post(&[("Content-Encoding", "gzip")], &bomb), 200);
    let shown = listener.next();
    assert_eq!(shown["body_bytes"], bomb.len());
    assert!(shown.to_string().len() < 2 * bomb.len() + 10_000);
    lives(&listener);
    listener.stop();
    let shown = place.run(&["captures", "show", "last~1", "-v"]).expect(0);
    assert!(shown.stdout.len() < 20 << 20, "{}", shown.stdout.len());
    assert!(shown.stdout.contains("cut"), "and it says so");
}

#[test]
fn a_terminal_that_stops_reading_slows_no_answer() {
    let place = Place::new();
    let port = free_port();
    let number = port.to_string();
    let mut child = place
        .command(&["listen", "--port", &number, "-v"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until);
    }
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = "x".repeat(2_000);
    let request = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut reader = std::io::BufReader::new(stream.try_clone().unwrap());
    for _ in 0..2_000 {
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(crate::support::read_response(&mut reader), Some(200));
    }
    send_signal(&child, Signal::TERM);
    let mut shown = Vec::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut shown)
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert!(find(&shown, b"stopped after 2000 requests (2000 stored)").is_some());
    assert!(find(&shown, b"not shown").is_some());
}
