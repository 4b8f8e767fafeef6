//! Showing what `listen` receives, on a thread of its own: neither a slow terminal nor a slow schema holds up
//! an answer.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use similar::TextDiff;
use tokio::sync::Notify;

use crate::catalog::{EventPattern, Provider};
use crate::cli::{Detail, SeeingArgs};
use crate::exit::Failure;
use crate::forward::ForwardEvent;
use crate::http::Place;
use crate::ingest::{Explained, Explainer, IngestCounts, IngestEvent, Ingested, SignatureCheck};
use crate::model::{RemoteText, Secret, Verdict, suggest};
use crate::payload::{Condition, Document, pretty, read_timestamp};
use crate::report::{Note, Report, Ui};
use crate::signature::Finding;
use crate::store::Store;
use crate::store::StoreError;
use crate::view::delivery_report;
use crate::view::redact;
use crate::view::redact::TokenNames;
use crate::view::{
    Answered, BodyReport, ReceivedReport, SignatureVerdict, finding_reports, readable_body,
    schema_report, time_text,
};

/// How often is said what was left out.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// How often is looked for what was found out, while something is.
const LOOKED_EVERY: Duration = Duration::from_millis(20);
/// How many event types' last bodies are kept for a diff, and how many hidden captures are remembered; when
/// there are more, remembering begins anew.
const REMEMBERED: usize = 1024;
/// A longer text is not compared.
const COMPARED_BYTES: usize = 1 << 20;
/// The last bodies take so many bytes in all; when there are more, remembering begins anew.
const REMEMBERED_BYTES: usize = 32 << 20;

/// What is shown, and how much of it.
pub struct Seeing {
    only: Vec<EventPattern>,
    verdict: Option<Verdict>,
    condition: Option<Condition>,
    headers: bool,
    body: bool,
    diff: bool,
}

impl Seeing {
    pub fn new(args: &SeeingArgs, verbose: bool) -> Self {
        Self {
            only: args.show_only.clone(),
            verdict: args.show_verdict,
            condition: args.show_where.clone(),
            headers: verbose || args.show.contains(&Detail::Headers),
            body: verbose || args.show.contains(&Detail::Body),
            diff: args.show.contains(&Detail::Diff),
        }
    }

    fn wants(&self, shown: &Ingested) -> bool {
        let capture = &shown.capture;
        let event = capture.event.as_ref().map(RemoteText::unescaped);
        let fits = |pattern: &EventPattern| pattern.fits(capture.provider.as_deref(), event);
        (self.only.is_empty() || self.only.iter().any(fits))
            && self
                .verdict
                .is_none_or(|verdict| verdict == capture.verdict)
            && self.condition.as_ref().is_none_or(|condition| {
                condition.holds(Document::parse(&capture.request.body).ok().as_ref())
            })
    }
}

/// What came before, as far as it is needed to show what comes.
#[derive(Default)]
pub struct Before {
    /// The last body of each event type, laid out.
    bodies: HashMap<String, String>,
    bodies_bytes: usize,
    /// The newest time that each provider's events name.
    newest: HashMap<String, Timestamp>,
    /// Captures that are not shown: nor is what became of them at a target.
    hidden: HashSet<String>,
}

impl Before {
    /// What differs from the last body of the same type; none where there was none.
    fn diff(&mut self, name: String, body: String) -> Option<RemoteText> {
        if body.len() > COMPARED_BYTES {
            self.bodies.remove(&name);
            return None;
        }
        self.bodies_bytes += body.len();
        if self.bodies.len() >= REMEMBERED || self.bodies_bytes > REMEMBERED_BYTES {
            self.bodies.clear();
            self.bodies_bytes = body.len();
        }
        let before = self.bodies.insert(name, body.clone())?;
        self.bodies_bytes -= before.len();
        let diff = TextDiff::from_lines(&before, &body);
        let text = diff.unified_diff().context_radius(1).to_string();
        Some(text.into())
    }

    /// By how much an event is older than one that came before it.
    fn out_of_order(&mut self, provider: &Provider, body: &[u8]) -> Option<Duration> {
        let document = Document::parse(body).ok()?;
        let at = provider.body.timestamps.iter().find_map(|timestamp| {
            let value = document.get(&timestamp.at)?;
            read_timestamp(timestamp.format, value.raw().trim_matches('"'))
        })?;
        match self.newest.get_mut(&provider.name) {
            Some(newest) if at < *newest => Duration::try_from(newest.duration_since(at)).ok(),
            Some(newest) => {
                *newest = at;
                None
            }
            None => {
                self.newest.insert(provider.name.clone(), at);
                None
            }
        }
    }
}

/// Shows what came.
pub struct Printer {
    pub ui: Arc<dyn Ui>,
    pub body: bool,
    pub reveal: bool,
    pub signatures: Arc<SignatureCheck>,
    pub verbose: bool,
    pub seeing: Seeing,
    pub before: RefCell<Before>,
    pub known_secrets: Vec<(String, Secret)>,
    pub token_names: TokenNames,
    pub counts: Arc<IngestCounts>,
    pub reader_gone: Arc<Notify>,
    /// Asked now and then what it evicted.
    pub store: Option<Arc<dyn Store>>,
}

impl Printer {
    pub fn run(&self, arrivals: &Receiver<IngestEvent>) {
        let mut told = Instant::now();
        let mut explainer = self
            .verbose
            .then(|| Explainer::start(self.signatures.clone(), self.known_secrets.clone()))
            .flatten();
        loop {
            let is_busy = explainer.as_ref().is_some_and(Explainer::is_busy);
            let patience = if is_busy { LOOKED_EVERY } else { TOLD_EVERY };
            let written = match arrivals.recv_timeout(patience) {
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
            while let Some(explained) = explainer.as_mut().and_then(Explainer::next_done) {
                is_open &= self.explained(explained);
            }
            if !is_open || self.ui.is_closed() {
                self.reader_gone.notify_one();
                // What comes during the draining is kept, and not shown.
                return;
            }
            if told.elapsed() >= TOLD_EVERY {
                told = Instant::now();
                let notices = self.store.iter().flat_map(|store| store.take_notices());
                for notice in notices {
                    self.ui.note(notice.into());
                }
                self.tell_skipped(explainer.as_mut());
            }
        }
    }

    /// Prints an arrival, or has it explained first. False where stdout cannot be written.
    fn arrived(&self, arrival: IngestEvent, explainer: Option<&mut Explainer>) -> bool {
        let bytes = arrival.body_bytes();
        let arrival = match (arrival, explainer) {
            (IngestEvent::Ingested(shown), Some(explainer)) if self.seeing.wants(&shown) => {
                match explainer.take(shown) {
                    Some(shown) => IngestEvent::Ingested(shown),
                    // Its body waits until it is shown.
                    None => return true,
                }
            }
            (arrival, _) => arrival,
        };
        let written = self.print(arrival, &[]);
        self.counts.shown(bytes);
        written
    }

    fn explained(&self, explained: Explained) -> bool {
        let arrival = IngestEvent::Ingested(explained.ingested);
        let bytes = arrival.body_bytes();
        let written = self.print(arrival, &explained.findings);
        self.counts.shown(bytes);
        written
    }

    /// What was left out for want of time.
    fn tell_skipped(&self, explainer: Option<&mut Explainer>) {
        let missed = self.counts.take_skipped();
        if missed > 0 {
            self.ui.note(Note::warning(format!(
                "{missed} lines were not shown, for they came too fast"
            )));
        }
        let unexplained = explainer.map_or(0, Explainer::take_skipped);
        if unexplained > 0 {
            self.ui.note(Note::warning(format!(
                "{unexplained} requests that do not verify were shown without saying why, for they came too fast; `{}` says it of any",
                suggest(["verify", "last"])
            )));
        }
    }

    /// False where stdout cannot be written: it is treated as one whose reader has gone.
    fn print(&self, arrival: IngestEvent, findings: &[Finding]) -> bool {
        match arrival {
            IngestEvent::Ingested(shown) => {
                if let Some(error) = &shown.trouble {
                    let trouble = trouble(error, shown.provider.as_deref());
                    self.ui
                        .note(Note::error(format!("not kept, answered 503: {trouble}")));
                }
                if !self.seeing.wants(&shown) {
                    let mut before = self.before.borrow_mut();
                    if shown.capture.destinations.are_pending() {
                        if before.hidden.len() >= REMEMBERED {
                            before.hidden.clear();
                        }
                        before.hidden.insert(shown.capture.id.to_string());
                    }
                    return true;
                }
                let report = Report::Request(Box::new(self.report(*shown, findings)));
                self.ui.emit(&report).is_ok()
            }
            IngestEvent::Forward(event) => self.print_forward(event),
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

    /// What becomes of a request at a destination. False where stdout cannot be written.
    fn print_forward(&self, event: ForwardEvent) -> bool {
        let note = match event {
            ForwardEvent::Delivered {
                dispatched,
                provider,
            } => {
                let report = delivery_report(&dispatched.record, provider.as_deref());
                let hidden = &self.before.borrow().hidden;
                let capture = report.replay_of.as_ref();
                if capture.is_some_and(|capture| hidden.contains(capture)) {
                    return true;
                }
                return self.ui.emit(&Report::Forwarded(Box::new(report))).is_ok();
            }
            ForwardEvent::Failed(error) => {
                let notes = Failure::from(error).notes().into_iter();
                notes.for_each(|note| self.ui.note(note));
                return true;
            }
            ForwardEvent::NotRecorded(error) => Note::error(error.to_string()),
            ForwardEvent::LeftPending => Note::warning(
                "a request was not forwarded, for too many are on their way; `hookcli replay --unforwarded` sends it on",
            ),
            ForwardEvent::CameBack { place, is_stored } => {
                let missed = match is_stored {
                    true => format!("; `{}` sends on what it missed", sends_on(&place)),
                    false => String::new(),
                };
                Note::Status(format!("{place} answers again{missed}").into())
            }
            ForwardEvent::TimedOut => Note::hint(
                "--forward-timeout none waits as long as it takes, for example at a breakpoint; --forward-async answers the sender at once",
            ),
            ForwardEvent::WentAway {
                place,
                kind,
                is_stored,
            } => {
                let rest = match is_stored {
                    true => format!(
                        "; what comes is kept, and `{}` sends it on",
                        sends_on(&place)
                    ),
                    false => "; what comes is lost (--no-store)".to_owned(),
                };
                Note::warning(format!("{place} does not answer ({kind}){rest}"))
            }
        };
        self.ui.note(note);
        true
    }

    fn report(&self, shown: Ingested, findings: &[Finding]) -> ReceivedReport {
        let capture = &*shown.capture;
        let provider = shown.provider.as_deref();
        let request = &capture.request;
        let masked = if self.reveal {
            request.clone()
        } else {
            redact::request(provider, request, &[], &self.token_names).0
        };
        let believed = capture.verdict.is_accepted();
        let mut before = self.before.borrow_mut();
        let out_of_order = provider
            .filter(|_| believed && capture.duplicate_of.is_none())
            .and_then(|provider| before.out_of_order(provider, &request.body));
        let readable = (self.seeing.body || self.seeing.diff).then(|| readable_body(&masked));
        let diff = readable
            .as_ref()
            .filter(|_| self.seeing.diff)
            .and_then(|body| {
                let text = pretty(body.unescaped().as_bytes())
                    .unwrap_or_else(|| body.unescaped().to_owned());
                let event = capture.event.as_ref().map_or("", |event| event.unescaped());
                let provider = capture.provider.as_deref().unwrap_or_default();
                before.diff(format!("{provider}/{event}"), text + "\n")
            });
        ReceivedReport {
            id: capture.id.to_string(),
            provider: capture.provider.clone(),
            candidates: capture.candidates.clone(),
            event: capture.event.clone(),
            signature: SignatureVerdict {
                verdict: capture.verdict,
                reason: capture.reason,
                findings: finding_reports(findings),
            },
            schema: schema_report(provider, capture.event.as_ref(), &request.body),
            duplicate_of: capture.duplicate_of.map(|id| id.to_string()),
            method: masked.method.as_str().into(),
            path: masked.target.as_str().into(),
            body_bytes: request.body.len(),
            response: Answered {
                status: shown.status,
                manner: capture.response_fault.map(|fault| fault.to_string()),
            },
            received_at: time_text(capture.received_at),
            body: if self.body {
                BodyReport::of(&masked.body)
            } else {
                BodyReport::default()
            },
            out_of_order_by_ms: out_of_order.map(|by| by.as_secs_f64() * 1000.0),
            mark: capture.mark,
            is_held_back: shown.is_held_back,
            is_answered_here: shown.is_answered_here,
            shows_headers: self.seeing.headers,
            pretty: readable.filter(|_| self.seeing.body),
            diff,
            headers: masked.headers,
        }
    }
}

/// The command that sends what is pending at a place.
fn sends_on(place: &Place) -> String {
    suggest(["replay", "--unforwarded", "--url", &place.to_string()])
}

/// Why a request was not stored, and what becomes of it: whoever sends it may send it again.
fn trouble(error: &StoreError, provider: Option<&Provider>) -> String {
    let StoreError::Full = error else {
        return error.to_string();
    };
    let again = match provider {
        Some(provider) if provider.delivery.retries(503) => {
            format!("{} sends them again", provider.title)
        }
        Some(provider) => format!("{} does not send them again", provider.title),
        None => "whether they are sent again is up to their sender".to_owned(),
    };
    format!(
        "{error}; {again}. Send on what is pending (`{}`), or raise the bound with --keep",
        suggest(["replay", "--unforwarded"])
    )
}
