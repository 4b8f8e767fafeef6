//! Wakes those that wait for work on other nodes (LISTEN and NOTIFY). It is a hint and carries nothing: who waits also looks
//! from time to time, so one that is lost costs time only.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::sync::Notify;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Config, NoTls, Socket};

use super::connection::Database;
use super::location::Location;

/// What comes within this time is told of at once.
const TOGETHER: Duration = Duration::from_millis(10);
/// After this time a connection that broke is made again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Tells other nodes of work, and hears of theirs.
#[derive(Default)]
pub(super) struct Wake {
    woken: Arc<Notify>,
    is_listening: AtomicBool,
    is_telling: Arc<AtomicBool>,
}

impl Wake {
    /// Tells other nodes that there is work, in a moment.
    pub(super) fn tell(&self, database: &Arc<Database>) {
        if self.is_telling.swap(true, Ordering::AcqRel) {
            return;
        }
        let (is_telling, of) = (self.is_telling.clone(), Arc::downgrade(database));
        database.handle().spawn(async move {
            tokio::time::sleep(TOGETHER).await;
            // What is committed from now on is told of by another.
            is_telling.store(false, Ordering::Release);
            if let Some(database) = of.upgrade()
                && let Ok(client) = database.client().await
            {
                let _ = client.batch_execute("NOTIFY hookcli").await;
            }
        });
    }

    /// Resolves once another node has told of work.
    pub(super) async fn woken(&self, database: &Arc<Database>, location: &Location) {
        if !self.is_listening.swap(true, Ordering::AcqRel) {
            let (woken, location) = (Arc::downgrade(&self.woken), location.clone());
            database.handle().spawn(async move {
                while let Some(woken) = woken.upgrade() {
                    let heard = match location.tls.clone() {
                        Some(tls) => listen(&location.config, tls, &woken).await,
                        None => listen(&location.config, NoTls, &woken).await,
                    };
                    // A connection that ends is made again.
                    drop(heard);
                    drop(woken);
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            });
        }
        self.woken.notified().await;
    }
}

async fn listen<T>(config: &Config, tls: T, woken: &Notify) -> Result<(), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: TlsConnect<Socket> + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, mut connection) = config.connect(tls).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let listening = client.batch_execute("LISTEN hookcli");
    let mut listening = std::pin::pin!(listening);
    let mut is_listening = false;
    loop {
        tokio::select! {
            begun = &mut listening, if !is_listening => {
                begun?;
                is_listening = true;
                // What came before it is looked for.
                woken.notify_one();
            }
            message = messages.next() => match message {
                Some(Ok(AsyncMessage::Notification(_))) => woken.notify_one(),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            }
        }
    }
}
