//! How far an order is in a shop without the module: what was written, what was done, and whether a write is in doubt.
//!
//! Kept as a document of the store, with nothing of a buyer. Where it is lost, the shop's order is found by its mark, and says itself
//! whether it is whole.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::domain::{OrderId, ShopId, Version};
use crate::store::{Documents, StoreError};

/// What was written of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    /// The newest state that the shop has whole.
    pub(super) version: Version,
    /// The shop's order.
    pub(super) order: Option<u64>,
    /// Everything of it was written once; from then on only what changes is.
    pub(super) whole: bool,
    /// When the write began whose answer is not known, the store's time, µs.
    pub(super) begun: Option<u64>,
    /// What was done to it.
    pub(super) done: Done,
    /// Lines as they were written: pieces.
    pub(super) lines: BTreeMap<String, u64>,
    /// What a manager was told: code → words.
    pub(super) notes: BTreeMap<String, String>,
}

/// What was done to the shop's order by AliExpress's word. What a manager changed since is not done again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    /// How far it was (`plan::phase`).
    pub(super) phase: u8,
    /// It was marked paid.
    pub(super) paid: bool,
    /// The mark that it was given for a hold; empty: none.
    pub(super) mark: String,
    /// It was cancelled.
    pub(super) cancelled: bool,
    /// Codes of the properties that were written.
    pub(super) properties: BTreeSet<String>,
    /// It was seen shipped in the shop.
    pub(super) shipped: bool,
}

impl Progress {
    /// What is kept of an order.
    pub(super) async fn load(documents: &dyn Documents, shop: &ShopId, order: &OrderId) -> Result<Self, StoreError> {
        let text = documents.get(shop, &name(order)).await?;
        let read = text.as_deref().map(serde_json::from_str);
        Ok(read.and_then(Result::ok).unwrap_or_default())
    }

    /// Keeps it; durable when it returns.
    pub(super) async fn save(
        &self,
        documents: &dyn Documents,
        shop: &ShopId,
        order: &OrderId,
    ) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).expect("progress is plain data");
        documents.put(shop, &name(order), &text).await
    }

    /// When a write whose answer is not known began; one from the future was written by a clock that was wrong.
    pub(super) fn in_doubt(&self, now: Timestamp) -> Option<Timestamp> {
        self.begun.map(|begun| Timestamp(begun.min(now.0)))
    }
}

fn name(order: &OrderId) -> String {
    format!("rest/order/{order}")
}
