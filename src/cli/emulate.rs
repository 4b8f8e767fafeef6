//! `emulate`: which providers, where, and what their deliveries may do.

use std::net::IpAddr;

use clap::Args;

use super::send::speed;
use super::shared::number;
use super::ui::{DEFAULT_ADDRESS, PageArgs, host_name};
use crate::delivery::Rate;

const DEFAULT_PORT: u16 = 4000;

/// Which providers' APIs are served.
#[derive(Debug, Args)]
pub struct EmulateArgs {
    /// The providers, each on a port of its own
    #[arg(value_name = "PROVIDER", required = true)]
    pub providers: Vec<String>,
    /// The port of the first provider, the next ones follow; 0 for any free ones
    #[arg(long, value_name = "PORT", default_value_t = DEFAULT_PORT, value_parser = number::<u16>(0..))]
    pub port: u16,
    /// Shorten waits and limits by this factor, for example 60x; timeouts stay
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    pub speed: Option<f64>,
    /// Leave delivering to `hookcli worker`, beside others with the same store
    #[arg(long, help_heading = "Hosts")]
    pub no_worker: bool,
    /// Also serve the page in the browser: subscriptions, deliveries, resend
    #[arg(long)]
    pub ui: bool,
    #[command(flatten)]
    pub page: PageArgs,
    /// Play a scenario once there is a subscription: NAME, PROVIDER/NAME or a file
    #[arg(long, value_name = "SCENARIO", help_heading = "Events")]
    pub scenario: Option<String>,
    /// Publish events at random, so many in a time, for example 5/s
    #[arg(long, value_name = "RATE", help_heading = "Events")]
    pub traffic: Option<Rate>,
    /// Make the same events on every run with the same number
    #[arg(long, value_name = "N", value_parser = number::<u64>(0..), help_heading = "Events")]
    pub seed: Option<u64>,
    /// Also deliver to this host, which is not this machine; repeatable
    #[arg(long, value_name = "NAME", value_parser = host_name, help_heading = "Hosts")]
    pub allow_host: Vec<String>,
    /// Accept http:// URLs of this machine, where the provider wants https://
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, help_heading = "Hosts")]
    pub allow_http: bool,
    /// The address to listen on; others than loopback need HOOKCLI_EMULATOR_TOKEN or a
    /// token of the workspace
    #[arg(long, value_name = "ADDRESS", default_value_t = DEFAULT_ADDRESS, help_heading = "Hosts")]
    pub bind: IpAddr,
    /// Another name by which this machine is called, for example in a container; repeatable
    #[arg(long, value_name = "NAME", value_parser = host_name, help_heading = "Hosts")]
    pub api_host: Vec<String>,
}
