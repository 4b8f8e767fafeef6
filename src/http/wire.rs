//! One kept-alive HTTP/1.1 connection, for where every microsecond counts: the request is written as it
//! stands, and of the response the status is read and the rest passed over.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::client::{MOST_FIELDS, NOT_HTTP};
use super::stream::Stream;

/// A response's head may be so long.
const MAX_HEAD: usize = 64 << 10;

/// A connection that is open.
pub struct Wire {
    stream: Stream,
    buffer: Vec<u8>,
    /// What of the buffer is read and not used.
    filled: usize,
}

/// The response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireResponse {
    pub status: u16,
    /// The server keeps the connection open.
    pub keeps_alive: bool,
}

/// How a response's body ends.
enum Body {
    Length(u64),
    Chunked,
    UntilClose,
}

impl Wire {
    pub fn over(stream: Stream) -> Self {
        Self {
            stream,
            buffer: vec![0; 16 << 10],
            filled: 0,
        }
    }

    /// Writes a whole request, then reads its response.
    ///
    /// # Errors
    /// Those of the connection; `InvalidData` if the response is not HTTP/1.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<WireResponse> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        loop {
            let (answer, body) = self.read_head().await?;
            // An interim response (1xx) is followed by the one that counts.
            if answer.status / 100 == 1 {
                continue;
            }
            match body {
                Body::Length(length) => self.pass_over(length).await?,
                Body::Chunked => self.pass_over_chunks().await?,
                Body::UntilClose => {
                    while self.fill().await? > 0 {
                        self.filled = 0;
                    }
                }
            }
            return Ok(answer);
        }
    }

    /// Reads more behind what is in the buffer; 0 at the end.
    async fn fill(&mut self) -> io::Result<usize> {
        if self.filled == self.buffer.len() {
            if self.filled >= MAX_HEAD {
                return Err(broken("the response's head is too long"));
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[self.filled..]).await?;
        self.filled += read;
        Ok(read)
    }

    fn take(&mut self, count: usize) {
        self.buffer.copy_within(count..self.filled, 0);
        self.filled -= count;
    }

    async fn read_head(&mut self) -> io::Result<(WireResponse, Body)> {
        loop {
            let read = &self.buffer[..self.filled];
            let mut few = [httparse::EMPTY_HEADER; 100];
            let mut many = Vec::new();
            let mut response = httparse::Response::new(&mut few);
            let mut parsed = parser().parse_response(&mut response, read);
            if parsed == Err(httparse::Error::TooManyHeaders) {
                many.resize(MOST_FIELDS, httparse::EMPTY_HEADER);
                response = httparse::Response::new(&mut many);
                parsed = parser().parse_response(&mut response, read);
            }
            let parsed = parsed.map_err(|error| match error {
                httparse::Error::Version | httparse::Error::Token => broken(NOT_HTTP),
                other => broken(&format!("the head of the response cannot be read: {other}")),
            })?;
            if let httparse::Status::Complete(length) = parsed {
                let read = head(&response)?;
                self.take(length);
                return Ok(read);
            }
            if self.fill().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    async fn pass_over(&mut self, mut left: u64) -> io::Result<()> {
        loop {
            let here = usize::try_from(left).unwrap_or(usize::MAX).min(self.filled);
            self.take(here);
            left -= here as u64;
            if left == 0 {
                return Ok(());
            }
            if self.fill().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// RFC 9112, section 7.1.
    async fn pass_over_chunks(&mut self) -> io::Result<()> {
        loop {
            let size = loop {
                match httparse::parse_chunk_size(&self.buffer[..self.filled]) {
                    Ok(httparse::Status::Complete((used, size))) => {
                        self.take(used);
                        break size;
                    }
                    Ok(httparse::Status::Partial) => {
                        if self.fill().await? == 0 {
                            return Err(io::ErrorKind::UnexpectedEof.into());
                        }
                    }
                    Err(_) => return Err(broken("a chunk of the response has no size")),
                }
            };
            if size == 0 {
                return self.pass_over_trailers().await;
            }
            self.pass_over(size.saturating_add(2)).await?;
        }
    }

    async fn pass_over_trailers(&mut self) -> io::Result<()> {
        loop {
            let end = self.buffer[..self.filled]
                .windows(2)
                .position(|pair| pair == b"\r\n");
            match end {
                Some(0) => {
                    self.take(2);
                    return Ok(());
                }
                Some(end) => self.take(end + 2),
                None => {
                    if self.fill().await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
            }
        }
    }
}

/// What curl takes of a server is taken.
fn parser() -> httparse::ParserConfig {
    let mut parser = httparse::ParserConfig::default();
    parser
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    parser
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// RFC 9112, section 6.3: how the body ends.
fn head(response: &httparse::Response<'_, '_>) -> io::Result<(WireResponse, Body)> {
    let status = response.code.unwrap_or(0);
    let mut keeps_alive = response.version == Some(1);
    let mut body = Body::UntilClose;
    for header in response.headers.iter() {
        let value = || std::str::from_utf8(header.value).unwrap_or_default().trim();
        if header.name.eq_ignore_ascii_case("content-length") && !matches!(body, Body::Chunked) {
            let length = value()
                .parse()
                .map_err(|_| broken("the Content-Length is not a number"))?;
            body = Body::Length(length);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            body = if value().to_ascii_lowercase().ends_with("chunked") {
                Body::Chunked
            } else {
                Body::UntilClose
            };
        } else if header.name.eq_ignore_ascii_case("connection") {
            let value = value().to_ascii_lowercase();
            keeps_alive = if keeps_alive {
                !value.contains("close")
            } else {
                value.contains("keep-alive")
            };
        }
    }
    if status / 100 == 1 || status == 204 || status == 304 {
        body = Body::Length(0);
    }
    keeps_alive &= !matches!(body, Body::UntilClose);
    Ok((
        WireResponse {
            status,
            keeps_alive,
        },
        body,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of these bytes, which come in pieces of that size.
    fn answers(bytes: &'static [u8], piece: usize, count: usize) -> Vec<io::Result<WireResponse>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let serving = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                for piece in bytes.chunks(piece) {
                    // The other side may have read enough.
                    let _ = stream.write_all(piece).await;
                    tokio::task::yield_now().await;
                }
            };
            let asking = async {
                let stream = tokio::net::TcpStream::connect(address).await.unwrap();
                let mut wire = Wire::over(Stream::Left(stream));
                let mut all = Vec::new();
                for _ in 0..count {
                    all.push(wire.exchange(b"").await);
                }
                all
            };
            tokio::join!(asking, serving).0
        })
    }

    #[test]
    fn each_way_to_end_a_body_is_known_however_it_is_cut() {
        type Case = (&'static [u8], &'static [(u16, bool)]);
        let cases: [Case; 6] = [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 201 X\r\ncontent-length: 0\r\n\r\n", &[(200, true), (201, true)]),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\nHTTP/1.1 204 X\r\n\r\n", &[(200, true), (204, true)]),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", &[(500, false)]),
            (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", &[(200, false)]),
            (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", &[(200, false)]),
            (b"HTTP/1.1 304 X\r\nContent-Length: 10\r\n\r\n", &[(304, true)]),
        ];
        for (bytes, expected) in cases {
            for piece in [1, 7, 4096] {
                let found = answers(bytes, piece, expected.len());
                for (found, (status, keeps_alive)) in found.iter().zip(expected) {
                    let wanted = WireResponse {
                        status: *status,
                        keeps_alive: *keeps_alive,
                    };
                    assert_eq!(
                        found.as_ref().unwrap(),
                        &wanted,
                        "{}",
                        String::from_utf8_lossy(bytes)
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_cut_off_or_no_http_is_an_error() {
        for bytes in [
            &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"[..],
            b"HTTP/1.1 200",
            b"SSH-2.0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
            assert!(
                answers(bytes, 4096, 1)[0].is_err(),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}
