//! Lines of a table whose columns do not depend on what stands in them: a line can be written before the next one is
//! known, and none is ragged.

use std::fmt::Write as _;

use dialoguer::console::{measure_text_width, truncate_str};

use super::style::Style;

/// A narrower terminal gets lines that are longer than it.
const NARROWEST: usize = 40;
/// The columns of what is written elsewhere than to a terminal; longer texts are written whole.
const USUAL: usize = 80;
/// What a column gets first, of what is left.
const READABLE: usize = 30;
/// Between two columns.
const GAP: usize = 1;

/// Which end of a text that is too long is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Start,
    End,
}

/// A cell, and how wide its column may be.
pub(super) struct Column {
    /// Harmless, and without colours.
    pub text: String,
    pub narrow: usize,
    pub wide: usize,
    pub is_right: bool,
    pub cut: Cut,
    /// The column is left out of narrower lines.
    pub hidden_below: usize,
}

impl Column {
    /// One of a fixed width.
    pub fn fixed(text: impl Into<String>, width: usize) -> Self {
        Self {
            text: text.into(),
            narrow: width,
            wide: width,
            is_right: false,
            cut: Cut::End,
            hidden_below: 0,
        }
    }

    pub fn right(self) -> Self {
        Self {
            is_right: true,
            ..self
        }
    }

    pub fn hidden_below(self, hidden_below: usize) -> Self {
        Self {
            hidden_below,
            ..self
        }
    }

    /// One that takes what others leave, the one that is wider when narrow before others.
    pub fn between(text: impl Into<String>, narrow: usize, wide: usize, cut: Cut) -> Self {
        Self {
            narrow,
            wide,
            cut,
            ..Self::fixed(text, narrow)
        }
    }
}

/// The columns as a line of that width, each painted by its number. Without a width nothing is cut or left out.
pub(super) fn row(
    columns: &[Column],
    width: Option<usize>,
    paint: impl Fn(usize, &str) -> String,
) -> String {
    let widths = widths(columns, width);
    let mut line = String::new();
    for (index, (column, width_of)) in columns.iter().zip(&widths).enumerate() {
        let Some(width_of) = *width_of else {
            continue;
        };
        if !line.is_empty() {
            line.push_str(&" ".repeat(GAP));
        }
        let text = match width {
            Some(_) => fit(&column.text, width_of, column.cut),
            None => column.text.clone(),
        };
        let space = " ".repeat(width_of.saturating_sub(measure_text_width(&text)));
        let painted = paint(index, &text);
        line += &match column.is_right {
            true => space + &painted,
            false => painted + &space,
        };
    }
    line.truncate(line.trim_end().len());
    line + "\n"
}

/// How wide each column is; `None` where it is left out.
fn widths(columns: &[Column], width: Option<usize>) -> Vec<Option<usize>> {
    let width = width.unwrap_or(USUAL).max(NARROWEST);
    let mut widths: Vec<Option<usize>> = columns
        .iter()
        .map(|column| (width >= column.hidden_below).then_some(column.narrow))
        .collect();
    let shown = widths.iter().flatten().count();
    let taken = widths.iter().flatten().sum::<usize>() + shown.saturating_sub(1) * GAP;
    let mut left = width.saturating_sub(taken);
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(columns[*index].narrow));
    // None gets all there is before the others can be read.
    for most in [READABLE, usize::MAX] {
        for index in &order {
            if let Some(width) = &mut widths[*index] {
                let more = left.min(columns[*index].wide.min(most).saturating_sub(*width));
                *width += more;
                left -= more;
            }
        }
    }
    widths
}

/// The text in so many columns; `…` stands for what is left out.
pub(super) fn fit(text: &str, width: usize, cut: Cut) -> String {
    if measure_text_width(text) <= width {
        return text.to_owned();
    }
    match cut {
        Cut::End => truncate_str(text, width, "…").into_owned(),
        Cut::Start => {
            let mut rest = text;
            while measure_text_width(rest) + 1 > width && !rest.is_empty() {
                let mut characters = rest.chars();
                characters.next();
                rest = characters.as_str();
            }
            // A character of no width belongs to the one before it.
            let rest = rest.trim_start_matches(|character: char| {
                measure_text_width(character.encode_utf8(&mut [0; 4])) == 0
            });
            match width {
                0 => String::new(),
                _ => format!("…{rest}"),
            }
        }
    }
}

/// The text in lines of at most that width, broken between words; a longer word is broken inside. A command stays in
/// one line however long it is: what is copied is to run.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for (word, is_command) in words(text) {
        let mut word = word;
        let line = lines.last().map_or(0, |line| measure_text_width(line));
        let gap = usize::from(line > 0);
        if line + gap + measure_text_width(word) > width && line > 0 {
            lines.push(String::new());
        }
        while let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            let left = width.saturating_sub(measure_text_width(line));
            if is_command || measure_text_width(word) <= left {
                line.push_str(word);
                break;
            }
            let head = truncate_str(word, left, "").into_owned();
            let head = match head.is_empty() {
                // A wide character in a narrow line.
                true => word.chars().take(1).collect(),
                false => head,
            };
            line.push_str(&head);
            word = &word[head.len()..];
            if word.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// The words of a text, and whether each is a command: what stands between backticks, or behind a colon to the end.
fn words(text: &str) -> Vec<(&str, bool)> {
    let mut words: Vec<(&str, bool)> = Vec::new();
    let mut rest = text;
    loop {
        let is_after_colon = words.last().is_some_and(|(word, _)| word.ends_with(':'));
        if rest.starts_with("hookcli ") && is_after_colon {
            words.push((rest, true));
            return words;
        }
        let quoted = rest.strip_prefix('`').and_then(|quoted| quoted.find('`'));
        let start = quoted.map_or(0, |end| end + 2);
        let end = rest[start..].find(' ').map(|end| start + end);
        words.push((&rest[..end.unwrap_or(rest.len())], quoted.is_some()));
        match end {
            Some(end) => rest = &rest[end + 1..],
            None => return words,
        }
    }
}

/// A text in lines that the terminal has room for, the first one indented by so much, the others by so much.
pub(super) fn paragraph(text: &str, first: usize, others: usize, style: Style) -> String {
    let lines = match style.width() {
        Some(width) => wrapped(text, width.saturating_sub(first.max(others))),
        None => vec![text.to_owned()],
    };
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let indent = if index == 0 { first } else { others };
        let _ = writeln!(out, "{}{line}", " ".repeat(indent));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(name: &str) -> Vec<Column> {
        vec![
            Column::fixed("12:00:00", 8),
            Column::between("POST /hook", 10, 30, Cut::End),
            Column::between(name, 16, 40, Cut::Start),
            Column::fixed("200", 3).right(),
            Column::fixed("1.2 kB", 7).right().hidden_below(72),
            Column::fixed("ABC123", 6).right(),
        ]
    }

    #[test]
    fn a_line_is_as_wide_as_any_other_whatever_it_says() {
        for width in [40, 60, 72, 80, 120, 200] {
            let lengths: Vec<usize> = [
                "a/b",
                "acme/あああああああああああああああああああああ",
                "e\u{301}\u{301}x",
            ]
            .iter()
            .map(|name| {
                let row = row(&columns(name), Some(width), |_, text| text.to_owned());
                measure_text_width(row.trim_end())
            })
            .collect();
            assert_eq!(lengths[0], lengths[1], "{width}");
            assert_eq!(lengths[0], lengths[2], "{width}");
            assert!(lengths[0] <= width.max(47), "{width}: {}", lengths[0]);
        }
    }

    #[test]
    fn what_is_too_long_is_cut_at_one_end() {
        assert_eq!(fit("convocore/lead_captured", 10, Cut::Start), "…_captured");
        assert_eq!(fit("POST /webhooks", 8, Cut::End), "POST /w…");
        assert_eq!(fit("ああああ", 5, Cut::Start), "…ああ");
        assert_eq!(fit("abc", 3, Cut::Start), "abc");
        assert_eq!(fit("abc", 0, Cut::Start), "");
    }

    #[test]
    fn text_is_wrapped_between_words() {
        assert_eq!(wrapped("a bb ccc dddd", 6), ["a bb", "ccc", "dddd"]);
        assert_eq!(wrapped("abcdefgh ij", 5), ["abcde", "fgh", "ij"]);
        assert_eq!(wrapped("", 5), [""]);
        assert_eq!(wrapped("ああ", 1), ["あ", "あ"]);
        assert_eq!(
            wrapped(
                "to see, run `hookcli listen`, or: hookcli send a/b --url 3000",
                14
            ),
            [
                "to see, run",
                "`hookcli listen`,",
                "or:",
                "hookcli send a/b --url 3000"
            ]
        );
    }
}
