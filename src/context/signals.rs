//! What asks a running command to stop.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Exit;

/// Ctrl-C and SIGTERM. From [`Signals::new`] on neither ends the process by itself, and none is missed.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next of either.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// How long a command that was told to stop may take, and how long after it was told twice.
const STOPS_WITHIN: Duration = Duration::from_secs(20);
const STOPS_AT_ONCE: Duration = Duration::from_secs(1);

/// Ends the process where a command does not: a reader of its output that does not read can hold up whatever
/// writes there. As long as this is there, a second signal ends it, and a first one in a while.
pub struct LastResort(tokio::task::JoinHandle<()>);

impl LastResort {
    pub fn new() -> std::io::Result<Self> {
        let mut signals = Signals::new()?;
        Ok(Self(tokio::spawn(async move {
            signals.next().await;
            let _ = tokio::time::timeout(STOPS_WITHIN, signals.next()).await;
            tokio::time::sleep(STOPS_AT_ONCE).await;
            end();
        })))
    }
}

#[expect(clippy::exit, reason = "the running work could not be told to stop")]
fn end() {
    std::process::exit(i32::from(Exit::Interrupted.code()));
}

impl Drop for LastResort {
    fn drop(&mut self) {
        self.0.abort();
    }
}
