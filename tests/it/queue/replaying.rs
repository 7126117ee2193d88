//! Sending kept states again.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::{Change, Outcome, Place, ReplayFilter};

use super::harness::{Harness, fault, product, stock};

contract![
    a_replay_makes_kept_states_due_though_confirmed,
    a_dry_run_only_counts,
    a_replay_leaves_what_is_busy_alone,
    a_replay_takes_the_keys_it_is_given,
    a_replay_looks_at_the_time_the_state_was_taken,
    a_replay_goes_on_page_by_page_through_stock_and_price,
];

async fn replay(h: &Harness, filter: &ReplayFilter, limit: usize, dry_run: bool) -> Vec<(Lane, String)> {
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let step = h.queue().replay(&h.shop, filter, cursor.as_deref(), limit, dry_run).await.unwrap();
        assert!(step.matched.len() <= limit);
        found.extend(step.matched.into_iter().map(|(lane, key, _)| (lane, key)));
        match step.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    found.sort();
    found
}

fn stocks<const N: usize>(keys: [&str; N]) -> Vec<(Lane, String)> {
    keys.iter().map(|key| (Lane::Stock, (*key).to_owned())).collect()
}

async fn a_replay_makes_kept_states_due_though_confirmed(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    h.have_confirmed("B", 1, 8).await;
    let step = h.queue().replay(&h.shop, &ReplayFilter::default(), None, 100, false).await.unwrap();
    assert_eq!(step.matched.len(), 2);
    assert_eq!(step.matched[0].2.len(), 1, "each is named with its listings");
    let taken = h.take().await;
    assert_eq!(taken.len(), 2);
    assert!(taken.iter().all(|leased| leased.force && !leased.suspect));
    h.confirm(&taken[0]).await;
    assert_eq!(h.place_of(&taken[0].lease.key).await, Place::Idle);
}

async fn a_dry_run_only_counts(h: &mut Harness) {
    h.have_confirmed("A", 1, 7).await;
    assert_eq!(replay(h, &ReplayFilter::default(), 10, true).await, stocks(["A"]));
    h.take_none().await;
}

async fn a_replay_leaves_what_is_busy_alone(h: &mut Harness) {
    h.have_dead("DEAD", 1, 1).await;
    h.offer(Change { park: Some(aligate::queue::ParkReason::Audit), ..stock("PARKED", 1, 1) }).await;
    h.relist("HELD", &[5]).await;
    h.offer(stock("HELD", 1, 1)).await;
    let held = h.take_one().await;
    h.settle(&held, Outcome::Held { detail: String::new() }).await;
    h.relist("LEASED", &[6]).await;
    h.offer(stock("LEASED", 1, 1)).await;
    let leased = h.take_one().await;
    h.relist("DUE", &[7]).await;
    h.offer(stock("DUE", 1, 1)).await;
    assert_eq!(replay(h, &ReplayFilter::default(), 10, false).await, stocks(["DUE"]));
    assert!(h.take_one().await.force);
    h.settle(&leased, Outcome::Dead { fault: fault("F") }).await;
    h.take_none().await;
}

async fn a_replay_takes_the_keys_it_is_given(h: &mut Harness) {
    for sku in ["A", "B", "C"] {
        h.have_confirmed(sku, 1, 7).await;
    }
    let keys = ["C", "A", "nobody"].map(str::to_owned).to_vec();
    let filter = ReplayFilter { keys, ..ReplayFilter::default() };
    assert_eq!(replay(h, &filter, 1, false).await, stocks(["A", "C"]));
    assert_eq!(h.take().await.len(), 2);
}

async fn a_replay_looks_at_the_time_the_state_was_taken(h: &mut Harness) {
    h.have_confirmed("OLD", 1, 7).await;
    h.advance(Duration::from_secs(100)).await;
    let between = h.queue().now().await.unwrap().as_millis();
    h.advance(Duration::from_secs(100)).await;
    h.have_confirmed("NEW", 1, 7).await;
    let since = ReplayFilter { since_ms: Some(between), ..ReplayFilter::default() };
    assert_eq!(replay(h, &since, 10, true).await, stocks(["NEW"]));
    let until = ReplayFilter { until_ms: Some(between), ..ReplayFilter::default() };
    assert_eq!(replay(h, &until, 10, true).await, stocks(["OLD"]));
}

async fn a_replay_goes_on_page_by_page_through_stock_and_price(h: &mut Harness) {
    let mut expected = Vec::new();
    for nth in 0..7 {
        let sku = format!("S{nth}");
        h.relist(&sku, &[nth]).await;
        h.offer_all(vec![stock(&sku, 1, 1), Change { lane: Lane::Price, ..stock(&sku, 1, 1) }]).await;
        expected.extend([(Lane::Stock, sku.clone()), (Lane::Price, sku)]);
    }
    h.offer(product("P", 1)).await;
    expected.sort();
    for limit in [1, 3, 14, 500] {
        assert_eq!(replay(h, &ReplayFilter::default(), limit, true).await, expected, "by {limit}");
    }
    let prices = ReplayFilter { lane: Some(Lane::Price), ..ReplayFilter::default() };
    assert_eq!(replay(h, &prices, 2, true).await.len(), 7);
}
