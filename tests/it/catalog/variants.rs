//! The other ways that publishing goes: the pair of schema methods, deletion for good, listings that were there before, duplicates, offers that
//! come and go.

use std::sync::Arc;
use std::time::Duration;

use aligate::catalog::mapping::Market;
use aligate::listings::PriceRules;
use aligate::publishing::{Mappings, Put};
use aligate::simulator::publishing::Status;
use aligate::simulator::{CatalogueProduct, CatalogueSku, Fault, Kind};
use serde_json::json;

use super::flow::shirt;
use super::materials::{mapping, offer};
use super::shop::{Pictures, calls, changed, end, publishing, put_mapping, settled};
use crate::app::{Store, on_both_stores, stock};

on_both_stores!(
    the_schema_methods_publish_as_well,
    a_deletion_may_be_for_good,
    a_listing_that_stands_there_already_is_edited,
    a_post_that_had_its_effect_after_all_is_a_duplicate_that_is_told,
    offers_come_and_go,
    attributes_that_depend_on_others_are_read_and_sent,
    a_mapping_that_was_exchanged_by_a_process_that_died_is_followed,
);

const POST: &str = "aliexpress.solution.product.post";

async fn the_schema_methods_publish_as_well(store: Store) {
    let (app, pictures) = (publishing(store, &[("catalog.posting", "schema")]).await, Pictures::start());
    let mut shirt = shirt(&pictures, 1);
    app.accepted(&[stock("SKU-1", 1, 4), changed(2, &shirt)]).await;
    settled(&app).await;
    shirt["name"] = json!("Рубашка");
    app.accepted(&[changed(3, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    assert_eq!((posted.len(), posted[0].edits, posted[0].title()), (1, 1, "Рубашка"));
    assert_eq!((posted[0].status, app.stock_there("SKU-1")), (Status::OnSelling, 4));
    let calls = calls(&app);
    assert_eq!((calls["solution.schema.product.instance.post"], calls["solution.schema.product.full.update"]), (1, 1));
    assert!(!calls.contains_key("solution.product.post") && !calls.contains_key("solution.product.edit"));
    end(app, &[]).await;
}

async fn a_deletion_may_be_for_good(store: Store) {
    let (app, pictures) = (publishing(store, &[("catalog.deleted", "delete")]).await, Pictures::start());
    let shirt = shirt(&pictures, 1);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    app.accepted(&[json!({"type": "product.deleted", "version": 2, "data": {"product_id": "P1", "skus": ["SKU-1"]}})])
        .await;
    settled(&app).await;
    assert!(app.simulator().publishing().posted().is_empty());
    assert_eq!(app.get("/trace?sku=SKU-1").await["listings"], json!([]));
    assert_eq!(app.get("/listings").await["items"], json!([]));
    // It may come back, as another listing.
    app.accepted(&[stock("SKU-1", 3, 2), changed(4, &shirt)]).await;
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted().len(), 1);
    assert_eq!(app.stock_there("SKU-1"), 2);
    end(app, &[]).await;
}

async fn a_listing_that_stands_there_already_is_edited(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let sku = CatalogueSku { sku: "SKU-1".into(), stock: 1, price: "1.00".into(), discount_price: None };
    let there = app.simulator().publishing().stand("ru", vec![sku]);
    app.simulator().catalogue().add(vec![there]);
    app.accepted(&[changed(1, &shirt(&pictures, 1))]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    assert_eq!((posted.len(), posted[0].edits, posted[0].title()), (1, 1, "Футболка 1"));
    assert_eq!(calls(&app).get("solution.product.post"), None);
    assert_eq!(app.stock_there("SKU-1"), 7);
    end(app, &[]).await;
}

async fn a_post_that_had_its_effect_after_all_is_a_duplicate_that_is_told(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.simulator().faults().add(Fault { method: Some(POST.into()), ..Fault::times(1, Kind::Reset) });
    app.simulator().publishing().set_audit(Duration::from_secs(86_400));
    app.accepted(&[changed(1, &shirt(&pictures, 1))]).await;
    app.until("the second post", async || {
        app.drained().await;
        (calls(&app).get("solution.product.post") == Some(&2)).then_some(())
    })
    .await;
    app.drained().await;
    // The first one, which AliExpress had only put off, has its effect now.
    let sku = CatalogueSku { sku: "SKU-1".into(), stock: 7, price: "1990.00".into(), discount_price: None };
    let late = 1_005_000_000_000_777;
    app.simulator().catalogue().add(vec![CatalogueProduct { id: late, skus: vec![sku] }]);
    app.simulator().publishing().end_audits();
    settled(&app).await;
    let listing = &app.get("/listings").await["items"][0];
    assert_eq!(listing["duplicates"], json!([late.to_string()]));
    let told = app.get("/entries?place=due&lane=notice").await;
    let codes: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| &item["state"]["code"]).collect();
    assert!(codes.contains(&&json!("listing_duplicate")), "{told}");
    end(app, &[]).await;
}

async fn offers_come_and_go(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut shirt = shirt(&pictures, 1);
    let coloured = |sku: &str, colour: &str| offer(sku, &[("COLOR", colour)]);
    shirt["offers"] = json!([coloured("RED", "Красный"), coloured("BLUE", "Синий")]);
    app.accepted(&[stock("RED", 1, 4), stock("BLUE", 1, 5), changed(2, &shirt)]).await;
    settled(&app).await;
    shirt["offers"] = json!([coloured("BLUE", "Синий"), coloured("GREEN", "Зелёный")]);
    app.accepted(&[stock("GREEN", 3, 6), changed(4, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    let skus: Vec<String> =
        app.simulator().catalogue().product(posted[0].id).unwrap().skus.into_iter().map(|s| s.sku).collect();
    assert_eq!((posted.len(), posted[0].edits, skus), (1, 1, vec!["BLUE".to_owned(), "GREEN".to_owned()]));
    assert_eq!((app.stock_there("BLUE"), app.stock_there("GREEN"), app.updates()), (5, 6, 0));
    // What is gone stands nowhere any more: its stock waits for a listing.
    assert_eq!(app.get("/trace?sku=RED").await["listings"], json!([]));
    app.accepted(&[stock("RED", 5, 1), stock("GREEN", 5, 2)]).await;
    settled(&app).await;
    assert_eq!((app.stock_there("GREEN"), app.updates()), (2, 1));
    end(app, &[("stock: parked no_listing", 1)]).await;
}

async fn attributes_that_depend_on_others_are_read_and_sent(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut mapping = mapping();
    mapping["attributes"].as_array_mut().unwrap().extend([
        json!({"attribute": 326, "property": "STYLE"}),
        json!({"attribute": 400, "property": "OCCASION"}),
        json!({"attribute": 401, "property": "SEASON"}),
    ]);
    put_mapping(&app, 1, &mapping).await;
    let mut shirt = shirt(&pictures, 1);
    let text = |code: &str, value: &str| json!({"code": code, "value": value});
    let properties = [text("STYLE", "Casual"), text("OCCASION", "Пляж"), text("SEASON", "Лето")];
    shirt["properties"].as_array_mut().unwrap().extend(properties);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    let has = |attribute: u64, value: u64| {
        let item = json!({"aliexpress_attribute_name_id": attribute, "aliexpress_attribute_value_id": value});
        posted[0].content["attribute_list"].as_array().unwrap().contains(&item)
    };
    assert!(has(326, 350) && has(400, 4001) && has(401, 4101), "{}", posted[0].content["attribute_list"]);
    end(app, &[]).await;
}

async fn a_mapping_that_was_exchanged_by_a_process_that_died_is_followed(store: Store) {
    let (mut app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.accepted(&[changed(1, &shirt(&pictures, 1))]).await;
    settled(&app).await;
    // It wrote down what it owes, exchanged the mapping, and died before it made anything due.
    let mut more = mapping();
    more["title"] = json!("{name}!");
    let documents = app.documents();
    documents.put(&app.shop, "requeue/main", r#"{"at_ms":0,"touched":"all"}"#).await.unwrap();
    let mappings = Mappings::new(Arc::clone(&documents), PriceRules::default());
    let read = serde_json::from_value(more).unwrap();
    assert!(matches!(mappings.put(&app.shop, &Market::default(), 1, &read).await.unwrap(), Put::Kept(_)));
    drop((mappings, documents));
    app.restart(&[]).await;
    app.advance(Duration::from_secs(11));
    app.until("the edit", async || {
        settled(&app).await;
        (app.simulator().publishing().posted()[0].title() == "Футболка 1!").then_some(())
    })
    .await;
    assert_eq!(app.simulator().publishing().posted()[0].edits, 1);
    end(app, &[]).await;
}
