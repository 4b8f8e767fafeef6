//! The ids of what is stored, and how people name it.

use crate::model::InvalidText;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use ulid::Ulid;

/// A capture's or a delivery's id: `cap_` or `dlv_` and a ULID.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde_with::SerializeDisplay,
)]
pub struct Id {
    pub kind: IdKind,
    pub ulid: Ulid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdKind {
    Capture,
    Delivery,
}

impl IdKind {
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Capture => "cap_",
            Self::Delivery => "dlv_",
        }
    }
}

impl Id {
    pub fn capture(now: Timestamp, random: &mut fastrand::Rng) -> Self {
        Self::new(IdKind::Capture, now, random)
    }

    pub fn delivery(now: Timestamp, random: &mut fastrand::Rng) -> Self {
        Self::new(IdKind::Delivery, now, random)
    }

    /// Whether a capture that was received then can have this id.
    pub fn is_capture_of(&self, received_at: Timestamp) -> bool {
        self.kind == IdKind::Capture
            && self.ulid == Ulid::from_parts(milliseconds(received_at), self.ulid.0)
    }

    fn new(kind: IdKind, now: Timestamp, random: &mut fastrand::Rng) -> Self {
        Self {
            kind,
            ulid: Ulid::from_parts(milliseconds(now), random.u128(..)),
        }
    }

    /// From the ULID's text alone.
    pub fn from_ulid_text(kind: IdKind, text: &str) -> Option<Self> {
        Ulid::from_string(text).ok().map(|ulid| Self { kind, ulid })
    }
}

impl Id {
    /// Its last six characters, which name it among the newest.
    pub fn short(&self) -> String {
        let text = self.ulid.to_string();
        text[text.len() - 6..].to_owned()
    }
}

fn milliseconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond()).unwrap_or(0)
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.prefix(), self.ulid)
    }
}

impl FromStr for Id {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        [IdKind::Capture, IdKind::Delivery]
            .into_iter()
            .find_map(|kind| Self::from_ulid_text(kind, text.strip_prefix(kind.prefix())?))
            .ok_or_else(|| {
                format!("invalid id `{text}`: an id is cap_ or dlv_ and 26 characters").into()
            })
    }
}

/// How someone names a request that is kept: `last`, `last~2`, a unique prefix of the id, or its last six
/// characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The N-th before the newest.
    Last(u64),
    /// The first or last characters of an id, as they were typed.
    Part(String),
}

/// What is in ids for what was typed: without `cap_` or `dlv_`, in upper case.
pub fn ulid_part(typed: &str) -> String {
    typed
        .strip_prefix("cap_")
        .or_else(|| typed.strip_prefix("dlv_"))
        .unwrap_or(typed)
        .to_ascii_uppercase()
}

impl FromStr for Reference {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused =
            || format!("invalid id `{text}`: use an id, its last six characters, last or last~2");
        if text == "last" {
            return Ok(Self::Last(0));
        }
        if let Some(count) = text.strip_prefix("last~") {
            return count
                .parse()
                .map(Self::Last)
                .map_err(|_| refused())
                .map_err(InvalidText::from);
        }
        let part = ulid_part(text);
        // Crockford's base32 (the ULID specification): digits and letters but I, L, O and U.
        let plain = |byte: u8| {
            byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !b"ILOU".contains(&byte))
        };
        if part.is_empty() || part.len() > 26 || !part.bytes().all(plain) {
            Err(refused().into())
        } else {
            Ok(Self::Part(text.to_owned()))
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last(0) => f.write_str("last"),
            Self::Last(count) => write!(f, "last~{count}"),
            Self::Part(part) => f.write_str(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_an_id_a_part_of_one_or_last() {
        assert_eq!("last~2".parse(), Ok(Reference::Last(2)));
        assert_eq!(
            "cap_01hz".parse(),
            Ok(Reference::Part("cap_01hz".to_owned()))
        );
        assert_eq!(ulid_part("cap_01hz"), "01HZ");
        for text in ["", "last~x", "cap_", "no/file.json", "0U"] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }
}
