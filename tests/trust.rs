//! What a hookcli.toml that was merely found, and the folders that it names, may not decide: a row of the table in
//! the README each.

use crate::support::{Place, Server, hmac_hex};

/// A provider's folder in the working tree.
fn provider(place: &Place, name: &str, more: &str) {
    let text = format!(
        r#"name = "{name}"
[sources]
docs = {{ title = "Docs", date = "2026-01-01" }}
[request]
documented = "docs"
content_type = "application/json"
[recognise]
headers = ["X-Evil"]
body = [{{ path = "/kind", type = "string" }}]
[body]
documented = "docs"
event = {{ path = "/kind" }}
idempotency_key = ["digest"]
[delivery]
documented = "docs"
timeout = "1s"
success = ["2xx"]
[event.made]
category = "Things"
documented = "docs"
description = "A thing was made."
{more}"#
    );
    place.write(&format!("providers/{name}/provider.toml"), text);
    place.write(
        &format!("providers/{name}/samples/made.json"),
        r#"{"kind":"made"}"#,
    );
}

const HMAC: &str = "[signature]\ndocumented = \"docs\"\nmechanism = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"X-Evil\"\nencoding = \"hex\"\ncontent = \"{body}\"\n";

fn found(place: &Place) {
    place.write("hookcli.toml", "provider_dir = [\"providers\"]\n");
}

#[test]
fn each_key_that_is_not_its_own_is_refused_by_name() {
    for (settings, key) in [
        ("store = \"x.db\"", "store"),
        ("keep = \"0\"", "keep"),
        ("[listen]\nbind = \"0.0.0.0\"", "listen.bind"),
        (
            "[endpoint.a]\nurl = \"3000\"\nsecret_file = \"/etc/passwd\"",
            "secret_file",
        ),
        ("[endpoint.a]\nurl = \"3000\"\ninsecure = true", "insecure"),
        (
            "[[listen.rule]]\nrespond = \"200\"\nheaders = { \"Access-Control-Allow-Origin\" = \"*\" }",
            "listen.rule.headers",
        ),
        (
            "[[listen.rule]]\nrespond = \"200\"\nbody = \"<script>\"\nheaders = { \"Content-Type\" = \"text/html\" }",
            "listen.rule.headers",
        ),
        (
            "[[listen.rule]]\nrespond = \"200\"\nheaders = { \"set-cookie\" = \"a=1\" }",
            "listen.rule.headers",
        ),
    ] {
        let place = Place::new();
        place.write("hookcli.toml", settings);
        let refused = place.run(&["captures", "list"]).expect(2);
        assert!(
            refused.stderr.contains(&format!("may not set `{key}`")),
            "{}",
            refused.stderr
        );
        // Whoever vouches for it may.
        let vouched = place.run(&["captures", "list", "--config", "hookcli.toml"]);
        assert!(
            !vouched
                .stderr
                .contains("set it in your own config file, or trust this file with --config"),
            "{}",
            vouched.stderr
        );
    }
}

#[test]
fn a_found_provider_has_no_secret_but_its_own() {
    let place = Place::new()
        .with("HOOKCLI_SECRET", "shared-secret")
        .with("HOOKCLI_SECRET_GITHUB", "githubs-secret")
        .with("HOOKCLI_SECRET_EVIL", "own-secret");
    provider(&place, "evil", HMAC);
    provider(&place, "other", HMAC);
    found(&place);
    let server = Server::ok(2);
    // Its own variable is meant for it.
    place
        .run(&["send", "evil/made", "--url", &server.url()])
        .expect(0);
    let request = server.request();
    assert_eq!(
        request.header("x-evil"),
        Some(hmac_hex(b"own-secret", &request.body))
    );
    // One without has the public test secret, and never that of all.
    let sent = place
        .run(&["send", "other/made", "--url", &server.url()])
        .expect(0);
    let request = server.request();
    assert_ne!(
        request.header("x-evil"),
        Some(hmac_hex(b"shared-secret", &request.body))
    );
    assert!(
        sent.stderr.contains("public test secret"),
        "{}",
        sent.stderr
    );
    for arguments in [
        ["sign", "--provider", "other", "--body"],
        ["verify", "--provider", "other", "--body"],
    ] {
        place.write("body", "{}");
        let refused = place.run(&[&arguments[..], &["body"]].concat()).expect(2);
        assert!(
            refused.stderr.contains("no secret to"),
            "{}",
            refused.stderr
        );
    }
    // Vouched for, it is like any other.
    let signed = place
        .run(&[
            "sign",
            "--provider-dir",
            "providers",
            "--provider",
            "other",
            "--body",
            "body",
        ])
        .expect(0);
    assert!(signed.stdout.contains(&hmac_hex(b"shared-secret", b"{}")));
}

/// `git_hub` and `git-hub` have the same variable.
#[test]
fn a_found_provider_may_not_be_named_like_another() {
    let place = Place::new().with("HOOKCLI_SECRET_STANDARD_WEBHOOKS", "theirs");
    provider(&place, "standard_webhooks", HMAC);
    found(&place);
    let refused = place
        .run(&["send", "standard_webhooks/made", "--url", "1"])
        .expect(2);
    assert!(
        refused.stderr.contains("a provider from the hookcli.toml of the working tree may not use another provider's secret"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_found_endpoint_has_no_secret_of_another_provider() {
    for (name, provider) in [
        ("HOOKCLI_SECRET", "github"),
        ("HOOKCLI_SECRET_STRIPE", "github"),
        ("HOOKCLI_VERIFY_TOKEN", "github"),
        ("HOOKCLI_SECRET_GENERIC", "generic"),
    ] {
        let place = Place::new().with("HOOKCLI_SECRET_STRIPE", "stripes-secret");
        let scheme = match provider {
            "generic" => {
                "[endpoint.a.signature]\nmechanism = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"X-A\"\nencoding = \"hex\"\ncontent = \"{body}\"\n"
            }
            _ => "",
        };
        place.write(
            "hookcli.toml",
            format!("[endpoint.a]\nurl = \"1\"\nprovider = \"{provider}\"\nsecret_env = \"{name}\"\n{scheme}"),
        );
        place.write("body", "{}");
        let refused = place
            .run(&["sign", "--to", "a", "--body", "body"])
            .expect(2);
        assert!(
            refused.stderr.contains(&format!("may not use {name}")),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn what_a_found_file_addresses_elsewhere_is_not_signed_with_its_own_scheme() {
    let place = Place::new().with("ORDERS", "orders-secret");
    place.write(
        "hookcli.toml",
        "[endpoint.a]\nurl = \"http://192.0.2.1/\"\nprovider = \"generic\"\nsecret_env = \"ORDERS\"\n[endpoint.a.signature]\nmechanism = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"X-A\"\nencoding = \"hex\"\ncontent = \"{timestamp}.{body}\"\n[endpoint.a.signature.timestamp]\nheader = \"X-T\"\nformat = \"unix_s\"\n",
    );
    let refused = place
        .run(&[
            "send",
            "generic/x",
            "--data",
            "{}",
            "--to",
            "a",
            "--dry-run",
        ])
        .expect(2);
    assert!(
        refused
            .stderr
            .contains("the hookcli.toml of the working tree chose both the signature scheme and"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_found_providers_handshake_signs_nothing_and_opens_no_page() {
    let handshake = |more: &str| {
        format!(
            "{HMAC}[[handshake]]\ndocumented = \"docs\"\nevent = \"hello\"\nquery = {{ c = \"*\" }}\nchallenge = {{ from = \"query:c\" }}\n{more}\n"
        )
    };
    for (more, why) in [
        (
            "requires_signature = true\nresponse = { text = \"{hmac_sha256_hex}\" }",
            "may not have anything signed",
        ),
        (
            "requires_signature = true\nresponse = { json = { a = \"{hmac_sha256_hex}\" } }",
            "may not have anything signed",
        ),
        (
            "requires_signature = true\nresponse = { headers = { \"X-A\" = \"{hmac_sha256_hex}\" } }",
            "may not have anything signed",
        ),
        (
            "response = { headers = { \"Access-Control-Allow-Origin\" = \"*\" } }",
            "which a browser acts on: a provider from the hookcli.toml of the working tree may not do that",
        ),
    ] {
        let place = Place::new();
        provider(&place, "evil", &handshake(more));
        found(&place);
        let refused = place.run(&["providers", "evil"]).expect(2);
        assert!(refused.stderr.contains(why), "{}", refused.stderr);
        // The others are there.
        place.run(&["providers", "github"]).expect(0);
        let vouched = place.run(&["providers", "evil", "--provider-dir", "providers"]);
        vouched.expect(0);
    }
    // Whoever wrote it, nobody signs for a stranger.
    for answer in [
        "{ text = \"{hmac_sha256_hex}\" }",
        "{ headers = { \"X-A\" = \"{hmac_sha256_hex}\" } }",
    ] {
        let place = Place::new();
        provider(&place, "evil", &handshake(&format!("response = {answer}")));
        let refused = place
            .run(&["providers", "evil", "--provider-dir", "providers"])
            .expect(2);
        assert!(
            refused.stderr.contains("requires_signature = true"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn a_found_provider_does_not_win_where_an_embedded_ones_signature_is() {
    let place = Place::new().with("HOOKCLI_SECRET", "agreed");
    // It fits more of the request than the embedded provider does, and checks nothing.
    provider(&place, "evil", "");
    let text = std::fs::read_to_string(place.path("providers/evil/provider.toml")).unwrap();
    place.write(
        "providers/evil/provider.toml",
        text.replace(
            "headers = [\"X-Evil\"]",
            "headers = [\"X-Hub-Signature-256\", \"X-GitHub-Event\", \"X-Evil\", \"User-Agent\"]",
        ),
    );
    found(&place);
    let mut listener = place.listen(&[]);
    let headers = [
        ("X-Hub-Signature-256", "sha256=00"),
        ("X-GitHub-Event", "push"),
        ("X-Evil", "1"),
        ("User-Agent", "x"),
    ];
    assert_eq!(listener.post(&headers, b"{\"kind\":\"made\"}"), 401);
    assert_eq!(listener.next()["provider"], "github");
    // Where it stands alone, it is recognised.
    assert_eq!(
        listener.post(&[("X-Evil", "1")], b"{\"kind\":\"made\"}"),
        200
    );
    assert_eq!(listener.next()["provider"], "evil");
}

#[test]
fn a_listeners_secrets_and_tokens_are_not_a_found_providers() {
    let place = Place::new()
        .with("K", "shared-secret")
        .with("HOOKCLI_VERIFY_TOKEN", "agreed");
    provider(&place, "evil", HMAC);
    found(&place);
    let body = b"{\"kind\":\"made\"}";
    let signed = hmac_hex(b"shared-secret", body);
    let mut listener = place.listen(&["--secret-env", "K"]);
    listener.post(&[("X-Evil", &signed)], body);
    assert_eq!(listener.next()["signature"]["verdict"], "unchecked");
    listener.stop();
    // Named, it is who the secret is for.
    let mut listener = place.listen(&["--secret-env", "K", "--provider", "evil"]);
    listener.post(&[("X-Evil", &signed)], body);
    assert_eq!(listener.next()["signature"]["verdict"], "valid");
}

/// A page whose name was pointed at this machine (DNS rebinding) reaches nothing.
#[test]
fn a_page_under_another_name_is_kept_marked_and_goes_nowhere() {
    let place = Place::new();
    let target = Server::ok(1);
    let mut listener = place.listen(&[
        "--forward-to",
        &target.url(),
        "--public-url",
        "https://mine.example",
    ]);
    let port = listener.address().rsplit(':').next().unwrap().to_owned();
    let ask = |headers: &str| {
        let request = format!(
            "POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n{headers}\r\n\r\nx"
        );
        crate::support::status(&listener.raw(request.as_bytes()))
    };
    for headers in [
        format!("Host: evil.example:{port}\r\nOrigin: http://evil.example:{port}"),
        format!("Host: evil.example:{port}\r\nSec-Fetch-Site: same-origin"),
        "Host: evil.example\r\nSec-Fetch-Mode: cors".to_owned(),
        "Host: evil.example\r\nUser-Agent: Mozilla/5.0 (X11) Chrome/1\r\nReferer: http://evil.example/x".to_owned(),
    ] {
        assert_eq!(ask(&headers), 200);
    }
    ask("Host: mine.example\r\nOrigin: https://mine.example");
    assert_eq!(target.request().body, b"x", "the only one that went on");
    for _ in 0..4 {
        assert_eq!(listener.next()["sent_by"], "web_page");
    }
}
