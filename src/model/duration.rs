//! Durations as people write them: `5s`, `30m`, `1h30m`, `250ms`.

use crate::model::InvalidText;
use std::time::Duration;

use serde::Deserialize as _;

/// A hundred years: no one waits longer, and a clock can be moved by it.
const LONGEST: Duration = Duration::from_secs(36_500 * 86_400);

/// Reads a duration; a bare number is refused, for no one knows its unit, and so is one of over 36,500 days.
pub fn parse(text: &str) -> Result<Duration, InvalidText> {
    let refused = || {
        format!(
            "invalid duration `{text}`: use a number and a unit, for example 500ms, 5s, 10m or 1h30m"
        )
    };
    let bounded = |duration: Duration| {
        if duration <= LONGEST {
            Ok(duration)
        } else {
            Err(format!(
                "the duration `{text}` is too long: use at most 36500d"
            ))
        }
    };
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refused().into());
    }
    let text_with_days = text
        .strip_suffix('d')
        .and_then(|days| days.parse::<u64>().ok());
    if let Some(days) = text_with_days {
        return days
            .checked_mul(86_400)
            .map(Duration::from_secs)
            .ok_or_else(refused)
            .and_then(bounded)
            .map_err(InvalidText::from);
    }
    let span: jiff::SignedDuration = text.parse().map_err(|_| refused())?;
    Duration::try_from(span)
        .map_err(|_| refused())
        .and_then(bounded)
        .map_err(InvalidText::from)
}

/// Writes a duration shortly: `5s`, `250ms`, `5m`, `1h 30m`.
pub fn short(duration: Duration) -> String {
    if duration < Duration::from_millis(1) && !duration.is_zero() {
        return format!("{}µs", duration.as_micros());
    }
    if duration < Duration::from_secs(1) {
        return format!("{}ms", duration.as_millis());
    }
    let seconds = duration.as_secs();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    if duration < Duration::from_secs(10) && duration.subsec_millis() > 0 {
        return format!("{:.1}s", duration.as_secs_f64());
    }
    let shown: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .take(2)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    shown.join(" ")
}

/// For `#[serde(deserialize_with = …)]`.
pub fn deserialize<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_as_people_do() {
        for (text, seconds) in [("5s", 5), ("30m", 1800), ("1h30m", 5400), ("7d", 604_800)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        for text in ["", "5", "-5s", "five", "9223372036854775807s", "36501d"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(short(Duration::from_secs(5400)), "1h 30m");
        assert_eq!(short(Duration::from_millis(1234)), "1.2s");
        assert_eq!(short(Duration::from_secs(60)), "1m");
    }
}
