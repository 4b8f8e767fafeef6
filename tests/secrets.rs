//! A key never appears in output, logs, errors or the store; a secret that travels is redacted.

use crate::support::{Place, Server, find};

const KEY: &str = "correct-horse-battery-staple";

fn clean(place: &Place, shown: &crate::support::Outcome) {
    assert!(!shown.page().contains(KEY), "{}", shown.page());
    assert!(
        find(&place.all_bytes(), KEY.as_bytes()).is_none(),
        "the key is in the store"
    );
}

#[test]
fn a_key_that_signs_is_nowhere_afterwards() {
    let place = Place::new().with("K", KEY);
    let server = Server::ok(5);
    for arguments in [
        vec!["send", "convo/transcript.ready", "lead_captured", "--url"],
        vec!["send", "--json", "-v", "lead_captured", "--url"],
        vec![
            "send",
            "-v",
            "convosphere/message.created",
            "agentclara/message.received",
            "--url",
        ],
    ] {
        let shown =
            place.run(&[arguments.as_slice(), &[&server.url(), "--secret-env", "K"]].concat());
        clean(&place, &shown);
    }
    for arguments in [
        vec!["deliveries", "list"],
        vec!["deliveries", "show"],
        vec!["deliveries", "show", "--json"],
    ] {
        clean(&place, &place.run(&arguments).expect(0));
    }
}

#[test]
fn a_server_that_echoes_the_request_reveals_nothing() {
    let echo = format!(
        "HTTP/1.1 200 OK\r\nX-Echo: {KEY}\r\nSet-Cookie: a={KEY}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{KEY}",
        KEY.len()
    );
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://x/{KEY}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, KEY.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let mut zipped = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", packed.len()).into_bytes();
    zipped.extend(packed);
    let place = Place::new().with("HOOKCLI_SECRET", KEY);
    let server = Server::answering(&[echo.as_bytes(), redirect.as_bytes(), &zipped]);
    for _ in 0..3 {
        let shown = place.run(&[
            "send",
            "lead_captured",
            "--url",
            &server.url(),
            "-v",
            "--json",
        ]);
        assert!(shown.stdout.contains("[redacted]"), "{}", shown.stdout);
        clean(&place, &shown);
    }
}

#[test]
fn errors_do_not_quote_secrets() {
    let place = Place::new().with("K", KEY);
    place.write("body", "not json");
    for arguments in [
        vec![
            "sign",
            "--provider",
            "convocore",
            "--secret",
            KEY,
            "--body",
            "body",
        ],
        vec![
            "verify",
            "--body",
            "body",
            "--provider",
            "convocore",
            "--secret",
            KEY,
        ],
        vec!["send", "lead_captured", "--url", "1", "--secret", KEY],
        vec!["send", "nothing", "--url", "1", "--secret", KEY],
        vec!["listen", "--port", "99999", "--secret", KEY],
        vec![
            "send",
            "lead_captured",
            "--url",
            "1",
            "--secret",
            KEY,
            "--strict",
            "--set",
            "payload.createdAt=\"x\"",
        ],
    ] {
        clean(&place, &place.run(&arguments));
    }
}

#[test]
fn a_listener_and_its_documents_show_no_secret() {
    let place = Place::new().with("HOOKCLI_SECRET", KEY);
    let mut listener = place.listen(&["--body"]);
    place
        .run(&[
            "send",
            "lead_captured",
            "convo/transcript.ready",
            "--url",
            &listener.url,
            "-H",
            "Authorization: Basic abc",
        ])
        .expect(0);
    for _ in 0..2 {
        let document = listener.next().to_string();
        assert!(
            !document.contains(KEY)
                && !document.contains("Basic abc")
                && document.contains("[redacted]"),
            "{document}"
        );
    }
    let (_, _, stderr) = listener.stop();
    assert!(!stderr.contains(KEY));
    let revealed = place
        .run(&["captures", "show", "last~1", "--reveal"])
        .expect(0)
        .stdout;
    assert!(
        revealed.contains(KEY),
        "a capture necessarily holds what came"
    );
}

#[test]
fn a_password_in_a_url_is_sent_and_not_shown() {
    let server = Server::ok(1);
    let place = Place::new();
    let url = format!("http://user:{KEY}@127.0.0.1:{}/hook", server.port);
    let shown = place
        .run(&["send", "gaife/message", "--url", &url, "--json", "-v"])
        .expect(0);
    clean(&place, &shown);
    use hookcli::model::base64_text;
    assert_eq!(
        server.request().header("authorization").unwrap(),
        format!("Basic {}", base64_text(format!("user:{KEY}").as_bytes()))
    );
}

#[test]
fn debug_output_of_everything_that_holds_a_secret_is_redacted() {
    use hookcli::model::Secret;
    use hookcli::settings::{Environment, SecretFlags};
    let flags = SecretFlags {
        literal: vec![Secret::new(KEY)],
        ..SecretFlags::default()
    };
    let environment = Environment::new(
        [("HOOKCLI_SECRET".to_owned(), KEY.to_owned())],
        std::path::PathBuf::from("/"),
    );
    let place: hookcli::http::Destination = format!("http://u:{KEY}@localhost/").parse().unwrap();
    assert!(!format!("{flags:?}{environment:?}{place:?}").contains(KEY));
}

#[test]
fn a_token_in_a_body_of_any_shape_is_redacted_in_every_view() {
    let place = Place::new();
    let mut listener = place.listen(&["--body"]);
    let packed = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(
            &mut encoder,
            format!(r#"{{"payload":{{"workspaceSecret":"{KEY}"}}}}"#).as_bytes(),
        )
        .unwrap();
        encoder.finish().unwrap()
    };
    let torn =
        format!(r#"{{"type":"lead_captured","payload":{{"createdAt":1,"workspaceSecret":"{KEY}""#);
    let nested = format!(r#"[{{"payload":{{"workspaceSecret":"{KEY}"}}}}] trailing"#);
    assert_eq!(listener.post(&[], torn.as_bytes()), 200);
    assert_eq!(listener.post(&[], nested.as_bytes()), 200);
    assert_eq!(listener.post(&[("Content-Encoding", "gzip")], &packed), 200);
    for _ in 0..3 {
        assert!(!listener.next().to_string().contains(KEY));
    }
    listener.stop();
    for capture in ["last", "last~1", "last~2"] {
        for view in [
            vec!["captures", "show", capture],
            vec!["captures", "show", capture, "--json"],
            vec!["captures", "export", capture],
            vec!["captures", "export", capture, "--format", "har"],
            vec!["captures", "export", capture, "--format", "http"],
            vec!["captures", "export", capture, "--format", "curl"],
        ] {
            let shown = place.run(&view).expect(0);
            assert!(
                !shown.page().contains(KEY) && shown.stdout.contains("[redacted]"),
                "{view:?}: {}",
                shown.stdout
            );
        }
    }
}

#[test]
fn a_found_file_cannot_have_a_secret_put_into_a_header() {
    let place = Place::new().with("HOOKCLI_SECRET_ASANA", "asana-s3cret");
    place.write(
        "hookcli.toml",
        "[endpoint.a]\nurl = \"http://192.0.2.1/\"\nprovider = \"asana\"\n",
    );
    let shown = place
        .run(&[
            "send",
            "asana/handshake",
            "--to",
            "a",
            "--dry-run",
            "--allow-http",
        ])
        .expect(2);
    assert!(!shown.page().contains("asana-s3cret"), "{}", shown.page());
    place.write("hookcli.toml", "[endpoint.h]\nurl = \"http://192.0.2.1/\"\nprovider = \"generic\"\n\n[endpoint.h.signature]\nmechanism = \"hash\"\nalgorithm = \"sha1\"\nheader = \"X\"\ncontent = \"{secret}\"\n");
    place
        .run(&[
            "send",
            "generic/event",
            "--to",
            "h",
            "--dry-run",
            "--allow-http",
            "--secret-env",
            "HOOKCLI_SECRET_ASANA",
        ])
        .expect(2);
}

#[test]
fn a_token_is_redacted_whoever_the_request_is_said_to_be_from() {
    let place = Place::new();
    let mut listener = place.listen(&["--provider", "github"]);
    listener.post(
        &[
            ("X-Gitlab-Token", "gitlab-s3cret"),
            ("X-Hook-Secret", "hook-s3cret"),
        ],
        b"{\"workspaceSecret\": 123456789}",
    );
    let shown = listener.next().to_string();
    assert!(!shown.contains("s3cret"), "{shown}");
    let page = place
        .run(&["captures", "show", "last", "--json"])
        .expect(0)
        .document();
    assert_eq!(page["body"], "{\"workspaceSecret\": \"[redacted]\"}");
    assert!(!page.to_string().contains("s3cret"));
}

#[test]
fn a_body_of_nothing_but_token_names_holds_nobody_up() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let body = b"workspaceSecret=a&".repeat(400_000);
    assert_eq!(listener.post(&[], &body), 200);
    assert_eq!(listener.next()["body_bytes"], body.len());
}

/// Every scheme that sends its secret, and every handshake that has a token, in every view: the secret is in none.
#[test]
fn no_view_of_any_scheme_shows_a_secret() {
    let place = Place::new();
    let target = Server::ok(1000);
    let secret = format!("{KEY}-0123456789abcdef");
    let listed = place.run(&["providers", "--json"]).expect(0).documents();
    let all: Vec<&str> = listed
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    // What each provider would send, as it goes out: those whose requests hold the secret itself.
    let mut sent: Vec<String> = Vec::new();
    for provider in &all {
        let events = place
            .run(&["events", "--provider", provider, "--json"])
            .expect(0)
            .documents();
        for event in events.iter().take(3) {
            let name = format!("{provider}/{}", event["event"].as_str().unwrap());
            let plain = place.and("HOOKCLI_SECRET", &secret).run(&[
                "send",
                &name,
                "--url",
                "1",
                "--dry-run",
            ]);
            if plain.stdout.contains(&secret) {
                sent.push(name);
            }
        }
    }
    assert!(sent.len() >= 5, "{sent:?}");
    place.write(
        "hookcli.toml",
        "[endpoint.q]\nurl = \"http://127.0.0.1:1/\"\nprovider = \"generic\"\n[endpoint.q.signature]\nmechanism = \"token\"\nquery = \"own_key\"\n\
         [endpoint.f]\nurl = \"http://127.0.0.1:1/\"\nprovider = \"generic\"\n[endpoint.f.signature]\nmechanism = \"token\"\nheader = \"X-Own-Key\"\n",
    );
    // A listener that knows no secret, one that knows the provider, and forwarding of both.
    for given in [None, Some("--provider")] {
        for name in &sent {
            let provider = name.split('/').next().unwrap();
            let mut flags = vec!["--body", "--forward-to"];
            let url = target.url();
            flags.push(&url);
            flags.extend(given.iter().flat_map(|flag| [*flag, provider]));
            let mut listener = place.listen(&flags);
            let url = format!(
                "{}/hook?hub.verify_token={secret}&own_key={secret}",
                listener.url
            );
            place
                .and("K", &secret)
                .run(&[
                    "send",
                    name,
                    "--url",
                    &url,
                    "--secret-env",
                    "K",
                    "--json",
                    "-v",
                ])
                .clean(&secret);
            let shown = listener.next().to_string() + &listener.next().to_string();
            assert!(!shown.contains(&secret), "{shown}");
            let (_, documents, told) = listener.stop();
            let rest = format!("{documents:?}{told}");
            assert!(!rest.contains(&secret), "{rest}");
        }
    }
    // And by hand, where nobody recognises it.
    let listener = place.listen(&["--forward-to", &target.url()]);
    for (headers, body) in [
        (
            vec![("Authorization", format!("Bearer {secret}"))],
            String::new(),
        ),
        (vec![("Cookie", format!("a={secret}"))], String::new()),
        (
            vec![("X-Own-Key", secret.clone()), ("X-Api-Key", secret.clone())],
            String::new(),
        ),
        (
            vec![
                ("Referer", format!("http://me:{secret}@h/")),
                ("X-Hook-Secret", secret.clone()),
            ],
            String::new(),
        ),
        (
            vec![(
                "Content-Type",
                "application/x-www-form-urlencoded".to_owned(),
            )],
            format!("own_key={secret}&a=1"),
        ),
        (
            vec![("Content-Type", "multipart/form-data; boundary=x".to_owned())],
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"own_key\"\r\n\r\n{secret}\r\n--x--\r\n"
            ),
        ),
        (
            vec![],
            format!(
                "{{\"a\":\"{{\\\"workspaceSecret\\\":\\\"{secret}\\\"}}\",\"\\u006fwn_key\":\"{secret}\"}}"
            ),
        ),
    ] {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(listener.post(&headers, body.as_bytes()), 200);
    }
    listener.raw(format!("GET http://me:{secret}@h/a?token={secret} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes());
    listener.stop();
    for command in [
        "captures list -n 1000",
        "captures list -n 1000 --json",
        "captures export",
        "captures export --format http",
        "captures export --format curl",
        "captures export --format har",
        "deliveries list -n 1000",
        "deliveries list -n 1000 --json",
        "deliveries export",
        "deliveries export --format report",
        "deliveries stats --json",
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        place.run(&arguments).expect(0).clean(&secret);
    }
    for what in ["captures", "deliveries"] {
        let rows = place
            .run(&[what, "list", "-n", "1000", "--json"])
            .documents();
        assert!(rows.len() > 15);
        for row in rows {
            let id = row["id"].as_str().unwrap();
            for flags in [
                &["show", id][..],
                &["show", id, "--json"],
                &["show", id, "-v"],
            ] {
                place
                    .run(&[&[what], flags].concat())
                    .expect(0)
                    .clean(&secret);
            }
        }
    }
}

/// A probe counts, and has no use for what signs; a command behind `--` gets its environment as it is.
#[test]
fn a_child_gets_no_secret_that_was_not_meant_for_it() {
    let place = Place::new()
        .with("HOOKCLI_SECRET", KEY)
        .with("HOOKCLI_SECRET_CONVO", KEY)
        .with("HOOKCLI_VERIFY_TOKEN", KEY)
        .with("OWN", KEY);
    let seen = place.path("seen");
    let script = place.write(
        "probe",
        format!("#!/bin/sh\nenv > '{}'\necho 1\n", seen.display()),
    );
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let script = script.to_str().unwrap();
    let listener = place.listen(&["--provider", "convo", "--secret-env", "OWN"]);
    place.run(&[
        "check",
        "--provider",
        "convo",
        "--url",
        &listener.url,
        "--secret-env",
        "OWN",
        "--only",
        "events",
        "--probe",
        "--",
        script,
    ]);
    let probed = std::fs::read_to_string(&seen).unwrap();
    assert!(!probed.contains(KEY), "{probed}");
    place
        .run(&["listen", "--port", "0", "--", script])
        .expect(0);
    let passed = std::fs::read_to_string(&seen).unwrap();
    assert!(
        passed.contains(&format!("HOOKCLI_SECRET_CONVO={KEY}")),
        "{passed}"
    );
}

#[test]
fn a_file_with_secrets_is_its_owners_alone_and_no_link_is_followed() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt, symlink};
    let place = Place::new();
    let listener = place.listen(&[]);
    listener.post(&[("Authorization", KEY)], b"{}");
    listener.stop();
    let file = place.write("out.json", "theirs");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    let inode = std::fs::metadata(&file).unwrap().ino();
    place
        .run(&["captures", "export", "last", "--reveal", "-o", "out.json"])
        .expect(0);
    let written = std::fs::metadata(&file).unwrap();
    assert_eq!(written.permissions().mode() & 0o777, 0o600);
    assert_ne!(
        written.ino(),
        inode,
        "whoever has the old one open reads nothing of it"
    );
    assert!(std::fs::read_to_string(&file).unwrap().contains(KEY));
    let victim = place.write("victim", "untouched");
    symlink(&victim, place.path("link.json")).unwrap();
    let refused = place
        .run(&["captures", "export", "last", "--reveal", "-o", "link.json"])
        .expect(4);
    assert!(
        refused.stderr.contains("symbolic link"),
        "{}",
        refused.stderr
    );
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "untouched");
    // Without secrets, a link is the user's own way to name a file.
    place
        .run(&["captures", "export", "last", "-o", "link.json"])
        .expect(0);
    assert!(
        std::fs::read_to_string(&victim)
            .unwrap()
            .contains("[redacted]")
    );
    let piped = place.run(&[
        "captures",
        "export",
        "last",
        "--reveal",
        "-o",
        "/dev/stdout",
    ]);
    assert!(
        piped.code == 4 || piped.stdout.contains(KEY),
        "{}",
        piped.page()
    );
}

#[test]
fn a_pem_or_what_begins_with_a_hyphen_can_be_a_secret_and_a_flag_cannot() {
    let place = Place::new();
    place.write("body", "{}");
    for (provider, algorithm) in [
        ("discord", &rcgen::PKCS_ED25519),
        ("sendgrid", &rcgen::PKCS_ECDSA_P256_SHA256),
    ] {
        let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let signed = place
            .run(&[
                "sign",
                "--provider",
                provider,
                "--body",
                "body",
                "--secret",
                &key.serialize_pem(),
            ])
            .expect(0);
        let mut verify = vec!["verify", "--provider", provider, "--body", "body"];
        for header in signed.stdout.lines() {
            verify.extend(["-H", header]);
        }
        let public = key.public_key_pem();
        place
            .run(&[&verify[..], &["--secret", &public]].concat())
            .expect(0);
        let other = rcgen::KeyPair::generate_for(algorithm)
            .unwrap()
            .public_key_pem();
        place
            .run(&[&verify[..], &["--secret", &other]].concat())
            .expect(1);
    }
    let hyphen = place
        .run(&[
            "sign",
            "--provider",
            "generic",
            "--body",
            "body",
            "--secret=-abc",
        ])
        .expect(0);
    assert!(
        hyphen
            .stdout
            .contains(&crate::support::hmac_hex(b"-abc", b"{}"))
    );
    let flag = place
        .run(&[
            "sign",
            "--provider",
            "generic",
            "--body",
            "body",
            "--secret",
            "--json",
        ])
        .expect(2);
    assert!(flag.stderr.contains("--secret"), "{}", flag.stderr);
}

#[test]
fn one_signature_is_made_with_one_secret() {
    let place = Place::new().with("ONE", "s").with("TWO", "t");
    let two = ["--secret-env", "ONE", "--secret-env", "TWO"];
    let said = "github signs with one secret, but 2 are given, the first with --secret-env ONE: give the one to sign with";
    for words in [
        &["send", "github/push", "--url", "1"][..],
        &["sign", "--provider", "github", "--body", "-"],
        &["check", "--provider", "github", "--url", "1"],
    ] {
        let refused = place.run(&[words, &two].concat()).expect(2);
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
    // A scheme with several signatures has one of each.
    let signed = place.run(&[&["sign", "--provider", "stripe", "--body", "-"][..], &two].concat());
    assert_eq!(signed.expect(0).stdout.matches("v1=").count(), 2);
}
