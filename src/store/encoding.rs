//! How stores write what has no column of its own.

use crate::model::{Capture, Destinations, Headers, Verdict};

/// The value of `forward` for a capture that is pending at a destination; the index of pending captures uses it.
pub(super) const PENDING: i64 = 1;
/// That of one that was to be forwarded, and is not any more.
const FORWARDED: i64 = 2;

/// `name: value` lines; HTTP allows no line break in either.
pub(super) fn write_headers(headers: &Headers) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for (name, value) in headers.iter() {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out
}

pub(super) fn read_headers(lines: &[u8]) -> Headers {
    lines
        .split(|&byte| byte == b'\n')
        .filter_map(|line| {
            let at = line.windows(2).position(|pair| pair == b": ")?;
            Some((
                String::from_utf8_lossy(&line[..at]).into_owned(),
                line[at + 2..].to_vec(),
            ))
        })
        .collect()
}

/// The value of `forward`; none where a capture is not to be forwarded.
pub(super) fn forward_of(destinations: &Destinations) -> Option<i64> {
    let state = match destinations.are_pending() {
        true => PENDING,
        false => FORWARDED,
    };
    (*destinations != Destinations::default()).then_some(state)
}

/// Whether its sender was refused: it did not verify, and was answered so.
pub(super) fn is_refused(capture: &Capture) -> bool {
    capture.response_status >= 400 && matches!(capture.verdict, Verdict::Invalid | Verdict::Missing)
}

/// What a capture takes, about, in bytes; its headers as they are written.
pub(super) fn capture_bytes(capture: &Capture, headers: usize) -> u64 {
    let bytes = capture.request.body.len()
        + headers
        + capture.response_body.len()
        + capture.request.target.len()
        + 300;
    bytes as u64
}
