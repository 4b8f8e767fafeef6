//! `worker`: what is delivered, and where to.

use clap::Args;

use super::send::speed;
use super::ui::host_name;

/// Whose deliveries are made.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// The emulated providers whose deliveries are made [default: all in the store]
    #[arg(value_name = "PROVIDER")]
    pub providers: Vec<String>,
    /// Shorten waits and limits by this factor, for example 60x; timeouts stay
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    pub speed: Option<f64>,
    /// Also deliver to this host, which is not this machine; repeatable
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub allow_host: Vec<String>,
    /// Accept http:// URLs of this machine, where the provider wants https://
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    pub allow_http: bool,
}
