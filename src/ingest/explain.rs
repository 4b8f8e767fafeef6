//! Why requests do not verify, found out beside everything else: anybody who knows a public URL can send what does not
//! verify, and must not get the processor for it, nor hold up what is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use super::{Ingested, SignatureCheck};
use crate::model::{Secret, Verdict};
use crate::signature::Finding;

/// So many wait to be explained; more are shown without.
const WAITING: usize = 16;
/// No rest is longer.
const LONGEST_REST: Duration = Duration::from_secs(2);

/// A request and what was found out.
pub struct Explained {
    pub ingested: Arc<Ingested>,
    /// Nothing where it was not looked at any more.
    pub findings: Vec<Finding>,
    was_skipped: bool,
}

/// One worker, which rests as long as it has worked.
pub struct Explainer {
    jobs: Option<SyncSender<Arc<Ingested>>>,
    signatures: Arc<SignatureCheck>,
    explains_failures: bool,
    done: Receiver<Explained>,
    /// What still waits is given back as it is.
    is_ending: Arc<AtomicBool>,
    /// Handed over, and not taken back yet.
    pending: usize,
    skipped: u64,
}

impl Explainer {
    /// None where no thread can be started. Only where it `explains_failures`, they are; what a signature is that is not
    /// checked is looked for in any case.
    pub fn start(
        signatures: Arc<SignatureCheck>,
        secrets: Vec<(String, Secret)>,
        explains_failures: bool,
    ) -> Option<Self> {
        let asked = signatures.clone();
        let (jobs, waiting) = sync_channel::<Arc<Ingested>>(WAITING);
        let (explained, done) = sync_channel(WAITING + 1);
        let is_ending = Arc::new(AtomicBool::new(false));
        let ends = is_ending.clone();
        std::thread::Builder::new()
            .name("diagnosis".to_owned())
            .spawn(move || {
                for ingested in waiting {
                    let begun = Instant::now();
                    let was_skipped = ends.load(Ordering::Relaxed);
                    let findings = match was_skipped {
                        true => Vec::new(),
                        false => explain(&signatures, &ingested, &secrets),
                    };
                    let worked = begun.elapsed();
                    let one = Explained {
                        ingested,
                        findings,
                        was_skipped,
                    };
                    if explained.send(one).is_err() {
                        return;
                    }
                    if !ends.load(Ordering::Relaxed) {
                        std::thread::sleep(worked.min(LONGEST_REST));
                    }
                }
            })
            .ok()?;
        Some(Self {
            jobs: Some(jobs),
            signatures: asked,
            explains_failures,
            done,
            is_ending,
            pending: 0,
            skipped: 0,
        })
    }

    /// Takes a request to explain it; gives it back where there is nothing to explain, or too much.
    pub fn take(&mut self, ingested: Arc<Ingested>) -> Option<Arc<Ingested>> {
        let failed = !ingested.capture.verdict.is_accepted();
        let provider = ingested.provider.as_deref();
        let wanted = match ingested.capture.verdict {
            Verdict::Unchecked => {
                let request = &ingested.capture.request;
                self.signatures.may_recognise(provider, request)
            }
            _ => failed && provider.is_some() && self.explains_failures,
        };
        let Some(jobs) = self.jobs.as_ref().filter(|_| wanted) else {
            return Some(ingested);
        };
        match jobs.try_send(ingested) {
            Ok(()) => {
                self.pending += 1;
                None
            }
            Err(TrySendError::Full(ingested) | TrySendError::Disconnected(ingested)) => {
                self.skipped += u64::from(failed);
                Some(ingested)
            }
        }
    }

    pub fn is_busy(&self) -> bool {
        self.pending > 0
    }

    /// What is explained by now.
    pub fn next_done(&mut self) -> Option<Explained> {
        let done = self.done.try_recv().ok()?;
        self.pending -= 1;
        Some(done)
    }

    /// What is still to come, once nothing more is taken.
    pub fn rest(&mut self) -> Option<Explained> {
        self.jobs = None;
        self.is_ending.store(true, Ordering::Relaxed);
        let done = self.done.recv().ok()?;
        let failed = !done.ingested.capture.verdict.is_accepted();
        self.skipped += u64::from(done.was_skipped && failed);
        self.pending = self.pending.saturating_sub(1);
        Some(done)
    }

    /// How many were not explained since this was last asked.
    pub fn take_skipped(&mut self) -> u64 {
        std::mem::take(&mut self.skipped)
    }
}

fn explain(
    signatures: &SignatureCheck,
    ingested: &Ingested,
    secrets: &[(String, Secret)],
) -> Vec<Finding> {
    let capture = &ingested.capture;
    let (request, at) = (&capture.request, capture.received_at);
    let provider = ingested.provider.as_deref();
    match (capture.verdict, provider) {
        (Verdict::Unchecked, provider) => {
            let found = signatures.recognise(provider, request, at, secrets);
            found.into_iter().collect()
        }
        (_, Some(provider)) => signatures.diagnose(provider, request, at, secrets),
        (_, None) => Vec::new(),
    }
}
