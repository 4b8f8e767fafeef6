use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::captures::FilterArgs;
use super::scheme::SchemeArgs;
use super::send::DeliveryArgs;
use super::shared::SecretArgs;
use super::shared::one_of;
use crate::delivery::Alarm;
use crate::model::Outcome;

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
    /// What they come to: success rate, response times, retries, errors
    #[command(
        after_help = "Examples:\n  hookcli deliveries stats --since 1h\n  hookcli deliveries stats --provider gaife --fail-if 'success_rate<99%' --fail-if 'p95>2s'"
    )]
    Stats(StatsArgs),
    /// Write them to a file or standard output: as documents, or as a report for a provider's support
    #[command(
        after_help = "Examples:\n  hookcli deliveries export last --format report --output report.md\n  hookcli deliveries export --outcome failed --since 24h > failed.jsonl"
    )]
    Export(ExportDeliveriesArgs),
    /// Go on with deliveries that failed or were cut off: the same event and body, signed afresh
    #[command(
        after_help = "Examples:\n  hookcli deliveries retry last\n  hookcli deliveries retry --failed --since 1h --retries policy --speed 60x"
    )]
    Retry(Box<RetryArgs>),
}

#[derive(Debug, Args)]
pub struct StatsArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Exit with 1 where this holds: success_rate<99%, p95>2s, average>500ms, retries>10, failed>0,
    /// failures_in_a_row>=3
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Vec<Alarm>,
}

#[derive(Debug, Args)]
pub struct ExportDeliveriesArgs {
    /// Ids, beginnings or last six characters of them, last, or last~N; else what the filters leave
    #[arg(value_name = "DELIVERY")]
    pub deliveries: Vec<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only with this outcome
    #[arg(long, value_name = "OUTCOME", value_parser = one_of::<Outcome>(), help_heading = "Filters")]
    pub outcome: Option<Outcome>,
    /// json: one document a line; report: Markdown with ids, times, errors and the attempts
    #[arg(long, value_name = "FORMAT", value_parser = ["json", "report"], default_value = "json")]
    pub format: String,
    /// The file to write (default: standard output)
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
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
    pub scheme: SchemeArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}

#[derive(Debug, Args)]
pub struct ListDeliveriesArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only with this outcome
    #[arg(long, value_name = "OUTCOME", value_parser = one_of::<Outcome>(), help_heading = "Filters")]
    pub outcome: Option<Outcome>,
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
