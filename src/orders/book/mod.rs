//! What is kept of each order: the order as the shop gets it (encrypted, erased when its time has come), the pieces that it holds back
//! from AliExpress, what was declared of its shipments, and by when it must be sent.
//!
//! A record changes as a whole and only from the revision that its writer has seen, so that replicas, poller and worker cannot undo each
//! other. One trait, two backends: [`sqlite`] and [`redis`].

pub mod redis;
pub mod sqlite;

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::domain::{OrderId, OrderStatus, ShopId, Sku, Version};
use crate::store::StoreError;

/// The most orders on a page.
pub const PAGE_MAX: usize = 200;

/// The store is away, or holds what cannot be read.
pub type BookError = StoreError;

/// A parcel that was declared to AliExpress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// The shop's id of the shipment.
    pub shipment: String,
    /// Its tracking number.
    pub number: String,
    /// AliExpress's service.
    pub service: String,
    /// It was the last.
    pub last: bool,
}

/// The shop has the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taking {
    /// Its id in the shop, where the shop keeps one.
    pub order_id: Option<String>,
    /// When the shop took it first, in the store's time, microseconds since the epoch.
    pub at: u64,
    /// The newest version that it took.
    pub version: Version,
}

/// An order as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Whose record it is.
    pub order: OrderId,
    /// Grows with each write; 0: it was never written.
    pub revision: u64,
    /// Of the newest state.
    pub version: Version,
    /// What tells the newest state from others; says nothing of the buyer.
    pub digest: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// The order as the shop gets it, encrypted; empty when it was erased.
    pub sealed: String,
    /// The queue has the newest state.
    pub queued: bool,
    /// The buyer's address is known.
    pub addressed: bool,
    /// Pieces that it holds back from AliExpress until the shop has taken it.
    pub pieces: BTreeMap<Sku, u64>,
    /// By when it must have been sent, while it has not been.
    pub ship_before: Option<u64>,
    /// The shop was told that the time is short.
    pub warned: bool,
    /// The shop has it.
    pub taken: Option<Taking>,
    /// What was declared, oldest first.
    pub declared: Vec<Declared>,
    /// When it was last changed, in the store's time, microseconds since the epoch.
    pub changed_at: u64,
}

impl Kept {
    /// A record of an order that was never written.
    pub fn blank(order: OrderId, status: OrderStatus) -> Self {
        Self {
            order,
            revision: 0,
            version: 0,
            digest: String::new(),
            status,
            sealed: String::new(),
            queued: false,
            addressed: false,
            pieces: BTreeMap::new(),
            ship_before: None,
            warned: false,
            taken: None,
            declared: Vec::new(),
            changed_at: 0,
        }
    }

    /// What buyers' data is bound to.
    pub fn context(shop: &ShopId, order: &OrderId) -> String {
        format!("{shop}/{order}")
    }

    /// When buyers' data may be erased, given that it is kept for `retention_us` after the shop took the order; the clock runs from the last
    /// change. Orders that the shop has not taken keep it until they are closed.
    fn erase_from(&self) -> Option<u64> {
        let may = self.taken.is_some() || self.status.stage() == crate::domain::Stage::Closed;
        (may && !self.sealed.is_empty()).then_some(self.changed_at)
    }
}

/// Pieces of one SKU that one order holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// How many.
    pub pieces: u64,
    /// When the shop took the order: stock that it told before does not know of it. None: it has not.
    pub taken_at: Option<Timestamp>,
}

impl Claim {
    /// The pieces that a stock state accepted at `accepted` must be lessened by.
    pub fn against(self, accepted: Timestamp) -> u64 {
        if self.taken_at.is_none_or(|taken| taken > accepted) { self.pieces } else { 0 }
    }
}

/// Which orders a page lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All, by id.
    All,
    /// Those that must be sent before a time, the nearest first.
    Due(Timestamp),
    /// Those whose buyers' data may be erased and that did not change since a time, the oldest first.
    Erasable(Timestamp),
}

/// Keeps orders.
#[async_trait]
pub trait Book: Send + Sync + std::fmt::Debug {
    /// The records of these orders, in the order asked for; at most [`PAGE_MAX`].
    ///
    /// # Errors
    /// Where the store is away.
    async fn get(&self, shop: &ShopId, orders: &[OrderId]) -> Result<Vec<Option<Kept>>, BookError>;

    /// Writes a record over the revision that it holds, and counts the revision up. `false`: somebody else wrote meanwhile, and nothing
    /// was changed. Durable when it says `true`.
    ///
    /// # Errors
    /// Where the store is away; the record may have been written.
    async fn put(&self, shop: &ShopId, kept: &Kept) -> Result<bool, BookError>;

    /// Who holds back pieces of these SKUs, in the order asked for.
    ///
    /// # Errors
    /// Where the store is away.
    async fn claims(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<Claim>>, BookError>;

    /// A page of orders after `after` (as the page before said), with where the next one starts.
    ///
    /// # Errors
    /// Where the store is away.
    async fn list(
        &self,
        shop: &ShopId,
        which: Which,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Kept>, Option<String>), BookError>;

    /// How many orders must be sent before a time.
    ///
    /// # Errors
    /// Where the store is away.
    async fn count_due(&self, shop: &ShopId, before: Timestamp) -> Result<u64, BookError>;
}

fn text_of(kept: &Kept) -> String {
    serde_json::to_string(kept).expect("a record is plain data")
}

fn read(text: &str) -> Result<Kept, BookError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Unusable(format!("an order's record cannot be read: {error}")))
}

/// The record as it is written: one revision on.
fn next(kept: &Kept) -> Kept {
    Kept { revision: kept.revision + 1, ..kept.clone() }
}

/// Reads a cursor of a list by time: `time:id`.
fn cursor(after: Option<&str>) -> (u64, String) {
    let parsed =
        after.and_then(|after| after.split_once(':')).and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parsed.unwrap_or_default()
}

/// By which time a list is sorted.
fn sorted_by(which: Which, kept: &Kept) -> u64 {
    match which {
        Which::All => 0,
        Which::Due(_) => kept.ship_before.unwrap_or_default(),
        Which::Erasable(_) => kept.erase_from().unwrap_or_default(),
    }
}
