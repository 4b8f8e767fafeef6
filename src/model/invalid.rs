//! Texts that cannot be read.

/// What is wrong with a text that was to be read, in words: for values that people write, and for what other tools
/// wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidText(String);

impl From<String> for InvalidText {
    fn from(why: String) -> Self {
        Self(why)
    }
}

impl From<&str> for InvalidText {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}
