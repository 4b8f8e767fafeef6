//! What keeps a database from being used is said, ends with 4, and changes nothing.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use crate::support::postgres::{PostgresServer, server};
use crate::support::{Listener, Place, free_port};

fn node(store: &str) -> Place {
    Place::new().with("HOOKCLI_STORE", store)
}

const LIST: [&str; 2] = ["captures", "list"];

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn tables_of_another_version_are_refused_untouched() {
    let store = server().database();
    let place = node(&store);
    place.run(&LIST).expect(0);
    server().ask(
        &store,
        "UPDATE hookcli.setting SET value = 99 WHERE name = 'schema_version'",
    );
    let before = server().dump(&store);
    for words in [&LIST[..], &["store", "migrate"], &["listen", "--port", "0"]] {
        let refused = place.run(words).expect(4);
        assert!(refused.stderr.contains("version 99"), "{}", refused.stderr);
        assert!(
            refused.stderr.contains("newer hookcli"),
            "{}",
            refused.stderr
        );
    }
    assert_eq!(server().dump(&store), before);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn older_tables_are_brought_to_this_version_on_request_alone() {
    let store = server().database();
    let place = node(&store);
    let first = include_str!("../../src/store/postgres/schema/1.sql");
    let version = "INSERT INTO hookcli.setting VALUES ('schema_version', '1')";
    server().ask(
        &store,
        &format!("CREATE SCHEMA hookcli; {first}; {version}"),
    );
    let before = server().dump(&store);
    let refused = place.run(&LIST).expect(4);
    assert!(
        refused.stderr.contains("hookcli store migrate"),
        "{}",
        refused.stderr
    );
    assert_eq!(server().dump(&store), before);
    place.run(&["store", "migrate"]).expect(0);
    let listener = place.listen(&[]);
    assert_eq!(listener.post(&[], b"{}"), 200);
    let listed = place.run(&["captures", "list", "--json"]).expect(0);
    assert_eq!(listed.documents().len(), 1);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_user_needs_the_right_to_make_the_tables_and_then_to_use_them() {
    let store = server().database();
    server().ask(&store, "CREATE ROLE guest_of_tables LOGIN");
    let guest = store.replace("hookcli@", "guest_of_tables@");
    let refused = node(&guest).run(&LIST).expect(4);
    assert!(
        refused.stderr.contains("permission denied"),
        "{}",
        refused.stderr
    );
    assert_eq!(
        server().ask(&store, "SELECT to_regnamespace('hookcli') IS NULL"),
        "t"
    );
    node(&store).run(&LIST).expect(0);
    let refused = node(&guest).run(&LIST).expect(4);
    assert!(
        refused.stderr.contains("permission denied"),
        "{}",
        refused.stderr
    );
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn passwords_come_from_the_environment_or_a_file_and_wrong_ones_are_said() {
    let database = PostgresServer::start();
    let store = database.database();
    database.ask(
        &store,
        "CREATE ROLE kept LOGIN SUPERUSER PASSWORD 'a right one'",
    );
    let rules = "host all kept all scram-sha-256\nhost all all all trust\n";
    database.write(&store, "pg_hba.conf", rules);
    database.ask(&store, "SELECT pg_reload_conf()");
    let store = store.replace("hookcli@", "kept@");
    // The new rules hold in a moment.
    let place = node(&store);
    while place.run(&LIST).code == 0 {}
    for place in [place, node(&store).with("PGPASSWORD", "a wrong one")] {
        let refused = place.run(&LIST).expect(4);
        assert!(refused.stderr.contains("password"), "{}", refused.stderr);
        assert!(!refused.stderr.contains("a wrong one"));
    }
    node(&store)
        .with("PGPASSWORD", "a right one")
        .run(&LIST)
        .expect(0);
    let place = node(&store);
    let file = place.write_home(".pgpass", "*:*:*:kept:a right one\n");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    place.run(&LIST).expect(0);
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_server_is_spoken_to_in_tls_and_checked_as_far_as_that_is_wanted() {
    let database = PostgresServer::start();
    let store = database.database();
    let place = Place::new();
    let (own, certificate, key) = certificate_of("localhost");
    let (other, ..) = certificate_of("localhost");
    database.write(&store, "server.crt", &certificate);
    database.write(&store, "server.key", &key);
    let own = place.write("own.pem", own);
    let other = place.write("other.pem", other);
    database.ask(&store, "ALTER SYSTEM SET ssl = on");
    database.ask(&store, "SELECT pg_reload_conf()");
    let open = |words: &str| node(&format!("{store}?{words}")).run(&LIST);
    while open("sslmode=require").code != 0 {}
    open("sslmode=prefer").expect(0);
    let root = |file: &std::path::Path| format!("sslrootcert={}", file.display());
    open(&format!("sslmode=verify-ca&{}", root(&own))).expect(0);
    let refused = open(&format!("sslmode=verify-ca&{}", root(&other))).expect(4);
    assert!(refused.stderr.contains("certificate"), "{}", refused.stderr);
    // It is not called by that name.
    let refused = open(&format!("sslmode=verify-full&{}", root(&own))).expect(4);
    assert!(refused.stderr.contains("certificate"), "{}", refused.stderr);
    let known = store.replace("127.0.0.1", "localhost");
    let known = node(&format!("{known}?sslmode=verify-full&{}", root(&own)));
    known.run(&LIST).expect(0);
}

/// The certificate of a CA, and one that it made for a name with its key (PEM).
fn certificate_of(name: &str) -> (String, String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (own, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let root = authority.self_signed(&own).unwrap().pem();
    let issuer = Issuer::new(authority, own);
    let signed = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let signed = signed.signed_by(&key, &issuer).unwrap();
    (root, signed.pem(), key.serialize_pem())
}

/// What a request with this authorization is answered.
fn status(url: &str, authorization: &str) -> String {
    let asked = std::process::Command::new("curl")
        .args(["-s", "-o", "/dev/null", "-w", "%{http_code}"])
        .args(["-H", &format!("Authorization: Bearer {authorization}"), url])
        .output()
        .unwrap();
    String::from_utf8(asked.stdout).unwrap()
}

#[test]
#[ignore = "needs PostgreSQL: tests/shared/run"]
fn a_workspaces_tokens_let_others_in_until_they_are_removed() {
    let store = server().database();
    let key = "a-key-of-the-team-that-is-long-enough";
    let place = node(&store).with("HOOKCLI_STORE_KEY", key);
    let open = [
        "emulate", "stripe", "--port", "0", "--bind", "0.0.0.0", "--json",
    ];
    let alone = [
        "emulate",
        "stripe",
        "--port",
        "0",
        "--no-worker",
        "--no-store",
    ];
    place.run(&alone).expect(2);
    let refused = place.run(&open).expect(2);
    assert!(
        refused.stderr.contains("hookcli store token new"),
        "{}",
        refused.stderr
    );
    let made = |workspace: &str| {
        let words = ["store", "token", "new", "--workspace", workspace];
        place.run(&words).expect(0).stdout.trim().to_owned()
    };
    let (own, other) = (made("default"), made("other"));
    assert!(own.len() == 64 && own != other);
    let emulator = Listener::start(place.command(&open));
    let list = format!("{}/v1/webhook_endpoints", emulator.url);
    assert_eq!(status(&list, &format!("sk_test_{own}")), "200");
    for wrong in [
        format!("sk_test_{other}"),
        "sk_test_x".to_owned(),
        own.clone(),
    ] {
        assert_eq!(status(&list, &wrong), "401", "{wrong}");
    }
    let port = free_port().to_string();
    let ui = [
        "ui",
        "--ui-port",
        &port,
        "--ui-bind",
        "0.0.0.0",
        "--behind-proxy",
        "--json",
    ];
    let ui = [&ui[..], &["--ui-host", "team.example"]].concat();
    let _page = Listener::start(place.command(&ui));
    let captures = format!("http://127.0.0.1:{port}/api/captures");
    assert_eq!(
        (status(&captures, &own), status(&captures, &other)),
        ("200".into(), "401".into())
    );
    // A page of this machine alone takes its own.
    let loopback = Listener::start(place.command(&["ui", "--ui-port", "0", "--json"]));
    let url = loopback.ready["ui_url"].as_str().unwrap();
    let port: String = url
        .rsplit(':')
        .next()
        .unwrap()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    assert_eq!(
        status(&format!("http://127.0.0.1:{port}/api/captures"), &own),
        "401"
    );

    assert!(!server().dump(&store).contains(&own));
    let listed = place.run(&["store", "token", "list", "--json"]).expect(0);
    assert!(!listed.stdout.contains(&own));
    let id = listed.document()["id"].as_str().unwrap().to_owned();
    let elsewhere = ["store", "token", "rm", &id, "--workspace", "other"];
    assert!(
        place
            .run(&elsewhere)
            .expect(2)
            .stderr
            .contains("store token list")
    );
    let mut follows = std::process::Command::new("curl")
        .args(["-sN", "-H", &format!("Authorization: Bearer {own}")])
        .arg(captures.replace("captures", "events"))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    place.run(&["store", "token", "rm", &id]).expect(0);
    // Not even what follows goes on.
    assert!(follows.wait().unwrap().success());
    while status(&list, &format!("sk_test_{own}")) != "401" {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let local = Place::new().run(&["store", "token", "new"]).expect(2);
    assert!(local.stderr.contains("nodes share"), "{}", local.stderr);
}
