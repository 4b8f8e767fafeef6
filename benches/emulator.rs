//! The emulator under load: 10,000 subscriptions, 100 events a second that ten of them want each, which is 1,000 deliveries
//! a second to receivers in this process. `cargo bench --bench emulator -- SECONDS`. It prints what was delivered in time,
//! how long a delivery takes from the event on, and the emulator's memory as it goes by.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SUBSCRIPTIONS: usize = 10_000;
const WANTING: usize = 10;
const EVENTS_PER_S: u32 = 100;

fn main() {
    let seconds = std::env::args().filter_map(|word| word.parse().ok()).next();
    let seconds: u32 = seconds.unwrap_or(30);
    let folder = tempfile::tempdir().unwrap();
    let mut emulator = Command::new(env!("CARGO_BIN_EXE_hookcli"))
        .args(["emulate", "svix", "--port", "0", "--json", "--store"])
        .arg(folder.path().join("store.db"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(emulator.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    // What it shows is read, as a terminal would.
    std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    let url = line.split("\"url\":\"http://").nth(1).unwrap();
    let address = url.split('"').next().unwrap().to_owned();
    let receiver = Receiver::start();
    let mut client = Client::new(&address);
    let app = client.post("/api/v1/app", r#"{"name":"bench","uid":"bench"}"#);
    assert_eq!(app, 201);
    let began = Instant::now();
    for number in 0..SUBSCRIPTIONS {
        let body = format!(
            r#"{{"url":"http://{}/{number}","filterTypes":["type.{}"]}}"#,
            receiver.address,
            number / WANTING
        );
        assert_eq!(client.post("/api/v1/app/bench/endpoint", &body), 201);
    }
    println!(
        "{SUBSCRIPTIONS} subscriptions made in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    let mut memory = Vec::new();
    for number in 0..seconds * EVENTS_PER_S {
        let due = began + Duration::from_secs(1) * number / EVENTS_PER_S;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let micros = receiver.began.elapsed().as_micros();
        let kind = number as usize % (SUBSCRIPTIONS / WANTING);
        let body = format!(
            r#"{{"eventType":"type.{kind}","payload":{{"at":{micros},"note":"{}"}}}}"#,
            "x".repeat(200)
        );
        assert_eq!(client.post("/api/v1/app/bench/msg", &body), 202);
        if number % (EVENTS_PER_S * 5) == 0 {
            memory.push(memory_mb(emulator.id()));
        }
    }
    let sent_in = began.elapsed();
    let wanted = (seconds * EVENTS_PER_S) as usize * WANTING;
    while receiver.count.load(Ordering::Relaxed) < wanted && began.elapsed() < sent_in * 3 {
        std::thread::sleep(Duration::from_millis(10));
    }
    let delivered = receiver.count.load(Ordering::Relaxed);
    let mut times = receiver.times_us.lock().unwrap().clone();
    times.sort_unstable();
    let percentile = |part: f64| times[((times.len() - 1) as f64 * part) as usize] / 1000;
    println!(
        "{} events in {:.1} s, {delivered} of {wanted} deliveries in {:.1} s: {:.0} a second",
        seconds * EVENTS_PER_S,
        sent_in.as_secs_f64(),
        began.elapsed().as_secs_f64(),
        delivered as f64 / began.elapsed().as_secs_f64()
    );
    println!(
        "from the event to its arrival: p50 {} ms, p95 {} ms, p99 {} ms",
        percentile(0.5),
        percentile(0.95),
        percentile(0.99)
    );
    println!("memory of the emulator, every 5 s: {memory:?} MB");
    emulator.kill().unwrap();
    emulator.wait().unwrap();
}

/// Resident memory, where the system tells.
fn memory_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kb.unwrap_or_default() / 1024
}

/// Answers 200 to everything on connections that stay open, and measures how old the events are.
struct Receiver {
    address: String,
    began: Instant,
    count: Arc<AtomicUsize>,
    times_us: Arc<Mutex<Vec<u64>>>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap().to_string(),
            began: Instant::now(),
            count: Arc::default(),
            times_us: Arc::default(),
        };
        let (began, count, times) = (
            receiver.began,
            receiver.count.clone(),
            receiver.times_us.clone(),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (count, times) = (count.clone(), times.clone());
                std::thread::spawn(move || {
                    let _ = serve(stream?, began, &count, &times);
                    std::io::Result::Ok(())
                });
            }
        });
        receiver
    }
}

fn serve(
    stream: TcpStream,
    began: Instant,
    count: &AtomicUsize,
    times_us: &Mutex<Vec<u64>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let length = read_head(&mut reader)?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let text = String::from_utf8_lossy(&body);
        let at = text.split("\"at\":").nth(1).unwrap_or_default();
        let at: String = at.chars().take_while(char::is_ascii_digit).collect();
        let at: u64 = at.parse().unwrap_or_default();
        let now = u64::try_from(began.elapsed().as_micros()).unwrap();
        times_us.lock().unwrap().push(now.saturating_sub(at));
        writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Reads a head, and says how long the body is.
fn read_head(reader: &mut BufReader<TcpStream>) -> std::io::Result<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == "\r\n" {
            return Ok(length);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
}

/// One connection that stays open.
struct Client {
    reader: BufReader<TcpStream>,
    address: String,
}

impl Client {
    fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            reader: BufReader::new(stream),
            address: address.to_owned(),
        }
    }

    fn post(&mut self, path: &str, body: &str) -> u16 {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.reader.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let length = read_head(&mut self.reader).unwrap();
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).unwrap();
        line[9..12].parse().unwrap()
    }
}
