//! Bytes are sacred: what came is what is kept, exported, imported and sent again.

use proptest::prelude::*;

use crate::support::{Place, Server};

fn capture(place: &Place, headers: &[(&str, &str)], body: &[u8]) {
    let mut listener = place.listen(&[]);
    assert_eq!(listener.post(headers, body), 200);
    listener.next();
    listener.stop();
}

#[test]
fn a_body_of_arbitrary_bytes_survives_every_form() {
    let mut body: Vec<u8> = (0..=255).collect();
    body.extend(b"\r\n\r\n\0\xff\xfe{\"a\":1}\n");
    let place = Place::new();
    capture(
        &place,
        &[("Content-Type", "application/octet-stream")],
        &body,
    );
    assert_eq!(
        place.run(&["captures", "show", "--raw"]).expect(0).raw,
        body
    );
    for (format, file) in [("json", "c.json"), ("http", "c.http"), ("har", "c.har")] {
        place
            .run(&["captures", "export", "last", "--format", format, "-o", file])
            .expect(0);
        place.run(&["captures", "import", file]).expect(0);
        assert_eq!(
            place.run(&["captures", "show", "--raw"]).expect(0).raw,
            body,
            "{format}"
        );
        let server = Server::ok(1);
        place
            .run(&["replay", "last", "--url", &server.url()])
            .expect(0);
        let sent = server.request();
        assert_eq!(sent.body, body, "{format}");
        assert_eq!(
            sent.header("content-type").unwrap(),
            "application/octet-stream"
        );
    }
}

#[test]
fn repeated_headers_keep_all_their_values_in_order() {
    let place = Place::new();
    capture(
        &place,
        &[
            ("X-Many", "1"),
            ("X-Other", "o"),
            ("x-many", "2,3"),
            ("X-MANY", "1"),
        ],
        b"{}",
    );
    let values = |headers: &serde_json::Value| -> Vec<String> {
        let all = headers.as_array().unwrap().iter();
        all.filter(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case("x-many"))
            .map(|pair| pair[1].as_str().unwrap().to_owned())
            .collect()
    };
    let shown = place
        .run(&["captures", "show", "--json"])
        .expect(0)
        .document();
    assert_eq!(values(&shown["headers"]), ["1", "2,3", "1"]);
    for (format, file) in [("json", "c.json"), ("http", "c.http"), ("har", "c.har")] {
        place
            .run(&["captures", "export", "last", "--format", format, "-o", file])
            .expect(0);
        place.run(&["captures", "import", file]).expect(0);
        let shown = place
            .run(&["captures", "show", "--json"])
            .expect(0)
            .document();
        assert_eq!(values(&shown["headers"]), ["1", "2,3", "1"], "{format}");
    }
    let server = Server::ok(1);
    place
        .run(&["replay", "last", "--url", &server.url()])
        .expect(0);
    let sent = server.request();
    let many: Vec<_> = sent
        .head
        .lines()
        .filter(|line| line.to_ascii_lowercase().starts_with("x-many: "))
        .collect();
    // In the letters in which they came, each of them.
    assert_eq!(many, ["X-Many: 1", "x-many: 2,3", "X-MANY: 1"]);
}

#[test]
fn a_header_value_that_is_no_utf_8_survives_too() {
    let place = Place::new();
    let mut listener = place.listen(&[]);
    let answer = listener.raw(b"POST / HTTP/1.1\r\nHost: x\r\nX-Latin: caf\xe9\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert!(answer.contains("200 OK"));
    listener.next();
    listener.stop();
    for (format, file) in [("json", "c.json"), ("har", "c.har"), ("http", "c.http")] {
        place
            .run(&["captures", "export", "last", "--format", format, "-o", file])
            .expect(0);
        place.run(&["captures", "import", file]).expect(0);
        let raw = place
            .run(&["captures", "export", "last", "--format", "http", "--force"])
            .expect(0)
            .raw;
        assert!(
            crate::support::find(&raw, b"X-Latin: caf\xe9\r\n").is_some(),
            "{format}"
        );
    }
}

#[test]
fn a_compressed_body_is_kept_as_sent_and_shown_decoded() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, br#"{"hello":"packed"}"#).unwrap();
    let packed = encoder.finish().unwrap();
    let place = Place::new();
    capture(&place, &[("Content-Encoding", "gzip")], &packed);
    assert_eq!(
        place.run(&["captures", "show", "--raw"]).expect(0).raw,
        packed
    );
    assert!(
        place
            .run(&["captures", "show"])
            .expect(0)
            .stdout
            .contains("\"hello\": \"packed\"")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_and_any_header_come_back_from_the_json_form(
        body in prop::collection::vec(any::<u8>(), 0..300),
        values in prop::collection::vec(prop::collection::vec(0x20_u8..0x7f, 0..20), 0..4),
    ) {
        use hookcli::exchange::{Exporter, ExportForm, Recorded, read_any};
        use hookcli::model::{Headers, Request};
        let mut headers = Headers::new();
        for value in values {
            headers.push("x-a", value);
        }
        headers.push("x-b", vec![0xe9, 0x80]);
        let recorded = Recorded::bare(Request { method: "POST".into(), target: "/a?b".into(), headers, body: body.into() });
        for form in [ExportForm::Json, ExportForm::Har] {
            let mut exporter = Exporter::new(form);
            let mut text = exporter.add(&recorded).unwrap();
            text.extend(exporter.finish());
            prop_assert_eq!(&read_any(&text).unwrap()[0].request, &recorded.request);
        }
    }
}
