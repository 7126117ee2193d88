//! The queue keeps states, not messages: an entry is keyed by shop, lane and key and holds the newest state.
//!
//! One trait, two backends: [`sqlite`] for one shop's server, [`redis`] for many replicas. Both pass one contract
//! suite and one model test (`tests/it/queue`). What must always hold is in the crate documentation; the rules that both
//! backends follow are on the methods of [`Queue`].
//!
//! Where an entry can be ([`Place`]): *idle* (confirmed or replaced; kept to answer `stale`, `unchanged`, replay and
//! trace) · *due* · *leased* · *awaiting* · *parked* · *held* · *dead letter*.

mod checks;
mod entry;
pub mod redis;
mod rules;
pub mod sqlite;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::domain::{Cause, Lane, ListingId, ProductId, ShopId, Sku, Version};

/// The most entries that one [`Queue::reserve`] takes, so that a claim never holds intake up.
pub const RESERVE_MAX: usize = 500;
/// The most entries on a page.
pub const PAGE_MAX: usize = 1000;
/// The most lines of history that are kept for an entry, newest first.
pub const HISTORY_MAX: usize = 8;
/// Leases of one version of an entry that may run out in a row before the entry is given up as `worker_lost`.
pub const EXPIRIES_MAX: u8 = 20;

/// A state on its way into the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The lane.
    pub lane: Lane,
    /// The key within shop and lane: a SKU, a product id, an order id. 1–200 bytes.
    pub key: String,
    /// Orders the states of one key.
    pub version: Version,
    /// The state in its stored form (JSON). The backend seals it.
    pub payload: String,
    /// What made the shop say it.
    pub cause: Cause,
    /// Send even if it equals what is confirmed.
    pub force: bool,
    /// Goes first and waits for no window (stock that falls to zero).
    pub urgent: bool,
    /// How long the state may wait for a newer one.
    pub window: Duration,
    /// The value that AliExpress would get; compared with what is confirmed. `None`: never `unchanged`.
    pub rendered: Option<String>,
    /// Park it at once, for this reason (`currency_mismatch`, `mapping_missing`).
    pub park: Option<ParkReason>,
    /// Take it only if the SKU (the key) has no owner or this one (a product's deletion).
    pub guard: Option<ProductId>,
    /// The version of the pending state that this payload was laid over ([`Queue::pending`]); `Some(0)` means that
    /// nothing was pending. When it is no longer so the whole delivery answers [`Receipt::Conflict`] and nothing of it is taken.
    pub base: Option<Version>,
}

/// A product says which SKUs are its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// The SKU.
    pub sku: Sku,
    /// The product that owns it from this version on.
    pub product: ProductId,
    /// The version of the product's event; an older claim than the one held changes nothing.
    pub version: Version,
}

/// The events of one request of a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The sender's `webhook-id`. At most 200 bytes.
    pub id: String,
    /// SHA-256 of the body as it was signed.
    pub digest: [u8; 32],
    /// The states, in the order of the events.
    pub changes: Vec<Change>,
    /// SKUs claimed by products; applied before `changes`.
    pub owners: Vec<Ownership>,
    /// How long the delivery's id is remembered.
    pub remember: Duration,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// All its changes are durable; one answer for each, in order.
    Taken(Vec<Answer>),
    /// This id was taken before with this digest; nothing was changed.
    Duplicate,
    /// This id was taken before with another digest; nothing was changed.
    Reused,
    /// A [`Change::base`] no longer holds; nothing was changed. Read again and offer again.
    Conflict,
}

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The key was idle (or a dead letter, which this closes) and is due now.
    Enqueued,
    /// The key was pending and holds this state now.
    Coalesced,
    /// Equal to what is confirmed; nothing to send. The version advanced, a queued state was dropped.
    Unchanged,
    /// Kept, but waits for something outside.
    Parked,
    /// Not newer than the version held, which is named.
    Stale(Version),
    /// Guarded, and a newer owner has the SKU; nothing was changed.
    NotOwner,
}

/// The answers to a shop's deliveries, from one atomic step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// One for each delivery, in order.
    pub receipts: Vec<Receipt>,
    /// The generation of the store (a ULID): another one means that the store was emptied or failed over.
    pub generation: String,
}

/// A state that waits to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its version.
    pub version: Version,
    /// Its stored form, its seal already verified.
    pub payload: String,
}

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Nothing to do.
    Idle,
    /// Waits for its time.
    Due,
    /// A worker holds it.
    Leased,
    /// AliExpress took it and will give its verdict later.
    Awaiting,
    /// Waits for something outside.
    Parked,
    /// Waits for a person (avalanche guard).
    Held,
    /// Given up.
    Dead,
}

/// Why an entry is parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkReason {
    /// The SKU stands in no listing on AliExpress. Released by [`Queue::relist`].
    NoListing,
    /// The price is in another currency than the AliExpress store's.
    CurrencyMismatch,
    /// The product has no mapping to a category yet.
    MappingMissing,
    /// AliExpress audits the product.
    Audit,
    /// The carrier of a shipment has no service of AliExpress mapped to it yet.
    CarrierMissing,
    /// The shop is in mode `observe`: what would be sent is in the detail. Released by the switch to `live`.
    Observe,
    /// The shop has no endpoint to deliver to. Released at the start, when it has one.
    NoEndpoint,
    /// Every SKU of the product is sold out. Released when one is in stock.
    OutOfStock,
}

impl ParkReason {
    /// Every reason; the position of each is its number in stores and never changes.
    pub const ALL: [ParkReason; 8] = [
        ParkReason::NoListing,
        ParkReason::CurrencyMismatch,
        ParkReason::MappingMissing,
        ParkReason::Audit,
        ParkReason::CarrierMissing,
        ParkReason::Observe,
        ParkReason::NoEndpoint,
        ParkReason::OutOfStock,
    ];

    /// The reason's name in answers, keys and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            ParkReason::NoListing => "no_listing",
            ParkReason::CurrencyMismatch => "currency_mismatch",
            ParkReason::MappingMissing => "mapping_missing",
            ParkReason::Audit => "audit",
            ParkReason::CarrierMissing => "carrier_missing",
            ParkReason::Observe => "observe",
            ParkReason::NoEndpoint => "no_endpoint",
            ParkReason::OutOfStock => "out_of_stock",
        }
    }
}

/// Which due entries a reservation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Urgent entries, and what else is due of the same listings: it costs no request of its own.
    Urgent,
    /// All, urgent ones first.
    Any,
}

/// What a worker asks of [`Queue::reserve`].
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Which due entries.
    pub class: Class,
    /// The most entries, up to [`RESERVE_MAX`].
    pub entries: usize,
    /// The most distinct listings that the entries may touch (counted by each entry's first listing).
    pub listings: usize,
    /// How long they are held.
    pub lease: Duration,
}

/// Entries that were refused together and are being told apart: see `batching::bisect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cohort {
    /// Random, never 0; entries of one cohort go in one request.
    pub id: u32,
    /// Nothing else goes in that request (a whole request was refused, not one product in it).
    pub alone: bool,
}

/// The hold on an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeaseRef {
    /// The lane.
    pub lane: Lane,
    /// The key.
    pub key: String,
    /// The fencing token: unique in the store, greater for each later lease.
    pub token: u64,
    /// The version that was taken.
    pub version: Version,
}

/// A value per listing.
pub type Confirmed = BTreeMap<ListingId, String>;

/// An entry in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The hold.
    pub lease: LeaseRef,
    /// The state in its stored form, its seal verified.
    pub payload: String,
    /// What made the shop say it.
    pub cause: Cause,
    /// Send even if it equals what is confirmed.
    pub force: bool,
    /// It was urgent.
    pub urgent: bool,
    /// Failures so far that blame the entry.
    pub attempts: u32,
    /// When the key stopped being confirmed.
    pub first_at: Timestamp,
    /// When the newest state was taken from the shop.
    pub taken_at: Timestamp,
    /// Its effect on AliExpress is unknown: send it whatever is confirmed.
    pub suspect: bool,
    /// Whom it was refused with.
    pub cohort: Option<Cohort>,
    /// Where the SKU stands on AliExpress; empty for lanes that need no listing.
    pub listings: Vec<ListingId>,
    /// What each listing is known to have.
    pub confirmed: Confirmed,
}

/// Why something failed, in a code to group by and words to read. Carries no secret and at most 500 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// A stable code: AliExpress's own where there is one.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// How a lease ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// AliExpress has the value in all listings of the entry (or in none, where nothing had to be sent).
    Done {
        /// What is known of each listing now; replaces what was known.
        confirmed: Confirmed,
    },
    /// AliExpress took it and will give its verdict later.
    Awaiting {
        /// What to ask AliExpress for.
        handle: String,
        /// When to ask.
        check_after: Duration,
    },
    /// Waits for something outside.
    Parked {
        /// For what.
        reason: ParkReason,
        /// For people.
        detail: String,
    },
    /// Waits for a person.
    Held {
        /// For people.
        detail: String,
    },
    /// Try again, with whatever is newest then.
    Retry {
        /// Not before this long from now.
        after: Duration,
        /// The failure is the entry's own and counts as an attempt.
        blame: bool,
        /// What went wrong.
        fault: Fault,
        /// Listings that did take the value.
        confirmed: Confirmed,
        /// Whom it goes with next time.
        cohort: Option<Cohort>,
    },
    /// Nothing was sent (stopping, no permit): due again at once, as if it had not been taken.
    Released,
    /// The call was made and its effect is unknown: as a retry that does not blame, and the key is suspect.
    Unknown {
        /// Not before this long from now.
        after: Duration,
        /// What went wrong.
        fault: Fault,
    },
    /// Given up.
    Dead {
        /// Why.
        fault: Fault,
    },
}

/// What a settlement found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The outcome stands.
    Kept,
    /// A newer state came while it was leased; that one is due.
    Replaced,
    /// The lease was lost before; the key is suspect now, and its newest state is due.
    Lost,
}

/// An entry as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The lane.
    pub lane: Lane,
    /// The key.
    pub key: String,
    /// Where it is.
    pub place: Place,
    /// The version held.
    pub version: Version,
    /// The newest state.
    pub payload: String,
    /// Failures that blame it.
    pub attempts: u32,
    /// When the key stopped being confirmed, milliseconds since the epoch; absent when idle.
    pub first_at_ms: Option<u64>,
    /// When it comes next, milliseconds since the epoch.
    pub due_at_ms: Option<u64>,
    /// Why it is parked, held or dead, or what went wrong last.
    pub fault: Option<Fault>,
    /// Since when it is where it is (parked, held, dead), milliseconds since the epoch.
    pub since_ms: Option<u64>,
    /// Its effect on AliExpress is unknown.
    pub suspect: bool,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one starts; none at the end.
    pub next: Option<String>,
}

/// Keys of a lane, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These; at most [`PAGE_MAX`].
    Keys(Vec<String>),
    /// All.
    All,
}

/// Which kept states a replay makes due again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayFilter {
    /// One lane, or stock and price.
    #[serde(default)]
    pub lane: Option<Lane>,
    /// Changed by the shop no earlier than this, milliseconds since the epoch.
    #[serde(default)]
    pub since_ms: Option<u64>,
    /// Changed by the shop before this, milliseconds since the epoch.
    #[serde(default)]
    pub until_ms: Option<u64>,
    /// These keys alone; empty = all.
    #[serde(default)]
    pub keys: Vec<String>,
}

/// A step of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayStep {
    /// Entries that matched in this step.
    pub matched: Vec<(Lane, String, Vec<ListingId>)>,
    /// Where the next step goes on; none at the end.
    pub next: Option<String>,
}

/// A line of an entry's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// When, milliseconds since the epoch.
    pub at_ms: u64,
    /// The version it speaks of.
    pub version: Version,
    /// `confirmed`, `retry`, `unknown`, `parked`, `held`, `awaiting`, `dead_letter`, `lease_expired`, `redriven`, `replayed` …
    pub what: String,
    /// More of it.
    pub detail: String,
}

/// What is known of a key in one lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The entry.
    pub entry: EntryView,
    /// What each listing is known to have.
    pub confirmed: Confirmed,
    /// What happened, newest first.
    pub history: Vec<HistoryLine>,
}

/// Counts of a lane.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneStats {
    /// Entries due now or later.
    pub depth: u64,
    /// Entries that a worker holds.
    pub leased: u64,
    /// Entries that wait for AliExpress's verdict.
    pub awaiting: u64,
    /// Entries that wait for something outside, by reason.
    pub parked: BTreeMap<ParkReason, u64>,
    /// Entries that wait for a person.
    pub held: u64,
    /// Dead letters.
    pub dead: u64,
    /// Age of the oldest due or leased entry, milliseconds; 0 when there is none.
    pub oldest_age_ms: u64,
    /// Kept states, wherever they are.
    pub kept: u64,
    /// The lane is paused.
    pub paused: bool,
}

/// What is due in a lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ready {
    /// Urgent entries whose time has come (or whose lease has run out). Backends may stop counting at 1 000: it is asked before every request.
    pub urgent: u64,
    /// Other entries whose time has come (or whose lease has run out). Backends may stop counting at 1 000: it is asked before every request.
    pub normal: u64,
    /// How long until the next entry's time comes, when none is ready.
    pub next_in: Option<Duration>,
    /// The lane is paused; nothing may be reserved.
    pub paused: bool,
}

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
    ///    pending state that was not sent yet stay set for `force`, and follow the new state for urgency); then by place:
    ///    leased, awaiting → stay there (`Coalesced`); held → stays held (`Parked`);
    ///    `park` given → parked for that reason (`Parked`);
    ///    a lane that needs a listing and a SKU without one → parked `no_listing` (`Parked`);
    ///    due → due at the earlier of its time and now + window, at once when urgent, keeping `first_at` and, unless urgent, its place in line (`Coalesced`);
    ///    idle, dead, parked → due at now + window, or at once when urgent (`Enqueued` for idle and dead, `Coalesced` for parked). Idle and dead start `first_at` anew.
    ///
    /// # Errors
    /// `Away` for a shop means that its deliveries may not be answered as taken.
    async fn offer(&self, batch: Vec<(ShopId, Vec<Delivery>)>) -> Vec<Result<Offered, QueueError>>;

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
    /// * `Released`: due now, as it was. Others: the place that they name.
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
