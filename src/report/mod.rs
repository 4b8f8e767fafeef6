//! What commands have to say, as plain values, and the `Ui` that they say it to. How it looks is `render`'s
//! business; the JSON documents are these types' serde forms.

mod notices;

pub use notices::{amount, pending_notes};

use std::io;

use serde::Serialize;

use crate::conformance::{CheckCaseReport, CheckReport};
use crate::expect::ExpectationsReport;
use crate::ingest::KindCount;
use crate::model::RemoteText;
use crate::roundtrip::RoundTrip;
use crate::view::{
    CaptureDetail, CaptureItem, DeliveryItem, DeliveryReport, DeliveryStats, EventDetail,
    EventItem, LoadReport, ProviderDetail, ProviderItem, ReceivedReport, RequestReport,
    VerificationReport,
};

/// Where commands speak. Reports are data and go to stdout; notes are for people and go to stderr.
pub trait Ui: Send + Sync {
    /// Writes a report. A reader that has gone is no error: see [`Ui::is_closed`].
    fn emit(&self, report: &Report) -> io::Result<()>;
    /// Writes a note, unless the user wants it quiet.
    fn note(&self, note: Note);
    /// Writes a line that the CI system shows beside the run, as GitHub's workflow commands (GitHub's
    /// documentation, "Workflow commands").
    fn annotate(&self, annotation: &Annotation);
    /// Whether stdout's reader has gone.
    fn is_closed(&self) -> bool;
    /// Shows that long work goes on: how much is done, of how much. Nothing where stderr is no terminal.
    fn progress(&self, done: u64, total: u64, what: &str);
    /// Whether [`Ui::live`] shows anything.
    fn is_live(&self) -> bool;
    /// Shows lines in the place of those shown before; anything else that is said clears them away.
    fn live(&self, lines: &[RemoteText]);
    /// Lets the user choose one of `items`; none where nobody can be asked.
    fn choose(&self, prompt: &str, items: &[String]) -> Option<usize>;
    /// Asks for a text; an empty one is `usual`. None where nobody can be asked.
    fn ask(&self, prompt: &str, usual: &str) -> Option<String>;
    /// Asks yes or no; none where nobody can be asked.
    fn confirm(&self, question: &str) -> Option<bool>;
}

/// A line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// What may help; silenced by `--quiet`.
    Hint(RemoteText),
    /// What is probably not wanted; silenced by `--quiet`.
    Warning(RemoteText),
    /// How long work goes on; silenced by `--quiet`.
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
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Report {
    Provider(ProviderItem),
    #[serde(rename = "provider")]
    ProviderDetail(Box<ProviderDetail>),
    Event(EventItem),
    #[serde(rename = "event")]
    EventDetail(Box<EventDetail>),
    Delivery(Box<DeliveryReport>),
    #[serde(rename = "dry_run")]
    DryRun(RequestReport),
    Curl(CurlReport),
    Signature(SignatureReport),
    Verification(VerificationReport),
    Keys(KeysReport),
    Scaffold(Scaffold),
    Written(Written),
    Ready(Ready),
    Request(Box<ReceivedReport>),
    Stopped(Stopped),
    Capture(CaptureItem),
    #[serde(rename = "capture")]
    CaptureDetail(Box<CaptureDetail>),
    /// A capture that was sent on.
    #[serde(rename = "delivery")]
    Forwarded(Box<DeliveryReport>),
    #[serde(rename = "delivery")]
    DeliveryRow(DeliveryItem),
    #[serde(rename = "delivery")]
    DeliveryDetail(Box<DeliveryReport>),
    Load(Box<LoadReport>),
    #[serde(rename = "stats")]
    DeliveryStats(DeliveryStats),
    Expectations(ExpectationsReport),
    CheckCase(Box<CheckCaseReport>),
    #[serde(rename = "check_case")]
    CheckListed(Box<CheckCaseReport>),
    Check(Box<CheckReport>),
    Pruned(Pruned),
    Removed(Removed),
    Discarded(Discarded),
    Imported(Imported),
    #[serde(rename = "demo_event")]
    DemoRow(RoundTrip),
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

/// A command that sends the same request.
#[derive(Clone, Debug, Serialize)]
pub struct CurlReport {
    pub command: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct SignatureReport {
    pub provider: String,
    pub headers: Vec<(String, String)>,
    /// Only where the scheme changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Only where the scheme changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// New keys; what signs and what verifies is the same but for asymmetric schemes.
#[derive(Clone, Serialize)]
pub struct KeysReport {
    pub provider: String,
    pub signing: String,
    pub verifying: String,
}

/// A provider's folder that was started.
#[derive(Clone, Debug, Serialize)]
pub struct Scaffold {
    pub provider: String,
    pub folder: String,
    pub event: String,
    /// Whose scheme the request follows.
    pub signature: Option<String>,
}

/// Files that were written.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
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
pub struct Ready {
    pub url: String,
    /// Under which a tunnel makes it known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    pub pid: u32,
}

#[derive(Clone, Debug, Serialize)]
pub struct Stopped {
    /// Counted once it was settled whether they are stored.
    pub received: u64,
    /// How many of them are in the store; the others were answered 503.
    pub stored: u64,
    /// Answered by a bound of the receiver (413, 431, 408, 503); not kept.
    pub refused: u64,
    /// Lines that came too fast for the terminal; the store has their requests.
    pub skipped: u64,
    /// How often each kind came, the most frequent first.
    pub groups: Vec<KindCount>,
    #[serde(skip)]
    pub has_store: bool,
}

/// What a destination is not owed any longer.
#[derive(Clone, Debug, Serialize)]
pub struct Discarded {
    pub url: String,
    pub captures: u64,
    /// False where it was only asked for, or nothing was pending there.
    pub removed: bool,
}

/// What a bound removed, or would remove.
#[derive(Clone, Debug, Serialize)]
pub struct Pruned {
    /// The bound.
    pub keep: String,
    pub captures: u64,
    pub deliveries: u64,
    /// How many of both were still to be delivered.
    pub pending: u64,
    /// What they take, about.
    pub bytes: u64,
    /// False where it was only asked for, or nothing was beyond the bound.
    pub removed: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Removed {
    pub removed: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct Imported {
    pub ids: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DemoTotals {
    pub events: usize,
    pub ok: usize,
    pub providers: usize,
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
