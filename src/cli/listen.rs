use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, SecretArgs, Timeout, one_of, public_url};
use crate::catalog::{EventPattern, Expectation};
use crate::model::Verdict;
use crate::payload::Condition;
use crate::process::TunnelTool;
use crate::receiver::{BindTo, Delay, Per, Sequence};
use crate::store::Keep;

/// Receives webhooks on this machine: recognises the provider, verifies, validates, keeps, answers, and
/// shows each. A 2xx is sent only after the request is kept.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  hookcli listen --port 3000\n  hookcli listen --port 0 --expect lead_captured --expect-valid --timeout 30s -- npm test\n  hookcli listen --forward-to 3000\n  hookcli listen --respond 503x2,200 --respond-per id --delay 1s..3s\n  hookcli listen --provider convo --secret-env CONVO_SECRET\n  hookcli listen --json | jq -c 'select(.type == \"request\") | [.event, .signature.verdict]'"
)]
pub struct ListenArgs {
    /// The port; 0 takes a free one (default: 8787)
    #[arg(short, long, value_name = "PORT")]
    pub port: Option<u16>,
    /// The address to listen at, or localhost for 127.0.0.1 and ::1 (default: 127.0.0.1)
    #[arg(long, value_name = "ADDRESS")]
    pub bind: Option<BindTo>,
    /// Every request is this provider's
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// An endpoint of hookcli.toml: its provider, secret and signature
    #[arg(long, value_name = "ENDPOINT", conflicts_with = "provider")]
    pub to: Option<String>,
    /// Answer 200 to what does not verify, too
    #[arg(long, help_heading = "Verifying")]
    pub accept_unverified: bool,
    /// The URL under which senders know this server, for schemes that sign it (default: http and the
    /// request's Host)
    #[arg(long, value_name = "URL", value_parser = public_url, help_heading = "Verifying")]
    pub public_url: Option<String>,
    /// Take the secret that this provider's handshake brings, once, and verify with it from then on; or app: hand
    /// handshakes on to the application behind --forward-to instead of answering them
    #[arg(long, value_name = "PROVIDER|app", help_heading = "Verifying")]
    pub handshake: Option<String>,
    /// Where that secret is kept (default: PROVIDER.secret beside the store)
    #[arg(
        long,
        value_name = "FILE",
        requires = "handshake",
        help_heading = "Verifying"
    )]
    pub handshake_file: Option<PathBuf>,
    /// Listen with TLS (and HTTP/2), with a certificate of a local CA that is made for this machine
    #[arg(long, help_heading = "TLS")]
    pub tls: bool,
    /// Listen with this certificate chain, a PEM file
    #[arg(long, value_name = "FILE", requires = "key", help_heading = "TLS")]
    pub cert: Option<PathBuf>,
    /// Its key, a PEM file
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = "TLS")]
    pub key: Option<PathBuf>,
    /// Print the local CA's certificate, for senders to trust, and end
    #[arg(long, help_heading = "TLS")]
    pub print_ca: bool,
    /// Make it public with a tool of yours: cloudflared, ngrok or ssh:USER@HOST
    #[arg(long, value_name = "TOOL", help_heading = "Tunnels")]
    pub tunnel: Option<TunnelTool>,
    /// Write the URL to this file once it listens
    #[arg(long, value_name = "FILE", help_heading = "For CI")]
    pub ready_file: Option<PathBuf>,
    /// Write the port to this file once it listens
    #[arg(long, value_name = "FILE", help_heading = "For CI")]
    pub port_file: Option<PathBuf>,
    /// Run this once it listens, with HOOKCLI_URL set; its failure is exit 1
    #[arg(last = true, value_name = "COMMAND", help_heading = "For CI")]
    pub command: Vec<String>,
    /// Put the body into the JSON documents
    #[arg(long, help_heading = "Seeing")]
    pub body: bool,
    /// Show masked secrets and credentials
    #[arg(long, help_heading = "Seeing")]
    pub reveal: bool,
    /// Change what the store keeps, from now on and for every command: an age (7d), a count (100000) or a size
    /// (2GiB, which a new store has)
    #[arg(long, value_name = "HOW MUCH", help_heading = "The store")]
    pub keep: Option<Keep>,
    /// With --keep: remove what a lower bound leaves out, without asking
    #[arg(long, requires = "keep", help_heading = "The store")]
    pub prune: bool,
    /// Answer 503 rather than give up what is still to be forwarded to this listener's own destinations (the
    /// default where it forwards)
    #[arg(long, overrides_with = "no_keep_pending", help_heading = "The store")]
    pub keep_pending: bool,
    /// In a full store, give up what is still to be forwarded, the oldest first
    #[arg(long, help_heading = "The store")]
    pub no_keep_pending: bool,
    /// full: what is acknowledged survives power loss too
    #[arg(long, value_name = "MODE", value_parser = ["normal", "full"], default_value = "normal", help_heading = "The store")]
    pub sync: String,
    /// The longest body in bytes (at most 256 MiB)
    #[arg(long, value_name = "BYTES", default_value_t = 10 << 20, value_parser = clap::value_parser!(u64).range(0..=256 << 20), help_heading = "Limits")]
    pub max_body: u64,
    /// The longest head in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 10, value_parser = clap::value_parser!(u64).range(8192..=1 << 20), help_heading = "Limits")]
    pub max_head: u64,
    /// How long a head may take
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = crate::model::duration::parse, help_heading = "Limits")]
    pub head_timeout: Duration,
    /// How long a body may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = crate::model::duration::parse, help_heading = "Limits")]
    pub body_timeout: Duration,
    /// How long a sender may take to read its answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = crate::model::duration::parse, help_heading = "Limits")]
    pub write_timeout: Duration,
    /// How many connections at once
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Limits")]
    pub max_connections: u32,
    /// How many bytes of bodies are held at once
    #[arg(long, value_name = "BYTES", default_value_t = 256 << 20, value_parser = clap::value_parser!(u64).range(1..=8 << 30), help_heading = "Limits")]
    pub max_buffered: u64,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub scheme: SchemeArgs,
    #[command(flatten)]
    pub replies: RepliesArgs,
    #[command(flatten)]
    pub forward: ForwardArgs,
    #[command(flatten)]
    pub expect: ExpectArgs,
    #[command(flatten)]
    pub seeing: SeeingArgs,
}

/// What is answered on purpose, to test a sender with; `[[listen.rule]]` of hookcli.toml for some requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Replies")]
pub struct RepliesArgs {
    /// Answers in turn, the last for all that follow: 503x2,200. Besides statuses there are hang, reset,
    /// close-early and slow-body=20 (bytes a second)
    #[arg(long, value_name = "ANSWERS")]
    pub respond: Option<Sequence>,
    /// Count the answers over all requests, for each event type, or for each event's id
    #[arg(
        long,
        value_name = "all|event|id",
        default_value = "all",
        hide_default_value = true
    )]
    pub respond_per: Per,
    /// The answer's body
    #[arg(long, value_name = "TEXT")]
    pub respond_body: Option<String>,
    /// A header of the answer
    #[arg(long, value_name = "NAME: VALUE")]
    pub respond_header: Vec<HeaderFlag>,
    /// Hold the answer back: 6s, or 1s..3s
    #[arg(long, value_name = "TIME")]
    pub delay: Option<Delay>,
    /// Answer /…/503 with 503
    #[arg(long)]
    pub status_paths: bool,
    /// Answer what does not verify in the same way, instead of 401
    #[arg(long)]
    pub respond_always: bool,
}

/// Where requests go on to; `[[listen.route]]` of hookcli.toml for some events.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forwarding")]
pub struct ForwardArgs {
    /// Send what is accepted on to this URL, port or endpoint, and answer what the first one answers. A URL with a
    /// path is exact, one without keeps the sender's
    #[arg(long, value_name = "URL", conflicts_with_all = ["respond", "respond_body", "respond_header", "delay", "status_paths"])]
    pub forward_to: Vec<String>,
    /// Answer at once, and forward after that
    #[arg(long)]
    pub forward_async: bool,
    /// Try again so often what a target does not accept
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub forward_retries: u32,
    /// How long a target may take, or none (default: the provider's)
    #[arg(long, value_name = "TIME")]
    pub forward_timeout: Option<Timeout>,
    /// Trust any certificate of a target
    #[arg(long)]
    pub forward_insecure: bool,
    /// Begin once the targets accept connections
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "30s", value_parser = crate::model::duration::parse)]
    pub wait_for_target: Option<Duration>,
    /// Forward one after the other, in the order in which they came
    #[arg(long)]
    pub ordered: bool,
    /// Forward what a web page sent, too
    #[arg(long)]
    pub allow_browser: bool,
    /// Let a hookcli.toml of the working tree forward to other machines
    #[arg(long)]
    pub allow_routes: bool,
}

/// What is expected to come.
#[derive(Debug, Args)]
#[command(next_help_heading = "For CI")]
pub struct ExpectArgs {
    /// End with 0 once such events came: lead_captured, 'agentclara/*>=3', message=2, 'error.*<=1', '!x'
    #[arg(long, value_name = "PATTERN[COUNT]")]
    pub expect: Vec<Expectation>,
    /// End with 1 once something came that does not verify
    #[arg(long)]
    pub expect_valid: bool,
    /// How long to wait for it (default: 30s where something is expected)
    #[arg(long, value_name = "TIME", value_parser = crate::model::duration::parse)]
    pub timeout: Option<Duration>,
    /// End after so many requests
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max: Option<u64>,
    /// End with the first such event
    #[arg(long, value_name = "PATTERN")]
    pub until: Option<EventPattern>,
    /// Write what was expected and came as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// What is shown; everything is kept all the same.
#[derive(Debug, Args)]
#[command(next_help_heading = "Seeing")]
pub struct SeeingArgs {
    /// Show such events alone; can be repeated
    #[arg(long, value_name = "PATTERN")]
    pub show_only: Vec<EventPattern>,
    /// Show this verdict alone
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>())]
    pub show_verdict: Option<Verdict>,
    /// Show what has such a value in its JSON alone: PATH, PATH=VALUE or PATH!=VALUE
    #[arg(long, value_name = "CONDITION")]
    pub show_where: Option<Condition>,
    /// Show more of each: headers, the body, or its difference to the last one of its type
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub show: Vec<Detail>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Detail {
    Headers,
    Body,
    Diff,
}
