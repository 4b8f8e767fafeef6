//! Where a value is in a payload: a JSON pointer (RFC 6901) or the same with dots.

use std::fmt;
use std::str::FromStr;

/// Keys and array indexes from the root to a value; empty for the root itself.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde_with::DeserializeFromStr,
    serde_with::SerializeDisplay,
)]
pub struct Path(Vec<String>);

impl Path {
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    pub(super) fn from_steps(steps: &[String]) -> Self {
        Self(steps.to_vec())
    }
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("invalid path `{0}`: use a JSON pointer or dots, for example /data/id or data.id")]
pub struct PathError(String);

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let refused = || PathError(text.to_owned());
        if text.is_empty() {
            return Ok(Self::default());
        }
        if let Some(pointer) = text.strip_prefix('/') {
            let unescape = |step: &str| -> Result<String, PathError> {
                // RFC 6901, section 3: ~1 is a slash, ~0 a tilde, anything else after a tilde an error.
                let mut out = String::with_capacity(step.len());
                let mut characters = step.chars();
                while let Some(character) = characters.next() {
                    match character {
                        '~' => out.push(match characters.next() {
                            Some('0') => '~',
                            Some('1') => '/',
                            _ => return Err(refused()),
                        }),
                        other => out.push(other),
                    }
                }
                Ok(out)
            };
            return Ok(Self(
                pointer.split('/').map(unescape).collect::<Result<_, _>>()?,
            ));
        }
        let steps: Vec<String> = text.split('.').map(str::to_owned).collect();
        if steps.iter().any(String::is_empty) {
            Err(refused())
        } else {
            Ok(Self(steps))
        }
    }
}

/// Always as a JSON pointer.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            write!(f, "/{}", step.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_and_its_dotted_form_are_the_same_path() {
        let pointer: Path = "/data/0/id".parse().unwrap();
        assert_eq!(pointer, "data.0.id".parse().unwrap());
        assert_eq!(pointer.to_string(), "/data/0/id");
    }

    #[test]
    fn escapes_of_rfc_6901_are_read_and_written() {
        let path: Path = "/a~1b/m~0n".parse().unwrap();
        assert_eq!(path.steps(), ["a/b", "m~n"]);
        assert_eq!(path.to_string(), "/a~1b/m~0n");
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["a..b", ".", "/a~2", "/a~"] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }
}
