//! Handing entries out and hearing how they ended.

use std::collections::BTreeMap;
use std::time::Duration;

use aligate::domain::{Cause, Lane, ListingId};
use aligate::queue::{
    Answer, Change, Class, Cohort, Confirmed, LeaseRef, Outcome, PAGE_MAX, ParkReason, Place, QueueError, RESERVE_MAX,
    Settled,
};

use super::harness::{Harness, LEASE, MOMENT, fault, parked, product, retry, stock};

contract![
    a_lease_shows_all_that_a_worker_needs,
    a_leased_entry_is_not_given_out_twice,
    entries_of_one_listing_go_together,
    a_reservation_touches_no_more_listings_than_asked_for,
    a_reservation_takes_no_more_entries_than_asked_for,
    fencing_tokens_grow_and_are_never_used_twice,
    a_lease_is_held_on_to_by_its_token_alone,
    a_newer_state_that_came_in_flight_is_sent_next,
    the_age_of_a_newer_state_does_not_count_from_the_one_that_was_confirmed,
    a_newer_state_keeps_its_window_after_the_flight,
    a_newer_state_waits_out_a_failure_that_is_not_its_own,
    a_newer_state_that_must_be_parked_is_not_sent_after_the_flight,
    a_retry_sends_what_is_newest_then,
    a_retry_waits_as_long_as_it_says,
    a_newer_state_does_not_wait_for_the_retry_of_an_older_one,
    only_failures_that_blame_the_entry_are_counted_and_a_newer_state_starts_anew,
    what_some_listings_took_is_kept_over_a_retry,
    a_cohort_is_kept_until_a_newer_state_comes,
    a_released_lease_comes_back_as_it_was,
    a_batch_of_settlements_is_answered_in_order,
    too_much_at_once_is_refused,
    lanes_do_not_see_each_other,
];

async fn a_lease_shows_all_that_a_worker_needs(h: &mut Harness) {
    h.relist("A", &[11, 12]).await;
    let change = Change { cause: Cause::Exchange, force: true, urgent: true, ..stock("A", 3, 0) };
    h.offer(change).await;
    let at = h.queue().now().await.unwrap();
    let leased = h.take_one().await;
    assert_eq!((leased.lease.lane, leased.lease.key.as_str(), leased.lease.version), (Lane::Stock, "A", 3));
    assert_eq!((leased.cause, leased.force, leased.urgent, leased.suspect), (Cause::Exchange, true, true, false));
    assert_eq!((leased.attempts, leased.cohort), (0, None));
    assert_eq!(leased.listings, [ListingId(11), ListingId(12)]);
    assert!(leased.confirmed.is_empty());
    assert!(at.since(leased.first_at) < Duration::from_secs(5));
}

async fn a_leased_entry_is_not_given_out_twice(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.take_one().await;
    h.take_none().await;
}

async fn entries_of_one_listing_go_together(h: &mut Harness) {
    for (sku, listing) in [("A1", 1), ("B1", 2), ("A2", 1), ("A3", 1)] {
        h.relist(sku, &[listing]).await;
        h.offer(stock(sku, 1, 1)).await;
        h.advance(MOMENT).await;
    }
    h.offer(Change { window: Duration::from_secs(60), ..stock("A3", 2, 2) }).await;
    // Its time has not come: it is left where it is.
    h.relist("A4", &[1]).await;
    h.offer(Change { window: Duration::from_secs(60), ..stock("A4", 1, 1) }).await;
    let taken = h.reserve(Lane::Stock, Class::Any, 500, 1).await;
    let mut keys: Vec<_> = taken.iter().map(|leased| leased.lease.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["A1", "A2", "A3"]);
    assert_eq!(h.take_keys().await, ["B1"]);
}

async fn a_reservation_touches_no_more_listings_than_asked_for(h: &mut Harness) {
    for nth in 0..6_u64 {
        let sku = format!("S{nth}");
        h.relist(&sku, &[nth]).await;
        h.offer(stock(&sku, 1, 1)).await;
        h.advance(MOMENT).await;
    }
    let taken = h.reserve(Lane::Stock, Class::Any, 500, 4).await;
    assert_eq!(taken.len(), 4);
    assert_eq!(h.take_keys().await, ["S4", "S5"]);
}

async fn a_reservation_takes_no_more_entries_than_asked_for(h: &mut Harness) {
    let changes: Vec<_> = (0..RESERVE_MAX as u64 + 20).map(|nth| product(&format!("P{nth}"), 1)).collect();
    h.offer_all(changes).await;
    assert_eq!(h.reserve(Lane::Product, Class::Any, 3, 1).await.len(), 3);
    assert_eq!(h.reserve(Lane::Product, Class::Any, 5000, 1).await.len(), RESERVE_MAX);
    assert_eq!(h.reserve(Lane::Product, Class::Any, 5000, 1).await.len(), 17);
}

async fn fencing_tokens_grow_and_are_never_used_twice(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let mut last = 0;
    for _ in 0..4 {
        let leased = h.take_one().await;
        assert!(leased.lease.token > last);
        last = leased.lease.token;
        h.settle(&leased, Outcome::Released).await;
        h.restart().await;
    }
}

async fn a_lease_is_held_on_to_by_its_token_alone(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let strange = LeaseRef { token: leased.lease.token + 100, ..leased.lease.clone() };
    let unknown = LeaseRef { key: "nobody".to_owned(), ..leased.lease.clone() };
    h.advance(LEASE / 2).await;
    let held = h.queue().extend(&h.shop, &[leased.lease.clone(), strange, unknown], LEASE).await.unwrap();
    assert_eq!(held, [true, false, false]);
    h.advance(LEASE - Duration::from_secs(5)).await;
    h.take_none().await;
    h.advance(Duration::from_secs(6)).await;
    let next = h.take_one().await;
    assert_eq!(h.queue().extend(&h.shop, &[leased.lease, next.lease], LEASE).await.unwrap(), [false, true]);
}

async fn a_newer_state_that_came_in_flight_is_sent_next(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let older = h.take_one().await;
    assert_eq!(h.offer(stock("A", 2, 2)).await, Answer::Coalesced);
    h.take_none().await;
    assert_eq!(h.confirm(&older).await, Settled::Replaced);
    let newer = h.take_one().await;
    assert_eq!((newer.lease.version, newer.payload.as_str(), newer.suspect), (2, r#"{"q":2}"#, false));
    assert_eq!(newer.confirmed, BTreeMap::from([(ListingId(1), "1".to_owned())]));
    assert_eq!(h.confirm(&newer).await, Settled::Kept);
    h.take_none().await;
}

async fn the_age_of_a_newer_state_does_not_count_from_the_one_that_was_confirmed(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.advance(Duration::from_secs(20)).await;
    let older = h.take_one().await;
    h.offer(stock("A", 2, 2)).await;
    h.confirm(&older).await;
    let newer = h.take_one().await;
    assert!(newer.first_at.since(older.first_at) >= Duration::from_secs(20));
}

async fn a_newer_state_keeps_its_window_after_the_flight(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let older = h.take_one().await;
    h.offer(Change { window: Duration::from_secs(10), ..stock("A", 2, 2) }).await;
    h.confirm(&older).await;
    h.take_none().await;
    h.advance(Duration::from_secs(10) + MOMENT).await;
    h.take_one().await;
}

async fn a_newer_state_waits_out_a_failure_that_is_not_its_own(h: &mut Harness) {
    h.relist("A", &[1]).await;
    for (version, outcome, waits) in
        [(1, retry(Duration::from_secs(9), false), true), (3, retry(Duration::from_secs(9), true), false)]
    {
        h.offer(stock("A", version, version)).await;
        let older = h.take_one().await;
        h.offer(stock("A", version + 1, 50)).await;
        assert_eq!(h.settle(&older, outcome).await, Settled::Replaced);
        if waits {
            h.take_none().await;
            h.advance(Duration::from_secs(9) + MOMENT).await;
        }
        let newer = h.take_one().await;
        assert_eq!((newer.lease.version, newer.attempts), (version + 1, 0));
        h.confirm(&newer).await;
    }
}

async fn a_newer_state_that_must_be_parked_is_not_sent_after_the_flight(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let older = h.take_one().await;
    let park = Some(ParkReason::CurrencyMismatch);
    assert_eq!(h.offer(Change { park, ..stock("A", 2, 2) }).await, Answer::Coalesced);
    assert_eq!(h.confirm(&older).await, Settled::Replaced);
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Parked);
}

async fn a_retry_sends_what_is_newest_then(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    assert_eq!(h.settle(&leased, retry(Duration::ZERO, true)).await, Settled::Kept);
    h.offer(stock("A", 2, 2)).await;
    assert_eq!(h.take_one().await.payload, r#"{"q":2}"#);
}

async fn a_retry_waits_as_long_as_it_says(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    h.settle(&leased, retry(Duration::from_secs(10), true)).await;
    h.advance(Duration::from_secs(9)).await;
    h.take_none().await;
    h.advance(Duration::from_secs(1) + MOMENT).await;
    assert_eq!(h.take_one().await.first_at, leased.first_at);
}

async fn a_newer_state_does_not_wait_for_the_retry_of_an_older_one(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    h.settle(&leased, retry(Duration::from_secs(600), true)).await;
    h.offer(stock("A", 2, 2)).await;
    assert_eq!(h.take_one().await.lease.version, 2);
}

async fn only_failures_that_blame_the_entry_are_counted_and_a_newer_state_starts_anew(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    for (blame, attempts) in [(false, 0), (true, 1), (false, 1), (true, 2)] {
        let leased = h.take_one().await;
        h.settle(&leased, retry(Duration::ZERO, blame)).await;
        let entry = h.stock_of("A").await.entry;
        assert_eq!(entry.attempts, attempts);
        assert_eq!(entry.fault, Some(fault("F")));
    }
    assert_eq!(h.take_one().await.attempts, 2);
    h.offer(stock("A", 2, 2)).await;
    assert_eq!(h.stock_of("A").await.entry.attempts, 0);
}

async fn what_some_listings_took_is_kept_over_a_retry(h: &mut Harness) {
    h.relist("A", &[1, 2]).await;
    h.offer(stock("A", 1, 7)).await;
    let leased = h.take_one().await;
    let one = Confirmed::from([(ListingId(1), "7".to_owned())]);
    let outcome =
        Outcome::Retry { after: Duration::ZERO, blame: true, fault: fault("F"), confirmed: one.clone(), cohort: None };
    h.settle(&leased, outcome).await;
    let leased = h.take_one().await;
    assert_eq!(leased.confirmed, one);
    h.confirm(&leased).await;
    assert_eq!(h.stock_of("A").await.confirmed.len(), 2);
}

async fn a_cohort_is_kept_until_a_newer_state_comes(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let cohort = Some(Cohort { id: 77, alone: true });
    let leased = h.take_one().await;
    let outcome =
        Outcome::Retry { after: Duration::ZERO, blame: false, fault: fault("F"), confirmed: Confirmed::new(), cohort };
    h.settle(&leased, outcome).await;
    let leased = h.take_one().await;
    assert_eq!(leased.cohort, cohort);
    h.settle(&leased, Outcome::Released).await;
    h.restart().await;
    let leased = h.take_one().await;
    assert_eq!(leased.cohort, cohort);
    h.offer(stock("A", 2, 2)).await;
    h.settle(&leased, Outcome::Released).await;
    assert_eq!(h.take_one().await.cohort, None);
}

async fn a_released_lease_comes_back_as_it_was(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(Change { force: true, ..stock("A", 1, 1) }).await;
    let leased = h.take_one().await;
    assert_eq!(h.settle(&leased, Outcome::Released).await, Settled::Kept);
    let again = h.take_one().await;
    assert_eq!((again.attempts, again.suspect, again.force), (0, false, true));
    assert_eq!((again.first_at, again.lease.version), (leased.first_at, 1));
}

async fn a_batch_of_settlements_is_answered_in_order(h: &mut Harness) {
    h.offer_all((0..3).map(|nth| product(&format!("P{nth}"), 1)).collect()).await;
    let mut taken = h.reserve(Lane::Product, Class::Any, 3, 1).await;
    taken.sort_by(|a, b| a.lease.key.cmp(&b.lease.key));
    h.offer(product("P1", 2)).await;
    let mut ends: Vec<_> = taken.iter().map(|leased| (leased.lease.clone(), parked(ParkReason::Audit))).collect();
    ends[2].0.token += 1000;
    let settled = h.queue().settle(&h.shop, ends).await.unwrap();
    assert_eq!(settled, [Settled::Kept, Settled::Replaced, Settled::Lost]);
}

async fn too_much_at_once_is_refused(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let ends = vec![(leased.lease.clone(), Outcome::Released); PAGE_MAX + 1];
    assert!(matches!(h.queue().settle(&h.shop, ends).await, Err(QueueError::TooMuch(_))));
    let leases = vec![leased.lease; PAGE_MAX + 1];
    assert!(matches!(h.queue().extend(&h.shop, &leases, LEASE).await, Err(QueueError::TooMuch(_))));
    let keys = vec!["A".to_owned(); PAGE_MAX + 1];
    assert!(matches!(h.queue().pending(&h.shop, Lane::Stock, &keys).await, Err(QueueError::TooMuch(_))));
    let skus = vec!["A".parse().unwrap(); PAGE_MAX + 1];
    assert!(matches!(h.queue().listings(&h.shop, &skus).await, Err(QueueError::TooMuch(_))));
    let which = aligate::queue::Which::Keys(keys);
    assert!(matches!(h.queue().redrive(&h.shop, Lane::Stock, &which).await, Err(QueueError::TooMuch(_))));
    assert!(matches!(h.queue().discard(&h.shop, Lane::Stock, &which).await, Err(QueueError::TooMuch(_))));
    assert!(matches!(h.queue().forget(&h.shop, Lane::Stock, &which, false).await, Err(QueueError::TooMuch(_))));
}

async fn lanes_do_not_see_each_other(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer_all(vec![stock("A", 5, 1), Change { lane: Lane::Price, ..stock("A", 3, 2) }]).await;
    assert_eq!(h.take_one().await.lease.version, 5);
    let prices = h.reserve(Lane::Price, Class::Any, 10, 10).await;
    assert_eq!((prices.len(), prices[0].lease.version), (1, 3));
}
