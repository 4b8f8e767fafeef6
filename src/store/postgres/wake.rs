//! Tells other nodes of what was committed (LISTEN and NOTIFY). It is a hint and carries nothing: who waits also looks from
//! time to time, so one that is lost costs time only.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::sync::watch;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Config, NoTls, Socket};

use super::connection::Database;
use super::location::Location;
use crate::store::{ChangeWatch, Changing};

/// After this time a connection that broke is made again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Tells other nodes, and hears of theirs.
#[derive(Default)]
pub(super) struct Wake {
    events: Kind,
    work: Kind,
    is_listening: AtomicBool,
}

#[derive(Default)]
struct Kind {
    heard: Arc<watch::Sender<()>>,
    is_telling: Arc<AtomicBool>,
}

/// The names of the channels.
const EVENTS: &str = "hookcli_events";
const WORK: &str = "hookcli_work";

impl Wake {
    fn kind(&self, what: Changing) -> (&Kind, &'static str, Duration) {
        match what {
            // A page shows nothing sooner, and each of these is a commit.
            Changing::Events => (&self.events, EVENTS, Duration::from_millis(50)),
            Changing::Work => (&self.work, WORK, Duration::from_millis(10)),
        }
    }

    /// Tells other nodes, in a moment: of all that comes within it at once.
    pub(super) fn tell(&self, database: &Arc<Database>, what: Changing) {
        let (kind, channel, together) = self.kind(what);
        if kind.is_telling.swap(true, Ordering::AcqRel) {
            return;
        }
        let (is_telling, of) = (kind.is_telling.clone(), Arc::downgrade(database));
        database.handle().spawn(async move {
            tokio::time::sleep(together).await;
            // What is committed from now on is told of by another.
            is_telling.store(false, Ordering::Release);
            if let Some(database) = of.upgrade()
                && let Ok(client) = database.client().await
            {
                let _ = client.batch_execute(&format!("NOTIFY {channel}")).await;
            }
        });
    }

    /// Hears of it from now on.
    pub(super) fn watch(
        &self,
        database: &Arc<Database>,
        location: &Location,
        what: Changing,
    ) -> ChangeWatch {
        if !self.is_listening.swap(true, Ordering::AcqRel) {
            let location = location.clone();
            let events = Arc::downgrade(&self.events.heard);
            let work = Arc::downgrade(&self.work.heard);
            database.handle().spawn(async move {
                while let (Some(events), Some(work)) = (events.upgrade(), work.upgrade()) {
                    let heard = match location.tls.clone() {
                        Some(tls) => listen(&location.config, tls, &events, &work).await,
                        None => listen(&location.config, NoTls, &events, &work).await,
                    };
                    // A connection that ends is made again.
                    drop((heard, events, work));
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            });
        }
        let (kind, ..) = self.kind(what);
        ChangeWatch::told(what, kind.heard.subscribe())
    }
}

async fn listen<T>(
    config: &Config,
    tls: T,
    events: &watch::Sender<()>,
    work: &watch::Sender<()>,
) -> Result<(), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: TlsConnect<Socket> + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, mut connection) = config.connect(tls).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let channels = format!("LISTEN {EVENTS}; LISTEN {WORK}");
    let listening = client.batch_execute(&channels);
    let mut listening = std::pin::pin!(listening);
    let mut is_listening = false;
    loop {
        tokio::select! {
            begun = &mut listening, if !is_listening => {
                begun?;
                is_listening = true;
                // What came before it is looked for.
                events.send_replace(());
                work.send_replace(());
            }
            message = messages.next() => match message {
                Some(Ok(AsyncMessage::Notification(told))) => match told.channel() {
                    WORK => work.send_replace(()),
                    _ => events.send_replace(()),
                },
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            }
        }
    }
}
