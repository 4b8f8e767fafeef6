//! Providers' own APIs, played: as a client meets them, and as a test suite drives them.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{
    Listener, OK, PATIENCE, Place, Sent, Server, Signal, hmac_hex, read_all, send_signal,
};

/// A running emulator.
struct Emulator {
    listener: Listener,
}

/// What it answered.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}\n{}", self.head, self.body))
    }

    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }
}

impl Emulator {
    fn start(place: &Place, words: &[&str]) -> Self {
        let fixed = ["emulate", "--port", "0", "--json"];
        let command = place.command(&[&fixed[..], words].concat());
        Self {
            listener: Listener::start(command),
        }
    }

    fn address(&self, provider: &str) -> String {
        let url = self.listener.ready["urls"][provider].as_str().unwrap();
        url.strip_prefix("http://").unwrap().to_owned()
    }

    fn ask(&self, provider: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let address = self.address(provider);
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head = format!(
            "{line} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        if !headers.iter().any(|(name, _)| *name == "host") {
            head += &format!("host: {address}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .unwrap();
        let answer = read_all(&mut stream);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head[9..12].parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// As a client with a key.
    fn api(&self, provider: &str, line: &str, body: &Value) -> Answer {
        let key = match provider {
            "convo" => "Bearer convo_key",
            _ => "Bearer sk_test_key",
        };
        let headers = [("authorization", key), ("content-type", "application/json")];
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.ask(provider, line, &headers, &body)
    }

    /// As a test suite.
    fn control(&self, provider: &str, line: &str, body: &Value) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let headers = [
            ("x-hookcli-control", "1"),
            ("content-type", "application/json"),
        ];
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let line = format!("{method} /_hookcli{path}");
        self.ask(provider, &line, &headers, &body)
    }

    fn publish(&self, provider: &str, event: &str) -> Value {
        self.control(provider, "POST /events", &json!({ "event": event }))
            .expect(202)
            .json()
    }

    /// Lets time go by, and says how many attempts that were.
    fn advance(&self, provider: &str, by: &str) -> u64 {
        let advanced = self.control(provider, "POST /clock", &json!({ "advance": by }));
        advanced.expect(200).json()["attempts"].as_u64().unwrap()
    }

    /// Until nothing is due and nothing under way.
    fn settle(&self, provider: &str) {
        self.control(provider, "POST /settle", &Value::Null)
            .expect(204);
    }

    fn deliveries(&self, provider: &str) -> Vec<Value> {
        let listed = self.control(provider, "GET /deliveries", &Value::Null);
        listed.expect(200).json()["deliveries"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// A subscription to all of Stripe's events, and its secret.
    fn stripe(&self, url: &str) -> (String, String) {
        let body = json!({ "url": url, "enabled_events": ["*"] });
        let made = self
            .api("stripe", "POST /v1/webhook_endpoints", &body)
            .expect(200)
            .json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("secret"))
    }
}

/// A provider that disables a webhook which is gone.
const ACME: &str = r#"
name = "acme"

[sources]
guide = { title = "Guide", date = "2026-11-27" }

[request]
documented = "guide"
content_type = "application/json"

[body]
documented = "guide"
event = { path = "/type" }
idempotency_key = ["digest"]

[delivery]
documented = "guide"
timeout = "10s"
success = ["2xx"]

[management]
documented = "guide"
authentication = { accepts = ["bearer"] }
ids = { subscription = "hook_{alnum:8}" }
states = { active = "on", paused = "waiting", disabled = "off" }
disable = { on_status = ["410"] }

[management.fields.url]
at = "/url"
type = "url"
required = true

[management.fields.events]
at = "/events"
type = "events"
required = true

[management.routes]
"POST /hooks" = "create"
"GET /hooks/{id}" = "show"
"POST /hooks/{id}/pause" = "pause"
"POST /hooks/{id}/resume" = "resume"

[management.shapes]
subscription = '{"id": "$id", "state": "$state"}'

[event."order.paid"]
category = "Orders"
documented = "guide"
description = "An order was paid."
"#;

const FAILED: &[u8] = b"HTTP/1.1 500 Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const GONE: &[u8] = b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Whether a request is signed with that secret, as Stripe does.
#[track_caller]
fn check_stripe(sent: &Sent, secret: &str) {
    let header = sent.header("stripe-signature").unwrap();
    let part = |name: &str| -> Vec<&str> {
        let parts = header.split(',').map(|part| part.split_once('=').unwrap());
        parts
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value)
            .collect()
    };
    let mut signed = format!("{}.", part("t")[0]).into_bytes();
    signed.extend_from_slice(&sent.body);
    let expected = hmac_hex(secret.as_bytes(), &signed);
    assert!(part("v1").contains(&expected.as_str()), "{header}");
}

#[test]
fn convo_is_played_as_it_is_documented() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["convo"]);
    let receiver = Server::ok(2);
    let hooks = "/api/v1/webhooks";
    let wanted = json!({ "url": receiver.url(), "events": ["transcript.ready"] });
    let made = emulator
        .api("convo", &format!("POST {hooks}"), &wanted)
        .expect(201)
        .json();
    let data = &made["data"];
    let (id, secret) = (
        data["id"].as_str().unwrap(),
        data["secret"].as_str().unwrap(),
    );
    assert!(
        id.starts_with("wh_") && secret.starts_with("whsec_"),
        "{made}"
    );
    assert_eq!(data["url"], receiver.url());
    assert_eq!(data["events"], json!(["transcript.ready"]));
    // The secret is shown once.
    let listed = emulator
        .api("convo", &format!("GET {hooks}"), &Value::Null)
        .expect(200);
    assert!(!listed.body.contains(secret));
    assert_eq!(listed.json()["data"][0]["id"], id);
    // The test event comes signed with it.
    emulator
        .api("convo", &format!("POST {hooks}/{id}/test"), &Value::Null)
        .expect(200);
    let sent = receiver.request();
    assert_eq!(sent.header("x-convo-event").unwrap(), "webhook.test");
    let signature = sent.header("x-convo-signature").unwrap();
    assert_eq!(signature, hmac_hex(secret.as_bytes(), &sent.body));
    // Events that it wants come, others do not.
    let published = emulator.publish("convo", "conversation.created");
    assert_eq!(published["deliveries"], json!([]));
    emulator.publish("convo", "convo/transcript.ready");
    let sent = receiver.request();
    assert_eq!(sent.json()["event"], "transcript.ready");
    // It cannot be changed, only deleted.
    let change = emulator.api("convo", &format!("PATCH {hooks}/{id}"), &json!({}));
    assert!([404, 405].contains(&change.status));
    emulator
        .api("convo", &format!("DELETE {hooks}/{id}"), &Value::Null)
        .expect(200);
    emulator
        .api("convo", &format!("DELETE {hooks}/{id}"), &Value::Null)
        .expect(404);
    assert_eq!(
        emulator.publish("convo", "transcript.ready")["deliveries"],
        json!([])
    );
    assert!(receiver.nothing_more());
}

#[test]
fn bad_input_gets_the_providers_own_error_and_leaves_nothing_half_made() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["convo", "stripe", "github", "svix"]);
    let convo = |body: &Value| emulator.api("convo", "POST /api/v1/webhooks", body);
    let good = "http://127.0.0.1:9/hook";
    for (body, field) in [
        (json!({}), "url"),
        (json!({ "url": good }), "events"),
        (json!({ "url": good, "events": [] }), "events"),
        (json!({ "url": good, "events": ["nope"] }), "events"),
        (
            json!({ "url": good, "events": "transcript.ready" }),
            "events",
        ),
        (
            json!({ "url": "nope", "events": ["transcript.ready"] }),
            "url",
        ),
        (json!({ "url": 7, "events": ["transcript.ready"] }), "url"),
        (
            json!({ "url": "ftp://127.0.0.1/", "events": ["transcript.ready"] }),
            "url",
        ),
        (
            json!({ "url": "https://example.com/", "events": ["transcript.ready"] }),
            "url",
        ),
        (
            json!({ "url": "https://10.0.0.1/", "events": ["transcript.ready"] }),
            "url",
        ),
    ] {
        let refused = convo(&body).expect(400).json();
        assert_eq!(refused["error"]["field"], field, "{body} {refused}");
    }
    for text in ["", "[]", "7", "{", "\"x\""] {
        let key = [("authorization", "Bearer convo_key")];
        let refused = emulator.ask("convo", "POST /api/v1/webhooks", &key, text);
        assert_eq!(
            refused.expect(400).json()["error"]["code"],
            "validation_error"
        );
    }
    for key in ["", "Bearer other_key", "Basic convo_key", "convo_key"] {
        let headers = [("authorization", key)];
        let refused = emulator.ask("convo", "GET /api/v1/webhooks", &headers, "");
        assert_eq!(refused.expect(401).json()["error"]["code"], "unauthorized");
    }
    let listed = emulator.api("convo", "GET /api/v1/webhooks", &Value::Null);
    assert_eq!(listed.json()["data"], json!([]));
    // In the words of each.
    let stripe = emulator.api("stripe", "POST /v1/webhook_endpoints", &json!({}));
    let error = stripe.expect(400).json()["error"].clone();
    assert_eq!(
        (&error["type"], &error["param"], &error["code"]),
        (
            &json!("invalid_request_error"),
            &json!("url"),
            &json!("parameter_missing")
        )
    );
    let github = emulator.api("github", "POST /repos/o/r/hooks", &json!({ "config": {} }));
    let error = github.expect(422).json();
    assert_eq!(error["message"], "Validation Failed");
    assert_eq!(error["errors"][0]["code"], "missing_field");
    let svix = emulator.api("svix", "POST /api/v1/app", &json!({}));
    let error = svix.expect(422).json();
    assert_eq!(error["detail"][0]["loc"], json!(["body", "name"]));
    let app = json!({ "name": "A", "uid": "a" });
    emulator.api("svix", "POST /api/v1/app", &app).expect(201);
    let unusable = json!({ "url": good, "secret": "whsec_!!" });
    let refused = emulator.api("svix", "POST /api/v1/app/a/endpoint", &unusable);
    assert!(refused.expect(422).body.contains("base64"));
    let missing = emulator.api("svix", "GET /api/v1/app/none/endpoint", &Value::Null);
    assert_eq!(missing.expect(404).json()["code"], "not_found");
    // A key that opens a real account has no business here.
    let live = [("authorization", "Bearer sk_live_abcdefgh")];
    let refused = emulator.ask("stripe", "GET /v1/webhook_endpoints", &live, "");
    assert!(refused.body.contains("test key") && !refused.body.contains("sk_live"));
    assert_eq!(refused.status, 401);
    for (header, wrong) in [
        ("host", "evil.test"),
        ("origin", "http://evil.test"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let headers = [("authorization", "Bearer sk_test_x"), (header, wrong)];
        let refused = emulator.ask("stripe", "GET /v1/webhook_endpoints", &headers, "");
        refused.expect(403);
    }
}

#[test]
fn each_subscriber_gets_an_event_signed_with_its_own_secret() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let (one, other) = (Server::ok(1), Server::ok(1));
    let (_, secret_of_one) = emulator.stripe(&one.url());
    let (id_of_other, secret_of_other) = emulator.stripe(&other.url());
    assert_ne!(secret_of_one, secret_of_other);
    let path = format!("POST /v1/webhook_endpoints/{id_of_other}");
    let narrower = json!({ "enabled_events": ["invoice.paid"] });
    emulator.api("stripe", &path, &narrower).expect(200);
    let published = emulator.publish("stripe", "invoice.paid");
    assert_eq!(published["deliveries"].as_array().unwrap().len(), 2);
    let (to_one, to_other) = (one.request(), other.request());
    check_stripe(&to_one, &secret_of_one);
    check_stripe(&to_other, &secret_of_other);
    assert_eq!(to_one.body, to_other.body);
    assert_eq!(to_one.json()["id"], published["id"]);
    let published = emulator.publish("stripe", "charge.succeeded");
    assert_eq!(published["deliveries"].as_array().unwrap().len(), 1);
    // What the event told of is fetched as it stood there.
    let invoice = to_one.json()["data"]["object"].clone();
    let path = format!("GET /v1/invoices/{}", invoice["id"].as_str().unwrap());
    let fetched = emulator.api("stripe", &path, &Value::Null).expect(200);
    assert_eq!(fetched.json(), invoice);
    let path = format!("GET /v1/events/{}", published["id"].as_str().unwrap());
    let event = emulator
        .api("stripe", &path, &Value::Null)
        .expect(200)
        .json();
    assert_eq!(event["type"], "charge.succeeded");
    emulator
        .api("stripe", "GET /v1/invoices/in_none", &Value::Null)
        .expect(404);
}

#[test]
fn retries_go_out_as_time_goes_by() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["agentclara"]);
    // The test event on subscribing, and four attempts: at once, after 5 s, 5 min and 30 min.
    let receiver = Server::answering(&[OK, FAILED, FAILED, FAILED, OK]);
    let wanted = json!({ "url": receiver.url(), "events": ["message.received"] });
    emulator
        .api("agentclara", "POST /api/v1/webhooks", &wanted)
        .expect(201);
    assert_eq!(receiver.request().json()["event"], "webhook.test");
    emulator.settle("agentclara");
    emulator.publish("agentclara", "message.received");
    let first = receiver.request();
    emulator.settle("agentclara");
    assert_eq!(emulator.advance("agentclara", "4s"), 0);
    assert!(receiver.nothing_more());
    assert_eq!(emulator.advance("agentclara", "1s"), 1);
    assert_eq!(receiver.request().body, first.body);
    // What becomes due meanwhile goes out, one after the other as it would have.
    assert_eq!(emulator.advance("agentclara", "36m"), 2);
    let last = emulator.deliveries("agentclara").remove(0);
    assert_eq!(
        (&last["outcome"], &last["attempts"]),
        (&json!("delivered"), &json!(4))
    );
    assert_eq!(emulator.advance("agentclara", "100h"), 0);
}

#[test]
fn a_killed_emulator_goes_on_where_it_was() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let receiver = Server::answering(&[FAILED, OK, OK]);
    let (_, secret) = emulator.stripe(&receiver.url());
    emulator.publish("stripe", "invoice.paid");
    let first = receiver.request();
    emulator.settle("stripe");
    send_signal(&emulator.listener.child, Signal::KILL);
    drop(emulator);
    let emulator = Emulator::start(&place, &["stripe"]);
    assert_eq!(emulator.advance("stripe", "1h"), 1);
    let second = receiver.request();
    assert_eq!(second.body, first.body);
    check_stripe(&second, &secret);
    let shown = emulator.deliveries("stripe").remove(0);
    assert_eq!(
        (&shown["outcome"], &shown["attempts"]),
        (&json!("delivered"), &json!(2))
    );
    // The subscription is there, with the secret that it had.
    emulator.publish("stripe", "invoice.paid");
    check_stripe(&receiver.request(), &secret);
}

#[test]
fn an_attempt_that_may_have_been_made_is_unknown_and_repeated_with_the_same_id() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    emulator.stripe(&format!("http://127.0.0.1:{port}/hook"));
    emulator.publish("stripe", "invoice.paid");
    let (mut stream, _) = silent.accept().unwrap();
    let first = crate::support::read_request(&mut stream);
    send_signal(&emulator.listener.child, Signal::KILL);
    drop((emulator, stream, silent));
    let receiver = Server::on(port, &[OK]);
    let emulator = Emulator::start(&place, &["stripe"]);
    assert_eq!(emulator.advance("stripe", "1h"), 1);
    let second = receiver.request();
    let first = String::from_utf8(first).unwrap();
    assert!(first.contains(second.json()["id"].as_str().unwrap()));
    let id = emulator.deliveries("stripe").remove(0)["id"].clone();
    let shown = place.run(&["deliveries", "show", id.as_str().unwrap(), "--json"]);
    let attempts = shown.document()["attempts"].clone();
    assert_eq!(attempts[0]["error"]["code"], "unknown", "{attempts}");
    assert_eq!(attempts[1]["status"], 200);
}

#[test]
fn a_dead_or_slow_endpoint_delays_no_other() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    emulator.stripe(&format!("http://127.0.0.1:{port}/hook"));
    let receiver = Server::ok(40);
    emulator.stripe(&receiver.url());
    for _ in 0..40 {
        emulator.publish("stripe", "invoice.paid");
    }
    // All of them, while the other has answered none.
    for _ in 0..40 {
        receiver.request();
    }
    let until = Instant::now() + PATIENCE;
    loop {
        let asked = "GET /deliveries?q=is:pending&limit=100";
        let waiting = emulator.control("stripe", asked, &Value::Null).json();
        // The last one's result is about to be recorded.
        if waiting["deliveries"].as_array().unwrap().len() == 40 {
            break;
        }
        assert!(Instant::now() < until, "{waiting}");
        std::thread::yield_now();
    }
}

#[test]
fn a_rotated_secret_signs_beside_the_new_one_for_its_time() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["svix"]);
    let receiver = Server::ok(3);
    let svix = |line: &str, body: &Value| emulator.api("svix", line, body);
    svix("POST /api/v1/app", &json!({ "name": "App", "uid": "app" })).expect(201);
    let made = svix(
        "POST /api/v1/app/app/endpoint",
        &json!({ "url": receiver.url() }),
    );
    let made = made.expect(201);
    assert!(!made.body.contains("whsec_"));
    let endpoint = format!(
        "/api/v1/app/app/endpoint/{}",
        made.json()["id"].as_str().unwrap()
    );
    let key = || svix(&format!("GET {endpoint}/secret"), &Value::Null).json()["key"].clone();
    let old = key();
    let message = json!({ "eventType": "a.b", "payload": { "n": 1 } });
    let signatures = || {
        svix("POST /api/v1/app/app/msg", &message).expect(202);
        let header = receiver.request().header("svix-signature").unwrap();
        header.split(' ').count()
    };
    assert_eq!(signatures(), 1);
    svix(&format!("POST {endpoint}/secret/rotate"), &json!({})).expect(200);
    assert_ne!(key(), old);
    assert_eq!(signatures(), 2);
    emulator.advance("svix", "25h");
    assert_eq!(signatures(), 1);
}

#[test]
fn a_subscription_is_disabled_paused_and_resumed() {
    let place = Place::new();
    place.write("providers/acme/provider.toml", ACME);
    place.write(
        "providers/acme/samples/order.paid.json",
        "{\"type\":\"order.paid\"}",
    );
    let emulator = Emulator::start(&place, &["acme", "--provider-dir", "providers"]);
    let receiver = Server::answering(&[GONE, OK]);
    let wanted = json!({ "url": receiver.url(), "events": ["order.paid"] });
    let made = emulator
        .api("acme", "POST /hooks", &wanted)
        .expect(200)
        .json();
    let hook = format!("/hooks/{}", made["id"].as_str().unwrap());
    emulator.publish("acme", "order.paid");
    receiver.request();
    emulator.settle("acme");
    let shown = || {
        emulator
            .api("acme", &format!("GET {hook}"), &Value::Null)
            .json()["state"]
            .clone()
    };
    assert_eq!(shown(), "off");
    assert_eq!(
        emulator.publish("acme", "order.paid")["deliveries"],
        json!([])
    );
    emulator
        .api("acme", &format!("POST {hook}/resume"), &Value::Null)
        .expect(200);
    assert_eq!(shown(), "on");
    emulator.publish("acme", "order.paid");
    receiver.request();
    emulator
        .api("acme", &format!("POST {hook}/pause"), &Value::Null)
        .expect(200);
    assert_eq!(shown(), "waiting");
    assert_eq!(
        emulator.publish("acme", "order.paid")["deliveries"],
        json!([])
    );
}

#[test]
fn what_failed_is_sent_again_one_by_one_or_since_a_time() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["github", "svix"]);
    let receiver = Server::answering(&[OK, FAILED, OK]);
    let github = |line: &str, body: &Value| emulator.api("github", line, body);
    let config =
        json!({ "url": receiver.url(), "content_type": "json", "secret": "s3cret-of-the-hook" });
    let hook = github("POST /repos/o/r/hooks", &json!({ "config": config })).expect(201);
    assert!(!hook.body.contains("s3cret"));
    let hook = format!("/repos/o/r/hooks/{}", hook.json()["id"]);
    assert_eq!(receiver.request().header("x-github-event").unwrap(), "ping");
    emulator.publish("github", "push");
    let failed = receiver.request();
    emulator.settle("github");
    let listed = || github(&format!("GET {hook}/deliveries"), &Value::Null).json();
    let delivery = listed()[0].clone();
    assert_eq!(
        (&delivery["event"], &delivery["status_code"]),
        (&json!("push"), &json!(500))
    );
    let path = format!("{hook}/deliveries/{}", delivery["id"]);
    let shown = github(&format!("GET {path}"), &Value::Null)
        .expect(200)
        .json();
    assert_eq!(shown["request"]["payload"], failed.json());
    github(&format!("POST {path}/attempts"), &Value::Null).expect(202);
    let again = receiver.request();
    assert_eq!(again.body, failed.body);
    assert_eq!(
        again.header("x-github-delivery"),
        failed.header("x-github-delivery")
    );
    emulator.settle("github");
    assert_eq!(listed()[0]["redelivery"], true);
    // Another repository has its own.
    let others = github("GET /repos/o/other/hooks", &Value::Null);
    assert_eq!(others.expect(200).json(), json!([]));
}

#[test]
fn a_test_suite_resets_snapshots_and_restores() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let receiver = Server::ok(2);
    let (id, secret) = emulator.stripe(&receiver.url());
    emulator.publish("stripe", "invoice.paid");
    receiver.request();
    let taken = emulator
        .control("stripe", "GET /snapshot", &Value::Null)
        .expect(200);
    assert!(!taken.body.contains(&secret));
    let revealed = emulator.control("stripe", "GET /snapshot?reveal=true", &Value::Null);
    let revealed = revealed.expect(200).json();
    emulator
        .control("stripe", "POST /reset", &Value::Null)
        .expect(204);
    assert_eq!(emulator.deliveries("stripe"), Vec::<Value>::new());
    let show = || {
        emulator.api(
            "stripe",
            &format!("GET /v1/webhook_endpoints/{id}"),
            &Value::Null,
        )
    };
    show().expect(404);
    // Without its secret it cannot be put back where it is gone.
    let refused = emulator.control("stripe", "PUT /snapshot", &taken.json());
    assert!(refused.expect(422).body.contains("reveal"));
    emulator
        .control("stripe", "PUT /snapshot", &revealed)
        .expect(204);
    show().expect(200);
    emulator.publish("stripe", "invoice.paid");
    check_stripe(&receiver.request(), &secret);
    // Where it is there, it keeps the one that it has.
    emulator
        .control("stripe", "PUT /snapshot", &taken.json())
        .expect(204);
    show().expect(200);
    let mut twice = revealed.clone();
    let first = twice["records"][0].clone();
    twice["records"].as_array_mut().unwrap().push(first);
    for wrong in [
        twice,
        json!({}),
        json!({ "version": 9, "provider": "stripe", "records": [] }),
        json!({ "version": 1, "provider": "github", "records": [] }),
    ] {
        let refused = emulator.control("stripe", "PUT /snapshot", &wrong);
        refused.expect(422);
    }
    show().expect(200);
}

#[test]
fn only_who_sends_the_header_controls_it() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["convo"]);
    for line in [
        "GET /deliveries",
        "GET /snapshot?reveal=true",
        "POST /reset",
        "POST /clock",
        "GET /events",
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        let line = format!("{method} /_hookcli{path}");
        let refused = emulator.ask("convo", &line, &[], "{}");
        assert!(refused.expect(403).body.contains("X-Hookcli-Control"));
        let foreign = [("x-hookcli-control", "1"), ("origin", "http://evil.test")];
        emulator.ask("convo", &line, &foreign, "{}").expect(403);
        let rebound = [("x-hookcli-control", "1"), ("host", "evil.test")];
        emulator.ask("convo", &line, &rebound, "{}").expect(403);
    }
    let health = emulator
        .ask("convo", "GET /_hookcli/health", &[], "")
        .expect(200);
    assert_eq!(health.json()["status"], "ok");
    for wrong in ["", "1", "-5m", "900d", "later"] {
        let clock = emulator.control("convo", "POST /clock", &json!({ "advance": wrong }));
        clock.expect(422);
    }
    emulator
        .control("convo", "GET /nothing", &Value::Null)
        .expect(404);
}

#[test]
fn what_monitoring_asks_for_is_counted() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["gaife"]);
    let receiver = Server::answering(&[FAILED, OK]);
    let wanted = json!({ "channel": "API", "usecase": "WORKFLOW_EXECUTION", "config": { "workflow_id": "123", "callback_url": receiver.url() } });
    let made = emulator
        .api("gaife", "POST /api/v1/conversations", &wanted)
        .expect(201);
    let id = made.json()["id"].clone();
    // Events of a conversation name it.
    emulator.publish("gaife", "message");
    assert_eq!(receiver.request().json()["conversation_id"], id);
    emulator.settle("gaife");
    assert_eq!(emulator.advance("gaife", "4s"), 1);
    let metrics = emulator
        .ask("gaife", "GET /_hookcli/metrics", &[], "")
        .expect(200)
        .body;
    for line in [
        "hookcli_emulator_delivered_total{provider=\"gaife\"} 1",
        "hookcli_emulator_attempts_total{provider=\"gaife\"} 2",
        "hookcli_emulator_retries_total{provider=\"gaife\"} 1",
        "hookcli_emulator_success_ratio{provider=\"gaife\"} 1",
        "hookcli_emulator_errors_total{provider=\"gaife\",kind=\"status_5xx\"} 1",
        "hookcli_emulator_response_seconds_count{provider=\"gaife\"} 2",
        "hookcli_emulator_processing_seconds_count{provider=\"gaife\"} 1",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    // The limit's state is in the answers about it: 100 a minute, of which two are used, or one by now.
    let path = format!("GET /api/v1/conversations/{}", id.as_str().unwrap());
    let head = emulator
        .api("gaife", &path, &Value::Null)
        .head
        .to_lowercase();
    assert!(head.contains("x-ratelimit-limit: 100"), "{head}");
    assert!(head.contains("x-ratelimit-remaining: 9"), "{head}");
}

/// Plays a provider's scenario to a receiver of all its events, and returns what happened; they may arrive in another order.
fn played(provider: &str, name: &str, seed: u64) -> Vec<Value> {
    let place = Place::new();
    let emulator = Emulator::start(&place, &[provider, "--speed", "100000x"]);
    let mut receiver = place.listen(&["--no-store"]);
    let url = format!("{}/hook", receiver.url);
    let events = place.run(&["events", "--provider", provider, "--json"]);
    let names: Vec<Value> = events
        .documents()
        .iter()
        .map(|event| json!(event["event"].as_str().unwrap()))
        .collect();
    let (line, body) = match provider {
        "gaife" => (
            "POST /api/v1/conversations",
            json!({ "channel": "API", "usecase": "x", "config": { "callback_url": url } }),
        ),
        _ => (
            "POST /api/v1/webhooks",
            json!({ "url": url, "events": names }),
        ),
    };
    emulator.api(provider, line, &body).expect(201);
    emulator.settle(provider);
    let asked = json!({ "name": name, "seed": seed });
    let answer = emulator.control(provider, "POST /scenario", &asked);
    let published = answer.expect(200).json();
    emulator.settle(provider);
    let published = published["events"].as_array().unwrap().clone();
    let mut got = 0;
    while got < published.len() {
        let request = receiver.next();
        assert_eq!(request["schema"]["valid"], true, "{request}");
        got += usize::from(request["event"] != "webhook.test");
    }
    let payloads = published.iter().map(|one| one["payload"].clone());
    payloads.collect()
}

#[test]
fn each_seed_has_its_scenario() {
    let at = |payload: &Value, path: &str| payload.pointer(path).unwrap().clone();
    let gaife = played("gaife", "message", 1);
    assert_eq!(at(&gaife[0], "/data/status"), "RECEIVED");
    assert_eq!(at(&gaife[1], "/data/status"), "PROCESSED");
    assert_eq!(at(&gaife[0], "/data/id"), at(&gaife[1], "/data/id"));
    assert_eq!(
        at(&gaife[0], "/conversation_id"),
        at(&gaife[1], "/conversation_id")
    );
    let failed = played("gaife", "failure", 1);
    assert_eq!(at(&failed[1], "/data/status"), "FAILED");
    let clara = played("agentclara", "booking", 1);
    let events: Vec<Value> = clara.iter().map(|one| at(one, "/event")).collect();
    assert_eq!(
        events,
        [
            "conversation.created",
            "message.received",
            "appointment.booked",
            "conversation.closed"
        ]
    );
    for one in &clara {
        assert_eq!(
            at(one, "/data/conversation_id"),
            at(&clara[0], "/data/conversation_id")
        );
    }
    let sphere = played("convosphere", "message", 1);
    assert_eq!(at(&sphere[1], "/type"), "message.completed");
    assert_eq!(
        at(&sphere[0], "/data/threadId"),
        at(&sphere[1], "/data/threadId")
    );
    let convo = played("convo", "transcript", 1);
    assert_eq!(convo.len(), 3);
    for one in &convo {
        assert_eq!(
            at(one, "/data/conversationId"),
            at(&convo[0], "/data/conversationId")
        );
    }
    // Convocore's own agents send a lead and a form; those of VoiceFlow are refused both.
    let core = played("convocore", "lead", 1);
    let events: Vec<Value> = core.iter().map(|one| at(one, "/type")).collect();
    assert_eq!(
        events,
        ["message_received", "lead_captured", "form_submitted"]
    );
    // The same seed makes the same ids.
    let again = played("agentclara", "booking", 1);
    assert_eq!(
        at(&again[0], "/data/conversation_id"),
        at(&clara[0], "/data/conversation_id")
    );
    let other = played("agentclara", "booking", 2);
    assert_ne!(
        at(&other[0], "/data/conversation_id"),
        at(&clara[0], "/data/conversation_id")
    );
}

#[test]
fn beyond_this_machine_everything_needs_the_token() {
    let refused = Place::new().run(&["emulate", "convo", "--port", "0", "--bind", "0.0.0.0"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("HOOKCLI_EMULATOR_TOKEN"),
        "{}",
        refused.stderr
    );
    let short = Place::new().with("HOOKCLI_EMULATOR_TOKEN", "short");
    assert_eq!(short.run(&["emulate", "convo", "--port", "0"]).code, 2);
    let token = "a-token-of-the-team-1234";
    let place = Place::new().with("HOOKCLI_EMULATOR_TOKEN", token);
    let emulator = Emulator::start(&place, &["convo"]);
    let ask = |line: &str, key: &str| {
        let headers = [("authorization", key), ("x-hookcli-control", "1")];
        emulator.ask("convo", line, &headers, "").status
    };
    for line in [
        "GET /api/v1/webhooks",
        "GET /_hookcli/health",
        "GET /_hookcli/metrics",
        "GET /_hookcli/deliveries",
    ] {
        for key in [
            "",
            "Bearer convo_key",
            "Bearer a-token-of-the-team-123",
            "Bearer convo_a-token-of-the-team-12345",
        ] {
            assert_eq!(ask(line, key), 401, "{line} {key}");
        }
        assert_eq!(ask(line, &format!("Bearer convo_{token}")), 200, "{line}");
    }
    let url = emulator.listener.url.clone();
    let sent = place.run(&["send", "convo/transcript.ready", "--via", &url, "--json"]);
    assert_eq!(sent.expect(0).document()["deliveries"], json!([]));
}

#[test]
fn what_cannot_be_published_says_why() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["convo"]);
    let url = emulator.listener.url.clone();
    let via = |words: &[&str]| place.run(&[&["send"], words, &["--via", &url]].concat());
    let sent = via(&["transcript.ready", "--set", "data.segmentCount=7"]).expect(0);
    assert!(
        sent.stdout.contains("no active subscription wants it"),
        "{}",
        sent.stdout
    );
    let events = emulator
        .control("convo", "GET /events", &Value::Null)
        .json();
    assert_eq!(events["events"][0]["payload"]["data"]["segmentCount"], 7);
    let other = via(&["stripe/invoice.paid"]).expect(2);
    assert!(
        other.stderr.contains("stripe is not emulated here"),
        "{}",
        other.stderr
    );
    let gone = place.run(&["send", "transcript.ready", "--via", "http://127.0.0.1:1"]);
    assert!(gone.expect(3).stderr.contains("hookcli emulate convo"));
    let listener = place.listen(&["--no-store"]);
    let no_emulator = place.run(&["send", "transcript.ready", "--via", &listener.url]);
    let no_emulator = no_emulator.expect(2);
    assert!(
        no_emulator.stderr.contains("is not an emulator"),
        "{}",
        no_emulator.stderr
    );
    for words in [
        &["emulate"][..],
        &["emulate", "nobody"],
        &["emulate", "zoom"],
        &["emulate", "convo", "--scenario", "none", "--port", "0"],
    ] {
        let refused = place.run(words).expect(2);
        assert!(refused.stderr.starts_with("error: "), "{}", refused.stderr);
    }
}

/// Deliveries go on while the emulator is killed again and again: none is lost, and what arrives twice may have been
/// answered when it was killed.
#[test]
fn no_delivery_is_lost_however_often_it_is_killed() {
    let place = Place::new();
    let mut receiver = place.listen(&["--no-store", "--body"]);
    let rounds = if std::env::var_os("HOOKCLI_LONG_TESTS").is_some() {
        12
    } else {
        3
    };
    let mut wanted = std::collections::BTreeSet::new();
    let mut emulator = Emulator::start(&place, &["stripe", "--speed", "100000x"]);
    emulator.stripe(&format!("{}/hook", receiver.url));
    for _ in 0..rounds {
        for _ in 0..20 {
            let published = emulator.publish("stripe", "invoice.paid");
            wanted.insert(published["id"].as_str().unwrap().to_owned());
        }
        send_signal(&emulator.listener.child, Signal::KILL);
        drop(emulator);
        emulator = Emulator::start(&place, &["stripe", "--speed", "100000x"]);
    }
    let mut got = std::collections::BTreeMap::<String, usize>::new();
    while got.len() < wanted.len() {
        let request = receiver.next();
        // Whoever was killed did not read the response.
        if request["type"] != "request" {
            continue;
        }
        let body: Value = serde_json::from_str(request["body"].as_str().unwrap()).unwrap();
        let key = body["id"].as_str().unwrap().to_owned();
        *got.entry(key).or_default() += 1;
    }
}

/// A conversation of GAIFE whose events go there.
fn conversation(emulator: &Emulator, url: &str) {
    let wanted = json!({ "channel": "API", "usecase": "x", "config": { "callback_url": url } });
    emulator
        .api("gaife", "POST /api/v1/conversations", &wanted)
        .expect(201);
}

#[test]
fn no_more_is_under_way_or_in_a_minute_than_the_provider_sends() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["gaife"]);
    // Ten at one time, of fifteen.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    conversation(&emulator, &format!("http://127.0.0.1:{port}/hook"));
    for _ in 0..15 {
        emulator.publish("gaife", "message");
    }
    let open: Vec<TcpStream> = (0..10).map(|_| silent.accept().unwrap().0).collect();
    let attempts = || -> u64 {
        let all = emulator.deliveries("gaife");
        all.iter()
            .map(|one| one["attempts"].as_u64().unwrap())
            .sum()
    };
    assert_eq!(attempts(), 10);
    drop((open, silent, emulator));
    // A hundred a minute, of a hundred and five.
    let place = Place::new();
    let emulator = Emulator::start(&place, &["gaife"]);
    let receiver = place.listen(&["--no-store"]);
    conversation(&emulator, &format!("{}/hook", receiver.url));
    for _ in 0..105 {
        emulator.publish("gaife", "message");
    }
    emulator.settle("gaife");
    let delivered = |outcome: &str| -> usize {
        let path = format!("GET /deliveries?limit=200&q=outcome:{outcome}");
        let listed = emulator.control("gaife", &path, &Value::Null).json();
        listed["deliveries"].as_array().unwrap().len()
    };
    assert_eq!((delivered("delivered"), delivered("pending")), (100, 5));
    assert_eq!(emulator.advance("gaife", "1m"), 5);
    assert_eq!(delivered("delivered"), 105);
}

#[test]
fn an_endpoint_that_takes_nothing_is_pressed_back() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["gaife"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    conversation(&emulator, &format!("http://127.0.0.1:{port}/hook"));
    let event = json!({ "event": "message" });
    for _ in 0..999 {
        emulator
            .control("gaife", "POST /events", &event)
            .expect(202);
    }
    let last = emulator
        .control("gaife", "POST /events", &event)
        .expect(202)
        .json();
    let refused = emulator
        .control("gaife", "POST /events", &event)
        .expect(429);
    assert!(refused.body.contains("slow down"), "{}", refused.body);
    // It did not happen.
    let events = emulator
        .control("gaife", "GET /events?limit=1", &Value::Null)
        .json();
    assert_eq!(events["events"][0]["id"], last["id"]);
}

#[test]
fn what_was_given_up_is_recovered_since_a_time() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["agentclara"]);
    let receiver = Server::answering(&[OK, FAILED, FAILED, FAILED, FAILED, OK]);
    let wanted = json!({ "url": receiver.url(), "events": ["message.received"] });
    let clara = |line: &str, body: &Value| emulator.api("agentclara", line, body);
    let made = clara("POST /api/v1/webhooks", &wanted).expect(201).json();
    let hook = format!("/api/v1/webhooks/{}", made["data"]["id"].as_str().unwrap());
    emulator.settle("agentclara");
    emulator.publish("agentclara", "message.received");
    emulator.settle("agentclara");
    assert_eq!(emulator.advance("agentclara", "1h"), 3);
    let since = json!({ "since": made["data"]["created_at"] });
    let recovered = clara(&format!("POST {hook}/recover"), &since)
        .expect(202)
        .json();
    assert_eq!(recovered["data"]["count"], 1);
    emulator.settle("agentclara");
    let history = clara(&format!("GET {hook}/deliveries"), &Value::Null).json();
    let statuses: Vec<&Value> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status_code"])
        .collect();
    assert_eq!(statuses, [200, 500, 500, 500, 500, 200]);
    for wrong in [json!({}), json!({ "since": "yesterday" })] {
        clara(&format!("POST {hook}/recover"), &wrong).expect(400);
    }
}

#[test]
fn emulators_that_share_a_store_agree_on_its_subscriptions() {
    let place = Place::new();
    let one = Emulator::start(&place, &["stripe"]);
    let other = Emulator::start(&place, &["stripe"]);
    let (before, after) = (Server::answering(&[FAILED]), Server::ok(2));
    let (id, secret) = one.stripe(&before.url());
    other.publish("stripe", "invoice.paid");
    check_stripe(&before.request(), &secret);
    other.settle("stripe");
    // What an attempt of the other came to undoes nothing.
    let path = format!("POST /v1/webhook_endpoints/{id}");
    let moved = json!({ "url": after.url(), "description": "moved" });
    one.api("stripe", &path, &moved).expect(200);
    other.publish("stripe", "invoice.paid");
    check_stripe(&after.request(), &secret);
    other.settle("stripe");
    for emulator in [&one, &other] {
        let path = format!("GET /v1/webhook_endpoints/{id}");
        let shown = emulator.api("stripe", &path, &Value::Null).expect(200);
        assert_eq!(shown.json()["description"], "moved");
        assert_eq!(shown.json()["url"], after.url());
    }
    let path = format!("DELETE /v1/webhook_endpoints/{id}");
    one.api("stripe", &path, &Value::Null).expect(200);
    let published = other.publish("stripe", "invoice.paid");
    assert_eq!(published["deliveries"], json!([]));
    // No more of them than the provider allows, whoever they were made with.
    for number in 0..16 {
        let emulator = if number % 2 == 0 { &one } else { &other };
        emulator.stripe(&after.url());
    }
    let body = json!({ "url": after.url(), "enabled_events": ["*"] });
    one.api("stripe", "POST /v1/webhook_endpoints", &body)
        .expect(400);
    one.control("stripe", "POST /reset", &Value::Null)
        .expect(204);
    let listed = other.api("stripe", "GET /v1/webhook_endpoints", &Value::Null);
    assert_eq!(listed.expect(200).json()["data"], json!([]));
}

#[test]
fn a_scenario_goes_on_as_the_clock_does() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["gaife"]);
    let receiver = Server::ok(2);
    conversation(&emulator, &receiver.url());
    let scenario = r#"
        title = "A message is processed later"
        provider = "gaife"
        steps = [
          { event = "message", name = "received" },
          { event = "message:processed", wait = "2h", link = { "/data/id" = "received:/data/id" } },
        ]"#;
    place.write("later.toml", scenario);
    // It answers once it has to wait; the rest comes as time goes by.
    let link = json!({ "/data/id": "received:/data/id" });
    let asked = json!({ "steps": [
        { "event": "message", "name": "received" },
        { "event": "message:processed", "wait": "2h", "link": link },
    ] });
    let answer = emulator.control("gaife", "POST /scenario", &asked);
    let answer = answer.expect(200).json();
    assert_eq!(
        (
            &answer["is_over"],
            answer["events"].as_array().unwrap().len()
        ),
        (&json!(false), 1)
    );
    let received = receiver.request().json();
    emulator.settle("gaife");
    assert_eq!(emulator.advance("gaife", "1h"), 0);
    assert_eq!(emulator.advance("gaife", "1h"), 1);
    let processed = receiver.request().json();
    assert_eq!(processed["data"]["id"], received["data"]["id"]);
    for wrong in [
        json!({}),
        json!({ "name": "nope" }),
        json!({ "name": "message", "steps": [] }),
        json!({ "steps": [] }),
        json!({ "steps": [{ "event": "nope" }] }),
    ] {
        let refused = emulator.control("gaife", "POST /scenario", &wrong);
        assert!(
            [404, 422].contains(&refused.status),
            "{wrong}: {}",
            refused.body
        );
    }
    // A reset ends it, and the end says so of one that is not over.
    emulator
        .control("gaife", "POST /scenario", &asked)
        .expect(200);
    emulator
        .control("gaife", "POST /reset", &Value::Null)
        .expect(204);
    assert_eq!(emulator.advance("gaife", "3h"), 0);
    emulator
        .control("gaife", "POST /scenario", &asked)
        .expect(200);
    let (_, _, told) = emulator.listener.stop();
    assert!(told.contains("1 scenario not played to the end"), "{told}");
    let place = Place::new();
    place.write("later.toml", scenario);
    let emulator = Emulator::start(&place, &["gaife", "--scenario", "later.toml"]);
    let receiver = Server::ok(2);
    conversation(&emulator, &receiver.url());
    receiver.request();
    emulator.settle("gaife");
    assert_eq!(emulator.advance("gaife", "3h"), 1);
    receiver.request();
}

#[test]
fn a_scenario_that_cannot_be_played_is_refused_at_the_start() {
    let place = Place::new();
    for (steps, why) in [
        ("steps = []", "it has no steps"),
        ("steps = [{ event = \"nope\" }]", "step 1 (nope)"),
        (
            "steps = [{ event = \"message\", link = { \"/data/id\" = \"first:/data/id\" } }]",
            "no step before message is named first",
        ),
        (
            "steps = [{ event = \"message\", refused = true }]",
            "it is sent, though it should be refused",
        ),
        ("provider = \"stripe\"\nsteps = []", "stripe is not among"),
        ("steps = [{ event = \"message\", wait = \"soon\" }]", "soon"),
    ] {
        place.write("s.toml", format!("title = \"T\"\n{steps}"));
        let words = ["emulate", "gaife", "--port", "0", "--scenario", "s.toml"];
        let refused = place.run(&words).expect(2);
        assert!(refused.stderr.contains(why), "{why}: {}", refused.stderr);
    }
}

#[test]
fn an_event_that_names_whom_it_is_for_goes_there_and_nowhere_else() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["gaife", "github"]);
    let url = emulator.address("gaife");
    let receiver = Server::ok(9);
    conversation(&emulator, &receiver.url());
    let send = |words: &[&str]| -> Value {
        let via = format!("http://{url}");
        let fixed = ["--via", &via, "--json"];
        let sent = place.run(&[&["send"], words, &fixed].concat());
        sent.expect(0).document()["deliveries"].clone()
    };
    // A sample is for everybody, under their own names; what the user says stays.
    let changed = ["gaife/message", "--set", "data.message_type=TEXT"];
    assert_eq!(send(&changed).as_array().unwrap().len(), 1);
    let got = receiver.request().json();
    let unknown = ["gaife/message", "--set", "conversation_id=nobody"];
    assert_eq!(send(&unknown), json!([]));
    let own = got["conversation_id"].as_str().unwrap();
    let known = format!("conversation_id={own}");
    assert_eq!(
        send(&["gaife/message", "--set", &known])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(receiver.request().json()["conversation_id"], own);
    // A repository's hooks get what happens there.
    let github = |line: &str, body: &Value| emulator.api("github", line, body);
    let repository = Server::ok(9);
    let wanted = json!({ "config": { "url": repository.url(), "content_type": "json" }, "events": ["push"] });
    let hook = github("POST /repos/o/app/hooks", &wanted)
        .expect(201)
        .json();
    let ping = repository.request().json();
    assert_eq!(ping["hook_id"], hook["id"]);
    assert_eq!(ping["hook"]["config"]["url"], repository.url());
    assert_eq!(ping["hook"]["url"], hook["url"]);
    assert_eq!(ping["hook"]["events"], json!(["push"]));
    assert_eq!(ping["repository"]["full_name"], "o/app");
    emulator.publish("github", "push");
    let push = repository.request();
    assert_eq!(push.json()["repository"]["owner"]["login"], "o");
    let target = "x-github-hook-installation-target-type";
    assert_eq!(push.header(target).unwrap(), "repository");
    // By any of its names.
    let address = emulator.address("github");
    for (name, count) in [("o/app", 1), ("o/nope", 0), ("else/app", 0)] {
        let set = format!("repository.full_name={name}");
        let via = format!("http://{address}");
        let words = [
            "send",
            "github/push",
            "--set",
            &set,
            "--via",
            &via,
            "--json",
        ];
        let sent = place.run(&words).expect(0).document();
        assert_eq!(
            sent["deliveries"].as_array().unwrap().len(),
            count,
            "{name}"
        );
    }
    assert_eq!(
        repository.request().json()["repository"]["full_name"],
        "o/app"
    );
    for scope in ["bogus=o", "owner", "id=1"] {
        let event = json!({ "event": "push", "scope": scope });
        let refused = emulator.control("github", "POST /events", &event);
        assert!(refused.expect(422).body.contains("owner=…"), "{scope}");
    }
    let elsewhere = json!({ "event": "push", "payload": { "repository": { "name": "other", "owner": { "login": "o" } } } });
    let published = github_event(&emulator, &elsewhere);
    assert_eq!(published["deliveries"], json!([]));
    let there = json!({ "event": "push", "payload": { "repository": { "name": "app", "owner": { "login": "o" } } } });
    let published = github_event(&emulator, &there);
    assert_eq!(published["deliveries"].as_array().unwrap().len(), 1);
    // An organisation's get all of its repositories.
    let organisation = Server::ok(9);
    let wanted =
        json!({ "name": "web", "config": { "url": organisation.url(), "content_type": "json" } });
    let hook = github("POST /orgs/o/hooks", &wanted).expect(201).json();
    assert_eq!(hook["type"], "Organization");
    assert!(hook.get("test_url").is_none());
    organisation.request();
    let published = github_event(&emulator, &elsewhere);
    assert_eq!(published["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(
        organisation.request().header(target).unwrap(),
        "organization"
    );
}

fn github_event(emulator: &Emulator, event: &Value) -> Value {
    let published = emulator.control("github", "POST /events", event);
    published.expect(202).json()
}

#[test]
fn a_hook_of_github_changes_as_there() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["github"]);
    let receiver = Server::ok(2);
    let github = |line: &str, body: &Value| emulator.api("github", line, body);
    let wanted = json!({ "active": false, "events": ["push"], "config": { "url": receiver.url(), "content_type": "json" } });
    let hook = github("POST /repos/o/a,b/hooks", &wanted)
        .expect(201)
        .json();
    // Neither another repository's name nor a hook that is not active gets anything.
    github("GET /repos/o/ab/hooks", &Value::Null).expect(200);
    let of_other = github(
        &format!("GET /repos/o/ab/hooks/{}", hook["id"]),
        &Value::Null,
    );
    of_other.expect(404);
    let path = format!("/repos/o/a,b/hooks/{}", hook["id"]);
    let listed = github(&format!("GET {path}/deliveries"), &Value::Null);
    assert_eq!(listed.expect(200).json(), json!([]));
    let head = github(&format!("HEAD {path}"), &Value::Null).expect(200);
    assert_eq!(head.body, "");
    let change = json!({ "active": true, "add_events": ["issues", "push"] });
    let changed = github(&format!("PATCH {path}"), &change).expect(200).json();
    assert_eq!(changed["events"], json!(["push", "issues"]));
    let change = json!({ "remove_events": ["push"] });
    let changed = github(&format!("PATCH {path}"), &change).expect(200).json();
    assert_eq!(changed["events"], json!(["issues"]));
    github(
        "POST /repos/o/c/hooks",
        &json!({ "events": ["star", "deployment"], "config": { "url": "http://127.0.0.1:9/hook" } }),
    )
    .expect(201);
    // A config without the secret removes it; a change of the config alone keeps it.
    let secret = json!({ "config": { "url": receiver.url(), "content_type": "json", "secret": "s3cret-of-the-hook" } });
    github(&format!("PATCH {path}"), &secret).expect(200);
    let config = github(
        &format!("PATCH {path}/config"),
        &json!({ "content_type": "json" }),
    );
    assert_eq!(config.expect(200).json()["secret"], "********");
    let without = json!({ "config": { "url": receiver.url(), "content_type": "json" } });
    let changed = github(&format!("PATCH {path}"), &without)
        .expect(200)
        .json();
    assert!(changed["config"].get("secret").is_none(), "{changed}");
    let wrong = json!({ "add_events": ["nope"] });
    github(&format!("PATCH {path}"), &wrong).expect(422);
    assert_eq!(changed["last_response"]["status"], "unused");
    emulator.publish("github", "issues");
    let issue = receiver.request().json();
    emulator.settle("github");
    let listed = github(&format!("GET {path}/deliveries"), &Value::Null).json();
    assert_eq!(listed[0]["action"], issue["action"]);
    let shown = github(&format!("GET {path}"), &Value::Null).json();
    assert_eq!(
        shown["last_response"],
        json!({ "code": 200, "status": "active", "message": "OK" })
    );
}

#[test]
fn stripe_refuses_what_it_does_not_know() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let stripe = |line: &str, body: &Value| emulator.api("stripe", line, body);
    let receiver = Server::ok(4);
    let wanted = json!({ "url": receiver.url(), "enabled_events": ["*"], "colour": "red" });
    let refused = stripe("POST /v1/webhook_endpoints", &wanted);
    let error = refused.expect(400).json()["error"].clone();
    assert_eq!(
        (&error["code"], &error["param"]),
        (&json!("parameter_unknown"), &json!("colour"))
    );
    for limit in ["0", "abc", "101", "-1"] {
        let line = format!("GET /v1/webhook_endpoints?limit={limit}");
        let error = stripe(&line, &Value::Null).expect(400).json();
        assert_eq!(error["error"]["param"], "limit");
    }
    let refused = stripe("PUT /v1/webhook_endpoints/we_1", &Value::Null);
    let message = refused.expect(404).json()["error"]["message"].clone();
    assert_eq!(
        message,
        "Unrecognized request URL (PUT: /v1/webhook_endpoints/we_1)."
    );
    emulator.stripe(&receiver.url());
    emulator.stripe(&receiver.url());
    let (one, other) = (
        emulator.publish("stripe", "invoice.paid"),
        emulator.publish("stripe", "invoice.paid"),
    );
    assert_eq!(one["payload"]["pending_webhooks"], 2);
    let object = "/payload/data/object/id";
    assert_ne!(one.pointer(object), other.pointer(object));
    // An id that is asked for is the event's own.
    let asked = json!({ "event": "invoice.paid", "id": "evt_mine" });
    let mine = emulator
        .control("stripe", "POST /events", &asked)
        .expect(202)
        .json();
    assert_eq!(mine["payload"]["id"], "evt_mine");
    let fetched = stripe("GET /v1/events/evt_mine", &Value::Null).expect(200);
    assert_eq!(fetched.json()["id"], "evt_mine");
    let other_id =
        json!({ "event": "invoice.paid", "id": "evt_mine", "payload": { "id": "evt_x" } });
    emulator
        .control("stripe", "POST /events", &other_id)
        .expect(422);
    let also = json!({ "url": receiver.url(), "enabled_events": ["invoice.created"] });
    stripe("POST /v1/webhook_endpoints", &also).expect(200);
    let nope = json!({ "url": receiver.url(), "enabled_events": ["invoice.nope"] });
    stripe("POST /v1/webhook_endpoints", &nope).expect(400);
    // Events are listed page by page, however many there are.
    let listed = stripe("GET /v1/events?limit=1", &Value::Null).json();
    assert_eq!(
        (&listed["data"][0]["id"], &listed["has_more"]),
        (&mine["id"], &json!(true))
    );
    let next = format!(
        "GET /v1/events?limit=1&starting_after={}",
        other["id"].as_str().unwrap()
    );
    let listed = stripe(&next, &Value::Null).json();
    assert_eq!(
        (&listed["data"][0]["id"], &listed["has_more"]),
        (&one["id"], &json!(false))
    );
    let before = format!(
        "GET /v1/events?type=invoice.paid&ending_before={}",
        one["id"].as_str().unwrap()
    );
    let listed = stripe(&before, &Value::Null).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert_eq!(listed["data"][1]["id"], other["id"]);
}

#[test]
fn an_application_of_svix_sees_its_own_alone() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["svix"]);
    let svix = |line: &str, body: &Value| emulator.api("svix", line, body);
    let receiver = Server::ok(6);
    let mut ids = Vec::new();
    for app in ["a", "b"] {
        svix("POST /api/v1/app", &json!({ "name": app, "uid": app })).expect(201);
        let endpoint = json!({ "url": receiver.url(), "uid": "hook" });
        let line = format!("POST /api/v1/app/{app}/endpoint");
        let made = svix(&line, &endpoint).expect(201).json();
        ids.push(made["id"].as_str().unwrap().to_owned());
        svix(&line, &endpoint).expect(409);
    }
    // One event of everybody: each sees what went to its own endpoints.
    let event = emulator.publish("svix", "invoice.paid");
    let event = event["id"].as_str().unwrap();
    receiver.request();
    receiver.request();
    emulator.settle("svix");
    let mut attempts = Vec::new();
    for (app, id) in ["a", "b"].iter().zip(&ids) {
        let line = format!("GET /api/v1/app/{app}/attempt/msg/{event}");
        let listed = svix(&line, &Value::Null).expect(200).json();
        let listed = listed["data"].as_array().unwrap().clone();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["endpointId"], *id);
        assert_eq!(listed[0]["triggerType"], 0);
        attempts.push(listed[0]["id"].as_str().unwrap().to_owned());
    }
    let message = json!({ "eventType": "invoice.paid", "payload": {}, "eventId": "order-7" });
    let made = svix("POST /api/v1/app/a/msg", &message).expect(202).json();
    svix("POST /api/v1/app/a/msg", &message).expect(409);
    receiver.request();
    emulator.settle("svix");
    for name in [made["id"].as_str().unwrap(), "order-7"] {
        let line = format!("GET /api/v1/app/a/msg/{name}");
        assert_eq!(
            svix(&line, &Value::Null).expect(200).json()["id"],
            made["id"]
        );
    }
    svix("GET /api/v1/app/b/msg/order-7", &Value::Null).expect(404);
    // An attempt is of its own message, and of its own application.
    for (app, message, attempt, status) in [
        ("a", event, &attempts[0], 200),
        ("a", "order-7", &attempts[0], 404),
        ("a", event, &attempts[1], 404),
    ] {
        let line = format!("GET /api/v1/app/{app}/msg/{message}/attempt/{attempt}");
        svix(&line, &Value::Null).expect(status);
    }
    // One that is there already can be asked for.
    let again = json!({ "name": "a", "uid": "a" });
    svix("POST /api/v1/app", &again).expect(409);
    svix("POST /api/v1/app?get_if_exists=true", &again).expect(200);
    // Channels choose.
    let chosen = Server::ok(1);
    let endpoint = json!({ "url": chosen.url(), "channels": ["x"] });
    svix("POST /api/v1/app/a/endpoint", &endpoint).expect(201);
    let message = json!({ "eventType": "invoice.paid", "payload": {}, "channels": ["x", "y"] });
    let made = svix("POST /api/v1/app/a/msg", &message).expect(202).json();
    assert_eq!(made["channels"], json!(["x", "y"]));
    chosen.request();
    receiver.request();
    let resend = format!("POST /api/v1/app/a/msg/{event}/endpoint/{}/resend", ids[0]);
    svix(&resend, &json!({})).expect(202);
    receiver.request();
    emulator.settle("svix");
    let line = format!("GET /api/v1/app/a/attempt/msg/{event}");
    let listed = svix(&line, &Value::Null).json();
    assert_eq!(listed["data"][0]["triggerType"], 1);
    for wrong in ["", "x\r\ny", &"x".repeat(300)] {
        let message = json!({ "eventType": wrong, "payload": {} });
        svix("POST /api/v1/app/a/msg", &message).expect(422);
        let message = json!({ "eventType": "a", "payload": {}, "eventId": wrong });
        svix("POST /api/v1/app/a/msg", &message).expect(422);
    }
    let long = json!({ "name": "x".repeat(20_000) });
    svix("POST /api/v1/app", &long).expect(422);
}

#[test]
fn a_snapshot_keeps_no_secret_of_a_url_and_says_where_it_ends() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let receiver = Server::ok(1);
    let url = format!("{}?token=s3cret-of-the-url", receiver.url());
    emulator.stripe(&url);
    let snapshot = || emulator.control("stripe", "GET /snapshot", &Value::Null);
    let taken = snapshot().expect(200);
    assert!(!taken.body.contains("s3cret-of-the-url"));
    let put = |document: &Value| emulator.control("stripe", "PUT /snapshot", document);
    put(&taken.json()).expect(204);
    emulator.publish("stripe", "invoice.paid");
    assert!(receiver.request().head.contains("token=s3cret-of-the-url"));
    let mut elsewhere = taken.json();
    elsewhere["records"][0]["id"] = json!("we_of_another");
    assert!(put(&elsewhere).expect(422).body.contains("reveal=true"));
    // Payloads of the largest size: more of them than a snapshot holds.
    let text = "x".repeat(9 << 20);
    for number in 0..4 {
        let payload = json!({ "id": format!("evt_{number}"), "text": text });
        let event = json!({ "event": "charge.refunded", "payload": payload });
        emulator
            .control("stripe", "POST /events", &event)
            .expect(202);
        if number == 2 {
            let taken = emulator.control("stripe", "GET /snapshot?reveal=true", &Value::Null);
            put(&taken.expect(200).json()).expect(204);
        }
    }
    assert!(snapshot().expect(422).body.contains("32 MiB"));
    // A list ends before its time, and says so.
    let listed = emulator.control("stripe", "GET /events", &Value::Null);
    let listed = listed.expect(200).json();
    assert_eq!(listed["has_more"], true);
    assert_eq!(listed["events"].as_array().unwrap().len(), 1);
}

#[test]
fn the_same_seed_makes_the_same_ids() {
    let made = |seed: &str| {
        let place = Place::new();
        let emulator = Emulator::start(&place, &["stripe", "--seed", seed]);
        let (id, secret) = emulator.stripe("http://127.0.0.1:9/hook");
        let event = emulator.publish("stripe", "invoice.paid");
        drop(emulator);
        // Started again over the same store, it makes others.
        let emulator = Emulator::start(&place, &["stripe", "--seed", seed]);
        let (other, _) = emulator.stripe("http://127.0.0.1:9/hook");
        assert_ne!(other, id);
        (id, event["id"].clone(), secret)
    };
    let (one, again, other) = (made("1"), made("1"), made("2"));
    assert_eq!((&one.0, &one.1), (&again.0, &again.1));
    assert_ne!(one.0, other.0);
    // A secret that can be guessed is none.
    assert_ne!(one.2, again.2);
}

#[test]
fn the_documented_calls_create_a_webhook_of_each_provider() {
    let page = include_str!("../docs/emulator.md");
    let calls = page.split("## Create a webhook").nth(1).unwrap();
    let calls = calls.split("```").nth(1).unwrap();
    let mut providers = calls.split("\n# ").skip(1).map(|part| {
        let (name, lines) = part.split_once('\n').unwrap();
        (name, lines.trim())
    });
    let known = page.lines().filter(|line| line.starts_with("| `"));
    let known = known.take_while(|line| !line.contains("(Node)"));
    let mut count: usize = known
        .map(|line| line.split('|').nth(1).unwrap().matches(", ").count() + 1)
        .sum();
    let place = Place::new();
    assert!(providers.all(|(provider, lines)| {
        let emulator = Emulator::start(&place, &[provider]);
        let address = emulator.address(provider);
        for line in lines.lines() {
            let line = line.replace("localhost:4000", &address);
            let curl = std::process::Command::new("sh")
                .args(["-c", &format!("{line} -sS --fail-with-body")])
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&curl.stdout);
            assert!(
                curl.status.success() && text.contains("\"id\""),
                "{line}\n{text}"
            );
        }
        let all = emulator
            .control(provider, "GET /subscriptions", &Value::Null)
            .json();
        count -= 1;
        all["subscriptions"].as_array().unwrap().len() == 1
    }));
    assert_eq!(count, 0, "each provider has its call");
}

/// What the dashboards of three of the seeds do, as the guides describe it.
#[test]
fn each_dashboard_subscribes_tests_shows_the_history_and_resends() {
    for (provider, event, test_event, is_tested_at_once, field) in [
        (
            "agentclara",
            "message.received",
            "webhook.test",
            true,
            "/event",
        ),
        (
            "convosphere",
            "message.completed",
            "webhook.test",
            true,
            "/type",
        ),
        ("convocore", "lead_captured", "webhook_test", false, "/type"),
    ] {
        let place = Place::new();
        let emulator = Emulator::start(&place, &[provider]);
        let receiver = Server::ok(4);
        let ask = |line: &str, body: &Value| emulator.api(provider, line, body);
        let wanted = json!({ "url": receiver.url(), "events": [event] });
        let made = ask("POST /api/v1/webhooks", &wanted).expect(201).json();
        let hook = format!("/api/v1/webhooks/{}", made["data"]["id"].as_str().unwrap());
        // The secret is shown once, where there is one.
        let shown = ask(&format!("GET {hook}"), &Value::Null).expect(200);
        assert!(shown.json()["data"].get("secret").is_none());
        if let Some(secret) = made["data"]["secret"].as_str() {
            assert!(!shown.body.contains(secret));
        }
        if is_tested_at_once {
            assert_eq!(
                receiver.request().json().pointer(field).unwrap(),
                test_event
            );
        }
        ask(&format!("POST {hook}/test"), &Value::Null).expect(202);
        assert_eq!(
            receiver.request().json().pointer(field).unwrap(),
            test_event
        );
        emulator.settle(provider);
        emulator.publish(provider, event);
        let first = receiver.request();
        emulator.settle(provider);
        let history =
            || ask(&format!("GET {hook}/deliveries"), &Value::Null).json()["data"].clone();
        let newest = history()[0].clone();
        assert_eq!(
            (&newest["event"], &newest["status_code"]),
            (&json!(event), &json!(200))
        );
        let delivery = format!("{hook}/deliveries/{}", newest["id"].as_str().unwrap());
        ask(&format!("GET {delivery}"), &Value::Null).expect(200);
        ask(&format!("POST {delivery}/resend"), &Value::Null).expect(202);
        assert_eq!(receiver.request().body, first.body);
        emulator.settle(provider);
        assert_eq!(history()[0]["event_id"], newest["event_id"]);
        let paused = ask(&format!("POST {hook}/pause"), &Value::Null).expect(200);
        assert_eq!(paused.json()["data"]["status"], "paused", "{provider}");
        let published = emulator.publish(provider, event);
        assert_eq!(published["deliveries"], json!([]));
        ask(&format!("POST {hook}/resume"), &Value::Null).expect(200);
        ask(&format!("DELETE {hook}"), &Value::Null).expect(204);
    }
}

#[test]
fn what_another_emulator_left_is_delivered_by_the_one_that_is_there() {
    let place = Place::new();
    let one = Emulator::start(&place, &["agentclara"]);
    let other = Emulator::start(&place, &["agentclara"]);
    let receiver = Server::answering(&[FAILED, OK, OK]);
    let wanted = json!({ "url": receiver.url(), "events": ["message.received"] });
    one.api("agentclara", "POST /api/v1/webhooks", &wanted)
        .expect(201);
    receiver.request();
    one.settle("agentclara");
    send_signal(&one.listener.child, Signal::KILL);
    drop(one);
    // Time goes by for all that waits, whoever put it there.
    assert_eq!(other.advance("agentclara", "5s"), 1);
    receiver.request();
    other.publish("agentclara", "message.received");
    receiver.request();
}

#[test]
fn without_a_store_it_keeps_what_it_has_for_itself() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe", "--no-store"]);
    let receiver = Server::ok(1);
    let (_, secret) = emulator.stripe(&receiver.url());
    emulator.publish("stripe", "invoice.paid");
    check_stripe(&receiver.request(), &secret);
    let (_, _, told) = emulator.listener.stop();
    assert!(!told.contains("pending"), "{told}");
    let emulator = Emulator::start(&place, &["stripe"]);
    let listed = emulator.api("stripe", "GET /v1/webhook_endpoints", &Value::Null);
    assert_eq!(listed.json()["data"], json!([]));
}

#[test]
fn what_is_under_way_ends_though_its_webhook_is_removed_or_the_emulator_stops() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe"]);
    let slow = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", slow.local_addr().unwrap());
    let (id, _) = emulator.stripe(&url);
    emulator.publish("stripe", "invoice.paid");
    let (mut open, _) = slow.accept().unwrap();
    crate::support::read_request(&mut open);
    let line = format!("DELETE /v1/webhook_endpoints/{id}");
    emulator.api("stripe", &line, &Value::Null).expect(200);
    open.write_all(OK).unwrap();
    emulator.settle("stripe");
    let shown = emulator.deliveries("stripe").remove(0);
    assert_eq!(
        (&shown["outcome"], &shown["status"]),
        (&json!("delivered"), &json!(200))
    );
    // One that is not answered is not waited for to the end of the provider's patience.
    emulator.stripe(&url);
    emulator.publish("stripe", "invoice.paid");
    let (mut open, _) = slow.accept().unwrap();
    crate::support::read_request(&mut open);
    let begun = Instant::now();
    let (_, _, told) = emulator.listener.stop();
    assert!(begun.elapsed().as_secs() < 9, "Stripe's timeout is 10 s");
    assert!(told.contains("1 delivery is pending"), "{told}");
}

#[test]
fn no_secret_of_a_url_is_kept_with_what_tells_of_it() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["github"]);
    let receiver = Server::ok(1);
    let url = format!("{}?token=s3cret-of-the-url", receiver.url());
    let wanted = json!({ "config": { "url": url, "content_type": "json" } });
    emulator
        .api("github", "POST /repos/o/r/hooks", &wanted)
        .expect(201);
    assert!(receiver.request().head.contains("s3cret-of-the-url"));
    emulator.settle("github");
    let shown = place
        .run(&["deliveries", "show", "last", "--json"])
        .expect(0);
    assert!(
        !shown.stdout.contains("s3cret-of-the-url"),
        "{}",
        shown.stdout
    );
    for url in [
        "http://127.0.0.1:9/a b",
        "http://127.0.0.1:9/a\nb",
        "http://127.0.0.1:9/\t",
    ] {
        let wanted = json!({ "config": { "url": url } });
        emulator
            .api("github", "POST /repos/o/r/hooks", &wanted)
            .expect(422);
    }
}

#[test]
fn a_page_beside_something_that_is_gone_is_refused() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["stripe", "svix"]);
    for _ in 0..3 {
        emulator.stripe("http://127.0.0.1:9/hook");
    }
    let page = |after: &str| {
        let line = format!("GET /v1/webhook_endpoints?limit=2{after}");
        emulator.api("stripe", &line, &Value::Null)
    };
    let first = page("").expect(200).json();
    assert_eq!(first["has_more"], true);
    let last = first["data"][1]["id"].as_str().unwrap();
    let line = format!("DELETE /v1/webhook_endpoints/{last}");
    emulator.api("stripe", &line, &Value::Null).expect(200);
    let gone = page(&format!("&starting_after={last}")).expect(404).json();
    assert_eq!(gone["error"]["code"], "resource_missing");
    let event = json!({ "event": "invoice.paid", "scope": "container=nobody" });
    emulator.control("svix", "POST /events", &event).expect(404);
    for body in [json!(["1s"]), json!([])] {
        emulator.control("stripe", "POST /clock", &body).expect(422);
    }
    emulator
        .control("stripe", "GET /clock", &Value::Null)
        .expect(405);
    let twice = json!({ "event": "invoice.paid", "id": "evt_mine" });
    emulator
        .control("stripe", "POST /events", &twice)
        .expect(202);
    emulator
        .control("stripe", "POST /events", &twice)
        .expect(409);
}

#[test]
fn a_worker_makes_the_deliveries_that_an_emulator_leaves_to_it() {
    let place = Place::new();
    let emulator = Emulator::start(&place, &["agentclara", "--no-worker"]);
    let receiver = Server::answering(&[FAILED, OK]);
    let wanted = json!({ "url": receiver.url(), "events": ["message.received"] });
    emulator
        .api("agentclara", "POST /api/v1/webhooks", &wanted)
        .expect(201);
    let waiting = emulator.deliveries("agentclara").remove(0);
    assert_eq!(
        (&waiting["outcome"], &waiting["attempts"]),
        (&json!("pending"), &json!(0))
    );
    let _worker = Listener::start(place.command(&["worker", "--json"]));
    receiver.request();
    emulator.settle("agentclara");
    // Time goes by for it, too.
    emulator.advance("agentclara", "5s");
    receiver.request();
    let refused = place.run(&["worker", "nobody"]).expect(2);
    assert!(refused.stderr.contains("nobody"), "{}", refused.stderr);
}

#[test]
fn a_worker_leaves_to_others_what_it_may_not_reach() {
    let place = Place::new();
    let words = ["stripe", "--no-worker", "--allow-host", "app.invalid"];
    let emulator = Emulator::start(&place, &words);
    emulator.stripe("http://app.invalid/hook");
    let receiver = Server::ok(1);
    emulator.stripe(&receiver.url());
    emulator.publish("stripe", "invoice.paid");
    let _worker = Listener::start(place.command(&["worker", "stripe", "--json"]));
    receiver.request();
    let pending = || {
        let asked = "GET /deliveries?q=is:pending";
        let listed = emulator.control("stripe", asked, &Value::Null).json();
        listed["deliveries"].as_array().unwrap().clone()
    };
    // The other one is not touched, whatever becomes of this one.
    let until = Instant::now() + PATIENCE;
    while pending().len() > 1 {
        assert!(Instant::now() < until);
        std::thread::yield_now();
    }
    let left = pending().remove(0);
    assert_eq!(
        (&left["url"], &left["attempts"]),
        (&json!("http://app.invalid/hook"), &json!(0))
    );
}
