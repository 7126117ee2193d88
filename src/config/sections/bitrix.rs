//! `[bitrix]`

use std::time::Duration;

use serde::Deserialize;

/// `[bitrix]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct BitrixConfig {
    connect_timeout_ms: u64,
    timeout_ms: u64,
    /// Deliveries to one shop at one time, for each of its lanes.
    pub requests_in_flight_max: usize,
}

impl BitrixConfig {
    /// Of a connection.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }
    /// Of one delivery, connecting included.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}
