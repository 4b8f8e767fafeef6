//! Captures and deliveries, stored. All rooms use the trait `Store`; SQLite implements it.

mod access;
mod change_watch;
mod copy;
mod emulated;
mod encoding;
mod error;
mod event;
mod finding;
mod incoming;
mod page;
mod pending;
mod postgres;
mod retention;
mod shared;
mod sqlite;
mod work;

pub use access::{WorkspaceTokens, token_digest};
pub use change_watch::{ChangeWatch, Changing};
pub use copy::{Copied, copy};
pub use emulated::{Added, Begun, Changes, EmulatedState, WantedLane};
pub use error::{Cause, StoreError};
pub use event::{EventPage, StoreEvent};
pub use incoming::{Ack, Incoming, Kept};
pub use page::{Cursor, Order, Page, PageRequest, rows};
pub use pending::PendingAt;
pub use postgres::{Location, PostgresStore, pass_file};
pub use retention::{Excess, Keep, StoreNotice};
pub use shared::{KeptToken, SharedStore, TokenDigest};
pub use sqlite::{LEASE, SqliteStore, StoreOptions, StoredName, newest_names};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::model::{
    Capture, CaptureSummary, Delivery, DeliveryOutline, DeliverySummary, Id, IdKind, Reference,
    ResponseEnd,
};
use crate::search::Query;

/// The place where captures and deliveries are kept, as one of its users sees it: of its own workspace alone.
///
/// Who opens a store may take leases on deliveries, and on captures that are to be forwarded: no one else works at those
/// until they are released, or settled, or their holder is gone or has not been heard of for longer than a lease. A
/// holder that is open renews its leases by itself.
#[async_trait]
pub trait Store: EmulatedState {
    /// Hands in a capture, to be committed with others that arrive now. The receiver resolves once it is; `Busy` comes
    /// at once. One that is to be forwarded is leased to who hands it in, unless that leaves it to others. Called within a
    /// Tokio runtime.
    fn keep(&self, incoming: Incoming) -> Result<Ack, StoreError>;

    /// What a store has that nodes share; none where it is one process's, or one machine's.
    fn shared(&self) -> Option<&dyn SharedStore> {
        None
    }

    /// Keeps captures that came from elsewhere; they are committed when this returns.
    async fn import(&self, captures: Vec<Capture>) -> Result<(), StoreError>;

    /// The id of what is named.
    async fn find(&self, kind: IdKind, which: &Reference) -> Result<Id, StoreError>;

    /// `NotFound` where there is none of that id.
    async fn capture(&self, id: Id) -> Result<Capture, StoreError>;

    async fn captures(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<CaptureSummary>, StoreError>;

    /// `NotFound` where there is none of that id.
    async fn delivery(&self, id: Id) -> Result<Delivery, StoreError>;

    async fn deliveries(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<DeliverySummary>, StoreError>;

    /// As [`Store::deliveries`], with their attempts, and without what was sent and answered.
    async fn outlines(
        &self,
        query: &Query,
        page: PageRequest,
    ) -> Result<Page<DeliveryOutline>, StoreError>;

    /// What was committed behind the cursor, or since the store began, by any process: in the order of the commits,
    /// so that what is committed later comes later, whatever its own time. So many at most.
    async fn events_after(
        &self,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<EventPage, StoreError>;

    /// Hears of what is committed from now on, by whom ever.
    fn watch(&self, what: Changing) -> ChangeWatch {
        ChangeWatch::unasked(what)
    }

    /// Where what is committed from now on begins.
    async fn newest_event(&self) -> Result<Cursor, StoreError>;

    /// Where to begin so that no capture is missed that fits, of those there are and those to come.
    async fn cursor_before(&self, captures: &Query) -> Result<Cursor, StoreError>;

    /// Takes the lease of deliveries that fit, so many at most and the oldest first, and says which those are. Those
    /// that someone else has are left out.
    async fn claim(&self, deliveries: &Query, limit: usize) -> Result<Vec<Id>, StoreError>;

    /// Takes the lease of captures that fit and are still to be forwarded to that destination (its URL), as
    /// [`Store::claim`] does with deliveries.
    async fn claim_pending(
        &self,
        destination: &str,
        captures: &Query,
        limit: usize,
    ) -> Result<Vec<Id>, StoreError>;

    /// Takes captures that are still to be forwarded to that destination (its URL), the oldest first, and says which those
    /// are. Whoever has one has it for this destination alone. Those that someone works at, this store too, or that were
    /// put off are left out.
    async fn claim_forwards(
        &self,
        destination: &str,
        wanted: WantedForwards,
    ) -> Result<Vec<Id>, StoreError>;

    /// Gives a capture back that was taken for that destination. With a time, no one gets it for that before.
    async fn give_back(
        &self,
        capture: Id,
        destination: &str,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError>;

    /// Gives leases back. What someone else has is left alone.
    async fn release(&self, ids: &[Id]) -> Result<(), StoreError>;

    /// Gives back all captures that were taken for destinations, and the leases of their deliveries, but these: a commit may
    /// have succeeded whose end was not heard of.
    async fn give_back_all_but(&self, under_way: &[(Id, String)]) -> Result<(), StoreError>;

    /// Records that an attempt of a delivery begins now, before its first byte goes out, and returns the attempt's
    /// number. Until it is recorded, the delivery is `unknown`: the attempt may have been made. It is committed when this
    /// returns, and the lease taken with it. `Taken` where someone else has that, or has delivered it; and, for a
    /// capture that is `owed_to` a destination, where that has it meanwhile or gets it from someone else.
    async fn begin(
        &self,
        delivery: &Delivery,
        started_at: Timestamp,
        owed_to: Option<&str>,
    ) -> Result<u32, StoreError>;

    /// Records a delivery, or what is new of one that is kept already: its outcome, when its next attempt is due, and
    /// its attempts from the index `new_from` on, which are counted on from those that are kept. With `settles_at`, the
    /// capture that it replays is no longer owed to that destination. It is committed when this returns, all of it at
    /// once. `Taken` where someone else has taken its lease meanwhile, or has delivered that capture there: then nothing is
    /// changed, and the attempt stays one that may have been made.
    async fn record(
        &self,
        delivery: &Delivery,
        new_from: usize,
        settles_at: Option<&str>,
    ) -> Result<(), StoreError>;

    /// Puts down the status that a capture's sender got, where that became known after it was kept.
    async fn answered(&self, capture: Id, status: u16) -> Result<(), StoreError>;

    /// Puts down why a capture's response did not reach its client.
    async fn response_ended(&self, capture: Id, end: ResponseEnd) -> Result<(), StoreError>;

    /// How many captures are to be forwarded still, by destination.
    async fn pending(&self) -> Result<Vec<PendingAt>, StoreError>;

    /// Clears what is owed to a destination, and says how many captures were pending there.
    async fn discard_pending(&self, url: &str) -> Result<u64, StoreError>;

    /// What is pending at these destinations (their URLs) is not evicted as long as this store is open, and `keep` fails
    /// with `Full` where that leaves no room.
    async fn keep_pending(&self, destinations: &[String]) -> Result<(), StoreError>;

    /// How much the store keeps, for every process that writes to it.
    async fn bound(&self) -> Result<Keep, StoreError>;

    /// Changes that for good.
    async fn set_bound(&self, keep: Keep) -> Result<(), StoreError>;

    /// What such a bound would remove.
    async fn excess(&self, keep: Keep) -> Result<Excess, StoreError>;

    /// Removes what exceeds that bound, once, and says what it was.
    async fn prune(&self, keep: Keep) -> Result<Excess, StoreError>;

    /// Removes captures and deliveries by id, and says how many there were.
    async fn remove(&self, ids: &[Id]) -> Result<usize, StoreError>;

    /// What eviction did that the user should know of, since this was last asked.
    fn take_notices(&self) -> Vec<StoreNotice>;

    /// How much there is.
    async fn status(&self) -> Result<StoreStatus, StoreError>;

    /// Gives the room of what was removed back to the system, or to what comes.
    async fn vacuum(&self) -> Result<(), StoreError>;
}

/// What is wanted of the captures that are pending at a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedForwards {
    /// So many at most.
    pub most: usize,
    /// Under way at one time, over all who forward.
    pub at_once: usize,
    /// None before those that are older, also where they are put off.
    pub is_ordered: bool,
}

/// How much a workspace has, and its store takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreStatus {
    /// The version of the store's tables.
    pub version: u64,
    pub captures: u64,
    pub deliveries: u64,
    /// Captures that are to be forwarded, and deliveries that are not settled.
    pub pending: u64,
    /// What the whole store takes on the disk.
    pub bytes: u64,
}
