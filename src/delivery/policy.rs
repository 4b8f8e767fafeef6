//! How a provider delivers: its timeout, what counts as delivered, when it retries.

use crate::model::InvalidText;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// A provider's delivery policy. Without any retry waits it delivers once.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How long an attempt may take until the response is complete.
    #[serde(deserialize_with = "crate::model::duration::deserialize")]
    pub timeout: Duration,
    /// The statuses that count as delivered.
    pub success: Vec<StatusSet>,
    /// How long to wait before each retry, counted from the attempt before it.
    #[serde(default, deserialize_with = "durations")]
    pub retry_waits: Vec<Duration>,
    /// What is worth a retry.
    #[serde(default)]
    pub retry_on: Vec<RetryOn>,
    /// What ends a delivery for good, though `retry_on` would have it retried.
    #[serde(default)]
    pub stop_on: Vec<StatusSet>,
    /// A wait that the receiver asks for (`Retry-After`) counts where it is longer.
    #[serde(default)]
    pub respects_retry_after: bool,
    pub max_concurrency: Option<u32>,
    /// Deliveries a minute to one endpoint.
    pub max_per_minute: Option<u32>,
    /// Response headers with the state of the limit: limit, remaining, reset.
    #[serde(default)]
    pub rate_limit_headers: Vec<String>,
}

fn durations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| crate::model::duration::parse(text).map_err(serde::de::Error::custom))
        .collect()
}

impl Policy {
    pub fn is_success(&self, status: u16) -> bool {
        self.success.iter().any(|set| set.contains(status))
    }

    /// Whether an attempt that is answered so is followed by another.
    pub fn retries(&self, status: u16) -> bool {
        let worth_it = self.retry_on.iter().any(|on| match on {
            RetryOn::Status(set) => set.contains(status),
            RetryOn::NotSuccess => !self.is_success(status),
            RetryOn::Network | RetryOn::Timeout => false,
        });
        worth_it
            && !self.retry_waits.is_empty()
            && !self.stop_on.iter().any(|set| set.contains(status))
    }
}

/// Any 2xx: what a delivery counts as success where no provider says otherwise.
impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            success: vec![StatusSet {
                first: 200,
                last: 299,
            }],
            retry_waits: Vec::new(),
            retry_on: Vec::new(),
            stop_on: Vec::new(),
            respects_retry_after: false,
            max_concurrency: None,
            max_per_minute: None,
            rate_limit_headers: Vec::new(),
        }
    }
}

/// One status (`200`) or a class (`2xx`).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde_with::DeserializeFromStr, serde_with::SerializeDisplay,
)]
pub struct StatusSet {
    first: u16,
    last: u16,
}

impl StatusSet {
    /// `class(5)` is 5xx.
    pub fn class(class: u16) -> Self {
        Self {
            first: class * 100,
            last: class * 100 + 99,
        }
    }

    pub fn one(status: u16) -> Self {
        Self {
            first: status,
            last: status,
        }
    }

    pub fn contains(self, status: u16) -> bool {
        (self.first..=self.last).contains(&status)
    }
}

impl FromStr for StatusSet {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || format!("invalid status `{text}`: use for example 200 or 2xx");
        let class = text
            .strip_suffix("xx")
            .and_then(|class| class.parse::<u16>().ok());
        let (first, last) = match class {
            Some(class) => (class * 100, class * 100 + 99),
            None => text
                .parse()
                .map(|status| (status, status))
                .map_err(|_| refused())?,
        };
        if (100..=599).contains(&first) {
            Ok(Self { first, last })
        } else {
            Err(refused().into())
        }
    }
}

impl fmt::Display for StatusSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}xx", self.first / 100)
        }
    }
}

/// What an attempt must have come to for a retry to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub enum RetryOn {
    Status(StatusSet),
    /// DNS, connection or TLS failed, or the connection broke.
    Network,
    Timeout,
    /// Any answer that does not count as delivered.
    NotSuccess,
}

impl FromStr for RetryOn {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        Ok(match text {
            "network" => Self::Network,
            "timeout" => Self::Timeout,
            "not_success" => Self::NotSuccess,
            status => Self::Status(status.parse().map_err(|_| {
                format!("invalid retry condition `{text}`: use network, timeout, not_success, 5xx or 429")
            })?),
        })
    }
}

impl fmt::Display for RetryOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(set) => set.fmt(f),
            Self::Network => f.write_str("network error"),
            Self::Timeout => f.write_str("timeout"),
            Self::NotSuccess => f.write_str("any other response"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_set_is_one_status_or_a_class() {
        let class: StatusSet = "2xx".parse().unwrap();
        assert!(class.contains(204) && !class.contains(300));
        let one: StatusSet = "200".parse().unwrap();
        assert!(one.contains(200) && !one.contains(201));
        for text in ["", "xx", "9xx", "2x", "1000", "-1"] {
            assert!(text.parse::<StatusSet>().is_err(), "{text}");
        }
    }
}
