//! How a shop's prices become those of each of its listings.
//!
//! What is confirmed of a price is the shop's price by the main rule, whatever the listing: it names the state. A listing of another market
//! gets that state by its own rule, at the moment of sending.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::{ListingId, PriceRule, ShopId};
use crate::queue::QueueError;
use crate::store::{Documents, StoreError};

/// A shop's rules.
#[derive(Debug, Clone, Default)]
struct Rules {
    main: PriceRule,
    markets: BTreeMap<String, PriceRule>,
}

/// The price rules of shops' mappings, as they were last seen. Without documents ([`Default`]) every listing is one of the main mapping.
#[derive(Debug, Clone, Default)]
pub struct PriceRules {
    documents: Option<Arc<dyn Documents>>,
    known: Arc<RwLock<BTreeMap<ShopId, Rules>>>,
}

/// The document that says whose a listing is: market and product.
fn document(listing: ListingId) -> String {
    format!("claim/{listing}")
}

impl PriceRules {
    /// No rule is known yet; whose listings are is in the documents.
    pub fn new(documents: Arc<dyn Documents>) -> Self {
        Self { documents: Some(documents), known: Arc::default() }
    }

    /// The main rule of a shop; prices go as they are where it has none.
    pub fn of(&self, shop: &ShopId) -> PriceRule {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(shop).map(|rules| rules.main).unwrap_or_default()
    }

    /// The main rule of a shop from now on.
    pub fn set(&self, shop: &ShopId, rule: PriceRule) {
        self.write(shop, |rules| rules.main = rule);
    }

    /// The rule of another market of a shop from now on.
    pub fn set_of_market(&self, shop: &ShopId, market: &str, rule: PriceRule) {
        self.write(shop, |rules| _ = rules.markets.insert(market.to_owned(), rule));
    }

    fn write(&self, shop: &ShopId, change: impl FnOnce(&mut Rules)) {
        change(self.known.write().unwrap_or_else(PoisonError::into_inner).entry(shop.clone()).or_default());
    }

    /// The rule of a listing: that of its market, else the main one.
    ///
    /// # Errors
    /// Where the store is away; it is asked only for shops with several markets.
    pub async fn of_listing(&self, shop: &ShopId, listing: ListingId) -> Result<PriceRule, QueueError> {
        let rules = self.known.read().unwrap_or_else(PoisonError::into_inner).get(shop).cloned().unwrap_or_default();
        let Some(documents) = self.documents.as_ref().filter(|_| !rules.markets.is_empty()) else {
            return Ok(rules.main);
        };
        let text = documents.get(shop, &document(listing)).await;
        let text = text.map_err(|error| QueueError::Away(error.to_string()))?;
        let market = text.as_deref().and_then(|text| text.split_once(' ')).map(|(market, _)| market);
        Ok(market.and_then(|market| rules.markets.get(market)).copied().unwrap_or(rules.main))
    }
}

/// Makes a listing that of a market's product, unless it is another's; says whether it is.
///
/// # Errors
/// Where the store is away.
pub async fn claim(
    documents: &dyn Documents,
    shop: &ShopId,
    listing: ListingId,
    market: &str,
    product: &str,
) -> Result<bool, StoreError> {
    let (name, mine) = (document(listing), format!("{market} {product}"));
    if documents.put_if(shop, &name, None, &mine).await? {
        return Ok(true);
    }
    Ok(documents.get(shop, &name).await?.is_none_or(|held| held == mine))
}

/// A listing that is gone is nobody's.
///
/// # Errors
/// Where the store is away.
pub async fn unclaim(documents: &dyn Documents, shop: &ShopId, listing: ListingId) -> Result<(), StoreError> {
    documents.remove(shop, &document(listing)).await
}
