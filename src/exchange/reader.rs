//! What the readers of all formats share: variables, files, and notices.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::model::InvalidText;

/// Reads a file by the name that a text gives it.
pub type ReadFile<'a> = dyn Fn(&str) -> std::io::Result<Vec<u8>> + 'a;

/// Reads requests in any of the forms. It opens no file and asks no variable of the environment by itself: what a
/// text from elsewhere may have is what its caller gives.
pub struct Reader<'a> {
    /// Values of `{{name}}` in .http files and Postman collections.
    pub variables: &'a BTreeMap<String, String>,
    /// Reads a file that the text names; none where files are not allowed.
    pub files: Option<&'a ReadFile<'a>>,
    /// What was read otherwise than it is there, or not read at all: a sentence each.
    pub notices: Vec<String>,
    /// What it was not given, where that kept it from reading.
    lacking: RefCell<Option<Lacking>>,
}

/// What a text needs that was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    Files,
    Variable(String),
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    #[error("line {line}: {why}")]
    Json { line: usize, why: InvalidText },
    #[error("not a HAR file: {0}")]
    Har(InvalidText),
    #[error("not an HTTP request: {0}")]
    Raw(InvalidText),
    #[error("{form}: {why}")]
    Form {
        /// What it was read as, such as `curl command`.
        form: &'static str,
        why: InvalidText,
    },
    #[error("request {number}: {why}")]
    Request { number: usize, why: InvalidText },
    #[error("it contains no request")]
    Empty,
    #[error(
        "the format was not recognised: use the JSON of a capture, HAR, a raw HTTP request, a .http file, a curl command, a Postman collection, or an event of API Gateway or Lambda"
    )]
    Unknown,
}

impl<'a> Reader<'a> {
    pub fn new(variables: &'a BTreeMap<String, String>, files: Option<&'a ReadFile<'a>>) -> Self {
        Self {
            variables,
            files,
            notices: Vec::new(),
            lacking: RefCell::default(),
        }
    }

    /// What kept it from reading, where that can be given.
    pub fn lacking(&self) -> Option<Lacking> {
        self.lacking.borrow().clone()
    }

    pub(super) fn tell(&mut self, notice: impl Into<String>) {
        /// More are not listed: they fill a screen.
        const MOST: usize = 50;
        let notice = notice.into();
        if self.notices.len() > MOST || self.notices.contains(&notice) {
            return;
        }
        self.notices.push(match self.notices.len() {
            MOST => "there are more warnings of this kind".to_owned(),
            _ => notice,
        });
    }

    /// The bytes of a file that the text names.
    pub(super) fn file(&self, name: &str) -> Result<Vec<u8>, InvalidText> {
        let Some(read) = self.files else {
            *self.lacking.borrow_mut() = Some(Lacking::Files);
            return Err(format!("it refers to the file `{name}`, and files are not read").into());
        };
        read(name).map_err(|error| format!("{name}: {error}").into())
    }

    /// Puts values in the place of `{{name}}`: those that were given, else those that the text itself defines.
    pub(super) fn fill(
        &self,
        text: &str,
        own: &BTreeMap<String, String>,
    ) -> Result<String, InvalidText> {
        self.fill_within(text, own, 0)
    }

    fn fill_within(
        &self,
        text: &str,
        own: &BTreeMap<String, String>,
        depth: usize,
    ) -> Result<String, InvalidText> {
        /// Variables that stand in one another; more is a circle.
        const DEEPEST: usize = 10;
        /// What variables may make of a text.
        const LONGEST: usize = 16 << 20;
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            let Some((inside, after)) = behind.split_once("}}") else {
                break;
            };
            out.push_str(before);
            // `{{$processEnv NAME}}`, `{{$dotenv NAME}}`: a variable of that name.
            let name = match inside.trim().split_once(char::is_whitespace) {
                Some(("$processEnv" | "$dotenv" | "$env", name)) => name.trim(),
                _ => inside.trim(),
            };
            let name = name.strip_prefix("$env.").unwrap_or(name);
            if let Some(value) = self.variables.get(name) {
                out.push_str(value);
            } else if let Some(value) = own.get(name) {
                if depth == DEEPEST {
                    return Err(format!("the variable `{name}` refers to itself").into());
                }
                out.push_str(&self.fill_within(value, own, depth + 1)?);
            } else {
                *self.lacking.borrow_mut() = Some(Lacking::Variable(name.to_owned()));
                return Err(format!("the variable `{{{{{inside}}}}}` has no value").into());
            }
            if out.len() > LONGEST {
                return Err(format!(
                    "with its variables filled in it is longer than {LONGEST} bytes"
                )
                .into());
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_variables_ends_with_an_error() {
        let none = BTreeMap::new();
        let reader = Reader::new(&none, None);
        let own = BTreeMap::from([
            ("a".to_owned(), "{{b}}".to_owned()),
            ("b".to_owned(), "{{a}}".to_owned()),
        ]);
        assert!(
            reader
                .fill("{{a}}", &own)
                .unwrap_err()
                .to_string()
                .contains("itself")
        );
        assert!(reader.fill("{{c}}", &own).is_err());
        assert_eq!(reader.lacking(), Some(Lacking::Variable("c".to_owned())));
        assert_eq!(reader.fill("a {{ b", &own).unwrap(), "a {{ b");
    }
}
