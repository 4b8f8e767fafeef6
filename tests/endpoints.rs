//! Several senders at one listener: endpoints with paths, first contact without a secret, and schemes that no provider
//! is known for.

use crate::support::{Place, hmac_hex};

const TWO_OF_ONE: &str = r#"
[endpoint.live]
path = "/hooks/live"
provider = "stripe"
secret_env = "LIVE"

[endpoint.test]
path = "/hooks/test/"
provider = "stripe"
secret_env = "TEST"

[endpoint.own]
path = "/own"
signature = { mechanism = "hmac", header = "X-Own", encoding = "base64" }
secret_env = "OWN"
"#;

fn two_of_one() -> Place {
    let place = Place::new()
        .with("LIVE", "whsec_live_1234567890")
        .with("TEST", "whsec_test_1234567890")
        .with("OWN", "a-secret-of-its-own");
    place.write("hookcli.toml", TWO_OF_ONE);
    place
}

#[test]
fn two_endpoints_of_one_provider_have_secrets_of_their_own() {
    // The secret that is meant for all is not the one of an endpoint that has its own.
    let place = two_of_one().with("HOOKCLI_SECRET_STRIPE", "whsec_for_all_the_others");
    let mut listener = place.listen(&["-v"]);
    let base = listener.url.clone();
    let send = |path: &str, variable: &str| {
        let url = format!("{base}{path}");
        let event = ["send", "stripe/invoice.paid", "--url", &url, "--seed", "1"];
        place.run(&[&event[..], &["--secret-env", variable]].concat())
    };
    for (path, variable, endpoint, verdict) in [
        ("/hooks/live", "LIVE", "live", "valid"),
        ("/hooks/test?x=/", "TEST", "test", "valid"),
        ("/hooks/live", "TEST", "live", "invalid"),
        ("/elsewhere", "HOOKCLI_SECRET_STRIPE", "", "valid"),
    ] {
        send(path, variable);
        let received = listener.next();
        let at = received["endpoint"].as_str().unwrap_or_default();
        assert_eq!(
            (at, &received["signature"]["verdict"]),
            (endpoint, &verdict.into())
        );
        // The same event at another endpoint is not the same delivery.
        assert!(received["duplicate_of"].is_null(), "{received}");
        if verdict == "invalid" {
            let finding = received["signature"]["findings"][0]["message"].to_string();
            assert!(finding.contains("the endpoint test"), "{finding}");
        }
    }
    listener.stop();
    let found = place.run(&["captures", "list", "endpoint:live", "--json"]);
    assert_eq!(found.documents().len(), 2);
    // What is verified later has the secret of where it came.
    let verified = place.run(&["verify", "last~3"]).expect(0);
    assert!(verified.stdout.contains("valid"), "{}", verified.page());
    let shown = place.run(&["captures", "show", "last~3"]).stdout;
    assert!(shown.contains("endpoint   live"), "{shown}");
}

#[test]
fn an_endpoint_can_have_a_scheme_of_its_own() {
    let place = two_of_one();
    let mut listener = place.listen(&[]);
    let url = format!("{}/own", listener.url);
    let scheme = ["--signature-header", "X-Own", "--encoding", "base64"];
    let data = [
        "send",
        "generic/event",
        "--data",
        "{\"a\":1}",
        "--url",
        &url,
    ];
    place
        .run(&[&data[..], &scheme, &["--secret-env", "OWN"]].concat())
        .expect(0);
    let received = listener.next();
    assert_eq!(
        (&received["endpoint"], &received["signature"]["verdict"]),
        (&"own".into(), &"valid".into()),
        "{received}"
    );
}

#[test]
fn endpoints_that_cannot_be_said_what_is_wrong() {
    let place = Place::new();
    let listen = |text: &str| {
        place.write("hookcli.toml", text);
        place.run(&["listen", "--port", "0"]).expect(2).stderr
    };
    for (text, told) in [
        (
            "[endpoint.a]\npath = \"/x\"\nprovider = \"stripe\"\n[endpoint.b]\npath = \"/x/\"\nprovider = \"github\"\n",
            "the endpoints `a` and `b` have the same path, /x/",
        ),
        (
            "[endpoint.a]\npath = \"/x\"\n",
            "the endpoint `a` has a path, but no provider",
        ),
        (
            "[endpoint.a]\npath = \"x\"\nprovider = \"stripe\"\n",
            "invalid path `x`",
        ),
        (
            "[endpoint.a]\npath = \"/x?y\"\nprovider = \"stripe\"\n",
            "invalid path `/x?y`",
        ),
        (
            "[endpoint.a]\npath = \"/x\"\nprovider = \"strpe\"\n",
            "strpe",
        ),
    ] {
        let said = listen(text);
        assert!(said.contains(told), "{text}: {said}");
    }
    place.write(
        "hookcli.toml",
        "[endpoint.a]\npath = \"/x\"\nprovider = \"stripe\"\n",
    );
    let said = place
        .run(&["send", "stripe/invoice.paid", "--to", "a"])
        .expect(2);
    assert!(
        said.stderr
            .contains("the endpoint `a` has no url to send to")
    );
    // One whose variable is not set is said, and its signatures are not checked.
    place.write(
        "hookcli.toml",
        "[endpoint.a]\npath = \"/x\"\nprovider = \"stripe\"\nsecret_env = \"NOT_SET\"\n",
    );
    let listener = place.listen(&[]);
    assert_eq!(listener.post(&[], b"{}"), 200);
    let (_, _, told) = listener.stop();
    assert!(
        told.contains(
            "the signatures of the endpoint a are not checked: the environment variable NOT_SET"
        ),
        "{told}"
    );
}

#[test]
fn what_a_listener_has_seen_becomes_its_endpoints() {
    let place = Place::new().with("HOOKCLI_SECRET_STRIPE", "whsec_1234567890");
    place.write(
        "hookcli.toml",
        "# mine\n[endpoint.hook]\nurl = \"http://localhost:1\"\n",
    );
    let listener = place.listen(&["--init"]);
    let send = |event: &str, path: &str| {
        let url = format!("{}{path}", listener.url);
        place.run(&["send", event, "--url", &url]);
    };
    send("stripe/invoice.paid", "/hooks/stripe");
    send("github/ping", "/hooks/hook?x=1");
    send("github/ping", "/odd/%5bname%5d");
    let forged = [("Stripe-Signature", "t=1,v1=00")];
    assert_eq!(listener.post(&forged, b"{}"), 401);
    let unknown = listener.post(&[("X-Whose", "x")], b"{}");
    assert_eq!(unknown, 200);
    let (_, _, told) = listener.stop();
    assert!(
        told.contains("added to") && told.contains("hook-2, stripe"),
        "{told}"
    );
    let text = std::fs::read_to_string(place.path("hookcli.toml")).unwrap();
    assert_eq!(
        text,
        "# mine\n[endpoint.hook]\nurl = \"http://localhost:1\"\n\
         \n[endpoint.hook-2]\npath = \"/hooks/hook\"\nprovider = \"github\"\n# secret_env = \"THE_VARIABLE_WITH_ITS_SECRET\"\n\
         \n[endpoint.stripe]\npath = \"/hooks/stripe\"\nprovider = \"stripe\"\nsecret_env = \"HOOKCLI_SECRET_STRIPE\"\n"
    );
    // They are its endpoints from then on, and nothing is written twice.
    let mut listener = place.listen(&["--init"]);
    let url = format!("{}/hooks/stripe", listener.url);
    place
        .run(&["send", "stripe/invoice.paid", "--url", &url])
        .expect(0);
    let received = listener.next();
    assert_eq!(received["endpoint"], "stripe");
    let (_, _, told) = listener.stop();
    assert!(told.contains("nothing was added to"), "{told}");
}

/// `send` signs with the public secret where none is set, and `listen` says so; it takes it where it is told to.
#[test]
fn first_contact_verifies_with_the_test_secret_where_that_is_wanted() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let url = listener.url.clone();
    place
        .run(&["send", "convo/transcript.ready", "--url", &url])
        .expect(0);
    let received = listener.next();
    let signature = &received["signature"];
    assert_eq!(signature["verdict"], "unchecked", "never by default");
    assert_eq!(signature["findings"][0]["code"], "test_secret");
    assert!(received["test_secret"].is_null());
    listener.stop();
    let mut listener = place.listen(&["--test-secret"]);
    let url = listener.url.clone();
    place
        .run(&["send", "convo/transcript.ready", "--url", &url])
        .expect(0);
    let received = listener.next();
    assert_eq!(
        (&received["signature"]["verdict"], &received["test_secret"]),
        (&"valid".into(), &true.into())
    );
    listener.stop();
    let listed = place.run(&["captures", "list", "--json"]).documents();
    assert_eq!(
        (&listed[0]["test_secret"], &listed[0]["reason"]),
        (&true.into(), &"test_secret".into())
    );
    assert!(listed[1]["test_secret"].is_null());
    let refused = place.run(&["verify", "last"]).expect(2);
    assert!(
        refused.stderr.contains("add --test-secret"),
        "{}",
        refused.stderr
    );
    let verified = place
        .run(&["verify", "last", "--test-secret", "--json"])
        .expect(0)
        .document();
    assert_eq!(
        (&verified["valid"], &verified["test_secret"]),
        (&true.into(), &true.into())
    );
    let explained = place
        .run(&["verify", "last", "--secret", "mine", "--json"])
        .expect(1);
    assert_eq!(explained.document()["findings"][0]["code"], "test_secret");
    // One's own secret is one's own.
    let own = place.with("HOOKCLI_SECRET_CONVO", "my-own-secret");
    let mut listener = own.listen(&["--test-secret"]);
    let url = listener.url.clone();
    let send = ["send", "convo/transcript.ready", "--url", &url];
    own.run(&send).expect(0);
    assert!(listener.next()["test_secret"].is_null());
    own.and("HOOKCLI_SECRET_CONVO", "hookcli-test-secret")
        .run(&send)
        .expect(1);
}

#[test]
fn the_test_secret_is_refused_where_others_can_send() {
    let place = Place::new();
    for flags in [
        ["--tunnel", "ngrok"],
        ["--public-url", "https://hooks.example.com"],
        ["--bind", "0.0.0.0"],
    ] {
        let refused = place.run(&[&["listen", "--test-secret"], &flags[..]].concat());
        refused.expect(2);
    }
}

/// A proof under a secret that is at hand is said; the verdict waits until someone says that it is the scheme.
#[test]
fn a_plain_scheme_is_recognised_and_becomes_a_provider() {
    let place = Place::new().with("ACME", "acme-secret");
    let secret = ["--secret-env", "ACME"];
    let mut listener = place.listen(&secret);
    for (number, event) in ["order.paid", "order.paid", "order.lost"]
        .iter()
        .enumerate()
    {
        let body =
            format!("{{\"id\":\"evt_0000{number}\",\"name\":\"{event}\",\"object\":\"event\"}}");
        let signed = hmac_hex(b"acme-secret", format!("1700000000.{body}").as_bytes());
        let header = format!("t=1700000000,v1={signed}");
        assert_eq!(
            listener.post(&[("X-Signature", &header)], body.as_bytes()),
            200
        );
        let received = listener.next();
        assert_eq!(received["provider"], serde_json::Value::Null);
        let signature = &received["signature"];
        assert_eq!(signature["verdict"], "unchecked");
        assert_eq!(signature["findings"][0]["code"], "plain_scheme");
    }
    // What another secret signed, at the same path, is someone else's.
    let other = hmac_hex(b"someone-else", b"{\"id\":\"x\"}");
    assert_eq!(
        listener.post(&[("X-Signature", &other)], b"{\"id\":\"x\"}"),
        200
    );
    assert!(listener.next()["signature"]["findings"].is_null());
    listener.stop();
    let verified = place
        .run(&[&["verify", "last~1"], &secret[..]].concat())
        .expect(1);
    assert!(
        verified
            .stdout
            .contains("HMAC-SHA256 of {timestamp}.{body}, in hex, in X-Signature"),
        "{}",
        verified.page()
    );
    let made = place
        .run(
            &[
                &["providers", "new", "acme", "--from", "last~1", "--json"],
                &secret[..],
            ]
            .concat(),
        )
        .expect(0)
        .document();
    assert_eq!(made["requests"], 3);
    assert_eq!(
        made["events"],
        serde_json::json!(["order.lost", "order.paid"])
    );
    let text = std::fs::read_to_string(place.path("acme/provider.toml")).unwrap();
    for line in [
        "event = { path = \"/name\" }",
        "idempotency_key = [\"body:/id\"]",
        "signature = \"v1\", timestamp = \"t\"",
        "content = \"{timestamp}.{body}\"",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    // It is a provider like any other.
    let own = ["--provider-dir", "acme"];
    let mut listener = place.listen(&[&own[..], &secret].concat());
    let url = listener.url.clone();
    let send = ["send", "acme/order.paid", "--url", &url];
    place.run(&[&send[..], &own, &secret].concat()).expect(0);
    let received = listener.next();
    assert_eq!(
        (&received["provider"], &received["signature"]["verdict"]),
        (&"acme".into(), &"valid".into())
    );
    listener.stop();
    // A receiver that takes everything fails: that the sender signs was seen.
    let listener = place.listen(&["--accept-unverified"]);
    let url = listener.url.clone();
    let check = ["check", "--provider", "acme", "--url", &url, "--json"];
    let only = ["--only", "authenticity.missing_signature"];
    let checked = |words: &[&str]| {
        let all = [&check[..], &only, &own, &secret, words].concat();
        place.run(&all)
    };
    assert!(
        text.contains("[signature]\ndocumented = \"captured\""),
        "{text}"
    );
    checked(&[]).expect(1);
    // Of a guess it warns, and says so.
    let guessed = text.replace("documented = \"captured\"", "assumed = \"a guess\"");
    place.write("acme/provider.toml", guessed);
    let warned = checked(&[]).expect(0);
    assert!(
        warned.stderr.contains("1 case with a warning"),
        "{}",
        warned.page()
    );
    assert!(
        warned.stderr.contains("--fail-on should"),
        "{}",
        warned.page()
    );
    let failed = checked(&["--fail-on", "should"]).expect(1);
    let total = failed.documents().pop().unwrap();
    assert_eq!((&total["failed"], &total["warned"]), (&1.into(), &0.into()));
    assert!(!failed.stderr.contains("error:"), "{}", failed.page());
}

/// Many senders call their header so: the name alone is no proof of one of them.
#[test]
fn a_shared_header_alone_is_no_proof_of_one_provider() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&[]);
    let signed = hmac_hex(b"s3cret", b"{}");
    for header in ["X-Signature", "X-Hub-Signature-256"] {
        let value = match header {
            "X-Signature" => signed.clone(),
            _ => format!("sha256={signed}"),
        };
        assert_eq!(listener.post(&[(header, &value)], b"{}"), 200);
        let received = listener.next();
        assert_eq!(received["provider"], serde_json::Value::Null, "{header}");
        assert_eq!(received["signature"]["findings"][0]["code"], "plain_scheme");
    }
}
