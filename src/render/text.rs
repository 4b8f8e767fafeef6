//! Text from elsewhere, made harmless: what could move a cursor, set a title, hide or reorder text is
//! shown as an escape.

use crate::escape::is_control;
use crate::message::RemoteText;

/// One line of harmless text.
pub fn escape(text: &str) -> String {
    escape_but(text, |_| false)
}

/// Harmless text that may have several lines and tabs.
pub(super) fn escape_lines(text: &str) -> String {
    escape_but(text, |character| matches!(character, '\n' | '\t'))
}

pub(super) fn line(text: &RemoteText) -> String {
    escape(text.unescaped())
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
