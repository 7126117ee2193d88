//! The queue in the embedded store, for one shop's server.
//!
//! Each call is one transaction on the store's thread. What happens to an `entry` is in `rules`, pure; around it stands SQL:
//! `rows` (entries as rows), `intake` (offers; what was taken is `remembered`), `work` (leases), `hands` (what people do), `counts`, `directory`.

mod bars;
mod counts;
mod directory;
mod hands;
mod intake;
mod remembered;
mod rows;
mod time;
mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, TransactionBehavior};

use self::remembered::Remembered;
use self::time::StoreTime;
use super::{
    Ask, Attested, Barred, Decision, Delivery, EntryView, LaneStats, LeaseRef, Leased, Offered, Outcome, Page,
    ParkReason, Pending, Place, Queue, QueueError, RESERVE_MAX, Ready, Relisting, ReplayFilter, ReplayStep, Settled,
    Trace, Which,
};
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};
use crate::queue::checks::{BAD_CURSOR, at_most_a_page, at_most_a_page_of, in_words_of_the_queue};
use crate::signing::entry::Sealer;
use crate::store::StoreError;
use crate::store::sqlite::SqliteStore;

/// The queue in an embedded store.
#[derive(Debug, Clone)]
pub struct SqliteQueue {
    store: Arc<SqliteStore>,
    sealer: Arc<Sealer>,
    time: Arc<StoreTime>,
    /// Used on the store's thread alone.
    remembered: Arc<Mutex<Remembered>>,
}

impl SqliteQueue {
    /// The queue of this store; `sealer` seals what it keeps.
    pub fn new(store: Arc<SqliteStore>, sealer: Arc<Sealer>) -> Self {
        Self { store, sealer, time: Arc::default(), remembered: Arc::default() }
    }

    /// Runs `act` with the store's time on the store's thread.
    async fn call<T, F>(&self, act: F) -> Result<T, QueueError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection, Timestamp) -> Result<T, StoreError> + Send + 'static,
    {
        let store = &self.store;
        let (clock, time) = (store.clock(), Arc::clone(&self.time));
        let timed = move |conn: &mut Connection| {
            let now = clock.now();
            time.pass(conn, now)?;
            act(conn, now)
        };
        store.call(timed).await.map_err(in_words_of_the_queue)
    }
}

/// Runs `act` in one transaction, which is durable when this returns; an error takes all of it back.
fn write<T>(conn: &mut Connection, act: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = act(&tx)?;
    tx.commit()?;
    Ok(answer)
}

#[async_trait]
impl Queue for SqliteQueue {
    async fn offer(&self, batch: Vec<(ShopId, Vec<Delivery>)>) -> Vec<Result<Offered, QueueError>> {
        let (shops, sealer) = (batch.len(), Arc::clone(&self.sealer));
        let (generation, remembered) = (self.store.generation().to_owned(), Arc::clone(&self.remembered));
        let take = move |conn: &mut Connection, now| {
            let mut remembered = remembered.lock().unwrap_or_else(PoisonError::into_inner);
            intake::offer(conn, (&sealer, &generation, &mut remembered), now, batch)
        };
        let taken = self.call(take).await;
        taken.unwrap_or_else(|error| (0..shops).map(|_| Err(error.clone())).collect())
    }

    async fn pending(&self, shop: &ShopId, lane: Lane, keys: &[String]) -> Result<Vec<Option<Pending>>, QueueError> {
        at_most_a_page(keys.len())?;
        let (shop, keys, sealer) = (shop.clone(), keys.to_vec(), Arc::clone(&self.sealer));
        self.call(move |conn, _| intake::pending(conn, &sealer, &shop, lane, &keys)).await
    }

    async fn reserve(&self, shop: &ShopId, lane: Lane, ask: Ask) -> Result<Vec<Leased>, QueueError> {
        let (shop, sealer) = (shop.clone(), Arc::clone(&self.sealer));
        self.call(move |conn, now| work::reserve(conn, &sealer, &shop, lane, ask, now)).await
    }

    async fn settle(&self, shop: &ShopId, ends: Vec<(LeaseRef, Outcome)>) -> Result<Vec<Settled>, QueueError> {
        at_most_a_page(ends.len())?;
        let shop = shop.clone();
        self.call(move |conn, now| work::settle(conn, &shop, ends, now)).await
    }

    async fn extend(&self, shop: &ShopId, leases: &[LeaseRef], lease: Duration) -> Result<Vec<bool>, QueueError> {
        at_most_a_page(leases.len())?;
        let (shop, leases) = (shop.clone(), leases.to_vec());
        self.call(move |conn, now| work::extend(conn, &shop, &leases, lease, now)).await
    }

    async fn list(
        &self,
        shop: &ShopId,
        lane: Lane,
        place: Place,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<EntryView>, QueueError> {
        let (shop, cursor) = (shop.clone(), cursor.map(str::to_owned));
        let page = self.call(move |conn, _| hands::list(conn, &shop, lane, place, cursor.as_deref(), limit)).await?;
        page.ok_or(BAD_CURSOR)
    }

    async fn redrive(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError> {
        at_most_a_page_of(which)?;
        let (shop, which) = (shop.clone(), which.clone());
        self.call(move |conn, now| hands::redrive(conn, &shop, lane, &which, now)).await
    }

    async fn discard(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError> {
        at_most_a_page_of(which)?;
        let (shop, which) = (shop.clone(), which.clone());
        self.call(move |conn, now| hands::discard(conn, &shop, lane, &which, now)).await
    }

    async fn decide(&self, shop: &ShopId, lane: Lane, decision: Decision) -> Result<u64, QueueError> {
        let shop = shop.clone();
        self.call(move |conn, now| hands::decide(conn, &shop, lane, decision, now)).await
    }

    async fn release(&self, shop: &ShopId, lane: Lane, reason: ParkReason) -> Result<u64, QueueError> {
        let shop = shop.clone();
        self.call(move |conn, now| hands::release(conn, &shop, lane, reason, now)).await
    }

    async fn replay(
        &self,
        shop: &ShopId,
        filter: &ReplayFilter,
        cursor: Option<&str>,
        limit: usize,
        dry_run: bool,
    ) -> Result<ReplayStep, QueueError> {
        at_most_a_page(filter.keys.len())?;
        let (shop, filter, cursor) = (shop.clone(), filter.clone(), cursor.map(str::to_owned));
        let limit = limit.clamp(1, RESERVE_MAX);
        let step = self
            .call(move |conn, now| hands::replay(conn, &shop, &filter, cursor.as_deref(), limit, dry_run, now))
            .await?;
        step.ok_or(BAD_CURSOR)
    }

    async fn forget(&self, shop: &ShopId, lane: Lane, which: &Which, resend: bool) -> Result<(), QueueError> {
        at_most_a_page_of(which)?;
        if let Which::Keys(keys) = which {
            let (shop, keys) = (shop.clone(), keys.clone());
            return self.call(move |conn, now| hands::forget_keys(conn, &shop, lane, &keys, resend, now)).await;
        }
        let mut after = Some(String::new());
        while let Some(key) = after {
            let shop = shop.clone();
            after = self.call(move |conn, now| hands::forget_step(conn, &shop, lane, &key, resend, now)).await?;
        }
        Ok(())
    }

    async fn trace(&self, shop: &ShopId, key: &str) -> Result<Vec<Trace>, QueueError> {
        let (shop, key) = (shop.clone(), key.to_owned());
        self.call(move |conn, _| hands::trace(conn, &shop, &key)).await
    }

    async fn stats(&self, shop: &ShopId) -> Result<BTreeMap<Lane, LaneStats>, QueueError> {
        let shop = shop.clone();
        self.call(move |conn, now| counts::stats(conn, &shop, now)).await
    }

    async fn ready(&self, shops: &[ShopId]) -> Result<Vec<BTreeMap<Lane, Ready>>, QueueError> {
        let shops = shops.to_vec();
        self.call(move |conn, now| shops.iter().map(|shop| counts::ready(conn, shop, now)).collect()).await
    }

    async fn pause(&self, shop: &ShopId, lane: Lane, paused: bool) -> Result<(), QueueError> {
        let shop = shop.clone();
        self.call(move |conn, _| {
            let of = (shop.as_str(), rows::lane_number(lane));
            match paused {
                true => conn.execute("INSERT OR IGNORE INTO paused VALUES (?1, ?2)", of)?,
                false => conn.execute("DELETE FROM paused WHERE shop = ?1 AND lane = ?2", of)?,
            };
            Ok(())
        })
        .await
    }

    async fn relist(&self, shop: &ShopId, skus: &[Relisting]) -> Result<(), QueueError> {
        at_most_a_page(skus.len())?;
        let (shop, skus) = (shop.clone(), skus.to_vec());
        self.call(move |conn, now| directory::relist(conn, &shop, &skus, now)).await
    }

    async fn attest(&self, shop: &ShopId, listing: ListingId, taken: &[Attested]) -> Result<(), QueueError> {
        at_most_a_page(taken.len())?;
        let (shop, taken) = (shop.clone(), taken.to_vec());
        self.call(move |conn, now| directory::attest(conn, &shop, listing, &taken, now)).await
    }

    async fn bar(&self, shop: &ShopId, listing: ListingId, owner: u64, span: Duration) -> Result<Barred, QueueError> {
        let shop = shop.clone();
        self.call(move |conn, now| bars::bar(conn, &shop, listing, owner, span, now)).await
    }

    async fn lift(&self, shop: &ShopId, listing: ListingId, owner: u64) -> Result<(), QueueError> {
        let shop = shop.clone();
        self.call(move |conn, now| bars::lift(conn, &shop, listing, owner, now)).await
    }

    async fn listings(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<ListingId>>, QueueError> {
        at_most_a_page(skus.len())?;
        let (shop, skus) = (shop.clone(), skus.to_vec());
        self.call(move |conn, _| directory::listings(conn, &shop, &skus)).await
    }

    async fn skus_of(&self, shop: &ShopId, listing: ListingId) -> Result<Vec<Sku>, QueueError> {
        let shop = shop.clone();
        self.call(move |conn, _| directory::skus_of(conn, &shop, listing)).await
    }

    async fn directory_size(&self, shop: &ShopId) -> Result<(u64, u64), QueueError> {
        let shop = shop.clone();
        self.call(move |conn, _| directory::size(conn, &shop)).await
    }

    async fn owner(&self, shop: &ShopId, sku: &Sku) -> Result<Option<(ProductId, Version)>, QueueError> {
        let (shop, sku) = (shop.clone(), sku.clone());
        self.call(move |conn, _| directory::owner(conn, &shop, &sku)).await
    }

    async fn now(&self) -> Result<Timestamp, QueueError> {
        Ok(self.store.clock().now())
    }
}
