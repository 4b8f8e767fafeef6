use std::time::Duration;

use crate::model::InvalidText;
use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{SecretArgs, Timeout, TransportArgs, number, parse_now};
use crate::delivery::{Backoff, Fault, Rate, WantedStatus};
use crate::dispatch::Retries;

/// Which events are sent, and where to.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// EVENT, PROVIDER/EVENT or a pattern ('convo/*')
    #[arg(
        value_name = "EVENT",
        long_help = "EVENT, PROVIDER/EVENT, PROVIDER/EVENT:VARIANT or a pattern ('convo/*')"
    )]
    pub events: Vec<String>,
    /// The URL to send to, or a local port
    #[arg(
        long,
        long_help = "The URL to send to, or a local port [env: HOOKCLI_URL]",
        value_name = "URL",
        conflicts_with = "to"
    )]
    pub url: Option<String>,
    /// An endpoint of hookcli.toml, or a URL
    #[arg(long, value_name = "ENDPOINT")]
    pub to: Option<String>,
    /// Publish the event in `hookcli emulate` at this URL, to every subscription that wants it
    #[arg(long, value_name = "URL", conflicts_with_all = ["url", "to", "dry_run", "curl", "fault", "unsigned", "form"], help_heading = "Emulator")]
    pub via: Option<String>,
    /// The provider, if several have this event
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Send every event: of the provider, or of all
    #[arg(long, conflicts_with = "events")]
    pub all: bool,
    /// Also send the variants of each event
    #[arg(long, help_heading = "Payload")]
    pub variants: bool,
    /// Print the exact request instead of sending it
    #[arg(long, conflicts_with = "curl")]
    pub dry_run: bool,
    /// Print a curl command instead of sending it
    #[arg(long, help_heading = "Advanced")]
    pub curl: bool,
    #[command(flatten)]
    pub content: ContentArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    /// Send no signature
    #[arg(long, help_heading = "Secrets")]
    pub unsigned: bool,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
    /// Send with a fault, for example tampered_body
    #[arg(
        long,
        value_name = "FAULT",
        long_help = "Send with a fault, for example tampered_body or stale_timestamp=6m; repeatable. All faults are listed below",
        help_heading = None
    )]
    pub fault: Vec<Fault>,
    /// Allow sending faults to another machine
    #[arg(long, requires = "fault", help_heading = "Advanced")]
    pub yes: bool,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}

/// What the payload contains.
#[derive(Debug, Args)]
#[command(next_help_heading = "Payload")]
pub struct ContentArgs {
    /// Set a value, for example data.status=open
    #[arg(long, long_help = "Set a value, for example data.status=open. The value is JSON if it parses as JSON, else text", value_name = "PATH=VALUE", help_heading = None)]
    pub set: Vec<String>,
    /// Use this payload: a file, URL, - or JSON
    #[arg(long, long_help = "Use this payload: a file, an http or https URL, - for standard input, or JSON that starts with { or [", value_name = "FILE", help_heading = None)]
    pub data: Option<String>,
    /// Use this text as the payload, without any change
    #[arg(long, value_name = "TEXT", conflicts_with = "data")]
    pub data_raw: Option<String>,
    /// Set a value as text, even if it looks like JSON
    #[arg(long, value_name = "PATH=TEXT")]
    pub set_string: Vec<String>,
    /// Remove a value
    #[arg(long, value_name = "PATH")]
    pub unset: Vec<String>,
    /// Send the JSON inside a form field, for providers that can be set up so
    /// (GitHub: payload=…)
    #[arg(long)]
    pub form: bool,
    /// The provider's platform that sends the event
    #[arg(long, value_name = "NAME")]
    pub platform: Option<String>,
    /// Send the event even if the platform never does
    #[arg(long, requires = "platform")]
    pub any_platform: bool,
    /// Keep the timestamps and ids of the sample
    #[arg(long)]
    pub verbatim: bool,
    /// Generate the same ids on every run with the same number
    #[arg(long, value_name = "N", value_parser = number::<u64>(0..))]
    pub seed: Option<u64>,
    /// The current time to use: Unix seconds or RFC 3339 (2026-11-21T08:00:00Z)
    #[arg(long, value_name = "TIME", value_parser = parse_now, allow_hyphen_values = true)]
    pub now: Option<jiff::Timestamp>,
    /// Do not send a payload that does not match the event's schema
    #[arg(long)]
    pub strict: bool,
}

/// How requests are delivered and retried.
#[derive(Debug, Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryArgs {
    /// The statuses that are wanted, for example 401, 4xx or 2xx,429
    #[arg(
        long,
        value_name = "STATUS",
        long_help = "The statuses that are wanted, for example 401, 4xx or 2xx,429: they decide the mark and the exit code [default: as the provider, or with --fault as a correct receiver]"
    )]
    pub expect_status: Option<WantedStatus>,
    /// Retry N times, or as the provider does (policy)
    #[arg(long, long_help = "Retry failures: N times, or as the provider does (policy) [default: no retries]", value_name = "policy|N", help_heading = None)]
    pub retries: Option<Retries>,
    /// Wait for the server to start, up to this time
    #[arg(long, value_name = "TIME", help_heading = None, value_parser = crate::model::duration::parse)]
    pub wait: Option<Duration>,
    #[command(flatten)]
    pub transport: TransportArgs,
    /// Use this HTTP method instead of the provider's
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub method: Option<String>,
    /// How long to wait for the response, or none [default: the provider's]
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<Timeout>,
    /// The waits between attempts, for example 1s,2s,4s or exponential:1s..1m
    /// (the default)
    #[arg(long, value_name = "WAITS", requires = "retries")]
    pub backoff: Option<Backoff>,
    /// Vary each wait by up to this percentage, for example 20%
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "retries")]
    pub jitter: Option<f64>,
    /// Shorten waits and rates by this factor, for example 60x; timeouts stay
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    pub speed: Option<f64>,
    /// Use this provider's delivery policy instead of the event's own
    #[arg(long, value_name = "PROVIDER")]
    pub policy: Option<String>,
    /// How many attempts run at the same time [default: 1, or the policy's]
    #[arg(long, value_name = "N", value_parser = number::<u32>(1..=1000))]
    pub concurrency: Option<u32>,
    /// How many attempts start per period, for example 10/s or 100/min
    #[arg(long, value_name = "RATE")]
    pub rate: Option<Rate>,
    /// Send the next event only after the previous one is delivered or has failed
    #[arg(long)]
    pub ordered: bool,
}

fn percent(text: &str) -> Result<f64, InvalidText> {
    let number = text
        .strip_suffix('%')
        .unwrap_or(text)
        .trim()
        .parse::<f64>()
        .ok();
    let percent = number.filter(|percent| (0.0..=100.0).contains(percent));
    percent.map(|percent| percent / 100.0).ok_or_else(|| {
        format!("invalid percentage `{text}`: use a value up to 100%, for example 20%").into()
    })
}

pub(super) fn speed(text: &str) -> Result<f64, InvalidText> {
    let number = text
        .strip_suffix('x')
        .unwrap_or(text)
        .trim()
        .parse::<f64>()
        .ok();
    number
        .filter(|speed| (0.001..=1_000_000.0).contains(speed))
        .ok_or_else(|| {
            format!("invalid factor `{text}`: use a number and x, for example 60x").into()
        })
}

/// A method is a token (RFC 9110, section 9.1).
fn method(text: &str) -> Result<String, InvalidText> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if text.is_empty() || !text.bytes().all(plain) {
        return Err("invalid method: use a word, for example POST or PUT".into());
    }
    Ok(text.to_owned())
}
