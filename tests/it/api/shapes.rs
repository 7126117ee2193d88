//! The shapes of answers: names and types, kept in `snapshots/`. Scripts, dashboards and the module read them, so a name that changes is
//! seen here. `make generated` writes them anew.

use aligate::simulator::{Fault, Kind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Store, TestApp, price, stock};

/// Values exchanged for the names of their types; of a list its first member.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "true or false".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
        Value::Array(items) => items.first().map(shape).into_iter().collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_names_and_types_of_answers_stay() {
    let mut app = TestApp::on(Store::sqlite()).start().await;
    app.simulator().faults().add(Fault::always(Kind::PoisonSku { sku: "SKU-00001-01".into(), code: "X".into() }));
    let events =
        [stock("SKU-00001-01", 2, 3), stock("SKU-00001-01", 1, 3), price("SKU-00001-02", 1, "5.00"), json!({})];
    let accepted = app.events(&events).send().await.json(202);
    insta::assert_json_snapshot!("accepted", shape(&accepted));
    insta::assert_json_snapshot!("problem", shape(&app.events(&[json!({})]).send().await.json(422)));
    app.drained().await;
    insta::assert_json_snapshot!("dead_letters", shape(&app.get("/dead-letters").await));
    insta::assert_json_snapshot!("trace", shape(&app.get("/trace?sku=SKU-00001-01").await["lanes"]));
    insta::assert_json_snapshot!("status", shape(&app.get("/status").await));
    let replay = app.post("/replay", &json!({"lane": "price"})).await.json(202);
    insta::assert_json_snapshot!("replay", shape(&replay));
    insta::assert_json_snapshot!("job", shape(&app.job_done(&replay).await));
    let all = app.admin(Method::GET, "/v1/shops").send().await.json(200);
    insta::assert_json_snapshot!("applications", shape(&all["applications"]));
    let health = app
        .until("the monitor's look", async || {
            let health = app.admin(Method::GET, "/health").send().await.json(200);
            health["components"]["store"].is_object().then_some(health)
        })
        .await;
    insta::assert_json_snapshot!(
        "health",
        shape(&json!({"status": health["status"], "version": health["version"],
        "components": {"store": health["components"]["store"]}}))
    );
    app.drained().await;
    app.leaves(&[("stock: dead", 1)]);
}
