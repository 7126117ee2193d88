//! Off sale and back, and what is gone.

use std::collections::BTreeSet;

use super::Work;
use super::stop::{Stop, end};
use crate::aliexpress::CallError;
use crate::config::Deletion;
use crate::domain::ListingId;
use crate::guard::{Fall, Kind, Verdict};
use crate::listings;
use crate::publishing::{ListingState, confirmed};
use crate::queue::Confirmed;
use crate::worker::Ending;

impl Work<'_> {
    /// Takes the listing off, or deletes it.
    pub(super) async fn withdraw(&mut self) -> Result<Ending, Stop> {
        if self.record.listing.is_none() && self.record.posting_ms.is_some() {
            let found = self.look_up().await?;
            self.adopt(found).await?;
        }
        let Some(listing) = self.record.listing else {
            if self.record.state != ListingState::None {
                self.stands(ListingState::None, Vec::new()).await?;
            }
            return Ok(Ending::Done(Confirmed::new()));
        };
        let deletes = self.product.deleted && self.publisher.config.deleted == Deletion::Delete;
        if deletes || self.record.state == ListingState::OnSelling {
            self.pass_guard().await?;
        }
        if deletes {
            let client = &self.access.application.client;
            let method = &client.methods().product_delete;
            self.access.call(method, false, async |token| client.delete_product(&token, listing).await).await?;
            self.forget_listing(listing).await?;
            return Ok(Ending::Done(Confirmed::new()));
        }
        if matches!(self.record.state, ListingState::OnSelling) {
            self.sell(listing, false).await?;
        }
        self.stands(ListingState::Offline, Vec::new()).await?;
        Ok(Ending::Done(confirmed(listing, &self.record.hash.clone())))
    }

    /// Whether an edit takes SKUs from the listing: it replaces them all.
    pub(super) async fn drops_skus(&self, listing: ListingId) -> Result<bool, Stop> {
        let offered: BTreeSet<&str> = self.product.offers.iter().map(|offer| offer.sku.as_str()).collect();
        let listed = self.publisher.tools.queue.skus_of(self.shop, listing).await?;
        Ok(listed.iter().any(|sku| !offered.contains(sku.as_str())))
    }

    /// Asks the avalanche guard before anything is taken from buyers; what does not go ends the work here.
    pub(super) async fn pass_guard(&self) -> Result<(), Stop> {
        if !self.leased.cause.is_guarded() {
            return Ok(());
        }
        let fall =
            Fall { key: self.leased.lease.key.clone(), cause: self.leased.cause, was_held: self.leased.was_held };
        let verdicts = self.publisher.tools.guard.judge(self.shop, Kind::Withdrawal, &[fall]).await?;
        match verdicts.into_iter().next() {
            None | Some(Verdict::Pass) => Ok(()),
            Some(Verdict::Wait(after)) => end(Ending::Postponed(after)),
            Some(Verdict::Hold(why)) => end(Ending::Held { detail: format!("withdrawal: {why}") }),
        }
    }

    /// Puts the listing on sale or takes it off; what stands so already is well.
    pub(super) async fn sell(&self, listing: ListingId, online: bool) -> Result<(), Stop> {
        let client = &self.access.application.client;
        let methods = client.methods();
        let method = if online { &methods.product_online } else { &methods.product_offline };
        match self.access.call(method, false, async |token| client.set_online(&token, listing, online).await).await {
            Err(CallError::Refused(refusal)) if refusal.code == "090015" => {
                tracing::info!(shop.id = %self.shop, %listing, online, "a listing stands so already, or its state does not allow it");
                Ok(())
            }
            Err(CallError::Refused(refusal)) if refusal.says_unknown_sku_or_product() => Ok(()),
            done => Ok(done?),
        }
    }

    pub(super) async fn forget_listing(&mut self, listing: ListingId) -> Result<(), Stop> {
        let queue = self.publisher.tools.queue.as_ref();
        listings::set_skus(queue, self.shop, listing, &BTreeSet::new()).await?;
        listings::unclaim(self.publisher.tools.documents.as_ref(), self.shop, listing).await?;
        self.record.listing = None;
        self.record.hash.clear();
        self.record.figures.clear();
        self.stands(ListingState::None, Vec::new()).await
    }
}
