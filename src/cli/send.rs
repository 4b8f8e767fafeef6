use std::time::Duration;

use crate::model::InvalidText;
use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{SecretArgs, Timeout, TransportArgs, parse_now};
use crate::delivery::{Backoff, Fault, Rate};
use crate::dispatch::Retries;

/// Builds events, signs them as their provider does, and delivers each once. Timestamps and ids are
/// fresh. Delivered is what the provider counts as delivered.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli send lead_captured --url http://localhost:3000/webhooks\n  hookcli send agentclara/message.received --url 3000 --set data.content='\"Hi\"' --secret-env CLARA_SECRET\n  hookcli send 'convo/conversation.*' --url 3000\n  hookcli send --all --provider gaife --variants --url 3000\n  hookcli send --all --to orders\n  hookcli send message.created --url 3000 --dry-run\n  hookcli send lead_captured --url 3000 --curl"
)]
pub struct SendArgs {
    /// EVENT, PROVIDER/EVENT, PROVIDER/EVENT:VARIANT, or a pattern such as 'convo/*'
    #[arg(value_name = "EVENT")]
    pub events: Vec<String>,
    /// Where to: a URL, or a port of this machine [env: HOOKCLI_URL]
    #[arg(long, value_name = "URL", conflicts_with = "to")]
    pub url: Option<String>,
    /// An endpoint of hookcli.toml, or a URL
    #[arg(long, value_name = "ENDPOINT")]
    pub to: Option<String>,
    /// Every event: of --provider, of the endpoint's subscription, or of all providers
    #[arg(long, conflicts_with = "events")]
    pub all: bool,
    /// Send it with a fault: duplicate, reorder, tampered_body[=OFFSET|last], tampered_signature[=last],
    /// missing_signature, empty_signature, malformed_signature, truncated_signature[=DIGITS], extended_signature,
    /// signature_elsewhere, other_body_signature, signature_case, signature_encoding, wrong_secret, public_secret,
    /// forged_first, second_secret, stale_timestamp[=1h], future_timestamp[=1h], unknown_event, missing_field,
    /// wrong_content_type[=form|none], not_json, truncated_body, huge_body[=BYTES], padded_body[=BYTES],
    /// deep_nesting[=DEPTH], compressed_body, spacing, escapes, key_order, reformatted_body[=pretty], late[=5s],
    /// slow_body[=BYTES/S], slow_head[=BYTES/S], reset, close, odd_chunks, header_case; can be repeated
    #[arg(long, value_name = "KIND[=ARG]")]
    pub fault: Vec<Fault>,
    /// Send a fault to another machine than this one: it should be yours
    #[arg(long, requires = "fault")]
    pub yes: bool,
    /// With each event its variants
    #[arg(long)]
    pub variants: bool,
    /// The provider, where the event's name leaves it open
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Send no signature
    #[arg(long, help_heading = "Secrets")]
    pub unsigned: bool,
    /// Print the exact request instead of sending it
    #[arg(long, conflicts_with = "curl")]
    pub dry_run: bool,
    /// Print a curl command that sends the same request
    #[arg(long)]
    pub curl: bool,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
    #[command(flatten)]
    pub content: ContentArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}

/// What the payload holds.
#[derive(Debug, Args)]
#[command(next_help_heading = "Payload")]
pub struct ContentArgs {
    /// Your own payload: a file, an http or https URL, - for standard input, or JSON that starts with { or [
    #[arg(long, value_name = "FILE")]
    pub data: Option<String>,
    /// Your own payload, as it stands here
    #[arg(long, value_name = "TEXT", conflicts_with = "data")]
    pub data_raw: Option<String>,
    /// Set a value: PATH=VALUE, the path a JSON pointer or with dots; JSON if it parses, else text
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Set a value as text
    #[arg(long, value_name = "PATH=TEXT")]
    pub set_string: Vec<String>,
    /// Remove a value
    #[arg(long, value_name = "PATH")]
    pub unset: Vec<String>,
    /// Send JSON in a form's field, as the provider can be set to (GitHub: payload=…)
    #[arg(long)]
    pub form: bool,
    /// The provider's platform that sends it
    #[arg(long, value_name = "NAME")]
    pub platform: Option<String>,
    /// Send it even where the platform never does
    #[arg(long, requires = "platform")]
    pub any_platform: bool,
    /// Keep the sample's timestamps and ids
    #[arg(long)]
    pub verbatim: bool,
    /// Make ids reproducible
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The time to write and sign: Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub now: Option<jiff::Timestamp>,
    /// Refuse to send what does not follow the event's schema
    #[arg(long)]
    pub strict: bool,
}

/// How the request travels.
#[derive(Debug, Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryArgs {
    #[command(flatten)]
    pub transport: TransportArgs,
    /// The method instead of the provider's
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub method: Option<String>,
    /// How long to wait for the response, or none (default: the provider's)
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<Timeout>,
    /// Try again what fails: as the provider does (policy), or so many times (default: one attempt)
    #[arg(long, value_name = "policy|N")]
    pub retries: Option<Retries>,
    /// Waits before the retries: 1s,2s,4s or exponential:1s..1m (the default)
    #[arg(long, value_name = "WAITS", requires = "retries")]
    pub backoff: Option<Backoff>,
    /// Make each wait longer or shorter by up to that part
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "retries")]
    pub jitter: Option<f64>,
    /// Let waits and rates go by so much faster; timeouts stay as they are
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    pub speed: Option<f64>,
    /// Follow this provider's policy instead of the event's own
    #[arg(long, value_name = "PROVIDER")]
    pub policy: Option<String>,
    /// How many attempts may be under way at once (default: 1, or the policy's)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub concurrency: Option<u32>,
    /// How many attempts may begin within a time, such as 100/min
    #[arg(long, value_name = "RATE")]
    pub rate: Option<Rate>,
    /// Send the next event only once the last is delivered or given up
    #[arg(long)]
    pub ordered: bool,
    /// Wait until something listens there
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub wait: Option<Duration>,
}

fn percent(text: &str) -> Result<f64, InvalidText> {
    let number = text
        .strip_suffix('%')
        .unwrap_or(text)
        .trim()
        .parse::<f64>()
        .ok();
    let percent = number.filter(|percent| (0.0..=100.0).contains(percent));
    percent
        .map(|percent| percent / 100.0)
        .ok_or_else(|| format!("`{text}`: write a part such as 20%").into())
}

fn speed(text: &str) -> Result<f64, InvalidText> {
    let number = text
        .strip_suffix('x')
        .unwrap_or(text)
        .trim()
        .parse::<f64>()
        .ok();
    number
        .filter(|speed| (0.001..=1_000_000.0).contains(speed))
        .ok_or_else(|| format!("`{text}`: write a factor such as 60x").into())
}

/// A method is a token (RFC 9110, section 9.1).
fn method(text: &str) -> Result<String, InvalidText> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if text.is_empty() || !text.bytes().all(plain) {
        return Err("a method is a word such as POST or PUT".into());
    }
    Ok(text.to_owned())
}
