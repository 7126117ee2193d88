//! `[guard]`

use std::time::Duration;

use serde::Deserialize;

/// `[guard]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct GuardConfig {
    /// Whether anything more is held.
    pub enabled: bool,
    /// The share of what is listed above which it is held.
    pub share_percent: u64,
    /// The number above which it is held.
    pub count_min: u64,
    /// A price counts when it falls by more than this.
    pub price_fall_percent: u64,
    window_secs: u64,
    look_secs: u64,
    look_secs_max: u64,
}

impl GuardConfig {
    /// What fell within this is counted together.
    pub fn window(&self) -> Duration {
        Duration::from_secs(self.window_secs)
    }
    /// How long what may be part of a burst is looked at.
    pub fn look(&self) -> Duration {
        Duration::from_secs(self.look_secs)
    }
    /// How long it is looked at while the burst grows.
    pub fn look_max(&self) -> Duration {
        Duration::from_secs(self.look_secs_max)
    }
}
