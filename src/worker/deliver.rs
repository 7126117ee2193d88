//! Lanes `order` and `notice`: to the shop, one event a request.
//!
//! The lane `order` carries ids; what the shop gets is the newest state in the book. A state of the lane `notice` is either a whole event,
//! `{"type": …, "data": …}` (`listing.state_changed`, `state.requested`), or the data of a `notice`. A failure to deliver makes no notice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::handler::{Ending, Handler};
use crate::alerts::{self, Notice, Severity};
use crate::bitrix::{DeliveryError, IN_DOUBT, OutboundEvent, Sink};
use crate::domain::{Lane, OrderId, ShopId};
use crate::orders::Orders;
use crate::orders::deliver::Deliverable;
use crate::queue::{Confirmed, Fault, Leased, ParkReason, QueueError};

/// Delivers to shops.
#[derive(Debug)]
pub struct Deliver {
    sinks: BTreeMap<ShopId, Arc<dyn Sink>>,
    orders: Arc<Orders>,
    at_once: usize,
}

impl Deliver {
    /// A handler that delivers to these shops, to each so many events at one time. What is for other shops is parked.
    pub fn new(sinks: BTreeMap<ShopId, Arc<dyn Sink>>, orders: Arc<Orders>, at_once: usize) -> Self {
        Self { sinks, orders, at_once }
    }

    async fn order(&self, sink: &dyn Sink, shop: &ShopId, leased: &Leased) -> Result<Ending, Ending> {
        let order: OrderId = leased.lease.key.parse().map_err(|_| unreadable("its key is no order"))?;
        let event = match self.orders.deliverable(shop, &order).await.map_err(store_away)? {
            Deliverable::Event(event) => event,
            Deliverable::Nothing(why) => {
                return Err(Ending::Refused(Fault { code: "nothing_kept".into(), detail: why.into() }));
            }
        };
        let taken = sink.order(&event).await.map_err(ending)?;
        for (code, words) in &taken.notes {
            let in_shop = taken.order_id.as_deref().unwrap_or("?");
            let detail = format!("AliExpress order {order}, the shop's order {in_shop}: {words}");
            // Each order's by itself: what one of them lacks says nothing of another.
            let notice = Notice::new(code.as_str(), Severity::Warning, detail).of_group(order.as_str());
            alerts::tell(self.orders.queue.as_ref(), shop, notice).await.map_err(not_told)?;
        }
        self.orders.taken(shop, &order, event.version, &taken).await.map_err(store_away)?;
        Ok(Ending::Done(Confirmed::new()))
    }

    async fn tell(&self, sink: &dyn Sink, leased: &Leased) -> Result<Ending, Ending> {
        let value: Value = serde_json::from_str(&leased.payload).map_err(|_| unreadable("its state is no JSON"))?;
        let (kind, data) = match (value["type"].as_str(), value.get("data")) {
            (Some(kind), Some(data)) => (kind.to_owned(), data.clone()),
            _ => ("notice".to_owned(), value),
        };
        let event = OutboundEvent { kind, key: leased.lease.key.clone(), version: leased.lease.version, data };
        sink.tell(&event).await.map_err(ending)?;
        Ok(Ending::Done(Confirmed::new()))
    }
}

#[async_trait]
impl Handler for Deliver {
    async fn work(&self, shop: &ShopId, leased: &Leased) -> Ending {
        let Some(sink) = self.sinks.get(shop) else {
            let detail = "the shop has neither bitrix_url nor rest.url to deliver to".to_owned();
            return Ending::Parked { reason: ParkReason::NoEndpoint, detail };
        };
        let ended = match leased.lease.lane {
            Lane::Order => self.order(sink.as_ref(), shop, leased).await,
            _ => self.tell(sink.as_ref(), leased).await,
        };
        ended.unwrap_or_else(|ending| ending)
    }

    fn at_once(&self) -> usize {
        self.at_once
    }
}

fn unreadable(detail: &str) -> Ending {
    Ending::Refused(Fault { code: "unreadable".into(), detail: detail.into() })
}

fn not_told(error: QueueError) -> Ending {
    let fault = Fault { code: "store_away".into(), detail: error.to_string() };
    Ending::Down { after: Some(Duration::from_secs(1)), fault }
}

/// The shop may have the order; it is told once more, which changes nothing there.
pub(super) fn store_away(error: crate::orders::BookError) -> Ending {
    let fault = Fault { code: "store_away".into(), detail: error.to_string() };
    Ending::Down { after: Some(Duration::from_secs(1)), fault }
}

fn ending(error: DeliveryError) -> Ending {
    let detail = error.to_string();
    match error {
        // The shop works; a write of ours may still be on its way, and says nothing of other orders.
        DeliveryError::Away { code: IN_DOUBT, after: Some(after), .. } => Ending::Postponed(after),
        DeliveryError::Away { code, after, .. } => Ending::Down { after, fault: Fault { code: code.into(), detail } },
        DeliveryError::Failed { code, .. } => Ending::Failed(Fault { code, detail }),
        DeliveryError::Refused { code, .. } => Ending::Refused(Fault { code, detail }),
    }
}
