//! Says that long work is under way, and how far it is, where someone looks on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::report::Ui;

/// Work that takes less is over before anyone wonders.
const SHOWN_AFTER: Duration = Duration::from_secs(1);
const DRAWN_EVERY: Duration = Duration::from_millis(200);

/// As long as this is there, the work goes on: a thread of its own says so, whatever holds up this one.
pub struct Working {
    done: Arc<AtomicU64>,
    /// The thread ends once this is dropped.
    stop: Option<Sender<()>>,
    teller: Option<JoinHandle<()>>,
}

impl Working {
    /// `what` is being done, as "exporting".
    pub fn new(ui: &Arc<dyn Ui>, what: &'static str) -> Self {
        let done = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = channel();
        let teller = ui.is_live().then(|| {
            let (ui, done) = (ui.clone(), done.clone());
            std::thread::spawn(move || tell(&*ui, what, &done, &stopped))
        });
        Self {
            done,
            stop: Some(stop),
            teller,
        }
    }

    /// One more thing is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(teller) = self.teller.take() {
            // One that panicked has nothing to clear away.
            let _ = teller.join();
        }
    }
}

fn tell(ui: &dyn Ui, what: &str, done: &AtomicU64, stopped: &Receiver<()>) {
    let begun = Instant::now();
    let mut wait = SHOWN_AFTER;
    while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = DRAWN_EVERY;
        let seconds = begun.elapsed().as_secs();
        let text = match done.load(Ordering::Relaxed) {
            0 => format!("{what} ({seconds} s); stop with Ctrl-C"),
            done => format!("{what}: {done} ({seconds} s); stop with Ctrl-C"),
        };
        ui.live(&[text.into()]);
    }
    if wait == DRAWN_EVERY {
        ui.live(&[]);
    }
}
