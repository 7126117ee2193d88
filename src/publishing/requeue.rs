//! A mapping that changed: exactly the products that it touches are published anew, by every replica's newest view of it.
//!
//! What is to be done is written down before the mapping is exchanged. It is done at once, and looked at a second time a little later by
//! whoever runs then: for a process that died in between, and for products that a replica has worked by the mapping before.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Publisher, Put, record};
use crate::catalog::mapping::{Mapping, Market, Touched};
use crate::catalog::product::Product;
use crate::domain::{Cause, Lane, ShopId};
use crate::queue::{Change, Delivery, EntryView, PAGE_MAX, ParkReason, Place, QueueError, Which};
use crate::store::StoreError;

/// By then every replica has the mapping.
const LATER: Duration = Duration::from_secs(10);
/// Entries that are looked at together.
const ENTRIES: usize = 200;
/// Changes offered together: their products may be large.
const OFFERED: usize = 50;

/// What a change of a mapping touches, until it is done.
#[derive(Debug, Serialize, Deserialize)]
struct Owed {
    at_ms: u64,
    touched: Touched,
}

fn document(market: &Market) -> String {
    format!("requeue/{market}")
}

fn away(error: StoreError) -> QueueError {
    QueueError::Away(error.to_string())
}

impl Publisher {
    /// Exchanges the mapping of a shop's market and makes due exactly the products that the change touches.
    ///
    /// # Errors
    /// Where the store is away; what was begun is ended by [`Publisher::run`].
    pub async fn put_mapping(
        &self,
        shop: &ShopId,
        market: &Market,
        expected: u64,
        mapping: &Mapping,
    ) -> Result<Put, QueueError> {
        let before = self.mappings.of(shop, market).await.map_err(away)?;
        let touched = match &before {
            Some(before) => Touched::between(&before.mapping, mapping),
            None => Touched::All,
        };
        let prices = before.as_ref().is_none_or(|before| before.mapping.price != mapping.price);
        self.owe(shop, market, touched.clone()).await.map_err(away)?;
        let put = self.mappings.put(shop, market, expected, mapping).await.map_err(away)?;
        if let Put::Kept(_) = &put {
            self.requeue(shop, market, &touched, None).await?;
            if prices {
                self.tools.queue.forget(shop, Lane::Price, &Which::All, true).await?;
            }
        }
        Ok(put)
    }

    async fn owe(&self, shop: &ShopId, market: &Market, touched: Touched) -> Result<(), StoreError> {
        if touched == Touched::None {
            return Ok(());
        }
        let (documents, name) = (self.tools.documents.as_ref(), document(market));
        for _ in 0..20 {
            let before = documents.get(shop, &name).await?;
            let owed = before.as_deref().and_then(|text| serde_json::from_str::<Owed>(text).ok());
            let touched = owed.map_or(Touched::None, |owed| owed.touched).and(touched.clone());
            let text = serde_json::to_string(&Owed { at_ms: documents.now().await?.as_millis(), touched });
            let text = text.expect("it is plain data");
            if documents.put_if(shop, &name, before.as_deref(), &text).await? {
                return Ok(());
            }
        }
        Err(StoreError::Away("the mapping is being exchanged all the time".into()))
    }

    /// Ends what changes of mappings left to do.
    pub(super) async fn pay(&self, shop: &ShopId) -> Result<(), QueueError> {
        let documents = self.tools.documents.as_ref();
        let others = self.mappings.markets(shop).await.map_err(away)?;
        for market in [Market::default()].iter().chain(others.iter()) {
            let Some(text) = documents.get(shop, &document(market)).await.map_err(away)? else { continue };
            let owed = serde_json::from_str(&text).unwrap_or(Owed { at_ms: 0, touched: Touched::All });
            let now = documents.now().await.map_err(away)?;
            if now.as_millis().saturating_sub(owed.at_ms) < u64::try_from(LATER.as_millis()).unwrap_or(u64::MAX) {
                continue;
            }
            if let Some(mapping) = self.mappings.of(shop, market).await.map_err(away)? {
                self.requeue(shop, market, &owed.touched, Some(mapping.version)).await?;
            }
            // Where it changed again meanwhile, more is owed.
            if documents.get(shop, &document(market)).await.map_err(away)? == Some(text) {
                documents.remove(shop, &document(market)).await.map_err(away)?;
            }
        }
        Ok(())
    }

    /// Makes the products due that a change touches, wherever they are; of those that were worked by `version` already none.
    async fn requeue(
        &self,
        shop: &ShopId,
        market: &Market,
        touched: &Touched,
        version: Option<u64>,
    ) -> Result<(), QueueError> {
        if *touched == Touched::None {
            return Ok(());
        }
        let queue = self.tools.queue.as_ref();
        if version.is_none() || self.some_waits_for(shop, market, touched).await? {
            while queue.release(shop, Lane::Product, ParkReason::MappingMissing).await? > 0 {}
        }
        for place in [Place::Idle, Place::Dead] {
            let mut cursor = None;
            loop {
                let page = queue.list(shop, Lane::Product, place, cursor.as_deref(), ENTRIES).await?;
                let mut keys = Vec::new();
                for (entry, product) in read(&page.items) {
                    let own = Market::of_key(&entry.key, &product.product_id).as_ref() == Some(market);
                    if own
                        && product.active
                        && !product.deleted
                        && touched.touches(product.section_id())
                        && self.is_behind(shop, &entry.key, version).await?
                    {
                        keys.push(entry.key.clone());
                    }
                }
                if !keys.is_empty() {
                    match place {
                        Place::Dead => _ = queue.redrive(shop, Lane::Product, &Which::Keys(keys)).await?,
                        _ => queue.forget(shop, Lane::Product, &Which::Keys(keys), true).await?,
                    }
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        if market.is_main() { Ok(()) } else { self.carry(shop, market, touched).await }
    }

    async fn is_behind(&self, shop: &ShopId, key: &str, version: Option<u64>) -> Result<bool, QueueError> {
        let Some(version) = version else { return Ok(true) };
        let record = record::load(self.tools.documents.as_ref(), shop, key).await.map_err(away)?;
        Ok(record.mapping < version)
    }

    async fn some_waits_for(&self, shop: &ShopId, market: &Market, touched: &Touched) -> Result<bool, QueueError> {
        let Some(mapping) = self.mappings.of(shop, market).await.map_err(away)? else { return Ok(false) };
        let reason = ParkReason::MappingMissing.as_str();
        let mut cursor = None;
        loop {
            let page = self.tools.queue.list(shop, Lane::Product, Place::Parked, cursor.as_deref(), ENTRIES).await?;
            let waits = |(entry, product): &(&EntryView, Product)| {
                let section = product.section_id();
                entry.fault.as_ref().is_some_and(|fault| fault.code == reason)
                    && Market::of_key(&entry.key, &product.product_id).as_ref() == Some(market)
                    && touched.touches(section)
                    && mapping.mapping.of_section(section).is_some()
            };
            if read(&page.items).any(|found| waits(&found)) {
                return Ok(true);
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(false);
            }
        }
    }

    /// Gives a market the products last seen that its mapping covers. What it has already is stale and stays as it is.
    async fn carry(&self, shop: &ShopId, market: &Market, touched: &Touched) -> Result<(), QueueError> {
        let Some(mapping) = self.mappings.of(shop, market).await.map_err(away)? else { return Ok(()) };
        for place in Place::ALL {
            let mut cursor = None;
            loop {
                let page = self.tools.queue.list(shop, Lane::Product, place, cursor.as_deref(), ENTRIES).await?;
                let meant = |entry: &EntryView, product: &Product| {
                    let section = product.section_id();
                    let sells = product.active && !product.deleted;
                    entry.key == product.product_id
                        && sells
                        && touched.touches(section)
                        && mapping.mapping.of_section(section).is_some()
                };
                let change = |(entry, product): (&EntryView, Product)| {
                    let key = market.key(&product.product_id);
                    meant(entry, &product)
                        .then(|| carried(key, entry.version, entry.payload.clone(), (Cause::Edit, false)))
                };
                let changes: Vec<Change> = read(&page.items).filter_map(change).collect();
                self.give(shop, changes).await?;
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Puts products of other markets in line.
    pub(super) async fn give(&self, shop: &ShopId, mut changes: Vec<Change>) -> Result<(), QueueError> {
        debug_assert!(changes.len() <= PAGE_MAX, "a page of entries, or one entry's markets");
        while !changes.is_empty() {
            let rest = changes.split_off(changes.len().min(OFFERED));
            let id = format!("markets/{}", ulid::Ulid::generate());
            let remember = Duration::from_secs(60);
            let delivery = Delivery { id, digest: [0; 32], changes, owners: Vec::new(), remember };
            for offered in self.tools.queue.offer(vec![(shop.clone(), vec![delivery])]).await {
                offered?;
            }
            changes = rest;
        }
        Ok(())
    }
}

fn read(entries: &[EntryView]) -> impl Iterator<Item = (&EntryView, Product)> {
    entries.iter().filter_map(|entry| Some((entry, Product::read(&entry.payload).ok()?)))
}

/// A product's state as another market gets it.
pub(super) fn carried(key: String, version: u64, payload: String, (cause, force): (Cause, bool)) -> Change {
    Change {
        lane: Lane::Product,
        key,
        version,
        payload,
        cause,
        force,
        urgent: false,
        window: Duration::ZERO,
        rendered: None,
        park: None,
        guard: None,
        base: None,
    }
}
