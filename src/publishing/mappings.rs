//! Mappings as they are kept: versioned, exchanged whole, looked at anew every few seconds. A shop has a main one, and one more for each
//! market that gets listings of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::blob::{self, Pointer};
use crate::catalog::mapping::{Mapping, Market};
use crate::domain::ShopId;
use crate::listings::PriceRules;
use crate::store::{Documents, StoreError};

/// How long a mapping is believed without a look at the store.
const FRESH: Duration = Duration::from_secs(2);
/// The document that names a shop's markets beside the main one.
const MARKETS: &str = "markets";
/// The most markets of a shop beside the main one.
pub const MARKETS_MAX: usize = 20;

/// A mapping and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// Counts changes from 1.
    pub version: u64,
    /// The mapping.
    pub mapping: Mapping,
}

/// What an exchange came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// It is kept.
    Kept(Arc<Versioned>),
    /// Another version is kept than the one it was made from.
    OtherVersion,
    /// The shop has as many markets as it may have.
    TooMany,
}

/// A mapping and what it was read by; none where the shop has none.
type Kept = Option<(Pointer, Arc<Versioned>)>;

/// A shop's markets beside the main one, and when they were looked at.
type Named = (Instant, Arc<Vec<Market>>);

/// The mappings of all shops.
#[derive(Debug)]
pub struct Mappings {
    documents: Arc<dyn Documents>,
    rules: PriceRules,
    known: Mutex<HashMap<(ShopId, Market), (Instant, Kept)>>,
    markets: Mutex<HashMap<ShopId, Named>>,
}

impl Mappings {
    /// The mappings of a store; their price rules are told to `rules`.
    pub fn new(documents: Arc<dyn Documents>, rules: PriceRules) -> Self {
        Self { documents, rules, known: Mutex::default(), markets: Mutex::default() }
    }

    /// The mapping of a shop's market, at most some seconds old; none where it has none yet.
    ///
    /// # Errors
    /// Where the store is away or holds what cannot be read.
    pub async fn of(&self, shop: &ShopId, market: &Market) -> Result<Option<Arc<Versioned>>, StoreError> {
        let name = (shop.clone(), market.clone());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        if let Some((at, known)) = &known
            && at.elapsed() < FRESH
        {
            return Ok(known.as_ref().map(|(_, mapping)| Arc::clone(mapping)));
        }
        let held = known.and_then(|(_, known)| known);
        let read = self.read(shop, market, held).await?;
        self.keep(shop, market, read.clone());
        Ok(read.map(|(_, mapping)| mapping))
    }

    async fn read(&self, shop: &ShopId, market: &Market, held: Kept) -> Result<Kept, StoreError> {
        let name = name(market);
        // Replaced between the two reads, it is read again.
        for _ in 0..5 {
            let Some((_, pointer)) = blob::pointer(self.documents.as_ref(), shop, &name).await? else {
                return Ok(None);
            };
            if let Some((known, mapping)) = &held
                && *known == pointer
            {
                return Ok(Some((pointer, Arc::clone(mapping))));
            }
            if let Some(text) = blob::text(self.documents.as_ref(), shop, &name, &pointer).await? {
                let mapping = serde_json::from_str(&text)
                    .map_err(|error| StoreError::Unusable(format!("the kept mapping cannot be read: {error}")))?;
                let versioned = Versioned { version: pointer.version, mapping };
                return Ok(Some((pointer, Arc::new(versioned))));
            }
        }
        Err(StoreError::Away("the mapping is being exchanged all the time".into()))
    }

    fn keep(&self, shop: &ShopId, market: &Market, read: Kept) {
        let rule = read.as_ref().map(|(_, versioned)| versioned.mapping.price);
        match (market.is_main(), rule) {
            (true, rule) => self.rules.set(shop, rule.unwrap_or_default()),
            (false, Some(rule)) => self.rules.set_of_market(shop, &market.to_string(), rule),
            (false, None) => {}
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever asks for markets that nobody has fills no memory.
        if read.is_some() || market.is_main() {
            known.insert((shop.clone(), market.clone()), (Instant::now(), read));
        }
    }

    /// The markets that have mappings beside the main one, at most some seconds old.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn markets(&self, shop: &ShopId) -> Result<Arc<Vec<Market>>, StoreError> {
        let known = self.markets.lock().unwrap_or_else(PoisonError::into_inner).get(shop).cloned();
        if let Some((at, known)) = known
            && at.elapsed() < FRESH
        {
            return Ok(known);
        }
        let markets = Arc::new(named(self.documents.get(shop, MARKETS).await?.as_deref()));
        self.know_markets(shop, Arc::clone(&markets));
        Ok(markets)
    }

    fn know_markets(&self, shop: &ShopId, markets: Arc<Vec<Market>>) {
        self.markets.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), (Instant::now(), markets));
    }

    /// Looks at all mappings of a shop, so that their price rules are known.
    ///
    /// # Errors
    /// Where the store is away or holds what cannot be read.
    pub async fn look_at_all(&self, shop: &ShopId) -> Result<(), StoreError> {
        self.of(shop, &Market::default()).await?;
        for market in self.markets(shop).await?.iter() {
            self.of(shop, market).await?;
        }
        Ok(())
    }

    /// Exchanges version `expected` (0: there is none) for a mapping that was validated.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn put(
        &self,
        shop: &ShopId,
        market: &Market,
        expected: u64,
        mapping: &Mapping,
    ) -> Result<Put, StoreError> {
        let name = name(market);
        let before = blob::pointer(self.documents.as_ref(), shop, &name).await?;
        if before.as_ref().map_or(0, |(_, pointer)| pointer.version) != expected {
            return Ok(Put::OtherVersion);
        }
        // Named first: a market without a mapping is nothing, a mapping that nobody knows of would be.
        if !market.is_main() && !self.add_market(shop, market).await? {
            return Ok(Put::TooMany);
        }
        let text = serde_json::to_string(mapping).expect("a mapping is plain data");
        let Some(pointer) = blob::write(self.documents.as_ref(), shop, &name, before.as_ref(), &text).await? else {
            return Ok(Put::OtherVersion);
        };
        let versioned = Arc::new(Versioned { version: pointer.version, mapping: mapping.clone() });
        self.keep(shop, market, Some((pointer, Arc::clone(&versioned))));
        Ok(Put::Kept(versioned))
    }

    async fn add_market(&self, shop: &ShopId, market: &Market) -> Result<bool, StoreError> {
        for _ in 0..20 {
            let before = self.documents.get(shop, MARKETS).await?;
            let mut markets = named(before.as_deref());
            if !markets.contains(market) {
                if markets.len() >= MARKETS_MAX {
                    return Ok(false);
                }
                markets.push(market.clone());
                let text = serde_json::to_string(&markets).expect("names are plain data");
                if !self.documents.put_if(shop, MARKETS, before.as_deref(), &text).await? {
                    continue;
                }
            }
            self.know_markets(shop, Arc::new(markets));
            return Ok(true);
        }
        Err(StoreError::Away("the markets are being changed all the time".into()))
    }
}

fn named(text: Option<&str>) -> Vec<Market> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn name(market: &Market) -> String {
    format!("mapping/{market}")
}
