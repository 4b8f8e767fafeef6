//! Which events are expected, as given to `--expect`.

use crate::model::InvalidText;
use std::fmt;
use std::str::FromStr;

use super::lookup::EventPattern;

/// How often events that fit a pattern are to come: `lead_captured`, `PROVIDER/*>=3`, `message=2`,
/// `error.*<=1`, `!message.deleted`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    pattern: EventPattern,
    least: u64,
    most: Option<u64>,
}

impl Expectation {
    pub fn fits(&self, provider: Option<&str>, event: Option<&str>) -> bool {
        self.pattern.fits(provider, event)
    }

    /// It is something to wait for, not only something that must not come.
    pub fn awaits(&self) -> bool {
        self.least > 0
    }

    /// Enough of them came.
    pub fn is_met(&self, seen: u64) -> bool {
        seen >= self.least && !self.is_broken(seen)
    }

    /// More of them came than may.
    pub fn is_broken(&self, seen: u64) -> bool {
        self.most.is_some_and(|most| seen > most)
    }

    /// How often, for people.
    pub fn in_words(&self) -> String {
        match (self.least, self.most) {
            (_, Some(0)) => "none".to_owned(),
            (least, Some(most)) if least == most => format!("exactly {least}"),
            (0, Some(most)) => format!("at most {most}"),
            (least, _) => format!("at least {least}"),
        }
    }

    pub fn pattern(&self) -> &EventPattern {
        &self.pattern
    }
}

impl FromStr for Expectation {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            format!(
                "invalid expectation `{text}`: use an event pattern, with a count if you like, for example lead_captured, 'PROVIDER/*>=3', message=2, 'error.*<=1' or '!message.deleted'"
            )
        };
        let (name, least, most) = if let Some(name) = text.strip_prefix('!') {
            (name, 0, Some(0))
        } else if let Some((name, count)) = text.split_once(">=") {
            (name, count.parse().map_err(|_| refused())?, None)
        } else if let Some((name, count)) = text.split_once("<=") {
            (name, 0, Some(count.parse().map_err(|_| refused())?))
        } else if let Some((name, count)) = text.split_once('=') {
            let count = count.parse().map_err(|_| refused())?;
            (name, count, Some(count))
        } else {
            (text, 1, None)
        };
        Ok(Self {
            pattern: name.trim().parse().map_err(|_| refused())?,
            least,
            most,
        })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pattern, self.in_words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_at_least_exactly_at_most_or_none() {
        for (text, wanted, met, broken) in [
            ("a", "at least 1", [false, true, true, true], 9),
            ("p/*>=2", "at least 2", [false, false, true, true], 9),
            ("a=2", "exactly 2", [false, false, true, false], 3),
            ("a<=1", "at most 1", [true, true, false, false], 2),
            ("!a", "none", [true, false, false, false], 1),
        ] {
            let expectation: Expectation = text.parse().unwrap();
            assert_eq!(expectation.in_words(), wanted);
            let found = [0, 1, 2, 3].map(|seen| expectation.is_met(seen));
            assert_eq!(found, met, "{text}");
            let first = (0..9).find(|seen| expectation.is_broken(*seen));
            assert_eq!(first.unwrap_or(9), broken, "{text}");
        }
        for text in ["", "!", "a>=x", "a=", ">=2"] {
            assert!(text.parse::<Expectation>().is_err(), "{text}");
        }
    }
}
