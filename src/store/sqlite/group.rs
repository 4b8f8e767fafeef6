//! Group commit: captures that arrive together are committed together, and only then is each sender told.
//! Acknowledged means committed.
//!
//! Each thread has a queue. Its content goes, as one batch, to the thread that commits: the one that finds
//! no one at it, with all the batches that there are. So a commit holds up one thread, the others continue with
//! their connections meanwhile, and a thread is woken once a batch.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::checkpoints::Checkpoints;
use super::writer::Writer;
use super::{Ack, StoreError};
use crate::store::{Incoming, Kept};

/// What may wait in each queue. The receiver's own bound on buffered bytes holds for these too.
const QUEUE: usize = 1024;
/// What one batch holds at most.
const BATCH: usize = 256;
/// Each thread that hands in has its own queue, as long as there are not more threads than these.
const QUEUES: usize = 8;

pub(super) struct GroupCommit {
    writer: Arc<Writer>,
    checkpoints: Arc<Checkpoints>,
    queues: [Mutex<Queue>; QUEUES],
    batches: Mutex<Batches>,
}

/// Where the outcome of a commit is told.
type Acknowledge = oneshot::Sender<Kept>;

#[derive(Default)]
struct Queue {
    captures: Vec<Incoming>,
    /// One for each capture.
    acknowledge: Vec<Acknowledge>,
    /// A task that hands in is under way.
    is_watched: bool,
}

struct Batch {
    captures: Vec<Incoming>,
    committed: oneshot::Sender<Result<(), StoreError>>,
}

#[derive(Default)]
struct Batches {
    waiting: Vec<Batch>,
    /// A task that commits is under way.
    are_watched: bool,
}

impl GroupCommit {
    pub(super) fn new(writer: Arc<Writer>, checkpoints: Checkpoints) -> Self {
        Self {
            writer,
            checkpoints: Arc::new(checkpoints),
            queues: std::array::from_fn(|_| Mutex::default()),
            batches: Mutex::default(),
        }
    }

    pub(super) fn keep(self: &Arc<Self>, incoming: Incoming) -> Result<Ack, StoreError> {
        let (acknowledge, ack) = oneshot::channel();
        let own = own_queue();
        let mut queue = self.queue(own);
        if queue.captures.len() >= QUEUE {
            return Err(StoreError::Busy);
        }
        queue.captures.push(incoming);
        queue.acknowledge.push(acknowledge);
        let was_watched = std::mem::replace(&mut queue.is_watched, true);
        // A runtime that ends drops what is spawned at once, and with it the watch, which takes the queue.
        drop(queue);
        if !was_watched {
            tokio::spawn(hand_in(Watch::new(self, Watched::Queue(own)), own));
        }
        Ok(ack)
    }

    fn queue(&self, number: usize) -> MutexGuard<'_, Queue> {
        self.queues[number]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn batches(&self) -> MutexGuard<'_, Batches> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The queue of this thread.
fn own_queue() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed) % QUEUES);
    }
    OWN.get()
}

/// Hands in batch after batch until nothing waits. Before each it lets every other task of its thread run
/// that can: they queue what they have, and a commit of many costs little more than one of few.
async fn hand_in(mut watch: Watch, own: usize) {
    let group = watch.group.clone();
    loop {
        tokio::task::yield_now().await;
        let (captures, acknowledge) = {
            let mut queue = group.queue(own);
            if queue.captures.is_empty() {
                queue.is_watched = false;
                watch.is_over = true;
                return;
            }
            let count = queue.captures.len().min(BATCH);
            let captures = queue.captures.drain(..count).collect();
            let acknowledge: Vec<_> = queue.acknowledge.drain(..count).collect();
            (captures, acknowledge)
        };
        let (committed, outcome) = oneshot::channel();
        let were_watched = {
            let mut batches = group.batches();
            batches.waiting.push(Batch {
                captures,
                committed,
            });
            std::mem::replace(&mut batches.are_watched, true)
        };
        if !were_watched {
            tokio::spawn(commit_batches(Watch::new(&group, Watched::Batches)));
        }
        let broken_off = || StoreError::write("its commit was interrupted");
        let outcome = outcome.await.unwrap_or_else(|_| Err(broken_off()));
        for acknowledge in acknowledge {
            // A sender that no longer listens has its capture anyway.
            let _ = acknowledge.send(outcome.clone().map(|()| None));
        }
    }
}

/// Commits all batches that wait, until none does. A commit blocks its thread, which costs less than handing
/// it to its own thread.
async fn commit_batches(mut watch: Watch) {
    let group = watch.group.clone();
    loop {
        let batches = {
            let mut batches = group.batches();
            if batches.waiting.is_empty() {
                batches.are_watched = false;
                watch.is_over = true;
                return;
            }
            std::mem::take(&mut batches.waiting)
        };
        group.checkpoints.wait_if_behind(&group.writer);
        let captures = || {
            let incoming = batches.iter().flat_map(|batch| &batch.captures);
            incoming.map(|one| (&one.capture, one.is_left))
        };
        let outcome = group
            .writer
            .keep(captures().map(|(capture, is_left)| (&**capture, is_left)));
        if group
            .checkpoints
            .count(captures().map(|(capture, _)| capture))
        {
            let (writer, checkpoints) = (group.writer.clone(), group.checkpoints.clone());
            tokio::task::spawn_blocking(move || checkpoints.run(&writer));
        }
        for batch in batches {
            let _ = batch.committed.send(outcome.clone());
        }
        tokio::task::yield_now().await;
    }
}

/// Held by whoever watches a queue or the batches. Where that ends by a panic, or with its runtime, all that
/// wait are told, and the next to come finds no one at it.
struct Watch {
    group: Arc<GroupCommit>,
    watched: Watched,
    is_over: bool,
}

enum Watched {
    Queue(usize),
    Batches,
}

impl Watch {
    fn new(group: &Arc<GroupCommit>, watched: Watched) -> Self {
        Self {
            group: group.clone(),
            watched,
            is_over: false,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.is_over {
            match self.watched {
                Watched::Queue(number) => *self.group.queue(number) = Queue::default(),
                Watched::Batches => *self.group.batches() = Batches::default(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::checkpoints::MOST_LOG_BYTES;
    use super::super::testing::{all, capture};
    use super::super::{Query, SqliteStore, Store as _, StoreOptions};
    use jiff::Timestamp;
    use std::sync::Arc;
    use tokio::sync::oneshot::error::TryRecvError;

    /// 240 MB from many threads: more than the log ever holds, however slow the disk is.
    #[test]
    fn the_log_stays_bounded_while_many_write() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let store = Arc::new(store);
        let write = |sender: u64| {
            let store = store.clone();
            async move {
                for number in 0..150 {
                    let mut capture = capture(sender * 150 + number, Timestamp::now());
                    capture.request.body = vec![b'x'; 40_000].into();
                    store
                        .keep(Arc::new(capture).into())
                        .unwrap()
                        .await
                        .unwrap()
                        .unwrap();
                }
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut senders: tokio::task::JoinSet<()> = (0..40).map(write).collect();
            while let Some(ended) = senders.join_next().await {
                ended.unwrap();
            }
        });
        assert_eq!(all(&store, &Query::default()).len(), 6000);
        let log = std::fs::metadata(dir.path().join("store.db-wal")).unwrap();
        // At that length writing waits; what is being committed then comes on top.
        let most = MOST_LOG_BYTES + (32 << 20);
        assert!(log.len() < most as u64, "{}", log.len());
    }

    /// Whoever commits is gone with its runtime: those who wait hear of it, and the next ones are committed.
    #[test]
    fn a_runtime_that_ends_holds_nobody_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, StoreOptions::default()).unwrap();
        let runtime = || {
            tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap()
        };
        for ended_after in 0..6 {
            let first = runtime();
            let mut kept = None;
            first.block_on(async {
                let first = Arc::new(capture(1, Timestamp::now()));
                kept = store.keep(first.into()).ok();
                for _ in 0..ended_after {
                    tokio::task::yield_now().await;
                }
            });
            drop(first);
            assert!(!matches!(
                kept.unwrap().try_recv(),
                Err(TryRecvError::Empty)
            ));
            let next = runtime().block_on(async {
                store
                    .keep(Arc::new(capture(2, Timestamp::now())).into())
                    .unwrap()
                    .await
            });
            assert!(matches!(next, Ok(Ok(None))), "after {ended_after}");
        }
    }
}
