use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, ReadArgs, SecretArgs, parse_now, public_url};

/// Judges a request's signature: a capture's, an exported file's, a raw HTTP request's, or that of a body
/// and headers. Exit code 0 where it is valid, 1 where it is not, 2 where there is nothing to judge with.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli verify last --secret-env CONVO_SECRET\n  hookcli verify cap_01KAHZ --secret-file key\n  hookcli verify capture.har --provider convo --secret-env CONVO_SECRET\n  hookcli verify --request request.http --provider convo --secret-env CONVO_SECRET\n  hookcli verify --body event.json -H \"X-Convo-Signature: $SIGNATURE\" --secret-env CONVO_SECRET"
)]
pub struct VerifyArgs {
    /// A capture (id, part of one, last), a file with a request in any form that `captures import` reads, or a URL of one
    #[arg(value_name = "CAPTURE", conflicts_with_all = ["request", "body"], required_unless_present_any = ["request", "body"])]
    pub capture: Option<String>,
    /// A file with a request, whatever its name; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "body")]
    pub request: Option<PathBuf>,
    /// A body: a file, or - for standard input; its headers with -H
    #[arg(long, value_name = "FILE")]
    pub body: Option<String>,
    /// A header of the request
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderFlag>,
    /// The provider (default: the capture's, or what is recognised); generic is HMAC-SHA256 in X-Signature
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// An endpoint of hookcli.toml: its provider, secret and signature
    #[arg(long, value_name = "ENDPOINT", conflicts_with = "provider")]
    pub to: Option<String>,
    /// How old a signed timestamp may be (default: the scheme's)
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub tolerance: Option<Duration>,
    /// The time to judge at (default: when the capture was received, else now)
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub now: Option<jiff::Timestamp>,
    /// Also print what the signature should have been; it is as good as a key for this request
    #[arg(long)]
    pub reveal: bool,
    /// The URL that was signed, for schemes that sign it
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The URL under which the sender knows the server, for schemes that sign it (default: http and the
    /// request's Host)
    #[arg(long, value_name = "URL", value_parser = public_url, conflicts_with = "url")]
    pub public_url: Option<String>,
    /// The method that was signed, for schemes that sign it
    #[arg(long, value_name = "METHOD")]
    pub method: Option<String>,
    #[command(flatten)]
    pub reading: ReadArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}
