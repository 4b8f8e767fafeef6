use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::captures::FilterArgs;
use super::scheme::SchemeArgs;
use super::send::DeliveryArgs;
use super::shared::SecretArgs;
use super::shared::{number, one_of};
use crate::delivery::Alarm;
use crate::model::Outcome;

#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// List deliveries, newest first
    #[command(visible_alias = "ls")]
    List(ListDeliveriesArgs),
    /// Show one delivery: its requests, responses and timing
    Show(ShowDeliveryArgs),
    /// Show the success rate, response times, retries and errors
    Stats(StatsArgs),
    /// Export deliveries as JSON, or as a report for a provider's support
    Export(ExportDeliveriesArgs),
    /// Retry deliveries that failed or were interrupted
    Retry(Box<RetryArgs>),
}

/// Which deliveries.
#[derive(Clone, Debug, Args)]
pub struct DeliveryFilterArgs {
    #[command(flatten)]
    pub common: FilterArgs,
    /// Only with this outcome
    #[arg(long, value_name = "OUTCOME", value_parser = one_of::<Outcome>(), help_heading = "Filters")]
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Args)]
pub struct StatsArgs {
    /// Which deliveries, for example endpoint:orders after:1h
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    #[command(flatten)]
    pub filter: DeliveryFilterArgs,
    /// Exit 1 if this holds, for example 'success_rate<99%'
    #[arg(
        long,
        value_name = "CONDITION",
        help_heading = None,
        long_help = "Exit 1 if this holds: success_rate<99%, p95>2s, average>500ms, retries>10, failed>0 or failures_in_a_row>=3; repeatable"
    )]
    pub fail_if: Vec<Alarm>,
}

#[derive(Debug, Args)]
pub struct ExportDeliveriesArgs {
    /// Deliveries (id, last, last~N), or a query such as outcome:failed
    #[arg(value_name = "DELIVERY|QUERY")]
    pub deliveries: Vec<String>,
    #[command(flatten)]
    pub filter: DeliveryFilterArgs,
    /// json: one document per line; report: Markdown with ids, times and errors
    #[arg(long, value_name = "FORMAT", value_parser = ["json", "report"], default_value = "json", help_heading = None)]
    pub format: String,
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = None)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct RetryArgs {
    /// Deliveries (id, last, last~N); with --failed a query such as event:invoice.*
    #[arg(value_name = "DELIVERY|QUERY", required_unless_present = "failed")]
    pub deliveries: Vec<String>,
    /// Retry every failed or interrupted delivery that matches
    #[arg(long)]
    pub failed: bool,
    #[command(flatten)]
    pub filter: DeliveryFilterArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
    #[command(flatten)]
    pub delivery: DeliveryArgs,
}

#[derive(Debug, Args)]
pub struct ListDeliveriesArgs {
    /// What to search for: outcome:failed, status:5xx, a text
    #[arg(
        value_name = "QUERY",
        long_help = "What to search for, for example outcome:failed not:status:5xx after:1h: all must match. docs/search.md lists the fields"
    )]
    pub query: Vec<String>,
    #[command(flatten)]
    pub filter: DeliveryFilterArgs,
    /// The number of deliveries to list [default: 20]
    #[arg(short = 'n', long, value_name = "N", value_parser = number::<usize>(0..), help_heading = None)]
    pub limit: Option<usize>,
}

#[derive(Debug, Args)]
pub struct ShowDeliveryArgs {
    /// An id, its first or last six characters, last or last~N
    #[arg(value_name = "DELIVERY", default_value = "last")]
    pub delivery: String,
}
