//! `aligate orders`

use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::gateway::GatewayArg;
use super::print_json;

/// AliExpress orders on their way to the shop.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Orders {
    /// Read past orders from AliExpress and offer them to the shop; goes on after an interruption.
    #[command(after_help = "Example: aligate orders import --shop main --since 2026-11-01")]
    Import(Import),
    /// Orders that are kept; nothing of their buyers is shown.
    #[command(after_help = "Example: aligate orders list --shop main --near-deadline")]
    List(List),
}

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The shop
    #[arg(long)]
    shop: String,
    /// From when on: a date (the day begins in UTC) or a time, RFC 3339
    #[arg(long, value_name = "DATE")]
    since: String,
    /// Print JSON at the end
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// The shop
    #[arg(long)]
    shop: String,
    /// Those alone that must be sent soon
    #[arg(long)]
    near_deadline: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl Orders {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Orders::Import(import) => import.run().await,
            Orders::List(list) => list.run().await,
        }
    }
}

/// A date or a time, as a time.
fn time(text: &str) -> anyhow::Result<String> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time.to_string());
    }
    let date: jiff::civil::Date =
        text.parse().with_context(|| format!("--since {text:?} is neither a date (2026-11-01) nor a time"))?;
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    Ok(jiff::tz::TimeZone::UTC.to_timestamp(midnight)?.to_string())
}

impl Import {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let asked = json!({"since": time(&self.since)?});
        let started = gateway.post(&format!("/v1/shops/{}/orders/import", self.shop), &asked).await?;
        let job = gateway.follow(&self.shop, &started, self.json).await?;
        match self.json {
            true => print_json(&job)?,
            false => println!("{} order(s) were read", job["done"]),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let from = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let path = format!("/v1/shops/{}/orders?limit=200&near_deadline={}{from}", self.shop, self.near_deadline);
            let page = gateway.get(&path).await?;
            all.extend(page["orders"].as_array().cloned().unwrap_or_default());
            cursor = page["next"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        if self.json {
            print_json(&all)?;
            return Ok(ExitCode::SUCCESS);
        }
        for order in &all {
            let text = |name: &str| order[name].as_str().unwrap_or("-").to_owned();
            let before = order["ship_before_ms"].as_i64().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
            let before = before.map(|at| format!("  send before {at}")).unwrap_or_default();
            let taken = if order["taken"] == Value::Bool(true) { text("order_id") } else { "not taken yet".to_owned() };
            println!("{}  {:<26} {taken}{before}", text("aliexpress_order_id"), text("status"));
        }
        println!("{} order(s)", all.len());
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_beginning_of_its_day_and_a_time_is_itself() {
        assert_eq!(time("2028-02-29").unwrap(), "2028-02-29T00:00:00Z");
        assert_eq!(time("2026-11-01T10:00:00+03:00").unwrap(), "2026-11-01T07:00:00Z");
        assert!(time("yesterday").unwrap_err().to_string().contains("--since"));
    }
}
