//! Further mappings of a shop: each publishes the products that it covers once more, in its language, at its prices.

use std::collections::BTreeMap;

use aligate::simulator::publishing::{Posted, Status};
use aligate::simulator::{Fault, Kind};
use reqwest::Method;
use serde_json::{Value, json};

use super::flow::shirt;
use super::materials::mapping;
use super::shop::{Pictures, calls, changed, end, publishing, put_mapping, settled};
use crate::app::{Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    a_second_mapping_publishes_what_it_covers_once_more,
    stock_and_prices_go_to_every_listing_by_its_own_rule,
    all_listings_of_a_product_are_withdrawn,
    each_mapping_has_its_version_and_its_check,
    the_answer_to_a_markets_post_may_be_lost,
);

async fn put_market(app: &TestApp, version: u64, mapping: &Value) -> Value {
    let call = app.admin(Method::PUT, &format!("/v1/shops/{}/mapping?market=world", app.shop));
    call.json().body(json!({"version": version, "mapping": mapping}).to_string()).send().await.json(200)
}

/// English, at twice the price, with a title of its own.
fn world() -> Value {
    let mut world = mapping();
    (world["language"], world["title"]) = (json!("en"), json!("{name} for you"));
    world["price"] = json!({"factor": "2"});
    world
}

fn both(pictures: &Pictures, nth: usize) -> Value {
    let mut shirt = shirt(pictures, nth);
    shirt["translations"] = json!({"en": {"name": format!("Shirt {nth}")}});
    shirt
}

fn by_title(app: &TestApp) -> BTreeMap<String, Posted> {
    app.simulator().publishing().posted().into_iter().map(|posted| (posted.title().to_owned(), posted)).collect()
}

fn there(app: &TestApp, posted: &Posted) -> (u64, String) {
    let product = app.simulator().catalogue().product(posted.id).unwrap();
    (product.skus[0].stock, product.skus[0].price.clone())
}

async fn a_second_mapping_publishes_what_it_covers_once_more(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut other = both(&pictures, 2);
    other["section"] = json!({"id": "78"});
    app.accepted(&[changed(1, &both(&pictures, 1)), changed(2, &other)]).await;
    settled(&app).await;
    assert_eq!(by_title(&app).len(), 1);
    // What was seen before goes out by the new mapping; what it does not cover does not.
    put_market(&app, 0, &world()).await;
    settled(&app).await;
    assert_eq!(by_title(&app).keys().collect::<Vec<_>>(), ["Shirt 1 for you", "Футболка 1"]);
    assert_eq!(app.simulator().publishing().photos().uploads(), 1, "pictures are shared");
    // What comes afterwards goes out by both, and is edited in both.
    app.accepted(&[changed(3, &both(&pictures, 3))]).await;
    settled(&app).await;
    let mut edited = both(&pictures, 1);
    edited["description_html"] = json!("<p>Новое</p>");
    app.accepted(&[changed(4, &edited)]).await;
    settled(&app).await;
    let posted = by_title(&app);
    assert_eq!(posted.len(), 4);
    assert_eq!((posted["Shirt 1 for you"].edits, posted["Футболка 1"].edits, posted["Футболка 3"].edits), (1, 1, 0));
    let shown = app.get("/listings?market=world").await;
    assert_eq!(shown["items"].as_array().unwrap().len(), 2);
    assert!(shown["items"].as_array().unwrap().iter().all(|item| item["market"] == "world"), "{shown}");
    // A change of one mapping touches its listings alone.
    let before = calls(&app)["solution.product.edit"];
    let mut more = world();
    more["title"] = json!("{name}!");
    put_market(&app, 1, &more).await;
    settled(&app).await;
    assert_eq!(calls(&app)["solution.product.edit"], before + 2);
    assert!(by_title(&app).contains_key("Shirt 3!") && by_title(&app).contains_key("Футболка 3"));
    end(app, &[("product: parked mapping_missing", 1)]).await;
}

async fn stock_and_prices_go_to_every_listing_by_its_own_rule(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    put_market(&app, 0, &world()).await;
    app.accepted(&[stock("SKU-1", 1, 4), price("SKU-1", 2, "10.00"), changed(3, &both(&pictures, 1))]).await;
    settled(&app).await;
    let posted = by_title(&app);
    assert_eq!(there(&app, &posted["Футболка 1"]), (4, "10.00".into()));
    assert_eq!(there(&app, &posted["Shirt 1 for you"]), (4, "20.00".into()));
    assert_eq!(app.updates(), 0, "they went with the posts: {}", app.get("/trace?sku=SKU-1").await);
    app.accepted(&[stock("SKU-1", 4, 3), price("SKU-1", 5, "11.00")]).await;
    settled(&app).await;
    assert_eq!(there(&app, &posted["Футболка 1"]), (3, "11.00".into()));
    assert_eq!(there(&app, &posted["Shirt 1 for you"]), (3, "22.00".into()));
    let sent = app.updates();
    app.accepted(&[stock("SKU-1", 6, 3), price("SKU-1", 7, "11.00")]).await;
    settled(&app).await;
    assert_eq!(app.updates(), sent, "what is confirmed everywhere costs nothing");
    let mut dearer = world();
    dearer["price"] = json!({"factor": "3"});
    put_market(&app, 1, &dearer).await;
    settled(&app).await;
    assert_eq!(there(&app, &posted["Футболка 1"]).1, "11.00");
    assert_eq!(there(&app, &posted["Shirt 1 for you"]).1, "33.00");
    end(app, &[]).await;
}

async fn all_listings_of_a_product_are_withdrawn(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    put_market(&app, 0, &world()).await;
    let mut shirt = both(&pictures, 1);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    let all = |app: &TestApp, status: Status| {
        let posted = app.simulator().publishing().posted();
        posted.len() == 2 && posted.iter().all(|posted| posted.status == status)
    };
    assert!(all(&app, Status::OnSelling));
    shirt["active"] = json!(false);
    app.accepted(&[changed(2, &shirt)]).await;
    settled(&app).await;
    assert!(all(&app, Status::Offline));
    shirt["active"] = json!(true);
    app.accepted(&[changed(3, &shirt)]).await;
    settled(&app).await;
    assert!(all(&app, Status::OnSelling));
    app.accepted(&[json!({"type": "product.deleted", "version": 4, "data": {"product_id": "P1", "skus": ["SKU-1"]}})])
        .await;
    settled(&app).await;
    assert!(all(&app, Status::Offline));
    end(app, &[]).await;
}

async fn each_mapping_has_its_version_and_its_check(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    put_mapping(&app, 1, &mapping()).await;
    let mut world = world();
    world["title"] = json!(
        "{name} and so on and on, much longer than AliExpress takes, and longer, and longer, and longer, and longer, and longer, and longer"
    );
    assert_eq!(put_market(&app, 0, &world).await["version"], 1);
    assert_eq!(
        (app.get("/mapping").await["version"].clone(), app.get("/mapping?market=world").await["version"].clone()),
        (json!(2), json!(1))
    );
    assert_eq!(app.get("/mapping?market=other").await["version"], 0);
    let lines = app.get("/mappings").await;
    let line = |market: &str, version: u64, language: &str| json!({"market": market, "version": version, "language": language, "sections": 1});
    assert_eq!(lines["items"], json!([line("main", 2, "ru"), line("world", 1, "en")]));
    let refused = app.admin(Method::GET, &format!("/v1/shops/{}/mapping?market=A%20B", app.shop)).send().await;
    assert_eq!(refused.problem(400), "market_invalid");
    app.accepted(&[changed(1, &both(&pictures, 1))]).await;
    settled(&app).await;
    let good = app.post("/mapping/check", &json!({})).await.json(200);
    assert_eq!((&good["products"], &good["good"]), (&json!(1), &json!(1)));
    let long = app.post("/mapping/check?market=world", &json!({})).await.json(200);
    assert_eq!((&long["products"], &long["causes"][0]["code"]), (&json!(1), &json!("title_long")));
    // Of one product one listing stands, and the other says why it does not.
    let failed = app.get("/listings?state=check_failed").await;
    assert_eq!((&failed["items"][0]["market"], &failed["items"][0]["product_id"]), (&json!("world"), &json!("P1")));
    assert_eq!(app.get("/listings?state=on_selling").await["items"][0]["market"], "main");
    end(app, &[("product: dead", 1)]).await;
}

async fn the_answer_to_a_markets_post_may_be_lost(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.accepted(&[changed(1, &both(&pictures, 1))]).await;
    settled(&app).await;
    let post = "aliexpress.solution.product.post";
    app.simulator().faults().add(Fault { method: Some(post.into()), ..Fault::times(1, Kind::AnswerLost) });
    put_market(&app, 0, &world()).await;
    settled(&app).await;
    // The main listing has the same SKU and is not taken for the one that was posted.
    assert_eq!(calls(&app)["solution.product.post"], 2);
    assert_eq!(by_title(&app).keys().collect::<Vec<_>>(), ["Shirt 1 for you", "Футболка 1"]);
    app.accepted(&[stock("SKU-1", 2, 3)]).await;
    settled(&app).await;
    assert!(by_title(&app).values().all(|posted| there(&app, posted).0 == 3));
    end(app, &[]).await;
}
