//! Challenges: who is answered, and what; and who is not.

use hookcli::signature::{TEST_SECRET, test_keys};

use crate::support::Place;

/// The answer to a provider's challenge, sent and received by the binary.
fn answered(place: &Place, event: &str, flags: &[&str]) -> (u16, String, String) {
    let mut listener = place.listen(flags);
    let shown = place.run(&["send", event, "--url", &listener.url, "--json", "-q"]);
    let delivery = shown.document();
    let attempt = &delivery["attempts"][0];
    let request = listener.next();
    (
        attempt["status"].as_u64().unwrap() as u16,
        attempt["response_body"].as_str().unwrap().to_owned(),
        request["signature"]["verdict"].as_str().unwrap().to_owned(),
    )
}

#[test]
fn a_challenge_that_nobody_signs_is_echoed_as_plain_text() {
    for event in ["dropbox/verification", "whatsapp/verification"] {
        let place = Place::new();
        let (status, body, verdict) = answered(&place, event, &[]);
        assert_eq!((status, verdict.as_str()), (200, "unchecked"), "{event}");
        assert!(
            body.len() >= 10 && body.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{body}"
        );
    }
    let (status, body, _) = answered(&Place::new(), "okta/verification", &[]);
    assert!(
        status == 200 && body.starts_with("{\"verification\":\""),
        "{body}"
    );
}

#[test]
fn an_echo_is_plain_text_that_no_browser_takes_for_a_page() {
    let place = Place::new();
    let listener = place.listen(&[]);
    let answer = listener
        .raw(b"GET /?challenge=%3Cscript%3E HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = answer.to_ascii_lowercase();
    assert!(
        answer.contains("content-type: text/plain")
            && answer.contains("x-content-type-options: nosniff"),
        "{answer}"
    );
    assert!(answer.ends_with("<script>"), "{answer}");
    let breaking =
        listener.raw(b"GET /?challenge=a%0d%0ab HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(breaking.starts_with("HTTP/1.1 403"), "{breaking}");
}

#[test]
fn a_signed_challenge_is_answered_only_once_it_verifies() {
    for (event, member) in [
        ("slack/url_verification", None),
        ("zoom/endpoint.url_validation", Some("encryptedToken")),
        ("twitch/webhook_callback_verification", None),
        ("discord-interactions/ping", Some("type")),
        ("discord/ping", None),
        ("xero/intent_to_receive", None),
    ] {
        let place = Place::new();
        let (provider, _) = event.split_once('/').unwrap();
        let scheme = hookcli::catalog::Catalog::embedded()
            .provider(provider)
            .unwrap();
        let keys = test_keys(scheme.signature.as_ref().unwrap()).unwrap();
        let key = String::from_utf8(keys.verifying.expose().to_vec()).unwrap();
        let (status, body, verdict) = answered(&place, event, &["--secret", &key]);
        let wanted = if provider == "discord" { 204 } else { 200 };
        assert_eq!((status, verdict.as_str()), (wanted, "valid"), "{event}");
        match member {
            Some(member) => {
                let json: serde_json::Value = serde_json::from_str(&body).unwrap();
                assert!(!json[member].is_null(), "{body}");
            }
            None => assert_eq!(
                body.is_empty(),
                ["xero", "discord"].contains(&provider),
                "{event}: {body}"
            ),
        }
        // Without a secret nothing is proven: it is a request like any other.
        let (status, body, verdict) = answered(&place, event, &[]);
        assert_eq!(
            (status, body.as_str(), verdict.as_str()),
            (200, "", "unchecked"),
            "{event}"
        );
        if !["discord", "discord-interactions", "twitch"].contains(&provider) {
            let (status, body, verdict) = answered(&place, event, &["--secret", "another"]);
            assert_eq!(
                (status, verdict.as_str()),
                (401, "invalid"),
                "{event}: {body}"
            );
        }
    }
}

#[test]
fn a_verify_token_that_was_agreed_on_must_be_brought() {
    let place = Place::new().with("HOOKCLI_VERIFY_TOKEN_WHATSAPP", "agreed");
    let (status, _, _) = answered(&place, "whatsapp/verification", &[]);
    assert_eq!(status, 200);
    let listener = place.listen(&[]);
    let wrong = listener.raw(b"GET /?hub.mode=subscribe&hub.challenge=1158&hub.verify_token=other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(
        wrong.starts_with("HTTP/1.1 403") && !wrong.contains("1158"),
        "{wrong}"
    );
}

#[test]
fn a_secret_is_taken_once_and_only_when_asked_for() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let hook = |secret: &str| {
        format!(
            "POST / HTTP/1.1\r\nHost: x\r\nX-Hook-Secret: {secret}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        )
    };
    let unasked = place.listen(&["--provider", "asana"]);
    let answer = unasked.raw(hook("s3cret-one").as_bytes());
    assert!(
        answer.starts_with("HTTP/1.1 200") && !answer.contains("s3cret"),
        "{answer}"
    );
    drop(unasked);

    let mut listener = place.listen(&["--handshake", "asana"]);
    let answer = listener.raw(hook("s3cret-one").as_bytes());
    assert!(
        answer
            .to_ascii_lowercase()
            .contains("x-hook-secret: s3cret-one"),
        "{answer}"
    );
    let second = listener.raw(hook("s3cret-two").as_bytes());
    assert!(
        second.starts_with("HTTP/1.1 403") && !second.contains("s3cret-two"),
        "{second}"
    );
    let shown = (listener.next(), listener.next());
    assert!(!format!("{shown:?}").contains("s3cret"), "{shown:?}");

    let file = place.home(".local/share/hookcli/asana.secret");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "s3cret-one");
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let url = listener.url.clone();
    place
        .run(&[
            "send",
            "asana/task",
            "--url",
            &url,
            "--secret",
            "s3cret-one",
        ])
        .expect(0);
    assert_eq!(listener.next()["signature"]["verdict"], "valid");
    place
        .run(&["send", "asana/task", "--url", &url, "--secret", TEST_SECRET])
        .expect(1);
    drop(listener);
    let again = place
        .run(&["listen", "--port", "0", "--handshake", "asana"])
        .expect(2);
    assert!(
        again.stderr.contains("earlier handshake"),
        "{}",
        again.stderr
    );
    let listed = place.run(&["captures", "show", "last~3"]).expect(0);
    assert!(
        listed.stdout.contains("[redacted]") && !listed.stdout.contains("s3cret"),
        "{}",
        listed.stdout
    );
}
