//! Looks at the store every second and says how it is; names settings that break a guarantee, loudly, once each; has the
//! listings read again of shops whose store was emptied: without them nothing could be sent.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aliexpress::Applications;
use crate::domain::{Lane, ShopId};
use crate::jobs::{ImportCursor, Jobs, Work};
use crate::queue::Queue;
use crate::store::{Inspect, Weakness};
use crate::telemetry::health::{Condition, HealthBoard};
use crate::telemetry::metric::Metric;

/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest that a ping may take.
const PING_MAX: Duration = Duration::from_secs(2);
/// Looks between two looks at each shop's keys: a store that was emptied is noticed though nobody sends.
const KEYS_EVERY: u32 = 5;
/// Looks between two inspections of the store's settings.
const INSPECT_EVERY: u32 = 30;

/// The store's monitor.
#[derive(Debug)]
pub(super) struct Monitor {
    pub(super) inspect: Arc<dyn Inspect>,
    pub(super) health: Arc<HealthBoard>,
    pub(super) queue: Arc<dyn Queue>,
    pub(super) applications: Arc<Applications>,
    pub(super) shops: Vec<ShopId>,
    pub(super) jobs: Jobs,
}

impl Monitor {
    /// Looks until told to stop.
    pub(super) async fn run(self, stop: CancellationToken) {
        let (mut named, mut weaknesses, mut resets) = (BTreeSet::new(), Vec::new(), 0);
        let mut emptied = BTreeSet::new();
        for look in 0u32.. {
            if look % INSPECT_EVERY == 0
                && let Ok(Ok(found)) = tokio::time::timeout(PING_MAX, self.inspect.weaknesses()).await
            {
                weaknesses = found;
                for weakness in
                    weaknesses.iter().filter(|weakness| named.insert((weakness.setting, weakness.detail.clone())))
                {
                    tracing::warn!(setting = weakness.setting, "the store breaks a guarantee: {}", weakness.detail);
                }
                Metric::StoreWeaknesses.set(f64::from(u32::try_from(weaknesses.len()).unwrap_or(u32::MAX)), &[]);
            }
            self.look(&weaknesses).await;
            let seen = self.inspect.resets();
            if seen > resets {
                Metric::StoreResets.add(seen - resets, &[]);
                resets = seen;
            }
            if look % KEYS_EVERY == 0 {
                self.look_at_keys().await;
            }
            emptied.extend(self.inspect.take_emptied());
            self.refill(&mut emptied).await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn look(&self, weaknesses: &[Weakness]) {
        let pinged = tokio::time::timeout(PING_MAX, self.inspect.ping()).await;
        let (state, why) = match pinged {
            Err(_) => (Condition::Down, Some("it does not answer in time".to_owned())),
            Ok(Err(error)) => (Condition::Down, Some(error.to_string())),
            Ok(Ok(())) if weaknesses.is_empty() => (Condition::Ok, None),
            Ok(Ok(())) => {
                let why: Vec<&str> = weaknesses.iter().map(|weakness| weakness.detail.as_str()).collect();
                (Condition::Degraded, Some(why.join("; ")))
            }
        };
        self.health.set("store", state, why);
    }

    /// Reads nothing, which is enough for the queue to see whether its keys are still there.
    async fn look_at_keys(&self) {
        for shop in &self.shops {
            // The ping says how the store is.
            drop(tokio::time::timeout(PING_MAX, self.queue.pending(shop, Lane::Stock, &[])).await);
        }
    }

    /// Has the listings read of shops whose keys are gone; those for which that cannot be started now stay.
    async fn refill(&self, emptied: &mut BTreeSet<ShopId>) {
        for shop in std::mem::take(emptied) {
            if self.applications.of_shop(&shop).is_none() {
                continue;
            }
            match self.jobs.start(&shop, Work::ListingsImport { cursor: ImportCursor::default() }, None).await {
                Ok(job) => {
                    tracing::warn!(shop.id = %shop, job.id, "the store was emptied; the shop's listings are read again");
                }
                Err(_) => _ = emptied.insert(shop),
            }
        }
    }
}
