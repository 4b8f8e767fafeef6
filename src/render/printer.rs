//! Shows what a listener receives, on a thread of its own: neither a slow terminal nor a slow schema holds up
//! an answer.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::catalog::Provider;
use crate::exit::Failure;
use crate::forward::{ForwardEvent, InProgress};
use crate::http::Destination;
use crate::ingest::{
    EventBacklog, Explained, Explainer, IngestCounts, IngestEvent, Ingested, SignatureCheck,
    Subscription,
};
use crate::model::{Id, RemoteText, Secret, Verdict, counted, suggest};
use crate::report::{Note, Report, Ui};
use crate::signature::Finding;
use crate::store::{Store, StoreError};
use crate::view::{
    HandlingFacts, NotReceivedReport, ReceivedFilter, ReceivedView, delivery_report,
};

/// How often is said what was left out.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// How often is looked for what was found out, while something is.
const LOOKED_EVERY: Duration = Duration::from_millis(20);
/// How many hidden captures are remembered; when there are more, remembering starts again.
const REMEMBERED: usize = 1024;

/// Shows what was received.
pub struct Printer {
    pub ui: Arc<dyn Ui>,
    pub filter: ReceivedFilter,
    pub view: ReceivedView,
    pub signatures: Arc<SignatureCheck>,
    /// Why a signature fails is found out, too.
    pub explains: bool,
    /// It is said where that was left out for want of time.
    pub tells_unexplained: bool,
    pub known_secrets: Vec<(String, Secret)>,
    /// Captures that are not shown: nor is what became of them later.
    pub hidden: HashSet<Id>,
    pub backlog: Arc<EventBacklog>,
    pub reader_gone: Arc<Notify>,
    pub counts: Arc<IngestCounts>,
    /// Says how much is still being forwarded.
    pub forwarding: Option<InProgress>,
    /// Asked now and then what it evicted.
    pub store: Option<Arc<dyn Store>>,
}

impl Printer {
    pub fn run(mut self, arrivals: &Subscription) {
        let mut told = Instant::now();
        let mut summary = Summary::default();
        let mut explainer = Explainer::start(
            self.signatures.clone(),
            self.known_secrets.clone(),
            self.explains,
        );
        loop {
            let is_busy = explainer.as_ref().is_some_and(Explainer::is_busy);
            let patience = if is_busy { LOOKED_EVERY } else { TOLD_EVERY };
            let next = arrivals.next_within(patience);
            let is_idle = matches!(next, Err(RecvTimeoutError::Timeout));
            let written = match next {
                Ok(arrival) => self.arrived(arrival, explainer.as_mut()),
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => {
                    // What is being explained is shown before it ends.
                    while let Some(explained) = explainer.as_mut().and_then(Explainer::rest) {
                        if !self.explained(explained) {
                            break;
                        }
                    }
                    return self.tell_skipped(explainer.as_mut());
                }
            };
            let mut is_open = written;
            // What is printed takes the summary's place.
            let mut has_printed = !is_idle;
            while let Some(explained) = explainer.as_mut().and_then(Explainer::next_done) {
                is_open &= self.explained(explained);
                has_printed = true;
            }
            if !is_open || self.ui.is_closed() {
                self.reader_gone.notify_one();
                // What comes during the draining is kept, and not shown.
                return;
            }
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                has_printed = true;
                let notices = self.store.iter().flat_map(|store| store.take_notices());
                notices.for_each(|notice| self.ui.note(notice.into()));
                self.tell_skipped(explainer.as_mut());
                summary.measure(self.counts.received());
            }
            if self.ui.is_live() && has_printed {
                let forwarding = self.forwarding.as_ref().map_or(0, InProgress::count);
                self.ui.live(&[summary.line(&self.counts, forwarding)]);
            }
        }
    }

    /// Prints an arrival, or has it explained first. False where stdout cannot be written.
    fn arrived(&mut self, arrival: IngestEvent, explainer: Option<&mut Explainer>) -> bool {
        let bytes = arrival.body_bytes();
        let arrival = match (arrival, explainer) {
            (IngestEvent::Ingested(shown), Some(explainer))
                if self.filter.fits(&shown.capture, shown.status) =>
            {
                match explainer.take(shown) {
                    Some(shown) => IngestEvent::Ingested(shown),
                    // Its body waits until it is shown.
                    None => return true,
                }
            }
            (arrival, _) => arrival,
        };
        let written = self.print(arrival, &[]);
        self.backlog.shown(bytes);
        written
    }

    fn explained(&mut self, explained: Explained) -> bool {
        let arrival = IngestEvent::Ingested(explained.ingested);
        let bytes = arrival.body_bytes();
        let written = self.print(arrival, &explained.findings);
        self.backlog.shown(bytes);
        written
    }

    /// What was left out for want of time.
    fn tell_skipped(&self, explainer: Option<&mut Explainer>) {
        let missed = self.backlog.take_skipped();
        if missed > 0 {
            self.ui.note(Note::warning(format!(
                "{missed} lines were not shown because they arrived too fast"
            )));
        }
        let unexplained = explainer.map_or(0, Explainer::take_skipped);
        if unexplained > 0 && self.tells_unexplained {
            self.ui.note(Note::warning(format!(
                "{unexplained} invalid requests were shown without a diagnosis because they arrived too fast; run `{}` for one of them",
                suggest(["verify", "last"])
            )));
        }
    }

    /// False where stdout cannot be written: it is treated as one whose reader has gone.
    fn print(&mut self, arrival: IngestEvent, findings: &[Finding]) -> bool {
        match arrival {
            IngestEvent::Ingested(shown) => {
                if let Some(error) = &shown.trouble {
                    let trouble = trouble(error, shown.provider.as_deref());
                    self.ui.note(Note::error(format!(
                        "request not stored, answered 503: {trouble}"
                    )));
                }
                if !self.filter.fits(&shown.capture, shown.status) {
                    self.hide(&shown);
                    return true;
                }
                let report = Report::Request(Box::new(self.view.report(
                    &shown.capture,
                    shown.provider.as_deref(),
                    findings,
                    HandlingFacts {
                        status: shown.status,
                        took: shown.took,
                        is_held_back: shown.is_held_back,
                        is_answered_here: shown.is_answered_here,
                    },
                )));
                self.ui.emit(&report).is_ok()
            }
            IngestEvent::Forward(event) => self.print_forward(&event),
            IngestEvent::NotReceived { capture, .. } if self.hidden.contains(&capture) => true,
            IngestEvent::NotReceived { capture, end } => {
                let report = NotReceivedReport {
                    id: capture.to_string(),
                    response_end: end,
                };
                self.ui.emit(&Report::NotReceived(report)).is_ok()
            }
            IngestEvent::StoredAgain => {
                self.ui
                    .note(Note::Status("requests are stored again".into()));
                true
            }
            IngestEvent::Refused { status, why } => {
                let told = match status {
                    0 => format!("a connection was closed: {why}"),
                    _ => format!("a request was answered {status}: {why}"),
                };
                self.ui.note(Note::warning(told));
                true
            }
        }
    }

    /// What becomes of it at a destination, and of its response, is not shown either.
    fn hide(&mut self, shown: &Ingested) {
        if self.hidden.len() >= REMEMBERED {
            self.hidden.clear();
        }
        self.hidden.insert(shown.capture.id);
    }

    /// What becomes of a request at a destination. False where stdout cannot be written.
    fn print_forward(&self, event: &ForwardEvent) -> bool {
        let note = match event {
            ForwardEvent::Delivered {
                dispatched,
                provider,
            } => {
                let capture = dispatched.record.replay_of;
                if capture.is_some_and(|capture| self.hidden.contains(&capture)) {
                    return true;
                }
                let report = delivery_report(&dispatched.record, provider.as_deref());
                return self.ui.emit(&Report::Forwarded(Box::new(report))).is_ok();
            }
            ForwardEvent::Failed(error) => {
                let notes = Failure::from(error).notes().into_iter();
                notes.for_each(|note| self.ui.note(note));
                return true;
            }
            ForwardEvent::NotRecorded(error) => Note::error(error.to_string()),
            ForwardEvent::LeftPending => Note::warning(
                "a request was not forwarded because too many are in progress; run `hookcli replay --unforwarded` to send it",
            ),
            ForwardEvent::CameBack {
                destination,
                is_stored,
            } => {
                let missed = match *is_stored {
                    true => format!(
                        "; run `{}` to forward the requests it missed",
                        sends_on(destination)
                    ),
                    false => String::new(),
                };
                Note::Status(format!("{destination} responds again{missed}").into())
            }
            ForwardEvent::TimedOut => Note::hint(
                "add --forward-timeout none to wait without a limit (for example at a breakpoint), or --forward-async to answer the sender at once",
            ),
            ForwardEvent::WentAway {
                destination,
                kind,
                is_stored,
            } => {
                let rest = match *is_stored {
                    true => format!(
                        "; requests are stored, run `{}` to forward them later",
                        sends_on(destination)
                    ),
                    false => "; requests are lost, because of --no-store".to_owned(),
                };
                Note::warning(format!("{destination} does not respond ({kind}){rest}"))
            }
        };
        self.ui.note(note);
        true
    }
}

/// The line at the bottom: how much was received, and how fast.
#[derive(Default)]
struct Summary {
    before: u64,
    measured: Option<Instant>,
    per_second: f64,
}

impl Summary {
    /// Called about once a second.
    fn measure(&mut self, received: u64) {
        let since = self.measured.replace(Instant::now());
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2⁵² requests")]
        let more = received.saturating_sub(self.before) as f64;
        self.before = received;
        self.per_second =
            since.map_or(0.0, |since| more / since.elapsed().as_secs_f64().max(0.001));
    }

    fn line(&self, counts: &IngestCounts, forwarding: usize) -> RemoteText {
        let of = |verdict| counts.with_verdict(verdict);
        let mut line = counted(counts.received(), "request");
        line += &format!("  {:.0}/s  ✓ {} valid", self.per_second, of(Verdict::Valid));
        for (sign, verdict) in [
            ("✗", Verdict::Invalid),
            ("✗", Verdict::Missing),
            ("?", Verdict::Unchecked),
        ] {
            if of(verdict) > 0 {
                line += &format!("  {sign} {} {verdict}", of(verdict));
            }
        }
        if forwarding > 0 {
            line += &format!("  → {forwarding} being forwarded");
        }
        line.into()
    }
}

/// The command that sends what is pending at a place.
fn sends_on(destination: &Destination) -> String {
    suggest(["replay", "--unforwarded", "--url", &destination.to_string()])
}

/// Why a request was not stored, and what becomes of it: the sender may send it again.
fn trouble(error: &StoreError, provider: Option<&Provider>) -> String {
    let StoreError::Full = error else {
        return error.to_string();
    };
    let again = match provider {
        Some(provider) if provider.delivery.retries(503) => {
            format!("{} sends such requests again", provider.title)
        }
        Some(provider) => format!("{} does not send such requests again", provider.title),
        None => "the sender decides whether to send such requests again".to_owned(),
    };
    format!(
        "{error}; {again}. Forward the pending requests (run `{}`) or raise the limit with --keep",
        suggest(["replay", "--unforwarded"])
    )
}
