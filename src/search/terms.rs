//! Conditions on numbers and on what is in a request.

use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::str::FromStr;

use super::Pattern;
use crate::model::InvalidText;
use crate::payload::{Document, Kind, Path};

/// The numbers between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberRange {
    pub least: Bound<f64>,
    pub most: Bound<f64>,
}

impl NumberRange {
    pub fn exactly(number: f64) -> Self {
        Self {
            least: Bound::Included(number),
            most: Bound::Included(number),
        }
    }

    pub fn contains(&self, number: f64) -> bool {
        RangeBounds::contains(&(self.least, self.most), &number)
    }

    /// Reads `400`, `>400`, `>=400`, `<400`, `<=400`, `400..`, `..400` or `400..499`, each number by `number`.
    /// `None` where the text has none of these forms.
    pub fn read(text: &str, number: impl Fn(&str) -> Option<f64>) -> Option<Self> {
        let unbounded = Self {
            least: Bound::Unbounded,
            most: Bound::Unbounded,
        };
        if let Some(rest) = text.strip_prefix(">=") {
            let least = Bound::Included(number(rest)?);
            return Some(Self { least, ..unbounded });
        }
        if let Some(rest) = text.strip_prefix("<=") {
            let most = Bound::Included(number(rest)?);
            return Some(Self { most, ..unbounded });
        }
        if let Some(rest) = text.strip_prefix('>') {
            let least = Bound::Excluded(number(rest)?);
            return Some(Self { least, ..unbounded });
        }
        if let Some(rest) = text.strip_prefix('<') {
            let most = Bound::Excluded(number(rest)?);
            return Some(Self { most, ..unbounded });
        }
        if let Some((least, most)) = text.split_once("..") {
            if least.is_empty() && most.is_empty() {
                return None;
            }
            let bound = |text: &str| match text {
                "" => Some(Bound::Unbounded),
                text => Some(Bound::Included(number(text)?)),
            };
            return Some(Self {
                least: bound(least)?,
                most: bound(most)?,
            });
        }
        number(text).map(Self::exactly)
    }
}

/// What a value of a header or a body must be, and the text that says so.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTest {
    wanted: Wanted,
    text: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    /// There is one.
    Exists,
    /// Its text: a string without its quotes, anything else as written.
    Is(Pattern),
    /// It is such a number.
    Number(NumberRange),
}

impl ValueTest {
    /// A range is one of numbers; a single number may be a text as well.
    fn read(text: &str) -> Self {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let wanted = match NumberRange::read(text, number) {
            Some(range) if number(text).is_none() => Wanted::Number(range),
            _ => Wanted::Is(Pattern::new(text)),
        };
        let text = text.to_owned();
        Self { wanted, text }
    }

    fn exists() -> Self {
        Self {
            wanted: Wanted::Exists,
            text: String::new(),
        }
    }

    fn fits(&self, value: &str) -> bool {
        match &self.wanted {
            Wanted::Exists => true,
            Wanted::Is(pattern) => {
                let number = |text: &str| text.parse::<f64>().ok();
                pattern.fits(value)
                    || (pattern.is_exact()
                        && number(pattern.as_str())
                            .is_some_and(|wanted| number(value) == Some(wanted)))
            }
            Wanted::Number(range) => value.parse().is_ok_and(|number| range.contains(number)),
        }
    }
}

/// A condition on what is in a request. As text it is a term of the query language.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestTerm {
    /// A header's value.
    Header { name: String, test: ValueTest },
    /// A value of a JSON body.
    Body { path: Path, test: ValueTest },
    /// A text in the path, the headers or the body, whatever its case.
    Text(String),
}

impl RequestTerm {
    pub fn has_header(name: &str) -> Self {
        Self::Header {
            name: name.to_ascii_lowercase(),
            test: ValueTest::exists(),
        }
    }

    pub fn header(name: &str, value: &str) -> Self {
        Self::Header {
            name: name.to_ascii_lowercase(),
            test: ValueTest::read(value),
        }
    }

    pub fn has_body(path: Path) -> Self {
        Self::Body {
            path,
            test: ValueTest::exists(),
        }
    }

    pub fn body(path: Path, value: &str) -> Self {
        Self::Body {
            path,
            test: ValueTest::read(value),
        }
    }

    /// Whether a header fits; false for terms about something else.
    pub fn fits_headers<'h>(&self, headers: impl Iterator<Item = (&'h str, &'h [u8])>) -> bool {
        let Self::Header { name, test } = self else {
            return false;
        };
        let mut headers = headers.filter(|(other, _)| other.eq_ignore_ascii_case(name));
        headers.any(|(_, value)| test.fits(&String::from_utf8_lossy(value)))
    }

    /// Whether a value of the body fits; false for terms about something else.
    pub fn fits_body(&self, body: &[u8]) -> bool {
        let Self::Body { path, test } = self else {
            return false;
        };
        let Ok(document) = Document::parse(body) else {
            return false;
        };
        document.get(path).is_some_and(|value| match value.kind() {
            Kind::String => value.as_str().is_some_and(|text| test.fits(&text)),
            _ => test.fits(value.raw()),
        })
    }
}

/// As the store hands it to its own functions; [`FromStr`] reads it.
impl fmt::Display for RequestTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { name, test } => match &test.wanted {
                Wanted::Exists => write!(f, "header?{name}"),
                _ => write!(f, "header={name}={}", test.text),
            },
            Self::Body { path, test } => match &test.wanted {
                Wanted::Exists => write!(f, "body?{path}"),
                _ => write!(f, "body={}\n{}", path, test.text),
            },
            Self::Text(text) => write!(f, "text={text}"),
        }
    }
}

impl FromStr for RequestTerm {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let path = |text: &str| text.parse::<Path>().map_err(|why| why.to_string());
        if let Some(name) = text.strip_prefix("header?") {
            return Ok(Self::has_header(name));
        }
        if let Some((name, value)) = text.strip_prefix("header=").and_then(|t| t.split_once('=')) {
            return Ok(Self::header(name, value));
        }
        if let Some(name) = text.strip_prefix("body?") {
            return Ok(Self::has_body(path(name)?));
        }
        if let Some((name, value)) = text.strip_prefix("body=").and_then(|t| t.split_once('\n')) {
            return Ok(Self::body(path(name)?, value));
        }
        match text.strip_prefix("text=") {
            Some(text) => Ok(Self::Text(text.to_owned())),
            None => Err(format!("`{text}` is not a condition on a request").into()),
        }
    }
}

/// Finds a text in bytes, whatever the case of its ASCII letters, and also as JSON escapes it.
pub struct TextFinder {
    forms: Vec<Needle>,
}

/// A text in lower case, and the byte of it that is probably the rarest.
struct Needle {
    text: Vec<u8>,
    rarest: usize,
}

/// Bytes of JSON and of headers, the most frequent ones first.
const FREQUENT: &[u8] = b"\" e0a1t2nisr:do,c35l4mu9687pfh_gb-.wyv/k{}xjqz[]";

impl TextFinder {
    pub fn new(text: &str) -> Self {
        // As PHP, Python and others write it in JSON.
        let escaped: String = text
            .chars()
            .map(|character| match character {
                '"' => "\\\"".to_owned(),
                character if character.is_ascii() => character.to_string(),
                character => {
                    let mut units = [0; 2];
                    let units = character.encode_utf16(&mut units).iter();
                    units.map(|unit| format!("\\u{unit:04x}")).collect()
                }
            })
            .collect();
        let mut forms = vec![text.to_owned()];
        if escaped != text {
            forms.push(escaped);
        }
        Self {
            forms: forms.iter().map(|form| Needle::new(form)).collect(),
        }
    }

    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| form.is_in(bytes))
    }
}

impl Needle {
    fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase().into_bytes();
        let rank = |byte: u8| {
            let place = FREQUENT.iter().position(|frequent| *frequent == byte);
            place.unwrap_or(FREQUENT.len())
        };
        let rarest = (0..text.len()).max_by_key(|at| rank(text[*at]));
        Self {
            rarest: rarest.unwrap_or(0),
            text,
        }
    }

    /// Looks where its rarest byte is, in both cases.
    fn is_in(&self, bytes: &[u8]) -> bool {
        let Some(&lower) = self.text.get(self.rarest) else {
            return true;
        };
        let behind = self.text.len() - self.rarest;
        memchr::memchr2_iter(lower, lower.to_ascii_uppercase(), bytes).any(|at| {
            let begin = at.checked_sub(self.rarest);
            begin
                .and_then(|begin| bytes.get(begin..at + behind))
                .is_some_and(|found| found.eq_ignore_ascii_case(&self.text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_text_a_number_or_in_a_range() {
        let body = br#"{"data":{"amount":150.5,"status":"open","id":"100","list":[1,2]}}"#;
        for (path, value, fits) in [
            ("data.amount", ">100", true),
            ("data.amount", "100..", true),
            ("data.amount", "..150", false),
            ("data.amount", "150.50", true),
            ("data.id", "100", true),
            ("data.id", ">=100", true),
            ("data.status", "open", true),
            ("data.status", "op*", true),
            ("data.status", "OPEN", false),
            ("data.status", ">1", false),
            ("data.list.1", "2", true),
            ("data.none", "*", false),
        ] {
            let term = RequestTerm::body(path.parse().unwrap(), value);
            assert_eq!(term.fits_body(body), fits, "{path}:{value}");
            assert_eq!(term.to_string().parse(), Ok(term));
        }
    }

    #[test]
    fn text_is_found_in_any_case_and_escaped() {
        let finder = TextFinder::new("Müller");
        assert!(finder.is_in("Herr Müller".as_bytes()));
        assert!(finder.is_in("MüLLER".as_bytes()));
        assert!(finder.is_in(br#"{"name":"M\u00fcller"}"#));
        assert!(finder.is_in(br#"{"name":"M\u00FCller"}"#));
        assert!(!finder.is_in(b"Muller"));
        for (text, bytes, is_in) in [
            ("abc", "xxABcx", true),
            ("abc", "ab", false),
            ("abc", "bcabc", true),
            ("zz", "z", false),
            ("é", "É", false),
        ] {
            assert_eq!(
                TextFinder::new(text).is_in(bytes.as_bytes()),
                is_in,
                "{text}"
            );
        }
        assert!(TextFinder::new("a\"b").is_in(br#"{"x":"A\"B"}"#));
    }

    proptest::proptest! {
        #[test]
        fn a_text_is_found_where_it_is(text in "[aB0\"]{1,4}", bytes in "[abAB0\"]{0,20}") {
            let is_in = bytes.to_ascii_lowercase().contains(&text.to_ascii_lowercase());
            let escaped = text.replace('"', "\\\"");
            proptest::prop_assert_eq!(TextFinder::new(&text).is_in(bytes.as_bytes()), is_in);
            proptest::prop_assert!(TextFinder::new(&text).is_in(escaped.as_bytes()));
        }
    }
}
