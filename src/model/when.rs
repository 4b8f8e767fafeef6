//! Times as people write them.

use std::str::FromStr;
use std::time::Duration;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{InvalidText, duration};

/// A time: Unix seconds, RFC 3339, a date (its start, by the clock of the machine), or an age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    At(Timestamp),
    Ago(Duration),
}

impl FromStr for When {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            InvalidText::from(format!(
                "invalid time `{text}`: use an age (1h), a date (2026-11-21), Unix seconds or RFC 3339 (2026-11-21T08:00:00Z)"
            ))
        };
        if let Ok(seconds) = text.parse::<i64>() {
            return Timestamp::from_second(seconds).map(Self::At).map_err(|_| {
                format!("the time `{text}` is out of range: use Unix seconds").into()
            });
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        let is_date = text.len() == "2026-11-21".len() && text.as_bytes()[4] == b'-';
        if is_date && let Ok(date) = text.parse::<Date>() {
            let start = date.to_zoned(TimeZone::system()).map_err(|_| refused())?;
            return Ok(Self::At(start.timestamp()));
        }
        // An age reads the same with the sign that others write.
        duration::parse(text.strip_prefix('-').unwrap_or(text))
            .map(Self::Ago)
            .map_err(|_| refused())
    }
}

impl When {
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(age) => now.saturating_sub(age).unwrap_or(Timestamp::MIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_seconds_rfc_3339_a_date_or_an_age() {
        let new_year = When::At(Timestamp::from_second(1_767_225_600).unwrap());
        let date = "2026-01-01".parse::<Date>().unwrap();
        let local = date.to_zoned(TimeZone::system()).unwrap().timestamp();
        assert_eq!("2026-01-01".parse(), Ok(When::At(local)));
        for text in ["1767225600", "2026-01-01T00:00:00Z"] {
            assert_eq!(text.parse(), Ok(new_year), "{text}");
        }
        let hour = When::Ago(Duration::from_secs(3600));
        assert_eq!("1h".parse(), Ok(hour));
        assert_eq!("-1h".parse(), Ok(hour));
        for text in ["yesterday", "", "-", "2026-13-01", "2026-01"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
