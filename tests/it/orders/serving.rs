//! Orders over HTTP, in the real application on both stores: push, import, carriers, what is shown.

use reqwest::Method;
use serde_json::{Value, json};

use super::bench::{SharedShop, start_shop};
use crate::app::{Store, TestApp, on_both_stores};
use aligate::simulator::{PlacedLine, Receiver};

const SKU: &str = "SKU-00001-01";

async fn with_shop(store: Store) -> (TestApp, SharedShop) {
    let (shop, url, _) = start_shop();
    let app = TestApp::on(store)
        .with("shops.0.bitrix_url", url)
        // Nothing but a hint makes it look again while the test goes on.
        .with("orders.poll_secs_min", 3600)
        .with("orders.poll_secs_max", 3600)
        .start()
        .await;
    shop.lock().unwrap().secret.clone_from(&app.secret_text);
    (app, shop)
}

fn place(app: &TestApp) -> u64 {
    let line = PlacedLine { sku: SKU.into(), quantity: 2, price: "10.00".into(), status: None };
    let id = app.simulator().orders().place(vec![line], Receiver::default());
    app.simulator().orders().pay(id);
    id
}

/// Until the gateway has looked for the first time.
async fn looked(app: &TestApp) {
    app.until("the first look", async || {
        let calls = app.simulator().ledger().summary().by_method;
        calls.get("aliexpress.solution.order.get").filter(|count| **count >= 2).copied()
    })
    .await;
}

async fn in_shop(app: &TestApp, shop: &SharedShop, id: u64) -> Value {
    app.until("the order in the shop", async || shop.lock().unwrap().orders.get(&id.to_string()).cloned()).await
}

async fn a_push_message_shortens_the_wait(store: Store) {
    let (app, shop) = with_shop(store).await;
    looked(&app).await;
    let id = place(&app);
    let (authorization, body) = app.simulator().push_message(id);
    let key = app.simulator().app_key().to_owned();
    let path = format!("/v1/apps/{key}/aliexpress");
    let push = |authorization: &str, body: &str| {
        app.intake(Method::POST, &path).json().header("authorization", authorization).body(body.to_owned())
    };
    push("", &body).send().await.problem(401);
    push(&authorization, &body.replace("ae_global", "ae_globol")).send().await.problem(401);
    app.intake(Method::POST, "/v1/apps/0/aliexpress")
        .header("authorization", &authorization)
        .body(body.clone())
        .send()
        .await
        .problem(401);
    assert_eq!(push(&authorization, &body).send().await.json(200), json!({"hinted": 1}));
    assert_eq!(in_shop(&app, &shop, id).await["data"]["status"], "WAIT_SELLER_SEND_GOODS");
    app.drained().await;
    // What is shown of it says nothing of the buyer.
    let shown = app.get("/orders").await;
    assert_eq!(
        (&shown["orders"][0]["aliexpress_order_id"], &shown["orders"][0]["order_id"]),
        (&json!(id.to_string()), &json!(format!("S{id}")))
    );
    assert_eq!((&shown["orders"][0]["taken"], &shown["orders"][0]["pieces"][SKU]), (&json!(true), &json!(2)));
    let everything = format!(
        "{shown} {} {} {}",
        app.get("/orders?near_deadline=true").await,
        app.get(&format!("/trace?sku={id}")).await,
        app.get("/entries?lane=order&place=idle").await
    );
    let receiver = Receiver::default();
    for of_buyer in [receiver.name, receiver.phone, receiver.address] {
        assert!(!everything.contains(&of_buyer), "{of_buyer}");
    }
}

async fn past_orders_are_imported_by_date_as_a_job(store: Store) {
    let (app, shop) = with_shop(store).await;
    looked(&app).await;
    let ids: Vec<u64> = (0..60).map(|_| place(&app)).collect();
    ids.iter().for_each(|id| app.simulator().orders().finish(*id, "buyer_confirm_goods"));
    app.post("/orders/import", &json!({"since": "2999-01-01T00:00:00Z"})).await.problem(422);
    app.post("/orders/import", &json!({"since": "yesterday"})).await.problem(400);
    let two_days_ago = jiff::Timestamp::from_second(i64::try_from(app.now()).unwrap() - 2 * 86_400).unwrap();
    // AliExpress's clock may be behind ours by the time that this test has moved.
    app.advance(std::time::Duration::from_secs(5));
    let started = app.post("/orders/import", &json!({"since": two_days_ago.to_string()})).await.json(202);
    let job = app.job_done(&started).await;
    assert_eq!((&job["state"], &job["kind"]), (&json!("done"), &json!("orders_import")), "{job}");
    assert!(job["done"].as_u64().unwrap() >= 60, "{job}");
    app.drained().await;
    assert_eq!(ids.iter().filter(|id| shop.lock().unwrap().orders.contains_key(&id.to_string())).count(), 60);
}

async fn carriers_are_set_over_http_and_shipments_that_waited_go_on(store: Store) {
    let (app, shop) = with_shop(store).await;
    looked(&app).await;
    let id = place(&app);
    let shipment = json!({"id": "1", "tracking_number": "BX-0001", "carrier": "boxberry"});
    app.accepted(&[json!({"type": "order.status_changed", "version": app.clock_us(), "data": {"aliexpress_order_id": id.to_string(),
        "status": "shipped", "complete": true, "shipments": [shipment]}})])
        .await;
    app.drained().await;
    let shown = app.get("/carriers").await;
    assert_eq!(shown["missing"], json!([{"carrier": "boxberry", "suggestions": ["OTHER_RU_LOCAL"]}]));
    assert!(shown["services"].as_array().unwrap().iter().any(|service| service["service"] == "RUSSIAN_POST"));
    let put = |body: Value| {
        let call = app.admin(Method::PUT, &format!("/v1/shops/{}/carriers", app.shop));
        call.json().body(body.to_string())
    };
    put(json!({"carriers": {"boxberry": {"service": "OTHER_RU_LOCAL", "tracking_url": "ftp://x"}}}))
        .send()
        .await
        .problem(422);
    let row = json!({"service": "OTHER_RU_LOCAL", "tracking_url": "https://b.example/{number}"});
    let shown = put(json!({"carriers": {"boxberry": row.clone()}})).send().await.json(200);
    assert_eq!((&shown["carriers"]["boxberry"], &shown["missing"]), (&row, &json!([])));
    app.drained().await;
    let parcels = app.simulator().orders().get(id).unwrap().parcels;
    assert_eq!(parcels[0].tracking_website.as_deref(), Some("https://b.example/BX-0001"));
    assert_eq!(shop.lock().unwrap().notices[0]["data"]["code"], "carrier_missing");
}

on_both_stores!(
    a_push_message_shortens_the_wait,
    past_orders_are_imported_by_date_as_a_job,
    carriers_are_set_over_http_and_shipments_that_waited_go_on,
);
