//! The product's listing: the recorded one, one that is known already, or one that a lost post may have made.

use super::Work;
use super::stop::Stop;
use crate::alerts::{self, Notice, Severity};
use crate::aliexpress::{ListingStatus, Token};
use crate::domain::{ListingId, Sku};
use crate::listings;
use crate::publishing::ListingState;

/// SKUs that are looked up before a first post, state by state.
const LOOK_UP_SKUS_MAX: usize = 3;

impl Work<'_> {
    /// The listing to edit; none where one is to be posted.
    pub(super) async fn listing(&mut self) -> Result<Option<ListingId>, Stop> {
        if let Some(listing) = self.record.listing {
            return Ok(Some(listing));
        }
        let known = self.publisher.tools.queue.listings(self.shop, &self.skus()).await?;
        let mut found: Vec<ListingId> = known.into_iter().flatten().collect();
        found.sort_unstable();
        found.dedup();
        let unknown = found.is_empty() || !self.record.market.is_main();
        if unknown && (self.record.posting_ms.is_some() || !self.is_import_fresh().await?) {
            found.extend(self.look_up().await?);
            found.sort_unstable();
            found.dedup();
        }
        self.adopt(found).await
    }

    /// Takes one of the listings for the product's own. The main mapping takes any that is no other market's; another market takes only what
    /// was not there before its post, since what was there is the main one's or nobody's.
    pub(super) async fn adopt(&mut self, mut found: Vec<ListingId>) -> Result<Option<ListingId>, Stop> {
        if !self.record.market.is_main() {
            if self.record.posting_ms.is_none() {
                self.record.strangers = found;
                return Ok(None);
            }
            found.retain(|listing| !self.record.strangers.contains(listing));
        }
        let mut own = Vec::new();
        for listing in found {
            if self.claim(listing).await? {
                own.push(listing);
            }
        }
        let Some(first) = own.first().copied() else { return Ok(None) };
        self.record.listing = Some(first);
        self.record.posting_ms = None;
        self.record.hash.clear();
        self.report_duplicates(&own[1..]).await?;
        self.record.state = ListingState::Auditing;
        self.keep().await?;
        self.look_at_audit().await?;
        Ok(Some(first))
    }

    /// Makes a listing this market's; where the shop has one mapping alone, every listing is its own.
    pub(super) async fn claim(&self, listing: ListingId) -> Result<bool, Stop> {
        let market = &self.record.market;
        if market.is_main() && self.publisher.mappings.markets(self.shop).await?.is_empty() {
            return Ok(true);
        }
        let documents = self.publisher.tools.documents.as_ref();
        let (market, product) = (market.to_string(), &self.record.product_id);
        Ok(listings::claim(documents, self.shop, listing, &market, product).await?)
    }

    async fn is_import_fresh(&self) -> Result<bool, Stop> {
        let documents = &self.publisher.tools.documents;
        let at = documents.get(self.shop, listings::IMPORTED_DOCUMENT).await?;
        let at = at.and_then(|text| text.parse::<u64>().ok());
        let now = documents.now().await?.as_millis();
        let age_max = self.publisher.config.import_age_max().as_millis();
        Ok(at.is_some_and(|at| u128::from(now.saturating_sub(at)) < age_max))
    }

    /// Listings of the SKUs in any state, by AliExpress's own word.
    pub(super) async fn look_up(&self) -> Result<Vec<ListingId>, Stop> {
        let client = &self.access.application.client;
        let method = &client.methods().product_list;
        let mut found = Vec::new();
        // A lost post has all SKUs or none: one tells. Without a fresh import some more are asked for.
        let some = if self.record.posting_ms.is_some() || self.record.watch { 1 } else { LOOK_UP_SKUS_MAX };
        for sku in self.skus().iter().take(some) {
            for status in ListingStatus::ALL {
                let call = async |token: Token| client.products_with_sku(&token, status, sku.as_str()).await;
                found.extend(self.access.call(method, false, call).await?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// After a post that was repeated: whether the first one had its effect, too.
    pub(super) async fn watch_for_duplicates(&mut self, listing: ListingId) -> Result<(), Stop> {
        let mut others = Vec::new();
        for other in self.look_up().await? {
            let is_strange = other == listing || self.record.strangers.contains(&other);
            // Claimed, so that no other market takes it for its own.
            if !is_strange && self.claim(other).await? {
                others.push(other);
            }
        }
        self.record.watch = false;
        self.report_duplicates(&others).await
    }

    async fn report_duplicates(&mut self, others: &[ListingId]) -> Result<(), Stop> {
        if others.is_empty() || self.record.duplicates == others {
            return Ok(());
        }
        self.record.duplicates = others.to_vec();
        let ids: Vec<String> = others.iter().map(ToString::to_string).collect();
        let detail = format!(
            "product {} stands on AliExpress more than once: besides {} also {}. Delete the others there",
            self.record.product_id,
            self.record.listing.map(|id| id.to_string()).unwrap_or_default(),
            ids.join(", ")
        );
        tracing::warn!(shop.id = %self.shop, product = self.record.product_id, "a product has duplicates on AliExpress");
        let notice = Notice::new("listing_duplicate", Severity::Warning, detail);
        Ok(alerts::tell(self.publisher.tools.queue.as_ref(), self.shop, notice).await?)
    }

    fn skus(&self) -> Vec<Sku> {
        self.product.sku_codes().into_iter().filter_map(|sku| sku.parse().ok()).collect()
    }
}
