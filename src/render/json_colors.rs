//! JSON that is laid out for people, with colours.

use super::style::Style;

/// Keys, strings, and numbers and words in colours of their own. The text is that of [`crate::payload::pretty`],
/// made harmless: nothing of it is changed.
pub(super) fn colored_json(text: &str, style: Style) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            _ if is_bare(first) => rest
                .find(|character| !is_bare(character))
                .unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        out += &match first {
            '"' if behind.starts_with(':') => style.key(token),
            '"' => style.good(token),
            _ if is_bare(first) => style.warn(token),
            _ => token.to_owned(),
        };
        rest = behind;
    }
    out
}

fn is_bare(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+-.".contains(character)
}

/// Up to the quote that ends the string, with it.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_are_added() {
        let text = "{\n  \"a\\\"b\": [1, -2.5e3, true, \"x: \\\\\", null],\n  \"é\": \"\n";
        assert_eq!(colored_json(text, Style::new(false, None)), text);
        colored::control::set_override(true);
        let colored = colored_json(text, Style::new(true, None));
        assert_eq!(dialoguer::console::strip_ansi_codes(&colored), text);
        assert!(colored.contains('\u{1b}'));
    }
}
