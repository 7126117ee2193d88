//! A queue that keeps nothing: the ceiling that stores are compared with.

use std::collections::BTreeMap;
use std::time::Duration;

use aligate::clock::Timestamp;
use aligate::domain::{Lane, ListingId, ProductId, ShopId, Sku, Version};
use aligate::queue::{
    Answer, Ask, Decision, Delivery, EntryView, LaneStats, LeaseRef, Leased, Offered, Outcome, Page, ParkReason,
    Pending, Place, Queue, QueueError, Ready, Receipt, Relisting, ReplayFilter, ReplayStep, Settled, Trace, Which,
};
use async_trait::async_trait;

/// Takes everything, keeps nothing.
#[derive(Debug)]
pub struct Nothing;

fn none<T>() -> Result<T, QueueError> {
    Err(QueueError::Away("this queue keeps nothing".into()))
}

#[async_trait]
impl Queue for Nothing {
    async fn offer(&self, batch: Vec<(ShopId, Vec<Delivery>)>) -> Vec<Result<Offered, QueueError>> {
        let take = |delivery: &Delivery| Receipt::Taken(vec![Answer::Enqueued; delivery.changes.len()]);
        let offered = |(_, deliveries): (ShopId, Vec<Delivery>)| {
            let receipts = deliveries.iter().map(take).collect();
            Ok(Offered { receipts, generation: "01J00000000000000000000000".into() })
        };
        batch.into_iter().map(offered).collect()
    }

    async fn pending(&self, _: &ShopId, _: Lane, keys: &[String]) -> Result<Vec<Option<Pending>>, QueueError> {
        Ok(vec![None; keys.len()])
    }

    async fn reserve(&self, _: &ShopId, _: Lane, _: Ask) -> Result<Vec<Leased>, QueueError> {
        none()
    }

    async fn settle(&self, _: &ShopId, _: Vec<(LeaseRef, Outcome)>) -> Result<Vec<Settled>, QueueError> {
        none()
    }

    async fn extend(&self, _: &ShopId, _: &[LeaseRef], _: Duration) -> Result<Vec<bool>, QueueError> {
        none()
    }

    async fn list(
        &self,
        _: &ShopId,
        _: Lane,
        _: Place,
        _: Option<&str>,
        _: usize,
    ) -> Result<Page<EntryView>, QueueError> {
        none()
    }

    async fn redrive(&self, _: &ShopId, _: Lane, _: &Which) -> Result<u64, QueueError> {
        none()
    }

    async fn discard(&self, _: &ShopId, _: Lane, _: &Which) -> Result<u64, QueueError> {
        none()
    }

    async fn decide(&self, _: &ShopId, _: Lane, _: Decision) -> Result<u64, QueueError> {
        none()
    }

    async fn release(&self, _: &ShopId, _: Lane, _: ParkReason) -> Result<u64, QueueError> {
        none()
    }

    async fn replay(
        &self,
        _: &ShopId,
        _: &ReplayFilter,
        _: Option<&str>,
        _: usize,
        _: bool,
    ) -> Result<ReplayStep, QueueError> {
        none()
    }

    async fn forget(&self, _: &ShopId, _: Lane, _: &Which, _: bool) -> Result<(), QueueError> {
        none()
    }

    async fn trace(&self, _: &ShopId, _: &str) -> Result<Vec<Trace>, QueueError> {
        none()
    }

    async fn stats(&self, _: &ShopId) -> Result<BTreeMap<Lane, LaneStats>, QueueError> {
        none()
    }

    async fn ready(&self, _: &[ShopId]) -> Result<Vec<BTreeMap<Lane, Ready>>, QueueError> {
        none()
    }

    async fn pause(&self, _: &ShopId, _: Lane, _: bool) -> Result<(), QueueError> {
        none()
    }

    async fn relist(&self, _: &ShopId, _: &[Relisting]) -> Result<(), QueueError> {
        Ok(())
    }

    async fn attest(&self, _: &ShopId, _: ListingId, _: &[aligate::queue::Attested]) -> Result<(), QueueError> {
        Ok(())
    }

    async fn bar(&self, _: &ShopId, _: ListingId, _: u64, _: Duration) -> Result<aligate::queue::Barred, QueueError> {
        Ok(aligate::queue::Barred::Alone)
    }

    async fn lift(&self, _: &ShopId, _: ListingId, _: u64) -> Result<(), QueueError> {
        Ok(())
    }

    async fn listings(&self, _: &ShopId, _: &[Sku]) -> Result<Vec<Vec<ListingId>>, QueueError> {
        none()
    }

    async fn skus_of(&self, _: &ShopId, _: ListingId) -> Result<Vec<Sku>, QueueError> {
        none()
    }

    async fn directory_size(&self, _: &ShopId) -> Result<(u64, u64), QueueError> {
        none()
    }

    async fn owner(&self, _: &ShopId, _: &Sku) -> Result<Option<(ProductId, Version)>, QueueError> {
        none()
    }

    async fn now(&self) -> Result<Timestamp, QueueError> {
        none()
    }
}
