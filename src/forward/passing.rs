//! What of a request and of its response goes past us, and a destination's health.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::http::Destination;
use crate::model::{Headers, Request};

/// What belongs to one connection and not to the message (RFC 9110, section 7.6.1), and what frames it.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
];

/// The request as it is forwarded: its bytes and headers as received, except those that belong to the
/// connection. A machine that is not this one is addressed by its own name.
pub fn onward(
    request: &Request,
    destination: &Destination,
    target: String,
    is_loopback: bool,
) -> Request {
    let mut headers: Headers = of_the_message(&request.headers).collect();
    if !is_loopback || !headers.contains("host") {
        headers.set("host", destination.authority());
    }
    let said =
        request.headers.contains("content-length") || request.headers.contains("transfer-encoding");
    if said || !request.body.is_empty() {
        headers.push("content-length", request.body.len().to_string());
    }
    Request {
        method: request.method.clone(),
        target,
        headers,
        body: request.body.clone(),
    }
}

/// The headers of a target's answer that are handed back to the sender.
pub fn answer_headers(headers: &Headers) -> Vec<(String, Vec<u8>)> {
    of_the_message(headers)
        .map(|(name, value)| (name.to_owned(), value.to_vec()))
        .collect()
}

/// The headers without those of the connection, those that `Connection` names, and the length.
fn of_the_message(headers: &Headers) -> impl Iterator<Item = (&str, &[u8])> {
    let named: Vec<String> = headers
        .all("connection")
        .flat_map(|value| value.split(|byte| *byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .collect();
    headers.iter().filter(move |(name, _)| {
        let name = name.to_ascii_lowercase();
        name != "content-length"
            && !OF_THE_CONNECTION.contains(&name.as_str())
            && !named.contains(&name)
    })
}

/// Whether a destination responds, so that each change is reported once.
#[derive(Debug, Default)]
pub struct Health {
    is_down: AtomicBool,
}

impl Health {
    /// True where that is news.
    pub fn answered(&self) -> bool {
        self.is_down.swap(false, Ordering::Relaxed)
    }

    /// True where that is news.
    pub fn did_not_answer(&self) -> bool {
        !self.is_down.swap(true, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_connection_stays_behind() {
        let mut headers = Headers::new();
        for (name, value) in [
            ("host", "a.example"),
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("x-a", "1"),
            ("transfer-encoding", "chunked"),
            ("x-a", "2"),
        ] {
            headers.push(name, value);
        }
        let request = Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers,
            body: bytes::Bytes::from_static(b"hi"),
        };
        let destination: Destination = "https://b.example/hook".parse().unwrap();
        let names = |request: &Request| -> Vec<(String, Vec<u8>)> {
            request
                .headers
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_vec()))
                .collect()
        };
        let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        assert_eq!(
            names(&onward(&request, &destination, "/hook".to_owned(), false)),
            [
                field("host", "b.example"),
                field("x-a", "1"),
                field("x-a", "2"),
                field("content-length", "2")
            ]
        );
        assert_eq!(
            onward(&request, &destination, "/".to_owned(), true)
                .headers
                .get("host"),
            Some(&b"a.example"[..])
        );
    }

    #[test]
    fn a_targets_health_is_news_when_it_changes() {
        let health = Health::default();
        assert!(!health.answered());
        assert!(health.did_not_answer() && !health.did_not_answer());
        assert!(health.answered() && !health.answered());
    }
}
