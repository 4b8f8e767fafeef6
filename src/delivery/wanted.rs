//! Which response is wanted of a receiver, where that is not only that the request counts as delivered.

use std::fmt;
use std::str::FromStr;

use super::StatusSet;
use crate::model::InvalidText;

/// Statuses that are wanted, as they are typed: `401`, `4xx`, or several with commas, `4xx,-404` without one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedStatus {
    sets: Vec<StatusSet>,
    /// Those of the sets that are not wanted all the same.
    except: Vec<StatusSet>,
}

/// 404 and 405 say that it was not the receiver that answered, 429 that it did not look.
const NOT_HANDLED: [u16; 3] = [404, 405, 429];

impl WantedStatus {
    /// The statuses of a receiver that refuses a request for what it is.
    pub fn refusal() -> Self {
        Self {
            sets: [400, 401, 403, 422].map(StatusSet::one).to_vec(),
            except: Vec::new(),
        }
    }

    /// Any status that shows that a receiver has dealt with a request.
    pub fn handled() -> Self {
        Self {
            sets: [2, 4].map(StatusSet::class).to_vec(),
            except: NOT_HANDLED.map(StatusSet::one).to_vec(),
        }
    }

    pub fn contains(&self, status: u16) -> bool {
        let holds = |sets: &[StatusSet]| sets.iter().any(|set| set.contains(status));
        holds(&self.sets) && !holds(&self.except)
    }

    /// `400, 401, 403 or 422`
    pub fn in_words(&self) -> String {
        let mut words = list(&self.sets, "or");
        if !self.except.is_empty() {
            words += ", except ";
            words += &list(&self.except, "and");
        }
        words
    }
}

impl FromStr for WantedStatus {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let parts = text.split(',').map(str::trim);
        let (except, wanted): (Vec<_>, Vec<_>) = parts.partition(|part| part.starts_with('-'));
        let sets = |parts: Vec<&str>| -> Result<Vec<StatusSet>, InvalidText> {
            let sets = parts
                .into_iter()
                .map(|part| part.trim_start_matches('-').parse());
            sets.collect()
        };
        match (sets(wanted), sets(except)) {
            (Ok(sets), Ok(except)) if !sets.is_empty() => Ok(Self { sets, except }),
            _ => Err(format!(
                "invalid status `{text}`: use statuses or classes with commas, for example 401, 4xx or 2xx,429"
            )
            .into()),
        }
    }
}

impl fmt::Display for WantedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = self.sets.iter().map(ToString::to_string);
        let except = self.except.iter().map(|set| format!("-{set}"));
        f.write_str(&wanted.chain(except).collect::<Vec<_>>().join(","))
    }
}

/// `401`, `4xx or 500`, `400, 401 or 403`
fn list(sets: &[StatusSet], and: &str) -> String {
    let mut words: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let last = words.pop().unwrap_or_default();
    match words.is_empty() {
        true => last,
        false => format!("{} {and} {last}", words.join(", ")),
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
        assert_eq!(wanted.in_words(), "2xx or 429");
        let but_one: WantedStatus = "4xx,-404".parse().unwrap();
        assert!(but_one.contains(401) && !but_one.contains(404));
        for text in [
            "-404",
            "4xx,--404x",
            "",
            "4x",
            "x",
            "600",
            "2xx,",
            "99",
            "6xx",
            "401-403",
        ] {
            assert!(text.parse::<WantedStatus>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wanted_is_written_as_it_is_read() {
        let handled = WantedStatus::handled();
        assert_eq!(handled.in_words(), "2xx or 4xx, except 404, 405 and 429");
        for wanted in [handled, WantedStatus::refusal()] {
            assert_eq!(wanted.to_string().parse(), Ok(wanted));
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
