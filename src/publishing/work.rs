//! One product: what is to be done with its listing now, step by step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::figures::{self, Taken};
use super::photos::PhotoError;
use super::record::{self, ListingState, Reason, Record};
use super::{CategoryError, Publisher, confirmed};
use crate::alerts::{self, Notice, Severity};
use crate::aliexpress::{Access, AuditState, CallError, Class, ListingStatus};
use crate::catalog::check::{Pictures, Terms, check, picture_urls};
use crate::catalog::draft::Draft;
use crate::catalog::faults::{Fault, FaultKind, ShownFault};
use crate::catalog::product::Product;
use crate::config::{Deletion, Posting};
use crate::domain::{Lane, ListingId, Money, ShopId, Sku};
use crate::guard::{Fall, Kind, Verdict};
use crate::queue::{self, Change, Confirmed, Delivery, Leased, ParkReason, QueueError};
use crate::store::StoreError;

/// Listings of a seller's SKU that are looked at, state by state.
const LOOK_UP_SKUS_MAX: usize = 3;

/// How long a product waits whose stock or price the avalanche guard holds, where nobody knows what AliExpress has instead.
const UNDECIDED_AGAIN: Duration = Duration::from_secs(60);

/// Why the work ends before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// So.
    End(super::Ending),
    /// A call failed.
    Call(CallError),
    /// The store.
    Away(String),
}

use super::Ending;

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Stop::Call(error)
    }
}
impl From<QueueError> for Stop {
    fn from(error: QueueError) -> Self {
        Stop::Away(error.to_string())
    }
}
impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Away(error.to_string())
    }
}
impl From<CategoryError> for Stop {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::Call(error) => Stop::Call(error),
            CategoryError::Store(error) => error.into(),
        }
    }
}
impl From<PhotoError> for Stop {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Later(why) => {
                Stop::End(Ending::Failed(queue::Fault { code: "image_unreachable".into(), detail: why }))
            }
            PhotoError::Call(error) => Stop::Call(error),
            PhotoError::Store(error) => error.into(),
        }
    }
}

fn end<T>(ending: Ending) -> Result<T, Stop> {
    Err(Stop::End(ending))
}

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
    let record = match record::load(publisher.tools.documents.as_ref(), shop, &leased.lease.key).await {
        Ok(record) => record,
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
        let data = serde_json::json!({"product_id": self.record.product_id, "aliexpress_product_id": self.record.listing.map(|id| id.to_string()),
            "state": self.record.state, "reasons": reasons});
        let key = format!("listing/{}", self.record.product_id);
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

    /// The draft by the mapping of today, its pictures in the photo bank; and the currency of its prices.
    async fn draft(&mut self) -> Result<(Draft, Option<String>), Stop> {
        let Some(mapping) = self.publisher.mappings.of(self.shop).await? else {
            let detail = "the shop has no mapping yet".to_owned();
            return end(Ending::Parked { reason: ParkReason::MappingMissing, detail });
        };
        let section = self.product.section_id().to_owned();
        let Some(view) = mapping.mapping.of_section(&section) else {
            let detail = format!("the section {section:?} is mapped to no category");
            return end(Ending::Parked { reason: ParkReason::MappingMissing, detail });
        };
        let schema = self.publisher.categories.schema(self.shop, &self.access, view.category.category).await?;
        let terms = Terms::new(view, &schema, &self.publisher.config.limits);
        // Before anything is fetched: most faults need no picture.
        if let Err(faults) = check(&self.product, &terms, &Pictures::new()) {
            return self.refuse(&faults).await;
        }
        let mut pictures = Pictures::new();
        for url in picture_urls(&self.product, &terms) {
            let main = self.product.images.contains(&url) || self.product.images.is_empty();
            let picture = self.publisher.photos.resolve(self.shop, &self.access, &url, main).await?;
            pictures.insert(url, picture);
        }
        match check(&self.product, &terms, &pictures) {
            Ok(draft) => Ok((draft, self.product.offers.first().map(|offer| offer.currency.clone()))),
            Err(faults) => self.refuse(&faults).await,
        }
    }

    /// The product cannot leave: its faults are in the record and in the dead letter.
    async fn refuse<T>(&mut self, faults: &[Fault]) -> Result<T, Stop> {
        let reason = |fault: &Fault| {
            let shown = ShownFault::from(fault);
            Reason { code: shown.code.to_owned(), field: shown.field, ru: shown.ru, en: shown.en }
        };
        let reasons: Vec<Reason> = faults.iter().take(50).map(reason).collect();
        let detail = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let code = faults.first().map_or("check_failed", |fault| fault.kind.code());
        // A listing that stands stays as it stands; why it does not follow the shop is said all the same.
        let state = match self.record.state {
            ListingState::None | ListingState::CheckFailed => ListingState::CheckFailed,
            stands => stands,
        };
        self.stands(state, reasons).await?;
        end(Ending::Refused(queue::Fault { code: code.to_owned(), detail }))
    }

    /// The product's listing: the recorded one, one of the directory, or one that a lost post may have made.
    async fn listing(&mut self) -> Result<Option<ListingId>, Stop> {
        if let Some(listing) = self.record.listing {
            return Ok(Some(listing));
        }
        let skus: Vec<Sku> = self.product.offers.iter().filter_map(|offer| offer.sku.parse().ok()).collect();
        let known = self.publisher.tools.queue.listings(self.shop, &skus).await?;
        let mut found: Vec<ListingId> = known.into_iter().flatten().collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() && (self.record.posting_ms.is_some() || !self.is_import_fresh().await?) {
            found = self.look_up(&skus).await?;
        }
        let Some(first) = found.first().copied() else { return Ok(None) };
        self.record.listing = Some(first);
        self.record.posting_ms = None;
        self.record.hash.clear();
        self.report_duplicates(&found[1..]).await?;
        self.record.state = ListingState::Auditing;
        self.keep().await?;
        self.look_at_audit().await?;
        Ok(Some(first))
    }

    async fn is_import_fresh(&self) -> Result<bool, Stop> {
        let documents = &self.publisher.tools.documents;
        let at = documents.get(self.shop, crate::listings::IMPORTED_DOCUMENT).await?;
        let at = at.and_then(|text| text.parse::<u64>().ok());
        let now = documents.now().await?.as_millis();
        let age_max = self.publisher.config.import_age_max().as_millis();
        Ok(at.is_some_and(|at| u128::from(now.saturating_sub(at)) < age_max))
    }

    /// Listings of the SKUs in any state, by AliExpress's own word.
    async fn look_up(&self, skus: &[Sku]) -> Result<Vec<ListingId>, Stop> {
        let client = &self.access.application.client;
        let method = &client.methods().product_list;
        let mut found = Vec::new();
        // A lost post has all SKUs or none: one tells. Without a fresh import some more are asked for.
        let some = if self.record.posting_ms.is_some() { 1 } else { LOOK_UP_SKUS_MAX };
        for sku in skus.iter().take(some) {
            for status in ListingStatus::ALL {
                let call = async |token: crate::aliexpress::Token| {
                    client.products_with_sku(&token, status, sku.as_str()).await
                };
                found.extend(self.access.call(method, false, call).await?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
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

    async fn post(&mut self, draft: &Draft, hash: String) -> Result<Ending, Stop> {
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
        let by_schema = self.publisher.config.posting == Posting::Schema;
        let body = if by_schema { draft.instance(None, &taken.figures) } else { draft.post(&taken.figures) };
        let client = &self.access.application.client;
        let method = if by_schema { &client.methods().schema_post } else { &client.methods().product_post };
        let posted =
            self.access.call(method, false, async |token| client.post_product(&token, &body, by_schema).await).await;
        match posted {
            Ok(listing) => {
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

    async fn edit(&mut self, listing: ListingId, draft: &Draft, hash: String) -> Result<Ending, Stop> {
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
        let kept = self.kept_discounts(listing).await?;
        let taken = self.figures(&kept).await?;
        let by_schema = self.publisher.config.posting == Posting::Schema;
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
            Err(CallError::Refused(refusal)) if refusal.code == "F00-00-10001-002" => {
                // Somebody deleted it on AliExpress: it is posted anew.
                self.forget_listing(listing).await?;
                Ok(Ending::Again)
            }
            Err(error) => self.failed(error).await,
        }
    }

    /// AliExpress has the content and the figures; now it audits them.
    async fn has(&mut self, listing: ListingId, hash: String, taken: &Taken) -> Result<Ending, Stop> {
        (self.record.hash, self.record.looks) = (hash, 0);
        self.record.forced = self.leased.force.then_some(self.leased.lease.version);
        self.record.posting_ms = None;
        self.stands(ListingState::Auditing, Vec::new()).await?;
        figures::attest(self.publisher, self.shop, listing, taken).await?;
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

    fn await_audit(&self, listing: ListingId) -> Ending {
        let config = &self.publisher.config;
        let wait =
            config.audit_check_min().saturating_mul(1 << self.record.looks.min(16)).min(config.audit_check_max());
        Ending::Awaiting { handle: format!("audit of {listing}"), check_after: wait }
    }

    /// Asks how the audit stands; what is still audited ends the work here.
    async fn look_at_audit(&mut self) -> Result<(), Stop> {
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
                    let skus: Vec<Sku> = self.product.sku_codes().iter().filter_map(|sku| sku.parse().ok()).collect();
                    let found = self.look_up(&skus[..skus.len().min(1)]).await?;
                    let others: Vec<ListingId> = found.into_iter().filter(|other| *other != listing).collect();
                    self.record.watch = false;
                    self.report_duplicates(&others).await?;
                }
                self.stands(ListingState::OnSelling, Vec::new()).await
            }
            Ok(AuditState::Refused { reasons }) => {
                let reason = |words: &String| Reason::of_aliexpress("audit_refused", words);
                self.stands(ListingState::Refused, reasons.iter().map(reason).collect()).await
            }
            Err(CallError::Refused(refusal)) if refusal.says_unknown_sku_or_product() => {
                self.forget_listing(listing).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn forget_listing(&mut self, listing: ListingId) -> Result<(), Stop> {
        let queue = self.publisher.tools.queue.as_ref();
        crate::listings::set_skus(queue, self.shop, listing, &std::collections::BTreeSet::new()).await?;
        self.record.listing = None;
        self.record.hash.clear();
        self.stands(ListingState::None, Vec::new()).await
    }

    async fn withdraw(&mut self) -> Result<Ending, Stop> {
        if self.record.listing.is_none() && self.record.posting_ms.is_some() {
            let skus: Vec<Sku> = self.product.sku_codes().iter().filter_map(|sku| sku.parse().ok()).collect();
            self.record.listing = self.look_up(&skus).await?.first().copied();
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
    async fn drops_skus(&self, listing: ListingId) -> Result<bool, Stop> {
        let offered: BTreeSet<&str> = self.product.offers.iter().map(|offer| offer.sku.as_str()).collect();
        let listed = self.publisher.tools.queue.skus_of(self.shop, listing).await?;
        Ok(listed.iter().any(|sku| !offered.contains(sku.as_str())))
    }

    /// Asks the avalanche guard before anything is taken from buyers; what does not go ends the work here.
    async fn pass_guard(&self) -> Result<(), Stop> {
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
    async fn sell(&self, listing: ListingId, online: bool) -> Result<(), Stop> {
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

    async fn figures(&mut self, kept: &BTreeMap<Sku, Money>) -> Result<Taken, Stop> {
        let taken = figures::take(self.publisher, self.shop, &self.product, self.record.listing, kept).await?;
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
            let state = price.and_then(|trace| {
                serde_json::from_str::<Option<crate::domain::PriceState>>(&trace.entry.payload).ok()?
            });
            keeps |= state.is_some_and(|state| state.discount == crate::domain::Discount::Keep);
        }
        if !keeps {
            return Ok(BTreeMap::new());
        }
        let client = &self.access.application.client;
        let method = &client.methods().product_info;
        let info = self.access.call(method, false, async |token| client.product_info(&token, listing).await).await?;
        let of = |sku: crate::aliexpress::ListedSku| Some((sku.sku, sku.discount_price?));
        Ok(info.map(|info| info.skus.into_iter().filter_map(of).collect()).unwrap_or_default())
    }
}
