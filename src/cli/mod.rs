//! The command line: clap's types, one file per command. Only `commands` and this room use them.

mod arguments;
mod captures;
mod check;
mod completing;
mod deliveries;
mod demo;
mod emulate;
mod events;
mod filter;
mod init;
mod keys;
mod listen;
mod listen_options;
mod load;
mod manual;
mod pages;
mod replay;
mod scheme;
mod send;
mod send_options;
mod shared;
mod shell;
mod sign;
mod store;
mod ui;
mod usage_error;
mod verify;
mod worker;

pub use arguments::flag;
pub use captures::{
    CapturesCommand, DiffArgs, ExportArgs, ExportFormat, ImportArgs, ListArgs, PruneArgs,
    RemoveArgs, ShowArgs, WaitArgs,
};
pub use check::{CheckArgs, FailOn};
pub use completing::{
    COMPLETE_VARIABLE, Candidate, CandidateKind, FindCandidates, completing_command,
};
pub use deliveries::{
    DeliveriesCommand, ExportDeliveriesArgs, ListDeliveriesArgs, RetryArgs, ShowDeliveryArgs,
    StatsArgs,
};
pub use demo::DemoArgs;
pub use emulate::EmulateArgs;
pub use events::{EventsArgs, NewProviderArgs, ProvidersArgs, ProvidersCommand};
pub use filter::Filter;
pub use init::{InitArgs, variable_name};
pub use keys::{KeysCommand, NewKeysArgs};
pub use listen::{Detail, DisplayArgs, ExpectArgs, ForwardArgs, ListenArgs, ResponseArgs};
pub use load::LoadArgs;
pub use manual::manual_page;
pub use pages::{command, main_commands};
pub use replay::ReplayArgs;
pub use scheme::SchemeArgs;
pub use send::{ContentArgs, DeliveryArgs, SendArgs};
pub use send_options::FlagError;
pub use shared::{
    ColorFlag, HeaderFlag, LogFormatFlag, ReadArgs, SecretArgs, Shared, Timeout, TransportArgs,
};
pub use shell::{CompletionsArgs, CompletionsCommand, InstallArgs, ManArgs};
pub use sign::SignArgs;
pub use store::{CopyArgs, StoreCommand, TokenArgs, TokenCommand};
pub use ui::{PageArgs, UiArgs};
pub use usage_error::{NoCommand, UsageError};
pub use verify::VerifyArgs;
pub use worker::WorkerArgs;

use std::ffi::OsString;

use clap::{FromArgMatches as _, Parser, Subcommand};

/// Test and develop webhooks: send, receive, verify, replay and check.
///
/// Everything runs on this machine. No account is needed, and the only network traffic is to the URLs that you send to.
#[derive(Debug, Parser)]
#[command(
    name = "hookcli",
    version,
    infer_long_args = false,
    disable_help_subcommand = true,
    override_usage = "hookcli <COMMAND>   (more: hookcli --help, hookcli <COMMAND> -h)",
    disable_help_flag = true,
    disable_version_flag = true,
    after_long_help = EXIT_CODES
)]
pub struct Cli {
    #[command(flatten)]
    pub shared: Shared,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// # Errors
    /// Arguments that are not right, and what is asked for instead of a command: help, the version.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, NoCommand> {
        let arguments: Vec<OsString> = with_attached_keys(arguments).collect();
        let arguments = without_synonyms(arguments);
        let asks_for_short_help = arguments.len() == 1
            || arguments.len() == 2 && arguments[1].as_encoded_bytes() == b"-h";
        let mut root = match asks_for_short_help {
            true => main_commands(),
            false => command(),
        };
        let matches = root.try_get_matches_from_mut(&arguments);
        matches
            .and_then(|matches| Self::from_arg_matches(&matches))
            .map_err(|error| {
                let typed = arguments.iter().skip(1);
                let typed: Vec<String> = typed
                    .map(|word| word.to_string_lossy().into_owned())
                    .collect();
                NoCommand::new(error, &root, &typed)
            })
    }
}

/// The arguments, with a PEM behind `--secret` attached to it: it begins with hyphens, as flags do.
fn with_attached_keys(
    arguments: impl IntoIterator<Item = OsString>,
) -> impl Iterator<Item = OsString> {
    let mut arguments = arguments.into_iter().peekable();
    std::iter::from_fn(move || {
        let mut argument = arguments.next()?;
        let is_pem = |next: &OsString| next.as_encoded_bytes().starts_with(b"-----BEGIN ");
        if argument == "--secret"
            && let Some(pem) = arguments.next_if(is_pem)
        {
            argument.push("=");
            argument.push(pem);
        }
        Some(argument)
    })
}

/// The arguments, with `help COMMAND` and `version` as the flags that others know them by.
fn without_synonyms(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|word| word == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    } else if arguments.len() == 2 && arguments[1] == "version" {
        arguments[1] = "--version".into();
    }
    arguments
}

const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    failure: signature not valid, delivery refused, check failed
  2    usage or configuration error; nothing was sent
  3    no response: DNS, connection, TLS, timeout
  4    error on this machine: port in use, file, store
  130  interrupted";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive webhooks: verify, store, answer, show and forward them
    Listen(Box<ListenArgs>),
    /// Send signed sample events to a URL
    #[command(alias = "trigger")]
    Send(Box<SendArgs>),
    /// Verify a request's signature and explain a failure
    Verify(VerifyArgs),
    /// Send captured requests again, unchanged or signed again
    Replay(Box<ReplayArgs>),
    /// See what was received and sent in the browser
    Ui(UiArgs),
    /// Serve a provider's own API: subscribe, receive, rotate, resend
    Emulate(EmulateArgs),
    /// Forward and deliver what others leave in the store
    Worker(WorkerArgs),
    /// Work with received requests: list, show, export, import, delete
    #[command(subcommand, alias = "capture")]
    Captures(CapturesCommand),
    /// Work with sent events: list, show, export, retry, statistics
    #[command(subcommand, alias = "delivery")]
    Deliveries(DeliveriesCommand),
    /// Look after the store: status, copies, room
    #[command(subcommand)]
    Store(StoreCommand),
    /// Test a receiver: every event, forged signatures, duplicates
    Check(Box<CheckArgs>),
    /// Send many events and measure the responses
    Load(Box<LoadArgs>),
    /// List event types, or show the fields and sample of one
    #[command(alias = "event")]
    Events(EventsArgs),
    /// List providers, or show the signature and retries of one
    #[command(alias = "provider")]
    Providers(ProvidersArgs),
    /// Print the signature headers for a body
    Sign(SignArgs),
    /// Create secrets and key pairs
    #[command(subcommand, alias = "key")]
    Keys(KeysCommand),
    /// Create hookcli.toml, a smoke test and a CI workflow
    Init(InitArgs),
    /// Try everything once, with every event, on this machine
    Demo(DemoArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

#[cfg(test)]
mod tests;
