//! Which events are expected, as given to `--expect`.

use std::fmt;

use jiff::Timestamp;

use crate::model::InvalidText;
use crate::search::{EventSelector, Subject};

/// How often events that fit a pattern or a query are to come: `lead_captured`, `PROVIDER/*>=3`, `message=2`,
/// `error.*<=1`, `!message.deleted`, `event:invoice.* verdict:valid >=3`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    events: EventSelector,
    least: u64,
    most: Option<u64>,
}

impl Expectation {
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.events.fits(subject)
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

    pub fn events(&self) -> &EventSelector {
        &self.events
    }
}

impl Expectation {
    /// Ages in a query are counted from `now`.
    ///
    /// # Errors
    /// A pattern, a query or a count that cannot be read.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, InvalidText> {
        let refused = || {
            InvalidText::from(format!(
                "invalid expectation `{text}`: use an event pattern or a query, with a count if you like, for example lead_captured, 'PROVIDER/*>=3', message=2, 'error.*<=1', '!message.deleted' or 'provider:stripe verdict:valid >=2'"
            ))
        };
        let (events, least, most) = match text.strip_prefix('!') {
            Some(events) => (events, 0, Some(0)),
            None => {
                let (events, count) = split_count(text);
                match count {
                    None => (events, 1, None),
                    Some((comparison, count)) => {
                        let count: u64 = count.parse().map_err(|_| refused())?;
                        match comparison {
                            ">=" => (events, count, None),
                            "<=" => (events, 0, Some(count)),
                            _ => (events, count, Some(count)),
                        }
                    }
                }
            }
        };
        if events.trim().is_empty() {
            return Err(refused());
        }
        let events = EventSelector::parse(events, now).map_err(|why| why.to_string())?;
        Ok(Self {
            events,
            least,
            most,
        })
    }
}

/// The count behind a pattern, or behind a query as a word of its own: a query has comparisons in it.
fn split_count(text: &str) -> (&str, Option<(&str, &str)>) {
    let read = |text: &'_ str| -> Option<(usize, &'static str)> {
        [">=", "<=", "="]
            .into_iter()
            .filter_map(|comparison| Some((text.find(comparison)?, comparison)))
            .min_by_key(|(at, _)| *at)
    };
    if text.contains(':') {
        let Some((events, last)) = text.trim_end().rsplit_once(char::is_whitespace) else {
            return (text, None);
        };
        return match read(last) {
            Some((0, comparison)) => (events, Some((comparison, &last[comparison.len()..]))),
            _ => (text, None),
        };
    }
    match read(text) {
        Some((at, comparison)) => (
            &text[..at],
            Some((comparison, &text[at + comparison.len()..])),
        ),
        None => (text, None),
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.events, self.in_words())
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
            ("event:a", "at least 1", [false, true, true, true], 9),
            (
                "status:>=400 >=2",
                "at least 2",
                [false, false, true, true],
                9,
            ),
            ("!status:>=400", "none", [true, false, false, false], 1),
        ] {
            let expectation = Expectation::parse(text, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(expectation.in_words(), wanted);
            let found = [0, 1, 2, 3].map(|seen| expectation.is_met(seen));
            assert_eq!(found, met, "{text}");
            let first = (0..9).find(|seen| expectation.is_broken(*seen));
            assert_eq!(first.unwrap_or(9), broken, "{text}");
        }
        for text in [
            "",
            "!",
            "a>=x",
            "a=",
            ">=2",
            "event: >=2",
            "stauts:4xx",
            "event:a >=x",
        ] {
            assert!(
                Expectation::parse(text, Timestamp::UNIX_EPOCH).is_err(),
                "{text}"
            );
        }
    }
}
