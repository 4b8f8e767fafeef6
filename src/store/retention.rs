//! How much a store keeps, and what was removed to stay within that.

use crate::model::{InvalidText, size};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

/// How much is kept; the oldest go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Age(Duration),
    Count(u64),
    Bytes(u64),
}

/// 2 GiB.
impl Default for Keep {
    fn default() -> Self {
        Self::Bytes(2 << 30)
    }
}

/// As it is read.
impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Bytes(bytes) => {
                let units = [("GiB", 30), ("MiB", 20)];
                let whole = units
                    .iter()
                    .find(|(_, shift)| bytes > 0 && bytes % (1 << shift) == 0);
                let (unit, shift) = whole.unwrap_or(&("KiB", 10));
                write!(f, "{}{unit}", bytes >> shift)
            }
            Self::Age(age) => {
                let seconds = age.as_secs();
                match seconds {
                    0 => write!(f, "{}ms", age.as_millis()),
                    _ if seconds % 86_400 == 0 => write!(f, "{}d", seconds / 86_400),
                    _ if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
                    _ if seconds % 60 == 0 => write!(f, "{}m", seconds / 60),
                    _ => write!(f, "{seconds}s"),
                }
            }
        }
    }
}

impl FromStr for Keep {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            format!("invalid limit `{text}`: use an age (7d), a count (100000) or a size (2GiB)")
        };
        if let Ok(count) = text.parse() {
            return Ok(Self::Count(count));
        }
        if let Ok(bytes) = size::parse(text) {
            return Ok(Self::Bytes(bytes));
        }
        crate::model::duration::parse(text)
            .map(Self::Age)
            .map_err(|_| refused())
            .map_err(InvalidText::from)
    }
}

/// What exceeds a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excess {
    pub captures: u64,
    pub deliveries: u64,
    /// How many of both are still to be delivered.
    pub pending: u64,
    /// What the rows take, about.
    pub bytes: u64,
}

/// What eviction did, or left undone, that the user should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreNotice {
    /// Nothing else was left to evict: these were still to be delivered.
    EvictedPending { captures: u64, deliveries: u64 },
    /// The clock is far ahead of where it was: eviction by age waits, for the clock may be wrong.
    AgeWaits {
        last_seen: Timestamp,
        until: Timestamp,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_keep_is_an_age_a_count_or_a_size() {
        assert_eq!("7d".parse(), Ok(Keep::Age(Duration::from_secs(604_800))));
        assert_eq!("100000".parse(), Ok(Keep::Count(100_000)));
        assert_eq!("2GiB".parse(), Ok(Keep::Bytes(2 << 30)));
        assert_eq!("2GB".parse(), Ok(Keep::Bytes(2_000_000_000)));
        assert!("2 gallons".parse::<Keep>().is_err());
        for text in [
            "7d", "90m", "36h", "1s", "100000", "0", "2GiB", "1536MiB", "10KiB", "0KiB",
        ] {
            assert_eq!(text.parse::<Keep>().unwrap().to_string(), text);
        }
    }
}
