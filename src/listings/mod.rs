//! What is known of a shop's listings beside the directory itself, which the queue keeps because parking and releasing
//! an entry is one atomic step with it: the AliExpress store's currency, and how a product's SKUs change the directory.

mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

pub use self::rules::{PriceRules, claim, unclaim};
use crate::domain::{Currency, ListingId, ShopId, Sku};
use crate::queue::{PAGE_MAX, Queue, QueueError, Relisting};
use crate::store::{Documents, StoreError};

/// The document that keeps a store's currency.
const CURRENCY_DOCUMENT: &str = "shop/currency";

/// The document that keeps when the shop's listings were last read whole, milliseconds since the epoch.
pub const IMPORTED_DOCUMENT: &str = "shop/imported";

/// The currencies of shops' AliExpress stores: configured, or learnt from AliExpress and kept.
#[derive(Debug, Clone, Default)]
pub struct StoreCurrencies(Arc<RwLock<BTreeMap<ShopId, Currency>>>);

impl StoreCurrencies {
    /// The configured ones, and for the other shops what was learnt before.
    ///
    /// # Errors
    /// `Away` where the store does not answer.
    pub async fn load(shops: &[(ShopId, Option<Currency>)], documents: &dyn Documents) -> Result<Self, StoreError> {
        let mut known = BTreeMap::new();
        for (shop, configured) in shops {
            let learnt = match configured {
                Some(_) => None,
                None => documents.get(shop, CURRENCY_DOCUMENT).await?.and_then(|text| text.parse().ok()),
            };
            known.extend((*configured).or(learnt).map(|currency| (shop.clone(), currency)));
        }
        Ok(Self(Arc::new(RwLock::new(known))))
    }

    /// The currency of a shop's AliExpress store, where it is known.
    pub fn of(&self, shop: &ShopId) -> Option<Currency> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(shop).copied()
    }

    /// Keeps what AliExpress says; a configured or known currency stands.
    ///
    /// # Errors
    /// `Away` where the store does not answer.
    pub async fn learn(&self, shop: &ShopId, currency: Currency, documents: &dyn Documents) -> Result<(), StoreError> {
        if self.of(shop).is_some() {
            return Ok(());
        }
        documents.put(shop, CURRENCY_DOCUMENT, currency.as_str()).await?;
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), currency);
        tracing::info!(shop.id = %shop, %currency, "the AliExpress store's currency was learnt");
        Ok(())
    }
}

/// Writes into the directory that a listing has no other SKUs than these any more. Those are left alone: another listing of theirs may be
/// written at the same time.
///
/// # Errors
/// As [`Queue::relist`]; done again it ends the same.
pub async fn keep_skus(
    queue: &dyn Queue,
    shop: &ShopId,
    listing: ListingId,
    skus: &BTreeSet<Sku>,
) -> Result<(), QueueError> {
    let gone: Vec<Sku> = queue.skus_of(shop, listing).await?.into_iter().filter(|sku| !skus.contains(sku)).collect();
    for page in gone.chunks(PAGE_MAX) {
        let known = queue.listings(shop, page).await?;
        let without = |(sku, mut listings): (&Sku, Vec<ListingId>)| {
            listings.retain(|known| *known != listing);
            Relisting { sku: sku.clone(), listings }
        };
        queue.relist(shop, &page.iter().zip(known).map(without).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Writes into the directory that a listing has these SKUs and no others.
///
/// # Errors
/// As [`Queue::relist`]; done again it ends the same.
pub async fn set_skus(
    queue: &dyn Queue,
    shop: &ShopId,
    listing: ListingId,
    skus: &BTreeSet<Sku>,
) -> Result<(), QueueError> {
    let had = queue.skus_of(shop, listing).await?;
    let gone = had.into_iter().filter(|sku| !skus.contains(sku));
    let touched: Vec<Sku> = skus.iter().cloned().chain(gone).collect();
    for page in touched.chunks(PAGE_MAX) {
        let known = queue.listings(shop, page).await?;
        let relisted: Vec<Relisting> = page
            .iter()
            .zip(known)
            .map(|(sku, mut listings)| {
                listings.retain(|known| *known != listing);
                if skus.contains(sku) {
                    listings.push(listing);
                    listings.sort_unstable();
                }
                Relisting { sku: sku.clone(), listings }
            })
            .collect();
        queue.relist(shop, &relisted).await?;
    }
    Ok(())
}
