//! Text as PostgreSQL keeps it: it has no NUL, so that is written as two characters.

use std::borrow::Cow;

/// What follows says which character is meant.
const ESCAPE: char = '\u{e000}';

/// As it is written.
pub(super) fn text_in(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\0' => out.extend([ESCAPE, '0']),
            ESCAPE => out.extend([ESCAPE, 'E']),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// As it was.
pub(super) fn text_out(text: String) -> String {
    if !text.contains(ESCAPE) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            ESCAPE => out.extend(match characters.next() {
                Some('0') => Some('\0'),
                Some(_) => Some(ESCAPE),
                None => None,
            }),
            other => out.push(other),
        }
    }
    out
}

/// A pattern with `*` for LIKE.
pub(super) fn like(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    for character in text_in(pattern).chars() {
        match character {
            '\\' | '%' | '_' => out.extend(['\\', character]),
            '*' => out.push('%'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_it_was() {
        for text in [
            "",
            "plain",
            "a\0b",
            "\u{e000}",
            "\u{e000}0\0\u{e000}",
            "é\0",
        ] {
            let written = text_in(text).into_owned();
            assert!(!written.contains('\0'));
            assert_eq!(text_out(written), text);
        }
        assert_eq!(like("a*b_c%d\\"), "a%b\\_c\\%d\\\\");
    }
}
