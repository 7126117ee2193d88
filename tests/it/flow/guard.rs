//! What a bad exchange with 1C does at once is held until a person decides; everything else flows on.

use std::time::Duration;

use aligate::simulator::publishing::Status;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Store, TestApp, VIEWER, on_both_stores, price, stock};
use crate::catalog::materials::{offer, product};
use crate::catalog::shop::{Pictures, changed, publishing, settled};

on_both_stores!(
    an_exchange_that_empties_the_shop_is_held_and_sent_once_it_is_confirmed,
    a_discarded_avalanche_sends_nothing_and_the_next_word_of_a_sku_goes,
    what_orders_cause_and_what_is_restocked_flows_while_the_rest_is_held,
    a_single_sold_out_sku_leaves_at_once,
    a_fall_among_others_by_hand_is_held_with_them,
    prices_that_fall_by_more_than_half_are_held_by_themselves,
    products_that_leave_at_once_are_held_by_product,
    an_exchange_that_drops_offers_is_held_and_one_that_adds_some_is_not,
    a_product_takes_no_held_stock_along,
    a_shop_that_observes_is_shown_everything_and_judged_when_it_goes_live,
    a_rule_of_the_shop_that_leaves_nothing_to_sell_is_a_fall,
);

const LISTED: u64 = 300;

/// Three hundred products of one SKU.
async fn wide(store: Store, settings: &[(&str, &str)]) -> TestApp {
    let setup = TestApp::on(store).simulator(|simulator| (simulator.products, simulator.skus) = (300, 1));
    settings.iter().fold(setup, |setup, (key, value)| setup.with(key, value)).start().await
}

fn sku(nth: u64) -> String {
    format!("SKU-{:05}-01", nth + 1)
}

fn by(cause: &str, mut event: Value) -> Value {
    event["cause"] = json!(cause);
    event
}

/// Zeros of these SKUs.
fn zeros(skus: std::ops::Range<u64>, version: u64, cause: &str) -> Vec<Value> {
    skus.map(|nth| by(cause, stock(&sku(nth), version, 0))).collect()
}

/// How many of these SKUs AliExpress has none of.
fn sold_out(app: &TestApp, skus: std::ops::Range<u64>) -> usize {
    skus.filter(|nth| app.stock_there(&sku(*nth)) == 0).count()
}

async fn metric(app: &TestApp, name: &str) -> u64 {
    let text = app.admin(Method::GET, "/metrics").send().await.text;
    let shop = format!("shop=\"{}\"", app.shop);
    let line = text.lines().find(|line| line.starts_with(name) && line.contains(&shop));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_default()
}

async fn told(app: &TestApp) -> Value {
    app.until("the notice", async || {
        let call = app.admin(Method::GET, &format!("/v1/shops/{}/trace?sku=guard_held", app.shop)).send().await;
        if call.status == 200 { Some(call.json(200)["lanes"][0]["entry"]["state"].clone()) } else { None }
    })
    .await
}

async fn decide(app: &TestApp, what: &str, body: &Value) -> Value {
    app.post(&format!("/guard/{what}"), body).await.json(200)
}

async fn an_exchange_that_empties_the_shop_is_held_and_sent_once_it_is_confirmed(store: Store) {
    let mut app = wide(store, &[]).await;
    let mut exchange = zeros(0..200, 2, "exchange");
    exchange.extend((200..LISTED).map(|nth| by("exchange", stock(&sku(nth), 2, nth))));
    exchange.extend((0..50).map(|nth| by("exchange", price(&sku(nth), 2, "900.00"))));
    for page in exchange.chunks(70) {
        app.accepted(page).await;
    }
    app.drained().await;
    assert_eq!(sold_out(&app, 0..200), 0, "not one of the burst has left");
    for nth in 200..LISTED {
        assert_eq!(app.stock_there(&sku(nth)), nth);
    }
    assert_eq!(app.simulator().catalogue().sku(&sku(49)).unwrap().price, "900.00");
    let status = app.get("/status").await;
    let zero_stock = json!({"held": 200, "fallen": 200, "limit": 60, "let_secs": null});
    assert_eq!((&status["guard"]["held"], &status["guard"]["kinds"]["zero_stock"]), (&json!(200), &zero_stock));
    assert_eq!(
        (&status["lanes"]["stock"]["held"], &status["lanes"]["stock"]["oldest_age_ms"]),
        (&json!(200), &json!(0))
    );
    assert!(status["capabilities"].as_array().unwrap().contains(&json!("guard")));
    let notice = told(&app).await;
    assert_eq!((&notice["severity"], &notice["count"]), (&json!("error"), &json!(200)));
    let labels = format!("aligate_guard_held{{shop=\"{}\",kind=\"zero_stock\"}}", app.shop);
    assert_eq!(metric(&app, &labels).await, 200);
    // A restart changes nothing of it.
    app.restart(&[]).await;
    app.drained().await;
    assert_eq!((sold_out(&app, 0..200), app.count().await["stock: held"]), (0, 200));
    let shown = app.get("/entries?place=held&lane=stock&limit=1").await;
    assert_eq!((&shown["items"][0]["reason"], &shown["items"][0]["cause"]), (&json!("held"), &json!("exchange")));
    let counts = decide(&app, "confirm", &json!({})).await;
    assert_eq!(counts, json!({"count": 200, "kinds": {"withdrawal": 0, "zero_stock": 200, "price": 0}}));
    app.agrees().await;
    assert_eq!(sold_out(&app, 0..200), 200);
    assert_eq!(decide(&app, "confirm", &json!({})).await["count"], 0);
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn a_discarded_avalanche_sends_nothing_and_the_next_word_of_a_sku_goes(store: Store) {
    let mut app = wide(store, &[]).await;
    let had: Vec<Value> = (0..LISTED).map(|nth| stock(&sku(nth), 1, 5)).collect();
    app.accepted(&had).await;
    app.agrees().await;
    app.accepted(&zeros(0..LISTED, 2, "exchange")).await;
    app.drained().await;
    assert_eq!(app.count().await["stock: held"], LISTED);
    // Somebody who may only look decides nothing, nor does a word that is none.
    let path = format!("/v1/shops/{}/guard/discard", app.shop);
    let viewer = app.anonymous(Method::POST, &path).header("authorization", &format!("Bearer {VIEWER}"));
    assert_eq!(viewer.send().await.problem(403), "forbidden");
    assert_eq!(app.post("/guard/discard", &json!({"kind": "all"})).await.problem(400), "body_unreadable");
    assert_eq!(decide(&app, "discard", &json!({"kind": "price"})).await["count"], 0);
    // The module's page: signed, without a body.
    let signed = app.signed(Method::POST, "/guard/discard").send().await.json(200);
    assert_eq!(signed["kinds"]["zero_stock"], LISTED);
    app.drained().await;
    assert_eq!((sold_out(&app, 0..LISTED), app.count().await), (0, [].into()));
    assert_eq!(app.get("/status").await["guard"]["kinds"]["zero_stock"]["fallen"], 0);
    let trace = app.get(&format!("/trace?sku={}", sku(7))).await;
    let entry = &trace["lanes"][0]["entry"];
    assert_eq!(
        (&entry["place"], &entry["reason"], &entry["version"]),
        (&json!("idle"), &json!("discarded"), &json!(2))
    );
    app.accepted(&[by("edit", stock(&sku(7), 3, 0)), by("exchange", stock(&sku(8), 3, 4))]).await;
    app.drained().await;
    assert_eq!((app.stock_there(&sku(7)), app.stock_there(&sku(8)), app.stock_there(&sku(9))), (0, 4, 5));
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn what_orders_cause_and_what_is_restocked_flows_while_the_rest_is_held(store: Store) {
    let mut app = wide(store, &[]).await;
    app.accepted(&zeros(0..100, 2, "exchange")).await;
    app.drained().await;
    assert_eq!(app.count().await["stock: held"], 100);
    // Sold in the shop: SKUs that are held, and others, as many as may come.
    app.accepted(&zeros(0..20, 3, "order")).await;
    app.accepted(&zeros(100..200, 3, "order")).await;
    app.accepted(&(20..30).map(|nth| by("exchange", stock(&sku(nth), 3, 4))).collect::<Vec<_>>()).await;
    // The same bad exchange once more, and one SKU more.
    app.accepted(&zeros(30..101, 4, "exchange")).await;
    app.drained().await;
    assert_eq!((sold_out(&app, 0..20), sold_out(&app, 100..200)), (20, 100));
    assert!((20..30).all(|nth| app.stock_there(&sku(nth)) == 4));
    assert_eq!((app.count().await["stock: held"], sold_out(&app, 30..100)), (70, 0), "SKU 100 had none already");
    decide(&app, "confirm", &json!({"kind": "zero_stock"})).await;
    app.agrees().await;
    // The rest of the exchange goes with what was confirmed, for the guard's hour.
    app.accepted(&zeros(200..LISTED, 5, "exchange")).await;
    app.agrees().await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn a_single_sold_out_sku_leaves_at_once(store: Store) {
    let mut app = wide(store, &[]).await;
    app.accepted(&[stock(&sku(7), 2, 0)]).await;
    // No time goes by but the machine's, and the entry was never put off.
    app.until("the zero", async || (app.stock_there(&sku(7)) == 0).then_some(())).await;
    assert_eq!(app.clock.ahead(), Duration::ZERO);
    app.drained().await;
    let trace = app.get(&format!("/trace?sku={}", sku(7))).await;
    assert_eq!(trace["lanes"][0]["history"].as_array().unwrap().len(), 1, "{trace}");
    // One of an exchange is looked at for a moment, and goes.
    app.accepted(&zeros(8..9, 2, "exchange")).await;
    app.agrees().await;
    assert_eq!(app.get("/status").await["guard"]["kinds"]["zero_stock"]["fallen"], 2);
    // A guard that is switched off looks at nothing.
    app.restart(&[("guard.enabled", "false")]).await;
    app.accepted(&zeros(0..LISTED, 3, "exchange")).await;
    app.agrees().await;
}

async fn a_fall_among_others_by_hand_is_held_with_them(store: Store) {
    let mut app = wide(store, &[]).await;
    app.post("/lanes/stock/pause", &json!({})).await.json(200);
    app.accepted(&zeros(0..150, 2, "edit")).await;
    app.post("/lanes/stock/resume", &json!({})).await.json(200);
    app.drained().await;
    assert_eq!((sold_out(&app, 0..150), app.count().await["stock: held"]), (0, 150));
    decide(&app, "discard", &json!({})).await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn prices_that_fall_by_more_than_half_are_held_by_themselves(store: Store) {
    let mut app = wide(store, &[]).await;
    app.accepted(&(0..LISTED).map(|nth| price(&sku(nth), 1, "1000.00")).collect::<Vec<_>>()).await;
    app.agrees().await;
    let exchange = |nth: u64, amount: &str| by("exchange", price(&sku(nth), 2, amount));
    let mut events: Vec<Value> = (0..100).map(|nth| exchange(nth, "499.00")).collect();
    events.extend((100..200).map(|nth| exchange(nth, "500.00")));
    events.extend(zeros(0..20, 2, "exchange"));
    app.accepted(&events).await;
    app.drained().await;
    let cost = |nth| app.simulator().catalogue().sku(&sku(nth)).unwrap().price;
    assert!((0..100).all(|nth| cost(nth) == "1000.00") && (100..200).all(|nth| cost(nth) == "500.00"));
    assert_eq!(sold_out(&app, 0..20), 20, "few zeros are none of its business");
    let detail = app.get("/entries?place=held&lane=price&limit=1").await["items"][0]["detail"].clone();
    let words = detail.as_str().unwrap();
    assert!(words.starts_with("price: ") && words.ends_with("more than 60; it would send 499.00/*"), "{words}");
    assert_eq!(decide(&app, "confirm", &json!({"kind": "zero_stock"})).await["count"], 0);
    assert_eq!(decide(&app, "confirm", &json!({"kind": "price"})).await["count"], 100);
    app.agrees().await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

/// A product of one SKU.
fn cap(pictures: &Pictures, nth: usize) -> Value {
    let mut made = product();
    made["product_id"] = json!(format!("P{nth}"));
    made["images"] = json!([pictures.url("shared.png")]);
    made["offers"] = json!([offer(&format!("SKU-{nth}-A"), &[])]);
    made
}

/// A product of two SKUs.
fn shirt(pictures: &Pictures, nth: usize) -> Value {
    let mut made = cap(pictures, nth);
    let colours = [("A", "Красный"), ("B", "Синий")];
    let offers = colours.map(|(name, colour)| offer(&format!("SKU-{nth}-{name}"), &[("COLOR", colour)]));
    made["offers"] = json!(offers);
    made
}

async fn products_that_leave_at_once_are_held_by_product(store: Store) {
    let settings = [("guard.count_min", "6"), ("guard.share_percent", "20"), ("catalog.images_max", "1")];
    let (mut app, pictures) = (publishing(store, &settings).await, Pictures::start());
    app.accepted(&(0..30).map(|nth| changed(1, &cap(&pictures, nth))).collect::<Vec<_>>()).await;
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted().len(), 30);
    let leave = |nth: usize, version: u64| match nth % 2 {
        0 => by(
            "exchange",
            json!({"type": "product.deleted", "version": version, "data": {"product_id": format!("P{nth}"), "skus": [format!("SKU-{nth}-A")]}}),
        ),
        _ => {
            let mut product = cap(&pictures, nth);
            product["active"] = json!(false);
            by("exchange", changed(version, &product))
        }
    };
    app.accepted(&(0..10).map(|nth| leave(nth, 2)).collect::<Vec<_>>()).await;
    // A product's content goes on meanwhile.
    let mut other = cap(&pictures, 20);
    other["name"] = json!("Рубашка");
    app.accepted(&[by("exchange", changed(2, &other))]).await;
    settled(&app).await;
    let selling = |app: &TestApp| {
        app.simulator().publishing().posted().iter().filter(|posted| posted.status == Status::OnSelling).count()
    };
    assert_eq!((selling(&app), app.count().await["product: held"]), (30, 10));
    assert!(app.simulator().publishing().posted().iter().any(|posted| posted.title() == "Рубашка"));
    // One of them is wanted after all; the others are right.
    app.accepted(&[by("exchange", changed(3, &cap(&pictures, 1)))]).await;
    settled(&app).await;
    assert_eq!(app.count().await["product: held"], 9);
    assert_eq!(decide(&app, "confirm", &json!({"kind": "withdrawal"})).await["count"], 9);
    settled(&app).await;
    assert_eq!(selling(&app), 21);
    // What a person takes off is no avalanche.
    app.accepted(&[by("edit", leave(11, 4))]).await;
    settled(&app).await;
    assert_eq!(selling(&app), 20);
    decide(&app, "confirm", &json!({})).await;
    settled(&app).await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn an_exchange_that_drops_offers_is_held_and_one_that_adds_some_is_not(store: Store) {
    let settings = [("guard.count_min", "3"), ("guard.share_percent", "20"), ("catalog.images_max", "1")];
    let (mut app, pictures) = (publishing(store, &settings).await, Pictures::start());
    let first = |nth: usize| changed(1, &if nth < 10 { shirt(&pictures, nth) } else { cap(&pictures, nth) });
    app.accepted(&(0..14).map(first).collect::<Vec<_>>()).await;
    settled(&app).await;
    let less = |nth: usize| {
        let mut product = shirt(&pictures, nth);
        product["offers"].as_array_mut().unwrap().truncate(1);
        by("exchange", changed(2, &product))
    };
    app.accepted(&(0..10).map(less).collect::<Vec<_>>()).await;
    app.accepted(&(10..14).map(|nth| by("exchange", changed(2, &shirt(&pictures, nth)))).collect::<Vec<_>>()).await;
    settled(&app).await;
    assert_eq!(app.count().await["product: held"], 10);
    let listed = |app: &TestApp, nth: usize| app.simulator().catalogue().sku(&format!("SKU-{nth}-B")).is_some();
    assert!((0..14).all(|nth| listed(&app, nth)), "none is dropped, and those are added");
    assert_eq!(decide(&app, "discard", &json!({})).await["kinds"]["withdrawal"], 10);
    settled(&app).await;
    assert!((0..14).all(|nth| listed(&app, nth)));
    // Whole again it has nothing to send.
    app.accepted(&[by("exchange", changed(3, &shirt(&pictures, 0)))]).await;
    settled(&app).await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn a_product_takes_no_held_stock_along(store: Store) {
    let settings = [("guard.count_min", "2"), ("guard.share_percent", "20"), ("catalog.images_max", "1")];
    let (mut app, pictures) = (publishing(store, &settings).await, Pictures::start());
    let of = |nth: usize| format!("SKU-{nth}-A");
    let first: Vec<Value> = (0..10).flat_map(|nth| [stock(&of(nth), 1, 7), changed(1, &cap(&pictures, nth))]).collect();
    app.accepted(&first).await;
    settled(&app).await;
    assert!((0..10).all(|nth| app.stock_there(&of(nth)) == 7));
    app.accepted(&(0..10).map(|nth| by("exchange", stock(&of(nth), 2, 0))).collect::<Vec<_>>()).await;
    settled(&app).await;
    assert_eq!(app.count().await["stock: held"], 10);
    let renamed = |name: &str, version: u64| {
        let mut product = cap(&pictures, 0);
        product["name"] = json!(name);
        changed(version, &product)
    };
    let has =
        |app: &TestApp, title: &str| app.simulator().publishing().posted().iter().any(|posted| posted.title() == title);
    app.accepted(&[renamed("Рубашка", 3)]).await;
    settled(&app).await;
    assert!(has(&app, "Рубашка"));
    assert_eq!((app.stock_there(&of(0)), app.count().await["stock: held"]), (7, 10));
    // Nor what was discarded.
    decide(&app, "discard", &json!({})).await;
    app.accepted(&[renamed("Кепка", 4)]).await;
    settled(&app).await;
    assert!(has(&app, "Кепка"));
    assert_eq!(app.stock_there(&of(0)), 7);
    app.accepted(&[by("edit", stock(&of(0), 5, 3))]).await;
    settled(&app).await;
    assert_eq!(app.stock_there(&of(0)), 3);
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn a_shop_that_observes_is_shown_everything_and_judged_when_it_goes_live(store: Store) {
    let mut app = wide(store, &[("shops.0.mode", "observe")]).await;
    app.accepted(&zeros(0..200, 2, "exchange")).await;
    app.drained().await;
    assert_eq!(app.count().await, [("stock: parked observe".to_owned(), 200)].into());
    app.restart(&[("shops.0.mode", "live")]).await;
    app.drained().await;
    assert_eq!((app.count().await["stock: held"], sold_out(&app, 0..200)), (200, 0));
    decide(&app, "confirm", &json!({})).await;
    app.agrees().await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

async fn a_rule_of_the_shop_that_leaves_nothing_to_sell_is_a_fall(store: Store) {
    let mut app = wide(store, &[("guard.share_percent", "1"), ("guard.count_min", "0")]).await;
    app.accepted(&(0..20).map(|nth| by("exchange", stock(&sku(nth), 1, 1))).collect::<Vec<_>>()).await;
    app.agrees().await;
    app.restart(&[("shops.0.stock_reserve", "1")]).await;
    app.drained().await;
    assert_eq!(app.count().await["stock: held"], 20);
    app.restart(&[("shops.0.stock_reserve", "0")]).await;
    decide(&app, "confirm", &json!({})).await;
    app.agrees().await;
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}
