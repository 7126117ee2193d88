//! `aligate dead-letters`

use std::process::ExitCode;

use anyhow::bail;
use serde_json::{Value, json};

use super::gateway::GatewayArg;
use super::print_json;

/// Look at dead letters, put them back, drop them.
#[derive(Debug, clap::Subcommand)]
pub(super) enum DeadLetters {
    /// List them, oldest first.
    #[command(after_help = "Example: aligate dead-letters list --shop main --lane stock")]
    List(List),
    /// Show one whole.
    #[command(after_help = "Example: aligate dead-letters show --shop main --lane stock TSHIRT-RED-M")]
    Show(Show),
    /// Make their newest states due.
    #[command(after_help = "Example: aligate dead-letters redrive --shop main --all")]
    Redrive(Act),
    /// Drop them.
    #[command(after_help = "Example: aligate dead-letters discard --shop main --lane price TSHIRT-RED-M")]
    Discard(Act),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// The shop
    #[arg(long)]
    shop: String,
    /// One lane; all where it is left out
    #[arg(long, value_parser = super::lanes())]
    lane: Option<String>,
    /// The most to print
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The shop
    #[arg(long)]
    shop: String,
    /// Its lane
    #[arg(long, value_parser = super::lanes())]
    lane: Option<String>,
    /// Its key: a SKU, a product id, an order id
    key: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

#[derive(Debug, clap::Args)]
pub(super) struct Act {
    /// The shop
    #[arg(long)]
    shop: String,
    /// One lane; all where it is left out
    #[arg(long, value_parser = super::lanes())]
    lane: Option<String>,
    /// All of them
    #[arg(long, conflicts_with = "keys", required_unless_present = "keys")]
    all: bool,
    /// Their keys
    keys: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArg,
}

impl DeadLetters {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            DeadLetters::List(list) => list.run().await,
            DeadLetters::Show(show) => show.run().await,
            DeadLetters::Redrive(act) => act.run("redrive").await,
            DeadLetters::Discard(act) => act.run("discard").await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let mut items: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("limit", &self.limit.saturating_sub(items.len()).clamp(1, 1000).to_string());
            for (name, value) in [("lane", self.lane.as_deref()), ("cursor", Some(cursor.as_str()))] {
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    query.append_pair(name, value);
                }
            }
            let page = gateway.get(&format!("/v1/shops/{}/dead-letters?{}", self.shop, query.finish())).await?;
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) if items.len() < self.limit => next.clone_into(&mut cursor),
                _ => break,
            }
        }
        if self.json {
            print_json(&items)?;
            return Ok(ExitCode::SUCCESS);
        }
        for item in &items {
            let text = |key: &str| item[key].as_str().unwrap_or("-").to_owned();
            println!("{:<11}{:<32}{:<24}{}", text("lane"), text("key"), text("reason"), text("detail"));
        }
        eprintln!("{} dead letter(s)", items.len());
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let trace = super::trace::fetch(&gateway, &self.shop, &self.key).await?;
        let lanes = trace["lanes"].as_array().cloned().unwrap_or_default();
        let is_it = |lane: &&Value| {
            lane["entry"]["place"] == "dead"
                && self.lane.as_ref().is_none_or(|name| lane["entry"]["lane"] == name.as_str())
        };
        let found: Vec<&Value> = lanes.iter().filter(is_it).collect();
        if found.is_empty() {
            bail!("{} is no dead letter", self.key);
        }
        if self.json {
            print_json(&found)?;
            return Ok(ExitCode::SUCCESS);
        }
        for lane in found {
            super::trace::print_lane(lane);
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Act {
    async fn run(self, what: &str) -> anyhow::Result<ExitCode> {
        let gateway = self.gateway.open()?;
        let mut body = if self.all { json!({"all": true}) } else { json!({"keys": self.keys}) };
        if let Some(lane) = self.lane {
            body["lane"] = lane.into();
        }
        let answer = gateway.post(&format!("/v1/shops/{}/dead-letters/{what}", self.shop), &body).await?;
        match self.json {
            true => print_json(&answer)?,
            false => println!("{} dead letter(s): {what}", answer["count"]),
        }
        Ok(ExitCode::SUCCESS)
    }
}
