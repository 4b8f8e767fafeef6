//! Captures that arrive together are committed together, and only then is each sender told: acknowledged means committed.
//! Some commits are under way at one time, so that one waits for the database's disk while another comes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tracing::error;

use super::connection::Database;
use super::error::PostgresError;
use super::lease::Lease;
use super::wake::Wake;
use super::writing::insert_captures;
use crate::model::{Capture, Id, Repetition, TimeSource};
use crate::store::{Ack, Changing, Incoming, Kept, StoreError};

/// What one commit holds at most, and how many bytes of it.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 8 << 20;
/// What may wait, and how many bytes of it.
const QUEUE: usize = 8192;
const QUEUE_BYTES: usize = 128 << 20;
/// How many commits are under way.
const AT_ONCE: usize = 4;
/// A commit that takes longer has failed, as far as its senders are concerned.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Who takes captures in.
pub(super) struct GroupCommit {
    queue: mpsc::Sender<Waiting>,
    bytes: Arc<AtomicUsize>,
}

struct Waiting {
    incoming: Incoming,
    acknowledge: oneshot::Sender<Kept>,
}

/// What a commit needs.
#[derive(Clone)]
pub(super) struct Inserting {
    pub database: Arc<Database>,
    pub lease: Arc<Lease>,
    pub wake: Arc<Wake>,
    pub workspace: String,
    pub time: TimeSource,
}

impl GroupCommit {
    pub(super) fn new(inserting: Inserting) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let bytes = Arc::new(AtomicUsize::new(0));
        let handle = inserting.database.handle().clone();
        // It ends with the queue, and holds the database until then.
        handle.spawn(commit_batches(inserting, waiting, bytes.clone()));
        Self { queue, bytes }
    }

    pub(super) fn keep(&self, incoming: Incoming) -> Result<Ack, StoreError> {
        let (acknowledge, ack) = oneshot::channel();
        let size = size_of(&incoming.capture);
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        let waiting = Waiting {
            incoming,
            acknowledge,
        };
        let is_full = before > QUEUE_BYTES;
        if is_full || self.queue.try_send(waiting).is_err() {
            self.bytes.fetch_sub(size, Ordering::Relaxed);
            return Err(StoreError::Busy);
        }
        Ok(ack)
    }
}

fn size_of(capture: &Capture) -> usize {
    capture.request.body.len() + capture.response_body.len() + 1024
}

async fn commit_batches(
    inserting: Inserting,
    mut queue: mpsc::Receiver<Waiting>,
    bytes: Arc<AtomicUsize>,
) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(first) = queue.recv().await {
        let Ok(slot) = slots.clone().acquire_owned().await else {
            return;
        };
        let mut size = size_of(&first.incoming.capture);
        let mut batch = vec![first];
        while batch.len() < BATCH
            && size < BATCH_BYTES
            && let Ok(more) = queue.try_recv()
        {
            size += size_of(&more.incoming.capture);
            batch.push(more);
        }
        let (inserting, bytes) = (inserting.clone(), bytes.clone());
        tokio::spawn(async move {
            let incoming: Vec<Incoming> = batch.iter().map(|one| one.incoming.clone()).collect();
            let outcome = commit(&inserting, &incoming).await;
            if let Err(error) = &outcome {
                error!(%error, "store did not commit");
            }
            bytes.fetch_sub(size, Ordering::Relaxed);
            for one in batch {
                let id = one.incoming.capture.id;
                let kept = outcome.as_ref().map(|found| found.get(&id).copied());
                // A sender that no longer listens has its capture anyway.
                let _ = one.acknowledge.send(kept.map_err(Clone::clone));
            }
            drop(slot);
        });
    }
}

async fn commit(
    inserting: &Inserting,
    incoming: &[Incoming],
) -> Result<HashMap<Id, Repetition>, StoreError> {
    let inserted = tokio::time::timeout(TIMEOUT, insert(inserting, incoming));
    let found = match inserted.await {
        Ok(inserted) => inserted.map_err(PostgresError::writing)?,
        Err(_) => return Err(StoreError::write("the database does not respond")),
    };
    let (wake, database) = (&inserting.wake, &inserting.database);
    wake.tell(database, Changing::Events);
    let mut left = incoming.iter().filter(|one| one.is_left);
    if left.any(|one| one.capture.destinations.are_pending()) {
        wake.tell(database, Changing::Work);
    }
    Ok(found)
}

async fn insert(
    inserting: &Inserting,
    incoming: &[Incoming],
) -> Result<HashMap<Id, Repetition>, PostgresError> {
    let Inserting {
        database,
        lease,
        workspace,
        time,
        ..
    } = inserting;
    let is_forwarded = incoming
        .iter()
        .any(|one| one.capture.destinations.are_pending() && !one.is_left);
    if is_forwarded {
        lease.hold(database).await?;
    }
    let claim = is_forwarded.then_some(&*lease.claim);
    let mut is_second = false;
    loop {
        let client = database.client().await?;
        let inserted = insert_captures(&client, workspace, incoming, claim, time.now()).await;
        match inserted {
            // Those that the first try has committed are left alone by the second.
            Err(error) if error.is_of_connection() && !is_second => is_second = true,
            other => return other,
        }
    }
}
