//! Keeps below the shop's limit of requests: a bucket that leaks. Bitrix24's cloud takes fifty at once and two a second.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Requests that may be made at once; the rest of the shop's bucket is for others at this address.
const AT_ONCE: f64 = 30.0;

/// A leaking bucket of requests.
#[derive(Debug)]
pub(super) struct Pace {
    per_second: f64,
    /// How full it is, and when it was.
    level: Mutex<(f64, Instant)>,
}

impl Pace {
    /// So many requests a second in the long run; 0: any number.
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second), level: Mutex::new((0.0, Instant::now())) }
    }

    /// Waits for the turn of one request.
    pub(super) async fn turn(&self) {
        let wait = self.take(Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    fn take(&self, now: Instant) -> Duration {
        if self.per_second <= 0.0 {
            return Duration::ZERO;
        }
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let leaked = now.saturating_duration_since(level.1).as_secs_f64() * self.per_second;
        *level = ((level.0 - leaked).max(0.0) + 1.0, now);
        Duration::from_secs_f64((level.0 - AT_ONCE).max(0.0) / self.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_rest_goes_two_a_second() {
        let (pace, start) = (Pace::new(2), Instant::now());
        assert!((0..30).all(|_| pace.take(start).is_zero()));
        let waits: Vec<u128> = (0..4).map(|_| pace.take(start).as_millis()).collect();
        assert_eq!(waits, [500, 1000, 1500, 2000]);
        assert!(pace.take(start + Duration::from_secs(20)).is_zero());
        let free = Pace::new(0);
        assert!((0..1000).all(|_| free.take(start).is_zero()));
    }
}
