//! What requests are answered while the store fails, hangs or is full: never 202, and all is well once it is back.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::app::{Store, TestApp, stock};

/// Requests at one moment.
async fn at_once(app: &TestApp, version: u64, many: usize) -> Vec<(u16, String)> {
    let one = |nth: usize| app.events(&[stock(&format!("SKU-{:05}-01", nth % 3 + 1), version, nth as u64)]).send();
    let answers = join_all((0..many).map(one)).await;
    answers.into_iter().map(|answer| (answer.status, answer.header("retry-after").to_owned())).collect()
}

async fn is_well_again(app: &TestApp) {
    app.until("the store's return", async || {
        let answer = app.events(&[stock("SKU-00001-02", app.now() * 1000, 4)]).send().await;
        (answer.status == 202).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_of_a_commit_that_takes_too_long_is_answered_503_once() {
    let mut app = TestApp::on(Store::own_redis(&[])).with("store.timeout_ms", 300).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 1)]).await;
    app.drained().await;
    app.store.server().signal("STOP");
    for (status, retry_after) in at_once(&app, 2, 40).await {
        assert_eq!((status, retry_after.as_str()), (503, "2"));
    }
    let not_ready = app.until("the monitor's look", async || {
        let answer = app.anonymous(Method::GET, "/readyz").send().await;
        (answer.status != 200).then_some(answer)
    });
    assert_eq!(not_ready.await.problem(503), "store_away");
    let health = app.admin(Method::GET, "/health").send().await.json(200);
    assert_eq!((&health["status"], &health["components"]["store"]["state"]), (&json!("down"), &json!("down")));
    app.store.server().signal("CONT");
    is_well_again(&app).await;
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-02"), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_of_a_commit_that_fails_is_answered_503_once() {
    let app = TestApp::on(Store::sqlite()).with("store.timeout_ms", 300).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 1)]).await;
    app.drained().await;
    let stranger = rusqlite::Connection::open(app.dir.path().join("aligate.db")).unwrap();
    stranger
        .execute_batch("CREATE TRIGGER broken BEFORE INSERT ON deliveries BEGIN SELECT raise(FAIL, 'broken'); END")
        .unwrap();
    assert!(at_once(&app, 2, 40).await.iter().all(|(status, retry_after)| *status == 503 && retry_after == "2"));
    assert_eq!(app.count().await, [].into(), "nothing was taken");
    stranger.execute_batch("DROP TRIGGER broken").unwrap();
    is_well_again(&app).await;
    app.drained().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_channel_is_refused_at_once_and_says_when_to_come_again() {
    let setup = TestApp::on(Store::own_redis(&[])).with("store.timeout_ms", 1500).with("intake.queue_max", 3);
    let mut app = setup.start().await;
    app.store.server().signal("STOP");
    // One is with the store, or more that came with it, three wait, the others are refused without waiting for the store.
    let answers = at_once(&app, 2, 40).await;
    assert!(answers.iter().all(|(status, _)| *status == 503), "{answers:?}");
    let refused = answers.iter().filter(|(_, retry_after)| retry_after == "1").count();
    assert!((30..=36).contains(&refused), "{refused} of 40 found the channel full");
    app.store.server().signal("CONT");
    is_well_again(&app).await;
    app.drained().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_was_emptied_or_has_forgotten_its_scripts_is_used_on_and_named_anew() {
    let mut app = TestApp::on(Store::own_redis(&[])).start().await;
    let first = app.accepted(&[stock("SKU-00001-01", 1, 1)]).await;
    app.drained().await;
    app.store.server().cli(&["SCRIPT", "FLUSH", "SYNC"]);
    let second = app.accepted(&[stock("SKU-00001-01", 2, 2)]).await;
    assert_eq!(first["store"], second["store"]);
    app.drained().await;
    app.store.server().cli(&["FLUSHALL"]);
    let third = app.accepted(&[stock("SKU-00001-01", 2, 2)]).await;
    assert_ne!(second["store"], third["store"], "senders must learn that the store was emptied");
    assert_eq!(third["parked"], 1, "where SKUs stand was emptied, too");
    app.list_all().await;
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 2);
    let metrics = app.until("the monitor's count", async || {
        app.advance(Duration::from_secs(1));
        let text = app.admin(Method::GET, "/metrics").send().await.text;
        text.contains("aligate_store_resets_total").then_some(text)
    });
    metrics.await;
    // kill -9 and a new start on the same port, with nothing kept.
    app.store.server().kill();
    app.store.server().restart();
    app.until("a new connection", async || {
        let answer = app.events(&[stock("SKU-00001-01", 3, 3)]).send().await;
        (answer.status == 202).then_some(())
    })
    .await;
    app.list_all().await;
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_of_redis_that_break_a_guarantee_are_named() {
    let words = async |settings: &[&str]| {
        let app = TestApp::on(Store::own_redis(settings)).start().await;
        let health = app.until("the monitor's look", async || {
            let health = app.admin(Method::GET, "/health").send().await.json(200);
            health["components"]["store"].is_object().then(|| health["components"]["store"].clone())
        });
        let store = health.await;
        (store["state"].as_str().unwrap().to_owned(), store["why"].as_str().unwrap_or_default().to_owned())
    };
    let safe = words(&["appendonly", "yes", "appendfsync", "always", "maxmemory-policy", "noeviction"]).await;
    assert_eq!(safe, ("ok".to_owned(), String::new()));
    // A power loss may take the last second; a killed Redis loses nothing. That is a choice, not a fault.
    assert_eq!(words(&["appendonly", "yes", "appendfsync", "everysec"]).await.0, "ok");
    for (settings, named) in [
        (&["appendonly", "no"][..], "appendonly"),
        (&["appendonly", "yes", "appendfsync", "no"], "appendfsync"),
        (
            &["appendonly", "yes", "appendfsync", "always", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru"],
            "maxmemory-policy",
        ),
    ] {
        let (state, why) = words(settings).await;
        assert!(state == "degraded" && why.contains(named), "{settings:?}: {state} {why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_of_a_newer_version_or_of_another_key_is_refused_in_words() {
    let mut app = TestApp::on(Store::own_redis(&[])).start().await;
    app.stop().await;
    let meta = format!("aligate:{{{}}}:meta", app.shop);
    let refusal = async |app: &TestApp| app.try_build().await.unwrap_err();
    let key = app.dir.path().join("aligate.key");
    let own = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, format!("{}=\n", "A".repeat(43))).unwrap();
    let refused = refusal(&app).await;
    assert!(refused.contains("the key file is not the one"), "{refused}");
    std::fs::write(&key, own).unwrap();
    app.store.server().cli(&["HSET", &meta, "schema", "99"]);
    let refused = refusal(&app).await;
    assert!(refused.contains("the store has schema 99"), "{refused}");
}
