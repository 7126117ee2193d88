//! The simulator by itself: hand-made requests through a plain HTTP client.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::time::Duration;

use aligate::clock::{Clock, SystemClock};
use aligate::signing::iop;
use aligate::simulator::{Simulator, SimulatorOptions};
use serde_json::{Value, json};

const INVENTORY: &str = "aliexpress.solution.batch.product.inventory.update";
const PRICE: &str = "aliexpress.solution.batch.product.price.update";
const LIST: &str = "aliexpress.solution.product.list.get";
const PROFILE: &str = "aliexpress.solution.merchant.profile.get";
const PRODUCT: u64 = 1_005_000_000_000_001;
const SKU: &str = "SKU-00001-01";

/// Parameters of a call, by name.
type Params = Vec<(&'static str, String)>;

/// A simulator and whoever calls it.
struct Side {
    simulator: Simulator,
    http: reqwest::Client,
    options: SimulatorOptions,
}

impl Side {
    fn new() -> Self {
        let options = SimulatorOptions { products: 3, skus: 2, requests_per_second: 0, ..SimulatorOptions::default() };
        let http = aligate::http_client::build(Duration::from_secs(30), Duration::from_secs(30)).unwrap();
        Self { simulator: Simulator::start(options.clone()).unwrap(), http, options }
    }

    /// Parameters of a call that is in order but for its signature.
    fn params(&self, method: &str, business: &[(&'static str, Value)]) -> Params {
        let mut params = vec![
            ("method", method.to_owned()),
            ("app_key", self.options.app_key.clone()),
            ("session", self.options.tokens[0].clone()),
            ("timestamp", SystemClock.now().as_millis().to_string()),
            ("sign_method", "sha256".to_owned()),
        ];
        params.extend(business.iter().map(|(name, value)| (*name, value.to_string())));
        params
    }

    fn signed(&self, mut params: Params) -> Params {
        let sign = iop::sign(&self.options.app_secret, None, &params);
        params.push(("sign", sign));
        params
    }

    /// Sends parameters as a form, as they are.
    async fn send(&self, params: &Params) -> Value {
        let sent = self.http.post(format!("{}/sync", self.simulator.url())).form(params).send();
        let answer = sent.await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// The code of the error that a signed call with these parameters gets; empty when it gets none.
    async fn code(&self, params: Params) -> String {
        let answer = self.send(&self.signed(params)).await;
        answer["error_response"]["code"].as_str().unwrap_or_default().to_owned()
    }

    async fn update(&self, method: &str, skus: Value) -> Value {
        let list = json!([{"product_id": PRODUCT, "multiple_sku_update_list": skus}]);
        let params = self.params(method, &[("mutiple_product_update_list", list)]);
        let mut answer = self.send(&self.signed(params)).await;
        answer[format!("{}_response", method.replace('.', "_"))].take()
    }

    async fn look(&self, path: &str) -> Value {
        let url = format!("{}/_simulator/{path}", self.simulator.url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Posts to an inspection endpoint; its status.
    async fn post(&self, path: &str, body: Value) -> u16 {
        let url = format!("{}/_simulator/{path}", self.simulator.url());
        self.http.post(url).json(&body).send().await.unwrap().status().as_u16()
    }
}

fn with(params: Params, name: &'static str, value: &str) -> Params {
    let mut params = without(params, name);
    params.push((name, value.to_owned()));
    params
}

fn without(mut params: Params, name: &str) -> Params {
    params.retain(|(other, _)| *other != name);
    params
}

#[tokio::test]
async fn a_call_in_order_is_answered_and_every_flaw_has_its_code() {
    let side = Side::new();
    let good = || side.params(PROFILE, &[]);
    let now = SystemClock.now().as_millis();
    let rows = [
        (good(), ""),
        (with(without(good(), "session"), "access_token", &side.options.tokens[0]), ""),
        (with(good(), "timestamp", &(now - 7_000_000).to_string()), ""),
        (with(good(), "description", ""), ""),
        (without(good(), "app_key"), "MissingParameter"),
        (with(good(), "app_key", "7"), "InvalidAppkey"),
        (without(good(), "timestamp"), "MissingParameter"),
        (with(good(), "timestamp", "2026-03-01 10:00:00"), "IllegalTimestamp"),
        (with(good(), "timestamp", &(now - 7_300_000).to_string()), "IllegalTimestamp"),
        (with(good(), "timestamp", &(now + 7_300_000).to_string()), "IllegalTimestamp"),
        (with(good(), "timestamp", &(now / 1000).to_string()), "IllegalTimestamp"),
        (without(good(), "sign_method"), "MissingParameter"),
        (with(good(), "sign_method", "md5"), "IncompleteSignature"),
        (without(good(), "method"), "MissingParameter"),
        (with(good(), "method", "aliexpress.solution.nothing"), "InvalidApiPath"),
        (without(good(), "session"), "MissingParameter"),
        (with(good(), "session", "another"), "IllegalAccessToken"),
    ];
    for (params, code) in rows {
        let shown = format!("{params:?}");
        assert_eq!(side.code(params).await, code, "{shown}");
    }
}

#[tokio::test]
async fn a_signature_must_be_there_and_over_what_is_sent() {
    let side = Side::new();
    let code = async |params: &Params| side.send(params).await["error_response"]["code"].clone();
    assert_eq!(code(&side.params(PROFILE, &[])).await, "MissingParameter");
    let signed = side.signed(side.params(PROFILE, &[]));
    assert_eq!(code(&with(signed.clone(), "sign", "00")).await, "IncompleteSignature");
    assert_eq!(code(&with(signed.clone(), "v", "2.0")).await, "IncompleteSignature");
    let lower = signed.iter().find(|(name, _)| *name == "sign").unwrap().1.to_lowercase();
    assert_eq!(code(&with(signed.clone(), "sign", &lower)).await, "IncompleteSignature");
    assert_eq!(code(&signed).await, Value::Null);
}

#[tokio::test]
async fn parameters_are_taken_from_the_query_and_the_form_together() {
    let side = Side::new();
    let url = format!("{}/sync", side.simulator.url());
    let signed = side.signed(side.params(PROFILE, &[]));
    let root = "aliexpress_solution_merchant_profile_get_response";
    let all = url::Url::parse_with_params(&url, &signed).unwrap();
    let answer: Value = side.http.get(all).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer[root]["shop_name"], "Simulator");
    for form in [without(signed.clone(), "method"), signed] {
        let sent = side.http.post(format!("{url}?method={PROFILE}")).form(&form).send();
        let answer: Value = sent.await.unwrap().json().await.unwrap();
        assert_eq!(answer[root]["shop_name"], "Simulator");
    }
}

#[tokio::test]
async fn prices_and_stock_are_read_strictly() {
    let side = Side::new();
    for (price, code) in [
        (json!({"price": "19.99", "discount_price": "14.99"}), None),
        (json!({"price": "19.9"}), None),
        (json!({"price": "20"}), None),
        (json!({"price": 19.99}), Some("F00-00-10014-020")),
        (json!({"price": "0.00"}), Some("F00-00-10014-020")),
        (json!({"price": "+5"}), Some("F00-00-10014-020")),
        (json!({"price": "5.+1"}), Some("F00-00-10014-020")),
        (json!({"price": "1.005"}), Some("F00-00-10014-020")),
        (json!({"price": "1,50"}), Some("F00-00-10014-020")),
        (json!({}), Some("F00-00-10014-020")),
        (json!({"price": "5", "discount_price": 4}), Some("F00-00-10014-021")),
        (json!({"price": "5", "discount_price": "0"}), Some("F00-00-10014-021")),
        (json!({"price": "5", "discount_price": "5.00"}), Some("F00-00-10014-021")),
        (json!({"price": "5", "discount_price": "x"}), Some("F00-00-10014-021")),
    ] {
        let mut sku = price.clone();
        sku["sku_code"] = SKU.into();
        let answer = side.update(PRICE, json!([sku])).await;
        assert_eq!(answer["update_success"], code.is_none(), "{price}: {answer}");
        assert_eq!(answer["update_error_code"].as_str(), code, "{price}");
    }
    for (pieces, ok) in [(json!(0), true), (json!(999_999), true), (json!(1_000_000), false), (json!(-1), false)] {
        let answer = side.update(INVENTORY, json!([{"sku_code": SKU, "inventory": pieces}])).await;
        assert_eq!(answer["update_success"], ok, "{pieces}: {answer}");
    }
    assert_eq!(side.simulator.catalogue().sku(SKU).unwrap().stock, 999_999);
}

#[tokio::test]
async fn lists_that_break_the_documented_limits_are_refused_whole() {
    let side = Side::new();
    let sku = |at: usize| json!({"sku_code": format!("S{at}"), "inventory": 1});
    let product = |id: u64, skus: usize| json!({"product_id": id, "multiple_sku_update_list": (0..skus).map(sku).collect::<Vec<_>>()});
    let twenty_one: Vec<Value> = (0..21).map(|id| product(id, 1)).collect();
    for list in [
        json!([]),
        json!({}),
        json!(twenty_one),
        json!([product(PRODUCT, 0)]),
        json!([product(PRODUCT, 201)]),
        json!([product(PRODUCT, 1), product(PRODUCT, 1)]),
        json!([{"multiple_sku_update_list": [sku(1)]}]),
        json!([{"product_id": PRODUCT, "multiple_sku_update_list": [{"inventory": 1}]}]),
    ] {
        let params = side.params(INVENTORY, &[("mutiple_product_update_list", list.clone())]);
        let answer = side.send(&side.signed(params)).await;
        assert_eq!(answer["error_response"]["sub_code"], "isv.invalid-parameter", "{list}");
    }
    let nothing = side.send(&side.signed(side.params(INVENTORY, &[]))).await;
    assert_eq!(nothing["error_response"]["sub_code"], "isv.missing-parameter");
    for (page, size, ok) in [(1, 99, true), (1, 100, false), (0, 20, false), (1, 0, false), (u64::MAX, 99, true)] {
        let query = json!({"product_status_type": "onSelling", "current_page": page, "page_size": size});
        let params = side.params(LIST, &[("aeop_a_e_product_list_query", query)]);
        assert_eq!(side.code(params).await.is_empty(), ok, "page {page} of {size}");
    }
}

#[tokio::test]
async fn what_aliexpress_has_can_be_looked_at_and_set() {
    let side = Side::new();
    assert_eq!(side.look("catalogue").await["products"].as_array().unwrap().len(), 3);
    assert_eq!(side.post("order", json!({"sku": SKU, "quantity": 3})).await, 204);
    assert_eq!(side.look(&format!("state?sku={SKU}")).await["stock"], 7);
    assert_eq!(side.post("order", json!({"sku": SKU, "quantity": 30})).await, 204);
    assert_eq!(side.look(&format!("state?sku={SKU}")).await["stock"], 0);
    assert_eq!(side.post("order", json!({"sku": "NOT-SOLD", "quantity": 3})).await, 404);
    let product = |skus: Value| json!({"products": [{"id": 7, "skus": skus}]});
    assert_eq!(side.post("catalogue", product(json!([{"sku": "X", "stock": 1, "price": "5.00"}]))).await, 204);
    assert_eq!(side.look("state?sku=X").await["discount_price"], Value::Null);
    assert_eq!(side.look("catalogue").await["products"].as_array().unwrap().len(), 4);
    assert_eq!(side.post("catalogue", product(json!([]))).await, 204);
    assert_eq!(side.look("catalogue").await["products"].as_array().unwrap().len(), 3);
    let all = json!({"replace": true, "products": []});
    assert_eq!(side.post("catalogue", all).await, 204);
    assert!(side.simulator.catalogue().products().is_empty());
}

#[tokio::test]
async fn faults_are_added_listed_used_up_and_taken_away() {
    let side = Side::new();
    let fault = json!({"kind": "error", "code": "10", "method": PROFILE, "times": 1});
    assert_eq!(side.post("faults", fault).await, 204);
    assert_eq!(side.post("faults", json!({"kind": "latency", "ms": 1})).await, 204);
    assert_eq!(side.post("faults", json!({"kind": "nothing"})).await, 400);
    let waiting = side.look("faults").await;
    assert_eq!((waiting[0]["kind"].as_str(), waiting[0]["times"].as_u64()), (Some("error"), Some(1)));
    assert_eq!(waiting[1]["ms"], 1);
    let query = json!({"product_status_type": "onSelling"});
    let list = side.params(LIST, &[("aeop_a_e_product_list_query", query)]);
    assert_eq!(side.code(list).await, "");
    assert_eq!(side.code(side.params(PROFILE, &[])).await, "10");
    assert_eq!(side.code(side.params(PROFILE, &[])).await, "");
    assert_eq!(side.look("faults").await.as_array().unwrap().len(), 1);
    let url = format!("{}/_simulator/faults", side.simulator.url());
    assert_eq!(side.http.delete(url).send().await.unwrap().status(), 204);
    assert_eq!(side.look("faults").await, json!([]));
    assert_eq!(side.post("faults", json!({"kind": "error", "code": "10", "percent": 0})).await, 204);
    assert_eq!(side.code(side.params(PROFILE, &[])).await, "");
}

#[tokio::test]
async fn tokens_are_revoked_and_taken_again() {
    let side = Side::new();
    assert_eq!(side.post("token", json!({"revoked": true})).await, 204);
    assert_eq!(side.code(side.params(PROFILE, &[])).await, "IllegalAccessToken");
    assert_eq!(side.post("token", json!({"revoked": false})).await, 204);
    assert_eq!(side.code(side.params(PROFILE, &[])).await, "");
}

#[tokio::test]
async fn the_ledger_has_every_call_and_every_value_in_order() {
    let side = Side::new();
    side.update(INVENTORY, json!([{"sku_code": SKU, "inventory": 4}, {"sku_code": "SKU-00001-02", "inventory": 5}]))
        .await;
    side.update(PRICE, json!([{"sku_code": SKU, "price": "9.00", "discount_price": "8.00"}])).await;
    side.update(PRICE, json!([{"sku_code": "NOT-SOLD", "price": "9.00"}])).await;
    side.code(with(side.params(PROFILE, &[]), "app_key", "7")).await;
    let ledger = side.look("ledger").await;
    let of = |name: &str| -> Vec<Value> {
        ledger["requests"].as_array().unwrap().iter().map(|call| call[name].clone()).collect()
    };
    assert_eq!(of("sequence"), [1, 2, 3, 4]);
    assert_eq!(of("outcome"), ["ok", "ok", "partial", "InvalidAppkey"]);
    assert_eq!(of("skus"), [2, 1, 1, 0]);
    assert_eq!(ledger["items"].as_array().unwrap().len(), 3);
    let later = side.look("ledger?after=1").await;
    assert_eq!((later["requests"].as_array().unwrap().len(), later["last"].as_u64()), (3, Some(4)));
    let item = &later["items"][0];
    assert_eq!((item["sku"].as_str(), item["discount_price"].as_str()), (Some(SKU), Some("8.00")));
    assert_eq!(side.look("ledger?after=4").await, json!({"requests": [], "items": [], "last": 4}));
    assert_eq!(side.post("reset", json!({})).await, 204);
    assert_eq!(side.look("summary").await["requests"], 0);
}

#[tokio::test]
async fn the_summary_counts_calls_by_arrival_and_by_their_own_time() {
    let side = Side::new();
    let now = SystemClock.now().as_millis();
    for stamped in [now, now + 999, now + 1_000, now + 5_000, now + 5_000, now + 5_100] {
        assert_eq!(side.code(with(side.params(PROFILE, &[]), "timestamp", &stamped.to_string())).await, "");
    }
    // Calls without a time, and with one that is none, are counted but not by it.
    for stamped in ["", "soon", &u64::MAX.to_string()] {
        assert_ne!(side.code(with(side.params(PROFILE, &[]), "timestamp", stamped)).await, "");
    }
    let summary = side.look("summary").await;
    assert_eq!((summary["requests"].as_u64(), summary["by_method"][PROFILE].as_u64()), (Some(9), Some(9)));
    assert_eq!(summary["by_outcome"], json!({"ok": 6, "MissingParameter": 1, "IllegalTimestamp": 2}));
    assert_eq!(summary["most_stamped_in_a_second"], 3);
    let arrived: Vec<u64> = side.simulator.ledger().calls().iter().map(|call| call.at_us).collect();
    let within = |from: &u64| arrived.iter().filter(|at| (*from..from + 1_000_000).contains(*at)).count() as u64;
    assert_eq!(summary["most_in_a_second"].as_u64(), arrived.iter().map(within).max());
}

#[tokio::test]
async fn a_simulator_that_is_stopped_listens_no_more() {
    let side = Side::new();
    let (address, url) = (side.simulator.addr(), side.simulator.url());
    assert_eq!(url, format!("http://{address}"));
    side.simulator.stop().await;
    assert!(side.http.get(url).send().await.unwrap_err().is_connect());
    let again = SimulatorOptions { listen: address, ..SimulatorOptions::default() };
    assert_eq!(Simulator::start(again).unwrap().addr(), address);
}
