use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, SecretArgs, Timeout, parse_now};

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
    /// With each event its variants
    #[arg(long)]
    pub variants: bool,
    /// The provider, where the event's name leaves it open
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,

    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
    /// Send no signature
    #[arg(long, help_heading = "Secrets")]
    pub unsigned: bool,

    #[command(flatten)]
    pub content: ContentArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,

    /// Print the exact request instead of sending it
    #[arg(long, conflicts_with = "curl")]
    pub dry_run: bool,
    /// Print a curl command that sends the same request
    #[arg(long)]
    pub curl: bool,
}

/// What the payload holds.
#[derive(Debug, Args)]
#[command(next_help_heading = "Payload")]
pub struct ContentArgs {
    /// Your own payload: a file, - for standard input, or JSON that starts with { or [
    #[arg(long, value_name = "FILE")]
    pub data: Option<String>,
    /// Set a value: PATH=VALUE, the path a JSON pointer or with dots; JSON if it parses, else text
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Set a value as text
    #[arg(long, value_name = "PATH=TEXT")]
    pub set_string: Vec<String>,
    /// Remove a value
    #[arg(long, value_name = "PATH")]
    pub unset: Vec<String>,
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
    /// Add or replace a header
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderFlag>,
    /// The method instead of the provider's
    #[arg(long, value_name = "METHOD", value_parser = method)]
    pub method: Option<String>,
    /// How long to wait for the response, or none (default: the provider's)
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<Timeout>,
    /// Wait until something listens there
    #[arg(long, value_name = "TIME", value_parser = crate::duration::parse)]
    pub wait: Option<Duration>,
    /// Take any certificate
    #[arg(long)]
    pub insecure: bool,
    /// Trust the certificates of this PEM file too
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Send over plain http what its provider sends over https alone
    #[arg(long)]
    pub allow_http: bool,
}

/// A method is a token (RFC 9110, section 9.1).
fn method(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if text.is_empty() || !text.bytes().all(plain) {
        return Err("a method is a word such as POST or PUT".to_owned());
    }
    Ok(text.to_owned())
}
