use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::scheme::SchemeArgs;
use super::shared::{SecretArgs, TransportArgs};
use crate::conformance::Selection;

/// Which receiver is checked, and how.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The receiver's URL, or a local port
    #[arg(
        long,
        long_help = "The receiver's URL, or a local port [env: HOOKCLI_URL]",
        value_name = "URL",
        conflicts_with = "to"
    )]
    pub url: Option<String>,
    /// An endpoint of hookcli.toml, or a URL
    #[arg(long, value_name = "ENDPOINT")]
    pub to: Option<String>,
    /// The provider whose events the receiver accepts
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Print the cases and their reasons without running them
    #[arg(long)]
    pub list: bool,
    /// Run only these cases: authenticity, raw_bytes.spacing, 'events.user*'
    #[arg(
        long,
        value_name = "CASE",
        long_help = "Run only these cases: an area (authenticity), a case (events.message) or the start of one ('events.mes*'); repeatable"
    )]
    pub only: Vec<Selection>,
    /// Run all cases except these
    #[arg(
        long,
        value_name = "CASE",
        long_help = "Run all cases except these, named as for --only; repeatable"
    )]
    pub skip: Vec<Selection>,
    /// Wait for the receiver to start, up to this time
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub wait: Option<Duration>,
    #[command(flatten)]
    pub secrets: SecretArgs,
    /// The environment variable with a secret that was rotated out and must be
    /// refused
    #[arg(long, value_name = "NAME", help_heading = "Secrets")]
    pub old_secret_env: Option<String>,
    /// A file with a secret that was rotated out and must be refused
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "old_secret_env",
        help_heading = "Secrets"
    )]
    pub old_secret_file: Option<PathBuf>,

    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE", help_heading = None)]
    pub junit: Option<PathBuf>,
    /// Also store each request as a delivery, as `send` does
    #[arg(long, help_heading = "Advanced")]
    pub record: bool,
    /// Do not fail because of the cases in this file (known failures, one per line)
    #[arg(long, value_name = "FILE", help_heading = "CI")]
    pub baseline: Option<PathBuf>,
    /// Write the cases that fail now, for use with --baseline
    #[arg(long, value_name = "FILE", help_heading = "CI")]
    pub write_baseline: Option<PathBuf>,
    /// The lowest severity that makes the run fail
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        default_value = "must",
        help_heading = "CI"
    )]
    pub fail_on: FailOn,

    /// Count effects with the command after --, which prints a number
    #[arg(long, requires = "command", conflicts_with = "probe_url")]
    pub probe: bool,
    /// Count effects with a GET of this URL, which returns a number; {id} in it stands
    /// for the event's id
    #[arg(long, value_name = "URL", help_heading = "Effects")]
    pub probe_url: Option<String>,
    /// The command counts only the effects of the event in HOOKCLI_EVENT_ID [default:
    /// if the command mentions that variable]
    #[arg(long, requires = "probe", help_heading = "Effects")]
    pub probe_by_event: bool,
    /// How long after the response an effect can appear
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = crate::model::duration::parse, help_heading = "Effects")]
    pub effects_within: Duration,
    /// The command of --probe and its arguments
    #[arg(
        last = true,
        value_name = "COMMAND",
        requires = "probe",
        help_heading = "Effects"
    )]
    pub command: Vec<OsString>,

    /// Start the receiver with this shell command, then kill and restart it during
    /// requests (needs a probe that counts by event)
    #[arg(long, value_name = "COMMAND", help_heading = "Crashes and logs")]
    pub restart: Option<String>,
    /// Check that this log contains no secrets or payloads [default with --restart:
    /// the receiver's output]
    #[arg(long, value_name = "FILE", help_heading = "Crashes and logs")]
    pub log_file: Option<PathBuf>,

    #[command(flatten)]
    pub transport: TransportArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
    /// Allow checking a receiver on another machine
    #[arg(long, help_heading = "Advanced")]
    pub yes: bool,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Must,
    Should,
}
