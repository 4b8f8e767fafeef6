//! Bodies that clients make of a form's fields.

use url::form_urlencoded;

/// `application/x-www-form-urlencoded` as WHATWG's URL standard writes it.
pub fn urlencoded<'f>(fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
        .into_bytes()
}

/// One part of a `multipart/form-data` body (RFC 7578).
pub struct Part {
    pub name: String,
    pub file_name: Option<String>,
    pub content_type: Option<String>,
    pub content: Vec<u8>,
}

/// The value of Content-Type, and the body. The boundary is one that no part holds.
pub fn multipart(parts: &[Part]) -> (String, Vec<u8>) {
    let mut number = 0;
    let boundary = loop {
        let boundary = format!("------------------------hookcli{number:08}");
        let is_inside =
            |part: &Part| memchr::memmem::find(&part.content, boundary.as_bytes()).is_some();
        if !parts.iter().any(is_inside) {
            break boundary;
        }
        number += 1;
    };
    let mut body = Vec::new();
    // As browsers escape what would end a quoted name.
    let quoted = |text: &str| {
        text.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    for part in parts {
        let mut head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            quoted(&part.name)
        );
        if let Some(name) = &part.file_name {
            head.push_str(&format!("; filename=\"{}\"", quoted(name)));
        }
        if let Some(kind) = &part.content_type {
            head.push_str(&format!(
                "\r\nContent-Type: {}",
                kind.replace(['\r', '\n'], " ")
            ));
        }
        head.push_str("\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&part.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}
