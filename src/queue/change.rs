//! What is offered, and how an offer is answered.

use std::time::Duration;

use super::place::ParkReason;
use crate::domain::{Cause, Lane, ProductId, Sku, Version};

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
    /// The version of the pending state that this payload was laid over ([`Queue::pending`](super::Queue::pending)); `Some(0)` means that
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
