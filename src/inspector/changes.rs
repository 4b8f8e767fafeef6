//! What changes in the store, as a stream of server-sent events (WHATWG HTML, "Server-sent events") that a client
//! reads with `fetch`, because an `EventSource` cannot send the token. It is for display: a client that cannot follow is
//! told to read its list anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::answers::ApiError;
use super::captures::cursor_of;
use super::guard::WorkspaceToken;
use super::state::{Inspector, Shared};
use crate::store::{ChangeWatch, Changing, Cursor, StoreError, StoreEvent};
use crate::view::{CaptureItem, DeliveryItem, capture_item, delivery_item};

/// Changes are told so often at most.
const TOLD_EVERY: Duration = Duration::from_millis(100);
/// How many changes are told at once; a client that is behind by more reads its list anew.
const TOLD_AT_ONCE: usize = 100;
/// How many streams may be open; who asks for another is refused.
pub(super) const MOST_STREAMS: usize = 64;
/// A store that cannot be read is asked again after this time.
const ASKED_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesQuery {
    /// The id of the last event that the client has; from now on where it has none.
    cursor: Option<String>,
}

/// What changed since the event before.
#[derive(Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Changes {
    /// There was too much to tell: read the lists again.
    missed: bool,
    /// Something was removed: read the lists again.
    pruned: bool,
    /// Captures that are new or have changed.
    captures: Vec<CaptureItem>,
    /// Deliveries that are new or have changed.
    deliveries: Vec<DeliveryItem>,
}

pub(super) async fn stream(
    State(inspector): Shared,
    token: Option<Extension<WorkspaceToken>>,
    query: Result<Query<ChangesQuery>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let Query(asked) = query?;
    let Ok(place) = inspector.streams.clone().try_acquire_owned() else {
        let message =
            format!("{MOST_STREAMS} streams are open: close a page that shows the inspector");
        let busy = StatusCode::SERVICE_UNAVAILABLE;
        return Err(ApiError::new(busy, "busy", message));
    };
    let (cursor, is_new) = match cursor_of(asked.cursor.as_deref())? {
        Some(cursor) => (cursor, false),
        None => (inspector.options.store.newest_event().await?, true),
    };
    // The first event says where the client is, before anything changes.
    let first = is_new.then(|| event(&cursor, &Changes::default()));
    let following = Following {
        _place: place,
        token: token.map(|Extension(token)| token),
        others: inspector.options.store.watch(Changing::Events),
        stopping: inspector.stopping.clone(),
        inspector,
        cursor,
        first,
        looks_at: Instant::now(),
    };
    let changes = stream::unfold(following, |mut following| async {
        let told = following.next().await?;
        Some((Ok(told), following))
    });
    Ok(Sse::new(changes).keep_alive(KeepAlive::default()))
}

/// One who follows.
struct Following {
    _place: OwnedSemaphorePermit,
    inspector: Arc<Inspector>,
    cursor: Cursor,
    first: Option<Event>,
    stopping: watch::Receiver<bool>,
    /// With which it came, where that may be removed.
    token: Option<WorkspaceToken>,
    others: ChangeWatch,
    /// When the store is looked at next at the earliest.
    looks_at: Instant,
}

fn event(cursor: &Cursor, changes: &Changes) -> Event {
    let event = Event::default().event("changes").id(cursor.as_text());
    // These documents can be written.
    event.json_data(changes).unwrap_or_default()
}

impl Following {
    /// The next event, once there is one; none once the server stops.
    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            // Between two events, and where the store could not be read.
            tokio::select! {
                _ = self.stopping.wait_for(|stops| *stops) => return None,
                () = tokio::time::sleep_until(self.looks_at) => {}
            }
            if let Some(token) = &self.token
                && !self.inspector.options.access.still_lets_in(token).await
            {
                return None;
            }
            let read = self.inspector.read_changes(&self.cursor).await;
            let wait = if read.is_err() {
                ASKED_AGAIN
            } else {
                TOLD_EVERY
            };
            self.looks_at = Instant::now() + wait;
            match read {
                Ok(Some((changes, next))) => {
                    self.cursor = next;
                    return Some(event(&self.cursor, &changes));
                }
                Ok(None) => {
                    tokio::select! {
                        _ = self.stopping.wait_for(|stops| *stops) => return None,
                        () = self.others.changed() => self.looks_at = Instant::now(),
                    }
                }
                Err(_) => {}
            }
        }
    }
}

impl Inspector {
    async fn read_changes(&self, cursor: &Cursor) -> Result<Option<(Changes, Cursor)>, StoreError> {
        let options = &self.options;
        let store = &options.store;
        let page = store.events_after(Some(cursor), TOLD_AT_ONCE).await?;
        if page.events.len() >= TOLD_AT_ONCE {
            let changes = Changes {
                missed: true,
                pruned: page.has_removals,
                ..Changes::default()
            };
            return Ok(Some((changes, store.newest_event().await?)));
        }
        if page.events.is_empty() && !page.has_removals {
            return Ok(None);
        }
        let mut changes = Changes {
            pruned: page.has_removals,
            ..Changes::default()
        };
        for event in page.events {
            match event {
                StoreEvent::Capture { capture, .. } => {
                    changes
                        .captures
                        .push(capture_item(capture, &options.tokens));
                }
                StoreEvent::Delivery { delivery, .. } => {
                    changes
                        .deliveries
                        .push(delivery_item(delivery, &options.tokens));
                }
            }
        }
        Ok(Some((changes, page.next)))
    }
}
