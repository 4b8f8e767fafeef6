//! The inspector's API over real sockets. The page itself is tried in a browser (tests/inspector).

mod api;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{PATIENCE, Place, Signal, send_signal};

/// A running inspector, and what opens it.
struct Inspector {
    child: Option<Child>,
    address: String,
    token: String,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn read(mut stream: TcpStream) -> Self {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let split = crate::support::find(&all, b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&all[..split]).into_owned();
        Self {
            status: head[9..12].parse().unwrap(),
            head,
            body: all[split + 4..].to_vec(),
        }
    }

    /// The same, once it is as the OpenAPI document says of a request with that line.
    fn described(self, line: &str) -> Self {
        let head = self.head.to_lowercase();
        if head.contains("content-type: application/json") {
            let (method, target) = line.split_once(' ').unwrap();
            let path = target.split('?').next().unwrap();
            api::check(method, path, self.status, &self.document());
        }
        self
    }

    fn document(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}{}", self.head, String::from_utf8_lossy(&self.body)))
    }

    fn code(&self) -> (u16, Value) {
        (self.status, self.document()["error"]["code"].clone())
    }
}

impl Inspector {
    fn start(place: &Place, words: &[&str]) -> Self {
        let fixed = ["ui", "--ui-port", "0", "--json"];
        let mut child = piped(place.command(&[&fixed[..], words].concat()));
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut told = String::new();
            let stderr = child.stderr.as_mut().unwrap();
            stderr.read_to_string(&mut told).unwrap();
            panic!("it did not start: {line}{told}")
        });
        assert_eq!(ready["type"], "ready");
        let mut page = Self::at(ready["ui_url"].as_str().unwrap());
        page.child = Some(child);
        page
    }

    /// One that something else serves.
    fn at(url: &str) -> Self {
        let (address, token) = url.split_once("/#token=").unwrap();
        Self {
            child: None,
            address: address
                .strip_prefix("http://")
                .unwrap_or(address)
                .to_owned(),
            token: token.to_owned(),
        }
    }

    fn ask(&self, line: &str, headers: &[(&str, &str)]) -> Answer {
        Answer::read(self.send(line, headers)).described(line)
    }

    fn send(&self, line: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head = format!("{line} HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all((head + "\r\n").as_bytes()).unwrap();
        stream
    }

    /// As the page asks.
    fn get(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("host", self.address.as_str()), ("authorization", &bearer)];
        self.ask(&format!("GET {path}"), &headers)
    }
}

impl Drop for Inspector {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until it is so.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::yield_now();
    }
}

fn piped(mut command: Command) -> Child {
    command.stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Three captures, of which one does not verify and one holds a secret.
fn some() -> Place {
    let place = Place::new().with("HOOKCLI_SECRET_STRIPE", "whsec_right");
    let mut listener = place.listen(&["--accept-unverified"]);
    let url = listener.url.clone();
    let send = |words: &[&str]| {
        let sent = place.run(&[&["send", "--url", &url, "--no-store"], words].concat());
        assert_eq!(sent.code, 0, "{}", sent.page());
    };
    send(&["stripe/invoice.paid", "--secret", "whsec_right"]);
    listener.next();
    send(&["stripe/invoice.paid", "--secret", "whsec_wrong"]);
    listener.next();
    send(&[
        "convocore/lead_captured",
        "--secret",
        "the-workspace-secret",
    ]);
    listener.next();
    listener.stop();
    place
}

#[test]
fn a_list_has_summaries_and_a_capture_has_everything() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/captures?limit=2").document();
    let captures = list["captures"].as_array().unwrap();
    assert_eq!(captures.len(), 2);
    assert_eq!(captures[0]["event"], "lead_captured", "the newest first");
    assert!(captures[0]["body"].is_null() && captures[0]["headers"].is_null());
    let next = list["next"].as_str().unwrap();
    let rest = page
        .get(&format!("/api/captures?limit=2&cursor={next}"))
        .document();
    assert_eq!(rest["captures"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next"], json!(null));
    let id = captures[1]["id"].as_str().unwrap();
    let shown = page.get(&format!("/api/captures/{id}")).document();
    assert_eq!(
        (&shown["provider"], &shown["verdict"]),
        (&json!("stripe"), &json!("invalid"))
    );
    assert!(shown["body"].as_str().unwrap().contains("\"invoice.paid\""));
    assert_eq!(shown["body_truncated"], false);
    let verified = page
        .get(&format!("/api/captures/{id}/verification"))
        .document();
    assert_eq!(verified["valid"], false);
    assert!(!verified["findings"].as_array().unwrap().is_empty());
    let short = &id[id.len() - 6..];
    assert_eq!(
        page.get(&format!("/api/captures/{short}")).document()["id"],
        id
    );
    assert_eq!(
        page.get("/api/captures/cap_000000").code(),
        (404, json!("not_found"))
    );
    assert_eq!(
        page.get("/api/captures/a..b").code(),
        (400, json!("bad_request"))
    );
}

#[test]
fn the_query_language_searches_and_its_errors_point_at_the_place() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let count = |query: &str| {
        let list = page.get(&format!("/api/captures?q={query}")).document();
        list["captures"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("provider:stripe"), 2);
    assert_eq!(count("provider:stripe%20verdict:invalid"), 1);
    assert_eq!(count("not:verdict:invalid"), 2);
    let wrong = page
        .get("/api/captures?q=provider:stripe%20stauts:400")
        .document();
    assert_eq!(wrong["error"]["code"], "invalid_query");
    assert_eq!(wrong["error"]["at"], json!({"start": 16, "end": 22}));
    assert_eq!(page.get("/api/captures?limit=x").status, 400);
    assert_eq!(page.get("/api/captures?color=red").status, 400);
    assert_eq!(
        page.get("/api/captures?cursor=%2F").code(),
        (400, json!("bad_request"))
    );
    let fields = page.get("/api/fields").document();
    let names: Vec<&str> = fields
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|field| field["name"].as_str())
        .collect();
    assert!(
        names.contains(&"verdict") && names.contains(&"body.PATH"),
        "{names:?}"
    );
}

#[test]
fn a_body_comes_by_ranges_and_without_its_secrets() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/captures?limit=1").document();
    let path = format!(
        "/api/captures/{}/body",
        list["captures"][0]["id"].as_str().unwrap()
    );
    let redacted = page.get(&path);
    let text = String::from_utf8(redacted.body.clone()).unwrap();
    assert!(
        text.contains("[redacted]") && !text.contains("the-workspace-secret"),
        "{text}"
    );
    for header in [
        "content-disposition: attachment",
        "content-type: application/octet-stream",
    ] {
        assert!(redacted.head.contains(header), "{}", redacted.head);
    }
    let revealed = page.get(&format!("{path}?reveal=true"));
    assert!(
        String::from_utf8(revealed.body.clone())
            .unwrap()
            .contains("the-workspace-secret")
    );
    let whole = path.strip_suffix("/body").unwrap();
    for (query, reveals) in [
        ("", false),
        ("?reveal=false", false),
        ("?reveal=true", true),
    ] {
        let shown = page.get(&format!("{whole}{query}")).document();
        let holds = shown["body"]
            .as_str()
            .unwrap()
            .contains("the-workspace-secret");
        assert_eq!(holds, reveals, "{query}");
    }
    let bearer = format!("Bearer {}", page.token);
    let ranged = |range: &str| {
        let headers = [
            ("host", page.address.as_str()),
            ("authorization", &bearer),
            ("range", range),
        ];
        page.ask(&format!("GET {path}?reveal=true"), &headers)
    };
    let part = ranged("bytes=2-5");
    assert_eq!((part.status, &part.body[..]), (206, &revealed.body[2..=5]));
    let of = revealed.body.len();
    assert!(
        part.head
            .contains(&format!("content-range: bytes 2-5/{of}")),
        "{}",
        part.head
    );
    assert_eq!(ranged("bytes=99999-").code(), (416, json!("range")));
}

/// The page of any site can make a browser ask; a name that leads here can make it think that this is that site.
#[test]
fn only_its_own_page_with_the_token_is_answered() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let bearer = format!("Bearer {}", page.token);
    let host = ("host", page.address.as_str());
    let token = ("authorization", bearer.as_str());
    let port = page.address.split(':').next_back().unwrap();
    let get = |path: &str, headers: &[(&str, &str)]| page.ask(&format!("GET {path}"), headers);
    assert_eq!(
        get("/api/captures", &[host]).code(),
        (401, json!("no_token"))
    );
    let wrong = ("authorization", "Bearer x");
    assert_eq!(
        get("/api/captures", &[host, wrong]).code(),
        (401, json!("wrong_token"))
    );
    let rebound = format!("evil.example:{port}");
    assert_eq!(
        get("/", &[("host", &rebound)]).code(),
        (403, json!("foreign_host"))
    );
    for path in ["/api/captures", "/api/events"] {
        let foreign = [host, token, ("origin", "http://evil.example")];
        assert_eq!(
            get(path, &foreign).code(),
            (403, json!("foreign_origin")),
            "{path}"
        );
        let cross = [host, token, ("sec-fetch-site", "cross-site")];
        assert_eq!(
            get(path, &cross).code(),
            (403, json!("cross_site")),
            "{path}"
        );
    }
    let query = format!("/api/captures?token={}", page.token);
    assert_eq!(get(&query, &[host]).status, 401, "not in the query");
    let cookie = format!("token={}", page.token);
    assert_eq!(
        get("/api/captures", &[host, ("cookie", &cookie)]).status,
        401,
        "not in a cookie"
    );
    let localhost = format!("localhost:{port}");
    assert_eq!(
        get("/api/captures", &[("host", &localhost), token]).status,
        200
    );
    // What is needed before there is a token holds nothing.
    for (path, content) in [
        ("/", "text/html"),
        ("/app.js", "text/javascript"),
        ("/livez", "text/plain"),
        ("/readyz", "text/plain"),
    ] {
        let answer = get(path, &[host]);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.head.contains(content), "{}", answer.head);
        for header in [
            "content-security-policy: default-src 'none'",
            "x-frame-options: DENY",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
        ] {
            assert!(answer.head.contains(header), "{path}: {}", answer.head);
        }
        assert!(!answer.head.contains("unsafe"), "{}", answer.head);
    }
    for path in ["/../Cargo.toml", "/nothing.js", "/api/nothing"] {
        let answer = get(path, &[host, token]);
        assert_eq!(answer.code(), (404, json!("not_found")), "{path}");
    }
    let named = Inspector::start(&place, &["--ui-host", "Dev.test"]);
    let answer = named.ask("GET /", &[("host", "dev.test:4040")]);
    assert_eq!(answer.status, 200);
}

#[test]
fn the_token_is_the_stores_and_in_no_file_that_others_can_read() {
    let place = some();
    let first = Inspector::start(&place, &[]).token.clone();
    assert_eq!(
        Inspector::start(&place, &[]).token,
        first,
        "a restart keeps it"
    );
    let mut file = place.store().into_os_string();
    file.push(".ui-token");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_ne!(Inspector::start(&place, &["--new-token"]).token, first);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = place.run(&["ui", "--ui-port", "0"]).expect(4);
    assert!(
        refused.stderr.contains("other users can read it"),
        "{}",
        refused.page()
    );
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    // What CI keeps as its log is read by others.
    let place = place.with("GITHUB_ACTIONS", "true");
    let token = std::fs::read_to_string(&file).unwrap();
    let mut child = piped(place.command(&["ui", "--ui-port", "0"]));
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    assert!(
        line.contains("#token=[redacted]") && !line.contains(&token),
        "{line}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Reads a stream of events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(page: &Inspector, path: &str) -> Self {
        let bearer = format!("Bearer {}", page.token);
        let headers = [("host", page.address.as_str()), ("authorization", &bearer)];
        let mut events = Self(BufReader::new(page.send(&format!("GET {path}"), &headers)));
        while events.line() != "" {}
        events
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
        line.trim_end().to_owned()
    }

    /// The id and the document of the next event.
    fn next(&mut self) -> (String, Value) {
        let mut id = String::new();
        loop {
            let line = self.line();
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.to_owned();
            }
            if let Some(text) = line.strip_prefix("data: ") {
                let changes = serde_json::from_str(text).unwrap();
                api::check_changes(&changes);
                return (id, changes);
            }
        }
    }

    /// The document of the next event in which something changes.
    fn next_change(&mut self) -> (String, Value) {
        loop {
            let (id, event) = self.next();
            let is_empty = |name: &str| event[name].as_array().is_none_or(Vec::is_empty);
            if !(is_empty("captures") && is_empty("deliveries")) {
                return (id, event);
            }
        }
    }
}

#[test]
fn what_changes_is_told_and_after_an_interruption_from_where_it_was() {
    let place = Place::new();
    let mut listener = place.listen(&["--ui", "--ui-port", "0"]);
    let page = Inspector::at(listener.ready["ui_url"].as_str().unwrap());
    let mut events = Events::open(&page, "/api/events");
    events.next();
    listener.post(&[], b"{\"n\":1}");
    let first = listener.next();
    let (cursor, told) = events.next_change();
    assert_eq!(told["captures"][0]["id"], first["id"]);
    drop(events);
    listener.post(&[], b"{\"n\":2}");
    let second = listener.next();
    let mut again = Events::open(&page, &format!("/api/events?cursor={cursor}"));
    let (_, told) = again.next_change();
    assert_eq!(told["captures"][0]["id"], second["id"]);
    assert_eq!(told["captures"].as_array().unwrap().len(), 1, "{told}");
    // An open stream does not hold up the end.
    send_signal(&listener.child, Signal::INT);
    assert_eq!(listener.wait().0, 0);
}

#[test]
fn an_open_stream_does_not_hold_up_the_end() {
    let place = some();
    let mut page = Inspector::start(&place, &[]);
    let mut events = Events::open(&page, "/api/events");
    events.next();
    let mut child = page.child.take().unwrap();
    send_signal(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn streams_are_bounded_and_a_place_is_free_again_once_one_ends() {
    let place = Place::new();
    let page = Inspector::start(&place, &[]);
    let mut open: Vec<Events> = (0..64)
        .map(|_| {
            let mut events = Events::open(&page, "/api/events");
            events.next();
            events
        })
        .collect();
    let bearer = format!("Bearer {}", page.token);
    let headers = [("host", page.address.as_str()), ("authorization", &bearer)];
    let refused = page.ask("GET /api/events", &headers);
    assert_eq!(refused.code(), (503, json!("busy")));
    // Other requests are answered meanwhile, and who leaves makes room.
    assert_eq!(page.get("/api/status").status, 200);
    open.pop();
    eventually("a place for another stream", || {
        let mut stream = page.send("GET /api/events", &headers);
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        &status == b"HTTP/1.1 200"
    });
}

#[test]
fn connections_on_which_nothing_happens_make_room() {
    let place = Place::new();
    let page = Inspector::start(&place, &[]);
    let mut events = Events::open(&page, "/api/events");
    events.next();
    let idle: Vec<TcpStream> = (0..300)
        .map(|_| TcpStream::connect(&page.address).unwrap())
        .collect();
    assert_eq!(page.get("/api/status").status, 200);
    // A stream is not idle, whatever it is silent about.
    let listener = place.listen(&[]);
    listener.post(&[], b"{}");
    events.next_change();
    drop(idle);
}

#[test]
fn bodies_are_bounded_all_together() {
    let place = Place::new();
    let page = Inspector::start(&place, &[]);
    let bearer = format!("Bearer {}", page.token);
    let length = (32 << 20).to_string();
    let headers = [
        ("host", page.address.as_str()),
        ("authorization", &bearer),
        ("content-type", "application/json"),
        ("content-length", &length),
    ];
    let half_sent: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut stream = page.send("POST /api/verify", &headers);
            stream.write_all(&vec![b' '; (32 << 20) - 1]).unwrap();
            stream
        })
        .collect();
    let asked = json!({"request": " ".repeat(1000)});
    eventually("a body for which there is no room", || {
        page.post("/api/verify", &asked).code() == (503, json!("body"))
    });
    assert_eq!(page.get("/api/status").status, 200);
    drop(half_sent);
    eventually("room for a body", || {
        page.post("/api/verify", &asked).code() == (400, json!("not_a_request"))
    });
}

impl Inspector {
    fn post(&self, path: &str, body: &Value) -> Answer {
        self.with_body("POST", path, body)
    }

    fn put(&self, path: &str, body: &Value) -> Answer {
        self.with_body("PUT", path, body)
    }

    fn with_body(&self, method: &str, path: &str, body: &Value) -> Answer {
        let (bearer, body) = (format!("Bearer {}", self.token), body.to_string());
        let length = body.len().to_string();
        let headers = [
            ("host", self.address.as_str()),
            ("authorization", &bearer),
            ("content-type", "application/json"),
            ("content-length", &length),
        ];
        let line = format!("{method} {path}");
        let mut stream = self.send(&line, &headers);
        stream.write_all(body.as_bytes()).unwrap();
        Answer::read(stream).described(&line)
    }
}

#[test]
fn a_capture_is_sent_again_and_recorded() {
    let place = some();
    let server = crate::support::Server::ok(2);
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/captures?q=verdict:valid").document();
    let path = format!(
        "/api/captures/{}/replay",
        list["captures"][0]["id"].as_str().unwrap()
    );
    let sent = page.post(&path, &json!({"to": server.url()})).document();
    assert_eq!(sent["delivery"]["outcome"], "delivered");
    assert!(
        sent["command"]
            .as_str()
            .unwrap()
            .starts_with("hookcli replay cap_")
    );
    let verbatim = server.request();
    page.post(&path, &json!({"to": server.url(), "resign": true}));
    let signed = server.request();
    let of = |request: &crate::support::Sent| request.header("stripe-signature").unwrap();
    assert_ne!(of(&verbatim), of(&signed));
    let stored = page.get("/api/deliveries").document();
    assert_eq!(stored["deliveries"].as_array().unwrap().len(), 2);
    // What is not to be sent is not.
    for (asked, code) in [
        (
            json!({"to": "http://192.0.2.1/"}),
            (409, json!("elsewhere")),
        ),
        (json!({"to": "nowhere"}), (400, json!("bad_request"))),
        (
            json!({"to": "3000", "resing": true}),
            (422, json!("bad_request")),
        ),
        (json!({}), (422, json!("bad_request"))),
    ] {
        assert_eq!(page.post(&path, &asked).code(), code, "{asked}");
    }
    let invalid = page.get("/api/captures?q=verdict:invalid").document();
    let id = invalid["captures"][0]["id"].as_str().unwrap();
    let refused = page.post(
        &format!("/api/captures/{id}/replay"),
        &json!({"to": server.url(), "resign": true}),
    );
    assert_eq!(refused.code(), (409, json!("unverified")));
}

#[test]
fn any_event_is_sent_and_an_edited_payload_is_held_against_its_schema() {
    let place = Place::new();
    let server = crate::support::Server::ok(2);
    let page = Inspector::start(&place, &[]);
    let types = page.get("/api/event-types").document();
    let known = place.run(&["events", "--json"]).documents();
    assert_eq!(types.as_array().unwrap().len(), known.len());
    let detail = page.get("/api/event-type?name=lead_captured").document();
    assert_eq!(detail["id"], "convocore/lead_captured");
    let check = |body: &str| {
        let asked = json!({"event": "convo/transcript.ready", "body": body});
        page.post("/api/validate", &asked).document()
    };
    assert!(check("{")["json_error"].is_string());
    assert_eq!(check("{}")["schema"]["valid"], false);
    let sent = page
        .post(
            "/api/send",
            &json!({"event": "lead_captured", "to": server.url()}),
        )
        .document();
    assert_eq!(sent["deliveries"][0]["outcome"], "delivered");
    let command = sent["command"].as_str().unwrap();
    assert!(
        command.starts_with("hookcli send convocore/lead_captured --url http"),
        "{command}"
    );
    let faulted = json!({"event": "lead_captured", "to": server.url(), "fault": "wrong_secret", "body": "{}"});
    let sent = page.post("/api/send", &faulted).document();
    assert_eq!(sent["deliveries"][0]["expectation"]["met"], false);
    assert_eq!(sent["deliveries"][0]["faults"], json!(["wrong_secret"]));
    for (asked, code) in [
        (json!({"event": "lead_capture", "to": "3000"}), 400),
        (
            json!({"event": "lead_captured", "to": "3000", "fault": "x"}),
            400,
        ),
        (
            json!({"event": "lead_captured", "to": "http://192.0.2.1/"}),
            409,
        ),
    ] {
        assert_eq!(page.post("/api/send", &asked).status, code, "{asked}");
    }
}

#[test]
fn a_delivery_is_retried_under_its_own_id() {
    let place = Place::new();
    let refuses: &[u8] = b"HTTP/1.1 503 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let server = crate::support::Server::answering(&[refuses, crate::support::OK]);
    let url = server.url();
    place
        .run(&[
            "send",
            "stripe/invoice.paid",
            "--secret",
            "s",
            "--url",
            &url,
        ])
        .expect(1);
    let place = place.with("HOOKCLI_SECRET_STRIPE", "s");
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/deliveries").document();
    let id = list["deliveries"][0]["id"].as_str().unwrap().to_owned();
    let retried = page
        .post(&format!("/api/deliveries/{id}/retry"), &json!({}))
        .document();
    assert_eq!(
        (&retried["id"], &retried["outcome"]),
        (&json!(id), &json!("delivered"))
    );
    let again = page.post(&format!("/api/deliveries/{id}/retry"), &json!({}));
    assert_eq!(again.code(), (409, json!("not_retried")));
    let stats = page.get("/api/deliveries/stats").document();
    assert_eq!(
        (&stats["attempts"], &stats["retries"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(stats["is_cut"], false);
}

#[test]
fn a_secret_can_be_tried_without_being_kept() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/captures?q=verdict:invalid").document();
    let path = format!(
        "/api/captures/{}/verification",
        list["captures"][0]["id"].as_str().unwrap()
    );
    let verdict =
        |secret: &str| page.post(&path, &json!({"secret": secret})).document()["verdict"].clone();
    assert_eq!(verdict("whsec_wrong"), "valid", "it was signed with that");
    assert_eq!(verdict("whsec_right"), "invalid");
    assert_eq!(page.get(&path).document()["verdict"], "invalid");
    let kept = place.all_bytes();
    assert!(crate::support::find(&kept, b"whsec_wrong").is_none());
}

/// What takes long to explain has a bound, and a secret has, too; the verdict is on all of it.
#[test]
fn a_long_request_is_verified_and_not_explained() {
    let place = Place::new();
    let page = Inspector::start(&place, &[]);
    let body = "a".repeat(2 << 20);
    let signed = "X-Hub-Signature-256: sha256=00";
    let request =
        format!("POST / HTTP/1.1\r\nHost: x\r\nX-GitHub-Event: push\r\n{signed}\r\n\r\n{body}");
    let verify = |request: &str, secret: &str| {
        let asked = json!({"request": request, "provider": "github", "secret": secret});
        page.post("/api/verify", &asked)
    };
    let long = verify(&request, "s").document();
    assert_eq!(
        (&long["verdict"], &long["findings"]),
        (&json!("invalid"), &json!([]))
    );
    assert!(
        long["hints"]
            .to_string()
            .contains("not explained: use `hookcli verify`"),
        "{long}"
    );
    let short = verify(&request[..2000], "s").document();
    assert_eq!(short["findings"][0]["code"], "unexplained", "{short}");
    let refused = verify(&request[..2000], &"s".repeat(65 << 10));
    assert_eq!(refused.code(), (400, json!("bad_request")));
}

/// Who starts without a secret is told how to go on.
#[test]
fn without_a_secret_the_next_step_is_said() {
    let place = Place::new();
    let mut listener = place.listen(&["--ui", "--ui-port", "0"]);
    let page = Inspector::at(listener.ready["ui_url"].as_str().unwrap());
    for (flags, wanted) in [
        (&[][..], "--test-secret"),
        (&["--secret", "another"], "set HOOKCLI_SECRET_STRIPE"),
    ] {
        let send = [
            "send",
            "stripe/invoice.paid",
            "--url",
            &listener.url,
            "--no-store",
        ];
        place.run(&[&send[..], flags].concat()).expect(0);
        let id = listener.next()["id"].as_str().unwrap().to_owned();
        let verified = page
            .get(&format!("/api/captures/{id}/verification"))
            .document();
        let hint = verified["hints"][0].as_str().unwrap();
        assert!(hint.contains(wanted), "{hint}");
    }
}

#[test]
fn a_request_from_elsewhere_is_verified_and_kept_nowhere() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let curl = place.run(&[
        "captures",
        "export",
        "provider:stripe verdict:valid",
        "--format",
        "curl",
    ]);
    let request = curl.expect(0).stdout;
    let verify = |asked: Value| page.post("/api/verify", &asked);
    let found = verify(json!({"request": request})).document();
    assert_eq!(
        (&found["verdict"], &found["provider"], &found["event"]),
        (&json!("valid"), &json!("stripe"), &json!("invoice.paid"))
    );
    let found = verify(json!({"request": request, "secret": "whsec_pasted"})).document();
    assert_eq!(found["verdict"], "invalid");
    let named = verify(json!({"request": request, "provider": "github"})).document();
    assert_eq!(named["provider"], "github");
    let nobody = "POST / HTTP/1.1\r\nhost: localhost\r\n\r\n{}";
    let unknown = verify(json!({"request": nobody})).document();
    assert!(unknown["provider"].is_null(), "{unknown}");
    for (asked, code) in [
        (json!({"request": "nonsense"}), "not_a_request"),
        (
            json!({"request": nobody, "provider": "nobody"}),
            "bad_request",
        ),
        (
            json!({"request": nobody, "file": "/etc/passwd"}),
            "bad_request",
        ),
        (
            json!({"request": "curl http://localhost/ -d @/etc/passwd"}),
            "not_a_request",
        ),
    ] {
        let answer = verify(asked);
        assert_eq!(answer.document()["error"]["code"], code, "{}", answer.head);
    }
    let kept = place.all_bytes();
    assert!(crate::support::find(&kept, b"whsec_pasted").is_none());
}

#[test]
fn a_fixture_is_signed_with_the_test_secret_and_the_same_each_time() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    for query in ["provider:stripe", "provider:convocore"] {
        let list = page.get(&format!("/api/captures?q={query}")).document();
        let id = list["captures"][0]["id"].as_str().unwrap();
        let path = format!("/api/captures/{id}/export?format=json&test_secret=true");
        let fixture = page.get(&path);
        assert_eq!(fixture.body, page.get(&path).body);
        let file = place.path("fixture.json");
        std::fs::write(&file, &fixture.body).unwrap();
        let file = file.to_str().unwrap();
        let words = ["verify", "--request", file, "--test-secret"];
        place.run(&words).expect(0);
        let words = ["captures", "export", id, "--test-secret"];
        let exported = place.run(&words).expect(0).stdout;
        assert_eq!(exported.as_bytes(), fixture.body);
        assert!(!exported.contains("the-workspace-secret"), "{exported}");
    }
}

#[test]
fn captures_are_removed_once_their_number_is_agreed_to() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let mut events = Events::open(&page, "/api/events");
    events.next();
    let remove = |asked: Value| page.post("/api/captures/remove", &asked);
    let asked = remove(json!({"q": "provider:stripe"})).document();
    assert_eq!(
        (&asked["error"]["code"], &asked["error"]["count"]),
        (&json!("confirm"), &json!(2))
    );
    let other = remove(json!({"q": "provider:stripe", "count": 3}));
    assert_eq!(other.code(), (409, json!("confirm")));
    assert_eq!(
        remove(json!({"q": "stauts:4", "count": 0})).code(),
        (400, json!("invalid_query"))
    );
    let removed = remove(json!({"q": "provider:stripe", "count": 2})).document();
    assert_eq!(removed["removed"], 2);
    let (_, told) = events.next();
    assert_eq!(told["pruned"], true, "once for all of them");
    let left = page.get("/api/captures").document();
    let id = left["captures"][0]["id"].as_str().unwrap();
    assert_eq!(
        remove(json!({"ids": [id], "count": 1})).document()["removed"],
        1
    );
    assert_eq!(events.next().1["pruned"], true);
    // Another process removes some, too.
    place.listen(&[]).post(&[], b"{}");
    while events.next().1["captures"] == json!([]) {}
    place.run(&["captures", "rm", "--all", "--yes"]).expect(0);
    while events.next().1["pruned"] != true {}
}

#[test]
fn a_listener_beside_is_counted_and_answers_as_it_is_told() {
    let place = Place::new();
    let mut listener = place.listen(&["--ui", "--ui-port", "0"]);
    let page = Inspector::at(listener.ready["ui_url"].as_str().unwrap());
    listener.post(&[], b"{}");
    listener.next();
    let rules = json!({"rules": [{"respond": "503", "path": "/x*"}, {"respond": "418"}]});
    assert_eq!(
        page.put("/api/rules", &rules).document()["rules"][1]["respond"],
        "418"
    );
    assert_eq!(page.get("/api/rules").document(), rules);
    assert_eq!(listener.post(&[], b"{}"), 418);
    listener.next();
    for wrong in [
        json!({"rules": [{"respond": "x"}]}),
        json!({"rules": [{"respnd": "500"}]}),
    ] {
        assert_eq!(page.put("/api/rules", &wrong).status, 400, "{wrong}");
    }
    assert_eq!(
        listener.post(&[], b"{}"),
        418,
        "what is wrong changes nothing"
    );
    listener.next();
    page.put("/api/rules", &json!({"rules": null}));
    assert_eq!(listener.post(&[], b"{}"), 200);
    listener.next();
    let metrics = String::from_utf8(page.get("/metrics").body).unwrap();
    for line in [
        "# TYPE hookcli_requests_total counter\nhookcli_requests_total 4\n",
        "hookcli_verdicts_total{verdict=\"unchecked\"} 4\n",
        "hookcli_responses_total{provider=\"\",event=\"\",verdict=\"unchecked\",status=\"418\"} 2\n",
        "# TYPE hookcli_response_seconds histogram\n",
        "hookcli_response_seconds_bucket{le=\"+Inf\"} 4\n",
        "hookcli_response_seconds_count 4\n",
        "# TYPE hookcli_pending_forwards gauge\n",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    // Over a store alone there is no one to answer.
    let alone = Inspector::start(&place, &[]);
    assert_eq!(alone.get("/api/rules").code(), (404, json!("not_found")));
    assert_eq!(alone.get("/metrics").status, 200);
}

/// A file that changes does not silently undo what was set in the page; that goes back to what the file says then.
#[test]
fn rules_of_the_page_stay_until_they_are_given_up() {
    let place = Place::new();
    let file = place.write("hookcli.toml", "[[listen.rule]]\nrespond = \"202\"\n");
    let mut listener = place.listen(&["--ui", "--ui-port", "0"]);
    let page = Inspector::at(listener.ready["ui_url"].as_str().unwrap());
    assert_eq!(listener.post(&[], b"{}"), 202);
    page.put("/api/rules", &json!({"rules": [{"respond": "418"}]}));
    std::fs::write(&file, "[[listen.rule]]\nrespond = \"503\"\n# changed\n").unwrap();
    let mut told = String::new();
    while !told.contains("reloaded the rules") {
        told = listener.next_note();
    }
    assert!(
        told.contains("those that were set in the inspector stay"),
        "{told}"
    );
    assert_eq!(listener.post(&[], b"{}"), 418);
    page.put("/api/rules", &json!({"rules": null}));
    assert_eq!(listener.post(&[], b"{}"), 503);
}

#[test]
fn a_capture_is_written_for_other_tools_and_compared() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/captures").document();
    let id = |index: usize| list["captures"][index]["id"].as_str().unwrap().to_owned();
    let curl = page.get(&format!("/api/captures/{}/export?format=curl", id(0)));
    let text = String::from_utf8(curl.body.clone()).unwrap();
    assert!(
        text.starts_with("curl ") && !text.contains("the-workspace-secret"),
        "{text}"
    );
    assert_eq!(
        page.get(&format!("/api/captures/{}/export?format=xml", id(0)))
            .status,
        400
    );
    let all = page.get("/api/captures/export?format=json&q=provider:stripe");
    assert_eq!(String::from_utf8(all.body).unwrap().lines().count(), 2);
    let several = page.get("/api/captures/export?format=go");
    assert_eq!(several.code(), (400, json!("bad_request")));
    let diff = page
        .get(&format!("/api/captures/{}/diff", id(1)))
        .document();
    assert_eq!(
        (&diff["one"], &diff["other"]),
        (&json!(id(2)), &json!(id(1)))
    );
    assert_eq!(diff["facts"][0]["name"], "verdict");
    let alone = page.get(&format!("/api/captures/{}/diff", id(2)));
    assert_eq!(alone.code(), (404, json!("not_found")));
    let with = page
        .get(&format!("/api/captures/{}/diff?with={}", id(2), id(0)))
        .document();
    assert_eq!(with["same"], false);
}

#[test]
fn deliveries_have_their_attempts() {
    let place = Place::new();
    let server = crate::support::Server::ok(1);
    place
        .run(&[
            "send",
            "stripe/invoice.paid",
            "--secret",
            "s",
            "--url",
            &server.url(),
        ])
        .expect(0);
    let page = Inspector::start(&place, &[]);
    let list = page.get("/api/deliveries?q=outcome:delivered").document();
    let id = list["deliveries"][0]["id"].as_str().unwrap();
    let shown = page.get(&format!("/api/deliveries/{id}")).document();
    assert_eq!(shown["attempts"][0]["status"], 200);
    assert_eq!(shown["request"]["event"], "invoice.paid");
    assert_eq!(page.get("/api/status").document()["pending"], json!([]));
    let stats = page.get("/api/deliveries/stats").document();
    let outcomes = json!([{"provider": "stripe", "event": "invoice.paid", "delivered": 1, "failed": 0, "open": 0}]);
    assert_eq!(stats["by_event"], outcomes);
    assert_eq!(stats["timeline"].as_array().unwrap().len(), 40);
    assert_eq!(stats["timeline"][0]["deliveries"], 1);
    let nothing = page
        .get("/api/deliveries/stats?q=provider:nobody")
        .document();
    assert_eq!(nothing["timeline"], json!([]));
}

#[test]
fn what_needs_the_inspector_says_so() {
    let place = Place::new();
    let refused = place
        .run(&["listen", "--ui", "--no-store", "--port", "0"])
        .expect(2);
    assert!(
        refused.stderr.contains("without --no-store"),
        "{}",
        refused.page()
    );
    let page = Inspector::start(&place, &[]);
    let port = page.address.split(':').next_back().unwrap();
    let taken = place.run(&["ui", "--ui-port", port]).expect(4);
    assert!(taken.stderr.contains("use --ui-port 0"), "{}", taken.page());
    for words in [
        &["--open"][..],
        &["--new-token"],
        &["--ui-host", "x"],
        &["--ui-bind", "0.0.0.0"],
        &["--behind-proxy"],
    ] {
        let refused = place
            .run(&[&["listen", "--port", "0"], words].concat())
            .expect(2);
        assert!(
            refused.stderr.contains("add --ui"),
            "{words:?}: {}",
            refused.page()
        );
    }
}

/// Beyond this machine the token goes encrypted, and only to names that are known.
#[test]
fn another_address_needs_tls_or_a_proxy_that_speaks_it() {
    let place = Place::new();
    for (words, wanted) in [
        (&["--ui-bind", "0.0.0.0"][..], "unencrypted"),
        (&["--ui-bind", "::"], "--behind-proxy"),
        (
            &["--ui-bind", "0.0.0.0", "--behind-proxy"],
            "add --ui-host NAME",
        ),
        (&["--behind-proxy"], "add --ui-host NAME"),
        (
            &["--ui-cert", "missing.pem", "--ui-key", "missing.pem"],
            "missing.pem",
        ),
        (&["--ui-cert", "missing.pem"], "--ui-key"),
        (&["--ui-bind", "localhost"], "--ui-bind"),
        (&["--ui-host", ""], "invalid host name"),
        (&["--ui-host", "*"], "invalid host name"),
        (&["--ui-host", "a b"], "invalid host name"),
        (&["--ui-host", "dev.test:80"], "invalid host name"),
        (&["--ui-host", "http://dev.test/#x"], "invalid host name"),
    ] {
        let fixed = ["ui", "--ui-port", "0"];
        let refused = place.run(&[&fixed[..], words].concat()).expect(2);
        assert!(
            refused.stderr.contains(wanted),
            "{words:?}: {}",
            refused.page()
        );
    }
    let certified =
        rcgen::generate_simple_self_signed(vec!["dev.test".to_owned(), "localhost".to_owned()]);
    let certified = certified.unwrap();
    let certificate = place.write("own.pem", certified.cert.pem());
    let certificate = certificate.to_str().unwrap();
    let key = place.write("own.key", certified.signing_key.serialize_pem());
    let words = [
        "--ui-bind",
        "0.0.0.0",
        "--ui-host",
        "dev.test",
        "--ui-cert",
        certificate,
        "--ui-key",
        key.to_str().unwrap(),
    ];
    let page = Inspector::start(&place, &words);
    assert!(
        page.address.starts_with("https://dev.test:"),
        "{}",
        page.address
    );
    let url = page.address.replace("dev.test", "localhost") + "/api/status";
    let bearer = format!("authorization: Bearer {}", page.token);
    let ask = |more: &[&str]| {
        let fixed = [
            "send",
            "gaife/message",
            "--url",
            &url,
            "--cacert",
            certificate,
            "--method",
            "GET",
            "--no-store",
        ];
        place.run(&[&fixed[..], more].concat())
    };
    ask(&["-H", &bearer]).expect(0);
    ask(&["--expect-status", "401"]).expect(0);
    ask(&[
        "-H",
        &bearer,
        "-H",
        "host: elsewhere.test",
        "--expect-status",
        "403",
    ])
    .expect(0);
    // Behind a proxy it speaks plain HTTP, under the proxy's name and scheme.
    let page = Inspector::start(&place, &["--behind-proxy", "--ui-host", "hooks.test"]);
    assert_eq!(page.address, "https://hooks.test");
}

/// Every answer of these tests is held against the document; here are those that no other test asks for.
#[test]
fn the_api_is_described_by_a_document() {
    let place = some();
    let page = Inspector::start(&place, &[]);
    let served = page.get("/api/openapi.json").document();
    let written = include_str!("../src/inspector/openapi.json");
    assert_eq!(served, serde_json::from_str::<Value>(written).unwrap());
    assert_eq!(served["openapi"], "3.1.0");
    for path in [
        "/api/fields",
        "/api/faults",
        "/api/event-types",
        "/api/destinations",
        "/api/status",
    ] {
        assert_eq!(page.get(path).status, 200, "{path}");
    }
    // Bytes that are no text have their own form in headers and bodies.
    let mut listener = place.listen(&[]);
    listener.raw(b"POST / HTTP/1.1\r\nHost: x\r\nX-Odd: \xff\xfe\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\xff\xfe");
    let id = listener.next()["id"].as_str().unwrap().to_owned();
    let shown = page.get(&format!("/api/captures/{id}")).document();
    assert_eq!(shown["body_base64"], "//4=");
    assert_eq!(shown["headers"][1][1]["base64"], "//4=");
}
