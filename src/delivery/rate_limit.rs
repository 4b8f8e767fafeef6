//! What a receiver says of its rate limit, as response headers do.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::Headers;

/// The names of limit, remaining and reset, where no provider says others: the field's habit, and those of
/// the IETF's draft (draft-ietf-httpapi-ratelimit-headers, up to its seventh version).
const USUAL_NAMES: [[&str; 3]; 2] = [
    [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ],
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
];
/// A reset beyond this is a time, not a wait.
const LONGEST_WAIT_S: u64 = 1_000_000_000;

/// The state of a rate limit after a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in one period.
    pub limit: Option<u64>,
    /// What is left of them.
    pub remaining: Option<u64>,
    /// Until there are all of them again.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads it from the headers that a provider names, in this order, or from the usual ones. `now` is for
    /// a reset that is said as a time (seconds since 1970).
    pub fn read(headers: &Headers, names: &[String], now: Timestamp) -> Option<Self> {
        let number = |name: &str| {
            let text = std::str::from_utf8(headers.get(name)?).ok()?;
            // A window may follow: `100;w=60`.
            let digits = text.trim().split([';', ',']).next()?.trim();
            digits.parse::<f64>().ok().filter(|number| *number >= 0.0)
        };
        let of = |names: [&str; 3]| {
            let whole = |name| number(name).map(|number| number as u64);
            let reset = number(names[2]).map(|reset| {
                let now = now.as_millisecond() as f64 / 1000.0;
                let wait = if reset > LONGEST_WAIT_S as f64 {
                    reset - now
                } else {
                    reset
                };
                Duration::try_from_secs_f64(wait.max(0.0)).unwrap_or_default()
            });
            Self {
                limit: whole(names[0]),
                remaining: whole(names[1]),
                reset,
            }
        };
        let name = |index: usize| names.get(index).map_or("", String::as_str);
        std::iter::once([name(0), name(1), name(2)])
            .chain(USUAL_NAMES)
            .map(of)
            .find(|found| *found != Self::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)], names: &[&str]) -> Option<(u64, u64, u64)> {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let now = Timestamp::from_second(2_000_000_000).unwrap();
        let found = RateLimit::read(&headers, &names, now)?;
        Some((
            found.limit?,
            found.remaining?,
            found.reset.unwrap_or_default().as_secs(),
        ))
    }

    #[test]
    fn it_is_read_from_own_and_usual_names() {
        let usual = [
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", "2000000012"),
        ];
        assert_eq!(read(&usual, &[]), Some((100, 0, 12)));
        let draft = [
            ("RateLimit-Limit", "10;w=60"),
            ("RateLimit-Remaining", "3"),
            ("RateLimit-Reset", "7"),
        ];
        assert_eq!(read(&draft, &["X-Own"]), Some((10, 3, 7)));
        let own = [("Quota", "5"), ("Left", "4")];
        assert_eq!(read(&own, &["quota", "left"]), Some((5, 4, 0)));
        assert_eq!(read(&own, &[]), None);
        assert_eq!(read(&[("X-RateLimit-Limit", "-1; many")], &[]), None);
    }
}
