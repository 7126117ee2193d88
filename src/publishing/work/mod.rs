//! One product in one market: what is to be done with its listing now, step by step.

mod audit;
mod draft;
mod find;
mod send;
mod stop;
mod withdraw;

use std::sync::Arc;
use std::time::Duration;

use self::stop::{Stop, end};
use super::record::{self, ListingState, Reason, Record};
use super::{Publisher, requeue};
use crate::aliexpress::Access;
use crate::catalog::mapping::Market;
use crate::catalog::product::Product;
use crate::domain::{Lane, ShopId};
use crate::queue::{self, Change, Delivery, Leased, ParkReason};
use crate::worker::Ending;

/// Works a product's newest state.
pub(super) async fn work(publisher: &Publisher, shop: &ShopId, leased: &Leased) -> Ending {
    let fault = |code: &str, detail: String| queue::Fault { code: code.to_owned(), detail };
    let product = match Product::read(&leased.payload) {
        Ok(product) => product,
        Err(error) => return Ending::Refused(fault("product_unreadable", error.to_string())),
    };
    if publisher.observes(shop) {
        let detail = "would be checked and published".to_owned();
        return Ending::Parked { reason: ParkReason::Observe, detail };
    }
    let Some(access) = publisher.access(shop).cloned() else {
        let detail = "the shop has no application on AliExpress".to_owned();
        return Ending::Down { after: Some(Duration::from_secs(60)), fault: fault("no_credentials", detail) };
    };
    let key = &leased.lease.key;
    let Some(market) = Market::of_key(key, &product.product_id) else {
        return Ending::Refused(fault("product_unreadable", "the entry holds another product".to_owned()));
    };
    let record = match record::load(publisher.tools.documents.as_ref(), shop, key).await {
        Ok(record) => Record { product_id: product.product_id.clone(), market, ..record },
        Err(error) => return Ending::Down { after: None, fault: fault("store_away", error.to_string()) },
    };
    let mut work = Work { publisher, shop, leased, access, product, record };
    match work.run().await {
        Ok(ending) | Err(Stop::End(ending)) => ending,
        Err(Stop::Call(error)) => Ending::from(&error),
        Err(Stop::Away(why)) => Ending::Down { after: None, fault: fault("store_away", why) },
    }
}

struct Work<'w> {
    publisher: &'w Publisher,
    shop: &'w ShopId,
    leased: &'w Leased,
    access: Arc<Access>,
    product: Product,
    record: Record,
}

impl Work<'_> {
    async fn run(&mut self) -> Result<Ending, Stop> {
        self.carry().await?;
        self.record.name = if self.product.deleted { self.record.name.clone() } else { self.product.name.clone() };
        if self.record.listing.is_some() && self.record.state == ListingState::Auditing {
            self.look_at_audit().await?;
        }
        if self.product.deleted || !self.product.active {
            return self.withdraw().await;
        }
        let (draft, terms_currency) = self.draft().await?;
        if let Some(currency) = self.publisher.tools.currencies.of(self.shop)
            && let Some(other) = terms_currency.filter(|other| *other != currency.as_str())
        {
            let detail = format!("prices are in {other}, the AliExpress store sells in {currency}");
            return end(Ending::Parked { reason: ParkReason::CurrencyMismatch, detail });
        }
        let hash = draft.content_hash();
        match self.listing().await? {
            None => self.post(&draft, hash).await,
            Some(listing) => self.edit(listing, &draft, hash).await,
        }
    }

    /// Other markets get each state of a product that their mapping covers, or that they have a listing of, in entries of their own.
    async fn carry(&mut self) -> Result<(), Stop> {
        let markets = self.publisher.mappings.markets(self.shop).await?;
        let carried = (self.leased.lease.version, markets.len());
        if !self.record.market.is_main() || markets.is_empty() || self.record.carried == Some(carried) {
            return Ok(());
        }
        let mut changes = Vec::new();
        for market in markets.iter() {
            let key = market.key(&self.record.product_id);
            let mapping = self.publisher.mappings.of(self.shop, market).await?;
            let covers = mapping.is_some_and(|mapping| mapping.mapping.of_section(self.product.section_id()).is_some());
            let sells = self.product.active && !self.product.deleted;
            let documents = self.publisher.tools.documents.as_ref();
            if (covers && sells) || record::exists(documents, self.shop, &key).await? {
                let leased = self.leased;
                let why = (leased.cause, leased.force);
                changes.push(requeue::carried(key, leased.lease.version, leased.payload.clone(), why));
            }
        }
        self.publisher.give(self.shop, changes).await?;
        self.record.carried = Some(carried);
        self.keep().await
    }

    async fn keep(&mut self) -> Result<(), Stop> {
        Ok(record::keep(self.publisher.tools.documents.as_ref(), self.shop, &mut self.record).await?)
    }

    /// The product stands so from now on; the shop is told where that is new.
    async fn stands(&mut self, state: ListingState, reasons: Vec<Reason>) -> Result<(), Stop> {
        let is_new = self.record.state != state || self.record.reasons != reasons;
        (self.record.state, self.record.reasons) = (state, reasons);
        self.keep().await?;
        if is_new { self.tell_shop().await } else { Ok(()) }
    }

    /// `listing.state_changed`, through the lane that reaches the shop.
    async fn tell_shop(&self) -> Result<(), Stop> {
        let reasons: Vec<_> = self.record.reasons.iter().map(|reason| {
            serde_json::json!({"code": reason.code, "field": reason.field, "ru": reason.ru, "en": reason.en})
        }).collect();
        let mut data = serde_json::json!({"product_id": self.record.product_id, "aliexpress_product_id": self.record.listing.map(|id| id.to_string()),
            "state": self.record.state, "reasons": reasons});
        if !self.record.market.is_main() {
            data["market"] = serde_json::json!(self.record.market);
        }
        let key = format!("listing/{}", self.record.market.key(&self.record.product_id));
        let version = self.publisher.tools.queue.now().await?.0;
        let change = Change {
            lane: Lane::Notice,
            key: key.clone(),
            version,
            payload: serde_json::json!({"type": "listing.state_changed", "data": data}).to_string(),
            cause: crate::domain::Cause::Edit,
            force: false,
            urgent: false,
            window: Duration::ZERO,
            rendered: None,
            park: None,
            guard: None,
            base: None,
        };
        let id = format!("{key}/{version}");
        let remember = Duration::from_secs(3600);
        let delivery = Delivery { id, digest: [0; 32], changes: vec![change], owners: Vec::new(), remember };
        for offered in self.publisher.tools.queue.offer(vec![(self.shop.clone(), vec![delivery])]).await {
            offered?;
        }
        Ok(())
    }
}
