//! Lanes that rest after failures that blame nobody.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::backoff::backoff;
use crate::config::LaneConfig;
use crate::domain::{Lane, ShopId};

/// The longest rest of a lane; single entries may wait longer.
const REST_MAX: Duration = Duration::from_secs(30);

/// Lanes that rest: their retries are spread, and what comes new does not run ahead of them.
#[derive(Debug, Default)]
pub(super) struct Scar(Mutex<HashMap<(ShopId, Lane), (u32, Instant)>>);

impl Scar {
    /// Whether a lane rests now.
    pub(super) fn resting(&self, shop: &ShopId, lane: Lane) -> bool {
        let scars = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        scars.get(&(shop.clone(), lane)).is_some_and(|(_, until)| Instant::now() < *until)
    }

    /// A call failed and nobody is to blame; says when to try again.
    pub(super) fn failed(&self, shop: &ShopId, lane: Lane, config: &LaneConfig) -> Duration {
        let mut scars = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (failures, until) = scars.entry((shop.clone(), lane)).or_insert((0, Instant::now()));
        let wait = backoff(config, *failures);
        (*failures, *until) = (failures.saturating_add(1), Instant::now() + wait.min(REST_MAX));
        wait
    }

    /// A call was answered.
    pub(super) fn healed(&self, shop: &ShopId, lane: Lane) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(shop.clone(), lane));
    }
}
