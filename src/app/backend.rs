//! The store of the configuration, opened, with everything that stands on it.

use std::sync::Arc;

use anyhow::Context;

use crate::clock::SharedClock;
use crate::config::{Config, StoreUrl};
use crate::domain::ShopId;
use crate::guard::tally::Tally;
use crate::orders::Book;
use crate::queue::Queue;
use crate::queue::redis::RedisQueue;
use crate::queue::sqlite::SqliteQueue;
use crate::rate_limit::{Budget, Limits, LocalBudget, RedisBudget};
use crate::store::keys::MasterKeys;
use crate::store::redis::{RedisOptions, RedisStore};
use crate::store::sqlite::SqliteStore;
use crate::store::{Documents, Inspect};

/// A day's requests of which this share is kept for stock and fulfilment.
const DAY_RESERVE_PERCENT: u8 = 20;

/// One store in its roles.
#[derive(Debug)]
pub(super) struct Backend {
    /// Keeps states.
    pub(super) queue: Arc<dyn Queue>,
    /// Keeps documents.
    pub(super) documents: Arc<dyn Documents>,
    /// Keeps orders.
    pub(super) book: Arc<dyn Book>,
    /// Counts what falls.
    pub(super) tally: Arc<dyn Tally>,
    /// Shows how it is.
    pub(super) inspect: Arc<dyn Inspect>,
    /// Counts requests.
    pub(super) budget: Arc<dyn Budget>,
    /// Redis, where it is the store.
    pub(super) redis: Option<Arc<RedisStore>>,
    /// What everything secret in it derives from.
    pub(super) keys: MasterKeys,
}

impl Backend {
    /// Opens the store.
    ///
    /// # Errors
    /// Where it cannot be used; the text says what to do.
    pub(super) async fn open(config: &Config, clock: &SharedClock) -> anyhow::Result<Self> {
        let limits = Limits {
            per_second: config.aliexpress.requests_per_second,
            per_day: config.aliexpress.requests_per_day,
            per_method_per_second: config.aliexpress.requests_per_second_method,
            margin: config.aliexpress.margin(),
            day_reserve_percent: DAY_RESERVE_PERCENT,
        };
        let timeout = config.store.timeout;
        match &config.store.url {
            StoreUrl::Sqlite(path) => {
                let keys = MasterKeys::load(&config.store.key_file, true)?;
                // A process that was killed a moment ago may have spent the second's budget.
                let cold = path.exists();
                let store = SqliteStore::open(path, Arc::clone(clock), &keys.checks(), timeout).await?;
                let store = Arc::new(store);
                Ok(Self {
                    queue: Arc::new(SqliteQueue::new(Arc::clone(&store), Arc::new(keys.sealer()))),
                    documents: Arc::clone(&store) as Arc<dyn Documents>,
                    book: Arc::clone(&store) as Arc<dyn Book>,
                    tally: Arc::clone(&store) as Arc<dyn Tally>,
                    inspect: store,
                    budget: Arc::new(LocalBudget::new(limits, Arc::clone(clock), cold)),
                    redis: None,
                    keys,
                })
            }
            StoreUrl::Redis(url) => {
                let keys = MasterKeys::load(&config.store.key_file, false)?;
                let options = RedisOptions {
                    url: url.clone(),
                    key_checks: keys.checks(),
                    call_timeout: timeout,
                    wait_replicas: config.store.wait_replicas,
                };
                let store = Arc::new(RedisStore::connect(options).await.context("store.url")?);
                let shops: Vec<ShopId> = config.shops.iter().map(|shop| shop.id.clone()).collect();
                store.admit(&shops).await?;
                Ok(Self {
                    queue: Arc::new(RedisQueue::new(Arc::clone(&store), Arc::new(keys.sealer()))),
                    documents: Arc::clone(&store) as Arc<dyn Documents>,
                    book: Arc::clone(&store) as Arc<dyn Book>,
                    tally: Arc::clone(&store) as Arc<dyn Tally>,
                    inspect: Arc::clone(&store) as Arc<dyn Inspect>,
                    budget: Arc::new(RedisBudget::new(limits, Arc::clone(&store))),
                    redis: Some(store),
                    keys,
                })
            }
        }
    }
}
