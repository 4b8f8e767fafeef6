//! What a receiver answers on purpose: statuses in sequence, late, or not at all. Pure.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How an answer travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    #[default]
    Whole,
    /// Its body at so many bytes a second.
    SlowBody(u32),
    /// There is none, and the connection stays open.
    Hang,
    /// There is none, and the connection is reset.
    Reset,
    /// The head and half of the body, then the end.
    CloseEarly,
}

impl Manner {
    /// Whether the sender gets a status at all.
    pub fn has_status(self) -> bool {
        !matches!(self, Self::Hang | Self::Reset)
    }
}

/// As `--respond` writes it.
impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::SlowBody(rate) => write!(f, "slow-body={rate}"),
            Self::Hang => f.write_str("hang"),
            Self::Reset => f.write_str("reset"),
            Self::CloseEarly => f.write_str("close-early"),
        }
    }
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 0 where the manner has none.
    pub status: u16,
    pub manner: Manner,
}

impl FromStr for Answer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "`{text}` is no answer: write a status such as 503, or hang, reset, close-early, slow-body=20 (bytes a second)"
            )
        };
        let fault = |status, manner| Ok(Self { status, manner });
        if let Some(rate) = text.strip_prefix("slow-body=") {
            let rate = rate.parse().ok().filter(|rate| *rate > 0);
            return fault(200, Manner::SlowBody(rate.ok_or_else(refused)?));
        }
        match text {
            "hang" => fault(0, Manner::Hang),
            "reset" => fault(0, Manner::Reset),
            "close-early" => fault(200, Manner::CloseEarly),
            _ => {
                let status = text
                    .parse()
                    .ok()
                    .filter(|status| (200..=599).contains(status));
                fault(status.ok_or_else(refused)?, Manner::Whole)
            }
        }
    }
}

/// Answers in turn; the last one holds for all that follow. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence(Vec<(Answer, u64)>);

impl Sequence {
    /// The answer to the request of that number, counted from zero.
    pub fn at(&self, number: u64) -> Answer {
        let mut before = 0_u64;
        for (answer, times) in &self.0 {
            before = before.saturating_add(*times);
            if number < before {
                return *answer;
            }
        }
        self.0.last().map_or(
            Answer {
                status: 200,
                manner: Manner::Whole,
            },
            |(answer, _)| *answer,
        )
    }
}

/// `503x2,200`
impl FromStr for Sequence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let answers: Result<Vec<_>, String> = text
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

impl<'de> serde::Deserialize<'de> for Sequence {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What a sequence counts by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    #[default]
    All,
    Event,
    /// The provider's duplicate key: the retries of one event.
    Id,
}

impl FromStr for Per {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "event" => Ok(Self::Event),
            "id" => Ok(Self::Id),
            _ => Err(format!("`{text}`: all, event or id expected")),
        }
    }
}

/// How long an answer is held back: a time, or any within two (`1s..3s`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (
            crate::model::duration::parse(least)?,
            crate::model::duration::parse(most)?,
        );
        if least > most || most > LONGEST_DELAY {
            return Err(format!(
                "`{text}`: write a time up to 1h, or two such as 1s..3s"
            ));
        }
        Ok(Self { least, most })
    }
}

impl<'de> serde::Deserialize<'de> for Delay {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
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
        let shown: Vec<(u16, Manner)> = (0..5)
            .map(|number| sequence.at(number))
            .map(|answer| (answer.status, answer.manner))
            .collect();
        assert_eq!(
            shown,
            [
                (503, Manner::Whole),
                (503, Manner::Whole),
                (0, Manner::Hang),
                (200, Manner::Whole),
                (200, Manner::Whole)
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
