use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::scheme::SchemeArgs;
use super::shared::{SecretArgs, number};
use crate::delivery::Rate;

/// Which events are sent, where to, and for how long.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// EVENT or PROVIDER/EVENT; several take turns
    #[arg(value_name = "EVENT", required = true)]
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
    /// The number of connections
    #[arg(short, long, value_name = "N", default_value_t = 32, value_parser = number::<u32>(1..=10_000))]
    pub concurrency: u32,
    /// Send at this rate, for example 500/s
    #[arg(
        long,
        long_help = "Send at this rate, for example 500/s [default: as fast as responses arrive]",
        value_name = "RATE"
    )]
    pub rate: Option<Rate>,
    /// How long to send [default: 10s, unless --count]
    #[arg(short, long, value_name = "TIME", value_parser = crate::model::duration::parse, conflicts_with = "count")]
    pub duration: Option<Duration>,
    /// How many requests to send
    #[arg(short = 'n', long, value_name = "N", value_parser = number::<u64>(1..))]
    pub count: Option<u64>,
    /// Send for this long before measuring
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub warmup: Option<Duration>,
    /// How long to wait for a response
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse, default_value = "30s", help_heading = "Delivery")]
    pub timeout: Duration,
    /// Write an HTML page with plots
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Also store each delivery, as `send` does
    #[arg(long, help_heading = "Advanced")]
    pub record: bool,
    /// Also trust the certificates in this PEM file
    #[arg(long, value_name = "FILE", help_heading = "Delivery")]
    pub cacert: Option<PathBuf>,
    /// Accept any TLS certificate
    #[arg(short = 'k', long, help_heading = "Delivery")]
    pub insecure: bool,
    /// Allow sending to another machine
    #[arg(long, help_heading = "Advanced")]
    pub yes: bool,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}
