//! Which response is wanted of a receiver, where that is not only that the request counts as delivered.

use std::fmt;
use std::str::FromStr;

use super::StatusSet;
use crate::model::InvalidText;

/// Statuses that are wanted: `401`, `4xx`, or several with commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedStatus {
    sets: Vec<StatusSet>,
    /// Those of the sets that are not wanted all the same.
    except: &'static [u16],
    words: String,
}

/// 404 and 405 say that it was not the receiver that answered, 429 that it did not look.
const NOT_HANDLED: &[u16] = &[404, 405, 429];

impl WantedStatus {
    /// The statuses of a receiver that refuses a request for what it is.
    pub fn refusal() -> Self {
        Self {
            sets: [400, 401, 403, 422].map(StatusSet::one).to_vec(),
            except: &[],
            words: "400, 401, 403 or 422".to_owned(),
        }
    }

    /// Any status that shows that a receiver has dealt with a request.
    pub fn handled() -> Self {
        Self {
            sets: [2, 4].map(StatusSet::class).to_vec(),
            except: NOT_HANDLED,
            words: "2xx or 4xx, except 404, 405 and 429".to_owned(),
        }
    }

    pub fn contains(&self, status: u16) -> bool {
        self.sets.iter().any(|set| set.contains(status)) && !self.except.contains(&status)
    }
}

impl FromStr for WantedStatus {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let sets: Result<_, _> = parts.iter().map(|part| part.parse::<StatusSet>()).collect();
        Ok(Self {
            sets: sets.map_err(|_| {
                format!(
                    "invalid status `{text}`: use statuses or classes with commas, for example 401, 4xx or 2xx,429"
                )
            })?,
            except: &[],
            words: parts.join(" or "),
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
