//! `[worker]`

use std::time::Duration;

use serde::Deserialize;

use super::reader::Reader;
use crate::domain::Lane;

/// `[worker]`
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// Whether this replica sends.
    pub enabled: bool,
    /// Calls to AliExpress at one time, for an application key.
    pub requests_in_flight_max: usize,
    /// How long a stop waits for what is in flight.
    pub stop_max: Duration,
    /// The longest look-away when nothing is due.
    pub poll_max: Duration,
    lanes: [LaneConfig; 6],
}

impl WorkerConfig {
    /// The settings of a lane.
    pub fn lane(&self, lane: Lane) -> &LaneConfig {
        &self.lanes[lane as usize]
    }
}

/// `[worker.lanes.*]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct LaneConfig {
    window_ms: u64,
    lease_secs: u64,
    /// Failures that blame an entry before it is a dead letter.
    pub attempts_max: u32,
    age_max_secs: u64,
    backoff_ms_min: u64,
    backoff_ms_max: u64,
}

impl LaneConfig {
    /// How long a state may wait for a newer one.
    pub fn window(&self) -> Duration {
        Duration::from_millis(self.window_ms)
    }
    /// How long a worker holds an entry.
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_secs)
    }
    /// Unconfirmed for so long, an entry is a dead letter.
    pub fn age_max(&self) -> Duration {
        Duration::from_secs(self.age_max_secs)
    }
    /// The first retry comes within this.
    pub fn backoff_min(&self) -> Duration {
        Duration::from_millis(self.backoff_ms_min)
    }
    /// Later retries come within this.
    pub fn backoff_max(&self) -> Duration {
        Duration::from_millis(self.backoff_ms_max)
    }
}

impl Reader {
    pub(super) fn worker(&mut self) -> Option<WorkerConfig> {
        let lanes = Lane::ALL.map(|lane| self.section(&format!("worker.lanes.{lane}")));
        let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)] = lanes else { return None };
        Some(WorkerConfig {
            enabled: self.value("worker", "enabled")?,
            requests_in_flight_max: self.value("worker", "requests_in_flight_max")?,
            stop_max: Duration::from_secs(self.value("worker", "stop_secs_max")?),
            poll_max: Duration::from_millis(self.value("worker", "poll_ms_max")?),
            lanes: [a, b, c, d, e, f],
        })
    }
}
