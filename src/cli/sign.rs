use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, SecretArgs, parse_now};

/// What is signed, and as whom.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// The provider, or generic for HMAC-SHA256 in X-Signature
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// A file with the body, or - for stdin
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub body: String,
    /// Use the provider, secret and signature of this endpoint
    #[arg(long, value_name = "ENDPOINT", conflicts_with = "provider")]
    pub to: Option<String>,
    /// A header of the request, for schemes that sign it; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderFlag>,
    /// The URL, for schemes that sign it
    #[arg(long, value_name = "URL", help_heading = "Signed parts")]
    pub url: Option<String>,
    /// The method, for schemes that sign it
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "POST",
        help_heading = "Signed parts"
    )]
    pub method: String,
    /// The current time to use: Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = parse_now, allow_hyphen_values = true)]
    pub now: Option<jiff::Timestamp>,
    /// The message id, for schemes that sign it [default: a new one]
    #[arg(long, value_name = "ID", help_heading = "Signed parts")]
    pub id: Option<String>,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}
