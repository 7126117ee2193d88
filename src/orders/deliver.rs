//! The newest state of an order, as the shop gets it; and that the shop has it.

use super::{BookError, Orders, Taking};
use crate::bitrix::{OutboundEvent, Taken};
use crate::clock::Timestamp;
use crate::domain::{OrderId, ShopId};

/// What the shop gets of an order.
#[derive(Debug)]
pub enum Deliverable {
    /// The event.
    Event(OutboundEvent),
    /// There is none, and why.
    Nothing(&'static str),
}

impl Orders {
    /// What the shop gets of an order now.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn deliverable(&self, shop: &ShopId, order: &OrderId) -> Result<Deliverable, BookError> {
        let Some(kept) = self.kept(shop, order).await? else {
            return Ok(Deliverable::Nothing("the order is not kept any more; import it anew"));
        };
        if kept.sealed.is_empty() {
            return Ok(Deliverable::Nothing("the buyer's data were erased after the time set; import the order anew"));
        }
        let Some(order) = self.open(shop, &kept) else {
            return Ok(Deliverable::Nothing("no key of store.key_file opens the order; import it anew"));
        };
        let data = serde_json::to_value(&order).expect("an order is plain data");
        let key = kept.order.to_string();
        Ok(Deliverable::Event(OutboundEvent { kind: "order.changed".into(), key, version: kept.version, data }))
    }

    /// The shop has the order, as of this version. From now on stock that the shop tells knows of it.
    ///
    /// # Errors
    /// Where the store is away: the shop is told once more.
    pub async fn taken(&self, shop: &ShopId, order: &OrderId, version: u64, taken: &Taken) -> Result<(), BookError> {
        let now: Timestamp = self.documents.now().await?;
        self.amend(shop, order, |kept| {
            let before = kept.taken.take();
            let at = before.as_ref().map_or(now.0, |before| before.at);
            let newest = before.as_ref().map_or(version, |before| before.version.max(version));
            let order_id =
                taken.order_id.clone().or_else(|| before.as_ref().and_then(|before| before.order_id.clone()));
            kept.taken = Some(Taking { order_id, at, version: newest });
            if before.is_none() {
                kept.changed_at = kept.changed_at.max(now.0);
            }
            kept.taken != before
        })
        .await?;
        Ok(())
    }
}
