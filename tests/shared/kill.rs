//! Nothing is lost and nothing is delivered twice unseen, whoever is killed: listeners, workers and senders as real
//! processes and connections, a random one killed every second, and the database restarted meanwhile.
//!
//! Eight seconds and one restart; with HOOKCLI_LONG_TESTS (tests/shared/run long) a minute and three.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::postgres::PostgresServer;
use crate::support::{Place, free_port, read_request};

const LISTENERS: usize = 4;
const WORKERS: usize = 4;
const SENDERS: usize = 20;
/// Each sender sends so often.
const SENT_EVERY: Duration = Duration::from_millis(300);
/// What killed ones had is theirs until their leases run out, after a minute.
const SETTLED_WITHIN: Duration = Duration::from_secs(240);

/// Counts what arrives, by body.
struct Receiver {
    port: u16,
    got: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let got: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
        let counting = got.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, got) = (stream.unwrap(), counting.clone());
                std::thread::spawn(move || {
                    let request = read_request(&mut stream);
                    let body = request.rsplit(|byte| *byte == b'\n').next().unwrap();
                    let body = String::from_utf8_lossy(body).into_owned();
                    if body.starts_with("id-") {
                        *got.lock().unwrap().entry(body).or_default() += 1;
                    }
                    let _ = stream.write_all(
                        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                    );
                });
            }
        });
        Self { port, got }
    }
}

/// Whether it was acknowledged.
fn post(port: u16, body: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let length = body.len();
    let request = format!(
        "POST /hook HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let mut answer = String::new();
    let sent = stream.write_all(request.as_bytes());
    sent.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}

/// The nodes: each has a command, and a process that is started again where it is killed.
struct Nodes {
    place: Place,
    commands: Vec<Vec<String>>,
    children: Vec<Child>,
}

impl Nodes {
    fn start(place: Place, commands: Vec<Vec<String>>) -> Self {
        let mut nodes = Self {
            place,
            commands,
            children: Vec::new(),
        };
        for index in 0..nodes.commands.len() {
            let child = nodes.spawn(index);
            nodes.children.push(child);
        }
        nodes
    }

    fn spawn(&self, index: usize) -> Child {
        let words: Vec<&str> = self.commands[index].iter().map(String::as_str).collect();
        let mut command: Command = self.place.command(&words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    fn kill(&mut self, index: usize) {
        let _ = self.children[index].kill();
        let _ = self.children[index].wait();
        self.children[index] = self.spawn(index);
    }

    /// One that could not start while the database was away is started again.
    fn mend(&mut self) {
        for index in 0..self.children.len() {
            if self.children[index].try_wait().unwrap().is_some() {
                self.children[index] = self.spawn(index);
            }
        }
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
#[expect(clippy::print_stderr, reason = "its figures are its result")]
fn nothing_is_lost_and_nothing_delivered_twice_unseen() {
    let (seconds, restarts) = match std::env::var_os("HOOKCLI_LONG_TESTS") {
        None => (8, 1),
        Some(_) => (60, 3),
    };
    let mut database = PostgresServer::start();
    let store = database.database();
    let place = Place::new().with("HOOKCLI_STORE", &store);
    place.run(&["store", "status"]).expect(0);
    let receiver = Receiver::start();
    let to = format!("http://127.0.0.1:{}/hook", receiver.port);
    let ports: Vec<u16> = (0..LISTENERS).map(|_| free_port()).collect();
    let listener = |port: &u16| {
        let words = format!("listen --port {port} --forward-to {to} --forward-async --no-worker");
        words.split(' ').map(str::to_owned).collect()
    };
    let workers = (0..WORKERS).map(|_| vec!["worker".to_owned()]);
    let commands = ports.iter().map(listener).chain(workers).collect();
    let mut nodes = Nodes::start(place, commands);

    let (stop, attempts) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (stop, attempts, ports) = (stop.clone(), attempts.clone(), ports.clone());
            std::thread::spawn(move || {
                let mut random = fastrand::Rng::with_seed(sender as u64);
                let mut acknowledged = BTreeSet::new();
                let mut number = 0;
                while !stop.load(Relaxed) {
                    let body = format!("id-{sender}-{number}");
                    number += 1;
                    attempts.fetch_add(1, Relaxed);
                    if post(ports[random.usize(..ports.len())], &body) {
                        acknowledged.insert(body);
                    }
                    std::thread::sleep(SENT_EVERY);
                }
                acknowledged
            })
        })
        .collect();
    let mut random = fastrand::Rng::with_seed(7);
    let began = Instant::now();
    let (mut killed, mut restarted) = (0, 0);
    for second in 1..=seconds {
        let next = began + Duration::from_secs(second);
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        nodes.mend();
        nodes.kill(random.usize(..LISTENERS + WORKERS));
        killed += 1;
        if restarted < restarts && second * (restarts + 1) > seconds * (restarted + 1) {
            database.order("stop");
            database.order("start");
            restarted += 1;
        }
    }
    stop.store(true, Relaxed);
    let acknowledged: BTreeSet<String> = senders
        .into_iter()
        .flat_map(|sender| sender.join().unwrap())
        .collect();

    // All nodes are there, and make an end of it.
    let settling = Instant::now();
    let pending = "SELECT count(*) FROM hookcli.capture WHERE forward = 1";
    while database.ask(&store, pending) != "0" {
        nodes.mend();
        assert!(settling.elapsed() < SETTLED_WITHIN, "deliveries are stuck");
        std::thread::sleep(Duration::from_millis(200));
    }
    let settled_in = settling.elapsed();
    drop(nodes);

    let rows = database.ask(
        &store,
        "SELECT encode(c.body, 'escape'), count(*) FILTER (WHERE d.outcome = 'delivered'),
           count(*) FILTER (WHERE d.outcome = 'unknown')
         FROM hookcli.capture c LEFT JOIN hookcli.delivery d ON d.replay_of = c.id GROUP BY c.id, c.body",
    );
    let got = receiver.got.lock().unwrap().clone();
    let (mut stored, mut twice, mut unknown, mut repeated, mut unseen) =
        (BTreeSet::new(), 0, 0, 0, 0);
    let mut missing = Vec::new();
    for row in rows.lines() {
        let columns: Vec<&str> = row.split('|').collect();
        let (body, delivered) = (columns[0].to_owned(), columns[1].parse::<u32>().unwrap());
        let unclear: u32 = columns[2].parse().unwrap();
        let times = got.get(&body).copied().unwrap_or(0);
        twice += u32::from(delivered > 1);
        unknown += unclear;
        repeated += times.saturating_sub(1);
        unseen += times.saturating_sub(delivered + unclear);
        if times == 0 || delivered == 0 {
            missing.push(format!("{body}: arrived {times}, delivered {delivered}"));
        }
        stored.insert(body);
    }
    let lost: Vec<&String> = acknowledged.difference(&stored).collect();
    eprintln!(
        "kill run: {} s, {killed} processes killed, {restarted} restarts of the database: {} requests sent, {} acknowledged, \
         {} lost; {} stored, {} of them not delivered, {twice} recorded twice; {unknown} attempts unknown, {repeated} arrived \
         again, {unseen} of those unseen; settled {:.0} s after the end",
        seconds,
        attempts.load(Relaxed),
        acknowledged.len(),
        lost.len(),
        stored.len(),
        missing.len(),
        settled_in.as_secs_f64(),
    );
    assert!(acknowledged.len() > 100, "{}", acknowledged.len());
    assert!(lost.is_empty(), "{lost:?}");
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!((twice, unseen), (0, 0));
}
