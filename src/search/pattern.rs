//! Patterns with `*` for any text.

use std::fmt;
use std::str::FromStr;

use crate::model::InvalidText;

/// A text in which `*` stands for any text, also none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it fits the whole text.
    pub fn fits(&self, text: &str) -> bool {
        wildcard(&self.0, text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it fits one text only.
    pub fn is_exact(&self) -> bool {
        !self.0.contains('*')
    }

    /// The same for SQLite's GLOB, which has other wildcards besides.
    pub fn glob(&self) -> String {
        let mut glob = String::with_capacity(self.0.len());
        for character in self.0.chars() {
            match character {
                '?' | '[' => {
                    glob.push('[');
                    glob.push(character);
                    glob.push(']');
                }
                other => glob.push(other),
            }
        }
        glob
    }
}

/// `provider/event` with `*` for any text: `agentclara/*`, `conversation.*`.
#[derive(Clone, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub struct EventPattern(String);

impl EventPattern {
    /// Whether the pattern fits; one without a provider fits any provider's event.
    pub fn fits(&self, provider: Option<&str>, event: Option<&str>) -> bool {
        let event = event.unwrap_or_default();
        if self.0.contains('/') {
            wildcard(
                &self.0,
                &format!("{}/{event}", provider.unwrap_or_default()),
            )
        } else {
            wildcard(&self.0, event)
        }
    }

    /// Whether the pattern fits a text as a whole, a path for instance.
    pub fn fits_text(&self, text: &str) -> bool {
        wildcard(&self.0, text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is a `*` in it.
    pub fn is_wild(text: &str) -> bool {
        text.contains('*')
    }
}

impl FromStr for EventPattern {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text.is_empty() {
            return Err(
                "invalid event pattern: use a form such as PROVIDER/EVENT or PROVIDER/*".into(),
            );
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let Some(at) = rest.find(middle) else {
                return false;
            };
            rest = &rest[at + middle.len()..];
        }
    }
    last.map_or(rest.is_empty(), |end| rest.ends_with(end))
}
