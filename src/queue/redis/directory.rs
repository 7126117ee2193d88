//! Where SKUs stand on AliExpress and whose they are, with the consequences for what is queued.

use deadpool_redis::redis;

use super::RedisQueue;
use super::step::{Moved, Step, Want, owner};
use crate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};
use crate::queue::checks::in_words_of_the_queue;
use crate::queue::{Attested, PAGE_MAX, QueueError, Relisting};
use crate::store::redis::prefix;

impl RedisQueue {
    async fn directory<T: redis::FromRedisValue>(&self, shop: &ShopId, name: &str, key: &str) -> Result<T, QueueError> {
        let mut command = redis::cmd(name);
        command.arg(format!("{}:{key}", prefix(shop)));
        self.store.command(command).await.map_err(in_words_of_the_queue)
    }

    /// See [`Queue::relist`](crate::queue::Queue::relist).
    pub(super) async fn relist_of(&self, shop: &ShopId, skus: &[Relisting]) -> Result<(), QueueError> {
        let mut want = Want::default();
        for one in skus {
            let lanes = Lane::ALL.into_iter().filter(|lane| lane.needs_listing());
            lanes.for_each(|lane| want.key(lane, one.sku.as_str()));
        }
        let relist = |step: &mut Step| {
            skus.iter().for_each(|one| relist_one(step, one));
            Ok(())
        };
        self.step(shop, &want, relist).await?;
        Ok(())
    }

    /// See [`Queue::attest`](crate::queue::Queue::attest).
    pub(super) async fn attest_of(&self, shop: &ShopId, at: ListingId, taken: &[Attested]) -> Result<(), QueueError> {
        let mut want = Want::default();
        for one in taken {
            // A SKU that moves takes both its states along.
            let lanes = Lane::ALL.into_iter().filter(|lane| lane.needs_listing());
            lanes.for_each(|lane| want.key(lane, one.sku.as_str()));
        }
        let attest = |step: &mut Step| {
            for one in taken {
                let mut listings = step.listings.get(one.sku.as_str()).cloned().unwrap_or_default();
                if !listings.contains(&at) {
                    listings.push(at);
                    listings.sort_unstable();
                    relist_one(step, &Relisting { sku: one.sku.clone(), listings });
                }
                step.apply(one.lane, one.sku.as_str(), |entry, scene| entry.attest(one, at, scene));
            }
            Ok(())
        };
        self.step(shop, &want, attest).await?;
        Ok(())
    }

    /// See [`Queue::listings`](crate::queue::Queue::listings).
    pub(super) async fn listings_of(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<ListingId>>, QueueError> {
        let want = Want { skus: skus.iter().map(ToString::to_string).collect(), ..Want::default() };
        let step = self.load(shop, &want).await?;
        Ok(skus.iter().map(|sku| step.listings.get(sku.as_str()).cloned().unwrap_or_default()).collect())
    }

    /// See [`Queue::skus_of`](crate::queue::Queue::skus_of).
    pub(super) async fn skus_of_listing(&self, shop: &ShopId, listing: ListingId) -> Result<Vec<Sku>, QueueError> {
        let mut skus: Vec<String> = self.directory(shop, "SMEMBERS", &format!("skus:{listing}")).await?;
        skus.sort_unstable();
        skus.truncate(PAGE_MAX);
        let parse = |sku: String| Sku::try_from(sku).map_err(|error| QueueError::Unreadable(error.to_string()));
        skus.into_iter().map(parse).collect()
    }

    /// See [`Queue::directory_size`](crate::queue::Queue::directory_size).
    pub(super) async fn size_of_directory(&self, shop: &ShopId) -> Result<(u64, u64), QueueError> {
        Ok((self.directory(shop, "HLEN", "listings").await?, self.directory(shop, "SCARD", "products").await?))
    }

    /// See [`Queue::owner`](crate::queue::Queue::owner).
    pub(super) async fn owner_of(&self, shop: &ShopId, sku: &Sku) -> Result<Option<(ProductId, Version)>, QueueError> {
        let mut command = redis::cmd("HGET");
        command.arg(format!("{}:owners", prefix(shop))).arg(sku.as_str());
        let text: Option<String> = self.store.command(command).await.map_err(in_words_of_the_queue)?;
        Ok(text.as_deref().and_then(owner))
    }
}

fn relist_one(step: &mut Step, one: &Relisting) {
    let sku = one.sku.to_string();
    let before = step.listings.get(&sku).cloned().unwrap_or_default();
    if before == one.listings {
        return;
    }
    let gone = before.iter().filter(|listing| !one.listings.contains(listing)).copied().collect();
    let gained: Vec<ListingId> = one.listings.iter().filter(|listing| !before.contains(listing)).copied().collect();
    let is_gain = !gained.is_empty();
    step.listings.insert(sku.clone(), one.listings.clone());
    for lane in Lane::ALL.into_iter().filter(|lane| lane.needs_listing()) {
        step.apply(lane, &sku, |entry, scene| entry.relist(is_gain, scene));
    }
    step.moved.push(Moved { sku, listings: one.listings.clone(), gone, gained });
}
