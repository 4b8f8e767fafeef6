//! A condition on one value of a JSON text.

use crate::model::InvalidText;
use std::str::FromStr;

use super::{Document, Kind, Path};

/// `PATH`: there is such a value; `PATH=VALUE`, `PATH!=VALUE`: it is that one, or not. A value is compared
/// as text: a string without its quotes, anything else as written.
#[derive(Clone, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub struct Condition {
    path: Path,
    wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Any,
    Is(String),
    IsNot(String),
}

impl Condition {
    pub fn holds(&self, document: Option<&Document<'_>>) -> bool {
        let value = document.and_then(|document| document.get(&self.path));
        let text = value.map(|value| match value.kind() {
            Kind::String => value.as_str().unwrap_or_default().into_owned(),
            _ => value.raw().to_owned(),
        });
        match (&self.wanted, text) {
            (Wanted::Any, text) => text.is_some(),
            (Wanted::Is(wanted), text) => text.as_ref() == Some(wanted),
            (Wanted::IsNot(wanted), text) => text.as_ref() != Some(wanted),
        }
    }
}

impl FromStr for Condition {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let path = |text: &str| text.parse().map_err(|error| format!("{error}"));
        Ok(match text.split_once('=') {
            None => Self {
                path: path(text)?,
                wanted: Wanted::Any,
            },
            Some((place, value)) => match place.strip_suffix('!') {
                Some(place) => Self {
                    path: path(place)?,
                    wanted: Wanted::IsNot(value.to_owned()),
                },
                None => Self {
                    path: path(place)?,
                    wanted: Wanted::Is(value.to_owned()),
                },
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_there_is_one_or_is_not() {
        let document = Document::parse(br#"{"a":{"b":"x=y"},"n":1.0,"t":true,"z":null}"#).unwrap();
        let holds = |text: &str| text.parse::<Condition>().unwrap().holds(Some(&document));
        for text in [
            "a.b", "a.b=x=y", "n=1.0", "t=true", "n!=1", "q!=1", "z=null",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in ["q", "a.b=x", "n=1", "t!=true"] {
            assert!(!holds(text), "{text}");
        }
        let condition: Condition = "a".parse().unwrap();
        assert!(!condition.holds(None));
    }
}
