use clap::Args;

use super::captures::FilterArgs;
use super::send::DeliveryArgs;
use super::shared::{ReadArgs, SecretArgs, one_of, parse_now};
use crate::model::Verdict;

/// Sends captures again, in the order in which they came: the same bytes and headers, or, with --resign,
/// with fresh timestamps, ids and signatures and everything else as it was.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli replay last --url http://localhost:3000/webhooks\n  hookcli replay --provider convo --since 1h --url 3000\n  hookcli replay last --url 3000 --resign --secret-env CONVO_SECRET\n  hookcli replay capture.json --url 3000 --keep-path\n  hookcli replay --unforwarded\n  hookcli replay --unforwarded --destination http://localhost:3000/hook --url http://localhost:4000/hook\n  hookcli replay --unforwarded --discard http://localhost:3000/hook"
)]
pub struct ReplayArgs {
    /// Captures (ids, the beginnings or last six characters of some, last, last~N) or files and URLs that `captures import` reads
    #[arg(value_name = "CAPTURE", conflicts_with_all = ["provider", "event", "since", "until", "verdict", "unforwarded"])]
    pub captures: Vec<String>,
    /// Only with this verdict
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>(), help_heading = "Filters")]
    pub verdict: Option<Verdict>,
    /// Only what is still to be forwarded to a destination of `listen --forward-to`: to the one that --url
    /// names, or the only one. What is delivered there now counts as forwarded there, and nowhere else
    #[arg(long, help_heading = "Filters")]
    pub unforwarded: bool,
    /// With --unforwarded: what is pending at this destination, which has moved to --url or --to
    #[arg(
        long,
        value_name = "URL",
        requires = "unforwarded",
        help_heading = "Filters"
    )]
    pub destination: Option<String>,
    /// With --unforwarded: send nothing, and clear what is pending at a destination that no longer exists
    #[arg(long, value_name = "URL", requires = "unforwarded", conflicts_with_all = ["url", "to", "destination", "provider", "event", "since", "until", "verdict", "curl", "resign"], help_heading = "Filters")]
    pub discard: Option<String>,
    /// Where to: a URL, or a port of this machine; used as it is [env: HOOKCLI_URL]
    #[arg(long, value_name = "URL", conflicts_with = "to")]
    pub url: Option<String>,
    /// An endpoint of hookcli.toml, or a URL
    #[arg(long, value_name = "ENDPOINT")]
    pub to: Option<String>,
    /// Append the captured path and query to the URL
    #[arg(long)]
    pub keep_path: bool,
    /// Renew timestamps, ids, tokens and signatures
    #[arg(long)]
    pub resign: bool,
    /// With --resign: captures by name that did not verify, too
    #[arg(long, requires = "resign")]
    pub resign_unverified: bool,
    /// Send Authorization, Cookie and tokens to a host that is not this machine
    #[arg(long)]
    pub keep_credentials: bool,
    /// Set a value in the body: PATH=VALUE
    #[arg(
        long,
        value_name = "PATH=VALUE",
        conflicts_with = "unforwarded",
        help_heading = "Payload"
    )]
    pub set: Vec<String>,
    /// Set a value in the body as text
    #[arg(
        long,
        value_name = "PATH=TEXT",
        conflicts_with = "unforwarded",
        help_heading = "Payload"
    )]
    pub set_string: Vec<String>,
    /// Remove a value from the body
    #[arg(
        long,
        value_name = "PATH",
        conflicts_with = "unforwarded",
        help_heading = "Payload"
    )]
    pub unset: Vec<String>,
    /// Make fresh ids reproducible
    #[arg(long, value_name = "N", help_heading = "Payload")]
    pub seed: Option<u64>,
    /// The time to write and sign: Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = parse_now, help_heading = "Payload")]
    pub now: Option<jiff::Timestamp>,
    /// Print the exact request instead of sending it; with --discard, only say what would be cleared
    #[arg(long, conflicts_with = "curl")]
    pub dry_run: bool,
    /// Print a curl command that sends the same request
    #[arg(long)]
    pub curl: bool,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub reading: ReadArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}
