//! What commands report, as plain values, and the `Ui` that they report to. How it looks is `render`'s
//! business; the JSON documents are these types' serde forms.

#[cfg(test)]
mod json_page;
mod notices;

pub use notices::{amount, load_notes, pending_notes};

use std::io;

use indexmap::IndexMap;
use serde::Serialize;

use crate::conformance::{CheckCaseReport, CheckReport};
use crate::expect::ExpectationsReport;
use crate::ingest::KindCount;
use crate::model::RemoteText;
use crate::roundtrip::RoundTrip;
use crate::store::{Keep, KeptToken, StoreStatus};
use crate::view::{
    CaptureDetail, CaptureDiff, CaptureItem, DeliveryItem, DeliveryReport, DeliveryStats,
    EventDetail, EventItem, LoadReport, NotReceivedReport, ProviderDetail, ProviderItem,
    ReceivedReport, RequestReport, VerificationReport,
};

/// Where commands speak. Reports are data and go to stdout; notes are for people and go to stderr.
pub trait Ui: Send + Sync {
    /// Writes a report. A closed pipe is not an error: see [`Ui::is_closed`].
    fn emit(&self, report: &Report) -> io::Result<()>;
    /// Writes a note, unless the user wants it quiet.
    fn note(&self, note: Note);
    /// Writes a line that the CI system shows beside the run, as GitHub's workflow commands (GitHub's
    /// documentation, "Workflow commands").
    fn annotate(&self, annotation: &Annotation);
    /// Whether stdout's reader has gone.
    fn is_closed(&self) -> bool;
    /// Shows the progress of long work: how much is done, of how much, and that in words. Does nothing if stderr is not a terminal.
    fn progress(&self, done: u64, total: u64, what: &str);
    /// From here on reports go through the user's pager, where stdout is a terminal, until [`Ui::end_pager`].
    fn start_pager(&self);
    /// Waits until the user has seen what went through the pager.
    fn end_pager(&self);
    /// Whether [`Ui::live`] shows anything.
    fn is_live(&self) -> bool;
    /// Shows lines in the place of those shown before; anything else that is said clears them away.
    fn live(&self, lines: &[RemoteText]);
    /// Lets the user choose one of `items`; none where no one can be asked.
    fn choose(&self, prompt: &str, items: &[String]) -> Option<usize>;
    /// Asks for a text; an empty one is `usual`. None where no one can be asked.
    fn ask(&self, prompt: &str, usual: &str) -> Option<String>;
    /// Asks yes or no; none where no one can be asked.
    fn confirm(&self, question: &str) -> Option<bool>;
}

/// A line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// What may help; silenced by `--quiet`.
    Hint(RemoteText),
    /// What is probably not wanted; silenced by `--quiet`.
    Warning(RemoteText),
    /// The progress of long work; silenced by `--quiet`.
    Status(RemoteText),
    /// What went wrong; never silenced.
    Error(RemoteText),
}

impl Note {
    pub fn hint(text: impl Into<String>) -> Self {
        Self::Hint(text.into().into())
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self::Warning(text.into().into())
    }

    pub fn error(text: impl Into<String>) -> Self {
        Self::Error(text.into().into())
    }
}

/// Everything that goes to stdout.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Report {
    /// From `providers`: one line for each provider.
    Provider(ProviderItem),
    /// `providers NAME` adds the home page, sources, facts and event types.
    #[serde(rename = "provider")]
    ProviderDetail(Box<ProviderDetail>),
    /// From `events`: one line for each event type.
    Event(EventItem),
    /// `events NAME` adds the fields and a sample.
    #[serde(rename = "event")]
    EventDetail(Box<EventDetail>),
    /// From `send`, `replay`, `deliveries` and `listen --forward-to`. `deliveries list` gives the number of attempts
    /// instead of the attempts.
    Delivery(Box<DeliveryReport>),
    /// From `send --via`.
    Published(PublishedReport),
    /// From `send --dry-run` and `replay --dry-run`: the exact request.
    #[serde(rename = "dry_run")]
    DryRun(RequestReport),
    /// From `send --curl` and `replay --curl`.
    Curl(CurlReport),
    /// From `sign`.
    Signature(SignatureReport),
    /// From `verify`.
    Verification(VerificationReport),
    /// From `keys new`.
    Keys(KeysReport),
    /// From `providers new`.
    Scaffold(Scaffold),
    /// From `init`.
    Written(Written),
    /// From `listen`, once it accepts connections.
    Ready(Ready),
    /// From `listen`, for each request. The body is included with `--body`.
    Request(Box<ReceivedReport>),
    /// From `listen`, for each response that did not reach its client.
    NotReceived(NotReceivedReport),
    /// From `listen`, at its end.
    Stopped(Stopped),
    /// From `captures list`.
    Capture(CaptureItem),
    /// `captures show` and `captures export` add headers, body and response.
    #[serde(rename = "capture")]
    CaptureDetail(Box<CaptureDetail>),
    /// From `captures diff`.
    CaptureDiff(CaptureDiff),
    /// `listen --forward-to` sent a capture to a destination.
    #[serde(rename = "delivery")]
    Forwarded(Box<DeliveryReport>),
    #[serde(rename = "delivery")]
    DeliveryRow(DeliveryItem),
    #[serde(rename = "delivery")]
    DeliveryDetail(Box<DeliveryReport>),
    /// From `load`.
    Load(Box<LoadReport>),
    /// From `deliveries stats`.
    #[serde(rename = "stats")]
    DeliveryStats(DeliveryStats),
    /// From `listen --expect` and `captures wait`.
    Expectations(ExpectationsReport),
    /// From `check` and `check --list`: one line for each case.
    CheckCase(Box<CheckCaseReport>),
    #[serde(rename = "check_case")]
    CheckListed(Box<CheckCaseReport>),
    /// From `check`, at its end.
    Check(Box<CheckReport>),
    /// From `captures prune`.
    Pruned(Pruned),
    Store(StoreReport),
    Copied(CopiedReport),
    /// From `store token`.
    Token(TokenReport),
    /// From `captures rm`.
    Removed(Removed),
    /// From `replay --unforwarded --discard`.
    Discarded(Discarded),
    /// From `captures import`.
    Imported(Imported),
    /// From `demo`: one line for each event.
    #[serde(rename = "demo_event")]
    DemoRow(RoundTrip),
    /// From `demo`, at its end.
    #[serde(rename = "demo")]
    DemoTotals(DemoTotals),
    /// Bytes as they are; text of our own, such as a completion script, included.
    #[serde(skip)]
    Bytes(Bytes),
}

#[derive(Clone, Debug)]
pub struct Bytes {
    pub bytes: Vec<u8>,
    /// Whether they may reach a terminal unescaped: our own text, or the user said `--force`.
    pub safe: bool,
}

/// An event that an emulated provider has published.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PublishedReport {
    /// The provider.
    pub provider: String,
    /// The event type.
    pub event: RemoteText,
    /// The event's id.
    pub id: RemoteText,
    /// The ids of its deliveries, one for each subscription that wants it.
    pub deliveries: Vec<RemoteText>,
}

/// A command that sends the same request.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CurlReport {
    /// A shell command that sends the same request.
    pub command: String,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SignatureReport {
    /// The provider whose scheme signed.
    pub provider: String,
    /// The headers to send.
    pub headers: Vec<(String, String)>,
    /// The URL, if the scheme changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The body, if the scheme changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// New keys; what signs and what verifies is the same but for asymmetric schemes.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KeysReport {
    /// The provider whose format the keys have.
    pub provider: String,
    /// The secret or private key, for the sender.
    pub signing: String,
    /// The secret or public key, for the receiver.
    pub verifying: String,
}

/// A provider's folder that was started.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Scaffold {
    /// The name of the new provider.
    pub provider: String,
    /// The folder that was created.
    pub folder: String,
    /// The event type of the captured request.
    pub event: String,
    /// The event types of all requests that were used.
    pub events: Vec<String>,
    /// How many requests were used.
    pub requests: usize,
    /// The provider whose scheme verifies the request, or the scheme in words.
    pub signature: Option<String>,
}

/// Files that were written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Written {
    /// The files that were written.
    pub files: Vec<String>,
}

/// A key has no place in a log.
impl std::fmt::Debug for KeysReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeysReport")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ready {
    /// The URL of the listener, or of the first emulated provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The URL of each emulated provider's API.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub urls: IndexMap<String, String>,
    /// The URL of the inspector, with its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ui_url: Option<String>,
    /// The public URL of the tunnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// The process id.
    pub pid: u32,
    /// The endpoints of hookcli.toml that have a path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<EndpointReport>,
}

/// Of this process, and nothing else yet.
impl Default for Ready {
    fn default() -> Self {
        Self {
            url: None,
            urls: IndexMap::new(),
            ui_url: None,
            public_url: None,
            pid: std::process::id(),
            endpoints: Vec::new(),
        }
    }
}

/// Where the requests of one sender arrive.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndpointReport {
    /// The name in hookcli.toml.
    pub name: String,
    /// The URL for the sender.
    pub url: String,
    /// The provider.
    pub provider: String,
    /// Its signatures are checked.
    pub verifies: bool,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stopped {
    /// Requests received.
    pub received: u64,
    /// Requests stored; the others were answered 503.
    pub stored: u64,
    /// Requests refused by a limit (413, 431, 408, 503).
    pub refused: u64,
    /// Requests that were not shown because the output was too slow.
    pub skipped: u64,
    /// Requests counted by provider, event, verdict and status, the most frequent first.
    pub groups: Vec<KindCount>,
    #[serde(skip)]
    pub has_store: bool,
}

/// What a destination is not owed any longer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Discarded {
    /// The destination.
    pub url: String,
    /// Captures that were pending for it.
    pub captures: u64,
    /// False for a dry run, or if nothing was pending.
    pub removed: bool,
}

/// Where a store is, and how much a workspace has there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StoreReport {
    /// The file, or the URL without its password.
    pub place: String,
    /// The workspace.
    pub workspace: String,
    /// The version of the store's tables.
    pub version: u64,
    /// Captures of the workspace.
    pub captures: u64,
    /// Deliveries of the workspace.
    pub deliveries: u64,
    /// Captures still to be forwarded, and deliveries that are not finished.
    pub pending: u64,
    /// What the whole store takes on the disk.
    pub bytes: u64,
    /// The limit.
    pub keep: String,
}

impl StoreReport {
    pub fn new(place: String, workspace: String, status: &StoreStatus, keep: Keep) -> Self {
        Self {
            place,
            workspace,
            version: status.version,
            captures: status.captures,
            deliveries: status.deliveries,
            pending: status.pending,
            bytes: status.bytes,
            keep: keep.to_string(),
        }
    }
}

/// What was copied into another store.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CopiedReport {
    /// Captures.
    pub captures: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// Webhooks, events and what belongs to them, of emulated providers.
    pub records: u64,
}

/// A token of a workspace.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TokenReport {
    /// By which it is removed.
    pub id: String,
    /// The workspace.
    pub workspace: String,
    /// When it was created.
    pub created_at: String,
    /// The token itself; only when it is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl TokenReport {
    pub fn new(kept: KeptToken, workspace: &str, token: Option<String>) -> Self {
        Self {
            id: kept.id,
            workspace: workspace.to_owned(),
            created_at: kept.created_at.to_string(),
            token,
        }
    }
}

/// It has no place in a log.
impl std::fmt::Debug for TokenReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenReport")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What a bound removed, or would remove.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pruned {
    /// The limit.
    pub keep: String,
    /// Captures beyond the limit.
    pub captures: u64,
    /// Deliveries beyond the limit.
    pub deliveries: u64,
    /// How many of both were not yet delivered.
    pub pending: u64,
    /// Their approximate size.
    pub bytes: u64,
    /// False for a dry run, or if nothing was beyond the limit.
    pub removed: bool,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Removed {
    /// Captures removed.
    pub removed: usize,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Imported {
    /// The ids of the new captures.
    pub ids: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DemoTotals {
    /// Events and variants sent.
    pub events: usize,
    /// How many of them went all the way.
    pub ok: usize,
    /// Providers.
    pub providers: usize,
    /// How long it took.
    pub duration_ms: u64,
    #[serde(skip)]
    pub rows: Vec<RoundTrip>,
}

/// A line for the page of a CI run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub is_error: bool,
    pub title: String,
    pub message: RemoteText,
}
