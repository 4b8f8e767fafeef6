//! Fresh timestamps and ids, each in the form that is in the payload.

use crate::model::InvalidText;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How a payload or header writes a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampFormat {
    /// Whole seconds since 1970.
    UnixS,
    /// Milliseconds since 1970.
    UnixMs,
    /// ISO 8601; the digits of the fraction and the zone stay as the old text has them.
    Iso8601,
}

/// `now`, written in the form that `old` has. `old` is what is there without quotes.
pub fn fresh_timestamp(format: TimestampFormat, old: &str, now: Timestamp) -> String {
    match format {
        TimestampFormat::UnixS => now.as_second().to_string(),
        TimestampFormat::UnixMs => now.as_millisecond().to_string(),
        TimestampFormat::Iso8601 => {
            let separator = if old.as_bytes().get(10) == Some(&b' ') {
                ' '
            } else {
                'T'
            };
            let civil = now.to_zoned(TimeZone::UTC).datetime();
            let mut out = format!(
                "{:04}-{:02}-{:02}{separator}{:02}:{:02}:{:02}",
                civil.year(),
                civil.month(),
                civil.day(),
                civil.hour(),
                civil.minute(),
                civil.second()
            );
            let fraction = old.split_once('.').map_or(0, |(_, rest)| {
                rest.bytes().take_while(u8::is_ascii_digit).count().min(9)
            });
            if fraction > 0 {
                let nanoseconds = format!("{:09}", civil.subsec_nanosecond());
                out.push('.');
                out.push_str(&nanoseconds[..fraction]);
            }
            if old.ends_with('Z') {
                out.push('Z');
            } else if old.len() > 6 && matches!(old.as_bytes()[old.len() - 6], b'+' | b'-') {
                out.push_str("+00:00");
            }
            out
        }
    }
}

/// The point in time that `text` names; a time without a zone counts as UTC.
pub fn read_timestamp(format: TimestampFormat, text: &str) -> Option<Timestamp> {
    match format {
        TimestampFormat::UnixS => Timestamp::from_second(text.parse().ok()?).ok(),
        TimestampFormat::UnixMs => Timestamp::from_millisecond(text.parse().ok()?).ok(),
        TimestampFormat::Iso8601 => text.parse().ok().or_else(|| {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
        }),
    }
}

/// How a provider writes an id: `uuid`, or a text with places for random characters, such as
/// `evt_{alnum:12}` (`alnum`: lower-case letters and digits; `hex`; `digit`).
#[derive(Clone, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub enum IdFormat {
    Uuid,
    Template(Vec<IdPart>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdPart {
    Literal(String),
    Random {
        alphabet: &'static str,
        length: usize,
    },
}

impl std::str::FromStr for IdFormat {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text == "uuid" {
            return Ok(Self::Uuid);
        }
        let refused =
            || format!("invalid id format `{text}`: use uuid, or a text such as evt_{{alnum:12}}");
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (place, after) = tail.split_once('}').ok_or_else(refused)?;
            let (name, length) = place.split_once(':').ok_or_else(refused)?;
            let alphabet = match name {
                "alnum" => "abcdefghijklmnopqrstuvwxyz0123456789",
                "hex" => "0123456789abcdef",
                "digit" => "0123456789",
                _ => return Err(refused().into()),
            };
            let length = length
                .parse()
                .ok()
                .filter(|length| (1..=128).contains(length))
                .ok_or_else(refused)?;
            parts.push(IdPart::Literal(literal.to_owned()));
            parts.push(IdPart::Random { alphabet, length });
            rest = after;
        }
        if parts.is_empty() {
            return Err(refused().into());
        }
        parts.push(IdPart::Literal(rest.to_owned()));
        Ok(Self::Template(parts))
    }
}

/// A new id in that format (for `uuid`: version 4, RFC 9562).
pub fn fresh_id(format: &IdFormat, random: &mut fastrand::Rng) -> String {
    match format {
        IdFormat::Uuid => {
            let bits = (random.u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
            let digits = format!("{bits:032x}");
            format!(
                "{}-{}-{}-{}-{}",
                &digits[..8],
                &digits[8..12],
                &digits[12..16],
                &digits[16..20],
                &digits[20..]
            )
        }
        IdFormat::Template(parts) => {
            let mut out = String::new();
            for part in parts {
                match part {
                    IdPart::Literal(text) => out.push_str(text),
                    IdPart::Random { alphabet, length } => {
                        out.extend(
                            (0..*length).map(|_| {
                                alphabet.as_bytes()[random.usize(..alphabet.len())] as char
                            }),
                        );
                    }
                }
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T08:09:10.123456789Z".parse().unwrap()
    }

    #[test]
    fn a_timestamp_keeps_the_form_that_it_had() {
        let fresh = |old| fresh_timestamp(TimestampFormat::Iso8601, old, now());
        assert_eq!(fresh("2024-03-21T10:00:00Z"), "2026-11-21T08:09:10Z");
        assert_eq!(
            fresh("2024-03-21T10:00:00.000Z"),
            "2026-11-21T08:09:10.123Z"
        );
        assert_eq!(
            fresh("2024-03-21T10:00:00.123456"),
            "2026-11-21T08:09:10.123456"
        );
        assert_eq!(
            fresh("2024-03-21T10:00:00+02:00"),
            "2026-11-21T08:09:10+00:00"
        );
        assert_eq!(
            fresh_timestamp(TimestampFormat::UnixMs, "1", now()),
            "1795248550123"
        );
    }

    #[test]
    fn a_timestamp_without_a_zone_counts_as_utc() {
        let read = |text| {
            read_timestamp(TimestampFormat::Iso8601, text)
                .unwrap()
                .as_second()
        };
        assert_eq!(
            read("2024-03-21T10:00:00.5"),
            read("2024-03-21T10:00:00.5Z")
        );
    }

    #[test]
    fn ids_are_reproducible_and_in_their_format() {
        let format: IdFormat = "evt_{alnum:12}".parse().unwrap();
        let id = fresh_id(&format, &mut fastrand::Rng::with_seed(7));
        assert_eq!(id, fresh_id(&format, &mut fastrand::Rng::with_seed(7)));
        assert!(id.starts_with("evt_") && id.len() == 16, "{id}");
        let uuid = fresh_id(&IdFormat::Uuid, &mut fastrand::Rng::with_seed(7));
        assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'4'));
        assert!(matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
        assert!("evt_{what:3}".parse::<IdFormat>().is_err());
    }
}
