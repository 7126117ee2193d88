//! A shop's budget of requests: a count by second. Comes after the signature, so that nobody else can spend it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Timestamp;

/// Requests of one shop in the present second.
#[derive(Debug)]
pub(super) struct IntakeRate {
    max: u32,
    /// The second in the upper half, the count in the lower.
    state: AtomicU64,
}

impl IntakeRate {
    /// At most `max` requests in each second of the clock; 0 = any number.
    pub(super) fn new(max: u32) -> Self {
        Self { max, state: AtomicU64::new(0) }
    }

    /// Counts a request; `false` where the second's budget is spent.
    pub(super) fn allows(&self, now: Timestamp) -> bool {
        let second = now.as_secs() << 32;
        let count = |state: u64| if state & !0xffff_ffff == second { (state & 0xffff_ffff) + 1 } else { 1 };
        let next = |state| Some(second | count(state).min(0xffff_ffff));
        let before = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or_default();
        self.max == 0 || count(before) <= u64::from(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_has_its_budget_and_the_next_one_a_new_one() {
        let rate = IntakeRate::new(2);
        let at = |millis| rate.allows(Timestamp::from_millis(millis));
        assert_eq!(
            [at(5_000), at(5_500), at(5_999), at(6_000), at(6_001), at(6_002)],
            [true, true, false, true, true, false]
        );
        assert!((0..100).all(|_| IntakeRate::new(0).allows(Timestamp(1))));
    }
}
