//! Lanes that rest after failures that blame nobody.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::backoff::backoff;
use crate::clock::{SharedClock, Timestamp};
use crate::config::LaneConfig;
use crate::domain::{Lane, ShopId};

/// The longest rest of a lane; single entries may wait longer.
const REST_MAX: Duration = Duration::from_secs(30);

/// Lanes that rest: their retries are spread, and what comes new does not run ahead of them.
#[derive(Debug)]
pub(super) struct Scar {
    clock: SharedClock,
    scars: Mutex<HashMap<(ShopId, Lane), (u32, Timestamp)>>,
}

impl Scar {
    /// No lane rests.
    pub(super) fn new(clock: SharedClock) -> Self {
        Self { clock, scars: Mutex::default() }
    }

    /// Whether a lane rests now. A clock that went back prolongs no rest.
    pub(super) fn resting(&self, shop: &ShopId, lane: Lane) -> bool {
        let now = self.clock.now();
        let scars = self.scars.lock().unwrap_or_else(PoisonError::into_inner);
        scars.get(&(shop.clone(), lane)).is_some_and(|(_, until)| now < *until && *until <= now.plus(REST_MAX))
    }

    /// A call failed and nobody is to blame; says when to try again.
    pub(super) fn failed(&self, shop: &ShopId, lane: Lane, config: &LaneConfig) -> Duration {
        let now = self.clock.now();
        let mut scars = self.scars.lock().unwrap_or_else(PoisonError::into_inner);
        let (failures, until) = scars.entry((shop.clone(), lane)).or_insert((0, now));
        let wait = backoff(config, *failures);
        (*failures, *until) = (failures.saturating_add(1), now.plus(wait.min(REST_MAX)));
        wait
    }

    /// A call was answered.
    pub(super) fn healed(&self, shop: &ShopId, lane: Lane) {
        self.scars.lock().unwrap_or_else(PoisonError::into_inner).remove(&(shop.clone(), lane));
    }
}
