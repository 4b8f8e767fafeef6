//! `[scenario.NAME]` of a `provider.toml`: events that follow one another, as they do when something happens.

use std::str::FromStr;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};

use crate::model::InvalidText;
use crate::payload::Path;

/// Events that belong together.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What happens, in a sentence.
    pub title: String,
    /// Whose it is, in a file of its own.
    pub provider: Option<String>,
    pub steps: Vec<ScenarioStep>,
}

/// One event of a scenario.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ScenarioStep {
    /// `EVENT` or `EVENT:VARIANT`.
    pub event: String,
    /// What later steps call it.
    pub name: Option<String>,
    /// How much of the provider's time goes by before it.
    #[serde(default, deserialize_with = "crate::model::duration::deserialize")]
    pub wait: Duration,
    pub platform: Option<String>,
    /// Values to set in its payload.
    #[serde(default)]
    pub set: IndexMap<Path, serde_json::Value>,
    /// Values that an earlier step's payload has at another place.
    #[serde(default)]
    pub link: IndexMap<Path, Link>,
    /// The provider does not send it: publishing it is refused.
    #[serde(default)]
    pub refused: bool,
}

/// `STEP:/path`
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub step: String,
    pub path: Path,
}

impl FromStr for Link {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || format!("invalid link `{text}`: use for example opened:/data/id");
        let (step, path) = text.split_once(':').ok_or_else(refused)?;
        Ok(Self {
            step: step.to_owned(),
            path: path.parse().map_err(|_| refused())?,
        })
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for Scenario {
    type Err = InvalidText;

    /// A file with one scenario.
    fn from_str(text: &str) -> Result<Self, InvalidText> {
        toml::from_str(text).map_err(|error| error.message().to_owned().into())
    }
}
