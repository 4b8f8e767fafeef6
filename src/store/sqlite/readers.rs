//! Reading beside the writing: a few connections, on threads where nothing else waits. Whoever no longer waits for what
//! is read stops the reading.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::Semaphore;

use super::StoreError;
use super::connection::connect;

/// How many read at once; others wait for their turn.
const AT_ONCE: usize = 4;

pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
    /// Held by each that reads, and by who replaces all connections.
    open: RwLock<()>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, first: Connection) -> Self {
        Self {
            path,
            idle: Mutex::new(vec![first]),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            open: RwLock::default(),
        }
    }

    /// Reads, while others may write. Where the future is dropped, the reading is interrupted.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let stopped = || StoreError::read("the read was interrupted");
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(|_| stopped())?;
        let running = Running::default();
        let (readers, interrupt) = (self.clone(), running.interrupt.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let _open = readers.open.read().unwrap_or_else(PoisonError::into_inner);
            let idle = lock(&readers.idle).pop();
            let connection = match idle {
                Some(connection) => connection,
                None => connect(&readers.path, false).map_err(StoreError::read)?,
            };
            {
                let mut interrupt = lock(&interrupt);
                if interrupt.is_over {
                    lock(&readers.idle).push(connection);
                    return Err(stopped());
                }
                interrupt.handle = Some(connection.get_interrupt_handle());
            }
            let outcome = work(&connection);
            // From here on no one interrupts this connection, which others use next.
            lock(&interrupt).handle = None;
            lock(&readers.idle).push(connection);
            outcome
        });
        let outcome = reading.await;
        drop(running);
        outcome.map_err(|_| stopped())?
    }

    /// Closes all connections, once no one reads; until what is returned is dropped, no one does.
    pub(super) fn close(&self) -> RwLockWriteGuard<'_, ()> {
        let alone = self.open.write().unwrap_or_else(PoisonError::into_inner);
        lock(&self.idle).clear();
        alone
    }
}

/// Someone waits for what is read.
#[derive(Default)]
struct Running {
    interrupt: Arc<Mutex<Interrupt>>,
}

#[derive(Default)]
struct Interrupt {
    handle: Option<InterruptHandle>,
    /// No one waits any more.
    is_over: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut interrupt = lock(&self.interrupt);
        interrupt.is_over = true;
        if let Some(handle) = interrupt.handle.take() {
            handle.interrupt();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
