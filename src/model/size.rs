//! Sizes as people write them: `512`, `10kB`, `64KiB`, `1.5MiB`.

use crate::model::InvalidText;

const UNITS: &[(&str, u64)] = &[
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("b", 1),
];

/// Reads a size in bytes: a number of bytes, or one with a unit (kB, MB and GB by thousands, KiB, MiB and GiB by 1,024,
/// in any case).
///
/// # Errors
/// Anything else, and what is beyond 2⁶³ bytes.
pub fn parse(text: &str) -> Result<u64, InvalidText> {
    let refused = || {
        InvalidText::from(format!(
            "invalid size `{text}`: use a number of bytes, or one with a unit, for example 512, 64KiB or 10MB"
        ))
    };
    let lower = text.trim().to_ascii_lowercase();
    let trimmed = lower.as_str();
    let (number, unit) = UNITS
        .iter()
        .find_map(|(unit, bytes)| Some((trimmed.strip_suffix(unit)?, *bytes)))
        .unwrap_or((trimmed, 1));
    let number = number.trim();
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || number.ends_with('.')
        || !is_number(whole)
        || !is_number(part)
        || part.len() > 9
    {
        return Err(refused());
    }
    let whole: u64 = whole.parse().map_err(|_| refused())?;
    let scale = 10_u64.pow(u32::try_from(part.len()).map_err(|_| refused())?);
    let part: u64 = match part {
        "" => 0,
        digits => digits.parse().map_err(|_| refused())?,
    };
    let bytes = whole
        .checked_mul(unit)
        .and_then(|bytes| bytes.checked_add(part.checked_mul(unit)? / scale));
    bytes
        .filter(|bytes| i64::try_from(*bytes).is_ok())
        .ok_or_else(refused)
}

/// Writes a size in the largest unit that divides it: `10MiB`, `1500B`.
pub fn text(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let mut whole = units
        .iter()
        .filter(|(_, shift)| bytes > 0 && bytes.trailing_zeros() >= *shift);
    match whole.next() {
        Some((unit, shift)) => format!("{}{unit}", bytes >> shift),
        None => format!("{bytes}B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_of_bytes_with_a_unit_or_without() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512B", 512),
            ("10kB", 10_000),
            ("64KiB", 65_536),
            ("1.5MiB", 1_572_864),
            ("2 GiB", 2 << 30),
            ("10MB", 10_000_000),
            ("10mb", 10_000_000),
        ] {
            assert_eq!(parse(text).ok(), Some(bytes), "{text}");
        }
        assert_eq!([0, 1500, 10 << 20].map(text), ["0B", "1500B", "10MiB"]);
        for text in [
            "",
            "kB",
            "-1",
            "1e3",
            "10k",
            "1.",
            "99999999999GiB",
            "1,5MB",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
