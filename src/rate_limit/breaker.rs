//! A circuit breaker: calls that fail one after the other pause, and one probe at a time looks whether they work again.

use std::time::Duration;

use crate::clock::{SharedClock, Timestamp};

/// The first pause; it doubles with each probe that fails.
const PAUSE_MIN: Duration = Duration::from_secs(1);
/// A probe that never reported counts as failed after this long.
const PROBE_LOST: Duration = Duration::from_secs(60);

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// It may.
    Go,
    /// It may, as the one that looks whether calls work again.
    Probe,
    /// Not before this long from now.
    Wait(Duration),
}

/// The breaker of one application. It counts what is reported, in any order.
#[derive(Debug)]
pub struct Breaker {
    failures_max: u32,
    pause_max: Duration,
    clock: SharedClock,
    failures: u32,
    pause: Duration,
    /// While open: when the next probe may go.
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// Closed; opens after `failures_max` failures in a row, for a second at first, for `pause_max` at most.
    pub fn new(failures_max: u32, pause_max: Duration, clock: SharedClock) -> Self {
        Self { failures_max, pause_max, clock, failures: 0, pause: PAUSE_MIN, open_until: None }
    }

    /// Asks for a call; while open, one probe passes each pause.
    pub fn try_pass(&mut self) -> Pass {
        let now = self.clock.now();
        match self.open_until {
            None => Pass::Go,
            Some(until) if until > now => Pass::Wait(until.since(now)),
            Some(_) => {
                self.open_until = Some(now.plus(PROBE_LOST));
                Pass::Probe
            }
        }
    }

    /// The probe was not made: the next call may look at once.
    pub fn not_probed(&mut self) {
        self.open_until = self.open_until.map(|_| self.clock.now());
    }

    /// How long calls still pause; none when they do not.
    pub fn waits(&self) -> Option<Duration> {
        let now = self.clock.now();
        self.open_until.filter(|until| *until > now).map(|until| until.since(now))
    }

    /// A call ended; `ok` says that AliExpress answered, whatever it said. `true`: this opened the breaker.
    pub fn report(&mut self, ok: bool) -> bool {
        if ok {
            (self.failures, self.pause, self.open_until) = (0, PAUSE_MIN, None);
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures < self.failures_max {
            return false;
        }
        let was_open = self.open_until.is_some();
        if was_open {
            self.pause = (self.pause * 2).min(self.pause_max);
        }
        self.open_until = Some(self.clock.now().plus(self.pause.min(self.pause_max)));
        !was_open
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_probe_looks() {
        let clock = ManualClock::at(Timestamp::from_millis(1_000_000));
        let mut breaker = Breaker::new(3, Duration::from_secs(4), Arc::new(clock.clone()));
        breaker.report(false);
        breaker.report(true);
        assert!(!breaker.report(false) && !breaker.report(false));
        assert_eq!(breaker.try_pass(), Pass::Go);
        assert!(breaker.report(false));
        assert_eq!(breaker.try_pass(), Pass::Wait(Duration::from_secs(1)));
        clock.advance(Duration::from_secs(1));
        assert_eq!(breaker.try_pass(), Pass::Probe);
        assert!(matches!(breaker.try_pass(), Pass::Wait(_)), "one probe at a time");
        breaker.report(false);
        assert_eq!(breaker.waits(), Some(Duration::from_secs(2)));
        for _ in 0..5 {
            breaker.report(false);
        }
        assert_eq!(breaker.waits(), Some(Duration::from_secs(4)), "never longer than the longest pause");
        clock.advance(Duration::from_secs(4));
        assert_eq!(breaker.try_pass(), Pass::Probe);
        breaker.report(true);
        assert_eq!(breaker.try_pass(), Pass::Go);
    }

    #[test]
    fn a_probe_that_never_reports_does_not_close_the_road_for_ever() {
        let clock = ManualClock::at(Timestamp::from_millis(1_000_000));
        let mut breaker = Breaker::new(1, Duration::from_secs(4), Arc::new(clock.clone()));
        breaker.report(false);
        clock.advance(Duration::from_secs(1));
        assert_eq!(breaker.try_pass(), Pass::Probe);
        clock.advance(PROBE_LOST);
        assert_eq!(breaker.try_pass(), Pass::Probe);
    }

    #[test]
    fn a_probe_that_could_not_be_made_leaves_the_look_to_the_next_call() {
        let clock = ManualClock::at(Timestamp::from_millis(1_000_000));
        let mut breaker = Breaker::new(1, Duration::from_secs(4), Arc::new(clock.clone()));
        breaker.not_probed();
        assert_eq!(breaker.try_pass(), Pass::Go);
        breaker.report(false);
        clock.advance(Duration::from_secs(1));
        assert_eq!(breaker.try_pass(), Pass::Probe);
        breaker.not_probed();
        assert_eq!(breaker.try_pass(), Pass::Probe);
    }
}
