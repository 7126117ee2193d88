//! How an order stands: payment, status, mark, cancellation. Nothing that a manager changed is changed back.

use serde_json::{Map, Value, json};

use super::client::Command;
use super::error::CallError;
use super::order::{Job, update};
use super::plan::{MARK, Plan, SHIPPED};

/// Notes that say what happened, not what went wrong.
const NOT_FAULTS: [&str; 2] = ["order_cancelled", "order_twice"];
/// The most characters of a mark.
const MARK_CHARS_MAX: usize = 250;

impl Job<'_> {
    /// Brings the order to what the plan asks. `was_whole`: everything of it was written before.
    pub(super) async fn settle(&mut self, row: &Value, plan: Plan, was_whole: bool) -> Result<(), CallError> {
        let mut fields = Map::new();
        let mut parts = Vec::new();
        let is_cancelled = row["canceled"] == "Y";
        if plan.paid && !self.progress.done.paid {
            parts.extend(self.of_payments("Y").await?);
        }
        if plan.cancelled && !self.progress.done.cancelled && !is_cancelled {
            // A paid order cannot be cancelled: what was marked paid here was given back by AliExpress.
            if self.progress.done.paid {
                parts.extend(self.of_payments("N").await?);
            }
            fields.insert("canceled".into(), json!("Y"));
            fields.insert("reasonCanceled".into(), json!(format!("{MARK}cancelled")));
            self.note("order_cancelled", "AliExpress cancelled the order".into());
        }
        if plan.phase == Some(SHIPPED) && self.progress.done.phase < SHIPPED {
            let shipments = self.parts("sale.shipment.list", "shipments").await?;
            let allow =
                |id: u64| Command::new("sale.shipment.update", json!({"id": id, "fields": {"allowDelivery": "Y"}}));
            parts.extend(shipments.into_iter().map(allow));
        }
        if let Some(status) = &plan.status
            && !is_cancelled
            && self.is_later(status, row["statusId"].as_str().unwrap_or_default()).await?
        {
            fields.insert("statusId".into(), json!(status));
        }
        self.write_parts(&parts).await?;
        let mark = self.mark_fields(row, &plan, &mut fields);
        if !was_whole {
            // The last write: the order says that it is whole.
            fields.insert("additionalInfo".into(), json!(self.label()));
        }
        if let Some(params) = update(self.shop_order(), fields) {
            self.begin().await?;
            self.sink.client.call("sale.order.update", &params).await?;
        }
        let done = &mut self.progress.done;
        done.phase = done.phase.max(plan.phase.unwrap_or(0));
        done.paid |= plan.paid;
        done.cancelled |= plan.cancelled;
        done.mark = mark;
        Ok(())
    }

    async fn of_payments(&self, paid: &'static str) -> Result<Vec<Command>, CallError> {
        let payments = self.parts("sale.payment.list", "payments").await?;
        let set = |id: u64| Command::new("sale.payment.update", json!({"id": id, "fields": {"paid": paid}}));
        Ok(payments.into_iter().map(set).collect())
    }

    async fn write_parts(&mut self, parts: &[Command]) -> Result<(), CallError> {
        if parts.is_empty() {
            return Ok(());
        }
        self.begin().await?;
        for outcome in self.sink.client.batch(parts).await? {
            match outcome {
                Err(error) if error.is_refusal() => {
                    self.note("part_refused", format!("payment or shipment was not changed ({})", error.code()));
                }
                outcome => drop(outcome?),
            }
        }
        Ok(())
    }

    /// Whether a status stands later than the present one in the shop's own order of statuses.
    async fn is_later(&mut self, status: &str, present: &str) -> Result<bool, CallError> {
        if status == present {
            return Ok(false);
        }
        let params = json!({"select": ["id", "sort", "type"], "filter": {"=type": "O"}});
        let rows = self.sink.client.list(&Command::new("sale.status.list", params), "statuses").await?;
        let sort = |of: &str| {
            let row = rows.iter().find(|row| row["id"] == of && row["type"] == "O")?;
            row["sort"].as_i64().or_else(|| row["sort"].as_str()?.parse().ok())
        };
        let Some(wanted) = sort(status) else {
            self.note("status_unknown", format!("the shop has no order status {status}: mend rest.statuses"));
            return Ok(false);
        };
        Ok(sort(present).is_none_or(|present| present < wanted))
    }

    /// Holds come and go with AliExpress's word; a fault of the order stays marked until a manager takes the mark away.
    fn mark_fields(&self, row: &Value, plan: &Plan, fields: &mut Map<String, Value>) -> String {
        let done = &self.progress.done.mark;
        let faults: Vec<&str> =
            self.notes.iter().map(|(code, _)| code.as_str()).filter(|code| !NOT_FAULTS.contains(code)).collect();
        let reason = match plan.mark.as_str() {
            "" if !faults.is_empty() => format!("{MARK}{}", faults.join(", ")),
            "" => String::new(),
            hold if hold != done => hold.to_owned(),
            _ => return plan.mark.clone(),
        };
        if !reason.is_empty() {
            fields.insert("marked".into(), json!("Y"));
            fields.insert("reasonMarked".into(), json!(reason.chars().take(MARK_CHARS_MAX).collect::<String>()));
        } else if !done.is_empty() && row["reasonMarked"] == done.as_str() {
            fields.insert("marked".into(), json!("N"));
            fields.insert("reasonMarked".into(), json!(""));
        }
        plan.mark.clone()
    }
}
