//! Changing a payload by splicing: what is not named stays, byte for byte.

use std::ops::Range;

use super::document::{Document, Kind, NotJson, Value, array_index};
use super::path::{Path, PathError};

/// One change. The text of a `Set` is a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Set { path: Path, value: String },
    Unset { path: Path },
}

impl Edit {
    /// What it changes.
    pub fn path(&self) -> &Path {
        match self {
            Self::Set { path, .. } | Self::Unset { path } => path,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("the payload is {0}")]
    NotJson(#[from] NotJson),
    #[error("`{path}` cannot be set: {why}")]
    NoPlace { path: Path, why: &'static str },
    #[error("`{path}` cannot be removed: the payload has no such value")]
    NotThere { path: Path },
}

/// Applies the edits one after the other.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut text = text.to_owned();
    for edit in edits {
        let document = Document::parse(text.as_bytes())?;
        let (range, replacement) = match edit {
            Edit::Set { path, value } => place(&document, path, value)?,
            Edit::Unset { path } => (removal(&document, &text, path)?, String::new()),
        };
        text.replace_range(range, &replacement);
    }
    Ok(text)
}

/// Replaces byte ranges, which must not overlap, all at once.
pub fn splice(text: &str, mut replacements: Vec<(Range<usize>, String)>) -> String {
    replacements.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (range, replacement) in replacements {
        out.push_str(&text[at..range.start]);
        out.push_str(&replacement);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Where a value goes and what is written there: over the old value, or as a new member or element.
fn place(
    document: &Document<'_>,
    path: &Path,
    value: &str,
) -> Result<(Range<usize>, String), EditError> {
    let refused = |why| EditError::NoPlace {
        path: path.clone(),
        why,
    };
    let mut parent = document.root();
    for (depth, step) in path.steps().iter().enumerate() {
        if let Some(child) = parent.child(step) {
            parent = child;
            continue;
        }
        // What is missing below becomes objects, innermost last.
        let missing = &path.steps()[depth + 1..];
        let nested = missing.iter().rev().fold(value.to_owned(), |inner, key| {
            format!("{{{}:{inner}}}", quote(key))
        });
        let comma = if parent.children().next().is_some() {
            ","
        } else {
            ""
        };
        let end = parent.range().end - 1;
        let insertion = match parent.kind() {
            Kind::Object => format!("{comma}{}:{nested}", quote(step)),
            Kind::Array if step == "-" || array_index(step) == Some(parent.children().count()) => {
                format!("{comma}{nested}")
            }
            Kind::Array => {
                return Err(refused(
                    "the array has no element with that index; use `-` to append",
                ));
            }
            _ => {
                return Err(refused("its parent is neither an object nor an array"));
            }
        };
        let at = last_child_end(&parent).unwrap_or(end);
        return Ok((at..at, insertion));
    }
    Ok((parent.range(), value.to_owned()))
}

fn last_child_end(parent: &Value<'_>) -> Option<usize> {
    parent.children().last().map(|child| child.range().end)
}

/// The bytes of a member or element, with the comma that goes with it.
fn removal(document: &Document<'_>, text: &str, path: &Path) -> Result<Range<usize>, EditError> {
    let missing = || EditError::NotThere { path: path.clone() };
    let value = document
        .get(path)
        .filter(|_| !path.steps().is_empty())
        .ok_or_else(missing)?;
    let start = value
        .key_range()
        .map_or(value.range().start, |key| key.start);
    let end = value.range().end;
    let bytes = text.as_bytes();
    let behind = bytes[end..]
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .map(|offset| end + offset);
    if let Some(comma) = behind.filter(|&at| bytes[at] == b',') {
        // The white space behind the comma goes too: the next member takes this one's place.
        let next = bytes[comma + 1..]
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .unwrap_or(0);
        return Ok(start..comma + 1 + next);
    }
    let before = bytes[..start]
        .iter()
        .rposition(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    if bytes[before] == b',' {
        Ok(before..end)
    } else {
        Ok(start..end)
    }
}

fn quote(key: &str) -> String {
    serde_json::Value::from(key).to_string()
}

/// Why a text is not an edit.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EditTextError {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("`{0}` is changed more than once: give each path once")]
    Twice(Path),
    #[error("{flag} {text}: use PATH=VALUE, for example data.status=\"open\"")]
    NoValue { flag: &'static str, text: String },
}

/// `PATH=VALUE` flags as edits, in their fixed order; the same path twice is an error.
pub fn read_edits(
    set: &[String],
    set_string: &[String],
    unset: &[String],
) -> Result<Vec<Edit>, EditTextError> {
    let mut edits = Vec::new();
    let mut paths: Vec<Path> = Vec::new();
    let mut claim = |text: &str| -> Result<Path, EditTextError> {
        let path: Path = text.parse()?;
        if paths.contains(&path) {
            return Err(EditTextError::Twice(path));
        }
        paths.push(path.clone());
        Ok(path)
    };
    for text in unset {
        edits.push(Edit::Unset { path: claim(text)? });
    }
    let split = |flag: &'static str, text: &str| {
        text.split_once('=')
            .map(|(path, value)| (path.to_owned(), value.to_owned()))
            .ok_or_else(|| EditTextError::NoValue {
                flag,
                text: text.to_owned(),
            })
    };
    for text in set {
        let (path, value) = split("--set", text)?;
        let is_json = Document::parse(value.as_bytes()).is_ok();
        let value = if is_json {
            value.trim().to_owned()
        } else {
            serde_json::Value::from(value).to_string()
        };
        edits.push(Edit::Set {
            path: claim(&path)?,
            value,
        });
    }
    for text in set_string {
        let (path, value) = split("--set-string", text)?;
        edits.push(Edit::Set {
            path: claim(&path)?,
            value: serde_json::Value::from(value).to_string(),
        });
    }
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, path: &str, value: &str) -> Result<String, EditError> {
        apply(
            text,
            &[Edit::Set {
                path: path.parse().unwrap(),
                value: value.to_owned(),
            }],
        )
    }

    fn unset(text: &str, path: &str) -> Result<String, EditError> {
        apply(
            text,
            &[Edit::Unset {
                path: path.parse().unwrap(),
            }],
        )
    }

    #[test]
    fn setting_replaces_only_the_value() {
        assert_eq!(
            set(r#"{ "a":1.0,  "b" :[ 1 ] }"#, "b.0", "true").unwrap(),
            r#"{ "a":1.0,  "b" :[ true ] }"#
        );
    }

    #[test]
    fn setting_what_is_missing_appends_it_and_its_parents() {
        assert_eq!(
            set(r#"{"a":1}"#, "b.c", "2").unwrap(),
            r#"{"a":1,"b":{"c":2}}"#
        );
        assert_eq!(set("{}", "a", "2").unwrap(), r#"{"a":2}"#);
        assert_eq!(set("[1]", "/1", "2").unwrap(), "[1,2]");
        assert_eq!(set("[]", "/-", "2").unwrap(), "[2]");
        assert!(set("[1]", "/5", "2").is_err());
        assert!(set("1", "a", "2").is_err());
    }

    #[test]
    fn unsetting_takes_one_comma_along() {
        let text = r#"{"a":1,"b":2,"c":3}"#;
        assert_eq!(unset(text, "a").unwrap(), r#"{"b":2,"c":3}"#);
        assert_eq!(unset(text, "b").unwrap(), r#"{"a":1,"c":3}"#);
        assert_eq!(unset(text, "c").unwrap(), r#"{"a":1,"b":2}"#);
        assert_eq!(unset(r#"{"a":1}"#, "a").unwrap(), "{}");
        assert_eq!(unset("[1, 2]", "/0").unwrap(), "[2]");
        assert!(unset(text, "d").is_err());
    }
}
