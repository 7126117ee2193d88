//! One entry in the hands of its lane's handler, from its reservation to its settlement.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;

use super::handler::{Ending, Handler};
use super::lease::Hold;
use super::scar::Scar;
use super::{Desk, outcome_label};
use crate::domain::{Lane, ShopId};
use crate::queue::{Ask, Class, Fault, Leased, Outcome, QueueError};
use crate::telemetry::metric::Metric;

/// One entry and who works it.
#[derive(Debug)]
pub(super) struct Single {
    pub(super) desk: Arc<Desk>,
    pub(super) scars: Arc<Scar>,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) shop: ShopId,
    pub(super) leased: Leased,
    /// No later than when it was reserved.
    pub(super) since: Instant,
}

/// Takes up to `entries` that are due.
pub(super) async fn reserve(desk: &Desk, shop: &ShopId, lane: Lane, entries: usize) -> Result<Vec<Leased>, QueueError> {
    let ask = Ask { class: Class::Any, entries, listings: usize::MAX, lease: desk.lane(lane).lease() };
    desk.queue.reserve(shop, lane, ask).await
}

impl Single {
    /// Works the entry and settles it; says whether the other side worked. `None`: the lease was lost meanwhile.
    ///
    /// # Cancel safety
    /// Dropped, the lease runs out and the key is suspect.
    pub(super) async fn run(self) -> Option<bool> {
        let lane = self.leased.lease.lane;
        let config = self.desk.lane(lane);
        let (queue, lease) = (Arc::clone(&self.desk.queue), self.leased.lease.clone());
        let hold = Hold::new(queue, self.shop.clone(), lane, vec![lease.clone()], config.lease(), self.since);
        let work = AssertUnwindSafe(self.handler.work(&self.shop, &self.leased)).catch_unwind();
        let Some(ended) = hold.guard(work).await else {
            tracing::warn!(shop.id = %self.shop, %lane, entry.key = lease.key, "a lease was lost; its work was dropped");
            return None;
        };
        let ending = ended.unwrap_or_else(|_| {
            tracing::error!(shop.id = %self.shop, %lane, entry.key = lease.key, "the work on an entry panicked");
            Ending::Failed(Fault { code: "panic".into(), detail: "the work on it failed inside aligate".into() })
        });
        let works = !ending.is_down();
        if works {
            self.scars.healed(&self.shop, lane);
        }
        let now = self.desk.clock.now();
        let outcome = ending.outcome(&self.leased, config, now, || self.scars.failed(&self.shop, lane, config));
        self.count(&outcome);
        hold.settle(&[(lease, outcome)]).await;
        Some(works)
    }

    fn count(&self, outcome: &Outcome) {
        let lane = self.leased.lease.lane;
        match outcome {
            Outcome::Done { .. } => {
                let seconds = self.desk.clock.now().since(self.leased.first_at).as_secs_f64();
                Metric::DeliverySeconds.observe(seconds, &[("lane", lane.to_string())]);
            }
            Outcome::Dead { fault } => {
                tracing::warn!(shop.id = %self.shop, %lane, entry.key = self.leased.lease.key, code = fault.code, "an entry is given up");
            }
            Outcome::Retry { fault, .. } | Outcome::Unknown { fault, .. } => {
                tracing::info!(shop.id = %self.shop, %lane, entry.key = self.leased.lease.key, code = fault.code, "an entry is tried again later");
            }
            _ => {}
        }
        let labels = [
            ("shop", self.shop.to_string()),
            ("lane", lane.to_string()),
            ("outcome", outcome_label(outcome).to_owned()),
        ];
        Metric::Worked.add(1, &labels);
    }
}
