//! A JSON text and where everything in it is. One pass finds every value's byte range; nothing is copied
//! and nothing is converted, so the text can be spliced (RFC 8259 says what JSON is).

use std::borrow::Cow;

use super::Path;

/// How deep values may be nested. Deeper text is refused: a sender must not choose how much stack we use.
const MAX_DEPTH: usize = 128;

/// A JSON text with the place of each of its values.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// Byte range of the value.
    start: usize,
    end: usize,
    /// Byte range of the key with its quotes, where the value is an object's member.
    key: Option<(usize, usize)>,
    /// Index of the first node behind this one's children.
    after: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// Why a text is not JSON, and at which byte.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not JSON at byte {at}: {expected}")]
pub struct NotJson {
    pub at: usize,
    pub expected: &'static str,
}

impl<'t> Document<'t> {
    pub fn parse(text: &'t [u8]) -> Result<Self, NotJson> {
        let text = std::str::from_utf8(text).map_err(|error| NotJson {
            at: error.valid_up_to(),
            expected: "UTF-8 expected",
        })?;
        let mut scanner = Scanner {
            bytes: text.as_bytes(),
            at: 0,
            nodes: Vec::with_capacity(32),
        };
        scanner.white_space();
        scanner.value(None, 0)?;
        scanner.white_space();
        if scanner.at < scanner.bytes.len() {
            return Err(scanner.refuse("the text should end here"));
        }
        Ok(Self {
            text,
            nodes: scanner.nodes,
        })
    }

    /// The whole of it.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    pub fn root(&self) -> Value<'_> {
        Value {
            document: self,
            index: 0,
        }
    }

    /// Every value, as they stand in the text.
    pub(super) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.nodes.len()).map(|index| Value {
            document: self,
            index,
        })
    }

    /// How many values are of that kind.
    pub(super) fn count(&self, kind: Kind) -> usize {
        self.nodes.iter().filter(|node| node.kind == kind).count()
    }

    /// The value at `path`. Of members with the same key the last one counts, as in JSON.parse.
    pub fn get(&self, path: &Path) -> Option<Value<'_>> {
        let mut value = self.root();
        for step in path.steps() {
            value = value.child(step)?;
        }
        Some(value)
    }
}

impl Document<'_> {
    /// Every value at `path`, each of members with the same key included: what must not be shown must not
    /// hide behind a repeated key.
    pub fn get_all(&self, path: &Path) -> Vec<Value<'_>> {
        let mut found = vec![self.root()];
        for step in path.steps() {
            found = found
                .into_iter()
                .flat_map(|value| match value.kind() {
                    Kind::Object => value
                        .children()
                        .filter(|child| child.key().as_deref() == Some(step))
                        .collect(),
                    _ => value.child(step).into_iter().collect::<Vec<_>>(),
                })
                .collect();
        }
        found
    }
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    index: usize,
}

impl<'d> Value<'d> {
    fn node(&self) -> &'d Node {
        &self.document.nodes[self.index]
    }

    /// Its place in [`Document::values`].
    pub(super) fn index(&self) -> usize {
        self.index
    }

    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// The value's byte range in the text.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.node().start..self.node().end
    }

    /// The value as it is in the text.
    pub fn raw(&self) -> &'d str {
        &self.document.text[self.range()]
    }

    /// The byte range of the member's key, with its quotes.
    pub(super) fn key_range(&self) -> Option<std::ops::Range<usize>> {
        self.node().key.map(|(start, end)| start..end)
    }

    /// The content of a string, escapes resolved. An escaped lone surrogate has no such content.
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| unescape(self.raw()))?
    }

    /// The values of an object or array, in order.
    pub fn children(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        let document = self.document;
        let last = self.node().after;
        let first = match self.kind() {
            Kind::Object | Kind::Array => self.index + 1,
            _ => last,
        };
        std::iter::successors((first < last).then_some(first), move |&index| {
            let next = document.nodes[index].after;
            (next < last).then_some(next)
        })
        .map(move |index| Value { document, index })
    }

    /// An object's member's key as it is in the text, with its quotes.
    pub(super) fn raw_key(&self) -> Option<&'d str> {
        self.key_range().map(|range| &self.document.text[range])
    }

    /// An object's member's key, escapes resolved.
    pub fn key(&self) -> Option<Cow<'d, str>> {
        unescape(&self.document.text[self.key_range()?])
    }

    pub fn child(&self, step: &str) -> Option<Value<'d>> {
        match self.kind() {
            Kind::Object => self
                .children()
                .filter(|child| child.key().as_deref() == Some(step))
                .last(),
            Kind::Array => self.children().nth(array_index(step)?),
            _ => None,
        }
    }
}

/// An array index as RFC 6901 writes it: digits without leading zeros.
pub(super) fn array_index(step: &str) -> Option<usize> {
    let plain =
        step == "0" || (!step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit()));
    if plain { step.parse().ok() } else { None }
}

fn unescape(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = &quoted[1..quoted.len() - 1];
    if inner.contains('\\') {
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Scanner<'_> {
    fn refuse(&self, expected: &'static str) -> NotJson {
        NotJson {
            at: self.at,
            expected,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, key: Option<(usize, usize)>, depth: usize) -> Result<(), NotJson> {
        if depth >= MAX_DEPTH {
            return Err(self.refuse("values are nested too deeply"));
        }
        let index = self.nodes.len();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => return Err(self.refuse("a value expected")),
        };
        self.nodes.push(Node {
            kind,
            start,
            end: 0,
            key,
            after: 0,
        });
        match kind {
            Kind::Object => self.items(b'}', depth, true)?,
            Kind::Array => self.items(b']', depth, false)?,
            Kind::String => self.string()?,
            Kind::Number => self.number()?,
            Kind::Bool | Kind::Null => self.word()?,
        }
        let after = self.nodes.len();
        self.nodes[index].end = self.at;
        self.nodes[index].after = after;
        Ok(())
    }

    fn items(&mut self, close: u8, depth: usize, keyed: bool) -> Result<(), NotJson> {
        self.at += 1;
        self.white_space();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            let mut key = None;
            if keyed {
                let start = self.at;
                if self.peek() != Some(b'"') {
                    return Err(self.refuse("expected a key in quotes"));
                }
                self.string()?;
                key = Some((start, self.at));
                self.white_space();
                if self.peek() != Some(b':') {
                    return Err(self.refuse("a colon expected"));
                }
                self.at += 1;
                self.white_space();
            }
            self.value(key, depth + 1)?;
            self.white_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.refuse("expected a comma or the end of the list")),
            }
            self.white_space();
        }
    }

    fn string(&mut self) -> Result<(), NotJson> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            self.at += plain.unwrap_or(rest.len());
            match self.peek() {
                None => return Err(self.refuse("expected a closing quote")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                            self.at += 1;
                        }
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return Err(self.refuse("expected four hex digits"));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.refuse("expected a JSON escape")),
                    }
                }
                Some(_) => return Err(self.refuse("control characters must be escaped")),
            }
        }
    }

    fn number(&mut self) -> Result<(), NotJson> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), NotJson> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if start == self.at {
            Err(self.refuse("a digit expected"))
        } else {
            Ok(())
        }
    }

    fn word(&mut self) -> Result<(), NotJson> {
        for word in ["true", "false", "null"] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(());
            }
        }
        Err(self.refuse("expected true, false or null"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at<'d>(document: &'d Document<'d>, path: &str) -> Option<&'d str> {
        document
            .get(&path.parse().unwrap())
            .map(|value| value.raw())
    }

    #[test]
    fn values_are_found_as_they_stand_in_the_text() {
        let text = br#" {"a" : [1, {"b":1.0e2}], "k\u0065y":"x\n", "a": true} "#;
        let document = Document::parse(text).unwrap();
        assert_eq!(at(&document, "key"), Some(r#""x\n""#));
        assert_eq!(
            document
                .get(&"key".parse().unwrap())
                .unwrap()
                .as_str()
                .unwrap(),
            "x\n"
        );
        assert_eq!(
            at(&document, "a"),
            Some("true"),
            "the last of two members counts"
        );
        assert_eq!(at(&document, "a.0"), None);
        assert_eq!(
            at(&Document::parse(b"[0,[1.0e2]]").unwrap(), "/1/0"),
            Some("1.0e2")
        );
        assert_eq!(at(&Document::parse(b"[0,1]").unwrap(), "/01"), None);
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let text = "[".repeat(1_000_000);
        assert_eq!(
            Document::parse(text.as_bytes()).unwrap_err().expected,
            "values are nested too deeply"
        );
    }

    fn json_like() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            r#"[\[\]{}",:0-9eE+\-.a-c\\utrflsn \n]{0,40}"#,
            prop::collection::vec("[a-z\"\\\\é]{0,5}", 0..5)
                .prop_map(|words| serde_json::to_string(&words).unwrap()),
        ]
    }

    proptest! {
        /// serde_json is the judge of what is JSON. It refuses two things more: lone surrogates, which
        /// RFC 8259 allows in the grammar, and numbers beyond f64.
        #[test]
        fn agrees_with_serde_json(text in json_like()) {
            let ours = Document::parse(text.as_bytes()).is_ok();
            let judge = serde_json::from_str::<serde_json::Value>(&text);
            match judge {
                Ok(_) => prop_assert!(ours),
                Err(error) if error.to_string().contains("surrogate") || error.to_string().contains("out of range")
                    || error.to_string().contains("hex escape") => {}
                Err(_) => prop_assert!(!ours),
            }
        }
    }
}
