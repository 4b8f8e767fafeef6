use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, SecretArgs, parse_now};

/// Prints the headers that a provider would sign a body with; and the body, where the scheme puts the
/// secret into it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli sign --provider convo --secret-env CONVO_SECRET --body event.json\n  cat event.json | hookcli sign --provider generic --secret-file key\n  curl -H \"$(hookcli sign --provider convo --secret-env S --body event.json)\" --data-binary @event.json localhost:3000"
)]
pub struct SignArgs {
    /// The provider; generic is HMAC-SHA256 of the body, hex, in X-Signature
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// The body: a file, or - for standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub body: String,
    /// An endpoint of hookcli.toml: its provider, secret and signature
    #[arg(long, value_name = "ENDPOINT", conflicts_with = "provider")]
    pub to: Option<String>,
    /// A header of the request, for schemes that sign one
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderFlag>,
    /// The URL, for schemes that sign it
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The method, for schemes that sign it
    #[arg(long, value_name = "METHOD", default_value = "POST")]
    pub method: String,
    /// The time to sign: Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub now: Option<jiff::Timestamp>,
    /// The message's id, for schemes that sign one (default: a new one)
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}
