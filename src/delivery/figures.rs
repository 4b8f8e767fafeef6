//! Statistics of many deliveries: rates, times, errors. Pure; also the limits that an alarm watches.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::model::{AttemptErrorKind, InvalidText, Outcome};

/// Upper bounds of the histogram's bars; a last one takes what exceeds.
const BARS: [Duration; 9] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_millis(2500),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// What is counted while deliveries are gone through, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub delivered: u64,
    pub failed: u64,
    /// Of those that failed, how many had the response that was wanted of them: no failure of the receiver.
    pub as_wanted: u64,
    pub pending: u64,
    /// Attempts of theirs may have been made, of which nothing is known.
    pub unknown: u64,
    pub attempts: u64,
    /// Attempts beyond each delivery's first.
    pub retries: u64,
    /// Status or error code of each attempt that did not deliver, and how often it came.
    pub errors: BTreeMap<String, u64>,
    /// The longest run of deliveries that failed one after the other.
    pub failures_in_a_row: u64,
    row: u64,
    /// Times of the attempts that were answered.
    times: Vec<Duration>,
}

impl Figures {
    /// One delivery: its outcome, whether its response was one that was wanted instead, and each attempt's time,
    /// status and error.
    pub fn add(
        &mut self,
        outcome: Outcome,
        is_as_wanted: bool,
        attempts: impl Iterator<Item = (Duration, Option<u16>, Option<AttemptErrorKind>)>,
    ) {
        let mut last = None;
        let mut count = 0;
        for (time, status, error) in attempts {
            if let Some(missed) = last.take() {
                *self.errors.entry(missed).or_default() += 1;
            }
            count += 1;
            if status.is_some() {
                self.times.push(time);
            }
            last = Some(status.map_or_else(
                || error.unwrap_or(AttemptErrorKind::Unknown).name().to_owned(),
                |status| status.to_string(),
            ));
        }
        self.attempts += count;
        self.retries += count.saturating_sub(1);
        match outcome {
            Outcome::Delivered => self.delivered += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::Pending => self.pending += 1,
        }
        let is_as_wanted = is_as_wanted && outcome == Outcome::Failed;
        self.as_wanted += u64::from(is_as_wanted);
        self.row = match outcome {
            Outcome::Failed if is_as_wanted => self.row,
            Outcome::Failed => self.row + 1,
            _ => 0,
        };
        self.failures_in_a_row = self.failures_in_a_row.max(self.row);
        if let Some(missed) = last.filter(|_| outcome != Outcome::Delivered) {
            *self.errors.entry(missed).or_default() += 1;
        }
    }

    pub fn deliveries(&self) -> u64 {
        self.delivered + self.failed + self.pending + self.unknown
    }

    /// Of those that are settled, the part that was delivered, without those that were to fail; none where none is.
    pub fn success_rate(&self) -> Option<f64> {
        let settled = self.delivered + self.failed - self.as_wanted;
        (settled > 0).then(|| self.delivered as f64 / settled as f64)
    }

    pub fn average(&self) -> Option<Duration> {
        let count = u32::try_from(self.times.len())
            .ok()
            .filter(|count| *count > 0)?;
        Some(self.times.iter().sum::<Duration>() / count)
    }

    /// The time that so many of a hundred answers stay within (nearest rank).
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let mut times = self.times.clone();
        times.sort_unstable();
        let rank = (percent / 100.0 * times.len() as f64).ceil() as usize;
        times.get(rank.max(1) - 1).copied()
    }

    /// How many answers took up to each bound; none: longer than all of them.
    pub fn histogram(&self) -> Vec<(Option<Duration>, u64)> {
        let mut bars: Vec<(Option<Duration>, u64)> = BARS
            .iter()
            .map(|bound| (Some(*bound), 0))
            .chain([(None, 0)])
            .collect();
        for time in &self.times {
            let at = BARS
                .iter()
                .position(|bound| time <= bound)
                .unwrap_or(BARS.len());
            bars[at].1 += 1;
        }
        bars
    }

    fn value(&self, figure: Figure) -> Option<f64> {
        let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64());
        match figure {
            Figure::SuccessRate => self.success_rate(),
            Figure::Average => seconds(self.average()),
            Figure::Percentile(percent) => seconds(self.percentile(f64::from(percent))),
            Figure::Retries => Some(self.retries as f64),
            Figure::Failed => Some((self.failed - self.as_wanted) as f64),
            Figure::FailuresInARow => Some(self.failures_in_a_row as f64),
        }
    }
}

/// A bound on one figure: `success_rate<99%`, `p95>2s`, `failures_in_a_row>=3`. Met means alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    text: String,
    figure: Figure,
    comparison: Comparison,
    bound: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    SuccessRate,
    Average,
    Percentile(u8),
    Retries,
    Failed,
    FailuresInARow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl FromStr for Alarm {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let refused = || {
            format!(
                "invalid condition `{text}`: use for example success_rate<99%, p95>2s, average>500ms, retries>10, failed>0 or failures_in_a_row>=3"
            )
        };
        let signs = [
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let (sign, comparison) = signs
            .into_iter()
            .find(|(sign, _)| text.contains(sign))
            .ok_or_else(refused)?;
        let (name, bound) = text.split_once(sign).ok_or_else(refused)?;
        let (name, bound) = (name.trim(), bound.trim());
        let figure = match name {
            "success_rate" => Figure::SuccessRate,
            "average" => Figure::Average,
            "retries" => Figure::Retries,
            "failed" => Figure::Failed,
            "failures_in_a_row" => Figure::FailuresInARow,
            _ => {
                let percent = name
                    .strip_prefix('p')
                    .and_then(|percent| percent.parse().ok());
                Figure::Percentile(
                    percent
                        .filter(|percent| (1..=100).contains(percent))
                        .ok_or_else(refused)?,
                )
            }
        };
        let bound = match figure {
            Figure::SuccessRate => {
                let percent = bound
                    .strip_suffix('%')
                    .and_then(|percent| percent.parse::<f64>().ok());
                let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
                percent.ok_or_else(refused)? / 100.0
            }
            Figure::Average | Figure::Percentile(_) => {
                crate::model::duration::parse(bound)?.as_secs_f64()
            }
            _ => bound.parse::<u32>().map(f64::from).map_err(|_| refused())?,
        };
        Ok(Self {
            text: text.to_owned(),
            figure,
            comparison,
            bound,
        })
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Alarm {
    /// Whether the figures are beyond the bound. Where there are none yet, nothing is.
    pub fn is_met(&self, figures: &Figures) -> bool {
        figures
            .value(self.figure)
            .is_some_and(|value| match self.comparison {
                Comparison::Less => value < self.bound,
                Comparison::LessOrEqual => value <= self.bound,
                Comparison::Greater => value > self.bound,
                Comparison::GreaterOrEqual => value >= self.bound,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        let mut figures = Figures::default();
        let ms = Duration::from_millis;
        figures.add(
            Outcome::Delivered,
            false,
            [(ms(20), Some(200), None)].into_iter(),
        );
        figures.add(
            Outcome::Failed,
            false,
            [
                (ms(40), Some(500), None),
                (ms(0), None, Some(AttemptErrorKind::Timeout)),
            ]
            .into_iter(),
        );
        figures.add(
            Outcome::Failed,
            false,
            [(ms(60), Some(404), None)].into_iter(),
        );
        figures.add(
            Outcome::Delivered,
            false,
            [(ms(80), Some(503), None), (ms(700), Some(200), None)].into_iter(),
        );
        figures.add(
            Outcome::Pending,
            false,
            [(ms(90), Some(500), None)].into_iter(),
        );
        figures
    }

    #[test]
    fn what_was_to_be_refused_is_no_failure_of_the_receiver() {
        let mut figures = figures();
        let refused = [(Duration::from_millis(1), Some(401), None)];
        figures.add(Outcome::Failed, true, refused.into_iter());
        assert_eq!((figures.failed, figures.as_wanted), (3, 1));
        assert_eq!(figures.success_rate(), Some(0.5));
        assert_eq!(figures.failures_in_a_row, 2);
    }

    #[test]
    fn deliveries_come_to_figures() {
        let figures = figures();
        assert_eq!(
            (figures.deliveries(), figures.attempts, figures.retries),
            (5, 7, 2)
        );
        assert_eq!(figures.success_rate(), Some(0.5));
        assert_eq!(figures.failures_in_a_row, 2);
        let errors: Vec<(&str, u64)> = figures
            .errors
            .iter()
            .map(|(code, count)| (code.as_str(), *count))
            .collect();
        assert_eq!(errors, [("404", 1), ("500", 2), ("503", 1), ("timeout", 1)]);
        assert_eq!(figures.percentile(50.0), Some(Duration::from_millis(60)));
        assert_eq!(figures.percentile(100.0), Some(Duration::from_millis(700)));
        assert_eq!(figures.average(), Some(Duration::from_millis(165)));
        let bars: Vec<u64> = figures
            .histogram()
            .iter()
            .map(|(_, count)| *count)
            .collect();
        assert_eq!(bars, [2, 3, 0, 0, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn an_alarm_is_met_or_not() {
        let met = |text: &str| text.parse::<Alarm>().unwrap().is_met(&figures());
        for text in [
            "success_rate<99%",
            "p95>500ms",
            "average>=165ms",
            "retries>1",
            "failed>0",
            "failures_in_a_row>=2",
        ] {
            assert!(met(text), "{text}");
        }
        for text in [
            "success_rate<50%",
            "p50>60ms",
            "retries>2",
            "failures_in_a_row>2",
        ] {
            assert!(!met(text), "{text}");
        }
        for text in [
            "",
            "p95",
            "p0>1s",
            "p101>1s",
            "success_rate<0.99",
            "p95>2",
            "speed>1",
        ] {
            assert!(text.parse::<Alarm>().is_err(), "{text}");
        }
        assert!(
            !"success_rate<99%"
                .parse::<Alarm>()
                .unwrap()
                .is_met(&Figures::default())
        );
    }
}
