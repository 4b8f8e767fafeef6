//! Counting what a receiver has done: a command of the user's, or a URL, that says a number.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;

use super::ConformanceError;
use crate::http::{Destination, FetchLimits, fetch};
use crate::process::{ProcessError, ProcessGroup};

/// How long a probe may take to answer.
const PROBE_WITHIN: Duration = Duration::from_secs(10);
/// How long is waited for the effects of what is refused, the first time.
const NONE_WITHIN: Duration = Duration::from_millis(100);
/// How long is waited for a second effect.
const NO_MORE_WITHIN: Duration = Duration::from_millis(300);
/// However long effects go on, they are not waited for for ever: so many times as long as one may take.
const MOST_WAITS: u32 = 10;
/// What a probe may say.
const MOST_SAID: u64 = 64 * 1024;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Where a URL has the event's id.
pub const ID_PLACE: &str = "{id}";
/// Where a command has it.
pub const ID_VARIABLE: &str = "HOOKCLI_EVENT_ID";

/// The user's counter.
pub struct Effects {
    probe: Probe,
    /// How long an effect may take after the answer.
    within: Duration,
    /// It counts what was done for one event, and not all that was done.
    by_event: bool,
}

/// Where the number comes from.
#[derive(Clone, Debug)]
pub enum Probe {
    /// The words of a command, and the variables that it does not get: it counts, and signs nothing.
    Command {
        words: Vec<OsString>,
        withheld: Vec<String>,
    },
    /// With [`ID_PLACE`] where the event's id goes, if it has one.
    Url(String),
}

impl Effects {
    /// A counter, for effects that come within a time after the answer. A command that does not name [`ID_VARIABLE`]
    /// counts `by_event` where that is said.
    ///
    /// # Errors
    /// The URL is none.
    pub fn new(probe: Probe, by_event: bool, within: Duration) -> Result<Self, ConformanceError> {
        let names_id = match &probe {
            Probe::Url(url) => {
                url.replace(ID_PLACE, "id").parse::<Destination>()?;
                url.contains(ID_PLACE)
            }
            Probe::Command { words, .. } => words
                .iter()
                .any(|word| word.to_string_lossy().contains(ID_VARIABLE)),
        };
        Ok(Self {
            probe,
            within,
            by_event: by_event || names_id,
        })
    }

    /// Whether it counts by event.
    pub fn by_event(&self) -> bool {
        self.by_event
    }

    /// How long an effect may take after the answer.
    pub fn within(&self) -> Duration {
        self.within
    }

    /// The number that the probe says now: of each of these events together, or of all that was done.
    pub async fn count(&self, ids: &[String]) -> Result<i64, ConformanceError> {
        if !self.by_event {
            return self.number("").await;
        }
        let mut sum = 0;
        for id in ids {
            sum += self.number(id).await?;
        }
        Ok(sum)
    }

    async fn number(&self, id: &str) -> Result<i64, ConformanceError> {
        let told = self.ask(id).await?;
        number_in(&told).ok_or_else(|| ConformanceError::NoNumber {
            said: told.chars().take(80).collect(),
        })
    }

    /// Waits until the effects of earlier requests are there: until the number has stayed for as long as an effect
    /// may take.
    pub async fn quiet(&self) -> Result<(), ConformanceError> {
        if self.by_event {
            return Ok(());
        }
        let until = Instant::now() + self.within * MOST_WAITS;
        let mut last = self.number("").await?;
        while Instant::now() < until {
            tokio::time::sleep(self.within).await;
            let now = self.number("").await?;
            if now == last {
                break;
            }
            last = now;
        }
        Ok(())
    }

    /// How many effects there are more than `before`, once the `wanted` ones had time to come and others
    /// had time to show.
    pub async fn settled(
        &self,
        ids: &[String],
        before: i64,
        wanted: i64,
    ) -> Result<i64, ConformanceError> {
        let until = Instant::now() + self.within;
        while self.count(ids).await? - before < wanted && Instant::now() < until {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        let more = if wanted == 0 {
            NONE_WITHIN
        } else {
            NO_MORE_WITHIN
        };
        tokio::time::sleep(more).await;
        Ok(self.count(ids).await? - before)
    }

    async fn ask(&self, id: &str) -> Result<String, ConformanceError> {
        match &self.probe {
            Probe::Command { words, withheld } => ask_command(words, withheld, id).await,
            Probe::Url(url) => {
                let escaped: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
                // In a path a space is no plus sign.
                let escaped = escaped.replace('+', "%20");
                let destination: Destination = url.replace(ID_PLACE, &escaped).parse()?;
                let limits = FetchLimits {
                    bytes: MOST_SAID as usize,
                    time: PROBE_WITHIN,
                };
                let said = fetch(&destination, limits).await.map_err(|why| {
                    ConformanceError::ProbeUrl {
                        url: destination.to_string(),
                        why,
                    }
                })?;
                Ok(String::from_utf8_lossy(&said).into_owned())
            }
        }
    }
}

/// What a command prints, until it ends or there is too much of it; its process group ends with it.
async fn ask_command(
    words: &[OsString],
    withheld: &[String],
    id: &str,
) -> Result<String, ConformanceError> {
    let (program, arguments) = words.split_first().ok_or(ConformanceError::NoProbe)?;
    let name = program.display().to_string();
    let mut command = tokio::process::Command::new(program);
    command
        .args(arguments)
        .env(ID_VARIABLE, id)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    // It counts, and signs nothing.
    for name in withheld {
        command.env_remove(name);
    }
    let mut running = ProcessGroup::spawn(&mut command, &name)?;
    let (stdout, _) = running.output();
    let mut said = Vec::new();
    let mut stdout = stdout.map(|stdout| stdout.take(MOST_SAID));
    let asked = async {
        let mut ended = None;
        let mut piece = [0; 4096];
        // A child that it leaves behind may hold its stdout open: its own end is what counts.
        while let Some(stdout) = &mut stdout {
            tokio::select! {
                biased;
                read = stdout.read(&mut piece) => match read {
                    Ok(count) if count > 0 => said.extend_from_slice(&piece[..count]),
                    _ => break,
                },
                end = running.end(), if ended.is_none() => {
                    ended = Some(end);
                    break;
                }
            }
        }
        match ended {
            Some(end) => end.map_err(|error: ProcessError| error.to_string()),
            None if said.len() as u64 >= MOST_SAID => {
                Err(format!("the output of {name} is too long"))
            }
            None => running.end().await.map_err(|error| error.to_string()),
        }
    };
    let asked = tokio::time::timeout(PROBE_WITHIN, asked).await;
    running.stop().await;
    match asked {
        Err(_) => Err(ConformanceError::ProbeTooSlow(PROBE_WITHIN)),
        Ok(Err(why)) => Err(ConformanceError::Probe(why)),
        Ok(Ok(())) => Ok(String::from_utf8_lossy(&said).into_owned()),
    }
}

/// The one integer in a text: `3`, ` -3\n`, `{"count":3}`; none where there are several, or parts of one.
fn number_in(text: &str) -> Option<i64> {
    if text
        .chars()
        .any(|character| character.is_control() && !character.is_whitespace())
    {
        return None;
    }
    let part = |character: char| character.is_ascii_digit() || "-+.,".contains(character);
    let mut numbers = text
        .split(|character| !part(character))
        .map(|piece| piece.trim_end_matches(','))
        .filter(|piece| piece.contains(|character: char| character.is_ascii_digit()));
    let number = numbers.next()?.parse().ok()?;
    numbers.next().is_none().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_what_a_probe_says() {
        assert_eq!(number_in(" 42\n"), Some(42));
        assert_eq!(number_in("{\"count\":3}"), Some(3));
        assert_eq!(number_in("effects: -2"), Some(-2));
        for text in ["none", "1,234", "2 of 3", "1.5", "\u{1b}[2J"] {
            assert_eq!(number_in(text), None, "{text}");
        }
    }
}
