//! What is held, and what a person says of it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::rules::{self, ByKind, Kind};
use super::{Guard, away};
use crate::domain::{Lane, ShopId};
use crate::queue::{Decision, LaneStats, QueueError};
use crate::telemetry::metric::Metric;

/// The most steps of one decision: as many pages as a million entries fill.
const STEPS_MAX: usize = 1_000;

/// How a kind stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Entries that wait for a person.
    pub held: u64,
    /// What fell within the window, whether it left or is held.
    pub fallen: u64,
    /// How many may.
    pub limit: u64,
    /// How long a confirmation still lets all of it through.
    pub let_for: Option<Duration>,
}

impl Guard {
    /// Decides what is held of these kinds, and says how many of each.
    ///
    /// Confirmed, they are due now, and what else of the kind falls within a window after the last goes with them; then the count starts anew.
    /// Discarded, AliExpress keeps what it has, and the count starts anew. Either can be said again.
    ///
    /// # Errors
    /// Where the store is away: some may have been decided; saying it again goes on.
    pub async fn decide(&self, shop: &ShopId, kinds: &[Kind], decision: Decision) -> Result<ByKind<u64>, QueueError> {
        let mut counts = ByKind::new();
        for kind in kinds {
            // First what is to come, so that nothing is held behind what is let go.
            let said = match decision {
                Decision::Confirm => self.tally.let_through(shop, *kind, self.config.window()).await,
                Decision::Discard => self.tally.forget(shop, *kind).await,
            };
            said.map_err(away)?;
            counts.insert(*kind, self.free(shop, *kind, decision).await?);
        }
        tracing::info!(shop.id = %shop, ?counts, ?decision, "what the avalanche guard held was decided");
        Ok(counts)
    }

    pub(super) async fn free(&self, shop: &ShopId, kind: Kind, decision: Decision) -> Result<u64, QueueError> {
        let mut count = 0;
        for _ in 0..STEPS_MAX {
            let step = self.queue.decide(shop, kind.lane(), decision).await?;
            if step == 0 {
                break;
            }
            count += step;
            let what = match decision {
                Decision::Confirm => "confirmed",
                Decision::Discard => "discarded",
            };
            let labels = [("shop", shop.to_string()), ("kind", kind.to_string()), ("what", what.to_owned())];
            Metric::GuardChanges.add(step, &labels);
        }
        Ok(count)
    }

    /// How each kind stands, given the shop's lanes and how many SKUs and listings it has.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn stands(
        &self,
        shop: &ShopId,
        stats: &BTreeMap<Lane, LaneStats>,
        size: (u64, u64),
    ) -> Result<ByKind<Held>, QueueError> {
        let mut all = ByKind::new();
        for kind in Kind::ALL {
            let reading = self.tally.read(shop, kind, self.config.window()).await.map_err(away)?;
            let held = Held {
                held: stats.get(&kind.lane()).map_or(0, |lane| lane.held),
                fallen: reading.in_window,
                limit: rules::limit(&self.config, kind.total(size)),
                let_for: reading.let_for,
            };
            all.insert(kind, held);
        }
        Ok(all)
    }
}
