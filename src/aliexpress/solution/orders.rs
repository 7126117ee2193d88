//! Calls of orders and shipments: what is asked, and the answers, read tolerantly like all others.

use serde_json::{Value, json};

use super::client::SolutionClient;
use super::pacific;
use super::response::{Trouble, list, number, text, truth};
use crate::aliexpress::{CallError, LogisticsService, OrderFilter, OrderPage, Parcel, ParcelsOf};
use crate::clock::Timestamp;
use crate::domain::{Amount, Buyer, Order, OrderId, OrderLine, OrderStatus, Stage};

/// The longest text of an order that is taken, in characters; AliExpress's own limits are far below.
const TEXT_CHARS_MAX: usize = 10_000;
/// The most lines of an order that are taken.
const LINES_MAX: usize = 1_000;

impl SolutionClient {
    /// A page of orders; pages count from 1. Orders that cannot be read are counted, never left out in silence.
    ///
    /// # Errors
    /// See [`CallError`].
    ///
    /// # Cancel safety
    /// It changes nothing.
    pub async fn list_orders(
        &self,
        token: &str,
        filter: &OrderFilter,
        page: u32,
        page_size: u32,
    ) -> Result<OrderPage, CallError> {
        let mut asked = json!({"page_size": page_size, "current_page": page});
        let statuses: Vec<&str> = filter.statuses().map(OrderStatus::as_str).collect();
        asked["order_status_list"] = json!(statuses);
        let span = match filter {
            OrderFilter::Modified { from, to } => Some(("modified_date", pacific::window(*from, *to))),
            OrderFilter::Created { from, to } => Some(("create_date", pacific::window(*from, *to))),
            OrderFilter::Open => None,
        };
        if let Some((name, (from, to))) = span {
            asked[format!("{name}_start")] = from.into();
            asked[format!("{name}_end")] = to.into();
        }
        let result = self.call(&self.methods().order_list, token, vec![("param0", asked.to_string())], true).await?;
        order_page(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// Who receives an order; what AliExpress does not say is empty.
    ///
    /// # Errors
    /// See [`CallError`].
    ///
    /// # Cancel safety
    /// It changes nothing.
    pub async fn receipt_info(&self, token: &str, order: &OrderId) -> Result<Buyer, CallError> {
        let business = vec![("param1", format!("{{\"order_id\":{order}}}"))];
        Ok(buyer(&self.call(&self.methods().order_receipt, token, business, true).await?))
    }

    /// What was declared of an order's shipments.
    ///
    /// # Errors
    /// See [`CallError`].
    ///
    /// # Cancel safety
    /// It changes nothing.
    pub async fn parcels(&self, token: &str, order: &OrderId) -> Result<ParcelsOf, CallError> {
        let business = vec![("param1", format!("{{\"order_id\":{order}}}"))];
        let result = self.call(&self.methods().order_info, token, business, true).await?;
        parcels(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// The services by which this seller's parcels can travel.
    ///
    /// # Errors
    /// See [`CallError`].
    ///
    /// # Cancel safety
    /// It changes nothing.
    pub async fn logistics_services(&self, token: &str) -> Result<Vec<LogisticsService>, CallError> {
        let result = self.call(&self.methods().logistics_services, token, Vec::new(), true).await?;
        services(&result).map_err(|trouble| trouble.of_call(true))
    }

    /// Declares a parcel; `last`: the order is sent whole with it.
    ///
    /// # Errors
    /// See [`CallError`]; after `Unknown` the parcel may be declared, and the order is read before it is tried again.
    ///
    /// # Cancel safety
    /// A dropped call may have had its effect.
    pub async fn fulfil(&self, token: &str, order: &OrderId, parcel: &Parcel, last: bool) -> Result<(), CallError> {
        let mut business = vec![
            ("service_name", parcel.service.clone()),
            ("logistics_no", parcel.number.clone()),
            ("out_ref", order.to_string()),
            ("send_type", if last { "all" } else { "part" }.to_owned()),
        ];
        business.extend(parcel.tracking_url.clone().map(|url| ("tracking_website", url)));
        let result = self.call(&self.methods().order_fulfil, token, business, false).await?;
        match truth(&result["result_success"]) {
            Some(true) => Ok(()),
            _ => Err(Trouble::Unreadable("an answer that names no success".into()).of_call(false)),
        }
    }
}

fn cut(value: &Value) -> String {
    text(value).map(|text| text.trim().chars().take(TEXT_CHARS_MAX).collect()).unwrap_or_default()
}

/// A page of orders.
fn order_page(result: &Value) -> Result<OrderPage, Trouble> {
    let items = list(&result["target_list"]);
    let total = number(&result["total_count"]);
    if items.is_empty() && total.is_none() {
        return Err(Trouble::Unreadable("a page without orders and without a count".into()));
    }
    let now = text(&result["time_stamp"]).as_deref().and_then(pacific::read);
    let mut page = OrderPage {
        orders: Vec::with_capacity(items.len()),
        unreadable: Vec::new(),
        total: total.unwrap_or(items.len() as u64),
        total_pages: number(&result["total_page"]).unwrap_or(1),
        time: now,
    };
    for item in items {
        match order(item, now) {
            Ok(order) => page.orders.push(order),
            Err(why) => page.unreadable.push(format!("{}: {why}", cut(&item["order_id"]))),
        }
    }
    Ok(page)
}

/// An order, without its buyer's address.
fn order(item: &Value, now: Option<Timestamp>) -> Result<Order, &'static str> {
    let id: OrderId = cut(&item["order_id"]).parse().map_err(|_| "it has no order_id")?;
    let status: OrderStatus =
        cut(&item["order_status"]).parse().map_err(|_| "its status is none that is documented")?;
    let hold = |name: &str, stopped: &str, status: OrderStatus| (cut(&item[name]) == stopped).then_some(status);
    let hold = Some(status)
        .filter(|status| status.is_hold())
        .or_else(|| hold("frozen_status", "IN_FROZEN", OrderStatus::InFrozen))
        .or_else(|| hold("issue_status", "IN_ISSUE", OrderStatus::InIssue));
    let lines = list(&item["product_list"]);
    if lines.len() > LINES_MAX {
        return Err("it has more than 1000 lines");
    }
    let lines: Vec<OrderLine> = lines.iter().map(|item| line(item, status)).collect::<Result<_, _>>()?;
    let money = &item["pay_amount"];
    let sent = cut(&item["logistics_status"]);
    let time = |name: &str| text(&item[name]).as_deref().and_then(pacific::read);
    let memos = list(&item["product_list"]).iter().map(|line| cut(&line["memo"])).filter(|memo| !memo.is_empty());
    let mut memos: Vec<String> = memos.collect();
    memos.dedup();
    Ok(Order {
        aliexpress_order_id: id,
        status,
        hold,
        paid: cut(&item["fund_status"]) == "PAY_SUCCESS" || time("gmt_pay_time").is_some(),
        shipped: matches!(sent.as_str(), "SELLER_SEND_PART_GOODS" | "SELLER_SEND_GOODS" | "BUYER_ACCEPT_GOODS")
            || matches!(status, OrderStatus::SellerPartSendGoods | OrderStatus::WaitBuyerAcceptGoods)
            || time("gmt_send_goods_time").is_some(),
        end_reason: Some(cut(&item["end_reason"])).filter(|reason| !reason.is_empty()),
        created_at: time("gmt_create").and_then(rfc3339),
        ship_before: (status.stage() == Stage::ToSend).then(|| ship_before(item, now?)).flatten().and_then(rfc3339),
        currency: cut(&money["currency_code"]),
        total: Amount::read(&cut(&money["amount"])).ok_or("its amount is none")?,
        comment: memos.join("\n"),
        buyer: Buyer { name: cut(&item["buyer_signer_fullname"]), ..Buyer::default() },
        lines,
    })
}

fn line(item: &Value, order: OrderStatus) -> Result<OrderLine, &'static str> {
    let son = cut(&item["son_order_status"]);
    // A line that is over while its order still has to be sent was taken out of it.
    let open = matches!(order.stage(), Stage::Placed | Stage::ToSend | Stage::Stopped);
    let over = son.parse::<OrderStatus>().is_ok_and(|son| son.stage() == Stage::Closed);
    Ok(OrderLine {
        line_id: Some(cut(&item["child_id"])).filter(|id| !id.is_empty()).ok_or("a line has no child_id")?,
        sku: cut(&item["sku_code"]),
        product_id: cut(&item["product_id"]),
        name: cut(&item["product_name"]),
        quantity: number(&item["product_count"]).ok_or("a line has no product_count")?,
        price: Amount::read(&cut(&item["product_unit_price"]["amount"])).ok_or("the price of a line is none")?,
        cancelled: open && over,
    })
}

/// `timeout_left_time` counts from the answer's own time; it is negative when it is too late already.
fn ship_before(item: &Value, now: Timestamp) -> Option<Timestamp> {
    let left: i64 = text(&item["timeout_left_time"])?.parse().ok()?;
    let at = i64::try_from(now.as_millis()).ok()?.checked_add(left)?;
    Some(Timestamp::from_millis(u64::try_from(at).ok()?))
}

fn rfc3339(at: Timestamp) -> Option<String> {
    Some(jiff::Timestamp::from_second(i64::try_from(at.as_secs()).ok()?).ok()?.to_string())
}

/// A receiver. Street lines that repeat each other are said once.
fn buyer(result: &Value) -> Buyer {
    let phone = format!("{}{}", cut(&result["phone_country"]), cut(&result["mobile_no"]));
    let landline =
        format!("{}{}{}", cut(&result["phone_country"]), cut(&result["phone_area"]), cut(&result["phone_number"]));
    let mut address = Vec::new();
    for part in ["detail_address", "address", "address2"].map(|name| cut(&result[name])) {
        if !part.is_empty() && !address.contains(&part) {
            address.push(part);
        }
    }
    Buyer {
        name: cut(&result["contact_person"]),
        phone: if cut(&result["mobile_no"]).is_empty() { landline } else { phone },
        country: cut(&result["country"]),
        region: cut(&result["province"]),
        city: cut(&result["city"]),
        address: address.join(", "),
        zip: cut(&result["zip"]),
    }
}

fn parcels(result: &Value) -> Result<ParcelsOf, Trouble> {
    let data = if result["data"].is_object() { &result["data"] } else { result };
    let status =
        cut(&data["order_status"]).parse().map_err(|_| Trouble::Unreadable("an order without a status".into()))?;
    let numbers = list(&data["logistic_info_list"]).iter().map(|info| cut(&info["logistics_no"]));
    Ok(ParcelsOf { status, numbers: numbers.filter(|number| !number.is_empty()).collect() })
}

fn services(result: &Value) -> Result<Vec<LogisticsService>, Trouble> {
    let items = list(&result["result_list"]);
    if items.is_empty() && truth(&result["result_success"]) != Some(true) {
        return Err(Trouble::Unreadable("an answer without services and without success".into()));
    }
    let service = |item: &Value| {
        let name = Some(cut(&item["service_name"])).filter(|name| !name.is_empty())?;
        let pattern = Some(cut(&item["tracking_no_regex"])).filter(|pattern| !pattern.is_empty());
        Some(LogisticsService {
            name,
            title: cut(&item["display_name"]),
            company: cut(&item["logistics_company"]),
            pattern,
        })
    };
    Ok(items.iter().filter_map(service).collect())
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
