//! `worker`: what is delivered and forwarded, and where to.

use clap::Args;

use super::send::speed;
use super::shared::{Timeout, number};
use super::ui::host_name;

/// What is delivered and forwarded.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// The emulated providers whose deliveries are made [default: all in the store]
    #[arg(value_name = "PROVIDER")]
    pub providers: Vec<String>,
    /// Shorten waits and limits by this factor, for example 60x; timeouts stay
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    pub speed: Option<f64>,
    /// The number of deliveries of emulated providers at one time
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = number::<u32>(1..=10_000))]
    pub concurrency: u32,
    /// Also deliver to this host, which is not this machine; repeatable
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub allow_host: Vec<String>,
    /// Accept http:// URLs of this machine, where the provider wants https://
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    pub allow_http: bool,
    #[command(flatten)]
    pub forwarding: ForwardingArgs,
}

/// How what `listen --no-worker` received is forwarded.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forwarding")]
pub struct ForwardingArgs {
    /// Requests to one destination at one time, over all workers
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = number::<u32>(1..=1000))]
    pub forward_concurrency: u32,
    /// How long a destination can take to respond, or none
    /// [default: the provider's timeout]
    #[arg(long, value_name = "TIME")]
    pub forward_timeout: Option<Timeout>,
    /// Accept any certificate from a destination
    #[arg(long)]
    pub forward_insecure: bool,
    /// Forward one request at a time, in the order received, over all workers
    #[arg(long)]
    pub ordered: bool,
}
