//! Listings whose stock and price wait for the end of a product request.
//!
//! The bar is written first, then the entries of the listing are looked at: whoever has picked one of them before the bar was there finds its
//! revision changed when it commits, and whoever picks later sees the bar.

use std::sync::LazyLock;
use std::time::Duration;

use deadpool_redis::redis;

use super::RedisQueue;
use super::step::{Step, Want};
use crate::domain::{Lane, ListingId, ShopId};
use crate::queue::checks::in_words_of_the_queue;
use crate::queue::{Barred, QueueError};
use crate::store::redis::{Script, prefix};

static BAR: Script = LazyLock::new(|| redis::Script::new(include_str!("bar.lua")));

impl RedisQueue {
    /// See [`Queue::bar`](crate::queue::Queue::bar).
    pub(super) async fn bar_of(
        &self,
        shop: &ShopId,
        listing: ListingId,
        owner: u64,
        span: Duration,
    ) -> Result<Barred, QueueError> {
        if !self.set_bar(shop, listing, owner, span.max(Duration::from_micros(1))).await? {
            return Ok(Barred::Taken);
        }
        let want = self.of_listing(shop, listing).await?;
        let give_way = |step: &mut Step| {
            let (now, mut busy) = (step.now, false);
            for (lane, key) in keys(&want) {
                busy |= step.apply(lane, key, |entry, _| entry.give_way(now.plus(span), now)).unwrap_or(false);
            }
            Ok(busy)
        };
        let (busy, _) = self.step(shop, &want, give_way).await?;
        Ok(if busy { Barred::Busy } else { Barred::Alone })
    }

    /// See [`Queue::lift`](crate::queue::Queue::lift).
    pub(super) async fn lift_of(&self, shop: &ShopId, listing: ListingId, owner: u64) -> Result<(), QueueError> {
        if !self.set_bar(shop, listing, owner, Duration::ZERO).await? {
            return Ok(());
        }
        let want = self.of_listing(shop, listing).await?;
        let go_ahead = |step: &mut Step| {
            let now = step.now;
            for (lane, key) in keys(&want) {
                step.apply(lane, key, |entry, _| entry.go_ahead(now));
            }
            Ok(())
        };
        self.step(shop, &want, go_ahead).await?;
        Ok(())
    }

    async fn set_bar(&self, shop: &ShopId, listing: ListingId, owner: u64, span: Duration) -> Result<bool, QueueError> {
        let args =
            [self.store.ahead_us().to_string(), listing.to_string(), owner.to_string(), span.as_micros().to_string()];
        let args = args.into_iter().map(String::into_bytes).collect();
        let set: u8 = self.store.run(&BAR, &prefix(shop), args).await.map_err(in_words_of_the_queue)?;
        Ok(set == 1)
    }

    async fn of_listing(&self, shop: &ShopId, listing: ListingId) -> Result<Want, QueueError> {
        let mut want = Want::default();
        for sku in self.skus_of_listing(shop, listing).await? {
            let lanes = Lane::ALL.into_iter().filter(|lane| lane.needs_listing());
            lanes.for_each(|lane| want.key(lane, sku.as_str()));
        }
        Ok(want)
    }
}

fn keys(want: &Want) -> impl Iterator<Item = (Lane, &str)> {
    want.keys.iter().flat_map(|(lane, keys)| keys.iter().map(|key| (*lane, key.as_str())))
}
