//! Raw HTTP/1.1 requests (RFC 9112), one or several behind one another.

use bytes::Bytes;

use super::{ReadError, Reader, Recorded, http_file, to_url};
use crate::model::{Headers, Request};

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

/// Whether a line starts a request: a method, a target, and a version.
pub fn is_request_line(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Ok(line) = std::str::from_utf8(line) else {
        return false;
    };
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    let method = words.next().unwrap_or_default();
    let version = words.next_back().unwrap_or_default();
    super::is_token(method) && version.starts_with("HTTP/")
}

/// Reads requests until the bytes end, as they stand on the wire: a body is as long as its head says. Line ends may be
/// bare, as editors leave them, and the version may be one that has no such lines of its own. Where the head does not
/// say a length that fits, a text that is a .http file is read as one, and else the body is all that follows.
pub fn read(reader: &mut Reader<'_>, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    let mut all = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (mut request, behind) = read_head(rest)?;
        let headers = &request.headers;
        let text = |name: &str| {
            headers
                .get(name)
                .map(|value| String::from_utf8_lossy(value).trim().to_ascii_lowercase())
        };
        let framed = if text("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            Some(dechunk(behind)?)
        } else {
            let length = text("content-length").and_then(|length| length.parse().ok());
            length.and_then(|length: usize| {
                let (body, after) = behind.split_at_checked(length)?;
                ends_there(after).then(|| (body.to_vec(), after))
            })
        };
        let (body, after) = match framed {
            Some(framed) => framed,
            None if http_file::is_one(bytes) => return http_file::read(reader, bytes),
            None => {
                if let Some(length) = text("content-length") {
                    reader.tell(wrong_length(&length, behind));
                }
                (behind.to_vec(), &behind[behind.len()..])
            }
        };
        request.body = body.into();
        all.push(as_client(request)?);
        // A line break that an editor put at the end is no request.
        rest = after.trim_ascii_start();
    }
    Ok(all)
}

/// A client writes the whole URL into the line of a .http file, and a proxy into that of a request with a `Host` of its
/// own: the first is sent to that host with its path, the second is as received.
pub fn as_client(request: Request) -> Result<Recorded, ReadError> {
    if request.headers.contains("host") || !request.target.contains("://") {
        return Ok(Recorded::bare(request));
    }
    let Request {
        method,
        target,
        headers,
        body,
    } = request;
    to_url(method, &target, headers, body.to_vec()).map_err(ReadError::Raw)
}

/// Nothing follows, or something that starts like a request: the length before it was right.
fn ends_there(after: &[u8]) -> bool {
    let after = after.trim_ascii_start();
    let line = after.split(|&byte| byte == b'\n').next().unwrap_or(after);
    after.is_empty() || is_request_line(line)
}

fn wrong_length(said: &str, body: &[u8]) -> String {
    let said = said.chars().take(20).collect::<String>();
    format!(
        "Content-Length is {} bytes, but {} follow, and all of them are read as the body. Pasting can change line ends or the last line break, and then the signature no longer matches",
        said.escape_debug(),
        body.len()
    )
}

/// The head of a request, and what follows it.
fn read_head(bytes: &[u8]) -> Result<(Request, &[u8]), ReadError> {
    let refused = |why: &str| ReadError::Raw(why.to_owned().into());
    let line_end = memchr::memchr(b'\n', bytes)
        .ok_or_else(|| refused("the empty line after the headers is missing"))?;
    let (line, fields) = bytes.split_at(line_end);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = std::str::from_utf8(line).map_err(|_| refused("its first line is not UTF-8"))?;
    let words = line.split(' ').filter(|word| !word.is_empty());
    let words: Vec<&str> = words.take(4).collect();
    let &[method, target, version] = words.as_slice() else {
        return Err(refused(
            "its first line must be a method, a path and a version with one space between them",
        ));
    };
    // As tools write requests of HTTP/2 and 3, whose own form is not text.
    if ![
        "HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/2.0", "HTTP/3", "HTTP/3.0",
    ]
    .contains(&version)
    {
        return Err(ReadError::Raw(
            format!("`{}` is not an HTTP version", version.escape_debug()).into(),
        ));
    }
    let fields = &fields[1..];
    let mut slots = vec![httparse::EMPTY_HEADER; MAX_HEADERS];
    let (head_bytes, parsed) = match httparse::parse_headers(fields, &mut slots) {
        Ok(httparse::Status::Complete(read)) => read,
        Ok(httparse::Status::Partial) => {
            return Err(refused("the empty line after the headers is missing"));
        }
        Err(httparse::Error::TooManyHeaders) => {
            return Err(ReadError::Raw(
                format!("it has more than {MAX_HEADERS} headers").into(),
            ));
        }
        Err(error) => return Err(refused(&error.to_string())),
    };
    let mut headers = Headers::new();
    for header in parsed {
        headers.push(header.name, header.value);
    }
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body: Bytes::new(),
    };
    Ok((request, &fields[head_bytes..]))
}

/// RFC 9112, section 7.1.
fn dechunk(mut rest: &[u8]) -> Result<(Vec<u8>, &[u8]), ReadError> {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((behind_size, size))) = httparse::parse_chunk_size(rest)
        else {
            return Err(ReadError::Raw("the size of a chunk cannot be read".into()));
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
            return Err(ReadError::Raw("a chunk is shorter than its size".into()));
        }
        body.extend_from_slice(&data[..size]);
        rest = &data[size + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_any as read_raw;
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
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
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
            let _ = read_raw(&bytes);
            let mut request = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            request.extend(bytes);
            let _ = read_raw(&request);
        }
    }
}
