//! Where SKUs stand on AliExpress, whose they are, and what happens when that changes.

use aligate::domain::Lane;
use aligate::simulator::{CatalogueProduct, CatalogueSku, Fault, Kind};
use serde_json::{Value, json};

use crate::app::{FIRST, INVENTORY, Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    a_sku_without_a_listing_waits_and_is_sent_when_it_has_one,
    a_sku_that_aliexpress_no_longer_knows_is_read_again_and_parked,
    a_product_that_aliexpress_no_longer_has_is_read_again_and_its_skus_parked,
    a_sku_of_two_listings_goes_to_both_and_only_the_failed_one_again,
    a_deleted_product_sells_nothing_that_it_still_owns,
    a_deletion_beats_what_is_queued,
);

fn product(id: u64, skus: &[&str]) -> CatalogueProduct {
    let sku =
        |sku: &&str| CatalogueSku { sku: (*sku).into(), stock: 10, price: "1000.00".into(), discount_price: None };
    CatalogueProduct { id, skus: skus.iter().map(sku).collect() }
}

fn changed(product: &str, version: u64, skus: &[&str]) -> Value {
    let offer = |sku: &&str| json!({"sku": sku, "offer_id": "1", "price": "5.00", "currency": "RUB", "quantity": 1});
    let offers: Vec<Value> = skus.iter().map(offer).collect();
    json!({"type": "product.changed", "version": version, "data": {"product_id": product, "name": "x", "offers": offers}})
}

fn deleted(product: &str, version: u64, skus: &[&str]) -> Value {
    json!({"type": "product.deleted", "version": version, "data": {"product_id": product, "skus": skus}})
}

async fn import(app: &TestApp) {
    let started = app.post("/listings/import", &json!({})).await.json(202);
    assert_eq!(app.job_done(&started).await["state"], "done");
}

async fn a_sku_without_a_listing_waits_and_is_sent_when_it_has_one(store: Store) {
    let app = TestApp::on(store).start().await;
    assert_eq!(app.accepted(&[stock("NEW", 1, 3), price("NEW", 1, "7.00")]).await["parked"], 2);
    assert_eq!(app.accepted(&[stock("NEW", 2, 4)]).await["parked"], 1);
    app.drained().await;
    assert_eq!(app.updates(), 0);
    app.simulator().catalogue().add(vec![product(42, &["NEW"])]);
    import(&app).await;
    app.agrees().await;
    assert_eq!(app.stock_there("NEW"), 4);
}

async fn a_sku_that_aliexpress_no_longer_knows_is_read_again_and_parked(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.simulator().catalogue().add(vec![product(FIRST, &["SKU-00001-01", "SKU-00001-03"])]);
    app.post("/lanes/stock/pause", &json!({})).await.json(200);
    app.accepted(&["SKU-00001-01", "SKU-00001-02", "SKU-00001-03"].map(|sku| stock(sku, 1, 3))).await;
    app.post("/lanes/stock/resume", &json!({})).await.json(200);
    app.agrees().await;
    let trace = app.get("/trace?sku=SKU-00001-02").await;
    assert_eq!((&trace["listings"], &trace["lanes"][0]["entry"]["place"]), (&json!([]), &json!("parked")), "{trace}");
    assert_eq!(app.count().await, [("stock: parked no_listing".to_owned(), 1)].into());
    // It comes back, in another product.
    app.simulator().catalogue().add(vec![product(43, &["SKU-00001-02"])]);
    import(&app).await;
    app.agrees().await;
    assert_eq!(app.stock_there("SKU-00001-02"), 3);
    app.leaves(&[]);
}

async fn a_product_that_aliexpress_no_longer_has_is_read_again_and_its_skus_parked(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.simulator().catalogue().add(vec![product(FIRST, &[])]);
    app.accepted(&[stock("SKU-00001-01", 1, 3), stock("SKU-00002-01", 1, 4)]).await;
    app.agrees().await;
    assert_eq!(app.get("/status").await["listings"], json!({"skus": 6, "listings": 2}));
    app.leaves(&[("stock: parked no_listing", 1)]);
}

async fn a_sku_of_two_listings_goes_to_both_and_only_the_failed_one_again(store: Store) {
    let setup = TestApp::on(store).unlisted().start().await;
    let app = setup;
    app.simulator().catalogue().replace(vec![product(1, &["BOTH"]), product(2, &["BOTH"])]);
    app.list_all().await;
    let fault = Kind::Product { product: 2, code: "F00-00-10009-002".into() };
    app.simulator().faults().add(Fault { method: Some(INVENTORY.into()), ..Fault::times(2, fault) });
    app.accepted(&[stock("BOTH", 1, 3)]).await;
    app.agrees().await;
    let arrived: Vec<u64> = app.simulator().ledger().items().into_iter().map(|item| item.product).collect();
    assert_eq!(arrived, [1, 2]);
    let trace = app.get("/trace?sku=BOTH").await;
    assert_eq!(trace["lanes"][0]["confirmed"], json!({"1": "3", "2": "3"}));
    // A third listing gets what is confirmed in the others.
    app.simulator().catalogue().add(vec![product(3, &["BOTH"])]);
    app.list_all().await;
    app.agrees().await;
    let arrived: Vec<u64> = app.simulator().ledger().items().into_iter().map(|item| item.product).collect();
    assert_eq!(arrived, [1, 2, 3]);
}

async fn a_deleted_product_sells_nothing_that_it_still_owns(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let (one, moved) = ("SKU-00001-01", "SKU-00001-02");
    app.post("/lanes/product/pause", &json!({})).await.json(200);
    app.accepted(&[changed("P1", 1, &[one, moved]), stock(one, 1, 5), stock(moved, 1, 6)]).await;
    app.accepted(&[changed("P2", 2, &[moved])]).await;
    app.drained().await;
    let (one_there, moved_there) = (app.stock_there(one), app.stock_there(moved));
    assert_eq!((one_there, moved_there), (5, 6));
    app.accepted(&[deleted("P1", 3, &[one, moved])]).await;
    app.drained().await;
    assert_eq!((app.stock_there(one), app.stock_there(moved)), (0, 6));
    app.leaves_lanes(&[Lane::Product]).await;
}

async fn a_deletion_beats_what_is_queued(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let sku = "SKU-00001-01";
    for lane in ["product", "stock", "price"] {
        app.post(&format!("/lanes/{lane}/pause"), &json!({})).await.json(200);
    }
    app.accepted(&[changed("P1", 1, &[sku]), stock(sku, 1, 5), price(sku, 1, "9.00")]).await;
    app.accepted(&[deleted("P1", 2, &[sku])]).await;
    for lane in ["stock", "price"] {
        app.post(&format!("/lanes/{lane}/resume"), &json!({})).await.json(200);
    }
    app.drained().await;
    let there = app.simulator().catalogue().sku(sku).unwrap();
    assert_eq!((there.stock, there.price.as_str()), (0, "1000.00"), "the price that was queued is dropped");
    // An event that was late changes nothing.
    let late = app.events(&[stock(sku, 1, 7)]).send().await.json(202);
    assert_eq!(late["stale"], json!([{"index": 0, "version": 2}]));
    app.leaves_lanes(&[Lane::Product]).await;
}
