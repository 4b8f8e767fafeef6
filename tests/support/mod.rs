//! A place of its own for each test, the binary, a listener, and a server that answers as told.

pub mod postgres;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};
use serde_json::Value;

/// Long enough for a loaded machine; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// An answer that takes the request, and ends the connection.
pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// A home, a working directory and a store that nobody else has.
pub struct Place {
    dir: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub raw: Vec<u8>,
}

impl Outcome {
    /// Each line of stdout as a document.
    pub fn documents(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    pub fn document(&self) -> Value {
        let mut all = self.documents();
        assert_eq!(all.len(), 1, "{}{}", self.stdout, self.stderr);
        all.remove(0)
    }

    /// Exit code, stdout and stderr, for snapshots.
    pub fn page(&self) -> String {
        format!(
            "exit {}\n--- stdout\n{}--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }

    /// Nothing of it holds the secret.
    pub fn clean(self, secret: &str) -> Self {
        assert!(!self.page().contains(secret), "{}", self.page());
        self
    }

    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.page());
        crate::voice::an_error_says_what_to_do(&self.stderr);
        self
    }
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["home", "work"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
        }
        Self {
            dir,
            variables: Vec::new(),
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same place for one command, with one more variable.
    pub fn and<'p>(&'p self, name: &'p str, value: &'p str) -> Varied<'p> {
        Varied {
            place: self,
            variable: (name, value),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("work").join(name)
    }

    pub fn home(&self, name: &str) -> PathBuf {
        self.dir.path().join("home").join(name)
    }

    pub fn store(&self) -> PathBuf {
        self.home(".local/share/hookcli/store.db")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        write(&self.path(name), content)
    }

    pub fn write_home(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        write(&self.home(name), content)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hookcli"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.dir.path().join("home"))
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("TZ", "UTC0")
            .envs(self.variables.iter().cloned())
            .current_dir(self.dir.path().join("work"))
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(self.command(arguments).output().unwrap())
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that refuses its arguments reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input);
        outcome(child.wait_with_output().unwrap())
    }

    pub fn listen(&self, arguments: &[&str]) -> Listener {
        let mut all = vec!["listen", "--port", "0", "--json"];
        all.extend(arguments);
        Listener::start(self.command(&all))
    }

    /// Everything below the place, as bytes: what could have leaked.
    pub fn all_bytes(&self) -> Vec<u8> {
        fn walk(dir: &Path, out: &mut Vec<u8>) {
            for entry in std::fs::read_dir(dir).unwrap().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), out);
                } else {
                    out.extend(std::fs::read(entry.path()).unwrap());
                }
            }
        }
        let mut out = Vec::new();
        walk(self.dir.path(), &mut out);
        out
    }
}

/// A place with one more variable.
pub struct Varied<'p> {
    place: &'p Place,
    variable: (&'p str, &'p str),
}

impl Varied<'_> {
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.place.command(arguments);
        command.env(self.variable.0, self.variable.1);
        outcome(command.output().unwrap())
    }
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> PathBuf {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
    path.to_owned()
}

pub fn outcome(output: std::process::Output) -> Outcome {
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        raw: output.stdout,
    }
}

/// A running `hookcli listen --json`.
pub struct Listener {
    pub child: Child,
    pub url: String,
    /// Its first document.
    pub ready: Value,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
}

impl Listener {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut told = String::new();
            stderr.read_to_string(&mut told).unwrap();
            panic!("the listener did not start: {line}{told}")
        });
        assert_eq!(ready["type"], "ready");
        Self {
            child,
            url: ready["url"].as_str().unwrap_or_default().to_owned(),
            ready,
            stdout,
            stderr,
        }
    }

    /// The next line of what it tells people.
    pub fn next_note(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    pub fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The next document of its output.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no document: {line:?}"))
    }

    /// Sends raw bytes on a connection of their own and returns all that comes back.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        read_all(&mut stream)
    }

    /// Posts a body and returns the status.
    pub fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        let mut request = format!(
            "POST /hook HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address(),
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut request = format!("{request}\r\n").into_bytes();
        request.extend_from_slice(body);
        status(&self.raw(&request))
    }

    pub fn signal(&self, signal: Signal) {
        send_signal(&self.child, signal);
    }

    /// Tells it to stop, and returns its exit code, the rest of its documents, and stderr.
    pub fn stop(mut self) -> (i32, Vec<Value>, String) {
        self.signal(Signal::TERM);
        self.wait()
    }

    pub fn wait(&mut self) -> (i32, Vec<Value>, String) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        let documents = rest
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        (code, documents, stderr)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn send_signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

pub fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is the end, too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

/// Reads one response with Content-Length off a connection that stays open.
pub fn read_response(stream: &mut BufReader<TcpStream>) -> Option<u16> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let length: usize = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")
                .map(str::to_owned)
        })
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(status(&head))
}

/// A server that gives each connection the next of its answers and hands over what it was sent.
pub struct Server {
    pub port: u16,
    requests: Receiver<Vec<u8>>,
}

impl Server {
    pub fn answering(answers: &[&[u8]]) -> Self {
        Self::on(0, answers)
    }

    /// At a port of its own choice for 0.
    pub fn on(port: u16, answers: &[&[u8]]) -> Self {
        Self::over(TcpListener::bind(("127.0.0.1", port)).unwrap(), answers)
    }

    /// On a listener that is there already.
    pub fn over(listener: TcpListener, answers: &[&[u8]]) -> Self {
        let port = listener.local_addr().unwrap().port();
        let answers: Vec<Vec<u8>> = answers.iter().map(|answer| answer.to_vec()).collect();
        let (sender, requests) = channel();
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((mut stream, _)) = listener.accept() else {
                    return;
                };
                let request = read_request(&mut stream);
                if sender.send(request).is_err() {
                    return;
                }
                let _ = stream.write_all(&answer);
            }
        });
        Self { port, requests }
    }

    pub fn ok(count: usize) -> Self {
        Self::answering(&vec![OK; count])
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// Whether no request has come that was not asked for.
    pub fn nothing_more(&self) -> bool {
        self.requests.try_recv().is_err()
    }

    /// The next request as it stood on the wire.
    pub fn request(&self) -> Sent {
        let bytes = self.requests.recv_timeout(PATIENCE).unwrap();
        let split = find(&bytes, b"\r\n\r\n").unwrap();
        Sent {
            head: String::from_utf8_lossy(&bytes[..split]).into_owned(),
            body: bytes[split + 4..].to_vec(),
        }
    }
}

pub struct Sent {
    pub head: String,
    pub body: Vec<u8>,
}

impl Sent {
    pub fn header(&self, name: &str) -> Option<String> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }
}

pub fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = stream.read(&mut piece).unwrap_or(0);
        bytes.extend_from_slice(&piece[..read]);
        if let Some(split) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..split]).to_ascii_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| {
                    line.strip_prefix("content-length: ")
                        .and_then(|length| length.parse().ok())
                })
                .unwrap_or(0);
            let chunked = head.contains("transfer-encoding: chunked");
            let complete = if chunked {
                bytes.ends_with(b"0\r\n\r\n")
            } else {
                bytes.len() >= split + 4 + length
            };
            if complete || read == 0 {
                return bytes;
            }
        } else if read == 0 {
            return bytes;
        }
    }
}

pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

/// A port that nothing listens on: below those that the system gives away, so that no other test gets it meanwhile.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let own = std::process::id().wrapping_mul(97);
    loop {
        let place = own.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed));
        let port = 20_000 + u16::try_from(place % 12_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// HMAC-SHA256 in hex by the crates themselves, as a judge of ours.
pub fn hmac_hex(secret: &[u8], body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// Replaces what differs from run to run: ids, times, ports, durations, folders.
pub fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(cap|dlv)_[0-9A-HJKMNP-TV-Z]{26}", "${1}_[ID]");
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", "[TIME]");
    settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "[TIME]");
    settings.add_filter(r"(?m)^\d\d:\d\d:\d\d ", "[TIME] ");
    settings.add_filter(r" +\d+(\.\d)? ms", " [MS] ms");
    settings.add_filter(r"(?m) [0-9A-HJKMNP-TV-Z]{6}$", " [ID]");
    settings.add_filter(r"(localhost|127\.0\.0\.1):\d+", "$1:[PORT]");
    settings.add_filter(r"port \d+", "port [PORT]");
    settings.add_filter(r#""createdAt":\d+"#, r#""createdAt":[MS]"#);
    settings.add_filter(r"/\S*/(work|home)/", "[DIR]/$1/");
    settings
}
