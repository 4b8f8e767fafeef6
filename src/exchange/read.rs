//! Reads requests in any format.

use std::collections::BTreeMap;

use serde_json::Value;

use super::request::check;
use super::{ReadError, Reader, Recorded, curl, gateway, har, http_file, json, postman, raw};

/// Reads requests that need nothing beside themselves, and tells nothing.
pub fn read_any(bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
    Reader::new(&BTreeMap::new(), None).read(bytes)
}

impl Reader<'_> {
    /// All requests of a text, whose form shows in its first bytes. Each can stand in a request line and a
    /// header section (RFC 9112, sections 3 and 5).
    pub fn read(&mut self, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
        let all = self.read_form(bytes)?;
        if all.is_empty() {
            return Err(ReadError::Empty);
        }
        for (index, recorded) in all.iter().enumerate() {
            check(&recorded.request).map_err(|why| ReadError::Request {
                number: index + 1,
                why,
            })?;
        }
        Ok(all)
    }

    fn read_form(&mut self, bytes: &[u8]) -> Result<Vec<Recorded>, ReadError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let start = bytes
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .ok_or(ReadError::Empty)?;
        let text = &bytes[start..];
        if matches!(text[0], b'{' | b'[') {
            return match serde_json::from_slice::<Value>(text) {
                Ok(value) => self.read_value(value),
                Err(_) => json::read_lines(self, bytes),
            };
        }
        if let Some(read) = curl::read(self, text) {
            return read;
        }
        let line = text.split(|&byte| byte == b'\n').next().unwrap_or(text);
        if raw::is_request_line(line) {
            return raw::read(self, text);
        }
        http_file::read(self, text)
    }

    /// One JSON document: what it is shows in its members.
    fn read_value(&mut self, value: Value) -> Result<Vec<Recorded>, ReadError> {
        if let Value::Array(all) = value {
            let mut read = Vec::new();
            for value in all {
                read.extend(self.read_value(value)?);
            }
            return Ok(read);
        }
        if value.get("method").is_none() && value.get("log").is_some_and(Value::is_object) {
            return har::read(self, &value);
        }
        if value.get("info").is_some() && value.get("item").is_some() {
            return postman::read(self, &value);
        }
        if gateway::is_event(&value) {
            return gateway::read(self, &value).map(|one| vec![one]);
        }
        json::read_document(self, value, 1).map(|one| vec![one])
    }
}
