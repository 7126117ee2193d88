//! Lists, traces, counts, what is ready, pauses.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::{Change, Class, HISTORY_MAX, Outcome, PAGE_MAX, Place};

use super::harness::{Harness, LEASE, MOMENT, fault, listing_of, product, retry, stock, unknown};

contract![
    a_list_goes_page_by_page_and_misses_nothing,
    a_trace_tells_what_happened_newest_first_and_not_too_much,
    a_trace_names_every_lane_of_a_key,
    an_expired_lease_and_a_redrive_stand_in_the_history,
    a_fault_is_kept_short,
    stats_count_every_place,
    stats_tell_the_age_of_the_oldest_that_waits,
    ready_counts_what_has_come_and_says_when_the_next_comes,
    ready_counts_leases_that_ran_out,
    a_pause_holds_over_a_restart_until_it_is_lifted,
];

async fn a_list_goes_page_by_page_and_misses_nothing(h: &mut Harness) {
    for key in ["P3", "P1", "P2", "P5", "P4"] {
        h.offer(product(key, 1)).await;
        h.advance(MOMENT).await;
    }
    let mut idle = 0;
    for (place, limit) in [(Place::Due, 2), (Place::Due, PAGE_MAX * 2), (Place::Idle, 2)] {
        if place == Place::Idle {
            for leased in h.reserve(Lane::Product, Class::Any, 9, 1).await {
                h.settle(&leased, Outcome::Done { confirmed: Default::default() }).await;
                idle += 1;
            }
            assert_eq!(idle, 5);
        }
        let (mut keys, mut cursor) = (Vec::new(), None);
        loop {
            let page = h.queue().list(&h.shop, Lane::Product, place, cursor.as_deref(), limit).await.unwrap();
            assert!(page.items.len() <= limit);
            keys.extend(page.items.into_iter().map(|entry| entry.key));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        if place == Place::Due {
            assert_eq!(keys, ["P3", "P1", "P2", "P5", "P4"], "oldest first");
        }
        keys.sort();
        assert_eq!(keys, ["P1", "P2", "P3", "P4", "P5"]);
    }
}

async fn a_trace_tells_what_happened_newest_first_and_not_too_much(h: &mut Harness) {
    h.relist("A", &[1]).await;
    for version in 1..=HISTORY_MAX as u64 + 3 {
        h.offer(stock("A", version, version)).await;
        let leased = h.take_one().await;
        h.confirm(&leased).await;
        h.advance(MOMENT).await;
    }
    h.offer(stock("A", 90, 90)).await;
    let leased = h.take_one().await;
    h.settle(&leased, retry(LEASE, true)).await;
    let trace = h.stock_of("A").await;
    assert_eq!(trace.history.len(), HISTORY_MAX);
    assert_eq!((trace.history[0].what.as_str(), trace.history[0].version), ("retry", 90));
    assert!(trace.history[0].detail.contains('F'), "{:?}", trace.history[0]);
    assert_eq!(trace.history[1].what, "confirmed");
    assert!(trace.history.is_sorted_by(|a, b| a.at_ms >= b.at_ms));
    assert_eq!(trace.confirmed.into_values().collect::<Vec<_>>(), [(HISTORY_MAX + 3).to_string()]);
}

async fn a_trace_names_every_lane_of_a_key(h: &mut Harness) {
    assert!(h.queue().trace(&h.shop, "A").await.unwrap().is_empty());
    h.offer_all(vec![stock("A", 1, 1), Change { lane: Lane::Price, ..stock("A", 2, 1) }, product("A", 3)]).await;
    let traces = h.queue().trace(&h.shop, "A").await.unwrap();
    let mut lanes: Vec<_> = traces.iter().map(|trace| (trace.entry.lane, trace.entry.version)).collect();
    lanes.sort();
    assert_eq!(lanes, [(Lane::Stock, 1), (Lane::Price, 2), (Lane::Product, 3)]);
}

async fn an_expired_lease_and_a_redrive_stand_in_the_history(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.take_one().await;
    h.advance(LEASE + MOMENT).await;
    let leased = h.take_one().await;
    h.settle(&leased, Outcome::Dead { fault: fault("F") }).await;
    h.queue().redrive(&h.shop, Lane::Stock, &aligate::queue::Which::All).await.unwrap();
    let leased = h.take_one().await;
    h.settle(&leased, unknown(MOMENT)).await;
    let what: Vec<_> = h.stock_of("A").await.history.into_iter().map(|line| line.what).collect();
    assert_eq!(what, ["unknown", "redriven", "dead_letter", "lease_expired"]);
}

async fn a_fault_is_kept_short(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    let leased = h.take_one().await;
    let long = aligate::queue::Fault { code: "F".to_owned(), detail: "ж".repeat(5000) };
    h.settle(&leased, Outcome::Dead { fault: long }).await;
    let trace = h.stock_of("A").await;
    assert!(trace.entry.fault.unwrap().detail.len() <= 500);
    assert!(trace.history[0].detail.len() <= 500);
}

async fn stats_count_every_place(h: &mut Harness) {
    h.have_confirmed("IDLE", 1, 1).await;
    h.have_dead("DEAD", 1, 1).await;
    h.offer(stock("PARKED", 1, 1)).await;
    let outcomes = [
        ("HELD", Some(Outcome::Held { detail: String::new() })),
        ("AWAITING", Some(Outcome::Awaiting { handle: String::new(), check_after: 9 * LEASE })),
        ("LEASED", None),
    ];
    for (sku, outcome) in outcomes {
        h.relist(sku, &[listing_of(sku)]).await;
        h.offer(stock(sku, 1, 1)).await;
        let leased = h.take_one().await;
        if let Some(outcome) = outcome {
            h.settle(&leased, outcome).await;
        }
    }
    h.relist("DUE", &[9]).await;
    h.offer(Change { window: LEASE, ..stock("DUE", 1, 1) }).await;
    let stats = h.queue().stats(&h.shop).await.unwrap();
    assert_eq!(stats.keys().copied().collect::<Vec<_>>(), Lane::ALL);
    let lane = &stats[&Lane::Stock];
    assert_eq!((lane.depth, lane.leased, lane.awaiting, lane.held, lane.dead, lane.kept), (1, 1, 1, 1, 1, 7));
    assert_eq!(lane.parked.values().sum::<u64>(), 1);
    assert_eq!(stats[&Lane::Price].kept, 0);
    assert_eq!(h.queue().stats(&h.other).await.unwrap()[&Lane::Stock].kept, 0);
}

async fn stats_tell_the_age_of_the_oldest_that_waits(h: &mut Harness) {
    h.have_dead("DEAD", 1, 1).await;
    h.relist("A", &[1]).await;
    h.advance(Duration::from_secs(500)).await;
    let age = async || h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].oldest_age_ms;
    assert_eq!(age().await, 0, "what is dead has no age");
    h.offer(stock("A", 1, 1)).await;
    h.advance(Duration::from_secs(10)).await;
    assert!((10_000..15_000).contains(&age().await));
    let leased = h.take_one().await;
    assert!((10_000..15_000).contains(&age().await));
    h.confirm(&leased).await;
    assert_eq!(age().await, 0);
}

async fn ready_counts_what_has_come_and_says_when_the_next_comes(h: &mut Harness) {
    for sku in ["A", "B", "C"] {
        h.relist(sku, &[listing_of(sku)]).await;
    }
    let ready = async || {
        let shops = [h.shop.clone(), h.other.clone()];
        let mut all = h.queue().ready(&shops).await.unwrap();
        assert_eq!(all.len(), 2);
        assert!(all.pop().unwrap().get(&Lane::Stock).is_none_or(|ready| ready.urgent + ready.normal == 0));
        all.remove(0).get(&Lane::Stock).copied().unwrap_or_default()
    };
    assert_eq!((ready().await.urgent, ready().await.normal, ready().await.next_in), (0, 0, None));
    h.offer(Change { window: Duration::from_secs(10), ..stock("A", 1, 1) }).await;
    let next_in = ready().await.next_in.unwrap();
    assert!(next_in <= Duration::from_secs(10) && next_in > Duration::from_secs(7), "{next_in:?}");
    h.offer_all(vec![stock("B", 1, 1), Change { urgent: true, ..stock("C", 1, 0) }]).await;
    let now = ready().await;
    assert_eq!((now.urgent, now.normal, now.next_in, now.paused), (1, 1, None, false));
}

async fn ready_counts_leases_that_ran_out(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(Change { urgent: true, ..stock("A", 1, 0) }).await;
    h.take_one().await;
    let ready = async || h.queue().ready(std::slice::from_ref(&h.shop)).await.unwrap()[0][&Lane::Stock];
    let now = ready().await;
    assert_eq!((now.urgent, now.normal), (0, 0));
    assert!(now.next_in.unwrap() <= LEASE);
    h.advance(LEASE + MOMENT).await;
    assert_eq!((ready().await.urgent, ready().await.normal), (1, 0));
}

async fn a_pause_holds_over_a_restart_until_it_is_lifted(h: &mut Harness) {
    h.relist("A", &[1]).await;
    h.offer(stock("A", 1, 1)).await;
    h.queue().pause(&h.shop, Lane::Stock, true).await.unwrap();
    h.restart().await;
    h.take_none().await;
    assert!(h.queue().stats(&h.shop).await.unwrap()[&Lane::Stock].paused);
    assert!(h.queue().ready(std::slice::from_ref(&h.shop)).await.unwrap()[0][&Lane::Stock].paused);
    assert!(!h.queue().stats(&h.shop).await.unwrap()[&Lane::Price].paused);
    assert!(!h.queue().stats(&h.other).await.unwrap()[&Lane::Stock].paused);
    h.queue().pause(&h.shop, Lane::Stock, false).await.unwrap();
    h.take_one().await;
}
