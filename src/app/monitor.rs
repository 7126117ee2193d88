//! Looks at the store every second and says how it is; names settings that break a guarantee, loudly, once each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::store::{Inspect, Weakness};
use crate::telemetry::health::{Condition, HealthBoard};
use crate::telemetry::metric::Metric;

/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest that a ping may take.
const PING_MAX: Duration = Duration::from_secs(2);
/// Looks between two inspections of the store's settings.
const INSPECT_EVERY: u32 = 30;

/// The store's monitor.
#[derive(Debug)]
pub(super) struct Monitor {
    pub(super) inspect: Arc<dyn Inspect>,
    pub(super) health: Arc<HealthBoard>,
}

impl Monitor {
    /// Looks until told to stop.
    pub(super) async fn run(self, stop: CancellationToken) {
        let (mut named, mut weaknesses, mut resets) = (BTreeSet::new(), Vec::new(), 0);
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
}
