//! What is refused for one entry's fault: that entry alone is given up, the others go through.

use aligate::simulator::{Fault, Kind};
use serde_json::json;

use crate::app::{INVENTORY, Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    one_poison_sku_of_a_product_fails_alone,
    one_poison_sku_of_a_request_fails_alone,
    two_poison_skus_fail_and_nobody_with_them,
    what_fails_again_and_again_by_its_own_fault_is_given_up_after_its_attempts,
    a_newer_state_closes_the_dead_letter_of_the_older,
    what_nobody_takes_for_too_long_is_given_up_by_its_age,
);

/// All nine SKUs, in one request: the lane is paused until all are taken.
async fn all_at_once(app: &TestApp) {
    app.post("/lanes/stock/pause", &json!({})).await.json(200);
    let skus = (1..=3).flat_map(|p| (1..=3).map(move |s| format!("SKU-{p:05}-{s:02}")));
    app.accepted(&skus.enumerate().map(|(nth, sku)| stock(&sku, 1, nth as u64 + 20)).collect::<Vec<_>>()).await;
    app.post("/lanes/stock/resume", &json!({})).await.json(200);
    app.drained().await;
}

async fn dead(app: &TestApp) -> Vec<(String, String)> {
    let page = app.get("/dead-letters").await;
    let items = page["items"].as_array().unwrap().iter();
    let mut dead: Vec<_> = items
        .map(|item| (item["key"].as_str().unwrap().to_owned(), item["reason"].as_str().unwrap().to_owned()))
        .collect();
    dead.sort();
    dead
}

fn poison(sku: &str, code: &str) -> Fault {
    Fault::always(Kind::PoisonSku { sku: sku.into(), code: code.into() })
}

async fn one_poison_sku_of_a_product_fails_alone(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.simulator().faults().add(poison("SKU-00002-02", "X"));
    all_at_once(&app).await;
    assert_eq!(dead(&app).await, [("SKU-00002-02".to_owned(), "X".to_owned())]);
    let there: Vec<u64> = (1..=3).map(|nth| app.stock_there(&format!("SKU-00002-{nth:02}"))).collect();
    assert_eq!(there, [23, 10, 25]);
    assert_eq!((app.stock_there("SKU-00001-01"), app.stock_there("SKU-00003-03")), (20, 28));
    app.leaves(&[("stock: dead", 1)]);
}

async fn one_poison_sku_of_a_request_fails_alone(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.simulator().faults().add(Fault::always(Kind::PoisonRequest { sku: "SKU-00003-03".into() }));
    all_at_once(&app).await;
    assert_eq!(dead(&app).await, [("SKU-00003-03".to_owned(), "isv.invalid-parameter".to_owned())]);
    let there: Vec<u64> = (1..=3).map(|nth| app.stock_there(&format!("SKU-00003-{nth:02}"))).collect();
    assert_eq!(there, [26, 27, 10]);
    // Nine are halved four times, each time into two requests: no search one by one.
    assert!(app.updates() <= 1 + 2 * 4, "{}", app.updates());
    app.leaves(&[("stock: dead", 1)]);
}

async fn two_poison_skus_fail_and_nobody_with_them(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.simulator().faults().add(poison("SKU-00001-01", "X"));
    app.simulator().faults().add(poison("SKU-00001-03", "Y"));
    all_at_once(&app).await;
    let expected = [("SKU-00001-01", "X"), ("SKU-00001-03", "Y")].map(|(sku, code)| (sku.to_owned(), code.to_owned()));
    assert_eq!(dead(&app).await, expected);
    assert_eq!(app.stock_there("SKU-00001-02"), 21);
    app.simulator().faults().clear();
    assert_eq!(app.post("/redrive", &json!({"all": true})).await.json(200)["count"], 2);
    app.agrees().await;
    app.leaves(&[]);
}

async fn what_fails_again_and_again_by_its_own_fault_is_given_up_after_its_attempts(store: Store) {
    let mut app = TestApp::on(store).with("worker.lanes.stock.attempts_max", 3).start().await;
    let fault = Kind::Product { product: crate::app::FIRST, code: "F00-00-10009-002".into() };
    app.simulator().faults().add(Fault::always(fault));
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.drained().await;
    assert_eq!(dead(&app).await, [("SKU-00001-01".to_owned(), "F00-00-10009-002".to_owned())]);
    assert_eq!(app.updates(), 3);
    app.leaves(&[("stock: dead", 1)]);
}

async fn a_newer_state_closes_the_dead_letter_of_the_older(store: Store) {
    let app = TestApp::on(store).start().await;
    app.simulator().faults().add(poison("SKU-00001-01", "X"));
    app.accepted(&[stock("SKU-00001-01", 1, 3), price("SKU-00001-02", 1, "5.00")]).await;
    app.drained().await;
    assert_eq!(dead(&app).await.len(), 1);
    app.simulator().faults().clear();
    assert_eq!(app.accepted(&[stock("SKU-00001-01", 2, 4)]).await["enqueued"], 1);
    app.agrees().await;
    assert_eq!(dead(&app).await, []);
}

async fn what_nobody_takes_for_too_long_is_given_up_by_its_age(store: Store) {
    let setup = TestApp::on(store).with("worker.lanes.stock.age_max_secs", 3600);
    let mut app = setup.with("aliexpress.breaker_failures", 100_000).start().await;
    app.simulator()
        .faults()
        .add(Fault { method: Some(INVENTORY.into()), ..Fault::always(Kind::Status { status: 500 }) });
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.until("a failure", async || (app.updates() > 2).then_some(())).await;
    app.advance(std::time::Duration::from_secs(3700));
    app.drained().await;
    assert_eq!(dead(&app).await, [("SKU-00001-01".to_owned(), "too_old".to_owned())]);
    app.leaves(&[("stock: dead", 1)]);
}
