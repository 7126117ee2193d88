//! Never backwards: what becomes of keys whose last call may still take effect, and of leases that nobody ends.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::{Answer, EXPIRIES_MAX, Outcome, Place, Settled};

use super::harness::{Harness, LEASE, MOMENT, done, retry, stock, unknown};

contract![
    a_lease_that_ran_out_comes_back_suspect,
    after_a_lease_ran_out_the_state_is_sent_once_more_one_lease_later,
    an_unknown_effect_is_followed_by_one_more_send_one_lease_later,
    a_late_settlement_makes_the_key_suspect_and_sends_its_newest_state,
    a_late_settlement_of_a_confirmed_key_sends_it_again,
    a_late_release_makes_nobody_suspect,
    a_lease_settled_twice_is_lost_the_second_time,
    a_newer_state_in_a_lease_that_ran_out_goes_at_once,
    a_newer_state_does_not_clear_suspicion,
    a_lease_that_ran_out_too_often_is_a_dead_letter,
    a_newer_state_starts_the_count_of_lost_leases_anew,
    the_settlement_of_an_unknown_key_is_lost,
];

async fn send_once_more(h: &Harness) {
    let again = h.take_one().await;
    assert!(again.suspect);
    assert_eq!(h.confirm(&again).await, Settled::Kept);
    h.advance(3 * LEASE).await;
    h.take_none().await;
    let entry = h.stock_of("A").await.entry;
    assert_eq!((entry.place, entry.suspect), (Place::Idle, false));
}

async fn a_lease_that_ran_out_comes_back_suspect(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let first = h.take_one().await;
    h.advance(LEASE - Duration::from_secs(1)).await;
    h.take_none().await;
    h.advance(Duration::from_secs(1) + MOMENT).await;
    let second = h.take_one().await;
    assert!(second.suspect);
    assert!(second.lease.token > first.lease.token);
    assert_eq!((second.attempts, second.first_at), (0, first.first_at));
}

async fn after_a_lease_ran_out_the_state_is_sent_once_more_one_lease_later(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.take_one().await;
    h.advance(LEASE + MOMENT).await;
    let second = h.take_one().await;
    assert_eq!(h.confirm(&second).await, Settled::Kept);
    // Confirmed, and still the first call may land.
    h.take_none().await;
    assert_eq!(h.place_of("A").await, Place::Due);
    h.advance(LEASE + MOMENT).await;
    send_once_more(h).await;
}

async fn an_unknown_effect_is_followed_by_one_more_send_one_lease_later(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let first = h.take_one().await;
    assert_eq!(h.settle(&first, unknown(Duration::from_secs(2))).await, Settled::Kept);
    h.take_none().await;
    h.advance(Duration::from_secs(2) + MOMENT).await;
    let second = h.take_one().await;
    assert_eq!((second.suspect, second.attempts), (true, 0));
    h.confirm(&second).await;
    h.take_none().await;
    h.advance(LEASE).await;
    send_once_more(h).await;
}

async fn a_late_settlement_makes_the_key_suspect_and_sends_its_newest_state(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let late = h.take_one().await;
    h.advance(LEASE + MOMENT).await;
    let second = h.take_one().await;
    h.offer(stock("A", 2, 2)).await;
    assert_eq!(h.settle(&late, done(&late)).await, Settled::Lost);
    assert_eq!(h.confirm(&second).await, Settled::Replaced);
    let newest = h.take_one().await;
    assert_eq!((newest.lease.version, newest.suspect), (2, true));
    h.confirm(&newest).await;
    h.advance(LEASE + MOMENT).await;
    let again = h.take_one().await;
    assert_eq!(again.lease.version, 2);
    h.confirm(&again).await;
    h.take_none().await;
}

async fn a_late_settlement_of_a_confirmed_key_sends_it_again(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let late = h.take_one().await;
    h.advance(LEASE + MOMENT).await;
    for _ in 0..2 {
        let leased = h.take_one().await;
        h.confirm(&leased).await;
        h.advance(LEASE + MOMENT).await;
    }
    assert_eq!(h.place_of("A").await, Place::Idle);
    assert_eq!(h.settle(&late, retry(LEASE, false)).await, Settled::Lost);
    let leased = h.take_one().await;
    assert!(leased.suspect);
    h.confirm(&leased).await;
    h.take_none().await;
    h.advance(LEASE + MOMENT).await;
    send_once_more(h).await;
}

async fn a_late_release_makes_nobody_suspect(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let first = h.take_one().await;
    h.confirm(&first).await;
    assert_eq!(h.settle(&first, Outcome::Released).await, Settled::Lost);
    h.take_none().await;
    assert!(!h.stock_of("A").await.entry.suspect);
}

async fn a_lease_settled_twice_is_lost_the_second_time(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let first = h.take_one().await;
    assert_eq!(h.confirm(&first).await, Settled::Kept);
    assert_eq!(h.confirm(&first).await, Settled::Lost);
}

async fn a_newer_state_in_a_lease_that_ran_out_goes_at_once(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.take_one().await;
    let window = 10 * LEASE;
    h.offer(aligate::queue::Change { window, ..stock("A", 2, 2) }).await;
    h.advance(LEASE + MOMENT).await;
    let newer = h.take_one().await;
    assert_eq!((newer.lease.version, newer.suspect), (2, true));
}

async fn a_newer_state_does_not_clear_suspicion(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let first = h.take_one().await;
    h.settle(&first, unknown(LEASE / 2)).await;
    assert_eq!(h.offer(stock("A", 2, 2)).await, Answer::Coalesced);
    let second = h.take_one().await;
    assert!(second.suspect);
    h.confirm(&second).await;
    h.take_none().await;
    h.advance(LEASE + MOMENT).await;
    assert_eq!(h.take_one().await.payload, r#"{"q":2}"#);
}

async fn a_lease_that_ran_out_too_often_is_a_dead_letter(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    for _ in 0..EXPIRIES_MAX {
        h.take_one().await;
        h.advance(LEASE + MOMENT).await;
    }
    h.take_none().await;
    let entry = h.stock_of("A").await.entry;
    assert_eq!((entry.place, entry.fault.unwrap().code.as_str()), (Place::Dead, "worker_lost"));
    assert_eq!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].dead, 1);
}

async fn a_newer_state_starts_the_count_of_lost_leases_anew(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    for _ in 1..EXPIRIES_MAX {
        h.take_one().await;
        h.advance(LEASE + MOMENT).await;
    }
    h.take_one().await;
    h.offer(stock("A", 2, 2)).await;
    h.advance(LEASE + MOMENT).await;
    h.take_one().await;
    h.advance(LEASE + MOMENT).await;
    assert_eq!(h.take_one().await.lease.version, 2);
}

async fn the_settlement_of_an_unknown_key_is_lost(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let mut lease = h.take_one().await.lease;
    lease.key = "nobody".to_owned();
    assert_eq!(h.settle_ref(lease, unknown(LEASE)).await, Settled::Lost);
    assert!(h.queue().trace(&h.shop, "nobody").await.unwrap().is_empty());
}
