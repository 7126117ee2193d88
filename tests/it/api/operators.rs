//! What operators see and do.

use std::time::Duration;

use aligate::simulator::{Fault, Kind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{FIRST, INVENTORY, Store, TestApp, VIEWER, on_both_stores, price, stock};

on_both_stores!(
    probes_need_no_token_and_health_says_how_each_part_is,
    a_viewer_looks_and_an_operator_acts,
    every_answer_carries_a_request_id_and_a_client_may_give_its_own,
    metrics_are_those_of_the_readme,
    a_paused_lane_takes_events_and_sends_nothing_until_it_is_resumed,
    dead_letters_are_listed_by_page_redriven_and_discarded,
    a_replay_says_what_it_costs_before_it_is_made,
    a_trace_tells_a_sku_from_event_to_confirmation,
    an_import_reads_the_listings_and_goes_on_where_it_was,
    an_import_that_lost_its_process_is_taken_up_by_the_next,
    the_status_of_shops_and_applications,
);

async fn probes_need_no_token_and_health_says_how_each_part_is(store: Store) {
    let app = TestApp::on(store).start().await;
    assert_eq!(app.anonymous(Method::GET, "/livez").send().await.json(200), json!({"status": "ok"}));
    assert_eq!(app.anonymous(Method::GET, "/readyz").send().await.json(200), json!({"status": "ready"}));
    assert_eq!(app.anonymous(Method::GET, "/health").send().await.problem(401), "unauthorized");
    let part = format!("aliexpress/{}", app.shop);
    let health = app
        .until("the probe's word", async || {
            let health = app.admin(Method::GET, "/health").send().await.json(200);
            Some(health).filter(|health| health["components"][&part].is_object())
        })
        .await;
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["components"][&part]["state"], "ok", "{health}");
    assert!(health["components"][&part]["since_ms"].as_u64().unwrap() > 1_700_000_000_000);
    // A Redis without a log on disk is named for what it is: nothing that it has said is safe.
    let store = &health["components"]["store"];
    match app.store {
        Store::Embedded => assert_eq!(store["state"], "ok", "{health}"),
        _ => {
            assert_eq!((&store["state"], &health["status"]), (&json!("degraded"), &json!("degraded")));
            assert!(store["why"].as_str().unwrap().contains("appendonly"), "{health}");
        }
    }
}

async fn a_viewer_looks_and_an_operator_acts(store: Store) {
    let app = TestApp::on(store).start().await;
    let shop = format!("/v1/shops/{}", app.shop);
    let as_viewer = |method: Method, path: &str| {
        app.anonymous(method, path).header("authorization", &format!("Bearer {VIEWER}")).json().body(r#"{"all":true}"#)
    };
    for path in ["/health", "/metrics", "/openapi.json", "/v1/shops"] {
        assert_eq!(as_viewer(Method::GET, path).send().await.status, 200, "{path}");
    }
    for path in ["/status", "/dead-letters", "/entries?place=idle"] {
        assert_eq!(as_viewer(Method::GET, &format!("{shop}{path}")).send().await.status, 200, "{path}");
    }
    let acts =
        ["/dead-letters/redrive", "/redrive", "/dead-letters/discard", "/replay", "/listings/import", "/jobs/x/cancel"];
    for path in acts.into_iter().chain(["/lanes/stock/pause", "/lanes/stock/resume"]) {
        assert_eq!(as_viewer(Method::POST, &format!("{shop}{path}")).send().await.problem(403), "forbidden", "{path}");
    }
    assert_eq!(app.post("/redrive", &json!({"all": true})).await.json(200), json!({"count": 0}));
}

async fn every_answer_carries_a_request_id_and_a_client_may_give_its_own(store: Store) {
    let app = TestApp::on(store).start().await;
    let of = async |id: &str| {
        let answer = app.anonymous(Method::GET, "/nowhere").header("x-request-id", id).send().await;
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(of("01J.my-own_id").await, "01J.my-own_id");
    for bad in ["", "with space", "ä", &"x".repeat(65)] {
        assert_eq!(of(bad).await.len(), 26, "{bad:?} is exchanged for a ULID");
    }
    let (one, other) = (app.events(&[]).send().await, app.events(&[]).send().await);
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
}

async fn metrics_are_those_of_the_readme(store: Store) {
    let app = TestApp::on(store).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.drained().await;
    let answer = app.admin(Method::GET, "/metrics").send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; version=0.0.4"));
    let named = |line: &str| line.split(['{', ' ']).next().unwrap_or_default().to_owned();
    let names: std::collections::BTreeSet<String> =
        answer.text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(named).collect();
    let readme = std::fs::read_to_string("README.md").unwrap();
    for name in &names {
        let series = ["_bucket", "_sum", "_count"];
        let base = series.iter().find_map(|series| name.strip_suffix(series)).unwrap_or(name);
        assert!(base.starts_with("aligate_"), "{name}");
        assert!(
            readme.contains(&format!("`{base}`")) || readme.contains(&format!("`{name}`")),
            "{name} is not in the README"
        );
    }
    let of_shop = format!(r#"aligate_events_total{{shop="{}",lane="stock",result="enqueued"}} 1"#, app.shop);
    assert!(answer.text.contains(&of_shop), "{of_shop} is not in {}", answer.text);
}

async fn a_paused_lane_takes_events_and_sends_nothing_until_it_is_resumed(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let paused = app.post("/lanes/stock/pause", &json!({})).await.json(200);
    assert_eq!(paused, json!({"lane": "stock", "paused": true}));
    app.accepted(&[stock("SKU-00001-01", 1, 3), price("SKU-00001-01", 1, "5.00")]).await;
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 10);
    assert_eq!(app.simulator().catalogue().sku("SKU-00001-01").unwrap().price, "5.00", "the other lane goes on");
    // Over a restart, too.
    app.restart(&[]).await;
    let status = app.get("/status").await;
    assert_eq!((&status["lanes"]["stock"]["paused"], &status["lanes"]["stock"]["depth"]), (&json!(true), &json!(1)));
    app.post("/lanes/stock/resume", &json!({})).await.json(200);
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-01"), 3);
}

async fn dead_letters_are_listed_by_page_redriven_and_discarded(store: Store) {
    let mut app = TestApp::on(store).start().await;
    let refuse =
        |times| Fault::times(times, Kind::Error { code: "X".into(), message: "no".into(), sub_code: String::new() });
    let skus: Vec<String> = (1..=3).flat_map(|p| (1..=3).map(move |s| format!("SKU-{p:05}-{s:02}"))).collect();
    // Refused whatever is in the request: told apart until each stands alone.
    app.simulator().faults().add(refuse(1000));
    app.accepted(&skus.iter().map(|sku| stock(sku, 1, 3)).collect::<Vec<_>>()).await;
    app.accepted(&[price(&skus[0], 1, "5.00")]).await;
    app.drained().await;
    app.simulator().faults().clear();
    assert_eq!(app.count().await, [("stock: dead".to_owned(), 9), ("price: dead".to_owned(), 1)].into());

    let (mut items, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = app.get(&format!("/dead-letters?limit=4{cursor}")).await;
        let some = page["items"].as_array().unwrap().clone();
        assert!(some.len() <= 4);
        items.extend(some);
        pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={}", url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>());
    }
    let mut keys: Vec<(&str, &str)> =
        items.iter().map(|item| (item["lane"].as_str().unwrap(), item["key"].as_str().unwrap())).collect();
    keys.sort_unstable();
    let mut expected: Vec<(&str, &str)> = skus.iter().map(|sku| ("stock", sku.as_str())).collect();
    expected.insert(0, ("price", &skus[0]));
    assert_eq!((keys, pages), (expected, 3));
    assert_eq!((&items[0]["reason"], &items[0]["detail"]), (&json!("X"), &json!("AliExpress refuses: no (X)")));
    assert_eq!(app.get("/dead-letters?lane=price").await["items"].as_array().unwrap().len(), 1);

    let one = app.post("/dead-letters/redrive", &json!({"lane": "stock", "keys": [skus[0], "NOWHERE"]})).await;
    assert_eq!(one.json(200), json!({"count": 1}));
    app.drained().await;
    assert_eq!((app.stock_there(&skus[0]), app.stock_there(&skus[1])), (3, 10));
    // A newer state closes a dead letter by itself.
    assert_eq!(app.accepted(&[stock(&skus[1], 2, 4)]).await["enqueued"], 1);
    app.drained().await;
    assert_eq!(app.stock_there(&skus[1]), 4);
    let dropped = app.post("/dead-letters/discard", &json!({"lane": "stock", "keys": [skus[2]]})).await;
    assert_eq!(dropped.json(200), json!({"count": 1}));
    assert_eq!(app.post("/redrive", &json!({"all": true})).await.json(200), json!({"count": 7}));
    app.drained().await;
    let there: Vec<u64> = skus.iter().map(|sku| app.stock_there(sku)).collect();
    assert_eq!(there, [3, 4, 10, 3, 3, 3, 3, 3, 3]);
    assert_eq!(app.simulator().catalogue().sku(&skus[0]).unwrap().price, "5.00");
    app.leaves(&[]);
}

async fn a_replay_says_what_it_costs_before_it_is_made(store: Store) {
    let app = TestApp::on(store).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3), stock("SKU-00001-02", 1, 4), stock("SKU-00002-01", 1, 5)]).await;
    app.accepted(&[price("SKU-00001-01", 1, "5.00")]).await;
    app.drained().await;
    let before = app.updates();
    let dry = |body: Value| async move { body };
    for (asked, matched, requests) in [
        (json!({"dry_run": true}), 4, 2),
        (json!({"lane": "stock", "dry_run": true}), 3, 1),
        (json!({"lane": "price", "dry_run": true}), 1, 1),
        (json!({"keys": ["SKU-00001-01"], "dry_run": true}), 2, 2),
        (json!({"lane": "stock", "keys": ["SKU-00002-01", "NOWHERE"], "dry_run": true}), 1, 1),
        (json!({"since": "2100-01-01T00:00:00Z", "dry_run": true}), 0, 0),
        (json!({"until": "2020-01-01T00:00:00Z", "dry_run": true}), 0, 0),
        (json!({"since": "2020-01-01T00:00:00+03:00", "until": "2100-01-01T00:00:00Z", "dry_run": true}), 4, 2),
    ] {
        let asked = dry(asked).await;
        let answer = app.post("/replay", &asked).await.json(202);
        assert_eq!(answer, json!({"job": null, "matched": matched, "requests": requests}), "{asked}");
    }
    app.drained().await;
    assert_eq!(app.updates(), before, "a dry run sends nothing");
    // AliExpress lost something by itself: a replay puts it right although the gateway thinks it is there.
    app.simulator().catalogue().sell("SKU-00001-02", 2);
    let started = app.post("/replay", &json!({"lane": "stock", "dry_run": false})).await.json(202);
    assert_eq!((&started["matched"], &started["requests"]), (&json!(3), &json!(1)));
    let job = app.job_done(&started).await;
    assert_eq!(
        (&job["state"], &job["kind"], &job["done"], &job["total"]),
        (&json!("done"), &json!("replay"), &json!(3), &json!(3))
    );
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00001-02"), 4);
    assert_eq!(app.updates(), before + 1);
}

async fn a_trace_tells_a_sku_from_event_to_confirmation(store: Store) {
    let app = TestApp::on(store).start().await;
    app.simulator()
        .faults()
        .add(Fault { method: Some(INVENTORY.into()), ..Fault::times(1, Kind::Status { status: 502 }) });
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.drained().await;
    let trace = app.get("/trace?sku=SKU-00001-01").await;
    assert_eq!((&trace["sku"], &trace["listings"]), (&json!("SKU-00001-01"), &json!([FIRST])));
    let lane = &trace["lanes"][0];
    let entry = &lane["entry"];
    assert_eq!((&entry["lane"], &entry["place"], &entry["version"]), (&json!("stock"), &json!("idle"), &json!(1)));
    assert_eq!((&entry["state"], &lane["confirmed"][FIRST.to_string()]), (&json!({"quantity": 3}), &json!("3")));
    let what: Vec<&str> =
        lane["history"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(what.first(), Some(&"confirmed"), "newest first: {trace}");
    assert!(what.contains(&"unknown") || what.contains(&"retry"), "{trace}");
    // A SKU that is listed and that the shop never spoke of.
    let listed = app.get("/trace?sku=SKU-00003-03").await;
    assert_eq!((&listed["listings"], &listed["lanes"]), (&json!([FIRST + 2]), &json!([])));
}

async fn an_import_reads_the_listings_and_goes_on_where_it_was(store: Store) {
    let app = TestApp::on(store).simulator(|simulator| simulator.products = 120).unlisted().start().await;
    assert_eq!(app.accepted(&[stock("SKU-00120-03", 1, 3)]).await["parked"], 1);
    // Pages fail now and then; the job goes on from the page it was at.
    app.simulator().faults().add(Fault::times(2, Kind::Reset));
    let started = app.post("/listings/import", &json!({})).await.json(202);
    assert_eq!(started["kind"], "listings_import");
    let job = app.job_done(&started).await;
    assert_eq!((&job["state"], &job["total"]), (&json!("done"), &json!(120)), "{job}");
    let status = app.get("/status").await;
    assert_eq!(status["listings"], json!({"skus": 360, "listings": 120}));
    // What waited for its listing is released and sent.
    app.drained().await;
    assert_eq!(app.stock_there("SKU-00120-03"), 3);
    // A cancelled job stays so.
    app.simulator().faults().add(Fault::always(Kind::Latency { ms: 50 }));
    let started = app.post("/listings/import", &json!({})).await.json(202);
    let path = format!("/jobs/{}/cancel", started["job"].as_str().unwrap());
    assert_eq!(app.post(&path, &json!({})).await.json(200)["state"], "cancelled");
    assert_eq!(app.job_done(&started).await["state"], "cancelled");
    app.simulator().faults().clear();
}

async fn an_import_that_lost_its_process_is_taken_up_by_the_next(store: Store) {
    let setup = TestApp::on(store).simulator(|simulator| (simulator.products, simulator.skus) = (230, 1));
    let mut app = setup.unlisted().start().await;
    app.simulator().faults().add(Fault::always(Kind::Latency { ms: 20 }));
    let started = app.post("/listings/import", &json!({})).await.json(202);
    let path = format!("/jobs/{}", started["job"].as_str().unwrap());
    // A page of 99 was read and kept.
    app.until("the first page", async || (app.get(&path).await["done"].as_u64().unwrap() >= 99).then_some(())).await;
    app.stop().await;
    app.simulator().faults().clear();
    let infos = || app.simulator().ledger().summary().by_method["aliexpress.solution.product.info.get"];
    let before = infos();
    assert!((99..230).contains(&before), "it was interrupted: {before}");
    // By its heartbeat the job has lost its process.
    app.clock.advance(Duration::from_secs(31));
    app.restart(&[]).await;
    let job = app.job_done(&started).await;
    assert_eq!((&job["state"], &job["total"]), (&json!("done"), &json!(230)), "{job}");
    assert_eq!(app.get("/status").await["listings"], json!({"skus": 230, "listings": 230}));
    let after = app.simulator().ledger().summary().by_method["aliexpress.solution.product.info.get"] - before;
    assert!(after <= 230 - 99, "pages that were read are not read again: {after}");
}

async fn the_status_of_shops_and_applications(store: Store) {
    let app = TestApp::on(store).start().await;
    app.accepted(&[stock("SKU-00001-01", 1, 3)]).await;
    app.drained().await;
    app.advance(Duration::from_secs(5));
    let all = app.admin(Method::GET, "/v1/shops").send().await.json(200);
    let (shop, application) = (&all["shops"][0], &all["applications"][0]);
    assert_eq!(shop["shop"], app.shop.to_string());
    assert_eq!(
        (&shop["mode"], &shop["dialect"], &shop["currency"]),
        (&json!("live"), &json!("solution"), &json!("RUB"))
    );
    assert_eq!((&shop["token"]["state"], &shop["listings"]), (&json!("ok"), &json!({"skus": 9, "listings": 3})));
    let lanes: Vec<&String> = shop["lanes"].as_object().unwrap().keys().collect();
    assert_eq!(lanes.len(), 6, "every lane is named: {lanes:?}");
    assert_eq!((&shop["lanes"]["stock"]["depth"], &shop["lanes"]["stock"]["kept"]), (&json!(0), &json!(1)));
    assert_eq!((&application["requests_per_second"], &application["bans"]), (&json!(1000), &json!({})));
    assert!(application["used_today"].as_u64().unwrap() >= 1, "{application}");
    assert_eq!(all["shops"].as_array().unwrap().len(), 1);
    assert_eq!(app.get("/status").await["lanes"], shop["lanes"]);
}
