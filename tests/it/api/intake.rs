//! What a shop's events are answered.

use aligate::domain::Lane;
use aligate::signing::standard_webhooks::Secret;
use serde_json::{Value, json};

use crate::app::{Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    events_are_answered_by_what_became_of_them,
    a_bad_event_is_named_and_the_others_are_taken,
    a_delivery_that_comes_again_is_taken_once,
    an_id_with_another_body_is_refused_whole,
    a_state_that_is_not_newer_is_stale_and_named_with_the_version_held,
    what_cannot_be_sent_yet_is_parked_and_counted,
    gzip_is_taken_and_signed_as_it_was_sent,
    any_secret_of_the_shop_and_any_signature_of_the_header_will_do,
    a_shop_that_sends_too_often_is_told_when_to_come_again,
    the_published_form_of_every_event_is_taken,
);

/// The counts of an answer, and the generation, which stays.
fn counts(accepted: &Value) -> Value {
    assert_eq!(accepted["store"].as_str().unwrap().len(), 26, "a ULID: {accepted}");
    let mut counts = accepted.clone();
    counts.as_object_mut().unwrap().remove("store");
    counts
}

async fn events_are_answered_by_what_became_of_them(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.post("/lanes/stock/pause", &json!({})).await.json(200);
    let first = app.accepted(&[stock("SKU-00001-01", 1, 7), stock("SKU-00001-02", 1, 8)]).await;
    let answer = |enqueued: u64, coalesced: u64, unchanged: u64| {
        json!({"enqueued": enqueued, "coalesced": coalesced, "unchanged": unchanged, "parked": 0, "duplicate": false,
            "stale": [], "rejected": []})
    };
    assert_eq!(counts(&first), answer(2, 0, 0));
    assert_eq!(counts(&app.accepted(&[stock("SKU-00001-01", 2, 6)]).await), answer(0, 1, 0));
    app.post("/lanes/stock/resume", &json!({})).await.json(200);
    app.drained().await;
    assert_eq!((app.stock_there("SKU-00001-01"), app.stock_there("SKU-00001-02")), (6, 8));
    let again = app.accepted(&[stock("SKU-00001-01", 3, 6), stock("SKU-00001-02", 2, 9)]).await;
    assert_eq!(counts(&again), answer(1, 0, 1));
    assert_eq!(again["store"], first["store"]);
    // Sent although AliExpress has it.
    let mut forced = stock("SKU-00001-01", 4, 6);
    forced["force"] = true.into();
    assert_eq!(counts(&app.accepted(&[forced]).await), answer(1, 0, 0));
    app.drained().await;
    app.restart(&[]).await;
    let restarted = app.accepted(&[stock("SKU-00001-01", 5, 6)]).await;
    assert_eq!((&restarted["unchanged"], &restarted["store"]), (&json!(1), &first["store"]));
}

async fn a_bad_event_is_named_and_the_others_are_taken(store: Store) {
    let app = TestApp::on(store).start().await;
    let unknown = json!({"type": "stock.moved", "version": 1, "data": {}});
    let negative = json!({"type": "stock.changed", "version": 1, "data": {"sku": "SKU-00001-02", "quantity": -1}});
    let call = app.events(&[stock("SKU-00001-01", 1, 3), unknown, stock("SKU-00001-03", 1, 4), negative]);
    let accepted = call.id("half").send().await.json(202);
    assert_eq!((&accepted["enqueued"], &accepted["duplicate"]), (&json!(2), &json!(false)));
    let rejected = json!([
        {"index": 1, "code": "type_unknown", "detail": "no event has the type \"stock.moved\""},
        {"index": 3, "code": "quantity_negative", "detail": "quantity is -1, below 0"},
    ]);
    assert_eq!(accepted["rejected"], rejected);
    app.drained().await;
    let there = ["SKU-00001-01", "SKU-00001-02", "SKU-00001-03"].map(|sku| app.stock_there(sku));
    assert_eq!(there, [3, 10, 4]);
}

async fn a_delivery_that_comes_again_is_taken_once(store: Store) {
    let app = TestApp::on(store).start().await;
    let send = || app.events(&[stock("SKU-00001-01", 5, 3), stock("SKU-00001-02", 5, 0)]).id("one");
    let first = send().send().await.json(202);
    assert_eq!(first["enqueued"], 2);
    let duplicate = json!({"enqueued": 0, "coalesced": 0, "unchanged": 0, "parked": 0, "duplicate": true,
        "store": first["store"], "stale": [], "rejected": []});
    assert_eq!(send().send().await.json(202), duplicate);
    // Two that arrive at one moment: one is taken, one is the duplicate, whichever is first.
    let twice = || app.events(&[stock("SKU-00001-03", 6, 3)]).id("two");
    let (one, other) = tokio::join!(twice().send(), twice().send());
    let (one, other) = (one.json(202), other.json(202));
    assert_ne!(one["duplicate"], other["duplicate"]);
    app.drained().await;
    // As long as the signature may be repeated the id is known, whatever happened to the events since.
    app.advance(std::time::Duration::from_secs(299));
    assert_eq!(send().at(app.now() - 299).send().await.json(202), duplicate);
}

async fn an_id_with_another_body_is_refused_whole(store: Store) {
    let app = TestApp::on(store).start().await;
    app.events(&[stock("SKU-00001-01", 1, 3)]).id("one").send().await.json(202);
    let other = app.events(&[stock("SKU-00001-01", 2, 4), stock("SKU-00001-02", 2, 4)]).id("one").send().await;
    assert_eq!(other.problem(409), "webhook_id_reused");
    app.drained().await;
    assert_eq!((app.stock_there("SKU-00001-01"), app.stock_there("SKU-00001-02")), (3, 10));
}

async fn a_state_that_is_not_newer_is_stale_and_named_with_the_version_held(store: Store) {
    let app = TestApp::on(store).start().await;
    let greatest = i64::MAX as u64;
    app.accepted(&[stock("SKU-00001-01", 1049, 3), stock("SKU-00001-02", greatest, 5)]).await;
    let events = [
        stock("SKU-00001-03", 1, 1),
        stock("SKU-00001-01", 1049, 9),
        stock("SKU-00001-01", 7, 9),
        stock("SKU-00001-02", greatest, 9),
    ];
    let accepted = app.events(&events).send().await.json(202);
    let stale =
        json!([{"index": 1, "version": 1049}, {"index": 2, "version": 1049}, {"index": 3, "version": greatest}]);
    assert_eq!((&accepted["stale"], &accepted["enqueued"]), (&stale, &json!(1)));
    // A version is compared for each key only, and in each lane by itself.
    assert_eq!(app.accepted(&[price("SKU-00001-01", 2, "5.00")]).await["enqueued"], 1);
    // Within one request the later event of a key wins over the earlier one only if it is newer.
    let both = app.events(&[stock("SKU-00002-01", 9, 1), stock("SKU-00002-01", 8, 2)]).send().await.json(202);
    assert_eq!((&both["enqueued"], &both["stale"]), (&json!(1), &json!([{"index": 1, "version": 9}])));
    app.drained().await;
    let there = ["SKU-00001-01", "SKU-00001-02", "SKU-00001-03", "SKU-00002-01"].map(|sku| app.stock_there(sku));
    assert_eq!(there, [3, 5, 1, 1]);
}

async fn what_cannot_be_sent_yet_is_parked_and_counted(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let dollars = json!({"type": "price.changed", "version": 1,
        "data": {"sku": "SKU-00001-01", "price": "10.00", "currency": "USD"}});
    let accepted = app.accepted(&[stock("NOWHERE", 1, 3), dollars]).await;
    assert_eq!((&accepted["parked"], &accepted["enqueued"]), (&json!(2), &json!(0)));
    let status = app.get("/status").await;
    assert_eq!(status["lanes"]["stock"]["parked"], json!({"no_listing": 1}));
    assert_eq!(status["lanes"]["price"]["parked"], json!({"currency_mismatch": 1}));
    // Parked entries raise no alarm of age.
    assert_eq!(status["lanes"]["stock"]["oldest_age_ms"], 0);
    app.leaves(&[("stock: parked no_listing", 1), ("price: parked currency_mismatch", 1)]);
}

async fn gzip_is_taken_and_signed_as_it_was_sent(store: Store) {
    let app = TestApp::on(store).start().await;
    let events: Vec<Value> = (0..9).map(|nth| stock("SKU-00001-01", nth + 1, nth)).collect();
    let body = json!({"events": events, "padding": " ".repeat(100_000)}).to_string();
    let compressed = app.deliver(body.clone()).gzip().header("content-encoding", "GZIP").id("gz");
    let accepted = compressed.send().await.json(202);
    assert_eq!((&accepted["enqueued"], &accepted["coalesced"]), (&json!(1), &json!(8)));
    let charset = app.events(&[stock("SKU-00001-02", 1, 2)]).header("content-type", "application/json; charset=utf-8");
    charset.send().await.json(202);
    // The same events, not compressed, are another body.
    assert_eq!(app.deliver(body).id("gz").send().await.problem(409), "webhook_id_reused");
    app.drained().await;
    assert_eq!((app.stock_there("SKU-00001-01"), app.stock_there("SKU-00001-02")), (8, 2));
}

async fn any_secret_of_the_shop_and_any_signature_of_the_header_will_do(store: Store) {
    let (old_text, other_text) = (Secret::generate(), Secret::generate());
    let (old, other): (Secret, Secret) = (old_text.parse().unwrap(), other_text.parse().unwrap());
    let setup = TestApp::on(store);
    let mut app = setup.start().await;
    let both = format!("{},{old_text}", app.secret_text);
    app.restart(&[("shops.0.webhook_secrets", &both)]).await;
    app.events(&[stock("SKU-00001-01", 1, 3)]).secret(&old).send().await.json(202);
    app.events(&[stock("SKU-00001-01", 2, 4)]).send().await.json(202);
    let (id, body, now) = ("several", json!({"events": [stock("SKU-00001-01", 3, 5)]}).to_string(), app.now());
    let signatures = [&other, &app.secret, &old].map(|secret| secret.sign(id, now, body.as_bytes()));
    let header = format!("v1a,c29tZXRoaW5n {}", signatures.join(" "));
    app.deliver(body).id(id).at(now).header("webhook-signature", &header).send().await.json(202);
    let stranger = app.events(&[stock("SKU-00001-01", 4, 6)]).secret(&other).send().await;
    assert_eq!(stranger.problem(401), "unauthorized");
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 5);
}

async fn a_shop_that_sends_too_often_is_told_when_to_come_again(store: Store) {
    let app = TestApp::on(store).with("intake.requests_per_second_max", 2).start().await;
    let mut refused = 0;
    // Of any seven requests at least one is the third in its second: two seconds may begin meanwhile.
    for nth in 1..=7 {
        let answer = app.events(&[stock("SKU-00001-01", nth, nth)]).send().await;
        if answer.status != 202 {
            assert_eq!(answer.problem(429), "intake_budget_spent");
            assert_eq!(answer.header("retry-after"), "1");
            refused += 1;
        }
    }
    assert!(refused > 0);
    // Requests of others do not spend the shop's budget.
    app.advance(std::time::Duration::from_secs(1));
    for _ in 0..5 {
        let stranger = app.events(&[]).secret(&Secret::generate().parse().unwrap()).send().await;
        assert_eq!(stranger.problem(401), "unauthorized");
    }
    app.advance(std::time::Duration::from_secs(1));
    app.accepted(&[stock("SKU-00001-02", 1, 1)]).await;
    app.drained().await;
}

/// The events of contracts.md, as they stand there.
async fn the_published_form_of_every_event_is_taken(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let body = r#"{"events":[
 {"type":"stock.changed","version":1042,"occurred_at":"2026-11-23T10:00:00Z","cause":"edit","force":false,"data":{"sku":"SKU-00001-01","quantity":7}},
 {"type":"price.changed","version":1043,"data":{"sku":"SKU-00001-01","price":"1990.00","discount_price":"1490.00","currency":"RUB"}},
 {"type":"product.changed","version":1044,"data":{"product_id":"1205","xml_id":"a1b2","active":true,"name":"Футболка","description_html":"<p>…</p>",
 "section":{"id":"77","path":["Одежда","Футболки"]},"brand":"Acme","url":"https://shop.example/p/1205",
 "images":["https://shop.example/upload/1.jpg"],
 "properties":[{"code":"MATERIAL","name":"Материал","value":"Хлопок","value_id":"331","multiple":false}],
 "package":{"weight_kg":"0.300","length_cm":30,"width_cm":20,"height_cm":3},
 "translations":{"en":{"name":"T-shirt","description_html":"<p>…</p>"}},
 "offers":[{"sku":"SKU-00001-01","offer_id":"1207","barcode":"4006381333931","price":"1990.00","currency":"RUB","quantity":7,
            "properties":[{"code":"COLOR","value":"Красный","value_id":"12"}],"images":["https://shop.example/upload/2.jpg"]}]}},
 {"type":"product.deleted","version":1045,"data":{"product_id":"1206","skus":["SKU-00001-02"]}},
 {"type":"order.status_changed","version":1046,"data":{"aliexpress_order_id":"8123456789012345","order_id":"551","status":"shipped","complete":false,
   "shipments":[{"id":"77","tracking_number":"RU123456789CN","carrier":"RUSSIAN_POST","tracking_url":null,"lines":[{"sku":"SKU-00001-01","quantity":1}]}]}}
]}"#;
    for lane in ["product", "fulfilment"] {
        app.post(&format!("/lanes/{lane}/pause"), &json!({})).await.json(200);
    }
    let call = app.deliver(body).id("published").at(app.now());
    let accepted = call.send().await.json(202);
    assert_eq!((&accepted["rejected"], &accepted["stale"]), (&json!([]), &json!([])), "{accepted}");
    let taken = ["enqueued", "parked"].map(|count| accepted[count].as_u64().unwrap());
    assert_eq!(taken.iter().sum::<u64>(), 5, "{accepted}");
    app.drained().await;
    let sku = app.simulator().catalogue().sku("SKU-00001-01").unwrap();
    assert_eq!((sku.stock, sku.price.as_str(), sku.discount_price.as_deref()), (7, "1990.00", Some("1490.00")));
    // The product that is gone sells nothing.
    assert_eq!(app.stock_there("SKU-00001-02"), 0);
    for (lane, key) in [("product", "1205"), ("product", "1206"), ("fulfilment", "8123456789012345")] {
        let trace = app.get(&format!("/trace?sku={key}")).await;
        assert_eq!(trace["lanes"][0]["entry"]["lane"], lane, "{trace}");
    }
    app.leaves_lanes(&[Lane::Product, Lane::Fulfilment]).await;
}
