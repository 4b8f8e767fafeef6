//! The scenarios that are played in the background.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// How many scenarios that were asked for are played at one time.
pub(super) const MOST_PLAYING: usize = 100;

/// The scenarios that were asked for and are not over, by their providers.
#[derive(Default)]
pub(super) struct Playing(Mutex<Vec<(String, AbortHandle)>>);

impl Playing {
    fn all(&self) -> MutexGuard<'_, Vec<(String, AbortHandle)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count(&self) -> usize {
        let mut all = self.all();
        all.retain(|(_, task)| !task.is_finished());
        all.len()
    }

    pub(super) fn has_room(&self) -> bool {
        self.count() < MOST_PLAYING
    }

    pub(super) fn add(&self, provider: String, task: AbortHandle) {
        self.all().push((provider, task));
    }

    /// Ends those of a provider.
    pub(super) fn stop(&self, provider: &str) {
        self.all().retain(|(of, task)| {
            if of == provider {
                task.abort();
            }
            of != provider
        });
    }
}
