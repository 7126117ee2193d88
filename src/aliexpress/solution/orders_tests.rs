//! Orders as AliExpress writes them, and as it should not.

use super::*;

const PAGE: &str = r#"{"success":true,"total_count":1,"total_page":1,"page_size":20,"current_page":1,"time_stamp":"2024-03-05 00:20:30",
 "target_list":{"order_dto":[{"order_id":8123456789012345,"order_status":"WAIT_SELLER_SEND_GOODS","biz_type":"AE_COMMON","gmt_create":"2024-03-04 11:02:33","gmt_update":"2024-03-05 00:01:10","gmt_pay_time":"2024-03-04 11:03:01",
 "pay_amount":{"currency_code":"EUR","amount":"29.98"},"fund_status":"PAY_SUCCESS","frozen_status":"NO_FROZEN","issue_status":"NO_ISSUE","logistics_status":"WAIT_SELLER_SEND_GOODS","buyer_login_id":"es1234567","buyer_signer_fullname":"Ana P.","timeout_left_time":431999000,
 "product_list":{"order_product_dto":[{"child_id":8123456789022345,"order_id":8123456789012345,"product_id":1005001234567890,"sku_code":"SKU-RED-M","product_name":"Camisa","product_count":2,"product_unit_price":{"currency_code":"EUR","amount":"14.99"},"son_order_status":"WAIT_SELLER_SEND_GOODS","memo":""}]}}]}}"#;

fn page(change: impl FnOnce(&mut Value)) -> OrderPage {
    let mut value: Value = serde_json::from_str(PAGE).unwrap();
    change(&mut value["target_list"]["order_dto"][0]);
    order_page(&value).unwrap()
}

#[test]
fn the_documented_order_is_read_whole() {
    let page = page(|_| {});
    let order = &page.orders[0];
    assert_eq!((page.total, page.total_pages, page.unreadable.len()), (1, 1, 0));
    assert_eq!(order.aliexpress_order_id.as_str(), "8123456789012345");
    assert_eq!(
        (order.status, order.hold, order.paid, order.shipped),
        (OrderStatus::WaitSellerSendGoods, None, true, false)
    );
    assert_eq!(order.created_at.as_deref(), Some("2024-03-04T19:02:33Z"));
    assert_eq!(order.ship_before.as_deref(), Some("2024-03-10T08:20:29Z"));
    assert_eq!((order.currency.as_str(), order.total.as_str()), ("EUR", "29.98"));
    let line = &order.lines[0];
    assert_eq!(
        (line.sku.as_str(), line.quantity, line.price.as_str(), line.cancelled),
        ("SKU-RED-M", 2, "14.99", false)
    );
}

#[test]
fn holds_show_by_status_or_by_flag() {
    for (name, value, hold) in [
        ("order_status", "RISK_CONTROL", OrderStatus::RiskControl),
        ("order_status", "IN_CANCEL", OrderStatus::InCancel),
        ("frozen_status", "IN_FROZEN", OrderStatus::InFrozen),
        ("issue_status", "IN_ISSUE", OrderStatus::InIssue),
    ] {
        let page = page(|order| order[name] = value.into());
        assert_eq!(page.orders[0].hold, Some(hold), "{name} {value}");
    }
}

#[test]
fn a_line_that_is_over_before_its_order_is_cancelled() {
    let line = |order: &str, son: &str| {
        let page = page(|item| {
            item["order_status"] = order.into();
            item["product_list"]["order_product_dto"][0]["son_order_status"] = son.into();
        });
        page.orders[0].lines[0].cancelled
    };
    assert!(line("WAIT_SELLER_SEND_GOODS", "FINISH"));
    assert!(!line("FINISH", "FINISH"));
    assert!(!line("WAIT_BUYER_ACCEPT_GOODS", "WAIT_BUYER_ACCEPT_GOODS"));
}

#[test]
fn bad_data_is_read_as_far_as_it_is_data() {
    type Row = (&'static str, fn(&mut Value), bool);
    let table: [Row; 11] = [
        (
            "a price of nothing",
            |o| o["product_list"]["order_product_dto"][0]["product_unit_price"]["amount"] = "0".into(),
            true,
        ),
        ("numbers as text", |o| o["order_id"] = "8123456789012345".into(), true),
        ("a bare list", |o| o["product_list"] = o["product_list"]["order_product_dto"].take(), true),
        ("no SKU", |o| o["product_list"]["order_product_dto"][0]["sku_code"] = Value::Null, true),
        ("another currency", |o| o["pay_amount"]["currency_code"] = "KZT".into(), true),
        ("emoji", |o| o["product_list"]["order_product_dto"][0]["product_name"] = "Рубашка 👕".into(), true),
        ("no times", |o| o["gmt_create"] = Value::Null, true),
        ("a status of the future", |o| o["order_status"] = "TELEPORTED".into(), false),
        ("no id", |o| o["order_id"] = Value::Null, false),
        ("no count", |o| o["product_list"]["order_product_dto"][0]["product_count"] = "two".into(), false),
        ("no amount", |o| o["pay_amount"] = Value::Null, false),
    ];
    for (what, change, readable) in table {
        let page = page(change);
        assert_eq!((page.orders.len(), page.unreadable.len()), if readable { (1, 0) } else { (0, 1) }, "{what}");
    }
}

#[test]
fn an_order_of_two_hundred_lines_is_one_order() {
    let page = page(|order| {
        let line = order["product_list"]["order_product_dto"][0].clone();
        let lines = (0..200u64).map(|at| {
            let mut line = line.clone();
            line["child_id"] = at.into();
            line
        });
        order["product_list"]["order_product_dto"] = lines.collect();
    });
    assert_eq!(page.orders[0].lines.len(), 200);
}

#[test]
fn no_orders_is_an_answer_and_nonsense_is_none() {
    assert!(order_page(&json!({"success": true, "total_count": 0})).unwrap().orders.is_empty());
    assert!(order_page(&json!({"success": true})).is_err());
}

#[test]
fn an_address_says_its_street_once_and_a_missing_phone_is_empty() {
    let whole = json!({"contact_person":"Ana P.","country":"ES","province":"Madrid","city":"Madrid","address":"Calle Mayor 1",
        "detail_address":"Calle Mayor 1","address2":"2B","zip":"28013","phone_country":"+34","mobile_no":"600000000"});
    let read = buyer(&whole);
    assert_eq!(
        (read.address.as_str(), read.phone.as_str(), read.has_address()),
        ("Calle Mayor 1, 2B", "+34600000000", true)
    );
    let bare = buyer(&json!({"contact_person": "Ана 👩", "detail_address": "ж".repeat(12_000)}));
    assert_eq!((bare.phone.as_str(), bare.address.chars().count()), ("", TEXT_CHARS_MAX));
    assert!(!buyer(&json!({})).has_address());
}
