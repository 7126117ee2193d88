//! What the module's pages ask about publishing, on both listeners, and how much of it comes at once.

use std::time::Duration;

use aligate::catalog::schema::{Attribute, AttributeKind, AttributeValue, CategorySchema, Choosing, Index, Names};
use aligate::publishing::Categories;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Store, TestApp, VIEWER, on_both_stores};
use crate::catalog::materials::{mapping, product};

on_both_stores!(
    pages_ask_the_same_of_both_listeners,
    the_tree_is_read_in_the_background_and_searched,
    a_mapping_is_exchanged_by_whoever_may_and_has_read_it,
    names_are_suggested_for_what_a_section_has,
    listings_come_in_pages_by_state_and_reason,
    long_lists_of_values_come_in_pages,
);

async fn started(store: Store) -> TestApp {
    let app = TestApp::on(store).simulator(|simulator| simulator.products = 0).start().await;
    app.until("the tree", async || {
        let tree = app.get("/categories").await;
        tree["read_ms"].is_u64().then_some(())
    })
    .await;
    app
}

/// Asked by the shop and by an operator; both hear the same.
async fn asked(app: &TestApp, path: &str) -> Value {
    let told = app.signed(Method::GET, path).send().await.json(200);
    assert_eq!(told, app.get(path).await, "{path}");
    told
}

fn put(app: &TestApp, body: &Value) -> crate::app::Call {
    app.signed(Method::PUT, "/mapping").json().body(body.to_string())
}

async fn pages_ask_the_same_of_both_listeners(store: Store) {
    let app = started(store).await;
    assert_eq!(asked(&app, "/mapping").await["version"], 0);
    assert_eq!(asked(&app, "/mappings").await, json!({"items": []}));
    assert_eq!(asked(&app, "/listings").await, json!({"items": [], "next": null}));
    let schema = asked(&app, "/categories/348/schema").await;
    let brand = &schema["attributes"][0];
    assert_eq!((&brand["id"], &brand["required"], &brand["values_total"]), (&json!(2), &json!(true), &json!(2)));
    assert_eq!(schema["freight_templates"][0]["id"], "714844311");
    let none = app.signed(Method::GET, "/categories/100/schema").send().await;
    assert_eq!(none.problem(422), "category_refused");
    let check = app.signed(Method::POST, "/mapping/check").json().body("{}").send().await;
    assert_eq!(check.problem(422), "mapping_missing");
    let checked = app.signed(Method::POST, "/mapping/check").json().body(json!({"mapping": mapping()}).to_string());
    assert_eq!(checked.send().await.json(200)["products"], 0);
    assert_eq!(app.anonymous(Method::GET, &format!("/v1/shops/{}/mapping", app.shop)).send().await.status, 401);
}

async fn the_tree_is_read_in_the_background_and_searched(store: Store) {
    let app = started(store).await;
    let ids = |found: &Value| -> Vec<u64> {
        found["items"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(ids(&asked(&app, "/categories").await), [100, 509, 15]);
    let below = asked(&app, "/categories?parent=200").await;
    assert_eq!(ids(&below), [348, 349]);
    assert_eq!(below["items"][0]["path"], json!(["Одежда и аксессуары", "Мужская одежда", "Футболки"]));
    assert_eq!((&below["items"][0]["leaf"], &below["items"][0]["names"]["en"]), (&json!(true), &json!("T-Shirts")));
    // In either language, by the name or by what stands above it; leaves alone.
    assert_eq!(ids(&asked(&app, "/categories?search=%D1%84%D1%83%D1%82%D0%B1%D0%BE%D0%BB%D0%BA%D0%B8").await), [348]);
    assert_eq!(ids(&asked(&app, "/categories?search=clothing%20shirts").await), [348, 349]);
    assert_eq!(ids(&asked(&app, "/categories?search=kitchen").await), [1504]);
    assert_eq!(ids(&asked(&app, "/categories?search=nothing").await), [0; 0]);
    assert_eq!(ids(&asked(&app, "/categories?ids=349,7,100").await), [349, 100]);
    assert_eq!(app.signed(Method::GET, "/categories?ids=349,x").send().await.problem(400), "ids_invalid");
    let proposed = app.signed(Method::GET, "/categories?suggest=%D0%A4%D1%83%D1%82%D0%B1%D0%BE%D0%BB%D0%BA%D0%B0%20%D1%85%D0%BB%D0%BE%D0%BF%D0%BA%D0%BE%D0%B2%D0%B0%D1%8F").send().await.json(200);
    assert_eq!(ids(&proposed), [348]);
}

async fn a_mapping_is_exchanged_by_whoever_may_and_has_read_it(store: Store) {
    let app = started(store).await;
    let first = put(&app, &json!({"version": 0, "mapping": mapping()})).send().await;
    assert_eq!((first.json(200)["version"].clone(), first.header("etag")), (json!(1), "\"1\""));
    let kept = asked(&app, "/mapping").await;
    assert_eq!(kept["mapping"]["categories"][0]["category"], 348);
    // Read, changed and put back it is the same but for the change.
    let mut more = kept["mapping"].clone();
    more["price_type"] = json!("BASE");
    let matched = put(&app, &json!({ "mapping": more })).header("if-match", "\"1\"").send().await.json(200);
    assert_eq!((&matched["version"], &matched["mapping"]), (&json!(2), &more));
    assert_eq!(put(&app, &json!({"version": 1, "mapping": more})).send().await.problem(412), "version_mismatch");
    assert_eq!(put(&app, &json!({ "mapping": more })).send().await.problem(428), "version_missing");
    more["categories"][0]["category"] = json!(0);
    let faulty = put(&app, &json!({"version": 2, "mapping": more})).send().await;
    assert_eq!(faulty.problem(422), "mapping_invalid");
    assert_eq!(faulty.json(422)["faults"][0]["path"], "categories.0.category");
    assert_eq!(put(&app, &json!({"version": 2, "mapping": {"titel": 1}})).send().await.status, 400);
    let path = format!("/v1/shops/{}/mapping", app.shop);
    let viewer = app.anonymous(Method::PUT, &path).header("authorization", &format!("Bearer {VIEWER}"));
    assert_eq!(viewer.json().body(json!({"version": 2, "mapping": mapping()}).to_string()).send().await.status, 403);
    assert_eq!(asked(&app, "/mapping").await["version"], 2);
}

async fn names_are_suggested_for_what_a_section_has(store: Store) {
    let mut app = started(store).await;
    let mut shirt = product();
    shirt["properties"] = json!([{"code": "MAT", "name": "Материал", "value": "хлопок", "value_id": "31"}, {"code": "ODD", "name": "Ерунда", "value": "x"}]);
    shirt["offers"][0]["properties"] = json!([{"code": "COLOUR", "name": "Цвет", "value": "Зеленый", "value_id": "7"}]);
    app.accepted(&[json!({"type": "product.changed", "version": 1, "data": shirt})]).await;
    app.drained().await;
    let found = asked(&app, "/mapping/suggestions?section=77&category=348").await;
    let told: Vec<Value> = found["properties"].as_array().unwrap().clone();
    assert_eq!(told.len(), 2, "{found}");
    assert_eq!(
        (&told[0]["property"], &told[0]["attribute"], &told[0]["of_sku"]),
        (&json!("MAT"), &json!(10), &json!(false))
    );
    let value = |told: &Value| (told["values"][0]["value_id"].clone(), told["values"][0]["id"].clone());
    assert_eq!((value(&told[0]), value(&told[1])), ((json!("31"), json!(47)), (json!("7"), json!(175))));
    assert_eq!(asked(&app, "/mapping/suggestions?section=1&category=348").await, json!({"properties": []}));
    assert_eq!(app.signed(Method::GET, "/mapping/suggestions?section=1").send().await.status, 400);
    app.leaves(&[("product: parked mapping_missing", 1)]);
}

async fn listings_come_in_pages_by_state_and_reason(store: Store) {
    let mut app = started(store).await;
    app.post("/lanes/notice/pause", &json!({})).await.json(200);
    put(&app, &json!({"version": 0, "mapping": mapping()})).send().await.json(200);
    let broken = |nth: u64| {
        let mut made = product();
        (made["product_id"], made["offers"][0]["sku"]) = (json!(format!("P{nth}")), json!(format!("S{nth}")));
        let (part, value) = if nth.is_multiple_of(2) { ("brand", "Nobody") } else { ("name", "") };
        made[part] = json!(value);
        json!({"type": "product.changed", "version": nth, "data": made})
    };
    app.accepted(&(1..=9).map(broken).collect::<Vec<_>>()).await;
    app.drained().await;
    let mut all = Vec::new();
    let mut path = "/listings?state=check_failed&limit=2".to_owned();
    loop {
        let page = asked(&app, &path).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        all.extend(items.iter().map(|item| item["product_id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/listings?state=check_failed&limit=2&cursor={}", next.replace('/', "%2F"));
    }
    all.sort_unstable();
    assert_eq!(all, (1..=9).map(|nth| format!("P{nth}")).collect::<Vec<_>>());
    let brands = asked(&app, "/listings?reason=brand_unknown").await;
    assert_eq!(brands["items"].as_array().unwrap().len(), 4);
    assert_eq!(asked(&app, "/listings?state=on_selling").await["items"], json!([]));
    assert_eq!(app.signed(Method::GET, "/listings?cursor=x").send().await.problem(400), "cursor_invalid");
    assert_eq!(app.signed(Method::GET, "/listings?state=sold").send().await.status, 400);
    app.leaves(&[("product: dead", 9)]);
    let notices = app.count().await["notice: due"];
    app.leaves(&[("product: dead", 9), ("notice: due", notices)]);
}

async fn long_lists_of_values_come_in_pages(store: Store) {
    let app = started(store).await;
    // The kept schema of a category with 60 000 values of three attributes, one of which depends on another.
    let value =
        |id: u64| AttributeValue { id, names: Names::from([("ru".to_owned(), format!("Значение {id}"))]) };
    let attribute = |id: u64, when: Vec<Choosing>| Attribute {
        id,
        names: Names::from([("en".to_owned(), format!("Attribute {id}"))]),
        required: false,
        recommended: false,
        sku: false,
        kind: AttributeKind::One,
        units: Vec::new(),
        custom_names: false,
        custom_pictures: false,
        when,
        values: (1..=20_000).map(|n| value(id * 100_000 + n)).collect(),
        index: Index::default(),
    };
    let when = vec![Choosing { attribute: 1, value: 100_001 }];
    let attributes: Vec<Attribute> = [(1, vec![]), (2, vec![]), (3, when)].map(|(id, when)| attribute(id, when)).into();
    let schema = CategorySchema { category: 9, attributes, ..CategorySchema::default() };
    let day = Duration::from_secs(86_400);
    Categories::new(app.documents(), day, day).keep(&app.shop, schema).await.unwrap();
    let schema = asked(&app, "/categories/9/schema?values=10").await;
    let third = &schema["attributes"][2];
    assert_eq!((third["values"].as_array().unwrap().len(), &third["values_total"]), (10, &json!(20_000)));
    assert_eq!(third["when"], json!([{"attribute": 1, "value": 100_001}]));
    let whole = app.signed(Method::GET, "/categories/9/schema").send().await;
    assert!(whole.text.len() < 1 << 20, "{} bytes", whole.text.len());
    let (mut seen, mut cursor) = (0, json!(0));
    while !cursor.is_null() {
        let page = app.get(&format!("/categories/9/attributes/2/values?limit=500&cursor={cursor}")).await;
        (seen, cursor) = (seen + page["items"].as_array().unwrap().len(), page["next"].clone());
    }
    assert_eq!(seen, 20_000);
    let found = asked(&app, "/categories/9/attributes/2/values?search=%D0%A7%D0%95%D0%9D%D0%98%D0%95%20219999").await;
    assert_eq!(
        (&found["items"][0]["id"], &found["total"], &found["next"]),
        (&json!(219_999), &json!(20_000), &Value::Null)
    );
    let some = asked(&app, "/categories/9/attributes/1/values?ids=100003,7,100001").await;
    assert_eq!(some["items"].as_array().unwrap().len(), 2);
}
