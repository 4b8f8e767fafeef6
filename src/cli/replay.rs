use clap::Args;

use super::captures::CaptureFilterArgs;
use super::send::DeliveryArgs;
use super::shared::{ReadArgs, SecretArgs, number, parse_now};

/// Which captures are sent again, and where to.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// Captures (id, last), a query, files, URLs
    #[arg(
        value_name = "CAPTURE|QUERY",
        long_help = "Captures (an id, its last six characters, last~N), a query (event:invoice.* after:1h), or files and URLs as for `captures import`"
    )]
    pub captures: Vec<String>,
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
    /// Sign again, with new timestamps and ids
    #[arg(long)]
    pub resign: bool,
    /// Set a value, for example data.status=open
    #[arg(long, value_name = "PATH=VALUE", conflicts_with = "unforwarded")]
    pub set: Vec<String>,
    /// Edit the body in $EDITOR, then sign and send it
    #[arg(long, conflicts_with_all = ["set", "set_string", "unset", "unforwarded"])]
    pub edit: bool,
    /// Append the capture's path to the URL
    #[arg(long, help_heading = "Forwarding")]
    pub keep_path: bool,
    /// Send what is waiting to be forwarded
    #[arg(
        long,
        long_help = "Send what is waiting to be forwarded to each destination, or only to that of --url, and count it as forwarded there"
    )]
    pub unforwarded: bool,
    /// Print the exact request instead of sending it
    #[arg(long, conflicts_with = "curl")]
    pub dry_run: bool,
    /// Print a curl command instead of sending it
    #[arg(long)]
    pub curl: bool,
    #[command(flatten)]
    pub filter: CaptureFilterArgs,
    /// With --unforwarded: send what is pending for this destination, which has moved
    /// to --url or --to
    #[arg(
        long,
        value_name = "URL",
        requires = "unforwarded",
        help_heading = "Forwarding"
    )]
    pub destination: Option<String>,
    /// With --unforwarded: send nothing, and forget what is pending for a destination
    /// that no longer exists
    #[arg(long, value_name = "URL", requires = "unforwarded", conflicts_with_all = ["url", "to", "destination", "provider", "event", "since", "until", "verdict", "curl", "resign"], help_heading = "Forwarding")]
    pub discard: Option<String>,
    /// Set a value as text, even if it looks like JSON
    #[arg(
        long,
        value_name = "PATH=TEXT",
        conflicts_with = "unforwarded",
        help_heading = "Payload"
    )]
    pub set_string: Vec<String>,
    /// Remove a value
    #[arg(
        long,
        value_name = "PATH",
        conflicts_with = "unforwarded",
        help_heading = "Payload"
    )]
    pub unset: Vec<String>,
    /// Generate the same new ids on every run with the same number
    #[arg(long, value_name = "N", value_parser = number::<u64>(0..), help_heading = "Payload")]
    pub seed: Option<u64>,
    /// The current time to use: Unix seconds or RFC 3339 (2026-11-21T08:00:00Z)
    #[arg(long, value_name = "TIME", value_parser = parse_now, allow_hyphen_values = true, help_heading = "Payload")]
    pub now: Option<jiff::Timestamp>,
    /// With --resign: also sign captures that were not valid, if named by id
    #[arg(long, requires = "resign", help_heading = "Secrets")]
    pub resign_unverified: bool,
    /// Send Authorization, Cookie and tokens to another machine, too
    #[arg(long, help_heading = "Secrets")]
    pub keep_credentials: bool,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
    #[command(flatten)]
    pub reading: ReadArgs,
}
