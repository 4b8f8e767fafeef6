use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::scheme::SchemeArgs;
use super::shared::{SecretArgs, TransportArgs};
use crate::conformance::Selection;

/// Sends a receiver what its provider sends, and what goes wrong in practice, and judges the answers. Each
/// case has a name, a reason, and a command that sends it again. It fails (exit 1) where a must is not met.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli check --url 3000/webhooks --provider convo --secret-env CONVO_SECRET\n  hookcli check --to orders --wait 30s --junit check.xml\n  hookcli check --url 3000 --provider agentclara --only authenticity --only raw_bytes\n  hookcli check --url 3000 --provider agentclara --probe -- psql -tAc 'select count(*) from bookings'\n  hookcli check --url 3000 --provider stripe --probe --probe-by-event -- ./count-effects\n  hookcli check --url 3000 --provider stripe --restart 'node server.js' --probe --probe-by-event -- ./count-effects\n  hookcli check --url 3000 --provider gaife --write-baseline known.txt\n  hookcli check --url 3000 --provider gaife --baseline known.txt\n  hookcli check --provider convo --list"
)]
pub struct CheckArgs {
    /// Where to: a URL, or a port of this machine [env: HOOKCLI_URL]
    #[arg(long, value_name = "URL", conflicts_with = "to")]
    pub url: Option<String>,
    /// An endpoint of hookcli.toml, or a URL
    #[arg(long, value_name = "ENDPOINT")]
    pub to: Option<String>,
    /// Whose events the receiver takes
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Print the cases and their reasons, and send nothing
    #[arg(long)]
    pub list: bool,
    /// Only these: an area (authenticity), a case (raw_bytes.spacing), or its beginning (events.user*); can
    /// be repeated
    #[arg(long, value_name = "CASE")]
    pub only: Vec<Selection>,
    /// All but these; can be repeated
    #[arg(long, value_name = "CASE")]
    pub skip: Vec<Selection>,
    /// What makes it fail
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "must")]
    pub fail_on: FailOn,
    /// Wait until something listens there
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub wait: Option<Duration>,
    /// Check another machine than this one: it should be yours
    #[arg(long)]
    pub yes: bool,

    /// Count effects with the command behind --, which prints a number
    #[arg(
        long,
        requires = "command",
        conflicts_with = "probe_url",
        help_heading = "Effects"
    )]
    pub probe: bool,
    /// Count effects with a GET of this URL, which answers a number; with {id} in it, those of one event
    #[arg(long, value_name = "URL", help_heading = "Effects")]
    pub probe_url: Option<String>,
    /// The command counts the effects of the event HOOKCLI_EVENT_ID (default: where the command names that variable)
    #[arg(long, requires = "probe", help_heading = "Effects")]
    pub probe_by_event: bool,
    /// How long after the answer an effect may come
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

    /// Start the receiver with this shell command, kill it in the middle, and start it again (with a probe that counts by
    /// event)
    #[arg(long, value_name = "COMMAND", help_heading = "Failures in the middle")]
    pub restart: Option<String>,
    /// The receiver's log: it must hold neither secrets nor payloads (default with --restart: its output)
    #[arg(long, value_name = "FILE", help_heading = "Failures in the middle")]
    pub log_file: Option<PathBuf>,

    /// Write the verdicts as JUnit XML
    #[arg(long, value_name = "FILE", help_heading = "For CI")]
    pub junit: Option<PathBuf>,
    /// Cases that are known to fail, one a line: they break nothing
    #[arg(long, value_name = "FILE", help_heading = "For CI")]
    pub baseline: Option<PathBuf>,
    /// Write the cases that fail now, for --baseline
    #[arg(long, value_name = "FILE", help_heading = "For CI")]
    pub write_baseline: Option<PathBuf>,

    /// The environment variable that holds a secret that was rotated out: what it signs is to be refused
    #[arg(long, value_name = "NAME", help_heading = "Secrets")]
    pub old_secret_env: Option<String>,
    /// A file that holds a secret that was rotated out
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "old_secret_env",
        help_heading = "Secrets"
    )]
    pub old_secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
    #[command(flatten)]
    pub transport: TransportArgs,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Must,
    Should,
}
