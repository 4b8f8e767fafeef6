//! Counting what a receiver has done: a command of the user's, or a URL, that says a number.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::cli::CheckArgs;
use crate::exit::Failure;
use crate::http::{Client, ClientOptions, Place};
use crate::message::{Headers, Request};

/// How long a probe may take to answer.
const PROBE_WITHIN: Duration = Duration::from_secs(10);
/// How long an effect may take after the answer.
const EFFECT_WITHIN: Duration = Duration::from_secs(2);
/// How long is waited for effects that should not come.
const NO_MORE_WITHIN: Duration = Duration::from_millis(100);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The user's counter.
pub struct Effects {
    probe: Probe,
}

enum Probe {
    Command(Vec<OsString>),
    Url(Place),
}

impl Effects {
    /// None where no probe was given.
    pub fn new(args: &CheckArgs) -> Result<Option<Self>, Failure> {
        let probe = match (&args.probe_url, args.probe) {
            (Some(url), _) => Probe::Url(url.parse().map_err(Failure::usage)?),
            (None, true) => Probe::Command(args.command.clone()),
            (None, false) => return Ok(None),
        };
        Ok(Some(Self { probe }))
    }

    /// The number that the probe says now.
    pub async fn count(&self) -> Result<i64, Failure> {
        let told = tokio::time::timeout(PROBE_WITHIN, self.ask())
            .await
            .map_err(|_| Failure::usage("the probe did not answer within 10 s"))??;
        number_in(&told).ok_or_else(|| {
            Failure::usage(format!(
                "the probe says no number: `{}`",
                told.chars().take(80).collect::<String>()
            ))
            .hint("it should print how many effects there are, such as a row count")
        })
    }

    /// How many effects there are more than `before`, once the `wanted` ones had time to come and others
    /// had time to show.
    pub async fn settled(&self, before: i64, wanted: i64) -> Result<i64, Failure> {
        let until = Instant::now() + EFFECT_WITHIN;
        while self.count().await? - before < wanted && Instant::now() < until {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        tokio::time::sleep(NO_MORE_WITHIN).await;
        Ok(self.count().await? - before)
    }

    async fn ask(&self) -> Result<String, Failure> {
        match &self.probe {
            Probe::Command(words) => {
                let (program, arguments) = words
                    .split_first()
                    .ok_or_else(|| Failure::usage("--probe needs a command behind --"))?;
                let output = tokio::process::Command::new(program)
                    .args(arguments)
                    .stdin(Stdio::null())
                    .stderr(Stdio::inherit())
                    .kill_on_drop(true)
                    .output()
                    .await
                    .map_err(|error| {
                        Failure::usage(format!("the probe {}: {error}", program.display()))
                    })?;
                if !output.status.success() {
                    return Err(Failure::usage(format!(
                        "the probe {} failed: {}",
                        program.display(),
                        output.status
                    )));
                }
                Ok(String::from_utf8_lossy(&output.stdout).into_owned())
            }
            Probe::Url(place) => {
                let mut headers = Headers::new();
                headers.push("host", place.authority());
                headers.push("accept", "*/*");
                let request = Request {
                    method: "GET".to_owned(),
                    target: place.target(),
                    headers,
                    body: Vec::new().into(),
                };
                let client = Client::new(place.resolve().await, &ClientOptions::default())
                    .map_err(Failure::usage)?;
                let response = client
                    .send(&request, None)
                    .await
                    .result
                    .map_err(|error| Failure::usage(format!("the probe {place}: {error}")))?;
                if response.status != 200 {
                    return Err(Failure::usage(format!(
                        "the probe {place} answered {}",
                        response.status
                    )));
                }
                Ok(String::from_utf8_lossy(&response.body).into_owned())
            }
        }
    }
}

/// The first integer in a text: `3`, ` 3\n`, `{"count":3}`.
fn number_in(text: &str) -> Option<i64> {
    let digit = |character: char| character.is_ascii_digit();
    let start = text.find(digit)?;
    let end = text[start..]
        .find(|other| !digit(other))
        .map_or(text.len(), |length| start + length);
    text[start..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_what_a_probe_says() {
        assert_eq!(number_in(" 42\n"), Some(42));
        assert_eq!(number_in("{\"count\":3}"), Some(3));
        assert_eq!(number_in("none"), None);
    }
}
