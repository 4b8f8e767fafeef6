//! Text from elsewhere, made harmless: what could move a cursor, set a title, hide or reorder text is shown
//! as an escape. Also JSON that holds none of it: documents and exports are often looked at in a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// C0, DEL, C1, bidirectional and invisible format controls, and line separators.
pub fn is_control(character: char) -> bool {
    matches!(character,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line of harmless text.
pub fn escape(text: &str) -> String {
    escape_but(text, |_| false)
}

/// Harmless text that may have several lines and tabs.
pub fn escape_lines(text: &str) -> String {
    escape_but(text, |character| matches!(character, '\n' | '\t'))
}

/// One line of harmless text for a page or an XML file, in an element or a quoted attribute.
pub fn escape_markup(text: &str) -> String {
    escape(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A word as a POSIX shell takes it, where it means itself.
pub fn quote(text: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=@,+".contains(&byte);
    if !text.is_empty() && text.bytes().all(harmless) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command that is suggested to the user: `hookcli` and these words, each quoted for a POSIX shell. Every
/// suggestion with someone's text in it is made here. Control characters, which no terminal would paste back,
/// stand as `?`.
pub fn suggest<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words = words
        .into_iter()
        .map(|word| quote(&word.replace(is_control, "?")));
    std::iter::once("hookcli".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Text that starts no command where GitHub Actions reads it: `::` behind blanks at a line's beginning, and
/// `##[` anywhere (actions/toolkit, `docs/commands.md`; the runner trims lines, and knows the older form).
pub fn disarm(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.replace("##[", "#\u{2060}#[");
        let trimmed = line.trim_start();
        if trimmed.starts_with("::") {
            let blanks = &line[..line.len() - trimmed.len()];
            format!("{blanks}:\u{2060}{}", &trimmed[1..])
        } else {
            line
        }
    });
    lines.collect()
}

/// Whether text would start a command where GitHub Actions reads it.
pub fn is_armed(text: &str) -> bool {
    disarm(text) != text
}

fn escape_but(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if keep(character) || !is_control(character) {
            out.push(character);
            continue;
        }
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push_str(&format!("\\u{{{:x}}}", u32::from(other))),
        }
    }
    out
}

/// JSON on one line. DEL, C1 and bidirectional controls, which serde_json leaves alone, are escaped, and so is
/// what begins a command of GitHub Actions anywhere in a line (`##[`).
pub fn to_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut out, Escaping,
    ))?;
    Ok(out)
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, character)) = rest.char_indices().find(|(at, character)| {
            *character > '\x1f' && is_control(*character) || rest[*at..].starts_with("##[")
        }) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + character.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_line_starts_a_workflow_command() {
        for (text, disarmed) in [
            ("::error::x", ":\u{2060}:error::x"),
            (
                "  \t ::set-env::x\n::y",
                "  \t :\u{2060}:set-env::x\n:\u{2060}:y",
            ),
            ("a ##[error]b", "a #\u{2060}#[error]b"),
            ("a ::b ##c", "a ::b ##c"),
        ] {
            assert_eq!(disarm(text), disarmed);
            assert!(!is_armed(disarmed));
        }
        let json = to_json(&"##[add-mask]x").unwrap();
        assert_eq!(json, br##""\u0023#[add-mask]x""##);
    }

    #[test]
    fn escapes_of_a_terminal_come_out_as_text() {
        assert_eq!(
            escape("\x1b[2J\u{9b}31m\u{202e}x\r\n"),
            "\\u{1b}[2J\\u{9b}31m\\u{202e}x\\r\\n"
        );
        assert_eq!(escape("héllo ✓ 日本"), "héllo ✓ 日本");
    }

    proptest! {
        #[test]
        fn nothing_that_controls_a_terminal_passes(text in ".{0,64}") {
            prop_assert!(!escape(&text).chars().any(is_control));
            let control = escape_lines(&text).chars().any(|c| is_control(c) && !matches!(c, '\n' | '\t'));
            prop_assert!(!control);
        }
    }
}
