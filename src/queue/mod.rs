//! The queue keeps states, not messages: an entry is keyed by shop, lane and key and holds the newest state.
//!
//! One trait, two backends: [`sqlite`] for one shop's server, [`redis`] for many replicas. Both pass one contract
//! suite and one model test (`tests/it/queue`). What must always hold is in the crate documentation; the rules that both
//! backends follow are on the methods of [`Queue`].
//!
//! Where an entry can be ([`Place`]): *idle* (confirmed or replaced; kept to answer `stale`, `unchanged`, replay and
//! trace) · *due* · *leased* · *awaiting* · *parked* · *held* · *dead letter*.

mod change;
mod checks;
mod entry;
mod lease;
mod place;
pub mod redis;
mod rules;
mod source;
pub mod sqlite;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

pub use self::change::{Answer, Change, Delivery, Offered, Ownership, Pending, Receipt};
pub use self::lease::{Ask, Class, Cohort, Confirmed, Fault, LeaseRef, Leased, Outcome, Settled};
pub use self::place::{Decision, ParkReason, Place};
pub use self::source::{Batch, Deliveries, Offers, Source, Turn};
pub use self::view::{
    DISCARDED, EntryView, HistoryLine, LaneStats, Page, Ready, ReplayFilter, ReplayStep, Trace, Which,
};
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};

/// The most entries that one [`Queue::reserve`] takes, so that a claim never holds intake up.
pub const RESERVE_MAX: usize = 500;
/// The most entries on a page.
pub const PAGE_MAX: usize = 1000;
/// The most lines of history that are kept for an entry, newest first.
pub const HISTORY_MAX: usize = 8;
/// Leases of one version of an entry that may run out in a row before the entry is given up as `worker_lost`.
pub const EXPIRIES_MAX: u8 = 20;

/// Where a SKU stands on AliExpress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relisting {
    /// The SKU.
    pub sku: Sku,
    /// All its listings; empty: none any more.
    pub listings: Vec<ListingId>,
}

/// A state of a SKU that a product request took to AliExpress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// The SKU.
    pub sku: Sku,
    /// Stock or price.
    pub lane: Lane,
    /// The version that was taken; 0 where nothing was held of the SKU.
    pub version: Version,
    /// The value as rendered.
    pub value: String,
}

impl Attested {
    /// Nobody knows any more what a listing has of the SKU in this lane: its newest state is sent there once more.
    pub fn doubt(sku: Sku, lane: Lane) -> Self {
        Self { sku, lane, version: Version::MAX, value: String::new() }
    }

    /// Whether it says that nobody knows.
    pub fn is_doubt(&self) -> bool {
        self.version == Version::MAX && self.value.is_empty()
    }
}

/// What [`Queue::bar`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// No stock or price of the listing is on its way, and none sets out before the bar is lifted or ends.
    Alone,
    /// Some is still on its way; none more sets out. Ask again.
    Busy,
    /// Another owner has barred the listing.
    Taken,
}

/// Why the queue did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum QueueError {
    /// The store did not answer, or not in time, or refused. Nothing may be taken for done.
    #[error("the store is away: {0}")]
    Away(String),
    /// What the store holds cannot be read.
    #[error("the store holds what this version cannot read: {0}")]
    Unreadable(String),
    /// The store was made by a newer version of the program.
    #[error(
        "the store has schema {found}, this version of aligate knows {known}: upgrade aligate, or point it at another store"
    )]
    Newer {
        /// The schema in the store.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// The key file is not the one that this store was made with.
    #[error(
        "the key file is not the one this store was made with: give store.key_file the old key, too, or the right one"
    )]
    WrongKey,
    /// Too much was asked for at once.
    #[error("{0}")]
    TooMuch(&'static str),
    /// A page was asked for by a cursor that no list gave.
    #[error("the cursor is none of this list")]
    BadCursor,
}

/// The queue. All time is the store's.
///
/// # Cancel safety
/// A dropped call may have taken effect or not. A dropped reservation comes back when its lease runs out.
#[async_trait]
pub trait Queue: Send + Sync + std::fmt::Debug {
    /// Takes the deliveries of several shops: one atomic, durable step for each shop, all in one round trip.
    ///
    /// For each delivery, in order: an id seen before is answered and changes nothing; so does a base that does not
    /// hold. Then owners, then changes. For each change:
    ///
    /// 1. guarded and owned by another product → `NotOwner`;
    /// 2. version not above the one held → `Stale`;
    /// 3. `rendered` equals the value confirmed in *every* listing that the SKU stands in (at least one), not `force`, and the key is neither
    ///    leased, awaiting nor suspect → `Unchanged`: payload and version are replaced, the key becomes idle wherever it was;
    /// 4. otherwise payload, version, cause, force and urgency are replaced; attempts, expiries and cohort start anew (force and urgency of a
    ///    pending state that was not sent yet stay set for `force`, and follow the new state for urgency; a cause that the avalanche guard leaves alone
    ///    stays where both states are urgent); then by place:
    ///    leased, awaiting → stay there (`Coalesced`);
    ///    held → stays held (`Parked`) where the new state is urgent and the guard may hold what comes of its cause; else due as from parked,
    ///    to be judged anew, with `first_at` started anew;
    ///    `park` given → parked for that reason (`Parked`);
    ///    a lane that needs a listing and a SKU without one → parked `no_listing` (`Parked`);
    ///    due → due at the earlier of its time and now + window, at once when urgent, keeping `first_at` and, unless urgent, its place in line (`Coalesced`);
    ///    idle, dead, parked → due at now + window, or at once when urgent (`Enqueued` for idle and dead, `Coalesced` for parked). Idle and dead start `first_at` anew.
    ///
    /// # Errors
    /// `Away` for a shop means that its deliveries may not be answered as taken.
    async fn offer(&self, batch: Deliveries) -> Offers;

    /// Offers what waits in `source`, batch by batch, each drawn when the store is free to take it, until nothing waits there. Those who wait
    /// hear of it where the batch was offered: nobody has to be woken in between.
    async fn drain(&self, source: Arc<dyn Source>) {
        while let Some(batch) = source.draw_any() {
            let (shops, answer) = batch.split();
            answer(Ok(self.offer(shops).await));
        }
    }

    /// The states of keys that are not idle, in the order asked for: what a newer partial state is laid over. At most [`PAGE_MAX`] keys.
    async fn pending(&self, shop: &ShopId, lane: Lane, keys: &[String]) -> Result<Vec<Option<Pending>>, QueueError>;

    /// Takes due entries, oldest due time first, each with the due entries that share its first listing (so that a listing is sent whole),
    /// and holds each for the lease. Returns an empty list when nothing is due or the lane is paused; it does not wait.
    ///
    /// Expired leases are returned to due first: each makes its key suspect, due again at once, and once more one lease later
    /// though confirmed; after [`EXPIRIES_MAX`] in a row the entry becomes a dead letter (`worker_lost`).
    /// An entry whose seal does not verify becomes a dead letter (`tampered`) and is not returned.
    async fn reserve(&self, shop: &ShopId, lane: Lane, ask: Ask) -> Result<Vec<Leased>, QueueError>;

    /// Says how leases ended; one answer for each, in order. At most [`PAGE_MAX`] at a time.
    ///
    /// * Lease lost (another token, or none): [`Settled::Lost`]; the key is suspect: its newest state is due at once though confirmed. `Released` and `Done` of
    ///   nothing sent do not make suspect: the caller passes only leases whose request was made, or `Released`.
    /// * The state was replaced meanwhile: [`Settled::Replaced`]; what `Done` and `Retry` confirm is kept, and the new state is due at the time
    ///   its offer gave it, but after a failure that does not blame the entry not before `after`.
    /// * `Done`: idle; attempts, expiries and force are cleared. A suspect key is instead due once more at its suspect time (one lease after
    ///   it became suspect) unless this lease was taken at or after that time, which clears the suspicion.
    /// * `Retry`: due at now + `after`; `blame` counts an attempt. `Unknown`: the same without blame, and suspect until one lease from now.
    /// * `Released`: due now, as it was; `Postponed`: the same, later. Others: the place that they name.
    async fn settle(&self, shop: &ShopId, ends: Vec<(LeaseRef, Outcome)>) -> Result<Vec<Settled>, QueueError>;

    /// Holds on: the leases end `lease` from now. `false` for those that were lost. At most [`PAGE_MAX`] at a time.
    async fn extend(&self, shop: &ShopId, leases: &[LeaseRef], lease: Duration) -> Result<Vec<bool>, QueueError>;

    /// Entries in a place, oldest first, by page of at most [`PAGE_MAX`].
    async fn list(
        &self,
        shop: &ShopId,
        lane: Lane,
        place: Place,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<EntryView>, QueueError>;

    /// Makes the newest states of dead letters due now, with attempts from 0. Says how many; at most [`PAGE_MAX`] at a time, so `All` is repeated until 0.
    async fn redrive(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError>;

    /// Drops dead letters: the keys become idle and forget what was confirmed. Says how many; at most [`PAGE_MAX`] at a time, so `All` is repeated until 0.
    async fn discard(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError>;

    /// Decides what is held in a lane: confirmed, it is due now, by [`Cause::Decision`](crate::domain::Cause) and as if it had just come;
    /// discarded, the keys are idle with what is confirmed, and say so ([`DISCARDED`]) until a newer state comes or a replay takes them: nothing
    /// else makes them due. Says how many; at most [`PAGE_MAX`] at
    /// a time, so it is repeated until 0.
    async fn decide(&self, shop: &ShopId, lane: Lane, decision: Decision) -> Result<u64, QueueError>;

    /// Makes entries parked for a reason due now: what they waited for has come, or is to be looked at anew. Says how many; at most [`PAGE_MAX`]
    /// at a time, so it is repeated until 0.
    async fn release(&self, shop: &ShopId, lane: Lane, reason: ParkReason) -> Result<u64, QueueError>;

    /// Looks at up to `limit` (≤ [`RESERVE_MAX`]) kept states from `cursor` on, and makes those that match due now with `force`,
    /// unless `dry_run`. Idle entries become due; due ones get `force`; those leased, awaiting, parked, held or dead are left alone and not counted.
    /// `since`/`until` compare with the time at which the newest state was taken.
    async fn replay(
        &self,
        shop: &ShopId,
        filter: &ReplayFilter,
        cursor: Option<&str>,
        limit: usize,
        dry_run: bool,
    ) -> Result<ReplayStep, QueueError>;

    /// Forgets what is confirmed for keys, or for the whole lane: their next state is sent even if equal. With `resend`, kept idle states are also made due.
    async fn forget(&self, shop: &ShopId, lane: Lane, which: &Which, resend: bool) -> Result<(), QueueError>;

    /// What is known of a key, by lane.
    async fn trace(&self, shop: &ShopId, key: &str) -> Result<Vec<Trace>, QueueError>;

    /// Counts by lane (all lanes are named).
    async fn stats(&self, shop: &ShopId) -> Result<BTreeMap<Lane, LaneStats>, QueueError>;

    /// What is due, for each shop and lane (lanes with nothing due or to come may be absent). Cheap: it is asked all the time.
    async fn ready(&self, shops: &[ShopId]) -> Result<Vec<BTreeMap<Lane, Ready>>, QueueError>;

    /// Pauses or resumes a lane, for all replicas and over restarts.
    async fn pause(&self, shop: &ShopId, lane: Lane, paused: bool) -> Result<(), QueueError>;

    /// Sets where SKUs stand on AliExpress, in one atomic step with its consequences: a listing gained makes entries parked `no_listing` due now and
    /// forgets what is confirmed only for listings that are gone; a SKU without any listing left parks what is due. At most [`PAGE_MAX`] SKUs.
    /// A SKU whose entry is idle and that gains a listing has its kept state made due, since that listing has never had it.
    async fn relist(&self, shop: &ShopId, skus: &[Relisting]) -> Result<(), QueueError>;

    /// A product request took states to a listing: its SKUs stand there from now on, and what it took is confirmed there, in one atomic step.
    /// A key whose newest state is another one, or that a lease holds, is made due (or sent anew after its hold) instead: both requests were
    /// under way at one time, and nobody knows which came last. At most [`PAGE_MAX`].
    async fn attest(&self, shop: &ShopId, listing: ListingId, taken: &[Attested]) -> Result<(), QueueError>;

    /// Keeps stock and price of a listing back for `span` while a product request is made for it, over all replicas: what is due of its SKUs
    /// waits until the bar is lifted, or ends by itself where its owner (a fencing token) died. Asked again by the same owner, it is
    /// prolonged. The request may start once the answer is [`Barred::Alone`].
    async fn bar(&self, shop: &ShopId, listing: ListingId, owner: u64, span: Duration) -> Result<Barred, QueueError>;

    /// Lifts a bar of this owner: what it kept back is due now.
    async fn lift(&self, shop: &ShopId, listing: ListingId, owner: u64) -> Result<(), QueueError>;

    /// Where SKUs stand, in the order asked for. At most [`PAGE_MAX`].
    async fn listings(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<ListingId>>, QueueError>;

    /// The SKUs of a listing.
    async fn skus_of(&self, shop: &ShopId, listing: ListingId) -> Result<Vec<Sku>, QueueError>;

    /// How many SKUs have a listing, and how many listings there are.
    async fn directory_size(&self, shop: &ShopId) -> Result<(u64, u64), QueueError>;

    /// The owner of a SKU.
    async fn owner(&self, shop: &ShopId, sku: &Sku) -> Result<Option<(ProductId, Version)>, QueueError>;

    /// The store's time.
    async fn now(&self) -> Result<Timestamp, QueueError>;
}
