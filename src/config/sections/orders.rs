//! `[orders]`

use std::time::Duration;

use serde::Deserialize;

/// `[orders]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct OrdersConfig {
    poll_secs_min: u64,
    poll_secs_max: u64,
    overlap_secs: u64,
    deadline_near_hours: u64,
}

impl OrdersConfig {
    /// Between two looks while orders come in.
    pub fn poll_min(&self) -> Duration {
        Duration::from_secs(self.poll_secs_min)
    }
    /// Between two looks when none came for long.
    pub fn poll_max(&self) -> Duration {
        Duration::from_secs(self.poll_secs_max)
    }
    /// How far each look reaches back before the last.
    pub fn overlap(&self) -> Duration {
        Duration::from_secs(self.overlap_secs)
    }
    /// An order that must be sent within this is near its deadline.
    pub fn deadline_near(&self) -> Duration {
        Duration::from_secs(self.deadline_near_hours * 3600)
    }
}
