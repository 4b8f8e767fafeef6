use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::listen::ExpectArgs;
use super::shared::ReadArgs;
use super::shared::WhenFlag;
use super::shared::one_of;
use crate::exchange::ExportForm;
use crate::model::Verdict;
use crate::store::Keep;

#[derive(Debug, Subcommand)]
pub enum CapturesCommand {
    /// List captures, newest first
    #[command(
        visible_alias = "ls",
        after_help = "Examples:\n  hookcli captures list --verdict invalid --since 1h\n  hookcli captures list --provider convo --event conversation.created --limit 5"
    )]
    List(ListArgs),
    /// Show one capture
    #[command(
        after_help = "Examples:\n  hookcli captures show last\n  hookcli captures show cap_01KAHZ --raw > body.json"
    )]
    Show(ShowArgs),
    /// Write captures in a form for other tools
    #[command(
        after_help = "Examples:\n  hookcli captures export last --format http\n  hookcli captures export --since 1h --format har -o last-hour.har\n  hookcli captures export last --format curl"
    )]
    Export(ExportArgs),
    /// Take in what export wrote (json, http or har)
    #[command(
        after_help = "Examples:\n  hookcli captures import capture.json\n  hookcli captures import -"
    )]
    Import(ImportArgs),
    /// Remove, once, what is beyond the store's bound or another one
    #[command(
        after_help = "Examples:\n  hookcli captures prune --dry-run\n  hookcli captures prune --keep 30d\n  hookcli captures prune --keep 1000 --yes"
    )]
    Prune(PruneArgs),
    /// Remove captures
    #[command(
        visible_alias = "remove",
        after_help = "Examples:\n  hookcli captures rm last\n  hookcli captures rm --all --provider gaife"
    )]
    Rm(RemoveArgs),
    /// Wait until a running listener has kept what is expected
    #[command(
        after_help = "Examples:\n  hookcli captures wait --expect lead_captured --timeout 30s\n  hookcli captures wait --expect 'gaife/*>=3' --expect-valid --since 1m"
    )]
    Wait(WaitArgs),
}

#[derive(Debug, Args)]
pub struct WaitArgs {
    /// Count what came since: an age (1m), Unix seconds or RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub since: Option<WhenFlag>,
    #[command(flatten)]
    pub expect: ExpectArgs,
}

/// Which captures or deliveries.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Only of this provider
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Only of this event type
    #[arg(long, value_name = "EVENT")]
    pub event: Option<String>,
    /// Only since: an age (1h), Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME")]
    pub since: Option<WhenFlag>,
    /// Only before: an age (1h), Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME")]
    pub until: Option<WhenFlag>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only with this verdict
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>(), help_heading = "Filters")]
    pub verdict: Option<Verdict>,
    /// At most so many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An id, the beginning or the last six characters of one, last, or last~N
    #[arg(value_name = "CAPTURE", default_value = "last")]
    pub capture: String,
    /// The body's bytes as they came, and nothing else
    #[arg(long)]
    pub raw: bool,
    /// Let the raw bytes control the terminal
    #[arg(long, requires = "raw")]
    pub force: bool,
    /// Show masked secrets and credentials
    #[arg(long)]
    pub reveal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One document a line; import takes it back
    Json,
    /// The raw request
    Http,
    /// A command that sends it again
    Curl,
    /// HTTP Archive 1.2
    Har,
    /// A command for HTTPie
    Httpie,
    /// A script for JavaScript's fetch
    Fetch,
    /// A script for Python's requests
    Python,
    /// A program for Go
    Go,
    /// A .http file, as VS Code and JetBrains run it
    HttpFile,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Ids, the beginnings or last six characters of some, last, or last~N
    #[arg(value_name = "CAPTURE", conflicts_with_all = ["provider", "event", "since", "until", "verdict"])]
    pub captures: Vec<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only with this verdict
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>(), help_heading = "Filters")]
    pub verdict: Option<Verdict>,
    #[arg(long, value_enum, default_value = "json")]
    pub format: ExportFormat,
    /// Where to: a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// With secrets and credentials; else they are masked
    #[arg(long)]
    pub reveal: bool,
    /// Let the bytes control the terminal
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files, http or https URLs of some, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    #[command(flatten)]
    pub reading: ReadArgs,
}

#[derive(Debug, Args)]
pub struct PruneArgs {
    /// What is to stay: an age (7d), a count (100000) or a size (2GiB); the store's own bound stays as it is
    /// (default: the store's own bound)
    #[arg(long, value_name = "HOW MUCH")]
    pub keep: Option<Keep>,
    /// Only say what would be removed
    #[arg(long)]
    pub dry_run: bool,
    /// Remove it without asking
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// Ids, the beginnings or last six characters of some, last, or last~N
    #[arg(
        value_name = "CAPTURE",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub captures: Vec<String>,
    /// Everything that the filters leave
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Only with this verdict
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>(), help_heading = "Filters")]
    pub verdict: Option<Verdict>,
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
