use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::scheme::SchemeArgs;
use super::shared::{HeaderFlag, SecretArgs, Timeout, number, one_of, public_url, size_within};
use super::ui::PageArgs;
use crate::expect::Expectation;
use crate::model::{InvalidText, Verdict};
use crate::payload::Condition;
use crate::process::TunnelTool;
use crate::receiver::{BindTo, Delay, Per, Sequence};
use crate::search::{EventSelector, QueryError};
use crate::store::Keep;

/// How webhooks are received.
#[derive(Debug, Args)]
pub struct ListenArgs {
    /// The port to listen on; 0 picks a free one [default: 8787]
    #[arg(short, long, value_name = "PORT", value_parser = number::<u16>(0..=u16::MAX))]
    pub port: Option<u16>,
    /// Treat every request as this provider's
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Use the provider, secret and signature of this endpoint
    #[arg(long, value_name = "ENDPOINT", conflicts_with = "provider")]
    pub to: Option<String>,
    /// Also serve the inspector, a page that shows what arrives (`hookcli ui`)
    #[arg(long)]
    pub ui: bool,
    #[command(flatten)]
    pub page: PageArgs,
    #[command(flatten)]
    pub secrets: SecretArgs,
    #[command(flatten)]
    pub responses: ResponseArgs,
    #[command(flatten)]
    pub forward: ForwardArgs,
    #[command(flatten)]
    pub expect: ExpectArgs,
    /// A command to run when ready, with HOOKCLI_URL set
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
    #[command(flatten)]
    pub display: DisplayArgs,
    /// Include bodies in the JSON documents
    #[arg(long, help_heading = "Output")]
    pub body: bool,
    /// Show secrets and credentials instead of [redacted]
    #[arg(long, help_heading = "Output")]
    pub reveal: bool,
    /// Write the listener's URL to this file once it is ready
    #[arg(long, value_name = "FILE", help_heading = "CI")]
    pub ready_file: Option<PathBuf>,
    /// Write the port to this file once the listener is ready
    #[arg(long, value_name = "FILE", help_heading = "CI")]
    pub port_file: Option<PathBuf>,
    /// Answer 200 to requests with an invalid or missing signature
    #[arg(long, help_heading = "Signatures")]
    pub accept_unverified: bool,
    /// Verify with the public test secret of `hookcli send` if no other is set
    #[arg(long, conflicts_with_all = ["tunnel", "public_url"], help_heading = "Signatures")]
    pub test_secret: bool,
    /// The URL that senders call, for schemes that sign it [default: http and the
    /// request's Host]
    #[arg(long, value_name = "URL", value_parser = public_url, help_heading = "Signatures")]
    pub public_url: Option<String>,
    /// Accept the secret from this provider's handshake once, then verify with it;
    /// app leaves handshakes to the application behind --forward-to
    #[arg(long, value_name = "PROVIDER|app", help_heading = "Signatures")]
    pub handshake: Option<String>,
    /// The file to write that secret to [default: PROVIDER.secret beside the store]
    #[arg(
        long,
        value_name = "FILE",
        requires = "handshake",
        help_heading = "Signatures"
    )]
    pub handshake_file: Option<PathBuf>,
    /// Make the listener public with cloudflared, ngrok or ssh:USER@HOST, which must
    /// be installed
    #[arg(long, value_name = "TOOL", help_heading = "Tunnel and TLS")]
    pub tunnel: Option<TunnelTool>,
    /// The address to listen on, or localhost for 127.0.0.1 and ::1
    /// [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS", help_heading = "Tunnel and TLS")]
    pub bind: Option<BindTo>,
    /// At the end, write an endpoint into hookcli.toml for each path that requests
    /// came to
    #[arg(long, help_heading = "Output")]
    pub init: bool,
    /// Use TLS and HTTP/2 with a certificate of a local CA, created for this machine
    #[arg(long, help_heading = "Tunnel and TLS")]
    pub tls: bool,
    /// Use TLS with this certificate chain (PEM file)
    #[arg(
        long,
        value_name = "FILE",
        requires = "key",
        help_heading = "Tunnel and TLS"
    )]
    pub cert: Option<PathBuf>,
    /// The private key of --cert (PEM file)
    #[arg(
        long,
        value_name = "FILE",
        requires = "cert",
        help_heading = "Tunnel and TLS"
    )]
    pub key: Option<PathBuf>,
    /// Print the local CA's certificate and exit; pass it to senders as --cacert
    #[arg(long, help_heading = "Tunnel and TLS")]
    pub print_ca: bool,
    /// Set how much the store keeps from now on: an age (7d), a count (100000) or a
    /// size (2GiB, the default of a new store)
    #[arg(long, value_name = "LIMIT", help_heading = "Store")]
    pub keep: Option<Keep>,
    /// Remove what exceeds a lower --keep without asking
    #[arg(long, requires = "keep", help_heading = "Store")]
    pub prune: bool,
    /// If the store is full, answer 503 instead of removing pending forwards (the
    /// default with --forward-to)
    #[arg(long, overrides_with = "no_keep_pending", help_heading = "Store")]
    pub keep_pending: bool,
    /// If the store is full, remove pending forwards, the oldest first
    #[arg(long, help_heading = "Store")]
    pub no_keep_pending: bool,
    /// full makes acknowledged requests survive a power loss, too
    #[arg(long, value_name = "MODE", value_parser = ["normal", "full"], default_value = "normal", help_heading = "Store")]
    pub sync: String,
    /// The largest request body, up to 256MiB
    #[arg(long, value_name = "SIZE", default_value = "10MiB", value_parser = size_within(0..=256 << 20), help_heading = "Limits")]
    pub max_body: u64,
    /// The largest request head (request line and headers), up to 1MiB
    #[arg(long, value_name = "SIZE", default_value = "64KiB", value_parser = size_within(8192..=1 << 20), help_heading = "Limits")]
    pub max_head: u64,
    /// How long receiving a request head can take
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = crate::model::duration::parse, help_heading = "Limits")]
    pub head_timeout: Duration,
    /// How long receiving a request body can take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = crate::model::duration::parse, help_heading = "Limits")]
    pub body_timeout: Duration,
    /// How long a sender can take to read the response
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = crate::model::duration::parse, help_heading = "Limits")]
    pub write_timeout: Duration,
    /// The number of open connections
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = number::<u32>(1..=100_000), help_heading = "Limits")]
    pub max_connections: u32,
    /// The memory for request bodies over all connections
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size_within(1..=8 << 30), help_heading = "Limits")]
    pub max_buffered: u64,
    #[command(flatten)]
    pub scheme: SchemeArgs,
}

/// What is answered on purpose, to test a sender; `[[listen.rule]]` of hookcli.toml does so for some requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Responses")]
pub struct ResponseArgs {
    /// Answer with these statuses, for example 503x2,200
    #[arg(long, value_name = "LIST", help_heading = None, long_help = "Answer with these statuses in turn, for example 503x2,200. Also: hang, reset, close-early, slow-body=20 (bytes per second)")]
    pub respond: Option<Sequence>,
    /// Count the responses over all requests, per event type or per event id
    #[arg(
        long,
        value_name = "all|event|id",
        default_value = "all",
        hide_default_value = true
    )]
    pub respond_per: Per,
    /// The body of the response
    #[arg(long, value_name = "TEXT")]
    pub respond_body: Option<String>,
    /// Add a header to the response
    #[arg(long, value_name = "NAME: VALUE")]
    pub respond_header: Vec<HeaderFlag>,
    /// Wait before responding, for example 6s or 1s..3s
    #[arg(long, value_name = "TIME")]
    pub delay: Option<Delay>,
    /// Answer with the status that the path ends with, for example /hook/503
    #[arg(long)]
    pub status_paths: bool,
    /// Answer invalid signatures the same way, instead of with 401
    #[arg(long)]
    pub respond_always: bool,
}

/// Where requests are forwarded to; `[[listen.route]]` of hookcli.toml does so for some events.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forwarding")]
pub struct ForwardArgs {
    /// Forward accepted requests to this URL, port or endpoint
    #[arg(long, value_name = "URL", help_heading = None, long_help = "Forward accepted requests to this URL, port or endpoint; repeatable. A URL without a path keeps the request's path", conflicts_with_all = ["respond", "respond_body", "respond_header", "delay", "status_paths"])]
    pub forward_to: Vec<String>,
    /// Answer the sender at once and forward afterwards
    #[arg(long)]
    pub forward_async: bool,
    /// Forward nothing here: `hookcli worker` does, also on other machines
    #[arg(long, requires = "forward_async")]
    pub no_worker: bool,
    /// How many times to retry a forward that was not accepted
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = number::<u32>(0..=100))]
    pub forward_retries: u32,
    /// How long a destination can take to respond, or none
    /// [default: the provider's timeout]
    #[arg(long, value_name = "TIME")]
    pub forward_timeout: Option<Timeout>,
    /// Accept any certificate from a destination
    #[arg(long)]
    pub forward_insecure: bool,
    /// Start only when the destinations accept connections [default time: 30s]
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "30s", value_parser = crate::model::duration::parse)]
    pub wait_for_destination: Option<Duration>,
    /// Forward one request at a time, in the order received
    #[arg(long)]
    pub ordered: bool,
    /// Also forward requests that a web page sent
    #[arg(long)]
    pub allow_browser: bool,
    /// Allow the hookcli.toml of the working tree to forward to other machines
    #[arg(long)]
    pub allow_routes: bool,
}

/// What is expected to be received.
#[derive(Debug, Args)]
#[command(next_help_heading = "CI")]
pub struct ExpectArgs {
    /// Wait for these events, then exit 0: 'convo/*>=3'
    #[arg(long, value_name = "PATTERN", value_parser = expectation, help_heading = None, long_help = "Exit 0 once these events arrive: lead_captured, 'convo/*>=3', '!message.deleted' (none), or a query ('status:4xx >=2'); repeatable")]
    pub expect: Vec<Expectation>,
    /// The time limit for --expect [default: 30s]
    #[arg(long, value_name = "TIME", help_heading = None, value_parser = crate::model::duration::parse)]
    pub timeout: Option<Duration>,
    /// Exit 1 if a request arrives whose signature is not valid
    #[arg(long)]
    pub expect_valid: bool,
    /// Stop after this many requests
    #[arg(long, value_name = "N", value_parser = number::<u64>(1..))]
    pub max: Option<u64>,
    /// Stop after the first event that matches
    #[arg(long, value_name = "PATTERN", value_parser = event_selector)]
    pub until: Option<EventSelector>,
    /// Write the expectations and their results as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// What is shown. Everything is stored in any case.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct DisplayArgs {
    /// Show only these events: a pattern, or a query such as 'status:4xx'; repeatable
    #[arg(long, value_name = "PATTERN|QUERY", value_parser = event_selector)]
    pub show_only: Vec<EventSelector>,
    /// Show only requests with this verdict
    #[arg(long, value_name = "VERDICT", value_parser = one_of::<Verdict>())]
    pub show_verdict: Option<Verdict>,
    /// Show only requests whose JSON has this value: PATH, PATH=VALUE or PATH!=VALUE
    #[arg(long, value_name = "CONDITION")]
    pub show_where: Option<Condition>,
    /// Also show headers, the body, or a diff to the previous event of the same type
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub show: Vec<Detail>,
}

fn event_selector(text: &str) -> Result<EventSelector, QueryError> {
    EventSelector::parse(text, Timestamp::now())
}

fn expectation(text: &str) -> Result<Expectation, InvalidText> {
    Expectation::parse(text, Timestamp::now())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Detail {
    Headers,
    Body,
    Diff,
}
