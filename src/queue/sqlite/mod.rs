//! The queue in the embedded store, for one shop's server.
//!
//! Each call is one transaction on the store's thread. What happens to an `entry` is in `rules`, pure; around it stands SQL:
//! `rows` (entries as rows, which are `known` for a while without reading them, and whose states may be `newer` than they say), `intake` (offers; what was taken is `remembered`), `work` (leases), `hands` (what people do), `counts`, `directory`.

mod bars;
mod counts;
mod directory;
mod hands;
mod intake;
mod known;
mod newer;
mod remembered;
mod rows;
mod time;
mod work;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;

use self::known::{Desk, Known};
use self::remembered::Remembered;
use self::time::StoreTime;
use super::source::to_each;
use super::{
    Ask, Attested, Barred, Decision, Deliveries, EntryView, LaneStats, LeaseRef, Leased, Offers, Outcome, Page,
    ParkReason, Pending, Place, Queue, QueueError, RESERVE_MAX, Ready, Relisting, ReplayFilter, ReplayStep, Settled,
    Source, Trace, Which,
};
use crate::clock::{SharedClock, Timestamp};
use crate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};
use crate::queue::checks::{BAD_CURSOR, at_most_a_page, at_most_a_page_of, in_words_of_the_queue};
use crate::signing::entry::Sealer;
use crate::store::StoreError;
use crate::store::sqlite::SqliteStore;

/// The queue in an embedded store.
#[derive(Debug, Clone)]
pub struct SqliteQueue {
    store: Arc<SqliteStore>,
    context: Arc<Context>,
}

/// What calls need beside the file.
#[derive(Debug)]
struct Context {
    clock: SharedClock,
    sealer: Arc<Sealer>,
    generation: String,
    /// Used on the store's thread alone.
    beside: Mutex<Beside>,
}

/// What the queue has in memory beside the file.
#[derive(Debug, Default)]
struct Beside {
    time: StoreTime,
    remembered: Remembered,
    known: RefCell<Known>,
}

impl Context {
    /// Runs `act` with the store's time, on the store's thread.
    fn run<T>(
        &self,
        conn: &mut Connection,
        act: impl FnOnce(&mut Desk<'_>, &mut Remembered, Timestamp) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut beside = self.beside.lock().unwrap_or_else(|poisoned| {
            // A call panicked, and what it wrote was taken back.
            let mut known = poisoned.into_inner();
            *known = Beside::default();
            self.beside.clear_poison();
            known
        });
        let Beside { time, remembered, known } = &mut *beside;
        let (now, mut desk) = (self.clock.now(), Desk { conn, known });
        time.pass(&desk.read(), now)?;
        act(&mut desk, remembered, now)
    }

    /// Takes the deliveries of all shops, on the store's thread.
    fn take(&self, conn: &mut Connection, batch: Deliveries) -> Result<Offers, StoreError> {
        let seals = (&*self.sealer, self.generation.as_str());
        self.run(conn, |desk, remembered, now| intake::offer(desk, remembered, seals, now, batch))
    }
}

impl SqliteQueue {
    /// The queue of this store, which has no other; `sealer` seals what it keeps.
    pub fn new(store: Arc<SqliteStore>, sealer: Arc<Sealer>) -> Self {
        let (clock, generation) = (store.clock(), store.generation().to_owned());
        Self { store, context: Arc::new(Context { clock, sealer, generation, beside: Mutex::default() }) }
    }

    /// Runs `act` with the store's time on the store's thread.
    async fn call<T, F>(&self, act: F) -> Result<T, QueueError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Desk<'_>, Timestamp) -> Result<T, StoreError> + Send + 'static,
    {
        let context = Arc::clone(&self.context);
        let call = self.store.call(move |conn| context.run(conn, |desk, _, now| act(desk, now)));
        call.await.map_err(in_words_of_the_queue)
    }

    fn sealer(&self) -> Arc<Sealer> {
        Arc::clone(&self.context.sealer)
    }
}

#[async_trait]
impl Queue for SqliteQueue {
    async fn offer(&self, batch: Deliveries) -> Offers {
        let (shops, context) = (batch.len(), Arc::clone(&self.context));
        let taken = self.store.call(move |conn| context.take(conn, batch)).await;
        to_each(shops, taken.map_err(in_words_of_the_queue))
    }

    async fn drain(&self, source: Arc<dyn Source>) {
        let (context, all) = (Arc::clone(&self.context), Arc::clone(&source));
        let act = move |conn: &mut Connection| {
            let Some(batch) = all.draw_any() else { return false };
            let (shops, answer) = batch.split();
            answer(context.take(conn, shops).map_err(in_words_of_the_queue));
            true
        };
        if let Err(error) = self.store.repeat(act).await
            && let Some(batch) = source.draw_any()
        {
            let (_, answer) = batch.split();
            answer(Err(in_words_of_the_queue(error)));
        }
    }

    async fn pending(&self, shop: &ShopId, lane: Lane, keys: &[String]) -> Result<Vec<Option<Pending>>, QueueError> {
        at_most_a_page(keys.len())?;
        let (shop, keys, sealer) = (shop.clone(), keys.to_vec(), self.sealer());
        self.call(move |desk, _| intake::pending(&desk.read(), &sealer, &shop, lane, &keys)).await
    }

    async fn reserve(&self, shop: &ShopId, lane: Lane, ask: Ask) -> Result<Vec<Leased>, QueueError> {
        let (shop, sealer) = (shop.clone(), self.sealer());
        self.call(move |desk, now| work::reserve(desk, &sealer, &shop, lane, ask, now)).await
    }

    async fn settle(&self, shop: &ShopId, ends: Vec<(LeaseRef, Outcome)>) -> Result<Vec<Settled>, QueueError> {
        at_most_a_page(ends.len())?;
        let shop = shop.clone();
        self.call(move |desk, now| work::settle(desk, &shop, ends, now)).await
    }

    async fn extend(&self, shop: &ShopId, leases: &[LeaseRef], lease: Duration) -> Result<Vec<bool>, QueueError> {
        at_most_a_page(leases.len())?;
        let (shop, leases) = (shop.clone(), leases.to_vec());
        self.call(move |desk, now| work::extend(desk, &shop, &leases, lease, now)).await
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
        let page =
            self.call(move |desk, _| hands::list(&desk.read(), &shop, lane, place, cursor.as_deref(), limit)).await?;
        page.ok_or(BAD_CURSOR)
    }

    async fn redrive(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError> {
        at_most_a_page_of(which)?;
        let (shop, which) = (shop.clone(), which.clone());
        self.call(move |desk, now| hands::redrive(desk, &shop, lane, &which, now)).await
    }

    async fn discard(&self, shop: &ShopId, lane: Lane, which: &Which) -> Result<u64, QueueError> {
        at_most_a_page_of(which)?;
        let (shop, which) = (shop.clone(), which.clone());
        self.call(move |desk, now| hands::discard(desk, &shop, lane, &which, now)).await
    }

    async fn decide(&self, shop: &ShopId, lane: Lane, decision: Decision) -> Result<u64, QueueError> {
        let shop = shop.clone();
        self.call(move |desk, now| hands::decide(desk, &shop, lane, decision, now)).await
    }

    async fn release(&self, shop: &ShopId, lane: Lane, reason: ParkReason) -> Result<u64, QueueError> {
        let shop = shop.clone();
        self.call(move |desk, now| hands::release(desk, &shop, lane, reason, now)).await
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
            .call(move |desk, now| hands::replay(desk, &shop, &filter, cursor.as_deref(), limit, dry_run, now))
            .await?;
        step.ok_or(BAD_CURSOR)
    }

    async fn forget(&self, shop: &ShopId, lane: Lane, which: &Which, resend: bool) -> Result<(), QueueError> {
        at_most_a_page_of(which)?;
        if let Which::Keys(keys) = which {
            let (shop, keys) = (shop.clone(), keys.clone());
            return self.call(move |desk, now| hands::forget_keys(desk, &shop, lane, &keys, resend, now)).await;
        }
        let mut after = Some(String::new());
        while let Some(key) = after {
            let shop = shop.clone();
            after = self.call(move |desk, now| hands::forget_step(desk, &shop, lane, &key, resend, now)).await?;
        }
        Ok(())
    }

    async fn trace(&self, shop: &ShopId, key: &str) -> Result<Vec<Trace>, QueueError> {
        let (shop, key) = (shop.clone(), key.to_owned());
        self.call(move |desk, _| hands::trace(&desk.read(), &shop, &key)).await
    }

    async fn stats(&self, shop: &ShopId) -> Result<BTreeMap<Lane, LaneStats>, QueueError> {
        let shop = shop.clone();
        self.call(move |desk, now| counts::stats(&desk.read(), &shop, now)).await
    }

    async fn ready(&self, shops: &[ShopId]) -> Result<Vec<BTreeMap<Lane, Ready>>, QueueError> {
        let shops = shops.to_vec();
        self.call(move |desk, now| shops.iter().map(|shop| counts::ready(&desk.read(), shop, now)).collect()).await
    }

    async fn pause(&self, shop: &ShopId, lane: Lane, paused: bool) -> Result<(), QueueError> {
        let shop = shop.clone();
        self.call(move |desk, _| {
            let of = (shop.as_str(), rows::lane_number(lane));
            match paused {
                true => desk.conn.execute("INSERT OR IGNORE INTO paused VALUES (?1, ?2)", of)?,
                false => desk.conn.execute("DELETE FROM paused WHERE shop = ?1 AND lane = ?2", of)?,
            };
            Ok(())
        })
        .await
    }

    async fn relist(&self, shop: &ShopId, skus: &[Relisting]) -> Result<(), QueueError> {
        at_most_a_page(skus.len())?;
        let (shop, skus) = (shop.clone(), skus.to_vec());
        self.call(move |desk, now| directory::relist(desk, &shop, &skus, now)).await
    }

    async fn attest(&self, shop: &ShopId, listing: ListingId, taken: &[Attested]) -> Result<(), QueueError> {
        at_most_a_page(taken.len())?;
        let (shop, taken) = (shop.clone(), taken.to_vec());
        self.call(move |desk, now| directory::attest(desk, &shop, listing, &taken, now)).await
    }

    async fn bar(&self, shop: &ShopId, listing: ListingId, owner: u64, span: Duration) -> Result<Barred, QueueError> {
        let shop = shop.clone();
        self.call(move |desk, now| bars::bar(desk, &shop, listing, owner, span, now)).await
    }

    async fn lift(&self, shop: &ShopId, listing: ListingId, owner: u64) -> Result<(), QueueError> {
        let shop = shop.clone();
        self.call(move |desk, now| bars::lift(desk, &shop, listing, owner, now)).await
    }

    async fn listings(&self, shop: &ShopId, skus: &[Sku]) -> Result<Vec<Vec<ListingId>>, QueueError> {
        at_most_a_page(skus.len())?;
        let (shop, skus) = (shop.clone(), skus.to_vec());
        self.call(move |desk, _| directory::listings(&desk.read(), &shop, &skus)).await
    }

    async fn skus_of(&self, shop: &ShopId, listing: ListingId) -> Result<Vec<Sku>, QueueError> {
        let shop = shop.clone();
        self.call(move |desk, _| directory::skus_of(&desk.read(), &shop, listing)).await
    }

    async fn directory_size(&self, shop: &ShopId) -> Result<(u64, u64), QueueError> {
        let shop = shop.clone();
        self.call(move |desk, _| directory::size(&desk.read(), &shop)).await
    }

    async fn owner(&self, shop: &ShopId, sku: &Sku) -> Result<Option<(ProductId, Version)>, QueueError> {
        let (shop, sku) = (shop.clone(), sku.clone());
        self.call(move |desk, _| directory::owner(&desk.read(), &shop, &sku)).await
    }

    async fn now(&self) -> Result<Timestamp, QueueError> {
        Ok(self.store.clock().now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::Cause;
    use crate::queue::{Change, Delivery, Receipt};

    #[tokio::test]
    async fn a_panic_leaves_nothing_known_and_nothing_written() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_700_000_000_000_000)));
        let store = SqliteStore::open(folder.path().join("store.db"), clock, &[[1; 32]], Duration::from_secs(20)).await;
        let queue = SqliteQueue::new(Arc::new(store.unwrap()), Arc::new(Sealer::new([b"key".as_slice()])));
        let (shop, sku): (ShopId, Sku) = ("main".parse().unwrap(), "A".parse().unwrap());
        let change = |version| Change {
            lane: Lane::Stock,
            key: "A".to_owned(),
            version,
            payload: "{}".to_owned(),
            cause: Cause::Edit,
            force: false,
            urgent: false,
            window: Duration::ZERO,
            rendered: None,
            park: None,
            guard: None,
            base: None,
        };
        let delivery = |version: Version| Delivery {
            id: version.to_string(),
            digest: [0; 32],
            changes: vec![change(version)],
            owners: Vec::new(),
            remember: Duration::from_secs(60),
        };
        queue.relist(&shop, &[Relisting { sku, listings: vec![ListingId(7)] }]).await.unwrap();
        for version in [1, 2] {
            queue.offer(vec![(shop.clone(), vec![delivery(version)])]).await.remove(0).unwrap();
        }
        let of = shop.clone();
        let panics = queue.call(move |desk, now| -> Result<(), StoreError> {
            desk.write(|conn| {
                let mut found = rows::find(conn, &of, Lane::Stock, "A")?.expect("it was taken");
                found.entry.version = 3;
                rows::save(conn, &of, found, now)?;
                panic!("on purpose");
            })
        });
        assert!(matches!(panics.await, Err(QueueError::Away(_))));
        assert_eq!(queue.trace(&shop, "A").await.unwrap()[0].entry.version, 2);
        let offered = queue.offer(vec![(shop.clone(), vec![delivery(3)])]).await.remove(0).unwrap();
        assert_eq!(offered.receipts, [Receipt::Taken(vec![crate::queue::Answer::Coalesced])]);
        assert_eq!(queue.trace(&shop, "A").await.unwrap()[0].entry.version, 3);
    }
}
