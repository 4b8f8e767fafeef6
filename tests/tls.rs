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
        missing.stderr.contains("the CA file nope.pem"),
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

/// The local CA's file, once `listen --tls` has made it.
fn local_ca(place: &Place) -> String {
    let printed = place.run(&["listen", "--print-ca"]).expect(0).stdout;
    assert!(printed.starts_with("-----BEGIN CERTIFICATE-----"));
    place.write("local-ca.pem", printed).display().to_string()
}

#[test]
fn a_listener_speaks_tls_with_a_ca_of_its_own() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let ca = local_ca(&place);
    let key = place.home(".local/share/hookcli/ca.key");
    let mode = std::fs::metadata(key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let listener = place.listen(&["--tls"]);
    assert!(listener.url.starts_with("https://127.0.0.1:"));
    for host in ["127.0.0.1", "localhost"] {
        let url = listener.url.replace("127.0.0.1", host);
        place
            .run(&["send", "gaife/message", "--url", &url, "--cacert", &ca])
            .expect(0);
    }
    let untrusted = place.run(&["send", "gaife/message", "--url", &listener.url]);
    assert_eq!(untrusted.code, 3);
    // The same CA again, and another certificate.
    assert_eq!(local_ca(&place), ca);
    drop(listener);
    let again = place.listen(&["--tls"]);
    place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &again.url,
            "--cacert",
            &ca,
        ])
        .expect(0);
    // Who speaks no TLS is closed, and others are served on.
    let plain = again.url.replace("https://", "");
    let mut stream = std::net::TcpStream::connect(&plain).unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"));
    place
        .run(&[
            "send",
            "gaife/message",
            "--url",
            &again.url,
            "--cacert",
            &ca,
        ])
        .expect(0);
}

#[test]
fn what_came_over_tls_is_verified_as_https_later_too() {
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret-of-twilio");
    let ca = local_ca(&place);
    let mut listener = place.listen(&["--tls", "--provider", "twilio"]);
    let send = [
        "send",
        "twilio/incoming_message",
        "--url",
        &listener.url,
        "--cacert",
        &ca,
    ];
    place.run(&send).expect(0);
    assert_eq!(listener.next()["signature"]["verdict"], "valid");
    listener.stop();
    // The scheme signs the URL, and the store knows which it was; so do the files that say it.
    place
        .run(&["verify", "last", "--provider", "twilio"])
        .expect(0);
    for (format, name) in [("json", "request.json"), ("har", "request.har")] {
        let exported = place
            .run(&["captures", "export", "last", "--format", format])
            .expect(0);
        let file = place.write(name, exported.stdout);
        let file = file.to_str().unwrap();
        place
            .run(&["verify", file, "--provider", "twilio"])
            .expect(0);
    }
}

#[test]
fn who_speaks_tls_to_a_server_without_it_hears_so_and_the_other_way_round() {
    let place = Place::new();
    for (flags, spoken, wanted) in [
        (
            &[][..],
            "https",
            "the server does not speak TLS; use an http:// URL",
        ),
        (&["--tls"], "http", "use an https:// URL"),
    ] {
        let listener = place.listen(flags);
        let (_, address) = listener.url.split_once("://").unwrap();
        let url = format!("{spoken}://{address}/");
        let sent = place.run(&["send", "convo/transcript.ready", "--url", &url]);
        let sent = sent.expect(3);
        assert!(sent.stdout.contains(wanted), "{}", sent.page());
    }
}

#[test]
fn a_certificate_of_ones_own_is_used_and_a_broken_one_refused() {
    let place = Place::new();
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let cert = place.write("cert.pem", certified.cert.pem());
    let key = place.write("key.pem", certified.signing_key.serialize_pem());
    let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());
    let listener = place.listen(&["--cert", cert, "--key", key]);
    let url = listener.url.replace("127.0.0.1", "localhost");
    place
        .run(&["send", "gaife/message", "--url", &url, "--cacert", cert])
        .expect(0);
    let swapped = ["listen", "--port", "0", "--cert", key, "--key", cert];
    let refused = place.run(&swapped).expect(2);
    let why = "key.pem and";
    assert!(refused.stderr.contains(why), "{}", refused.stderr);
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let other = place.write("other.pem", other);
    let other = [
        "listen",
        "--port",
        "0",
        "--cert",
        cert,
        "--key",
        other.to_str().unwrap(),
    ];
    let refused = place.run(&other).expect(2);
    let why = "the key does not belong to the certificate";
    assert!(refused.stderr.contains(why), "{}", refused.stderr);
    place
        .run(&["listen", "--port", "0", "--cert", "nope.pem", "--key", key])
        .expect(2);
}

#[test]
fn http_2_carries_many_requests_at_once() {
    use http_body_util::{BodyExt as _, Full};
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let place = Place::new().with("HOOKCLI_SECRET", "s3cret");
    let mut listener = place.listen(&["--tls", "--provider", "convo", "--max-body", "1000"]);
    let signed = |body: &[u8]| crate::support::hmac_hex(b"s3cret", body);
    let address = listener.url.replace("https://", "");
    let authority = address.clone();
    let work = async move {
        let mut roots = rustls::RootCertStore::empty();
        let ca = std::fs::read(local_ca(&place)).unwrap();
        use rustls::pki_types::pem::PemObject as _;
        roots
            .add(rustls::pki_types::CertificateDer::from_pem_slice(&ca).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let tcp = tokio::net::TcpStream::connect(&address).await.unwrap();
        let name = rustls::pki_types::ServerName::try_from("127.0.0.1").unwrap();
        let tls = tokio_rustls::TlsConnector::from(Arc::new(config))
            .connect(name, tcp)
            .await
            .unwrap();
        assert_eq!(tls.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(tls))
                .await
                .unwrap();
        tokio::spawn(connection);
        // What has no body has none here either: the stream is not reset.
        let head = hyper::Request::head(format!("https://{authority}/"))
            .body(Full::new(bytes::Bytes::new()))
            .unwrap();
        let refused = sender.clone().send_request(head).await.unwrap();
        assert_eq!(refused.status().as_u16(), 401);
        let send = |body: String, signature: String| {
            let mut sender = sender.clone();
            let uri = format!("https://{authority}/hook?x=1");
            async move {
                let request = hyper::Request::post(uri)
                    .header("x-convo-signature", signature)
                    .body(Full::new(bytes::Bytes::from(body)))
                    .unwrap();
                let answer = sender.send_request(request).await.unwrap();
                let status = answer.status().as_u16();
                answer.into_body().collect().await.unwrap();
                status
            }
        };
        let many = (0..50).map(|number| {
            let body = format!("{{\"event\":\"x\",\"n\":{number}}}");
            let signature = signed(body.as_bytes());
            send(body, signature)
        });
        let statuses = futures_util::future::join_all(many).await;
        assert_eq!(statuses, [200; 50]);
        assert_eq!(send("{}".to_owned(), "0".to_owned()).await, 401);
        assert_eq!(send("x".repeat(2000), "0".to_owned()).await, 413);
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
    assert_eq!(listener.next()["method"], "HEAD");
    let first = listener.next();
    assert_eq!(first["path"], "/hook?x=1");
    assert!(
        first["headers"]
            .to_string()
            .contains("[\"host\",\"127.0.0.1:")
    );
    let (code, ..) = listener.stop();
    assert_eq!(code, 0);
}
