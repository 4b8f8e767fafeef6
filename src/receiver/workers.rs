//! Threads that serve connections.

use std::cell::Cell;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// One thread a core, each with a share of the connections from their begin to their end: what a request
/// wakes is on the same thread, so that waking costs no system call. Threads that take tasks from each other
/// answer fewer requests a second (`cargo bench --bench receiver`).
pub struct WorkerPool {
    workers: Vec<Worker>,
    next: Cell<usize>,
}

struct Worker {
    handle: Handle,
    /// The thread ends once this is gone, and what it has not done with it.
    _stop: oneshot::Sender<()>,
}

impl WorkerPool {
    /// Threads that cannot be started are left out.
    pub fn start() -> Self {
        // Two at least: the store's commits block the one that makes them.
        let count = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
        Self {
            workers: (0..count).filter_map(|_| Worker::start()).collect(),
            next: Cell::new(0),
        }
    }

    /// The lane of the next connection; none where there is not one.
    pub fn next(&self) -> Option<&Handle> {
        let next = self.next.get();
        self.next.set(next.wrapping_add(1));
        let index = next.checked_rem(self.workers.len())?;
        self.workers.get(index).map(|worker| &worker.handle)
    }
}

impl Worker {
    fn start() -> Option<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new()
            .name("connections".to_owned())
            .spawn(move || {
                // It is told by the sender's end, and hears nothing before.
                let _ = runtime.block_on(stopped);
            })
            .ok()?;
        Some(Self {
            handle,
            _stop: stop,
        })
    }
}
