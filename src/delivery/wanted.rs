//! Which response is wanted of a receiver, where that is not only that the request counts as delivered.

use std::fmt;
use std::str::FromStr;

use crate::model::InvalidText;

/// Statuses that are wanted: `401`, `4xx`, or several with commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedStatus {
    ranges: Vec<(u16, u16)>,
    words: String,
}

impl WantedStatus {
    /// The statuses of a receiver that refuses a request for what it is. 404 and 405 say that it was not the
    /// receiver that answered, 429 and 5xx that it did not look.
    pub fn refusal() -> Self {
        Self {
            ranges: vec![(400, 401), (403, 403), (422, 422)],
            words: "400, 401, 403 or 422".to_owned(),
        }
    }

    /// Any status that shows that a receiver has dealt with a request.
    pub fn handled() -> Self {
        Self {
            ranges: vec![(200, 403), (406, 428), (430, 499)],
            words: "a response without a server error".to_owned(),
        }
    }

    pub fn contains(&self, status: u16) -> bool {
        let mut ranges = self.ranges.iter();
        ranges.any(|(least, most)| (*least..=*most).contains(&status))
    }
}

impl FromStr for WantedStatus {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            InvalidText::from(format!(
                "invalid status `{text}`: use statuses or classes with commas, for example 401, 4xx or 2xx,429"
            ))
        };
        let range = |part: &str| {
            let class = part.strip_suffix("xx").and_then(|class| class.parse().ok());
            if let Some(class @ 1..=5_u16) = class {
                return Ok((class * 100, class * 100 + 99));
            }
            let status = part
                .parse()
                .ok()
                .filter(|status| (100..=599).contains(status));
            status
                .map(|status: u16| (status, status))
                .ok_or_else(refused)
        };
        Ok(Self {
            ranges: text
                .split(',')
                .map(|part| range(part.trim()))
                .collect::<Result<_, _>>()?,
            words: text
                .split(',')
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" or "),
        })
    }
}

impl fmt::Display for WantedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_single_ones_or_classes() {
        let wanted: WantedStatus = "2xx, 429".parse().unwrap();
        let fitting: Vec<u16> = [200, 299, 300, 401, 429, 500]
            .into_iter()
            .filter(|status| wanted.contains(*status))
            .collect();
        assert_eq!(fitting, [200, 299, 429]);
        assert_eq!(wanted.to_string(), "2xx or 429");
        for text in ["", "4x", "x", "600", "2xx,", "99", "6xx", "401-403"] {
            assert!(text.parse::<WantedStatus>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_an_answer_of_the_receiver_itself_is_a_refusal() {
        let refusal = WantedStatus::refusal();
        for status in [400, 401, 403, 422] {
            assert!(refusal.contains(status));
        }
        for status in [200, 302, 404, 405, 429, 500, 503] {
            assert!(!refusal.contains(status), "{status}");
        }
    }
}
