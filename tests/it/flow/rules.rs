//! The shop's own settings: what may be sold, in which currency, and whether anything is sent at all.

use serde_json::{Value, json};

use crate::app::{Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    stock_is_held_back_and_a_changed_rule_is_sent,
    a_shop_that_observes_sends_nothing_and_shows_what_it_would,
    a_price_in_another_currency_waits_until_the_currency_is_the_stores,
    the_currency_is_learnt_with_the_listings,
    a_discount_that_is_not_mentioned_stays_and_null_erases_it,
    a_shop_without_a_token_takes_events_and_keeps_them,
    a_gateway_that_does_not_work_takes_events_for_one_that_does,
);

async fn stock_is_held_back_and_a_changed_rule_is_sent(store: Store) {
    let setup = TestApp::on(store).with("shops.0.stock_reserve", 2).with("shops.0.stock_zero_below", 3);
    let mut app = setup.start().await;
    let skus = ["SKU-00001-01", "SKU-00001-02", "SKU-00001-03", "SKU-00002-01"];
    let quantities = [1, 4, 5, 2_000_000];
    let events: Vec<Value> = skus.iter().zip(quantities).map(|(sku, quantity)| stock(sku, 1, quantity)).collect();
    app.accepted(&events).await;
    app.drained().await;
    assert_eq!(skus.map(|sku| app.stock_there(sku)), [0, 0, 3, 999_999]);
    // What is rendered equal is unchanged, whatever the shop's number is.
    assert_eq!(app.accepted(&[stock(skus[0], 2, 2)]).await["unchanged"], 1);
    app.restart(&[("shops.0.stock_reserve", "1"), ("shops.0.stock_zero_below", "0")]).await;
    app.drained().await;
    assert_eq!(skus.map(|sku| app.stock_there(sku)), [1, 3, 4, 999_999]);
}

async fn a_shop_that_observes_sends_nothing_and_shows_what_it_would(store: Store) {
    let mut app = TestApp::on(store).with("shops.0.mode", "observe").start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3), price("SKU-00001-01", 1, "5.00")]).await;
    app.drained().await;
    assert_eq!(app.simulator().ledger().calls(), [], "not even a question");
    let shown = app.get("/entries?place=parked&lane=stock").await;
    let detail = format!("would send 3 to {}", crate::app::FIRST);
    assert_eq!((&shown["items"][0]["reason"], &shown["items"][0]["detail"]), (&json!("observe"), &json!(detail)));
    assert_eq!(app.get("/status").await["mode"], "observe");
    app.accepted(&[stock("SKU-00001-01", 2, 4)]).await;
    app.drained().await;
    assert_eq!(app.count().await["stock: parked observe"], 1);
    app.restart(&[("shops.0.mode", "live")]).await;
    app.agrees().await;
}

async fn a_price_in_another_currency_waits_until_the_currency_is_the_stores(store: Store) {
    let mut app = TestApp::on(store).with("shops.0.currency", "USD").start().await;
    let accepted = app.accepted(&[price("SKU-00001-01", 1, "5.00"), stock("SKU-00001-01", 1, 3)]).await;
    assert_eq!((&accepted["parked"], &accepted["enqueued"]), (&json!(1), &json!(1)));
    app.drained().await;
    let there = app.simulator().catalogue().sku("SKU-00001-01").unwrap();
    assert_eq!((there.price.as_str(), there.stock), ("1000.00", 3), "stock goes on");
    app.restart(&[("shops.0.currency", "RUB")]).await;
    app.agrees().await;
}

async fn the_currency_is_learnt_with_the_listings(store: Store) {
    let setup = TestApp::on(store).with("shops.0.currency", "").unlisted();
    let mut app = setup.simulator(|simulator| simulator.currency = "USD".into()).start().await;
    assert_eq!(app.get("/status").await["currency"], Value::Null);
    let started = app.post("/listings/import", &json!({})).await.json(202);
    app.job_done(&started).await;
    assert_eq!(app.get("/status").await["currency"], "USD");
    assert_eq!(app.accepted(&[price("SKU-00001-01", 1, "5.00")]).await["parked"], 1);
    app.restart(&[]).await;
    assert_eq!(app.get("/status").await["currency"], "USD", "it is kept");
    app.drained().await;
    app.leaves(&[("price: parked currency_mismatch", 1)]);
}

async fn a_discount_that_is_not_mentioned_stays_and_null_erases_it(store: Store) {
    let app = TestApp::on(store).start().await;
    let sku = "SKU-00001-01";
    let with = |version: u64, amount: &str, discount: Value| {
        let mut event = price(sku, version, amount);
        event["data"]["discount_price"] = discount;
        event
    };
    let there = || app.simulator().catalogue().sku(sku).unwrap().discount_price;
    app.accepted(&[with(1, "100.00", json!("90.00"))]).await;
    app.agrees().await;
    app.accepted(&[price(sku, 2, "110.00")]).await;
    app.agrees().await;
    assert_eq!(there().as_deref(), Some("90.00"), "leaving it out would have erased it at AliExpress");
    // Two events before anything is sent: the later one keeps what the earlier one set.
    app.post("/lanes/price/pause", &json!({})).await.json(200);
    app.accepted(&[with(3, "120.00", json!("80.00"))]).await;
    app.accepted(&[price(sku, 4, "130.00")]).await;
    app.accepted(&[with(5, "130.00", json!("70.00")), price(sku, 6, "140.00")]).await;
    app.post("/lanes/price/resume", &json!({})).await.json(200);
    app.agrees().await;
    assert_eq!(there().as_deref(), Some("70.00"));
    app.accepted(&[with(7, "140.00", Value::Null)]).await;
    app.agrees().await;
    assert_eq!(there(), None);
    // The seller set one at AliExpress itself; an event that does not speak of it leaves it.
    let mut products = app.simulator().catalogue().products();
    products[0].skus[0].discount_price = Some("60.00".into());
    app.simulator().catalogue().replace(products);
    app.accepted(&[price(sku, 8, "150.00")]).await;
    app.drained().await;
    assert_eq!(there().as_deref(), Some("60.00"));
}

async fn a_shop_without_a_token_takes_events_and_keeps_them(store: Store) {
    let mut app = TestApp::on(store).with("shops.0.token", "").start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    assert_eq!(app.get("/status").await["token"]["state"], "missing");
    assert_eq!(app.post("/listings/import", &json!({})).await.problem(422), "no_credentials");
    app.leaves(&[("stock: due", 1)]);
}

async fn a_gateway_that_does_not_work_takes_events_for_one_that_does(store: Store) {
    let mut app = TestApp::on(store).with("worker.enabled", "false").start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3), price("SKU-00001-01", 1, "5.00")]).await;
    assert_eq!(app.simulator().ledger().calls(), []);
    app.restart(&[("worker.enabled", "true")]).await;
    app.agrees().await;
}
