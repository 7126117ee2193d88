//! Products on their way to AliExpress: the lane `product`, and what the module's pages ask about it.
//!
//! [`Publisher`] is the lane's handler: mapping → check → pictures → check again → post or edit → [`record`] → audit. Its steps are in
//! `work`; each can be repeated: what must not happen twice (a post) is looked up first where an earlier try may have had its effect.

mod alone;
mod blob;
mod categories;
mod dry_run;
mod figures;
mod mappings;
mod photos;
mod record;
mod requeue;
mod tree;
mod work;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

pub use categories::{Categories, CategoryError};
pub use dry_run::{Cause, CheckReport, DryRunError, ReportedProduct, Suggestion, Suggestions, ValueSuggestion};
pub use mappings::{MARKETS_MAX, Mappings, Put, Versioned};
pub use record::{ListingState, Reason, Record, Records, Wanted};
pub use tree::{Category, Tree};

use self::photos::Photos;
use crate::aliexpress::{Access, Applications};
use crate::catalog::mapping::Market;
use crate::catalog::product::Product;
use crate::config::{CatalogConfig, Config, Mode, ShopConfig};
use crate::domain::{Lane, ListingId, ShopId};
use crate::guard::Guard;
use crate::http_client::Fetcher;
use crate::listings::{PriceRules, StoreCurrencies};
use crate::orders::Book;
use crate::queue::{Leased, ParkReason, Place, Queue, QueueError};
use crate::store::{Documents, StoreError};
use crate::worker::{Ending, Handler};

/// Publications in work at one time, for an application.
const AT_ONCE: usize = 8;
/// How often what waits for stock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What publishing works with.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The queue.
    pub queue: Arc<dyn Queue>,
    /// Holds what would take too much from buyers at once.
    pub guard: Arc<Guard>,
    /// Pieces in orders, which stock that leaves is lessened by.
    pub book: Arc<dyn Book>,
    /// Where records, mappings, trees and schemas are.
    pub documents: Arc<dyn Documents>,
    /// The shops' ways to AliExpress.
    pub applications: Arc<Applications>,
    /// The stores' currencies.
    pub currencies: StoreCurrencies,
    /// The mappings' price rules, for other lanes.
    pub rules: PriceRules,
}

/// Publishes the products of all shops.
#[derive(Debug)]
pub struct Publisher {
    tools: Tools,
    config: CatalogConfig,
    shops: HashMap<ShopId, ShopConfig>,
    /// The mappings.
    pub mappings: Mappings,
    /// Trees and schemas.
    pub categories: Categories,
    photos: Photos,
    method: String,
    /// How long a listing's stock and price are kept back for a product request, if nobody prolongs it.
    bar: Duration,
}

impl Publisher {
    /// The publisher of a checked configuration.
    ///
    /// # Errors
    /// Where the system's certificates cannot be used.
    pub fn new(config: &Config, tools: Tools) -> reqwest::Result<Self> {
        let catalog = config.catalog.clone();
        let fetcher = |shop: &ShopConfig| {
            let fetcher = Fetcher::new(shop.image_hosts_private.iter().cloned(), catalog.image_timeout())?;
            Ok::<_, reqwest::Error>((shop.id.clone(), fetcher))
        };
        let fetchers = config.shops.iter().map(fetcher).collect::<Result<_, _>>()?;
        let (bytes_max, side_min) = (catalog.limits.image_bytes_max, catalog.limits.image_side_min);
        Ok(Self {
            mappings: Mappings::new(Arc::clone(&tools.documents), tools.rules.clone()),
            categories: Categories::new(Arc::clone(&tools.documents), catalog.tree_age_max(), catalog.schema_age_max()),
            photos: Photos::new(Arc::clone(&tools.documents), fetchers, bytes_max, side_min),
            shops: config.shops.iter().map(|shop| (shop.id.clone(), shop.clone())).collect(),
            method: config.aliexpress.methods.product_post.clone(),
            bar: config.worker.lane(Lane::Product).lease(),
            config: catalog,
            tools,
        })
    }

    /// A shop's way to AliExpress.
    pub fn access(&self, shop: &ShopId) -> Option<&Arc<Access>> {
        self.tools.applications.of_shop(shop)
    }

    /// Records of listings that are wanted. `None`: the cursor is none of this list.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn listings(
        &self,
        shop: &ShopId,
        wanted: Wanted<'_>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Option<Records>, StoreError> {
        record::page(self.tools.documents.as_ref(), shop, wanted, cursor, limit).await
    }

    /// Looks after what no event looks after: products that wait for stock, trees that are old. Runs until told to stop.
    pub async fn run(self: Arc<Self>, stop: tokio_util::sync::CancellationToken) {
        let shops: Vec<ShopId> = self.shops.keys().cloned().collect();
        loop {
            for shop in &shops {
                if let Err(error) = self.look_after(shop).await {
                    tracing::warn!(shop.id = %shop, %error, "a shop's products could not be looked after");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn look_after(&self, shop: &ShopId) -> Result<(), QueueError> {
        // Other replicas learn of a changed price rule so.
        self.mappings.look_at_all(shop).await.map_err(|error| QueueError::Away(error.to_string()))?;
        self.pay(shop).await?;
        let mapping = self.mappings.of(shop, &Market::default()).await;
        let mapping = mapping.map_err(|error| QueueError::Away(error.to_string()))?;
        let stats = self.tools.queue.stats(shop).await?;
        let waits = stats.get(&Lane::Product).and_then(|lane| lane.parked.get(&ParkReason::OutOfStock)).copied();
        if waits.unwrap_or_default() > 0 && self.some_is_in_stock(shop).await? {
            while self.tools.queue.release(shop, Lane::Product, ParkReason::OutOfStock).await? > 0 {}
        }
        if mapping.is_some()
            && let Some(access) = self.access(shop).filter(|access| access.can_send())
            && self.categories.is_old(shop).await.unwrap_or(false)
            && let Err(error) = self.categories.walk(shop, access).await
        {
            tracing::warn!(shop.id = %shop, %error, "the categories could not be read; the next try comes soon");
        }
        Ok(())
    }

    async fn some_is_in_stock(&self, shop: &ShopId) -> Result<bool, QueueError> {
        let mut cursor = None;
        loop {
            let page = self.tools.queue.list(shop, Lane::Product, Place::Parked, cursor.as_deref(), 200).await?;
            for entry in page
                .items
                .iter()
                .filter(|entry| entry.fault.as_ref().is_some_and(|fault| fault.code == ParkReason::OutOfStock.as_str()))
            {
                let Ok(product) = Product::read(&entry.payload) else { continue };
                if figures::any_in_stock(self, shop, &product).await? {
                    return Ok(true);
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(false);
            }
        }
    }

    fn observes(&self, shop: &ShopId) -> bool {
        self.shops.get(shop).is_none_or(|shop| shop.mode == Mode::Observe)
    }
}

#[async_trait]
impl Handler for Publisher {
    async fn work(&self, shop: &ShopId, leased: &Leased) -> Ending {
        work::work(self, shop, leased).await
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn method(&self) -> Option<&str> {
        Some(&self.method)
    }
}

/// A listing's confirmed content, as the queue keeps it.
fn confirmed(listing: ListingId, hash: &str) -> crate::queue::Confirmed {
    [(listing, hash.to_owned())].into()
}
