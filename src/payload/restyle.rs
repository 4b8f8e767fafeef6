//! A JSON text serialised again in another style: what parsers and serialisers do to a body that was to stay as it was.
//! Used to find out which of them had it, never to send something.

use std::borrow::Cow;

use super::decimal::{ExponentForm, has_exponent_forms, in_form};
use super::document::{Document, Kind, Value};
use super::style::{Empties, Escapes, Layout, Numbers, Order, Style, class_of};

/// A document made ready to be written in many styles: each string is read once.
pub struct Restyler<'d> {
    document: &'d Document<'d>,
    /// The key and the string of each value, by the value's index.
    keys: Vec<Option<Text<'d>>>,
    strings: Vec<Option<Text<'d>>>,
}

/// A string of a document.
struct Text<'d> {
    /// What it says; none where it has a lone surrogate, which no character is.
    content: Option<Cow<'d, str>>,
    /// With quotes and the escapes that must be.
    least: Cow<'d, str>,
    /// The classes of the characters that occur in it.
    classes: u16,
}

impl<'d> Text<'d> {
    fn new(raw: &'d str, content: Option<Cow<'d, str>>) -> Self {
        let Some(content) = content else {
            return Self {
                content: None,
                least: Cow::Borrowed(raw),
                classes: 0,
            };
        };
        let least = if raw.contains('\\') {
            let mut least = String::with_capacity(raw.len());
            write_string(&mut least, &content, Escapes::LEAST);
            Cow::Owned(least)
        } else {
            Cow::Borrowed(raw)
        };
        Self {
            classes: Escapes::occurring(&content),
            content: Some(content),
            least,
        }
    }

    fn write(&self, out: &mut String, escapes: Escapes) {
        match &self.content {
            Some(content) if self.classes & escapes.classes != 0 => {
                write_string(out, content, escapes);
            }
            _ => out.push_str(&self.least),
        }
    }
}

impl<'d> Restyler<'d> {
    pub fn new(document: &'d Document<'d>) -> Self {
        let mut restyler = Self {
            document,
            keys: Vec::new(),
            strings: Vec::new(),
        };
        for value in document.values() {
            let key = value.raw_key().map(|raw| Text::new(raw, value.key()));
            let string =
                (value.kind() == Kind::String).then(|| Text::new(value.raw(), value.as_str()));
            restyler.keys.push(key);
            restyler.strings.push(string);
        }
        restyler
    }

    /// The document in that style.
    pub fn write(&self, style: Style) -> String {
        let mut writer = Writer {
            restyler: self,
            out: String::with_capacity(2 * self.document.text().len()),
            style,
            numbers: 0,
            exponents: 0,
        };
        writer.value(self.document.root(), 0);
        writer.out
    }

    /// Of the styles that make a difference, the `most` likeliest, the likeliest first: those that differ in one thing
    /// from what serialisers do, then two, then more. And how many there are in all.
    pub fn styles(&self, most: usize) -> (Vec<Style>, usize) {
        let plain = self.write(Style::PLAIN);
        let differs = |style: Style| self.write(style) != plain;
        let texts = self.keys.iter().chain(&self.strings).flatten();
        let occurring = texts.fold(0, |classes, text| classes | text.classes);
        let escapes = Escapes::all_for(occurring);
        let layouts: Vec<Layout> = Layout::all().collect();
        let others = self.others(&differs);
        let mut mixed = likely_styles(&self.mixed_numbers());
        mixed.extend(likely_styles(&self.exponents()));
        let total = escapes.len() * layouts.len() * others.len() + mixed.len();
        let last_rank = escapes.len() + layouts.len() + 3 * RANKS_OF_AN_OTHER;
        // What the bytes themselves hint at is not left out for the long tail of the others.
        let reserved = mixed.len().min(most / 2);
        let most = most - reserved;
        let mut styles = Vec::new();
        'all: for rank in 0..last_rank {
            for (place, escapes) in escapes.iter().enumerate().take(rank + 1) {
                for (below, layout) in layouts.iter().enumerate().take(rank - place + 1) {
                    let rest = rank - place - below;
                    for (count, other) in &others {
                        if count * RANKS_OF_AN_OTHER != rest {
                            continue;
                        }
                        if styles.len() == most {
                            break 'all;
                        }
                        styles.push(Style {
                            layout: *layout,
                            escapes: *escapes,
                            ..*other
                        });
                    }
                }
            }
        }
        let room = most - styles.len() + reserved;
        styles.extend(mixed.into_iter().take(room));
        (styles, total)
    }

    /// The order, numbers and empty values that make a difference, with how many of them are changed.
    fn others(&self, differs: &dyn Fn(Style) -> bool) -> Vec<(usize, Style)> {
        let mut all = vec![(0, Style::PLAIN)];
        let mut vary = |changes: &[fn(Style) -> Style]| {
            let useful: Vec<_> = changes
                .iter()
                .filter(|change| differs(change(Style::PLAIN)))
                .collect();
            let changed: Vec<_> = all
                .iter()
                .flat_map(|(count, style)| {
                    useful.iter().map(move |change| (count + 1, change(*style)))
                })
                .collect();
            all.extend(changed);
        };
        vary(&[|style| Style {
            order: Order::Sorted,
            ..style
        }]);
        vary(&[
            |style| Style {
                numbers: Numbers::WithoutPoint,
                ..style
            },
            |style| Style {
                numbers: Numbers::WithPoint,
                ..style
            },
        ]);
        vary(&[
            |style| Style {
                empties: Empties::Objects,
                ..style
            },
            |style| Style {
                empties: Empties::Lists,
                ..style
            },
        ]);
        all
    }

    /// The ways in which some of few numbers were written longer: a parser that knows one kind of number only has made
    /// `1` of `1.0`, and the text does not say which.
    fn mixed_numbers(&self) -> Vec<Numbers> {
        let masks = match self.document.count(Kind::Number) {
            numbers @ 0..=MIXED_NUMBERS => 1_u16 << numbers,
            _ => 1,
        };
        (1..masks).map(Numbers::SomeLonger).collect()
    }

    /// The ways in which numbers may have been written with an exponent: each of a few by itself, all of many.
    fn exponents(&self) -> Vec<Numbers> {
        let values = self.document.values();
        let numbers = values
            .filter(|value| value.kind() == Kind::Number && has_exponent_forms(value.raw()))
            .count();
        let masks = match numbers {
            0 => return Vec::new(),
            1..=MIXED_EXPONENTS => 1..=(1_u16 << numbers) - 1,
            _ => u16::MAX..=u16::MAX,
        };
        let forms = ExponentForm::ALL.into_iter();
        forms
            .flat_map(|form| {
                masks
                    .clone()
                    .map(move |mask| Numbers::Exponents(form, mask))
            })
            .collect()
    }
}

/// The likeliest styles with each of these forms of numbers.
fn likely_styles(numbers: &[Numbers]) -> Vec<Style> {
    let mut all = Vec::with_capacity(6 * numbers.len());
    for layout in [Layout::COMPACT, Layout::SPACED, Layout::PRETTY] {
        for escapes in [Escapes::LEAST, Escapes::ASCII] {
            all.extend(numbers.iter().map(|numbers| Style {
                layout,
                escapes,
                numbers: *numbers,
                ..Style::PLAIN
            }));
        }
    }
    all
}

/// How many numbers may each be written with an exponent or not: twice as many styles with each.
const MIXED_EXPONENTS: usize = 4;
/// How many numbers may each have either form: twice as many styles with each.
const MIXED_NUMBERS: usize = 10;
/// A change of order, numbers or empty values is as unlikely as that many places in the lists of escapes and layouts.
const RANKS_OF_AN_OTHER: usize = 12;

struct Writer<'r> {
    restyler: &'r Restyler<'r>,
    out: String,
    style: Style,
    /// How many numbers are written.
    numbers: u32,
    /// How many of them may have been written with an exponent.
    exponents: u32,
}

impl Writer<'_> {
    fn value(&mut self, value: Value<'_>, depth: usize) {
        match value.kind() {
            Kind::Object | Kind::Array => self.items(value, depth),
            Kind::String => self.text(&self.restyler.strings, value),
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
            children.sort_by(|one, other| self.key(*one).cmp(&self.key(*other)));
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
            if child.raw_key().is_some() {
                self.text(&self.restyler.keys, child);
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

    fn key(&self, member: Value<'_>) -> Option<&str> {
        self.restyler.keys[member.index()]
            .as_ref()?
            .content
            .as_deref()
    }

    fn text(&mut self, texts: &[Option<Text<'_>>], value: Value<'_>) {
        if let Some(text) = &texts[value.index()] {
            text.write(&mut self.out, self.style.escapes);
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
            Numbers::Exponents(form, mask) if has_exponent_forms(raw) => {
                let is_set = mask
                    .checked_shr(self.exponents)
                    .is_none_or(|mask| mask & 1 == 1);
                self.exponents += 1;
                match is_set {
                    true => self.out.push_str(&in_form(raw, form)),
                    false => self.out.push_str(raw),
                }
            }
            _ => self.out.push_str(raw),
        }
        self.numbers += 1;
    }
}

/// A string with quotes and escapes. What needs none is copied in runs.
fn write_string(out: &mut String, content: &str, escapes: Escapes) {
    out.push('"');
    let mut copied = 0;
    for (at, character) in content.char_indices() {
        let is_escaped = escapes.classes & class_of(character) != 0;
        let short = match character {
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '"' if !is_escaped => Some("\\\""),
            '/' if is_escaped => Some("\\/"),
            _ => None,
        };
        if short.is_none() && !is_escaped && character >= ' ' {
            continue;
        }
        out.push_str(&content[copied..at]);
        copied = at + character.len_utf8();
        match short {
            Some(short) => out.push_str(short),
            None => write_unicode(out, character, escapes),
        }
    }
    out.push_str(&content[copied..]);
    out.push('"');
}

fn write_unicode(out: &mut String, character: char, escapes: Escapes) {
    let upper = if character.is_ascii() {
        escapes.upper_ascii
    } else {
        escapes.upper
    };
    let digits = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    for unit in character.encode_utf16(&mut [0; 2]) {
        out.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            out.push(char::from(digits[usize::from(*unit >> shift & 0xf)]));
        }
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
        let restyler = Restyler::new(&document);
        let written = |style| restyler.write(style);
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
        let (all, total) = Restyler::new(&document).styles(1000);
        assert_eq!(all.len(), total);
        assert!(total <= 60, "{total}");
    }

    proptest! {
        /// Whatever the style, the meaning stays; and the style alone decides the text.
        #[test]
        fn a_style_changes_no_meaning(text in "[ -~é😀]{0,12}", number in -1000_i64..1000) {
            let value = serde_json::json!({"b": [text.as_str(), number, null], "a": {"x": true}});
            let compact = value.to_string();
            let document = Document::parse(compact.as_bytes()).unwrap();
            let kept = |style: &Style| style.numbers == Numbers::AsIs && style.empties == Empties::AsIs;
            let restyler = Restyler::new(&document);
            for style in restyler.styles(600).0.into_iter().filter(kept) {
                let written = restyler.write(style);
                let read: serde_json::Value = serde_json::from_str(&written).unwrap();
                prop_assert_eq!(&read, &value);
                let again = Document::parse(written.as_bytes()).unwrap();
                prop_assert_eq!(Restyler::new(&again).write(style), written);
            }
        }
    }
}
