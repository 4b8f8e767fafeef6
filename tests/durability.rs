//! Acknowledged means committed.

use std::collections::HashSet;
use std::io::{BufReader, Write as _};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Listener, Place, read_response};

/// Acknowledged requests after which a load ends by itself.
const ENOUGH: usize = 2_000;

/// Posts bodies on kept-alive connections until the listener is gone or there are enough; returns those
/// that were answered 200.
fn load(
    listener: &Listener,
    connections: usize,
    count: &Arc<AtomicUsize>,
    name: &str,
) -> Vec<std::thread::JoinHandle<HashSet<String>>> {
    (0..connections)
        .map(|connection| {
            let stream = listener.connect();
            let count = count.clone();
            let name = name.to_owned();
            std::thread::spawn(move || {
                let mut acknowledged = HashSet::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut stream = stream;
                for number in 0.. {
                    let body = format!(
                        "{name}-{connection}-{number}-\u{1}{}",
                        "x".repeat(number % 700)
                    );
                    let request = format!(
                        "POST /{number} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    if stream.write_all(request.as_bytes()).is_err() {
                        break;
                    }
                    match read_response(&mut reader) {
                        Some(200) => {
                            acknowledged.insert(body);
                            if count.fetch_add(1, Ordering::Relaxed) >= ENOUGH {
                                break;
                            }
                        }
                        _ => break,
                    }
                }
                acknowledged
            })
        })
        .collect()
}

fn stored(place: &Place) -> HashSet<String> {
    let exported = place.run(&["captures", "export"]).expect(0);
    exported
        .documents()
        .iter()
        .map(|capture| capture["body"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_was_acknowledged_survives_sigkill_byte_for_byte() {
    let place = Place::new();
    let mut all = HashSet::new();
    let long = std::env::var_os("HOOKCLI_LONG_TESTS").is_some();
    for round in 0..if long { 50 } else { 3 } {
        let mut listener = place.listen(&[]);
        let count = Arc::new(AtomicUsize::new(0));
        let threads = load(&listener, 8, &count, &format!("round{round}"));
        while count.load(Ordering::Relaxed) < 200 {
            std::thread::yield_now();
        }
        listener.child.kill().unwrap();
        listener.child.wait().unwrap();
        for thread in threads {
            all.extend(thread.join().unwrap());
        }
        let kept = stored(&place);
        assert!(all.len() >= 200 * (round + 1));
        let lost: Vec<_> = all.difference(&kept).take(3).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
    let sound: String = rusqlite::Connection::open(place.store())
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn two_processes_share_one_store() {
    let place = Place::new();
    let (first, second) = (place.listen(&[]), place.listen(&[]));
    let count = Arc::new(AtomicUsize::new(0));
    let mut threads = load(&first, 4, &count, "first");
    threads.extend(load(&second, 4, &count, "second"));
    let acknowledged: HashSet<String> = threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    assert!(
        acknowledged.iter().any(|body| body.starts_with("first"))
            && acknowledged.iter().any(|body| body.starts_with("second"))
    );
    assert_eq!((first.stop().0, second.stop().0), (0, 0));
    assert!(acknowledged.is_subset(&stored(&place)));
}

#[test]
fn an_unwritable_store_is_exit_4_before_anything_is_sent() {
    let place = Place::new();
    let server = crate::support::Server::ok(1);
    place.write("file", "is not a folder");
    for store in ["file/store.db", "/proc/nowhere/store.db", "."] {
        for arguments in [
            vec!["send", "lead_captured", "--url", &server.url()],
            vec!["listen", "--port", "0"],
            vec!["captures", "list"],
        ] {
            let refused = place
                .run(&[arguments.as_slice(), &["--store", store]].concat())
                .expect(4);
            assert!(
                refused.stderr.contains("cannot be opened")
                    && refused.stderr.contains("--no-store"),
                "{}",
                refused.stderr
            );
        }
    }
    place.write("other.db", "this is no database, and long enough to be told from one by SQLite itself, which wants a hundred bytes of header");
    place
        .run(&["captures", "list", "--store", "other.db"])
        .expect(4);
}

/// A limit on the size of files is as good as a full disk: writing past it fails.
#[test]
fn a_full_disk_is_503_and_a_clear_line_and_never_a_false_200() {
    let place = Place::new();
    let mut command = place.command(&[]);
    let hookcli = command.get_program().to_owned();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -f 900; exec \"$0\" listen --port 0 --json"])
        .arg(hookcli)
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(place.path(""));
    command.env_clear();
    let mut listener = Listener::start(limited);
    let mut refused = 0;
    let mut acknowledged = HashSet::new();
    for number in 0..40 {
        let body = format!("{number}-{}", "x".repeat(50_000));
        let answered = listener.post(&[], body.as_bytes());
        match answered {
            200 => assert!(acknowledged.insert(body)),
            503 => refused += 1,
            other => panic!("answered {other}"),
        }
        let shown = listener.next();
        assert_eq!(
            shown["response"]["status"], answered,
            "the document says what was answered"
        );
    }
    assert!(refused > 0 && !acknowledged.is_empty(), "{refused} refused");
    let (code, _, stderr) = listener.stop();
    assert_eq!(code, 0);
    assert!(
        stderr.contains("request not stored, answered 503: the store could not be written"),
        "{stderr}"
    );
    assert!(acknowledged.is_subset(&stored(&place)));
}

#[test]
fn a_store_that_is_removed_under_the_listener_is_503() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    assert_eq!(listener.post(&[], b"kept"), 200);
    listener.next();
    std::fs::remove_file(place.store()).unwrap();
    assert_eq!(listener.post(&[], b"nowhere to keep it"), 503);
    listener.next();
    let (_, _, stderr) = listener.stop();
    assert!(
        stderr.contains("its file was removed or replaced"),
        "{stderr}"
    );
}

/// A file that may not grow is an error of the store, whichever command meets it, and loses nothing.
#[test]
fn a_full_disk_is_exit_4_for_every_command() {
    let place = Place::new();
    let listener = place.listen(&[]);
    let body = "x".repeat(200_000);
    for _ in 0..5 {
        assert_eq!(listener.post(&[], body.as_bytes()), 200);
    }
    listener.stop();
    place
        .run(&["captures", "export", "--output", "all.jsonl"])
        .expect(0);
    let size = std::fs::metadata(place.store()).unwrap().len() / 512;
    let server = crate::support::Server::ok(1);
    for command in [
        "captures import all.jsonl".to_owned(),
        "captures export --output copy.jsonl".to_owned(),
        format!("send lead_captured --url {} --store new.db", server.url()),
        "captures rm --all --yes".to_owned(),
    ] {
        let limited = Command::new("sh")
            .args([
                "-c",
                &format!(
                    "ulimit -f {}; exec \"$0\" {command}",
                    if command.contains("new.db") {
                        20
                    } else {
                        size.min(300)
                    }
                ),
            ])
            .arg(env!("CARGO_BIN_EXE_hookcli"))
            .env_clear()
            .env("HOME", place.home(""))
            .current_dir(place.path(""))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&limited.stderr).into_owned();
        // Removing may fit into what there is.
        assert!(
            limited.status.code() == Some(4)
                || command.contains(" rm ") && limited.status.code() == Some(0),
            "{command}: {:?} {said}",
            limited.status
        );
    }
}
