//! Commands that ask a running gateway.

use aligate::simulator::{Fault, Kind};
use serde_json::{Value, json};

use super::{Ended, aligate};
use crate::app::{INVENTORY, OPERATOR, Store, TestApp, price, stock};

/// Runs a command against the application.
async fn ask(app: &TestApp, args: &[&str]) -> Ended {
    let mut command = aligate(app.dir.path(), args);
    command.env("ALIGATE_ADMIN_URL", app.admin_url()).env("ALIGATE_ADMIN_TOKEN", OPERATOR);
    tokio::task::spawn_blocking(move || command.output().unwrap().into()).await.unwrap()
}

/// As [`ask`], for the application's shop.
async fn ask_shop(app: &TestApp, args: &[&str], rest: &[&str]) -> Ended {
    let shop = app.shop.to_string();
    ask(app, &[args, &["--shop", &shop], rest].concat()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_to_a_sku_is_seen_and_mended_from_the_command_line() {
    let app = TestApp::on(Store::sqlite()).start().await;
    app.simulator().faults().add(Fault::always(Kind::PoisonSku { sku: "SKU-00001-01".into(), code: "X".into() }));
    app.accepted(&[stock("SKU-00001-01", 1, 3), stock("SKU-00002-01", 1, 4)]).await;
    app.drained().await;

    let status = ask(&app, &["status"]).await;
    assert!(status.code == 0 && status.out.contains(&format!("{}  live  solution  RUB", app.shop)), "{}", status.out);
    assert!(status.out.lines().any(|line| line.trim_start().starts_with("stock")), "{}", status.out);
    let one = ask_shop(&app, &["status"], &["--json"]).await.json();
    assert_eq!((&one["lanes"]["stock"]["dead"], &one["limits"]["requests_per_second"]), (&json!(1), &json!(1000)));

    let list = ask_shop(&app, &["dead-letters", "list"], &[]).await;
    assert!(list.out.contains("stock") && list.out.contains("SKU-00001-01") && list.out.contains('X'), "{}", list.out);
    assert_eq!(list.err, "1 dead letter(s)\n");
    let list = ask_shop(&app, &["dead-letters", "list"], &["--lane", "stock", "--json"]).await.json();
    assert_eq!((&list[0]["key"], list.as_array().unwrap().len()), (&json!("SKU-00001-01"), 1));
    let show = ask_shop(&app, &["dead-letters", "show"], &["SKU-00001-01", "--json"]).await.json();
    assert_eq!((&show[0]["entry"]["reason"], &show[0]["entry"]["state"]), (&json!("X"), &json!({"quantity": 3})));
    let show = ask_shop(&app, &["dead-letters", "show"], &["SKU-00001-01"]).await;
    assert!(show.out.starts_with("stock dead version 1 {\"quantity\":3}"), "{}", show.out);
    assert_eq!(ask_shop(&app, &["dead-letters", "show"], &["SKU-00002-01"]).await.code, 1, "it is none");

    app.simulator().faults().clear();
    let redriven = ask_shop(&app, &["dead-letters", "redrive"], &["--all", "--json"]).await.json();
    assert_eq!(redriven, json!({"count": 1}));
    app.agrees().await;
    let trace = ask_shop(&app, &["trace"], &["SKU-00001-01"]).await;
    assert!(
        ["stock idle version 1", "has 3", "redriven", "confirmed"].iter().all(|words| trace.out.contains(words)),
        "{}",
        trace.out
    );
    let trace = ask_shop(&app, &["trace"], &["SKU-00001-01", "--json"]).await.json();
    assert_eq!(trace["lanes"][0]["entry"]["place"], "idle");
    let none = ask_shop(&app, &["dead-letters", "discard"], &["--lane", "price", "SKU-00001-01"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "0 dead letter(s): discard\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_are_replayed_lanes_paused_and_listings_read_without_a_bar_in_a_pipe() {
    let app = TestApp::on(Store::sqlite()).unlisted().start().await;
    let imported = ask_shop(&app, &["listings", "import"], &[]).await;
    assert_eq!((imported.code, imported.out.as_str(), imported.err.as_str()), (0, "3 listing(s) were read\n", ""));
    let imported = ask_shop(&app, &["listings", "import"], &["--json"]).await.json();
    assert_eq!((&imported["state"], &imported["done"]), (&json!("done"), &json!(3)));

    let paused = ask_shop(&app, &["lanes", "pause"], &["stock"]).await;
    assert_eq!((paused.code, paused.out), (0, format!("{} stock: paused\n", app.shop)));
    app.accepted(&[stock("SKU-00001-01", 1, 3), price("SKU-00001-01", 1, "5.00")]).await;
    app.drained().await;
    assert_eq!(app.simulator().ledger().summary().by_method.get(INVENTORY), None);
    let resumed = ask_shop(&app, &["lanes", "resume"], &["stock", "--json"]).await.json();
    assert_eq!(resumed, json!({"lane": "stock", "paused": false}));
    app.agrees().await;

    let dry = ask_shop(&app, &["replay"], &["--dry-run", "--since", "2h"]).await;
    assert_eq!((dry.code, dry.out.as_str()), (0, "2 state(s), about 2 request(s)\n"));
    let keys = ["--lane", "stock", "--key", "SKU-00001-01", "--key", "NOWHERE", "--json"];
    let replay: Value = ask_shop(&app, &["replay"], &keys).await.json();
    assert_eq!((&replay["matched"], &replay["requests"]), (&json!(1), &json!(1)));
    app.job_done(&replay).await;
    let whole = ask_shop(&app, &["replay"], &[]).await;
    assert_eq!(whole.out, "2 state(s), about 2 request(s)\n2 state(s) are due again\n", "{}", whole.err);
    assert_eq!(whole.err, "");
    app.agrees().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_guard_holds_is_looked_at_and_decided_from_the_command_line() {
    let setup = TestApp::on(Store::sqlite()).with("guard.count_min", 2).with("guard.share_percent", 20);
    let mut app = setup.start().await;
    let skus = ["SKU-00001-01", "SKU-00001-02", "SKU-00002-01", "SKU-00002-02"];
    let zero = |sku: &&str| {
        let mut event = stock(sku, 1, 0);
        event["cause"] = json!("exchange");
        event
    };
    app.accepted(&skus.iter().map(zero).collect::<Vec<_>>()).await;
    app.drained().await;

    let status = ask_shop(&app, &["status"], &[]).await;
    let line = format!("4 change(s) wait for a decision: aligate guard show --shop {}", app.shop);
    assert!(status.out.contains(&line), "{}", status.out);
    let show = ask_shop(&app, &["guard", "show"], &[]).await;
    assert!(show.out.contains("zero_stock  4 held; 4 fell lately, 2 may\n"), "{}", show.out);
    assert!(show.out.contains("price       0 held; 0 fell lately, 2 may\n"), "{}", show.out);
    let held = |line: &str| line.contains("SKU-00002-02") && line.contains("exchange") && line.contains("would send 0");
    assert!(show.out.lines().any(held), "{}", show.out);
    let show = ask_shop(&app, &["guard", "show"], &["--kind", "zero_stock", "--limit", "3", "--json"]).await.json();
    assert_eq!((&show["held"], show["kinds"].as_object().unwrap().len()), (&json!(4), 1));
    assert_eq!(show["kinds"]["zero_stock"]["changes"].as_array().unwrap().len(), 3);

    let none = ask_shop(&app, &["guard", "discard"], &["--kind", "price"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "0 change(s): discard\n"));
    let unknown = ask_shop(&app, &["guard", "confirm"], &["--kind", "all"]).await;
    assert_eq!(unknown.code, 2, "{}", unknown.err);
    let confirmed = ask_shop(&app, &["guard", "confirm"], &["--json"]).await.json();
    assert_eq!((&confirmed["count"], &confirmed["kinds"]["zero_stock"]), (&json!(4), &json!(4)));
    app.agrees().await;
    let show = ask_shop(&app, &["guard", "show"], &["--kind", "zero_stock"]).await;
    assert!(show.out.starts_with("zero_stock  0 held; 0 fell lately, 2 may; confirmed, all goes for"), "{}", show.out);
    assert!(ask_shop(&app, &["status"], &[]).await.out.contains("nothing waits"));
    app.leaves_lanes(&[aligate::domain::Lane::Notice]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_says_what_is_well_and_what_to_do_about_the_rest() {
    let app = TestApp::on(Store::redis()).start().await;
    std::fs::write(app.dir.path().join("token"), "token-of-a-file-000\n").unwrap();
    let file = app.dir.path().join("aligate.toml");
    let exposed = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(app.dir.path().join("aligate.key"), exposed).unwrap();
    let args = ["doctor", "--config", file.to_str().unwrap(), "--json"];
    let mut command = aligate(app.dir.path(), &args);
    let dir = app.dir.path().join("");
    // Named by the environment, relative to the folder of the process.
    command.env("ALIGATE__SHOPS__0__TOKEN", "").env("ALIGATE__SHOPS__0__TOKEN_FILE", "token").current_dir(dir);
    let ended: Ended = tokio::task::spawn_blocking(move || command.output().unwrap().into()).await.unwrap();
    assert_eq!(ended.code, 1, "{}", ended.err);
    let findings: Value = serde_json::from_str(&ended.out).unwrap();
    let of = |what: &str| {
        let all = findings.as_array().unwrap().iter();
        all.clone()
            .find(|finding| finding["what"].as_str().unwrap().starts_with(what))
            .unwrap_or_else(|| panic!("{what}"))
    };
    let said = |what: &str, ok: bool, words: &str| {
        let finding = of(what);
        assert_eq!(finding["ok"], ok, "{finding}");
        assert!(finding["detail"].as_str().unwrap().contains(words), "{finding}");
    };
    said("key file", false, "chmod 600");
    // The configuration of the test holds its secrets, and so does a file that it names.
    said(&format!("file {}", file.display()), false, "chmod 600");
    said("file token", false, "chmod 600 token");
    said("store appendonly", false, "appendonly");
    said("AliExpress at", true, "the clocks differ by");
    said(&format!("shop {}", app.shop), true, "has credentials");
    let text = ask(&app, &["doctor", "--config", file.to_str().unwrap()]).await;
    assert!(text.out.lines().all(|line| line.starts_with("ok   ") || line.starts_with("FAIL ")), "{}", text.out);
}
