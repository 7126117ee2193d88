//! Stock and prices of a listing wait for the end of a product request, whoever makes it, and it waits for those on their way.

use aligate::domain::ListingId;
use aligate::queue::{Barred, Class, Place};

use super::harness::{Harness, LEASE, MOMENT, stock};
use aligate::domain::Lane;

contract![
    nothing_sets_out_for_a_listing_that_is_barred,
    a_product_request_waits_for_what_is_on_its_way,
    what_is_on_its_way_for_longer_than_its_lease_is_waited_for_no_more,
    a_bar_whose_owner_died_ends_by_itself,
    a_listing_is_barred_by_one_owner_at_a_time,
    a_bar_concerns_one_listing_and_all_of_its_skus,
    urgent_states_wait_too_and_go_first_afterwards,
];

const SEVEN: ListingId = ListingId(7);

async fn bar(h: &Harness, owner: u64) -> Barred {
    h.queue().bar(&h.shop, SEVEN, owner, LEASE).await.unwrap()
}

async fn lift(h: &Harness, owner: u64) {
    h.queue().lift(&h.shop, SEVEN, owner).await.unwrap();
}

async fn nothing_sets_out_for_a_listing_that_is_barred(h: &mut Harness) {
    h.relist("A", &[7]).await;
    h.relist("B", &[7, 8]).await;
    h.offer(stock("A", 1, 5)).await;
    assert_eq!(bar(h, 1).await, Barred::Alone);
    // Due before, and due only now.
    h.offer(stock("B", 2, 5)).await;
    h.offer(stock("A", 3, 6)).await;
    h.take_none().await;
    let waits = h.stock_of("A").await.entry;
    assert_eq!((waits.place, waits.fault.unwrap().code.as_str()), (Place::Due, "product_request"));
    h.restart().await;
    h.take_none().await;
    lift(h, 1).await;
    let mut taken = h.take_keys().await;
    taken.sort_unstable();
    assert_eq!(taken, ["A", "B"]);
    assert_eq!(h.stock_of("A").await.entry.fault, None);
}

async fn a_product_request_waits_for_what_is_on_its_way(h: &mut Harness) {
    h.relist("A", &[7]).await;
    h.relist("B", &[7]).await;
    h.offer(stock("A", 1, 5)).await;
    let leased = h.take_one().await;
    assert_eq!(bar(h, 1).await, Barred::Busy);
    // Nothing more sets out meanwhile: the request gets its turn.
    h.offer(stock("B", 2, 5)).await;
    h.take_none().await;
    assert_eq!(bar(h, 1).await, Barred::Busy);
    h.confirm(&leased).await;
    assert_eq!(bar(h, 1).await, Barred::Alone);
    h.take_none().await;
    lift(h, 1).await;
    assert_eq!(h.take_keys().await, ["B"]);
}

async fn what_is_on_its_way_for_longer_than_its_lease_is_waited_for_no_more(h: &mut Harness) {
    h.relist("A", &[7]).await;
    h.offer(stock("A", 1, 5)).await;
    h.take_one().await;
    assert_eq!(bar(h, 1).await, Barred::Busy);
    h.advance(LEASE).await;
    assert_eq!(bar(h, 1).await, Barred::Alone);
    h.take_none().await;
    lift(h, 1).await;
    assert!(h.take_one().await.suspect);
}

async fn a_bar_whose_owner_died_ends_by_itself(h: &mut Harness) {
    h.relist("A", &[7]).await;
    h.offer(stock("A", 1, 5)).await;
    assert_eq!(bar(h, 1).await, Barred::Alone);
    h.take_none().await;
    h.advance(LEASE / 2).await;
    // Prolonged, it is as long as at first.
    assert_eq!(bar(h, 1).await, Barred::Alone);
    h.advance(LEASE / 2 + MOMENT).await;
    h.take_none().await;
    h.advance(LEASE / 2).await;
    assert_eq!(h.take_keys().await, ["A"]);
}

async fn a_listing_is_barred_by_one_owner_at_a_time(h: &mut Harness) {
    h.relist("A", &[7]).await;
    assert_eq!(bar(h, 1).await, Barred::Alone);
    assert_eq!(bar(h, 2).await, Barred::Taken);
    // Another's bar is not lifted.
    lift(h, 2).await;
    h.offer(stock("A", 1, 5)).await;
    h.take_none().await;
    h.advance(LEASE).await;
    assert_eq!(bar(h, 2).await, Barred::Alone);
    lift(h, 1).await;
    h.take_none().await;
    lift(h, 2).await;
    assert_eq!(h.take_keys().await, ["A"]);
}

async fn a_bar_concerns_one_listing_and_all_of_its_skus(h: &mut Harness) {
    for (sku, listings) in [("A", &[7][..]), ("B", &[6, 7]), ("C", &[6]), ("D", &[])] {
        h.relist(sku, listings).await;
        h.offer(stock(sku, 1, 5)).await;
    }
    assert_eq!(bar(h, 1).await, Barred::Alone);
    assert_eq!(h.take_keys().await, ["C"]);
    lift(h, 1).await;
    let mut taken = h.take_keys().await;
    taken.sort_unstable();
    assert_eq!(taken, ["A", "B"]);
}

async fn urgent_states_wait_too_and_go_first_afterwards(h: &mut Harness) {
    for sku in ["A", "B", "C"] {
        h.relist(sku, if sku == "C" { &[9] } else { &[7] }).await;
    }
    h.offer(stock("A", 1, 5)).await;
    let gone = |sku: &str, version| aligate::queue::Change { urgent: true, ..stock(sku, version, 0) };
    assert_eq!(bar(h, 1).await, Barred::Alone);
    h.offer(gone("B", 2)).await;
    h.offer(gone("C", 3)).await;
    let keys = |taken: Vec<aligate::queue::Leased>| taken.into_iter().map(|l| l.lease.key).collect::<Vec<_>>();
    assert_eq!(keys(h.reserve(Lane::Stock, Class::Urgent, 500, 500).await), ["C"]);
    lift(h, 1).await;
    let taken = h.reserve(Lane::Stock, Class::Urgent, 500, 500).await;
    assert_eq!(keys(taken)[0], "B");
}
