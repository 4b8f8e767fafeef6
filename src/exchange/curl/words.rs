//! The words of one command line as a shell splits them, where they mean themselves: no variable is put in, and no
//! command is run.

use crate::model::InvalidText;
/// The words, or what of the text only a shell could do.
pub fn split(text: &str) -> Result<Vec<String>, InvalidText> {
    if text.contains("^\"") || text.contains("^\n") || text.contains("^\r\n") {
        return split_cmd(text);
    }
    split_posix(text)
}

/// As POSIX shells and Bash read it: `'…'`, `"…"`, `$'…'` and `\`.
fn split_posix(text: &str) -> Result<Vec<String>, InvalidText> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let behind = &rest[character.len_utf8()..];
        rest = behind;
        match character {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' => {
                let (inside, after) = behind.split_once('\'').ok_or("a `'` quote is not closed")?;
                word.get_or_insert_default().push_str(inside);
                rest = after;
            }
            '"' => {
                let (inside, after) = double_quoted(behind)?;
                word.get_or_insert_default().push_str(&inside);
                rest = after;
            }
            '$' if behind.starts_with('\'') => {
                let (inside, after) = ansi_quoted(&behind[1..])?;
                word.get_or_insert_default().push_str(&inside);
                rest = after;
            }
            '\\' => match behind.chars().next() {
                Some('\n') => rest = &behind[1..],
                Some('\r') => rest = behind[1..].strip_prefix('\n').unwrap_or(&behind[1..]),
                Some(next) => {
                    word.get_or_insert_default().push(next);
                    rest = &behind[next.len_utf8()..];
                }
                None => {}
            },
            '#' if word.is_none() => {
                rest = behind.find('\n').map_or("", |end| &behind[end..]);
            }
            '$' if behind.starts_with(|c: char| c.is_ascii_alphanumeric() || "_{(".contains(c)) => {
                return Err(only_a_shell('$', behind).into());
            }
            ';' if behind.trim().is_empty() => words.extend(word.take()),
            ';' | '&' | '|' | '<' | '>' | '`' | '(' | ')' => {
                return Err(only_a_shell(character, behind).into());
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

fn only_a_shell(character: char, behind: &str) -> String {
    let shown: String = behind.chars().take(20).collect();
    format!(
        "`{character}{}` needs a shell, and none is run: write its result instead",
        crate::model::escape(&shown)
    )
}

/// Inside of `"…"`, and what is behind it.
fn double_quoted(text: &str) -> Result<(String, &str), InvalidText> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let behind = &rest[character.len_utf8()..];
        rest = behind;
        match character {
            '"' => return Ok((out, behind)),
            '\\' => match behind.chars().next() {
                Some(next @ ('$' | '`' | '"' | '\\')) => {
                    out.push(next);
                    rest = &behind[1..];
                }
                Some('\n') => rest = &behind[1..],
                _ => out.push('\\'),
            },
            '`' => return Err(only_a_shell('`', behind).into()),
            '$' if behind.starts_with(|c: char| c.is_ascii_alphanumeric() || "_{(".contains(c)) => {
                return Err(only_a_shell('$', behind).into());
            }
            other => out.push(other),
        }
    }
    Err("a `\"` quote is not closed".into())
}

/// Inside of `$'…'` (Bash manual, ANSI-C Quoting), and what is behind it.
fn ansi_quoted(text: &str) -> Result<(String, &str), InvalidText> {
    let mut out = Vec::new();
    let mut rest = text;
    // Half of a character that is written as two \u.
    let mut high = None;
    while let Some(character) = rest.chars().next() {
        let mut behind = &rest[character.len_utf8()..];
        match character {
            '\'' => {
                let text = String::from_utf8(out)
                    .map_err(|_| "$'…' contains bytes that are not UTF-8".to_owned())?;
                return Ok((text, behind));
            }
            '\\' => {
                let kind = behind.chars().next().ok_or("a `'` quote is not closed")?;
                behind = &behind[kind.len_utf8()..];
                let plain = match kind {
                    'n' => Some(b'\n'),
                    'r' => Some(b'\r'),
                    't' => Some(b'\t'),
                    'a' => Some(7),
                    'b' => Some(8),
                    'e' | 'E' => Some(27),
                    'f' => Some(12),
                    'v' => Some(11),
                    '\\' | '\'' | '"' | '?' => Some(kind as u8),
                    _ => None,
                };
                if let Some(byte) = plain {
                    out.push(byte);
                } else if let Some((radix, most, from)) = match kind {
                    'x' => Some((16, 2, behind)),
                    'u' => Some((16, 4, behind)),
                    'U' => Some((16, 8, behind)),
                    '0'..='7' => Some((8, 3, &rest[1..])),
                    _ => None,
                } {
                    let digits = from
                        .chars()
                        .take(most)
                        .take_while(|digit| digit.is_digit(radix))
                        .count();
                    let number = u32::from_str_radix(&from[..digits], radix)
                        .map_err(|_| format!("`\\{kind}` needs digits"))?;
                    behind = &from[digits..];
                    if kind == 'u' || kind == 'U' {
                        push_scalar(&mut out, &mut high, number)?;
                    } else {
                        // Bash keeps the lowest eight bits.
                        out.push((number & 0xff) as u8);
                    }
                } else {
                    out.push(b'\\');
                    out.extend_from_slice(kind.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = behind;
    }
    Err("a `'` quote is not closed".into())
}

/// Browsers write a character beyond the first plane as the two halves of UTF-16.
fn push_scalar(out: &mut Vec<u8>, high: &mut Option<u32>, number: u32) -> Result<(), InvalidText> {
    let scalar = match (high.take(), number) {
        (None, 0xd800..=0xdbff) => {
            *high = Some(number);
            return Ok(());
        }
        (Some(high), 0xdc00..=0xdfff) => 0x10000 + ((high - 0xd800) << 10) + (number - 0xdc00),
        (_, number) => number,
    };
    let character =
        char::from_u32(scalar).ok_or_else(|| format!("`\\u{number:04x}` is not a character"))?;
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}

/// As Windows' cmd.exe and curl.exe read what browsers copy for them: `^` before what cmd would act on, words in
/// `"…"`, `\"` for a quote.
fn split_cmd(text: &str) -> Result<Vec<String>, InvalidText> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '^' => match characters.next() {
                Some('\r') => {
                    characters.next_if_eq(&'\n');
                    // A line break that is meant stands as `^`, an empty line.
                    if characters.next_if_eq(&'\r').is_some() {
                        characters.next_if_eq(&'\n');
                        plain.push('\n');
                    }
                }
                // An empty line behind it is a line break that is meant.
                Some('\n') => plain.extend(characters.next_if_eq(&'\n')),
                Some(next) => plain.push(next),
                None => {}
            },
            other => plain.push(other),
        }
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut characters = plain.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => {
                word.get_or_insert_default().push('"');
            }
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            '\\' => {
                let mut count = 1;
                while characters.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                let word = word.get_or_insert_default();
                if characters.peek() == Some(&'"') {
                    word.extend(std::iter::repeat_n('\\', count / 2));
                    if count % 2 == 1 {
                        characters.next();
                        word.push('"');
                    }
                } else {
                    word.extend(std::iter::repeat_n('\\', count));
                }
            }
            blank if blank.is_whitespace() && !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    if is_quoted {
        return Err("a `\"` quote is not closed".into());
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        let words = split(
            "curl 'a b'\"c\\\"d\"\\ e \\\n $'it\\'s \\u00e9\\x41\\n\\ud83d\\ude00' '' # end\n",
        )
        .unwrap();
        assert_eq!(words, ["curl", "a bc\"d e", "it's éA\n😀", ""]);
        for (text, why) in [
            ("curl $HOME", "`$HOME`"),
            ("curl \"$(id)\"", "`$(id)"),
            ("curl a | sh", "`| sh`"),
            ("curl `id`", "``id``"),
            ("curl 'a", "not closed"),
            ("curl a > b", "`> b`"),
        ] {
            let refused = split(text).unwrap_err();
            assert!(refused.to_string().contains(why), "{text}: {refused}");
        }
    }

    #[test]
    fn what_browsers_copy_for_windows_is_read() {
        let words = split("curl ^\"https://a.example/h?x=1^&y=2^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"100^%^\\^\"^}^\"").unwrap();
        assert_eq!(
            words,
            [
                "curl",
                "https://a.example/h?x=1&y=2",
                "-H",
                "content-type: application/json",
                "--data-raw",
                "{\"a\":\"100%\"}"
            ]
        );
    }

    proptest! {
        #[test]
        fn a_quoted_word_is_itself(text in "\\PC{0,30}") {
            let words = split_posix(&crate::model::quote(&text)).unwrap();
            prop_assert_eq!(words, [text]);
        }

        #[test]
        fn any_text_is_split_or_refused(text in "[\\PC\n\r\t'\"\\\\$^`]{0,40}") {
            let _ = split(&text);
        }
    }
}
