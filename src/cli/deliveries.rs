use clap::{Args, Subcommand};

use super::captures::FilterArgs;
use super::send::DeliveryArgs;
use super::shared::SecretArgs;

#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// List deliveries, newest first
    #[command(
        visible_alias = "ls",
        after_help = "Examples:\n  hookcli deliveries list --outcome failed\n  hookcli deliveries list --provider agentclara --since 1h"
    )]
    List(ListDeliveriesArgs),
    /// Show one delivery: the request, the response, the timing
    #[command(
        after_help = "Examples:\n  hookcli deliveries show last\n  hookcli deliveries show last --json | jq .attempts"
    )]
    Show(ShowDeliveryArgs),
    /// Go on with deliveries that failed or were cut off: the same event and body, signed afresh
    #[command(
        after_help = "Examples:\n  hookcli deliveries retry last\n  hookcli deliveries retry --failed --since 1h --retries policy --speed 60x"
    )]
    Retry(Box<RetryArgs>),
}

#[derive(Debug, Args)]
pub struct RetryArgs {
    /// An id, the beginning or the last six characters of one, last, or last~N
    #[arg(
        value_name = "DELIVERY",
        required_unless_present = "failed",
        conflicts_with = "failed"
    )]
    pub deliveries: Vec<String>,
    /// Every one that failed or was cut off, oldest first; narrow it with the filters
    #[arg(long)]
    pub failed: bool,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}

#[derive(Debug, Args)]
pub struct ListDeliveriesArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only with this outcome
    #[arg(long, value_name = "OUTCOME", value_parser = ["delivered", "failed", "pending"], help_heading = "Filters")]
    pub outcome: Option<String>,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct ShowDeliveryArgs {
    /// An id, the beginning or the last six characters of one, last, or last~N
    #[arg(value_name = "DELIVERY", default_value = "last")]
    pub delivery: String,
}
