//! Real PHP signs and posts with the module's own client; what it says reaches AliExpress.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::app::{Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    events_that_php_posts_reach_aliexpress,
    php_learns_what_was_stale_rejected_or_a_duplicate,
    php_is_told_what_never_will_be_taken_and_what_may_be_later,
);

/// Posts events with the module's client; its exit code and what it prints.
async fn post(app: &TestApp, secret: &str, events: &[Value]) -> (i32, Value) {
    let (url, shop, secret) = (app.intake_url().to_owned(), app.shop.to_string(), secret.to_owned());
    let input = json!({ "events": events }).to_string();
    let run = move || {
        let mut php = Command::new("php")
            .arg("bitrix-module/tests/flow/post_events.php")
            .envs([("GATEWAY_URL", url), ("SHOP", shop), ("SECRET", secret)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("php is installed by tests/install-tools.sh");
        php.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        php.wait_with_output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = serde_json::from_slice(&output.stdout);
    let printed = said.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), printed)
}

async fn events_that_php_posts_reach_aliexpress(store: Store) {
    let app = TestApp::on(store).start().await;
    // Enough of them that the client compresses the body.
    let skus: Vec<String> = (1..=3).flat_map(|p| (1..=3).map(move |s| format!("SKU-{p:05}-{s:02}"))).collect();
    let states = skus.iter().enumerate();
    let events: Vec<Value> =
        states.flat_map(|(nth, sku)| [stock(sku, 1, nth as u64), price(sku, 1, &format!("{}.50", nth + 1))]).collect();
    let (code, result) = post(&app, &app.secret_text, &events).await;
    assert_eq!((code, &result["enqueued"]), (0, &json!(18)), "{result}");
    app.drained().await;
    for (nth, sku) in skus.iter().enumerate() {
        let there = app.simulator().catalogue().sku(sku).unwrap();
        assert_eq!((there.stock, there.price), (nth as u64, format!("{}.50", nth + 1)), "{sku}");
    }
}

async fn php_learns_what_was_stale_rejected_or_a_duplicate(store: Store) {
    let app = TestApp::on(store).start().await;
    let events = [stock("SKU-00001-01", 9, 3), stock("SKU-00001-02", 9, 4)];
    let (_, first) = post(&app, &app.secret_text, &events).await;
    // The id is a digest of the body: the same body again is the same delivery.
    let (code, again) = post(&app, &app.secret_text, &events).await;
    assert_eq!((code, &first["duplicate"], &again["duplicate"]), (0, &json!(false), &json!(true)), "{first} {again}");
    assert_eq!(first["store"], again["store"]);
    let mixed = [stock("SKU-00001-01", 8, 1), stock("", 10, 1), stock("SKU-00001-03", 10, 5)];
    let (code, mixed) = post(&app, &app.secret_text, &mixed).await;
    assert_eq!((code, &mixed["enqueued"]), (0, &json!(1)), "{mixed}");
    assert_eq!(mixed["stale"], json!([{"index": 0, "version": 9}]));
    assert_eq!((&mixed["rejected"][0]["index"], &mixed["rejected"][0]["code"]), (&json!(1), &json!("sku_invalid")));
    app.drained().await;
    let there = ["SKU-00001-01", "SKU-00001-02", "SKU-00001-03"].map(|sku| app.stock_there(sku));
    assert_eq!(there, [3, 4, 5]);
}

async fn php_is_told_what_never_will_be_taken_and_what_may_be_later(store: Store) {
    let app = TestApp::on(store).with("intake.requests_per_second_max", 1).start().await;
    let stranger = aligate::signing::standard_webhooks::Secret::generate();
    let (code, refused) = post(&app, &stranger, &[stock("SKU-00001-01", 1, 3)]).await;
    assert_eq!((code, &refused["error"], &refused["code"]), (1, &json!("Unrecoverable"), &json!("unauthorized")));
    let (code, refused) = post(&app, &app.secret_text, &[stock("", 1, 3)]).await;
    assert_eq!((code, &refused["error"], &refused["code"]), (1, &json!("Unrecoverable"), &json!("nothing_acceptable")));
    // The second is spent by somebody who holds the secret, and again if PHP came a second later.
    let later = app
        .until("a spent budget", async || {
            app.events(&[stock("SKU-00001-02", app.clock_us(), 3)]).send().await;
            let (code, later) = post(&app, &app.secret_text, &[stock("SKU-00001-01", 1, 3)]).await;
            (code == 1).then_some(later)
        })
        .await;
    assert_eq!(later, json!({"error": "Recoverable", "code": "intake_budget_spent", "retry_after": 1}));
    app.drained().await;
}
