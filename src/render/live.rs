//! The live view of deliveries that are retried: what is under way, what waits and for how long, what is to
//! come after that.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::model::{RemoteText, duration::short};

/// So many deliveries have a line of their own.
const SHOWN: usize = 8;

/// The deliveries that have begun and are not settled, by their place in the order.
#[derive(Default)]
pub struct Live {
    rows: Mutex<BTreeMap<usize, Row>>,
}

struct Row {
    name: RemoteText,
    number: u32,
    total: usize,
    stage: Stage,
}

enum Stage {
    UnderWay {
        since: Instant,
    },
    Waiting {
        until: Instant,
        /// Waits go by so much faster.
        speed: f64,
        result: RemoteText,
        /// The waits after this one.
        ahead: Vec<Duration>,
    },
}

impl Live {
    /// An attempt begins.
    pub fn under_way(&self, place: usize, name: RemoteText, number: u32, total: usize) {
        let stage = Stage::UnderWay {
            since: Instant::now(),
        };
        let row = Row {
            name,
            number,
            total,
            stage,
        };
        self.rows().insert(place, row);
    }

    /// It came to this, and the next one follows in `wait` of simulated time.
    pub fn waiting(
        &self,
        place: usize,
        result: RemoteText,
        wait: Duration,
        speed: f64,
        ahead: &[Duration],
    ) {
        if let Some(row) = self.rows().get_mut(&place) {
            row.stage = Stage::Waiting {
                until: Instant::now() + wait.div_f64(speed),
                speed,
                result,
                ahead: ahead.to_vec(),
            };
        }
    }

    pub fn settled(&self, place: usize) {
        self.rows().remove(&place);
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<usize, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The view as lines.
    pub fn lines(&self, settled: usize, total: usize) -> Vec<RemoteText> {
        let rows = self.rows();
        let mut lines = Vec::new();
        if total > 1 {
            lines.push(format!("{settled} of {total} finished").into());
        }
        lines.extend(rows.values().take(SHOWN).map(|row| {
            let text = format!(
                "{}  attempt {} of {}: {}",
                row.name.unescaped(),
                row.number,
                row.total,
                row.stage.text()
            );
            RemoteText::from(text)
        }));
        if rows.len() > SHOWN {
            lines.push(format!("and {} more", rows.len() - SHOWN).into());
        }
        lines
    }
}

impl Stage {
    fn text(&self) -> String {
        match self {
            Self::UnderWay { since } => {
                format!(
                    "waiting for the response for {:.1} s",
                    since.elapsed().as_secs_f64()
                )
            }
            Self::Waiting {
                until,
                speed,
                result,
                ahead,
            } => {
                let real = until.saturating_duration_since(Instant::now());
                let mut text = format!("{}; next attempt in ", result.unescaped());
                let simulated = Duration::from_secs(real.mul_f64(*speed).as_secs());
                if (speed - 1.0).abs() > f64::EPSILON {
                    text += &format!("{} ({:.1} s)", short(simulated), real.as_secs_f64());
                } else {
                    text += &format!("{:.1} s", real.as_secs_f64());
                }
                for (index, wait) in ahead.iter().take(4).enumerate() {
                    text += if index == 0 { ", then after " } else { ", " };
                    text += &short(*wait);
                }
                if ahead.len() > 4 {
                    text += ", …";
                }
                text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(live: &Live, settled: usize, total: usize) -> Vec<String> {
        let lines = live.lines(settled, total);
        lines
            .iter()
            .map(|line| line.unescaped().to_owned())
            .collect()
    }

    #[test]
    fn it_shows_what_is_under_way_what_waits_and_what_follows() {
        let live = Live::default();
        live.under_way(0, "a.b".into(), 1, 4);
        assert_eq!(
            lines(&live, 0, 1),
            ["a.b  attempt 1 of 4: waiting for the response for 0.0 s"]
        );
        let hour = Duration::from_secs(3600);
        live.waiting(0, "answered 503".into(), 10 * hour, 60.0, &[hour, 2 * hour]);
        let waiting = &lines(&live, 0, 1)[0];
        assert!(
            waiting.starts_with("a.b  attempt 1 of 4: answered 503; next attempt in 9h 59m"),
            "{waiting}"
        );
        assert!(waiting.ends_with(", then after 1h, 2h"), "{waiting}");
        live.settled(0);
        assert_eq!(lines(&live, 1, 2), ["1 of 2 finished"]);
    }

    #[test]
    fn many_are_counted_and_some_are_shown() {
        let live = Live::default();
        for place in 0..20 {
            live.under_way(place, "x".into(), 1, 1);
        }
        let lines = lines(&live, 5, 30);
        assert_eq!(lines.len(), SHOWN + 2);
        assert_eq!(lines.last().unwrap(), "and 12 more");
    }
}
