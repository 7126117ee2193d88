//! Held for a person: what stays, what goes on, and what a decision does.

use std::time::Duration;

use aligate::domain::{Cause, Lane};
use aligate::queue::{Answer, Change, Class, DISCARDED, Decision, Outcome, Place, Settled, Which};

use super::harness::{Harness, LEASE, MOMENT, listing_of, product, retry, stock};

contract![
    a_held_entry_keeps_the_newest_of_states_that_fall_too,
    a_held_key_goes_on_with_a_state_that_does_not_fall_or_that_an_order_caused,
    what_an_order_sold_out_stays_so_whoever_says_it_once_more,
    a_key_that_was_held_says_so_until_that_is_settled,
    what_is_confirmed_is_due_as_if_it_had_just_come,
    what_is_discarded_rests_with_what_aliexpress_has,
    a_decision_is_of_one_lane_and_can_be_said_again,
    held_entries_outlive_a_restart_and_raise_no_age,
    a_postponed_entry_is_due_later_as_if_it_had_not_been_taken,
];

fn zero(sku: &str, version: u64) -> Change {
    Change { urgent: true, cause: Cause::Exchange, ..stock(sku, version, 0) }
}

/// A SKU with 7 pieces on AliExpress whose zero is held.
async fn held(h: &Harness, sku: &str) {
    h.have_confirmed(sku, 1, 7).await;
    h.offer(zero(sku, 2)).await;
    let leased = h.take_one().await;
    assert!(!leased.was_held);
    assert_eq!(h.settle(&leased, Outcome::Held { detail: "too many zeros".to_owned() }).await, Settled::Kept);
}

async fn a_held_entry_keeps_the_newest_of_states_that_fall_too(h: &mut Harness) {
    held(h, "A").await;
    assert_eq!(h.offer(Change { force: true, ..zero("A", 3) }).await, Answer::Parked);
    h.take_none().await;
    let entry = h.stock_of("A").await.entry;
    assert!(entry.is_withheld());
    assert_eq!((entry.place, entry.version, entry.fault.unwrap().detail.as_str()), (Place::Held, 3, "too many zeros"));
    assert_eq!(h.offer(zero("A", 3)).await, Answer::Stale(3));
}

async fn a_held_key_goes_on_with_a_state_that_does_not_fall_or_that_an_order_caused(h: &mut Harness) {
    for sku in ["A", "B", "C"] {
        held(h, sku).await;
    }
    h.advance(Duration::from_secs(3600)).await;
    assert_eq!(h.offer(stock("A", 3, 5)).await, Answer::Coalesced);
    assert_eq!(h.offer(Change { cause: Cause::Order, ..zero("B", 3) }).await, Answer::Coalesced);
    assert_eq!(h.offer(stock("C", 3, 7)).await, Answer::Unchanged, "AliExpress has it");
    let now = h.queue().now().await.unwrap();
    for leased in h.take().await {
        assert!(now.since(leased.first_at) < Duration::from_secs(1800), "its age starts anew");
        assert_eq!(h.confirm(&leased).await, Settled::Kept);
    }
    assert_eq!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].held, 0);
    for sku in ["A", "B", "C"] {
        assert_eq!((h.place_of(sku).await, h.stock_of(sku).await.entry.fault), (Place::Idle, None));
    }
}

async fn what_an_order_sold_out_stays_so_whoever_says_it_once_more(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(Change { cause: Cause::Order, ..zero("A", 2) }).await;
    assert_eq!(h.offer(zero("A", 3)).await, Answer::Coalesced);
    let leased = h.take_one().await;
    assert_eq!((leased.cause, leased.lease.version), (Cause::Order, 3));
    // With another state in between it is the exchange's own.
    h.offer(stock("A", 4, 5)).await;
    h.offer(zero("A", 5)).await;
    assert_eq!(h.confirm(&leased).await, Settled::Replaced);
    assert_eq!(h.take_one().await.cause, Cause::Exchange);
}

async fn a_key_that_was_held_says_so_until_that_is_settled(h: &mut Harness) {
    held(h, "A").await;
    h.offer(stock("A", 3, 5)).await;
    let leased = h.take_one().await;
    assert!(leased.was_held);
    h.settle(&leased, Outcome::Postponed { after: Duration::ZERO }).await;
    h.offer(stock("A", 4, 4)).await;
    let leased = h.take_one().await;
    assert!(leased.was_held, "a newer state changes nothing of that");
    // One that comes while it is sent is judged by itself.
    h.offer(zero("A", 5)).await;
    assert_eq!(h.confirm(&leased).await, Settled::Replaced);
    let leased = h.take_one().await;
    assert!(!leased.was_held);
    h.settle(&leased, retry(Duration::ZERO, false)).await;
    assert!(!h.take_one().await.was_held);
}

async fn what_is_confirmed_is_due_as_if_it_had_just_come(h: &mut Harness) {
    held(h, "A").await;
    h.advance(Duration::from_secs(30 * 86_400)).await;
    assert_eq!(h.queue().decide(&h.shop, Lane::Stock, Decision::Confirm).await.unwrap(), 1);
    let leased = h.take_one().await;
    assert_eq!((leased.cause, leased.was_held, leased.attempts), (Cause::Decision, false, 0));
    let age = h.queue().now().await.unwrap().since(leased.first_at);
    assert!(age < Duration::from_secs(86_400), "what is held grows no older: {age:?}");
    // It stays a decision however often it has to be tried, over a restart too.
    h.settle(&leased, retry(Duration::ZERO, true)).await;
    h.restart().await;
    let leased = h.take_one().await;
    assert_eq!(leased.cause, Cause::Decision);
    assert_eq!(h.confirm(&leased).await, Settled::Kept);
    let history: Vec<String> = h.stock_of("A").await.history.into_iter().map(|line| line.what).collect();
    assert_eq!(&history[..4], ["confirmed", "retry", "guard_confirmed", "held"]);
    h.offer(stock("A", 3, 1)).await;
    assert_eq!(h.take_one().await.cause, Cause::Edit, "the next state has its own cause");
}

async fn what_is_discarded_rests_with_what_aliexpress_has(h: &mut Harness) {
    held(h, "A").await;
    assert_eq!(h.queue().decide(&h.shop, Lane::Stock, Decision::Discard).await.unwrap(), 1);
    h.take_none().await;
    let trace = h.stock_of("A").await;
    assert_eq!(trace.confirmed.values().collect::<Vec<_>>(), ["7"]);
    assert_eq!((trace.entry.place, trace.entry.version), (Place::Idle, 2));
    assert!(trace.entry.is_withheld());
    assert_eq!(trace.entry.fault.unwrap().code, DISCARDED);
    assert_eq!(trace.history[0].what, "guard_discarded");
    // Doubts about what AliExpress has are no reason to send it.
    h.queue().forget(&h.shop, Lane::Stock, &Which::All, true).await.unwrap();
    h.relist("A", &[listing_of("A"), 9]).await;
    h.take_none().await;
    h.relist("A", &[listing_of("A")]).await;
    assert_eq!(h.offer(zero("A", 2)).await, Answer::Stale(2));
    assert_eq!(h.offer(zero("A", 4)).await, Answer::Enqueued);
    assert!(!h.stock_of("A").await.entry.is_withheld());
    assert!(!h.take_one().await.was_held, "it is judged anew");
}

async fn a_decision_is_of_one_lane_and_can_be_said_again(h: &mut Harness) {
    held(h, "A").await;
    h.offer(product("P", 1)).await;
    let leased = h.reserve(Lane::Product, Class::Any, 1, 1).await.remove(0);
    h.settle(&leased, Outcome::Held { detail: "too many".to_owned() }).await;
    h.have_dead("D", 1, 1).await;
    for expected in [1, 0] {
        assert_eq!(h.queue().decide(&h.shop, Lane::Stock, Decision::Confirm).await.unwrap(), expected);
    }
    for expected in [1, 0] {
        assert_eq!(h.queue().decide(&h.shop, Lane::Product, Decision::Discard).await.unwrap(), expected);
    }
    assert_eq!(h.queue().decide(&h.other, Lane::Stock, Decision::Discard).await.unwrap(), 0);
    assert_eq!(h.take_keys().await, ["A"]);
    assert_eq!(h.place_of("D").await, Place::Dead);
}

async fn held_entries_outlive_a_restart_and_raise_no_age(h: &mut Harness) {
    held(h, "A").await;
    h.advance(Duration::from_secs(86_400)).await;
    h.restart().await;
    h.take_none().await;
    let stats = h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].clone();
    assert_eq!((stats.held, stats.depth, stats.oldest_age_ms), (1, 0, 0));
    let page = h.queue().list(&h.shop, Lane::Stock, Place::Held, None, 10).await.unwrap();
    assert_eq!(page.items[0].cause, Cause::Exchange);
    assert!(page.items[0].since_ms.is_some());
}

async fn a_postponed_entry_is_due_later_as_if_it_had_not_been_taken(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(zero("A", 2)).await;
    let leased = h.take_one().await;
    assert_eq!(h.settle(&leased, Outcome::Postponed { after: Duration::from_secs(3) }).await, Settled::Kept);
    h.take_none().await;
    h.advance(Duration::from_secs(3) + MOMENT).await;
    let again = h.reserve(Lane::Stock, Class::Urgent, 9, 9).await.remove(0);
    assert_eq!((again.attempts, again.suspect, again.first_at), (0, false, leased.first_at));
    assert!(h.stock_of("A").await.history.iter().all(|line| line.what == "confirmed"), "nothing happened to it");
    // One whose lease was lost meanwhile is not the worse for it.
    h.advance(LEASE + MOMENT).await;
    let newer = h.take_one().await;
    assert_eq!(h.settle(&again, Outcome::Postponed { after: LEASE }).await, Settled::Lost);
    assert_eq!(h.confirm(&newer).await, Settled::Kept);
}
