//! Parked, held, awaiting and dead: nothing is lost there, everything says why.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::{Answer, Change, Class, Outcome, ParkReason, Place, Settled, Which};

use super::harness::{Harness, LEASE, MOMENT, fault, parked, product, retry, stock, unknown};

contract![
    nothing_accepted_is_lost_whatever_becomes_of_it,
    a_state_of_the_wrong_currency_is_parked_until_a_newer_one_comes,
    a_parked_outcome_parks_with_its_reason,
    parked_entries_are_released_by_their_reason,
    what_has_no_listing_yet_is_not_released,
    an_awaiting_entry_coalesces_and_is_ended_by_its_lease,
    a_newer_state_of_an_awaiting_entry_goes_after_the_verdict,
    an_awaiting_entry_comes_back_when_it_is_time_to_ask,
    a_dead_letter_is_closed_by_a_newer_state,
    a_redriven_dead_letter_sends_the_newest_state_with_attempts_from_zero,
    a_redrive_takes_the_keys_it_is_given_and_no_others,
    a_discarded_dead_letter_is_idle_and_nothing_is_confirmed,
    a_tampered_entry_is_quarantined_and_never_sent,
    a_tampered_entry_does_not_hide_those_behind_it,
    a_tampered_state_is_not_pending,
];

async fn nothing_accepted_is_lost_whatever_becomes_of_it(h: &mut Harness) {
    let outcomes = [
        (retry(LEASE, true), Place::Due),
        (unknown(LEASE), Place::Due),
        (Outcome::Released, Place::Due),
        (parked(ParkReason::Audit), Place::Parked),
        (Outcome::Held { detail: "guard".to_owned() }, Place::Held),
        (Outcome::Awaiting { handle: "task".to_owned(), check_after: LEASE }, Place::Awaiting),
        (Outcome::Dead { fault: fault("F") }, Place::Dead),
    ];
    for (nth, (outcome, place)) in outcomes.into_iter().enumerate() {
        let key = format!("P{nth}");
        h.offer(product(&key, 1)).await;
        let leased = h.reserve(Lane::Product, Class::Any, 9, 1).await.remove(0);
        assert_eq!(leased.lease.key, key);
        assert_eq!(h.settle(&leased, outcome).await, Settled::Kept);
        h.restart().await;
        let page = h.queue().list(&h.shop, Lane::Product, place, None, 10).await.unwrap();
        let found = page.items.iter().find(|entry| entry.key == key).unwrap();
        assert_eq!((found.place, found.payload.as_str()), (place, r#"{"q":1}"#));
        assert!(place == Place::Due || found.fault.is_some(), "{found:?} does not say why");
        if place == Place::Due {
            h.offer(Change { park: Some(ParkReason::Audit), ..product(&key, 2) }).await;
        }
    }
}

async fn a_state_of_the_wrong_currency_is_parked_until_a_newer_one_comes(h: &mut Harness) {
    h.relist("A", &[1]).await;
    let price = |version| Change { lane: Lane::Price, ..stock("A", version, version) };
    let wrong = Change { park: Some(ParkReason::CurrencyMismatch), ..price(1) };
    assert_eq!(h.offer(wrong).await, Answer::Parked);
    assert!(h.reserve(Lane::Price, Class::Any, 9, 9).await.is_empty());
    let stats = h.queue().stats(&h.shop).await.unwrap()[&Lane::Price].clone();
    assert_eq!((stats.parked[&ParkReason::CurrencyMismatch], stats.depth, stats.oldest_age_ms), (1, 0, 0));
    assert_eq!(h.offer(price(2)).await, Answer::Coalesced);
    assert_eq!(h.reserve(Lane::Price, Class::Any, 9, 9).await[0].lease.version, 2);
}

async fn a_parked_outcome_parks_with_its_reason(h: &mut Harness) {
    h.offer(product("P", 1)).await;
    let leased = h.reserve(Lane::Product, Class::Any, 9, 1).await.remove(0);
    h.settle(&leased, parked(ParkReason::MappingMissing)).await;
    let entry = h.queue().trace(&h.shop, "P").await.unwrap().remove(0).entry;
    let why = entry.fault.unwrap();
    assert_eq!((why.code.as_str(), why.detail.as_str()), ("mapping_missing", "why"));
    assert!(entry.since_ms.is_some() && entry.due_at_ms.is_none());
}

async fn parked_entries_are_released_by_their_reason(h: &mut Harness) {
    let park = |key, reason| Change { park: Some(reason), ..product(key, 1) };
    let (audit, mapping) = (ParkReason::Audit, ParkReason::MappingMissing);
    h.offer_all(vec![park("P1", audit), park("P2", mapping), park("P3", audit)]).await;
    assert_eq!(h.queue().release(&h.shop, Lane::Product, audit).await.unwrap(), 2);
    assert_eq!(h.queue().release(&h.shop, Lane::Product, audit).await.unwrap(), 0);
    let mut keys: Vec<_> =
        h.reserve(Lane::Product, Class::Any, 9, 1).await.into_iter().map(|leased| leased.lease.key).collect();
    keys.sort();
    assert_eq!(keys, ["P1", "P3"]);
}

async fn what_has_no_listing_yet_is_not_released(h: &mut Harness) {
    h.offer(stock("A", 1, 1)).await;
    assert_eq!(h.queue().release(&h.shop, Lane::Stock, ParkReason::NoListing).await.unwrap(), 0);
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Parked);
}

async fn an_awaiting_entry_coalesces_and_is_ended_by_its_lease(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let outcome = Outcome::Awaiting { handle: "task-9".to_owned(), check_after: Duration::from_secs(600) };
    h.settle(&leased, outcome).await;
    // Its lease does not run out: the verdict has its own time.
    h.advance(2 * LEASE).await;
    h.take_none().await;
    assert_eq!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].awaiting, 1);
    assert_eq!(h.confirm(&leased).await, Settled::Kept);
    assert_eq!(h.place_of("A").await, Place::Idle);
}

async fn a_newer_state_of_an_awaiting_entry_goes_after_the_verdict(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let outcome = Outcome::Awaiting { handle: "task-9".to_owned(), check_after: Duration::from_secs(600) };
    h.settle(&leased, outcome).await;
    assert_eq!(h.offer(stock("A", 2, 2)).await, Answer::Coalesced);
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Awaiting);
    assert_eq!(h.confirm(&leased).await, Settled::Replaced);
    assert_eq!(h.take_one().await.lease.version, 2);
}

async fn an_awaiting_entry_comes_back_when_it_is_time_to_ask(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let outcome = Outcome::Awaiting { handle: "task-9".to_owned(), check_after: Duration::from_secs(600) };
    h.settle(&leased, outcome).await;
    let entry = h.stock_of("A").await.entry;
    assert!(entry.due_at_ms.is_some());
    assert_eq!(entry.fault.unwrap().detail, "task-9");
    h.restart().await;
    h.advance(Duration::from_secs(600) + MOMENT).await;
    assert!(!h.take_one().await.suspect);
}

async fn a_dead_letter_is_closed_by_a_newer_state(h: &mut Harness) {
    h.have_dead("A", 1, 1).await;
    h.advance(Duration::from_secs(5)).await;
    assert_eq!(h.offer(stock("A", 2, 2)).await, Answer::Enqueued);
    assert_eq!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].dead, 0);
    let leased = h.take_one().await;
    let age = h.queue().now().await.unwrap().since(leased.first_at);
    assert_eq!((leased.lease.version, leased.attempts), (2, 0));
    assert!(age < Duration::from_secs(4), "the age starts anew, not at {age:?}");
}

async fn a_redriven_dead_letter_sends_the_newest_state_with_attempts_from_zero(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    h.settle(&leased, retry(Duration::ZERO, true)).await;
    let leased = h.take_one().await;
    h.settle(&leased, Outcome::Dead { fault: fault("REFUSED") }).await;
    let page = h.queue().list(&h.shop, Lane::Stock, Place::Dead, None, 10).await.unwrap();
    assert_eq!((page.items[0].attempts, page.items[0].fault.clone()), (1, Some(fault("REFUSED"))));
    h.take_none().await;
    assert_eq!(h.queue().redrive(&h.shop, Lane::Stock, &Which::All).await.unwrap(), 1);
    assert_eq!(h.queue().redrive(&h.shop, Lane::Stock, &Which::All).await.unwrap(), 0);
    let leased = h.take_one().await;
    assert_eq!((leased.lease.version, leased.attempts), (1, 0));
}

async fn a_redrive_takes_the_keys_it_is_given_and_no_others(h: &mut Harness) {
    h.have_dead("A", 1, 1).await;
    h.have_dead("B", 1, 1).await;
    h.have_confirmed("C", 1, 1).await;
    let which = Which::Keys(["B", "C", "nobody", "B"].map(str::to_owned).to_vec());
    assert_eq!(h.queue().redrive(&h.shop, Lane::Stock, &which).await.unwrap(), 1);
    assert_eq!(h.take_keys().await, ["B"]);
    assert_eq!(h.place_of("A").await, Place::Dead);
}

async fn a_discarded_dead_letter_is_idle_and_nothing_is_confirmed(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    let leased = h.take_one().await;
    h.settle(&leased, Outcome::Dead { fault: fault("F") }).await;
    assert_eq!(h.queue().discard(&h.shop, Lane::Stock, &Which::All).await.unwrap(), 1);
    assert_eq!(h.queue().discard(&h.shop, Lane::Stock, &Which::All).await.unwrap(), 0);
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Idle);
    assert_eq!(h.offer(stock("A", 2, 9)).await, Answer::Stale(2), "the version is kept");
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Enqueued);
}

async fn a_tampered_entry_is_quarantined_and_never_sent(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.tamper(Lane::Stock, "A", r#"{"q":999}"#).await;
    h.take_none().await;
    let entry = h.stock_of("A").await.entry;
    assert_eq!((entry.place, entry.fault.unwrap().code.as_str()), (Place::Dead, "tampered"));
    h.queue().redrive(&h.shop, Lane::Stock, &Which::All).await.unwrap();
    h.take_none().await;
    // What the shop says next is its own again.
    assert_eq!(h.offer(stock("A", 2, 2)).await, Answer::Enqueued);
    assert_eq!(h.take_one().await.payload, r#"{"q":2}"#);
}

async fn a_tampered_entry_does_not_hide_those_behind_it(h: &mut Harness) {
    for key in ["P1", "P2"] {
        h.offer(product(key, 1)).await;
        h.advance(MOMENT).await;
    }
    h.tamper(Lane::Product, "P1", "{}").await;
    let taken = h.reserve(Lane::Product, Class::Any, 1, 1).await;
    assert_eq!(taken.iter().map(|leased| leased.lease.key.as_str()).collect::<Vec<_>>(), ["P2"]);
}

async fn a_tampered_state_is_not_pending(h: &mut Harness) {
    h.offer(product("P", 1)).await;
    h.tamper(Lane::Product, "P", "{}").await;
    let pending = h.queue().pending(&h.shop, Lane::Product, &["P".to_owned()]).await.unwrap();
    assert_eq!(pending, [None]);
    assert_eq!(h.offer(Change { base: Some(0), ..product("P", 2) }).await, Answer::Coalesced);
}
