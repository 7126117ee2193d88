//! The methods of orders and shipments: what each reads, changes and answers, with AliExpress's own refusals.

use regex_lite::Regex;
use serde_json::{Value, json};

use super::World;
use super::gateway::{Params, Refused};
use super::methods::{Done, id, invalid, json_param, number, wrapped};
use super::orders::{BuyersOrder, DeclaredParcel, PlacedLine, SENDABLE, SERVICES, STATUSES, from_pacific, pacific};

pub(super) const LIST: &str = "aliexpress.solution.order.get";
pub(super) const RECEIPT: &str = "aliexpress.solution.order.receiptinfo.get";
pub(super) const INFO: &str = "aliexpress.solution.order.info.get";
pub(super) const FULFIL: &str = "aliexpress.solution.order.fulfill";
pub(super) const SERVICE_LIST: &str = "aliexpress.logistics.redefining.listlogisticsservice";

/// Every method of this file.
pub(super) const ALL: [&str; 5] = [LIST, RECEIPT, INFO, FULFIL, SERVICE_LIST];

const PAGE_MAX: u64 = 50;

pub(super) fn answer(world: &World, method: &str, params: &Params) -> Result<Done, Refused> {
    match method {
        LIST => list(world, params),
        RECEIPT => receipt(world, params),
        INFO => info(world, params),
        FULFIL => fulfil(world, params),
        _ => Ok(services(world)),
    }
}

/// A span of time of a query; a date without a time is ignored, as AliExpress ignores it.
fn span(query: &Value, name: &str) -> (u64, u64) {
    let at = |end: &str| query[format!("{name}_{end}")].as_str().and_then(from_pacific);
    (at("start").unwrap_or(0), at("end").unwrap_or(u64::MAX))
}

fn list(world: &World, params: &Params) -> Result<Done, Refused> {
    let query = json_param(params, "param0")?;
    let (size, page) = (number(&query["page_size"]).unwrap_or(0), number(&query["current_page"]).unwrap_or(0));
    if !(1..=PAGE_MAX).contains(&size) || page == 0 {
        return Err(invalid("page_size must be from 1 to 50, current_page above 0"));
    }
    let statuses: Vec<&str> =
        query["order_status_list"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if statuses.len() > 20 || statuses.iter().any(|status| !STATUSES.contains(status)) {
        return Err(invalid("order_status_list names a status that is not known"));
    }
    let (created, modified) = (span(&query, "create_date"), span(&query, "modified_date"));
    let within = |at: u64, (from, to): (u64, u64)| {
        let second = at / 1_000_000 * 1_000_000;
        second >= from && second <= to
    };
    let named = |order: &BuyersOrder| match statuses.is_empty() {
        true => order.status != "FINISH",
        false => statuses.contains(&order.status.as_str()),
    };
    let mut found: Vec<BuyersOrder> = world.orders.all();
    found.retain(|order| named(order) && within(order.created, created) && within(order.modified, modified));
    found.sort_by_key(|order| std::cmp::Reverse((order.modified, order.id)));
    let (total, from) = (found.len() as u64, usize::try_from((page - 1) * size).unwrap_or(usize::MAX));
    let now = world.orders.now_us();
    let items: Vec<Value> =
        found.iter().skip(from).take(size as usize).map(|order| listed(world, order, now)).collect();
    let mut result = json!({"success": true, "total_count": total, "total_page": total.div_ceil(size), "page_size": size,
        "current_page": page, "time_stamp": pacific(now)});
    if !items.is_empty() {
        result["target_list"] = wrapped(world, "order_dto", items);
    }
    world.orders.page_was_read();
    Ok(Done::read(json!({ "result": result })))
}

fn listed(world: &World, order: &BuyersOrder, now: u64) -> Value {
    let cents = |line: &PlacedLine| super::methods::cents(&line.price).unwrap_or(0) * line.quantity;
    let total: u64 = order.lines.iter().map(cents).sum();
    let money = |amount: &str| json!({"currency_code": order.currency, "amount": amount});
    let line = |(at, line): (usize, &PlacedLine)| {
        json!({"child_id": id(world, order.id + 100_000 + at as u64), "order_id": id(world, order.id), "product_id": id(world, 1_005_000_000_000_001),
            "sku_code": line.sku, "product_name": format!("Product {}", line.sku), "product_count": line.quantity,
            "product_unit_price": money(&line.price), "memo": order.memo, "issue_status": "NO_ISSUE",
            "son_order_status": line.status.as_ref().unwrap_or(&order.status), "send_goods_operator": "SELLER_SEND_GOODS"})
    };
    let lines = order.lines.iter().enumerate().map(line).collect();
    let logistics = match order.parcels.as_slice() {
        [] => "WAIT_SELLER_SEND_GOODS",
        parcels if parcels.iter().any(|parcel| parcel.send_type == "all") => "SELLER_SEND_GOODS",
        _ => "SELLER_SEND_PART_GOODS",
    };
    let mut value = json!({"order_id": id(world, order.id), "order_status": order.status, "biz_type": "AE_COMMON",
        "gmt_create": pacific(order.created), "gmt_update": pacific(order.modified),
        "pay_amount": money(&format!("{}.{:02}", total / 100, total % 100)), "end_reason": order.end_reason,
        "fund_status": if order.paid.is_some() { "PAY_SUCCESS" } else { "NOT_PAY" },
        "frozen_status": if order.frozen { "IN_FROZEN" } else { "NO_FROZEN" },
        "issue_status": if order.issue { "IN_ISSUE" } else { "NO_ISSUE" },
        "logistics_status": logistics, "buyer_signer_fullname": order.receiver.name,
        "product_list": wrapped(world, "order_product_dto", lines)});
    if let Some(paid) = order.paid {
        value["gmt_pay_time"] = pacific(paid).into();
    }
    if let Some(before) = order.send_before.filter(|_| SENDABLE.contains(&order.status.as_str())) {
        value["timeout_left_time"] = ((before.cast_signed() - now.cast_signed()) / 1000).into();
    }
    value
}

fn asked(world: &World, params: &Params) -> Result<BuyersOrder, Refused> {
    let order = number(&json_param(params, "param1")?["order_id"]).ok_or_else(|| invalid("order_id is missing"))?;
    world.orders.get(order).ok_or_else(|| Refused::remote("isp.50001", "the order does not exist"))
}

fn receipt(world: &World, params: &Params) -> Result<Done, Refused> {
    let order = asked(world, params)?;
    // Addresses of orders under risk control are masked.
    if order.status.starts_with("RISK_CONTROL") {
        return Ok(Done::read(json!({"result": {"country": order.receiver.country}})));
    }
    let to = &order.receiver;
    let mut result = json!({"contact_person": to.name, "country": to.country, "province": to.province, "city": to.city,
        "address": to.address, "detail_address": to.address, "zip": to.zip});
    if !to.phone.is_empty() {
        result["phone_country"] = "+7".into();
        result["mobile_no"] = to.phone.as_str().into();
    }
    Ok(Done::read(json!({ "result": result })))
}

fn info(world: &World, params: &Params) -> Result<Done, Refused> {
    let order = asked(world, params)?;
    let parcel = |parcel: &DeclaredParcel| json!({"logistics_no": parcel.number, "logistics_type_code": parcel.service, "receive_status": "default"});
    let parcels = order.parcels.iter().map(parcel).collect();
    let data = json!({"id": id(world, order.id), "order_status": order.status,
        "logistic_info_list": wrapped(world, "global_aeop_tp_logistic_info_dto", parcels)});
    Ok(Done::read(json!({"result": {"data": data, "time_stamp": pacific(world.orders.now_us())}})))
}

fn fulfil(world: &World, params: &Params) -> Result<Done, Refused> {
    let refuse = |words: &str| Refused::remote("-999", words);
    let given = |name: &str| params.get(name).filter(|value| !value.is_empty());
    let required =
        |name: &str| given(name).ok_or_else(|| Refused::remote("isv.missing-parameter", &format!("{name} is missing")));
    let (service, number, send_type) = (required("service_name")?, required("logistics_no")?, required("send_type")?);
    let order: u64 = required("out_ref")?.parse().map_err(|_| invalid("out_ref is no number"))?;
    if !["all", "part"].contains(&send_type.as_str()) {
        return Err(invalid("send_type is all or part"));
    }
    let known =
        SERVICES.iter().find(|known| known.name == service).ok_or_else(|| invalid("service_name is not known"))?;
    let website = given("tracking_website").cloned();
    if service.starts_with("OTHER") && website.is_none() {
        return Err(Refused::remote("isv.missing-parameter", "tracking_website is missing"));
    }
    let held = world.orders.get(order).ok_or_else(|| refuse("您填写的交易订单号有误或不属于当前账号"))?;
    if held.parcels.iter().any(|parcel| parcel.number == *number) || held.status == "WAIT_BUYER_ACCEPT_GOODS" {
        return Err(refuse("该交易订单已填写发货通知,请勿重复填写"));
    }
    if !SENDABLE.contains(&held.status.as_str()) {
        return Err(refuse("当前订单状态不允许操作"));
    }
    if !Regex::new(known.pattern).is_ok_and(|pattern| pattern.is_match(number)) {
        return Err(refuse("该货运跟踪号未通过校验"));
    }
    world.orders.change(order, |order| {
        let status = if send_type == "all" { "WAIT_BUYER_ACCEPT_GOODS" } else { "SELLER_PART_SEND_GOODS" };
        status.clone_into(&mut order.status);
        order.parcels.push(DeclaredParcel {
            service: service.clone(),
            number: number.clone(),
            send_type: send_type.clone(),
            tracking_website: website,
        });
    });
    Ok(Done::read(json!({"result": {"result_success": true}})))
}

fn services(world: &World) -> Done {
    let service = |service: &super::orders::Service| {
        json!({"service_name": service.name, "display_name": service.title, "logistics_company": service.name,
            "tracking_no_regex": service.pattern, "min_process_day": 1, "max_process_day": 5, "recommend_order": 1})
    };
    let services = SERVICES.iter().map(service).collect();
    Done::read(json!({"result_success": true, "error_desc": "nothing is wrong",
        "result_list": wrapped(world, "aeop_logistics_service_result", services)}))
}
