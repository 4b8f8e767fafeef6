use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, ReadArgs, SecretArgs, parse_now, public_url};

/// Which request is verified, and with what.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A capture (id, last, last~N), or a file or URL with a request [default: last]
    #[arg(value_name = "CAPTURE", long_help = "A capture (an id, part of one, last, last~N), or a file or URL that `captures import` can read [default: last]", conflicts_with_all = ["request", "body"])]
    pub capture: Option<String>,
    /// A file with a request, or - for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "body")]
    pub request: Option<PathBuf>,
    /// A file with a body, or - for stdin; pass its headers with -H
    #[arg(long, value_name = "FILE")]
    pub body: Option<String>,
    /// A header of the request; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderFlag>,
    /// The provider [default: the recognised one]
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Use the provider, secret and signature of this endpoint
    #[arg(long, value_name = "ENDPOINT", conflicts_with = "provider")]
    pub to: Option<String>,
    /// How old a timestamp may be, for example 10m
    #[arg(long, long_help = "How old a timestamp may be, for example 10m [default: as the scheme says]", value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub tolerance: Option<Duration>,
    /// The time to compare timestamps with
    #[arg(long, long_help = "The time to compare timestamps with: Unix seconds or RFC 3339 [default: when the capture was received, else now]", value_name = "TIME", value_parser = parse_now, allow_hyphen_values = true)]
    pub now: Option<jiff::Timestamp>,
    /// Also print the correct signature; it is as good as a key for this request
    #[arg(long, help_heading = "Advanced")]
    pub reveal: bool,
    /// The URL that was signed, for schemes that sign it
    #[arg(long, value_name = "URL", help_heading = "Signed URL")]
    pub url: Option<String>,
    /// The server's URL as the sender calls it, for schemes that sign it
    /// [default: http and the request's Host]
    #[arg(long, value_name = "URL", value_parser = public_url, conflicts_with = "url", help_heading = "Signed URL")]
    pub public_url: Option<String>,
    /// The method that was signed, for schemes that sign it
    #[arg(long, value_name = "METHOD", help_heading = "Signed URL")]
    pub method: Option<String>,
    /// Verify with the public test secret of `hookcli send`
    #[arg(long, conflicts_with_all = ["secret", "secret_env", "secret_file"], help_heading = "Secrets")]
    pub test_secret: bool,
    #[command(flatten)]
    pub reading: ReadArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}
