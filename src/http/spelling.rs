//! The case of header names on the wire. HTTP/1 names mean the same in any letters (RFC 9110, section 5.1), and
//! receivers exist that do not know it.

use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::Incoming;
use hyper::http::Extensions;
use hyper::server::conn::http1;
use hyper::service::service_fn;

use crate::model::Headers;

/// What makes hyper write names as they stand here. It writes a name in the letters of a request that it has read
/// itself, and cannot be told otherwise: so it reads one, from memory. Names in lower case need nothing.
pub fn of(headers: &Headers) -> Extensions {
    let names = headers.iter().map(|(name, _)| name);
    let mut head = b"GET / HTTP/1.1\r\n".to_vec();
    let mut is_lower = true;
    for name in names {
        is_lower &= !name.bytes().any(|byte| byte.is_ascii_uppercase());
        // What frames a message must be valid; its letters are the same for any value.
        let value = match name.to_ascii_lowercase().as_str() {
            "content-length" => "0",
            "transfer-encoding" => continue,
            _ => "",
        };
        head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if is_lower {
        return Extensions::new();
    }
    head.extend_from_slice(b"\r\n");
    let read = RefCell::new(Extensions::new());
    let service = service_fn(|request: hyper::Request<Incoming>| {
        *read.borrow_mut() = request.into_parts().0.extensions;
        std::future::pending::<Result<hyper::Response<String>, Infallible>>()
    });
    let memory = Memory { head, read: 0 };
    let connection = http1::Builder::new()
        .preserve_header_case(true)
        .max_headers(headers.len().max(1))
        .serve_connection(memory, service);
    let mut connection = Box::pin(connection);
    // All of it is there at once: it is read when it is polled, so nothing is awaited.
    let _ = connection
        .as_mut()
        .poll(&mut Context::from_waker(std::task::Waker::noop()));
    drop(connection);
    read.into_inner()
}

/// A head that is read, and an answer that no one wants.
struct Memory {
    head: Vec<u8>,
    read: usize,
}

impl hyper::rt::Read for Memory {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        let left = &this.head[this.read..];
        if left.is_empty() {
            return Poll::Pending;
        }
        let piece = &left[..left.len().min(buffer.remaining())];
        buffer.put_slice(piece);
        this.read += piece.len();
        Poll::Ready(Ok(()))
    }
}

impl hyper::rt::Write for Memory {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_letters_are_told() {
        let headers = Headers::from_iter([("Host", "a"), ("X-GitHub-Event", "push")]);
        assert!(!of(&headers).is_empty());
        assert!(of(&Headers::from_iter([("host", "a")])).is_empty());
    }
}
