//! Raw HTTP/1.1 requests (RFC 9112), one or several behind one another.

use super::{ReadError, Recorded};
use crate::message::{Headers, Request};

const MAX_HEADERS: usize = 1024;

/// The request as it would stand on the wire. The body's length is always said, for it came de-chunked.
pub fn write_raw(request: &Request) -> Vec<u8> {
    let headers = request.headers.iter();
    let headers: usize = headers
        .map(|(name, value)| name.len() + value.len() + 4)
        .sum();
    let line = request.method.len() + request.target.len();
    let mut out = Vec::with_capacity(line + headers + request.body.len() + 64);
    for part in [&request.method, " ", &request.target, " HTTP/1.1\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    for (name, value) in request.headers.iter() {
        if name.eq_ignore_ascii_case("transfer-encoding")
            || name.eq_ignore_ascii_case("content-length")
        {
            continue;
        }
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("content-length: {}\r\n\r\n", request.body.len()).as_bytes());
    out.extend_from_slice(&request.body);
    out
}

/// Reads requests until the bytes end. Line ends may be bare, as editors leave them. Without
/// Content-Length the body is all that follows.
pub fn read_raw(bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let mut all = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let mut slots = vec![httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut slots);
        let refused = |why: &str| ReadError::Raw(why.to_owned());
        let head_bytes = match head.parse(rest) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => {
                return Err(refused("the empty line behind the headers is missing"));
            }
            Err(error) => return Err(refused(&error.to_string())),
        };
        let mut headers = Headers::new();
        for header in head.headers.iter() {
            headers.push(header.name.to_ascii_lowercase(), header.value);
        }
        let behind = &rest[head_bytes..];
        let text = |name: &str| {
            headers
                .get(name)
                .map(|value| String::from_utf8_lossy(value).trim().to_ascii_lowercase())
        };
        let (body, after) = if text("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            dechunk(behind)?
        } else if let Some(length) = text("content-length") {
            let length: usize = length
                .parse()
                .map_err(|_| refused("Content-Length is no number"))?;
            if length > behind.len() {
                return Err(ReadError::Raw(format!(
                    "Content-Length says {length} bytes, and there are {}",
                    behind.len()
                )));
            }
            (behind[..length].to_vec(), &behind[length..])
        } else {
            (behind.to_vec(), &behind[behind.len()..])
        };
        all.push(Recorded::bare(Request {
            method: head.method.unwrap_or_default().to_owned(),
            target: head.path.unwrap_or_default().to_owned(),
            headers,
            body: body.into(),
        }));
        // A line break that an editor put at the end is no request.
        let blank = after
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        rest = &after[blank..];
    }
    Ok(all)
}

/// RFC 9112, section 7.1.
fn dechunk(mut rest: &[u8]) -> Result<(Vec<u8>, &[u8]), ReadError> {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((behind_size, size))) = httparse::parse_chunk_size(rest)
        else {
            return Err(ReadError::Raw("a chunk's size cannot be read".to_owned()));
        };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let data = &rest[behind_size..];
        if size == 0 {
            let end = data
                .windows(2)
                .position(|pair| pair == b"\r\n")
                .map_or(data.len(), |at| at + 2);
            return Ok((body, &data[end..]));
        }
        if data.len() < size || !data[size..].starts_with(b"\r\n") {
            return Err(ReadError::Raw("a chunk is shorter than it says".to_owned()));
        }
        body.extend_from_slice(&data[..size]);
        rest = &data[size + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_request_with_bare_line_ends_and_no_length_is_read() {
        let read =
            read_raw(b"POST /hook?a=1 HTTP/1.1\nHost: x\nX-A: 1\nx-a: 2\n\n{\"a\":1}\n").unwrap();
        assert_eq!(read.len(), 1);
        let request = &read[0].request;
        assert_eq!(request.target, "/hook?a=1");
        assert_eq!(request.headers.all("x-a").count(), 2);
        assert_eq!(&request.body[..], b"{\"a\":1}\n");
    }

    #[test]
    fn chunks_are_put_together() {
        let read = read_raw(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
        )
        .unwrap();
        assert_eq!(&read[0].request.body[..], b"abcd");
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        for text in [
            "POST / HTTP/1.1\r\nHost: x\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc",
            "hello\r\n\r\n",
        ] {
            assert!(read_raw(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_body_survives_the_raw_form(bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 1..4)) {
            let mut out = Vec::new();
            for body in &bodies {
                let mut headers = Headers::new();
                headers.push("x-a", "1");
                headers.push("x-a", vec![0xe9]);
                out.extend(write_raw(&Request { method: "POST".into(), target: "/".into(), headers, body: body.clone().into() }));
            }
            let read = read_raw(&out).unwrap();
            prop_assert_eq!(read.iter().map(|one| one.request.body.to_vec()).collect::<Vec<_>>(), bodies);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = super::super::read_any(&bytes);
            let mut request = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            request.extend(bytes);
            let _ = read_raw(&request);
        }
    }
}
