//! JSON laid out for reading. Only white space is added: numbers, escapes and order stay as they are.

use super::document::{Document, Kind, Value};

/// The text with one value per line, indented by two; `None` if it is not a JSON object or array.
pub fn pretty(text: &[u8]) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let root = document.root();
    if !matches!(root.kind(), Kind::Object | Kind::Array) {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    write(&root, 0, &mut out);
    Some(out)
}

fn write(value: &Value<'_>, depth: usize, out: &mut String) {
    let (open, close) = match value.kind() {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
        _ => return out.push_str(value.raw()),
    };
    out.push(open);
    let mut first = true;
    for child in value.children() {
        if !first {
            out.push(',');
        }
        first = false;
        line(depth + 1, out);
        if let Some(key) = child.raw_key() {
            out.push_str(key);
            out.push_str(": ");
        }
        write(&child, depth + 1, out);
    }
    if !first {
        line(depth, out);
    }
    out.push(close);
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_white_space_is_added() {
        let text = br#"{"b":1e400,"a":[12345678901234567890123,1.0,{}],"e":"\u00e9","b":[]}"#;
        let expected = "{\n  \"b\": 1e400,\n  \"a\": [\n    12345678901234567890123,\n    1.0,\n    {}\n  ],\n  \"e\": \"\\u00e9\",\n  \"b\": []\n}";
        assert_eq!(pretty(text).unwrap(), expected);
        assert_eq!(pretty(b"1"), None);
        assert_eq!(pretty(b"{"), None);
    }
}
