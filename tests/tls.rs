//! https: refused unless the certificate is trusted, or nobody cares.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;

use crate::support::Place;

/// A TLS server with a certificate of its own; answers each connection's first bytes with 200.
fn server() -> (u16, String) {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            if stream.read(&mut [0; 65_536]).is_ok_and(|read| read > 0) {
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                );
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (port, certified.cert.pem())
}

#[test]
fn a_certificate_is_checked_trusted_by_file_or_not_asked_for() {
    let (port, pem) = server();
    let place = Place::new();
    let file = place.write("ca.pem", pem);
    let url = format!("https://localhost:{port}/hook");
    let refused = place
        .run(&["send", "gaife/message", "--url", &url, "--json"])
        .expect(3);
    assert_eq!(refused.document()["attempts"][0]["error"]["code"], "tls");
    assert!(
        refused.stderr.contains("--cacert FILE"),
        "{}",
        refused.stderr
    );
    place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &url,
            "--cacert",
            file.to_str().unwrap(),
        ])
        .expect(0);
    let taken = place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &url,
            "--insecure",
            "--json",
        ])
        .expect(0)
        .document();
    for phase in ["dns", "connect", "tls", "first_byte"] {
        let time = &taken["attempts"][0]["phases_ms"][phase];
        assert!(time.as_f64().is_some_and(|time| time > 0.0), "{phase}");
    }
    let shown = place.run(&["deliveries", "show", "last"]).expect(0);
    assert!(shown.stdout.contains("TLS "), "{}", shown.stdout);
    let load = ["load", "gaife/message", "--url", &url, "--count", "4"];
    place.run(&[&load[..], &["--insecure"]].concat()).expect(0);
    let untrusted = place.run(&load).expect(3);
    assert!(untrusted.stdout.contains("tls"), "{}", untrusted.page());
    let missing = place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &url,
            "--cacert",
            "nope.pem",
        ])
        .expect(2);
    assert!(
        missing.stderr.contains("--cacert nope.pem"),
        "{}",
        missing.stderr
    );
    place.write("empty.pem", "");
    place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &url,
            "--cacert",
            "empty.pem",
        ])
        .expect(2);
}

#[test]
fn a_name_that_the_certificate_does_not_have_is_a_tls_error() {
    let (port, pem) = server();
    let place = Place::new();
    let file = place.write("ca.pem", pem);
    let url = format!("https://127.0.0.1:{port}/hook");
    let refused = place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &url,
            "--cacert",
            file.to_str().unwrap(),
            "--json",
        ])
        .expect(3);
    assert_eq!(refused.document()["attempts"][0]["error"]["code"], "tls");
}
