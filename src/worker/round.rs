//! The calls of one reservation, from its first permit to its last settlement.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use super::lease::Hold;
use super::render::{Sendable, Value};
use super::scar::Scar;
use super::verdict::{Hit, Verdicts};
use super::{Client, Desk, outcome_label};
use crate::aliexpress::{BatchAnswer, CallError, Class, ProductPrices, ProductStock, SkuPrice, Token};
use crate::batching::{Batch, Item};
use crate::domain::{Discount, Lane, ListingId, Money, PriceRule, PriceState, Sku};
use crate::listings;
use crate::queue::{Fault, LeaseRef, Outcome, PAGE_MAX, QueueError};
use crate::telemetry::metric::Metric;

/// The calls of one reservation.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) desk: Arc<Desk>,
    pub(super) client: Client,
    pub(super) lane: Lane,
    pub(super) sendables: Vec<Sendable>,
    /// When the entries were reserved.
    pub(super) held: Instant,
    pub(super) scars: Arc<Scar>,
}

impl Round {
    /// Makes the calls, the first under a permit that was taken already, and settles every entry.
    ///
    /// # Cancel safety
    /// Dropped, its leases run out and its keys are suspect.
    pub(super) async fn run(self, batches: Vec<Batch>) {
        let leases: Vec<LeaseRef> = self.sendables.iter().map(|sendable| sendable.leased.lease.clone()).collect();
        let (queue, shop) = (Arc::clone(&self.desk.queue), self.client.shop.clone());
        let hold = Hold::new(queue, shop, self.lane, leases, self.desk.lane(self.lane).lease(), self.held);
        let work = async {
            let mut verdicts = Verdicts::new(&self.sendables);
            for (at, batch) in batches.iter().enumerate() {
                self.send(batch, at == 0, &hold, &mut verdicts).await;
            }
            self.settle(&hold, verdicts).await;
        };
        tokio::select! {
            () = work => {}
            () = hold.keep() => {}
        }
    }

    async fn send(&self, batch: &Batch, permitted: bool, hold: &Hold, verdicts: &mut Verdicts) {
        let access = &self.client.access;
        let method = self.desk.method(self.lane).to_owned();
        let token = access.token();
        let rules = match self.rules(batch).await {
            Ok(rules) => rules,
            Err(error) => {
                tracing::warn!(shop.id = %self.client.shop, %error, "the price rules of listings are unknown; nothing is sent");
                return verdicts
                    .all(batch, &Hit::Down { fault: Fault { code: "store_away".into(), detail: error.to_string() } });
            }
        };
        let kept = match self.discounts(batch, &rules, &token).await {
            Ok(kept) => kept,
            Err(error) => return self.fail(batch, &token, &error, verdicts),
        };
        if !permitted && access.application.permit(&method, self.lane == Lane::Stock).await.is_err() {
            return verdicts.all(batch, &Hit::Unsent);
        }
        // A request must not start for entries that may have gone to somebody else: the lease is looked at last.
        if hold.is_over() {
            tracing::warn!(shop.id = %self.client.shop, lane = %self.lane, "a lease ran out before its request; it is not made");
            return verdicts.all(batch, &Hit::Unsent);
        }
        // So is the token: it may have ended or been refused while this round waited for its permit.
        if !access.can_send() {
            return verdicts.all(batch, &Hit::Unsent);
        }
        let (started, token) = (Instant::now(), access.token());
        let answer = self.call(batch, (&rules, &kept), &token).await;
        Metric::RequestSeconds.observe(started.elapsed().as_secs_f64(), &[("method", method.clone())]);
        access.learn(&token, &method, answer.as_ref().err()).await;
        match answer {
            Err(error) => self.fail(batch, &token, &error, verdicts),
            Ok(answer) => {
                self.scars.healed(&self.client.shop, self.lane);
                for (item, verdict) in batch.items.iter().zip(answer.verdicts) {
                    let hit = self.judge(item, verdict).await;
                    verdicts.item(item, &hit);
                }
            }
        }
    }

    async fn call(&self, batch: &Batch, prices: (&Rules, &Kept), token: &Token) -> Result<BatchAnswer, CallError> {
        let application = &self.client.access.application;
        if self.lane == Lane::Price {
            let products: Vec<ProductPrices> = batch.items.iter().map(|item| self.prices(item, prices)).collect();
            return application.client.update_prices(token, &products).await;
        }
        let products: Vec<ProductStock> = batch.items.iter().map(|item| self.stock(item)).collect();
        application.client.update_inventory(token, &products).await
    }

    fn stock(&self, item: &Item) -> ProductStock {
        let sku = |&number: &usize| match &self.sendables[number].value {
            Value::Stock(pieces) => Some((self.sendables[number].sku.clone(), *pieces)),
            Value::Price(_) => None,
        };
        ProductStock { listing: item.listing, skus: item.entries.iter().filter_map(sku).collect() }
    }

    /// The rule of each listing of a request for prices.
    async fn rules(&self, batch: &Batch) -> Result<Rules, QueueError> {
        let mut rules = Rules::new();
        for item in batch.items.iter().filter(|_| self.lane == Lane::Price) {
            rules.insert(item.listing, self.desk.rules.of_listing(&self.client.shop, item.listing).await?);
        }
        Ok(rules)
    }

    fn price(&self, number: usize, listing: ListingId, rules: &Rules) -> Option<PriceState> {
        let Value::Price(state) = &self.sendables[number].value else { return None };
        Some(rules.get(&listing).copied().unwrap_or_default().apply(*state))
    }

    fn prices(&self, item: &Item, (rules, kept): (&Rules, &Kept)) -> ProductPrices {
        let sku = |&number: &usize| {
            let PriceState { price, discount, .. } = self.price(number, item.listing, rules)?;
            let sku = self.sendables[number].sku.clone();
            let discount = match discount {
                Discount::Erase => None,
                Discount::Set(discount) => Some(discount),
                // A discount that is no longer below the price cannot be kept: AliExpress would refuse it.
                Discount::Keep => kept.get(&(item.listing, sku.clone())).copied().filter(|discount| *discount < price),
            };
            Some(SkuPrice { sku, price, discount })
        };
        ProductPrices { listing: item.listing, skus: item.entries.iter().filter_map(sku).collect() }
    }

    /// Reads the discounts that AliExpress has where events leave them as they are: leaving one out would erase it.
    async fn discounts(&self, batch: &Batch, rules: &Rules, token: &Token) -> Result<Kept, CallError> {
        let mut kept = Kept::new();
        for item in &batch.items {
            let keeps = |&number: &usize| {
                self.price(number, item.listing, rules).is_some_and(|state| state.discount == Discount::Keep)
            };
            if !item.entries.iter().any(keeps) {
                continue;
            }
            if let Some(info) = self.read(item.listing, token).await? {
                let of_sku = |sku: crate::aliexpress::ListedSku| Some(((item.listing, sku.sku), sku.discount_price?));
                kept.extend(info.skus.into_iter().filter_map(of_sku));
            }
        }
        Ok(kept)
    }

    async fn read(
        &self,
        listing: ListingId,
        token: &Token,
    ) -> Result<Option<crate::aliexpress::ProductInfo>, CallError> {
        let access = &self.client.access;
        let method = &self.desk.methods.product_info;
        if let Err(error) = access.application.permit(method, false).await {
            return Err(CallError::not_made(error.to_string()));
        }
        let info = access.application.client.product_info(token, listing).await;
        access.learn(token, method, info.as_ref().err()).await;
        info
    }

    /// What AliExpress's word on a product means for its entries; refreshes the directory where it knows better.
    async fn judge(&self, item: &Item, verdict: crate::aliexpress::Verdict) -> Hit {
        let unnamed = verdict == crate::aliexpress::Verdict::Missing;
        let hit = Hit::of_product(verdict);
        if !unnamed && !matches!(hit, Hit::Refused { unknown: true, .. }) {
            return hit;
        }
        match self.refresh(item.listing).await {
            Ok(true) => Hit::Unsent,
            Ok(false) => hit,
            Err(why) => {
                tracing::warn!(shop.id = %self.client.shop, listing = %item.listing, why, "a listing could not be read again");
                if unnamed { hit } else { Hit::Unsent }
            }
        }
    }

    /// Reads a listing again into the directory; says whether the directory changed.
    async fn refresh(&self, listing: ListingId) -> Result<bool, String> {
        let info = self.read(listing, &self.client.access.token()).await.map_err(|error| error.to_string())?;
        let skus: BTreeSet<Sku> =
            info.map(|info| info.skus.into_iter().map(|sku| sku.sku).collect()).unwrap_or_default();
        let (queue, shop) = (self.desk.queue.as_ref(), &self.client.shop);
        let had: BTreeSet<Sku> =
            queue.skus_of(shop, listing).await.map_err(|error| error.to_string())?.into_iter().collect();
        if had == skus {
            return Ok(false);
        }
        tracing::info!(shop.id = %shop, %listing, had = had.len(), has = skus.len(), "AliExpress changed a listing; the directory follows");
        listings::set_skus(queue, shop, listing, &skus).await.map_err(|error| error.to_string())?;
        Ok(true)
    }

    /// A whole request failed.
    fn fail(&self, batch: &Batch, token: &Token, error: &CallError, verdicts: &mut Verdicts) {
        let hit = Hit::of_call(error);
        // The token was exchanged meanwhile: the refusal says nothing, and the same request goes with the present one.
        if error.class() == Class::Unauthorized && !self.client.access.is_present(token) {
            return verdicts.all(batch, &Hit::Unsent);
        }
        tracing::warn!(shop.id = %self.client.shop, lane = %self.lane, %error, entries = batch.items.iter().map(|i| i.entries.len()).sum::<usize>(), "a request to AliExpress failed");
        verdicts.all(batch, &hit);
    }

    async fn settle(&self, hold: &Hold, verdicts: Verdicts) {
        let lane = self.desk.lane(self.lane);
        let mut rest = None;
        let mut lane_wait = || *rest.get_or_insert_with(|| self.scars.failed(&self.client.shop, self.lane, lane));
        let now = self.desk.clock.now();
        let outcomes = verdicts.outcomes(&self.sendables, lane, now, &mut lane_wait);
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut ends = Vec::with_capacity(outcomes.len());
        for (sendable, outcome) in self.sendables.iter().zip(outcomes) {
            *counts.entry(outcome_label(&outcome)).or_default() += 1;
            if matches!(outcome, Outcome::Done { .. }) {
                let seconds = now.since(sendable.leased.first_at).as_secs_f64();
                Metric::DeliverySeconds.observe(seconds, &[("lane", self.lane.to_string())]);
            }
            ends.push((sendable.leased.lease.clone(), outcome));
        }
        for (outcome, count) in counts {
            let labels = [
                ("shop", self.client.shop.to_string()),
                ("lane", self.lane.to_string()),
                ("outcome", outcome.to_owned()),
            ];
            Metric::Skus.add(count, &labels);
        }
        for page in ends.chunks(PAGE_MAX) {
            hold.settle(page).await;
        }
    }
}

type Rules = HashMap<ListingId, PriceRule>;
type Kept = HashMap<(ListingId, Sku), Money>;
