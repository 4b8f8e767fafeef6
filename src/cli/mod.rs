//! What can be typed: clap's types, one file a verb. Below `commands` nobody sees them.

mod arguments;
mod captures;
mod check;
mod deliveries;
mod demo;
mod events;
mod init;
mod keys;
mod listen;
mod listen_options;
mod load;
mod replay;
mod scheme;
mod send;
mod send_options;
mod shared;
mod shell;
mod sign;
mod verify;

pub use arguments::flag;
pub use captures::{
    CapturesCommand, ExportArgs, ExportFormat, FilterArgs, ImportArgs, ListArgs, PruneArgs,
    RemoveArgs, ShowArgs, WaitArgs,
};
pub use check::{CheckArgs, FailOn};
pub use deliveries::{
    DeliveriesCommand, ExportDeliveriesArgs, ListDeliveriesArgs, RetryArgs, ShowDeliveryArgs,
    StatsArgs,
};
pub use demo::DemoArgs;
pub use events::{EventsArgs, NewProviderArgs, ProvidersArgs, ProvidersCommand};
pub use init::{InitArgs, variable_name};
pub use keys::{KeysCommand, NewKeysArgs};
pub use listen::{Detail, ExpectArgs, ForwardArgs, ListenArgs, RepliesArgs, SeeingArgs};
pub use load::LoadArgs;
pub use replay::ReplayArgs;
pub use scheme::SchemeArgs;
pub use send::{ContentArgs, DeliveryArgs, SendArgs};
pub use send_options::FlagError;
pub use shared::{
    ColorFlag, HeaderFlag, LogFormatFlag, ReadArgs, SecretArgs, Shared, Timeout, TransportArgs,
    WhenFlag,
};
pub use shell::CompletionsArgs;
pub use sign::SignArgs;
pub use verify::VerifyArgs;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

/// Test and develop webhooks: send, sign, listen, verify, capture and replay.
///
/// Everything happens on this machine: no account, and no network but the one you send to.
#[derive(Debug, Parser)]
#[command(
    name = "hookcli",
    version,
    propagate_version = true,
    infer_long_args = false,
    disable_help_subcommand = true,
    after_help = "Start here:\n  hookcli demo                                            all of it, on this machine, in a second\n  hookcli listen --port 3000                              receive, verify, keep, show\n  hookcli send lead_captured --url http://localhost:3000  send a signed event",
    after_long_help = EXIT_CODES
)]
pub struct Cli {
    #[command(flatten)]
    pub shared: Shared,
    #[command(subcommand)]
    pub command: Command,
}

/// The arguments, with a PEM behind `--secret` attached to it: it begins with hyphens, as flags do.
pub fn with_attached_keys(
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

const EXIT_CODES: &str = "\
Examples:
  hookcli demo
  hookcli listen --port 3000
  hookcli send lead_captured --url http://localhost:3000
  hookcli verify last --secret-env WEBHOOK_SECRET

Exit codes:
  0    done; the verdict is positive
  1    done; the verdict is negative: signature not valid, delivery refused
  2    usage or configuration error; nothing was sent
  3    nothing answered: DNS, connect, TLS, timeout
  4    this machine: port in use, file, store
  130  interrupted";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send every known event through a receiver on this machine and back
    Demo(DemoArgs),
    /// List the providers, or show one
    #[command(visible_alias = "provider")]
    Providers(ProvidersArgs),
    /// List event types, or show one: fields, sample, schema
    #[command(visible_alias = "event")]
    Events(EventsArgs),
    /// Build events, sign them and deliver them to a URL
    #[command(visible_alias = "trigger")]
    Send(Box<SendArgs>),
    /// Print the signature headers for a body
    Sign(SignArgs),
    /// Judge the signature of a request
    Verify(VerifyArgs),
    /// Receive webhooks: verify, keep, answer, show
    Listen(Box<ListenArgs>),
    /// What came in: list, show, export, import, remove, wait
    #[command(subcommand, visible_alias = "capture")]
    Captures(CapturesCommand),
    /// What went out: list, show, stats, export, retry
    #[command(subcommand, visible_alias = "delivery")]
    Deliveries(DeliveriesCommand),
    /// Send many events and measure the answers
    Load(Box<LoadArgs>),
    /// Prove a receiver right: what its provider sends, and what goes wrong
    Check(Box<CheckArgs>),
    /// Write hookcli.toml, a smoke test, a workflow
    Init(InitArgs),
    /// Make secrets and key pairs
    #[command(subcommand, visible_alias = "key")]
    Keys(KeysCommand),
    /// Send again what was captured, as it was or signed afresh
    Replay(Box<ReplayArgs>),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

#[cfg(test)]
mod tests;
