use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::SecretArgs;
use crate::delivery::Rate;

/// Sends many events, each freshly built and signed, and measures the answers. With --rate, a latency is
/// counted from when its request was due, so that a slow receiver cannot hide behind a sender that waits.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli load agentclara/message.received --url 3000 --duration 10s\n  hookcli load github/push stripe/invoice.paid --url 3000 --rate 500/s --duration 1m --report load.html\n  hookcli load gaife/message --url 3000 --count 10000 --concurrency 64 --json"
)]
pub struct LoadArgs {
    /// EVENT, PROVIDER/EVENT or PROVIDER/EVENT:VARIANT; several are sent in turn
    #[arg(value_name = "EVENT", required = true)]
    pub events: Vec<String>,
    /// Where to: a URL, or a port of this machine [env: HOOKCLI_URL]
    #[arg(long, value_name = "URL", conflicts_with = "to")]
    pub url: Option<String>,
    /// An endpoint of hookcli.toml, or a URL
    #[arg(long, value_name = "ENDPOINT")]
    pub to: Option<String>,
    /// How many connections
    #[arg(short, long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub concurrency: u32,
    /// Send at that rate, such as 500/s, whatever comes back (default: as fast as answers come)
    #[arg(long, value_name = "RATE")]
    pub rate: Option<Rate>,
    /// For how long (default: 10s, unless --count)
    #[arg(short, long, value_name = "TIME", value_parser = crate::model::duration::parse, conflicts_with = "count")]
    pub duration: Option<Duration>,
    /// How many requests
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// Send for that long before anything is counted
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub warmup: Option<Duration>,
    /// How long to wait for an answer
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse, default_value = "30s")]
    pub timeout: Duration,
    /// Write a page with plots
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Keep each delivery in the store, as `send` does (default: the summary alone)
    #[arg(long)]
    pub record: bool,
    /// Trust this CA too, for https
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,
    /// Load another machine than this one: it should be yours
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}
