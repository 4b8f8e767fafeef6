//! The styles of JSON: a set of choices that do not depend on each other. The serialisers of the field are named sets
//! of them.

use serde::Deserialize;

use super::decimal::ExponentForm;

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
    /// The indentation of each level; `None` puts everything on one line.
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

    /// Each value on its own line, indented by two.
    pub const PRETTY: Self = Self::lines("  ");

    pub(super) const fn lines(indent: &'static str) -> Self {
        Self {
            after_colon: " ",
            indent: Some(indent),
            ..Self::COMPACT
        }
    }

    /// The elements of the outermost list on lines of their own.
    const fn rows(between: &'static str) -> Self {
        Self {
            rows: Some(between),
            ..Self::COMPACT
        }
    }

    /// Those of the field, the likeliest first.
    pub(super) fn all() -> impl Iterator<Item = Self> + Clone {
        let crlf = |layout: Self| Self {
            line_end: "\r\n",
            ..layout
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
            Self::rows("\r\n"),
            Self::rows("\n"),
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
    pub(super) classes: u16,
    /// What is not ASCII, in upper-case hexadecimal.
    pub(super) upper: bool,
    /// What is ASCII, in upper-case hexadecimal.
    pub(super) upper_ascii: bool,
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
    pub(super) const NOT_ASCII: u16 = Self::SEPARATORS | Self::ASTRAL | Self::OTHERS;
    const HTML: u16 = Self::LESS | Self::GREATER | Self::AMPERSAND;

    /// What must be escaped alone.
    pub const LEAST: Self = Self::lower(0);
    /// All beyond ASCII.
    pub const ASCII: Self = Self::lower(Self::NOT_ASCII);
    /// `/` as `\/`, and all that is not ASCII.
    pub const PHP: Self = Self::lower(Self::SLASH | Self::NOT_ASCII);
    const PYTHON: Self = Self::lower(Self::NOT_ASCII | Self::DELETE);
    /// What could end a script in a page; Go's encoding/json escapes the same.
    const RAILS: Self = Self::lower(Self::HTML | Self::SEPARATORS);
    const RAILS_SLASH: Self = Self::lower(Self::SLASH | Self::HTML | Self::SEPARATORS);
    const DOT_NET: Self = Self::upper(
        Self::HTML
            | Self::APOSTROPHE
            | Self::QUOTE
            | Self::PLUS
            | Self::BACKQUOTE
            | Self::DELETE
            | Self::NOT_ASCII,
    );
    /// Symbols in upper-case hexadecimal, letters in lower.
    const META: Self =
        Self::mixed(Self::SLASH | Self::LESS | Self::PERCENT | Self::AT | Self::NOT_ASCII);

    pub(super) const fn lower(classes: u16) -> Self {
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
    pub(super) const NAMED: [(&'static str, Self); 17] = [
        ("as JavaScript's JSON.stringify does", Self::LEAST),
        ("as Python's json.dumps does", Self::PYTHON),
        ("as PHP's json_encode does", Self::PHP),
        (
            "as PHP's json_encode does with JSON_UNESCAPED_UNICODE",
            Self::lower(Self::SLASH),
        ),
        ("as Rails and Go's encoding/json do", Self::RAILS),
        ("as Rails does, with `\\/`", Self::RAILS_SLASH),
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
        ("as .NET's System.Text.Json does", Self::DOT_NET),
        (
            "as Meta does",
            Self::lower(Self::SLASH | Self::LESS | Self::PERCENT | Self::AT | Self::NOT_ASCII),
        ),
        ("as Meta does", Self::META),
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
    pub(super) fn occurring(text: &str) -> u16 {
        text.chars()
            .fold(0, |classes, character| classes | class_of(character))
    }

    /// Every way to escape those classes of characters that makes a difference: the named ones first, then single classes and their
    /// combinations.
    pub(super) fn all_for(occurring: u16) -> Vec<Self> {
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

pub(super) fn class_of(character: char) -> u16 {
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
    /// `{}` instead of `[]`.
    Objects,
    /// `[]` instead of `{}`.
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
    /// Those that may have been written with an exponent, in that form: the ones whose bits are set, counted in the order
    /// in which they are written.
    Exponents(ExponentForm, u16),
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
}

/// Who writes the JSON of a provider, as `serializer` in `provider.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Serializer {
    /// JSON.stringify, and what writes as it does.
    #[serde(rename = "javascript")]
    JavaScript,
    /// json.dumps with its defaults.
    Python,
    /// json.dumps without blanks.
    PythonCompact,
    /// json_encode with its defaults.
    Php,
    /// encoding/json with its defaults.
    Go,
    /// ActiveSupport's to_json.
    Rails,
    /// ActiveSupport's to_json, with `/` as `\/`.
    RailsSlash,
    /// JSON.pretty_generate of Ruby.
    RubyPretty,
    /// System.Text.Json with its defaults.
    DotNet,
    /// Meta's platforms.
    Meta,
    /// One element of the outermost list a line, each line ended by CRLF.
    Rows,
}

impl Serializer {
    /// As it is in a sentence: "as … writes JSON".
    pub fn title(self) -> &'static str {
        match self {
            Self::JavaScript => "JavaScript's JSON.stringify",
            Self::Python => "Python's json.dumps",
            Self::PythonCompact => "Python's json.dumps without spaces",
            Self::Php => "PHP's json_encode",
            Self::Go => "Go's encoding/json",
            Self::Rails => "Rails",
            Self::RailsSlash => "Rails (with `\\/`)",
            Self::RubyPretty => "Ruby's JSON.pretty_generate",
            Self::DotNet => ".NET's System.Text.Json",
            Self::Meta => "Meta's serializer",
            Self::Rows => "a serializer of one element a line",
        }
    }

    pub fn style(self) -> Style {
        let (layout, escapes) = match self {
            Self::JavaScript => (Layout::COMPACT, Escapes::LEAST),
            Self::Python => (Layout::SPACED, Escapes::PYTHON),
            Self::PythonCompact => (Layout::COMPACT, Escapes::PYTHON),
            Self::Php => (Layout::COMPACT, Escapes::PHP),
            Self::Go | Self::Rails => (Layout::COMPACT, Escapes::RAILS),
            Self::RailsSlash => (Layout::COMPACT, Escapes::RAILS_SLASH),
            Self::RubyPretty => (Layout::PRETTY, Escapes::LEAST),
            Self::DotNet => (Layout::COMPACT, Escapes::DOT_NET),
            Self::Meta => (Layout::COMPACT, Escapes::META),
            Self::Rows => (Layout::rows("\r\n"), Escapes::LEAST),
        };
        Style {
            layout,
            escapes,
            ..Style::PLAIN
        }
    }
}
