//! A shop without the module: the same orders by Bitrix's own REST, with an inbound webhook.
//!
//! An order takes about ten calls, and the shop knows no transaction over them. What keeps it one order:
//!
//! - The shop's order carries its mark, `aliexpress_ID` as `xmlId`; lines, payment and shipment carry theirs. Before anything is added, what
//!   is there is read.
//! - Before each write the store keeps when it began ([`progress`]). Where its answer was lost, nothing more is written until it can arrive no
//!   more; then what is there is read again. So a late write meets no successor.
//! - When all of it is written the order says so itself (`additionalInfo`). From then on only changes are written, and nothing that a manager
//!   changed is changed back ([`plan`]).
//!
//! The shop's own words never carry a buyer's data or the webhook further than here.

mod check;
mod client;
mod error;
mod goods;
mod order;
mod pace;
mod plan;
mod products;
mod progress;
mod state;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

pub use check::{Finding, check};
use client::RestClient;
use order::Job;
use progress::Progress;

use super::{DeliveryError, IN_DOUBT, OutboundEvent, Sink, Taken, of_buyer};
use crate::clock::SharedClock;
use crate::config::RestConfig;
use crate::domain::{Order, ShopId};
use crate::store::{Documents, StoreError};

/// How long the shop may work on a request that nobody waits for any more; Bitrix24 ends one after a minute.
const SERVED_MAX: Duration = Duration::from_secs(60);
/// The most lines of an order.
const LINES_MAX: usize = 1000;

/// Orders to one shop by REST.
pub struct RestSink {
    shop: ShopId,
    settings: RestConfig,
    client: RestClient,
    documents: Arc<dyn Documents>,
    /// After this a write whose answer was lost arrives no more.
    doubt: Duration,
}

impl fmt::Debug for RestSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RestSink({})", self.shop)
    }
}

impl RestSink {
    /// A sink over an HTTP client made for shops, whose calls take no longer than `timeout`.
    pub fn new(
        shop: ShopId,
        settings: RestConfig,
        documents: Arc<dyn Documents>,
        (http, timeout): (reqwest::Client, Duration),
        clock: SharedClock,
    ) -> Self {
        let client = RestClient::new(&settings.url, settings.requests_per_second, http, clock);
        Self { shop, settings, client, documents, doubt: timeout + SERVED_MAX }
    }
}

#[async_trait]
impl Sink for RestSink {
    async fn order(&self, event: &OutboundEvent) -> Result<Taken, DeliveryError> {
        let order: Order = serde_json::from_value(event.data.clone())
            .map_err(|_| refused("unreadable", "its state cannot be read; import the order anew"))?;
        if order.lines.len() > LINES_MAX {
            return Err(refused("too_many_lines", &format!("it has more than {LINES_MAX} lines")));
        }
        let id = &order.aliexpress_order_id;
        let progress = Progress::load(self.documents.as_ref(), &self.shop, id).await.map_err(store_away)?;
        if progress.whole && event.version <= progress.version {
            return Ok(Taken { order_id: progress.order.map(|id| id.to_string()), created: false, notes: Vec::new() });
        }
        let now = self.documents.now().await.map_err(store_away)?;
        if let Some(begun) = progress.in_doubt(now) {
            let left = self.doubt.saturating_sub(now.since(begun));
            if !left.is_zero() {
                let detail = "an earlier write of this order may still arrive; it is looked for afterwards".to_owned();
                return Err(DeliveryError::Away { code: IN_DOUBT, detail, after: Some(left) });
            }
        }
        let taken = Job::new(self, &order, progress).run(event.version).await;
        taken.map_err(|error| error.without(&of_buyer(event)))
    }

    /// Nobody in the shop takes notices by REST: they are logged, and what is asked of the module is refused.
    async fn tell(&self, event: &OutboundEvent) -> Result<(), DeliveryError> {
        let text = |name: &str| event.data[name].as_str().unwrap_or_default();
        match event.kind.as_str() {
            "notice" => {
                let (code, detail, count) = (text("code"), text("detail"), &event.data["count"]);
                tracing::warn!(shop.id = %self.shop, code, %count, detail, "a notice for a shop without the module");
                Ok(())
            }
            "listing.state_changed" => {
                let (product, state) = (text("product_id"), text("state"));
                tracing::info!(shop.id = %self.shop, product.id = product, state, "a listing changed, of a shop without the module");
                Ok(())
            }
            kind => Err(refused("no_module", &format!("{kind} is for the module, which this shop has not"))),
        }
    }
}

fn refused(code: &str, detail: &str) -> DeliveryError {
    DeliveryError::Refused { code: code.into(), detail: detail.into() }
}

fn store_away(error: StoreError) -> DeliveryError {
    DeliveryError::Away { code: "store_away", detail: error.to_string(), after: Some(Duration::from_secs(1)) }
}

/// An id of the shop: a number, or a text of digits.
fn id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).filter(|id| *id > 0)
}
