//! Publishing from events to what buyers see, on both stores.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aligate::simulator::publishing::Status;
use aligate::simulator::{Fault, Kind};
use reqwest::Method;
use serde_json::{Value, json};

use super::materials::{mapping, offer, product};
use super::shop::{Pictures, calls, changed, end, publishing, put_mapping, settled};
use crate::app::{Store, TestApp, on_both_stores, stock};

on_both_stores!(
    a_product_is_published_once_and_edited_when_its_content_changes,
    stock_and_price_go_with_the_product_and_are_not_sent_again,
    a_product_follows_its_shop_off_sale_and_back,
    what_cannot_leave_says_why_and_leaves_once_it_is_corrected,
    a_mapping_that_changes_touches_its_products_alone,
    a_sold_out_product_waits_for_stock,
    the_answer_to_a_post_may_be_lost,
    the_answers_to_uploads_and_edits_may_be_lost,
    hostile_pictures_harm_nobody,
    categories_are_found_below_one_by_words_and_by_ids,
);

const POST: &str = "aliexpress.solution.product.post";

/// A product with a SKU and a picture of its own.
pub fn shirt(pictures: &Pictures, nth: usize) -> Value {
    let mut made = product();
    made["product_id"] = json!(format!("P{nth}"));
    made["name"] = json!(format!("Футболка {nth}"));
    made["images"] = json!([pictures.url(&format!("{nth}.png"))]);
    made["offers"] = json!([offer(&format!("SKU-{nth}"), &[])]);
    made
}

async fn a_product_is_published_once_and_edited_when_its_content_changes(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut shirt = shirt(&pictures, 1);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    assert_eq!((posted.len(), posted[0].status), (1, Status::OnSelling));
    // The same once more, with another price: no content.
    shirt["offers"][0]["price"] = json!("5.00");
    app.accepted(&[changed(2, &shirt)]).await;
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted()[0].edits, 0);
    shirt["name"] = json!("Рубашка");
    app.accepted(&[changed(3, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    assert_eq!((posted.len(), posted[0].edits, posted[0].title()), (1, 1, "Рубашка"));
    assert_eq!(app.simulator().publishing().photos().uploads(), 1);
    assert_eq!(pictures.asked.load(Ordering::Relaxed), 1);
    let listings = app.get("/listings?state=on_selling").await;
    assert_eq!(listings["items"][0]["product_id"], "P1");
    assert_eq!(app.get("/listings?state=refused").await["items"], json!([]));
    end(app, &[]).await;
}

async fn stock_and_price_go_with_the_product_and_are_not_sent_again(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.accepted(&[stock("SKU-1", 1, 4), changed(2, &shirt(&pictures, 1))]).await;
    settled(&app).await;
    assert_eq!(app.stock_there("SKU-1"), 4);
    assert_eq!(app.updates(), 0, "stock went with the post");
    app.accepted(&[stock("SKU-1", 3, 9)]).await;
    settled(&app).await;
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (9, 1));
    // An edit made later takes the newest along, not what the product event said.
    let mut other = shirt(&pictures, 1);
    other["name"] = json!("Рубашка");
    app.accepted(&[changed(4, &other)]).await;
    settled(&app).await;
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (9, 1));
    // What is replayed is sent once more, and once only.
    app.post("/replay", &json!({"lane": "product"})).await.json(202);
    app.until("the edit", async || Some(()).filter(|()| app.simulator().publishing().posted()[0].edits == 2)).await;
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted()[0].edits, 2);
    end(app, &[]).await;
}

async fn a_product_follows_its_shop_off_sale_and_back(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let status = |app: &TestApp| app.simulator().publishing().posted()[0].status;
    let mut shirt = shirt(&pictures, 1);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    shirt["active"] = json!(false);
    app.accepted(&[changed(2, &shirt)]).await;
    settled(&app).await;
    assert_eq!(status(&app), Status::Offline);
    shirt["active"] = json!(true);
    app.accepted(&[changed(3, &shirt)]).await;
    settled(&app).await;
    assert_eq!(status(&app), Status::OnSelling);
    app.accepted(&[json!({"type": "product.deleted", "version": 4, "data": {"product_id": "P1", "skus": ["SKU-1"]}})])
        .await;
    settled(&app).await;
    assert_eq!((status(&app), app.stock_there("SKU-1")), (Status::Offline, 0));
    assert_eq!(app.simulator().publishing().posted().len(), 1);
    end(app, &[]).await;
}

async fn what_cannot_leave_says_why_and_leaves_once_it_is_corrected(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut shirt = shirt(&pictures, 1);
    shirt["name"] = json!("x".repeat(129));
    shirt["brand"] = json!("Nobody");
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    let failed = &app.get("/listings?reason=brand_unknown").await["items"][0];
    assert_eq!((&failed["state"], &failed["reasons"][0]["code"]), (&json!("check_failed"), &json!("title_long")));
    assert_eq!(app.get("/dead-letters").await["items"][0]["reason"], "title_long");
    let report = app.post("/mapping/check", &json!({})).await.json(200);
    assert_eq!(
        (&report["products"], &report["good"], report["causes"].as_array().unwrap().len()),
        (&json!(1), &json!(0), 2)
    );
    assert_eq!(report["causes"][0]["products"][0]["skus"], json!(["SKU-1"]));
    // The audit refuses what the check cannot know.
    shirt["name"] = json!("Replica");
    shirt["brand"] = json!("Acme");
    app.accepted(&[changed(2, &shirt)]).await;
    settled(&app).await;
    let refused = &app.get("/listings?state=refused").await["items"][0];
    assert_eq!(refused["reasons"][0]["code"], "audit_refused");
    shirt["name"] = json!("Футболка");
    app.accepted(&[changed(3, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    assert_eq!((posted.len(), posted[0].status, posted[0].edits), (1, Status::OnSelling, 1));
    // The shop was told of each step: its newest state waits for it.
    let told = app.get("/entries?place=due&lane=notice").await;
    assert_eq!(told["items"][0]["state"]["data"]["state"], "on_selling");
    end(app, &[]).await;
}

async fn a_mapping_that_changes_touches_its_products_alone(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut other = shirt(&pictures, 2);
    other["section"] = json!({"id": "78", "path": ["Кепки"]});
    app.accepted(&[changed(1, &shirt(&pictures, 1)), changed(2, &other)]).await;
    settled(&app).await;
    assert_eq!(app.count().await["product: parked mapping_missing"], 1);
    let mut more = mapping();
    let mut line = more["categories"][0].clone();
    (line["section"], line["title"]) = (json!("78"), json!("{brand} {name}"));
    more["categories"].as_array_mut().unwrap().push(line);
    let kept = put_mapping(&app, 1, &more).await;
    assert_eq!(kept["version"], 2);
    settled(&app).await;
    let titles: BTreeSet<String> =
        app.simulator().publishing().posted().iter().map(|posted| posted.title().to_owned()).collect();
    assert_eq!(titles, BTreeSet::from(["Футболка 1".to_owned(), "Acme Футболка 2".to_owned()]));
    let before = calls(&app);
    more["categories"][1]["title"] = json!("{name} {brand}");
    put_mapping(&app, 2, &more).await;
    settled(&app).await;
    let edits: Vec<u64> = app.simulator().publishing().posted().iter().map(|posted| posted.edits).collect();
    assert_eq!(edits.iter().sum::<u64>(), 1);
    assert_eq!(calls(&app)["solution.product.post"], before["solution.product.post"]);
    // Somebody else's version is refused, and so is a mapping with faults.
    let put = |body: Value| {
        app.admin(reqwest::Method::PUT, &format!("/v1/shops/{}/mapping", app.shop)).json().body(body.to_string())
    };
    assert_eq!(put(json!({"version": 1, "mapping": more})).send().await.problem(412), "version_mismatch");
    assert_eq!(put(json!({"mapping": more})).send().await.problem(428), "version_missing");
    more["language"] = json!("xx");
    let refused = put(json!({"version": 3, "mapping": more})).send().await.json(422);
    assert_eq!(refused["faults"][0]["path"], "language");
    end(app, &[]).await;
}

async fn a_sold_out_product_waits_for_stock(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.accepted(&[stock("SKU-1", 1, 0), changed(2, &shirt(&pictures, 1))]).await;
    settled(&app).await;
    assert_eq!(app.count().await["product: parked out_of_stock"], 1);
    app.accepted(&[stock("SKU-1", 3, 2)]).await;
    app.until("the post", async || Some(()).filter(|()| app.simulator().catalogue().sku("SKU-1").is_some())).await;
    settled(&app).await;
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (2, 0));
    end(app, &[]).await;
}

async fn the_answer_to_a_post_may_be_lost(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let lost = |method: &str| Fault { method: Some(method.into()), ..Fault::times(1, Kind::AnswerLost) };
    app.simulator().faults().add(lost(POST));
    app.accepted(&[changed(1, &shirt(&pictures, 1))]).await;
    settled(&app).await;
    assert_eq!(calls(&app)["solution.product.post"], 1, "it was found, not posted twice");
    // The connection ends before the post has its effect: it is looked up, and repeated after a while.
    app.simulator().faults().add(Fault { method: Some(POST.into()), ..Fault::times(1, Kind::Reset) });
    app.accepted(&[changed(2, &shirt(&pictures, 2))]).await;
    settled(&app).await;
    assert_eq!(calls(&app)["solution.product.post"], 3);
    let posted = app.simulator().publishing().posted();
    assert!(posted.len() == 2 && posted.iter().all(|posted| posted.status == Status::OnSelling), "{posted:?}");
    end(app, &[]).await;
}

async fn the_answers_to_uploads_and_edits_may_be_lost(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let lost = |method: &str| Fault { method: Some(method.into()), ..Fault::times(1, Kind::AnswerLost) };
    app.simulator().faults().add(lost("aliexpress.photobank.redefining.uploadimageforsdk"));
    let mut shirt = shirt(&pictures, 1);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted().len(), 1);
    app.simulator().faults().add(lost("aliexpress.solution.product.edit"));
    shirt["name"] = json!("Рубашка");
    app.accepted(&[changed(2, &shirt)]).await;
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    assert_eq!((posted.len(), posted[0].title(), posted[0].status), (1, "Рубашка", Status::OnSelling));
    end(app, &[]).await;
}

async fn hostile_pictures_harm_nobody(store: Store) {
    let settings = [("catalog.image_timeout_ms", "500"), ("worker.lanes.product.attempts_max", "2")];
    let (app, pictures) = (publishing(store, &settings).await, Pictures::start());
    let table = [
        ("missing.png", "image_unreachable"),
        ("private.png", "image_unreachable"),
        ("circle.png", "image_unreachable"),
        ("gif.png", "image_type"),
        ("html.png", "image_type"),
        ("small.png", "image_small"),
        ("endless.png", "image_large"),
        ("slow.png", "image_unreachable"),
    ];
    let mut events = Vec::new();
    for (nth, (name, _)) in table.iter().enumerate() {
        let mut shirt = shirt(&pictures, nth);
        shirt["images"] = json!([pictures.url(name)]);
        events.push(changed(1 + nth as u64, &shirt));
    }
    app.accepted(&events).await;
    settled(&app).await;
    let dead = app.get("/dead-letters").await;
    let told: BTreeSet<(String, String)> = dead["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["key"].as_str().unwrap().to_owned(), entry["reason"].as_str().unwrap().to_owned()))
        .collect();
    let expected = table.iter().enumerate().map(|(nth, (_, code))| (format!("P{nth}"), (*code).to_owned()));
    assert_eq!(told, expected.collect());
    assert_eq!(app.simulator().publishing().photos().uploads(), 0);
    // A bomb is measured by its header and unpacked by nobody.
    let mut bomb = shirt(&pictures, 100);
    bomb["images"] = json!([pictures.url("bomb.png")]);
    app.accepted(&[changed(100, &bomb)]).await;
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted().len(), 1);
    end(app, &[("product: dead", table.len() as u64)]).await;
}

/// A shop's whole assortment, with everything that happens to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_products_in_the_fewest_requests() {
    const PRODUCTS: usize = 500;
    let (app, pictures) = (publishing(Store::sqlite(), &[]).await, Pictures::start());
    // A fresh import says that nothing is there: no look-up before each post.
    let import = app.post("/listings/import", &json!({})).await.json(202);
    app.job_done(&import).await;
    app.simulator().publishing().set_audit(Duration::ZERO);
    let before = calls(&app);
    let of = |nth: usize| {
        let mut shirt = shirt(&pictures, nth);
        shirt["name"] =
            json!(if nth.is_multiple_of(10) { format!("Replica {nth}") } else { format!("Футболка {nth}") });
        // Every second product shares its second picture with another one.
        shirt["images"] =
            json!([pictures.url(&format!("{nth}.png")), pictures.url(&format!("shared-{}.png", nth / 2))]);
        shirt
    };
    let mut version = 0;
    let mut event = |data: Value| {
        version += 1;
        changed(version, &data)
    };
    for page in (0..PRODUCTS).collect::<Vec<_>>().chunks(100) {
        app.accepted(&page.iter().map(|nth| event(of(*nth))).collect::<Vec<_>>()).await;
    }
    settled(&app).await;
    let refused = app.simulator().publishing().posted().iter().filter(|p| p.status == Status::EditingRequired).count();
    assert_eq!(refused, PRODUCTS / 10);
    let edited = |nth: &usize| nth % 2 == 1 || nth.is_multiple_of(10);
    let edits: Vec<usize> = (0..PRODUCTS).filter(edited).collect();
    for page in edits.chunks(100) {
        let correct = |nth: &usize| {
            let mut shirt = of(*nth);
            shirt["name"] = json!(format!("Рубашка {nth}"));
            event(shirt)
        };
        app.accepted(&page.iter().map(correct).collect::<Vec<_>>()).await;
    }
    settled(&app).await;
    let posted = app.simulator().publishing().posted();
    let skus: BTreeSet<String> = posted.iter().map(|p| p.content["sku_info_list"][0]["sku_code"].to_string()).collect();
    assert_eq!((posted.len(), skus.len()), (PRODUCTS, PRODUCTS), "nothing twice");
    assert!(posted.iter().all(|posted| posted.status == Status::OnSelling));
    assert_eq!(posted.iter().map(|posted| posted.edits).sum::<u64>(), edits.len() as u64);
    let photos = app.simulator().publishing().photos();
    assert_eq!((photos.uploads(), photos.distinct()), (750, 750));
    let spent = |method: &str| {
        calls(&app).get(method).copied().unwrap_or_default() - before.get(method).copied().unwrap_or_default()
    };
    assert_eq!((spent("solution.product.post"), spent("solution.product.edit")), (500, edits.len() as u64));
    assert_eq!((spent("solution.product.list.get"), app.updates()), (0, 0));
    // One look at the audit for each post and edit.
    assert_eq!(spent("postproduct.redefining.findaeproductstatusbyid"), 500 + edits.len() as u64);
    end(app, &[]).await;
}

async fn categories_are_found_below_one_by_words_and_by_ids(store: Store) {
    let app = publishing(store, &[]).await;
    // The tree is read when it is first asked for.
    let read = async || Some(app.get("/categories").await).filter(|found| found["read_ms"].is_u64());
    let all = app.until("the tree was read", read).await;
    let ids = |found: &Value| -> Vec<u64> {
        found["items"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(ids(&all), [100, 509, 15]);
    assert_eq!(ids(&app.get("/categories?parent=200").await), [348, 349]);
    assert_eq!(ids(&app.get("/categories?search=frying").await), [1504]);
    let named = app.get("/categories?ids=1504,%20348,77").await;
    assert_eq!(named["items"].as_array().unwrap().len(), 2, "the one that AliExpress has not is left out");
    let shirts = named["items"].as_array().unwrap().iter().find(|item| item["id"] == 348).unwrap();
    assert_eq!(shirts["path"], json!(["Одежда и аксессуары", "Мужская одежда", "Футболки"]));
    assert_eq!(shirts["path_en"], json!(["Apparel & Accessories", "Men's Clothing", "T-Shirts"]));
    assert_eq!(
        app.admin(Method::GET, &format!("/v1/shops/{}/categories?ids=x", app.shop)).send().await.json(400)["code"],
        "ids_invalid"
    );
    end(app, &[]).await;
}
