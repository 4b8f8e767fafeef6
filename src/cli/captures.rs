use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::listen::ExpectArgs;
use super::shared::ReadArgs;
use super::shared::{number, one_of};
use crate::exchange::ExportForm;
use crate::model::{Verdict, When};
use crate::store::Keep;

#[derive(Debug, Subcommand)]
pub enum CapturesCommand {
    /// List captures, newest first
    #[command(visible_alias = "ls")]
    List(ListArgs),
    /// Show one capture
    Show(ShowArgs),
    /// Show what differs between two captures
    Diff(DiffArgs),
    /// Export captures as JSON, HAR, curl commands or code
    Export(ExportArgs),
    /// Import requests from files, URLs or curl commands
    Import(ImportArgs),
    /// Remove what exceeds a limit
    Prune(PruneArgs),
    /// Remove captures
    #[command(visible_alias = "remove")]
    Rm(RemoveArgs),
    /// Wait until a running listener has stored the expected events
    Wait(WaitArgs),
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The first capture: an id, its last six characters, last, last~N
    #[arg(value_name = "A", default_value = "last~1")]
    pub one: String,
    /// The second capture
    #[arg(value_name = "B", default_value = "last")]
    pub other: String,
    /// Show secrets and credentials instead of [redacted]
    #[arg(long)]
    pub reveal: bool,
}

#[derive(Debug, Args)]
pub struct WaitArgs {
    /// Count requests from this time on: an age (1m), Unix seconds or RFC 3339
    /// [default: now]
    #[arg(long, value_name = "TIME")]
    pub since: Option<When>,
    #[command(flatten)]
    pub expect: ExpectArgs,
}

/// Which captures or deliveries.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Only from this provider
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Only of this event type, or a pattern ('invoice.*')
    #[arg(long, value_name = "EVENT")]
    pub event: Option<String>,
    /// Only from this time on: an age (1h), a date or RFC 3339
    #[arg(long, value_name = "TIME")]
    pub since: Option<When>,
    /// Only before this time: an age (1h), a date or RFC 3339
    #[arg(long, value_name = "TIME")]
    pub until: Option<When>,
}

/// Which captures.
#[derive(Clone, Debug, Args)]
pub struct CaptureFilterArgs {
    #[command(flatten)]
    pub common: FilterArgs,
    /// Only with this verdict
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>(), help_heading = "Filters")]
    pub verdict: Option<Verdict>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// What to search for: event:invoice.*, status:400.., a text
    #[arg(
        value_name = "QUERY",
        long_help = "What to search for, for example provider:stripe not:event:ping status:400.. jane: all must match. docs/search.md lists the fields"
    )]
    pub query: Vec<String>,
    #[command(flatten)]
    pub filter: CaptureFilterArgs,
    /// The number of captures to list [default: 20]
    #[arg(short = 'n', long, value_name = "N", value_parser = number::<usize>(0..), help_heading = None)]
    pub limit: Option<usize>,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An id, its first or last six characters, last or last~N
    #[arg(value_name = "CAPTURE", default_value = "last")]
    pub capture: String,
    /// Print only the exact bytes of the body
    #[arg(long)]
    pub raw: bool,
    /// Print the bytes even if they would control the terminal
    #[arg(long, requires = "raw")]
    pub force: bool,
    /// Show secrets and credentials instead of [redacted]
    #[arg(long)]
    pub reveal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One document per line; `import` reads it
    Json,
    /// The raw request
    Http,
    /// A curl command
    Curl,
    /// HTTP Archive 1.2
    Har,
    /// An HTTPie command
    Httpie,
    /// JavaScript, with fetch
    Fetch,
    /// Python, with requests
    Python,
    /// Go, with net/http
    Go,
    /// A .http file for VS Code and JetBrains
    HttpFile,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Captures (id, last, last~N), or a query such as event:invoice.*
    #[arg(value_name = "CAPTURE|QUERY")]
    pub captures: Vec<String>,
    #[command(flatten)]
    pub filter: CaptureFilterArgs,
    /// The format to write
    #[arg(long, value_enum, default_value = "json", help_heading = None)]
    pub format: ExportFormat,
    /// The file to write [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = None)]
    pub output: Option<PathBuf>,
    /// Write secrets and credentials instead of [redacted]
    #[arg(long, help_heading = None)]
    pub reveal: bool,
    /// Sign with the public test secret instead of yours: a fixture for tests
    #[arg(long, help_heading = None, conflicts_with = "reveal")]
    pub test_secret: bool,
    /// Print the bytes even if they would control the terminal
    #[arg(long, help_heading = "Advanced")]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files, http or https URLs, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    #[command(flatten)]
    pub reading: ReadArgs,
}

#[derive(Debug, Args)]
pub struct PruneArgs {
    /// How much to keep: an age (7d), a count (100000) or a size (2GiB)
    /// [default: the store's own limit]
    #[arg(long, value_name = "HOW MUCH")]
    pub keep: Option<Keep>,
    /// Only print what would be removed
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// Captures (id, last, last~N), or a query such as event:invoice.*
    #[arg(value_name = "CAPTURE|QUERY", required_unless_present = "all")]
    pub captures: Vec<String>,
    /// Remove everything that matches the filters
    #[arg(long)]
    pub all: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub filter: CaptureFilterArgs,
}

impl From<ExportFormat> for ExportForm {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Json => Self::Json,
            ExportFormat::Http => Self::Http,
            ExportFormat::Har => Self::Har,
            ExportFormat::Curl => Self::Curl,
            ExportFormat::Httpie => Self::Httpie,
            ExportFormat::Fetch => Self::Fetch,
            ExportFormat::Python => Self::Python,
            ExportFormat::Go => Self::Go,
            ExportFormat::HttpFile => Self::HttpFile,
        }
    }
}
