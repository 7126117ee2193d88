//! The audit: followed until it ends, its end told, and stock and prices sent anew where they changed meanwhile.

use std::collections::BTreeMap;

use super::Work;
use super::stop::{Stop, end};
use crate::aliexpress::{AuditState, CallError};
use crate::domain::{Lane, ListingId, Sku};
use crate::publishing::{ListingState, Reason};
use crate::queue::{Attested, PAGE_MAX};
use crate::worker::Ending;

impl Work<'_> {
    /// The audit is looked at again, each time after twice the time.
    pub(super) fn await_audit(&self, listing: ListingId) -> Ending {
        let config = &self.publisher.config;
        let wait =
            config.audit_check_min().saturating_mul(1 << self.record.looks.min(16)).min(config.audit_check_max());
        Ending::Awaiting { handle: format!("audit of {listing}"), check_after: wait }
    }

    /// Asks how the audit stands; what is still audited ends the work here.
    pub(super) async fn look_at_audit(&mut self) -> Result<(), Stop> {
        let Some(listing) = self.record.listing else { return Ok(()) };
        let client = &self.access.application.client;
        let method = &client.methods().product_status;
        let state = self.access.call(method, false, async |token| client.audit_state(&token, listing).await).await;
        match state {
            Ok(AuditState::Auditing) => {
                self.record.looks = self.record.looks.saturating_add(1);
                self.keep().await?;
                end(self.await_audit(listing))
            }
            Ok(AuditState::Approved) => {
                if self.record.watch {
                    self.watch_for_duplicates(listing).await?;
                }
                self.send_anew(listing).await?;
                self.stands(ListingState::OnSelling, Vec::new()).await
            }
            Ok(AuditState::Refused { reasons }) => {
                self.send_anew(listing).await?;
                let reason = |words: &String| Reason::of_aliexpress("audit_refused", words);
                self.stands(ListingState::Refused, reasons.iter().map(reason).collect()).await
            }
            Err(CallError::Refused(refusal)) if refusal.says_unknown_sku_or_product() => {
                self.forget_listing(listing).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// AliExpress may put a content into effect only when its audit ends, with the stock and prices that it came with. Where these are not the
    /// newest any more, the newest are sent once more; where they are, a late effect does no harm.
    async fn send_anew(&mut self, listing: ListingId) -> Result<(), Stop> {
        if self.record.figures.is_empty() {
            return Ok(());
        }
        let now = self.newest(&BTreeMap::new()).await?.digest();
        // Kept with the end of the audit; until then it is done once more.
        if std::mem::take(&mut self.record.figures) == now {
            return Ok(());
        }
        let skus = self.publisher.tools.queue.skus_of(self.shop, listing).await?;
        let lanes = [Lane::Stock, Lane::Price];
        let doubt = |sku: &Sku| lanes.map(|lane| Attested::doubt(sku.clone(), lane));
        let doubted: Vec<Attested> = skus.iter().flat_map(doubt).collect();
        for page in doubted.chunks(PAGE_MAX) {
            self.publisher.tools.queue.attest(self.shop, listing, page).await?;
        }
        Ok(())
    }
}
