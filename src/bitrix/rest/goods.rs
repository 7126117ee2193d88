//! What an order consists of: basket, buyer, payment, shipment. Prices are AliExpress's.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::Command;
use super::error::CallError;
use super::order::{Job, line_mark};
use super::plan::{Plan, delivery};
use super::{id, products};
use crate::config::BuyerPart;
use crate::domain::{Buyer, OrderLine};

/// Writes of one batch: each of them saves the whole order in the shop, and a request may take a minute at most.
const WRITES: usize = 10;

/// A line in the shop's basket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) basket: u64,
    pub(super) pieces: u64,
}

impl Job<'_> {
    /// Writes whatever is missing. `is_new`: nothing is there.
    pub(super) async fn fill(&mut self, is_new: bool) -> Result<(), CallError> {
        let mut basket = if is_new { BTreeMap::new() } else { self.basket().await? };
        for (line, item) in &basket {
            self.progress.lines.entry(line.clone()).or_insert(item.pieces);
        }
        self.fill_basket(&mut basket).await?;
        self.pay(is_new).await?;
        self.ship(is_new, &basket).await
    }

    /// The lines that carry a mark of this order.
    pub(super) async fn basket(&self) -> Result<BTreeMap<String, Item>, CallError> {
        let params = json!({
            "select": ["id", "xmlId", "quantity"],
            "filter": {"=orderId": self.shop_order()},
            "order": {"id": "ASC"},
        });
        let rows = self.sink.client.list(&Command::new("sale.basketitem.list", params), "basketItems").await?;
        let marks: Vec<String> = self.order.lines.iter().enumerate().map(|(at, line)| line_mark(at, line)).collect();
        let item = |row: &Value| {
            let mark = row["xmlId"].as_str().filter(|mark| marks.iter().any(|known| known == mark))?;
            Some((mark.to_owned(), Item { basket: id(&row["id"])?, pieces: pieces(&row["quantity"]) }))
        };
        Ok(rows.iter().filter_map(item).collect())
    }

    async fn fill_basket(&mut self, basket: &mut BTreeMap<String, Item>) -> Result<(), CallError> {
        let missing: Vec<(String, &OrderLine)> = self.lines().filter(|(mark, _)| !basket.contains_key(mark)).collect();
        let skus: Vec<&str> = missing.iter().map(|(_, line)| line.sku.as_str()).collect();
        let known = products::products(&self.sink.client, &self.sink.settings, &skus).await?;
        let mut rest = Vec::new();
        for (mark, line) in missing {
            let product = known.get(&line.sku).copied();
            if product.is_none() {
                let detail = format!("the shop has no product with the SKU {} (line {mark})", line.sku);
                self.note("sku_unknown", detail);
            }
            rest.push((mark, line, product));
        }
        while !rest.is_empty() {
            let mut again = Vec::new();
            for page in rest.chunks(WRITES) {
                self.write_lines(page, basket, &mut again).await?;
            }
            rest = again;
        }
        Ok(())
    }

    /// Writes some lines. One that the shop refuses with its product, as one that is out of stock, is written once more without it.
    async fn write_lines<'l>(
        &mut self,
        lines: &[(String, &'l OrderLine, Option<u64>)],
        basket: &mut BTreeMap<String, Item>,
        again: &mut Vec<(String, &'l OrderLine, Option<u64>)>,
    ) -> Result<(), CallError> {
        let (order, currency) = (self.shop_order(), &self.order.currency);
        let commands: Vec<Command> =
            lines.iter().map(|(mark, line, product)| add_line(order, mark, line, *product, currency)).collect();
        self.begin().await?;
        let outcomes = self.sink.client.batch(&commands).await?;
        for ((mark, line, product), outcome) in lines.iter().zip(outcomes) {
            match outcome {
                Ok(answer) => {
                    let row = &answer["basketItem"];
                    let basket_id = id(&row["id"]).ok_or_else(|| CallError::silent("no_answer", "a line has no id"))?;
                    basket.insert(mark.clone(), Item { basket: basket_id, pieces: line.quantity });
                    self.progress.lines.insert(mark.clone(), line.quantity);
                    self.compare(mark, line, row);
                }
                Err(error) if error.is_refusal() && product.is_some() => {
                    let detail = format!(
                        "{} (line {mark}) is written without its product: the shop refuses it ({})",
                        line.sku,
                        error.code()
                    );
                    self.note("line_without_product", detail);
                    again.push((mark.clone(), line, None));
                }
                Err(error) if error.is_refusal() => {
                    let detail =
                        format!("{} (line {mark}) is missing: the shop refuses it ({})", line.sku, error.code());
                    self.note("line_refused", detail);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A shop may count on its own: then its order costs something else than the buyer pays.
    fn compare(&mut self, mark: &str, line: &OrderLine, row: &Value) {
        let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
        let price: Option<f64> = line.price.as_str().parse().ok();
        if let (Some(here), Some(there)) = (number(&row["price"]), price)
            && (here - there).abs() > 0.009
        {
            self.note("price_differs", format!("line {mark} costs {here} in the shop and {there} on AliExpress"));
        }
        if row.get("quantity").is_some() && pieces(&row["quantity"]) != line.quantity {
            let detail = format!("line {mark}: the shop has {} of {} pieces", pieces(&row["quantity"]), line.quantity);
            self.note("stock_short", detail);
        }
    }

    /// Takes out lines that AliExpress cancelled, where they are as they were written; else a manager is told.
    pub(super) async fn reduce(&mut self, row: &Value) -> Result<(), CallError> {
        let named = self.order.lines.iter().enumerate().filter(|(_, line)| line.cancelled);
        let gone: Vec<(String, &OrderLine)> = named
            .map(|(at, line)| (line_mark(at, line), line))
            .filter(|(mark, _)| self.progress.lines.contains_key(mark))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let basket = self.basket().await?;
        for (mark, line) in gone {
            let item = basket.get(&mark).copied();
            let untouched =
                item.is_some_and(|item| item.pieces == self.progress.lines[&mark]) && row["deducted"] != "Y";
            match item {
                Some(item) if untouched => {
                    self.begin().await?;
                    let deleted = self.sink.client.call("sale.basketitem.delete", &json!({"id": item.basket})).await;
                    match deleted {
                        Ok(_) => _ = self.progress.lines.remove(&mark),
                        Err(error) if error.is_refusal() => self.note_cancelled(&mark, line),
                        Err(error) => return Err(error),
                    }
                }
                // Taken out already: by a manager, or by us before an answer was lost.
                None => _ = self.progress.lines.remove(&mark),
                Some(_) => self.note_cancelled(&mark, line),
            }
        }
        Ok(())
    }

    fn note_cancelled(&mut self, mark: &str, line: &OrderLine) {
        let detail = format!("AliExpress cancelled the line {mark} ({}): reduce it by hand", line.sku);
        self.note("line_cancelled", detail);
    }

    /// Writes each part of the buyer once, when it is first known. AliExpress masks addresses of orders under risk control.
    pub(super) async fn write_buyer(&mut self) -> Result<(), CallError> {
        let buyer = &self.order.buyer;
        let written = &self.progress.done.properties;
        let wanted: Vec<(&str, String)> = self
            .sink
            .settings
            .properties
            .iter()
            .map(|(part, code)| (code.as_str(), part_of(buyer, *part)))
            .filter(|(code, text)| !text.is_empty() && !written.contains(*code))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let params = json!({
            "select": ["id", "code"],
            "filter": {"=personTypeId": self.sink.settings.person_type},
        });
        let rows = self.sink.client.list(&Command::new("sale.property.list", params), "properties").await?;
        let (mut values, mut codes) = (Vec::new(), Vec::new());
        for (code, text) in wanted {
            match rows.iter().find(|row| row["code"] == code).and_then(|row| id(&row["id"])) {
                Some(id) => values.push(json!({"orderPropsId": id, "value": text})),
                None => {
                    let detail = format!("the person type has no property {code}: mend rest.properties");
                    self.note("property_missing", detail);
                }
            }
            codes.push(code.to_owned());
        }
        if !values.is_empty() {
            let fields = json!({"order": {"id": self.shop_order(), "propertyValues": values}});
            self.add("sale.propertyvalue.modify", fields, "buyer_refused").await?;
        }
        self.progress.done.properties.extend(codes);
        Ok(())
    }

    async fn pay(&mut self, is_new: bool) -> Result<(), CallError> {
        let plan = Plan::of(self.order, &self.sink.settings, &self.progress.done);
        if is_new || self.parts("sale.payment.list", "payments").await?.is_empty() {
            let fields = json!({
                "orderId": self.shop_order(),
                "paySystemId": self.sink.settings.pay_system,
                "sum": self.order.total,
                "paid": if plan.paid { "Y" } else { "N" },
                "xmlId": self.mark(),
            });
            self.add("sale.payment.add", fields, "payment_refused").await?;
            self.progress.done.paid |= plan.paid;
        }
        Ok(())
    }

    async fn ship(&mut self, is_new: bool, basket: &BTreeMap<String, Item>) -> Result<(), CallError> {
        let known = if is_new { Vec::new() } else { self.parts("sale.shipment.list", "shipments").await? };
        let shipment = match known.first() {
            Some(id) => Some(*id),
            None => {
                let fields = json!({
                    "orderId": self.shop_order(),
                    "deliveryId": self.sink.settings.delivery,
                    "allowDelivery": "N",
                    "deducted": "N",
                    "basePriceDelivery": delivery(self.order),
                    "xmlId": self.mark(),
                });
                let added = self.add("sale.shipment.add", fields, "shipment_refused").await?;
                added.and_then(|added| id(&added["shipment"]["id"]))
            }
        };
        let Some(shipment) = shipment else { return Ok(()) };
        let packed = match known.is_empty() {
            true => Vec::new(),
            false => {
                let params = json!({"select": ["id", "basketId"], "filter": {"=orderDeliveryId": shipment}});
                let rows =
                    self.sink.client.list(&Command::new("sale.shipmentitem.list", params), "shipmentItems").await?;
                rows.iter().filter_map(|row| id(&row["basketId"])).collect()
            }
        };
        let missing: Vec<(&String, &Item)> = basket.iter().filter(|(_, item)| !packed.contains(&item.basket)).collect();
        for page in missing.chunks(WRITES) {
            let add = |(mark, item): &(&String, &Item)| {
                let fields = json!({"orderDeliveryId": shipment, "basketId": item.basket, "quantity": item.pieces, "xmlId": mark});
                Command::new("sale.shipmentitem.add", json!({"fields": fields}))
            };
            let commands: Vec<Command> = page.iter().map(add).collect();
            self.begin().await?;
            for outcome in self.sink.client.batch(&commands).await? {
                match outcome {
                    Err(error) if error.is_refusal() => {
                        let detail = format!("a line is not in the shipment: the shop refuses it ({})", error.code());
                        self.note("shipment_refused", detail);
                    }
                    outcome => drop(outcome?),
                }
            }
        }
        Ok(())
    }

    /// Ids of the order's payments or shipments that carry its mark, the oldest first.
    pub(super) async fn parts(&self, method: &'static str, rows: &str) -> Result<Vec<u64>, CallError> {
        let params =
            json!({"select": ["id", "xmlId"], "filter": {"=orderId": self.shop_order()}, "order": {"id": "ASC"}});
        let mark = self.mark();
        let found = self.sink.client.list(&Command::new(method, params), rows).await?;
        Ok(found.iter().filter(|row| row["xmlId"] == mark.as_str()).filter_map(|row| id(&row["id"])).collect())
    }
}

/// A line: with its product the shop reserves it as for its own orders; without one it is words and a price.
fn add_line(order: u64, mark: &str, line: &OrderLine, product: Option<u64>, currency: &str) -> Command {
    let name = if line.name.is_empty() { &line.sku } else { &line.name };
    let fields = json!({
        "orderId": order,
        "productId": product.unwrap_or(0),
        "name": if name.is_empty() { mark } else { name.as_str() },
        "currency": currency,
        "quantity": line.quantity,
        "price": line.price,
        "basePrice": line.price,
        "discountPrice": 0,
        "customPrice": "Y",
        "xmlId": mark,
        "productXmlId": line.sku,
    });
    let method = if product.is_some() { "sale.basketitem.addCatalogProduct" } else { "sale.basketitem.add" };
    Command::new(method, json!({"fields": fields}))
}

fn part_of(buyer: &Buyer, part: BuyerPart) -> String {
    let whole = || {
        let parts = [&buyer.zip, &buyer.country, &buyer.region, &buyer.city, &buyer.address];
        let parts: Vec<&str> = parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        if buyer.has_address() { parts.join(", ") } else { String::new() }
    };
    match part {
        BuyerPart::Name => buyer.name.trim().to_owned(),
        BuyerPart::Phone => buyer.phone.trim().to_owned(),
        BuyerPart::Country => buyer.country.trim().to_owned(),
        BuyerPart::Region => buyer.region.trim().to_owned(),
        BuyerPart::City => buyer.city.trim().to_owned(),
        BuyerPart::Address => buyer.address.trim().to_owned(),
        BuyerPart::Zip => buyer.zip.trim().to_owned(),
        BuyerPart::WholeAddress => whole(),
    }
}

/// Pieces, which Bitrix counts in decimals.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded before")]
fn pieces(value: &Value) -> u64 {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0.0);
    number.clamp(0.0, 1e15) as u64
}
