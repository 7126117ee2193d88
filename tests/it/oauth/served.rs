//! The consent through the real application: link on both listeners, page, and what waits is sent without a restart.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Setup, Store, TestApp, VIEWER, on_both_stores, stock};

/// A shop that nobody has consented for.
fn without_token(store: Store) -> Setup {
    TestApp::on(store).with("shops.0.token", "").with("intake.public_url", "https://gateway.example/shops/")
}

/// Opens a consent link; the path and query by which the browser comes back to the intake listener.
async fn open(link: &str) -> String {
    let http = aligate::http_client::build(Duration::from_secs(20), Duration::from_secs(20)).unwrap();
    let answer = http.get(link).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    let path = back.strip_prefix("https://gateway.example/shops").unwrap_or_else(|| panic!("{back}"));
    path.to_owned()
}

/// Nobody tells the shop here: its notices wait.
async fn start(setup: Setup) -> TestApp {
    let app = setup.start().await;
    app.post("/lanes/notice/pause", &json!({})).await.json(200);
    app
}

async fn what_waited_for_a_consent_is_sent_with_it(store: Store) {
    let app = start(without_token(store)).await;
    app.accepted(&[stock("SKU-00001-01", 10, 77), stock("SKU-00002-02", 11, 0)]).await;
    let token = app.get("/status").await["token"].clone();
    assert_eq!((&token["state"], &token["source"]), (&json!("missing"), &Value::Null), "{token}");
    let link = app.get("/oauth/url").await;
    let path = open(link["url"].as_str().unwrap()).await;
    let page = app.intake(Method::GET, &path).header("accept-language", "ru-RU,ru;q=0.9,en;q=0.8").send().await;
    let text = page.page(200);
    assert!(text.contains("<html lang=\"ru\">") && text.contains("Доступ получен"), "{text}");
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
    app.agrees().await;
    let token = app.get("/status").await["token"].clone();
    assert_eq!((&token["state"], &token["source"]), (&json!("ok"), &json!("consent")), "{token}");
    assert_eq!((&token["last_consent"]["id"], &token["last_consent"]["outcome"]), (&link["consent"], &json!("stored")));
    // The link is spent; the same page in English says so.
    let page = app.intake(Method::GET, &path).send().await;
    assert!(page.page(400).contains("Ask for a new link"));
    let metrics = app.admin(Method::GET, "/metrics").send().await.text;
    let gauge = format!("aligate_token_seconds_left{{shop=\"{}\",of=\"consent\"}}", app.shop);
    assert!(metrics.contains(&gauge), "{metrics}");
    let health = app.admin(Method::GET, "/health").send().await.json(200);
    assert_eq!(health["components"][format!("token/{}", app.shop)]["state"], "ok", "{health}");
    let mut app = app;
    app.leaves(&[("notice: due", 1)]);
}

async fn a_link_is_for_those_who_may_act_and_for_shops_that_can_consent(store: Store) {
    let app = start(without_token(store)).await;
    let link = app.signed(Method::GET, "/oauth/url").send().await.json(200);
    assert!(link["url"].as_str().unwrap().starts_with(&app.simulator().url()), "{link}");
    let path = format!("/v1/shops/{}/oauth/url", app.shop);
    assert_eq!(app.intake(Method::GET, &path).send().await.problem(401), "unauthorized");
    let viewer = app.anonymous(Method::GET, &path).header("authorization", &format!("Bearer {VIEWER}"));
    assert_eq!(viewer.send().await.problem(403), "forbidden");
    // The page is for browsers that AliExpress sends back, on the listener that they reach.
    for path in ["/oauth/callback", "/oauth/callback?code=3_1_x", "/oauth/callback?state=x.y&code=3_1_x"] {
        let page = app.intake(Method::GET, path).send().await;
        assert!(page.page(400).contains("No access was granted"), "{path}");
        assert_eq!(app.admin(Method::GET, path).send().await.status, 404);
    }
    let mut app = app;
    app.restart(&[("intake.public_url", "")]).await;
    assert_eq!(app.admin(Method::GET, &path).send().await.problem(422), "public_url_missing");
}

async fn another_seller_is_confirmed_over_the_api(store: Store) {
    let mut app = start(without_token(store)).await;
    for seller in [1, 2] {
        app.simulator().oauth().log_in(seller);
        let link = app.get("/oauth/url").await;
        let path = open(link["url"].as_str().unwrap()).await;
        let answer = app.intake(Method::GET, &path).send().await;
        let page = answer.page(200);
        assert!(page.contains(if seller == 1 { "Access granted" } else { "--confirm 2" }), "{page}");
    }
    assert_eq!(app.get("/status").await["token"]["unconfirmed_seller"], "2");
    assert_eq!(app.post("/oauth/confirm", &json!({"seller": "1"})).await.problem(404), "not_found");
    let status = app.post("/oauth/confirm", &json!({"seller": "2"})).await.json(200);
    assert_eq!((&status["token"]["seller"], &status["token"]["unconfirmed_seller"]), (&json!("2"), &Value::Null));
    app.accepted(&[stock("SKU-00001-01", 10, 5)]).await;
    app.agrees().await;
    app.leaves(&[("notice: due", 2)]);
}

async fn a_token_taken_back_is_refreshed_under_load_and_nothing_is_lost(store: Store) {
    let mut app = start(without_token(store)).await;
    let link = app.get("/oauth/url").await;
    let path = open(link["url"].as_str().unwrap()).await;
    app.intake(Method::GET, &path).send().await.page(200);
    for round in 1..=3_u64 {
        app.accepted(&[stock("SKU-00001-01", round * 10, round), stock("SKU-00003-03", round * 10 + 1, round * 2)])
            .await;
        app.simulator().oauth().revoke(false);
        app.accepted(&[stock("SKU-00002-01", round * 10 + 2, round * 3)]).await;
        app.agrees().await;
    }
    app.leaves(&[("notice: due", 1)]);
}

on_both_stores!(
    what_waited_for_a_consent_is_sent_with_it,
    a_link_is_for_those_who_may_act_and_for_shops_that_can_consent,
    another_seller_is_confirmed_over_the_api,
    a_token_taken_back_is_refreshed_under_load_and_nothing_is_lost,
);
