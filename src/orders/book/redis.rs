//! The book in Redis. Keys, `P` = `aligate:{shop}`:
//!
//! | key | type | holds |
//! |---|---|---|
//! | `P:orders` `P:orders-revision` | HASH | order → record · order → revision |
//! | `P:orders-by-id` | ZSET | orders, all at 0 |
//! | `P:orders-due` `P:orders-erasable` | ZSET | orders by the time by which they must be sent · since which they may be erased, µs |
//! | `P:order-skus:ORDER` `P:order-pieces:SKU` | SET HASH | SKUs that it holds pieces of · order → `pieces:taken_at` |

use async_trait::async_trait;
use deadpool_redis::redis;

use super::{Book, BookError, Claim, Kept, PAGE_MAX, Which, cursor, next, read, sorted_by, text_of};
use crate::clock::Timestamp;
use crate::domain::{OrderId, ShopId, Sku};
use crate::store::StoreError;
use crate::store::redis::{RedisStore, Script, prefix};

static PUT: Script = Script::new(|| redis::Script::new(include_str!("put.lua")));
static LIST: Script = Script::new(|| redis::Script::new(include_str!("list.lua")));
static CLAIMS: Script = Script::new(|| redis::Script::new(include_str!("claims.lua")));

#[async_trait]
impl Book for RedisStore {
    async fn get(&self, shop: &ShopId, orders: &[OrderId]) -> Result<Vec<Option<Kept>>, BookError> {
        if orders.is_empty() {
            return Ok(Vec::new());
        }
        let mut get = redis::cmd("HMGET");
        get.arg(format!("{}:orders", prefix(shop)));
        orders.iter().for_each(|order| _ = get.arg(order.as_str()));
        let texts: Vec<Option<String>> = self.command(get).await?;
        texts.iter().map(|text| text.as_deref().map(read).transpose()).collect()
    }

    async fn put(&self, shop: &ShopId, kept: &Kept) -> Result<bool, BookError> {
        let (before, kept) = (kept.revision, next(kept));
        let number = |at: Option<u64>| at.map(|at| at.to_string()).unwrap_or_default();
        let mut args = vec![
            kept.order.to_string(),
            before.to_string(),
            kept.revision.to_string(),
            text_of(&kept),
            number(kept.ship_before),
            number(kept.erase_from()),
            number(kept.taken.as_ref().map(|taken| taken.at)),
        ];
        for (sku, pieces) in &kept.pieces {
            args.extend([sku.to_string(), pieces.to_string()]);
        }
        let written: u8 = self.run(&PUT, &prefix(shop), args.into_iter().map(String::into_bytes).collect()).await?;
        if self.wait_replicas() > 0 {
            self.await_replicas().await?;
        }
        Ok(written == 1)
    }

    async fn claims(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<Claim>>, BookError> {
        let args = skus.iter().map(|sku| sku.as_str().as_bytes().to_vec()).collect();
        let all: Vec<Vec<String>> = self.run(&CLAIMS, &prefix(shop), args).await?;
        let claim = |text: &String| {
            let (pieces, taken_at) = text.split_once(':')?;
            Some(Claim { pieces: pieces.parse().ok()?, taken_at: taken_at.parse().ok().map(Timestamp) })
        };
        let unreadable = || StoreError::Unusable("an order's pieces cannot be read".into());
        all.iter().map(|of| of.iter().map(claim).collect::<Option<_>>().ok_or_else(unreadable)).collect()
    }

    async fn list(
        &self,
        shop: &ShopId,
        which: Which,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Kept>, Option<String>), BookError> {
        let ((at, id), limit) = (cursor(after), limit.clamp(1, PAGE_MAX));
        let (name, before) = match which {
            Which::All => ("all", 0),
            Which::Due(before) => ("due", before.0),
            Which::Erasable(before) => ("erasable", before.0),
        };
        let args = [name.to_owned(), before.to_string(), at.to_string(), id, limit.to_string()];
        let args = args.into_iter().map(String::into_bytes).collect();
        let texts: Vec<String> = self.run(&LIST, &prefix(shop), args).await?;
        let found: Vec<Kept> = texts.iter().map(|text| read(text)).collect::<Result<_, _>>()?;
        let next = (found.len() == limit).then(|| found.last()).flatten();
        let next = next.map(|last| format!("{}:{}", sorted_by(which, last), last.order));
        Ok((found, next))
    }

    async fn count_due(&self, shop: &ShopId, before: Timestamp) -> Result<u64, BookError> {
        let mut count = redis::cmd("ZCOUNT");
        count.arg(format!("{}:orders-due", prefix(shop))).arg("-inf").arg(format!("({}", before.0));
        self.command(count).await
    }
}
