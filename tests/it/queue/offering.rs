//! What becomes of a delivery: coalescing, order, duplicates, ownership, bases, several shops.

use std::time::Duration;

use aligate::domain::{Lane, ProductId};
use aligate::queue::{Answer, Change, Class, Delivery, Ownership, ParkReason, Place, QueueError, Receipt};

use super::harness::{Harness, LEASE, MOMENT, product, retry, stock};

contract![
    an_accepted_state_survives_the_end_of_the_process,
    many_states_of_a_key_become_one_entry_with_the_newest,
    a_then_b_then_a_ends_at_a,
    coalescing_keeps_the_place_in_line_and_the_time_of_the_first_state,
    a_window_waits_for_a_newer_state_and_is_not_prolonged_by_it,
    an_urgent_state_waits_for_no_window_and_goes_first,
    the_next_state_of_an_urgent_key_that_is_not_urgent_goes_with_the_others,
    urgent_states_take_along_what_is_due_of_their_listings_and_nothing_else,
    those_taken_along_leave_no_urgent_state_behind,
    a_delivery_is_taken_once,
    an_id_used_for_another_body_is_reused,
    a_delivery_is_forgotten_when_its_time_is_over,
    an_id_that_is_used_anew_after_its_time_is_remembered_anew,
    a_delivery_that_comes_twice_in_one_batch_is_taken_once,
    every_one_of_many_deliveries_is_remembered,
    shops_do_not_share_delivery_ids,
    a_stale_state_is_told_the_version_held,
    an_older_state_in_the_same_delivery_is_stale,
    a_confirmed_state_still_makes_older_ones_stale,
    a_deletion_is_taken_only_from_the_owner_of_the_sku,
    an_older_claim_takes_no_sku_away,
    a_conflicting_base_takes_nothing_of_the_delivery,
    a_base_holds_while_the_pending_state_is_the_one_read,
    shops_in_one_batch_stand_apart,
    keys_and_ids_out_of_bounds_are_refused,
    the_generation_is_the_same_after_a_restart,
    a_forced_state_stays_forced_until_it_is_sent,
];

async fn an_accepted_state_survives_the_end_of_the_process(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 5)).await;
    h.restart().await;
    assert_eq!(h.take_one().await.payload, r#"{"q":5}"#);
    // And so does the lease.
    h.restart().await;
    h.take_none().await;
    h.advance(LEASE + MOMENT).await;
    assert_eq!(h.take_one().await.lease.version, 1);
}

async fn many_states_of_a_key_become_one_entry_with_the_newest(h: &mut Harness) {
    h.relist("A", &[1]).await;
    assert_eq!(h.offer(stock("A", 1, 5)).await, Answer::Enqueued);
    for version in 2..=20 {
        assert_eq!(h.offer(stock("A", version, version)).await, Answer::Coalesced);
    }
    let leased = h.take_one().await;
    assert_eq!((leased.lease.version, leased.payload.as_str()), (20, r#"{"q":20}"#));
    assert_eq!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].kept, 1);
}

async fn a_then_b_then_a_ends_at_a(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.offer(stock("A", 2, 8)).await;
    assert_eq!(h.offer(stock("A", 3, 7)).await, Answer::Unchanged);
    h.take_none().await;
    assert_eq!(h.stock_of("A").await.confirmed.values().next().unwrap(), "7");
    assert_eq!(h.offer(stock("A", 3, 9)).await, Answer::Stale(3));
}

async fn coalescing_keeps_the_place_in_line_and_the_time_of_the_first_state(h: &mut Harness) {
    for sku in ["A", "B"] {
        h.relist(sku, &[u64::from(sku.as_bytes()[0])]).await;
    }
    h.offer(stock("A", 1, 1)).await;
    let first = h.stock_of("A").await.entry.first_at_ms;
    h.advance(Duration::from_secs(1)).await;
    h.offer(stock("B", 1, 1)).await;
    h.advance(Duration::from_secs(1)).await;
    h.offer(stock("A", 2, 2)).await;
    assert_eq!(h.stock_of("A").await.entry.first_at_ms, first);
    assert_eq!(h.take_keys().await, ["A", "B"]);
}

async fn a_window_waits_for_a_newer_state_and_is_not_prolonged_by_it(h: &mut Harness) {
    let window = Duration::from_secs(10);
    h.relist("A", &[1]).await;
    h.offer(Change { window, ..stock("A", 1, 1) }).await;
    h.advance(Duration::from_secs(6)).await;
    h.offer(Change { window, ..stock("A", 2, 2) }).await;
    h.take_none().await;
    h.advance(Duration::from_secs(4) + MOMENT).await;
    assert_eq!(h.take_one().await.lease.version, 2);
}

async fn an_urgent_state_waits_for_no_window_and_goes_first(h: &mut Harness) {
    let window = Duration::from_secs(10);
    for sku in ["A", "B", "C"] {
        h.relist(sku, &[u64::from(sku.as_bytes()[0])]).await;
    }
    h.offer(stock("A", 1, 1)).await;
    h.advance(Duration::from_secs(1)).await;
    h.offer(Change { window, ..stock("B", 1, 1) }).await;
    h.offer(Change { window, ..stock("C", 1, 1) }).await;
    h.offer(Change { window, urgent: true, ..stock("B", 2, 0) }).await;
    let taken = h.take().await;
    let keys: Vec<_> = taken.iter().map(|leased| (leased.lease.key.as_str(), leased.urgent)).collect();
    assert_eq!(keys, [("B", true), ("A", false)]);
}

async fn the_next_state_of_an_urgent_key_that_is_not_urgent_goes_with_the_others(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(Change { urgent: true, ..stock("A", 1, 0) }).await;
    h.offer(Change { window: Duration::from_secs(10), ..stock("A", 2, 4) }).await;
    assert!(h.reserve(Lane::Stock, Class::Urgent, 10, 10).await.is_empty());
    // It was due already, and stays so.
    assert!(!h.take_one().await.urgent);
}

async fn urgent_states_take_along_what_is_due_of_their_listings_and_nothing_else(h: &mut Harness) {
    for (sku, listing) in [("A", 1), ("B", 1), ("C", 2), ("D", 3)] {
        h.relist(sku, &[listing]).await;
    }
    let zero = |sku, version| Change { urgent: true, ..stock(sku, version, 0) };
    h.offer_all(vec![stock("A", 1, 1), zero("B", 1), stock("C", 1, 1), zero("D", 1)]).await;
    let taken = h.reserve(Lane::Stock, Class::Urgent, 10, 10).await;
    let keys: Vec<_> = taken.iter().map(|leased| leased.lease.key.as_str()).collect();
    assert_eq!(keys, ["B", "D", "A"], "urgent ones first, then those of their listings");
    assert_eq!(h.take_keys().await, ["C"]);
}

async fn those_taken_along_leave_no_urgent_state_behind(h: &mut Harness) {
    for (sku, listing) in [("A", 1), ("B", 1), ("C", 2)] {
        h.relist(sku, &[listing]).await;
    }
    let zero = |sku, version| Change { urgent: true, ..stock(sku, version, 0) };
    h.offer_all(vec![stock("A", 1, 1), zero("B", 1), zero("C", 1)]).await;
    let taken = h.reserve(Lane::Stock, Class::Urgent, 2, 10).await;
    assert!(taken.iter().all(|leased| leased.urgent), "{taken:?}");
    assert_eq!(taken.len(), 2);
}

async fn a_delivery_is_taken_once(h: &mut Harness) {
    h.relist("A", &[1]).await;
    let delivery = h.delivery(vec![stock("A", 1, 1)]);
    assert_eq!(h.deliver(delivery.clone()).await, Receipt::Taken(vec![Answer::Enqueued]));
    assert_eq!(h.deliver(delivery.clone()).await, Receipt::Duplicate);
    h.restart().await;
    assert_eq!(h.deliver(delivery).await, Receipt::Duplicate);
    assert_eq!(h.take_one().await.lease.version, 1);
}

async fn an_id_used_for_another_body_is_reused(h: &mut Harness) {
    let delivery = h.delivery(vec![stock("A", 1, 1)]);
    h.deliver(delivery.clone()).await;
    let other = Delivery { digest: [8; 32], changes: vec![stock("B", 1, 1)], ..delivery };
    assert_eq!(h.deliver(other).await, Receipt::Reused);
    assert!(h.queue().trace(&h.shop, "B").await.unwrap().is_empty());
}

async fn a_delivery_is_forgotten_when_its_time_is_over(h: &mut Harness) {
    let delivery = Delivery { remember: Duration::from_secs(60), ..h.delivery(vec![product("A", 1)]) };
    h.deliver(delivery.clone()).await;
    h.advance(Duration::from_secs(50)).await;
    assert_eq!(h.deliver(delivery.clone()).await, Receipt::Duplicate);
    h.advance(Duration::from_secs(10) + MOMENT).await;
    // The version still guards what the id no longer does.
    assert_eq!(h.deliver(delivery).await, Receipt::Taken(vec![Answer::Stale(1)]));
}

async fn an_id_that_is_used_anew_after_its_time_is_remembered_anew(h: &mut Harness) {
    let delivery = Delivery { remember: Duration::from_secs(60), ..h.delivery(vec![product("A", 1)]) };
    h.deliver(delivery.clone()).await;
    // Wherever a store divides time, one of these steps is across it.
    for _ in 0..5 {
        for _ in 0..3 {
            h.advance(Duration::from_secs(17)).await;
            assert_eq!(h.deliver(delivery.clone()).await, Receipt::Duplicate);
        }
        h.advance(Duration::from_secs(9) + MOMENT).await;
        assert_eq!(h.deliver(delivery.clone()).await, Receipt::Taken(vec![Answer::Stale(1)]));
    }
}

async fn a_delivery_that_comes_twice_in_one_batch_is_taken_once(h: &mut Harness) {
    let one = h.delivery(vec![product("A", 1)]);
    let other = Delivery { digest: [8; 32], ..one.clone() };
    let offered = h.queue().offer(vec![(h.shop.clone(), vec![one.clone(), one, other])]).await.remove(0);
    let taken = Receipt::Taken(vec![Answer::Enqueued]);
    assert_eq!(offered.unwrap().receipts, [taken, Receipt::Duplicate, Receipt::Reused]);
}

async fn every_one_of_many_deliveries_is_remembered(h: &mut Harness) {
    let spans = [60, 3600];
    let made = |nth: usize| Delivery { remember: Duration::from_secs(spans[nth % 2]), ..h.delivery(Vec::new()) };
    let all: Vec<Delivery> = (0..2500).map(made).collect();
    let offer = async |h: &Harness| {
        let offered = h.queue().offer(vec![(h.shop.clone(), all.clone())]).await.remove(0);
        offered.unwrap().receipts
    };
    assert!(offer(h).await.iter().all(|receipt| *receipt == Receipt::Taken(Vec::new())));
    h.restart().await;
    assert!(offer(h).await.iter().all(|receipt| *receipt == Receipt::Duplicate));
    h.advance(Duration::from_secs(61)).await;
    let again = offer(h).await;
    let expected = |nth: usize| if nth.is_multiple_of(2) { Receipt::Taken(Vec::new()) } else { Receipt::Duplicate };
    assert!(again.iter().enumerate().all(|(nth, receipt)| *receipt == expected(nth)));
}

async fn shops_do_not_share_delivery_ids(h: &mut Harness) {
    let delivery = h.delivery(vec![product("A", 1)]);
    let batch = vec![(h.shop.clone(), vec![delivery.clone()]), (h.other.clone(), vec![delivery])];
    for offered in h.queue().offer(batch).await {
        assert_eq!(offered.unwrap().receipts, [Receipt::Taken(vec![Answer::Enqueued])]);
    }
}

async fn a_stale_state_is_told_the_version_held(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 7, 1)).await;
    assert_eq!(h.offer(stock("A", 7, 2)).await, Answer::Stale(7));
    assert_eq!(h.offer(stock("A", 6, 2)).await, Answer::Stale(7));
    assert_eq!(h.take_one().await.payload, r#"{"q":1}"#);
}

async fn an_older_state_in_the_same_delivery_is_stale(h: &mut Harness) {
    h.relist("A", &[1]).await;
    let answers = h.offer_all(vec![stock("A", 2, 2), stock("A", 1, 1), stock("A", 3, 3)]).await;
    assert_eq!(answers, [Answer::Enqueued, Answer::Stale(2), Answer::Coalesced]);
    assert_eq!(h.take_one().await.lease.version, 3);
}

async fn a_confirmed_state_still_makes_older_ones_stale(h: &mut Harness) {
    h.have_confirmed("A", 5, 1).await;
    assert_eq!(h.offer(stock("A", 4, 2)).await, Answer::Stale(5));
    h.take_none().await;
}

fn id(product: &str) -> ProductId {
    product.parse().unwrap()
}

async fn claim(h: &Harness, product: &str, version: u64) {
    let owners = vec![Ownership { sku: "A".parse().unwrap(), product: id(product), version }];
    h.deliver(Delivery { owners, ..h.delivery(Vec::new()) }).await;
}

async fn a_deletion_is_taken_only_from_the_owner_of_the_sku(h: &mut Harness) {
    h.relist("A", &[1]).await;
    let deletion = |version, product| Change { guard: Some(id(product)), ..stock("A", version, 0) };
    assert_eq!(h.offer(deletion(1, "old")).await, Answer::Enqueued, "nobody owns it");
    claim(h, "old", 2).await;
    assert_eq!(h.offer(deletion(3, "old")).await, Answer::Coalesced, "it owns it");
    claim(h, "new", 4).await;
    assert_eq!(h.offer(deletion(5, "old")).await, Answer::NotOwner);
    assert_eq!(h.offer(stock("A", 4, 9)).await, Answer::Coalesced, "the refused deletion left no version");
    let owner = h.queue().owner(&h.shop, &"A".parse().unwrap()).await.unwrap();
    assert_eq!(owner, Some((id("new"), 4)));
    assert_eq!(h.queue().owner(&h.other, &"A".parse().unwrap()).await.unwrap(), None);
}

async fn an_older_claim_takes_no_sku_away(h: &mut Harness) {
    claim(h, "new", 4).await;
    claim(h, "old", 3).await;
    assert_eq!(h.queue().owner(&h.shop, &"A".parse().unwrap()).await.unwrap(), Some((id("new"), 4)));
}

async fn a_conflicting_base_takes_nothing_of_the_delivery(h: &mut Harness) {
    for sku in ["A", "B"] {
        h.relist(sku, &[1]).await;
    }
    h.offer(stock("A", 1, 1)).await;
    let mut delivery = h.delivery(vec![stock("B", 1, 1), Change { base: Some(0), ..stock("A", 2, 2) }]);
    delivery.owners = vec![Ownership { sku: "B".parse().unwrap(), product: id("p"), version: 1 }];
    assert_eq!(h.deliver(delivery.clone()).await, Receipt::Conflict);
    assert!(h.queue().trace(&h.shop, "B").await.unwrap().is_empty());
    assert_eq!(h.queue().owner(&h.shop, &"B".parse().unwrap()).await.unwrap(), None);
    // Nor is its id remembered: the same delivery, read again, is offered again.
    delivery.changes[1].base = Some(1);
    assert_eq!(h.deliver(delivery).await, Receipt::Taken(vec![Answer::Enqueued, Answer::Coalesced]));
}

async fn a_base_holds_while_the_pending_state_is_the_one_read(h: &mut Harness) {
    h.relist("A", &[1]).await;
    let keys = ["A".to_owned(), "B".to_owned()];
    let pending = async || h.queue().pending(&h.shop, Lane::Stock, &keys).await.unwrap();
    assert_eq!(pending().await, [None, None]);
    assert_eq!(h.offer(Change { base: Some(0), ..stock("A", 1, 1) }).await, Answer::Enqueued);
    let read = pending().await[0].clone().unwrap();
    assert_eq!((read.version, read.payload.as_str()), (1, r#"{"q":1}"#));
    assert_eq!(h.offer(Change { base: Some(1), ..stock("A", 2, 2) }).await, Answer::Coalesced);
    // Confirmed: nothing is pending.
    let leased = h.take_one().await;
    assert_eq!(pending().await[0].as_ref().unwrap().version, 2);
    h.confirm(&leased).await;
    assert_eq!(pending().await, [None, None]);
    assert_eq!(h.deliver(h.delivery(vec![Change { base: Some(2), ..stock("A", 3, 3) }])).await, Receipt::Conflict);
    assert_eq!(h.offer(Change { base: Some(0), ..stock("A", 3, 3) }).await, Answer::Enqueued);
}

async fn shops_in_one_batch_stand_apart(h: &mut Harness) {
    let long = product(&"x".repeat(201), 1);
    let batch = vec![
        (h.shop.clone(), vec![h.delivery(vec![product("A", 1)]), h.delivery(vec![product("B", 1)])]),
        (h.other.clone(), vec![h.delivery(vec![product("A", 9), long])]),
    ];
    let mut offered = h.queue().offer(batch).await;
    assert!(matches!(offered.pop().unwrap(), Err(QueueError::TooMuch(_))));
    assert_eq!(offered.pop().unwrap().unwrap().receipts.len(), 2);
    assert_eq!(h.queue().trace(&h.shop, "A").await.unwrap()[0].entry.version, 1);
    assert!(h.queue().trace(&h.other, "A").await.unwrap().is_empty(), "nothing of a refused shop is taken");
}

async fn keys_and_ids_out_of_bounds_are_refused(h: &mut Harness) {
    let bad = [
        h.delivery(vec![product("", 1)]),
        h.delivery(vec![product(&"x".repeat(201), 1)]),
        Delivery { id: "x".repeat(201), ..h.delivery(vec![product("A", 1)]) },
    ];
    for delivery in bad {
        let offered = h.queue().offer(vec![(h.shop.clone(), vec![delivery])]).await.remove(0);
        assert!(matches!(offered, Err(QueueError::TooMuch(_))), "{offered:?}");
    }
    h.offer(product(&"x".repeat(200), 1)).await;
}

async fn the_generation_is_the_same_after_a_restart(h: &mut Harness) {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let offered = h.queue().offer(vec![(h.shop.clone(), vec![h.delivery(Vec::new())])]).await.remove(0).unwrap();
        seen.push(offered.generation);
        h.restart().await;
    }
    assert_eq!(seen[0].len(), 26, "{}", seen[0]);
    assert_eq!(seen[0], seen[1]);
}

async fn a_forced_state_stays_forced_until_it_is_sent(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    assert_eq!(h.offer(Change { force: true, ..stock("A", 2, 7) }).await, Answer::Enqueued, "though confirmed");
    assert_eq!(h.offer(stock("A", 3, 8)).await, Answer::Coalesced);
    let leased = h.take_one().await;
    assert!(leased.force);
    h.settle(&leased, retry(Duration::ZERO, true)).await;
    let leased = h.take_one().await;
    assert!(leased.force);
    h.confirm(&leased).await;
    h.offer(Change { park: Some(ParkReason::Audit), ..stock("A", 4, 9) }).await;
    assert_eq!(h.place_of("A").await, Place::Parked);
    h.offer(stock("A", 5, 10)).await;
    assert!(!h.take_one().await.force);
}
