//! Connections to the stores, the master key, and small durable documents (jobs, cursors, settings learnt).
//!
//! What is queued lives in `queue`; the request budget in `rate_limit`. Both borrow their connection here.

pub mod cipher;
pub mod keys;
pub mod lease;
pub mod redis;
pub mod sqlite;

use async_trait::async_trait;

use crate::clock::Timestamp;
use crate::domain::ShopId;

/// Why a store did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// It did not answer, not in time, or refused.
    #[error("the store is away: {0}")]
    Away(String),
    /// It cannot be used as configured; the text says what to do.
    #[error("{0}")]
    Unusable(String),
}

/// Something about the store that breaks a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// The store's own name of the setting (`appendonly`).
    pub setting: &'static str,
    /// What it is, what it costs and what to do.
    pub detail: String,
}

/// Small durable documents of a shop: jobs, cursors, what was learnt of the AliExpress store.
///
/// Names are `kind/id`; a document has at most 256 KiB.
#[async_trait]
pub trait Documents: Send + Sync + std::fmt::Debug {
    /// The document, if there is one.
    async fn get(&self, shop: &ShopId, name: &str) -> Result<Option<String>, StoreError>;
    /// Writes it.
    async fn put(&self, shop: &ShopId, name: &str, text: &str) -> Result<(), StoreError>;
    /// Writes it only if it is `before` now (`None`: there is none); says whether it was. Durable when it says so.
    async fn put_if(&self, shop: &ShopId, name: &str, before: Option<&str>, text: &str) -> Result<bool, StoreError>;
    /// Removes it.
    async fn remove(&self, shop: &ShopId, name: &str) -> Result<(), StoreError>;
    /// The names that start so, sorted; at most 1 000.
    async fn names(&self, shop: &ShopId, prefix: &str) -> Result<Vec<String>, StoreError>;
    /// Documents whose names start so and come behind `after`, sorted by name; at most `limit`, and 1 000.
    async fn page(
        &self,
        shop: &ShopId,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError>;
    /// The store's time, which is one for all replicas.
    async fn now(&self) -> Result<Timestamp, StoreError>;
}

/// A store as an operator looks at it.
#[async_trait]
pub trait Inspect: Send + Sync + std::fmt::Debug {
    /// A round trip.
    async fn ping(&self) -> Result<(), StoreError>;
    /// What breaks the guarantees; empty when nothing does.
    async fn weaknesses(&self) -> Result<Vec<Weakness>, StoreError>;
    /// Times that the store was found emptied or failed over, since the start.
    fn resets(&self) -> u64 {
        0
    }
    /// Shops whose keys were found gone since the last call. Of several replicas one gets to know.
    fn take_emptied(&self) -> Vec<ShopId> {
        Vec::new()
    }
}
