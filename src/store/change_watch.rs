//! Hears of what others have committed.

use std::time::Duration;

use tokio::sync::watch;

/// How often a store in a file is looked into for events.
const LOOKED_EVERY: Duration = Duration::from_millis(100);

/// What is told of events is trusted for so long.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// What can be heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changing {
    /// What [`super::Store::events_after`] tells.
    Events,
    /// What is to be delivered, or to be forwarded.
    Work,
}

/// Says when to look again. It is a hint: there may be nothing new, and who waits for work also looks from time to time.
pub struct ChangeWatch {
    told: Option<watch::Receiver<()>>,
    /// So long is waited at most.
    every: Option<Duration>,
}

impl ChangeWatch {
    /// One of a store that tells nobody.
    pub(super) fn unasked(what: Changing) -> Self {
        Self {
            told: None,
            every: (what == Changing::Events).then_some(LOOKED_EVERY),
        }
    }

    /// One that is told. Events are looked for from time to time, too; who waits for work does that by itself.
    pub(super) fn told(what: Changing, told: watch::Receiver<()>) -> Self {
        Self {
            told: Some(told),
            every: (what == Changing::Events).then_some(TRUSTED_FOR),
        }
    }

    /// Resolves when there may be something since the last time.
    pub async fn changed(&mut self) {
        let every = self.every;
        let over = async {
            match every {
                Some(every) => tokio::time::sleep(every).await,
                None => std::future::pending().await,
            }
        };
        let told = async {
            let heard = match &mut self.told {
                Some(told) => told.changed().await.is_ok(),
                None => false,
            };
            if !heard {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = over => {}
            () = told => {}
        }
    }
}
