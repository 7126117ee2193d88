//! How long a retry waits: full jitter, so that what failed together does not come back together.

use std::time::Duration;

use crate::config::LaneConfig;

/// A random time up to `min × 2^failures`, at most `max`. `failures` counts those before this one.
pub fn backoff(lane: &LaneConfig, failures: u32) -> Duration {
    let ceiling = lane.backoff_min().saturating_mul(1 << failures.min(20)).min(lane.backoff_max());
    ceiling.mul_f64(rand::random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_wait_within_bounds_that_double() {
        let config = crate::config::load(&crate::config::Sources::default()).unwrap();
        let lane = config.worker.lane(crate::domain::Lane::Stock);
        for failures in [0, 1, 5, 30, u32::MAX] {
            let ceiling = lane.backoff_min().saturating_mul(1 << failures.min(20)).min(lane.backoff_max());
            assert!((0..200).all(|_| backoff(lane, failures) <= ceiling));
        }
        assert!((0..200).any(|_| backoff(lane, 30) > lane.backoff_max() / 2));
    }
}
