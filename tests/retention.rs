//! How much the store keeps, and what never goes unsaid or unasked.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::{OK, Place, Server, Signal, free_port, hmac_hex, send_signal};

/// So many requests, exported by nobody: one line each.
fn captures(count: usize) -> String {
    let line = |number: usize| {
        serde_json::json!({
            "type": "capture", "method": "POST", "path": "/", "headers": [],
            "body": format!("{number}"),
        })
        .to_string()
    };
    (0..count).map(|number| line(number) + "\n").collect()
}

fn kept(place: &Place) -> usize {
    let listed = place.run(&["captures", "list", "-n", "100000", "--json"]);
    listed.expect(0).documents().len()
}

fn filled(place: &Place, count: usize) {
    let file = place.write("captures.jsonl", captures(count));
    place
        .run(&["captures", "import", file.to_str().unwrap()])
        .expect(0);
    assert_eq!(kept(place), count);
}

fn bound(place: &Place) -> Value {
    place
        .run(&["captures", "prune", "--dry-run", "--json"])
        .expect(0)
        .document()["keep"]
        .clone()
}

#[test]
fn a_found_settings_file_says_nothing_about_retention() {
    let place = Place::new();
    filled(&place, 20);
    place.write("hookcli.toml", "keep = \"0\"\n");
    let server = Server::ok(1);
    let refused = place
        .run(&["send", "lead_captured", "--url", &server.url()])
        .expect(2);
    assert!(
        refused.stderr.contains("may not set `keep`"),
        "{}",
        refused.stderr
    );
    std::fs::remove_file(place.path("hookcli.toml")).unwrap();
    assert_eq!(kept(&place), 20);
}

#[test]
fn the_bound_is_the_stores_and_settings_apply_when_it_is_made() {
    let place = Place::new().with("HOOKCLI_KEEP", "50");
    assert_eq!(bound(&place), "50");
    // From here on it is the store's, whatever the environment says.
    let other = place.with("HOOKCLI_KEEP", "10");
    filled(&other, 40);
    let server = Server::ok(1);
    other
        .run(&["send", "lead_captured", "--url", &server.url()])
        .expect(0);
    assert_eq!((kept(&other), bound(&other)), (40, "50".into()));
    // An explicit flag changes it, and a one-shot command evicts no further than that.
    let listener = other.listen(&["--keep", "20GiB"]);
    listener.stop();
    assert_eq!(bound(&other), "20GiB");
}

#[test]
fn a_lower_bound_says_what_it_would_remove_and_removes_it_only_where_that_is_wanted() {
    let place = Place::new();
    filled(&place, 230);
    let refused = place
        .run(&["listen", "--port", "0", "--keep", "100"])
        .expect(2);
    assert!(
        refused
            .stderr
            .contains("--keep 100 would remove 130 captures")
            && refused.stderr.contains("--prune"),
        "{}",
        refused.stderr
    );
    assert_eq!((kept(&place), bound(&place)), (230, "2GiB".into()));
    let listener = place.listen(&["--keep", "100", "--prune"]);
    assert_eq!(kept(&place), 100);
    listener.stop();
    assert_eq!(bound(&place), "100");
}

#[test]
fn captures_prune_removes_once_and_asks_first() {
    let place = Place::new();
    filled(&place, 30);
    let dry = place
        .run(&["captures", "prune", "--keep", "10", "--dry-run", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (&dry["captures"], &dry["removed"]),
        (&20.into(), &false.into())
    );
    let refused = place.run(&["captures", "prune", "--keep", "10"]).expect(2);
    assert!(
        refused.stderr.contains("would remove 20 captures") && refused.stderr.contains("--yes")
    );
    assert_eq!(kept(&place), 30);
    let pruned = place
        .run(&["captures", "prune", "--keep", "10", "--yes"])
        .expect(0);
    assert_eq!(pruned.stdout, "removed 20 captures and 0 deliveries\n");
    assert_eq!((kept(&place), bound(&place)), (10, "2GiB".into()));
    let nothing = place.run(&["captures", "prune"]).expect(0);
    assert_eq!(
        nothing.stdout,
        "nothing to remove: the store is within 2GiB\n"
    );
}

/// A flood of forgeries, each of its own event type, takes neither memory nor what was accepted.
#[test]
fn refused_requests_displace_nothing_and_their_names_are_cut() {
    let place = Place::new().with("HOOKCLI_SECRET", "agreed");
    let listener = place.listen(&["--provider", "convocore", "--keep", "50"]);
    let accepted = |number: usize| {
        format!(
            r#"{{"type":"lead_captured","payload":{{"n":{number},"workspaceSecret":"agreed"}}}}"#
        )
    };
    for number in 0..50 {
        assert_eq!(listener.post(&[], accepted(number).as_bytes()), 200);
    }
    let long = "x".repeat(2 << 20);
    for number in 0..150 {
        let forged =
            format!(r#"{{"type":"{number}{long}","payload":{{"workspaceSecret":"guessed"}}}}"#);
        assert_eq!(listener.post(&[], forged.as_bytes()), 401);
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", listener.child.id()));
    if let Ok(status) = status {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.unwrap().trim().split(' ').next().unwrap();
        let peak: u64 = peak.parse().unwrap();
        assert!(peak < 200_000, "{peak} kB");
    }
    listener.stop();
    let listed = place
        .run(&["captures", "list", "-n", "1000", "--json"])
        .expect(0)
        .documents();
    let of = |verdict: &str| {
        let rows = listed.iter().filter(|row| row["verdict"] == verdict);
        rows.collect::<Vec<_>>()
    };
    assert_eq!(of("valid").len(), 50, "all of them");
    let refused = of("invalid").len();
    assert!(
        (1..=20).contains(&refused),
        "a tenth comes on top: {refused}"
    );
    for row in listed {
        assert!(row["event"].as_str().unwrap().len() <= 200);
    }
}

#[test]
fn a_listener_gives_up_nothing_that_it_owes() {
    let place = Place::new();
    let port = free_port().to_string();
    let listener = place.listen(&["--keep", "50", "--forward-to", &port, "--forward-async"]);
    let event = |number: usize| {
        format!(
            r#"{{"id":"evt_{number}","event":"transcript.ready","timestamp":"2026-01-01T00:00:00Z","data":{{}}}}"#
        )
    };
    let headers = [("X-Convo-Event", "transcript.ready")];
    let mut acknowledged = 0;
    let refused = loop {
        match listener.post(&headers, event(acknowledged).as_bytes()) {
            200 => acknowledged += 1,
            other => break other,
        }
        assert!(acknowledged < 500, "it is bounded");
    };
    assert_eq!(refused, 503);
    assert!(acknowledged >= 50);
    // It was not stored: the next try is no duplicate of it.
    let again = event(acknowledged);
    assert_eq!(listener.post(&headers, again.as_bytes()), 503);
    let pending = place.run(&[
        "replay",
        "--unforwarded",
        "--url",
        &port,
        "--dry-run",
        "--json",
    ]);
    assert_eq!(pending.expect(0).documents().len(), acknowledged);
    place
        .run(&["replay", "--unforwarded", "--discard", &port])
        .expect(0);
    while listener.post(&headers, again.as_bytes()) != 200 {}
    let (_, documents, told) = listener.stop();
    let stopped = documents.last().unwrap();
    assert_eq!(stopped["stored"], acknowledged + 1);
    assert!(stopped["received"].as_u64() > stopped["stored"].as_u64());
    assert!(
        told.contains("the store is full of requests that are waiting to be forwarded")
            && told.contains("again"),
        "{told}"
    );
    let last = place
        .run(&["captures", "show", "last", "--json"])
        .document();
    assert_eq!(last["duplicate_of"], Value::Null);
}

#[test]
fn what_had_to_be_given_up_is_counted_and_said() {
    let place = Place::new();
    let port = free_port().to_string();
    let listener = place.listen(&[
        "--keep",
        "20",
        "--forward-to",
        &port,
        "--forward-async",
        "--no-keep-pending",
    ]);
    for number in 0..100 {
        assert_eq!(listener.post(&[], number.to_string().as_bytes()), 200);
    }
    let (_, _, told) = listener.stop();
    assert!(
        told.contains("not yet delivered had to be removed; raise the limit"),
        "{told}"
    );
}

/// Whoever clears the folder loses nothing that was acknowledged.
#[test]
fn a_log_that_is_deleted_under_the_listener_loses_nothing() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let mut bodies = Vec::new();
    for round in 0..3 {
        for number in 0..20 {
            let body = format!("{round}-{number}");
            assert_eq!(listener.post(&[], body.as_bytes()), 200);
            bodies.push(body);
        }
        for end in ["-wal", "-shm"] {
            let mut file = place.store().into_os_string();
            file.push(end);
            std::fs::remove_file(file).unwrap();
        }
    }
    assert_eq!(listener.post(&[], b"the last"), 200);
    bodies.push("the last".to_owned());
    listener.child.kill().unwrap();
    listener.child.wait().unwrap();
    let exported = place.run(&["captures", "export"]).expect(0).documents();
    let exported: Vec<&str> = exported
        .iter()
        .map(|one| one["body"].as_str().unwrap())
        .collect();
    assert_eq!(exported, bodies);
    let sound: String = rusqlite::Connection::open(place.store())
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}

/// What one process works at is not taken up by another.
#[test]
fn a_delivery_that_is_under_way_is_left_alone() {
    let place = Place::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let arguments = ["send", "lead_captured", "--url", &port, "--timeout", "none"];
    let mut sending = place
        .command(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (connection, _) = silent.accept().unwrap();
    // It was recorded before its first byte came.
    let mut line = String::new();
    BufReader::new(&connection).read_line(&mut line).unwrap();
    let listed = place
        .run(&["deliveries", "list", "--json"])
        .expect(0)
        .document();
    assert_eq!(listed["outcome"], "pending");
    let nothing = place.run(&["deliveries", "retry", "--failed"]).expect(0);
    assert!(
        nothing.stderr.contains("there are no failed deliveries"),
        "{}",
        nothing.stderr
    );
    let named = place.run(&["deliveries", "retry", "last"]).expect(2);
    assert!(
        named.stderr.contains(&format!("process {}", sending.id())),
        "{}",
        named.stderr
    );
    // Interrupted, nobody knows whether it arrived.
    send_signal(&sending, Signal::INT);
    assert_eq!(sending.wait().unwrap().code(), Some(130));
    let listed = place
        .run(&["deliveries", "list", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (&listed["outcome"], &listed["attempts"]),
        (&"unknown".into(), &1.into())
    );
    drop(connection);
    let server = Server::over(silent, &[OK]);
    let retried = place.run(&["deliveries", "retry", "--failed"]).expect(0);
    assert!(
        retried.stderr.contains(
            "may already have been delivered: the result of the last attempt was not recorded"
        ),
        "{}",
        retried.stderr
    );
    server.request();
    let shown = place
        .run(&["deliveries", "show", "last", "--json"])
        .document();
    assert_eq!(shown["outcome"], "delivered");
    let codes: Vec<&Value> = shown["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| &attempt["error"]["code"])
        .collect();
    assert_eq!(codes, [&Value::from("unknown"), &Value::Null]);
}

#[test]
fn each_endpoint_signs_with_its_own_scheme_when_all_are_retried() {
    let place = Place::new()
        .with("ONE_SECRET", "first-secret")
        .with("TWO_SECRET", "second-secret");
    let (one, two) = (free_port(), free_port());
    place.write(
        "hookcli.toml",
        format!(
            "[endpoint.one]\nurl = \"http://127.0.0.1:{one}/\"\nprovider = \"generic\"\nsecret_env = \"ONE_SECRET\"\n\
             [endpoint.one.signature]\nmechanism = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"X-One\"\nencoding = \"hex\"\ncontent = \"{{body}}\"\n\
             [endpoint.two]\nurl = \"http://127.0.0.1:{two}/\"\nprovider = \"generic\"\nsecret_env = \"TWO_SECRET\"\n\
             [endpoint.two.signature]\nmechanism = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"X-Two\"\nencoding = \"hex\"\ncontent = \"{{body}}\"\n"
        ),
    );
    for name in ["one", "two"] {
        place
            .run(&["send", "generic/ping", "--data", "{\"a\":1}", "--to", name])
            .expect(3);
    }
    let servers = [one, two].map(|port| Server::on(port, &[OK]));
    place.run(&["deliveries", "retry", "--failed"]).expect(0);
    let [first, second] = servers.map(|server| server.request());
    let signed = |secret: &[u8]| Some(hmac_hex(secret, b"{\"a\":1}"));
    assert_eq!(
        (first.header("x-one"), first.header("x-two")),
        (signed(b"first-secret"), None)
    );
    assert_eq!(
        (second.header("x-one"), second.header("x-two")),
        (None, signed(b"second-secret"))
    );
}

/// What one listener owes is safe from every other command, as long as it runs.
#[test]
fn nobody_gives_up_what_a_running_listener_owes() {
    let place = Place::new();
    let port = free_port().to_string();
    let owing = place.listen(&["--keep", "50", "--forward-to", &port, "--forward-async"]);
    let mut acknowledged = 0;
    while owing.post(&[], acknowledged.to_string().as_bytes()) == 200 {
        acknowledged += 1;
        assert!(acknowledged < 500);
    }
    let pending = || {
        place
            .run(&[
                "replay",
                "--unforwarded",
                "--url",
                &port,
                "--dry-run",
                "--json",
            ])
            .expect(0)
            .documents()
            .len()
    };
    place
        .run(&["captures", "prune", "--keep", "1", "--yes"])
        .expect(0);
    place
        .run(&["send", "lead_captured", "--url", &free_port().to_string()])
        .expect(3);
    assert_eq!(pending(), acknowledged);
    // Nor does another one take what it would have to drop at once.
    let other = place.listen(&[]);
    let taken: Vec<usize> = (0..20)
        .filter(|number| other.post(&[], format!("taken {number}").as_bytes()) == 200)
        .collect();
    let (_, documents, told) = other.stop();
    assert!(taken.len() < 20, "it is full");
    assert_eq!(documents.last().unwrap()["stored"], taken.len());
    assert!(told.contains("full of requests"), "{told}");
    let exported = place.run(&["captures", "export"]).expect(0).stdout;
    for number in taken {
        assert!(
            exported.contains(&format!("\"taken {number}\"")),
            "acknowledged: {number}"
        );
    }
    assert_eq!(pending(), acknowledged);
    owing.stop();
    // Once it has ended, old debts leave a tenth to what comes.
    let other = place.listen(&[]);
    let mut taken = 0;
    for number in 0..40 {
        taken += usize::from(other.post(&[], format!("new {number}").as_bytes()) == 200);
    }
    let (_, _, told) = other.stop();
    assert_eq!(taken, 40);
    assert!(
        told.contains("not yet delivered had to be removed; raise the limit"),
        "{told}"
    );
    let exported = place.run(&["captures", "export"]).expect(0).stdout;
    assert!(
        exported.contains("new 39") && exported.contains("new 38"),
        "the newest stay"
    );
}

/// Whoever deletes the log, and opens the store before the listener writes again.
#[test]
fn a_log_that_is_deleted_between_two_processes_loses_nothing() {
    for deleted in [&["-wal", "-shm"][..], &["-shm"], &["-wal"]] {
        for second_writes in [false, true] {
            let place = Place::new();
            let first = place.listen(&[]);
            let mut bodies = Vec::new();
            let mut post = |listener: &crate::support::Listener, body: String| {
                // One that cannot be stored now is sent again, as senders do.
                while listener.post(&[], body.as_bytes()) != 200 {}
                bodies.push(body);
            };
            for number in 0..20 {
                post(&first, format!("before {number}"));
            }
            for end in deleted {
                let mut file = place.store().into_os_string();
                file.push(end);
                std::fs::remove_file(file).unwrap();
            }
            // A reader of another process may fail here, and must not harm.
            place.run(&["captures", "list"]);
            if second_writes && deleted.len() != 1 {
                let second = place.listen(&[]);
                post(&second, "second".to_owned());
                post(&first, "after 0".to_owned());
                post(&second, "second again".to_owned());
                second.stop();
            }
            for number in 1..20 {
                post(&first, format!("after {number}"));
            }
            first.stop();
            let exported = place.run(&["captures", "export"]).expect(0).documents();
            let kept: std::collections::HashSet<&str> = exported
                .iter()
                .map(|one| one["body"].as_str().unwrap())
                .collect();
            let lost: Vec<&String> = bodies
                .iter()
                .filter(|body| !kept.contains(body.as_str()))
                .collect();
            assert!(lost.is_empty(), "{deleted:?} {second_writes}: {lost:?}");
            let sound: String = rusqlite::Connection::open(place.store())
                .unwrap()
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            assert_eq!(sound, "ok", "{deleted:?} {second_writes}");
        }
    }
}

#[test]
fn two_that_retry_or_replay_at_once_deliver_once() {
    let place = Place::new();
    let port = free_port().to_string();
    let listener = place.listen(&["--forward-to", &port]);
    for number in 0..5 {
        assert_eq!(listener.post(&[], number.to_string().as_bytes()), 502);
    }
    listener.stop();
    let server = Server::on(port.parse().unwrap(), &[OK; 20]);
    let arguments = ["replay", "--unforwarded"];
    let children: Vec<_> = (0..3)
        .map(|_| {
            place
                .command(&arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let mut bodies: Vec<Vec<u8>> = (0..5).map(|_| server.request().body).collect();
    bodies.sort();
    assert_eq!(bodies, [b"0", b"1", b"2", b"3", b"4"]);
    assert!(server.nothing_more(), "each once");
}
