//! What selects events on a command line: a pattern or a query.

use std::fmt;

use jiff::Timestamp;

use super::parse::{QueryError, is_event_pattern, parse_events};
use super::{EventPattern, Query, Subject};

/// A pattern such as `PROVIDER/EVENT` or `invoice.*`, or a query, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSelector {
    text: String,
    query: Query,
}

impl EventSelector {
    /// # Errors
    /// An empty text, or a query that cannot be read. Ages in it are counted from `now`.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, QueryError> {
        Ok(Self {
            query: parse_events(text, now)?,
            text: text.trim().to_owned(),
        })
    }

    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.query.fits(subject)
    }

    /// Whether a summary of a capture does not tell whether it fits.
    pub fn needs_whole_capture(&self) -> bool {
        self.query.needs_whole_capture()
    }

    /// The pattern, where it is one.
    pub fn pattern(&self) -> Option<EventPattern> {
        is_event_pattern(&self.text)
            .then(|| self.text.parse().ok())
            .flatten()
    }
}

impl fmt::Display for EventSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
