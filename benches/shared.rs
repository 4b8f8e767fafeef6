//! The shared store, on a PostgreSQL of its own with `synchronous_commit` on. `cargo bench --bench shared -- PART…`:
//!
//! - `ingest`: requests acknowledged after their commit, beside bare pipelined INSERTs of the same rows in the same run.
//! - `latency`: from the acknowledgement at a listener to a worker's attempt, at 50 requests a second.
//! - `queue`: a million pending deliveries: how long a claim takes, and how many deliveries 1, 2 and 4 workers make to
//!   receivers that take 50 ms.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use hookcli::model::Secret;
use hookcli::store::{EmulatedState as _, Location, PostgresStore, StoreOptions, WantedLane};
use jiff::Timestamp;
use postgres::PostgresServer;
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;

/// What the tests' support has, too.
const PATIENCE: Duration = Duration::from_secs(60);

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[path = "../tests/support/postgres.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod postgres;

const KEY: &str = "a-key-of-the-team-that-is-long-enough";

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    let server = PostgresServer::start();
    if is_wanted("ingest") {
        ingest(&server);
    }
    if is_wanted("latency") {
        latency(&server);
    }
    if is_wanted("queue") {
        queue(&server);
    }
}

/// A process of hookcli over a store.
struct Node {
    child: Child,
    url: String,
    _home: tempfile::TempDir,
}

impl Node {
    fn start(store: &str, words: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hookcli"))
            .args(words.split(' '))
            .arg("--json")
            .current_dir(home.path())
            .env("HOME", home.path())
            .env("HOOKCLI_STORE", store)
            .env("HOOKCLI_STORE_KEY", KEY)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        // What it shows is read, as a terminal would.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let url = line.split("\"url\":\"http://").nth(1);
        let url = url.and_then(|rest| rest.split('"').next());
        Self {
            child,
            url: url.unwrap_or_default().to_owned(),
            _home: home,
        }
    }

    fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap();
        let kb = line.split_whitespace().nth(1).unwrap();
        kb.parse::<u64>().unwrap() >> 10
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

/// A connection that is kept open.
struct Client {
    address: String,
    reader: BufReader<TcpStream>,
}

impl Client {
    fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            address: address.to_owned(),
            reader: BufReader::new(stream),
        }
    }

    fn post(&mut self, path: &str, body: &str) -> u16 {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer sk_x\r\nx-hookcli-control: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.reader.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).unwrap();
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            }
            if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        self.reader.read_exact(&mut answer).unwrap();
        status
    }
}

/// An event of 1 KiB.
fn event(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","object":"event","type":"invoice.paid","data":{{"object":{{"note":"{}"}}}}}}"#,
        "x".repeat(930)
    )
}

const SENDERS: usize = 64;
const ROUNDS: u32 = 5;
const ROUND: Duration = Duration::from_secs(5);

fn ingest(server: &PostgresServer) {
    let store = server.database();
    let listener = Node::start(&store, "listen --port 0 --provider stripe --keep 100GiB");
    let mut sent = Vec::new();
    let mut bare = Vec::new();
    for round in 0..ROUNDS {
        let began = Instant::now();
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let address = listener.url.clone();
                std::thread::spawn(move || {
                    let mut client = Client::new(&address);
                    let mut count = 0;
                    while began.elapsed() < ROUND {
                        let body = event(&format!("evt_{round}_{sender}_{count}"));
                        assert_eq!(client.post("/hook", &body), 200);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        let count: u64 = senders
            .into_iter()
            .map(|sender| sender.join().unwrap())
            .sum();
        sent.push(count as f64 / began.elapsed().as_secs_f64());
        bare.push(insert_bare(&store, round));
    }
    let stored = server.ask(&store, "SELECT count(*) FROM hookcli.capture");
    let (sent, bare) = (median(sent), median(bare));
    println!(
        "ingest: {sent:.0} requests/s acknowledged after commit, {bare:.0} rows/s by bare pipelined INSERT: {:.2} \
         (medians of {ROUNDS} rounds in turn; {stored} stored; the listener takes {} MB)",
        sent / bare,
        listener.memory_mb()
    );
}

/// Rows a second, by INSERTs that are pipelined on four connections, as many under way as there are senders.
fn insert_bare(store: &str, round: u32) -> f64 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..4 {
            let (client, connection) = tokio_postgres::connect(store, NoTls).await.unwrap();
            tokio::spawn(connection);
            clients.push(client);
        }
        // The row that is inserted is one that the listener wrote, with another id.
        let columns = "workspace, at_ms, received_us, arrived_ms, provider, event, verdict, endpoint, method, target, body_length, status, \
                       same_id_changed, over_tls, refused, bytes, made_in, changed_in, headers, body, response_headers, response_body";
        clients[0]
            .batch_execute("CREATE TABLE IF NOT EXISTS bare (LIKE hookcli.capture INCLUDING ALL)")
            .await
            .unwrap();
        let row = clients[0]
            .query_one(&format!("SELECT {columns} FROM hookcli.capture LIMIT 1"), &[])
            .await
            .unwrap();
        let texts: BTreeMap<usize, String> = [0, 4, 5, 6, 7, 8, 9].into_iter().map(|at| (at, row.get(at))).collect();
        let numbers: BTreeMap<usize, i64> = [1, 2, 3, 10, 11, 15, 16, 17].into_iter().map(|at| (at, row.get(at))).collect();
        let flags: BTreeMap<usize, bool> = [12, 13, 14].into_iter().map(|at| (at, row.get(at))).collect();
        let blobs: BTreeMap<usize, Vec<u8>> = [18, 19, 20, 21].into_iter().map(|at| (at, row.get(at))).collect();
        let values: Vec<&(dyn ToSql + Sync)> = (0..22)
            .map(|at| -> &(dyn ToSql + Sync) {
                None.or_else(|| texts.get(&at).map(|value| value as _))
                    .or_else(|| numbers.get(&at).map(|value| value as _))
                    .or_else(|| flags.get(&at).map(|value| value as _))
                    .or_else(|| blobs.get(&at).map(|value| value as _))
                    .unwrap()
            })
            .collect();
        let places: Vec<String> = (2..=23).map(|at| format!("${at}")).collect();
        let sql = format!("INSERT INTO bare (id, {columns}) VALUES ($1, {})", places.join(", "));
        let mut statements = Vec::new();
        for client in &clients {
            statements.push(client.prepare(&sql).await.unwrap());
        }
        let began = Instant::now();
        let count = AtomicU64::new(0);
        stream::iter(0u64..)
            .take_while(|_| std::future::ready(began.elapsed() < ROUND))
            .map(|number| {
                let id = format!("{round}-{number}");
                let at = usize::try_from(number % 4).unwrap();
                let (client, statement) = (&clients[at], &statements[at]);
                let values = &values;
                let count = &count;
                async move {
                    let id: &(dyn ToSql + Sync) = &id;
                    let values: Vec<_> = std::iter::once(id).chain(values.iter().copied()).collect();
                    client.execute(statement, &values).await.unwrap();
                    count.fetch_add(1, Relaxed);
                }
            })
            .buffer_unordered(SENDERS)
            .collect::<Vec<()>>()
            .await;
        count.load(Relaxed) as f64 / began.elapsed().as_secs_f64()
    })
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// A receiver that answers after a while, and puts down when what arrived.
struct Receiver {
    address: String,
    arrived: Arc<Mutex<BTreeMap<String, Instant>>>,
    count: Arc<AtomicU64>,
}

impl Receiver {
    fn start(takes: Duration) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (arrived, count) = (Arc::default(), Arc::default());
        let receiver = Self {
            address,
            arrived: Arc::clone(&arrived),
            count: Arc::clone(&count),
        };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (arrived, count) = (Arc::clone(&arrived), Arc::clone(&count));
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream.unwrap());
                    while let Some(body) = read_body(&mut reader) {
                        let now = Instant::now();
                        if let Some(id) = body.split('"').nth(3) {
                            arrived.lock().unwrap().insert(id.to_owned(), now);
                        }
                        std::thread::sleep(takes);
                        count.fetch_add(1, Relaxed);
                        let ok = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                        if reader.get_mut().write_all(ok).is_err() {
                            break;
                        }
                    }
                });
            }
        });
        receiver
    }
}

fn read_body(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(rest) = line.strip_prefix("content-length: ") {
            length = rest.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

const PER_SECOND: u32 = 50;
const LATENCY_SECONDS: u32 = 20;

fn latency(server: &PostgresServer) {
    let store = server.database();
    let receiver = Receiver::start(Duration::ZERO);
    let words = format!(
        "listen --port 0 --provider stripe --forward-to http://{}/hook --forward-async --no-worker",
        receiver.address
    );
    let listener = Node::start(&store, &words);
    let _worker = Node::start(&store, "worker");
    let mut client = Client::new(&listener.url);
    let mut acknowledged = Vec::new();
    let began = Instant::now();
    for number in 0..PER_SECOND * LATENCY_SECONDS {
        let due = began + Duration::from_secs(1) * number / PER_SECOND;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let id = format!("evt_{number}");
        assert_eq!(client.post("/hook", &event(&id)), 200);
        acknowledged.push((id, Instant::now()));
    }
    let waiting = Instant::now();
    while receiver.arrived.lock().unwrap().len() < acknowledged.len()
        && waiting.elapsed() < PATIENCE
    {
        std::thread::sleep(Duration::from_millis(50));
    }
    let arrived = receiver.arrived.lock().unwrap();
    let mut took: Vec<Duration> = acknowledged
        .iter()
        .filter_map(|(id, at)| Some(arrived.get(id)?.saturating_duration_since(*at)))
        .collect();
    took.sort();
    println!(
        "latency: {} of {} attempted; from the acknowledgement to the attempt at {PER_SECOND}/s: p50 {} ms, p95 {} ms, p99 {} ms",
        took.len(),
        acknowledged.len(),
        at_percent(&took, 50).as_millis(),
        at_percent(&took, 95).as_millis(),
        at_percent(&took, 99).as_millis(),
    );
}

fn at_percent(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

const PENDING: usize = 1_000_000;
const SUBSCRIPTIONS: usize = 400;
const CLAIMS: usize = 1000;
const WORKED: Duration = Duration::from_secs(10);

fn queue(server: &PostgresServer) {
    let store = server.database();
    let receiver = Receiver::start(Duration::from_millis(50));
    let subscriptions = fill(server, &store, &receiver.address);
    claims(&store, &subscriptions);
    let rounds = [1, 2, 4];
    let mut rates = Vec::new();
    for workers in rounds {
        let nodes: Vec<Node> = (0..workers)
            .map(|_| Node::start(&store, "worker svix --concurrency 16"))
            .collect();
        // They have read what there is.
        std::thread::sleep(Duration::from_secs(3));
        let memory: Vec<u64> = nodes.iter().map(Node::memory_mb).collect();
        let (before, began) = (receiver.count.load(Relaxed), Instant::now());
        std::thread::sleep(WORKED);
        let made = receiver.count.load(Relaxed) - before;
        rates.push(made as f64 / began.elapsed().as_secs_f64());
        let later: Vec<u64> = nodes.iter().map(Node::memory_mb).collect();
        println!(
            "queue: {workers} workers: {:.0} deliveries/s, {:.2} times one worker; memory {memory:?} MB, {later:?} MB after {} s",
            rates[rates.len() - 1],
            rates[rates.len() - 1] / rates[0],
            WORKED.as_secs()
        );
    }
}

/// Makes the queue, of deliveries like one that was published.
fn fill(server: &PostgresServer, store: &str, address: &str) -> Vec<i64> {
    let began = Instant::now();
    let emulator = Node::start(store, "emulate svix --port 0 --no-worker");
    let mut client = Client::new(&emulator.url);
    assert_eq!(
        client.post("/api/v1/app", r#"{"name":"bench","uid":"bench"}"#),
        201
    );
    for number in 0..SUBSCRIPTIONS {
        let body =
            format!(r#"{{"url":"http://{address}/{number}","filterTypes":["type.{number}"]}}"#);
        assert_eq!(client.post("/api/v1/app/bench/endpoint", &body), 201);
    }
    let message = r#"{"eventType":"type.0","payload":{"n":1}}"#;
    assert_eq!(client.post("/api/v1/app/bench/msg", message), 202);
    drop(emulator);
    server.ask(
        store,
        &format!(
            "INSERT INTO hookcli.delivery (workspace, id, at_ms, started_us, arrived_ms, provider, event, outcome, endpoint, url, failure,
               replay_of, method, target, signs_afresh, open, claim, next_attempt_us, faults, wanted, speed, subscription, emulated_event,
               bytes, made_in, changed_in, headers, body)
             SELECT d.workspace, left(d.id, 10) || upper(lpad(to_hex(n), 16, '0')), d.at_ms, d.started_us, d.arrived_ms, d.provider, d.event,
               d.outcome, d.endpoint, d.url, d.failure, d.replay_of, d.method, d.target, d.signs_afresh, d.open, NULL, d.next_attempt_us,
               d.faults, d.wanted, d.speed, s.number, d.emulated_event, d.bytes, d.made_in, d.changed_in, d.headers, d.body
             FROM (SELECT * FROM hookcli.delivery LIMIT 1) d, generate_series(1, {PENDING}) n
             JOIN (SELECT number, row_number() OVER (ORDER BY number) - 1 AS place FROM hookcli.emulated WHERE kind = 'subscription') s
               ON s.place = n % {SUBSCRIPTIONS}"
        ),
    );
    server.ask(store, "ANALYZE");
    println!(
        "queue: {PENDING} deliveries pending for {SUBSCRIPTIONS} endpoints, made in {:.0} s",
        began.elapsed().as_secs_f64()
    );
    let numbers = server.ask(
        store,
        "SELECT number FROM hookcli.emulated WHERE kind = 'subscription' ORDER BY number",
    );
    numbers
        .lines()
        .map(|number| number.parse().unwrap())
        .collect()
}

/// How long it takes to claim one delivery.
fn claims(store: &str, subscriptions: &[i64]) {
    let options = StoreOptions {
        key: Some(Secret::new(KEY)),
        ..StoreOptions::default()
    };
    let opened = PostgresStore::open(&Location::parse(store).unwrap(), options).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut took: Vec<Duration> = runtime.block_on(async {
        let mut took = Vec::new();
        for number in 0..CLAIMS + 20 {
            let lane = WantedLane {
                subscription: subscriptions[number % subscriptions.len()],
                most: 1,
                at_once: 16,
                rate: None,
            };
            let began = Instant::now();
            let begun = opened
                .begin_due(&[lane], u64::MAX, Timestamp::now())
                .await
                .unwrap();
            // The first ones make connections and plans.
            if number >= 20 {
                took.push(began.elapsed());
            }
            assert_eq!(begun.deliveries.len(), 1);
        }
        took
    });
    took.sort();
    println!(
        "queue: a claim takes p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
        at_percent(&took, 50).as_secs_f64() * 1000.0,
        at_percent(&took, 95).as_secs_f64() * 1000.0,
        at_percent(&took, 99).as_secs_f64() * 1000.0,
    );
}
