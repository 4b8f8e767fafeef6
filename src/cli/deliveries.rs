use clap::{Args, Subcommand};

use super::captures::FilterArgs;

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
