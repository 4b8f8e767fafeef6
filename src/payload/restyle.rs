//! A JSON text written anew in another style: what parsers and serialisers do to a body that was to stay as it was.
//! Used to find out which of them had it, never to send something. A style is a set of choices that do not depend
//! on each other; the serialisers of the field are named sets of them.

use std::borrow::Cow;

use super::document::{Document, Kind, Value};

/// How a serialiser writes JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub layout: Layout,
    pub escapes: Escapes,
    pub order: Order,
    pub numbers: Numbers,
    pub empties: Empties,
}

/// Where blanks and line breaks stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub after_comma: &'static str,
    pub before_colon: &'static str,
    pub after_colon: &'static str,
    /// What each level of a value on lines of its own is indented by; none: all on one line.
    pub indent: Option<&'static str>,
    /// Inside the braces and brackets of what is on one line.
    pub padding: &'static str,
    /// Between the elements of the outermost list, instead of `after_comma`.
    pub rows: Option<&'static str>,
    pub line_end: &'static str,
}

impl Layout {
    /// `{"a":1,"b":2}`
    pub const COMPACT: Self = Self {
        after_comma: "",
        before_colon: "",
        after_colon: "",
        indent: None,
        padding: "",
        rows: None,
        line_end: "\n",
    };
    /// `{"a": 1, "b": 2}`
    pub const SPACED: Self = Self {
        after_comma: " ",
        after_colon: " ",
        ..Self::COMPACT
    };

    /// On lines of its own, indented by two.
    pub const PRETTY: Self = Self::lines("  ");

    const fn lines(indent: &'static str) -> Self {
        Self {
            after_colon: " ",
            indent: Some(indent),
            ..Self::COMPACT
        }
    }

    /// Those of the field, the likeliest first.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let crlf = |layout: Self| Self {
            line_end: "\r\n",
            ..layout
        };
        let rows = |between| Self {
            rows: Some(between),
            ..Self::COMPACT
        };
        [
            Self::COMPACT,
            Self::SPACED,
            Self::lines("  "),
            Self::lines("    "),
            Self::lines("\t"),
            Self::lines("   "),
            Self::lines(" "),
            Self::lines(""),
            Self {
                after_comma: " ",
                ..Self::COMPACT
            },
            Self {
                after_colon: " ",
                ..Self::COMPACT
            },
            Self {
                padding: " ",
                ..Self::SPACED
            },
            rows("\r\n"),
            rows("\n"),
            crlf(Self::lines("  ")),
            crlf(Self::lines("    ")),
            // Jackson's pretty printer.
            Self {
                before_colon: " ",
                ..Self::lines("  ")
            },
            Self {
                before_colon: " ",
                padding: " ",
                ..Self::SPACED
            },
            Self {
                after_colon: "",
                ..Self::lines("  ")
            },
        ]
        .into_iter()
    }
}

/// Which characters are written as escapes although they need not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Escapes {
    /// One bit for each of [`Escapes::CLASSES`].
    classes: u16,
    /// What is not ASCII, in upper-case hexadecimal.
    upper: bool,
    /// What is ASCII, in upper-case hexadecimal.
    upper_ascii: bool,
}

impl Escapes {
    const SLASH: u16 = 1;
    const LESS: u16 = 1 << 1;
    const GREATER: u16 = 1 << 2;
    const AMPERSAND: u16 = 1 << 3;
    const APOSTROPHE: u16 = 1 << 4;
    const QUOTE: u16 = 1 << 5;
    const EQUALS: u16 = 1 << 6;
    const PERCENT: u16 = 1 << 7;
    const AT: u16 = 1 << 8;
    const PLUS: u16 = 1 << 9;
    const BACKQUOTE: u16 = 1 << 10;
    const DELETE: u16 = 1 << 11;
    const SEPARATORS: u16 = 1 << 12;
    const ASTRAL: u16 = 1 << 13;
    const OTHERS: u16 = 1 << 14;
    const CLASSES: u16 = 15;
    const NOT_ASCII: u16 = Self::SEPARATORS | Self::ASTRAL | Self::OTHERS;
    const HTML: u16 = Self::LESS | Self::GREATER | Self::AMPERSAND;

    /// What must be escaped alone.
    pub const LEAST: Self = Self::lower(0);
    /// `/` as `\/`, and all that is not ASCII.
    /// Python's: all beyond ASCII.
    pub const ASCII: Self = Self::lower(Self::NOT_ASCII);
    pub const PHP: Self = Self::lower(Self::SLASH | Self::NOT_ASCII);

    const fn lower(classes: u16) -> Self {
        Self {
            classes,
            upper: false,
            upper_ascii: false,
        }
    }

    const fn upper(classes: u16) -> Self {
        Self {
            classes,
            upper: true,
            upper_ascii: true,
        }
    }

    /// As Meta does: symbols in upper case, and letters in lower.
    const fn mixed(classes: u16) -> Self {
        Self {
            classes,
            upper: false,
            upper_ascii: true,
        }
    }

    /// The serialisers of the field, by what each of them escapes.
    const NAMED: [(&'static str, Self); 17] = [
        ("as JavaScript's JSON.stringify does", Self::LEAST),
        (
            "as Python's json.dumps does",
            Self::lower(Self::NOT_ASCII | Self::DELETE),
        ),
        ("as PHP's json_encode does", Self::PHP),
        (
            "as PHP's json_encode does with JSON_UNESCAPED_UNICODE",
            Self::lower(Self::SLASH),
        ),
        (
            "as Rails and Go's encoding/json do",
            Self::lower(Self::HTML | Self::SEPARATORS),
        ),
        (
            "as Rails does for Shopify",
            Self::lower(Self::SLASH | Self::HTML | Self::SEPARATORS),
        ),
        ("as Rails does", Self::lower(Self::HTML)),
        ("as Jackson does for ASCII", Self::upper(Self::NOT_ASCII)),
        (
            "as Jackson does for characters beyond U+FFFF",
            Self::upper(Self::ASTRAL),
        ),
        (
            "as Gson does",
            Self::lower(Self::HTML | Self::EQUALS | Self::APOSTROPHE | Self::SEPARATORS),
        ),
        (
            "as .NET's System.Text.Json does",
            Self::upper(
                Self::HTML
                    | Self::APOSTROPHE
                    | Self::QUOTE
                    | Self::PLUS
                    | Self::BACKQUOTE
                    | Self::DELETE
                    | Self::NOT_ASCII,
            ),
        ),
        (
            "as Meta does",
            Self::lower(Self::SLASH | Self::LESS | Self::PERCENT | Self::AT | Self::NOT_ASCII),
        ),
        (
            "as Meta does",
            Self::mixed(Self::SLASH | Self::LESS | Self::PERCENT | Self::AT | Self::NOT_ASCII),
        ),
        (
            "as Ruby's JSON does for scripts",
            Self::lower(Self::SLASH | Self::SEPARATORS),
        ),
        ("as ASCII, in lower-case hex", Self::lower(Self::NOT_ASCII)),
        (
            "as ASCII, with HTML",
            Self::lower(Self::NOT_ASCII | Self::HTML),
        ),
        (
            "as characters beyond U+FFFF, in lower-case hex",
            Self::lower(Self::ASTRAL),
        ),
    ];

    /// The name of who escapes so.
    pub fn name(self) -> Option<&'static str> {
        let found = Self::NAMED.iter().find(|(_, escapes)| *escapes == self);
        found.map(|(name, _)| *name)
    }

    /// The classes that occur in a text, so that others need not be tried.
    fn occurring(text: &str) -> u16 {
        text.chars()
            .fold(0, |classes, character| classes | class_of(character))
    }

    /// Every way to escape a text that makes a difference: the named ones first, then single classes and their
    /// combinations.
    fn all_for(text: &str) -> Vec<Self> {
        let occurring = Self::occurring(text);
        let ascii = occurring & !Self::NOT_ASCII & !Self::SLASH;
        let mut all: Vec<Self> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut add = |escapes: Self| {
            // In which case nothing is written says nothing.
            let classes = escapes.classes & occurring;
            let upper = escapes.upper && classes & Self::NOT_ASCII != 0;
            let upper_ascii = escapes.upper_ascii && classes & ascii != 0;
            if seen.insert((classes, upper, upper_ascii)) {
                all.push(escapes);
            }
        };
        Self::NAMED.iter().for_each(|(_, escapes)| add(*escapes));
        let bits: Vec<u16> = (0..Self::CLASSES)
            .map(|bit| 1 << bit)
            .filter(|class| occurring & class != 0)
            .collect();
        if bits.len() <= MOST_CLASSES {
            for mask in 0..1_u32 << bits.len() {
                let chosen = bits
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| mask >> bit & 1 == 1);
                let classes = chosen.fold(0, |classes, (_, class)| classes | class);
                add(Self::lower(classes));
                add(Self::upper(classes));
                add(Self::mixed(classes));
            }
        }
        all
    }
}

/// Twice as many ways to escape with each class of characters.
const MOST_CLASSES: usize = 8;

fn class_of(character: char) -> u16 {
    match character {
        '/' => Escapes::SLASH,
        '<' => Escapes::LESS,
        '>' => Escapes::GREATER,
        '&' => Escapes::AMPERSAND,
        '\'' => Escapes::APOSTROPHE,
        '"' => Escapes::QUOTE,
        '=' => Escapes::EQUALS,
        '%' => Escapes::PERCENT,
        '@' => Escapes::AT,
        '+' => Escapes::PLUS,
        '`' => Escapes::BACKQUOTE,
        '\u{7f}' => Escapes::DELETE,
        '\u{2028}' | '\u{2029}' => Escapes::SEPARATORS,
        '\u{10000}'.. => Escapes::ASTRAL,
        '\u{80}'.. => Escapes::OTHERS,
        _ => 0,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AsIs,
    Sorted,
}

/// What became of `{}` and `[]`, which some languages cannot tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empties {
    AsIs,
    /// `{}` where `[]` stands.
    Objects,
    /// `[]` where `{}` stands.
    Lists,
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
    /// As JavaScript writes it.
    pub const PLAIN: Self = Self {
        layout: Layout::COMPACT,
        escapes: Escapes::LEAST,
        order: Order::AsIs,
        numbers: Numbers::AsIs,
        empties: Empties::AsIs,
    };

    /// Every style that makes a difference to a document, the likeliest first: those that differ in one thing from
    /// what serialisers do, then two, then more.
    pub fn all_for(document: &Document<'_>) -> Vec<Self> {
        let plain = restyle(document, Self::PLAIN);
        let differs = |style: Self| restyle(document, style) != plain;
        let strings = strings(document);
        let escapes = Escapes::all_for(&strings);
        let mut orders = vec![Order::AsIs];
        let sorted = Self {
            order: Order::Sorted,
            ..Self::PLAIN
        };
        orders.extend(differs(sorted).then_some(Order::Sorted));
        let mut numbers = vec![Numbers::AsIs];
        for form in [Numbers::WithoutPoint, Numbers::WithPoint] {
            let style = Self {
                numbers: form,
                ..Self::PLAIN
            };
            numbers.extend(differs(style).then_some(form));
        }
        let mut empties = vec![Empties::AsIs];
        for form in [Empties::Objects, Empties::Lists] {
            let style = Self {
                empties: form,
                ..Self::PLAIN
            };
            empties.extend(differs(style).then_some(form));
        }
        let mut all = Vec::new();
        for (rank, escapes) in escapes.into_iter().enumerate() {
            for (place, layout) in Layout::all().enumerate() {
                for order in &orders {
                    for numbers in &numbers {
                        for empties in &empties {
                            let others = usize::from(*order != Order::AsIs)
                                + usize::from(*numbers != Numbers::AsIs)
                                + usize::from(*empties != Empties::AsIs);
                            let style = Self {
                                layout,
                                escapes,
                                order: *order,
                                numbers: *numbers,
                                empties: *empties,
                            };
                            all.push((rank + place + 12 * others, style));
                        }
                    }
                }
            }
        }
        all.sort_by_key(|(rank, _)| *rank);
        all.into_iter().map(|(_, style)| style).collect()
    }
}

/// All strings and keys of a document, one after the other.
fn strings(document: &Document<'_>) -> String {
    let mut out = String::new();
    let mut open = vec![document.root()];
    while let Some(value) = open.pop() {
        if let Some(key) = value.key() {
            out.push_str(&key);
        }
        if let Some(text) = value.as_str() {
            out.push_str(&text);
        }
        open.extend(value.children());
    }
    out
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
    let layouts = [Layout::COMPACT, Layout::SPACED, Layout::lines("  ")];
    let escapes = [Escapes::LEAST, Escapes::lower(Escapes::NOT_ASCII)];
    layouts.into_iter().flat_map(move |layout| {
        escapes.into_iter().flat_map(move |escapes| {
            (1..masks).map(move |mask| Style {
                layout,
                escapes,
                numbers: Numbers::SomeLonger(mask),
                ..Style::PLAIN
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
        let layout = self.style.layout;
        let mut children: Vec<Value<'_>> = value.children().collect();
        let is_object = match (children.is_empty(), self.style.empties) {
            (true, Empties::Objects) => true,
            (true, Empties::Lists) => false,
            _ => value.kind() == Kind::Object,
        };
        let (open, close) = if is_object { ('{', '}') } else { ('[', ']') };
        if self.style.order == Order::Sorted && value.kind() == Kind::Object {
            children.sort_by_key(Value::key);
        }
        self.out.push(open);
        let is_empty = children.is_empty();
        let is_rows = depth == 0 && !is_object;
        for (index, child) in children.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            match (layout.indent, layout.rows.filter(|_| is_rows)) {
                (Some(indent), _) => self.line(depth + 1, indent),
                (None, Some(between)) if index > 0 => self.out.push_str(between),
                (None, None) if index > 0 => self.out.push_str(layout.after_comma),
                (None, _) => self.out.push_str(layout.padding),
            }
            if let Some(raw) = child.raw_key() {
                self.string(child.key(), raw);
                self.out.push_str(layout.before_colon);
                self.out.push(':');
                self.out.push_str(layout.after_colon);
            }
            self.value(child, depth + 1);
        }
        match layout.indent.filter(|_| !is_empty) {
            Some(indent) => self.line(depth, indent),
            None if !is_empty => self.out.push_str(layout.padding),
            None => {}
        }
        self.out.push(close);
    }

    fn line(&mut self, depth: usize, indent: &str) {
        self.out.push_str(self.style.layout.line_end);
        for _ in 0..depth {
            self.out.push_str(indent);
        }
    }

    /// A string by its content; one that has none (a lone surrogate) as it stands.
    fn string(&mut self, content: Option<Cow<'_, str>>, raw: &str) {
        let Some(content) = content else {
            self.out.push_str(raw);
            return;
        };
        let classes = self.style.escapes.classes;
        self.out.push('"');
        for character in content.chars() {
            let is_escaped = classes & class_of(character) != 0;
            match character {
                '"' if is_escaped => self.unicode(character),
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '/' if is_escaped => self.out.push_str("\\/"),
                '\0'..='\u{1f}' => self.unicode(character),
                _ if is_escaped => self.unicode(character),
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }

    fn unicode(&mut self, character: char) {
        let escapes = self.style.escapes;
        let upper = if character.is_ascii() {
            escapes.upper_ascii
        } else {
            escapes.upper
        };
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

    fn style(layout: Layout, escapes: Escapes) -> Style {
        Style {
            layout,
            escapes,
            ..Style::PLAIN
        }
    }

    #[test]
    fn each_serialisers_form_is_known() {
        let text = "{\"b\":\"é/<😀\",\"a\":[1.0,{}]}";
        let document = Document::parse(text.as_bytes()).unwrap();
        let written = |style| restyle(&document, style);
        let named = |name: &str| {
            let found = Escapes::NAMED
                .iter()
                .find(|(known, _)| known.contains(name));
            found.unwrap().1
        };
        assert_eq!(written(Style::PLAIN), text);
        assert_eq!(
            written(style(Layout::SPACED, named("Python"))),
            "{\"b\": \"\\u00e9/<\\ud83d\\ude00\", \"a\": [1.0, {}]}"
        );
        assert_eq!(
            written(style(Layout::COMPACT, Escapes::PHP)),
            "{\"b\":\"\\u00e9\\/<\\ud83d\\ude00\",\"a\":[1.0,{}]}"
        );
        // Go's encoding/json, with its sorted maps.
        let sorted = Style {
            order: Order::Sorted,
            numbers: Numbers::WithoutPoint,
            ..style(Layout::COMPACT, named("Go"))
        };
        assert_eq!(written(sorted), "{\"a\":[1,{}],\"b\":\"é/\\u003c😀\"}");
        assert_eq!(
            written(style(Layout::lines("  "), Escapes::LEAST)),
            "{\n  \"b\": \"é/<😀\",\n  \"a\": [\n    1.0,\n    {}\n  ]\n}"
        );
        assert_eq!(
            written(style(Layout::COMPACT, named("beyond U+FFFF"))),
            "{\"b\":\"é/<\\uD83D\\uDE00\",\"a\":[1.0,{}]}"
        );
        let lists = Style {
            empties: Empties::Lists,
            ..Style::PLAIN
        };
        assert_eq!(written(lists), "{\"b\":\"é/<😀\",\"a\":[1.0,[]]}");
    }

    #[test]
    fn what_makes_no_difference_is_tried_once() {
        let document = Document::parse(b"{\"a\":1}").unwrap();
        let all = Style::all_for(&document);
        assert!(all.len() <= 60, "{}", all.len());
    }

    proptest! {
        /// Whatever the style, the meaning stays; and the style alone decides the text.
        #[test]
        fn a_style_changes_no_meaning(text in "[ -~é😀]{0,12}", number in -1000_i64..1000) {
            let value = serde_json::json!({"b": [text.as_str(), number, null], "a": {"x": true}});
            let compact = value.to_string();
            let document = Document::parse(compact.as_bytes()).unwrap();
            let kept = |style: &Style| style.numbers == Numbers::AsIs && style.empties == Empties::AsIs;
            for style in Style::all_for(&document).into_iter().filter(kept).take(400) {
                let written = restyle(&document, style);
                let read: serde_json::Value = serde_json::from_str(&written).unwrap();
                prop_assert_eq!(&read, &value);
                let again = Document::parse(written.as_bytes()).unwrap();
                prop_assert_eq!(restyle(&again, style), written);
            }
        }
    }
}
