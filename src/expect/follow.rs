//! Shows a tracker what is stored.

use jiff::Timestamp;

use super::ExpectationTracker;
use crate::model::CaptureSummary;
use crate::search::{Query, Subject};
use crate::store::{Changing, Store, StoreError, StoreEvent};

/// How much is read of what happened at once.
const EVENTS_AT_ONCE: usize = 500;

/// Shows the tracker what is kept from now on, or what was received since then, until that settles it.
pub async fn see_captures(
    store: &dyn Store,
    since: Option<Timestamp>,
    expecting: &ExpectationTracker,
) -> Result<(), StoreError> {
    let mut others = store.watch(Changing::Events);
    let mut cursor = match since {
        Some(since) => store.cursor_before(&Query::Since(since)).await?,
        None => store.newest_event().await?,
    };
    let is_late = |capture: &CaptureSummary| since.is_none_or(|since| capture.received_at >= since);
    while !expecting.is_settled() {
        let page = store.events_after(Some(&cursor), EVENTS_AT_ONCE).await?;
        if page.next == cursor {
            others.changed().await;
        }
        cursor = page.next;
        for event in page.events {
            if let StoreEvent::Capture {
                capture,
                is_new: true,
            } = event
                && is_late(&capture)
            {
                match expecting.needs_whole_captures() {
                    // One that is removed meanwhile cannot be read.
                    true => match store.capture(capture.id).await {
                        Ok(capture) => expecting.see(&Subject::from(&capture)),
                        Err(StoreError::NotFound { .. }) => {}
                        Err(error) => return Err(error),
                    },
                    false => expecting.see(&Subject::from(&capture)),
                }
            }
        }
    }
    Ok(())
}
