//! Each bound of the receiver has its answer, and the server lives on.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::support::{Listener, PATIENCE, Place, read_all, read_response, status};

fn lives(listener: &Listener) {
    assert_eq!(listener.post(&[], b"still here"), 200);
}

#[test]
fn a_body_too_long_is_413_whether_it_says_so_or_not() {
    let place = Place::new();
    let listener = place.listen(&["--max-body", "1000"]);
    assert_eq!(listener.post(&[], &[b'x'; 1000]), 200);
    assert_eq!(listener.post(&[], &[b'x'; 1001]), 413);
    let said = listener.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
    assert_eq!(status(&said), 413, "before a byte of it is read");
    let mut chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..100 {
        chunked.extend(b"64\r\n");
        chunked.extend([b'x'; 100]);
        chunked.extend(b"\r\n");
    }
    assert_eq!(status(&listener.raw(&chunked)), 413);
    lives(&listener);
}

#[test]
fn a_head_too_long_is_431() {
    let place = Place::new();
    let listener = place.listen(&["--max-head", "8192"]);
    let edge = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "x".repeat(9_000)
    );
    assert_eq!(status(&listener.raw(edge.as_bytes())), 431);
    let long = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    assert_eq!(status(&listener.raw(long.as_bytes())), 431);
    let many = format!(
        "GET / HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "X: y\r\n".repeat(500)
    );
    assert_eq!(status(&listener.raw(many.as_bytes())), 431);
    lives(&listener);
}

#[test]
fn a_slow_head_or_body_is_408_and_an_idle_connection_is_closed_without_a_word() {
    let place = Place::new();
    let listener = place.listen(&["--head-timeout", "100ms", "--body-timeout", "100ms"]);
    assert_eq!(
        status(&listener.raw(b"POST / HTTP/1.1\r\nHost: x\r\n")),
        408
    );
    assert_eq!(
        status(&listener.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")),
        408
    );
    let mut stream = listener.connect();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut reader = std::io::BufReader::new(stream);
    assert_eq!(read_response(&mut reader), Some(200));
    reader
        .get_ref()
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    let waited = std::io::Read::read(&mut reader, &mut [0; 16]);
    assert!(
        waited.is_err(),
        "several times the head's time later there is no 408: {waited:?}"
    );
    lives(&listener);
}

#[test]
fn a_connection_too_many_is_closed() {
    let place = Place::new();
    let listener = place.listen(&["--max-connections", "2"]);
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = listener.connect();
        stream
            .write_all(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
            )
            .unwrap();
        let mut answer = [0; 25];
        std::io::Read::read_exact(&mut stream, &mut answer).unwrap();
        held.push(stream);
    }
    assert_eq!(read_all(&mut listener.connect()), "", "closed at once");
    for mut stream in held {
        stream.write_all(b"hi").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(read_all(&mut stream).contains("200 OK"));
    }
    // They count until hookcli knows that their answers were read.
    let is_answered = || {
        let mut stream = listener.connect();
        let _ = stream.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        !read_all(&mut stream).is_empty()
    };
    let until = Instant::now() + PATIENCE;
    while !is_answered() {
        assert!(Instant::now() < until, "no connection is free again");
    }
    lives(&listener);
}

#[test]
fn too_much_at_once_is_503() {
    let place = Place::new();
    let listener = place.listen(&["--max-buffered", "1000"]);
    assert_eq!(listener.post(&[], &[b'x'; 1001]), 503);
    assert_eq!(listener.post(&[], &[b'x'; 1000]), 200);
    lives(&listener);
    let (_, documents, stderr) = listener.stop();
    assert_eq!(documents.last().unwrap()["refused"], 1);
    assert!(
        stderr.contains("a request was answered 503: too much data is being received at once"),
        "{stderr}"
    );
}

#[test]
fn what_is_no_http_is_400_and_no_end() {
    let place = Place::new();
    let listener = place.listen(&[]);
    for request in [
        &b"hello\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
    ] {
        let answer = listener.raw(request);
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.is_empty(),
            "{request:?}: {answer}"
        );
    }
    lives(&listener);
}

/// Clients that ask and do not read take no connection for long.
#[test]
fn an_answer_that_nobody_reads_is_given_up() {
    let place = Place::new();
    let body = "x".repeat(100_000);
    let listener = place.listen(&[
        "--max-connections",
        "8",
        "--write-timeout",
        "300ms",
        "--respond-body",
        &body,
    ]);
    let mut deaf = Vec::new();
    for _ in 0..8 {
        let mut stream = listener.connect();
        let asked = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".repeat(110);
        stream.write_all(asked.as_bytes()).unwrap();
        deaf.push(stream);
    }
    // One that reads is answered once they are gone.
    let begun = Instant::now();
    let mut asked_at = begun;
    loop {
        let mut stream = std::net::TcpStream::connect(listener.address()).unwrap();
        let last =
            b"POST /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        let _ = stream.write_all(last);
        if read_all(&mut stream).starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "they hold it up");
        while asked_at.elapsed() < Duration::from_millis(50) {
            std::thread::yield_now();
        }
        asked_at = Instant::now();
    }
    drop(deaf);
    let (_, _, told) = listener.stop();
    assert!(
        told.contains("a connection was closed: the response was not read in time"),
        "{told}"
    );
    let unread = place.run(&["captures", "list", "is:not_received"]).stdout;
    assert!(
        unread.contains("client did not read the answer in time"),
        "{unread}"
    );
}

/// The bounds of a head are ours, and whoever meets one is told, counted and shown.
#[test]
fn a_head_with_too_many_fields_and_what_is_no_http_are_counted_and_said() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let request = |fields: usize| {
        let fields: String = (0..fields)
            .map(|number| format!("X-{number}: 1\r\n"))
            .collect();
        format!(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n{fields}\r\n"
        )
    };
    assert_eq!(status(&listener.raw(request(90).as_bytes())), 200);
    listener.next();
    assert_eq!(status(&listener.raw(request(120).as_bytes())), 431);
    assert_eq!(status(&listener.raw(b"NOT HTTP AT ALL\r\n\r\n")), 400);
    assert_eq!(
        status(&listener.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\n")),
        400
    );
    let (_, documents, told) = listener.stop();
    assert_eq!(documents.last().unwrap()["refused"], 3, "{documents:?}");
    assert!(
        told.contains("431: the head is too long or has too many headers"),
        "{told}"
    );
    assert_eq!(
        told.matches("400: it is not an HTTP request").count(),
        2,
        "{told}"
    );
}

/// Connections on which nothing comes make room for those that ask something.
#[test]
fn idle_connections_do_not_lock_the_listener() {
    let place = Place::new();
    let listener = place.listen(&["--max-connections", "20"]);
    let idle: Vec<_> = (0..20).map(|_| listener.connect()).collect();
    let begun = Instant::now();
    loop {
        let mut stream = std::net::TcpStream::connect(listener.address()).unwrap();
        let asked = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        let _ = stream.write_all(asked);
        if read_all(&mut stream).starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(9),
            "long before they time out"
        );
    }
    drop(idle);
    let (_, documents, told) = listener.stop();
    assert!(told.contains("too many open connections"), "{told}");
    assert!(documents.last().unwrap()["refused"].as_u64() > Some(0));
}
