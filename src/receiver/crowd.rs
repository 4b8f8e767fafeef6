//! Where there are as many connections as may be open, those on which nothing happens make room for others.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::connection::Phase;

/// How often connections are asked to make room, at most.
pub(super) const ASKED_EVERY: Duration = Duration::from_millis(100);

/// Those who wait for room.
pub(super) struct Crowd {
    /// Counts how often room was wanted.
    times: watch::Sender<u64>,
    asked_at: Mutex<Option<Instant>>,
}

impl Crowd {
    pub(super) fn new() -> Self {
        Self {
            times: watch::Sender::new(0),
            asked_at: Mutex::new(None),
        }
    }

    /// There is no room for another connection.
    pub(super) fn wants_room(&self) {
        let mut asked_at = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if asked_at.is_none_or(|at| at.elapsed() >= ASKED_EVERY) {
            *asked_at = Some(Instant::now());
            self.times.send_modify(|times| *times += 1);
        }
    }

    /// Changes whenever room is wanted.
    pub(super) fn follow(&self) -> watch::Receiver<u64> {
        self.times.subscribe()
    }

    /// Resolves when others want a connection's room, and nothing has happened on it for a while.
    pub(super) async fn crowds_out(&self, phase: &Phase) {
        let mut wanted = self.follow();
        let mut before = None;
        // The other end is there as long as the server.
        while wanted.changed().await.is_ok() {
            let idle = phase.idle_after();
            if idle.is_some() && idle == before {
                return;
            }
            before = idle;
        }
        std::future::pending::<()>().await;
    }
}
