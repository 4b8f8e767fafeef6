//! Many nodes over one store: real processes, and a real PostgreSQL that the tests start. Run by tests/shared/run.

mod access;
mod kill;
mod stall;

use serde_json::{Value, json};

use crate::support::postgres::{PostgresServer, server};
use crate::support::{Listener, Place, Server};

const KEY: &str = "a-key-of-the-team-that-is-long-enough";

/// A node: a machine of its own, over that store.
fn node(store: &str) -> Place {
    Place::new().with("HOOKCLI_STORE", store)
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn what_one_node_receives_another_shows_and_replays() {
    let store = server().database();
    let (one, other) = (node(&store), node(&store));
    let listener = one.listen(&["--provider", "stripe"]);
    let beside = other.listen(&[]);
    let bodies: [&[u8]; 3] = [b"{\"type\":\"a\"}", b"\0\xff not text", b""];
    for (body, listener) in bodies.iter().zip([&listener, &beside, &listener]) {
        assert_eq!(listener.post(&[("x-kind", "a")], body), 200);
    }
    for place in [&one, &other] {
        let listed = place.run(&["captures", "list", "--json"]).expect(0);
        assert_eq!(listed.documents().len(), 3);
    }
    let found = other.run(&["captures", "list", "header.x-kind:a size:>0", "--json"]);
    assert_eq!(found.expect(0).documents().len(), 2);
    let found = other.run(&["captures", "list", "body.type:a", "--json"]);
    assert_eq!(found.expect(0).documents().len(), 1);
    let target = Server::ok(1);
    let second = "last~1";
    other
        .run(&["replay", second, "--url", &target.url()])
        .expect(0);
    assert_eq!(target.request().body, bodies[1]);
    let sent = one.run(&["deliveries", "list", "--json"]).expect(0);
    assert_eq!(sent.documents()[0]["outcome"], "delivered");
    one.run(&["captures", "rm", "last", second]).expect(0);
    let left = other.run(&["captures", "list", "--json"]).expect(0);
    assert_eq!(left.documents().len(), 1);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn who_waits_or_follows_at_one_node_hears_of_what_another_receives() {
    let store = server().database();
    let (one, other) = (node(&store), node(&store));
    let listener = one.listen(&["--provider", "stripe"]);
    let mut waiting = other
        .command(&[
            "captures",
            "wait",
            "--expect",
            "invoice.paid",
            "--timeout",
            "60s",
            "--json",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let page = Listener::start(other.command(&["ui", "--ui-port", "0", "--json"]));
    let url = page.ready["ui_url"].as_str().unwrap();
    let (url, token) = url.split_once("/#token=").unwrap();
    let mut follows = std::process::Command::new("curl")
        .args(["-sN", "-H", &format!("Authorization: Bearer {token}")])
        .arg(format!("{url}/api/events"))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = std::io::BufReader::new(follows.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut told, &mut line).unwrap();
        line
    };
    // It follows from here on.
    while !next().starts_with("data:") {}
    while waiting.try_wait().unwrap().is_none() {
        assert_eq!(
            listener.post(&[], br#"{"object":"event","type":"invoice.paid"}"#),
            200
        );
    }
    assert!(waiting.wait().unwrap().success());
    while !next().contains("invoice.paid") {}
    let _ = follows.kill();
    let _ = follows.wait();
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_repeated_event_is_known_at_whichever_node_it_comes() {
    let place = node(&server().database());
    let listeners = [(); 3].map(|()| place.listen(&["--provider", "stripe"]));
    let event =
        |id: &str, name: &str| json!({ "id": id, "object": "event", "type": name }).to_string();
    for (listener, id, name) in [
        (0, "evt_1", "a.b"),
        (1, "evt_1", "a.b"),
        (2, "evt_2", "a.b"),
        (2, "evt_1", "changed"),
        (0, "evt_1", "changed"),
    ] {
        let body = event(id, name);
        assert_eq!(listeners[listener].post(&[], body.as_bytes()), 200);
    }
    let listed = place.run(&["captures", "list", "--json"]).expect(0);
    let mut rows = listed.documents();
    rows.sort_by_key(|row| row["received_at"].as_str().unwrap().to_owned());
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    let of: Vec<&Value> = rows.iter().map(|row| &row["duplicate_of"]).collect();
    let (first, changed) = (json!(id(&rows[0])), json!(id(&rows[3])));
    assert_eq!(of, [&Value::Null, &first, &Value::Null, &first, &changed]);
    let is_changed = |row: &Value| row["same_id_changed"] == true;
    let changes: Vec<bool> = rows.iter().map(is_changed).collect();
    assert_eq!(changes, [false, false, false, true, false]);
    // Another workspace has not seen it.
    let other = place.listen(&["--provider", "stripe", "--workspace", "other"]);
    other.post(&[], event("evt_1", "a.b").as_bytes());
    let found = place.run(&[
        "captures",
        "list",
        "is:duplicate",
        "--workspace",
        "other",
        "--json",
    ]);
    assert!(found.expect(0).documents().is_empty());
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn responses_are_given_in_turn_over_all_nodes() {
    let place = node(&server().database());
    let words = [
        "--provider",
        "stripe",
        "--respond",
        "503x2,200",
        "--respond-per",
        "id",
    ];
    let listeners = [(); 2].map(|()| place.listen(&words));
    let event = |id: &str| json!({ "id": id, "object": "event", "type": "a.b" }).to_string();
    let post = |listener: usize, id: &str| listeners[listener].post(&[], event(id).as_bytes());
    let answers = [
        post(0, "evt_1"),
        post(1, "evt_1"),
        post(1, "evt_2"),
        post(0, "evt_1"),
    ];
    assert_eq!(answers, [503, 503, 503, 200]);
    assert_eq!([post(0, "evt_2"), post(1, "evt_2")], [503, 200]);
    for listener in listeners {
        listener.stop();
    }
    // They begin again with the next listener.
    let next = place.listen(&words);
    assert_eq!(next.post(&[], event("evt_1").as_bytes()), 503);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn workspaces_keep_people_apart() {
    let place = node(&server().database());
    let (ours, theirs) = (["--workspace", "ours"], ["--workspace", "theirs"]);
    let listener = place.listen(&ours);
    assert_eq!(listener.post(&[], b"{}"), 200);
    let count = |words: &[&str]| {
        let listed = place.run(&[&["captures", "list", "--json"], words].concat());
        listed.expect(0).documents().len()
    };
    assert_eq!((count(&ours), count(&theirs), count(&[])), (1, 0, 0));
    let refused = place.run(&["captures", "list", "--workspace", "a b"]);
    assert!(refused.expect(2).stderr.contains("invalid workspace"));
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn what_keeps_a_database_from_being_used_is_said() {
    let store = server().database();
    let (host, _) = store.rsplit_once('/').unwrap();
    for (store, code, why) in [
        (format!("{host}/none"), 4, "does not exist"),
        ("postgres://me@127.0.0.1:1/d".to_owned(), 4, "refused"),
        ("postgres://127.0.0.1/d".to_owned(), 2, "names no user"),
        (format!("{store}?sslmode=maybe"), 2, "unknown sslmode maybe"),
        (format!("{store}?sslmode=require"), 4, "TLS"),
        ("mysql://me@127.0.0.1/d".to_owned(), 2, "mysql://"),
        ("postgres:/me@127.0.0.1/d".to_owned(), 2, "lacks a slash"),
        (format!(" {}", store.replace("postgres", "Postgres")), 0, ""),
    ] {
        let refused = node(&store).run(&["captures", "list"]).expect(code);
        assert!(refused.stderr.contains(why), "{store}: {}", refused.stderr);
    }
    // Others can see a command line.
    let refused = Place::new().run(&["captures", "list", "--store", "postgres://me:s3cret@h/d"]);
    let refused = refused.expect(2);
    assert!(refused.stderr.contains("PGPASSWORD"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("s3cret"));
    let hidden = [
        "captures",
        "list",
        "--store",
        "postgres://me@h/d?password=s3cret",
    ];
    let refused = Place::new().run(&hidden).expect(2);
    assert!(!refused.stderr.contains("s3cret"), "{}", refused.stderr);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn what_check_and_load_send_is_recorded_where_that_is_wanted() {
    let (place, apart) = (node(&server().database()), node(&server().database()));
    let receiver = apart.listen(&["--provider", "stripe"]);
    let count = || {
        let status = place.run(&["store", "status", "--json"]).expect(0);
        status.document()["deliveries"].as_u64().unwrap()
    };
    let check = [
        "check",
        "--provider",
        "stripe",
        "--url",
        &receiver.url,
        "--only",
        "authenticity",
    ];
    place.run(&check);
    assert_eq!(count(), 0);
    place.run(&[&check[..], &["--record"]].concat());
    let checked = count();
    assert!(checked > 5, "{checked}");
    let load = [
        "load",
        "stripe/invoice.paid",
        "--url",
        &receiver.url,
        "-n",
        "20",
        "--record",
    ];
    place.run(&load).expect(0);
    assert_eq!(count(), checked + 20);
    let found = place.run(&[
        "deliveries",
        "list",
        "outcome:delivered",
        "provider:stripe",
        "--limit",
        "99",
        "--json",
    ]);
    assert!(found.expect(0).documents().len() >= 20);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_demo_goes_through_a_shared_store_and_keeps_to_itself() {
    let (place, store) = (Place::new(), server().database());
    let shown = place
        .run(&["demo", "--provider", "stripe", "--store", &store])
        .expect(0);
    assert!(shown.stdout.contains("stripe"), "{}", shown.stdout);
    let count = |workspace: &str| {
        let words = [
            "store",
            "status",
            "--json",
            "--store",
            &store,
            "--workspace",
            workspace,
        ];
        place.run(&words).expect(0).document()["captures"].clone()
    };
    assert!(count("demo").as_u64().unwrap() > 10);
    assert_eq!(count("default"), 0);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_receiver_whose_database_is_away_asks_for_another_try_and_loses_nothing() {
    let mut database = PostgresServer::start();
    let place = node(&database.database());
    let listener = place.listen(&[]);
    assert_eq!(listener.post(&[], b"before"), 200);
    database.order("stop");
    let mut away = 0;
    while away < 3 {
        match listener.post(&[], b"meanwhile") {
            503 => away += 1,
            // It has not stopped yet.
            200 => {}
            other => panic!("{other}"),
        }
    }
    database.order("start");
    while listener.post(&[], b"after") != 200 {
        std::thread::yield_now();
    }
    let bodies = place.run(&["captures", "list", "--json"]).expect(0);
    assert!(bodies.documents().len() >= 2);
    let last = place.run(&["captures", "show", "last", "--raw"]).expect(0);
    assert_eq!(last.stdout, "after");
    // Each is said once.
    let (_, _, told) = listener.stop();
    assert_eq!(told.matches("request not stored").count(), 1, "{told}");
    assert_eq!(
        told.matches("requests are stored again").count(),
        1,
        "{told}"
    );
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_store_is_copied_byte_for_byte_and_back() {
    let database = server().database();
    let place = Place::new().with("HOOKCLI_STORE_KEY", KEY);
    let listener = place.listen(&["--forward-to", "1", "--forward-async"]);
    for body in [&b"{\"type\":\"a\"}"[..], b"\0\xff", b""] {
        assert_eq!(
            listener.post(&[("x-kind", "a"), ("x-kind", "b")], body),
            200
        );
    }
    listener.stop();
    let target = Server::ok(1);
    place
        .run(&["replay", "last", "--url", &target.url()])
        .expect(0);
    let emulator = Listener::start(place.command(&["emulate", "stripe", "--port", "0", "--json"]));
    let wanted = json!({ "url": "http://127.0.0.1:9/hook", "enabled_events": ["*"] });
    let made = ask(&emulator.url, "POST /v1/webhook_endpoints", &wanted);
    ask(
        &emulator.url,
        "POST /_hookcli/events",
        &json!({ "event": "invoice.paid" }),
    );
    ask(&emulator.url, "POST /_hookcli/settle", &json!({}));
    emulator.stop();
    let own = place.store().to_str().unwrap().to_owned();
    let back = place.path("back.db").to_str().unwrap().to_owned();
    place.run(&["store", "copy", &own, &database]).expect(0);
    place.run(&["store", "copy", &database, &back]).expect(0);
    let all = |store: &str| -> Vec<Value> {
        let mut all = Vec::new();
        for list in ["captures", "deliveries"] {
            let listed = place
                .run(&[list, "list", "--json", "--store", store])
                .expect(0);
            for row in listed.documents() {
                let id = row["id"].as_str().unwrap().to_owned();
                let shown = place.run(&[list, "show", &id, "--json", "--store", store]);
                all.push(shown.expect(0).document());
            }
        }
        all
    };
    let (first, copied, again) = (all(&own), all(&database), all(&back));
    assert_eq!(first.len(), 3 + 4 + 1);
    assert_eq!(copied, first);
    assert_eq!(again, first);
    let raw = place.run(&[
        "captures", "show", "last~1", "--raw", "--force", "--store", &back,
    ]);
    assert_eq!(raw.raw, b"\0\xff");
    // What was pending is delivered from there, signed with the secret that was copied.
    let words = [
        "emulate", "stripe", "--port", "0", "--json", "--store", &back,
    ];
    let emulator = Listener::start(place.command(&words));
    let id = made["id"].as_str().unwrap();
    let shown = ask(
        &emulator.url,
        &format!("GET /v1/webhook_endpoints/{id}"),
        &json!({}),
    );
    assert_eq!(shown["url"], wanted["url"]);
    let advanced = ask(
        &emulator.url,
        "POST /_hookcli/clock",
        &json!({ "advance": "1h" }),
    );
    assert_eq!(advanced["attempts"], 1);
    // Without the key nothing is copied without its secrets.
    let elsewhere = Place::new();
    let lost = elsewhere.path("lost.db").to_str().unwrap().to_owned();
    let refused = elsewhere
        .run(&["store", "copy", &database, &lost])
        .expect(4);
    assert!(
        refused.stderr.contains("HOOKCLI_STORE_KEY"),
        "{}",
        refused.stderr
    );
    let full = place.run(&["store", "copy", &own, &database]).expect(4);
    assert!(full.stderr.contains("already"), "{}", full.stderr);
    let status = place.run(&["store", "status", "--json", "--store", &database]);
    let status = status.expect(0).document();
    assert_eq!(
        (&status["captures"], &status["deliveries"]),
        (&json!(3), &json!(5))
    );
    place
        .run(&["store", "vacuum", "--store", &database])
        .expect(0);
}

/// Asks a provider's API, or its control routes.
fn ask(url: &str, line: &str, body: &Value) -> Value {
    let (method, path) = line.split_once(' ').unwrap();
    let client = std::process::Command::new("curl")
        .args(["-sS", "--fail-with-body", "-X", method])
        .args(["-H", "Authorization: Bearer sk_test_x"])
        .args(["-H", "X-Hookcli-Control: 1"])
        .args(["-H", "Content-Type: application/json"])
        .args(["-d", &body.to_string(), &format!("{url}{path}")])
        .output()
        .unwrap();
    let text = String::from_utf8(client.stdout).unwrap();
    assert!(client.status.success(), "{line}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn emulators_of_several_nodes_are_one_provider_and_keep_its_secrets_encrypted() {
    let store = server().database();
    let refused = node(&store).run(&["emulate", "stripe", "--port", "0"]);
    assert!(refused.expect(2).stderr.contains("HOOKCLI_STORE_KEY"));
    let short = node(&store).with("HOOKCLI_STORE_KEY", "short");
    short.run(&["emulate", "stripe", "--port", "0"]).expect(2);
    let (one, other) = (
        node(&store).with("HOOKCLI_STORE_KEY", KEY),
        node(&store).with("HOOKCLI_STORE_KEY", KEY),
    );
    let words = ["emulate", "stripe", "--port", "0", "--json"];
    let first = Listener::start(one.command(&words));
    let second = Listener::start(other.command(&words));
    let receiver = Server::ok(2);
    let wanted = json!({ "url": receiver.url(), "enabled_events": ["*"] });
    let made = ask(&first.url, "POST /v1/webhook_endpoints", &wanted);
    let secret = made["secret"].as_str().unwrap();
    let event = json!({ "event": "invoice.paid" });
    for node in [&second, &first] {
        ask(&node.url, "POST /_hookcli/events", &event);
        let sent = receiver.request();
        let header = sent.header("stripe-signature").unwrap();
        let (time, signature) = header.split_once(',').unwrap();
        let mut signed = format!("{}.", time.strip_prefix("t=").unwrap()).into_bytes();
        signed.extend_from_slice(&sent.body);
        let expected = crate::support::hmac_hex(secret.as_bytes(), &signed);
        assert_eq!(signature, format!("v1={expected}"));
        ask(&node.url, "POST /_hookcli/settle", &json!({}));
    }
    assert!(!server().dump(&store).contains(secret));
    // Another key opens none of them.
    let stranger = node(&store).with("HOOKCLI_STORE_KEY", "another-key-that-is-long-enough-too");
    let refused = stranger
        .run(&["emulate", "stripe", "--port", "0"])
        .expect(4);
    assert!(
        refused.stderr.contains("encrypted with another key"),
        "{}",
        refused.stderr
    );
}

/// A worker of a node of its own.
fn worker(store: &str, words: &[&str]) -> (Place, Listener) {
    let place = node(store);
    let words = [&["worker", "--json"], words].concat();
    let worker = Listener::start(place.command(&words));
    (place, worker)
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn what_listeners_leave_is_forwarded_by_workers_each_once() {
    let store = server().database();
    let target = Server::ok(60);
    let (front, url) = (node(&store), target.url());
    let words = ["--forward-to", &url, "--forward-async", "--no-worker"];
    let listeners = [(); 2].map(|()| front.listen(&words));
    let _workers = [(); 2].map(|()| worker(&store, &[]));
    let mut sent = Vec::new();
    for number in 0..60 {
        let body = format!("{{\"number\":{number}}}");
        assert_eq!(
            listeners[number % 2].post(&[("x-a", "b")], body.as_bytes()),
            200
        );
        sent.push(body.into_bytes());
    }
    let mut got: Vec<Vec<u8>> = (0..60).map(|_| target.request().body).collect();
    got.sort_unstable();
    sent.sort_unstable();
    assert_eq!(got, sent);
    let pending = ["captures", "list", "is:pending", "--json"];
    while !front.run(&pending).expect(0).documents().is_empty() {}
    let listed = [
        "deliveries",
        "list",
        "outcome:delivered",
        "--limit",
        "99",
        "--json",
    ];
    assert_eq!(front.run(&listed).expect(0).documents().len(), 60);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn workers_keep_the_order_where_that_is_wanted_and_try_again() {
    let store = server().database();
    let front = node(&store);
    let answer = |status: u16| {
        format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    };
    let answers = [200, 503, 200, 200, 200, 200, 200].map(answer);
    let answers: Vec<&[u8]> = answers.iter().map(String::as_bytes).collect();
    let target = Server::answering(&answers);
    let url = target.url();
    let listener = front.listen(&["--forward-to", &url, "--forward-async", "--no-worker"]);
    for number in 0..6 {
        assert_eq!(listener.post(&[], format!("{number}").as_bytes()), 200);
    }
    let _workers = [(); 2].map(|()| worker(&store, &["--ordered"]));
    let got: Vec<Vec<u8>> = (0..7).map(|_| target.request().body).collect();
    assert_eq!(got, [b"0", b"1", b"1", b"2", b"3", b"4", b"5"]);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_destination_that_refuses_holds_no_other_up() {
    let store = server().database();
    let front = node(&store);
    let no = b"HTTP/1.1 500 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (bad, good) = (Server::answering(&[&no[..]; 20]), Server::ok(6));
    let (to_bad, to_good) = (bad.url(), good.url());
    let words = [
        "--forward-to",
        &to_bad,
        "--forward-to",
        &to_good,
        "--forward-async",
        "--no-worker",
    ];
    let listener = front.listen(&words);
    for number in 0..6 {
        assert_eq!(listener.post(&[], format!("{number}").as_bytes()), 200);
    }
    let _workers = [(); 2].map(|()| worker(&store, &["--ordered"]));
    let got: Vec<Vec<u8>> = (0..6).map(|_| good.request().body).collect();
    assert_eq!(got, [b"0", b"1", b"2", b"3", b"4", b"5"]);
    // What it refused stays the first, and nothing goes before it.
    assert_eq!(bad.request().body, b"0");
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_worker_leaves_what_goes_elsewhere_and_needs_no_key_to_forward() {
    let store = server().database();
    let front = node(&store);
    let elsewhere = [
        "--forward-to",
        "http://192.0.2.1/hook",
        "--forward-async",
        "--no-worker",
    ];
    let listener = front.listen(&elsewhere);
    assert_eq!(listener.post(&[], b"{}"), 200);
    let (_place, mut worker) = worker(&store, &[]);
    let mut notes = String::new();
    while !notes.contains("--allow-host 192.0.2.1") {
        notes += &worker.next_note();
    }
    assert!(notes.contains("without HOOKCLI_STORE_KEY"), "{notes}");
    let pending = front.run(&["captures", "list", "is:pending", "--json"]);
    assert_eq!(pending.expect(0).documents().len(), 1);
    let refused = front
        .run(&["listen", "--forward-to", "1", "--no-worker"])
        .expect(2);
    assert!(
        refused.stderr.contains("--forward-async"),
        "{}",
        refused.stderr
    );
    let nowhere = ["listen", "--port", "0", "--forward-async", "--no-worker"];
    assert!(
        front
            .run(&nowhere)
            .expect(2)
            .stderr
            .contains("--forward-to")
    );
    let words = [&["listen", "--port", "0", "--no-store"], &elsewhere[..]].concat();
    assert!(front.run(&words).expect(2).stderr.contains("--no-store"));
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn workers_of_other_nodes_deliver_each_event_once() {
    let store = server().database();
    let node = || node(&store).with("HOOKCLI_STORE_KEY", KEY);
    let (front, one, other) = (node(), node(), node());
    let words = ["emulate", "stripe", "--port", "0", "--no-worker", "--json"];
    let emulator = Listener::start(front.command(&words));
    let workers =
        [&one, &other].map(|place| Listener::start(place.command(&["worker", "stripe", "--json"])));
    let mut receiver = front.listen(&["--no-store", "--body"]);
    let wanted = json!({ "url": format!("{}/hook", receiver.url), "enabled_events": ["*"] });
    ask(&emulator.url, "POST /v1/webhook_endpoints", &wanted);
    let mut published = std::collections::BTreeSet::new();
    for _ in 0..40 {
        let event = json!({ "event": "invoice.paid" });
        let event = ask(&emulator.url, "POST /_hookcli/events", &event);
        published.insert(event["id"].as_str().unwrap().to_owned());
    }
    ask(&emulator.url, "POST /_hookcli/settle", &json!({}));
    let mut got = Vec::new();
    while got.len() < 40 {
        let request = receiver.next();
        let body: Value = serde_json::from_str(request["body"].as_str().unwrap()).unwrap();
        got.push(body["id"].as_str().unwrap().to_owned());
    }
    let unique: std::collections::BTreeSet<String> = got.iter().cloned().collect();
    assert_eq!((got.len(), unique), (40, published));
    let listed = front.run(&[
        "deliveries",
        "list",
        "outcome:delivered",
        "--limit",
        "99",
        "--json",
    ]);
    assert_eq!(listed.expect(0).documents().len(), 40);
    for worker in workers {
        worker.stop();
    }
    // What is published now waits for the next worker.
    ask(
        &emulator.url,
        "POST /_hookcli/events",
        &json!({ "event": "invoice.paid" }),
    );
    let waiting = front.run(&["deliveries", "list", "is:pending", "--json"]);
    assert_eq!(waiting.expect(0).documents().len(), 1);
    let _worker = Listener::start(one.command(&["worker", "--json"]));
    ask(&emulator.url, "POST /_hookcli/settle", &json!({}));
    receiver.next();
}
