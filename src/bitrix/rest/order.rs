//! One order on its way into the shop: found or made, filled, and brought to the state that AliExpress says.

use serde_json::{Map, Value, json};

use super::client::Command;
use super::error::CallError;
use super::plan::{HOLD, Plan};
use super::progress::{Done, Progress};
use super::{RestSink, id, products, store_away};
use crate::bitrix::{DeliveryError, Taken};
use crate::config::UnknownSku;
use crate::domain::{Order, OrderLine, Version};
use crate::store::StoreError;

/// The most characters of a note.
const NOTE_CHARS_MAX: usize = 300;

/// The work on one order.
pub(super) struct Job<'a> {
    pub(super) sink: &'a RestSink,
    pub(super) order: &'a Order,
    pub(super) progress: Progress,
    /// Notes that are new.
    pub(super) notes: Vec<(String, String)>,
}

impl<'a> Job<'a> {
    pub(super) fn new(sink: &'a RestSink, order: &'a Order, progress: Progress) -> Self {
        Self { sink, order, progress, notes: Vec::new() }
    }

    /// Brings the order to the shop.
    pub(super) async fn run(mut self, version: Version) -> Result<Taken, DeliveryError> {
        match self.bring().await {
            Ok(created) => {
                self.progress.version = version;
                self.progress.whole = true;
                self.progress.begun = None;
                self.save().await.map_err(store_away)?;
                Ok(Taken { order_id: self.progress.order.map(|id| id.to_string()), created, notes: self.notes })
            }
            Err(error) => {
                // Where the store is away the doubt stays, which costs a wait.
                if !error.unknown && self.progress.begun.take().is_some() {
                    self.save().await.map_err(store_away)?;
                }
                Err(error.error)
            }
        }
    }

    async fn bring(&mut self) -> Result<bool, CallError> {
        let found = self.find().await?;
        let is_known = self.progress.order.is_some();
        let (row, is_new) = match found {
            Some(row) => (row, false),
            None if is_known => {
                self.note("order_gone", "it was deleted in the shop, and stays so".into());
                return Ok(false);
            }
            None => (self.create().await?, true),
        };
        self.progress.order = Some(id(&row["id"]).ok_or_else(|| CallError::silent("no_answer", "it names no order"))?);
        self.progress.done.shipped |= row["deducted"] == "Y";
        let written = row["additionalInfo"] == json!(self.label());
        if !self.progress.whole && written {
            self.adopt(&row).await?;
        }
        let was_whole = self.progress.whole;
        match was_whole {
            true => self.reduce(&row).await?,
            false => self.fill(is_new).await?,
        }
        self.write_buyer().await?;
        let plan = Plan::of(self.order, &self.sink.settings, &self.progress.done);
        self.settle(&row, plan, was_whole).await?;
        Ok(is_new)
    }

    /// The mark by which the shop's order is found.
    pub(super) fn mark(&self) -> String {
        format!("aliexpress_{}", self.order.aliexpress_order_id)
    }

    /// What the order says of itself when all of it was written.
    pub(super) fn label(&self) -> String {
        format!("AliExpress {}", self.order.aliexpress_order_id)
    }

    pub(super) fn shop_order(&self) -> u64 {
        self.progress.order.unwrap_or_default()
    }

    /// The shop's order, by its id or its mark. Of several the oldest.
    async fn find(&mut self) -> Result<Option<Value>, CallError> {
        let (key, value) = match self.progress.order {
            Some(id) => ("id", json!(id)),
            None => ("xmlId", json!(self.mark())),
        };
        let select =
            ["id", "xmlId", "statusId", "canceled", "payed", "marked", "reasonMarked", "deducted", "additionalInfo"];
        let params = json!({"select": select, "filter": {format!("={key}"): value}, "order": {"id": "ASC"}});
        let found = self.sink.client.list(&Command::new("sale.order.list", params), "orders").await?;
        // A shop that does not know the filter answers with everything.
        let is_ours = |row: &Value| match self.progress.order {
            Some(order) => id(&row["id"]) == Some(order),
            None => row["xmlId"] == value,
        };
        let mut ours: Vec<Value> = found.into_iter().filter(is_ours).collect();
        if ours.len() > 1 {
            let detail = format!("{} orders of the shop carry its mark; the oldest is the one", ours.len());
            self.note("order_twice", detail);
        }
        ours.truncate(1);
        Ok(ours.pop())
    }

    async fn create(&mut self) -> Result<Value, CallError> {
        let settings = &self.sink.settings;
        if settings.unknown_sku == UnknownSku::Refuse {
            let skus: Vec<&str> = self.lines().map(|(_, line)| line.sku.as_str()).collect();
            let known = products::products(&self.sink.client, settings, &skus).await?;
            let unknown: Vec<&str> = skus.into_iter().filter(|sku| !known.contains_key(*sku)).take(20).collect();
            if !unknown.is_empty() {
                let detail = format!("the shop has no product with the SKU {}", unknown.join(", "));
                let error = DeliveryError::Refused { code: "sku_unknown".into(), detail };
                return Err(CallError { error, unknown: false });
            }
        }
        let order = self.order;
        let mut fields = json!({
            "lid": settings.site,
            "personTypeId": settings.person_type,
            "currency": order.currency,
            "xmlId": self.mark(),
            "externalOrder": "Y",
            "userDescription": order.comment,
            "comments": comment(order),
        });
        for (name, id) in [("userId", settings.user), ("responsibleId", settings.responsible)] {
            if id > 0 {
                fields[name] = json!(id);
            }
        }
        self.begin().await?;
        let mut answer = self.sink.client.call("sale.order.add", &json!({"fields": fields})).await?;
        Ok(answer["order"].take())
    }

    /// Nothing is known of an order that is whole: what was done is read off it, and the rest is taken for the managers'.
    async fn adopt(&mut self, row: &Value) -> Result<(), CallError> {
        let marked = row["reasonMarked"].as_str().filter(|reason| reason.starts_with(HOLD));
        let codes = self.sink.settings.properties.iter().map(|(_, code)| code.clone());
        self.progress.done = Done {
            phase: 0,
            paid: row["payed"] == "Y",
            mark: marked.unwrap_or_default().to_owned(),
            cancelled: row["canceled"] == "Y",
            properties: codes.collect(),
            shipped: row["deducted"] == "Y",
        };
        self.progress.lines = self.basket().await?.into_iter().map(|(line, item)| (line, item.pieces)).collect();
        self.progress.whole = true;
        Ok(())
    }

    /// Lines that the buyer gets, each with the mark of its line.
    pub(super) fn lines(&self) -> impl Iterator<Item = (String, &'a OrderLine)> + use<'a> {
        let order = self.order;
        let named = order.lines.iter().enumerate().map(|(at, line)| (line_mark(at, line), line));
        named.filter(|(_, line)| !line.cancelled)
    }

    /// A write is about to be made.
    pub(super) async fn begin(&mut self) -> Result<(), CallError> {
        let now = self.sink.documents.now().await.map_err(away)?;
        self.progress.begun = Some(now.0);
        self.save().await.map_err(away)
    }

    async fn save(&self) -> Result<(), StoreError> {
        let (sink, id) = (self.sink, &self.order.aliexpress_order_id);
        self.progress.save(sink.documents.as_ref(), &sink.shop, id).await
    }

    /// Notes what the shop's people should know; each code once an order.
    pub(super) fn note(&mut self, code: &str, detail: String) {
        let cut: String = detail.chars().take(NOTE_CHARS_MAX).collect();
        if self.progress.notes.insert(code.to_owned(), cut.clone()).is_none() {
            self.notes.push((code.to_owned(), cut));
        } else if let Some(known) = self.notes.iter_mut().find(|(known, _)| known == code) {
            known.1 = format!("{}; {cut}", known.1).chars().take(NOTE_CHARS_MAX).collect();
        }
    }

    /// Writes a part of the order, which is refused at worst with a note.
    pub(super) async fn add(&mut self, method: &str, fields: Value, code: &str) -> Result<Option<Value>, CallError> {
        self.begin().await?;
        match self.sink.client.call(method, &json!({"fields": fields})).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.is_refusal() => {
                self.note(code, format!("{method} is refused ({})", error.code()));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The mark of a line: AliExpress's id of it.
pub(super) fn line_mark(at: usize, line: &OrderLine) -> String {
    if line.line_id.is_empty() { format!("line_{at}") } else { line.line_id.clone() }
}

fn comment(order: &Order) -> String {
    let due = order.ship_before.as_ref().map(|due| format!(", ship before {due}")).unwrap_or_default();
    format!("AliExpress {}, {} {}{due}", order.aliexpress_order_id, order.total.as_str(), order.currency)
}

/// The store is away: nothing more is written.
fn away(error: StoreError) -> CallError {
    CallError { error: store_away(error), unknown: false }
}

/// The fields that change, if any do.
pub(super) fn update(id: u64, fields: Map<String, Value>) -> Option<Value> {
    (!fields.is_empty()).then(|| json!({"id": id, "fields": fields}))
}
