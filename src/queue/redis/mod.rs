//! The queue in Redis, for many replicas.
//!
//! A step reads what it needs (`load.lua`, `pick.lua`), applies the same pure rules as the embedded queue, and writes with
//! `commit.lua`: one atomic script that writes everything or, where anybody wrote in between, nothing. Then the step is done
//! again on what is there now. So the rules have one owner, and a script never decides anything but whether it is too late.
//!
//! Keys, all of a shop in one hash slot, `P` = `aligate:{shop}`:
//!
//! | key | type | holds |
//! |---|---|---|
//! | `P:meta` | HASH | see `store::redis` |
//! | `P:entries:LANE` | HASH | key → record (see `record`) |
//! | `P:due:LANE` `P:urgent:LANE` | ZSET | keys that wait for their time, µs; urgent ones apart |
//! | `P:leased:LANE` `P:awaiting:LANE` | ZSET | keys in somebody's hands, by the end of the lease or the time to ask |
//! | `P:parked-REASON:LANE` `P:held:LANE` `P:dead:LANE` | ZSET | keys that are put away, since when |
//! | `P:history:LANE` | HASH | key → lines, newest first |
//! | `P:listings` `P:skus:LISTING` `P:products` | HASH SET SET | SKU → listings · its SKUs · every listing |
//! | `P:bars` | HASH | listing → until when (µs) its stock and price are kept back, and for whom |
//! | `P:owners` | HASH | SKU → version and product |
//! | `P:deliveries:SECS:N` | HASH | name of a delivery → its digest and until when it counts; of those that are remembered for so long all that came in the `N`th span of that length |
//! | `P:paused` | SET | lanes |

mod bars;
mod directory;
mod drain;
mod hands;
mod intake;
mod record;
mod step;
mod work;
mod write;

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;

use super::{
    Ask, Attested, Barred, Decision, Deliveries, EntryView, LaneStats, LeaseRef, Leased, Offers, Outcome, Page,
    ParkReason, Pending, Place, Queue, QueueError, Ready, Relisting, ReplayFilter, ReplayStep, Settled, Source, Trace,
    Which,
};
use crate::clock::Timestamp;
use crate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};
use crate::queue::checks::{at_most_a_page, at_most_a_page_of, in_words_of_the_queue};
use crate::signing::entry::Sealer;
use crate::store::redis::RedisStore;

/// The queue in Redis.
#[derive(Debug)]
pub struct RedisQueue {
    store: Arc<RedisStore>,
    sealer: Arc<Sealer>,
    /// On which connection each shop's keys were last looked at.
    admitted: Mutex<HashMap<ShopId, u64>>,
}

impl RedisQueue {
    /// The queue of this store; `sealer` seals what it keeps.
    pub fn new(store: Arc<RedisStore>, sealer: Arc<Sealer>) -> Self {
        Self { store, sealer, admitted: Mutex::default() }
    }
}

#[async_trait]
impl Queue for RedisQueue {
    async fn offer(&self, batch: Deliveries) -> Offers {
        futures_util::future::join_all(batch.iter().map(|(shop, deliveries)| self.offer_to(shop, deliveries))).await
    }

    async fn drain(&self, source: Arc<dyn Source>) {
        self.drain_from(&*source).await;
    }

    async fn pending(&self, shop: &ShopId, lane: Lane, keys: &[String]) -> Result<Vec<Option<Pending>>, QueueError> {
        at_most_a_page(keys.len())?;
        self.pending_of(shop, lane, keys).await
    }

    async fn reserve(&self, shop: &ShopId, lane: Lane, ask: Ask) -> Result<Vec<Leased>, QueueError> {
        self.reserve_of(shop, lane, ask).await
    }

    async fn settle(&self, shop: &ShopId, ends: Vec<(LeaseRef, Outcome)>) -> Result<Vec<Settled>, QueueError> {
        at_most_a_page(ends.len())?;
        self.settle_of(shop, &ends).await
    }

    async fn extend(&self, shop: &ShopId, leases: &[LeaseRef], lease: Duration) -> Result<Vec<bool>, QueueError> {
        at_most_a_page(leases.len())?;
        self.extend_of(shop, leases, lease).await
    }

    async fn list(
        &self,
        shop: &ShopId,
        lane: Lane,
        place: Place,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<EntryView>, QueueError> {
        self.list_of(shop, lane, place, cursor, limit).await
    }

    async fn redrive(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError> {
        at_most_a_page_of(which)?;
        self.each_in(shop, (lane, Place::Dead), which, |entry, scene| entry.redrive(scene)).await
    }

    async fn discard(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError> {
        at_most_a_page_of(which)?;
        self.each_in(shop, (lane, Place::Dead), which, |entry, _| entry.discard()).await
    }

    async fn decide(&self, shop: &ShopId, lane: Lane, decision: Decision) -> Result<u64, QueueError> {
        self.each_in(shop, (lane, Place::Held), &Which::All, |entry, scene| entry.decide(decision, scene)).await
    }

    async fn release(&self, shop: &ShopId, lane: Lane, reason: ParkReason) -> Result<u64, QueueError> {
        self.release_of(shop, lane, reason).await
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
        self.replay_of(shop, filter, cursor, limit, dry_run).await
    }

    async fn forget(&self, shop: &ShopId, lane: Lane, which: &Which, resend: bool) -> Result<(), QueueError> {
        at_most_a_page_of(which)?;
        self.forget_of(shop, lane, which, resend).await
    }

    async fn trace(&self, shop: &ShopId, key: &str) -> Result<Vec<Trace>, QueueError> {
        self.trace_of(shop, key).await
    }

    async fn stats(&self, shop: &ShopId) -> Result<BTreeMap<Lane, LaneStats>, QueueError> {
        self.stats_of(shop).await
    }

    async fn ready(&self, shops: &[ShopId]) -> Result<Vec<BTreeMap<Lane, Ready>>, QueueError> {
        self.ready_of(shops).await
    }

    async fn pause(&self, shop: &ShopId, lane: Lane, paused: bool) -> Result<(), QueueError> {
        let mut command = deadpool_redis::redis::cmd(if paused { "SADD" } else { "SREM" });
        command.arg(format!("{}:paused", crate::store::redis::prefix(shop))).arg(lane.as_str());
        self.store.command(command).await.map_err(in_words_of_the_queue)
    }

    async fn relist(&self, shop: &ShopId, skus: &[Relisting]) -> Result<(), QueueError> {
        at_most_a_page(skus.len())?;
        self.relist_of(shop, skus).await
    }

    async fn attest(&self, shop: &ShopId, listing: ListingId, taken: &[Attested]) -> Result<(), QueueError> {
        at_most_a_page(taken.len())?;
        self.attest_of(shop, listing, taken).await
    }

    async fn bar(&self, shop: &ShopId, listing: ListingId, owner: u64, span: Duration) -> Result<Barred, QueueError> {
        self.bar_of(shop, listing, owner, span).await
    }

    async fn lift(&self, shop: &ShopId, listing: ListingId, owner: u64) -> Result<(), QueueError> {
        self.lift_of(shop, listing, owner).await
    }

    async fn listings(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<ListingId>>, QueueError> {
        at_most_a_page(skus.len())?;
        self.listings_of(shop, skus).await
    }

    async fn skus_of(&self, shop: &ShopId, listing: ListingId) -> Result<Vec<Sku>, QueueError> {
        self.skus_of_listing(shop, listing).await
    }

    async fn directory_size(&self, shop: &ShopId) -> Result<(u64, u64), QueueError> {
        self.size_of_directory(shop).await
    }

    async fn owner(&self, shop: &ShopId, sku: &Sku) -> Result<Option<(ProductId, Version)>, QueueError> {
        self.owner_of(shop, sku).await
    }

    async fn now(&self) -> Result<Timestamp, QueueError> {
        self.store.time().await.map_err(in_words_of_the_queue)
    }
}
