//! A worker that is cut off from the database for longer than its lease overwrites nothing when it is back, and nothing is
//! stuck: a proxy between them stalls, and forgets nothing.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::{KEY, ask, node};
use crate::support::postgres::server;
use crate::support::{Listener, PATIENCE, find, read_request};

/// A proxy that passes nothing on while it stalls.
struct Stalling {
    port: u16,
    stalls: Arc<AtomicBool>,
}

impl Stalling {
    fn before(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let own = listener.local_addr().unwrap().port();
        let stalls = Arc::new(AtomicBool::new(false));
        let is_stalling = stalls.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else {
                    continue;
                };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let stalls = is_stalling.clone();
                    std::thread::spawn(move || pass_on(from, to, &stalls));
                }
            }
        });
        Self { port: own, stalls }
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, stalls: &AtomicBool) {
    let mut bytes = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        while stalls.load(Relaxed) {
            std::thread::sleep(Duration::from_millis(20));
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Write);
}

/// A receiver that hands over each body, and answers it when it is told to.
struct Held {
    url: String,
    arrived: Receiver<(Vec<u8>, Sender<()>)>,
}

impl Held {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (arrival, arrived) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, arrival) = (stream.unwrap(), arrival.clone());
                std::thread::spawn(move || {
                    let request = read_request(&mut stream);
                    let start = find(&request, b"\r\n\r\n").map_or(0, |at| at + 4);
                    let (answer, answered) = channel();
                    let _ = arrival.send((request[start..].to_vec(), answer));
                    if answered.recv().is_ok() {
                        let ok =
                            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                        let _ = stream.write_all(ok);
                    }
                });
            }
        });
        Self { url, arrived }
    }

    fn next(&self) -> (Vec<u8>, Sender<()>) {
        self.arrived.recv_timeout(Duration::from_secs(150)).unwrap()
    }
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_worker_that_was_cut_off_overwrites_nothing() {
    let store = server().database();
    let (front, key) = (node(&store).with("HOOKCLI_STORE_KEY", KEY), KEY);
    // A minute is a provider's timeout here: the request outlives the lease.
    let (forwarded, emulated) = (Held::start(), Held::start());
    let words = [
        "--forward-to",
        &forwarded.url,
        "--forward-async",
        "--no-worker",
    ];
    let listener = front.listen(&words);
    let words = ["emulate", "svix", "--port", "0", "--no-worker", "--json"];
    let emulator = Listener::start(front.command(&words));
    let endpoint = json!({ "url": emulated.url });
    let app = json!({ "name": "app", "uid": "app" });
    post(&emulator.url, "/api/v1/app", &app);
    post(&emulator.url, "/api/v1/app/app/endpoint", &endpoint);

    let port = store.rsplit(':').next().unwrap().split('/').next().unwrap();
    let proxy = Stalling::before(port.parse().unwrap());
    let cut_off = store.replace(&format!(":{port}/"), &format!(":{}/", proxy.port));
    let words = ["worker", "--json", "--forward-timeout", "none"];
    let (first, second) = (
        node(&cut_off).with("HOOKCLI_STORE_KEY", key),
        node(&store).with("HOOKCLI_STORE_KEY", key),
    );
    let _first = Listener::start(first.command(&words));
    assert_eq!(listener.post(&[], b"one"), 200);
    let message = json!({ "eventType": "a.b", "payload": { "n": 1 } });
    post(&emulator.url, "/api/v1/app/app/msg", &message);
    let (body, answer_forward) = forwarded.next();
    let (first_sent, answer_emulated) = emulated.next();
    assert_eq!(body, b"one");

    proxy.stalls.store(true, Relaxed);
    answer_forward.send(()).unwrap();
    answer_emulated.send(()).unwrap();
    // Another takes both over once their leases have run out.
    let _second = Listener::start(second.command(&words));
    let (again, answer) = forwarded.next();
    answer.send(()).unwrap();
    let (second_sent, answer) = emulated.next();
    answer.send(()).unwrap();
    assert_eq!((again, second_sent), (body, first_sent));
    let outcomes = || {
        let rows = "SELECT string_agg(outcome, ' ' ORDER BY outcome) FROM hookcli.delivery";
        server().ask(&store, rows)
    };
    // The forward has a delivery for each that tried; the emulated one goes on.
    let wanted = "delivered delivered unknown";
    wait_for(|| outcomes() == wanted);
    let before = attempts(&store);

    // It comes back, and what it knows is old.
    proxy.stalls.store(false, Relaxed);
    assert_eq!(listener.post(&[], b"two"), 200);
    let (body, answer) = forwarded.next();
    answer.send(()).unwrap();
    assert_eq!(body, b"two");
    post(&emulator.url, "/api/v1/app/app/msg", &message);
    emulated.next().1.send(()).unwrap();
    wait_for(|| outcomes() == "delivered delivered delivered delivered unknown");
    let after: Vec<Value> = attempts(&store);
    assert_eq!(after[..before.len()], before);
    let pending = front.run(&["captures", "list", "is:pending", "--json"]);
    assert!(pending.expect(0).documents().is_empty());
}

/// The attempts, the oldest first.
fn attempts(store: &str) -> Vec<Value> {
    let rows = "SELECT json_agg(a ORDER BY d.seq, a.number) FROM hookcli.attempt a JOIN hookcli.delivery d ON d.seq = a.delivery";
    serde_json::from_str(&server().ask(store, rows)).unwrap()
}

fn post(url: &str, path: &str, body: &Value) {
    ask(url, &format!("POST {path}"), body);
}

fn wait_for(is_so: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "it does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}
