//! A product request takes stock and price along: what it took is confirmed, what it did not is sent after it.

use aligate::domain::{Lane, ListingId};
use aligate::queue::{Attested, Place, Settled};

use super::harness::{Harness, stock};

contract![
    what_a_product_request_took_is_not_sent_again,
    a_newer_state_than_the_one_taken_is_sent_after_it,
    a_state_on_its_way_meanwhile_is_sent_once_more,
    a_sku_of_which_nothing_is_held_stands_in_the_listing_from_now_on,
];

async fn attest(h: &Harness, sku: &str, version: u64, value: &str) {
    let taken = Attested { sku: sku.parse().unwrap(), lane: Lane::Stock, version, value: value.to_owned() };
    h.queue().attest(&h.shop, ListingId(7), &[taken]).await.unwrap();
}

async fn what_a_product_request_took_is_not_sent_again(h: &mut Harness) {
    h.offer(stock("A", 1, 5)).await;
    assert_eq!(h.place_of("A").await, Place::Parked);
    attest(h, "A", 1, "5").await;
    assert_eq!(h.place_of("A").await, Place::Idle);
    assert_eq!(h.stock_of("A").await.confirmed[&ListingId(7)], "5");
    h.take_none().await;
    h.restart().await;
    assert_eq!(h.place_of("A").await, Place::Idle);
    // In a second listing it has never been.
    h.relist("A", &[7, 8]).await;
    assert_eq!(h.take_one().await.listings.len(), 2);
}

async fn a_newer_state_than_the_one_taken_is_sent_after_it(h: &mut Harness) {
    h.relist("A", &[7]).await;
    h.have_confirmed("A", 2, 6).await;
    attest(h, "A", 1, "5").await;
    let leased = h.take_one().await;
    assert_eq!((leased.lease.version, leased.confirmed.len()), (2, 0));
}

async fn a_state_on_its_way_meanwhile_is_sent_once_more(h: &mut Harness) {
    h.relist("A", &[7]).await;
    h.offer(stock("A", 1, 5)).await;
    let leased = h.take_one().await;
    attest(h, "A", 1, "5").await;
    assert_eq!(h.confirm(&leased).await, Settled::Kept);
    h.advance(super::harness::MOMENT).await;
    assert_eq!(h.take_one().await.lease.version, 1);
}

async fn a_sku_of_which_nothing_is_held_stands_in_the_listing_from_now_on(h: &mut Harness) {
    attest(h, "A", 0, "5").await;
    let skus = h.queue().skus_of(&h.shop, ListingId(7)).await.unwrap();
    assert_eq!(skus, ["A".parse().unwrap()]);
    h.offer(stock("A", 1, 5)).await;
    assert_eq!(h.take_one().await.lease.version, 1);
}
