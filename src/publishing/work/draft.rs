//! What would leave by the mapping of today, or every fault at once.

use super::Work;
use super::stop::{Stop, end};
use crate::catalog::check::{Pictures, Terms, check, picture_urls};
use crate::catalog::draft::Draft;
use crate::catalog::faults::{Fault, ShownFault};
use crate::publishing::{ListingState, Reason};
use crate::queue::{self, ParkReason};
use crate::worker::Ending;

impl Work<'_> {
    /// The draft by the mapping of today, its pictures in the photo bank; and the currency of its prices.
    pub(super) async fn draft(&mut self) -> Result<(Draft, Option<String>), Stop> {
        let Some(mapping) = self.publisher.mappings.of(self.shop, &self.record.market).await? else {
            let detail = format!("the shop has no mapping {:?} yet", self.record.market.to_string());
            return end(Ending::Parked { reason: ParkReason::MappingMissing, detail });
        };
        let section = self.product.section_id().to_owned();
        let Some(view) = mapping.mapping.of_section(&section) else {
            let detail = format!("the section {section:?} is mapped to no category");
            return end(Ending::Parked { reason: ParkReason::MappingMissing, detail });
        };
        self.record.mapping = mapping.version;
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
    pub(super) async fn refuse<T>(&mut self, faults: &[Fault]) -> Result<T, Stop> {
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
}
