//! Orders that must be sent soon, and buyers' data whose time has come.

use std::time::Duration;

use super::book::{PAGE_MAX, Which};
use super::{BookError, Orders, TakeError};
use crate::alerts::{self, Notice, Severity};
use crate::clock::Timestamp;
use crate::domain::ShopId;
use crate::telemetry::metric::Metric;

impl Orders {
    /// Counts orders that must be sent within `near`, and tells the shop of each once.
    pub(super) async fn watch_deadlines(&self, shop: &ShopId, now: Timestamp, near: Duration) -> Result<(), TakeError> {
        let before = now.plus(near);
        let count = self.book.count_due(shop, before).await?;
        #[expect(clippy::cast_precision_loss, reason = "a gauge of orders")]
        Metric::OrdersNearDeadline.set(count as f64, &[("shop", shop.to_string())]);
        if count == 0 {
            return Ok(());
        }
        let (mut after, mut new) = (None, Vec::new());
        loop {
            let (page, next) = self.book.list(shop, Which::Due(before), after.as_deref(), PAGE_MAX).await?;
            new.extend(page.into_iter().filter(|kept| !kept.warned));
            after = next;
            if after.is_none() {
                break;
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = new.iter().take(10).map(|kept| kept.order.as_str()).collect();
        let more = if new.len() > ids.len() { ", …" } else { "" };
        let hours = near.as_secs() / 3600;
        let detail =
            format!("orders to be sent within {hours} hours, or AliExpress fines the delay: {}{more}", ids.join(", "));
        alerts::tell(self.queue.as_ref(), shop, {
            Notice::new("ship_deadline_near", Severity::Warning, detail).counting(new.len() as u64)
        })
        .await?;
        for kept in new {
            self.amend(shop, &kept.order, |now| !std::mem::replace(&mut now.warned, true)).await?;
        }
        Ok(())
    }

    /// Erases buyers' data of orders that the shop has, or that are over, and that have not changed for `retention`.
    pub(super) async fn erase(&self, shop: &ShopId, now: Timestamp, retention: Duration) -> Result<u64, BookError> {
        let before = Timestamp(now.0.saturating_sub(u64::try_from(retention.as_micros()).unwrap_or(u64::MAX)));
        let (page, _) = self.book.list(shop, Which::Erasable(before), None, PAGE_MAX).await?;
        let mut erased = 0;
        for kept in page {
            self.amend(shop, &kept.order, |now| {
                let same = now.revision == kept.revision;
                if same {
                    now.sealed.clear();
                    erased += 1;
                }
                same
            })
            .await?;
        }
        if erased > 0 {
            tracing::info!(shop.id = %shop, orders = erased, "buyers' data were erased after the time set");
        }
        Ok(erased)
    }
}
