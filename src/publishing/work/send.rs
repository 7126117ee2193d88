//! Posts and edits, with the newest stock and prices.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Work;
use super::stop::{Stop, end};
use crate::aliexpress::{CallError, Class, ListedSku};
use crate::catalog::draft::Draft;
use crate::catalog::faults::{Fault, FaultKind};
use crate::config::Posting;
use crate::domain::{Discount, Lane, ListingId, Money, PriceState, Sku};
use crate::publishing::alone::{Alone, NotAlone};
use crate::publishing::figures::{self, Taken};
use crate::publishing::{ListingState, Reason, confirmed};
use crate::queue::{self, ParkReason};
use crate::worker::Ending;

/// How long a product waits whose listing others are busy with.
const BUSY: Duration = Duration::from_secs(5);
/// How long a product waits whose stock or price the avalanche guard holds, where nobody knows what AliExpress has instead.
const UNDECIDED_AGAIN: Duration = Duration::from_secs(60);
/// AliExpress has no such product.
const GONE: &str = "F00-00-10001-002";

impl Work<'_> {
    /// Posts a product that is not there.
    pub(super) async fn post(&mut self, draft: &Draft, hash: String) -> Result<Ending, Stop> {
        let now = self.publisher.tools.documents.now().await?.as_millis();
        if let Some(at) = self.record.posting_ms {
            // AliExpress may still be at it, and its lists may be behind: a post is repeated only after a while.
            let wait = self.publisher.config.repost_after().as_millis();
            let waited = u128::from(now.saturating_sub(at));
            if waited < wait {
                let after = Some(Duration::from_millis(u64::try_from(wait - waited).unwrap_or(u64::MAX)));
                let detail = "the answer to a post was lost; AliExpress is looked at once more before it is repeated";
                let fault = queue::Fault { code: "post_unknown".into(), detail: detail.into() };
                return Ok(Ending::Down { after, fault });
            }
            self.record.watch = true;
        }
        let taken = self.figures(&BTreeMap::new()).await?;
        self.record.posting_ms = Some(now);
        self.keep().await?;
        let by_schema = self.by_schema();
        let body = if by_schema { draft.instance(None, &taken.figures) } else { draft.post(&taken.figures) };
        let client = &self.access.application.client;
        let method = if by_schema { &client.methods().schema_post } else { &client.methods().product_post };
        let posted =
            self.access.call(method, false, async |token| client.post_product(&token, &body, by_schema).await).await;
        match posted {
            Ok(listing) => {
                self.claim(listing).await?;
                self.record.listing = Some(listing);
                self.has(listing, hash, &taken).await
            }
            Err(error) => {
                if error.class() != Class::Unknown {
                    self.record.posting_ms = None;
                }
                self.failed(error).await
            }
        }
    }

    /// Edits a listing whose content is not the shop's, and puts it on sale again where it was taken off.
    pub(super) async fn edit(&mut self, listing: ListingId, draft: &Draft, hash: String) -> Result<Ending, Stop> {
        if self.record.state == ListingState::Auditing {
            return Ok(self.await_audit(listing));
        }
        // What is sent by force is sent once: the entry keeps its force until the audit is over.
        let by_force = self.leased.force && self.record.forced != Some(self.leased.lease.version);
        if self.record.hash == hash && !by_force {
            if self.record.forced.take().is_some() {
                self.keep().await?;
            }
            if self.record.state == ListingState::Offline {
                self.sell(listing, true).await?;
                self.stands(ListingState::OnSelling, Vec::new()).await?;
            } else if self.record.state == ListingState::OnSelling {
                self.stands(ListingState::OnSelling, Vec::new()).await?;
            }
            return Ok(Ending::Done(confirmed(listing, &hash)));
        }
        if self.drops_skus(listing).await? {
            self.pass_guard().await?;
        }
        let (queue, shop) = (std::sync::Arc::clone(&self.publisher.tools.queue), self.shop);
        let (owner, span) = (self.leased.lease.token, self.publisher.bar);
        let alone = Alone { queue: queue.as_ref(), shop, listing, owner, span };
        let fault = |code: &str, detail: &str| queue::Fault { code: code.into(), detail: detail.into() };
        match alone.run(self.edit_alone(listing, draft, hash)).await {
            Ok(ended) => ended,
            Err(NotAlone::Busy) => {
                let fault = fault("listing_busy", "stock or prices of the listing are on their way for long");
                Ok(Ending::Down { after: Some(BUSY), fault })
            }
            Err(NotAlone::Lost) => {
                Ok(Ending::Unknown(fault("bar_lost", "the store did not answer while the product was being sent")))
            }
            Err(NotAlone::Away(error)) => Err(error.into()),
        }
    }

    async fn edit_alone(&mut self, listing: ListingId, draft: &Draft, hash: String) -> Result<Ending, Stop> {
        let kept = self.kept_discounts(listing).await?;
        let taken = self.figures(&kept).await?;
        let by_schema = self.by_schema();
        let body = match by_schema {
            true => draft.instance(Some(listing), &taken.figures),
            false => draft.edit(listing, &taken.figures),
        };
        let client = &self.access.application.client;
        let method = if by_schema { &client.methods().schema_update } else { &client.methods().product_edit };
        let was_offline = self.record.state == ListingState::Offline;
        let edited =
            self.access.call(method, false, async |token| client.edit_product(&token, &body, by_schema).await).await;
        match edited {
            Ok(_) => {
                if was_offline {
                    self.sell(listing, true).await?;
                }
                self.has(listing, hash, &taken).await
            }
            Err(error) if error.class() == Class::NotNow => {
                self.record.looks = 0;
                self.stands(ListingState::Auditing, Vec::new()).await?;
                Ok(self.await_audit(listing))
            }
            Err(CallError::Refused(refusal)) if refusal.code == GONE => {
                // Somebody deleted it on AliExpress: it is posted anew.
                self.forget_listing(listing).await?;
                Ok(Ending::Again)
            }
            Err(error) => self.failed(error).await,
        }
    }

    fn by_schema(&self) -> bool {
        self.publisher.config.posting == Posting::Schema
    }

    /// AliExpress has the content and the figures; now it audits them.
    async fn has(&mut self, listing: ListingId, hash: String, taken: &Taken) -> Result<Ending, Stop> {
        (self.record.hash, self.record.looks) = (hash, 0);
        self.record.figures = taken.digest();
        self.record.forced = self.leased.force.then_some(self.leased.lease.version);
        self.record.posting_ms = None;
        self.record.strangers.clear();
        // The directory first: what is recorded as sent is not looked at again.
        figures::attest(self.publisher, self.shop, listing, taken).await?;
        self.stands(ListingState::Auditing, Vec::new()).await?;
        Ok(self.await_audit(listing))
    }

    async fn failed(&mut self, error: CallError) -> Result<Ending, Stop> {
        if let (Class::Rejected, CallError::Refused(refusal)) = (error.class(), &error)
            && !error.blames_application()
        {
            let state = if self.record.listing.is_some() { self.record.state } else { ListingState::CheckFailed };
            let reasons = vec![Reason::of_aliexpress(&refusal.code, &refusal.message)];
            self.stands(state, reasons).await?;
        } else {
            self.keep().await?;
        }
        Ok(Ending::from(&error))
    }

    /// The newest stock and prices, by the price rule of the market.
    pub(super) async fn newest(&self, kept: &BTreeMap<Sku, Money>) -> Result<Taken, Stop> {
        let mapping = self.publisher.mappings.of(self.shop, &self.record.market).await?;
        let rule = mapping.map(|mapping| mapping.mapping.price).unwrap_or_default();
        Ok(figures::take(self.publisher, self.shop, &self.product, (self.record.listing, rule), kept).await?)
    }

    async fn figures(&mut self, kept: &BTreeMap<Sku, Money>) -> Result<Taken, Stop> {
        let taken = self.newest(kept).await?;
        if taken.is_undecided {
            return end(Ending::Postponed(UNDECIDED_AGAIN));
        }
        if !taken.without_price.is_empty() {
            let fault = |sku: &String| Fault::of_sku(sku, "price", FaultKind::PriceMissing);
            let faults: Vec<Fault> = taken.without_price.iter().map(fault).collect();
            return self.refuse(&faults).await;
        }
        if taken.is_sold_out() {
            let detail = "every SKU is sold out; it goes on when one is in stock".to_owned();
            return end(Ending::Parked { reason: ParkReason::OutOfStock, detail });
        }
        Ok(taken)
    }

    /// Discounts that AliExpress has, where a price leaves its discount as it is: an edit without one would erase it.
    async fn kept_discounts(&self, listing: ListingId) -> Result<BTreeMap<Sku, Money>, Stop> {
        let mut keeps = false;
        for offer in &self.product.offers {
            let traces = self.publisher.tools.queue.trace(self.shop, &offer.sku).await?;
            let price = traces.iter().find(|trace| trace.entry.lane == Lane::Price);
            let state =
                price.and_then(|trace| serde_json::from_str::<Option<PriceState>>(&trace.entry.payload).ok()?);
            keeps |= state.is_some_and(|state| state.discount == Discount::Keep);
        }
        if !keeps {
            return Ok(BTreeMap::new());
        }
        let client = &self.access.application.client;
        let method = &client.methods().product_info;
        let info = self.access.call(method, false, async |token| client.product_info(&token, listing).await).await?;
        let of = |sku: ListedSku| Some((sku.sku, sku.discount_price?));
        Ok(info.map(|info| info.skus.into_iter().filter_map(of).collect()).unwrap_or_default())
    }
}
