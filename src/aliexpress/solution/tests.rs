//! Answers as AliExpress sends them and as they may come mangled; requests as AliExpress wants them.

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::response::{self, Trouble};
use super::{client::ClientOptions, request};
use crate::aliexpress::{Class, ProductPrices, ProductStock, Refusal, SkuPrice, Verdict};
use crate::clock::Timestamp;
use crate::domain::ListingId;
use crate::signing::iop;

const ROOT: &str = "aliexpress_solution_batch_product_inventory_update_response";
const FIRST: ListingId = ListingId(1_005_001);
const SECOND: ListingId = ListingId(1_005_002);
const UNKNOWN_SKU: &str = "F00-00-10014-015";

/// One SKU unknown, the other product updated: the answer of the documentation.
fn partial() -> Value {
    json!({ROOT: {
        "update_success": false, "update_error_code": UNKNOWN_SKU,
        "update_error_message": "sku_code in multiple_sku_update_list must already existed",
        "update_failed_list": {"synchronize_product_response_dto": [{"product_id": 1_005_001,
            "error_code": UNKNOWN_SKU, "error_message": "sku_code … must already existed in this Aliexpress product"}]},
        "update_successful_list": {"synchronize_product_response_dto": [{"product_id": 1_005_002}]},
        "request_id": "2141"}})
}

/// An answer's verdicts on the two products.
fn verdicts(body: &[u8]) -> Result<Vec<Verdict>, Trouble> {
    let result = response::result(body)?;
    Ok(response::batch(&result, &[FIRST, SECOND])?.verdicts)
}

/// The verdicts in short: `a`ccepted, `r`efused, `m`issing; else the code of the refusal of all, or `unreadable`.
fn told(body: &str) -> String {
    let short = |verdict: &Verdict| match verdict {
        Verdict::Accepted => 'a',
        Verdict::Refused(_) => 'r',
        Verdict::Missing => 'm',
    };
    match verdicts(body.as_bytes()) {
        Ok(verdicts) => verdicts.iter().map(short).collect(),
        Err(Trouble::Refused(refusal)) => refusal.code,
        Err(Trouble::Unreadable(_)) => "unreadable".into(),
    }
}

/// What is told of fields, with and without a root, under `result`, and after a byte order mark.
fn told_under_every_root(rows: &[(&str, &str)]) {
    for &(fields, expected) in rows {
        let rooted = format!(r#"{{"{ROOT}":{fields}}}"#);
        for body in [fields, rooted.as_str(), &format!(r#"{{"result":{fields}}}"#), &format!("\u{feff}{rooted}")] {
            assert_eq!(told(body), expected, "{body}");
        }
    }
}

fn refused(body: &str) -> Refusal {
    match response::result(body.as_bytes()) {
        Err(Trouble::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_documented_answer_refuses_one_product_and_takes_the_other() {
    let verdicts = verdicts(partial().to_string().as_bytes()).unwrap();
    let Verdict::Refused(refusal) = &verdicts[0] else { panic!("{verdicts:?}") };
    assert_eq!((refusal.code.as_str(), refusal.class), (UNKNOWN_SKU, Class::Rejected));
    assert!(refusal.says_unknown_sku_or_product());
    assert_eq!(verdicts[1], Verdict::Accepted);
}

#[test]
fn lists_are_read_in_every_form_and_decide_product_by_product() {
    let rows = [
        // Wrapped, bare, and what else an empty list may be.
        (
            r#"{"update_success":false,"update_failed_list":{"synchronize_product_response_dto":[{"product_id":1005001,"error_code":"1"}]},"update_successful_list":{"synchronize_product_response_dto":[{"product_id":1005002}]}}"#,
            "ra",
        ),
        (
            r#"{"update_success":false,"update_failed_list":[{"product_id":1005001,"error_code":"1"}],"update_successful_list":[{"product_id":1005002}]}"#,
            "ra",
        ),
        (r#"{"update_success":true,"update_successful_list":[{"product_id":1005001},{"product_id":1005002}]}"#, "aa"),
        (
            r#"{"update_success":true,"update_failed_list":null,"update_successful_list":[{"product_id":1005001},{"product_id":1005002}]}"#,
            "aa",
        ),
        (
            r#"{"update_success":true,"update_failed_list":{},"update_successful_list":[{"product_id":1005001},{"product_id":1005002}]}"#,
            "aa",
        ),
        (
            r#"{"update_success":true,"update_failed_list":{"synchronize_product_response_dto":[]},"update_successful_list":[{"product_id":1005001},{"product_id":1005002}]}"#,
            "aa",
        ),
        (r#"{"update_successful_list":{"a":[],"synchronize_product_response_dto":[{"product_id":1005001}]}}"#, "am"),
        // Ids and truths as text.
        (
            r#"{"update_success":"false","update_failed_list":[{"product_id":"1005001","error_code":1}],"update_successful_list":[{"product_id":" 1005002 "}]}"#,
            "ra",
        ),
        (r#"{"update_success":"TRUE"}"#, "aa"),
        // A flag for all, without lists in any form.
        (r#"{"update_success":true}"#, "aa"),
        (r#"{"update_success":true,"update_failed_list":null,"update_successful_list":{}}"#, "aa"),
        (
            r#"{"update_success":true,"update_failed_list":[],"update_successful_list":{"synchronize_product_response_dto":[]}}"#,
            "aa",
        ),
        (r#"{"update_success":true,"update_failed_list":{"synchronize_product_response_dto":null}}"#, "aa"),
        // A flag beside what is no list says nothing of any product.
        (
            r#"{"update_success":true,"update_failed_list":{"synchronize_product_response_dto":{"product_id":1005001}}}"#,
            "mm",
        ),
        (r#"{"update_success":true,"update_failed_list":"1005001"}"#, "mm"),
        (r#"{"update_success":true,"update_failed_list":[{"error_code":"1"}]}"#, "mm"),
        (r#"{"update_success":true,"update_successful_list":[{"product_id":1005002}]}"#, "ma"),
        // In both lists: refused.
        (
            r#"{"update_success":true,"update_failed_list":[{"product_id":1005001}],"update_successful_list":[{"product_id":1005001},{"product_id":1005002}]}"#,
            "ra",
        ),
        // Never asked for, or no id at all.
        (r#"{"update_success":true,"update_successful_list":[{"product_id":7},{"product_id":1005002}]}"#, "ma"),
        (r#"{"update_success":false,"update_failed_list":[{"product_id":7,"error_code":"1"}]}"#, "mm"),
        (
            r#"{"update_success":true,"update_successful_list":[{"product_id":-1},{"product_id":1005001.5},{"product_id":null},7,null]}"#,
            "mm",
        ),
    ];
    told_under_every_root(&rows);
}

#[test]
fn an_answer_without_lists_is_a_refusal_only_where_it_says_why() {
    let rows = [
        // Refused whole; or merely not done, which is unknown.
        (
            r#"{"update_success":false,"update_error_code":"F00-00-10014-001","update_error_message":"no"}"#,
            "F00-00-10014-001",
        ),
        (r#"{"update_success":false,"update_error_message":"no"}"#, "unnamed"),
        (r#"{"update_success":false}"#, "mm"),
        (r#"{"update_success":false,"update_failed_list":"?","update_error_code":"1"}"#, "mm"),
        (r#"{"success":false,"error_code":"13","error_message":"no"}"#, "13"),
        // Nothing that is an answer to an update.
        (r#"{}"#, "unreadable"),
        (r#"{"request_id":"2141"}"#, "unreadable"),
        (r#"{"update_success":1}"#, "unreadable"),
        (r#"{"update_success":null,"update_failed_list":[],"update_successful_list":[]}"#, "unreadable"),
    ];
    told_under_every_root(&rows);
}

#[test]
fn a_failed_product_without_words_of_its_own_has_those_of_the_answer() {
    let body = json!({"update_success": false, "update_error_code": UNKNOWN_SKU, "update_error_message": "why",
        "update_failed_list": [{"product_id": 1_005_001}]});
    let verdicts = verdicts(body.to_string().as_bytes()).unwrap();
    let Verdict::Refused(refusal) = &verdicts[0] else { panic!("{verdicts:?}") };
    assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (UNKNOWN_SKU, "why"));
}

#[test]
fn errors_are_read_in_both_shapes_whatever_stands_beside_them() {
    let rows = [
        (
            r#"{"error_response":{"type":"ISV","code":"IncompleteSignature","msg":"The request signature does not conform to platform standards","request_id":"2141"}}"#,
            "IncompleteSignature",
            Class::Rejected,
        ),
        (
            r#"{"error_response":{"code":"15","type":"ISP","msg":"Remote service error","sub_code":"isp.50001","sub_msg":"server error","request_id":"x"}}"#,
            "isp.50001",
            Class::Transient,
        ),
        (
            r#"{"error_response":{"code":27,"msg":"Invalid session","sub_code":"session-expired","sub_msg":"","request_id":"4k2j3h"}}"#,
            "session-expired",
            Class::Unauthorized,
        ),
        (
            r#"{"error_response":{"code":"15","type":"ISP","msg":"Remote service error","sub_code":"-999","sub_msg":"该交易订单已填写发货通知"}}"#,
            "-999",
            Class::Rejected,
        ),
        (
            r#"{"type":"ISV","code":"IllegalAccessToken","message":"The specified access token is invalid or expired","request_id":"x"}"#,
            "IllegalAccessToken",
            Class::Unauthorized,
        ),
        (r#"{"type":"ISP","code":"ServiceTimeout"}"#, "ServiceTimeout", Class::Transient),
        (
            r#"{"a_response":{"error_response":{"code":"10","msg":"Service Currently Unavailable"}}}"#,
            "10",
            Class::Transient,
        ),
        (r#"{"a_response":{"update_success":true},"error_response":{"code":"10","msg":"x"}}"#, "10", Class::Transient),
        (
            r#"{"a_response":{"result":{"success":"false","error_code":13004,"error_message":"no","request_id":"x"}}}"#,
            "13004",
            Class::Rejected,
        ),
        (r#"{"result":{"success":false,"error_msg":"try again later"}}"#, "unnamed", Class::Transient),
    ];
    for (body, code, class) in rows {
        let refusal = refused(body);
        assert_eq!((refusal.code.as_str(), refusal.class), (code, class), "{body}");
        assert_eq!(refused(&format!("\u{feff}{body}")), refusal);
    }
    assert_eq!(
        refused(r#"{"error_response":{"code":"15","msg":"Remote","sub_code":"-999","sub_msg":"已"}}"#).message,
        "已"
    );
}

#[test]
fn what_is_no_answer_is_never_taken_for_one() {
    let good = partial().to_string();
    for body in [
        "",
        " ",
        "\u{feff}",
        "null",
        "true",
        "7",
        "[]",
        "\"ok\"",
        "<!DOCTYPE html><html><title>502</title></html>",
        &good[..good.len() / 2],
        &good[..good.len() - 1],
        &format!("{good}x"),
        &"[".repeat(10_000),
        r#"{"a_response":null}"#,
        r#"{"a_response":[]}"#,
        r#"{"a_response":"update_success"}"#,
        r#"{"error_response":{}}"#,
        r#"{"error_response":"no"}"#,
        r#"{"error_response":{"code":"27"}}"#,
        r#"{"error_response":{"update_success":true}}"#,
        r#"{"error_response":{"code":0,"msg":"x","update_success":true}}"#,
    ] {
        let shown: String = body.chars().take(80).collect();
        assert_eq!(told(body), "unreadable", "{shown}");
    }
    assert!(matches!(verdicts(b"\xff\xfe{"), Err(Trouble::Unreadable(_))));
    let Err(Trouble::Unreadable(detail)) = response::result("<\u{7}\n".repeat(900).as_bytes()) else { panic!("read") };
    assert!(detail.chars().count() < 300 && !detail.contains(char::is_control), "{detail}");
}

#[test]
fn samples_that_carry_codes_beside_success_are_successes() {
    let body = r#"{"a_response":{"result":{"success":true,"error_code":0,"error_message":"-","product_count":0}}}"#;
    let page = response::product_page(&response::result(body.as_bytes()).unwrap()).unwrap();
    assert_eq!((page.products.len(), page.total), (0, 0));
}

#[test]
fn a_page_of_products_is_read_wrapped_bare_and_empty() {
    let item = r#"{"product_id":1005001234567890,"subject":"Camisa"}"#;
    for list in [format!(r#"{{"item_display_dto":[{item}]}}"#), format!("[{item}]"), format!("[{item},{{}}]")] {
        let body = format!(
            r#"{{"aliexpress_solution_product_list_get_response":{{"result":{{"success":true,"product_count":"1","total_page":1,"current_page":1,"aeop_a_e_product_display_d_t_o_list":{list}}},"request_id":"2141"}}}}"#
        );
        let page = response::product_page(&response::result(body.as_bytes()).unwrap()).unwrap();
        assert_eq!(page.products[0].listing, ListingId(1_005_001_234_567_890));
        assert_eq!((page.products.len(), page.total, page.total_pages), (1, 1, 1));
    }
    assert!(response::product_page(&json!({"success": true})).is_err());
}

#[test]
fn a_product_is_read_as_documented_and_only_if_it_is_the_one_asked_for() {
    let body = r##"{"aliexpress_solution_product_info_get_response":{"result":{"product_id":1005001234567890,"product_status_type":"onSelling","category_id":348,"currency_code":"EUR","group_ids":{"number":[262007001]},"aeop_ae_product_s_k_us":{"global_aeop_ae_product_sku":[{"id":"14:10#Rojo vino;5:200003528","sku_code":"SKU-RED-M","sku_price":"19.99","sku_discount_price":"14.99","ipm_sku_stock":7,"sku_stock":true,"currency_code":"EUR"},{"id":"<none>","sku_price":"1.00"}]}},"request_id":"2141"}}"##;
    let result = response::result(body.as_bytes()).unwrap();
    let info = response::product_info(&result, ListingId(1_005_001_234_567_890)).unwrap();
    assert_eq!((info.status.as_str(), info.currency, info.skus.len()), ("onSelling", "EUR".parse().ok(), 1));
    let sku = &info.skus[0];
    assert_eq!((sku.sku.as_str(), sku.stock), ("SKU-RED-M", Some(7)));
    assert_eq!((sku.price, sku.discount_price), ("19.99".parse().ok(), "14.99".parse().ok()));
    assert!(matches!(response::product_info(&result, FIRST), Err(Trouble::Unreadable(_))));
}

#[test]
fn a_seller_is_read_as_documented() {
    let body = r#"{"aliexpress_solution_merchant_profile_get_response":{"country_code":"ES","product_posting_forbidden":"true","merchant_login_id":"es1234567890abcd","shop_id":1234321,"shop_name":"Test","shop_type":"official","request_id":"2141"}}"#;
    let profile = response::profile(&response::result(body.as_bytes()).unwrap()).unwrap();
    assert_eq!((profile.shop_name.as_str(), profile.product_posting_forbidden), ("Test", true));
    assert!(response::profile(&json!({"update_success": true})).is_err());
}

const SECRET: &str = "T3stAppSecret-0123456789abcdef";

#[test]
fn a_request_has_the_documented_parameters_and_a_signature_over_them_but_no_secret() {
    let secret = SecretString::from(SECRET);
    let method = "aliexpress.solution.batch.product.inventory.update";
    let business = vec![(request::UPDATE_LIST, "[…]".to_owned())];
    let now = Timestamp::from_millis(1_709_626_830_000);
    let mut params = request::signed("33505222", &secret, "the-token", method, business, now);
    let (name, sign) = params.pop().unwrap();
    let expected = [
        ("method", method),
        ("app_key", "33505222"),
        ("session", "the-token"),
        ("timestamp", "1709626830000"),
        ("sign_method", "sha256"),
        ("format", "json"),
        ("v", "2.0"),
        ("mutiple_product_update_list", "[…]"),
    ];
    let given: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!((name, given.as_slice()), ("sign", expected.as_slice()));
    assert!(iop::verify(SECRET, None, &expected, &sign));
    assert!(!iop::verify("another", None, &expected, &sign));
    assert!(!format!("{params:?}{sign}").contains(SECRET));
}

#[test]
fn stock_is_sent_as_exactly_this_text() {
    let products = [
        ProductStock {
            listing: ListingId(1_005_001_234_567_890),
            skus: vec![("SKU-RED-M".parse().unwrap(), 7), ("Ж\"1".parse().unwrap(), 0)],
        },
        ProductStock { listing: FIRST, skus: vec![("x".parse().unwrap(), 999_999)] },
    ];
    let expected = r#"[{"multiple_sku_update_list":[{"inventory":7,"sku_code":"SKU-RED-M"},{"inventory":0,"sku_code":"Ж\"1"}],"product_id":1005001234567890},{"multiple_sku_update_list":[{"inventory":999999,"sku_code":"x"}],"product_id":1005001}]"#;
    assert_eq!(request::inventory(&products), expected);
}

#[test]
fn prices_are_text_and_a_discount_is_left_out_only_when_there_is_none() {
    let sku = |sku: &str, price: &str, discount: Option<&str>| SkuPrice {
        sku: sku.parse().unwrap(),
        price: price.parse().unwrap(),
        discount: discount.map(|discount| discount.parse().unwrap()),
    };
    let skus = vec![sku("SKU-RED-M", "19.99", Some("14.9")), sku("SKU-RED-L", "20", None)];
    let expected = r#"[{"multiple_sku_update_list":[{"discount_price":"14.90","price":"19.99","sku_code":"SKU-RED-M"},{"price":"20.00","sku_code":"SKU-RED-L"}],"product_id":1005001}]"#;
    assert_eq!(request::prices(&[ProductPrices { listing: FIRST, skus }]), expected);
}

#[test]
fn the_options_of_a_client_show_no_secret() {
    let methods = crate::config::load(&crate::config::Sources::default()).unwrap().aliexpress.methods;
    let app_secret = SecretString::from(SECRET);
    let options = ClientOptions { gateway_url: "http://x".into(), app_key: "1".into(), app_secret, methods };
    assert!(!format!("{options:?}").contains(SECRET));
}

/// Whether an answer says of itself that all is done, and no list of it says anything.
fn says_all(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return false };
    for _ in 0..3 {
        let inner = value.as_object().and_then(|fields| {
            fields.iter().find(|(key, value)| value.is_object() && (key.ends_with("_response") || *key == "result"))
        });
        let Some(inner) = inner.map(|(_, inner)| inner.clone()) else { break };
        value = inner;
    }
    let truth = match &value["update_success"] {
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        other => *other == Value::Bool(true),
    };
    // Only the two lists say something of products.
    let lists = [&value["update_failed_list"], &value["update_successful_list"]];
    truth && !lists.iter().any(|list| list.to_string().contains("product_id"))
}

/// Accepted products are named by the answer, or all are said to be done without lists.
fn no_product_is_accepted_unsaid(body: &[u8]) -> Result<(), TestCaseError> {
    let Ok(verdicts) = verdicts(body) else { return Ok(()) };
    let text = String::from_utf8_lossy(body);
    for (listing, verdict) in [FIRST, SECOND].iter().zip(verdicts) {
        let named = text.contains(&listing.to_string());
        prop_assert!(verdict != Verdict::Accepted || named || says_all(body), "{listing} is accepted by {text}");
    }
    Ok(())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec!["true", "false", "", "1005001", "F00-00-10014-015", "15"]).prop_map(Value::from),
        prop::sample::select(vec![0u64, 7, 1_005_001, 1_005_002]).prop_map(Value::from),
    ];
    let keys = prop::sample::select(vec![
        "update_success",
        "update_failed_list",
        "update_successful_list",
        "synchronize_product_response_dto",
        "product_id",
        "error_code",
        "error_message",
        "update_error_code",
        "error_response",
        "code",
        "msg",
        "type",
        "success",
        "result",
        ROOT,
    ]);
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Puts a value somewhere into another: at the `at`-th place, counted in depth.
fn put(into: &mut Value, at: &mut usize, value: &Value) {
    if *at == 0 {
        *into = value.clone();
    }
    *at = at.wrapping_sub(1);
    match into {
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, at, value)),
        Value::Object(fields) => fields.values_mut().for_each(|field| put(field, at, value)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_take_a_product_for_updated(body in prop::collection::vec(any::<u8>(), 0..200)) {
        no_product_is_accepted_unsaid(&body)?;
    }

    #[test]
    fn no_json_of_known_words_takes_an_unnamed_product_for_updated(body in value()) {
        no_product_is_accepted_unsaid(body.to_string().as_bytes())?;
        for of in [response::product_page(&body).is_ok(), response::profile(&body).is_ok()] {
            prop_assert!(!of || body.is_object());
        }
        drop(response::product_info(&body, FIRST));
    }

    #[test]
    fn a_good_answer_with_one_value_changed_takes_no_unnamed_product_for_updated(mut at in 0usize..14, with in value()) {
        let mut body = partial();
        put(&mut body, &mut at, &with);
        no_product_is_accepted_unsaid(body.to_string().as_bytes())?;
    }

    #[test]
    fn a_good_answer_with_bytes_changed_takes_no_unnamed_product_for_updated(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        let mut body = partial().to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if is_cut {
            body.truncate(cut.index(body.len()));
        }
        no_product_is_accepted_unsaid(&body)?;
    }
}
