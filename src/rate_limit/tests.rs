use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::clock::{ManualClock, Timestamp};

const LIMITS: Limits = Limits {
    per_second: 40,
    per_method_per_second: 0,
    per_day: 0,
    margin: Duration::from_millis(15),
    day_reserve_percent: 20,
};
const REQUEST: Request<'static> = Request { app: "1", method: "m", essential: true };

fn budget(limits: Limits, cold: bool) -> (LocalBudget, ManualClock) {
    let clock = ManualClock::at(Timestamp::from_millis(1_795_000_000_000));
    (LocalBudget::new(limits, Arc::new(clock.clone()), cold), clock)
}

fn ask(budget: &LocalBudget) -> Permit {
    futures_util::FutureExt::now_or_never(budget.ask(&REQUEST)).unwrap().unwrap()
}

/// The most grants in any window of a second, both ends included.
fn most_in_a_second(grants: &[u64]) -> usize {
    (0..grants.len())
        .map(|at| grants[at..].iter().take_while(|later| *later - grants[at] <= 1_000_000).count())
        .max()
        .unwrap_or(0)
}

use crate::clock::Clock;

#[test]
fn a_backlog_uses_nearly_all_of_the_budget_and_never_more() {
    let (budget, clock) = budget(LIMITS, false);
    let mut grants = Vec::new();
    for _ in 0..20_000 {
        if ask(&budget) == Permit::Granted {
            grants.push(clock.now().0);
        }
        clock.advance(Duration::from_millis(1));
    }
    assert!(most_in_a_second(&grants) <= 40);
    let ratio = grants.len() as f64 / (20.0 * 40.0);
    assert!(ratio >= 0.98, "{ratio}");
}

#[test]
fn urgent_work_never_waits_long_behind_a_burst() {
    let (budget, clock) = budget(LIMITS, false);
    let mut longest = 0;
    for _ in 0..5_000 {
        if let Permit::Wait(wait) = ask(&budget) {
            longest = longest.max(wait.as_millis());
        }
        clock.advance(Duration::from_millis(1));
    }
    assert!(longest <= 520, "{longest} ms");
}

#[test]
fn a_cold_start_counts_the_second_before_as_used() {
    let (budget, clock) = budget(LIMITS, true);
    assert!(matches!(ask(&budget), Permit::Wait(_)));
    clock.advance(Duration::from_millis(1_015));
    assert_eq!(ask(&budget), Permit::Granted);
}

#[test]
fn a_method_has_a_budget_of_its_own() {
    let (budget, clock) = budget(Limits { per_method_per_second: 2, ..LIMITS }, false);
    assert_eq!(ask(&budget), Permit::Granted);
    clock.advance(Duration::from_millis(600));
    assert_eq!(ask(&budget), Permit::Granted);
    assert!(matches!(ask(&budget), Permit::Wait(_)));
    let other = Request { method: "other", ..REQUEST };
    assert_eq!(futures_util::FutureExt::now_or_never(budget.ask(&other)).unwrap().unwrap(), Permit::Granted);
}

#[tokio::test]
async fn bans_apply_to_what_they_name_for_their_seconds() {
    let (budget, clock) = budget(LIMITS, false);
    let other = Request { method: "other", ..REQUEST };
    budget.ban("1", BanScope::Method("m"), Duration::from_secs(5)).await.unwrap();
    budget.ban("1", BanScope::Method("m"), Duration::from_secs(1)).await.unwrap();
    assert_eq!(ask(&budget), Permit::Banned { for_: Duration::from_secs(5) });
    assert_eq!(budget.ask(&other).await.unwrap(), Permit::Granted);
    budget.ban("1", BanScope::App, Duration::from_secs(7)).await.unwrap();
    assert!(matches!(budget.ask(&other).await.unwrap(), Permit::Banned { .. }));
    assert_eq!(budget.usage("1").await.unwrap().bans.len(), 2);
    clock.advance(Duration::from_secs(8));
    assert_eq!(ask(&budget), Permit::Granted);
}

#[tokio::test]
async fn a_fifth_of_the_day_is_kept_for_what_is_essential_and_midnight_is_in_china() {
    let (budget, clock) = budget(Limits { per_day: 10, ..LIMITS }, false);
    clock.set(Timestamp(1_795_017_600_000_000 - 3_600_000_000)); // 15:00 UTC = 23:00 GMT+8
    let plain = Request { essential: false, ..REQUEST };
    for _ in 0..8 {
        assert_eq!(budget.ask(&plain).await.unwrap(), Permit::Granted);
    }
    assert!(matches!(budget.ask(&plain).await.unwrap(), Permit::DaySpent { .. }));
    assert_eq!((ask(&budget), ask(&budget)), (Permit::Granted, Permit::Granted));
    let Permit::DaySpent { for_ } = ask(&budget) else { panic!("the day is spent") };
    assert_eq!(budget.usage("1").await.unwrap().used_today, 10);
    clock.advance(for_);
    assert_eq!(ask(&budget), Permit::Granted);
}

proptest! {
    #[test]
    fn no_second_holds_more_than_the_limit_whenever_one_asks(
        steps in prop::collection::vec(0u64..80_000, 1..600),
        limit in 1u32..50,
        cold: bool,
    ) {
        let (budget, clock) = budget(Limits { per_second: limit, ..LIMITS }, cold);
        let mut grants = Vec::new();
        for step in steps {
            clock.advance(Duration::from_micros(step));
            if ask(&budget) == Permit::Granted {
                grants.push(clock.now().0);
            }
        }
        prop_assert!(most_in_a_second(&grants) <= limit as usize);
    }

    #[test]
    fn a_clock_that_steps_back_grants_no_more_and_the_budget_recovers(back in 1u64..100_000_000_000) {
        let (budget, clock) = budget(LIMITS, false);
        while ask(&budget) == Permit::Granted {}
        clock.set(Timestamp(clock.now().0 - back));
        // At once after the step no burst is granted: what was used still counts.
        let granted = (0..100).filter(|_| ask(&budget) == Permit::Granted).count();
        prop_assert!(granted <= 20, "{}", granted);
        clock.advance(Duration::from_millis(1_100));
        prop_assert_eq!(ask(&budget), Permit::Granted);
    }
}
