//! The shop API on the listener of shops: signed over method, path and body, each signature good for one request.

use reqwest::Method;
use serde_json::json;

use crate::app::{Store, TestApp, on_both_stores, stock};

on_both_stores!(
    a_signed_request_sees_and_does_what_an_operator_does_for_the_shop,
    a_signature_serves_one_request_only,
    a_signature_over_anything_else_is_none,
);

async fn a_signed_request_sees_and_does_what_an_operator_does_for_the_shop(store: Store) {
    let app = TestApp::on(store).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.drained().await;
    let status = app.signed(Method::GET, "/status").send().await.json(200);
    assert_eq!(status["shop"], app.shop.to_string());
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert!(status["capabilities"].as_array().is_some_and(|all| all.contains(&json!("stock"))), "{status}");
    let trace = app.signed(Method::GET, "/trace?sku=SKU-00001-01").send().await.json(200);
    assert_eq!(trace, app.get("/trace?sku=SKU-00001-01").await);
    assert_eq!(
        app.signed(Method::GET, "/dead-letters?limit=5").send().await.json(200),
        json!({"items": [], "next": null})
    );
    let none = app.signed(Method::POST, "/dead-letters/redrive").json().body(r#"{"keys":["SKU-00001-01"]}"#);
    assert_eq!(none.send().await.json(200), json!({"count": 0}));
    let replay = app.signed(Method::POST, "/replay").json().body(r#"{"keys":["SKU-00001-01"]}"#).send().await.json(202);
    assert_eq!((&replay["matched"], &replay["requests"]), (&json!(1), &json!(1)));
    let path = format!("/jobs/{}", replay["job"].as_str().unwrap());
    app.job_done(&replay).await;
    assert_eq!(app.signed(Method::GET, &path).send().await.json(200)["state"], "done");
    app.drained().await;
}

async fn a_signature_serves_one_request_only(store: Store) {
    let app = TestApp::on(store).start().await;
    let status = || app.signed(Method::GET, "/status").id("once");
    status().send().await.json(200);
    assert_eq!(status().send().await.problem(409), "webhook_id_reused");
    // Another path under the same id has another signature, but the id is taken.
    assert_eq!(app.signed(Method::GET, "/trace?sku=A").id("once").send().await.problem(409), "webhook_id_reused");
    // The ids of deliveries are others.
    app.events(&[stock("SKU-00001-01", 1, 3)]).id("once").send().await.json(202);
    app.drained().await;
}

async fn a_signature_over_anything_else_is_none(store: Store) {
    let app = TestApp::on(store).start().await;
    let (id, now) = ("elsewhere", app.now());
    let prefix = format!("/v1/shops/{}", app.shop);
    let body = r#"{"all":true}"#;
    let over = |content: String| app.secret.sign(id, now, content.as_bytes());
    let rows = [
        ("another method", over(format!("GET {prefix}/dead-letters/redrive\n{body}"))),
        ("another path", over(format!("POST {prefix}/dead-letters/discard\n{body}"))),
        ("another query", over(format!("POST {prefix}/dead-letters/redrive?x=1\n{body}"))),
        ("another body", over(format!("POST {prefix}/dead-letters/redrive\n{{}}"))),
        ("the body alone, as for events", over(body.to_owned())),
    ];
    for (what, signature) in rows {
        let call = app.signed(Method::POST, "/dead-letters/redrive").json().body(body).id(id).at(now);
        assert_eq!(call.header("webhook-signature", &signature).send().await.problem(401), "unauthorized", "{what}");
    }
    // And one for the API is none for events.
    let events = json!({"events": [stock("SKU-00001-01", 1, 3)]}).to_string();
    let whole = over(format!("POST {prefix}/events\n{events}"));
    let call = app.deliver(events).id(id).at(now).header("webhook-signature", &whole);
    assert_eq!(call.send().await.problem(401), "unauthorized");
    let old = app.signed(Method::GET, "/status").at(now - 301).send().await;
    assert_eq!(old.problem(401), "clock_skew");
    // The token of an operator opens nothing here.
    let operator = app.intake(Method::GET, &format!("{prefix}/status"));
    let operator = operator.header("authorization", &format!("Bearer {}", crate::app::OPERATOR));
    assert_eq!(operator.send().await.problem(401), "unauthorized");
}
