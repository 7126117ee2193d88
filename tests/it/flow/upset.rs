//! AliExpress fails: in time everything is there all the same, and no entry is blamed.

use std::time::Duration;

use aligate::simulator::{Fault, Kind};
use serde_json::{Value, json};

use crate::app::{INVENTORY, PRICE, Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    a_call_that_fails_is_made_again_with_what_is_newest_then,
    a_ban_holds_what_it_names_for_its_seconds_and_nothing_else,
    a_product_that_fails_is_sent_again_alone,
    a_product_under_audit_waits_and_is_not_blamed,
    a_token_that_is_refused_stops_the_shop_and_shows_it,
    failures_in_a_row_open_the_breaker_and_one_probe_closes_it,
    a_call_whose_effect_is_unknown_is_made_once_more_a_lease_later,
    a_product_that_an_answer_does_not_name_is_read_again_and_sent_again,
);

const PROFILE: &str = "aliexpress.solution.merchant.profile.get";

fn update(fault: Fault, method: &str) -> Fault {
    Fault { method: Some(method.to_owned()), ..fault }
}

fn refusal(code: &str, message: &str, sub_code: &str) -> Kind {
    Kind::Error { code: code.into(), message: message.into(), sub_code: sub_code.into() }
}

/// Failures that blame an entry, of all that are known of a SKU's stock.
async fn attempts(app: &TestApp, sku: &str) -> u64 {
    app.get(&format!("/trace?sku={sku}")).await["lanes"][0]["entry"]["attempts"].as_u64().unwrap()
}

async fn a_call_that_fails_is_made_again_with_what_is_newest_then(store: Store) {
    let app = TestApp::on(store).with("aliexpress.timeout_ms", 300).with("aliexpress.connect_timeout_ms", 300);
    let app = app.with("aliexpress.breaker_failures", 1000).start().await;
    let faults = [
        Kind::Hang { ms: 60_000 },
        Kind::Status { status: 429 },
        Kind::Status { status: 500 },
        Kind::Status { status: 503 },
        Kind::Html,
        Kind::Truncate,
        Kind::Reset,
        Kind::AnswerLost,
        Kind::ContentType,
        refusal("15", "Remote service error", "isp.top-remote-connection-timeout"),
        refusal("ServiceTimeout", "", ""),
        refusal("InternalError", "system error, please try again later", ""),
    ];
    for (nth, fault) in faults.iter().enumerate() {
        let version = nth as u64 + 1;
        for method in [INVENTORY, PRICE] {
            app.simulator().faults().add(update(Fault::times(1, fault.clone()), method));
        }
        app.accepted(&[stock("SKU-00001-01", version, version), stock("SKU-00002-01", version, version)]).await;
        app.accepted(&[price("SKU-00001-01", version, &format!("{version}.50"))]).await;
        app.agrees().await;
        assert_eq!(app.simulator().faults().waiting(), [], "{fault:?} was met");
        assert_eq!(attempts(&app, "SKU-00001-01").await, 0, "{fault:?} blames nobody");
    }
    // While it fails on and on the state changes: what arrives at last is the newest, once.
    app.simulator().faults().add(update(Fault::always(Kind::Status { status: 500 }), INVENTORY));
    for version in 100..110 {
        app.accepted(&[stock("SKU-00003-01", version, version)]).await;
    }
    app.until("a failed call", async || {
        let failed = app.simulator().ledger().summary().by_outcome.get("fault").copied().unwrap_or_default();
        (failed > 10).then_some(())
    })
    .await;
    app.accepted(&[stock("SKU-00003-01", 200, 77)]).await;
    app.simulator().faults().clear();
    app.agrees().await;
    let arrived = app.simulator().ledger().items();
    let arrived: Vec<_> = arrived.iter().filter(|item| item.sku == "SKU-00003-01").map(|item| item.stock).collect();
    // A call with the state before it may have been under way when the faults ended; nothing older comes after the newest.
    assert_eq!(arrived.last(), Some(&Some(77)), "{arrived:?}");
    let first_newest = arrived.iter().position(|stock| *stock == Some(77)).unwrap();
    assert!(first_newest <= 1 && arrived[first_newest..].iter().all(|stock| *stock == Some(77)), "{arrived:?}");
}

async fn a_ban_holds_what_it_names_for_its_seconds_and_nothing_else(store: Store) {
    let app = TestApp::on(store).start().await;
    let bans = [
        (
            "of the method",
            refusal("ApiCallLimit", "Api access frequency exceeds the limit. this ban will last 3 seconds", ""),
            INVENTORY,
        ),
        ("of the application", refusal("AppCallLimit", "This ban will last 3 seconds", ""), "app"),
        (
            "of the application, in the old form",
            Kind::Error {
                code: "7".into(),
                message: "This ban will last for 3 more seconds".into(),
                sub_code: "accesscontrol.limited-by-app-access-count".into(),
            },
            "app",
        ),
    ];
    for (nth, (what, ban, scope)) in bans.into_iter().enumerate() {
        let version = nth as u64 + 1;
        app.simulator().faults().add(update(Fault::times(1, ban), INVENTORY));
        app.accepted(&[stock("SKU-00001-01", version, version)]).await;
        let bans = app
            .until("the ban", async || {
                let status = app.get("/status").await;
                let bans = status["limits"]["bans"].as_object().unwrap().clone();
                (!bans.is_empty()).then_some(bans)
            })
            .await;
        assert_eq!(bans.keys().collect::<Vec<_>>(), [scope], "{what}");
        let calls = app.updates();
        if scope == INVENTORY {
            // Prices go on meanwhile.
            app.accepted(&[price("SKU-00001-02", version, "7.00")]).await;
            app.until("the price", async || (app.updates() > calls).then_some(())).await;
        }
        assert_eq!(app.stock_there("SKU-00001-01"), if nth == 0 { 10 } else { nth as u64 });
        app.agrees().await;
        assert_eq!(attempts(&app, "SKU-00001-01").await, 0, "{what}");
        app.advance(Duration::from_secs(5));
    }
}

async fn a_product_that_fails_is_sent_again_alone(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let second = crate::app::FIRST + 1;
    let fault = Kind::Product { product: second, code: "F00-00-10009-002".into() };
    app.post("/lanes/stock/pause", &json!({})).await.json(200);
    app.simulator().faults().add(update(Fault::times(2, fault), INVENTORY));
    let events = ["SKU-00001-01", "SKU-00002-01", "SKU-00002-02", "SKU-00003-01"].map(|sku| stock(sku, 1, 3));
    app.accepted(&events).await;
    app.post("/lanes/stock/resume", &json!({})).await.json(200);
    app.agrees().await;
    // Those that were taken the first time are not sent again.
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    app.simulator().ledger().items().into_iter().for_each(|item| *counts.entry(item.sku).or_default() += 1);
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [1; 4]);
    let calls: Vec<usize> = app
        .simulator()
        .ledger()
        .calls()
        .iter()
        .filter(|call| call.method == INVENTORY)
        .map(|call| call.products)
        .collect();
    assert_eq!(calls, [3, 1, 1]);
    app.leaves(&[]);
}

async fn a_product_under_audit_waits_and_is_not_blamed(store: Store) {
    let app = TestApp::on(store).start().await;
    let fault = Kind::Product { product: crate::app::FIRST, code: "PRODUCT_IN_AUDIT_PENDING".into() };
    app.simulator().faults().add(update(Fault::times(30, fault), INVENTORY));
    app.accepted(&[stock("SKU-00001-01", 1, 3), stock("SKU-00002-01", 1, 4)]).await;
    app.agrees().await;
    assert_eq!(attempts(&app, "SKU-00001-01").await, 0);
    // Some thirty looks apart by minutes, not by milliseconds.
    assert!(app.clock.ahead() > Duration::from_secs(25 * 60), "{:?}", app.clock.ahead());
}

async fn a_token_that_is_refused_stops_the_shop_and_shows_it(store: Store) {
    let mut app = TestApp::on(store).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.agrees().await;
    app.simulator().revoke_tokens(true);
    app.accepted(&[stock("SKU-00001-01", 2, 4)]).await;
    let token: Value = app
        .until("the refusal", async || {
            let token = app.get("/status").await["token"].clone();
            (token["state"] == "refused").then_some(token)
        })
        .await;
    assert!(token["since_ms"].is_u64(), "{token}");
    // Events are taken on; nothing more is asked of AliExpress.
    let calls = app.updates();
    app.accepted(&[stock("SKU-00002-01", 2, 5)]).await;
    app.advance(Duration::from_secs(120));
    app.until("the passes of the worker", async || {
        let ready = app.queue().ready(std::slice::from_ref(&app.shop)).await.unwrap().remove(0);
        ready.get(&aligate::domain::Lane::Stock).is_some_and(|ready| ready.urgent + ready.normal == 2).then_some(())
    })
    .await;
    tokio::task::yield_now().await;
    assert_eq!(app.updates(), calls);
    let metrics = app.admin(reqwest::Method::GET, "/metrics").send().await.text;
    assert!(metrics.contains(&format!(r#"aligate_unauthorized{{shop="{}"}} 1"#, app.shop)), "{metrics}");
    // A new token, and all is sent.
    app.simulator().revoke_tokens(false);
    app.restart(&[]).await;
    app.agrees().await;
    assert_eq!(app.get("/status").await["token"]["state"], "ok");
    assert_eq!(attempts(&app, "SKU-00001-01").await, 0);
}

async fn failures_in_a_row_open_the_breaker_and_one_probe_closes_it(store: Store) {
    let app =
        TestApp::on(store).with("aliexpress.breaker_failures", 3).with("aliexpress.breaker_secs_max", 1).start().await;
    app.simulator().faults().add(update(Fault::always(Kind::Status { status: 502 }), INVENTORY));
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.until("the breaker", async || {
        let all = app.admin(reqwest::Method::GET, "/v1/shops").send().await.json(200);
        (all["applications"][0]["paused_ms"].as_u64().unwrap() > 0).then_some(())
    })
    .await;
    app.simulator().faults().clear();
    app.accepted(&[stock("SKU-00002-01", 1, 4)]).await;
    app.agrees().await;
    let all = app.admin(reqwest::Method::GET, "/v1/shops").send().await.json(200);
    assert_eq!(all["applications"][0]["paused_ms"], 0);
}

async fn a_product_that_an_answer_does_not_name_is_read_again_and_sent_again(store: Store) {
    let app = TestApp::on(store).start().await;
    let missing = Kind::Missing { product: crate::app::FIRST };
    app.simulator().faults().add(update(Fault::times(1, missing), INVENTORY));
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.agrees().await;
    let calls = app.simulator().ledger().calls();
    let order: Vec<&str> = calls.iter().map(|call| call.method.as_str()).filter(|method| *method != PROFILE).collect();
    assert_eq!(order[..3], [INVENTORY, "aliexpress.solution.product.info.get", INVENTORY]);
}

async fn a_call_whose_effect_is_unknown_is_made_once_more_a_lease_later(store: Store) {
    let app = TestApp::on(store).start().await;
    app.simulator().faults().add(update(Fault::times(1, Kind::AnswerLost), INVENTORY));
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.agrees().await;
    // Lost, tried again at once, and once more when a late request can no longer land.
    let arrived: Vec<_> = app.simulator().ledger().items().into_iter().map(|item| item.stock).collect();
    assert_eq!(arrived, [Some(3); 3]);
    assert!(app.clock.ahead() > Duration::from_secs(6), "{:?}", app.clock.ahead());
    // After that it is as confirmed as any.
    assert_eq!(app.accepted(&[stock("SKU-00001-01", 2, 3)]).await["unchanged"], 1);
}
