//! Bad input: each row a request and the exact problem it gets. Nothing of it is taken.

use std::time::Duration;

use aligate::signing::standard_webhooks::Secret;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Call, Store, TestApp, on_both_stores, stock};

on_both_stores!(
    every_bad_delivery_gets_its_problem,
    every_bad_event_gets_its_code,
    a_bomb_is_refused_before_it_unfolds,
    who_may_not_speak_for_the_shop_learns_nothing,
    only_a_valid_signature_learns_that_the_clock_is_wrong,
    every_bad_request_of_an_operator_gets_its_problem,
);

/// Sends each, compares status and code, and looks that nothing was taken.
async fn check(app: &TestApp, rows: Vec<(&str, Call, u16, &str)>) {
    for (what, call, status, code) in rows {
        let answer = call.send().await;
        assert_eq!((answer.status, answer.problem(answer.status).as_str()), (status, code), "{what}: {}", answer.text);
    }
    assert_eq!(app.count().await, [].into());
}

async fn every_bad_delivery_gets_its_problem(store: Store) {
    let app = TestApp::on(store).with("intake.body_bytes_max", 10_000).with("intake.events_per_request_max", 3).start();
    let app = app.await;
    let good = json!({"events": [stock("SKU-00001-01", 1, 3)]}).to_string();
    let many = json!({"events": vec![stock("SKU-00001-01", 1, 3); 4]}).to_string();
    let large = format!(r#"{{"events":[],"padding":"{}"}}"#, "x".repeat(10_000));
    let mut cut = Vec::from(b"\x1f\x8b\x08\x00");
    cut.extend_from_slice(&[0; 4]);
    let post = |path: &str| app.intake(Method::POST, path).json().body(good.clone()).sign(&app.secret, app.now());
    let unreadable = |body: &[u8]| app.deliver(body);
    let events = format!("/v1/shops/{}/events", app.shop);
    let rows = vec![
        ("no body", unreadable(b""), 400, "body_unreadable"),
        ("half a body", unreadable(&good.as_bytes()[..20]), 400, "body_unreadable"),
        ("more than a body", unreadable(format!("{good}{good}").as_bytes()), 400, "body_unreadable"),
        ("no object", unreadable(b"[]"), 400, "body_unreadable"),
        ("null", unreadable(b"null"), 400, "body_unreadable"),
        ("no events", unreadable(b"{}"), 400, "body_unreadable"),
        ("events that are no list", unreadable(br#"{"events":{}}"#), 400, "body_unreadable"),
        ("two lists of events", unreadable(br#"{"events":[],"events":[]}"#), 400, "body_unreadable"),
        ("no UTF-8", unreadable(b"{\"events\":[\"\xff\"]}"), 400, "body_unreadable"),
        ("a byte order mark", unreadable("\u{feff}{}".as_bytes()), 400, "body_unreadable"),
        ("too deep", unreadable(format!(r#"{{"events":{}"#, "[".repeat(5_000)).as_bytes()), 400, "body_unreadable"),
        ("gzip that is none", app.deliver(good.clone()).header("content-encoding", "gzip"), 400, "gzip_broken"),
        ("gzip that is cut", app.deliver(cut).header("content-encoding", "gzip"), 400, "gzip_broken"),
        ("an endless id", app.deliver(good.clone()).id(&"i".repeat(201)), 400, "webhook_id_invalid"),
        ("an empty id", app.deliver(good.clone()).id(""), 400, "webhook_id_invalid"),
        ("too large", app.deliver(large), 413, "body_too_large"),
        ("too many events", app.deliver(many), 413, "too_many_events"),
        ("no type", post(&events).header("content-type", ""), 415, "media_type_unsupported"),
        ("a form", post(&events).header("content-type", "multipart/form-data"), 415, "media_type_unsupported"),
        ("text", post(&events).header("content-type", "text/json"), 415, "media_type_unsupported"),
        ("brotli", post(&events).header("content-encoding", "br"), 415, "media_type_unsupported"),
        ("gzip twice", post(&events).header("content-encoding", "gzip, gzip"), 415, "media_type_unsupported"),
        ("no event at all", app.deliver(r#"{"events":[]}"#), 422, "nothing_acceptable"),
        ("no event to take", app.deliver(r#"{"events":[1,{}]}"#), 422, "nothing_acceptable"),
        ("another path", post("/v1/shops/main"), 404, "not_found"),
        ("a path with a slash more", post(&format!("{events}/")), 404, "not_found"),
        ("another method", app.intake(Method::GET, &events), 405, "method_not_allowed"),
        ("operators' paths", app.intake(Method::GET, "/health"), 404, "not_found"),
    ];
    check(&app, rows).await;
}

async fn every_bad_event_gets_its_code(store: Store) {
    let app = TestApp::on(store).start().await;
    let rows: Vec<(Value, &str)> = bad_envelopes().into_iter().chain(bad_data()).collect();
    // All at once, each by its own index, beside one that is good.
    let mut events: Vec<Value> = rows.iter().map(|(event, _)| event.clone()).collect();
    let problem = app.events(&events).send().await;
    assert_eq!(problem.problem(422), "nothing_acceptable");
    events.push(stock("SKU-00001-01", 1, 3));
    let accepted = app.events(&events).send().await.json(202);
    assert_eq!(accepted["rejected"], problem.json(422)["rejected"]);
    assert_eq!(accepted["enqueued"], 1);
    for (index, (event, code)) in rows.iter().enumerate() {
        let rejected = &accepted["rejected"][index];
        assert_eq!((&rejected["index"], &rejected["code"]), (&json!(index), &json!(code)), "{event}: {rejected}");
        assert!(rejected["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{rejected}");
    }
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 3);
}

/// Events whose frame is wrong.
fn bad_envelopes() -> Vec<(Value, &'static str)> {
    let none = Value::Null;
    let with = |field: &str, value: Value| {
        let mut event = stock("SKU-00001-01", 1, 3);
        event[field] = value;
        event
    };
    vec![
        (json!(7), "event_invalid"),
        (json!("stock.changed"), "event_invalid"),
        (json!([]), "event_invalid"),
        (json!({}), "type_unknown"),
        (with("type", json!("stock")), "type_unknown"),
        (with("type", none.clone()), "type_unknown"),
        (with("version", none.clone()), "version_invalid"),
        (with("version", json!(-1)), "version_invalid"),
        (with("version", json!(1.5)), "version_invalid"),
        (with("version", json!("1")), "version_invalid"),
        (with("version", json!(1u64 << 63)), "version_invalid"),
        (with("cause", json!("whim")), "cause_invalid"),
        (with("force", json!("yes")), "force_invalid"),
        (with("occurred_at", json!("yesterday")), "occurred_at_invalid"),
        (with("occurred_at", json!(1_700_000_000)), "occurred_at_invalid"),
        (with("data", none.clone()), "data_invalid"),
        (with("data", json!([])), "data_invalid"),
    ]
}

/// Events that say what cannot be.
fn bad_data() -> Vec<(Value, &'static str)> {
    let none = Value::Null;
    let event = |kind: &str, data: Value| json!({"type": kind, "version": 1, "data": data});
    let of_stock = |data: Value| event("stock.changed", data);
    let of_price = |price: Value, discount: Value, currency: &str| {
        let data = json!({"sku": "A", "price": price, "discount_price": discount, "currency": currency});
        event("price.changed", data)
    };
    let order = |id: Value, status: &str| {
        event("order.status_changed", json!({"aliexpress_order_id": id, "status": status, "shipments": []}))
    };
    vec![
        (of_stock(json!({"quantity": 1})), "sku_invalid"),
        (of_stock(json!({"sku": 5, "quantity": 1})), "sku_invalid"),
        (of_stock(json!({"sku": "", "quantity": 1})), "sku_invalid"),
        (of_stock(json!({"sku": "A\tB", "quantity": 1})), "sku_invalid"),
        (of_stock(json!({"sku": "Ж".repeat(51), "quantity": 1})), "sku_invalid"),
        (of_stock(json!({"sku": "A"})), "quantity_invalid"),
        (of_stock(json!({"sku": "A", "quantity": "7"})), "quantity_invalid"),
        (of_stock(json!({"sku": "A", "quantity": 7.5})), "quantity_invalid"),
        (of_stock(json!({"sku": "A", "quantity": -1})), "quantity_negative"),
        (of_price(json!(1990), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("0"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("0.00"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("-1"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("1,50"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("1.234"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("1e3"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!(" 1"), none.clone(), "RUB"), "price_invalid"),
        (of_price(json!("10"), json!("10.00"), "RUB"), "discount_price_invalid"),
        (of_price(json!("10"), json!("11"), "RUB"), "discount_price_invalid"),
        (of_price(json!("10"), json!(""), "RUB"), "discount_price_invalid"),
        (of_price(json!("10"), none.clone(), "rub"), "currency_invalid"),
        (of_price(json!("10"), none.clone(), ""), "currency_invalid"),
        (event("product.changed", json!({"name": "x"})), "product_id_invalid"),
        (event("product.changed", json!({"product_id": "1", "offers": [{"sku": ""}]})), "sku_invalid"),
        (event("product.changed", json!({"product_id": "1", "name": "x".repeat(200_001)})), "string_too_long"),
        (event("product.deleted", json!({"product_id": "", "skus": []})), "product_id_invalid"),
        (event("product.deleted", json!({"product_id": "1", "skus": [1]})), "sku_invalid"),
        (order(json!("8123x"), "shipped"), "order_id_invalid"),
        (order(json!(8_123_456_789_012_345_u64), "shipped"), "order_id_invalid"),
        (order(json!("8123456789012345"), "lost"), "status_invalid"),
    ]
}

async fn a_bomb_is_refused_before_it_unfolds(store: Store) {
    let app = TestApp::on(store).with("intake.body_bytes_max", 100_000).start().await;
    // 64 MiB that are 64 KiB on the way; the gateway reads one byte more than it may, then no more.
    let bomb = app.deliver(vec![b' '; 64 << 20]).gzip();
    assert_eq!(bomb.send().await.problem(413), "body_too_large");
    // Several members are one stream.
    let mut twice = json!({"events": [stock("SKU-00001-01", 1, 3)]}).to_string().into_bytes();
    twice.resize(100_001, b' ');
    assert_eq!(app.deliver(twice.clone()).gzip().send().await.problem(413), "body_too_large");
    twice.truncate(100_000);
    app.deliver(twice).gzip().send().await.json(202);
    app.drained().await;
}

async fn who_may_not_speak_for_the_shop_learns_nothing(store: Store) {
    let app = TestApp::on(store).start().await;
    let body = json!({"events": [stock("SKU-00001-01", 1, 3)]}).to_string();
    let path = format!("/v1/shops/{}/events", app.shop);
    let stranger: Secret = Secret::generate().parse().unwrap();
    let bare = || app.intake(Method::POST, &path).json().body(body.clone());
    let valid = app.secret.sign("other", app.now(), body.as_bytes());
    let calls = vec![
        ("no headers", bare()),
        (
            "an unknown shop",
            app.intake(Method::POST, "/v1/shops/nobody/events").json().body(body.clone()).sign(&stranger, app.now()),
        ),
        (
            "an unknown shop, signed by a known one",
            app.intake(Method::POST, "/v1/shops/nobody/events").json().body(body.clone()).sign(&app.secret, app.now()),
        ),
        (
            "a shop that cannot be",
            app.intake(Method::POST, "/v1/shops/%7Bx%7D/events").json().body(body.clone()).sign(&stranger, app.now()),
        ),
        ("another secret", app.deliver(body.clone()).secret(&stranger)),
        ("another secret, long ago", app.deliver(body.clone()).secret(&stranger).at(1)),
        (
            "another body",
            app.deliver(body.clone()).header("webhook-signature", &app.secret.sign("x", app.now(), b"{}")).id("x"),
        ),
        ("another id", app.deliver(body.clone()).header("webhook-signature", &valid)),
        (
            "another version",
            app.deliver(body.clone())
                .id("x")
                .header("webhook-signature", &app.secret.sign("x", app.now(), body.as_bytes()).replace("v1,", "v2,")),
        ),
        ("no signature", app.deliver(body.clone()).header("webhook-signature", "")),
        ("no base64", app.deliver(body.clone()).header("webhook-signature", "v1,%%%")),
        ("a time that is none", app.deliver(body.clone()).header("webhook-timestamp", "now")),
        ("a time below zero", app.deliver(body.clone()).header("webhook-timestamp", "-5")),
        ("no time", app.deliver(body.clone()).header("webhook-timestamp", "")),
        ("a broken body", app.deliver("{").secret(&stranger)),
        ("another type", app.deliver(body.clone()).secret(&stranger).header("content-type", "text/plain")),
    ];
    let mut answers = Vec::new();
    for (what, call) in calls {
        let answer = call.header("x-request-id", "same").send().await;
        assert_eq!(answer.problem(401), "unauthorized", "{what}");
        let mut headers: Vec<(String, String)> =
            answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        headers.retain(|(name, _)| name != "date");
        headers.sort();
        answers.push((what, answer.text, headers));
    }
    let (_, text, headers) = answers[0].clone();
    for (what, other, others) in answers {
        assert_eq!((&other, &others), (&text, &headers), "{what} is told apart from no headers at all");
    }
    assert_eq!(app.count().await, [].into());
}

async fn only_a_valid_signature_learns_that_the_clock_is_wrong(store: Store) {
    let app = TestApp::on(store).start().await;
    let now = app.now();
    let send = |nth: u64, at: u64| app.events(&[stock("SKU-00001-01", nth, nth)]).at(at).send();
    // A second of room on either side, since time goes on meanwhile.
    for (nth, at) in [(1, now - 298), (2, now), (3, now + 60)] {
        assert_eq!(send(nth, at).await.status, 202, "{at} at {now}");
    }
    for at in [now - 301, now - 86_400, 0, now + 62, u64::MAX] {
        let answer = send(9, at).await;
        assert_eq!(answer.problem(401), "clock_skew", "{at} at {now}");
        let detail = answer.json(401)["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&at.to_string()), "the time that was sent is named: {detail}");
    }
    app.advance(Duration::from_secs(600));
    assert_eq!(send(10, now).await.problem(401), "clock_skew");
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 3);
}

async fn every_bad_request_of_an_operator_gets_its_problem(store: Store) {
    let app = TestApp::on(store).start().await;
    let shop = |path: &str| format!("/v1/shops/{}{path}", app.shop);
    let post = |path: &str, body: &str| app.admin(Method::POST, &shop(path)).json().body(body.to_owned());
    let get = |path: &str| app.admin(Method::GET, &shop(path));
    let keys = json!({"keys": vec!["x"; 1001]}).to_string();
    let rows = vec![
        ("no token", app.anonymous(Method::GET, "/v1/shops"), 401, "unauthorized"),
        (
            "a wrong token",
            app.anonymous(Method::GET, "/v1/shops").header("authorization", "Bearer x"),
            401,
            "unauthorized",
        ),
        (
            "no bearer",
            app.anonymous(Method::GET, "/v1/shops").header("authorization", crate::app::OPERATOR),
            401,
            "unauthorized",
        ),
        (
            "an empty bearer",
            app.anonymous(Method::GET, "/v1/shops").header("authorization", "Bearer "),
            401,
            "unauthorized",
        ),
        ("no token, no shop", app.anonymous(Method::GET, "/v1/shops/nobody/status"), 401, "unauthorized"),
        ("an unknown shop", app.admin(Method::GET, "/v1/shops/nobody/status"), 404, "not_found"),
        ("an unknown path", app.admin(Method::GET, "/v1/nothing"), 404, "not_found"),
        ("events", app.admin(Method::POST, &shop("/events")), 404, "not_found"),
        ("another method", app.admin(Method::DELETE, "/v1/shops"), 405, "method_not_allowed"),
        ("no JSON", post("/replay", "{"), 400, "body_unreadable"),
        ("an unknown field", post("/replay", r#"{"lanes":"stock"}"#), 400, "body_unreadable"),
        ("an unknown lane", post("/replay", r#"{"lane":"stocks"}"#), 400, "lane_unknown"),
        ("no time", post("/replay", r#"{"since":"yesterday"}"#), 400, "body_unreadable"),
        ("too many keys", post("/replay", &keys), 422, "too_much"),
        ("a lane that is none", post("/lanes/stocks/pause", ""), 400, "lane_unknown"),
        ("nothing selected", post("/dead-letters/redrive", "{}"), 422, "selection_invalid"),
        ("all and some", post("/dead-letters/redrive", r#"{"all":true,"keys":["A"]}"#), 422, "selection_invalid"),
        ("too many dead letters", post("/dead-letters/discard", &keys), 422, "too_much"),
        ("a body without end", post("/replay", &" ".repeat((1 << 20) + 1)), 413, "body_too_large"),
        ("a limit that is none", get("/dead-letters?limit=many"), 400, "query_invalid"),
        ("a place that is none", get("/entries?place=nowhere"), 400, "query_invalid"),
        ("a lane in a query", get("/dead-letters?lane=stocks"), 400, "lane_unknown"),
        ("a cursor of one's own", get("/dead-letters?cursor=7"), 400, "cursor_invalid"),
        ("a cursor that is none", get("/dead-letters?cursor=stock/%22%00"), 400, "cursor_invalid"),
        ("no key to trace", get("/trace"), 400, "query_invalid"),
        ("nothing known", get("/trace?sku=NOWHERE"), 404, "not_found"),
        ("an unknown job", get("/jobs/01J00000000000000000000000"), 404, "not_found"),
        ("a job to cancel that is none", post("/jobs/x/cancel", ""), 404, "not_found"),
    ];
    check(&app, rows).await;
}
