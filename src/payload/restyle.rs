//! A JSON text written anew in another style: what parsers and serialisers do to a body that was to stay as
//! it was. Used to find out which of them had it, never to send something.

use std::borrow::Cow;

use super::document::{Document, Kind, Value};

/// How a serialiser writes JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub spacing: Spacing,
    pub escapes: Escapes,
    pub order: Order,
    pub numbers: Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// `{"a":1,"b":2}`
    Compact,
    /// `{"a": 1, "b": 2}`
    Spaced,
    /// Lines, indented by two spaces, by four, or by a tab.
    Lines(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// What must be escaped alone.
    Least,
    /// All that is not ASCII as `\uXXXX`, in lower or upper case.
    Ascii { upper: bool },
    /// `/` as `\/`.
    Slashes,
    /// `/` as `\/`, and all that is not ASCII.
    SlashesAndAscii,
    /// `<`, `>` and `&` as `\u00XX`.
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AsIs,
    Sorted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    AsIs,
    /// `1` where `1.0` stood.
    WithoutPoint,
    /// `1.0` where `1` stood.
    WithPoint,
    /// `1.0` where `1` stood and `1.50` where `1.5` stood, for the numbers whose bits are set, counted in
    /// the order in which they are written.
    SomeLonger(u16),
}

impl Style {
    /// Every style that is known, the likeliest first.
    pub fn all() -> impl Iterator<Item = Self> {
        let spacings = [
            Spacing::Compact,
            Spacing::Spaced,
            Spacing::Lines("  "),
            Spacing::Lines("    "),
            Spacing::Lines("\t"),
        ];
        let escapes = [
            Escapes::Least,
            Escapes::Ascii { upper: false },
            Escapes::Ascii { upper: true },
            Escapes::Slashes,
            Escapes::SlashesAndAscii,
            Escapes::Html,
        ];
        let numbers = [Numbers::AsIs, Numbers::WithoutPoint, Numbers::WithPoint];
        numbers.into_iter().flat_map(move |numbers| {
            [Order::AsIs, Order::Sorted]
                .into_iter()
                .flat_map(move |order| {
                    spacings.into_iter().flat_map(move |spacing| {
                        escapes.into_iter().map(move |escapes| Self {
                            spacing,
                            escapes,
                            order,
                            numbers,
                        })
                    })
                })
        })
    }
}

/// How many numbers may each have either form: twice as many styles with each.
const MIXED_NUMBERS: u32 = 10;

/// The likeliest styles of a document with few numbers, some of which were written longer: a parser that
/// knows one kind of number only has made `1` of `1.0`, and the text does not say which.
pub fn mixed_number_styles(document: &Document<'_>) -> impl Iterator<Item = Style> + use<> {
    let numbers = document.count(Kind::Number);
    let masks = if numbers <= MIXED_NUMBERS as usize {
        1_u16 << numbers
    } else {
        1
    };
    let spacings = [Spacing::Compact, Spacing::Spaced, Spacing::Lines("  ")];
    let escapes = [Escapes::Least, Escapes::Ascii { upper: false }];
    spacings.into_iter().flat_map(move |spacing| {
        escapes.into_iter().flat_map(move |escapes| {
            (1..masks).map(move |mask| Style {
                spacing,
                escapes,
                order: Order::AsIs,
                numbers: Numbers::SomeLonger(mask),
            })
        })
    })
}

/// The document in that style.
pub fn restyle(document: &Document<'_>, style: Style) -> String {
    let mut writer = Writer {
        out: String::new(),
        style,
        numbers: 0,
    };
    writer.value(document.root(), 0);
    writer.out
}

struct Writer {
    out: String,
    style: Style,
    /// How many numbers are written.
    numbers: u32,
}

impl Writer {
    fn value(&mut self, value: Value<'_>, depth: usize) {
        match value.kind() {
            Kind::Object | Kind::Array => self.items(value, depth),
            Kind::String => self.string(value.as_str(), value.raw()),
            Kind::Number => self.number(value.raw()),
            Kind::Bool | Kind::Null => self.out.push_str(value.raw()),
        }
    }

    fn items(&mut self, value: Value<'_>, depth: usize) {
        let (open, close) = match value.kind() {
            Kind::Object => ('{', '}'),
            _ => ('[', ']'),
        };
        let mut children: Vec<Value<'_>> = value.children().collect();
        if self.style.order == Order::Sorted && value.kind() == Kind::Object {
            children.sort_by_key(Value::key);
        }
        self.out.push(open);
        let empty = children.is_empty();
        for (index, child) in children.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
                if self.style.spacing == Spacing::Spaced {
                    self.out.push(' ');
                }
            }
            self.line(depth + 1);
            if let Some(raw) = child.raw_key() {
                self.string(child.key(), raw);
                self.out.push(':');
                if self.style.spacing != Spacing::Compact {
                    self.out.push(' ');
                }
            }
            self.value(child, depth + 1);
        }
        if !empty {
            self.line(depth);
        }
        self.out.push(close);
    }

    fn line(&mut self, depth: usize) {
        if let Spacing::Lines(indent) = self.style.spacing {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str(indent);
            }
        }
    }

    /// A string by its content; one that has none (a lone surrogate) as it stands.
    fn string(&mut self, content: Option<Cow<'_, str>>, raw: &str) {
        let Some(content) = content else {
            self.out.push_str(raw);
            return;
        };
        let escapes = self.style.escapes;
        let slashes = matches!(escapes, Escapes::Slashes | Escapes::SlashesAndAscii);
        let ascii = matches!(escapes, Escapes::Ascii { .. } | Escapes::SlashesAndAscii);
        self.out.push('"');
        for character in content.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '/' if slashes => self.out.push_str("\\/"),
                '<' | '>' | '&' if escapes == Escapes::Html => self.unicode(character),
                '\0'..='\u{1f}' => self.unicode(character),
                '\u{80}'.. if ascii => self.unicode(character),
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }

    fn unicode(&mut self, character: char) {
        let upper = self.style.escapes == Escapes::Ascii { upper: true };
        for unit in character.encode_utf16(&mut [0; 2]) {
            self.out.push_str(&if upper {
                format!("\\u{unit:04X}")
            } else {
                format!("\\u{unit:04x}")
            });
        }
    }

    fn number(&mut self, raw: &str) {
        let whole = !raw.contains(['.', 'e', 'E']);
        match self.style.numbers {
            Numbers::WithoutPoint => self.out.push_str(raw.strip_suffix(".0").unwrap_or(raw)),
            Numbers::WithPoint if whole => {
                self.out.push_str(raw);
                self.out.push_str(".0");
            }
            Numbers::SomeLonger(mask)
                if mask
                    .checked_shr(self.numbers)
                    .is_some_and(|mask| mask & 1 == 1) =>
            {
                self.out.push_str(raw);
                self.out.push_str(if whole { ".0" } else { "0" });
            }
            _ => self.out.push_str(raw),
        }
        self.numbers += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn style(spacing: Spacing, escapes: Escapes) -> Style {
        Style {
            spacing,
            escapes,
            order: Order::AsIs,
            numbers: Numbers::AsIs,
        }
    }

    #[test]
    fn each_serialisers_form_is_known() {
        let text = "{\"b\":\"é/<😀\",\"a\":[1.0,{}]}";
        let document = Document::parse(text.as_bytes()).unwrap();
        let written = |style| restyle(&document, style);
        assert_eq!(written(style(Spacing::Compact, Escapes::Least)), text);
        // Python's json.dumps
        assert_eq!(
            written(style(Spacing::Spaced, Escapes::Ascii { upper: false })),
            "{\"b\": \"\\u00e9/<\\ud83d\\ude00\", \"a\": [1.0, {}]}"
        );
        // PHP's json_encode
        assert_eq!(
            written(style(Spacing::Compact, Escapes::SlashesAndAscii)),
            "{\"b\":\"\\u00e9\\/<\\ud83d\\ude00\",\"a\":[1.0,{}]}"
        );
        // Go's encoding/json, with its sorted maps
        let sorted = Style {
            order: Order::Sorted,
            numbers: Numbers::WithoutPoint,
            ..style(Spacing::Compact, Escapes::Html)
        };
        assert_eq!(written(sorted), "{\"a\":[1,{}],\"b\":\"é/\\u003c😀\"}");
        assert_eq!(
            written(style(Spacing::Lines("  "), Escapes::Least)),
            "{\n  \"b\": \"é/<😀\",\n  \"a\": [\n    1.0,\n    {}\n  ]\n}"
        );
    }

    proptest! {
        /// Whatever the style, the meaning stays; and the style alone decides the text.
        #[test]
        fn a_style_changes_no_meaning(text in "[ -~é😀]{0,12}", number in -1000_i64..1000) {
            let value = serde_json::json!({"b": [text.as_str(), number, null], "a": {"x": true}});
            let compact = value.to_string();
            let document = Document::parse(compact.as_bytes()).unwrap();
            for style in Style::all().filter(|style| style.numbers == Numbers::AsIs) {
                let written = restyle(&document, style);
                let read: serde_json::Value = serde_json::from_str(&written).unwrap();
                prop_assert_eq!(&read, &value);
                let again = Document::parse(written.as_bytes()).unwrap();
                prop_assert_eq!(restyle(&again, style), written);
            }
        }
    }
}
