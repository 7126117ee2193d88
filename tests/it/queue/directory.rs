//! Where SKUs stand on AliExpress, and what a change of that does to what is queued.

use aligate::domain::{Lane, ListingId, Sku};
use aligate::queue::{Answer, Change, Class, Outcome, PAGE_MAX, ParkReason, Place, QueueError, Relisting, Settled};

use super::harness::{Harness, LEASE, MOMENT, done, parked, stock};

contract![
    a_state_without_a_listing_is_parked_and_released_by_the_listing,
    a_lane_that_needs_no_listing_is_not_parked,
    a_listing_gained_by_an_idle_sku_makes_its_state_due,
    a_listing_gained_in_flight_gets_the_state_afterwards,
    a_listing_lost_is_forgotten_and_the_others_are_not,
    a_listing_lost_and_gained_again_gets_the_state,
    a_sku_without_any_listing_left_parks_what_is_due,
    other_reasons_to_park_are_not_lifted_by_a_listing,
    a_listing_that_came_in_flight_is_not_missed_by_parking,
    a_first_state_and_the_listing_that_it_waits_for_may_come_at_one_moment,
    saying_the_same_listings_again_does_nothing,
    the_directory_answers_both_ways,
    shops_have_directories_of_their_own,
];

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

async fn a_state_without_a_listing_is_parked_and_released_by_the_listing(h: &mut Harness) {
    assert_eq!(h.offer(stock("A", 1, 1)).await, Answer::Parked);
    assert_eq!(h.offer(Change { lane: Lane::Price, ..stock("A", 1, 9) }).await, Answer::Parked);
    h.take_none().await;
    assert_eq!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].parked[&ParkReason::NoListing], 1);
    assert_eq!(h.offer(stock("A", 2, 2)).await, Answer::Parked);
    h.relist("A", &[1]).await;
    assert_eq!(h.take_one().await.lease.version, 2);
    assert_eq!(h.reserve(Lane::Price, Class::Any, 9, 9).await.len(), 1);
}

async fn a_lane_that_needs_no_listing_is_not_parked(h: &mut Harness) {
    for lane in [Lane::Product, Lane::Fulfilment, Lane::Order, Lane::Notice] {
        assert_eq!(h.offer(Change { lane, ..stock("A", 1, 1) }).await, Answer::Enqueued);
        assert_eq!(h.reserve(lane, Class::Any, 9, 0).await.len(), 1);
    }
}

async fn a_listing_gained_by_an_idle_sku_makes_its_state_due(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.have_confirmed("A", 1, 7).await;
    h.relist("A", &[1, 2]).await;
    let leased = h.take_one().await;
    assert_eq!(leased.listings, [ListingId(1), ListingId(2)]);
    assert_eq!(leased.confirmed.keys().copied().collect::<Vec<_>>(), [ListingId(1)]);
}

async fn a_listing_gained_in_flight_gets_the_state_afterwards(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 7)).await;
    let leased = h.take_one().await;
    h.relist("A", &[1, 2]).await;
    assert_eq!(h.confirm(&leased).await, Settled::Kept);
    h.advance(MOMENT).await;
    let again = h.take_one().await;
    assert_eq!(again.listings.len(), 2);
    h.confirm(&again).await;
    h.advance(LEASE).await;
    h.take_none().await;
}

async fn a_listing_lost_is_forgotten_and_the_others_are_not(h: &mut Harness) {
    h.relist("A", &[1, 2]).await;
    h.have_confirmed("A", 1, 7).await;
    h.relist("A", &[2]).await;
    h.take_none().await;
    let confirmed = h.stock_of("A").await.confirmed;
    assert_eq!(confirmed.keys().copied().collect::<Vec<_>>(), [ListingId(2)]);
    assert_eq!(h.offer(stock("A", 2, 7)).await, Answer::Unchanged);
}

async fn a_listing_lost_and_gained_again_gets_the_state(h: &mut Harness) {
    h.relist("A", &[1, 2]).await;
    h.have_confirmed("A", 1, 7).await;
    h.relist("A", &[2]).await;
    h.relist("A", &[1, 2]).await;
    assert_eq!(h.take_one().await.confirmed.len(), 1);
}

async fn a_sku_without_any_listing_left_parks_what_is_due(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.relist("A", &[]).await;
    h.take_none().await;
    let entry = h.stock_of("A").await.entry;
    assert_eq!((entry.place, entry.fault.unwrap().code.as_str()), (Place::Parked, "no_listing"));
    h.relist("A", &[3]).await;
    assert_eq!(h.take_one().await.listings, [ListingId(3)]);
}

async fn other_reasons_to_park_are_not_lifted_by_a_listing(h: &mut Harness) {
    let change = Change { park: Some(ParkReason::CurrencyMismatch), ..stock("A", 1, 1) };
    h.offer(change).await;
    h.relist("A", &[1]).await;
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Parked);
}

async fn a_listing_that_came_in_flight_is_not_missed_by_parking(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    // The worker found listing 1 gone, and parks; listing 2 came before it said so.
    h.relist("A", &[2]).await;
    h.settle(&leased, parked(ParkReason::NoListing)).await;
    h.advance(MOMENT).await;
    assert_eq!(h.take_one().await.listings, [ListingId(2)]);
}

async fn a_first_state_and_the_listing_that_it_waits_for_may_come_at_one_moment(h: &mut Harness) {
    tokio::join!(h.offer(stock("A", 1, 1)), h.relist("A", &[1]));
    tokio::join!(h.relist("B", &[2]), h.offer(stock("B", 1, 1)));
    assert_eq!(h.take_keys().await.len(), 2, "{:?}", h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock]);
}

async fn saying_the_same_listings_again_does_nothing(h: &mut Harness) {
    h.relist("A", &[1, 2]).await;
    h.have_confirmed("A", 1, 7).await;
    h.relist("A", &[1, 2]).await;
    h.take_none().await;
    assert_eq!(h.offer(stock("A", 2, 7)).await, Answer::Unchanged);
}

async fn the_directory_answers_both_ways(h: &mut Harness) {
    h.relist("A", &[1, 2]).await;
    h.relist("B", &[2]).await;
    h.relist("C", &[3]).await;
    h.relist("C", &[]).await;
    let queue = h.queue();
    let listings = queue.listings(&h.shop, &[sku("B"), sku("nobody"), sku("A"), sku("C")]).await.unwrap();
    assert_eq!(listings, [vec![ListingId(2)], vec![], vec![ListingId(1), ListingId(2)], vec![]]);
    let mut both = queue.skus_of(&h.shop, ListingId(2)).await.unwrap();
    both.sort();
    assert_eq!(both, [sku("A"), sku("B")]);
    assert_eq!(queue.skus_of(&h.shop, ListingId(3)).await.unwrap(), []);
    assert_eq!(queue.directory_size(&h.shop).await.unwrap(), (2, 2));
    let many = vec![Relisting { sku: sku("A"), listings: Vec::new() }; PAGE_MAX + 1];
    assert!(matches!(queue.relist(&h.shop, &many).await, Err(QueueError::TooMuch(_))));
}

async fn shops_have_directories_of_their_own(h: &mut Harness) {
    h.relist("A", &[1]).await;
    assert_eq!(h.queue().directory_size(&h.other).await.unwrap(), (0, 0));
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let strange = h.queue().settle(&h.other, vec![(leased.lease.clone(), done(&leased))]).await.unwrap();
    assert_eq!(strange, [Settled::Lost]);
    assert_eq!(h.settle(&leased, Outcome::Released).await, Settled::Kept);
}
