//! What leaves, in how many requests, and in which order.

use aligate::simulator::{Fault, Kind};
use serde_json::{Value, json};

use crate::app::{INVENTORY, Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    an_export_that_touches_everything_sends_what_changed,
    many_changes_of_a_sku_are_one_request,
    a_full_set_leaves_in_the_fewest_requests,
    sold_out_skus_go_first,
    a_b_a_ends_at_a,
    a_state_that_comes_while_its_elder_is_on_the_way_is_sent_after_it,
    what_was_taken_before_a_stop_is_sent_after_it,
    a_stop_does_not_wait_for_an_aliexpress_that_hangs,
);

fn skus(products: u64, each: u64) -> impl Iterator<Item = String> {
    (1..=products).flat_map(move |product| (1..=each).map(move |sku| format!("SKU-{product:05}-{sku:02}")))
}

async fn pause(app: &TestApp, how: &str) {
    app.post(&format!("/lanes/stock/{how}"), &json!({})).await.json(200);
}

/// The next updates of stock take their time.
fn slow(app: &TestApp, times: u64) {
    let latency = Fault::times(times, Kind::Latency { ms: 300 });
    app.simulator().faults().add(Fault { method: Some(INVENTORY.into()), ..latency });
}

async fn an_export_that_touches_everything_sends_what_changed(store: Store) {
    let app = TestApp::on(store).simulator(|simulator| (simulator.products, simulator.skus) = (20, 10)).start().await;
    let export = |version: u64, changed: u64| -> Vec<Value> {
        let state =
            |(nth, sku): (usize, String)| stock(&sku, version, if (nth as u64) < changed { version } else { 7 });
        skus(20, 10).enumerate().map(state).collect()
    };
    assert_eq!(app.accepted(&export(1, 0)).await["enqueued"], 200);
    app.agrees().await;
    let (items, calls) = (app.simulator().ledger().items().len(), app.updates());
    let second = app.accepted(&export(2, 2)).await;
    assert_eq!((&second["enqueued"], &second["unchanged"]), (&json!(2), &json!(198)));
    app.agrees().await;
    assert_eq!((app.simulator().ledger().items().len() - items, app.updates() - calls), (2, 1));
}

async fn many_changes_of_a_sku_are_one_request(store: Store) {
    let app = TestApp::on(store).start().await;
    pause(&app, "pause").await;
    for version in 1..=50 {
        app.accepted(&[stock("SKU-00001-01", version, version)]).await;
    }
    pause(&app, "resume").await;
    app.agrees().await;
    let arrived: Vec<_> = app.simulator().ledger().items().into_iter().map(|item| item.stock).collect();
    assert_eq!((app.updates(), arrived), (1, vec![Some(50)]));
}

async fn a_full_set_leaves_in_the_fewest_requests(store: Store) {
    let app = TestApp::on(store).simulator(|simulator| (simulator.products, simulator.skus) = (45, 4)).start().await;
    pause(&app, "pause").await;
    app.accepted(&skus(45, 4).map(|sku| stock(&sku, 1, 5)).collect::<Vec<_>>()).await;
    pause(&app, "resume").await;
    app.agrees().await;
    let calls = app.simulator().ledger().calls();
    let mut sizes: Vec<_> =
        calls.iter().filter(|call| call.method == INVENTORY).map(|call| (call.products, call.skus)).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [(5, 20), (20, 80), (20, 80)]);
}

async fn sold_out_skus_go_first(store: Store) {
    let app = TestApp::on(store).simulator(|simulator| (simulator.products, simulator.skus) = (60, 1)).start().await;
    pause(&app, "pause").await;
    let mut events: Vec<Value> = skus(60, 1).map(|sku| stock(&sku, 1, 5)).collect();
    events[57] = stock("SKU-00058-01", 1, 0);
    app.accepted(&events).await;
    // Of one that comes last, too.
    app.accepted(&[stock("SKU-00060-01", 2, 0)]).await;
    pause(&app, "resume").await;
    app.agrees().await;
    let first = app.simulator().ledger().calls().into_iter().find(|call| call.method == INVENTORY).unwrap().sequence;
    let items = app.simulator().ledger().items();
    let with_first: Vec<&str> =
        items.iter().filter(|item| item.sequence == first).map(|item| item.sku.as_str()).collect();
    assert!(["SKU-00058-01", "SKU-00060-01"].iter().all(|sku| with_first.contains(sku)), "{with_first:?}");
}

async fn a_b_a_ends_at_a(store: Store) {
    let app = TestApp::on(store).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 5)]).await;
    app.agrees().await;
    // B is on the way when A comes again: it equals what is confirmed, and must be sent all the same.
    slow(&app, 1);
    app.accepted(&[stock("SKU-00001-01", 2, 6)]).await;
    app.until("B on the way", async || app.count().await.contains_key("stock: leased").then_some(())).await;
    assert_eq!(app.accepted(&[stock("SKU-00001-01", 3, 5)]).await["coalesced"], 1);
    app.agrees().await;
    let arrived: Vec<_> = app.simulator().ledger().items().into_iter().filter_map(|item| item.stock).collect();
    assert_eq!(arrived, [5, 6, 5]);
}

async fn a_state_that_comes_while_its_elder_is_on_the_way_is_sent_after_it(store: Store) {
    let app = TestApp::on(store).start().await;
    for round in 1..=3u64 {
        slow(&app, 1);
        app.accepted(&[stock("SKU-00001-01", round * 10, round * 10), price("SKU-00001-02", round, "5.00")]).await;
        app.until("it on the way", async || app.count().await.contains_key("stock: leased").then_some(())).await;
        for nth in 1..=3 {
            app.accepted(&[stock("SKU-00001-01", round * 10 + nth, round * 10 + nth)]).await;
        }
        app.agrees().await;
    }
    let arrived: Vec<_> = app.simulator().ledger().items().into_iter().filter_map(|item| item.stock).collect();
    assert!(arrived.is_sorted(), "never backwards: {arrived:?}");
}

async fn what_was_taken_before_a_stop_is_sent_after_it(store: Store) {
    let mut app = TestApp::on(store).with("worker.lanes.stock.lease_secs", 60).start().await;
    slow(&app, 2);
    app.accepted(&skus(3, 3).map(|sku| stock(&sku, 1, 5)).collect::<Vec<_>>()).await;
    app.restart(&[]).await;
    app.agrees().await;
    // What was in flight at the stop was settled, not left to its lease.
    assert!(app.clock.ahead() < std::time::Duration::from_secs(30), "{:?}", app.clock.ahead());
}

async fn a_stop_does_not_wait_for_an_aliexpress_that_hangs(store: Store) {
    let setup = TestApp::on(store).with("worker.stop_secs_max", 1).with("aliexpress.timeout_ms", 500_000);
    let mut app = setup.with("worker.lanes.stock.lease_secs", 600).with("worker.lanes.price.lease_secs", 600);
    for lane in ["product", "fulfilment", "order", "notice"] {
        app = app.with(&format!("worker.lanes.{lane}.lease_secs"), 600);
    }
    let mut app = app.start().await;
    let hang = Fault::always(Kind::Hang { ms: 600_000 });
    app.simulator().faults().add(Fault { method: Some(INVENTORY.into()), ..hang });
    app.accepted(&[stock("SKU-00001-01", 1, 5)]).await;
    app.until("the call", async || (app.updates() > 0).then_some(())).await;
    // Longer than a test may take, if it waited; what was on the way is left to its lease.
    tokio::time::timeout(std::time::Duration::from_secs(60), app.stop()).await.unwrap();
}
