//! The receiver (recognised, verified, captured, acknowledged after commit) against a bare hyper server,
//! in turns, in one run, with one client: `cargo bench --bench receiver`. It prints a ratio; single figures
//! of a shared machine mean little.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(2);
const SECRET: &str = "a secret of ordinary length";

fn main() {
    // The bare server is this program again, so that it has a process of its own, as the receiver has.
    if std::env::args().any(|argument| argument == "--bare-server") {
        return bare_server();
    }
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let mut bare =
        Server::start(Command::new(std::env::current_exe().unwrap()).arg("--bare-server"));
    let mut receiver = Server::start(
        Command::new(env!("CARGO_BIN_EXE_hookcli"))
            .args([
                "listen",
                "--port",
                "0",
                "--provider",
                "convo",
                "--color",
                "never",
                "--store",
            ])
            .arg(&store)
            .env("HOOKCLI_SECRET", SECRET),
    );
    let mut recognising = Server::start(
        Command::new(env!("CARGO_BIN_EXE_hookcli"))
            .args(["listen", "--port", "0", "--color", "never", "--store"])
            .arg(folder.path().join("second.db"))
            .env("HOOKCLI_SECRET", SECRET),
    );
    let body = format!(
        r#"{{"event":"transcript.ready","data":{{"conversationId":"sess_a1b2c3","segmentCount":142,"note":"{}"}},"timestamp":"2026-03-19T14:30:00.000Z"}}"#,
        "x".repeat(180)
    );
    let mut ratios = Vec::new();
    let mut recognising_ratios = Vec::new();
    println!(
        "{CONNECTIONS} connections, {} bytes, {ROUNDS} rounds of {ROUND:?} each in turn",
        body.len()
    );
    for round in 1..=ROUNDS {
        let limit = rate(&bare, &body);
        let given = rate(&receiver, &body);
        let recognised = rate(&recognising, &body);
        ratios.push(given / limit);
        recognising_ratios.push(recognised / limit);
        println!(
            "round {round}: bare {limit:.0}/s, provider given {given:.0}/s ({:.2}), recognised {recognised:.0}/s ({:.2})",
            given / limit,
            recognised / limit
        );
    }
    println!("median ratio, provider given:      {:.2}", median(ratios));
    println!(
        "median ratio, provider recognised: {:.2}",
        median(recognising_ratios)
    );
    bare.stop();
    receiver.stop();
    recognising.stop();
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Answered requests a second, over kept-alive connections that wait for each answer.
fn rate(server: &Server, body: &str) -> f64 {
    let signature = {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    };
    let request = format!(
        "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Convo-Event: transcript.ready\r\nX-Convo-Signature: {signature}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let started = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = request.clone();
            let address = server.address.clone();
            tasks.spawn(async move {
                use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
                let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut answered = 0_u64;
                let mut answer = [0; 1024];
                while started.elapsed() < ROUND {
                    stream.write_all(request.as_bytes()).await.unwrap();
                    let mut read = 0;
                    while !answer[..read].ends_with(b"\r\n\r\n") {
                        read += stream.read(&mut answer[read..]).await.unwrap();
                    }
                    assert!(
                        answer.starts_with(b"HTTP/1.1 200"),
                        "{}",
                        String::from_utf8_lossy(&answer[..read])
                    );
                    answered += 1;
                }
                answered
            });
        }
        let mut all = 0;
        while let Some(answered) = tasks.join_next().await {
            all += answered.unwrap();
        }
        all as f64 / started.elapsed().as_secs_f64()
    })
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts a server that says its address in its first line, and reads away what it prints after.
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        std::thread::spawn(move || {
            let mut piece = [0; 65_536];
            while stdout.read(&mut piece).is_ok_and(|read| read > 0) {}
        });
        TcpStream::connect(&address).expect("the server is up");
        Self { child, address }
    }

    fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What hyper can do: reads the body, answers 200, knows nothing.
fn bare_server() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        std::io::stdout().flush().unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let service = hyper::service::service_fn(
                    |request: hyper::Request<hyper::body::Incoming>| async move {
                        request.into_body().collect().await?;
                        Ok::<_, hyper::Error>(hyper::Response::new(Full::new(bytes::Bytes::new())))
                    },
                );
                // A client that goes is no concern of the bench.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}
