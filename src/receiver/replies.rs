//! Configured responses of a receiver: statuses in sequence, late, or not at all. Pure.

use std::str::FromStr;
use std::time::Duration;

use crate::model::{InvalidText, ResponseFault};

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedResponse {
    /// 0 where the fault has none.
    pub status: u16,
    pub fault: Option<ResponseFault>,
}

impl FromStr for PlannedResponse {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            format!(
                "invalid response `{text}`: use a status such as 503, or hang, reset, close-early or slow-body=20 (bytes per second)"
            )
        };
        if let Ok(fault) = text.parse::<ResponseFault>() {
            return Ok(Self {
                status: if fault.has_status() { 200 } else { 0 },
                fault: Some(fault),
            });
        }
        let status = text
            .parse()
            .ok()
            .filter(|status| (200..=599).contains(status));
        Ok(Self {
            status: status.ok_or_else(refused)?,
            fault: None,
        })
    }
}

/// Answers in turn; the last one holds for all that follow. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub struct Sequence(Vec<(PlannedResponse, u64)>);

impl Sequence {
    /// The answer to the request of that number, counted from zero.
    pub fn at(&self, number: u64) -> PlannedResponse {
        let mut before = 0_u64;
        for (answer, times) in &self.0 {
            before = before.saturating_add(*times);
            if number < before {
                return *answer;
            }
        }
        self.0.last().map_or(
            PlannedResponse {
                status: 200,
                fault: None,
            },
            |(answer, _)| *answer,
        )
    }
}

/// `503x2,200`
impl FromStr for Sequence {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let answers: Result<Vec<_>, InvalidText> = text
            .split(',')
            .map(|item| {
                let item = item.trim();
                let counted = item.rsplit_once('x').and_then(|(answer, times)| {
                    Some((
                        answer,
                        times.parse::<u64>().ok().filter(|times| *times > 0)?,
                    ))
                });
                let (answer, times) = counted.unwrap_or((item, 1));
                Ok((answer.parse()?, times))
            })
            .collect();
        Ok(Self(answers?))
    }
}

/// What a sequence counts by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    #[default]
    All,
    Event,
    /// The provider's idempotency key: the retries of one event.
    Id,
}

impl FromStr for Per {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        match text {
            "all" => Ok(Self::All),
            "event" => Ok(Self::Event),
            "id" => Ok(Self::Id),
            _ => Err(format!("invalid counter `{text}`: use all, event or id").into()),
        }
    }
}

/// How long an answer is held back: a time, or any within two (`1s..3s`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde_with::DeserializeFromStr)]
pub struct Delay {
    least: Duration,
    most: Duration,
}

/// No answer is held back longer.
const LONGEST_DELAY: Duration = Duration::from_secs(3600);

impl Delay {
    pub fn pick(self, random: &mut fastrand::Rng) -> Duration {
        self.least + (self.most - self.least).mul_f64(random.f64())
    }
}

impl FromStr for Delay {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (
            crate::model::duration::parse(least)?,
            crate::model::duration::parse(most)?,
        );
        if least > most || most > LONGEST_DELAY {
            return Err(format!("invalid delay `{text}`: use a duration up to 1h or a range, for example 500ms or 1s..3s").into());
        }
        Ok(Self { least, most })
    }
}

/// The status that a path asks for with its last part: `/hooks/503`.
pub fn status_of_path(target: &str) -> Option<u16> {
    let path = target.split('?').next()?;
    let last = path.rsplit('/').next()?;
    last.parse()
        .ok()
        .filter(|status| (200..=599).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_goes_on_with_its_last_answer() {
        let sequence: Sequence = "503x2,hang,200".parse().unwrap();
        let shown: Vec<(u16, Option<ResponseFault>)> = (0..5)
            .map(|number| sequence.at(number))
            .map(|answer| (answer.status, answer.fault))
            .collect();
        assert_eq!(
            shown,
            [
                (503, None),
                (503, None),
                (0, Some(ResponseFault::Hang)),
                (200, None),
                (200, None)
            ]
        );
        for text in ["", "99", "100", "600", "503x0", "slow-body=0", "200,", "x2"] {
            assert!(text.parse::<Sequence>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_delay_is_a_time_or_lies_within_two() {
        let mut random = fastrand::Rng::with_seed(1);
        let exact: Delay = "6s".parse().unwrap();
        assert_eq!(exact.pick(&mut random), Duration::from_secs(6));
        let some: Delay = "1s..3s".parse().unwrap();
        for _ in 0..100 {
            let time = some.pick(&mut random).as_secs_f64();
            assert!((1.0..=3.0).contains(&time));
        }
        for text in ["3s..1s", "2h", "x", "1s..", ""] {
            assert!(text.parse::<Delay>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_names_a_status_with_its_last_part() {
        assert_eq!(status_of_path("/503"), Some(503));
        assert_eq!(status_of_path("/hooks/404?a=1"), Some(404));
        for path in ["/", "/hooks", "/1000", "/101", "/503/x", ""] {
            assert_eq!(status_of_path(path), None, "{path}");
        }
    }
}
