//! A no-op costs nothing, and the traps in that: a state is `unchanged` only when AliExpress surely has it.

use aligate::domain::{Lane, ListingId};
use aligate::queue::{Answer, Confirmed, Outcome, Place, Settled, Which};

use super::harness::{Harness, LEASE, MOMENT, fault, product, stock, unknown};

contract![
    a_state_that_aliexpress_has_is_not_sent_again,
    an_unchanged_state_advances_the_version,
    an_unchanged_state_closes_what_was_queued_wherever_it_was,
    a_confirmed_b_in_flight_then_a_again_is_sent,
    a_state_that_is_awaited_makes_nothing_unchanged,
    a_suspect_key_is_never_unchanged,
    what_aliexpress_moved_itself_is_forgotten_and_sent,
    a_changed_rule_forgets_and_sends_again,
    what_was_forgotten_in_flight_is_not_confirmed_by_that_flight,
    a_state_is_unchanged_only_when_every_listing_has_it,
    a_lane_without_listings_is_never_unchanged,
    forgetting_a_lane_leaves_the_others_alone,
];

async fn a_state_that_aliexpress_has_is_not_sent_again(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    assert_eq!(h.offer(stock("A", 2, 7)).await, Answer::Unchanged);
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Idle);
}

async fn an_unchanged_state_advances_the_version(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 5, 7)).await;
    assert_eq!(h.offer(stock("A", 4, 8)).await, Answer::Stale(5));
    let entry = h.stock_of("A").await.entry;
    assert_eq!((entry.version, entry.payload.as_str()), (5, r#"{"q":7}"#));
}

async fn an_unchanged_state_closes_what_was_queued_wherever_it_was(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Unchanged);
    h.take_none().await;
    for (version, outcome) in [
        (4, Outcome::Held { detail: String::new() }),
        (6, Outcome::Dead { fault: fault("F") }),
        (8, super::harness::parked(aligate::queue::ParkReason::Audit)),
    ] {
        h.offer(stock("A", version, 8)).await;
        let leased = h.take_one().await;
        h.settle(&leased, outcome).await;
        assert_ne!(h.place_of("A").await, Place::Idle);
        assert_eq!(h.offer(stock("A", version + 1, 7)).await, Answer::Unchanged);
        let entry = h.stock_of("A").await.entry;
        assert_eq!((entry.place, entry.fault, entry.first_at_ms), (Place::Idle, None, None));
    }
}

async fn a_confirmed_b_in_flight_then_a_again_is_sent(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    let b = h.take_one().await;
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Coalesced);
    assert_eq!(h.confirm(&b).await, Settled::Replaced);
    let a = h.take_one().await;
    assert_eq!(a.payload, r#"{"q":7}"#);
    assert_eq!(a.confirmed.values().next().unwrap(), "8", "what the older state left there is known");
    h.confirm(&a).await;
    assert_eq!(h.offer(stock("A", 4, 7)).await, Answer::Unchanged);
}

async fn a_state_that_is_awaited_makes_nothing_unchanged(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    let b = h.take_one().await;
    h.settle(&b, Outcome::Awaiting { handle: "task".to_owned(), check_after: LEASE }).await;
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Coalesced);
}

async fn a_suspect_key_is_never_unchanged(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    let b = h.take_one().await;
    h.settle(&b, unknown(MOMENT)).await;
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Coalesced, "8 may still land");
    h.advance(2 * MOMENT).await;
    assert_eq!(h.take_one().await.payload, r#"{"q":7}"#);
}

async fn what_aliexpress_moved_itself_is_forgotten_and_sent(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.queue().forget(&h.shop, Lane::Stock, &Which::Keys(vec!["A".to_owned()]), false).await.unwrap();
    h.take_none().await;
    assert_eq!(h.offer(stock("A", 2, 7)).await, Answer::Enqueued);
    assert!(h.take_one().await.confirmed.is_empty());
}

async fn a_changed_rule_forgets_and_sends_again(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.have_confirmed("B", 1, 7).await;
    h.queue().forget(&h.shop, Lane::Stock, &Which::All, true).await.unwrap();
    let mut keys = h.take_keys().await;
    keys.sort();
    assert_eq!(keys, ["A", "B"]);
}

async fn what_was_forgotten_in_flight_is_not_confirmed_by_that_flight(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    let leased = h.take_one().await;
    h.queue().forget(&h.shop, Lane::Stock, &Which::Keys(vec!["A".to_owned()]), false).await.unwrap();
    assert_eq!(h.confirm(&leased).await, Settled::Kept);
    assert_eq!(h.offer(stock("A", 3, 8)).await, Answer::Enqueued, "AliExpress sold one after 8 had landed");
}

async fn a_state_is_unchanged_only_when_every_listing_has_it(h: &mut Harness) {
    h.relist("A", &[1, 2]).await;
    h.offer(stock("A", 1, 7)).await;
    let leased = h.take_one().await;
    let confirmed = Confirmed::from([(ListingId(1), "7".to_owned())]);
    h.settle(&leased, Outcome::Done { confirmed }).await;
    assert_eq!(h.offer(stock("A", 2, 7)).await, Answer::Enqueued);
    let leased = h.take_one().await;
    h.confirm(&leased).await;
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Unchanged);
}

async fn a_lane_without_listings_is_never_unchanged(h: &mut Harness) {
    for version in 1..=2 {
        let change = aligate::queue::Change { rendered: Some("same".to_owned()), ..product("P", version) };
        assert_eq!(h.offer(change).await, Answer::Enqueued);
        let leased = h.reserve(Lane::Product, aligate::queue::Class::Any, 1, 1).await.remove(0);
        assert!(leased.listings.is_empty());
        h.confirm(&leased).await;
    }
}

async fn forgetting_a_lane_leaves_the_others_alone(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.queue().forget(&h.shop, Lane::Price, &Which::All, true).await.unwrap();
    h.queue().forget(&h.other, Lane::Stock, &Which::All, true).await.unwrap();
    assert_eq!(h.offer(stock("A", 2, 7)).await, Answer::Unchanged);
}
