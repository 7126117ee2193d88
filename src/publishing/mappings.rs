//! Mappings as they are kept: versioned, exchanged whole, looked at anew every few seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::blob::{self, Pointer};
use crate::catalog::mapping::{MAIN, Mapping};
use crate::domain::ShopId;
use crate::listings::PriceRules;
use crate::store::{Documents, StoreError};

/// How long a mapping is believed without a look at the store.
const FRESH: Duration = Duration::from_secs(2);

/// A mapping and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// Counts changes from 1.
    pub version: u64,
    /// The mapping.
    pub mapping: Mapping,
}

/// A mapping and what it was read by; none where the shop has none.
type Kept = Option<(Pointer, Arc<Versioned>)>;

/// The mappings of all shops.
#[derive(Debug)]
pub struct Mappings {
    documents: Arc<dyn Documents>,
    rules: PriceRules,
    known: Mutex<HashMap<ShopId, (Instant, Kept)>>,
}

impl Mappings {
    /// The mappings of a store; their price rules are told to `rules`.
    pub fn new(documents: Arc<dyn Documents>, rules: PriceRules) -> Self {
        Self { documents, rules, known: Mutex::default() }
    }

    /// A shop's mapping, at most some seconds old; none where it has none yet.
    ///
    /// # Errors
    /// Where the store is away or holds what cannot be read.
    pub async fn of(&self, shop: &ShopId) -> Result<Option<Arc<Versioned>>, StoreError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(shop).cloned();
        if let Some((at, known)) = &known
            && at.elapsed() < FRESH
        {
            return Ok(known.as_ref().map(|(_, mapping)| Arc::clone(mapping)));
        }
        let held = known.and_then(|(_, known)| known);
        let read = self.read(shop, held).await?;
        self.keep(shop, read.clone());
        Ok(read.map(|(_, mapping)| mapping))
    }

    async fn read(&self, shop: &ShopId, held: Kept) -> Result<Kept, StoreError> {
        let name = name();
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

    fn keep(&self, shop: &ShopId, read: Kept) {
        let rule = read.as_ref().map(|(_, versioned)| versioned.mapping.price).unwrap_or_default();
        self.rules.set(shop, rule);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(shop.clone(), (Instant::now(), read));
    }

    /// Exchanges version `expected` (0: there is none) for a mapping that was validated. `None`: another version is kept.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn put(&self, shop: &ShopId, expected: u64, mapping: &Mapping) -> Result<Option<Versioned>, StoreError> {
        let name = name();
        let before = blob::pointer(self.documents.as_ref(), shop, &name).await?;
        if before.as_ref().map_or(0, |(_, pointer)| pointer.version) != expected {
            return Ok(None);
        }
        let text = serde_json::to_string(mapping).expect("a mapping is plain data");
        let Some(pointer) = blob::write(self.documents.as_ref(), shop, &name, before.as_ref(), &text).await? else {
            return Ok(None);
        };
        let versioned = Versioned { version: pointer.version, mapping: mapping.clone() };
        self.keep(shop, Some((pointer, Arc::new(versioned.clone()))));
        Ok(Some(versioned))
    }
}

fn name() -> String {
    format!("mapping/{MAIN}")
}
